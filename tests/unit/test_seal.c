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

/* What a file says is what a program makes of it. */
static const struct {
	const char	*text, *what;
	bool		 good;
} files[] = {
#define HEX	"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
	{ HEX "\n", "one line", true },
	{ HEX, "a line that does not end", true },
	{ HEX "\r\n", "a line as Windows ends it", true },
	{ HEX "\nlookup " HEX "\nnext " HEX "\nold " HEX "\n", "a whole ring", true },
	{ HEX "\nold " HEX "\nlookup " HEX "\n", "in another order", true },
	{ "", "nothing", false },
	{ "\n" HEX "\n", "an empty first line", false },
	{ "zz" HEX "\n", "something before it", false },
	{ HEX "00\n", "a digit more", false },
	{ HEX "\nold\n", "a word without a key", false },
	{ HEX "\nold " HEX "00\n", "a key too long", false },
	{ HEX "\nolder " HEX "\n", "an unknown word", false },
	{ HEX "\ncurrent " HEX "\n", "a current key twice", false },
};

static void
test_files(const char *path)
{
	char why[256];

	for (size_t i = 0; i < NELEM(files); i++) {
		FILE *f = fopen(path, "w");
		struct seal *s;

		if (f == NULL || fputs(files[i].text, f) < 0 ||
		    fclose(f) != 0)
			return;
		s = seal_open(path, why);
		is_true((s != NULL) == files[i].good, "%s: %s", files[i].what,
		    files[i].good ? "taken" : "refused");
		seal_close(s);
	}
}

/* Two programs, one of them dapit, while the key is replaced. */
static void
test_ring(const char *path)
{
	struct cx cx = { .arena = arena_new() };
	unsigned char a[HASH_BYTES], b[HASH_BYTES];
	char why[256], *first, *second, *third;
	const char *text = "", *mark;
	struct stat st;

	unlink(path);
	if (!seal_create(path, why) || chmod(path, 0400) != 0 ||
	    (cx.seal = seal_open(path, why)) == NULL) {
		is_true(false, "a key file: %s", why);
		return;
	}
	seal_hash(&cx, "mk_1", a);
	first = seal_shut(&cx, "one");
	mark = seal_mark(&cx, SEAL_CURRENT);
	is_int(seal_which(&cx, first), SEAL_CURRENT, "the current key seals");
	is_true(!seal_refresh(&cx), "the file is as it was");
	is_true(seal_change(path, SEAL_ADD, why), "a next key");
	is_true(!seal_change(path, SEAL_ADD, why), "not two: %s", why);
	second = seal_shut(&cx, "two");
	is_int(seal_which(&cx, second), SEAL_CURRENT, "it does not seal yet");
	is_true(seal_has(&cx, SEAL_NEXT), "but it is there");
	is_true(seal_change(path, SEAL_TURN, why), "it becomes the current");
	is_true(!seal_change(path, SEAL_TURN, why), "once: %s", why);
	third = seal_shut(&cx, "three");
	is_int(seal_which(&cx, third), SEAL_CURRENT, "and seals at once");
	is_int(seal_which(&cx, first), SEAL_OLD, "the old one opens");
	is_str(seal_mark(&cx, SEAL_OLD), mark, "by its mark it is that one");
	is_int(seal_anew(&cx, first, &text), 0, "sealed anew");
	is_int(seal_which(&cx, text), SEAL_CURRENT, "with the current one");
	is_true(seal_change(path, SEAL_DROP, why), "the old one goes");
	is_int(seal_read(&cx, second, &text), 0,
	    "who has it in memory still opens");
	(void)seal_refresh(&cx);
	is_int(seal_read(&cx, second, &text), ERR_INTERNAL, "then no more");
	is_int(seal_which(&cx, second), SEAL_KEYS, "no key does");
	is_int(seal_read(&cx, third, &text), 0, "the new one does");
	is_str(text, "three", "as it was");
	seal_hash(&cx, "mk_1", b);
	is_true(seal_same(a, b, sizeof(a)), "hashes are the same for ever");
	is_true(stat(path, &st) == 0 && (st.st_mode & 0777) == 0400,
	    "the file's mode is as it was");

	first = seal_shut(&cx, "four");
	is_true(seal_change(path, SEAL_TURN, why), "a new key without a next");
	chmod(path, 0644);
	third = seal_shut(&cx, "five");
	chmod(path, 0400);
	is_int(seal_which(&cx, third), SEAL_CURRENT,
	    "a file that is not fit is not taken");
	second = seal_shut(&cx, "six");
	is_int(seal_which(&cx, third), SEAL_OLD, "then it is");
	is_int(seal_which(&cx, second), SEAL_CURRENT, "and its key seals");
	seal_close(cx.seal);
	arena_free(cx.arena);
}

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

	test_files(other);
	test_ring(other);
	chmod(path, 0644);
	is_true(seal_open(path, why) == NULL, "readable by others: %s", why);
	unlink(path);
	unlink(other);
	rmdir(dir);
	arena_free(cx.arena);
	return tap_done();
}
