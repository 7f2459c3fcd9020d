/*
 * pool.h - processes that do the same work, kept alive by a parent.
 *
 * The parent opens what they share (a listening socket) and only waits: one
 * that dies is replaced, after a pause if it lived less than a second.
 * TERM or INT: all are told to leave after the work in hand, and the parent
 * leaves after the last.  When the parent is killed, they leave too.
 */
#ifndef POOL_H
#define POOL_H

#include "base/base.h"

struct job {
	const char	*name;		/* NULL ends a list */
	int64_t		 n;		/* processes */
	int		(*run)(void *arg); /* in the child; its exit code */
};

/* Runs the jobs until told to leave; the exit code of the program. */
int	pool_run(const struct job *, void *arg);

/* In a child: has it been told to leave? */
bool	pool_leaving(void);

/* In a child: sleeps at most ms, less when told to leave. */
void	pool_sleep(int ms);

#endif
