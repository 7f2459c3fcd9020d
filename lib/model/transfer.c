#include <stdlib.h>
#include <string.h>

#include "base/facts.h"
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

static const struct col known_row[] = {
	COL_INT (known, n), COL_INT (known, transfer_id),
	COL_TEXT(known, bank_id), COL_TEXT(known, content),
	COL_INT (known, differs), COL_INT (known, credit),
	COL_INT (known, amount), COL_INT (known, booking_day),
	COL_TEXT(known, currency), { 0 }
};

#define JSON_ID	"VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
#define JSON_SAID "VARCHAR(96) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"

/* Of an id: the transfer t whose first id it is, or u, one of whose it is. */
#define KNOWN_(column)	"COALESCE(t." column ", u." column ")"

/* The row's content and money, as they are asked for. */
#define MONEY(t) \
	t "credit, ' ', " t "amount, ' ', " t "currency, ' ', " t "booking_day"
#define SAID(t)	"CONCAT(LOWER(HEX(" t "content)), ' ', " MONEY(t) ")"

/* Has the row of entry j other money?  Of one that an operator booked, of an
 * entry that could not be read, the day is his. */
#define STORED	"COALESCE(CONCAT(" MONEY("t.") "), CONCAT(" MONEY("u.") "))"
#define TOLD	"SUBSTRING(j.said, 34)"
#define DIFFERS \
	"(" STORED " <> " TOLD " AND (SUBSTRING_INDEX(" STORED ", ' ', 3)" \
	"	<> SUBSTRING_INDEX(" TOLD ", ' ', 3)" \
	" OR NOT EXISTS (SELECT 1 FROM gateway_asides s" \
	"	WHERE s.account_id = " KNOWN_("account_id") \
	"	  AND s.bank_id = " KNOWN_("bank_id") " AND s.status = 1)))"

enum { ADD, ADD_ID, FIND, STRAY_ONE, TWIN, KNOWN, LEARN, JOIN, EACH, LIST,
	UNMATCHED, Q__MAX };

const struct stmt transfer_stmts[] = {
	[ADD] = {
		"INSERT INTO gateway_transfers (account_id, bank_id, credit,"
		"	amount, currency, booking_day, debtor_name,"
		"	debtor_iban, creditor_name, creditor_iban, remittance,"
		"	structured, end_to_end_id, created_at, content, facts)"
		" SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, UNHEX(?),"
		"	" FACTS_OF_TRANSFER("?", "?", "?", "?", "?", "?")
		"  FROM DUAL WHERE NOT EXISTS (SELECT 1"
		"	FROM gateway_transfer_ids"
		"	WHERE account_id = ? AND bank_id = ?)",
		NULL
	},
	[ADD_ID] = {
		"INSERT INTO gateway_transfer_ids (account_id, bank_id,"
		"	transfer_id)"
		" VALUES (?, ?, ?)",
		NULL
	},
	[FIND] = { ROW " WHERE t.id = ?", row },
	[STRAY_ONE] = {
		ROW "  JOIN gateway_unmatched u ON u.transfer_id = t.id"
		" WHERE t.id = ? AND " UNMATCHED_IS,
		row
	},
	[TWIN] = {
		ROW " WHERE t.account_id = ? AND t.bank_id LIKE 'aside:%'"
		"   AND t.content IN (UNHEX(?), UNHEX(?))"
		" ORDER BY t.id LIMIT 1",
		row
	},
	[KNOWN] = {
		"SELECT j.n, COALESCE(t.id, u.id, 0) AS transfer_id,"
		"	" KNOWN_("bank_id") " AS bank_id,"
		"	LOWER(HEX(" KNOWN_("content") ")) AS content,"
		"	COALESCE(t.id, u.id) IS NOT NULL AND " DIFFERS
		"	AS differs, " KNOWN_("credit") " AS credit,"
		"	" KNOWN_("amount") " AS amount,"
		"	" KNOWN_("booking_day") " AS booking_day,"
		"	" KNOWN_("currency") " AS currency"
		"  FROM JSON_TABLE(?, '$[*]' COLUMNS (n BIGINT PATH '$[0]',"
		"	bank_id " JSON_ID " PATH '$[1]',"
		"	said " JSON_SAID " PATH '$[2]',"
		"	first " JSON_ID " PATH '$[3]')) j"
		"  LEFT JOIN gateway_transfers t"
		"    ON t.account_id = ? AND t.bank_id = j.bank_id"
		"  LEFT JOIN gateway_transfer_ids i ON t.id IS NULL"
		"   AND i.account_id = ? AND i.bank_id = j.bank_id"
		"  LEFT JOIN gateway_transfers u ON u.id = i.transfer_id"
		" WHERE COALESCE(" SAID("t.") " <> j.said, TRUE)"
		"   AND (t.id IS NOT NULL OR u.id IS NULL"
		"	OR u.bank_id <> j.first"
		"	OR COALESCE(" SAID("u.") " <> j.said, TRUE))",
		known_row
	},
	[LEARN] = {
		"UPDATE JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$[0]',"
		"	content CHAR(32) PATH '$[1]')) j"
		"  JOIN gateway_transfers t ON t.id = j.id"
		"   SET t.content = UNHEX(j.content)",
		NULL
	},
	[JOIN] = {
		"INSERT IGNORE INTO gateway_transfer_ids (account_id,"
		"	bank_id, transfer_id)"
		" SELECT account_id, ?, id FROM gateway_transfers"
		"  WHERE account_id = ? AND bank_id = ?",
		NULL
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
	    db_int(cx->now), db_text(t->content), db_int(t->credit),
	    db_int(t->amount), db_text(t->currency), db_int(t->booking_day),
	    db_int(t->account_id), db_text(t->bank_id),
	    db_int(t->account_id), db_text(t->bank_id));
	if (e == 0 && n == 0)
		return fail(cx, ERR_DUPLICATE, "%s is another id of a transfer"
		    " that is known", t->bank_id);
	t->id = e == 0 ? db_id(cx) : 0;
	for (size_t i = 1; e == 0 && t->ids != NULL && t->ids[i - 1] != NULL &&
	    t->ids[i] != NULL; i++)
		e = db_run(cx, &q[ADD_ID], &n, db_int(t->account_id),
		    db_text(t->ids[i]), db_int(t->id));
	return e;
}

