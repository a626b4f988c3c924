/* LIVE trades, whole, against an exchange on a script: what goes out, in which order, and what the book
 * says of it at every moment. */
#include "tests/app/world.h"

#include <string.h>

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
	};
	return cmocka_run_group_tests_name("desk_live", tests, NULL, NULL);
}
