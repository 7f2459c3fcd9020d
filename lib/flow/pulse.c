#include "base/unmatched.h"
#include "flow/bank.h"
#include "flow/pulse.h"
#include "model/login.h"

#define BANK_LATE	600		/* seconds without a read, at least */
#define BANK_BROKEN	1800		/* the same: somebody must act */
#define WORKER_LATE	90		/* cron starts one each minute */

struct seen {
	int64_t	n, worker_seen_at;
};

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
		"SELECT COUNT(*) AS n,"
		"	COALESCE(MAX(IF(seen_at > ?, 0, seen_at)), 0)"
		"	AS worker_seen_at"
		"  FROM gateway_workers",
		(const struct col[]){
			COL_INT(seen, n), COL_INT(seen, worker_seen_at), { 0 }
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
		GAUGE("dapit_alerts_open",
		    COUNT("gateway_alerts", "health > 0"))
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

bool
pulse_account(struct cx *cx, const struct account *a, const char **said)
{
	int64_t late = 3 * cx->conf->idle_seconds, age = cx->now -
	    a->checked_at;
	bool ahead = wait_done(WAIT_CHECKED, a->checked_at, cx->now) !=
	    a->checked_at;
	struct out o = { .arena = cx->arena };

	if (late < BANK_LATE)
		late = BANK_LATE;
	out_printf(&o, "account %" PRId64, a->id);
	if (a->checked_at == 0)
		out_text(&o, " never read");
	else if (ahead)
		out_printf(&o, " read %" PRId64 " s in the future: the clock"
		    " jumped", -age);
	else
		out_printf(&o, " read %" PRId64 " s ago", age > 0 ? age : 0);
	if (a->failures > 0)
		out_printf(&o, "; %s", a->last_error);
	*said = o.text;
	return !ahead && age <= late;
}

/* Is it unread for so long that somebody must act?  A new one has time. */
static bool
unread(const struct cx *cx, const struct account *a)
{
	int64_t late = 3 * cx->conf->idle_seconds;
	int64_t at = a->checked_at == 0 ? a->created_at : a->checked_at;

	return cx->now - at > (late > BANK_BROKEN ? late : BANK_BROKEN);
}

/* Who has an account in production does not wake up for the one of staging. */
static bool
vital(const struct cx *cx, const struct account *a)
{
	return a->environment == PRODUCTION ||
	    !bank_used(cx->conf, PRODUCTION);
}

/* Without a login no statement is read, and only a person makes a new one. */
static enum err
read_login(struct cx *cx, const struct account *a, struct pulse *h)
{
	struct login l = { 0 };
	enum err e = login_find(cx, a->environment, &l);

	if (e != 0 && e != ERR_NOT_FOUND)
		return e;
	fail_clear(cx);
	if (l.refresh_until > cx->now)
		return 0;
	h->broken = h->broken || vital(cx, a);
	h->trouble = "not logged in at the bank";
	return 0;
}

/* The current accounts: the one read longest ago, and what is wrong. */
static enum err
read_accounts(struct cx *cx, struct pulse *h)
{
	const struct account *a;
	const char *said;
	struct rows rows;
	int64_t at, first = INT64_MAX;
	bool any = false;
	enum err e = account_each(cx, &rows);

	a = rows.row;
	for (size_t i = 0; e == 0 && i < rows.n; i++) {
		if (a[i].current == 0)
			continue;
		if (!pulse_account(cx, &a[i], &said))
			h->trouble = said;
		h->broken = h->broken || (vital(cx, &a[i]) &&
		    unread(cx, &a[i]));
		e = read_login(cx, &a[i], h);
		at = wait_done(WAIT_CHECKED, a[i].checked_at, cx->now);
		first = at < first ? at : first;
		any = any || vital(cx, &a[i]);
	}
	if (e == 0 && !any) {
		h->broken = true;
		h->trouble = "no account";
	}
	h->bank_checked_at = first == INT64_MAX ? 0 : first;
	return e;
}

enum err
pulse_read(struct cx *cx, struct pulse *h)
{
	struct seen w = { 0 };
	enum err e;

	*h = (struct pulse){ 0 };
	e = db_one(cx, &q[READ], &w, DB_MOST(WAIT_SEEN, cx->now));
	h->worker_seen_at = w.worker_seen_at;
	if (w.n > 0 && w.worker_seen_at + WORKER_LATE < cx->now)
		h->trouble = "no worker lives";
	return e == 0 ? read_accounts(cx, h) : e;
}

enum err
pulse_gauges(struct cx *cx, struct rows *rows)
{
	rows->size = sizeof(struct gauge);
	return db_many(cx, &q[GAUGES], rows, db_int(cx->now),
	    db_int(cx->now));
}
