#include "model/sealed.h"

static const struct col row[] = {
	COL_INT (sealed, id),
	COL_TEXT(sealed, name),
	COL_TEXT(sealed, value),
	{ 0 }
};

/* Of a table whose key is one number: the rest of the key is "". */
#define EACH_(table, key, column) { \
	"SELECT " key " AS id, '' AS name, " column " AS value" \
	"  FROM " table \
	" WHERE " key " > ? AND '' = ? AND " column " <> ''" \
	" ORDER BY " key " LIMIT ?", row }
#define PUT_(table, key, column) { \
	"UPDATE " table " SET " column " = ?" \
	" WHERE " key " = ? AND '' = ? AND " column " = ?", NULL }
#define EACH(place)	EACH_(place)
#define PUT(place)	PUT_(place)
#define LOGINS(column) "bank_logins", "environment", column
#define MERCHANTS(column) "gateway_merchants", "id", column

/* By place: how it is read, and how it is written. */
const struct stmt sealed_stmts[] = {
	[SEALED_ACCESS]	= EACH(LOGINS("access_token")),
	[SEALED_REFRESH] = EACH(LOGINS("refresh_token")),
	[SEALED_WEBHOOK] = EACH(MERCHANTS("webhook_secret")),
	[SEALED_WEBHOOK_OLD] = EACH(MERCHANTS("webhook_secret_old")),
	[SEALED_CONFIG] = {
		"SELECT merchant_id AS id, name, value FROM recurring_config"
		" WHERE (merchant_id, name) > (?, ?)"
		" ORDER BY merchant_id, name LIMIT ?",
		row
	},
	[SEALED__MAX + SEALED_ACCESS] = PUT(LOGINS("access_token")),
	[SEALED__MAX + SEALED_REFRESH] = PUT(LOGINS("refresh_token")),
	[SEALED__MAX + SEALED_WEBHOOK] = PUT(MERCHANTS("webhook_secret")),
	[SEALED__MAX + SEALED_WEBHOOK_OLD] =
	    PUT(MERCHANTS("webhook_secret_old")),
	[SEALED__MAX + SEALED_CONFIG] = {
		"UPDATE recurring_config SET value = ?"
		" WHERE merchant_id = ? AND name = ? AND value = ?",
		NULL
	},
};
const size_t sealed_nstmts = NELEM(sealed_stmts);
_Static_assert(NELEM(sealed_stmts) == 2 * SEALED__MAX,
    "a statement has no text");

const char *
sealed_word(enum sealed_place p)
{
	static const char *const places[] = {
		[SEALED_ACCESS] = "bank logins, access tokens",
		[SEALED_REFRESH] = "bank logins, refresh tokens",
		[SEALED_WEBHOOK] = "webhook secrets",
		[SEALED_WEBHOOK_OLD] = "webhook secrets of before",
		[SEALED_CONFIG] = "logins for mail and SMS",
	};

	return places[p];
}

enum err
sealed_each(struct cx *cx, enum sealed_place p, const struct sealed *after,
    struct rows *rows)
{
	rows->size = sizeof(struct sealed);
	return db_many(cx, &sealed_stmts[p], rows, db_int(after->id),
	    db_text(after->name), db_int(SEALED_PAGE));
}

enum err
sealed_put(struct cx *cx, enum sealed_place p, const struct sealed *s,
    const char *value, bool *done)
{
	int64_t n = 0;
	enum err e;

	e = db_run(cx, &sealed_stmts[SEALED__MAX + p], &n, db_text(value),
	    db_int(s->id), db_text(s->name), db_text(s->value));
	*done = n == 1;
	return e;
}
