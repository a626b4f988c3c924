/* Every fault that the stand-in knows, and what the adapter makes of it: never "failed" where it may have
 * happened, never a second sending, never more than was seen.  (tests/exchange-standin/README.txt) */
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/text.h"
#include "tests/exchange/binance_bench.h"

#define ORDER_PATH "\"path\":\"/api/v3/order\",\"method\":\"POST\""

struct world {
	struct standin standin;
	struct exchange *exchange;
	struct recorder recorder;
	int made;
};

static int
set_up(void **state)
{
	struct world *world = calloc(1, sizeof *world);
	assert_non_null(world);
	assert_true(standin_start(&world->standin));
	standin_small_world(&world->standin);
	standin_tell(&world->standin, "price", "{\"symbol\":\"BTCUSDC\",\"price\":\"100\",\"bid\":\"99.99\",\"ask\":\"100\"}");
	recorder_init(&world->recorder);
	world->exchange = bench_open_binance(&world->standin, NULL);
	world->exchange->listener = recorder_listener(&world->recorder);
	binance_wake(world->exchange);
	assert_true(bench_ready(world->exchange, 5000));
	*state = world;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *world = *state;
	world->exchange->ops->close(world->exchange);
	recorder_done(&world->recorder);
	standin_stop(&world->standin);
	free(world);
	return 0;
}

static struct order
an_order(struct world *world, enum side side, enum order_type type, enum time_in_force tif, const char *price)
{
	char id[CLIENT_ORDER_ID_SIZE];
	text_format(id, sizeof id, "f-%d", ++world->made);
	struct order order = make_order(id, side, type, tif, "0.5", price);
	order.mode = MODE_LIVE;
	order.purpose = side == SIDE_BUY ? PURPOSE_ENTRY : PURPOSE_EXIT;
	return order;
}

static struct order
a_stop(struct world *world, const char *stop)
{
	struct order order = an_order(world, SIDE_SELL, ORDER_STOP_LOSS, TIF_NONE, NULL);
	order.has_stop_price = true;
	order.stop_price = dec(stop);
	return order;
}

static enum status
try_send(struct world *world, enum instruction_kind kind, const struct order *order,
         const struct order *replaced, struct error *err)
{
	const struct instruction instruction = { .kind = kind, .orders = { order }, .count = 1, .list_id = "",
	                                         .replaced = replaced };
	struct signed_request request = { 0 };
	enum status status = world->exchange->ops->sign(world->exchange, &instruction, &request, err);
	return status == STATUS_OK ? world->exchange->ops->send(world->exchange, request.ticket, err) : status;
}

static void
send_order(struct world *world, enum instruction_kind kind, const struct order *order, const struct order *replaced)
{
	struct error err = { 0 };
	if (try_send(world, kind, order, replaced, &err) != STATUS_OK)
		fail_msg("%s: %s", order->client_order_id, err.message);
	bench_settle(world->exchange, 9000);
	assert_false(world->exchange->ops->is_busy(world->exchange));
}

static const struct exchange_report *
last(const struct world *world)
{
	return recorder_last(&world->recorder);
}

static void
expect(const struct exchange_report *report, const struct order *order, enum exchange_request request,
       enum exchange_outcome outcome)
{
	assert_string_equal(report->client_order_id, order->client_order_id);
	assert_int_equal(report->request, request);
	if (report->outcome != outcome)
		fail_msg("%s: outcome %d and not %d (%d %s)", order->client_order_id, (int)report->outcome,
		         (int)outcome, report->code, report->reason);
}

static const struct exchange_report *
looked_up(struct world *world, const struct order *order)
{
	struct error err = { 0 };
	assert_int_equal(world->exchange->ops->query(world->exchange, order, &err), STATUS_OK);
	bench_settle(world->exchange, 9000);
	assert_int_equal(last(world)->request, ASKED_QUERY);
	return last(world);
}

/* ---- one order, one fault ---- */

