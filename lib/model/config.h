/*
 * config.h - credentials for messages: a merchant's own, or the platform's
 * (merchant 0).
 *
 * Every value is sealed in the database.  A name that is not set is NULL.
 */
#ifndef CONFIG_H
#define CONFIG_H

#include "io/db.h"

#define CONFIGS(C) \
	C(twilio_sid,	  false, "Twilio's Account SID.") \
	C(twilio_token,	  true,	 "Twilio's Auth Token.") \
	C(twilio_phone,	  false, "The number that messages come from.") \
	C(smtp_host,	  false, "The mail server; smtp.gmail.com if left out.") \
	C(smtp_port,	  false, "Its port; 465 (TLS) if left out; others begin with STARTTLS.") \
	C(smtp_user,	  false, "The address that mail comes from, and the login.") \
	C(smtp_pass,	  true,	 "Its password; of Gmail an App Password.") \
	C(smtp_from_name, false, "Who it comes from; Dapit Payments if left out.")

struct config {
#define C(name, secret, doc) const char *name;
	CONFIGS(C)
#undef C
};

/* One of the names above: its value, and whether it is a secret. */
struct config_line {
	const char	*name, *value;
	bool		 secret;
};

MUST_USE enum err config_read(struct cx *, int64_t merchant_id,
    struct config *);

/* Sets a name, or removes it when value is empty. */
MUST_USE enum err config_set(struct cx *, int64_t merchant_id,
    const char *name, const char *value);

/* All names with what c says of them; returns how many. */
#define CONFIG_LINES	8
void config_lines(const struct config *c,
    struct config_line lines[static CONFIG_LINES]);

extern const struct stmt config_stmts[];
extern const size_t config_nstmts;

#endif
