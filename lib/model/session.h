/*
 * session.h - a session: one amount a merchant wants, and what came of it.
 *
 * A session is found by its token, its reference or its order.  What the
 * shopper's side needs of the merchant and of the account to pay to is read
 * along, in the same statement.  Statuses move only by session_move() and
 * session_credit(), along the edges of base/status.h.
 */
#ifndef SESSION_H
#define SESSION_H

#include "base/status.h"
#include "io/db.h"

#define TOKEN_HALF	16		/* bytes; a token is two halves, in hex */

struct session {
	int64_t		 id, merchant_id, environment, account_id;
	int64_t		 schedule_id;	/* it is a cycle of; 0: of none */
	int64_t		 status;	/* enum status, as stored */
	unsigned char	 token_id[TOKEN_HALF], token_check[TOKEN_HALF];
	cents		 amount, total_paid;
	cents		 total_returned; /* left again, but for refunds */
	int64_t		 payment_count;
	int64_t		 late;		/* money came after failed or expired */
	int64_t		 state_version;
	int64_t		 poll_count, polled_at;
	int64_t		 created_at, expires_at, invoiced_at, confirmed_at;
	const char	*currency, *reference_number, *invoice_number;
	const char	*merchant_order_id, *customer_email, *customer_name;
	const char	*callback_url;
	/* only by session_find and session_find_key */
	const char	*items;		/* JSON */
	const char	*return_url;
	int64_t		 undelivered;	/* a webhook of it was given up */
	/* read along */
	const char	*merchant_name;
	const char	*default_url, *events;	/* the merchant's */
	int64_t		 fee_percent;	/* hundredths of a percent */
	cents		 fee_fixed;
	const char	*iban, *beneficiary_name, *account_name, *bank_name;
	int64_t		 checked_at, wanted_until; /* of the account */
};

/* What check_payment needs, in one row of numbers. */
struct watch {
	int64_t		 id, account_id, environment, status;
	unsigned char	 token_check[TOKEN_HALF];
	cents		 amount, total_paid;
	int64_t		 payment_count, late, poll_count, polled_at;
	int64_t		 expires_at, confirmed_at;
	int64_t		 checked_at, next_read_at, leased, wanted_until;
};

/* A session that waits for money. */
struct open_session {
	int64_t		 id;
	const char	*reference_key;
};

/*
 * The status now: expiry counts from its moment, whether or not the row has
 * been moved yet.
 */
enum status session_status(int64_t status, int64_t expires_at, int64_t now);

/* Adds s; sets its id. */
MUST_USE enum err session_add(struct cx *, struct session *s);

/* By the token's 64 hex digits; ERR_NOT_FOUND if it is no token. */
MUST_USE enum err session_find(struct cx *, const char *token,
    struct session *);
MUST_USE enum err session_watch(struct cx *, const char *token,
    struct watch *);

/* The same, but a session without invoice comes with the account that its
 * invoice would name. */
MUST_USE enum err session_find_payable(struct cx *, const char *token,
    struct session *);

/* By the canonical key of its reference (base/reference.h), any merchant. */
MUST_USE enum err session_find_key(struct cx *, const char *key,
    struct session *);

/* Those of an account that lack just this amount, the latest 500: rows of
 * struct open_session. */
MUST_USE enum err session_open_for(struct cx *, int64_t account_id,
    cents amount, struct rows *);

/* Those with a stored status that have expired, and were not polled for so
 * many seconds; at most 200 rows of struct open_session. */
MUST_USE enum err session_due(struct cx *, enum status, int64_t silence,
    struct rows *);

/* Reads it by its id. */
MUST_USE enum err session_read(struct cx *, int64_t id, struct session *);

/* Reads it again and locks it until the transaction ends. */
MUST_USE enum err session_lock(struct cx *, int64_t id, struct session *);

/*
 * Gives a pending session its invoice; ERR_CONFLICT if it is not pending any
 * more, ERR_DUPLICATE if the reference or number is taken.
 */
MUST_USE enum err session_invoice(struct cx *, const struct session *s,
    const char *key);

/* Moves s along ev, in the database and in s; ERR_STATE if it may not,
 * ERR_CONFLICT if another moved it first. */
MUST_USE enum err session_move(struct cx *, struct session *s, enum event ev);

/* Counts a poll of a polling session. */
MUST_USE enum err session_poll(struct cx *, int64_t id);

/*
 * Adds money to a locked session and moves it to what the sum is.  After
 * failed or expired it is marked late.  s is as stored afterwards.
 */
MUST_USE enum err session_credit(struct cx *, struct session *s, cents money);

/* The opposite: money of a locked session is another's.  ERR_STATE. */
MUST_USE enum err session_debit(struct cx *, struct session *, cents);

/* Money of a locked session left again, and not by a refund. */
MUST_USE enum err session_return(struct cx *, struct session *s, cents money);

/* Something of a locked session changed that is not in its row. */
MUST_USE enum err session_touch(struct cx *, struct session *s);

/* The token, as given out. */
char	*session_token(struct arena *, const struct session *);

extern const struct stmt session_stmts[];	/* our SQL, for db_check() */
extern const size_t session_nstmts;

#endif
