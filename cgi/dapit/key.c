/*
 * Merchants' keys.
 */
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/str.h"
#include "dapit/dapit.h"
#include "model/key.h"
#include "model/merchant.h"

#define KEY_BYTES	24
#define KEY_SHORTEST	8		/* of one that is imported */

enum err
key_make(struct cx *cx, struct key *k)
{
	unsigned char random[KEY_BYTES];
	char *text;
	enum err e;

	seal_random(random, sizeof(random));
	text = arena_printf(cx->arena, "mk_%s", str_hex(cx->arena, random,
	    sizeof(random)));
	k->hint = arena_printf(cx->arena, "%.9s...", text);
	if ((e = key_add(cx, text, k)) == 0)
		printf("key_id %" PRId64 "\nkey %s\n", k->id, text);
	return e;
}

struct shown_key {
	int64_t		 id, created_at, expires_at, last_used_at, revoked_at;
	const char	*hint, *name, *scope;
};

static const struct field key_fields[] = {
	F_INT (shown_key, id, "For key rotate and key revoke."),
	F_TEXT(shown_key, hint, "How it begins."),
	F_TEXT(shown_key, name, "What it is for."),
	F_TEXT(shown_key, scope, "full, or read."),
	F_TIME(shown_key, created_at, "Since when."),
	F_TIME(shown_key, expires_at, "Until when."),
	F_TIME(shown_key, last_used_at, "To five minutes."),
	F_TIME(shown_key, revoked_at, "When it was ended."),
	{ 0 }
};

enum err
cmd_key_list(struct cx *cx, struct words *w)
{
	struct shown_key *out;
	const struct key *k;
	struct rows rows;
	int64_t id = 0;
	enum err e;

	if ((e = word_int(cx, w->word[0], &id)) != 0 ||
	    (e = key_each(cx, id, &rows)) != 0)
		return e;
	k = rows.row;
	out = arena_alloc(cx->arena, (rows.n + 1) * sizeof(*out));
	for (size_t i = 0; i < rows.n; i++)
		out[i] = (struct shown_key){ k[i].id, k[i].created_at,
		    k[i].expires_at, k[i].last_used_at, k[i].revoked_at,
		    k[i].hint, k[i].name, k[i].scope == SCOPE_READ ? "read" :
		    "full" };
	list_print(cx, w, key_fields, &(struct rows){ out, rows.n,
	    sizeof(*out) });
	return 0;
}

enum err
cmd_key_add(struct cx *cx, struct words *w)
{
	bool read = word_option(w, "--read", false) != NULL;
	const char *until = word_option(w, "--days", true);
	struct merchant m = { 0 };
	struct key k;
	int64_t id = 0, days = 0;
	enum err e;

	if ((e = word_int(cx, w->word[0], &id)) != 0 ||
	    (until != NULL && (e = word_int(cx, until, &days)) != 0) ||
	    (e = merchant_find(cx, id, &m)) != 0)
		return e;
	if (days < 0 || days > 36500)
		return fail(cx, ERR_PARAM, "--days must be 1 to 36500");
	k = (struct key){ .merchant_id = id, .name = w->n > 1 ? w->word[1] :
	    "key", .scope = read ? SCOPE_READ : SCOPE_FULL,
	    .expires_at = days == 0 ? 0 : cx->now + days * DAY_SECONDS };
	return key_make(cx, &k);
}

enum err
cmd_key_import(struct cx *cx, struct words *w)
{
	struct merchant m = { 0 };
	struct key k = { .name = w->n > 1 ? w->word[1] : "imported" };
	const char *text = NULL;
	enum err e;

	if ((e = word_int(cx, w->word[0], &k.merchant_id)) != 0 ||
	    (e = merchant_find(cx, k.merchant_id, &m)) != 0 ||
	    (e = word_stdin(cx, &text)) != 0)
		return e;
	if (strlen(text) < KEY_SHORTEST)
		return fail(cx, ERR_PARAM, "a key has at least %d characters",
		    KEY_SHORTEST);
	k.hint = arena_printf(cx->arena, "%.4s...", text);
	e = key_add(cx, text, &k);
	if (e == ERR_DUPLICATE) {
		fail_clear(cx);
		return fail(cx, e, "this key is in use already");
	}
	if (e == 0)
		printf("key_id %" PRId64 "\n", k.id);
	return e;
}

enum err
cmd_key_revoke(struct cx *cx, struct words *w)
{
	int64_t id = 0;
	enum err e = word_int(cx, w->word[0], &id);

	return e == 0 ? key_revoke(cx, id) : e;
}

struct rotation {
	struct key	*key;
	int64_t		 old, until;
};

static enum err
rotate(struct cx *cx, void *arg)
{
	struct rotation *r = arg;
	enum err e = key_end(cx, r->old, r->until);

	return e == 0 ? key_make(cx, r->key) : e;
}

enum err
cmd_key_rotate(struct cx *cx, struct words *w)
{
	struct key k = { 0 };
	struct rotation r = { .key = &k };
	char t[TIME_TEXT];
	enum err e;

	if ((e = word_overlap(cx, w, &r.until)) != 0 ||
	    (e = word_int(cx, w->word[0], &r.old)) != 0 ||
	    (e = key_get(cx, r.old, &k)) != 0)
		return e;
	if ((e = db_tx(cx, rotate, &r)) != 0)
		return e;
	printf("the old one works until %s\n", time_print(r.until, t));
	return 0;
}
