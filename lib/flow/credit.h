/*
 * credit.h - money that came is booked: found its session, or nobody's.
 *
 * Everything here happens in the transaction of the caller: the match, the
 * session's sum and status, the refund of what is too much, the event that
 * tells it.  Money is never refused and never guessed.
 */
#ifndef CREDIT_H
#define CREDIT_H

#include "model/session.h"
#include "model/transfer.h"

/* Books a transfer that was just added: incoming money finds its session,
 * or a refund that came back; outgoing money its refund. */
MUST_USE enum err credit_transfer(struct cx *, const struct transfer *);

/* Makes, or lets grow, the refund of a locked session's excess, to whom t came
 * from.  One pending refund carries what is owed, and never less than before;
 * what is no more than the fee is not sent back. */
MUST_USE enum err credit_excess(struct cx *, const struct session *,
    const struct transfer *t);

/* An operator says whose it is; ERR_STATE if it has a session already.  The
 * first is in the caller's transaction. */
MUST_USE enum err credit_give(struct cx *, int64_t transfer_id,
    const char *reference);
MUST_USE enum err credit_assign(struct cx *, int64_t transfer_id,
    const char *reference);

#endif
