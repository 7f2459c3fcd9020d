#include <string.h>

#include "base/calendar.h"
#include "base/cycle.h"

const char *const frequency_words[FREQUENCY__MAX + 1] = {
#define F(name, word, days, months) word,
	FREQUENCIES(F)
#undef F
};

static const struct {
	int64_t		 days, months;
} frequencies[FREQUENCY__MAX] = {
#define F(name, word, days, months) { days, months },
	FREQUENCIES(F)
#undef F
};

const char *
frequency_word(int64_t frequency)
{
	return frequency_words[frequency];
}

bool
frequency_parse(const char *word, int64_t *frequency)
{
	for (int i = 0; i < FREQUENCY__MAX; i++)
		if (strcmp(frequency_words[i], word) == 0) {
			*frequency = i;
			return true;
		}
	return false;
}

int64_t
cycle_day(int64_t anchor_day, int64_t frequency, int64_t n)
{
	return day_months(anchor_day, n * frequencies[frequency].months) +
	    n * frequencies[frequency].days;
}

int64_t
cycle_until(int64_t anchor_day, int64_t frequency, int64_t day)
{
	int64_t days = frequencies[frequency].days, n;

	if (day < anchor_day)
		return -1;
	if (days > 0)
		return (day - anchor_day) / days;
	n = (day - anchor_day) / (31 * frequencies[frequency].months);
	while (cycle_day(anchor_day, frequency, n + 1) <= day)
		n++;
	return n;
}
