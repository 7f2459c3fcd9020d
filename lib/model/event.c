#include <string.h>

#include "base/facts.h"
#include "base/str.h"
#include "model/event.h"

const char *const tell_words[TELL__MAX + 2] = {
#define V(name, word, doc) [TELL_##name] = word,
	EVENTS(V)
#undef V
	[TELL__MAX] = TELL_PING,
};

static const struct col due_row[] = {
	COL_INT (delivery, event_id),
	COL_INT (delivery, merchant_id),
	COL_INT (delivery, attempts),
	COL_INT (delivery, created_at),
	COL_INT (delivery, attempts_before),
	COL_TEXT(delivery, url),
	COL_TEXT(delivery, webhook_id),
	COL_TEXT(delivery, body),
	COL_TEXT(delivery, webhook_secret),
	COL_TEXT(delivery, webhook_secret_old),
	COL_INT (delivery, endpoint_id),
	{ 0 }
};

static const struct col listed_row[] = {
	COL_INT (listed_event, id),
	COL_INT (listed_event, session_id),
	COL_INT (listed_event, created_at),
	COL_TEXT(listed_event, event_id),
	COL_TEXT(listed_event, type),
	COL_TEXT(listed_event, body),
	COL_TEXT(listed_event, reference_number),
	COL_INT (listed_event, status),
	COL_INT (listed_event, attempts),
	COL_INT (listed_event, due_at),
	COL_INT (listed_event, delivered_at),
	COL_TEXT(listed_event, url),
	{ 0 }
};

#define LISTED(body) \
	"SELECT e.id, e.session_id, e.created_at, e.event_id, e.type," \
	"	" body " AS body, s.reference_number," \
	"	COALESCE(d.status, 3) AS status, d.attempts, d.due_at," \
	"	d.delivered_at, d.url" \
	"  FROM gateway_events e" \
	"  LEFT JOIN gateway_deliveries d ON d.event_id = e.id" \
	"  LEFT JOIN gateway_sessions s ON s.id = e.session_id" \
	" WHERE e.merchant_id = ?"
#define GIVEN_UP \
	" AND e.id IN (SELECT event_id FROM gateway_deliveries u" \
	"	WHERE u.merchant_id = ? AND u.status = 2)"
#define FORWARD	" AND e.id > ? ORDER BY e.id LIMIT ?"
#define BACKWARD " AND e.id < ? ORDER BY e.id DESC LIMIT ?"
#define AGAIN \
	"UPDATE gateway_deliveries d" \
	"  JOIN gateway_events e ON e.id = d.event_id" \
	"   SET d.status = 0, d.due_at = ?, d.attempts_before = d.attempts," \
	"	d.delivered_at = 0" \
	" WHERE d.merchant_id = ?"

/* The lists: by what they are chosen, forward and backward. */
enum { ADD, COUNTED, SEND, PLACES, DUE, CLAIM, GIVE_UP, TRIED, ATTEMPT, FIND,
	ATTEMPTS, AGAIN_ONE, AGAIN_SESSION, AGAIN_SINCE, AGAIN_ENDPOINT, ALL,
	ALL_BACK, TYPE, TYPE_BACK, SESSION, SESSION_BACK, FAILED, FAILED_BACK,
	Q__MAX };

