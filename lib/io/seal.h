/*
 * seal.h - keys, secrets and randomness.  The only file that knows libsodium.
 *
 * One master key (a file of 64 hex digits, mode 0600) gives a key for each
 * purpose.  It lives in locked memory, never in an arena, and is wiped.
 */
#ifndef SEAL_H
#define SEAL_H

#include "base/cx.h"

#define HASH_BYTES	32
#define SEAL_EXTRA	40		/* bytes added, before base64 */

enum purpose { SEAL_SECRET = 1, SEAL_KEY_HASH = 2 };

struct seal;

/* Reads the master key; NULL, and why, when it cannot be read. */
struct seal	*seal_open(const char *path, char why[static 256]);
void		 seal_close(struct seal *);

/* Makes a master key file; false, and why, if there is one already. */
bool	seal_create(const char *path, char why[static 256]);

/* Random bytes from the kernel; usable without a key. */
void	seal_random(void *, size_t);

/* A keyed hash for looking up keys (BLAKE2b). */
void	seal_hash(struct cx *, const char *text, unsigned char
	    out[static HASH_BYTES]);

/* A hash without a key, of several texts (ended by NULL), each bounded. */
void	seal_digest(unsigned char out[static HASH_BYTES], ...);

/* Are two secrets of n bytes equal?  Takes as long either way. */
bool	seal_same(const void *, const void *, size_t n);

/* Seals a text; the result is base64. */
char	*seal_shut(struct cx *, const char *text);

/* Opens what seal_shut made; ERR_INTERNAL if it was changed. */
MUST_USE enum err seal_read(struct cx *, const char *sealed,
    const char **text);

/* HMAC-SHA256 as base64, for Standard Webhooks. */
char   *seal_sign(struct arena *, const void *key, size_t keylen,
	    const char *text, size_t len);

char   *seal_base64(struct arena *, const void *, size_t);

/* Reads base64; NULL if it is not. */
unsigned char *seal_unbase64(struct arena *, const char *, size_t *len);

#endif
