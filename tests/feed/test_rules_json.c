/* exchangeInfo becomes rules: every filter, known and unknown, and every fault. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>
#include "base/text.h"
#include "feed/rules_json.h"

#define HEAD "\"symbol\":\"BTCUSDC\",\"baseAsset\":\"BTC\",\"quoteAsset\":\"USDC\","
#define TYPES "\"orderTypes\":[\"LIMIT\",\"MARKET\",\"STOP_LOSS_LIMIT\"],"

static enum status
read_symbol(const char *members, const char *filters, struct symbol_rules *ret, struct error *err)
{
	struct text text = { 0 };
	text_appendf(&text, "{\"symbols\":[{\"symbol\":\"X\"},{%s\"filters\":[%s]}]}", members, filters);
	json_t *root = json_loads(text.data, 0, NULL);
	if (root == NULL)
		fail_msg("the test's own JSON is wrong: %s", text.data);
	text_done(&text);
	enum status status = rules_find(root, "BTCUSDC", 77, ret, err);
	json_decref(root);
	return status;
}

static void
is(struct decimal value, const char *text)
{
	char got[DECIMAL_TEXT_SIZE];
	decimal_text(value, got);
	assert_string_equal(got, text);
}

static void
every_filter_of_the_documentation_is_read(void **state)
{
	(void)state;
	struct symbol_rules rules;
	struct error err = { 0 };
	assert_int_equal(read_symbol(HEAD TYPES "\"status\":\"TRADING\",\"ocoAllowed\":true,"
		"\"otoAllowed\":false,\"opoAllowed\":true,\"cancelReplaceAllowed\":true,",
		"{\"filterType\":\"PRICE_FILTER\",\"minPrice\":\"0.01\",\"maxPrice\":\"100000.00\",\"tickSize\":\"0.01000000\"},"
		"{\"filterType\":\"LOT_SIZE\",\"minQty\":\"0.00001\",\"maxQty\":\"9000\",\"stepSize\":\"0.00001\"},"
		"{\"filterType\":\"MARKET_LOT_SIZE\",\"minQty\":\"0.0\",\"maxQty\":\"120.5\",\"stepSize\":\"0\"},"
		"{\"filterType\":\"NOTIONAL\",\"minNotional\":\"5\",\"applyMinToMarket\":true,\"maxNotional\":\"9000000\",\"applyMaxToMarket\":false,\"avgPriceMins\":5},"
		"{\"filterType\":\"PERCENT_PRICE_BY_SIDE\",\"bidMultiplierUp\":\"1.2\",\"bidMultiplierDown\":\"0.2\",\"askMultiplierUp\":\"5\",\"askMultiplierDown\":\"0.8\",\"avgPriceMins\":1},"
		"{\"filterType\":\"MAX_NUM_ORDERS\",\"maxNumOrders\":200},"
		"{\"filterType\":\"MAX_NUM_ALGO_ORDERS\",\"maxNumAlgoOrders\":5},"
		"{\"filterType\":\"MAX_NUM_ORDER_LISTS\",\"maxNumOrderLists\":20},"
		"{\"filterType\":\"MAX_POSITION\",\"maxPosition\":\"10.5\"},"
		"{\"filterType\":\"TRAILING_DELTA\",\"minTrailingAboveDelta\":10},"
		"{\"filterType\":\"ICEBERG_PARTS\",\"limit\":10},"
		"{\"filterType\":\"MAX_NUM_ICEBERG_ORDERS\",\"maxNumIcebergOrders\":5},"
		"{\"filterType\":\"MAX_NUM_ORDER_AMENDS\",\"maxNumOrderAmends\":10}", &rules, &err), STATUS_OK);
	assert_string_equal(rules.base, "BTC");
	assert_string_equal(rules.quote, "USDC");
	assert_int_equal(rules.status, SYMBOL_TRADING);
	assert_string_equal(rules.status_text, "TRADING");
	is(rules.tick, "0.01"), is(rules.price_min, "0.01"), is(rules.price_max, "100000");
	is(rules.lot_step, "0.00001"), is(rules.lot_min, "0.00001"), is(rules.lot_max, "9000");
	is(rules.market_step, "0"), is(rules.market_min, "0"), is(rules.market_max, "120.5");
	is(rules.notional_min, "5"), is(rules.notional_max, "9000000");
	assert_true(rules.notional_min_on_market);
	assert_false(rules.notional_max_on_market);
	is(rules.bid_multiplier_up, "1.2"), is(rules.bid_multiplier_down, "0.2");
	is(rules.ask_multiplier_up, "5"), is(rules.ask_multiplier_down, "0.8");
	assert_int_equal(rules.max_orders, 200);
	assert_int_equal(rules.max_algo_orders, 5);
	assert_int_equal(rules.max_order_lists, 20);
	is(rules.max_position, "10.5");
	assert_true(rules.can_limit && rules.can_market && rules.can_stop_loss_limit);
	assert_false(rules.can_stop_loss || rules.can_take_profit);
	assert_true(rules.oco_allowed && rules.opo_allowed && rules.cancel_replace_allowed);
	assert_false(rules.oto_allowed);
	assert_string_equal(rules.unknown_filters, "");
	assert_int_equal(rules.learnt_at_ms, 77);
}

static void
the_older_filters_are_read_too(void **state)
{
	(void)state;
	struct symbol_rules rules;
	assert_int_equal(read_symbol(HEAD TYPES "\"status\":\"HALT\",",
		"{\"filterType\":\"MIN_NOTIONAL\",\"minNotional\":\"0.001\",\"applyToMarket\":true,\"avgPriceMins\":5},"
		"{\"filterType\":\"PERCENT_PRICE\",\"multiplierUp\":\"1.3\",\"multiplierDown\":\"0.7\",\"avgPriceMins\":5},"
		"{\"filterType\":\"MAX_NUM_ORDERS\",\"limit\":25}", &rules, NULL), STATUS_OK);
	is(rules.notional_min, "0.001");
	assert_true(rules.notional_min_on_market);
	is(rules.bid_multiplier_up, "1.3"), is(rules.ask_multiplier_down, "0.7");
	assert_int_equal(rules.max_orders, 25);
	assert_int_equal(rules.status, SYMBOL_HALT);
}

static void
states_other_than_trading_keep_their_word(void **state)
{
	(void)state;
	struct symbol_rules rules;
	assert_int_equal(read_symbol(HEAD TYPES "\"status\":\"BREAK\",", "", &rules, NULL), STATUS_OK);
	assert_int_equal(rules.status, SYMBOL_BREAK);
	assert_int_equal(read_symbol(HEAD TYPES "\"status\":\"CANCEL_\\u001bONLY\",", "", &rules, NULL),
	                 STATUS_OK);
	assert_int_equal(rules.status, SYMBOL_OTHER);
	assert_string_equal(rules.status_text, "CANCEL_?ONLY");
}

static void
an_unknown_filter_is_named_and_not_dropped(void **state)
{
	(void)state;
	struct symbol_rules rules;
	assert_int_equal(read_symbol(HEAD TYPES "\"status\":\"TRADING\",",
		"{\"filterType\":\"T_PLUS_SELL\"},{\"filterType\":\"NEW\\u0007ONE\",\"x\":1}", &rules, NULL),
		STATUS_OK);
	assert_string_equal(rules.unknown_filters, "T_PLUS_SELL NEW?ONE");
	struct text many = { 0 };
	for (int i = 0; i < 40; i++)
		text_appendf(&many, "%s{\"filterType\":\"FILTER_NUMBER_%d\"}", i ? "," : "", i);
	assert_int_equal(read_symbol(HEAD TYPES "\"status\":\"TRADING\",", many.data, &rules, NULL),
	                 STATUS_OK);
	assert_true(strlen(rules.unknown_filters) < sizeof rules.unknown_filters);
	text_done(&many);
}

static void
a_rule_that_cannot_be_read_is_an_error_with_its_field(void **state)
{
#define ALL HEAD TYPES "\"status\":\"TRADING\","
	static const struct { const char *members, *filters, *field; } faults[] = {
		{ "\"symbol\":\"BTCUSDC\",\"quoteAsset\":\"USDC\",", "", "baseAsset" },
		{ "\"symbol\":\"BTCUSDC\",\"baseAsset\":\"\",", "", "baseAsset" },
		{ "\"symbol\":\"BTCUSDC\",\"baseAsset\":\"ABCDEFGHIJKLMNOPQ\",", "", "baseAsset" },
		{ "\"symbol\":\"BTCUSDC\",\"baseAsset\":\"B\\u001bC\",", "", "baseAsset" },
		{ HEAD TYPES, "", "status" },
		{ HEAD "\"status\":\"TRADING\",", "", "orderTypes" },
		{ HEAD "\"status\":\"TRADING\",\"orderTypes\":[7],", "", "orderTypes" },
		{ ALL "\"ocoAllowed\":\"yes\",", "", "ocoAllowed" },
		{ ALL, "7", "filterType" },
		{ ALL, "{\"filterType\":\"PRICE_FILTER\",\"minPrice\":\"0\",\"maxPrice\":\"0\"}", "tickSize" },
		{ ALL, "{\"filterType\":\"PRICE_FILTER\",\"tickSize\":0.01}", "tickSize" },
		{ ALL, "{\"filterType\":\"PRICE_FILTER\",\"tickSize\":\"-0.01\"}", "tickSize" },
		{ ALL, "{\"filterType\":\"LOT_SIZE\",\"stepSize\":\"1\",\"minQty\":\"x\"}", "minQty" },
		{ ALL, "{\"filterType\":\"NOTIONAL\",\"minNotional\":null}", "minNotional" },
		{ ALL, "{\"filterType\":\"MAX_NUM_ORDERS\",\"maxNumOrders\":-1}", "maxNumOrders" },
		{ ALL, "{\"filterType\":\"MAX_NUM_ALGO_ORDERS\",\"maxNumAlgoOrders\":99999999999}",
		  "maxNumAlgoOrders" },
		{ ALL, "{\"filterType\":\"MAX_POSITION\"}", "maxPosition" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		struct symbol_rules rules;
		struct error err = { 0 };
		if (read_symbol(faults[i].members, faults[i].filters, &rules, &err) != STATUS_INVALID ||
		    strcmp(err.field, faults[i].field) != 0)
			fail_msg("%s %s: %d '%s' field '%s'", faults[i].members, faults[i].filters,
			         (int)err.status, err.message, err.field);
	}
}

static void
a_symbol_that_is_not_listed_is_not_found(void **state)
{
	(void)state;
	struct symbol_rules rules;
	json_t *root = json_loads("{\"symbols\":[{\"symbol\":\"ETHUSDC\"},7,{}]}", 0, NULL);
	assert_int_equal(rules_find(root, "BTCUSDC", 0, &rules, NULL), STATUS_NOT_FOUND);
	json_decref(root);
	root = json_loads("{}", 0, NULL);
	assert_int_equal(rules_find(root, "BTCUSDC", 0, &rules, NULL), STATUS_INVALID);
	json_decref(root);
}

static void
the_weight_of_a_minute_is_found_among_the_limits(void **state)
{
	(void)state;
	json_t *root = json_loads("{\"rateLimits\":["
		"{\"rateLimitType\":\"RAW_REQUESTS\",\"interval\":\"MINUTE\",\"intervalNum\":5,\"limit\":61000},"
		"{\"rateLimitType\":\"REQUEST_WEIGHT\",\"interval\":\"MINUTE\",\"intervalNum\":1,\"limit\":6000}]}",
		0, NULL);
	assert_int_equal(rules_weight_limit(root), 6000);
	json_decref(root);
	root = json_loads("{\"rateLimits\":[7,{},{\"rateLimitType\":\"REQUEST_WEIGHT\",\"interval\":"
	                  "\"MINUTE\",\"intervalNum\":1,\"limit\":-5}]}", 0, NULL);
	assert_int_equal(rules_weight_limit(root), 0);
	json_decref(root);
	root = json_loads("{}", 0, NULL);
	assert_int_equal(rules_weight_limit(root), 0);
	json_decref(root);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_filter_of_the_documentation_is_read),
		cmocka_unit_test(the_older_filters_are_read_too),
		cmocka_unit_test(states_other_than_trading_keep_their_word),
		cmocka_unit_test(an_unknown_filter_is_named_and_not_dropped),
		cmocka_unit_test(a_rule_that_cannot_be_read_is_an_error_with_its_field),
		cmocka_unit_test(a_symbol_that_is_not_listed_is_not_found),
		cmocka_unit_test(the_weight_of_a_minute_is_found_among_the_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
