-- 0019-rounding: shops that never rounded their sums, as the old service took.

ALTER TABLE gateway_merchants
	ADD COLUMN IF NOT EXISTS half_up BIGINT NOT NULL DEFAULT 0,	-- a third decimal of an amount is rounded, not refused
	ALGORITHM=INSTANT, LOCK=NONE;
