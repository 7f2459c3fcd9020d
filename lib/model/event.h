/*
 * event.h - something that happened to a session, and how far it was told.
 *
 * The event is a fact, with the very bytes of the body that tells it; its
 * delivery is a row that exists only if somebody is to be told.  Events of
 * one session are told in their order.
 */
#ifndef EVENT_H
#define EVENT_H

#include "io/db.h"

#define EVENTS(V) \
	V(CONFIRMED, "payment.confirmed", "The invoice is paid, exactly or over.") \
	V(OVERPAID,  "payment.overpaid",  "More money came after it was paid.") \
	V(PARTIAL,   "payment.partial",	  "Money came, but less than the invoice amount.") \
	V(FAILED,    "payment.failed",	  "Nothing came within the last poll.") \
	V(EXPIRED,   "session.expired",	  "The session expired before it was paid.")

#define V(name, word, doc) TELL_##name,
enum tell { EVENTS(V) TELL__MAX };
#undef V

enum delivery_status { DELIVERY_PENDING, DELIVERY_DONE, DELIVERY_FAILED };

struct event_row {
	int64_t		 id, merchant_id, session_id;
	const char	*event_id, *type, *body;
};

/* A delivery that is due, with what it needs. */
struct delivery {
	int64_t		 event_id;	/* the event's row */
	int64_t		 merchant_id, attempts, created_at;
	const char	*url, *webhook_id, *body;
	const char	*webhook_secret; /* sealed */
};

/* One try to deliver. */
struct attempt {
	int64_t		 http_status, ms;	/* 0: no answer */
	const char	*error;			/* NULL: there was one */
	const char	*answer;		/* its first KiB */
	size_t		 answer_len;
};

const char	*tell_word(enum tell);
bool		 tell_parse(const char *word, enum tell *);

/* Adds ev; sets its id. */
MUST_USE enum err event_add(struct cx *, struct event_row *ev);

/* Asks for its delivery, at once. */
MUST_USE enum err event_send(struct cx *, const struct event_row *ev,
    const char *url);

/*
 * Claims what is due and not behind an earlier one of its session, for so
 * many seconds: rows of struct delivery.  Only inside a transaction.
 */
MUST_USE enum err event_claim(struct cx *, int64_t max, int64_t seconds,
    struct rows *);

/* Stores how a try went, and what is next: status, and when if pending. */
MUST_USE enum err event_tried(struct cx *, const struct delivery *,
    const struct attempt *, enum delivery_status, int64_t due_at);

extern const struct stmt event_stmts[];
extern const size_t event_nstmts;

#endif
