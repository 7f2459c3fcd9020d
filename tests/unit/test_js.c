#include "io/js.h"
#include "tap.h"

static const struct {
	const char	*text;
	bool		 good;
	const char	*shows;
} parsing[] = {
	{ "{}",				true,  "an empty object" },
	{ " {\"a\":1} \r\n",		true,  "blanks around" },
	{ "{\"a\":1}x",			false, "something behind" },
	{ "{\"a\":1}{\"a\":2}",		false, "a second value behind" },
	{ "{\"a\":1",			false, "cut off" },
	{ "{\"a\":1,}",			false, "a comma too many" },
	{ "{\"a\":'1'}",		false, "single quotes" },
	{ "{\"a\":/* b */1}",		false, "a comment" },
	{ "{\"a\":\"\xc3\x28\"}",	false, "not UTF-8" },
	{ "{\"a\":\"1\n2\"}",	false, "a control character" },
	{ "{\"a\":\"\xed\xa0\x80\"}",	false, "half a surrogate pair" },
	{ "",				false, "empty" },
	{ "{\"a\":-1.50E+3}",		true,  "a number with all there can be" },
	{ "{\"a\":\"1. -.5 NaN\"}",	true,  "odd numbers in a text" },
	{ "{\"a\":\"\\\"\",\"b\":1}",	true,  "a quote in a text" },
	{ "{\"a\":NaN}",		false, "not a number" },
	{ "{\"a\":-Infinity}",		false, "no end of a number" },
	{ "{\"a\":1.}",			false, "a point without decimals" },
	{ "{\"a\":-.5}",		false, "a point without a digit before" },
	{ "{\"a\":00.5}",		false, "zeros before" },
	{ "{\"a\":18446744073709551616}", false, "a whole number past 64 bits" },
	{ "{\"a\":-9223372036854775809}", false, "the same below zero" },
	{ "null",			false, "null alone" },
	{ "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", true, "31 deep" },
	{ "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", false, "34 deep" },
};

static const struct {
	const char	*text, *want;
	const char	*shows;
} members[] = {
	{ "{\"a\":49.989999999999995}", "49.989999999999995", "a number as written" },
	{ "{\"a\":49.90}",	"49.90", "its zeros too" },
	{ "{\"a\":1e2}",	"1e2",	 "an exponent too" },
	{ "{\"a\":12345}",	"12345", "an integer" },
	{ "{\"a\":18446744073709551615}", "18446744073709551615", "the largest" },
	{ "{\"a\":-9223372036854775808}", "-9223372036854775808", "the least" },
	{ "{\"a\":true}",	"true",  "a boolean" },
	{ "{\"a\":\"x\"}",	"x",	 "a text" },
	{ "{\"a\":1,\"a\":2}",	"2",	 "of duplicates the last" },
	{ "{\"a\":null}",	"-",	 "null is nothing" },
	{ "{\"a\":[1]}",	"-",	 "a list is no scalar" },
	{ "[1]",		"-",	 "no object" },
};

/* Each plane's first and last character, and each length's, as it is: what
 * comes out is what went in, whatever the library thinks of it. */
static const char *const raw[] = {
	"J\xc4\x81nis", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80",
	"\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80",
	"\xf0\x9f\x98\x80", "\xf0\xa0\x80\x80", "\xf0\xaf\xbf\xbf",
	"\xf3\xa0\x80\x81", "\xf4\x8f\xbf\xbf", "e\xcc\x81",
};

static void
read_raw(struct arena *a, const char *text)
{
	const char *why, *json = arena_printf(a, "{\"%s\":\"%s\"}", text, text);
	const struct js *v = js_parse(a, json, strlen(json), &why),
	    *m = js_mend(a, json, strlen(json), &why);

	is_str(js_member(v, text), text, "%s, as it is", text);
	is_str(js_member(m, text), text, "%s, from others", text);
	is_str(v == NULL ? "" : js_print(a, v), json, "%s, printed", text);
}

int
main(void)
{
	struct arena *a = arena_new();
	const struct js *v;
	const char *why, *got;

	for (size_t i = 0; i < NELEM(parsing); i++) {
		v = js_parse(a, parsing[i].text, strlen(parsing[i].text), &why);
		is_int(v != NULL, parsing[i].good, "%s", parsing[i].shows);
	}
	is_true(js_parse(a, "{\"a\":\"\0\"}", 9, &why) == NULL, "a NUL byte");
	for (size_t i = 0; i < NELEM(members); i++) {
		v = js_parse(a, members[i].text, strlen(members[i].text), &why);
		got = js_member(v, "a");
		is_str(got == NULL ? "-" : got, members[i].want, "%s",
		    members[i].shows);
	}
	v = js_parse(a, "{ \"b\" : [ 1.50, \"a/b\" ] }", 25, &why);
	is_str(js_print(a, v), "{\"b\":[1.50,\"a/b\"]}", "printed compact");
	is_str(js_text(js_at(js_get(v, "b"), 1)), "a/b", "a path is walked");
	is_true(js_at(js_get(v, "c"), 1) == NULL, "also where it ends early");
	for (size_t i = 0; i < NELEM(raw); i++)
		read_raw(a, raw[i]);
	v = js_mend(a, "\xef\xbb\xbf{\"a\":007,\"b\":\"\xfc\0\"}", 22, &why);
	is_str(js_member(v, "a"), "007", "mended: a number that is none");
	is_str(js_member(v, "b"), "\xc3\xbc\xef\xbf\xbd", "mended: bytes");
	is_true(js_mend(a, "{\"a\":1", 6, &why) == NULL, "mended: not what is"
	    " cut off");
	arena_free(a);
	return tap_done();
}
