/*
 * database.h - a database, and a network, that answer with what an input
 * says, so that handlers run without either.
 *
 * Each answer draws a byte: is there a row, how many, which small numbers.
 * All texts are one, which is as hostile as the input makes it.  Tokens and
 * hashes are always right; every server gives one answer, or none.
 */
#ifndef DATABASE_H
#define DATABASE_H

#include <unistd.h>

#include "fuzz.h"
#include "io/db.h"
#include "io/seal.h"
#include "io/web.h"
#include "log.h"

enum err __wrap_db_one_(struct cx *, const struct stmt *, void *,
	    const struct val *, size_t);
enum err __wrap_db_many_(struct cx *, const struct stmt *, struct rows *,
	    const struct val *, size_t);
enum err __wrap_db_run_(struct cx *, const struct stmt *, int64_t *,
	    const struct val *, size_t);
int64_t	__wrap_db_id(struct cx *);
enum err __wrap_db_tx(struct cx *, enum err (*)(struct cx *, void *), void *);
enum err __wrap_seal_read(struct cx *, const char *, const char **);
bool	__wrap_seal_same(const void *, const void *, size_t);
void	__wrap_web_run(struct web *, struct web_call *);

static struct {
	struct bytes	 luck;		/* drawn from */
	const char	*text, *answer;	/* a shop's, of any bytes */
	int64_t		 day;		/* the last that was asked for */
	int64_t		 status;	/* of HTTP; 0: no answer */
	struct bytes	 page;		/* its body */
} base;

static inline unsigned
draw(void)
{
	if (base.luck.n == 0)
		return 101;
	base.luck.n--;
	return (unsigned char)*base.luck.p++;
}

static inline bool
is_one_of(const char *name, const char *const *names)
{
	while (*names != NULL && strcmp(*names, name) != 0)
		names++;
	return *names != NULL;
}

static inline void
give_column(const struct cx *cx, const struct col *c, char *row)
{
	static const char *const lists[] = { "order_items", "items", "body",
	    NULL };
	const char *text = base.text;
	int64_t n = draw();

	if (c->type == DB_INT) {
		n = strcmp(c->name, "day") == 0 ? base.day :
		    strstr(c->name, "_at") != NULL ? cx->now + n - 128 :
		    strstr(c->name, "_until") != NULL ? cx->now + n * 10 :
		    strstr(c->name, "amount") != NULL ? n * 100 :
		    strstr(c->name, "day") != NULL ? 20000 + n : n % 2;
		memcpy(row + c->at, &n, sizeof(n));
	} else if (c->type == DB_TEXT) {
		text = is_one_of(c->name, lists) ? "[{\"name\":\"a\"}]" :
		    strcmp(c->name, "remind_after_days") == 0 ? "3,7" :
		    strcmp(c->name, "timezone") == 0 ? "Europe/Vilnius" : text;
		if (strcmp(c->name, "answer") == 0)
			text = base.answer;
		memcpy(row + c->at, &text, sizeof(text));
	} else
		memset(row + c->at, (int)n, c->size);
}

/* What the real one would refuse never comes here. */
static inline void
take_values(const struct val *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		must(v[i].type != DB_TEXT || v[i].text == NULL ||
		    fuzz_utf8(v[i].text));
		if (v[i].type == DB_INT && v[i].n > 1)
			base.day = v[i].n;
	}
}

enum err
__wrap_db_one_(struct cx *cx, const struct stmt *stmt, void *row,
    const struct val *v, size_t n)
{
	take_values(v, n);
	if (draw() % 8 == 0)
		return fail(cx, ERR_NOT_FOUND, "no row");
	for (const struct col *c = stmt->cols; c->name != NULL; c++)
		give_column(cx, c, row);
	return 0;
}

enum err
__wrap_db_many_(struct cx *cx, const struct stmt *stmt, struct rows *rows,
    const struct val *v, size_t n)
{
	char *row;

	take_values(v, n);
	rows->n = draw() % 4;
	rows->row = row = arena_alloc(cx->arena, (rows->n + 1) * rows->size);
	for (size_t i = 0; i < rows->n; i++, row += rows->size)
		for (const struct col *c = stmt->cols; c->name != NULL; c++)
			give_column(cx, c, row);
	return 0;
}

enum err
__wrap_db_run_(struct cx *cx, const struct stmt *stmt, int64_t *changed,
    const struct val *v, size_t n)
{
	unsigned what = draw();

	(void)stmt;
	take_values(v, n);
	*changed = what % 8 != 0;
	return what % 32 == 31 ? fail(cx, ERR_DUPLICATE, "a twin") : 0;
}

int64_t
__wrap_db_id(struct cx *cx)
{
	(void)cx;
	return 1;
}

enum err
__wrap_db_tx(struct cx *cx, enum err (*body)(struct cx *, void *), void *arg)
{
	return body(cx, arg);
}

bool
__wrap_seal_same(const void *a, const void *b, size_t n)
{
	(void)a, (void)b, (void)n;
	return true;
}

enum err
__wrap_seal_read(struct cx *cx, const char *sealed, const char **text)
{
	(void)cx, (void)sealed;
	*text = "secret";
	return 0;
}

void
__wrap_web_run(struct web *w, struct web_call *c)
{
	(void)w;
	c->answer = (struct out){ .arena = c->arena };
	out_bytes(&c->answer, base.page.p, base.page.n);
	c->status = (int)base.status;
	c->error = base.status == 0 ? "no network" : NULL;
	c->ms = 100;
}

/* What a program has, with these in the place of the rest. */
static inline void
database_open(struct cx *cx, struct bytes luck, const char *text)
{
	static const struct conf *cf;
	static struct seal *seal;
	static char one_entry[] = "bank.page_size=1", *words[] = { one_entry };
	char path[64], why[256];

	if (cf == NULL) {
		snprintf(path, sizeof(path), "/tmp/fuzz-seal-%d",
		    (int)getpid());
		must(seal_create(path, why));
		must((seal = seal_open(path, why)) != NULL);
		(void)unlink(path);
		cf = conf_default(NELEM(words), words, NULL);
	}
	cx->conf = cf;
	cx->seal = seal;
	cx->merchant = cx->key = 1;
	base.luck = luck;
	base.answer = text;
	base.text = fuzz_utf8(text) && strlen(text) < 200 ? text : "<";
}

#endif
