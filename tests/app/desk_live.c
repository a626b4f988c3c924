/* LIVE trades, whole, against an exchange on a script: what goes out, in which order, and what the book
 * says of it at every moment. */
#include "tests/app/world.h"

#include <string.h>

#include "base/text.h"

static int64_t
live_wish(struct world *world, const struct plan_input *input, char ret_id[INTENT_ID_SIZE])
{
	int64_t wish = 0;

	world_validated(world, input, ret_id);
	assert_ok(world, desk_wish_execute(world->a.desk, ret_id, true, true, WAIT_MS, &wish, &world->err));
	return wish;
}

static const char *bid = "100.00", *ask = "100.01";   /* what the feed repeats */

static void
price(struct world *world, const char *new_bid, const char *new_ask)
{
	bid = new_bid;
	ask = new_ask;
	world_price(world, BTC, bid, ask);
}

/* Turns with time between them, so that answers, looks and timers come about. */
static void
pass_ms(struct world *world, int ms)
{
	for (int i = 0; i < ms / 100; i++) {
		world_advance_ms(world, 100);
		if (i % 10 == 0)
			fake_feed_quote(world->a.feed, BTC, bid, ask);
		seat_settle(&world->a);
	}
}

static enum wish_state
execute_live(struct world *world, const struct plan_input *input, char ret_id[INTENT_ID_SIZE])
{
	enum wish_state state = WISH_WAITING;
	struct error outcome = { 0 };
	int64_t wish = live_wish(world, input, ret_id);

	for (int i = 0; i < 100 && state != WISH_DONE; i++) {
		pass_ms(world, 100);
		assert_ok(world, desk_wish_look(world->a.desk, wish, &state, &outcome, &world->err));
	}
	world->err = outcome;
	if (state != WISH_DONE)
		for (int i = 0; i < world->a.told_count; i++)
			print_error("told: %s\n", world->a.told[i].summary);
	return state;
}

static void
rules(struct world *world, bool oto, bool opo, bool oco)
{
	bid = "100.00";
	ask = "100.01";
	struct symbol_rules rules = *desk_rules(world->a.desk, BTC);

	rules.oto_allowed = oto;
	rules.opo_allowed = opo;
	rules.oco_allowed = oco;
	rules.cancel_replace_allowed = true;
	rules.can_stop_loss = rules.can_stop_loss_limit = true;
	fake_feed_rules(world->a.feed, &rules);
	seat_settle(&world->a);
}

static struct operation_model
open_live(struct world *world, const char *target)
{
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98", .target = target, .reason = "a test" };
	struct operation_model model;
	char id[INTENT_ID_SIZE];

	assert_int_equal(execute_live(world, &input, id), WISH_DONE);
	if (world->err.status != STATUS_OK)
		print_error("outcome: %s\n", world->err.message);
	assert_int_equal(world->err.status, STATUS_OK);
	pass_ms(world, 1500);
	struct operation op;
	assert_ok(world, store_operation_of_intent(world->a.store, id, &op, &world->err));
	assert_ok(world, desk_operation(world->a.desk, op.id, &model, &world->err));
	return model;
}

static void
an_entry_and_its_exits_go_out_in_one_request_and_are_seen_resting(void **state)
{
	struct world *world = *state;

	rules(world, true, true, true);
	struct operation_model model = open_live(world, "106");
	assert_int_equal(fake_live_count(world->live, FAKE_SEND), 2);   /* the check, and the list */
	assert_int_equal(fake_live_last(world->live, FAKE_SEND, 0)->instruction, INSTRUCT_OPOCO);
	assert_int_equal(model.protection, PROTECTION_EXCH_LOCAL);
	assert_string_equal(model.op.alarm, "");
	assert_int_equal(fake_live_resting(world->live), 2);
}

static void
without_lists_the_stop_is_the_very_next_request(void **state)
{
	struct world *world = *state;

	rules(world, false, false, true);
	struct operation_model model = open_live(world, "106");
	assert_int_equal(fake_live_last(world->live, FAKE_SEND, 0)->instruction, INSTRUCT_OCO);
	assert_int_equal(model.protection, PROTECTION_EXCH_LOCAL);
}

