/*
 * notify.h - events are delivered: webhooks.
 *
 * A delivery is claimed in the database before it is sent and resolved after,
 * so that two workers never send one, and one that was killed is repeated
 * when its claim ends.  Many are in flight at once, but only so many to one
 * endpoint: a slow or dead one holds up nobody else's.  Signed as the
 * Standard Webhooks specification says.
 */
#ifndef NOTIFY_H
#define NOTIFY_H

#include "base/cx.h"
#include "model/event.h"

struct notifier;

struct notifier	*notifier_new(struct cx *);
void		 notifier_free(struct notifier *);

/* From now on nothing new is claimed; what is in flight is still booked. */
void		 notifier_close(struct notifier *);

/*
 * Claims what is due, starts it, waits at most wait_ms for answers and books
 * those that came.  *busy: something is in flight or was done.
 */
MUST_USE enum err notify(struct cx *, struct notifier *, int wait_ms,
    bool *busy);

/*
 * Tells d to its url now, wherever that is, and waits for the answer; nothing
 * is booked.  For a developer who listens on a port of his own.
 */
void		 notify_forward(struct cx *, const struct delivery *d,
		    struct attempt *);

/* "v1," and the signature over id, time and body; NULL: whsec_... is none. */
const char	*notify_sign(struct cx *, struct arena *, const char *secret,
		    const char *id, const char *body);

/* Seconds from the try with this number (1 is the first) to the next; 0: it
 * was the last. */
int64_t		 notify_pause(int64_t attempt);

#endif
