/*
 * sandbox.fcgi - the sandbox bank: ConnectPay's API as far as the gateway
 * uses it, without a real bank and without real money.  GET
 * /sandbox/simulate/ lists what can be asked.
 */
#include "api/program.h"
#include "base/log.h"
#include "io/db.h"
#include "io/fcgi.h"
#include "sandbox/route.h"
#include "sandbox/setup.h"

static void
work(struct cx *cx)
{
	while (fcgi_accept()) {
		cx_begin(cx);
		db_begin(cx);
		route_answer(cx);
	}
}

/* In the parent, once; its connection is gone before there are children. */
static bool
set_up(struct program *p)
{
	struct cx cx;
	enum err e;

	if (!program_open(p, &cx))
		return false;
	if ((e = setup_run(&cx)) != 0)
		log_say(&cx, "sandbox", "not ready: %s", cx.why);
	program_close(&cx);
	return e == 0;
}

int
main(int argc, char **argv)
{
	struct program p = { .name = "sandbox", .work = work,
	    .processes = 16 };

	if (program_start(&p, argc, argv) == 0)
		return 1;
	p.db_name = p.conf->sandbox_name;
	if (!set_up(&p))
		return 1;
	return program_serve(&p);
}
