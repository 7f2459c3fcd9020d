#include <string.h>

#include "base/calendar.h"
#include "base/conf.h"
#include "base/field.h"
#include "base/money.h"
#include "base/str.h"
#include "flow/tell.h"
#include "io/seal.h"
#include "model/endpoint.h"

struct told {
	const char	*event, *event_id, *environment;
	const char	*reference_number, *invoice_number, *merchant_order_id;
	cents		 invoice_amount, amount_paid, amount, amount_remaining;
	cents		 overpaid_amount, refund_amount, refund_fee;
	cents		 returned_amount, unassigned_amount;
	const char	*currency;
	int64_t		 paid_at, refund_sends_at;
	bool		 refund_waits;
	const char	*session_token, *customer_email, *customer_name;
	int64_t		 state_version;
	bool		 late;
};

const struct field tell_fields[] = {
	F_TEXT (told, event, "What happened."),
	F_TEXT_OR_NULL(told, reference_number, "The reference that the shopper used."),
	F_TEXT_OR_NULL(told, invoice_number, "The invoice."),
	F_TEXT_OR_NULL(told, merchant_order_id, "Your order_id; null if you gave none."),
	F_CENTS(told, invoice_amount, "What the invoice asks for."),
	F_CENTS(told, amount_paid, "What has come."),
	F_CENTS(told, amount, "The same as amount_paid."),
	F_CENTS(told, amount_remaining, "What is missing."),
	F_CENTS(told, overpaid_amount, "What is too much."),
	F_CENTS(told, refund_amount, "What will be refunded of it, by the refunds that exist; 0.00: nothing."),
	F_CENTS(told, refund_fee, "The fees deducted from those refunds."),
	F_CENTS(told, returned_amount, "Money that left the account again, other than by refunds."),
	F_CENTS(told, unassigned_amount, "payment.unassigned: what was taken off the payment; 0.00 in all other events."),
	F_BOOL (told, refund_waits, "True: it waits for you to send it; false: it goes out by itself, or went, or there is none."),
	F_TIME_OR_NULL(told, refund_sends_at, "When it goes out by itself, unless you send or cancel it before; null: it does not, or went."),
	F_TEXT (told, currency, "EUR."),
	F_TIME_OR_NULL(told, paid_at, "When it was paid in full; null before."),
	F_TEXT (told, session_token, "The session."),
	F_TEXT_OR_NULL(told, customer_email, "As you gave it."),
	F_TEXT_OR_NULL(told, customer_name, "As you gave it."),
	F_TEXT (told, event_id, "The same in every delivery of this event."),
	F_TEXT (told, environment, "staging or production."),
	F_INT  (told, state_version, "Grows with every change of the session."),
	F_BOOL (told, late, "The money came after the session had failed or expired."),
	{ 0 }
};

static char *
body(struct cx *cx, const struct session *s, const struct excess *x,
    cents unassigned, const struct event_row *ev)
{
	struct money m = money_of(s->amount, s->total_paid);
	const struct told t = {
		.event = ev->type, .event_id = ev->event_id,
		.environment = environment_word(s->environment),
		.reference_number = s->reference_number,
		.invoice_number = s->invoice_number,
		.merchant_order_id = s->merchant_order_id,
		.invoice_amount = s->amount, .amount_paid = s->total_paid,
		.amount = s->total_paid, .amount_remaining = m.remaining,
		.overpaid_amount = m.overpaid, .refund_amount = x->amount -
		    x->fee, .refund_fee = x->fee,
		.returned_amount = s->total_returned,
		.unassigned_amount = unassigned,
		.refund_waits = x->waiting > 0,
		.refund_sends_at = x->sends_at, .currency = s->currency,
		.paid_at = s->confirmed_at,
		.session_token = session_token(cx->arena, s),
		.customer_email = s->customer_email,
		.customer_name = s->customer_name,
		.state_version = s->state_version, .late = s->late != 0,
	};
	struct out o = { .arena = cx->arena };

	field_object(&o, tell_fields, &t);
	return o.text;
}

/* Is the word in the merchant's list? */
static bool
wanted(const char *events, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = events; (p = strstr(p, word)) != NULL; p += n)
		if ((p == events || p[-1] == ',') &&
		    (p[n] == '\0' || p[n] == ','))
			return true;
	return false;
}

