-- 0002-payments: payment orders, which move money once they are authorised.

CREATE TABLE IF NOT EXISTS payments (
	id		BIGINT		NOT NULL AUTO_INCREMENT PRIMARY KEY,
	payment_order_no VARCHAR(24)	NOT NULL,
	account_id	BIGINT		NOT NULL,		-- the debtor's
	creditor_iban	VARCHAR(34)	NOT NULL,
	creditor_name	VARCHAR(70)	NOT NULL,
	amount		BIGINT		NOT NULL CHECK (amount > 0),
	remittance	VARCHAR(140)	NULL,
	external_reference VARCHAR(35)	NULL,
	payment_rail	VARCHAR(16)	NOT NULL,
	match_type	CHAR(4)		NULL,			-- of the payee's name
	matched_name	VARCHAR(140)	NULL,
	transaction_status CHAR(4)	NOT NULL DEFAULT 'RCVD',
	held		TINYINT		NOT NULL DEFAULT 0,	-- a person looks at it
	settle_at	BIGINT		NOT NULL DEFAULT 0,
	returned	TINYINT		NOT NULL DEFAULT 0,
	created_at	BIGINT		NOT NULL,
	UNIQUE KEY payment_order_no (payment_order_no),
	KEY external_reference (external_reference),
	KEY due (transaction_status, settle_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Whose name an account of another bank bore when it last paid.
ALTER TABLE entries
	ADD KEY IF NOT EXISTS payer (debtor_iban, id);
