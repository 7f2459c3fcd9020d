-- 0003-events: deliveries that are asked for again, and lists of events.

ALTER TABLE gateway_deliveries
	ADD COLUMN attempts_before BIGINT NOT NULL DEFAULT 0,	-- made before it was asked for again
	ADD KEY merchant (merchant_id, status, event_id);

ALTER TABLE gateway_events
	ADD KEY merchant_type (merchant_id, type, id);
