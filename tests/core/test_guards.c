/* The list of guards, the facts that they miss, the reasons that they give, and the words of each. */
#include "tests/core/guard_world.h"

static const char *const names[] = {
	"client", "trading-state", "policy", "symbol", "fields", "stop", "target", "size", "risk",
	"strategy", "filters", "balance", "price", "exposure", "duplicate", "budget", "limits",
};

static void
passes_a_sound_trade_with_every_guard_in_order(void **state)
{
	static const char *const messages[] = {
		"client 1, own intent", "trading, not paused", "DRY-RUN: nothing is sent to an exchange",
		"BTCUSDC is TRADING, tick 0.01, lot 0.00001",
		"side, prices, quantity and confidence are in range", "4.00 % below entry, tick-aligned",
		"3.00 R at 56,000.00", "0.04766 BTC = 1 % rule with costs, rounded down",
		"99.99 of 10,000.00 = 1.00 %, fees 4.67 in it", "All In is active, drawdown 0.00 %",
		"notional 2,383.00, at least 0.00, at the stop too", "10,000.00 USDC free, 2,385.38 needed",
		"0.3 s old, limit 0.02 % below the market",
		"23.83 % of capital in one symbol, open risk 99.99 of 400.00",
		"no other open intent for the same trade in BTCUSDC",
		"99.99 at risk, 400.00 left of the month's 400.00", "no limits of the day are set",
	};
	struct world world;

	(void)state;
	world_init(&world);
	world_run(&world);
	assert_int_equal(world.report.count, ARRAY_LEN(names));
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_string_equal(world.report.checks[i].name, names[i]);
		assert_string_equal(world.report.checks[i].message, messages[i]);
		assert_int_equal(world.report.checks[i].status, VERDICT_PASS);
	}
	assert_int_equal(world.report.passed, ARRAY_LEN(names));
	assert_int_equal(world.report.warnings, 0);
	assert_int_equal(world.report.failures, 0);
	assert_int_equal(world.report.missing, MISSING_NOTHING);
	assert_string_equal(world.report.missing_text, "");
}

static void
lists_every_guard_with_its_rule(void **state)
{
	(void)state;
	assert_int_equal(guards_count(), ARRAY_LEN(names));
	for (size_t i = 0; i < guards_count(); i++) {
		assert_string_equal(guards_entry(i).name, names[i]);
		assert_true(strlen(guards_entry(i).rule) > 10);
	}
	assert_string_equal(verdict_status_name(VERDICT_PASS), "PASS");
	assert_string_equal(verdict_status_name(VERDICT_WARN), "WARN");
	assert_string_equal(verdict_status_name(VERDICT_FAIL), "FAIL");
}

static void
counts_what_passed_what_warns_and_what_fails(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.intent.reason[0] = '\0';           /* WARN */
	world.strategy.is_active = false;        /* FAIL */
	world.intent.client_id = 2;              /* FAIL */
	world_run(&world);
	assert_int_equal(world.report.passed, ARRAY_LEN(names) - 3);
	assert_int_equal(world.report.warnings, 1);
	assert_int_equal(world.report.failures, 2);
}

