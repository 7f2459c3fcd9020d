#include <string.h>

#include "base/facts.h"
#include "base/str.h"
#include "io/seal.h"
#include "model/session.h"

#define ROW_COLS \
	COL_INT  (session, id), \
	COL_INT  (session, merchant_id), \
	COL_INT  (session, environment), \
	COL_INT  (session, schedule_id), \
	COL_INT  (session, account_id), \
	COL_INT  (session, status), \
	COL_BYTES(session, token_id), \
	COL_BYTES(session, token_check), \
	COL_INT  (session, amount), \
	COL_INT  (session, total_paid), \
	COL_INT  (session, total_returned), \
	COL_INT  (session, payment_count), \
	COL_INT  (session, late), \
	COL_INT  (session, state_version), \
	COL_INT  (session, poll_count), \
	COL_INT  (session, polled_at), \
	COL_INT  (session, created_at), \
	COL_INT  (session, expires_at), \
	COL_INT  (session, invoiced_at), \
	COL_INT  (session, confirmed_at), \
	COL_TEXT (session, currency), \
	COL_TEXT (session, reference_number), \
	COL_TEXT (session, invoice_number), \
	COL_TEXT (session, merchant_order_id), \
	COL_TEXT (session, customer_email), \
	COL_TEXT (session, customer_name), \
	COL_TEXT (session, callback_url), \
	COL_TEXT (session, merchant_name), \
	COL_TEXT (session, default_url), \
	COL_TEXT (session, events), \
	COL_INT  (session, fee_percent), \
	COL_INT  (session, fee_fixed), \
	COL_TEXT (session, iban), \
	COL_TEXT (session, beneficiary_name), \
	COL_TEXT (session, account_name), \
	COL_TEXT (session, bank_name), \
	COL_INT  (session, checked_at), \
	COL_INT  (session, wanted_until)
static const struct col row[] = { ROW_COLS, { 0 } };
static const struct col whole_row[] = {
	ROW_COLS,
	COL_INT (session, undelivered),
	COL_TEXT(session, items),
	COL_TEXT(session, return_url),
	{ 0 }
};

/* A session, with its merchant and an account. */
#define ROW_(more, account) \
	"SELECT s.id, s.merchant_id, s.environment, s.schedule_id," \
	"	a.id AS account_id, s.status, s.token_id, s.token_check," \
	"	s.amount, s.total_paid, s.total_returned, s.payment_count," \
	"	s.late, s.state_version, s.poll_count, s.polled_at," \
	"	s.created_at, s.expires_at, s.invoiced_at, s.confirmed_at," \
	"	s.currency, s.reference_number," \
	"	s.invoice_number, s.merchant_order_id, s.customer_email," \
	"	s.customer_name, s.callback_url, m.name AS merchant_name," \
	"	m.callback_url AS default_url, m.events, m.fee_percent," \
	"	m.fee_fixed, a.iban," \
	"	a.beneficiary_name, a.account_name, a.bank_name," \
	"	a.checked_at, a.wanted_until" more \
	"  FROM gateway_sessions s" \
	"  JOIN gateway_merchants m ON m.id = s.merchant_id" \
	"  LEFT JOIN bank_accounts a ON " account
#define ROW	ROW_("", "a.id = s.account_id")
#define UNDELIVERED \
	", EXISTS (SELECT 1 FROM gateway_deliveries d" \
	"	WHERE d.session_id = s.id AND d.status = 2) AS undelivered"
#define WHOLE \
	ROW_(UNDELIVERED ", s.items, s.return_url", "a.id = s.account_id")
#define PAYABLE	ROW_("", "a.id = s.account_id OR (s.account_id IS NULL" \
	" AND a.environment = s.environment AND a.current = 1)")

static const struct col watch_row[] = {
	COL_INT  (watch, id),
	COL_INT  (watch, account_id),
	COL_INT  (watch, environment),
	COL_INT  (watch, status),
	COL_BYTES(watch, token_check),
	COL_INT  (watch, amount),
	COL_INT  (watch, total_paid),
	COL_INT  (watch, payment_count),
	COL_INT  (watch, late),
	COL_INT  (watch, poll_count),
	COL_INT  (watch, polled_at),
	COL_INT  (watch, expires_at),
	COL_INT  (watch, confirmed_at),
	COL_INT  (watch, checked_at),
	COL_INT  (watch, next_read_at),
	COL_INT  (watch, leased),
	COL_INT  (watch, wanted_until),
	{ 0 }
};

