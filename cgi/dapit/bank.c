/*
 * The bank: login, accounts, reading now; and paying at the sandbox.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "dapit/dapit.h"
#include "flow/bank.h"
#include "flow/collect.h"
#include "io/web.h"
#include "model/account.h"
#include "model/login.h"

#define READ_MS		600000		/* of one read in all */
#define WAIT_MS		200
#define WAIT_TRIES	150

enum err
cmd_bank_login(struct cx *cx, struct words *w)
{
	const char *code;
	int64_t env = 0;
	enum err e;

	if ((e = word_environment(cx, w->word[0], &env)) != 0)
		return e;
	code = w->n > 1 ? w->word[1] : cx->conf->bank[env].auth_code;
	if (strcmp(code, "-") == 0 && (e = word_stdin(cx, &code)) != 0)
		return e;
	if (code[0] == '\0')
		return fail(cx, ERR_PARAM, "no code: give one, or set"
		    " [bank.%s] auth_code", environment_word(env));
	if ((e = bank_login(cx, env, code)) != 0 || (e = bank_settle(cx)) != 0)
		return e;
	printf("logged in at the bank (%s)\n", environment_word(env));
	return 0;
}

static void
show_login(struct cx *cx, int64_t env)
{
	struct login l = { 0 };
	char t[TIME_TEXT];

	if (login_find(cx, env, &l) != 0)
		printf("%s: not logged in\n", environment_word(env));
	else if (l.refresh_until <= cx->now)
		printf("%s: not logged in: %s\n", environment_word(env),
		    l.last_error);
	else
		printf("%s: logged in until %s, refreshed before\n",
		    environment_word(env), time_print(l.refresh_until, t));
	fail_clear(cx);
}

struct shown {
	int64_t		 id, checked_at, failures, login_until;
	const char	*environment, *iban, *beneficiary_name, *last_error;
	bool		 current;
};

static const struct field account_fields[] = {
	F_INT (shown, id, "The account."),
	F_TEXT(shown, environment, "staging or production."),
	F_TEXT(shown, iban, "Where shoppers pay."),
	F_BOOL(shown, current, "New invoices name it."),
	F_TEXT(shown, beneficiary_name, "As the bank says."),
	F_TIME(shown, checked_at, "The last complete read."),
	F_INT (shown, failures, "Since then."),
	F_TEXT(shown, last_error, "The last of these."),
	F_TIME(shown, login_until, "Until when we are logged in."),
	{ 0 }
};

static enum err
status_json(struct cx *cx, const struct words *w)
{
	const struct account *a;
	struct shown *out;
	struct rows rows;
	enum err e;

	if ((e = account_each(cx, &rows)) != 0)
		return e;
	a = rows.row;
	out = arena_alloc(cx->arena, (rows.n + 1) * sizeof(*out));
	for (size_t i = 0; i < rows.n; i++) {
		struct login l = { 0 };

		if (login_find(cx, a[i].environment, &l) != 0)
			fail_clear(cx);
		out[i] = (struct shown){ a[i].id, a[i].checked_at,
		    a[i].failures, l.refresh_until,
		    environment_word(a[i].environment), a[i].iban,
		    a[i].beneficiary_name, a[i].failures > 0 ?
		    a[i].last_error : NULL, a[i].current != 0 };
	}
	list_print(cx, w, account_fields, &(struct rows){ out, rows.n,
	    sizeof(*out) });
	return 0;
}

enum err
cmd_bank_status(struct cx *cx, struct words *w)
{
	const struct account *a;
	struct rows rows;
	char t[TIME_TEXT];
	enum err e;

	if (w->json)
		return status_json(cx, w);
	for (int64_t env = 0; env < ENVIRONMENT__MAX; env++)
		if (bank_used(cx->conf, env))
			show_login(cx, env);
	if ((e = account_each(cx, &rows)) != 0)
		return e;
	a = rows.row;
	for (size_t i = 0; i < rows.n; i++)
		printf("account %" PRId64 " %s %s%s \"%s\" read %s%s%s\n",
		    a[i].id, environment_word(a[i].environment), a[i].iban,
		    a[i].current ? "" : " (old)", a[i].beneficiary_name,
		    a[i].checked_at == 0 ? "never" :
		    time_print(a[i].checked_at, t),
		    a[i].failures > 0 ? ", then failed: " : "",
		    a[i].failures > 0 ? a[i].last_error : "");
	return 0;
}

/* Reads an account, or waits for the one who is reading it. */
static enum err
sync_account(struct cx *cx, struct account *a)
{
	int64_t since = cx->now;
	enum err e = ERR_BUSY;

	for (int i = 0; e == ERR_BUSY && i < WAIT_TRIES; i++) {
		if (i > 0)
			poll(NULL, 0, WAIT_MS);
		cx_tick(cx);
		fail_clear(cx);
		if ((e = account_hurry(cx, a->environment)) != 0 ||
		    (e = account_find(cx, a->id, a)) != 0)
			return e;
		if (wait_done(WAIT_CHECKED, a->checked_at, cx->now) > since)
			return 0;
		e = collect(cx, a, READ_MS);
	}
	return e;
}

enum err
cmd_bank_sync(struct cx *cx, struct words *w)
{
	const struct account *all;
	struct account a;
	struct rows rows;
	enum err e;

	(void)w;
	if ((e = bank_settle(cx)) != 0 || (e = account_each(cx, &rows)) != 0)
		return e;
	all = rows.row;
	for (size_t i = 0; i < rows.n; i++) {
		a = all[i];
		if ((e = sync_account(cx, &a)) != 0)
			return e;
		printf("account %" PRId64 " read\n", a.id);
	}
	return 0;
}

enum err
cmd_sandbox_pay(struct cx *cx, struct words *w)
{
	struct out form = { .arena = cx->arena };
	struct web_call c = {
		.arena = cx->arena, .method = "POST", .timeout = 10000,
		.answer_max = 65536,
		.url = arena_printf(cx->arena, "%s/simulate/credit",
		    cx->conf->bank[STAGING].url),
	};

	out_text(&form, "remittance=");
	out_form(&form, w->word[0]);
	out_text(&form, "&amount=");
	out_form(&form, w->word[1]);
	c.body = form.text;
	c.body_len = form.len;
	web_run(cx->web, &c);
	if (c.status != 200)
		return fail(cx, ERR_BANK, "%s: %s", c.url, c.status == 0 ?
		    c.error : c.answer.text);
	printf("%s", c.answer.text);
	return 0;
}
