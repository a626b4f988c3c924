/* The poller against the stand-in over real sockets, good and bad.  Time-outs are short here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/clock.h"
#include "ear.h"
#include "feed/binance_poll.h"
#include "standin/standin.h"

#define BOOK "/api/v3/ticker/bookTicker"

static struct standin server;

struct world {
	struct ear ear;
	struct price_feed *feed;
	int64_t longest_us;       /* that one turn held the loop */
};

static struct binance_poll_config
quick(void)
{
	return (struct binance_poll_config){
		.url = server.url, .interval_ms = 20, .ticker_ms = 100, .clock_ms = 1000,
		.connect_ms = 200, .total_ms = 250, .slow_total_ms = 1000, .backoff_ms = 20,
		.recheck_ms = 200,
	};
}

static void
start_with(struct world *world, const struct binance_poll_config *config)
{
	assert_int_equal(binance_poll_open(config, &world->feed, NULL), STATUS_OK);
	world->feed->listener = ear_listener(&world->ear);
}

static void
start(struct world *world)
{
	struct binance_poll_config config = quick();
	start_with(world, &config);
}

static void
watch(struct world *world, const char *symbol)
{
	assert_int_equal(world->feed->ops->watch(world->feed, symbol, NULL), STATUS_OK);
}

static void
turn(struct world *world, int64_t most_us)
{
	struct wait wait;
	int64_t now = clock_mono_us();
	wait_init(&wait);
	world->feed->ops->prepare(world->feed, &wait, now);
	wait_until(&wait, now + most_us);
	int64_t left = wait.deadline_mono_us > now ? wait.deadline_mono_us - now : 0;
	struct timespec timeout = { left / 1000000, left % 1000000 * 1000 };
	if (pselect(wait.max_fd + 1, &wait.read, &wait.write, &wait.except, &timeout, NULL) < 0)
		assert_int_equal(errno, EINTR);
	int64_t before = clock_mono_us();
	world->feed->ops->dispatch(world->feed, &wait, before);
	int64_t took = clock_mono_us() - before;
	world->longest_us = took > world->longest_us ? took : world->longest_us;
}

static void
pass(struct world *world, int64_t ms)
{
	for (int64_t until = clock_mono_us() + ms * 1000; clock_mono_us() < until;)
		turn(world, until - clock_mono_us());
}

/* The loop until *count reaches `enough`; the test fails if that takes too long. */
static void
until(struct world *world, const int *count, int enough)
{
	for (int64_t end = clock_mono_us() + 8000000; *count < enough;) {
		if (clock_mono_us() > end)
			fail_msg("it never came; it said: %s",
			         world->ear.said.data ? world->ear.said.data : "");
		turn(world, 20000);
	}
}

static struct feed_status
status_of(struct world *world)
{
	struct feed_status status;
	world->feed->ops->status(world->feed, &status);
	return status;
}

static struct decimal
d(const char *text)
{
	struct decimal value = { 0 };
	assert_int_equal(decimal_parse(text, &value), STATUS_OK);
	return value;
}

static void
watched_symbols_are_priced_in_one_request_on_one_connection(void **state)
{
	struct world *world = *state;
	start(world);
	watch(world, "BTCUSDC");
	watch(world, "ETHUSDC");
	int64_t before_ms = clock_mono_ms();
	until(world, &world->ear.quotes, 10);
	assert_true(decimal_cmp(world->ear.last.bid, world->ear.last.ask) < 0);
	assert_true(world->ear.last.asked_mono_ms >= before_ms);
	assert_true(world->ear.last.asked_mono_ms <= clock_mono_ms());
	assert_true(llabs((long long)(world->ear.last.at_ms - clock_wall_ms())) < 2000);
	assert_true(world->ear.last.arrived_mono_us / 1000 >= world->ear.last.asked_mono_ms);
	assert_true(standin_count(&server, BOOK, "%5B%22BTCUSDC%22,%22ETHUSDC%22%5D") >= 4);
	assert_int_equal(standin_count(&server, BOOK, ""),
	                 standin_count(&server, BOOK, "BTCUSDC%22,%22ETHUSDC"));
	assert_int_equal(standin_connections(&server, BOOK), 1);
	struct feed_status status = status_of(world);
	assert_true(status.is_reachable);
	assert_string_equal(status.trouble, "");
	assert_true(status.round_trip_us > 0);
	assert_int_equal(status.weight_used, 10);
	assert_false(status.is_replay);
}

