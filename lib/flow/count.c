#include "base/unmatched.h"
#include "flow/count.h"

static const struct col row[] = {
	COL_INT(counted, n), COL_INT(counted, amount), COL_INT(counted, oldest),
	{ 0 }
};

const struct count counts[] = {
	{ "overdue webhooks", HEALTH_BROKEN,
	  "see that a worker runs",
	  300, {
		"SELECT COUNT(*) AS n, 0 AS amount,"
		"	COALESCE(MIN(d.due_at), 0) AS oldest"
		"  FROM gateway_deliveries d"
		"  LEFT JOIN gateway_endpoints p ON p.id = d.endpoint_id"
		" WHERE d.status = 0 AND d.due_at < ?"
		"   AND COALESCE(p.failures, 0) = 0",
		row } },
	{ "undelivered webhooks", HEALTH_WARNING,
	  "see dapit events MERCHANT --undelivered, then dapit"
	  " events redeliver",
	  NO_AGE, {
		"SELECT COUNT(*) AS n, 0 AS amount,"
		"	COALESCE(MIN(e.created_at), 0) AS oldest"
		"  FROM gateway_deliveries d"
		"  JOIN gateway_events e ON e.id = d.event_id"
		" WHERE d.status = 2 AND d.event_id > ?",
		row } },
	{ "endpoints switched off", HEALTH_WARNING,
	  "tell the merchant; dapit endpoints enable",
	  NO_AGE, {
		"SELECT COUNT(*) AS n, 0 AS amount,"
		"	COALESCE(MIN(off_at), 0) AS oldest"
		"  FROM gateway_endpoints WHERE off_at > ?",
		row } },
	{ "senders of messages that wait", HEALTH_WARNING,
	  "a mail server or Twilio refuses a login, or has enough: see"
	  " dapit schedules messages, dapit config set",
	  0, {
		"SELECT COUNT(*) AS n, 0 AS amount,"
		"	COALESCE(MIN(refilled_at), 0) AS oldest"
		"  FROM recurring_senders WHERE parked_until > ?",
		row } },
	{ "unmatched money", HEALTH_WARNING,
	  "see dapit transfers --unmatched, then transfers assign",
	  NO_AGE, {
		"SELECT COUNT(*) AS n, COALESCE(SUM(t.amount), 0) AS amount,"
		"	COALESCE(MIN(u.created_at), 0) AS oldest"
		"  FROM gateway_unmatched u"
		"  JOIN gateway_transfers t ON t.id = u.transfer_id"
		" WHERE u.created_at > ? AND " UNMATCHED_IS,
		row } },
	{ "entries kept aside", HEALTH_WARNING,
	  "see dapit transfers --aside, then transfers book or dismiss",
	  NO_AGE, {
		"SELECT COUNT(*) AS n, 0 AS amount,"
		"	COALESCE(MIN(first_seen_at), 0) AS oldest"
		"  FROM gateway_asides WHERE status = 0 AND id > ?",
		row } },
	{ "outgoing money", HEALTH_WARNING,
	  "see dapit transfers --outgoing, then transfers seen",
	  NO_AGE, {
		"SELECT COUNT(*) AS n, COALESCE(SUM(t.amount), 0) AS amount,"
		"	COALESCE(MIN(o.created_at), 0) AS oldest"
		"  FROM gateway_outgoing o"
		"  JOIN gateway_transfers t ON t.id = o.transfer_id"
		" WHERE o.seen_at = ? AND NOT " UNMATCHED_COPY,
		row } },
	{ "refunds under way for an hour", HEALTH_BROKEN,
	  "see dapit refunds MERCHANT --status sending or dapit transfers"
	  " --sent-back, and the bank's own pages, then refunds close",
	  3600, {
		/* by the time it was begun; the release before stored none */
		"SELECT COUNT(*) AS n,"
		"	COALESCE(SUM(amount - processing_fee), 0) AS amount,"
		"	COALESCE(MIN(GREATEST(begun_at, created_at)), 0)"
		"	 AS oldest"
		"  FROM gateway_refunds"
		" WHERE status = 1 AND GREATEST(begun_at, created_at) < ?",
		row } },
	{ "held refunds", HEALTH_WARNING,
	  "see dapit refunds MERCHANT --status held; the merchant sends"
	  " each with the right name, or cancels it; money that is sent back:"
	  " dapit transfers --sent-back",
	  NO_AGE, {
		"SELECT COUNT(*) AS n,"
		"	COALESCE(SUM(amount - processing_fee), 0) AS amount,"
		"	COALESCE(MIN(GREATEST(begun_at, created_at)), 0)"
		"	 AS oldest"
		"  FROM gateway_refunds WHERE status = 2 AND id > ?",
		row } },
	{ "overpayments that could not be sent back", HEALTH_WARNING,
	  "see dapit refunds MERCHANT --status failed; the merchant"
	  " refunds them to another account",
	  NO_AGE, {
		/* a refund of an excess failed, the excess is still here, and
		 * no other refund was made of it since */
		"SELECT COUNT(*) AS n,"
		"	COALESCE(SUM(r.amount - r.processing_fee), 0)"
		"	 AS amount, COALESCE(MIN(r.failed_at), 0) AS oldest"
		"  FROM gateway_refunds r"
		"  JOIN gateway_sessions s ON s.id = r.session_id"
		" WHERE r.status = 4 AND r.automatic = 1 AND r.id > ?"
		"   AND s.total_paid - s.total_returned - s.amount >="
		"	r.amount + (SELECT COALESCE(SUM(a.amount), 0)"
		"	FROM gateway_refunds a WHERE a.session_id = s.id"
		"	AND a.automatic = 1 AND a.status <> 4)"
		"   AND r.amount > (SELECT COALESCE(SUM(h.amount), 0)"
		"	FROM gateway_refunds h WHERE h.session_id = s.id"
		"	AND h.automatic = 0 AND h.status NOT IN (4, 5)"
		"	AND h.created_at >= r.failed_at)"
		"   AND s.total_paid - s.total_returned - r.amount >="
		"	(SELECT COALESCE(SUM(o.amount), 0)"
		"	FROM gateway_refunds o WHERE o.session_id = s.id"
		"	AND o.status NOT IN (4, 5))",
		row } },
	{ NULL, HEALTH_OK, NULL, NO_AGE, { NULL, NULL } }
};

enum err
count(struct cx *cx, const struct count *c, struct counted *n)
{
	return db_one(cx, &c->find, n, db_int(c->age == NO_AGE ? 0 :
	    cx->now - c->age));
}
