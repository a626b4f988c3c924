/* The decorator itself: each fault, and that it breaks nothing else.  That it breaks nothing at all
 * when it has no orders to is shown by the contract, in test_contract_paper. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/exchange/paper_bench.h"
#include "tests/exchange/recorder.h"
#include "tests/fakes/faulty_exchange.h"

struct world {
	struct bench_clock clock;
	struct exchange *exchange;
	struct recorder recorder;
	struct error err;
};

static int
set_up(void **state)
{
	struct world *world = calloc(1, sizeof *world);
	assert_non_null(world);
	world->clock = (struct bench_clock){ .wall_ms = 1700000000000, .mono_ms = 5000 };
	recorder_init(&world->recorder);
	struct paper_settings settings = bench_settings();
	struct desk_clock clock = bench_desk_clock(&world->clock);
	world->exchange = faulty_open(paper_open(&settings, &clock, NULL));
	world->exchange->listener = recorder_listener(&world->recorder);
	struct symbol_rules rules = bench_rules();
	world->exchange->ops->rules(world->exchange, &rules);
	bench_quote(world->exchange, &world->clock, "100.00", "100.01");
	*state = world;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *world = *state;
	world->exchange->ops->close(world->exchange);
	recorder_done(&world->recorder);
	free(world);
	return 0;
}

static struct order
buy(const char *id)
{
	return make_order(id, SIDE_BUY, ORDER_LIMIT, TIF_FOK, "1", "101");
}

static enum status
submit(struct world *world, const char *id)
{
	struct order order = buy(id);
	return world->exchange->ops->submit(world->exchange, &order, &world->err);
}

static void
turn(struct world *world)
{
	bench_turn(world->exchange, &world->clock);
}

/* What the exchange itself knows of the order. */
static enum exchange_outcome
ask(struct world *world, const char *id)
{
	struct order order = buy(id);
	faulty_heal(world->exchange);
	assert_int_equal(world->exchange->ops->query(world->exchange, &order, &world->err), STATUS_OK);
	while (world->exchange->ops->is_busy(world->exchange))
		turn(world);
	assert_int_equal(recorder_last(&world->recorder)->request, ASKED_QUERY);
	return recorder_last(&world->recorder)->outcome;
}

static void
counts_and_breaks_the_nth_request_alone(void **state)
{
	struct world *world = *state;
	faulty_plan(world->exchange, ASKED_SUBMIT, 2, FAULT_NOT_SENT, 0);
	assert_int_equal(submit(world, "1"), STATUS_OK);
	assert_int_equal(submit(world, "2"), STATUS_UNAVAILABLE);
	assert_int_equal(submit(world, "3"), STATUS_OK);
	turn(world);
	assert_int_equal(world->recorder.count, 2);
	assert_int_equal(faulty_count(world->exchange, ASKED_SUBMIT), 3);
	assert_int_equal(ask(world, "2"), OUTCOME_NOT_FOUND);
}

static void
breaks_each_request_until_it_is_healed(void **state)
{
	struct world *world = *state;
	faulty_plan(world->exchange, ASKED_SUBMIT, 0, FAULT_REFUSE, 0);
	assert_int_equal(submit(world, "1"), STATUS_OK);
	assert_int_equal(submit(world, "2"), STATUS_OK);
	assert_int_equal(world->recorder.count, 0);
	turn(world);
	assert_int_equal(world->recorder.count, 2);
	assert_int_equal(recorder_last(&world->recorder)->outcome, OUTCOME_REFUSED);
	assert_string_equal(recorder_last(&world->recorder)->reason, "refused by the test");
	assert_int_equal(ask(world, "1"), OUTCOME_NOT_FOUND);
	assert_int_equal(submit(world, "3"), STATUS_OK);
	turn(world);
	assert_int_equal(recorder_last(&world->recorder)->state, ORDER_FILLED);
}

