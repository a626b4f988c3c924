/* A desk with a feed that says what the benchmark wants, and the paper exchange with a stamp on what
 * is handed to it.  One at a time. */
#ifndef BENCH_DESK_BENCH_H
#define BENCH_DESK_BENCH_H

#include "app/desk.h"
#include "tests/bench/bench.h"

#define BENCH_FEED "bench:feed"

struct desk_bench {
	char path[600];
	struct settings settings;
	struct store *store;
	struct price_feed *feed;
	struct exchange *paper;
	struct desk *desk;
};

/* With `count` operations of BTCUSDC: stops at stop_from + number × stop_step; the desk holds. */
void desk_bench_open(struct desk_bench *bench, size_t count, const char *stop_from, const char *stop_step);
void desk_bench_close(struct desk_bench *bench);
/* One price, through the feed's listener, as if it had just been read from the network. */
void desk_bench_price(struct desk_bench *bench, struct decimal bid);
/* The same, in the middle of a whole turn of the desk's loop. */
void desk_bench_turn_with(struct desk_bench *bench, struct decimal bid);
void desk_bench_turn(struct desk_bench *bench);
/* Durable writes (fdatasync) and bytes written to files by this process so far. */
struct writes { int64_t syncs, bytes; };
struct writes desk_bench_writes(void);
/* When the last order was handed to the exchange's port, and what had been written then; 0: none since
 * it was last asked. */
int64_t desk_bench_submitted_ns(struct writes *ret);

#endif
