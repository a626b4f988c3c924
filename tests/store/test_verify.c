/* Verifying the book: each corruption that is planted is found, by the check that should find it. */
#include "tests/store/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct findings { int checks, bad; char names[16][40]; char first[200]; struct store_health health; };

static void
collect(void *self, const struct store_check *check)
{
	struct findings *all = self;

	all->checks++;
	assert_true(strcmp(check->group, "Schema") == 0 || strcmp(check->group, "Service") == 0);
	assert_true(check->message[0] != '\0');
	if (check->ok)
		return;
	if (all->bad == 0)
		text_copy(all->first, sizeof(all->first), check->message);
	text_copy(all->names[all->bad++], 40, check->name);
}

static struct findings
verify(struct world *world)
{
	struct findings all = { 0 };

	assert_ok(world, store_verify(world->store, collect, &all, &all.health, &world->err));
	assert_false(store_in_transaction(world->store));
	assert_int_equal(all.checks, 15);
	return all;
}

static bool
found(const struct findings *all, const char *name)
{
	for (int i = 0; i < all->bad; i++)
		if (strcmp(all->names[i], name) == 0)
			return true;
	return false;
}

/* Two closed trades, one open, one entry on its way, one plan, one LIVE position (orders 6, 7 and 8) and a
 * blocker. */
static void
fill_book(struct world *world)
{
	struct blocker blocker = { .client_id = 1, .kind = "odd", .text = "look" };
	const struct machine machine = { .id = "m1", .inode = 7, .adopted_by = "person/test" };
	struct intent intent;
	struct operation op;
	struct live_orders orders;
	struct trade trade;

	world_open_trade(world, 1, "All In", &intent, &op);
	world_close_trade(world, &op, "110", 9000, &trade);
	world_open_trade(world, 2, "all in", &intent, &op);
	world_close_trade(world, &op, "97", 9500, &trade);
	world_open_trade(world, 3, "Bounce Back", &intent, &op);
	world_intent_in(world, 4, INTENT_EXECUTING, &intent);
	world_intent_in(world, 5, INTENT_PENDING, &intent);
	world_open_live(world, 6, &intent, &op, &orders);
	assert_ok(world, store_blocker_put(world->store, &blocker, 5, NULL, &world->err));
	assert_ok(world, store_machine_save(world->store, &machine, &world->err));
}

static void
a_book_that_is_whole_verifies(void **state)
{
	struct world *world = *state;
	struct findings all;

	all = verify(world);
	assert_int_equal(all.bad, 0);
	fill_book(world);
	all = verify(world);
	if (all.bad > 0)
		fail_msg("%s: %s", all.names[0], all.first);
	assert_int_equal(all.health.active_operations, 2);
	assert_int_equal(all.health.live_operations, 1);
	assert_int_equal(all.health.live_stops_resting, 1);
	assert_int_equal(all.health.open_blockers, 1);
	assert_int_equal(all.health.operations_without_intent, 0);
	assert_int_equal(all.health.orphans, 0);
	/* ... read only, and inside somebody's transaction, too. */
	assert_ok(world, store_begin_read(world->store, &world->err));
	all = (struct findings){ 0 };
	assert_ok(world, store_verify(world->store, collect, &all, &all.health, &world->err));
	assert_true(store_in_transaction(world->store));
	store_rollback(world->store);
	assert_int_equal(all.bad, 0);
}

