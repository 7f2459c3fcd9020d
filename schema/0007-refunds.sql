-- 0007-refunds: refunds are sent, and what became of them.

ALTER TABLE gateway_refunds
	ADD COLUMN IF NOT EXISTS payout_id BIGINT NOT NULL DEFAULT 0,		-- the order that may be authorised
	ADD COLUMN IF NOT EXISTS sends BIGINT NOT NULL DEFAULT 0,		-- how often it was asked to be sent
	ADD COLUMN IF NOT EXISTS accept_name TINYINT NOT NULL DEFAULT 0,	-- send although the name does not match
	ADD COLUMN IF NOT EXISTS due_at BIGINT NOT NULL DEFAULT 0,		-- next step of a sending one, or claimed until
	ADD COLUMN IF NOT EXISTS tries BIGINT NOT NULL DEFAULT 0,		-- steps without an end, for the back-off
	ADD COLUMN IF NOT EXISTS sent_at BIGINT NOT NULL DEFAULT 0,
	ADD COLUMN IF NOT EXISTS failed_at BIGINT NOT NULL DEFAULT 0,
	ADD COLUMN IF NOT EXISTS failure VARCHAR(255) NOT NULL DEFAULT '',	-- why it is held or failed, or the last trouble
	ADD KEY IF NOT EXISTS due (status, due_at),
	ADD KEY IF NOT EXISTS merchant_status (merchant_id, status, id);

-- Payment orders at the bank.  The row is there before the bank is asked;
-- authorised_at is set before it is told to pay.
CREATE TABLE IF NOT EXISTS gateway_payouts (
	id		BIGINT		NOT NULL AUTO_INCREMENT PRIMARY KEY,
	refund_id	BIGINT		NOT NULL,
	send		BIGINT		NOT NULL,		-- of gateway_refunds.sends
	creditor_iban	VARCHAR(34)	NOT NULL,
	creditor_name	VARCHAR(70)	NOT NULL,
	amount		BIGINT		NOT NULL CHECK (amount > 0),
	payment_order_no VARCHAR(64)	NULL,
	payment_rail	VARCHAR(16)	NULL,
	match_type	VARCHAR(8)	NULL,			-- of the payee's name
	matched_name	VARCHAR(140)	NULL,
	transaction_status VARCHAR(8)	NULL,			-- as last heard
	error		VARCHAR(255)	NULL,			-- why it was not initiated
	created_at	BIGINT		NOT NULL,
	initiated_at	BIGINT		NOT NULL DEFAULT 0,
	authorised_at	BIGINT		NOT NULL DEFAULT 0,
	ended_at	BIGINT		NOT NULL DEFAULT 0,
	KEY refund (refund_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Which entries of the statement are a refund's: the money that went, and,
-- if the customer's bank sent it back, the money that returned.
CREATE TABLE IF NOT EXISTS gateway_refund_entries (
	transfer_id	BIGINT		NOT NULL PRIMARY KEY,
	refund_id	BIGINT		NOT NULL,
	returned	TINYINT		NOT NULL,
	created_at	BIGINT		NOT NULL,
	KEY refund (refund_id, returned)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
