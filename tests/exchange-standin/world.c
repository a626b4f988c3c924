/* What there is: accounts, symbols and what happened.  Every change of a balance goes through
 * balance_change(), so that the ledger adds up. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "engine.h"
#include "grow.h"

static const char *const sides[] = { "BUY", "SELL" };
static const char *const types[] = { "LIMIT", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT",
                                     "TAKE_PROFIT", "TAKE_PROFIT_LIMIT", "LIMIT_MAKER" };
static const char *const tifs[] = { "GTC", "IOC", "FOK" };
static const char *const statuses[] = { "NEW", "PENDING_NEW", "PARTIALLY_FILLED", "FILLED",
                                        "CANCELED", "REJECTED", "EXPIRED" };
static const char *const expiries[] = { "NONE", "REJECTED", "EXCHANGE_CANCELED", "OCO_TRIGGER",
                                        "OTO_PHASE_ONE_EXPIRED", "UNFILLED_IOC_QUANTITY_EXPIRED",
                                        "UNFILLED_FOK_ORDER_EXPIRED", "INSUFFICIENT_LIQUIDITY" };
const char *const *side_names = sides, *const *type_names = types, *const *tif_names = tifs,
	*const *status_names = statuses, *const *expiry_names = expiries;

void *
grow(void *array, size_t len, size_t size)
{
	/* Doubling: a new block is needed when the length is a power of two. */
	if (len != 0 && (len & (len - 1)) != 0)
		return array;
	void *bigger = realloc(array, (len == 0 ? 1 : len * 2) * size);
	if (bigger == NULL)
		abort();
	return bigger;
}

int
name_index(const char *const names[], int count, const char *text)
{
	for (int i = 0; i < count; i++)
		if (strcmp(names[i], text) == 0)
			return i;
	return -1;
}

bool
refuse(struct refusal *no, int http, int code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(no->msg, sizeof no->msg, format, args);
	va_end(args);
	no->http = http;
	no->code = code;
	return false;
}

void
exchange_init(struct exchange *ex)
{
	memset(ex, 0, sizeof *ex);
	ex->ledger = json_array();
	ex->filters = json_array();
	ex->order_limit[0] = 100;
	ex->order_limit[1] = 200000;
}

void
exchange_done(struct exchange *ex)
{
	for (size_t i = 0; i < ex->accounts_len; i++) {
		free(ex->accounts[i].balances);
		json_decref(ex->accounts[i].permissions);
		json_decref(ex->accounts[i].filters);
	}
	for (size_t i = 0; i < ex->symbols_len; i++) {
		json_decref(ex->symbols[i]->info);
		json_decref(ex->symbols[i]->klines);
		free(ex->symbols[i]->side[0]);
		free(ex->symbols[i]->side[1]);
		free(ex->symbols[i]->prints);
		free(ex->symbols[i]);
	}
	for (size_t i = 0; i < ex->orders_len; i++)
		free(ex->orders[i]);
	for (size_t i = 0; i < ex->lists_len; i++)
		free(ex->lists[i]);
	free(ex->accounts);
	free(ex->symbols);
	free(ex->orders);
	free(ex->open);
	free(ex->lists);
	free(ex->holds);
	free(ex->trades);
	json_decref(ex->ledger);
	json_decref(ex->filters);
}

struct symbol *
symbol_find(const struct exchange *ex, const char *name)
{
	for (size_t i = 0; i < ex->symbols_len; i++)
		if (strcmp(ex->symbols[i]->name, name) == 0)
			return ex->symbols[i];
	return NULL;
}

static void
copy_text(char *to, size_t size, const json_t *info, const char *key)
{
	const char *text = json_string_value(json_object_get(info, key));
	snprintf(to, size, "%s", text ? text : "");
}

struct symbol *
symbol_add(struct exchange *ex, json_t *info)
{
	struct symbol *symbol = calloc(1, sizeof *symbol);
	if (symbol == NULL)
		abort();
	symbol->info = json_incref(info);
	copy_text(symbol->name, sizeof symbol->name, info, "symbol");
	copy_text(symbol->base, sizeof symbol->base, info, "baseAsset");
	copy_text(symbol->quote, sizeof symbol->quote, info, "quoteAsset");
	symbol->next_trade_id = 1;
	symbol->book_id = 1;
	ex->symbols = grow(ex->symbols, ex->symbols_len, sizeof(struct symbol *));
	ex->symbols[ex->symbols_len++] = symbol;
	return symbol;
}

