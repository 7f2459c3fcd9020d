/*
 * counter.h - how often the API was called since the start or the last reset.
 */
#ifndef COUNTER_H
#define COUNTER_H

#include "io/db.h"

struct counts {
	int64_t	token, accounts, transactions;
	int64_t	payments, authorisations, status;
};

MUST_USE enum err counter_add(struct cx *, const char *name);
MUST_USE enum err counter_read(struct cx *, struct counts *);
MUST_USE enum err counter_reset(struct cx *);

extern const struct stmt counter_stmts[];
extern const size_t counter_nstmts;

#endif
