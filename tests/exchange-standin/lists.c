/* Order lists (rest-api.md, "Order lists"; opo.md).
 *
 *   OCO     two orders on one hold; the first fill or trigger of one expires the other
 *   OTO     a working order; when it is FULLY filled its pending order is placed
 *   OTOCO   the same with an OCO as what is pending
 *   OPO(CO) the same, sized by what the working order received, which is locked until then
 *
 * Pending orders are placed by market_settle(), after the answer to the request was made, as the
 * documentation says that the answer still shows them PENDING_NEW. */
#include <stdlib.h>
#include <string.h>
#include "engine.h"
#include "grow.h"

struct list *
list_new(struct exchange *ex, size_t account, struct symbol *symbol, bool oto, bool opo,
         const char *client_id)
{
	struct list *list = calloc(1, sizeof *list);
	if (list == NULL)
		abort();
	list->id = (int64_t)ex->lists_len;
	list->time_ms = ex->now_ms;
	list->account = account;
	list->symbol = symbol;
	list->oto = oto;
	list->opo = opo;
	if (*client_id != '\0')
		memccpy(list->client_id, client_id, '\0', sizeof list->client_id - 1);
	else
		make_id(ex, list->client_id);
	ex->lists = grow(ex->lists, ex->lists_len, sizeof(struct list *));
	ex->lists[ex->lists_len++] = list;
	ledger_add(ex, "list", json_pack("{sI ss ss ss}", "orderListId", (json_int_t)list->id, "status",
	                                 "EXECUTING", "listClientOrderId", list->client_id, "symbol",
	                                 symbol->name));
	return list;
}

void
list_add(struct exchange *ex, struct list *list, struct order *order, enum role role)
{
	(void)ex;
	order->list_id = list->id;
	order->role = role;
	list->orders[list->orders_len++] = order->id;
}

/* The other order of an OCO, also of a pending one. */
static struct order *
sibling(const struct exchange *ex, const struct list *list, const struct order *order)
{
	for (size_t i = 0; i < list->orders_len; i++) {
		struct order *other = order_by_id(ex, list->orders[i]);
		if (other != order && other->role == order->role)
			return other;
	}
	return NULL;
}

void
list_order_started(struct exchange *ex, struct order *order)
{
	struct list *list = list_by_id(ex, order->list_id);
	if (list == NULL || order->role == ROLE_WORKING)
		return;
	struct order *other = sibling(ex, list, order);
	if (other != NULL && order_is_open(other))
		order_end(ex, other, ORDER_EXPIRED, EXPIRY_OCO_TRIGGER);
}

static void
unlock_received(struct exchange *ex, struct list *list)
{
	num amount = list->received;
	list->received = 0;
	balance_change(ex, list->account, list->symbol->base, amount, -amount, "unlock", -1);
}

static void
end_pending(struct exchange *ex, struct list *list, enum order_status status, enum expiry expiry)
{
	for (size_t i = 0; i < list->orders_len; i++) {
		struct order *order = order_by_id(ex, list->orders[i]);
		if (order->role == ROLE_PENDING && order->status == ORDER_PENDING_NEW)
			order_end(ex, order, status, expiry);
	}
}

void
list_order_ended(struct exchange *ex, struct order *order)
{
	struct list *list = list_by_id(ex, order->list_id);
	if (list == NULL || list->done)
		return;
	if (order->role == ROLE_WORKING) {
		if (order->status == ORDER_FILLED) {
			list->activate = true;
			return;
		}
		unlock_received(ex, list);
		end_pending(ex, list, order->status == ORDER_CANCELED ? ORDER_CANCELED : ORDER_EXPIRED,
		            order->status == ORDER_CANCELED ? EXPIRY_NONE : EXPIRY_OTO_PHASE_ONE);
	}
	for (size_t i = 0; i < list->orders_len; i++)
		if (order_is_open(order_by_id(ex, list->orders[i])))
			return;
	if (list->done || list->activate)
		return;
	list->done = true;
	list->time_ms = ex->now_ms;
	ledger_add(ex, "list", json_pack("{sI ss ss ss}", "orderListId", (json_int_t)list->id, "status",
	                                 "ALL_DONE", "listClientOrderId", list->client_id, "symbol",
	                                 list->symbol->name));
}

