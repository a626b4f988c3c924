#include "tests/core/decimals.h"

#include "core/pnl.h"

#define MOST "999999999999999999.9999999999999999"

static const struct decimal untouched = { 4711 };

/* One fill with a fee in percent of its value. */
static struct leg
leg(const char *price, const char *quantity, const char *fee_percent)
{
	struct leg leg = { .quantity = DECIMAL_ZERO };
	struct decimal fee = DECIMAL_ZERO, value = DECIMAL_ZERO;
	assert_int_equal(decimal_mul(dec(price), dec(quantity), ROUND_UP, &value), STATUS_OK);
	assert_int_equal(decimal_percent_of(value, dec(fee_percent), ROUND_UP, &fee), STATUS_OK);
	assert_int_equal(leg_add(&leg, dec(price), dec(quantity), fee), STATUS_OK);
	return leg;
}

static const struct leg nothing = { { 0 }, { 0 }, { 0 } };

static struct decimal
realized(enum side side, struct leg entry, struct leg exit)
{
	struct decimal net = untouched;
	assert_int_equal(pnl_realized(side, &entry, &exit, &net), STATUS_OK);
	return net;
}

static struct decimal
unrealized(enum side side, struct leg entry, struct leg exit, const char *price, const char *fee)
{
	struct decimal net = untouched;
	assert_int_equal(pnl_unrealized(side, &entry, &exit, dec(price), dec(fee), &net), STATUS_OK);
	return net;
}

static void
p1_a_long_that_won(void **state)
{
	(void)state;
	assert_decimal(realized(SIDE_BUY, leg("92000", "0.1", "0.1"), leg("94500", "0.1", "0.1")),
	               "231.35");
}

static void
p4_a_short_that_lost(void **state)
{
	(void)state;
	assert_decimal(realized(SIDE_SELL, leg("185", "10", "0.1"), leg("190", "10", "0.1")), "-53.75");
}

static void
p6_costs_beyond_the_one_percent(void **state)
{
	(void)state;
	assert_decimal(realized(SIDE_BUY, leg("90000", "0.00555555", "0.1"),
	                        leg("88200", "0.00555555", "0.1")), "-10.98998901");
}

static void
t5_a_gap_is_measured_in_percent_of_the_stop(void **state)
{
	struct decimal slip = untouched;
	(void)state;
	assert_int_equal(pnl_slippage_percent(SIDE_BUY, dec("88200"), dec("87000"), &slip), STATUS_OK);
	assert_decimal(slip, "1.3605442176870748");
	assert_int_equal(pnl_slippage_percent(SIDE_SELL, dec("88200"), dec("87000"), &slip), STATUS_OK);
	assert_decimal(slip, "-1.3605442176870748");
	assert_int_equal(pnl_slippage_percent(SIDE_SELL, dec("100"), dec("101"), &slip), STATUS_OK);
	assert_decimal(slip, "1");
	assert_int_equal(pnl_slippage_percent(SIDE_BUY, dec("100"), dec("100"), &slip), STATUS_OK);
	assert_decimal(slip, "0");
	slip = untouched;
	assert_int_equal(pnl_slippage_percent(SIDE_BUY, dec("0"), dec("1"), &slip), STATUS_RANGE);
	assert_int_equal(pnl_slippage_percent(SIDE_BUY, dec("-1"), dec("1"), &slip), STATUS_RANGE);
	assert_int_equal(pnl_slippage_percent(SIDE_BUY, dec(MOST), dec("-" MOST), &slip), STATUS_RANGE);
	assert_int_equal(pnl_slippage_percent(SIDE_SELL, dec("0.0000000000000001"), dec(MOST), &slip),
	                 STATUS_RANGE);
	assert_true(slip.e16 == untouched.e16);
}

static void
the_average_is_weighted_by_volume(void **state)
{
	struct leg legs = nothing;
	(void)state;
	assert_decimal(leg_average(&legs), "0");
	assert_int_equal(leg_add(&legs, dec("100"), dec("1"), dec("0.1")), STATUS_OK);
	assert_int_equal(leg_add(&legs, dec("101"), dec("2"), dec("-0.02")), STATUS_OK);
	assert_decimal(legs.quantity, "3");
	assert_decimal(legs.value, "302");
	assert_decimal(legs.fees, "0.08");
	assert_decimal(leg_average(&legs), "100.6666666666666666");
	/* eight places times eight places is exact */
	legs = nothing;
	assert_int_equal(leg_add(&legs, dec("0.00000001"), dec("0.00000001"), dec("0")), STATUS_OK);
	assert_decimal(legs.value, "0.0000000000000001");
	assert_decimal(leg_average(&legs), "0.00000001");
}

