/* Gaps in prices, and books that somebody else has held. */
#include "tests/app/world.h"

#include <stdlib.h>
#include <string.h>

#include "app/desk_state.h"
#include "base/text.h"

/* 12:01:00, the first whole minute after the world begins. */
static const int64_t MINUTE = 60000;

static int64_t
next_minute(void)
{
	return machine_wall_ms() - machine_wall_ms() % MINUTE + MINUTE;
}

static void
candle(struct world *world, int64_t at, const char *open, const char *high, const char *low, const char *close)
{
	fake_feed_candle(world->a.feed, BTC, at, open, high, low, close);
}

/* A silence of `seconds`, and the first price after it. */
static void
silence(struct world *world, int seconds, const char *bid, const char *ask)
{
	world_advance_ms(world, seconds * 1000);
	world_price(world, BTC, bid, ask);
	world_settle(world);
}

static void
a_stop_that_was_crossed_in_a_silence_is_found_in_the_candles(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", "106");
	candle(world, next_minute(), "99.50", "99.80", "97.20", "99.70");
	silence(world, 180, "100.00", "100.01");
	struct operation op = world_operation(world, 1);
	assert_int_equal(op.status, OPERATION_CLOSED);
	assert_int_equal(op.exit_reason, EXIT_STOP_LOSS);
	assert_true(op.exit_wish.is_recovered);
	assert_decimal(leg_average(&op.exit), "98");
	assert_int_equal(world_count(world, "SELECT count(*) FROM fills WHERE is_recovered = 1"), 1);
	assert_has_text(world_text(world, "SELECT summary FROM events WHERE kind = 'operation.stop_fired'"), "while nobody watched");
	world_assert_sound(world);
}

static void
both_levels_in_one_candle_are_the_stop(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", "106");
	candle(world, next_minute(), "100.00", "107.00", "97.00", "106.50");
	silence(world, 180, "106.50", "106.51");
	assert_int_equal(world_operation(world, 1).exit_reason, EXIT_STOP_LOSS);
}

static void
paper_fills_at_the_worse_of_the_level_and_the_open(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", "106");
	candle(world, next_minute(), "96.50", "99.00", "96.00", "99.00");
	silence(world, 180, "100.00", "100.01");
	struct operation op = world_operation(world, 1);
	assert_decimal(leg_average(&op.exit), "96.5");
	assert_decimal(op.exit_wish.level, "98");
}

static void
a_target_in_a_gap_fills_at_the_target_though_the_open_was_better(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", "103");
	candle(world, next_minute(), "104.00", "105.00", "103.50", "104.00");
	silence(world, 180, "100.00", "100.01");
	struct operation op = world_operation(world, 1);
	assert_int_equal(op.exit_reason, EXIT_TAKE_PROFIT);
	assert_decimal(leg_average(&op.exit), "103");
}

static void
a_short_reads_the_candles_with_the_spread(void **state)
{
	struct world *world = *state;

	world_price(world, BTC, "100.00", "100.10");
	world_open_short(world, "102", NULL);
	/* Bids up to 101.95: the ask, ten cents above, was at 102.05. */
	candle(world, next_minute(), "101.00", "101.95", "100.50", "101.00");
	silence(world, 180, "100.00", "100.10");
	assert_int_equal(world_operation(world, 1).exit_reason, EXIT_STOP_LOSS);
}

static void
the_first_crossing_counts_and_not_a_later_one(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", "106");
	candle(world, next_minute(), "100.00", "106.20", "99.00", "106.00");
	candle(world, next_minute() + MINUTE, "100.00", "100.00", "97.00", "97.50");
	silence(world, 240, "97.00", "97.01");
	assert_int_equal(world_operation(world, 1).exit_reason, EXIT_TAKE_PROFIT);
}

static void
live_prices_wait_for_the_candles_but_not_for_ever(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", NULL);
	fake_feed_hold_history(world->a.feed, true);
	silence(world, 60, "97.00", "97.01");
	assert_int_equal(world_operation(world, 1).status, OPERATION_ACTIVE);
	world_pass_seconds(world, 6, BTC, "97.00", "97.01");
	struct operation op = world_operation(world, 1);
	assert_int_equal(op.status, OPERATION_CLOSED);
	assert_false(op.exit_wish.is_recovered);
	assert_int_equal(world_events(world, "gap.unrecovered"), 1);
}

