/*
 * Schedules: made, looked at, listed, changed.
 */
#include <string.h>

#include "base/calendar.h"
#include "base/conf.h"
#include "base/letter.h"
#include "base/speech.h"
#include "base/str.h"
#include "flow/plan.h"
#include "model/billing.h"
#include "model/message.h"
#include "recurring/recurring.h"

#define REMINDERS	5

const struct param no_params[] = { { 0 } };

const struct param create_schedule_params[] = {
	TEXT	(create_schedule, customer_name,     REQUIRED, 1, 255, "Customer's full name."),
	TEXT	(create_schedule, customer_email,    OPTIONAL, 1, 254, "Where mails go."),
	TEXT	(create_schedule, customer_phone,    OPTIONAL, 1, 32, "Where SMS go, with country code, such as +4712345678."),
	WORD	(create_schedule, delivery_method,   OPTIONAL, method_words, "Default: email."),
	WORD	(create_schedule, frequency,	     REQUIRED, frequency_words, "bimonthly is every two months."),
	CENTS	(create_schedule, amount,	     REQUIRED, 1, CENTS_AMOUNT, "Payment amount per cycle, before the discount."),
	PERCENT	(create_schedule, discount_percent,  "Taken off each cycle's amount, rounded to the cent."),
	CURRENCY(create_schedule, currency,	     "Currency code. Default: EUR."),
	LIST	(create_schedule, order_items,	     OPTIONAL, 500, "Line items: [{name, qty, price}]."),
	TEXT	(create_schedule, order_description, OPTIONAL, 1, 1000, "Shown to the customer."),
	URL	(create_schedule, payment_url,	     OPTIONAL, 1024, "Your checkout; reference, amount and session are added to its query. Default: the hosted checkout."),
	DAY	(create_schedule, start_date,	     OPTIONAL, "First billing day. Default: tomorrow."),
	INT	(create_schedule, total_cycles,	     OPTIONAL, 0, 100000, "Cycles in all; 0, the default: no end."),
	LANGUAGE(create_schedule, language,	     "Of the messages; de-DE means de. Default: en."),
	DAYS	(create_schedule, remind_after_days, REMINDERS, "Days after the billing day on which the customer is reminded until he has paid, such as [3,7]. Default: none."),
	{ 0 }
};

const struct param schedule_params[] = {
	INT	(schedule_in, schedule_id, REQUIRED, 1, INT64_MAX, "The schedule."),
	{ 0 }
};

const struct param list_schedules_params[] = {
	WORD	(list_schedules, status, OPTIONAL, schedule_words, "Only these."),
	LIMIT	(list_schedules, limit,	 200, "Results per page, at most 200. Default: 50."),
	INT	(list_schedules, offset, OPTIONAL, 0, 1000000000, "Pagination offset. Default: 0."),
	TEXT	(list_schedules, cursor, OPTIONAL, 1, 32, "next_cursor of the page before."),
	{ 0 }
};

/* What a merchant may make of one: all but the last. */
static const char *const wish_words[] = {
#define S(name, word, doc) SCHEDULE_##name == SCHEDULE_COMPLETED ? NULL : word,
	SCHEDULES(S)
#undef S
	NULL
};
_Static_assert(SCHEDULE_COMPLETED == SCHEDULE__MAX - 1, "it must be the last");

const struct param update_schedule_params[] = {
	INT	(update_schedule, schedule_id,	     REQUIRED, 1, INT64_MAX, "The schedule."),
	WORD	(update_schedule, status,	     OPTIONAL, wish_words, "cancelled is final."),
	CENTS	(update_schedule, amount,	     OPTIONAL, 1, CENTS_AMOUNT, "New amount per cycle, before the discount."),
	WORD	(update_schedule, frequency,	     OPTIONAL, frequency_words, "New frequency, from the next billing day on."),
	DAY	(update_schedule, next_billing_date, OPTIONAL, "Another next billing day; the calendar goes on from there."),
	{ 0 }
};

/* A schedule as it is shown. */
struct shown {
	int64_t		 schedule_id;
	cents		 amount, original_amount, discount_percent;
	const char	*frequency, *next_billing_date, *status, *currency;
	const char	*customer_name, *customer_email, *customer_phone;
	const char	*delivery_method, *order_items, *order_description;
	const char	*payment_url, *language, *remind_after_days, *timezone;
	int64_t		 total_cycles, cycles_billed, cycles_paid;
	int64_t		 cycles_missed, last_billed_at, last_paid_at;
	int64_t		 stopped_at, created_at;
};

