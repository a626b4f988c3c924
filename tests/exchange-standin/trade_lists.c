/* The endpoints that place and cancel order lists (rest-api.md, "Order lists"). */
#include <string.h>
#include "call.h"

struct plan {
	bool oto, opo;
	struct terms working, legs[2];  /* legs: above and below, or the one that is pending */
	size_t legs_len;
};

static bool
allowed(struct call *call, const struct symbol *symbol, const struct plan *plan)
{
	bool pair = plan->legs_len == 2;
	if (plan->opo && !symbol_flag(symbol, "opoAllowed"))
		call_refuse(call, 400, -1013, "OPO orders are not supported for this symbol.");
	else if (plan->oto && !symbol_flag(symbol, "otoAllowed"))
		call_refuse(call, 400, -1013, "OTO orders are not supported for this symbol.");
	else if (pair && !symbol_flag(symbol, "ocoAllowed"))
		call_refuse(call, 400, -1013, "OCO orders are not supported for this symbol");
	else
		return true;
	return false;
}

static bool
read_plan(struct call *call, struct plan *plan)
{
	bool quantity = !plan->opo;
	if (plan->oto && !terms_read(call, "working", NULL, true, &plan->working))
		return false;
	if (plan->oto && plan->working.type != TYPE_LIMIT && plan->working.type != TYPE_LIMIT_MAKER) {
		call_refuse(call, 400, -1014, "Unsupported order combination.");
		return false;
	}
	if (plan->opo && call_text(call, "pendingQuantity") != NULL) {
		call_refuse(call, 400, -1225, "Pending orders should not include the 'pendingQuantity' tag.");
		return false;
	}
	if (plan->legs_len == 1) {
		if (!terms_read(call, "pending", NULL, quantity, &plan->legs[0]))
			return false;
	} else if (!terms_read(call, plan->oto ? "pendingAbove" : "above", plan->oto ? "pending" : "",
	                       quantity, &plan->legs[0]) ||
	           !terms_read(call, plan->oto ? "pendingBelow" : "below", plan->oto ? "pending" : "",
	                       quantity, &plan->legs[1])) {
		return false;
	}
	if (plan->opo && plan->working.side != SIDE_BUY) {
		call_refuse(call, 400, -1222, "Working order in an OPO list must be a bid.");
		return false;
	}
	if (plan->opo && plan->legs[0].side != SIDE_SELL) {
		call_refuse(call, 400, -1223, "Pending orders in an OPO list must be asks.");
		return false;
	}
	return true;
}

static bool
check_rules(struct call *call, const struct symbol *symbol, const struct plan *plan)
{
	struct exchange *ex = call->ex;
	struct room room = { .lists = 1 };
	if (plan->oto) {
		room_add(&room, &plan->working);
		if (!rules_allowed(symbol, &plan->working, &call->no) ||
		    !filters_terms(ex, call->account, symbol, &plan->working, true, &call->no))
			return false;
	}
	for (size_t i = 0; i < plan->legs_len; i++) {
		room_add(&room, &plan->legs[i]);
		if (!rules_allowed(symbol, &plan->legs[i], &call->no) ||
		    !filters_terms(ex, call->account, symbol, &plan->legs[i], !plan->opo, &call->no))
			return false;
	}
	return (plan->legs_len < 2 || rules_pair(symbol, &plan->legs[0], &plan->legs[1], !plan->oto,
	                                         &call->no)) &&
	       filters_room(ex, call->account, symbol, &room, &call->no) &&
	       order_count_room(ex, call->account, room.orders, &call->no);
}

static bool
check_ids(struct call *call, const struct symbol *symbol, const struct plan *plan,
          const char *list_id)
{
	const char *ids[3];
	size_t len = 0;
	const struct list *list = *list_id ? list_by_client_id(call->ex, call->account, list_id) : NULL;
	if (list != NULL && !list->done)
		return refuse(&call->no, 400, -2010, "Duplicate order sent.");
	if (plan->oto)
		ids[len++] = plan->working.client_id;
	for (size_t i = 0; i < plan->legs_len; i++)
		ids[len++] = plan->legs[i].client_id;
	for (size_t i = 0; i < len; i++) {
		if (*ids[i] == '\0')
			continue;
		for (size_t j = 0; j < i; j++)
			if (strcmp(ids[i], ids[j]) == 0)
				return refuse(&call->no, 400, -2010, "Duplicate order sent.");
		if (!rules_unused(call->ex, call->account, symbol, ids[i], &call->no))
			return false;
	}
	return true;
}

static bool
check_engine(struct call *call, const struct symbol *symbol, const struct plan *plan)
{
	struct exchange *ex = call->ex;
	if (!ex->accounts[call->account].can_trade)
		return refuse(&call->no, 400, -2010, "This account may not place or cancel orders.");
	if (plan->oto) {
		if (!rules_engine(ex, call->account, symbol, &plan->working, true, &call->no))
			return false;
		const char *asset;
		for (size_t i = 0; ex->oto_funds && !plan->opo && i < plan->legs_len; i++)
			if (funds_needed(ex, symbol, &plan->legs[i], &asset) >
			    balance_of(&ex->accounts[call->account], asset)->free)
				return refuse(&call->no, 400, -2010,
				              "Account has insufficient balance for requested action.");
		return true;
	}
	for (size_t i = 0; i < plan->legs_len; i++)
		if (!rules_engine(ex, call->account, symbol, &plan->legs[i], true, &call->no))
			return false;
	return true;
}