static void
a_history_that_fails_is_said_and_the_live_price_decides(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", NULL);
	fake_feed_fail_history(world->a.feed, "no candles today");
	silence(world, 60, "97.00", "97.01");
	assert_int_equal(world_operation(world, 1).status, OPERATION_CLOSED);
	assert_has_text(world_text(world, "SELECT summary FROM events WHERE kind = 'gap.unrecovered'"), "no candles today");
}

static void
a_crossing_in_a_gap_that_meets_a_lock_is_written_when_the_lock_is_gone(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", "106");
	candle(world, next_minute(), "96.50", "99.00", "96.00", "99.00");
	world_lock(world);
	silence(world, 180, "100.00", "100.01");
	assert_string_equal(world_text(world, "SELECT status FROM operations"), "ACTIVE");
	world_unlock(world);
	world_advance_ms(world, 10);
	world_settle(world);
	struct operation op = world_operation(world, 1);
	assert_int_equal(op.status, OPERATION_CLOSED);
	assert_decimal(leg_average(&op.exit), "96.5");
	world_assert_sound(world);
}

static void
what_happened_while_no_process_ran_is_found_at_the_start(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", "106");
	world_pass_seconds(world, 5, BTC, "100.00", "100.01");
	seat_close(&world->a);
	world_advance_ms(world, 45 * 3600 * 1000);
	seat_open(world, &world->a, 1, "person/test");
	candle(world, next_minute() - 600 * MINUTE, "99.00", "99.00", "97.00", "98.50");
	seat_take(&world->a);
	world_settle(world);
	assert_int_equal(world_operation(world, 1).exit_reason, EXIT_STOP_LOSS);
	assert_decimal(world_operation(world, 1).exit_wish.level, "98");
	world_assert_sound(world);
}

static void
a_candle_from_before_the_operation_says_nothing(void **state)
{
	struct world *world = *state;

	candle(world, next_minute() - 2 * MINUTE, "99.00", "99.00", "90.00", "98.50");
	world_open_long(world, "98", NULL);
	world_restart(world);
	candle(world, next_minute() - 2 * MINUTE, "99.00", "99.00", "90.00", "98.50");
	silence(world, 120, "100.00", "100.01");
	assert_int_equal(world_operation(world, 1).status, OPERATION_ACTIVE);
}

static void
stops_are_armed_before_the_first_turn_after_a_restart(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", NULL);
	world_open_short(world, "102", NULL);
	world_restart(world);
	assert_int_equal(desk_watched_count(world->a.desk), 2);
	assert_int_equal(fake_feed_watches(world->a.feed, BTC), 2);
	world_assert_sound(world);                    /* every one is on its ladder */
	world_price(world, BTC, "97.00", "97.01");
	assert_int_equal(world_operation(world, 1).status, OPERATION_CLOSED);
}

/* ---- another feed's ---- */

static void
other_feed(struct world *world)
{
	struct feed_status status = { .id = "fake:other", .is_reachable = true };

	seat_close(&world->a);
	seat_open(world, &world->a, 1, "person/test");
	desk_close(world->a.desk);
	fake_feed_set_status(world->a.feed, &status);
	struct desk_setup setup = { .store = world->a.store, .feed = world->a.feed, .paper = world->a.exchange,
	                            .notifier = &world->a.notifier, .settings = &world->settings, .random = random_fill,
	                            .client_id = 1, .actor = "person/test" };
	assert_ok(world, desk_open(&setup, &world->a.desk, &world->err));
	seat_take(&world->a);
	assert_ok(world, desk_watch(world->a.desk, BTC, &world->err));
}

