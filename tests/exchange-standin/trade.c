/* The endpoints that place, cancel and change single orders (rest-api.md, "Trading endpoints"). */
#include <stdio.h>
#include <string.h>
#include "call.h"

enum { RESTRICT_NEW, RESTRICT_PARTIAL };

/* errors.md -1013: filters and what the symbol does not support never reach the engine. */
bool
place_rules(struct call *call, const struct symbol *symbol, struct terms *terms,
            const struct room *room)
{
	return rules_allowed(symbol, terms, &call->no) &&
	       filters_terms(call->ex, call->account, symbol, terms, true, &call->no) &&
	       filters_room(call->ex, call->account, symbol, room, &call->no);
}

/* "quoteOrderQty ... the correct quantity will be determined based on the market liquidity"; it
 * does not break LOT_SIZE. */
static num
quantity_for(const struct symbol *symbol, enum side side, num quote)
{
	enum side other = side == SIDE_BUY ? SIDE_SELL : SIDE_BUY;
	num qty = 0;
	for (size_t i = 0; i < symbol->side_len[other] && quote > 0; i++) {
		const struct level *level = &symbol->side[other][i];
		num part = num_min(level->qty, num_div(quote, level->price));
		qty += part;
		quote -= num_mul(part, level->price);
	}
	return lot_down(symbol, qty, true);
}

struct order *
place_order(struct call *call, struct symbol *symbol, struct terms *terms, enum detail detail,
            json_t **ret_report)
{
	struct exchange *ex = call->ex;
	if (!ex->accounts[call->account].can_trade)
		return call_refuse(call, 400, -2010, "This account may not place or cancel orders.");
	if (!rules_unused(ex, call->account, symbol, terms->client_id, &call->no))
		return NULL;
	if (terms->quote_qty > 0) {
		terms->qty = quantity_for(symbol, terms->side, terms->quote_qty);
		const json_t *lot = symbol_filter(symbol, "LOT_SIZE");
		if (terms->qty == 0 || terms->qty < num_of(json_object_get(lot, "minQty")))
			return call_refuse(call, 400, -2010, "Order book liquidity is less than `LOT_SIZE` "
			                   "filter minimum quantity.");
	}
	if (!rules_engine(ex, call->account, symbol, terms, true, &call->no))
		return NULL;
	order_count_add(ex, call->account, 1);
	call->ordered = true;
	struct order *order = order_new(ex, call->account, symbol, terms, ORDER_NEW);
	fund_order(ex, order);
	order_start(ex, order);
	*ret_report = report_order(ex, order, detail);
	return order;
}

static enum detail
usual_detail(enum order_type type)
{
	return type == TYPE_MARKET || type == TYPE_LIMIT ? DETAIL_FULL : DETAIL_ACK;
}

static bool
read_order(struct call *call, struct symbol **ret_symbol, struct terms *ret_terms,
           struct room *ret_room, enum detail *ret_detail)
{
	*ret_symbol = call_symbol(call);
	if (*ret_symbol == NULL || !terms_read(call, "", NULL, true, ret_terms) ||
	    !call_detail(call, usual_detail(ret_terms->type), ret_detail))
		return false;
	*ret_room = (struct room){ 0 };
	room_add(ret_room, ret_terms);
	return true;
}

json_t *
trade_new(struct call *call)
{
	struct symbol *symbol;
	struct terms terms;
	struct room room;
	enum detail detail;
	json_t *report = NULL;
	if (!read_order(call, &symbol, &terms, &room, &detail) ||
	    !place_rules(call, symbol, &terms, &room) ||
	    !order_count_room(call->ex, call->account, 1, &call->no) ||
	    !place_order(call, symbol, &terms, detail, &report))
		return NULL;
	return report;
}

