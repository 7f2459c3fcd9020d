/*
 * serve.h - a request becomes an answer, by the rows of the action table.
 *
 * Each request passes the same guards in the same order: body, action,
 * method, key, parameters, idempotency; then its row's function runs, and
 * the whole answer goes out at once.  One line is logged for each.
 */
#ifndef SERVE_H
#define SERVE_H

#include "api/action.h"
#include "io/fcgi.h"

/* Answers requests until it is time to leave. */
void	serve(struct cx *, const struct action *table);

/* Is the request by a merchant?  Sets cx->merchant and cx->environment. */
MUST_USE enum err auth_check(struct cx *, const struct action *,
    const struct args *);

/* Is the session's token used too often?  Asked before it is looked at; and
 * counted when it was, by how that ended (e), which it gives back: one that is
 * none counts for its address. */
MUST_USE enum err auth_token(struct cx *, const struct args *);
MUST_USE enum err auth_token_used(struct cx *, const struct args *,
    enum err e);

/* Runs the action, or repeats the answer stored under key (NULL: none). */
MUST_USE enum err idem_run(struct cx *, const struct action *,
    const struct args *, const void *in, const char *key, struct reply *);

/* What a refused client reads. */
extern const struct field refusal_fields[];

#endif
