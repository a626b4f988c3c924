/* The paper exchange: prices, parts, fees, refusals, latency, restarts. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"
#include "tests/exchange/paper_bench.h"
#include "tests/exchange/recorder.h"

struct world {
	struct bench_clock clock;
	struct exchange *exchange;
	struct recorder recorder;
	struct decimal free;
	enum status free_status;
};

static void
open_with(struct world *world, const struct paper_settings *settings)
{
	struct desk_clock clock = bench_desk_clock(&world->clock);
	if (world->exchange != NULL)
		world->exchange->ops->close(world->exchange);
	world->exchange = paper_open(settings, &clock, NULL);
	assert_non_null(world->exchange);
	world->exchange->listener = recorder_listener(&world->recorder);
	struct symbol_rules rules = bench_rules();
	world->exchange->ops->rules(world->exchange, &rules);
}

static int
set_up(void **state)
{
	struct world *world = calloc(1, sizeof *world);
	assert_non_null(world);
	world->clock = (struct bench_clock){ .wall_ms = 1700000000000, .mono_ms = 5000 };
	recorder_init(&world->recorder);
	struct paper_settings settings = bench_settings();
	open_with(world, &settings);
	*state = world;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *world = *state;
	world->exchange->ops->close(world->exchange);
	recorder_done(&world->recorder);
	free(world);
	return 0;
}

static void
quote(struct world *world, const char *bid, const char *ask)
{
	bench_quote(world->exchange, &world->clock, bid, ask);
}

static const struct exchange_report *
turn(struct world *world)
{
	bench_turn(world->exchange, &world->clock);
	return world->recorder.count > 0 ? recorder_last(&world->recorder) : NULL;
}

static void
submit(struct world *world, const struct order *order)
{
	struct error err;
	assert_int_equal(world->exchange->ops->submit(world->exchange, order, &err), STATUS_OK);
}

static const struct exchange_report *
submit_and_turn(struct world *world, const struct order *order)
{
	submit(world, order);
	return turn(world);
}

static void
assert_decimal(struct decimal got, const char *wanted)
{
	char text[DECIMAL_TEXT_SIZE];
	decimal_text(got, text);
	assert_string_equal(text, wanted);
}

/* ---- prices and fees ---- */

static void
buys_at_the_ask_and_sells_at_the_bid_with_the_taker_fee_in_the_quote_asset(void **state)
{
	struct world *world = *state;
	quote(world, "88200.00", "88210.00");
	struct order buy = make_order("b", SIDE_BUY, ORDER_LIMIT, TIF_FOK, "0.00555", "88300.00");
	const struct exchange_report *report = submit_and_turn(world, &buy);
	assert_int_equal(report->state, ORDER_FILLED);
	assert_int_equal(report->fill_count, 1);
	assert_decimal(report->fills[0].price, "88210");
	assert_decimal(report->fills[0].commission, "0.4895655");      /* 88210 x 0.00555 x 0.001 */
	assert_decimal(report->fills[0].fee_quote, "0.4895655");
	assert_string_equal(report->fills[0].commission_asset, "USDC");
	assert_int_equal(report->fills[0].at_ms, world->clock.wall_ms);
	assert_false(report->fills[0].is_recovered);
	assert_false(report->fills[0].is_fee_estimated);

	struct order sell = make_order("s", SIDE_SELL, ORDER_MARKET, TIF_NONE, "0.00555", NULL);
	sell.purpose = PURPOSE_EXIT;
	report = submit_and_turn(world, &sell);
	assert_int_equal(report->state, ORDER_FILLED);
	assert_decimal(report->fills[0].price, "88200");
}

static void
rounds_a_fee_that_does_not_fit_sixteen_places_up(void **state)
{
	struct world *world = *state;
	struct paper_settings settings = bench_settings();
	settings.fee_percent = dec("0.0000000000123");
	open_with(world, &settings);
	quote(world, "100.00", "100.01");
	struct order buy = make_order("b", SIDE_BUY, ORDER_LIMIT, TIF_FOK, "0.12345", "100.01");
	const struct exchange_report *report = submit_and_turn(world, &buy);
	/* 12.3462345 x 1.23e-13 = 1.5185868435e-12: up at the 16th place */
	assert_decimal(report->fills[0].commission, "0.0000000000015186");
}