static const struct strike {
	const char *fault;
	enum exchange_outcome outcome;
	size_t there;
} strikes[] = {
	{ "\"fault\":\"delay\",\"before_ms\":60,\"after_ms\":60", OUTCOME_ACCEPTED, 1 },
	{ "\"fault\":\"lost_request\"", OUTCOME_UNKNOWN, 0 },
	{ "\"fault\":\"lost_request\",\"reset\":true", OUTCOME_UNKNOWN, 0 },
	{ "\"fault\":\"lost_reply\"", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"lost_reply\",\"reset\":true", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"truncate\",\"bytes\":40", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"reset_mid\",\"bytes\":40", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"drip\",\"every_ms\":1", OUTCOME_ACCEPTED, 1 },
	{ "\"fault\":\"hostile\",\"hostile\":\"empty\"", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"hostile\",\"hostile\":\"html\"", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"hostile\",\"hostile\":\"nesting\"", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"hostile\",\"hostile\":\"huge\"", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"hostile\",\"hostile\":\"nul\"", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"hostile\",\"hostile\":\"utf8\"", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"hostile\",\"hostile\":\"numbers\"", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"hostile\",\"hostile\":\"types\"", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"hostile\",\"hostile\":\"half\"", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"hostile\",\"hostile\":\"array\"", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"hostile\",\"hostile\":\"header\"", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"forge\",\"members\":{\"clientOrderId\":\"another\"}", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"forge\",\"members\":{\"symbol\":\"BTCUSDT\"}", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"forge\",\"members\":{\"side\":\"SELL\"}", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"forge\",\"members\":{\"origQty\":\"5\"}", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"forge\",\"members\":{\"executedQty\":\"0.50001\"}", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"forge\",\"members\":{\"status\":\"PENDING_CANCEL\"}", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"forge\",\"members\":{\"commission\":\"-1\"}", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"forge\",\"members\":{\"qty\":\"0.6\"}", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"forge\",\"members\":{\"twice\":true}", OUTCOME_UNKNOWN, 1 },
	/* Told of too little: the trades settle it. */
	{ "\"fault\":\"forge\",\"members\":{\"fills\":[]}", OUTCOME_ACCEPTED, 1 },
	{ "\"fault\":\"forge\",\"members\":{\"fills\":[],\"executedQty\":\"0\",\"price\":\"0\"}", OUTCOME_ACCEPTED, 1 },
	{ "\"fault\":\"reply\",\"status\":500,\"body\":\"oops\"", OUTCOME_UNKNOWN, 0 },
	{ "\"fault\":\"reply\",\"status\":502,\"body\":\"<html>\",\"process\":true", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"reply\",\"status\":503,\"code\":-1000,\"msg\":\"An unknown error occured.\"", OUTCOME_UNKNOWN, 0 },
	{ "\"fault\":\"reply\",\"status\":504,\"code\":-1007,\"msg\":\"Timeout waiting.\",\"process\":true", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"reply\",\"status\":500,\"code\":-2010,\"msg\":\"rejected?\",\"process\":true", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"reply\",\"status\":400,\"code\":-1000,\"msg\":\"Unknown.\",\"process\":true", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"reply\",\"status\":400,\"code\":-1001,\"msg\":\"Internal error.\"", OUTCOME_UNKNOWN, 0 },
	{ "\"fault\":\"reply\",\"status\":400,\"code\":-1006,\"msg\":\"Unexpected.\",\"process\":true", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"reply\",\"status\":400,\"code\":-1007,\"msg\":\"Timeout.\",\"process\":true", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"reply\",\"status\":400,\"body\":\"no code\"", OUTCOME_UNKNOWN, 0 },
	{ "\"fault\":\"reply\",\"status\":408,\"code\":-1013,\"msg\":\"too slow\"", OUTCOME_UNKNOWN, 0 },
	{ "\"fault\":\"reply\",\"status\":409,\"body\":\"{}\",\"process\":true", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"reply\",\"status\":302,\"body\":\"elsewhere\"", OUTCOME_UNKNOWN, 0 },
	{ "\"fault\":\"reply\",\"status\":200,\"code\":-2010,\"msg\":\"a success?\",\"process\":true", OUTCOME_UNKNOWN, 1 },
	{ "\"fault\":\"reply\",\"status\":400,\"code\":-1013,\"msg\":\"Filter failure: LOT_SIZE\"", OUTCOME_REFUSED, 0 },
	{ "\"fault\":\"reply\",\"status\":400,\"code\":-2010,\"msg\":\"Account has insufficient balance.\"", OUTCOME_REFUSED, 0 },
	{ "\"fault\":\"reply\",\"status\":400,\"code\":-2010,\"msg\":\"Duplicate order sent.\"", OUTCOME_UNKNOWN, 0 },
};

