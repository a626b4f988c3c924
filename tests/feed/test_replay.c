/* The replay of a tape, in the test's own time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "ear.h"
#include "feed/replay.h"

struct world {
	char dir[64], path[80], rules_path[96];
	struct ear ear;
	struct price_feed *feed;
	int64_t mono_us;
};

static int64_t
world_mono(void *context)
{
	return ((struct world *)context)->mono_us;
}

static void
put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fputs(text, file) >= 0, 1);
	assert_int_equal(fclose(file), 0);
}

static void
start(struct world *world, const char *tape, const char *speed, int64_t from_ms)
{
	struct error err = { 0 };
	put(world->path, tape);
	struct replay_config config = { .path = world->path, .speed = speed, .from_ms = from_ms,
	                                .mono_us = world_mono, .mono_context = world };
	if (replay_open(&config, &world->feed, &err) != STATUS_OK)
		fail_msg("%s", err.message);
	world->feed->listener = ear_listener(&world->ear);
}

static void
watch(struct world *world, const char *symbol)
{
	assert_int_equal(world->feed->ops->watch(world->feed, symbol, NULL), STATUS_OK);
}

/* One turn of the loop; returns how long it would have slept, -1: for ever. */
static int64_t
turn(struct world *world)
{
	struct wait wait;
	wait_init(&wait);
	world->feed->ops->prepare(world->feed, &wait, world->mono_us);
	int64_t sleeps = wait.deadline_mono_us == INT64_MAX ? -1
	               : wait.deadline_mono_us > world->mono_us ? wait.deadline_mono_us - world->mono_us
	               : 0;
	if (sleeps == 0)
		world->feed->ops->dispatch(world->feed, &wait, world->mono_us);
	return sleeps;
}

/* Turns until ms of machine time have passed, sleeping exactly as asked. */
static void
pass(struct world *world, int64_t ms)
{
	int64_t until = world->mono_us + ms * 1000;
	for (int i = 0; i < 1000000; i++) {
		int64_t sleeps = turn(world);
		if (sleeps == 0)
			continue;
		if (sleeps < 0 || world->mono_us + sleeps > until) {
			world->mono_us = until;
			return;
		}
		world->mono_us += sleeps;
	}
	fail_msg("it never sleeps");
}

static int64_t
now(struct world *world)
{
	return world->feed->clock.wall_ms(world->feed->clock.self);
}

static void
said(struct world *world, const char *expected)
{
	assert_string_equal(world->ear.said.data ? world->ear.said.data : "", expected);
	ear_forget(&world->ear);
}

static struct feed_status
status_of(struct world *world)
{
	struct feed_status status;
	world->feed->ops->status(world->feed, &status);
	return status;
}

#define QUOTES \
	"time,symbol,bid,ask\n" \
	"10000,AUSDC,1.00,1.01\n" \
	"10000,BUSDC,2.00,2.5\n" \
	"11000,AUSDC,1.10,1.11\n" \
	"12500,BUSDC,2.10,2.5\n" \
	"13000,AUSDC,1.20,1.21\n"

static void
at_its_own_speed_prices_come_at_their_times(void **state)
{
	struct world *world = *state;
	start(world, QUOTES, "1", 0);
	watch(world, "AUSDC");
	assert_int_equal(now(world), 10000);
	pass(world, 0);
	said(world, "rules AUSDC 0.01 0.00000001\n10000 AUSDC 1 1.01\n");
	pass(world, 999);
	said(world, "");
	assert_int_equal(now(world), 10999);
	pass(world, 1);
	turn(world);
	said(world, "11000 AUSDC 1.1 1.11\n");
	pass(world, 5000);
	said(world, "13000 AUSDC 1.2 1.21\n");
	assert_true(status_of(world).is_ended);
}

static void
a_factor_stretches_and_shrinks_time(void **state)
{
	struct world *world = *state;
	start(world, QUOTES, "10", 0);
	watch(world, "AUSDC");
	pass(world, 100);
	turn(world);
	said(world, "rules AUSDC 0.01 0.00000001\n10000 AUSDC 1 1.01\n11000 AUSDC 1.1 1.11\n");
	assert_int_equal(now(world), 11000);
	world->feed->ops->close(world->feed);
	start(world, QUOTES, "0.5", 0);
	watch(world, "BUSDC");
	pass(world, 5000);
	turn(world);
	said(world, "rules BUSDC 0.01 0.00000001\n10000 BUSDC 2 2.5\n12500 BUSDC 2.1 2.5\n");
}