static void
worsens_prices_by_the_slippage_to_the_tick_against_the_order(void **state)
{
	struct world *world = *state;
	struct paper_settings settings = bench_settings();
	settings.slippage_percent = dec("0.013");
	open_with(world, &settings);
	quote(world, "100.00", "100.01");
	struct order buy = make_order("b", SIDE_BUY, ORDER_MARKET, TIF_NONE, "1", NULL);
	assert_decimal(submit_and_turn(world, &buy)->fills[0].price, "100.03");   /* 100.0230013 */
	struct order sell = make_order("s", SIDE_SELL, ORDER_MARKET, TIF_NONE, "1", NULL);
	assert_decimal(submit_and_turn(world, &sell)->fills[0].price, "99.98");   /* 99.987 */
	/* A fill-or-kill order pays the slippage or is not filled. */
	struct order tight = make_order("t", SIDE_BUY, ORDER_LIMIT, TIF_FOK, "1", "100.02");
	assert_int_equal(submit_and_turn(world, &tight)->state, ORDER_EXPIRED);
	struct order loose = make_order("l", SIDE_BUY, ORDER_LIMIT, TIF_FOK, "1", "100.03");
	assert_int_equal(submit_and_turn(world, &loose)->state, ORDER_FILLED);
}

static void
sells_the_cheapest_coin_for_a_tick_at_least(void **state)
{
	struct world *world = *state;
	struct paper_settings settings = bench_settings();
	settings.slippage_percent = dec("5");
	open_with(world, &settings);
	struct symbol_rules rules = bench_rules();
	rules.lot_step = dec("1");
	rules.lot_max = rules.market_max = DECIMAL_ZERO;
	world->exchange->ops->rules(world->exchange, &rules);
	quote(world, "0.01", "0.02");
	struct order sell = make_order("s", SIDE_SELL, ORDER_MARKET, TIF_NONE, "1000", NULL);
	assert_decimal(submit_and_turn(world, &sell)->fills[0].price, "0.01");
}

static void
never_fills_a_resting_order_worse_than_its_limit(void **state)
{
	struct world *world = *state;
	struct paper_settings settings = bench_settings();
	settings.slippage_percent = dec("1");
	open_with(world, &settings);
	struct order buy = make_order("b", SIDE_BUY, ORDER_LIMIT, TIF_GTC, "1", "100.00");
	assert_int_equal(submit_and_turn(world, &buy)->state, ORDER_NEW);         /* without any price */
	quote(world, "100.00", "100.01");
	turn(world);
	assert_int_equal(world->recorder.count, 1);
	quote(world, "99.99", "100.00");
	assert_int_equal(turn(world)->state, ORDER_FILLED);
	assert_decimal(recorder_last(&world->recorder)->fills[0].price, "100");
	struct order sell = make_order("s", SIDE_SELL, ORDER_LIMIT, TIF_GTC, "1", "90.00");
	assert_decimal(submit_and_turn(world, &sell)->fills[0].price, "98.99");   /* 99.99 less 1 % */
}

static void
fills_at_exactly_the_recovered_price_and_marks_it(void **state)
{
	struct world *world = *state;
	struct order exit_order = make_order("x", SIDE_SELL, ORDER_MARKET, TIF_NONE, "0.5", NULL);
	exit_order.purpose = PURPOSE_EXIT;
	exit_order.has_recovered_price = true;
	exit_order.recovered_price = dec("87000.005");
	struct paper_settings settings = bench_settings();
	settings.slippage_percent = dec("1");
	settings.partial_fill_percent = dec("10");
	open_with(world, &settings);
	const struct exchange_report *report = submit_and_turn(world, &exit_order);   /* without a quote */
	assert_int_equal(report->state, ORDER_FILLED);
	assert_int_equal(report->fill_count, 1);
	assert_decimal(report->fills[0].price, "87000.005");
	assert_true(report->fills[0].is_recovered);
}

/* ---- parts ---- */

static void
fills_a_resting_order_one_part_per_quote(void **state)
{
	struct world *world = *state;
	struct paper_settings settings = bench_settings();
	settings.partial_fill_percent = dec("40");
	open_with(world, &settings);
	quote(world, "99.99", "100.00");
	struct order buy = make_order("b", SIDE_BUY, ORDER_LIMIT, TIF_GTC, "1.00001", "100.00");
	const struct exchange_report *report = submit_and_turn(world, &buy);
	assert_int_equal(report->request, ASKED_SUBMIT);
	assert_int_equal(report->state, ORDER_PARTIALLY_FILLED);
	assert_decimal(report->fills[0].quantity, "0.4");
	assert_false(world->exchange->ops->is_busy(world->exchange));
	turn(world);
	assert_int_equal(world->recorder.count, 1);
	quote(world, "99.98", "99.99");
	report = turn(world);
	assert_int_equal(report->request, ASKED_NOTHING);
	assert_int_equal(report->state, ORDER_PARTIALLY_FILLED);
	assert_int_equal(report->fill_count, 2);
	quote(world, "99.98", "99.99");
	report = turn(world);
	assert_int_equal(report->state, ORDER_FILLED);
	assert_int_equal(report->fill_count, 3);
	assert_decimal(report->fills[2].quantity, "0.20001");
	assert_string_equal(report->fills[0].exchange_trade_id, "b-0.4");
	assert_string_equal(report->fills[1].exchange_trade_id, "b-0.8");
	assert_string_equal(report->fills[2].exchange_trade_id, "b-1.00001");
	assert_int_equal(paper_resting_count(world->exchange), 0);
}

