/*
 * test_iban.c - account numbers as people write them.
 */
#include <string.h>

#include "base/iban.h"
#include "tap.h"

static const struct {
	const char	*text, *iban, *about;
} rows[] = {
	{ "DE89370400440532013000", "DE89370400440532013000", "a German one" },
	{ "de89 3704 0044 0532 0130 00", "DE89370400440532013000", "small letters and blanks" },
	{ "LT121000011101001000", "LT121000011101001000", "a Lithuanian one" },
	{ "NL91ABNA0417164300", "NL91ABNA0417164300", "letters inside" },
	{ "FR1420041010050500013M02606", "FR1420041010050500013M02606", "a French one" },
	{ "LT223740020032524104", "LT223740020032524104", "the sandbox's" },
	{ "DE89370400440532013001", NULL, "a wrong digit" },
	{ "DE98370400440532013000", NULL, "two digits swapped" },
	{ "DE8937040044053201300", NULL, "one digit too few" },
	{ "US89370400440532013000", NULL, "no SEPA country" },
	{ "LT003740000000000013", NULL, "check digits 00, where 97 fit" },
	{ "LT013740000000000092", NULL, "check digits 01, where 98 fit" },
	{ "LT993740000000000074", NULL, "check digits 99, where 02 fit" },
	{ "DE89-3704-0044-0532-0130-00", "DE89370400440532013000", "hyphens" },
	{ "IBAN: DE89 3704 0044 0532 0130 00", "DE89370400440532013000", "IBAN in front" },
	{ "iban DE89370400440532013000\r\n", "DE89370400440532013000", "the same, and a line end" },
	{ "DE89\xc2\xa0" "3704\xe2\x80\xaf" "0044 0532 0130 00\t", "DE89370400440532013000", "blanks of web pages" },
	{ "\xef\xbb\xbf" "DE89\xe2\x80\x91" "370400440532013000\xe2\x80\x8b", "DE89370400440532013000", "what cannot be seen" },
	{ "IBAN", NULL, "the word alone" },
	{ "DE89_370400440532013000", NULL, "anything else" },
	{ "", NULL, "nothing" },
	{ "DE", NULL, "a country only" },
	{ "DE8937040044053201300000000000000000000", NULL, "far too long" },
	{ "DE89370400440532\xc3\xb6" "13000", NULL, "not ASCII" },
};

int
main(void)
{
	char iban[IBAN_TEXT];

	for (size_t i = 0; i < NELEM(rows); i++) {
		const char *why = iban_parse(rows[i].text, iban);

		is_true((why == NULL) == (rows[i].iban != NULL), "%s: %s",
		    rows[i].about, why == NULL ? "taken" : why);
		if (why == NULL)
			is_str(iban, rows[i].iban, "%s: bare",
			    rows[i].about);
	}
	return tap_done();
}
