#include "base/unmatched.h"
#include "flow/pulse.h"

enum { READ, GAUGES, Q__MAX };

#define GAUGE(name, value)	"SELECT '" name "' AS name, " value " AS value"
#define COUNT(table, where)	"(SELECT COUNT(*) FROM " table " WHERE " where ")"
#define REFUNDS(word, status) \
	GAUGE("dapit_refunds{status=\"" word "\"}", \
	COUNT("gateway_refunds", "status = " status))
#define MESSAGES(word, status) \
	GAUGE("dapit_messages{status=\"" word "\"}", \
	COUNT("recurring_messages", "status = " status " AND channel IN (0, 1)"))

const struct stmt pulse_stmts[] = {
	[READ] = {
		"SELECT (SELECT COALESCE(MIN(checked_at), 0)"
		"	FROM bank_accounts WHERE current = 1)"
		"	AS bank_checked_at,"
		"	(SELECT COALESCE(MAX(seen_at), 0)"
		"	FROM gateway_workers) AS worker_seen_at",
		(const struct col[]){
			COL_INT(pulse, bank_checked_at),
			COL_INT(pulse, worker_seen_at), { 0 }
		}
	},
	[GAUGES] = {
		GAUGE("dapit_last_transfer_id",
		    "(SELECT COALESCE(MAX(id), 0) FROM gateway_transfers)")
		" UNION ALL "
		GAUGE("dapit_transfers_matched",
		    "(SELECT COALESCE(SUM(transfers), 0) FROM gateway_days)"
		    " + (SELECT COALESCE(SUM(transfers), 0)"
		    "	FROM gateway_postings)")
		" UNION ALL "
		GAUGE("dapit_bank_reads",
		    "(SELECT COALESCE(SUM(`reads`), 0) FROM bank_accounts)")
		" UNION ALL "
		GAUGE("dapit_bank_failures",
		    "(SELECT COALESCE(SUM(failures), 0) FROM bank_accounts"
		    " WHERE current = 1)")
		" UNION ALL "
		GAUGE("dapit_unmatched",
		    "(SELECT COUNT(*) FROM gateway_unmatched u"
		    " JOIN gateway_transfers t ON t.id = u.transfer_id"
		    " WHERE " UNMATCHED_IS ")")
		" UNION ALL "
		GAUGE("dapit_entries_aside",
		    "(SELECT COUNT(*) FROM gateway_asides WHERE status = 0)")
		" UNION ALL "
		GAUGE("dapit_webhooks{status=\"pending\"}",
		    COUNT("gateway_deliveries", "status = 0"))
		" UNION ALL "
		GAUGE("dapit_webhooks{status=\"undelivered\"}",
		    COUNT("gateway_deliveries", "status = 2"))
		" UNION ALL "
		GAUGE("dapit_webhook_lag_seconds",
		    "(SELECT GREATEST(0, ? - COALESCE(MIN(due_at), ?))"
		    " FROM gateway_deliveries WHERE status = 0)")
		" UNION ALL " REFUNDS("pending", "0")
		" UNION ALL " REFUNDS("sending", "1")
		" UNION ALL " REFUNDS("held", "2")
		" UNION ALL " REFUNDS("failed", "4")
		" UNION ALL " MESSAGES("pending", "0")
		" UNION ALL " MESSAGES("unknown", "4")
		" UNION ALL "
		GAUGE("dapit_postings",
		    "(SELECT COUNT(*) FROM gateway_postings)"),
		(const struct col[]){
			COL_TEXT(gauge, name), COL_INT(gauge, value), { 0 }
		}
	},
};
const size_t pulse_nstmts = NELEM(pulse_stmts);
_Static_assert(NELEM(pulse_stmts) == Q__MAX, "a statement has no text");

#define q pulse_stmts

enum err
pulse_read(struct cx *cx, struct pulse *h)
{
	return db_one_(cx, &q[READ], h, NULL, 0);
}

enum err
pulse_gauges(struct cx *cx, struct rows *rows)
{
	rows->size = sizeof(struct gauge);
	return db_many(cx, &q[GAUGES], rows, db_int(cx->now),
	    db_int(cx->now));
}
