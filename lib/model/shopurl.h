/*
 * shopurl.h - the shop's addresses of a session, with what they say of its
 * customer.
 *
 * They are the shop's: its query may be all that tells where a webhook is to
 * go (?wc-api=dapit), and there may be more to tell after the customer is
 * forgotten.  So a query stays, unless it names the customer: the address
 * webhooks go to by his e-mail address; the one he is led back to, which
 * nobody needs any more, by his name too.
 */
#ifndef SHOPURL_H
#define SHOPURL_H

#include "io/db.h"

/* Does a URL's query hold a text, in whatever case, percent-encoded or not?
 * Neither it nor a text that is NULL or empty does. */
bool	shopurl_names(struct arena *, const char *url, const char *text);

/* Takes the queries that name the customer off a session's URLs and, *n of
 * them, off its deliveries'; before his address is erased. */
MUST_USE enum err shopurl_erase(struct cx *, int64_t session_id, int64_t *n);

extern const struct stmt shopurl_stmts[];
extern const size_t shopurl_nstmts;

#endif
