#include <string.h>

#include "model/transaction.h"

static const struct col row[] = {
	COL_INT (transaction, id),
	COL_INT (transaction, environment),
	COL_INT (transaction, late),
	COL_INT (transaction, stored),
	COL_INT (transaction, created_at),
	COL_INT (transaction, invoiced_at),
	COL_INT (transaction, at),
	COL_INT (transaction, expires_at),
	COL_INT (transaction, confirmed_at),
	COL_INT (transaction, amount),
	COL_INT (transaction, total_paid),
	COL_TEXT(transaction, reference_number),
	COL_TEXT(transaction, invoice_number),
	COL_TEXT(transaction, merchant_order_id),
	COL_TEXT(transaction, currency),
	COL_INT (transaction, undelivered),
	{ 0 }
};

static const struct col total_row[] = { COL_INT(transaction, total), { 0 } };

struct counted {
	int64_t		counted_until, n;
};

static const struct col counted_row[] = {
	COL_INT(counted, counted_until), COL_INT(counted, n), { 0 }
};

#define ROW \
	"SELECT id, environment, late, status AS stored, created_at," \
	"	invoiced_at, COALESCE(invoiced_at, created_at) AS at," \
	"	expires_at, confirmed_at, amount, total_paid," \
	"	reference_number, invoice_number, merchant_order_id," \
	"	currency," \
	"	EXISTS (SELECT 1 FROM gateway_deliveries d" \
	"	    WHERE d.session_id = gateway_sessions.id" \
	"	      AND d.status = 2) AS undelivered" \
	"  FROM gateway_sessions"
#define COUNT	"SELECT COUNT(*) AS total FROM gateway_sessions"
#define RANGE	" AND invoiced_at BETWEEN ? AND ?"
#define PLACE	" AND (invoiced_at < ? OR id < ?)"
#define NEWEST	" ORDER BY invoiced_at DESC, id DESC"

/* One stored status with the time of its expiry stands for a part of what
 * the status is now; each part is read from its index. */
#define PART \
	" WHERE merchant_id = ? AND status = ? AND expires_at BETWEEN ? AND ?"

/* A session without an invoice has its place by when it was opened. */
#define BARE \
	PART " AND created_at BETWEEN ? AND ? AND (created_at < ? OR id < ?)" \
	" ORDER BY created_at DESC, id DESC"
#define COUNT_BARE	COUNT PART " AND created_at BETWEEN ? AND ?"

/* Each kind of hit is read from its index, the latest sessions of one word
 * first. */
#define HITS(column, table, where) \
	"(SELECT " column " AS id FROM " table \
	" WHERE merchant_id = ? AND " where " LIKE ?" \
	" ORDER BY " where " DESC," column " DESC LIMIT 200)"

enum { ALL, SEARCH, STATUS, ORDER, COUNT_ALL, COUNT_STATUS, COUNT_ORDER,
	COUNTED, NEW, ADVANCE, Q__MAX };

