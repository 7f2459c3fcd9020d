#include <string.h>

#include "base/calendar.h"
#include "base/letter.h"
#include "base/log.h"
#include "base/zone.h"
#include "flow/bill.h"
#include "flow/checkout.h"
#include "flow/plan.h"
#include "flow/tell.h"
#include "io/seal.h"
#include "model/config.h"
#include "model/message.h"

#define WAIT_SECONDS	60

/* Whose credentials a channel uses: the merchant's own, or the platform's. */
static enum err
find_sender(struct cx *cx, const struct schedule *s, int64_t channel,
    int64_t *sender_id)
{
	struct config own;
	enum err e;

	if ((e = config_read(cx, s->merchant_id, &own)) != 0)
		return e;
	*sender_id = (channel == CHANNEL_EMAIL ? own.smtp_user :
	    own.twilio_sid) != NULL ? s->merchant_id : 0;
	return 0;
}

static enum err
add_message(struct cx *cx, const struct schedule *s, const struct billing *b,
    int64_t channel)
{
	struct message m = { .cycle_id = b->id, .reminder = b->reminders,
	    .channel = channel, .schedule_id = s->id,
	    .recipient = channel == CHANNEL_EMAIL ?
		letter_ascii(cx->arena, s->customer_email) :
		s->customer_phone };
	enum err e = find_sender(cx, s, channel, &m.sender_id);

	return e == 0 ? message_add(cx, &m) : e;
}

static enum err
add_messages(struct cx *cx, const struct schedule *s, const struct billing *b)
{
	enum err e = 0;

	if (s->delivery_method != DELIVER_SMS)
		e = add_message(cx, s, b, CHANNEL_EMAIL);
	if (e == 0 && s->delivery_method != DELIVER_EMAIL)
		e = add_message(cx, s, b, CHANNEL_SMS);
	return e;
}

/* When the i-th reminder is due; 0: there is none, or the cycle ends first. */
static int64_t
remind_at(const struct schedule *s, const struct billing *b, int64_t i)
{
	const char *p = s->remind_after_days;
	int64_t days, at;

	for (; i > 0 && (p = strchr(p, ',')) != NULL; i--)
		p++;
	if (p == NULL || *p == '\0')
		return 0;
	for (days = 0; *p >= '0' && *p <= '9'; p++)
		days = days * 10 + *p - '0';
	at = zone_at(s->timezone, b->billing_day + days, PLAN_HOUR);
	return at < b->ends_at ? at : 0;
}

/* The latest cycle that is due; s->cycle is the next one behind it. */
static int64_t
take_cycle(const struct cx *cx, struct schedule *s)
{
	int64_t n = cycle_until(s->anchor_day, s->frequency,
	    zone_day(s->timezone, cx->now));
	int64_t day;

	if (n < s->cycle)
		n = s->cycle;
	day = cycle_day(s->anchor_day, s->frequency, n);
	if (n > s->cycle && zone_at(s->timezone, day, PLAN_HOUR) > cx->now)
		day = cycle_day(s->anchor_day, s->frequency, --n);
	s->cycle = n + 1;
	plan_due(s);
	return day;
}

/* Its session: paid until the next cycle is due. */
static enum err
open_session(struct cx *cx, const struct schedule *p, struct billing *b,
    struct session *s)
{
	char day[DAY_TEXT];
	enum err e;

	*s = (struct session){ .merchant_id = p->merchant_id,
	    .environment = p->environment, .schedule_id = p->id,
	    .amount = b->amount, .expires_at = b->ends_at,
	    .customer_email = p->customer_email,
	    .customer_name = p->customer_name, .items = p->order_items,
	    .merchant_order_id = arena_printf(cx->arena, "schedule-%" PRId64
		"-%s", p->id, day_print(b->billing_day, day)) };
	if ((e = checkout_bill(cx, s)) != 0)
		return e;
	b->session_id = s->id;
	return session_read(cx, s->id, s);
}

