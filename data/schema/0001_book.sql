-- The book, version 1.
--
-- Decimals are canonical text, times are UTC milliseconds (0: not yet), links that may be missing are
-- NULL, other texts that may be missing are ''.  What must never be is refused here, by the file
-- itself, whoever writes it: the triggers below hold in a foreign shell with foreign keys off, too.
-- REPLACE, in all its forms, deletes rows without firing delete triggers; so every insert first looks
-- whether its key is there, and keys can't be changed.

-- Every decimal that is about to be written passes through this gate.  Canonical: no exponent, no
-- leading or trailing zeros, no "+", no "-0"; at most 18 digits before the point and 16 after it.
CREATE VIEW decimal_gate AS SELECT NULL AS d WHERE 0;
CREATE TRIGGER decimal_gate_insert INSTEAD OF INSERT ON decimal_gate
WHEN NEW.d IS NOT NULL AND (
	NEW.d GLOB '*[^0-9.-]*' OR NEW.d NOT GLOB '*[0-9]'
	OR NEW.d GLOB '?*-*' OR NEW.d GLOB '*.*.*'
	OR ltrim(NEW.d, '-') GLOB '.*' OR ltrim(NEW.d, '-') GLOB '0[0-9]*'
	OR NEW.d GLOB '*.*0' OR NEW.d = '-0'
	OR length(ltrim(NEW.d, '-')) > 35
	OR instr(ltrim(NEW.d, '-') || '.', '.') > 19
	OR instr(NEW.d, '.') > 0 AND length(NEW.d) - instr(NEW.d, '.') > 16)
BEGIN
	SELECT RAISE(ABORT, 'a decimal is not in canonical form');
END;

CREATE TABLE migrations (
	version INTEGER PRIMARY KEY CHECK (version > 0),
	name TEXT NOT NULL,
	applied_at_ms INTEGER NOT NULL
) STRICT;
CREATE TRIGGER migrations_insert BEFORE INSERT ON migrations
WHEN EXISTS (SELECT 1 FROM migrations WHERE version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'migrations: it is there already'); END;
CREATE TRIGGER migrations_update BEFORE UPDATE ON migrations
BEGIN SELECT RAISE(ABORT, 'migrations: what was done does not change'); END;
CREATE TRIGGER migrations_delete BEFORE DELETE ON migrations
BEGIN SELECT RAISE(ABORT, 'migrations: nothing is deleted'); END;

-- ---- clients and their books ----

CREATE TABLE clients (
	id INTEGER PRIMARY KEY CHECK (id > 0),
	is_paused INTEGER NOT NULL DEFAULT 0 CHECK (is_paused IN (0, 1)),
	pause_reason TEXT NOT NULL DEFAULT '',
	paused_by TEXT NOT NULL DEFAULT '',
	paused_at_ms INTEGER NOT NULL DEFAULT 0,
	is_live_on INTEGER NOT NULL DEFAULT 0 CHECK (is_live_on IN (0, 1))
) STRICT;
CREATE TRIGGER clients_insert BEFORE INSERT ON clients
WHEN EXISTS (SELECT 1 FROM clients WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'clients: it is there already'); END;
CREATE TRIGGER clients_update BEFORE UPDATE ON clients WHEN NEW.id IS NOT OLD.id
BEGIN SELECT RAISE(ABORT, 'clients: an id does not change'); END;
CREATE TRIGGER clients_delete BEFORE DELETE ON clients
BEGIN SELECT RAISE(ABORT, 'clients: nothing is deleted'); END;

CREATE TABLE books (
	n INTEGER PRIMARY KEY CHECK (n > 0),
	client_id INTEGER NOT NULL REFERENCES clients (id),
	mode TEXT NOT NULL CHECK (mode IN ('DRY_RUN', 'LIVE')),
	id TEXT NOT NULL CHECK (length(id) = 16 AND id NOT GLOB '*[^0-9a-f]*'),
	realized_net TEXT NOT NULL DEFAULT '0',
	UNIQUE (client_id, mode)
) STRICT;
CREATE TRIGGER books_insert BEFORE INSERT ON books
WHEN EXISTS (SELECT 1 FROM books WHERE n = NEW.n)
  OR EXISTS (SELECT 1 FROM books WHERE client_id = NEW.client_id AND mode = NEW.mode)
BEGIN SELECT RAISE(ABORT, 'books: it is there already'); END;
CREATE TRIGGER books_update BEFORE UPDATE ON books
WHEN NEW.n IS NOT OLD.n OR NEW.client_id IS NOT OLD.client_id OR NEW.mode IS NOT OLD.mode
BEGIN SELECT RAISE(ABORT, 'books: client and mode do not change'); END;
CREATE TRIGGER books_delete BEFORE DELETE ON books
BEGIN SELECT RAISE(ABORT, 'books: nothing is deleted'); END;
CREATE TRIGGER books_insert_decimals BEFORE INSERT ON books
BEGIN INSERT INTO decimal_gate VALUES (NEW.realized_net); END;
CREATE TRIGGER books_update_decimals BEFORE UPDATE ON books
BEGIN INSERT INTO decimal_gate VALUES (NEW.realized_net); END;

-- The base of each month's budget, fixed at the month's first validation.
CREATE TABLE month_bases (
	n INTEGER PRIMARY KEY CHECK (n > 0),
	client_id INTEGER NOT NULL CHECK (client_id > 0),
	mode TEXT NOT NULL CHECK (mode IN ('DRY_RUN', 'LIVE')),
	month_start_ms INTEGER NOT NULL,
	base TEXT NOT NULL,
	UNIQUE (client_id, mode, month_start_ms)
) STRICT;
CREATE TRIGGER month_bases_insert BEFORE INSERT ON month_bases
WHEN EXISTS (SELECT 1 FROM month_bases WHERE n = NEW.n)
  OR EXISTS (SELECT 1 FROM month_bases WHERE client_id = NEW.client_id AND mode = NEW.mode
                                         AND month_start_ms = NEW.month_start_ms)
BEGIN SELECT RAISE(ABORT, 'month_bases: it is there already'); END;
CREATE TRIGGER month_bases_insert_decimals BEFORE INSERT ON month_bases
BEGIN INSERT INTO decimal_gate VALUES (NEW.base); END;
CREATE TRIGGER month_bases_update BEFORE UPDATE ON month_bases
BEGIN SELECT RAISE(ABORT, 'month_bases: a month''s base does not change'); END;
CREATE TRIGGER month_bases_delete BEFORE DELETE ON month_bases
BEGIN SELECT RAISE(ABORT, 'month_bases: nothing is deleted'); END;

-- ---- strategies ----

