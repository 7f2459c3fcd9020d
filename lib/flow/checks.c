#include "flow/audit.h"

const struct col flaw_row[] = { COL_TEXT(flaw, what), { 0 } };

#define WHAT(text)	"SELECT CONCAT_WS(''," text ") AS what"

#define DAY_SUMS	"merchant_id, environment, day, gross, transfers," \
	"	transactions, refunds, refund_fees, fees"
#define DAYS		"SELECT " DAY_SUMS "  FROM gateway_days"
#define POSTINGS	"SELECT " DAY_SUMS "  FROM gateway_postings"

/* What a refund r is of, and the account that was paid. */
#define REFUND_OF \
	"  LEFT JOIN gateway_sessions s ON s.id = r.session_id" \
	"  LEFT JOIN gateway_transfers o ON o.id = r.transfer_id"
#define PAID_TO	"COALESCE(s.account_id, o.account_id)"

/* An event took a session's money away that had been paid before. */
#define CENTS_OF(field)	"ROUND(JSON_VALUE(e.body, '$." field "') * 100)"
#define REVOKES \
	"(e.type = 'payment.unassigned'" \
	" AND " CENTS_OF("amount_paid") " < " CENTS_OF("invoice_amount") \
	" AND " CENTS_OF("amount_paid") " + " CENTS_OF("unassigned_amount") \
	"	>= " CENTS_OF("invoice_amount") ")"

