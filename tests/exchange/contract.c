/* The suite.  Each case starts on a fresh exchange with bid 99.99 and ask 100.00. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/exchange/contract.h"
#include "tests/exchange/recorder.h"

struct world {
	const struct contract_bench *bench;
	struct exchange *exchange;
	struct recorder recorder;
};

static int
set_up(void **state)
{
	struct world *world = calloc(1, sizeof *world);
	assert_non_null(world);
	world->bench = *state;
	recorder_init(&world->recorder);
	world->exchange = world->bench->open(world->bench->self);
	assert_non_null(world->exchange);
	world->exchange->listener = recorder_listener(&world->recorder);
	world->bench->price(world->bench->self, world->exchange, "99.99", "100.00");
	*state = world;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *world = *state;
	world->exchange->ops->close(world->exchange);
	recorder_done(&world->recorder);
	*state = (void *)world->bench;
	free(world);
	return 0;
}

static void
submit(struct world *world, const struct order *order)
{
	struct error err;
	size_t before = world->recorder.count;
	assert_int_equal(world->exchange->ops->submit(world->exchange, order, &err), STATUS_OK);
	assert_int_equal(world->recorder.count, before);   /* never during the call */
}

static void
settle(struct world *world)
{
	world->bench->settle(world->bench->self, world->exchange);
	assert_false(world->exchange->ops->is_busy(world->exchange));
}

static struct order
limit(const char *id, enum side side, enum time_in_force tif, const char *price)
{
	return make_order(id, side, ORDER_LIMIT, tif, "0.5", price);
}

static void
answers_a_submit_once_and_never_during_the_call(void **state)
{
	struct world *world = *state;
	struct order order = limit("c-1", SIDE_BUY, TIF_FOK, "100.00");
	submit(world, &order);
	assert_true(world->exchange->ops->is_busy(world->exchange));
	settle(world);
	assert_int_equal(world->recorder.count, 1);
	assert_int_equal(recorder_last(&world->recorder)->request, ASKED_SUBMIT);
	assert_string_equal(recorder_last(&world->recorder)->client_order_id, "c-1");
	settle(world);
	assert_int_equal(world->recorder.count, 1);
}

static void
fills_an_order_that_the_market_reaches_whole_and_at_no_worse_than_its_limit(void **state)
{
	struct world *world = *state;
	struct order order = limit("c-2", SIDE_BUY, TIF_FOK, "100.10");
	submit(world, &order);
	settle(world);
	const struct exchange_report *report = recorder_last(&world->recorder);
	assert_int_equal(report->outcome, OUTCOME_ACCEPTED);
	assert_int_equal(report->state, ORDER_FILLED);
	assert_true(report->exchange_order_id[0] != '\0');
	assert_int_equal(decimal_cmp(recorder_filled(&world->recorder, "c-2"), dec("0.5")), 0);
	for (size_t i = 0; i < report->fill_count; i++) {
		assert_true(decimal_cmp(report->fills[i].price, dec("100.10")) <= 0);
		assert_string_equal(report->fills[i].client_order_id, "c-2");
		assert_true(report->fills[i].commission_asset[0] != '\0');
		assert_false(decimal_is_negative(report->fills[i].commission));
	}
}

static void
expires_a_fok_order_out_of_reach_without_a_fill(void **state)
{
	struct world *world = *state;
	struct order order = limit("c-3", SIDE_BUY, TIF_FOK, "99.50");
	submit(world, &order);
	settle(world);
	assert_int_equal(recorder_last(&world->recorder)->outcome, OUTCOME_ACCEPTED);
	assert_int_equal(recorder_last(&world->recorder)->state, ORDER_EXPIRED);
	assert_int_equal(recorder_last(&world->recorder)->fill_count, 0);
}

static void
lets_a_gtc_order_rest_until_the_price_comes(void **state)
{
	struct world *world = *state;
	struct order order = limit("c-4", SIDE_BUY, TIF_GTC, "99.50");
	submit(world, &order);
	settle(world);
	assert_int_equal(recorder_last(&world->recorder)->state, ORDER_NEW);
	world->bench->price(world->bench->self, world->exchange, "99.40", "99.50");
	settle(world);
	assert_int_equal(recorder_last(&world->recorder)->request, ASKED_NOTHING);
	assert_int_equal(recorder_last(&world->recorder)->state, ORDER_FILLED);
	assert_int_equal(decimal_cmp(recorder_filled(&world->recorder, "c-4"), dec("0.5")), 0);
}

