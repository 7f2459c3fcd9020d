/*
 * outgoing.h - money that left and is no refund of ours: a recall, what the
 * owner moved, what the bank charges.  Each waits until an operator has seen
 * it.
 */
#ifndef OUTGOING_H
#define OUTGOING_H

#include "io/db.h"

struct outgoing {
	int64_t		 transfer_id, account_id, booking_day, seen_at;
	cents		 amount;
	const char	*currency, *creditor_name, *creditor_iban, *remittance;
	const char	*reference_number; /* of its session, or NULL */
};

/* Notes one, in the transaction that books the transfer; session_id 0: it
 * names none. */
MUST_USE enum err outgoing_add(struct cx *, int64_t transfer_id,
    int64_t session_id);

/* Notes those of the latest transfers that the release before left out, while
 * it ran beside this one. */
MUST_USE enum err outgoing_adopt(struct cx *);

/* Those that nobody has seen, or all: the latest 500, newest first, as rows
 * of struct outgoing. */
MUST_USE enum err outgoing_list(struct cx *, bool all, struct rows *);

/* One that nobody has seen, of that amount and to that IBAN; ERR_NOT_FOUND. */
MUST_USE enum err outgoing_like(struct cx *, int64_t account_id,
    cents amount, const char *iban, struct outgoing *);

/* An operator has seen one, or all; *n: how many were new to him. */
MUST_USE enum err outgoing_seen(struct cx *, int64_t transfer_id, int64_t *n);
MUST_USE enum err outgoing_seen_all(struct cx *, int64_t *n);

extern const struct stmt outgoing_stmts[];
extern const size_t outgoing_nstmts;

#endif
