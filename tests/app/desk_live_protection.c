/* Protection that never lapses: each of exchange.md's points as the desk plays it against an exchange on
 * a script.  (exchange.md, "Protection that never lapses"; lessons.md, "Positions and stops") */
#include "tests/app/live.h"

#include <string.h>

#include "base/text.h"

static int64_t
exits(struct world *world)
{
	return world_count(world, "SELECT count(*) FROM orders WHERE purpose = 'exit'");
}

static void
assert_closed(struct world *world, int64_t id, enum exit_reason reason)
{
	struct operation op = world_operation(world, id);

	assert_int_equal(op.status, OPERATION_CLOSED);
	assert_int_equal(op.exit_reason, reason);
	assert_int_equal(fake_live_resting(world->live), 0);
	live_assert_right(world);
}

static void
assert_protected(struct world *world, int64_t id)
{
	assert_int_equal(live_operation(world, id).protection, PROTECTION_EXCH_LOCAL);
	assert_string_equal(live_operation(world, id).op.alarm, "");
	live_assert_right(world);
}

/* ---- 4: partial fills ---- */

static void
a_limit_entry_that_stays_partly_filled_for_30_s_gets_a_stop_for_its_part(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE], entry[CLIENT_ORDER_ID_SIZE];
	struct operation op;

	live_rules(world, true, true, true);
	live_rest(world, "106", id);
	text_copy(entry, sizeof entry, live_id(world, "entry"));
	fake_live_fill(world->live, entry, "0.5", "99.5");
	live_pass(world, 25000);
	assert_int_equal(fake_live_state(world->live, entry), ORDER_PARTIALLY_FILLED);
	live_pass(world, 8000);
	assert_int_equal(fake_live_state(world->live, entry), ORDER_CANCELLED);
	assert_ok(world, store_operation_of_intent(world->a.store, id, &op, &world->err));
	assert_decimal(op.entry.quantity, "0.5");
	assert_int_equal(world_intent(world, id).status, INTENT_EXECUTED);
	assert_protected(world, op.id);
}

static void
a_limit_entry_partly_filled_is_cut_short_at_75_percent_of_the_way_to_the_stop(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE], entry[CLIENT_ORDER_ID_SIZE];

	live_rules(world, true, true, true);
	live_rest(world, "106", id);
	text_copy(entry, sizeof entry, live_id(world, "entry"));
	fake_live_fill(world->live, entry, "0.5", "99.5");
	live_feed_price("98.38", "98.39");            /* 1.12 of 1.5 */
	live_pass(world, 3000);
	assert_int_equal(fake_live_state(world->live, entry), ORDER_PARTIALLY_FILLED);
	live_feed_price("98.37", "98.38");            /* 1.13 */
	live_pass(world, 4000);
	assert_int_equal(fake_live_state(world->live, entry), ORDER_CANCELLED);
	assert_protected(world, 1);
}

/* ---- 5: trust what is seen ---- */

static void
a_stop_that_dies_on_activation_is_placed_again(void **state)
{
	struct world *world = *state;

	live_rules(world, true, true, true);
	fake_live_kill_legs(world->live, true);
	struct operation_model model = live_open(world, NULL);
	live_pass(world, 2000);
	assert_int_equal(fake_live_last(world->live, FAKE_SEND, 0)->instruction, INSTRUCT_ORDER);
	assert_int_equal(fake_live_resting(world->live), 1);
	assert_protected(world, model.op.id);
}

/* ---- 6: OCO's other side ---- */

static void
the_first_part_of_the_target_leaves_it_local_and_the_rest_is_sold_after_5_s(void **state)
{
	struct world *world = *state;

	live_rules(world, true, true, true);
	struct operation_model model = live_open(world, "106");
	live_feed_price("106.00", "106.01");
	fake_live_fill(world->live, live_id(world, "target"), "0.5", "106");
	live_pass(world, 2000);
	assert_int_equal(live_operation(world, model.op.id).protection, PROTECTION_LOCAL);
	assert_int_equal(exits(world), 0);
	live_pass(world, 7000);
	assert_int_equal(exits(world), 1);
	assert_closed(world, model.op.id, EXIT_TAKE_PROFIT);
}

static void
a_touched_target_whose_price_falls_back_is_sold_at_once(void **state)
{
	struct world *world = *state;

	live_rules(world, true, true, true);
	struct operation_model model = live_open(world, "106");
	live_feed_price("106.00", "106.01");
	fake_live_fill(world->live, live_id(world, "target"), "0.5", "106");
	live_pass(world, 1500);
	live_feed_price("105.50", "105.51");
	live_pass(world, 2500);
	assert_int_equal(exits(world), 1);
	assert_closed(world, model.op.id, EXIT_TAKE_PROFIT);
}

