/*
 * payout.h - a payment order at the bank, that sends a refund.
 *
 * The row is there before the bank is asked for the order, so that none is
 * ever forgotten.  Of several orders of a refund (answers get lost) one is
 * chosen, by gateway_refunds.payout_id; only that one is ever authorised, and
 * authorised_at is stored before the bank is told.
 */
#ifndef PAYOUT_H
#define PAYOUT_H

#include "io/db.h"

struct payout {
	int64_t		 id, refund_id;
	int64_t		 send;		/* the refund's .sends then */
	cents		 amount;	/* what the customer gets */
	int64_t		 created_at, initiated_at, authorised_at, ended_at;
	const char	*creditor_iban, *creditor_name;
	const char	*payment_order_no;	/* NULL: not known */
	const char	*payment_rail;
	const char	*match_type;	/* MTCH, CMTC, NMTC; NULL: no check */
	const char	*matched_name;	/* who it is, of a close match */
	const char	*transaction_status;	/* RCVD, PDNG, ACSC, RJCT */
	const char	*error;		/* why it was not initiated */
};

/* Adds p before the bank is asked; sets its id. */
MUST_USE enum err payout_add(struct cx *, struct payout *p);

MUST_USE enum err payout_find(struct cx *, int64_t id, struct payout *);

/* Stores the bank's answer to the initiation. */
MUST_USE enum err payout_initiated(struct cx *, const struct payout *);

/* Stores why there was none. */
MUST_USE enum err payout_failed(struct cx *, int64_t id, const char *error);

/* Stores, before the bank is first told to pay, that it will be; *n is 0 when
 * the refund has another order now, or is not being sent. */
MUST_USE enum err payout_authorise(struct cx *, int64_t id, int64_t *n);

/* What the bank says of it now; ended: that is final. */
MUST_USE enum err payout_heard(struct cx *, int64_t id, const char *status,
    bool ended);

extern const struct stmt payout_stmts[];
extern const size_t payout_nstmts;

#endif
