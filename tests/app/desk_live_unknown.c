/* Unknown outcomes, and who may act: a request whose answer is lost is looked up and never sent again;
 * "not found" is final by the rule alone.  (exchange.md, "Unknown outcomes", "The account") */
#include "tests/app/live.h"

#include <string.h>

#include "base/text.h"

static const struct plan_input market_buy = { .side = "buy", .symbol = BTC, .stop = "98", .reason = "a test" };

/* Requests that would trade, but for the exchange's own check. */
static int
traded(struct world *world)
{
	int count = 0;

	for (int i = 0; fake_live_last(world->live, FAKE_SEND, i) != NULL; i++)
		count += fake_live_last(world->live, FAKE_SEND, i)->instruction != INSTRUCT_TEST;
	return count;
}

static int64_t
begin_entry(struct world *world, char ret_id[INTENT_ID_SIZE])
{
	int64_t wish = 0;

	world_validated(world, &market_buy, ret_id);
	assert_ok(world, desk_wish_execute(world->a.desk, ret_id, true, true, 120000, &wish, &world->err));
	return wish;
}

static void
an_unknown_entry_keeps_its_intent_executing_and_not_found_is_final_by_the_rule_alone(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];

	live_rules(world, true, true, true);
	fake_live_plan(world->live, ASKED_SUBMIT, 2, FAULT_LOST_BEFORE);
	begin_entry(world, id);
	live_pass(world, 3000);
	assert_string_equal(world_text(world, "SELECT state FROM orders WHERE purpose = 'entry'"), "UNKNOWN");
	/* Many "not found" within recvWindow + 15 s prove nothing. */
	live_pass(world, 16000);
	assert_true(fake_live_count(world->live, FAKE_QUERY) >= 3);
	assert_int_equal(world_intent(world, id).status, INTENT_EXECUTING);
	assert_string_equal(world_text(world, "SELECT state FROM orders WHERE purpose = 'entry'"), "UNKNOWN");
	live_pass(world, 15000);
	assert_string_equal(world_text(world, "SELECT state FROM orders WHERE purpose = 'entry'"), "NEVER_ARRIVED");
	assert_int_equal(world_intent(world, id).status, INTENT_FAILED);
	assert_int_equal(traded(world), 1);
	live_assert_right(world);
}

static void
one_not_found_after_the_window_is_not_enough(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];
	int first = 0;

	live_rules(world, true, true, true);
	fake_live_plan(world->live, ASKED_SUBMIT, 2, FAULT_LOST_BEFORE);
	begin_entry(world, id);
	live_pass(world, 1000);
	int64_t signed_ms = fake_live_last(world->live, FAKE_SIGN, 0)->at_mono_us / 1000;
	for (int i = 0; i < 400 && world_intent(world, id).status == INTENT_EXECUTING; i++)
		live_pass(world, 100);
	assert_int_equal(world_intent(world, id).status, INTENT_FAILED);
	int64_t last_ms = fake_live_last(world->live, FAKE_QUERY, 0)->at_mono_us / 1000;
	const struct fake_live_request *query;
	for (int i = 0; (query = fake_live_last(world->live, FAKE_QUERY, i)) != NULL; i++)
		first += query->orders[0].purpose == PURPOSE_ENTRY && query->at_mono_us / 1000 > signed_ms + 20000 &&
		         query->at_mono_us / 1000 <= last_ms - 2000;
	assert_true(first >= 1);              /* one after the window, and another 2 s later */
}

static void
a_lost_request_that_arrived_after_all_is_found_and_never_sent_again(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];

	live_rules(world, true, true, true);
	fake_live_plan(world->live, ASKED_SUBMIT, 2, FAULT_SILENT_AFTER);
	begin_entry(world, id);
	live_pass(world, 30000);
	assert_int_equal(world_intent(world, id).status, INTENT_EXECUTED);
	assert_int_equal(traded(world), 1);
	assert_int_equal(live_operation(world, 1).protection, PROTECTION_EXCH_LOCAL);
	live_assert_right(world);
}

