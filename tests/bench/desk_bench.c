/* The world of bench_desk: the real desk, store and paper exchange between a feed and a stopwatch. */
#define _GNU_SOURCE
#include "tests/bench/desk_bench.h"

#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "exchange/paper/paper.h"
#include "store/store.h"

/* ---- what SQLite asks of the kernel: the program's own functions come before the library's ---- */

static struct writes writes;

struct writes
desk_bench_writes(void)
{
	return writes;
}

int
fdatasync(int fd)
{
	writes.syncs++;
	return (int)syscall(SYS_fdatasync, fd);
}

ssize_t
pwrite64(int fd, const void *bytes, size_t size, off64_t at)
{
	writes.bytes += (int64_t)size;
	return (ssize_t)syscall(SYS_pwrite64, fd, bytes, size, at);
}

/* ---- the feed ---- */

struct bench_feed { struct price_feed port; bool has_quote; struct quote quote; };

static int64_t wall_ms(void *self) { (void)self; return clock_wall_ms(); }
static int64_t mono_ms(void *self) { (void)self; return clock_mono_ms(); }

static enum status
watch(struct price_feed *feed, const char *symbol, struct error *err)
{
	(void)feed, (void)symbol, (void)err;
	return STATUS_OK;
}

static void unwatch(struct price_feed *feed, const char *symbol) { (void)feed, (void)symbol; }

static enum status
history(struct price_feed *feed, const char *symbol, int64_t from_ms, struct error *err)
{
	(void)feed, (void)symbol, (void)from_ms;
	return error_set(err, STATUS_UNAVAILABLE, "there is no history here");
}

static size_t
complete(struct price_feed *feed, const char *prefix, char (*ret_names)[SYMBOL_SIZE], size_t max)
{
	(void)feed, (void)prefix, (void)ret_names, (void)max;
	return 0;
}

static void
feed_status(struct price_feed *feed, struct feed_status *ret)
{
	(void)feed;
	*ret = (struct feed_status){ .id = BENCH_FEED, .label = "a benchmark", .is_reachable = true };
}

static void
prepare(struct price_feed *feed, struct wait *wait, int64_t now_us)
{
	(void)feed, (void)wait, (void)now_us;
}

static void
dispatch(struct price_feed *base, const struct wait *wait, int64_t now_us)
{
	struct bench_feed *feed = (struct bench_feed *)base;

	(void)wait, (void)now_us;
	if (feed->has_quote)
		base->listener.on_quote(base->listener.self, &feed->quote);
	feed->has_quote = false;
}

static void close_feed(struct price_feed *feed) { free(feed); }

static const struct price_feed_ops feed_ops = { watch, unwatch, history, complete, feed_status,
                                                prepare, dispatch, close_feed };

/* ---- the stopwatch on the exchange's port ---- */

static struct exchange_ops stamped_ops;
static enum status (*real_submit)(struct exchange *ex, const struct order *order, struct error *err);
static int64_t submitted_ns;
static struct writes submitted_writes;

static enum status
stamped_submit(struct exchange *ex, const struct order *order, struct error *err)
{
	submitted_ns = bench_ns();
	submitted_writes = writes;
	return real_submit(ex, order, err);
}

int64_t
desk_bench_submitted_ns(struct writes *ret)
{
	int64_t ns = submitted_ns;

	*ret = submitted_writes;
	submitted_ns = 0;
	return ns;
}

/* ---- the desk ---- */

static void
must(enum status status, const struct error *err)
{
	if (status != STATUS_OK)
		bench_die("%s", err->message);
}

