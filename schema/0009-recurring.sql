-- 0009-recurring: payment reminders, cycle after cycle.

ALTER TABLE gateway_merchants
	ADD COLUMN IF NOT EXISTS timezone VARCHAR(64) NOT NULL DEFAULT 'UTC';	-- of its billing days

ALTER TABLE gateway_sessions
	ADD COLUMN IF NOT EXISTS schedule_id BIGINT NOT NULL DEFAULT 0;	-- it is a cycle of that one

CREATE TABLE IF NOT EXISTS recurring_schedules (
	id		BIGINT		NOT NULL AUTO_INCREMENT PRIMARY KEY,
	merchant_id	BIGINT		NOT NULL,
	status		TINYINT		NOT NULL DEFAULT 0,	-- active, paused, cancelled, completed
	customer_name	VARCHAR(255)	NOT NULL,
	customer_email	VARCHAR(254)	NULL,
	customer_phone	VARCHAR(16)	NULL,
	delivery_method	TINYINT		NOT NULL,		-- email, sms, both
	frequency	TINYINT		NOT NULL,
	original_amount	BIGINT		NOT NULL CHECK (original_amount > 0),
	discount_percent BIGINT		NOT NULL DEFAULT 0,	-- hundredths
	order_items	MEDIUMTEXT	NULL,			-- JSON
	order_description VARCHAR(1000)	NULL,
	payment_url	VARCHAR(1024)	NULL,
	language	VARCHAR(8)	NOT NULL DEFAULT 'en',
	remind_after_days VARCHAR(64)	NOT NULL DEFAULT '',	-- 3,7
	total_cycles	BIGINT		NOT NULL DEFAULT 0,	-- 0: no end
	anchor_day	BIGINT		NOT NULL,
	cycle		BIGINT		NOT NULL DEFAULT 0,	-- the next one, counted from the anchor
	due_at		BIGINT		NOT NULL,		-- when it is
	cycles_billed	BIGINT		NOT NULL DEFAULT 0,
	cycles_paid	BIGINT		NOT NULL DEFAULT 0,
	cycles_missed	BIGINT		NOT NULL DEFAULT 0,
	last_billed_at	BIGINT		NOT NULL DEFAULT 0,
	last_paid_at	BIGINT		NOT NULL DEFAULT 0,
	stopped_at	BIGINT		NOT NULL DEFAULT 0,	-- by the customer
	created_at	BIGINT		NOT NULL,
	KEY merchant (merchant_id, id),
	KEY merchant_status (merchant_id, status, id),
	KEY due (status, due_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A cycle that was billed: it has a session, and is open, paid or missed.
CREATE TABLE IF NOT EXISTS recurring_cycles (
	id		BIGINT		NOT NULL AUTO_INCREMENT PRIMARY KEY,
	schedule_id	BIGINT		NOT NULL,
	billing_day	BIGINT		NOT NULL,
	amount		BIGINT		NOT NULL,
	session_id	BIGINT		NOT NULL,
	status		TINYINT		NOT NULL DEFAULT 0,
	reminders	BIGINT		NOT NULL DEFAULT 0,	-- sent besides the first message
	remind_at	BIGINT		NOT NULL DEFAULT 0,	-- the next; 0: none
	ends_at		BIGINT		NOT NULL,		-- then it is missed
	created_at	BIGINT		NOT NULL,
	paid_at		BIGINT		NOT NULL DEFAULT 0,
	UNIQUE KEY billing_day (schedule_id, billing_day),
	UNIQUE KEY session (session_id),
	KEY ending (status, ends_at),
	KEY reminding (status, remind_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A message is claimed, and that committed, before it is sent; what became
-- of it may stay unknown, then it is not sent again.
CREATE TABLE IF NOT EXISTS recurring_messages (
	id		BIGINT		NOT NULL AUTO_INCREMENT PRIMARY KEY,
	cycle_id	BIGINT		NOT NULL,
	reminder	BIGINT		NOT NULL,		-- 0: the first
	channel		TINYINT		NOT NULL,		-- email, sms
	schedule_id	BIGINT		NOT NULL,
	sender_id	BIGINT		NOT NULL,		-- whose credentials send it
	recipient	VARCHAR(254)	NOT NULL,
	status		TINYINT		NOT NULL DEFAULT 0,	-- pending, sending, sent, failed, unknown, dropped
	attempts	BIGINT		NOT NULL DEFAULT 0,
	due_at		BIGINT		NOT NULL,		-- or claimed until
	provider_id	VARCHAR(64)	NULL,			-- Twilio's sid
	provider_status	VARCHAR(32)	NULL,			-- as Twilio told later
	error		VARCHAR(255)	NULL,
	created_at	BIGINT		NOT NULL,
	sent_at		BIGINT		NOT NULL DEFAULT 0,
	UNIQUE KEY once (cycle_id, reminder, channel),
	KEY due (channel, status, sender_id, due_at),
	KEY schedule (schedule_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS recurring_attempts (
	message_id	BIGINT		NOT NULL,
	attempt		BIGINT		NOT NULL,
	created_at	BIGINT		NOT NULL,
	ms		BIGINT		NOT NULL,
	code		BIGINT		NOT NULL,		-- of SMTP, or Twilio's error; 0: no answer
	error		VARCHAR(255)	NULL,
	PRIMARY KEY (message_id, attempt)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Credentials: merchant 0 is the platform, whose are used where a merchant
-- has none of its own.
CREATE TABLE IF NOT EXISTS recurring_config (
	merchant_id	BIGINT		NOT NULL,
	name		VARCHAR(32)	NOT NULL,
	value		VARCHAR(1024)	NOT NULL,		-- sealed
	set_at		BIGINT		NOT NULL,
	PRIMARY KEY (merchant_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- How much may still be sent with the credentials of whom.
CREATE TABLE IF NOT EXISTS recurring_senders (
	merchant_id	BIGINT		NOT NULL,
	channel		TINYINT		NOT NULL,
	tokens		BIGINT		NOT NULL,		-- thousandths of a message
	refilled_at	BIGINT		NOT NULL,
	parked_until	BIGINT		NOT NULL DEFAULT 0,
	reason		VARCHAR(255)	NOT NULL DEFAULT '',
	PRIMARY KEY (merchant_id, channel)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