static void
a_price_that_moved_is_seen_at_the_next_look(void **state)
{
	struct world *world = *state;
	start(world);
	watch(world, "BTCUSDC");
	until(world, &world->ear.quotes, 1);
	standin_order(&server, "{\"prices\": {\"BTCUSDC\": [\"95899.99\", \"95900.00\"]}}");
	int seen = world->ear.quotes;
	until(world, &world->ear.quotes, seen + 2);
	assert_int_equal(decimal_cmp(world->ear.last.bid, d("95899.99")), 0);
	assert_int_equal(decimal_cmp(world->ear.last.ask, d("95900")), 0);
}

static void
rules_clock_and_ticker_come_by_themselves(void **state)
{
	struct world *world = *state;
	standin_order(&server, "{\"time_offset_ms\": -90000, \"weight_limit\": 5000}");
	start(world);
	watch(world, "BTCUSDC");
	until(world, &world->ear.rules_told, 1);
	assert_string_equal(world->ear.rules.symbol, "BTCUSDC");
	assert_string_equal(world->ear.rules.base, "BTC");
	assert_int_equal(world->ear.rules.status, SYMBOL_TRADING);
	assert_int_equal(decimal_cmp(world->ear.rules.tick, d("0.01")), 0);
	assert_int_equal(decimal_cmp(world->ear.rules.notional_min, d("5")), 0);
	assert_int_equal(world->ear.rules.max_algo_orders, 5);
	until(world, &world->ear.tickers, 1);
	assert_non_null(strstr(world->ear.said.data, "ticker BTCUSDC 97000 0.42\n"));
	for (int i = 0; i < 200 && !status_of(world).has_clock_offset; i++)
		pass(world, 10);
	struct feed_status status = status_of(world);
	assert_true(status.has_clock_offset);
	assert_true(status.clock_offset_ms > -91000 && status.clock_offset_ms < -89000);
	assert_int_equal(status.weight_limit, 5000);
	assert_int_equal(standin_count(&server, "/api/v3/exchangeInfo", ""), 1);
}

static void
one_unknown_symbol_is_found_and_the_others_stay_priced(void **state)
{
	struct world *world = *state;
	start(world);
	watch(world, "BTCUSDC");
	watch(world, "ETHUSDC");
	until(world, &world->ear.quotes, 2);
	standin_order(&server, "{\"prices\": {\"AUSDC\": [\"1\", \"2\"], \"BUSDC\": [\"1\", \"2\"]}}");
	watch(world, "AUSDC");
	watch(world, "BUSDC");
	watch(world, "SOLUSDC");
	until(world, &world->ear.quotes, 12);
	standin_order(&server, "{\"remove\": [\"AUSDC\"]}");
	until(world, &world->ear.unknown, 1);
	assert_non_null(strstr(world->ear.said.data, "unknown AUSDC\n"));
	ear_forget(&world->ear);
	until(world, &world->ear.quotes, 8);
	assert_non_null(strstr(world->ear.said.data, "BTCUSDC"));
	assert_non_null(strstr(world->ear.said.data, "BUSDC"));
	assert_null(strstr(world->ear.said.data, " AUSDC"));
	assert_true(status_of(world).is_reachable);
	/* It comes back: found again, without being asked. */
	standin_order(&server, "{\"prices\": {\"AUSDC\": [\"1\", \"2\"]}}");
	for (int i = 0; i < 300 && strstr(world->ear.said.data, " AUSDC") == NULL; i++)
		pass(world, 10);
	assert_non_null(strstr(world->ear.said.data, " AUSDC 1 2\n"));
	assert_int_equal(world->ear.unknown, 0);
}

static void
a_symbol_that_never_was_is_reported_once(void **state)
{
	struct world *world = *state;
	start(world);
	watch(world, "NOSUCH");
	until(world, &world->ear.unknown, 1);
	pass(world, 600);
	assert_int_equal(world->ear.unknown, 1);
	assert_int_equal(world->ear.quotes, 0);
	int asked = standin_count(&server, BOOK, "NOSUCH");
	assert_true(asked >= 1 && asked <= 6);   /* now and then, not every interval */
}

static void
a_missing_row_is_no_quote_and_is_said(void **state)
{
	struct world *world = *state;
	standin_order(&server, "{\"missing\": [\"ETHUSDC\"]}");
	start(world);
	watch(world, "BTCUSDC");
	watch(world, "ETHUSDC");
	until(world, &world->ear.quotes, 3);
	assert_null(strstr(world->ear.said.data, "ETHUSDC 3"));
	assert_non_null(strstr(status_of(world).trouble, "ETHUSDC: no row"));
}