const char *
tell_id(struct cx *cx)
{
	unsigned char id[16];

	seal_random(id, sizeof(id));
	return arena_printf(cx->arena, "evt_%s", str_hex(cx->arena, id,
	    sizeof(id)));
}

/* Keeps the event, and asks for its delivery if it is wanted. */
static enum err
note(struct cx *cx, const struct session *s, enum tell what,
    struct event_row *ev)
{
	const char *url = s->callback_url != NULL ? s->callback_url :
	    s->default_url;
	int64_t endpoint = 0;
	enum err e;

	ev->merchant_id = s->merchant_id;
	ev->session_id = s->id;
	ev->wanted = url != NULL && (what == TELL_CONFIRMED ||
	    wanted(s->events, ev->type));
	if ((e = event_add(cx, ev)) != 0 || !ev->wanted)
		return e;
	if ((e = endpoint_of(cx, s->merchant_id, url, &endpoint)) != 0)
		return e;
	return event_send(cx, ev, endpoint, url);
}

static enum err
tell_money(struct cx *cx, const struct session *s, enum tell what,
    cents unassigned)
{
	struct event_row ev = {
		.type = tell_word(what), .event_id = tell_id(cx)
	};
	struct excess x = { 0 };
	enum err e;

	if (s->total_paid > s->amount &&
	    (e = refund_excess(cx, s->id, &x)) != 0)
		return e;
	ev.body = body(cx, s, &x, unassigned, &ev);
	return note(cx, s, what, &ev);
}

enum err
tell(struct cx *cx, const struct session *s, enum tell what)
{
	return tell_money(cx, s, what, 0);
}

enum err
tell_unassigned(struct cx *cx, const struct session *s, cents amount)
{
	return tell_money(cx, s, TELL_UNASSIGNED, amount);
}

struct told_refund {
	const char	*event, *event_id, *environment;
	int64_t		 refund_id, state_version, sent_at, failed_at;
	const char	*refund_number, *status, *reference_number;
	const char	*merchant_order_id, *currency, *session_token;
	const char	*debtor_iban, *debtor_name, *reason, *failure;
	cents		 amount, processing_fee, refund_net;
};

const struct field tell_refund_fields[] = {
	F_TEXT (told_refund, event, "What happened."),
	F_INT  (told_refund, refund_id, "The refund."),
	F_TEXT (told_refund, refund_number, "Its number, which the customer reads in the transfer."),
	F_TEXT (told_refund, status, "sent or failed."),
	F_CENTS(told_refund, amount, "What it takes of the payment."),
	F_CENTS(told_refund, processing_fee, "The fee kept of it."),
	F_CENTS(told_refund, refund_net, "What the customer gets."),
	F_TEXT (told_refund, currency, "EUR."),
	F_TEXT_OR_NULL(told_refund, debtor_iban, "Where it goes."),
	F_TEXT_OR_NULL(told_refund, debtor_name, "To whom."),
	F_TEXT_OR_NULL(told_refund, reason, "As you gave it."),
	F_TEXT_OR_NULL(told_refund, failure, "Why it failed; null when it did not."),
	F_TIME_OR_NULL(told_refund, sent_at, "When it was sent."),
	F_TIME_OR_NULL(told_refund, failed_at, "When it failed; null when it did not."),
	F_TEXT (told_refund, reference_number, "The reference of the payment."),
	F_TEXT_OR_NULL(told_refund, merchant_order_id, "Your order_id; null if you gave none."),
	F_TEXT (told_refund, session_token, "The session."),
	F_TEXT (told_refund, event_id, "The same in every delivery of this event."),
	F_TEXT (told_refund, environment, "staging or production."),
	F_INT  (told_refund, state_version, "Grows with every change of the session."),
	{ 0 }
};

enum err
tell_refund(struct cx *cx, const struct session *s, const struct refund *r,
    enum tell what)
{
	struct event_row ev = {
		.type = tell_word(what), .event_id = tell_id(cx)
	};
	const struct told_refund t = {
		.event = ev.type, .event_id = ev.event_id,
		.environment = environment_word(s->environment),
		.refund_id = r->id, .state_version = s->state_version,
		.sent_at = r->sent_at, .failed_at = r->failed_at,
		.refund_number = r->reference_number,
		.status = refund_word(r->status),
		.reference_number = s->reference_number,
		.merchant_order_id = s->merchant_order_id,
		.currency = s->currency,
		.session_token = session_token(cx->arena, s),
		.debtor_iban = r->debtor_iban, .debtor_name = r->debtor_name,
		.reason = r->reason, .failure = r->status == REFUND_FAILED ?
		    r->failure : NULL,
		.amount = r->amount, .processing_fee = r->processing_fee,
		.refund_net = r->amount - r->processing_fee,
	};
	struct out o = { .arena = cx->arena };