static void
finds_what_it_has_by_client_order_id_and_says_not_found_of_the_rest(void **state)
{
	struct world *world = *state;
	struct order resting = limit("c-5", SIDE_SELL, TIF_GTC, "120.00");
	struct order filled = limit("c-6", SIDE_BUY, TIF_FOK, "100.00");
	struct order stranger = limit("c-7", SIDE_BUY, TIF_FOK, "100.00");
	struct error err;
	submit(world, &resting);
	submit(world, &filled);
	settle(world);
	assert_int_equal(world->exchange->ops->query(world->exchange, &resting, &err), STATUS_OK);
	settle(world);
	assert_int_equal(recorder_last(&world->recorder)->request, ASKED_QUERY);
	assert_int_equal(recorder_last(&world->recorder)->state, ORDER_NEW);
	assert_int_equal(world->exchange->ops->query(world->exchange, &filled, &err), STATUS_OK);
	settle(world);
	assert_int_equal(recorder_last(&world->recorder)->state, ORDER_FILLED);
	assert_true(recorder_last(&world->recorder)->fill_count > 0);
	assert_int_equal(decimal_cmp(recorder_filled(&world->recorder, "c-6"), dec("0.5")), 0);
	assert_int_equal(world->exchange->ops->query(world->exchange, &stranger, &err), STATUS_OK);
	settle(world);
	assert_int_equal(recorder_last(&world->recorder)->outcome, OUTCOME_NOT_FOUND);
	assert_string_equal(recorder_last(&world->recorder)->client_order_id, "c-7");
}

static void
cancels_what_rests_and_only_that(void **state)
{
	struct world *world = *state;
	struct order resting = limit("c-8", SIDE_BUY, TIF_GTC, "90.00");
	struct order filled = limit("c-9", SIDE_BUY, TIF_FOK, "100.00");
	struct error err;
	submit(world, &resting);
	submit(world, &filled);
	settle(world);
	assert_int_equal(world->exchange->ops->cancel(world->exchange, &resting, &err), STATUS_OK);
	settle(world);
	assert_int_equal(recorder_last(&world->recorder)->request, ASKED_CANCEL);
	assert_int_equal(recorder_last(&world->recorder)->outcome, OUTCOME_ACCEPTED);
	assert_int_equal(recorder_last(&world->recorder)->state, ORDER_CANCELLED);
	assert_int_equal(world->exchange->ops->cancel(world->exchange, &resting, &err), STATUS_OK);
	settle(world);
	assert_int_equal(recorder_last(&world->recorder)->outcome, OUTCOME_NOT_FOUND);
	assert_int_equal(world->exchange->ops->cancel(world->exchange, &filled, &err), STATUS_OK);
	settle(world);
	assert_int_equal(recorder_last(&world->recorder)->outcome, OUTCOME_NOT_FOUND);
	/* And a cancelled order is filled no more. */
	world->bench->price(world->bench->self, world->exchange, "80.00", "80.01");
	settle(world);
	assert_true(decimal_is_zero(recorder_filled(&world->recorder, "c-8")));
}

static void
refuses_with_a_code_and_a_reason_and_forgets_what_it_refused(void **state)
{
	struct world *world = *state;
	struct order order = limit("c-10", SIDE_BUY, TIF_GTC, "99.505");   /* off the tick */
	struct error err;
	submit(world, &order);
	settle(world);
	assert_int_equal(recorder_last(&world->recorder)->outcome, OUTCOME_REFUSED);
	assert_true(recorder_last(&world->recorder)->code != 0);
	assert_true(recorder_last(&world->recorder)->reason[0] != '\0');
	assert_int_equal(world->exchange->ops->query(world->exchange, &order, &err), STATUS_OK);
	settle(world);
	assert_int_equal(recorder_last(&world->recorder)->outcome, OUTCOME_NOT_FOUND);
}

static void
never_has_an_order_twice_under_one_client_order_id(void **state)
{
	struct world *world = *state;
	struct order order = limit("c-11", SIDE_BUY, TIF_GTC, "90.00");
	submit(world, &order);
	submit(world, &order);
	settle(world);
	assert_int_equal(recorder_last(&world->recorder)->outcome, OUTCOME_REFUSED);
	world->bench->price(world->bench->self, world->exchange, "89.00", "89.01");
	settle(world);
	assert_int_equal(decimal_cmp(recorder_filled(&world->recorder, "c-11"), dec("0.5")), 0);
}

static void
forgets_nothing_when_it_is_closed_with_answers_under_way(void **state)
{
	struct world *world = *state;
	struct order order = limit("c-12", SIDE_BUY, TIF_FOK, "100.00");
	submit(world, &order);
	assert_int_equal(world->recorder.count, 0);   /* tear_down closes it: no report, no leak */
}

int
contract_run(const struct contract_bench *bench)
{
	void *initial = (void *)bench;
#define CASE(f) cmocka_unit_test_prestate_setup_teardown(f, set_up, tear_down, initial)
	const struct CMUnitTest tests[] = {
		CASE(answers_a_submit_once_and_never_during_the_call),
		CASE(fills_an_order_that_the_market_reaches_whole_and_at_no_worse_than_its_limit),
		CASE(expires_a_fok_order_out_of_reach_without_a_fill),
		CASE(lets_a_gtc_order_rest_until_the_price_comes),
		CASE(finds_what_it_has_by_client_order_id_and_says_not_found_of_the_rest),
		CASE(cancels_what_rests_and_only_that),
		CASE(refuses_with_a_code_and_a_reason_and_forgets_what_it_refused),
		CASE(never_has_an_order_twice_under_one_client_order_id),
		CASE(forgets_nothing_when_it_is_closed_with_answers_under_way),
	};
#undef CASE
	return cmocka_run_group_tests_name(bench->name, tests, NULL, NULL);
}
