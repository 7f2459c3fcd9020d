-- 0005-endpoints: where webhooks go, so that a place that fails or is slow
-- holds up no other; and two webhook secrets while one replaces the other.

CREATE TABLE IF NOT EXISTS gateway_endpoints (
	id		BIGINT		NOT NULL AUTO_INCREMENT PRIMARY KEY,
	merchant_id	BIGINT		NOT NULL,
	origin		VARCHAR(255)	NOT NULL,		-- https://shop.example:8443
	failures	BIGINT		NOT NULL DEFAULT 0,	-- in different seconds, since it last worked
	failing_since	BIGINT		NOT NULL DEFAULT 0,
	failed_at	BIGINT		NOT NULL DEFAULT 0,
	paused_until	BIGINT		NOT NULL DEFAULT 0,
	off_at		BIGINT		NOT NULL DEFAULT 0,	-- switched off
	reason		VARCHAR(255)	NOT NULL DEFAULT '',	-- of the last failure
	created_at	BIGINT		NOT NULL,
	UNIQUE KEY origin (merchant_id, origin)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

ALTER TABLE gateway_deliveries
	ADD COLUMN IF NOT EXISTS endpoint_id BIGINT NOT NULL DEFAULT 0,
	ADD KEY IF NOT EXISTS endpoint (status, endpoint_id, due_at),
	DROP KEY IF EXISTS due;

ALTER TABLE gateway_merchants
	ADD COLUMN IF NOT EXISTS webhook_secret_old VARCHAR(255) NULL,	-- sealed
	ADD COLUMN IF NOT EXISTS webhook_secret_until BIGINT NOT NULL DEFAULT 0;	-- the old one signs too
