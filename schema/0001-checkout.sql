-- 0001-checkout: merchants and keys, sessions, the bank's statement, events.
-- Amounts are cents; times are Unix seconds, 0: never; statuses are the
-- enums of lib/base and lib/model.

CREATE TABLE IF NOT EXISTS gateway_merchants (
	id		BIGINT		NOT NULL AUTO_INCREMENT PRIMARY KEY,
	name		VARCHAR(255)	NOT NULL,
	environment	TINYINT		NOT NULL DEFAULT 0,	-- 0 staging, 1 production
	callback_url	VARCHAR(2048)	NULL,			-- default for its sessions
	events		VARCHAR(255)	NOT NULL DEFAULT '',	-- asked for besides payment.confirmed
	webhook_secret	VARCHAR(255)	NOT NULL,		-- sealed
	sms_phone	VARCHAR(32)	NULL,
	email_from	VARCHAR(254)	NULL,
	email_from_name	VARCHAR(255)	NULL,
	created_at	BIGINT		NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS gateway_keys (
	id		BIGINT		NOT NULL AUTO_INCREMENT PRIMARY KEY,
	merchant_id	BIGINT		NOT NULL,
	key_hash	BINARY(32)	NOT NULL,		-- keyed
	name		VARCHAR(64)	NOT NULL,
	hint		VARCHAR(16)	NOT NULL,		-- its first characters
	scope		TINYINT		NOT NULL DEFAULT 0,	-- 0 full, 1 read
	created_at	BIGINT		NOT NULL,
	expires_at	BIGINT		NOT NULL DEFAULT 0,
	last_used_at	BIGINT		NOT NULL DEFAULT 0,
	revoked_at	BIGINT		NOT NULL DEFAULT 0,
	UNIQUE KEY key_hash (key_hash),
	KEY merchant (merchant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS bank_accounts (
	id		BIGINT		NOT NULL AUTO_INCREMENT PRIMARY KEY,
	environment	TINYINT		NOT NULL,
	iban		VARCHAR(34)	NOT NULL,
	bank_id		VARCHAR(64)	NOT NULL DEFAULT '',	-- the bank's id of it
	beneficiary_name VARCHAR(140)	NOT NULL DEFAULT '',
	account_name	VARCHAR(140)	NOT NULL DEFAULT '',
	bank_name	VARCHAR(140)	NOT NULL DEFAULT '',
	current		TINYINT		NOT NULL DEFAULT 0,	-- new invoices name it
	checked_at	BIGINT		NOT NULL DEFAULT 0,	-- last complete read
	wanted_until	BIGINT		NOT NULL DEFAULT 0,	-- somebody waits
	next_read_at	BIGINT		NOT NULL DEFAULT 0,
	lease_until	BIGINT		NOT NULL DEFAULT 0,	-- somebody reads
	lease_owner	BIGINT		NOT NULL DEFAULT 0,
	failures	BIGINT		NOT NULL DEFAULT 0,
	last_error	VARCHAR(255)	NOT NULL DEFAULT '',
	read_day	BIGINT		NOT NULL DEFAULT 0,	-- latest booking day seen
	read_page	BIGINT		NOT NULL DEFAULT 1,	-- last page of that window
	window_at	BIGINT		NOT NULL DEFAULT 0,	-- last read of the whole window
	deep_at		BIGINT		NOT NULL DEFAULT 0,	-- last read of 31 days
	created_at	BIGINT		NOT NULL,
	UNIQUE KEY iban (environment, iban)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS bank_logins (
	environment	TINYINT		NOT NULL PRIMARY KEY,
	code_hash	BINARY(32)	NOT NULL,		-- of the settings' code last tried
	access_token	VARCHAR(2000)	NOT NULL,		-- sealed
	refresh_token	VARCHAR(2000)	NOT NULL,		-- sealed
	access_until	BIGINT		NOT NULL,
	refresh_until	BIGINT		NOT NULL,
	generation	BIGINT		NOT NULL DEFAULT 0,
	lease_until	BIGINT		NOT NULL DEFAULT 0,
	last_error	VARCHAR(255)	NOT NULL DEFAULT ''
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS gateway_sessions (
	id		BIGINT		NOT NULL AUTO_INCREMENT PRIMARY KEY,
	merchant_id	BIGINT		NOT NULL,
	environment	TINYINT		NOT NULL,
	account_id	BIGINT		NULL,			-- since the invoice
	status		TINYINT		NOT NULL DEFAULT 0,
	token_id	BINARY(16)	NOT NULL,		-- finds the session
	token_check	BINARY(16)	NOT NULL,		-- compared in constant time
	amount		BIGINT		NOT NULL CHECK (amount > 0),
	currency	CHAR(3)		NOT NULL DEFAULT 'EUR',
	total_paid	BIGINT		NOT NULL DEFAULT 0 CHECK (total_paid >= 0),
	payment_count	BIGINT		NOT NULL DEFAULT 0,
	late		TINYINT		NOT NULL DEFAULT 0,	-- money after failed or expired
	state_version	BIGINT		NOT NULL DEFAULT 1,	-- grows with every change
	poll_count	BIGINT		NOT NULL DEFAULT 0,
	polled_at	BIGINT		NOT NULL DEFAULT 0,
	created_at	BIGINT		NOT NULL,
	expires_at	BIGINT		NOT NULL,
	invoiced_at	BIGINT		NULL,
	confirmed_at	BIGINT		NOT NULL DEFAULT 0,
	reference_number VARCHAR(35)	NULL,
	reference_key	VARCHAR(35)	NULL,			-- canonical spelling
	invoice_number	VARCHAR(35)	NULL,
	merchant_order_id VARCHAR(255)	NULL,
	customer_email	VARCHAR(254)	NULL,
	customer_name	VARCHAR(255)	NULL,
	callback_url	VARCHAR(2048)	NULL,
	items		MEDIUMTEXT	NULL,			-- JSON
	UNIQUE KEY token_id (token_id),
	UNIQUE KEY reference_number (reference_number),
	UNIQUE KEY reference_key (reference_key),
	UNIQUE KEY invoice_number (invoice_number),
	KEY merchant_invoiced (merchant_id, invoiced_at),
	KEY merchant_status (merchant_id, status, invoiced_at),
	KEY merchant_order (merchant_id, merchant_order_id),
	KEY due (status, expires_at),
	KEY open_amount (account_id, amount, status)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What the bank's statement says: facts, never changed.
CREATE TABLE IF NOT EXISTS gateway_transfers (
	id		BIGINT		NOT NULL AUTO_INCREMENT PRIMARY KEY,
	account_id	BIGINT		NOT NULL,
	bank_id		VARCHAR(64)	NOT NULL,		-- the bank's id of it
	credit		TINYINT		NOT NULL,		-- 1 came, 0 went
	amount		BIGINT		NOT NULL CHECK (amount > 0),
	currency	CHAR(3)		NOT NULL,
	booking_day	BIGINT		NOT NULL,		-- days since 1970-01-01
	debtor_name	VARCHAR(140)	NULL,
	debtor_iban	VARCHAR(34)	NULL,
	creditor_name	VARCHAR(140)	NULL,
	creditor_iban	VARCHAR(34)	NULL,
	remittance	VARCHAR(1000)	NULL,
	structured	VARCHAR(140)	NULL,
	end_to_end_id	VARCHAR(70)	NULL,
	created_at	BIGINT		NOT NULL,
	UNIQUE KEY bank_id (account_id, bank_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS gateway_matches (
	transfer_id	BIGINT		NOT NULL PRIMARY KEY,
	session_id	BIGINT		NOT NULL,
	method		TINYINT		NOT NULL,		-- 0 exact, 1 normalised, 2 operator
	created_at	BIGINT		NOT NULL,
	KEY session (session_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Money that named no session, or more than one.  The row stays when an
-- operator assigns the transfer: it is unmatched while it has no match.
CREATE TABLE IF NOT EXISTS gateway_unmatched (
	transfer_id	BIGINT		NOT NULL PRIMARY KEY,
	reason		VARCHAR(32)	NOT NULL,
	suggestion	BIGINT		NULL,			-- a session's id
	created_at	BIGINT		NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS gateway_refunds (
	id		BIGINT		NOT NULL AUTO_INCREMENT PRIMARY KEY,
	session_id	BIGINT		NOT NULL,
	merchant_id	BIGINT		NOT NULL,
	reference_number CHAR(8)	NOT NULL,
	amount		BIGINT		NOT NULL CHECK (amount > 0),
	processing_fee	BIGINT		NOT NULL,
	status		TINYINT		NOT NULL DEFAULT 0,
	automatic	TINYINT		NOT NULL DEFAULT 0,	-- made by an overpayment
	reason		VARCHAR(255)	NULL,
	debtor_iban	VARCHAR(34)	NULL,
	debtor_name	VARCHAR(140)	NULL,
	created_at	BIGINT		NOT NULL,
	UNIQUE KEY reference_number (reference_number),
	KEY session (session_id),
	KEY merchant (merchant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What happened, with the body that tells it: facts, never changed.
CREATE TABLE IF NOT EXISTS gateway_events (
	id		BIGINT		NOT NULL AUTO_INCREMENT PRIMARY KEY,
	event_id	VARCHAR(40)	NOT NULL,		-- evt_...
	merchant_id	BIGINT		NOT NULL,
	session_id	BIGINT		NOT NULL,
	type		VARCHAR(32)	NOT NULL,
	body		MEDIUMTEXT	NOT NULL,
	created_at	BIGINT		NOT NULL,
	UNIQUE KEY event_id (event_id),
	KEY session (session_id, type),
	KEY merchant (merchant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- How far the telling of an event is; no row: nobody asked for it.
CREATE TABLE IF NOT EXISTS gateway_deliveries (
	event_id	BIGINT		NOT NULL PRIMARY KEY,
	session_id	BIGINT		NOT NULL,
	merchant_id	BIGINT		NOT NULL,
	url		VARCHAR(2048)	NOT NULL,
	status		TINYINT		NOT NULL DEFAULT 0,	-- 0 pending, 1 delivered, 2 undelivered
	attempts	BIGINT		NOT NULL DEFAULT 0,
	due_at		BIGINT		NOT NULL,		-- or claimed until
	delivered_at	BIGINT		NOT NULL DEFAULT 0,
	KEY due (status, due_at),
	KEY session (session_id, status, event_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS gateway_attempts (
	event_id	BIGINT		NOT NULL,
	attempt		BIGINT		NOT NULL,
	created_at	BIGINT		NOT NULL,
	ms		BIGINT		NOT NULL,
	http_status	BIGINT		NOT NULL,		-- 0: no answer
	error		VARCHAR(255)	NULL,
	answer		VARBINARY(1024)	NULL,
	PRIMARY KEY (event_id, attempt)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS gateway_idempotency (
	merchant_id	BIGINT		NOT NULL,
	environment	TINYINT		NOT NULL,
	action		VARCHAR(32)	NOT NULL,
	idempotency_key	VARCHAR(255)	NOT NULL,
	request_hash	BINARY(32)	NOT NULL,
	reply		MEDIUMTEXT	NOT NULL,
	created_at	BIGINT		NOT NULL,
	PRIMARY KEY (merchant_id, environment, action, idempotency_key),
	KEY age (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- How many invoices a merchant had before a moment: list_transactions counts
-- only what came since.
CREATE TABLE IF NOT EXISTS gateway_totals (
	merchant_id	BIGINT		NOT NULL PRIMARY KEY,
	counted_until	BIGINT		NOT NULL,
	n		BIGINT		NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
