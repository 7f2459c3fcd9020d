#include "base/facts.h"
#include "flow/audit.h"

#define WHAT(text)	"SELECT CONCAT_WS(''," text ") AS what"
#define TOLD(field)	"JSON_VALUE(e.body, '$." field "')"
#define TOLD_CENTS(f)	"CAST(" TOLD(f) " * 100 AS INTEGER)"
#define MONEY_EVENTS	"('payment.confirmed', 'payment.partial'," \
	" 'payment.overpaid', 'payment.unassigned')"
#define LATEST(types) /* event of a session */ \
	"  JOIN gateway_events e ON e.id = (SELECT MAX(l.id)" \
	"	FROM gateway_events l WHERE l.session_id = s.id" \
	"	  AND l.type IN " types ")"

/* A row with the facts it was written with. */
#define AS_WRITTEN(noun, span, table, name, now) \
	{ noun " is as it was written", span, { \
		WHAT(name ", ': is ', " now ", '; was written ', x.facts") \
		"  FROM " table " x" WITHIN("x.id") \
		"   AND x.facts <> " now " LIMIT 20", \
		flaw_row } }

/* How many of a session's rows there are, and what it counted. */
#define AS_COUNTED(table, count) \
	{ "a session has all its " count, SPAN_SESSIONS, { \
		WHAT("'session ', s.id, ': ', COUNT(x.id), ' " count "," \
		" made were ', s." count) \
		"  FROM gateway_sessions s" \
		"  LEFT JOIN " table " x ON x.session_id = s.id" \
		"   AND x.facts IS NOT NULL" WITHIN("s.id") \
		" GROUP BY s.id HAVING COUNT(x.id) <> MAX(s." count ")" \
		" LIMIT 20", \
		flaw_row } }

