/* Past candles from Binance, a page at a time.  Pure: says what to ask next and takes the answer.
 *
 * Up to 1,000 s are fetched as 1 s candles.  A longer span is fetched to its first full minute as
 * 1 s candles and from there as 1 min candles, so that nothing from before the span is in it. */
#ifndef FEED_BINANCE_HISTORY_H
#define FEED_BINANCE_HISTORY_H

#include "base/error.h"
#include "base/text.h"
#include "core/candle.h"

enum { BINANCE_PAGE = 1000, BINANCE_HISTORY_MAX = 32 };

struct binance_job {
	char symbol[SYMBOL_SIZE];
	int64_t next_ms, seconds_end_ms, end_ms;   /* half-open: [next, end) */
	int tries, pages;
};

struct binance_history {
	struct binance_job jobs[BINANCE_HISTORY_MAX];   /* the first is under way */
	size_t count;
};

/* STATUS_BUSY with BINANCE_HISTORY_MAX waiting; STATUS_RANGE for a span of more than 60 days. */
MUST_USE enum status binance_history_add(struct binance_history *history, const char *symbol,
                                         int64_t from_ms, int64_t now_ms, struct error *err);
/* Append "symbol=...&interval=..." of the next page of the first job. */
void binance_history_query(const struct binance_history *history, struct text *query);
/* A page came.  True if it was the job's last; the job is then gone. */
bool binance_history_took(struct binance_history *history, const struct candle *candles,
                          size_t count);
void binance_history_drop(struct binance_history *history);   /* the first job failed for good */

#endif
