#include "flow/jump.h"

struct ahead {
	int64_t	n, latest;
};

static const struct col row[] = {
	COL_INT(ahead, n), COL_INT(ahead, latest), { 0 }
};

#define W(name, seconds, table, column, where, what) \
	[WAIT_##name] = { "SELECT COUNT(*) AS n," \
		"	COALESCE(MAX(" column "), 0) AS latest" \
		"  FROM " table " WHERE " where " AND " column " > ?", row },
const struct stmt jump_stmts[] = { WAITS(W) };
#undef W
const size_t jump_nstmts = NELEM(jump_stmts);

enum err
jump_each(struct cx *cx, struct rows *rows)
{
	static const char *const whats[WAIT__MAX] = {
#define W(name, seconds, table, column, where, what) what,
		WAITS(W)
#undef W
	};
	struct jump *out = arena_alloc(cx->arena, WAIT__MAX * sizeof(*out));
	struct ahead a;
	enum err e;

	*rows = (struct rows){ out, 0, sizeof(*out) };
	for (int i = 0; i < WAIT__MAX; i++) {
		e = db_one(cx, &jump_stmts[i], &a,
		    DB_MOST((enum wait)i, cx->now));
		if (e != 0)
			return e;
		if (a.n > 0)
			out[rows->n++] = (struct jump){ whats[i], a.n,
			    a.latest };
	}
	return 0;
}
