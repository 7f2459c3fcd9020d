/*
 * payout.h - a refund's money is sent through the bank, once.
 *
 * The bank knows no idempotency key, but it moves money only when an order
 * is authorised.  So every step is stored before and after it is taken:
 *
 *	1. a payout row says that an order will be asked for;
 *	2. the bank makes an order, which moves nothing;
 *	3. the refund chooses that order, if it has none, and is held if the
 *	   payee's name does not match;
 *	4. the payout row says that its order will be authorised;
 *	5. the bank is told to pay; the answer does not matter:
 *	6. the bank is asked for the order's status, until it is final.
 *
 * Whoever is killed, and wherever: the next one goes on from what is stored.
 * An order whose number was lost is never authorised; one that was chosen is
 * never replaced once step 4 is stored.  tests/model/payout.pml proves it.
 *
 * A database that was restored from a backup may know less than the bank.  So
 * before step 1 the statement is read, which may say that the refund was paid;
 * and before an old order is replaced the bank is asked whether it was.
 */
#ifndef FLOW_PAYOUT_H
#define FLOW_PAYOUT_H

#include "base/cx.h"

/*
 * Takes the steps that can be taken now for a refund that the caller has
 * claimed, within patience (ms of bank time).  0: it is ended, held, or goes
 * on later; the refund says which.  Not inside a transaction.
 */
MUST_USE enum err payout_follow(struct cx *, int64_t refund_id,
    int64_t patience);

/*
 * An operator says how a sending refund ended: as sent (failure NULL), or as
 * failed, and why.  The statement is read and the bank is asked first.
 * ERR_STATE: the bank says otherwise, or that the order is under way, or the
 * refund is not being sent; ERR_BANK: the bank cannot be asked; ERR_CONFLICT:
 * the refund moved meanwhile.
 */
MUST_USE enum err payout_close(struct cx *, int64_t refund_id,
    const char *failure, int64_t patience);

/* The worker's turn: follows those that are due; *n says how many. */
MUST_USE enum err payout_turn(struct cx *, int64_t *n);

#endif
