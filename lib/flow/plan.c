#include "base/zone.h"
#include "flow/plan.h"
#include "model/billing.h"
#include "model/merchant.h"
#include "model/message.h"

void
plan_due(struct schedule *s)
{
	s->due_at = zone_at(s->timezone, schedule_day(s), PLAN_HOUR);
}

enum err
plan_add(struct cx *cx, struct schedule *s)
{
	struct merchant m = { 0 };
	int64_t today;
	enum err e;

	if ((e = merchant_find(cx, cx->merchant, &m)) != 0)
		return e;
	s->merchant_id = cx->merchant;
	s->merchant_name = m.name;
	s->timezone = m.timezone;
	s->created_at = cx->now;
	today = zone_day(m.timezone, cx->now);
	if (s->anchor_day == 0)
		s->anchor_day = today + 1;
	if (s->anchor_day < today)
		return fail_param(cx, "start_date", "is over.");
	plan_due(s);
	return schedule_add(cx, s);
}

enum err
plan_find(struct cx *cx, int64_t id, struct schedule *s)
{
	enum err e = schedule_find(cx, id, s);

	if (e == 0 && s->merchant_id == cx->merchant)
		return 0;
	if (e != 0 && e != ERR_NOT_FOUND)
		return e;
	fail_clear(cx);
	return fail(cx, ERR_NOT_FOUND, "Schedule not found");
}

struct changing {
	int64_t			 id;
	const struct change	*change;
	struct schedule		*s;
};

static void
anchor(struct schedule *s, int64_t day)
{
	s->anchor_day = day;
	s->cycle = 0;
}

void
plan_skip(const struct cx *cx, struct schedule *s)
{
	int64_t today = zone_day(s->timezone, cx->now);
	int64_t n = cycle_until(s->anchor_day, s->frequency, today - 1) + 1;

	if (n > s->cycle)
		s->cycle = n;
}

static enum err
move(struct cx *cx, struct schedule *s, int64_t status)
{
	if (status == SCHEDULE_ACTIVE && s->status == SCHEDULE_PAUSED)
		plan_skip(cx, s);
	if (status == SCHEDULE_ACTIVE)
		s->stopped_at = 0;
	s->status = status;
	return status == SCHEDULE_ACTIVE ? 0 :
	    message_drop_schedule(cx, s->id);
}

static enum err
change(struct cx *cx, void *arg)
{
	const struct changing *c = arg;
	const struct change *ch = c->change;
	struct schedule *s = c->s;
	enum err e;

	if ((e = plan_find(cx, c->id, s)) != 0 ||
	    (e = schedule_lock(cx, c->id, s)) != 0)
		return e;
	if (s->status == SCHEDULE_CANCELLED || s->status == SCHEDULE_COMPLETED)
		return fail(cx, ERR_STATE, "The schedule is %s.",
		    schedule_word(s->status));
	if (ch->next_day != 0 &&
	    ch->next_day < zone_day(s->timezone, cx->now))
		return fail_param(cx, "next_billing_date", "is over.");
	if (ch->original_amount != 0)
		s->original_amount = ch->original_amount;
	if (schedule_amount(s) < 1)
		return fail_param(cx, "amount", "is all discount.");
	if (ch->status >= 0 && (e = move(cx, s, ch->status)) != 0)
		return e;
	if (ch->next_day != 0)
		anchor(s, ch->next_day);
	if (ch->frequency >= 0 && ch->frequency != s->frequency) {
		anchor(s, schedule_day(s));
		s->frequency = ch->frequency;
	}
	plan_due(s);
	return schedule_set(cx, s);
}

enum err
plan_change(struct cx *cx, int64_t id, const struct change *ch,
    struct schedule *s)
{
	struct changing c = { id, ch, s };

	return db_tx(cx, change, &c);
}

static enum err
stop(struct cx *cx, void *arg)
{
	const struct changing *c = arg;
	enum err e;

	if ((e = schedule_lock(cx, c->id, c->s)) != 0)
		return e;
	if (c->s->stopped_at != 0)
		return 0;
	c->s->stopped_at = cx->now;
	if (c->s->status == SCHEDULE_ACTIVE)
		e = move(cx, c->s, SCHEDULE_PAUSED);
	else if ((e = billing_quiet(cx, c->id)) == 0)
		e = message_drop_schedule(cx, c->id);
	return e == 0 ? schedule_set(cx, c->s) : e;
}

enum err
plan_stop(struct cx *cx, int64_t id, struct schedule *s)
{
	struct changing c = { .id = id, .s = s };

	return db_tx(cx, stop, &c);
}

static enum err
reckon(struct cx *cx, void *arg)
{
	const int64_t *id = arg;
	struct schedule s = { 0 };
	enum err e;

	if ((e = schedule_lock(cx, *id, &s)) != 0)
		return e;
	plan_due(&s);
	return schedule_set(cx, &s);
}

enum err
plan_move(struct cx *cx)
{
	struct rows rows;
	const struct schedule_id *s;
	int64_t id;
	enum err e;

	if ((e = schedule_open(cx, &rows)) != 0)
		return e;
	s = rows.row;
	for (size_t i = 0; e == 0 && i < rows.n; i++) {
		id = s[i].id;
		e = db_tx(cx, reckon, &id);
	}
	return e;
}
