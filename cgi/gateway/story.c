/*
 * One payment with all that happened to it.
 */
#include "base/calendar.h"
#include "gateway/gateway.h"
#include "model/refund.h"
#include "model/session.h"
#include "model/story.h"
#include "model/transfer.h"

#define REFUNDS_MAX	200

struct came {
	cents		 amount;
	const char	*debtor_name, *debtor_iban, *booking_date, *remittance;
	int64_t		 booked_at;
};

static const struct field came_fields[] = {
	F_CENTS(came, amount, "How much."),
	F_TEXT_OR_NULL(came, debtor_name, "Who paid, as the bank says."),
	F_TEXT_OR_NULL(came, debtor_iban, "From which account."),
	F_TEXT (came, booking_date, "The bank's day."),
	F_TEXT_OR_NULL(came, remittance, "The text of the transfer."),
	F_TIME_OR_NULL(came, booked_at, "When we saw it."),
	{ 0 }
};

static const struct field chapter_fields[] = {
	F_TIME_OR_NULL(chapter, happened_at, "When."),
	F_TEXT	   (chapter, what, "created, invoiced, transfer, refund, webhook (a try to deliver), or the type of an event."),
	F_CENTS_IF (chapter, amount, "Of a session, transfer or refund."),
	F_TEXT_OR_NULL(chapter, name, "The customer."),
	F_TEXT_OR_NULL(chapter, iban, "The customer's account."),
	F_TEXT_OR_NULL(chapter, detail, "Your order_id, the reference, the text of a transfer, the number of a refund (also of an event about one), the type of a webhook's event."),
	F_TEXT_OR_NULL(chapter, event_id, "Of an event or a webhook: see get_event."),
	F_INT_IF   (chapter, http_status, "What your server answered a webhook."),
	F_TEXT_OR_NULL(chapter, error, "Why it did not answer."),
	{ 0 }
};

struct story {
	const char	*customer_email, *customer_name, *callback_url;
	const char	*items, *session_token;
	cents		 refundable_amount;
	int64_t		 schedule_id;
	struct rows	 payments, refunds, timeline;
};

static const struct field story_fields[] = {
	F_TEXT (story, session_token, "The session."),
	F_TEXT_OR_NULL(story, customer_email, "As you gave it."),
	F_TEXT_OR_NULL(story, customer_name, "As you gave it."),
	F_TEXT_OR_NULL(story, callback_url, "As you gave it."),
	F_RAW  (story, items, "As you sent them."),
	F_INT_IF(story, schedule_id, "Of which schedule it is a cycle, if of one."),
	F_CENTS(story, refundable_amount, "What can still be refunded."),
	F_ROWS (story, payments, came_fields, "Each transfer that came."),
	F_ROWS (story, refunds, refund_fields, "Newest first."),
	F_ROWS (story, timeline, chapter_fields, "All that happened, oldest first; at most the last 500."),
	{ 0 }
};

const struct answer get_transaction_answers[] = {
	{ "transaction", NULL, { payment_fields, story_fields } },
	{ 0 }
};

static enum err
read_payments(struct cx *cx, int64_t session_id, struct rows *out)
{
	const struct transfer *t;
	struct came *c;
	struct rows rows;
	enum err e;

	if ((e = transfer_each(cx, session_id, &rows)) != 0)
		return e;
	t = rows.row;
	c = arena_alloc(cx->arena, (rows.n + 1) * sizeof(*c));
	for (size_t i = 0; i < rows.n; i++) {
		char *date = arena_alloc(cx->arena, DAY_TEXT);

		c[i] = (struct came){ t[i].amount, t[i].debtor_name,
		    t[i].debtor_iban, day_print(t[i].booking_day, date),
		    t[i].remittance, t[i].created_at };
	}
	*out = (struct rows){ c, rows.n, sizeof(*c) };
	return 0;
}

enum err
get_transaction(struct cx *cx, const void *arg, struct reply *r)
{
	const struct payment_status *in = arg;
	struct refund_choice c = { .status = REFUND__MAX,
	    .before = INT64_MAX, .limit = REFUNDS_MAX };
	struct session s = { 0 };
	struct story out;
	cents refunds = 0;
	enum err e;

	e = payment_find(cx, in->reference, in->session_token, &s);
	if (e != 0)
		return e;
	out = (struct story){ .customer_email = s.customer_email,
	    .customer_name = s.customer_name, .items = s.items,
	    .callback_url = s.callback_url, .schedule_id = s.schedule_id,
	    .session_token = session_token(cx->arena, &s) };
	c.session_id = s.id;
	if ((e = refund_sum(cx, s.id, &refunds)) != 0 ||
	    (e = read_payments(cx, s.id, &out.payments)) != 0 ||
	    (e = refund_rows(cx, &c, &out.refunds)) != 0 ||
	    (e = story_each(cx, s.id, &out.timeline)) != 0)
		return e;
	out.refundable_amount = s.total_paid - refunds;
	payment_show(cx, &s, r);
	reply_add(r, story_fields, &out);
	return 0;
}
