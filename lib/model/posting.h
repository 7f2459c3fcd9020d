/*
 * posting.h - what a fact changes in a merchant's sums of a day.
 *
 * Written with the fact, in its transaction, as a row of its own, so that no
 * two facts wait for each other.  The worker adds postings to days
 * (model/day.h) and drops them; until then both together are the sums.
 */
#ifndef POSTING_H
#define POSTING_H

#include "io/db.h"

struct posting {
	int64_t	id, merchant_id, environment;
	int64_t	day;			/* of the bank's booking */
	cents	gross;			/* money that came */
	int64_t	transfers;		/* in so many */
	int64_t	transactions;		/* payments that began so */
	cents	refunds;		/* that went, less what returned */
	cents	refund_fees;		/* kept of those */
	cents	fees;			/* by the merchant's rates */
	int64_t	succeeded, finished;	/* sessions; may be -1 */
};

MUST_USE enum err posting_add(struct cx *, const struct posting *);

/*
 * Locks up to 1000 that nobody else has locked, ordered by merchant,
 * environment and day: rows of struct posting.
 */
MUST_USE enum err posting_take(struct cx *, struct rows *);

/* Drops those whose ids are in a JSON list. */
MUST_USE enum err posting_drop(struct cx *, const char *ids);

extern const struct stmt posting_stmts[];
extern const size_t posting_nstmts;

#endif
