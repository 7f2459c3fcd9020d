/*
 * checkout.h - a session from the shop's order to the shopper's payment.
 *
 * Statuses shown are those of now (session_status): expiry counts from its
 * moment.  The bank is read at most once per account every few seconds,
 * however many shoppers poll, and never longer than 3 s for one of them.
 */
#ifndef CHECKOUT_H
#define CHECKOUT_H

#include "model/session.h"

/* Opens s for cx->merchant: gives it a token, a time, an id. */
MUST_USE enum err checkout_open(struct cx *, struct session *s,
    int64_t expires_minutes);

/*
 * Opens s, which says whose and until when, with its invoice, in the open
 * transaction.  The bank is not asked: ERR_NOT_READY.
 */
MUST_USE enum err checkout_bill(struct cx *, struct session *s);

/* The invoice of a session, made on the first call.
 * ERR_EXPIRED; ERR_NOT_READY while no account is known. */
MUST_USE enum err checkout_invoice(struct cx *, const char *token,
    struct session *s);

/*
 * The shopper says it is paid: polling begins (anew).  A paid session stays
 * as it is.  ERR_NO_INVOICE, ERR_EXPIRED.
 */
MUST_USE enum err checkout_confirm(struct cx *, const char *token,
    struct session *s);

/* What a poll found. */
struct poll {
	struct watch	 w;
	enum status	 status;	/* of now */
	bool		 timeout;	/* this was one poll too many */
};

/* Looks for the money of a session; counts the poll while it is polling. */
MUST_USE enum err checkout_poll(struct cx *, const char *token, struct poll *);

#endif
