/*
 * cycle.h - the days of a recurring payment.
 *
 * The day of cycle n comes from the anchor day and n alone, never from the
 * cycle before: 31 January, 28 February, 31 March.
 */
#ifndef CYCLE_H
#define CYCLE_H

#include "base/base.h"

#define FREQUENCIES(F) \
	F(WEEKLY,    "weekly",	  7, 0) \
	F(BIWEEKLY,  "biweekly",  14, 0) \
	F(MONTHLY,   "monthly",	  0, 1) \
	F(BIMONTHLY, "bimonthly", 0, 2)		/* every two months */

#define F(name, word, days, months) FREQUENCY_##name,
enum frequency { FREQUENCIES(F) FREQUENCY__MAX };
#undef F

extern const char *const frequency_words[FREQUENCY__MAX + 1]; /* NULL ends */

const char	*frequency_word(int64_t frequency);
bool		 frequency_parse(const char *word, int64_t *frequency);

/* The day, n cycles after the anchor. */
int64_t		 cycle_day(int64_t anchor_day, int64_t frequency, int64_t n);

/* The last n whose day is not after day; -1 if even the anchor is. */
int64_t		 cycle_until(int64_t anchor_day, int64_t frequency,
    int64_t day);

#endif
