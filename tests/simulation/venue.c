/* The stand-in's exchange without its sockets: requests go straight to its router. */
#include "tests/simulation/venue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/exchange-standin/server.h"
#include "tests/simulation/sim.h"

static struct server server;
static int64_t venue_us;                    /* the moment that it lives in */

const char *const venue_key = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A";
const char *const venue_secret = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";
const char *const venue_symbols[VENUE_SYMBOLS] = { "BTCUSDT", "ETHUSDT", "BNBUSDT" };

/* ---- what the stand-in's main and sockets would bring ---- */

void
server_now(struct server *self)
{
	self->ex.now_ms = sim_exchange_ms(venue_us);
}

int64_t
clock_mono_ms(void)
{
	return venue_us / 1000;
}

const char *const *certificate_names;

/* ---- the world ---- */

struct walk { struct symbol *symbol; num price, tick; int64_t calm_until_us; int volatility; };
static struct walk walks[VENUE_SYMBOLS];
static int64_t next_us;
static bool is_calm;

static void
set_filter(struct symbol *symbol, const char *type, const char *key, json_t *value)
{
	json_t *filters = json_object_get(symbol->info, "filters"), *filter;
	size_t i;

	json_array_foreach(filters, i, filter)
		if (strcmp(json_string_value(json_object_get(filter, "filterType")), type) == 0)
			json_object_set(filter, key, value);
	json_decref(value);
}

static void
take_type(struct symbol *symbol, const char *type)
{
	json_t *types = json_object_get(symbol->info, "orderTypes");

	for (size_t i = json_array_size(types); i-- > 0;)
		if (strcmp(json_string_value(json_array_get(types, i)), type) == 0)
			json_array_remove(types, i);
}

/* Symbols differ in what they can do. */
static void
shape_symbol(struct symbol *symbol)
{
	static const struct { const char *flag; int permille; } flags[] = {
		{ "opoAllowed", 500 }, { "otoAllowed", 700 }, { "ocoAllowed", 850 }, { "cancelReplaceAllowed", 850 },
	};
	char said[160];
	int len = snprintf(said, sizeof said, "%s:", symbol->name);

	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		if (!chance_permille(CHANCE_SHAPE, flags[i].permille)) {
			json_object_set_new(symbol->info, flags[i].flag, json_false());
			len += snprintf(said + len, sizeof said - (size_t)len, " no %s", flags[i].flag);
		}
	if (chance_permille(CHANCE_SHAPE, 250)) {
		take_type(symbol, "STOP_LOSS");
		take_type(symbol, "TAKE_PROFIT");
		len += snprintf(said + len, sizeof said - (size_t)len, " no STOP_LOSS");
	}
	set_filter(symbol, "MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders",
	           json_integer(chance_between(CHANCE_SHAPE, 2, 5)));
	trace("%s", said);
}

static void
shape_account(struct account *account)
{
	static const char *const assets[] = { "BTC", "ETH", "BNB" };

	/* There are other coins of the same asset, so that a second sale would not be refused. */
	for (size_t i = 0; i < 3; i++) {
		balance_of(account, assets[i])->free = 0;
		balance_change(&server.ex, 0, assets[i], (num)chance_between(CHANCE_SHAPE, 0, 3) * 100 * NUM_ONE, 0,
		               "deposit", -1);
	}
	account->discount_enabled = chance_permille(CHANCE_SHAPE, 400);
	if (chance_permille(CHANCE_SHAPE, 150)) {       /* it pays the commission until it is used up */
		balance_of(account, "BNB")->free = 0;
		balance_change(&server.ex, 0, "BNB", NUM_ONE / 1000 * chance_between(CHANCE_SHAPE, 1, 20), 0, "deposit", -1);
	}
	if (chance_permille(CHANCE_SHAPE, 200))
		balance_change(&server.ex, 0, "USDT", -(num)chance_between(CHANCE_SHAPE, 5000, 9800) * NUM_ONE, 0, "withdrawal", -1);
	server.ex.oto_funds = chance_permille(CHANCE_SHAPE, 200);
	if (chance_permille(CHANCE_SHAPE, 200))
		account->tax.taker = account->tax.maker = NUM_ONE / 10000;
	trace("account: BNB pays %s, BTC %lld, ETH %lld, BNB %lld", account->discount_enabled ? "yes" : "no",
	      (long long)(balance_of(account, "BTC")->free / NUM_ONE), (long long)(balance_of(account, "ETH")->free / NUM_ONE),
	      (long long)(balance_of(account, "BNB")->free / NUM_ONE));
}