struct corruption { const char *sql, *check; };
static const struct corruption corruptions[] = {
	{ "UPDATE orders SET filled_quantity = '0.05' WHERE n = 1", "orders" },
	{ "UPDATE orders SET filled_value = '10.00000001' WHERE n = 1", "orders" },
	{ "UPDATE orders SET fees = '0' WHERE n = 1", "orders" },
	{ "UPDATE fills SET price = '101' WHERE n = 1", "operations" },
	{ "UPDATE fills SET price = '101' WHERE n = 1", "orders" },
	{ "UPDATE fills SET quantity = '5' WHERE n = 1", "orders" },
	{ "DELETE FROM fills WHERE n = 2", "operations" },
	{ "INSERT INTO fills SELECT NULL, client_order_id, 'twice', price, quantity, commission, commission_asset, "
	  "fee_quote, 0, 0, at_ms FROM fills WHERE n = 1", "operations" },
	{ "UPDATE operations SET entry_fees = '0.02' WHERE id = 3", "operations" },
	{ "UPDATE operations SET entry_quantity = '0.2' WHERE id = 3", "operations" },
	{ "UPDATE operations SET exit_value = '11.1' WHERE id = 1", "trades" },
	{ "UPDATE operations SET realized_pnl = '5' WHERE id = 1", "trades" },
	{ "UPDATE operations SET initial_stop = '90' WHERE id = 1", "trades" },
	{ "UPDATE trades SET net_pnl = '5' WHERE id = 1", "trades" },
	{ "UPDATE trades SET net_pnl = '5' WHERE id = 1", "books" },
	{ "UPDATE trades SET net_pnl = '5' WHERE id = 1", "strategies" },
	{ "UPDATE trades SET gross_pnl = '5' WHERE id = 1", "trades" },
	{ "UPDATE trades SET quantity = '5' WHERE id = 1", "trades" },
	{ "UPDATE trades SET entry_price = '5' WHERE id = 1", "trades" },
	{ "UPDATE trades SET exit_price = '5' WHERE id = 1", "trades" },
	{ "UPDATE trades SET entry_fees = '5' WHERE id = 1", "trades" },
	{ "UPDATE trades SET exit_fees = '5' WHERE id = 1", "trades" },
	{ "UPDATE trades SET initial_risk = '5' WHERE id = 1", "trades" },
	{ "UPDATE trades SET r_multiple = '5' WHERE id = 1", "trades" },
	{ "UPDATE trades SET r_multiple = NULL WHERE id = 1", "trades" },
	{ "UPDATE trades SET exit_reason = 'STOP_LOSS' WHERE id = 1", "trades" },
	{ "UPDATE trades SET side = 'SELL' WHERE id = 1", "trades" },
	{ "UPDATE trades SET symbol = 'ETHUSDC' WHERE id = 1", "trades" },
	{ "UPDATE trades SET mode = 'LIVE' WHERE id = 1", "books" },
	{ "UPDATE trades SET strategy = 'Bounce Back' WHERE id = 1", "strategies" },
	{ "UPDATE trades SET opened_at_ms = 1 WHERE id = 1", "trades" },
	{ "UPDATE trades SET duration_ms = 1 WHERE id = 1", "trades" },
	{ "DELETE FROM trades WHERE id = 2", "trades" },
	{ "UPDATE books SET realized_net = '1000' WHERE mode = 'DRY_RUN'", "books" },
	{ "UPDATE books SET realized_net = '0.1' WHERE mode = 'LIVE'", "books" },
	{ "UPDATE strategies SET dry_run_wins = 2 WHERE name = 'All In'", "strategies" },
	{ "UPDATE strategies SET dry_run_trades = 3 WHERE name = 'All In'", "strategies" },
	{ "UPDATE strategies SET dry_run_peak = '9' WHERE name = 'All In'", "strategies" },
	{ "UPDATE strategies SET live_net_pnl = '9' WHERE name = 'All In'", "strategies" },
	{ "UPDATE intents SET status = 'CANCELLED', execution_result = '' WHERE n = 3", "states" },
	{ "UPDATE intents SET status = 'EXECUTED', execution_result = 'x' WHERE n = 5", "states" },
	{ "UPDATE intents SET status = 'EXECUTING', execution_result = '' WHERE n = 1", "states" },
	{ "DELETE FROM operations WHERE id = 3", "states" },
	{ "DELETE FROM operations WHERE id = 1", "trades" },
	{ "DELETE FROM operations WHERE id = 1", "links" },
	{ "DELETE FROM intents WHERE n = 1", "links" },
	{ "DELETE FROM orders WHERE n = 1", "links" },
	{ "DELETE FROM orders WHERE n = 1", "foreign keys" },
	{ "DELETE FROM orders WHERE n = 1", "operations" },
	{ "UPDATE orders SET operation_id = 2 WHERE n = 1", "links" },
	{ "UPDATE operations SET status = 'ACTIVE', exit_reason = '' WHERE id = 1", "links" },
	{ "PRAGMA ignore_check_constraints = ON; UPDATE intents SET status = 'ODD' WHERE n = 5", "states" },
	{ "PRAGMA ignore_check_constraints = ON; UPDATE intents SET status = 'ODD' WHERE n = 5", "file" },
	{ "PRAGMA ignore_check_constraints = ON; UPDATE operations SET side = 'UP' WHERE id = 3", "operations" },
	{ "UPDATE operations SET entry_value = 'ten' WHERE id = 3", "operations" },
	{ "UPDATE trades SET net_pnl = 'ten' WHERE id = 1", "trades" },
	{ "UPDATE orders SET quantity = '1e5' WHERE n = 2", "orders" },
	{ "UPDATE books SET realized_net = 'ten' WHERE mode = 'DRY_RUN'", "books" },
	{ "UPDATE strategies SET dry_run_peak = 'ten'", "strategies" },
	/* What LIVE adds. */
	{ "UPDATE operations SET base_fees = '0' WHERE id = 4", "operations" },
	{ "UPDATE operations SET base_fees = '0.0001' WHERE id = 3", "operations" },
	{ "UPDATE fills SET commission = '0.0002' WHERE commission_asset = 'BTC'", "operations" },
	{ "UPDATE fills SET commission_asset = 'BNB' WHERE commission_asset = 'BTC'", "operations" },
	{ "UPDATE operations SET dust = '0.00001' WHERE id = 1", "operations" },
	{ "UPDATE operations SET dust = '0.00001' WHERE id = 4", "operations" },
	{ "UPDATE operations SET account = '' WHERE id = 4", "places" },
	{ "UPDATE operations SET exchange_host = '' WHERE id = 4", "places" },
	{ "UPDATE operations SET account = 'uid-2' WHERE id = 4", "places" },
	{ "UPDATE orders SET exchange_host = '', operation_id = NULL WHERE client_order_id LIKE '%stop1'", "places" },
	{ "UPDATE orders SET account = '' WHERE n = 7", "places" },
	{ "UPDATE orders SET account = 'uid-2', operation_id = NULL WHERE n = 7", "places" },
	{ "UPDATE orders SET account = 'uid-2' WHERE n = 7", "lists" },
	{ "UPDATE orders SET exchange_host = 'elsewhere' WHERE n = 7", "lists" },
	{ "UPDATE orders SET signed_at_ms = 1 WHERE n = 7", "lists" },
	{ "UPDATE orders SET symbol = 'ETHUSDC' WHERE n = 7", "lists" },
	{ "UPDATE orders SET mode = 'DRY_RUN' WHERE n = 7", "lists" },
	{ "UPDATE orders SET client_id = 2 WHERE n = 7", "lists" },
	{ "UPDATE orders SET intent_id = NULL WHERE n = 7", "lists" },
	{ "UPDATE orders SET purpose = 'target' WHERE n = 7", "lists" },
	{ "UPDATE orders SET list_id = '' WHERE n IN (6, 7)", "lists" },
	{ "UPDATE orders SET list_id = 'l' WHERE n IN (1, 2, 6, 7)", "lists" },
	{ "UPDATE orders SET is_quantity_open = 1 WHERE n = 1", "lists" },
	{ "UPDATE orders SET is_quantity_open = 1 WHERE n = 6", "lists" },
	{ "UPDATE orders SET state = 'CANCELLED' WHERE n = 7", "stops" },
	{ "UPDATE orders SET state = 'CANCELLED' WHERE n IN (7, 8)", "stops" },
	{ "UPDATE books SET id = '0123456789abcdef' WHERE mode = 'LIVE'", "ids" },
	{ "DELETE FROM book_ids WHERE mode = 'LIVE'", "ids" },
	{ "INSERT INTO book_ids (client_id, mode, id, from_ms) SELECT 9, mode, substr(id, 1, 8) || '00000000', 1 "
	  "FROM book_ids WHERE mode = 'LIVE'", "ids" },
	{ "UPDATE machines SET n = 5", "ids" },
	{ "PRAGMA ignore_check_constraints = ON; UPDATE blockers SET first_seen_ms = 6", "blockers" },
	{ "PRAGMA ignore_check_constraints = ON; UPDATE blockers SET looks = 0", "blockers" },
	{ "PRAGMA ignore_check_constraints = ON; UPDATE blockers SET resolved_at_ms = 9", "blockers" },
};

