-- 0013-witness: rows say what they were written with, and sessions how much
-- hangs on them, so that dapit audit sees what was changed or taken away
-- since; and when a worker last looked at the books.

-- The text is base/facts.h's; NULL: written by a release before this one.
ALTER TABLE gateway_transfers
	ADD COLUMN IF NOT EXISTS facts VARCHAR(255) NULL,
	ALGORITHM=INSTANT, LOCK=NONE;

ALTER TABLE gateway_events
	ADD COLUMN IF NOT EXISTS wanted TINYINT NULL,		-- its delivery was asked for with it
	ADD COLUMN IF NOT EXISTS facts VARCHAR(255) NULL,
	ALGORITHM=INSTANT, LOCK=NONE;

-- Counted are events and refunds that have facts.
ALTER TABLE gateway_sessions
	ADD COLUMN IF NOT EXISTS facts VARCHAR(255) NULL,
	ADD COLUMN IF NOT EXISTS events BIGINT NOT NULL DEFAULT 0,
	ADD COLUMN IF NOT EXISTS refunds BIGINT NOT NULL DEFAULT 0,
	ALGORITHM=INSTANT, LOCK=NONE;

ALTER TABLE gateway_refunds
	ADD COLUMN IF NOT EXISTS cancelled_at BIGINT NOT NULL DEFAULT 0,
	ADD COLUMN IF NOT EXISTS facts VARCHAR(255) NULL,
	ALGORITHM=INSTANT, LOCK=NONE;

-- One row: what the last look at the books found.
CREATE TABLE IF NOT EXISTS gateway_audits (
	id		TINYINT		NOT NULL PRIMARY KEY,
	ran_at		BIGINT		NOT NULL DEFAULT 0,
	unfinished	BIGINT		NOT NULL DEFAULT 0,	-- checks that took too long
	flaw		VARCHAR(500)	NULL			-- the first, until dapit audit finds none
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT IGNORE INTO gateway_audits (id) VALUES (1);
