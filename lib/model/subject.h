/*
 * subject.h - where a person's data is found: sessions, schedules, transfers.
 *
 * What is found is erased by model/personal.h.
 */
#ifndef SUBJECT_H
#define SUBJECT_H

#include "io/db.h"

/* By what somebody is found. */
enum who { WHO_EMAIL, WHO_IBAN, WHO_PHONE };

/* What was found: one of these, the others are 0. */
struct found {
	int64_t		 session_id, schedule_id, transfer_id;
};

/*
 * A search in one place of the list, of a merchant's or of all (0).  What has
 * no index is searched from one id (exclusive) to another, not all at once;
 * where there is one, all is found at from 0 and nothing later.
 */
struct search {
	size_t		 place;
	const char	*text;
	int64_t		 merchant_id, from, to;
};

#define SUBJECT_PLACES	7

/* Is it looked for in that place? */
bool	subject_place(enum who, size_t place);

/* Rows of struct found. */
MUST_USE enum err subject_find(struct cx *, const struct search *,
    struct rows *);

/* The sessions of a schedule's cycles: rows of struct found. */
MUST_USE enum err subject_cycles(struct cx *, int64_t schedule_id,
    struct rows *);

/* The highest id there is to search. */
MUST_USE enum err subject_last(struct cx *, int64_t *id);

extern const struct stmt subject_stmts[];
extern const size_t subject_nstmts;

#endif
