#include "base/str.h"
#include "io/seal.h"
#include "model/account.h"

#define HURRY_SECONDS	30

static const struct col row[] = {
	COL_INT (account, id),
	COL_INT (account, environment),
	COL_INT (account, current),
	COL_INT (account, checked_at),
	COL_INT (account, wanted_until),
	COL_INT (account, next_read_at),
	COL_INT (account, leased),
	COL_INT (account, lease_owner),
	COL_INT (account, failures),
	COL_INT (account, read_day),
	COL_INT (account, read_page),
	COL_INT (account, window_at),
	COL_INT (account, deep_at),
	COL_INT (account, deepest_at),
	COL_INT (account, ahead_days),
	COL_INT (account, created_at),
	COL_TEXT(account, iban),
	COL_TEXT(account, bank_id),
	COL_TEXT(account, beneficiary_name),
	COL_TEXT(account, account_name),
	COL_TEXT(account, bank_name),
	COL_TEXT(account, last_error),
	{ 0 }
};

#define ROW \
	"SELECT id, environment, current, checked_at, wanted_until," \
	"	next_read_at, lease_until - UNIX_TIMESTAMP() AS leased," \
	"	lease_owner, failures, read_day," \
	"	read_page, window_at, deep_at, deepest_at, ahead_days," \
	"	created_at, iban, bank_id, beneficiary_name, account_name," \
	"	bank_name," \
	"	last_error" \
	"  FROM bank_accounts"

enum {
	FIND, CURRENT, EACH, ADD, SET, RETIRE, LEARN, LEASE, HOLD, DONE,
	FAIL, WANT, HURRY, RETRY, NET, STATE, STATED, Q__MAX
};

const struct stmt account_stmts[] = {
	[FIND] = { ROW " WHERE id = ?", row },
	[CURRENT] = {
		ROW " WHERE environment = ? AND current = 1", row
	},
	[EACH] = { ROW " ORDER BY id", row },
	[ADD] = {
		"INSERT IGNORE INTO bank_accounts (environment, iban,"
		"	read_page, created_at)"
		" VALUES (?, ?, 1, ?)",
		NULL
	},
	[SET] = {
		"UPDATE bank_accounts"
		"   SET current = 1, bank_id = IF(? = '', bank_id, ?),"
		"	beneficiary_name = IF(? = '', beneficiary_name, ?),"
		"	account_name = ?, bank_name = ?"
		" WHERE environment = ? AND iban = ?",
		NULL
	},
	[RETIRE] = {
		"UPDATE bank_accounts SET current = 0"
		" WHERE environment = ? AND iban <> ? AND current = 1",
		NULL
	},
	[LEARN] = {
		"UPDATE bank_accounts"
		"   SET bank_id = ?, beneficiary_name ="
		"	IF(beneficiary_name = '', ?, beneficiary_name)"
		" WHERE id = ?",
		NULL
	},
	[LEASE] = {
		"UPDATE bank_accounts"
		"   SET lease_until = UNIX_TIMESTAMP() + ?, lease_owner = ?"
		" WHERE id = ? AND lease_until NOT BETWEEN"
		"	UNIX_TIMESTAMP() + 1 AND UNIX_TIMESTAMP() + ?"
		"   AND (next_read_at NOT BETWEEN ? AND ?"
		"	OR checked_at > ?)",
		NULL
	},
	[HOLD] = {
		"UPDATE bank_accounts SET lease_until = UNIX_TIMESTAMP() + ?"
		" WHERE id = ? AND lease_owner = ?",
		NULL
	},
	[DONE] = {
		"UPDATE bank_accounts"
		"   SET lease_until = 0, checked_at = ?, next_read_at = ?,"
		"	failures = 0, last_error = '', read_day = ?,"
		"	read_page = ?, window_at = ?, deep_at = ?,"
		"	deepest_at = ?, ahead_days = ?, `reads` = `reads` + 1"
		" WHERE id = ? AND lease_owner = ?",
		NULL
	},
	[FAIL] = {
		"UPDATE bank_accounts"
		"   SET lease_until = 0, next_read_at = ?,"
		"	failures = failures + 1, last_error = ?,"
		"	read_day = ?, read_page = 1,"
		"	checked_at = LEAST(checked_at, ?)"
		" WHERE id = ? AND lease_owner = ?",
		NULL
	},
	[WANT] = {
		"UPDATE bank_accounts SET wanted_until = ?"
		" WHERE id = ? AND wanted_until NOT BETWEEN ? AND ?",
		NULL
	},
	[HURRY] = {
		"UPDATE bank_accounts"
		"   SET next_read_at = LEAST(next_read_at, ?),"
		"	wanted_until = IF(wanted_until BETWEEN ? AND ?,"
		"	    wanted_until, ?)"
		" WHERE environment = ? AND failures = 0",
		NULL
	},
	[RETRY] = {
		"UPDATE bank_accounts SET next_read_at = 0"
		" WHERE environment = ? AND failures > 0",
		NULL
	},
	/* What is kept aside is in the bank's balance, and not in the books:
	 * while there is any, no first balance is noted. */
	[NET] = {
		"SELECT CAST(COALESCE(SUM(IF(credit, amount, -amount)), 0)"
		"	AS INTEGER) AS balance"
		"  FROM gateway_transfers"
		" WHERE account_id = ? AND currency = 'EUR'",
		(const struct col[]){ COL_INT(stated, balance), { 0 } }
	},
	[STATE] = {
		"UPDATE bank_accounts"
		"   SET balance_off_since = CASE"
		"	 WHEN balance_first IS NULL OR balance_first = ? THEN 0"
		"	 WHEN balance_off_since = 0 THEN ?"
		"	 ELSE balance_off_since END,"
		"	balance_first = COALESCE(balance_first,"
		"	IF(EXISTS (SELECT 1 FROM gateway_asides x"
		"	 WHERE x.account_id = bank_accounts.id"
		"	   AND x.status = 0), NULL, ?)),"
		"	balance = ?, balance_at = ?, balance_rest = ?"
		" WHERE id = ?",
		NULL
	},
	[STATED] = {
		"SELECT id, balance_at, balance_off_since, balance,"
		"	balance_rest - balance_first AS off, iban"
		"  FROM bank_accounts"
		" WHERE balance_first IS NOT NULL ORDER BY id",
		(const struct col[]){
			COL_INT (stated, id), COL_INT(stated, balance_at),
			COL_INT (stated, balance_off_since),
			COL_INT (stated, balance), COL_INT(stated, off),
			COL_TEXT(stated, iban), { 0 }
		}
	},
};
const size_t account_nstmts = NELEM(account_stmts);
_Static_assert(NELEM(account_stmts) == Q__MAX, "a statement has no text");