static void
fills_a_market_order_one_part_per_turn_without_any_new_price(void **state)
{
	struct world *world = *state;
	struct paper_settings settings = bench_settings();
	settings.partial_fill_percent = dec("30");
	open_with(world, &settings);
	quote(world, "100.00", "100.01");
	struct order sell = make_order("s", SIDE_SELL, ORDER_MARKET, TIF_NONE, "1", NULL);
	submit(world, &sell);
	int turns = 0;
	while (world->exchange->ops->is_busy(world->exchange) && turns < 20) {
		turn(world);
		turns++;
	}
	assert_int_equal(turns, 3);
	assert_int_equal(recorder_last(&world->recorder)->state, ORDER_FILLED);
	assert_int_equal(recorder_last(&world->recorder)->fill_count, 4);
	assert_int_equal(decimal_cmp(recorder_filled(&world->recorder, "s"), dec("1")), 0);
}

static void
expires_the_rest_of_a_market_order_when_the_price_goes_stale(void **state)
{
	struct world *world = *state;
	struct paper_settings settings = bench_settings();
	settings.partial_fill_percent = dec("30");
	open_with(world, &settings);
	quote(world, "100.00", "100.01");
	struct order sell = make_order("s", SIDE_SELL, ORDER_MARKET, TIF_NONE, "1", NULL);
	submit(world, &sell);
	world->clock.mono_ms += 10001;
	const struct exchange_report *report = turn(world);
	assert_int_equal(report->state, ORDER_EXPIRED);
	assert_int_equal(report->fill_count, 1);
	assert_decimal(report->fills[0].quantity, "0.3");
	assert_false(world->exchange->ops->is_busy(world->exchange));
}

static void
fills_fok_whole_and_ioc_in_part_whatever_the_share(void **state)
{
	struct world *world = *state;
	struct paper_settings settings = bench_settings();
	settings.partial_fill_percent = dec("30");
	open_with(world, &settings);
	quote(world, "100.00", "100.01");
	struct order fok = make_order("f", SIDE_BUY, ORDER_LIMIT, TIF_FOK, "1", "100.01");
	assert_int_equal(submit_and_turn(world, &fok)->fill_count, 1);
	assert_decimal(recorder_last(&world->recorder)->fills[0].quantity, "1");
	struct order ioc = make_order("i", SIDE_BUY, ORDER_LIMIT, TIF_IOC, "1", "100.01");
	const struct exchange_report *report = submit_and_turn(world, &ioc);
	assert_int_equal(report->state, ORDER_EXPIRED);
	assert_decimal(report->fills[0].quantity, "0.3");
}

static void
takes_at_least_one_step_per_part(void **state)
{
	struct world *world = *state;
	struct paper_settings settings = bench_settings();
	settings.partial_fill_percent = dec("1");
	open_with(world, &settings);
	struct symbol_rules rules = bench_rules();
	rules.lot_step = dec("0.5");
	world->exchange->ops->rules(world->exchange, &rules);
	quote(world, "100.00", "100.01");
	struct order buy = make_order("b", SIDE_BUY, ORDER_LIMIT, TIF_GTC, "1", "100.01");
	assert_decimal(submit_and_turn(world, &buy)->fills[0].quantity, "0.5");
}

/* ---- refusals ---- */