static void
the_clock_goes_on_after_the_last_row(void **state)
{
	struct world *world = *state;
	start(world, QUOTES, "2", 0);
	watch(world, "AUSDC");
	pass(world, 60 * 1000);
	assert_true(status_of(world).is_ended);
	assert_true(status_of(world).is_reachable);
	assert_int_equal(now(world), 10000 + 2 * 60 * 1000);
	assert_int_equal(world->ear.last.at_ms, 13000);
	assert_int_equal(turn(world), -1);
}

static void
a_desk_that_was_away_sees_no_stale_prices(void **state)
{
	struct world *world = *state;
	start(world, QUOTES, "1", 0);
	watch(world, "AUSDC");
	turn(world);
	world->mono_us += 2500 * 1000;
	/* What was not played has not happened yet. */
	assert_int_equal(now(world), 11000);
	turn(world);
	assert_int_equal(world->ear.last.at_ms, 11000);
	assert_int_equal(now(world), 12500);
}

static void
at_max_each_dispatch_plays_one_moment(void **state)
{
	struct world *world = *state;
	start(world, QUOTES, "max", 0);
	watch(world, "AUSDC");
	watch(world, "BUSDC");
	turn(world);
	said(world, "rules AUSDC 0.01 0.00000001\nrules BUSDC 0.01 0.00000001\n"
	            "10000 AUSDC 1 1.01\n10000 BUSDC 2 2.5\n");
	assert_int_equal(now(world), 10000);
	assert_int_equal(turn(world), 0);
	said(world, "11000 AUSDC 1.1 1.11\n");
	assert_int_equal(now(world), 11000);
	assert_int_equal(turn(world), 0);
	said(world, "12500 BUSDC 2.1 2.5\n");
	assert_int_equal(turn(world), 0);
	said(world, "13000 AUSDC 1.2 1.21\n");
	assert_true(status_of(world).is_ended);
	assert_int_equal(turn(world), -1);
	world->mono_us += 60 * 1000 * 1000;
	assert_int_equal(now(world), 13000);
}

static void
at_max_a_tape_waits_for_somebody_to_watch(void **state)
{
	struct world *world = *state;
	start(world, QUOTES, "max", 0);
	turn(world);
	assert_int_equal(turn(world), -1);
	assert_int_equal(now(world), 10000);
	watch(world, "AUSDC");
	turn(world);
	said(world, "rules AUSDC 0.01 0.00000001\n10000 AUSDC 1 1.01\n");
}

static void
who_watches_late_is_told_the_standing_price_with_its_age(void **state)
{
	struct world *world = *state;
	start(world, QUOTES, "1", 0);
	watch(world, "AUSDC");
	pass(world, 2000);
	ear_forget(&world->ear);
	watch(world, "BUSDC");
	turn(world);
	said(world, "rules BUSDC 0.01 0.00000001\n10000 BUSDC 2 2.5\n");
	assert_int_equal(quote_age_ms(&world->ear.last, now(world)), now(world));
}

static void
what_is_not_watched_any_more_is_not_told(void **state)
{
	struct world *world = *state;
	start(world, QUOTES, "1", 0);
	watch(world, "AUSDC");
	turn(world);
	ear_forget(&world->ear);
	world->feed->ops->unwatch(world->feed, "AUSDC");
	world->feed->ops->unwatch(world->feed, "AUSDC");
	world->feed->ops->unwatch(world->feed, "NOBODY");
	pass(world, 60000);
	said(world, "");
}

static void
a_symbol_that_is_not_on_the_tape_is_unknown(void **state)
{
	struct world *world = *state;
	start(world, QUOTES, "1", 0);
	watch(world, "ZZZUSDC");
	turn(world);
	said(world, "unknown ZZZUSDC\n");
	char names[4][SYMBOL_SIZE];
	assert_int_equal(world->feed->ops->complete(world->feed, "", names, 4), 2);
	assert_int_equal(world->feed->ops->complete(world->feed, "b", names, 4), 1);
	assert_string_equal(names[0], "BUSDC");
	assert_int_equal(world->feed->ops->complete(world->feed, "", names, 1), 1);
}

