#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/str.h"

enum kind { TEXT, NUMBER };

struct setting {
	const char	*section, *key;
	enum kind	 kind;
	size_t		 at;
	const char	*value;		/* the default */
	const char	*doc;
	bool		 secret;	/* never printed */
};

#define SET_(section, key, f, value, doc, secret) \
	{ section, key, _Generic(((struct conf *)0)->f, \
	  const char *: TEXT, int64_t: NUMBER), offsetof(struct conf, f), \
	  value, doc, secret }
#define SET(section, key, f, value, doc) \
	SET_(section, key, f, value, doc, false)
#define SECRET(section, key, f, doc) \
	SET_(section, key, f, "", doc, true)
#define BANK(name, env, host) \
	SET(name, "url",	   bank[env].url,	    host, "ConnectPay's API."), \
	SET(name, "client_id",	   bank[env].client_id,	    "", "From ConnectPay's developer portal."), \
	SECRET(name, "client_secret", bank[env].client_secret, "From the same page."), \
	SECRET(name, "auth_code",  bank[env].auth_code, "Made once in Online Banking, Settings, Open API."), \
	SET(name, "iban",	   bank[env].iban,	    "", "The account that shoppers pay to. Empty: environment not in use."), \
	SET(name, "account_id",	   bank[env].account_id,    "", "The bank's id of that account; empty: found by its IBAN."), \
	SET(name, "beneficiary_name", bank[env].beneficiary_name, "", "The account holder exactly as registered: payers' banks verify it. Empty: as the bank says."), \
	SET(name, "account_name",  bank[env].account_name,  "Dapit Financial Infrastructure", "Shown with the payment details."), \
	SET(name, "bank_name",	   bank[env].bank_name,	    "ConnectPay", "Shown with the payment details."), \
	SET(name, "tls_cert",	   bank[env].tls_cert,	    "", "Client certificate chain for mutual TLS, a PEM file."), \
	SET(name, "tls_key",	   bank[env].tls_key,	    "", "Its private key, a PEM file."), \
	SET(name, "tls_ca",	   bank[env].tls_ca,	    "", "The authority that the bank's certificate must come from; empty: the system's."), \
	SECRET(name, "notice_token", bank[env].notice_token, "Secret token of the bank's notifications; empty: none are taken."), \
	SET(name, "notice_header", bank[env].notice_header, "x-connectpay-token", "The header that carries it.")

