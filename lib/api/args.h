/*
 * args.h - the inside of struct args, for the files that read a request.
 */
#ifndef ARGS_H
#define ARGS_H

#include "base/cx.h"
#include "io/js.h"

#define PAIRS_MAX	1000		/* as PHP's max_input_vars */

struct pair {
	const char	*name, *text;
};

struct form {
	struct pair	*pair;
	size_t		 n;
};

struct args {
	struct form	 query, form;
	const struct js	*json;		/* NULL: the body is no JSON */
};

/* What a form or a query says by names like items[0][qty], as JSON; NULL:
 * nothing. */
const char *args_nested(struct cx *, const struct args *, const char *name);

/* Reads a body of multipart/form-data. */
MUST_USE enum err multipart_read(struct cx *, const char *type,
    const char *body, size_t len, struct form *);

#endif
