/* The market of one symbol: what strangers offer, what accounts have resting, who meets whom.
 * Price first, then strangers before accounts, then time. */
#include <stdlib.h>
#include <string.h>
#include "engine.h"
#include "grow.h"

enum { PRINTS_KEPT = 4096, ROUNDS_MAX = 100000 };

bool
order_rests(const struct order *order, const struct symbol *symbol, enum side side)
{
	return order->symbol == symbol && order->terms.side == side && order->terms.price > 0 &&
	       (order->status == ORDER_NEW || order->status == ORDER_PARTIALLY_FILLED) &&
	       (!type_is_algo(order->terms.type) || order->triggered);
}

static bool
better(enum side side, num a, num b)
{
	return side == SIDE_BUY ? a > b : a < b;
}

/* The best resting order of a side, oldest first; a taker never meets itself. */
static struct order *
best_resting(const struct exchange *ex, const struct symbol *symbol, enum side side,
             const struct order *taker)
{
	struct order *best = NULL;
	for (size_t i = 0; i < ex->open_len; i++) {
		struct order *order = ex->open[i];
		if (order != taker && order_rests(order, symbol, side) && !order->shy &&
		    (best == NULL || better(side, order->terms.price, best->terms.price) ||
		     (order->terms.price == best->terms.price && order->working_ms < best->working_ms)))
			best = order;
	}
	return best;
}

static struct level *
best_level(const struct symbol *symbol, enum side side)
{
	for (size_t i = 0; i < symbol->side_len[side]; i++)
		if (symbol->side[side][i].qty > 0)
			return &symbol->side[side][i];
	return NULL;
}

num
best_price(const struct exchange *ex, const struct symbol *symbol, enum side taker)
{
	enum side other = taker == SIDE_BUY ? SIDE_SELL : SIDE_BUY;
	const struct order *order = best_resting(ex, symbol, other, NULL);
	const struct level *level = best_level(symbol, other);
	num price = order ? order->terms.price : 0;
	if (level != NULL && (price == 0 || !better(other, price, level->price)))
		price = level->price;
	return price;
}

/* What taking qty costs (strangers' offers only), up to the limit if there is one. */
num
cost_of(const struct exchange *ex, const struct symbol *symbol, enum side taker, num qty,
        num limit, num *ret_filled)
{
	enum side other = taker == SIDE_BUY ? SIDE_SELL : SIDE_BUY;
	num cost = 0, filled = 0;
	(void)ex;
	for (size_t i = 0; i < symbol->side_len[other] && filled < qty; i++) {
		const struct level *level = &symbol->side[other][i];
		if (limit > 0 && better(taker, level->price, limit))
			break;
		num part = num_min(level->qty, qty - filled);
		cost += num_mul(part, level->price);
		filled += part;
	}
	*ret_filled = filled;
	return cost;
}

void
print_trade(struct exchange *ex, struct symbol *symbol, num price, num qty, bool buyer_maker)
{
	if (symbol->prints_len == PRINTS_KEPT) {
		memmove(symbol->prints, symbol->prints + PRINTS_KEPT / 2,
		        PRINTS_KEPT / 2 * sizeof *symbol->prints);
		symbol->prints_len = PRINTS_KEPT / 2;
	}
	symbol->prints = grow(symbol->prints, symbol->prints_len, sizeof *symbol->prints);
	symbol->prints[symbol->prints_len++] = (struct print){
		.id = symbol->next_trade_id++, .time_ms = ex->now_ms, .price = price, .qty = qty,
		.buyer_is_maker = buyer_maker,
	};
	symbol->last = price;
	symbol->moved = true;
}

/* How much of the next execution a fault lets happen. */
static num
fault_cap(struct exchange *ex, const struct order *order, num wanted)
{
	if (ex->partial_count == 0)
		return wanted;
	ex->partial_count--;
	return lot_down(order->symbol, wanted * ex->partial_permille / 1000, false);
}

static num
affordable(struct exchange *ex, const struct order *order, num price, num qty)
{
	if (order->terms.side == SIDE_SELL || order->terms.price > 0)
		return qty;
	num funds = balance_of(&ex->accounts[order->account], order->symbol->quote)->free;
	if (order->hold >= 0)
		funds += ex->holds[order->hold].left;
	if (num_mul(price, qty) <= funds)
		return qty;
	return lot_down(order->symbol, num_div(funds, price), true);
}

