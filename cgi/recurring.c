/*
 * recurring.fcgi - recurring billing.  Not there yet: every request is told
 * so, with status 501.
 */
#include <string.h>

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

int
main(int argc, char **argv)
{
	struct program p = { .name = "recurring", .work = work,
	    .processes = 4 };

	if (program_start(&p, argc, argv) == 0)
		return 1;
	return program_serve(&p);
}
