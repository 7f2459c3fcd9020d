#include "base/str.h"
#include "model/endpoint.h"

static const struct col row[] = {
	COL_INT (endpoint, id),
	COL_INT (endpoint, failures),
	COL_INT (endpoint, failing_since),
	COL_INT (endpoint, paused_until),
	COL_INT (endpoint, off_at),
	COL_TEXT(endpoint, origin),
	COL_TEXT(endpoint, reason),
	COL_INT (endpoint, undelivered),
	{ 0 }
};

#define ROW(undelivered) \
	"SELECT p.id, p.failures, p.failing_since, p.paused_until, p.off_at," \
	"	p.origin, p.reason, " undelivered " AS undelivered" \
	"  FROM gateway_endpoints p"

enum { ADD, FIND, EACH, GOOD, BAD, ENABLE, Q__MAX };

/* BAD: from the fifth second of failures on a pause of 5, 10 ... 600 s. */
const struct stmt endpoint_stmts[] = {
	[ADD] = {
		"INSERT INTO gateway_endpoints (merchant_id, origin,"
		"	created_at)"
		" VALUES (?, ?, ?)",
		NULL
	},
	[FIND] = { ROW("0") " WHERE p.merchant_id = ? AND p.origin = ?", row },
	[EACH] = {
		ROW("(SELECT COUNT(*) FROM gateway_deliveries d"
		"	WHERE d.status = 2 AND d.endpoint_id = p.id)")
		" WHERE p.merchant_id = ? ORDER BY p.id",
		row
	},
	[GOOD] = {
		"UPDATE gateway_endpoints"
		"   SET failures = 0, failing_since = 0, paused_until = 0,"
		"	reason = '', off_at = 0"
		" WHERE id = ? AND off_at NOT BETWEEN 1 AND ?",
		NULL
	},
	[BAD] = {
		"UPDATE gateway_endpoints"
		"   SET failures = failures +"
		"	    (failed_at NOT BETWEEN ? AND ?),"
		"	failing_since = IF(failing_since BETWEEN 1 AND ?,"
		"	    failing_since, ?),"
		"	failed_at = ?, reason = ?,"
		"	paused_until = GREATEST(?,"
		"	    IF(paused_until > ?, 0, paused_until),"
		"	    IF(failures < 5, 0, ? + LEAST(600,"
		"	    5 << LEAST(failures - 5, 7)))),"
		"	off_at = IF(off_at BETWEEN 1 AND ?, off_at,"
		"	    IF(failures >= 5 AND failing_since <= ?, ?, 0))"
		" WHERE id = ?",
		NULL
	},
	[ENABLE] = {
		"UPDATE gateway_endpoints"
		"   SET failures = 0, failing_since = 0, paused_until = 0,"
		"	reason = '', off_at = 0"
		" WHERE id = ?",
		NULL
	},
};
const size_t endpoint_nstmts = NELEM(endpoint_stmts);
_Static_assert(NELEM(endpoint_stmts) == Q__MAX, "a statement has no text");

#define q endpoint_stmts

static enum err
find(struct cx *cx, int64_t merchant, const char *origin, struct endpoint *p)
{
	return db_one(cx, &q[FIND], p, db_int(merchant), db_text(origin));
}

/* Two may find it missing at once; the second finds the first's. */
enum err
endpoint_of(struct cx *cx, int64_t merchant, const char *url, int64_t *id)
{
	const char *origin = str_origin_of(cx->arena, url);
	struct endpoint p = { 0 };
	int64_t n;
	enum err e = find(cx, merchant, origin, &p);

	if (e == ERR_NOT_FOUND) {
		fail_clear(cx);
		e = db_run(cx, &q[ADD], &n, db_int(merchant),
		    db_text(origin), db_int(cx->now));
		p.id = e == 0 ? db_id(cx) : 0;
	}
	if (e == ERR_DUPLICATE) {
		fail_clear(cx);
		e = find(cx, merchant, origin, &p);
	}
	*id = p.id;
	return e;
}

enum err
endpoint_find(struct cx *cx, const char *url, struct endpoint *p)
{
	return find(cx, cx->merchant, str_origin_of(cx->arena, url), p);
}

enum err
endpoint_each(struct cx *cx, struct rows *rows)
{
	rows->size = sizeof(struct endpoint);
	return db_many(cx, &q[EACH], rows, db_int(cx->merchant));
}

enum err
endpoint_good(struct cx *cx, int64_t id)
{
	int64_t n;

	return db_run(cx, &q[GOOD], &n, db_int(id),
	    DB_MOST(WAIT_OFF, cx->now));
}

enum err
endpoint_bad(struct cx *cx, int64_t id, const char *reason, int64_t pause,
    int64_t off_seconds)
{
	int64_t n, now = cx->now;

	return db_run(cx, &q[BAD], &n, DB_SINCE(WAIT_FAILED, now, 1),
	    DB_MOST(WAIT_FAILING, now), db_int(now), db_int(now),
	    db_text(reason), db_int(wait_until(WAIT_PAUSE, pause, now)),
	    DB_MOST(WAIT_PAUSE, now), db_int(now), DB_MOST(WAIT_OFF, now),
	    db_int(now - off_seconds), db_int(now), db_int(id));
}

enum err
endpoint_enable(struct cx *cx, int64_t id)
{
	int64_t n;

	return db_run(cx, &q[ENABLE], &n, db_int(id));
}
