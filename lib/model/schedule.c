#include <string.h>

#include "model/schedule.h"

const char *const schedule_words[SCHEDULE__MAX + 1] = {
#define S(name, word, doc) word,
	SCHEDULES(S)
#undef S
};

const char *const method_words[DELIVER__MAX + 1] = {
	[DELIVER_EMAIL] = "email",
	[DELIVER_SMS]	= "sms",
	[DELIVER_BOTH]	= "both",
};

static const struct col row[] = {
	COL_INT (schedule, id),
	COL_INT (schedule, merchant_id),
	COL_INT (schedule, environment),
	COL_INT (schedule, status),
	COL_TEXT(schedule, customer_name),
	COL_TEXT(schedule, customer_email),
	COL_TEXT(schedule, customer_phone),
	COL_INT (schedule, delivery_method),
	COL_INT (schedule, frequency),
	COL_INT (schedule, original_amount),
	COL_INT (schedule, discount_percent),
	COL_TEXT(schedule, order_items),
	COL_TEXT(schedule, order_description),
	COL_TEXT(schedule, payment_url),
	COL_TEXT(schedule, language),
	COL_TEXT(schedule, remind_after_days),
	COL_INT (schedule, total_cycles),
	COL_INT (schedule, anchor_day),
	COL_INT (schedule, cycle),
	COL_INT (schedule, due_at),
	COL_INT (schedule, cycles_billed),
	COL_INT (schedule, cycles_paid),
	COL_INT (schedule, cycles_missed),
	COL_INT (schedule, last_billed_at),
	COL_INT (schedule, last_paid_at),
	COL_INT (schedule, stopped_at),
	COL_INT (schedule, created_at),
	COL_TEXT(schedule, merchant_name),
	COL_TEXT(schedule, timezone),
	COL_TEXT(schedule, sms_phone),
	COL_TEXT(schedule, email_from),
	COL_TEXT(schedule, email_from_name),
	{ 0 }
};

#define ROW \
	"SELECT s.id, s.merchant_id, m.environment, s.status," \
	"	s.customer_name, s.customer_email, s.customer_phone," \
	"	s.delivery_method, s.frequency, s.original_amount," \
	"	s.discount_percent, s.order_items, s.order_description," \
	"	s.payment_url, s.language, s.remind_after_days," \
	"	s.total_cycles, s.anchor_day, s.cycle, s.due_at," \
	"	s.cycles_billed, s.cycles_paid, s.cycles_missed," \
	"	s.last_billed_at, s.last_paid_at, s.stopped_at, s.created_at," \
	"	m.name AS merchant_name, m.timezone, m.sms_phone," \
	"	m.email_from, m.email_from_name" \
	"  FROM recurring_schedules s" \
	"  JOIN gateway_merchants m ON m.id = s.merchant_id"
#define PAGE	" AND s.id < ? ORDER BY s.id DESC LIMIT ? OFFSET ?"

static const struct col id_row[] = { COL_INT(schedule_id, id), { 0 } };

enum { ADD, FIND, LOCK, SET, EACH, EACH_STATUS, COUNT, COUNT_STATUS, DUE,
	OPEN, Q__MAX };

const struct stmt schedule_stmts[] = {
	[ADD] = {
		"INSERT INTO recurring_schedules (merchant_id,"
		"	customer_name, customer_email, customer_phone,"
		"	delivery_method, frequency, original_amount,"
		"	discount_percent, order_items, order_description,"
		"	payment_url, language, remind_after_days,"
		"	total_cycles, anchor_day, due_at, created_at)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		NULL
	},
	[FIND] = { ROW " WHERE s.id = ?", row },
	[LOCK] = {
		"SELECT id FROM recurring_schedules WHERE id = ? FOR UPDATE",
		id_row
	},
	[SET] = {
		"UPDATE recurring_schedules"
		"   SET status = ?, frequency = ?, original_amount = ?,"
		"	discount_percent = ?, anchor_day = ?, cycle = ?,"
		"	due_at = ?, cycles_billed = ?, cycles_paid = ?,"
		"	cycles_missed = ?, last_billed_at = ?,"
		"	last_paid_at = ?, stopped_at = ?"
		" WHERE id = ?",
		NULL
	},
	[EACH] = { ROW " WHERE s.merchant_id = ?" PAGE, row },
	[EACH_STATUS] = {
		ROW " WHERE s.merchant_id = ? AND s.status = ?" PAGE, row
	},
	[COUNT] = {
		"SELECT COUNT(*) AS id FROM recurring_schedules"
		" WHERE merchant_id = ?",
		id_row
	},
	[COUNT_STATUS] = {
		"SELECT COUNT(*) AS id FROM recurring_schedules"
		" WHERE merchant_id = ? AND status = ?",
		id_row
	},
	[DUE] = {
		"SELECT id FROM recurring_schedules"
		" WHERE status = 0 AND due_at <= ?"
		" ORDER BY due_at LIMIT 100",
		id_row
	},
	[OPEN] = {
		"SELECT id FROM recurring_schedules"
		" WHERE merchant_id = ? AND status IN (0, 1)",
		id_row
	},
};
const size_t schedule_nstmts = NELEM(schedule_stmts);
_Static_assert(NELEM(schedule_stmts) == Q__MAX, "a statement has no text");

