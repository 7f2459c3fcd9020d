/*
 * test_epc.c - the QR code's text, line by line, and its limits.
 */
#include <string.h>

#include "base/epc.h"
#include "base/str.h"
#include "tap.h"

#define TEN	"abcdefghij"
#define SEVENTY	TEN TEN TEN TEN TEN TEN TEN
#define UML	"\xc3\xa4"		/* two bytes, one character */
#define CLEF	"\xf0\x9d\x84\x9e"	/* four bytes, one character */
#define CLEFS	CLEF CLEF CLEF CLEF CLEF CLEF CLEF CLEF CLEF CLEF
#define CLEF70	CLEFS CLEFS CLEFS CLEFS CLEFS CLEFS CLEFS

static const struct {
	struct epc	 epc;
	const char	*text;
	const char	*shows;
} exact[] = {
	{ { "Longemalle Trustees OU", "LT913740020058585210", 4999,
	    "DP-260330-XA6HSX" },
	  "BCD\n002\n1\nSCT\n\nLongemalle Trustees OU\n"
	  "LT913740020058585210\nEUR49.99\n\n\nDP-260330-XA6HSX",
	  "eleven lines, nothing behind the last" },
	{ { "M" UML "rz & S" UML "hne", "DE89370400440532013000", 1, "x" },
	  "BCD\n002\n1\nSCT\n\nM" UML "rz & S" UML "hne\n"
	  "DE89370400440532013000\nEUR0.01\n\n\nx", "umlauts, one cent" },
	{ { "A\nB\rC\tD", "LT913740020058585210", CENTS_AMOUNT, "1\n2" },
	  "BCD\n002\n1\nSCT\n\nA B C D\nLT913740020058585210\n"
	  "EUR999999999.99\n\n\n1 2", "no line break comes in from outside" },
	{ { SEVENTY "k", "LT913740020058585210", 100, SEVENTY SEVENTY "k" },
	  "BCD\n002\n1\nSCT\n\n" SEVENTY "\nLT913740020058585210\nEUR1.00"
	  "\n\n\n" SEVENTY SEVENTY, "70 and 140 characters" },
};

int
main(void)
{
	struct arena *a = arena_new();
	const struct epc wide = { CLEF70 CLEFS,
	    "MT84MALT011000012345MTLCAST001S", CENTS_AMOUNT,
	    "DP-260330-XA6HSX" };
	const char *text;

	for (size_t i = 0; i < NELEM(exact); i++)
		is_str(epc_print(a, &exact[i].epc), exact[i].text, "%s",
		    exact[i].shows);
	text = epc_print(a, &wide);
	is_true(strlen(text) <= EPC_BYTES, "wide letters: at most 331 bytes");
	is_true(strlen(text) > EPC_BYTES - 4, "and not shorter than it must be");
	is_true(str_utf8(text, strlen(text)), "cut between two characters");
	is_true(strstr(text, "\nDP-260330-XA6HSX") != NULL, "the reference stays");
	arena_free(a);
	return tap_done();
}
