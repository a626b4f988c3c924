/* Names of symbols, and rules where no exchange states any. */
#include "tests/core/decimals.h"

#include <string.h>

#include "core/symbol.h"

static void
splits_off_the_longest_known_quote_asset(void **state)
{
	static const struct { const char *symbol, *base, *quote; } cases[] = {
		{ "BTCUSDC", "BTC", "USDC" }, { "BTCUSDT", "BTC", "USDT" }, { "BTCUSD", "BTC", "USD" },
		{ "XRPETH", "XRP", "ETH" }, { "ETHBTC", "ETH", "BTC" }, { "BTCFDUSD", "BTC", "FDUSD" },
		{ "USDCUSDT", "USDC", "USDT" },
		{ "FOOBAR", "FOOBAR", "" },              /* unknown stays unknown */
		{ "USDT", "USDT", "" },                  /* a quote asset alone is no pair */
		{ "", "", "" },
	};
	char base[ASSET_SIZE], quote[ASSET_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		symbol_split(cases[i].symbol, base, quote);
		assert_string_equal(base, cases[i].base);
		assert_string_equal(quote, cases[i].quote);
	}
}

static void
splits_names_that_are_longer_than_any_without_harm(void **state)
{
	char name[80], base[ASSET_SIZE], quote[ASSET_SIZE];

	(void)state;
	memset(name, 'A', sizeof name);
	memcpy(name + sizeof name - 5, "USDC", 5);
	symbol_split(name, base, quote);
	assert_int_equal(strlen(base), ASSET_SIZE - 1);
	assert_string_equal(quote, "USDC");
}

static void
has_default_rules_that_allow_everything(void **state)
{
	struct symbol_rules rules;

	(void)state;
	memset(&rules, 0xA5, sizeof rules);
	symbol_rules_default(&rules, "BTCUSDC", dec("0.01"));
	assert_string_equal(rules.symbol, "BTCUSDC");
	assert_string_equal(rules.base, "BTC");
	assert_string_equal(rules.quote, "USDC");
	assert_int_equal(rules.status, SYMBOL_TRADING);
	assert_string_equal(rules.status_text, "TRADING");
	assert_decimal(rules.tick, "0.01");
	assert_decimal(rules.lot_step, "0.00000001");
	assert_true(rules.can_limit && rules.can_market && rules.can_stop_loss);
	assert_true(rules.can_stop_loss_limit && rules.can_take_profit && rules.oco_allowed);
	assert_true(rules.oto_allowed && rules.opo_allowed && rules.cancel_replace_allowed);
	assert_true(decimal_is_zero(rules.notional_min));
	assert_int_equal(rules.max_orders, 0);
	assert_string_equal(rules.unknown_filters, "");
	assert_int_equal(symbol_price_places(&rules), 2);
	assert_int_equal(symbol_quantity_places(&rules), 8);
}

static void
shows_eight_places_where_no_step_is_known(void **state)
{
	struct symbol_rules rules = { .tick = dec("0"), .lot_step = dec("0") };

	(void)state;
	assert_int_equal(symbol_price_places(&rules), 8);
	assert_int_equal(symbol_quantity_places(&rules), 8);
	rules.tick = dec("0.0010");
	rules.lot_step = dec("1");
	assert_int_equal(symbol_price_places(&rules), 3);
	assert_int_equal(symbol_quantity_places(&rules), 0);
}

static void
reads_names_and_raises_lower_case(void **state)
{
	static const struct { const char *text, *symbol; } cases[] = {
		{ "BTCUSDC", "BTCUSDC" }, { "btcusdc", "BTCUSDC" }, { "1000sats", "1000SATS" },
		{ "A1", "A1" }, { "ABCDEFGHIJKLMNOPQRSTUVWXYZ12345", "ABCDEFGHIJKLMNOPQRSTUVWXYZ12345" },
		{ "\xE5\xB8\x81\xE5\xAE\x89USDT", "\xE5\xB8\x81\xE5\xAE\x89USDT" },    /* Chinese */
		{ "\xC3\x80\xC3\x89", "\xC3\x80\xC3\x89" },
		{ "\xF0\xA0\x80\x80X", "\xF0\xA0\x80\x80X" },                          /* U+20000 */
	};
	char symbol[SYMBOL_SIZE];
	struct error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(symbol_parse(cases[i].text, symbol, &err), STATUS_OK);
		assert_string_equal(symbol, cases[i].symbol);
	}
}

static void
refuses_what_can_be_no_symbol_and_says_why(void **state)
{
	static const char *const bad[] = {
		"", "A", "\xE5\xB8\x81", "BTC/USDC", "BTC USDC", "BTC-USDC", "BTC\tUSDC", "BTC\x1b[2J",
		"BTCUSDC.", "[BTC", "BTC@", "BTC:", "\xFF\xFE",
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ123456",      /* 32 */
		"BTC\xC2\xA0USDC",                       /* no-break space */
		"BTC\xE2\x80\x8BUSDC",                   /* zero-width space */
		"BTC\xE3\x80\x80USDC",                   /* ideographic space */
		"BTC\xEE\x80\x80USDC",                   /* private use */
		"BTC\xEF\xB8\x8FUSDC",                   /* variation selector */
		"BTC\xEF\xBF\xBDUSDC",                   /* replacement character */
		"BTC\xF0\x9F\x98\x80",                   /* emoji */
		"BTC\xE2\xAF\xBF",                       /* U+2BFF, the last of the signs */
		"BTC\xE3\x80\x84",                       /* U+3004, the same */
		"BTC\xF3\xA0\x80\x80",                   /* U+E0000, the first of the tags */
		"BTC\xF3\xA0\x80\x81",                   /* tag */
	};
	char symbol[SYMBOL_SIZE] = "KEPT";
	struct error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		error_clear(&err);
		assert_int_equal(symbol_parse(bad[i], symbol, &err), STATUS_INVALID);
		assert_string_equal(err.field, "symbol");
		assert_int_equal(err.status, STATUS_INVALID);
		assert_true(strlen(err.message) > 0);
		assert_string_equal(symbol, "KEPT");
	}
	assert_int_equal(symbol_parse(NULL, symbol, &err), STATUS_INVALID);
	assert_int_equal(symbol_parse("BTC/USDC", symbol, NULL), STATUS_INVALID);
}