enum {
	ADD, FIND, WATCH, FIND_PAYABLE, FIND_KEY, OPEN_FOR, DUE, LOCK, READ,
	INVOICE, MOVE, POLL, CREDIT, RETURN, TOUCH, Q__MAX
};

const struct stmt session_stmts[] = {
	[ADD] = {
		"INSERT INTO gateway_sessions (merchant_id, environment,"
		"	schedule_id,"
		"	token_id, token_check, amount, created_at, expires_at,"
		"	merchant_order_id, customer_email, customer_name,"
		"	callback_url, items, return_url, facts)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
		"	" FACTS_SESSION("") ")",
		NULL
	},
	[FIND] = { WHOLE " WHERE s.token_id = ?", whole_row },
	[WATCH] = {
		"SELECT s.id, s.account_id, s.environment, s.status,"
		"	s.token_check, s.amount, s.total_paid,"
		"	s.payment_count, s.late, s.poll_count, s.polled_at,"
		"	s.expires_at, s.confirmed_at, a.checked_at,"
		"	a.next_read_at,"
		"	a.lease_until - UNIX_TIMESTAMP() AS leased,"
		"	a.wanted_until"
		"  FROM gateway_sessions s"
		"  LEFT JOIN bank_accounts a ON a.id = s.account_id"
		" WHERE s.token_id = ?",
		watch_row
	},
	[FIND_PAYABLE] = { PAYABLE " WHERE s.token_id = ?", row },
	[FIND_KEY] = { WHOLE " WHERE s.reference_key = ?", whole_row },
	[OPEN_FOR] = {
		"SELECT id, reference_key FROM gateway_sessions"
		" WHERE account_id = ? AND amount = ? AND status IN (1, 2)"
		"   AND total_paid = 0"
		" UNION ALL "
		"SELECT id, reference_key FROM gateway_sessions"
		" WHERE account_id = ? AND amount - total_paid = ?"
		"   AND status IN (2, 3) AND total_paid > 0"
		" ORDER BY id DESC LIMIT 500",
		(const struct col[]){
			COL_INT (open_session, id),
			COL_TEXT(open_session, reference_key), { 0 }
		}
	},
	[DUE] = {
		"SELECT id, reference_key FROM gateway_sessions"
		" WHERE status = ? AND expires_at <= ?"
		"   AND polled_at NOT BETWEEN ? AND ?"
		" ORDER BY expires_at LIMIT 200",
		(const struct col[]){
			COL_INT (open_session, id),
			COL_TEXT(open_session, reference_key), { 0 }
		}
	},
	[LOCK] = {
		"SELECT id FROM gateway_sessions WHERE id = ? FOR UPDATE",
		(const struct col[]){ COL_INT(session, id), { 0 } }
	},
	[READ] = { ROW " WHERE s.id = ?", row },
	[INVOICE] = {
		"UPDATE gateway_sessions"
		"   SET status = ?, account_id = ?, reference_number = ?,"
		"	reference_key = ?, invoice_number = ?, invoiced_at = ?,"
		"	state_version = state_version + 1"
		" WHERE id = ? AND status = ?",
		NULL
	},
	[MOVE] = {
		"UPDATE gateway_sessions"
		"   SET status = ?, poll_count = ?, polled_at = ?,"
		"	state_version = state_version + 1"
		" WHERE id = ? AND status = ?",
		NULL
	},
	[POLL] = {
		"UPDATE gateway_sessions"
		"   SET poll_count = poll_count + 1, polled_at = ?"
		" WHERE id = ? AND status = ?",
		NULL
	},
	[CREDIT] = {
		"UPDATE gateway_sessions"
		"   SET status = ?, total_paid = ?, payment_count = ?,"
		"	late = ?, confirmed_at = ?,"
		"	state_version = state_version + 1"
		" WHERE id = ?",
		NULL
	},
	[RETURN] = {
		"UPDATE gateway_sessions"
		"   SET total_returned = total_returned + ?,"
		"	state_version = state_version + 1"
		" WHERE id = ?",
		NULL
	},
	[TOUCH] = {
		"UPDATE gateway_sessions"
		"   SET state_version = state_version + 1"
		" WHERE id = ?",
		NULL
	},
};
const size_t session_nstmts = NELEM(session_stmts);
_Static_assert(NELEM(session_stmts) == Q__MAX, "a statement has no text");