	field_object(&o, tell_refund_fields, &t);
	ev.body = o.text;
	return note(cx, s, what, &ev);
}

struct told_schedule {
	const char	*event, *event_id, *environment;
	int64_t		 schedule_id, state_version, paid_at;
	const char	*cycle_status, *billing_date, *next_billing_date;
	const char	*schedule_status, *reference_number;
	const char	*merchant_order_id, *currency, *session_token;
	const char	*customer_name, *customer_email, *customer_phone;
	cents		 amount;
	int64_t		 cycles_billed, cycles_paid, cycles_missed;
};

const struct field tell_schedule_fields[] = {
	F_TEXT (told_schedule, event, "What happened."),
	F_INT  (told_schedule, schedule_id, "The schedule."),
	F_TEXT (told_schedule, schedule_status, "Where it stands."),
	F_TEXT (told_schedule, billing_date, "The day of the cycle."),
	F_TEXT (told_schedule, cycle_status, "open, paid or missed."),
	F_CENTS(told_schedule, amount, "What the cycle costs, the discount taken off."),
	F_TEXT (told_schedule, currency, "EUR."),
	F_TEXT (told_schedule, reference_number, "The reference of its payment."),
	F_TEXT_OR_NULL(told_schedule, merchant_order_id, "The order_id of its payment."),
	F_TIME_OR_NULL(told_schedule, paid_at, "When it was paid; null before."),
	F_TEXT_OR_NULL(told_schedule, next_billing_date, "The next cycle's day; null: there is none."),
	F_INT  (told_schedule, cycles_billed, "Cycles so far."),
	F_INT  (told_schedule, cycles_paid, "Those that were paid."),
	F_INT  (told_schedule, cycles_missed, "Those that were not."),
	F_TEXT (told_schedule, customer_name, "As you gave it."),
	F_TEXT_OR_NULL(told_schedule, customer_email, "As you gave it."),
	F_TEXT_OR_NULL(told_schedule, customer_phone, "As you gave it."),
	F_TEXT (told_schedule, session_token, "The session of the cycle."),
	F_TEXT (told_schedule, event_id, "The same in every delivery of this event."),
	F_TEXT (told_schedule, environment, "staging or production."),
	F_INT  (told_schedule, state_version, "Grows with every change of the session."),
	{ 0 }
};

static const char *
day_text(struct cx *cx, int64_t day)
{
	return day_print(day, arena_alloc(cx->arena, DAY_TEXT));
}

enum err
tell_schedule(struct cx *cx, const struct session *s,
    const struct schedule *p, const struct billing *b, enum tell what)
{
	struct event_row ev = {
		.type = tell_word(what), .event_id = tell_id(cx)
	};
	bool more = p->status == SCHEDULE_ACTIVE ||
	    p->status == SCHEDULE_PAUSED;
	const struct told_schedule t = {
		.event = ev.type, .event_id = ev.event_id,
		.environment = environment_word(s->environment),
		.schedule_id = p->id, .state_version = s->state_version,
		.schedule_status = schedule_word(p->status),
		.billing_date = day_text(cx, b->billing_day),
		.cycle_status = billing_word(b->status),
		.paid_at = b->paid_at, .amount = b->amount,
		.next_billing_date = more ? day_text(cx, schedule_day(p)) :
		    NULL,
		.reference_number = s->reference_number,
		.merchant_order_id = s->merchant_order_id,
		.currency = s->currency,
		.session_token = session_token(cx->arena, s),
		.customer_name = p->customer_name,
		.customer_email = p->customer_email,
		.customer_phone = p->customer_phone,
		.cycles_billed = p->cycles_billed,
		.cycles_paid = p->cycles_paid,
		.cycles_missed = p->cycles_missed,
	};
	struct out o = { .arena = cx->arena };

	field_object(&o, tell_schedule_fields, &t);
	ev.body = o.text;
	return note(cx, s, what, &ev);
}