static void
names_missing_facts_instead_of_judging_without_them(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.facts.quote = NULL;
	world_run(&world);
	assert_int_equal(world.report.missing, MISSING_QUOTE);
	assert_string_equal(world.report.missing_text, "no price for BTCUSDC");
	assert_null(world_verdict(&world, "stop"));
	assert_null(world_verdict(&world, "price"));
	assert_null(world_verdict(&world, "filters"));
	assert_non_null(world_verdict(&world, "target"));
	assert_non_null(world_verdict(&world, "size"));
	assert_int_equal(world.report.failures, 0);

	world_init(&world);
	world.quote.ask = dec("1");              /* a quote that can't be is none */
	world_run(&world);
	assert_int_equal(world.report.missing, MISSING_QUOTE);

	world_init(&world);
	world.facts.quote_age_ms = 10000;        /* as old as the limit is not older */
	world_run(&world);
	assert_int_equal(world.report.missing, MISSING_NOTHING);
	world.facts.quote_age_ms = 10001;
	world_run(&world);
	assert_int_equal(world.report.missing, MISSING_FRESH_QUOTE);
	assert_string_equal(world.report.missing_text, "the price of BTCUSDC is 10s old (limit 10s)");
	assert_null(world_verdict(&world, "price"));

	world_init(&world);
	world.facts.rules = NULL;
	world_run(&world);
	assert_int_equal(world.report.missing, MISSING_RULES);
	assert_string_equal(world.report.missing_text, "the exchange's rules for BTCUSDC are unknown");
	assert_null(world_verdict(&world, "symbol"));
	assert_null(world_verdict(&world, "filters"));
	assert_non_null(world_verdict(&world, "stop"));

	world_init(&world);
	world.facts.has_balance = false;
	world_size(&world);
	world_run(&world);
	assert_int_equal(world.report.missing, MISSING_BALANCE);
	assert_string_equal(world.report.missing_text, "the free balance of USDC is unknown");
	/* Without a balance there is no size, and that is not its fault. */
	assert_null(world_verdict(&world, "balance"));
	assert_null(world_verdict(&world, "size"));
	assert_null(world_verdict(&world, "risk"));
	assert_int_equal(world.report.failures, 0);
}

static void
names_all_missing_facts_together(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	text_copy(world.intent.symbol, sizeof world.intent.symbol, "FOOBAR");
	world.facts.quote = NULL;
	world.facts.rules = NULL;
	world.facts.has_balance = false;
	world.facts.sizing = NULL;
	world.intent.entry_kind = ENTRY_MARKET;      /* then the target is judged from what was planned */
	assert_guard(&world, "target", "target.ok", "3.00 R");
	assert_int_equal(world.report.missing, MISSING_QUOTE | MISSING_RULES | MISSING_BALANCE);
	assert_string_equal(world.report.missing_text,
	                    "no price for FOOBAR; the exchange's rules for FOOBAR are unknown; "
	                    "the free balance is unknown");
}

static void
judges_what_it_can_of_a_symbol_that_does_not_exist(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.facts.is_symbol_unknown = true;
	world.facts.quote = NULL;
	world.facts.rules = NULL;
	world.facts.has_balance = false;
	world.facts.sizing = NULL;
	world_run(&world);
	/* There is nothing to wait for: that is a verdict. */
	assert_int_equal(world.report.missing, MISSING_NOTHING);
	assert_int_equal(world.report.failures, 1);
	assert_string_equal(world_verdict(&world, "symbol")->code, "symbol.unknown");
	assert_string_equal(world_verdict(&world, "symbol")->message, "the exchange lists no BTCUSDC");
	assert_non_null(world_verdict(&world, "client"));
	assert_null(world_verdict(&world, "size"));
	assert_null(world_verdict(&world, "stop"));
	assert_null(world_verdict(&world, "price"));
}

static void
says_why_no_size_can_be_computed_and_leaves_the_rest_unjudged(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.intent.stop_price = dec("51000");
	world_size(&world);
	assert_null(world.facts.sizing);
	assert_guard(&world, "size", "size.impossible", "the stop of a buy belongs below its entry");
	assert_string_equal(world_verdict(&world, "stop")->code, "stop.wrong_side");
	assert_null(world_verdict(&world, "risk"));
	assert_null(world_verdict(&world, "filters"));
	assert_null(world_verdict(&world, "balance"));
	assert_null(world_verdict(&world, "exposure"));
	assert_null(world_verdict(&world, "budget"));
	assert_null(world_verdict(&world, "limits"));
	world.facts.sizing_error = NULL;
	assert_guard(&world, "size", "size.impossible", "no size can be computed");
}

