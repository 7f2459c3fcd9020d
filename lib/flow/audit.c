#include "base/unmatched.h"
#include "flow/audit.h"

static const struct col flaw_row[] = { COL_TEXT(flaw, what), { 0 } };

#define WHAT(text)	"SELECT " text " AS what"
#define SUMS \
	" LEFT JOIN (SELECT m.session_id, SUM(t.amount) AS money," \
	"	COUNT(*) AS n" \
	"  FROM gateway_matches m" \
	"  JOIN gateway_transfers t ON t.id = m.transfer_id" \
	" GROUP BY m.session_id) f ON f.session_id = s.id"

#define DAY_SUMS	"merchant_id, environment, day, gross, transfers," \
	"	transactions, refunds, refund_fees, fees"
#define DAYS		"SELECT " DAY_SUMS "  FROM gateway_days"
#define POSTINGS	"SELECT " DAY_SUMS "  FROM gateway_postings"

const struct check checks[] = {
	{ "every transfer that came is matched, unmatched or a refund's return", {
		WHAT("CONCAT('transfer ', t.id)")
		"  FROM gateway_transfers t"
		"  LEFT JOIN gateway_matches m ON m.transfer_id = t.id"
		"  LEFT JOIN gateway_unmatched u ON u.transfer_id = t.id"
		"  LEFT JOIN gateway_refund_entries r ON r.transfer_id = t.id"
		" WHERE t.credit = 1 AND ((m.transfer_id IS NULL"
		"   AND u.transfer_id IS NULL AND r.transfer_id IS NULL)"
		"  OR (m.transfer_id IS NOT NULL"
		"   AND r.transfer_id IS NOT NULL)) LIMIT 20",
		flaw_row } },
	{ "every transfer that went is a refund's or listed as outgoing", {
		WHAT("CONCAT('transfer ', t.id)")
		"  FROM gateway_transfers t"
		"  LEFT JOIN gateway_refund_entries r ON r.transfer_id = t.id"
		"  LEFT JOIN gateway_outgoing o ON o.transfer_id = t.id"
		" WHERE t.credit = 0"
		"   AND (r.transfer_id IS NULL) = (o.transfer_id IS NULL)"
		" LIMIT 20",
		flaw_row } },
	{ "what left of a session's money is the sum of its transfers", {
		WHAT("CONCAT('session ', s.id, ': returned ',"
		" s.total_returned, ', transfers ', COALESCE(f.money, 0))")
		"  FROM gateway_sessions s"
		"  LEFT JOIN (SELECT o.session_id, SUM(t.amount) AS money"
		"	FROM gateway_outgoing o"
		"	JOIN gateway_transfers t ON t.id = o.transfer_id"
		"	WHERE o.session_id > 0 GROUP BY o.session_id) f"
		"    ON f.session_id = s.id"
		" WHERE s.total_returned <> COALESCE(f.money, 0) LIMIT 20",
		flaw_row } },
	{ "each account holds what came less what went, as the bank states it", {
		WHAT("CONCAT('account ', id, ': the bank states ', balance,"
		" ', by the books ', balance - balance_rest + balance_first)")
		"  FROM bank_accounts"
		" WHERE balance_rest <> balance_first LIMIT 20",
		flaw_row } },
	{ "every match joins money that came to a session in its currency", {
		WHAT("CONCAT('match of transfer ', m.transfer_id)")
		"  FROM gateway_matches m"
		"  LEFT JOIN gateway_transfers t ON t.id = m.transfer_id"
		"  LEFT JOIN gateway_sessions s ON s.id = m.session_id"
		" WHERE t.id IS NULL OR s.id IS NULL OR t.credit <> 1"
		"    OR t.currency <> s.currency LIMIT 20",
		flaw_row } },
	{ "what a session was paid is the sum of its transfers", {
		WHAT("CONCAT('session ', s.id, ': paid ', s.total_paid,"
		" ', transfers ', COALESCE(f.money, 0))")
		"  FROM gateway_sessions s" SUMS
		" WHERE s.total_paid <> COALESCE(f.money, 0)"
		"    OR s.payment_count <> COALESCE(f.n, 0) LIMIT 20",
		flaw_row } },
	{ "a session's status says what its money says", {
		WHAT("CONCAT('session ', id, ': status ', status, ', paid ',"
		" total_paid, ' of ', amount)")
		"  FROM gateway_sessions"
		" WHERE (total_paid = 0 AND status IN (3, 4, 5))"
		"    OR (total_paid > 0 AND total_paid < amount"
		"	 AND status NOT IN (2, 3))"
		"    OR (total_paid = amount AND status <> 4)"
		"    OR (total_paid > amount AND status <> 5) LIMIT 20",
		flaw_row } },
	{ "every paid session has one payment.confirmed", {
		WHAT("CONCAT('session ', s.id, ': ', COUNT(e.id), ' events')")
		"  FROM gateway_sessions s"
		"  LEFT JOIN gateway_events e ON e.session_id = s.id"
		"   AND e.type = 'payment.confirmed'"
		" WHERE s.status IN (4, 5)"
		" GROUP BY s.id HAVING COUNT(e.id) <> 1 LIMIT 20",
		flaw_row } },
	{ "no other session has one", {
		WHAT("CONCAT('event ', e.event_id)")
		"  FROM gateway_events e"
		"  JOIN gateway_sessions s ON s.id = e.session_id"
		" WHERE e.type = 'payment.confirmed' AND s.status NOT IN (4, 5)"
		" LIMIT 20",
		flaw_row } },
	{ "payment.confirmed is delivered wherever a session has a URL", {
		WHAT("CONCAT('event ', e.event_id)")
		"  FROM gateway_events e"
		"  JOIN gateway_sessions s ON s.id = e.session_id"
		"  LEFT JOIN gateway_deliveries d ON d.event_id = e.id"
		" WHERE e.type = 'payment.confirmed'"
		"   AND s.callback_url IS NOT NULL AND d.event_id IS NULL"
		" LIMIT 20",
		flaw_row } },
	{ "refunds never exceed what was paid", {
		WHAT("CONCAT('session ', s.id, ': refunds ', SUM(r.amount))")
		"  FROM gateway_refunds r"
		"  JOIN gateway_sessions s ON s.id = r.session_id"
		" WHERE r.status NOT IN (4, 5)"
		" GROUP BY s.id HAVING SUM(r.amount) > MAX(s.total_paid)"
		" LIMIT 20",
		flaw_row } },
	{ "an overpayment above the fee has its refund", {
		/* what failed, or was given up, was there: the last money
		 * came before or after it, nobody knows */
		WHAT("CONCAT('session ', s.id, ': ', s.total_paid - s.amount,"
		" ' too much, refunds of that ',"
		" COALESCE(SUM(r.amount * r.automatic), 0))")
		"  FROM gateway_sessions s"
		"  LEFT JOIN gateway_refunds r ON r.session_id = s.id"
		" WHERE s.status = 5 AND s.total_paid - s.amount > 100"
		" GROUP BY s.id HAVING LEAST(MAX(s.total_paid - s.amount)"
		"	- COALESCE(SUM(r.amount * r.automatic), 0),"
		"	MAX(s.total_paid) - COALESCE(SUM(r.amount), 0)) > 100"
		" LIMIT 20",
		flaw_row } },
	{ "no webhook tells of a refund that was never there", {
		WHAT("CONCAT('event ', e.event_id)")
		"  FROM gateway_sessions s"
		"  JOIN gateway_events e ON e.session_id = s.id"
		"  LEFT JOIN gateway_refunds r"
		"    ON r.session_id = s.id AND r.automatic = 1"
		" WHERE s.status = 5"
		"   AND e.type IN ('payment.confirmed', 'payment.overpaid')"
		" GROUP BY e.id HAVING MAX(CAST(JSON_VALUE(e.body,"
		"	'$.refund_amount') AS DECIMAL(20, 2))) * 100"
		"	> COALESCE(SUM(r.amount - r.processing_fee), 0)"
		" LIMIT 20",
		flaw_row } },
	{ "no refund is paid twice, and each by its exact amount, which comes back less 10.00 at most", {
		WHAT("CONCAT('refund ', r.reference_number, ': ', COUNT(*),"
		" ' entries, ', SUM(t.amount))")
		"  FROM gateway_refund_entries f"
		"  JOIN gateway_refunds r ON r.id = f.refund_id"
		"  JOIN gateway_transfers t ON t.id = f.transfer_id"
		" GROUP BY r.id, f.returned HAVING COUNT(*) > 1"
		"    OR MAX(t.amount > r.amount - r.processing_fee)"
		"    OR MAX(t.amount < r.amount - r.processing_fee"
		"	- IF(f.returned, 1000, 0))"
		"    OR MAX(t.credit <> f.returned) LIMIT 20",
		flaw_row } },
	{ "a refund goes through the account that was paid", {
		WHAT("CONCAT('refund ', r.reference_number)")
		"  FROM gateway_refund_entries f"
		"  JOIN gateway_transfers t ON t.id = f.transfer_id"
		"  JOIN gateway_refunds r ON r.id = f.refund_id"
		"  JOIN gateway_sessions s ON s.id = r.session_id"
		" WHERE t.account_id <> s.account_id LIMIT 20",
		flaw_row } },
	{ "a refund is sent when its money went and did not return", {
		WHAT("CONCAT('refund ', r.reference_number, ': status ',"
		" r.status, ', went ', f.went, ', returned ', f.back)")
		"  FROM gateway_refunds r"
		"  JOIN (SELECT refund_id, SUM(returned = 0) AS went,"
		"	SUM(returned) AS back FROM gateway_refund_entries"
		"	GROUP BY refund_id) f ON f.refund_id = r.id"
		" WHERE (f.back = 0 AND r.status <> 3)"
		"    OR (f.back > 0 AND r.status <> 4) LIMIT 20",
		flaw_row } },
	{ "every sent refund is on the bank's statement, an hour later", {
		WHAT("CONCAT('refund ', r.reference_number)")
		"  FROM gateway_refunds r"
		"  JOIN gateway_sessions s ON s.id = r.session_id"
		"  JOIN bank_accounts a ON a.id = s.account_id"
		"  LEFT JOIN gateway_refund_entries f"
		"    ON f.refund_id = r.id AND f.returned = 0"
		" WHERE r.status = 3 AND f.refund_id IS NULL"
		"   AND a.checked_at > r.sent_at + 3600 LIMIT 20",
		flaw_row } },
	{ "of a refund's orders only the chosen one was authorised", {
		WHAT("CONCAT('payout ', p.id, ' of refund ',"
		" r.reference_number)")
		"  FROM gateway_payouts p"
		"  JOIN gateway_refunds r ON r.id = p.refund_id"
		" WHERE p.authorised_at > 0 AND r.payout_id <> p.id LIMIT 20",
		flaw_row } },
	{ "the reports' sums are those of the facts", {
		WHAT("CONCAT('merchant ', merchant_id, ', day ',"
		" DATE_ADD('1970-01-01', INTERVAL day DAY), ': gross off by ',"
		" SUM(gross), ', refunds by ', SUM(refunds), ', fees by ',"
		" SUM(refund_fees + fees))")
		"  FROM (" DAYS " UNION ALL " POSTINGS
		" UNION ALL "
		"SELECT s.merchant_id, s.environment, t.booking_day, -t.amount,"
		"	-1, -m.first, 0, 0, -m.fee"
		"  FROM gateway_matches m"
		"  JOIN gateway_transfers t ON t.id = m.transfer_id"
		"  JOIN gateway_sessions s ON s.id = m.session_id"
		" UNION ALL "
		"SELECT s.merchant_id, s.environment, t.booking_day, 0, 0, 0,"
		"	IF(f.returned, t.amount, -t.amount), IF(f.returned,"
		"	r.processing_fee, -r.processing_fee), 0"
		"  FROM gateway_refund_entries f"
		"  JOIN gateway_transfers t ON t.id = f.transfer_id"
		"  JOIN gateway_refunds r ON r.id = f.refund_id"
		"  JOIN gateway_sessions s ON s.id = r.session_id) d"
		" GROUP BY merchant_id, environment, day"
		" HAVING SUM(gross) <> 0 OR SUM(transfers) <> 0"
		"    OR SUM(transactions) <> 0 OR SUM(refunds) <> 0"
		"    OR SUM(refund_fees) <> 0 OR SUM(fees) <> 0 LIMIT 20",
		flaw_row } },
	{ "a payment has one first transfer", {
		WHAT("CONCAT('session ', session_id, ': ', SUM(first))")
		"  FROM gateway_matches GROUP BY session_id"
		" HAVING SUM(first) <> 1 LIMIT 20",
		flaw_row } },
	{ "the reports count each session that ended once", {
		WHAT("CONCAT('merchant ', merchant_id, ': succeeded off by ',"
		" SUM(succeeded), ', finished by ', SUM(finished))")
		"  FROM (SELECT merchant_id, environment, succeeded, finished"
		"	FROM gateway_days"
		" UNION ALL "
		"SELECT merchant_id, environment, succeeded, finished"
		"	FROM gateway_postings"
		" UNION ALL "
		"SELECT merchant_id, environment, -SUM(status IN (4, 5)),"
		"	-COUNT(*)"
		"  FROM gateway_sessions WHERE status IN (4, 5, 6, 7)"
		" GROUP BY merchant_id, environment) d"
		" GROUP BY merchant_id, environment"
		" HAVING SUM(succeeded) <> 0 OR SUM(finished) <> 0 LIMIT 20",
		flaw_row } },
	{ "a schedule's counts are those of its cycles", {
		WHAT("CONCAT('schedule ', p.id)")
		"  FROM recurring_schedules p"
		"  LEFT JOIN (SELECT schedule_id, COUNT(*) AS n,"
		"	SUM(status = 1) AS paid, SUM(status = 2) AS missed"
		"	FROM recurring_cycles GROUP BY schedule_id) c"
		"    ON c.schedule_id = p.id"
		" WHERE p.cycles_billed <> COALESCE(c.n, 0)"
		"    OR p.cycles_paid <> COALESCE(c.paid, 0)"
		"    OR p.cycles_missed <> COALESCE(c.missed, 0) LIMIT 20",
		flaw_row } },
	{ "a cycle is paid when its session is", {
		WHAT("CONCAT('cycle ', c.id, ': status ', c.status,"
		" ', session ', s.status)")
		"  FROM recurring_cycles c"
		"  LEFT JOIN gateway_sessions s ON s.id = c.session_id"
		" WHERE s.id IS NULL OR s.schedule_id <> c.schedule_id"
		"    OR (c.status = 1) <> (s.status IN (4, 5)) LIMIT 20",
		flaw_row } },
	{ "every cycle has its first message", {
		WHAT("CONCAT('cycle ', c.id)")
		"  FROM recurring_cycles c"
		"  LEFT JOIN recurring_messages m"
		"    ON m.cycle_id = c.id AND m.reminder = 0"
		" WHERE m.id IS NULL LIMIT 20",
		flaw_row } },
	{ NULL, { NULL, NULL } }
};

