/*
 * test_seal.c - secrets open only with the key that shut them, and webhooks
 * are signed as the Standard Webhooks specification says.
 */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/seal.h"
#include "tap.h"

/* The test vector is from the specification's scheme, computed by hand. */
static const char body[] = "evt_01JZ0000000000000000000000.1768471207."
    "{\"type\":\"payment.confirmed\",\"timestamp\":\"2026-01-15T10:00:07Z\","
    "\"data\":{\"session_id\":\"cs_123\",\"amount_cents\":4999,"
    "\"currency\":\"EUR\"}}";

int
main(void)
{
	char dir[] = "/tmp/dapit-seal-XXXXXX", path[64], other[64], why[256];
	struct cx cx = { .arena = arena_new() };
	unsigned char a[HASH_BYTES], b[HASH_BYTES], *key;
	char *box, was;
	const char *text = "";
	size_t n;

	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/a", dir);
	snprintf(other, sizeof(other), "%s/b", dir);
	is_true(seal_create(path, why), "a master key is made");
	is_true(!seal_create(path, why), "and never overwritten: %s", why);
	is_true(seal_create(other, why), "another one");
	is_true((cx.seal = seal_open(path, why)) != NULL, "it opens");

	box = seal_shut(&cx, "whsec_secret");
	is_int(seal_read(&cx, box, &text), 0, "a secret comes back");
	is_str(text, "whsec_secret", "as it was");
	was = box[40];
	box[40] = was == 'A' ? 'B' : 'A';
	is_int(seal_read(&cx, box, &text), ERR_INTERNAL, "changed: refused");
	box[40] = was;
	seal_hash(&cx, "mk_1", a);
	seal_hash(&cx, "mk_1", b);
	is_true(seal_same(a, b, sizeof(a)), "a key has one hash");
	seal_close(cx.seal);
	cx.seal = seal_open(other, why);
	is_int(seal_read(&cx, box, &text), ERR_INTERNAL, "another key: refused");
	seal_hash(&cx, "mk_1", b);
	is_true(!seal_same(a, b, sizeof(a)), "and another hash");
	seal_close(cx.seal);

	seal_digest(a, "ab", "c", (char *)NULL);
	seal_digest(b, "a", "bc", (char *)NULL);
	is_true(!seal_same(a, b, sizeof(a)), "where a text ends counts");

	key = seal_unbase64(cx.arena,
	    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", &n);
	is_int((int64_t)n, 32, "the secret's bytes");
	is_str(seal_sign(cx.arena, key, n, body, sizeof(body) - 1),
	    "oINh4G6ixF7GX6CzGlqbCgKBAQSVNbNosg0uctkY6DQ=",
	    "the signature of the test vector");
	is_true(seal_unbase64(cx.arena, "!", &n) == NULL, "not base64");

	chmod(path, 0644);
	is_true(seal_open(path, why) == NULL, "readable by others: %s", why);
	unlink(path);
	unlink(other);
	rmdir(dir);
	arena_free(cx.arena);
	return tap_done();
}
