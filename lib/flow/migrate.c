#include <string.h>

#include "flow/migrate.h"

struct count {
	int64_t n;
};

enum { FIND, ADD, Q__MAX };

const struct stmt migrate_stmts[] = {
	[FIND] = {
		"SELECT COUNT(*) AS n FROM schema_migrations WHERE name = ?",
		(const struct col[]){ COL_INT(count, n), { 0 } }
	},
	[ADD] = {
		"INSERT INTO schema_migrations (name, run_at) VALUES (?, ?)",
		NULL
	},
};
const size_t migrate_nstmts = NELEM(migrate_stmts);

#define q migrate_stmts

static const char table[] =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    " name VARCHAR(64) NOT NULL PRIMARY KEY, run_at BIGINT NOT NULL)"
    " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";

static enum err
run_one(struct cx *cx, const struct migration *m)
{
	const char *p = m->sql, *end;
	int64_t n;
	enum err e;

	for (; (end = strstr(p, ";\n")) != NULL; p = end + 2)
		if ((e = db_script(cx, arena_copy(cx->arena, p,
		    (size_t)(end - p)))) != 0)
			return e;
	return db_run(cx, &q[ADD], &n, db_text(m->name), db_int(cx->now));
}

enum err
migrate(struct cx *cx, const struct migration *m, int *done)
{
	struct count c;
	enum err e;

	*done = 0;
	if ((e = db_script(cx, table)) != 0)
		return e;
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
