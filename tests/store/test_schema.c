/* What the file itself refuses, whoever writes: a stranger's connection with foreign keys off, with
 * INSERT, UPDATE, DELETE and every form of REPLACE; and the same through the sqlite3 shell. */
#include "tests/store/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void
fill_live(struct world *world)
{
	const struct machine machine = { .id = "m1", .inode = 7, .adopted_by = "person/test" };
	struct blocker blocker = { .client_id = 1, .kind = "odd", .text = "look" };
	struct intent intent;
	struct operation op;
	struct live_orders orders;
	struct order order;

	world_open_live(world, 5, &intent, &op, &orders);
	/* A leg that has not settled yet, as one of another list would be. */
	order = orders.stop;
	text_copy(order.client_order_id, sizeof(order.client_order_id), "open-leg");
	order.state = ORDER_PENDING;
	order.is_quantity_open = true;
	order.operation_id = 0;
	assert_ok(world, store_order_insert(world->store, &order, &world->err));
	assert_ok(world, store_machine_save(world->store, &machine, &world->err));
	assert_ok(world, store_blocker_put(world->store, &blocker, 5, NULL, &world->err));
	assert_ok(world, store_blocker_resolve(world->store, blocker.n, "person/test", "mine", 6, &world->err));
	assert_ok(world, store_blocker_put(world->store, &blocker, 7, NULL, &world->err));
}

#define SEVEN_ID "00000000-0000-7000-8000-000000000007"

/* A book with one of everything: intent 1 and its operation CLOSED with its trade, intent 2 with its
 * operation ACTIVE, 3 PENDING, 4 EXECUTING with an order on its way, 5 LIVE with its operation (3) ACTIVE
 * and a list of three orders, 6 EXECUTING with its operation; a report, a request and a withdrawn one,
 * rules, a machine, a blocker and a resolved one, 7 a pattern's with its trigger. */
static void
fill_book(struct world *world)
{
	struct intent intent;
	struct operation op;
	struct trade trade;
	struct order order;
	struct report report = { .count = 1, .passed = 1, .checks = { { .name = "stop", .code = "stop.ok" } } };
	struct request request = { .client_id = 1, .kind = REQUEST_CLOSE, .operation_id = 2 };
	struct symbol_rules rules = { .symbol = "BTCUSDC", .tick = dec("0.01") };
	struct price_check check = { .feed = "f", .symbol = "BTCUSDC" };

	world_open_trade(world, 1, "All In", &intent, &op);
	world_close_trade(world, &op, "110", 9000, &trade);
	world_open_trade(world, 2, "", &intent, &op);
	world_intent_in(world, 3, INTENT_PENDING, &intent);
	assert_ok(world, store_report_insert(world->store, intent.id, OCCASION_VALIDATE, 1, &report, &world->err));
	world_intent_in(world, 4, INTENT_EXECUTING, &intent);
	make_order(&intent, PURPOSE_ENTRY, 1, &order);
	text_copy(order.exchange_order_id, sizeof(order.exchange_order_id), "X1");
	assert_ok(world, store_order_insert(world->store, &order, &world->err));
	assert_ok(world, store_request_insert(world->store, &request, &world->err));
	assert_ok(world, store_request_insert(world->store, &request, &world->err));
	request.state = REQUEST_WITHDRAWN;
	assert_ok(world, store_request_update(world->store, &request, REQUEST_WANTED, &world->err));
	assert_ok(world, store_rules_save(world->store, "f", &rules, &world->err));
	assert_ok(world, store_check_save(world->store, &check, &world->err));
	assert_ok(world, store_month_base(world->store, 1, MODE_DRY_RUN, 5, &rules.tick, &rules.tick, &world->err));
	fill_live(world);
	world_intent_in(world, 6, INTENT_EXECUTING, &intent);
	text_copy(op.intent_id, sizeof(op.intent_id), intent.id);
	assert_ok(world, store_operation_insert(world->store, &op, &world->err));
	struct pattern_trigger trigger = { .client_id = 1, .event_id = "event", .intent_id = SEVEN_ID };
	make_intent(7, &intent);
	intent.source = SOURCE_PATTERN;
	text_copy(intent.pattern_event_id, sizeof(intent.pattern_event_id), "event");
	assert_ok(world, store_intent_insert(world->store, &intent, &world->err));
	assert_ok(world, store_trigger_insert(world->store, &trigger, &world->err));
}

static uint64_t
mix(uint64_t hash, const unsigned char *bytes, int len)
{
	for (int i = 0; i < len; i++)
		hash = (hash ^ bytes[i]) * 1099511628211u;
	return (hash ^ 0xff) * 1099511628211u;
}

/* Every value of every table. */
static uint64_t
fingerprint(struct world *world)
{
	sqlite3_stmt *tables, *rows;
	uint64_t hash = 14695981039346656037u;

	assert_int_equal(sqlite3_prepare_v2(world->stranger, "SELECT name FROM main.sqlite_schema WHERE "
	                 "type = 'table' ORDER BY name", -1, &tables, NULL), SQLITE_OK);
	while (sqlite3_step(tables) == SQLITE_ROW) {
		char sql[200];
		text_format(sql, sizeof(sql), "SELECT * FROM main.%s ORDER BY 1, 2",
		            (const char *)sqlite3_column_text(tables, 0));
		assert_int_equal(sqlite3_prepare_v2(world->stranger, sql, -1, &rows, NULL), SQLITE_OK);
		while (sqlite3_step(rows) == SQLITE_ROW)
			for (int i = 0; i < sqlite3_column_count(rows); i++) {
				const unsigned char *text = sqlite3_column_text(rows, i);
				hash = mix(hash, text, sqlite3_column_bytes(rows, i));
			}
		sqlite3_finalize(rows);
	}
	sqlite3_finalize(tables);
	return hash;
}

