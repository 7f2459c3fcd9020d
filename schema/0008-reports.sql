-- 0008-reports: merchants' fees, and sums by day that never make a payment
-- wait.  A fact that counts in the reports leaves a posting, in its own
-- transaction; the worker adds postings to days and takes them away.  What a
-- report says is its days and the postings that are still there.

ALTER TABLE gateway_merchants
	ADD COLUMN IF NOT EXISTS fee_percent BIGINT NOT NULL DEFAULT 0,	-- hundredths of a percent
	ADD COLUMN IF NOT EXISTS fee_fixed BIGINT NOT NULL DEFAULT 0;		-- of each payment's first transfer

ALTER TABLE gateway_matches
	ADD COLUMN IF NOT EXISTS fee BIGINT NOT NULL DEFAULT 0,		-- by the merchant's rates then
	ADD COLUMN IF NOT EXISTS first TINYINT NOT NULL DEFAULT 0;		-- money of the session

UPDATE gateway_matches m
  JOIN (SELECT MIN(transfer_id) AS id FROM gateway_matches GROUP BY session_id) f
    ON f.id = m.transfer_id
   SET m.first = 1
 WHERE NOT EXISTS (SELECT 1 FROM schema_migrations WHERE name = '0008-reports');

CREATE TABLE IF NOT EXISTS gateway_days (
	merchant_id	BIGINT		NOT NULL,
	environment	TINYINT		NOT NULL,
	day		BIGINT		NOT NULL,		-- of the bank's booking
	gross		BIGINT		NOT NULL,		-- money that came
	transfers	BIGINT		NOT NULL,		-- in so many transfers
	transactions	BIGINT		NOT NULL,		-- payments that began with one
	refunds		BIGINT		NOT NULL,		-- money that went, less what returned
	refund_fees	BIGINT		NOT NULL,
	fees		BIGINT		NOT NULL,		-- by the merchant's rates
	succeeded	BIGINT		NOT NULL,		-- sessions that became paid
	finished	BIGINT		NOT NULL,		-- or failed or expired
	PRIMARY KEY (merchant_id, environment, day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS gateway_postings (
	id		BIGINT		NOT NULL AUTO_INCREMENT PRIMARY KEY,
	merchant_id	BIGINT		NOT NULL,
	environment	TINYINT		NOT NULL,
	day		BIGINT		NOT NULL,
	gross		BIGINT		NOT NULL,
	transfers	BIGINT		NOT NULL,
	transactions	BIGINT		NOT NULL,
	refunds		BIGINT		NOT NULL,
	refund_fees	BIGINT		NOT NULL,
	fees		BIGINT		NOT NULL,
	succeeded	BIGINT		NOT NULL,
	finished	BIGINT		NOT NULL,
	KEY merchant (merchant_id, environment, day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What was before, unless it was counted already.
REPLACE INTO gateway_days
SELECT merchant_id, environment, day, SUM(gross), SUM(transfers),
	SUM(transactions), SUM(refunds), SUM(refund_fees), 0, SUM(succeeded),
	SUM(finished)
  FROM (
	SELECT s.merchant_id, s.environment, t.booking_day AS day,
		t.amount AS gross, 1 AS transfers, m.first AS transactions,
		0 AS refunds, 0 AS refund_fees, 0 AS succeeded, 0 AS finished
	  FROM gateway_matches m
	  JOIN gateway_transfers t ON t.id = m.transfer_id
	  JOIN gateway_sessions s ON s.id = m.session_id
	UNION ALL
	SELECT s.merchant_id, s.environment, t.booking_day, 0, 0, 0,
		IF(f.returned, -t.amount, t.amount),
		IF(f.returned, -r.processing_fee, r.processing_fee), 0, 0
	  FROM gateway_refund_entries f
	  JOIN gateway_transfers t ON t.id = f.transfer_id
	  JOIN gateway_refunds r ON r.id = f.refund_id
	  JOIN gateway_sessions s ON s.id = r.session_id
	UNION ALL
	SELECT merchant_id, environment,
		IF(status IN (4, 5), confirmed_at, expires_at) DIV 86400, 0, 0,
		0, 0, 0, status IN (4, 5), 1
	  FROM gateway_sessions
	 WHERE status IN (4, 5, 6, 7)) facts
 WHERE NOT EXISTS (SELECT 1 FROM schema_migrations WHERE name = '0008-reports')
 GROUP BY merchant_id, environment, day;

-- What a shop owner searches by, besides reference and order.
ALTER TABLE gateway_sessions
	MODIFY COLUMN customer_email VARCHAR(254) COLLATE utf8mb4_unicode_ci NULL,
	ADD KEY IF NOT EXISTS merchant_email (merchant_id, customer_email);

CREATE TABLE IF NOT EXISTS gateway_payers (
	merchant_id	BIGINT		NOT NULL,
	word		VARCHAR(140)	COLLATE utf8mb4_unicode_ci NOT NULL, -- of a name, the name, the IBAN
	session_id	BIGINT		NOT NULL,
	PRIMARY KEY (merchant_id, word, session_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT IGNORE INTO gateway_payers
SELECT s.merchant_id, t.debtor_name, s.id
  FROM gateway_matches m
  JOIN gateway_transfers t ON t.id = m.transfer_id
  JOIN gateway_sessions s ON s.id = m.session_id
 WHERE t.debtor_name IS NOT NULL
UNION
SELECT s.merchant_id, t.debtor_iban, s.id
  FROM gateway_matches m
  JOIN gateway_transfers t ON t.id = m.transfer_id
  JOIN gateway_sessions s ON s.id = m.session_id
 WHERE t.debtor_iban IS NOT NULL;
