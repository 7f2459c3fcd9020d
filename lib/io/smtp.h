/*
 * smtp.h - a mail handed to a mail server (RFC 5321), with TLS and AUTH.
 *
 * Port 465 speaks TLS from the first byte (RFC 8314), any other must begin it
 * with STARTTLS.  The call is made by io/web.h, many at once; connections are
 * kept open.  A server that falls silent after it has the whole message may
 * have taken it: FATE_UNKNOWN.
 */
#ifndef SMTP_H
#define SMTP_H

#include "io/verdict.h"
#include "io/web.h"

struct smtp_login {
	const char	*host, *port, *user, *password;
	const char	*tls_ca;	/* "": the system's */
};

/* Makes the call that sends message (a whole RFC 5322 text). */
void	smtp_call(struct arena *, const struct smtp_login *, const char *from,
	    const char *to, const char *message, struct web_call *);

struct verdict smtp_judge(const struct web_call *);

#endif
