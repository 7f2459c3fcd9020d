/*
 * report.h - what a merchant's money came to, by day and in all.
 *
 * All of it is of cx->merchant, in its present environment.  A day is one of
 * the bank's: today begins when it does in Vilnius.  Each report is one
 * consistent read, exact to the cent (model/day.h).
 */
#ifndef REPORT_H
#define REPORT_H

#include "base/cents.h"
#include "base/cx.h"
#include "base/field.h"

#define REPORT_DAYS	366		/* of a settlement, at most */

struct settled {
	const char	*date;		/* NULL: of all days */
	cents		 gross_volume;	/* money that came */
	cents		 total_refunds;	/* money that went back, less returns */
	cents		 total_fees;	/* of refunds, and by the rates */
	cents		 net_settlement;
	int64_t		 transaction_count;	/* payments that began */
	int64_t		 transfer_count;
};

/* Sums the days from and until, both inclusive; days is a row of struct
 * settled for each of them, *all their sum. */
MUST_USE enum err report_settle(struct cx *, int64_t from, int64_t until,
    struct settled *all, struct rows *days);

struct overview {
	cents		 today_volume, month_volume, all_time_volume;
	int64_t		 transaction_count;
	cents		 average_transaction;
	cents		 success_rate;	/* percent; hundredths, as cents */
};

MUST_USE enum err report_overview(struct cx *, struct overview *);

#endif