enum err
transfer_find(struct cx *cx, int64_t id, struct transfer *t)
{
	return db_one(cx, &q[FIND], t, db_int(id));
}

enum err
transfer_stray(struct cx *cx, int64_t id, struct transfer *t)
{
	return db_one(cx, &q[STRAY_ONE], t, db_int(id));
}

enum err
transfer_twin(struct cx *cx, const struct transfer *t, struct transfer *twin)
{
	return db_one(cx, &q[TWIN], twin, db_int(t->account_id),
	    db_text(t->content), db_text(t->content_before));
}

static int
by_entry(const void *a, const void *b)
{
	const struct known *x = a, *y = b;

	return x->n != y->n ? (x->n > y->n) - (x->n < y->n) :
	    strcmp(x->bank_id == NULL ? "" : x->bank_id,
	    y->bank_id == NULL ? "" : y->bank_id);
}

/* Sorted here: for an ORDER BY the server makes a table, which takes longer
 * than all the rest. */
enum err
transfer_known(struct cx *cx, int64_t account_id, const char *ids,
    struct rows *rows)
{
	struct known *k;
	enum err e;

	rows->size = sizeof(*k);
	e = db_many(cx, &q[KNOWN], rows, db_text(ids), db_int(account_id),
	    db_int(account_id));
	if (e != 0 || rows->n < 2)
		return e;
	k = arena_alloc(cx->arena, rows->n * sizeof(*k));
	memcpy(k, rows->row, rows->n * sizeof(*k));
	qsort(k, rows->n, sizeof(*k), by_entry);
	rows->row = k;
	return 0;
}

enum err
transfer_learn(struct cx *cx, const char *contents)
{
	int64_t n;

	return db_run(cx, &q[LEARN], &n, db_text(contents));
}

enum err
transfer_join(struct cx *cx, int64_t account_id, const char *bank_id,
    const char *known)
{
	int64_t n;

	return db_run(cx, &q[JOIN], &n, db_text(bank_id), db_int(account_id),
	    db_text(known));
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
