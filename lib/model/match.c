#include "model/match.h"

static const char *const reasons[REASON__MAX] = {
#define R(name, word, doc) [REASON_##name] = word,
	REASONS(R)
#undef R
};

static const char *const methods[] = {
	[MATCH_EXACT]	   = "exact",
	[MATCH_NORMALISED] = "normalised",
	[MATCH_OPERATOR]   = "operator",
};

const char *reason_word(enum reason r) { return reasons[r]; }
const char *match_word(int64_t method) { return methods[method]; }

enum { ADD, MISS, HOLD, FIND, DROP, UNASSIGNED, FEES, CHARGE, Q__MAX };

const struct stmt match_stmts[] = {
	[ADD] = {
		"INSERT INTO gateway_matches (transfer_id, session_id, method,"
		"	fee, first, created_at)"
		" VALUES (?, ?, ?, ?, ?, ?)",
		NULL
	},
	[MISS] = {
		"INSERT INTO gateway_unmatched (transfer_id, reason,"
		"	suggestion, created_at)"
		" VALUES (?, ?, NULLIF(?, 0), ?)",
		NULL
	},
	[HOLD] = {
		"UPDATE gateway_unmatched SET turns = turns + 1"
		" WHERE transfer_id = ?",
		NULL
	},
	[FIND] = {
		"SELECT transfer_id, session_id, method, fee, first"
		"  FROM gateway_matches WHERE transfer_id = ?",
		(const struct col[]){
			COL_INT(match, transfer_id), COL_INT(match, session_id),
			COL_INT(match, method), COL_INT(match, fee),
			COL_INT(match, first), { 0 }
		}
	},
	[DROP] = { "DELETE FROM gateway_matches WHERE transfer_id = ?", NULL },
	[UNASSIGNED] = {
		"INSERT INTO gateway_unmatched (transfer_id, reason,"
		"	created_at)"
		" VALUES (?, ?, ?)"
		" ON DUPLICATE KEY UPDATE reason = VALUES(reason),"
		"	suggestion = NULL",
		NULL
	},
	[CHARGE] = {
		"UPDATE gateway_matches SET fee = ?, first = ?"
		" WHERE transfer_id = ?",
		NULL
	},
	[FEES] = {
		"SELECT m.transfer_id, t.booking_day, m.first, t.amount, m.fee"
		"  FROM gateway_matches m"
		"  JOIN gateway_transfers t ON t.id = m.transfer_id"
		" WHERE m.session_id = ? ORDER BY m.transfer_id",
		(const struct col[]){
			COL_INT(charged, transfer_id),
			COL_INT(charged, booking_day), COL_INT(charged, first),
			COL_INT(charged, amount), COL_INT(charged, fee), { 0 }
		}
	},
};
const size_t match_nstmts = NELEM(match_stmts);
_Static_assert(NELEM(match_stmts) == Q__MAX, "a statement has no text");

#define q match_stmts

enum err
match_add(struct cx *cx, const struct match *m)
{
	int64_t n;

	return db_run(cx, &q[ADD], &n, db_int(m->transfer_id),
	    db_int(m->session_id), db_int(m->method), db_int(m->fee),
	    db_int(m->first), db_int(cx->now));
}

enum err
match_miss(struct cx *cx, int64_t transfer_id, enum reason r,
    int64_t suggestion)
{
	int64_t n;

	return db_run(cx, &q[MISS], &n, db_int(transfer_id),
	    db_text(reason_word(r)), db_int(suggestion), db_int(cx->now));
}

enum err
match_hold(struct cx *cx, int64_t transfer_id)
{
	int64_t n;

	return db_run(cx, &q[HOLD], &n, db_int(transfer_id));
}

enum err
match_find(struct cx *cx, int64_t transfer_id, struct match *m)
{
	return db_one(cx, &q[FIND], m, db_int(transfer_id));
}

enum err
match_undo(struct cx *cx, int64_t transfer_id)
{
	int64_t n;
	enum err e = db_run(cx, &q[DROP], &n, db_int(transfer_id));

	if (e == 0 && n == 0)
		return fail(cx, ERR_STATE, "Transfer %" PRId64 " is not"
		    " assigned any more.", transfer_id);
	return e != 0 ? e : db_run(cx, &q[UNASSIGNED], &n,
	    db_int(transfer_id), db_text(reason_word(REASON_UNASSIGNED)),
	    db_int(cx->now));
}

enum err
match_charge(struct cx *cx, const struct charged *c)
{
	int64_t n;

	return db_run(cx, &q[CHARGE], &n, db_int(c->fee), db_int(c->first),
	    db_int(c->transfer_id));
}

enum err
match_fees(struct cx *cx, int64_t session_id, struct rows *rows)
{
	rows->size = sizeof(struct charged);
	return db_many(cx, &q[FEES], rows, db_int(session_id));
}