static void
makes_of_every_fault_what_it_is(void **state)
{
	struct world *world = *state;
	for (size_t i = 0; i < ARRAY_LEN(strikes); i++) {
		char fault[512];
		struct order order = an_order(world, SIDE_BUY, ORDER_LIMIT, TIF_FOK, "100.10");
		text_format(fault, sizeof fault, "{%s," ORDER_PATH "}", strikes[i].fault);
		standin_tell(&world->standin, "faults", fault);
		size_t before = world->recorder.count;
		send_order(world, INSTRUCT_ORDER, &order, NULL);
		assert_int_equal(world->recorder.count, before + 1);
		const struct exchange_report *report = last(world);
		if (report->outcome != strikes[i].outcome)
			fail_msg("%s: outcome %d (%d %s)", strikes[i].fault, (int)report->outcome, report->code,
			         report->reason);
		assert_int_equal(standin_orders(&world->standin, order.client_order_id), strikes[i].there);
		if (strikes[i].there > 0) {
			report = looked_up(world, &order);
			assert_int_equal(report->outcome, OUTCOME_ACCEPTED);
			assert_int_equal(report->state, ORDER_FILLED);
			assert_int_equal(decimal_cmp(recorder_filled(&world->recorder, order.client_order_id), dec("0.5")), 0);
		} else {
			assert_int_equal(looked_up(world, &order)->outcome, OUTCOME_NOT_FOUND);
		}
	}
}

static void
calls_a_hanging_exchange_unknown_in_time(void **state)
{
	struct world *world = *state;
	struct error err = { 0 };
	struct order taken = an_order(world, SIDE_BUY, ORDER_LIMIT, TIF_FOK, "100.10");
	struct order left = an_order(world, SIDE_BUY, ORDER_LIMIT, TIF_FOK, "100.10");
	int64_t began_us = clock_mono_us();
	standin_tell(&world->standin, "faults", "{\"fault\":\"hang\",\"contains\":\"f-1&\"," ORDER_PATH "}");
	standin_tell(&world->standin, "faults",
	             "{\"fault\":\"hang\",\"process\":false,\"contains\":\"f-2&\"," ORDER_PATH "}");
	assert_int_equal(try_send(world, INSTRUCT_ORDER, &taken, NULL, &err), STATUS_OK);
	assert_int_equal(try_send(world, INSTRUCT_ORDER, &left, NULL, &err), STATUS_OK);
	bench_settle(world->exchange, 12000);
	assert_in_range(clock_mono_us() - began_us, BENCH_ANSWER_MS * 900, 5000000);
	assert_int_equal(world->recorder.count, 2);
	assert_int_equal(recorder_of(&world->recorder, 0)->outcome, OUTCOME_UNKNOWN);
	assert_int_equal(recorder_of(&world->recorder, 1)->outcome, OUTCOME_UNKNOWN);
	assert_int_equal(standin_orders(&world->standin, "f-1"), 1);
	assert_int_equal(standin_orders(&world->standin, "f-2"), 0);
}

/* An order that is filled frees its id: a second sending of the same bytes would buy once more. */
static void
sends_once_when_a_kept_alive_connection_dies_after_the_order(void **state)
{
	struct world *world = *state;
	for (int round = 0; round < 5; round++) {
		struct order warm = an_order(world, SIDE_BUY, ORDER_LIMIT, TIF_FOK, "100.10");
		struct order order = an_order(world, SIDE_BUY, ORDER_LIMIT, TIF_FOK, "100.10");
		send_order(world, INSTRUCT_ORDER, &warm, NULL);
		expect(last(world), &warm, ASKED_SUBMIT, OUTCOME_ACCEPTED);
		standin_tell(&world->standin, "faults",
		             round % 2 == 0 ? "{\"fault\":\"lost_reply\",\"count\":0," ORDER_PATH "}"
		                            : "{\"fault\":\"lost_reply\",\"reset\":true,\"count\":0," ORDER_PATH "}");
		send_order(world, INSTRUCT_ORDER, &order, NULL);
		expect(last(world), &order, ASKED_SUBMIT, OUTCOME_UNKNOWN);
		bench_run(world->exchange, 50);
		assert_int_equal(standin_orders(&world->standin, order.client_order_id), 1);
		standin_heal(&world->standin);
	}
}

static void
is_sure_that_nothing_left_when_nobody_listens(void **state)
{
	struct world *world = *state;
	struct order order = an_order(world, SIDE_BUY, ORDER_LIMIT, TIF_FOK, "100.10");
	struct exchange_status status;
	standin_tell(&world->standin, "connections", "{\"drop\":true,\"down_ms\":300}");
	bench_run(world->exchange, 30);
	send_order(world, INSTRUCT_ORDER, &order, NULL);
	expect(last(world), &order, ASKED_SUBMIT, OUTCOME_NOT_SENT);
	world->exchange->ops->status(world->exchange, &status);
	assert_false(status.is_reachable);
	assert_true(status.trouble[0] != '\0');
	uint64_t before = status.reconnects;
	bench_run(world->exchange, 400);
	assert_int_equal(looked_up(world, &order)->outcome, OUTCOME_NOT_FOUND);
	world->exchange->ops->status(world->exchange, &status);
	assert_true(status.is_reachable);
	assert_true(status.reconnects > before);
}

