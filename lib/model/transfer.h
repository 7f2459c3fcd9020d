/*
 * transfer.h - an entry of the bank's statement: a fact, never changed.
 *
 * It is known by the account and any of the bank's ids of it: adding it twice
 * is ERR_DUPLICATE.  What it was taken for is a match (model/match.h).
 */
#ifndef TRANSFER_H
#define TRANSFER_H

#include "io/db.h"

struct transfer {
	int64_t		 id, account_id;
	int64_t		 credit;	/* 1: came, 0: went */
	cents		 amount;	/* more than nothing */
	int64_t		 booking_day;	/* the bank's; days since 1970 */
	int64_t		 created_at;
	const char	*bank_id, *currency;
	const char	*debtor_name, *debtor_iban;	/* NULL: not said */
	const char	*creditor_name, *creditor_iban;
	const char	*remittance, *structured, *end_to_end_id;

	/* of one that is added, else NULL */
	const char	*content;	/* a hash in hex (io/entry.h) */
	const char	*content_before; /* the same; for transfer_twin */
	const char	*const *ids;	/* all of them, bank_id first */
	const char	*const *texts;	/* whole, to be searched */
};

/* One that waits for an operator. */
struct stray {
	int64_t		 id;
	cents		 amount;
	int64_t		 booking_day;
	const char	*currency, *debtor_name, *remittance;
	const char	*reason;	/* model/match.h */
	const char	*suggestion;	/* a reference, or NULL */
	const char	*reference_number; /* of its session, or NULL */
};

/* What is known of one id of an entry. */
struct known {
	int64_t		 n;		/* the entry, as it was asked */
	int64_t		 transfer_id;	/* 0: the id is new */
	const char	*bank_id;	/* the transfer's first id */
	const char	*content;	/* its hash in hex, or NULL */
	int64_t		 differs;	/* from the entry, in one of these */
	int64_t		 credit, booking_day;
	cents		 amount;
	const char	*currency;
};

/* Adds t; sets its id.  ERR_DUPLICATE if it is known. */
MUST_USE enum err transfer_add(struct cx *, struct transfer *t);

MUST_USE enum err transfer_find(struct cx *, int64_t id, struct transfer *);

/* The same of one that is unmatched now; ERR_NOT_FOUND. */
MUST_USE enum err transfer_stray(struct cx *, int64_t id, struct transfer *);

/* One that an operator booked of an entry without an id, and that t is again
 * by its content; ERR_NOT_FOUND. */
MUST_USE enum err transfer_twin(struct cx *, const struct transfer *t,
    struct transfer *twin);

/*
 * What of these entries is new or other than it was?  A JSON list of a row for
 * each id: [n, id, "content credit amount currency day", first id].  Rows of
 * struct known, for ids that are new, and where the content, the money or the
 * transfer's first id is another.
 */
MUST_USE enum err transfer_known(struct cx *, int64_t account_id,
    const char *ids, struct rows *);

/* Notes the contents of transfers that have none yet, or one of an older
 * form: a JSON list of [transfer_id, content]. */
MUST_USE enum err transfer_learn(struct cx *, const char *contents);

/* Notes that the transfer whose first id is known has this one too. */
MUST_USE enum err transfer_join(struct cx *, int64_t account_id,
    const char *bank_id, const char *known);

/* The transfers of a session, oldest first: rows of struct transfer. */
MUST_USE enum err transfer_each(struct cx *, int64_t session_id,
    struct rows *);

/* Incoming ones above an id, with what they were taken for, at most 500:
 * rows of struct stray. */
MUST_USE enum err transfer_list(struct cx *, int64_t after, bool unmatched,
    struct rows *);

extern const struct stmt transfer_stmts[];
extern const size_t transfer_nstmts;

#endif