static const struct setting settings[] = {
	SET("database", "host",	    db_host,	 "", "Host name for TCP, or those of a Galera cluster in the order to try, as in db1,db2:3307; empty or localhost: the socket."),
	SET("database", "port",	    db_port,	 "3306", "Port for TCP."),
	SET("database", "tls_ca",   db_tls_ca,	 "", "The authority that the server's certificate must come from, a PEM file; empty: TCP without TLS."),
	SET("database", "tls_cert", db_tls_cert, "", "Our certificate, if the server wants one."),
	SET("database", "tls_key",  db_tls_key,	 "", "Its private key."),
	SET("database", "socket",   db_socket,	 "/run/mysqld/mysqld.sock", "Unix socket."),
	SET("database", "user",	    db_user,	 "dapit", "Database user."),
	SECRET("database", "password", db_password, "Its password."),
	SET("database", "name",	    db_name,	 "dapit", "Database."),
	SET("gateway", "url",	    url,	 "http://127.0.0.1:8080", "Where clients reach the gateway."),
	SET("gateway", "processes", processes,	 "64", "Processes that answer requests; must stay well above the connections that the web server keeps open (nginx: keepalive x workers)."),
	SET("gateway", "private_callbacks", private_callbacks, "0", "1 lets webhooks go to loopback and private addresses (demo, tests)."),
	SET("gateway", "match_days", match_days, "30", "Days after expiry in which late money still finds its session."),
	SET("gateway", "max_polls", max_polls,	 "60", "check_payment calls before a session fails."),
	SET("webhook", "off_after_hours", webhook_off_hours, "72", "Hours in which nothing but failures came from an endpoint: it is switched off."),
	SET("limits", "address_per_second", limit_address, "200", "Requests from one address; the web server's. 0: any number, as below."),
	SET("limits", "key_per_second", limit_key, "200", "Requests with one key, over ten seconds."),
	SET("limits", "token_per_second", limit_token, "5", "Requests with one session's token, over ten seconds."),
	SET("limits", "wrong_keys_per_minute", limit_wrong, "30", "Keys and tokens that are none, from one address (of IPv6 from a /64); more are refused until the minute ends, and right ones never are."),
	SET("log", "address",	    log_address, "full", "Of who asks, in the log: full; /24, without its last part; or off."),
	SET("mail", "connections",  mail_connections, "16", "Mails that are on their way at once, to one mail server."),
	SET("mail", "gmail_per_day", mail_gmail_per_day, "400", "Mails a day with one login at smtp.gmail.com, which takes 500; 0: any number."),
	SET("mail", "tls_ca",	    mail_ca,	 "", "The authority that a mail server's certificate must come from, a PEM file; empty: the system's."),
	SET("sms", "url",	    sms_url,	 "https://api.twilio.com", "Twilio's API."),
	SET("sms", "tls_ca",	    sms_ca,	 "", "The authority that its certificate must come from; empty: the system's."),
	SET("alerts", "mail",	    alerts_mail, "", "Your address: what the doctor finds broken is told to it, once, and again when it is well; by the platform's mail server (dapit config set smtp_user)."),
	SET("alerts", "url",	    alerts_url,	 "", "A URL that is told the same by a POST of JSON."),
	SECRET("alerts", "secret", alerts_secret, "whsec_ and base64: signs that POST as webhooks are signed; empty: it is not signed."),
	SET("alerts", "command",    alerts_command, "", "A program, by its whole path, that is run with three words: what, its health and its state. It has ten seconds, the worker's rights and no shell; it is told again if its exit code is not 0."),
	SET("alerts", "warnings",   alerts_warnings, "1", "1 tells warnings too, such as money that is nobody's or a certificate that ends soon; 0: only what is broken."),
	SET("secrets", "key_file",  key_file,	 "/etc/dapit/master.key", "The master key, 64 hex digits, mode 0600; made by dapit migrate."),
	SET("privacy", "erase_after_days", erase_after_days, "0", "Days after which names, addresses, IBANs and texts of customers go, of all that is over; sums and references stay. 0: never. It is for you to choose: most countries have proofs of payment kept for 5 to 10 years, and all else no longer than it is needed (GDPR, article 5)."),
	SET("bank", "wait_seconds", wait_seconds, "3", "Seconds between reads of the statement while a shopper waits."),
	SET("bank", "stale_seconds", stale_seconds, "5", "Age of the last read at which check_payment itself reads."),
	SET("bank", "idle_seconds", idle_seconds, "120", "Seconds between reads when nobody waits."),
	SET("bank", "page_size",    page_size,	 "100", "Entries of the statement a page, 1 to 3000."),
	SET("bank", "overlap_days", overlap_days, "2", "Days read again each time, for entries booked late."),
	SET("clock", "file",	    clock_file,	 "", "A file in which dapit clock notes how far it moved the clock; empty in production, always."),
	SET("sandbox", "name",	    sandbox_name, "dapit_sandbox", "The sandbox bank's own database."),
	BANK("bank.staging", STAGING, "https://api-stage.connectpay.com"),
	BANK("bank.production", PRODUCTION, "https://api.connectpay.com"),
};

const char *
environment_word(int64_t environment)
{
	return environment == PRODUCTION ? "production" : "staging";
}