/* ---- 7: moving and closing ---- */

static void
a_stop_cancelled_and_its_successor_refused_is_naked_and_acted_on_at_once(void **state)
{
	struct world *world = *state;
	int64_t wish = 0;

	live_rules(world, true, true, true);
	struct operation_model model = live_open(world, NULL);
	fake_live_refuse_with(world->live, -2010, "Order would not be taken just now.");
	fake_live_refuse_placements(world->live, 1);
	enum status stated = desk_wish_stop(world->a.desk, model.op.id, "99", false, WAIT_MS, &wish, &world->err);
	assert_ok(world, stated);
	live_pass(world, 500);
	/* Within half a second the next placement is out, and no exit is. */
	assert_int_equal(fake_live_last(world->live, FAKE_SEND, 0)->instruction, INSTRUCT_ORDER);
	assert_int_equal(exits(world), 0);
	live_pass(world, 3000);
	assert_decimal(fake_live_last(world->live, FAKE_SEND, 0)->orders[0].stop_price, "99");
	assert_protected(world, model.op.id);
}

static void
a_close_that_finds_nothing_to_cancel_looks_and_sends_no_second_exit(void **state)
{
	struct world *world = *state;
	int64_t wish = 0;

	live_rules(world, true, true, true);
	struct operation_model model = live_open(world, NULL);
	fake_live_fill(world->live, live_id(world, "stop"), NULL, "98");      /* it has fired, unseen yet */
	assert_ok(world, desk_wish_close(world->a.desk, model.op.id, WAIT_MS, &wish, &world->err));
	live_pass(world, 5000);
	assert_closed(world, model.op.id, world_operation(world, model.op.id).exit_reason);
	assert_decimal(fake_live_filled(world->live, live_id(world, "exit")), "0");
}

static void
a_cancel_that_says_unknown_order_means_that_the_stop_has_fired(void **state)
{
	struct world *world = *state;
	int64_t wish = 0;

	live_shape(world, (struct live_shape){ true, true, false, false, true });
	struct operation_model model = live_open(world, NULL);
	fake_live_fill(world->live, live_id(world, "stop"), NULL, "98");
	assert_ok(world, desk_wish_close(world->a.desk, model.op.id, WAIT_MS, &wish, &world->err));
	live_pass(world, 5000);
	assert_int_equal(exits(world), 0);
	assert_closed(world, model.op.id, world_operation(world, model.op.id).exit_reason);
	assert_string_equal(world_text(world, "SELECT state FROM orders WHERE purpose = 'stop'"), "FILLED");
}

static void
without_cancel_replace_a_stop_moves_in_two_steps_with_an_alarm_and_a_measured_gap(void **state)
{
	struct world *world = *state;
	int64_t wish = 0;

	live_shape(world, (struct live_shape){ true, true, false, false, true });
	struct operation_model model = live_open(world, NULL);
	assert_ok(world, desk_wish_stop(world->a.desk, model.op.id, "99", false, WAIT_MS, &wish, &world->err));
	live_pass(world, 3000);
	assert_int_equal(fake_live_count(world->live, FAKE_CANCEL), 1);
	assert_int_equal(told_count(&world->a, "operation.alarm"), 1);
	assert_int_equal(world_events(world, "operation.protected"), 2);       /* the first time, and after the gap */
	assert_int_equal(world_count(world, "SELECT count(*) FROM events WHERE kind = 'operation.protected' AND data LIKE '%%bare_us%%'"), 2);
	assert_int_equal(fake_live_resting(world->live), 1);
	assert_protected(world, model.op.id);
}

static void
a_moved_stop_that_a_filter_refuses_leaves_the_old_one_and_is_shown_as_it_is(void **state)
{
	struct world *world = *state;
	int64_t wish = 0;

	live_rules(world, true, true, true);
	struct operation_model model = live_open(world, NULL);
	fake_live_refuse_with(world->live, -1013, "Filter failure: PERCENT_PRICE_BY_SIDE");
	fake_live_plan(world->live, ASKED_SUBMIT, 0, FAULT_REFUSE);
	enum status stated = desk_wish_stop(world->a.desk, model.op.id, "99", false, 6000, &wish, &world->err);
	assert_int_equal(live_wished(world, stated, wish, 9000), STATUS_UNAVAILABLE);
	assert_has_text(world->err.message, "has not followed");
	model = live_operation(world, model.op.id);
	assert_decimal(model.op.stop_price, "99");                             /* what is watched here */
	assert_int_equal(model.protection, PROTECTION_LOCAL);                  /* the one there is further away */
	assert_has_text(model.op.alarm, "PERCENT_PRICE_BY_SIDE");
	assert_int_equal(fake_live_resting(world->live), 1);
	assert_string_equal(world_text(world, "SELECT stop_price FROM orders WHERE purpose = 'stop' AND state = 'NEW'"), "98");
	assert_int_equal(exits(world), 0);
	/* At the level in force this machine sells, and what rests there goes with it. */
	fake_live_heal(world->live);
	live_price(world, "98.90", "98.91");
	live_pass(world, 3000);
	assert_closed(world, model.op.id, EXIT_STOP_LOSS);
	assert_int_equal(exits(world), 1);
}

