/*
 * plan.h - schedules: made, changed, paused, ended.
 *
 * A cycle's day comes from the schedule's anchor; changing the frequency or
 * the next day makes that next day the new anchor.  A schedule that was
 * paused goes on with the first day of its calendar that is not over.
 */
#ifndef PLAN_H
#define PLAN_H

#include "model/schedule.h"

/* When a schedule bills on a day: at nine in the merchant's zone. */
#define PLAN_HOUR	9

/* Sets s->due_at for its next day. */
void	plan_due(struct schedule *s);

/* Adds s for cx->merchant; anchor_day is its first day, 0 for tomorrow.
 * ERR_PARAM if that day is over. */
MUST_USE enum err plan_add(struct cx *, struct schedule *s);

/* What is to be changed; a negative number or 0 leaves a thing as it is. */
struct change {
	int64_t	status;			/* -1: none */
	cents	original_amount;	/* 0: none */
	int64_t	frequency;		/* -1: none */
	int64_t	next_day;		/* 0: none */
};

/* Changes one of cx->merchant's; *s is as stored afterwards.  ERR_STATE: it
 * is cancelled or completed; ERR_NOT_FOUND. */
MUST_USE enum err plan_change(struct cx *, int64_t id, const struct change *,
    struct schedule *s);

/* Leaves out the days that are over, as when a paused one goes on. */
void	plan_skip(const struct cx *, struct schedule *s);

/* One of cx->merchant's; ERR_NOT_FOUND. */
MUST_USE enum err plan_find(struct cx *, int64_t id, struct schedule *s);

/* Pauses one whose customer wants no more, whoever asks; of a completed one
 * the reminders end.  A second time does nothing. */
MUST_USE enum err plan_stop(struct cx *, int64_t id, struct schedule *s);

/* The merchant's zone was changed: all of its days are reckoned anew. */
MUST_USE enum err plan_move(struct cx *);

#endif
