#include "base/calendar.h"
#include "tap.h"

static const struct {
	const char	*text;
	bool		 good;
	int64_t		 day;
} days[] = {
	{ "1970-01-01", true,  0 },
	{ "2000-02-29", true,  11016 },
	{ "2026-03-30", true,  20542 },
	{ "2024-12-31", true,  20088 },
	{ "2026-02-30", false, 0 },
	{ "2025-02-29", false, 0 },
	{ "2026-13-01", false, 0 },
	{ "2026-00-10", false, 0 },
	{ "26-03-30",	false, 0 },
	{ "2026/03/30", false, 0 },
	{ "",		false, 0 },
};

static const struct {
	int64_t		 t;
	const char	*day;
	const char	*shows;
} bank_days[] = {
	{ 1774735199, "2026-03-28", "21:59:59 UTC in winter: still Saturday" },
	{ 1774735200, "2026-03-29", "22:00 UTC in winter: Sunday in Vilnius" },
	{ 1774817999, "2026-03-29", "in summer midnight is at 21:00 UTC" },
	{ 1774818000, "2026-03-30", "21:00 UTC in summer: Monday" },
	{ 1792961999, "2026-10-25", "winter is back on the last Sunday" },
};

int
main(void)
{
	char buf[TIME_TEXT], day[DAY_TEXT];

	for (size_t i = 0; i < NELEM(days); i++) {
		int64_t d = 0;

		is_int(day_parse(days[i].text, &d), days[i].good,
		    "\"%s\" is%s a day", days[i].text,
		    days[i].good ? "" : " not");
		is_int(d, days[i].day, "\"%s\": its number", days[i].text);
	}
	is_str(time_print(1774911912, buf), "2026-03-30 23:05:12", "a time");
	is_str(day_print_short(20542, day), "260330", "a day in a reference");
	for (size_t i = 0; i < NELEM(bank_days); i++)
		is_str(day_print(day_of_bank(bank_days[i].t), day),
		    bank_days[i].day, "%s", bank_days[i].shows);
	return tap_done();
}
