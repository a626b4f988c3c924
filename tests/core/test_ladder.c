/* The ladder against a loop over all operations: the same answers, in the promised order. */
#include "tests/core/decimals.h"

#include <stdlib.h>
#include <string.h>

#include "core/stops.h"

enum { MOST = 4000 };

struct naive {
	int64_t id;
	enum side side;
	struct decimal stop, target;
	bool has_target, is_in;
};

struct world {
	struct ladder *ladder;
	struct naive ops[MOST];
	uint64_t seed;
};

static uint64_t
next_random(struct world *world)
{
	/* SplitMix64: the same sequence everywhere. */
	uint64_t z = world->seed += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

static int
below(struct world *world, int limit)
{
	return (int)(next_random(world) % (uint64_t)limit);
}

/* Few different prices, so that equality and ties are common. */
static struct decimal
price(struct world *world, int low, int span)
{
	return decimal_from_int(low + below(world, span));
}

static int
setup(void **state)
{
	struct world *world = calloc(1, sizeof *world);
	assert_non_null(world);
	world->ladder = ladder_new();
	assert_non_null(world->ladder);
	*state = world;
	return 0;
}

static int
teardown(void **state)
{
	struct world *world = *state;
	ladder_free(world->ladder);
	free(world);
	return 0;
}

static void
put(struct world *world, int at, enum side side, struct decimal stop, bool has_target,
    struct decimal target)
{
	struct naive *op = &world->ops[at];
	*op = (struct naive){ .id = 1000 + at * 7, .side = side, .stop = stop, .target = target,
	                      .has_target = has_target, .is_in = true };
	assert_int_equal(ladder_set(world->ladder, op->id, side, stop, has_target, target), STATUS_OK);
}

static size_t
count_in(const struct world *world)
{
	size_t count = 0;
	for (int i = 0; i < MOST; i++)
		count += world->ops[i].is_in;
	return count;
}

static struct decimal
beyond(struct decimal price_now, struct decimal level)
{
	struct decimal distance = DECIMAL_ZERO;
	assert_int_equal(decimal_sub(price_now, level, &distance), STATUS_OK);
	return decimal_abs(distance);
}

/* The operation that must come next: any stop before any target, furthest first, oldest on ties. */
static struct naive *
naive_next(struct world *world, const struct quote *quote, struct crossing *ret)
{
	struct naive *best = NULL;
	struct decimal best_beyond = DECIMAL_ZERO;

	for (int i = 0; i < MOST; i++) {
		struct naive *op = &world->ops[i];
		if (!op->is_in)
			continue;
		enum exit_reason reason = stop_check(op->side, op->stop, op->has_target, op->target, quote);
		if (reason == EXIT_NONE)
			continue;
		struct decimal level = reason == EXIT_STOP_LOSS ? op->stop : op->target;
		struct decimal far = beyond(quote_exit_price(quote, op->side), level);
		bool wins = best == NULL || (reason == EXIT_STOP_LOSS && ret->reason != EXIT_STOP_LOSS);
		if (!wins && reason == ret->reason) {
			int order = decimal_cmp(far, best_beyond);
			wins = order > 0 || (order == 0 && op->id < best->id);
		}
		if (wins) {
			best = op;
			best_beyond = far;
			*ret = (struct crossing){ op->id, reason, level };
		}
	}
	return best;
}

static void
take_and_compare(struct world *world, const struct quote *quote, int at_most)
{
	for (int taken = 0; taken < at_most; taken++) {
		struct crossing want = { .operation_id = 0 }, got = { .operation_id = 0 };
		struct naive *op = naive_next(world, quote, &want);
		bool found = ladder_take_crossed(world->ladder, quote, &got);
		assert_int_equal(found, op != NULL);
		if (op == NULL)
			return;
		assert_int_equal(got.operation_id, want.operation_id);
		assert_int_equal(got.reason, want.reason);
		assert_int_equal(decimal_cmp(got.level, want.level), 0);
		op->is_in = false;
	}
}

static void
play(struct world *world, int ops, int steps, int span)
{
	for (int step = 0; step < steps; step++) {
		int at = below(world, ops), kind = below(world, 10);
		if (kind < 6) {
			enum side side = below(world, 2) ? SIDE_BUY : SIDE_SELL;
			bool is_long = side == SIDE_BUY;
			/* Some lie on the far side already, so that longs and shorts are crossed at once. */
			bool odd = below(world, 8) == 0;
			put(world, at, side, price(world, is_long != odd ? 1 : 1000, span),
			    below(world, 3) > 0, price(world, is_long != odd ? 1000 : 1, span));
		} else if (kind < 8) {
			ladder_remove(world->ladder, 1000 + at * 7);
			world->ops[at].is_in = false;
		} else {
			/* Mostly quiet prices between the levels, sometimes far into them. */
			int bid = below(world, 4) ? span + below(world, 1000 - span)
			                          : below(world, 1000 + span) + 1;
			struct quote quote = { .bid = decimal_from_int(bid),
			                       .ask = decimal_from_int(bid + below(world, 3)) };
			take_and_compare(world, &quote, below(world, 5) ? 3 : ops + 1);
		}
		assert_int_equal(ladder_count(world->ladder), count_in(world));
	}
}

static int
scale(void)
{
	const char *text = getenv("ROBSON_TEST_SCALE");
	int value = text != NULL ? atoi(text) : 1;
	return value > 0 ? value : 1;
}

static void
agrees_with_the_naive_loop_on_small_sets(void **state)
{
	struct world *world = *state;
	for (int round = 0; round < 300 * scale(); round++) {
		struct world fresh = { .seed = (uint64_t)round };
		ladder_free(world->ladder);
		world->ladder = ladder_new();
		assert_non_null(world->ladder);
		world->seed = fresh.seed;
		memset(world->ops, 0, sizeof world->ops);
		play(world, 1 + round % 12, 40, 8);
	}
}

static void
agrees_with_the_naive_loop_on_thousands(void **state)
{
	struct world *world = *state;
	for (int round = 0; round < scale(); round++) {
		world->seed = 4711 + (uint64_t)round;
		play(world, MOST, 9000, 500);
	}
}

static void
puts_ten_thousand_in_and_yields_them_in_order(void **state)
{
	struct world *world = *state;
	struct quote calm = { .bid = dec("50000"), .ask = dec("50000") };
	struct quote crash = { .bid = dec("1"), .ask = dec("1") };
	struct crossing crossing = { .operation_id = 0 };

	for (int i = 0; i < 10000; i++)
		assert_int_equal(ladder_set(world->ladder, i + 1, SIDE_BUY, decimal_from_int(10000 + i),
		                            true, decimal_from_int(90000 - i)), STATUS_OK);
	assert_int_equal(ladder_count(world->ladder), 10000);
	assert_false(ladder_take_crossed(world->ladder, &calm, &crossing));
	for (int i = 10000; i >= 1; i--) {
		assert_true(ladder_take_crossed(world->ladder, &crash, &crossing));
		assert_int_equal(crossing.operation_id, i);
		assert_int_equal(crossing.reason, EXIT_STOP_LOSS);
	}
	assert_false(ladder_take_crossed(world->ladder, &crash, &crossing));
	assert_int_equal(ladder_count(world->ladder), 0);
}

static void
triggers_at_equality_and_not_a_unit_before(void **state)
{
	struct world *world = *state;
	struct crossing got = { .operation_id = 0 };
	struct quote quote = { .bid = dec("88200.01"), .ask = dec("93058.19") };

	assert_int_equal(ladder_set(world->ladder, 1, SIDE_BUY, dec("88200"), false, DECIMAL_ZERO), STATUS_OK);
	assert_int_equal(ladder_set(world->ladder, 2, SIDE_SELL, dec("93058.20"), false, DECIMAL_ZERO), STATUS_OK);
	assert_false(ladder_take_crossed(world->ladder, &quote, &got));
	quote.bid = dec("88200");
	assert_true(ladder_take_crossed(world->ladder, &quote, &got));
	assert_int_equal(got.operation_id, 1);
	assert_decimal(got.level, "88200");
	assert_false(ladder_take_crossed(world->ladder, &quote, &got));
	quote.ask = dec("93058.20");
	assert_true(ladder_take_crossed(world->ladder, &quote, &got));
	assert_int_equal(got.operation_id, 2);
	assert_false(ladder_take_crossed(world->ladder, &quote, &got));
}

static void
replaces_the_levels_of_an_operation_also_when_its_side_changes(void **state)
{
	struct world *world = *state;
	struct crossing got = { .operation_id = 0 };
	struct quote low = { .bid = dec("90"), .ask = dec("90") };
	struct quote high = { .bid = dec("110"), .ask = dec("110") };

	assert_int_equal(ladder_set(world->ladder, 5, SIDE_BUY, dec("95"), true, dec("105")), STATUS_OK);
	assert_int_equal(ladder_set(world->ladder, 5, SIDE_BUY, dec("85"), false, dec("105")), STATUS_OK);
	assert_int_equal(ladder_count(world->ladder), 1);
	assert_false(ladder_take_crossed(world->ladder, &low, &got));
	assert_false(ladder_take_crossed(world->ladder, &high, &got));
	assert_int_equal(ladder_set(world->ladder, 5, SIDE_SELL, dec("109"), true, dec("80")), STATUS_OK);
	assert_int_equal(ladder_count(world->ladder), 1);
	assert_false(ladder_take_crossed(world->ladder, &low, &got));
	assert_true(ladder_take_crossed(world->ladder, &high, &got));
	assert_decimal(got.level, "109");
	assert_int_equal(ladder_count(world->ladder), 0);
}

static void
takes_the_older_operation_first_where_all_else_is_equal(void **state)
{
	struct world *world = *state;
	struct crossing got = { .operation_id = 0 };
	struct quote quote = { .bid = dec("100"), .ask = dec("100") };

	/* Stops of a long and of a short, both 5 beyond; then targets. */
	for (int older = 0; older < 2; older++) {
		int64_t of_long = older ? 1 : 2, of_short = older ? 2 : 1;
		assert_int_equal(ladder_set(world->ladder, of_long, SIDE_BUY, dec("105"), false,
		                            DECIMAL_ZERO), STATUS_OK);
		assert_int_equal(ladder_set(world->ladder, of_short, SIDE_SELL, dec("95"), false,
		                            DECIMAL_ZERO), STATUS_OK);
		assert_int_equal(ladder_set(world->ladder, of_long + 2, SIDE_BUY, dec("90"), true,
		                            dec("95")), STATUS_OK);
		assert_int_equal(ladder_set(world->ladder, of_short + 2, SIDE_SELL, dec("110"), true,
		                            dec("105")), STATUS_OK);
		for (int i = 1; i <= 4; i++) {
			assert_true(ladder_take_crossed(world->ladder, &quote, &got));
			assert_int_equal(got.operation_id, i);
			assert_int_equal(got.reason, i <= 2 ? EXIT_STOP_LOSS : EXIT_TAKE_PROFIT);
		}
		assert_false(ladder_take_crossed(world->ladder, &quote, &got));
	}
}

static void
decides_nothing_on_a_quote_that_can_not_be(void **state)
{
	struct world *world = *state;
	struct crossing got = { .operation_id = 99 };
	struct quote zero = { .bid = dec("0"), .ask = dec("100") };
	struct quote crossed = { .bid = dec("90"), .ask = dec("89") };

	assert_int_equal(ladder_set(world->ladder, 1, SIDE_BUY, dec("95"), false, DECIMAL_ZERO), STATUS_OK);
	assert_false(ladder_take_crossed(world->ladder, &zero, &got));
	assert_false(ladder_take_crossed(world->ladder, &crossed, &got));
	assert_int_equal(got.operation_id, 99);
	assert_int_equal(ladder_count(world->ladder), 1);
}

static void
takes_removals_of_strangers_and_of_an_empty_ladder_as_no_news(void **state)
{
	struct world *world = *state;
	struct crossing got;
	struct quote quote = { .bid = dec("1"), .ask = dec("1") };

	ladder_remove(world->ladder, 1);
	assert_false(ladder_take_crossed(world->ladder, &quote, &got));
	assert_int_equal(ladder_set(world->ladder, 1, SIDE_BUY, dec("95"), false, DECIMAL_ZERO), STATUS_OK);
	ladder_remove(world->ladder, 2);
	ladder_remove(world->ladder, 1);
	ladder_remove(world->ladder, 1);
	assert_int_equal(ladder_count(world->ladder), 0);
	assert_false(ladder_take_crossed(world->ladder, &quote, &got));
	ladder_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(agrees_with_the_naive_loop_on_small_sets, setup, teardown),
		cmocka_unit_test_setup_teardown(agrees_with_the_naive_loop_on_thousands, setup, teardown),
		cmocka_unit_test_setup_teardown(puts_ten_thousand_in_and_yields_them_in_order, setup, teardown),
		cmocka_unit_test_setup_teardown(triggers_at_equality_and_not_a_unit_before, setup, teardown),
		cmocka_unit_test_setup_teardown(replaces_the_levels_of_an_operation_also_when_its_side_changes,
		                                setup, teardown),
		cmocka_unit_test_setup_teardown(takes_the_older_operation_first_where_all_else_is_equal,
		                                setup, teardown),
		cmocka_unit_test_setup_teardown(decides_nothing_on_a_quote_that_can_not_be, setup, teardown),
		cmocka_unit_test_setup_teardown(takes_removals_of_strangers_and_of_an_empty_ladder_as_no_news,
		                                setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
