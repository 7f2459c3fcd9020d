#include "model/refundentry.h"

static const struct col row[] = {
	COL_INT(refundentries, went), COL_INT(refundentries, returned), { 0 }
};

#define ROW \
	"SELECT CAST(COALESCE(SUM(returned = 0), 0) AS INTEGER) AS went," \
	"	CAST(COALESCE(SUM(returned), 0) AS INTEGER) AS returned" \
	"  FROM gateway_refund_entries"

enum { ADD, COUNT, OF, Q__MAX };

const struct stmt refundentry_stmts[] = {
	[ADD] = {
		"INSERT INTO gateway_refund_entries (transfer_id, refund_id,"
		"	returned, created_at)"
		" VALUES (?, ?, ?, ?)",
		NULL
	},
	[COUNT] = { ROW " WHERE refund_id = ?", row },
	[OF] = { ROW " WHERE transfer_id = ?", row },
};
const size_t refundentry_nstmts = NELEM(refundentry_stmts);
_Static_assert(NELEM(refundentry_stmts) == Q__MAX, "a statement has no text");

#define q refundentry_stmts

enum err
refundentry_add(struct cx *cx, int64_t transfer_id, int64_t refund_id,
    bool returned)
{
	int64_t n;

	return db_run(cx, &q[ADD], &n, db_int(transfer_id),
	    db_int(refund_id), db_int(returned), db_int(cx->now));
}

enum err
refundentry_count(struct cx *cx, int64_t refund_id, struct refundentries *n)
{
	return db_one(cx, &q[COUNT], n, db_int(refund_id));
}

enum err
refundentry_of(struct cx *cx, int64_t transfer_id, bool *entry)
{
	struct refundentries n = { 0 };
	enum err e = db_one(cx, &q[OF], &n, db_int(transfer_id));

	*entry = n.went + n.returned > 0;
	return e;
}
