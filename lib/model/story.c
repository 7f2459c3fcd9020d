#include "model/story.h"

static const struct col row[] = {
	COL_INT (chapter, happened_at),
	COL_TEXT(chapter, what),
	COL_INT (chapter, amount),
	COL_TEXT(chapter, name),
	COL_TEXT(chapter, iban),
	COL_TEXT(chapter, detail),
	COL_TEXT(chapter, event_id),
	COL_INT (chapter, http_status),
	COL_TEXT(chapter, error),
	{ 0 }
};

enum { EACH, Q__MAX };

const struct stmt story_stmts[] = {
	[EACH] = {
		"SELECT happened_at, what, amount, name, iban, detail,"
		"	event_id, http_status, error FROM ("
		"SELECT created_at AS happened_at, 0 AS place, id AS n,"
		"	'created' AS what, amount, customer_name AS name,"
		"	NULL AS iban, merchant_order_id AS detail,"
		"	NULL AS event_id, 0 AS http_status, NULL AS error"
		"  FROM gateway_sessions WHERE id = ?"
		" UNION ALL "
		"SELECT invoiced_at, 1, id, 'invoiced', amount, NULL, NULL,"
		"	reference_number, NULL, 0, NULL"
		"  FROM gateway_sessions"
		" WHERE id = ? AND invoiced_at IS NOT NULL"
		" UNION ALL "
		"SELECT m.created_at, 2, t.id, 'transfer', t.amount,"
		"	t.debtor_name, t.debtor_iban, t.remittance, NULL, 0,"
		"	NULL"
		"  FROM gateway_matches m"
		"  JOIN gateway_transfers t ON t.id = m.transfer_id"
		" WHERE m.session_id = ?"
		" UNION ALL "
		"SELECT created_at, 3, id, 'refund', amount, debtor_name,"
		"	debtor_iban, reference_number, NULL, 0, NULL"
		"  FROM gateway_refunds WHERE session_id = ?"
		" UNION ALL "
		"SELECT created_at, 4, id, type, 0, NULL, NULL,"
		"	IF(type LIKE 'refund.%',"
		"	JSON_VALUE(body, '$.refund_number'), NULL),"
		"	event_id, 0, NULL"
		"  FROM gateway_events WHERE session_id = ?"
		" UNION ALL "
		"SELECT a.created_at, 5, a.attempt, 'webhook', 0, NULL, NULL,"
		"	e.type, e.event_id, a.http_status, a.error"
		"  FROM gateway_events e"
		"  JOIN gateway_attempts a ON a.event_id = e.id"
		" WHERE e.session_id = ?"
		" ORDER BY happened_at DESC, place DESC, n DESC LIMIT 500) s"
		" ORDER BY happened_at, place, n",
		row
	},
};
const size_t story_nstmts = NELEM(story_stmts);
_Static_assert(NELEM(story_stmts) == Q__MAX, "a statement has no text");

#define q story_stmts

enum err
story_each(struct cx *cx, int64_t session_id, struct rows *rows)
{
	struct val s = db_int(session_id);

	rows->size = sizeof(struct chapter);
	return db_many(cx, &q[EACH], rows, s, s, s, s, s, s);
}
