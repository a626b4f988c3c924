/* The book as its callers use it: what goes in comes out, transactions are whole, two hands on one
 * file do not wait for each other. */
#include "tests/store/world.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct collected { int count, limit; int64_t ids[64]; char texts[64][64]; };

static bool
collect_intent(void *self, const struct intent *intent)
{
	struct collected *all = self;

	text_copy(all->texts[all->count++], 64, intent->id);
	return all->limit == 0 || all->count < all->limit;
}

static bool
collect_event(void *self, const struct event *event)
{
	struct collected *all = self;

	text_copy(all->texts[all->count], 64, event->kind);
	all->ids[all->count++] = event->seq;
	return all->limit == 0 || all->count < all->limit;
}

static bool
collect_trade(void *self, const struct trade *trade)
{
	struct collected *all = self;

	all->ids[all->count++] = trade->id;
	return true;
}

static void
note_check(void *self, const struct store_check *check)
{
	if (!check->ok)
		print_error("%s/%s: %s\n", check->group, check->name, check->message);
	*(int *)self += !check->ok;
}

static void
an_intent_comes_back_as_it_went_in(void **state)
{
	struct world *world = *state;
	struct intent in, out;

	make_intent(1, &in);
	assert_ok(world, store_intent_insert(world->store, &in, &world->err));
	memset(&out, 0xff, sizeof(out));
	assert_ok(world, store_intent_find(world->store, 1, in.id, &out, &world->err));
	assert_string_equal(out.id, in.id);
	assert_string_equal(out.symbol, "BTCUSDC");
	assert_string_equal(out.reason, in.reason);
	assert_string_equal(out.parent_id, "");
	assert_string_equal(out.pattern_event_id, "");
	assert_int_equal(out.side, SIDE_BUY);
	assert_int_equal(out.bound_by, BOUND_TYPED);
	assert_int_equal(out.stop_origin, STOP_PERCENT);
	assert_decimal(out.planned_quote, "100.5");
	assert_true(out.has_target && out.has_typed_quantity && out.has_confidence);
	assert_decimal(out.confidence, "0.75");
	assert_decimal(out.quantity_by_rule, "2");
	assert_int_equal(out.created_at_ms, 1001);
}

static void
a_trade_from_plan_to_booked_is_whole_and_verifies(void **state)
{
	struct world *world = *state;
	struct intent intent;
	struct operation op, found;
	struct trade trade;
	struct book book;
	struct strategy strategy;
	struct chain_result chain;
	struct store_health health;
	struct collected events = { 0 }, trades = { 0 };
	int bad = 0;

	world_open_trade(world, 1, "bounce back", &intent, &op);
	assert_ok(world, store_operation_of_intent(world->store, intent.id, &found, &world->err));
	assert_int_equal(found.id, op.id);
	assert_decimal(found.entry.value, "10");
	world_close_trade(world, &op, "110", 9000, &trade);
	assert_int_equal(trade.id, 1);
	assert_decimal(trade.net_pnl, "0.98");
	assert_ok(world, store_book(world->store, 1, MODE_DRY_RUN, &book, &world->err));
	assert_decimal(book.realized_net, "0.98");
	assert_ok(world, store_strategy_find(world->store, 1, "BOUNCE BACK", &strategy, &world->err));
	assert_int_equal(strategy.record[MODE_DRY_RUN].trades, 1);
	assert_int_equal(strategy.record[MODE_DRY_RUN].wins, 1);
	assert_decimal(strategy.record[MODE_DRY_RUN].net_pnl, "0.98");
	assert_decimal(strategy.record[MODE_DRY_RUN].peak, "0.98");
	assert_int_equal(strategy.record[MODE_LIVE].trades, 0);
	assert_ok(world, store_trades(world->store, &(struct trade_query){ .client_id = 1 }, collect_trade,
	                              &trades, &world->err));
	assert_int_equal(trades.count, 1);
	assert_ok(world, store_events(world->store, &(struct event_query){ .client_id = 1 }, collect_event,
	                              &events, &world->err));
	assert_int_equal(events.count, 2);
	assert_int_equal(events.ids[1], 2);
	assert_ok(world, store_verify_chain(world->store, &chain, &world->err));
	assert_true(chain.ok);
	assert_int_equal(chain.length, 2);
	assert_ok(world, store_verify(world->store, note_check, &bad, &health, &world->err));
	assert_int_equal(bad, 0);
	assert_int_equal(health.operations_without_intent, 0);
	assert_int_equal(health.orphans, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_intent_comes_back_as_it_went_in, world_setup, world_teardown),
		cmocka_unit_test_setup_teardown(a_trade_from_plan_to_booked_is_whole_and_verifies, world_setup,
		                                world_teardown),
	};
	(void)collect_intent;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
