/*
 * Money back to the customer: refunds made, sent, given up, listed.
 */
#include <string.h>

#include "base/iban.h"
#include "base/reference.h"
#include "base/str.h"
#include "flow/payback.h"
#include "flow/payout.h"
#include "gateway/gateway.h"
#include "model/payout.h"

#define BANK_MS		10000
#define NO_SESSION	(-1)	/* has no refunds */

const struct param create_refund_params[] = {
	TEXT	(create_refund, reference, REQUIRED, 1, 64, "The reference of the payment."),
	CENTS	(create_refund, amount,	   REQUIRED, 1, CENTS_AMOUNT, "What is refunded, the fee of 1.00 included; all refunds of a payment together never exceed what came."),
	TEXT	(create_refund, reason,	   OPTIONAL, 1, 255, "For your books."),
	{ 0 }
};

const struct param send_refund_params[] = {
	INT	(send_refund, refund_id,   REQUIRED, 1, INT64_MAX, "The refund."),
	TEXT	(send_refund, debtor_iban, REQUIRED, 5, 64, "The customer's IBAN."),
	TEXT	(send_refund, debtor_name, REQUIRED, 1, 140, "The customer's name on that account: the bank verifies it."),
	BOOL	(send_refund, accept_name, "true: send although the name does not match; for a refund that is held."),
	{ 0 }
};

const struct param refund_id_params[] = {
	INT	(refund_id_in, refund_id, REQUIRED, 1, INT64_MAX, "The refund."),
	{ 0 }
};

const struct param list_refunds_params[] = {
	TEXT	(list_refunds, reference, OPTIONAL, 1, 64, "Only those of this payment; none if it is no payment of yours."),
	WORD	(list_refunds, status,	  OPTIONAL, refund_words, "Only these."),
	LIMIT	(list_refunds, limit,	  200, "Results per page, at most 200. Default: 50."),
	INT	(list_refunds, offset,	  OPTIONAL, 0, 1000000000, "Pagination offset. Default: 0."),
	TEXT	(list_refunds, cursor,	  OPTIONAL, 1, 32, "next_cursor of the page before; as fast however deep."),
	{ 0 }
};

/* A refund as it is shown. */
struct shown {
	int64_t		 refund_id, created_at, sends_at, sent_at, failed_at;
	const char	*reference_number, *status;
	const char	*payment_reference, *merchant_order_id, *currency;
	const char	*debtor_iban, *debtor_name, *reason, *failure;
	const char	*matched_name, *payment_order_no;
	cents		 amount, processing_fee, refund_net, return_cost;
	bool		 automatic;
};

#define COMMON \
	F_INT  (shown, refund_id, "The refund."), \
	F_TEXT (shown, reference_number, "Its own number, which the customer reads in the transfer."), \
	F_CENTS(shown, amount, "What it takes of the payment."), \
	F_CENTS(shown, processing_fee, "The fee kept of it."), \
	F_CENTS(shown, refund_net, "What the customer gets."), \
	F_TEXT (shown, status, "pending, sending, held, sent, failed or cancelled."), \
	F_TIME_OR_NULL(shown, sends_at, "When a pending one goes out by itself, unless you send or cancel it before; null: it does not.")

static const struct field created[] = {
	COMMON,
	F_TEXT_OR_NULL(shown, debtor_iban, "Who paid last, as the bank says: where it will most likely go."),
	F_TEXT_OR_NULL(shown, debtor_name, "By which name."),
	{ 0 }
};

static const struct field sent[] = {
	COMMON,
	F_TEXT_OR_NULL(shown, payment_order_no, "The bank's number of the payment; null before it has one."),
	F_TEXT_OR_NULL(shown, failure, "Why it is held or failed, or what the trouble is; null: none."),
	F_TEXT_OR_NULL(shown, matched_name, "When held: whose account it is, if the name is almost right."),
	{ 0 }
};

static const struct field cancelled[] = { COMMON, { 0 } };