/* ---- limits and bans ---- */

static void
waits_as_long_as_it_is_told_and_says_so(void **state)
{
	struct world *world = *state;
	static const int statuses[] = { 429, 418, 403 };
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		struct order order = an_order(world, SIDE_BUY, ORDER_LIMIT, TIF_FOK, "100.10");
		struct order exit = an_order(world, SIDE_SELL, ORDER_MARKET, TIF_NONE, NULL);
		struct exchange_status status;
		struct error err = { 0 };
		char fault[256];
		text_format(fault, sizeof fault, "{\"fault\":\"reply\",\"status\":%d,\"code\":-1003,"
		            "\"msg\":\"Way too much.\",\"retry_after\":1," ORDER_PATH "}", statuses[i]);
		standin_tell(&world->standin, "faults", fault);
		send_order(world, INSTRUCT_ORDER, &order, NULL);
		expect(last(world), &order, ASKED_SUBMIT, OUTCOME_NOT_SENT);
		world->exchange->ops->status(world->exchange, &status);
		assert_true(status.waits[0] != '\0' && status.next_try_mono_us > clock_mono_us());
		assert_false(status.is_ready);
		/* Not even an exit: the next step of the exchange is a ban. */
		assert_int_equal(try_send(world, INSTRUCT_ORDER, &exit, NULL, &err), STATUS_UNAVAILABLE);
		assert_int_equal(world->exchange->ops->query(world->exchange, &order, &err), STATUS_UNAVAILABLE);
		assert_int_equal(world->exchange->ops->look_open(world->exchange, "BTCUSDC", &err), STATUS_BUSY);
		bench_run(world->exchange, 1050);
		send_order(world, INSTRUCT_ORDER, &exit, NULL);
		expect(last(world), &exit, ASKED_SUBMIT, OUTCOME_ACCEPTED);
	}
}

static void
keeps_the_last_fifth_of_the_weight_for_exits(void **state)
{
	struct world *world = *state;
	struct error err = { 0 };
	struct exchange_status status;
	/* The exchange's own limit comes with exchangeInfo, which is asked for once a symbol is known. */
	standin_tell(&world->standin, "settings", "{\"weight_limit\":200,\"reset_limits\":true}");
	struct order first = an_order(world, SIDE_BUY, ORDER_LIMIT, TIF_FOK, "100.10");
	send_order(world, INSTRUCT_ORDER, &first, NULL);
	for (int i = 0; i < 100; i++) {
		bench_run(world->exchange, 10);
		world->exchange->ops->status(world->exchange, &status);
		if (status.weight_limit == 200)
			break;
	}
	assert_int_equal(status.weight_limit, 200);
	/* Looks at one symbol are spread over the minute; other questions go up to four fifths. */
	enum status looked = STATUS_OK;
	for (int asked = 0; looked == STATUS_OK && asked < 100; asked++) {
		looked = world->exchange->ops->look_trades(world->exchange, "BTCUSDC", 0, &err);
		bench_run(world->exchange, 5);
		for (int i = 0; i < 100 && world->exchange->ops->is_busy(world->exchange); i++)
			bench_run(world->exchange, 5);
	}
	assert_int_equal(looked, STATUS_BUSY);
	assert_true(err.message[0] != '\0');
	world->exchange->ops->status(world->exchange, &status);
	assert_in_range(status.weight_used, 130, 170);
	struct order exit = an_order(world, SIDE_SELL, ORDER_MARKET, TIF_NONE, NULL);
	send_order(world, INSTRUCT_ORDER, &exit, NULL);
	expect(last(world), &exit, ASKED_SUBMIT, OUTCOME_ACCEPTED);
	assert_int_equal(looked_up(world, &exit)->outcome, OUTCOME_ACCEPTED);
}

/* ---- clock and key ---- */

