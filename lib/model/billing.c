#include "model/billing.h"

static const char *const words[BILLING__MAX] = {
	[BILLING_OPEN]	 = "open",
	[BILLING_PAID]	 = "paid",
	[BILLING_MISSED] = "missed",
};

static const struct col row[] = {
	COL_INT (billing, id),
	COL_INT (billing, schedule_id),
	COL_INT (billing, session_id),
	COL_INT (billing, billing_day),
	COL_INT (billing, amount),
	COL_INT (billing, status),
	COL_INT (billing, reminders),
	COL_INT (billing, remind_at),
	COL_INT (billing, ends_at),
	COL_INT (billing, created_at),
	COL_INT (billing, paid_at),
	COL_TEXT(billing, reference_number),
	{ 0 }
};

#define ROW \
	"SELECT c.id, c.schedule_id, c.session_id, c.billing_day, c.amount," \
	"	c.status, c.reminders, c.remind_at, c.ends_at, c.created_at," \
	"	c.paid_at, s.reference_number" \
	"  FROM recurring_cycles c" \
	"  JOIN gateway_sessions s ON s.id = c.session_id"

enum { ADD, FIND, FIND_SESSION, SET, PAID_LAST, QUIET, EACH, ENDED, TO_REMIND,
	Q__MAX };

const struct stmt billing_stmts[] = {
	[ADD] = {
		"INSERT INTO recurring_cycles (schedule_id, session_id,"
		"	billing_day, amount, remind_at, ends_at, created_at)"
		" VALUES (?, ?, ?, ?, ?, ?, ?)",
		NULL
	},
	[FIND] = { ROW " WHERE c.id = ?", row },
	[FIND_SESSION] = { ROW " WHERE c.session_id = ?", row },
	[SET] = {
		"UPDATE recurring_cycles"
		"   SET status = ?, reminders = ?, remind_at = ?, paid_at = ?"
		" WHERE id = ?",
		NULL
	},
	[PAID_LAST] = {
		"SELECT COALESCE(MAX(paid_at), 0) AS paid_at"
		"  FROM recurring_cycles WHERE schedule_id = ?",
		(const struct col[]){ COL_INT(billing, paid_at), { 0 } }
	},
	[QUIET] = {
		"UPDATE recurring_cycles SET remind_at = 0"
		" WHERE schedule_id = ? AND status = 0",
		NULL
	},
	[EACH] = {
		ROW " WHERE c.schedule_id = ?"
		" ORDER BY c.billing_day DESC LIMIT 100",
		row
	},
	[ENDED] = {
		ROW " WHERE c.status = 0 AND c.ends_at <= ?"
		" ORDER BY c.ends_at LIMIT 100",
		row
	},
	[TO_REMIND] = {
		ROW " WHERE c.status = 0 AND c.remind_at BETWEEN 1 AND ?"
		" ORDER BY c.remind_at LIMIT 100",
		row
	},
};
const size_t billing_nstmts = NELEM(billing_stmts);
_Static_assert(NELEM(billing_stmts) == Q__MAX, "a statement has no text");

#define q billing_stmts

const char *billing_word(int64_t status) { return words[status]; }

enum err
billing_add(struct cx *cx, struct billing *b)
{
	int64_t n;
	enum err e;

	e = db_run(cx, &q[ADD], &n, db_int(b->schedule_id),
	    db_int(b->session_id), db_int(b->billing_day), db_int(b->amount),
	    db_int(b->remind_at), db_int(b->ends_at), db_int(cx->now));
	b->id = e == 0 ? db_id(cx) : 0;
	return e;
}

enum err
billing_find(struct cx *cx, int64_t id, struct billing *b)
{
	return db_one(cx, &q[FIND], b, db_int(id));
}

enum err
billing_find_session(struct cx *cx, int64_t session_id, struct billing *b)
{
	return db_one(cx, &q[FIND_SESSION], b, db_int(session_id));
}

enum err
billing_set(struct cx *cx, const struct billing *b)
{
	int64_t n;

	return db_run(cx, &q[SET], &n, db_int(b->status),
	    db_int(b->reminders), db_int(b->remind_at), db_int(b->paid_at),
	    db_int(b->id));
}

enum err
billing_paid_last(struct cx *cx, int64_t schedule_id, int64_t *at)
{
	struct billing b = { 0 };
	enum err e = db_one(cx, &q[PAID_LAST], &b, db_int(schedule_id));

	*at = b.paid_at;
	return e;
}

enum err
billing_quiet(struct cx *cx, int64_t schedule_id)
{
	int64_t n;

	return db_run(cx, &q[QUIET], &n, db_int(schedule_id));
}

enum err
billing_each(struct cx *cx, int64_t schedule_id, struct rows *rows)
{
	rows->size = sizeof(struct billing);
	return db_many(cx, &q[EACH], rows, db_int(schedule_id));
}

enum err
billing_ended(struct cx *cx, struct rows *rows)
{
	rows->size = sizeof(struct billing);
	return db_many(cx, &q[ENDED], rows, db_int(cx->now));
}

enum err
billing_to_remind(struct cx *cx, struct rows *rows)
{
	rows->size = sizeof(struct billing);
	return db_many(cx, &q[TO_REMIND], rows, db_int(cx->now));
}
