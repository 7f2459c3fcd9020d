/*
 * billing.h - a cycle of a schedule that was billed: its day, its session,
 * and whether it was paid.
 */
#ifndef BILLING_H
#define BILLING_H

#include "io/db.h"

enum billing_status { BILLING_OPEN, BILLING_PAID, BILLING_MISSED,
	BILLING__MAX };

struct billing {
	int64_t	id, schedule_id, session_id;
	int64_t	billing_day;		/* days since 1970 */
	cents	amount;
	int64_t	status;			/* enum billing_status */
	int64_t	reminders;		/* sent besides the first message */
	int64_t	remind_at;		/* 0: no more of them */
	int64_t	ends_at;		/* then it is missed */
	int64_t	created_at, paid_at;
	const char *reference_number;	/* its session's */
};

const char	*billing_word(int64_t status);

/* Adds b; sets its id.  ERR_DUPLICATE: that day was billed. */
MUST_USE enum err billing_add(struct cx *, struct billing *b);

MUST_USE enum err billing_find(struct cx *, int64_t id, struct billing *);
MUST_USE enum err billing_find_session(struct cx *, int64_t session_id,
    struct billing *);

/* Writes status, reminders, remind_at and paid_at. */
MUST_USE enum err billing_set(struct cx *, const struct billing *);

/* When a cycle of a schedule was last paid; 0: none was. */
MUST_USE enum err billing_paid_last(struct cx *, int64_t schedule_id,
    int64_t *at);

/* No more reminders of a schedule's open ones. */
MUST_USE enum err billing_quiet(struct cx *, int64_t schedule_id);

/* The latest 100 of a schedule, the newest first: rows of struct billing. */
MUST_USE enum err billing_each(struct cx *, int64_t schedule_id,
    struct rows *);

/* The open ones whose time is over, and those to be reminded of, at most 100:
 * rows of struct billing. */
MUST_USE enum err billing_ended(struct cx *, struct rows *);
MUST_USE enum err billing_to_remind(struct cx *, struct rows *);

extern const struct stmt billing_stmts[];
extern const size_t billing_nstmts;

#endif