json_t *
trade_test(struct call *call)
{
	struct symbol *symbol;
	struct terms terms;
	struct room room;
	enum detail detail;
	const char *rates = call_text(call, "computeCommissionRates");
	if (!read_order(call, &symbol, &terms, &room, &detail) ||
	    !place_rules(call, symbol, &terms, &room))
		return NULL;
	if (rates == NULL || strcmp(rates, "true") != 0)
		return json_object();
	const struct account *account = &call->ex->accounts[call->account];
	return json_pack("{so so so s{sb sb ss so}}", "standardCommissionForOrder",
	                 report_rates(&account->standard, true, terms.side),
	                 "specialCommissionForOrder", report_rates(&account->special, true, terms.side),
	                 "taxCommissionForOrder", report_rates(&account->tax, true, terms.side),
	                 "discount", "enabledForAccount", account->discount_enabled, "enabledForSymbol",
	                 true, "discountAsset", "BNB", "discount", num_json(account->discount));
}

/* "the orderId is searched first, then the origClientOrderId from that result is checked against
 * that order.  If both conditions are not met the request will be rejected." */
struct order *
cancel_target(struct call *call, struct symbol *symbol, const char *id_name,
              const char *client_id_name, int code, const char *complaint)
{
	int64_t id;
	const char *client_id = call_text(call, client_id_name);
	struct order *order = NULL;
	if (!call_int(call, id_name, &id, -1))
		return NULL;
	if (id < 0 && client_id == NULL)
		return call_refuse(call, 400, -1102,
		                   "Param '%s' or '%s' must be sent, but both were empty/null!",
		                   client_id_name, id_name);
	if (id >= 0)
		order = order_by_id(call->ex, id);
	else
		order = order_by_client_id(call->ex, call->account, symbol, client_id);
	if (order == NULL || order->account != call->account || order->symbol != symbol ||
	    (client_id != NULL && strcmp(order->terms.client_id, client_id) != 0))
		return call_refuse(call, 400, code, "%s", complaint);
	return order;
}

bool
cancel_restrictions(struct call *call, int *ret)
{
	static const char *const names[] = { "ONLY_NEW", "ONLY_PARTIALLY_FILLED" };
	return call_enum(call, "cancelRestrictions", names, 2, -1145, "Invalid cancelRestrictions", ret);
}

bool
cancel_allowed(const struct order *order, int restrictions, struct refusal *no)
{
	if (!order_is_open(order))
		return refuse(no, 400, -2011, "Unknown order sent.");
	if ((restrictions == RESTRICT_NEW && order->status != ORDER_NEW) ||
	    (restrictions == RESTRICT_PARTIAL && order->status != ORDER_PARTIALLY_FILLED))
		return refuse(no, 400, -2011, "Order was not canceled due to cancel restrictions.");
	return true;
}

/* An order of a list takes its list with it; the answer is then the list's, as
 * web-socket-api.md, "Cancel order", shows ("When an order list is canceled"). */
json_t *
cancel_one(struct call *call, struct order *order, const char *cancel_id)
{
	struct list *list = list_by_id(call->ex, order->list_id);
	char id[ID_MAX + 1];
	snprintf(id, sizeof id, "%s", cancel_id);
	if (*id == '\0')
		make_id(call->ex, id);
	bool was_open[3] = { false };
	for (size_t i = 0; list != NULL && i < list->orders_len; i++)
		was_open[i] = order_is_open(order_by_id(call->ex, list->orders[i]));
	order_cancel(call->ex, order, id);
	if (list == NULL)
		return report_canceled(call->ex, order, order->terms.client_id);
	json_t *report = report_list(call->ex, list), *reports = json_array();
	for (size_t i = 0; i < list->orders_len; i++) {
		const struct order *each = order_by_id(call->ex, list->orders[i]);
		if (was_open[i])
			json_array_append_new(reports,
			                      report_canceled(call->ex, each, each->terms.client_id));
	}
	json_object_set_new(report, "orderReports", reports);
	return report;
}

json_t *
trade_cancel(struct call *call)
{
	struct symbol *symbol = call_symbol(call);
	char cancel_id[ID_MAX + 1];
	int restrictions;
	if (symbol == NULL || !call_id(call, "newClientOrderId", cancel_id) ||
	    !cancel_restrictions(call, &restrictions))
		return NULL;
	struct order *order = cancel_target(call, symbol, "orderId", "origClientOrderId", -2011,
	                                    "Unknown order sent.");
	if (order == NULL || !cancel_allowed(order, restrictions, &call->no))
		return NULL;
	return cancel_one(call, order, cancel_id);
}

