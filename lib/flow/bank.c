#include <poll.h>
#include <string.h>

#include "base/conf.h"
#include "base/log.h"
#include "flow/bank.h"
#include "io/db.h"
#include "io/seal.h"
#include "model/account.h"
#include "model/login.h"

#define EARLY_SECONDS	300		/* refresh before the end */
#define PUT_TRIES	10
#define PUT_PAUSE_MS	500
#define LOGIN_TRIES	60		/* while another is at it */

bool
bank_used(const struct conf *cf, int64_t environment)
{
	return cf->bank[environment].iban[0] != '\0';
}

/* What stands for the settings' code, and for the client it was made for. */
static void
code_hash(struct cx *cx, int64_t environment,
    unsigned char out[static HASH_BYTES])
{
	const struct conf_bank *cf = &cx->conf->bank[environment];

	seal_digest(out, cf->client_id, cf->auth_code, (char *)NULL);
}

/* Do the settings have a code that nobody has tried yet? */
static bool
code_is_new(struct cx *cx, const struct login *l)
{
	unsigned char hash[HASH_BYTES];

	code_hash(cx, l->environment, hash);
	return cx->conf->bank[l->environment].auth_code[0] != '\0' &&
	    !seal_same(hash, l->code_hash, HASH_BYTES);
}

static enum err
put(struct cx *cx, void *arg)
{
	return login_put(cx, arg);
}

/* The bank took the old tokens back: if the new ones are lost a person has to
 * log in anew.  So a database that is away for a moment is waited for. */
static enum err
put_patiently(struct cx *cx, struct login *l)
{
	enum err e;

	for (int i = 1;; i++) {
		db_begin(cx);
		if ((e = db_tx(cx, put, l)) != ERR_AWAY || i == PUT_TRIES)
			return e;
		fail_clear(cx);
		poll(NULL, 0, PUT_PAUSE_MS);
	}
}

/* Stores what the bank gave, sealed. */
static enum err
keep(struct cx *cx, struct login *l, const struct bank_tokens *t)
{
	l->access_token = seal_shut(cx, t->access_token);
	l->refresh_token = seal_shut(cx, t->refresh_token);
	l->access_until = wait_until(WAIT_ACCESS, t->access_seconds, cx->now);
	l->refresh_until = cx->now + t->refresh_seconds;
	if (t->scope != NULL && strstr(t->scope, "ob-as") == NULL)
		log_say(cx, "bank", "the login lacks the grant Accounts"
		    " (ob-as): %.80s", t->scope);
	return put_patiently(cx, l);
}

/* Exchanges a code under the lease.  The settings' code is then known as
 * tried, so that it is not sent again and again; older tokens stay. */
static enum err
exchange(struct cx *cx, struct bank *b, struct login *l, const char *code)
{
	struct bank_tokens t = { 0 };
	struct login tried = *l;
	enum err e, e2;
	bool ours;

	if ((e = login_lease(cx, l)) != 0)
		return e;
	code_hash(cx, l->environment, tried.code_hash);
	if ((e = connectpay_login(cx, b, code, &t)) == 0) {
		*l = tried;
		e = keep(cx, l, &t);
		return e == 0 ? account_retry(cx, l->environment) : e;
	}
	if (b->void_grant)
		log_say(cx, "bank", "the authorisation code is not valid;"
		    " make a new one in Online Banking, then: dapit bank"
		    " login %s", environment_word(l->environment));
	ours = strcmp(code, cx->conf->bank[l->environment].auth_code) == 0;
	e2 = login_fail(cx, b->void_grant && ours ? &tried : l, cx->why,
	    false);
	return e2 != 0 ? e2 : e;
}

static enum err
refresh(struct cx *cx, struct bank *b, struct login *l)
{
	struct bank_tokens t = { 0 };
	const char *token = NULL;
	enum err e, e2;

	if ((e = seal_read(cx, l->refresh_token, &token)) != 0 ||
	    (e = login_lease(cx, l)) != 0)
		return e;
	if ((e = connectpay_refresh(cx, b, token, &t)) == 0)
		return keep(cx, l, &t);
	if (b->void_grant)
		log_say(cx, "bank", "the refresh token is not valid any more;"
		    " a person must make a new code in Online Banking, then:"
		    " dapit bank login %s", environment_word(l->environment));
	/* and it may be ahead: what lapsed by it alone is kept */
	e2 = login_fail(cx, l, cx->why, b->void_grant &&
	    l->refresh_until > cx->now);
	return e2 != 0 ? e2 : e;
}

static enum err
find(struct cx *cx, int64_t environment, struct login *l)
{
	enum err e = login_find(cx, environment, l);

	if (e != ERR_NOT_FOUND)
		return e;
	fail_clear(cx);
	if ((e = login_add(cx, environment)) != 0)
		return e;
	return login_find(cx, environment, l);
}

