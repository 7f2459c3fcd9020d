/*
 * Settings, master key, schema.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dapit/dapit.h"
#include "flow/bank.h"
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

/* No secret: those are for the programs alone. */
enum err
cmd_conf_get(struct cx *cx, struct words *w)
{
	static const char *const secret[] = { "password", "client_secret",
	    "auth_code", "notice_token" };

	for (size_t i = 0; i < NELEM(secret); i++)
		if (strstr(w->word[0], secret[i]) != NULL)
			return fail(cx, ERR_RIGHT, "secrets are not printed");
	return conf_print_one(stdout, cx->conf, w->word[0]) ? 0 :
	    fail(cx, ERR_PARAM, "%s: no such setting", w->word[0]);
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

enum err
cmd_migrate(struct cx *cx, struct words *w)
{
	int done = 0;
	enum err e;

	(void)w;
	db_patient(cx);
	if ((e = migrate(cx, migrations, &done)) != 0)
		return e;
	printf("migrations %d\n", done);
	return bank_settle(cx);
}
