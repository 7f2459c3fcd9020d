/*
 * refundentry.h - which entries of the statement are a refund's: its money
 * that went and, if the customer's bank sent it back, that came again.
 */
#ifndef REFUNDENTRY_H
#define REFUNDENTRY_H

#include "io/db.h"

struct refundentries {
	int64_t		 went, returned; /* how many */
};

/* Notes that a transfer is the refund's; ERR_DUPLICATE. */
MUST_USE enum err refundentry_add(struct cx *, int64_t transfer_id,
    int64_t refund_id, bool returned);

MUST_USE enum err refundentry_count(struct cx *, int64_t refund_id,
    struct refundentries *);

/* Is a transfer some refund's entry? */
MUST_USE enum err refundentry_of(struct cx *, int64_t transfer_id,
    bool *entry);

extern const struct stmt refundentry_stmts[];
extern const size_t refundentry_nstmts;

#endif
