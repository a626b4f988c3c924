/* Moving levels, letting go, pausing, panicking: what a person does to what is open. */
#include "tests/app/world.h"

#include <string.h>

#include "base/text.h"

static enum status
move_stop(struct world *world, const char *price, bool widen)
{
	int64_t wish = 0;
	enum status status = desk_wish_stop(world->a.desk, 1, price, widen, WAIT_MS, &wish, &world->err);

	if (status != STATUS_OK)
		return status;
	assert_int_equal(world_wish(world, STATUS_OK, wish), WISH_DONE);
	return world->err.status;
}

static enum status
move_target(struct world *world, const char *price)
{
	int64_t wish = 0;
	enum status status = desk_wish_target(world->a.desk, 1, price, WAIT_MS, &wish, &world->err);

	if (status != STATUS_OK)
		return status;
	assert_int_equal(world_wish(world, STATUS_OK, wish), WISH_DONE);
	return world->err.status;
}

static void
a_stop_moves_towards_the_price_and_holds_there(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", "106");
	assert_int_equal(move_stop(world, "99", false), STATUS_OK);
	assert_decimal(world_operation(world, 1).stop_price, "99");
	assert_decimal(world_operation(world, 1).initial_stop, "98");
	assert_int_equal(world_events(world, "operation.stop_moved"), 1);
	world_price(world, BTC, "99.00", "99.01");
	assert_int_equal(world_operation(world, 1).exit_reason, EXIT_STOP_LOSS);
	assert_decimal(world_operation(world, 1).exit_wish.level, "99");
	world_assert_sound(world);
}

static void
away_from_the_price_it_moves_only_when_widened_and_within_the_risk(void **state)
{
	struct world *world = *state;
	struct plan_input small = { .side = "buy", .symbol = BTC, .quantity = "1", .stop = "98", .reason = "t" };
	char id[INTENT_ID_SIZE];

	world_validated(world, &small, id);
	assert_int_equal(world_execute(world, id), WISH_DONE);
	assert_int_equal(move_stop(world, "97", false), STATUS_NO);
	assert_has_text(world->err.hint, "widen");
	assert_int_equal(move_stop(world, "97", true), STATUS_OK);
	assert_decimal(world_operation(world, 1).stop_price, "97");
	assert_int_equal(world_events(world, "operation.stop_widened"), 1);
	/* 1 × (100.01 − 80) is more than 1 % of 1000. */
	assert_int_equal(move_stop(world, "80", true), STATUS_NO);
	assert_has_text(world->err.message, "risk");
	assert_decimal(world_operation(world, 1).stop_price, "97");
}

static void
widening_asks_the_strategy_and_the_month(void **state)
{
	struct world *world = *state;
	struct strategy_input edit = { .name = "Smooth Sailing", .stop_loss_percent = "3" };
	struct plan_input input = { .side = "buy", .symbol = BTC, .quantity = "0.5", .stop = "98", .strategy = "Smooth Sailing", .reason = "t" };
	struct strategy strategy;
	char id[INTENT_ID_SIZE];

	assert_ok(world, desk_strategy_edit(world->a.desk, &edit, &strategy, &world->err));
	world_validated(world, &input, id);
	assert_int_equal(world_execute(world, id), WISH_DONE);
	assert_int_equal(move_stop(world, "96", true), STATUS_NO);
	assert_has_text(world->err.message, "strategy");
	assert_int_equal(move_stop(world, "97.5", true), STATUS_OK);
	/* The month is used up by others: nothing is left to widen with. */
	world->settings.book.monthly_budget_percent = dec("0.14");
	assert_int_equal(move_stop(world, "97.2", true), STATUS_NO);
	assert_has_text(world->err.message, "month");
}

