/*
 * db.h - SQL as data, rows as structs.  Only db.c and dbconn.c know MariaDB.
 *
 * A statement is a constant: its text, and where each column goes.  Values
 * are given at the call, each with its type:
 *
 *	e = db_one(cx, &q[FIND], &s, db_int(cx->merchant), db_text(id));
 *
 * Statements are prepared on first use and again after a lost connection.
 * Texts read from a row belong to the request's arena.  Isolation is READ
 * COMMITTED; a row that is about to change is read FOR UPDATE.  On a cluster
 * that lock is the node's alone: what decides is that both transactions
 * change the same row, so whoever decides by a locked row changes it too.
 *
 * Errors: ERR_NOT_FOUND (db_one), ERR_DUPLICATE (a unique index says no),
 * ERR_BUSY (deadlock or lock timeout, after the repeats of db_tx),
 * ERR_AWAY (no connection; the next request tries the next host), else
 * ERR_INTERNAL.
 */
#ifndef DB_H
#define DB_H

#include "base/cents.h"
#include "base/conf.h"
#include "base/cx.h"
#include "base/field.h"
#include "base/wait.h"

enum db_type { DB_INT, DB_TEXT, DB_BYTES };

struct col {
	const char	*name;		/* as in the SELECT; NULL ends a list */
	enum db_type	 type;
	size_t		 at;		/* offset of the field so named */
	size_t		 size;		/* of a DB_BYTES field */
};

#define COL_INT(row, f)	 COL_(row, f, int64_t, DB_INT)	/* cents too */
#define COL_TEXT(row, f) COL_(row, f, const char *, DB_TEXT)
#define COL_BYTES(row, f) \
	{ #f, DB_BYTES, offsetof(struct row, f), sizeof(((struct row *)0)->f) }
#define COL_(row, f, ctype, type) \
	{ #f, type, _Generic(((struct row *)0)->f, \
	  ctype: offsetof(struct row, f)), 0 }

struct stmt {
	const char	 *sql;
	const struct col *cols;		/* NULL: returns no rows */
};

struct val {
	enum db_type	 type;
	int64_t		 n;		/* the integer, or the bytes' number */
	const char	*text;		/* NULL: SQL NULL */
};

static inline struct val
db_int(int64_t n)
{
	return (struct val){ .type = DB_INT, .n = n };
}

static inline struct val
db_text(const char *text)
{
	return (struct val){ .type = DB_TEXT, .text = text };
}

static inline struct val
db_bytes(const void *bytes, size_t n)
{
	return (struct val){ .type = DB_BYTES, .n = (int64_t)n, .text = bytes };
}

/*
 * Two values, for "column NOT BETWEEN ? AND ?": is a stored time due?  It is
 * when it has come, or was so many seconds ago, and when no clock that is
 * right can have written it (base/wait.h).
 */
#define DB_WAIT(w, now)	 DB_SINCE(w, now, 0)
#define DB_SINCE(w, now, seconds) \
	db_int((now) - (seconds) + 1), DB_MOST(w, now)
#define DB_MOST(w, now)	 db_int((now) + wait_longest(w))

/* A handle for the database named; connects when first used. */
struct db	*db_new(const struct conf *, const char *name);
void		 db_free(struct db *);

/* Before the first use: no limits of time, for what takes as long as it
 * takes, on a terminal. */
void		 db_patient(struct cx *);

/* How many connections were opened so far: another number says that the
 * server may be another one, or began anew. */
int64_t	db_opened(const struct cx *);

/* Drops a connection that died while idle, so that the next call renews it. */
void		 db_begin(struct cx *);

/* Reads the one row there must be; ERR_NOT_FOUND if there is none. */
#define db_one(cx, stmt, row, ...) \
	db_one_(cx, stmt, row, VALS_(__VA_ARGS__))

/* Reads all rows, each of .size bytes (set by the caller), into the arena. */
#define db_many(cx, stmt, rows, ...) \
	db_many_(cx, stmt, rows, VALS_(__VA_ARGS__))

/* Writes; *changed is the number of rows that matched. */
#define db_run(cx, stmt, changed, ...) \
	db_run_(cx, stmt, changed, VALS_(__VA_ARGS__))

/* The AUTO_INCREMENT value that the last db_run made. */
int64_t		 db_id(struct cx *);

/* Statements sent since the process began, BEGIN and COMMIT included. */
int64_t		 db_trips(struct cx *);

/*
 * Runs body in a transaction: commits if it returns 0, else rolls back and
 * passes its error on.  Body may run several times (deadlock, lock timeout,
 * certification failure, another host after a loss before COMMIT): it re-reads
 * what it changes, and touches nothing outside the database.  Inside another
 * db_tx it is part of that one.
 */
MUST_USE enum err db_tx(struct cx *, enum err (*body)(struct cx *, void *),
    void *arg);

/* Prepares stmt; checks that its columns' names are the struct's. */
MUST_USE enum err db_check(struct cx *, const struct stmt *);

/* Runs one statement of a migration, as it is. */
MUST_USE enum err db_script(struct cx *, const char *sql);

#define VALS_(...) \
	(const struct val[]){ __VA_ARGS__ }, \
	sizeof((const struct val[]){ __VA_ARGS__ }) / sizeof(struct val)

MUST_USE enum err db_one_(struct cx *, const struct stmt *, void *row,
    const struct val *, size_t);
MUST_USE enum err db_many_(struct cx *, const struct stmt *, struct rows *,
    const struct val *, size_t);
MUST_USE enum err db_run_(struct cx *, const struct stmt *, int64_t *changed,
    const struct val *, size_t);

#endif
