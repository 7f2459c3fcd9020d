/*
 * owner.h - whose a transfer t is, as SQL: the session that it paid, refunds or
 * names, or none.
 */
#ifndef OWNER_H
#define OWNER_H

#define OWNER_HANGS \
	"  LEFT JOIN gateway_matches m ON m.transfer_id = t.id" \
	"  LEFT JOIN gateway_refund_entries f ON f.transfer_id = t.id" \
	"  LEFT JOIN gateway_refunds r ON r.id = f.refund_id" \
	"  LEFT JOIN gateway_outgoing o ON o.transfer_id = t.id"

/* Of what is joined so; 0: none. */
#define OWNER_SESSION_ID \
	"COALESCE(m.session_id, r.session_id, o.session_id, 0)"

#endif
