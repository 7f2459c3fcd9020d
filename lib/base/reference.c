#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/reference.h"

#define LEN	(REFERENCE_KEY - 1)	/* DP, six digits, six characters */

static const char alphabet[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/* In the field of 32 elements: times x, modulo x^5 + x^2 + 1. */
static unsigned
times_x(unsigned c)
{
	return ((c << 1) ^ (c & 16 ? 0x25U : 0U)) & 31;
}

/* A value below 32 for each character; look-alikes share theirs. */
static unsigned
value(char c)
{
	const char *p = strchr(alphabet, c);

	if (c >= '0' && c <= '1')
		return (unsigned)(c - '0');
	return p == NULL || c == '\0' ? 0 : (unsigned)(p - alphabet);
}

/* Dates are read as digits, the rest by the alphabet. */
static unsigned
checksum(const char *date, const char *tail)
{
	unsigned c = 0;

	for (int i = 0; i < 6; i++)
		c = times_x(c ^ ((unsigned)(date[i] - '0') & 31));
	for (int i = 0; i < 5; i++)
		c = times_x(c ^ value(tail[i]));
	return c;
}

void
reference_print(int64_t day, const unsigned char random[static
    REFERENCE_RANDOM], char out[static REFERENCE_TEXT])
{
	char date[DAY_TEXT], tail[REFERENCE_RANDOM + 1] = "";

	day_print_short(day, date);
	for (int i = 0; i < REFERENCE_RANDOM; i++)
		tail[i] = alphabet[random[i] & 31];
	snprintf(out, REFERENCE_TEXT, "DP-%.6s-%s%c", date, tail,
	    alphabet[checksum(date, tail)]);
}

static char
canonical(char c)
{
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (c == 'O')
		return '0';
	if (c == 'I' || c == 'L')
		return '1';
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '\0';
}

char *
reference_key(struct arena *a, const char *text)
{
	char *key = arena_alloc(a, strlen(text) + 1), *p = key;

	for (; *text != '\0'; text++)
		if ((*p = canonical(*text)) != '\0')
			p++;
	*p = '\0';
	return key;
}

static bool
has_form(const char *p)
{
	if (strncmp(p, "DP", 2) != 0 || strlen(p) < LEN)
		return false;
	for (int i = 2; i < 8; i++)
		if (p[i] < '0' || p[i] > '9')
			return false;
	return true;
}

bool
reference_check(const char *text)
{
	char key[REFERENCE_KEY] = "";
	size_t n = 0;

	for (; *text != '\0'; text++) {
		char c = canonical(*text);

		if (c == '\0')
			continue;
		if (n == LEN)
			return false;
		key[n] = n >= 8 && c == '1' ? 'L' : c;
		n++;
	}
	return has_form(key) && strchr(alphabet, key[LEN - 1]) != NULL &&
	    value(key[LEN - 1]) == checksum(key + 2, key + 8);
}

bool
reference_next(const char *key, size_t *at, char found[static REFERENCE_KEY])
{
	for (; key[*at] != '\0'; (*at)++) {
		if (!has_form(key + *at))
			continue;
		snprintf(found, REFERENCE_KEY, "%s", key + *at);
		(*at)++;
		return true;
	}
	return false;
}

/* Does a word begin at p, or does it follow "refund" without a blank? */
static bool
begins(const char *text, const char *p)
{
	static const char refund[] = "REFUND";
	size_t n = sizeof(refund) - 1;

	if (p == text || canonical(p[-1]) == '\0')
		return true;
	if ((size_t)(p - text) < n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (canonical((p - n)[i]) != refund[i])
			return false;
	return true;
}

/* Does a word end before p, or a reference follow without a blank? */
static bool
ends(const char *p)
{
	return canonical(p[0]) == '\0' ||
	    (canonical(p[0]) == 'D' && canonical(p[1]) == 'P');
}

bool
reference_refund(const char *text, size_t *at,
    char found[static REFUND_NUMBER])
{
	static const char hex[] = "0123456789ABCDEF";
	const char *p, *r;
	size_t n;

	while (*(r = text + *at) != '\0') {
		++*at;
		if (canonical(*r) != 'R' || !begins(text, r))
			continue;
		found[0] = 'R';
		n = 1;
		for (p = r + 1; *p != '\0' && n < REFUND_NUMBER - 1; p++) {
			char c = canonical(*p);

			if (c != '\0' && strchr(hex, c) == NULL)
				break;
			if (c != '\0')
				found[n++] = c;
		}
		found[n] = '\0';
		if (n == REFUND_NUMBER - 1 && ends(p))
			return true;
	}
	return false;
}

/* Is b a beginning of a but for one slip?  Both start at the same place. */
static bool
one_slip(const char *a, const char *b)
{
	size_t n = strlen(b), i = 0;

	while (i < n && a[i] == b[i])
		i++;
	if (i == n)
		return true;
	if (a[i] != '\0' && strncmp(a + i + 1, b + i + 1, n - i - 1) == 0)
		return true;				/* changed */
	if (strncmp(a + i, b + i + 1, n - i - 1) == 0)
		return true;				/* lost */
	if (a[i] != '\0' && strncmp(a + i + 1, b + i, n - i) == 0)
		return true;				/* added */
	return i + 1 < n && a[i] == b[i + 1] && a[i + 1] == b[i] &&
	    strncmp(a + i + 2, b + i + 2, n - i - 2) == 0;	/* swapped */
}

bool
reference_near(const char *key, const char *reference)
{
	for (; *key != '\0'; key++)
		if (one_slip(key, reference))
			return true;
	return false;
}
