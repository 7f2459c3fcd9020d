/*
 * Money that is nobody's and goes back to where it came from.
 */
#include <stdio.h>

#include "dapit/dapit.h"
#include "flow/payout.h"
#include "flow/sendback.h"
#include "model/sendback.h"

#define BANK_MS	20000

struct line {
	int64_t		 id, refund_id, created_at, sent_at;
	const char	*number, *status;
	cents		 amount;
	const char	*debtor_name, *debtor_iban, *failure;
};

static const struct field line_fields[] = {
	F_INT  (line, id, "The transfer."),
	F_INT  (line, refund_id, "Its refund, for refunds close."),
	F_TEXT (line, number, "What its sender reads."),
	F_TEXT (line, status, "Where the refund stands."),
	F_CENTS(line, amount, "What goes back."),
	F_TEXT (line, debtor_name, "To whom."),
	F_TEXT (line, debtor_iban, "To which account."),
	F_TIME (line, created_at, "When an operator sent it back."),
	F_TIME (line, sent_at, "When the bank sent it."),
	F_TEXT (line, failure, "What is wrong."),
	{ 0 }
};

enum err
cmd_sent_back(struct cx *cx, struct words *w)
{
	const struct sendback *s;
	struct line *out;
	struct rows rows;
	enum err e;

	if ((e = sendback_list(cx, &rows)) != 0)
		return e;
	s = rows.row;
	out = arena_alloc(cx->arena, (rows.n + 1) * sizeof(*out));
	for (size_t i = 0; i < rows.n; i++)
		out[i] = (struct line){ s[i].transfer_id, s[i].id,
		    s[i].created_at, s[i].sent_at, s[i].number,
		    refund_word(s[i].status), s[i].amount, s[i].debtor_name,
		    s[i].debtor_iban, s[i].failure };
	list_print(cx, w, line_fields, &(struct rows){ out, rows.n,
	    sizeof(*out) });
	return 0;
}

enum err
cmd_transfers_send_back(struct cx *cx, struct words *w)
{
	bool accept = word_option(w, "--accept-name", false) != NULL;
	bool cancel = word_option(w, "--cancel", false) != NULL;
	struct refund r = { 0 };
	int64_t id = 0;
	enum err e;

	if (word_because(cx, w) == NULL)
		return ERR_PARAM;
	if ((e = word_int(cx, w->word[0], &id)) != 0)
		return e;
	if (cancel)
		e = sendback_cancel(cx, id, &r);
	else if ((e = sendback_begin(cx, id, accept, BANK_MS,
	    &r)) == 0)
		e = payout_follow(cx, r.id, BANK_MS);
	if (e != 0 || (e = refund_find(cx, r.id, &r)) != 0)
		return e;
	printf("refund %s of transfer %" PRId64 " is %s%s%s\n",
	    r.reference_number, id, refund_word(r.status),
	    r.failure[0] == '\0' ? "" : ": ", r.failure);
	return 0;
}
