-- The book, version 2: what LIVE needs to be remembered.
--
-- Where an order and an operation live; lists, and legs that learn their quantity when they rest; what
-- commission took, and dust; the machine that the book is on; what a person must look at; every id that
-- a book ever had.  The rules of version 1 hold for what is new here, too.

-- ---- operations ----

ALTER TABLE operations ADD COLUMN base_fees TEXT NOT NULL DEFAULT '0';
ALTER TABLE operations ADD COLUMN dust TEXT NOT NULL DEFAULT '0';

DROP TRIGGER operations_update_final;
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
  OR NEW.stop_latency_us IS NOT OLD.stop_latency_us OR NEW.base_fees IS NOT OLD.base_fees
  OR NEW.dust IS NOT OLD.dust)
BEGIN SELECT RAISE(ABORT, 'operations: CLOSED and CANCELLED are final'); END;
DROP TRIGGER operations_insert_decimals;
DROP TRIGGER operations_update_decimals;
CREATE TRIGGER operations_insert_decimals BEFORE INSERT ON operations
BEGIN
	INSERT INTO decimal_gate VALUES (NEW.entry_quantity), (NEW.entry_value), (NEW.entry_fees),
		(NEW.exit_quantity), (NEW.exit_value), (NEW.exit_fees), (NEW.initial_stop),
		(NEW.stop_price), (NEW.target_price), (NEW.fee_percent), (NEW.gap_percent),
		(NEW.wish_level), (NEW.wish_bid), (NEW.wish_ask), (NEW.wish_recovered_price),
		(NEW.realized_pnl), (NEW.base_fees), (NEW.dust);
END;
CREATE TRIGGER operations_update_decimals BEFORE UPDATE ON operations
BEGIN
	INSERT INTO decimal_gate VALUES (NEW.entry_quantity), (NEW.entry_value), (NEW.entry_fees),
		(NEW.exit_quantity), (NEW.exit_value), (NEW.exit_fees), (NEW.initial_stop),
		(NEW.stop_price), (NEW.target_price), (NEW.fee_percent), (NEW.gap_percent),
		(NEW.wish_level), (NEW.wish_bid), (NEW.wish_ask), (NEW.wish_recovered_price),
		(NEW.realized_pnl), (NEW.base_fees), (NEW.dust);
END;
-- Another account or another exchange is another position.
CREATE TRIGGER operations_insert_place BEFORE INSERT ON operations
WHEN NEW.mode IS 'LIVE' AND (NEW.exchange_host = '' OR NEW.account = '' OR EXISTS
	(SELECT 1 FROM orders WHERE intent_id = NEW.intent_id AND
	 (exchange_host IS NOT NEW.exchange_host OR account IS NOT NEW.account)))
BEGIN SELECT RAISE(ABORT, 'operations: a LIVE operation lives where its orders are'); END;
CREATE TRIGGER operations_update_place BEFORE UPDATE ON operations
WHEN OLD.exchange_host <> '' AND NEW.exchange_host IS NOT OLD.exchange_host
  OR OLD.account <> '' AND NEW.account IS NOT OLD.account
BEGIN SELECT RAISE(ABORT, 'operations: where an operation lives does not change'); END;

-- ---- orders ----

ALTER TABLE orders ADD COLUMN exchange_host TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN account TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN list_id TEXT NOT NULL DEFAULT ''
	CHECK (length(list_id) <= 36 AND list_id NOT GLOB '*[^0-9A-Za-z_-]*');
ALTER TABLE orders ADD COLUMN is_quantity_open INTEGER NOT NULL DEFAULT 0 CHECK (is_quantity_open IN (0, 1));
ALTER TABLE orders ADD COLUMN signed_at_ms INTEGER NOT NULL DEFAULT 0 CHECK (signed_at_ms >= 0);
ALTER TABLE orders ADD COLUMN seen_at_ms INTEGER NOT NULL DEFAULT 0 CHECK (seen_at_ms >= 0);
CREATE INDEX orders_by_list ON orders (list_id) WHERE list_id <> '';

