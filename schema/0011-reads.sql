-- 0011-reads: how often a statement was read, for the metrics.

ALTER TABLE bank_accounts
	ADD COLUMN IF NOT EXISTS `reads` BIGINT NOT NULL DEFAULT 0,
	ALGORITHM=INSTANT, LOCK=NONE;
