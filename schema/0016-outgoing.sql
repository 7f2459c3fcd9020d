-- 0016-outgoing: money that left and is no refund of ours; what the bank says
-- that an account holds.

CREATE TABLE IF NOT EXISTS gateway_outgoing (
	transfer_id	BIGINT		NOT NULL PRIMARY KEY,
	session_id	BIGINT		NOT NULL DEFAULT 0,	-- that its text names; 0: none
	created_at	BIGINT		NOT NULL,
	seen_at		BIGINT		NOT NULL DEFAULT 0,	-- an operator looked at it
	KEY session (session_id),
	KEY seen (seen_at, transfer_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What left before this release needs nobody.
INSERT IGNORE INTO gateway_outgoing (transfer_id, created_at, seen_at)
	SELECT t.id, t.created_at, t.created_at
	  FROM gateway_transfers t
	  LEFT JOIN gateway_refund_entries f ON f.transfer_id = t.id
	 WHERE t.credit = 0 AND f.transfer_id IS NULL;

-- Of a session's money: what left again, but for refunds.
ALTER TABLE gateway_sessions
	ADD COLUMN IF NOT EXISTS total_returned BIGINT NOT NULL DEFAULT 0,
	ALGORITHM=INSTANT, LOCK=NONE;

ALTER TABLE gateway_refunds
	ADD COLUMN IF NOT EXISTS begun_at BIGINT NOT NULL DEFAULT 0,		-- when it was last to be sent
	ALGORITHM=INSTANT, LOCK=NONE;

-- Orders are found by the bank's number.
ALTER TABLE gateway_payouts
	ADD KEY IF NOT EXISTS payment_order_no (payment_order_no),
	ALGORITHM=INPLACE, LOCK=NONE;

-- The balance as the bank stated it while a whole window was read, and how
-- much that was more than what came less what went: then, and at first.
ALTER TABLE bank_accounts
	ADD COLUMN IF NOT EXISTS balance BIGINT NULL,
	ADD COLUMN IF NOT EXISTS balance_at BIGINT NOT NULL DEFAULT 0,
	ADD COLUMN IF NOT EXISTS balance_rest BIGINT NULL,
	ADD COLUMN IF NOT EXISTS balance_first BIGINT NULL,
	ADD COLUMN IF NOT EXISTS balance_off_since BIGINT NOT NULL DEFAULT 0,
	ALGORITHM=INSTANT, LOCK=NONE;
