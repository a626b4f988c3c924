/* The exchange's rules: each at its boundary, for the entry and for an exit at the stop. */
#include "tests/core/guard_world.h"

static void
typed(struct world *world, const char *quantity)
{
	world->intent.has_typed_quantity = true;
	world->intent.typed_quantity = dec(quantity);
	world_size(world);
}

/* 52,000 is the stop of a short, 44,000 its target. */
static void
make_short(struct world *world)
{
	world_init(world);
	world->intent.side = SIDE_SELL;
	world->intent.stop_price = dec("52000");
	world->intent.target_price = dec("44000");
	world_size(world);
}

static void
prices_are_on_the_tick(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.intent.entry_price = dec("50000.01");
	world_size(&world);
	assert_guard(&world, "filters", "filters.ok", "");
	world.intent.entry_price = dec("50000.011");
	world_size(&world);
	assert_guard(&world, "filters", "filters.entry_tick", "the entry 50000.011 is not a multiple of the tick 0.01");
	world_init(&world);
	world.intent.stop_price = dec("48000.001");
	world_size(&world);
	assert_guard(&world, "filters", "filters.stop_tick", "the stop 48000.001");
	world_init(&world);
	world.intent.target_price = dec("56000.001");
	assert_guard(&world, "filters", "filters.target_tick", "the target 56000.001");
	world.intent.has_target = false;
	assert_guard(&world, "filters", "filters.ok", "");
	world.rules.tick = dec("0");                 /* none is set */
	world.intent.stop_price = dec("48000.001");
	world_size(&world);
	assert_guard(&world, "filters", "filters.ok", "");
}

static void
a_market_entry_is_not_blamed_for_a_quote_off_the_tick(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.intent.entry_kind = ENTRY_MARKET;
	world.quote.ask = dec("50010.005");
	world.facts.slippage_percent = dec("0");
	world_size(&world);
	assert_guard(&world, "filters", "filters.ok", "");
}

static void
prices_are_within_the_exchanges_range(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.rules.price_min = dec("48000");
	world.rules.price_max = dec("56000");
	assert_guard(&world, "filters", "filters.ok", "");
	world.rules.price_min = dec("48000.01");
	assert_guard(&world, "filters", "filters.stop_price", "the stop 48000 is outside 48000.01 to 56000");
	world.rules.price_min = dec("50000.01");
	assert_guard(&world, "filters", "filters.entry_price", "the entry 50000 is outside");
	world.rules.price_min = dec("0");
	world.rules.price_max = dec("55999.99");
	assert_guard(&world, "filters", "filters.target_price", "the target 56000 is outside 0 to 55999.99");
	world.rules.price_min = dec("60000");
	world.rules.price_max = dec("0");
	assert_guard(&world, "filters", "filters.entry_price", "outside 60000 to any");
	make_short(&world);
	world.rules.price_max = dec("52000");
	assert_guard(&world, "filters", "filters.ok", "");
	world.rules.price_max = dec("51999.99");
	assert_guard(&world, "filters", "filters.stop_price", "");
}

static void
the_limit_of_a_stop_limit_order_is_within_the_range_too(void **state)
{
	struct world world;

	(void)state;
	/* 1 % below 48,000 is 47,520; above 52,000 it is 52,520 */
	world_init(&world);
	world.rules.can_stop_loss = false;
	world.rules.price_min = dec("47520");
	assert_guard(&world, "filters", "filters.ok", "");
	world.rules.price_min = dec("47520.01");
	assert_guard(&world, "filters", "filters.stop_price", "the stop's limit 47520 is outside");
	world.rules.can_stop_loss = true;            /* a plain stop has no limit */
	assert_guard(&world, "filters", "filters.ok", "");
	world.rules.can_stop_loss = world.rules.can_stop_loss_limit = false;
	assert_guard(&world, "filters", "filters.ok", "");
	make_short(&world);
	world.rules.can_stop_loss = false;
	world.rules.price_max = dec("52520");
	assert_guard(&world, "filters", "filters.ok", "");
	world.rules.price_max = dec("52519.99");
	assert_guard(&world, "filters", "filters.stop_price", "the stop's limit 52520");
	/* Rounded to the tick away from the position. */
	world_init(&world);
	world.rules.can_stop_loss = false;
	world.facts.stop_limit_percent = dec("0.00001");
	world.rules.price_min = dec("47999.99");     /* 47,999.9952 down */
	assert_guard(&world, "filters", "filters.ok", "");
	world.rules.price_min = dec("48000");
	assert_guard(&world, "filters", "filters.stop_price", "");
}

