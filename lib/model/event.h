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
	V(RETURNED,  "payment.returned",  "Money of the payment left the account again, and not by a refund of yours: a recall, or somebody sent it by hand.") \
	V(UNASSIGNED, "payment.unassigned", "Money that an operator had assigned to the payment was another's and was taken off it; it may no longer be paid.") \
	V(FAILED,    "payment.failed",	  "Nothing came within the last poll.") \
	V(EXPIRED,   "session.expired",	  "The session expired before it was paid.") \
	V(REFUND_SENT, "refund.sent",	  "A refund is on its way to the customer, irrevocably.") \
	V(REFUND_FAILED, "refund.failed", "A refund was refused by the bank, or its money came back.") \
	V(CYCLE_DUE, "schedule.cycle_due", "A recurring payment is due, and its message goes out.") \
	V(CYCLE_PAID, "schedule.cycle_paid", "The payment of a cycle came.") \
	V(CYCLE_MISSED, "schedule.cycle_missed", "A cycle ended without its payment.") \
	V(COMPLETED, "schedule.completed", "All cycles of a schedule were billed.")

#define V(name, word, doc) TELL_##name,
enum tell { EVENTS(V) TELL__MAX };
#undef V

#define TELL_PING	"test.ping"	/* of no session: a merchant's test */

/* The types, test.ping last; NULL ends them. */
extern const char *const tell_words[TELL__MAX + 2];

enum delivery_status { DELIVERY_PENDING, DELIVERY_DONE, DELIVERY_FAILED,
	DELIVERY_NONE };		/* nobody was to be told */

struct event_row {
	int64_t		 id, merchant_id, session_id;
	const char	*event_id, *type, *body;
	bool		 wanted;	/* somebody is to be told */
};

/* A delivery that is due, with what it needs. */
struct delivery {
	int64_t		 event_id;	/* the event's row */
	int64_t		 merchant_id, attempts, created_at;
	int64_t		 attempts_before; /* it was asked for again */
	int64_t		 endpoint_id;
	const char	*url, *webhook_id, *body;
	const char	*webhook_secret; /* sealed */
	const char	*webhook_secret_old; /* signs too; may be NULL */
};

/* Where something is due, and how it fares there (model/endpoint.h). */
struct place {
	int64_t		 endpoint_id, failures, off_at;
};

/* One try to deliver. */
struct attempt {
	int64_t		 http_status, ms;	/* 0: no answer */
	const char	*error;			/* NULL: there was one */
	const char	*answer;		/* its first KiB */
	size_t		 answer_len;
};

/* An event as it is listed, with its delivery. */
struct listed_event {
	int64_t		 id, session_id, created_at;
	const char	*event_id, *type, *body;
	const char	*reference_number; /* NULL: of no invoice */
	int64_t		 status;	/* enum delivery_status */
	int64_t		 attempts, due_at, delivered_at;
	const char	*url;		/* NULL: nobody was to be told */
};

/*
 * Which events of a merchant: of a session, or those given up, or of a type;
 * the first of these that is set counts.  Read forward from after (oldest
 * first), or backward from before (newest first) when after is negative.
 */
struct event_choice {
	int64_t		 session_id;	/* 0: of any */
	const char	*type;		/* "": of any; else one that there is */
	bool		 undelivered;	/* only those given up */
	int64_t		 after, before, limit;
};

/* A try as it was booked. */
struct booked_attempt {
	int64_t		 attempt, created_at, ms, http_status;
	const char	*error, *answer;
};

const char	*delivery_word(enum delivery_status);
const char	*tell_word(enum tell);
bool		 tell_parse(const char *word, enum tell *);

/* Adds ev, which its session counts; sets its id.  If it is wanted, its
 * delivery is asked for in the same transaction. */
MUST_USE enum err event_add(struct cx *, struct event_row *ev);

/* cx->merchant's: rows of struct listed_event; bodies are left out. */
MUST_USE enum err event_each(struct cx *, const struct event_choice *,
    struct rows *);

/* cx->merchant's, with its body; ERR_NOT_FOUND. */
MUST_USE enum err event_find(struct cx *, const char *event_id,
    struct listed_event *);

/* Rows of struct booked_attempt, the first one first. */
MUST_USE enum err event_attempts(struct cx *, int64_t id, struct rows *);

/* Asks for deliveries again, at once, with all their tries: of one event
 * whatever became of it, or of those given up of a session or since a time.
 * Only cx->merchant's; *n says how many. */
MUST_USE enum err event_again(struct cx *, int64_t id, int64_t *n);
MUST_USE enum err event_again_session(struct cx *, int64_t session_id,
    int64_t *n);
MUST_USE enum err event_again_since(struct cx *, int64_t since, int64_t *n);

/* Asks for its delivery, at once. */
MUST_USE enum err event_send(struct cx *, const struct event_row *ev,
    int64_t endpoint_id, const char *url);

/* The endpoints that something is due at and that do not pause: rows of
 * struct place.  Its cost is theirs, however much is due. */
MUST_USE enum err event_due(struct cx *, struct rows *);

/*
 * Claims what is due at an endpoint and not behind an earlier one of its
 * session, for so many seconds: rows of struct delivery.  Only inside a
 * transaction.
 */
MUST_USE enum err event_claim(struct cx *, int64_t endpoint_id, int64_t max,
    int64_t seconds, struct rows *);

/* Gives up what is pending at an endpoint, some of it at a time. */
MUST_USE enum err event_give_up(struct cx *, int64_t endpoint_id);

/* Asks again for all that was given up at an endpoint; *n says how many. */
MUST_USE enum err event_again_endpoint(struct cx *, int64_t endpoint_id,
    int64_t *n);

/* Stores how a try went, and what is next: status, and when if pending.  But
 * for a delivery that was done, only if nobody claimed it since or asked for
 * it again. */
MUST_USE enum err event_tried(struct cx *, const struct delivery *,
    const struct attempt *, enum delivery_status, int64_t due_at);

extern const struct stmt event_stmts[];
extern const size_t event_nstmts;

#endif
