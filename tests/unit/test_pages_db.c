/*
 * test_pages_db.c - what a reader remembers of the statement's pages, and when
 * it looks again.  Runs beside a private MariaDB (tests/with-db).
 */
#include <string.h>

#include "base/conf.h"
#include "flow/pages.h"
#include "io/db.h"
#include "tap.h"

#define HOUR	3600

static const struct page seen = { .entries = 7, .day = 20000,
	.mark = "0123456789abcdef0123456789abcdef" };

/* What happens after the page {"n":1} of account 1 was noted; is it known? */
static const struct {
	const char	*shows, *text;
	size_t		 len;		/* 0: all of the text */
	int64_t		 account, later;
	enum { NOTHING, FORGET, NEW_CONNECTION } event;
	bool		 known;
} rows[] = {
	{ "the same bytes", "{\"n\":1}", 0, 1, 0, NOTHING, true },
	{ "a byte more", "{\"n\":1} ", 0, 1, 0, NOTHING, false },
	{ "another number", "{\"n\":2}", 0, 1, 0, NOTHING, false },
	{ "another account", "{\"n\":1}", 0, 2, 0, NOTHING, false },
	{ "with a NUL byte and more behind it", "{\"n\":1}\0x", 9, 1, 0,
	  NOTHING, false },
	{ "nothing", "", 0, 1, 0, NOTHING, false },
	{ "a second before an hour", "{\"n\":1}", 0, 1, HOUR - 1, NOTHING,
	  true },
	{ "an hour later", "{\"n\":1}", 0, 1, HOUR, NOTHING, false },
	{ "the clock went back", "{\"n\":1}", 0, 1, -10, NOTHING, false },
	{ "a deep read", "{\"n\":1}", 0, 1, 0, FORGET, false },
	{ "another connection to the database", "{\"n\":1}", 0, 1, 0,
	  NEW_CONNECTION, false },
};

static struct out
answer(const char *text, size_t len)
{
	return (struct out){ .text = (char *)(uintptr_t)text,
	    .len = len == 0 ? strlen(text) : len };
}

static void
connect(struct cx *cx)
{
	if (db_script(cx, "DO 1") != 0)
		printf("not ok - no connection: %s\n", cx->why);
}

int
main(void)
{
	char why[256];
	const struct conf *conf = conf_read(NULL, why);
	struct cx cx = { .arena = arena_new(), .conf = conf };
	struct page got;
	struct out page = answer("{\"n\":1}", 0), other;

	tap_needs_db();
	if (conf == NULL) {
		printf("not ok - settings: %s\n", why);
		return 1;
	}
	cx.db = db_new(conf, conf->db_name);
	cx_tick(&cx);
	is_true(!pages_known(&cx, 1, &page, &got), "who does not remember");
	pages_note(&cx, 1, &page, &seen);
	is_true(!pages_known(&cx, 1, &page, &got), "never knows");
	for (size_t i = 0; i < NELEM(rows); i++) {
		connect(&cx);
		cx.pages = pages_new();
		pages_forget(&cx);
		pages_note(&cx, 1, &page, &seen);
		if (rows[i].event == FORGET)
			pages_forget(&cx);
		if (rows[i].event == NEW_CONNECTION) {
			(void)!db_script(&cx, "KILL CONNECTION_ID()");
			fail_clear(&cx);
			db_begin(&cx);
			connect(&cx);
		}
		cx.now += rows[i].later;
		other = answer(rows[i].text, rows[i].len);
		got = (struct page){ 0 };
		is_true(pages_known(&cx, rows[i].account, &other, &got) ==
		    rows[i].known, "%s: %s", rows[i].shows, rows[i].known ?
		    "known" : "looked at");
		is_true(!rows[i].known || memcmp(&got, &seen, sizeof(got)) ==
		    0, "%s: as it was noted", rows[i].shows);
		cx.now -= rows[i].later;
		pages_free(cx.pages);
		cx.pages = NULL;
	}
	db_free(cx.db);
	conf_free(conf);
	arena_free(cx.arena);
	return tap_done();
}
