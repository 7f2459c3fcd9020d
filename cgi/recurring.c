/*
 * recurring.fcgi - recurring billing.  Not there yet: every request is told
 * so, with status 501.
 */
#include <stdio.h>
#include <string.h>

#include "api/describe.h"
#include "api/program.h"
#include "io/fcgi.h"

static const char answer[] =
    "Status: 501 Not Implemented\r\n"
    "Content-Type: application/json; charset=utf-8\r\n"
    "Cache-Control: no-store\r\n\r\n"
    "{\"success\":false,\"error\":\"This part of the service is not there"
    " yet.\",\"code\":\"not_implemented\"}\n";

static void
work(struct cx *cx)
{
	(void)cx;
	while (fcgi_accept()) {
		fcgi_write(answer, strlen(answer));
		fcgi_finish();
	}
}

/* No action yet, and nothing is told. */
static const struct action actions[] = { { 0 } };
static const struct told_as events[] = { { 0 } };
static const struct service service = {
	.title = "Recurring Billing API", .path = "/api/recurring.php",
	.doc = "Payment reminders, cycle after cycle. Not there yet: every"
	    " request is answered with status 501.",
	.actions = actions, .events = events, .statuses = events,
};

int
main(int argc, char **argv)
{
	struct program p = { .name = "recurring", .work = work,
	    .processes = 4 };

	if (argc == 2 && strcmp(argv[1], "--describe") == 0)
		return fputs(describe(arena_new(), &service), stdout) < 0;
	if (program_start(&p, argc, argv) == 0)
		return 1;
	return program_serve(&p);
}
