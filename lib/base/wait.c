#include "base/wait.h"

static const int64_t longest[WAIT__MAX] = {
#define W(name, seconds, table, column, where, what) [WAIT_##name] = seconds,
	WAITS(W)
#undef W
};

int64_t
wait_longest(enum wait w)
{
	return longest[w];
}

bool
wait_holds(enum wait w, int64_t until, int64_t now)
{
	return until > now && until <= now + longest[w];
}

int64_t
wait_until(enum wait w, int64_t seconds, int64_t now)
{
	return now + (seconds < longest[w] ? seconds : longest[w]);
}

int64_t
wait_done(enum wait w, int64_t at, int64_t now)
{
	return at <= now + longest[w] ? at : 0;
}
