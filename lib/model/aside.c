#include "base/str.h"
#include "io/seal.h"
#include "model/aside.h"

#define MARK	16		/* bytes */

static const struct col row[] = {
	COL_INT (aside, id),
	COL_INT (aside, account_id),
	COL_INT (aside, status),
	COL_INT (aside, seen),
	COL_INT (aside, transfer_id),
	COL_INT (aside, first_seen_at),
	COL_INT (aside, last_seen_at),
	COL_INT (aside, closed_at),
	COL_TEXT(aside, bank_id),
	COL_TEXT(aside, reason),
	COL_TEXT(aside, field),
	COL_TEXT(aside, raw),
	{ 0 }
};

#define ROW \
	"SELECT id, account_id, status, seen," \
	"	COALESCE(transfer_id, 0) AS transfer_id, first_seen_at," \
	"	last_seen_at, closed_at, bank_id, reason, field, raw" \
	"  FROM gateway_asides"

/* Does the bank's text hold a word?  IBANs may be in groups. */
#define HOLDS \
	" INSTR(LOWER(REPLACE(raw, ' ', '')), LOWER(REPLACE(?, ' ', ''))) > 0"

enum { KEEP, READ, LOCK, CLOSE, LIST, ABOUT, ERASE, AGE, Q__MAX };

const struct stmt aside_stmts[] = {
	[KEEP] = {
		"INSERT INTO gateway_asides (account_id, mark, bank_id,"
		"	reason, field, transfer_id, raw, first_seen_at,"
		"	last_seen_at)"
		" VALUES (?, UNHEX(?), ?, ?, ?, NULLIF(?, 0), ?, ?, ?)"
		" ON DUPLICATE KEY UPDATE seen = seen + 1,"
		"	last_seen_at = VALUES(last_seen_at)",
		NULL
	},
	[READ] = {
		"UPDATE gateway_asides SET status = 3, closed_at = ?"
		" WHERE account_id = ? AND bank_id = ? AND status = 0"
		"   AND reason <> 'conflict'",
		NULL
	},
	[LOCK] = { ROW " WHERE id = ? FOR UPDATE", row },
	[CLOSE] = {
		"UPDATE gateway_asides"
		"   SET status = ?, closed_at = ?,"
		"	transfer_id = IF(? = 0, transfer_id, ?)"
		" WHERE id = ? AND status = 0",
		NULL
	},
	[LIST] = {
		ROW " WHERE id > ? AND (status = 0 OR ?)"
		" ORDER BY id LIMIT 500",
		row
	},
	[ABOUT] = { ROW " WHERE status = 0 AND" HOLDS " LIMIT 100", row },
	[ERASE] = {
		"UPDATE gateway_asides SET raw = NULL"
		" WHERE status <> 0 AND" HOLDS,
		NULL
	},
	[AGE] = {
		"UPDATE gateway_asides SET raw = NULL"
		" WHERE status <> 0 AND closed_at < ? AND raw IS NOT NULL"
		" LIMIT 100",
		NULL
	},
};
const size_t aside_nstmts = NELEM(aside_stmts);
_Static_assert(NELEM(aside_stmts) == Q__MAX, "a statement has no text");

#define q aside_stmts

const char *
aside_word(int64_t status)
{
#define S(name, word) word,
	static const char *const words[] = { ASIDE_STATUSES(S) };
#undef S

	return status < 0 || status >= ASIDE__MAX ? "" : words[status];
}

/* What the same entry has again: its id and what is wrong with it; without
 * an id, or with one that is another's, all that it says. */
static const char *
mark_of(struct cx *cx, const struct bank_entry *en, int64_t nth)
{
	unsigned char hash[HASH_BYTES];

	seal_digest(hash, en->id[0] == NULL ? "" : en->id[0], en->reason,
	    en->field, entry_content_before(cx->arena, en), en->id[0] == NULL ?
	    entry_raw(cx->arena, en) : "",
	    arena_printf(cx->arena, "%" PRId64, nth), NULL);
	return str_hex(cx->arena, hash, MARK);
}

enum err
aside_keep(struct cx *cx, int64_t account_id, const struct bank_entry *en,
    int64_t transfer_id, int64_t nth, bool *is_new)
{
	int64_t n = 0;
	enum err e;

	e = db_run(cx, &q[KEEP], &n, db_int(account_id),
	    db_text(mark_of(cx, en, nth)), db_text(en->id[0]),
	    db_text(en->reason), db_text(en->field), db_int(transfer_id),
	    db_text(entry_raw(cx->arena, en)), db_int(cx->now),
	    db_int(cx->now));
	*is_new = e == 0 && n == 1;
	return e;
}

enum err
aside_read(struct cx *cx, int64_t account_id, const char *bank_id)
{
	int64_t n;

	return db_run(cx, &q[READ], &n, db_int(cx->now), db_int(account_id),
	    db_text(bank_id));
}

enum err
aside_lock(struct cx *cx, int64_t id, struct aside *a)
{
	return db_one(cx, &q[LOCK], a, db_int(id));
}

enum err
aside_close(struct cx *cx, int64_t id, enum aside_status status,
    int64_t transfer_id)
{
	int64_t n;
	enum err e;

	e = db_run(cx, &q[CLOSE], &n, db_int(status), db_int(cx->now),
	    db_int(transfer_id), db_int(transfer_id), db_int(id));
	return e == 0 && n == 0 ? fail(cx, ERR_STATE,
	    "Entry %" PRId64 " is finished.", id) : e;
}

enum err
aside_list(struct cx *cx, int64_t after, bool all, struct rows *rows)
{
	rows->size = sizeof(struct aside);
	return db_many(cx, &q[LIST], rows, db_int(after), db_int(all));
}

enum err
aside_about(struct cx *cx, const char *text, struct rows *rows)
{
	rows->size = sizeof(struct aside);
	return db_many(cx, &q[ABOUT], rows, db_text(text));
}

enum err
aside_erase(struct cx *cx, const char *text)
{
	int64_t n;

	return db_run(cx, &q[ERASE], &n, db_text(text));
}

enum err
aside_age(struct cx *cx, int64_t before, int64_t *n)
{
	return db_run(cx, &q[AGE], n, db_int(before));
}