static void
at_or_beyond_the_price_it_is_called_close(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", "106");
	assert_int_equal(move_stop(world, "100", false), STATUS_NO);     /* the bid */
	assert_int_equal(move_stop(world, "101", false), STATUS_NO);
	assert_has_text(world->err.hint, "close");
	assert_int_equal(move_target(world, "100"), STATUS_NO);
	assert_int_equal(move_target(world, "97"), STATUS_NO);
	assert_int_equal(move_stop(world, "107", false), STATUS_NO);
	assert_int_equal(world_count(world, "SELECT count(*) FROM requests WHERE kind LIKE 'MOVE%%'"), 0);
}

static void
the_price_of_the_moment_decides_when_the_holder_acts(void **state)
{
	struct world *world = *state;
	int64_t wish = 0;

	world_open_long(world, "98", "106");
	assert_ok(world, desk_wish_stop(world->a.desk, 1, "99.50", false, WAIT_MS, &wish, &world->err));
	world_price(world, BTC, "99.40", "99.41");     /* meanwhile it fell below */
	assert_int_equal(world_wish(world, STATUS_OK, wish), WISH_DONE);
	assert_int_equal(world->err.status, STATUS_NO);
	assert_int_equal(world_operation(world, 1).status, OPERATION_ACTIVE);
	assert_decimal(world_operation(world, 1).stop_price, "98");
}

static void
targets_take_r_and_percent_and_can_be_given_later(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", NULL);
	assert_false(world_operation(world, 1).has_target);
	assert_int_equal(move_target(world, "2R"), STATUS_OK);
	assert_decimal(world_operation(world, 1).target_price, "104.03");   /* 100.01 + 2 × 2.01 */
	assert_int_equal(move_target(world, "+5%"), STATUS_OK);
	world_price(world, BTC, "105.02", "105.03");
	assert_int_equal(world_operation(world, 1).exit_reason, EXIT_TAKE_PROFIT);
	world_assert_sound(world);
}

static void
what_cannot_be_read_is_refused_at_once(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", NULL);
	assert_true(move_stop(world, "tight", false) != STATUS_OK);
	assert_true(move_stop(world, "-0", false) != STATUS_OK);
	assert_true(move_target(world, "") != STATUS_OK);
	assert_status(world, desk_wish_stop(world->a.desk, 77, "99", false, WAIT_MS, &(int64_t){ 0 }, &world->err), STATUS_NOT_FOUND);
	assert_int_equal(world_count(world, "SELECT count(*) FROM requests"), 1);   /* the execution's */
}

static void
a_command_without_prices_still_puts_a_stop_on_the_tick(void **state)
{
	struct world *world = *state;
	struct desk_setup setup = { .store = world->a.store, .settings = &world->settings, .client_id = 1, .actor = "person/command" };
	struct desk *command;
	int64_t wish = 0;

	world_open_long(world, "98", NULL);
	assert_ok(world, desk_open(&setup, &command, &world->err));
	assert_ok(world, desk_wish_stop(command, 1, "-1.234567%", false, WAIT_MS, &wish, &world->err));
	desk_close(command);
	desk_wake(world->a.desk);
	assert_int_equal(world_wish(world, STATUS_OK, wish), WISH_DONE);
	assert_int_equal(world->err.status, STATUS_OK);
	assert_decimal(world_operation(world, 1).stop_price, "98.77");   /* 98.7753…, away from the position */
}

static void
a_short_mirrors_it(void **state)
{
	struct world *world = *state;

	world_open_short(world, "102", "94");
	assert_int_equal(move_stop(world, "101", false), STATUS_OK);
	assert_int_equal(move_stop(world, "101.5", false), STATUS_NO);
	assert_int_equal(move_stop(world, "100.01", false), STATUS_NO);
	assert_int_equal(move_target(world, "96"), STATUS_OK);
	world_price(world, BTC, "100.99", "101.00");
	assert_int_equal(world_operation(world, 1).exit_reason, EXIT_STOP_LOSS);
}