DROP TRIGGER orders_update_identity;
CREATE TRIGGER orders_update_identity BEFORE UPDATE ON orders
WHEN NEW.n IS NOT OLD.n OR NEW.client_order_id IS NOT OLD.client_order_id
  OR NEW.client_id IS NOT OLD.client_id OR NEW.mode IS NOT OLD.mode
  OR NEW.intent_id IS NOT OLD.intent_id OR NEW.purpose IS NOT OLD.purpose
  OR NEW.generation IS NOT OLD.generation OR NEW.symbol IS NOT OLD.symbol
  OR NEW.side IS NOT OLD.side OR NEW.type IS NOT OLD.type OR NEW.tif IS NOT OLD.tif
  OR NEW.price IS NOT OLD.price OR OLD.is_quantity_open IS 0 AND NEW.is_quantity_open IS NOT 0
  OR NEW.stop_price IS NOT OLD.stop_price OR NEW.created_at_ms IS NOT OLD.created_at_ms
BEGIN SELECT RAISE(ABORT, 'orders: what an order is does not change'); END;
-- A leg that was sized by what its entry would bring settles once, and downwards: never below what it
-- has filled.  Canonical decimals above zero compare as texts once their points stand at the same place.
CREATE TRIGGER orders_update_quantity BEFORE UPDATE ON orders
WHEN NEW.quantity IS NOT OLD.quantity AND NOT (
	OLD.is_quantity_open IS 1 AND NEW.is_quantity_open IS 0
	AND NEW.quantity NOT GLOB '-*' AND NEW.quantity <> '0'
	AND (instr(NEW.quantity || '.', '.'), NEW.quantity)
	    <= (instr(OLD.quantity || '.', '.'), OLD.quantity)
	AND (instr(NEW.filled_quantity || '.', '.'), NEW.filled_quantity)
	    <= (instr(NEW.quantity || '.', '.'), NEW.quantity))
BEGIN SELECT RAISE(ABORT, 'orders: only an open quantity settles, once and downwards'); END;
CREATE TRIGGER orders_insert_place BEFORE INSERT ON orders
WHEN NEW.mode IS 'LIVE' AND (NEW.exchange_host = '' OR NEW.account = '' OR EXISTS
	(SELECT 1 FROM operations WHERE id = NEW.operation_id AND
	 (exchange_host IS NOT NEW.exchange_host OR account IS NOT NEW.account)) OR EXISTS
	(SELECT 1 FROM orders WHERE intent_id = NEW.intent_id AND
	 (exchange_host IS NOT NEW.exchange_host OR account IS NOT NEW.account)))
BEGIN SELECT RAISE(ABORT, 'orders: a LIVE order lives where its operation does'); END;
CREATE TRIGGER orders_update_place BEFORE UPDATE ON orders
WHEN OLD.exchange_host <> '' AND NEW.exchange_host IS NOT OLD.exchange_host
  OR OLD.account <> '' AND NEW.account IS NOT OLD.account
  OR OLD.list_id <> '' AND NEW.list_id IS NOT OLD.list_id
  OR OLD.signed_at_ms <> 0 AND NEW.signed_at_ms IS NOT OLD.signed_at_ms
BEGIN SELECT RAISE(ABORT, 'orders: where and how an order went does not change'); END;

-- ---- the ids of the books ----

-- Every id that a book ever had: what was sent under an old one is still known as the book's, and its
-- client order ids, which carry the first eight digits, never come again.  from_ms 0: since it was made.
CREATE TABLE book_ids (
	n INTEGER PRIMARY KEY CHECK (n > 0),
	client_id INTEGER NOT NULL CHECK (client_id > 0),
	mode TEXT NOT NULL CHECK (mode IN ('DRY_RUN', 'LIVE')),
	id TEXT NOT NULL UNIQUE CHECK (length(id) = 16 AND id NOT GLOB '*[^0-9a-f]*'),
	from_ms INTEGER NOT NULL
) STRICT;
INSERT INTO book_ids (client_id, mode, id, from_ms) SELECT client_id, mode, id, 0 FROM books ORDER BY n;
CREATE TRIGGER book_ids_insert BEFORE INSERT ON book_ids
WHEN EXISTS (SELECT 1 FROM book_ids WHERE n = NEW.n OR substr(id, 1, 8) = substr(NEW.id, 1, 8))
BEGIN SELECT RAISE(ABORT, 'book_ids: an id is used once'); END;
CREATE TRIGGER book_ids_update BEFORE UPDATE ON book_ids
BEGIN SELECT RAISE(ABORT, 'book_ids: what was does not change'); END;
CREATE TRIGGER book_ids_delete BEFORE DELETE ON book_ids
BEGIN SELECT RAISE(ABORT, 'book_ids: nothing is deleted'); END;