const struct field schedule_fields[] = {
	F_INT  (shown, schedule_id, "The schedule."),
	F_CENTS(shown, amount, "What a cycle costs, the discount taken off."),
	F_CENTS(shown, original_amount, "Before the discount."),
	F_PERCENT(shown, discount_percent, "The discount."),
	F_TEXT (shown, frequency, "weekly, biweekly, monthly or bimonthly."),
	F_TEXT_OR_NULL(shown, next_billing_date, "Null when there is none any more."),
	F_TEXT (shown, status, "active, paused, cancelled or completed."),
	F_TEXT (shown, currency, "EUR."),
	F_TEXT (shown, customer_name, "As you gave it."),
	F_TEXT_OR_NULL(shown, customer_email, "As you gave it."),
	F_TEXT_OR_NULL(shown, customer_phone, "As you gave it."),
	F_TEXT (shown, delivery_method, "email, sms or both."),
	F_RAW  (shown, order_items, "As you sent them."),
	F_TEXT_OR_NULL(shown, order_description, "As you gave it."),
	F_TEXT_OR_NULL(shown, payment_url, "Null: the hosted checkout."),
	F_TEXT (shown, language, "Of the messages."),
	F_RAW  (shown, remind_after_days, "Days after the billing day."),
	F_TEXT (shown, timezone, "In which its days begin: yours."),
	F_INT  (shown, total_cycles, "Cycles in all; 0: no end."),
	F_INT  (shown, cycles_billed, "Cycles so far."),
	F_INT  (shown, cycles_paid, "Those that were paid."),
	F_INT  (shown, cycles_missed, "Those that ended without."),
	F_TIME_OR_NULL(shown, last_billed_at, "When the last cycle was billed."),
	F_TIME_OR_NULL(shown, last_paid_at, "When the last payment came."),
	F_TIME_OR_NULL(shown, stopped_at, "When the customer stopped his messages; null: he did not."),
	F_TIME (shown, created_at, "When it was made."),
	{ 0 }
};

struct cycle {
	const char	*billing_date, *status, *reference_number;
	cents		 amount;
	int64_t		 billed_at, paid_at;
};

static const struct field cycle_fields[] = {
	F_TEXT (cycle, billing_date, "Its day."),
	F_TEXT (cycle, status, "open, paid or missed."),
	F_CENTS(cycle, amount, "What it costs."),
	F_TEXT (cycle, reference_number, "Of its payment: see payment_status."),
	F_TIME (cycle, billed_at, "When the message went out."),
	F_TIME_OR_NULL(cycle, paid_at, "When it was paid."),
	{ 0 }
};

struct sent {
	int64_t		 message_id, reminder, attempts, created_at, sent_at;
	const char	*channel, *recipient, *status, *provider_status;
	const char	*error, *billing_date;
};

static const struct field sent_fields[] = {
	F_INT  (sent, message_id, "The message."),
	F_TEXT (sent, channel, "email or sms."),
	F_TEXT (sent, recipient, "To whom."),
	F_TEXT_OR_NULL(sent, billing_date, "Of which cycle; null: of an older one than those listed."),
	F_INT  (sent, reminder, "0: the first of its cycle; 1, 2 ...: a reminder."),
	F_TEXT (sent, status, "pending, sending, sent, failed, unknown (it may have been sent and is not sent again) or dropped (not needed any more)."),
	F_TEXT_OR_NULL(sent, provider_status, "What Twilio told later, such as delivered."),
	F_TEXT_OR_NULL(sent, error, "What went wrong."),
	F_INT  (sent, attempts, "How often it was tried."),
	F_TIME (sent, created_at, "When it was due."),
	F_TIME_OR_NULL(sent, sent_at, "When it was taken."),
	{ 0 }
};

static const struct field tried_fields[] = {
	F_INT  (tried, message_id, "Of which message."),
	F_INT  (tried, attempt, "1 is the first."),
	F_TIME (tried, created_at, "When it ended."),
	F_INT  (tried, ms, "How long it took."),
	F_INT  (tried, code, "The mail server's, or Twilio's; 0: no answer."),
	F_TEXT_OR_NULL(tried, error, "What went wrong."),
	{ 0 }
};

struct history {
	struct rows	 cycles, messages, attempts;
};

static const struct field history_fields[] = {
	F_ROWS(history, cycles, cycle_fields, "The latest 100, newest first."),
	F_ROWS(history, messages, sent_fields, "The latest 100, newest first."),
	F_ROWS(history, attempts, tried_fields, "Each try to send one, the latest 200, newest first."),
	{ 0 }
};

struct page {
	struct rows	 schedules;
	int64_t		 total, limit, offset;
	const char	*next_cursor;
};

