#include "sandbox/counter.h"

enum { ADD, READ, RESET, Q__MAX };

#define SUM_OF(name) \
	"CAST(COALESCE(SUM(IF(name = '" name "', n, 0)), 0) AS SIGNED)" \
	" AS " name

const struct stmt counter_stmts[] = {
	[ADD] = {
		"INSERT INTO calls (name, n) VALUES (?, 1)"
		" ON DUPLICATE KEY UPDATE n = n + 1",
		NULL
	},
	[READ] = {
		"SELECT " SUM_OF("token") ", " SUM_OF("accounts") ", "
		SUM_OF("transactions") ", " SUM_OF("payments") ", "
		SUM_OF("authorisations") ", " SUM_OF("status") " FROM calls",
		(const struct col[]){
			COL_INT(counts, token), COL_INT(counts, accounts),
			COL_INT(counts, transactions), COL_INT(counts, payments),
			COL_INT(counts, authorisations), COL_INT(counts, status),
			{ 0 }
		}
	},
	[RESET] = { "DELETE FROM calls", NULL },
};
const size_t counter_nstmts = NELEM(counter_stmts);
_Static_assert(NELEM(counter_stmts) == Q__MAX, "a statement has no text");

#define q counter_stmts

enum err
counter_add(struct cx *cx, const char *name)
{
	int64_t n;

	return db_run(cx, &q[ADD], &n, db_text(name));
}

enum err
counter_read(struct cx *cx, struct counts *counts)
{
	return db_one_(cx, &q[READ], counts, NULL, 0);
}

enum err
counter_reset(struct cx *cx)
{
	int64_t n;

	return db_run_(cx, &q[RESET], &n, NULL, 0);
}
