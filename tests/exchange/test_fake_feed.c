/* The fake feed does what the desk's tests rely on, and nothing by itself. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"
#include "tests/fakes/fake_feed.h"

struct world {
	struct price_feed *feed;
	int quotes, rules, unknown, histories, tickers;
	size_t candles;
	bool is_last, has_error;
	struct quote quote;
	struct symbol_rules last_rules;
	struct candle first;
};

static void
on_quote(void *self, const struct quote *quote)
{
	((struct world *)self)->quotes++;
	((struct world *)self)->quote = *quote;
}

static void
on_rules(void *self, const struct symbol_rules *rules)
{
	((struct world *)self)->rules++;
	((struct world *)self)->last_rules = *rules;
}

static void
on_unknown(void *self, const char *symbol)
{
	((struct world *)self)->unknown += strcmp(symbol, "NOSUCH") == 0;
}

static void
on_history(void *self, const char *symbol, const struct candle *candles, size_t count, bool is_last,
           const struct error *error)
{
	struct world *world = self;
	(void)symbol;
	if (count > 0 && world->candles == 0)
		world->first = candles[0];
	world->histories++;
	world->candles += count;
	world->is_last = is_last;
	world->has_error = error != NULL;
}

static void
on_ticker(void *self, const char *symbol, struct decimal last, struct decimal change_percent)
{
	(void)symbol;
	(void)last;
	(void)change_percent;
	((struct world *)self)->tickers++;
}

static int
set_up(void **state)
{
	struct world *world = calloc(1, sizeof *world);
	assert_non_null(world);
	world->feed = fake_feed_open(1700000000000);
	world->feed->listener = (struct feed_listener){
		.self = world, .on_quote = on_quote, .on_rules = on_rules, .on_unknown_symbol = on_unknown,
		.on_history = on_history, .on_ticker = on_ticker,
	};
	*state = world;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *world = *state;
	world->feed->ops->close(world->feed);
	free(world);
	return 0;
}

static bool
turn(struct world *world)
{
	struct wait wait;
	wait_init(&wait);
	world->feed->ops->prepare(world->feed, &wait, 42);
	world->feed->ops->dispatch(world->feed, &wait, 42);
	return wait.deadline_mono_us == 42;
}

static void
watch(struct world *world, const char *symbol)
{
	assert_int_equal(world->feed->ops->watch(world->feed, symbol, NULL), STATUS_OK);
}

static void
tells_rules_at_the_first_watch_and_quotes_while_watched(void **state)
{
	struct world *world = *state;
	fake_feed_quote(world->feed, "BTCUSDC", "99", "100");
	assert_true(turn(world));
	assert_int_equal(world->quotes, 0);
	watch(world, "BTCUSDC");
	watch(world, "BTCUSDC");
	assert_int_equal(world->rules, 0);
	fake_feed_quote(world->feed, "BTCUSDC", "99", "100");
	fake_feed_ticker(world->feed, "BTCUSDC", "99.5", "0.42");
	turn(world);
	assert_int_equal(world->rules, 1);
	assert_string_equal(world->last_rules.symbol, "BTCUSDC");
	assert_int_equal(world->quotes, 1);
	assert_int_equal(world->tickers, 1);
	assert_int_equal(world->quote.at_ms, 1700000000000);
	assert_false(turn(world));
	world->feed->ops->unwatch(world->feed, "BTCUSDC");
	assert_int_equal(fake_feed_watches(world->feed, "BTCUSDC"), 1);
}

static void
moves_its_clock_only_by_hand(void **state)
{
	struct world *world = *state;
	struct desk_clock *clock = &world->feed->clock;
	int64_t mono = clock->mono_ms(clock->self);
	fake_feed_advance_ms(world->feed, 1500);
	assert_int_equal(clock->mono_ms(clock->self), mono + 1500);
	assert_int_equal(clock->wall_ms(clock->self), 1700000001500);
	fake_feed_jump_wall_ms(world->feed, -3600000);
	assert_int_equal(clock->mono_ms(clock->self), mono + 1500);
	assert_int_equal(clock->wall_ms(clock->self), 1699996401500);
}

static void
tells_scripted_rules_and_unknown_symbols(void **state)
{
	struct world *world = *state;
	struct symbol_rules rules = { .symbol = "ETHUSDC", .max_orders = 7 };
	watch(world, "ETHUSDC");
	turn(world);
	fake_feed_rules(world->feed, &rules);
	fake_feed_unknown(world->feed, "NOSUCH");
	fake_feed_without_rules(world->feed, "MUTE");
	watch(world, "NOSUCH");
	watch(world, "MUTE");
	turn(world);
	assert_int_equal(world->rules, 2);
	assert_int_equal(world->last_rules.max_orders, 7);
	assert_int_equal(world->unknown, 1);
}

static void
answers_history_in_portions_from_the_time_asked_for(void **state)
{
	struct world *world = *state;
	for (int i = 0; i < 10; i++)
		fake_feed_candle(world->feed, "BTCUSDC", i * 60000, "1", "2", "0.5", "1.5");
	fake_feed_hold_history(world->feed, true);
	assert_int_equal(world->feed->ops->history(world->feed, "BTCUSDC", 60001, NULL), STATUS_OK);
	assert_false(turn(world));
	assert_int_equal(world->histories, 0);
	fake_feed_hold_history(world->feed, false);
	assert_true(turn(world));
	assert_int_equal(world->histories, 3);
	assert_int_equal(world->candles, 9);
	assert_int_equal(world->first.open_ms, 60000);
	assert_true(world->is_last);
	fake_feed_fail_history(world->feed, "gone");
	assert_int_equal(world->feed->ops->history(world->feed, "BTCUSDC", 0, NULL), STATUS_OK);
	turn(world);
	assert_true(world->has_error);
	fake_feed_fail_history(world->feed, NULL);
	assert_int_equal(world->feed->ops->history(world->feed, "NOCANDLES", 0, NULL), STATUS_OK);
	turn(world);
	assert_true(world->is_last);
	assert_false(world->has_error);
	assert_int_equal(fake_feed_histories(world->feed, "BTCUSDC"), 2);
}

static void
completes_names_and_says_its_status(void **state)
{
	struct world *world = *state;
	char names[4][SYMBOL_SIZE];
	struct feed_status status;
	fake_feed_name(world->feed, "BTCUSDC");
	fake_feed_name(world->feed, "BTCUSDT");
	fake_feed_name(world->feed, "ETHUSDC");
	assert_int_equal(world->feed->ops->complete(world->feed, "BTC", names, 4), 2);
	assert_int_equal(world->feed->ops->complete(world->feed, "BTC", names, 1), 1);
	world->feed->ops->status(world->feed, &status);
	assert_true(status.is_reachable);
	status.is_replay = true;
	fake_feed_set_status(world->feed, &status);
	world->feed->ops->status(world->feed, &status);
	assert_true(status.is_replay);
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(tells_rules_at_the_first_watch_and_quotes_while_watched),
		CASE(moves_its_clock_only_by_hand),
		CASE(tells_scripted_rules_and_unknown_symbols),
		CASE(answers_history_in_portions_from_the_time_asked_for),
		CASE(completes_names_and_says_its_status),
	};
	return cmocka_run_group_tests_name("the fake feed", tests, NULL, NULL);
}
