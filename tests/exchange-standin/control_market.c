/* The verbs that move the market, by hand or by a tape. */
#include <stdlib.h>
#include <string.h>
#include "server.h"

struct tape {
	json_t *rows;
	size_t next;
	int64_t from_mono;
};

static struct symbol *
symbol_of(struct server *server, const json_t *order, struct refusal *no)
{
	const char *name = json_string_value(json_object_get(order, "symbol"));
	struct symbol *symbol = name ? symbol_find(&server->ex, name) : NULL;
	if (symbol == NULL)
		refuse(no, 400, -1, "no such symbol");
	return symbol;
}

static json_t *
market_json(const struct symbol *symbol)
{
	return json_pack("{so}", "last", num_json(symbol->last));
}

static num
num_in(const json_t *order, const char *name, num otherwise)
{
	const json_t *value = json_object_get(order, name);
	return value ? num_of(value) : otherwise;
}

/* Who rested shyly after a fault is seen again when the market moves. */
static void
unshy(struct exchange *ex, struct symbol *symbol)
{
	for (size_t i = 0; i < ex->open_len; i++)
		if (ex->open[i]->symbol == symbol)
			ex->open[i]->shy = false;
	symbol->moved = true;
	symbol->book_id++;
}

static void
side_set(struct symbol *symbol, enum side side, const json_t *rows)
{
	size_t len = json_array_size(rows);
	free(symbol->side[side]);
	symbol->side[side] = calloc(len + 1, sizeof(struct level));
	if (symbol->side[side] == NULL)
		abort();
	symbol->side_len[side] = len;
	for (size_t i = 0; i < len; i++) {
		const json_t *row = json_array_get(rows, i);
		symbol->side[side][i].price = num_of(json_array_get(row, 0));
		symbol->side[side][i].qty = num_of(json_array_get(row, 1));
	}
}

bool
book_set(struct symbol *symbol, const json_t *bids, const json_t *asks)
{
	if (bids != NULL)
		side_set(symbol, SIDE_BUY, bids);
	if (asks != NULL)
		side_set(symbol, SIDE_SELL, asks);
	return true;
}

static void
simple_book(struct symbol *symbol, num bid, num ask, num qty)
{
	json_t *bids = json_pack("[[o o]]", num_json(bid), num_json(qty));
	json_t *asks = json_pack("[[o o]]", num_json(ask), num_json(qty));
	book_set(symbol, bids, asks);
	json_decref(bids);
	json_decref(asks);
}

/* {symbol, price, [spread], [qty]}: the whole market is now around that price. */
json_t *
control_price(struct server *server, const json_t *order, struct refusal *no)
{
	struct symbol *symbol = symbol_of(server, order, no);
	if (symbol == NULL)
		return NULL;
	num price = num_in(order, "price", 0);
	num tick = num_of(json_object_get(symbol_filter(symbol, "PRICE_FILTER"), "tickSize"));
	num half = num_in(order, "spread", tick > 0 ? 2 * tick : NUM_ONE / 50) / 2;
	if (price <= 0) {
		refuse(no, 400, -1, "a price is missing");
		return NULL;
	}
	simple_book(symbol, num_in(order, "bid", price - half), num_in(order, "ask", price + half),
	            num_in(order, "qty", (num)1000 * NUM_ONE));
	unshy(&server->ex, symbol);
	/* What rested on the way trades first, at its own price; the last price is where it ends. */
	market_settle(&server->ex);
	market_print(&server->ex, symbol, price, 0);
	market_settle(&server->ex);
	return market_json(symbol);
}

/* {symbol, [bids], [asks], [last]}: levels of [price, quantity], best first. */
json_t *
control_book(struct server *server, const json_t *order, struct refusal *no)
{
	struct symbol *symbol = symbol_of(server, order, no);
	if (symbol == NULL)
		return NULL;
	book_set(symbol, json_object_get(order, "bids"), json_object_get(order, "asks"));
	unshy(&server->ex, symbol);
	market_settle(&server->ex);
	num last = num_in(order, "last", 0);
	if (last > 0)
		market_print(&server->ex, symbol, last, 0);
	market_settle(&server->ex);
	return market_json(symbol);
}

/* {symbol, price, qty}: strangers trade there; resting orders on the way are filled first. */
json_t *
control_trade(struct server *server, const json_t *order, struct refusal *no)
{
	struct symbol *symbol = symbol_of(server, order, no);
	num price = num_in(order, "price", 0);
	if (symbol == NULL || price <= 0)
		return NULL;
	unshy(&server->ex, symbol);
	market_print(&server->ex, symbol, price, num_in(order, "qty", 0));
	market_settle(&server->ex);
	return market_json(symbol);
}