json_t *
trade_cancel_all(struct call *call)
{
	struct symbol *symbol = call_symbol(call);
	if (symbol == NULL)
		return NULL;
	json_t *reports = json_array();
	for (size_t i = 0; i < call->ex->open_len; i++) {
		struct order *order = call->ex->open[i];
		if (order->account == call->account && order->symbol == symbol && order_is_open(order))
			json_array_append_new(reports, cancel_one(call, order, ""));
	}
	if (json_array_size(reports) == 0) {
		json_decref(reports);
		return call_refuse(call, 400, -2011, "Unknown order sent.");
	}
	return reports;
}

static json_t *
refusal_json(const struct refusal *no)
{
	return json_pack("{si ss}", "code", no->code, "msg", no->msg);
}

static json_t *
replaced(struct call *call, json_t *canceled, const struct refusal *cancel_no, json_t *placed,
         const struct refusal *place_no, bool attempted)
{
	const char *cancel_result = canceled ? "SUCCESS" : "FAILURE";
	const char *place_result = placed ? "SUCCESS" : attempted ? "FAILURE" : "NOT_ATTEMPTED";
	json_t *data = json_pack("{ss ss so so}", "cancelResult", cancel_result, "newOrderResult",
	                         place_result, "cancelResponse",
	                         canceled ? canceled : refusal_json(cancel_no), "newOrderResponse",
	                         placed      ? placed
	                         : attempted ? refusal_json(place_no)
	                                     : json_null());
	if (canceled != NULL && placed != NULL)
		return data;
	call->data = data;
	bool half = canceled != NULL || placed != NULL;
	int http = attempted && place_no->http == 429 ? 429 : half ? 409 : 400;
	if (half)
		return call_refuse(call, http, -2021, "Order cancel-replace partially failed.");
	return call_refuse(call, http, -2022, "Order cancel-replace failed.");
}

json_t *
trade_cancel_replace(struct call *call)
{
	static const char *const modes[] = { "STOP_ON_FAILURE", "ALLOW_FAILURE" };
	static const char *const exceeded[] = { "DO_NOTHING", "CANCEL_ONLY" };
	struct symbol *symbol;
	struct terms terms;
	struct room room;
	enum detail detail;
	char cancel_id[ID_MAX + 1];
	int mode, restrictions, when_exceeded;
	struct refusal cancel_no = { 0 }, count_no = { 0 };
	json_t *canceled = NULL, *placed = NULL;
	if (!read_order(call, &symbol, &terms, &room, &detail) ||
	    !call_need(call, "cancelReplaceMode") ||
	    !call_enum(call, "cancelReplaceMode", modes, 2, -1130,
	               "Data sent for parameter 'cancelReplaceMode' is not valid.", &mode) ||
	    !call_enum(call, "orderRateLimitExceededMode", exceeded, 2, -1130,
	               "Data sent for parameter 'orderRateLimitExceededMode' is not valid.",
	               &when_exceeded) ||
	    !call_id(call, "cancelNewClientOrderId", cancel_id) ||
	    !cancel_restrictions(call, &restrictions))
		return NULL;
	if (!symbol_flag(symbol, "cancelReplaceAllowed"))
		return call_refuse(call, 400, -1013,
		                   "Order cancel-replace is not supported for this symbol.");
	/* "Filters and Order Count are evaluated before the processing of the cancellation." */
	if (!place_rules(call, symbol, &terms, &room))
		return NULL;
	bool may = order_count_room(call->ex, call->account, 1, &count_no);
	if (!may && when_exceeded != 1) {
		call->no = count_no;
		return NULL;
	}
	struct order *order = cancel_target(call, symbol, "cancelOrderId", "cancelOrigClientOrderId",
	                                    -2011, "Unknown order sent.");
	if (order == NULL && call->no.code == -1102)
		return NULL;
	if (order != NULL && cancel_allowed(order, restrictions, &cancel_no))
		canceled = cancel_one(call, order, cancel_id);
	else if (order == NULL)
		cancel_no = call->no;
	call->no = (struct refusal){ 0 };
	if (canceled == NULL && mode == 0) {
		/* "A new order that was not attempted ... will still increase the order count by 1." */
		order_count_add(call->ex, call->account, 1);
		return replaced(call, NULL, &cancel_no, NULL, NULL, false);
	}
	struct refusal place_no = count_no;
	if (may && !place_order(call, symbol, &terms, detail, &placed))
		place_no = call->no;
	call->no = (struct refusal){ 0 };
	return replaced(call, canceled, &cancel_no, placed, &place_no, true);
}

