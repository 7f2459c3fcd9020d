/*
 * Sessions: opened by the merchant, read by both sides.
 */
#include "base/conf.h"
#include "base/money.h"
#include "base/reference.h"
#include "flow/checkout.h"
#include "gateway/gateway.h"

const struct param create_session_params[] = {
	CENTS	(create_session, amount,	  REQUIRED, 1, CENTS_AMOUNT, "Payment amount in EUR."),
	CURRENCY(create_session, currency,	  "Currency code. Default: EUR."),
	LIST	(create_session, items,		  OPTIONAL, 500, "Line items: [{name, qty, price, total}]."),
	TEXT	(create_session, order_id,	  OPTIONAL, 1, 255, "Your own order number; returned in the webhook."),
	TEXT	(create_session, customer_email,  OPTIONAL, 1, 254, "Customer's email address."),
	TEXT	(create_session, customer_name,	  OPTIONAL, 1, 255, "Customer's name."),
	URL	(create_session, callback_url,	  OPTIONAL, 2048, "URL we POST to when payment is confirmed."),
	URL	(create_session, return_url,	  OPTIONAL, 2048, "URL the hosted checkout leads back to after payment; reference, order_id and status are added to its query."),
	INT	(create_session, expires_minutes, OPTIONAL, 1, 525600, "Session expiry in minutes, at most a year. Default: 60."),
	{ 0 }
};

const struct param token_params[] = {
	TEXT	(token, token, REQUIRED, 1, 128, "The session_token from create_session."),
	{ 0 }
};

const struct param payment_status_params[] = {
	TEXT	(payment_status, reference,	OPTIONAL, 1, 64, "The reference number, in any spelling; or:"),
	TEXT	(payment_status, session_token, OPTIONAL, 1, 128, "The session token."),
	{ 0 }
};

struct opened {
	int64_t		 session_id, expires_at;
	const char	*session_token, *checkout_url;
	cents		 amount;
	const char	*currency, *merchant_order_id, *environment, *status;
};

static const struct field opened[] = {
	F_INT  (opened, session_id, "The session."),
	F_TEXT (opened, session_token, "What the shopper's side shows to act on it."),
	F_TEXT (opened, checkout_url, "The hosted checkout page, below our base URL."),
	F_TIME (opened, expires_at, "When it expires, in UTC."),
	F_CENTS(opened, amount, "As you sent it."),
	F_TEXT (opened, currency, "EUR."),
	F_TEXT_OR_NULL(opened, merchant_order_id, "Your order_id."),
	F_TEXT (opened, environment, "staging or production."),
	F_TEXT (opened, status, "pending."),
	{ 0 }
};

struct shown {
	int64_t		 session_id, paid_at, confirmed_at, expires_at;
	int64_t		 created_at, state_version, payment_count;
	const char	*merchant_name, *currency, *status, *environment;
	const char	*reference_number, *invoice_number, *merchant_order_id;
	const char	*items, *return_url;
	int64_t		 server_time;
	cents		 amount, total_paid, amount_remaining, overpaid_amount;
	bool		 late, webhook_undelivered;
};

#define MONEY_FIELDS \
	F_CENTS(shown, total_paid, "What has come."), \
	F_CENTS(shown, amount_remaining, "What is missing."), \
	F_CENTS(shown, overpaid_amount, "What is too much."), \
	F_INT  (shown, payment_count, "In how many transfers it came."), \
	F_TIME (shown, created_at, "When it was opened."), \
	F_TIME (shown, expires_at, "When it expires."), \
	F_TEXT (shown, environment, "staging or production."), \
	F_BOOL (shown, late, "Money came after it had failed or expired."), \
	F_BOOL (shown, webhook_undelivered, "A webhook of it was given up: see list_events."), \
	F_INT  (shown, state_version, "Grows with every change.")

static const struct field session_fields[] = {
	F_INT  (shown, session_id, "The session."),
	F_TEXT (shown, merchant_name, "Who is paid."),
	F_CENTS(shown, amount, "What is to be paid."),
	F_TEXT (shown, currency, "EUR."),
	F_TEXT (shown, status, "Where it stands."),
	F_TEXT_OR_NULL(shown, reference_number, "Null before create_invoice."),
	F_TEXT_OR_NULL(shown, invoice_number, "Null before create_invoice."),
	F_TIME_OR_NULL(shown, paid_at, "When it was paid in full; null before."),
	F_TEXT_OR_NULL(shown, merchant_order_id, "Your order_id."),
	F_RAW  (shown, items, "As you sent them."),
	F_TEXT_OR_NULL(shown, return_url, "As you sent it."),
	F_TIME (shown, server_time, "Now, for countdowns."),
	MONEY_FIELDS,
	{ 0 }
};