static void
takes_a_jump_of_the_exchanges_clock_as_a_refusal_and_learns_it_anew(void **state)
{
	struct world *world = *state;
	struct order order = an_order(world, SIDE_BUY, ORDER_LIMIT, TIF_FOK, "100.10");
	struct order again = an_order(world, SIDE_BUY, ORDER_LIMIT, TIF_FOK, "100.10");
	struct order exit = an_order(world, SIDE_SELL, ORDER_MARKET, TIF_NONE, NULL);
	standin_tell(&world->standin, "clock", "{\"advance_ms\":60000}");
	send_order(world, INSTRUCT_ORDER, &order, NULL);
	expect(last(world), &order, ASKED_SUBMIT, OUTCOME_REFUSED);
	assert_int_equal(last(world)->code, EXCHANGE_CODE_TIMESTAMP);
	assert_true(bench_ready(world->exchange, 3000));
	send_order(world, INSTRUCT_ORDER, &again, NULL);
	expect(last(world), &again, ASKED_SUBMIT, OUTCOME_ACCEPTED);
	struct exchange_status status;
	world->exchange->ops->status(world->exchange, &status);
	assert_in_range(status.clock_offset_ms, 59000, 61000);
	standin_tell(&world->standin, "clock", "{\"advance_ms\":-60000}");
	send_order(world, INSTRUCT_ORDER, &exit, NULL);
	assert_int_equal(last(world)->code, EXCHANGE_CODE_TIMESTAMP);
	assert_true(bench_ready(world->exchange, 3000));
	send_order(world, INSTRUCT_ORDER, &exit, NULL);
	expect(last(world), &exit, ASKED_SUBMIT, OUTCOME_ACCEPTED);
}

static void
says_that_its_key_is_refused_and_nothing_of_the_key(void **state)
{
	struct world *world = *state;
	struct exchange *other = bench_open_binance(&world->standin, "not-the-secret-of-this-key");
	struct exchange_status status;
	struct error err = { 0 };
	struct order order = an_order(world, SIDE_BUY, ORDER_LIMIT, TIF_FOK, "100.10");
	const struct instruction instruction = { .kind = INSTRUCT_ORDER, .orders = { &order }, .count = 1, .list_id = "" };
	struct signed_request request = { 0 };
	binance_wake(other);
	assert_false(bench_ready(other, 300));
	other->ops->status(other, &status);
	assert_true(status.is_key_refused);
	assert_non_null(strstr(status.trouble, "key was refused"));
	assert_null(strstr(status.trouble, "secret-of"));
	assert_int_equal(other->ops->sign(other, &instruction, &request, &err), STATUS_CONFIG);
	other->ops->close(other);
}

static void
says_that_a_key_may_not_trade_and_tries_an_exit_all_the_same(void **state)
{
	struct world *world = *state;
	struct order order = an_order(world, SIDE_BUY, ORDER_LIMIT, TIF_FOK, "100.10");
	struct order exit = an_order(world, SIDE_SELL, ORDER_MARKET, TIF_NONE, NULL);
	struct exchange_status status;
	struct error err = { 0 };
	standin_tell(&world->standin, "faults", "{\"fault\":\"reply\",\"status\":401,\"code\":-2015,"
	             "\"msg\":\"Invalid API-key, IP, or permissions for action.\"," ORDER_PATH "}");
	send_order(world, INSTRUCT_ORDER, &order, NULL);
	expect(last(world), &order, ASKED_SUBMIT, OUTCOME_REFUSED);
	world->exchange->ops->status(world->exchange, &status);
	assert_true(status.is_key_refused);
	assert_non_null(strstr(status.trouble, "may read but not trade"));
	assert_int_equal(try_send(world, INSTRUCT_ORDER, &order, NULL, &err), STATUS_CONFIG);
	send_order(world, INSTRUCT_ORDER, &exit, NULL);
	expect(last(world), &exit, ASKED_SUBMIT, OUTCOME_ACCEPTED);
	world->exchange->ops->status(world->exchange, &status);
	assert_false(status.is_key_refused);
}

/* ---- cancels, replacements, lists ---- */

static void
brings_the_fills_of_what_it_cancels(void **state)
{
	struct world *world = *state;
	struct error err = { 0 };
	struct order order = an_order(world, SIDE_BUY, ORDER_LIMIT, TIF_GTC, "90.00");
	send_order(world, INSTRUCT_ORDER, &order, NULL);
	standin_tell(&world->standin, "fill", "{\"clientOrderId\":\"f-1\",\"qty\":\"0.2\"}");
	assert_int_equal(looked_up(world, &order)->state, ORDER_PARTIALLY_FILLED);
	assert_int_equal(last(world)->fill_count, 1);
	standin_tell(&world->standin, "fill", "{\"clientOrderId\":\"f-1\",\"qty\":\"0.1\"}");
	assert_int_equal(world->exchange->ops->cancel(world->exchange, &order, &err), STATUS_OK);
	bench_settle(world->exchange, 5000);
	expect(last(world), &order, ASKED_CANCEL, OUTCOME_ACCEPTED);
	assert_int_equal(last(world)->state, ORDER_CANCELLED);
	assert_int_equal(last(world)->fill_count, 2);
	assert_int_equal(decimal_cmp(recorder_filled(&world->recorder, "f-1"), dec("0.3")), 0);
	/* Without its trades a state that speaks of fills is not told. */
	standin_tell(&world->standin, "faults", "{\"fault\":\"reply\",\"status\":500,\"body\":\"\",\"path\":\"/api/v3/myTrades\"}");
	assert_int_equal(looked_up(world, &order)->outcome, OUTCOME_UNKNOWN);
	standin_tell(&world->standin, "faults", "{\"fault\":\"reply\",\"status\":200,\"body\":\"[]\",\"path\":\"/api/v3/myTrades\"}");
	assert_int_equal(looked_up(world, &order)->outcome, OUTCOME_UNKNOWN);
	assert_int_equal(looked_up(world, &order)->outcome, OUTCOME_ACCEPTED);
}

