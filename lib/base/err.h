/*
 * err.h - every way an action can end, in one table.
 *
 * A function that can fail returns enum err; 0 is success.  The place that
 * finds the failure says why with fail(); callers only pass the code up:
 *
 *	if ((e = session_find(cx, token, &s)) != 0)
 *		return e;
 *
 * The table gives the HTTP status, the word clients may rely on, who hears
 * the reason (TOLD: the client, as the answer's "error"; KEPT: the log only,
 * the client gets the sentence) and the sentence.  Words are never renamed
 * or reused.  "Missing API key" is the documented text.
 */
#ifndef ERR_H
#define ERR_H

#include "base/base.h"

#define ERRORS(E) \
	E(OK,		200, KEPT, "ok", "Done.") \
	E(PARAM,	400, TOLD, "bad_param", "A parameter is missing or out of bounds.") \
	E(BODY,		400, TOLD, "bad_body", "The body could not be read.") \
	E(ACTION,	400, TOLD, "unknown_action", "There is no such action.") \
	E(CURRENCY,	400, TOLD, "unsupported_currency", "Only EUR is supported.") \
	E(EXPIRED,	400, KEPT, "session_expired", "Session has expired.") \
	E(NO_INVOICE,	400, KEPT, "invoice_missing", "Call create_invoice first.") \
	E(NO_KEY,	401, KEPT, "missing_api_key", "Missing API key") \
	E(BAD_KEY,	401, KEPT, "invalid_api_key", "Invalid API key") \
	E(TWO_KEYS,	401, KEPT, "ambiguous_api_key", "The request carries two different API keys.") \
	E(RIGHT,	403, KEPT, "forbidden", "This key may only read.") \
	E(NOT_FOUND,	404, TOLD, "not_found", "There is no such object.") \
	E(METHOD,	405, TOLD, "method_not_allowed", "This action needs another HTTP method.") \
	E(CONFLICT,	409, KEPT, "conflict", "The object changed meanwhile; read it and try again.") \
	E(STATE,	409, TOLD, "bad_state", "The object's status does not allow this.") \
	E(DUPLICATE,	409, KEPT, "duplicate", "It exists already.") \
	E(KEY_IN_USE,	409, KEPT, "idempotency_key_in_use", "A request with this Idempotency-Key is still running.") \
	E(TOO_LARGE,	413, KEPT, "body_too_large", "The body is larger than 256 KiB.") \
	E(KEY_REUSED,	422, KEPT, "idempotency_key_reused", "This Idempotency-Key was used with other parameters.") \
	E(LIMIT,	429, KEPT, "too_many_requests", "Too many requests; wait a moment.") \
	E(INTERNAL,	500, KEPT, "internal", "Our fault. It is logged under the request id.") \
	E(UNFINISHED,	501, KEPT, "not_implemented", "This part of the service is not there yet.") \
	E(BANK,		502, KEPT, "bank_failed", "The bank did not answer as agreed.") \
	E(AWAY,		503, KEPT, "unavailable", "The database is away for a moment; safe to send again.") \
	E(NOT_READY,	503, KEPT, "not_ready", "The account to pay to is not known yet; safe to send again.") \
	E(BROKEN,	503, TOLD, "broken", "Payments cannot be found: somebody must act.") \
	E(BUSY,		503, KEPT, "busy", "Too much at once; safe to send again.")

#define E(name, http, told, word, doc) ERR_##name,
enum err { ERRORS(E) ERR__MAX };
#undef E

struct cx;

/* Notes why (the first reason of a request wins) and returns e. */
enum err	 fail(struct cx *, enum err, const char *, ...) PRINTF(3, 4);

/* The same for a parameter: its name goes into the answer's "field". */
enum err	 fail_param(struct cx *, const char *field, const char *, ...)
		    PRINTF(3, 4);

/* Forgets the reason: the failure was expected and is dealt with. */
void		 fail_clear(struct cx *);

int		 err_http(enum err);
const char	*err_word(enum err);
const char	*err_doc(enum err);
bool		 err_told(enum err);	/* may the client read the reason? */

#endif
