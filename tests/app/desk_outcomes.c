/* Answers that are lost, late, repeated, halved or false: nothing is sent twice, and nothing stays
 * open for ever. */
#include "tests/app/world.h"

#include <stdlib.h>
#include <string.h>

#include "app/desk_state.h"
#include "base/text.h"

static const struct plan_input market_buy = { .side = "buy", .symbol = BTC, .stop = "98", .reason = "t" };
static const struct plan_input limit_buy = { .side = "buy", .symbol = BTC, .entry = "99.5", .stop = "98", .reason = "t" };

static const char *
entry_state(struct world *world)
{
	return world_text(world, "SELECT state FROM orders WHERE purpose = 'entry'");
}

static void
ended_once(struct world *world, const char *id, enum intent_status wanted)
{
	assert_int_equal(world_intent(world, id).status, wanted);
	assert_int_equal(faulty_count(world->a.faulty, ASKED_SUBMIT), 1);
	world_assert_sound(world);
}

static void
an_entry_whose_answer_is_lost_is_looked_up_and_found_filled(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];

	world_validated(world, &market_buy, id);
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 1, FAULT_LOST_AFTER, 0);
	world_execute(world, id);
	ended_once(world, id, INTENT_EXECUTED);
	assert_int_equal(world_count(world, "SELECT count(*) FROM events WHERE kind = 'order.reported' AND "
	                             "json_extract(data, '$.state') = 'UNKNOWN'"), 1);
}

static void
an_entry_that_never_arrived_fails_after_the_lookup_and_is_not_sent_again(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];

	world_validated(world, &market_buy, id);
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 1, FAULT_LOST_BEFORE, 0);
	assert_int_equal(world_execute(world, id), WISH_DONE);
	assert_int_equal(world->err.status, STATUS_NO);
	ended_once(world, id, INTENT_FAILED);
	assert_string_equal(entry_state(world), "NEVER_ARRIVED");
	assert_has_text(world_intent(world, id).error, "never arrived");
}

static void
while_nobody_knows_the_intent_stays_executing(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];

	world_validated(world, &market_buy, id);
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 1, FAULT_LOST_AFTER, 0);
	faulty_plan(world->a.faulty, ASKED_QUERY, 0, FAULT_LOST_BEFORE, 0);
	world_execute(world, id);
	for (int i = 0; i < 600; i += 10) {
		world_advance_ms(world, 10000);
		world_price(world, BTC, "100.00", "100.01");
	}
	assert_int_equal(world_intent(world, id).status, INTENT_EXECUTING);
	assert_string_equal(entry_state(world), "UNKNOWN");
	/* Asked with patience: not every turn, and never given up. */
	int asked = faulty_count(world->a.faulty, ASKED_QUERY);
	assert_in_range(asked, 8, 20);
	faulty_heal(world->a.faulty);
	world_pass_seconds(world, 61, BTC, "100.00", "100.01");
	ended_once(world, id, INTENT_EXECUTED);
}

static void
a_silent_exchange_is_doubted_and_asked(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];

	world_validated(world, &market_buy, id);
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 1, FAULT_SILENT_AFTER, 0);
	world_execute(world, id);
	assert_string_equal(entry_state(world), "SENT");
	world_pass_seconds(world, 15, BTC, "100.00", "100.01");
	ended_once(world, id, INTENT_EXECUTED);
}

static void
silence_before_arrival_ends_as_never_arrived(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];

	world_validated(world, &market_buy, id);
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 1, FAULT_SILENT_BEFORE, 0);
	faulty_plan(world->a.faulty, ASKED_QUERY, 1, FAULT_SILENT_BEFORE, 0);
	world_execute(world, id);
	world_pass_seconds(world, 30, BTC, "100.00", "100.01");
	ended_once(world, id, INTENT_FAILED);
	assert_string_equal(entry_state(world), "NEVER_ARRIVED");
}