/* ---- 8: who sells ---- */

static void
a_bid_beyond_a_stop_that_does_not_fire_for_3_s_is_replaced_by_market(void **state)
{
	struct world *world = *state;

	live_rules(world, true, true, true);
	struct operation_model model = live_open(world, NULL);
	live_feed_price("97.90", "97.91");            /* the exchange's stop does not see it */
	live_pass(world, 2500);
	assert_int_equal(exits(world), 0);
	live_pass(world, 3000);
	const struct fake_live_request *sent = fake_live_last(world->live, FAKE_SEND, 0);
	assert_int_equal(sent->instruction, INSTRUCT_REPLACE);
	assert_int_equal(sent->orders[0].type, ORDER_MARKET);
	assert_closed(world, model.op.id, EXIT_STOP_LOSS);
}

static void
a_stop_that_ends_expired_in_part_sends_the_rest_at_once(void **state)
{
	struct world *world = *state;
	char stop[CLIENT_ORDER_ID_SIZE];

	live_rules(world, true, true, true);
	struct operation_model model = live_open(world, NULL);
	text_copy(stop, sizeof stop, live_id(world, "stop"));
	live_feed_price("97.99", "98.00");
	fake_live_fill(world->live, stop, "0.5", "97.9");
	fake_live_end(world->live, stop, ORDER_EXPIRED);
	live_pass(world, 2500);
	assert_int_equal(exits(world), 1);
	assert_closed(world, model.op.id, EXIT_STOP_LOSS);
	assert_decimal(world_operation(world, model.op.id).exit.quantity,
	               world_text(world, "SELECT filled_quantity FROM orders WHERE purpose = 'entry'"));
}

/* ---- 9: protection that can't be placed ---- */

static void
a_stop_that_would_trigger_immediately_means_sell_now(void **state)
{
	struct world *world = *state;

	live_rules(world, false, false, true);
	fake_live_refuse_with(world->live, -2010, "Stop price would trigger immediately.");
	fake_live_plan(world->live, ASKED_SUBMIT, 3, FAULT_REFUSE);            /* the check, the entry, the stop */
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98", .reason = "a test" };
	char id[INTENT_ID_SIZE];
	live_execute(world, &input, id);
	live_pass(world, 3000);
	assert_closed(world, 1, EXIT_STOP_LOSS);
	assert_int_equal(exits(world), 1);
}

static void
refused_protection_alarms_backs_off_watches_here_and_stands_in_the_end(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98", .reason = "a test" };
	char id[INTENT_ID_SIZE];

	live_rules(world, false, false, true);
	fake_live_refuse_with(world->live, -1015, "Too many new orders.");
	for (int nth = 3; nth <= 9; nth++)
		fake_live_plan(world->live, ASKED_SUBMIT, nth, FAULT_REFUSE);
	live_execute(world, &input, id);
	live_pass(world, 5000);
	struct operation_model model = live_operation(world, 1);
	assert_int_equal(model.protection, PROTECTION_LOCAL);
	assert_string_not_equal(model.op.alarm, "");
	assert_true(told_alarms(&world->a) >= 1);
	int sent = fake_live_count(world->live, FAKE_SEND);
	assert_true(sent >= 4 && sent < 9);                                    /* again, and not in a frenzy */
	live_pass(world, 90000);
	assert_int_equal(exits(world), 0);
	assert_protected(world, 1);
}

static void
a_local_stop_fires_while_protection_is_refused(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98", .reason = "a test" };
	char id[INTENT_ID_SIZE];

	live_rules(world, false, false, true);
	fake_live_refuse_with(world->live, -1015, "Too many new orders.");
	for (int nth = 3; nth <= 5; nth++)
		fake_live_plan(world->live, ASKED_SUBMIT, nth, FAULT_REFUSE);
	live_execute(world, &input, id);
	live_pass(world, 1500);
	live_price(world, "97.90", "97.91");
	live_pass(world, 10000);
	assert_closed(world, 1, EXIT_STOP_LOSS);
}