static enum err
tell_billed(struct cx *cx, const struct session *s, const struct schedule *p,
    const struct billing *b)
{
	enum err e = tell_schedule(cx, s, p, b, TELL_CYCLE_DUE);

	return e == 0 && p->status == SCHEDULE_COMPLETED ?
	    tell_schedule(cx, s, p, b, TELL_COMPLETED) : e;
}

static enum err
bill(struct cx *cx, void *arg)
{
	const int64_t *id = arg;
	struct schedule p = { 0 };
	struct billing b = { 0 };
	struct session s;
	enum err e;

	if ((e = schedule_lock(cx, *id, &p)) != 0)
		return e;
	if (p.status != SCHEDULE_ACTIVE || p.due_at > cx->now)
		return 0;		/* changed meanwhile */
	b = (struct billing){ .schedule_id = p.id,
	    .billing_day = take_cycle(cx, &p),
	    .amount = schedule_amount(&p), .ends_at = p.due_at };
	b.remind_at = remind_at(&p, &b, 0);
	p.cycles_billed++;
	p.last_billed_at = cx->now;
	if (p.total_cycles > 0 && p.cycles_billed >= p.total_cycles)
		p.status = SCHEDULE_COMPLETED;
	if ((e = open_session(cx, &p, &b, &s)) != 0 ||
	    (e = billing_add(cx, &b)) != 0 ||
	    (e = add_messages(cx, &p, &b)) != 0 ||
	    (e = schedule_set(cx, &p)) != 0)
		return e;
	return tell_billed(cx, &s, &p, &b);
}

/* That day was billed before the schedule was given it again. */
static enum err
pass(struct cx *cx, void *arg)
{
	const int64_t *id = arg;
	struct schedule p = { 0 };
	enum err e;

	if ((e = schedule_lock(cx, *id, &p)) != 0 || p.due_at > cx->now)
		return e;
	(void)take_cycle(cx, &p);
	return schedule_set(cx, &p);
}

/* It cannot be billed now, as when its environment has no account yet: others
 * go first. */
static enum err
wait(struct cx *cx, void *arg)
{
	const int64_t *id = arg;
	struct schedule p = { 0 };
	enum err e;

	if ((e = schedule_lock(cx, *id, &p)) != 0 || p.due_at > cx->now)
		return e;
	p.due_at = cx->now + WAIT_SECONDS;
	return schedule_set(cx, &p);
}

static enum err
bill_due(struct cx *cx, int64_t *n)
{
	struct rows rows;
	const struct schedule_id *s;
	uint16_t start;
	int64_t id;
	enum err e;

	if ((e = schedule_due(cx, &rows)) != 0)
		return e;
	s = rows.row;
	seal_random(&start, sizeof(start));	/* several bill at once */
	for (size_t i = 0; i < rows.n; i++) {
		id = s[(i + start) % rows.n].id;
		e = db_tx(cx, bill, &id);
		if (e == ERR_DUPLICATE) {
			fail_clear(cx);
			e = db_tx(cx, pass, &id);
		}
		if (e != 0 && e != ERR_AWAY && e != ERR_BUSY) {
			log_say(cx, "bill", "schedule %" PRId64 " waits: %s",
			    id, cx->why);
			fail_clear(cx);
			e = db_tx(cx, wait, &id);
		}
		if (e != 0)
			return e;
		++*n;
	}
	return 0;
}

/* The row again, with its schedule locked; NOT_FOUND: it is not open. */
static enum err
lock_open(struct cx *cx, struct billing *b, struct schedule *p)
{
	enum err e;

	if ((e = schedule_lock(cx, b->schedule_id, p)) != 0 ||
	    (e = billing_find(cx, b->id, b)) != 0)
		return e;
	return b->status == BILLING_OPEN ? 0 : ERR_NOT_FOUND;
}

