#include <string.h>

#include "base/calendar.h"
#include "base/facts.h"
#include "model/refund.h"

#define LATE_SECONDS	(2 * DAY_SECONDS)	/* of a worker, at most */

const char *const refund_words[REFUND__MAX + 1] = {
#define R(name, word, doc) word,
	REFUNDS(R)
#undef R
};

static const struct col row[] = {
	COL_INT (refund, id),
	COL_INT (refund, session_id),
	COL_INT (refund, merchant_id),
	COL_INT (refund, transfer_id),
	COL_INT (refund, status),
	COL_INT (refund, automatic),
	COL_INT (refund, amount),
	COL_INT (refund, processing_fee),
	COL_INT (refund, payout_id),
	COL_INT (refund, sends),
	COL_INT (refund, accept_name),
	COL_INT (refund, due_at),
	COL_INT (refund, tries),
	COL_INT (refund, begun_at),
	COL_INT (refund, auto_at),
	COL_INT (refund, created_at),
	COL_INT (refund, sent_at),
	COL_INT (refund, failed_at),
	COL_INT (refund, cancelled_at),
	COL_TEXT(refund, reference_number),
	COL_TEXT(refund, debtor_iban),
	COL_TEXT(refund, debtor_name),
	COL_TEXT(refund, reason),
	COL_TEXT(refund, failure),
	{ 0 }
};

#define ROW \
	"SELECT id, session_id, merchant_id, transfer_id, status," \
	"	automatic, amount, processing_fee, payout_id, sends," \
	"	accept_name, due_at," \
	"	tries, begun_at, auto_at, created_at, sent_at, failed_at," \
	"	cancelled_at, reference_number, debtor_iban, debtor_name," \
	"	reason, failure" \
	"  FROM gateway_refunds"

static const struct col listed_row[] = {
	COL_INT (listed_refund, id),
	COL_INT (listed_refund, status),
	COL_INT (listed_refund, automatic),
	COL_INT (listed_refund, created_at),
	COL_INT (listed_refund, sent_at),
	COL_INT (listed_refund, failed_at),
	COL_INT (listed_refund, auto_at),
	COL_INT (listed_refund, amount),
	COL_INT (listed_refund, processing_fee),
	COL_INT (listed_refund, return_cost),
	COL_TEXT(listed_refund, refund_number),
	COL_TEXT(listed_refund, reference_number),
	COL_TEXT(listed_refund, merchant_order_id),
	COL_TEXT(listed_refund, currency),
	COL_TEXT(listed_refund, debtor_iban),
	COL_TEXT(listed_refund, debtor_name),
	COL_TEXT(listed_refund, reason),
	COL_TEXT(listed_refund, failure),
	COL_TEXT(listed_refund, payment_order_no),
	COL_TEXT(listed_refund, matched_name),
	{ 0 }
};

/* Of one whose money came back: what the banks kept of it, which is gone. */
#define RETURN \
	"  LEFT JOIN gateway_refund_entries b" \
	"    ON b.refund_id = r.id AND b.returned = 1" \
	"  LEFT JOIN gateway_transfers k ON k.id = b.transfer_id"
#define KEPT	"COALESCE(r.amount - r.processing_fee - k.amount, 0)"

#define LISTED \
	"SELECT r.id, r.status, r.automatic, r.created_at, r.sent_at," \
	"	r.failed_at, r.auto_at, r.amount, r.processing_fee," \
	"	" KEPT " AS return_cost," \
	"	r.reference_number AS refund_number, s.reference_number," \
	"	s.merchant_order_id, s.currency, r.debtor_iban," \
	"	r.debtor_name, r.reason, r.failure, p.payment_order_no," \
	"	p.matched_name" \
	"  FROM gateway_refunds r" \
	"  JOIN gateway_sessions s ON s.id = r.session_id" \
	"  LEFT JOIN gateway_payouts p ON p.id = r.payout_id" RETURN
#define PAGE	" AND r.id < ? ORDER BY r.id DESC LIMIT ? OFFSET ?"

static const struct col id_row[] = { COL_INT(refund_id, id), { 0 } };

enum { ADD, COUNTED, FIND, FIND_NUMBER, LOCK, FIND_AUTOMATIC, SUM, EXCESS, SET,
	PUT, AUTO_DUE, AUTO_ANEW, AUTO_SUM, CLAIM, ANEW, LATER, DUE, HURRY,
	EACH, EACH_STATUS, EACH_OF, COUNT, COUNT_STATUS, COUNT_OF, ORDERED,
	Q__MAX };