static void
without_a_fresh_price_a_level_waits_and_then_is_not_moved(void **state)
{
	struct world *world = *state;
	enum wish_state how;
	struct error outcome;
	int64_t wish = 0;

	world_open_long(world, "98", NULL);
	world_advance_ms(world, 10001);
	enum status stated = desk_wish_stop(world->a.desk, 1, "99", false, 2000, &wish, &world->err);
	assert_int_equal(world_wish(world, stated, wish), WISH_TAKEN);
	world_advance_ms(world, 2001);
	world_settle(world);
	assert_ok(world, desk_wish_look(world->a.desk, wish, &how, &outcome, &world->err));
	assert_int_equal(how, WISH_DONE);
	assert_int_equal(outcome.status, STATUS_UNAVAILABLE);
	assert_decimal(world_operation(world, 1).stop_price, "98");
}

/* ---- letting go ---- */

static void
a_release_needs_its_reason_and_invents_no_result(void **state)
{
	struct world *world = *state;
	int64_t wish = 0;

	world_open_long(world, "98", NULL);
	assert_status(world, desk_wish_release(world->a.desk, 1, "", false, WAIT_MS, &wish, &world->err), STATUS_USAGE);
	assert_status(world, desk_wish_release(world->a.desk, 1, NULL, false, WAIT_MS, &wish, &world->err), STATUS_USAGE);
	enum status stated = desk_wish_release(world->a.desk, 1, "moved to \x1b[1mcold\x1b[0m storage", false, WAIT_MS, &wish, &world->err);
	assert_int_equal(world_wish(world, stated, wish), WISH_DONE);
	struct operation op = world_operation(world, 1);
	assert_int_equal(op.status, OPERATION_CANCELLED);
	assert_int_equal(op.exit_reason, EXIT_HANDED_OVER);
	assert_null(strchr(op.note, '\x1b'));
	assert_int_equal(world_count(world, "SELECT count(*) FROM trades"), 0);
	world_price(world, BTC, "90.00", "90.01");
	assert_int_equal(world_count(world, "SELECT count(*) FROM orders WHERE purpose = 'exit'"), 0);
	assert_status(world, desk_wish_close(world->a.desk, 1, WAIT_MS, &wish, &world->err), STATUS_NO);
	world_assert_sound(world);
}

static void
nothing_is_released_while_its_entry_rests_or_its_exit_runs(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .entry = "99.5", .stop = "98", .reason = "t" };
	char id[INTENT_ID_SIZE];
	int64_t wish = 0;

	world->settings.paper.partial_fill_percent = dec("30");
	world_restart(world);
	assert_ok(world, desk_watch(world->a.desk, BTC, &world->err));
	world_price(world, BTC, "100.00", "100.01");
	world_validated(world, &input, id);
	world_execute(world, id);
	world_price(world, BTC, "99.49", "99.50");
	enum status stated = desk_wish_release(world->a.desk, 1, "mine", false, WAIT_MS, &wish, &world->err);
	assert_int_equal(world_wish(world, stated, wish), WISH_DONE);
	assert_int_equal(world->err.status, STATUS_NO);
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 0, FAULT_REFUSE, 0);
	world_price(world, BTC, "97.50", "99.90");
	stated = desk_wish_release(world->a.desk, 1, "mine", false, WAIT_MS, &wish, &world->err);
	assert_int_equal(world_wish(world, stated, wish), WISH_DONE);
	assert_int_equal(world->err.status, STATUS_NO);
	assert_int_equal(move_stop(world, "99", true), STATUS_NO);
	assert_int_equal(world_operation(world, 1).status, OPERATION_ACTIVE);
}

/* ---- closing by hand, pausing, panicking ---- */

static void
a_person_closes_at_the_market(void **state)
{
	struct world *world = *state;
	int64_t first = 0, second = 0;

	world_open_long(world, "98", NULL);
	assert_ok(world, desk_wish_close(world->a.desk, 1, WAIT_MS, &first, &world->err));
	assert_ok(world, desk_wish_close(world->a.desk, 1, WAIT_MS, &second, &world->err));
	assert_int_equal(world_wish(world, STATUS_OK, first), WISH_DONE);
	assert_int_equal(world->err.status, STATUS_OK);
	assert_int_equal(world_wish(world, STATUS_OK, second), WISH_DONE);
	struct operation op = world_operation(world, 1);
	assert_int_equal(op.exit_reason, EXIT_MANUAL);
	assert_decimal(leg_average(&op.exit), "100");
	assert_int_equal(world_count(world, "SELECT count(*) FROM orders WHERE purpose = 'exit'"), 1);
	assert_int_equal(world_events(world, "operation.close_wanted"), 1);
	world_assert_sound(world);
}

