-- 0015-auto-refund: refunds of overpayments that go out by themselves.

-- 0: none does, as for all merchants that are there already.
ALTER TABLE gateway_merchants
	ADD COLUMN IF NOT EXISTS auto_refund_max BIGINT NOT NULL DEFAULT 0,	-- the most of one refund, in cents
	ADD COLUMN IF NOT EXISTS auto_refund_daily BIGINT NOT NULL DEFAULT 0,	-- and of all in 24 hours
	ADD COLUMN IF NOT EXISTS auto_refund_turns BIGINT NOT NULL DEFAULT 0,	-- written by whoever decides on one
	ALGORITHM=INSTANT, LOCK=NONE;

-- Of a pending one, when it goes out by itself; of a later one, when it did.
-- 0: it does not, or a person sent it.
ALTER TABLE gateway_refunds
	ADD COLUMN IF NOT EXISTS auto_at BIGINT NOT NULL DEFAULT 0,
	ALGORITHM=INSTANT, LOCK=NONE;
ALTER TABLE gateway_refunds
	ADD KEY IF NOT EXISTS auto_due (status, auto_at),
	ADD KEY IF NOT EXISTS auto_day (merchant_id, auto_at),
	ALGORITHM=INPLACE, LOCK=NONE;