const struct stmt refund_stmts[] = {
	[ADD] = {
		"INSERT INTO gateway_refunds (session_id, merchant_id,"
		"	reference_number, amount, processing_fee, automatic,"
		"	reason, debtor_iban, debtor_name, auto_at, transfer_id,"
		"	created_at, facts)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
		FACTS_REFUND("") ")",
		NULL
	},
	[COUNTED] = {
		"UPDATE gateway_sessions SET refunds = refunds + 1"
		" WHERE id = ?",
		NULL
	},
	[FIND] = { ROW " WHERE id = ?", row },
	[FIND_NUMBER] = { ROW " WHERE reference_number = ?", row },
	[LOCK] = { ROW " WHERE id = ? FOR UPDATE", row },
	[FIND_AUTOMATIC] = {
		ROW " WHERE session_id = ? AND automatic = 1 AND status = 0"
		" ORDER BY id LIMIT 1 FOR UPDATE",
		row
	},
	[SUM] = {
		"SELECT CAST(COALESCE(SUM(IF(r.status NOT IN (4, 5), r.amount,"
		"	" KEPT ")), 0) AS INTEGER) AS amount"
		"  FROM gateway_refunds r" RETURN
		" WHERE r.session_id = ?",
		(const struct col[]){ COL_INT(refund, amount), { 0 } }
	},
	[EXCESS] = {
		"SELECT CAST(COALESCE(SUM(IF(r.status = 4, " KEPT ","
		"	 r.amount)), 0) AS INTEGER) AS settled,"
		"	CAST(COALESCE(SUM(IF(r.status IN (4, 5), 0,"
		"	 r.amount)), 0) AS INTEGER) AS amount,"
		"	CAST(COALESCE(SUM(IF(r.status IN (4, 5), 0,"
		"	 r.processing_fee)), 0) AS INTEGER) AS fee,"
		"	CAST(COALESCE(SUM(IF(r.status = 2 OR"
		"	 (r.status = 0 AND r.auto_at = 0), r.amount, 0)), 0)"
		"	 AS INTEGER) AS waiting,"
		"	COALESCE(MAX(IF(r.status = 0, r.auto_at, 0)), 0)"
		"	 AS sends_at"
		"  FROM gateway_refunds r" RETURN
		" WHERE r.session_id = ? AND r.automatic = 1",
		(const struct col[]){
			COL_INT(excess, settled), COL_INT(excess, amount),
			COL_INT(excess, fee), COL_INT(excess, waiting),
			COL_INT(excess, sends_at), { 0 }
		}
	},
	[SET] = {
		"UPDATE gateway_refunds"
		"   SET amount = ?, processing_fee = ?, debtor_iban = ?,"
		"	debtor_name = ?, auto_at = ?, failure = '',"
		"	facts = " FACTS_REFUND("")
		" WHERE id = ? AND status = 0",
		NULL
	},
	[PUT] = {
		"UPDATE gateway_refunds"
		"   SET status = ?, debtor_iban = ?, debtor_name = ?,"
		"	payout_id = ?, sends = ?, accept_name = ?, due_at = ?,"
		"	tries = ?, begun_at = ?, sent_at = ?, failed_at = ?,"
		"	cancelled_at = ?, failure = ?, auto_at = ?"
		" WHERE id = ?",
		NULL
	},
	[AUTO_DUE] = {
		"SELECT id FROM gateway_refunds"
		" WHERE status = 0 AND auto_at BETWEEN ? AND ?"
		" ORDER BY auto_at, id LIMIT 50",
		id_row
	},
	[AUTO_ANEW] = {
		"UPDATE gateway_refunds SET auto_at = ?"
		" WHERE status = 0 AND auto_at > 0"
		"   AND auto_at NOT BETWEEN ? AND ?",
		NULL
	},
	[AUTO_SUM] = {
		"SELECT CAST(COALESCE(SUM(amount), 0) AS INTEGER) AS amount"
		"  FROM gateway_refunds"
		" WHERE merchant_id = ? AND status IN (1, 2, 3)"
		"   AND auto_at BETWEEN ? AND ?",
		(const struct col[]){ COL_INT(refund, amount), { 0 } }
	},
	[CLAIM] = {
		"UPDATE gateway_refunds SET due_at = ?, tries = tries + 1"
		" WHERE id = ? AND status = 1"
		"   AND due_at NOT BETWEEN ? AND ?",
		NULL
	},
	[ANEW] = {
		"UPDATE gateway_refunds r"
		"  JOIN gateway_payouts p ON p.id = r.payout_id"
		"   SET r.payout_id = 0, p.error = 'it lay about too long'"
		" WHERE r.id = ? AND p.id = ? AND r.status = 1"
		"   AND p.authorised_at = 0",
		NULL
	},
	[LATER] = {
		"UPDATE gateway_refunds SET due_at = ?, failure = ?"
		" WHERE id = ? AND status = 1",
		NULL
	},
	[DUE] = {
		"SELECT id FROM gateway_refunds"
		" WHERE status = 1 AND due_at NOT BETWEEN ? AND ?"
		" ORDER BY due_at LIMIT 50",
		id_row
	},
	[HURRY] = {
		"UPDATE gateway_refunds SET due_at = ?"
		" WHERE status = 1 AND due_at > ?",
		NULL
	},
	[EACH] = { LISTED " WHERE r.merchant_id = ?" PAGE, listed_row },
	[EACH_STATUS] = {
		LISTED " WHERE r.merchant_id = ? AND r.status = ?" PAGE,
		listed_row
	},
	[EACH_OF] = {
		LISTED " WHERE r.merchant_id = ? AND r.session_id = ?"
		"   AND (? = 6 OR r.status = ?)" PAGE,
		listed_row
	},
	[COUNT] = {
		"SELECT COUNT(*) AS id FROM gateway_refunds"
		" WHERE merchant_id = ?",
		id_row
	},
	[COUNT_STATUS] = {
		"SELECT COUNT(*) AS id FROM gateway_refunds"
		" WHERE merchant_id = ? AND status = ?",
		id_row
	},
	[COUNT_OF] = {
		"SELECT COUNT(*) AS id FROM gateway_refunds"
		" WHERE merchant_id = ? AND session_id = ?"
		"   AND (? = 6 OR status = ?)",
		id_row
	},
	[ORDERED] = {
		"SELECT DISTINCT p.refund_id AS id"
		"  FROM JSON_TABLE(?, '$[*]' COLUMNS (no VARCHAR(64)"
		"	CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$')) j"
		"  JOIN gateway_payouts p ON p.payment_order_no = j.no",
		id_row
	},
};
const size_t refund_nstmts = NELEM(refund_stmts);
_Static_assert(NELEM(refund_stmts) == Q__MAX, "a statement has no text");
_Static_assert(REFUND__MAX == 6, "6 stands for any status above");

