#include "base/calendar.h"
#include "base/facts.h"
#include "base/owner.h"
#include "base/unmatched.h"
#include "model/personal.h"

#define OWED	(30 * DAY_SECONDS)	/* a failed refund is to be made anew */

/* Of an entry of the statement: the other side, and the texts.  Which of the
 * two is the other side its direction says. */
#define OTHER(column) "IF(t.credit, t.debtor_" column ", t.creditor_" column ")"
#define BLANK \
	" SET t.debtor_name = IF(t.credit, NULL, t.debtor_name)," \
	"	t.debtor_iban = IF(t.credit, NULL, t.debtor_iban)," \
	"	t.creditor_name = IF(t.credit, t.creditor_name, NULL)," \
	"	t.creditor_iban = IF(t.credit, t.creditor_iban, NULL)," \
	"	t.remittance = NULL, t.structured = NULL," \
	"	t.end_to_end_id = NULL"
#define SPEAKS \
	" AND (" OTHER("name") " IS NOT NULL OR " OTHER("iban") " IS NOT NULL" \
	"  OR t.remittance IS NOT NULL OR t.structured IS NOT NULL" \
	"  OR t.end_to_end_id IS NOT NULL)"

/* Of JSON: these members become null, the rest stays. */
#define SILENT(json) \
	"JSON_REPLACE(" json ", '$.customer_email', NULL," \
	" '$.customer_name', NULL, '$.customer_phone', NULL," \
	" '$.debtor_iban', NULL, '$.debtor_name', NULL, '$.reason', NULL," \
	" '$.failure', NULL, '$.matched_name', NULL, '$.order_items', NULL," \
	" '$.order_description', NULL)"
#define INSIDE(text) /* its braces taken off */ \
	"SUBSTRING(REVERSE(SUBSTRING(REVERSE(" text "), 2)), 2)"
#define OBJECT	"CONCAT('{', reply, '}')"	/* a stored answer has none */

enum {
	CAME, WENT, LEFT, PAYOUTS, SENDS, CLOSES, ASSIGNS, REFUNDS, ATTEMPTS,
	EVENTS, SESSIONS, TRIES, MESSAGES, SCHEDULES, TRANSFER, BACK_PAYOUTS,
	BACK, BACK_CLOSES, DESK, TRY, MESSAGE,
	LOCK_SESSION, LOCK_SCHEDULE, LOCK_TRANSFER,
	STAND_SESSION, STAND_SCHEDULE, STAND_TRANSFER, PAYERS,
	SAID_SESSION, SAID_SCHEDULE, ANSWERS, Q__MAX
};

struct number {
	int64_t		id;
};

static const struct col number_row[] = { COL_INT(number, id), { 0 } };
static const struct col standing_row[] = {
	COL_INT(standing, id), COL_INT(standing, merchant_id),
	COL_INT(standing, status), COL_INT(standing, ended),
	COL_INT(standing, last_at), COL_INT(standing, refunds),
	COL_INT(standing, pending), COL_INT(standing, unmatched),
	COL_INT(standing, session_id), { 0 }
};
static const struct col said_row[] = { COL_TEXT(said, text), { 0 } };
#define UNEXPLAINED /* of an act: without the operator's reason */ \
	"SUBSTRING_INDEX(a.detail, ' --because', 1)"

#define CLOSED /* refunds close ID STATUS, and no more of its words */ \
	"UPDATE gateway_refunds r" \
	"  STRAIGHT_JOIN gateway_acts a ON a.act = 'refunds close'" \
	"   AND a.detail LIKE CONCAT(r.id, ' %')" \
	"   SET a.detail = SUBSTRING_INDEX(a.detail, ' ', 2)"

#define LOCK(table) \
	{ "SELECT id FROM " table " WHERE id = ? FOR UPDATE", number_row }