CREATE TRIGGER books_insert_id AFTER INSERT ON books
BEGIN INSERT INTO book_ids (client_id, mode, id, from_ms) VALUES (NEW.client_id, NEW.mode, NEW.id, 0); END;
CREATE TRIGGER books_update_id BEFORE UPDATE ON books
WHEN NEW.id IS NOT OLD.id AND NEW.id IS NOT (SELECT id FROM book_ids
	WHERE client_id = OLD.client_id AND mode = OLD.mode ORDER BY n DESC LIMIT 1)
BEGIN SELECT RAISE(ABORT, 'books: a book''s new id is fresh, and recorded first'); END;

-- ---- the machine ----

-- Where the book lives: the last row says it, the others where it was.  '' means that it was restored
-- from a backup and lives nowhere until somebody adopts it.
CREATE TABLE machines (
	n INTEGER PRIMARY KEY CHECK (n > 0),
	machine_id TEXT NOT NULL,
	inode INTEGER NOT NULL,
	adopted_at_ms INTEGER NOT NULL,
	adopted_by TEXT NOT NULL CHECK (adopted_by <> '')
) STRICT;
CREATE TRIGGER machines_insert BEFORE INSERT ON machines
WHEN NEW.n IS NOT (SELECT coalesce(max(n), 0) + 1 FROM machines)
BEGIN SELECT RAISE(ABORT, 'machines: the next follows the last one'); END;
CREATE TRIGGER machines_update BEFORE UPDATE ON machines
BEGIN SELECT RAISE(ABORT, 'machines: what was does not change'); END;
CREATE TRIGGER machines_delete BEFORE DELETE ON machines
BEGIN SELECT RAISE(ABORT, 'machines: nothing is deleted'); END;

-- ---- what a person must look at ----

CREATE TABLE blockers (
	n INTEGER PRIMARY KEY CHECK (n > 0),
	client_id INTEGER NOT NULL CHECK (client_id > 0),
	kind TEXT NOT NULL CHECK (kind <> ''),
	exchange_host TEXT NOT NULL,
	account TEXT NOT NULL,
	symbol TEXT NOT NULL,
	client_order_id TEXT NOT NULL,
	exchange_order_id TEXT NOT NULL,
	operation_id INTEGER NOT NULL,
	text TEXT NOT NULL CHECK (text <> ''),
	evidence TEXT NOT NULL CHECK (substr(evidence, 1, 1) || substr(evidence, -1) IN ('', '{}', '[]')),
	first_seen_ms INTEGER NOT NULL,
	last_seen_ms INTEGER NOT NULL CHECK (last_seen_ms >= first_seen_ms),
	looks INTEGER NOT NULL CHECK (looks > 0),
	resolved_at_ms INTEGER NOT NULL,
	resolved_by TEXT NOT NULL,
	resolution TEXT NOT NULL,
	CHECK ((resolved_at_ms = 0) = (resolved_by = '')),
	CHECK ((resolved_at_ms = 0) = (resolution = ''))
) STRICT;
CREATE UNIQUE INDEX blockers_open ON blockers (client_id, kind, exchange_host, account, symbol,
	client_order_id, exchange_order_id, operation_id) WHERE resolved_at_ms = 0;
CREATE TRIGGER blockers_insert BEFORE INSERT ON blockers
WHEN EXISTS (SELECT 1 FROM blockers WHERE n = NEW.n)
  OR EXISTS (SELECT 1 FROM blockers WHERE resolved_at_ms = 0 AND client_id = NEW.client_id
	AND kind = NEW.kind AND exchange_host = NEW.exchange_host AND account = NEW.account
	AND symbol = NEW.symbol AND client_order_id = NEW.client_order_id
	AND exchange_order_id = NEW.exchange_order_id AND operation_id = NEW.operation_id)