#define q session_stmts

enum status
session_status(int64_t status, int64_t expires_at, int64_t now)
{
	enum status s = (enum status)status;

	if (s != STATUS_POLLING && expires_at <= now &&
	    status_next(&s, EVENT_EXPIRE))
		return STATUS_EXPIRED;
	return s;
}

enum err
session_add(struct cx *cx, struct session *s)
{
	int64_t n;
	enum err e;

	e = db_run(cx, &q[ADD], &n, db_int(s->merchant_id),
	    db_int(s->environment), db_int(s->schedule_id),
	    db_bytes(s->token_id, TOKEN_HALF),
	    db_bytes(s->token_check, TOKEN_HALF), db_int(s->amount),
	    db_int(s->created_at), db_int(s->expires_at),
	    db_text(s->merchant_order_id), db_text(s->customer_email),
	    db_text(s->customer_name), db_text(s->callback_url),
	    db_text(s->items), db_text(s->return_url));
	s->id = e == 0 ? db_id(cx) : 0;
	return e;
}

char *
session_token(struct arena *a, const struct session *s)
{
	return arena_printf(a, "%s%s", str_hex(a, s->token_id, TOKEN_HALF),
	    str_hex(a, s->token_check, TOKEN_HALF));
}

static enum err
no_session(struct cx *cx)
{
	fail_clear(cx);
	return fail(cx, ERR_NOT_FOUND, "Session not found");
}

/* Runs a search by token, and compares its second half in constant time. */
static enum err
by_token(struct cx *cx, const struct stmt *find, const char *token, void *out,
    const unsigned char *check)
{
	unsigned char t[2 * TOKEN_HALF];
	enum err e;

	if (!str_unhex(token, t, sizeof(t)))
		return no_session(cx);
	e = db_one(cx, find, out, db_bytes(t, TOKEN_HALF));
	if (e == ERR_NOT_FOUND ||
	    (e == 0 && !seal_same(check, t + TOKEN_HALF, TOKEN_HALF)))
		return no_session(cx);
	return e;
}

enum err
session_find(struct cx *cx, const char *token, struct session *s)
{
	return by_token(cx, &q[FIND], token, s, s->token_check);
}

enum err
session_watch(struct cx *cx, const char *token, struct watch *w)
{
	return by_token(cx, &q[WATCH], token, w, w->token_check);
}

enum err
session_find_payable(struct cx *cx, const char *token, struct session *s)
{
	return by_token(cx, &q[FIND_PAYABLE], token, s, s->token_check);
}

enum err
session_find_key(struct cx *cx, const char *key, struct session *s)
{
	enum err e = db_one(cx, &q[FIND_KEY], s, db_text(key));

	return e == ERR_NOT_FOUND ? no_session(cx) : e;
}

enum err
session_open_for(struct cx *cx, int64_t account_id, cents amount,
    struct rows *rows)
{
	rows->size = sizeof(struct open_session);
	return db_many(cx, &q[OPEN_FOR], rows, db_int(account_id),
	    db_int(amount), db_int(account_id), db_int(amount));
}

enum err
session_due(struct cx *cx, enum status status, int64_t silence,
    struct rows *rows)
{
	rows->size = sizeof(struct open_session);
	return db_many(cx, &q[DUE], rows, db_int(status), db_int(cx->now),
	    DB_SINCE(WAIT_POLLED, cx->now, silence));
}

enum err
session_read(struct cx *cx, int64_t id, struct session *s)
{
	return db_one(cx, &q[READ], s, db_int(id));
}

enum err
session_lock(struct cx *cx, int64_t id, struct session *s)
{
	enum err e;

	if ((e = db_one(cx, &q[LOCK], s, db_int(id))) != 0)
		return e;
	return session_read(cx, id, s);
}