static void
open_exchange(struct desk_bench *bench, struct error *err)
{
	struct paper_settings paper = { .fee_percent = bench->settings.costs.fee_percent,
		.slippage_percent = bench->settings.paper.slippage_percent,
		.partial_fill_percent = bench->settings.paper.partial_fill_percent,
		.stale_ms = bench->settings.feed.stale_ms };

	bench->paper = paper_open(&paper, &bench->feed->clock, err);
	if (bench->paper == NULL)
		bench_die("no paper exchange: %s", err->message);
	stamped_ops = *bench->paper->ops;
	real_submit = stamped_ops.submit;
	stamped_ops.submit = stamped_submit;
	bench->paper->ops = &stamped_ops;
}

void
desk_bench_open(struct desk_bench *bench, size_t count, const char *stop_from, const char *stop_step)
{
	static const char *const symbols[] = { "BTCUSDC" };
	static int number;
	struct error err = { 0 };
	char file[64];
	struct bench_feed *feed = calloc(1, sizeof *feed);

	if (feed == NULL)
		bench_die("no memory");
	*bench = (struct desk_bench){ .feed = &feed->port };
	feed->port.ops = &feed_ops;
	feed->port.clock.wall_ms = wall_ms;
	feed->port.clock.mono_ms = mono_ms;
	settings_init(&bench->settings);
	must(settings_set_option(&bench->settings, "book.capital", "1000000", "bench", &err), &err);
	must(settings_set_option(&bench->settings, "paper.balance", "100000000", "bench", &err), &err);
	text_format(file, sizeof file, "desk%d.db", ++number);
	bench_path(bench->path, sizeof bench->path, file);
	must(store_open(bench->path, false, clock_wall_ms(), &bench->store, NULL, &err), &err);
	struct book_of what = { .feed = BENCH_FEED, .symbols = symbols, .symbol_count = 1, .count = count,
		.stop_from = stop_from, .stop_step = stop_step, .now_ms = clock_wall_ms() };
	bench_fill_book(bench->store, &what);
	open_exchange(bench, &err);
	struct desk_setup setup = { .store = bench->store, .feed = bench->feed, .paper = bench->paper,
		.settings = &bench->settings, .random = random_fill, .client_id = 1, .actor = "bench" };
	must(desk_open(&setup, &bench->desk, &err), &err);
	paper_set_balance(bench->paper, desk_paper_balance, bench->desk);
	must(desk_take_hold(bench->desk, &err), &err);
	must(desk_watch(bench->desk, "BTCUSDC", &err), &err);
	struct symbol_rules rules;
	struct decimal tick;
	if (decimal_parse("0.01", &tick) != STATUS_OK)
		bench_die("no tick");
	symbol_rules_default(&rules, "BTCUSDC", tick);
	feed->port.listener.on_rules(feed->port.listener.self, &rules);
}

void
desk_bench_close(struct desk_bench *bench)
{
	desk_close(bench->desk);
	bench->paper->ops->close(bench->paper);
	bench->feed->ops->close(bench->feed);
	store_close(bench->store);
}

static void
make_quote(struct decimal bid, struct quote *ret)
{
	*ret = (struct quote){ .symbol = "BTCUSDC", .bid = bid, .asked_mono_ms = clock_mono_ms(),
	                       .at_ms = clock_wall_ms(), .arrived_mono_us = clock_mono_us() };
	ret->ask.e16 = bid.e16 + 100000000000000;     /* a tick of 0.01 */
}

void
desk_bench_price(struct desk_bench *bench, struct decimal bid)
{
	struct quote quote;

	make_quote(bid, &quote);
	bench->feed->listener.on_quote(bench->feed->listener.self, &quote);
}

void
desk_bench_turn(struct desk_bench *bench)
{
	struct wait wait;

	wait_init(&wait);
	desk_prepare(bench->desk, &wait, clock_mono_us());
	wait_init(&wait);
	desk_dispatch(bench->desk, &wait, clock_mono_us());
}

void
desk_bench_turn_with(struct desk_bench *bench, struct decimal bid)
{
	struct bench_feed *feed = (struct bench_feed *)bench->feed;

	make_quote(bid, &feed->quote);
	feed->has_quote = true;
	desk_bench_turn(bench);
}
