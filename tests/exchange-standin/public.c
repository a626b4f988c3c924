/* The endpoints that need no key (rest-api.md, "General endpoints", "Market Data endpoints"). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "call.h"
#include "server.h"

static const int64_t day_ms = 86400000;

json_t *
public_ping(struct call *call)
{
	(void)call;
	return json_object();
}

json_t *
public_time(struct call *call)
{
	return json_pack("{sI}", "serverTime", (json_int_t)call->ex->now_ms);
}

/* The symbols of `symbol' or `symbols', or all; *ret_one when the answer is not an array.  NULL
 * after a refusal; the caller frees. */
static struct symbol **
chosen(struct call *call, size_t *ret_len, bool *ret_one)
{
	const char *many = call_text(call, "symbols");
	struct symbol **list = calloc(call->ex->symbols_len + 1, sizeof(struct symbol *));
	*ret_len = 0;
	*ret_one = call_text(call, "symbol") != NULL;
	if (list == NULL)
		abort();
	if (*ret_one && many != NULL) {
		call_refuse(call, 400, -1128, "Combination of optional parameters invalid. Recommendation: "
		            "'symbol' and 'symbols' must not both be sent.");
	} else if (*ret_one) {
		list[0] = call_symbol(call);
		*ret_len = 1;
	} else if (many != NULL) {
		json_t *names = json_loads(many, 0, NULL);
		if (!json_is_array(names) || json_array_size(names) == 0)
			call_refuse(call, 400, -1100, "Illegal characters found in parameter 'symbols'; legal "
			            "range is '^\\[(\"[A-Z0-9-_.]{1,20}\"(,\"[A-Z0-9-_.]{1,20}\"){0,}){0,1}\\]$'.");
		for (size_t i = 0; call->no.http == 0 && i < json_array_size(names); i++) {
			const char *name = json_string_value(json_array_get(names, i));
			struct symbol *symbol = name ? symbol_find(call->ex, name) : NULL;
			for (size_t j = 0; j < *ret_len; j++)
				if (list[j] == symbol && symbol != NULL)
					call_refuse(call, 400, -1151, "Symbol is present multiple times in the list.");
			if (symbol == NULL)
				call_refuse(call, 400, -1121, "Invalid symbol.");
			else if (call->no.http == 0)
				list[(*ret_len)++] = symbol;
		}
		json_decref(names);
	} else {
		for (size_t i = 0; i < call->ex->symbols_len; i++)
			list[(*ret_len)++] = call->ex->symbols[i];
	}
	if (call->no.http != 0) {
		free(list);
		return NULL;
	}
	return list;
}

/* "For a single symbol, a status mismatch returns error -1220 ... For multiple or all symbols,
 * non-matching ones are simply excluded." */
static bool
status_fits(const struct call *call, const struct symbol *symbol)
{
	const char *wanted = call_text(call, "symbolStatus");
	const char *is = json_string_value(json_object_get(symbol->info, "status"));
	return wanted == NULL || (is != NULL && strcmp(is, wanted) == 0);
}

typedef json_t *row_of(struct call *call, const struct symbol *symbol);

static json_t *
rows(struct call *call, row_of *row)
{
	size_t len;
	bool one;
	struct symbol **list = chosen(call, &len, &one);
	if (list == NULL)
		return NULL;
	json_t *answer = one ? NULL : json_array();
	if (one && status_fits(call, list[0]))
		answer = row(call, list[0]);
	else if (one)
		call_refuse(call, 400, -1220, "The symbol's status does not match the requested "
		            "symbolStatus.");
	for (size_t i = 0; !one && i < len; i++)
		if (status_fits(call, list[i]))
			json_array_append_new(answer, row(call, list[i]));
	free(list);
	return answer;
}

static bool
permitted(const struct symbol *symbol, const char *wanted)
{
	const json_t *sets = json_object_get(symbol->info, "permissionSets");
	for (size_t i = 0; i < json_array_size(sets); i++) {
		const json_t *set = json_array_get(sets, i);
		for (size_t j = 0; j < json_array_size(set); j++)
			if (strstr(wanted, json_string_value(json_array_get(set, j))) != NULL)
				return true;
	}
	return false;
}