static void
a_stops_limit_that_can_not_be_computed_is_the_stop(void **state)
{
	struct world world;

	(void)state;
	make_short(&world);
	world.rules.can_stop_loss = false;
	world.rules.price_max = dec("52000");
	world.facts.stop_limit_percent = dec("999999999999999999");
	assert_guard(&world, "filters", "filters.ok", "");
	world.intent.stop_price = dec("999999999999999999");
	world.rules.price_max = dec("0");
	world.facts.stop_limit_percent = dec("1");
	world_run(&world);
	assert_non_null(world_verdict(&world, "filters"));
	/* a tick so coarse that the rounded limit does not fit */
	world.intent.stop_price = dec("990099009900990000");
	world.rules.tick = dec("999000000000000000");
	world_run(&world);
	assert_non_null(world_verdict(&world, "filters"));
}

static void
the_entry_is_near_the_middle_of_the_market(void **state)
{
	struct world world;

	(void)state;
	/* middle 50,000, so that multipliers are easily read */
	world_init(&world);
	world.quote.bid = dec("49990");
	world.quote.ask = dec("50010");
	world.intent.entry_price = dec("51000");
	world.intent.target_price = dec("60000");
	world_size(&world);
	world.rules.bid_multiplier_up = dec("1.02");
	world.rules.bid_multiplier_down = dec("0.98");
	assert_guard(&world, "filters", "filters.ok", "");
	world.rules.bid_multiplier_up = dec("1.0199");
	assert_guard(&world, "filters", "filters.percent_price", "the entry 51,000.00 is too far from the middle of the market, 50,000.00");
	assert_non_null(strstr(world_verdict(&world, "filters")->details, "middle=50000"));
	world.intent.entry_price = dec("49000");
	world_size(&world);
	assert_guard(&world, "filters", "filters.ok", "");
	world.rules.bid_multiplier_down = dec("0.9801");
	assert_guard(&world, "filters", "filters.percent_price", "");
	/* A sell is bound by the other pair. */
	make_short(&world);
	world.quote.bid = world.quote.ask = dec("50000");
	world.rules.bid_multiplier_up = dec("0.5");
	assert_guard(&world, "filters", "filters.ok", "");
	world.rules.ask_multiplier_up = dec("0.9999");
	assert_guard(&world, "filters", "filters.percent_price", "");
	/* Multipliers beyond any price bind nothing. */
	world.rules.ask_multiplier_up = world.rules.ask_multiplier_down = dec("999999999999999999");
	assert_guard(&world, "filters", "filters.ok", "");
}

static void
the_limit_of_a_stop_is_near_the_middle_of_the_market(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.quote.bid = world.quote.ask = dec("50000");
	world.rules.ask_multiplier_down = dec("0.9504");     /* 47,520 */
	world.rules.can_stop_loss = false;
	assert_guard(&world, "filters", "filters.ok", "");
	world.rules.ask_multiplier_down = dec("0.95041");
	assert_guard(&world, "filters", "filters.exit_percent_price", "the stop's limit 47,520.00 is too far");
	world.rules.can_stop_loss = true;
	assert_guard(&world, "filters", "filters.ok", "");
}

static void
the_quantity_is_on_the_lot(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	typed(&world, "0.04");
	world.rules.lot_min = world.rules.lot_max = dec("0.04");
	world.facts.fee_percent = dec("0");
	assert_guard(&world, "filters", "filters.ok", "");
	world.rules.lot_min = dec("0.04001");
	assert_guard(&world, "filters", "filters.lot_min", "0.04000 is below the minimum of 0.04001");
	world.rules.lot_min = dec("0");
	world.rules.lot_max = dec("0.03999");
	assert_guard(&world, "filters", "filters.lot_max", "0.04000 is above the maximum of 0.03999");
	world.rules.lot_max = dec("0");
	world.intent.typed_quantity = dec("0.040001");
	assert_guard(&world, "filters", "filters.lot_step", "0.040001 is not a multiple of the step 0.00001");
}

static void
a_market_entry_keeps_the_lots_of_market_orders_too(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	typed(&world, "0.04");
	world.rules.market_step = dec("0.03");
	world.rules.market_min = dec("0.01");
	assert_guard(&world, "filters", "filters.ok", "");   /* a limit entry; its exit sells 0.03 */
	world.intent.entry_kind = ENTRY_MARKET;
	world_size(&world);
	assert_guard(&world, "filters", "filters.lot_step", "0.04 is not a multiple of the step 0.03");
	world.rules.market_step = dec("0");
	world.rules.market_min = dec("0.04001");
	assert_guard(&world, "filters", "filters.lot_min", "0.04001");
	world.rules.market_min = dec("0");
	world.rules.market_max = dec("0.04");
	assert_guard(&world, "filters", "filters.ok", "");
	world.rules.market_max = dec("0.03999");
	assert_guard(&world, "filters", "filters.lot_max", "0.03999");
	world.rules.lot_max = dec("0.02");           /* the lower of the two */
	assert_guard(&world, "filters", "filters.lot_max", "0.02");
	world.rules.lot_max = dec("1");
	assert_guard(&world, "filters", "filters.lot_max", "0.03999");
}