const struct stmt personal_stmts[] = {
	[CAME] = {
		"UPDATE gateway_matches m"
		"  JOIN gateway_transfers t ON t.id = m.transfer_id" BLANK
		" WHERE m.session_id = ?" SPEAKS,
		NULL
	},
	[WENT] = {
		"UPDATE gateway_refunds r"
		"  JOIN gateway_refund_entries f ON f.refund_id = r.id"
		"  JOIN gateway_transfers t ON t.id = f.transfer_id" BLANK
		" WHERE r.session_id = ?" SPEAKS,
		NULL
	},
	[LEFT] = {	/* other money that left, and names it */
		"UPDATE gateway_outgoing o"
		"  JOIN gateway_transfers t ON t.id = o.transfer_id" BLANK
		" WHERE o.session_id = ?" SPEAKS,
		NULL
	},
	[PAYOUTS] = {
		"UPDATE gateway_refunds r"
		"  JOIN gateway_payouts p ON p.refund_id = r.id"
		"   SET p.creditor_iban = '', p.creditor_name = '',"
		"	p.matched_name = NULL, p.error = NULL"
		" WHERE r.session_id = ? AND (p.creditor_iban <> '' OR"
		"	p.matched_name IS NOT NULL OR p.error IS NOT NULL)",
		NULL
	},
	[SENDS] = {	/* refunds send MERCHANT ID, and no more of its words */
		"UPDATE gateway_refunds r"
		"  STRAIGHT_JOIN gateway_acts a ON a.act = 'refunds send'"
		"   AND a.detail LIKE CONCAT(r.merchant_id, ' ', r.id, ' %')"
		"   SET a.detail = SUBSTRING_INDEX(a.detail, ' ', 2)"
		" WHERE r.session_id = ?",
		NULL
	},
	[CLOSES] = { CLOSED " WHERE r.session_id = ?", NULL },
	[ASSIGNS] = {	/* what an operator did with its money */
		"UPDATE (SELECT transfer_id FROM gateway_matches"
		"	WHERE session_id = ? AND method = 2"
		"	UNION SELECT transfer_id FROM gateway_outgoing"
		"	WHERE session_id = ?) m"
		"  STRAIGHT_JOIN gateway_acts a ON a.act LIKE 'transfers %'"
		"   AND a.detail LIKE CONCAT(m.transfer_id, ' %')"
		"   SET a.detail = " UNEXPLAINED,
		NULL
	},
	[REFUNDS] = {
		"UPDATE gateway_refunds"
		"   SET debtor_iban = NULL, debtor_name = NULL, reason = NULL,"
		"	failure = ''"
		" WHERE session_id = ? AND (debtor_iban IS NOT NULL OR"
		"	debtor_name IS NOT NULL OR reason IS NOT NULL OR"
		"	failure <> '')",
		NULL
	},
	[ATTEMPTS] = {
		"UPDATE gateway_events e"
		"  JOIN gateway_attempts a ON a.event_id = e.id"
		"   SET a.answer = NULL"
		" WHERE e.session_id = ? AND a.answer IS NOT NULL",
		NULL
	},
	[EVENTS] = {
		"UPDATE gateway_events SET body = IF(JSON_VALID(body), "
		SILENT("body") ", '{}'), facts = IF(facts IS NULL, NULL, "
		FACTS_EVENT("") ") WHERE session_id = ?",
		NULL
	},
	[SESSIONS] = {
		"UPDATE gateway_sessions"
		"   SET customer_email = NULL, customer_name = NULL,"
		"	items = NULL, state_version = state_version + 1"
		" WHERE id = ?",
		NULL
	},
	[TRIES] = {
		"UPDATE recurring_messages m"
		"  JOIN recurring_attempts a ON a.message_id = m.id"
		"   SET a.error = NULL"
		" WHERE m.schedule_id = ? AND a.error IS NOT NULL",
		NULL
	},
	[MESSAGES] = {
		"UPDATE recurring_messages SET recipient = '', error = NULL"
		" WHERE schedule_id = ? AND (recipient <> '' OR"
		"	error IS NOT NULL)",
		NULL
	},
	[SCHEDULES] = {
		"UPDATE recurring_schedules"
		"   SET customer_name = '', customer_email = NULL,"
		"	customer_phone = NULL, order_items = NULL,"
		"	order_description = NULL, payment_url = NULL"
		" WHERE id = ?",
		NULL
	},
	[TRANSFER] = {
		"UPDATE gateway_transfers t" BLANK " WHERE t.id = ?" SPEAKS,
		NULL
	},
	[BACK_PAYOUTS] = {	/* by which it was sent back */
		"UPDATE gateway_refunds r"
		"  JOIN gateway_payouts p ON p.refund_id = r.id"
		"   SET p.creditor_iban = '', p.creditor_name = '',"
		"	p.matched_name = NULL, p.error = NULL"
		" WHERE r.transfer_id = ? AND r.transfer_id > 0",
		NULL
	},
	[BACK] = {
		"UPDATE gateway_refunds"
		"   SET debtor_iban = NULL, debtor_name = NULL, failure = ''"
		" WHERE transfer_id = ? AND transfer_id > 0",
		NULL
	},
	[BACK_CLOSES] = {
		CLOSED " WHERE r.transfer_id = ? AND r.transfer_id > 0", NULL
	},
	[DESK] = {	/* what an operator did with it */
		"UPDATE gateway_acts a SET a.detail = " UNEXPLAINED
		" WHERE a.act LIKE 'transfers %'"
		"   AND a.detail LIKE CONCAT(?, ' %')",
		NULL
	},
	[TRY] = {
		"UPDATE recurring_attempts SET error = NULL"
		" WHERE message_id = ? AND error IS NOT NULL",
		NULL
	},
	[MESSAGE] = {
		"UPDATE recurring_messages SET recipient = '', error = NULL"
		" WHERE id = ? AND status NOT IN (0, 1)",
		NULL
	},
	[LOCK_SESSION] = LOCK("gateway_sessions"),
	[LOCK_SCHEDULE] = LOCK("recurring_schedules"),
	[LOCK_TRANSFER] = LOCK("gateway_transfers"),
	/* what was sent comes in the statement still, with name and IBAN */
	[STAND_SESSION] = {
		"SELECT s.id, s.merchant_id, s.status,"
		"	s.status IN (4, 5, 7) OR (s.status = 3"
		"	AND s.expires_at <= ?) AS ended,"
		"	GREATEST(s.created_at, s.confirmed_at,"
		"	IF(s.status IN (3, 7), s.expires_at, 0),"
		"	COALESCE((SELECT MAX(m.created_at)"
		"	FROM gateway_matches m WHERE m.session_id = s.id), 0),"
		"	COALESCE((SELECT MAX(GREATEST(r.created_at, r.sent_at,"
		"	r.failed_at)) FROM gateway_refunds r"
		"	WHERE r.session_id = s.id), 0)) AS last_at,"
		"	(SELECT COUNT(*) FROM gateway_refunds r"
		"	WHERE r.session_id = s.id AND (r.status IN (0, 1, 2)"
		"	OR (r.status = 3 AND NOT EXISTS (SELECT 1"
		"	FROM gateway_refund_entries f WHERE f.refund_id = r.id"
		"	AND f.returned = 0)) OR (r.status = 4"
		"	AND r.failed_at > ? AND NOT EXISTS (SELECT 1"
		"	FROM gateway_refunds n WHERE n.session_id = s.id"
		"	AND n.id > r.id)))) AS refunds,"
		"	(SELECT COUNT(*) FROM gateway_deliveries d"
		"	WHERE d.session_id = s.id AND d.status = 0) AS pending,"
		"	0 AS unmatched, s.id AS session_id"
		"  FROM gateway_sessions s WHERE s.id = ?",
		standing_row
	},
	[STAND_SCHEDULE] = {
		"SELECT p.id, p.merchant_id, p.status,"
		"	p.status IN (2, 3) AND NOT EXISTS (SELECT 1"
		"	FROM recurring_cycles c WHERE c.schedule_id = p.id"
		"	AND c.status = 0) AS ended,"
		"	GREATEST(p.created_at, p.last_billed_at,"
		"	p.last_paid_at, p.stopped_at, COALESCE((SELECT"
		"	MAX(GREATEST(m.created_at, m.sent_at))"
		"	FROM recurring_messages m WHERE m.schedule_id = p.id),"
		"	0)) AS last_at, 0 AS refunds,"
		"	(SELECT COUNT(*) FROM recurring_messages m"
		"	WHERE m.schedule_id = p.id AND m.status IN (0, 1))"
		"	AS pending, 0 AS unmatched, 0 AS session_id"
		"  FROM recurring_schedules p WHERE p.id = ?",
		standing_row
	},
	[STAND_TRANSFER] = {
		"SELECT t.id, 0 AS merchant_id, 0 AS status,"
		"	" OWNER_SESSION_ID " = 0 AS ended,"
		"	GREATEST(t.created_at, COALESCE((SELECT MAX(GREATEST("
		"	b.created_at, b.sent_at, b.failed_at))"
		"	FROM gateway_refunds b WHERE b.transfer_id = t.id),"
		"	0)) AS last_at, (SELECT COUNT(*)"
		"	FROM gateway_refunds b WHERE b.transfer_id = t.id"
		"	AND (b.status IN (0, 1, 2) OR (b.status = 3"
		"	AND NOT EXISTS (SELECT 1 FROM gateway_refund_entries w"
		"	WHERE w.refund_id = b.id AND w.returned = 0))))"
		"	AS refunds, 0 AS pending,"
		"	" UNMATCHED_IS " AS unmatched,"
		"	" OWNER_SESSION_ID " AS session_id"
		"  FROM gateway_transfers t" OWNER_HANGS
		"  LEFT JOIN gateway_unmatched u ON u.transfer_id = t.id"
		" WHERE t.id = ?",
		standing_row
	},
	[PAYERS] = {
		"SELECT t.debtor_name AS name, t.debtor_iban AS iban"
		"  FROM gateway_matches m"
		"  JOIN gateway_transfers t ON t.id = m.transfer_id"
		" WHERE m.session_id = ?",
		(const struct col[]){
			COL_TEXT(paid_by, name), COL_TEXT(paid_by, iban), { 0 }
		}
	},
	[SAID_SESSION] = {
		"SELECT customer_email AS text FROM gateway_sessions"
		" WHERE id = ? AND customer_email IS NOT NULL"
		" UNION SELECT customer_name FROM gateway_sessions"
		" WHERE id = ? AND customer_name IS NOT NULL"
		" UNION SELECT debtor_iban FROM gateway_refunds"
		" WHERE session_id = ? AND debtor_iban IS NOT NULL"
		" UNION SELECT debtor_name FROM gateway_refunds"
		" WHERE session_id = ? AND debtor_name IS NOT NULL"
		" UNION SELECT IF(n.n = 0, t.debtor_name, t.debtor_iban)"
		"  FROM gateway_matches m"
		"  JOIN gateway_transfers t ON t.id = m.transfer_id"
		"  JOIN (SELECT 0 AS n UNION SELECT 1) n"
		" WHERE m.session_id = ?"
		"   AND IF(n.n = 0, t.debtor_name, t.debtor_iban) IS NOT NULL",
		said_row
	},
	[SAID_SCHEDULE] = {
		"SELECT customer_email AS text FROM recurring_schedules"
		" WHERE id = ? AND customer_email IS NOT NULL"
		" UNION SELECT customer_name FROM recurring_schedules"
		" WHERE id = ? AND customer_name <> ''"
		" UNION SELECT customer_phone FROM recurring_schedules"
		" WHERE id = ? AND customer_phone IS NOT NULL"
		" UNION SELECT recipient FROM recurring_messages"
		" WHERE schedule_id = ? AND recipient <> ''",
		said_row
	},
	[ANSWERS] = {
		"UPDATE gateway_idempotency"
		"   SET reply = " INSIDE(SILENT(OBJECT))
		" WHERE merchant_id = ? AND LOCATE(?, reply) > 0"
		"   AND JSON_VALID(" OBJECT ")",
		NULL
	},
};
const size_t personal_nstmts = NELEM(personal_stmts);
_Static_assert(NELEM(personal_stmts) == Q__MAX, "a statement has no text");