static void
must_refuse(struct world *world, const char *sql)
{
	int code = stranger_runs(world, "%s", sql);

	if (code != SQLITE_CONSTRAINT)
		fail_msg("%s: %s (%s)", sql, sqlite3_errstr(code), sqlite3_errmsg(world->stranger));
}

#define ONE "'00000000-0000-7000-8000-000000000001'"   /* EXECUTED */
#define TWO "'00000000-0000-7000-8000-000000000002'"   /* EXECUTED, its operation ACTIVE */
#define THREE "'00000000-0000-7000-8000-000000000003'" /* PENDING */
#define FOUR "'00000000-0000-7000-8000-000000000004'"  /* EXECUTING */
#define SIX "'00000000-0000-7000-8000-000000000006'"   /* EXECUTING, its operation ACTIVE */

static const char *const refused[] = {
	/* EXECUTED is frozen, field by field. */
	"UPDATE intents SET reason = 'x' WHERE id = " ONE,
	"UPDATE intents SET execution_result = 'x' WHERE id = " ONE,
	"UPDATE intents SET error = 'x' WHERE id = " ONE,
	"UPDATE intents SET quantity = '7' WHERE id = " ONE,
	"UPDATE intents SET mode = 'LIVE' WHERE id = " ONE,
	"UPDATE intents SET ended_at_ms = 1 WHERE id = " ONE,
	"UPDATE OR REPLACE intents SET n = 99 WHERE id = " ONE,
	/* Nobody becomes somebody else; REPLACE would delete the other. */
	"UPDATE OR REPLACE intents SET id = " TWO " WHERE id = " THREE,
	"UPDATE OR REPLACE intents SET n = 1 WHERE id = " THREE,
	"UPDATE OR REPLACE intents SET rowid = 1 WHERE id = " THREE,
	"UPDATE intents SET client_id = 2 WHERE id = " THREE,
	"UPDATE intents SET symbol = 'X' WHERE id = " THREE,
	"UPDATE intents SET side = 'SELL' WHERE id = " THREE,
	"UPDATE intents SET source = 'pattern' WHERE id = " THREE,
	"UPDATE intents SET parent_id = " ONE " WHERE id = " THREE,
	"UPDATE intents SET created_at_ms = 0 WHERE id = " THREE,
	"UPDATE intents SET mode = 'LIVE' WHERE id = " FOUR,
	"UPDATE intents SET stop_price = '1' WHERE id = " FOUR,
	"UPDATE intents SET quantity = '1' WHERE id = " FOUR,
	"UPDATE intents SET execution_result = 'early' WHERE id = " THREE,
	"REPLACE INTO intents SELECT * FROM intents WHERE id = " THREE,
	"INSERT OR REPLACE INTO intents SELECT * FROM intents WHERE id = " ONE,
	"CREATE TEMP TABLE t AS SELECT * FROM intents WHERE id = " THREE "; UPDATE t SET id = "
		"'00000000-0000-7000-8000-00000000aaaa', n = 1; REPLACE INTO intents SELECT * FROM t",
	"UPDATE t SET n = -1; INSERT INTO intents SELECT * FROM t",
	"UPDATE t SET n = NULL, id = 'X'; INSERT INTO intents SELECT * FROM t",
	"UPDATE t SET n = NULL, id = '00000000-0000-7000-8000-00000000bbbb', parent_id = "
		"'00000000-0000-7000-8000-00000000dead'; INSERT INTO intents SELECT * FROM t",
	"UPDATE t SET parent_id = " ONE ", client_id = 2; INSERT INTO intents SELECT * FROM t",
	"DELETE FROM intents WHERE id = " THREE,
	"DELETE FROM intents",
	"INSERT INTO intents SELECT * FROM intents WHERE id = " THREE
		" ON CONFLICT (id) DO UPDATE SET reason = 'upsert'",
	/* What patterns triggered. */
	"UPDATE pattern_triggers SET status = 'FAILED'",
	"UPDATE OR REPLACE pattern_triggers SET event_id = 'other'",
	"DELETE FROM pattern_triggers",
	"REPLACE INTO pattern_triggers SELECT * FROM pattern_triggers",
	"INSERT INTO pattern_triggers VALUES (NULL, 1, 'event', 'HAMMER', 'PROCESSED', '" SEVEN_ID "', 1)",
	"INSERT INTO pattern_triggers VALUES (NULL, 2, 'event', 'HAMMER', 'PROCESSED', " ONE ", 1)",
	"INSERT INTO pattern_triggers VALUES (NULL, 1, 'mine', 'HAMMER', 'PROCESSED', " THREE ", 1)",
	/* Operations. */
	"UPDATE operations SET initial_stop = '1' WHERE id = 2",
	"UPDATE operations SET side = 'SELL' WHERE id = 2",
	"UPDATE operations SET symbol = 'X' WHERE id = 2",
	"UPDATE operations SET mode = 'LIVE' WHERE id = 2",
	"UPDATE operations SET feed = 'X' WHERE id = 2",
	"UPDATE operations SET opened_at_ms = 1 WHERE id = 2",
	"UPDATE operations SET intent_id = NULL, is_legacy = 1 WHERE id = 2",
	"UPDATE OR REPLACE operations SET intent_id = " ONE " WHERE id = 2",
	"UPDATE OR REPLACE operations SET intent_id = " FOUR " WHERE id = 2",
	"UPDATE OR REPLACE operations SET id = 1 WHERE id = 2",
	"UPDATE OR REPLACE operations SET rowid = 1 WHERE id = 2",
	"UPDATE operations SET exit_value = '1' WHERE id = 1",
	"UPDATE operations SET realized_pnl = '1000' WHERE id = 1",
	"UPDATE operations SET exit_reason = 'STOP_LOSS' WHERE id = 1",
	"UPDATE operations SET closed_at_ms = 1 WHERE id = 1",
	"DELETE FROM operations WHERE id = 2",
	"REPLACE INTO operations SELECT * FROM operations WHERE id = 2",
	"INSERT OR REPLACE INTO operations SELECT * FROM operations",
	"CREATE TEMP TABLE o AS SELECT * FROM operations WHERE id = 2; UPDATE o SET intent_id = NULL, "
		"is_legacy = 1; REPLACE INTO operations SELECT * FROM o",
	/* Orders. */
	"UPDATE orders SET client_order_id = 'other' WHERE n = 1",
	"UPDATE OR REPLACE orders SET client_order_id = (SELECT client_order_id FROM orders WHERE n = 2) "
		"WHERE n = 1",
	"UPDATE OR REPLACE orders SET n = 2 WHERE n = 1",
	"UPDATE orders SET quantity = '9' WHERE n = 1",
	"UPDATE orders SET price = '9' WHERE n = 1",
	"UPDATE orders SET side = 'SELL' WHERE n = 1",
	"UPDATE orders SET intent_id = " TWO " WHERE n = 1",
	"UPDATE orders SET operation_id = 2 WHERE n = 1",
	"UPDATE orders SET operation_id = NULL WHERE n = 1",
	"UPDATE orders SET operation_id = 2 WHERE intent_id = " FOUR,
	"UPDATE orders SET exchange_order_id = '' WHERE exchange_order_id <> ''",
	"UPDATE orders SET exchange_order_id = 'X2' WHERE exchange_order_id <> ''",
	"REPLACE INTO orders SELECT * FROM orders WHERE n = 1",
	"REPLACE INTO orders SELECT * FROM orders WHERE intent_id = " FOUR,
	"CREATE TEMP TABLE r AS SELECT * FROM orders WHERE intent_id = " FOUR "; "
		"UPDATE r SET client_order_id = 'new'; REPLACE INTO orders SELECT * FROM r",
	"UPDATE r SET n = 1; REPLACE INTO orders SELECT * FROM r",
	"UPDATE r SET n = NULL, intent_id = 'not there'; INSERT INTO orders SELECT * FROM r",
	"UPDATE r SET intent_id = NULL, operation_id = 2; INSERT INTO orders SELECT * FROM r",
	"UPDATE r SET intent_id = " FOUR ", operation_id = 2; INSERT INTO orders SELECT * FROM r",
	"UPDATE r SET operation_id = 99; INSERT INTO orders SELECT * FROM r",
	"UPDATE r SET operation_id = NULL, mode = 'LIVE'; INSERT INTO orders SELECT * FROM r",
	"UPDATE r SET mode = 'DRY_RUN', client_id = 2; INSERT INTO orders SELECT * FROM r",
	"DELETE FROM orders WHERE n = 1",
	/* Fills and trades are evidence. */
	"UPDATE fills SET price = '1' WHERE n = 1",
	"UPDATE OR REPLACE fills SET n = 2 WHERE n = 1",
	"DELETE FROM fills",
	"REPLACE INTO fills SELECT * FROM fills WHERE n = 1",
	"CREATE TEMP TABLE f AS SELECT * FROM fills WHERE n = 1; UPDATE f SET n = NULL; "
		"REPLACE INTO fills SELECT * FROM f",
	"UPDATE f SET n = 1, exchange_trade_id = 'new'; REPLACE INTO fills SELECT * FROM f",
	"UPDATE f SET n = NULL, client_order_id = 'not there'; INSERT INTO fills SELECT * FROM f",
	"UPDATE f SET client_order_id = (SELECT client_order_id FROM orders WHERE n = 1), price = '01'; "
		"INSERT INTO fills SELECT * FROM f",
	"UPDATE trades SET net_pnl = '1000'",
	"DELETE FROM trades",
	"REPLACE INTO trades SELECT * FROM trades",
	"CREATE TEMP TABLE tr AS SELECT * FROM trades; UPDATE tr SET id = NULL, operation_id = 2, intent_id = "
		TWO "; INSERT INTO trades SELECT * FROM tr",           /* not CLOSED */
	"UPDATE tr SET id = NULL, operation_id = 1, intent_id = " ONE "; REPLACE INTO trades SELECT * FROM tr",
	"UPDATE tr SET id = 1, operation_id = 99; REPLACE INTO trades SELECT * FROM tr",
	/* The audit trail. */
	"UPDATE events SET summary = 'x' WHERE seq = 1",
	"UPDATE OR REPLACE events SET seq = 2 WHERE seq = 1",
	"UPDATE OR IGNORE events SET seq = 2 WHERE seq = 1",
	"DELETE FROM events WHERE seq = 1",
	"DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)",
	"DELETE FROM events",
	"REPLACE INTO events SELECT * FROM events WHERE seq = 1",
	"REPLACE INTO events SELECT * FROM events WHERE seq = (SELECT max(seq) FROM events)",
	"CREATE TEMP TABLE e AS SELECT * FROM events ORDER BY seq DESC LIMIT 1; "
		"UPDATE e SET seq = seq + 1; INSERT INTO events SELECT * FROM e",          /* not its hash */
	"UPDATE e SET seq = seq + 1, previous_hash = hash; INSERT INTO events SELECT * FROM e",  /* a gap */
	"UPDATE e SET seq = 0; INSERT INTO events SELECT * FROM e",
	"UPDATE e SET seq = NULL; INSERT INTO events SELECT * FROM e",
	/* The rest of the book. */
	"DELETE FROM books", "DELETE FROM clients", "DELETE FROM strategies", "DELETE FROM reports",
	"DELETE FROM report_checks", "DELETE FROM month_bases", "DELETE FROM requests", "DELETE FROM migrations",
	"REPLACE INTO books SELECT * FROM books", "REPLACE INTO clients SELECT * FROM clients",
	"REPLACE INTO strategies SELECT * FROM strategies", "REPLACE INTO requests SELECT * FROM requests WHERE id = 1",
	"REPLACE INTO reports SELECT * FROM reports", "REPLACE INTO report_checks SELECT * FROM report_checks",
	"REPLACE INTO month_bases SELECT * FROM month_bases", "REPLACE INTO migrations SELECT * FROM migrations",
	"INSERT INTO books (client_id, mode, id, realized_net) VALUES (9, 'LIVE', '0123456789abcdef', '1.0')",
	"INSERT INTO month_bases (client_id, mode, month_start_ms, base) VALUES (9, 'LIVE', 0, '1e3')",
	"UPDATE reports SET failures = 0", "UPDATE report_checks SET status = 'PASS'",
	"UPDATE month_bases SET base = '1000000'", "UPDATE migrations SET name = 'x'",
	"UPDATE OR REPLACE strategies SET name = 'All In' WHERE name = 'Bounce Back'",
	"UPDATE OR REPLACE books SET mode = 'LIVE' WHERE mode = 'DRY_RUN'",
	"UPDATE OR REPLACE clients SET id = 2", "UPDATE requests SET kind = 'PANIC' WHERE id = 1",
	"UPDATE requests SET deadline_at_ms = 9 WHERE id = 1", "INSERT INTO strategies (client_id, name, description, config, "
		"bias, is_active, created_at_ms) VALUES (1, 'ALL IN', '', '', 'neutral', 1, 0)",
	/* Words that are none. */
	"UPDATE intents SET status = 'pending' WHERE id = " THREE,
	"UPDATE intents SET status = '' WHERE id = " THREE,
	"UPDATE intents SET mode = 'DRYRUN' WHERE id = " THREE,
	"UPDATE intents SET entry_kind = 'STOP' WHERE id = " THREE,
	"UPDATE intents SET stop_origin = 'guess' WHERE id = " THREE,
	"UPDATE intents SET bound_by = 'luck' WHERE id = " THREE,
	"UPDATE operations SET wish_reason = 'BORED' WHERE id = 2",
	"UPDATE operations SET leverage = 0 WHERE id = 2",
	"UPDATE orders SET state = 'DONE' WHERE intent_id = " FOUR,
	"UPDATE orders SET is_cancel_wanted = 2 WHERE intent_id = " FOUR,
	"UPDATE books SET id = 'no hex'", "UPDATE strategies SET bias = 'up'", "UPDATE clients SET is_paused = 2",
	"UPDATE symbol_rules SET status = 'ODD'",
	/* LIVE rows say where they live, and stay there. */
	"UPDATE operations SET exchange_host = 'x' WHERE id = 3",
	"UPDATE operations SET account = '' WHERE id = 3",
	"UPDATE orders SET exchange_host = '' WHERE client_order_id = 'open-leg'",
	"UPDATE orders SET account = 'x' WHERE client_order_id = 'open-leg'",
	"UPDATE orders SET list_id = '' WHERE client_order_id = 'open-leg'",
	"UPDATE orders SET signed_at_ms = 0 WHERE client_order_id = 'open-leg'",
	"UPDATE orders SET signed_at_ms = 5 WHERE client_order_id = 'open-leg'",
	"UPDATE orders SET list_id = 'no list!' WHERE n = 1",
	"UPDATE orders SET seen_at_ms = -1 WHERE n = 1",
	"CREATE TEMP TABLE l AS SELECT * FROM orders WHERE client_order_id = 'open-leg'; UPDATE l SET n = NULL, "
		"client_order_id = 'new-leg', account = ''; INSERT INTO orders SELECT * FROM l",
	"UPDATE l SET account = 'uid-2'; INSERT INTO orders SELECT * FROM l",
	"UPDATE l SET account = 'uid-1', exchange_host = ''; INSERT INTO orders SELECT * FROM l",
	"UPDATE l SET exchange_host = 'x'; INSERT INTO orders SELECT * FROM l",
	"UPDATE l SET exchange_host = 'x', operation_id = 3; INSERT INTO orders SELECT * FROM l",
	"CREATE TEMP TABLE lo AS SELECT * FROM operations WHERE id = 3; UPDATE lo SET id = NULL, intent_id = NULL, "
		"is_legacy = 1, exchange_host = ''; INSERT INTO operations SELECT * FROM lo",
	"UPDATE lo SET exchange_host = 'x', account = ''; INSERT INTO operations SELECT * FROM lo",
	/* A quantity settles once, downwards, and never below what is filled. */
	"UPDATE orders SET quantity = '0.09' WHERE client_order_id = 'open-leg'",
	"UPDATE orders SET quantity = '0.1', is_quantity_open = 0 WHERE client_order_id = 'open-leg'",
	"UPDATE orders SET quantity = '10', is_quantity_open = 0 WHERE client_order_id = 'open-leg'",
	"UPDATE orders SET quantity = '0', is_quantity_open = 0 WHERE client_order_id = 'open-leg'",
	"UPDATE orders SET quantity = '-0.01', is_quantity_open = 0 WHERE client_order_id = 'open-leg'",
	"UPDATE orders SET quantity = '0.01', filled_quantity = '0.02', is_quantity_open = 0 "
		"WHERE client_order_id = 'open-leg'",
	"UPDATE orders SET is_quantity_open = 1 WHERE state = 'NEW' AND purpose = 'stop'",
	"UPDATE orders SET quantity = '0.05', is_quantity_open = 0 WHERE state = 'NEW' AND purpose = 'stop'",
	"UPDATE orders SET is_quantity_open = 2 WHERE client_order_id = 'open-leg'",
	/* What commission took, and dust, are final with the rest. */
	"UPDATE operations SET base_fees = '1' WHERE id = 1",
	"UPDATE operations SET dust = '1' WHERE id = 1",
	"UPDATE operations SET dust = '1.0' WHERE id = 3",
	/* The ids of the books. */
	"UPDATE books SET id = '0123456789abcdef' WHERE mode = 'LIVE'",
	"UPDATE books SET id = (SELECT id FROM book_ids WHERE mode = 'DRY_RUN') WHERE mode = 'LIVE'",
	"INSERT INTO book_ids (client_id, mode, id, from_ms) SELECT 1, 'LIVE', substr(id, 1, 8) || '00000000', 1 "
		"FROM book_ids LIMIT 1",
	"REPLACE INTO book_ids SELECT * FROM book_ids",
	"REPLACE INTO book_ids (n, client_id, mode, id, from_ms) VALUES (1, 1, 'LIVE', '0123456789abcdef', 1)",
	"INSERT INTO book_ids (client_id, mode, id, from_ms) VALUES (1, 'LIVE', 'no hex', 1)",
	"INSERT INTO books (client_id, mode, id) SELECT 9, 'LIVE', id FROM books LIMIT 1",
	"UPDATE book_ids SET from_ms = 1", "UPDATE OR REPLACE book_ids SET id = '0123456789abcdef'",
	"DELETE FROM book_ids",
	/* The machine. */
	"UPDATE machines SET machine_id = 'x'", "DELETE FROM machines", "REPLACE INTO machines SELECT * FROM machines",
	"REPLACE INTO machines VALUES (1, 'm2', 7, 0, 'me')", "INSERT INTO machines VALUES (3, 'm2', 7, 0, 'me')",
	"INSERT INTO machines VALUES (NULL, 'm2', 7, 0, 'me')", "INSERT INTO machines VALUES (2, 'm2', 7, 0, '')",
	/* Blockers: 1 is resolved, 2 is open. */
	"UPDATE blockers SET text = 'x' WHERE n = 1", "UPDATE blockers SET resolution = 'x' WHERE n = 1",
	"UPDATE blockers SET resolved_at_ms = 0, resolved_by = '', resolution = '' WHERE n = 1",
	"UPDATE blockers SET kind = 'x' WHERE n = 2", "UPDATE blockers SET client_id = 2 WHERE n = 2",
	"UPDATE blockers SET symbol = 'X' WHERE n = 2", "UPDATE blockers SET operation_id = 1 WHERE n = 2",
	"UPDATE blockers SET exchange_host = 'x' WHERE n = 2", "UPDATE blockers SET account = 'x' WHERE n = 2",
	"UPDATE blockers SET client_order_id = 'x' WHERE n = 2", "UPDATE blockers SET exchange_order_id = 'x' WHERE n = 2",
	"UPDATE blockers SET looks = 0 WHERE n = 2", "UPDATE blockers SET last_seen_ms = 6 WHERE n = 2",
	"UPDATE blockers SET first_seen_ms = 1 WHERE n = 2", "UPDATE OR REPLACE blockers SET n = 1 WHERE n = 2",
	"UPDATE blockers SET text = '' WHERE n = 2", "UPDATE blockers SET evidence = 'no JSON' WHERE n = 2",
	"UPDATE blockers SET resolved_at_ms = 9 WHERE n = 2", "UPDATE blockers SET resolution = 'x' WHERE n = 2",
	"UPDATE blockers SET resolved_at_ms = 9, resolved_by = 'me' WHERE n = 2",
	"DELETE FROM blockers WHERE n = 1", "DELETE FROM blockers", "REPLACE INTO blockers SELECT * FROM blockers",
	"CREATE TEMP TABLE b AS SELECT * FROM blockers WHERE n = 2; UPDATE b SET n = NULL; "
		"INSERT INTO blockers SELECT * FROM b",
	"REPLACE INTO blockers SELECT * FROM b",
	"UPDATE b SET n = 2, kind = 'other'; REPLACE INTO blockers SELECT * FROM b",
	"CREATE TEMP TABLE b2 AS SELECT * FROM blockers WHERE n = 1; UPDATE b2 SET n = NULL, kind = 'done'; "
		"INSERT INTO blockers SELECT * FROM b2",
	"UPDATE requests SET kind = 'RECONCILE' WHERE id = 1",
	/* Births, ends and what needs the other side: the steps between states are told in test_states. */
	"CREATE TEMP TABLE t2 AS SELECT * FROM intents WHERE id = " ONE "; UPDATE t2 SET n = NULL, id = "
		"'00000000-0000-7000-8000-00000000cccc'; INSERT INTO intents SELECT * FROM t2",
	"UPDATE intents SET status = 'EXECUTED', execution_result = 'x' WHERE id = " FOUR,
	"UPDATE intents SET status = 'FAILED', execution_result = 'x' WHERE id = " SIX,
	"UPDATE operations SET status = 'CLOSED', exit_reason = 'MANUAL' WHERE intent_id = " SIX,
	"CREATE TEMP TABLE o2 AS SELECT * FROM operations WHERE intent_id = " SIX "; UPDATE o2 SET id = NULL; "
		"REPLACE INTO operations SELECT * FROM o2",
	"UPDATE o2 SET intent_id = " THREE "; INSERT INTO operations SELECT * FROM o2",
	"UPDATE o2 SET intent_id = " FOUR ", status = 'CLOSED', exit_reason = 'MANUAL'; "
		"INSERT INTO operations SELECT * FROM o2",
	"CREATE TEMP TABLE r2 AS SELECT * FROM orders WHERE n = 1; UPDATE r2 SET n = NULL, client_order_id = 'r2'; "
		"INSERT INTO orders SELECT * FROM r2",
	"CREATE TEMP TABLE q AS SELECT * FROM requests WHERE id = 1; UPDATE q SET id = NULL, state = 'DONE'; "
		"INSERT INTO requests SELECT * FROM q",
	"UPDATE requests SET answer_message = 'x' WHERE id = 2",
	"REPLACE INTO books (n, client_id, mode, id) VALUES (1, 9, 'LIVE', '0123456789abcdef')",
};

