/*
 * brake.h - who asks too often, counted by all processes of a program.
 *
 * Tables in shared memory, one for each kind, of counts in windows of time;
 * they are lost with the program, and nothing but a 429 depends on them.  Who
 * somebody is, is hashed with a seed of this start, so that nobody can make a
 * text that counts for another; two that fall on one place take turns: then a
 * limit is weaker, never stricter.
 */
#ifndef BRAKE_H
#define BRAKE_H

#include "base/cx.h"

enum brake_kind {
	BRAKE_KEY,		/* a merchant's key, by its id */
	BRAKE_TOKEN,		/* a session's token that there is */
	BRAKE_UNKNOWN,		/* keys and tokens that are none, by address */
	BRAKE_TEST,		/* a merchant's test messages */
	BRAKE__MAX
};

/* A window of so many seconds, and how many it has room for; 0: any. */
struct brake_limit {
	int64_t		seconds, max;
};

struct brake;

/* Before the processes are made; NULL (then nothing is limited) if the system
 * has no memory for it. */
struct brake	*brake_new(void);

/*
 * Counts more for who in the window that now is in.  ERR_LIMIT: that is over
 * the limit; cx->retry_after says when the window ends.  more may be 0, to
 * ask only.
 */
MUST_USE enum err brake(struct cx *, enum brake_kind, const char *who,
    struct brake_limit, int more);

/* An address as it is counted: of IPv6 its first 64 bits, which one customer
 * has all of (RFC 6177). */
const char	*brake_address(struct arena *, const char *address);

#endif
