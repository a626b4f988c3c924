/* See instructions.h.
 *
 * Each part of a request has a prefix: a single order has none ("price"), orders of a list have
 * "working", "pending", "above", "pendingAbove", ... ("workingPrice").  The stop of a sale lies below
 * the market and its target above; of a purchase it is the other way round. */
#include <string.h>
#include "base/text.h"
#include "exchange/binance/instructions.h"

enum { NAME_SIZE = 48 };

static const struct {
	const char *path;
	size_t count;            /* orders */
	bool has_entry, is_open; /* its first is the entry; its legs are sized by what the entry brings */
} kinds[] = {
	[INSTRUCT_ORDER] = { "/api/v3/order", 1, false, false },
	[INSTRUCT_OCO] = { "/api/v3/orderList/oco", 2, false, false },
	[INSTRUCT_OTO] = { "/api/v3/orderList/oto", 2, true, false },
	[INSTRUCT_OTOCO] = { "/api/v3/orderList/otoco", 3, true, false },
	[INSTRUCT_OPO] = { "/api/v3/orderList/opo", 2, true, true },
	[INSTRUCT_OPOCO] = { "/api/v3/orderList/opoco", 3, true, true },
	[INSTRUCT_REPLACE] = { "/api/v3/order/cancelReplace", 1, false, false },
	[INSTRUCT_TEST] = { "/api/v3/order/test", 1, false, false },
};

const char *
request_path(enum instruction_kind kind)
{
	return kinds[kind].path;
}

int
request_order_count(enum instruction_kind kind)
{
	return kind == INSTRUCT_TEST ? 0 : (int)kinds[kind].count;
}

static bool
is_stop(const struct order *order)
{
	return order->type == ORDER_STOP_LOSS || order->type == ORDER_STOP_LOSS_LIMIT;
}

/* newClientOrderId: "^[a-zA-Z0-9-_]{1,36}$" (errors.md, -1100). */
static bool
is_client_id(const char *id)
{
	size_t len = strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
	return len > 0 && len < CLIENT_ORDER_ID_SIZE && id[len] == '\0';
}

static enum status
check_order(const struct order *order, bool needs_quantity, struct error *err)
{
	bool has_limit = order->type == ORDER_LIMIT || order->type == ORDER_STOP_LOSS_LIMIT;
	const char *id = order->client_order_id;
	if (!is_client_id(id))
		return error_set(err, STATUS_INVALID, "'%.40s' can't be an order's id", id);
	if (order->mode != MODE_LIVE)
		return error_set(err, STATUS_INVALID, "order %s is no LIVE order", id);
	if (order->symbol[0] == '\0')
		return error_set(err, STATUS_INVALID, "order %s has no symbol", id);
	if (needs_quantity && !decimal_is_positive(order->quantity))
		return error_set(err, STATUS_INVALID, "order %s has no quantity", id);
	if (has_limit != order->has_price || (has_limit && !decimal_is_positive(order->price)))
		return error_set(err, STATUS_INVALID, "order %s of type %s has %s price", id,
		                 order_type_name(order->type), has_limit ? "no" : "a");
	if (is_stop(order) != order->has_stop_price ||
	    (is_stop(order) && !decimal_is_positive(order->stop_price)))
		return error_set(err, STATUS_INVALID, "order %s of type %s has %s stop price", id,
		                 order_type_name(order->type), is_stop(order) ? "no" : "a");
	return STATUS_OK;
}

/* The orders of a list: [entry,] stop [, target]. */
static enum status
check_list(const struct instruction *in, struct error *err)
{
	size_t stop = kinds[in->kind].has_entry ? 1 : 0;
	const struct order *entry = kinds[in->kind].has_entry ? in->orders[0] : NULL;
	const struct order *target = in->count > stop + 1 ? in->orders[stop + 1] : NULL;
	if (!is_client_id(in->list_id ? in->list_id : ""))
		return error_set(err, STATUS_INVALID, "a list needs an id of its own");
	if (!is_stop(in->orders[stop]))
		return error_set(err, STATUS_INVALID, "order %s is no stop", in->orders[stop]->client_order_id);
	if (target != NULL && (target->type != ORDER_LIMIT || target->side != in->orders[stop]->side ||
	                       (!kinds[in->kind].is_open &&
	                        decimal_cmp(target->quantity, in->orders[stop]->quantity) != 0)))
		return error_set(err, STATUS_INVALID, "order %s is no target beside stop %s",
		                 target->client_order_id, in->orders[stop]->client_order_id);
	/* "The first order is called the working order and must be LIMIT or LIMIT_MAKER." */
	if (entry != NULL && (entry->type != ORDER_LIMIT || entry->side == in->orders[stop]->side))
		return error_set(err, STATUS_INVALID, "order %s can't work before stop %s",
		                 entry->client_order_id, in->orders[stop]->client_order_id);
	/* "Only working orders on the BUY side and pending order(s) on the SELL side are accepted" (opo.md). */
	if (kinds[in->kind].is_open && entry->side != SIDE_BUY)
		return error_set(err, STATUS_INVALID, "only a purchase can pay for its exits");
	for (size_t i = 0; i < in->count; i++)
		for (size_t j = 0; j < i; j++)
			if (strcmp(in->orders[i]->client_order_id, in->orders[j]->client_order_id) == 0)
				return error_set(err, STATUS_INVALID, "order %s stands in its list twice",
				                 in->orders[i]->client_order_id);
	return STATUS_OK;
}