static void
a_refused_exit_never_ends_the_watching(void **state)
{
	struct world *world = *state;

	live_rules(world, true, true, true);
	struct operation_model model = live_open(world, NULL);
	fake_live_end(world->live, live_id(world, "stop"), ORDER_CANCELLED);   /* by a person, on the website */
	fake_live_refuse_with(world->live, -2010, "Account has insufficient balance for requested action.");
	fake_live_plan(world->live, ASKED_SUBMIT, 0, FAULT_REFUSE);
	live_price(world, "97.90", "97.91");
	live_pass(world, 40000);
	assert_int_equal(world_operation(world, model.op.id).status, OPERATION_ACTIVE);
	assert_string_not_equal(world_operation(world, model.op.id).alarm, "");
	assert_true(exits(world) >= 3 && exits(world) <= 10);
	fake_live_heal(world->live);
	live_pass(world, 40000);
	assert_closed(world, model.op.id, EXIT_STOP_LOSS);
}

/* ---- commission ---- */

static void
commission_in_the_base_asset_is_not_sold_and_the_dust_is_named(void **state)
{
	struct world *world = *state;
	int64_t wish = 0;

	live_rules(world, false, false, true);
	fake_live_commission(world->live, "0.1", "");
	struct operation_model model = live_open(world, NULL);
	struct decimal bought = model.op.entry.quantity;
	assert_true(decimal_is_positive(model.op.base_fees));
	assert_true(decimal_cmp(fake_live_last(world->live, FAKE_SEND, 0)->orders[0].quantity, bought) < 0);
	assert_ok(world, desk_wish_close(world->a.desk, model.op.id, WAIT_MS, &wish, &world->err));
	live_pass(world, 3000);
	struct operation op = world_operation(world, model.op.id);
	assert_int_equal(op.status, OPERATION_CLOSED);
	assert_int_equal(op.dust.e16, bought.e16 - op.base_fees.e16 - op.exit.quantity.e16);
	assert_true(decimal_is_positive(op.dust));
	live_assert_right(world);
}

static void
commission_in_bnb_leaves_all_that_was_bought_to_be_sold(void **state)
{
	struct world *world = *state;
	int64_t wish = 0;

	live_rules(world, false, false, true);
	fake_live_balance(world->live, "BNB", "10");
	fake_live_commission(world->live, "0.1", "BNB");
	struct operation_model model = live_open(world, NULL);
	assert_decimal(model.op.base_fees, "0");
	assert_ok(world, desk_wish_close(world->a.desk, model.op.id, WAIT_MS, &wish, &world->err));
	live_pass(world, 3000);
	struct operation op = world_operation(world, model.op.id);
	assert_int_equal(op.status, OPERATION_CLOSED);
	assert_decimal(op.dust, "0");
	assert_true(decimal_is_positive(op.entry.fees));
	live_assert_right(world);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup_live, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_limit_entry_that_stays_partly_filled_for_30_s_gets_a_stop_for_its_part),
		TEST(a_limit_entry_partly_filled_is_cut_short_at_75_percent_of_the_way_to_the_stop),
		TEST(a_stop_that_dies_on_activation_is_placed_again),
		TEST(the_first_part_of_the_target_leaves_it_local_and_the_rest_is_sold_after_5_s),
		TEST(a_touched_target_whose_price_falls_back_is_sold_at_once),
		TEST(a_stop_cancelled_and_its_successor_refused_is_naked_and_acted_on_at_once),
		TEST(a_close_that_finds_nothing_to_cancel_looks_and_sends_no_second_exit),
		TEST(a_cancel_that_says_unknown_order_means_that_the_stop_has_fired),
		TEST(without_cancel_replace_a_stop_moves_in_two_steps_with_an_alarm_and_a_measured_gap),
		TEST(a_moved_stop_that_a_filter_refuses_leaves_the_old_one_and_is_shown_as_it_is),
		TEST(a_bid_beyond_a_stop_that_does_not_fire_for_3_s_is_replaced_by_market),
		TEST(a_stop_that_ends_expired_in_part_sends_the_rest_at_once),
		TEST(a_stop_that_would_trigger_immediately_means_sell_now),
		TEST(refused_protection_alarms_backs_off_watches_here_and_stands_in_the_end),
		TEST(a_local_stop_fires_while_protection_is_refused),
		TEST(a_refused_exit_never_ends_the_watching),
		TEST(commission_in_the_base_asset_is_not_sold_and_the_dust_is_named),
		TEST(commission_in_bnb_leaves_all_that_was_bought_to_be_sold),
	};
	return cmocka_run_group_tests_name("desk_live_protection", tests, NULL, NULL);
}
