#include "model/day.h"

static const struct col row[] = {
	COL_INT(day, day),
	COL_INT(day, gross),
	COL_INT(day, transfers),
	COL_INT(day, transactions),
	COL_INT(day, refunds),
	COL_INT(day, refund_fees),
	COL_INT(day, fees),
	COL_INT(day, succeeded),
	COL_INT(day, finished),
	COL_INT(day, postings),
	{ 0 }
};

static const struct col totals_row[] = {
	COL_INT(day_totals, today),
	COL_INT(day_totals, month),
	COL_INT(day_totals, all_time),
	COL_INT(day_totals, transactions),
	COL_INT(day_totals, succeeded),
	COL_INT(day_totals, finished),
	COL_INT(day_totals, postings),
	{ 0 }
};

#define SUM(what, name) \
	"CAST(COALESCE(SUM(" what "), 0) AS INTEGER) AS " name
#define SAME(name)	SUM(name, name)

/* Days and postings of a merchant, as one table. */
#define PART(table, posting) \
	"SELECT day, gross, transfers, transactions, refunds, refund_fees," \
	"	fees, succeeded, finished, " posting " AS postings" \
	"  FROM " table " WHERE merchant_id = ? AND environment = ?" \
	"   AND day BETWEEN ? AND ?"
#define BOTH \
	"  FROM (" PART("gateway_days", "0") " UNION ALL " \
	PART("gateway_postings", "1") ") d"

enum { ADD, EACH, TOTALS, Q__MAX };

const struct stmt day_stmts[] = {
	[ADD] = {
		"INSERT INTO gateway_days (merchant_id, environment, day,"
		"	gross, transfers, transactions, refunds, refund_fees,"
		"	fees, succeeded, finished)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
		" ON DUPLICATE KEY UPDATE gross = gross + VALUES(gross),"
		"	transfers = transfers + VALUES(transfers),"
		"	transactions = transactions + VALUES(transactions),"
		"	refunds = refunds + VALUES(refunds),"
		"	refund_fees = refund_fees + VALUES(refund_fees),"
		"	fees = fees + VALUES(fees),"
		"	succeeded = succeeded + VALUES(succeeded),"
		"	finished = finished + VALUES(finished)",
		NULL
	},
	[EACH] = {
		"SELECT day, " SAME("gross") ", " SAME("transfers") ", "
		SAME("transactions") ", " SAME("refunds") ", "
		SAME("refund_fees") ", " SAME("fees") ", " SAME("succeeded")
		", " SAME("finished") ", " SAME("postings") BOTH
		" GROUP BY day ORDER BY day",
		row
	},
	[TOTALS] = {
		"SELECT " SUM("IF(day = ?, gross, 0)", "today") ", "
		SUM("IF(day >= ?, gross, 0)", "month") ", "
		SUM("gross", "all_time") ", " SAME("transactions") ", "
		SAME("succeeded") ", " SAME("finished") ", " SAME("postings")
		BOTH,
		totals_row
	},
};
const size_t day_nstmts = NELEM(day_stmts);
_Static_assert(NELEM(day_stmts) == Q__MAX, "a statement has no text");

#define q day_stmts
#define OWN_VALS(from, until) \
	db_int(cx->merchant), db_int(cx->environment), db_int(from), \
	db_int(until)

enum err
day_add(struct cx *cx, const struct day *d)
{
	int64_t n;

	return db_run(cx, &q[ADD], &n, db_int(d->merchant_id),
	    db_int(d->environment), db_int(d->day), db_int(d->gross),
	    db_int(d->transfers), db_int(d->transactions), db_int(d->refunds),
	    db_int(d->refund_fees), db_int(d->fees), db_int(d->succeeded),
	    db_int(d->finished));
}

enum err
day_each(struct cx *cx, int64_t from, int64_t until, struct rows *rows)
{
	rows->size = sizeof(struct day);
	return db_many(cx, &q[EACH], rows, OWN_VALS(from, until),
	    OWN_VALS(from, until));
}

enum err
day_sum(struct cx *cx, int64_t today, int64_t month, struct day_totals *t)
{
	return db_one(cx, &q[TOTALS], t, db_int(today), db_int(month),
	    OWN_VALS(0, INT64_MAX), OWN_VALS(0, INT64_MAX));
}
