-- 0017-sendback: money that is nobody's goes back to the account it came from,
-- by a refund that has no session and no merchant.

ALTER TABLE gateway_refunds
	ADD COLUMN IF NOT EXISTS transfer_id BIGINT NOT NULL DEFAULT 0,	-- the money that it sends back; 0: a session's
	ALGORITHM=INSTANT, LOCK=NONE;
ALTER TABLE gateway_refunds
	ADD KEY IF NOT EXISTS transfer (transfer_id, status),
	ALGORITHM=INPLACE, LOCK=NONE;

-- Written by whoever decides whose the money is: on a cluster only a row that
-- both write tells two nodes of each other.
ALTER TABLE gateway_unmatched
	ADD COLUMN IF NOT EXISTS turns BIGINT NOT NULL DEFAULT 0,
	ALGORITHM=INSTANT, LOCK=NONE;