#define q refund_stmts

const char *
refund_word(int64_t status)
{
	return refund_words[status];
}

bool
refund_parse(const char *word, int64_t *status)
{
	for (int i = 0; i < REFUND__MAX; i++)
		if (strcmp(refund_words[i], word) == 0) {
			*status = i;
			return true;
		}
	return false;
}

enum err
refund_add(struct cx *cx, struct refund *r)
{
	int64_t n;
	enum err e;

	e = db_run(cx, &q[ADD], &n, db_int(r->session_id),
	    db_int(r->merchant_id), db_text(r->reference_number),
	    db_int(r->amount), db_int(r->processing_fee), db_int(r->automatic),
	    db_text(r->reason), db_text(r->debtor_iban),
	    db_text(r->debtor_name), db_int(r->auto_at),
	    db_int(r->transfer_id), db_int(cx->now));
	r->id = e == 0 ? db_id(cx) : 0;
	return e == 0 ? db_run(cx, &q[COUNTED], &n, db_int(r->session_id)) : e;
}

enum err
refund_find(struct cx *cx, int64_t id, struct refund *r)
{
	return db_one(cx, &q[FIND], r, db_int(id));
}

enum err
refund_find_number(struct cx *cx, const char *number, struct refund *r)
{
	return db_one(cx, &q[FIND_NUMBER], r, db_text(number));
}

enum err
refund_lock(struct cx *cx, int64_t id, struct refund *r)
{
	return db_one(cx, &q[LOCK], r, db_int(id));
}

enum err
refund_find_automatic(struct cx *cx, int64_t session_id, struct refund *r)
{
	return db_one(cx, &q[FIND_AUTOMATIC], r, db_int(session_id));
}

enum err
refund_sum(struct cx *cx, int64_t session_id, cents *sum)
{
	struct refund r = { 0 };
	enum err e = db_one(cx, &q[SUM], &r, db_int(session_id));

	*sum = r.amount;
	return e;
}

enum err
refund_excess(struct cx *cx, int64_t session_id, struct excess *x)
{
	return db_one(cx, &q[EXCESS], x, db_int(session_id));
}

enum err
refund_set(struct cx *cx, const struct refund *r)
{
	int64_t n;
	enum err e;

	e = db_run(cx, &q[SET], &n, db_int(r->amount),
	    db_int(r->processing_fee), db_text(r->debtor_iban),
	    db_text(r->debtor_name), db_int(r->auto_at), db_int(r->id));
	return e == 0 && n == 0 ? fail(cx, ERR_CONFLICT,
	    "refund %" PRId64 " is not pending", r->id) : e;
}

