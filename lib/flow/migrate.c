#include <poll.h>
#include <string.h>

#include "base/log.h"
#include "flow/migrate.h"

#define TRIES		60		/* of a statement */
#define PAUSE_MS	1000		/* between them */
#define LOCK_SECONDS	3600

struct count {
	int64_t n;
};

enum { FIND, ADD, LOCK, UNLOCK, Q__MAX };

static const struct col count_row[] = { COL_INT(count, n), { 0 } };

const struct stmt migrate_stmts[] = {
	[FIND] = {
		"SELECT COUNT(*) AS n FROM schema_migrations WHERE name = ?",
		count_row
	},
	[ADD] = {
		"INSERT IGNORE INTO schema_migrations (name, run_at)"
		" VALUES (?, ?)",
		NULL
	},
	/* Two that run at once take turns; where nobody gives out such locks
	 * (Galera) each statement is harmless the second time. */
	[LOCK] = {
		"SELECT COALESCE(GET_LOCK(CONCAT('migrate ', DATABASE()), ?),"
		"	0) AS n",
		count_row
	},
	[UNLOCK] = {
		"SELECT COALESCE(RELEASE_LOCK(CONCAT('migrate ', DATABASE())),"
		"	0) AS n",
		count_row
	},
};
const size_t migrate_nstmts = NELEM(migrate_stmts);
_Static_assert(NELEM(migrate_stmts) == Q__MAX, "a statement has no text");

#define q migrate_stmts

static const char table[] =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    " name VARCHAR(64) NOT NULL PRIMARY KEY, run_at BIGINT NOT NULL)"
    " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";

/*
 * A statement that changes a table waits for the transactions that use it,
 * and whoever comes after waits behind it.  So it waits for a second, lets
 * them pass, and tries again.
 */
static enum err
run_statement(struct cx *cx, const char *sql)
{
	const char *why;
	enum err e;

	for (int i = 1; (e = db_script(cx, sql)) == ERR_BUSY; i++) {
		why = arena_printf(cx->arena, "%s", cx->why);
		fail_clear(cx);
		if (i == TRIES)
			return fail(cx, e, "%s; somebody keeps a transaction"
			    " open, see SHOW PROCESSLIST", why);
		log_say(cx, "migrate", "it waits for others: %s", why);
		poll(NULL, 0, PAUSE_MS);
	}
	return e;
}

static enum err
run_one(struct cx *cx, const struct migration *m)
{
	const char *p = m->sql, *end;
	int64_t n;
	enum err e;

	for (; (end = strstr(p, ";\n")) != NULL; p = end + 2)
		if ((e = run_statement(cx, arena_copy(cx->arena, p,
		    (size_t)(end - p)))) != 0)
			return e;
	return db_run(cx, &q[ADD], &n, db_text(m->name), db_int(cx->now));
}

static enum err
run_missing(struct cx *cx, const struct migration *m, int *done)
{
	struct count c;
	enum err e;

	for (; m->name != NULL; m++) {
		if ((e = db_one(cx, &q[FIND], &c, db_text(m->name))) != 0)
			return e;
		if (c.n > 0)
			continue;
		if ((e = run_one(cx, m)) != 0)
			return e;
		(*done)++;
	}
	return 0;
}

enum err
migrate(struct cx *cx, const struct migration *m, int *done)
{
	struct count c;
	enum err e, e2;

	*done = 0;
	if ((e = db_script(cx, "SET lock_wait_timeout = 1")) != 0 ||
	    (e = db_script(cx, table)) != 0 ||
	    (e = db_one(cx, &q[LOCK], &c, db_int(LOCK_SECONDS))) != 0)
		return e;
	if (c.n == 0)
		return fail(cx, ERR_BUSY, "another one migrates this database");
	e = run_missing(cx, m, done);
	e2 = db_one_(cx, &q[UNLOCK], &c, NULL, 0);
	return e != 0 ? e : e2;
}

enum err
migrate_check(struct cx *cx, const struct migration *m)
{
	struct count c;
	enum err e;

	for (; m[1].name != NULL; m++)
		;			/* they are run in order */
	if ((e = db_one(cx, &q[FIND], &c, db_text(m->name))) != 0)
		return e;
	return c.n > 0 ? 0 : fail(cx, ERR_AWAY, "schema: %s is missing: run"
	    " dapit migrate", m->name);
}
