/*
 * seal.h - keys, secrets and randomness.  The only file that knows libsodium.
 *
 * One master key (a file of 64 hex digits, mode 0600) gives a key for each
 * purpose.  It lives in locked memory, never in an arena, and is wiped.
 *
 * While the master key is replaced the file is a small ring: behind the first
 * line, which is the current key, "next HEX" is one that opens but does not
 * seal yet, "old HEX" one that only opens still, and "lookup HEX" the key of
 * the hashes since before the first replacement: what is stored as a hash
 * cannot be hashed anew.  A program looks at the file before it seals, and
 * when nothing it has opens: none needs to be started anew.
 */
#ifndef SEAL_H
#define SEAL_H

#include "base/cx.h"

#define HASH_BYTES	32
#define SEAL_EXTRA	40		/* bytes added, before base64 */

#define SEAL_MARK	9		/* bytes of a mark: 8 hex digits */

enum purpose { SEAL_SECRET = 1, SEAL_KEY_HASH = 2, SEAL_PRINT = 3 };

/* The keys of the file; SEAL_KEYS: none of them. */
enum seal_key { SEAL_CURRENT, SEAL_NEXT, SEAL_OLD, SEAL_KEYS };

/*
 * How the file changes: a next key is added; the next one, or a new one,
 * becomes the current, which becomes the old; the old one goes.
 */
enum seal_change { SEAL_ADD, SEAL_TURN, SEAL_DROP };

struct seal;

/* Reads the master key; NULL, and why, when it cannot be read. */
struct seal	*seal_open(const char *path, char why[static 256]);
void		 seal_close(struct seal *);

/* Makes a master key file; false, and why, if there is one already. */
bool	seal_create(const char *path, char why[static 256]);

/*
 * Changes it, all or nothing, also when killed: another file of the same
 * owner and mode takes its place.  False, and why.
 */
bool	seal_change(const char *path, enum seal_change, char why[static 256]);

/* Reads the file again if it is another than before; was it? */
bool	seal_refresh(struct cx *);

/* Does the file have this key?  Its mark tells it from others, and no more. */
bool		 seal_has(const struct cx *, enum seal_key);
const char	*seal_mark(const struct cx *, enum seal_key);

void	seal_wipe(void *, size_t);

/* A short keyed hash (SipHash-2-4) by a random seed: who does not know that
 * cannot make two texts with one mark. */
#define SEAL_SEED	16
uint64_t seal_short(const unsigned char seed[static SEAL_SEED], const char *);

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

/* Which key opens it. */
enum seal_key	seal_which(struct cx *, const char *sealed);

/* The same secret, sealed with the current key. */
MUST_USE enum err seal_anew(struct cx *, const char *sealed,
    const char **anew);

/* HMAC-SHA256 as base64, for Standard Webhooks. */
char   *seal_sign(struct arena *, const void *key, size_t keylen,
	    const char *text, size_t len);

char   *seal_base64(struct arena *, const void *, size_t);

/* Reads base64; NULL if it is not. */
unsigned char *seal_unbase64(struct arena *, const char *, size_t *len);

#endif