static void
prices_of_another_feed_neither_stop_nor_fill_nor_sell(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .entry = "99", .stop = "97.5", .reason = "t" };
	char id[INTENT_ID_SIZE];
	int64_t wish = 0;

	world_open_long(world, "98", NULL);
	world_open_long(world, "96", NULL);
	world_validated(world, &input, id);
	world_execute(world, id);
	/* One of them is to be sold, and the exchange refuses it. */
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 0, FAULT_REFUSE, 0);
	enum status stated = desk_wish_close(world->a.desk, 2, WAIT_MS, &wish, &world->err);
	world_wish(world, stated, wish);
	other_feed(world);
	world_pass_seconds(world, 40, BTC, "90.00", "90.01");
	assert_int_equal(world_operation(world, 1).status, OPERATION_ACTIVE);
	assert_int_equal(world_operation(world, 2).status, OPERATION_ACTIVE);
	assert_int_equal(world_intent(world, id).status, INTENT_EXECUTING);
	assert_int_equal(faulty_count(world->a.faulty, ASKED_SUBMIT), 0);
	assert_int_equal(told_count(&world->a, "price.stale"), 0);
	stated = desk_wish_close(world->a.desk, 1, WAIT_MS, &wish, &world->err);
	assert_int_equal(world_wish(world, stated, wish), WISH_DONE);
	assert_int_equal(world->err.status, STATUS_NO);
	/* A resting entry can be taken back from anywhere. */
	stated = desk_wish_cancel(world->a.desk, id, WAIT_MS, &wish, &world->err);
	assert_int_equal(world_wish(world, stated, wish), WISH_DONE);
	assert_int_equal(world->err.status, STATUS_OK);
	assert_string_equal(world_text(world, "SELECT state FROM orders WHERE intent_id = '%s'", id), "CANCELLED");
	world_restart(world);
	world_pass_seconds(world, 2, BTC, "97.90", "97.91");
	assert_int_equal(world_operation(world, 1).exit_reason, EXIT_STOP_LOSS);
	assert_int_equal(world_operation(world, 2).exit_reason, EXIT_MANUAL);
	world_assert_sound(world);
}

/* ---- the lease goes round ---- */

static void
an_entry_that_rests_goes_with_the_lease_and_comes_back(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .entry = "99.5", .stop = "97.5", .reason = "t" };
	char id[INTENT_ID_SIZE];

	world->settings.paper.partial_fill_percent = dec("40");
	world_restart(world);
	assert_ok(world, desk_watch(world->a.desk, BTC, &world->err));
	world_price(world, BTC, "100.00", "100.01");
	world_validated(world, &input, id);
	world_execute(world, id);
	desk_release_hold(world->a.desk);
	seat_open(world, &world->b, 1, "monitor");
	seat_take(&world->b);
	/* Both see the price; only the holder fills. */
	fake_feed_quote(world->b.feed, BTC, "99.40", "99.41");
	fake_feed_quote(world->a.feed, BTC, "99.40", "99.41");
	world_settle(world);
	assert_int_equal(world_count(world, "SELECT count(*) FROM fills"), 1);
	desk_release_hold(world->b.desk);
	seat_take(&world->a);
	world_advance_ms(world, 1000);
	world_price(world, BTC, "99.40", "99.41");
	world_advance_ms(world, 1000);
	world_price(world, BTC, "99.40", "99.41");
	assert_int_equal(world_count(world, "SELECT count(*) FROM fills"), 3);
	assert_int_equal(world_intent(world, id).status, INTENT_EXECUTED);
	world_assert_sound(world);
}

static void
who_does_not_hold_decides_nothing(void **state)
{
	struct world *world = *state;
	struct quote quote = { .symbol = BTC, .bid = dec("90"), .ask = dec("90.01") };

	world_open_long(world, "98", NULL);
	desk_release_hold(world->a.desk);
	quote.asked_mono_ms = world->a.feed->clock.mono_ms(world->a.feed->clock.self);
	world->a.feed->listener.on_quote(world->a.feed->listener.self, &quote);
	world_settle(world);
	assert_string_equal(world_text(world, "SELECT status FROM operations"), "ACTIVE");
	assert_int_equal(desk_watched_count(world->a.desk), 0);
	seat_take(&world->a);
	world_price(world, BTC, "90.00", "90.01");
	assert_int_equal(world_operation(world, 1).status, OPERATION_CLOSED);
}

