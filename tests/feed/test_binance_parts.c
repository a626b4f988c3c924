/* The poller's pure parts: the hunt for an unknown symbol, the pace, the pages of history. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "feed/binance_history.h"
#include "feed/binance_pace.h"
#include "feed/binance_symbols.h"

/* ---- symbols ---- */

/* Plays rounds against an exchange that refuses every list with a symbol that starts with "BAD".
 * Returns the requests until a round ended without a refusal. */
static int
hunt(struct binance_symbols *symbols, char (*ret_found)[SYMBOL_SIZE], size_t *ret_count)
{
	bool was_refused = true;
	int requests = 0;
	*ret_count = 0;
	while (was_refused) {
		was_refused = false;
		for (bool has_ended = false; !has_ended;) {
			struct text query = { 0 };
			if (binance_symbols_next(symbols, 0, &query) == 0) {
				text_done(&query);
				return requests;
			}
			requests++;
			assert_true(requests < 2000);
			if (strstr(query.data, "BAD") != NULL) {
				const char *name = binance_symbols_refused(symbols, INT64_MAX, &has_ended);
				was_refused = true;
				if (name != NULL)
					text_copy(ret_found[(*ret_count)++], SYMBOL_SIZE, name);
			} else {
				has_ended = binance_symbols_passed(symbols);
			}
			text_done(&query);
		}
	}
	return requests;
}

static void
all_symbols_are_one_list(void **state)
{
	(void)state;
	struct binance_symbols symbols;
	struct text query = { 0 };
	binance_symbols_init(&symbols);
	assert_int_equal(binance_symbols_next(&symbols, 0, &query), 0);
	assert_non_null(binance_symbols_add(&symbols, "BTCUSDC"));
	assert_non_null(binance_symbols_add(&symbols, "ETHUSDC"));
	assert_non_null(binance_symbols_add(&symbols, "BTCUSDC"));
	assert_int_equal(binance_symbols_next(&symbols, 0, &query), 2);
	assert_string_equal(query.data, "%5B%22BTCUSDC%22,%22ETHUSDC%22%5D");
	assert_true(binance_symbols_passed(&symbols));
	binance_symbols_remove(&symbols, "BTCUSDC");
	binance_symbols_remove(&symbols, "NOBODY");
	text_reset(&query);
	assert_int_equal(binance_symbols_next(&symbols, 0, &query), 1);
	assert_string_equal(query.data, "%5B%22ETHUSDC%22%5D");
	text_done(&query);
	binance_symbols_done(&symbols);
}

static void
every_set_of_unknown_symbols_is_found_and_no_other(void **state)
{
	(void)state;
	srand(42);
	for (int round = 0; round < 300; round++) {
		struct binance_symbols symbols;
		char found[64][SYMBOL_SIZE], name[SYMBOL_SIZE];
		size_t found_count = 0, bad = 0, count = 1 + (size_t)rand() % 40;
		binance_symbols_init(&symbols);
		for (size_t i = 0; i < count; i++) {
			bool is_bad = rand() % 8 == 0;
			bad += is_bad;
			snprintf(name, sizeof name, "%s%zu", is_bad ? "BAD" : "GOOD", i);
			assert_non_null(binance_symbols_add(&symbols, name));
		}
		hunt(&symbols, found, &found_count);
		assert_int_equal(found_count, bad);
		for (size_t i = 0; i < found_count; i++)
			assert_int_equal(strncmp(found[i], "BAD", 3), 0);
		/* What is left is one request again. */
		struct text query = { 0 };
		if (bad < count) {
			assert_int_equal(binance_symbols_next(&symbols, 0, &query), count - bad);
			assert_true(binance_symbols_passed(&symbols));
		}
		text_done(&query);
		binance_symbols_done(&symbols);
	}
}

