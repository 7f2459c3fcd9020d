/*
 * bill.h - cycles: billed on their day, reminded of, paid or missed.
 *
 * Billing a cycle is one transaction: its session with a reference of its
 * own, its row, its messages, the event, and the schedule's next day.  A
 * worker that was away bills the latest cycle only.
 */
#ifndef BILL_H
#define BILL_H

#include "model/session.h"

/* The worker's turn; *n says how much there was. */
MUST_USE enum err bill_turn(struct cx *, int64_t *n);

/* A session of a schedule was paid, in the open transaction: it is locked. */
MUST_USE enum err bill_paid(struct cx *, const struct session *);

/* Its money was taken off it again: the cycle is open, or missed in time. */
MUST_USE enum err bill_unpaid(struct cx *, const struct session *);

#endif