static void
nothing_that_must_never_be_gets_past_the_schema(void **state)
{
	struct world *world = *state;

	fill_book(world);
	uint64_t before = fingerprint(world);
	assert_int_equal(stranger_counts(world, "PRAGMA foreign_keys"), 0);
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		must_refuse(world, refused[i]);
		if (fingerprint(world) != before)
			fail_msg("%s: was refused and changed the book", refused[i]);
	}
}

/* Whose checks are off still has the triggers to get past. */
static const char *const refused_unchecked[] = {
	"UPDATE operations SET status = 'CANCELLED' WHERE id = 1",
	"UPDATE operations SET status = 'ACTIVE' WHERE id = 1",
	"UPDATE operations SET status = 'ODD' WHERE id = 2",
	"UPDATE operations SET status = 'CLOSED' WHERE id = 2",
	"UPDATE intents SET status = 'ODD' WHERE id = " THREE,
	"UPDATE orders SET state = 'ODD' WHERE intent_id = " FOUR,
	"UPDATE requests SET state = 'ODD' WHERE id = 1",
	"CREATE TEMP TABLE u AS SELECT * FROM operations WHERE id = 2; UPDATE u SET id = NULL, "
		"intent_id = NULL, is_legacy = 0; INSERT INTO operations SELECT * FROM u",
	"UPDATE u SET intent_id = " FOUR ", is_legacy = 1; INSERT INTO operations SELECT * FROM u",
	"UPDATE u SET intent_id = NULL, is_legacy = 7; INSERT INTO operations SELECT * FROM u",
};