static void
makes_text_from_outside_harmless(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	text_copy(world.rules.unknown_filters, sizeof world.rules.unknown_filters, "NEW\x1b[2J");
	text_copy(world.rules.status_text, sizeof world.rules.status_text, "A\nB");
	assert_guard(&world, "symbol", "symbol.unknown_filter", "NEW?[2J");
	assert_non_null(strstr(world_verdict(&world, "symbol")->details, "status=A?B; tick=0.01"));
}

/* ---- every reason, provoked once ---- */

static void client_invalid(struct world *w) { w->facts.client_id = 0; }
static void client_other(struct world *w) { w->intent.client_id = 2; }
static void paused(struct world *w) { w->facts.policy.is_paused = true; }
static void
live(struct world *w)
{
	w->intent.mode = MODE_LIVE;
	w->facts.policy.is_live_switch_on = true;
}
static void pattern_live(struct world *w) { live(w); w->intent.source = SOURCE_PATTERN; }
static void live_off(struct world *w) { live(w); w->facts.policy.is_live_switch_on = false; }
static void
short_trade(struct world *w)
{
	w->intent.side = SIDE_SELL;
	w->intent.stop_price = dec("52000");
	w->intent.target_price = dec("44000");
}
static void sell_live(struct world *w) { live(w); short_trade(w); }
static void unknown(struct world *w) { w->facts.is_symbol_unknown = true; }
static void not_trading(struct world *w) { w->rules.status = SYMBOL_HALT; }
static void no_limit(struct world *w) { w->rules.can_limit = false; }
static void
no_stops(struct world *w)
{
	live(w);
	w->rules.can_stop_loss = w->rules.can_stop_loss_limit = false;
}
static void
unknown_filter(struct world *w)
{
	text_copy(w->rules.unknown_filters, sizeof w->rules.unknown_filters, "T_PLUS_SELL");
}
static void bad_side(struct world *w) { memset(&w->intent.side, 0x7F, sizeof w->intent.side); }
static void no_entry(struct world *w) { w->intent.entry_price = dec("0"); }
static void no_target(struct world *w) { w->intent.target_price = dec("0"); }
static void no_capital(struct world *w) { w->intent.capital = dec("0"); }
static void
typed(struct world *w, const char *quantity)
{
	w->intent.has_typed_quantity = true;
	w->intent.typed_quantity = dec(quantity);
}
static void typed_nothing(struct world *w) { typed(w, "0"); }
static void
sure(struct world *w)
{
	w->intent.has_confidence = true;
	w->intent.confidence = dec("1.1");
}
static void no_reason(struct world *w) { w->intent.reason[0] = '\0'; }
static void no_stop(struct world *w) { w->intent.stop_price = dec("0"); }
static void stop_above(struct world *w) { w->intent.stop_price = dec("50100"); }
static void stop_close(struct world *w) { w->intent.stop_price = dec("49999"); }
static void stop_far(struct world *w) { w->intent.stop_price = dec("40000"); }
static void
stop_strategy(struct world *w)
{
	w->strategy.has_stop_loss_percent = true;
	w->strategy.stop_loss_percent = dec("3");
}
static void crossed(struct world *w) { w->quote.bid = dec("48000"); }
static void stop_near(struct world *w) { w->intent.stop_price = dec("49800"); }
static void target_below(struct world *w) { w->intent.target_price = dec("49000"); }
static void target_low(struct world *w) { w->intent.target_price = dec("51000"); }
static void tiny(struct world *w) { w->intent.capital = dec("1"); }
static void typed_much(struct world *w) { typed(w, "0.05"); }
static void typed_off(struct world *w) { typed(w, "0.010001"); }
static void
shrunk(struct world *w)
{
	w->facts.occasion = OCCASION_EXECUTE;
	w->intent.quantity = dec("1");
}
static void capped(struct world *w) { w->facts.balance_free = dec("1000"); }
static void
cautious(struct world *w)
{
	typed(w, "0.04");
	w->facts.risk_limit_percent = dec("0.5");
}
static void strategy_unknown(struct world *w) { w->facts.is_strategy_missing = true; }
static void inactive(struct world *w) { w->strategy.is_active = false; }
static void
no_settings(struct world *w)
{
	w->strategy.has_risk_percent = w->strategy.has_max_drawdown_percent = false;
}
static void out_of_range(struct world *w) { w->strategy.max_drawdown_percent = dec("101"); }
static void drawdown(struct world *w) { w->facts.strategy_drawdown_percent = dec("20"); }
static void wide_drawdown(struct world *w) { w->strategy.max_drawdown_percent = dec("51"); }
static void
wide_stop(struct world *w)
{
	w->strategy.has_stop_loss_percent = true;
	w->strategy.stop_loss_percent = dec("11");
}
static void
wide_position(struct world *w)
{
	w->strategy.has_max_position_percent = true;
	w->strategy.max_position_percent = dec("51");
}
static void entry_tick(struct world *w) { w->intent.entry_price = dec("50000.005"); }
static void entry_price(struct world *w) { w->rules.price_max = dec("49999"); }
static void stop_tick(struct world *w) { w->intent.stop_price = dec("48000.005"); }
static void stop_price(struct world *w) { w->rules.price_min = dec("48001"); }
static void target_tick(struct world *w) { w->intent.target_price = dec("56000.005"); }
static void target_price(struct world *w) { w->rules.price_max = dec("55999"); }
static void percent_price(struct world *w) { w->rules.bid_multiplier_down = dec("1.1"); }
static void
exit_percent_price(struct world *w)
{
	w->rules.can_stop_loss = false;
	w->rules.ask_multiplier_down = dec("0.96");
}
static void on_live(struct world *w) { w->intent.mode = MODE_LIVE; w->facts.policy.is_live_switch_on = true; }
static void target_percent_price(struct world *w) { on_live(w); w->rules.ask_multiplier_up = dec("1.1"); }
static void target_notional_max(struct world *w) { on_live(w); w->rules.notional_max = dec("2400"); }
static void
max_order_lists(struct world *w)
{
	on_live(w);
	w->rules.max_order_lists = w->facts.open_order_lists = 20;
}
static void lot_step(struct world *w) { w->rules.market_step = dec("0.001"); w->intent.entry_kind = ENTRY_MARKET; }
static void lot_min(struct world *w) { w->rules.lot_min = dec("1"); }
static void lot_max(struct world *w) { w->rules.lot_max = dec("0.01"); }
static void exit_lot(struct world *w) { w->rules.lot_min = dec("0.04766"); }
static void exit_lot_max(struct world *w) { w->rules.market_max = dec("0.01"); }
static void notional_min(struct world *w) { w->rules.notional_min = dec("2384"); }
static void notional_max(struct world *w) { w->rules.notional_max = dec("2382"); }
static void exit_notional(struct world *w) { w->rules.notional_min = dec("2100"); }
static void
exit_notional_max(struct world *w)
{
	short_trade(w);
	w->rules.notional_max = dec("2400");
	w->rules.notional_max_on_market = true;
}
static void max_orders(struct world *w) { w->rules.max_orders = 2; }
static void last_algo(struct world *w) { w->rules.max_algo_orders = 1; }
static void max_position(struct world *w) { w->rules.max_position = dec("0.04"); }
static void
poor(struct world *w)
{
	w->facts.balance_free = dec("2385");
	typed(w, "0.0477");
}
static void nearly_all(struct world *w) { w->facts.balance_free = dec("2500"); }
static void
market(struct world *w)
{
	w->intent.entry_kind = ENTRY_MARKET;
}
static void moved(struct world *w) { market(w); w->intent.planned_quote = dec("49000"); }
static void moving(struct world *w) { market(w); w->intent.planned_quote = dec("49850"); }
static void no_reference(struct world *w) { market(w); w->intent.planned_quote = dec("0"); }
static void open_risk(struct world *w) { w->facts.open_risk = dec("301"); }
static void concentrated(struct world *w) { w->facts.symbol_exposure = dec("4000"); }
static void same_symbol(struct world *w) { w->facts.symbol_open_count = 1; }
static void duplicate(struct world *w) { w->facts.duplicate_count = 1; }
static void exceeded(struct world *w) { w->facts.budget.left = dec("99"); }
static void nearly_used(struct world *w) { w->facts.budget.left = dec("99.999"); }
static void
orders(struct world *w)
{
	w->facts.has_orders_limit = true;
	w->facts.orders_limit = 5;
	w->facts.orders_today = 5;
}
static void orders_near(struct world *w) { orders(w); w->facts.orders_today = 3; }
static void
notional(struct world *w)
{
	w->facts.has_notional_limit = true;
	w->facts.notional_limit = dec("2382");
}
static void notional_near(struct world *w) { notional(w); w->facts.notional_limit = dec("2900"); }
static void
loss(struct world *w)
{
	w->facts.has_loss_limit = true;
	w->facts.loss_limit = dec("100");
	w->facts.loss_today = dec("101");
}
static void loss_near(struct world *w) { loss(w); w->facts.loss_today = dec("80"); }