static void
every_planted_corruption_is_found(void **state)
{
	struct world *world = *state;

	fill_book(world);
	stranger_must(world, "VACUUM main INTO '%s.copy'", world->path);
	for (size_t i = 0; i < ARRAY_LEN(corruptions); i++) {
		stranger_drops_triggers(world);
		stranger_must(world, "BEGIN; %s", corruptions[i].sql);
		stranger_restores_triggers(world);
		stranger_must(world, "COMMIT");
		struct findings all = verify(world);
		if (!found(&all, corruptions[i].check))
			fail_msg("%s: '%s' did not find it (%d others did: %s %s)", corruptions[i].sql,
			         corruptions[i].check, all.bad, all.names[0], all.first);
		assert_false(found(&all, "tables and triggers"));
		/* A new world: the copy in the place of the corrupted one. */
		world_leave(world);
		remove(world->path);
		stranger_must((sqlite3_open(":memory:", &world->stranger), world),
		              "ATTACH '%s.copy' AS kept; VACUUM kept INTO '%s'", world->path, world->path);
		sqlite3_close(world->stranger);
		world->stranger = NULL;
		world_reopen(world);
	}
	assert_int_equal(verify(world).bad, 0);
}

/* Never better than what was seen; and a fault only if nobody was told and nothing is under way. */
static void
a_live_stop_counts_once_it_was_seen_resting(void **state)
{
	struct world *world = *state;
	static const struct { const char *sql; int resting, bad; } cases[] = {
		{ "UPDATE orders SET seen_at_ms = 0 WHERE n = 7", 0, 0 },
		{ "UPDATE orders SET state = 'PENDING_NEW' WHERE n = 7", 0, 0 },
		{ "UPDATE orders SET quantity = '0.0998' WHERE n = 7", 0, 0 },
		{ "UPDATE orders SET stop_price = '94.99' WHERE n = 7", 0, 0 },
		{ "UPDATE orders SET stop_price = '95.01' WHERE n = 7", 1, 0 },
		{ "UPDATE orders SET is_cancel_wanted = 1 WHERE n = 7", 0, 0 },
		{ "UPDATE orders SET operation_id = NULL WHERE n = 7", 1, 0 },
		{ "UPDATE orders SET state = 'CANCELLED' WHERE n = 7", 0, 1 },
		{ "UPDATE orders SET state = 'CANCELLED' WHERE n = 7; UPDATE operations SET alarm = 'look' WHERE id = 4", 0, 0 },
		{ "UPDATE orders SET state = 'CANCELLED' WHERE n = 7; UPDATE operations SET wish_reason = 'MANUAL' "
		  "WHERE id = 4", 0, 0 },
		{ "UPDATE orders SET quantity = '0.099' WHERE n = 7; INSERT INTO symbol_rules SELECT * FROM model", 1, 0 },
	};
	struct symbol_rules rules = { .symbol = "BTCUSDC", .base = "BTC", .lot_step = dec("0.001") };

	fill_book(world);
	stranger_drops_triggers(world);
	assert_ok(world, store_rules_save(world->store, "replay:test", &rules, &world->err));
	stranger_must(world, "CREATE TEMP TABLE model AS SELECT * FROM symbol_rules; DELETE FROM symbol_rules; "
	              "CREATE TEMP TABLE o AS SELECT * FROM orders; CREATE TEMP TABLE p AS SELECT * FROM operations");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct findings all = { 0 };
		stranger_must(world, "%s", cases[i].sql);
		assert_ok(world, store_verify(world->store, collect, &all, &all.health, &world->err));
		if (all.health.live_stops_resting != cases[i].resting || found(&all, "stops") != (cases[i].bad > 0))
			fail_msg("%s: %d resting", cases[i].sql, (int)all.health.live_stops_resting);
		stranger_must(world, "REPLACE INTO orders SELECT * FROM o; REPLACE INTO operations SELECT * FROM p");
	}
}