static void
an_exit_whose_answer_is_lost_is_looked_up_and_not_sold_twice(void **state)
{
	struct world *world = *state;
	int64_t wish = 0;

	live_rules(world, true, true, true);
	struct operation_model model = live_open(world, "106");
	fake_live_plan(world->live, ASKED_SUBMIT, 1, FAULT_LOST_AFTER);
	assert_ok(world, desk_wish_close(world->a.desk, model.op.id, WAIT_MS, &wish, &world->err));
	live_pass(world, 10000);
	assert_int_equal(world_operation(world, model.op.id).status, OPERATION_CLOSED);
	assert_int_equal(world_count(world, "SELECT count(*) FROM orders WHERE purpose = 'exit'"), 1);
	live_assert_right(world);
}

static void
a_move_that_was_lost_before_it_arrived_leaves_the_old_stop_and_is_made_later(void **state)
{
	struct world *world = *state;
	int64_t wish = 0;

	live_rules(world, true, true, true);
	struct operation_model model = live_open(world, NULL);
	fake_live_plan(world->live, ASKED_SUBMIT, 1, FAULT_LOST_BEFORE);
	assert_ok(world, desk_wish_stop(world->a.desk, model.op.id, "99", false, WAIT_MS, &wish, &world->err));
	live_pass(world, 10000);
	assert_int_equal(fake_live_resting(world->live), 1);
	assert_string_not_equal(live_operation(world, model.op.id).op.alarm, "");
	live_pass(world, 35000);
	assert_int_equal(fake_live_resting(world->live), 1);
	assert_int_equal(live_operation(world, model.op.id).protection, PROTECTION_EXCH_LOCAL);
	live_assert_right(world);
}

static void
a_timestamp_outside_the_window_is_signed_anew_once(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];

	live_rules(world, true, true, true);
	fake_live_refuse_with(world->live, EXCHANGE_CODE_TIMESTAMP, "Timestamp for this request is outside of the recvWindow.");
	fake_live_plan(world->live, ASKED_SUBMIT, 2, FAULT_REFUSE);
	begin_entry(world, id);
	live_pass(world, 5000);
	assert_int_equal(world_intent(world, id).status, INTENT_EXECUTED);
	assert_int_equal(traded(world), 2);
	assert_int_equal(world_count(world, "SELECT max(generation) FROM orders WHERE purpose = 'entry'"), 2);
	assert_int_equal(live_operation(world, 1).protection, PROTECTION_EXCH_LOCAL);
}

static void
a_second_timestamp_refusal_ends_the_intent(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];

	live_rules(world, true, true, true);
	fake_live_refuse_with(world->live, EXCHANGE_CODE_TIMESTAMP, "Timestamp for this request is outside of the recvWindow.");
	fake_live_plan(world->live, ASKED_SUBMIT, 2, FAULT_REFUSE);
	fake_live_plan(world->live, ASKED_SUBMIT, 3, FAULT_REFUSE);
	begin_entry(world, id);
	live_pass(world, 30000);
	assert_int_equal(world_intent(world, id).status, INTENT_FAILED);
	assert_int_equal(traded(world), 2);
}

static void
a_fill_told_of_after_the_close_is_kept_and_loud(void **state)
{
	struct world *world = *state;
	int64_t wish = 0;

	live_rules(world, true, true, true);
	struct operation_model model = live_open(world, NULL);
	char stop[CLIENT_ORDER_ID_SIZE];
	text_copy(stop, sizeof stop, live_id(world, "stop"));
	assert_ok(world, desk_wish_close(world->a.desk, model.op.id, WAIT_MS, &wish, &world->err));
	live_pass(world, 3000);
	assert_int_equal(world_operation(world, model.op.id).status, OPERATION_CLOSED);
	int alarms = told_alarms(&world->a);
	struct fill fill = { .price = dec("98"), .quantity = dec("0.5"), .commission = DECIMAL_ZERO, .fee_quote = DECIMAL_ZERO,
	                     .exchange_trade_id = "99999", .commission_asset = "USDC", .at_ms = machine_wall_ms() };
	struct exchange_report late = { .request = ASKED_NOTHING, .outcome = OUTCOME_ACCEPTED, .client_order_id = stop,
	                                .exchange_order_id = "", .state = ORDER_CANCELLED, .fills = &fill, .fill_count = 1, .reason = "" };
	fake_live_report(world->live, &late);
	live_pass(world, 1000);
	assert_int_equal(world_count(world, "SELECT count(*) FROM fills WHERE exchange_trade_id = '99999'"), 1);
	assert_true(told_alarms(&world->a) > alarms);
}

