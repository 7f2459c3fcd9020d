/*
 * day.h - a merchant's sums of a day.
 *
 * What is read is always the days and the postings (model/posting.h) that
 * are not in them yet, in one statement: exact at any moment.  A day is one
 * of the bank's, as it booked the money.
 */
#ifndef DAY_H
#define DAY_H

#include "io/db.h"

struct day {
	int64_t	merchant_id, environment, day;
	cents	gross, refunds, refund_fees, fees;
	int64_t	transfers, transactions, succeeded, finished;
	int64_t	postings;		/* of those read, not in days yet */
};

/* Sums up to a day, for the dashboard. */
struct day_totals {
	cents	today, month, all_time;
	int64_t	transactions, succeeded, finished, postings;
};

/* Adds sums to the day that d names. */
MUST_USE enum err day_add(struct cx *, const struct day *d);

/* The days of cx->merchant in its environment that have anything, in order,
 * both ends inclusive: rows of struct day. */
MUST_USE enum err day_each(struct cx *, int64_t from, int64_t until,
    struct rows *);

/* today and the first day of the month are given; all others count in
 * all_time. */
MUST_USE enum err day_sum(struct cx *, int64_t today, int64_t month,
    struct day_totals *);

extern const struct stmt day_stmts[];
extern const size_t day_nstmts;

#endif
