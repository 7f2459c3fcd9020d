-- 0003-events: deliveries that are asked for again, and lists of events.

ALTER TABLE gateway_deliveries
	ADD COLUMN IF NOT EXISTS attempts_before BIGINT NOT NULL DEFAULT 0,	-- made before it was asked for again
	ADD KEY IF NOT EXISTS merchant (merchant_id, status, event_id);

ALTER TABLE gateway_events
	ADD KEY IF NOT EXISTS merchant_type (merchant_id, type, id);
