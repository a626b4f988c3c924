/* The stop monitor: what fires, what does not, once, in which order, and what a failed exit does. */
#include "tests/app/world.h"

#include <string.h>

#include "app/desk_state.h"
#include "base/text.h"

static struct operation
only_operation(struct world *world)
{
	return world_operation(world, 1);
}

static void
a_long_is_stopped_at_its_stop_and_not_a_tick_above(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", "106");
	world_price(world, BTC, "98.01", "98.02");
	assert_int_equal(only_operation(world).status, OPERATION_ACTIVE);
	world_price(world, BTC, "98.00", "98.01");
	struct operation op = only_operation(world);
	assert_int_equal(op.status, OPERATION_CLOSED);
	assert_int_equal(op.exit_reason, EXIT_STOP_LOSS);
	assert_decimal(leg_average(&op.exit), "98");
	assert_decimal(op.exit_wish.level, "98");
	assert_decimal(op.exit_wish.bid, "98");
	assert_int_equal(told_count(&world->a, "operation.stop_fired"), 1);
	world_assert_sound(world);
}

static void
a_short_is_stopped_at_the_ask(void **state)
{
	struct world *world = *state;

	world_open_short(world, "102", "94");
	world_price(world, BTC, "101.98", "101.99");
	assert_int_equal(only_operation(world).status, OPERATION_ACTIVE);
	world_price(world, BTC, "101.50", "102.00");
	struct operation op = only_operation(world);
	assert_int_equal(op.exit_reason, EXIT_STOP_LOSS);
	assert_decimal(leg_average(&op.exit), "102");
	world_assert_sound(world);
}

static void
targets_are_taken_at_equality_on_both_sides(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", "103");
	world_open_short(world, "102", "97");
	world_price(world, BTC, "97.00", "97.01");     /* the long's stop; the short's ask is a tick away */
	assert_int_equal(world_operation(world, 1).exit_reason, EXIT_STOP_LOSS);
	assert_int_equal(world_operation(world, 2).status, OPERATION_ACTIVE);
	world_price(world, BTC, "96.99", "97.00");
	assert_int_equal(world_operation(world, 2).exit_reason, EXIT_TAKE_PROFIT);
	world_price(world, BTC, "100.00", "100.01");
	world_open_long(world, "98", "103");
	world_price(world, BTC, "102.99", "103.50");
	assert_int_equal(world_operation(world, 3).status, OPERATION_ACTIVE);
	world_price(world, BTC, "103.00", "103.50");
	assert_int_equal(world_operation(world, 3).exit_reason, EXIT_TAKE_PROFIT);
	world_assert_sound(world);
}

/* T5 of domain.md, with its slippage. */
static void
a_price_that_gaps_beyond_the_stop_fills_where_it_is(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "88200", .reason = "t" };
	char id[INTENT_ID_SIZE];
	struct operation_model model;

	world_price(world, BTC, "89999.99", "90000.00");
	world_validated(world, &input, id);
	assert_int_equal(world_execute(world, id), WISH_DONE);
	world_price(world, BTC, "87000.00", "87000.01");
	struct operation op = only_operation(world);
	assert_int_equal(op.exit_reason, EXIT_STOP_LOSS);
	assert_decimal(leg_average(&op.exit), "87000");
	assert_ok(world, desk_operation(world->a.desk, 1, &model, &world->err));
	assert_true(model.has_slippage);
	assert_true(decimal_cmp(model.stop_slippage_percent, dec("1.360544")) > 0);
	assert_true(decimal_cmp(model.stop_slippage_percent, dec("1.360545")) < 0);
	world_assert_sound(world);
}

static void
a_quote_wide_enough_for_both_is_the_stop(void **state)
{
	struct world *world = *state;

	/* A long with its stop above its target can't be; a bid at the stop with an ask at the target can. */
	world_open_long(world, "98", "103");
	world_price(world, BTC, "98.00", "103.00");
	assert_int_equal(only_operation(world).exit_reason, EXIT_STOP_LOSS);
}

/* ---- once, and written before it is sent ---- */

struct witness { struct world *world; int exits; char wish[32], order[32]; int64_t events; };

