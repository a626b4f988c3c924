/* symbol, fields, stop, target, price: each at its boundary, just inside and just outside. */
#include "tests/core/guard_world.h"

static void
symbol_wants_trading_and_the_entrys_type_of_order(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	assert_guard(&world, "symbol", "symbol.ok", "BTCUSDC is TRADING, tick 0.01, lot 0.00001");
	world.rules.can_market = false;              /* a limit entry needs no market orders */
	assert_guard(&world, "symbol", "symbol.ok", "");
	world.intent.entry_kind = ENTRY_MARKET;
	assert_guard(&world, "symbol", "symbol.order_type", "takes no MARKET orders");
	world.rules.can_market = true;
	world.rules.can_limit = false;
	assert_guard(&world, "symbol", "symbol.ok", "");
	world.intent.mode = MODE_LIVE;               /* sent as a limit order at its worst fill */
	assert_guard(&world, "symbol", "symbol.order_type", "");
	world.intent.mode = MODE_DRY_RUN;
	world.intent.entry_kind = ENTRY_LIMIT;
	assert_guard(&world, "symbol", "symbol.order_type", "takes no LIMIT orders");

	world_init(&world);
	world.rules.status = SYMBOL_BREAK;
	text_copy(world.rules.status_text, sizeof world.rules.status_text, "BREAK");
	assert_guard(&world, "symbol", "symbol.not_trading", "BTCUSDC is BREAK");
	world.rules.status_text[0] = '\0';
	assert_guard(&world, "symbol", "symbol.not_trading", "not trading");
}

static void
symbol_wants_one_kind_of_stop_order_for_live(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.intent.mode = MODE_LIVE;
	world.rules.can_stop_loss = false;
	assert_guard(&world, "symbol", "symbol.ok", "");
	world.rules.can_stop_loss_limit = false;
	assert_guard(&world, "symbol", "symbol.no_stop_order", "could not be protected");
	world.rules.can_stop_loss = true;
	assert_guard(&world, "symbol", "symbol.ok", "");
	world.intent.mode = MODE_DRY_RUN;
	world.rules.can_stop_loss = false;
	assert_guard(&world, "symbol", "symbol.ok", "");
}

static void
fields_are_in_range_up_to_their_ends(void **state)
{
	static const struct { const char *confidence, *code; } cases[] = {
		{ "0", "fields.ok" }, { "1", "fields.ok" },
		{ "-0.0000000000000001", "fields.confidence" },
		{ "1.0000000000000001", "fields.confidence" },
	};
	struct world world;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		world_init(&world);
		world.intent.has_confidence = true;
		world.intent.confidence = dec(cases[i].confidence);
		assert_guard(&world, "fields", cases[i].code, "");
		world.intent.has_confidence = false;     /* what was not given is not judged */
		assert_guard(&world, "fields", "fields.ok", "");
	}
	world_init(&world);
	world.intent.side = SIDE_SELL;
	assert_guard(&world, "fields", "fields.ok", "");
	world.intent.has_target = false;
	world.intent.target_price = dec("0");
	assert_guard(&world, "fields", "fields.ok", "");
	world.intent.has_target = true;
	world.intent.target_price = dec("0.0000000000000001");
	assert_guard(&world, "fields", "fields.ok", "");
	world.intent.target_price = dec("-1");
	assert_guard(&world, "fields", "fields.target", "the target is -1");
	world_init(&world);
	world.intent.has_typed_quantity = true;
	world.intent.typed_quantity = dec("0.00001");
	assert_guard(&world, "fields", "fields.ok", "");
	world.intent.typed_quantity = dec("-0.00001");
	assert_guard(&world, "fields", "fields.quantity", "the quantity is -0.00001");
	world_init(&world);
	world.intent.capital = dec("-1");
	assert_guard(&world, "fields", "fields.capital", "the capital is -1");
	world_init(&world);
	world.intent.entry_price = dec("-1");
	assert_guard(&world, "fields", "fields.entry", "the entry price is -1");
	world_init(&world);
	world.intent.reason[0] = '\0';
	assert_guard(&world, "fields", "fields.no_reason", "write down why");
}