static void
count_fills(void *self, const struct exchange_report *report)
{
	size_t *count = self;
	*count = report->outcome == OUTCOME_ACCEPTED && report->state == ORDER_PARTIALLY_FILLED ? report->fill_count : 0;
}

static void
reads_the_trades_of_an_order_page_by_page(void **state)
{
	struct world *world = *state;
	struct error err = { 0 };
	struct order order = an_order(world, SIDE_BUY, ORDER_LIMIT, TIF_GTC, "90.00");
	size_t count = 0;
	send_order(world, INSTRUCT_ORDER, &order, NULL);
	for (int i = 0; i < 1003; i++)
		standin_tell(&world->standin, "fill", "{\"clientOrderId\":\"f-1\",\"qty\":\"0.0001\"}");
	world->exchange->listener = (struct exchange_listener){ .self = &count, .on_report = count_fills };
	assert_int_equal(world->exchange->ops->query(world->exchange, &order, &err), STATUS_OK);
	bench_settle(world->exchange, 9000);
	assert_int_equal(count, 1003);
}

static void
says_unknown_of_a_cancel_whose_answer_is_lost(void **state)
{
	struct world *world = *state;
	struct error err = { 0 };
	struct order order = an_order(world, SIDE_BUY, ORDER_LIMIT, TIF_GTC, "90.00");
	send_order(world, INSTRUCT_ORDER, &order, NULL);
	standin_tell(&world->standin, "faults", "{\"fault\":\"lost_reply\",\"method\":\"DELETE\"}");
	assert_int_equal(world->exchange->ops->cancel(world->exchange, &order, &err), STATUS_OK);
	bench_settle(world->exchange, 9000);
	expect(last(world), &order, ASKED_CANCEL, OUTCOME_UNKNOWN);
	assert_int_equal(looked_up(world, &order)->state, ORDER_CANCELLED);
}

static void
tells_both_halves_of_a_replacement_that_half_succeeded(void **state)
{
	struct world *world = *state;
	struct order stop = a_stop(world, "95"), wrong = a_stop(world, "101"), off = a_stop(world, "97.005");
	send_order(world, INSTRUCT_ORDER, &stop, NULL);
	/* A filter is looked at before anything is cancelled. */
	send_order(world, INSTRUCT_REPLACE, &off, &stop);
	expect(recorder_of(&world->recorder, 1), &stop, ASKED_CANCEL, OUTCOME_REFUSED);
	expect(last(world), &off, ASKED_SUBMIT, OUTCOME_REFUSED);
	assert_int_equal(looked_up(world, &stop)->state, ORDER_NEW);
	/* "Order would trigger immediately": 409, cancelled, and the new one refused. */
	send_order(world, INSTRUCT_REPLACE, &wrong, &stop);
	expect(recorder_of(&world->recorder, world->recorder.count - 2), &stop, ASKED_CANCEL, OUTCOME_ACCEPTED);
	assert_int_equal(recorder_of(&world->recorder, world->recorder.count - 2)->state, ORDER_CANCELLED);
	expect(last(world), &wrong, ASKED_SUBMIT, OUTCOME_REFUSED);
	assert_int_equal(last(world)->code, EXCHANGE_CODE_NEW_ORDER_REJECTED);
	assert_non_null(strstr(last(world)->reason, "trigger immediately"));
}

static void
leaves_alone_what_is_filled_in_part(void **state)
{
	struct world *world = *state;
	struct order resting = an_order(world, SIDE_SELL, ORDER_LIMIT, TIF_GTC, "110.00");
	struct order exit = an_order(world, SIDE_SELL, ORDER_MARKET, TIF_NONE, NULL);
	send_order(world, INSTRUCT_ORDER, &resting, NULL);
	standin_tell(&world->standin, "fill", "{\"clientOrderId\":\"f-1\",\"qty\":\"0.2\"}");
	send_order(world, INSTRUCT_REPLACE, &exit, &resting);
	/* It is there, and not NEW any more: refused, which is not the same as gone. */
	expect(recorder_of(&world->recorder, 1), &resting, ASKED_CANCEL, OUTCOME_REFUSED);
	expect(last(world), &exit, ASKED_SUBMIT, OUTCOME_REFUSED);
	assert_int_equal(last(world)->code, EXCHANGE_CODE_REPLACE_FAILED);
	assert_int_equal(looked_up(world, &resting)->state, ORDER_PARTIALLY_FILLED);
}

