/*
 * calendar.h - days and times, in the proleptic Gregorian calendar.
 *
 * A time is Unix seconds; a day is a count of days since 1970-01-01.  On the
 * wire a time is "YYYY-MM-DD HH:MM:SS" in UTC and a day is "YYYY-MM-DD".
 */
#ifndef CALENDAR_H
#define CALENDAR_H

#include "base/base.h"

#define DAY_SECONDS	86400
#define TIME_TEXT	32
#define DAY_TEXT	16

/* Write to buf and return it; the short form is YYMMDD. */
const char *time_print(int64_t t, char buf[static TIME_TEXT]);
const char *day_print(int64_t day, char buf[static DAY_TEXT]);
const char *day_print_short(int64_t day, char buf[static DAY_TEXT]);

/* Reads the first ten characters of text; false unless they are a real day. */
MUST_USE bool day_parse(const char *text, int64_t *day);

/* The same, of the bank's day where it is a moment with a zone: ISO 8601, as
 * 2026-11-28T22:30:00Z or with +02:00. */
MUST_USE bool day_parse_bank(const char *text, int64_t *day);

/* The same day of the month so many months later; the month's last one where
 * there is no such day. */
int64_t day_months(int64_t day, int64_t months);

int64_t day_of(int64_t t);		/* the UTC day that t is in */

/* The bank's day: Europe/Vilnius, EET, with the EU's summer time. */
int64_t day_of_bank(int64_t t);

#endif