static void
a_stop_that_the_exchange_fires_closes_the_trade(void **state)
{
	struct world *world = *state;

	rules(world, true, true, true);
	struct operation_model model = open_live(world, "106");
	price(world, "97.90", "97.91");
	pass_ms(world, 2000);
	struct operation op = world_operation(world, model.op.id);
	assert_int_equal(op.status, OPERATION_CLOSED);
	assert_int_equal(op.exit_reason, EXIT_STOP_LOSS);
	assert_int_equal(fake_live_resting(world->live), 0);
	pass_ms(world, 5000);
	assert_int_equal(world_count(world, "SELECT count(*) FROM orders WHERE purpose = 'exit'"), 0);
	assert_int_equal(world_count(world, "SELECT count(*) FROM orders WHERE state IN ('NEW','PENDING','SENT','UNKNOWN','PENDING_NEW')"), 0);
}

static void
a_stop_moves_by_being_replaced(void **state)
{
	struct world *world = *state;
	int64_t wish = 0;
	enum wish_state how;
	struct error outcome = { 0 };

	rules(world, true, true, true);
	struct operation_model model = open_live(world, "106");
	assert_ok(world, desk_wish_stop(world->a.desk, model.op.id, "99", false, WAIT_MS, &wish, &world->err));
	pass_ms(world, 1000);
	assert_ok(world, desk_wish_look(world->a.desk, wish, &how, &outcome, &world->err));
	assert_int_equal(how, WISH_DONE);
	assert_int_equal(outcome.status, STATUS_OK);
	assert_int_equal(fake_live_last(world->live, FAKE_SEND, 0)->instruction, INSTRUCT_REPLACE);
	assert_ok(world, desk_operation(world->a.desk, model.op.id, &model, &world->err));
	assert_int_equal(model.protection, PROTECTION_EXCH_LOCAL);
	assert_int_equal(fake_live_resting(world->live), 1);
	pass_ms(world, 5000);
	assert_int_equal(fake_live_resting(world->live), 1);
}

static void
a_close_replaces_what_rests_by_a_market_order(void **state)
{
	struct world *world = *state;
	int64_t wish = 0;

	rules(world, true, true, true);
	struct operation_model model = open_live(world, "106");
	assert_ok(world, desk_wish_close(world->a.desk, model.op.id, WAIT_MS, &wish, &world->err));
	pass_ms(world, 2000);
	struct operation op = world_operation(world, model.op.id);
	assert_int_equal(op.status, OPERATION_CLOSED);
	assert_int_equal(op.exit_reason, EXIT_MANUAL);
	assert_int_equal(fake_live_resting(world->live), 0);
	assert_int_equal(world_count(world, "SELECT count(*) FROM orders WHERE purpose = 'exit'"), 1);
}

static void
a_new_holder_asks_for_everything_and_goes_on(void **state)
{
	struct world *world = *state;

	rules(world, true, true, true);
	struct operation_model model = open_live(world, "106");
	world_restart(world);
	rules(world, true, true, true);
	price(world, "100.00", "100.01");
	pass_ms(world, 3000);
	assert_ok(world, desk_operation(world->a.desk, model.op.id, &model, &world->err));
	assert_int_equal(model.protection, PROTECTION_EXCH_LOCAL);
	assert_int_equal(fake_live_resting(world->live), 2);
	price(world, "97.90", "97.91");
	pass_ms(world, 2000);
	assert_int_equal(world_operation(world, model.op.id).status, OPERATION_CLOSED);
}

static void
a_lost_answer_is_unknown_until_a_lookup_says_more(void **state)
{
	struct world *world = *state;

	rules(world, true, true, true);
	fake_live_plan(world->live, ASKED_SUBMIT, 2, FAULT_LOST_AFTER);
	struct operation_model model = open_live(world, "106");
	assert_int_equal(model.protection, PROTECTION_EXCH_LOCAL);
	assert_int_equal(fake_live_count(world->live, FAKE_SEND), 2);
}

/* ---- what reading found ---- */

