/*
 * args.h - the inside of struct args, for args.c and action.c.
 */
#ifndef ARGS_H
#define ARGS_H

#include "io/js.h"

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

#endif
