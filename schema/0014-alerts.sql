-- 0014-alerts: what is wrong with the installation, and who was told; which
-- settings a worker has.

-- When the file was written that the worker of this machine read.
ALTER TABLE gateway_workers
	ADD COLUMN IF NOT EXISTS settings_at BIGINT NOT NULL DEFAULT 0,
	ALGORITHM=INSTANT, LOCK=NONE;

-- What the doctor found: a row for each subject that is, or was, not well; and
-- one without a subject for who looks next.
CREATE TABLE IF NOT EXISTS gateway_alerts (
	host		VARCHAR(64)	NOT NULL,		-- '': of all machines
	what		VARCHAR(64)	NOT NULL,		-- '': the looks
	health		TINYINT		NOT NULL DEFAULT 0,	-- 0 ok, 1 warning, 2 broken
	since		BIGINT		NOT NULL DEFAULT 0,	-- it is so
	seen		TINYINT		NOT NULL DEFAULT 0,	-- health by the latest look
	seen_times	BIGINT		NOT NULL DEFAULT 0,	-- looks in a row
	looked_at	BIGINT		NOT NULL DEFAULT 0,
	state		VARCHAR(255)	NOT NULL DEFAULT '',
	todo		VARCHAR(255)	NOT NULL DEFAULT '',
	told_mail	TINYINT		NOT NULL DEFAULT 0,	-- health told last, by each way
	told_url	TINYINT		NOT NULL DEFAULT 0,
	told_command	TINYINT		NOT NULL DEFAULT 0,
	told_at		BIGINT		NOT NULL DEFAULT 0,	-- by any
	tries		BIGINT		NOT NULL DEFAULT 0,
	due_at		BIGINT		NOT NULL DEFAULT 0,	-- next try
	last_error	VARCHAR(255)	NOT NULL DEFAULT '',
	PRIMARY KEY (host, what)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
