/* A failed allocation leaves the ladder as it was.  The linker (--wrap) puts an allocator that can be
 * told to fail between the library and the C library. */
#include "tests/core/decimals.h"

#include "core/stops.h"

enum { FULL = 16 };                  /* as many as the first memory holds: the next one needs more */

static int allocations_left = -1;    /* below zero: any number */

static int
may_allocate(void)
{
	return allocations_left < 0 || allocations_left-- > 0;
}

void *__real_calloc(size_t count, size_t size);
void *__real_malloc(size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_realloc(void *old, size_t size);

void *
__wrap_calloc(size_t count, size_t size)
{
	return may_allocate() ? __real_calloc(count, size) : NULL;
}

void *
__wrap_malloc(size_t size)
{
	return may_allocate() ? __real_malloc(size) : NULL;
}

void *
__wrap_realloc(void *old, size_t size)
{
	return may_allocate() ? __real_realloc(old, size) : NULL;
}

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
is_as_it_was_after_any_failed_allocation(void **state)
{
	struct quote crash = { .bid = dec("1"), .ask = dec("1") };

	(void)state;
	for (int allowed = 0; allowed < 6; allowed++) {
		struct ladder *ladder = ladder_of(FULL);
		struct crossing crossing;
		allocations_left = allowed;
		enum status status = ladder_set(ladder, 500, SIDE_BUY, dec("9999"), false, DECIMAL_ZERO);
		allocations_left = -1;
		assert_int_equal(status, STATUS_NO_MEMORY);
		assert_int_equal(ladder_count(ladder), FULL);
		/* Replacing needs no memory, and all the longs are still there, in order. */
		allocations_left = 0;
		assert_int_equal(ladder_set(ladder, 1, SIDE_BUY, dec("10001"), false, DECIMAL_ZERO), STATUS_OK);
		allocations_left = -1;
		for (int i = 0; i < FULL; i += 2) {
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
		cmocka_unit_test(is_as_it_was_after_any_failed_allocation),
		cmocka_unit_test(is_not_made_without_memory_and_empty_ones_can_fail_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
