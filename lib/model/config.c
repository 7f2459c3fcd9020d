#include <string.h>

#include "io/seal.h"
#include "model/config.h"

static const struct {
	const char	*name;
	bool		 secret;
	size_t		 at;
} names[] = {
#define C(name, secret, doc) { #name, secret, offsetof(struct config, name) },
	CONFIGS(C)
#undef C
};
_Static_assert(NELEM(names) == CONFIG_LINES, "the header counts wrong");

struct pair {
	const char	*name, *value;
};

enum { EACH, SET, REMOVE, Q__MAX };

const struct stmt config_stmts[] = {
	[EACH] = {
		"SELECT name, value FROM recurring_config"
		" WHERE merchant_id = ?",
		(const struct col[]){
			COL_TEXT(pair, name), COL_TEXT(pair, value), { 0 }
		}
	},
	[SET] = {
		"INSERT INTO recurring_config (merchant_id, name, value,"
		"	set_at)"
		" VALUES (?, ?, ?, ?)"
		" ON DUPLICATE KEY UPDATE value = VALUES(value),"
		"	set_at = VALUES(set_at)",
		NULL
	},
	[REMOVE] = {
		"DELETE FROM recurring_config"
		" WHERE merchant_id = ? AND name = ?",
		NULL
	},
};
const size_t config_nstmts = NELEM(config_stmts);
_Static_assert(NELEM(config_stmts) == Q__MAX, "a statement has no text");

#define q config_stmts

static const char **
field(struct config *c, const char *name)
{
	for (size_t i = 0; i < NELEM(names); i++)
		if (strcmp(names[i].name, name) == 0)
			return (const char **)(void *)((char *)c +
			    names[i].at);
	return NULL;
}

enum err
config_read(struct cx *cx, int64_t merchant_id, struct config *c)
{
	struct rows rows = { .size = sizeof(struct pair) };
	const struct pair *p;
	const char **to;
	enum err e;

	*c = (struct config){ 0 };
	if ((e = db_many(cx, &q[EACH], &rows, db_int(merchant_id))) != 0)
		return e;
	p = rows.row;
	for (size_t i = 0; e == 0 && i < rows.n; i++)
		if ((to = field(c, p[i].name)) != NULL)
			e = seal_read(cx, p[i].value, to);
	return e;
}

enum err
config_set(struct cx *cx, int64_t merchant_id, const char *name,
    const char *value)
{
	int64_t n;

	if (*value == '\0')
		return db_run(cx, &q[REMOVE], &n, db_int(merchant_id),
		    db_text(name));
	return db_run(cx, &q[SET], &n, db_int(merchant_id), db_text(name),
	    db_text(seal_shut(cx, value)), db_int(cx->now));
}

void
config_lines(const struct config *c,
    struct config_line lines[static CONFIG_LINES])
{
	struct config copy = *c;

	for (size_t i = 0; i < NELEM(names); i++)
		lines[i] = (struct config_line){ names[i].name,
		    *field(&copy, names[i].name), names[i].secret };
}
