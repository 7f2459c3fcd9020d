/*
 * order.h - payment orders: received, authorised, settled or rejected.
 *
 * Nothing moves before an order is authorised.  It then settles after the
 * time that the trouble settle_seconds says (at once if it is not armed),
 * when somebody next looks; an order that a person holds back settles when
 * it is released.  Settling books the debit, and the credit where the
 * creditor's account is of this bank; a debtor without the money: rejected.
 */
#ifndef ORDER_H
#define ORDER_H

#include "io/db.h"

struct order {
	int64_t		 id, account_id;
	const char	*payment_order_no;
	const char	*creditor_iban, *creditor_name;
	cents		 amount;
	const char	*remittance;
	const char	*external_reference;	/* NULL: none */
	const char	*payment_rail;
	const char	*match_type;	/* NULL: the payee was not verified */
	const char	*matched_name;	/* of a close match */
	const char	*transaction_status;	/* RCVD, PDNG, ACSC, RJCT */
	int64_t		 held, settle_at, returned, created_at;
};

MUST_USE enum err order_add(struct cx *, struct order *);
MUST_USE enum err order_find(struct cx *, const char *payment_order_no,
    struct order *);

/* Of one reference, or all (NULL) above an id: rows of struct order. */
MUST_USE enum err order_each(struct cx *, const char *external_reference,
    int64_t after, struct rows *);

/* *moved is 0 when it was authorised before. */
MUST_USE enum err order_authorise(struct cx *, const struct order *,
    int64_t *moved);

/* A person lets a held one go on, or ends it as RJCT or CANC (end NULL: goes
 * on); *moved 0: it is not held. */
MUST_USE enum err order_release(struct cx *, const struct order *,
    const char *end, int64_t *moved);

/* Settles what is due. */
MUST_USE enum err order_settle(struct cx *);

/* The creditor's bank sends the money of a settled one back, once, less its
 * costs; remittance NULL: as it was sent.  ERR_STATE, ERR_PARAM. */
MUST_USE enum err order_return(struct cx *, const char *payment_order_no,
    cents costs, const char *remittance);

/* Who an account of another bank belongs to, as its last payment said;
 * ERR_NOT_FOUND. */
MUST_USE enum err order_holder(struct cx *, const char *iban,
    const char **name);

extern const struct stmt order_stmts[];
extern const size_t order_nstmts;

#endif
