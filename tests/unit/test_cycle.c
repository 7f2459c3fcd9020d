/*
 * test_cycle.c - the days of recurring payments, and the clocks of zones.
 */
#include <string.h>

#include "base/calendar.h"
#include "base/cycle.h"
#include "base/zone.h"
#include "tap.h"

static const struct {
	const char	*anchor, *frequency;
	int64_t		 n;
	const char	*day, *about;
} cycles[] = {
	{ "2026-01-31", "monthly", 0, "2026-01-31", "the anchor itself" },
	{ "2026-01-31", "monthly", 1, "2026-02-28", "February is short" },
	{ "2026-01-31", "monthly", 2, "2026-03-31", "March is long again" },
	{ "2026-01-31", "monthly", 3, "2026-04-30", "April is not" },
	{ "2026-01-31", "monthly", 25, "2028-02-29", "a leap year" },
	{ "2026-01-30", "monthly", 1, "2026-02-28", "the 30th too" },
	{ "2026-01-28", "monthly", 1, "2026-02-28", "the 28th is always there" },
	{ "2024-02-29", "monthly", 12, "2025-02-28", "a year after a leap day" },
	{ "2024-02-29", "monthly", 48, "2028-02-29", "four years after" },
	{ "2026-11-15", "monthly", 2, "2027-01-15", "over the year's end" },
	{ "2026-12-31", "bimonthly", 1, "2027-02-28", "every two months" },
	{ "2026-12-31", "bimonthly", 2, "2027-04-30", "and two more" },
	{ "2026-12-31", "bimonthly", 6, "2027-12-31", "a year" },
	{ "2026-03-27", "weekly", 1, "2026-04-03", "over the start of summer time" },
	{ "2026-10-23", "weekly", 1, "2026-10-30", "over its end" },
	{ "2026-12-28", "weekly", 1, "2027-01-04", "over the year's end" },
	{ "2026-02-20", "biweekly", 1, "2026-03-06", "two weeks" },
	{ "2024-02-20", "biweekly", 1, "2024-03-05", "two weeks in a leap year" },
	{ "2026-01-01", "weekly", 1000, "2045-03-02", "a thousand weeks" },
};

/* When the clocks show nine. */
static const struct {
	const char	*zone, *day, *time, *about;
} nines[] = {
	{ "UTC", "2026-03-29", "2026-03-29 09:00:00", "UTC" },
	{ "Europe/Vilnius", "2026-03-28", "2026-03-28 07:00:00", "Vilnius in winter" },
	{ "Europe/Vilnius", "2026-03-29", "2026-03-29 06:00:00", "on the day of change" },
	{ "Europe/Vilnius", "2026-10-25", "2026-10-25 07:00:00", "and back" },
	{ "America/New_York", "2026-03-07", "2026-03-07 14:00:00", "New York in winter" },
	{ "America/New_York", "2026-03-08", "2026-03-08 13:00:00", "two weeks before Europe" },
	{ "America/New_York", "2026-11-01", "2026-11-01 14:00:00", "a week after Europe" },
	{ "Pacific/Apia", "2026-06-01", "2026-05-31 20:00:00", "Apia is a day ahead" },
	{ "Pacific/Apia", "2011-12-29", "2011-12-29 19:00:00", "before it jumped over a day" },
	{ "Pacific/Apia", "2011-12-31", "2011-12-30 19:00:00", "and after" },
};

static const struct {
	const char	*zone;
	bool		 known;
} zones[] = {
	{ "UTC", true }, { "Europe/Vilnius", true }, { "America/New_York", true },
	{ "Europe", false }, { "Nowhere/Land", false }, { "", false },
	{ "../../../etc/passwd", false }, { "/etc/passwd", false },
	{ "Europe/../../../../etc/passwd", false }, { "utc", false },
};

static int64_t
day(const char *text)
{
	int64_t d = 0;

	is_true(day_parse(text, &d), "%s is a day", text);
	return d;
}

/* Cycle n is the same whether it is asked for alone or after all others, each
 * is later than the one before, and cycle_until() finds each. */
static void
test_property(void)
{
	bool rises = true, found = true, near = true;

	for (int64_t f = 0; f < FREQUENCY__MAX; f++)
		for (int64_t anchor = 20450; anchor < 20450 + 800; anchor++) {
			int64_t last = anchor - 1;

			for (int64_t n = 0; n < 40; n++) {
				int64_t d = cycle_day(anchor, f, n);

				rises = rises && d > last;
				found = found &&
				    cycle_until(anchor, f, d) == n &&
				    cycle_until(anchor, f, d - 1) == n - 1;
				near = near && (n == 0 || d - last <= 62);
				last = d;
			}
		}
	is_true(rises, "each day is later than the one before");
	is_true(found, "a day leads back to its cycle, the day before does not");
	is_true(near, "none is left out");
}

int
main(void)
{
	char buf[TIME_TEXT];
	int64_t f;

	for (size_t i = 0; i < NELEM(cycles); i++) {
		is_true(frequency_parse(cycles[i].frequency, &f), "%s",
		    cycles[i].frequency);
		is_str(day_print(cycle_day(day(cycles[i].anchor), f,
		    cycles[i].n), buf), cycles[i].day, "%s, cycle %" PRId64
		    ": %s", cycles[i].anchor, cycles[i].n, cycles[i].about);
	}
	for (size_t i = 0; i < NELEM(nines); i++) {
		int64_t t = zone_at(nines[i].zone, day(nines[i].day), 9);

		is_str(time_print(t, buf), nines[i].time, "nine in %s: %s",
		    nines[i].zone, nines[i].about);
		is_int(zone_day(nines[i].zone, t), day(nines[i].day),
		    "which is that day there");
	}
	for (size_t i = 0; i < NELEM(zones); i++)
		is_true(zone_known(zones[i].zone) == zones[i].known,
		    "\"%s\" is %sa zone", zones[i].zone,
		    zones[i].known ? "" : "not ");
	is_true(!frequency_parse("daily", &f), "daily is no frequency");
	test_property();
	return tap_done();
}
