#include <string.h>

#include "io/smtp.h"

#define SMTP_MS		30000
#define HOUR		3600
#define DAY		86400

void
smtp_call(struct arena *a, const struct smtp_login *l, const char *from,
    const char *to, const char *message, struct web_call *c)
{
	const char *scheme = strcmp(l->port, "465") == 0 ? "smtps" : "smtp";

	*c = (struct web_call){ .arena = a, .method = "SMTP",
	    .url = arena_printf(a, "%s://%s:%s", scheme, l->host, l->port),
	    .mail_from = from, .mail_to = to, .user = l->user,
	    .password = l->password, .body = message,
	    .body_len = strlen(message), .timeout = SMTP_MS,
	    .tls_ca = l->tls_ca };
}

/* Codes that say something of the sender, not of the message. */
static const struct {
	int		 code;
	const char	*enhanced;	/* in the line (RFC 3463); "": any */
	int64_t		 pause;
	const char	*error;
} about_sender[] = {
	{ 550, " 5.4.5", DAY,	  "the server's daily limit is reached" },
	{ 421, "",	 5 * 60,  "the server is too busy" },
	{ 530, "",	 HOUR,	  "the server wants a login" },
	{ 534, "",	 HOUR,	  "the login is refused" },
	{ 535, "",	 HOUR,	  "the login is refused" },
};

struct verdict
smtp_judge(const struct web_call *c)
{
	struct verdict v = { .code = c->status, .error = c->error };

	if (c->error == NULL && c->status >= 200 && c->status < 300)
		return (struct verdict){ FATE_SENT, c->status, 0, NULL, NULL };
	for (size_t i = 0; i < NELEM(about_sender); i++)
		if (c->status == about_sender[i].code &&
		    strstr(c->said, about_sender[i].enhanced) != NULL) {
			v.fate = FATE_PARK;
			v.pause = about_sender[i].pause;
			v.error = about_sender[i].error;
			return v;
		}
	if (c->status >= 400 && c->said[0] != '\0')
		v.error = c->said;
	v.fate = c->status >= 500 ? FATE_NEVER :
	    c->status >= 400 || !c->whole ? FATE_LATER : FATE_UNKNOWN;
	return v;
}
