/*
 * compose.h - what a customer reads about a cycle, as a mail and as an SMS.
 */
#ifndef COMPOSE_H
#define COMPOSE_H

#include "io/smtp.h"
#include "model/billing.h"
#include "model/config.h"
#include "model/message.h"
#include "model/schedule.h"
#include "model/session.h"

#define GMAIL	"smtp.gmail.com"	/* if no other server is said */

struct composed {
	const char	*subject, *text, *html, *sms;
};

/* What the message says; reminder 0 is the first one. */
void	compose(struct cx *, const struct schedule *, const struct billing *,
	    const struct session *, int64_t reminder, struct composed *);

/* The mail itself (RFC 5322), from whom the settings say. */
char   *compose_mail(struct cx *, const struct schedule *,
	    const struct config *, const struct composed *,
	    const char *message_id, const char *to);

/* The mail server of these credentials. */
struct smtp_login compose_login(const struct cx *, const struct config *);

/* The address that mail of the schedule comes from. */
const char *compose_from(const struct schedule *, const struct config *);

/*
 * The word that lets a customer stop his messages: the schedule's id and a
 * keyed hash of it.  compose_stop_read() gives the id; ERR_NOT_FOUND.
 */
char   *compose_stop(struct cx *, int64_t schedule_id);
MUST_USE enum err compose_stop_read(struct cx *, const char *token,
    int64_t *schedule_id);

#endif
