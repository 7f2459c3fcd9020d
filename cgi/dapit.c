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
#include <unistd.h>

#include "api/describe.h"
#include "api/program.h"
#include "dapit/dapit.h"
#include "io/db.h"

const struct command commands[] = {
	{ "conf",	      "[SECTION.KEY=VALUE...]", 0, false, NULL, cmd_conf,
	  "print a complete settings file with these values" },
	{ "conf get",	      "SECTION.KEY", 0, false, cmd_conf_get, NULL,
	  "print what a setting says now" },
	{ "setup",	      "[--url URL] [--name NAME] [--iban IBAN] [--production] [--print-sql]", 0, false, NULL, cmd_setup,
	  "as root, make all that a gateway needs, or say what is left to do; again without harm" },
	{ "migrate",	      "", 0, false, cmd_migrate, NULL,
	  "bring the schema up to date; make the master key if there is none" },
	{ "merchant add",     "NAME [--callback URL]", 9, false, cmd_merchant_add, NULL,
	  "add a merchant; prints its first key and webhook secret, once" },
	{ "merchant list",    "", 0, false, cmd_merchant_list, NULL,
	  "list all merchants" },
	{ "merchant show",    "ID", 0, false, cmd_merchant_show, NULL,
	  "show a merchant and its keys" },
	{ "merchant set",     "ID FIELD=VALUE...", 9, false, cmd_merchant_set, NULL,
	  "change name, environment, callback_url, events, fee_percent, auto_refund_max ..." },
	{ "merchant rotate-secret", "ID [--hours N]", 9, false, cmd_merchant_secret, NULL,
	  "make a new webhook secret; the old one signs too for some hours (24)" },
	{ "key add",	      "MERCHANT [NAME] [--read] [--days N]", 9, false, cmd_key_add, NULL,
	  "make a key, perhaps for reading only or for some days; prints it, once" },
	{ "key import",	      "MERCHANT [NAME]", 9, false, cmd_key_import, NULL,
	  "take over an existing key, read from standard input" },
	{ "key list",	      "MERCHANT", 0, false, cmd_key_list, NULL,
	  "list a merchant's keys" },
	{ "key rotate",	      "ID [--hours N]", 9, false, cmd_key_rotate, NULL,
	  "make a key like this one, which goes on for some hours (24)" },
	{ "key revoke",	      "ID", 9, true, cmd_key_revoke, NULL,
	  "end a key" },
	{ "events",	      "MERCHANT [--undelivered]", 0, false, cmd_events, NULL,
	  "list a merchant's latest events and how far they were told" },
	{ "events show",      "MERCHANT EVENT", 0, false, cmd_events_show, NULL,
	  "show an event, its payload and every attempt to deliver it" },
	{ "events redeliver", "MERCHANT EVENT|DAY", 9, false, cmd_events_redeliver, NULL,
	  "send an event again, or all undelivered since a day" },
	{ "events test",      "MERCHANT [URL]", 9, false, cmd_events_test, NULL,
	  "send a test.ping" },
	{ "endpoints",	      "MERCHANT", 0, false, cmd_endpoints, NULL,
	  "list where a merchant's webhooks go and how they fare there" },
	{ "endpoints enable", "MERCHANT URL", 9, false, cmd_endpoints_enable, NULL,
	  "switch an endpoint on again and send what was not delivered there" },
	{ "listen",	      "MERCHANT [--forward URL]", 0, false, cmd_listen, NULL,
	  "follow a merchant's events live, and send each to a URL, signed; until Ctrl-C" },
	{ "bank login",	      "ENVIRONMENT [CODE]", 1, false, cmd_bank_login, NULL,
	  "log in with a code made in Online Banking (- reads standard input)" },
	{ "bank status",      "", 0, false, cmd_bank_status, NULL,
	  "show logins and accounts" },
	{ "bank sync",	      "", 0, false, cmd_bank_sync, NULL,
	  "read the statements now" },
	{ "transfers",	      "[--unmatched|--sent-back|--aside|--outgoing [--all]]", 0, false, cmd_transfers, NULL,
	  "list incoming transfers; those that found no session; those of them that were sent back; entries that are kept aside; money that left and is no refund" },
	{ "transfers assign", "ID REFERENCE", 9, true, cmd_transfers_assign, NULL,
	  "say which session a transfer pays" },
	{ "transfers unassign", "ID --because TEXT", 9, true, cmd_transfers_unassign, NULL,
	  "take an assigned transfer off its session, while nothing was refunded of that" },
	{ "transfers send-back", "ID [--accept-name|--cancel] --because TEXT", 9, true, cmd_transfers_send_back, NULL,
	  "send an unmatched transfer back to the account that it came from; send one that is held although its name differs, or give it up" },
	{ "transfers book",   "ID AMOUNT [REFERENCE] --because TEXT", 9, true, cmd_transfers_book, NULL,
	  "book an entry that is kept aside as a credit, to a session or to nobody" },
	{ "transfers dismiss", "ID --because TEXT", 9, true, cmd_transfers_dismiss, NULL,
	  "finish an entry that is kept aside and is no money of ours" },
	{ "transfers seen",   "ID|all --because TEXT", 9, false, cmd_transfers_seen, NULL,
	  "note that an outgoing transfer, or all of them, is known to you" },
	{ "refunds",	      "MERCHANT [--status STATUS]", 0, false, cmd_refunds, NULL,
	  "list a merchant's latest refunds" },
	{ "refunds send",     "MERCHANT ID IBAN NAME [--accept-name]", 2, true, cmd_refunds_send, NULL,
	  "send a refund to the customer's account" },
	{ "refunds close",    "ID sent|failed --because TEXT", 9, true, cmd_refunds_close, NULL,
	  "say how a refund ended that the bank does not know any more; refused while it is under way" },
	{ "schedules",	      "MERCHANT [--status STATUS]", 0, false, cmd_schedules, NULL,
	  "list a merchant's latest schedules of recurring payments" },
	{ "schedules messages", "SCHEDULE", 0, false, cmd_schedules_messages, NULL,
	  "list what a schedule sent, and what became of it" },
	{ "schedules set",    "MERCHANT SCHEDULE STATUS", 9, true, cmd_schedules_set, NULL,
	  "make a schedule active, paused or cancelled" },
	{ "config set",	      "NAME", 9, false, cmd_config_set, NULL,
	  "set the platform's smtp_user, smtp_pass, twilio_sid ... to a line of standard input" },
	{ "forget",	      "EMAIL|IBAN|PHONE [--merchant ID]", -1, false, cmd_forget, NULL,
	  "erase what is stored of a customer; sums and references stay; shows how much, then asks" },
	{ "secrets status",   "", 0, false, cmd_secrets_status, NULL,
	  "list the master keys of the key file, and how many sealed values each opens" },
	{ "secrets next",     "", -1, false, cmd_secrets_next, NULL,
	  "several machines: make the next master key; copy the file to all, then rotate --keep-old" },
	{ "secrets rotate",   "[--keep-old]", -1, true, cmd_secrets_rotate, NULL,
	  "replace the master key while all runs: seal everything anew, then forget the old key" },
	{ "sandbox pay",      "REFERENCE AMOUNT", 0, false, cmd_sandbox_pay, NULL,
	  "send money at the sandbox bank" },
	{ "audit",	      "", 0, false, cmd_audit, NULL,
	  "compute all sums again from the facts and compare" },
	{ "clock",	      "[+DURATION|reset]", 1, false, cmd_clock, NULL,
	  "demo only: what time it is; moves the clock of all programs, as in +30m, +5h, +3d" },
	{ "doctor",	      "", 0, false, cmd_doctor, NULL,
	  "look at everything: database, bank, worker, webhooks, web server, secrets; says what to do" },
	{ "alerts",	      "", 0, false, cmd_alerts, NULL,
	  "list what is or was not well by the worker's looks, and who was told" },
	{ "alerts test",      "", 0, false, cmd_alerts_test, NULL,
	  "send a test by each way that [alerts] has, and say how it went" },
	{ "log",	      "[N]", 0, false, cmd_log, NULL,
	  "the latest acts of operators, newest first" },
	{ "man",	      "", 0, false, NULL, cmd_man,
	  "print the manual page: dapit man | man -l -" },
	{ "completion",	      "", 0, false, NULL, cmd_completion,
	  "print completion for bash and zsh: source <(dapit completion)" },
	{ "help",	      "[WORD]", 0, false, NULL, cmd_help,
	  "first steps and all commands, or those that begin with a word" },
	{ 0 }
};

