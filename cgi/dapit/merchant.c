/*
 * Merchants and their keys.
 */
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/str.h"
#include "dapit/dapit.h"
#include "model/event.h"
#include "model/key.h"
#include "model/merchant.h"

#define KEY_BYTES	24
#define SECRET_BYTES	32
#define KEY_SHORTEST	8		/* of one that is imported */

/* Prints a new key, once; only its hash is kept. */
static enum err
make_key(struct cx *cx, int64_t merchant, const char *name, bool read,
    int64_t days)
{
	unsigned char random[KEY_BYTES];
	struct key k = { .merchant_id = merchant, .name = name,
	    .scope = read ? SCOPE_READ : SCOPE_FULL,
	    .expires_at = days == 0 ? 0 : cx->now + days * DAY_SECONDS };
	char *text;
	enum err e;

	seal_random(random, sizeof(random));
	text = arena_printf(cx->arena, "mk_%s", str_hex(cx->arena, random,
	    sizeof(random)));
	k.hint = arena_printf(cx->arena, "%.9s...", text);
	if ((e = key_add(cx, text, &k)) == 0)
		printf("key_id %" PRId64 "\nkey %s\n", k.id, text);
	return e;
}

enum err
cmd_merchant_add(struct cx *cx, struct words *w)
{
	const char *callback = word_option(w, "--callback", true);
	unsigned char random[SECRET_BYTES];
	struct merchant m = { .callback_url = callback, .events = "" };
	char *secret;
	enum err e;

	if (w->n != 1)
		return fail(cx, ERR_PARAM, "usage: merchant add NAME"
		    " [--callback URL]");
	m.name = w->word[0];
	seal_random(random, sizeof(random));
	secret = arena_printf(cx->arena, "whsec_%s", seal_base64(cx->arena,
	    random, sizeof(random)));
	m.webhook_secret = seal_shut(cx, secret);
	if ((e = merchant_add(cx, &m)) != 0)
		return e;
	printf("merchant %" PRId64 "\n", m.id);
	if ((e = make_key(cx, m.id, "first", false, 0)) != 0)
		return e;
	printf("webhook_secret %s\n", secret);
	return 0;
}

enum err
cmd_merchant_list(struct cx *cx, struct words *w)
{
	struct rows rows;
	const struct merchant *m;
	enum err e = merchant_each(cx, &rows);

	(void)w;
	if (e != 0)
		return e;
	m = rows.row;
	for (size_t i = 0; i < rows.n; i++)
		printf("%" PRId64 "\t%s\t%s\n", m[i].id,
		    environment_word(m[i].environment), m[i].name);
	return 0;
}

static void
show_time(const char *what, int64_t at)
{
	char t[TIME_TEXT];

	if (at != 0)
		printf(", %s %s", what, time_print(at, t));
}

static void
show_key(const struct key *k)
{
	printf("key %" PRId64 " %s %s %s", k->id, k->hint, k->name,
	    k->scope == SCOPE_READ ? "read" : "full");
	show_time("since", k->created_at);
	show_time("expires", k->expires_at);
	show_time("last used", k->last_used_at);
	show_time("revoked", k->revoked_at);
	printf("\n");
}

enum err
cmd_merchant_show(struct cx *cx, struct words *w)
{
	struct merchant m = { 0 };
	struct rows rows;
	const struct key *k;
	int64_t id = 0;
	enum err e;

	if ((e = word_int(cx, w->word[0], &id)) != 0 ||
	    (e = merchant_find(cx, id, &m)) != 0 ||
	    (e = key_each(cx, id, &rows)) != 0)
		return e;
	printf("merchant %" PRId64 "\nname %s\nenvironment %s\n"
	    "callback_url %s\nevents %s\nframe_origin %s\n", m.id, m.name,
	    environment_word(m.environment),
	    m.callback_url == NULL ? "" : m.callback_url, m.events,
	    m.frame_origin == NULL ? "" : m.frame_origin);
	k = rows.row;
	for (size_t i = 0; i < rows.n; i++)
		show_key(&k[i]);
	return 0;
}

/* Only events that there are. */
static enum err
check_events(struct cx *cx, const char *list)
{
	char word[64];
	enum tell t;
	size_t n;

	for (; *list != '\0'; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		snprintf(word, sizeof(word), "%.*s", (int)n, list);
		if (!tell_parse(word, &t))
			return fail(cx, ERR_PARAM, "%s is no event", word);
	}
	return 0;
}

static enum err
set_one(struct cx *cx, struct merchant *m, const char *pair)
{
	if (str_starts(pair, "name="))
		m->name = pair + 5;
	else if (str_starts(pair, "environment="))
		return word_environment(cx, pair + 12, &m->environment);
	else if (str_starts(pair, "callback_url="))
		m->callback_url = pair[13] == '\0' ? NULL : pair + 13;
	else if (str_starts(pair, "events=")) {
		m->events = pair + 7;
		return check_events(cx, m->events);
	} else if (str_starts(pair, "frame_origin=")) {
		m->frame_origin = pair[13] == '\0' ? NULL : pair + 13;
		if (m->frame_origin != NULL && !str_origin(m->frame_origin))
			return fail(cx, ERR_PARAM, "%s is not like"
			    " https://shop.example", m->frame_origin);
	} else
		return fail(cx, ERR_PARAM, "%s: a merchant has name,"
		    " environment, callback_url, events and frame_origin",
		    pair);
	return 0;
}

enum err
cmd_merchant_set(struct cx *cx, struct words *w)
{
	struct merchant m = { 0 };
	int64_t id = 0;
	enum err e;

	if ((e = word_int(cx, w->word[0], &id)) != 0 ||
	    (e = merchant_find(cx, id, &m)) != 0)
		return e;
	for (int i = 1; i < w->n; i++)
		if ((e = set_one(cx, &m, w->word[i])) != 0)
			return e;
	return merchant_set(cx, &m);
}

enum err
cmd_key_add(struct cx *cx, struct words *w)
{
	bool read = word_option(w, "--read", false) != NULL;
	const char *until = word_option(w, "--days", true);
	struct merchant m = { 0 };
	int64_t id = 0, days = 0;
	enum err e;

	if ((e = word_int(cx, w->word[0], &id)) != 0 ||
	    (until != NULL && (e = word_int(cx, until, &days)) != 0) ||
	    (e = merchant_find(cx, id, &m)) != 0)
		return e;
	if (days < 0 || days > 36500)
		return fail(cx, ERR_PARAM, "--days must be 1 to 36500");
	return make_key(cx, id, w->n > 1 ? w->word[1] : "key", read, days);
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
