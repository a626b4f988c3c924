/* See orders_json.h. */
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "exchange/binance/orders_json.h"

#define READ(call) do { enum status s_ = (call); if (s_ != STATUS_OK) return s_; } while (0)

/* More than a limit of 1,000 allows, and more open orders than an account can have: not believed, and not
 * waded through, for comparing them takes the loop's time. */
enum { ROWS_MAX = 2000, TRADES_MAX = 100000 };
#define LATEST_MS INT64_C(253402300799999)

static void *
grown(void *all, size_t count, size_t *capacity, size_t each)
{
	if (count < *capacity)
		return all;
	size_t wanted = *capacity == 0 ? 8 : *capacity * 2;
	void *more = wanted > TRADES_MAX ? NULL : realloc(all, wanted * each);
	if (more != NULL)
		*capacity = wanted;
	return more;
}

bool
fill_list_add(struct fill_list *list, const struct fill *fill)
{
	struct fill *all = grown(list->all, list->count, &list->capacity, sizeof *all);
	if (all == NULL)
		return false;
	list->all = all;
	list->all[list->count++] = *fill;
	return true;
}

void
fill_list_done(struct fill_list *list)
{
	free(list->all);
	*list = (struct fill_list){ 0 };
}

bool
told_trades_add(struct told_trades *list, const struct exchange_trade *trade)
{
	struct exchange_trade *all = grown(list->all, list->count, &list->capacity, sizeof *all);
	if (all == NULL)
		return false;
	list->all = all;
	list->all[list->count++] = *trade;
	return true;
}

void
told_trades_done(struct told_trades *list)
{
	free(list->all);
	*list = (struct told_trades){ 0 };
}

void
order_answer_done(struct order_answer *answer)
{
	fill_list_done(&answer->fills);
}

enum status
state_json_read(const char *word, enum order_state *ret)
{
	static const struct { const char *word; enum order_state state; } words[] = {
		{ "NEW", ORDER_NEW }, { "PENDING_NEW", ORDER_PENDING_NEW },
		{ "PARTIALLY_FILLED", ORDER_PARTIALLY_FILLED }, { "FILLED", ORDER_FILLED },
		{ "CANCELED", ORDER_CANCELLED }, { "REJECTED", ORDER_REJECTED }, { "EXPIRED", ORDER_EXPIRED },
		{ "EXPIRED_IN_MATCH", ORDER_EXPIRED_IN_MATCH },
	};   /* PENDING_CANCEL: "Currently unused" */
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(words[i].word, word) == 0) {
			*ret = words[i].state;
			return STATUS_OK;
		}
	return STATUS_INVALID;
}

/* An id: a whole number, not below zero (orderListId apart, which is -1 without a list). */
static enum status
read_id(const json_t *object, const char *key, char *ret, size_t size, int64_t *ret_number,
        struct error *err)
{
	int64_t id = 0;
	READ(json_get_int(object, key, &id, err));
	if (id < 0 || !text_format(ret, size, "%lld", (long long)id))
		return error_field(err, STATUS_RANGE, key, "'%.40s' can't be an id", key);
	if (ret_number != NULL)
		*ret_number = id;
	return STATUS_OK;
}

static enum status
read_asset(const json_t *object, const char *key, char ret[ASSET_SIZE], struct error *err)
{
	const char *asset = "";
	READ(json_get_text(object, key, &asset, err));
	if (asset[0] == '\0' || !text_copy(ret, ASSET_SIZE, asset) || text_make_harmless(ret) > 0)
		return error_field(err, STATUS_INVALID, key, "'%.40s' can't be an asset", asset);
	return STATUS_OK;
}

static enum status
read_side(const json_t *object, enum side *ret, struct error *err)
{
	const char *side = "";
	READ(json_get_text(object, "side", &side, err));
	if (strcmp(side, "BUY") != 0 && strcmp(side, "SELL") != 0)
		return error_field(err, STATUS_INVALID, "side", "'%.20s' is no side", side);
	*ret = side[0] == 'B' ? SIDE_BUY : SIDE_SELL;
	return STATUS_OK;
}

static bool
text_is(const json_t *object, const char *key, const char *wanted)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text != NULL && strcmp(text, wanted) == 0;
}

bool
order_json_is_of(const json_t *object, const struct order *order)
{
	const char *key = json_object_get(object, "origClientOrderId") ? "origClientOrderId" : "clientOrderId";
	const json_t *id = json_object_get(object, "orderId");
	char number[EXCHANGE_ORDER_ID_SIZE] = "";
	if (json_is_integer(id))
		text_format(number, sizeof number, "%lld", (long long)json_integer_value(id));
	bool is_known = order->exchange_order_id[0] != '\0';
	return text_is(object, "symbol", order->symbol) && text_is(object, key, order->client_order_id) &&
	       (!is_known || strcmp(number, order->exchange_order_id) == 0);
}

/* ---- fills ---- */

