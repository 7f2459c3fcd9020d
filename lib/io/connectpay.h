/*
 * connectpay.h - ConnectPay's API: tokens, accounts, the statement.
 *
 * Only what ConnectPay publishes is relied on; where its pages are silent the
 * Berlin Group's NextGenPSD2 names are read, and any spelling that stands
 * for the same is accepted (ids and amounts as numbers or texts, a bare list,
 * any way to say "none").  What becomes of an entry is entry.h.
 *
 * Every call has a limit: 10 s, and together at most bank.patience.  A call
 * that fails is ERR_BANK; bank.status then says how.
 */
#ifndef CONNECTPAY_H
#define CONNECTPAY_H

#include "base/conf.h"
#include "base/cx.h"
#include "base/field.h"
#include "io/entry.h"

/* A conversation with the bank. */
struct bank {
	int64_t		 environment;
	const char	*access_token;
	int64_t		 patience;	/* ms left for all calls */

	/* of the last call */
	int64_t		 status;	/* HTTP status; 0: no answer */
	int64_t		 retry_after;	/* s; 0: not said */
	bool		 void_grant;	/* the code or token is not valid */
};

struct bank_tokens {
	const char	*access_token, *refresh_token;
	int64_t		 access_seconds, refresh_seconds;
	const char	*scope;
};

struct bank_account {
	const char	*bank_id, *iban, *currency, *name;
	bool		 stated;	/* the booked balance is said: */
	cents		 balance;	/* in that currency */
};

struct bank_period {
	const char	*bank_id, *iban; /* of the account */
	int64_t		 from, to;	/* booking days */
};

/* A payment from an account of ours. */
struct bank_order {
	const char	*debtor_iban, *creditor_iban, *creditor_name;
	cents		 amount;	/* in EUR */
	const char	*remittance;	/* at most 140 characters */
	const char	*external_reference; /* at most 35 */

	/* what the bank answers */
	const char	*payment_order_no, *payment_rail, *transaction_status;
	const char	*match_type, *matched_name; /* of the payee, or NULL */
};

/* Exchanges an authorisation code, or a refresh token, for tokens. */
MUST_USE enum err connectpay_login(struct cx *, struct bank *,
    const char *code, struct bank_tokens *);
MUST_USE enum err connectpay_refresh(struct cx *, struct bank *,
    const char *refresh_token, struct bank_tokens *);

/* The accounts that the login may see: rows of struct bank_account. */
MUST_USE enum err connectpay_accounts(struct cx *, struct bank *,
    struct rows *);

/*
 * Makes a payment order.  No money moves yet; making it again makes another
 * one.  Fills the second half of o.
 */
MUST_USE enum err connectpay_initiate(struct cx *, struct bank *,
    struct bank_order *o);

/* Lets the money of an order move.  When it fails, ask for the status. */
MUST_USE enum err connectpay_authorise(struct cx *, struct bank *,
    const char *payment_order_no);

/* How far an order is. */
struct bank_progress {
	const char	*status;	/* final: ACSC, RJCT, CANC */
	const char	*said;		/* the bank's own words; "": none */
};
MUST_USE enum err connectpay_status(struct cx *, struct bank *,
    const char *payment_order_no, struct bank_progress *);

/* One page of the statement, oldest first, as the bank sent it.  Some banks
 * give fewer entries than are asked for, so only an empty one is past the
 * end. */
MUST_USE enum err connectpay_page(struct cx *, struct bank *,
    const struct bank_period *, int64_t page, struct out *);

/* What stands in it: rows of struct bank_entry.  ERR_BANK: no statement. */
MUST_USE enum err connectpay_entries(struct cx *, const struct bank_period *,
    const struct out *page, struct rows *);

#endif