static void
witness_exit(void *self, enum exchange_request request, const struct order *order)
{
	struct witness *witness = self;

	if (request != ASKED_SUBMIT || order->purpose != PURPOSE_EXIT)
		return;
	witness->exits++;
	text_copy(witness->wish, sizeof witness->wish,
	          world_text(witness->world, "SELECT wish_reason || ' ' || wish_bid FROM operations WHERE id = %lld",
	                     (long long)order->operation_id));
	text_copy(witness->order, sizeof witness->order,
	          world_text(witness->world, "SELECT state FROM orders WHERE client_order_id = '%s'", order->client_order_id));
	witness->events = world_events(witness->world, "operation.stop_fired");
}

static void
a_firing_is_on_disk_with_its_quote_before_the_order_is_sent(void **state)
{
	struct world *world = *state;
	struct witness witness = { .world = world };

	world_open_long(world, "98", NULL);
	world->spy = witness_exit;
	world->spy_self = &witness;
	world_price(world, BTC, "97.50", "97.51");
	assert_int_equal(witness.exits, 1);
	assert_string_equal(witness.wish, "STOP_LOSS 97.5");
	assert_string_equal(witness.order, "PENDING");
	assert_int_equal(witness.events, 1);
}

static void
quotes_that_repeat_the_crossing_sell_once(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", NULL);
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 1, FAULT_DELAY, FAULT_UNTIL_RELEASED);
	for (int i = 0; i < 20; i++)
		fake_feed_quote(world->a.feed, BTC, "97.50", "97.51");
	seat_settle(&world->a);
	world_pass_seconds(world, 9, BTC, "97.00", "97.01");
	assert_int_equal(faulty_count(world->a.faulty, ASKED_SUBMIT), 2);   /* the entry and one exit */
	assert_int_equal(only_operation(world).status, OPERATION_ACTIVE);
	faulty_release(world->a.faulty);
	world_settle(world);
	assert_int_equal(only_operation(world).status, OPERATION_CLOSED);
	assert_int_equal(world_events(world, "operation.stop_fired"), 1);
	world_assert_sound(world);
}

static void
an_exit_in_parts_adds_up_and_closes_once(void **state)
{
	struct world *world = *state;

	world->settings.paper.partial_fill_percent = dec("30");
	world_restart(world);
	assert_ok(world, desk_watch(world->a.desk, BTC, &world->err));
	world_price(world, BTC, "100.00", "100.01");
	world_open_long(world, "98", NULL);
	world_price(world, BTC, "97.50", "97.51");
	struct operation op = only_operation(world);
	assert_int_equal(op.status, OPERATION_CLOSED);
	assert_int_equal(decimal_cmp(op.entry.quantity, op.exit.quantity), 0);
	assert_int_equal(world_count(world, "SELECT count(*) FROM fills f JOIN orders o USING (client_order_id) WHERE o.purpose = 'exit'"), 4);
	assert_int_equal(world_count(world, "SELECT count(*) FROM orders WHERE purpose = 'exit'"), 1);
	world_assert_sound(world);
}

static void
every_operation_that_a_price_crosses_leaves_and_no_other(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", NULL);
	world_open_long(world, "97", NULL);
	world_open_long(world, "96", NULL);
	world_open_short(world, "103", "96.5");
	world_price(world, BTC, "96.80", "96.81");
	assert_int_equal(world_operation(world, 1).status, OPERATION_CLOSED);
	assert_int_equal(world_operation(world, 2).status, OPERATION_CLOSED);
	assert_int_equal(world_operation(world, 3).status, OPERATION_ACTIVE);
	assert_int_equal(world_operation(world, 4).status, OPERATION_ACTIVE);
	world_assert_sound(world);
}

/* ---- stale prices ---- */

static void
a_stale_price_decides_nothing_and_alarms_after_twenty_seconds(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", NULL);
	fake_feed_quote(world->a.feed, BTC, "97.00", "97.01");
	world_advance_ms(world, 10001);               /* it took this long to arrive */
	seat_settle(&world->a);
	assert_int_equal(only_operation(world).status, OPERATION_ACTIVE);
	assert_int_equal(told_count(&world->a, "price.stale"), 0);
	world_advance_ms(world, 10000);
	seat_settle(&world->a);
	assert_int_equal(told_count(&world->a, "price.stale"), 1);
	assert_int_equal(told_alarms(&world->a), 1);
	world_advance_ms(world, 60000);
	seat_settle(&world->a);
	assert_int_equal(told_count(&world->a, "price.stale"), 1);   /* said once */
	world_price(world, BTC, "97.00", "97.01");
	world_advance_ms(world, 6000);
	seat_settle(&world->a);
	assert_int_equal(only_operation(world).status, OPERATION_CLOSED);
}

