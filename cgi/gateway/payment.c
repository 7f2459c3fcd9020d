/*
 * The shopper's side: the invoice, "I've sent it", and the polling.
 */
#include "base/conf.h"
#include "base/money.h"
#include "flow/checkout.h"
#include "gateway/gateway.h"
#include "model/refund.h"
#include "model/transfer.h"

/* How to pay it with a banking app's camera. */
struct code {
	const char	*qr_payload, *qr_url;
};

static const struct field code_fields[] = {
	F_TEXT_OR_NULL(code, qr_payload, "The text of the EPC QR code that banking apps scan."),
	F_TEXT (code, qr_url, "Its picture, below our base URL: of what is missing when it is asked for."),
	{ 0 }
};

static const struct field invoice_fields[] = {
	F_TEXT (session, reference_number, "What the shopper writes into the transfer."),
	F_TEXT (session, invoice_number, "The invoice."),
	F_CENTS(session, amount, "What is to be paid."),
	F_TEXT (session, currency, "EUR."),
	F_TEXT (session, iban, "Where to pay."),
	F_TEXT (session, beneficiary_name, "The account holder exactly as registered: banks verify it."),
	F_TEXT (session, account_name, "Shown with the details."),
	F_TEXT (session, bank_name, "The bank of the account."),
	F_TIME (session, expires_at, "When the session expires."),
	{ 0 }
};

struct started {
	const char	*status, *reference, *message;
};

static const struct field started[] = {
	F_TEXT (started, status, "polling; or confirmed, overpaid if it is paid already."),
	F_TEXT (started, reference, "The reference number."),
	F_TEXT (started, message, "For the shopper."),
	{ 0 }
};

const struct answer create_invoice_answers[] = {
	{ "invoice", NULL, { invoice_fields, code_fields } },
	{ 0 }
};

const struct answer confirm_paid_answers[] = {
	{ "started", NULL, { started } },
	{ 0 }
};

enum err
create_invoice(struct cx *cx, const void *arg, struct reply *r)
{
	const struct token *in = arg;
	struct session s = { 0 };
	struct code code;
	enum err e;

	if ((e = checkout_invoice(cx, in->token, &s)) != 0)
		return e;
	code = (struct code){ qr_payload(cx, &s, s.amount),
	    qr_url(cx, in->token) };
	reply_add(r, invoice_fields, &s);
	reply_add(r, code_fields, &code);
	return 0;
}

enum err
confirm_paid(struct cx *cx, const void *arg, struct reply *r)
{
	const struct token *in = arg;
	struct session s = { 0 };
	struct started out;
	enum err e;

	if ((e = checkout_confirm(cx, in->token, &s)) != 0)
		return e;
	out = (struct started){ status_word((enum status)s.status),
	    s.reference_number, s.status == STATUS_POLLING ?
	    "Payment verification started. We are checking for your transfer."
	    : "Payment received." };
	reply_add(r, started, &out);
	return 0;
}

struct found {
	const char	*token, *status, *environment, *message;
	int64_t		 paid_at, payment_count, poll_count, max_polls;
	int64_t		 expires_at, bank_checked_at, refund_sends_at;
	cents		 invoice_amount, total_paid, amount_remaining;
	cents		 overpaid_amount, refund_fee, refund_net;
	bool		 amount_match, late, refund_waits;
	struct rows	 payments;
};

/* Of confirmed and overpaid with the payer's IBAN, of partial without. */
static const struct field payer_fields[] = {
	F_CENTS(transfer, amount, "What came."),
	F_TEXT_OR_NULL(transfer, debtor_name, "Who paid, as their bank says."),
	F_TEXT_OR_NULL(transfer, debtor_iban, "From which account."),
	{ 0 }
};

static const struct field part_fields[] = {
	F_CENTS(transfer, amount, "What came."),
	F_TEXT_OR_NULL(transfer, debtor_name, "Who paid, as their bank says."),
	{ 0 }
};

#define COMMON \
	F_BOOL_IF(found, late, "The money came after the session had failed or expired."), \
	F_TIME(found, expires_at, "When the session expires."), \
	F_TIME_OR_NULL(found, bank_checked_at, "The last look at the bank's statement."), \
	F_TEXT(found, environment, "staging or production.")