static void
what_is_no_price_never_becomes_a_quote(void **state)
{
	static const char *const rows[] = {
		"{\"symbol\":\"BTCUSDC\",\"bidPrice\":\"0.00000000\",\"askPrice\":\"0.00000000\"}",
		"{\"symbol\":\"BTCUSDC\",\"bidPrice\":\"2\",\"askPrice\":\"1\"}",
		"{\"symbol\":\"BTCUSDC\",\"bidPrice\":\"-1\",\"askPrice\":\"1\"}",
		"{\"symbol\":\"BTCUSDC\",\"bidPrice\":1.5,\"askPrice\":2.5}",
		"{\"symbol\":\"BTCUSDC\",\"bidPrice\":\"1e5\",\"askPrice\":\"1e6\"}",
		"{\"symbol\":\"BTCUSDC\",\"bidPrice\":\"NaN\",\"askPrice\":\"1\"}",
		"{\"symbol\":\"BTCUSDC\",\"bidPrice\":\"99999999999999999999\",\"askPrice\":\"99999999999999999999\"}",
		"{\"symbol\":\"BTCUSDC\",\"bidPrice\":\"1\"}",
		"{\"symbol\":\"BTCUSDC\",\"bidPrice\":null,\"askPrice\":[]}",
		"{\"symbol\":\"ETHUSDC\",\"bidPrice\":\"1\",\"askPrice\":\"2\"}",
		"{\"symbol\":\"BTC\\u001b[31mUSDC\",\"bidPrice\":\"1\",\"askPrice\":\"2\"}",
		"{\"symbol\":{},\"bidPrice\":\"1\",\"askPrice\":\"2\"}",
		"null", "7", "\"BTCUSDC\"", "[]",
	};
	struct world *world = *state;
	start(world);
	watch(world, "BTCUSDC");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct text body = { 0 };
		for (const char *c = rows[i]; *c != '\0'; c++)   /* a text within a text */
			text_appendf(&body, "%s%c", strchr("\"\\", *c) ? "\\" : "", *c);
		standin_order(&server, "{\"reset\": true, \"behave\": [{\"path\": \"%s\", \"times\": -1,"
		              "\"do\": \"status\", \"body\": \"[%s]\"}]}", BOOK, body.data);
		text_done(&body);
		int before = standin_count(&server, BOOK, "");
		for (int turns = 0; turns < 300 && standin_count(&server, BOOK, "") < before + 2; turns++)
			pass(world, 5);
		if (world->ear.quotes != 0)
			fail_msg("%s became a quote: %s", rows[i], world->ear.said.data);
		assert_null(strchr(status_of(world).trouble, 0x1b));
		assert_string_not_equal(status_of(world).trouble, "");
	}
	standin_order(&server, "{\"reset\": true}");
	until(world, &world->ear.quotes, 1);
}

static void
a_misbehaving_server_is_survived_and_said(void **state)
{
	static const char *const hows[] = {
		"\"do\": \"garbage\"", "\"do\": \"truncate\"", "\"do\": \"short\"", "\"do\": \"drop\"",
		"\"do\": \"chunked_cut\"", "\"do\": \"huge\"", "\"do\": \"huge\", \"unsaid\": true",
		"\"do\": \"stall_before\", \"seconds\": 0.4", "\"do\": \"stall_after\", \"seconds\": 0.4",
		"\"do\": \"drip\", \"seconds\": 0.05", "\"do\": \"status\", \"status\": 500",
		"\"do\": \"status\", \"status\": 502, \"body\": \"<html>bad gateway</html>\"",
		"\"do\": \"status\", \"status\": 301, \"headers\": {\"Location\": \"https://evil.example/\"}",
		"\"do\": \"status\", \"status\": 404", "\"do\": \"status\", \"status\": 200, \"body\": \"\"",
		"\"do\": \"status\", \"body\": \"{\\\"code\\\": -1121}\"",
		"\"do\": \"status\", \"status\": 400, \"body\": \"{\\\"code\\\": -1003, \\\"msg\\\": \\\"\\u001b]0;x\\\"}\"",
		"\"do\": \"status\", \"body\": \"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"",
		"\"do\": \"status\", \"body\": \"[1e999999]\"",
	};
	struct world *world = *state;
	start(world);
	watch(world, "BTCUSDC");
	until(world, &world->ear.quotes, 1);
	for (size_t i = 0; i < ARRAY_LEN(hows); i++) {
		/* What dies on a kept connection is asked for again by libcurl itself, and on a busy machine one
		 * turn may see a failure and the next answer: so it goes on until it was said. */
		standin_order(&server, "{\"behave\": [{\"path\": \"%s\", \"times\": -1, %s}]}", BOOK, hows[i]);
		bool was_said = false;
		for (int64_t end = clock_mono_us() + 20000000; !was_said;) {
			if (clock_mono_us() > end)
				fail_msg("%s: nothing was said", hows[i]);
			turn(world, 5000);
			struct feed_status status = status_of(world);
			was_said = status.trouble[0] != '\0' && !status.is_reachable;
			was_said = was_said || strstr(status.trouble, "HTTP") != NULL;
			assert_null(strchr(status.trouble, 0x1b));
		}
		standin_order(&server, "{\"reset\": true}");
		int seen = world->ear.quotes;
		until(world, &world->ear.quotes, seen + 1);
		assert_string_equal(status_of(world).trouble, "");
		assert_true(status_of(world).is_reachable);
	}
	assert_true(world->longest_us < 250 * 1000);
}

