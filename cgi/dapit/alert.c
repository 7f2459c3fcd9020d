/*
 * What is wrong, and who was told of it.
 */
#include <stdio.h>

#include "dapit/dapit.h"
#include "flow/doctor.h"
#include "flow/herald.h"

struct shown {
	const char	*health, *what, *host, *state, *last_error;
	int64_t		 since, told_at;
	bool		 told;
};

static const struct field alert_fields[] = {
	F_TEXT(shown, health, "ok, warning or broken, by two looks in a row."),
	F_TEXT(shown, what, "That was looked at."),
	F_TEXT(shown, host, "The machine; null: all of them."),
	F_TIME(shown, since, "It is so since then."),
	F_BOOL(shown, told, "By all ways that [alerts] has."),
	F_TIME(shown, told_at, "When somebody was told last."),
	F_TEXT(shown, state, "How it is."),
	F_TEXT(shown, last_error, "Why it was not told; null: it was."),
	{ 0 }
};

static bool
told(struct alert *a, const bool ways[static WAY__MAX])
{
	for (int w = 0; w < WAY__MAX; w++)
		if (ways[w] && *alert_told(a, (enum way)w) != a->health)
			return false;
	return true;
}

enum err
cmd_alerts(struct cx *cx, struct words *w)
{
	bool ways[WAY__MAX], any = herald_ways(cx->conf, ways);
	struct shown *out;
	struct alert *a;
	struct rows rows;
	enum err e;

	if ((e = alert_all(cx, &rows)) != 0)
		return e;
	a = (struct alert *)(uintptr_t)rows.row;
	out = arena_alloc(cx->arena, (rows.n + 1) * sizeof(*out));
	for (size_t i = 0; i < rows.n; i++)
		out[i] = (struct shown){ .health = health_word(a[i].health),
		    .what = a[i].what,
		    .host = a[i].host[0] == '\0' ? NULL : a[i].host,
		    .state = a[i].state, .since = a[i].since,
		    .told_at = a[i].told_at, .told = any && told(&a[i], ways),
		    .last_error = a[i].last_error[0] == '\0' ? NULL :
			a[i].last_error };
	list_print(cx, w, alert_fields, &(struct rows){ out, rows.n,
	    sizeof(*out) });
	return 0;
}

enum err
cmd_alerts_test(struct cx *cx, struct words *w)
{
	const struct alert a = { .host = "", .what = "test",
	    .state = "this is a test; nothing is wrong", .todo = "",
	    .since = cx->now };
	bool ways[WAY__MAX];
	const char *wrong;
	int failed = 0;

	(void)w;
	if (!herald_ways(cx->conf, ways))
		return fail(cx, ERR_STATE, "nobody is told: set mail, url or"
		    " command in [alerts]");
	for (int i = 0; i < WAY__MAX; i++) {
		if (!ways[i])
			continue;
		wrong = herald_tell(cx, (enum way)i, &a);
		printf("%s: %s\n", way_word((enum way)i), wrong == NULL ?
		    "told" : wrong);
		failed += wrong != NULL;
	}
	return failed == 0 ? 0 : fail(cx, ERR_STATE, "%d could not be told",
	    failed);
}
