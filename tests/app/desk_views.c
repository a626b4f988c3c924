/* What screens and commands see: lists, models, sums, health, the one pass, who watches. */
#include "tests/app/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/desk_state.h"
#include "base/text.h"

static void
an_operation_shows_its_figures_net_and_who_watches_it(void **state)
{
	struct world *world = *state;
	struct operation_model model;

	world_open_long(world, "98", "106");
	assert_ok(world, desk_operation(world->a.desk, 1, &model, &world->err));
	assert_true(model.has_price && model.has_unrealized && model.has_r && model.has_initial_risk && model.is_watched);
	assert_decimal(model.price, "100");
	assert_true(decimal_is_negative(model.unrealized));   /* the spread and both fees */
	assert_string_equal(model.base, "BTC");
	assert_int_equal(model.protection, PROTECTION_PAPER);
	assert_has_text(model.watched_by, "this");
	world_advance_ms(world, 10001);
	assert_ok(world, desk_operation(world->a.desk, 1, &model, &world->err));
	assert_true(model.is_stale);
	assert_false(model.is_watched);
	world_price(world, BTC, "98.00", "98.01");
	assert_ok(world, desk_operation(world->a.desk, 1, &model, &world->err));
	assert_true(model.has_trade && model.has_r && model.has_slippage);
	assert_true(decimal_is_zero(model.stop_slippage_percent));
	assert_status(world, desk_operation(world->a.desk, 99, &model, &world->err), STATUS_NOT_FOUND);
}

static void
an_intent_tells_its_outcome_at_every_stage(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98", .reason = "t" };
	struct intent_model model;
	int64_t wish = 0;
	char id[INTENT_ID_SIZE];

	world_validated(world, &input, id);
	assert_ok(world, desk_intent(world->a.desk, id, &model, &world->err));
	assert_true(model.has_report && !model.has_operation);
	intent_model_done(&model);
	world_execute(world, id);
	assert_ok(world, desk_intent(world->a.desk, id, &model, &world->err));
	assert_string_equal(model.outcome, "operation 1 is ACTIVE");
	assert_int_equal(model.orders.count, 1);
	assert_int_equal(model.orders.rows[0].fill_count, 1);
	intent_model_done(&model);
	world_price(world, BTC, "98.00", "98.01");
	assert_ok(world, desk_intent(world->a.desk, id, &model, &world->err));
	assert_has_text(model.outcome, "closed by STOP_LOSS, net -");
	assert_has_text(model.outcome, "R -1.0");
	intent_model_done(&model);
	world_price(world, BTC, "100.00", "100.01");
	int64_t op = world_open_long(world, "98", NULL);
	enum status stated = desk_wish_release(world->a.desk, op, "mine", false, WAIT_MS, &wish, &world->err);
	world_wish(world, stated, wish);
	char second[INTENT_ID_SIZE];
	text_copy(second, sizeof second, world_operation(world, op).intent_id);
	assert_ok(world, desk_intent(world->a.desk, second, &model, &world->err));
	assert_has_text(model.outcome, "handed over: mine");
	intent_model_done(&model);
	struct intent failed = world_plan(world, &(struct plan_input){ .side = "buy", .symbol = BTC, .stop = "80", .reason = "t" });
	assert_status(world, world_validate(world, failed.id), STATUS_NO);
	assert_ok(world, desk_intent(world->a.desk, failed.id, &model, &world->err));
	assert_string_equal(model.outcome, model.intent.error);
	intent_model_done(&model);
}