static const struct field confirmed_fields[] = {
	F_TEXT (found, status, "confirmed."),
	F_TIME_OR_NULL(found, paid_at, "When it was paid in full."),
	F_CENTS(found, invoice_amount, "What was to be paid."),
	F_CENTS(found, total_paid, "What came."),
	F_INT  (found, payment_count, "In how many transfers."),
	F_ROWS (found, payments, payer_fields, "The transfers."),
	F_BOOL (found, amount_match, "True: to the cent."),
	COMMON,
	{ 0 }
};

static const struct field partial_fields[] = {
	F_TEXT (found, status, "partial."),
	F_CENTS(found, invoice_amount, "What is to be paid."),
	F_CENTS(found, total_paid, "What came so far."),
	F_CENTS(found, amount_remaining, "What is missing."),
	F_INT  (found, payment_count, "In how many transfers."),
	F_ROWS (found, payments, part_fields, "The transfers."),
	F_TEXT (found, message, "For the shopper."),
	COMMON,
	{ 0 }
};

static const struct field overpaid_fields[] = {
	F_TEXT (found, status, "overpaid."),
	F_TIME_OR_NULL(found, paid_at, "When it was paid in full."),
	F_CENTS(found, invoice_amount, "What was to be paid."),
	F_CENTS(found, total_paid, "What came."),
	F_CENTS(found, overpaid_amount, "What is too much."),
	F_CENTS(found, refund_fee, "The fees deducted from those refunds."),
	F_CENTS(found, refund_net, "What will be refunded of it, by the refunds that exist; 0.00: nothing."),
	F_BOOL (found, refund_waits, "True: it waits for a person at the merchant's to send it; false: it goes out by itself, or went, or there is none."),
	F_TIME_OR_NULL(found, refund_sends_at, "When it goes out by itself, unless the merchant stops it before; null: it does not, or went."),
	F_TEXT (found, message, "For the shopper."),
	F_INT  (found, payment_count, "In how many transfers it came."),
	F_ROWS (found, payments, payer_fields, "The transfers."),
	COMMON,
	{ 0 }
};

static const struct field pending_fields[] = {
	F_TEXT (found, status, "pending: keep polling."),
	F_TEXT (found, message, "For the shopper."),
	F_INT  (found, poll_count, "Polls since confirm_paid."),
	F_INT  (found, max_polls, "The most there may be."),
	F_CENTS_IF(found, total_paid, "What came so far, if anything."),
	F_CENTS_IF(found, amount_remaining, "What is missing then."),
	COMMON,
	{ 0 }
};

static const struct field over_fields[] = {
	F_TEXT (found, status, "timeout, or expired."),
	F_TEXT (found, message, "For the shopper."),
	COMMON,
	{ 0 }
};

const struct answer check_payment_answers[] = {
	{ "confirmed", NULL, { confirmed_fields } },
	{ "partial", NULL, { partial_fields, code_fields } },
	{ "overpaid", NULL, { overpaid_fields } },
	{ "pending", NULL, { pending_fields } },
	{ "over", NULL, { over_fields } },
	{ 0 }
};

static enum err
confirmed(struct cx *cx, const struct watch *w, struct found *f,
    struct reply *r)
{
	enum err e = transfer_each(cx, w->id, &f->payments);

	f->amount_match = true;
	reply_add(r, confirmed_fields, f);
	return e;
}

static enum err
partial(struct cx *cx, const struct watch *w, struct found *f,
    struct reply *r)
{
	char paid[CENTS_TEXT], all[CENTS_TEXT], rest[CENTS_TEXT];
	struct session s = { 0 };
	struct code code;
	enum err e;

	if ((e = transfer_each(cx, w->id, &f->payments)) != 0 ||
	    (e = session_find(cx, f->token, &s)) != 0)
		return e;
	f->message = arena_printf(cx->arena, "We received €%s of your €%s"
	    " payment. Remaining balance: €%s.", cents_print(w->total_paid,
	    paid), cents_print(w->amount, all),
	    cents_print(f->amount_remaining, rest));
	code = (struct code){ qr_payload(cx, &s, f->amount_remaining),
	    qr_url(cx, f->token) };
	reply_add(r, partial_fields, f);
	reply_add(r, code_fields, &code);
	return 0;
}

