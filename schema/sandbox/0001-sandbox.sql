-- 0001-sandbox: the sandbox bank's own books.
-- Amounts are cents; times are Unix seconds, 0: never.

CREATE TABLE IF NOT EXISTS accounts (
	id		BIGINT		NOT NULL AUTO_INCREMENT PRIMARY KEY,
	resource_id	CHAR(36)	NOT NULL,		-- as the API names it
	iban		VARCHAR(34)	NOT NULL,
	name		VARCHAR(140)	NOT NULL,
	currency	CHAR(3)		NOT NULL DEFAULT 'EUR',
	balance		BIGINT		NOT NULL DEFAULT 0 CHECK (balance >= 0),
	custodial	TINYINT		NOT NULL DEFAULT 0,	-- the API client's own
	UNIQUE KEY resource_id (resource_id),
	UNIQUE KEY iban (iban)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS entries (
	id		BIGINT		NOT NULL AUTO_INCREMENT PRIMARY KEY,
	account_id	BIGINT		NOT NULL,
	booking_day	BIGINT		NOT NULL,		-- days since 1970-01-01
	credit		TINYINT		NOT NULL,		-- 1 came, 0 went
	amount		BIGINT		NOT NULL CHECK (amount > 0),
	currency	CHAR(3)		NOT NULL,
	debtor_name	VARCHAR(140)	NULL,
	debtor_iban	VARCHAR(34)	NULL,
	creditor_name	VARCHAR(140)	NULL,
	creditor_iban	VARCHAR(34)	NULL,
	remittance	VARCHAR(1000)	NULL,
	structured	VARCHAR(140)	NULL,
	end_to_end_id	VARCHAR(70)	NULL,
	additional	VARCHAR(500)	NULL,
	created_at	BIGINT		NOT NULL,
	KEY statement (account_id, booking_day, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS codes (
	code_hash	BINARY(32)	NOT NULL PRIMARY KEY,
	expires_at	BIGINT		NOT NULL,
	used_at		BIGINT		NOT NULL DEFAULT 0
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- One row for each code that was exchanged; a refresh changes it in place.
CREATE TABLE IF NOT EXISTS tokens (
	id		BIGINT		NOT NULL AUTO_INCREMENT PRIMARY KEY,
	access_hash	BINARY(32)	NOT NULL,
	refresh_hash	BINARY(32)	NOT NULL,
	access_until	BIGINT		NOT NULL,
	refresh_until	BIGINT		NOT NULL,
	UNIQUE KEY access_hash (access_hash),
	UNIQUE KEY refresh_hash (refresh_hash),
	KEY age (refresh_until)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS troubles (
	kind		VARCHAR(24)	NOT NULL PRIMARY KEY,
	value		BIGINT		NOT NULL,
	left_times	BIGINT		NOT NULL,		-- -1: not counted
	until_at	BIGINT		NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Counted at every call, and worth nothing after a restart: no disk.
CREATE TABLE IF NOT EXISTS calls (
	name		VARCHAR(16)	NOT NULL PRIMARY KEY,
	n		BIGINT		NOT NULL
) ENGINE=MEMORY DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