/* Price, quantity and commission; in myTrades and in "fills" alike. */
static enum status
read_fill(const json_t *row, const char *id_key, struct fill *ret, int64_t *ret_id, struct error *err)
{
	READ(read_id(row, id_key, ret->exchange_trade_id, sizeof ret->exchange_trade_id, ret_id, err));
	READ(json_get_decimal(row, "price", &ret->price, err));
	READ(json_get_decimal(row, "qty", &ret->quantity, err));
	READ(json_get_decimal(row, "commission", &ret->commission, err));
	READ(read_asset(row, "commissionAsset", ret->commission_asset, err));
	if (!decimal_is_positive(ret->price) || !decimal_is_positive(ret->quantity) ||
	    decimal_is_negative(ret->commission))
		return error_field(err, STATUS_INVALID, "fills", "a fill of nothing, for nothing, or with a negative fee");
	return STATUS_OK;
}

static bool
has_trade(const struct fill_list *list, const char *id)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->all[i].exchange_trade_id, id) == 0)
			return true;
	return false;
}

static enum status
read_fills(const json_t *object, const struct order *order, struct fill_list *list, struct error *err)
{
	const json_t *rows = json_object_get(object, "fills");
	int64_t at_ms = 0;
	if (rows == NULL)
		return STATUS_OK;
	if (!json_is_array(rows))
		return error_field(err, STATUS_INVALID, "fills", "'fills' is not a list");
	if (json_array_size(rows) > ROWS_MAX)
		return error_field(err, STATUS_RANGE, "fills", "too many fills to believe");
	READ(json_may_int(object, "transactTime", &at_ms, err));
	if (at_ms < 0 || at_ms > LATEST_MS)
		return error_field(err, STATUS_RANGE, "transactTime", "no time of this world");
	for (size_t i = 0; i < json_array_size(rows); i++) {
		struct fill fill = { .at_ms = at_ms };
		text_copy(fill.client_order_id, sizeof fill.client_order_id, order->client_order_id);
		READ(read_fill(json_array_get(rows, i), "tradeId", &fill, NULL, err));
		if (has_trade(list, fill.exchange_trade_id))
			return error_field(err, STATUS_INVALID, "fills", "the same trade twice");
		if (!fill_list_add(list, &fill))
			return error_set(err, STATUS_NO_MEMORY, "no memory for the fills of an order");
	}
	return STATUS_OK;
}

/* ---- orders ---- */

/* What was ordered; an open one settles downwards.  Zero: the order is known by name only. */
static bool
is_quantity_of(const struct order *order, struct decimal quantity)
{
	int more = decimal_cmp(quantity, order->quantity);
	return decimal_is_zero(order->quantity) || (order->is_quantity_open ? more <= 0 : more == 0);
}

static enum status
read_order(const json_t *object, const struct order *order, struct order_answer *ret, struct error *err)
{
	const char *word = NULL, *why = "";
	READ(read_id(object, "orderId", ret->exchange_order_id, sizeof ret->exchange_order_id, NULL, err));
	if (json_object_get(object, "status") == NULL)
		return STATUS_OK;
	READ(json_get_text(object, "status", &word, err));
	if (state_json_read(word, &ret->state) != STATUS_OK)
		return error_field(err, STATUS_INVALID, "status", "'%.30s' is no state of an order", word);
	ret->has_state = true;
	enum side side = order->side;
	if (json_object_get(object, "side") != NULL)
		READ(read_side(object, &side, err));
	if (side != order->side)
		return error_field(err, STATUS_INVALID, "side", "the answer is about a %s order", side_name(side));
	ret->has_quantity = json_object_get(object, "origQty") != NULL;
	READ(json_may_decimal(object, "origQty", &ret->quantity, err));
	READ(json_get_decimal(object, "executedQty", &ret->executed, err));
	if (decimal_is_zero(ret->quantity))
		ret->has_quantity = false;   /* an OPO's leg before its entry is filled (faqs/opo.md) */
	if (decimal_is_negative(ret->quantity) || decimal_is_negative(ret->executed) ||
	    (ret->has_quantity && decimal_cmp(ret->executed, ret->quantity) > 0) ||
	    (!ret->has_quantity && decimal_is_positive(ret->executed)))
		return error_field(err, STATUS_INVALID, "executedQty", "more is filled than was ordered");
	if (ret->has_quantity && !is_quantity_of(order, ret->quantity))
		return error_field(err, STATUS_INVALID, "origQty", "the answer is about another quantity");
	if (ret->state == ORDER_PENDING_NEW && decimal_is_positive(ret->executed))
		return error_field(err, STATUS_INVALID, "status", "an order that waits can't be filled");
	if (json_get_text(object, "expiryReason", &why, NULL) == STATUS_OK && strcmp(why, "NONE") != 0) {
		text_copy(ret->expiry_reason, sizeof ret->expiry_reason, why);
		text_make_harmless(ret->expiry_reason);
	}
	return read_fills(object, order, &ret->fills, err);
}

enum status
order_json_read(const json_t *object, const struct order *order, struct order_answer *ret,
                struct error *err)
{
	*ret = (struct order_answer){ 0 };
	enum status status = read_order(object, order, ret, err);
	if (status != STATUS_OK) {
		order_answer_done(ret);
		*ret = (struct order_answer){ 0 };
	}
	return status;
}

