/* The contract of the exchange port, on Binance Spot's adapter against the stand-in, over real sockets. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/text.h"
#include "tests/exchange/binance_bench.h"
#include "tests/exchange/contract.h"

/* Each case has a stand-in of its own: it ends when the next one begins. */
struct room { struct standin standin; bool is_running; };

static struct exchange *
open_binance(void *self)
{
	struct room *room = self;
	if (room->is_running)
		standin_stop(&room->standin);
	assert_true(standin_start(&room->standin));
	room->is_running = true;
	standin_small_world(&room->standin);
	struct exchange *exchange = bench_open_binance(&room->standin, NULL);
	binance_wake(exchange);
	assert_true(bench_ready(exchange, 5000));
	return exchange;
}

static void
price(void *self, struct exchange *exchange, const char *bid, const char *ask)
{
	struct room *room = self;
	char body[256];
	(void)exchange;
	text_format(body, sizeof body,
	            "{\"symbol\":\"BTCUSDC\",\"price\":\"%s\",\"bid\":\"%s\",\"ask\":\"%s\"}", bid, bid, ask);
	standin_tell(&room->standin, "price", body);
}

static void
settle(void *self, struct exchange *exchange)
{
	(void)self;
	bench_settle(exchange, 8000);
}

static void
wait_a_little(void *self, struct exchange *exchange)
{
	(void)self;
	bench_run(exchange, 20);
}

static void
lose_reply(void *self, struct exchange *exchange)
{
	struct room *room = self;
	(void)exchange;
	standin_tell(&room->standin, "faults",
	             "{\"fault\":\"lost_reply\",\"path\":\"/api/v3/order\",\"method\":\"POST\"}");
}

static size_t
orders_there(void *self, const char *client_order_id)
{
	struct room *room = self;
	return standin_orders(&room->standin, client_order_id);
}

int
main(void)
{
	struct room room = { .is_running = false };
	const struct contract_bench bench = {
		.name = "Binance Spot keeps the port's contract", .self = &room, .open = open_binance,
		.price = price, .settle = settle, .is_live = true, .wait = wait_a_little,
		.lose_reply = lose_reply, .orders_there = orders_there,
	};
	int failed = contract_run(&bench);
	if (room.is_running)
		standin_stop(&room.standin);
	return failed;
}
