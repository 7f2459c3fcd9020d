/*
 * giveback.h - the refund of an overpayment goes out by itself.
 *
 * Of merchants who want it, so much at most, a quarter of an hour after it
 * was made or grew: until then the merchant may send or cancel it, and
 * whoever is first has it.  It goes only to the account that all of the
 * session's money came from, by a name that the bank verified (payout.h):
 * whoever knows the reference may pay a cent more, but not draw the money of
 * another to himself.  What does not go by itself is left for a person, who
 * reads why in the refund.
 *
 * What no longer fits into the merchant's sum of 24 hours is left for a person
 * too, and does not wait for the next day: a sum that is used up is unusual,
 * and somebody should look before more goes out.
 */
#ifndef GIVEBACK_H
#define GIVEBACK_H

#include "model/refund.h"
#include "model/session.h"

/* Sets r->auto_at of the pending refund of the excess of s, which is locked,
 * before r is stored. */
MUST_USE enum err giveback_plan(struct cx *, const struct session *s,
    struct refund *r);

/* The worker's turn: begins those that are due, which payout_turn() goes on
 * with; *n says how many. */
MUST_USE enum err giveback_turn(struct cx *, int64_t *n);

#endif