static void
an_exit_can_sell_what_is_left_after_commission(void **state)
{
	struct world world;

	(void)state;
	/* 0.04 less 0.1 % is 0.03996 */
	world_init(&world);
	typed(&world, "0.04");
	world.rules.lot_min = dec("0.03996");
	assert_guard(&world, "filters", "filters.ok", "");
	assert_non_null(strstr(world_verdict(&world, "filters")->details, "exit_quantity=0.03996"));
	world.rules.lot_min = dec("0.03997");
	assert_guard(&world, "filters", "filters.exit_lot", "0.03996 after commission, below the minimum of 0.03997");
	world.rules.lot_min = dec("0");
	world.rules.market_min = dec("0.03997");
	assert_guard(&world, "filters", "filters.exit_lot", "0.03997");
	world.rules.market_min = dec("0");
	world.rules.market_max = dec("0.03996");
	assert_guard(&world, "filters", "filters.ok", "");
	world.rules.market_max = dec("0.03995");
	assert_guard(&world, "filters", "filters.exit_lot_max", "0.03996, above the maximum of a market order");
	/* One lot less commission is no lot at all. */
	world_init(&world);
	typed(&world, "0.00001");
	assert_guard(&world, "filters", "filters.exit_lot", "could send 0.00000");
	/* A short buys back all of it. */
	make_short(&world);
	typed(&world, "0.04");
	world.rules.lot_min = dec("0.04");
	assert_guard(&world, "filters", "filters.ok", "");
	assert_non_null(strstr(world_verdict(&world, "filters")->details, "exit_quantity=0.04"));
	/* A commission that does not fit leaves nothing. */
	world_init(&world);
	typed(&world, "0.04");
	world.facts.fee_percent = dec("-999999999999999999");
	world.intent.typed_quantity = dec("999999999999999");
	assert_guard(&world, "filters", "filters.exit_lot", "");
	world.facts.fee_percent = dec("-100");
	world.intent.typed_quantity = dec("999999999999999999");
	assert_guard(&world, "filters", "filters.exit_lot", "");
}

static void
an_exits_maximum_of_any_order_binds_a_short_too(void **state)
{
	struct world world;

	(void)state;
	/* 0.04 is sold in whole lots of 0.04; the exit is the same. */
	make_short(&world);
	typed(&world, "0.04");
	world.rules.lot_max = dec("0.04");
	assert_guard(&world, "filters", "filters.ok", "");
	world.rules.market_max = dec("0.03");
	assert_guard(&world, "filters", "filters.exit_lot_max", "");
}

static void
the_value_is_within_the_exchanges_bounds(void **state)
{
	struct world world;

	(void)state;
	/* 0.04 × 50,000 = 2,000; at the stop 0.03996 × 48,000 = 1,918.08, less a tenth 1,743.709... */
	world_init(&world);
	typed(&world, "0.04");
	world.rules.notional_min = dec("5");
	assert_guard(&world, "filters", "filters.ok", "notional 2,000.00, at least 5.00, at the stop too");
	assert_string_equal(world_verdict(&world, "filters")->details,
	                    "quantity=0.04; exit_quantity=0.03996; notional=2000; notional_at_stop=1918.08; "
	                    "notional_min=5");
	world.rules.notional_min = dec("2000.01");
	assert_guard(&world, "filters", "filters.notional_min", "worth 2,000.00, below the minimum of 2,000.01");
	world.rules.notional_min = dec("2000");
	assert_guard(&world, "filters", "filters.exit_notional", "worth 1,918.08 at the stop, less than 10 % above the minimum of 2,000.00");
	world.rules.notional_min = dec("1743.709090909090909");
	assert_guard(&world, "filters", "filters.ok", "");
	world.rules.notional_min = dec("1743.709090909090910");
	assert_guard(&world, "filters", "filters.exit_notional", "");
	/* Ten percent above the largest number is above anything. */
	world.rules.notional_min = dec("950000000000000000");
	world.intent.typed_quantity = dec("19600000000000");
	assert_guard(&world, "filters", "filters.exit_notional", "");
	world_init(&world);
	typed(&world, "0.04");
	world.rules.notional_min = dec("0");
	world.rules.notional_max = dec("2000");
	assert_guard(&world, "filters", "filters.ok", "");
	world.rules.notional_max = dec("1999.99");
	assert_guard(&world, "filters", "filters.notional_max", "worth 2,000.00, above the maximum of 1,999.99");
}

