/* Orders, lists and trades as the answers show them. */
#include <string.h>
#include "call.h"

static void
set_num(json_t *to, const char *key, num value)
{
	json_object_set_new(to, key, num_json(value));
}

static void
set_int(json_t *to, const char *key, int64_t value)
{
	json_object_set_new(to, key, json_integer(value));
}

static void
set_text(json_t *to, const char *key, const char *text)
{
	json_object_set_new(to, key, json_string(text));
}

/* rest-api.md, "Conditional fields in Order Responses". */
static void
add_conditional(json_t *report, const struct order *order)
{
	const struct terms *terms = &order->terms;
	if (type_is_algo(terms->type))
		set_num(report, "stopPrice", terms->stop);
	if (terms->iceberg > 0)
		set_num(report, "icebergQty", terms->iceberg);
	if (terms->trailing_delta > 0) {
		set_int(report, "trailingDelta", terms->trailing_delta);
		set_int(report, "trailingTime", order->trailing_ms);
	}
	if (terms->strategy_id > 0)
		set_int(report, "strategyId", terms->strategy_id);
	if (terms->strategy_type > 0)
		set_int(report, "strategyType", terms->strategy_type);
	if (order->status == ORDER_EXPIRED)
		set_text(report, "expiryReason", expiry_names[order->expiry]);
}

static void
add_amounts(json_t *report, const struct order *order)
{
	const struct terms *terms = &order->terms;
	set_num(report, "price", terms->price);
	/* An OPO's pending order has no quantity until its working order is filled. */
	if (!order->opo || terms->qty > 0)
		set_num(report, "origQty", terms->qty);
	set_num(report, "executedQty", order->executed);
	set_num(report, "origQuoteOrderQty", terms->quote_qty);
	set_num(report, "cummulativeQuoteQty", order->quote);
	set_text(report, "status", status_names[order->status]);
	set_text(report, "timeInForce", tif_names[terms->tif]);
	set_text(report, "type", type_names[terms->type]);
	set_text(report, "side", side_names[terms->side]);
}

static void
add_fills(const struct exchange *ex, json_t *report, const struct order *order)
{
	json_t *fills = json_array();
	for (size_t i = 0; i < ex->trades_len; i++) {
		const struct trade *trade = &ex->trades[i];
		if (trade->order_id == order->id)
			json_array_append_new(fills, json_pack("{so so so ss sI}", "price",
			                                       num_json(trade->price), "qty",
			                                       num_json(trade->qty), "commission",
			                                       num_json(trade->commission), "commissionAsset",
			                                       trade->commission_asset, "tradeId",
			                                       (json_int_t)trade->id));
	}
	json_object_set_new(report, "fills", fills);
}

json_t *
report_order(const struct exchange *ex, const struct order *order, enum detail detail)
{
	json_t *report = json_pack("{ss sI sI ss sI}", "symbol", order->symbol->name, "orderId",
	                           (json_int_t)order->id, "orderListId", (json_int_t)order->list_id,
	                           "clientOrderId", order->terms.client_id, "transactTime",
	                           (json_int_t)order->update_ms);
	if (detail == DETAIL_ACK)
		return report;
	add_amounts(report, order);
	set_int(report, "workingTime", order->working_ms);
	if (detail == DETAIL_FULL)
		add_fills(ex, report, order);
	set_text(report, "selfTradePreventionMode", "NONE");
	add_conditional(report, order);
	return report;
}

json_t *
report_query(const struct order *order)
{
	json_t *report = json_pack("{ss sI sI ss}", "symbol", order->symbol->name, "orderId",
	                           (json_int_t)order->id, "orderListId", (json_int_t)order->list_id,
	                           "clientOrderId", order->terms.client_id);
	add_amounts(report, order);
	set_num(report, "stopPrice", order->terms.stop);
	set_num(report, "icebergQty", order->terms.iceberg);
	set_int(report, "time", order->time_ms);
	set_int(report, "updateTime", order->update_ms);
	json_object_set_new(report, "isWorking",
	                    json_boolean(order->working_ms >= 0));
	set_int(report, "workingTime", order->working_ms);
	set_text(report, "selfTradePreventionMode", "NONE");
	add_conditional(report, order);
	return report;
}

json_t *
report_canceled(const struct exchange *ex, const struct order *order, const char *orig_client_id)
{
	(void)ex;
	json_t *report = json_pack("{ss ss sI sI ss sI}", "symbol", order->symbol->name,
	                           "origClientOrderId", orig_client_id, "orderId",
	                           (json_int_t)order->id, "orderListId", (json_int_t)order->list_id,
	                           "clientOrderId", order->cancel_id, "transactTime",
	                           (json_int_t)order->update_ms);
	add_amounts(report, order);
	set_text(report, "selfTradePreventionMode", "NONE");
	add_conditional(report, order);
	return report;
}

json_t *
report_list(const struct exchange *ex, const struct list *list)
{
	json_t *orders = json_array();
	for (size_t i = 0; i < list->orders_len; i++) {
		const struct order *order = order_by_id(ex, list->orders[i]);
		json_array_append_new(orders, json_pack("{ss sI ss}", "symbol", list->symbol->name,
		                                        "orderId", (json_int_t)order->id, "clientOrderId",
		                                        order->terms.client_id));
	}
	return json_pack("{sI ss ss ss ss sI ss so}", "orderListId", (json_int_t)list->id,
	                 "contingencyType", list->oto ? "OTO" : "OCO", "listStatusType",
	                 list->done ? "ALL_DONE" : "EXEC_STARTED", "listOrderStatus",
	                 list->done ? "ALL_DONE" : "EXECUTING", "listClientOrderId", list->client_id,
	                 "transactionTime", (json_int_t)list->time_ms, "symbol", list->symbol->name,
	                 "orders", orders);
}

json_t *
report_trade(const struct trade *trade)
{
	return json_pack("{ss sI sI sI so so so so ss sI sb sb sb}", "symbol", trade->symbol->name,
	                 "id", (json_int_t)trade->id, "orderId", (json_int_t)trade->order_id,
	                 "orderListId", (json_int_t)trade->list_id, "price", num_json(trade->price),
	                 "qty", num_json(trade->qty), "quoteQty",
	                 num_json(num_mul(trade->price, trade->qty)), "commission",
	                 num_json(trade->commission), "commissionAsset", trade->commission_asset, "time",
	                 (json_int_t)trade->time_ms, "isBuyer", trade->buyer, "isMaker", trade->maker,
	                 "isBestMatch", true);
}

json_t *
report_rates(const struct rates *rates, bool sided, enum side side)
{
	/* For one order the buyer's or seller's part is already inside (commission_faq.md). */
	num more = side == SIDE_BUY ? rates->buyer : rates->seller;
	if (sided)
		return json_pack("{so so}", "maker", num_json(rates->maker + more), "taker",
		                 num_json(rates->taker + more));
	return json_pack("{so so so so}", "maker", num_json(rates->maker), "taker",
	                 num_json(rates->taker), "buyer", num_json(rates->buyer), "seller",
	                 num_json(rates->seller));
}