static void
lists_are_filtered_and_limited_and_in_their_order(void **state)
{
	struct world *world = *state;
	struct operation_list operations;
	struct intent_list intents;
	struct order_list orders;
	struct trade_list trades;
	struct event_list events;
	struct strategy_list strategies;

	world_open_long(world, "98", NULL);
	world_open_long(world, "97", NULL);
	world_open_long(world, "96", NULL);
	world_price(world, BTC, "97.50", "97.51");
	struct operation_filter active = { .has_status = true, .status = OPERATION_ACTIVE }, all = { .limit = 2 };
	assert_ok(world, desk_operations(world->a.desk, &active, &operations, &world->err));
	assert_int_equal(operations.count, 2);
	assert_int_equal(operations.rows[0].op.id, 3);        /* newest first */
	operation_list_done(&operations);
	active.limit = 1;
	assert_ok(world, desk_operations(world->a.desk, &active, &operations, &world->err));
	assert_int_equal(operations.count, 1);
	operation_list_done(&operations);
	assert_ok(world, desk_operations(world->a.desk, &all, &operations, &world->err));
	assert_int_equal(operations.count, 2);
	operation_list_done(&operations);
	assert_ok(world, desk_intents(world->a.desk, &(struct intent_filter){ .has_status = true, .status = INTENT_EXECUTED, .limit = 2 }, &intents, &world->err));
	assert_int_equal(intents.count, 2);
	intent_list_done(&intents);
	assert_ok(world, desk_orders(world->a.desk, &(struct order_filter){ .operation = 1 }, &orders, &world->err));
	assert_int_equal(orders.count, 2);
	assert_int_equal(orders.rows[1].fill_count, 1);
	order_list_done(&orders);
	assert_ok(world, desk_trades(world->a.desk, &(struct trade_filter){ 0 }, &trades, &world->err));
	assert_int_equal(trades.count, 1);
	trade_list_done(&trades);
	assert_ok(world, desk_events(world->a.desk, &(struct event_filter){ .operation = 1 }, &events, &world->err));
	assert_string_equal(events.rows[0].kind, "intent.planned");   /* the whole story */
	assert_string_equal(events.rows[events.count - 1].kind, "operation.closed");
	event_list_done(&events);
	assert_ok(world, desk_strategies(world->a.desk, &strategies, &world->err));
	assert_int_equal(strategies.count, 5);
	strategy_list_done(&strategies);
}

static void
the_portfolio_adds_up(void **state)
{
	struct world *world = *state;
	struct portfolio_model portfolio;
	struct decimal sum;

	world_open_long(world, "98", NULL);
	world_price(world, BTC, "98.00", "98.01");
	world_price(world, BTC, "100.00", "100.01");
	world_open_long(world, "97", NULL);
	assert_ok(world, desk_portfolio(world->a.desk, MODE_DRY_RUN, &portfolio, &world->err));
	assert_string_equal(portfolio.quote, "USDC");
	assert_int_equal(portfolio.open_count, 1);
	assert_true(portfolio.has_account && portfolio.is_unrealized_whole && portfolio.has_month_base);
	/* equity = start + realized + unrealized */
	sum.e16 = dec("10000").e16 + portfolio.realized_all.e16 + portfolio.unrealized_pnl.e16;
	assert_int_equal(decimal_cmp(sum, portfolio.equity), 0);
	assert_decimal(portfolio.month_base, "1000");
	assert_decimal(portfolio.month_budget, "40");
	sum.e16 = dec("40").e16 + portfolio.realized_month.e16 - portfolio.open_risk.e16;
	assert_int_equal(decimal_cmp(sum, portfolio.month_left), 0);
	assert_true(decimal_is_positive(portfolio.drawdown_percent));
	struct operation op = world_operation(world, 2);
	struct decimal free = { dec("10000").e16 + portfolio.realized_all.e16 - op.entry.value.e16 - op.entry.fees.e16 };
	assert_int_equal(decimal_cmp(portfolio.free, free), 0);
	assert_int_equal(decimal_cmp(portfolio.locked, op.entry.value), 0);
	assert_ok(world, desk_portfolio(world->a.desk, MODE_LIVE, &portfolio, &world->err));
	assert_false(portfolio.has_account);
	assert_true(decimal_is_zero(portfolio.realized_all));   /* never summed across modes */
}

static void
other_currencies_are_named_and_not_added(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = "ETHBTC", .stop = "0.049", .quantity = "1", .capital = "1000", .reason = "t" };
	struct symbol_rules rules;
	struct portfolio_model portfolio;
	char id[INTENT_ID_SIZE];

	symbol_rules_default(&rules, "ETHBTC", dec("0.00001"));
	fake_feed_rules(world->a.feed, &rules);
	assert_ok(world, desk_watch(world->a.desk, "ETHBTC", &world->err));
	world_price(world, "ETHBTC", "0.05000", "0.05001");
	world_validated(world, &input, id);
	assert_int_equal(world_execute(world, id), WISH_DONE);
	world_open_long(world, "98", NULL);
	assert_ok(world, desk_portfolio(world->a.desk, MODE_DRY_RUN, &portfolio, &world->err));
	assert_string_equal(portfolio.quote, "USDC");
	assert_string_equal(portfolio.others, "BTC");
	assert_decimal(portfolio.exposure, world_text(world, "SELECT entry_value FROM operations WHERE symbol = 'BTCUSDC'"));
}

