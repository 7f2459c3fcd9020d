-- 0012-aside: entries of the statement that are kept aside; all ids of the
-- others, and what the bank said of them.

-- A hash of side, amount, day and texts; NULL: not seen since this release.
ALTER TABLE gateway_transfers
	ADD COLUMN IF NOT EXISTS content BINARY(16) NULL,
	ALGORITHM=INSTANT, LOCK=NONE;

-- Further ids of a transfer, beside its bank_id.
CREATE TABLE IF NOT EXISTS gateway_transfer_ids (
	account_id	BIGINT		NOT NULL,
	bank_id		VARCHAR(64)	NOT NULL,
	transfer_id	BIGINT		NOT NULL,
	PRIMARY KEY (account_id, bank_id),
	KEY transfer (transfer_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What could not be booked as it stands: an operator finishes it.
CREATE TABLE IF NOT EXISTS gateway_asides (
	id		BIGINT		NOT NULL AUTO_INCREMENT PRIMARY KEY,
	account_id	BIGINT		NOT NULL,
	mark		BINARY(16)	NOT NULL,		-- the same again
	bank_id		VARCHAR(64)	NULL,			-- the first id
	reason		VARCHAR(16)	NOT NULL,
	field		VARCHAR(32)	NOT NULL,
	transfer_id	BIGINT		NULL,			-- of a conflict, or booked as
	raw		MEDIUMTEXT	NULL,			-- as the bank sent it
	status		TINYINT		NOT NULL DEFAULT 0,	-- 0 open, 1 booked, 2 dismissed, 3 read since
	seen		BIGINT		NOT NULL DEFAULT 1,	-- reads that held it
	first_seen_at	BIGINT		NOT NULL,
	last_seen_at	BIGINT		NOT NULL,
	closed_at	BIGINT		NOT NULL DEFAULT 0,
	UNIQUE KEY mark (account_id, mark),
	KEY bank_id (account_id, bank_id),
	KEY status (status, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- When the last 90 days were read; bank_accounts.deep_at is of the last 31.
ALTER TABLE bank_accounts
	ADD COLUMN IF NOT EXISTS deepest_at BIGINT NOT NULL DEFAULT 0,
	ALGORITHM=INSTANT, LOCK=NONE;
