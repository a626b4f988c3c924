/* What only a look inside can tell of the ladder: that a quote which crosses nothing looks at the
 * four tops and at nothing else, and that a failed allocation leaves it as it was.
 *
 * The ladder is compiled into this test, with an allocator that can be told to fail. */
#include <stdlib.h>

static int allocations_left = -1;    /* below zero: any number */

static int
may_allocate(void)
{
	return allocations_left < 0 || allocations_left-- > 0;
}

static void *
failing_calloc(size_t count, size_t size)
{
	return may_allocate() ? calloc(count, size) : NULL;
}

static void *
failing_malloc(size_t size)
{
	return may_allocate() ? malloc(size) : NULL;
}

static void *
failing_realloc(void *old, size_t size)
{
	return may_allocate() ? realloc(old, size) : NULL;
}

#define calloc failing_calloc
#define malloc failing_malloc
#define realloc failing_realloc
#include "core/ladder.c"
#undef calloc
#undef malloc
#undef realloc

#include "tests/core/decimals.h"

static struct ladder *
ladder_of(int count)
{
	struct ladder *ladder = ladder_new();
	assert_non_null(ladder);
	for (int i = 0; i < count; i++)
		assert_int_equal(ladder_set(ladder, i + 1, i % 2 ? SIDE_SELL : SIDE_BUY,
		                            decimal_from_int(i % 2 ? 20000 + i : 10000 - i), true,
		                            decimal_from_int(i % 2 ? 10000 - i : 20000 + i)), STATUS_OK);
	return ladder;
}

static void
looks_at_four_tops_alone_when_nothing_is_crossed(void **state)
{
	struct quote calm = { .bid = dec("15000"), .ask = dec("15001") };
	struct crossing crossing;

	(void)state;
	/* Below the tops everything is spoilt so that it would fire at once; whoever looked at it, or
	 * went on through it, would find something. */
	struct ladder *ladder = ladder_of(10000);
	for (int h = 0; h < HEAP_COUNT; h++) {
		assert_int_equal(ladder->lengths[h], 5000);
		for (size_t i = 1; i < ladder->lengths[h]; i++)
			ladder->heaps[h][i] = (struct node){
				.level = decimal_from_int(is_crossed_falling((enum heap_name)h) ? 999999 : 1),
				.rung = NOWHERE };
	}
	struct rung *rungs = ladder->rungs;
	size_t *buckets = ladder->buckets;
	ladder->rungs = NULL;            /* and a look at an operation would end the program */
	ladder->buckets = NULL;
	for (int i = 0; i < 1000; i++)
		assert_false(ladder_take_crossed(ladder, &calm, &crossing));
	ladder->rungs = rungs;
	ladder->buckets = buckets;
	ladder_free(ladder);
}

static void
keeps_every_place_right_while_operations_come_and_go(void **state)
{
	struct ladder *ladder = ladder_of(1000);

	(void)state;
	for (int i = 0; i < 1000; i += 3)
		ladder_remove(ladder, i + 1);
	for (int h = 0; h < HEAP_COUNT; h++)
		for (size_t i = 0; i < ladder->lengths[h]; i++) {
			const struct node *node = &ladder->heaps[h][i];
			assert_int_equal(ladder->rungs[node->rung].places[h >= LONG_TARGETS], i);
			if (i > 0)
				assert_false(comes_before(ladder, (enum heap_name)h, node,
				                          &ladder->heaps[h][(i - 1) / 2]));
		}
	ladder_free(ladder);
}

static void
is_as_it_was_after_any_failed_allocation(void **state)
{
	struct quote crash = { .bid = dec("1"), .ask = dec("1") };

	(void)state;
	for (int allowed = 0; allowed < HEAP_COUNT + 2; allowed++) {
		struct ladder *ladder = ladder_of(FIRST_CAPACITY);
		struct crossing crossing;
		allocations_left = allowed;
		enum status status = ladder_set(ladder, 500, SIDE_BUY, dec("9999"), false, DECIMAL_ZERO);
		allocations_left = -1;
		assert_int_equal(status, STATUS_NO_MEMORY);
		assert_int_equal(ladder_count(ladder), FIRST_CAPACITY);
		/* Replacing needs no memory, and all the longs are still there, in order. */
		allocations_left = 0;
		assert_int_equal(ladder_set(ladder, 1, SIDE_BUY, dec("10001"), false, DECIMAL_ZERO), STATUS_OK);
		allocations_left = -1;
		for (int i = 0; i < FIRST_CAPACITY; i += 2) {
			assert_true(ladder_take_crossed(ladder, &crash, &crossing));
			assert_int_equal(crossing.operation_id, i + 1);
		}
		/* With memory again there is room. */
		for (int i = 0; i < 100; i++)
			assert_int_equal(ladder_set(ladder, 600 + i, SIDE_BUY, dec("9"), true, dec("99")), STATUS_OK);
		ladder_free(ladder);
	}
}

static void
is_not_made_without_memory_and_empty_ones_can_fail_too(void **state)
{
	(void)state;
	allocations_left = 0;
	assert_null(ladder_new());
	allocations_left = 1;
	struct ladder *ladder = ladder_new();
	assert_non_null(ladder);
	assert_int_equal(ladder_set(ladder, 1, SIDE_BUY, dec("9"), false, DECIMAL_ZERO), STATUS_NO_MEMORY);
	assert_int_equal(ladder_count(ladder), 0);
	ladder_remove(ladder, 1);
	allocations_left = -1;
	ladder_free(ladder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(looks_at_four_tops_alone_when_nothing_is_crossed),
		cmocka_unit_test(keeps_every_place_right_while_operations_come_and_go),
		cmocka_unit_test(is_as_it_was_after_any_failed_allocation),
		cmocka_unit_test(is_not_made_without_memory_and_empty_ones_can_fail_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