static void
stop_is_judged_at_each_boundary_of_its_distance(void **state)
{
	/* Of 50,000: 0.1 % is 50, 0.5 % is 250, 10 % is 5,000. */
	static const struct { enum side side; const char *stop, *code, *says; } cases[] = {
		{ SIDE_BUY, "50000.01", "stop.wrong_side", "the stop of a buy belongs below its entry of 50,000.00" },
		{ SIDE_BUY, "50000", "stop.wrong_side", "" },
		{ SIDE_BUY, "49999.99", "stop.too_near", "nearer than 0.1 %" },
		{ SIDE_BUY, "49950.01", "stop.too_near", "0.10 % below entry" },
		{ SIDE_BUY, "49950", "stop.near", "0.10 % below entry, nearer than 0.5 %" },
		{ SIDE_BUY, "49750.01", "stop.near", "" },
		{ SIDE_BUY, "49750", "stop.ok", "0.50 % below entry, tick-aligned" },
		{ SIDE_BUY, "45000", "stop.ok", "10.00 % below entry, tick-aligned" },
		{ SIDE_BUY, "44999.99", "stop.too_far", "further than 10 %" },
		{ SIDE_BUY, "47000.005", "stop.ok", "6.00 % below entry" },       /* off the tick: filters */
		{ SIDE_BUY, "0", "stop.missing", "every trade has one" },
		{ SIDE_BUY, "-1", "stop.missing", "" },
		{ SIDE_SELL, "50000", "stop.wrong_side", "the stop of a sell belongs above its entry" },
		{ SIDE_SELL, "49000", "stop.wrong_side", "" },
		{ SIDE_SELL, "50049.99", "stop.too_near", "above entry" },
		{ SIDE_SELL, "50050", "stop.near", "" },
		{ SIDE_SELL, "50249.99", "stop.near", "" },
		{ SIDE_SELL, "50250", "stop.ok", "0.50 % above entry" },
		{ SIDE_SELL, "55000", "stop.ok", "" },
		{ SIDE_SELL, "55000.01", "stop.too_far", "" },
	};
	struct world world;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		world_init(&world);
		world.intent.side = cases[i].side;
		world.intent.stop_price = dec(cases[i].stop);
		world.quote.bid = world.quote.ask = dec("50000");
		world_size(&world);
		assert_guard(&world, "stop", cases[i].code, cases[i].says);
	}
	world_init(&world);
	world.intent.stop_price = dec("47000.005");
	world_size(&world);
	world_run(&world);
	assert_null(strstr(world_verdict(&world, "stop")->message, "tick-aligned"));
	world.facts.rules = NULL;                    /* no tick is known: nothing is said of it */
	world.intent.stop_price = dec("47000");
	assert_guard(&world, "stop", "stop.ok", "below entry");
	assert_null(strstr(world_verdict(&world, "stop")->message, "tick-aligned"));
}

static void
stop_stays_within_the_strategys_limit(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.strategy.has_stop_loss_percent = true;
	world.strategy.stop_loss_percent = dec("4");
	assert_guard(&world, "stop", "stop.ok", "");
	world.strategy.stop_loss_percent = dec("3.9999999999999999");
	assert_guard(&world, "stop", "stop.beyond_strategy", "further than the 3.9999999999999999 % of All In");
	world.strategy.stop_loss_percent = dec("999999999999999999");    /* further than any price */
	assert_guard(&world, "stop", "stop.ok", "");
	world.strategy.has_stop_loss_percent = false;
	assert_guard(&world, "stop", "stop.ok", "");
	world.facts.strategy = NULL;
	assert_guard(&world, "stop", "stop.ok", "");
}

static void
stop_is_not_reached_by_the_price_already(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.quote.bid = dec("48000.01");
	assert_guard(&world, "stop", "stop.ok", "");
	world.quote.bid = dec("48000");
	assert_guard(&world, "stop", "stop.crossed", "the bid is 48,000.00: the stop at 48,000.00 is reached");
	world_init(&world);
	world.intent.side = SIDE_SELL;
	world.intent.stop_price = dec("52000");
	world_size(&world);
	world.quote.ask = dec("51999.99");
	assert_guard(&world, "stop", "stop.ok", "");
	world.quote.ask = dec("52000");
	assert_guard(&world, "stop", "stop.crossed", "the ask is 52,000.00");
}

static void
stop_of_a_market_entry_is_judged_from_its_worst_fill_now(void **state)
{
	struct world world;

	(void)state;
	/* ask 50,010 and 0.1 % of slippage: 50,060.01; 10 % of that is 5,006.00 */
	world_init(&world);
	world.intent.entry_kind = ENTRY_MARKET;
	world.intent.stop_price = dec("45054.01");
	world_size(&world);
	assert_guard(&world, "stop", "stop.ok", "");
	world.intent.stop_price = dec("45054");
	world_size(&world);
	assert_guard(&world, "stop", "stop.too_far", "");
	/* The same without a size: no balance is known. */
	world.facts.sizing = NULL;
	assert_guard(&world, "stop", "stop.too_far", "");
	world.intent.stop_price = dec("45054.01");
	assert_guard(&world, "stop", "stop.ok", "");
	/* Without rules, or with a slippage that can't be, the planned price has to do. */
	world.facts.rules = NULL;
	assert_guard(&world, "stop", "stop.ok", "9.89 % below entry");
	world.facts.rules = &world.rules;
	world.facts.slippage_percent = dec("100");
	assert_guard(&world, "stop", "stop.ok", "9.89 % below entry");
}

