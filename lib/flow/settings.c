#include <string.h>

#include "base/conf.h"
#include "flow/bank.h"
#include "flow/herald.h"
#include "flow/settings.h"
#include "model/account.h"
#include "model/merchant.h"
#include "model/worker.h"

#define SILENCE		90		/* of a worker; cron starts one a minute */
#define SHOWN		4		/* of an IBAN, from its end */

static bool
found(struct finding *f, const char *health, const char *state,
    const char *todo)
{
	f->health = health;
	f->state = state;
	f->todo = todo;
	return true;
}

/* The question failed: that is the finding. */
static bool
unknown(struct cx *cx, struct finding *f)
{
	const char *why = arena_copy(cx->arena, cx->why, strlen(cx->why));

	fail_clear(cx);
	return found(f, "broken", why, "see the database's log and [database]"
	    " in the settings");
}

static const char *
end_of(const char *iban)
{
	size_t n = strlen(iban);

	return n > SHOWN ? iban + n - SHOWN : iban;
}

/* Nobody can pay these merchants.  Where all is in production, those of
 * staging are left over from the first days. */
static bool
without_bank(struct cx *cx, int64_t environment, struct finding *f)
{
	bool left = environment == STAGING && bank_used(cx->conf, PRODUCTION);
	int64_t n = 0;

	if (merchant_count(cx, environment, &n) != 0)
		return unknown(cx, f);
	if (n == 0 && (bank_used(cx->conf, !environment) || environment ==
	    PRODUCTION))
		return false;
	return found(f, n == 0 || left ? "warning" : "broken", n == 0 ?
	    "no bank: nobody can pay" : arena_printf(cx->arena, "no bank:"
	    " nobody can pay the merchants of %s (%" PRId64 ")",
	    environment_word(environment), n),
	    arena_printf(cx->arena, "set iban and the login in [bank.%s],"
	    " restart the services, then dapit bank login %s",
	    environment_word(environment), environment_word(environment)));
}

bool
settings_account(struct cx *cx, int64_t environment, struct finding *f)
{
	const char *word = environment_word(environment), *wrong;
	struct account a = { 0 };
	char iban[IBAN_TEXT];
	enum err e;

	*f = (struct finding){ .what = environment == PRODUCTION ?
	    "account, production" : "account, staging" };
	if (!bank_used(cx->conf, environment))
		return without_bank(cx, environment, f);
	if ((wrong = bank_iban(cx->conf, environment, iban)) != NULL)
		return found(f, "broken", arena_printf(cx->arena,
		    "[bank.%s] iban: %s", word, wrong), "correct it in the"
		    " settings, then restart the services");
	e = account_current(cx, environment, &a);
	if (e != 0 && e != ERR_NOT_FOUND)
		return unknown(cx, f);
	fail_clear(cx);
	if (e == ERR_NOT_FOUND)
		return found(f, "broken", "the settings name one, but it is"
		    " not in use", "restart the worker, or run dapit bank"
		    " sync");
	if (strcmp(a.iban, iban) != 0)
		return found(f, "broken", arena_printf(cx->arena, "invoices"
		    " name the one that ends in %s, the settings %s",
		    end_of(a.iban), end_of(iban)), "restart the worker, or"
		    " run dapit bank sync");
	return found(f, "ok", arena_printf(cx->arena, "invoices name the one"
	    " that ends in %s", end_of(iban)), NULL);
}

bool
settings_read(struct cx *cx, struct finding *f)
{
	bool behind = false;

	*f = (struct finding){ .what = "settings", .local = true };
	if (worker_behind(cx, SILENCE, &behind) != 0)
		return unknown(cx, f);
	return found(f, behind ? "warning" : "ok", behind ?
	    "they were changed after the worker had read them" :
	    "the worker has those of the file", behind ? "restart the"
	    " services: systemctl restart 'dapit-*.service'" : NULL);
}

bool
settings_alerts(struct cx *cx, struct finding *f)
{
	bool ways[WAY__MAX];
	struct alert a = { 0 };
	enum err e;

	*f = (struct finding){ .what = "alerts" };
	if (!herald_ways(cx->conf, ways))
		return bank_used(cx->conf, PRODUCTION) && found(f, "warning",
		    "nobody is told of what is broken", "set mail, url or"
		    " command in [alerts], restart the services, then dapit"
		    " alerts test");
	e = alert_stuck(cx, &a);
	if (e != 0 && e != ERR_NOT_FOUND)
		return unknown(cx, f);
	fail_clear(cx);
	if (e == ERR_NOT_FOUND)
		return found(f, "ok", "somebody is told", NULL);
	return found(f, "warning", a.last_error, "see dapit alerts; dapit"
	    " alerts test tries each way");
}
