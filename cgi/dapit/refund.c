/*
 * Refunds, for the operator.
 */
#include <stdio.h>
#include <string.h>

#include "base/iban.h"
#include "base/str.h"
#include "dapit/dapit.h"
#include "flow/payback.h"
#include "flow/payout.h"

#define SHOWN	50
#define BANK_MS	20000
#define FAILURE_MAX 255		/* bytes of why one failed */

struct line {
	int64_t		 id, created_at, sends_at;
	const char	*number, *status, *reference_number, *debtor_name;
	cents		 amount, processing_fee;
	const char	*failure;
};

static const struct field line_fields[] = {
	F_INT  (line, id, "For refunds send."),
	F_TIME (line, created_at, "When it was made."),
	F_TEXT (line, number, "What the customer reads."),
	F_TEXT (line, reference_number, "Of which payment."),
	F_CENTS(line, amount, "What it takes of the payment."),
	F_CENTS(line, processing_fee, "Kept of it."),
	F_TEXT (line, status, "Where it stands."),
	F_TIME (line, sends_at, "When it goes out by itself."),
	F_TEXT (line, debtor_name, "To whom."),
	F_TEXT (line, failure, "What is wrong."),
	{ 0 }
};

static struct line
line_of(const struct listed_refund *r)
{
	return (struct line){ r->id, r->created_at,
	    refund_sends_at(r->status, r->auto_at), r->refund_number,
	    refund_word(r->status), r->reference_number, r->debtor_name,
	    r->amount, r->processing_fee, r->failure };
}

enum err
cmd_refunds(struct cx *cx, struct words *w)
{
	struct refund_choice c = { .status = REFUND__MAX,
	    .before = INT64_MAX, .limit = SHOWN };
	const char *status = word_option(w, "--status", true);
	const struct listed_refund *r;
	struct rows rows;
	struct line *out;
	enum err e;

	if (status != NULL && !refund_parse(status, &c.status))
		return fail(cx, ERR_PARAM, "%s is no status of a refund",
		    status);
	if ((e = be_merchant(cx, w->word[0])) != 0 ||
	    (e = refund_each(cx, &c, &rows)) != 0)
		return e;
	r = rows.row;
	out = arena_alloc(cx->arena, (rows.n + 1) * sizeof(*out));
	for (size_t i = 0; i < rows.n; i++)
		out[i] = line_of(&r[i]);
	list_print(cx, w, line_fields, &(struct rows){ out, rows.n,
	    sizeof(*out) });
	return 0;
}

enum err
cmd_refunds_send(struct cx *cx, struct words *w)
{
	char iban[IBAN_TEXT];
	bool accept = word_option(w, "--accept-name", false) != NULL;
	struct refund r = { .accept_name = accept };
	const char *why;
	enum err e;

	if ((e = be_merchant(cx, w->word[0])) != 0 ||
	    (e = word_int(cx, w->word[1], &r.id)) != 0)
		return e;
	if ((why = iban_parse(w->word[2], iban)) != NULL)
		return fail(cx, ERR_PARAM, "%s %s", w->word[2], why);
	r.debtor_iban = iban;
	r.debtor_name = w->word[3];
	if ((e = payback_begin(cx, &r)) != 0 ||
	    (e = payout_follow(cx, r.id, BANK_MS)) != 0 ||
	    (e = refund_find(cx, r.id, &r)) != 0)
		return e;
	printf("refund %s is %s%s%s\n", r.reference_number,
	    refund_word(r.status), r.failure[0] == '\0' ? "" : ": ",
	    r.failure);
	return 0;
}

enum err
cmd_refunds_close(struct cx *cx, struct words *w)
{
	const char *because = word_because(cx, w);
	const char *end = w->n > 1 ? w->word[1] : "";
	bool sent = strcmp(end, refund_word(REFUND_SENT)) == 0;
	struct refund r = { 0 };
	enum err e;

	if (because == NULL)
		return ERR_PARAM;
	if ((e = word_int(cx, w->word[0], &r.id)) != 0)
		return e;
	if (!sent && strcmp(end, refund_word(REFUND_FAILED)) != 0)
		return fail(cx, ERR_PARAM, "a refund is closed as sent or"
		    " failed");
	because = str_cut(cx->arena, arena_printf(cx->arena,
	    "closed by an operator: %s", because), FAILURE_MAX);
	if ((e = payout_close(cx, r.id, sent ? NULL : because,
	    BANK_MS)) != 0 || (e = refund_find(cx, r.id, &r)) != 0)
		return e;
	printf("refund %s is %s\n", r.reference_number,
	    refund_word(r.status));
	return 0;
}