static void
states_hold_without_check_constraints_too(void **state)
{
	struct world *world = *state;

	fill_book(world);
	stranger_must(world, "PRAGMA ignore_check_constraints = ON");
	uint64_t before = fingerprint(world);
	for (size_t i = 0; i < ARRAY_LEN(refused_unchecked); i++)
		must_refuse(world, refused_unchecked[i]);
	assert_true(fingerprint(world) == before);
}

enum { REFUSED = ARRAY_LEN(refused), REFUSED_ALL = REFUSED + ARRAY_LEN(refused_unchecked) };

static bool
gets_past(struct world *world, int i)
{
	return stranger_runs(world, "%s", i < REFUSED ? refused[i] : refused_unchecked[i - REFUSED]) == SQLITE_OK;
}

static void
name_at(struct world *world, int at, char *ret, size_t size)
{
	sqlite3_stmt *stmt;

	assert_int_equal(sqlite3_prepare_v2(world->stranger, "SELECT name FROM temp.names WHERE rowid = ?", -1, &stmt, NULL),
	                 SQLITE_OK);
	sqlite3_bind_int(stmt, 1, at);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	assert_true(text_copy(ret, size, (const char *)sqlite3_column_text(stmt, 0)));
	sqlite3_finalize(stmt);
}

/* Of every trigger: without it, something of the above gets past.  CHECKs are off, for some of them say
 * the same.  (Of the gates for decimals every column is looked at below.) */
