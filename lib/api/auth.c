#include <string.h>

#include "api/brake.h"
#include "api/kinds.h"
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

/* A key or a token that is none: counted by address, and only who shows such is
 * refused by it. */
static enum err
unknown(struct cx *cx)
{
	return brake(cx, BRAKE_UNKNOWN, brake_address(cx->arena, cx->address),
	    (struct brake_limit){ 60, cx->conf->limit_wrong }, 1);
}

/* A token however it is spelled; NULL: none. */
static const char *
token_of(struct cx *cx, const struct args *args)
{
	const char *token = or_null(args_text(args, "token"));
	char *same;

	if (token == NULL)
		return NULL;
	token = kinds_trim(cx->arena, token);
	same = arena_copy(cx->arena, token, strlen(token));

	for (char *p = same; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'F')
			*p = (char)(*p - 'A' + 'a');
	return same;
}

enum err
auth_token(struct cx *cx, const struct args *args)
{
	const char *token = token_of(cx, args);

	return token == NULL ? 0 : brake(cx, BRAKE_TOKEN, token,
	    (struct brake_limit){ WINDOW, WINDOW * cx->conf->limit_token }, 0);
}

enum err
auth_token_used(struct cx *cx, const struct args *args, enum err e)
{
	const char *token = token_of(cx, args);

	if (token == NULL || e == ERR_AWAY || e == ERR_BUSY || e == ERR_LIMIT)
		return e;
	if (e == ERR_NOT_FOUND) {
		if (unknown(cx) == 0)
			return e;
		fail_clear(cx);
		return fail(cx, ERR_LIMIT, "too often");
	}
	/* this one is answered: the next is asked before */
	if (brake(cx, BRAKE_TOKEN, token, (struct brake_limit){ WINDOW,
	    WINDOW * cx->conf->limit_token }, 1) != 0 && e == 0)
		fail_clear(cx);
	return e;
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
	e = key_find(cx, text, &key);
	if (e == ERR_NOT_FOUND) {
		fail_clear(cx);
		e = unknown(cx);
		return e != 0 ? e : fail(cx, ERR_BAD_KEY, "no such key");
	}
	if (e != 0 || (e = brake(cx, BRAKE_KEY, arena_printf(cx->arena,
	    "%" PRId64, key.id), (struct brake_limit){ WINDOW,
	    WINDOW * cx->conf->limit_key }, 1)) != 0)
		return e;
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