static void
a_refused_close_says_so_and_goes_on_trying(void **state)
{
	struct world *world = *state;
	int64_t wish = 0;

	world_open_long(world, "98", NULL);
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 1, FAULT_REFUSE, 0);
	enum status stated = desk_wish_close(world->a.desk, 1, WAIT_MS, &wish, &world->err);
	assert_int_equal(world_wish(world, stated, wish), WISH_DONE);
	assert_int_equal(world->err.status, STATUS_UNAVAILABLE);
	assert_has_text(world->err.message, "refused");
	world_pass_seconds(world, 2, BTC, "100.00", "100.01");
	assert_int_equal(world_operation(world, 1).exit_reason, EXIT_MANUAL);
}

static void
a_pause_needs_a_reason_blocks_entries_and_lets_stops_through(void **state)
{
	struct world *world = *state;
	struct desk_status_model status;

	world_open_long(world, "98", NULL);
	assert_status(world, desk_pause(world->a.desk, "", &world->err), STATUS_USAGE);
	assert_ok(world, desk_pause(world->a.desk, "lunch", &world->err));
	desk_status(world->a.desk, &status);
	assert_true(status.is_paused);
	assert_string_equal(status.pause_reason, "lunch");
	world_price(world, BTC, "97.90", "97.91");
	assert_int_equal(world_operation(world, 1).status, OPERATION_CLOSED);
	assert_int_equal(world_events(world, "book.paused"), 1);
	assert_ok(world, desk_resume(world->a.desk, &world->err));
	assert_int_equal(world_events(world, "book.resumed"), 1);
}

static void
panic_pauses_cancels_and_flattens(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .entry = "99", .stop = "97", .reason = "t" };
	char id[INTENT_ID_SIZE];
	int64_t wish = 0;

	world_open_long(world, "98", NULL);
	world_open_short(world, "102", NULL);
	world_validated(world, &input, id);
	world_execute(world, id);
	enum status stated = desk_wish_panic(world->a.desk, NULL, WAIT_MS, &wish, &world->err);
	assert_int_equal(world_wish(world, stated, wish), WISH_DONE);
	assert_int_equal(world->err.status, STATUS_OK);
	assert_int_equal(world_count(world, "SELECT count(*) FROM operations WHERE exit_reason = 'EMERGENCY'"), 2);
	assert_int_equal(world_intent(world, id).status, INTENT_FAILED);
	assert_int_equal(world_count(world, "SELECT is_paused FROM clients WHERE id = 1"), 1);
	world_assert_sound(world);
}

static void
panic_wants_out_even_before_there_is_a_price(void **state)
{
	struct world *world = *state;
	int64_t wish = 0;

	world_open_long(world, "98", NULL);
	world_advance_ms(world, 10001);
	enum status stated = desk_wish_panic(world->a.desk, "fire", WAIT_MS, &wish, &world->err);
	world_wish(world, stated, wish);
	assert_int_equal(world_operation(world, 1).exit_wish.reason, EXIT_EMERGENCY);
	assert_int_equal(world_operation(world, 1).status, OPERATION_ACTIVE);
	world_advance_ms(world, WAIT_MS + 1);
	world_settle(world);
	world_price(world, BTC, "99.00", "99.01");
	world_pass_seconds(world, 31, BTC, "99.00", "99.01");
	assert_int_equal(world_operation(world, 1).exit_reason, EXIT_EMERGENCY);
	world_assert_sound(world);
}

