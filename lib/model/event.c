#include <string.h>

#include "model/event.h"

static const char *const words[TELL__MAX] = {
#define V(name, word, doc) [TELL_##name] = word,
	EVENTS(V)
#undef V
};

static const struct col due_row[] = {
	COL_INT (delivery, event_id),
	COL_INT (delivery, merchant_id),
	COL_INT (delivery, attempts),
	COL_INT (delivery, created_at),
	COL_TEXT(delivery, url),
	COL_TEXT(delivery, webhook_id),
	COL_TEXT(delivery, body),
	COL_TEXT(delivery, webhook_secret),
	{ 0 }
};

enum { ADD, SEND, DUE, CLAIM, TRIED, ATTEMPT, Q__MAX };

const struct stmt event_stmts[] = {
	[ADD] = {
		"INSERT INTO gateway_events (event_id, merchant_id, session_id,"
		"	type, body, created_at)"
		" VALUES (?, ?, ?, ?, ?, ?)",
		NULL
	},
	[SEND] = {
		"INSERT INTO gateway_deliveries (event_id, session_id,"
		"	merchant_id, url, due_at)"
		" VALUES (?, ?, ?, ?, ?)",
		NULL
	},
	[DUE] = {
		"SELECT d.event_id, d.merchant_id, d.attempts, e.created_at,"
		"	d.url, e.event_id AS webhook_id, e.body,"
		"	m.webhook_secret"
		"  FROM gateway_deliveries d FORCE INDEX (due)"
		"  JOIN gateway_events e ON e.id = d.event_id"
		"  JOIN gateway_merchants m ON m.id = d.merchant_id"
		" WHERE d.status = 0 AND d.due_at <= ?"
		"   AND NOT EXISTS (SELECT 1 FROM gateway_deliveries b"
		"	WHERE b.session_id = d.session_id AND b.status = 0"
		"	  AND b.event_id < d.event_id)"
		" ORDER BY d.due_at LIMIT ?",
		due_row
	},
	[CLAIM] = {
		"UPDATE gateway_deliveries"
		"   SET due_at = ?, attempts = attempts + 1"
		" WHERE event_id = ? AND status = 0 AND due_at <= ?",
		NULL
	},
	[TRIED] = {
		"UPDATE gateway_deliveries"
		"   SET status = ?, due_at = ?, delivered_at = ?"
		" WHERE event_id = ? AND status = 0",
		NULL
	},
	[ATTEMPT] = {
		"INSERT IGNORE INTO gateway_attempts (event_id, attempt,"
		"	created_at, ms, http_status, error, answer)"
		" VALUES (?, ?, ?, ?, ?, ?, ?)",
		NULL
	},
};
const size_t event_nstmts = NELEM(event_stmts);
_Static_assert(NELEM(event_stmts) == Q__MAX, "a statement has no text");

#define q event_stmts

const char *tell_word(enum tell t) { return words[t]; }

bool
tell_parse(const char *word, enum tell *out)
{
	for (int t = 0; t < TELL__MAX; t++)
		if (strcmp(words[t], word) == 0) {
			*out = (enum tell)t;
			return true;
		}
	return false;
}

enum err
event_add(struct cx *cx, struct event_row *ev)
{
	int64_t n;
	enum err e;

	e = db_run(cx, &q[ADD], &n, db_text(ev->event_id),
	    db_int(ev->merchant_id), db_int(ev->session_id),
	    db_text(ev->type), db_text(ev->body), db_int(cx->now));
	ev->id = e == 0 ? db_id(cx) : 0;
	return e;
}

enum err
event_send(struct cx *cx, const struct event_row *ev, const char *url)
{
	int64_t n;

	return db_run(cx, &q[SEND], &n, db_int(ev->id),
	    db_int(ev->session_id), db_int(ev->merchant_id), db_text(url),
	    db_int(cx->now));
}

/* What another process took between the two statements is left out. */
enum err
event_claim(struct cx *cx, int64_t max, int64_t seconds, struct rows *rows)
{
	struct rows due = { .size = sizeof(struct delivery) };
	const struct delivery *from;
	struct delivery *to;
	int64_t n;
	enum err e;

	e = db_many(cx, &q[DUE], &due, db_int(cx->now), db_int(max));
	if (e != 0)
		return e;
	from = due.row;
	to = arena_alloc(cx->arena, due.n * sizeof(*to) + 1);
	*rows = (struct rows){ to, 0, sizeof(*to) };
	for (size_t i = 0; i < due.n; i++) {
		e = db_run(cx, &q[CLAIM], &n, db_int(cx->now + seconds),
		    db_int(from[i].event_id), db_int(cx->now));
		if (e != 0)
			return e;
		if (n == 1) {
			to[rows->n] = from[i];
			to[rows->n++].attempts++;
		}
	}
	return 0;
}

enum err
event_tried(struct cx *cx, const struct delivery *d, const struct attempt *a,
    enum delivery_status status, int64_t due_at)
{
	int64_t n;
	enum err e;

	e = db_run(cx, &q[ATTEMPT], &n, db_int(d->event_id),
	    db_int(d->attempts), db_int(cx->now), db_int(a->ms),
	    db_int(a->http_status), db_text(a->error),
	    db_bytes(a->answer, a->answer_len));
	if (e != 0)
		return e;
	return db_run(cx, &q[TRIED], &n, db_int(status), db_int(due_at),
	    db_int(status == DELIVERY_DONE ? cx->now : 0),
	    db_int(d->event_id));
}
