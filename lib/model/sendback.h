/*
 * sendback.h - a refund of money that is nobody's, to where it came from.
 *
 * It is a refund (model/refund.h) without a session and a merchant, and
 * without a fee: its transfer_id says which money it sends back.  Of one
 * transfer there is one at a time that has not failed or been cancelled.
 */
#ifndef SENDBACK_H
#define SENDBACK_H

#include "io/db.h"

struct sendback {
	int64_t		 id, transfer_id;
	int64_t		 status;	/* enum refund_status */
	int64_t		 created_at, sent_at;
	cents		 amount;
	const char	*number;	/* R and 7 hex digits */
	const char	*debtor_iban, *debtor_name;	/* who gets it */
	const char	*failure;	/* ours; "": none */
};

/* The one of this money that is under way, held or sent; ERR_NOT_FOUND. */
MUST_USE enum err sendback_live(struct cx *, int64_t transfer_id,
    struct sendback *);

/* What banks kept of this money so far, when it was sent back and returned. */
MUST_USE enum err sendback_kept(struct cx *, int64_t transfer_id, cents *);

/* The latest 200 of all accounts, newest first: rows of struct sendback. */
MUST_USE enum err sendback_list(struct cx *, struct rows *);

extern const struct stmt sendback_stmts[];
extern const size_t sendback_nstmts;

#endif