static void
one_bad_symbol_of_many_costs_few_requests(void **state)
{
	(void)state;
	struct binance_symbols symbols;
	char found[4][SYMBOL_SIZE], name[SYMBOL_SIZE];
	size_t count = 0;
	binance_symbols_init(&symbols);
	for (int i = 0; i < 200; i++) {
		snprintf(name, sizeof name, i == 137 ? "BAD" : "GOOD%d", i);
		assert_non_null(binance_symbols_add(&symbols, name));
	}
	assert_true(hunt(&symbols, found, &count) <= 40);
	assert_int_equal(count, 1);
	binance_symbols_done(&symbols);
}

static void
there_is_a_last_symbol(void **state)
{
	(void)state;
	struct binance_symbols symbols;
	char name[SYMBOL_SIZE];
	binance_symbols_init(&symbols);
	for (int i = 0; i < 256; i++) {
		snprintf(name, sizeof name, "S%d", i);
		assert_non_null(binance_symbols_add(&symbols, name));
	}
	assert_null(binance_symbols_add(&symbols, "ONEMORE"));
	assert_non_null(binance_symbols_add(&symbols, "S7"));
	binance_symbols_done(&symbols);
}

/* ---- pace ---- */

static void
retry_after_holds_everything_and_only_ever_longer(void **state)
{
	(void)state;
	struct binance_pace pace = { 0 };
	binance_pace_heard(&pace, 200, 100, 5, 1000000);
	assert_int_equal(pace.hold_until_us, 0);
	assert_int_equal(pace.weight_used, 100);
	binance_pace_heard(&pace, 429, -1, 17, 1000000);
	assert_int_equal(pace.hold_until_us, 18000000);
	assert_false(pace.is_banned);
	assert_int_equal(pace.weight_used, 100);
	binance_pace_heard(&pace, 429, -1, 3, 1000000);
	assert_int_equal(pace.hold_until_us, 18000000);
	binance_pace_heard(&pace, 418, -1, -1, 1000000);
	assert_int_equal(pace.hold_until_us, 121000000);
	assert_true(pace.is_banned);
	struct binance_pace silent = { 0 };
	binance_pace_heard(&silent, 429, -1, -1, 0);
	assert_int_equal(silent.hold_until_us, 60000000);
	struct binance_pace zero = { 0 };
	binance_pace_heard(&zero, 429, -1, 0, 0);
	assert_int_equal(zero.hold_until_us, 1000000);
	struct binance_pace firewall = { 0 };
	binance_pace_heard(&firewall, 403, -1, -1, 0);
	assert_int_equal(firewall.hold_until_us, 60000000);
}

static void
polling_slows_down_before_the_limit(void **state)
{
	static const struct { int used; int64_t interval; bool has_room; } cases[] = {
		{ 0, 1000000, true },      { 2999, 1000000, true }, { 3000, 2000000, true },
		{ 3899, 2000000, true },   { 3900, 4000000, true }, { 4799, 4000000, true },
		{ 4800, 5000000, false },  { 6000, 5000000, false }, { 999999999, 5000000, false },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct binance_pace pace = { .weight_used = cases[i].used, .weight_limit = 6000 };
		assert_int_equal(binance_pace_interval_us(&pace, 1000000), cases[i].interval);
		assert_int_equal(binance_pace_has_room(&pace), cases[i].has_room);
	}
	struct binance_pace unknown = { .weight_used = 600 };   /* of the lowest limit, half */
	assert_int_equal(binance_pace_interval_us(&unknown, 1000000), 2000000);
}

static void
pauses_double_up_to_sixteen_times(void **state)
{
	static const int64_t wanted[] = { 500, 500, 1000, 2000, 4000, 8000, 8000, 8000 };
	(void)state;
	for (int i = 0; i < (int)ARRAY_LEN(wanted); i++)
		assert_int_equal(binance_pace_backoff_us(i, 500), wanted[i]);
	assert_int_equal(binance_pace_backoff_us(1000000, 500), 8000);
}

/* ---- history ---- */

