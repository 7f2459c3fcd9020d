/*
 * fuzz_reference.c - references in what people write to their bank.  What is
 * found stands there, and what stands there is found.
 */
#include <ctype.h>

#include "base/reference.h"
#include "fuzz.h"

#define LEN	(REFERENCE_KEY - 1)

/* The key, another way: character by character from a table. */
static char *
plain_key(struct arena *a, const char *text)
{
	char *key = arena_alloc(a, strlen(text) + 1), *to = key;

	for (; *text != '\0'; text++) {
		int c = toupper((unsigned char)*text);

		if (isalnum(c))
			*to++ = (char)(c == 'O' ? '0' : c == 'I' || c == 'L' ?
			    '1' : c);
	}
	return key;
}

/* How many there are, and that each is one. */
static size_t
count(const char *key)
{
	char found[REFERENCE_KEY];
	size_t at = 0, n = 0;

	for (; reference_next(key, &at, found); n++) {
		must(strlen(found) == LEN && at > 0);
		must(strncmp(key + at - 1, found, LEN) == 0);
		must(strncmp(found, "DP", 2) == 0);
		must(strspn(found + 2, "0123456789") >= 6);
		must(reference_near(key, found));
	}
	return n;
}

/* One slip in a reference of ours: its check character fails, the text is
 * still near to it. */
static void
slip(struct arena *a, const char *reference, unsigned how, unsigned where)
{
	char *key = reference_key(a, reference), *bad = arena_copy(a, key,
	    LEN);
	size_t i = 2 + where % (LEN - 3);

	if (how % 3 == 0)
		bad[i] = bad[i] == '7' ? '8' : '7';
	else if (how % 3 == 1) {
		bad[i] = key[i + 1];
		bad[i + 1] = key[i];
	} else
		memmove(bad + i, bad + i + 1, LEN - i);
	must(strcmp(bad, key) == 0 || !reference_check(bad));
	must(reference_near(bad, key));
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bytes in = { (const char *)p, n };
	struct arena *a = fuzz_cx()->arena;
	char ours[REFERENCE_TEXT], found[REFERENCE_KEY], *text, *key;
	unsigned char random[REFERENCE_RANDOM] = { 0 };
	size_t at = 0, seen;
	bool there = false;

	text = fuzz_text(a, &in);
	key = reference_key(a, text);
	must(strcmp(key, plain_key(a, text)) == 0);
	must(strcmp(reference_key(a, key), key) == 0);
	must(reference_check(text) == reference_check(key));
	seen = count(key);

	memcpy(random, in.p, in.n < sizeof(random) ? in.n : sizeof(random));
	reference_print(20000 + (in.n > 5 ? in.p[5] : 0), random, ours);
	must(reference_check(ours));
	slip(a, ours, random[0], random[1]);
	key = reference_key(a, arena_printf(a, "%s %s %s", text, ours, text));
	must(count(key) > 2 * seen);
	while (reference_next(key, &at, found))
		there = there || strcmp(found, reference_key(a, ours)) == 0;
	must(there);
	return 0;
}
