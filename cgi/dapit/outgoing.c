/*
 * Money that left and is no refund of ours.
 */
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "dapit/dapit.h"
#include "model/outgoing.h"

struct line {
	int64_t		 id, account_id, seen_at;
	const char	*booked_on, *currency, *creditor_name, *creditor_iban;
	cents		 amount;
	const char	*reference_number, *remittance;
};

static const struct field line_fields[] = {
	F_INT  (line, id, "For transfers seen."),
	F_TEXT (line, booked_on, "The bank's day."),
	F_CENTS(line, amount, "What left."),
	F_TEXT (line, currency, "Of what."),
	F_TEXT (line, creditor_name, "Who got it."),
	F_TEXT (line, creditor_iban, "Where."),
	F_TEXT (line, reference_number, "The payment that its text names."),
	F_TIME (line, seen_at, "When an operator saw it."),
	F_INT  (line, account_id, "The account that it left."),
	F_TEXT (line, remittance, "Its text."),
	{ 0 }
};

enum err
cmd_outgoing(struct cx *cx, struct words *w)
{
	bool all = word_option(w, "--all", false) != NULL;
	const struct outgoing *o;
	struct line *out;
	struct rows rows;
	enum err e;

	if ((e = outgoing_list(cx, all, &rows)) != 0)
		return e;
	o = rows.row;
	out = arena_alloc(cx->arena, (rows.n + 1) * sizeof(*out));
	for (size_t i = 0; i < rows.n; i++)
		out[i] = (struct line){ o[i].transfer_id, o[i].account_id,
		    o[i].seen_at, day_print(o[i].booking_day,
		    arena_alloc(cx->arena, DAY_TEXT)), o[i].currency,
		    o[i].creditor_name, o[i].creditor_iban, o[i].amount,
		    o[i].reference_number, o[i].remittance };
	list_print(cx, w, line_fields, &(struct rows){ out, rows.n,
	    sizeof(*out) });
	return 0;
}

enum err
cmd_transfers_seen(struct cx *cx, struct words *w)
{
	int64_t id = 0, n = 0;
	enum err e;

	if (word_because(cx, w) == NULL)
		return ERR_PARAM;
	if (strcmp(w->word[0], "all") == 0)
		e = outgoing_seen_all(cx, &n);
	else if ((e = word_int(cx, w->word[0], &id)) == 0)
		e = outgoing_seen(cx, id, &n);
	if (e != 0)
		return e;
	if (id != 0 && n == 0)
		return fail(cx, ERR_STATE, "Transfer %" PRId64 " is no"
		    " outgoing one that waits to be seen.", id);
	printf("%" PRId64 " outgoing transfer%s seen\n", n,
	    n == 1 ? "" : "s");
	return 0;
}
