#include <string.h>
#include <strings.h>

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

/* What people paste along with it: blanks of all kinds, line ends, hyphens,
 * marks of direction; in bytes. */
static size_t
separator(const char *p)
{
	static const char *const wide[] = { "\xc2\xa0", "\xe2\x80\x89",
	    "\xe2\x80\x8b", "\xe2\x80\x8e", "\xe2\x80\x90",
	    "\xe2\x80\x91", "\xe2\x80\x93", "\xe2\x80\xaf",
	    "\xef\xbb\xbf" };

	if (strchr(" \t\r\n-", *p) != NULL)
		return 1;
	for (size_t i = 0; i < NELEM(wide); i++)
		if (strncmp(p, wide[i], strlen(wide[i])) == 0)
			return strlen(wide[i]);
	return 0;
}

/* Copies letters and digits, upper case; false if there is anything else. */
static bool
squeeze(const char *text, char *iban, size_t *n)
{
	size_t skip;

	for (; (skip = *text == '\0' ? 0 : separator(text)) > 0; text += skip)
		;
	if (strncasecmp(text, "IBAN", 4) == 0)	/* there is no country IB */
		text += text[4] == ':' ? 5 : 4;
	for (*n = 0; *text != '\0'; text++) {
		char c = *text;

		if ((skip = separator(text)) > 0) {
			text += skip - 1;
			continue;
		}
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

/* 98 less a remainder by 97: no bank makes 00, 01 or 99 (ISO 13616), though
 * they may fit. */
static bool
checked(const char *iban)
{
	int n = (iban[2] - '0') * 10 + iban[3] - '0';

	return iban[2] <= '9' && iban[3] <= '9' && n >= 2 && n <= 98;
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
		return remainder97(iban, n) == 1 && checked(iban) ? NULL :
		    "has a slip of the pen: its check digits do not fit.";
	}
	return "is not of a country that SEPA transfers reach.";
}
