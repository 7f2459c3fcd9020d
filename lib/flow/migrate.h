/*
 * migrate.h - the schema, brought up to date.
 *
 * The migrations of schema/ are part of the program, numbered and forward
 * only; the table schema_migrations names those that were run.  Running them
 * again does nothing, and one that was cut off in the middle is run anew.
 *
 * From 0010 on they run beside the programs of the release before, which go
 * on: they only add, and no statement keeps others waiting for more than a
 * second (tests/schema).
 */
#ifndef MIGRATE_H
#define MIGRATE_H

#include "io/db.h"

struct migration {
	const char	*name;		/* NULL ends the list */
	const char	*sql;		/* each ends in ";\n" */
};

extern const struct migration migrations[];	/* made from schema/ */

/* Runs what is missing; *done is the number of migrations that were. */
MUST_USE enum err migrate(struct cx *, const struct migration *, int *done);

/* ERR_AWAY if the latest was not run, as beside programs that are too new. */
MUST_USE enum err migrate_check(struct cx *, const struct migration *);

extern const struct stmt migrate_stmts[];
extern const size_t migrate_nstmts;

#endif
