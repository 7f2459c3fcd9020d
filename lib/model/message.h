/*
 * message.h - a message about a cycle, by one channel: the first, or a
 * reminder.
 *
 * It is there once (cycle, reminder, channel).  It is claimed, and that is
 * committed, before it is sent; a claim that ran out means that nobody knows
 * whether it went.  Whose credentials send it (the merchant's own, or 0: the
 * platform's) is fixed when it is made.
 */
#ifndef MESSAGE_H
#define MESSAGE_H

#include "io/db.h"

enum channel { CHANNEL_EMAIL, CHANNEL_SMS, CHANNEL__MAX };

#define MESSAGES(M) \
	M(PENDING, "pending", "It waits to be sent.") \
	M(SENDING, "sending", "It is being sent.") \
	M(SENT,	   "sent",    "The mail server, or Twilio, took it.") \
	M(FAILED,  "failed",  "It was refused for good.") \
	M(UNKNOWN, "unknown", "It may have been sent; it is not sent again.") \
	M(DROPPED, "dropped", "It was not needed any more.")

#define M(name, word, doc) MESSAGE_##name,
enum message_status { MESSAGES(M) MESSAGE__MAX };
#undef M

struct message {
	int64_t		 id, cycle_id;
	int64_t		 reminder;	/* 0: the first */
	int64_t		 channel, schedule_id, sender_id;
	int64_t		 status, attempts, due_at, created_at, sent_at;
	const char	*recipient;
	const char	*provider_id, *provider_status, *error;	/* or NULL */
};

/* Whose messages are due. */
struct sender_due {
	int64_t		 sender_id;
};

/* A try to send one. */
struct try {
	int64_t		 ms, code;	/* 0: no answer */
	const char	*error;		/* or NULL */
};

/* The same as it was booked. */
struct tried {
	int64_t		 message_id, attempt, created_at, ms, code;
	const char	*error;
};

extern const char *const channel_words[CHANNEL__MAX + 1]; /* NULL ends them */
const char	*channel_word(int64_t channel);
const char	*message_word(int64_t status);

/* Adds m, due now; ERR_DUPLICATE: there is one already. */
MUST_USE enum err message_add(struct cx *, const struct message *m);

MUST_USE enum err message_find(struct cx *, int64_t id, struct message *);

/* The senders that have something due and are not parked: rows of struct
 * sender_due. */
MUST_USE enum err message_senders(struct cx *, int64_t channel,
    struct rows *);

/* Claims up to max of a sender's for so many seconds, in the open
 * transaction: rows of struct message. */
MUST_USE enum err message_claim(struct cx *, int64_t channel,
    int64_t sender_id, int64_t max, int64_t seconds, struct rows *);

/* Those whose claim ran out, at most 100: rows of struct message. */
MUST_USE enum err message_lost(struct cx *, int64_t channel, struct rows *);

/* Stores how a claimed one went (its status, due_at, provider_id, error); and
 * the try, unless it is NULL.  Nothing if it is not being sent any more, but
 * that it went is better known late than never. */
MUST_USE enum err message_tried(struct cx *, const struct message *,
    const struct try *);

/* What Twilio told of it later; of what comes late, only what is
 * final counts. */
MUST_USE enum err message_heard(struct cx *, int64_t id, const char *status,
    const char *error);

/* A merchant's pending messages of a channel get another sender. */
MUST_USE enum err message_adopt(struct cx *, int64_t merchant_id,
    int64_t channel, int64_t sender_id);

/* Drops what is pending of a cycle, or of a schedule. */
MUST_USE enum err message_drop_cycle(struct cx *, int64_t cycle_id);
MUST_USE enum err message_drop_schedule(struct cx *, int64_t schedule_id);

/* The latest 200 tries of a schedule, the newest first: rows of struct
 * tried. */
MUST_USE enum err message_attempts(struct cx *, int64_t schedule_id,
    struct rows *);

/* The latest 100 of a schedule, the newest first: rows of struct message. */
MUST_USE enum err message_each(struct cx *, int64_t schedule_id,
    struct rows *);

extern const struct stmt message_stmts[];
extern const size_t message_nstmts;

#endif
