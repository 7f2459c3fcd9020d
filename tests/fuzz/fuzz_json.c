/*
 * fuzz_json.c - JSON from outside.  What is taken is JSON, what is printed is
 * the same JSON, and every text is whole.  What is mended is strict, ASCII,
 * and of a strict text the same.
 */
#include "fuzz.h"
#include "base/jsontext.h"
#include "io/js.h"
#include "rfc8259.h"

static void
look(void *arg, const char *key, const struct js *v)
{
	const char *text = js_text(v);

	must(fuzz_utf8(key));
	must(text == NULL || fuzz_utf8(text));
	must(js_kind(v) != JS_NUMBER || rfc8259(text));
	for (size_t i = 0; js_kind(v) == JS_LIST && i < js_count(v); i++)
		look(arg, "", js_at(v, i));
	js_each(v, look, arg);
	must(js_at(v, js_count(v)) == NULL);
}

static void
mend(struct arena *a, const char *text, size_t n)
{
	struct out mended = { .arena = a }, strict = { .arena = a },
	    again = { .arena = a };
	const char *why;

	jsontext_mend(&mended, text, n);
	for (size_t i = 0; i < mended.len; i++)
		must((unsigned char)mended.text[i] < 0x80 &&
		    mended.text[i] != '\0');
	must(jsontext_strict(&again, mended.text, mended.len, &why));
	if (jsontext_strict(&strict, text, n, &why))
		must(strict.len == mended.len && (mended.len == 0 ||
		    memcmp(strict.text, mended.text, mended.len) == 0));
	look(NULL, "", js_mend(a, text, n, &why));
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bytes in = { (const char *)p, n };
	struct arena *a = fuzz_cx()->arena;
	const char *why = NULL, *text;
	const char *in_text = fuzz_rest(a, &in);
	const struct js *v = js_parse(a, in_text, n, &why);

	mend(a, in_text, n);
	must(v != NULL || why != NULL);
	if (v == NULL)
		return 0;
	must(rfc8259(arena_copy(a, p, n)));
	look(NULL, "", v);
	text = js_print(a, v);
	must(rfc8259(text));
	v = js_parse(a, text, strlen(text), &why);
	must(v != NULL && strcmp(js_print(a, v), text) == 0);
	return 0;
}