const struct check check_sums[] = {
	{ "every transfer that came is matched, unmatched or a refund's return",
	  SPAN_TRANSFERS, {
		WHAT("'transfer ', t.id, ': ', t.amount, ' ', t.currency,"
		" ', of session ', COALESCE(m.session_id, 'none'),"
		" ', of refund ', COALESCE(r.refund_id, 'none')")
		"  FROM gateway_transfers t"
		"  LEFT JOIN gateway_matches m ON m.transfer_id = t.id"
		"  LEFT JOIN gateway_unmatched u ON u.transfer_id = t.id"
		"  LEFT JOIN gateway_refund_entries r ON r.transfer_id = t.id"
		WITHIN("t.id") " AND t.credit = 1 AND ((m.transfer_id IS NULL"
		"   AND u.transfer_id IS NULL AND r.transfer_id IS NULL)"
		"  OR (m.transfer_id IS NOT NULL"
		"   AND r.transfer_id IS NOT NULL)) LIMIT 20",
		flaw_row } },
	{ "every transfer that went is a refund's or listed as outgoing",
	  SPAN_TRANSFERS, {
		WHAT("'transfer ', t.id, ': ', t.amount, ' ', t.currency,"
		" ', of refund ', COALESCE(r.refund_id, 'none'),"
		" IF(o.transfer_id IS NULL, ', not listed', ', listed')")
		"  FROM gateway_transfers t"
		"  LEFT JOIN gateway_refund_entries r ON r.transfer_id = t.id"
		"  LEFT JOIN gateway_outgoing o ON o.transfer_id = t.id"
		WITHIN("t.id") " AND t.credit = 0"
		"   AND (r.transfer_id IS NULL) = (o.transfer_id IS NULL)"
		" LIMIT 20",
		flaw_row } },
	{ "what left of a session's money is the sum of its transfers",
	  SPAN_SESSIONS, {
		WHAT("'session ', s.id, ': returned ', s.total_returned,"
		" ', transfers ', COALESCE(SUM(t.amount), 0)")
		"  FROM gateway_sessions s"
		"  LEFT JOIN gateway_outgoing o ON o.session_id = s.id"
		"  LEFT JOIN gateway_transfers t ON t.id = o.transfer_id"
		WITHIN("s.id") " GROUP BY s.id"
		" HAVING MAX(s.total_returned) <> COALESCE(SUM(t.amount), 0)"
		" LIMIT 20",
		flaw_row } },
	{ "each account holds what came less what went, as its bank states",
	  SPAN_ALL, {
		WHAT("'account ', id, ': the bank states ', balance, ', by the"
		" books ', balance - balance_rest + balance_first")
		"  FROM bank_accounts"
		" WHERE balance_rest <> balance_first LIMIT 20",
		flaw_row } },
	{ "every match joins money that came to a session's account and"
	  " currency", SPAN_TRANSFERS, {
		WHAT("'match of transfer ', m.transfer_id, ': ',"
		" IF(t.credit, 'came', 'went'), ' ', t.currency, ' on account"
		" ', t.account_id, '; session ', m.session_id, ' has ',"
		" s.currency, ' on account ', s.account_id")
		"  FROM gateway_matches m"
		"  LEFT JOIN gateway_transfers t ON t.id = m.transfer_id"
		"  LEFT JOIN gateway_sessions s ON s.id = m.session_id"
		WITHIN("m.transfer_id")
		"   AND (t.id IS NULL OR s.id IS NULL OR t.credit <> 1"
		"    OR t.currency <> s.currency"
		"    OR NOT (t.account_id <=> s.account_id)) LIMIT 20",
		flaw_row } },
	{ "what a session was paid is the sum of its transfers",
	  SPAN_SESSIONS, {
		WHAT("'session ', s.id, ': paid ', s.total_paid, ' in ',"
		" s.payment_count, ', transfers ', COALESCE(SUM(t.amount), 0),"
		" ' in ', COUNT(m.transfer_id)")
		"  FROM gateway_sessions s"
		"  LEFT JOIN gateway_matches m ON m.session_id = s.id"
		"  LEFT JOIN gateway_transfers t ON t.id = m.transfer_id"
		WITHIN("s.id") " GROUP BY s.id"
		" HAVING MAX(s.total_paid) <> COALESCE(SUM(t.amount), 0)"
		"    OR MAX(s.payment_count) <> COUNT(m.transfer_id) LIMIT 20",
		flaw_row } },
	{ "a session's status says what its money says", SPAN_SESSIONS, {
		WHAT("'session ', id, ': status ', status, ', paid ',"
		" total_paid, ' of ', amount")
		"  FROM gateway_sessions" WITHIN("id")
		"   AND ((total_paid = 0 AND status IN (3, 4, 5))"
		"    OR (total_paid > 0 AND total_paid < amount"
		"	 AND status NOT IN (2, 3))"
		"    OR (total_paid = amount AND status <> 4)"
		"    OR (total_paid > amount AND status <> 5)) LIMIT 20",
		flaw_row } },
	{ "every paid session, and no other, has a payment.confirmed that was"
	  " not taken back", SPAN_SESSIONS, {
		WHAT("'session ', s.id, ': status ', s.status, ', ',"
		" SUM(e.type = 'payment.confirmed'), ' events, taken back ',"
		" SUM(" REVOKES ")")
		"  FROM gateway_sessions s"
		"  JOIN gateway_events e ON e.session_id = s.id"
		"   AND e.type IN ('payment.confirmed', 'payment.unassigned')"
		WITHIN("s.id") " GROUP BY s.id"
		" HAVING SUM(IF(e.type = 'payment.confirmed', 1,"
		"	-(" REVOKES "))) <> MAX(s.status IN (4, 5)) LIMIT 20",
		flaw_row } },
	{ "every paid session has one", SPAN_SESSIONS, {
		WHAT("'session ', s.id, ': status ', s.status, ', no"
		" payment.confirmed'")
		"  FROM gateway_sessions s"
		"  LEFT JOIN gateway_events e ON e.session_id = s.id"
		"   AND e.type = 'payment.confirmed'"
		WITHIN("s.id") " AND s.status IN (4, 5) AND e.id IS NULL"
		" LIMIT 20",
		flaw_row } },
	{ "payment.confirmed is delivered wherever a session has a URL",
	  SPAN_EVENTS, {
		WHAT("'event ', e.event_id, ': no delivery to ',"
		" SUBSTRING_INDEX(s.callback_url, '?', 1)")
		"  FROM gateway_events e"
		"  JOIN gateway_sessions s ON s.id = e.session_id"
		"  LEFT JOIN gateway_deliveries d ON d.event_id = e.id"
		WITHIN("e.id") " AND e.type = 'payment.confirmed'"
		"   AND s.callback_url IS NOT NULL AND d.event_id IS NULL"
		" LIMIT 20",
		flaw_row } },
	{ "refunds never exceed what was paid", SPAN_SESSIONS, {
		WHAT("'session ', s.id, ': refunds ', SUM(r.amount),"
		" ', paid ', s.total_paid")
		"  FROM gateway_sessions s"
		"  JOIN gateway_refunds r ON r.session_id = s.id"
		WITHIN("s.id") " AND r.status NOT IN (4, 5)"
		" GROUP BY s.id HAVING SUM(r.amount) > MAX(s.total_paid)"
		" LIMIT 20",
		flaw_row } },
	{ "an overpayment above the fee has its refund", SPAN_SESSIONS, {
		/* what failed, or was given up, was there: the last money
		 * came before or after it, nobody knows */
		WHAT("'session ', s.id, ': ', s.total_paid - s.total_returned"
		" - s.amount, ' too much, refunds of that ',"
		" COALESCE(SUM(r.amount * r.automatic), 0)")
		"  FROM gateway_sessions s"
		"  LEFT JOIN gateway_refunds r ON r.session_id = s.id"
		WITHIN("s.id")
		"   AND s.status = 5 AND s.total_paid - s.amount > 100"
		" GROUP BY s.id HAVING LEAST(MAX(s.total_paid"
		"	- s.total_returned - s.amount)"
		"	- COALESCE(SUM(r.amount * r.automatic), 0),"
		"	MAX(s.total_paid - s.total_returned)"
		"	- COALESCE(SUM(r.amount), 0)) > 100"
		" LIMIT 20",
		flaw_row } },
	{ "no webhook tells of a refund that was never there", SPAN_EVENTS, {
		WHAT("'event ', e.event_id, ': tells of ', JSON_VALUE(e.body,"
		" '$.refund_amount'), ', refunds of session ', s.id, ': ',"
		" COALESCE(SUM(r.amount - r.processing_fee), 0)")
		"  FROM gateway_events e"
		"  JOIN gateway_sessions s ON s.id = e.session_id"
		"  LEFT JOIN gateway_refunds r"
		"    ON r.session_id = s.id AND r.automatic = 1"
		WITHIN("e.id") " AND s.status = 5"
		"   AND e.type IN ('payment.confirmed', 'payment.overpaid')"
		" GROUP BY e.id HAVING MAX(CAST(JSON_VALUE(e.body,"
		"	'$.refund_amount') AS DECIMAL(20, 2))) * 100"
		"	> COALESCE(SUM(r.amount - r.processing_fee), 0)"
		" LIMIT 20",
		flaw_row } },
	{ "no refund is paid twice, each by its exact amount, which returns"
	  " less 10.00 at most",
	  SPAN_REFUNDS, {
		WHAT("'refund ', r.reference_number, ': ', r.amount"
		" - r.processing_fee, ', ', IF(f.returned, 'returned', 'went'),"
		" ' in ', COUNT(*), ' entries, ', SUM(t.amount)")
		"  FROM gateway_refunds r"
		"  JOIN gateway_refund_entries f ON f.refund_id = r.id"
		"  JOIN gateway_transfers t ON t.id = f.transfer_id"
		WITHIN("r.id")
		" GROUP BY r.id, f.returned HAVING COUNT(*) > 1"
		"    OR MAX(t.amount > r.amount - r.processing_fee)"
		"    OR MAX(t.amount < r.amount - r.processing_fee"
		"	- IF(f.returned, 1000, 0))"
		"    OR MAX(t.credit <> f.returned) LIMIT 20",
		flaw_row } },
	{ "a refund goes through the account that was paid", SPAN_REFUNDS, {
		WHAT("'refund ', r.reference_number, ': through account ',"
		" t.account_id, ', paid to ', " PAID_TO)
		"  FROM gateway_refunds r"
		"  JOIN gateway_refund_entries f ON f.refund_id = r.id"
		"  JOIN gateway_transfers t ON t.id = f.transfer_id" REFUND_OF
		WITHIN("r.id") " AND NOT (t.account_id <=> " PAID_TO ")"
		" LIMIT 20",
		flaw_row } },
	{ "a refund is of one session, or sends one transfer back",
	  SPAN_REFUNDS, {
		WHAT("'refund ', r.reference_number, ': of session ',"
		" COALESCE(s.id, CONCAT(r.session_id, ', which is not there'"
		")), ', sends back ', COALESCE(o.id, CONCAT(r.transfer_id,"
		" ', which is not there'))")
		"  FROM gateway_refunds r" REFUND_OF
		WITHIN("r.id") "   AND ((s.id IS NULL) = (o.id IS NULL)"
		"    OR (s.id IS NULL) <> (r.session_id = 0)"
		"    OR (o.id IS NULL) <> (r.transfer_id = 0)) LIMIT 20",
		flaw_row } },
	{ "what is sent back is whole, and goes to where it came from, once",
	  SPAN_REFUNDS, {
		WHAT("'refund ', r.reference_number, ': ', r.amount, ' fee ',"
		" r.processing_fee, ' to ', r.debtor_iban, '; sends back"
		" transfer ', o.id, ': ', IF(o.credit, 'came ', 'went '),"
		" o.amount, ' from ', o.debtor_iban, IF(m.transfer_id IS NULL,"
		" '', CONCAT(', which is of session ', m.session_id))")
		"  FROM gateway_refunds r"
		"  JOIN gateway_transfers o ON o.id = r.transfer_id"
		"  LEFT JOIN gateway_matches m ON m.transfer_id = o.id"
		"   AND r.status NOT IN (4, 5)"
		WITHIN("r.id") " AND r.transfer_id > 0 AND (o.credit <> 1"
		"    OR r.processing_fee <> 0 OR m.transfer_id IS NOT NULL"
		"    OR r.amount > o.amount"
		"    OR r.debtor_iban <> REPLACE(o.debtor_iban, ' ', '')"
		"    OR (SELECT COUNT(*) FROM gateway_refunds n"
		"	WHERE n.transfer_id = o.id AND n.status NOT IN (4, 5)"
		"	AND r.status NOT IN (4, 5)) > 1) LIMIT 20",
		flaw_row } },
	{ "a refund is sent when its money went and did not return",
	  SPAN_REFUNDS, {
		WHAT("'refund ', r.reference_number, ': status ',"
		" r.status, ', went ', SUM(f.returned = 0), ', returned ',"
		" SUM(f.returned)")
		"  FROM gateway_refunds r"
		"  JOIN gateway_refund_entries f ON f.refund_id = r.id"
		WITHIN("r.id") " GROUP BY r.id"
		" HAVING MAX(r.status) <> IF(SUM(f.returned) = 0, 3, 4)"
		" LIMIT 20",
		flaw_row } },
	{ "every sent refund is on the bank's statement, an hour later",
	  SPAN_REFUNDS, {
		WHAT("'refund ', r.reference_number, ': sent ',"
		" FROM_UNIXTIME(r.sent_at), ', statement read ',"
		" FROM_UNIXTIME(a.checked_at)")
		"  FROM gateway_refunds r" REFUND_OF
		"  JOIN bank_accounts a ON a.id = " PAID_TO
		"  LEFT JOIN gateway_refund_entries f"
		"    ON f.refund_id = r.id AND f.returned = 0"
		WITHIN("r.id") " AND r.status = 3 AND f.refund_id IS NULL"
		"   AND a.checked_at > r.sent_at + 3600 LIMIT 20",
		flaw_row } },
	{ "of a refund's orders only the chosen one was authorised",
	  SPAN_PAYOUTS, {
		WHAT("'payout ', p.id, ': authorised, refund ',"
		" r.reference_number, ' chose ', r.payout_id")
		"  FROM gateway_payouts p"
		"  JOIN gateway_refunds r ON r.id = p.refund_id"
		WITHIN("p.id")
		"   AND p.authorised_at > 0 AND r.payout_id <> p.id LIMIT 20",
		flaw_row } },
	{ "the reports' sums are those of the facts", SPAN_ALL, {
		WHAT("'merchant ', merchant_id, ', environment ', environment,"
		" ', day ', DATE_ADD('1970-01-01', INTERVAL day DAY),"
		" ': gross off by ', SUM(gross), ', transfers by ',"
		" SUM(transfers), ', transactions by ', SUM(transactions),"
		" ', refunds by ', SUM(refunds), ', fees by ',"
		" SUM(refund_fees + fees)")
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
	{ "a payment has one first transfer", SPAN_SESSIONS, {
		WHAT("'session ', s.id, ': ', SUM(m.first), ' first of ',"
		" COUNT(*), ' transfers'")
		"  FROM gateway_sessions s"
		"  JOIN gateway_matches m ON m.session_id = s.id"
		WITHIN("s.id")
		" GROUP BY s.id HAVING SUM(m.first) <> 1 LIMIT 20",
		flaw_row } },
	{ "the reports count each session that ended once", SPAN_ALL, {
		WHAT("'merchant ', merchant_id, ', environment ', environment,"
		" ': succeeded off by ', SUM(succeeded), ', finished by ',"
		" SUM(finished)")
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
	{ "a schedule's counts are those of its cycles", SPAN_ALL, {
		WHAT("'schedule ', p.id, ': billed ', p.cycles_billed,"
		" ', paid ', p.cycles_paid, ', missed ', p.cycles_missed,"
		" '; cycles ', COALESCE(c.n, 0), ', paid ',"
		" COALESCE(c.paid, 0), ', missed ', COALESCE(c.missed, 0)")
		"  FROM recurring_schedules p"
		"  LEFT JOIN (SELECT schedule_id, COUNT(*) AS n,"
		"	SUM(status = 1) AS paid, SUM(status = 2) AS missed"
		"	FROM recurring_cycles GROUP BY schedule_id) c"
		"    ON c.schedule_id = p.id"
		" WHERE p.cycles_billed <> COALESCE(c.n, 0)"
		"    OR p.cycles_paid <> COALESCE(c.paid, 0)"
		"    OR p.cycles_missed <> COALESCE(c.missed, 0) LIMIT 20",
		flaw_row } },
	{ "a cycle is paid when its session is", SPAN_CYCLES, {
		WHAT("'cycle ', c.id, ' of schedule ', c.schedule_id,"
		" ': status ', c.status, ', session ', c.session_id, ' of"
		" schedule ', COALESCE(s.schedule_id, 'none'), ': ', s.status,"
		" IF(p.id IS NULL, '; there is no such schedule', '')")
		"  FROM recurring_cycles c"
		"  LEFT JOIN gateway_sessions s ON s.id = c.session_id"
		"  LEFT JOIN recurring_schedules p ON p.id = c.schedule_id"
		WITHIN("c.id") "   AND (s.id IS NULL OR p.id IS NULL"
		"    OR s.schedule_id <> c.schedule_id"
		"    OR (c.status = 1) <> (s.status IN (4, 5))) LIMIT 20",
		flaw_row } },
	{ "every cycle has its first message", SPAN_CYCLES, {
		WHAT("'cycle ', c.id, ' of schedule ', c.schedule_id,"
		" ': no first message'")
		"  FROM recurring_cycles c"
		"  LEFT JOIN recurring_messages m"
		"    ON m.cycle_id = c.id AND m.reminder = 0"
		WITHIN("c.id") " AND m.id IS NULL LIMIT 20",
		flaw_row } },
	{ NULL, SPAN_ALL, { NULL, NULL } }
};