static void
says_unknown_of_both_when_the_answer_to_a_replacement_is_lost(void **state)
{
	static const char *const faults[] = { "\"fault\":\"lost_reply\"", "\"fault\":\"truncate\",\"bytes\":60",
	                                      "\"fault\":\"reply\",\"status\":409,\"code\":-2021,\"msg\":\"partly\",\"process\":true" };
	struct world *world = *state;
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		struct order stop = a_stop(world, "95"), nearer = a_stop(world, "97");
		char fault[256];
		send_order(world, INSTRUCT_ORDER, &stop, NULL);
		text_format(fault, sizeof fault, "{%s,\"path\":\"/api/v3/order/cancelReplace\"}", faults[i]);
		standin_tell(&world->standin, "faults", fault);
		send_order(world, INSTRUCT_REPLACE, &nearer, &stop);
		expect(recorder_of(&world->recorder, world->recorder.count - 2), &stop, ASKED_CANCEL, OUTCOME_UNKNOWN);
		expect(last(world), &nearer, ASKED_SUBMIT, OUTCOME_UNKNOWN);
		assert_int_equal(looked_up(world, &stop)->state, ORDER_CANCELLED);
		assert_int_equal(looked_up(world, &nearer)->state, ORDER_NEW);
	}
}

static void
tests_an_order_that_goes_nowhere(void **state)
{
	struct world *world = *state;
	struct order good = an_order(world, SIDE_BUY, ORDER_LIMIT, TIF_FOK, "100.10");
	struct order bad = an_order(world, SIDE_BUY, ORDER_LIMIT, TIF_FOK, "100.105");
	send_order(world, INSTRUCT_TEST, &good, NULL);
	assert_int_equal(world->recorder.tests, 1);
	assert_false(world->recorder.has_error);
	assert_string_equal(world->recorder.tested, good.client_order_id);
	send_order(world, INSTRUCT_TEST, &bad, NULL);
	assert_int_equal(world->recorder.tests, 2);
	assert_int_equal(world->recorder.error.status, STATUS_NO);
	assert_int_equal(world->recorder.count, 0);
	assert_int_equal(standin_orders(&world->standin, good.client_order_id), 0);
}

/* ---- fees and homes ---- */

static void
tells_every_fee_in_the_quote_asset(void **state)
{
	struct world *world = *state;
	struct order base = an_order(world, SIDE_BUY, ORDER_LIMIT, TIF_FOK, "100.00");
	struct order quote = an_order(world, SIDE_SELL, ORDER_LIMIT, TIF_FOK, "99.99");
	send_order(world, INSTRUCT_ORDER, &base, NULL);
	assert_string_equal(last(world)->fills[0].commission_asset, "BTC");
	assert_int_equal(decimal_cmp(last(world)->fills[0].fee_quote, dec("0.05")), 0);
	assert_false(last(world)->fills[0].is_fee_estimated);
	send_order(world, INSTRUCT_ORDER, &quote, NULL);
	assert_string_equal(last(world)->fills[0].commission_asset, "USDC");
	assert_int_equal(decimal_cmp(last(world)->fills[0].fee_quote, dec("0.049995")), 0);
	assert_false(last(world)->fills[0].is_fee_estimated);
	/* In BNB: at BNB's price where it is listed, by the settings where it is not. */
	standin_tell(&world->standin, "account", "{\"balances\":{\"BNB\":\"10\",\"USDT\":\"100000\"},"
	             "\"discount\":\"1\",\"discount_enabled\":true}");
	struct order listed = an_order(world, SIDE_SELL, ORDER_MARKET, TIF_NONE, NULL);
	text_copy(listed.symbol, sizeof listed.symbol, "BTCUSDT");
	standin_tell(&world->standin, "price", "{\"symbol\":\"BTCUSDT\",\"price\":\"50000\",\"bid\":\"50000\",\"ask\":\"50000\"}");
	send_order(world, INSTRUCT_ORDER, &listed, NULL);
	expect(last(world), &listed, ASKED_SUBMIT, OUTCOME_ACCEPTED);
	assert_string_equal(last(world)->fills[0].commission_asset, "BNB");
	assert_true(last(world)->fills[0].is_fee_estimated);
	struct decimal fee = last(world)->fills[0].fee_quote, value;
	assert_int_equal(decimal_mul(last(world)->fills[0].commission, dec("500"), ROUND_UP, &value), STATUS_OK);
	assert_int_equal(decimal_cmp(fee, value), 0);
}

