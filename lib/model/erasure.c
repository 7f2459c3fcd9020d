#include "base/owner.h"
#include "model/erasure.h"

static const struct col row[] = {
	COL_INT(candidate, id),
	COL_INT(candidate, created_at),
	COL_INT(candidate, session_id),
	COL_INT(candidate, schedule_id),
	COL_INT(candidate, blank),
	{ 0 }
};

struct place {
	int64_t		passed;
};

#define NEXT(id, session, schedule, blank) \
	"SELECT " id " AS id, created_at, " session " AS session_id," \
	"	" schedule " AS schedule_id, " blank " AS blank"
#define BEHIND(id)	" WHERE " id " > ? ORDER BY " id " LIMIT ?"

/* First the next ones, by kind. */
enum { PASSED = ERASURE__MAX, PASS, KEEP, DROP, DUE, SUMS, Q__MAX };

const struct stmt erasure_stmts[] = {
	[ERASURE_SESSIONS] = {
		NEXT("id", "id", "0", "0")
		"  FROM gateway_sessions" BEHIND("id"),
		row
	},
	[ERASURE_TRANSFERS] = {
		"SELECT t.id, t.created_at,"
		"	" OWNER_SESSION_ID " AS session_id,"
		"	0 AS schedule_id, t.remittance IS NULL"
		"	AND t.structured IS NULL AND t.end_to_end_id IS NULL"
		"	AND IF(t.credit, t.debtor_name, t.creditor_name)"
		"	IS NULL AND IF(t.credit, t.debtor_iban,"
		"	t.creditor_iban) IS NULL AS blank"
		"  FROM gateway_transfers t" OWNER_HANGS
		BEHIND("t.id"),
		row
	},
	[ERASURE_REFUNDS] = {
		/* one that sends a transfer back is erased by way of that */
		NEXT("id", "session_id", "0", "transfer_id > 0 OR (debtor_iban"
		" IS NULL AND debtor_name IS NULL AND reason IS NULL"
		" AND failure = '')")
		"  FROM gateway_refunds" BEHIND("id"),
		row
	},
	[ERASURE_SCHEDULES] = {
		NEXT("id", "0", "id", "0")
		"  FROM recurring_schedules" BEHIND("id"),
		row
	},
	[ERASURE_MESSAGES] = {
		NEXT("id", "0", "0", "recipient = '' AND error IS NULL")
		"  FROM recurring_messages" BEHIND("id"),
		row
	},
	[PASSED] = {
		"SELECT passed FROM gateway_erasures WHERE kind = ?",
		(const struct col[]){ COL_INT(place, passed), { 0 } }
	},
	[PASS] = {
		"INSERT INTO gateway_erasures (kind, passed) VALUES (?, ?)"
		" ON DUPLICATE KEY UPDATE"
		"	passed = GREATEST(passed, VALUES(passed))",
		NULL
	},
	[KEEP] = {
		"INSERT INTO gateway_erasures_due (owner, id, why, due_at)"
		" VALUES (?, ?, ?, ?)"
		" ON DUPLICATE KEY UPDATE why = VALUES(why),"
		"	due_at = VALUES(due_at)",
		NULL
	},
	[DROP] = {
		"DELETE FROM gateway_erasures_due WHERE owner = ? AND id = ?",
		NULL
	},
	[DUE] = {
		"SELECT owner, id, why FROM gateway_erasures_due"
		" WHERE due_at NOT BETWEEN ? AND ?"
		" ORDER BY due_at LIMIT ?",
		(const struct col[]){
			COL_INT(keeping, owner), COL_INT(keeping, id),
			COL_INT(keeping, why), { 0 }
		}
	},
	[SUMS] = {
		"SELECT why, COUNT(*) AS n FROM gateway_erasures_due"
		" WHERE why > ? GROUP BY why",
		(const struct col[]){
			COL_INT(kept_sum, why), COL_INT(kept_sum, n), { 0 }
		}
	},
};
const size_t erasure_nstmts = NELEM(erasure_stmts);
_Static_assert(NELEM(erasure_stmts) == Q__MAX, "a statement has no text");

#define q erasure_stmts

const char *
kept_word(enum kept k)
{
	static const char *const words[] = {
#define K(name, word) word,
		KEPTS(K)
#undef K
	};

	return words[k];
}

enum err
erasure_passed(struct cx *cx, enum erasure_kind k, int64_t *passed)
{
	struct place p = { 0 };
	enum err e = db_one(cx, &q[PASSED], &p, db_int(k));

	*passed = p.passed;
	if (e != ERR_NOT_FOUND)
		return e;
	fail_clear(cx);
	return 0;
}

enum err
erasure_pass(struct cx *cx, enum erasure_kind k, int64_t passed)
{
	int64_t n;

	return db_run(cx, &q[PASS], &n, db_int(k), db_int(passed));
}

enum err
erasure_next(struct cx *cx, enum erasure_kind k, int64_t passed,
    int64_t limit, struct rows *rows)
{
	rows->size = sizeof(struct candidate);
	return db_many(cx, &q[k], rows, db_int(passed), db_int(limit));
}

enum err
erasure_keep(struct cx *cx, const struct keeping *k, int64_t due_at)
{
	int64_t n;

	if (k->why == KEPT_NOT)
		return db_run(cx, &q[DROP], &n, db_int(k->owner),
		    db_int(k->id));
	return db_run(cx, &q[KEEP], &n, db_int(k->owner), db_int(k->id),
	    db_int(k->why), db_int(due_at));
}

enum err
erasure_due(struct cx *cx, int64_t limit, struct rows *rows)
{
	rows->size = sizeof(struct keeping);
	return db_many(cx, &q[DUE], rows, DB_WAIT(WAIT_ERASURE, cx->now),
	    db_int(limit));
}

enum err
erasure_sums(struct cx *cx, struct rows *rows)
{
	rows->size = sizeof(struct kept_sum);
	return db_many(cx, &q[SUMS], rows, db_int(KEPT_YOUNG));
}
