#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/str.h"
#include "io/seal.h"

#define CONTEXT	"dapitkey"		/* of crypto_kdf: eight bytes */

struct seal {
	unsigned char	secret[crypto_secretbox_KEYBYTES];
	unsigned char	lookup[crypto_generichash_KEYBYTES];
};

void
seal_random(void *out, size_t n)
{
	randombytes_buf(out, n);
}

static struct seal *
derive(const unsigned char *master)
{
	struct seal *s = sodium_malloc(sizeof(*s));

	if (s == NULL)
		return NULL;
	crypto_kdf_derive_from_key(s->secret, sizeof(s->secret), SEAL_SECRET,
	    CONTEXT, master);
	crypto_kdf_derive_from_key(s->lookup, sizeof(s->lookup), SEAL_KEY_HASH,
	    CONTEXT, master);
	sodium_mprotect_readonly(s);
	return s;
}

struct seal *
seal_open(const char *path, char why[static 256])
{
	unsigned char master[crypto_kdf_KEYBYTES];
	char hex[2 * sizeof(master) + 1] = "";
	struct seal *s = NULL;
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (sodium_init() < 0 || fd < 0 || fstat(fd, &st) != 0)
		snprintf(why, 256, "%s: %s", path, strerror(errno));
	else if ((st.st_mode & 077) != 0)
		snprintf(why, 256, "%s: others may read it; chmod 600", path);
	else if (read(fd, hex, sizeof(hex) - 1) != sizeof(hex) - 1 ||
	    !str_unhex(hex, master, sizeof(master)))
		snprintf(why, 256, "%s: not 64 hex digits", path);
	else
		s = derive(master);
	if (fd >= 0)
		close(fd);
	sodium_memzero(master, sizeof(master));
	sodium_memzero(hex, sizeof(hex));
	return s;
}

void
seal_close(struct seal *s)
{
	sodium_free(s);
}

bool
seal_create(const char *path, char why[static 256])
{
	unsigned char master[crypto_kdf_KEYBYTES];
	char hex[2 * sizeof(master) + 1];
	bool good;
	int fd;

	if (sodium_init() < 0 ||
	    (fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	    0600)) < 0) {
		snprintf(why, 256, "%s: %s", path, strerror(errno));
		return false;
	}
	crypto_kdf_keygen(master);
	sodium_bin2hex(hex, sizeof(hex), master, sizeof(master));
	hex[sizeof(hex) - 1] = '\n';
	good = write(fd, hex, sizeof(hex)) == sizeof(hex) && fsync(fd) == 0;
	if (!good)
		snprintf(why, 256, "%s: %s", path, strerror(errno));
	close(fd);
	sodium_memzero(master, sizeof(master));
	sodium_memzero(hex, sizeof(hex));
	return good;
}

void
seal_hash(struct cx *cx, const char *text, unsigned char
    out[static HASH_BYTES])
{
	crypto_generichash(out, HASH_BYTES, (const unsigned char *)text,
	    strlen(text), cx->seal->lookup, sizeof(cx->seal->lookup));
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

	randombytes_buf(box, crypto_secretbox_NONCEBYTES);
	crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES,
	    (const unsigned char *)text, n, box, cx->seal->secret);
	return seal_base64(cx->arena, box, n + SEAL_EXTRA);
}

enum err
seal_read(struct cx *cx, const char *sealed, const char **text)
{
	const unsigned char *box;
	unsigned char *plain;
	size_t len = 0;

	box = seal_unbase64(cx->arena, sealed, &len);
	if (box == NULL || len < SEAL_EXTRA)
		return fail(cx, ERR_INTERNAL, "a sealed secret is too short");
	plain = arena_alloc(cx->arena, len - SEAL_EXTRA + 1);
	if (crypto_secretbox_open_easy(plain,
	    box + crypto_secretbox_NONCEBYTES,
	    len - crypto_secretbox_NONCEBYTES, box, cx->seal->secret) != 0)
		return fail(cx, ERR_INTERNAL, "a sealed secret does not open:"
		    " is it another master key?");
	*text = (const char *)plain;
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
