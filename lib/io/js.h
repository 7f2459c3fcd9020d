/*
 * js.h - JSON that comes from outside.  The only file that knows json-c.
 *
 * What is asked of us is parsed strictly: one value as RFC 8259 has it, no
 * NUL bytes, nested at most 32 deep, nothing behind it; of duplicate keys the
 * last wins.  What others answer us may be mended first (jsontext.h), and be
 * nested 500 deep.  Values belong to the arena.  Every question may be asked
 * of NULL and of any kind: the answer is then NULL or 0, so paths can be walked
 * without checks.
 */
#ifndef JS_H
#define JS_H

#include "base/arena.h"

struct js;

enum js_kind {
	JS_NONE, JS_NULL, JS_BOOL, JS_NUMBER, JS_TEXT, JS_LIST, JS_OBJECT
};

/* NULL when it is not JSON; *why then says where. */
const struct js *js_parse(struct arena *, const char *, size_t,
    const char **why);
const struct js *js_mend(struct arena *, const char *, size_t,
    const char **why);

enum js_kind	 js_kind(const struct js *);
const struct js *js_get(const struct js *, const char *key);
const struct js *js_at(const struct js *, size_t);
size_t		 js_count(const struct js *);	/* of a list, of an object */

/* A text, or a number or boolean as it was written; NULL for the rest. */
const char	*js_text(const struct js *);

/* Both steps: the scalar under key, or NULL. */
const char	*js_member(const struct js *, const char *key);

/* Calls each(arg, key, value) for every member of an object. */
void		 js_each(const struct js *,
    void (*each)(void *arg, const char *key, const struct js *), void *arg);

/* The value as compact JSON. */
const char	*js_print(struct arena *, const struct js *);

#endif
