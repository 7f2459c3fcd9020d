#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "io/pem.h"
#include "io/seal.h"

#define FILE_MAX	65536
#define UTC_TIME	0x17		/* YYMMDDHHMMSSZ */
#define GENERAL_TIME	0x18		/* YYYYMMDDHHMMSSZ */

/* The bytes of the first certificate; NULL if there is none. */
static const unsigned char *
read_der(struct arena *a, const char *path, size_t *n)
{
	static const char head[] = "-----BEGIN CERTIFICATE-----";
	char *text = arena_alloc(a, FILE_MAX + 1), *from, *end, *to;
	FILE *f = fopen(path, "re");

	if (f == NULL)
		return NULL;
	text[fread(text, 1, FILE_MAX, f)] = '\0';
	fclose(f);
	if ((from = strstr(text, head)) == NULL ||
	    (end = strstr(from, "-----END")) == NULL)
		return NULL;
	*end = '\0';
	to = from += strlen(head);
	for (const char *p = from; *p != '\0'; p++)
		if (*p > ' ')
			*to++ = *p;
	*to = '\0';
	return seal_unbase64(a, from, n);
}

/* A time of ASN.1 at p, as Unix seconds; 0 if it is none. */
static int64_t
read_time(const unsigned char *p, size_t n)
{
	size_t len = n > 1 ? p[1] : 0, year = p[0] == UTC_TIME ? 2 : 4;
	char text[] = "20000000000000", stamp[TIME_TEXT];
	int64_t day, v[3];

	if (len != year + 11 || n < len + 2 || p[len + 1] != 'Z')
		return 0;
	memcpy(text + 4 - year, p + 2, year + 10);
	if (strspn(text, "0123456789") != 14)
		return 0;
	if (year == 2 && text[2] >= '5')	/* 1950 to 1999 */
		memcpy(text, "19", 2);
	snprintf(stamp, sizeof(stamp), "%.4s-%.2s-%.2s", text, text + 4,
	    text + 6);
	if (!day_parse(stamp, &day))
		return 0;
	for (int i = 0; i < 3; i++)
		v[i] = (text[8 + 2 * i] - '0') * 10 + text[9 + 2 * i] - '0';
	return day * DAY_SECONDS + v[0] * 3600 + v[1] * 60 + v[2];
}

/* Validity is a sequence of two times, the only one in a certificate. */
bool
pem_until(struct arena *a, const char *path, int64_t *until)
{
	size_t n = 0;
	const unsigned char *der = read_der(a, path, &n);
	int64_t from;

	for (size_t i = 0; der != NULL && i + 1 < n; i++) {
		if (der[i] != UTC_TIME && der[i] != GENERAL_TIME)
			continue;
		from = read_time(der + i, n - i);
		if (from == 0 || i + 2u + der[i + 1] >= n)
			continue;
		i += 2u + der[i + 1];
		*until = read_time(der + i, n - i);
		return *until != 0;
	}
	return false;
}