json_t *
public_exchange_info(struct call *call)
{
	size_t len;
	bool one;
	const char *permissions = call_text(call, "permissions");
	const char *status = call_text(call, "symbolStatus");
	const char *show = call_text(call, "showPermissionSets");
	bool named = call_text(call, "symbol") != NULL || call_text(call, "symbols") != NULL;
	if (named && (permissions != NULL || status != NULL))
		return call_refuse(call, 400, -1128, "Combination of optional parameters invalid.");
	struct symbol **list = chosen(call, &len, &one);
	if (list == NULL)
		return NULL;
	json_t *symbols = json_array();
	for (size_t i = 0; i < len; i++) {
		const char *is = json_string_value(json_object_get(list[i]->info, "status"));
		if ((!named && !permitted(list[i], permissions ? permissions : "SPOT MARGIN LEVERAGED")) ||
		    (status != NULL && (is == NULL || strcmp(is, status) != 0)))
			continue;
		json_t *info = json_copy(list[i]->info);
		if (show != NULL && strcmp(show, "false") == 0)
			json_object_set_new(info, "permissionSets", json_array());
		json_array_append_new(symbols, info);
	}
	free(list);
	return json_pack("{ss sI so sO so}", "timezone", "UTC", "serverTime",
	                 (json_int_t)call->ex->now_ms, "rateLimits", limits_json(call->server),
	                 "exchangeFilters", call->ex->filters, "symbols", symbols);
}

json_t *
public_execution_rules(struct call *call)
{
	size_t len;
	bool one;
	struct symbol **list = chosen(call, &len, &one);
	if (list == NULL)
		return NULL;
	free(list);
	return json_pack("{s[]}", "symbolRules");
}

static json_t *
side_json(const struct call *call, const struct symbol *symbol, enum side side, size_t limit)
{
	json_t *levels = json_array();
	const struct exchange *ex = call->ex;
	/* Strangers' levels, and the resting orders of the accounts. */
	num after = 0;
	while (json_array_size(levels) < limit) {
		num best = 0, qty = 0;
		for (size_t i = 0; i < symbol->side_len[side]; i++) {
			num price = symbol->side[side][i].price;
			if (symbol->side[side][i].qty > 0 &&
			    (after == 0 || (side == SIDE_BUY ? price < after : price > after)) &&
			    (best == 0 || (side == SIDE_BUY ? price > best : price < best)))
				best = price;
		}
		for (size_t i = 0; i < ex->open_len; i++) {
			num price = ex->open[i]->terms.price;
			if (order_rests(ex->open[i], symbol, side) &&
			    (after == 0 || (side == SIDE_BUY ? price < after : price > after)) &&
			    (best == 0 || (side == SIDE_BUY ? price > best : price < best)))
				best = price;
		}
		if (best == 0)
			break;
		for (size_t i = 0; i < symbol->side_len[side]; i++)
			qty += symbol->side[side][i].price == best ? symbol->side[side][i].qty : 0;
		for (size_t i = 0; i < ex->open_len; i++)
			if (order_rests(ex->open[i], symbol, side) && ex->open[i]->terms.price == best)
				qty += ex->open[i]->terms.qty - ex->open[i]->executed;
		json_array_append_new(levels, json_pack("[o o]", num_json(best), num_json(qty)));
		after = best;
	}
	return levels;
}

json_t *
public_depth(struct call *call)
{
	const struct symbol *symbol = call_symbol(call);
	size_t limit;
	if (symbol == NULL || !call_limit(call, 100, 5000, &limit))
		return NULL;
	if (!status_fits(call, symbol))
		return call_refuse(call, 400, -1220, "The symbol's status does not match the requested "
		                   "symbolStatus.");
	return json_pack("{sI so so}", "lastUpdateId", (json_int_t)symbol->book_id, "bids",
	                 side_json(call, symbol, SIDE_BUY, limit), "asks",
	                 side_json(call, symbol, SIDE_SELL, limit));
}

json_t *
public_trades(struct call *call)
{
	const struct symbol *symbol = call_symbol(call);
	size_t limit;
	if (symbol == NULL || !call_limit(call, 500, 1000, &limit))
		return NULL;
	json_t *trades = json_array();
	size_t from = symbol->prints_len > limit ? symbol->prints_len - limit : 0;
	for (size_t i = from; i < symbol->prints_len; i++) {
		const struct print *print = &symbol->prints[i];
		json_array_append_new(trades, json_pack("{sI so so so sI sb sb}", "id",
		                                        (json_int_t)print->id, "price",
		                                        num_json(print->price), "qty",
		                                        num_json(print->qty), "quoteQty",
		                                        num_json(num_mul(print->price, print->qty)),
		                                        "time", (json_int_t)print->time_ms, "isBuyerMaker",
		                                        print->buyer_is_maker, "isBestMatch", true));
	}
	return trades;
}

