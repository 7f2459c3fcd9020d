/*
 * rollup.h - facts as they count in the reports.
 *
 * Each of these is called in the transaction that writes the fact, and
 * leaves a posting (model/posting.h).  rollup() makes days of them.
 */
#ifndef ROLLUP_H
#define ROLLUP_H

#include "model/refund.h"
#include "model/session.h"
#include "model/transfer.h"

/* A transfer was matched to s, which was of that stored status before. */
MUST_USE enum err rollup_money(struct cx *, const struct session *s,
    const struct transfer *, enum status was, cents fee);

/* The opposite: it was taken off s, whose first money it was or was not. */
MUST_USE enum err rollup_undo(struct cx *, const struct session *s,
    const struct transfer *, enum status was, cents fee, bool first);

/* Money of s, of a day, is charged so much more, and is, or is not, its first
 * money (1, -1). */
MUST_USE enum err rollup_charge(struct cx *, const struct session *s,
    int64_t day, cents fee, int64_t first);

/* An entry of the statement is a refund's: the money went, or returned. */
MUST_USE enum err rollup_refund(struct cx *, const struct session *,
    const struct transfer *, const struct refund *);

/* session_move(), counted. */
MUST_USE enum err rollup_move(struct cx *, struct session *, enum event);

/* Adds up to 1000 postings to their days; *n is how many they were. */
MUST_USE enum err rollup(struct cx *, int64_t *n);

#endif
