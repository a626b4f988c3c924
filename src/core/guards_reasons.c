/* Every reason that a guard can give for WARN or FAIL.  A verdict takes its status from here, and
 * the manual lists it, so that code, report and manual can't say different things. */
#include "core/guards.h"

#include <assert.h>

#define FAIL VERDICT_FAIL
#define WARN VERDICT_WARN

static const struct guard_reason reasons[] = {
	{ "client.invalid", FAIL, "the client id is not above zero" },
	{ "client.other", FAIL, "the intent belongs to another client's book" },
	{ "trading-state.paused", FAIL, "the book is PAUSED: no entries" },
	{ "policy.pattern_live", FAIL, "a pattern asks for LIVE" },
	{ "policy.live_off", FAIL, "the LIVE switch of the book is off" },
	{ "policy.sell_live", FAIL, "a SELL entry can't be LIVE on Spot" },
	{ "symbol.unknown", FAIL, "the exchange does not list the symbol" },
	{ "symbol.not_trading", FAIL, "the symbol is halted, in a break or delisted" },
	{ "symbol.order_type", FAIL, "the exchange does not take this type of order for the symbol" },
	{ "symbol.no_stop_order", FAIL,
	  "LIVE, and the exchange takes no stop orders for the symbol" },
	{ "symbol.unknown_filter", WARN, "the symbol has a rule that Robson does not know" },
	{ "fields.side", FAIL, "the side is neither BUY nor SELL" },
	{ "fields.entry", FAIL, "the entry price is not above zero" },
	{ "fields.target", FAIL, "the target price is not above zero" },
	{ "fields.capital", FAIL, "the capital is not above zero" },
	{ "fields.quantity", FAIL, "the quantity is not above zero" },
	{ "fields.confidence", FAIL, "the confidence is not between 0 and 1" },
	{ "fields.no_reason", WARN, "no reason was given for the trade" },
	{ "stop.missing", FAIL, "there is no stop" },
	{ "stop.wrong_side", FAIL, "the stop is on the winning side of the entry" },
	{ "stop.too_near", FAIL, "the stop is less than 0.1 % away" },
	{ "stop.too_far", FAIL, "the stop is more than 10 % away" },
	{ "stop.beyond_strategy", FAIL, "the stop is further away than the strategy allows" },
	{ "stop.crossed", FAIL, "the price is at or beyond the stop already" },
	{ "stop.near", WARN, "the stop is less than 0.5 % away" },
	{ "target.wrong_side", FAIL, "the target is on the losing side of the entry" },
	{ "target.low_reward", WARN, "the target wins less than 1 R" },
	{ "size.impossible", FAIL, "no size can be computed from these numbers" },
	{ "size.zero", FAIL, "the permitted size is less than one lot" },
	{ "size.too_large", FAIL, "the typed quantity is above what is permitted" },
	{ "size.off_step", FAIL, "the quantity is not a multiple of the lot step" },
	{ "size.shrunk", FAIL, "at execution less than 80 % of the validated size is permitted" },
	{ "size.capped", WARN, "something other than the risk limits the size" },
	{ "risk.above_rule", FAIL, "the loss at the stop would be above 1 % of the capital" },
	{ "risk.above_limit", FAIL,
	  "the loss at the stop would be above the strategy's or the book's limit" },
	{ "strategy.unknown", FAIL, "there is no strategy of this name" },
	{ "strategy.inactive", FAIL, "the strategy is switched off" },
	{ "strategy.no_settings", FAIL, "the strategy has no risk settings" },
	{ "strategy.out_of_range", FAIL, "a risk setting of the strategy is not between 0 and 100" },
	{ "strategy.drawdown", FAIL, "the strategy's drawdown has reached its limit" },
	{ "strategy.wide_drawdown", WARN, "the strategy's drawdown limit is above 50 %" },
	{ "strategy.wide_stop", WARN, "the strategy's stop limit is above 10 %" },
	{ "strategy.wide_position", WARN, "the strategy's position limit is above 50 %" },
	{ "filters.entry_tick", FAIL, "the entry price is not a multiple of the tick" },
	{ "filters.entry_price", FAIL, "the entry price is outside the exchange's range" },
	{ "filters.stop_tick", FAIL, "the stop is not a multiple of the tick" },
	{ "filters.stop_price", FAIL, "the stop is outside the exchange's range of prices" },
	{ "filters.target_tick", FAIL, "the target is not a multiple of the tick" },
	{ "filters.target_price", FAIL, "the target is outside the exchange's range of prices" },
	{ "filters.percent_price", FAIL, "the entry price is too far from the market's" },
	{ "filters.exit_percent_price", FAIL,
	  "the stop's limit price is too far from the market's" },
	{ "filters.target_percent_price", FAIL, "LIVE, and the target is too far from the market's price" },
	{ "filters.lot_step", FAIL, "the quantity is not a multiple of the exchange's step" },
	{ "filters.lot_min", FAIL, "the quantity is below the exchange's minimum" },
	{ "filters.lot_max", FAIL, "the quantity is above the exchange's maximum" },
	{ "filters.exit_lot", FAIL, "what an exit could sell is below the exchange's minimum" },
	{ "filters.exit_lot_max", FAIL,
	  "what an exit would send is above the maximum of a market order" },
	{ "filters.notional_min", FAIL, "the value is below the exchange's minimum" },
	{ "filters.notional_max", FAIL, "the value is above the exchange's maximum" },
	{ "filters.exit_notional", FAIL,
	  "the value at the stop is not 10 % above the exchange's minimum" },
	{ "filters.exit_notional_max", FAIL, "the value at the stop is above the exchange's maximum" },
	{ "filters.target_notional_max", FAIL,
	  "LIVE, and the value at the target is above the exchange's maximum" },
	{ "filters.max_orders", FAIL, "the symbol has no room for more orders" },
	{ "filters.last_algo_slot", FAIL, "the entry would take the last slot for stop orders" },
	{ "filters.max_order_lists", FAIL, "LIVE, and the symbol has no room for another order list" },
	{ "filters.max_position", FAIL, "the position would be above the exchange's maximum" },
	{ "balance.too_low", FAIL, "the cost with fees is above what is free" },
	{ "balance.nearly_all", WARN, "the cost with fees takes more than 90 % of what is free" },
	{ "price.moved", FAIL, "the price moved too far since planning" },
	{ "price.moving", WARN, "the price moved more than 0.2 % since planning" },
	{ "price.no_reference", WARN, "no price was known when the trade was planned" },
	{ "exposure.open_risk", FAIL, "the total open risk would be above the month's budget" },
	{ "exposure.concentrated", WARN, "more than 50 % of the capital in one symbol" },
	{ "exposure.same_symbol", WARN, "a position in the symbol is open already" },
	{ "duplicate.open", FAIL, "another intent asks for the same trade" },
	{ "budget.exceeded", FAIL, "the risk is above what is left of the month's budget" },
	{ "budget.nearly_used", WARN, "less than 1 % is left of the month's budget" },
	{ "limits.orders", FAIL, "the day's number of orders would be above its limit" },
	{ "limits.notional", FAIL, "the day's traded value would be above its limit" },
	{ "limits.loss", FAIL, "the day's loss is above its limit" },
	{ "limits.orders_near", WARN, "the day's orders reach 80 % of their limit" },
	{ "limits.notional_near", WARN, "the day's traded value reaches 80 % of its limit" },
	{ "limits.loss_near", WARN, "the day's loss has reached 80 % of its limit" },
};

size_t
guards_reason_count(void)
{
	return ARRAY_LEN(reasons);
}

struct guard_reason
guards_reason(size_t index)
{
	assert(index < ARRAY_LEN(reasons));
	return reasons[index];
}
