/* client, trading-state, policy, strategy, exposure, duplicate, budget, limits: each at its
 * boundary, just inside and just outside. */
#include "tests/core/guard_world.h"

static void
client_ids_are_above_zero_and_the_same(void **state)
{
	static const struct { int64_t asking, owner; const char *code; } cases[] = {
		{ 1, 1, "client.ok" }, { 7, 7, "client.ok" }, { 1, 2, "client.other" },
		{ 0, 1, "client.invalid" }, { -1, -1, "client.invalid" }, { 1, 0, "client.invalid" },
	};
	struct world world;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		world_init(&world);
		world.facts.client_id = cases[i].asking;
		world.intent.client_id = cases[i].owner;
		assert_guard(&world, "client", cases[i].code, "");
	}
}

static void
trading_state_blocks_while_paused_and_says_why(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.facts.policy.is_paused = true;
	assert_guard(&world, "trading-state", "trading-state.paused", "PAUSED: no reason given");
	text_copy(world.facts.policy.pause_reason, sizeof world.facts.policy.pause_reason, "lunch");
	assert_guard(&world, "trading-state", "trading-state.paused", "PAUSED: lunch");
	world.facts.policy.is_paused = false;
	assert_guard(&world, "trading-state", "trading-state.ok", "not paused");
}

static void
policy_lets_dry_run_pass_and_live_only_through_its_gates(void **state)
{
	static const char *const codes[2][2][2][2] = {
		/* [live][pattern][switch off][sell] */
		{ { { "policy.ok", "policy.ok" }, { "policy.ok", "policy.ok" } },
		  { { "policy.ok", "policy.ok" }, { "policy.ok", "policy.ok" } } },
		{ { { "policy.ok", "policy.sell_live" }, { "policy.live_off", "policy.live_off" } },
		  { { "policy.pattern_live", "policy.pattern_live" },
		    { "policy.pattern_live", "policy.pattern_live" } } },
	};
	struct world world;

	(void)state;
	for (int i = 0; i < 16; i++) {
		bool live = i & 1, pattern = i & 2, off = i & 4, sell = i & 8;
		world_init(&world);
		world.intent.mode = live ? MODE_LIVE : MODE_DRY_RUN;
		world.intent.source = pattern ? SOURCE_PATTERN : SOURCE_MANUAL;
		world.intent.side = sell ? SIDE_SELL : SIDE_BUY;
		world.facts.policy.is_live_switch_on = !off;
		assert_guard(&world, "policy", codes[live][pattern][off][sell], "");
	}
}

static void
strategy_has_sane_settings_or_none_is_chosen(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.facts.strategy = NULL;
	assert_guard(&world, "strategy", "strategy.ok", "none chosen");
	world.facts.is_strategy_missing = true;
	assert_guard(&world, "strategy", "strategy.unknown", "there is no strategy 'All In'");

	static const struct { const char *percent; bool is_in_range; } settings[] = {
		{ "0", true }, { "100", true }, { "-0.0000000000000001", false },
		{ "100.0000000000000001", false },
	};
	for (size_t i = 0; i < ARRAY_LEN(settings); i++)
		for (int which = 0; which < 4; which++) {
			world_init(&world);
			struct strategy *strategy = &world.strategy;
			strategy->has_risk_percent = strategy->has_max_drawdown_percent = false;
			bool *has[] = { &strategy->has_risk_percent, &strategy->has_max_drawdown_percent,
			                &strategy->has_stop_loss_percent, &strategy->has_max_position_percent };
			struct decimal *percent[] = {
				&strategy->risk_percent, &strategy->max_drawdown_percent,
				&strategy->stop_loss_percent, &strategy->max_position_percent };
			assert_guard(&world, "strategy", "strategy.no_settings", "All In has no risk settings");
			*has[which] = true;
			*percent[which] = dec(settings[i].percent);
			world.facts.strategy_drawdown_percent = dec("-1");       /* far from any limit */
			world_run(&world);
			assert_int_equal(strcmp(world_verdict(&world, "strategy")->code,
			                        "strategy.out_of_range") == 0, !settings[i].is_in_range);
		}
}

