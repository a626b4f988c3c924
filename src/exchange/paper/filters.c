/* The filters, in the order in which Binance's documentation lists them (filters.md), with its codes
 * and words (errors.md) and the numbers behind them.  MAX_POSITION is left to the guards: paper
 * positions are the book's, and the exchange side holds no coins.  PERCENT_PRICE is judged against
 * the quote, because nothing here knows the average of the last minutes. */
#include "exchange/paper/filters.h"

#include <stdarg.h>

#include "base/text.h"

enum { CODE_FILTER = -1013, CODE_COMBINATION = -1014, CODE_MISSING = -1102,
       CODE_TIF_NOT_REQUIRED = -1114, CODE_TIF = -1115, CODE_SYMBOL = -1121, CODE_REJECTED = -2010 };

bool
paper_refuse(struct paper_refusal *ret, int code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	ret->code = code;
	text_vformat(ret->reason, sizeof ret->reason, format, args);
	va_end(args);
	text_make_harmless(ret->reason);
	return true;
}

static bool
refuse_filter(struct paper_refusal *ret, const char *filter, const char *what, struct decimal value,
              const char *against, struct decimal limit)
{
	char value_text[DECIMAL_TEXT_SIZE], limit_text[DECIMAL_TEXT_SIZE];
	decimal_text(value, value_text);
	decimal_text(limit, limit_text);
	return paper_refuse(ret, CODE_FILTER, "Filter failure: %s (%s %s is %s %s)", filter, what,
	                    value_text, against, limit_text);
}

/* One LOT_SIZE-like or PRICE_FILTER-like rule; a limit of zero is none. */
static bool
refuse_band(struct paper_refusal *ret, const char *filter, const char *what, struct decimal value,
            struct decimal min, struct decimal max, struct decimal step)
{
	if (decimal_is_positive(min) && decimal_cmp(value, min) < 0)
		return refuse_filter(ret, filter, what, value, "below", min);
	if (decimal_is_positive(max) && decimal_cmp(value, max) > 0)
		return refuse_filter(ret, filter, what, value, "above", max);
	if (decimal_is_positive(step) && !decimal_is_multiple(value, step))
		return refuse_filter(ret, filter, what, value, "no multiple of", step);
	return false;
}

static bool
refuse_form(const struct symbol_rules *rules, const struct order *order, struct paper_refusal *ret)
{
	switch (order->type) {
	case ORDER_LIMIT:
		if (!rules->can_limit)
			return paper_refuse(ret, CODE_COMBINATION, "Unsupported order combination.");
		if (!order->has_price)
			return paper_refuse(ret, CODE_MISSING, "Mandatory parameter 'price' was not sent.");
		if (order->tif == TIF_NONE)
			return paper_refuse(ret, CODE_TIF, "Invalid timeInForce.");
		return false;
	case ORDER_MARKET:
		if (!rules->can_market)
			return paper_refuse(ret, CODE_REJECTED,
			                    "Market orders are not supported for this symbol.");
		if (order->tif != TIF_NONE)
			return paper_refuse(ret, CODE_TIF_NOT_REQUIRED,
			                    "TimeInForce parameter sent when not required.");
		return false;
	case ORDER_STOP_LOSS:
	case ORDER_STOP_LOSS_LIMIT:
		break;
	}
	/* The stop of a DRY-RUN position is watched by the monitor; nothing rests here for it. */
	return paper_refuse(ret, CODE_REJECTED, "Stop loss orders are not supported for this symbol.");
}

static bool
refuse_notional(const struct symbol_rules *rules, const struct order *order, struct decimal price,
                struct paper_refusal *ret)
{
	bool is_market = order->type == ORDER_MARKET;
	struct decimal value;

	if (decimal_mul(price, order->quantity, ROUND_DOWN, &value) != STATUS_OK)
		return paper_refuse(ret, CODE_FILTER, "Filter failure: NOTIONAL (the value does not fit)");
	if (decimal_is_positive(rules->notional_min) && (!is_market || rules->notional_min_on_market) &&
	    decimal_cmp(value, rules->notional_min) < 0)
		return refuse_filter(ret, "NOTIONAL", "value", value, "below", rules->notional_min);
	if (decimal_is_positive(rules->notional_max) && (!is_market || rules->notional_max_on_market) &&
	    decimal_cmp(value, rules->notional_max) > 0)
		return refuse_filter(ret, "NOTIONAL", "value", value, "above", rules->notional_max);
	return false;
}

static bool
refuse_percent_price(const struct symbol_rules *rules, const struct order *order,
                     const struct quote *quote, struct paper_refusal *ret)
{
	bool is_buy = order->side == SIDE_BUY;
	struct decimal up = is_buy ? rules->bid_multiplier_up : rules->ask_multiplier_up;
	struct decimal down = is_buy ? rules->bid_multiplier_down : rules->ask_multiplier_down;
	struct decimal reference = is_buy ? quote->ask : quote->bid, limit;

	if (decimal_is_positive(up) && decimal_mul(reference, up, ROUND_DOWN, &limit) == STATUS_OK &&
	    decimal_cmp(order->price, limit) > 0)
		return refuse_filter(ret, "PERCENT_PRICE_BY_SIDE", "price", order->price, "above", limit);
	if (decimal_is_positive(down) && decimal_mul(reference, down, ROUND_UP, &limit) == STATUS_OK &&
	    decimal_cmp(order->price, limit) < 0)
		return refuse_filter(ret, "PERCENT_PRICE_BY_SIDE", "price", order->price, "below", limit);
	return false;
}

bool
paper_filters_refuse(const struct symbol_rules *rules, const struct order *order,
                     const struct quote *quote, size_t resting, struct paper_refusal *ret)
{
	bool is_market = order->type == ORDER_MARKET;

	if (rules == NULL)
		return paper_refuse(ret, CODE_SYMBOL, "Invalid symbol.");
	if (rules->status != SYMBOL_TRADING)
		return paper_refuse(ret, CODE_REJECTED, "Market is closed. (%s is %s)", rules->symbol,
		                    rules->status_text[0] != '\0' ? rules->status_text : "not trading");
	if (refuse_form(rules, order, ret))
		return true;
	if (!decimal_is_positive(order->quantity) || (!is_market && !decimal_is_positive(order->price)))
		return paper_refuse(ret, CODE_REJECTED, "Price * QTY is zero or less.");
	if (!is_market && refuse_band(ret, "PRICE_FILTER", "price", order->price, rules->price_min,
	                              rules->price_max, rules->tick))
		return true;
	if (!is_market && quote != NULL && refuse_percent_price(rules, order, quote, ret))
		return true;
	if (refuse_band(ret, "LOT_SIZE", "quantity", order->quantity, rules->lot_min, rules->lot_max,
	                rules->lot_step))
		return true;
	if (is_market && refuse_band(ret, "MARKET_LOT_SIZE", "quantity", order->quantity,
	                             rules->market_min, rules->market_max, rules->market_step))
		return true;
	if (!is_market && refuse_notional(rules, order, order->price, ret))
		return true;
	if (is_market && order->has_recovered_price &&
	    refuse_notional(rules, order, order->recovered_price, ret))
		return true;
	if (is_market && !order->has_recovered_price && quote != NULL &&
	    refuse_notional(rules, order, quote_entry_price(quote, order->side), ret))
		return true;
	if (order->tif == TIF_GTC && rules->max_orders > 0 && resting >= (size_t)rules->max_orders)
		return paper_refuse(ret, CODE_FILTER, "Filter failure: MAX_NUM_ORDERS (%zu rest already)",
		                    resting);
	return false;
}
