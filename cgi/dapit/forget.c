/*
 * A customer's right to be forgotten.
 */
#include <stdio.h>
#include <unistd.h>

#include "dapit/dapit.h"
#include "flow/forget.h"

struct line {
	const char	*table;
	int64_t		 rows;
};

static const struct field line_fields[] = {
	F_TEXT(line, table, "Where."),
	F_INT (line, rows, "So many rows."),
	{ 0 }
};

static const struct field refusal_fields[] = {
	F_TEXT(refusal, what, "What is not over."),
	F_TEXT(refusal, why, "Why not."),
	{ 0 }
};

static void
show(struct cx *cx, const struct words *w, const struct personal_count *c)
{
	struct line out[PERSONAL__MAX];
	size_t n = 0;

	for (int i = 0; i < PERSONAL__MAX; i++)
		if (c->rows[i] > 0)
			out[n++] = (struct line){ personal_word(
			    (enum personal)i), c->rows[i] };
	list_print(cx, w, line_fields, &(struct rows){ out, n,
	    sizeof(*out) });
	fflush(stdout);
}

/* What was counted is shown before it is asked; a script says --yes. */
static enum err
ask(struct cx *cx, const struct words *w)
{
	char line[16];

	if (w->yes)
		return 0;
	if (!isatty(STDIN_FILENO))
		return fail(cx, ERR_STATE, "nothing was erased: it cannot be"
		    " undone; add --yes");
	fprintf(stderr, "Erase this? It cannot be undone. [y/N] ");
	if (fgets(line, sizeof(line), stdin) != NULL &&
	    (line[0] == 'y' || line[0] == 'Y'))
		return 0;
	return fail(cx, ERR_STATE, "nothing was erased");
}

static enum err
refuse(struct cx *cx, const struct words *w, const struct rows *refusals)
{
	list_print(cx, w, refusal_fields, refusals);
	fflush(stdout);
	return fail(cx, ERR_STATE, "nothing was erased: it is not all over");
}

enum err
cmd_forget(struct cx *cx, struct words *w)
{
	const char *merchant = word_option(w, "--merchant", true);
	struct person p = { 0 };
	struct personal_count c;
	struct rows refusals;
	enum err e;

	db_patient(cx);
	if (w->n != 1)
		return fail(cx, ERR_PARAM, "one customer at a time");
	if ((merchant != NULL && (e = word_int(cx, merchant,
	    &p.merchant_id)) != 0) ||
	    (e = forget_who(cx, w->word[0], &p)) != 0 ||
	    (e = forget_find(cx, &p)) != 0 ||
	    (e = forget_check(cx, &p, &refusals)) != 0)
		return e;
	if (refusals.n > 0)
		return refuse(cx, w, &refusals);
	if ((e = forget(cx, &p, false, &c)) != 0)
		return e;
	show(cx, w, &c);
	return (e = ask(cx, w)) != 0 ? e : forget(cx, &p, true, &c);
}
