#include <string.h>

#include "api/serve.h"
#include "base/str.h"
#include "io/db.h"
#include "model/idempotency.h"

#define KEY_MAX		255
#define RUN_SECONDS	120	/* nothing that acts outside runs longer */

/* A request that may be sent again. */
struct again {
	const struct action	*action;
	const void		*in;
	struct reply		*reply;
	struct idempotency	 row;
};

/* The answer given before, if the parameters are the same. */
static enum err
replay(struct cx *cx, struct again *a)
{
	struct idempotency was = a->row;
	enum err e;

	e = idempotency_find(cx, &was);
	if (e == ERR_NOT_FOUND) {
		fail_clear(cx);		/* its owner was refused just now */
		return fail(cx, ERR_KEY_IN_USE, "the twin was refused");
	}
	if (e != 0)
		return e;
	if (!seal_same(was.request_hash, a->row.request_hash, HASH_BYTES) &&
	    !seal_same(was.request_hash, a->row.hash_before, HASH_BYTES))
		return fail(cx, ERR_KEY_REUSED, "other parameters");
	if (was.reply[0] == '\0')
		return fail(cx, ERR_KEY_IN_USE, "the twin is still running");
	a->reply->body.len = 0;
	out_text(&a->reply->body, was.reply);
	a->reply->replayed = true;
	return 0;
}

/* The key's row is written first: a twin waits for it, or gives up. */
static enum err
run(struct cx *cx, void *arg)
{
	struct again *a = arg;
	enum err e = idempotency_add(cx, &a->row);

	if (e == ERR_DUPLICATE) {
		fail_clear(cx);
		return replay(cx, a);
	}
	if (e == ERR_BUSY) {
		fail_clear(cx);
		return fail(cx, ERR_KEY_IN_USE, "the twin is still running");
	}
	if (e != 0)
		return e;
	a->reply->body.len = 0;
	if ((e = a->action->run(cx, a->in, a->reply)) != 0)
		return e;
	a->row.reply = a->reply->body.text;
	return idempotency_set(cx, &a->row);
}

/*
 * What acts outside cannot be one transaction: the key's row is a claim that
 * is committed before.  A claim whose owner was killed is taken over when it
 * is old, and that of one that failed on our side at once; the action itself
 * knows how far it came.
 */
static enum err
run_effect(struct cx *cx, struct again *a)
{
	enum err e = idempotency_add(cx, &a->row), e2;
	int64_t n;

	if (e == ERR_DUPLICATE) {
		fail_clear(cx);
		e = idempotency_take(cx, &a->row, RUN_SECONDS, &n);
		if (e != 0 || n == 0)
			return e != 0 ? e : replay(cx, a);
		cx->again = true;
	}
	if (e != 0)
		return e;
	if ((e = a->action->run(cx, a->in, a->reply)) != 0) {
		db_begin(cx);		/* ours may be lost */
		e2 = err_http(e) < 500 ? idempotency_remove(cx, &a->row) :
		    idempotency_release(cx, &a->row, RUN_SECONDS);
		return e2 != 0 ? e2 : e;
	}
	a->row.reply = a->reply->body.text;
	return idempotency_set(cx, &a->row);
}

enum err
idem_run(struct cx *cx, const struct action *action, const struct args *args,
    const void *in, const char *key, struct reply *reply)
{
	struct again a = { .action = action, .in = in, .reply = reply };

	if (key == NULL || *key == '\0' || action->who != MERCHANT ||
	    action->method == READ)
		return action->run(cx, in, reply);
	if (strlen(key) > KEY_MAX)
		return fail_param(cx, "Idempotency-Key", "must have at most %d"
		    " characters.", KEY_MAX);
	if (!str_utf8(key, strlen(key)))
		return fail_param(cx, "Idempotency-Key", "must be UTF-8.");
	a.row.action = action->name;
	a.row.idempotency_key = key;
	/* keyed: there may be passwords among them */
	seal_hash(cx, action_canon(cx, action, args, true), a.row.request_hash);
	seal_hash(cx, action_canon(cx, action, args, false), a.row.hash_before);
	return action->method == EFFECT ? run_effect(cx, &a) :
	    db_tx(cx, run, &a);
}