void
venue_open(void)
{
	memset(&server, 0, sizeof server);
	exchange_init(&server.ex);
	server.limits.weight_limit = 6000;
	server.limits.raw_limit = 61000;
	server.limits.patience = 10;
	server.limits.ban_ms = 120000;
	server.frozen_ms = -1;
	server.log = json_array();
	world_default(&server);
	shape_account(&server.ex.accounts[0]);
	if (chance_permille(CHANCE_SHAPE, 120))
		server.ex.order_limit[0] = (int)chance_between(CHANCE_SHAPE, 4, 12);
	if (chance_permille(CHANCE_SHAPE, 120))
		server.limits.weight_limit = (int)chance_between(CHANCE_SHAPE, 1800, 3000);
	trace("limits: weight %d, orders %d", server.limits.weight_limit, server.ex.order_limit[0]);
	for (int i = 0; i < VENUE_SYMBOLS; i++) {
		struct symbol *symbol = symbol_find(&server.ex, venue_symbols[i]);
		shape_symbol(symbol);
		walks[i] = (struct walk){ .symbol = symbol, .price = symbol->last, .tick = NUM_ONE / 100,
		                          .volatility = (int)chance_between(CHANCE_SHAPE, 1, 8) };
	}
	next_us = 0;
	is_calm = false;
}

/* ---- answering ---- */

static int64_t
header_of(const char *headers, const char *name)
{
	const char *at = strstr(headers, name);

	return at != NULL ? strtoll(at + strlen(name), NULL, 10) : -1;
}

void
venue_answer(int64_t at_us, const struct venue_request *request, struct venue_reply *ret)
{
	struct request asked = { .keep_alive = true, .query = strdup(request->query), .body = strdup(request->body) };
	struct reply reply = { 0 };

	snprintf(asked.method, sizeof asked.method, "%s", request->method);
	snprintf(asked.path, sizeof asked.path, "%s", request->path);
	snprintf(asked.key, sizeof asked.key, "%s", request->key);
	venue_us = at_us;
	route(&server, &asked, &reply);
	free(asked.query);
	free(asked.body);
	*ret = (struct venue_reply){
		.status = reply.status, .body = reply.body, .body_len = reply.body_len,
		.weight = (int)header_of(reply.headers, "X-MBX-USED-WEIGHT-1M: "),
		.orders_10s = (int)header_of(reply.headers, "X-MBX-ORDER-COUNT-10S: "),
		.orders_day = (int)header_of(reply.headers, "X-MBX-ORDER-COUNT-1D: "),
		.retry_after_s = header_of(reply.headers, "Retry-After: "),
	};
}

void
venue_hostile(const char *name, struct venue_reply *to)
{
	struct reply reply = { .status = to->status, .body = to->body, .body_len = to->body_len };

	hostile_body(name, &reply);
	to->body = reply.body;
	to->body_len = reply.body_len;
}

/* ---- the market ---- */

static void
put_level(struct symbol *symbol, enum side side, const num prices[2], const num quantities[2])
{
	if (symbol->side_len[side] != 2) {
		free(symbol->side[side]);
		symbol->side[side] = calloc(2, sizeof(struct level));
		symbol->side_len[side] = 2;
	}
	for (int i = 0; i < 2; i++)
		symbol->side[side][i] = (struct level){ prices[i], quantities[i] };
}

static num
quantity_here(const struct walk *walk)
{
	/* Mostly plenty; at times so thin that an order of ours takes several levels, or finds too little. */
	if (is_calm || !chance_permille(CHANCE_MARKET, 60))
		return (num)1000 * NUM_ONE;
	num worth = (num)chance_between(CHANCE_MARKET, 1, 400) * NUM_ONE;
	return num_floor(num_div(worth, walk->price), NUM_ONE / 1000) + NUM_ONE / 1000;
}