const struct check check_rows[] = {
	AS_WRITTEN("every transfer", SPAN_TRANSFERS, "gateway_transfers",
	    "'transfer ', x.id", FACTS_TRANSFER("x.")),
	AS_WRITTEN("every session", SPAN_SESSIONS, "gateway_sessions",
	    "'session ', x.id", FACTS_SESSION("x.")),
	AS_WRITTEN("every refund", SPAN_REFUNDS, "gateway_refunds",
	    "'refund ', x.id", FACTS_REFUND("x.")),
	AS_WRITTEN("every event", SPAN_EVENTS, "gateway_events",
	    "'event ', x.id", FACTS_EVENT("x.")),
	AS_COUNTED("gateway_events", "events"),
	AS_COUNTED("gateway_refunds", "refunds"),
	{ "the bank says of every transfer what is stored", SPAN_ALL, {
		/* until an operator dismisses the entry, also if it fits */
		WHAT("'transfer ', t.id, ': a read found the ', a.field,"
		" ' to be another; it is ', IF(t.credit, 'credit ', 'debit '),"
		" t.amount, ' ', t.currency, ' day ', t.booking_day,"
		" '; the bank says ', JSON_VALUE(a.raw,"
		" '$.transactionAmount.amount'), ' (entry ', a.id,"
		" ' kept aside)'")
		"  FROM gateway_asides a"
		"  JOIN gateway_transfers t ON t.id = a.transfer_id"
		" WHERE a.status = 0 AND a.reason = 'conflict'"
		"   AND a.field LIKE 'stored %' LIMIT 20",
		flaw_row } },
	{ "every id of a transfer is of its account", SPAN_TRANSFERS, {
		WHAT("'id ', i.bank_id, ': of account ', i.account_id,"
		" ', transfer ', i.transfer_id, ' of ', COALESCE(t.account_id,"
		" 'none')")
		"  FROM gateway_transfer_ids i"
		"  LEFT JOIN gateway_transfers t ON t.id = i.transfer_id"
		WITHIN("i.transfer_id")
		"   AND NOT (t.account_id <=> i.account_id) LIMIT 20",
		flaw_row } },
	{ "what is kept aside is open or finished", SPAN_ALL, {
		WHAT("'entry kept aside ', a.id, ': status ', a.status,"
		" ', finished ', a.closed_at, ', transfer ',"
		" COALESCE(a.transfer_id, 'none'), ' of account ',"
		" t.account_id, ', entry of ', a.account_id")
		"  FROM gateway_asides a"
		"  LEFT JOIN gateway_transfers t ON t.id = a.transfer_id"
		" WHERE (a.status = 0) <> (a.closed_at = 0)"
		"    OR (t.id IS NULL AND (a.transfer_id IS NOT NULL"
		"	OR a.status = 1 OR a.reason = 'conflict'))"
		"    OR t.account_id <> a.account_id LIMIT 20",
		flaw_row } },
	{ "an invoice is whole", SPAN_SESSIONS, {
		WHAT("'session ', s.id, ': status ', s.status, ', invoice ',"
		" COALESCE(s.invoice_number, 'none'), ', reference ',"
		" COALESCE(s.reference_number, 'none'), ', sought as ',"
		" COALESCE(s.reference_key, 'none'), ', account ',"
		" COALESCE(s.account_id, 'none'), ', since ',"
		" COALESCE(s.invoiced_at, 'never')")
		"  FROM gateway_sessions s" WITHIN("s.id")
		"   AND s.facts IS NOT NULL"
		"   AND ((s.invoiced_at IS NULL) <> (s.invoice_number IS NULL)"
		"    OR (s.invoiced_at IS NULL) <> (s.account_id IS NULL)"
		"    OR (s.invoiced_at IS NULL) <> (s.reference_number IS NULL)"
		"    OR NOT (s.reference_key <=> REPLACE(REPLACE(REPLACE("
		"	REPLACE(s.reference_number, '-', ''), 'O', '0'),"
		"	'I', '1'), 'L', '1'))"
		"    OR (s.status = 0 AND s.invoiced_at IS NOT NULL)"
		"    OR (s.status BETWEEN 1 AND 6 AND s.invoiced_at IS NULL)"
		"    OR (s.status = 2 AND s.polled_at = 0)) LIMIT 20",
		flaw_row } },
	{ "a paid session knows since when", SPAN_SESSIONS, {
		WHAT("'session ', id, ': status ', status, ', confirmed at ',"
		" confirmed_at")
		"  FROM gateway_sessions" WITHIN("id")
		"   AND (status IN (4, 5)) <> (confirmed_at > 0) LIMIT 20",
		flaw_row } },
	{ "an event tells of its session as it is", SPAN_EVENTS, {
		WHAT("'event ', e.event_id, ': tells ', " TOLD_CENTS(
		"invoice_amount") ", ' ', " TOLD("reference_number") ", ' ',"
		" " TOLD("invoice_number") ", '; session ', s.id, ' says ',"
		" s.amount, ' ', s.reference_number, ' ', s.invoice_number,"
		" IF(" TOLD("session_token") " <=> LOWER(CONCAT(HEX(s.token_id"
		"), HEX(s.token_check))), '', ', another token')")
		"  FROM gateway_events e"
		"  JOIN gateway_sessions s ON s.id = e.session_id"
		WITHIN("e.id") " AND (e.type IN " MONEY_EVENTS
		"    OR e.type IN ('payment.failed', 'session.expired'))"
		"   AND NOT (" TOLD_CENTS("invoice_amount") " <=> s.amount"
		"   AND " TOLD("reference_number") " <=> s.reference_number"
		"   AND " TOLD("invoice_number") " <=> s.invoice_number"
		"   AND " TOLD("session_token") " <=> LOWER(CONCAT(HEX("
		"	s.token_id), HEX(s.token_check)))) LIMIT 20",
		flaw_row } },
	{ "a session's money is what was told last", SPAN_SESSIONS, {
		WHAT("'session ', s.id, ': paid ', s.total_paid, ', since ',"
		" FROM_UNIXTIME(s.confirmed_at), ', late ', s.late,"
		" ', version ', s.state_version, '; event ', e.event_id,"
		" ' tells ', " TOLD_CENTS("amount_paid") ", ', since ',"
		" COALESCE(" TOLD("paid_at") ", 'never'), ', late ',"
		" " TOLD("late") ", ', version ', " TOLD("state_version"))
		"  FROM gateway_sessions s" LATEST(MONEY_EVENTS)
		WITHIN("s.id")
		"   AND NOT (" TOLD_CENTS("amount_paid") " <=> s.total_paid"
		"   AND COALESCE(" TOLD("paid_at") ", FROM_UNIXTIME(0))"
		"	<=> FROM_UNIXTIME(s.confirmed_at)"
		"   AND " TOLD("late") " IN ('1', 'true') <=> s.late = 1"
		"   AND " TOLD("state_version") " <= s.state_version) LIMIT 20",
		flaw_row } },
	{ "an automatic refund is what was announced", SPAN_SESSIONS, {
		/* one that failed or was given up may have been there */
		WHAT("'session ', s.id, ': automatic refunds ',"
		" SUM(r.amount - r.processing_fee), '; event ', e.event_id,"
		" ' tells ', " TOLD_CENTS("refund_amount"))
		"  FROM gateway_sessions s" LATEST("('payment.confirmed',"
		"	'payment.overpaid')")
		"  JOIN gateway_refunds r"
		"    ON r.session_id = s.id AND r.automatic = 1"
		"   AND (r.status < 3 OR (r.status = 3 AND NOT EXISTS"
		"	(SELECT 1 FROM gateway_refund_entries f"
		"	WHERE f.refund_id = r.id)))"
		WITHIN("s.id")
		" GROUP BY s.id HAVING SUM(r.amount - r.processing_fee) >"
		"	MAX(" TOLD_CENTS("refund_amount") ") LIMIT 20",
		flaw_row } },
	{ "a refund is where its times say", SPAN_REFUNDS, {
		WHAT("'refund ', r.reference_number, ': status ', r.status,"
		" ', asked for ', r.sends, ' times, order ', r.payout_id,"
		" ', sent ', r.sent_at, ', failed ', r.failed_at,"
		" ', cancelled ', r.cancelled_at")
		"  FROM gateway_refunds r" WITHIN("r.id")
		"   AND ((r.facts IS NOT NULL"
		"	AND (r.status = 5) <> (r.cancelled_at > 0))"
		"    OR (r.status = 0 AND (r.sends > 0 OR r.payout_id > 0"
		"	OR r.accept_name > 0))"
		"    OR (r.status IN (1, 2) AND r.sends = 0)"
		"    OR (r.status < 3 AND r.sent_at + r.failed_at > 0)"
		"    OR (r.status = 3 AND (r.sent_at = 0 OR r.failed_at > 0))"
		"    OR (r.status = 4 AND r.failed_at = 0)) LIMIT 20",
		flaw_row } },
	{ "what became of a refund was told", SPAN_REFUNDS, {
		WHAT("'refund ', r.reference_number, ': status ', r.status,"
		" ', no event tells so'")
		"  FROM gateway_refunds r"
		"  LEFT JOIN gateway_events e ON e.session_id = r.session_id"
		"   AND e.type = IF(r.status = 3, 'refund.sent',"
		"	'refund.failed') AND " TOLD("refund_id") " = r.id"
		WITHIN("r.id") " AND r.status IN (3, 4) AND e.id IS NULL"
		"   AND r.transfer_id = 0"
		" LIMIT 20",
		flaw_row } },
	{ "an event tells of its refund as it is", SPAN_EVENTS, {
		WHAT("'event ', e.event_id, ': tells ', " TOLD(
		"refund_number") ", ' ', " TOLD_CENTS("amount") ", ' fee ',"
		" " TOLD_CENTS("processing_fee") ", '; refund ',"
		" COALESCE(r.reference_number, 'none'), ' ', r.amount,"
		" ' fee ', r.processing_fee")
		"  FROM gateway_events e"
		"  LEFT JOIN gateway_refunds r ON r.id = " TOLD("refund_id")
		WITHIN("e.id") " AND e.type IN ('refund.sent', 'refund.failed')"
		"   AND NOT (" TOLD("refund_number") " <=> r.reference_number"
		"   AND " TOLD_CENTS("amount") " <=> r.amount"
		"   AND " TOLD_CENTS("processing_fee") " <=> r.processing_fee"
		"   AND e.session_id <=> r.session_id) LIMIT 20",
		flaw_row } },
	{ "a refund that waits goes back to who paid", SPAN_REFUNDS, {
		WHAT("'refund ', r.reference_number, ': to ', r.debtor_name,"
		" ', ', r.debtor_iban, '; session ', r.session_id,"
		" ' was paid by nobody of that name and IBAN'")
		"  FROM gateway_refunds r" WITHIN("r.id")
		"   AND r.status = 0 AND r.debtor_iban IS NOT NULL"
		"   AND NOT EXISTS (SELECT 1 FROM gateway_matches m"
		"	JOIN gateway_transfers t ON t.id = m.transfer_id"
		"	WHERE m.session_id = r.session_id"
		"	  AND t.debtor_iban = r.debtor_iban"
		"	  AND t.debtor_name <=> r.debtor_name) LIMIT 20",
		flaw_row } },
	{ "a refund's order pays just it", SPAN_REFUNDS, {
		WHAT("'refund ', r.reference_number, ' chose payout ',"
		" r.payout_id, ' of refund ', COALESCE(p.refund_id, 'none'),"
		" ': ', r.amount - r.processing_fee, ' to ', r.debtor_name,"
		" ', ', r.debtor_iban, '; order ', p.amount, ' to ',"
		" p.creditor_name, ', ', p.creditor_iban")
		"  FROM gateway_refunds r"
		"  LEFT JOIN gateway_payouts p ON p.id = r.payout_id"
		WITHIN("r.id") " AND r.payout_id <> 0"
		"   AND NOT (p.refund_id <=> r.id AND p.send <= r.sends"
		"   AND p.amount = r.amount - r.processing_fee"
		"   AND p.creditor_iban = COALESCE(r.debtor_iban, '')"
		"   AND LEFT(COALESCE(r.debtor_name, ''),"
		"	CHAR_LENGTH(p.creditor_name)) = p.creditor_name)"
		" LIMIT 20",
		flaw_row } },
	{ "an order at the bank is of a refund, and took its steps",
	  SPAN_PAYOUTS, {
		WHAT("'payout ', p.id, ' of refund ', COALESCE("
		"r.reference_number, 'none'), ': ', p.amount, ' of ', r.amount"
		" - r.processing_fee, ', number ', COALESCE("
		"p.payment_order_no, 'none'), ', initiated ', p.initiated_at,"
		" ', authorised ', p.authorised_at, ', ended ', p.ended_at")
		"  FROM gateway_payouts p"
		"  LEFT JOIN gateway_refunds r ON r.id = p.refund_id"
		WITHIN("p.id") " AND NOT (r.id IS NOT NULL"
		"   AND p.amount = r.amount - r.processing_fee"
		"   AND (p.payment_order_no IS NULL) = (p.initiated_at = 0)"
		"   AND (p.authorised_at = 0 OR p.initiated_at > 0)"
		"   AND (p.ended_at = 0 OR p.authorised_at > 0)) LIMIT 20",
		flaw_row } },
	{ "a refund stands as its order does", SPAN_REFUNDS, {
		/* held: the name is another, and nobody accepted it */
		WHAT("'refund ', r.reference_number, ': status ', r.status,"
		" ', another name accepted ', r.accept_name, '; payout ', p.id,"
		" ': ', p.match_type, ' ', p.transaction_status, ', ended ',"
		" p.ended_at")
		"  FROM gateway_refunds r"
		"  JOIN gateway_payouts p ON p.id = r.payout_id"
		WITHIN("r.id")
		"   AND ((r.status IN (1, 2) AND (r.status = 2) <>"
		"	(COALESCE(p.match_type, 'MTCH') <> 'MTCH'"
		"	AND r.accept_name = 0))"
		"    OR (r.status IN (0, 1, 2, 5) AND p.ended_at > 0)"
		"    OR (r.status = 3 AND p.transaction_status = 'RJCT'"
		"	AND NOT EXISTS (SELECT 1 FROM gateway_refund_entries f"
		"	WHERE f.refund_id = r.id))) LIMIT 20",
		flaw_row } },
	{ "an event that somebody is to know has its delivery", SPAN_EVENTS, {
		WHAT("'event ', e.event_id, ' ', e.type, ': wanted ', e.wanted,"
		" ', no delivery'")
		"  FROM gateway_events e"
		"  LEFT JOIN gateway_deliveries d ON d.event_id = e.id"
		WITHIN("e.id") " AND e.wanted = 1 AND d.event_id IS NULL"
		" LIMIT 20",
		flaw_row } },
	{ "a delivery is its event's, and goes to the session's URL",
	  SPAN_EVENTS, {
		WHAT("'delivery of event ', d.event_id, ': session ',"
		" d.session_id, ' merchant ', d.merchant_id, ' status ',"
		" d.status, ' delivered ', d.delivered_at, ' to ',"
		" SUBSTRING_INDEX(d.url, '?', 1), '; event of session ',"
		" COALESCE(e.session_id, 'none'), ' merchant ', e.merchant_id,"
		" ' endpoint of ', p.merchant_id, ' to ',"
		" SUBSTRING_INDEX(s.callback_url, '?', 1)")
		"  FROM gateway_deliveries d"
		"  LEFT JOIN gateway_events e ON e.id = d.event_id"
		"  LEFT JOIN gateway_sessions s ON s.id = e.session_id"
		"  LEFT JOIN gateway_endpoints p ON p.id = d.endpoint_id"
		WITHIN("d.event_id")
		"   AND NOT (e.id IS NOT NULL AND d.merchant_id = e.merchant_id"
		"   AND d.session_id = IF(e.session_id = 0, -e.id,"
		"	e.session_id)"
		"   AND (d.status = 1) = (d.delivered_at > 0)"
		"   AND (d.endpoint_id = 0 OR p.merchant_id <=> d.merchant_id)"
		"   AND (s.callback_url IS NULL OR SUBSTRING_INDEX(d.url,"
		"	'?', 1) = SUBSTRING_INDEX(s.callback_url, '?', 1)))"
		" LIMIT 20",
		flaw_row } },
	{ "a cycle is what its session asks and its event tells",
	  SPAN_CYCLES, {
		WHAT("'cycle ', c.id, ': ', c.amount, ' on ', DATE_ADD("
		"'1970-01-01', INTERVAL c.billing_day DAY), ', status ',"
		" c.status, ', paid at ', c.paid_at, '; session ', s.id, ' ',"
		" s.amount, ', event tells ', " TOLD("billing_date"))
		"  FROM recurring_cycles c"
		"  JOIN gateway_sessions s ON s.id = c.session_id"
		"  LEFT JOIN gateway_events e ON e.session_id = s.id"
		"   AND e.type = 'schedule.cycle_due'"
		WITHIN("c.id") " AND (c.amount <> s.amount"
		"    OR (c.status = 1) <> (c.paid_at > 0)"
		"    OR NOT (" TOLD("billing_date") " <=> CAST(DATE_ADD("
		"	'1970-01-01', INTERVAL c.billing_day DAY) AS CHAR)))"
		" LIMIT 20",
		flaw_row } },
	{ NULL, SPAN_ALL, { NULL, NULL } }
};