static void
stop_id(struct world *world, int64_t operation, char ret_id[CLIENT_ORDER_ID_SIZE])
{
	text_copy(ret_id, CLIENT_ORDER_ID_SIZE,
	          world_text(world, "SELECT client_order_id FROM orders WHERE purpose = 'stop' AND operation_id = %lld "
	                     "ORDER BY rowid DESC", (long long)operation));
}

static void
answer(struct world *world, const char *client_order_id, enum order_state order_state)
{
	const struct exchange_report report = {
		.request = ASKED_QUERY, .outcome = OUTCOME_ACCEPTED, .client_order_id = client_order_id,
		.exchange_order_id = "", .state = order_state, .reason = "",
	};
	fake_live_report(world->live, &report);
}

static int
queries_of(struct world *world, const char *client_order_id)
{
	int count = 0;

	for (int n = 0; n < fake_live_count(world->live, FAKE_QUERY); n++)
		count += strcmp(fake_live_last(world->live, FAKE_QUERY, n)->orders[0].client_order_id, client_order_id) == 0;
	return count;
}

static void
a_report_that_does_not_fit_is_told_once_and_asked_for_again(void **state)
{
	struct world *world = *state;
	char stop[CLIENT_ORDER_ID_SIZE];

	rules(world, true, true, true);
	struct operation_model model = open_live(world, NULL);
	stop_id(world, model.op.id, stop);
	fake_live_plan(world->live, ASKED_QUERY, 0, FAULT_SILENT_BEFORE);
	for (int i = 0; i < 5; i++) {
		answer(world, stop, ORDER_FILLED);            /* and no fills */
		pass_ms(world, 5000);
	}
	assert_int_equal(world_events(world, "order.report_disbelieved"), 1);
	assert_int_equal(told_count(&world->a, "order.report_disbelieved"), 1);
	assert_int_equal(fake_live_count(world->live, FAKE_SEND), 2);   /* nothing is decided on it */
	assert_true(queries_of(world, stop) > 3);
}

/* The price crosses the stop while a question is under way; its answer meets a lock. */
static void
an_answer_that_meets_a_lock_forgets_no_newer_reason_to_look(void **state)
{
	struct world *world = *state;
	char stop[CLIENT_ORDER_ID_SIZE];

	rules(world, true, true, true);
	struct operation_model model = open_live(world, NULL);
	stop_id(world, model.op.id, stop);
	fake_live_by_hand(world->live, true);
	fake_live_plan(world->live, ASKED_QUERY, 0, FAULT_SILENT_BEFORE);
	fake_live_fail_looks(world->live, "no");
	price(world, "97.90", "97.91");               /* asked for: has it fired? */
	pass_ms(world, 200);
	int before = queries_of(world, stop);
	assert_true(before > 0);
	price(world, "100.00", "100.01");
	price(world, "97.80", "97.81");               /* and once more, before the answer */
	struct fill fill = { .exchange_trade_id = "778", .price = dec("97.9"), .quantity = dec("0.001"), .at_ms = 1 };
	struct exchange_report report = {
		.request = ASKED_QUERY, .outcome = OUTCOME_ACCEPTED, .client_order_id = stop, .exchange_order_id = "2",
		.state = ORDER_PARTIALLY_FILLED, .fills = &fill, .fill_count = 1, .reason = "",
	};
	world_lock(world);
	fake_live_report(world->live, &report);
	for (int i = 0; i < 4; i++) {
		world_advance_ms(world, 10);
		seat_turn(&world->a);
	}
	assert_int_equal(queries_of(world, stop), before);
	world_unlock(world);
	for (int i = 0; i < 4; i++) {
		world_advance_ms(world, 10);
		seat_turn(&world->a);
	}
	assert_int_equal(queries_of(world, stop), before + 1);
}

static void
a_refused_stop_is_an_alarm_once_however_often_it_is_tried(void **state)
{
	struct world *world = *state;
	char stop[CLIENT_ORDER_ID_SIZE];

	rules(world, true, true, true);
	struct operation_model model = open_live(world, NULL);
	stop_id(world, model.op.id, stop);
	fake_live_plan(world->live, ASKED_SUBMIT, 0, FAULT_REFUSE);
	fake_live_end(world->live, stop, ORDER_CANCELLED);
	pass_ms(world, 60000);
	assert_true(world_count(world, "SELECT count(*) FROM orders WHERE purpose = 'stop' AND state = 'REJECTED'") > 3);
	assert_int_equal(world_events(world, "operation.alarm"), 1);
	fake_live_heal(world->live);
	pass_ms(world, 60000);
	assert_ok(world, desk_operation(world->a.desk, model.op.id, &model, &world->err));
	assert_int_equal(model.protection, PROTECTION_EXCH_LOCAL);
	assert_string_equal(model.op.alarm, "");
}

