/*
 * transaction.h - sessions as their merchant's books list them.
 *
 * A transaction is a session that has a reference; its place in the list is
 * when it got it, newest first, the id deciding between equals.  A place may
 * be given back later to go on from there: that costs the same however deep.
 */
#ifndef TRANSACTION_H
#define TRANSACTION_H

#include "base/status.h"
#include "io/db.h"

struct transaction {
	int64_t		 id, environment, late, stored, total;
	int64_t		 undelivered;	/* a webhook of it was given up */
	int64_t		 created_at, invoiced_at, expires_at, confirmed_at;
	int64_t		 at;		/* its place in the list: invoiced_at,
					 * or created_at without an invoice */
	cents		 amount, total_paid;
	const char	*reference_number, *invoice_number;
	const char	*merchant_order_id, *currency;
};

/* Which ones, of cx->merchant. */
struct choice {
	bool		 by_status;
	enum status	 status;	/* as it is now, expiry included */
	const char	*order_id;	/* NULL: any */
	int64_t		 from, until;	/* invoiced at, both inclusive */
	int64_t		 before_at, before_id; /* the place to go on from */
	int64_t		 limit, offset;
};

/* Rows of struct transaction. */
MUST_USE enum err transaction_each(struct cx *, const struct choice *,
    struct rows *);

/*
 * Those that a text leads to: its reference key, or the beginning of an
 * order, an email, a payer's name, word or IBAN; the newest first, rows of
 * struct transaction.
 */
MUST_USE enum err transaction_search(struct cx *, const char *text,
    const char *key, int64_t limit, struct rows *);

/* How many there are in all, whatever place, limit and offset. */
MUST_USE enum err transaction_count(struct cx *, const struct choice *,
    int64_t *total);

extern const struct stmt transaction_stmts[];
extern const size_t transaction_nstmts;

#endif
