/*
 * ledger.h - the bank's books: accounts, and the entries booked on them.
 *
 * An account's balance changes only together with an entry, in one
 * transaction that holds the account's row; so the entries of an account
 * become visible in the order of their ids.
 */
#ifndef LEDGER_H
#define LEDGER_H

#include "io/db.h"

#define LEDGER_BIC	"CNPALT21XXX"
#define LEDGER_EACH_MAX	1000		/* entries at once */

struct account {
	int64_t		 id;
	const char	*resource_id, *iban, *name, *currency;
	cents		 balance;
	int64_t		 custodial;	/* the API client's own */
};

struct entry {
	int64_t		 transaction_id;
	const char	*iban;		/* of the account it is booked on */
	const char	*direction;	/* CREDIT or DEBIT */
	cents		 amount;
	const char	*currency, *booking_date;
	const char	*debtor_name, *debtor_iban;
	const char	*creditor_name, *creditor_iban;
	const char	*remittance, *structured, *end_to_end_id, *additional;
	const char	*raw;		/* sent as it is, or NULL */
	int64_t		 created_at;
};

/* A part of an account's statement. */
struct period {
	int64_t		 account_id, from, to;	/* days */
	bool		 descending;
	int64_t		 skip, max;	/* entries */
};

/* Opens the accounts of the documentation, if there are none. */
MUST_USE enum err ledger_seed(struct cx *);

/* All accounts, by id. */
MUST_USE enum err ledger_accounts(struct cx *, struct rows *);

/* One account: by IBAN, or the API client's own by its resource id. */
MUST_USE enum err ledger_find(struct cx *, const char *iban,
    struct account *);
MUST_USE enum err ledger_own(struct cx *, const char *resource_id,
    struct account *);

/* Reads it again, and holds it until the transaction ends. */
MUST_USE enum err ledger_lock(struct cx *, struct account *);

MUST_USE enum err ledger_balance(struct cx *, const struct account *);

/* Books the entry on the account; .transaction_id is filled in. */
MUST_USE enum err ledger_book(struct cx *, const struct account *,
    int64_t day, struct entry *);

/* The entries of a period, by day and id. */
MUST_USE enum err ledger_period(struct cx *, const struct period *,
    struct rows *);

/* The entries behind an id, of one account or of all (NULL). */
MUST_USE enum err ledger_each(struct cx *, const char *iban, int64_t after,
    struct rows *);

extern const struct stmt ledger_stmts[];
extern const size_t ledger_nstmts;

#endif
