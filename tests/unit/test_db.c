/*
 * test_db.c - rows come back as they went in, and a transaction is all or
 * nothing.  Runs beside a private MariaDB (tests/with-db).
 */
#include <stdlib.h>

#include "io/db.h"
#include "tap.h"

struct thing {
	int64_t		 id, n;
	const char	*name;
	unsigned char	 mark[4];
};

static const struct col cols[] = {
	COL_INT  (thing, id),
	COL_INT  (thing, n),
	COL_TEXT (thing, name),
	COL_BYTES(thing, mark),
	{ 0 }
};

static const struct stmt add = {
	"INSERT INTO thing (id, n, name, mark) VALUES (?, ?, ?, ?)", NULL
};
static const struct stmt find = {
	"SELECT id, n, name, mark FROM thing WHERE id = ?", cols
};
static const struct stmt each = {
	"SELECT id, n, name, mark FROM thing ORDER BY id", cols
};
static const struct stmt swapped = {
	"SELECT n, id, name, mark FROM thing WHERE id = ?", cols
};

static enum err
add_thing(struct cx *cx, int64_t id, const char *name)
{
	int64_t n;

	return db_run(cx, &add, &n, db_int(id), db_int(id * 10), db_text(name),
	    db_bytes("\0\1\2\xff", 4));
}

static int runs;

static enum err
two(struct cx *cx, void *arg)
{
	enum err e;

	if ((e = add_thing(cx, 10, "first")) != 0)
		return e;
	return ++runs <= *(int *)arg ? fail(cx, ERR_BUSY, "busy") :
	    add_thing(cx, 11, "second");
}

static void
test_tx(struct cx *cx)
{
	struct thing t = { 0 };
	int busy = 99;

	is_int(db_tx(cx, two, &busy), ERR_BUSY, "busy for ever: it gives up");
	is_int(runs, 5, "after five tries");
	is_int(db_one(cx, &find, &t, db_int(10)), ERR_NOT_FOUND,
	    "and nothing is half done");
	runs = 0;
	busy = 2;
	cx_begin(cx);
	is_int(db_tx(cx, two, &busy), 0, "busy twice: it repeats");
	is_int(db_one(cx, &find, &t, db_int(10)), 0, "and both rows are there");
	is_int(db_tx(cx, two, &busy), ERR_DUPLICATE, "a second time is refused");
}

/* Which of the hosts of a list answers, by the settings' own words. */
static void
test_hosts(struct cx *cx)
{
	static const struct {
		const char	*list, *shows;
		enum err	 e;
	} rows[] = {
		{ "127.0.0.1:", "a host and its port", 0 },
		{ "127.0.0.1:1, [::1]:1,127.0.0.1:", "the third of three,"
		    " the first two are dead", 0 },
		{ "no-such-host.invalid 127.0.0.1:", "a name that nobody"
		    " knows is passed by", 0 },
		{ "127.0.0.1:1,127.0.0.1:2", "all are dead", ERR_AWAY },
		{ "127.0.0.1:x", "a port that is none", ERR_AWAY },
	};
	struct conf cf = *cx->conf;
	struct thing t = { 0 };
	struct db *old = cx->db;

	for (size_t i = 0; i < NELEM(rows); i++) {
		cx_begin(cx);
		cf.db_host = arena_printf(cx->arena, "%s%s", rows[i].list,
		    rows[i].e == 0 ? getenv("DB_PORT") : "");
		cx->db = db_new(&cf, cf.db_name);
		is_int(db_one(cx, &find, &t, db_int(1)), rows[i].e, "%s: %s",
		    rows[i].shows, cx->why);
		db_free(cx->db);
	}
	cx->db = old;
}

static const struct stmt self = {
	"SELECT CONNECTION_ID() AS id",
	(const struct col[]){ COL_INT(thing, id), { 0 } }
};

/* Ends the connection of cx->db, from a connection of its own. */
static void
cut(struct cx *cx)
{
	struct db *mine = cx->db;
	struct thing t = { 0 };

	is_int(db_one_(cx, &self, &t, NULL, 0), 0, "a connection: %s", cx->why);
	cx->db = db_new(cx->conf, cx->conf->db_name);
	is_int(db_script(cx, arena_printf(cx->arena, "KILL %" PRId64, t.id)),
	    0, "it is ended: %s", cx->why);
	db_free(cx->db);
	cx->db = mine;
}