#define q schedule_stmts

const char *schedule_word(int64_t status) { return schedule_words[status]; }
const char *method_word(int64_t method) { return method_words[method]; }

bool
schedule_parse(const char *word, int64_t *status)
{
	for (int64_t i = 0; i < SCHEDULE__MAX; i++)
		if (strcmp(schedule_words[i], word) == 0) {
			*status = i;
			return true;
		}
	return false;
}

cents
schedule_amount(const struct schedule *s)
{
	return (s->original_amount * (10000 - s->discount_percent) + 5000) /
	    10000;
}

int64_t
schedule_day(const struct schedule *s)
{
	return cycle_day(s->anchor_day, s->frequency, s->cycle);
}

enum err
schedule_add(struct cx *cx, struct schedule *s)
{
	int64_t n;
	enum err e;

	e = db_run(cx, &q[ADD], &n, db_int(s->merchant_id),
	    db_text(s->customer_name),
	    db_text(s->customer_email), db_text(s->customer_phone),
	    db_int(s->delivery_method), db_int(s->frequency),
	    db_int(s->original_amount), db_int(s->discount_percent),
	    db_text(s->order_items), db_text(s->order_description),
	    db_text(s->payment_url), db_text(s->language),
	    db_text(s->remind_after_days), db_int(s->total_cycles),
	    db_int(s->anchor_day), db_int(s->due_at), db_int(cx->now));
	s->id = e == 0 ? db_id(cx) : 0;
	return e;
}

enum err
schedule_find(struct cx *cx, int64_t id, struct schedule *s)
{
	return db_one(cx, &q[FIND], s, db_int(id));
}

enum err
schedule_lock(struct cx *cx, int64_t id, struct schedule *s)
{
	struct schedule_id locked;
	enum err e;

	if ((e = db_one(cx, &q[LOCK], &locked, db_int(id))) != 0)
		return e;
	return schedule_find(cx, id, s);
}

enum err
schedule_set(struct cx *cx, const struct schedule *s)
{
	int64_t n;

	return db_run(cx, &q[SET], &n, db_int(s->status),
	    db_int(s->frequency), db_int(s->original_amount),
	    db_int(s->discount_percent), db_int(s->anchor_day),
	    db_int(s->cycle), db_int(s->due_at), db_int(s->cycles_billed),
	    db_int(s->cycles_paid), db_int(s->cycles_missed),
	    db_int(s->last_billed_at), db_int(s->last_paid_at),
	    db_int(s->stopped_at), db_int(s->id));
}

enum err
schedule_each(struct cx *cx, const struct schedule_choice *c,
    struct rows *rows)
{
	struct val who = db_int(cx->merchant), before = db_int(c->before);

	rows->size = sizeof(struct schedule);
	if (c->status == SCHEDULE__MAX)
		return db_many(cx, &q[EACH], rows, who, before,
		    db_int(c->limit), db_int(c->offset));
	return db_many(cx, &q[EACH_STATUS], rows, who, db_int(c->status),
	    before, db_int(c->limit), db_int(c->offset));
}

enum err
schedule_count(struct cx *cx, const struct schedule_choice *c, int64_t *n)
{
	struct schedule_id count = { 0 };
	enum err e;

	if (c->status == SCHEDULE__MAX)
		e = db_one(cx, &q[COUNT], &count, db_int(cx->merchant));
	else
		e = db_one(cx, &q[COUNT_STATUS], &count, db_int(cx->merchant),
		    db_int(c->status));
	*n = count.id;
	return e;
}

enum err
schedule_due(struct cx *cx, struct rows *rows)
{
	rows->size = sizeof(struct schedule_id);
	return db_many(cx, &q[DUE], rows, db_int(cx->now));
}

enum err
schedule_open(struct cx *cx, struct rows *rows)
{
	rows->size = sizeof(struct schedule_id);
	return db_many(cx, &q[OPEN], rows, db_int(cx->merchant));
}