CREATE TABLE strategies (
	id INTEGER PRIMARY KEY CHECK (id > 0),
	client_id INTEGER NOT NULL CHECK (client_id > 0),
	name TEXT NOT NULL COLLATE NOCASE CHECK (name <> ''),
	description TEXT NOT NULL,
	config TEXT NOT NULL,
	bias TEXT NOT NULL CHECK (bias IN ('neutral', 'bullish', 'bearish')),
	is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
	risk_percent TEXT,
	max_drawdown_percent TEXT,
	stop_loss_percent TEXT,
	max_position_percent TEXT,
	dry_run_trades INTEGER NOT NULL DEFAULT 0,
	dry_run_wins INTEGER NOT NULL DEFAULT 0,
	dry_run_net_pnl TEXT NOT NULL DEFAULT '0',
	dry_run_peak TEXT NOT NULL DEFAULT '0',
	live_trades INTEGER NOT NULL DEFAULT 0,
	live_wins INTEGER NOT NULL DEFAULT 0,
	live_net_pnl TEXT NOT NULL DEFAULT '0',
	live_peak TEXT NOT NULL DEFAULT '0',
	created_at_ms INTEGER NOT NULL,
	UNIQUE (client_id, name)
) STRICT;
CREATE TRIGGER strategies_insert BEFORE INSERT ON strategies
WHEN EXISTS (SELECT 1 FROM strategies WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM strategies WHERE client_id = NEW.client_id AND name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'strategies: one of that name is there already'); END;
CREATE TRIGGER strategies_update BEFORE UPDATE ON strategies
WHEN NEW.id IS NOT OLD.id OR NEW.client_id IS NOT OLD.client_id
  OR NEW.name IS NOT OLD.name COLLATE BINARY
BEGIN SELECT RAISE(ABORT, 'strategies: id, client and name do not change'); END;
CREATE TRIGGER strategies_delete BEFORE DELETE ON strategies
BEGIN SELECT RAISE(ABORT, 'strategies: nothing is deleted'); END;
CREATE TRIGGER strategies_insert_decimals BEFORE INSERT ON strategies
BEGIN
	INSERT INTO decimal_gate VALUES (NEW.risk_percent), (NEW.max_drawdown_percent),
		(NEW.stop_loss_percent), (NEW.max_position_percent), (NEW.dry_run_net_pnl),
		(NEW.dry_run_peak), (NEW.live_net_pnl), (NEW.live_peak);
END;
CREATE TRIGGER strategies_update_decimals BEFORE UPDATE ON strategies
BEGIN
	INSERT INTO decimal_gate VALUES (NEW.risk_percent), (NEW.max_drawdown_percent),
		(NEW.stop_loss_percent), (NEW.max_position_percent), (NEW.dry_run_net_pnl),
		(NEW.dry_run_peak), (NEW.live_net_pnl), (NEW.live_peak);
END;

-- ---- intents ----

