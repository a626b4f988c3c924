/* What an order must meet besides the filters: what the symbol allows, and what the engine sees
 * at the moment (errors.md, "Messages for -1010 ... -2010"). */
#include <string.h>
#include "engine.h"

bool
type_is_algo(enum order_type type)
{
	return type == TYPE_STOP_LOSS || type == TYPE_STOP_LOSS_LIMIT || type == TYPE_TAKE_PROFIT ||
	       type == TYPE_TAKE_PROFIT_LIMIT;
}

bool
type_is_market(enum order_type type)
{
	return type == TYPE_MARKET || type == TYPE_STOP_LOSS || type == TYPE_TAKE_PROFIT;
}

bool
type_is_stop_loss(enum order_type type)
{
	return type == TYPE_STOP_LOSS || type == TYPE_STOP_LOSS_LIMIT;
}

bool
rules_allowed(const struct symbol *symbol, const struct terms *terms, struct refusal *no)
{
	static const char *const words[TYPES] = {
		[TYPE_LIMIT] = "Limit orders are not supported for this symbol.",
		[TYPE_MARKET] = "Market orders are not supported for this symbol.",
		[TYPE_STOP_LOSS] = "Stop loss orders are not supported for this symbol.",
		[TYPE_STOP_LOSS_LIMIT] = "Stop loss limit orders are not supported for this symbol.",
		[TYPE_TAKE_PROFIT] = "Take profit orders are not supported for this symbol.",
		[TYPE_TAKE_PROFIT_LIMIT] = "Take profit limit orders are not supported for this symbol.",
		[TYPE_LIMIT_MAKER] = "Limit maker orders are not supported for this symbol.",
	};
	const char *status = json_string_value(json_object_get(symbol->info, "status"));
	if (status == NULL || strcmp(status, "TRADING") != 0)
		return refuse(no, 400, -1013, "Market is closed.");
	const json_t *allowed = json_object_get(symbol->info, "orderTypes");
	bool found = false;
	for (size_t i = 0; i < json_array_size(allowed); i++)
		found |= strcmp(json_string_value(json_array_get(allowed, i)), type_names[terms->type]) == 0;
	if (!found)
		return refuse(no, 400, -1013, "%s", words[terms->type]);
	if (terms->quote_qty > 0 && !symbol_flag(symbol, "quoteOrderQtyMarketAllowed"))
		return refuse(no, 400, -1013,
		              "Quote order qty market orders are not support for this symbol.");
	if (terms->trailing_delta > 0 && !symbol_flag(symbol, "allowTrailingStop"))
		return refuse(no, 400, -1013, "Trailing stop orders are not supported for this symbol.");
	if (terms->iceberg > 0 && !symbol_flag(symbol, "icebergAllowed"))
		return refuse(no, 400, -1013, "Iceberg orders are not supported for this symbol.");
	if (terms->iceberg > 0 && terms->qty > 0 && terms->iceberg > terms->qty)
		return refuse(no, 400, -1013, "IcebergQty exceeds QTY.");
	if (terms->price > 0 && terms->qty > 0 && num_mul(terms->price, terms->qty) == 0)
		return refuse(no, 400, -1013, "Price * QTY is zero or less.");
	return true;
}

/* rest-api.md, New order: STOP_LOSS BUY and TAKE_PROFIT SELL are above the market price, the two
 * others below. */
bool
stop_reached(const struct terms *terms, num price)
{
	bool above = type_is_stop_loss(terms->type) == (terms->side == SIDE_BUY);
	return above ? price >= terms->stop : price <= terms->stop;
}

bool
rules_unused(const struct exchange *ex, size_t account, const struct symbol *symbol,
             const char *client_id, struct refusal *no)
{
	for (size_t i = 0; i < ex->open_len; i++) {
		const struct order *order = ex->open[i];
		if (order->account == account && order->symbol == symbol && order_is_open(order) &&
		    strcmp(order->terms.client_id, client_id) == 0)
			return refuse(no, 400, -2010, "Duplicate order sent.");
	}
	return true;
}

