#include "model/sendback.h"

static const struct col row[] = {
	COL_INT (sendback, id),
	COL_INT (sendback, transfer_id),
	COL_INT (sendback, status),
	COL_INT (sendback, created_at),
	COL_INT (sendback, sent_at),
	COL_INT (sendback, amount),
	COL_TEXT(sendback, number),
	COL_TEXT(sendback, debtor_iban),
	COL_TEXT(sendback, debtor_name),
	COL_TEXT(sendback, failure),
	{ 0 }
};

#define ROW \
	"SELECT id, transfer_id, status, created_at, sent_at, amount," \
	"	reference_number AS number, debtor_iban, debtor_name, failure" \
	"  FROM gateway_refunds"

enum { LIVE, KEPT, LIST, Q__MAX };

const struct stmt sendback_stmts[] = {
	[LIVE] = {
		ROW " WHERE transfer_id = ? AND status NOT IN (4, 5)"
		" ORDER BY id LIMIT 1",
		row
	},
	[KEPT] = {
		"SELECT CAST(COALESCE(SUM(r.amount - t.amount), 0) AS INTEGER)"
		"	AS amount"
		"  FROM gateway_refunds r"
		"  JOIN gateway_refund_entries f"
		"    ON f.refund_id = r.id AND f.returned = 1"
		"  JOIN gateway_transfers t ON t.id = f.transfer_id"
		" WHERE r.transfer_id = ? AND r.status = 4",
		(const struct col[]){ COL_INT(sendback, amount), { 0 } }
	},
	[LIST] = {
		ROW " WHERE transfer_id > 0 ORDER BY id DESC LIMIT 200",
		row
	},
};
const size_t sendback_nstmts = NELEM(sendback_stmts);
_Static_assert(NELEM(sendback_stmts) == Q__MAX, "a statement has no text");

#define q sendback_stmts

enum err
sendback_live(struct cx *cx, int64_t transfer_id, struct sendback *s)
{
	return db_one(cx, &q[LIVE], s, db_int(transfer_id));
}

enum err
sendback_kept(struct cx *cx, int64_t transfer_id, cents *sum)
{
	struct sendback s = { 0 };
	enum err e = db_one(cx, &q[KEPT], &s, db_int(transfer_id));

	*sum = s.amount;
	return e;
}

enum err
sendback_list(struct cx *cx, struct rows *rows)
{
	rows->size = sizeof(struct sendback);
	return db_many_(cx, &q[LIST], rows, NULL, 0);
}
