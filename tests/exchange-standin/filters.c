/* The filters of filters.md, read from the very objects that exchangeInfo shows. */
#include <stdio.h>
#include <string.h>
#include "engine.h"

static const json_t *
filter_in(const json_t *filters, const char *type)
{
	for (size_t i = 0; i < json_array_size(filters); i++) {
		const json_t *filter = json_array_get(filters, i);
		const char *name = json_string_value(json_object_get(filter, "filterType"));
		if (name != NULL && strcmp(name, type) == 0)
			return filter;
	}
	return NULL;
}

const json_t *
symbol_filter(const struct symbol *symbol, const char *type)
{
	return filter_in(json_object_get(symbol->info, "filters"), type);
}

static num
part(const json_t *filter, const char *key)
{
	return num_of(json_object_get(filter, key));
}

static int64_t
whole(const json_t *filter, const char *key)
{
	return json_integer_value(json_object_get(filter, key));
}

static bool
failed(struct refusal *no, const char *filter)
{
	return refuse(no, 400, -1013, "Filter failure: %s", filter);
}

num
average_price(const struct exchange *ex, const struct symbol *symbol, int64_t minutes)
{
	num quote = 0, base = 0;
	if (minutes > 0)
		for (size_t i = symbol->prints_len; i-- > 0;) {
			const struct print *print = &symbol->prints[i];
			if (print->time_ms <= ex->now_ms - minutes * 60000)
				break;
			quote += num_mul(print->price, print->qty);
			base += print->qty;
		}
	return base > 0 ? num_div(quote, base) : symbol->last;
}

/* price_filter: minPrice, maxPrice and tickSize, each disabled when 0. */
static bool
price_fits(const json_t *filter, num price)
{
	num min = part(filter, "minPrice"), max = part(filter, "maxPrice");
	num tick = part(filter, "tickSize");
	return price == 0 || ((min == 0 || price >= min) && (max == 0 || price <= max) &&
	                      (tick == 0 || price % tick == 0));
}

static bool
lot_fits(const json_t *filter, num qty)
{
	num step = part(filter, "stepSize");
	return qty >= part(filter, "minQty") && qty <= part(filter, "maxQty") &&
	       (step == 0 || qty % step == 0);
}

static bool
percent_fits(const struct exchange *ex, const struct symbol *symbol, const json_t *filter,
             num price, const char *up, const char *down)
{
	num average = average_price(ex, symbol, whole(filter, "avgPriceMins"));
	return average == 0 || (price <= num_mul(average, part(filter, up)) &&
	                        price >= num_mul(average, part(filter, down)));
}

static bool
filters_price(const struct exchange *ex, const struct symbol *symbol, const struct terms *terms,
              struct refusal *no)
{
	const json_t *filter = symbol_filter(symbol, "PRICE_FILTER");
	if (filter != NULL && (!price_fits(filter, terms->price) || !price_fits(filter, terms->stop)))
		return failed(no, "PRICE_FILTER");
	filter = symbol_filter(symbol, "PERCENT_PRICE");
	if (filter != NULL && terms->price > 0 &&
	    !percent_fits(ex, symbol, filter, terms->price, "multiplierUp", "multiplierDown"))
		return failed(no, "PERCENT_PRICE");
	filter = symbol_filter(symbol, "PERCENT_PRICE_BY_SIDE");
	bool buy = terms->side == SIDE_BUY;
	if (filter != NULL && terms->price > 0 &&
	    !percent_fits(ex, symbol, filter, terms->price, buy ? "bidMultiplierUp" : "askMultiplierUp",
	                  buy ? "bidMultiplierDown" : "askMultiplierDown"))
		return failed(no, "PERCENT_PRICE_BY_SIDE");
	filter = symbol_filter(symbol, "TRAILING_DELTA");
	if (filter != NULL && terms->trailing_delta > 0) {
		bool above = type_is_stop_loss(terms->type) == buy;
		int64_t min = whole(filter, above ? "minTrailingAboveDelta" : "minTrailingBelowDelta");
		int64_t max = whole(filter, above ? "maxTrailingAboveDelta" : "maxTrailingBelowDelta");
		if (terms->trailing_delta < min || terms->trailing_delta > max)
			return failed(no, "TRAILING_DELTA");
	}
	return true;
}

/* The documentation gives a price only to limit and market orders.  A stop that will sell at
 * market is judged at its stop price here, which is the stricter reading. */
static num
notional_of(const struct exchange *ex, const struct symbol *symbol, const json_t *filter,
            const struct terms *terms)
{
	if (terms->quote_qty > 0)
		return terms->quote_qty;
	num price = terms->price > 0 ? terms->price : terms->stop;
	if (price == 0)
		price = average_price(ex, symbol, whole(filter, "avgPriceMins"));
	return num_mul(price, terms->qty);
}

static bool
filters_notional(const struct exchange *ex, const struct symbol *symbol, const struct terms *terms,
                 struct refusal *no)
{
	bool market = terms->type == TYPE_MARKET;
	const json_t *filter = symbol_filter(symbol, "MIN_NOTIONAL");
	if (filter != NULL && (!market || json_is_true(json_object_get(filter, "applyToMarket"))) &&
	    notional_of(ex, symbol, filter, terms) < part(filter, "minNotional"))
		return failed(no, "MIN_NOTIONAL");
	filter = symbol_filter(symbol, "NOTIONAL");
	if (filter == NULL)
		return true;
	num notional = notional_of(ex, symbol, filter, terms);
	if ((!market || json_is_true(json_object_get(filter, "applyMinToMarket"))) &&
	    notional < part(filter, "minNotional"))
		return failed(no, "NOTIONAL");
	if ((!market || json_is_true(json_object_get(filter, "applyMaxToMarket"))) &&
	    notional > part(filter, "maxNotional"))
		return failed(no, "NOTIONAL");
	return true;
}

