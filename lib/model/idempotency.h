/*
 * idempotency.h - the answers given under an Idempotency-Key.
 *
 * The row is written first in the transaction that does the work, so a twin
 * of the request waits for it, and a refused request leaves none.  For what
 * acts outside of the database the row is committed first, without an answer.
 */
#ifndef IDEMPOTENCY_H
#define IDEMPOTENCY_H

#include "io/db.h"
#include "io/seal.h"

#define IDEMPOTENCY_HOURS	72

struct idempotency {
	const char	*action, *idempotency_key;
	unsigned char	 request_hash[HASH_BYTES];
	unsigned char	 hash_before[HASH_BYTES]; /* as the release before made
						   * it; not stored */
	const char	*reply;
};

/* Of cx->merchant and its environment; ERR_DUPLICATE if the key is used. */
MUST_USE enum err idempotency_add(struct cx *, const struct idempotency *);

MUST_USE enum err idempotency_find(struct cx *, struct idempotency *);

MUST_USE enum err idempotency_set(struct cx *, const struct idempotency *);

/* For what is not one transaction: takes over the claim of the same request
 * (by either hash) that was never answered, when it is so old; *n is 0 if it is
 * not. */
MUST_USE enum err idempotency_take(struct cx *, const struct idempotency *,
    int64_t seconds, int64_t *n);

/* Makes a claim so many seconds old: the request was broken off, and may be
 * sent again. */
MUST_USE enum err idempotency_release(struct cx *, const struct idempotency *,
    int64_t seconds);

/* Forgets a claim: the request was refused. */
MUST_USE enum err idempotency_remove(struct cx *, const struct idempotency *);

/* Drops what is too old by our clock and by the database's, at most 1000
 * rows; *n is how many. */
MUST_USE enum err idempotency_drop(struct cx *, int64_t *n);

extern const struct stmt idempotency_stmts[];
extern const size_t idempotency_nstmts;

#endif