static void
a_rising_candle_goes_down_first_and_a_falling_one_up(void **state)
{
	struct world *world = *state;
	start(world, "time,symbol,open,high,low,close,volume\n"
	             "60000,AUSDC,10,12,9,11,1\n"
	             "120000,AUSDC,11,12.5,8,10,1\n", "max", 0);
	watch(world, "AUSDC");
	while (turn(world) == 0)
		;
	said(world, "rules AUSDC 0.01 0.00000001\n"
	            "60000 AUSDC 10 10.01\n75000 AUSDC 9 9.01\n"
	            "90000 AUSDC 12 12.01\n105000 AUSDC 11 11.01\n"
	            "120000 AUSDC 11 11.01\n135000 AUSDC 12.5 12.51\n"
	            "150000 AUSDC 8 8.01\n165000 AUSDC 10 10.01\n");
}

static void
a_candle_that_ends_where_it_began_goes_down_first(void **state)
{
	struct world *world = *state;
	start(world, "time,symbol,open,high,low,close,volume\n60000,AUSDC,10,12,9,10,1\n", "max", 0);
	watch(world, "AUSDC");
	turn(world), turn(world);
	assert_int_equal(decimal_cmp(world->ear.last.bid, decimal_from_int(9)), 0);
	assert_int_equal(world->ear.last.at_ms, 75000);
}

static void
a_standing_candle_price_is_given_again_before_it_is_stale(void **state)
{
	struct world *world = *state;
	start(world, "time,symbol,open,high,low,close,volume\n60000,AUSDC,10,12,9,11,1\n", "1", 0);
	watch(world, "AUSDC");
	pass(world, 0);
	for (int second = 1; second < 60; second++) {
		pass(world, 1000);
		turn(world);
		assert_true(quote_age_ms(&world->ear.last, now(world)) <= 5000);
	}
	assert_int_equal(world->ear.quotes, 12);
	pass(world, 60 * 1000);
	assert_int_equal(world->ear.last.at_ms, 115000);   /* and not after the candle's end */
}

static void
with_several_symbols_at_max_a_price_is_given_again_too(void **state)
{
	struct world *world = *state;
	start(world, "time,symbol,open,high,low,close,volume\n"
	             "60000,AUSDC,10,12,9,11,1\n60000,BUSDC,10,12,9,11,1\n", "max", 0);
	watch(world, "AUSDC");
	watch(world, "BUSDC");
	while (turn(world) == 0)
		;
	assert_int_equal(world->ear.quotes, 24);
}

static void
candles_of_uneven_distance_never_go_back_in_time(void **state)
{
	struct world *world = *state;
	start(world, "time,symbol,open,high,low,close,volume\n"
	             "0,AUSDC,1,1,1,1,1\n60000,AUSDC,2,2,2,2,1\n", "max", 0);
	watch(world, "AUSDC");
	world->feed->ops->close(world->feed);
	struct text tape = { 0 };
	text_append(&tape, "time,symbol,open,high,low,close,volume\n");
	for (int i = 0; i < 2000; i++)   /* past what is looked at when it is opened */
		text_appendf(&tape, "%d,AUSDC,1,1,1,1,1\n", i * 60000);
	text_append(&tape, "119950000,AUSDC,7,9,6,8,1\n119955000,AUSDC,5,5,5,5,1\n");
	start(world, tape.data, "max", 119940000);
	text_done(&tape);
	watch(world, "AUSDC");
	int64_t last = 0;
	while (turn(world) == 0) {
		assert_true(world->ear.last.at_ms >= last);
		last = world->ear.last.at_ms;
	}
	assert_non_null(strstr(world->ear.said.data, "119950000 AUSDC 7 7.01\n119955000 AUSDC 6 6.01\n"
	                                             "119955000 AUSDC 9 9.01\n119955000 AUSDC 8 8.01\n"
	                                             "119955000 AUSDC 5 5.01\n"));
}

