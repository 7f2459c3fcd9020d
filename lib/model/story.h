/*
 * story.h - what happened to a session, in the order in which it did.
 */
#ifndef STORY_H
#define STORY_H

#include "io/db.h"

struct chapter {
	int64_t		 happened_at;
	/* created, invoiced, transfer, refund, webhook (a try to deliver), or
	 * the type of an event */
	const char	*what;
	cents		 amount;	/* 0: none */
	const char	*name, *iban;	/* of whom; may be NULL */
	const char	*detail;	/* a reference, a text, a type */
	const char	*event_id;	/* of an event or a try */
	int64_t		 http_status;	/* of a try; 0: no answer */
	const char	*error;
};

/* The last 500: rows of struct chapter. */
MUST_USE enum err story_each(struct cx *, int64_t session_id, struct rows *);

extern const struct stmt story_stmts[];
extern const size_t story_nstmts;

#endif
