/*
 * Entries of the statement that are kept aside, and how they are finished.
 */
#include <stdio.h>

#include "base/cents.h"
#include "base/str.h"
#include "dapit/dapit.h"
#include "flow/setaside.h"

#define SHOWN	300		/* bytes of the bank's text; JSON has all */

struct line {
	int64_t		 id, account_id, transfer_id, seen;
	int64_t		 first_seen_at, last_seen_at;
	const char	*reason, *field, *bank_id, *raw;
};

static const struct field line_fields[] = {
	F_INT  (line, id, "For transfers book and dismiss."),
	F_TIME (line, first_seen_at, "When the bank first sent it."),
	F_TIME (line, last_seen_at, "And last."),
	F_INT  (line, seen, "In how many reads."),
	F_TEXT (line, reason, "Why it is kept aside."),
	F_TEXT (line, field, "Where."),
	F_TEXT (line, bank_id, "The bank's id of it."),
	F_INT  (line, transfer_id, "The transfer that has its id; 0: none."),
	F_INT  (line, account_id, "The account."),
	F_TEXT (line, raw, "As the bank sent it."),
	{ 0 }
};

enum err
cmd_asides(struct cx *cx, struct words *w)
{
	const struct aside *a;
	struct line *out;
	struct rows rows;
	enum err e;

	if ((e = aside_list(cx, 0, false, &rows)) != 0)
		return e;
	a = rows.row;
	out = arena_alloc(cx->arena, (rows.n + 1) * sizeof(*out));
	for (size_t i = 0; i < rows.n; i++)
		out[i] = (struct line){ a[i].id, a[i].account_id,
		    a[i].transfer_id, a[i].seen, a[i].first_seen_at,
		    a[i].last_seen_at, a[i].reason, a[i].field,
		    a[i].bank_id, a[i].raw == NULL || w->json ? a[i].raw :
		    str_cut(cx->arena, a[i].raw, SHOWN) };
	list_print(cx, w, line_fields, &(struct rows){ out, rows.n,
	    sizeof(*out) });
	return 0;
}

enum err
cmd_transfers_book(struct cx *cx, struct words *w)
{
	int64_t id = 0, transfer = 0;
	cents amount = 0;
	const char *reference;
	enum err e;

	if (word_because(cx, w) == NULL)
		return ERR_PARAM;
	if ((e = word_int(cx, w->word[0], &id)) != 0)
		return e;
	if (w->n < 2 || !cents_parse(w->word[1], &amount) || amount <= 0 ||
	    amount > CENTS_AMOUNT)
		return fail(cx, ERR_PARAM, "AMOUNT is more than 0, as in"
		    " 49.99");
	reference = w->n > 2 ? w->word[2] : NULL;
	e = setaside_book(cx, id, amount, reference, &transfer);
	if (e == 0)
		printf("transfer %" PRId64 " %s %s\n", transfer, reference ==
		    NULL ? "is" : "pays", reference == NULL ? "unmatched" :
		    reference);
	return e;
}

enum err
cmd_transfers_dismiss(struct cx *cx, struct words *w)
{
	int64_t id = 0;
	enum err e;

	if (word_because(cx, w) == NULL)
		return ERR_PARAM;
	if ((e = word_int(cx, w->word[0], &id)) != 0 ||
	    (e = setaside_dismiss(cx, id)) != 0)
		return e;
	printf("entry %" PRId64 " is dismissed\n", id);
	return 0;
}
