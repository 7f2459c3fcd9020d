#include "base/owner.h"
#include "model/subject.h"

struct number {
	int64_t		id;
};

static const struct col number_row[] = { COL_INT(number, id), { 0 } };
static const struct col found_row[] = {
	COL_INT(found, session_id), COL_INT(found, schedule_id),
	COL_INT(found, transfer_id), { 0 }
};

#define OTHER(column) "IF(t.credit, t.debtor_" column ", t.creditor_" column ")"


#define FOUND(session, schedule, transfer) \
	"SELECT " session " AS session_id, " schedule " AS schedule_id," \
	"	" transfer " AS transfer_id"
#define SLICE(id)	" AND " id " > ? AND " id " <= ?"

enum { LAST, FIND_SESSION, FIND_PAYER, FIND_SCHEDULE, FIND_MESSAGE,
	FIND_REFUND, FIND_PAYOUT, FIND_TRANSFER, CYCLES, Q__MAX };

const struct stmt subject_stmts[] = {
	[LAST] = {
		"SELECT GREATEST("
		"	(SELECT COALESCE(MAX(id), 0) FROM gateway_transfers),"
		"	(SELECT COALESCE(MAX(id), 0) FROM gateway_refunds),"
		"	(SELECT COALESCE(MAX(id), 0) FROM gateway_payouts),"
		"	(SELECT COALESCE(MAX(id), 0) FROM recurring_schedules),"
		"	(SELECT COALESCE(MAX(id), 0) FROM recurring_messages)"
		"	) AS id",
		number_row
	},
	/* the indexes do not tell accents from none: an address does */
	[FIND_SESSION] = {
		FOUND("s.id", "0", "0")
		"  FROM gateway_merchants m"
		"  JOIN gateway_sessions s ON s.merchant_id = m.id"
		"   AND s.customer_email = ?"
		" WHERE ? IN (0, m.id) AND LOWER(s.customer_email)"
		"	COLLATE utf8mb4_bin = LOWER(?)",
		found_row
	},
	[FIND_PAYER] = {
		FOUND("p.session_id", "0", "0")
		"  FROM gateway_merchants m"
		"  JOIN gateway_payers p ON p.merchant_id = m.id"
		"   AND p.word = ?"
		" WHERE ? IN (0, m.id) AND p.word COLLATE utf8mb4_bin = ?",
		found_row
	},
	[FIND_SCHEDULE] = {
		FOUND("0", "p.id", "0")
		"  FROM recurring_schedules p"
		" WHERE (LOWER(p.customer_email) = LOWER(?)"
		"	OR p.customer_phone = ?)"
		"   AND ? IN (0, p.merchant_id)" SLICE("p.id"),
		found_row
	},
	[FIND_MESSAGE] = {
		FOUND("0", "m.schedule_id", "0")
		"  FROM recurring_messages m"
		"  JOIN recurring_schedules p ON p.id = m.schedule_id"
		" WHERE (LOWER(m.recipient) = LOWER(?) OR m.recipient = ?)"
		"   AND ? IN (0, p.merchant_id)" SLICE("m.id"),
		found_row
	},
	[FIND_REFUND] = {
		FOUND("r.session_id", "0", "r.transfer_id")
		"  FROM gateway_refunds r"
		" WHERE (r.debtor_iban = ? OR r.debtor_iban = ?)"
		"   AND ? IN (0, r.merchant_id)" SLICE("r.id"),
		found_row
	},
	[FIND_PAYOUT] = {
		FOUND("r.session_id", "0", "r.transfer_id")
		"  FROM gateway_payouts p"
		"  JOIN gateway_refunds r ON r.id = p.refund_id"
		" WHERE (p.creditor_iban = ? OR p.creditor_iban = ?)"
		"   AND ? IN (0, r.merchant_id)" SLICE("p.id"),
		found_row
	},
	[FIND_TRANSFER] = {
		FOUND(OWNER_SESSION_ID, "0", "t.id")
		"  FROM gateway_transfers t" OWNER_HANGS
		"  LEFT JOIN gateway_sessions s ON s.id = " OWNER_SESSION_ID
		" WHERE (" OTHER("iban") " = ?"
		"	OR REPLACE(" OTHER("iban") ", ' ', '') = ?)"
		"   AND ? IN (0, s.merchant_id)" SLICE("t.id"),
		found_row
	},
	[CYCLES] = {
		FOUND("session_id", "schedule_id", "0")
		"  FROM recurring_cycles WHERE schedule_id = ?",
		found_row
	},
};
const size_t subject_nstmts = NELEM(subject_stmts);
_Static_assert(NELEM(subject_stmts) == Q__MAX, "a statement has no text");

#define q subject_stmts

/* Where somebody is looked for, by what. */
static const struct {
	unsigned	by;		/* bits of enum who */
	int		stmt;
	bool		indexed;
} places[] = {
	{ 1U << WHO_EMAIL, FIND_SESSION, true },
	{ 1U << WHO_IBAN, FIND_PAYER, true },
	{ 1U << WHO_EMAIL | 1U << WHO_PHONE, FIND_SCHEDULE, false },
	{ 1U << WHO_EMAIL | 1U << WHO_PHONE, FIND_MESSAGE, false },
	{ 1U << WHO_IBAN, FIND_REFUND, false },
	{ 1U << WHO_IBAN, FIND_PAYOUT, false },
	{ 1U << WHO_IBAN, FIND_TRANSFER, false },
};
_Static_assert(NELEM(places) == SUBJECT_PLACES, "the header counts wrong");

bool
subject_place(enum who who, size_t place)
{
	return (places[place].by & 1U << who) != 0;
}

enum err
subject_find(struct cx *cx, const struct search *s, struct rows *rows)
{
	const struct stmt *find = &q[places[s->place].stmt];

	rows->n = 0;
	rows->size = sizeof(struct found);
	if (!places[s->place].indexed)
		return db_many(cx, find, rows, db_text(s->text),
		    db_text(s->text), db_int(s->merchant_id), db_int(s->from),
		    db_int(s->to));
	return s->from > 0 ? 0 : db_many(cx, find, rows, db_text(s->text),
	    db_int(s->merchant_id), db_text(s->text));
}

enum err
subject_cycles(struct cx *cx, int64_t schedule_id, struct rows *rows)
{
	rows->size = sizeof(struct found);
	return db_many(cx, &q[CYCLES], rows, db_int(schedule_id));
}

enum err
subject_last(struct cx *cx, int64_t *id)
{
	struct number n = { 0 };
	enum err e = db_one_(cx, &q[LAST], &n, NULL, 0);

	*id = n.id;
	return e;
}
