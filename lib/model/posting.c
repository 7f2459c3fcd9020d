#include "model/posting.h"

static const struct col row[] = {
	COL_INT(posting, id),
	COL_INT(posting, merchant_id),
	COL_INT(posting, environment),
	COL_INT(posting, day),
	COL_INT(posting, gross),
	COL_INT(posting, transfers),
	COL_INT(posting, transactions),
	COL_INT(posting, refunds),
	COL_INT(posting, refund_fees),
	COL_INT(posting, fees),
	COL_INT(posting, succeeded),
	COL_INT(posting, finished),
	{ 0 }
};

enum { ADD, TAKE, DROP, Q__MAX };

const struct stmt posting_stmts[] = {
	[ADD] = {
		"INSERT INTO gateway_postings (merchant_id, environment, day,"
		"	gross, transfers, transactions, refunds, refund_fees,"
		"	fees, succeeded, finished)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		NULL
	},
	[TAKE] = {
		"SELECT * FROM ("
		"SELECT id, merchant_id, environment, day, gross, transfers,"
		"	transactions, refunds, refund_fees, fees, succeeded,"
		"	finished"
		"  FROM gateway_postings"
		" ORDER BY id LIMIT 1000 FOR UPDATE SKIP LOCKED) p"
		" ORDER BY merchant_id, environment, day",
		row
	},
	[DROP] = {
		"DELETE p FROM gateway_postings p"
		"  JOIN JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) j"
		"    ON j.id = p.id",
		NULL
	},
};
const size_t posting_nstmts = NELEM(posting_stmts);
_Static_assert(NELEM(posting_stmts) == Q__MAX, "a statement has no text");

#define q posting_stmts

enum err
posting_add(struct cx *cx, const struct posting *p)
{
	int64_t n;

	return db_run(cx, &q[ADD], &n, db_int(p->merchant_id),
	    db_int(p->environment), db_int(p->day), db_int(p->gross),
	    db_int(p->transfers), db_int(p->transactions), db_int(p->refunds),
	    db_int(p->refund_fees), db_int(p->fees), db_int(p->succeeded),
	    db_int(p->finished));
}

enum err
posting_take(struct cx *cx, struct rows *rows)
{
	rows->size = sizeof(struct posting);
	return db_many_(cx, &q[TAKE], rows, NULL, 0);
}

enum err
posting_drop(struct cx *cx, const char *ids)
{
	int64_t n;

	return db_run(cx, &q[DROP], &n, db_text(ids));
}
