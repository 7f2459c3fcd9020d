#include "flow/rotate.h"

typedef enum err each_sealed(struct cx *, enum sealed_place,
    const struct sealed *, void *);

static enum err
walk(struct cx *cx, enum sealed_place p, each_sealed *each, void *arg)
{
	struct sealed last = { INT64_MIN, "", "" };
	const struct sealed *s;
	struct rows rows;
	enum err e;

	do {
		if ((e = sealed_each(cx, p, &last, &rows)) != 0)
			return e;
		s = rows.row;
		for (size_t i = 0; e == 0 && i < rows.n; i++) {
			e = each(cx, p, &s[i], arg);
			last = s[i];
		}
	} while (e == 0 && rows.n == SEALED_PAGE);
	return e;
}

static enum err
count(struct cx *cx, enum sealed_place p, const struct sealed *s, void *arg)
{
	struct sealed_count *c = arg;

	(void)p;
	c->n[seal_which(cx, s->value)]++;
	return 0;
}

enum err
rotate_count(struct cx *cx, enum sealed_place p, struct sealed_count *c)
{
	*c = (struct sealed_count){ 0 };
	return walk(cx, p, count, c);
}

static enum err
renew(struct cx *cx, enum sealed_place p, const struct sealed *s, void *arg)
{
	int64_t *n = arg;
	const char *value;
	bool done;
	enum seal_key k = seal_which(cx, s->value);
	enum err e;

	if (k == SEAL_CURRENT || k == SEAL_KEYS)
		return 0;
	if ((e = seal_anew(cx, s->value, &value)) != 0 ||
	    (e = sealed_put(cx, p, s, value, &done)) != 0)
		return e;
	(*n)++;
	return 0;
}

enum err
rotate_pass(struct cx *cx, int64_t *n)
{
	enum err e = 0;

	*n = 0;
	for (int p = 0; e == 0 && p < SEALED__MAX; p++)
		e = walk(cx, (enum sealed_place)p, renew, n);
	return e;
}