static void
a_second_silence_alarms_again(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", NULL);
	for (int i = 0; i < 2; i++) {
		world_advance_ms(world, 20001);
		seat_settle(&world->a);
		assert_int_equal(told_count(&world->a, "price.stale"), i + 1);
		world_pass_seconds(world, 7, BTC, "100.00", "100.01");
	}
}

static void
a_feed_that_is_dead_from_the_start_alarms_too(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", NULL);
	world_restart(world);                         /* and no quote comes any more */
	world_advance_ms(world, 20001);
	seat_settle(&world->a);
	assert_int_equal(told_count(&world->a, "price.stale"), 1);
	assert_int_equal(told_alarms(&world->a), 1);
}

static void
an_alarm_that_met_a_lock_is_given_when_the_lock_is_gone(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", NULL);
	world_lock(world);
	world_advance_ms(world, 20001);
	seat_settle(&world->a);
	world_unlock(world);
	world_advance_ms(world, 1000);
	seat_settle(&world->a);
	assert_int_equal(told_count(&world->a, "price.stale"), 1);
}

static void
a_quote_that_was_overtaken_by_a_newer_one_is_no_news(void **state)
{
	struct world *world = *state;
	struct price_model price;
	struct quote late = { .symbol = BTC, .bid = dec("97"), .ask = dec("97.01") };

	world_open_long(world, "98", NULL);
	late.asked_mono_ms = world->a.feed->clock.mono_ms(world->a.feed->clock.self);
	world_advance_ms(world, 2000);
	world_price(world, BTC, "100.00", "100.01");
	world->a.feed->listener.on_quote(world->a.feed->listener.self, &late);
	world_settle(world);
	assert_int_equal(only_operation(world).status, OPERATION_ACTIVE);
	assert_true(desk_price(world->a.desk, BTC, &price));
	assert_decimal(price.quote.bid, "100");
}

static void
a_price_without_sense_is_ignored(void **state)
{
	struct world *world = *state;
	struct price_model price;

	world_open_long(world, "98", NULL);
	world_price(world, BTC, "0", "97.01");
	world_price(world, BTC, "97.02", "97.01");
	world_price(world, BTC, "-1", "97.01");
	assert_int_equal(only_operation(world).status, OPERATION_ACTIVE);
	assert_true(desk_price(world->a.desk, BTC, &price));
	assert_decimal(price.quote.bid, "100");
}

/* ---- exits that fail ---- */

static void
keeps_watching_when_the_exchange_rejects_the_exit(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", NULL);
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 0, FAULT_REFUSE, 0);
	world_price(world, BTC, "97.50", "97.51");
	struct operation op = only_operation(world);
	assert_int_equal(op.status, OPERATION_ACTIVE);
	assert_has_text(op.alarm, "refused");
	assert_true(told_alarms(&world->a) >= 1);
	assert_int_equal(faulty_count(world->a.faulty, ASKED_SUBMIT), 2);
	/* With back-off, each under an id of its own: 1, 2, 4, 8, 16, 30, 30 seconds. */
	world_pass_seconds(world, 31, BTC, "97.50", "97.51");
	assert_int_equal(faulty_count(world->a.faulty, ASKED_SUBMIT), 7);
	assert_int_equal(world_count(world, "SELECT count(DISTINCT client_order_id) FROM orders WHERE purpose = 'exit'"), 6);
	faulty_heal(world->a.faulty);
	world_pass_seconds(world, 31, BTC, "97.40", "97.41");
	op = only_operation(world);
	assert_int_equal(op.status, OPERATION_CLOSED);
	assert_string_equal(op.alarm, "");
	assert_decimal(leg_average(&op.exit), "97.4");
	assert_int_equal(world_events(world, "operation.stop_fired"), 1);
	world_assert_sound(world);
}

static void
an_exit_that_could_not_leave_is_tried_again_with_the_next_generation(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", NULL);
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 1, FAULT_NOT_SENT, 0);
	world_price(world, BTC, "97.50", "97.51");
	assert_int_equal(only_operation(world).status, OPERATION_ACTIVE);
	assert_string_equal(world_text(world, "SELECT state FROM orders WHERE purpose = 'exit'"), "NOT_SENT");
	world_pass_seconds(world, 2, BTC, "97.50", "97.51");
	assert_int_equal(only_operation(world).status, OPERATION_CLOSED);
	assert_int_equal(world_count(world, "SELECT max(generation) FROM orders WHERE purpose = 'exit'"), 2);
	world_assert_sound(world);
}