static void
a_fill_that_cannot_be_is_refused(void **state)
{
	struct leg legs = leg("100", "1", "0.1"), before = legs;
	(void)state;
	assert_int_equal(leg_add(&legs, dec("0"), dec("1"), dec("0")), STATUS_INVALID);
	assert_int_equal(leg_add(&legs, dec("-1"), dec("1"), dec("0")), STATUS_INVALID);
	assert_int_equal(leg_add(&legs, dec("1"), dec("0"), dec("0")), STATUS_INVALID);
	assert_int_equal(leg_add(&legs, dec("1"), dec("-1"), dec("0")), STATUS_INVALID);
	assert_int_equal(leg_add(&legs, dec(MOST), dec("2"), dec("0")), STATUS_RANGE);
	assert_int_equal(leg_add(&legs, dec(MOST), dec("1"), dec("0")), STATUS_RANGE);
	assert_int_equal(leg_add(&legs, dec("0.0000000000000001"), dec(MOST), dec("0")), STATUS_RANGE);
	assert_int_equal(leg_add(&legs, dec("1"), dec("1"), dec(MOST)), STATUS_RANGE);
	assert_memory_equal(&legs, &before, sizeof legs);
}

static void
a_part_that_was_left_carries_its_share(void **state)
{
	(void)state;
	/* a quarter: 25 - 24.25 - 0.025 - 0.0 */
	assert_decimal(realized(SIDE_BUY, leg("97", "1", "0.1"), leg("100", "0.25", "0")), "0.72575");
	assert_decimal(realized(SIDE_SELL, leg("100", "1", "0.1"), leg("97", "0.25", "0")), "0.725");
	assert_decimal(realized(SIDE_BUY, leg("97", "1", "0.1"), nothing), "0");
	assert_decimal(realized(SIDE_BUY, nothing, nothing), "0");
}

static void
shares_are_rounded_against_ourselves(void **state)
{
	struct leg entry = { dec("3"), dec("100"), dec("0.1") };
	struct leg exit = { dec("1"), dec("40"), dec("0") };
	(void)state;
	/* 40 - 33.3333333333333334 - 0.0333333333333334 */
	assert_decimal(realized(SIDE_BUY, entry, exit), "6.6333333333333332");
	/* 33.3333333333333333 - 40 - 0.0333333333333334 */
	assert_decimal(realized(SIDE_SELL, entry, exit), "-6.7000000000000001");
}

static void
more_cannot_be_left_than_was_entered(void **state)
{
	struct leg entry = leg("100", "1", "0"), exit = leg("100", "1.0000000000000001", "0");
	struct decimal net = untouched;
	(void)state;
	assert_int_equal(pnl_realized(SIDE_BUY, &entry, &exit, &net), STATUS_INVALID);
	assert_int_equal(pnl_unrealized(SIDE_BUY, &entry, &exit, dec("1"), dec("0"), &net),
	                 STATUS_INVALID);
	assert_true(net.e16 == untouched.e16);
}

static void
unrealized_is_net_of_both_fees(void **state)
{
	(void)state;
	/* 9450 - 9200 - 9.2 - 9.45, as if it were left now */
	assert_decimal(unrealized(SIDE_BUY, leg("92000", "0.1", "0.1"), nothing, "94500", "0.1"),
	               "231.35");
	assert_decimal(unrealized(SIDE_SELL, leg("185", "10", "0.1"), nothing, "190", "0.1"), "-53.75");
	assert_decimal(unrealized(SIDE_BUY, leg("100", "1", "0.1"), nothing, "100", "0.1"), "-0.2");
	assert_decimal(unrealized(SIDE_BUY, leg("100", "1", "0.1"), leg("110", "1", "0.1"), "90", "0.1"),
	               "0");
	assert_decimal(unrealized(SIDE_BUY, leg("100", "1", "0.1"), nothing, "0", "0.1"), "-100.1");
}