static void
what_becomes_dust_while_its_exit_waits_for_a_lock_is_closed_by_the_turn(void **state)
{
	struct world *world = *state;
	char stop[CLIENT_ORDER_ID_SIZE];

	rules(world, true, true, true);
	struct operation_model model = open_live(world, NULL);
	stop_id(world, model.op.id, stop);
	fake_live_refuse_to_sign(world->live, STATUS_UNAVAILABLE, "not now");
	fake_live_end(world->live, stop, ORDER_CANCELLED);
	pass_ms(world, 3000);
	assert_int_equal(fake_live_resting(world->live), 0);
	struct symbol_rules rules = *desk_rules(world->a.desk, BTC);
	rules.market_min = dec("1000");
	fake_feed_rules(world->a.feed, &rules);
	world_lock(world);
	bid = "97.00";
	ask = "97.01";
	fake_feed_quote(world->a.feed, BTC, bid, ask);
	for (int i = 0; i < 5; i++) {
		world_advance_ms(world, 10);
		seat_turn(&world->a);
	}
	world_unlock(world);
	pass_ms(world, 3000);
	assert_int_equal(world_operation(world, model.op.id).status, OPERATION_CLOSED);
	assert_int_equal(world_count(world, "SELECT count(*) FROM trades"), 1);
}

static void
a_leg_that_dies_beside_another_positions_stop_is_asked_for(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98", .reason = "a second one" };
	char entry[CLIENT_ORDER_ID_SIZE], leg[CLIENT_ORDER_ID_SIZE], id[INTENT_ID_SIZE];

	rules(world, true, true, true);
	(void)open_live(world, NULL);
	int sends = fake_live_count(world->live, FAKE_SEND);
	fake_live_by_hand(world->live, true);
	fake_live_plan(world->live, ASKED_QUERY, 0, FAULT_SILENT_BEFORE);
	(void)live_wish(world, &input, id);
	for (int i = 0; i < 50 && fake_live_count(world->live, FAKE_SEND) < sends + 2; i++)
		pass_ms(world, 100);
	const struct fake_live_request *list = fake_live_last(world->live, FAKE_SEND, 0);
	assert_int_equal(list->instruction, INSTRUCT_OPO);
	text_copy(entry, sizeof entry, list->orders[0].client_order_id);
	text_copy(leg, sizeof leg, list->orders[1].client_order_id);
	struct fill fill = { .exchange_trade_id = "777", .price = dec("100.01"), .quantity = list->orders[0].quantity, .at_ms = 1 };
	struct exchange_report report = {
		.request = ASKED_SUBMIT, .outcome = OUTCOME_ACCEPTED, .client_order_id = entry, .exchange_order_id = "1",
		.state = ORDER_FILLED, .fills = &fill, .fill_count = 1, .reason = "",
	};
	fake_live_report(world->live, &report);
	pass_ms(world, 100);
	answer(world, leg, ORDER_PENDING_NEW);
	pass_ms(world, 500);
	answer(world, leg, ORDER_PENDING_NEW);        /* what was asked once more when its entry was filled */
	pass_ms(world, 500);
	assert_int_equal(world_count(world, "SELECT count(*) FROM orders WHERE state = 'PENDING_NEW'"), 1);
	int before = queries_of(world, leg);
	pass_ms(world, 5000);
	assert_true(queries_of(world, leg) > before);
}

