/*
 * jump.h - stored times that are further ahead than any can be: a clock
 * jumped.  They count as not set (base/wait.h); people should know.
 */
#ifndef JUMP_H
#define JUMP_H

#include "io/db.h"

struct jump {
	const char	*what;		/* they are the times of */
	int64_t		 n, latest;	/* how many there are; the last one */
};

/* Rows of struct jump, for each kind of which there are any. */
MUST_USE enum err jump_each(struct cx *, struct rows *);

extern const struct stmt jump_stmts[];
extern const size_t jump_nstmts;

#endif
