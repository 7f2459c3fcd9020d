/*
 * dapit.h - the operator's commands.
 *
 * A command that needs the database is run(cx, words); one that needs no
 * settings is plain(words).  Words are its arguments; their number is checked.
 */
#ifndef DAPIT_H
#define DAPIT_H

#include "base/conf.h"
#include "base/cx.h"
#include "base/field.h"

struct words {
	int	  n;
	char	**word;
	bool	  json;		/* --json: lists are printed as JSON */
	bool	  yes;		/* --yes: nothing is asked */
	const char *conf;	/* -c; or NULL */
};

struct command {
	const char	*name;		/* NULL ends the table */
	const char	*use;		/* its words and options (usage.c) */
	int		 logged;	/* so many into the log; 0: no act;
					   -1: the act, without its words */
	bool		 asks;		/* first: it cannot be undone */
	enum err	(*run)(struct cx *, struct words *);
	int		(*plain)(struct words *); /* its exit code */
	const char	*doc;
};

extern const struct command commands[];		/* cgi/dapit.c */

#define WORDS_MAX	200

/* Checks the words of a command against its row; in out, of WORDS_MAX, the
 * options and their values stand behind the words.  False: standard error says
 * what is wrong, and the usage. */
MUST_USE bool usage_check(const struct command *, struct words *, char **out);

/* A number that must be one. */
MUST_USE enum err word_int(struct cx *, const char *word, int64_t *);

/* A line of standard input, without its end; ERR_PARAM if there is none. */
MUST_USE enum err word_stdin(struct cx *, const char **line);

MUST_USE enum err word_environment(struct cx *, const char *, int64_t *);

/* Until when an old secret goes on: now and --hours N, 24 if not said. */
MUST_USE enum err word_overlap(struct cx *, struct words *, int64_t *until);

/* Takes an option out of the words; its value, "" for a flag, or NULL. */
const char *word_option(struct words *, const char *name, bool value);

/* Takes --because TEXT out of the words: why an operator does it, for the log
 * of acts.  NULL, with the reason in cx: it is missing or empty. */
const char *word_because(struct cx *, struct words *);

/* Makes a key of k's merchant, name, scope and end; prints it, once. */
struct key;
MUST_USE enum err key_make(struct cx *, struct key *k);

/* Prints a list: a line for each row, or with --json an array of objects. */
void list_print(struct cx *, const struct words *, const struct field *,
    const struct rows *);

/* Prints one thing: "name value" lines, or with --json an object. */
void thing_print(struct cx *, const struct words *, const struct field *,
    const void *row);

int cmd_conf(struct words *);
int cmd_completion(struct words *);
int cmd_man(struct words *);
int cmd_help(struct words *);
int cmd_setup(struct words *);
bool cmd_make_key(const struct conf *);

/*
 * A database's socket lets in a user of the system by its name: the one that
 * the programs run as, who owns the master key.  So root acts as that user,
 * and for what is root's own it is root again.
 */
void be_owner(const struct conf *);
void be_root(void);

/* The rest of a command is this merchant's. */
MUST_USE enum err be_merchant(struct cx *, const char *word);

enum err cmd_conf_get(struct cx *, struct words *);
enum err cmd_migrate(struct cx *, struct words *);
enum err cmd_merchant_add(struct cx *, struct words *);
enum err cmd_merchant_list(struct cx *, struct words *);
enum err cmd_merchant_show(struct cx *, struct words *);
enum err cmd_merchant_set(struct cx *, struct words *);
enum err cmd_key_add(struct cx *, struct words *);
enum err cmd_key_import(struct cx *, struct words *);
enum err cmd_merchant_secret(struct cx *, struct words *);
enum err cmd_key_list(struct cx *, struct words *);
enum err cmd_key_rotate(struct cx *, struct words *);
enum err cmd_key_revoke(struct cx *, struct words *);
enum err cmd_events(struct cx *, struct words *);
enum err cmd_events_show(struct cx *, struct words *);
enum err cmd_events_redeliver(struct cx *, struct words *);
enum err cmd_events_test(struct cx *, struct words *);
enum err cmd_endpoints(struct cx *, struct words *);
enum err cmd_refunds(struct cx *, struct words *);
enum err cmd_refunds_send(struct cx *, struct words *);
enum err cmd_refunds_close(struct cx *, struct words *);
enum err cmd_schedules(struct cx *, struct words *);
enum err cmd_schedules_messages(struct cx *, struct words *);
enum err cmd_schedules_set(struct cx *, struct words *);
enum err cmd_config_set(struct cx *, struct words *);
enum err cmd_endpoints_enable(struct cx *, struct words *);
enum err cmd_listen(struct cx *, struct words *);
enum err cmd_clock(struct cx *, struct words *);
enum err cmd_alerts(struct cx *, struct words *);
enum err cmd_alerts_test(struct cx *, struct words *);
enum err cmd_doctor(struct cx *, struct words *);
enum err cmd_bank_login(struct cx *, struct words *);
enum err cmd_bank_status(struct cx *, struct words *);
enum err cmd_bank_sync(struct cx *, struct words *);
enum err cmd_transfers(struct cx *, struct words *);
enum err cmd_transfers_assign(struct cx *, struct words *);
enum err cmd_transfers_unassign(struct cx *, struct words *);
enum err cmd_transfers_book(struct cx *, struct words *);
enum err cmd_transfers_dismiss(struct cx *, struct words *);
enum err cmd_asides(struct cx *, struct words *);
enum err cmd_outgoing(struct cx *, struct words *);
enum err cmd_sent_back(struct cx *, struct words *);
enum err cmd_transfers_send_back(struct cx *, struct words *);
enum err cmd_transfers_seen(struct cx *, struct words *);
enum err cmd_sandbox_pay(struct cx *, struct words *);
enum err cmd_secrets_status(struct cx *, struct words *);
enum err cmd_secrets_next(struct cx *, struct words *);
enum err cmd_secrets_rotate(struct cx *, struct words *);
enum err cmd_forget(struct cx *, struct words *);
enum err cmd_log(struct cx *, struct words *);

/* Notes a command in the log, before it is run. */
MUST_USE enum err log_act(struct cx *, const struct command *,
    const struct words *);

enum err cmd_audit(struct cx *, struct words *);

#endif