#define q personal_stmts

/* In this order: what is found by way of another goes before it.  The session
 * is written even if it says nothing: on a cluster only a row that both write
 * tells two nodes of each other, and who makes a refund writes that one. */
static const struct {
	enum owner	owner;
	enum personal	table;
	int		stmt;
} erasers[] = {
	{ OWNER_SESSION,  PERSONAL_TRANSFERS,  CAME },
	{ OWNER_SESSION,  PERSONAL_TRANSFERS,  WENT },
	{ OWNER_SESSION,  PERSONAL_TRANSFERS,  LEFT },
	{ OWNER_SESSION,  PERSONAL_PAYOUTS,    PAYOUTS },
	{ OWNER_SESSION,  PERSONAL_ACTS,       SENDS },
	{ OWNER_SESSION,  PERSONAL_ACTS,       CLOSES },
	{ OWNER_SESSION,  PERSONAL_ACTS,       ASSIGNS },
	{ OWNER_SESSION,  PERSONAL_REFUNDS,    REFUNDS },
	{ OWNER_SESSION,  PERSONAL_ATTEMPTS,   ATTEMPTS },
	{ OWNER_SESSION,  PERSONAL_EVENTS,     EVENTS },
	{ OWNER_SESSION,  PERSONAL_SESSIONS,   SESSIONS },
	{ OWNER_SCHEDULE, PERSONAL_TRIES,      TRIES },
	{ OWNER_SCHEDULE, PERSONAL_MESSAGES,   MESSAGES },
	{ OWNER_SCHEDULE, PERSONAL_SCHEDULES,  SCHEDULES },
	{ OWNER_TRANSFER, PERSONAL_TRANSFERS,  TRANSFER },
	{ OWNER_TRANSFER, PERSONAL_PAYOUTS,    BACK_PAYOUTS },
	{ OWNER_TRANSFER, PERSONAL_REFUNDS,    BACK },
	{ OWNER_TRANSFER, PERSONAL_ACTS,       BACK_CLOSES },
	{ OWNER_TRANSFER, PERSONAL_ACTS,       DESK },
	{ OWNER_MESSAGE,  PERSONAL_TRIES,      TRY },
	{ OWNER_MESSAGE,  PERSONAL_MESSAGES,   MESSAGE },
};

