/*
 * refund.h - money to be given back.
 *
 * An overpayment makes one by itself, pending, with the payer's name and
 * IBAN; it grows with a further overpayment as long as it is pending.
 */
#ifndef REFUND_H
#define REFUND_H

#include "io/db.h"

enum refund_status {
	REFUND_PENDING, REFUND_SENDING, REFUND_HELD, REFUND_SENT,
	REFUND_FAILED, REFUND_CANCELLED
};

struct refund {
	int64_t		 id, session_id, merchant_id, status, automatic;
	cents		 amount, processing_fee;
	const char	*reference_number;	/* R and 7 hex digits */
	const char	*debtor_iban, *debtor_name;
};

/* Adds r; sets its id.  ERR_DUPLICATE if the number is taken. */
MUST_USE enum err refund_add(struct cx *, struct refund *r);

/* The session's automatic refund that is pending; ERR_NOT_FOUND if none.
 * It is locked until the transaction ends. */
MUST_USE enum err refund_find_automatic(struct cx *, int64_t session_id,
    struct refund *);

/* The sum of a session's refunds that did not fail. */
MUST_USE enum err refund_sum(struct cx *, int64_t session_id, cents *);

/* Stores amount, fee and payer of a pending one. */
MUST_USE enum err refund_set(struct cx *, const struct refund *);

extern const struct stmt refund_stmts[];
extern const size_t refund_nstmts;

#endif