enum status
request_check(const struct instruction *in, struct error *err)
{
	if ((size_t)in->kind >= ARRAY_LEN(kinds) || in->count != kinds[in->kind].count)
		return error_set(err, STATUS_INVALID, "an instruction of kind %d with %zu orders", (int)in->kind,
		                 in->count);
	for (size_t i = 0; i < in->count; i++) {
		bool is_leg = kinds[in->kind].has_entry && i > 0;
		if (in->orders[i] == NULL)
			return error_set(err, STATUS_INVALID, "order %zu of an instruction is missing", i + 1);
		enum status status = check_order(in->orders[i], !is_leg || !kinds[in->kind].is_open, err);
		if (status != STATUS_OK)
			return status;
		if (strcmp(in->orders[i]->symbol, in->orders[0]->symbol) != 0)
			return error_set(err, STATUS_INVALID, "orders of different symbols in one request");
	}
	if ((in->kind == INSTRUCT_REPLACE) != (in->replaced != NULL))
		return error_set(err, STATUS_INVALID, "what is replaced and the kind of request contradict");
	if (in->replaced != NULL && (!is_client_id(in->replaced->client_order_id) ||
	                             strcmp(in->replaced->symbol, in->orders[0]->symbol) != 0))
		return error_set(err, STATUS_INVALID, "order %s can't be replaced by order %s",
		                 in->replaced->client_order_id, in->orders[0]->client_order_id);
	return in->count > 1 ? check_list(in, err) : STATUS_OK;
}

/* ---- writing ---- */

/* "working" and "price" make "workingPrice". */
static const char *
named(char ret[NAME_SIZE], const char *prefix, const char *name)
{
	text_format(ret, NAME_SIZE, "%s%s", prefix, name);
	if (prefix[0] != '\0')
		ret[strlen(prefix)] = (char)(name[0] - 'a' + 'A');
	return ret;
}

static void
put(struct payload *query, const char *prefix, const char *name, const char *value)
{
	char full[NAME_SIZE];
	payload_add(query, named(full, prefix, name), value);
}

static void
put_decimal(struct payload *query, const char *prefix, const char *name, struct decimal value)
{
	char full[NAME_SIZE];
	payload_add_decimal(query, named(full, prefix, name), value);
}

static void
put_side_and_quantity(struct payload *query, const char *prefix, const struct order *order, bool is_open)
{
	put(query, prefix, "side", side_name(order->side));
	if (!is_open)
		put_decimal(query, prefix, "quantity", order->quantity);
}

/* Type, prices and id.  A target in a list is post-only there: an OCO takes LIMIT_MAKER, never LIMIT
 * (rest-api.md, "New Order list - OCO"). */
static void
put_terms(struct payload *query, const char *prefix, const struct order *order, bool is_listed_target)
{
	const char *type = order->type == ORDER_LIMIT             ? "LIMIT"
	                   : order->type == ORDER_MARKET          ? "MARKET"
	                   : order->type == ORDER_STOP_LOSS       ? "STOP_LOSS"
	                                                          : "STOP_LOSS_LIMIT";
	bool has_tif = order->type == ORDER_LIMIT || order->type == ORDER_STOP_LOSS_LIMIT;
	put(query, prefix, "type", is_listed_target ? "LIMIT_MAKER" : type);
	if (has_tif && !is_listed_target)
		put(query, prefix, "timeInForce",
		    order->tif == TIF_NONE ? time_in_force_name(TIF_GTC) : time_in_force_name(order->tif));
	if (order->has_price)
		put_decimal(query, prefix, "price", order->price);
	if (order->has_stop_price)
		put_decimal(query, prefix, "stopPrice", order->stop_price);
	put(query, prefix, prefix[0] == '\0' ? "newClientOrderId" : "clientOrderId", order->client_order_id);
}

static void
put_legs(struct payload *query, const char *prefix, const struct order *stop, const struct order *target,
         bool is_open)
{
	char above[NAME_SIZE], below[NAME_SIZE];
	bool is_sale = stop->side == SIDE_SELL;
	put_side_and_quantity(query, prefix, stop, is_open);
	if (target == NULL) {
		put_terms(query, prefix, stop, false);
		return;
	}
	named(above, prefix, "above");
	named(below, prefix, "below");
	put_terms(query, is_sale ? above : below, target, true);
	put_terms(query, is_sale ? below : above, stop, false);
}

void
request_write(const struct instruction *in, struct payload *query)
{
	const struct order *first = in->orders[0];
	bool is_list = in->count > 1, has_entry = kinds[in->kind].has_entry;
	payload_add(query, "symbol", first->symbol);
	if (is_list)
		payload_add(query, "listClientOrderId", in->list_id);
	if (in->kind == INSTRUCT_REPLACE) {
		payload_add(query, "cancelReplaceMode", "STOP_ON_FAILURE");
		payload_add(query, "cancelRestrictions", "ONLY_NEW");
		/* With both, "the cancelOrderId is searched first, then the cancelOrigClientOrderId from that
		 * result is checked": no other order can be meant. */
		if (in->replaced->exchange_order_id[0] != '\0')
			payload_add(query, "cancelOrderId", in->replaced->exchange_order_id);
		payload_add(query, "cancelOrigClientOrderId", in->replaced->client_order_id);
	}
	if (!is_list || has_entry) {
		put_side_and_quantity(query, has_entry ? "working" : "", first, false);
		put_terms(query, has_entry ? "working" : "", first, false);
	}
	if (is_list) {
		size_t stop = has_entry ? 1 : 0;
		put_legs(query, has_entry ? "pending" : "", in->orders[stop],
		         in->count > stop + 1 ? in->orders[stop + 1] : NULL, kinds[in->kind].is_open);
	}
	payload_add(query, "newOrderRespType", "FULL");
}