static void
assert_refused(struct world *world, const struct order *order, int code, const char *reason)
{
	const struct exchange_report *report = submit_and_turn(world, order);
	assert_int_equal(report->request, ASKED_SUBMIT);
	assert_int_equal(report->outcome, OUTCOME_REFUSED);
	assert_int_equal(report->state, ORDER_REJECTED);
	assert_int_equal(report->code, code);
	if (strstr(report->reason, reason) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", reason, report->reason);
	assert_int_equal(report->fill_count, 0);
}

static void
refuses_what_the_rules_of_the_symbol_refuse(void **state)
{
	struct world *world = *state;
	quote(world, "100.00", "100.01");
	static const struct {
		enum order_type type; enum time_in_force tif; const char *quantity, *price; int code;
		const char *reason;
	} cases[] = {
		{ ORDER_LIMIT, TIF_GTC, "1", "100.005", -1013, "PRICE_FILTER (price 100.005 is no multiple of 0.01)" },
		{ ORDER_LIMIT, TIF_GTC, "1", "1000000.01", -1013, "PRICE_FILTER (price 1000000.01 is above" },
		{ ORDER_LIMIT, TIF_GTC, "1", "0", -2010, "Price * QTY is zero or less." },
		{ ORDER_LIMIT, TIF_GTC, "0", "100", -2010, "Price * QTY is zero or less." },
		{ ORDER_LIMIT, TIF_GTC, "0.100001", "100", -1013, "LOT_SIZE (quantity 0.100001 is no multiple" },
		{ ORDER_LIMIT, TIF_GTC, "9000.00001", "100", -1013, "LOT_SIZE (quantity 9000.00001 is above" },
		{ ORDER_LIMIT, TIF_GTC, "0.04999", "100", -1013, "NOTIONAL (value 4.999 is below 5)" },
		{ ORDER_LIMIT, TIF_GTC, "9000", "1000.01", -1013, "NOTIONAL (value 9000090 is above" },
		{ ORDER_LIMIT, TIF_NONE, "1", "100", -1115, "Invalid timeInForce." },
		{ ORDER_LIMIT, TIF_GTC, "1", NULL, -1102, "Mandatory parameter 'price'" },
		{ ORDER_MARKET, TIF_NONE, "100.00001", NULL, -1013, "MARKET_LOT_SIZE (quantity 100.00001 is above" },
		{ ORDER_MARKET, TIF_NONE, "0.04999", NULL, -1013, "NOTIONAL" },
		{ ORDER_MARKET, TIF_IOC, "1", NULL, -1114, "TimeInForce" },
		{ ORDER_STOP_LOSS, TIF_NONE, "1", NULL, -2010, "Stop loss orders are not supported" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char id[16];
		text_format(id, sizeof id, "r-%zu", i);
		struct order order = make_order(id, SIDE_BUY, cases[i].type, cases[i].tif,
		                                cases[i].quantity, cases[i].price);
		assert_refused(world, &order, cases[i].code, cases[i].reason);
	}
	/* And takes what stands exactly on the limits. */
	struct order least = make_order("ok", SIDE_BUY, ORDER_LIMIT, TIF_GTC, "0.05", "100.00");
	assert_int_equal(submit_and_turn(world, &least)->state, ORDER_NEW);
}

static void
refuses_symbols_that_are_unknown_closed_or_without_the_order_type(void **state)
{
	struct world *world = *state;
	quote(world, "100.00", "100.01");
	struct order stranger = make_order("u", SIDE_BUY, ORDER_LIMIT, TIF_GTC, "1", "100");
	text_copy(stranger.symbol, sizeof stranger.symbol, "NOSUCHUSDC");
	assert_refused(world, &stranger, -1121, "Invalid symbol.");

	struct symbol_rules rules = bench_rules();
	rules.can_market = false;
	world->exchange->ops->rules(world->exchange, &rules);
	struct order market = make_order("m", SIDE_BUY, ORDER_MARKET, TIF_NONE, "1", NULL);
	assert_refused(world, &market, -2010, "Market orders are not supported");

	rules.can_limit = false;
	world->exchange->ops->rules(world->exchange, &rules);
	struct order limit = make_order("l", SIDE_BUY, ORDER_LIMIT, TIF_GTC, "1", "100");
	assert_refused(world, &limit, -1014, "Unsupported order combination.");

	rules = bench_rules();
	rules.status = SYMBOL_HALT;
	text_copy(rules.status_text, sizeof rules.status_text, "HALT");
	world->exchange->ops->rules(world->exchange, &rules);
	assert_refused(world, &market, -2010, "Market is closed. (BTCUSDC is HALT)");
}

static void
fills_nothing_while_the_symbol_is_halted(void **state)
{
	struct world *world = *state;
	struct order buy = make_order("b", SIDE_BUY, ORDER_LIMIT, TIF_GTC, "1", "100");
	submit_and_turn(world, &buy);
	struct symbol_rules rules = bench_rules();
	rules.status = SYMBOL_BREAK;
	world->exchange->ops->rules(world->exchange, &rules);
	quote(world, "90.00", "90.01");
	turn(world);
	assert_int_equal(world->recorder.count, 1);
}

static void
refuses_prices_too_far_from_the_market_and_too_many_resting_orders(void **state)
{
	struct world *world = *state;
	struct symbol_rules rules = bench_rules();
	rules.bid_multiplier_up = dec("1.2");
	rules.bid_multiplier_down = dec("0.5");
	rules.ask_multiplier_up = dec("2");
	rules.ask_multiplier_down = dec("0.8");
	rules.max_orders = 1;
	world->exchange->ops->rules(world->exchange, &rules);
	quote(world, "100.00", "100.00");
	struct order high = make_order("h", SIDE_BUY, ORDER_LIMIT, TIF_FOK, "1", "120.01");
	assert_refused(world, &high, -1013, "PERCENT_PRICE_BY_SIDE (price 120.01 is above 120)");
	struct order low = make_order("w", SIDE_SELL, ORDER_LIMIT, TIF_FOK, "1", "79.99");
	assert_refused(world, &low, -1013, "PERCENT_PRICE_BY_SIDE (price 79.99 is below 80)");
	struct order first = make_order("1", SIDE_BUY, ORDER_LIMIT, TIF_GTC, "1", "50");
	assert_int_equal(submit_and_turn(world, &first)->state, ORDER_NEW);
	struct order second = make_order("2", SIDE_BUY, ORDER_LIMIT, TIF_GTC, "1", "50");
	assert_refused(world, &second, -1013, "MAX_NUM_ORDERS");
}

static void
refuses_to_fill_at_once_without_a_fresh_price(void **state)
{
	struct world *world = *state;
	struct order none = make_order("n", SIDE_SELL, ORDER_MARKET, TIF_NONE, "1", NULL);
	assert_refused(world, &none, -1112, "No price for BTCUSDC");
	quote(world, "100.00", "100.01");
	world->clock.mono_ms += 10000;                       /* at the limit it still counts */
	struct order old = make_order("o", SIDE_BUY, ORDER_LIMIT, TIF_FOK, "1", "101");
	assert_int_equal(submit_and_turn(world, &old)->state, ORDER_FILLED);
	world->clock.mono_ms += 1;
	struct order stale = make_order("s", SIDE_BUY, ORDER_LIMIT, TIF_FOK, "1", "101");
	assert_refused(world, &stale, -1112, "No price for BTCUSDC");
}

static void
ignores_recovered_insane_and_outdated_quotes(void **state)
{
	struct world *world = *state;
	struct order buy = make_order("b", SIDE_BUY, ORDER_LIMIT, TIF_GTC, "1", "100");
	submit_and_turn(world, &buy);
	struct quote bad = { .symbol = "BTCUSDC", .bid = dec("90"), .ask = dec("91"),
	                     .asked_mono_ms = world->clock.mono_ms, .is_recovered = true };
	world->exchange->ops->quote(world->exchange, &bad);
	bad.is_recovered = false;
	bad.bid = dec("92");                                 /* above its ask */
	world->exchange->ops->quote(world->exchange, &bad);
	quote(world, "101.00", "101.01");
	bad.bid = dec("90");
	bad.asked_mono_ms -= 1;                              /* asked for before the last one */
	world->exchange->ops->quote(world->exchange, &bad);
	bad.asked_mono_ms -= 20000;
	world->exchange->ops->quote(world->exchange, &bad);
	turn(world);
	assert_int_equal(world->recorder.count, 1);
	assert_int_equal(paper_resting_count(world->exchange), 1);
}

static enum status
free_balance(void *self, int64_t client_id, const char *asset, struct decimal *ret)
{
	struct world *world = self;
	assert_int_equal(client_id, 1);
	assert_string_equal(asset, "USDC");
	*ret = world->free;
	return world->free_status;
}

static void
refuses_entries_that_cost_more_than_is_free_and_never_an_exit(void **state)
{
	struct world *world = *state;
	paper_set_balance(world->exchange, free_balance, world);
	quote(world, "100.00", "100.00");
	world->free = dec("100.1");                          /* 100 and its fee */
	struct order enough = make_order("e", SIDE_BUY, ORDER_LIMIT, TIF_FOK, "1", "100");
	assert_int_equal(submit_and_turn(world, &enough)->state, ORDER_FILLED);
	world->free = dec("100.0999999999999999");
	struct order poor = make_order("p", SIDE_SELL, ORDER_LIMIT, TIF_FOK, "1", "100");
	assert_refused(world, &poor, -2010, "Account has insufficient balance");
	struct order market = make_order("m", SIDE_BUY, ORDER_MARKET, TIF_NONE, "1", NULL);
	assert_refused(world, &market, -2010, "Account has insufficient balance");
	world->free_status = STATUS_UNAVAILABLE;
	assert_refused(world, &poor, -2010, "balance of the paper account is not known");
	struct order exit_order = make_order("x", SIDE_SELL, ORDER_MARKET, TIF_NONE, "1", NULL);
	exit_order.purpose = PURPOSE_EXIT;
	assert_int_equal(submit_and_turn(world, &exit_order)->state, ORDER_FILLED);
}

static void
refuses_once_what_a_test_asks_it_to_refuse(void **state)
{
	struct world *world = *state;
	quote(world, "100.00", "100.01");
	paper_refuse_next(world->exchange, -2010, "because");
	struct order order = make_order("a", SIDE_BUY, ORDER_LIMIT, TIF_FOK, "1", "101");
	assert_refused(world, &order, -2010, "because");
	assert_int_equal(submit_and_turn(world, &order)->state, ORDER_FILLED);
}

static void
takes_no_live_order(void **state)
{
	struct world *world = *state;
	struct order order = make_order("l", SIDE_BUY, ORDER_LIMIT, TIF_GTC, "1", "100");
	struct error err;
	order.mode = MODE_LIVE;
	assert_int_equal(world->exchange->ops->submit(world->exchange, &order, &err), STATUS_REFUSED);
	assert_false(world->exchange->ops->is_busy(world->exchange));
}

/* ---- latency ---- */

static void
looks_at_a_request_after_the_latency_and_fills_at_the_price_of_then(void **state)
{
	struct world *world = *state;
	struct paper_settings settings = bench_settings();
	settings.latency_ms = 250;
	open_with(world, &settings);
	quote(world, "100.00", "100.01");
	struct order buy = make_order("b", SIDE_BUY, ORDER_MARKET, TIF_NONE, "1", NULL);
	submit(world, &buy);
	assert_false(world->exchange->ops->is_busy(world->exchange));   /* only time can help */
	struct wait wait;
	wait_init(&wait);
	world->exchange->ops->prepare(world->exchange, &wait, 77);
	assert_int_equal(wait.deadline_mono_us, 77 + 250000);
	world->clock.mono_ms += 249;
	quote(world, "110.00", "110.01");
	assert_null(turn(world));
	world->clock.mono_ms += 1;
	assert_true(world->exchange->ops->is_busy(world->exchange));
	const struct exchange_report *report = turn(world);
	assert_decimal(report->fills[0].price, "110.01");
}

static void
keeps_requests_in_order_under_latency(void **state)
{
	struct world *world = *state;
	struct error err;
	struct paper_settings settings = bench_settings();
	settings.latency_ms = 10;
	open_with(world, &settings);
	struct order buy = make_order("b", SIDE_BUY, ORDER_LIMIT, TIF_GTC, "1", "100");
	submit(world, &buy);
	assert_int_equal(world->exchange->ops->cancel(world->exchange, &buy, &err), STATUS_OK);
	assert_int_equal(world->exchange->ops->query(world->exchange, &buy, &err), STATUS_OK);
	world->clock.mono_ms += 10;
	turn(world);
	assert_int_equal(world->recorder.count, 3);
	assert_int_equal(recorder_of(&world->recorder, 0)->state, ORDER_NEW);
	assert_int_equal(recorder_of(&world->recorder, 1)->state, ORDER_CANCELLED);
	assert_int_equal(recorder_of(&world->recorder, 2)->request, ASKED_QUERY);
	assert_int_equal(recorder_of(&world->recorder, 2)->state, ORDER_CANCELLED);
}

/* ---- restarts and memory ---- */

static void
lets_an_order_rest_again_after_a_restart_and_goes_on_counting_its_fills(void **state)
{
	struct world *world = *state;
	struct error err;
	struct order row = make_order("r", SIDE_BUY, ORDER_LIMIT, TIF_GTC, "1", "100");
	row.state = ORDER_PARTIALLY_FILLED;
	row.filled_quantity = dec("0.4");
	text_copy(row.exchange_order_id, sizeof row.exchange_order_id, "Pr");
	assert_int_equal(paper_restore(world->exchange, &row, &err), STATUS_OK);
	assert_int_equal(paper_restore(world->exchange, &row, &err), STATUS_OK);   /* the row is the truth */
	assert_int_equal(paper_resting_count(world->exchange), 1);
	assert_false(world->exchange->ops->is_busy(world->exchange));
	struct order again = make_order("r", SIDE_BUY, ORDER_LIMIT, TIF_GTC, "1", "100");
	assert_refused(world, &again, -2010, "Duplicate order sent.");
	quote(world, "99.00", "99.50");
	const struct exchange_report *report = turn(world);
	assert_int_equal(report->state, ORDER_FILLED);
	assert_int_equal(report->fill_count, 1);
	assert_string_equal(report->exchange_order_id, "Pr");
	assert_decimal(report->fills[0].quantity, "0.6");
	assert_string_equal(report->fills[0].exchange_trade_id, "r-1");
}

static void
lets_a_market_order_wait_for_the_first_price_after_a_restart(void **state)
{
	struct world *world = *state;
	struct error err;
	struct order row = make_order("r", SIDE_SELL, ORDER_MARKET, TIF_NONE, "1", NULL);
	row.state = ORDER_PARTIALLY_FILLED;
	row.filled_quantity = dec("0.4");
	assert_int_equal(paper_restore(world->exchange, &row, &err), STATUS_OK);
	assert_null(turn(world));
	assert_false(world->exchange->ops->is_busy(world->exchange));
	quote(world, "99.00", "99.50");
	assert_true(world->exchange->ops->is_busy(world->exchange));
	assert_int_equal(turn(world)->state, ORDER_FILLED);
	assert_decimal(recorder_last(&world->recorder)->fills[0].price, "99");
}

static void
restores_nothing_that_could_not_rest(void **state)
{
	struct world *world = *state;
	struct error err;
	struct order row = make_order("r", SIDE_BUY, ORDER_LIMIT, TIF_FOK, "1", "100");
	row.state = ORDER_NEW;
	assert_int_equal(paper_restore(world->exchange, &row, &err), STATUS_INVALID);
	row.tif = TIF_GTC;
	row.state = ORDER_FILLED;
	assert_int_equal(paper_restore(world->exchange, &row, &err), STATUS_INVALID);
	row.state = ORDER_NEW;
	row.mode = MODE_LIVE;
	assert_int_equal(paper_restore(world->exchange, &row, &err), STATUS_INVALID);
	row.mode = MODE_DRY_RUN;
	row.filled_quantity = row.quantity;
	assert_int_equal(paper_restore(world->exchange, &row, &err), STATUS_INVALID);
	assert_int_equal(paper_resting_count(world->exchange), 0);
}

static void
forgets_everything_but_prices_and_rules_when_it_is_told_to(void **state)
{
	struct world *world = *state;
	struct error err;
	quote(world, "100.00", "100.01");
	struct order rests = make_order("r", SIDE_BUY, ORDER_LIMIT, TIF_GTC, "1", "90");
	struct order ended = make_order("e", SIDE_BUY, ORDER_MARKET, TIF_NONE, "1", NULL);
	submit(world, &rests);
	submit(world, &ended);
	paper_forget(world->exchange);
	assert_false(world->exchange->ops->is_busy(world->exchange));
	assert_null(turn(world));
	assert_int_equal(paper_resting_count(world->exchange), 0);
	assert_int_equal(world->exchange->ops->query(world->exchange, &rests, &err), STATUS_OK);
	assert_int_equal(turn(world)->outcome, OUTCOME_NOT_FOUND);
	assert_int_equal(submit_and_turn(world, &ended)->state, ORDER_FILLED);

	struct paper_settings settings = bench_settings();
	settings.latency_ms = 100;
	open_with(world, &settings);
	submit(world, &rests);
	paper_forget(world->exchange);
	world->clock.mono_ms += 200;
	size_t before = world->recorder.count;
	turn(world);
	assert_int_equal(world->recorder.count, before);
}

static void
remembers_a_bounded_number_of_ended_orders(void **state)
{
	struct world *world = *state;
	struct error err;
	quote(world, "100.00", "100.01");
	for (int i = 0; i < 1030; i++) {
		char id[16];
		text_format(id, sizeof id, "o-%d", i);
		struct order order = make_order(id, SIDE_BUY, ORDER_LIMIT, TIF_FOK, "1", "101");
		submit(world, &order);
		world->recorder.count = 0;
		turn(world);
	}
	assert_int_equal(paper_ended_count(world->exchange), 1024);
	struct order oldest = make_order("o-0", SIDE_BUY, ORDER_LIMIT, TIF_FOK, "1", "101");
	assert_int_equal(world->exchange->ops->query(world->exchange, &oldest, &err), STATUS_OK);
	assert_int_equal(turn(world)->outcome, OUTCOME_NOT_FOUND);
}

static void
keeps_trade_ids_apart_and_short_enough_for_the_longest_order_ids(void **state)
{
	struct world *world = *state;
	struct paper_settings settings = bench_settings();
	settings.partial_fill_percent = dec("50");
	open_with(world, &settings);
	struct symbol_rules rules = bench_rules();
	rules.lot_step = dec("0.0000000000000001");
	rules.lot_min = rules.notional_min = DECIMAL_ZERO;
	world->exchange->ops->rules(world->exchange, &rules);
	quote(world, "0.00000001", "0.00000001");
	struct order order = make_order("r12345678-123456789012-entry1234567x", SIDE_BUY, ORDER_MARKET,
	                                TIF_NONE, "99.9999999999999998", NULL);
	order.has_price = false;
	submit(world, &order);
	turn(world);
	const struct exchange_report *report = turn(world);
	assert_int_equal(report->fill_count, 2);
	assert_string_equal(report->fills[0].exchange_trade_id,
	                    "-123456789012-entry1234567x-49.9999999999999999");
	assert_string_not_equal(report->fills[0].exchange_trade_id, report->fills[1].exchange_trade_id);
}

/* ---- the listener may act on what it is told ---- */

static void
submit_again(void *self, const struct exchange_report *report)
{
	struct world *world = self;
	world->recorder.count++;
	if (strcmp(report->client_order_id, "first") != 0)
		return;
	struct order next = make_order("second", SIDE_SELL, ORDER_MARKET, TIF_NONE, "1", NULL);
	submit(world, &next);
	assert_int_equal(world->recorder.count, 1);          /* not during this call */
	assert_int_equal(report->fill_count, 1);             /* and what it was told is still there */
	assert_decimal(report->fills[0].price, "100.01");
}

static void
tells_what_the_listener_causes_in_a_later_turn(void **state)
{
	struct world *world = *state;
	world->exchange->listener = (struct exchange_listener){ .self = world, .on_report = submit_again };
	quote(world, "100.00", "100.01");
	struct order first = make_order("first", SIDE_BUY, ORDER_MARKET, TIF_NONE, "1", NULL);
	submit(world, &first);
	bench_turn(world->exchange, &world->clock);
	assert_int_equal(world->recorder.count, 1);
	assert_true(world->exchange->ops->is_busy(world->exchange));
	bench_turn(world->exchange, &world->clock);
	assert_int_equal(world->recorder.count, 2);
}

static void
opens_with_sane_settings_only(void **state)
{
	(void)state;
	struct bench_clock clock = { 0, 0 };
	struct desk_clock desk_clock = bench_desk_clock(&clock);
	struct error err;
	struct paper_settings settings = bench_settings();
	settings.partial_fill_percent = DECIMAL_ZERO;
	assert_null(paper_open(&settings, &desk_clock, &err));
	assert_int_equal(err.status, STATUS_INVALID);
	settings = bench_settings();
	settings.latency_ms = -1;
	assert_null(paper_open(&settings, &desk_clock, &err));
	settings = bench_settings();
	settings.slippage_percent = dec("-1");
	assert_null(paper_open(&settings, &desk_clock, &err));
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(buys_at_the_ask_and_sells_at_the_bid_with_the_taker_fee_in_the_quote_asset),
		CASE(rounds_a_fee_that_does_not_fit_sixteen_places_up),
		CASE(worsens_prices_by_the_slippage_to_the_tick_against_the_order),
		CASE(sells_the_cheapest_coin_for_a_tick_at_least),
		CASE(never_fills_a_resting_order_worse_than_its_limit),
		CASE(fills_at_exactly_the_recovered_price_and_marks_it),
		CASE(fills_a_resting_order_one_part_per_quote),
		CASE(fills_a_market_order_one_part_per_turn_without_any_new_price),
		CASE(expires_the_rest_of_a_market_order_when_the_price_goes_stale),
		CASE(fills_fok_whole_and_ioc_in_part_whatever_the_share),
		CASE(takes_at_least_one_step_per_part),
		CASE(refuses_what_the_rules_of_the_symbol_refuse),
		CASE(refuses_symbols_that_are_unknown_closed_or_without_the_order_type),
		CASE(fills_nothing_while_the_symbol_is_halted),
		CASE(refuses_prices_too_far_from_the_market_and_too_many_resting_orders),
		CASE(refuses_to_fill_at_once_without_a_fresh_price),
		CASE(ignores_recovered_insane_and_outdated_quotes),
		CASE(refuses_entries_that_cost_more_than_is_free_and_never_an_exit),
		CASE(refuses_once_what_a_test_asks_it_to_refuse),
		CASE(takes_no_live_order),
		CASE(looks_at_a_request_after_the_latency_and_fills_at_the_price_of_then),
		CASE(keeps_requests_in_order_under_latency),
		CASE(lets_an_order_rest_again_after_a_restart_and_goes_on_counting_its_fills),
		CASE(lets_a_market_order_wait_for_the_first_price_after_a_restart),
		CASE(restores_nothing_that_could_not_rest),
		CASE(forgets_everything_but_prices_and_rules_when_it_is_told_to),
		CASE(remembers_a_bounded_number_of_ended_orders),
		CASE(keeps_trade_ids_apart_and_short_enough_for_the_longest_order_ids),
		CASE(tells_what_the_listener_causes_in_a_later_turn),
		CASE(opens_with_sane_settings_only),
	};
	return cmocka_run_group_tests_name("the paper exchange", tests, NULL, NULL);
}
