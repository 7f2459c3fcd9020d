/*
 * forget.h - personal data is erased: of one person who asks for it, or of
 * all that is over since so many days.
 *
 * What is erased at once hangs on a session or a schedule, in one transaction
 * that locks it.  It is refused as long as something still to come needs the
 * name or address, or would bring it back: a session that is open, a refund
 * that is not on the statement yet or failed lately, a webhook or message on
 * its way (what it tells is fixed; it ends within days by itself), a schedule
 * that bills, money that is owed to somebody because it is unmatched.
 * Amounts, dates, statuses and references stay, and with them all sums.
 *
 * The statement is read again and again, but an entry is added once, by the
 * bank's id of it, which stays: nothing comes back.
 */
#ifndef FORGET_H
#define FORGET_H

#include "model/erasure.h"
#include "model/personal.h"
#include "model/subject.h"

/* Who is to be forgotten, and what was found of him. */
struct person {
	enum who	 who;
	const char	*text;		/* as it is stored */
	int64_t		 merchant_id;	/* 0: of all */
	struct rows	 sessions, schedules, transfers; /* of int64_t ids */
};

/* What was kept, and why. */
struct refusal {
	const char	*what, *why;
};

/* Reads an address, an IBAN or a number as it is stored; ERR_PARAM. */
MUST_USE enum err forget_who(struct cx *, const char *text, struct person *);

/* Finds all that hangs on p. */
MUST_USE enum err forget_find(struct cx *, struct person *p);

/* Is anything still open?  Rows of struct refusal. */
MUST_USE enum err forget_check(struct cx *, const struct person *,
    struct rows *refusals);

/* Erases it, or only counts what would be erased. */
MUST_USE enum err forget(struct cx *, const struct person *, bool erase,
    struct personal_count *);

/* Erases some of what is old enough ([privacy] erase_after_days); *n: how
 * many it looked at; again while that is not 0. */
MUST_USE enum err forget_turn(struct cx *, int64_t *n);

/* How far behind the erasing is, in seconds; 0: not at all. */
MUST_USE enum err forget_lag(struct cx *, int64_t *seconds);

#endif