static void
an_order_that_could_not_leave_fails_the_intent(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];

	world_validated(world, &market_buy, id);
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 1, FAULT_NOT_SENT, 0);
	world_execute(world, id);
	ended_once(world, id, INTENT_FAILED);
	assert_string_equal(entry_state(world), "NOT_SENT");
	assert_has_text(world_intent(world, id).error, "out of reach");
}

static void
a_repeated_answer_is_no_news(void **state)
{
	struct world *world = *state;

	faulty_plan(world->a.faulty, ASKED_SUBMIT, 0, FAULT_REPEAT, 0);
	faulty_plan(world->a.faulty, ASKED_NOTHING, 0, FAULT_REPEAT, 0);
	world_open_long(world, "98", NULL);
	world_price(world, BTC, "97.50", "97.51");
	assert_int_equal(world_operation(world, 1).status, OPERATION_CLOSED);
	assert_int_equal(world_count(world, "SELECT count(*) FROM fills"), 2);
	assert_int_equal(world_events(world, "order.report_disbelieved"), 0);
	world_assert_sound(world);
}

static void
an_answer_that_comes_after_the_lookup_changes_nothing(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];

	world_validated(world, &market_buy, id);
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 1, FAULT_DELAY, FAULT_UNTIL_RELEASED);
	world_execute(world, id);
	world_pass_seconds(world, 15, BTC, "100.00", "100.01");
	ended_once(world, id, INTENT_EXECUTED);
	char *before = world_dump(world);
	faulty_release(world->a.faulty);
	world_settle(world);
	char *after = world_dump(world);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

/* ---- half and false reports ---- */

static void
report(struct world *world, const struct exchange_report *report)
{
	world->a.exchange->listener.on_report(world->a.exchange->listener.self, report);
	world_settle(world);
}

/* An entry whose own answer is held back, so that the test's comes first. */
static void
sent_entry(struct world *world, char ret_id[INTENT_ID_SIZE], char ret_order[CLIENT_ORDER_ID_SIZE])
{
	world_validated(world, &market_buy, ret_id);
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 1, FAULT_SILENT_AFTER, 0);
	world_execute(world, ret_id);
	text_copy(ret_order, CLIENT_ORDER_ID_SIZE, world_text(world, "SELECT client_order_id FROM orders"));
}

static void
filled_without_fills_is_not_believed_but_asked_for(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE], order[CLIENT_ORDER_ID_SIZE];

	sent_entry(world, id, order);
	report(world, &(struct exchange_report){ .request = ASKED_SUBMIT, .outcome = OUTCOME_ACCEPTED,
		.client_order_id = order, .exchange_order_id = "7", .state = ORDER_FILLED, .reason = "" });
	assert_int_equal(world_intent(world, id).status, INTENT_EXECUTING);
	assert_int_equal(world_events(world, "order.report_disbelieved"), 1);
	assert_int_equal(told_alarms(&world->a), 1);
	world_pass_seconds(world, 15, BTC, "100.00", "100.01");
	ended_once(world, id, INTENT_EXECUTED);
}

static void
more_than_was_ordered_is_not_believed(void **state)
{
	struct world *world = *state;
	struct fill fill = { .price = dec("100"), .quantity = dec("1000000"), .exchange_trade_id = "t1", .commission_asset = "USDC" };
	char id[INTENT_ID_SIZE], order[CLIENT_ORDER_ID_SIZE];

	sent_entry(world, id, order);
	report(world, &(struct exchange_report){ .request = ASKED_SUBMIT, .outcome = OUTCOME_ACCEPTED,
		.client_order_id = order, .exchange_order_id = "7", .state = ORDER_FILLED, .fills = &fill, .fill_count = 1, .reason = "" });
	assert_int_equal(world_count(world, "SELECT count(*) FROM fills"), 0);
	assert_int_equal(world_count(world, "SELECT count(*) FROM operations"), 0);
	assert_int_equal(world_events(world, "order.report_disbelieved"), 1);
	world_pass_seconds(world, 15, BTC, "100.00", "100.01");
	ended_once(world, id, INTENT_EXECUTED);
}