static void
history_is_what_was_played_and_no_more(void **state)
{
	struct world *world = *state;
	start(world, "time,symbol,bid,ask\n"
	             "60000,AUSDC,10,11\n70000,AUSDC,14,15\n80000,AUSDC,9,10\n110000,AUSDC,12,13\n"
	             "120000,AUSDC,13,14\n200000,AUSDC,99,99\n", "1", 0);
	watch(world, "AUSDC");
	pass(world, 65 * 1000);
	world->feed->ops->history(world->feed, "AUSDC", 0, NULL);
	turn(world);
	assert_int_equal(world->ear.history_ends, 1);
	assert_int_equal(world->ear.candle_count, 2);
	const struct candle *first = &world->ear.candles[0], *second = &world->ear.candles[1];
	assert_int_equal(first->open_ms, 60000);
	assert_int_equal(first->close_ms, 119999);
	assert_int_equal(decimal_cmp(first->open, decimal_from_int(10)), 0);
	assert_int_equal(decimal_cmp(first->high, decimal_from_int(14)), 0);
	assert_int_equal(decimal_cmp(first->low, decimal_from_int(9)), 0);
	assert_int_equal(decimal_cmp(first->close, decimal_from_int(12)), 0);
	assert_int_equal(second->open_ms, 120000);
	assert_int_equal(decimal_cmp(second->high, decimal_from_int(13)), 0);
	ear_forget(&world->ear);
	world->feed->ops->history(world->feed, "AUSDC", 120000, NULL);
	world->feed->ops->history(world->feed, "ZZZ", 0, NULL);
	turn(world), turn(world);
	assert_int_equal(world->ear.candle_count, 1);
	assert_int_equal(world->ear.history_ends, 2);
	assert_true(world->ear.has_history_error);
}

static void
a_candle_tape_gives_its_own_candles_back(void **state)
{
	struct world *world = *state;
	start(world, "time,symbol,open,high,low,close,volume\n"
	             "900000,AUSDC,10,12,9,11,5\n1800000,AUSDC,11,13,10,10.5,6\n2700000,AUSDC,1,1,1,1,0\n",
	      "max", 0);
	watch(world, "AUSDC");
	for (int i = 0; i < 8; i++)
		turn(world);
	world->feed->ops->history(world->feed, "AUSDC", 0, NULL);
	turn(world);
	assert_true(world->ear.candle_count >= 2);
	const struct candle *second = &world->ear.candles[1];
	assert_int_equal(second->open_ms, 1800000);
	assert_int_equal(second->close_ms, 2699999);
	assert_int_equal(decimal_cmp(second->high, decimal_from_int(13)), 0);
	assert_int_equal(decimal_cmp(second->low, decimal_from_int(10)), 0);
	assert_int_equal(decimal_cmp(second->volume, decimal_from_int(6)), 0);
}

static void
long_history_comes_in_portions(void **state)
{
	struct world *world = *state;
	struct text tape = { 0 };
	text_append(&tape, "time,symbol,bid,ask\n");
	for (int i = 0; i < 1200; i++)
		text_appendf(&tape, "%d,AUSDC,%d,%d\n", i * 60000, i + 1, i + 1);
	start(world, tape.data, "1", 1199 * 60000);
	text_done(&tape);
	world->feed->ops->history(world->feed, "AUSDC", 0, NULL);
	for (int i = 0; i < 10; i++)
		turn(world);
	assert_int_equal(world->ear.candle_count, 1200);
	assert_int_equal(world->ear.history_ends, 1);
	for (int i = 0; i < 1200; i++)
		assert_int_equal(world->ear.candles[i].open_ms, i * 60000);
}

static void
rows_before_the_start_are_history_alone(void **state)
{
	struct world *world = *state;
	start(world, QUOTES, "1", 12000);
	watch(world, "AUSDC");
	watch(world, "BUSDC");
	assert_int_equal(now(world), 12000);
	pass(world, 0);
	/* The prices that stand at the start, with their age; then the tape. */
	said(world, "rules AUSDC 0.01 0.00000001\n11000 AUSDC 1.1 1.11\n"
	            "rules BUSDC 0.01 0.00000001\n10000 BUSDC 2 2.5\n");
	pass(world, 1000);
	turn(world);
	said(world, "12500 BUSDC 2.1 2.5\n13000 AUSDC 1.2 1.21\n");
}

static void
a_start_beyond_the_end_is_an_end(void **state)
{
	struct world *world = *state;
	start(world, QUOTES, "max", 99000);
	watch(world, "AUSDC");
	turn(world), turn(world);
	assert_true(status_of(world).is_ended);
	assert_int_equal(now(world), 99000);
}

