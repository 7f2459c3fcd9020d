/*
 * pages.h - pages of the statement that this process read before.
 *
 * The statement is read every few seconds and nearly always says what it said.
 * A page that came byte for byte as one that was read within the last hour need
 * not be looked at again: all that it says is known, and was compared with what
 * is stored.  Only the worker remembers; a deep read (once an hour) and a new
 * connection to the database make it forget, so that what the database lost,
 * or somebody changed in it, is seen.
 */
#ifndef PAGES_H
#define PAGES_H

#include "base/cx.h"
#include "base/out.h"

#define PAGES_MARK	32		/* characters */

/* What is to be known of a page without reading it. */
struct page {
	int64_t		 entries;
	int64_t		 day;		/* the latest, of what is booked */
	char		 mark[PAGES_MARK + 1]; /* of its entries: tells it
					 * from the page before */
};

/* For cx->pages of a process that reads; NULL there: nothing is known. */
struct pages	*pages_new(void);
void		 pages_free(struct pages *);

void	pages_forget(struct cx *);

/* Is this the answer for an account that was read before?  Then *p is set. */
bool	pages_known(struct cx *, int64_t account_id, const struct out *answer,
	    struct page *p);

/* All that stands in it is booked, or kept aside. */
void	pages_note(struct cx *, int64_t account_id, const struct out *answer,
	    const struct page *p);

#endif