static const struct {
	const char *code;
	void (*change)(struct world *world);
} provocations[] = {
	{ "client.invalid", client_invalid }, { "client.other", client_other },
	{ "trading-state.paused", paused },
	{ "policy.pattern_live", pattern_live }, { "policy.live_off", live_off },
	{ "policy.sell_live", sell_live },
	{ "symbol.unknown", unknown }, { "symbol.not_trading", not_trading },
	{ "symbol.order_type", no_limit }, { "symbol.no_stop_order", no_stops },
	{ "symbol.unknown_filter", unknown_filter },
	{ "fields.side", bad_side }, { "fields.entry", no_entry }, { "fields.target", no_target },
	{ "fields.capital", no_capital }, { "fields.quantity", typed_nothing },
	{ "fields.confidence", sure }, { "fields.no_reason", no_reason },
	{ "stop.missing", no_stop }, { "stop.wrong_side", stop_above }, { "stop.too_near", stop_close },
	{ "stop.too_far", stop_far }, { "stop.beyond_strategy", stop_strategy },
	{ "stop.crossed", crossed }, { "stop.near", stop_near },
	{ "target.wrong_side", target_below }, { "target.low_reward", target_low },
	{ "size.impossible", stop_above }, { "size.zero", tiny }, { "size.too_large", typed_much },
	{ "size.off_step", typed_off }, { "size.shrunk", shrunk }, { "size.capped", capped },
	{ "risk.above_rule", typed_much }, { "risk.above_limit", cautious },
	{ "strategy.unknown", strategy_unknown }, { "strategy.inactive", inactive },
	{ "strategy.no_settings", no_settings }, { "strategy.out_of_range", out_of_range },
	{ "strategy.drawdown", drawdown }, { "strategy.wide_drawdown", wide_drawdown },
	{ "strategy.wide_stop", wide_stop }, { "strategy.wide_position", wide_position },
	{ "filters.entry_tick", entry_tick }, { "filters.entry_price", entry_price },
	{ "filters.stop_tick", stop_tick }, { "filters.stop_price", stop_price },
	{ "filters.target_tick", target_tick }, { "filters.target_price", target_price },
	{ "filters.percent_price", percent_price }, { "filters.exit_percent_price", exit_percent_price },
	{ "filters.target_percent_price", target_percent_price },
	{ "filters.lot_step", lot_step }, { "filters.lot_min", lot_min }, { "filters.lot_max", lot_max },
	{ "filters.exit_lot", exit_lot }, { "filters.exit_lot_max", exit_lot_max },
	{ "filters.notional_min", notional_min }, { "filters.notional_max", notional_max },
	{ "filters.exit_notional", exit_notional },
	{ "filters.exit_notional_max", exit_notional_max },
	{ "filters.target_notional_max", target_notional_max }, { "filters.max_orders", max_orders },
	{ "filters.last_algo_slot", last_algo }, { "filters.max_order_lists", max_order_lists }, { "filters.max_position", max_position },
	{ "balance.too_low", poor }, { "balance.nearly_all", nearly_all },
	{ "price.moved", moved }, { "price.moving", moving }, { "price.no_reference", no_reference },
	{ "exposure.open_risk", open_risk }, { "exposure.concentrated", concentrated },
	{ "exposure.same_symbol", same_symbol }, { "duplicate.open", duplicate },
	{ "budget.exceeded", exceeded }, { "budget.nearly_used", nearly_used },
	{ "limits.orders", orders }, { "limits.notional", notional }, { "limits.loss", loss },
	{ "limits.orders_near", orders_near }, { "limits.notional_near", notional_near },
	{ "limits.loss_near", loss_near },
};