static void
every_trigger_is_needed(void **state)
{
	struct world *world = *state;
	bool is_free[REFUSED_ALL];                   /* only a CHECK is in its way */
	int useless = 0;

	fill_book(world);
	stranger_must(world, "PRAGMA ignore_check_constraints = ON; CREATE TEMP TABLE names AS SELECT name FROM "
	              "main.sqlite_schema WHERE type = 'trigger' AND name NOT LIKE '%%decimals' AND "
	              "tbl_name <> 'decimal_gate'; SAVEPOINT one");
	for (int i = 0; i < REFUSED_ALL; i++) {
		stranger_must(world, "SAVEPOINT two");
		is_free[i] = gets_past(world, i);
		stranger_must(world, "%s", is_free[i] ? "ROLLBACK TO two; RELEASE two" : "RELEASE two");
	}
	stranger_must(world, "ROLLBACK TO one; RELEASE one");
	int count = (int)stranger_counts(world, "SELECT count(*) FROM names");
	assert_true(count > 80);
	for (int k = 1; k <= count; k++) {
		bool is_needed = false;
		char name[80];
		name_at(world, k, name, sizeof(name));
		stranger_must(world, "SAVEPOINT one; DROP TRIGGER main.%s", name);
		for (int i = 0; !is_needed && i < REFUSED_ALL; i++)
			is_needed = !is_free[i] && gets_past(world, i);
		stranger_must(world, "ROLLBACK TO one; RELEASE one");
		if (!is_needed)
			print_error("without the trigger %s nothing gets past\n", name);
		useless += !is_needed;
	}
	assert_int_equal(useless, 0);
}

