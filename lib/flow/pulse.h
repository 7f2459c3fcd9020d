/*
 * pulse.h - how the installation is, for load balancers and for graphs.
 */
#ifndef PULSE_H
#define PULSE_H

#include "model/account.h"

struct pulse {
	int64_t		 bank_checked_at; /* the account read longest ago */
	int64_t		 worker_seen_at;  /* 0: none was ever seen */
	const char	*trouble;	  /* for people; NULL: none */
	bool		 broken;	  /* payments are not found, for long */
};

/* Says how an account's statement was read, for people; false if that is too
 * long ago, or in the future. */
bool	pulse_account(struct cx *, const struct account *, const char **said);

/* One quick look; ERR_AWAY: the database is away. */
MUST_USE enum err pulse_read(struct cx *, struct pulse *);

/* A number for a graph: its name, with labels, and what it says now. */
struct gauge {
	const char	*name;
	int64_t		 value;
};

/* Rows of struct gauge.  Each is read from an index. */
MUST_USE enum err pulse_gauges(struct cx *, struct rows *);

extern const struct stmt pulse_stmts[];
extern const size_t pulse_nstmts;

#endif
