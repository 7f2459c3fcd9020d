#include "base/str.h"
#include "model/login.h"

static const struct col row[] = {
	COL_INT  (login, environment),
	COL_BYTES(login, code_hash),
	COL_INT  (login, access_until),
	COL_INT  (login, refresh_until),
	COL_INT  (login, generation),
	COL_TEXT (login, access_token),
	COL_TEXT (login, refresh_token),
	COL_TEXT (login, last_error),
	{ 0 }
};

enum { FIND, ADD, LEASE, PUT, FAIL, Q__MAX };

const struct stmt login_stmts[] = {
	[FIND] = {
		"SELECT environment, code_hash, access_until, refresh_until,"
		"	generation, access_token, refresh_token, last_error"
		"  FROM bank_logins WHERE environment = ?",
		row
	},
	[ADD] = {
		"INSERT IGNORE INTO bank_logins (environment, code_hash,"
		"	access_token, refresh_token, access_until,"
		"	refresh_until)"
		" VALUES (?, REPEAT('\\0', 32), '', '', 0, 0)",
		NULL
	},
	[LEASE] = {
		"UPDATE bank_logins SET lease_until = UNIX_TIMESTAMP() + ?"
		" WHERE environment = ? AND generation = ?"
		"   AND lease_until NOT BETWEEN UNIX_TIMESTAMP() + 1"
		"	AND UNIX_TIMESTAMP() + ?",
		NULL
	},
	[PUT] = {
		"UPDATE bank_logins"
		"   SET code_hash = ?, access_token = ?, refresh_token = ?,"
		"	access_until = ?, refresh_until = ?,"
		"	generation = generation + 1, lease_until = 0,"
		"	last_error = ''"
		" WHERE environment = ? AND generation = ?",
		NULL
	},
	[FAIL] = {
		"UPDATE bank_logins"
		"   SET lease_until = 0, last_error = ?, code_hash = ?,"
		"	access_until = IF(?, 0, access_until),"
		"	refresh_until = IF(?, 0, refresh_until)"
		" WHERE environment = ? AND generation = ?",
		NULL
	},
};
const size_t login_nstmts = NELEM(login_stmts);
_Static_assert(NELEM(login_stmts) == Q__MAX, "a statement has no text");

#define q login_stmts

enum err
login_find(struct cx *cx, int64_t environment, struct login *l)
{
	return db_one(cx, &q[FIND], l, db_int(environment));
}

enum err
login_add(struct cx *cx, int64_t environment)
{
	int64_t n;

	return db_run(cx, &q[ADD], &n, db_int(environment));
}

enum err
login_lease(struct cx *cx, const struct login *l)
{
	int64_t n, lease = wait_longest(WAIT_LOGIN);
	enum err e;

	e = db_run(cx, &q[LEASE], &n, db_int(lease),
	    db_int(l->environment), db_int(l->generation), db_int(lease));
	return e == 0 && n == 0 ? fail(cx, ERR_BUSY,
	    "the bank login is being renewed by another") : e;
}

enum err
login_put(struct cx *cx, const struct login *l)
{
	int64_t n;
	enum err e;

	e = db_run(cx, &q[PUT], &n, db_bytes(l->code_hash, HASH_BYTES),
	    db_text(l->access_token), db_text(l->refresh_token),
	    db_int(l->access_until), db_int(l->refresh_until),
	    db_int(l->environment), db_int(l->generation));
	return e == 0 && n == 0 ? fail(cx, ERR_CONFLICT,
	    "the bank login was renewed by another") : e;
}

enum err
login_fail(struct cx *cx, const struct login *l, const char *why,
    bool tokens_void)
{
	int64_t n;

	return db_run(cx, &q[FAIL], &n, db_text(str_cut(cx->arena, why, 255)),
	    db_bytes(l->code_hash, HASH_BYTES), db_int(tokens_void),
	    db_int(tokens_void), db_int(l->environment),
	    db_int(l->generation));
}