const struct stmt event_stmts[] = {
	[ADD] = {
		"INSERT INTO gateway_events (event_id, merchant_id, session_id,"
		"	type, body, created_at, wanted, facts)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, " FACTS_EVENT("") ")",
		NULL
	},
	[COUNTED] = {
		"UPDATE gateway_sessions SET events = events + 1 WHERE id = ?",
		NULL
	},
	[SEND] = {
		"INSERT INTO gateway_deliveries (event_id, session_id,"
		"	merchant_id, endpoint_id, url, due_at)"
		" VALUES (?, ?, ?, ?, ?, ?)",
		NULL
	},
	[PLACES] = {
		"SELECT d.endpoint_id, p.failures,"
		"	IF(p.off_at > ?, 0, p.off_at) AS off_at"
		"  FROM (SELECT endpoint_id, MIN(due_at) AS due_at,"
		"	MAX(due_at) AS last_at"
		"	FROM gateway_deliveries WHERE status = 0"
		"	GROUP BY status, endpoint_id) d"
		"  LEFT JOIN gateway_endpoints p ON p.id = d.endpoint_id"
		" WHERE (d.due_at < ? OR d.last_at > ?)"
		"   AND (COALESCE(p.paused_until, 0) NOT BETWEEN ? AND ?"
		"	OR p.off_at > 0)",
		(const struct col[]){
			COL_INT(place, endpoint_id), COL_INT(place, failures),
			COL_INT(place, off_at), { 0 }
		}
	},
	[DUE] = {
		"SELECT d.event_id, d.merchant_id, d.attempts, e.created_at,"
		"	d.attempts_before, d.url, e.event_id AS webhook_id,"
		"	e.body, m.webhook_secret, IF(m.webhook_secret_until"
		"	> ?, m.webhook_secret_old, NULL) AS webhook_secret_old,"
		"	d.endpoint_id"
		"  FROM gateway_deliveries d FORCE INDEX (endpoint)"
		"  JOIN gateway_events e ON e.id = d.event_id"
		"  JOIN gateway_merchants m ON m.id = d.merchant_id"
		" WHERE d.status = 0 AND d.endpoint_id = ?"
		"   AND d.due_at NOT BETWEEN ? AND ?"
		"   AND NOT EXISTS (SELECT 1 FROM gateway_deliveries b"
		"	WHERE b.session_id = d.session_id AND b.status = 0"
		"	  AND b.event_id < d.event_id)"
		" ORDER BY d.due_at LIMIT ?",
		due_row
	},
	[CLAIM] = {
		"UPDATE gateway_deliveries"
		"   SET due_at = ?, attempts = attempts + 1"
		" WHERE event_id = ? AND status = 0"
		"   AND due_at NOT BETWEEN ? AND ?",
		NULL
	},
	[GIVE_UP] = {
		"UPDATE gateway_deliveries SET status = 2"
		" WHERE status = 0 AND endpoint_id = ? LIMIT 1000",
		NULL
	},
	[TRIED] = {
		"UPDATE gateway_deliveries"
		"   SET status = ?, due_at = ?, delivered_at = ?"
		" WHERE event_id = ? AND status = 0 AND (? = 1 OR"
		"	(attempts = ? AND attempts_before = ?))",
		NULL
	},
	[ATTEMPT] = {
		"INSERT IGNORE INTO gateway_attempts (event_id, attempt,"
		"	created_at, ms, http_status, error, answer)"
		" VALUES (?, ?, ?, ?, ?, ?, ?)",
		NULL
	},
	[FIND] = { LISTED("e.body") " AND e.event_id = ?", listed_row },
	[ATTEMPTS] = {
		"SELECT attempt, created_at, ms, http_status, error, answer"
		"  FROM gateway_attempts WHERE event_id = ? ORDER BY attempt",
		(const struct col[]){
			COL_INT (booked_attempt, attempt),
			COL_INT (booked_attempt, created_at),
			COL_INT (booked_attempt, ms),
			COL_INT (booked_attempt, http_status),
			COL_TEXT(booked_attempt, error),
			COL_TEXT(booked_attempt, answer), { 0 }
		}
	},
	[AGAIN_ONE] = { AGAIN " AND d.event_id = ?", NULL },
	[AGAIN_SESSION] = {
		AGAIN " AND d.status = 2 AND d.session_id = ?", NULL
	},
	[AGAIN_SINCE] = {
		AGAIN " AND d.status = 2 AND e.created_at >= ?", NULL
	},
	[AGAIN_ENDPOINT] = {
		AGAIN " AND d.status = 2 AND d.endpoint_id = ?", NULL
	},
	[ALL] = { LISTED("NULL") FORWARD, listed_row },
	[ALL_BACK] = { LISTED("NULL") BACKWARD, listed_row },
	[TYPE] = { LISTED("NULL") " AND e.type = ?" FORWARD, listed_row },
	[TYPE_BACK] = {
		LISTED("NULL") " AND e.type = ?" BACKWARD, listed_row
	},
	[SESSION] = {
		LISTED("NULL") " AND e.session_id = ?" FORWARD, listed_row
	},
	[SESSION_BACK] = {
		LISTED("NULL") " AND e.session_id = ?" BACKWARD, listed_row
	},
	[FAILED] = { LISTED("NULL") GIVEN_UP FORWARD, listed_row },
	[FAILED_BACK] = { LISTED("NULL") GIVEN_UP BACKWARD, listed_row },
};
const size_t event_nstmts = NELEM(event_stmts);
_Static_assert(NELEM(event_stmts) == Q__MAX, "a statement has no text");

#define q event_stmts

const char *tell_word(enum tell t) { return tell_words[t]; }

const char *
delivery_word(enum delivery_status s)
{
	static const char *const delivery_words[] = { "pending", "delivered",
		"undelivered", "none" };

	return delivery_words[s];
}

bool
tell_parse(const char *word, enum tell *out)
{
	for (int t = 0; t < TELL__MAX; t++)
		if (strcmp(tell_words[t], word) == 0) {
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
	    db_text(ev->type), db_text(ev->body), db_int(cx->now),
	    db_int(ev->wanted));
	ev->id = e == 0 ? db_id(cx) : 0;
	return e != 0 || ev->session_id == 0 ? e :
	    db_run(cx, &q[COUNTED], &n, db_int(ev->session_id));
}