static void
gives_every_reason_of_its_table_when_provoked(void **state)
{
	(void)state;
	assert_true(guards_reason_count() >= 25);
	assert_int_equal(ARRAY_LEN(provocations), guards_reason_count());
	for (size_t i = 0; i < guards_reason_count(); i++) {
		struct guard_reason reason = guards_reason(i);
		struct world world;
		char guard[GUARD_NAME_SIZE];

		assert_string_equal(provocations[i].code, reason.code);
		text_copy(guard, sizeof guard, reason.code);
		assert_non_null(strchr(guard, '.'));
		*strchr(guard, '.') = '\0';
		world_init(&world);
		provocations[i].change(&world);
		world_size(&world);
		world_run(&world);
		const struct verdict *verdict = world_verdict(&world, guard);
		if (verdict == NULL || strcmp(verdict->code, reason.code) != 0)
			fail_msg("%s was not given: %s %s", reason.code,
			         verdict != NULL ? verdict->code : "not run",
			         verdict != NULL ? verdict->message : "");
		assert_int_equal(verdict->status, reason.status);
		assert_int_not_equal(reason.status, VERDICT_PASS);
		assert_true(verdict->message[0] != '\0');
		assert_true(strlen(reason.meaning) > 10);
	}
}

static void
has_codes_that_are_unique_and_belong_to_a_guard(void **state)
{
	(void)state;
	for (size_t i = 0; i < guards_reason_count(); i++) {
		const char *code = guards_reason(i).code;
		bool is_known = false;
		for (size_t j = 0; j < ARRAY_LEN(names); j++) {
			size_t len = strlen(names[j]);
			is_known |= strncmp(code, names[j], len) == 0 && code[len] == '.';
		}
		assert_true(is_known);
		assert_true(strlen(code) < sizeof ((struct verdict *)NULL)->code);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(code, guards_reason(j).code);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passes_a_sound_trade_with_every_guard_in_order),
		cmocka_unit_test(lists_every_guard_with_its_rule),
		cmocka_unit_test(counts_what_passed_what_warns_and_what_fails),
		cmocka_unit_test(names_missing_facts_instead_of_judging_without_them),
		cmocka_unit_test(names_all_missing_facts_together),
		cmocka_unit_test(judges_what_it_can_of_a_symbol_that_does_not_exist),
		cmocka_unit_test(says_why_no_size_can_be_computed_and_leaves_the_rest_unjudged),
		cmocka_unit_test(makes_text_from_outside_harmless),
		cmocka_unit_test(gives_every_reason_of_its_table_when_provoked),
		cmocka_unit_test(has_codes_that_are_unique_and_belong_to_a_guard),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
