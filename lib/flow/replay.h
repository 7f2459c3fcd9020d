/*
 * replay.h - a merchant's developer looks at events, and has them told again.
 *
 * All of cx->merchant's only.
 */
#ifndef REPLAY_H
#define REPLAY_H

#include "model/event.h"

/*
 * The next events that fit every part of the choice: rows of struct
 * listed_event, at most limit.  *last is the place of the last one read, for
 * the page behind; 0 if nothing can follow.
 */
MUST_USE enum err replay_list(struct cx *, const struct event_choice *,
    struct rows *, int64_t *last);

/* Delivers an event again, or for the first time where nobody was to be
 * told; ERR_STATE if there is no URL to tell. */
MUST_USE enum err replay_event(struct cx *, const char *event_id);

/* Switches the endpoint of a URL on, and sends again all that was given up
 * there: *n of them.  ERR_NOT_FOUND. */
MUST_USE enum err replay_endpoint(struct cx *, const char *url, int64_t *n);

/* The session of a token or a reference; ERR_NOT_FOUND. */
MUST_USE enum err replay_session(struct cx *, const char *name, int64_t *id);

/* Sends a test.ping to url, or to the merchant's own if it is NULL;
 * ERR_STATE if there is none. */
MUST_USE enum err replay_ping(struct cx *, const char *url,
    struct event_row *);

/* The fields of its body, for the reference. */
extern const struct field replay_ping_fields[];

#endif