static enum err
miss(struct cx *cx, void *arg)
{
	struct billing b = *(const struct billing *)arg;
	struct schedule p = { 0 };
	struct session s = { 0 };
	enum err e;

	if ((e = lock_open(cx, &b, &p)) != 0)
		return e;
	b.status = BILLING_MISSED;
	b.remind_at = 0;
	p.cycles_missed++;
	if ((e = billing_set(cx, &b)) != 0 ||
	    (e = schedule_set(cx, &p)) != 0 ||
	    (e = message_drop_cycle(cx, b.id)) != 0 ||
	    (e = session_read(cx, b.session_id, &s)) != 0)
		return e;
	return tell_schedule(cx, &s, &p, &b, TELL_CYCLE_MISSED);
}

/* Of several reminders that are due the last one goes out. */
static enum err
remind(struct cx *cx, void *arg)
{
	struct billing b = *(const struct billing *)arg;
	struct schedule p = { 0 };
	bool quiet;
	enum err e;

	if ((e = lock_open(cx, &b, &p)) != 0)
		return e;
	if (b.remind_at == 0 || b.remind_at > cx->now)
		return ERR_NOT_FOUND;	/* another worker was faster */
	quiet = p.status == SCHEDULE_PAUSED || p.status == SCHEDULE_CANCELLED;
	do
		b.remind_at = remind_at(&p, &b, ++b.reminders);
	while (b.remind_at != 0 && b.remind_at <= cx->now);
	if ((e = billing_set(cx, &b)) != 0 || quiet)
		return e;
	if ((e = message_drop_cycle(cx, b.id)) != 0)
		return e;
	return add_messages(cx, &p, &b);
}

static enum err
each(struct cx *cx, const struct rows *rows,
    enum err (*body)(struct cx *, void *), int64_t *n)
{
	const struct billing *b = rows->row;
	enum err e;

	for (size_t i = 0; i < rows->n; i++) {
		struct billing one = b[i];

		e = db_tx(cx, body, &one);
		if (e == ERR_AWAY || e == ERR_BUSY)
			return e;
		if (e != 0 && e != ERR_NOT_FOUND)	/* paid meanwhile */
			log_say(cx, "bill", "cycle %" PRId64 ": %s", b[i].id,
			    cx->why);
		fail_clear(cx);
		*n += e == 0;
	}
	return 0;
}

enum err
bill_turn(struct cx *cx, int64_t *n)
{
	struct rows rows;
	enum err e;

	*n = 0;
	if ((e = billing_ended(cx, &rows)) != 0 ||
	    (e = each(cx, &rows, miss, n)) != 0 ||
	    (e = bill_due(cx, n)) != 0 ||
	    (e = billing_to_remind(cx, &rows)) != 0)
		return e;
	return each(cx, &rows, remind, n);
}

enum err
bill_paid(struct cx *cx, const struct session *s)
{
	struct billing b = { 0 };
	struct schedule p = { 0 };
	enum err e;

	if ((e = schedule_lock(cx, s->schedule_id, &p)) != 0 ||
	    (e = billing_find_session(cx, s->id, &b)) != 0)
		return e;
	if (b.status == BILLING_PAID)
		return 0;
	p.cycles_missed -= b.status == BILLING_MISSED;
	p.cycles_paid++;
	p.last_paid_at = cx->now;
	b.status = BILLING_PAID;
	b.paid_at = cx->now;
	b.remind_at = 0;
	if ((e = billing_set(cx, &b)) != 0 ||
	    (e = schedule_set(cx, &p)) != 0 ||
	    (e = message_drop_cycle(cx, b.id)) != 0)
		return e;
	return tell_schedule(cx, s, &p, &b, TELL_CYCLE_PAID);
}

enum err
bill_unpaid(struct cx *cx, const struct session *s)
{
	struct billing b = { 0 };
	struct schedule p = { 0 };
	enum err e;

	if ((e = schedule_lock(cx, s->schedule_id, &p)) != 0 ||
	    (e = billing_find_session(cx, s->id, &b)) != 0 ||
	    b.status != BILLING_PAID)
		return e;
	b.status = BILLING_OPEN;
	b.paid_at = 0;
	p.cycles_paid--;
	if ((e = billing_set(cx, &b)) != 0 ||
	    (e = billing_paid_last(cx, p.id, &p.last_paid_at)) != 0)
		return e;
	return schedule_set(cx, &p);
}