enum err
session_invoice(struct cx *cx, const struct session *s, const char *key)
{
	int64_t n;
	enum err e;

	e = db_run(cx, &q[INVOICE], &n, db_int(STATUS_INVOICED),
	    db_int(s->account_id), db_text(s->reference_number),
	    db_text(key), db_text(s->invoice_number), db_int(cx->now),
	    db_int(s->id), db_int(STATUS_PENDING));
	if (e == 0 && n == 0)
		return fail(cx, ERR_CONFLICT, "session %" PRId64
		    ": invoiced by another", s->id);
	return e;
}

static enum err
next(struct cx *cx, const struct session *s, enum event ev, enum status *to)
{
	*to = session_status(s->status, s->expires_at, cx->now);
	if (!status_next(to, ev))
		return fail(cx, ERR_STATE, "The session is %s.",
		    status_word(*to));
	return 0;
}

enum err
session_move(struct cx *cx, struct session *s, enum event ev)
{
	enum status to = (enum status)s->status;
	int64_t moved;
	enum err e;

	if (!status_next(&to, ev))
		return fail(cx, ERR_STATE, "The session is %s.",
		    status_word(to));
	if (ev == EVENT_POLL) {
		s->poll_count = 0;
		s->polled_at = cx->now;
	}
	e = db_run(cx, &q[MOVE], &moved, db_int(to), db_int(s->poll_count),
	    db_int(s->polled_at), db_int(s->id), db_int(s->status));
	if (e != 0)
		return e;
	if (moved == 0)
		return fail(cx, ERR_CONFLICT, "session %" PRId64
		    ": moved by another", s->id);
	s->status = to;
	s->state_version++;
	return 0;
}

enum err
session_poll(struct cx *cx, int64_t id)
{
	int64_t n;

	return db_run(cx, &q[POLL], &n, db_int(cx->now), db_int(id),
	    db_int(STATUS_POLLING));
}

enum err
session_credit(struct cx *cx, struct session *s, cents money)
{
	enum status was = session_status(s->status, s->expires_at, cx->now);
	enum status to;
	int64_t n;
	enum err e;

	if (!cents_add(s->total_paid, money, &s->total_paid))
		return fail(cx, ERR_INTERNAL, "session %" PRId64
		    ": more money than a number holds", s->id);
	if ((e = next(cx, s, event_of(s->amount, s->total_paid), &to)) != 0)
		return e;
	if (was == STATUS_FAILED || was == STATUS_EXPIRED)
		s->late = 1;
	if (status_paid(to) && !status_paid(was))
		s->confirmed_at = cx->now;
	s->status = to;
	s->payment_count++;
	s->state_version++;
	return db_run(cx, &q[CREDIT], &n, db_int(to), db_int(s->total_paid),
	    db_int(s->payment_count), db_int(s->late),
	    db_int(s->confirmed_at), db_int(s->id));
}

enum err
session_debit(struct cx *cx, struct session *s, cents money)
{
	enum status to = (enum status)s->status;
	int64_t n;

	s->total_paid -= money;
	s->payment_count--;
	if (!status_next(&to, s->total_paid == 0 ? EVENT_EMPTY :
	    event_of(s->amount, s->total_paid)))
		return fail(cx, ERR_STATE, "The session is %s.",
		    status_word(to));
	if (s->total_paid == 0) {
		s->late = 0;
		to = session_status(to, s->expires_at, cx->now);
	}
	if (!status_paid(to))
		s->confirmed_at = 0;
	s->status = to;
	s->state_version++;
	return db_run(cx, &q[CREDIT], &n, db_int(to), db_int(s->total_paid),
	    db_int(s->payment_count), db_int(s->late),
	    db_int(s->confirmed_at), db_int(s->id));
}

enum err
session_return(struct cx *cx, struct session *s, cents money)
{
	int64_t n;

	s->total_returned += money;
	s->state_version++;
	return db_run(cx, &q[RETURN], &n, db_int(money), db_int(s->id));
}

enum err
session_touch(struct cx *cx, struct session *s)
{
	int64_t n;

	s->state_version++;
	return db_run(cx, &q[TOUCH], &n, db_int(s->id));
}
