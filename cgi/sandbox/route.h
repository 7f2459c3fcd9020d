/*
 * route.h - what the bank can be asked: every call is one row of a table.
 *
 * The row says method and path (a part in braces stands for any text), who
 * speaks, the parameters with their bounds, and the function that answers.
 * The same rows are the documentation that GET /sandbox/simulate/
 * shows.
 */
#ifndef ROUTE_H
#define ROUTE_H

#include "sandbox/call.h"

struct route {
	const char		*method;	/* NULL ends a table */
	const char		*path;
	enum group		 group;
	const char		*counted;	/* its counter; NULL: none */
	const struct param	*params;	/* NULL: takes none */
	size_t			 in_size;
	enum err		(*run)(struct cx *, struct call *);
	const char		*doc;
};

extern const struct route grant_routes[];
extern const struct route statement_routes[];
extern const struct route credit_routes[];
extern const struct route payment_routes[];
extern const struct route simulate_routes[];
extern const struct route trouble_routes[];

/* Answers one request that was accepted. */
void	route_answer(struct cx *);

#endif
