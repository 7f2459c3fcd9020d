/*
 * sendback.h - an operator sends money that is nobody's to where it came from.
 *
 * Whose a transfer is, is decided with its row of gateway_unmatched held: it
 * is assigned or sent back, once.  The money itself goes as any refund's does
 * (flow/payout.h), and the transfer is unmatched again if that fails.
 */
#ifndef FLOW_SENDBACK_H
#define FLOW_SENDBACK_H

#include "model/refund.h"

/*
 * Begins to send an unmatched transfer back: a refund in status sending, for
 * payout_follow().  The statement is read first, within patience (ms): it may
 * have gone back by another way.  accept_name: although the bank said that the
 * name is not the account holder's; a held one goes on then.  ERR_STATE: it is
 * somebody's, it went back, or who sent it is not known; ERR_BANK: the bank
 * cannot be asked; ERR_NOT_FOUND.
 */
MUST_USE enum err sendback_begin(struct cx *, int64_t transfer_id,
    bool accept_name, int64_t patience, struct refund *);

/* Gives up one that is held; the transfer is unmatched again.  ERR_STATE. */
MUST_USE enum err sendback_cancel(struct cx *, int64_t transfer_id,
    struct refund *);

#endif
