-- 0002-hosted: the hosted checkout: the way back to the shop, and the shop's
-- pages that may show the checkout in a frame.

ALTER TABLE gateway_sessions
	ADD COLUMN IF NOT EXISTS return_url VARCHAR(2048) NULL;

ALTER TABLE gateway_merchants
	ADD COLUMN IF NOT EXISTS frame_origin VARCHAR(255) NULL;	-- https://shop.example
