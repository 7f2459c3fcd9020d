/*
 * hello - the least a FastCGI program can do, on the same library, accept
 * loop and pool as the gateway: the ceiling that the gateway is measured
 * against.
 */
#include <string.h>

#include "api/program.h"
#include "io/fcgi.h"

static void
work(struct cx *cx)
{
	static const char answer[] = "Content-Type: application/json\r\n\r\n"
	    "{\"success\":true}\n";

	(void)cx;
	while (fcgi_accept()) {
		fcgi_write(answer, strlen(answer));
		fcgi_finish();
	}
}

int
main(int argc, char **argv)
{
	struct program p = { .name = "hello", .work = work };

	if (program_start(&p, argc, argv) == 0)
		return 1;
	return program_serve(&p);
}
