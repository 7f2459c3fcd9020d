/*
 * audit.h - the books are computed again from the facts and compared.
 *
 * Every check is one statement that finds the rows that do not fit; a sound
 * database has none.  The whole audit reads one snapshot, so it may run at any
 * time; the worker's sample looks each hour at the newest rows and at a part
 * of the others, so that doctor knows without being asked.
 */
#ifndef AUDIT_H
#define AUDIT_H

#include "io/db.h"

/* A row that does not fit. */
struct flaw {
	const char	*what;		/* its name, and both values */
};

/* Whose ids a check walks along; what has none sees everything, always. */
#define SPANS(S) \
	S(SESSIONS,  "gateway_sessions") \
	S(TRANSFERS, "gateway_transfers") \
	S(REFUNDS,   "gateway_refunds") \
	S(PAYOUTS,   "gateway_payouts") \
	S(EVENTS,    "gateway_events") \
	S(CYCLES,    "recurring_cycles")

#define S(name, table) SPAN_##name,
enum span { SPAN_ALL, SPANS(S) SPAN__MAX };
#undef S

/* The WHERE of one with a span: two values, from (exclusive) and to. */
#define WITHIN(id)	" WHERE " id " > ? AND " id " <= ?"

struct check {
	const char	*name;		/* what should be; NULL ends the list */
	enum span	 span;
	struct stmt	 find;		/* rows of struct flaw, at most 20 */
};

/* Sums and statuses against the facts; rows against what they were written
 * with, and what was told of them. */
extern const struct check check_sums[], check_rows[];

/* All of them: the lists, until NULL. */
extern const struct check *const checks[];

extern const struct col flaw_row[];

/* The sums, for the operator to see; cents. */
struct books {
	int64_t		transfers, came, matched, unmatched, returned;
	int64_t		going_back;	/* nobody's, sent back or about to be */
	int64_t		went, refunded;
	int64_t		sessions, paid, refunds;
};

MUST_USE enum err audit_sums(struct cx *, struct books *);

/* Begins a snapshot and runs each(check, rows of struct flaw, arg). */
MUST_USE enum err audit(struct cx *, struct books *,
    void (*each)(const struct check *, const struct rows *, void *arg),
    void *arg);

/* What the last look found. */
struct audited {
	int64_t		 ran_at;	/* 0: never */
	int64_t		 unfinished;	/* checks that took too long */
	const char	*flaw;		/* the first; NULL: none */
};

/* Stores what an audit of everything found: flaw NULL, all is well. */
MUST_USE enum err audit_note(struct cx *, const char *flaw);

/* Runs the sample if an hour has passed, on one of all workers.  What it
 * finds stays until audit_note().  *n is 1 when it ran. */
MUST_USE enum err audit_turn(struct cx *, int64_t *n);

MUST_USE enum err audit_last(struct cx *, struct audited *);

/* Says when that was and what was off, for people; true if it is long ago. */
bool	audit_late(struct cx *, const struct audited *, const char **said);

extern const struct stmt audit_stmts[];
extern const size_t audit_nstmts;

#endif