static void
what_was_left_and_what_rests_add_up_to_the_whole(void **state)
{
	static const char *const parts[] = { "0.1", "0.33333333", "0.7", "0.99999999", "1" };
	(void)state;
	for (int side = SIDE_BUY; side <= SIDE_SELL; side++)
		for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
			struct leg entry = leg("97.31", "1", "0.075"), exit = leg("99.17", parts[i], "0.075");
			struct leg rest = leg("99.17", "1", "0");
			struct decimal whole, sum = DECIMAL_ZERO;
			rest.fees = exit.fees;
			assert_int_equal(decimal_add(realized((enum side)side, entry, exit),
			                             unrealized((enum side)side, entry, exit, "99.17", "0"),
			                             &sum), STATUS_OK);
			whole = realized((enum side)side, entry, rest);
			assert_int_equal(decimal_cmp(sum, whole), 0);
		}
}

static void
nonsense_prices_and_sums_that_do_not_fit_are_refused(void **state)
{
	struct leg entry = leg("100", "2", "0"), huge = { dec("2"), dec("-" MOST), dec("0") };
	struct leg exit = leg("100", "1", "0"), all = leg("100", "2", "0");
	struct leg large = { dec("1"), dec("0"), dec("0") };
	struct decimal net = untouched;
	(void)state;
	assert_int_equal(pnl_unrealized(SIDE_BUY, &entry, &exit, dec("-1"), dec("0"), &net),
	                 STATUS_INVALID);
	assert_int_equal(pnl_unrealized(SIDE_BUY, &entry, &exit, dec("1"), dec("-1"), &net),
	                 STATUS_INVALID);
	assert_int_equal(pnl_unrealized(SIDE_BUY, &entry, &nothing, dec(MOST), dec("0"), &net),
	                 STATUS_RANGE);
	assert_int_equal(pnl_unrealized(SIDE_BUY, &huge, &nothing, dec("1"), dec("0"), &net),
	                 STATUS_RANGE);
	all.value = dec(MOST);
	assert_int_equal(pnl_realized(SIDE_BUY, &huge, &all, &net), STATUS_RANGE);
	/* a share above what fits: only of legs that leg_add never made */
	large.quantity = dec("0.0000000000000001");
	large.value = dec(MOST);
	exit = large;
	exit.quantity = dec("0");
	exit.fees = dec(MOST);
	large.fees = dec("-" MOST);
	assert_int_equal(pnl_realized(SIDE_BUY, &large, &exit, &net), STATUS_OK);
	net = untouched;
	exit.value = dec("-1");
	assert_int_equal(pnl_realized(SIDE_BUY, &large, &exit, &net), STATUS_RANGE);
	exit.quantity = dec("-1");
	assert_int_equal(pnl_realized(SIDE_BUY, &large, &exit, &net), STATUS_RANGE);
	assert_true(net.e16 == untouched.e16);
	large.quantity = dec("0.0000000000000001");
	assert_decimal(leg_average(&large), "0");
}

static void
r_is_net_over_the_initial_risk(void **state)
{
	struct decimal r = untouched;
	(void)state;
	assert_int_equal(pnl_r_multiple(dec("231.35"), dec("100"), &r), STATUS_OK);
	assert_decimal(r, "2.3135");
	assert_int_equal(pnl_r_multiple(dec("-10"), dec("3"), &r), STATUS_OK);
	assert_decimal(r, "-3.3333333333333333");
	r = untouched;
	assert_int_equal(pnl_r_multiple(dec("1"), dec("0"), &r), STATUS_RANGE);
	assert_int_equal(pnl_r_multiple(dec("1"), dec("-1"), &r), STATUS_RANGE);
	assert_int_equal(pnl_r_multiple(dec(MOST), dec("0.5"), &r), STATUS_RANGE);
	assert_true(r.e16 == untouched.e16);
}

