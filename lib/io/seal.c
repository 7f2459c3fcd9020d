#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sodium.h>

#include "base/log.h"
#include "io/keyfile.h"
#include "io/seal.h"

#define CONTEXT	"dapitkey"		/* of crypto_kdf: eight bytes */
#define KEY	KEY_BYTES

_Static_assert(KEY == crypto_secretbox_KEYBYTES &&
    KEY == crypto_kdf_KEYBYTES && KEY == crypto_generichash_KEYBYTES,
    "all keys are of one length");

/* What is made of it, in locked memory that is only read. */
struct ring {
	unsigned char	secret[SEAL_KEYS][KEY];
	unsigned char	lookup[KEY];
	bool		has[SEAL_KEYS];
	char		mark[SEAL_KEYS][SEAL_MARK];
};

/* The file may change as long as the process lives: seen is what it was. */
struct seal {
	struct ring	*ring;
	struct stat	 seen;
	char		 path[];
};

static struct ring *
derive(const struct keyfile *f)
{
	struct ring *r = sodium_malloc(sizeof(*r));
	unsigned char mark[crypto_kdf_BYTES_MIN];

	if (r == NULL)
		return NULL;
	memset(r, 0, sizeof(*r));
	for (int i = 0; i < SEAL_KEYS; i++) {
		if (!(r->has[i] = f->has[i]))
			continue;
		crypto_kdf_derive_from_key(r->secret[i], KEY, SEAL_SECRET,
		    CONTEXT, f->master[i]);
		crypto_kdf_derive_from_key(mark, sizeof(mark), SEAL_PRINT,
		    CONTEXT, f->master[i]);
		sodium_bin2hex(r->mark[i], SEAL_MARK, mark, SEAL_MARK / 2);
	}
	if (f->has_lookup)
		memcpy(r->lookup, f->lookup, KEY);
	else
		crypto_kdf_derive_from_key(r->lookup, KEY, SEAL_KEY_HASH,
		    CONTEXT, f->master[SEAL_CURRENT]);
	sodium_mprotect_readonly(r);
	return r;
}

static bool
load(struct seal *s, char *why)
{
	struct keyfile f;
	struct ring *r = NULL;

	if (keyfile_read(s->path, &f, &s->seen, why) &&
	    (r = derive(&f)) == NULL)
		snprintf(why, 256, "no locked memory: see ulimit -l");
	sodium_memzero(&f, sizeof(f));
	if (r == NULL)
		return false;
	sodium_free(s->ring);
	s->ring = r;
	return true;
}

struct seal *
seal_open(const char *path, char why[static 256])
{
	size_t n = strlen(path) + 1;
	struct seal *s = calloc(1, sizeof(*s) + n);

	if (s == NULL || sodium_init() < 0) {
		snprintf(why, 256, "no memory, or no random numbers");
		free(s);
		return NULL;
	}
	memcpy(s->path, path, n);
	if (load(s, why))
		return s;
	seal_close(s);
	return NULL;
}

void
seal_close(struct seal *s)
{
	if (s == NULL)
		return;
	sodium_free(s->ring);
	free(s);
}

/* A change of its time, owner or mode is one of ctime too. */
bool
seal_refresh(struct cx *cx)
{
	struct seal *s = cx->seal;
	char why[256];
	struct stat st;

	if (stat(s->path, &st) != 0 || (st.st_dev == s->seen.st_dev &&
	    st.st_ino == s->seen.st_ino &&
	    st.st_ctim.tv_sec == s->seen.st_ctim.tv_sec &&
	    st.st_ctim.tv_nsec == s->seen.st_ctim.tv_nsec))
		return false;
	if (load(s, why))
		return true;
	s->seen = st;			/* it is said once */
	log_say(cx, "secrets", "the keys read before stay: %s", why);
	return false;
}

bool
seal_has(const struct cx *cx, enum seal_key k)
{
	return cx->seal->ring->has[k];
}

