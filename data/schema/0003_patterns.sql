-- The book, version 3: what patterns triggered.
--
-- One row for each event of a client, written once in the transaction that makes its intent.  FAILED: a
-- guard refused the intent at once.  What becomes of the intent later, the intent itself says.

CREATE TABLE pattern_triggers (
	n INTEGER PRIMARY KEY CHECK (n > 0),
	client_id INTEGER NOT NULL CHECK (client_id > 0),
	event_id TEXT NOT NULL CHECK (event_id <> '' AND length(event_id) < 64),
	pattern TEXT NOT NULL CHECK (pattern IN ('HAMMER', 'INVERTED_HAMMER', 'BULLISH_ENGULFING',
		'BEARISH_ENGULFING', 'MORNING_STAR', 'MA_CROSSOVER')),
	status TEXT NOT NULL CHECK (status IN ('PROCESSED', 'FAILED')),
	intent_id TEXT NOT NULL UNIQUE REFERENCES intents (id),
	created_at_ms INTEGER NOT NULL,
	UNIQUE (client_id, event_id)
) STRICT;
CREATE TRIGGER pattern_triggers_insert BEFORE INSERT ON pattern_triggers
WHEN EXISTS (SELECT 1 FROM pattern_triggers WHERE n = NEW.n OR intent_id = NEW.intent_id)
  OR EXISTS (SELECT 1 FROM pattern_triggers WHERE client_id = NEW.client_id AND event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'pattern_triggers: it is there already'); END;
CREATE TRIGGER pattern_triggers_insert_intent BEFORE INSERT ON pattern_triggers
WHEN NOT EXISTS (SELECT 1 FROM intents WHERE id = NEW.intent_id AND client_id = NEW.client_id
	AND source = 'pattern' AND pattern_event_id = NEW.event_id)
BEGIN SELECT RAISE(ABORT, 'pattern_triggers: a trigger has its own intent'); END;
CREATE TRIGGER pattern_triggers_update BEFORE UPDATE ON pattern_triggers
BEGIN SELECT RAISE(ABORT, 'pattern_triggers: what was triggered does not change'); END;
CREATE TRIGGER pattern_triggers_delete BEFORE DELETE ON pattern_triggers
BEGIN SELECT RAISE(ABORT, 'pattern_triggers: nothing is deleted'); END;
