#include "base/str.h"
#include "model/act.h"

#define DETAIL	255

static const struct col row[] = {
	COL_INT (act, id),
	COL_INT (act, created_at),
	COL_TEXT(act, actor),
	COL_TEXT(act, act),
	COL_TEXT(act, detail),
	{ 0 }
};

enum { ADD, EACH, Q__MAX };

const struct stmt act_stmts[] = {
	[ADD] = {
		"INSERT INTO gateway_acts (created_at, actor, act, detail)"
		" VALUES (?, ?, ?, ?)",
		NULL
	},
	[EACH] = {
		"SELECT id, created_at, actor, act, detail FROM gateway_acts"
		" ORDER BY id DESC LIMIT ?",
		row
	},
};
const size_t act_nstmts = NELEM(act_stmts);
_Static_assert(NELEM(act_stmts) == Q__MAX, "a statement has no text");

enum err
act_add(struct cx *cx, const struct act *a)
{
	int64_t n;

	return db_run(cx, &act_stmts[ADD], &n, db_int(cx->now),
	    db_text(a->actor), db_text(a->act),
	    db_text(str_cut(cx->arena, a->detail, DETAIL)));
}

enum err
act_each(struct cx *cx, int64_t limit, struct rows *rows)
{
	rows->size = sizeof(struct act);
	return db_many(cx, &act_stmts[EACH], rows, db_int(limit));
}