const char *
seal_mark(const struct cx *cx, enum seal_key k)
{
	return arena_copy(cx->arena, cx->seal->ring->mark[k], SEAL_MARK - 1);
}

bool
seal_create(const char *path, char why[static 256])
{
	struct keyfile f = { .has = { [SEAL_CURRENT] = true } };
	bool good = sodium_init() >= 0;

	if (good) {
		crypto_kdf_keygen(f.master[SEAL_CURRENT]);
		good = keyfile_add(path, &f);
	}
	if (!good)
		snprintf(why, 256, "%s: %s", path, strerror(errno));
	sodium_memzero(&f, sizeof(f));
	return good;
}

/* The keys after a change; NULL, or what stands against it. */
static const char *
apply(struct keyfile *f, enum seal_change c)
{
	if (c == SEAL_DROP) {
		f->has[SEAL_OLD] = false;
		return NULL;
	}
	if (c == SEAL_ADD) {
		if (f->has[SEAL_NEXT])
			return "it has a next key already";
		crypto_kdf_keygen(f->master[SEAL_NEXT]);
		f->has[SEAL_NEXT] = true;
		return NULL;
	}
	if (f->has[SEAL_OLD])
		return "it has an old key: the last rotation is not finished";
	if (!f->has_lookup)
		crypto_kdf_derive_from_key(f->lookup, KEY, SEAL_KEY_HASH,
		    CONTEXT, f->master[SEAL_CURRENT]);
	memcpy(f->master[SEAL_OLD], f->master[SEAL_CURRENT], KEY);
	if (f->has[SEAL_NEXT])
		memcpy(f->master[SEAL_CURRENT], f->master[SEAL_NEXT], KEY);
	else
		crypto_kdf_keygen(f->master[SEAL_CURRENT]);
	f->has_lookup = f->has[SEAL_OLD] = true;
	f->has[SEAL_NEXT] = false;
	return NULL;
}

bool
seal_change(const char *path, enum seal_change c, char why[static 256])
{
	const char *against;
	struct keyfile f;
	struct stat st;
	bool good = false;

	if (sodium_init() < 0 || !keyfile_read(path, &f, &st, why))
		return false;
	if ((against = apply(&f, c)) != NULL)
		snprintf(why, 256, "%s: %s", path, against);
	else if (!(good = keyfile_replace(path, &f, &st)))
		snprintf(why, 256, "%s: cannot be replaced: %s", path,
		    strerror(errno));
	sodium_memzero(&f, sizeof(f));
	return good;
}

void
seal_random(void *out, size_t n)
{
	randombytes_buf(out, n);
}

_Static_assert(SEAL_SEED == crypto_shorthash_KEYBYTES, "libsodium's key");

uint64_t
seal_short(const unsigned char seed[static SEAL_SEED], const char *text)
{
	unsigned char hash[crypto_shorthash_BYTES];
	uint64_t mark = 0;

	crypto_shorthash(hash, (const unsigned char *)text, strlen(text), seed);
	memcpy(&mark, hash, sizeof(mark));
	return mark;
}

void
seal_wipe(void *secret, size_t n)
{
	sodium_memzero(secret, n);
}

void
seal_hash(struct cx *cx, const char *text, unsigned char
    out[static HASH_BYTES])
{
	crypto_generichash(out, HASH_BYTES, (const unsigned char *)text,
	    strlen(text), cx->seal->ring->lookup, KEY);
}

void
seal_digest(unsigned char out[static HASH_BYTES], ...)
{
	crypto_generichash_state state;
	const char *text;
	va_list ap;

	crypto_generichash_init(&state, NULL, 0, HASH_BYTES);
	va_start(ap, out);
	while ((text = va_arg(ap, const char *)) != NULL)
		crypto_generichash_update(&state, (const unsigned char *)text,
		    strlen(text) + 1);
	va_end(ap);
	crypto_generichash_final(&state, out, HASH_BYTES);
}

bool
seal_same(const void *a, const void *b, size_t n)
{
	return sodium_memcmp(a, b, n) == 0;
}

