#include "base/unmatched.h"
#include "model/transfer.h"

static const struct col row[] = {
	COL_INT (transfer, id),
	COL_INT (transfer, account_id),
	COL_INT (transfer, credit),
	COL_INT (transfer, amount),
	COL_INT (transfer, booking_day),
	COL_INT (transfer, created_at),
	COL_TEXT(transfer, bank_id),
	COL_TEXT(transfer, currency),
	COL_TEXT(transfer, debtor_name),
	COL_TEXT(transfer, debtor_iban),
	COL_TEXT(transfer, creditor_name),
	COL_TEXT(transfer, creditor_iban),
	COL_TEXT(transfer, remittance),
	COL_TEXT(transfer, structured),
	COL_TEXT(transfer, end_to_end_id),
	{ 0 }
};

#define ROW \
	"SELECT t.id, t.account_id, t.credit, t.amount, t.booking_day," \
	"	t.created_at, t.bank_id, t.currency, t.debtor_name," \
	"	t.debtor_iban, t.creditor_name, t.creditor_iban," \
	"	t.remittance, t.structured, t.end_to_end_id" \
	"  FROM gateway_transfers t"

static const struct col stray_row[] = {
	COL_INT (stray, id),
	COL_INT (stray, amount),
	COL_INT (stray, booking_day),
	COL_TEXT(stray, currency),
	COL_TEXT(stray, debtor_name),
	COL_TEXT(stray, remittance),
	COL_TEXT(stray, reason),
	COL_TEXT(stray, suggestion),
	COL_TEXT(stray, reference_number),
	{ 0 }
};

#define STRAY \
	"SELECT t.id, t.amount, t.booking_day, t.currency, t.debtor_name," \
	"	t.remittance, u.reason, g.reference_number AS suggestion," \
	"	s.reference_number" \
	"  FROM gateway_transfers t" \
	"  LEFT JOIN gateway_unmatched u ON u.transfer_id = t.id" \
	"  LEFT JOIN gateway_sessions g ON g.id = u.suggestion" \
	"  LEFT JOIN gateway_matches m ON m.transfer_id = t.id" \
	"  LEFT JOIN gateway_sessions s ON s.id = m.session_id"

enum { ADD, FIND, NEW, EACH, LIST, UNMATCHED, Q__MAX };

const struct stmt transfer_stmts[] = {
	[ADD] = {
		"INSERT INTO gateway_transfers (account_id, bank_id, credit,"
		"	amount, currency, booking_day, debtor_name,"
		"	debtor_iban, creditor_name, creditor_iban, remittance,"
		"	structured, end_to_end_id, created_at)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		NULL
	},
	[FIND] = { ROW " WHERE t.id = ?", row },
	[NEW] = {
		"SELECT j.bank_id"
		"  FROM JSON_TABLE(?, '$[*]' COLUMNS (bank_id VARCHAR(64)"
		"	CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$')) j"
		"  LEFT JOIN gateway_transfers t"
		"    ON t.account_id = ? AND t.bank_id = j.bank_id"
		" WHERE t.id IS NULL",
		(const struct col[]){ COL_TEXT(bank_id, bank_id), { 0 } }
	},
	[EACH] = {
		ROW "  JOIN gateway_matches m ON m.transfer_id = t.id"
		" WHERE m.session_id = ? ORDER BY t.id",
		row
	},
	[LIST] = {
		STRAY " WHERE t.id > ? AND t.credit = 1"
		" ORDER BY t.id LIMIT 500",
		stray_row
	},
	[UNMATCHED] = {
		STRAY " WHERE t.id > ? AND " UNMATCHED_IS
		" ORDER BY t.id LIMIT 500",
		stray_row
	},
};
const size_t transfer_nstmts = NELEM(transfer_stmts);
_Static_assert(NELEM(transfer_stmts) == Q__MAX, "a statement has no text");

#define q transfer_stmts

enum err
transfer_add(struct cx *cx, struct transfer *t)
{
	int64_t n;
	enum err e;

	e = db_run(cx, &q[ADD], &n, db_int(t->account_id), db_text(t->bank_id),
	    db_int(t->credit), db_int(t->amount), db_text(t->currency),
	    db_int(t->booking_day), db_text(t->debtor_name),
	    db_text(t->debtor_iban), db_text(t->creditor_name),
	    db_text(t->creditor_iban), db_text(t->remittance),
	    db_text(t->structured), db_text(t->end_to_end_id),
	    db_int(cx->now));
	t->id = e == 0 ? db_id(cx) : 0;
	return e;
}

enum err
transfer_find(struct cx *cx, int64_t id, struct transfer *t)
{
	return db_one(cx, &q[FIND], t, db_int(id));
}

enum err
transfer_new(struct cx *cx, int64_t account_id, const char *ids,
    struct rows *rows)
{
	rows->size = sizeof(struct bank_id);
	return db_many(cx, &q[NEW], rows, db_text(ids), db_int(account_id));
}

enum err
transfer_each(struct cx *cx, int64_t session_id, struct rows *rows)
{
	rows->size = sizeof(struct transfer);
	return db_many(cx, &q[EACH], rows, db_int(session_id));
}

enum err
transfer_list(struct cx *cx, int64_t after, bool unmatched, struct rows *rows)
{
	rows->size = sizeof(struct stray);
	return db_many(cx, &q[unmatched ? UNMATCHED : LIST], rows,
	    db_int(after));
}