static bool
put(struct conf *cf, const struct setting *s, const char *value)
{
	char *field = (char *)cf + s->at;

	if (s->kind == NUMBER)
		return str_int(value, (int64_t *)(void *)field);
	*(const char **)(void *)field = value;
	return true;
}

static const struct setting *
find(const char *section, const char *key)
{
	for (size_t i = 0; i < NELEM(settings); i++)
		if (strcmp(settings[i].section, section) == 0 &&
		    strcmp(settings[i].key, key) == 0)
			return &settings[i];
	return NULL;
}

static char *
trim(char *p)
{
	char *end = p + strlen(p);

	while (end > p && isspace((unsigned char)end[-1]))
		*--end = '\0';
	while (isspace((unsigned char)*p))
		p++;
	return p;
}

/* Does it name a file?  A socket is not meant: its place is the machine's. */
static bool
is_file(const struct setting *s)
{
	static const char *const keys[] = { "key_file", "file", "tls_ca",
	    "tls_cert", "tls_key" };

	for (size_t i = 0; i < NELEM(keys); i++)
		if (strcmp(s->key, keys[i]) == 0)
			return true;
	return false;
}

/* A file is where the settings are, unless its path says otherwise. */
static const char *
value_copy(const struct conf *cf, const struct setting *s, const char *value)
{
	const char *slash = strrchr(cf->path, '/');

	if (!is_file(s) || *value == '\0' || *value == '/' || slash == NULL)
		return arena_copy(cf->arena, value, strlen(value));
	return arena_printf(cf->arena, "%.*s/%s", (int)(slash - cf->path),
	    cf->path, value);
}

/* One line of the file; NULL when it is well, else what is wrong. */
static const char *
read_line(struct conf *cf, char *line, char section[64])
{
	const struct setting *s;
	char *p = trim(line), *eq;

	if (*p == '\0' || *p == '#' || *p == ';')
		return NULL;
	if (*p == '[') {
		p[strcspn(p, "]")] = '\0';
		snprintf(section, 64, "%s", p + 1);
		return NULL;
	}
	if ((eq = strchr(p, '=')) == NULL)
		return "neither [section] nor key = value";
	*eq = '\0';
	if ((s = find(section, trim(p))) == NULL)
		return "no such setting";
	p = trim(eq + 1);
	return put(cf, s, value_copy(cf, s, p)) ? NULL : "not a number";
}

static bool
read_file(struct conf *cf, char *why)
{
	const char *path = cf->path;
	FILE *f = fopen(path, "re");
	char line[4096], section[64] = "";
	const char *wrong = NULL;
	struct stat st;
	int n = 0;

	if (f == NULL) {
		snprintf(why, 256, "%s: %s", path, strerror(errno));
		return false;
	}
	if (fstat(fileno(f), &st) == 0)
		cf->changed_at = st.st_mtime;
	while (wrong == NULL && fgets(line, sizeof(line), f) != NULL) {
		n++;
		wrong = read_line(cf, line, section);
	}
	fclose(f);
	if (wrong != NULL)
		snprintf(why, 256, "%s:%d: %s", path, n, wrong);
	return wrong == NULL;
}

static bool
read_environment(struct conf *cf, char *why)
{
	char name[128], *p;
	const char *value;

	for (size_t i = 0; i < NELEM(settings); i++) {
		snprintf(name, sizeof(name), "DAPIT_%s_%s",
		    settings[i].section, settings[i].key);
		for (p = name; *p != '\0'; p++)
			*p = *p == '.' ? '_' : (char)toupper((unsigned char)*p);
		if ((value = getenv(name)) == NULL)
			continue;
		if (!put(cf, &settings[i], value)) {
			snprintf(why, 256, "%s: not a number", name);
			return false;
		}
	}
	return true;
}

static struct conf *
defaults(struct arena *a)
{
	struct conf *cf = arena_alloc(a, sizeof(*cf));

	cf->arena = a;
	for (size_t i = 0; i < NELEM(settings); i++)
		(void)put(cf, &settings[i], settings[i].value);
	return cf;
}