static void
a_strangers_order_with_an_id_like_ours_is_never_touched(void **state)
{
	struct world *world = *state;
	int64_t wish = 0;

	live_rules(world, true, true, true);
	fake_live_stranger(world->live, "r00000000-1-s1", BTC, SIDE_SELL, "LIMIT", "1", "120");
	live_open(world, NULL);
	assert_ok(world, desk_wish_panic(world->a.desk, "out", WAIT_MS, &wish, &world->err));
	live_pass(world, 5000);
	assert_int_equal(fake_live_state(world->live, "r00000000-1-s1"), ORDER_NEW);
	assert_int_equal(fake_live_resting(world->live), 1);
	for (int i = 0; fake_live_last(world->live, FAKE_CANCEL, i) != NULL; i++)
		assert_string_not_equal(fake_live_last(world->live, FAKE_CANCEL, i)->orders[0].client_order_id, "r00000000-1-s1");
}

/* ---- who may act ---- */

static void
nothing_is_done_from(struct world *world, struct operation_model model)
{
	int64_t wish = 0;
	int acts = fake_live_acts(world->live);

	enum status stated = desk_wish_close(world->a.desk, model.op.id, 3000, &wish, &world->err);
	assert_int_not_equal(live_wished(world, stated, wish, 5000), STATUS_OK);
	stated = desk_wish_stop(world->a.desk, model.op.id, "99", false, 3000, &wish, &world->err);
	assert_int_not_equal(live_wished(world, stated, wish, 5000), STATUS_OK);
	live_feed_price("97.00", "97.01");
	live_pass(world, 10000);
	assert_int_equal(fake_live_acts(world->live), acts);
	assert_int_equal(world_operation(world, model.op.id).status, OPERATION_ACTIVE);
}

static void
an_operation_of_another_account_is_never_acted_on(void **state)
{
	struct world *world = *state;

	live_rules(world, true, true, true);
	struct operation_model model = live_open(world, "106");
	text_copy(fake_live_status(world->live)->uid, 64, "2000002");
	live_restart(world);
	nothing_is_done_from(world, model);
}

static void
an_operation_of_another_host_is_never_acted_on(void **state)
{
	struct world *world = *state;

	live_rules(world, true, true, true);
	struct operation_model model = live_open(world, "106");
	text_copy(fake_live_status(world->live)->host, 128, "testnet.exchange");
	live_restart(world);
	nothing_is_done_from(world, model);
}

static void
who_does_not_hold_the_lease_sends_nothing(void **state)
{
	struct world *world = *state;

	live_rules(world, true, true, true);
	live_open(world, "106");
	int acts = fake_live_acts(world->live);
	seat_close(&world->a);
	seat_open(world, &world->a, 1, "person/test");        /* and does not take the hold */
	live_feed_price("97.00", "97.01");
	live_pass(world, 10000);
	assert_int_equal(fake_live_acts(world->live), acts);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup_live, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_unknown_entry_keeps_its_intent_executing_and_not_found_is_final_by_the_rule_alone),
		TEST(one_not_found_after_the_window_is_not_enough),
		TEST(a_lost_request_that_arrived_after_all_is_found_and_never_sent_again),
		TEST(an_exit_whose_answer_is_lost_is_looked_up_and_not_sold_twice),
		TEST(a_move_that_was_lost_before_it_arrived_leaves_the_old_stop_and_is_made_later),
		TEST(a_timestamp_outside_the_window_is_signed_anew_once),
		TEST(a_second_timestamp_refusal_ends_the_intent),
		TEST(a_fill_told_of_after_the_close_is_kept_and_loud),
		TEST(a_strangers_order_with_an_id_like_ours_is_never_touched),
		TEST(an_operation_of_another_account_is_never_acted_on),
		TEST(an_operation_of_another_host_is_never_acted_on),
		TEST(who_does_not_hold_the_lease_sends_nothing),
	};
	return cmocka_run_group_tests_name("desk_live_unknown", tests, NULL, NULL);
}
