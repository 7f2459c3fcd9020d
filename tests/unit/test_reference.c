#include "base/reference.h"
#include "tap.h"

static const struct {
	const char	*text;
	const char	*keys;		/* what is found, in order */
	const char	*shows;
} finding[] = {
	{ "DP-260330-XA6HSX",		     "DP260330XA6HSX ", "as printed" },
	{ "dp260330xa6hsx",		     "DP260330XA6HSX ", "small, no dashes" },
	{ "DP 260330 XA6HSX",		     "DP260330XA6HSX ", "blanks" },
	{ "Order 17 DP-260330-XA6HSX thx",   "DP260330XA6HSX ", "among words" },
	{ "invoice DP-2603\r\n30-XA6\nHSX",  "DP260330XA6HSX ", "split by line breaks" },
	{ "DP-26O33O-XA6HSX",		     "DP260330XA6HSX ", "O for 0" },
	{ "DP-260330-XAL6HS",		     "DP260330XA16HS ", "L and 1 are one" },
	{ "DP-260330-XA6HSX DP-260331-ABCDEF", "DP260330XA6HSX DP260331ABCDEF ", "two of them" },
	{ "DP-260330-XA6HS",		     "", "cut by one" },
	{ "thank you",			     "", "none" },
	{ "",				     "", "empty" },
	{ "DPDP260330XA6HSX",		     "DP260330XA6HSX ", "a stuttered prefix" },
};

static const struct {
	const char	*text;
	const char	*numbers;	/* what is found, in order */
	const char	*shows;
} refunds[] = {
	{ "Refund R7A3F2B1 DP-260330-XA6HSX Demo", "R7A3F2B1 ", "as we send it" },
	{ "r7a3f2b1",			"R7A3F2B1 ", "small letters" },
	{ "RETURN/R7A3\nF2B1/AC04",	"R7A3F2B1 ", "split by a line break" },
	{ "R7 A3 F2 B1",		"R7A3F2B1 ", "in groups" },
	{ "R7A3F2B1-12",		"R7A3F2B1 ", "the end-to-end id" },
	{ "RefundR7A3F2B1DP260330XA6HSX", "R7A3F2B1 ", "without its blanks" },
	{ "R7A3F2B1 returned, see R00000FF", "R7A3F2B1 R00000FF ", "two of them" },
	{ "RO0000FF",			"R00000FF ", "O for 0" },
	{ "RR7A3F2B1",			"", "inside a word" },
	{ "order1234567",		"", "the end of a word is no R" },
	{ "R12345678",			"", "a longer number" },
	{ "R7A3F2B",			"", "cut by one" },
	{ "R 2026-11-28",		"", "a date" },
	{ "rechnung 1234567",		"", "a word that begins with R" },
	{ "",				"", "empty" },
};

static const struct {
	const char	*text;
	bool		 near;
	const char	*shows;
} slips[] = {
	{ "DP-260330-XA6HSX", true,  "itself" },
	{ "DP-260330-XA6HSY", true,  "one changed" },
	{ "DP-260330-XA6HS",  true,  "the last one cut" },
	{ "DP-260330-A6HSX",  true,  "one lost" },
	{ "DP-260330-XXA6HSX", true, "one added" },
	{ "DP-260330-AX6HSX", true,  "two swapped" },
	{ "pay DP-260330-XB6HSX now", true, "one changed, among words" },
	{ "DP-260330-XB6HSY", false, "two changed" },
	{ "DP-260330-XA6H",   false, "two cut" },
	{ "",		      false, "nothing" },
};

static void
test_checks(struct arena *a)
{
	static const char symbols[] = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
	char ref[REFERENCE_TEXT], was;
	int missed = 0, swaps = 0;

	for (unsigned seed = 0; seed < 64; seed++) {
		unsigned char r[REFERENCE_RANDOM];

		for (unsigned i = 0; i < sizeof(r); i++)
			r[i] = (unsigned char)(seed * 7 + i * 13);
		reference_print(20542, r, ref);
		missed += !reference_check(ref);
		for (size_t i = 10; i < 16; i++) {
			was = ref[i];
			for (const char *s = symbols; *s != '\0'; s++) {
				ref[i] = *s;
				missed += *s != was && reference_check(ref);
			}
			ref[i] = was;
		}
		for (size_t i = 10; i < 15; i++) {
			was = ref[i];
			ref[i] = ref[i + 1];
			ref[i + 1] = was;
			swaps += ref[i] != was && reference_check(ref);
			was = ref[i];
			ref[i] = ref[i + 1];
			ref[i + 1] = was;
		}
	}
	is_int(missed, 0, "every single slip in 64 references is detected");
	is_int(swaps, 0, "so is every swap of neighbours");
	is_true(reference_check("dp 241004 hbat9k"), "in any spelling");
	is_true(!reference_check("DP-24100H-4BAT9K"),
	    "a swap of the date's last and the first behind it, too");
	is_true(!reference_check("DQ-241004-HBAT9K"), "and another prefix");
	is_str(reference_key(a, "a-b c1/l\nIo0"), "ABC11100", "the key");
}

int
main(void)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < NELEM(finding); i++) {
		const char *key = reference_key(a, finding[i].text);
		char got[256] = "", one[REFERENCE_KEY];
		size_t at = 0;

		while (reference_next(key, &at, one)) {
			strncat(got, one, sizeof(got) - strlen(got) - 1);
			strncat(got, " ", sizeof(got) - strlen(got) - 1);
		}
		is_str(got, finding[i].keys, "found: %s", finding[i].shows);
	}
	for (size_t i = 0; i < NELEM(refunds); i++) {
		char got[256] = "", one[REFUND_NUMBER];
		size_t at = 0;

		while (reference_refund(refunds[i].text, &at, one)) {
			strncat(got, one, sizeof(got) - strlen(got) - 1);
			strncat(got, " ", sizeof(got) - strlen(got) - 1);
		}
		is_str(got, refunds[i].numbers, "refund: %s",
		    refunds[i].shows);
	}
	for (size_t i = 0; i < NELEM(slips); i++)
		is_int(reference_near(reference_key(a, slips[i].text),
		    "DP260330XA6HSX"), slips[i].near, "near: %s",
		    slips[i].shows);
	test_checks(a);
	arena_free(a);
	return tap_done();
}