static const struct col books_row[] = {
	COL_INT(books, transfers),
	COL_INT(books, came),
	COL_INT(books, matched),
	COL_INT(books, unmatched),
	COL_INT(books, returned),
	COL_INT(books, went),
	COL_INT(books, refunded),
	COL_INT(books, sessions),
	COL_INT(books, paid),
	COL_INT(books, refunds),
	{ 0 }
};

enum { BOOKS, Q__MAX };

const struct stmt audit_stmts[] = {
	[BOOKS] = {
		"SELECT t.*, s.*,"
		"	(SELECT CAST(COALESCE(SUM(amount), 0) AS INTEGER)"
		"	 FROM gateway_refunds WHERE status NOT IN (4, 5))"
		"	 AS refunds"
		"  FROM (SELECT COUNT(*) AS transfers,"
		"	 CAST(COALESCE(SUM(t.amount * t.credit), 0) AS INTEGER)"
		"	  AS came,"
		"	 CAST(COALESCE(SUM(IF(m.transfer_id IS NULL, 0,"
		"	  t.amount)), 0) AS INTEGER) AS matched,"
		"	 CAST(COALESCE(SUM(IF(" UNMATCHED_IS ", t.amount, 0)),"
		"	  0) AS INTEGER) AS unmatched,"
		"	 CAST(COALESCE(SUM(IF(f.returned = 1, t.amount, 0)), 0)"
		"	  AS INTEGER) AS returned,"
		"	 CAST(COALESCE(SUM(t.amount * (1 - t.credit)), 0)"
		"	  AS INTEGER) AS went,"
		"	 CAST(COALESCE(SUM(IF(f.returned = 0, t.amount, 0)), 0)"
		"	  AS INTEGER) AS refunded"
		"	 FROM gateway_transfers t LEFT JOIN gateway_matches m"
		"	  ON m.transfer_id = t.id"
		"	 LEFT JOIN gateway_refund_entries f"
		"	  ON f.transfer_id = t.id"
		"	 LEFT JOIN gateway_unmatched u ON u.transfer_id = t.id"
		"	 WHERE m.transfer_id IS NOT NULL"
		"	  OR f.transfer_id IS NOT NULL"
		"	  OR NOT " UNMATCHED_COPY ") t,"
		"	(SELECT COUNT(*) AS sessions,"
		"	 CAST(COALESCE(SUM(total_paid), 0) AS INTEGER) AS paid"
		"	 FROM gateway_sessions) s",
		books_row
	},
};
const size_t audit_nstmts = NELEM(audit_stmts);
_Static_assert(NELEM(audit_stmts) == Q__MAX, "a statement has no text");

enum err
audit_sums(struct cx *cx, struct books *b)
{
	return db_one_(cx, &audit_stmts[BOOKS], b, NULL, 0);
}

struct audit {
	struct books	*books;
	void		(*each)(const struct check *, const struct rows *,
			    void *);
	void		*arg;
};

static enum err
run(struct cx *cx, void *arg)
{
	const struct audit *a = arg;
	struct rows rows = { .size = sizeof(struct flaw) };
	enum err e = audit_sums(cx, a->books);

	for (const struct check *c = checks; e == 0 && c->name != NULL; c++) {
		e = db_many_(cx, &c->find, &rows, NULL, 0);
		if (e == 0)
			a->each(c, &rows, a->arg);
	}
	return e;
}

enum err
audit(struct cx *cx, struct books *b,
    void (*each)(const struct check *, const struct rows *, void *), void *arg)
{
	struct audit a = { b, each, arg };
	enum err e;

	e = db_script(cx, "SET SESSION max_statement_time = 0");
	if (e == 0)
		e = db_script(cx, "SET SESSION TRANSACTION ISOLATION LEVEL"
		    " REPEATABLE READ");
	return e == 0 ? db_tx(cx, run, &a) : e;
}