static void
the_tick_is_what_the_digits_say_as_written_and_at_least_two(void **state)
{
	struct world *world = *state;
	start(world, "time,symbol,bid,ask\n1,AUSDC,1.2345,1.3\n2,BUSDC,7,8\n3,CUSDC,0.00131400,1\n", "max",
	      0);
	watch(world, "AUSDC");
	watch(world, "BUSDC");
	watch(world, "CUSDC");
	turn(world);
	assert_non_null(strstr(world->ear.said.data, "rules AUSDC 0.0001 0.00000001\n"
	                                             "rules BUSDC 0.01 0.00000001\n"
	                                             "rules CUSDC 0.00000001 0.00000001\n"));
}

static void
rules_beside_the_tape_hold_and_settings_fill_the_rest(void **state)
{
	struct world *world = *state;
	struct error err = { 0 };
	put(world->path, "time,symbol,bid,ask\n1,AUSDC,1,2\n2,BUSDC,7,8\n");
	put(world->rules_path,
	    "{\"symbols\": [{\"symbol\": \"AUSDC\", \"status\": \"TRADING\", \"baseAsset\": \"A\","
	    "\"quoteAsset\": \"USDC\", \"orderTypes\": [\"MARKET\"], \"filters\": ["
	    "{\"filterType\": \"PRICE_FILTER\", \"tickSize\": \"0.5\", \"minPrice\": \"0\","
	    "\"maxPrice\": \"0\"}, {\"filterType\": \"NEW_ONE\"}]}]}");
	struct decimal tick = { 0 }, lot = { 0 }, notional = decimal_from_int(5);
	assert_int_equal(decimal_parse("0.25", &tick), STATUS_OK);
	assert_int_equal(decimal_parse("0.001", &lot), STATUS_OK);
	struct replay_config config = { .path = world->path, .speed = "max", .tick = tick,
	                                .lot_step = lot, .min_notional = notional,
	                                .mono_us = world_mono, .mono_context = world };
	assert_int_equal(replay_open(&config, &world->feed, &err), STATUS_OK);
	world->feed->listener = ear_listener(&world->ear);
	watch(world, "AUSDC");
	turn(world);
	said(world, "rules AUSDC 0.5 0\n1 AUSDC 1 2\n");
	watch(world, "BUSDC");
	turn(world);
	assert_non_null(strstr(world->ear.said.data, "rules BUSDC 0.25 0.001\n"));
	assert_int_equal(decimal_cmp(world->ear.rules.notional_min, notional), 0);
	world->feed->ops->close(world->feed);
	world->feed = NULL;

	put(world->rules_path, "{\"symbols\": [{\"symbol\": \"AUSDC\", \"status\": 7}]}");
	assert_int_equal(replay_open(&config, &world->feed, &err), STATUS_INVALID);
	assert_non_null(strstr(err.message, "tape.csv.rules.json"));
	put(world->rules_path, "{");
	assert_int_equal(replay_open(&config, &world->feed, &err), STATUS_INVALID);
	assert_non_null(strstr(err.message, "tape.csv.rules.json"));
}

static void
a_bad_row_ends_the_replay_and_says_where(void **state)
{
	struct world *world = *state;
	struct text tape = { 0 };
	text_append(&tape, "time,symbol,bid,ask\n");
	for (int i = 0; i < 3000; i++)
		text_appendf(&tape, "%d,AUSDC,1,2\n", i);
	text_append(&tape, "3000,AUSDC,x,2\n3001,AUSDC,1,2\n");
	start(world, tape.data, "max", 0);
	text_done(&tape);
	watch(world, "AUSDC");
	while (turn(world) == 0)
		;
	assert_int_equal(world->ear.quotes, 3000);
	struct feed_status status = status_of(world);
	assert_true(status.is_ended);
	assert_false(status.is_reachable);
	assert_non_null(strstr(status.trouble, "tape.csv:3002: bid 'x'"));
}

static void
what_can_be_seen_at_the_start_is_refused_at_the_start(void **state)
{
	struct world *world = *state;
	struct error err = { 0 };
	struct replay_config config = { .path = world->path };
	put(world->path, "time,symbol,bid,ask\n");
	assert_int_equal(replay_open(&config, &world->feed, &err), STATUS_INVALID);
	put(world->path, "time,symbol,bid,ask\n1,AUSDC,1,2\n1,AUSDC,1,x\n");
	assert_int_equal(replay_open(&config, &world->feed, &err), STATUS_INVALID);
	assert_non_null(strstr(err.message, "tape.csv:3: ask 'x'"));
	static const char *const bad[] = { "", "0", "-1", "fast", "1x", "1e3", "1000001", "0.0001" };
	put(world->path, QUOTES);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		config.speed = bad[i];
		if (replay_open(&config, &world->feed, &err) != STATUS_USAGE)
			fail_msg("'%s' passed for a speed", bad[i]);
	}
	assert_null(world->feed);
}

