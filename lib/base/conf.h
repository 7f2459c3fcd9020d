/*
 * conf.h - the settings, declared once.
 *
 * A table says each setting's section, key, default and meaning.  Values come
 * from the file (dapit.conf), and above it from the environment: the key
 * "url" of [bank.staging] is DAPIT_BANK_STAGING_URL.  conf_print() writes
 * the whole file with its comments.  Everything lives as long as the process.
 */
#ifndef CONF_H
#define CONF_H

#include <stdio.h>

#include "base/base.h"

enum environment { STAGING, PRODUCTION, ENVIRONMENT__MAX };

struct conf_bank {
	const char	*url, *client_id, *client_secret, *auth_code;
	const char	*iban, *account_id;
	const char	*beneficiary_name, *account_name, *bank_name;
	const char	*tls_cert, *tls_key, *tls_ca;
	const char	*notice_token, *notice_header;
};

struct arena;

struct conf {
	struct arena	*arena;		/* of all texts; process-long */
	const char	*path;		/* of the file that was read */
	int64_t		 changed_at;	/* when that was written last */
	const char	*db_host, *db_socket, *db_user, *db_password, *db_name;
	const char	*db_tls_ca, *db_tls_cert, *db_tls_key;
	int64_t		 db_port;
	const char	*url;		/* of the gateway, as clients see it */
	int64_t		 processes;
	int64_t		 private_callbacks;
	int64_t		 match_days, max_polls;
	int64_t		 webhook_off_hours;
	int64_t		 limit_address, limit_key, limit_token, limit_wrong;
	const char	*log_address;	/* full, /24 or off */
	const char	*mail_ca, *sms_url, *sms_ca;
	int64_t		 mail_connections, mail_gmail_per_day;
	const char	*alerts_mail, *alerts_url, *alerts_secret;
	const char	*alerts_command;
	int64_t		 alerts_warnings;
	const char	*key_file;
	int64_t		 erase_after_days;	/* 0: never */
	int64_t		 wait_seconds, stale_seconds, idle_seconds;
	int64_t		 page_size, overlap_days;
	const char	*clock_file;	/* "": the clock cannot be moved */
	const char	*sandbox_name;
	struct conf_bank bank[ENVIRONMENT__MAX];
};

const char *environment_word(int64_t);

/*
 * Reads the file and the environment.  A NULL path is $DAPIT_CONF, else
 * dapit.conf in the folder above the program's own, else
 * /etc/dapit/dapit.conf.  What the file says about other files is relative
 * to its own folder.  NULL when it fails; *why then says what is wrong, with
 * file and line.
 */
const struct conf *conf_read(const char *path, char why[static 256]);

void	conf_free(const struct conf *);	/* with all of its texts */

/* Was the file changed since it was read, or is it gone? */
bool	conf_stale(const struct conf *);

/*
 * The defaults, changed by n words of the form section.key=value.  NULL when
 * *wrong is none.
 */
const struct conf *conf_default(size_t n, char **words, const char **wrong);

/* Prints what section.key says, as text; returns NULL, or why not: it is a
 * secret, or no setting. */
const char *conf_print_one(FILE *, const struct conf *cf, const char *name);

/* Writes all settings with their meaning and what cf says (NULL: defaults). */
void	conf_print(FILE *, const struct conf *cf);

#endif