static void
estimates_a_fee_whose_asset_has_no_price(void **state)
{
	struct world *world = *state;
	struct order order = an_order(world, SIDE_BUY, ORDER_LIMIT, TIF_FOK, "100.00");
	standin_tell(&world->standin, "faults", "{\"fault\":\"forge\",\"members\":{\"commissionAsset\":\"XYZ\"}," ORDER_PATH "}");
	send_order(world, INSTRUCT_ORDER, &order, NULL);
	expect(last(world), &order, ASKED_SUBMIT, OUTCOME_ACCEPTED);
	assert_true(last(world)->fills[0].is_fee_estimated);
	assert_int_equal(decimal_cmp(last(world)->fills[0].fee_quote, dec("0.05")), 0);
}

static void
acts_on_an_order_only_where_it_lives(void **state)
{
	struct world *world = *state;
	struct error err = { 0 };
	struct exchange_status status;
	struct order order = an_order(world, SIDE_BUY, ORDER_LIMIT, TIF_GTC, "90.00");
	world->exchange->ops->status(world->exchange, &status);
	text_copy(order.exchange_host, sizeof order.exchange_host, status.host);
	text_copy(order.account, sizeof order.account, status.uid);
	send_order(world, INSTRUCT_ORDER, &order, NULL);
	expect(last(world), &order, ASKED_SUBMIT, OUTCOME_ACCEPTED);
	struct order stranger = order, elsewhere = order;
	text_copy(stranger.account, sizeof stranger.account, "1");
	text_copy(elsewhere.exchange_host, sizeof elsewhere.exchange_host, "api.binance.com");
	assert_int_equal(world->exchange->ops->cancel(world->exchange, &stranger, &err), STATUS_CONFLICT);
	assert_int_equal(world->exchange->ops->query(world->exchange, &elsewhere, &err), STATUS_CONFLICT);
	assert_int_equal(try_send(world, INSTRUCT_ORDER, &elsewhere, NULL, &err), STATUS_CONFLICT);
	assert_int_equal(looked_up(world, &order)->state, ORDER_NEW);
}

static void
drops_every_answer_to_come_when_it_is_told_to_forget(void **state)
{
	struct world *world = *state;
	struct error err = { 0 };
	struct order order = an_order(world, SIDE_BUY, ORDER_LIMIT, TIF_FOK, "100.10");
	standin_tell(&world->standin, "faults", "{\"fault\":\"delay\",\"after_ms\":100," ORDER_PATH "}");
	assert_int_equal(try_send(world, INSTRUCT_ORDER, &order, NULL, &err), STATUS_OK);
	bench_run(world->exchange, 40);
	world->exchange->ops->forget(world->exchange);
	assert_false(world->exchange->ops->is_busy(world->exchange));
	bench_run(world->exchange, 200);
	assert_int_equal(world->recorder.count, 0);
	assert_int_equal(looked_up(world, &order)->state, ORDER_FILLED);
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(makes_of_every_fault_what_it_is),
		CASE(calls_a_hanging_exchange_unknown_in_time),
		CASE(sends_once_when_a_kept_alive_connection_dies_after_the_order),
		CASE(is_sure_that_nothing_left_when_nobody_listens),
		CASE(waits_as_long_as_it_is_told_and_says_so),
		CASE(keeps_the_last_fifth_of_the_weight_for_exits),
		CASE(takes_a_jump_of_the_exchanges_clock_as_a_refusal_and_learns_it_anew),
		CASE(says_that_its_key_is_refused_and_nothing_of_the_key),
		CASE(says_that_a_key_may_not_trade_and_tries_an_exit_all_the_same),
		CASE(brings_the_fills_of_what_it_cancels),
		CASE(reads_the_trades_of_an_order_page_by_page),
		CASE(says_unknown_of_a_cancel_whose_answer_is_lost),
		CASE(tells_both_halves_of_a_replacement_that_half_succeeded),
		CASE(leaves_alone_what_is_filled_in_part),
		CASE(says_unknown_of_both_when_the_answer_to_a_replacement_is_lost),
		CASE(tests_an_order_that_goes_nowhere),
		CASE(tells_every_fee_in_the_quote_asset),
		CASE(estimates_a_fee_whose_asset_has_no_price),
		CASE(acts_on_an_order_only_where_it_lives),
		CASE(drops_every_answer_to_come_when_it_is_told_to_forget),
	};
#undef CASE
	return cmocka_run_group_tests_name("Binance Spot under faults", tests, NULL, NULL);
}