static void
a_pass_that_is_told_to_another_process_says_how_much_it_left_out(void **state)
{
	struct pass_model told, heard;
	char text[512];

	(void)state;
	for (int fired = 0; fired <= (int)ARRAY_LEN(told.fired); fired++) {
		told = (struct pass_model){ .checked = 70 };
		told.fired_count = fired;
		told.fired_more = fired == (int)ARRAY_LEN(told.fired) ? 6 : 0;
		for (int i = 0; i < fired; i++)
			told.fired[i] = (struct fired){ .operation_id = 1000 + i, .reason = EXIT_STOP_LOSS,
				.trigger_price = dec("88200.12345678"), .price = dec("88199.5"),
				.has_exit_price = true, .exit_price = dec("88199.5") };
		pass_write(&told, text, sizeof text);
		pass_read(text, &heard);
		assert_int_equal(heard.checked, 70);
		assert_int_equal(heard.fired_count + heard.fired_more, fired + told.fired_more);
		assert_true(heard.fired_count >= 5 || heard.fired_more == 0);
		for (int i = 0; i < heard.fired_count; i++)
			assert_int_equal(heard.fired[i].operation_id, 1000 + i);
	}
}

static void
one_pass_prices_every_symbol_anew_and_tells_what_fired(void **state)
{
	struct world *world = *state;
	struct pass_model pass;
	int64_t wish = 0;

	world_open_long(world, "98", NULL);
	world_advance_ms(world, 100);
	enum status stated = desk_wish_check(world->a.desk, WAIT_MS, &wish, &world->err);
	assert_int_equal(world_wish(world, stated, wish), WISH_TAKEN);   /* what it knew is not enough */
	world_advance_ms(world, 100);
	world_price(world, BTC, "97.90", "97.91");
	assert_int_equal(world_wish(world, STATUS_OK, wish), WISH_DONE);
	desk_last_pass(world->a.desk, &pass);
	assert_int_equal(pass.fired_count, 1);
	assert_int_equal(pass.fired[0].operation_id, 1);
	assert_decimal(pass.fired[0].trigger_price, "98");
	assert_decimal(pass.fired[0].exit_price, "97.9");
	assert_int_equal(pass.stale, 0);
}

static void
one_pass_by_another_process_is_told_in_its_answer(void **state)
{
	struct world *world = *state;
	struct pass_model pass;
	enum wish_state how;
	struct error outcome;
	int64_t wish = 0;

	world_open_long(world, "98", NULL);
	seat_open(world, &world->b, 1, "person/command");
	assert_ok(world, desk_wish_check(world->b.desk, WAIT_MS, &wish, &world->err));
	world_settle(world);
	world_advance_ms(world, 100);
	world_price(world, BTC, "97.90", "97.91");
	world_settle(world);
	assert_ok(world, desk_wish_look(world->b.desk, wish, &how, &outcome, &world->err));
	assert_int_equal(how, WISH_DONE);
	desk_last_pass(world->b.desk, &pass);
	assert_int_equal(pass.fired_count, 1);
	assert_true(pass.fired[0].has_exit_price);
	assert_int_equal(pass.fired[0].reason, EXIT_STOP_LOSS);
}

static void
a_pass_without_prices_ends_at_its_time_and_counts_the_stale(void **state)
{
	struct world *world = *state;
	struct pass_model pass;
	int64_t wish = 0;

	world_open_long(world, "98", NULL);
	world_advance_ms(world, 10001);
	enum status stated = desk_wish_check(world->a.desk, 1000, &wish, &world->err);
	assert_int_equal(world_wish(world, stated, wish), WISH_TAKEN);
	world_advance_ms(world, 1001);
	assert_int_equal(world_wish(world, STATUS_OK, wish), WISH_DONE);
	desk_last_pass(world->a.desk, &pass);
	assert_int_equal(pass.checked, 1);
	assert_int_equal(pass.stale, 1);
	assert_int_equal(pass.alarms, 1);
}