const struct field refund_fields[] = {
	COMMON,
	F_TEXT (shown, payment_reference, "The reference of the payment."),
	F_TEXT_OR_NULL(shown, merchant_order_id, "Your order_id."),
	F_TEXT (shown, currency, "EUR."),
	F_BOOL (shown, automatic, "An overpayment made it."),
	F_TEXT_OR_NULL(shown, reason, "As you gave it."),
	F_TEXT_OR_NULL(shown, debtor_iban, "Where it goes."),
	F_TEXT_OR_NULL(shown, debtor_name, "To whom."),
	F_TEXT_OR_NULL(shown, failure, "Why it is held or failed, or what the trouble is; null: none."),
	F_TEXT_OR_NULL(shown, matched_name, "When held: whose account it is, if the name is almost right."),
	F_CENTS(shown, return_cost, "What banks deducted when its money came back; 0.00: nothing."),
	F_TEXT_OR_NULL(shown, payment_order_no, "The bank's number of the payment."),
	F_TIME (shown, created_at, "When it was made."),
	F_TIME_OR_NULL(shown, sent_at, "When it was sent."),
	F_TIME_OR_NULL(shown, failed_at, "When it failed."),
	{ 0 }
};

struct page {
	struct rows	 refunds;
	int64_t		 total, limit, offset;
	const char	*next_cursor;
};

static const struct field page_fields[] = {
	F_ROWS (page, refunds, refund_fields, "Newest first."),
	F_INT  (page, total, "How many there are in all, exactly."),
	F_INT  (page, limit, "As asked."),
	F_INT  (page, offset, "As asked."),
	F_TEXT_OR_NULL(page, next_cursor, "Send it as cursor for the next page; null: this is the last."),
	{ 0 }
};

const struct answer create_refund_answers[] = {
	{ "created", NULL, { created } },
	{ 0 }
};

const struct answer send_refund_answers[] = {
	{ "sent", NULL, { sent } },
	{ 0 }
};

const struct answer cancel_refund_answers[] = {
	{ "cancelled", NULL, { cancelled } },
	{ 0 }
};

const struct answer list_refunds_answers[] = {
	{ "page", NULL, { page_fields } },
	{ 0 }
};

static const char *
or_null(const char *text)
{
	return text == NULL || *text == '\0' ? NULL : text;
}

static struct shown
show(const struct refund *r)
{
	return (struct shown){ .refund_id = r->id,
	    .reference_number = r->reference_number, .amount = r->amount,
	    .processing_fee = r->processing_fee,
	    .refund_net = r->amount - r->processing_fee,
	    .status = refund_word(r->status), .failure = or_null(r->failure),
	    .sends_at = refund_sends_at(r->status, r->auto_at),
	    .debtor_iban = r->debtor_iban, .debtor_name = r->debtor_name };
}

enum err
create_refund(struct cx *cx, const void *arg, struct reply *reply)
{
	const struct create_refund *in = arg;
	struct refund r = { .amount = in->amount, .reason = in->reason };
	struct session s = { 0 };
	struct shown out;
	enum err e;

	if ((e = payback_create(cx, in->reference, &r, &s)) != 0)
		return e;
	out = show(&r);
	reply_add(reply, created, &out);
	return 0;
}

static enum err
check_customer(struct cx *cx, const struct send_refund *in, char *iban)
{
	const char *why = iban_parse(in->debtor_iban, iban);

	if (why != NULL)
		return fail_param(cx, "debtor_iban", "%s", why);
	return 0;
}

/* What became of it, as far as it is known now. */
static enum err
reply_sent(struct cx *cx, int64_t id, struct reply *reply)
{
	struct refund r = { 0 };
	struct payout p = { 0 };
	struct shown out;
	enum err e;

	if ((e = refund_find(cx, id, &r)) != 0)
		return e;
	if (r.payout_id != 0 && (e = payout_find(cx, r.payout_id, &p)) != 0)
		return e;
	out = show(&r);
	out.payment_order_no = p.payment_order_no;
	out.matched_name = p.matched_name;
	reply_add(reply, sent, &out);
	return 0;
}

/* The same request was broken off before, and the refund went its way. */
static bool
went(struct cx *cx, int64_t id)
{
	struct refund r = { 0 };

	return cx->again && refund_find(cx, id, &r) == 0 &&
	    r.status != REFUND_CANCELLED;
}

