/*
 * test_batch_db.c - one thing that cannot be booked holds back no other.
 * Runs beside a private MariaDB (tests/with-db).
 */
#include "flow/batch.h"
#include "io/db.h"
#include "tap.h"

static const struct stmt add = { "INSERT INTO booked (id) VALUES (?)", NULL };

struct sum {
	int64_t n;
};

static const struct stmt sum = {
	"SELECT COALESCE(SUM(id), 0) AS n FROM booked",
	(const struct col[]){ COL_INT(sum, n), { 0 } }
};

/* What is booked: id, or how it fails instead. */
struct thing {
	int64_t		 id;
	enum err	 e;
};

static int calls;

static enum err
book(struct cx *cx, void *arg, int64_t i)
{
	const struct thing *t = (const struct thing *)arg + i;
	int64_t n;

	calls++;
	return t->e != 0 ? fail(cx, t->e, "on purpose") :
	    db_run(cx, &add, &n, db_int(t->id));
}

static const char *
name(struct cx *cx, void *arg, int64_t i)
{
	return arena_printf(cx->arena, "thing %" PRId64,
	    ((const struct thing *)arg)[i].id);
}

static const struct {
	const char	*shows;
	struct thing	 t[3];
	enum err	 e;
	int64_t		 sum;		/* of the ids that are there after */
	int		 calls;
} rows[] = {
	{ "all go in one transaction", { { 1, 0 }, { 2, 0 }, { 4, 0 } }, 0,
	  7, 3 },
	{ "one that cannot be booked: the others are",
	  { { 1, 0 }, { 2, ERR_INTERNAL }, { 4, 0 } }, 0, 5, 2 + 3 },
	{ "one that is there already: the same",
	  { { 1, 0 }, { 1, 0 }, { 4, 0 } }, 0, 5, 2 + 3 },
	{ "the database is away: none, and all again later",
	  { { 1, 0 }, { 2, ERR_AWAY }, { 4, 0 } }, ERR_AWAY, 0, 2 },
};

int
main(void)
{
	char why[256];
	const struct conf *conf = conf_read(NULL, why);
	struct cx cx = { .arena = arena_new(), .conf = conf };
	struct sum s = { 0 };
	bool left;

	tap_needs_db();
	if (conf == NULL) {
		printf("not ok - settings: %s\n", why);
		return 1;
	}
	cx.db = db_new(conf, conf->db_name);
	is_int(db_script(&cx, "CREATE TABLE booked (id BIGINT PRIMARY KEY)"),
	    0, "a table: %s", cx.why);
	for (size_t i = 0; i < NELEM(rows); i++) {
		struct thing t[3] = { rows[i].t[0], rows[i].t[1],
		    rows[i].t[2] };

		cx_begin(&cx);
		db_begin(&cx);
		calls = 0;
		left = false;
		is_int(batch_book(&cx, &(struct batch){ t, 3, book, name, NULL,
		    "test", &left }), rows[i].e, "%s", rows[i].shows);
		is_int(calls, rows[i].calls, "in so many steps");
		is_int(left, rows[i].calls == 2 + 3, "it says whether"
		    " one is left");
		cx_begin(&cx);
		is_int(db_one_(&cx, &sum, &s, NULL, 0), 0, "a look");
		is_int(s.n, rows[i].sum, "what is booked");
		is_int(db_script(&cx, "DELETE FROM booked"), 0, "anew");
	}
	db_free(cx.db);
	conf_free(conf);
	arena_free(cx.arena);
	return tap_done();
}