static void
strategy_stops_at_its_drawdown(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.facts.strategy_drawdown_percent = dec("19.9999999999999999");
	assert_guard(&world, "strategy", "strategy.ok", "All In is active, drawdown 20.00 %");
	world.facts.strategy_drawdown_percent = dec("20");
	assert_guard(&world, "strategy", "strategy.drawdown", "20.00 % below its peak: its limit of 20 %");
	world.facts.strategy_drawdown_percent = dec("20.1");
	assert_guard(&world, "strategy", "strategy.drawdown", "");
	world.strategy.has_max_drawdown_percent = false;
	assert_guard(&world, "strategy", "strategy.ok", "");
	world.strategy.is_active = false;
	assert_guard(&world, "strategy", "strategy.inactive", "All In is switched off");
}

static void
strategy_warns_of_wide_settings(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.strategy.max_drawdown_percent = dec("50");
	world.strategy.has_stop_loss_percent = true;
	world.strategy.stop_loss_percent = dec("10");
	world.strategy.has_max_position_percent = true;
	world.strategy.max_position_percent = dec("50");
	world.strategy.risk_percent = dec("100");
	assert_guard(&world, "strategy", "strategy.ok", "");
	world.strategy.max_position_percent = dec("50.01");
	assert_guard(&world, "strategy", "strategy.wide_position", "max_position_percent is 50.01 (warn above 50)");
	world.strategy.stop_loss_percent = dec("10.01");
	assert_guard(&world, "strategy", "strategy.wide_stop", "stop_loss_percent is 10.01 (warn above 10)");
	world.strategy.max_drawdown_percent = dec("50.01");
	assert_guard(&world, "strategy", "strategy.wide_drawdown", "max_drawdown_percent is 50.01 (warn above 50)");
}

static void
exposure_keeps_all_open_risk_within_the_budget(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);                          /* this one risks 0.04766 × 2098 = 99.99068 */
	world.facts.open_risk = dec("300.00932");
	assert_guard(&world, "exposure", "exposure.ok", "open risk 400.00 of 400.00");
	world.facts.open_risk = dec("300.0093200000000001");
	assert_guard(&world, "exposure", "exposure.open_risk", "the open risk would be 400.00, above");
	world.facts.open_risk = dec("999999999999999999");           /* a sum that does not fit */
	assert_guard(&world, "exposure", "exposure.open_risk", "");
}

static void
exposure_warns_of_much_in_one_symbol_and_of_one_that_is_open(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);                          /* this one is worth 2,383 of 10,000 */
	world.facts.symbol_exposure = dec("2617");
	assert_guard(&world, "exposure", "exposure.ok", "50.00 % of capital in one symbol");
	world.facts.symbol_exposure = dec("2617.0000000000000001");
	assert_guard(&world, "exposure", "exposure.concentrated", "50.00 % of capital in one symbol (warn at 50 %)");
	world.facts.symbol_exposure = dec("3367");
	world.facts.symbol_open_count = 2;
	assert_guard(&world, "exposure", "exposure.concentrated", "57.50 % of capital");
	world.facts.symbol_exposure = dec("1000");
	assert_guard(&world, "exposure", "exposure.same_symbol", "2 open in BTCUSDC already, 33.83 %");
	world.intent.capital = dec("0");             /* no share of nothing: `fields` fails it */
	assert_guard(&world, "exposure", "exposure.concentrated", "0.00 %");
}

static void
duplicate_names_the_other_intent(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.facts.duplicate_count = 1;
	text_copy(world.facts.duplicate_id, sizeof world.facts.duplicate_id, "019f-7f");
	assert_guard(&world, "duplicate", "duplicate.open", "intent 019f-7f asks for the same");
	world.facts.duplicate_count = 0;
	assert_guard(&world, "duplicate", "duplicate.ok", "no other open intent");
}

