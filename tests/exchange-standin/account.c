/* The endpoints that tell an account about itself (rest-api.md, "Account Endpoints"). */
#include <stdlib.h>
#include <string.h>
#include "call.h"

static const int64_t day_ms = 86400000;

json_t *
account_info(struct call *call)
{
	const struct account *account = &call->ex->accounts[call->account];
	const char *omit = call_text(call, "omitZeroBalances");
	bool omit_zero = omit != NULL && strcmp(omit, "true") == 0;
	json_t *balances = json_array();
	for (size_t i = 0; i < account->balances_len; i++) {
		const struct balance *balance = &account->balances[i];
		if (!omit_zero || balance->free + balance->locked > 0)
			json_array_append_new(balances, json_pack("{ss so so}", "asset", balance->asset, "free",
			                                          num_json(balance->free), "locked",
			                                          num_json(balance->locked)));
	}
	json_int_t bips = NUM_ONE / 10000;
	return json_pack("{sI sI sI sI so sb sb sb sb sb sb sI ss so sO sI}", "makerCommission",
	                 (json_int_t)account->standard.maker / bips, "takerCommission",
	                 (json_int_t)account->standard.taker / bips, "buyerCommission",
	                 (json_int_t)account->standard.buyer / bips, "sellerCommission",
	                 (json_int_t)account->standard.seller / bips, "commissionRates",
	                 report_rates(&account->standard, false, SIDE_BUY), "canTrade",
	                 account->can_trade, "canWithdraw", account->can_withdraw, "canDeposit", true,
	                 "brokered", false, "requireSelfTradePrevention", false, "preventSor", false,
	                 "updateTime", (json_int_t)account->update_ms, "accountType", "SPOT",
	                 "balances", balances, "permissions", account->permissions, "uid",
	                 (json_int_t)account->uid);
}

json_t *
account_commission(struct call *call)
{
	const struct symbol *symbol = call_symbol(call);
	const struct account *account = &call->ex->accounts[call->account];
	if (symbol == NULL)
		return NULL;
	return json_pack("{ss so so so s{sb sb ss so}}", "symbol", symbol->name, "standardCommission",
	                 report_rates(&account->standard, false, SIDE_BUY), "specialCommission",
	                 report_rates(&account->special, false, SIDE_BUY), "taxCommission",
	                 report_rates(&account->tax, false, SIDE_BUY), "discount", "enabledForAccount",
	                 account->discount_enabled, "enabledForSymbol", true, "discountAsset", "BNB",
	                 "discount", num_json(account->discount));
}

json_t *
account_order_count(struct call *call)
{
	const struct account *account = &call->ex->accounts[call->account];
	order_count_add(call->ex, call->account, 0);
	return json_pack("[{ss ss si si si} {ss ss si si si}]", "rateLimitType", "ORDERS", "interval",
	                 "SECOND", "intervalNum", 10, "limit", call->ex->order_limit[0], "count",
	                 account->count[0], "rateLimitType", "ORDERS", "interval", "DAY", "intervalNum",
	                 1, "limit", call->ex->order_limit[1], "count", account->count[1]);
}

json_t *
account_order(struct call *call)
{
	struct symbol *symbol = call_symbol(call);
	if (symbol == NULL)
		return NULL;
	const struct order *order = cancel_target(call, symbol, "orderId", "origClientOrderId", -2013,
	                                          "Order does not exist.");
	if (order == NULL)
		return NULL;
	/* "The API system is asynchronous, so some delay in the response is normal" (Data Sources). */
	if (order->visible_ms > call->ex->now_ms)
		return call_refuse(call, 400, -2013, "Order does not exist.");
	return report_query(order);
}

json_t *
account_open_orders(struct call *call)
{
	const struct symbol *symbol = NULL;
	if (call_text(call, "symbol") != NULL && (symbol = call_symbol(call)) == NULL)
		return NULL;
	json_t *orders = json_array();
	for (size_t i = 0; i < call->ex->open_len; i++) {
		const struct order *order = call->ex->open[i];
		if (order->account == call->account && order_is_open(order) &&
		    (symbol == NULL || order->symbol == symbol) && order->visible_ms <= call->ex->now_ms)
			json_array_append_new(orders, report_query(order));
	}
	return orders;
}

struct range {
	int64_t from, to;               /* times; -1: not sent */
	size_t limit;
};

static bool
read_range(struct call *call, struct range *range)
{
	if (!call_int(call, "startTime", &range->from, -1) ||
	    !call_int(call, "endTime", &range->to, -1) || !call_limit(call, 500, 1000, &range->limit))
		return false;
	if (range->from >= 0 && range->to >= 0 && range->to - range->from > day_ms)
		return refuse(&call->no, 400, -1127, "More than 24 hours between startTime and endTime.");
	return true;
}

static bool
in_range(const struct range *range, int64_t time)
{
	return (range->from < 0 || time >= range->from) && (range->to < 0 || time <= range->to);
}

/* "With startTime, returns oldest items from startTime up to the limit"; otherwise the most
 * recent ones.  Chronological in both cases (General API Information). */
static json_t *
trimmed(json_t *all, const struct range *range, bool oldest)
{
	while (json_array_size(all) > range->limit)
		json_array_remove(all, oldest ? json_array_size(all) - 1 : 0);
	return all;
}

