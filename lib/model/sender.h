/*
 * sender.h - how much may still be sent with whose credentials.
 *
 * A bucket of tokens holds a day's messages and fills evenly.  A server that
 * says "enough", or credentials that do not work, park the sender for a time.
 */
#ifndef SENDER_H
#define SENDER_H

#include "io/db.h"

/*
 * Takes up to want messages from the bucket, in the open transaction; *got is
 * how many.  per_day 0: no limit, and no row.
 */
MUST_USE enum err sender_take(struct cx *, int64_t merchant_id,
    int64_t channel, int64_t per_day, int64_t want, int64_t *got);

/* Puts back what was taken and is not used. */
MUST_USE enum err sender_give(struct cx *, int64_t merchant_id,
    int64_t channel, int64_t n);

struct sender {
	int64_t		 channel, parked_until;
	const char	*reason;
};

/* A merchant's own logins that are parked: rows of struct sender. */
MUST_USE enum err sender_parked(struct cx *, int64_t merchant_id,
    struct rows *);

/* Sends nothing until then. */
MUST_USE enum err sender_park(struct cx *, int64_t merchant_id,
    int64_t channel, int64_t until, const char *reason);

/* Its credentials were changed: it may try at once. */
MUST_USE enum err sender_free(struct cx *, int64_t merchant_id);

extern const struct stmt sender_stmts[];
extern const size_t sender_nstmts;

#endif
