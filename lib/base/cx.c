#include <time.h>

#include "base/conf.h"
#include "base/cx.h"

void
cx_tick(struct cx *cx)
{
	cx->now = (int64_t)time(NULL) +
	    (cx->conf == NULL ? 0 : cx->conf->clock_offset);
}

void
cx_begin(struct cx *cx)
{
	arena_reset(cx->arena);
	fail_clear(cx);
	cx_tick(cx);
	cx->merchant = 0;
	cx->key = 0;
	cx->environment = STAGING;
}