static enum status
read_open(const json_t *row, const char *symbol, struct exchange_order *ret, struct error *err)
{
	const char *name = "", *id = "", *type = "", *word = "";
	READ(json_get_text(row, "symbol", &name, err));
	READ(json_get_text(row, "clientOrderId", &id, err));
	READ(json_get_text(row, "type", &type, err));
	READ(json_get_text(row, "status", &word, err));
	READ(read_id(row, "orderId", ret->exchange_order_id, sizeof ret->exchange_order_id, NULL, err));
	READ(read_side(row, &ret->side, err));
	READ(json_may_decimal(row, "origQty", &ret->quantity, err));
	READ(json_get_decimal(row, "executedQty", &ret->filled, err));
	READ(json_may_decimal(row, "price", &ret->price, err));
	READ(json_may_decimal(row, "stopPrice", &ret->stop_price, err));
	READ(json_may_int(row, "updateTime", &ret->updated_at_ms, err));
	if (symbol[0] != '\0' && strcmp(symbol, name) != 0)
		return error_field(err, STATUS_INVALID, "symbol", "an order of another symbol");
	if (state_json_read(word, &ret->state) != STATUS_OK)
		return error_field(err, STATUS_INVALID, "status", "'%.30s' is no state of an order", word);
	if (decimal_is_negative(ret->quantity) || decimal_is_negative(ret->filled))
		return error_field(err, STATUS_INVALID, "origQty", "an order of less than nothing");
	if (!text_copy(ret->symbol, sizeof ret->symbol, name))
		return error_field(err, STATUS_INVALID, "symbol", "a symbol that is too long");
	text_copy(ret->client_order_id, sizeof ret->client_order_id, id);
	text_copy(ret->type, sizeof ret->type, type);
	text_make_harmless(ret->symbol);
	text_make_harmless(ret->client_order_id);
	text_make_harmless(ret->type);
	return STATUS_OK;
}

enum status
open_json_read(const json_t *root, const char *symbol, struct exchange_order **ret, size_t *ret_count,
               struct error *err)
{
	size_t count = json_array_size(root);
	if (!json_is_array(root))
		return error_set(err, STATUS_INVALID, "the answer is not a list");
	if (count > ROWS_MAX)
		return error_set(err, STATUS_RANGE, "too many orders to believe");
	struct exchange_order *all = calloc(count > 0 ? count : 1, sizeof *all);
	if (all == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for the open orders");
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		bool is_new = true;
		enum status status = read_open(json_array_get(root, i), symbol, &all[kept], err);
		if (status != STATUS_OK) {
			free(all);
			return status;
		}
		for (size_t j = 0; is_new && j < kept; j++)
			is_new = strcmp(all[j].exchange_order_id, all[kept].exchange_order_id) != 0 ||
			         strcmp(all[j].symbol, all[kept].symbol) != 0;
		if (is_new)
			kept++;
		else
			all[kept] = (struct exchange_order){ 0 };
	}
	*ret = all;
	*ret_count = kept;
	return STATUS_OK;
}

/* ---- trades ---- */

static bool
is_known(const struct told_trades *list, const char *id)
{
	for (size_t i = list->count; i > 0; i--)
		if (strcmp(list->all[i - 1].fill.exchange_trade_id, id) == 0)
			return true;
	return false;
}

enum status
trades_json_read(const json_t *root, const char *symbol, const char *order_id, struct told_trades *list,
                 int64_t *ret_last_id, size_t *ret_rows, struct error *err)
{
	if (!json_is_array(root))
		return error_set(err, STATUS_INVALID, "the answer is not a list");
	if (json_array_size(root) > ROWS_MAX)
		return error_set(err, STATUS_RANGE, "too many trades to believe");
	for (size_t i = 0; i < json_array_size(root); i++) {
		const json_t *row = json_array_get(root, i);
		struct exchange_trade trade = { 0 };
		bool is_buyer = false;
		int64_t id = 0;
		READ(read_fill(row, "id", &trade.fill, &id, err));
		READ(read_id(row, "orderId", trade.exchange_order_id, sizeof trade.exchange_order_id, NULL, err));
		READ(json_get_int(row, "time", &trade.fill.at_ms, err));
		READ(json_get_flag(row, "isBuyer", &is_buyer, err));
		trade.side = is_buyer ? SIDE_BUY : SIDE_SELL;
		if (!text_is(row, "symbol", symbol) ||
		    (order_id[0] != '\0' && strcmp(order_id, trade.exchange_order_id) != 0))
			return error_field(err, STATUS_INVALID, "orderId", "a trade of something else");
		if (trade.fill.at_ms < 0 || trade.fill.at_ms > LATEST_MS)
			return error_field(err, STATUS_RANGE, "time", "no time of this world");
		if (id > *ret_last_id)
			*ret_last_id = id;
		if (is_known(list, trade.fill.exchange_trade_id))
			continue;
		if (!told_trades_add(list, &trade))
			return error_set(err, STATUS_NO_MEMORY, "no memory for %zu trades", list->count);
	}
	*ret_rows = json_array_size(root);
	return STATUS_OK;
}
