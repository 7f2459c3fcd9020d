/*
 * grant.h - who may ask the bank: authorisation codes and the tokens that
 * come of them.  The database holds hashes only.
 */
#ifndef GRANT_H
#define GRANT_H

#include "sandbox/call.h"

/* Checks the client's id and secret; refuses the call if they are wrong. */
MUST_USE enum err grant_basic(struct cx *, struct call *);

/* Checks the access token; refuses the call if it is none, or too old. */
MUST_USE enum err grant_bearer(struct cx *, struct call *);

/* Lets the call's access token die, and refuses the call. */
MUST_USE enum err grant_expire(struct cx *, struct call *);

extern const struct stmt grant_stmts[];
extern const size_t grant_nstmts;

#endif
