#include <string.h>

#include "base/iban.h"

/* The countries of SEPA, and how long their IBANs are. */
static const struct {
	char	country[3];
	size_t	length;
} lengths[] = {
	{ "AD", 24 }, { "AL", 28 }, { "AT", 20 }, { "BE", 16 }, { "BG", 22 },
	{ "CH", 21 }, { "CY", 28 }, { "CZ", 24 }, { "DE", 22 }, { "DK", 18 },
	{ "EE", 20 }, { "ES", 24 }, { "FI", 18 }, { "FR", 27 }, { "GB", 22 },
	{ "GI", 23 }, { "GR", 27 }, { "HR", 21 }, { "HU", 28 }, { "IE", 22 },
	{ "IS", 26 }, { "IT", 27 }, { "LI", 21 }, { "LT", 20 }, { "LU", 20 },
	{ "LV", 21 }, { "MC", 27 }, { "MD", 24 }, { "ME", 22 }, { "MK", 19 },
	{ "MT", 31 }, { "NL", 18 }, { "NO", 15 }, { "PL", 28 }, { "PT", 25 },
	{ "RO", 24 }, { "RS", 22 }, { "SE", 24 }, { "SI", 19 }, { "SK", 24 },
	{ "SM", 27 }, { "VA", 22 },
};

/* The remainder by 97, the first four characters read last (ISO 7064). */
static int
remainder97(const char *iban, size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n; i++) {
		char c = iban[(i + 4) % n];

		r = c >= 'A' ? (r * 100 + c - 'A' + 10) % 97 :
		    (r * 10 + c - '0') % 97;
	}
	return r;
}

/* Copies letters and digits, upper case; false if there is anything else. */
static bool
squeeze(const char *text, char *iban, size_t *n)
{
	for (*n = 0; *text != '\0'; text++) {
		char c = *text;

		if (c == ' ')
			continue;
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) ||
		    *n == IBAN_TEXT - 1)
			return false;
		iban[(*n)++] = c;
	}
	iban[*n] = '\0';
	return true;
}

const char *
iban_parse(const char *text, char iban[static IBAN_TEXT])
{
	size_t n;

	if (!squeeze(text, iban, &n) || n < 5)
		return "must be an IBAN.";
	for (size_t i = 0; i < NELEM(lengths); i++) {
		if (strncmp(iban, lengths[i].country, 2) != 0)
			continue;
		if (n != lengths[i].length)
			return "has the wrong length for its country.";
		return remainder97(iban, n) == 1 ? NULL :
		    "has a slip of the pen: its check digits do not fit.";
	}
	return "is not of a country that SEPA transfers reach.";
}
