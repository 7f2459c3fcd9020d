/*
 * batch.h - many things booked at once, for speed; but one that cannot be
 * booked holds back no other.
 */
#ifndef FLOW_BATCH_H
#define FLOW_BATCH_H

#include "base/cx.h"

struct batch {
	void		*arg;
	int64_t		 n;
	enum err	(*book)(struct cx *, void *arg, int64_t i);
	const char	*(*name)(struct cx *, void *arg, int64_t i);
	enum err	(*leave)(struct cx *, void *arg, int64_t i);
					/* one that fails; NULL: nothing */
	const char	*what;		/* who says it in the log */
	bool		*left;		/* set if one failed; NULL: never */
};

/*
 * Books all in one transaction.  When that cannot be, each in one of its own,
 * and those that fail are named in the log.  ERR_AWAY, ERR_BUSY: the same
 * again later.
 */
MUST_USE enum err batch_book(struct cx *, const struct batch *);

#endif
