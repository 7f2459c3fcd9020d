/*
 * kinds.h - how a value of each kind is read, for action.c.
 *
 * What PHP clients send is taken where it can only mean one thing: outer white
 * space, 60.0 for 60, true or 1, an HTTPS URL in capitals, Confirmed, de-DE, a
 * list with gaps.
 * Everything else is refused, with the parameter's name and what it may be.
 */
#ifndef KINDS_H
#define KINDS_H

#include "api/action.h"
#include "api/args.h"

/* What a request says of one parameter. */
struct raw {
	const char	*text;		/* a scalar; NULL: none */
	const struct js	*json;		/* the JSON value, if it was one */
	const struct form *form;	/* the whole body, if it was one */
};

/* Without outer white space, the no-break space included. */
const char *kinds_trim(struct arena *, const char *);

/* Reads it into the field at to. */
MUST_USE enum err kinds_set(struct cx *, const struct param *,
    const struct raw *, void *to);

#endif
