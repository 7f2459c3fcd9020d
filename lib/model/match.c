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

enum { ADD, MISS, FEES, Q__MAX };

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
	[FEES] = {
		"SELECT t.amount, m.fee FROM gateway_matches m"
		"  JOIN gateway_transfers t ON t.id = m.transfer_id"
		" WHERE m.session_id = ? ORDER BY m.transfer_id",
		(const struct col[]){
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
match_fees(struct cx *cx, int64_t session_id, struct rows *rows)
{
	rows->size = sizeof(struct charged);
	return db_many(cx, &q[FEES], rows, db_int(session_id));
}