static void
the_maximum_value_binds_market_orders_only_where_it_says_so(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.intent.entry_kind = ENTRY_MARKET;
	typed(&world, "0.04");
	world.rules.notional_max = dec("1000");
	assert_guard(&world, "filters", "filters.ok", "");
	world.intent.mode = MODE_LIVE;               /* there it is sent as a limit order */
	assert_guard(&world, "filters", "filters.notional_max", "");
	world.intent.mode = MODE_DRY_RUN;
	world.rules.notional_max_on_market = true;
	assert_guard(&world, "filters", "filters.notional_max", "");
	/* The exit of a short is worth more than its entry: 2,080 against 2,000. */
	make_short(&world);
	typed(&world, "0.04");
	world.rules.notional_max = dec("2050");
	assert_guard(&world, "filters", "filters.ok", "");
	world.rules.notional_max_on_market = true;
	assert_guard(&world, "filters", "filters.exit_notional_max", "worth 2,080.00 at the stop, above");
	world.rules.notional_max = dec("2080");
	assert_guard(&world, "filters", "filters.ok", "");
	world.rules.notional_max_on_market = false;
	world.rules.notional_max = dec("2050");
	world.rules.can_stop_loss = false;           /* its stop needs a limit, which is bound */
	assert_guard(&world, "filters", "filters.exit_notional_max", "");
}

static void
a_value_that_does_not_fit_is_not_taken_for_a_good_one(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	world.intent.has_typed_quantity = true;
	world.intent.typed_quantity = dec("999999999999999999");
	world.rules.notional_min = dec("5");
	assert_guard(&world, "filters", "filters.notional_min", "");
}

static void
orders_have_room_and_the_last_stop_slot_stays_free(void **state)
{
	struct world world;

	(void)state;
	/* The entry, its stop and its target. */
	world_init(&world);
	world.rules.max_orders = 10;
	world.facts.open_orders = 7;
	assert_guard(&world, "filters", "filters.ok", "");
	world.facts.open_orders = 8;
	assert_guard(&world, "filters", "filters.max_orders", "8 orders are open in BTCUSDC, and 3 more go above the 10");
	world.intent.has_target = false;
	assert_guard(&world, "filters", "filters.ok", "");
	world.facts.open_orders = 9;
	assert_guard(&world, "filters", "filters.max_orders", "2 more");

	world_init(&world);
	world.rules.max_algo_orders = 5;
	world.facts.open_algo_orders = 3;
	assert_guard(&world, "filters", "filters.ok", "");
	world.facts.open_algo_orders = 4;
	assert_guard(&world, "filters", "filters.last_algo_slot", "4 of 5 stop orders are open in BTCUSDC");
	world.facts.open_algo_orders = 5;
	assert_guard(&world, "filters", "filters.last_algo_slot", "");
}

static struct world *
make_live(struct world *world)
{
	world_init(world);
	world->intent.mode = MODE_LIVE;
	world->facts.policy.is_live_switch_on = true;
	typed(world, "0.04");
	return world;
}

static void
on_live_a_slot_stays_free_to_move_the_stop(void **state)
{
	struct world world;

	(void)state;
	make_live(&world)->rules.max_orders = 10;
	world.facts.open_orders = 6;
	assert_guard(&world, "filters", "filters.ok", "");
	world.facts.open_orders = 7;
	assert_guard(&world, "filters", "filters.max_orders", "4 more go above the 10");
}

static void
on_live_there_is_room_for_its_order_list(void **state)
{
	struct world world;

	(void)state;
	make_live(&world)->rules.max_order_lists = 20;
	world.facts.open_order_lists = 19;
	assert_guard(&world, "filters", "filters.ok", "");
	world.facts.open_order_lists = 20;
	assert_guard(&world, "filters", "filters.max_order_lists", "20 order lists are open in BTCUSDC");
	world.intent.mode = MODE_DRY_RUN;
	assert_guard(&world, "filters", "filters.ok", "");
	/* Where no list will be made none needs room. */
	world.intent.mode = MODE_LIVE;
	world.rules.opo_allowed = false;
	assert_guard(&world, "filters", "filters.max_order_lists", "");
	world.rules.oto_allowed = false;
	assert_guard(&world, "filters", "filters.max_order_lists", "");     /* an OCO after the entry */
	world.intent.has_target = false;
	assert_guard(&world, "filters", "filters.ok", "");
	world.intent.has_target = true;
	world.rules.oco_allowed = false;
	assert_guard(&world, "filters", "filters.ok", "");
}

