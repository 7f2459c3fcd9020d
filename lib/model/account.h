/*
 * account.h - an account at the bank, and how far its statement was read.
 *
 * Whoever reads the statement holds the account's lease: a row, so that it
 * holds across processes and machines, and a time, so that it ends by itself
 * when its holder is killed.  Reading twice at once would be harmless (a
 * transfer is known by its bank id); the lease only spares the bank.
 * It is by the clock of the database, the only one that all of them share.
 */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include "io/db.h"

struct account {
	int64_t		 id, environment, current;
	int64_t		 checked_at;	/* last complete read */
	int64_t		 wanted_until;	/* somebody waits */
	int64_t		 next_read_at;	/* not before */
	int64_t		 leased;	/* seconds that its lease lasts */
	int64_t		 lease_owner;
	int64_t		 failures;	/* in a row */
	int64_t		 read_day;	/* latest booking day seen */
	int64_t		 read_page;	/* last page of its window */
	int64_t		 window_at, deep_at, deepest_at; /* last longer reads */
	int64_t		 ahead_days;	/* after today, that are asked for */
	int64_t		 created_at;
	const char	*iban;
	const char	*bank_id;	/* the bank's id of it; "": not asked */
	const char	*beneficiary_name, *account_name, *bank_name;
	const char	*last_error;
};

/* What the bank says that an account holds, against the books. */
struct stated {
	int64_t		 id, balance_at, balance_off_since;
	cents		 balance;	/* as the bank stated it */
	cents		 off;		/* it is so much more than by the
					 * books, since it was first stated */
	const char	*iban;
};

/* Stores the balance that the bank stated while the statement was read. */
MUST_USE enum err account_state(struct cx *, const struct account *,
    cents balance);

/* Of each account whose bank states one: rows of struct stated. */
MUST_USE enum err account_stated(struct cx *, struct rows *);

MUST_USE enum err account_find(struct cx *, int64_t id, struct account *);

/* The account that new invoices of an environment name. */
MUST_USE enum err account_current(struct cx *, int64_t environment,
    struct account *);

/* All of them: rows of struct account. */
MUST_USE enum err account_each(struct cx *, struct rows *);

/* Makes the account with that environment and IBAN the current one, adding
 * it if it is new; an empty beneficiary_name keeps what is known. */
MUST_USE enum err account_put(struct cx *, const struct account *);

/* Stores what the bank said of it: its id, and its holder if unknown. */
MUST_USE enum err account_learn(struct cx *, const struct account *);

/* Takes the lease; ERR_BUSY if another has it, or read just now. */
MUST_USE enum err account_lease(struct cx *, struct account *);

/* Holds it longer; ERR_BUSY if another took it meanwhile. */
MUST_USE enum err account_hold(struct cx *, const struct account *);

/* Ends a complete read: stores what was read when. */
MUST_USE enum err account_done(struct cx *, const struct account *);

/* Ends a failed one: counts it, not again before next_read_at; the days
 * up to read_day need not be read again. */
MUST_USE enum err account_fail(struct cx *, const struct account *,
    const char *why);

/* Somebody waits for money until then. */
MUST_USE enum err account_want(struct cx *, int64_t id, int64_t until);

/* The next read may be at once: the bank told that something came. */
MUST_USE enum err account_hurry(struct cx *, int64_t environment);

/* The same where reads failed: why they did is over. */
MUST_USE enum err account_retry(struct cx *, int64_t environment);

extern const struct stmt account_stmts[];
extern const size_t account_nstmts;

#endif
