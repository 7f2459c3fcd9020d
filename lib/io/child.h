/*
 * child.h - another program is run and waited for.
 *
 * No shell sees its words.  It gets this environment and no other, its input
 * is empty, its output goes nowhere, and no open file of ours is its own.
 * When its time is over it is killed, with all that it started.
 */
#ifndef CHILD_H
#define CHILD_H

#include "base/arena.h"

/*
 * Runs argv[0], a whole path, for at most ms.  NULL: its exit code was 0; else
 * what went wrong, for people.
 */
MUST_USE const char *child_run(struct arena *, char *const argv[],
    char *const env[], int ms);

#endif
