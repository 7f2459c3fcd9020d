/*
 * dapit setup: from the package to a gateway that answers.
 */
#include <errno.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "dapit/first.h"
#include "flow/bank.h"
#include "flow/database.h"
#include "flow/migrate.h"
#include "io/seal.h"
#include "model/merchant.h"

void
first_say(const char *how, const char *what, const char *fmt, ...)
{
	va_list ap;

	printf("%-8s %s: ", how, what);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
}

void
first_todo(const char *fmt, ...)
{
	va_list ap;

	printf("         > ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
}

static bool
stuck(const char *what, const char *why)
{
	first_say("broken", what, "%s", why);
	return false;
}

/* The package has made it; "make install" has not. */
static bool
find_user(struct first *f)
{
	static const char *const add[] = { "useradd", "--system",
	    "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
	    "--shell", "/usr/sbin/nologin", SYSTEM_USER, NULL };
	const char *said;

	if (getpwnam(SYSTEM_USER) != NULL)
		return true;
	if (first_run(f, add, &said) != 0 || getpwnam(SYSTEM_USER) == NULL)
		return stuck("system user", said);
	first_say("made", "system user", SYSTEM_USER);
	return true;
}

static bool
write_settings(struct first *f)
{
	char *word[] = {
		arena_printf(f->arena, "gateway.url=%s", f->url),
		arena_printf(f->arena, "secrets.key_file=%s/master.key",
		    f->etc),
		arena_printf(f->arena, "bank.%s.iban=%s",
		    environment_word(f->live), f->iban == NULL ? "" : f->iban),
	};
	const char *wrong = NULL, *fresh = arena_printf(f->arena, "%s.new",
	    f->path);
	const struct conf *cf = conf_default(NELEM(word), word, &wrong);
	FILE *out;

	if (mkdir(f->etc, 0755) != 0 && errno != EEXIST)
		return stuck(f->etc, strerror(errno));
	unlink(fresh);
	if (cf == NULL || !first_write(fresh, "", 0600) ||
	    (out = fopen(fresh, "a")) == NULL)
		return stuck(fresh, strerror(errno));
	conf_print(out, cf);
	conf_free(cf);
	if (fclose(out) != 0 || rename(fresh, f->path) != 0)
		return stuck(f->path, strerror(errno));
	return true;
}

/* The programs read them, and nobody else. */
static bool
share_settings(struct first *f)
{
	struct stat st;

	if (stat(f->path, &st) != 0 || (st.st_uid == 0 &&
	    (chown(f->path, 0, getpwnam(SYSTEM_USER)->pw_gid) != 0 ||
	    chmod(f->path, 0640) != 0)))
		return stuck(f->path, strerror(errno));
	return true;
}

static bool
settings(struct first *f)
{
	bool there = access(f->path, F_OK) == 0;

	if ((!there && !write_settings(f)) || !share_settings(f) ||
	    !program_settings(&f->p))
		return false;
	first_say(there ? "there" : "made", "settings", "%s, for %s", f->path,
	    f->p.conf->url);
	if (there && f->url != NULL && strcmp(f->url, f->p.conf->url) != 0)
		first_todo("to be at %s, edit [gateway] url there, remove"
		    " %s/nginx.conf and run dapit setup again", f->url,
		    f->etc);
	f->url = f->p.conf->url;
	return str_origin(f->url) || stuck("settings", arena_printf(f->arena,
	    "[gateway] url = %s is not like https://pay.example.com", f->url));
}

/* As the programs' user: what they may not, we notice. */
static bool
key(struct first *f)
{
	const char *path = f->p.conf->key_file;
	struct passwd *user = getpwnam(SYSTEM_USER);
	bool there = access(path, F_OK) == 0;
	char why[256];

	if (!there && !seal_create(path, why))
		return stuck("master key", why);
	if (chown(path, user->pw_uid, user->pw_gid) != 0)
		return stuck(path, strerror(errno));
	first_say(there ? "there" : "made", "master key", "%s%s", path,
	    there ? "" : "; keep a copy elsewhere: no backup can be read"
	    " without it");
	be_owner(f->p.conf);
	return program_open(&f->p, &f->cx);
}

/* What an administrator of the database has to do, since we cannot. */
static bool
ask_administrator(struct first *f, const char *why)
{
	const char *sql;

	first_say("todo", "database", "%s", str_starts(why, "database: ") ?
	    why + 10 : why);
	first_todo("see that it runs (apt install mariadb-server), or let its"
	    " administrator run:");
	for (int i = 0; (sql = database_sql(f->arena, f->p.conf, i)) != NULL;
	    i++)
		printf("             %s;\n", sql);
	first_todo("[database] in %s says how it is reached; then run dapit"
	    " setup again", f->path);
	return false;
}

static bool
database(struct first *f)
{
	bool there = database_enter(&f->cx) == 0;
	const struct conf *cf = f->p.conf;
	enum err e;

	fail_clear(&f->cx);
	be_root();
	e = database_admin(&f->cx, &f->admin);
	if (e == 0 && database_ours(cf))
		e = database_make(&f->admin, cf);
	else if (e == 0)
		e = ERR_AWAY;	/* an administrator's work: so is the schema */
	be_owner(cf);
	if (database_enter(&f->cx) != 0)
		return ask_administrator(f, f->admin.why[0] != '\0' ?
		    f->admin.why : f->cx.why);
	if (e != 0) {
		db_free(f->admin.db);
		f->admin = f->cx;
		db_patient(&f->admin);
	}
	first_say(there ? "there" : "made", "database", "%s; the programs"
	    " get in as %s%s", cf->db_name, cf->db_user, database_ours(cf) ?
	    ", through the socket, to read and write rows only" : "");
	return true;
}

static bool
schema(struct first *f)
{
	int done = 0;

	if (migrate(&f->admin, migrations, &done) != 0)
		return stuck("schema", f->admin.why);
	if (bank_settle(&f->cx) != 0)
		return stuck("schema", f->cx.why);
	f->migrated = done > 0;
	first_say(done > 0 ? "made" : "there", "schema", done > 0 ?
	    "%d migrations" : "up to date", done);
	return true;
}

/* Its key and secret are printed, once. */
static enum err
add_merchant(struct first *f)
{
	const char *name = f->name == NULL ? f->host : f->name;
	char *words[] = { arena_copy(f->arena, name, strlen(name)), NULL };
	struct words w = { .n = 1, .word = words };
	struct merchant m;
	struct rows rows;
	enum err e;

	first_say("made", "merchant", "%s. Note key and webhook_secret now,"
	    " they are not shown again:\n", name);
	if ((e = log_act(&f->cx, &(struct command){ .name = "setup",
	    .logged = 1 }, &w)) != 0 ||
	    (e = cmd_merchant_add(&f->cx, &w)) != 0 ||
	    (e = merchant_each(&f->cx, &rows)) != 0)
		return e;
	printf("\n");
	m = *(const struct merchant *)rows.row;
	m.environment = f->live ? PRODUCTION : STAGING;
	return merchant_set(&f->cx, &m);
}

static bool
merchant(struct first *f)
{
	const struct merchant *m;
	struct rows rows;

	if (merchant_each(&f->cx, &rows) != 0 ||
	    (rows.n == 0 && add_merchant(f) != 0))
		return stuck("merchant", f->cx.why);
	m = rows.row;
	if (rows.n > 0)
		first_say("there", "merchant", "%" PRId64 ", %s%s", m->id,
		    m->name, rows.n > 1 ? ", and others" : "");
	return true;
}

static void
next_steps(struct first *f)
{
	const char *env = environment_word(f->live);

	printf("\nNext:\n");
	if (f->untrusted)
		printf("  certbot --nginx -d %s\n\ta certificate that browsers"
		    " trust (apt install python3-certbot-nginx)\n", f->host);
	if (f->p.conf->bank[f->live].client_id[0] == '\0' ||
	    f->p.conf->bank[f->live].iban[0] == '\0')
		printf("  editor %s\n\t[bank.%s]: client_id, client_secret,"
		    " iban; then: systemctl restart 'dapit-*.service'\n",
		    f->path, env);
	printf("  dapit bank login %s\n\twith a code made in Online Banking\n"
	    "  dapit doctor\n\tis all well?\n", env);
}

static const struct {
	bool	(*step)(struct first *);
	bool	 root;		/* the system's; else the programs' user */
} steps[] = {
	{ find_user,	     true },
	{ settings,	     true },
	{ key,		     true },
	{ database,	     false },
	{ schema,	     true },
	{ merchant,	     false },
	{ first_certificate, true },
	{ first_site,	     true },
	{ first_services,    true },
};

/* Where the settings are, or will be; the gateway's address. */
static bool
look_around(struct first *f, const char *path)
{
	const char *given = getenv("DAPIT_CONF"), *slash;
	char host[256] = "";

	f->path = f->p.conf_path = path != NULL ? path : given != NULL ?
	    given : "/etc/dapit/dapit.conf";
	slash = strrchr(f->path, '/');
	f->etc = slash == NULL ? "." : arena_copy(f->arena, f->path,
	    (size_t)(slash - f->path));
	f->systemd = access("/run/systemd/system", F_OK) == 0;
	if (f->url != NULL && !str_origin(f->url)) {
		fprintf(stderr, "dapit: %s is not like"
		    " https://pay.example.com\n", f->url);
		return false;
	}
	if (f->url == NULL && access(f->path, F_OK) != 0) {
		gethostname(host, sizeof(host) - 1);
		f->url = arena_printf(f->arena, "https://%s", host);
	}
	return true;
}

static bool
all_steps(struct first *f)
{
	for (size_t i = 0; i < NELEM(steps); i++) {
		if (f->url != NULL && f->host == NULL) {
			f->host = strstr(f->url, "//") + 2;
			f->host = arena_copy(f->arena, f->host,
			    strcspn(f->host, ":/"));
		}
		if (steps[i].root)
			be_root();
		else
			be_owner(f->p.conf);
		if (!steps[i].step(f))
			return false;
	}
	return true;
}

static int
print_sql(const char *path)
{
	char why[256] = "";
	const char *wrong = NULL;
	const struct conf *cf = access(path, F_OK) == 0 ?
	    conf_read(path, why) : conf_default(0, NULL, &wrong);
	const char *sql;

	if (cf == NULL) {
		fprintf(stderr, "dapit: %s\n", why);
		return 1;
	}
	for (int i = 0; (sql = database_sql(cf->arena, cf, i)) != NULL; i++)
		printf("%s;\n", sql);
	conf_free(cf);
	return 0;
}

/* Its exit code. */
static int
run_setup(struct first *f, struct words *w, bool sql)
{
	if (w->n > 0) {
		fprintf(stderr, "usage: dapit setup [--url URL] [--name NAME]"
		    " [--iban IBAN] [--production] [--print-sql]\n");
		return 2;
	}
	if (!look_around(f, w->conf))
		return 2;
	if (sql)
		return print_sql(f->path);
	if (geteuid() != 0) {
		fprintf(stderr, "dapit: setup is for root: sudo dapit"
		    " setup\n");
		return 2;
	}
	setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
	if (all_steps(f)) {
		next_steps(f);
		return 0;
	}
	fprintf(stderr, "dapit: setup is not done; run it again after"
	    " that\n");
	return 1;
}

int
cmd_setup(struct words *w)
{
	bool sql = word_option(w, "--print-sql", false) != NULL;
	struct first f = {
		.p = { .name = "dapit" }, .arena = arena_new(),
		.url = word_option(w, "--url", true),
		.name = word_option(w, "--name", true),
		.iban = word_option(w, "--iban", true),
		.live = word_option(w, "--production", false) != NULL,
	};
	int rc = run_setup(&f, w, sql);

	if (f.admin.db != f.cx.db)
		db_free(f.admin.db);
	if (f.cx.db != NULL)
		program_close(&f.cx);
	conf_free(f.p.conf);
	arena_free(f.arena);
	return rc;
}
