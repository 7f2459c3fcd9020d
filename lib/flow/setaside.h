/*
 * setaside.h - an operator finishes an entry that was kept aside.
 *
 * To be called outside of a transaction.  ERR_NOT_FOUND, or ERR_STATE if it is
 * finished already.
 */
#ifndef SETASIDE_H
#define SETASIDE_H

#include "model/aside.h"

/* Books it as a credit of amount to a session, or to nobody (NULL): then it is
 * unmatched money.  *transfer_id is the transfer's. */
MUST_USE enum err setaside_book(struct cx *, int64_t id, cents amount,
    const char *reference, int64_t *transfer_id);

/* It is no money of ours. */
MUST_USE enum err setaside_dismiss(struct cx *, int64_t id);

#endif
