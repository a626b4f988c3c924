/* The prices that a replay has still to play, the earliest first; of one moment, in the order in
 * which they were put in. */
#ifndef FEED_REPLAY_POINTS_H
#define FEED_REPLAY_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "core/decimal.h"

struct point {
	int64_t time_ms;
	uint64_t order;               /* set by push */
	size_t symbol;                /* index: the array of symbols may move */
	bool is_standing;             /* the last price once more */
	uint32_t price_number;        /* of a standing one: the price that must still be in force */
	int64_t until_ms;             /* a candle's point stands until then */
	struct decimal bid, ask, volume;
};

struct replay_points {
	struct point *all;            /* owned; a binary heap */
	size_t count, capacity;
	uint64_t last_order;
};

bool replay_points_push(struct replay_points *points, struct point point);   /* false: no memory */
struct point replay_points_pop(struct replay_points *points);                /* there must be one */
void replay_points_done(struct replay_points *points);

/* A candle came sooner than its predecessor was thought to last: what is left of that one happens
 * now at the latest. */
void replay_points_hurry(struct replay_points *points, size_t symbol, int64_t time_ms);

#endif
