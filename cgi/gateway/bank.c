/*
 * The bank's notifications.  Nothing is credited from them: they only make
 * the next read of the statement, and of
 * the payouts on their way, an early one.
 */
#include <string.h>

#include "base/conf.h"
#include "gateway/gateway.h"
#include "io/fcgi.h"
#include "io/seal.h"
#include "model/account.h"
#include "flow/payback.h"

const struct param bank_notice_params[] = {
	TEXT	(bank_notice, environment, OPTIONAL, 1, 16, "staging (default) or production."),
	{ 0 }
};

const struct answer bank_notice_answers[] = {
	{ "ok", "text/plain", { NULL } },
	{ 0 }
};

static enum err
plain_ok(struct cx *cx, void *state, struct out *o, bool *last)
{
	(void)cx;
	(void)state;
	out_text(o, "OK");
	*last = true;
	return 0;
}

enum err
bank_notice(struct cx *cx, const void *arg, struct reply *r)
{
	const struct bank_notice *in = arg;
	int64_t env = in->environment != NULL &&
	    strcmp(in->environment, "production") == 0 ? PRODUCTION : STAGING;
	const struct conf_bank *cf = &cx->conf->bank[env];
	const char *token = fcgi_header(cx->arena, cf->notice_header);
	unsigned char a[HASH_BYTES], b[HASH_BYTES];
	enum err e;

	seal_digest(a, token == NULL ? "" : token, (char *)NULL);
	seal_digest(b, cf->notice_token, (char *)NULL);
	if (cf->notice_token[0] == '\0' || !seal_same(a, b, sizeof(a)))
		return fail(cx, ERR_BAD_KEY, "bank notice: wrong token");
	r->type = "text/plain; charset=utf-8";
	r->more = plain_ok;
	if ((e = account_hurry(cx, env)) != 0)
		return e;
	return refund_hurry(cx, PAYBACK_LEASE);
}
