/*
 * erasure.h - how far the erasing of what is old has come.
 *
 * Of each kind all rows up to one were looked at, in the order of their ids,
 * which is that of their times.  What could not be erased then is kept in a
 * list, and looked at again on a day.
 */
#ifndef ERASURE_H
#define ERASURE_H

#include "io/db.h"

enum erasure_kind {
	ERASURE_SESSIONS, ERASURE_TRANSFERS, ERASURE_REFUNDS,
	ERASURE_SCHEDULES, ERASURE_MESSAGES, ERASURE__MAX
};

/* Why something is kept for now. */
#define KEPTS(K) \
	K(NOT,	     "is not kept") \
	K(YOUNG,     "is not old enough") \
	K(OPEN,      "is not over") \
	K(REFUND,    "has a refund that is not over") \
	K(PENDING,   "has a webhook or message on its way") \
	K(UNMATCHED, "is unmatched money")

#define K(name, word) KEPT_##name,
enum kept { KEPTS(K) KEPT__MAX };
#undef K

const char	*kept_word(enum kept);

/* The next row of a kind, and what it hangs on; 0: on nothing. */
struct candidate {
	int64_t		 id, created_at, session_id, schedule_id;
	int64_t		 blank;		/* it says nothing personal */
};

/* What is kept. */
struct keeping {
	int64_t		 owner, id;	/* enum owner, of model/personal.h */
	int64_t		 why;
};

struct kept_sum {
	int64_t		 why, n;
};

/* All up to here were looked at; 0: none yet. */
MUST_USE enum err erasure_passed(struct cx *, enum erasure_kind,
    int64_t *passed);

/* Moves it on, never back. */
MUST_USE enum err erasure_pass(struct cx *, enum erasure_kind,
    int64_t passed);

/* Those behind: rows of struct candidate. */
MUST_USE enum err erasure_next(struct cx *, enum erasure_kind,
    int64_t passed, int64_t limit, struct rows *);

/* Keeps something until a time; KEPT_NOT: it is not kept any more. */
MUST_USE enum err erasure_keep(struct cx *, const struct keeping *,
    int64_t due_at);

/* Those whose time has come: rows of struct keeping. */
MUST_USE enum err erasure_due(struct cx *, int64_t limit, struct rows *);

/* How many are kept, by why: rows of struct kept_sum. */
MUST_USE enum err erasure_sums(struct cx *, struct rows *);

extern const struct stmt erasure_stmts[];
extern const size_t erasure_nstmts;

#endif