CREATE TABLE intents (
	n INTEGER PRIMARY KEY CHECK (n > 0),
	id TEXT NOT NULL UNIQUE CHECK (length(id) = 36 AND id NOT GLOB '*[^0-9a-f-]*'),
	client_id INTEGER NOT NULL CHECK (client_id > 0),
	symbol TEXT NOT NULL CHECK (symbol <> ''),
	side TEXT NOT NULL CHECK (side IN ('BUY', 'SELL')),
	strategy TEXT NOT NULL,
	status TEXT NOT NULL CHECK (status IN
		('PENDING', 'VALIDATED', 'EXECUTING', 'EXECUTED', 'FAILED', 'CANCELLED')),
	mode TEXT NOT NULL CHECK (mode IN ('DRY_RUN', 'LIVE')),
	source TEXT NOT NULL CHECK (source IN ('manual', 'pattern')),
	pattern_event_id TEXT,
	parent_id TEXT REFERENCES intents (id),
	entry_kind TEXT NOT NULL CHECK (entry_kind IN ('MARKET', 'LIMIT')),
	entry_price TEXT NOT NULL,
	planned_quote TEXT NOT NULL,
	stop_price TEXT NOT NULL,
	stop_origin TEXT NOT NULL CHECK (stop_origin IN ('typed', 'percent', 'technical')),
	stop_evidence TEXT NOT NULL,
	target_typed TEXT NOT NULL,
	target_price TEXT,
	capital TEXT NOT NULL,
	typed_quantity TEXT,
	quantity TEXT NOT NULL,
	quantity_by_rule TEXT NOT NULL,
	bound_by TEXT NOT NULL CHECK (bound_by IN ('risk', 'position', 'capital', 'balance', 'typed')),
	position_value TEXT NOT NULL,
	risk_amount TEXT NOT NULL,
	risk_percent TEXT NOT NULL,
	stop_distance TEXT NOT NULL,
	stop_distance_percent TEXT NOT NULL,
	fee_percent TEXT NOT NULL,
	gap_percent TEXT NOT NULL,
	regime TEXT NOT NULL,
	confidence TEXT,
	reason TEXT NOT NULL,
	feed TEXT NOT NULL,
	created_at_ms INTEGER NOT NULL,
	validated_at_ms INTEGER NOT NULL,
	executed_at_ms INTEGER NOT NULL,
	ended_at_ms INTEGER NOT NULL,
	execution_result TEXT NOT NULL,
	error TEXT NOT NULL,
	CHECK (execution_result = '' OR status IN ('EXECUTED', 'FAILED', 'CANCELLED')),
	CHECK (execution_result <> '' OR status <> 'EXECUTED')
) STRICT;
CREATE INDEX intents_by_client ON intents (client_id, status);
CREATE INDEX intents_by_parent ON intents (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX intents_by_pattern ON intents (client_id, mode, executed_at_ms) WHERE source = 'pattern';

CREATE TRIGGER intents_insert BEFORE INSERT ON intents
WHEN EXISTS (SELECT 1 FROM intents WHERE id = NEW.id OR n = NEW.n)
BEGIN SELECT RAISE(ABORT, 'intents: it is there already'); END;
CREATE TRIGGER intents_insert_pending BEFORE INSERT ON intents WHEN NEW.status IS NOT 'PENDING'
BEGIN SELECT RAISE(ABORT, 'intents: an intent begins as PENDING'); END;
CREATE TRIGGER intents_insert_parent BEFORE INSERT ON intents
WHEN NEW.parent_id IS NOT NULL AND NOT EXISTS
	(SELECT 1 FROM intents WHERE id = NEW.parent_id AND client_id = NEW.client_id)
BEGIN SELECT RAISE(ABORT, 'intents: there is no such intent to clone'); END;
CREATE TRIGGER intents_update_final BEFORE UPDATE ON intents
WHEN OLD.status IN ('EXECUTED', 'FAILED', 'CANCELLED')
BEGIN SELECT RAISE(ABORT, 'intents: EXECUTED, FAILED and CANCELLED are final'); END;
CREATE TRIGGER intents_update_status BEFORE UPDATE ON intents
WHEN NEW.status IS NOT OLD.status AND (OLD.status, NEW.status) NOT IN (VALUES
	('PENDING', 'VALIDATED'), ('PENDING', 'FAILED'), ('PENDING', 'CANCELLED'),
	('VALIDATED', 'EXECUTING'), ('VALIDATED', 'CANCELLED'),
	('EXECUTING', 'EXECUTED'), ('EXECUTING', 'FAILED'))
BEGIN SELECT RAISE(ABORT, 'intents: no such step between two states'); END;
CREATE TRIGGER intents_update_identity BEFORE UPDATE ON intents
WHEN NEW.n IS NOT OLD.n OR NEW.id IS NOT OLD.id OR NEW.client_id IS NOT OLD.client_id
  OR NEW.symbol IS NOT OLD.symbol OR NEW.side IS NOT OLD.side OR NEW.source IS NOT OLD.source
  OR NEW.pattern_event_id IS NOT OLD.pattern_event_id OR NEW.parent_id IS NOT OLD.parent_id
  OR NEW.created_at_ms IS NOT OLD.created_at_ms
BEGIN SELECT RAISE(ABORT, 'intents: what an intent is does not change'); END;
CREATE TRIGGER intents_update_executing BEFORE UPDATE ON intents
WHEN OLD.status = 'EXECUTING' AND (NEW.mode IS NOT OLD.mode OR NEW.strategy IS NOT OLD.strategy
  OR NEW.entry_kind IS NOT OLD.entry_kind OR NEW.stop_price IS NOT OLD.stop_price
  OR NEW.quantity IS NOT OLD.quantity)
BEGIN SELECT RAISE(ABORT, 'intents: what is being executed does not change'); END;
-- The synchronization table: an operation from the first fill on, and none without one.
CREATE TRIGGER intents_update_executed BEFORE UPDATE ON intents
WHEN OLD.status = 'EXECUTING' AND NEW.status = 'EXECUTED'
  AND NOT EXISTS (SELECT 1 FROM operations WHERE intent_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'intents: EXECUTED needs its operation'); END;
CREATE TRIGGER intents_update_failed BEFORE UPDATE ON intents
WHEN NEW.status IN ('FAILED', 'CANCELLED') AND NEW.status IS NOT OLD.status
  AND EXISTS (SELECT 1 FROM operations WHERE intent_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'intents: one with an operation has not failed'); END;
CREATE TRIGGER intents_delete BEFORE DELETE ON intents
BEGIN SELECT RAISE(ABORT, 'intents: nothing is deleted'); END;
CREATE TRIGGER intents_insert_decimals BEFORE INSERT ON intents
BEGIN
	INSERT INTO decimal_gate VALUES (NEW.entry_price), (NEW.planned_quote), (NEW.stop_price),
		(NEW.target_price), (NEW.capital), (NEW.typed_quantity), (NEW.quantity),
		(NEW.quantity_by_rule), (NEW.position_value), (NEW.risk_amount), (NEW.risk_percent),
		(NEW.stop_distance), (NEW.stop_distance_percent), (NEW.fee_percent),
		(NEW.gap_percent), (NEW.confidence);
END;
CREATE TRIGGER intents_update_decimals BEFORE UPDATE ON intents
BEGIN
	INSERT INTO decimal_gate VALUES (NEW.entry_price), (NEW.planned_quote), (NEW.stop_price),
		(NEW.target_price), (NEW.capital), (NEW.typed_quantity), (NEW.quantity),
		(NEW.quantity_by_rule), (NEW.position_value), (NEW.risk_amount), (NEW.risk_percent),
		(NEW.stop_distance), (NEW.stop_distance_percent), (NEW.fee_percent),
		(NEW.gap_percent), (NEW.confidence);
END;

-- Validation reports; the newest is the intent's.
CREATE TABLE reports (
	n INTEGER PRIMARY KEY CHECK (n > 0),
	intent_id TEXT NOT NULL REFERENCES intents (id),
	occasion TEXT NOT NULL CHECK (occasion IN ('validate', 'execute')),
	at_ms INTEGER NOT NULL,
	passed INTEGER NOT NULL,
	warnings INTEGER NOT NULL,
	failures INTEGER NOT NULL,
	missing INTEGER NOT NULL,
	missing_text TEXT NOT NULL
) STRICT;
CREATE INDEX reports_by_intent ON reports (intent_id, occasion);
CREATE TABLE report_checks (
	n INTEGER PRIMARY KEY CHECK (n > 0),
	report INTEGER NOT NULL REFERENCES reports (n),
	position INTEGER NOT NULL CHECK (position >= 0),
	name TEXT NOT NULL,
	status TEXT NOT NULL CHECK (status IN ('PASS', 'WARN', 'FAIL')),
	code TEXT NOT NULL,
	message TEXT NOT NULL,
	details TEXT NOT NULL,
	UNIQUE (report, position)
) STRICT;
CREATE TRIGGER reports_insert BEFORE INSERT ON reports
WHEN EXISTS (SELECT 1 FROM reports WHERE n = NEW.n)
  OR NOT EXISTS (SELECT 1 FROM intents WHERE id = NEW.intent_id)
BEGIN SELECT RAISE(ABORT, 'reports: it is there already, or its intent is not'); END;
CREATE TRIGGER reports_update BEFORE UPDATE ON reports
BEGIN SELECT RAISE(ABORT, 'reports: a report does not change'); END;
CREATE TRIGGER reports_delete BEFORE DELETE ON reports
BEGIN SELECT RAISE(ABORT, 'reports: nothing is deleted'); END;
CREATE TRIGGER report_checks_insert BEFORE INSERT ON report_checks
WHEN EXISTS (SELECT 1 FROM report_checks WHERE n = NEW.n)
  OR EXISTS (SELECT 1 FROM report_checks WHERE report = NEW.report AND position = NEW.position)
  OR NOT EXISTS (SELECT 1 FROM reports WHERE n = NEW.report)
BEGIN SELECT RAISE(ABORT, 'report_checks: it is there already, or its report is not'); END;
CREATE TRIGGER report_checks_update BEFORE UPDATE ON report_checks
BEGIN SELECT RAISE(ABORT, 'report_checks: a report does not change'); END;
CREATE TRIGGER report_checks_delete BEFORE DELETE ON report_checks
BEGIN SELECT RAISE(ABORT, 'report_checks: nothing is deleted'); END;

-- ---- operations ----

CREATE TABLE operations (
	id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
	client_id INTEGER NOT NULL CHECK (client_id > 0),
	intent_id TEXT UNIQUE REFERENCES intents (id),
	is_legacy INTEGER NOT NULL CHECK (is_legacy IN (0, 1)),
	mode TEXT NOT NULL CHECK (mode IN ('DRY_RUN', 'LIVE')),
	symbol TEXT NOT NULL CHECK (symbol <> ''),
	side TEXT NOT NULL CHECK (side IN ('BUY', 'SELL')),
	strategy TEXT NOT NULL,
	status TEXT NOT NULL CHECK (status IN ('ACTIVE', 'CLOSED', 'CANCELLED')),
	entry_quantity TEXT NOT NULL,
	entry_value TEXT NOT NULL,
	entry_fees TEXT NOT NULL,
	exit_quantity TEXT NOT NULL,
	exit_value TEXT NOT NULL,
	exit_fees TEXT NOT NULL,
	initial_stop TEXT NOT NULL,
	stop_price TEXT NOT NULL,
	target_price TEXT,
	fee_percent TEXT NOT NULL,
	gap_percent TEXT NOT NULL,
	wish_reason TEXT NOT NULL CHECK (wish_reason IN ('', 'STOP_LOSS', 'TAKE_PROFIT', 'MANUAL',
		'EMERGENCY', 'CLOSED_ELSEWHERE', 'HANDED_OVER')),
	wish_level TEXT NOT NULL,
	wish_bid TEXT NOT NULL,
	wish_ask TEXT NOT NULL,
	wish_quote_at_ms INTEGER NOT NULL,
	wish_wanted_at_ms INTEGER NOT NULL,
	wish_is_recovered INTEGER NOT NULL CHECK (wish_is_recovered IN (0, 1)),
	wish_recovered_price TEXT NOT NULL,
	exit_reason TEXT NOT NULL CHECK (exit_reason IN ('', 'STOP_LOSS', 'TAKE_PROFIT', 'MANUAL',
		'EMERGENCY', 'CLOSED_ELSEWHERE', 'HANDED_OVER')),
	note TEXT NOT NULL,
	realized_pnl TEXT NOT NULL,
	feed TEXT NOT NULL,
	exchange_host TEXT NOT NULL,
	account TEXT NOT NULL,
	margin_type TEXT NOT NULL,
	leverage INTEGER NOT NULL CHECK (leverage >= 1),
	opened_at_ms INTEGER NOT NULL,
	closed_at_ms INTEGER NOT NULL,
	stop_latency_us INTEGER NOT NULL,
	alarm TEXT NOT NULL,
	CHECK ((intent_id IS NULL) = (is_legacy = 1)),
	CHECK ((status = 'ACTIVE') = (exit_reason = '')),
	CHECK (status <> 'CANCELLED' OR note <> '')
) STRICT;
CREATE INDEX operations_by_client ON operations (client_id, status);

CREATE TRIGGER operations_insert BEFORE INSERT ON operations
WHEN EXISTS (SELECT 1 FROM operations WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'operations: it is there already'); END;
CREATE TRIGGER operations_insert_one BEFORE INSERT ON operations
WHEN EXISTS (SELECT 1 FROM operations WHERE intent_id = NEW.intent_id)
BEGIN SELECT RAISE(ABORT, 'operations: the intent has one already'); END;
CREATE TRIGGER operations_insert_active BEFORE INSERT ON operations WHEN NEW.status IS NOT 'ACTIVE'
BEGIN SELECT RAISE(ABORT, 'operations: an operation begins as ACTIVE'); END;
CREATE TRIGGER operations_insert_intent BEFORE INSERT ON operations
WHEN NOT (NEW.intent_id IS NULL AND NEW.is_legacy IS 1) AND NOT EXISTS
	(SELECT 1 FROM intents WHERE id = NEW.intent_id AND status = 'EXECUTING'
	 AND client_id = NEW.client_id AND mode = NEW.mode AND symbol = NEW.symbol AND side = NEW.side)
BEGIN SELECT RAISE(ABORT, 'operations: an operation needs an intent that is EXECUTING'); END;
CREATE TRIGGER operations_insert_intent_mark BEFORE INSERT ON operations
WHEN (NEW.intent_id IS NULL) IS NOT (NEW.is_legacy IS 1)
BEGIN SELECT RAISE(ABORT, 'operations: only a legacy operation has no intent'); END;
CREATE TRIGGER operations_update_status BEFORE UPDATE ON operations
WHEN NEW.status IS NOT OLD.status AND (OLD.status, NEW.status) NOT IN (VALUES
	('ACTIVE', 'CLOSED'), ('ACTIVE', 'CANCELLED'))
BEGIN SELECT RAISE(ABORT, 'operations: no such step between two states'); END;
CREATE TRIGGER operations_update_reason BEFORE UPDATE ON operations
WHEN NEW.status IS NOT 'ACTIVE' AND NEW.exit_reason IS ''
BEGIN SELECT RAISE(ABORT, 'operations: an end needs its reason'); END;
CREATE TRIGGER operations_update_identity BEFORE UPDATE ON operations
WHEN NEW.id IS NOT OLD.id OR NEW.client_id IS NOT OLD.client_id OR NEW.intent_id IS NOT OLD.intent_id
  OR NEW.is_legacy IS NOT OLD.is_legacy OR NEW.mode IS NOT OLD.mode OR NEW.symbol IS NOT OLD.symbol
  OR NEW.side IS NOT OLD.side OR NEW.strategy IS NOT OLD.strategy
  OR NEW.initial_stop IS NOT OLD.initial_stop OR NEW.feed IS NOT OLD.feed
  OR NEW.opened_at_ms IS NOT OLD.opened_at_ms
BEGIN SELECT RAISE(ABORT, 'operations: what an operation is does not change'); END;
-- Once it has ended, a person may still put its alarm away.
CREATE TRIGGER operations_update_final BEFORE UPDATE ON operations
WHEN OLD.status IN ('CLOSED', 'CANCELLED') AND (NEW.entry_quantity IS NOT OLD.entry_quantity
  OR NEW.entry_value IS NOT OLD.entry_value OR NEW.entry_fees IS NOT OLD.entry_fees
  OR NEW.exit_quantity IS NOT OLD.exit_quantity OR NEW.exit_value IS NOT OLD.exit_value
  OR NEW.exit_fees IS NOT OLD.exit_fees OR NEW.stop_price IS NOT OLD.stop_price
  OR NEW.target_price IS NOT OLD.target_price OR NEW.fee_percent IS NOT OLD.fee_percent
  OR NEW.gap_percent IS NOT OLD.gap_percent OR NEW.wish_reason IS NOT OLD.wish_reason
  OR NEW.wish_level IS NOT OLD.wish_level OR NEW.wish_bid IS NOT OLD.wish_bid
  OR NEW.wish_ask IS NOT OLD.wish_ask OR NEW.wish_quote_at_ms IS NOT OLD.wish_quote_at_ms
  OR NEW.wish_wanted_at_ms IS NOT OLD.wish_wanted_at_ms
  OR NEW.wish_is_recovered IS NOT OLD.wish_is_recovered
  OR NEW.wish_recovered_price IS NOT OLD.wish_recovered_price
  OR NEW.exit_reason IS NOT OLD.exit_reason OR NEW.note IS NOT OLD.note
  OR NEW.realized_pnl IS NOT OLD.realized_pnl OR NEW.exchange_host IS NOT OLD.exchange_host
  OR NEW.account IS NOT OLD.account OR NEW.margin_type IS NOT OLD.margin_type
  OR NEW.leverage IS NOT OLD.leverage OR NEW.closed_at_ms IS NOT OLD.closed_at_ms
  OR NEW.stop_latency_us IS NOT OLD.stop_latency_us)
BEGIN SELECT RAISE(ABORT, 'operations: CLOSED and CANCELLED are final'); END;
-- It ends only when its intent's entry has ended (legacy ones have none).
CREATE TRIGGER operations_update_intent BEFORE UPDATE ON operations
WHEN NEW.status IS NOT OLD.status AND OLD.intent_id IS NOT NULL AND NOT EXISTS
	(SELECT 1 FROM intents WHERE id = OLD.intent_id AND status = 'EXECUTED')
BEGIN SELECT RAISE(ABORT, 'operations: it ends only after its intent is EXECUTED'); END;
CREATE TRIGGER operations_delete BEFORE DELETE ON operations
BEGIN SELECT RAISE(ABORT, 'operations: nothing is deleted'); END;
CREATE TRIGGER operations_insert_decimals BEFORE INSERT ON operations
BEGIN
	INSERT INTO decimal_gate VALUES (NEW.entry_quantity), (NEW.entry_value), (NEW.entry_fees),
		(NEW.exit_quantity), (NEW.exit_value), (NEW.exit_fees), (NEW.initial_stop),
		(NEW.stop_price), (NEW.target_price), (NEW.fee_percent), (NEW.gap_percent),
		(NEW.wish_level), (NEW.wish_bid), (NEW.wish_ask), (NEW.wish_recovered_price),
		(NEW.realized_pnl);
END;
CREATE TRIGGER operations_update_decimals BEFORE UPDATE ON operations
BEGIN
	INSERT INTO decimal_gate VALUES (NEW.entry_quantity), (NEW.entry_value), (NEW.entry_fees),
		(NEW.exit_quantity), (NEW.exit_value), (NEW.exit_fees), (NEW.initial_stop),
		(NEW.stop_price), (NEW.target_price), (NEW.fee_percent), (NEW.gap_percent),
		(NEW.wish_level), (NEW.wish_bid), (NEW.wish_ask), (NEW.wish_recovered_price),
		(NEW.realized_pnl);
END;

-- ---- orders and fills ----

CREATE TABLE orders (
	n INTEGER PRIMARY KEY CHECK (n > 0),
	client_order_id TEXT NOT NULL UNIQUE CHECK (length(client_order_id) BETWEEN 1 AND 36
		AND client_order_id NOT GLOB '*[^0-9A-Za-z_-]*'),
	exchange_order_id TEXT NOT NULL,
	client_id INTEGER NOT NULL CHECK (client_id > 0),
	mode TEXT NOT NULL CHECK (mode IN ('DRY_RUN', 'LIVE')),
	intent_id TEXT REFERENCES intents (id),
	operation_id INTEGER REFERENCES operations (id),
	purpose TEXT NOT NULL CHECK (purpose IN ('entry', 'stop', 'target', 'exit')),
	generation INTEGER NOT NULL,
	symbol TEXT NOT NULL CHECK (symbol <> ''),
	side TEXT NOT NULL CHECK (side IN ('BUY', 'SELL')),
	type TEXT NOT NULL CHECK (type IN ('LIMIT', 'MARKET', 'STOP_LOSS', 'STOP_LOSS_LIMIT')),
	tif TEXT NOT NULL CHECK (tif IN ('', 'GTC', 'IOC', 'FOK')),
	quantity TEXT NOT NULL,
	price TEXT,
	stop_price TEXT,
	recovered_price TEXT,
	state TEXT NOT NULL CHECK (state IN ('PENDING', 'SENT', 'UNKNOWN', 'PENDING_NEW', 'NEW',
		'PARTIALLY_FILLED', 'FILLED', 'REJECTED', 'EXPIRED', 'EXPIRED_IN_MATCH', 'CANCELLED',
		'NOT_SENT', 'NEVER_ARRIVED')),
	filled_quantity TEXT NOT NULL,
	filled_value TEXT NOT NULL,
	fees TEXT NOT NULL,
	feed TEXT NOT NULL,
	error TEXT NOT NULL,
	is_cancel_wanted INTEGER NOT NULL CHECK (is_cancel_wanted IN (0, 1)),
	created_at_ms INTEGER NOT NULL,
	sent_at_ms INTEGER NOT NULL,
	changed_at_ms INTEGER NOT NULL,
	ended_at_ms INTEGER NOT NULL,
	CHECK (intent_id IS NOT NULL OR operation_id IS NOT NULL)
) STRICT;
CREATE INDEX orders_by_intent ON orders (intent_id) WHERE intent_id IS NOT NULL;
CREATE INDEX orders_by_operation ON orders (operation_id) WHERE operation_id IS NOT NULL;
CREATE INDEX orders_by_day ON orders (client_id, mode, created_at_ms);
CREATE INDEX orders_open ON orders (client_id) WHERE state IN
	('PENDING', 'SENT', 'UNKNOWN', 'PENDING_NEW', 'NEW', 'PARTIALLY_FILLED');

CREATE TRIGGER orders_insert BEFORE INSERT ON orders
WHEN EXISTS (SELECT 1 FROM orders WHERE client_order_id = NEW.client_order_id OR n = NEW.n)
BEGIN SELECT RAISE(ABORT, 'orders: it is there already'); END;
CREATE TRIGGER orders_insert_pending BEFORE INSERT ON orders WHEN NEW.state IS NOT 'PENDING'
BEGIN SELECT RAISE(ABORT, 'orders: an order begins as PENDING'); END;
CREATE TRIGGER orders_insert_links BEFORE INSERT ON orders
WHEN NEW.intent_id IS NULL AND NOT EXISTS
	(SELECT 1 FROM operations WHERE id = NEW.operation_id AND is_legacy = 1)
  OR NEW.intent_id IS NOT NULL AND NOT EXISTS
	(SELECT 1 FROM intents WHERE id = NEW.intent_id AND client_id = NEW.client_id
	 AND mode = NEW.mode AND symbol = NEW.symbol)
  OR NEW.operation_id IS NOT NULL AND NOT EXISTS
	(SELECT 1 FROM operations WHERE id = NEW.operation_id AND intent_id IS NEW.intent_id
	 AND client_id = NEW.client_id AND mode = NEW.mode AND symbol = NEW.symbol)
BEGIN SELECT RAISE(ABORT, 'orders: an order belongs to its intent and operation'); END;
CREATE TRIGGER orders_update_state BEFORE UPDATE ON orders
WHEN NEW.state IS NOT OLD.state AND (OLD.state, NEW.state) NOT IN (VALUES
	('PENDING', 'SENT'), ('PENDING', 'NOT_SENT'), ('PENDING', 'UNKNOWN'),
	('SENT', 'UNKNOWN'), ('SENT', 'PENDING_NEW'), ('SENT', 'NEW'), ('SENT', 'PARTIALLY_FILLED'),
	('SENT', 'FILLED'), ('SENT', 'REJECTED'), ('SENT', 'EXPIRED'), ('SENT', 'EXPIRED_IN_MATCH'),
	('SENT', 'CANCELLED'),
	('UNKNOWN', 'PENDING_NEW'), ('UNKNOWN', 'NEW'), ('UNKNOWN', 'PARTIALLY_FILLED'),
	('UNKNOWN', 'FILLED'), ('UNKNOWN', 'REJECTED'), ('UNKNOWN', 'EXPIRED'),
	('UNKNOWN', 'EXPIRED_IN_MATCH'), ('UNKNOWN', 'CANCELLED'), ('UNKNOWN', 'NEVER_ARRIVED'),
	('PENDING_NEW', 'NEW'), ('PENDING_NEW', 'PARTIALLY_FILLED'), ('PENDING_NEW', 'FILLED'),
	('PENDING_NEW', 'CANCELLED'), ('PENDING_NEW', 'EXPIRED'), ('PENDING_NEW', 'REJECTED'),
	('NEW', 'PARTIALLY_FILLED'), ('NEW', 'FILLED'), ('NEW', 'CANCELLED'), ('NEW', 'EXPIRED'),
	('NEW', 'EXPIRED_IN_MATCH'),
	('PARTIALLY_FILLED', 'FILLED'), ('PARTIALLY_FILLED', 'CANCELLED'),
	('PARTIALLY_FILLED', 'EXPIRED'), ('PARTIALLY_FILLED', 'EXPIRED_IN_MATCH'))
BEGIN SELECT RAISE(ABORT, 'orders: no such step between two states'); END;
CREATE TRIGGER orders_update_identity BEFORE UPDATE ON orders
WHEN NEW.n IS NOT OLD.n OR NEW.client_order_id IS NOT OLD.client_order_id
  OR NEW.client_id IS NOT OLD.client_id OR NEW.mode IS NOT OLD.mode
  OR NEW.intent_id IS NOT OLD.intent_id OR NEW.purpose IS NOT OLD.purpose
  OR NEW.generation IS NOT OLD.generation OR NEW.symbol IS NOT OLD.symbol
  OR NEW.side IS NOT OLD.side OR NEW.type IS NOT OLD.type OR NEW.tif IS NOT OLD.tif
  OR NEW.quantity IS NOT OLD.quantity OR NEW.price IS NOT OLD.price
  OR NEW.stop_price IS NOT OLD.stop_price OR NEW.created_at_ms IS NOT OLD.created_at_ms
BEGIN SELECT RAISE(ABORT, 'orders: what an order is does not change'); END;
CREATE TRIGGER orders_update_links BEFORE UPDATE ON orders
WHEN OLD.operation_id IS NOT NULL AND NEW.operation_id IS NOT OLD.operation_id
  OR NEW.operation_id IS NOT NULL AND NEW.operation_id IS NOT OLD.operation_id AND NOT EXISTS
	(SELECT 1 FROM operations WHERE id = NEW.operation_id AND intent_id IS NEW.intent_id)
  OR OLD.exchange_order_id <> '' AND NEW.exchange_order_id IS NOT OLD.exchange_order_id
BEGIN SELECT RAISE(ABORT, 'orders: a link or an exchange''s id, once known, does not change'); END;
CREATE TRIGGER orders_delete BEFORE DELETE ON orders
BEGIN SELECT RAISE(ABORT, 'orders: nothing is deleted'); END;
CREATE TRIGGER orders_insert_decimals BEFORE INSERT ON orders
BEGIN
	INSERT INTO decimal_gate VALUES (NEW.quantity), (NEW.price), (NEW.stop_price),
		(NEW.recovered_price), (NEW.filled_quantity), (NEW.filled_value), (NEW.fees);
END;
CREATE TRIGGER orders_update_decimals BEFORE UPDATE ON orders
BEGIN
	INSERT INTO decimal_gate VALUES (NEW.quantity), (NEW.price), (NEW.stop_price),
		(NEW.recovered_price), (NEW.filled_quantity), (NEW.filled_value), (NEW.fees);
END;

CREATE TABLE fills (
	n INTEGER PRIMARY KEY CHECK (n > 0),
	client_order_id TEXT NOT NULL REFERENCES orders (client_order_id),
	exchange_trade_id TEXT NOT NULL CHECK (exchange_trade_id <> ''),
	price TEXT NOT NULL,
	quantity TEXT NOT NULL,
	commission TEXT NOT NULL,
	commission_asset TEXT NOT NULL,
	fee_quote TEXT NOT NULL,
	is_fee_estimated INTEGER NOT NULL CHECK (is_fee_estimated IN (0, 1)),
	is_recovered INTEGER NOT NULL CHECK (is_recovered IN (0, 1)),
	at_ms INTEGER NOT NULL,
	UNIQUE (client_order_id, exchange_trade_id)
) STRICT;
CREATE INDEX fills_by_time ON fills (at_ms);
CREATE TRIGGER fills_insert BEFORE INSERT ON fills
WHEN EXISTS (SELECT 1 FROM fills WHERE n = NEW.n)
  OR EXISTS (SELECT 1 FROM fills WHERE client_order_id = NEW.client_order_id
                                   AND exchange_trade_id = NEW.exchange_trade_id)
BEGIN SELECT RAISE(ABORT, 'fills: it is there already'); END;
CREATE TRIGGER fills_insert_order BEFORE INSERT ON fills
WHEN NOT EXISTS (SELECT 1 FROM orders WHERE client_order_id = NEW.client_order_id)
BEGIN SELECT RAISE(ABORT, 'fills: a fill belongs to an order'); END;
CREATE TRIGGER fills_insert_decimals BEFORE INSERT ON fills
BEGIN
	INSERT INTO decimal_gate VALUES (NEW.price), (NEW.quantity), (NEW.commission), (NEW.fee_quote);
END;
CREATE TRIGGER fills_update BEFORE UPDATE ON fills
BEGIN SELECT RAISE(ABORT, 'fills: a fill does not change'); END;
CREATE TRIGGER fills_delete BEFORE DELETE ON fills
BEGIN SELECT RAISE(ABORT, 'fills: nothing is deleted'); END;

-- ---- trades ----

CREATE TABLE trades (
	id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
	operation_id INTEGER NOT NULL UNIQUE REFERENCES operations (id),
	client_id INTEGER NOT NULL CHECK (client_id > 0),
	intent_id TEXT REFERENCES intents (id),
	mode TEXT NOT NULL CHECK (mode IN ('DRY_RUN', 'LIVE')),
	symbol TEXT NOT NULL CHECK (symbol <> ''),
	side TEXT NOT NULL CHECK (side IN ('BUY', 'SELL')),
	strategy TEXT NOT NULL,
	quantity TEXT NOT NULL,
	entry_price TEXT NOT NULL,
	exit_price TEXT NOT NULL,
	entry_fees TEXT NOT NULL,
	exit_fees TEXT NOT NULL,
	gross_pnl TEXT NOT NULL,
	net_pnl TEXT NOT NULL,
	initial_risk TEXT NOT NULL,
	r_multiple TEXT,
	exit_reason TEXT NOT NULL CHECK (exit_reason IN ('STOP_LOSS', 'TAKE_PROFIT', 'MANUAL',
		'EMERGENCY', 'CLOSED_ELSEWHERE', 'HANDED_OVER')),
	opened_at_ms INTEGER NOT NULL,
	closed_at_ms INTEGER NOT NULL,
	duration_ms INTEGER NOT NULL,
	feed TEXT NOT NULL
) STRICT;
CREATE INDEX trades_by_time ON trades (client_id, mode, closed_at_ms);
CREATE TRIGGER trades_insert BEFORE INSERT ON trades
WHEN EXISTS (SELECT 1 FROM trades WHERE id = NEW.id OR operation_id = NEW.operation_id)
BEGIN SELECT RAISE(ABORT, 'trades: the operation''s trade is booked already'); END;
CREATE TRIGGER trades_insert_closed BEFORE INSERT ON trades
WHEN NOT EXISTS (SELECT 1 FROM operations WHERE id = NEW.operation_id AND status = 'CLOSED'
	AND client_id = NEW.client_id AND mode = NEW.mode AND symbol = NEW.symbol AND side = NEW.side
	AND intent_id IS NEW.intent_id)
BEGIN SELECT RAISE(ABORT, 'trades: a trade needs an operation that is CLOSED'); END;
CREATE TRIGGER trades_insert_decimals BEFORE INSERT ON trades
BEGIN
	INSERT INTO decimal_gate VALUES (NEW.quantity), (NEW.entry_price), (NEW.exit_price),
		(NEW.entry_fees), (NEW.exit_fees), (NEW.gross_pnl), (NEW.net_pnl),
		(NEW.initial_risk), (NEW.r_multiple);
END;
CREATE TRIGGER trades_update BEFORE UPDATE ON trades
BEGIN SELECT RAISE(ABORT, 'trades: a trade does not change'); END;
CREATE TRIGGER trades_delete BEFORE DELETE ON trades
BEGIN SELECT RAISE(ABORT, 'trades: nothing is deleted'); END;

-- ---- what was learnt about symbols, and where watching last stood ----

CREATE TABLE symbol_rules (
	feed TEXT NOT NULL,
	symbol TEXT NOT NULL CHECK (symbol <> ''),
	base TEXT NOT NULL,
	quote TEXT NOT NULL,
	status TEXT NOT NULL CHECK (status IN ('TRADING', 'BREAK', 'HALT', 'OTHER')),
	status_text TEXT NOT NULL,
	can_limit INTEGER NOT NULL,
	can_market INTEGER NOT NULL,
	can_stop_loss INTEGER NOT NULL,
	can_stop_loss_limit INTEGER NOT NULL,
	can_take_profit INTEGER NOT NULL,
	oco_allowed INTEGER NOT NULL,
	oto_allowed INTEGER NOT NULL,
	opo_allowed INTEGER NOT NULL,
	cancel_replace_allowed INTEGER NOT NULL,
	tick TEXT NOT NULL,
	price_min TEXT NOT NULL,
	price_max TEXT NOT NULL,
	lot_step TEXT NOT NULL,
	lot_min TEXT NOT NULL,
	lot_max TEXT NOT NULL,
	market_step TEXT NOT NULL,
	market_min TEXT NOT NULL,
	market_max TEXT NOT NULL,
	notional_min TEXT NOT NULL,
	notional_max TEXT NOT NULL,
	notional_min_on_market INTEGER NOT NULL,
	notional_max_on_market INTEGER NOT NULL,
	bid_multiplier_up TEXT NOT NULL,
	bid_multiplier_down TEXT NOT NULL,
	ask_multiplier_up TEXT NOT NULL,
	ask_multiplier_down TEXT NOT NULL,
	max_orders INTEGER NOT NULL,
	max_algo_orders INTEGER NOT NULL,
	max_order_lists INTEGER NOT NULL,
	max_position TEXT NOT NULL,
	unknown_filters TEXT NOT NULL,
	learnt_at_ms INTEGER NOT NULL,
	PRIMARY KEY (feed, symbol)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER symbol_rules_insert_decimals BEFORE INSERT ON symbol_rules
BEGIN
	INSERT INTO decimal_gate VALUES (NEW.tick), (NEW.price_min), (NEW.price_max), (NEW.lot_step),
		(NEW.lot_min), (NEW.lot_max), (NEW.market_step), (NEW.market_min), (NEW.market_max),
		(NEW.notional_min), (NEW.notional_max), (NEW.bid_multiplier_up),
		(NEW.bid_multiplier_down), (NEW.ask_multiplier_up), (NEW.ask_multiplier_down),
		(NEW.max_position);
END;
CREATE TRIGGER symbol_rules_update_decimals BEFORE UPDATE ON symbol_rules
BEGIN
	INSERT INTO decimal_gate VALUES (NEW.tick), (NEW.price_min), (NEW.price_max), (NEW.lot_step),
		(NEW.lot_min), (NEW.lot_max), (NEW.market_step), (NEW.market_min), (NEW.market_max),
		(NEW.notional_min), (NEW.notional_max), (NEW.bid_multiplier_up),
		(NEW.bid_multiplier_down), (NEW.ask_multiplier_up), (NEW.ask_multiplier_down),
		(NEW.max_position);
END;

CREATE TABLE price_checks (
	feed TEXT NOT NULL,
	symbol TEXT NOT NULL CHECK (symbol <> ''),
	checked_at_ms INTEGER NOT NULL,
	bid TEXT NOT NULL,
	ask TEXT NOT NULL,
	checks INTEGER NOT NULL,
	PRIMARY KEY (feed, symbol)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER price_checks_insert_decimals BEFORE INSERT ON price_checks
BEGIN INSERT INTO decimal_gate VALUES (NEW.bid), (NEW.ask); END;
CREATE TRIGGER price_checks_update_decimals BEFORE UPDATE ON price_checks
BEGIN INSERT INTO decimal_gate VALUES (NEW.bid), (NEW.ask); END;

-- ---- requests to the holder of the lease, and its heartbeat ----

CREATE TABLE requests (
	id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
	client_id INTEGER NOT NULL CHECK (client_id > 0),
	kind TEXT NOT NULL CHECK (kind IN ('EXECUTE', 'CANCEL_ENTRY', 'CLOSE', 'MOVE_STOP',
		'MOVE_TARGET', 'RELEASE', 'PANIC', 'CHECK_ONCE')),
	state TEXT NOT NULL CHECK (state IN ('WANTED', 'TAKEN', 'DONE', 'WITHDRAWN')),
	actor TEXT NOT NULL,
	intent_id TEXT,
	operation_id INTEGER NOT NULL,
	price TEXT NOT NULL,
	widen INTEGER NOT NULL CHECK (widen IN (0, 1)),
	is_live INTEGER NOT NULL CHECK (is_live IN (0, 1)),
	is_acknowledged INTEGER NOT NULL CHECK (is_acknowledged IN (0, 1)),
	reason TEXT NOT NULL,
	feed TEXT NOT NULL,
	created_at_ms INTEGER NOT NULL,
	deadline_at_ms INTEGER NOT NULL,
	taken_at_ms INTEGER NOT NULL,
	done_at_ms INTEGER NOT NULL,
	answer_status TEXT NOT NULL,
	answer_field TEXT NOT NULL,
	answer_message TEXT NOT NULL,
	answer_hint TEXT NOT NULL,
	answer_retryable INTEGER NOT NULL CHECK (answer_retryable IN (0, 1))
) STRICT;
CREATE INDEX requests_open ON requests (state) WHERE state IN ('WANTED', 'TAKEN');
CREATE TRIGGER requests_insert BEFORE INSERT ON requests
WHEN EXISTS (SELECT 1 FROM requests WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'requests: it is there already'); END;
CREATE TRIGGER requests_insert_wanted BEFORE INSERT ON requests WHEN NEW.state IS NOT 'WANTED'
BEGIN SELECT RAISE(ABORT, 'requests: a request begins as WANTED'); END;
CREATE TRIGGER requests_update_state BEFORE UPDATE ON requests
WHEN NEW.state IS NOT OLD.state AND (OLD.state, NEW.state) NOT IN (VALUES
	('WANTED', 'TAKEN'), ('WANTED', 'WITHDRAWN'), ('TAKEN', 'DONE'))
BEGIN SELECT RAISE(ABORT, 'requests: no such step between two states'); END;
CREATE TRIGGER requests_update_final BEFORE UPDATE ON requests
WHEN OLD.state IN ('DONE', 'WITHDRAWN')
BEGIN SELECT RAISE(ABORT, 'requests: DONE and WITHDRAWN are final'); END;
CREATE TRIGGER requests_update_identity BEFORE UPDATE ON requests
WHEN NEW.id IS NOT OLD.id OR NEW.client_id IS NOT OLD.client_id OR NEW.kind IS NOT OLD.kind
  OR NEW.actor IS NOT OLD.actor OR NEW.intent_id IS NOT OLD.intent_id
  OR NEW.price IS NOT OLD.price OR NEW.widen IS NOT OLD.widen OR NEW.is_live IS NOT OLD.is_live
  OR NEW.is_acknowledged IS NOT OLD.is_acknowledged OR NEW.reason IS NOT OLD.reason
  OR NEW.feed IS NOT OLD.feed OR NEW.created_at_ms IS NOT OLD.created_at_ms
  OR NEW.deadline_at_ms IS NOT OLD.deadline_at_ms
BEGIN SELECT RAISE(ABORT, 'requests: what was asked for does not change'); END;
CREATE TRIGGER requests_delete BEFORE DELETE ON requests
BEGIN SELECT RAISE(ABORT, 'requests: nothing is deleted'); END;
CREATE TRIGGER requests_insert_decimals BEFORE INSERT ON requests
BEGIN INSERT INTO decimal_gate VALUES (NEW.price); END;

CREATE TABLE heartbeat (
	n INTEGER PRIMARY KEY CHECK (n = 1),
	pid INTEGER NOT NULL,
	kind TEXT NOT NULL,
	host TEXT NOT NULL,
	started_at_ms INTEGER NOT NULL,
	beat_at_ms INTEGER NOT NULL,
	beat_mono_ms INTEGER NOT NULL,
	boot_id TEXT NOT NULL,
	feed TEXT NOT NULL,
	watched INTEGER NOT NULL,
	is_released INTEGER NOT NULL CHECK (is_released IN (0, 1))
) STRICT;

-- ---- the audit trail ----

CREATE TABLE events (
	seq INTEGER PRIMARY KEY CHECK (seq > 0),
	at_ms INTEGER NOT NULL,
	client_id INTEGER NOT NULL,
	actor TEXT NOT NULL,
	kind TEXT NOT NULL CHECK (kind <> ''),
	intent_id TEXT,
	operation_id INTEGER,
	client_order_id TEXT NOT NULL,
	summary TEXT NOT NULL,
	data TEXT NOT NULL,
	previous_hash TEXT NOT NULL CHECK (length(previous_hash) = 64),
	hash TEXT NOT NULL CHECK (length(hash) = 64 AND hash NOT GLOB '*[^0-9a-f]*')
) STRICT;
CREATE INDEX events_by_intent ON events (intent_id) WHERE intent_id IS NOT NULL;
CREATE INDEX events_by_operation ON events (operation_id) WHERE operation_id IS NOT NULL;
CREATE TRIGGER events_insert BEFORE INSERT ON events
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM events)
BEGIN SELECT RAISE(ABORT, 'events: the next event follows the last one'); END;
CREATE TRIGGER events_insert_chain BEFORE INSERT ON events
WHEN NEW.previous_hash IS NOT coalesce((SELECT hash FROM events ORDER BY seq DESC LIMIT 1),
	'0000000000000000000000000000000000000000000000000000000000000000')
BEGIN SELECT RAISE(ABORT, 'events: an event carries the hash of the one before it'); END;
CREATE TRIGGER events_update BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events: the audit trail does not change'); END;
CREATE TRIGGER events_delete BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events: the audit trail does not shrink'); END;
