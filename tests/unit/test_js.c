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
	arena_free(a);
	return tap_done();
}