/* It promises the refunds that there are. */
static const char *
refund_message(struct cx *cx, cents over, const struct excess *x)
{
	char all[CENTS_TEXT], net[CENTS_TEXT], of[CENTS_TEXT], fee[CENTS_TEXT];

	cents_print(over, all);
	cents_print(x->amount, of);
	cents_print(x->amount - x->fee, net);
	cents_print(x->fee, fee);
	if (x->waiting > 0)
		return arena_printf(cx->arena, "Payment received! You overpaid"
		    " by €%s. A refund of €%s (€%s minus €%s processing fee)"
		    " waits for the merchant to send it.", all, net, of, fee);
	if (x->amount > 0)
		return arena_printf(cx->arena, "Payment received! You overpaid"
		    " by €%s. A refund of €%s will be processed (€%s minus €%s"
		    " processing fee).", all, net, of, fee);
	return arena_printf(cx->arena, "Payment received! You overpaid by €%s."
	    " None of it is refunded%s.", all, money_fee(over) == over ?
	    ": it does not exceed the processing fee of a refund" : "");
}

static enum err
overpaid(struct cx *cx, const struct watch *w, struct found *f,
    struct reply *r)
{
	struct excess x = { 0 };
	enum err e;

	if ((e = transfer_each(cx, w->id, &f->payments)) != 0 ||
	    (e = refund_excess(cx, w->id, &x)) != 0)
		return e;
	f->refund_fee = x.fee;
	f->refund_net = x.amount - x.fee;
	f->refund_waits = x.waiting > 0;
	f->refund_sends_at = x.sends_at;
	f->message = refund_message(cx, f->overpaid_amount, &x);
	reply_add(r, overpaid_fields, f);
	return 0;
}

static enum err
pending(struct cx *cx, const struct watch *w, struct found *f,
    struct reply *r)
{
	(void)cx;
	f->status = "pending";
	f->message = "Payment not yet detected. Checking again...";
	f->poll_count = w->poll_count;
	if (w->total_paid == 0)
		f->amount_remaining = 0;	/* left out */
	reply_add(r, pending_fields, f);
	return 0;
}

static enum err
timeout(struct cx *cx, const struct watch *w, struct found *f,
    struct reply *r)
{
	(void)cx;
	(void)w;
	f->status = "timeout";
	f->message = "Payment not detected after maximum attempts."
	    " Please contact support.";
	reply_add(r, over_fields, f);
	return 0;
}

static enum err
expired(struct cx *cx, const struct watch *w, struct found *f,
    struct reply *r)
{
	(void)cx;
	(void)w;
	f->message = "The session expired before payment was made.";
	reply_add(r, over_fields, f);
	return 0;
}

static enum err (*const answers[STATUS__MAX])(struct cx *,
    const struct watch *, struct found *, struct reply *) = {
	[STATUS_PENDING]   = pending,	[STATUS_INVOICED]  = pending,
	[STATUS_POLLING]   = pending,	[STATUS_PARTIAL]   = partial,
	[STATUS_CONFIRMED] = confirmed,	[STATUS_OVERPAID]  = overpaid,
	[STATUS_FAILED]	   = timeout,	[STATUS_EXPIRED]   = expired,
};

enum err
check_payment(struct cx *cx, const void *arg, struct reply *r)
{
	const struct token *in = arg;
	struct poll p;
	struct money m;
	struct found f;
	enum err e;

	if ((e = checkout_poll(cx, in->token, &p)) != 0)
		return e;
	m = money_of(p.w.amount, p.w.total_paid);
	f = (struct found){
		.token = in->token, .status = status_word(p.status),
		.environment = environment_word(p.w.environment),
		.paid_at = p.w.confirmed_at,
		.payment_count = p.w.payment_count,
		.max_polls = cx->conf->max_polls,
		.expires_at = p.w.expires_at,
		.bank_checked_at = p.w.checked_at,
		.invoice_amount = p.w.amount, .total_paid = p.w.total_paid,
		.amount_remaining = m.remaining,
		.overpaid_amount = m.overpaid, .late = p.w.late != 0,
	};
	return p.timeout ? timeout(cx, &p.w, &f, r) :
	    answers[p.status](cx, &p.w, &f, r);
}
