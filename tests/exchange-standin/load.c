/* The way back from dump.c. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "grow.h"
#include "server.h"

static int64_t
int_of(const json_t *from, const char *name)
{
	return json_integer_value(json_object_get(from, name));
}

static num
amount_of(const json_t *from, const char *name)
{
	return num_of(json_object_get(from, name));
}

static bool
true_in(const json_t *from, const char *name)
{
	return json_is_true(json_object_get(from, name));
}

static const char *
text_of(const json_t *from, const char *name)
{
	const char *text = json_string_value(json_object_get(from, name));
	return text ? text : "";
}

static int
index_of(const json_t *from, const char *name, const char *const names[], int count)
{
	int found = name_index(names, count, text_of(from, name));
	return found < 0 ? 0 : found;
}

void
rates_read(const json_t *from, struct rates *ret)
{
	struct { const char *name; num *to; } parts[] = {
		{ "maker", &ret->maker }, { "taker", &ret->taker }, { "buyer", &ret->buyer },
		{ "seller", &ret->seller },
	};
	for (size_t i = 0; i < 4; i++)
		if (json_object_get(from, parts[i].name) != NULL)
			*parts[i].to = amount_of(from, parts[i].name);
}

static void
load_account(struct exchange *ex, const json_t *from)
{
	size_t index = account_add(ex, int_of(from, "uid"));
	struct account *account = &ex->accounts[index];
	const json_t *balances = json_object_get(from, "balances");
	for (size_t i = 0; i < json_array_size(balances); i++) {
		const json_t *row = json_array_get(balances, i);
		struct balance *balance = balance_of(account, text_of(row, "asset"));
		balance->free = amount_of(row, "free");
		balance->locked = amount_of(row, "locked");
	}
	rates_read(json_object_get(from, "standard"), &account->standard);
	rates_read(json_object_get(from, "special"), &account->special);
	rates_read(json_object_get(from, "tax"), &account->tax);
	account->discount = amount_of(from, "discount");
	account->discount_enabled = true_in(from, "discountEnabled");
	account->can_trade = true_in(from, "canTrade");
	account->can_withdraw = true_in(from, "canWithdraw");
	account->update_ms = int_of(from, "updateTime");
	json_decref(account->permissions);
	json_decref(account->filters);
	account->permissions = json_deep_copy(json_object_get(from, "permissions"));
	account->filters = json_deep_copy(json_object_get(from, "filters"));
	for (size_t i = 0; i < WINDOWS; i++) {
		account->window[i] = json_integer_value(json_array_get(json_object_get(from, "windows"), i));
		account->count[i] =
			(int)json_integer_value(json_array_get(json_object_get(from, "counts"), i));
	}
}

static void
load_symbol(struct exchange *ex, const json_t *from)
{
	json_t *info = json_deep_copy(json_object_get(from, "info"));
	struct symbol *symbol = symbol_add(ex, info);
	json_decref(info);
	book_set(symbol, json_object_get(from, "bids"), json_object_get(from, "asks"));
	symbol->book_id = int_of(from, "bookId");
	const json_t *prints = json_object_get(from, "prints");
	for (size_t i = 0; i < json_array_size(prints); i++) {
		const json_t *row = json_array_get(prints, i);
		symbol->prints = grow(symbol->prints, symbol->prints_len, sizeof *symbol->prints);
		symbol->prints[symbol->prints_len++] = (struct print){
			.id = json_integer_value(json_array_get(row, 0)),
			.time_ms = json_integer_value(json_array_get(row, 1)),
			.price = num_of(json_array_get(row, 2)), .qty = num_of(json_array_get(row, 3)),
			.buyer_is_maker = json_is_true(json_array_get(row, 4)),
		};
	}
	symbol->last = amount_of(from, "last");
	symbol->next_trade_id = int_of(from, "nextTradeId");
	symbol->klines = json_deep_copy(json_object_get(from, "klines"));
}

static void
load_order(struct exchange *ex, const json_t *from)
{
	struct order *order = calloc(1, sizeof *order);
	if (order == NULL)
		abort();
	struct terms *terms = &order->terms;
	terms->side = (enum side)index_of(from, "side", side_names, 2);
	terms->type = (enum order_type)index_of(from, "type", type_names, TYPES);
	terms->tif = (enum tif)index_of(from, "timeInForce", tif_names, TIFS);
	terms->qty = amount_of(from, "origQty");
	terms->quote_qty = amount_of(from, "origQuoteOrderQty");
	terms->price = amount_of(from, "price");
	terms->stop = amount_of(from, "stopPrice");
	terms->iceberg = amount_of(from, "icebergQty");
	terms->trailing_delta = int_of(from, "trailingDelta");
	terms->strategy_id = int_of(from, "strategyId");
	terms->strategy_type = int_of(from, "strategyType");
	snprintf(terms->client_id, sizeof terms->client_id, "%s", text_of(from, "clientOrderId"));
	snprintf(order->cancel_id, sizeof order->cancel_id, "%s", text_of(from, "cancelClientOrderId"));
	order->id = int_of(from, "orderId");
	order->list_id = int_of(from, "orderListId");
	order->role = (enum role)int_of(from, "role");
	order->account = (size_t)int_of(from, "account");
	order->symbol = symbol_find(ex, text_of(from, "symbol"));
	order->status = (enum order_status)index_of(from, "status", status_names, ORDER_STATUSES);
	order->expiry = (enum expiry)index_of(from, "expiry", expiry_names, EXPIRIES);
	order->executed = amount_of(from, "executedQty");
	order->quote = amount_of(from, "cummulativeQuoteQty");
	order->hold = int_of(from, "hold");
	order->time_ms = int_of(from, "time");
	order->update_ms = int_of(from, "updateTime");
	order->working_ms = int_of(from, "workingTime");
	order->visible_ms = int_of(from, "visible");
	order->trailing_ms = int_of(from, "trailing");
	order->extreme = amount_of(from, "extreme");
	order->triggered = true_in(from, "triggered");
	order->shy = true_in(from, "shy");
	order->opo = true_in(from, "opo");
	order->counted = true_in(from, "counted");
	order->amended = (int)int_of(from, "amended");
	ex->orders = grow(ex->orders, ex->orders_len, sizeof(struct order *));
	ex->orders[ex->orders_len++] = order;
	if (!order_is_open(order))
		return;
	ex->open = grow(ex->open, ex->open_len, sizeof(struct order *));
	ex->open[ex->open_len++] = order;
}

static void
load_list(struct exchange *ex, const json_t *from)
{
	struct list *list = calloc(1, sizeof *list);
	const json_t *orders = json_object_get(from, "orders");
	if (list == NULL)
		abort();
	list->id = int_of(from, "orderListId");
	list->time_ms = int_of(from, "transactionTime");
	snprintf(list->client_id, sizeof list->client_id, "%s", text_of(from, "listClientOrderId"));
	list->oto = strcmp(text_of(from, "contingencyType"), "OTO") == 0;
	list->opo = true_in(from, "opo");
	list->done = strcmp(text_of(from, "listOrderStatus"), "ALL_DONE") == 0;
	list->account = (size_t)int_of(from, "account");
	list->symbol = symbol_find(ex, text_of(from, "symbol"));
	list->received = amount_of(from, "received");
	for (size_t i = 0; i < json_array_size(orders) && i < 3; i++)
		list->orders[list->orders_len++] = int_of(json_array_get(orders, i), "orderId");
	ex->lists = grow(ex->lists, ex->lists_len, sizeof(struct list *));
	ex->lists[ex->lists_len++] = list;
}

static void
load_hold(struct exchange *ex, const json_t *from)
{
	ex->holds = grow(ex->holds, ex->holds_len, sizeof *ex->holds);
	struct hold *hold = &ex->holds[ex->holds_len++];
	memset(hold, 0, sizeof *hold);
	hold->account = (size_t)int_of(from, "account");
	hold->left = amount_of(from, "left");
	hold->users = (int)int_of(from, "users");
	snprintf(hold->asset, sizeof hold->asset, "%s", text_of(from, "asset"));
}

static void
load_trade(struct exchange *ex, const json_t *from)
{
	ex->trades = grow(ex->trades, ex->trades_len, sizeof *ex->trades);
	struct trade *trade = &ex->trades[ex->trades_len++];
	*trade = (struct trade){
		.id = int_of(from, "id"), .order_id = int_of(from, "orderId"),
		.list_id = int_of(from, "orderListId"), .time_ms = int_of(from, "time"),
		.account = (size_t)int_of(from, "account"),
		.symbol = symbol_find(ex, text_of(from, "symbol")), .price = amount_of(from, "price"),
		.qty = amount_of(from, "qty"), .commission = amount_of(from, "commission"),
		.buyer = true_in(from, "isBuyer"), .maker = true_in(from, "isMaker"),
	};
	snprintf(trade->commission_asset, sizeof trade->commission_asset, "%s",
	         text_of(from, "commissionAsset"));
}

static void
load_key(struct server *server, const json_t *from)
{
	struct api_key *key = key_add(server, text_of(from, "key"));
	snprintf(key->secret, sizeof key->secret, "%s", text_of(from, "secret"));
	if (*text_of(from, "pem") != '\0')
		key_set_pem(key, text_of(from, "pem"));
	key->account = (size_t)int_of(from, "account");
	key->can_read = true_in(from, "read");
	key->can_trade = true_in(from, "trade");
}

bool
state_load(struct server *server, const json_t *state)
{
	struct exchange fresh, old = server->ex;
	if (!json_is_array(json_object_get(state, "orders")))
		return false;
	exchange_init(&fresh);
	memcpy(fresh.order_limit, old.order_limit, sizeof fresh.order_limit);
	struct { const char *name; void (*load)(struct exchange *, const json_t *); } parts[] = {
		{ "accounts", load_account }, { "symbols", load_symbol }, { "orders", load_order },
		{ "lists", load_list }, { "holds", load_hold }, { "trades", load_trade },
	};
	for (size_t part = 0; part < sizeof parts / sizeof *parts; part++) {
		const json_t *rows = json_object_get(state, parts[part].name);
		for (size_t i = 0; i < json_array_size(rows); i++)
			parts[part].load(&fresh, json_array_get(rows, i));
	}
	json_decref(fresh.ledger);
	json_decref(fresh.filters);
	fresh.ledger = json_deep_copy(json_object_get(state, "events"));
	fresh.filters = json_deep_copy(json_object_get(state, "exchangeFilters"));
	fresh.serial = int_of(state, "serial");
	fresh.now_ms = int_of(state, "now");
	fresh.query_lag_ms = int_of(state, "queryLag");
	fresh.oto_funds = true_in(state, "otoFunds");
	server->offset_ms = int_of(state, "offset");
	server->frozen_ms = int_of(state, "frozen");
	server->limits.banned_until_ms = int_of(state, "banned");
	server->limits.weight = server->limits.raw = 0;
	exchange_done(&old);
	server->ex = fresh;
	const json_t *keys = json_object_get(state, "keys");
	for (size_t i = 0; i < json_array_size(keys); i++)
		load_key(server, json_array_get(keys, i));
	return true;
}
