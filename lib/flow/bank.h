/*
 * bank.h - being logged in at the bank.
 *
 * Tokens are kept sealed in the database, for all processes and machines.
 * The authorisation code of the settings is exchanged once; then tokens are
 * refreshed, five minutes before they end, by whoever holds the row's lease:
 * the bank voids the old pair, so the answer is stored by that one alone,
 * and never while a transaction is open.
 */
#ifndef FLOW_BANK_H
#define FLOW_BANK_H

#include "base/iban.h"
#include "io/connectpay.h"

/*
 * Makes b a conversation with a valid token, refreshing it if it is time.
 * ERR_BANK: the bank did not answer, or a person must make a new code
 * ("dapit bank login"); ERR_BUSY: another is at it.
 */
MUST_USE enum err bank_open(struct cx *, int64_t environment, int64_t patience,
    struct bank *b);

/* The bank said 401: gets another token, by refreshing at most once. */
MUST_USE enum err bank_renew(struct cx *, struct bank *b);

/* Exchanges a code that a person made; the old tokens are forgotten.  With the
 * settings' code that may have been done already: then it is well. */
MUST_USE enum err bank_login(struct cx *, int64_t environment,
    const char *code);

/*
 * Makes the accounts of the settings the current ones; one whose IBAN is
 * wrong is left out.  Who was current before is still read: sessions that
 * name it can be paid.
 */
MUST_USE enum err bank_settle(struct cx *);

/*
 * The account of the settings as machines write it; NULL, or what is wrong
 * with it.
 */
MUST_USE const char *bank_iban(const struct conf *, int64_t environment,
    char iban[static IBAN_TEXT]);

/*
 * Is the account with this IBAN (NULL: none is) the one that invoices of the
 * environment should name?  Settings that were changed after this program
 * read them do not tell.
 */
bool	bank_settled(const struct conf *, int64_t environment,
	    const char *iban);

/* Is this environment in use, by the settings? */
bool	bank_used(const struct conf *, int64_t environment);

#endif
