/*
 * takeback.h - money that leaves the account and is no refund of ours.
 *
 * A recall, a chargeback, or a payment that its owner made by hand: what
 * names a session lowers what can be refunded of it, and is told.
 */
#ifndef TAKEBACK_H
#define TAKEBACK_H

#include "flow/recognise.h"

/* Notes an outgoing transfer in the open transaction. */
MUST_USE enum err takeback_note(struct cx *, const struct transfer *,
    const struct named *);

#endif
