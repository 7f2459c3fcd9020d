-- 0004-acts: what operators did; rows are only ever added.

CREATE TABLE IF NOT EXISTS gateway_acts (
	id		BIGINT		NOT NULL AUTO_INCREMENT PRIMARY KEY,
	created_at	BIGINT		NOT NULL,
	actor		VARCHAR(64)	NOT NULL,		-- the system's user
	act		VARCHAR(32)	NOT NULL,		-- the command
	detail		VARCHAR(255)	NOT NULL		-- its words, no secret
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