num
funds_needed(const struct exchange *ex, const struct symbol *symbol, const struct terms *terms,
             const char **ret_asset)
{
	if (terms->side == SIDE_SELL) {
		*ret_asset = symbol->base;
		return terms->qty;
	}
	*ret_asset = symbol->quote;
	if (terms->quote_qty > 0)
		return terms->quote_qty;
	if (terms->price > 0)
		return num_mul(terms->price, terms->qty);
	if (terms->stop > 0)
		return num_mul(terms->stop, terms->qty);
	num filled;
	if (terms->type == TYPE_MARKET)
		return cost_of(ex, symbol, SIDE_BUY, terms->qty, 0, &filled);
	return num_mul(symbol->last, terms->qty);
}

bool
rules_engine(const struct exchange *ex, size_t account, const struct symbol *symbol,
             const struct terms *terms, bool check_funds, struct refusal *no)
{
	if (type_is_algo(terms->type) && terms->trailing_delta == 0 && symbol->last > 0 &&
	    stop_reached(terms, symbol->last))
		return refuse(no, 400, -2010, "Order would trigger immediately.");
	num best = best_price(ex, symbol, terms->side);
	if (terms->type == TYPE_LIMIT_MAKER && best > 0 &&
	    (terms->side == SIDE_BUY ? terms->price >= best : terms->price <= best))
		return refuse(no, 400, -2010, "Order would immediately match and take.");
	if (terms->type == TYPE_MARKET && terms->quote_qty > 0 && best == 0)
		return refuse(no, 400, -2010,
		              "Order book liquidity is less than symbol minimum quantity.");
	if (check_funds) {
		const char *asset;
		num needed = funds_needed(ex, symbol, terms, &asset);
		if (needed > balance_of(&ex->accounts[account], asset)->free)
			return refuse(no, 400, -2010,
			              "Account has insufficient balance for requested action.");
	}
	return true;
}

/* Which price of a leg of an OCO must be on its side of the last price (rest-api.md, New Order
 * list - OCO, "Price restrictions"). */
static num
pair_price(const struct terms *leg)
{
	return leg->type == TYPE_LIMIT_MAKER || leg->type == TYPE_TAKE_PROFIT_LIMIT ? leg->price
	                                                                           : leg->stop;
}

static bool
pair_types(const struct terms *above, const struct terms *below, struct refusal *no)
{
	bool buy = above->side == SIDE_BUY;
	const struct terms *legs[2] = { above, below };
	if (above->type == TYPE_LIMIT_MAKER && below->type == TYPE_LIMIT_MAKER)
		return refuse(no, 400, -1168, "At least one OCO order must be contingent.");
	for (int i = 0; i < 2; i++) {
		bool is_above = i == 0;
		enum order_type type = legs[i]->type;
		if (type == TYPE_LIMIT || type == TYPE_MARKET)
			return refuse(no, 400, -1158, "Order type not supported in OCO.");
		if (type == TYPE_LIMIT_MAKER && is_above == buy)
			return buy ? refuse(no, 400, -1165, "A limit order in a buy OCO must be below.")
			           : refuse(no, 400, -1166, "A limit order in a sell OCO must be above.");
		if (type_is_stop_loss(type) && is_above != buy)
			return buy ? refuse(no, 400, -1196, "A stop loss order in a buy OCO must be above.")
			           : refuse(no, 400, -1197, "A stop loss order in a sell OCO must be below.");
		if (type_is_algo(type) && !type_is_stop_loss(type) && is_above == buy)
			return buy ? refuse(no, 400, -1198, "A take profit order in a buy OCO must be below.")
			           : refuse(no, 400, -1199, "A take profit order in a sell OCO must be above.");
	}
	return true;
}

bool
rules_pair(const struct symbol *symbol, const struct terms *above, const struct terms *below,
           bool at_market, struct refusal *no)
{
	if (!pair_types(above, below, no))
		return false;
	num high = pair_price(above), low = pair_price(below);
	bool right = high == 0 || low == 0 || high > low;
	if (at_market && symbol->last > 0)
		right = right && (high == 0 || high > symbol->last) && (low == 0 || low < symbol->last);
	if (!right)
		return refuse(no, 400, -2010,
		              "The relationship of the prices for the orders is not correct.");
	return true;
}
