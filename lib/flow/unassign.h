/*
 * unassign.h - an operator takes an assignment back: the money was another's.
 *
 * Match, sums, status, charges, reports, the cycle of a schedule and the event
 * change in one transaction; the transfer is unmatched again.  Only what an
 * operator assigned can be undone, and only while nothing was refunded of the
 * session: an automatic refund that is pending fails, and one of what is still
 * too much takes its place.
 */
#ifndef UNASSIGN_H
#define UNASSIGN_H

#include "model/session.h"

struct unassigned {
	struct session	 session;	/* as it is now */
	int64_t		 was;		/* its status before */
};

/* ERR_STATE: it may not be undone; ERR_NOT_FOUND: there is no such
 * transfer. */
MUST_USE enum err unassign(struct cx *, int64_t transfer_id,
    struct unassigned *);

#endif
