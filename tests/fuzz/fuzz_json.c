/*
 * fuzz_json.c - JSON from outside.  What is taken is JSON, what is printed is
 * the same JSON, and every text is whole.
 */
#include "fuzz.h"
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

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bytes in = { (const char *)p, n };
	struct arena *a = fuzz_cx()->arena;
	const char *why = NULL, *text;
	const struct js *v = js_parse(a, fuzz_rest(a, &in), n, &why);

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
