/* All that the exchange knows, as JSON: for a judge to read and for a restart to begin with. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "server.h"

json_t *
rates_json(const struct rates *rates)
{
	return report_rates(rates, false, SIDE_BUY);
}

static json_t *
account_json(const struct account *account)
{
	json_t *balances = json_array();
	for (size_t i = 0; i < account->balances_len; i++)
		json_array_append_new(balances, json_pack("{ss so so}", "asset",
		                                          account->balances[i].asset, "free",
		                                          num_json(account->balances[i].free), "locked",
		                                          num_json(account->balances[i].locked)));
	return json_pack("{sI so so so so so sb sb sb sO sO sI so so}", "uid", (json_int_t)account->uid,
	                 "balances", balances, "standard", rates_json(&account->standard), "special",
	                 rates_json(&account->special), "tax", rates_json(&account->tax), "discount",
	                 num_json(account->discount), "discountEnabled", account->discount_enabled,
	                 "canTrade", account->can_trade, "canWithdraw", account->can_withdraw,
	                 "permissions", account->permissions, "filters", account->filters, "updateTime",
	                 (json_int_t)account->update_ms, "windows",
	                 json_pack("[I I]", (json_int_t)account->window[0],
	                           (json_int_t)account->window[1]),
	                 "counts", json_pack("[i i]", account->count[0], account->count[1]));
}

static json_t *
levels_json(const struct symbol *symbol, enum side side)
{
	json_t *levels = json_array();
	for (size_t i = 0; i < symbol->side_len[side]; i++)
		json_array_append_new(levels, json_pack("[o o]", num_json(symbol->side[side][i].price),
		                                        num_json(symbol->side[side][i].qty)));
	return levels;
}

static json_t *
symbol_json(const struct symbol *symbol)
{
	json_t *prints = json_array();
	for (size_t i = 0; i < symbol->prints_len; i++) {
		const struct print *print = &symbol->prints[i];
		json_array_append_new(prints, json_pack("[I I o o b]", (json_int_t)print->id,
		                                        (json_int_t)print->time_ms,
		                                        num_json(print->price), num_json(print->qty),
		                                        print->buyer_is_maker));
	}
	return json_pack("{sO so so so sI sI so sO?}", "info", symbol->info, "bids",
	                 levels_json(symbol, SIDE_BUY), "asks", levels_json(symbol, SIDE_SELL), "last",
	                 num_json(symbol->last), "bookId", (json_int_t)symbol->book_id, "nextTradeId",
	                 (json_int_t)symbol->next_trade_id, "prints", prints, "klines", symbol->klines);
}

static json_t *
order_json(const struct order *order)
{
	json_t *row = report_query(order);
	json_t *more = json_pack("{sI ss ss si sI sb so sb sb sb si sI sI sI sI}", "account",
	                         (json_int_t)order->account, "cancelClientOrderId", order->cancel_id,
	                         "expiry", expiry_names[order->expiry], "role", (int)order->role, "hold",
	                         (json_int_t)order->hold, "triggered", order->triggered, "extreme",
	                         num_json(order->extreme), "shy", order->shy, "opo", order->opo,
	                         "counted", order->counted, "amended", order->amended, "visible",
	                         (json_int_t)order->visible_ms, "trailing",
	                         (json_int_t)order->trailing_ms, "trailingDelta",
	                         (json_int_t)order->terms.trailing_delta, "strategyId",
	                         (json_int_t)order->terms.strategy_id);
	json_object_set_new(row, "origQty", num_json(order->terms.qty));
	json_object_set_new(row, "strategyType", json_integer(order->terms.strategy_type));
	json_object_update(row, more);
	json_decref(more);
	return row;
}

static json_t *
list_json(const struct exchange *ex, const struct list *list)
{
	json_t *row = report_list(ex, list);
	json_object_set_new(row, "account", json_integer((json_int_t)list->account));
	json_object_set_new(row, "opo", json_boolean(list->opo));
	json_object_set_new(row, "received", num_json(list->received));
	return row;
}

static json_t *
key_json(const struct api_key *key)
{
	return json_pack("{ss ss ss? sI sb sb}", "key", key->key, "secret", key->secret, "pem", key->pem,
	                 "account", (json_int_t)key->account, "read", key->can_read, "trade",
	                 key->can_trade);
}

json_t *
state_json(struct server *server)
{
	const struct exchange *ex = &server->ex;
	json_t *accounts = json_array(), *symbols = json_array(), *orders = json_array();
	json_t *lists = json_array(), *holds = json_array(), *trades = json_array();
	json_t *keys = json_array();
	for (size_t i = 0; i < ex->accounts_len; i++)
		json_array_append_new(accounts, account_json(&ex->accounts[i]));
	for (size_t i = 0; i < ex->symbols_len; i++)
		json_array_append_new(symbols, symbol_json(ex->symbols[i]));
	for (size_t i = 0; i < ex->orders_len; i++)
		json_array_append_new(orders, order_json(ex->orders[i]));
	for (size_t i = 0; i < ex->lists_len; i++)
		json_array_append_new(lists, list_json(ex, ex->lists[i]));
	for (size_t i = 0; i < ex->holds_len; i++)
		json_array_append_new(holds, json_pack("{sI ss so si}", "account",
		                                       (json_int_t)ex->holds[i].account, "asset",
		                                       ex->holds[i].asset, "left",
		                                       num_json(ex->holds[i].left), "users",
		                                       ex->holds[i].users));
	for (size_t i = 0; i < ex->trades_len; i++) {
		json_t *row = report_trade(&ex->trades[i]);
		json_object_set_new(row, "account", json_integer((json_int_t)ex->trades[i].account));
		json_array_append_new(trades, row);
	}
	for (size_t i = 0; i < server->keys_len; i++)
		json_array_append_new(keys, key_json(&server->keys[i]));
	return json_pack("{sI sI sI sI so so so so so so so sO sO sI sI sb}", "now",
	                 (json_int_t)ex->now_ms, "offset", (json_int_t)server->offset_ms, "frozen",
	                 (json_int_t)server->frozen_ms, "serial", (json_int_t)ex->serial, "accounts",
	                 accounts, "symbols", symbols, "orders", orders, "lists", lists, "holds", holds,
	                 "trades", trades, "keys", keys, "events", ex->ledger, "exchangeFilters",
	                 ex->filters, "queryLag", (json_int_t)ex->query_lag_ms, "banned",
	                 (json_int_t)server->limits.banned_until_ms, "otoFunds", ex->oto_funds);
}

/* Whole or not at all: a reader never sees half a file. */
bool
state_save(struct server *server)
{
	char path[4096];
	server->dirty = false;
	if (server->state_path == NULL)
		return true;
	snprintf(path, sizeof path, "%s.new", server->state_path);
	json_t *state = state_json(server);
	bool saved = json_dump_file(state, path, JSON_COMPACT) == 0 &&
	             rename(path, server->state_path) == 0;
	json_decref(state);
	return saved;
}