/* The whole market is at a new price, as the stand-in's /price does it. */
static void
put_price(struct walk *walk, num price)
{
	struct symbol *symbol = walk->symbol;
	num half = walk->tick * (is_calm ? 1 : chance_between(CHANCE_MARKET, 1, 40));
	num bids[2] = { price - half, price - 3 * half }, asks[2] = { price + half, price + 3 * half };
	num sizes[2] = { quantity_here(walk), quantity_here(walk) };

	walk->price = price;
	put_level(symbol, SIDE_BUY, bids, sizes);
	put_level(symbol, SIDE_SELL, asks, sizes);
	for (size_t i = 0; i < server.ex.open_len; i++)
		if (server.ex.open[i]->symbol == symbol)
			server.ex.open[i]->shy = false;
	symbol->moved = true;
	symbol->book_id++;
	market_settle(&server.ex);
	/* The last price says nothing of what is offered: it may lag behind, or run ahead. */
	if (!chance_permille(CHANCE_MARKET, 100)) {
		market_print(&server.ex, symbol, price, 0);
		market_settle(&server.ex);
	}
}

static num
step_of(struct walk *walk)
{
	int64_t sum = 0;

	for (int i = 0; i < 4; i++)
		sum += chance_between(CHANCE_MARKET, -100, 100);
	if (is_calm)
		return walk->price * sum / 100 / 2000000;
	if (chance_permille(CHANCE_MARKET, 3))          /* a gap */
		sum *= chance_between(CHANCE_MARKET, 5, 60);
	return walk->price * sum / 100 * walk->volatility / 40000;
}

int64_t
venue_next_us(void)
{
	return next_us;
}

void
venue_move(int64_t at_us)
{
	venue_us = at_us;
	server_now(&server);
	for (int i = 0; i < VENUE_SYMBOLS; i++) {
		struct walk *walk = &walks[i];
		num price = walk->price + step_of(walk);
		if (price < walk->tick * 1000)
			price = walk->tick * 1000;
		put_price(walk, num_floor(price, walk->tick));
	}
	next_us = at_us + chance_between(CHANCE_MARKET, 200, 1500) * 1000;
}

void venue_calm(void) { is_calm = true; }

amount
venue_bid(const char *name)
{
	return best_price(&server.ex, symbol_find(&server.ex, name), SIDE_SELL);
}

bool
venue_is_sellable(const char *name, amount quantity)
{
	struct symbol *symbol = symbol_find(&server.ex, name);
	num step = num_of(json_object_get(symbol_filter(symbol, "LOT_SIZE"), "stepSize"));
	num least = num_of(json_object_get(symbol_filter(symbol, "LOT_SIZE"), "minQty"));
	num notional = num_of(json_object_get(symbol_filter(symbol, "NOTIONAL"), "minNotional"));
	num lots = num_floor(quantity, step);

	/* With room for the price at which a stop is judged. */
	return lots >= least && lots > 0 && num_mul(lots, best_price(&server.ex, symbol, SIDE_SELL)) * 85 / 100 >= notional;
}

/* ---- faults ---- */

static const char strangers[] = "somebody-else";

static bool
is_strangers(const struct order *order)
{
	return strncmp(order->terms.client_id, strangers, sizeof strangers - 1) == 0;
}

void venue_legs_die(int count) { server.ex.refuse_pending = count; }
void venue_deaf_stops(bool on) { server.ex.deaf_stops = on; }
void venue_query_lag(int64_t ms) { server.ex.query_lag_ms = ms; }

void
venue_partial(int count, int permille)
{
	server.ex.partial_count = count;
	server.ex.partial_permille = permille;
}

bool
venue_expire_one(int64_t at_us, uint64_t which)
{
	venue_us = at_us;
	server_now(&server);
	if (server.ex.open_len == 0)
		return false;
	struct order *order = server.ex.open[which % server.ex.open_len];
	if (!order_is_open(order) || order->status == ORDER_PENDING_NEW || is_strangers(order))
		return false;
	trace("the exchange ends %s by itself", order->terms.client_id);
	order_end(&server.ex, order, ORDER_EXPIRED, EXPIRY_EXCHANGE_CANCELED);
	market_settle(&server.ex);
	return true;
}

