#include "model/refund.h"

static const struct col row[] = {
	COL_INT (refund, id),
	COL_INT (refund, session_id),
	COL_INT (refund, merchant_id),
	COL_INT (refund, status),
	COL_INT (refund, automatic),
	COL_INT (refund, amount),
	COL_INT (refund, processing_fee),
	COL_TEXT(refund, reference_number),
	COL_TEXT(refund, debtor_iban),
	COL_TEXT(refund, debtor_name),
	{ 0 }
};

enum { ADD, FIND_AUTOMATIC, SUM, SET, Q__MAX };

const struct stmt refund_stmts[] = {
	[ADD] = {
		"INSERT INTO gateway_refunds (session_id, merchant_id,"
		"	reference_number, amount, processing_fee, automatic,"
		"	debtor_iban, debtor_name, created_at)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		NULL
	},
	[FIND_AUTOMATIC] = {
		"SELECT id, session_id, merchant_id, status, automatic, amount,"
		"	processing_fee, reference_number, debtor_iban,"
		"	debtor_name"
		"  FROM gateway_refunds"
		" WHERE session_id = ? AND automatic = 1 AND status = 0"
		" ORDER BY id LIMIT 1 FOR UPDATE",
		row
	},
	[SUM] = {
		"SELECT COALESCE(SUM(amount), 0) AS amount FROM gateway_refunds"
		" WHERE session_id = ? AND status NOT IN (4, 5)",
		(const struct col[]){ COL_INT(refund, amount), { 0 } }
	},
	[SET] = {
		"UPDATE gateway_refunds"
		"   SET amount = ?, processing_fee = ?, debtor_iban = ?,"
		"	debtor_name = ?"
		" WHERE id = ? AND status = 0",
		NULL
	},
};
const size_t refund_nstmts = NELEM(refund_stmts);
_Static_assert(NELEM(refund_stmts) == Q__MAX, "a statement has no text");

#define q refund_stmts

enum err
refund_add(struct cx *cx, struct refund *r)
{
	int64_t n;
	enum err e;

	e = db_run(cx, &q[ADD], &n, db_int(r->session_id),
	    db_int(r->merchant_id), db_text(r->reference_number),
	    db_int(r->amount), db_int(r->processing_fee), db_int(r->automatic),
	    db_text(r->debtor_iban), db_text(r->debtor_name), db_int(cx->now));
	r->id = e == 0 ? db_id(cx) : 0;
	return e;
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
refund_set(struct cx *cx, const struct refund *r)
{
	int64_t n;
	enum err e;

	e = db_run(cx, &q[SET], &n, db_int(r->amount),
	    db_int(r->processing_fee), db_text(r->debtor_iban),
	    db_text(r->debtor_name), db_int(r->id));
	return e == 0 && n == 0 ? fail(cx, ERR_CONFLICT,
	    "refund %" PRId64 " is not pending", r->id) : e;
}