/* May what is pending go to the market now?  The same questions as for an order that arrives. */
static bool
pending_fits(struct exchange *ex, struct list *list, struct order *const pending[2], size_t len,
             struct refusal *no)
{
	if (ex->refuse_pending > 0) {
		ex->refuse_pending--;
		return refuse(no, 400, -2010, "refused on command");
	}
	for (size_t i = 0; i < len; i++)
		if (!filters_terms(ex, list->account, list->symbol, &pending[i]->terms, true, no) ||
		    !rules_engine(ex, list->account, list->symbol, &pending[i]->terms, !list->opo, no))
			return false;
	if (len < 2)
		return true;
	bool stop_first = type_is_stop_loss(pending[0]->terms.type);
	bool above_first = stop_first == (pending[0]->terms.side == SIDE_BUY);
	return rules_pair(list->symbol, &pending[above_first ? 0 : 1]->terms,
	                  &pending[above_first ? 1 : 0]->terms, true, no);
}

void
list_activate(struct exchange *ex, struct list *list)
{
	struct order *pending[2];
	size_t len = 0;
	struct refusal no = { 0 };
	list->activate = false;
	for (size_t i = 0; i < list->orders_len && len < 2; i++) {
		struct order *order = order_by_id(ex, list->orders[i]);
		if (order->role == ROLE_PENDING && order->status == ORDER_PENDING_NEW)
			pending[len++] = order;
	}
	num received = list->received;
	if (list->opo) {
		unlock_received(ex, list);
		bool market = false;
		for (size_t i = 0; i < len; i++)
			market |= type_is_market(pending[i]->terms.type);
		for (size_t i = 0; i < len; i++)
			pending[i]->terms.qty = lot_down(list->symbol, received, market);
	}
	if (len == 0 || !pending_fits(ex, list, pending, len, &no)) {
		if (len > 0)
			ledger_add(ex, "pending refused", json_pack("{sI si ss}", "orderListId",
			                                           (json_int_t)list->id, "code", no.code,
			                                           "msg", no.msg));
		end_pending(ex, list, ORDER_EXPIRED, EXPIRY_REJECTED);
		return;
	}
	const char *asset;
	num amount = 0;
	for (size_t i = 0; i < len; i++)
		amount = num_max(amount, funds_needed(ex, list->symbol, &pending[i]->terms, &asset));
	int64_t hold = hold_new(ex, list->account, asset, amount, pending[0]->id);
	for (size_t i = 0; i < len; i++) {
		pending[i]->hold = hold;
		hold_take(ex, pending[i]);
	}
	for (size_t i = 0; i < len; i++)
		order_start(ex, pending[i]);
	list->symbol->moved = true;
}

void
list_cancel(struct exchange *ex, struct list *list, const char *cancel_id)
{
	for (size_t i = 0; i < list->orders_len; i++) {
		struct order *order = order_by_id(ex, list->orders[i]);
		if (order_is_open(order))
			memccpy(order->cancel_id, cancel_id, '\0', sizeof order->cancel_id - 1);
	}
	/* The working order last ends what is pending by itself. */
	for (size_t i = list->orders_len; i-- > 0;) {
		struct order *order = order_by_id(ex, list->orders[i]);
		if (order_is_open(order))
			order_end(ex, order, ORDER_CANCELED, EXPIRY_NONE);
	}
}

void
list_amend(struct exchange *ex, struct order *order, num qty)
{
	struct list *list = list_by_id(ex, order->list_id);
	struct order *other = list ? sibling(ex, list, order) : NULL;
	order->terms.qty = qty;
	if (other != NULL)
		other->terms.qty = qty;
	if (order->hold < 0)
		return;
	struct hold *hold = &ex->holds[order->hold];
	const char *asset;
	struct terms rest = order->terms;
	rest.qty = qty - order->executed;
	num needed = funds_needed(ex, order->symbol, &rest, &asset);
	if (other != NULL && order_is_open(other)) {
		rest = other->terms;
		needed = num_max(needed, funds_needed(ex, order->symbol, &rest, &asset));
	}
	if (hold->left > needed) {
		balance_change(ex, hold->account, hold->asset, hold->left - needed, needed - hold->left,
		               "unlock", order->id);
		hold->left = needed;
	}
}
