/*
 * refund.h - money to be given back.
 *
 * An overpayment makes one by itself, pending, with the payer's name and
 * IBAN; it grows with a further overpayment as long as it is pending, and may
 * go out by itself (flow/giveback.h).  All others are asked for, and are of
 * the price: they neither settle an excess nor lessen the refund of it.  A
 * refund is sent by an order at the bank (model/payout.h); its amount counts
 * against the session's money until it failed or was cancelled.
 */
#ifndef REFUND_H
#define REFUND_H

#include "io/db.h"

#define REFUNDS(R) \
	R(PENDING,   "pending",	  "It waits to be sent.") \
	R(SENDING,   "sending",	  "The bank is at it, or its answer is awaited.") \
	R(HELD,	     "held",	  "The customer's bank says that the name is not the account holder's.") \
	R(SENT,	     "sent",	  "The money is on its way, irrevocably.") \
	R(FAILED,    "failed",	  "The bank refused it, or the money came back.") \
	R(CANCELLED, "cancelled", "You gave it up before it was sent.")

#define R(name, word, doc) REFUND_##name,
enum refund_status { REFUNDS(R) REFUND__MAX };
#undef R

struct refund {
	int64_t		 id, session_id, merchant_id;
	int64_t		 transfer_id;	/* money that it sends back, of no
					 * session (model/sendback.h); or 0 */
	int64_t		 status;	/* enum refund_status */
	int64_t		 automatic;	/* made by an overpayment */
	cents		 amount, processing_fee;
	int64_t		 payout_id;	/* the order that may be authorised */
	int64_t		 sends;		/* how often it was to be sent */
	int64_t		 accept_name;	/* although it does not match */
	int64_t		 due_at, tries;
	int64_t		 auto_at;	/* pending: goes out by itself then;
					 * later: went so; 0: does not */
	int64_t		 begun_at;	/* when it was last to be sent */
	int64_t		 created_at, sent_at, failed_at, cancelled_at;
	const char	*reference_number;	/* R and 7 hex digits */
	const char	*debtor_iban, *debtor_name;	/* the customer's */
	const char	*reason;	/* the merchant's; NULL: none */
	const char	*failure;	/* ours; "": none */
};

/* What a session's automatic refunds make of its excess. */
struct excess {
	cents		 settled;	/* all that did not fail: what was
					 * given up does not come back; and
					 * what banks kept */
	cents		 amount, fee;	/* of those that are not given up */
	cents		 waiting;	/* of amount: for a person to send */
	int64_t		 sends_at;	/* when the pending one goes out by
					 * itself; 0: none does */
};

/* A refund as it is listed, with its session and its order. */
struct listed_refund {
	int64_t		 id, status, automatic, created_at, sent_at, failed_at;
	int64_t		 auto_at;
	cents		 amount, processing_fee;
	cents		 return_cost;	/* what banks kept when it came back */
	const char	*refund_number, *reference_number;
	const char	*merchant_order_id, *currency;
	const char	*debtor_iban, *debtor_name, *reason, *failure;
	const char	*payment_order_no, *matched_name;
};

/* Which ones, of cx->merchant; the newest first. */
struct refund_choice {
	int64_t		 session_id;	/* 0: of any */
	int64_t		 status;	/* REFUND__MAX: any */
	int64_t		 before;	/* ids below */
	int64_t		 limit, offset;
};

/* The statuses; NULL ends them. */
extern const char *const refund_words[REFUND__MAX + 1];

const char	*refund_word(int64_t status);
bool		 refund_parse(const char *word, int64_t *status);

/* Adds r, which its session counts; sets its id.  ERR_DUPLICATE if the number
 * is taken. */
MUST_USE enum err refund_add(struct cx *, struct refund *r);

MUST_USE enum err refund_find(struct cx *, int64_t id, struct refund *);

/* The same by its number; ERR_NOT_FOUND. */
MUST_USE enum err refund_find_number(struct cx *, const char *number,
    struct refund *);

/* Reads it and locks it until the transaction ends. */
MUST_USE enum err refund_lock(struct cx *, int64_t id, struct refund *);

/* The session's automatic refund that is pending; ERR_NOT_FOUND if none.
 * It is locked until the transaction ends. */
MUST_USE enum err refund_find_automatic(struct cx *, int64_t session_id,
    struct refund *);

/* The sum of a session's refunds that did not fail, and what banks kept of
 * those that came back. */
MUST_USE enum err refund_sum(struct cx *, int64_t session_id, cents *);

/* What goes back, or went, of a session's excess: of those that exist. */
MUST_USE enum err refund_excess(struct cx *, int64_t session_id,
    struct excess *);

/* Stores amount, fee, payer and auto_at of a pending one. */
MUST_USE enum err refund_set(struct cx *, const struct refund *);

/* Stores status, customer, order, times and words of a locked one. */
MUST_USE enum err refund_put(struct cx *, const struct refund *);

/* When a pending one goes out by itself; 0: it does not. */
int64_t	refund_sends_at(int64_t status, int64_t auto_at);

/* Those pending that are to go out by itself by now, at most 50: rows of
 * struct refund_id. */
MUST_USE enum err refund_auto_due(struct cx *, struct rows *);

/* A clock jumped, or nobody was there for days: those whose time is further
 * away than it can be wait anew, until at. */
MUST_USE enum err refund_auto_anew(struct cx *, int64_t at);

/* What went out of a merchant's by itself in the 24 hours up to now. */
MUST_USE enum err refund_auto_sum(struct cx *, int64_t merchant_id, cents *);

/* Claims a sending one that is due, until then; ERR_NOT_FOUND if it is not. */
MUST_USE enum err refund_claim(struct cx *, int64_t id, int64_t until);

/* Lets go of an order that nobody was ever told to pay, so that another one
 * can be made; *n is 0 when it is not the chosen one, or was authorised.  It
 * writes the order's row too: on a cluster only rows that both write tell two
 * nodes of each other, and payout_authorise() writes that one. */
MUST_USE enum err refund_anew(struct cx *, int64_t id, int64_t payout_id,
    int64_t *n);

/* When the next step of a sending one is due, and what the trouble is. */
MUST_USE enum err refund_later(struct cx *, int64_t id, int64_t due_at,
    const char *why);

/* The sending ones that are due, at most 50: rows of struct refund_id. */
MUST_USE enum err refund_due(struct cx *, struct rows *);

struct refund_id {
	int64_t		 id;
};

/* Those that the bank's orders of these numbers send, a JSON list: rows of
 * struct refund_id. */
MUST_USE enum err refund_ordered(struct cx *, const char *numbers,
    struct rows *);

/* The bank told of a payment: the sending ones are due now, but for those
 * that somebody may have for a lease of so many seconds. */
MUST_USE enum err refund_hurry(struct cx *, int64_t lease);

/* Rows of struct listed_refund, and how many there are in all. */
MUST_USE enum err refund_each(struct cx *, const struct refund_choice *,
    struct rows *);
MUST_USE enum err refund_count(struct cx *, const struct refund_choice *,
    int64_t *n);

extern const struct stmt refund_stmts[];
extern const size_t refund_nstmts;

#endif
