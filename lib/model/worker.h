/*
 * worker.h - the machines where a worker lives, and by which settings.
 */
#ifndef WORKER_H
#define WORKER_H

#include "io/db.h"

#define HOST_TEXT	65		/* of a machine's name, and the NUL */

/* This machine's name; "?" if it has none. */
const char *worker_host(struct cx *);

/* The worker of this machine lives, and has read its settings. */
MUST_USE enum err worker_beat(struct cx *);

/* Has the one that was seen in the last seconds other settings than we? */
MUST_USE enum err worker_behind(struct cx *, int64_t seconds, bool *behind);

extern const struct stmt worker_stmts[];
extern const size_t worker_nstmts;

#endif
