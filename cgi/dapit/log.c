/*
 * What operators did.
 */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "dapit/dapit.h"
#include "model/act.h"

#define SHOWN	50

/* Who is at the keyboard, also behind sudo. */
static const char *
actor(void)
{
	const char *sudo = getenv("SUDO_USER");
	const struct passwd *me = getpwuid(getuid());

	return sudo != NULL && *sudo != '\0' ? sudo :
	    me == NULL ? "?" : me->pw_name;
}

enum err
log_act(struct cx *cx, const struct command *c, const struct words *w)
{
	struct out o = { .arena = cx->arena };

	out_text(&o, "");
	for (int i = 0; i < w->n && i < c->logged; i++)
		out_printf(&o, "%s%s", i == 0 ? "" : " ", w->word[i]);
	return act_add(cx, &(struct act){ .actor = actor(), .act = c->name,
	    .detail = o.text });
}

static const struct field act_fields[] = {
	F_TIME(act, created_at, "When."),
	F_TEXT(act, actor, "Who."),
	F_TEXT(act, act, "The command."),
	F_TEXT(act, detail, "Its words."),
	{ 0 }
};

enum err
cmd_log(struct cx *cx, struct words *w)
{
	struct rows rows;
	int64_t n = SHOWN;
	enum err e;

	if ((w->n > 0 && (e = word_int(cx, w->word[0], &n)) != 0) ||
	    (e = act_each(cx, n, &rows)) != 0)
		return e;
	list_print(cx, w, act_fields, &rows);
	return 0;
}