/* Base64 of the nonce, then the box. */
char *
seal_shut(struct cx *cx, const char *text)
{
	size_t n = strlen(text);
	unsigned char *box = arena_alloc(cx->arena, n + SEAL_EXTRA);

	(void)seal_refresh(cx);
	randombytes_buf(box, crypto_secretbox_NONCEBYTES);
	crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES,
	    (const unsigned char *)text, n, box,
	    cx->seal->ring->secret[SEAL_CURRENT]);
	return seal_base64(cx->arena, box, n + SEAL_EXTRA);
}

/* Which key opens the box; SEAL_KEYS: none. */
static enum seal_key
try_keys(const struct ring *r, unsigned char *plain, const unsigned char *box,
    size_t len)
{
	for (int i = 0; i < SEAL_KEYS; i++)
		if (r->has[i] && crypto_secretbox_open_easy(plain,
		    box + crypto_secretbox_NONCEBYTES,
		    len - crypto_secretbox_NONCEBYTES, box,
		    r->secret[i]) == 0)
			return (enum seal_key)i;
	return SEAL_KEYS;
}

/* If no key opens it, there may be others in the file by now. */
static enum seal_key
open_box(struct cx *cx, const char *sealed, unsigned char **plain, size_t *n)
{
	const unsigned char *box;
	enum seal_key k;
	size_t len = 0;

	box = seal_unbase64(cx->arena, sealed, &len);
	if (box == NULL || len < SEAL_EXTRA)
		return SEAL_KEYS;
	*n = len - SEAL_EXTRA;
	*plain = arena_alloc(cx->arena, *n + 1);
	k = try_keys(cx->seal->ring, *plain, box, len);
	if (k == SEAL_KEYS && seal_refresh(cx))
		k = try_keys(cx->seal->ring, *plain, box, len);
	return k;
}

enum err
seal_read(struct cx *cx, const char *sealed, const char **text)
{
	unsigned char *plain;
	size_t n;

	if (open_box(cx, sealed, &plain, &n) == SEAL_KEYS)
		return fail(cx, ERR_INTERNAL, "a sealed secret does not open:"
		    " is it another master key?");
	*text = (const char *)plain;
	return 0;
}

enum seal_key
seal_which(struct cx *cx, const char *sealed)
{
	unsigned char *plain = NULL;
	size_t n = 0;
	enum seal_key k = open_box(cx, sealed, &plain, &n);

	if (plain != NULL)
		sodium_memzero(plain, n);
	return k;
}

enum err
seal_anew(struct cx *cx, const char *sealed, const char **anew)
{
	unsigned char *plain = NULL;
	size_t n = 0;

	if (open_box(cx, sealed, &plain, &n) == SEAL_KEYS)
		return fail(cx, ERR_INTERNAL, "a sealed secret does not open");
	*anew = seal_shut(cx, (const char *)plain);
	sodium_memzero(plain, n);
	return 0;
}

char *
seal_base64(struct arena *a, const void *bytes, size_t n)
{
	size_t room = sodium_base64_ENCODED_LEN(n,
	    sodium_base64_VARIANT_ORIGINAL);

	return sodium_bin2base64(arena_alloc(a, room), room, bytes, n,
	    sodium_base64_VARIANT_ORIGINAL);
}

unsigned char *
seal_unbase64(struct arena *a, const char *text, size_t *len)
{
	size_t n = strlen(text);
	unsigned char *out = arena_alloc(a, n + 1);

	return sodium_base642bin(out, n, text, n, NULL, len, NULL,
	    sodium_base64_VARIANT_ORIGINAL) == 0 ? out : NULL;
}

char *
seal_sign(struct arena *a, const void *key, size_t keylen, const char *text,
    size_t len)
{
	crypto_auth_hmacsha256_state state;
	unsigned char mac[crypto_auth_hmacsha256_BYTES];

	crypto_auth_hmacsha256_init(&state, key, keylen);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)text, len);
	crypto_auth_hmacsha256_final(&state, mac);
	return seal_base64(a, mac, sizeof(mac));
}
