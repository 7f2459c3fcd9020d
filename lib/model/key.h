/*
 * key.h - a merchant's API key, known only by its keyed hash.
 */
#ifndef KEY_H
#define KEY_H

#include "io/db.h"
#include "io/seal.h"

enum scope { SCOPE_FULL, SCOPE_READ };

struct key {
	int64_t		 id, merchant_id, scope;
	int64_t		 created_at, expires_at, revoked_at; /* 0: never */
	int64_t		 last_used_at;	/* to five minutes; 0: never */
	int64_t		 environment, half_up;	/* the merchant's, read along */
	const char	*name, *hint;	/* hint: its first characters */
};

/* Stores the hash of text; ERR_DUPLICATE if it is a key already. */
MUST_USE enum err key_add(struct cx *, const char *text, struct key *k);

/* The key that text is, if it is valid now; else ERR_NOT_FOUND. */
MUST_USE enum err key_find(struct cx *, const char *text, struct key *);

/* Notes that it was used now, if the last note is older than five minutes:
 * all requests of a merchant share the row. */
MUST_USE enum err key_used(struct cx *, const struct key *);

/* A merchant's keys: rows of struct key. */
MUST_USE enum err key_each(struct cx *, int64_t merchant, struct rows *);

/* A key by its id, valid or not; ERR_NOT_FOUND. */
MUST_USE enum err key_get(struct cx *, int64_t id, struct key *);

/* It ends then, if it does not end before; ERR_NOT_FOUND as key_revoke(). */
MUST_USE enum err key_end(struct cx *, int64_t id, int64_t at);

/* ERR_NOT_FOUND if it is no key, or was revoked before. */
MUST_USE enum err key_revoke(struct cx *, int64_t id);

extern const struct stmt key_stmts[];
extern const size_t key_nstmts;

#endif
