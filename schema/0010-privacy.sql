-- 0010-privacy: how far the erasing of personal data is.

-- All rows of a kind up to this one were looked at.
CREATE TABLE IF NOT EXISTS gateway_erasures (
	kind		TINYINT		NOT NULL PRIMARY KEY,	-- sessions, transfers, ...
	passed		BIGINT		NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What was passed but not erased: it is looked at again.
CREATE TABLE IF NOT EXISTS gateway_erasures_due (
	owner		TINYINT		NOT NULL,		-- session, schedule, transfer
	id		BIGINT		NOT NULL,
	why		TINYINT		NOT NULL,		-- too young, open, ...
	due_at		BIGINT		NOT NULL,
	PRIMARY KEY (owner, id),
	KEY due (due_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
