/*
 * unmatched.h - money that is nobody's: what that is, once, as SQL.
 *
 * An entry t of the statement is taken when it is a session's money or an
 * entry of a refund, or when a refund sends it back.  Where two rows of
 * bank_accounts lead to one account of the bank, each reads all of its
 * entries: of two that are the same, the one that is taken counts, else the
 * first; the other is a copy.
 */
#ifndef UNMATCHED_H
#define UNMATCHED_H

/* It is on its way back, held, or was sent. */
#define UNMATCHED_GOES(t) \
	"EXISTS (SELECT 1 FROM gateway_refunds" \
	"	WHERE transfer_id = " t ".id AND status NOT IN (4, 5))"

#define UNMATCHED_TAKEN(t) \
	"(EXISTS (SELECT 1 FROM gateway_matches" \
	"	WHERE transfer_id = " t ".id)" \
	" OR EXISTS (SELECT 1 FROM gateway_refund_entries" \
	"	WHERE transfer_id = " t ".id)" \
	" OR " UNMATCHED_GOES(t) ")"

/* Of t that is not taken itself. */
#define UNMATCHED_COPY \
	"EXISTS (SELECT 1 FROM bank_accounts own" \
	"	JOIN bank_accounts twin" \
	"	  ON twin.iban = own.iban AND twin.id <> own.id" \
	"	JOIN gateway_transfers same ON same.account_id = twin.id" \
	"	  AND same.bank_id = t.bank_id" \
	"	WHERE own.id = t.account_id AND (same.id < t.id OR " \
	UNMATCHED_TAKEN("same") "))"

/* Of t, joined with its row u of gateway_unmatched, if it has one: that row
 * stays when it is assigned. */
#define UNMATCHED_IS \
	"(u.transfer_id IS NOT NULL AND NOT " UNMATCHED_TAKEN("t") \
	" AND NOT " UNMATCHED_COPY ")"

#endif