static void
recursive_triggers_make_no_difference(void **state)
{
	struct world *world = *state;

	fill_book(world);
	uint64_t before = fingerprint(world);
	stranger_must(world, "PRAGMA recursive_triggers = ON");
	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		must_refuse(world, refused[i]);
	assert_true(fingerprint(world) == before);
}

static void
what_may_change_can_be_changed(void **state)
{
	struct world *world = *state;
	static const char *const allowed[] = {
		"UPDATE intents SET reason = 'x', mode = 'LIVE', quantity = '7' WHERE id = " THREE,
		"UPDATE intents SET error = 'slow' WHERE id = " FOUR,
		"UPDATE operations SET stop_price = '96', target_price = NULL, alarm = 'look' WHERE id = 2",
		"UPDATE operations SET alarm = '' WHERE id = 1",
		"UPDATE orders SET is_cancel_wanted = 1, filled_quantity = '0.05' WHERE intent_id = " FOUR,
		"UPDATE requests SET operation_id = 2, answer_message = 'x' WHERE id = 1",
		"UPDATE clients SET is_paused = 1, pause_reason = 'news'",
		"UPDATE strategies SET description = 'mine', risk_percent = '0.25'",
		"UPDATE books SET realized_net = '-1.5'",
		"UPDATE operations SET base_fees = '0.001', dust = '0.0005' WHERE id = 3",
		"UPDATE operations SET exchange_host = 'x', account = 'y' WHERE id = 2",
		"UPDATE orders SET quantity = '0.0998', is_quantity_open = 0, seen_at_ms = 9 WHERE client_order_id = 'open-leg'",
		"UPDATE blockers SET looks = 5, last_seen_ms = 9, text = 'still', evidence = '[1]' WHERE n = 2",
		"UPDATE blockers SET resolved_at_ms = 9, resolved_by = 'me', resolution = 'done' WHERE n = 2",
		"INSERT INTO machines VALUES (2, 'm2', 7, 0, 'me')",
		"INSERT INTO book_ids (client_id, mode, id, from_ms) VALUES (1, 'LIVE', '0123456789abcdef', 1); "
			"UPDATE books SET id = '0123456789abcdef' WHERE mode = 'LIVE'",
	};

	fill_book(world);
	for (size_t i = 0; i < ARRAY_LEN(allowed); i++)
		stranger_must(world, "%s", allowed[i]);
}