enum err
event_send(struct cx *cx, const struct event_row *ev, int64_t endpoint_id,
    const char *url)
{
	int64_t n;

	return db_run(cx, &q[SEND], &n, db_int(ev->id),
	    db_int(ev->session_id), db_int(ev->merchant_id),
	    db_int(endpoint_id), db_text(url), db_int(cx->now));
}

enum err
event_due(struct cx *cx, struct rows *rows)
{
	rows->size = sizeof(struct place);
	return db_many(cx, &q[PLACES], rows, DB_MOST(WAIT_OFF, cx->now),
	    DB_WAIT(WAIT_DELIVERY, cx->now), DB_WAIT(WAIT_PAUSE, cx->now));
}

/* What another process took between the two statements is left out. */
enum err
event_claim(struct cx *cx, int64_t endpoint_id, int64_t max, int64_t seconds,
    struct rows *rows)
{
	struct rows due = { .size = sizeof(struct delivery) };
	const struct delivery *from;
	struct delivery *to;
	int64_t n;
	enum err e;

	e = db_many(cx, &q[DUE], &due, db_int(cx->now), db_int(endpoint_id),
	    DB_WAIT(WAIT_DELIVERY, cx->now), db_int(max));
	if (e != 0)
		return e;
	from = due.row;
	to = arena_alloc(cx->arena, due.n * sizeof(*to) + 1);
	*rows = (struct rows){ to, 0, sizeof(*to) };
	for (size_t i = 0; i < due.n; i++) {
		e = db_run(cx, &q[CLAIM], &n, db_int(cx->now + seconds),
		    db_int(from[i].event_id),
		    DB_WAIT(WAIT_DELIVERY, cx->now));
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
event_give_up(struct cx *cx, int64_t endpoint_id)
{
	int64_t n;

	return db_run(cx, &q[GIVE_UP], &n, db_int(endpoint_id));
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
	    db_int(d->event_id), db_int(status), db_int(d->attempts),
	    db_int(d->attempts_before));
}

enum err
event_each(struct cx *cx, const struct event_choice *c, struct rows *rows)
{
	bool back = c->after < 0;
	int64_t place = back ? c->before : c->after;

	rows->size = sizeof(struct listed_event);
	if (c->session_id != 0)
		return db_many(cx, &q[SESSION + back], rows,
		    db_int(cx->merchant), db_int(c->session_id),
		    db_int(place), db_int(c->limit));
	if (c->undelivered)
		return db_many(cx, &q[FAILED + back], rows,
		    db_int(cx->merchant), db_int(cx->merchant),
		    db_int(place), db_int(c->limit));
	if (c->type[0] != '\0')
		return db_many(cx, &q[TYPE + back], rows,
		    db_int(cx->merchant), db_text(c->type), db_int(place),
		    db_int(c->limit));
	return db_many(cx, &q[ALL + back], rows, db_int(cx->merchant),
	    db_int(place), db_int(c->limit));
}

enum err
event_find(struct cx *cx, const char *event_id, struct listed_event *ev)
{
	return db_one(cx, &q[FIND], ev, db_int(cx->merchant),
	    db_text(event_id));
}

/* An answer may be any bytes. */
static const char *
readable(struct arena *a, const char *answer)
{
	char *text;

	if (answer == NULL)
		return NULL;
	text = arena_copy(a, answer, strlen(answer));
	str_mend(text);
	return text;
}

enum err
event_attempts(struct cx *cx, int64_t id, struct rows *rows)
{
	struct booked_attempt *a;
	enum err e;

	rows->size = sizeof(*a);
	if ((e = db_many(cx, &q[ATTEMPTS], rows, db_int(id))) != 0)
		return e;
	a = arena_alloc(cx->arena, (rows->n + 1) * sizeof(*a));
	for (size_t i = 0; i < rows->n; i++) {
		a[i] = ((const struct booked_attempt *)rows->row)[i];
		a[i].answer = readable(cx->arena, a[i].answer);
	}
	rows->row = a;
	return 0;
}

enum err
event_again(struct cx *cx, int64_t id, int64_t *n)
{
	return db_run(cx, &q[AGAIN_ONE], n, db_int(cx->now),
	    db_int(cx->merchant), db_int(id));
}

enum err
event_again_session(struct cx *cx, int64_t session_id, int64_t *n)
{
	return db_run(cx, &q[AGAIN_SESSION], n, db_int(cx->now),
	    db_int(cx->merchant), db_int(session_id));
}

enum err
event_again_since(struct cx *cx, int64_t since, int64_t *n)
{
	return db_run(cx, &q[AGAIN_SINCE], n, db_int(cx->now),
	    db_int(cx->merchant), db_int(since));
}

enum err
event_again_endpoint(struct cx *cx, int64_t endpoint_id, int64_t *n)
{
	return db_run(cx, &q[AGAIN_ENDPOINT], n, db_int(cx->now),
	    db_int(cx->merchant), db_int(endpoint_id));
}
