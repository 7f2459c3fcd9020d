/*
 * collect.h - the statement of an account is read and booked.
 *
 * Single flight: whoever takes the account's lease reads, others go on.  A
 * page's new entries are booked in one transaction: transfer, match, session,
 * event.  What is known already is skipped by its bank id, so reading twice,
 * pages that shift and a kill at any moment are harmless.
 *
 * The window begins some days before the latest booking day seen.  Each read
 * takes its last pages; the whole window is read every five minutes, and 31
 * days every hour, for entries that the bank books late.
 */
#ifndef COLLECT_H
#define COLLECT_H

#include "model/account.h"

/*
 * Reads what is new on a, for at most patience ms in all.  ERR_BUSY:
 * somebody else is reading, or it is too early.  A failure is noted on the
 * account, with the time of the next try.  a is as stored afterwards.
 */
MUST_USE enum err collect(struct cx *, struct account *a, int64_t patience);

/*
 * Sees that the statement was read to its end within the last seconds, for
 * what must not be done before: reads it, or waits for whoever does.
 */
MUST_USE enum err collect_fresh(struct cx *, int64_t account_id,
    int64_t patience);

/* May the statement not be read now, by its next_read_at and its lease?  What
 * a read that is still to come (checked_at) set does not count. */
bool	collect_held(const struct cx *, int64_t next_read_at,
	    int64_t checked_at, int64_t leased);

/* Was it read in the last seconds, by its checked_at? */
bool	collect_since(const struct cx *, int64_t checked_at, int64_t seconds);

/* Is it time to read a, for those who wait or just so? */
bool	collect_due(const struct cx *, const struct account *a);

#endif
