#include <stdio.h>
#include <string.h>

#include "base/calendar.h"

struct date {
	int64_t	year;
	int	month, day;	/* from 1 */
};

/* Days to and from a date, by eras of 400 years that begin on 1 March. */
static int64_t
to_day(struct date d)
{
	int64_t y = d.year - (d.month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 +
	    d.day - 1;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static struct date
from_day(int64_t day)
{
	int64_t z = day + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	struct date d;

	d.day = (int)(doy - (153 * mp + 2) / 5 + 1);
	d.month = (int)(mp < 10 ? mp + 3 : mp - 9);
	d.year = yoe + era * 400 + (d.month <= 2);
	return d;
}

int64_t
day_months(int64_t day, int64_t months)
{
	struct date d = from_day(day), first;
	int64_t month = d.year * 12 + d.month - 1 + months;
	int64_t start, length;

	first = (struct date){ month / 12, (int)(month % 12) + 1, 1 };
	start = to_day(first);
	month++;
	length = to_day((struct date){ month / 12, (int)(month % 12) + 1, 1 })
	    - start;
	return start + (d.day < length ? d.day : length) - 1;
}

int64_t
day_of(int64_t t)
{
	return (t >= 0 ? t : t - (DAY_SECONDS - 1)) / DAY_SECONDS;
}

/* Writes the last digits of n, as many as are asked for; answers run through
 * thousands of these, so without stdio. */
static char *
digits(char *to, int64_t n, int width)
{
	for (int i = width - 1; i >= 0; i--, n /= 10)
		to[i] = (char)('0' + n % 10);
	return to + width;
}

const char *
day_print(int64_t day, char buf[static DAY_TEXT])
{
	struct date d = from_day(day);
	char *p = digits(buf, d.year, 4);

	*p++ = '-';
	p = digits(p, d.month, 2);
	*p++ = '-';
	*digits(p, d.day, 2) = '\0';
	return buf;
}

const char *
day_print_short(int64_t day, char buf[static DAY_TEXT])
{
	struct date d = from_day(day);

	snprintf(buf, DAY_TEXT, "%02d%02d%02d", (int)(d.year % 100), d.month,
	    d.day);
	return buf;
}

const char *
time_print(int64_t t, char buf[static TIME_TEXT])
{
	int64_t day = day_of(t), s = t - day * DAY_SECONDS;
	char *p = buf + 10;

	day_print(day, buf);
	*p++ = ' ';
	p = digits(p, s / 3600, 2);
	*p++ = ':';
	p = digits(p, s / 60 % 60, 2);
	*p++ = ':';
	*digits(p, s % 60, 2) = '\0';
	return buf;
}

static bool
number(const char *p, int n, int *out)
{
	*out = 0;
	for (int i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
		*out = *out * 10 + (p[i] - '0');
	}
	return true;
}

bool
day_parse(const char *text, int64_t *day)
{
	char back[DAY_TEXT];
	int year, month, mday;
	int64_t d;

	if (!number(text, 4, &year) || text[4] != '-' ||
	    !number(text + 5, 2, &month) || text[7] != '-' ||
	    !number(text + 8, 2, &mday) || month < 1 || month > 12 ||
	    mday < 1 || mday > 31)
		return false;
	d = to_day((struct date){ year, month, mday });
	day_print(d, back);
	if (back[5] != text[5] || back[6] != text[6])
		return false;		/* 31 April is 1 May */
	*day = d;
	return true;
}

/* 01:00 UTC of the last Sunday of a month of 31 days; day 3 was a Sunday. */
static int64_t
last_sunday(int64_t year, int month)
{
	int64_t day = to_day((struct date){ year, month, 31 });

	return (day - (day - 3) % 7) * DAY_SECONDS + 3600;
}

int64_t
day_of_bank(int64_t t)
{
	int64_t year = from_day(day_of(t)).year;
	bool summer = t >= last_sunday(year, 3) && t < last_sunday(year, 10);

	return day_of(t + (summer ? 3 : 2) * 3600);
}

/* Seconds that a zone is ahead of UTC; false without one. */
static bool
zone_parse(const char *text, int *ahead)
{
	int hours, minutes;
	const char *rest = text + 1;

	*ahead = 0;
	if (*text == 'Z' || *text == 'z')
		return true;
	if ((*text != '+' && *text != '-') || !number(rest, 2, &hours))
		return false;
	rest += rest[2] == ':' ? 3 : 2;
	if (!number(rest, 2, &minutes) || hours > 14 || minutes > 59)
		return false;
	*ahead = (*text == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
	return true;
}

bool
day_parse_bank(const char *text, int64_t *day)
{
	const char *rest;
	int hour, minute, ahead;

	if (!day_parse(text, day))
		return false;
	if ((text[10] != 'T' && text[10] != ' ') ||
	    !number(text + 11, 2, &hour) || text[13] != ':' ||
	    !number(text + 14, 2, &minute) || hour > 23 || minute > 59)
		return true;
	rest = text + 16 + strspn(text + 16, ":.0123456789");
	if (zone_parse(rest, &ahead))
		*day = day_of_bank(*day * DAY_SECONDS + hour * 3600 +
		    minute * 60 - ahead);
	return true;
}
