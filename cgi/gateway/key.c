/*
 * The key that a request came with.
 */
#include "gateway/gateway.h"
#include "model/key.h"
#include "model/merchant.h"

const struct param no_params[] = {
	{ 0 }
};

struct who_is {
	const char	*merchant_name, *environment, *key, *key_name, *scope;
	int64_t		 merchant_id, expires_at, created_at, last_used_at;
};

static const struct field fields[] = {
	F_INT (who_is, merchant_id, "You."),
	F_TEXT(who_is, merchant_name, "As shoppers see it."),
	F_TEXT(who_is, environment, "staging or production."),
	F_TEXT(who_is, key, "How the key begins."),
	F_TEXT(who_is, key_name, "What it was called."),
	F_TEXT(who_is, scope, "full, or read: it may not change anything."),
	F_TIME(who_is, created_at, "When it was made."),
	F_TIME_OR_NULL(who_is, expires_at, "When it ends; null: never."),
	F_TIME_OR_NULL(who_is, last_used_at, "Before now, to five minutes."),
	{ 0 }
};

const struct answer whoami_answers[] = {
	{ "key", NULL, { fields } },
	{ 0 }
};

enum err
whoami(struct cx *cx, const void *in, struct reply *r)
{
	struct merchant m = { 0 };
	struct who_is out;
	struct rows rows;
	const struct key *k;
	enum err e;

	(void)in;
	if ((e = merchant_find(cx, cx->merchant, &m)) != 0 ||
	    (e = key_each(cx, cx->merchant, &rows)) != 0)
		return e;
	k = rows.row;
	for (size_t i = 0; i < rows.n; i++) {
		if (k[i].id != cx->key)
			continue;
		out = (struct who_is){ m.name, environment_word(m.environment),
		    k[i].hint, k[i].name, k[i].scope == SCOPE_READ ? "read" :
		    "full", m.id, k[i].expires_at, k[i].created_at,
		    k[i].last_used_at };
		reply_add(r, fields, &out);
	}
	return 0;
}
