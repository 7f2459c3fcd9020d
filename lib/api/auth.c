#include <string.h>

#include "api/brake.h"
#include "api/serve.h"
#include "base/conf.h"
#include "model/key.h"

#define WINDOW	10		/* seconds in which requests are counted */

/* The places where a key may stand. */
struct keys {
	const char	*gateway, *api, *param;
};

static bool
differ(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) != 0;
}

static const char *
or_null(const char *text)
{
	return text == NULL || *text == '\0' ? NULL : text;
}

/* Has this address shown too many wrong keys, with so many more? */
static bool
wrong(struct cx *cx, int more)
{
	return brake_over(cx->brake, "wrong", cx->address, cx->now, 60,
	    cx->conf->limit_wrong, more);
}

enum err
auth_token(struct cx *cx, const struct args *args)
{
	const char *token = or_null(args_text(args, "token"));

	if (token != NULL && brake_over(cx->brake, "token", token, cx->now,
	    WINDOW, WINDOW * cx->conf->limit_token, 1))
		return fail(cx, ERR_LIMIT, "token");
	return 0;
}

enum err
auth_check(struct cx *cx, const struct action *a, const struct args *args)
{
	struct keys k = {
		or_null(fcgi_header(cx->arena, "X-Gateway-Key")),
		or_null(fcgi_header(cx->arena, "X-Api-Key")),
		or_null(args_text(args, "api_key")),
	};
	const char *text = k.gateway != NULL ? k.gateway :
	    k.api != NULL ? k.api : k.param;
	struct key key = { 0 };
	enum err e;

	if (text == NULL)
		return fail(cx, ERR_NO_KEY, "no key");
	if (differ(k.gateway, k.api) || differ(k.gateway, k.param) ||
	    differ(k.api, k.param) || args_clash(args, "api_key"))
		return fail(cx, ERR_TWO_KEYS, "two keys");
	if (wrong(cx, 0))
		return fail(cx, ERR_LIMIT, "wrong keys from this address");
	e = key_find(cx, text, &key);
	if (e == ERR_NOT_FOUND) {
		fail_clear(cx);
		(void)wrong(cx, 1);
		return fail(cx, ERR_BAD_KEY, "no such key");
	}
	if (e != 0)
		return e;
	if (brake_over(cx->brake, "key", arena_printf(cx->arena, "%" PRId64,
	    key.id), cx->now, WINDOW, WINDOW * cx->conf->limit_key, 1))
		return fail(cx, ERR_LIMIT, "key %" PRId64, key.id);
	cx->merchant = key.merchant_id;
	cx->key = key.id;
	cx->only_reads = key.scope == SCOPE_READ;
	cx->half_up = key.half_up != 0;
	cx->environment = key.environment;
	if (a->method != READ && key.scope == SCOPE_READ)
		return fail(cx, ERR_RIGHT, "key %" PRId64 " only reads",
		    key.id);
	return key_used(cx, &key);
}