static bool
filters_asset(const struct exchange *ex, size_t account, const struct symbol *symbol,
              const struct terms *terms, struct refusal *no)
{
	const json_t *filters = ex->accounts[account].filters;
	for (size_t i = 0; i < json_array_size(filters); i++) {
		const json_t *filter = json_array_get(filters, i);
		const char *asset = json_string_value(json_object_get(filter, "asset"));
		num limit = part(filter, "limit");
		if (asset == NULL)
			continue;
		if (strcmp(asset, symbol->base) == 0 && terms->qty > limit)
			return failed(no, "MAX_ASSET");
		if (strcmp(asset, symbol->quote) == 0 &&
		    notional_of(ex, symbol, NULL, terms) > limit)
			return failed(no, "MAX_ASSET");
	}
	return true;
}

bool
filters_terms(const struct exchange *ex, size_t account, const struct symbol *symbol,
              const struct terms *terms, bool quantity, struct refusal *no)
{
	if (!filters_price(ex, symbol, terms, no))
		return false;
	if (!quantity)
		return true;
	const json_t *filter = symbol_filter(symbol, "LOT_SIZE");
	if (filter != NULL && ((terms->qty > 0 && !lot_fits(filter, terms->qty)) ||
	                       (terms->iceberg > 0 && !lot_fits(filter, terms->iceberg))))
		return failed(no, "LOT_SIZE");
	filter = symbol_filter(symbol, "MARKET_LOT_SIZE");
	if (filter != NULL && terms->type == TYPE_MARKET && terms->qty > 0 &&
	    !lot_fits(filter, terms->qty))
		return failed(no, "MARKET_LOT_SIZE");
	filter = symbol_filter(symbol, "ICEBERG_PARTS");
	if (filter != NULL && terms->iceberg > 0 &&
	    (terms->qty + terms->iceberg - 1) / terms->iceberg > whole(filter, "limit"))
		return failed(no, "ICEBERG_PARTS");
	return filters_notional(ex, symbol, terms, no) && filters_asset(ex, account, symbol, terms, no);
}

void
room_add(struct room *room, const struct terms *terms)
{
	room->orders++;
	room->algos += type_is_algo(terms->type);
	room->icebergs += terms->iceberg > 0;
	if (terms->side == SIDE_BUY)
		room->bought += terms->qty;
}

static bool
within(const json_t *filters, const char *type, const char *key, int have, int more,
       struct refusal *no)
{
	const json_t *filter = filter_in(filters, type);
	if (filter != NULL && more > 0 && have + more > whole(filter, key))
		return failed(no, type);
	return true;
}

bool
filters_room(const struct exchange *ex, size_t account, const struct symbol *symbol,
             const struct room *more, struct refusal *no)
{
	struct room here = { 0 }, all = { 0 };
	for (size_t i = 0; i < ex->open_len; i++) {
		const struct order *order = ex->open[i];
		if (order->account != account || !order_is_open(order))
			continue;
		room_add(&all, &order->terms);
		if (order->symbol != symbol)
			continue;
		room_add(&here, &order->terms);
		if (order->terms.side == SIDE_BUY)
			here.bought -= order->executed;
	}
	for (size_t i = 0; i < ex->lists_len; i++)
		if (ex->lists[i]->account == account && !ex->lists[i]->done) {
			all.lists++;
			here.lists += ex->lists[i]->symbol == symbol;
		}
	const json_t *filters = json_object_get(symbol->info, "filters");
	const json_t *filter = filter_in(filters, "MAX_POSITION");
	if (filter != NULL && more->bought > 0) {
		const struct balance *base = balance_of(&ex->accounts[account], symbol->base);
		if (base->free + base->locked + here.bought + more->bought > part(filter, "maxPosition"))
			return failed(no, "MAX_POSITION");
	}
	return within(filters, "MAX_NUM_ORDERS", "maxNumOrders", here.orders, more->orders, no) &&
	       within(filters, "MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders", here.algos, more->algos, no) &&
	       within(filters, "MAX_NUM_ICEBERG_ORDERS", "maxNumIcebergOrders", here.icebergs,
	              more->icebergs, no) &&
	       within(filters, "MAX_NUM_ORDER_LISTS", "maxNumOrderLists", here.lists, more->lists, no) &&
	       within(ex->filters, "EXCHANGE_MAX_NUM_ORDERS", "maxNumOrders", all.orders, more->orders,
	              no) &&
	       within(ex->filters, "EXCHANGE_MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders", all.algos,
	              more->algos, no) &&
	       within(ex->filters, "EXCHANGE_MAX_NUM_ICEBERG_ORDERS", "maxNumIcebergOrders",
	              all.icebergs, more->icebergs, no) &&
	       within(ex->filters, "EXCHANGE_MAX_NUM_ORDER_LISTS", "maxNumOrderLists", all.lists,
	              more->lists, no);
}

num
lot_down(const struct symbol *symbol, num qty, bool market)
{
	for (int i = 0; i < (market ? 2 : 1); i++) {
		const json_t *filter = symbol_filter(symbol, i == 0 ? "LOT_SIZE" : "MARKET_LOT_SIZE");
		if (filter == NULL)
			continue;
		qty = num_min(qty, part(filter, "maxQty"));
		qty = num_floor(qty, part(filter, "stepSize"));
	}
	return qty;
}
