#include "model/key.h"

static const struct col row[] = {
	COL_INT (key, id),
	COL_INT (key, merchant_id),
	COL_INT (key, scope),
	COL_INT (key, created_at),
	COL_INT (key, expires_at),
	COL_INT (key, revoked_at),
	COL_INT (key, last_used_at),
	COL_INT (key, environment),
	COL_INT (key, half_up),
	COL_TEXT(key, name),
	COL_TEXT(key, hint),
	{ 0 }
};

#define ROW \
	"SELECT k.id, k.merchant_id, k.scope, k.created_at, k.expires_at," \
	"	k.revoked_at, k.last_used_at, m.environment, m.half_up," \
	"	k.name, k.hint" \
	"  FROM gateway_keys k" \
	"  JOIN gateway_merchants m ON m.id = k.merchant_id"

#define USED_SECONDS	300

enum { ADD, FIND, GET, EACH, REVOKE, END, USED, Q__MAX };

const struct stmt key_stmts[] = {
	[ADD] = {
		"INSERT INTO gateway_keys (merchant_id, key_hash, name, hint,"
		"	scope, created_at, expires_at)"
		" VALUES (?, ?, ?, ?, ?, ?, ?)",
		NULL
	},
	[FIND] = { ROW " WHERE k.key_hash = ?", row },
	[GET] = { ROW " WHERE k.id = ?", row },
	[EACH] = { ROW " WHERE k.merchant_id = ? ORDER BY k.id", row },
	[REVOKE] = {
		"UPDATE gateway_keys SET revoked_at = ?"
		" WHERE id = ? AND revoked_at = 0",
		NULL
	},
	[END] = {
		"UPDATE gateway_keys"
		"   SET expires_at = IF(expires_at = 0, ?,"
		"	LEAST(expires_at, ?))"
		" WHERE id = ? AND revoked_at = 0",
		NULL
	},
	[USED] = {
		"UPDATE gateway_keys SET last_used_at = ?"
		" WHERE id = ? AND last_used_at NOT BETWEEN ? AND ?",
		NULL
	},
};
const size_t key_nstmts = NELEM(key_stmts);
_Static_assert(NELEM(key_stmts) == Q__MAX, "a statement has no text");

#define q key_stmts

enum err
key_add(struct cx *cx, const char *text, struct key *k)
{
	unsigned char hash[HASH_BYTES];
	int64_t n;
	enum err e;

	seal_hash(cx, text, hash);
	e = db_run(cx, &q[ADD], &n, db_int(k->merchant_id),
	    db_bytes(hash, sizeof(hash)), db_text(k->name), db_text(k->hint),
	    db_int(k->scope), db_int(cx->now), db_int(k->expires_at));
	k->id = e == 0 ? db_id(cx) : 0;
	return e;
}

enum err
key_find(struct cx *cx, const char *text, struct key *k)
{
	unsigned char hash[HASH_BYTES];
	enum err e;

	seal_hash(cx, text, hash);
	e = db_one(cx, &q[FIND], k, db_bytes(hash, sizeof(hash)));
	if (e == 0 && (k->revoked_at != 0 ||
	    (k->expires_at != 0 && k->expires_at <= cx->now)))
		return fail(cx, ERR_NOT_FOUND, "key %" PRId64 " is over",
		    k->id);
	return e;
}

enum err
key_used(struct cx *cx, const struct key *k)
{
	int64_t n, last = wait_done(WAIT_USED, k->last_used_at, cx->now);

	return last > cx->now - USED_SECONDS ? 0 : db_run(cx, &q[USED], &n,
	    db_int(cx->now), db_int(k->id),
	    DB_SINCE(WAIT_USED, cx->now, USED_SECONDS));
}

enum err
key_each(struct cx *cx, int64_t merchant, struct rows *rows)
{
	rows->size = sizeof(struct key);
	return db_many(cx, &q[EACH], rows, db_int(merchant));
}

static enum err
no_key(struct cx *cx, int64_t id)
{
	fail_clear(cx);
	return fail(cx, ERR_NOT_FOUND, "There is no key %" PRId64
	    " that is not revoked.", id);
}

enum err
key_get(struct cx *cx, int64_t id, struct key *k)
{
	enum err e = db_one(cx, &q[GET], k, db_int(id));

	return e == ERR_NOT_FOUND ? no_key(cx, id) : e;
}

enum err
key_end(struct cx *cx, int64_t id, int64_t at)
{
	int64_t n;
	enum err e;

	e = db_run(cx, &q[END], &n, db_int(at), db_int(at), db_int(id));
	return e == 0 && n == 0 ? no_key(cx, id) : e;
}

enum err
key_revoke(struct cx *cx, int64_t id)
{
	int64_t n;
	enum err e;

	e = db_run(cx, &q[REVOKE], &n, db_int(cx->now), db_int(id));
	return e == 0 && n == 0 ? no_key(cx, id) : e;
}