/* A new pair: from the settings' code if that is new, else by refreshing. */
static enum err
get_new(struct cx *cx, struct bank *b, struct login *l)
{
	enum err e;

	if (code_is_new(cx, l)) {
		e = exchange(cx, b, l, cx->conf->bank[l->environment]
		    .auth_code);
		if (e == 0 || !b->void_grant || l->refresh_until <= cx->now)
			return e;
		fail_clear(cx);		/* the tokens at hand may still do */
		if ((e = login_find(cx, l->environment, l)) != 0 ||
		    l->access_until > cx->now + EARLY_SECONDS)
			return e;
	}
	/* when it is over, the bank's clock says; ours may have been behind */
	if (l->refresh_until == 0)
		return fail(cx, ERR_BANK, "bank: not logged in (%s); dapit"
		    " bank login %s", l->last_error[0] == '\0' ? "no code" :
		    l->last_error, environment_word(l->environment));
	return refresh(cx, b, l);
}

static enum err
use(struct cx *cx, struct bank *b, const struct login *l)
{
	return seal_read(cx, l->access_token, &b->access_token);
}

enum err
bank_open(struct cx *cx, int64_t environment, int64_t patience,
    struct bank *b)
{
	struct login l = { 0 };
	bool alive;
	enum err e;

	*b = (struct bank){ .environment = environment, .patience = patience };
	if ((e = find(cx, environment, &l)) != 0)
		return e;
	alive = l.access_until > cx->now && !code_is_new(cx, &l);
	if (alive && l.access_until > cx->now + EARLY_SECONDS &&
	    wait_holds(WAIT_ACCESS, l.access_until, cx->now))
		return use(cx, b, &l);
	if ((e = get_new(cx, b, &l)) == 0)
		return use(cx, b, &l);
	if (!alive || e == ERR_AWAY)
		return e;
	fail_clear(cx);		/* the old one is good for some minutes */
	return use(cx, b, &l);
}

enum err
bank_renew(struct cx *cx, struct bank *b)
{
	struct login l = { 0 };
	const char *token = NULL;
	enum err e;

	if ((e = login_find(cx, b->environment, &l)) != 0 ||
	    (e = seal_read(cx, l.access_token, &token)) != 0)
		return e;
	if (strcmp(token, b->access_token) == 0 &&
	    (e = get_new(cx, b, &l)) != 0)
		return e;
	return use(cx, b, &l);
}

enum err
bank_login(struct cx *cx, int64_t environment, const char *code)
{
	struct bank b = { .environment = environment, .patience = 30000 };
	struct login l = { 0 };
	bool ours = strcmp(code, cx->conf->bank[environment].auth_code) == 0;
	enum err e = ERR_BUSY;

	for (int i = 0; e == ERR_BUSY && i < LOGIN_TRIES; i++) {
		if (i > 0)
			poll(NULL, 0, PUT_PAUSE_MS);
		cx_tick(cx);
		fail_clear(cx);
		if ((e = find(cx, environment, &l)) != 0)
			return e;
		if (ours && !code_is_new(cx, &l) && l.refresh_until > cx->now)
			return 0;	/* the worker was faster */
		e = exchange(cx, &b, &l, code);
	}
	return e;
}

const char *
bank_iban(const struct conf *cf, int64_t environment,
    char iban[static IBAN_TEXT])
{
	return iban_parse(cf->bank[environment].iban, iban);
}

bool
bank_settled(const struct conf *cf, int64_t environment, const char *iban)
{
	char ours[IBAN_TEXT];

	if (!bank_used(cf, environment) ||
	    bank_iban(cf, environment, ours) != NULL)
		return true;		/* there is nothing to settle */
	return iban != NULL && (strcmp(iban, ours) == 0 || conf_stale(cf));
}

static enum err
settle(struct cx *cx, void *arg)
{
	const char *wrong;
	enum err e = 0;

	(void)arg;
	for (int64_t i = 0; e == 0 && i < ENVIRONMENT__MAX; i++) {
		const struct conf_bank *cf = &cx->conf->bank[i];
		char iban[IBAN_TEXT];
		const struct account a = {
			.environment = i, .iban = iban,
			.bank_id = cf->account_id,
			.beneficiary_name = cf->beneficiary_name,
			.account_name = cf->account_name,
			.bank_name = cf->bank_name,
		};

		if (!bank_used(cx->conf, i))
			continue;
		if ((wrong = bank_iban(cx->conf, i, iban)) != NULL)
			log_say(cx, "bank", "[bank.%s] iban: %s",
			    environment_word(i), wrong);
		else
			e = account_put(cx, &a);
	}
	return e;
}

/* All at once: two accounts are never current together. */
enum err
bank_settle(struct cx *cx)
{
	return db_tx(cx, settle, NULL);
}
