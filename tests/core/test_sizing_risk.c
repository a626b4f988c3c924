/* The worst permitted fill, and the risk of what is open. */
#include "tests/core/decimals.h"

#include "core/sizing.h"

static const struct decimal untouched = { 4711 };

static void
the_worst_fill_permits_nothing_beyond_the_setting(void **state)
{
	static const struct { enum side side; const char *quote, *slippage, *tick, *worst; } cases[] = {
		{ SIDE_BUY, "97412.35", "0.1", "0.01", "97509.76" },     /* 97509.76235 */
		{ SIDE_SELL, "97412.35", "0.1", "0.01", "97314.94" },    /* 97314.93765 */
		{ SIDE_BUY, "100", "1", "0.5", "101" }, { SIDE_SELL, "100", "1", "0.5", "99" },
		{ SIDE_BUY, "100", "0.7", "0.5", "100.5" }, { SIDE_SELL, "100", "0.7", "0.5", "99.5" },
		{ SIDE_BUY, "100", "0", "0.01", "100" }, { SIDE_SELL, "100", "0", "0.01", "100" },
		/* an exchange that asks for no tick */
		{ SIDE_BUY, "90000.01", "0.1", "0", "90090.01001" }, { SIDE_SELL, "3", "0.1", "0", "2.997" },
		/* the quote is off the tick, and less than a tick is permitted */
		{ SIDE_BUY, "100.004", "0.001", "0.01", "100.004" },
		{ SIDE_SELL, "100.004", "0.001", "0.01", "100.004" },
	};
	struct decimal worst = untouched;
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(sizing_worst_fill(cases[i].side, dec(cases[i].quote),
		                                   dec(cases[i].slippage), dec(cases[i].tick), &worst),
		                 STATUS_OK);
		assert_decimal(worst, cases[i].worst);
	}
	worst = untouched;
	assert_int_equal(sizing_worst_fill(SIDE_BUY, dec("0"), dec("1"), dec("0.01"), &worst),
	                 STATUS_INVALID);
	assert_int_equal(sizing_worst_fill(SIDE_BUY, dec("1"), dec("-1"), dec("0.01"), &worst),
	                 STATUS_INVALID);
	assert_int_equal(sizing_worst_fill(SIDE_BUY, dec("1"), dec("100"), dec("0.01"), &worst),
	                 STATUS_INVALID);
	assert_int_equal(sizing_worst_fill(SIDE_BUY, dec("1"), dec("1"), dec("-0.01"), &worst),
	                 STATUS_INVALID);
	assert_int_equal(sizing_worst_fill(SIDE_BUY, dec("999999999999999999"), dec("1"), dec("0.01"),
	                                   &worst), STATUS_RANGE);
	assert_true(worst.e16 == untouched.e16);
}

static void
risk_of_a_position_counts_the_costs(void **state)
{
	struct risk_terms none = { DECIMAL_ZERO, DECIMAL_ZERO };
	struct risk_terms costs = { dec("0.1"), dec("0.1") };
	struct decimal risk = untouched;
	(void)state;
	assert_int_equal(sizing_risk_of(SIDE_BUY, dec("0.00483954"), dec("90000"), dec("88200"), &costs,
	                                &risk), STATUS_OK);
	assert_decimal(risk, "9.999998608572");
	assert_int_equal(sizing_risk_of(SIDE_BUY, dec("0.00555555"), dec("90000"), dec("88200"), &none,
	                                &risk), STATUS_OK);
	assert_decimal(risk, "9.99999");
	assert_int_equal(sizing_risk_of(SIDE_SELL, dec("10"), dec("185"), dec("190"), &none, &risk),
	                 STATUS_OK);
	assert_decimal(risk, "50");
	assert_int_equal(sizing_risk_of(SIDE_SELL, dec("0"), dec("185"), dec("190"), &costs, &risk),
	                 STATUS_OK);
	assert_decimal(risk, "0");
}

static void
a_stop_that_keeps_a_profit_risks_nothing(void **state)
{
	struct risk_terms none = { DECIMAL_ZERO, DECIMAL_ZERO };
	struct risk_terms costs = { dec("0.1"), dec("0") };
	struct decimal risk = untouched;
	(void)state;
	assert_int_equal(sizing_risk_of(SIDE_BUY, dec("1"), dec("100"), dec("105"), &none, &risk),
	                 STATUS_OK);
	assert_decimal(risk, "0");
	assert_int_equal(sizing_risk_of(SIDE_SELL, dec("1"), dec("100"), dec("95"), &none, &risk),
	                 STATUS_OK);
	assert_decimal(risk, "0");
	/* at the entry it is the fees that are lost */
	assert_int_equal(sizing_risk_of(SIDE_BUY, dec("2"), dec("100"), dec("100"), &costs, &risk),
	                 STATUS_OK);
	assert_decimal(risk, "0.4");
	assert_int_equal(sizing_risk_of(SIDE_BUY, dec("1"), dec("100"), dec("100.1"), &costs, &risk),
	                 STATUS_OK);
	assert_decimal(risk, "0.1001");
}

static void
risk_of_nonsense_is_refused(void **state)
{
	struct risk_terms none = { DECIMAL_ZERO, DECIMAL_ZERO };
	struct risk_terms fee = { dec("100"), DECIMAL_ZERO }, gap = { DECIMAL_ZERO, dec("-1") };
	struct decimal one = dec("1"), most = dec("999999999999999999"), risk = untouched;
	(void)state;
	assert_int_equal(sizing_risk_of(SIDE_BUY, dec("-1"), one, one, &none, &risk), STATUS_INVALID);
	assert_int_equal(sizing_risk_of(SIDE_BUY, one, dec("0"), one, &none, &risk), STATUS_INVALID);
	assert_int_equal(sizing_risk_of(SIDE_BUY, one, one, dec("0"), &none, &risk), STATUS_INVALID);
	assert_int_equal(sizing_risk_of(SIDE_BUY, one, one, one, &fee, &risk), STATUS_INVALID);
	assert_int_equal(sizing_risk_of(SIDE_BUY, one, one, one, &gap, &risk), STATUS_INVALID);
	assert_int_equal(sizing_risk_of(SIDE_BUY, one, most, most, &none, &risk), STATUS_RANGE);
	assert_int_equal(sizing_risk_of(SIDE_BUY, most, dec("10"), one, &none, &risk), STATUS_RANGE);
	assert_true(risk.e16 == untouched.e16);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_worst_fill_permits_nothing_beyond_the_setting),
		cmocka_unit_test(risk_of_a_position_counts_the_costs),
		cmocka_unit_test(a_stop_that_keeps_a_profit_risks_nothing),
		cmocka_unit_test(risk_of_nonsense_is_refused),
	};
	return cmocka_run_group_tests_name("core/sizing: fills and open risk", tests, NULL, NULL);
}