static void
a_feed_is_named_for_its_file_and_says_that_it_is_synthetic(void **state)
{
	struct world *world = *state;
	char id[FEED_ID_SIZE];
	start(world, "# synthetic, by hand\n" QUOTES, "10", 0);
	struct feed_status status = status_of(world);
	assert_true(status.is_replay);
	assert_true(status.is_synthetic);
	assert_false(status.is_ended);
	assert_string_equal(status.label, "tape tape.csv (synthetic) x10");
	text_format(id, sizeof id, "replay:%s", world->path);
	assert_string_equal(status.id, id);
}

static void
a_source_is_split_into_file_and_speed(void **state)
{
	static const struct { const char *text, *path, *speed; } cases[] = {
		{ "a.csv", "a.csv", "1" },           { "a.csv@10", "a.csv", "10" },
		{ "a.csv@max", "a.csv", "max" },     { "a@b.csv", "a@b.csv", "1" },
		{ "a@b.csv@0.5", "a@b.csv", "0.5" }, { "/x/a.csv@", "/x/a.csv@", "1" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char path[64], speed[16];
		assert_int_equal(replay_split(cases[i].text, path, sizeof path, speed, NULL), STATUS_OK);
		assert_string_equal(path, cases[i].path);
		assert_string_equal(speed, cases[i].speed);
	}
	char path[8], speed[16];
	assert_int_equal(replay_split("", path, sizeof path, speed, NULL), STATUS_USAGE);
	assert_int_equal(replay_split("@max", path, sizeof path, speed, NULL), STATUS_USAGE);
	assert_int_equal(replay_split("12345678", path, sizeof path, speed, NULL), STATUS_USAGE);
}

static int
set_up(void **state)
{
	struct world *world = calloc(1, sizeof *world);
	assert_non_null(world);
	text_copy(world->dir, sizeof world->dir, "/tmp/robson-replay-XXXXXX");
	assert_non_null(mkdtemp(world->dir));
	text_format(world->path, sizeof world->path, "%s/tape.csv", world->dir);
	text_format(world->rules_path, sizeof world->rules_path, "%s.rules.json", world->path);
	*state = world;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *world = *state;
	if (world->feed != NULL)
		world->feed->ops->close(world->feed);
	ear_forget(&world->ear);
	text_done(&world->ear.said);
	unlink(world->path);
	unlink(world->rules_path);
	rmdir(world->dir);
	free(world);
	return 0;
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(at_its_own_speed_prices_come_at_their_times),
		CASE(a_factor_stretches_and_shrinks_time),
		CASE(the_clock_goes_on_after_the_last_row),
		CASE(a_desk_that_was_away_sees_no_stale_prices),
		CASE(at_max_each_dispatch_plays_one_moment),
		CASE(at_max_a_tape_waits_for_somebody_to_watch),
		CASE(who_watches_late_is_told_the_standing_price_with_its_age),
		CASE(what_is_not_watched_any_more_is_not_told),
		CASE(a_symbol_that_is_not_on_the_tape_is_unknown),
		CASE(a_rising_candle_goes_down_first_and_a_falling_one_up),
		CASE(a_candle_that_ends_where_it_began_goes_down_first),
		CASE(a_standing_candle_price_is_given_again_before_it_is_stale),
		CASE(with_several_symbols_at_max_a_price_is_given_again_too),
		CASE(candles_of_uneven_distance_never_go_back_in_time),
		CASE(history_is_what_was_played_and_no_more),
		CASE(a_candle_tape_gives_its_own_candles_back),
		CASE(long_history_comes_in_portions),
		CASE(rows_before_the_start_are_history_alone),
		CASE(a_start_beyond_the_end_is_an_end),
		CASE(the_tick_is_what_the_digits_say_as_written_and_at_least_two),
		CASE(rules_beside_the_tape_hold_and_settings_fill_the_rest),
		CASE(a_bad_row_ends_the_replay_and_says_where),
		CASE(what_can_be_seen_at_the_start_is_refused_at_the_start),
		CASE(a_feed_is_named_for_its_file_and_says_that_it_is_synthetic),
		cmocka_unit_test(a_source_is_split_into_file_and_speed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