enum err
refund_put(struct cx *cx, const struct refund *r)
{
	int64_t n;

	return db_run(cx, &q[PUT], &n, db_int(r->status),
	    db_text(r->debtor_iban), db_text(r->debtor_name),
	    db_int(r->payout_id), db_int(r->sends), db_int(r->accept_name),
	    db_int(r->due_at), db_int(r->tries), db_int(r->begun_at),
	    db_int(r->sent_at), db_int(r->failed_at), db_int(r->cancelled_at),
	    db_text(r->failure), db_int(r->auto_at), db_int(r->id));
}

int64_t
refund_sends_at(int64_t status, int64_t auto_at)
{
	return status == REFUND_PENDING ? auto_at : 0;
}

enum err
refund_auto_due(struct cx *cx, struct rows *rows)
{
	rows->size = sizeof(struct refund_id);
	return db_many(cx, &q[AUTO_DUE], rows, db_int(cx->now - LATE_SECONDS),
	    db_int(cx->now));
}

enum err
refund_auto_anew(struct cx *cx, int64_t at)
{
	int64_t n;

	return db_run(cx, &q[AUTO_ANEW], &n, db_int(at),
	    db_int(cx->now - LATE_SECONDS), DB_MOST(WAIT_GIVEBACK, cx->now));
}

enum err
refund_auto_sum(struct cx *cx, int64_t merchant_id, cents *sum)
{
	struct refund r = { 0 };
	enum err e = db_one(cx, &q[AUTO_SUM], &r, db_int(merchant_id),
	    DB_SINCE(WAIT_GIVEBACK, cx->now, DAY_SECONDS));

	*sum = r.amount;
	return e;
}

enum err
refund_claim(struct cx *cx, int64_t id, int64_t until)
{
	int64_t n;
	enum err e;

	e = db_run(cx, &q[CLAIM], &n, db_int(until), db_int(id),
	    DB_WAIT(WAIT_REFUND, cx->now));
	return e == 0 && n == 0 ? ERR_NOT_FOUND : e;
}

enum err
refund_anew(struct cx *cx, int64_t id, int64_t payout_id, int64_t *n)
{
	return db_run(cx, &q[ANEW], n, db_int(id), db_int(payout_id));
}

enum err
refund_later(struct cx *cx, int64_t id, int64_t due_at, const char *why)
{
	int64_t n;

	return db_run(cx, &q[LATER], &n, db_int(due_at), db_text(why),
	    db_int(id));
}

enum err
refund_due(struct cx *cx, struct rows *rows)
{
	rows->size = sizeof(struct refund_id);
	return db_many(cx, &q[DUE], rows, DB_WAIT(WAIT_REFUND, cx->now));
}

enum err
refund_hurry(struct cx *cx, int64_t lease)
{
	int64_t n;

	return db_run(cx, &q[HURRY], &n, db_int(cx->now),
	    db_int(cx->now + lease));
}

enum err
refund_each(struct cx *cx, const struct refund_choice *c, struct rows *rows)
{
	struct val who = db_int(cx->merchant), before = db_int(c->before);
	struct val limit = db_int(c->limit), offset = db_int(c->offset);

	rows->size = sizeof(struct listed_refund);
	if (c->session_id != 0)
		return db_many(cx, &q[EACH_OF], rows, who,
		    db_int(c->session_id), db_int(c->status),
		    db_int(c->status), before, limit, offset);
	if (c->status != REFUND__MAX)
		return db_many(cx, &q[EACH_STATUS], rows, who,
		    db_int(c->status), before, limit, offset);
	return db_many(cx, &q[EACH], rows, who, before, limit, offset);
}

enum err
refund_count(struct cx *cx, const struct refund_choice *c, int64_t *n)
{
	struct val who = db_int(cx->merchant), status = db_int(c->status);
	struct refund_id count = { 0 };
	enum err e;

	if (c->session_id != 0)
		e = db_one(cx, &q[COUNT_OF], &count, who,
		    db_int(c->session_id), status, status);
	else if (c->status != REFUND__MAX)
		e = db_one(cx, &q[COUNT_STATUS], &count, who, status);
	else
		e = db_one(cx, &q[COUNT], &count, who);
	*n = count.id;
	return e;
}

enum err
refund_ordered(struct cx *cx, const char *numbers, struct rows *rows)
{
	rows->size = sizeof(struct refund_id);
	return db_many(cx, &q[ORDERED], rows, db_text(numbers));
}