const char *
personal_word(enum personal p)
{
	static const char *const tables[] = {
#define T(name, word) word,
		PERSONALS(T)
#undef T
	};

	return tables[p];
}

enum err
personal_lock(struct cx *cx, enum owner o, int64_t id, struct standing *s)
{
	struct number n;
	enum err e;

	if ((e = db_one(cx, &q[LOCK_SESSION + (int)o], &n, db_int(id))) != 0)
		return e;
	return o != OWNER_SESSION ?
	    db_one(cx, &q[STAND_SESSION + (int)o], s, db_int(id)) :
	    db_one(cx, &q[STAND_SESSION], s, db_int(cx->now),
	    db_int(cx->now - OWED), db_int(id));
}

enum err
personal_erase(struct cx *cx, enum owner o, int64_t id,
    struct personal_count *c)
{
	int64_t n = 0;
	enum err e = 0;

	for (size_t i = 0; e == 0 && i < NELEM(erasers); i++) {
		if (erasers[i].owner != o)
			continue;
		e = erasers[i].stmt == ASSIGNS ?
		    db_run(cx, &q[ASSIGNS], &n, db_int(id), db_int(id)) :
		    db_run(cx, &q[erasers[i].stmt], &n, db_int(id));
		c->rows[erasers[i].table] += n;
	}
	return e;
}

enum err
personal_payers(struct cx *cx, int64_t session_id, struct rows *rows)
{
	rows->size = sizeof(struct paid_by);
	return db_many(cx, &q[PAYERS], rows, db_int(session_id));
}

enum err
personal_said(struct cx *cx, enum owner o, int64_t id, struct rows *rows)
{
	struct val v = db_int(id);

	rows->size = sizeof(struct said);
	return o == OWNER_SESSION ?
	    db_many(cx, &q[SAID_SESSION], rows, v, v, v, v, v) :
	    db_many(cx, &q[SAID_SCHEDULE], rows, v, v, v, v);
}

enum err
personal_answers(struct cx *cx, int64_t merchant_id, const char *text,
    int64_t *n)
{
	struct out value = { .arena = cx->arena };

	out_text(&value, ":");
	out_json(&value, text);
	return db_run(cx, &q[ANSWERS], n, db_int(merchant_id),
	    db_text(value.text));
}