static void
a_thousand_seconds_are_one_page_of_seconds(void **state)
{
	(void)state;
	struct binance_history history = { .count = 0 };
	struct text query = { 0 };
	static struct candle page[BINANCE_PAGE];
	assert_int_equal(binance_history_add(&history, "BTCUSDC", 1000000500, 1000900000, NULL),
	                 STATUS_OK);
	binance_history_query(&history, &query);
	assert_string_equal(query.data, "symbol=BTCUSDC&interval=1s&startTime=1000000000&"
	                                "endTime=1000900999&limit=1000");
	assert_true(binance_history_took(&history, page, 10));   /* a short page has all there is */
	assert_int_equal(history.count, 0);
	text_done(&query);
}

static void
a_longer_span_starts_in_seconds_and_goes_on_in_minutes(void **state)
{
	(void)state;
	struct binance_history history = { .count = 0 };
	struct text query = { 0 };
	static struct candle page[BINANCE_PAGE];
	int64_t minute = 1000020000;      /* a full one */
	assert_int_equal(binance_history_add(&history, "BTCUSDC", minute + 30700, minute + 200000000, NULL),
	                 STATUS_OK);
	binance_history_query(&history, &query);
	assert_string_equal(query.data, "symbol=BTCUSDC&interval=1s&startTime=1000050000&"
	                                "endTime=1000079999&limit=1000");
	assert_false(binance_history_took(&history, page, 30));
	text_reset(&query);
	binance_history_query(&history, &query);
	assert_string_equal(query.data, "symbol=BTCUSDC&interval=1m&startTime=1000080000&"
	                                "endTime=1200020999&limit=1000");
	page[BINANCE_PAGE - 1].close_ms = minute + 60000 + 1000 * 60000 - 1;
	assert_false(binance_history_took(&history, page, BINANCE_PAGE));
	text_reset(&query);
	binance_history_query(&history, &query);
	assert_non_null(strstr(query.data, "startTime=1060080000&"));
	/* A full page that leads nowhere ends it: no loop without an end. */
	assert_true(binance_history_took(&history, page, BINANCE_PAGE));
	text_done(&query);
}

static void
a_span_on_the_minute_needs_no_seconds(void **state)
{
	(void)state;
	struct binance_history history = { .count = 0 };
	struct text query = { 0 };
	assert_int_equal(binance_history_add(&history, "BTCUSDC", 1000020000, 1200020000, NULL), STATUS_OK);
	binance_history_query(&history, &query);
	assert_non_null(strstr(query.data, "interval=1m&startTime=1000020000&"));
	text_done(&query);
}

static void
too_much_history_is_refused(void **state)
{
	(void)state;
	struct binance_history history = { .count = 0 };
	int64_t now = INT64_C(1767571200000), day = INT64_C(86400000);
	assert_int_equal(binance_history_add(&history, "A1", now - 61 * day, now, NULL), STATUS_RANGE);
	assert_int_equal(binance_history_add(&history, "A1", 0, now, NULL), STATUS_RANGE);
	for (int i = 0; i < BINANCE_HISTORY_MAX; i++)
		assert_int_equal(binance_history_add(&history, "A1", now - 59 * day, now, NULL), STATUS_OK);
	assert_int_equal(binance_history_add(&history, "A1", now, now, NULL), STATUS_BUSY);
	binance_history_drop(&history);
	assert_int_equal(binance_history_add(&history, "A1", now + day, now, NULL), STATUS_OK);
	assert_int_equal(history.jobs[BINANCE_HISTORY_MAX - 1].next_ms, now);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_symbols_are_one_list),
		cmocka_unit_test(every_set_of_unknown_symbols_is_found_and_no_other),
		cmocka_unit_test(one_bad_symbol_of_many_costs_few_requests),
		cmocka_unit_test(there_is_a_last_symbol),
		cmocka_unit_test(retry_after_holds_everything_and_only_ever_longer),
		cmocka_unit_test(polling_slows_down_before_the_limit),
		cmocka_unit_test(pauses_double_up_to_sixteen_times),
		cmocka_unit_test(a_thousand_seconds_are_one_page_of_seconds),
		cmocka_unit_test(a_longer_span_starts_in_seconds_and_goes_on_in_minutes),
		cmocka_unit_test(a_span_on_the_minute_needs_no_seconds),
		cmocka_unit_test(too_much_history_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
