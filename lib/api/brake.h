/*
 * brake.h - who asks too often, counted by all processes of a program.
 *
 * A table in shared memory, of counts in windows of time; it is lost with the
 * program, and nothing but a 429 depends on it.  Two that fall on one place
 * take turns: then a limit is weaker, never stricter.
 */
#ifndef BRAKE_H
#define BRAKE_H

#include "base/base.h"

struct brake;

/* Before the processes are made; NULL (then nothing is limited) if the system
 * has no memory for it. */
struct brake	*brake_new(void);

/*
 * Counts more for what text is (kind: "token", "key", ...) in the window of
 * so many seconds that now is in, and says whether that is over max.  A max
 * of 0 is no limit; more may be 0, to ask only.
 */
bool	brake_over(struct brake *, const char *kind, const char *text,
	    int64_t now, int64_t seconds, int64_t max, int more);

#endif