/* order_amend_keep_priority.md. */
json_t *
trade_amend(struct call *call)
{
	struct symbol *symbol = call_symbol(call);
	num qty;
	char client_id[ID_MAX + 1], old_id[ID_MAX + 1];
	if (symbol == NULL || !call_need(call, "newQty") || !call_num(call, "newQty", &qty) ||
	    !call_id(call, "newClientOrderId", client_id))
		return NULL;
	struct order *order = cancel_target(call, symbol, "orderId", "origClientOrderId", -2038,
	                                    "Unknown order sent.");
	if (order == NULL)
		return NULL;
	if (!symbol_flag(symbol, "amendAllowed"))
		return call_refuse(call, 400, -1013, "Order amend is not supported for this symbol.");
	const json_t *filter = symbol_filter(symbol, "MAX_NUM_ORDER_AMENDS");
	if (filter != NULL &&
	    order->amended >= json_integer_value(json_object_get(filter, "maxNumOrderAmends")))
		return call_refuse(call, 400, -2038, "Filter failure: MAX_NUM_ORDER_AMENDS");
	struct refusal no = { 0 };
	if (!cancel_allowed(order, -1, &no))
		return call_refuse(call, 400, -2038, "%s", no.msg);
	if (order->opo && order->status == ORDER_PENDING_NEW)
		return call_refuse(call, 400, -2038, "Order amend (pending OPO order) is not supported.");
	if (qty > order->terms.qty)
		return call_refuse(call, 400, -2038, "Order amend (quantity increase) is not supported.");
	if (qty == order->terms.qty || qty <= order->executed)
		return call_refuse(call, 400, -2038,
		                   "The requested action would change no state; rejecting.");
	struct terms terms = order->terms;
	terms.qty = qty;
	if (!filters_terms(call->ex, call->account, symbol, &terms, true, &call->no))
		return NULL;
	if (*client_id == '\0')
		make_id(call->ex, client_id);
	snprintf(old_id, sizeof old_id, "%s", order->terms.client_id);
	json_t *row = json_pack("{ss sI si ss ss so so}", "symbol", symbol->name, "orderId",
	                        (json_int_t)order->id, "executionId", order->amended + 1,
	                        "origClientOrderId", old_id, "newClientOrderId", client_id, "origQty",
	                        num_json(order->terms.qty), "newQty", num_json(qty));
	list_amend(call->ex, order, qty);
	snprintf(order->terms.client_id, sizeof order->terms.client_id, "%s", client_id);
	order->amended++;
	order->update_ms = call->ex->now_ms;
	ledger_add(call->ex, "amended", row);
	json_t *amended = report_order(call->ex, order, DETAIL_RESULT);
	json_object_del(amended, "transactTime");
	json_object_set_new(amended, "origClientOrderId", json_string(old_id));
	json_object_set_new(amended, "qty", num_json(qty));
	json_object_set_new(amended, "preventedQty", num_json(0));
	json_t *answer = json_pack("{sI si so}", "transactTime", (json_int_t)call->ex->now_ms,
	                           "executionId", order->amended, "amendedOrder", amended);
	const struct list *list = list_by_id(call->ex, order->list_id);
	if (list != NULL)
		json_object_set_new(answer, "listStatus", report_list(call->ex, list));
	return answer;
}
