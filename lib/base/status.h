/*
 * status.h - the life of a session.
 *
 * A status changes only along an edge of the table in status.c, and only by
 * status_next().  What the table does not list cannot happen.  Money is
 * never refused: from the invoice on, every status has an edge for it.
 */
#ifndef STATUS_H
#define STATUS_H

#include <stdio.h>

#include "base/cents.h"

#define STATUSES(S) \
	S(PENDING,   "pending",	  "Session created, customer hasn't reached checkout yet.") \
	S(INVOICED,  "invoiced",  "Invoice and reference generated; payment details are shown.") \
	S(POLLING,   "polling",	  "The customer says the payment is sent; we are checking the bank.") \
	S(PARTIAL,   "partial",	  "Money came, but less than the invoice amount.") \
	S(CONFIRMED, "confirmed", "Full payment received and verified.") \
	S(OVERPAID,  "overpaid",  "More than the invoice amount came; a refund will be processed if it is more than the fee.") \
	S(FAILED,    "failed",	  "Payment not detected after the last polling attempt.") \
	S(EXPIRED,   "expired",	  "The session expired before payment was made.")

#define S(name, word, doc) STATUS_##name,
enum status { STATUSES(S) STATUS__MAX };
#undef S

enum event {
	EVENT_INVOICE,		/* create_invoice */
	EVENT_POLL,		/* confirm_paid */
	EVENT_SHORT,		/* the money so far is too little */
	EVENT_EXACT,
	EVENT_OVER,
	EVENT_GIVE_UP,		/* the last poll, and no money */
	EVENT_EXPIRE,
	EVENT_EMPTY,		/* an operator took the last money off it */
	EVENT__MAX
};

extern const char *const status_words[STATUS__MAX + 1]; /* NULL ends them */

const char	*status_word(enum status);
const char	*event_word(enum event);

/* Takes the edge for ev out of *s, or returns false and leaves *s alone. */
MUST_USE bool	 status_next(enum status *s, enum event ev);

/* What the money is to the invoice; paid must be more than nothing. */
enum event	 event_of(cents amount, cents paid);

/* Has the invoice been paid, exactly or over? */
bool		 status_paid(enum status);

/* Prints the table as a Graphviz digraph. */
void		 status_graph(FILE *);

#endif
