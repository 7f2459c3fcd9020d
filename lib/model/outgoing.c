#include "base/unmatched.h"
#include "model/outgoing.h"

static const struct col row[] = {
	COL_INT (outgoing, transfer_id),
	COL_INT (outgoing, account_id),
	COL_INT (outgoing, booking_day),
	COL_INT (outgoing, seen_at),
	COL_INT (outgoing, amount),
	COL_TEXT(outgoing, currency),
	COL_TEXT(outgoing, creditor_name),
	COL_TEXT(outgoing, creditor_iban),
	COL_TEXT(outgoing, remittance),
	COL_TEXT(outgoing, reference_number),
	{ 0 }
};

#define ROW \
	"SELECT o.transfer_id, t.account_id, t.booking_day, o.seen_at," \
	"	t.amount, t.currency, t.creditor_name, t.creditor_iban," \
	"	t.remittance, s.reference_number" \
	"  FROM gateway_outgoing o" \
	"  JOIN gateway_transfers t ON t.id = o.transfer_id" \
	"  LEFT JOIN gateway_sessions s ON s.id = o.session_id"
#define NEWEST	" ORDER BY o.transfer_id DESC LIMIT 500"

enum { ADD, ADOPT, LIST, UNSEEN, LIKE, SEEN, SEEN_ALL, Q__MAX };

const struct stmt outgoing_stmts[] = {
	[ADD] = {
		"INSERT INTO gateway_outgoing (transfer_id, session_id,"
		"	created_at)"
		" VALUES (?, ?, ?)",
		NULL
	},
	[ADOPT] = {
		"INSERT IGNORE INTO gateway_outgoing (transfer_id, created_at)"
		" SELECT t.id, t.created_at FROM gateway_transfers t"
		"  LEFT JOIN gateway_refund_entries f ON f.transfer_id = t.id"
		" WHERE t.id > (SELECT MAX(id) - 10000 FROM gateway_transfers)"
		"   AND t.credit = 0 AND f.transfer_id IS NULL",
		NULL
	},
	[LIST] = { ROW NEWEST, row },
	[UNSEEN] = {
		ROW " WHERE o.seen_at = 0 AND NOT " UNMATCHED_COPY NEWEST,
		row
	},
	[LIKE] = {
		ROW " WHERE o.seen_at = 0 AND t.account_id = ?"
		"   AND t.amount = ? AND REPLACE(t.creditor_iban, ' ', '') = ?"
		" ORDER BY o.transfer_id LIMIT 1",
		row
	},
	[SEEN] = {
		"UPDATE gateway_outgoing SET seen_at = ?"
		" WHERE transfer_id = ? AND seen_at = 0",
		NULL
	},
	[SEEN_ALL] = {
		"UPDATE gateway_outgoing SET seen_at = ? WHERE seen_at = 0",
		NULL
	},
};
const size_t outgoing_nstmts = NELEM(outgoing_stmts);
_Static_assert(NELEM(outgoing_stmts) == Q__MAX, "a statement has no text");

#define q outgoing_stmts

enum err
outgoing_add(struct cx *cx, int64_t transfer_id, int64_t session_id)
{
	int64_t n;

	return db_run(cx, &q[ADD], &n, db_int(transfer_id),
	    db_int(session_id), db_int(cx->now));
}

enum err
outgoing_adopt(struct cx *cx)
{
	int64_t n;

	return db_run_(cx, &q[ADOPT], &n, NULL, 0);
}

enum err
outgoing_list(struct cx *cx, bool all, struct rows *rows)
{
	rows->size = sizeof(struct outgoing);
	return db_many_(cx, &q[all ? LIST : UNSEEN], rows, NULL, 0);
}

enum err
outgoing_like(struct cx *cx, int64_t account_id, cents amount,
    const char *iban, struct outgoing *o)
{
	return db_one(cx, &q[LIKE], o, db_int(account_id), db_int(amount),
	    db_text(iban));
}

enum err
outgoing_seen(struct cx *cx, int64_t transfer_id, int64_t *n)
{
	return db_run(cx, &q[SEEN], n, db_int(cx->now), db_int(transfer_id));
}

enum err
outgoing_seen_all(struct cx *cx, int64_t *n)
{
	return db_run(cx, &q[SEEN_ALL], n, db_int(cx->now));
}