const struct stmt transaction_stmts[] = {
	[ALL] = {
		ROW " WHERE merchant_id = ?" RANGE PLACE NEWEST
		" LIMIT ? OFFSET ?",
		row
	},
	[SEARCH] = {
		ROW " WHERE merchant_id = ? AND reference_number IS NOT NULL"
		"   AND id IN (SELECT id FROM ("
		"(SELECT id FROM gateway_sessions WHERE reference_key = ?)"
		" UNION "
		HITS("id", "gateway_sessions", "merchant_order_id") " UNION "
		HITS("id", "gateway_sessions", "customer_email") " UNION "
		HITS("session_id", "gateway_payers", "word")
		") hits)" NEWEST " LIMIT ?",
		row
	},
	[STATUS] = {
		"(" ROW PART RANGE PLACE NEWEST " LIMIT ?) UNION ALL "
		"(" ROW PART RANGE PLACE NEWEST " LIMIT ?) UNION ALL "
		"(" ROW PART RANGE PLACE NEWEST " LIMIT ?) UNION ALL "
		"(" ROW BARE " LIMIT ?)"
		" ORDER BY at DESC, id DESC LIMIT ? OFFSET ?",
		row
	},
	[ORDER] = {
		ROW " WHERE merchant_id = ? AND merchant_order_id = ?"
		RANGE PLACE NEWEST " LIMIT ? OFFSET ?",
		row
	},
	[COUNT_ALL] = {
		COUNT " WHERE merchant_id = ?" RANGE, total_row
	},
	[COUNT_STATUS] = {
		"SELECT (" COUNT PART RANGE ") + (" COUNT PART RANGE
		") + (" COUNT PART RANGE ") + (" COUNT_BARE ") AS total",
		total_row
	},
	[COUNT_ORDER] = {
		COUNT " WHERE merchant_id = ? AND merchant_order_id = ?" RANGE,
		total_row
	},
	[COUNTED] = {
		"SELECT counted_until, n FROM gateway_totals"
		" WHERE merchant_id = ?",
		counted_row
	},
	[NEW] = {
		"INSERT IGNORE INTO gateway_totals (merchant_id,"
		"	counted_until, n)"
		" VALUES (?, 0, 0)",
		NULL
	},
	[ADVANCE] = {
		"UPDATE gateway_totals SET counted_until = ?, n = ?"
		" WHERE merchant_id = ? AND counted_until = ?",
		NULL
	},
};
const size_t transaction_nstmts = NELEM(transaction_stmts);
_Static_assert(NELEM(transaction_stmts) == Q__MAX, "a statement has no text");

#define q transaction_stmts

#define NEVER	INT64_C(-1)
#define EVER	INT64_MAX
#define SETTLED	15		/* seconds: no older invoice can still appear */
#define TAIL	2000		/* invoices counted anew each time, at most */

/* A stored status and the expiry it must have, both inclusive. */
struct part {
	int64_t		status, from, until;
};

/* What is now a status is stored as up to three; the last part is of sessions
 * without an invoice. */
static void
parts_of(enum status s, int64_t now, struct part out[static 4])
{
	for (int i = 0; i < 4; i++)
		out[i] = (struct part){ NEVER, 0, 0 };
	out[0] = (struct part){ s, 0, EVER };
	if (s == STATUS_PENDING || s == STATUS_INVOICED)
		out[0] = (struct part){ STATUS_INVOICED, now + 1, EVER };
	if (s == STATUS_PENDING)
		out[3] = (struct part){ STATUS_PENDING, now + 1, EVER };
	if (s == STATUS_FAILED)
		out[0].from = now + 1;
	else if (s == STATUS_EXPIRED) {
		out[1] = (struct part){ STATUS_INVOICED, 0, now };
		out[2] = (struct part){ STATUS_FAILED, 0, now };
	}
}

#define PART_VALS(i) \
	db_int(cx->merchant), db_int(p[i].status), db_int(p[i].from), \
	db_int(p[i].until), db_int(c->from), db_int(c->until)
#define PLACE_VALS \
	db_int(c->before_at), db_int(c->before_id)

/* The place bounds the range too: what is before it is never read. */
static enum err
each(struct cx *cx, const struct choice *c, struct rows *rows)
{
	struct val deep = db_int(c->limit + c->offset);
	struct val from = db_int(c->from), until = db_int(c->until);
	struct part p[4];

	rows->size = sizeof(struct transaction);
	if (c->order_id != NULL)
		return db_many(cx, &q[ORDER], rows, db_int(cx->merchant),
		    db_text(c->order_id), from, until, PLACE_VALS,
		    db_int(c->limit), db_int(c->offset));
	if (!c->by_status)
		return db_many(cx, &q[ALL], rows, db_int(cx->merchant), from,
		    until, PLACE_VALS, db_int(c->limit), db_int(c->offset));
	parts_of(c->status, cx->now, p);
	return db_many(cx, &q[STATUS], rows,
	    PART_VALS(0), PLACE_VALS, deep, PART_VALS(1), PLACE_VALS, deep,
	    PART_VALS(2), PLACE_VALS, deep, PART_VALS(3), PLACE_VALS, deep,
	    db_int(c->limit), db_int(c->offset));
}

