/* size, risk, balance: each at its boundary, just inside and just outside. */
#include "tests/core/guard_world.h"

static void
typed(struct world *world, const char *quantity)
{
	world->intent.has_typed_quantity = true;
	world->intent.typed_quantity = dec(quantity);
	world_size(world);
}

static void
size_takes_a_typed_quantity_up_to_the_permitted_one(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	typed(&world, "0.01");
	assert_guard(&world, "size", "size.ok", "0.01000 BTC = as typed");
	typed(&world, "0.04766");
	assert_guard(&world, "size", "size.ok", "0.04766 BTC = 1 % rule with costs");
	typed(&world, "0.04767");
	assert_guard(&world, "size", "size.too_large", "0.04767 BTC typed, and at most 0.04766 is permitted");
	/* The same at execution: it is sent as typed or not at all. */
	world.facts.occasion = OCCASION_EXECUTE;
	assert_guard(&world, "size", "size.too_large", "at most 0.04766");
	typed(&world, "0.000001");
	assert_guard(&world, "size", "size.off_step", "0.000001 BTC is not a multiple of the lot 0.00001");
	typed(&world, "0.01");
	struct symbol_rules no_lot = world.rules;    /* an exchange that asks for none */
	no_lot.lot_step = DECIMAL_ZERO;
	world.facts.rules = &no_lot;
	world.facts.occasion = OCCASION_VALIDATE;
	assert_guard(&world, "size", "size.ok", "typed");
	typed(&world, "0.000001");
	world.facts.rules = NULL;                    /* sizing saw it, though no rules are known here */
	assert_guard(&world, "size", "size.off_step", "multiple of the lot step");
}

static void
size_is_above_zero(void **state)
{
	struct world world;

	(void)state;
	/* 0.2098 at risk buys exactly 0.0001 × 2098: one lot of 0.0001. */
	world_init(&world);
	world.rules.lot_step = dec("0.0001");
	world.intent.capital = dec("20.98");
	world_size(&world);
	assert_guard(&world, "size", "size.ok", "0.0001 BTC");
	world.intent.capital = dec("20.97");
	world_size(&world);
	assert_guard(&world, "size", "size.zero", "buys less than one lot of BTC");
	typed(&world, "0.0001");
	assert_guard(&world, "size", "size.zero", "");
	/* A validated quantity of zero can't be sent either. */
	world_init(&world);
	world.facts.occasion = OCCASION_EXECUTE;
	world.intent.quantity = dec("0");
	assert_guard(&world, "size", "size.zero", "");
}

static void
size_at_execution_may_shrink_to_four_fifths(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);                          /* permitted now: 0.04766 */
	world.facts.occasion = OCCASION_EXECUTE;
	assert_guard(&world, "size", "size.ok", "0.04766 BTC = 1 % rule with costs, rounded down");
	world.intent.quantity = dec("0.04000");      /* what was validated is sent, not more */
	assert_guard(&world, "size", "size.ok", "0.04000 BTC = 1 % rule");
	world.intent.quantity = dec("0.05000");
	assert_guard(&world, "size", "size.ok", "0.04766 BTC on the fresh price, less than the 0.05000 validated");
	world.sizing.quantity = world.sizing.final = dec("0.04");
	assert_guard(&world, "size", "size.ok", "0.04000 BTC on the fresh price");       /* 80 % */
	world.sizing.quantity = world.sizing.final = dec("0.03999");
	assert_guard(&world, "size", "size.shrunk", "0.03999 BTC is permitted now, below 80 % of the 0.05000");
	world.facts.occasion = OCCASION_VALIDATE;    /* at validation there is nothing to compare with */
	assert_guard(&world, "size", "size.ok", "");
}

static void
size_says_what_else_caps_it(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.facts.balance_free = dec("1000");
	world_size(&world);
	assert_guard(&world, "size", "size.capped", "capped by the free balance");
	world_init(&world);
	world.strategy.has_max_position_percent = true;
	world.strategy.max_position_percent = dec("10");
	world_size(&world);
	assert_guard(&world, "size", "size.capped", "0.02000 BTC, capped by the strategy's position limit");
	world_init(&world);
	world.intent.stop_price = dec("49900");
	world.facts.balance_free = dec("100000");
	world_size(&world);
	assert_guard(&world, "size", "size.capped", "capped by the capital");
	world_init(&world);
	world.facts.risk_limit_percent = dec("0.5");
	world_size(&world);
	assert_guard(&world, "size", "size.ok", "0.02383 BTC = 0.5 % rule with costs, rounded down");
}

