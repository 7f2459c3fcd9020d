#include "model/merchant.h"

static const struct col row[] = {
	COL_INT (merchant, id),
	COL_INT (merchant, environment),
	COL_INT (merchant, created_at),
	COL_TEXT(merchant, name),
	COL_TEXT(merchant, callback_url),
	COL_TEXT(merchant, events),
	COL_TEXT(merchant, webhook_secret),
	COL_TEXT(merchant, frame_origin),
	COL_TEXT(merchant, webhook_secret_old),
	COL_INT (merchant, webhook_secret_until),
	COL_INT (merchant, fee_percent),
	COL_INT (merchant, fee_fixed),
	COL_TEXT(merchant, timezone),
	COL_TEXT(merchant, sms_phone),
	COL_TEXT(merchant, email_from),
	COL_TEXT(merchant, email_from_name),
	COL_INT (merchant, auto_refund_max),
	COL_INT (merchant, auto_refund_daily),
	COL_INT (merchant, half_up),
	{ 0 }
};

#define ROW \
	"SELECT id, environment, created_at, name, callback_url, events," \
	"	webhook_secret, frame_origin, webhook_secret_old," \
	"	webhook_secret_until, fee_percent, fee_fixed, timezone," \
	"	sms_phone, email_from, email_from_name, auto_refund_max," \
	"	auto_refund_daily, half_up" \
	"  FROM gateway_merchants"

struct count {
	int64_t	n;
};

enum { ADD, FIND, TURN, EACH, COUNT, SET, SECRET, Q__MAX };

const struct stmt merchant_stmts[] = {
	[ADD] = {
		"INSERT INTO gateway_merchants (name, environment,"
		"	callback_url, events, webhook_secret, auto_refund_max,"
		"	auto_refund_daily, created_at)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		NULL
	},
	[FIND] = { ROW " WHERE id = ?", row },
	[TURN] = {
		"UPDATE gateway_merchants"
		"   SET auto_refund_turns = auto_refund_turns + 1"
		" WHERE id = ?",
		NULL
	},
	[EACH] = { ROW " ORDER BY id", row },
	[COUNT] = {
		"SELECT COUNT(*) AS n FROM gateway_merchants"
		" WHERE environment = ?",
		(const struct col[]){ COL_INT(count, n), { 0 } }
	},
	[SET] = {
		"UPDATE gateway_merchants"
		"   SET name = ?, environment = ?, callback_url = ?,"
		"	events = ?, frame_origin = ?, fee_percent = ?,"
		"	fee_fixed = ?, timezone = ?, sms_phone = ?,"
		"	email_from = ?, email_from_name = ?,"
		"	auto_refund_max = ?, auto_refund_daily = ?,"
		"	half_up = ?"
		" WHERE id = ?",
		NULL
	},
	[SECRET] = {
		"UPDATE gateway_merchants"
		"   SET webhook_secret_old = webhook_secret,"
		"	webhook_secret = ?, webhook_secret_until = ?"
		" WHERE id = ?",
		NULL
	},
};
const size_t merchant_nstmts = NELEM(merchant_stmts);
_Static_assert(NELEM(merchant_stmts) == Q__MAX, "a statement has no text");

#define q merchant_stmts

enum err
merchant_add(struct cx *cx, struct merchant *m)
{
	int64_t n;
	enum err e;

	e = db_run(cx, &q[ADD], &n, db_text(m->name), db_int(m->environment),
	    db_text(m->callback_url), db_text(m->events),
	    db_text(m->webhook_secret), db_int(AUTO_REFUND_MAX),
	    db_int(AUTO_REFUND_DAILY), db_int(cx->now));
	m->id = e == 0 ? db_id(cx) : 0;
	return e;
}

enum err
merchant_find(struct cx *cx, int64_t id, struct merchant *m)
{
	return db_one(cx, &q[FIND], m, db_int(id));
}

enum err
merchant_hold(struct cx *cx, int64_t id, struct merchant *m)
{
	int64_t n;
	enum err e = db_run(cx, &q[TURN], &n, db_int(id));

	return e != 0 ? e : merchant_find(cx, id, m);
}

enum err
merchant_each(struct cx *cx, struct rows *rows)
{
	rows->size = sizeof(struct merchant);
	return db_many_(cx, &q[EACH], rows, NULL, 0);
}

enum err
merchant_count(struct cx *cx, int64_t environment, int64_t *n)
{
	struct count c = { 0 };
	enum err e = db_one(cx, &q[COUNT], &c, db_int(environment));

	*n = c.n;
	return e;
}

enum err
merchant_set(struct cx *cx, const struct merchant *m)
{
	int64_t n;

	return db_run(cx, &q[SET], &n, db_text(m->name),
	    db_int(m->environment), db_text(m->callback_url),
	    db_text(m->events), db_text(m->frame_origin),
	    db_int(m->fee_percent), db_int(m->fee_fixed),
	    db_text(m->timezone), db_text(m->sms_phone),
	    db_text(m->email_from), db_text(m->email_from_name),
	    db_int(m->auto_refund_max), db_int(m->auto_refund_daily),
	    db_int(m->half_up), db_int(m->id));
}

enum err
merchant_secret(struct cx *cx, int64_t id, const char *sealed, int64_t until)
{
	int64_t n;

	return db_run(cx, &q[SECRET], &n, db_text(sealed), db_int(until),
	    db_int(id));
}