static void
decimals_are_canonical_or_refused(void **state)
{
	struct world *world = *state;
	static const char *const good[] = {
		"0", "1", "-1", "10", "100", "0.5", "-0.5", "10.01", "0.0000000000000001",
		"999999999999999999.9999999999999999", "-999999999999999999.9999999999999999",
	};
	static const char *const bad[] = {
		"", "-", "+1", "-0", "00", "01", "-01", "1.", ".5", "-.5", "0.50", "1.0", "0.0", "-0.0", "1e5",
		"1E5", "0x10", " 1", "1 ", "1 000", "1,000", "--1", "1-", "1-1", "1.2.3", "1..2", "NaN", "inf",
		"abc", "\xd9\xa1", "1000000000000000000", "0.00000000000000001", "1.00000000000000010",
	};

	fill_book(world);
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		struct decimal d;
		char text[DECIMAL_TEXT_SIZE];
		stranger_must(world, "UPDATE books SET realized_net = '%s'", good[i]);
		assert_int_equal(decimal_parse(good[i], &d), STATUS_OK);
		decimal_text(d, text);
		assert_string_equal(text, good[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (stranger_runs(world, "UPDATE books SET realized_net = '%s'", bad[i]) != SQLITE_CONSTRAINT)
			fail_msg("'%s' was taken for a decimal", bad[i]);
	assert_int_equal(stranger_runs(world, "UPDATE books SET realized_net = 1e300"), SQLITE_CONSTRAINT);
	assert_int_equal(stranger_runs(world, "UPDATE books SET realized_net = 1.0e-5"), SQLITE_CONSTRAINT);
	assert_int_not_equal(stranger_runs(world, "UPDATE books SET realized_net = x'31'"), SQLITE_OK);
	assert_int_equal(stranger_runs(world, "UPDATE books SET realized_net = NULL"), SQLITE_CONSTRAINT);
}

/* The columns that hold decimals are those that the program writes as decimals: none may be left out
 * of the gate. */
static void
every_decimal_of_every_record_passes_the_gate(void **state)
{
	struct world *world = *state;
	static const struct record *const records[] = {
		&intent_record, &order_record, &fill_record, &operation_record, &trade_record,
		&strategy_record, &rules_record, &check_record, &request_record,
	};
	int seen = 0;

	fill_book(world);
	for (size_t r = 0; r < ARRAY_LEN(records); r++)
		for (size_t i = 0; i < records[r]->count; i++) {
			const struct column *column = &records[r]->columns[i];
			if (column->type != COLUMN_DECIMAL && column->type != COLUMN_MAYBE_DECIMAL)
				continue;
			stranger_must(world, "CREATE TEMP TABLE d AS SELECT * FROM %s LIMIT 1; UPDATE d SET %s = '1.0'",
			              records[r]->table, column->name);
			stranger_runs(world, "UPDATE d SET n = NULL");
			int code = stranger_runs(world, "INSERT INTO %s SELECT * FROM d", records[r]->table);
			if (code != SQLITE_CONSTRAINT || stranger_counts(world, "SELECT count(*) FROM sqlite_schema "
			    "WHERE type = 'trigger' AND tbl_name = '%s' AND name LIKE '%%_insert_decimals' AND "
			    "sql LIKE '%%(NEW.%s)%%'", records[r]->table, column->name) != 1)
				fail_msg("%s.%s does not pass the gate when it is inserted", records[r]->table, column->name);
			/* Fills, trades and requests' prices never change. */
			bool changes = records[r] != &fill_record && records[r] != &trade_record &&
			               records[r] != &request_record;
			if (changes && stranger_counts(world, "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' "
			    "AND tbl_name = '%s' AND name LIKE '%%_update_decimals' AND sql LIKE '%%(NEW.%s)%%'",
			    records[r]->table, column->name) != 1)
				fail_msg("%s.%s does not pass the gate when it is changed", records[r]->table, column->name);
			stranger_must(world, "DROP TABLE d");
			seen++;
		}
	assert_int_equal(seen, 16 + 7 + 4 + 18 + 9 + 8 + 16 + 2 + 1);
}

/* ---- the sqlite3 shell itself ---- */

static int
run_shell(const char *path, const char *sql)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		if (freopen("/dev/null", "w", stderr) == NULL || freopen("/dev/null", "w", stdout) == NULL)
			_exit(126);
		execlp("sqlite3", "sqlite3", "-batch", "-bail", path, sql, (char *)NULL);
		_exit(127);
	}
	assert_true(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
the_sqlite3_shell_is_refused_too(void **state)
{
	struct world *world = *state;
	static const char *const some[] = {
		"PRAGMA foreign_keys = OFF; UPDATE intents SET status = 'EXECUTED' WHERE id = " THREE,
		"REPLACE INTO events SELECT * FROM events WHERE seq = 1",
		"UPDATE OR REPLACE operations SET intent_id = " ONE " WHERE id = 2",
		"DELETE FROM fills", "UPDATE intents SET reason = 'x' WHERE id = " ONE,
	};

	fill_book(world);
	if (run_shell(world->path, "SELECT 1") == 127)
		skip();
	uint64_t before = fingerprint(world);
	assert_int_equal(run_shell(world->path, "UPDATE clients SET is_paused = is_paused"), 0);
	for (size_t i = 0; i < ARRAY_LEN(some); i++)
		assert_int_not_equal(run_shell(world->path, some[i]), 0);
	assert_true(fingerprint(world) == before);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
		TEST(nothing_that_must_never_be_gets_past_the_schema),
		TEST(states_hold_without_check_constraints_too),
		TEST(every_trigger_is_needed),
		TEST(recursive_triggers_make_no_difference),
		TEST(what_may_change_can_be_changed),
		TEST(decimals_are_canonical_or_refused),
		TEST(every_decimal_of_every_record_passes_the_gate),
		TEST(the_sqlite3_shell_is_refused_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