static void
retry_after_is_law(void **state)
{
	static const struct { int status; const char *word; } cases[] = {
		{ 429, "slow down" }, { 418, "banned" },
	};
	struct world *world = *state;
	start(world);
	watch(world, "BTCUSDC");
	until(world, &world->ear.quotes, 1);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		standin_order(&server, "{\"behave\": [{\"path\": \"%s\", \"do\": \"status\", \"status\": %d,"
		              "\"headers\": {\"Retry-After\": \"1\"}}]}", BOOK, cases[i].status);
		for (int turns = 0; turns < 500 && status_of(world).next_try_mono_us == 0; turns++)
			turn(world, 5000);
		assert_non_null(strstr(status_of(world).trouble, cases[i].word));
		int asked = standin_count(&server, "/api/v3/ticker/bookTicker", "") +
		            standin_count(&server, "/api/v3/ticker/24hr", "") +
		            standin_count(&server, "/api/v3/time", "");
		pass(world, 850);
		assert_int_equal(standin_count(&server, "/api/v3/ticker/bookTicker", "") +
		                 standin_count(&server, "/api/v3/ticker/24hr", "") +
		                 standin_count(&server, "/api/v3/time", ""), asked);
		int seen = world->ear.quotes;
		until(world, &world->ear.quotes, seen + 1);
		assert_string_equal(status_of(world).trouble, "");
	}
}

static void
failures_are_paused_longer_and_longer(void **state)
{
	struct world *world = *state;
	start(world);
	standin_order(&server, "{\"behave\": [{\"path\": \"/\", \"times\": -1, \"do\": \"status\","
	              "\"status\": 503}]}");
	watch(world, "BTCUSDC");
	pass(world, 1000);
	/* 20, 40, 80, 160, 320, 320 ms: not once every 20 ms. */
	int asked = standin_count(&server, BOOK, "");
	assert_true(asked >= 3 && asked <= 8);
	assert_int_equal(world->ear.quotes, 0);
}

static void
a_used_up_weight_slows_everything_down(void **state)
{
	struct world *world = *state;
	standin_order(&server, "{\"weight\": 5900}");
	start(world);
	watch(world, "BTCUSDC");
	until(world, &world->ear.quotes, 1);
	pass(world, 300);
	assert_int_equal(standin_count(&server, BOOK, ""), 1);
	assert_int_equal(standin_count(&server, "/api/v3/ticker/24hr", ""), 0);
}

static void
a_server_that_is_not_there_is_said_and_found_later(void **state)
{
	struct world *world = *state;
	struct binance_poll_config config = quick();
	config.url = "http://127.0.0.1:1";
	start_with(world, &config);
	watch(world, "BTCUSDC");
	pass(world, 100);
	struct feed_status status = status_of(world);
	assert_false(status.is_reachable);
	assert_non_null(strstr(status.trouble, "no prices"));
	assert_true(status.next_try_mono_us == 0 || status.next_try_mono_us > clock_mono_us() - 1000000);
}