static void
a_target_in_r_is_a_price_on_the_tick(void **state)
{
	static const struct { enum side side; const char *entry, *stop, *n, *tick, *price; } cases[] = {
		{ SIDE_BUY, "97400", "95900", "3", "0.01", "101900" },
		{ SIDE_SELL, "95900", "97400", "3", "0.01", "91400" },
		{ SIDE_BUY, "100", "99.99", "0.5", "0.01", "100.01" },    /* 100.005: halves up */
		{ SIDE_SELL, "100", "100.01", "0.5", "0.01", "100" },     /* 99.995 */
		{ SIDE_BUY, "100", "99.99", "0.49", "0.01", "100" },
		{ SIDE_SELL, "100", "100.01", "0.51", "0.01", "99.99" },
		/* 99.995 less 10^-17: not a half any more */
		{ SIDE_SELL, "100", "100.0500000000000001", "0.1", "0.01", "99.99" },
		{ SIDE_BUY, "100", "99.9500000000000001", "0.1", "0.01", "100" },
		{ SIDE_BUY, "100", "99", "-1", "0.01", "99" }, { SIDE_SELL, "100", "101", "-1", "0.01", "101" },
		{ SIDE_BUY, "100", "90", "0", "0.01", "100" },
		{ SIDE_SELL, "100", "150", "2", "0.01", NULL },           /* zero */
		{ SIDE_SELL, "100", "150", "3", "0.01", NULL },           /* below zero */
		{ SIDE_BUY, "100", "99", "1", "0", NULL },
		{ SIDE_BUY, MOST, "1", "3", "1", NULL },
	};
	struct decimal price = untouched;
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		price = untouched;
		enum status status = pnl_price_at_r(cases[i].side, dec(cases[i].entry), dec(cases[i].stop),
		                                    dec(cases[i].n), dec(cases[i].tick), &price);
		if (cases[i].price != NULL) {
			assert_int_equal(status, STATUS_OK);
			assert_decimal(price, cases[i].price);
		} else {
			assert_int_equal(status, STATUS_RANGE);
			assert_true(price.e16 == untouched.e16);
		}
	}
	assert_int_equal(pnl_price_at_r(SIDE_BUY, dec("0"), dec("1"), dec("1"), dec("1"), &price),
	                 STATUS_INVALID);
	assert_int_equal(pnl_price_at_r(SIDE_BUY, dec("1"), dec("0"), dec("1"), dec("1"), &price),
	                 STATUS_INVALID);
}

static void
drawdown_is_measured_from_the_peak(void **state)
{
	static const struct { const char *peak, *equity, *percent; } cases[] = {
		{ "1000", "900", "10" }, { "1000", "1000", "0" }, { "1000", "1100", "0" },
		{ "0", "-5", "0" }, { "-10", "-20", "0" }, { "3", "2", "33.3333333333333333" },
		{ "100", "-50", "150" },
	};
	struct decimal percent = untouched;
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(pnl_drawdown_percent(dec(cases[i].peak), dec(cases[i].equity), &percent),
		                 STATUS_OK);
		assert_decimal(percent, cases[i].percent);
	}
	percent = untouched;
	assert_int_equal(pnl_drawdown_percent(dec(MOST), dec("-" MOST), &percent), STATUS_RANGE);
	assert_int_equal(pnl_drawdown_percent(dec("0.0000000000000001"), dec("-" MOST), &percent),
	                 STATUS_RANGE);
	assert_int_equal(pnl_drawdown_percent(dec("0.0000000000000001"), dec("-900000000000"), &percent),
	                 STATUS_RANGE);
	assert_true(percent.e16 == untouched.e16);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p1_a_long_that_won),
		cmocka_unit_test(p4_a_short_that_lost),
		cmocka_unit_test(p6_costs_beyond_the_one_percent),
		cmocka_unit_test(t5_a_gap_is_measured_in_percent_of_the_stop),
		cmocka_unit_test(the_average_is_weighted_by_volume),
		cmocka_unit_test(a_fill_that_cannot_be_is_refused),
		cmocka_unit_test(a_part_that_was_left_carries_its_share),
		cmocka_unit_test(shares_are_rounded_against_ourselves),
		cmocka_unit_test(more_cannot_be_left_than_was_entered),
		cmocka_unit_test(unrealized_is_net_of_both_fees),
		cmocka_unit_test(what_was_left_and_what_rests_add_up_to_the_whole),
		cmocka_unit_test(nonsense_prices_and_sums_that_do_not_fit_are_refused),
		cmocka_unit_test(r_is_net_over_the_initial_risk),
		cmocka_unit_test(a_target_in_r_is_a_price_on_the_tick),
		cmocka_unit_test(drawdown_is_measured_from_the_peak),
	};
	return cmocka_run_group_tests_name("core/pnl", tests, NULL, NULL);
}