static void
risk_is_at_most_one_percent_with_costs(void **state)
{
	struct world world;

	(void)state;
	/* With 2098 per unit, 0.05 costs 104.90: exactly 1 % of 10,490. */
	world_init(&world);
	world.intent.capital = dec("10490");
	typed(&world, "0.05");
	assert_guard(&world, "risk", "risk.ok", "104.90 of 10,490.00 = 1.00 %, fees 4.90 in it");
	typed(&world, "0.05001");
	assert_guard(&world, "risk", "risk.above_rule", "104.92 of 10,490.00 = 1.00 %, above the 1 % rule");
	world.intent.capital = dec("10489.9999999999999999");
	typed(&world, "0.05");
	assert_guard(&world, "risk", "risk.above_rule", "");
}

static void
risk_keeps_a_lower_limit_and_none_above_one(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.intent.capital = dec("10490");
	world.facts.risk_limit_percent = dec("0.5");
	typed(&world, "0.025");
	assert_guard(&world, "risk", "risk.ok", "52.45 of 10,490.00 = 0.50 %");
	typed(&world, "0.02501");
	assert_guard(&world, "risk", "risk.above_limit", "above the limit of 0.5 %");
	typed(&world, "0.05");
	assert_guard(&world, "risk", "risk.above_limit", "");
	world.facts.risk_limit_percent = dec("2");   /* a ceiling that nobody raises */
	typed(&world, "0.05001");
	assert_null(world.facts.sizing);             /* sizing refuses such a limit by itself */
	world.facts.sizing = &world.sizing;
	assert_guard(&world, "risk", "risk.above_rule", "");
}

static void
risk_at_execution_is_that_of_what_will_be_sent(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.facts.occasion = OCCASION_EXECUTE;
	world.intent.quantity = dec("0.02383");      /* half of what would be permitted now */
	assert_guard(&world, "risk", "risk.ok", "50.00 of 10,000.00 = 0.50 %, fees 2.34 in it");
	world.sizing.quantity = DECIMAL_ZERO;        /* nothing to send: no risk, no fees */
	assert_guard(&world, "risk", "risk.ok", "0.00 of 10,000.00 = 0.00 %, fees 0.00 in it");
}

static void
balance_covers_the_cost_with_fees(void **state)
{
	struct world world;

	(void)state;
	/* 0.04 × 50,000 = 2,000 and 2 of fees; 90 % of 2,224.44... is 2,002 */
	world_init(&world);
	typed(&world, "0.04");
	world.facts.balance_free = dec("2002");
	assert_guard(&world, "balance", "balance.nearly_all", "it costs 2,002.00 with fees, more than 90 %");
	world.facts.balance_free = dec("2001.9999999999999999");
	assert_guard(&world, "balance", "balance.too_low", "it costs 2,002.00 with fees, and 2,002.00 USDC is free");
	world.facts.balance_free = dec("2224.4444444444444444");
	assert_guard(&world, "balance", "balance.nearly_all", "");
	world.facts.balance_free = dec("2224.4444444444444445");
	assert_guard(&world, "balance", "balance.ok", "2,224.44 USDC free, 2,002.00 needed");
	world.facts.balance_free = dec("0");
	assert_guard(&world, "balance", "balance.too_low", "");
	world.facts.balance_free = dec("-5");
	assert_guard(&world, "balance", "balance.too_low", "-5.00 USDC is free");
}

static void
refuses_products_that_do_not_fit(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.intent.has_typed_quantity = true;
	world.intent.typed_quantity = dec("999999999999999999");
	assert_guard(&world, "balance", "balance.too_low", "");
	assert_guard(&world, "risk", "risk.above_rule", "");
	assert_guard(&world, "exposure", "exposure.open_risk", "");
	assert_guard(&world, "budget", "budget.exceeded", "");
	world.facts.fee_percent = dec("200");        /* a fee that does not fit either */
	assert_guard(&world, "balance", "balance.too_low", "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(size_takes_a_typed_quantity_up_to_the_permitted_one),
		cmocka_unit_test(size_is_above_zero),
		cmocka_unit_test(size_at_execution_may_shrink_to_four_fifths),
		cmocka_unit_test(size_says_what_else_caps_it),
		cmocka_unit_test(risk_is_at_most_one_percent_with_costs),
		cmocka_unit_test(risk_keeps_a_lower_limit_and_none_above_one),
		cmocka_unit_test(risk_at_execution_is_that_of_what_will_be_sent),
		cmocka_unit_test(balance_covers_the_cost_with_fees),
		cmocka_unit_test(refuses_products_that_do_not_fit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
