/*
 * sealed.h - what is stored sealed, in whatever table it is.
 *
 * A new column of that kind is a row of the table here: rotation and dapit
 * secrets status then know it.
 */
#ifndef SEALED_H
#define SEALED_H

#include "io/db.h"

enum sealed_place {
	SEALED_ACCESS, SEALED_REFRESH, SEALED_WEBHOOK, SEALED_WEBHOOK_OLD,
	SEALED_CONFIG, SEALED__MAX
};

struct sealed {
	int64_t		 id;		/* its row; of its table */
	const char	*name;		/* the rest of the row's key, or "" */
	const char	*value;
};

/* What the place is, for people. */
const char	*sealed_word(enum sealed_place);

#define SEALED_PAGE	200

/* The next SEALED_PAGE behind a row: rows of struct sealed. */
MUST_USE enum err sealed_each(struct cx *, enum sealed_place,
    const struct sealed *after, struct rows *);

/* Puts another in its place, if it is still what was read. */
MUST_USE enum err sealed_put(struct cx *, enum sealed_place,
    const struct sealed *, const char *value, bool *done);

extern const struct stmt sealed_stmts[];
extern const size_t sealed_nstmts;

#endif