static void
a_fill_at_no_price_is_not_believed(void **state)
{
	struct world *world = *state;
	struct fill fill = { .price = dec("0"), .quantity = dec("0.001"), .exchange_trade_id = "t1", .commission_asset = "USDC" };
	char id[INTENT_ID_SIZE], order[CLIENT_ORDER_ID_SIZE];

	sent_entry(world, id, order);
	report(world, &(struct exchange_report){ .request = ASKED_SUBMIT, .outcome = OUTCOME_ACCEPTED,
		.client_order_id = order, .exchange_order_id = "7", .state = ORDER_PARTIALLY_FILLED, .fills = &fill, .fill_count = 1, .reason = "" });
	assert_int_equal(world_count(world, "SELECT count(*) FROM operations"), 0);
	assert_int_equal(world_events(world, "order.report_disbelieved"), 1);
}

static void
disbelief_that_meets_a_lock_is_said_when_the_lock_is_gone(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE], order[CLIENT_ORDER_ID_SIZE];

	sent_entry(world, id, order);
	world_lock(world);
	report(world, &(struct exchange_report){ .request = ASKED_SUBMIT, .outcome = OUTCOME_ACCEPTED,
		.client_order_id = order, .exchange_order_id = "7", .state = ORDER_FILLED, .reason = "" });
	world_unlock(world);
	world_advance_ms(world, 10);
	world_settle(world);
	assert_int_equal(world_events(world, "order.report_disbelieved"), 1);
}

static void
an_order_that_nobody_knows_is_ignored(void **state)
{
	struct world *world = *state;
	struct fill fill = { .price = dec("100"), .quantity = dec("1"), .exchange_trade_id = "t1", .commission_asset = "USDC" };
	char *before = world_dump(world);

	report(world, &(struct exchange_report){ .request = ASKED_NOTHING, .outcome = OUTCOME_ACCEPTED,
		.client_order_id = "rdeadbeef-1-x1", .exchange_order_id = "7", .state = ORDER_FILLED, .fills = &fill, .fill_count = 1, .reason = "" });
	char *after = world_dump(world);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

static void
an_exit_half_reported_is_not_sold_twice(void **state)
{
	struct world *world = *state;
	char order[CLIENT_ORDER_ID_SIZE];

	world_open_long(world, "98", NULL);
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 1, FAULT_SILENT_AFTER, 0);
	world_price(world, BTC, "97.50", "97.51");
	text_copy(order, sizeof order, world_text(world, "SELECT client_order_id FROM orders WHERE purpose = 'exit'"));
	report(world, &(struct exchange_report){ .request = ASKED_SUBMIT, .outcome = OUTCOME_ACCEPTED,
		.client_order_id = order, .exchange_order_id = "7", .state = ORDER_FILLED, .reason = "" });
	world_pass_seconds(world, 15, BTC, "97.50", "97.51");
	assert_int_equal(world_operation(world, 1).status, OPERATION_CLOSED);
	assert_int_equal(faulty_count(world->a.faulty, ASKED_SUBMIT), 2);
	world_assert_sound(world);
}

