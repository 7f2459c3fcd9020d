/* What we make of JSON texts before a library sees them. */
#include "base/jsontext.h"
#include "tap.h"

#define NO	NULL		/* refused */

static const struct {
	const char	*text, *strict, *mended;
	const char	*shows;
} rows[] = {
	{ "{\"a\": [1, -2.5e+3, true]}\n", "{\"a\": [1, -2.5e+3, true]}\n",
	    "{\"a\": [1, -2.5e+3, true]}\n", "ASCII stays as it is" },
	{ "\"\"", "\"\"", "\"\"", "an empty string" },
	{ "\"a\\\"b\\\\\"", "\"a\\\"b\\\\\"", "\"a\\\"b\\\\\"", "a quote and a backslash within" },

	/* characters above 127, of each length and plane */
	{ "\"J\xc4\x81nis\"", "\"J\\u0101nis\"", "\"J\\u0101nis\"", "two bytes" },
	{ "{\"\xc4\x81\":1}", "{\"\\u0101\":1}", "{\"\\u0101\":1}", "in a name" },
	{ "\"\xe2\x82\xac\"", "\"\\u20ac\"", "\"\\u20ac\"", "three bytes" },
	{ "\"\xef\xbf\xbd\"", "\"\\ufffd\"", "\"\\ufffd\"", "the replacement character itself" },
	{ "\"\xf0\x9f\x98\x80\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\\ude00\"", "an emoji: plane 1" },
	{ "\"\xf0\xa0\x80\x80\"", "\"\\ud840\\udc00\"", "\"\\ud840\\udc00\"", "plane 2" },
	{ "\"\xf4\x8f\xbf\xbf\"", "\"\\udbff\\udfff\"", "\"\\udbff\\udfff\"", "the last of plane 16" },
	{ "\"\xc2\x80\"", "\"\\u0080\"", "\"\\u0080\"", "the first above 127" },
	{ "\"\x7f\"", "\"\x7f\"", "\"\x7f\"", "DEL is no control character of RFC 8259" },

	/* escapes */
	{ "\"\\u0101\\uD83D\\uDE00\"", "\"\\u0101\\ud83d\\ude00\"", "\"\\u0101\\ud83d\\ude00\"", "escapes" },
	{ "\"\\ud83d\"", "\"\\ufffd\"", "\"\\ufffd\"", "the first half of a pair, as JavaScript cuts it" },
	{ "\"\\ude00x\"", "\"\\ufffdx\"", "\"\\ufffdx\"", "the second half alone" },
	{ "\"\\ud83d\\u0041\"", "\"\\ufffd\\u0041\"", "\"\\ufffd\\u0041\"", "half a pair before another character" },
	{ "\"\\ud83d\\ud83d\\ude00\"", "\"\\ufffd\\ud83d\\ude00\"", "\"\\ufffd\\ud83d\\ude00\"", "half a pair before a whole one" },
	{ "\"\\u0000\"", NO, "\"\\ufffd\"", "a NUL as an escape" },
	{ "\"\\\\u0000\"", "\"\\\\u0000\"", "\"\\\\u0000\"", "what only looks like one" },
	{ "\"\\u12\"", NO, "\"\\\\u12\"", "an escape that is cut" },
	{ "\"\\ug000\"", NO, "\"\\\\ug000\"", "an escape without hex digits" },
	{ "\"C:\\dir\"", NO, "\"C:\\\\dir\"", "a stray backslash" },

	/* bytes that JSON does not have in a string */
	{ "\"a\nb\tc\x01\"", NO, "\"a\\u000ab\\u0009c\\u0001\"", "control characters" },
	{ "\"M\xfcller\"", NO, "\"M\\u00fcller\"", "one byte of ISO 8859-1" },
	{ "\"\x80\"", NO, "\"\\ufffd\"", "a byte that is none of it either" },
	{ "\"\xc4\"", NO, "\"\\u00c4\"", "a character cut in two" },
	{ "\"\xc4\xc4\x81\"", NO, "\"\\u00c4\\u0101\"", "a stray byte before a character" },
	{ "\"\xed\xa0\x80\"", NO, "\"\\u00ed\\u00a0\\ufffd\"", "half a surrogate pair" },
	{ "\"\xc0\x80\"", NO, "\"\\u00c0\\ufffd\"", "an overlong form" },

	/* outside of strings */
	{ "\xef\xbb\xbf{}", NO, "   {}", "a byte order mark" },
	{ "{\xc2\xa0}", NO, "{  }", "a blank that is not JSON's" },
	{ "NaN", NO, "\"NaN\"", "not a number" },
	{ "True", NO, "\"True\"", "another language's word" },
	{ "trueish", NO, "\"trueish\"", "a word too long" },
	{ "-Infinity", NO, "\"-Infinity\"", "no end of a number" },
	{ "'1'", NO, "\"'1'\"", "single quotes" },
	{ "a\\b", NO, "\"a\\\\b\"", "a bare backslash" },

	/* numbers */
	{ "0", "0", "0", "zero" },
	{ "-0.0", "-0.0", "-0.0", "minus zero" },
	{ "1e2", "1e2", "1e2", "an exponent" },
	{ "1E-2", "1E-2", "1E-2", "another" },
	{ "18446744073709551615", "18446744073709551615", "18446744073709551615", "the largest" },
	{ "18446744073709551616", NO, "\"18446744073709551616\"", "one more" },
	{ "-9223372036854775808", "-9223372036854775808", "-9223372036854775808", "the least" },
	{ "-9223372036854775809", NO, "\"-9223372036854775809\"", "one less" },
	{ "1234567890123456789012", NO, "\"1234567890123456789012\"", "22 digits" },
	{ "0.1234567890123456789012", "0.1234567890123456789012", "0.1234567890123456789012", "22 decimals" },
	{ "+5.00", NO, "\"+5.00\"", "a plus" },
	{ "5.", NO, "\"5.\"", "a point without decimals" },
	{ ".5", NO, "\".5\"", "a point without a digit before" },
	{ "007", NO, "\"007\"", "zeros before" },
	{ "-", NO, "\"-\"", "a sign alone" },
	{ "1e", NO, "\"1e\"", "an exponent without digits" },
	{ "1e+", NO, "\"1e+\"", "a sign of one" },
	{ "0x10", NO, "\"0x10\"", "hex" },
	{ "[1,2]", "[1,2]", "[1,2]", "numbers in a list" },
	{ "\"-.5 NaN 007\"", "\"-.5 NaN 007\"", "\"-.5 NaN 007\"", "odd numbers in a string" },
};

static void
check(struct arena *a, const char *text, size_t n, const char *strict,
    const char *mended, const char *shows)
{
	struct out s = { .arena = a }, m = { .arena = a };
	const char *why = NULL;
	bool good = jsontext_strict(&s, text, n, &why);

	jsontext_mend(&m, text, n);
	is_str(good ? s.text : "-", strict == NO ? "-" : strict,
	    "%s: strict", shows);
	is_true(good == (why == NULL), "%s: a reason, or none", shows);
	is_str(m.text, mended, "%s: mended", shows);
}

int
main(void)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < NELEM(rows); i++)
		check(a, rows[i].text, strlen(rows[i].text), rows[i].strict,
		    rows[i].mended, rows[i].shows);
	check(a, "[\"a\0b\"]", 7, NO, "[\"a\\ufffdb\"]", "a NUL in a string");
	check(a, "[\0]", 3, NO, "[ ]", "a NUL outside");
	check(a, "\"ab", 3, "\"ab", "\"ab", "a string without an end is left");
	check(a, "\"ab\\", 4, NO, "\"ab\\\\", "cut behind a backslash");
	arena_free(a);
	return tap_done();
}
