-- 0003-raw: an entry as a test wants it to be sent.

ALTER TABLE entries ADD COLUMN IF NOT EXISTS raw TEXT NULL;