static void
a_fill_told_of_after_the_cancel_belongs_to_the_operation(void **state)
{
	struct world *world = *state;
	struct fill late = { .price = dec("99.5"), .quantity = dec("0.001"), .exchange_trade_id = "late",
	                     .commission_asset = "USDC", .fee_quote = dec("0.0001"), .commission = dec("0.0001") };
	char id[INTENT_ID_SIZE], order[CLIENT_ORDER_ID_SIZE];
	int64_t wish = 0;

	world->settings.paper.partial_fill_percent = dec("30");
	world_restart(world);
	assert_ok(world, desk_watch(world->a.desk, BTC, &world->err));
	world_price(world, BTC, "100.00", "100.01");
	world_validated(world, &limit_buy, id);
	world_execute(world, id);
	world_price(world, BTC, "99.49", "99.50");
	enum status stated = desk_wish_cancel(world->a.desk, id, WAIT_MS, &wish, &world->err);
	assert_int_equal(world_wish(world, stated, wish), WISH_DONE);
	struct decimal held = world_operation(world, 1).entry.quantity;
	text_copy(order, sizeof order, world_text(world, "SELECT client_order_id FROM orders"));
	report(world, &(struct exchange_report){ .request = ASKED_NOTHING, .outcome = OUTCOME_ACCEPTED,
		.client_order_id = order, .exchange_order_id = world_text(world, "SELECT exchange_order_id FROM orders"),
		.state = ORDER_CANCELLED, .fills = &late, .fill_count = 1, .reason = "" });
	struct decimal more = world_operation(world, 1).entry.quantity;
	assert_int_equal(more.e16 - held.e16, dec("0.001").e16);
	world_price(world, BTC, "97.50", "97.51");
	assert_int_equal(world_operation(world, 1).status, OPERATION_CLOSED);
	world_assert_sound(world);
}

/* ---- exits ---- */

static void
an_exit_whose_answer_is_lost_is_looked_up_never_sent_again(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", NULL);
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 1, FAULT_LOST_AFTER, 0);
	faulty_plan(world->a.faulty, ASKED_QUERY, 1, FAULT_LOST_BEFORE, 0);
	world_price(world, BTC, "97.50", "97.51");
	assert_int_equal(world_operation(world, 1).status, OPERATION_ACTIVE);
	world_pass_seconds(world, 5, BTC, "97.50", "97.51");
	assert_int_equal(world_operation(world, 1).status, OPERATION_CLOSED);
	assert_int_equal(faulty_count(world->a.faulty, ASKED_SUBMIT), 2);
	world_assert_sound(world);
}

static void
an_exit_that_never_arrived_is_followed_by_the_next(void **state)
{
	struct world *world = *state;

	world_open_long(world, "98", NULL);
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 1, FAULT_LOST_BEFORE, 0);
	world_price(world, BTC, "97.50", "97.51");
	world_pass_seconds(world, 5, BTC, "97.50", "97.51");
	assert_int_equal(world_operation(world, 1).status, OPERATION_CLOSED);
	assert_int_equal(world_count(world, "SELECT count(*) FROM orders WHERE purpose = 'exit' AND state = 'NEVER_ARRIVED'"), 1);
	assert_int_equal(world_events(world, "operation.stop_fired"), 1);
	world_assert_sound(world);
}

/* ---- cancels ---- */

static void
resting(struct world *world, char id[INTENT_ID_SIZE])
{
	world_validated(world, &limit_buy, id);
	world_execute(world, id);
	assert_string_equal(entry_state(world), "NEW");
}

static void
a_cancel_that_is_lost_is_sent_again(void **state)
{
	const enum fault faults[] = { FAULT_LOST_BEFORE, FAULT_SILENT_BEFORE, FAULT_SILENT_AFTER, FAULT_LOST_AFTER,
	                              FAULT_NOT_SENT, FAULT_REFUSE };
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		world_teardown(state);
		world_setup(state);
		struct world *world = *state;
		char id[INTENT_ID_SIZE];
		int64_t wish = 0;
		resting(world, id);
		faulty_plan(world->a.faulty, ASKED_CANCEL, 1, faults[i], 0);
		enum status stated = desk_wish_cancel(world->a.desk, id, WAIT_MS, &wish, &world->err);
		world_wish(world, stated, wish);
		world_pass_seconds(world, 20, BTC, "100.00", "100.01");
		assert_string_equal(entry_state(world), "CANCELLED");
		assert_int_equal(world_wish(world, STATUS_OK, wish), WISH_DONE);
		assert_int_equal(world->err.status, STATUS_OK);
		assert_int_equal(world_events(world, "order.cancel_wanted"), 1);
		world_assert_sound(world);
	}
}

