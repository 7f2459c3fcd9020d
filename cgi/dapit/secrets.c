/*
 * The master key, and another in its place.
 */
#include <poll.h>
#include <stdio.h>

#include "dapit/dapit.h"
#include "flow/rotate.h"
#include "io/db.h"
#include "io/keyfile.h"

/* Longer than a program takes from sealing a secret to storing it. */
#ifdef FAULTS
#define SETTLE	100		/* ms; a test kills it often */
#else
#define SETTLE	10000
#endif

static enum err
change(struct cx *cx, enum seal_change c)
{
	char why[256];
	bool good;

	be_root();		/* the folder is root's */
	good = seal_change(cx->conf->key_file, c, why);
	be_owner(cx->conf);
	if (!good)
		return fail(cx, ERR_INTERNAL, "%s", why);
	(void)seal_refresh(cx);
	return 0;
}

static enum err
hold(struct cx *cx)
{
	char why[256];

	if (!keyfile_hold(cx->conf->key_file, why))
		return fail(cx, ERR_BUSY, "%s", why);
	(void)seal_refresh(cx);
	return 0;
}

static void
say_key(struct cx *cx, enum seal_key k)
{
	if (seal_has(cx, k))
		printf("%s key %s\n", keyfile_word(k), seal_mark(cx, k));
}

static enum err
renew_all(struct cx *cx)
{
	int64_t n = 0;
	enum err e;

	while ((e = rotate_pass(cx, &n)) == 0 && n > 0) {
		printf("sealed anew %" PRId64 "\n", n);
		fflush(stdout);
	}
	return e;
}

/* An old key in the file is a rotation that did not end: it goes on. */
static enum err
turn(struct cx *cx)
{
	enum err e = 0;

	if (seal_has(cx, SEAL_OLD))
		printf("a rotation was not finished: it goes on\n");
	else
		e = change(cx, SEAL_TURN);
	if (e == 0 && !seal_has(cx, SEAL_OLD))
		e = fail(cx, ERR_INTERNAL, "the key file cannot be read");
	say_key(cx, SEAL_CURRENT);
	say_key(cx, SEAL_OLD);
	fflush(stdout);
	return e;
}

enum err
cmd_secrets_rotate(struct cx *cx, struct words *w)
{
	bool keep = word_option(w, "--keep-old", false) != NULL;
	enum err e;

	if (w->n > 0)
		return fail(cx, ERR_PARAM, "%s: only --keep-old can be said",
		    w->word[0]);
	if ((e = hold(cx)) != 0 || (e = turn(cx)) != 0 ||
	    (e = renew_all(cx)) != 0)
		return e;
	if (keep) {
		printf("the old key stays: copy %s to every machine, then run"
		    " dapit secrets rotate again\n", cx->conf->key_file);
		return 0;
	}
	printf("waiting %d s for what was sealed just before\n",
	    SETTLE / 1000);
	fflush(stdout);
	poll(NULL, 0, SETTLE);
	if ((e = renew_all(cx)) != 0 || (e = change(cx, SEAL_DROP)) != 0)
		return e;
	printf("done: the old key is gone. Backups of the database from before"
	    " open with the old file only.\n");
	return 0;
}

enum err
cmd_secrets_next(struct cx *cx, struct words *w)
{
	enum err e;

	(void)w;
	if ((e = hold(cx)) != 0 || (e = change(cx, SEAL_ADD)) != 0)
		return e;
	say_key(cx, SEAL_NEXT);
	printf("copy %s to every machine, then run dapit secrets rotate"
	    " --keep-old\n", cx->conf->key_file);
	return 0;
}

struct shown_key {
	const char	*key, *mark;
	int64_t		 opens;
};

static const struct field key_fields[] = {
	F_TEXT(shown_key, key, "current seals; next, old and current open."),
	F_TEXT(shown_key, mark, "Tells it from others."),
	F_INT (shown_key, opens, "So many sealed values."),
	{ 0 }
};

enum err
cmd_secrets_status(struct cx *cx, struct words *w)
{
	struct shown_key out[SEAL_KEYS + 1];
	struct sealed_count all = { 0 }, c;
	size_t n = 0;
	enum err e;

	for (int p = 0; p < SEALED__MAX; p++) {
		if ((e = rotate_count(cx, (enum sealed_place)p, &c)) != 0)
			return e;
		for (int k = 0; k <= SEAL_KEYS; k++)
			all.n[k] += c.n[k];
	}
	for (enum seal_key k = 0; k <= SEAL_KEYS; k++)
		if (k == SEAL_KEYS ? all.n[k] > 0 : seal_has(cx, k))
			out[n++] = (struct shown_key){ keyfile_word(k),
			    k == SEAL_KEYS ? NULL : seal_mark(cx, k),
			    all.n[k] };
	list_print(cx, w, key_fields, &(struct rows){ out, n,
	    sizeof(*out) });
	return 0;
}