void
order_execute(struct exchange *ex, struct order *order)
{
	struct symbol *symbol = order->symbol;
	enum side taker = order->terms.side, other = taker == SIDE_BUY ? SIDE_SELL : SIDE_BUY;
	bool market = type_is_market(order->terms.type);
	num limit = market ? 0 : order->terms.price;
	num wanted = order->terms.qty - order->executed, filled;
	num cap = fault_cap(ex, order, wanted);
	order->working_ms = ex->now_ms;
	if (order->terms.tif == TIF_FOK && !market) {
		cost_of(ex, symbol, taker, wanted, limit, &filled);
		if (filled < wanted || cap < wanted) {
			order_end(ex, order, ORDER_EXPIRED, EXPIRY_FOK);
			return;
		}
	}
	while (cap > 0) {
		struct order *maker = best_resting(ex, symbol, other, order);
		struct level *level = best_level(symbol, other);
		if (maker != NULL && level != NULL && !better(other, maker->terms.price, level->price))
			maker = NULL;
		if (maker == NULL && level == NULL)
			break;
		num price = maker ? maker->terms.price : level->price;
		if (limit > 0 && better(taker, price, limit))
			break;
		num have = maker ? maker->terms.qty - maker->executed : level->qty;
		num qty = affordable(ex, order, price, num_min(cap, have));
		if (qty == 0)
			break;
		cap -= qty;
		print_trade(ex, symbol, price, qty, taker == SIDE_SELL);
		if (maker != NULL)
			order_fill(ex, maker, price, qty, true);
		else
			level->qty -= qty;
		order_fill(ex, order, price, qty, false);
	}
	if (!order_is_open(order))
		return;
	if (market)
		order_end(ex, order, ORDER_EXPIRED, EXPIRY_LIQUIDITY);
	else if (order->terms.tif == TIF_IOC)
		order_end(ex, order, ORDER_EXPIRED, EXPIRY_IOC);
	else
		order->shy = best_price(ex, symbol, taker) > 0 &&
		             !better(taker, best_price(ex, symbol, taker), limit);
}

/* Strangers move to where orders rest: those are filled as makers, at their own price. */
static bool
cross(struct exchange *ex, struct symbol *symbol)
{
	for (int side = SIDE_BUY; side <= SIDE_SELL; side++) {
		enum side other = side == SIDE_BUY ? SIDE_SELL : SIDE_BUY;
		struct order *order = best_resting(ex, symbol, (enum side)side, NULL);
		struct level *level = best_level(symbol, other);
		if (order == NULL || level == NULL ||
		    better((enum side)side, level->price, order->terms.price))
			continue;
		num qty = num_min(level->qty, order->terms.qty - order->executed);
		qty = fault_cap(ex, order, qty);
		if (qty == 0) {
			order->shy = true;
			return true;
		}
		level->qty -= qty;
		num price = order->terms.price;
		print_trade(ex, symbol, price, qty, side == SIDE_BUY);
		order_fill(ex, order, price, qty, true);
		if (order_is_open(order) && level->qty > 0)
			order->shy = true;
		return true;
	}
	return false;
}

/* trailing-stop-faq.md: the price is followed from where stopPrice was met, or from the start. */
static bool
trailing_reached(struct exchange *ex, struct order *order)
{
	num last = order->symbol->last;
	bool sell = order->terms.side == SIDE_SELL;
	if (order->trailing_ms < 0) {
		if (order->terms.stop > 0 && !stop_reached(&order->terms, last))
			return false;
		order->trailing_ms = ex->now_ms;
		order->extreme = last;
		return false;
	}
	order->extreme = sell ? num_max(order->extreme, last) : num_min(order->extreme, last);
	num away = order->extreme * order->terms.trailing_delta / 10000;
	return sell ? last <= order->extreme - away : last >= order->extreme + away;
}

static bool
trigger_one(struct exchange *ex, struct symbol *symbol)
{
	for (size_t i = 0; i < ex->open_len; i++) {
		struct order *order = ex->open[i];
		if (order->symbol != symbol || order->status != ORDER_NEW || order->triggered ||
		    !type_is_algo(order->terms.type))
			continue;
		bool reached = order->terms.trailing_delta > 0 ? trailing_reached(ex, order)
		                                                : stop_reached(&order->terms, symbol->last);
		if (!reached || ex->deaf_stops > 0)
			continue;
		order->triggered = true;
		ledger_add(ex, "triggered", json_pack("{sI so}", "orderId", (json_int_t)order->id, "last",
		                                      num_json(symbol->last)));
		list_order_started(ex, order);
		order_execute(ex, order);
		return true;
	}
	return false;
}

void
market_print(struct exchange *ex, struct symbol *symbol, num price, num qty)
{
	num left = qty;
	for (int side = SIDE_BUY; side <= SIDE_SELL; side++)
		for (;;) {
			struct order *order = best_resting(ex, symbol, (enum side)side, NULL);
			if (left == 0 || order == NULL ||
			    better((enum side)side, price, order->terms.price))
				break;
			num part = fault_cap(ex, order, num_min(left, order->terms.qty - order->executed));
			if (part == 0) {
				order->shy = true;
				continue;
			}
			num at = order->terms.price;
			print_trade(ex, symbol, at, part, side == SIDE_BUY);
			order_fill(ex, order, at, part, true);
			left -= part;
		}
	if (left > 0 || qty == 0 || symbol->last != price)
		print_trade(ex, symbol, price, left, false);
}

void
market_settle(struct exchange *ex)
{
	bool changed = true;
	for (int round = 0; changed && round < ROUNDS_MAX; round++) {
		changed = false;
		for (size_t i = 0; i < ex->lists_len; i++)
			if (ex->lists[i]->activate) {
				list_activate(ex, ex->lists[i]);
				changed = true;
			}
		for (size_t i = 0; i < ex->symbols_len; i++) {
			struct symbol *symbol = ex->symbols[i];
			if (!symbol->moved)
				continue;
			symbol->moved = cross(ex, symbol) || (symbol->last > 0 && trigger_one(ex, symbol));
			changed |= symbol->moved;
		}
	}
	for (size_t i = ex->open_len; i-- > 0;)
		if (!order_is_open(ex->open[i])) {
			memmove(ex->open + i, ex->open + i + 1,
			        (ex->open_len - i - 1) * sizeof(struct order *));
			ex->open_len--;
		}
}