static void
a_changed_schema_is_found(void **state)
{
	struct world *world = *state;
	static const struct { const char *break_it, *mend_it, *name; } cases[] = {
		{ "DROP TRIGGER events_delete", "CREATE TRIGGER events_delete BEFORE DELETE ON events\n"
		  "BEGIN SELECT RAISE(ABORT, 'events: the audit trail does not shrink'); END", "events_delete is missing" },
		{ "DROP TRIGGER events_delete; CREATE TRIGGER events_delete BEFORE DELETE ON events BEGIN SELECT 1; END",
		  "DROP TRIGGER events_delete; CREATE TRIGGER events_delete BEFORE DELETE ON events\n"
		  "BEGIN SELECT RAISE(ABORT, 'events: the audit trail does not shrink'); END",
		  "events_delete was changed" },
		{ "CREATE TABLE zz (a)", "DROP TABLE zz", "zz is not Robson's" },
		{ "CREATE TRIGGER aa AFTER INSERT ON events BEGIN DELETE FROM heartbeat; END", "DROP TRIGGER aa",
		  "aa is not Robson's" },
		{ "DROP INDEX fills_by_time", "CREATE INDEX fills_by_time ON fills (at_ms)", "fills_by_time is missing" },
		{ "ALTER TABLE heartbeat ADD COLUMN extra TEXT", NULL, "heartbeat was changed" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		stranger_must(world, "%s", cases[i].break_it);
		struct findings all = verify(world);
		assert_int_equal(all.bad, 1);
		assert_true(found(&all, "tables and triggers"));
		if (strstr(all.first, cases[i].name) == NULL)
			fail_msg("%s: found %s", cases[i].break_it, all.first);
		if (cases[i].mend_it != NULL) {
			stranger_must(world, "%s", cases[i].mend_it);
			assert_int_equal(verify(world).bad, 0);
		}
	}
}

static void
health_counts_orphans_and_operations_without_intent(void **state)
{
	struct world *world = *state;
	struct findings all;
	struct operation legacy = {
		.client_id = 1, .mode = MODE_DRY_RUN, .symbol = "BTCUSDC", .side = SIDE_BUY, .margin_type = "NONE",
		.leverage = 1, .initial_stop = dec("1"), .stop_price = dec("1"), .entry = { dec("1"), dec("2"), dec("0") },
	};

	fill_book(world);
	assert_ok(world, store_operation_insert(world->store, &legacy, &world->err));
	all = verify(world);
	assert_int_equal(all.bad, 0);                /* marked, so it is known */
	assert_int_equal(all.health.operations_without_intent, 1);
	assert_int_equal(all.health.active_operations, 3);
	stranger_drops_triggers(world);
	stranger_must(world, "DELETE FROM orders WHERE n = 1");
	all = verify(world);
	assert_int_equal(all.health.orphans, 1);     /* its fill */
	stranger_must(world, "DELETE FROM operations WHERE id IN (1, 2)");
	assert_int_equal(verify(world).health.orphans, 3);   /* and two trades */
	stranger_must(world, "DELETE FROM intents WHERE n = 3");
	all = verify(world);
	assert_int_equal(all.health.operations_without_intent, 2);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_book_that_is_whole_verifies),
		TEST(every_planted_corruption_is_found),
		TEST(a_live_stop_counts_once_it_was_seen_resting),
		TEST(a_changed_schema_is_found),
		TEST(health_counts_orphans_and_operations_without_intent),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
