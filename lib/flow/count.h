/*
 * count.h - what there should be none of: work that is late, money that waits
 * for a person.
 */
#ifndef COUNT_H
#define COUNT_H

#include "flow/doctor.h"
#include "io/db.h"

struct count {
	const char	*what;		/* NULL ends the table */
	enum health	 bad;		/* if there is one */
	const char	*todo;
	int64_t		 age;		/* seconds that are no trouble yet;
					   NO_AGE: it does not matter */
	struct stmt	 find;		/* its parameter: a time, or 0 */
};

#define NO_AGE	INT64_C(-1)

struct counted {
	int64_t		 n, oldest;
	cents		 amount;	/* 0: it is no money */
};

extern const struct count counts[];

MUST_USE enum err count(struct cx *, const struct count *, struct counted *);

#endif
