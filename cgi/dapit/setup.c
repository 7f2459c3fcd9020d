/*
 * Settings, master key, schema.
 */
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dapit/dapit.h"
#include "flow/bank.h"
#include "flow/database.h"
#include "flow/migrate.h"
#include "io/seal.h"

int
cmd_conf(struct words *w)
{
	const char *wrong = NULL;
	const struct conf *cf = conf_default((size_t)w->n, w->word, &wrong);

	if (cf == NULL) {
		fprintf(stderr, "dapit: %s: no such setting, or not a number\n",
		    wrong);
		return 2;
	}
	conf_print(stdout, cf);
	conf_free(cf);
	return 0;
}

enum err
cmd_conf_get(struct cx *cx, struct words *w)
{
	const char *why = conf_print_one(stdout, cx->conf, w->word[0]);

	return why == NULL ? 0 : fail(cx, ERR_PARAM, "%s %s", w->word[0], why);
}

bool
cmd_make_key(const struct conf *cf)
{
	char why[256];

	if (access(cf->key_file, F_OK) == 0)
		return true;
	if (!seal_create(cf->key_file, why)) {
		fprintf(stderr, "dapit: %s\n", why);
		return false;
	}
	printf("master key %s\n", cf->key_file);
	return true;
}

void
be_root(void)
{
	if (getuid() == 0 && (seteuid(0) != 0 || setegid(0) != 0))
		_exit(1);
}

void
be_owner(const struct conf *cf)
{
	const struct passwd *user = getpwnam(cf->db_user);
	struct stat st;

	if (getuid() != 0 || !database_ours(cf) || user == NULL ||
	    stat(cf->key_file, &st) != 0 || st.st_uid != user->pw_uid)
		return;
	be_root();
	if (setegid(user->pw_gid) != 0 || seteuid(user->pw_uid) != 0)
		_exit(1);
}

/* Tables are root's, where the socket lets root in; else the settings' user's. */
enum err
cmd_migrate(struct cx *cx, struct words *w)
{
	struct cx admin;
	int done = 0;
	enum err e;

	(void)w;
	db_patient(cx);
	be_root();
	e = database_admin(cx, &admin);
	be_owner(cx->conf);
	if (e != 0 || !database_ours(cx->conf) ||
	    database_use(&admin, cx->conf) != 0) {
		db_free(admin.db);
		admin = *cx;
	}
	e = migrate(&admin, migrations, &done);
	if (admin.db != cx->db)
		db_free(admin.db);
	if (e != 0)
		return fail(cx, e, "%s", admin.why);
	printf("migrations %d\n", done);
	return bank_settle(cx);
}
