#include <string.h>

#include "sandbox/ledger.h"

static const struct col account_row[] = {
	COL_INT (account, id),
	COL_TEXT(account, resource_id),
	COL_TEXT(account, iban),
	COL_TEXT(account, name),
	COL_TEXT(account, currency),
	COL_INT (account, balance),
	COL_INT (account, custodial),
	{ 0 }
};

static const struct col entry_row[] = {
	COL_INT (entry, transaction_id),
	COL_TEXT(entry, iban),
	COL_TEXT(entry, direction),
	COL_INT (entry, amount),
	COL_TEXT(entry, currency),
	COL_TEXT(entry, booking_date),
	COL_TEXT(entry, debtor_name),
	COL_TEXT(entry, debtor_iban),
	COL_TEXT(entry, creditor_name),
	COL_TEXT(entry, creditor_iban),
	COL_TEXT(entry, remittance),
	COL_TEXT(entry, structured),
	COL_TEXT(entry, end_to_end_id),
	COL_TEXT(entry, additional),
	COL_TEXT(entry, raw),
	COL_INT (entry, created_at),
	{ 0 }
};

#define ACCOUNT \
	"SELECT id, resource_id, iban, name, currency, balance, custodial" \
	"  FROM accounts"
#define ENTRY \
	"SELECT e.id AS transaction_id, a.iban," \
	"	IF(e.credit, 'CREDIT', 'DEBIT') AS direction, e.amount," \
	"	e.currency, CAST(DATE_ADD('1970-01-01'," \
	"	INTERVAL e.booking_day DAY) AS CHAR) AS booking_date," \
	"	e.debtor_name, e.debtor_iban, e.creditor_name," \
	"	e.creditor_iban, e.remittance, e.structured," \
	"	e.end_to_end_id, e.additional, e.raw, e.created_at" \
	"  FROM entries e" \
	"  JOIN accounts a ON a.id = e.account_id"
#define PERIOD \
	ENTRY " WHERE e.account_id = ? AND e.booking_day BETWEEN ? AND ?"

enum {
	SEED, ACCOUNTS, FIND, OWN, LOCK, BALANCE, BOOK, PERIOD_UP,
	PERIOD_DOWN, EACH, Q__MAX
};

const struct stmt ledger_stmts[] = {
	[SEED] = {
		"INSERT IGNORE INTO accounts (resource_id, iban, name,"
		"	balance, custodial)"
		" VALUES (?, ?, ?, ?, ?)",
		NULL
	},
	[ACCOUNTS] = { ACCOUNT " ORDER BY id", account_row },
	[FIND] = { ACCOUNT " WHERE iban = ?", account_row },
	[OWN] = {
		ACCOUNT " WHERE resource_id = ? AND custodial = 1",
		account_row
	},
	[LOCK] = { ACCOUNT " WHERE id = ? FOR UPDATE", account_row },
	[BALANCE] = { "UPDATE accounts SET balance = ? WHERE id = ?", NULL },
	[BOOK] = {
		"INSERT INTO entries (account_id, booking_day, credit, amount,"
		"	currency, debtor_name, debtor_iban, creditor_name,"
		"	creditor_iban, remittance, structured, end_to_end_id,"
		"	additional, raw, created_at)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		NULL
	},
	[PERIOD_UP] = {
		PERIOD " ORDER BY e.booking_day, e.id LIMIT ? OFFSET ?",
		entry_row
	},
	[PERIOD_DOWN] = {
		PERIOD " ORDER BY e.booking_day DESC, e.id DESC"
		" LIMIT ? OFFSET ?",
		entry_row
	},
	[EACH] = {
		ENTRY " WHERE (? IS NULL OR a.iban = ?) AND e.id > ?"
		" ORDER BY e.id LIMIT ?",
		entry_row
	},
};
const size_t ledger_nstmts = NELEM(ledger_stmts);
_Static_assert(NELEM(ledger_stmts) == Q__MAX, "a statement has no text");

#define q ledger_stmts

static const struct account seeds[] = {
	{ .resource_id = "0b6a1f7e-4d0c-4c57-9b1e-6f2a7d3c9e01",
	  .iban = "LT923740020074597273", .name = "Bank Has No Money",
	  .balance = 10000 },
	{ .resource_id = "5e2d8c34-91ab-4f60-8a7d-1c4b0e6f2a02",
	  .iban = "LT223740020032524104", .name = "Bank Has Money",
	  .balance = 1000000 },
	{ .resource_id = "c7f3a950-2be8-4d19-b6c4-8d5e1f0a3b03",
	  .iban = "LT913740020058585210", .name = "Longemalle Trustees OU",
	  .custodial = 1 },
};

enum err
ledger_seed(struct cx *cx)
{
	struct rows rows;
	int64_t n;
	enum err e;

	if ((e = ledger_accounts(cx, &rows)) != 0 || rows.n > 0)
		return e;
	for (size_t i = 0; i < NELEM(seeds) && e == 0; i++)
		e = db_run(cx, &q[SEED], &n, db_text(seeds[i].resource_id),
		    db_text(seeds[i].iban), db_text(seeds[i].name),
		    db_int(seeds[i].balance), db_int(seeds[i].custodial));
	return e;
}

enum err
ledger_accounts(struct cx *cx, struct rows *rows)
{
	*rows = (struct rows){ .size = sizeof(struct account) };
	return db_many_(cx, &q[ACCOUNTS], rows, NULL, 0);
}

enum err
ledger_find(struct cx *cx, const char *iban, struct account *a)
{
	return db_one(cx, &q[FIND], a, db_text(iban));
}

enum err
ledger_own(struct cx *cx, const char *resource_id, struct account *a)
{
	return db_one(cx, &q[OWN], a, db_text(resource_id));
}

enum err
ledger_lock(struct cx *cx, struct account *a)
{
	return db_one(cx, &q[LOCK], a, db_int(a->id));
}

enum err
ledger_balance(struct cx *cx, const struct account *a)
{
	int64_t n;

	return db_run(cx, &q[BALANCE], &n, db_int(a->balance), db_int(a->id));
}

enum err
ledger_book(struct cx *cx, const struct account *a, int64_t day,
    struct entry *t)
{
	int64_t n;
	enum err e;

	e = db_run(cx, &q[BOOK], &n, db_int(a->id), db_int(day),
	    db_int(strcmp(t->direction, "CREDIT") == 0), db_int(t->amount),
	    db_text(t->currency), db_text(t->debtor_name),
	    db_text(t->debtor_iban), db_text(t->creditor_name),
	    db_text(t->creditor_iban), db_text(t->remittance),
	    db_text(t->structured), db_text(t->end_to_end_id),
	    db_text(t->additional), db_text(t->raw),
	    db_int(t->created_at));
	t->transaction_id = e == 0 ? db_id(cx) : 0;
	return e;
}

enum err
ledger_period(struct cx *cx, const struct period *p, struct rows *rows)
{
	*rows = (struct rows){ .size = sizeof(struct entry) };
	return db_many(cx, &q[p->descending ? PERIOD_DOWN : PERIOD_UP], rows,
	    db_int(p->account_id), db_int(p->from), db_int(p->to),
	    db_int(p->max), db_int(p->skip));
}

enum err
ledger_each(struct cx *cx, const char *iban, int64_t after,
    struct rows *rows)
{
	*rows = (struct rows){ .size = sizeof(struct entry) };
	return db_many(cx, &q[EACH], rows, db_text(iban), db_text(iban),
	    db_int(after), db_int(LEDGER_EACH_MAX));
}
