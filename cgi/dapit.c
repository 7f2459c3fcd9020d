/*
 * dapit - the operator's command.
 *
 *	dapit [-c FILE] COMMAND [ARGUMENT...]
 *
 * Exit code 0: done; 1: it failed, and why is on standard error; 2: wrong
 * use.
 */
#include <stdio.h>
#include <string.h>

#include "api/program.h"
#include "dapit/dapit.h"
#include "io/db.h"

static const struct command commands[] = {
	{ "conf",	      "[SECTION.KEY=VALUE...]", 0, 99, 0, NULL, cmd_conf,
	  "print a complete settings file with these values" },
	{ "migrate",	      "", 0, 0, 0, cmd_migrate, NULL,
	  "bring the schema up to date; make the master key if there is none" },
	{ "merchant add",     "NAME [--callback URL]", 1, 3, 9, cmd_merchant_add, NULL,
	  "add a merchant; prints its first key and webhook secret, once" },
	{ "merchant list",    "", 0, 0, 0, cmd_merchant_list, NULL,
	  "list all merchants" },
	{ "merchant show",    "ID", 1, 1, 0, cmd_merchant_show, NULL,
	  "show a merchant and its keys" },
	{ "merchant set",     "ID FIELD=VALUE...", 2, 9, 9, cmd_merchant_set, NULL,
	  "change name, environment, callback_url, events or frame_origin" },
	{ "key add",	      "MERCHANT [NAME] [--read] [--days N]", 1, 5, 9, cmd_key_add, NULL,
	  "make a key, perhaps for reading only or for some days; prints it, once" },
	{ "key import",	      "MERCHANT [NAME]", 1, 2, 9, cmd_key_import, NULL,
	  "take over an existing key, read from standard input" },
	{ "key revoke",	      "ID", 1, 1, 9, cmd_key_revoke, NULL,
	  "end a key" },
	{ "events",	      "MERCHANT [--undelivered]", 1, 2, 0, cmd_events, NULL,
	  "list a merchant's latest events and how far they were told" },
	{ "events show",      "MERCHANT EVENT", 2, 2, 0, cmd_events_show, NULL,
	  "show an event, its payload and every attempt to deliver it" },
	{ "events redeliver", "MERCHANT EVENT|DAY", 2, 2, 9, cmd_events_redeliver, NULL,
	  "send an event again, or all undelivered since a day" },
	{ "events test",      "MERCHANT [URL]", 1, 2, 9, cmd_events_test, NULL,
	  "send a test.ping" },
	{ "listen",	      "MERCHANT [--forward URL]", 1, 3, 0, cmd_listen, NULL,
	  "follow a merchant's events live, and send each to a URL, signed; until Ctrl-C" },
	{ "bank login",	      "ENVIRONMENT [CODE]", 1, 2, 1, cmd_bank_login, NULL,
	  "log in with a code made in Online Banking (- reads standard input)" },
	{ "bank status",      "", 0, 0, 0, cmd_bank_status, NULL,
	  "show logins and accounts" },
	{ "bank sync",	      "", 0, 0, 0, cmd_bank_sync, NULL,
	  "read the statements now" },
	{ "transfers",	      "[--unmatched]", 0, 1, 0, cmd_transfers, NULL,
	  "list incoming transfers, or those that found no session" },
	{ "transfers assign", "ID REFERENCE", 2, 2, 9, cmd_transfers_assign, NULL,
	  "say which session a transfer pays" },
	{ "sandbox pay",      "REFERENCE AMOUNT", 2, 2, 0, cmd_sandbox_pay, NULL,
	  "send money at the sandbox bank" },
	{ "audit",	      "", 0, 0, 0, cmd_audit, NULL,
	  "compute all sums again from the facts and compare" },
	{ "log",	      "[N]", 0, 1, 0, cmd_log, NULL,
	  "the latest acts of operators, newest first" },
	{ "help",	      "", 0, 0, 0, NULL, cmd_help,
	  "this list" },
	{ 0 }
};

int
cmd_help(struct words *w)
{
	(void)w;
	printf("dapit [-c FILE] COMMAND [ARGUMENT...]\n\n");
	for (const struct command *c = commands; c->name != NULL; c++)
		printf("  %s %s\n\t%s\n", c->name, c->use, c->doc);
	return 0;
}

/* How many of the words are this command's name; 0: not it. */
static int
matches(const char *name, int n, char **word)
{
	const char *space = strchr(name, ' ');
	size_t len = space == NULL ? strlen(name) : (size_t)(space - name);

	if (n < 1 || strlen(word[0]) != len ||
	    strncmp(name, word[0], len) != 0)
		return 0;
	if (space == NULL)
		return 1;
	return n > 1 && strcmp(space + 1, word[1]) == 0 ? 2 : 0;
}

/* The command with the longest name that fits. */
static const struct command *
find(int n, char **word, int *used)
{
	const struct command *best = NULL;

	*used = 0;
	for (const struct command *c = commands; c->name != NULL; c++) {
		int m = matches(c->name, n, word);

		if (m > *used) {
			*used = m;
			best = c;
		}
	}
	return best;
}

static int
run(struct program *p, const struct command *c, struct words *w)
{
	struct cx cx;
	enum err e;

	if (c->run == cmd_migrate && !cmd_make_key(p->conf))
		return 1;
	if (!program_open(p, &cx))
		return 1;
	e = c->logged > 0 ? log_act(&cx, c, w) : 0;
	if (e == 0)
		e = c->run(&cx, w);
	if (e != 0)
		fprintf(stderr, "dapit: %s\n", cx.why[0] != '\0' ? cx.why :
		    err_doc(e));
	program_close(&cx);
	return e != 0;
}

int
main(int argc, char **argv)
{
	struct program p = { .name = "dapit" };
	const struct command *c;
	struct words w;
	int at = program_options(&p, argc, argv), used, rc;

	if (at == 0)
		return 2;
	c = find(argc - at, argv + at, &used);
	w = (struct words){ argc - at - used, argv + at + used };
	if (c == NULL || w.n < c->min || w.n > c->max) {
		if (c == NULL)
			fprintf(stderr, "dapit: no such command; try dapit"
			    " help\n");
		else
			fprintf(stderr, "usage: dapit %s %s\n", c->name,
			    c->use);
		return 2;
	}
	if (c->plain != NULL)
		return c->plain(&w);
	if (!program_settings(&p))
		return 1;
	rc = run(&p, c, &w);
	conf_free(p.conf);
	return rc;
}
