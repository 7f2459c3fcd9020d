/*
 * sending.h - a refund on its way, for payout.c and close.c alone.
 */
#ifndef SENDING_H
#define SENDING_H

#include "flow/bank.h"
#include "flow/payback.h"
#include "model/account.h"
#include "model/payout.h"

#define ORDER_SECONDS	900		/* an older one may have lapsed */

struct sending {
	struct refund	 refund;
	struct session	 session;
	struct account	 account;	/* that pays */
	struct payout	 payout;	/* the one chosen; id 0: none yet */
	struct bank	 bank;
	struct bank_order order;
	const char	*why;		/* it fails */
	const char	*trouble;	/* why it waits; "": as it should */
};

/* Reads the refund and its chosen order again. */
MUST_USE enum err sending_load(struct cx *, int64_t id, struct sending *);

/* Its session, and the account that was paid. */
MUST_USE enum err sending_account(struct cx *, struct sending *);

/* How an order ended that pays nothing, in words; NULL: it did not. */
const char *sending_failure(struct cx *, const struct bank_progress *);

#endif