/* The stop leg comes first, as in all the documentation's answers. */
static void
add_legs(struct exchange *ex, struct list *list, const struct plan *plan, size_t account,
         struct symbol *symbol, struct order *ret_legs[2])
{
	size_t first = plan->legs_len == 2 && !type_is_stop_loss(plan->legs[0].type) ? 1 : 0;
	for (size_t i = 0; i < plan->legs_len; i++) {
		const struct terms *terms = &plan->legs[i == 0 ? first : 1 - first];
		ret_legs[i] = order_new(ex, account, symbol, terms,
		                        plan->oto ? ORDER_PENDING_NEW : ORDER_NEW);
		ret_legs[i]->opo = plan->opo;
		list_add(ex, list, ret_legs[i], plan->oto ? ROLE_PENDING : ROLE_OCO);
	}
}

static json_t *
place_list(struct call *call, struct plan *plan)
{
	struct exchange *ex = call->ex;
	struct symbol *symbol = call_symbol(call);
	enum detail detail;
	char list_id[ID_MAX + 1];
	struct order *legs[2], *working = NULL;
	if (symbol == NULL || !call_id(call, "listClientOrderId", list_id) ||
	    !call_detail(call, DETAIL_RESULT, &detail) || !read_plan(call, plan) ||
	    !allowed(call, symbol, plan) || !check_rules(call, symbol, plan) ||
	    !check_ids(call, symbol, plan, list_id) || !check_engine(call, symbol, plan))
		return NULL;
	order_count_add(ex, call->account, (int)(plan->oto + plan->legs_len));
	call->ordered = true;
	struct list *list = list_new(ex, call->account, symbol, plan->oto, plan->opo, list_id);
	if (plan->oto) {
		working = order_new(ex, call->account, symbol, &plan->working, ORDER_NEW);
		list_add(ex, list, working, ROLE_WORKING);
	}
	add_legs(ex, list, plan, call->account, symbol, legs);
	if (plan->oto) {
		fund_order(ex, working);
		order_start(ex, working);
	} else {
		const char *asset;
		num amount = num_max(funds_needed(ex, symbol, &legs[0]->terms, &asset),
		                     funds_needed(ex, symbol, &legs[1]->terms, &asset));
		int64_t hold = hold_new(ex, call->account, asset, amount, legs[0]->id);
		for (size_t i = 0; i < 2; i++) {
			legs[i]->hold = hold;
			hold_take(ex, legs[i]);
		}
		for (size_t i = 0; i < 2; i++)
			order_start(ex, legs[i]);
	}
	json_t *report = report_list(ex, list), *reports = json_array();
	for (size_t i = 0; i < list->orders_len; i++)
		json_array_append_new(reports, report_order(ex, order_by_id(ex, list->orders[i]), detail));
	json_object_set_new(report, "orderReports", reports);
	return report;
}

json_t *
list_oco(struct call *call)
{
	return place_list(call, &(struct plan){ .legs_len = 2 });
}

json_t *
list_oto(struct call *call)
{
	return place_list(call, &(struct plan){ .oto = true, .legs_len = 1 });
}

json_t *
list_otoco(struct call *call)
{
	return place_list(call, &(struct plan){ .oto = true, .legs_len = 2 });
}

json_t *
list_opo(struct call *call)
{
	return place_list(call, &(struct plan){ .oto = true, .opo = true, .legs_len = 1 });
}

json_t *
list_opoco(struct call *call)
{
	return place_list(call, &(struct plan){ .oto = true, .opo = true, .legs_len = 2 });
}

json_t *
list_delete(struct call *call)
{
	struct symbol *symbol = call_symbol(call);
	const char *client_id = call_text(call, "listClientOrderId");
	char cancel_id[ID_MAX + 1];
	int64_t id;
	if (symbol == NULL || !call_int(call, "orderListId", &id, -1) ||
	    !call_id(call, "newClientOrderId", cancel_id))
		return NULL;
	if (id < 0 && client_id == NULL)
		return call_refuse(call, 400, -1102,
		                   "Param '%s' or '%s' must be sent, but both were empty/null!",
		                   "orderListId", "listClientOrderId");
	struct list *list = id >= 0 ? list_by_id(call->ex, id)
	                            : list_by_client_id(call->ex, call->account, client_id);
	if (list == NULL || list->account != call->account || list->symbol != symbol || list->done ||
	    (client_id != NULL && strcmp(list->client_id, client_id) != 0))
		return call_refuse(call, 400, -2011, "Unknown order sent.");
	for (size_t i = 0; i < list->orders_len; i++) {
		struct order *order = order_by_id(call->ex, list->orders[i]);
		if (order_is_open(order))
			return cancel_one(call, order, cancel_id);
	}
	return call_refuse(call, 400, -2011, "Unknown order sent.");
}