#define q account_stmts

enum err
account_find(struct cx *cx, int64_t id, struct account *a)
{
	return db_one(cx, &q[FIND], a, db_int(id));
}

enum err
account_current(struct cx *cx, int64_t environment, struct account *a)
{
	return db_one(cx, &q[CURRENT], a, db_int(environment));
}

enum err
account_each(struct cx *cx, struct rows *rows)
{
	rows->size = sizeof(struct account);
	return db_many_(cx, &q[EACH], rows, NULL, 0);
}

enum err
account_put(struct cx *cx, const struct account *a)
{
	int64_t n;
	enum err e;

	e = db_run(cx, &q[ADD], &n, db_int(a->environment), db_text(a->iban),
	    db_int(cx->now));
	if (e == 0)
		e = db_run(cx, &q[SET], &n, db_text(a->bank_id),
		    db_text(a->bank_id), db_text(a->beneficiary_name),
		    db_text(a->beneficiary_name), db_text(a->account_name),
		    db_text(a->bank_name), db_int(a->environment),
		    db_text(a->iban));
	if (e == 0)
		e = db_run(cx, &q[RETIRE], &n, db_int(a->environment),
		    db_text(a->iban));
	return e;
}

enum err
account_learn(struct cx *cx, const struct account *a)
{
	int64_t n;

	return db_run(cx, &q[LEARN], &n, db_text(a->bank_id),
	    db_text(a->beneficiary_name), db_int(a->id));
}

enum err
account_lease(struct cx *cx, struct account *a)
{
	int64_t owner, n, lease = wait_longest(WAIT_LEASE);
	enum err e;

	seal_random(&owner, sizeof(owner));
	e = db_run(cx, &q[LEASE], &n, db_int(lease), db_int(owner),
	    db_int(a->id), db_int(lease), DB_WAIT(WAIT_READ, cx->now),
	    DB_MOST(WAIT_CHECKED, cx->now));
	if (e == 0 && n == 0)
		return fail(cx, ERR_BUSY, "account %" PRId64
		    " is being read by another", a->id);
	a->lease_owner = owner;
	return e;
}

enum err
account_hold(struct cx *cx, const struct account *a)
{
	int64_t n;
	enum err e;

	e = db_run(cx, &q[HOLD], &n, db_int(wait_longest(WAIT_LEASE)),
	    db_int(a->id), db_int(a->lease_owner));
	return e == 0 && n == 0 ? fail(cx, ERR_BUSY, "account %" PRId64
	    " was taken by another reader", a->id) : e;
}

enum err
account_done(struct cx *cx, const struct account *a)
{
	int64_t n;

	return db_run(cx, &q[DONE], &n, db_int(a->checked_at),
	    db_int(a->next_read_at), db_int(a->read_day),
	    db_int(a->read_page), db_int(a->window_at), db_int(a->deep_at),
	    db_int(a->deepest_at), db_int(a->ahead_days), db_int(a->id),
	    db_int(a->lease_owner));
}

enum err
account_fail(struct cx *cx, const struct account *a, const char *why)
{
	int64_t n;

	return db_run(cx, &q[FAIL], &n, db_int(a->next_read_at),
	    db_text(str_cut(cx->arena, why, 255)), db_int(a->read_day),
	    db_int(cx->now), db_int(a->id), db_int(a->lease_owner));
}

enum err
account_want(struct cx *cx, int64_t id, int64_t until)
{
	int64_t n;

	return db_run(cx, &q[WANT], &n, db_int(until), db_int(id),
	    db_int(until), DB_MOST(WAIT_WANTED, cx->now));
}

enum err
account_hurry(struct cx *cx, int64_t environment)
{
	int64_t n, until = cx->now + HURRY_SECONDS;

	return db_run(cx, &q[HURRY], &n, db_int(cx->now), db_int(until),
	    DB_MOST(WAIT_WANTED, cx->now), db_int(until),
	    db_int(environment));
}

enum err
account_retry(struct cx *cx, int64_t environment)
{
	int64_t n;

	return db_run(cx, &q[RETRY], &n, db_int(environment));
}

enum err
account_state(struct cx *cx, const struct account *a, cents balance)
{
	struct stated net = { 0 };
	cents rest;
	int64_t n;
	enum err e;

	if ((e = db_one(cx, &q[NET], &net, db_int(a->id))) != 0)
		return e;
	rest = balance - net.balance;
	return db_run(cx, &q[STATE], &n, db_int(rest), db_int(cx->now),
	    db_int(rest), db_int(balance), db_int(cx->now), db_int(rest),
	    db_int(a->id));
}

enum err
account_stated(struct cx *cx, struct rows *rows)
{
	rows->size = sizeof(struct stated);
	return db_many_(cx, &q[STATED], rows, NULL, 0);
}
