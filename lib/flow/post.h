/*
 * post.h - messages are sent: mails and SMS, many on their way at once.
 *
 * A message is claimed, and that committed, before anything leaves.  A claim
 * that runs out belongs to a process that died: nobody knows whether the
 * message went.  Twilio is asked; a mail server cannot be, so a mail is then
 * "unknown" and is not sent again.
 */
#ifndef POST_H
#define POST_H

#include "io/verdict.h"
#include "model/message.h"
#include "model/schedule.h"

struct post;

/* A sender of one channel; it lives until post_free(). */
struct post	*post_new(struct cx *, int64_t channel);
void		 post_free(struct post *);

/* Claims no more; what is on its way is still booked. */
void		 post_close(struct post *);

/*
 * A turn: sends what is due, waits at most wait_ms for answers, books them.
 * *busy says whether anything is on its way.
 */
MUST_USE enum err post_turn(struct cx *, struct post *, int wait_ms,
    bool *busy);

/* Sends one to try the credentials of s's merchant, and waits. */
MUST_USE enum err post_test(struct cx *, const struct schedule *s,
    int64_t channel, const char *recipient, struct verdict *);

/* Seconds until a message that went wrong is tried again; 0: no more. */
int64_t		 post_pause(int64_t attempt);

#endif