static void
loses_before_and_after_the_exchange_with_and_without_a_word(void **state)
{
	struct world *world = *state;
	static const struct { enum fault fault; size_t reports; enum exchange_outcome truth; } cases[] = {
		{ FAULT_LOST_BEFORE, 1, OUTCOME_NOT_FOUND }, { FAULT_LOST_AFTER, 1, OUTCOME_ACCEPTED },
		{ FAULT_SILENT_BEFORE, 0, OUTCOME_NOT_FOUND }, { FAULT_SILENT_AFTER, 0, OUTCOME_ACCEPTED },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char id[2] = { (char)('a' + i), '\0' };
		world->recorder.count = 0;
		faulty_plan(world->exchange, ASKED_SUBMIT, 1, cases[i].fault, 0);
		assert_int_equal(submit(world, id), STATUS_OK);
		turn(world);
		turn(world);
		assert_int_equal(world->recorder.count, cases[i].reports);
		if (cases[i].reports > 0) {
			assert_int_equal(recorder_last(&world->recorder)->outcome, OUTCOME_UNKNOWN);
			assert_int_equal(recorder_last(&world->recorder)->fill_count, 0);
		}
		assert_int_equal(ask(world, id), cases[i].truth);
	}
}

static void
repeats_and_delays_what_the_exchange_said(void **state)
{
	struct world *world = *state;
	faulty_plan(world->exchange, ASKED_SUBMIT, 1, FAULT_REPEAT, 0);
	faulty_plan(world->exchange, ASKED_SUBMIT, 2, FAULT_DELAY, 2);
	faulty_plan(world->exchange, ASKED_SUBMIT, 3, FAULT_DELAY, FAULT_UNTIL_RELEASED);
	assert_int_equal(submit(world, "r"), STATUS_OK);
	assert_int_equal(submit(world, "d"), STATUS_OK);
	assert_int_equal(submit(world, "h"), STATUS_OK);
	turn(world);
	assert_int_equal(world->recorder.count, 1);
	turn(world);
	assert_int_equal(world->recorder.count, 2);
	assert_string_equal(recorder_last(&world->recorder)->client_order_id, "r");
	assert_int_equal(recorder_last(&world->recorder)->fill_count, 1);
	assert_true(world->exchange->ops->is_busy(world->exchange));
	turn(world);
	assert_int_equal(world->recorder.count, 3);
	assert_string_equal(recorder_last(&world->recorder)->client_order_id, "d");
	assert_false(world->exchange->ops->is_busy(world->exchange));
	turn(world);
	assert_int_equal(world->recorder.count, 3);
	faulty_release(world->exchange);
	assert_true(world->exchange->ops->is_busy(world->exchange));
	turn(world);
	assert_string_equal(recorder_last(&world->recorder)->client_order_id, "h");
	assert_int_equal(recorder_last(&world->recorder)->state, ORDER_FILLED);
}

static void
breaks_updates_that_nobody_asked_for(void **state)
{
	struct world *world = *state;
	struct order order = make_order("g", SIDE_BUY, ORDER_LIMIT, TIF_GTC, "1", "90");
	assert_int_equal(world->exchange->ops->submit(world->exchange, &order, &world->err), STATUS_OK);
	turn(world);
	faulty_plan(world->exchange, ASKED_NOTHING, 1, FAULT_SILENT_AFTER, 0);
	bench_quote(world->exchange, &world->clock, "89.00", "89.01");
	turn(world);
	assert_int_equal(world->recorder.count, 1);
	assert_int_equal(ask(world, "g"), OUTCOME_ACCEPTED);
	assert_int_equal(recorder_last(&world->recorder)->state, ORDER_FILLED);
}

static void
restores_and_forgets_what_is_inside(void **state)
{
	struct world *world = *state;
	struct order row = make_order("row", SIDE_BUY, ORDER_LIMIT, TIF_GTC, "1", "90");
	row.state = ORDER_NEW;
	assert_int_equal(paper_restore(world->exchange, &row, &world->err), STATUS_OK);
	assert_int_equal(paper_resting_count(faulty_inner(world->exchange)), 1);
	faulty_plan(world->exchange, ASKED_SUBMIT, 1, FAULT_LOST_BEFORE, 0);
	assert_int_equal(submit(world, "x"), STATUS_OK);
	paper_forget(world->exchange);
	assert_int_equal(paper_resting_count(faulty_inner(world->exchange)), 0);
	assert_false(world->exchange->ops->is_busy(world->exchange));
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(counts_and_breaks_the_nth_request_alone),
		CASE(breaks_each_request_until_it_is_healed),
		CASE(loses_before_and_after_the_exchange_with_and_without_a_word),
		CASE(repeats_and_delays_what_the_exchange_said),
		CASE(breaks_updates_that_nobody_asked_for),
		CASE(restores_and_forgets_what_is_inside),
	};
	return cmocka_run_group_tests_name("the faulty exchange", tests, NULL, NULL);
}
