#include <stdio.h>
#include <string.h>

#include "base/cents.h"

#define DIGITS_MAX	400	/* no honest amount is longer */
#define MICRO		6	/* decimals that are looked at */
#define HALF_CENT	5000	/* millionths, added to round */

/* A decimal as text: its digits, and where the point stands among them. */
struct decimal {
	bool	negative;
	char	digits[DIGITS_MAX];
	int	n;		/* digits */
	int	point;		/* digits before the point; may be < 0 or > n */
};

static bool
in_range(cents c)
{
	return c >= -CENTS_MAX && c <= CENTS_MAX;
}

bool
cents_add(cents a, cents b, cents *out)
{
	cents sum;

	if (__builtin_add_overflow(a, b, &sum) || !in_range(sum))
		return false;
	*out = sum;
	return true;
}

bool
cents_sub(cents a, cents b, cents *out)
{
	cents rest;

	if (__builtin_sub_overflow(a, b, &rest) || !in_range(rest))
		return false;
	*out = rest;
	return true;
}

static const char *
read_digits(const char *p, struct decimal *d)
{
	for (; *p >= '0' && *p <= '9'; p++) {
		if (d->n == DIGITS_MAX)
			return NULL;
		d->digits[d->n++] = *p;
	}
	return p;
}

static const char *
read_exponent(const char *p, struct decimal *d)
{
	bool minus = *p == '-';
	int e = 0;

	if (*p == '-' || *p == '+')
		p++;
	if (*p < '0' || *p > '9')
		return NULL;
	for (; *p >= '0' && *p <= '9'; p++)
		if ((e = e * 10 + (*p - '0')) > DIGITS_MAX)
			return NULL;
	d->point += minus ? -e : e;
	return p;
}

static bool
read_decimal(const char *p, struct decimal *d)
{
	if ((d->negative = *p == '-'))
		p++;
	if ((p = read_digits(p, d)) == NULL)
		return false;
	d->point = d->n;
	if (*p == '.' && (p = read_digits(p + 1, d)) == NULL)
		return false;
	if (d->n == 0)
		return false;		/* .50 and 5. are numbers, . is none */
	if (*p == 'e' || *p == 'E')
		if ((p = read_exponent(p + 1, d)) == NULL)
			return false;
	return *p == '\0';
}

/* The value in millionths, cut off; *rest says whether anything was cut. */
static bool
to_micro(const struct decimal *d, int64_t *micro, bool *rest)
{
	int64_t v = 0;

	for (int i = 0; i < d->point + MICRO; i++) {
		int digit = i < d->n ? d->digits[i] - '0' : 0;

		if (v > (INT64_MAX - 9 - HALF_CENT) / 10)
			return false;
		v = v * 10 + digit;
	}
	*rest = false;
	for (int i = d->point + MICRO > 0 ? d->point + MICRO : 0; i < d->n; i++)
		*rest = *rest || d->digits[i] != '0';
	*micro = v;
	return true;
}

bool
cents_round(const char *text, cents *out)
{
	struct decimal d = { 0 };
	int64_t micro;
	bool rest;

	if (!read_decimal(text, &d) || !to_micro(&d, &micro, &rest))
		return false;
	/* 49.99499999999999 is a float's 49.995 */
	*out = (micro + HALF_CENT + 1) / 10000;
	*out = d.negative ? -*out : *out;
	return true;
}

bool
cents_parse(const char *text, cents *out)
{
	struct decimal d = { 0 };
	int64_t micro, whole, off;
	bool rest;

	if (!read_decimal(text, &d) || !to_micro(&d, &micro, &rest))
		return false;
	whole = (micro + HALF_CENT) / 10000;
	off = micro - whole * 10000;
	if (off < -1 || off > 1 || (off == 1 && rest))
		return false;
	*out = d.negative ? -whole : whole;
	return true;
}

const char *
cents_print(cents c, char buf[static CENTS_TEXT])
{
	uint64_t n = c < 0 ? (uint64_t)0 - (uint64_t)c : (uint64_t)c;
	char tmp[CENTS_TEXT], *p = tmp + sizeof(tmp);

	*--p = '\0';
	for (int i = 0; i < 3 || n > 0; i++, n /= 10) {
		if (i == 2)
			*--p = '.';
		*--p = (char)('0' + n % 10);
	}
	if (c < 0)
		*--p = '-';
	return memcpy(buf, p, (size_t)(tmp + sizeof(tmp) - p));
}

const char *
cents_print_short(cents c, char buf[static CENTS_TEXT])
{
	size_t n = strlen(cents_print(c, buf));

	while (buf[n - 1] == '0')
		buf[--n] = '\0';
	if (buf[n - 1] == '.')
		buf[--n] = '\0';
	return buf;
}