/* Is cut off at its first run. */
static enum err
one_cut(struct cx *cx, void *arg)
{
	if (++runs == 1)
		cut(cx);
	return add_thing(cx, *(int64_t *)arg, "cut");
}

/* A host is lost in the middle: what it certainly did not do is done by the
 * next, if there is one. */
static void
test_loss(struct cx *cx)
{
	static const enum err told[] = { ERR_AWAY, 0 };
	struct conf cf = *cx->conf;
	struct thing t = { 0 };
	struct db *old = cx->db;
	char hosts[64];

	for (int64_t n = 0; n < 2; n++) {
		int64_t id = 20 + n;

		snprintf(hosts, sizeof(hosts), "127.0.0.1:%s%s%s",
		    getenv("DB_PORT"), n == 0 ? "" : ",127.0.0.1:",
		    n == 0 ? "" : getenv("DB_PORT"));
		cf.db_host = hosts;
		cx->db = db_new(&cf, cf.db_name);
		cut(cx);
		is_int(db_one(cx, &find, &t, db_int(1)), told[n],
		    "%" PRId64 " hosts, a read: %s", n + 1, cx->why);
		cx_begin(cx);
		db_begin(cx);
		runs = 0;
		is_int(db_tx(cx, one_cut, &id), told[n], "a transaction");
		is_int(runs, n + 1, "its runs");
		cx_begin(cx);
		db_begin(cx);
		is_int(db_one(cx, &find, &t, db_int(id)), n == 0 ?
		    ERR_NOT_FOUND : 0, "its row");
		cx_begin(cx);
		cut(cx);
		is_int(add_thing(cx, 30, "who knows"), ERR_AWAY,
		    "a write alone is not repeated");
		db_free(cx->db);
		cx_begin(cx);
	}
	cx->db = old;
}

int
main(void)
{
	char why[256], longer[1001];
	const struct conf *conf = conf_read(NULL, why);
	struct cx cx = { .arena = arena_new(), .conf = conf };
	struct rows rows = { .size = sizeof(struct thing) };
	struct thing t = { 0 };

	tap_needs_db();
	if (conf == NULL) {
		printf("not ok - settings: %s\n", why);
		return 1;
	}
	cx.db = db_new(conf, conf->db_name);
	memset(longer, 'x', 1000);
	longer[1000] = '\0';

	is_int(db_script(&cx, "CREATE TABLE thing (id BIGINT PRIMARY KEY,"
	    " n BIGINT, name TEXT, mark BINARY(4))"), 0, "a table: %s", cx.why);
	is_int(db_check(&cx, &find), 0, "the columns are the struct's");
	is_int(db_check(&cx, &swapped), ERR_INTERNAL, "two swapped: refused");
	cx_begin(&cx);
	is_int(add_thing(&cx, 1, "Žemaitė"), 0, "a row");
	is_int(add_thing(&cx, 2, NULL), 0, "a row with NULL");
	is_int(add_thing(&cx, 3, longer), 0, "a row with a long text");
	is_int(add_thing(&cx, 1, "again"), ERR_DUPLICATE, "the same id");
	cx_begin(&cx);
	is_int(db_one(&cx, &find, &t, db_int(1)), 0, "found: %s", cx.why);
	is_str(t.name, "Žemaitė", "its text");
	is_int(t.n, 10, "its number");
	is_int(memcmp(t.mark, "\0\1\2\xff", 4), 0, "its bytes");
	is_int(db_many(&cx, &each, &rows, db_int(0)), ERR_INTERNAL,
	    "a value too many");
	cx_begin(&cx);
	is_int(db_many_(&cx, &each, &rows, NULL, 0), 0, "all: %s", cx.why);
	is_int((int64_t)rows.n, 3, "three rows");
	is_true(((const struct thing *)rows.row)[1].name == NULL, "NULL is NULL");
	is_str(((const struct thing *)rows.row)[2].name, longer, "1000 bytes");
	test_tx(&cx);
	test_hosts(&cx);
	test_loss(&cx);

	cx_begin(&cx);
	is_int(db_script(&cx, "KILL CONNECTION_ID()"), ERR_AWAY, "killed");
	is_int(db_one(&cx, &find, &t, db_int(1)), ERR_AWAY,
	    "the request that was hit fails");
	cx_begin(&cx);
	db_begin(&cx);
	is_int(db_one(&cx, &find, &t, db_int(1)), 0, "the next one reconnects");
	db_free(cx.db);
	conf_free(cx.conf);
	arena_free(cx.arena);
	return tap_done();
}
