#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/calendar.h"
#include "base/zone.h"

#define ZONES		"/usr/share/zoneinfo/"
#define NAME_LENGTH	64

bool
zone_known(const char *zone)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789_+-/";
	char path[sizeof(ZONES) + NAME_LENGTH];
	struct stat st;

	if (strcmp(zone, "UTC") == 0)
		return true;
	if (*zone < 'A' || *zone > 'Z' || strlen(zone) > NAME_LENGTH ||
	    zone[strspn(zone, letters)] != '\0')
		return false;
	snprintf(path, sizeof(path), ZONES "%s", zone);
	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static void
use(const char *zone)
{
	const char *now = getenv("TZ");

	if (now != NULL && strcmp(now, zone) == 0)
		return;
	(void)setenv("TZ", zone, 1);
	tzset();
}

int64_t
zone_at(const char *zone, int64_t day, int hour)
{
	struct tm tm = { .tm_hour = hour, .tm_isdst = -1 };
	char text[DAY_TEXT];

	day_print(day, text);
	tm.tm_year = (int)strtol(text, NULL, 10) - 1900;
	tm.tm_mon = (int)strtol(text + 5, NULL, 10) - 1;
	tm.tm_mday = (int)strtol(text + 8, NULL, 10);
	use(zone);
	return (int64_t)mktime(&tm);
}

int64_t
zone_day(const char *zone, int64_t t)
{
	time_t when = (time_t)t;
	char text[TIME_TEXT];
	struct tm tm;
	int64_t day;

	use(zone);
	if (localtime_r(&when, &tm) == NULL)
		return day_of(t);
	snprintf(text, sizeof(text), "%04d-%02d-%02d", tm.tm_year % 8100 +
	    1900, tm.tm_mon + 1, tm.tm_mday);
	return day_parse(text, &day) ? day : day_of(t);
}
