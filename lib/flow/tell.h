/*
 * tell.h - a session's event: written with the change that it tells.
 *
 * The body is made here, once, and its very bytes are kept: they are what is
 * signed, sent and sent again.
 */
#ifndef TELL_H
#define TELL_H

#include "model/event.h"
#include "model/billing.h"
#include "model/refund.h"
#include "model/schedule.h"
#include "model/session.h"

/*
 * Notes in the open transaction that something happened to s, which is as
 * stored now, and asks for its delivery if the merchant wants to know.
 */
MUST_USE enum err tell(struct cx *, const struct session *s, enum tell);

/* The same for so much money that was taken off s again. */
MUST_USE enum err tell_unassigned(struct cx *, const struct session *s,
    cents amount);

/* The same for what became of a refund of s. */
MUST_USE enum err tell_refund(struct cx *, const struct session *s,
    const struct refund *, enum tell);

/* The fields of that body. */
extern const struct field tell_refund_fields[];

/* The same for a cycle of a schedule, whose session s is. */
MUST_USE enum err tell_schedule(struct cx *, const struct session *s,
    const struct schedule *, const struct billing *, enum tell);

/* The fields of that body. */
extern const struct field tell_schedule_fields[];

/* A new event's id, for the wire. */
const char *tell_id(struct cx *);

/* The fields of the body, for the reference. */
extern const struct field tell_fields[];

#endif
