/*
 * twilio.h - SMS through Twilio's API of 2010-04-01.
 *
 * Twilio knows no idempotency key: when an answer is lost, its list of
 * messages is asked whether there is one to this number with this text.
 */
#ifndef TWILIO_H
#define TWILIO_H

#include "base/cx.h"
#include "io/verdict.h"
#include "io/web.h"

struct twilio_login {
	const char	*url;		/* without a path */
	const char	*sid, *token;
	const char	*tls_ca;	/* "": the system's */
};

struct sms {
	const char	*from, *to, *body;	/* numbers are E.164 */
	const char	*callback;	/* told of its fate; NULL: none */
};

/* Makes the call that sends it. */
void	twilio_call(struct arena *, const struct twilio_login *,
	    const struct sms *, struct web_call *);

struct verdict twilio_judge(const struct web_call *);

/* Makes the call that looks for it; day is the UTC day of its sending. */
void	twilio_look(struct arena *, const struct twilio_login *,
	    const struct sms *, int64_t day, struct web_call *);

/* FATE_SENT: it is there; FATE_LATER: it is not; FATE_UNKNOWN: no answer. */
struct verdict twilio_found(const struct web_call *, const struct sms *);

/*
 * Is a callback's signature right: base64 of the HMAC-SHA1, by the Auth
 * Token, of the URL and the body's parameters (name, value, name ...) by
 * name?  In constant time.
 */
bool	twilio_signed(struct cx *, const char *token, const char *url,
	    const char *const *pairs, const char *signature);

#endif
