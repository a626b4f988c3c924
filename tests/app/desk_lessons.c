/* What happened to others, played: the tests' names quote the lesson that each of them is. */
#include "tests/app/world.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const struct plan_input market_buy = { .side = "buy", .symbol = BTC, .stop = "98", .reason = "t" };
static const struct plan_input limit_buy = { .side = "buy", .symbol = BTC, .entry = "99.5", .stop = "98", .reason = "t" };

static int64_t
sells(struct world *world)
{
	return world_count(world, "SELECT count(*) FROM orders WHERE purpose = 'exit' AND state = 'FILLED'");
}

static void
a_time_out_was_booked_as_a_failure_and_the_same_order_placed_again(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];
	int64_t wish = 0;

	world_validated(world, &market_buy, id);
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 1, FAULT_LOST_AFTER, 0);
	faulty_plan(world->a.faulty, ASKED_QUERY, 0, FAULT_LOST_BEFORE, 0);
	world_execute(world, id);
	/* The trader tries again and again; so does a script. */
	for (int i = 0; i < 5; i++) {
		assert_status(world, desk_wish_execute(world->a.desk, id, false, false, WAIT_MS, &wish, &world->err), STATUS_NO);
		world_pass_seconds(world, 10, BTC, "100.00", "100.01");
	}
	faulty_heal(world->a.faulty);
	world_pass_seconds(world, 61, BTC, "100.00", "100.01");
	assert_int_equal(world_intent(world, id).status, INTENT_EXECUTED);
	assert_int_equal(faulty_count(world->a.faulty, ASKED_SUBMIT), 1);
	world_assert_sound(world);
}

static void
an_acknowledgement_arrived_by_another_path_while_the_retry_was_already_under_way(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", NULL);
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 1, FAULT_DELAY, 3);
	faulty_plan(world->a.faulty, ASKED_NOTHING, 0, FAULT_REPEAT, 0);
	world_price(world, BTC, "97.50", "97.51");
	world_pass_seconds(world, 15, BTC, "97.50", "97.51");
	assert_int_equal(sells(world), 1);
	world_assert_sound(world);
}

static void
the_stop_filled_but_its_lookup_lagged_so_the_trade_stood_open(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", NULL);
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 1, FAULT_SILENT_AFTER, 0);
	faulty_plan(world->a.faulty, ASKED_QUERY, 1, FAULT_LOST_BEFORE, 0);
	world_price(world, BTC, "97.50", "97.51");
	world_pass_seconds(world, 20, BTC, "97.50", "97.51");
	assert_int_equal(world_operation(world, 1).status, OPERATION_CLOSED);
	assert_int_equal(sells(world), 1);
}

static void
a_triggered_stop_was_taken_for_a_cancelled_one_and_its_id_erased(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];
	int64_t wish = 0;

	world_validated(world, &limit_buy, id);
	world_execute(world, id);
	faulty_plan(world->a.faulty, ASKED_NOTHING, 0, FAULT_SILENT_AFTER, 0);
	world_price(world, BTC, "99.40", "99.41");     /* filled, and nobody says so */
	enum status stated = desk_wish_cancel(world->a.desk, id, WAIT_MS, &wish, &world->err);
	world_wish(world, stated, wish);
	assert_int_equal(world_intent(world, id).status, INTENT_EXECUTED);
	assert_string_not_equal(world_text(world, "SELECT exchange_order_id FROM orders"), "");
	world_assert_sound(world);
}

static void
the_process_was_dead_for_45_hours_and_a_one_percent_cap_became_more(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", NULL);
	seat_close(&world->a);
	world_advance_ms(world, 45LL * 3600 * 1000);
	seat_open(world, &world->a, 1, "person/test");
	/* It gapped below while nobody ran, and came back: paper does not flatter. */
	fake_feed_candle(world->a.feed, BTC, machine_wall_ms() - 3600000, "96.00", "96.50", "95.00", "96.40");
	seat_take(&world->a);
	world_price(world, BTC, "101.00", "101.01");
	struct operation op = world_operation(world, 1);
	assert_int_equal(op.status, OPERATION_CLOSED);
	assert_decimal(leg_average(&op.exit), "96");
	assert_int_equal(world_count(world, "SELECT count(*) FROM fills WHERE is_recovered = 1"), 1);
}

