/*
 * reply.h - an answer in the making.
 *
 * A handler adds fields from field tables; the object's braces and
 * "success" are put around them at the end.  Nothing is sent before the
 * handler has succeeded.
 */
#ifndef REPLY_H
#define REPLY_H

#include "base/cx.h"
#include "base/field.h"

struct reply {
	struct out	 body;		/* "a":1,"b":2 - without its braces */
	bool		 replayed;	/* as stored under an idempotency key */

	const char	*header;	/* one line more, or NULL */
	const char	*type;		/* NULL: JSON; else body as it is */

	/*
	 * A long answer: more() puts the next part into out, and says whether
	 * it was the last.  Parts are not kept.
	 */
	enum err	(*more)(struct cx *, void *state, struct out *,
			    bool *last);
	void		*state;
};

/* Adds the fields of a row. */
void	reply_add(struct reply *, const struct field *, const void *row);

/* It is of that type, and a browser stores it under that name. */
void	reply_file(struct cx *, struct reply *, const char *name,
	    const char *type);

#endif