/* What a dead holder had taken, found when its time is over: nothing is begun, and nothing is claimed. */
static void
a_wish_that_outlived_its_time_with_its_holder_is_not_done_and_not_said_to_be(void **state)
{
	static const char *const kinds[] = { "MOVE_STOP", "MOVE_TARGET", "RELEASE", "CLOSE", "PANIC" };
	struct world *world = *state;
	enum wish_state how;
	struct error outcome;
	int64_t wish = 0;

	world_open_long(world, "98", NULL);
	desk_release_hold(world->a.desk);
	assert_ok(world, desk_wish_stop(world->a.desk, 1, "99", false, 1000, &wish, &world->err));
	assert_ok(world, desk_wish_target(world->a.desk, 1, "110", 1000, &wish, &world->err));
	assert_ok(world, desk_wish_release(world->a.desk, 1, "mine", false, 1000, &wish, &world->err));
	assert_ok(world, desk_wish_close(world->a.desk, 1, 1000, &wish, &world->err));
	assert_ok(world, desk_wish_panic(world->a.desk, "out", 1000, &wish, &world->err));
	/* Taken, and then its holder died. */
	struct request request;
	while (store_request_next(world->a.store, &request, &world->err) == STATUS_OK) {
		request.state = REQUEST_TAKEN;
		assert_ok(world, store_begin(world->a.store, &world->err));
		assert_ok(world, store_request_update(world->a.store, &request, REQUEST_WANTED, &world->err));
		assert_ok(world, store_commit(world->a.store, &world->err));
	}
	world_advance_ms(world, 1001);
	seat_take(&world->a);
	world_price(world, BTC, "100.00", "100.01");
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		wish = world_count(world, "SELECT id FROM requests WHERE kind = '%s'", kinds[i]);
		assert_ok(world, desk_wish_look(world->a.desk, wish, &how, &outcome, &world->err));
		assert_int_equal(how, WISH_DONE);
		assert_int_equal(outcome.status, STATUS_UNAVAILABLE);
		assert_has_text(outcome.message, "holder ended first");
	}
	struct operation op = world_operation(world, 1);
	assert_int_equal(op.status, OPERATION_ACTIVE);
	assert_decimal(op.stop_price, "98");
	assert_false(op.has_target);
}

static void
a_hold_that_meets_a_lock_is_not_half_taken(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98", .reason = "t" };
	char id[INTENT_ID_SIZE];

	world_validated(world, &input, id);
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 1, FAULT_SILENT_BEFORE, 0);
	world_execute(world, id);
	seat_close(&world->a);
	seat_open(world, &world->a, 1, "person/test");
	world_lock(world);
	assert_status(world, desk_take_hold(world->a.desk, &world->err), STATUS_BUSY);
	assert_false(desk_is_holder(world->a.desk));
	assert_int_equal(desk_open_orders(world->a.desk), 0);
	world_unlock(world);
	seat_take(&world->a);
	world_settle(world);
	assert_int_equal(world_intent(world, id).status, INTENT_FAILED);
	assert_true(desk_is_quiet(world->a.desk));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_stop_that_was_crossed_in_a_silence_is_found_in_the_candles),
		TEST(both_levels_in_one_candle_are_the_stop),
		TEST(paper_fills_at_the_worse_of_the_level_and_the_open),
		TEST(a_target_in_a_gap_fills_at_the_target_though_the_open_was_better),
		TEST(a_short_reads_the_candles_with_the_spread),
		TEST(the_first_crossing_counts_and_not_a_later_one),
		TEST(live_prices_wait_for_the_candles_but_not_for_ever),
		TEST(a_history_that_fails_is_said_and_the_live_price_decides),
		TEST(a_crossing_in_a_gap_that_meets_a_lock_is_written_when_the_lock_is_gone),
		TEST(what_happened_while_no_process_ran_is_found_at_the_start),
		TEST(a_candle_from_before_the_operation_says_nothing),
		TEST(stops_are_armed_before_the_first_turn_after_a_restart),
		TEST(prices_of_another_feed_neither_stop_nor_fill_nor_sell),
		TEST(an_entry_that_rests_goes_with_the_lease_and_comes_back),
		TEST(who_does_not_hold_decides_nothing),
		TEST(a_wish_that_outlived_its_time_with_its_holder_is_not_done_and_not_said_to_be),
		TEST(a_hold_that_meets_a_lock_is_not_half_taken),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
