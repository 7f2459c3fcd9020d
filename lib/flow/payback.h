/*
 * payback.h - refunds: made, asked to be sent, given up, ended.
 *
 * What a session's refunds take together never exceeds what it was paid:
 * that is decided with the session's row locked.  The money itself moves in
 * flow/payout.h.  A refund ends as sent or failed by one of three voices,
 * whichever is heard first: the bank's status of its order, the entry of the
 * statement that it went, the entry that it came back.
 */
#ifndef PAYBACK_H
#define PAYBACK_H

#include "model/refund.h"
#include "model/session.h"
#include "model/transfer.h"

/* How long one who sends a refund has it to himself, in seconds. */
#define PAYBACK_LEASE	60

/* What banks keep at most of a refund that they send back, in cents. */
#define PAYBACK_COSTS	1000

/*
 * Makes a pending refund of cx->merchant's session with that reference.
 * ERR_PARAM: more than there is left, or not above the fee; ERR_STATE: no
 * money came; ERR_NOT_FOUND.
 */
MUST_USE enum err payback_create(struct cx *, const char *reference,
    struct refund *, struct session *);

/*
 * Begins to send one of cx->merchant's: r says id, customer and whether to
 * accept a name that does not match, and is as stored afterwards.  ERR_STATE
 * unless it is pending or held; then nothing has happened.
 */
MUST_USE enum err payback_begin(struct cx *, struct refund *r);

/* Makes a locked one that may begin sending, whose next step is due then. */
MUST_USE enum err payback_start(struct cx *, struct refund *, int64_t due_at);

/* Gives up one that is pending or held.  ERR_STATE. */
MUST_USE enum err payback_cancel(struct cx *, int64_t id, struct refund *);

/* Ends a refund, in the open transaction: it is locked (payback_lock()). */
MUST_USE enum err payback_sent(struct cx *, struct session *,
    struct refund *);
MUST_USE enum err payback_failed(struct cx *, struct session *,
    struct refund *, const char *why);

/* What a refund is of: its session, or, of money that is sent back, a stand-in
 * that has no id, but the account that was paid, and the currency. */
MUST_USE enum err payback_of(struct cx *, const struct refund *,
    struct session *);

/* Why the bank cannot pay a refund's customer; NULL: as far as we know it
 * can. */
const char *payback_payee(const struct refund *);

/* Locks a refund with what it is of, in the order that everybody keeps. */
MUST_USE enum err payback_lock(struct cx *, int64_t id, struct session *,
    struct refund *);

/*
 * Books an entry of the statement that names this refund, in the open
 * transaction, if it is the refund's money that went, or that came back, to
 * the cent or less at most PAYBACK_COSTS: *ours.  Nothing else that names a
 * refund is booked here, and none of it is a payment.
 */
MUST_USE enum err payback_entry(struct cx *, const struct transfer *,
    const struct refund *named, bool *ours);

/* Is a refund of a locked session still owed as it stands?  Money may have
 * left since it was made.  *why NULL: it is. */
MUST_USE enum err payback_owed(struct cx *, const struct session *,
    const struct refund *, const char **why);

/* Makes the number of a new refund and adds it. */
MUST_USE enum err payback_add(struct cx *, struct refund *);

#endif