/* {symbol, price}: the last price alone; it triggers stops and fills nothing. */
json_t *
control_last(struct server *server, const json_t *order, struct refusal *no)
{
	struct symbol *symbol = symbol_of(server, order, no);
	num price = num_in(order, "price", 0);
	if (symbol == NULL || price <= 0)
		return NULL;
	print_trade(&server->ex, symbol, price, 0, false);
	market_settle(&server->ex);
	return market_json(symbol);
}

static struct order *
order_of(struct server *server, const json_t *from, struct refusal *no)
{
	const json_t *id = json_object_get(from, "orderId");
	const char *client_id = json_string_value(json_object_get(from, "clientOrderId"));
	struct order *found = id ? order_by_id(&server->ex, json_integer_value(id)) : NULL;
	for (size_t i = server->ex.orders_len; found == NULL && client_id != NULL && i-- > 0;)
		if (strcmp(server->ex.orders[i]->terms.client_id, client_id) == 0)
			found = server->ex.orders[i];
	if (found == NULL || !order_is_open(found)) {
		refuse(no, 400, -1, "no such open order");
		return NULL;
	}
	return found;
}

/* {orderId or clientOrderId, [qty], [price]}: fills that order, all or in part. */
json_t *
control_fill(struct server *server, const json_t *order, struct refusal *no)
{
	struct order *target = order_of(server, order, no);
	if (target == NULL)
		return NULL;
	num left = target->terms.qty - target->executed;
	num qty = num_min(num_in(order, "qty", left), left);
	num price = num_in(order, "price", target->terms.price ? target->terms.price
	                                                       : target->symbol->last);
	if (type_is_algo(target->terms.type) && !target->triggered) {
		target->triggered = true;
		list_order_started(&server->ex, target);
	}
	print_trade(&server->ex, target->symbol, price, qty, target->terms.side == SIDE_BUY);
	order_fill(&server->ex, target, price, qty, true);
	market_settle(&server->ex);
	return report_query(target);
}

/* {orderId or clientOrderId}: the exchange ends that order by itself. */
json_t *
control_expire(struct server *server, const json_t *order, struct refusal *no)
{
	struct order *target = order_of(server, order, no);
	const char *reason = json_string_value(json_object_get(order, "reason"));
	int expiry = reason ? name_index(expiry_names, EXPIRIES, reason) : EXPIRY_EXCHANGE_CANCELED;
	if (target == NULL || expiry < 0)
		return NULL;
	order_end(&server->ex, target, ORDER_EXPIRED, (enum expiry)expiry);
	market_settle(&server->ex);
	return report_query(target);
}

/* {symbol, interval, rows}: candles to be served as they are. */
json_t *
control_klines(struct server *server, const json_t *order, struct refusal *no)
{
	struct symbol *symbol = symbol_of(server, order, no);
	const char *interval = json_string_value(json_object_get(order, "interval"));
	if (symbol == NULL || interval == NULL)
		return NULL;
	if (symbol->klines == NULL)
		symbol->klines = json_object();
	json_object_set(symbol->klines, interval, json_object_get(order, "rows"));
	return json_pack("{sb}", "ok", true);
}

/* {rows: [{at_ms, symbol, price or bids/asks/last}]}: played on the machine's clock. */
json_t *
control_tape(struct server *server, const json_t *order, struct refusal *no)
{
	json_t *rows = json_object_get(order, "rows");
	if (!json_is_array(rows)) {
		refuse(no, 400, -1, "rows are missing");
		return NULL;
	}
	if (server->tape == NULL)
		server->tape = calloc(1, sizeof *server->tape);
	if (server->tape == NULL)
		abort();
	json_decref(server->tape->rows);
	server->tape->rows = json_incref(rows);
	server->tape->next = 0;
	server->tape->from_mono = clock_mono_ms();
	tape_play(server);
	return json_pack("{sI}", "rows", (json_int_t)json_array_size(rows));
}

int64_t
tape_play(struct server *server)
{
	struct tape *tape = server->tape;
	while (tape != NULL && tape->next < json_array_size(tape->rows)) {
		const json_t *row = json_array_get(tape->rows, tape->next);
		int64_t due = tape->from_mono + json_integer_value(json_object_get(row, "at_ms"));
		struct refusal no = { 0 };
		if (due > clock_mono_ms())
			return due;
		tape->next++;
		server_now(server);
		json_decref(json_object_get(row, "price") ? control_price(server, row, &no)
		                                          : control_book(server, row, &no));
		server->dirty = true;
	}
	return -1;
}

void
tape_free(struct server *server)
{
	if (server->tape != NULL)
		json_decref(server->tape->rows);
	free(server->tape);
}