static void
history_of_a_short_gap_is_in_seconds(void **state)
{
	struct world *world = *state;
	start(world);
	int64_t from_ms = clock_wall_ms() - 90 * 1000;
	assert_int_equal(world->feed->ops->history(world->feed, "BTCUSDC", from_ms, NULL), STATUS_OK);
	until(world, &world->ear.history_ends, 1);
	assert_true(world->ear.candle_count >= 89 && world->ear.candle_count <= 93);
	assert_int_equal(world->ear.candles[0].open_ms, from_ms - from_ms % 1000);
	assert_int_equal(world->ear.candles[1].open_ms - world->ear.candles[0].open_ms, 1000);
	assert_int_equal(standin_count(&server, "/api/v3/klines", "interval=1s"), 1);
	assert_false(world->ear.has_history_error);
}

static void
history_of_a_long_gap_is_paged_and_has_no_hole(void **state)
{
	struct world *world = *state;
	start(world);
	int64_t from_ms = clock_wall_ms() - INT64_C(40) * 3600 * 1000;   /* 2,400 minutes */
	assert_int_equal(world->feed->ops->history(world->feed, "BTCUSDC", from_ms, NULL), STATUS_OK);
	until(world, &world->ear.history_ends, 1);
	assert_false(world->ear.has_history_error);
	assert_true(world->ear.candle_count >= 2399);
	assert_int_equal(world->ear.candles[0].open_ms, from_ms - from_ms % 1000);
	for (size_t i = 1; i < world->ear.candle_count; i++)
		assert_int_equal(world->ear.candles[i].open_ms, world->ear.candles[i - 1].close_ms + 1);
	assert_true(world->ear.candles[world->ear.candle_count - 1].close_ms >= clock_wall_ms() - 60000);
}

static void
history_that_fails_says_so_in_the_end(void **state)
{
	struct world *world = *state;
	start(world);
	assert_int_equal(world->feed->ops->history(world->feed, "NOSUCH", clock_wall_ms() - 5000, NULL),
	                 STATUS_OK);
	until(world, &world->ear.history_ends, 1);
	assert_true(world->ear.has_history_error);
	ear_forget(&world->ear);
	standin_order(&server, "{\"behave\": [{\"path\": \"/api/v3/klines\", \"times\": -1, \"do\":"
	              "\"status\", \"body\": \"[[1,\\\"5\\\",\\\"4\\\",\\\"3\\\",\\\"2\\\",\\\"1\\\",9]]\"}]}");
	assert_int_equal(world->feed->ops->history(world->feed, "BTCUSDC", clock_wall_ms() - 5000, NULL),
	                 STATUS_OK);
	until(world, &world->ear.history_ends, 1);
	assert_true(world->ear.has_history_error);
	assert_int_equal(world->ear.candle_count, 0);
	/* One that fails once is asked for again. */
	ear_forget(&world->ear);
	standin_order(&server, "{\"reset\": true, \"behave\": [{\"path\": \"/api/v3/klines\", \"do\":"
	              "\"drop\"}]}");
	assert_int_equal(world->feed->ops->history(world->feed, "BTCUSDC", clock_wall_ms() - 5000, NULL),
	                 STATUS_OK);
	until(world, &world->ear.history_ends, 1);
	assert_false(world->ear.has_history_error);
	assert_true(world->ear.candle_count >= 5);
	assert_int_equal(world->feed->ops->history(world->feed, "BTCUSDC", 0, NULL), STATUS_RANGE);
}

static void
names_are_completed_once_they_are_loaded(void **state)
{
	struct world *world = *state;
	char names[8][SYMBOL_SIZE];
	standin_order(&server, "{\"prices\": {\"BTCUSDT\": [\"1\", \"2\"], \"AAVEUSDC\": [\"1\", \"2\"],"
	              "\"A\\u001bX\": [\"1\", \"2\"]}}");
	start(world);
	assert_int_equal(world->feed->ops->complete(world->feed, "btc", names, 8), 0);
	for (int i = 0; i < 300 && world->feed->ops->complete(world->feed, "btc", names, 8) == 0; i++)
		pass(world, 10);
	assert_int_equal(world->feed->ops->complete(world->feed, "btc", names, 8), 2);
	assert_string_equal(names[0], "BTCUSDC");
	assert_string_equal(names[1], "BTCUSDT");
	assert_int_equal(world->feed->ops->complete(world->feed, "BTCUSDT", names, 8), 1);
	assert_int_equal(world->feed->ops->complete(world->feed, "ZZZ", names, 8), 0);
	assert_int_equal(world->feed->ops->complete(world->feed, "", names, 8), 5);
	assert_int_equal(world->feed->ops->complete(world->feed, "", names, 2), 2);
	assert_int_equal(standin_count(&server, "/api/v3/ticker/price", ""), 1);
	assert_int_equal(standin_count(&server, BOOK, ""), 0);
}