static const struct field page_fields[] = {
	F_ROWS (page, schedules, schedule_fields, "Newest first."),
	F_INT  (page, total, "How many there are in all, exactly."),
	F_INT  (page, limit, "As asked."),
	F_INT  (page, offset, "As asked."),
	F_TEXT_OR_NULL(page, next_cursor, "Send it as cursor for the next page; null: this is the last."),
	{ 0 }
};

const struct answer create_schedule_answers[] = {
	{ "created", NULL, { schedule_fields } },
	{ 0 }
};

const struct answer get_schedule_answers[] = {
	{ "schedule", NULL, { schedule_fields, history_fields } },
	{ 0 }
};

const struct answer list_schedules_answers[] = {
	{ "page", NULL, { page_fields } },
	{ 0 }
};

const struct answer update_schedule_answers[] = {
	{ "changed", NULL, { schedule_fields } },
	{ 0 }
};

static const char *
date(struct cx *cx, int64_t day)
{
	return day_print(day, arena_alloc(cx->arena, DAY_TEXT));
}

static struct shown
show(struct cx *cx, const struct schedule *s)
{
	bool over = s->status == SCHEDULE_CANCELLED ||
	    s->status == SCHEDULE_COMPLETED;
	struct schedule next = *s;

	if (s->status == SCHEDULE_PAUSED)
		plan_skip(cx, &next);

	return (struct shown){ .schedule_id = s->id,
	    .amount = schedule_amount(s),
	    .original_amount = s->original_amount,
	    .discount_percent = s->discount_percent,
	    .frequency = frequency_word(s->frequency),
	    .next_billing_date = over ? NULL : date(cx, schedule_day(&next)),
	    .status = schedule_word(s->status), .currency = "EUR",
	    .customer_name = s->customer_name,
	    .customer_email = s->customer_email,
	    .customer_phone = s->customer_phone,
	    .delivery_method = method_word(s->delivery_method),
	    .order_items = s->order_items,
	    .order_description = s->order_description,
	    .payment_url = s->payment_url, .language = s->language,
	    .remind_after_days = arena_printf(cx->arena, "[%s]",
		s->remind_after_days), .timezone = s->timezone,
	    .total_cycles = s->total_cycles,
	    .cycles_billed = s->cycles_billed,
	    .cycles_paid = s->cycles_paid,
	    .cycles_missed = s->cycles_missed,
	    .last_billed_at = s->last_billed_at,
	    .last_paid_at = s->last_paid_at,
	    .stopped_at = s->stopped_at, .created_at = s->created_at };
}

/* An address is checked where messages go to it; else it is the merchant's. */
static enum err
check_customer(struct cx *cx, struct schedule *s)
{
	bool mail = s->delivery_method != DELIVER_SMS;
	bool sms = s->delivery_method != DELIVER_EMAIL;

	if (mail && s->customer_email == NULL)
		return fail_param(cx, "customer_email",
		    "is needed for messages by email.");
	if (sms && s->customer_phone == NULL)
		return fail_param(cx, "customer_phone",
		    "is needed for messages by SMS.");
	if (mail && !letter_address(letter_ascii(cx->arena,
	    s->customer_email)))
		return fail_param(cx, "customer_email",
		    "must be an email address.");
	return !sms || letter_phone(s->customer_phone) ? 0 : fail_param(cx,
	    "customer_phone", "must be a number with its country code, such as"
	    " +4712345678.");
}

enum err
create_schedule(struct cx *cx, const void *arg, struct reply *r)
{
	const struct create_schedule *in = arg;
	struct schedule s = { .customer_name = in->customer_name,
	    .customer_email = in->customer_email,
	    .customer_phone = letter_digits(cx->arena,
		in->customer_phone),
	    .original_amount = in->amount,
	    .discount_percent = in->discount_percent,
	    .order_items = in->order_items,
	    .order_description = in->order_description,
	    .payment_url = in->payment_url,
	    .language = in->language == NULL ? "en" : in->language,
	    .remind_after_days = in->remind_after_days == NULL ? "" :
		in->remind_after_days,
	    .total_cycles = in->total_cycles, .anchor_day = in->start_date,
	    .delivery_method = in->delivery_method == 0 ? DELIVER_EMAIL :
		in->delivery_method - 1, .frequency = in->frequency - 1 };
	struct shown out;
	enum err e;

	if ((e = check_customer(cx, &s)) != 0)
		return e;
	if (schedule_amount(&s) < 1)
		return fail_param(cx, "discount_percent",
		    "leaves nothing to pay.");
	if ((e = plan_add(cx, &s)) != 0)
		return e;
	out = show(cx, &s);
	reply_add(r, schedule_fields, &out);
	return 0;
}