void
conf_free(const struct conf *cf)
{
	if (cf != NULL)
		arena_free(cf->arena);
}

bool
conf_stale(const struct conf *cf)
{
	struct stat st;

	return stat(cf->path, &st) != 0 || st.st_mtime != cf->changed_at;
}

/* section.key=value; the section itself may have a dot. */
static bool
put_word(struct conf *cf, struct arena *a, const char *word)
{
	const char *eq = strchr(word, '=');
	char *name, *dot;
	const struct setting *s;

	if (eq == NULL)
		return false;
	name = arena_copy(a, word, (size_t)(eq - word));
	if ((dot = strrchr(name, '.')) == NULL)
		return false;
	*dot = '\0';
	s = find(name, dot + 1);
	return s != NULL && put(cf, s, eq + 1);
}

const struct conf *
conf_default(size_t n, char **words, const char **wrong)
{
	struct arena *a = arena_new();
	struct conf *cf = defaults(a);

	for (size_t i = 0; i < n; i++)
		if (!put_word(cf, a, words[i])) {
			*wrong = words[i];
			return NULL;
		}
	return cf;
}

/*
 * dapit.conf in the folder above the program's own, as in dapit/bin/worker
 * and dapit/dapit.conf; NULL if there is none.
 */
static const char *
path_beside(struct arena *a)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	const char *path;
	char *slash;

	if (n <= 0)
		return NULL;
	self[n] = '\0';
	for (int up = 0; up < 2; up++) {
		if ((slash = strrchr(self, '/')) == NULL)
			return NULL;
		*slash = '\0';
	}
	path = arena_printf(a, "%s/dapit.conf", self);
	return access(path, F_OK) == 0 ? path : NULL;
}

const struct conf *
conf_read(const char *path, char why[static 256])
{
	struct arena *a = arena_new();
	struct conf *cf = defaults(a);

	if (path == NULL)
		path = getenv("DAPIT_CONF");
	if (path == NULL)
		path = path_beside(a);
	if (path == NULL)
		path = "/etc/dapit/dapit.conf";
	cf->path = arena_copy(a, path, strlen(path));
	if (read_file(cf, why) && read_environment(cf, why))
		return cf;
	conf_free(cf);
	return NULL;
}

static void
print_value(FILE *f, const struct conf *cf, const struct setting *s)
{
	const char *at = (const char *)cf + s->at;

	if (s->kind == NUMBER)
		fprintf(f, "%" PRId64, *(const int64_t *)(const void *)at);
	else
		fprintf(f, "%s", *(const char *const *)(const void *)at);
}

const char *
conf_print_one(FILE *f, const struct conf *cf, const char *name)
{
	char full[128];

	for (size_t i = 0; i < NELEM(settings); i++) {
		snprintf(full, sizeof(full), "%s.%s", settings[i].section,
		    settings[i].key);
		if (strcmp(full, name) != 0)
			continue;
		if (settings[i].secret)
			return "is a secret, which is not printed";
		print_value(f, cf, &settings[i]);
		fprintf(f, "\n");
		return NULL;
	}
	return "is no setting";
}

void
conf_print(FILE *f, const struct conf *cf)
{
	const char *section = "";

	fprintf(f, "# Settings of the Dapit gateway. The environment wins over"
	    " this file:\n# [bank.staging] url is DAPIT_BANK_STAGING_URL.\n");
	for (size_t i = 0; i < NELEM(settings); i++) {
		const struct setting *s = &settings[i];

		if (strcmp(section, s->section) != 0)
			fprintf(f, "\n[%s]\n", section = s->section);
		fprintf(f, "# %s\n", s->doc);
		fprintf(f, "%s = ", s->key);
		if (cf == NULL)
			fprintf(f, "%s", s->value);
		else
			print_value(f, cf, s);
		fprintf(f, "\n");
	}
}