static void
what_is_no_pass_is_read_as_none(void **state)
{
	struct pass_model pass;
	(void)state;

	pass_read("nonsense checked=2 fired=1,STOP_LOSS fired=1,WRONG,1,2,3 fired=1,STOP_LOSS,x,2,3 alarms= =7", &pass);
	assert_int_equal(pass.checked, 2);
	assert_int_equal(pass.fired_count, 0);
	pass_read("", &pass);
	assert_int_equal(pass.checked, 0);
}

static const struct health_check *
health_of(const struct health_model *model, const char *name)
{
	for (int i = 0; i < model->count; i++)
		if (strcmp(model->checks[i].name, name) == 0)
			return &model->checks[i];
	return NULL;
}

static void
health_names_what_could_hurt(void **state)
{
	struct world *world = *state;
	struct health_model model;
	struct feed_status dead = { .id = "fake:feed", .label = "a fake feed", .trouble = "no route", .weight_used = 900,
	                            .weight_limit = 1000, .round_trip_us = 3000000, .has_clock_offset = true, .clock_offset_ms = -6000 };

	assert_ok(world, desk_health(world->a.desk, &model, &world->err));
	assert_int_equal(health_of(&model, "feed")->status, VERDICT_PASS);
	assert_int_equal(health_of(&model, "operations")->status, VERDICT_PASS);
	world_open_long(world, "98", NULL);
	assert_ok(world, desk_pause(world->a.desk, "why", &world->err));
	fake_feed_set_status(world->a.feed, &dead);
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 0, FAULT_REFUSE, 0);
	world_price(world, BTC, "97.00", "97.01");
	assert_ok(world, desk_health(world->a.desk, &model, &world->err));
	assert_int_equal(health_of(&model, "feed")->status, VERDICT_FAIL);
	assert_int_equal(health_of(&model, "weight")->status, VERDICT_WARN);
	assert_int_equal(health_of(&model, "round-trip")->status, VERDICT_WARN);
	assert_int_equal(health_of(&model, "clock")->status, VERDICT_FAIL);
	assert_int_equal(health_of(&model, "trading-state")->status, VERDICT_WARN);
	assert_int_equal(health_of(&model, "operation 1")->status, VERDICT_FAIL);   /* its exit is refused */
	assert_int_equal(health_of(&model, "audit")->status, VERDICT_PASS);
	assert_non_null(health_of(&model, "stop-latency"));
	for (int i = 0; i < model.count; i++)
		if (model.checks[i].status != VERDICT_PASS)
			assert_string_not_equal(model.checks[i].hint, "");
}

static void
verification_finds_a_book_whole_and_its_stops_covered(void **state)
{
	struct world *world = *state;
	struct verify_model model;

	world_open_long(world, "98", NULL);
	assert_ok(world, desk_verify(world->a.desk, &model, &world->err));
	assert_true(model.ok && model.chain_ok);
	assert_decimal(model.stop_coverage_percent, "100");
	assert_int_equal(model.orphans + model.operations_without_intent, 0);
	desk_release_hold(world->a.desk);
	world_advance_ms(world, 1000);
	assert_ok(world, desk_verify(world->a.desk, &model, &world->err));
	assert_decimal(model.stop_coverage_percent, "0");        /* nobody watches */
}

static void
a_backup_is_a_book(void **state)
{
	struct world *world = *state;
	char file[700];

	text_format(file, sizeof file, "%s/copy.db", world->folder);
	world_open_long(world, "98", NULL);
	assert_ok(world, desk_backup(world->a.desk, file, &world->err));
	assert_int_equal(access(file, F_OK), 0);
	assert_status(world, desk_backup(world->a.desk, file, &world->err), STATUS_CONFLICT);
}

