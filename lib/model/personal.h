/*
 * personal.h - personal data, in whatever table it is: whose, where, and what
 * stands in its place when it is erased.
 *
 * Erasing leaves amounts, dates, statuses and references, so all sums stay.
 * A column that holds something about a customer has its row here, or it will
 * outlive him.
 */
#ifndef PERSONAL_H
#define PERSONAL_H

#include "io/db.h"

/* What personal data hangs on; stored. */
enum owner { OWNER_SESSION, OWNER_SCHEDULE, OWNER_TRANSFER, OWNER_MESSAGE };

/* The tables, as counted. */
#define PERSONALS(T) \
	T(SESSIONS,	"gateway_sessions") \
	T(TRANSFERS,	"gateway_transfers") \
	T(PAYERS,	"gateway_payers") \
	T(REFUNDS,	"gateway_refunds") \
	T(PAYOUTS,	"gateway_payouts") \
	T(EVENTS,	"gateway_events") \
	T(ATTEMPTS,	"gateway_attempts") \
	T(DELIVERIES,	"gateway_deliveries") \
	T(IDEMPOTENCY,	"gateway_idempotency") \
	T(ACTS,		"gateway_acts") \
	T(SCHEDULES,	"recurring_schedules") \
	T(MESSAGES,	"recurring_messages") \
	T(TRIES,	"recurring_attempts")

#define T(name, word)	PERSONAL_##name,
enum personal { PERSONALS(T) PERSONAL__MAX };
#undef T

struct personal_count {
	int64_t		 rows[PERSONAL__MAX];
};

const char	*personal_word(enum personal);

/*
 * A session, schedule or transfer: whose, has it ended, and what is still to
 * come of it that needs the customer's name or address, or brings it back.  A
 * refund is over when its entry is on the statement.  One that failed is owed
 * still: it waits 30 days for a later one of the session to take its place.
 */
struct standing {
	int64_t		 id, merchant_id, status;
	int64_t		 ended;		/* its status is a final one */
	int64_t		 last_at;	/* when something last happened */
	int64_t		 refunds;	/* not over yet */
	int64_t		 pending;	/* webhooks or messages to go */
	int64_t		 unmatched;	/* a transfer that pays nothing yet */
	int64_t		 session_id;	/* it is or belongs to; 0: none */
};

/* Locks it until the transaction ends. */
MUST_USE enum err personal_lock(struct cx *, enum owner, int64_t id,
    struct standing *);

/* Erases all that hangs on one owner, but for payers and what the shop's
 * addresses say (model/shopurl.h); adds to the counts. */
MUST_USE enum err personal_erase(struct cx *, enum owner, int64_t id,
    struct personal_count *);

/* The names and IBANs by which a session was paid: rows of struct paid_by. */
struct paid_by {
	const char	*name, *iban;
};
MUST_USE enum err personal_payers(struct cx *, int64_t session_id,
    struct rows *);

/* All that is said of the customer: rows of struct said. */
struct said {
	const char	*text;
};
MUST_USE enum err personal_said(struct cx *, enum owner, int64_t id,
    struct rows *);

/* Erases what stored answers of a merchant say, where a text is the value of
 * anything in them. */
MUST_USE enum err personal_answers(struct cx *, int64_t merchant_id,
    const char *text, int64_t *n);

extern const struct stmt personal_stmts[];
extern const size_t personal_nstmts;

#endif