static void
target_wins_at_least_one_r(void **state)
{
	static const struct { enum side side; const char *stop, *target, *code, *says; } cases[] = {
		{ SIDE_BUY, "48000", "50000", "target.wrong_side", "the target of a buy belongs above its entry" },
		{ SIDE_BUY, "48000", "49000", "target.wrong_side", "" },
		{ SIDE_BUY, "48000", "50000.01", "target.low_reward", "wins 0.00 R" },
		{ SIDE_BUY, "48000", "51999.99", "target.low_reward", "wins 0.99 R, less than the 1 R" },
		{ SIDE_BUY, "48000", "52000", "target.ok", "1.00 R at 52,000.00" },
		{ SIDE_BUY, "48000", "56000", "target.ok", "3.00 R at 56,000.00" },
		{ SIDE_SELL, "52000", "50000", "target.wrong_side", "the target of a sell belongs below its entry" },
		{ SIDE_SELL, "52000", "48000.01", "target.low_reward", "" },
		{ SIDE_SELL, "52000", "48000", "target.ok", "1.00 R at 48,000.00" },
		{ SIDE_BUY, "50000", "56000", "target.ok", "on the winning side" },    /* no distance, no R */
	};
	struct world world;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		world_init(&world);
		world.intent.side = cases[i].side;
		world.intent.stop_price = dec(cases[i].stop);
		world.intent.target_price = dec(cases[i].target);
		world_size(&world);
		assert_guard(&world, "target", cases[i].code, cases[i].says);
	}
	world_init(&world);
	world.intent.has_target = false;
	assert_guard(&world, "target", "target.ok", "none: the stop or you will end it");
}

static void
price_of_a_market_entry_has_not_moved_too_far(void **state)
{
	/* From 50,000: 0.2 % is 100, 0.5 % is 250. */
	static const struct { enum side side; const char *bid, *ask, *code, *says; } cases[] = {
		{ SIDE_BUY, "49000", "50000", "price.ok", "0.3 s old, moved 0.00 % since planned" },
		{ SIDE_BUY, "49000", "50100", "price.ok", "moved 0.20 % since planned" },
		{ SIDE_BUY, "49000", "50100.01", "price.moving", "0.3 s old, moved 0.20 % since planned" },
		{ SIDE_BUY, "49000", "50250", "price.moving", "" },
		{ SIDE_BUY, "49000", "50250.01", "price.moved", "moved 0.50 % since planned, more than 0.5 %" },
		{ SIDE_BUY, "49000", "49900", "price.ok", "" },
		{ SIDE_BUY, "49000", "49899.99", "price.moving", "" },
		{ SIDE_BUY, "49000", "49749.99", "price.moved", "" },
		{ SIDE_SELL, "50000", "51000", "price.ok", "" },         /* a sell is entered at the bid */
		{ SIDE_SELL, "50100.01", "51000", "price.moving", "" },
		{ SIDE_SELL, "49749.99", "50000", "price.moved", "" },
	};
	struct world world;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		world_init(&world);
		world.intent.entry_kind = ENTRY_MARKET;
		world.intent.planned_quote = dec("50000");
		world.intent.side = cases[i].side;
		world.quote.bid = dec(cases[i].bid);
		world.quote.ask = dec(cases[i].ask);
		assert_guard(&world, "price", cases[i].code, cases[i].says);
	}
	world_init(&world);
	world.intent.entry_kind = ENTRY_MARKET;
	world.intent.planned_quote = dec("50000");
	world.quote.ask = dec("50300");
	world.facts.max_drift_percent = dec("0.6");
	assert_guard(&world, "price", "price.moving", "");
	world.quote.ask = dec("50300.01");
	assert_guard(&world, "price", "price.moved", "more than 0.6 %");
	world.intent.planned_quote = dec("0");
	assert_guard(&world, "price", "price.no_reference", "no price was known");
}

static void
price_of_a_limit_entry_passes_with_its_distance(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.intent.planned_quote = dec("10000");       /* what it was then is of no matter */
	assert_guard(&world, "price", "price.ok", "0.3 s old, limit 0.02 % below the market");
	world.quote.ask = dec("50000");
	world.quote.bid = dec("49999");
	assert_guard(&world, "price", "price.ok", "limit at the market");
	world.quote.ask = dec("49999");
	assert_guard(&world, "price", "price.ok", "limit 0.00 % above the market");
}

static void
prices_are_shown_with_the_places_that_they_need(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.rules.tick = dec("1");
	assert_guard(&world, "target", "target.ok", "3.00 R at 56,000.00");
	world.rules.tick = dec("0.0001");
	assert_guard(&world, "target", "target.ok", "3.00 R at 56,000.0000");
	world.facts.rules = NULL;
	world.intent.target_price = dec("56000.123");
	assert_guard(&world, "target", "target.ok", "at 56,000.123");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(symbol_wants_trading_and_the_entrys_type_of_order),
		cmocka_unit_test(symbol_wants_one_kind_of_stop_order_for_live),
		cmocka_unit_test(fields_are_in_range_up_to_their_ends),
		cmocka_unit_test(stop_is_judged_at_each_boundary_of_its_distance),
		cmocka_unit_test(stop_stays_within_the_strategys_limit),
		cmocka_unit_test(stop_is_not_reached_by_the_price_already),
		cmocka_unit_test(stop_of_a_market_entry_is_judged_from_its_worst_fill_now),
		cmocka_unit_test(target_wins_at_least_one_r),
		cmocka_unit_test(price_of_a_market_entry_has_not_moved_too_far),
		cmocka_unit_test(price_of_a_limit_entry_passes_with_its_distance),
		cmocka_unit_test(prices_are_shown_with_the_places_that_they_need),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
