#include "base/cents.h"
#include "tap.h"

static const struct {
	const char	*text;
	bool		 good;
	cents		 want;
	const char	*shows;
} parsing[] = {
	{ "0",			true,  0,    "nothing" },
	{ "12",			true,  1200, "no decimals" },
	{ "12.3",		true,  1230, "one decimal" },
	{ "12.34",		true,  1234, "two decimals" },
	{ "12.340000",		true,  1234, "zeros after the cents" },
	{ "0012.34",		true,  1234, "zeros before" },
	{ "49.989999999999995",	true,  4999, "a sum of binary floats, below" },
	{ "49.990000000000005",	true,  4999, "a sum of binary floats, above" },
	{ "0.30000000000000004", true, 30,   "0.1 + 0.2" },
	{ "49.990001",		true,  4999, "just within 1e-6" },
	{ "49.989999",		true,  4999, "just within 1e-6, below" },
	{ "49.9900011",		false, 0,    "just outside 1e-6" },
	{ "49.9899989",		false, 0,    "just outside 1e-6, below" },
	{ "49.995",		false, 0,    "a half cent is never rounded" },
	{ "49.991",		false, 0,    "a third decimal" },
	{ "1e2",		true,  10000, "an exponent" },
	{ "1.5E+1",		true,  1500, "an exponent with a sign" },
	{ "4999e-2",		true,  4999, "a negative exponent" },
	{ "1e-9",		true,  0,    "next to nothing is nothing" },
	{ "1e400",		false, 0,    "an absurd exponent" },
	{ "1e99999999999",	false, 0,    "an exponent past int" },
	{ "-1",			true,  -100, "a debit on a statement" },
	{ "9223372036854.77",	true,  922337203685477, "the largest read" },
	{ "9223372036854.775799", false, 0,  "no room left to round" },
	{ "9223372036855",	false, 0,    "past the largest" },
	{ "99999999999999999999", false, 0,  "past 64 bits" },
	{ "12.",		true,  1200, "a point without decimals" },
	{ ".5",			true,  50,   "decimals without a whole" },
	{ "-.5",		true,  -50,  "the same, below nothing" },
	{ ".",			false, 0,    "a point alone" },
	{ ".e1",		false, 0,    "a point and an exponent" },
	{ "1.2.3",		false, 0,    "two points" },
	{ "1,50",		false, 0,    "a comma" },
	{ "0x10",		false, 0,    "hexadecimal" },
	{ "NaN",		false, 0,    "not a number" },
	{ "1e",			false, 0,    "an exponent without digits" },
	{ " 1",			false, 0,    "a blank" },
	{ "-",			false, 0,    "a lone minus" },
	{ "",			false, 0,    "empty" },
};

int
main(void)
{
	char buf[CENTS_TEXT];
	cents c;

	for (size_t i = 0; i < NELEM(parsing); i++) {
		c = -7;
		is_int(cents_parse(parsing[i].text, &c), parsing[i].good,
		    "\"%s\": %s", parsing[i].text, parsing[i].shows);
		is_int(c, parsing[i].good ? parsing[i].want : -7,
		    "\"%s\": the value", parsing[i].text);
	}
	is_str(cents_print(1205, buf), "12.05", "two decimals, always");
	is_str(cents_print(-5, buf), "-0.05", "a debt below one unit");
	is_true(!cents_add(CENTS_MAX, 1, &c), "one cent too many");
	is_true(!cents_add(INT64_MAX, INT64_MAX, &c), "far too many");
	is_true(cents_sub(5, 7, &c) && c == -2, "5 - 7");
	return tap_done();
}
