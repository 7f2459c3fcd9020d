/*
 * payer.h - who paid a session, word by word, for its merchant to search.
 */
#ifndef PAYER_H
#define PAYER_H

#include "io/db.h"

/* Adds the name, each word of it, and the IBAN; either may be NULL. */
MUST_USE enum err payer_add(struct cx *, int64_t merchant_id,
    int64_t session_id, const char *name, const char *iban);

/* Takes away what payer_add added; *n: how many words. */
struct payer {
	const char	*name, *iban;	/* either may be NULL */
};
MUST_USE enum err payer_drop(struct cx *, int64_t merchant_id,
    int64_t session_id, const struct payer *, int64_t *n);

extern const struct stmt payer_stmts[];
extern const size_t payer_nstmts;

#endif