enum err
transaction_each(struct cx *cx, const struct choice *c, struct rows *rows)
{
	struct choice narrow = *c;

	if (narrow.until > c->before_at)
		narrow.until = c->before_at;
	return each(cx, &narrow, rows);
}

/* The beginning of something, as LIKE wants it. */
static const char *
beginning(struct cx *cx, const char *text)
{
	struct out o = { .arena = cx->arena };

	for (; *text != '\0'; text++) {
		if (strchr("%_\\", *text) != NULL)
			out_text(&o, "\\");
		out_bytes(&o, text, 1);
	}
	out_text(&o, "%");
	return o.text;
}

enum err
transaction_search(struct cx *cx, const char *text, const char *key,
    int64_t limit, struct rows *rows)
{
	struct val who = db_int(cx->merchant);
	struct val like = db_text(beginning(cx, text));

	rows->size = sizeof(struct transaction);
	return db_many(cx, &q[SEARCH], rows, who, db_text(key), who, like,
	    who, like, who, like, db_int(limit));
}

/* What was counted by a clock that was ahead, is counted anew: of what came
 * since, it knows nothing. */
static bool
counted_ahead(struct cx *cx, const struct counted *was)
{
	return wait_done(WAIT_COUNTED, was->counted_until, cx->now) !=
	    was->counted_until;
}

/* When much has come since, the count so far is stored for the next time;
 * of two that do it at once, one does. */
static enum err
advance(struct cx *cx, const struct counted *was)
{
	struct transaction t = { 0 };
	struct counted from = counted_ahead(cx, was) ?
	    (struct counted){ 0 } : *was;
	int64_t until = cx->now - SETTLED, n;
	enum err e;

	e = db_one(cx, &q[COUNT_ALL], &t, db_int(cx->merchant),
	    db_int(from.counted_until), db_int(until - 1));
	if (e == 0)
		e = db_run(cx, &q[NEW], &n, db_int(cx->merchant));
	if (e == 0)
		e = db_run(cx, &q[ADVANCE], &n, db_int(until),
		    db_int(from.n + t.total), db_int(cx->merchant),
		    db_int(was->counted_until));
	return e;
}

static enum err
count_all(struct cx *cx, int64_t *total)
{
	struct counted was = { 0 }, from;
	struct transaction t = { 0 };
	bool ahead;
	enum err e;

	e = db_one(cx, &q[COUNTED], &was, db_int(cx->merchant));
	if (e == ERR_NOT_FOUND)
		fail_clear(cx);
	else if (e != 0)
		return e;
	ahead = counted_ahead(cx, &was);
	from = ahead ? (struct counted){ 0 } : was;
	e = db_one(cx, &q[COUNT_ALL], &t, db_int(cx->merchant),
	    db_int(from.counted_until), db_int(EVER));
	*total = from.n + t.total;
	return e == 0 && (ahead || (t.total > TAIL &&
	    from.counted_until + 2 * SETTLED < cx->now)) ?
	    advance(cx, &was) : e;
}

enum err
transaction_count(struct cx *cx, const struct choice *c, int64_t *total)
{
	struct transaction t = { 0 };
	struct val from = db_int(c->from), until = db_int(c->until);
	struct part p[4];
	enum err e;

	if (c->order_id != NULL)
		e = db_one(cx, &q[COUNT_ORDER], &t, db_int(cx->merchant),
		    db_text(c->order_id), from, until);
	else if (c->by_status) {
		parts_of(c->status, cx->now, p);
		e = db_one(cx, &q[COUNT_STATUS], &t, PART_VALS(0),
		    PART_VALS(1), PART_VALS(2), PART_VALS(3));
	} else if (c->from > 0 || c->until < EVER)
		e = db_one(cx, &q[COUNT_ALL], &t, db_int(cx->merchant), from,
		    until);
	else
		return count_all(cx, total);
	*total = t.total;
	return e;
}