static void
budget_covers_the_planned_risk_and_warns_near_its_end(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.facts.budget.left = dec("99.99068");
	world.facts.budget_base = dec("9999.068");   /* 1 % of it is exactly what is left */
	assert_guard(&world, "budget", "budget.ok", "99.99 at risk, 99.99 left of the month's 400.00");
	world.facts.budget_base = dec("9999.0680000000000001");
	assert_guard(&world, "budget", "budget.nearly_used", "99.99 left of the month's 400.00: below 1 %");
	world.facts.budget.left = dec("99.9906799999999999");
	assert_guard(&world, "budget", "budget.exceeded", "99.99 at risk, and only 99.99 left");
	world.facts.budget.left = dec("-3");
	assert_guard(&world, "budget", "budget.exceeded", "only -3.00 left");
}

static void
limits_count_the_days_orders(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.facts.has_orders_limit = true;
	world.facts.orders_limit = 10;
	world.facts.orders_today = 6;                /* this is the 7th */
	assert_guard(&world, "limits", "limits.ok", "within the day's limits: entry 7, 2,383.00 traded, 0.00 lost");
	world.facts.orders_today = 7;
	assert_guard(&world, "limits", "limits.orders_near", "entry 8 of the day's 10");
	world.facts.orders_today = 9;
	assert_guard(&world, "limits", "limits.orders_near", "");
	world.facts.orders_today = 10;
	assert_guard(&world, "limits", "limits.orders", "entry 11 of the day, above 10");
	world.facts.orders_today = INT64_MAX;
	assert_guard(&world, "limits", "limits.orders", "");
	world.facts.orders_limit = INT64_MAX;
	assert_guard(&world, "limits", "limits.orders_near", "");
}

static void
limits_add_up_the_days_value(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.facts.has_notional_limit = true;
	world.facts.notional_limit = dec("10000");
	world.facts.notional_today = dec("5616.9999999999999999");
	assert_guard(&world, "limits", "limits.ok", "8,000.00 traded");
	world.facts.notional_today = dec("5617");
	assert_guard(&world, "limits", "limits.notional_near", "8,000.00 of the day's 10,000.00");
	world.facts.notional_today = dec("7617");
	assert_guard(&world, "limits", "limits.notional_near", "");
	world.facts.notional_today = dec("7617.0000000000000001");
	assert_guard(&world, "limits", "limits.notional", "10,000.00 traded today with this one, above 10,000.00");
}

static void
limits_watch_the_days_loss(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.facts.has_loss_limit = true;
	world.facts.loss_limit = dec("100");
	world.facts.loss_today = dec("79.9999999999999999");
	assert_guard(&world, "limits", "limits.ok", "80.00 lost");
	world.facts.loss_today = dec("80");
	assert_guard(&world, "limits", "limits.loss_near", "80.00 of the day's 100.00 lost");
	world.facts.loss_today = dec("100");
	assert_guard(&world, "limits", "limits.loss_near", "");
	world.facts.loss_today = dec("100.0000000000000001");
	assert_guard(&world, "limits", "limits.loss", "100.00 lost today, above 100.00");
	world.facts.loss_today = dec("-50");         /* a day in profit */
	assert_guard(&world, "limits", "limits.ok", " 0.00 lost");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(client_ids_are_above_zero_and_the_same),
		cmocka_unit_test(trading_state_blocks_while_paused_and_says_why),
		cmocka_unit_test(policy_lets_dry_run_pass_and_live_only_through_its_gates),
		cmocka_unit_test(strategy_has_sane_settings_or_none_is_chosen),
		cmocka_unit_test(strategy_stops_at_its_drawdown),
		cmocka_unit_test(strategy_warns_of_wide_settings),
		cmocka_unit_test(exposure_keeps_all_open_risk_within_the_budget),
		cmocka_unit_test(exposure_warns_of_much_in_one_symbol_and_of_one_that_is_open),
		cmocka_unit_test(duplicate_names_the_other_intent),
		cmocka_unit_test(budget_covers_the_planned_risk_and_warns_near_its_end),
		cmocka_unit_test(limits_count_the_days_orders),
		cmocka_unit_test(limits_add_up_the_days_value),
		cmocka_unit_test(limits_watch_the_days_loss),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