static void
prices_rules_candles_and_names_are_shown(void **state)
{
	struct world *world = *state;
	struct price_model price;
	struct candle candles[16];
	char names[4][SYMBOL_SIZE];

	assert_false(desk_price(world->a.desk, "NOWHERE", &price));
	assert_null(desk_rules(world->a.desk, "NOWHERE"));
	assert_int_equal(desk_candles(world->a.desk, "NOWHERE", candles, 16), 0);
	fake_feed_name(world->a.feed, BTC);
	assert_int_equal(desk_complete(world->a.desk, "BT", names, 4), 1);
	fake_feed_candle(world->a.feed, BTC, machine_wall_ms() - machine_wall_ms() % 60000 - 120000, "1", "2", "1", "2");
	assert_int_equal(desk_candles(world->a.desk, BTC, candles, 16), 1);
	world_settle(world);                          /* the history comes */
	world_price(world, BTC, "101.00", "101.01");
	world_price(world, BTC, "99.00", "99.01");
	world_advance_ms(world, 60000);
	world_price(world, BTC, "100.50", "100.51");
	assert_int_equal(desk_candles(world->a.desk, BTC, candles, 16), 3);
	assert_decimal(candles[1].high, "101");
	assert_decimal(candles[1].low, "99");
	assert_decimal(candles[1].close, "99");
	assert_decimal(candles[2].open, "100.5");
	assert_int_equal(desk_candles(world->a.desk, BTC, candles, 1), 1);
	fake_feed_ticker(world->a.feed, BTC, "100.5", "-1.25");
	world_settle(world);
	assert_true(desk_price(world->a.desk, BTC, &price));
	assert_true(price.has_change);
	assert_decimal(price.change_percent, "-1.25");
	assert_int_equal(price.price_places, 2);
	assert_int_equal(price.quantity_places, 5);
	assert_status(world, desk_watch(world->a.desk, "no symbol", &world->err), STATUS_INVALID);
}

static void
watching_is_counted_and_positions_keep_theirs(void **state)
{
	struct world *world = *state;

	assert_int_equal(fake_feed_watches(world->a.feed, BTC), 1);
	desk_unwatch(world->a.desk, BTC);
	assert_int_equal(fake_feed_watches(world->a.feed, BTC), 0);
	desk_unwatch(world->a.desk, BTC);             /* once too often */
	assert_int_equal(fake_feed_watches(world->a.feed, BTC), 0);
	assert_ok(world, desk_watch(world->a.desk, BTC, &world->err));
	world_price(world, BTC, "100.00", "100.01");
	world_open_long(world, "98", NULL);
	int with_position = fake_feed_watches(world->a.feed, BTC);
	desk_unwatch(world->a.desk, BTC);
	assert_true(fake_feed_watches(world->a.feed, BTC) > 0);
	assert_true(with_position > 0);
}

static void
the_revision_moves_with_what_is_shown_and_rests_with_it(void **state)
{
	struct world *world = *state;

	uint64_t before = desk_revision(world->a.desk);
	world_settle(world);
	assert_int_equal(desk_revision(world->a.desk), before);
	world_price(world, BTC, "100.02", "100.03");
	assert_true(desk_revision(world->a.desk) > before);
}

static void
a_holder_is_quiet_when_nothing_is_under_way(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98", .reason = "t" };
	char id[INTENT_ID_SIZE];

	assert_true(desk_is_quiet(world->a.desk));
	world_validated(world, &input, id);
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 1, FAULT_SILENT_AFTER, 0);
	world_execute(world, id);
	assert_false(desk_is_quiet(world->a.desk));
	assert_int_equal(desk_open_orders(world->a.desk), 1);
	world_pass_seconds(world, 15, BTC, "100.00", "100.01");
	assert_true(desk_is_quiet(world->a.desk));
	assert_int_equal(desk_watched_count(world->a.desk), 1);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
		TEST(an_operation_shows_its_figures_net_and_who_watches_it),
		TEST(an_intent_tells_its_outcome_at_every_stage),
		TEST(lists_are_filtered_and_limited_and_in_their_order),
		TEST(the_portfolio_adds_up),
		TEST(other_currencies_are_named_and_not_added),
		TEST(one_pass_prices_every_symbol_anew_and_tells_what_fired),
		TEST(a_pass_that_is_told_to_another_process_says_how_much_it_left_out),
		TEST(one_pass_by_another_process_is_told_in_its_answer),
		TEST(a_pass_without_prices_ends_at_its_time_and_counts_the_stale),
		TEST(what_is_no_pass_is_read_as_none),
		TEST(health_names_what_could_hurt),
		TEST(verification_finds_a_book_whole_and_its_stops_covered),
		TEST(a_backup_is_a_book),
		TEST(prices_rules_candles_and_names_are_shown),
		TEST(watching_is_counted_and_positions_keep_theirs),
		TEST(the_revision_moves_with_what_is_shown_and_rests_with_it),
		TEST(a_holder_is_quiet_when_nothing_is_under_way),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
