/*
 * audit.h - the books are computed again from the facts and compared.
 *
 * Every check is one statement that finds the rows that do not fit; a sound
 * database has none.  All read one snapshot, so it may run at any time.
 */
#ifndef AUDIT_H
#define AUDIT_H

#include "io/db.h"

/* A row that does not fit. */
struct flaw {
	const char	*what;
};

struct check {
	const char	*name;		/* what should be; NULL ends the list */
	struct stmt	 find;		/* rows of struct flaw, at most 20 */
};

extern const struct check checks[];

/* The sums, for the operator to see; cents. */
struct books {
	int64_t		transfers, came, matched, unmatched, returned;
	int64_t		went, refunded;
	int64_t		sessions, paid, refunds;
};

MUST_USE enum err audit_sums(struct cx *, struct books *);

/* Begins a snapshot and runs each(check, rows of struct flaw, arg). */
MUST_USE enum err audit(struct cx *, struct books *,
    void (*each)(const struct check *, const struct rows *, void *arg),
    void *arg);

extern const struct stmt audit_stmts[];
extern const size_t audit_nstmts;

#endif