enum err
send_refund(struct cx *cx, const void *arg, struct reply *reply)
{
	const struct send_refund *in = arg;
	char iban[IBAN_TEXT];
	struct refund r = { .id = in->refund_id,
	    .debtor_name = in->debtor_name, .accept_name = in->accept_name };
	enum err e;

	if ((e = check_customer(cx, in, iban)) != 0)
		return e;
	r.debtor_iban = arena_copy(cx->arena, iban, strlen(iban));
	e = payback_begin(cx, &r);
	if (e == ERR_STATE && went(cx, r.id)) {
		fail_clear(cx);
		return reply_sent(cx, r.id, reply);
	}
	if (e != 0 || (e = payout_follow(cx, r.id, BANK_MS)) != 0)
		return e;
	return reply_sent(cx, r.id, reply);
}

enum err
cancel_refund(struct cx *cx, const void *arg, struct reply *reply)
{
	const struct refund_id_in *in = arg;
	struct refund r = { 0 };
	struct shown out;
	enum err e;

	if ((e = payback_cancel(cx, in->refund_id, &r)) != 0)
		return e;
	out = show(&r);
	reply_add(reply, cancelled, &out);
	return 0;
}

static enum err
read_choice(struct cx *cx, const struct list_refunds *in,
    struct refund_choice *c)
{
	struct session s = { 0 };
	enum err e;

	*c = (struct refund_choice){ .status = REFUND__MAX,
	    .before = INT64_MAX, .offset = in->offset,
	    .limit = in->limit == 0 ? 50 : in->limit };
	if (in->status != 0)
		c->status = in->status - 1;
	if (in->cursor != NULL && !str_int(in->cursor, &c->before))
		return fail_param(cx, "cursor",
		    "must be a next_cursor that we gave.");
	if (in->reference == NULL)
		return 0;
	e = session_find_key(cx, reference_key(cx->arena, in->reference), &s);
	if (e != 0 && e != ERR_NOT_FOUND)
		return e;
	fail_clear(cx);
	c->session_id = e == 0 && s.merchant_id == cx->merchant ? s.id :
	    NO_SESSION;
	return 0;
}

static struct shown
list(const struct listed_refund *r)
{
	return (struct shown){ .refund_id = r->id,
	    .reference_number = r->refund_number, .amount = r->amount,
	    .processing_fee = r->processing_fee,
	    .refund_net = r->amount - r->processing_fee,
	    .status = refund_word(r->status),
	    .payment_reference = r->reference_number,
	    .merchant_order_id = r->merchant_order_id,
	    .currency = r->currency, .automatic = r->automatic != 0,
	    .reason = r->reason, .debtor_iban = r->debtor_iban,
	    .debtor_name = r->debtor_name, .failure = or_null(r->failure),
	    .matched_name = r->matched_name, .return_cost = r->return_cost,
	    .payment_order_no = r->payment_order_no,
	    .created_at = r->created_at, .sent_at = r->sent_at,
	    .sends_at = refund_sends_at(r->status, r->auto_at),
	    .failed_at = r->failed_at };
}

enum err
refund_rows(struct cx *cx, const struct refund_choice *c, struct rows *out)
{
	const struct listed_refund *r;
	struct shown *s;
	struct rows rows;
	enum err e;

	if ((e = refund_each(cx, c, &rows)) != 0)
		return e;
	r = rows.row;
	s = arena_alloc(cx->arena, (rows.n + 1) * sizeof(*s));
	for (size_t i = 0; i < rows.n; i++)
		s[i] = list(&r[i]);
	*out = (struct rows){ s, rows.n, sizeof(*s) };
	return 0;
}

enum err
list_refunds(struct cx *cx, const void *arg, struct reply *reply)
{
	const struct list_refunds *in = arg;
	const struct shown *last;
	struct refund_choice c;
	struct page page = { 0 };
	enum err e;

	if ((e = read_choice(cx, in, &c)) != 0)
		return e;
	page.limit = c.limit++;		/* one more: is there another page? */
	page.offset = c.offset;
	if ((e = refund_count(cx, &c, &page.total)) != 0 ||
	    (e = refund_rows(cx, &c, &page.refunds)) != 0)
		return e;
	if (page.refunds.n > (size_t)page.limit) {
		page.refunds.n--;
		last = page.refunds.row;
		last += page.refunds.n - 1;
		page.next_cursor = arena_printf(cx->arena, "%" PRId64,
		    last->refund_id);
	}
	reply_add(reply, page_fields, &page);
	return 0;
}