static void
rounds_a_stop_away_from_the_position(void **state)
{
	struct symbol_rules rules = { .tick = dec("0.05") };
	struct decimal got = dec("1");

	(void)state;
	assert_int_equal(symbol_stop_to_tick(&rules, SIDE_BUY, dec("99.99"), &got), STATUS_OK);
	assert_decimal(got, "99.95");
	assert_int_equal(symbol_stop_to_tick(&rules, SIDE_SELL, dec("99.96"), &got), STATUS_OK);
	assert_decimal(got, "100");
	assert_int_equal(symbol_stop_to_tick(&rules, SIDE_BUY, dec("99.95"), &got), STATUS_OK);
	assert_decimal(got, "99.95");
	assert_int_equal(symbol_stop_to_tick(&rules, SIDE_SELL, dec("99.95"), &got), STATUS_OK);
	assert_decimal(got, "99.95");
	rules.tick = dec("0");
	assert_int_equal(symbol_stop_to_tick(&rules, SIDE_SELL, dec("99.961"), &got), STATUS_OK);
	assert_decimal(got, "99.961");
}

/* A field that is forgotten here or there makes a change of the exchange's rules go unnoticed. */
static void
knows_rules_that_differ_in_any_field_but_when_they_were_learnt(void **state)
{
	struct symbol_rules one, other;

	(void)state;
	symbol_rules_default(&one, "BTCUSDC", dec("0.01"));
	other = one;
	other.learnt_at_ms = 1;
	assert_true(symbol_rules_equal(&one, &other));
	other = one;
	other.status = SYMBOL_HALT;
	assert_false(symbol_rules_equal(&one, &other));
#define DIFFERS_TEXT(field) \
	other = one, other.field[0] ^= 1, assert_false(symbol_rules_equal(&one, &other))
	DIFFERS_TEXT(symbol);
	DIFFERS_TEXT(base);
	DIFFERS_TEXT(quote);
	DIFFERS_TEXT(status_text);
	DIFFERS_TEXT(unknown_filters);
#define DIFFERS_FLAG(field) \
	other = one, other.field = !other.field, assert_false(symbol_rules_equal(&one, &other))
	DIFFERS_FLAG(can_limit);
	DIFFERS_FLAG(can_market);
	DIFFERS_FLAG(can_stop_loss);
	DIFFERS_FLAG(can_stop_loss_limit);
	DIFFERS_FLAG(can_take_profit);
	DIFFERS_FLAG(oco_allowed);
	DIFFERS_FLAG(oto_allowed);
	DIFFERS_FLAG(opo_allowed);
	DIFFERS_FLAG(cancel_replace_allowed);
	DIFFERS_FLAG(notional_min_on_market);
	DIFFERS_FLAG(notional_max_on_market);
#define DIFFERS_COUNT(field) \
	other = one, other.field++, assert_false(symbol_rules_equal(&one, &other))
	DIFFERS_COUNT(max_orders);
	DIFFERS_COUNT(max_algo_orders);
	DIFFERS_COUNT(max_order_lists);
#define DIFFERS_DECIMAL(field) \
	other = one, other.field.e16++, assert_false(symbol_rules_equal(&one, &other))
	DIFFERS_DECIMAL(tick);
	DIFFERS_DECIMAL(price_min);
	DIFFERS_DECIMAL(price_max);
	DIFFERS_DECIMAL(lot_step);
	DIFFERS_DECIMAL(lot_min);
	DIFFERS_DECIMAL(lot_max);
	DIFFERS_DECIMAL(market_step);
	DIFFERS_DECIMAL(market_min);
	DIFFERS_DECIMAL(market_max);
	DIFFERS_DECIMAL(notional_min);
	DIFFERS_DECIMAL(notional_max);
	DIFFERS_DECIMAL(bid_multiplier_up);
	DIFFERS_DECIMAL(bid_multiplier_down);
	DIFFERS_DECIMAL(ask_multiplier_up);
	DIFFERS_DECIMAL(ask_multiplier_down);
	DIFFERS_DECIMAL(max_position);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits_off_the_longest_known_quote_asset),
		cmocka_unit_test(splits_names_that_are_longer_than_any_without_harm),
		cmocka_unit_test(has_default_rules_that_allow_everything),
		cmocka_unit_test(shows_eight_places_where_no_step_is_known),
		cmocka_unit_test(reads_names_and_raises_lower_case),
		cmocka_unit_test(refuses_what_can_be_no_symbol_and_says_why),
		cmocka_unit_test(rounds_a_stop_away_from_the_position),
		cmocka_unit_test(knows_rules_that_differ_in_any_field_but_when_they_were_learnt),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
