/*
 * recognise.h - what the texts of an entry of the statement name.
 *
 * One tolerance for money that comes and money that goes: references of
 * sessions and numbers of refunds in any spelling (base/reference.h), and the
 * bank's numbers of our payment orders as they are.  Only what the database
 * knows counts.
 */
#ifndef RECOGNISE_H
#define RECOGNISE_H

#include "base/out.h"
#include "model/match.h"
#include "model/refund.h"
#include "model/session.h"
#include "model/transfer.h"

struct named {
	int64_t		 account_id;	/* of the transfer */
	struct session	 session;	/* the first one that is named */
	size_t		 sessions;	/* different ones */
	size_t		 references;	/* things that look like one */
	enum match_method method;
	struct out	 keys;		/* of all texts, for suggestions */
	struct refund	 refund;	/* the first one, by its number or by
					 * that of an order of it */
	size_t		 refunds;	/* different ones */
};

MUST_USE enum err recognise(struct cx *, const struct transfer *,
    struct named *);

#endif