BEGIN SELECT RAISE(ABORT, 'blockers: it is there already'); END;
CREATE TRIGGER blockers_insert_open BEFORE INSERT ON blockers WHEN NEW.resolved_at_ms IS NOT 0
BEGIN SELECT RAISE(ABORT, 'blockers: a blocker begins unresolved'); END;
CREATE TRIGGER blockers_update_final BEFORE UPDATE ON blockers WHEN OLD.resolved_at_ms IS NOT 0
BEGIN SELECT RAISE(ABORT, 'blockers: what is resolved is final'); END;
CREATE TRIGGER blockers_update_identity BEFORE UPDATE ON blockers
WHEN NEW.n IS NOT OLD.n OR NEW.client_id IS NOT OLD.client_id OR NEW.kind IS NOT OLD.kind
  OR NEW.exchange_host IS NOT OLD.exchange_host OR NEW.account IS NOT OLD.account
  OR NEW.symbol IS NOT OLD.symbol OR NEW.client_order_id IS NOT OLD.client_order_id
  OR NEW.exchange_order_id IS NOT OLD.exchange_order_id OR NEW.operation_id IS NOT OLD.operation_id
  OR NEW.first_seen_ms IS NOT OLD.first_seen_ms OR NEW.looks < OLD.looks
  OR NEW.last_seen_ms < OLD.last_seen_ms
BEGIN SELECT RAISE(ABORT, 'blockers: what a blocker is does not change'); END;
CREATE TRIGGER blockers_delete BEFORE DELETE ON blockers
BEGIN SELECT RAISE(ABORT, 'blockers: nothing is deleted'); END;

-- ---- requests: two more kinds.  SQLite can't change a CHECK, so the table is built anew ----

CREATE TABLE requests_2 (
	id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
	client_id INTEGER NOT NULL CHECK (client_id > 0),
	kind TEXT NOT NULL CHECK (kind IN ('EXECUTE', 'CANCEL_ENTRY', 'CLOSE', 'MOVE_STOP',
		'MOVE_TARGET', 'RELEASE', 'PANIC', 'CHECK_ONCE', 'RECONCILE', 'ADOPT')),
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
	answer_retryable INTEGER NOT NULL CHECK (answer_retryable IN (0, 1)),
	cancels_protection INTEGER NOT NULL DEFAULT 0 CHECK (cancels_protection IN (0, 1))
) STRICT;
INSERT INTO requests_2 SELECT *, 0 FROM requests ORDER BY id;
DROP TABLE requests;
ALTER TABLE requests_2 RENAME TO requests;
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
  OR NEW.price IS NOT OLD.price OR NEW.widen IS NOT OLD.widen
  OR NEW.cancels_protection IS NOT OLD.cancels_protection OR NEW.is_live IS NOT OLD.is_live
  OR NEW.is_acknowledged IS NOT OLD.is_acknowledged OR NEW.reason IS NOT OLD.reason
  OR NEW.feed IS NOT OLD.feed OR NEW.created_at_ms IS NOT OLD.created_at_ms
  OR NEW.deadline_at_ms IS NOT OLD.deadline_at_ms
BEGIN SELECT RAISE(ABORT, 'requests: what was asked for does not change'); END;
CREATE TRIGGER requests_delete BEFORE DELETE ON requests
BEGIN SELECT RAISE(ABORT, 'requests: nothing is deleted'); END;
CREATE TRIGGER requests_insert_decimals BEFORE INSERT ON requests
BEGIN INSERT INTO decimal_gate VALUES (NEW.price); END;

-- ---- the heartbeat also says how much of what is watched can be seen: prices, stops that rest ----

ALTER TABLE heartbeat ADD COLUMN stale INTEGER NOT NULL DEFAULT 0;
ALTER TABLE heartbeat ADD COLUMN unseen INTEGER NOT NULL DEFAULT 0;