bool
venue_cancel_one(int64_t at_us, uint64_t which)
{
	venue_us = at_us;
	server_now(&server);
	if (server.ex.open_len == 0)
		return false;
	struct order *order = server.ex.open[which % server.ex.open_len];
	if (!order_is_open(order) || is_strangers(order))
		return false;
	trace("a person cancels %s there by hand", order->terms.client_id);
	order_cancel(&server.ex, order, "by-hand");
	market_settle(&server.ex);
	return true;
}

void
venue_strangers_order(int64_t at_us, int index)
{
	struct symbol *symbol = walks[index].symbol;
	/* A sale: a bid could be met by a market order of ours when the book is thin. */
	struct terms terms = { .side = SIDE_SELL, .type = TYPE_LIMIT, .tif = TIF_GTC,
	                       .price = num_floor(walks[index].price * 2, walks[index].tick) };
	static int serial;

	venue_us = at_us;
	server_now(&server);
	terms.qty = lot_down(symbol, num_div((num)20 * NUM_ONE, terms.price), false);
	snprintf(terms.client_id, sizeof terms.client_id, "%s-%d", strangers, ++serial);
	if (balance_of(&server.ex.accounts[0], symbol->base)->free < 50 * terms.qty)
		return;                             /* none but the trade's own are there */
	struct order *order = order_new(&server.ex, 0, symbol, &terms, ORDER_NEW);
	fund_order(&server.ex, order);
	order_start(&server.ex, order);
	market_settle(&server.ex);
	trace("somebody else's order rests in %s", symbol->name);
}

void
venue_halt(int index, bool on)
{
	trace("%s %s", walks[index].symbol->name, on ? "is halted" : "trades");
	json_object_set_new(walks[index].symbol->info, "status", json_string(on ? "HALT" : "TRADING"));
}

void
venue_forbid(bool on)
{
	if (server.keys[0].can_trade == !on)
		return;
	trace("the key may %s", on ? "not trade" : "trade");
	server.keys[0].can_trade = !on;
}

bool venue_is_forbidden(void) { return !server.keys[0].can_trade; }

/* ---- looking ---- */

size_t venue_order_count(void) { return server.ex.orders_len; }
size_t venue_trade_count(void) { return server.ex.trades_len; }
uint64_t venue_revision(void) { return json_array_size(server.ex.ledger); }

void
venue_order(size_t index, struct venue_order *ret)
{
	const struct order *order = server.ex.orders[index];
	num commission = 0;

	for (size_t i = 0; i < server.ex.trades_len; i++)
		if (server.ex.trades[i].order_id == order->id &&
		    strcmp(server.ex.trades[i].commission_asset, order->symbol->base) == 0)
			commission += server.ex.trades[i].commission;
	*ret = (struct venue_order){
		.id = order->id, .list_id = order->list_id, .client_id = order->terms.client_id,
		.symbol = order->symbol->name, .type = type_names[order->terms.type],
		.status = status_names[order->status], .is_buy = order->terms.side == SIDE_BUY,
		.is_open = order_is_open(order), .is_stop = type_is_stop_loss(order->terms.type),
		.is_triggered = order->triggered, .is_pending = order->status == ORDER_PENDING_NEW, .is_opo = order->opo,
		.is_strangers = is_strangers(order),
		.rests = type_is_stop_loss(order->terms.type) && order->status == ORDER_NEW && !order->triggered,
		.quantity = order->terms.qty, .executed = order->executed, .quote = order->quote,
		.stop = order->terms.stop, .price = order->terms.price, .base_commission = commission,
		.placed_ms = order->time_ms,
	};
}

void
venue_trade(size_t index, struct venue_trade *ret)
{
	const struct trade *trade = &server.ex.trades[index];

	*ret = (struct venue_trade){
		.id = trade->id, .order_id = trade->order_id, .price = trade->price, .quantity = trade->qty,
		.commission = trade->commission, .commission_asset = trade->commission_asset,
	};
}

amount
venue_balance(const char *asset)
{
	const struct balance *balance = balance_of(&server.ex.accounts[0], asset);

	return balance->free + balance->locked;
}
