/*
 * endpoint.h - where a merchant's webhooks go: a scheme, a host and a port.
 *
 * What fails there slows down what follows, first by a pause that grows,
 * then by switching it off; what works there ends both.
 */
#ifndef ENDPOINT_H
#define ENDPOINT_H

#include "io/db.h"

#define ENDPOINT_PATIENCE 5	/* failures before it is throttled */

struct endpoint {
	int64_t		 id, failures;	/* failures: 0 while it works */
	int64_t		 failing_since, paused_until, off_at;	/* 0: not */
	const char	*origin;	/* scheme, host and port of a URL */
	const char	*reason;	/* of the last failure */
	int64_t		 undelivered;	/* given up there, by endpoint_each */
};

/* cx->merchant or another: the row of a URL's origin, made if missing. */
MUST_USE enum err endpoint_of(struct cx *, int64_t merchant, const char *url,
    int64_t *id);

/* cx->merchant's, by origin; ERR_NOT_FOUND. */
MUST_USE enum err endpoint_find(struct cx *, const char *url,
    struct endpoint *);

/* cx->merchant's: rows of struct endpoint. */
MUST_USE enum err endpoint_each(struct cx *, struct rows *);

/* It works again. */
MUST_USE enum err endpoint_good(struct cx *, int64_t id);

/*
 * It failed, and asked for a pause of so many seconds (0: it did not).
 * Failures in one second count once.  After off_seconds of nothing else it
 * is switched off.
 */
MUST_USE enum err endpoint_bad(struct cx *, int64_t id, const char *reason,
    int64_t pause, int64_t off_seconds);

MUST_USE enum err endpoint_enable(struct cx *, int64_t id);

extern const struct stmt endpoint_stmts[];
extern const size_t endpoint_nstmts;

#endif
