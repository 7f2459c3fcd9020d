#include "model/payout.h"

static const struct col row[] = {
	COL_INT (payout, id),
	COL_INT (payout, refund_id),
	COL_INT (payout, send),
	COL_INT (payout, amount),
	COL_INT (payout, created_at),
	COL_INT (payout, initiated_at),
	COL_INT (payout, authorised_at),
	COL_INT (payout, ended_at),
	COL_TEXT(payout, creditor_iban),
	COL_TEXT(payout, creditor_name),
	COL_TEXT(payout, payment_order_no),
	COL_TEXT(payout, payment_rail),
	COL_TEXT(payout, match_type),
	COL_TEXT(payout, matched_name),
	COL_TEXT(payout, transaction_status),
	COL_TEXT(payout, error),
	{ 0 }
};

enum { ADD, FIND, INITIATED, FAILED, AUTHORISE, HEARD, Q__MAX };

const struct stmt payout_stmts[] = {
	[ADD] = {
		"INSERT INTO gateway_payouts (refund_id, send, creditor_iban,"
		"	creditor_name, amount, created_at)"
		" VALUES (?, ?, ?, ?, ?, ?)",
		NULL
	},
	[FIND] = {
		"SELECT id, refund_id, send, amount, created_at, initiated_at,"
		"	authorised_at, ended_at, creditor_iban, creditor_name,"
		"	payment_order_no, payment_rail, match_type,"
		"	matched_name, transaction_status, error"
		"  FROM gateway_payouts"
		" WHERE id = ?",
		row
	},
	[INITIATED] = {
		"UPDATE gateway_payouts"
		"   SET payment_order_no = ?, payment_rail = ?,"
		"	match_type = ?, matched_name = ?,"
		"	transaction_status = ?, initiated_at = ?"
		" WHERE id = ?",
		NULL
	},
	[FAILED] = {
		"UPDATE gateway_payouts SET error = ? WHERE id = ?", NULL
	},
	[AUTHORISE] = {
		"UPDATE gateway_payouts p"
		"  JOIN gateway_refunds r"
		"    ON r.id = p.refund_id AND r.payout_id = p.id"
		"   SET p.authorised_at = IF(p.authorised_at = 0, ?,"
		"	p.authorised_at)"
		" WHERE p.id = ? AND r.status = 1",
		NULL
	},
	[HEARD] = {
		"UPDATE gateway_payouts"
		"   SET transaction_status = ?, ended_at = ?"
		" WHERE id = ?",
		NULL
	},
};
const size_t payout_nstmts = NELEM(payout_stmts);
_Static_assert(NELEM(payout_stmts) == Q__MAX, "a statement has no text");

#define q payout_stmts

enum err
payout_add(struct cx *cx, struct payout *p)
{
	int64_t n;
	enum err e;

	e = db_run(cx, &q[ADD], &n, db_int(p->refund_id), db_int(p->send),
	    db_text(p->creditor_iban), db_text(p->creditor_name),
	    db_int(p->amount), db_int(cx->now));
	p->id = e == 0 ? db_id(cx) : 0;
	return e;
}

enum err
payout_find(struct cx *cx, int64_t id, struct payout *p)
{
	return db_one(cx, &q[FIND], p, db_int(id));
}

enum err
payout_initiated(struct cx *cx, const struct payout *p)
{
	int64_t n;

	return db_run(cx, &q[INITIATED], &n, db_text(p->payment_order_no),
	    db_text(p->payment_rail), db_text(p->match_type),
	    db_text(p->matched_name), db_text(p->transaction_status),
	    db_int(cx->now), db_int(p->id));
}

enum err
payout_failed(struct cx *cx, int64_t id, const char *error)
{
	int64_t n;

	return db_run(cx, &q[FAILED], &n, db_text(error), db_int(id));
}

enum err
payout_authorise(struct cx *cx, int64_t id, int64_t *n)
{
	return db_run(cx, &q[AUTHORISE], n, db_int(cx->now), db_int(id));
}

enum err
payout_heard(struct cx *cx, int64_t id, const char *status, bool ended)
{
	int64_t n;

	return db_run(cx, &q[HEARD], &n, db_text(status),
	    db_int(ended ? cx->now : 0), db_int(id));
}
