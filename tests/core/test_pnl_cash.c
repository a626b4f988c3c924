/* A result is the change in cash: over random fills, whichever asset commission is taken in.
 *
 * Quantities have 5 places, prices 8 and the rate 3, so that every share below is exact. */
#include "tests/core/decimals.h"

#include "core/pnl.h"

enum { TRIPS = 20000, SEED = 20260731 };

struct dice {
	uint64_t state;
};

/* splitmix64 */
static int64_t
below(struct dice *dice, int64_t limit)
{
	uint64_t z = dice->state += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return (int64_t)((z ^ (z >> 31)) % (uint64_t)limit);
}

static const i128 SATOSHI = 100000000;                    /* 10^-8 */
static const i128 LOT = 100000000000;                     /* 10^-5 */
static const i128 ONE = 10000000000000000;

static struct decimal
product(struct decimal a, struct decimal b)
{
	struct decimal p = DECIMAL_ZERO;
	assert_int_equal(decimal_mul(a, b, ROUND_DOWN, &p), STATUS_OK);
	return p;
}

static struct decimal
any_price(struct dice *dice)
{
	return (struct decimal){ (1 + below(dice, INT64_C(9000000000000))) * SATOSHI };
}

/* Fills of so many lots in all; the sum of what was paid or received is the cash. */
static void
fill(struct dice *dice, int64_t lots, struct decimal fee_rate, struct leg *leg)
{
	while (lots > 0) {
		int64_t part = below(dice, 3) == 0 ? lots : 1 + below(dice, lots);
		struct decimal quantity = { part * LOT }, price = any_price(dice);
		assert_int_equal(leg_add(leg, price, quantity, product(product(price, quantity), fee_rate)),
		                 STATUS_OK);
		lots -= part;
	}
}

static struct decimal
realized(const struct round_trip *trip)
{
	struct decimal net = DECIMAL_ZERO;
	assert_int_equal(pnl_trip_realized(trip, &net), STATUS_OK);
	return net;
}

static struct decimal
unrealized(const struct round_trip *trip, struct decimal price)
{
	struct decimal net = DECIMAL_ZERO;
	assert_int_equal(pnl_trip_unrealized(trip, price, DECIMAL_ZERO, &net), STATUS_OK);
	return net;
}

static struct round_trip
any_trip(struct dice *dice, bool takes_base, int64_t *ret_lots)
{
	struct round_trip trip = { .side = SIDE_BUY };
	int64_t lots = 1000 * (1 + below(dice, 50));

	/* 0.1 % of a multiple of 1,000 lots is whole lots. */
	fill(dice, lots, (struct decimal){ ONE / 1000 }, &trip.entry);
	if (takes_base)
		trip.taken = (struct decimal){ lots / 1000 * LOT };
	*ret_lots = takes_base ? lots - lots / 1000 : lots;
	return trip;
}

static void
is_the_change_in_cash_when_all_is_sold(void **state)
{
	struct dice dice = { SEED };

	(void)state;
	for (int i = 0; i < TRIPS; i++) {
		int64_t received;
		bool takes_base = i % 2 == 0;
		struct round_trip trip = any_trip(&dice, takes_base, &received);
		fill(&dice, received, (struct decimal){ ONE / 1000 }, &trip.exit);
		i128 paid = trip.entry.value.e16 + (takes_base ? 0 : trip.entry.fees.e16);
		i128 cash = trip.exit.value.e16 - trip.exit.fees.e16 - paid;
		assert_true(realized(&trip).e16 == cash);
		trip.is_flat = true;
		assert_true(realized(&trip).e16 == cash);
		assert_true(decimal_is_zero(unrealized(&trip, any_price(&dice))));
	}
}

static void
adds_up_with_what_is_still_held(void **state)
{
	struct dice dice = { SEED + 1 };

	(void)state;
	for (int i = 0; i < TRIPS; i++) {
		int64_t received;
		struct round_trip trip = any_trip(&dice, i % 2 == 0, &received);
		int64_t sold = below(&dice, received);
		fill(&dice, sold, DECIMAL_ZERO, &trip.exit);
		struct decimal price = any_price(&dice), rest = { (received - sold) * LOT };
		struct round_trip whole = trip;
		assert_int_equal(leg_add(&whole.exit, price, rest, DECIMAL_ZERO), STATUS_OK);
		assert_true(realized(&trip).e16 + unrealized(&trip, price).e16 == realized(&whole).e16);
	}
}

static void
leaves_dust_in_the_account_at_its_cost(void **state)
{
	struct dice dice = { SEED + 2 };

	(void)state;
	for (int i = 0; i < TRIPS; i++) {
		int64_t received;
		struct round_trip trip = any_trip(&dice, true, &received);
		int64_t dust = below(&dice, 500);
		fill(&dice, received - dust, DECIMAL_ZERO, &trip.exit);
		trip.is_flat = true;
		struct decimal cost = DECIMAL_ZERO, left = { dust * LOT };
		assert_int_equal(decimal_mul_div(trip.entry.value, left, trip.entry.quantity, ROUND_DOWN, &cost),
		                 STATUS_OK);
		i128 cash = trip.exit.value.e16 - trip.entry.value.e16;
		i128 off = cash + cost.e16 - realized(&trip).e16;
		assert_true(off >= -1 && off <= 1);
		assert_true(decimal_is_zero(unrealized(&trip, any_price(&dice))));
	}
}

static void
counts_the_fee_whole_where_own_coins_made_up_for_it(void **state)
{
	struct dice dice = { SEED + 3 };

	(void)state;
	for (int i = 0; i < TRIPS; i++) {
		int64_t received;
		struct round_trip trip = any_trip(&dice, true, &received);
		int64_t bought = (int64_t)(trip.entry.quantity.e16 / LOT);
		fill(&dice, bought, DECIMAL_ZERO, &trip.exit);
		assert_true(realized(&trip).e16 ==
		            trip.exit.value.e16 - trip.entry.value.e16 - trip.entry.fees.e16);
		assert_true(decimal_is_zero(unrealized(&trip, any_price(&dice))));
	}
}

static void
refuses_what_can_not_be(void **state)
{
	struct round_trip trip = { .entry = { .quantity = dec("1"), .value = dec("100") },
	                           .exit = { .quantity = dec("1") } };
	struct decimal net = dec("7");

	(void)state;
	trip.taken = dec("-0.1");
	assert_int_equal(pnl_trip_realized(&trip, &net), STATUS_INVALID);
	trip.taken = dec("1.1");
	assert_int_equal(pnl_trip_unrealized(&trip, dec("1"), DECIMAL_ZERO, &net), STATUS_INVALID);
	trip.taken = DECIMAL_ZERO;
	trip.exit.quantity = dec("1.00000001");
	assert_int_equal(pnl_trip_realized(&trip, &net), STATUS_INVALID);
	assert_decimal(net, "7");
	/* All of it taken: nothing was received, and nothing can be shared out. */
	trip.taken = dec("1");
	trip.exit.quantity = DECIMAL_ZERO;
	trip.entry.fees = dec("100");
	assert_int_equal(pnl_trip_realized(&trip, &net), STATUS_OK);
	assert_decimal(net, "-100");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_the_change_in_cash_when_all_is_sold),
		cmocka_unit_test(adds_up_with_what_is_still_held),
		cmocka_unit_test(leaves_dust_in_the_account_at_its_cost),
		cmocka_unit_test(counts_the_fee_whole_where_own_coins_made_up_for_it),
		cmocka_unit_test(refuses_what_can_not_be),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