json_t *
account_all_orders(struct call *call)
{
	const struct symbol *symbol = call_symbol(call);
	struct range range;
	int64_t from_id;
	if (symbol == NULL || !call_int(call, "orderId", &from_id, -1) || !read_range(call, &range))
		return NULL;
	json_t *orders = json_array();
	for (size_t i = 0; i < call->ex->orders_len; i++) {
		const struct order *order = call->ex->orders[i];
		if (order->account == call->account && order->symbol == symbol && order->id >= from_id &&
		    in_range(&range, order->time_ms) && order->visible_ms <= call->ex->now_ms)
			json_array_append_new(orders, report_query(order));
	}
	return trimmed(orders, &range, from_id >= 0 || range.from >= 0);
}

json_t *
account_list(struct call *call)
{
	int64_t id;
	const char *client_id = call_text(call, "origClientOrderId");
	if (!call_int(call, "orderListId", &id, -1))
		return NULL;
	if (id < 0 && client_id == NULL)
		return call_refuse(call, 400, -1102,
		                   "Param '%s' or '%s' must be sent, but both were empty/null!",
		                   "orderListId", "origClientOrderId");
	const struct list *list = id >= 0 ? list_by_id(call->ex, id)
	                                  : list_by_client_id(call->ex, call->account, client_id);
	if (list == NULL || list->account != call->account)
		return call_refuse(call, 400, -2013, "Order does not exist.");
	return report_list(call->ex, list);
}

json_t *
account_all_lists(struct call *call)
{
	struct range range;
	int64_t from_id;
	if (!call_int(call, "fromId", &from_id, -1) || !read_range(call, &range))
		return NULL;
	if (from_id >= 0 && (range.from >= 0 || range.to >= 0))
		return call_refuse(call, 400, -1128, "Combination of optional parameters invalid.");
	json_t *lists = json_array();
	for (size_t i = 0; i < call->ex->lists_len; i++) {
		const struct list *list = call->ex->lists[i];
		if (list->account == call->account && list->id >= from_id && in_range(&range, list->time_ms))
			json_array_append_new(lists, report_list(call->ex, list));
	}
	return trimmed(lists, &range, from_id >= 0 || range.from >= 0);
}

json_t *
account_open_lists(struct call *call)
{
	json_t *lists = json_array();
	for (size_t i = 0; i < call->ex->lists_len; i++)
		if (call->ex->lists[i]->account == call->account && !call->ex->lists[i]->done)
			json_array_append_new(lists, report_list(call->ex, call->ex->lists[i]));
	return lists;
}

json_t *
account_trades(struct call *call)
{
	const struct symbol *symbol = call_symbol(call);
	struct range range;
	int64_t order_id, from_id;
	if (symbol == NULL || !call_int(call, "orderId", &order_id, -1) ||
	    !call_int(call, "fromId", &from_id, -1) || !read_range(call, &range))
		return NULL;
	bool timed = range.from >= 0 || range.to >= 0;
	if (timed && (order_id >= 0 || from_id >= 0))
		return call_refuse(call, 400, -1128, "Combination of optional parameters invalid.");
	json_t *trades = json_array();
	for (size_t i = 0; i < call->ex->trades_len; i++) {
		const struct trade *trade = &call->ex->trades[i];
		if (trade->account == call->account && trade->symbol == symbol && trade->id >= from_id &&
		    (order_id < 0 || trade->order_id == order_id) && in_range(&range, trade->time_ms))
			json_array_append_new(trades, report_trade(trade));
	}
	return trimmed(trades, &range, from_id >= 0 || range.from >= 0);
}

json_t *
account_amendments(struct call *call)
{
	const struct symbol *symbol = call_symbol(call);
	int64_t id, from_id;
	struct range range = { -1, -1, 0 };
	if (symbol == NULL || !call_need(call, "orderId") || !call_int(call, "orderId", &id, -1) ||
	    !call_int(call, "fromExecutionId", &from_id, -1) ||
	    !call_limit(call, 500, 1000, &range.limit))
		return NULL;
	const struct order *order = order_by_id(call->ex, id);
	if (order == NULL || order->account != call->account || order->symbol != symbol)
		return call_refuse(call, 400, -2013, "Order does not exist.");
	json_t *rows = json_array();
	for (size_t i = 0; i < json_array_size(call->ex->ledger); i++) {
		json_t *event = json_array_get(call->ex->ledger, i);
		if (strcmp(json_string_value(json_object_get(event, "event")), "amended") != 0 ||
		    json_integer_value(json_object_get(event, "orderId")) != id ||
		    json_integer_value(json_object_get(event, "executionId")) < from_id)
			continue;
		json_t *row = json_copy(event);
		json_object_del(row, "event");
		json_object_del(row, "seq");
		json_array_append_new(rows, row);
	}
	return trimmed(rows, &range, from_id >= 0);
}

json_t *
account_filters(struct call *call)
{
	const struct symbol *symbol = call_symbol(call);
	if (symbol == NULL)
		return NULL;
	return json_pack("{sO sO sO}", "exchangeFilters", call->ex->filters, "symbolFilters",
	                 json_object_get(symbol->info, "filters"), "assetFilters",
	                 call->ex->accounts[call->account].filters);
}
