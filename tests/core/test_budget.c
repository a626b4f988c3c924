#include "tests/core/decimals.h"

#include "core/budget.h"

static struct budget
budget_of(const char *base, const char *net, const char *open_risk)
{
	struct budget_facts facts = { dec(base), dec("4"), dec(net), dec(open_risk) };
	struct budget budget;
	assert_int_equal(budget_compute(&facts, &budget), STATUS_OK);
	return budget;
}

static void
b1_profit_of_the_month_does_not_raise_the_budget(void **state)
{
	(void)state;
	struct budget budget = budget_of("1578", "43.63", "0");
	assert_decimal(budget.total, "63.12");
	assert_decimal(budget.consumed, "0");
	assert_decimal(budget.left, "63.12");
}

static void
b3_losses_and_open_risk_are_taken_off(void **state)
{
	(void)state;
	struct budget budget = budget_of("1000", "-12.5", "10");
	assert_decimal(budget.total, "40");
	assert_decimal(budget.consumed, "12.5");
	assert_decimal(budget.left, "17.5");
}

static void
what_is_left_may_be_below_zero(void **state)
{
	(void)state;
	assert_decimal(budget_of("1000", "-45", "0").left, "-5");
	assert_decimal(budget_of("1000", "0", "40").left, "0");
	assert_decimal(budget_of("0", "-1", "1").left, "-2");
}

static void
a_lower_percent_counts(void **state)
{
	struct budget_facts facts = { dec("1000"), dec("2.5"), dec("0"), dec("0") };
	struct budget budget;
	(void)state;
	assert_int_equal(budget_compute(&facts, &budget), STATUS_OK);
	assert_decimal(budget.left, "25");
	facts.budget_percent = dec("0");
	assert_int_equal(budget_compute(&facts, &budget), STATUS_OK);
	assert_decimal(budget.left, "0");
}

static void
the_total_is_rounded_down(void **state)
{
	struct budget_facts facts = { dec("0.0000000000000099"), dec("1"), dec("0"), dec("0") };
	struct budget budget;
	(void)state;
	assert_int_equal(budget_compute(&facts, &budget), STATUS_OK);
	assert_decimal(budget.total, "0");
}

static void
bad_facts_are_refused(void **state)
{
	static const struct { const char *base, *percent, *net, *open; enum status status; } cases[] = {
		{ "-1", "4", "0", "0", STATUS_INVALID },
		{ "1000", "-1", "0", "0", STATUS_INVALID },
		{ "1000", "4.0000000000000001", "0", "0", STATUS_INVALID },
		{ "1000", "4", "0", "-1", STATUS_INVALID },
		{ "1000", "4", "-999999999999999999", "999999999999999999", STATUS_RANGE },
	};
	struct budget budget = { .left = { 4711 } };
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct budget_facts facts = { dec(cases[i].base), dec(cases[i].percent), dec(cases[i].net),
		                              dec(cases[i].open) };
		assert_int_equal(budget_compute(&facts, &budget), cases[i].status);
	}
	assert_true(budget.left.e16 == 4711);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(b1_profit_of_the_month_does_not_raise_the_budget),
		cmocka_unit_test(b3_losses_and_open_risk_are_taken_off),
		cmocka_unit_test(what_is_left_may_be_below_zero),
		cmocka_unit_test(a_lower_percent_counts),
		cmocka_unit_test(the_total_is_rounded_down),
		cmocka_unit_test(bad_facts_are_refused),
	};
	return cmocka_run_group_tests_name("core/budget", tests, NULL, NULL);
}