static void
after_a_restart_the_running_positions_had_no_stop(void **state)
{
	struct world *world = *state;

	for (int i = 0; i < 3; i++)
		world_open_long(world, i == 0 ? "98" : i == 1 ? "97" : "96", NULL);
	world_restart(world);
	world_assert_sound(world);                     /* armed before any turn */
	world_price(world, BTC, "95.00", "95.01");
	assert_int_equal(world_count(world, "SELECT count(*) FROM operations WHERE exit_reason = 'STOP_LOSS'"), 3);
}

static void
stop_price_would_trigger_immediately_had_no_answer(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];

	world_validated(world, &limit_buy, id);
	world_execute(world, id);
	world_price(world, BTC, "97.90", "97.91");     /* fills the entry beyond its own stop: sell now */
	assert_int_equal(world_operation(world, 1).exit_reason, EXIT_STOP_LOSS);
}

static void
a_failed_sell_ended_the_monitoring(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", NULL);
	world_open_long(world, "96", NULL);
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 1, FAULT_REFUSE, 0);
	world_price(world, BTC, "97.90", "97.91");
	assert_int_equal(world_operation(world, 1).status, OPERATION_ACTIVE);
	assert_true(told_alarms(&world->a) > 0);
	world_price(world, BTC, "95.90", "95.91");     /* the other one is watched all the same */
	assert_int_equal(world_operation(world, 2).status, OPERATION_CLOSED);
	world_pass_seconds(world, 3, BTC, "95.90", "95.91");
	assert_int_equal(world_operation(world, 1).status, OPERATION_CLOSED);
}

static void
what_remained_was_sized_on_the_old_amount_and_not_on_fills(void **state)
{
	struct world *world = *state;
	struct fill part = { .price = dec("97.5"), .quantity = dec("1"), .exchange_trade_id = "p1", .commission_asset = "USDC",
	                     .fee_quote = dec("0.0975"), .commission = dec("0.0975") };
	char order[CLIENT_ORDER_ID_SIZE];

	world_open_long(world, "98", NULL);
	struct decimal held = world_operation(world, 1).entry.quantity;
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 1, FAULT_SILENT_BEFORE, 0);
	world_price(world, BTC, "97.50", "97.51");
	text_copy(order, sizeof order, world_text(world, "SELECT client_order_id FROM orders WHERE purpose = 'exit'"));
	world->a.exchange->listener.on_report(world->a.exchange->listener.self, &(struct exchange_report){
		.request = ASKED_SUBMIT, .outcome = OUTCOME_ACCEPTED, .client_order_id = order, .exchange_order_id = "9",
		.state = ORDER_EXPIRED, .fills = &part, .fill_count = 1, .reason = "no depth" });
	world_settle(world);
	struct operation op = world_operation(world, 1);
	assert_int_equal(op.status, OPERATION_CLOSED);
	struct decimal rest = { held.e16 - dec("1").e16 };
	char text[DECIMAL_TEXT_SIZE];
	decimal_text(rest, text);
	assert_string_equal(world_text(world, "SELECT quantity FROM orders WHERE purpose = 'exit' AND generation = 2"), text);
	world_assert_sound(world);
}

static void
the_stops_price_was_booked_as_its_fill(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", NULL);
	world_price(world, BTC, "90.00", "90.01");
	struct decimal net = world_operation(world, 1).realized_pnl;
	struct decimal quantity = world_operation(world, 1).entry.quantity;
	/* About ten a unit, not two. */
	assert_true(-net.e16 > quantity.e16 * 10);
	struct portfolio_model portfolio;
	assert_ok(world, desk_portfolio(world->a.desk, MODE_DRY_RUN, &portfolio, &world->err));
	assert_int_equal(decimal_cmp(portfolio.realized_day, net), 0);
}

static void
four_profitable_trades_and_yet_lost(void **state)
{
	struct world *world = *state;
	int64_t wish = 0;

	/* Out 5 cents above the entry, fees of 20: the price won, the trader did not. */
	world_open_long(world, "98", NULL);
	world_price(world, BTC, "100.06", "100.07");
	enum status stated = desk_wish_close(world->a.desk, 1, WAIT_MS, &wish, &world->err);
	world_wish(world, stated, wish);
	assert_true(decimal_is_negative(world_operation(world, 1).realized_pnl));
	world_assert_sound(world);
}

