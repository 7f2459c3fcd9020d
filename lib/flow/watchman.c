#include <string.h>

#include "base/log.h"
#include "flow/doctor.h"
#include "flow/herald.h"
#include "flow/watchman.h"
#include "model/worker.h"

#define LOOK_SECONDS	50		/* cron's minutes are not even */
#define LOOKS		2		/* that agree, for a change */
#define CLAIM_SECONDS	90		/* above all ways' time together */

/* What was found, and what is stored. */
struct view {
	const char	*host;		/* this machine */
	bool		 shared, local;	/* which of both was looked at */
	struct rows	 found;		/* of struct finding */
	struct out	 now;		/* of struct alert: health, texts */
	size_t		 n;
};

static struct alert *
find(const struct rows *rows, const char *host, const char *what)
{
	struct alert *a = (struct alert *)(uintptr_t)rows->row;

	for (size_t i = 0; i < rows->n; i++)
		if (strcmp(a[i].host, host) == 0 &&
		    strcmp(a[i].what, what) == 0)
			return &a[i];
	return NULL;
}

static bool
looked_at(const struct view *v, const char *host)
{
	return host[0] == '\0' ? v->shared : v->local;
}

static void
add(struct view *v, const struct alert *a)
{
	out_bytes(&v->now, a, sizeof(*a));
	v->n++;
}

static struct rows
now_of(const struct view *v)
{
	return (struct rows){ v->now.text, v->n, sizeof(struct alert) };
}

/* Of several findings about one subject the worst counts. */
static void
sum_up(struct cx *cx, struct view *v)
{
	const struct finding *f = v->found.row;

	for (size_t i = 0; i < v->found.n; i++) {
		struct alert a = { .host = f[i].local ? v->host : "",
		    .what = f[i].what, .seen = health_of(f[i].health),
		    .state = f[i].state,
		    .todo = f[i].todo == NULL ? "" : f[i].todo };
		const struct rows now = now_of(v);
		struct alert *other = find(&now, a.host, a.what);

		if (a.seen == HEALTH_WARNING && cx->conf->alerts_warnings == 0)
			a.seen = HEALTH_OK;
		if (!looked_at(v, a.host))
			continue;
		if (other == NULL)
			add(v, &a);
		else if (a.seen > other->seen)
			*other = a;
	}
}

/* What was not well before, and is not found any more, is well. */
static void
add_gone(struct view *v, const struct rows *stored)
{
	const struct alert *a = stored->row;

	for (size_t i = 0; i < stored->n; i++) {
		const struct rows now = now_of(v);

		if (looked_at(v, a[i].host) &&
		    find(&now, a[i].host, a[i].what) == NULL)
			add(v, &(struct alert){ .host = a[i].host,
			    .what = a[i].what, .seen = HEALTH_OK,
			    .state = "there is nothing to look at any more",
			    .todo = "" });
	}
}

/* A subject as it is now, by this look and the one before. */
static void
judge(struct cx *cx, const struct alert *was, struct alert *a)
{
	a->health = was->health;
	a->since = was->since;
	a->seen_times = was->seen == a->seen ? was->seen_times + 1 : 1;
	if (a->seen_times < LOOKS || a->seen == a->health)
		return;
	a->health = a->seen;
	a->since = cx->now;
}

/* Until a change counts, its texts are those of what counts. */
static enum err
put(struct cx *cx, const struct alert *was, struct alert *a)
{
	judge(cx, was, a);
	if (a->seen != a->health) {
		a->state = was->state;
		a->todo = was->todo;
	}
	if (a->health != was->health)
		log_say(cx, "alert", "%s%s%s is %s: %s", a->what,
		    a->host[0] == '\0' ? "" : " of ", a->host,
		    health_word(a->health), a->state);
	return alert_put(cx, a);
}

static enum err
store(struct cx *cx, void *arg)
{
	static const struct alert none = { .state = "", .todo = "" };
	struct view v = *(const struct view *)arg;
	struct rows stored;
	struct alert *a;
	enum err e;

	v.now = (struct out){ .arena = cx->arena };
	v.n = 0;
	if ((e = alert_each(cx, v.host, &stored)) != 0)
		return e;
	sum_up(cx, &v);
	add_gone(&v, &stored);
	a = (struct alert *)(void *)v.now.text;
	for (size_t i = 0; e == 0 && i < v.n; i++) {
		const struct alert *was = find(&stored, a[i].host, a[i].what);

		if (was == NULL)
			was = &none;
		if (was->health != HEALTH_OK || was->seen != HEALTH_OK ||
		    a[i].seen != HEALTH_OK)
			e = put(cx, was, &a[i]);
	}
	return e;
}

static enum err
look(struct cx *cx)
{
	struct view v = { .host = worker_host(cx) };
	enum err e;

	if ((e = alert_look(cx, "", LOOK_SECONDS, &v.shared)) != 0 ||
	    (e = alert_look(cx, v.host, LOOK_SECONDS, &v.local)) != 0)
		return e;
	if (!v.shared && !v.local)
		return 0;
	doctor(cx, &v.found);
	return db_tx(cx, store, &v);
}

/* 30 s, 2 min, 10 min, then each half an hour as long as it is so. */
static int64_t
pause_after(int64_t tries)
{
	static const int64_t pauses[] = { 30, 120, 600, 1800 };
	size_t last = NELEM(pauses) - 1, i = tries < 1 ? 0 : (size_t)tries - 1;

	return pauses[i < last ? i : last];
}

/* Tells of one by each way that has not told it. */
static enum err
tell(struct cx *cx, struct alert *a, const bool ways[static WAY__MAX])
{
	const char *wrong;
	int64_t due = 0;
	enum err e;

	if ((e = alert_claim(cx, a, CLAIM_SECONDS)) != 0)
		return e;
	a->last_error = "";
	for (int w = 0; w < WAY__MAX; w++) {
		int64_t *told = alert_told(a, (enum way)w);

		if (!ways[w] || *told == a->health)
			continue;
		if ((wrong = herald_tell(cx, (enum way)w, a)) == NULL) {
			*told = a->health;
			a->told_at = cx->now;
			continue;
		}
		a->last_error = arena_printf(cx->arena, "%s: %s",
		    way_word((enum way)w), wrong);
		log_say(cx, "alert", "%s was not told: %s", a->what,
		    a->last_error);
	}
	cx_tick(cx);
	if (a->last_error[0] != '\0')
		due = wait_until(WAIT_ALERT, pause_after(a->tries), cx->now);
	return alert_tried(cx, a, due);
}

enum err
watchman_turn(struct cx *cx, int64_t *n)
{
	bool ways[WAY__MAX];
	struct rows rows;
	struct alert *a;
	enum err e;

	*n = 0;
	if ((e = look(cx)) != 0 || !herald_ways(cx->conf, ways))
		return e;
	if ((e = alert_due(cx, ways, &rows)) != 0)
		return e;
	a = (struct alert *)(uintptr_t)rows.row;
	for (size_t i = 0; e == 0 && i < rows.n; i++) {
		if ((e = tell(cx, &a[i], ways)) == ERR_BUSY) {
			fail_clear(cx);
			e = 0;
		} else
			(*n)++;
	}
	return e;
}