static void
on_live_the_target_is_an_order_and_keeps_its_rules(void **state)
{
	struct world world;

	(void)state;
	make_live(&world);
	world.quote.bid = world.quote.ask = dec("50000");
	world.rules.ask_multiplier_up = dec("1.12");             /* 56,000 */
	assert_guard(&world, "filters", "filters.ok", "");
	world.rules.ask_multiplier_up = dec("1.1199");
	assert_guard(&world, "filters", "filters.target_percent_price", "the target 56,000.00 is too far");
	world.intent.mode = MODE_DRY_RUN;
	assert_guard(&world, "filters", "filters.ok", "");
	world.intent.mode = MODE_LIVE;
	world.intent.has_target = false;
	assert_guard(&world, "filters", "filters.ok", "");
	/* 0.03996 x 56,000 */
	make_live(&world)->rules.notional_max = dec("2237.76");
	assert_guard(&world, "filters", "filters.ok", "");
	world.rules.notional_max = dec("2237.75");
	assert_guard(&world, "filters", "filters.target_notional_max", "the exchange's maximum of 2,237.75");
	world.intent.target_price = dec("999999999999999999");   /* a value that does not fit */
	world.intent.typed_quantity = dec("2");
	world.rules.notional_max = dec("999999999999999999");
	assert_guard(&world, "filters", "filters.target_notional_max", "");
}

static void
on_live_a_market_entry_keeps_the_lots_of_limit_orders(void **state)
{
	struct world world;

	(void)state;
	make_live(&world)->intent.entry_kind = ENTRY_MARKET;
	world_size(&world);
	world.rules.market_step = dec("0.03");                   /* of its exit, which sells 0.03 */
	assert_guard(&world, "filters", "filters.ok", "");
	world.intent.mode = MODE_DRY_RUN;
	assert_guard(&world, "filters", "filters.lot_step", "");
}

static void
the_position_stays_below_the_exchanges_maximum(void **state)
{
	struct world world;

	(void)state;
	world_init(&world);
	typed(&world, "0.04");
	world.rules.max_position = dec("1");
	world.facts.base_held = dec("0.96");
	assert_guard(&world, "filters", "filters.ok", "");
	world.facts.base_held = dec("0.96001");
	assert_guard(&world, "filters", "filters.max_position", "1.00001 held with this one, above the exchange's maximum of 1");
	world.rules.max_position = dec("0");
	assert_guard(&world, "filters", "filters.ok", "");
	make_short(&world);
	world.rules.max_position = dec("0.00001");
	assert_guard(&world, "filters", "filters.ok", "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prices_are_on_the_tick),
		cmocka_unit_test(a_market_entry_is_not_blamed_for_a_quote_off_the_tick),
		cmocka_unit_test(prices_are_within_the_exchanges_range),
		cmocka_unit_test(the_limit_of_a_stop_limit_order_is_within_the_range_too),
		cmocka_unit_test(a_stops_limit_that_can_not_be_computed_is_the_stop),
		cmocka_unit_test(the_entry_is_near_the_middle_of_the_market),
		cmocka_unit_test(the_limit_of_a_stop_is_near_the_middle_of_the_market),
		cmocka_unit_test(the_quantity_is_on_the_lot),
		cmocka_unit_test(a_market_entry_keeps_the_lots_of_market_orders_too),
		cmocka_unit_test(an_exit_can_sell_what_is_left_after_commission),
		cmocka_unit_test(an_exits_maximum_of_any_order_binds_a_short_too),
		cmocka_unit_test(the_value_is_within_the_exchanges_bounds),
		cmocka_unit_test(the_maximum_value_binds_market_orders_only_where_it_says_so),
		cmocka_unit_test(a_value_that_does_not_fit_is_not_taken_for_a_good_one),
		cmocka_unit_test(orders_have_room_and_the_last_stop_slot_stays_free),
		cmocka_unit_test(on_live_a_slot_stays_free_to_move_the_stop),
		cmocka_unit_test(on_live_there_is_room_for_its_order_list),
		cmocka_unit_test(on_live_the_target_is_an_order_and_keeps_its_rules),
		cmocka_unit_test(on_live_a_market_entry_keeps_the_lots_of_limit_orders),
		cmocka_unit_test(the_position_stays_below_the_exchanges_maximum),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