static void
generations_go_on_after_a_restart(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", NULL);
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 0, FAULT_REFUSE, 0);
	world_price(world, BTC, "97.50", "97.51");
	world_pass_seconds(world, 2, BTC, "97.50", "97.51");
	int64_t before = world_count(world, "SELECT max(generation) FROM orders WHERE purpose = 'exit'");
	world_restart(world);
	world_price(world, BTC, "97.50", "97.51");
	world_pass_seconds(world, 2, BTC, "97.50", "97.51");
	assert_int_equal(only_operation(world).status, OPERATION_CLOSED);
	assert_int_equal(world_count(world, "SELECT max(generation) FROM orders WHERE purpose = 'exit'"), before + 1);
	world_assert_sound(world);
}

/* ---- an entry that still rests ---- */

static void
partly_filled(struct world *world, char id[INTENT_ID_SIZE])
{
	struct plan_input input = { .side = "buy", .symbol = BTC, .entry = "99.5", .stop = "98", .reason = "t" };

	world->settings.paper.partial_fill_percent = dec("30");
	world_restart(world);
	assert_ok(world, desk_watch(world->a.desk, BTC, &world->err));
	world_price(world, BTC, "100.00", "100.01");
	world_validated(world, &input, id);
	assert_int_equal(world_execute(world, id), WISH_DONE);
	world_price(world, BTC, "99.49", "99.50");
	assert_int_equal(world_intent(world, id).status, INTENT_EXECUTING);
}

static void
what_rests_of_the_entry_is_cancelled_before_the_exit(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];

	partly_filled(world, id);
	faulty_plan(world->a.faulty, ASKED_CANCEL, 1, FAULT_DELAY, FAULT_UNTIL_RELEASED);
	world_price(world, BTC, "97.90", "99.60");    /* the bid stops it, the ask fills no more of it */
	assert_int_equal(world_count(world, "SELECT count(*) FROM orders WHERE purpose = 'exit'"), 0);
	assert_int_equal(world_count(world, "SELECT count(*) FROM orders WHERE is_cancel_wanted = 1"), 1);
	faulty_release(world->a.faulty);
	world_price(world, BTC, "97.90", "99.60");
	assert_int_equal(world_intent(world, id).status, INTENT_EXECUTED);
	struct operation op = only_operation(world);
	assert_int_equal(op.status, OPERATION_CLOSED);
	assert_int_equal(decimal_cmp(op.entry.quantity, op.exit.quantity), 0);
	world_assert_sound(world);
}

static void
an_entry_that_fills_while_it_is_cancelled_is_sold_whole(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];

	partly_filled(world, id);
	world->settings.paper.latency_ms = 0;
	faulty_plan(world->a.faulty, ASKED_CANCEL, 1, FAULT_SILENT_BEFORE, 0);   /* never arrives */
	world_price(world, BTC, "97.90", "97.91");    /* fires, and the ask fills another part */
	world_pass_seconds(world, 60, BTC, "97.90", "97.91");
	struct operation op = only_operation(world);
	assert_int_equal(op.status, OPERATION_CLOSED);
	assert_int_equal(decimal_cmp(op.entry.quantity, op.exit.quantity), 0);
	world_assert_sound(world);
}

static void
a_fill_beyond_the_stop_is_judged_at_once(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .entry = "99.5", .stop = "98", .reason = "t" };
	char id[INTENT_ID_SIZE];

	world_validated(world, &input, id);
	assert_int_equal(world_execute(world, id), WISH_DONE);
	world_price(world, BTC, "97.00", "97.01");
	assert_int_equal(world_intent(world, id).status, INTENT_EXECUTED);
	assert_int_equal(only_operation(world).status, OPERATION_CLOSED);
	assert_int_equal(only_operation(world).exit_reason, EXIT_STOP_LOSS);
	world_assert_sound(world);
}

/* ---- closing ---- */