static const char lesson[] =
    "dapit [-c FILE] COMMAND [ARGUMENT...]\n"
    "\n"
    "Without -c the settings are in $DAPIT_CONF, else in dapit.conf in the"
    " folder above\nthe program's own, else in /etc/dapit/dapit.conf.\n"
    "Lists take --json; what cannot be undone asks, or needs --yes.\n"
    "\n"
    "A first installation:\n"
    "  apt install ./dapit-gateway_*.deb\n"
    "  dapit setup --url https://pay.example.com --name \"My Shop\"\n"
    "  dapit bank login staging            with a code of the bank\n"
    "  dapit doctor                        is all well?\n"
    "Every day:\n"
    "  dapit doctor                        what needs somebody\n"
    "  dapit transfers --unmatched         money that is nobody's yet\n"
    "  dapit audit                         do the books balance?\n"
    "\n"
    "Commands (dapit help WORD shows those that begin with it):\n";

/* Is it the first word of the command's name? */
static bool
starts(const char *name, const char *word)
{
	size_t n = strlen(word);

	return strncmp(name, word, n) == 0 &&
	    (name[n] == ' ' || name[n] == '\0');
}

int
cmd_help(struct words *w)
{
	const char *only = w->n > 0 ? w->word[0] : NULL;
	int n = 0;

	if (only == NULL)
		printf("%s", lesson);
	for (const struct command *c = commands; c->name != NULL; c++) {
		if (only != NULL && !starts(c->name, only))
			continue;
		printf("  %s %s\n\t%s\n", c->name, c->use, c->doc);
		n++;
	}
	if (n == 0)
		fprintf(stderr, "dapit: no command begins with %s\n", only);
	return n == 0 ? 2 : 0;
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

/* What cannot be undone is asked; a script says --yes. */
static bool
sure(const struct command *c)
{
	char line[16];

	if (!isatty(STDIN_FILENO)) {
		fprintf(stderr, "dapit: %s cannot be undone; add --yes\n",
		    c->name);
		return false;
	}
	fprintf(stderr, "%s: %s. This cannot be undone. Sure? [y/N] ",
	    c->name, c->doc);
	return fgets(line, sizeof(line), stdin) != NULL &&
	    (line[0] == 'y' || line[0] == 'Y');
}

static int
run(struct program *p, const struct command *c, struct words *w)
{
	struct cx cx;
	enum err e;

	if (c->run == cmd_migrate && !cmd_make_key(p->conf))
		return 1;
	be_owner(p->conf);
	if (!program_open(p, &cx))
		return 1;
	e = c->logged < 0 || (c->logged > 0 && w->n > 0) ?
	    log_act(&cx, c, w) : 0;
	if (e == 0)
		e = c->run(&cx, w);
	if (e != 0)
		fprintf(stderr, "dapit: %s\n", cx.why[0] != '\0' ? cx.why :
		    err_doc(e));
	program_close(&cx);
	return e != 0;
}

/* --help and --version, without a command. */
static bool
said_alone(int argc, char **argv, int *rc)
{
	const char *last = argv[argc - 1];

	if (argc != 2 && (argc != 4 || strcmp(argv[1], "-c") != 0))
		return false;
	if (strcmp(last, "--help") == 0 || strcmp(last, "-h") == 0)
		*rc = cmd_help(&(struct words){ .n = 0 });
	else if (strcmp(last, "--version") == 0)
		*rc = printf("dapit %s\n", DESCRIBE_VERSION) < 0;
	else
		return false;
	return true;
}

int
main(int argc, char **argv)
{
	struct program p = { .name = "dapit" };
	const struct command *c;
	struct words w;
	char *out[WORDS_MAX];
	int at, used, rc;

	if (said_alone(argc, argv, &rc))
		return rc;
	if ((at = program_options(&p, argc, argv)) == 0)
		return 2;
	c = find(argc - at, argv + at, &used);
	w = (struct words){ .n = argc - at - used, .word = argv + at + used };
	w.json = word_option(&w, "--json", false) != NULL;
	w.yes = word_option(&w, "--yes", false) != NULL;
	if (c == NULL) {
		fprintf(stderr, "dapit: no such command; try dapit help\n");
		return 2;
	}
	if (word_option(&w, "--help", false) != NULL) {
		printf("usage: dapit %s %s\n\t%s\n", c->name, c->use, c->doc);
		return 0;
	}
	if (w.n > WORDS_MAX || !usage_check(c, &w, out))
		return 2;
	w.conf = p.conf_path;
	if (c->plain != NULL)
		return c->plain(&w);
	if (c->asks && !w.yes && !sure(c))
		return 2;
	if (!program_settings(&p))
		return 1;
	rc = run(&p, c, &w);
	conf_free(p.conf);
	return rc;
}
