/* What only a look inside can tell of the ladder: that a quote which crosses nothing looks at the
 * four tops and at nothing else.  So the ladder is compiled into this test. */
#include "core/ladder.c"

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(looks_at_four_tops_alone_when_nothing_is_crossed),
		cmocka_unit_test(keeps_every_place_right_while_operations_come_and_go),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
