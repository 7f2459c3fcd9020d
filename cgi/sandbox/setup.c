#include "api/pool.h"
#include "flow/migrate.h"
#include "sandbox/counter.h"
#include "sandbox/grant.h"
#include "sandbox/ledger.h"
#include "sandbox/order.h"
#include "sandbox/setup.h"
#include "sandbox/trouble.h"

#define TRIES	30		/* a second apart */

extern const struct migration sandbox_migrations[];	/* schema/sandbox/ */

/* Says now, not at some request, that a statement does not fit the schema. */
static enum err
check_all(struct cx *cx)
{
	const struct {
		const struct stmt *stmts;
		size_t n;
	} all[] = {
		{ counter_stmts, counter_nstmts },
		{ grant_stmts, grant_nstmts },
		{ ledger_stmts, ledger_nstmts },
		{ order_stmts, order_nstmts },
		{ trouble_stmts, trouble_nstmts },
	};
	enum err e = 0;

	for (size_t i = 0; i < NELEM(all); i++)
		for (size_t j = 0; j < all[i].n && e == 0; j++)
			e = db_check(cx, &all[i].stmts[j]);
	return e;
}

static enum err
try(struct cx *cx)
{
	int done;
	enum err e;

	cx_begin(cx);
	db_begin(cx);
	if ((e = migrate(cx, sandbox_migrations, &done)) != 0 ||
	    (e = check_all(cx)) != 0 || (e = ledger_seed(cx)) != 0)
		return e;
	return counter_reset(cx);
}

enum err
setup_run(struct cx *cx)
{
	enum err e = try(cx);

	for (int i = 1; i < TRIES && e == ERR_AWAY; i++) {
		pool_sleep(1000);
		e = try(cx);
	}
	return e;
}
