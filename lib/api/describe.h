/*
 * describe.h - the reference of a program, made from its rows.
 *
 * Parameters and their bounds are those of the action rows, answers those of
 * the field tables, errors those of the error table: what the document says
 * is what the code does.  OpenAPI 3.1; examples are answers that were really
 * given (tests/docs/record.mjs), never written.
 */
#ifndef DESCRIBE_H
#define DESCRIBE_H

#define DESCRIBE_VERSION	"1.0.0"	/* of the whole product */

#include "api/action.h"

/* An event that is told to webhooks. */
struct told_as {
	const char		*type;		/* NULL ends a list */
	const struct field	*fields;
	const char		*doc;
};

struct service {
	const char		*title, *path, *doc;
	const struct action	*actions;
	const struct told_as	*events;
	const struct told_as	*statuses;	/* without fields */
	const char		*examples;	/* JSON by action */
};

/* The whole document. */
const char *describe(struct arena *, const struct service *);

#endif