static void
a_cancel_that_comes_too_late_finds_the_fill(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];
	int64_t wish = 0;

	resting(world, id);
	faulty_plan(world->a.faulty, ASKED_NOTHING, 0, FAULT_SILENT_AFTER, 0);   /* its fill is not told */
	world_price(world, BTC, "99.40", "99.41");
	assert_string_equal(entry_state(world), "NEW");
	enum status stated = desk_wish_cancel(world->a.desk, id, WAIT_MS, &wish, &world->err);
	assert_int_equal(world_wish(world, stated, wish), WISH_DONE);
	assert_string_equal(entry_state(world), "FILLED");
	ended_once(world, id, INTENT_EXECUTED);
}

static void
a_wanted_cancel_outlives_its_process(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];
	int64_t wish = 0;

	resting(world, id);
	faulty_plan(world->a.faulty, ASKED_CANCEL, 1, FAULT_SILENT_BEFORE, 0);
	assert_ok(world, desk_wish_cancel(world->a.desk, id, WAIT_MS, &wish, &world->err));
	world_settle(world);
	world_restart(world);
	world_price(world, BTC, "100.00", "100.01");
	assert_string_equal(entry_state(world), "CANCELLED");
	assert_int_equal(world_intent(world, id).status, INTENT_FAILED);
	assert_int_equal(world_wish(world, STATUS_OK, wish), WISH_DONE);
	world_assert_sound(world);
}

/* ---- a row one step behind ---- */

static void
a_sent_that_could_not_be_written_is_caught_up_with(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];
	int64_t wish = 0;

	world->settings.paper.latency_ms = 500;
	world_restart(world);
	assert_ok(world, desk_watch(world->a.desk, BTC, &world->err));
	world_price(world, BTC, "100.00", "100.01");
	world_validated(world, &limit_buy, id);
	assert_ok(world, desk_wish_execute(world->a.desk, id, false, false, WAIT_MS, &wish, &world->err));
	fail_steps(STEP_BEGIN, 3, false, STATUS_BUSY);   /* taken, EXECUTING, and then SENT */
	world_settle(world);
	assert_string_equal(entry_state(world), "PENDING");
	/* Its cancel is written now; what follows finds the row where memory says it is. */
	assert_ok(world, desk_wish_cancel(world->a.desk, id, WAIT_MS, &wish, &world->err));
	world_settle(world);
	world_pass_seconds(world, 3, BTC, "100.00", "100.01");
	assert_string_equal(entry_state(world), "CANCELLED");
	assert_int_equal(world_events(world, "order.report_disbelieved"), 0);
	world_assert_sound(world);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
		TEST(an_entry_whose_answer_is_lost_is_looked_up_and_found_filled),
		TEST(an_entry_that_never_arrived_fails_after_the_lookup_and_is_not_sent_again),
		TEST(while_nobody_knows_the_intent_stays_executing),
		TEST(a_silent_exchange_is_doubted_and_asked),
		TEST(silence_before_arrival_ends_as_never_arrived),
		TEST(an_order_that_could_not_leave_fails_the_intent),
		TEST(a_repeated_answer_is_no_news),
		TEST(an_answer_that_comes_after_the_lookup_changes_nothing),
		TEST(filled_without_fills_is_not_believed_but_asked_for),
		TEST(more_than_was_ordered_is_not_believed),
		TEST(a_fill_at_no_price_is_not_believed),
		TEST(disbelief_that_meets_a_lock_is_said_when_the_lock_is_gone),
		TEST(an_order_that_nobody_knows_is_ignored),
		TEST(an_exit_half_reported_is_not_sold_twice),
		TEST(a_fill_told_of_after_the_cancel_belongs_to_the_operation),
		TEST(an_exit_whose_answer_is_lost_is_looked_up_never_sent_again),
		TEST(an_exit_that_never_arrived_is_followed_by_the_next),
		TEST(a_cancel_that_is_lost_is_sent_again),
		TEST(a_cancel_that_comes_too_late_finds_the_fill),
		TEST(a_wanted_cancel_outlives_its_process),
		TEST(a_sent_that_could_not_be_written_is_caught_up_with),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
