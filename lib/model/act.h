/*
 * act.h - what operators did, written before it is done; never changed.
 */
#ifndef ACT_H
#define ACT_H

#include "io/db.h"

struct act {
	int64_t		 id, created_at;
	const char	*actor, *act, *detail;
};

MUST_USE enum err act_add(struct cx *, const struct act *);

/* The latest, newest first: rows of struct act. */
MUST_USE enum err act_each(struct cx *, int64_t limit, struct rows *);

extern const struct stmt act_stmts[];
extern const size_t act_nstmts;

#endif