bool
symbol_flag(const struct symbol *symbol, const char *flag)
{
	return json_is_true(json_object_get(symbol->info, flag));
}

size_t
account_add(struct exchange *ex, int64_t uid)
{
	ex->accounts = grow(ex->accounts, ex->accounts_len, sizeof *ex->accounts);
	struct account *account = &ex->accounts[ex->accounts_len];
	memset(account, 0, sizeof *account);
	account->uid = uid;
	account->can_trade = account->can_withdraw = true;
	account->standard.maker = account->standard.taker = NUM_ONE / 1000;
	account->discount = NUM_ONE / 4 * 3;
	account->permissions = json_pack("[s]", "SPOT");
	account->filters = json_array();
	return ex->accounts_len++;
}

struct balance *
balance_of(struct account *account, const char *asset)
{
	for (size_t i = 0; i < account->balances_len; i++)
		if (strcmp(account->balances[i].asset, asset) == 0)
			return &account->balances[i];
	account->balances = grow(account->balances, account->balances_len,
	                         sizeof *account->balances);
	struct balance *balance = &account->balances[account->balances_len++];
	memset(balance, 0, sizeof *balance);
	snprintf(balance->asset, sizeof balance->asset, "%s", asset);
	return balance;
}

void
ledger_add(struct exchange *ex, const char *event, json_t *facts)
{
	json_object_set_new(facts, "event", json_string(event));
	json_object_set_new(facts, "seq", json_integer((json_int_t)json_array_size(ex->ledger) + 1));
	json_object_set_new(facts, "time", json_integer(ex->now_ms));
	json_array_append_new(ex->ledger, facts);
}

void
balance_change(struct exchange *ex, size_t account, const char *asset, num free_by, num locked_by,
               const char *why, int64_t order_id)
{
	if (free_by == 0 && locked_by == 0)
		return;
	struct balance *balance = balance_of(&ex->accounts[account], asset);
	balance->free += free_by;
	balance->locked += locked_by;
	ex->accounts[account].update_ms = ex->now_ms;
	ledger_add(ex, "balance",
	           json_pack("{sI ss ss sI so so so so}", "account", (json_int_t)account, "asset", asset,
	                     "why", why, "orderId", (json_int_t)order_id, "freeBy", num_json(free_by),
	                     "lockedBy", num_json(locked_by), "free", num_json(balance->free),
	                     "locked", num_json(balance->locked)));
}

void
make_id(struct exchange *ex, char *buf)
{
	/* Looks like the exchange's own: 22 letters and digits; never the same twice. */
	static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789";
	uint64_t state = (uint64_t)++ex->serial * 0x9E3779B97F4A7C15u;
	int len = snprintf(buf, ID_MAX + 1, "%llx", (long long unsigned)ex->serial);
	for (; len < 22; len++) {
		state = state * 6364136223846793005u + 1442695040888963407u;
		buf[len] = letters[(state >> 33) % (sizeof letters - 1)];
	}
	buf[len] = '\0';
}

bool
order_is_open(const struct order *order)
{
	return order->status == ORDER_NEW || order->status == ORDER_PENDING_NEW ||
	       order->status == ORDER_PARTIALLY_FILLED;
}

struct order *
order_by_id(const struct exchange *ex, int64_t id)
{
	return id >= 1 && (size_t)id <= ex->orders_len ? ex->orders[id - 1] : NULL;
}

struct order *
order_by_client_id(const struct exchange *ex, size_t account, const struct symbol *symbol,
                   const char *client_id)
{
	for (size_t i = ex->orders_len; i-- > 0;) {
		struct order *order = ex->orders[i];
		if (order->account == account && order->symbol == symbol &&
		    strcmp(order->terms.client_id, client_id) == 0)
			return order;
	}
	return NULL;
}

struct list *
list_by_id(const struct exchange *ex, int64_t id)
{
	return id >= 0 && (size_t)id < ex->lists_len ? ex->lists[id] : NULL;
}

struct list *
list_by_client_id(const struct exchange *ex, size_t account, const char *client_id)
{
	for (size_t i = ex->lists_len; i-- > 0;)
		if (ex->lists[i]->account == account && strcmp(ex->lists[i]->client_id, client_id) == 0)
			return ex->lists[i];
	return NULL;
}