static void
an_exit_whose_replacement_never_arrives_takes_two_steps(void **state)
{
	struct world *world = *state;
	int64_t wish = 0;

	rules(world, true, true, true);
	struct operation_model model = open_live(world, "106");
	int sent = fake_live_count(world->live, FAKE_SEND);
	fake_live_plan(world->live, ASKED_SUBMIT, 1, FAULT_LOST_BEFORE);
	fake_live_plan(world->live, ASKED_SUBMIT, 2, FAULT_LOST_BEFORE);
	assert_ok(world, desk_wish_close(world->a.desk, model.op.id, WAIT_MS, &wish, &world->err));
	pass_ms(world, 90000);
	assert_int_equal(world_operation(world, model.op.id).status, OPERATION_CLOSED);
	assert_int_equal(fake_live_resting(world->live), 0);
	assert_int_equal(fake_live_count(world->live, FAKE_SEND), sent + 3);   /* two that were lost, and the sale */
	assert_int_equal(fake_live_last(world->live, FAKE_SEND, 0)->instruction, INSTRUCT_ORDER);
	assert_int_equal(world_count(world, "SELECT count(*) FROM orders WHERE purpose = 'exit' AND state = 'FILLED'"), 1);
}

static void
a_release_leaves_what_rests_or_cancels_it_as_the_person_says(void **state)
{
	struct world *world = *state;
	int64_t wish = 0;

	rules(world, true, true, true);
	struct operation_model first = open_live(world, "106");
	assert_ok(world, desk_wish_release(world->a.desk, first.op.id, "mine now", false, WAIT_MS, &wish, &world->err));
	pass_ms(world, 2000);
	assert_int_equal(world_operation(world, first.op.id).status, OPERATION_CANCELLED);
	assert_int_equal(fake_live_resting(world->live), 2);

	struct operation_model second = open_live(world, "106");
	assert_int_equal(fake_live_resting(world->live), 4);
	assert_ok(world, desk_wish_release(world->a.desk, second.op.id, "mine now", true, WAIT_MS, &wish, &world->err));
	pass_ms(world, 2000);
	assert_int_equal(world_operation(world, second.op.id).status, OPERATION_CANCELLED);
	assert_int_equal(fake_live_resting(world->live), 2);
	assert_int_equal(world_count(world, "SELECT count(*) FROM orders WHERE operation_id = %lld AND state = 'CANCELLED'",
	                             (long long)second.op.id), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_entry_and_its_exits_go_out_in_one_request_and_are_seen_resting, world_setup_live, world_teardown),
		cmocka_unit_test_setup_teardown(without_lists_the_stop_is_the_very_next_request, world_setup_live, world_teardown),
		cmocka_unit_test_setup_teardown(a_stop_that_the_exchange_fires_closes_the_trade, world_setup_live, world_teardown),
		cmocka_unit_test_setup_teardown(a_stop_moves_by_being_replaced, world_setup_live, world_teardown),
		cmocka_unit_test_setup_teardown(a_close_replaces_what_rests_by_a_market_order, world_setup_live, world_teardown),
		cmocka_unit_test_setup_teardown(a_new_holder_asks_for_everything_and_goes_on, world_setup_live, world_teardown),
		cmocka_unit_test_setup_teardown(a_lost_answer_is_unknown_until_a_lookup_says_more, world_setup_live, world_teardown),
		cmocka_unit_test_setup_teardown(an_exit_whose_replacement_never_arrives_takes_two_steps, world_setup_live, world_teardown),
		cmocka_unit_test_setup_teardown(a_release_leaves_what_rests_or_cancels_it_as_the_person_says, world_setup_live, world_teardown),
		cmocka_unit_test_setup_teardown(a_report_that_does_not_fit_is_told_once_and_asked_for_again, world_setup_live, world_teardown),
		cmocka_unit_test_setup_teardown(an_answer_that_meets_a_lock_forgets_no_newer_reason_to_look, world_setup_live, world_teardown),
		cmocka_unit_test_setup_teardown(a_refused_stop_is_an_alarm_once_however_often_it_is_tried, world_setup_live, world_teardown),
		cmocka_unit_test_setup_teardown(what_becomes_dust_while_its_exit_waits_for_a_lock_is_closed_by_the_turn, world_setup_live, world_teardown),
		cmocka_unit_test_setup_teardown(a_leg_that_dies_beside_another_positions_stop_is_asked_for, world_setup_live, world_teardown),
	};
	return cmocka_run_group_tests_name("desk_live", tests, NULL, NULL);
}
