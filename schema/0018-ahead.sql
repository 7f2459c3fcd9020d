-- 0018-ahead: a bank may refuse to be asked about days to come.

ALTER TABLE bank_accounts
	ADD COLUMN IF NOT EXISTS ahead_days BIGINT NOT NULL DEFAULT 5,	-- after today, that it is asked about
	ALGORITHM=INSTANT, LOCK=NONE;
