#include "model/idempotency.h"

enum { ADD, FIND, SET, TAKE, RELEASE, REMOVE, DROP, Q__MAX };

#define MINE \
	" WHERE merchant_id = ? AND environment = ? AND action = ?" \
	"   AND idempotency_key = ?"

const struct stmt idempotency_stmts[] = {
	[ADD] = {
		"INSERT INTO gateway_idempotency (merchant_id, environment,"
		"	action, idempotency_key, request_hash, reply,"
		"	created_at)"
		" VALUES (?, ?, ?, ?, ?, '', ?)",
		NULL
	},
	[FIND] = {
		"SELECT request_hash, reply FROM gateway_idempotency" MINE,
		(const struct col[]){
			COL_BYTES(idempotency, request_hash),
			COL_TEXT (idempotency, reply), { 0 }
		}
	},
	[SET] = { "UPDATE gateway_idempotency SET reply = ?" MINE, NULL },
	[TAKE] = {
		"UPDATE gateway_idempotency SET created_at = ?" MINE
		"   AND request_hash IN (?, ?) AND reply = ''"
		"   AND created_at NOT BETWEEN ? AND ?",
		NULL
	},
	[RELEASE] = {
		"UPDATE gateway_idempotency SET created_at = ?" MINE
		"   AND reply = ''",
		NULL
	},
	[REMOVE] = { "DELETE FROM gateway_idempotency" MINE, NULL },
	[DROP] = {
		"DELETE FROM gateway_idempotency"
		" WHERE created_at < LEAST(?, UNIX_TIMESTAMP()) - ? LIMIT 1000",
		NULL
	},
};
const size_t idempotency_nstmts = NELEM(idempotency_stmts);
_Static_assert(NELEM(idempotency_stmts) == Q__MAX, "a statement has no text");

#define q idempotency_stmts

enum err
idempotency_add(struct cx *cx, const struct idempotency *i)
{
	int64_t n;

	return db_run(cx, &q[ADD], &n, db_int(cx->merchant),
	    db_int(cx->environment), db_text(i->action),
	    db_text(i->idempotency_key),
	    db_bytes(i->request_hash, HASH_BYTES), db_int(cx->now));
}

enum err
idempotency_find(struct cx *cx, struct idempotency *i)
{
	return db_one(cx, &q[FIND], i, db_int(cx->merchant),
	    db_int(cx->environment), db_text(i->action),
	    db_text(i->idempotency_key));
}

enum err
idempotency_set(struct cx *cx, const struct idempotency *i)
{
	int64_t n;

	return db_run(cx, &q[SET], &n, db_text(i->reply),
	    db_int(cx->merchant), db_int(cx->environment),
	    db_text(i->action), db_text(i->idempotency_key));
}

enum err
idempotency_take(struct cx *cx, const struct idempotency *i, int64_t seconds,
    int64_t *n)
{
	return db_run(cx, &q[TAKE], n, db_int(cx->now), db_int(cx->merchant),
	    db_int(cx->environment), db_text(i->action),
	    db_text(i->idempotency_key),
	    db_bytes(i->request_hash, HASH_BYTES),
	    db_bytes(i->hash_before, HASH_BYTES),
	    DB_SINCE(WAIT_KEY, cx->now, seconds));
}

enum err
idempotency_release(struct cx *cx, const struct idempotency *i,
    int64_t seconds)
{
	int64_t n;

	return db_run(cx, &q[RELEASE], &n, db_int(cx->now - seconds),
	    db_int(cx->merchant),
	    db_int(cx->environment), db_text(i->action),
	    db_text(i->idempotency_key));
}

enum err
idempotency_remove(struct cx *cx, const struct idempotency *i)
{
	int64_t n;

	return db_run(cx, &q[REMOVE], &n, db_int(cx->merchant),
	    db_int(cx->environment), db_text(i->action),
	    db_text(i->idempotency_key));
}

enum err
idempotency_drop(struct cx *cx, int64_t *n)
{
	return db_run(cx, &q[DROP], n, db_int(cx->now),
	    db_int(IDEMPOTENCY_HOURS * INT64_C(3600)));
}