static struct rows
show_cycles(struct cx *cx, const struct rows *rows)
{
	const struct billing *b = rows->row;
	struct cycle *c = arena_alloc(cx->arena, (rows->n + 1) * sizeof(*c));

	for (size_t i = 0; i < rows->n; i++)
		c[i] = (struct cycle){ date(cx, b[i].billing_day),
		    billing_word(b[i].status), b[i].reference_number,
		    b[i].amount, b[i].created_at, b[i].paid_at };
	return (struct rows){ c, rows->n, sizeof(*c) };
}

static const char *
billing_date(struct cx *cx, const struct rows *cycles, int64_t id)
{
	const struct billing *b = cycles->row;

	for (size_t i = 0; i < cycles->n; i++)
		if (b[i].id == id)
			return date(cx, b[i].billing_day);
	return NULL;
}

static enum err
read_messages(struct cx *cx, int64_t id, const struct rows *cycles,
    struct rows *out)
{
	const struct message *m;
	struct sent *s;
	struct rows rows;
	enum err e;

	if ((e = message_each(cx, id, &rows)) != 0)
		return e;
	m = rows.row;
	s = arena_alloc(cx->arena, (rows.n + 1) * sizeof(*s));
	for (size_t i = 0; i < rows.n; i++)
		s[i] = (struct sent){ m[i].id, m[i].reminder, m[i].attempts,
		    m[i].created_at, m[i].sent_at,
		    channel_word(m[i].channel), m[i].recipient,
		    message_word(m[i].status), m[i].provider_status,
		    m[i].error, billing_date(cx, cycles, m[i].cycle_id) };
	*out = (struct rows){ s, rows.n, sizeof(*s) };
	return 0;
}

enum err
get_schedule(struct cx *cx, const void *arg, struct reply *r)
{
	const struct schedule_in *in = arg;
	struct schedule s = { 0 };
	struct history h = { 0 };
	struct rows cycles = { 0 };
	struct shown out;
	enum err e;

	if ((e = plan_find(cx, in->schedule_id, &s)) != 0 ||
	    (e = billing_each(cx, s.id, &cycles)) != 0 ||
	    (e = read_messages(cx, s.id, &cycles, &h.messages)) != 0 ||
	    (e = message_attempts(cx, s.id, &h.attempts)) != 0)
		return e;
	h.cycles = show_cycles(cx, &cycles);
	out = show(cx, &s);
	reply_add(r, schedule_fields, &out);
	reply_add(r, history_fields, &h);
	return 0;
}

enum err
list_schedules(struct cx *cx, const void *arg, struct reply *r)
{
	const struct list_schedules *in = arg;
	struct schedule_choice c = { .status = SCHEDULE__MAX,
	    .before = INT64_MAX, .offset = in->offset,
	    .limit = in->limit == 0 ? 50 : in->limit };
	struct page page = { .limit = c.limit, .offset = c.offset };
	const struct schedule *s;
	struct shown *out;
	struct rows rows;
	bool more;
	enum err e;

	if (in->status != 0)
		c.status = in->status - 1;
	if (in->cursor != NULL && !str_int(in->cursor, &c.before))
		return fail_param(cx, "cursor",
		    "must be a next_cursor that we gave.");
	c.limit++;			/* one more: is there another page? */
	if ((e = schedule_count(cx, &c, &page.total)) != 0 ||
	    (e = schedule_each(cx, &c, &rows)) != 0)
		return e;
	s = rows.row;
	more = rows.n > (size_t)page.limit;
	rows.n -= more;
	out = arena_alloc(cx->arena, (rows.n + 1) * sizeof(*out));
	for (size_t i = 0; i < rows.n; i++)
		out[i] = show(cx, &s[i]);
	page.schedules = (struct rows){ out, rows.n, sizeof(*out) };
	if (more)
		page.next_cursor = arena_printf(cx->arena, "%" PRId64,
		    s[rows.n - 1].id);
	reply_add(r, page_fields, &page);
	return 0;
}

enum err
update_schedule(struct cx *cx, const void *arg, struct reply *r)
{
	const struct update_schedule *in = arg;
	struct change c = { .status = in->status - 1,	/* -1: as it is */
	    .frequency = in->frequency - 1, .original_amount = in->amount,
	    .next_day = in->next_billing_date };
	struct schedule s = { 0 };
	struct shown out;
	enum err e;

	if ((e = plan_change(cx, in->schedule_id, &c, &s)) != 0)
		return e;
	out = show(cx, &s);
	reply_add(r, schedule_fields, &out);
	return 0;
}