static void
a_book_that_stands_still_while_trades_go_on_is_said(void **state)
{
	struct world *world = *state;
	start(world);
	watch(world, "BTCUSDC");
	until(world, &world->ear.tickers, 1);
	for (int i = 0; i < 60 && strstr(status_of(world).trouble, "stands still") == NULL; i++) {
		standin_order(&server, "{\"last_ids\": {\"BTCUSDC\": %d}, \"behave\": [{\"path\":"
		              "\"/api/v3/ticker/24hr\", \"do\": \"status\", \"body\": \"[{\\\"symbol\\\":"
		              "\\\"BTCUSDC\\\", \\\"lastPrice\\\": \\\"90000\\\", \\\"priceChangePercent\\\":"
		              "\\\"-7\\\", \\\"lastId\\\": %d}]\"}]}", 2000 + i, 2000 + i);
		pass(world, 60);
	}
	assert_non_null(strstr(status_of(world).trouble, "BTCUSDC: the book stands still"));
	assert_non_null(strstr(world->ear.said.data, "ticker BTCUSDC 90000 -7\n"));
	standin_order(&server, "{\"reset\": true, \"prices\": {\"BTCUSDC\": [\"90000\", \"90001\"]}}");
	for (int i = 0; i < 60 && status_of(world).trouble[0] != '\0'; i++)
		pass(world, 20);
	assert_string_equal(status_of(world).trouble, "");
}

static void
nothing_is_asked_while_nothing_is_watched(void **state)
{
	struct world *world = *state;
	start(world);
	pass(world, 60);
	assert_int_equal(standin_count(&server, "/api/v3/time", ""), 0);
	watch(world, "BTCUSDC");
	until(world, &world->ear.quotes, 1);
	world->feed->ops->unwatch(world->feed, "BTCUSDC");
	pass(world, 60);
	int asked = standin_count(&server, BOOK, "");
	int heard = world->ear.quotes;
	pass(world, 200);
	assert_int_equal(standin_count(&server, BOOK, ""), asked);
	assert_int_equal(world->ear.quotes, heard);
}

static void
an_unsafe_address_is_refused_when_opened(void **state)
{
	struct price_feed *feed = NULL;
	struct error err = { 0 };
	struct binance_poll_config config = { .url = "http://api.binance.com" };
	(void)state;
	assert_int_equal(binance_poll_open(&config, &feed, &err), STATUS_CONFIG);
	assert_null(feed);
	assert_string_not_equal(err.hint, "");
}

static int
set_up(void **state)
{
	struct world *world = calloc(1, sizeof *world);
	standin_order(&server, "{\"reset\": true}");
	*state = world;
	return world ? 0 : -1;
}

static int
tear_down(void **state)
{
	struct world *world = *state;
	if (world->feed != NULL)
		world->feed->ops->close(world->feed);
	text_done(&world->ear.said);
	free(world);
	return 0;
}

static int
open_server(void **state)
{
	(void)state;
	return standin_start(&server, NULL) ? 0 : -1;
}

static int
close_server(void **state)
{
	(void)state;
	standin_stop(&server);
	return 0;
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(watched_symbols_are_priced_in_one_request_on_one_connection),
		CASE(a_price_that_moved_is_seen_at_the_next_look),
		CASE(rules_clock_and_ticker_come_by_themselves),
		CASE(one_unknown_symbol_is_found_and_the_others_stay_priced),
		CASE(a_symbol_that_never_was_is_reported_once),
		CASE(a_missing_row_is_no_quote_and_is_said),
		CASE(what_is_no_price_never_becomes_a_quote),
		CASE(a_misbehaving_server_is_survived_and_said),
		CASE(retry_after_is_law),
		CASE(failures_are_paused_longer_and_longer),
		CASE(a_used_up_weight_slows_everything_down),
		CASE(a_server_that_is_not_there_is_said_and_found_later),
		CASE(history_of_a_short_gap_is_in_seconds),
		CASE(history_of_a_long_gap_is_paged_and_has_no_hole),
		CASE(history_that_fails_says_so_in_the_end),
		CASE(names_are_completed_once_they_are_loaded),
		CASE(a_book_that_stands_still_while_trades_go_on_is_said),
		CASE(nothing_is_asked_while_nothing_is_watched),
		CASE(an_unsafe_address_is_refused_when_opened),
	};
	return cmocka_run_group_tests(tests, open_server, close_server);
}