const struct field payment_fields[] = {
	F_TEXT_OR_NULL(shown, reference_number, "Null before create_invoice."),
	F_TEXT_OR_NULL(shown, invoice_number, "Null before create_invoice."),
	F_CENTS(shown, amount, "What is to be paid."),
	F_TEXT (shown, currency, "EUR."),
	F_TEXT (shown, status, "Where it stands."),
	F_TIME_OR_NULL(shown, confirmed_at, "When it was paid in full; null before."),
	F_TEXT_OR_NULL(shown, merchant_order_id, "Your order_id."),
	MONEY_FIELDS,
	{ 0 }
};

const struct answer create_session_answers[] = {
	{ "opened", NULL, { opened } },
	{ 0 }
};

const struct answer get_session_answers[] = {
	{ "session", NULL, { session_fields } },
	{ 0 }
};

const struct answer payment_status_answers[] = {
	{ "payment", NULL, { payment_fields } },
	{ 0 }
};

enum err
create_session(struct cx *cx, const void *arg, struct reply *r)
{
	const struct create_session *in = arg;
	struct session s = {
		.amount = in->amount, .items = in->items,
		.merchant_order_id = in->order_id,
		.customer_email = in->customer_email,
		.customer_name = in->customer_name,
		.callback_url = in->callback_url,
		.return_url = in->return_url,
	};
	struct opened out;
	enum err e;

	e = checkout_open(cx, &s, in->expires_minutes == 0 ? 60 :
	    in->expires_minutes);
	if (e != 0)
		return e;
	out = (struct opened){
		.session_id = s.id, .expires_at = s.expires_at,
		.session_token = session_token(cx->arena, &s),
		.amount = s.amount, .currency = "EUR",
		.merchant_order_id = s.merchant_order_id,
		.environment = environment_word(s.environment),
		.status = status_word(STATUS_PENDING),
	};
	out.checkout_url = arena_printf(cx->arena,
	    "/checkout/pay.html?session=%s", out.session_token);
	reply_add(r, opened, &out);
	return 0;
}

static void
show(struct cx *cx, const struct session *s, const struct field *fields,
    struct reply *r)
{
	struct money m = money_of(s->amount, s->total_paid);
	const struct shown out = {
		.session_id = s->id, .paid_at = s->confirmed_at,
		.confirmed_at = s->confirmed_at, .expires_at = s->expires_at,
		.created_at = s->created_at,
		.state_version = s->state_version,
		.payment_count = s->payment_count,
		.merchant_name = s->merchant_name, .currency = s->currency,
		.status = status_word(session_status(s->status,
		    s->expires_at, cx->now)),
		.environment = environment_word(s->environment),
		.reference_number = s->reference_number,
		.invoice_number = s->invoice_number,
		.merchant_order_id = s->merchant_order_id,
		.items = s->items, .return_url = s->return_url,
		.server_time = cx->now,
		.amount = s->amount, .total_paid = s->total_paid,
		.amount_remaining = m.remaining,
		.overpaid_amount = m.overpaid, .late = s->late != 0,
		.webhook_undelivered = s->undelivered != 0,
	};

	reply_add(r, fields, &out);
}

enum err
get_session(struct cx *cx, const void *arg, struct reply *r)
{
	const struct token *in = arg;
	struct session s = { 0 };
	enum err e;

	if ((e = session_find(cx, in->token, &s)) != 0)
		return e;
	show(cx, &s, session_fields, r);
	return 0;
}

enum err
payment_find(struct cx *cx, const char *reference, const char *token,
    struct session *s)
{
	enum err e;

	if (reference != NULL)
		e = session_find_key(cx, reference_key(cx->arena, reference),
		    s);
	else if (token != NULL)
		e = session_find(cx, token, s);
	else
		return fail_param(cx, "reference",
		    "or session_token is missing.");
	if (e == 0 && s->merchant_id != cx->merchant)
		return fail(cx, ERR_NOT_FOUND, "Session not found");
	return e;
}

void
payment_show(struct cx *cx, const struct session *s, struct reply *r)
{
	show(cx, s, payment_fields, r);
}

enum err
payment_status(struct cx *cx, const void *arg, struct reply *r)
{
	const struct payment_status *in = arg;
	struct session s = { 0 };
	enum err e;

	e = payment_find(cx, in->reference, in->session_token, &s);
	if (e == 0)
		payment_show(cx, &s, r);
	return e;
}
