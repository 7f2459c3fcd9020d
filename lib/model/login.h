/*
 * login.h - the tokens for the bank's API, sealed, one row an environment.
 *
 * A refresh changes both tokens at the bank, so only one process may do it:
 * it holds the row's lease while it talks to the bank, and stores the answer
 * only if the generation is still the one that it refreshed.
 */
#ifndef LOGIN_H
#define LOGIN_H

#include "io/db.h"
#include "io/seal.h"

struct login {
	int64_t		 environment;
	unsigned char	 code_hash[HASH_BYTES];	/* the settings' code tried */
	int64_t		 access_until, refresh_until; /* 0: not valid */
	int64_t		 generation;
	const char	*access_token, *refresh_token; /* sealed; "": none */
	const char	*last_error;
};

MUST_USE enum err login_find(struct cx *, int64_t environment, struct login *);

/* Adds an empty row, if there is none. */
MUST_USE enum err login_add(struct cx *, int64_t environment);

/* Takes the lease of this generation, by the database's clock; ERR_BUSY if
 * another has it. */
MUST_USE enum err login_lease(struct cx *, const struct login *);

/* Stores tokens, times and code_hash as the next generation, ends the lease;
 * ERR_CONFLICT if somebody else stored newer ones. */
MUST_USE enum err login_put(struct cx *, const struct login *);

/* Ends the lease of what failed, and stores code_hash; tokens_void: the bank
 * takes the refresh token no more. */
MUST_USE enum err login_fail(struct cx *, const struct login *,
    const char *why, bool tokens_void);

extern const struct stmt login_stmts[];
extern const size_t login_nstmts;

#endif
