/* What there is when nothing was said: a few symbols, one account, and the key of the
 * documentation's worked example (rest-api.md, "HMAC Keys"), so that it can be played. */
#include <stdio.h>
#include "server.h"

static json_t *
default_filters(const char *tick, const char *step, const char *min_notional)
{
	json_t *filters = json_pack(
		"[{ss ss ss ss} {ss ss ss ss} {ss si} {ss ss ss ss} {ss si si si si} {ss ss ss ss ss si}"
		" {ss ss sb ss sb si}]",
		"filterType", "PRICE_FILTER", "minPrice", tick, "maxPrice", "1000000.00000000", "tickSize",
		tick, "filterType", "LOT_SIZE", "minQty", step, "maxQty", "9000000.00000000", "stepSize",
		step, "filterType", "ICEBERG_PARTS", "limit", 100, "filterType", "MARKET_LOT_SIZE", "minQty",
		"0.00000000", "maxQty", "1000000.00000000", "stepSize", "0.00000000", "filterType",
		"TRAILING_DELTA", "minTrailingAboveDelta", 10, "maxTrailingAboveDelta", 2000,
		"minTrailingBelowDelta", 10, "maxTrailingBelowDelta", 2000, "filterType",
		"PERCENT_PRICE_BY_SIDE", "bidMultiplierUp", "5", "bidMultiplierDown", "0.2",
		"askMultiplierUp", "5", "askMultiplierDown", "0.2", "avgPriceMins", 5, "filterType",
		"NOTIONAL", "minNotional", min_notional, "applyMinToMarket", true, "maxNotional",
		"9000000.00000000", "applyMaxToMarket", false, "avgPriceMins", 5);
	json_t *more = json_pack("[{ss si} {ss si} {ss si} {ss si}]", "filterType", "MAX_NUM_ORDERS",
	                         "maxNumOrders", 200, "filterType", "MAX_NUM_ORDER_LISTS",
	                         "maxNumOrderLists", 20, "filterType", "MAX_NUM_ALGO_ORDERS",
	                         "maxNumAlgoOrders", 5, "filterType", "MAX_NUM_ORDER_AMENDS",
	                         "maxNumOrderAmends", 10);
	json_array_extend(filters, more);
	json_decref(more);
	return filters;
}

static void
add_symbol(struct server *server, const char *name, const char *base, const char *quote,
           const char *tick, const char *step, const char *min_notional, const char *price)
{
	static const char *const allowed[] = {
		"icebergAllowed", "ocoAllowed", "otoAllowed", "opoAllowed", "quoteOrderQtyMarketAllowed",
		"allowTrailingStop", "cancelReplaceAllowed", "amendAllowed", "isSpotTradingAllowed",
	};
	json_t *types = json_array();
	for (int i = 0; i < TYPES; i++)
		json_array_append_new(types, json_string(type_names[i]));
	json_t *info = json_pack("{ss ss ss si ss si si si si so so s[] s[[s]] ss s[s] sb sb}", "symbol",
	                         name, "status", "TRADING", "baseAsset", base, "baseAssetPrecision", 8,
	                         "quoteAsset", quote, "quotePrecision", 8, "quoteAssetPrecision", 8,
	                         "baseCommissionPrecision", 8, "quoteCommissionPrecision", 8,
	                         "orderTypes", types, "filters",
	                         default_filters(tick, step, min_notional), "permissions",
	                         "permissionSets", "SPOT", "defaultSelfTradePreventionMode", "NONE",
	                         "allowedSelfTradePreventionModes", "NONE", "pegInstructionsAllowed",
	                         false, "isMarginTradingAllowed", false);
	for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
		json_object_set_new(info, allowed[i], json_true());
	symbol_add(&server->ex, info);
	json_decref(info);
	struct refusal no;
	json_t *order = json_pack("{ss ss}", "symbol", name, "price", price);
	json_decref(control_price(server, order, &no));
	json_decref(order);
}

void
world_default(struct server *server)
{
	static const struct { const char *asset, *amount; } funds[] = {
		{ "USDT", "10000" }, { "BTC", "1" }, { "ETH", "10" }, { "BNB", "0" }, { "LTC", "100" },
		{ "EUR", "10000" },
	};
	struct exchange *ex = &server->ex;
	server_now(server);
	size_t account = account_add(ex, 354937868);
	for (size_t i = 0; i < sizeof funds / sizeof *funds; i++) {
		num amount = 0;
		num_parse(funds[i].amount, &amount, NULL);
		balance_of(&ex->accounts[account], funds[i].asset);
		balance_change(ex, account, funds[i].asset, amount, 0, "deposit", -1);
	}
	add_symbol(server, "BTCUSDT", "BTC", "USDT", "0.01", "0.00001", "5", "50000");
	add_symbol(server, "ETHUSDT", "ETH", "USDT", "0.01", "0.0001", "5", "3000");
	add_symbol(server, "BNBUSDT", "BNB", "USDT", "0.01", "0.001", "5", "500");
	add_symbol(server, "BTCEUR", "BTC", "EUR", "0.01", "0.00001", "5", "46000");
	add_symbol(server, "LTCBTC", "LTC", "BTC", "0.000001", "0.001", "0.0001", "0.1");
	/* The name of the documentation's example with characters that are not ASCII. */
	add_symbol(server, "\xef\xbc\x91\xef\xbc\x92\xef\xbc\x93\xef\xbc\x94\xef\xbc\x95\xef\xbc\x96",
	           "LTC", "BTC", "0.000001", "0.001", "0.0001", "0.1");
	market_settle(ex);
	struct api_key *key =
		key_add(server, "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A");
	snprintf(key->secret, sizeof key->secret,
	         "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j");
}
