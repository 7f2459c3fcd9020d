-- 0006-workers: which workers live.

CREATE TABLE IF NOT EXISTS gateway_workers (
	host		VARCHAR(64)	NOT NULL PRIMARY KEY,
	seen_at		BIGINT		NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