static void
one_percent_sized_on_distance_alone_costs_more_at_the_stop(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", NULL);
	world_price(world, BTC, "98.00", "98.01");
	struct decimal lost = decimal_neg(world_operation(world, 1).realized_pnl);
	assert_true(decimal_cmp(lost, dec("10")) <= 0);
	assert_true(decimal_cmp(lost, dec("9")) > 0);
}

static void
thirty_of_capital_carried_a_position_of_a_hundred_and_twenty_five(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "99.8", .capital = "30", .reason = "t" };
	struct intent intent = world_plan(world, &input);

	assert_true(decimal_cmp(intent.position_value, dec("30")) <= 0);
	assert_int_equal(intent.bound_by, BOUND_CAPITAL);
}

static void
the_heartbeat_was_fine_and_the_prices_four_hours_old(void **state)
{
	struct world *world = *state;
	struct price_model price;
	struct desk_status_model status;

	world_open_long(world, "98", NULL);
	for (int i = 0; i < 4 * 60; i++) {
		world_advance_ms(world, 60000);
		world_settle(world);
	}
	assert_true(desk_price(world->a.desk, BTC, &price));
	assert_true(price.is_stale);
	assert_int_equal(price.age_ms, 4 * 3600 * 1000);
	assert_int_equal(told_count(&world->a, "price.stale"), 1);
	desk_status(world->a.desk, &status);
	assert_true(status.feed.is_reachable);         /* the socket was fine */
	assert_true(status.stale_age_ms >= 4 * 3600 * 1000);
}

static void
a_full_disk_or_a_locked_database_stopped_trading(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", NULL);
	fail_steps(STEP_COMMIT, 1, true, STATUS_IO);
	world_price(world, BTC, "97.00", "97.01");
	world_pass_seconds(world, 5, BTC, "97.00", "97.01");
	struct desk_status_model status;
	desk_status(world->a.desk, &status);
	assert_string_not_equal(status.trouble, "");   /* it says so, and goes on when it can */
	fail_steps(STEP_COMMIT, 0, false, STATUS_OK);
	world_pass_seconds(world, 3, BTC, "97.00", "97.01");
	assert_int_equal(world_operation(world, 1).status, OPERATION_CLOSED);
}

static void
six_million_events_in_five_days_of_which_few_were_trading_facts(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", NULL);
	int64_t before = world_count(world, "SELECT count(*) FROM events");
	world_pass_seconds(world, 600, BTC, "100.00", "100.01");
	assert_int_equal(world_count(world, "SELECT count(*) FROM events"), before);
}

static void
reconciliation_that_never_converges(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];

	world_validated(world, &market_buy, id);
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 1, FAULT_LOST_AFTER, 0);
	faulty_plan(world->a.faulty, ASKED_QUERY, 0, FAULT_LOST_BEFORE, 0);
	world_execute(world, id);
	int64_t events = world_count(world, "SELECT count(*) FROM events");
	world_pass_seconds(world, 600, BTC, "100.00", "100.01");
	assert_true(faulty_count(world->a.faulty, ASKED_QUERY) < 20);
	assert_int_equal(world_count(world, "SELECT count(*) FROM events"), events);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_time_out_was_booked_as_a_failure_and_the_same_order_placed_again),
		TEST(an_acknowledgement_arrived_by_another_path_while_the_retry_was_already_under_way),
		TEST(the_stop_filled_but_its_lookup_lagged_so_the_trade_stood_open),
		TEST(a_triggered_stop_was_taken_for_a_cancelled_one_and_its_id_erased),
		TEST(the_process_was_dead_for_45_hours_and_a_one_percent_cap_became_more),
		TEST(after_a_restart_the_running_positions_had_no_stop),
		TEST(stop_price_would_trigger_immediately_had_no_answer),
		TEST(a_failed_sell_ended_the_monitoring),
		TEST(what_remained_was_sized_on_the_old_amount_and_not_on_fills),
		TEST(the_stops_price_was_booked_as_its_fill),
		TEST(four_profitable_trades_and_yet_lost),
		TEST(one_percent_sized_on_distance_alone_costs_more_at_the_stop),
		TEST(thirty_of_capital_carried_a_position_of_a_hundred_and_twenty_five),
		TEST(the_heartbeat_was_fine_and_the_prices_four_hours_old),
		TEST(a_full_disk_or_a_locked_database_stopped_trading),
		TEST(six_million_events_in_five_days_of_which_few_were_trading_facts),
		TEST(reconciliation_that_never_converges),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