json_t *
public_avg_price(struct call *call)
{
	const struct symbol *symbol = call_symbol(call);
	if (symbol == NULL)
		return NULL;
	int64_t last = symbol->prints_len ? symbol->prints[symbol->prints_len - 1].time_ms : 0;
	return json_pack("{si so sI}", "mins", 5, "price", num_json(average_price(call->ex, symbol, 5)),
	                 "closeTime", (json_int_t)last);
}

static json_t *
price_row(struct call *call, const struct symbol *symbol)
{
	(void)call;
	return json_pack("{ss so}", "symbol", symbol->name, "price", num_json(symbol->last));
}

static json_t *
book_row(struct call *call, const struct symbol *symbol)
{
	json_t *sides[2], *row = json_pack("{ss}", "symbol", symbol->name);
	static const char *const names[2][2] = { { "bidPrice", "bidQty" }, { "askPrice", "askQty" } };
	for (int i = 0; i < 2; i++) {
		sides[i] = side_json(call, symbol, (enum side)i, 1);
		for (size_t j = 0; j < 2; j++) {
			json_t *value = json_array_get(json_array_get(sides[i], 0), j);
			json_object_set_new(row, names[i][j], value ? json_incref(value) : num_json(0));
		}
		json_decref(sides[i]);
	}
	return row;
}

struct day {
	num open, high, low, last_qty, volume, quote;
	int64_t first_id, last_id, count;
};

static struct day
day_of(const struct exchange *ex, const struct symbol *symbol)
{
	struct day day = { .first_id = -1, .last_id = -1 };
	for (size_t i = 0; i < symbol->prints_len; i++) {
		const struct print *print = &symbol->prints[i];
		if (print->time_ms <= ex->now_ms - day_ms)
			continue;
		if (day.count++ == 0) {
			day.open = day.low = print->price;
			day.first_id = print->id;
		}
		day.high = num_max(day.high, print->price);
		day.low = num_min(day.low, print->price);
		day.volume += print->qty;
		day.quote += num_mul(print->qty, print->price);
		day.last_qty = print->qty;
		day.last_id = print->id;
	}
	return day;
}

static json_t *
day_row(struct call *call, const struct symbol *symbol)
{
	struct day day = day_of(call->ex, symbol);
	const char *type = call_text(call, "type");
	num change = day.count ? symbol->last - day.open : 0;
	char percent[NUM_TEXT];
	num share = day.open > 0 ? change * 100000 / day.open : 0;
	snprintf(percent, sizeof percent, "%s%lld.%03lld", share < 0 ? "-" : "",
	         (long long)((share < 0 ? -share : share) / 1000),
	         (long long)((share < 0 ? -share : share) % 1000));
	json_t *row = json_pack("{ss so so so so so so sI sI sI sI sI}", "symbol", symbol->name,
	                        "openPrice", num_json(day.open), "highPrice", num_json(day.high),
	                        "lowPrice", num_json(day.low), "lastPrice", num_json(symbol->last),
	                        "volume", num_json(day.volume), "quoteVolume", num_json(day.quote),
	                        "openTime", (json_int_t)(call->ex->now_ms - day_ms), "closeTime",
	                        (json_int_t)call->ex->now_ms, "firstId", (json_int_t)day.first_id,
	                        "lastId", (json_int_t)day.last_id, "count", (json_int_t)day.count);
	if (type != NULL && strcmp(type, "MINI") == 0)
		return row;
	json_object_set_new(row, "priceChange", num_json(change));
	json_object_set_new(row, "priceChangePercent", json_string(percent));
	json_object_set_new(row, "weightedAvgPrice",
	                    num_json(day.volume > 0 ? num_div(day.quote, day.volume) : 0));
	json_object_set_new(row, "prevClosePrice", num_json(day.open));
	json_object_set_new(row, "lastQty", num_json(day.last_qty));
	json_t *book = book_row(call, symbol);
	json_object_update(row, book);
	json_decref(book);
	return row;
}

json_t *
public_ticker_price(struct call *call)
{
	return rows(call, price_row);
}

json_t *
public_book_ticker(struct call *call)
{
	return rows(call, book_row);
}

json_t *
public_ticker_24hr(struct call *call)
{
	return rows(call, day_row);
}
