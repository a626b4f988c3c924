/* Prices from a tape: a CSV file that is played at any speed.  Implements core/ports/price_feed.h;
 * the tape drives the clock.
 *
 * The file is read in portions, never as a whole; rows beyond the first screenful are checked when
 * they are reached.  A row that can't be read ends the replay with the file, the line and the field
 * in feed_status.trouble (is_ended and not is_reachable).
 *
 * Clock.  With a factor, now is the tape's start plus factor times the time since the first
 * dispatch, and it goes on after the last row.  At max, now is the time of the row played last, and
 * each dispatch plays the rows of exactly one moment, so that what a price causes can be finished
 * before the next; while nothing is watched, a tape at max stands still.  The monotonic and the wall
 * clock are the same: the tape's time.
 *
 * Candles are played as four prices, at 0, 1/4, 1/2 and 3/4 of their length (the least distance of
 * two rows of one symbol among the first ones; 60 s if there is none), and the standing price is
 * given again every 5 s.  ask = bid + one tick.
 *
 * History is candles of bids, of 60 s or of the tape's own length if that is more, up to the moment
 * that is being played.  The first may have begun before the time asked from, the last is not over. */
#ifndef FEED_REPLAY_H
#define FEED_REPLAY_H

#include "core/ports/price_feed.h"

struct replay_config {
	const char *path;
	const char *speed;        /* a factor such as "1", "10", "0.5", or "max"; NULL: "1" */
	int64_t from_ms;          /* rows before it are history alone; 0: the first row */
	/* Rules where no file PATH.rules.json states any; zero: the default of each (the tick from
	 * the digits of the tape, lots of 0.00000001, no minimum). */
	struct decimal tick, lot_step, min_notional;
	/* The machine's monotonic clock in microseconds; NULL: clock_mono_us.  Tests pass their own. */
	int64_t (*mono_us)(void *context);
	void *mono_context;
};

/* Reads the first rows, so a file that is no tape is refused here: STATUS_INVALID with FILE:LINE
 * and the field, or why the file can't be read; STATUS_USAGE for a speed that is none. */
MUST_USE enum status replay_open(const struct replay_config *config, struct price_feed **ret_feed,
                                 struct error *err);

/* Go on to a later moment of the tape, because somebody else played it so far: what lies between is
 * history.  Nothing happens if the feed is no replay, or stands there or beyond already. */
void replay_seek_to(struct price_feed *feed, int64_t at_ms);

/* Split "replay:FILE@SPEED" after its "replay:"; without @SPEED, or when what follows the last @ is
 * no speed, all of it is the file and the speed is "1". */
MUST_USE enum status replay_split(const char *text, char *ret_path, size_t path_size,
                                  char ret_speed[16], struct error *err);

#endif
