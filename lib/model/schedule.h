/*
 * schedule.h - a recurring payment: who pays how much, how often, and how he
 * is told.
 *
 * Its next billing day is cycle_day(anchor_day, frequency, cycle)
 * (base/cycle.h); due_at is when that day's nine o'clock is in the
 * merchant's time zone.  cancelled and completed are final.
 */
#ifndef SCHEDULE_H
#define SCHEDULE_H

#include "base/cycle.h"
#include "io/db.h"

#define SCHEDULES(S) \
	S(ACTIVE,    "active",	  "It bills on its days.") \
	S(PAUSED,    "paused",	  "Its days go by; nothing is sent.") \
	S(CANCELLED, "cancelled", "It ended before its time.") \
	S(COMPLETED, "completed", "All of its cycles were billed.")

#define S(name, word, doc) SCHEDULE_##name,
enum schedule_status { SCHEDULES(S) SCHEDULE__MAX };
#undef S

enum delivery_method { DELIVER_EMAIL, DELIVER_SMS, DELIVER_BOTH,
	DELIVER__MAX };

struct schedule {
	int64_t		 id, merchant_id;
	int64_t		 environment;	/* the merchant's, now */
	int64_t		 status;	/* enum schedule_status */
	const char	*customer_name;
	const char	*customer_email, *customer_phone;	/* or NULL */
	int64_t		 delivery_method;
	int64_t		 frequency;	/* enum frequency */
	cents		 original_amount;	/* before the discount */
	int64_t		 discount_percent;	/* hundredths */
	const char	*order_items;	/* JSON, or NULL */
	const char	*order_description;
	const char	*payment_url;	/* NULL: the hosted checkout */
	const char	*language;
	const char	*remind_after_days;	/* "3,7", or "" */
	int64_t		 total_cycles;	/* 0: no end */
	int64_t		 anchor_day, cycle, due_at;
	int64_t		 cycles_billed, cycles_paid, cycles_missed;
	int64_t		 last_billed_at, last_paid_at, created_at;
	int64_t		 stopped_at;	/* the customer wants no more */
	/* the merchant's */
	const char	*merchant_name, *timezone;
	const char	*sms_phone, *email_from, *email_from_name; /* or NULL */
};

/* Which ones, of cx->merchant; the newest first. */
struct schedule_choice {
	int64_t	status;			/* SCHEDULE__MAX: any */
	int64_t	before;			/* ids below */
	int64_t	limit, offset;
};

const char	*schedule_word(int64_t status);
bool		 schedule_parse(const char *word, int64_t *status);
/* NULL ends each. */
extern const char *const schedule_words[SCHEDULE__MAX + 1];
extern const char *const method_words[DELIVER__MAX + 1];

const char	*method_word(int64_t method);

/* What a cycle costs: the discount taken off, rounded half up. */
cents		 schedule_amount(const struct schedule *);

/* The next billing day. */
int64_t		 schedule_day(const struct schedule *);

/* Adds s; sets its id. */
MUST_USE enum err schedule_add(struct cx *, struct schedule *s);

/* ERR_NOT_FOUND; any merchant's. */
MUST_USE enum err schedule_find(struct cx *, int64_t id, struct schedule *);

/* Reads it and locks it until the transaction ends. */
MUST_USE enum err schedule_lock(struct cx *, int64_t id, struct schedule *);

/* Writes what may change; it is locked. */
MUST_USE enum err schedule_set(struct cx *, const struct schedule *);

/* Rows of struct schedule, and how many there are in all. */
MUST_USE enum err schedule_each(struct cx *, const struct schedule_choice *,
    struct rows *);
MUST_USE enum err schedule_count(struct cx *, const struct schedule_choice *,
    int64_t *n);

/* The active ones that are due, at most 100 ids: rows of struct schedule_id. */
struct schedule_id {
	int64_t	id;
};
MUST_USE enum err schedule_due(struct cx *, struct rows *);

/* Those of cx->merchant that still bill: rows of struct schedule_id. */
MUST_USE enum err schedule_open(struct cx *, struct rows *);

extern const struct stmt schedule_stmts[];
extern const size_t schedule_nstmts;

#endif