static void
panic_is_of_one_client_only(void **state)
{
	struct world *world = *state;
	int64_t wish = 0;

	world_open_long(world, "98", NULL);
	seat_open(world, &world->b, 2, "person/other");
	enum status stated = desk_wish_panic(world->b.desk, "not yours", WAIT_MS, &wish, &world->err);
	assert_int_equal(world_wish(world, stated, wish), WISH_DONE);
	assert_int_equal(world_operation(world, 1).status, OPERATION_ACTIVE);
	assert_status(world, desk_wish_close(world->b.desk, 1, WAIT_MS, &wish, &world->err), STATUS_NOT_FOUND);
}

/* ---- strategies and the switch ---- */

static void
strategies_are_added_and_edited_within_their_bounds(void **state)
{
	struct world *world = *state;
	struct strategy_input input = { .name = "Breakout", .description = "new highs", .bias = "bullish", .risk_percent = "0.5",
	                                .max_drawdown_percent = "20", .stop_loss_percent = "5", .max_position_percent = "40", .active = "on" };
	struct strategy strategy;

	assert_ok(world, desk_strategy_add(world->a.desk, &input, &strategy, &world->err));
	assert_decimal(strategy.risk_percent, "0.5");
	assert_status(world, desk_strategy_add(world->a.desk, &input, &strategy, &world->err), STATUS_NO);
	const struct { struct strategy_input input; const char *field; } wrong[] = {
		{ { .name = "" }, "name" },
		{ { .name = "a\x1b[2J" }, "name" },
		{ { .name = "N", .risk_percent = "1.01" }, "risk-percent" },
		{ { .name = "N", .risk_percent = "0" }, "risk-percent" },
		{ { .name = "N", .risk_percent = "much" }, "risk-percent" },
		{ { .name = "N", .max_drawdown_percent = "101" }, "max-drawdown-percent" },
		{ { .name = "N", .stop_loss_percent = "-1" }, "stop-loss-percent" },
		{ { .name = "N", .max_position_percent = "1e3" }, "max-position-percent" },
		{ { .name = "N", .bias = "up" }, "bias" },
		{ { .name = "N", .active = "maybe" }, "active" },
	};
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		assert_true(desk_strategy_add(world->a.desk, &wrong[i].input, &strategy, &world->err) != STATUS_OK);
		assert_string_equal(world->err.field, wrong[i].field);
	}
	struct strategy_input edit = { .name = "breakout", .active = "off", .risk_percent = "none" };
	assert_ok(world, desk_strategy_edit(world->a.desk, &edit, &strategy, &world->err));
	assert_false(strategy.is_active || strategy.has_risk_percent);
	assert_int_equal(world_events(world, "strategy.added"), 1);
	assert_int_equal(world_events(world, "strategy.edited"), 1);
	struct strategy_input none = { .name = "no such" };
	assert_status(world, desk_strategy_edit(world->a.desk, &none, &strategy, &world->err), STATUS_NOT_FOUND);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_stop_moves_towards_the_price_and_holds_there),
		TEST(away_from_the_price_it_moves_only_when_widened_and_within_the_risk),
		TEST(widening_asks_the_strategy_and_the_month),
		TEST(at_or_beyond_the_price_it_is_called_close),
		TEST(the_price_of_the_moment_decides_when_the_holder_acts),
		TEST(targets_take_r_and_percent_and_can_be_given_later),
		TEST(what_cannot_be_read_is_refused_at_once),
		TEST(a_command_without_prices_still_puts_a_stop_on_the_tick),
		TEST(a_short_mirrors_it),
		TEST(without_a_fresh_price_a_level_waits_and_then_is_not_moved),
		TEST(a_release_needs_its_reason_and_invents_no_result),
		TEST(nothing_is_released_while_its_entry_rests_or_its_exit_runs),
		TEST(a_person_closes_at_the_market),
		TEST(a_refused_close_says_so_and_goes_on_trying),
		TEST(a_pause_needs_a_reason_blocks_entries_and_lets_stops_through),
		TEST(panic_pauses_cancels_and_flattens),
		TEST(panic_wants_out_even_before_there_is_a_price),
		TEST(panic_is_of_one_client_only),
		TEST(strategies_are_added_and_edited_within_their_bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
