/*
 * test_sender_db.c - a day's messages come out of a bucket that fills evenly.
 */
#include "flow/migrate.h"
#include "model/sender.h"
#include "tap.h"

#define NOW	INT64_C(1774911912)
#define DAY	86400

static struct cx cx;

/* One after the other, with the same login. */
static const struct {
	int64_t		 passed;	/* seconds since the one before */
	int64_t		 want, got;
	const char	*about;
} takes[] = {
	{ 0,	    16,	 16,  "a new login may send at once" },
	{ 0,	    1000, 384, "but no more than a day's" },
	{ 0,	    16,	 0,   "then nothing" },
	{ 215,	    16,	 0,   "nor in the next minutes" },
	{ 2,	    16,	 1,   "one comes in every 216 seconds" },
	{ 3600,	    16,	 16,  "some in an hour" },
	{ 12 * 3600, 1000, 200, "half of them in half a day" },
	{ 30 * DAY, 1000, 400, "a month's rest fills it once only" },
};

static void
begin(int64_t now)
{
	cx_begin(&cx);
	db_begin(&cx);
	cx.now = now;
}

static enum err
give(struct cx *c, void *arg)
{
	const int64_t *n = arg;
	int64_t got;
	enum err e = sender_take(c, 7, 0, 400, *n, &got);

	return e == 0 ? sender_give(c, 7, 0, got) : e;
}

int
main(void)
{
	char why[256];
	int64_t now = NOW, got = 0, n = 5;
	int done = 0;

	tap_needs_db();
	cx.arena = arena_new();
	if ((cx.conf = conf_read(NULL, why)) == NULL)
		return 1;
	cx.db = db_new(cx.conf, cx.conf->db_name);
	begin(now);
	is_int(migrate(&cx, migrations, &done), 0, "migrated: %s", cx.why);
	for (size_t i = 0; i < NELEM(takes); i++) {
		begin(now += takes[i].passed);
		is_int(sender_take(&cx, 7, 0, 400, takes[i].want, &got), 0,
		    "%" PRId64 " are asked for", takes[i].want);
		is_int(got, takes[i].got, "%s", takes[i].about);
	}
	begin(now += DAY);
	is_int(db_tx(&cx, give, &n), 0, "what is put back");
	is_int(sender_take(&cx, 7, 0, 400, 1000, &got), 0, "can be taken");
	is_int(got, 400, "again");
	is_int(sender_take(&cx, 8, 0, 400, 3, &got), 0, "another login");
	is_int(got, 3, "has a bucket of its own");
	is_int(sender_take(&cx, 9, 0, 0, 5000, &got), 0, "without a limit");
	is_int(got, 5000, "any number");
	db_free(cx.db);
	conf_free(cx.conf);
	return tap_done();
}
