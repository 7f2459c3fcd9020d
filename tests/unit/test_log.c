/*
 * test_log.c - how much of an address the log holds.
 */
#include "base/conf.h"
#include "base/cx.h"
#include "base/log.h"
#include "tap.h"

static const struct { const char *how, *address, *want; } rows[] = {
	{ "full", "192.0.2.77", "192.0.2.77" },
	{ "full", "2001:db8::1", "2001:db8::1" },
	{ "full", "", NULL },
	{ "/24", "192.0.2.77", "192.0.2.0" },
	{ "/24", "2001:db8:1:2:3:4:5:6", "2001:db8:1::" },
	{ "/24", "unix:", NULL },
	{ "off", "192.0.2.77", NULL },
	{ "a slip", "192.0.2.77", NULL },
};

int
main(void)
{
	struct conf conf = { .log_address = "" };
	struct cx cx = { .arena = arena_new(), .conf = &conf };

	for (size_t i = 0; i < NELEM(rows); i++) {
		conf.log_address = rows[i].how;
		is_str(log_address(&cx, rows[i].address), rows[i].want,
		    "%s of \"%s\"", rows[i].how, rows[i].address);
	}
	arena_free(cx.arena);
	return tap_done();
}