static void
closing_books_trade_record_and_events_in_one_transaction(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98", .target = "106",
	                            .strategy = "smooth sailing", .reason = "t" };
	char id[INTENT_ID_SIZE];

	world_validated(world, &input, id);
	assert_int_equal(world_execute(world, id), WISH_DONE);
	/* The exit's booking fails at its commit: nothing of it is there. */
	world_lock(world);
	world_unlock(world);
	fail_steps(STEP_COMMIT, 3, false, STATUS_IO);   /* 1: fired, 2: SENT, 3: the booking */
	world_price(world, BTC, "106.00", "106.01");
	assert_int_equal(world_count(world, "SELECT count(*) FROM trades"), 0);
	assert_int_equal(only_operation(world).status, OPERATION_ACTIVE);
	assert_int_equal(world_count(world, "SELECT sum(dry_run_trades) FROM strategies"), 0);
	assert_int_equal(world_events(world, "operation.closed"), 0);
	world_pass_seconds(world, 2, BTC, "106.00", "106.01");
	assert_int_equal(only_operation(world).status, OPERATION_CLOSED);
	assert_int_equal(world_count(world, "SELECT dry_run_trades + dry_run_wins FROM strategies WHERE name = 'Smooth Sailing'"), 2);
	assert_int_equal(world_events(world, "operation.closed"), 1);
	world_assert_sound(world);
}

static void
the_result_is_what_a_person_reckons(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .quantity = "1.5", .entry = "100.00", .stop = "97", .target = "106",
	                            .capital = "5000", .reason = "t" };
	char id[INTENT_ID_SIZE];

	world_validated(world, &input, id);
	assert_int_equal(world_execute(world, id), WISH_DONE);
	world_price(world, BTC, "99.99", "100.00");
	world_price(world, BTC, "106.00", "106.01");
	/* 1.5 × 6 − 0.15 − 0.159 */
	assert_string_equal(world_text(world, "SELECT net_pnl FROM trades"), "8.691");
	assert_string_equal(world_text(world, "SELECT realized_net FROM books WHERE client_id = 1 AND mode = 'DRY_RUN'"), "8.691");
	/* R: 1.5 × (3 + 0.1 + 0.097) = 4.7955 at risk */
	assert_has_text(world_text(world, "SELECT r_multiple FROM trades"), "1.812324");
	world_assert_sound(world);
}

static void
how_long_a_stop_took_is_measured(void **state)
{
	struct world *world = *state;
	struct desk_status_model status;

	world_open_long(world, "98", NULL);
	world_price(world, BTC, "97.50", "97.51");
	assert_true(world_operation(world, 1).stop_latency_us > 0);
	desk_status(world->a.desk, &status);
	assert_int_equal(status.stops_fired, 1);
	assert_true(status.stop_latency_p99_us > 0);
}

static void
where_watching_stands_is_stored_each_minute_and_at_each_firing(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", NULL);
	world_pass_seconds(world, 61, BTC, "100.00", "100.01");
	int64_t stored = world_count(world, "SELECT checks FROM price_checks WHERE symbol = 'BTCUSDC'");
	assert_true(stored > 50);
	world_price(world, BTC, "97.50", "97.51");
	assert_true(world_count(world, "SELECT checks FROM price_checks WHERE symbol = 'BTCUSDC'") > stored);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_long_is_stopped_at_its_stop_and_not_a_tick_above),
		TEST(a_short_is_stopped_at_the_ask),
		TEST(targets_are_taken_at_equality_on_both_sides),
		TEST(a_price_that_gaps_beyond_the_stop_fills_where_it_is),
		TEST(a_quote_wide_enough_for_both_is_the_stop),
		TEST(a_firing_is_on_disk_with_its_quote_before_the_order_is_sent),
		TEST(quotes_that_repeat_the_crossing_sell_once),
		TEST(an_exit_in_parts_adds_up_and_closes_once),
		TEST(every_operation_that_a_price_crosses_leaves_and_no_other),
		TEST(a_stale_price_decides_nothing_and_alarms_after_twenty_seconds),
		TEST(a_second_silence_alarms_again),
		TEST(a_feed_that_is_dead_from_the_start_alarms_too),
		TEST(an_alarm_that_met_a_lock_is_given_when_the_lock_is_gone),
		TEST(a_quote_that_was_overtaken_by_a_newer_one_is_no_news),
		TEST(a_price_without_sense_is_ignored),
		TEST(keeps_watching_when_the_exchange_rejects_the_exit),
		TEST(an_exit_that_could_not_leave_is_tried_again_with_the_next_generation),
		TEST(generations_go_on_after_a_restart),
		TEST(what_rests_of_the_entry_is_cancelled_before_the_exit),
		TEST(an_entry_that_fills_while_it_is_cancelled_is_sold_whole),
		TEST(a_fill_beyond_the_stop_is_judged_at_once),
		TEST(closing_books_trade_record_and_events_in_one_transaction),
		TEST(the_result_is_what_a_person_reckons),
		TEST(how_long_a_stop_took_is_measured),
		TEST(where_watching_stands_is_stored_each_minute_and_at_each_firing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
