/* A listener that writes down what a feed says, one line each, so that a test can compare texts. */
#ifndef TESTS_FEED_EAR_H
#define TESTS_FEED_EAR_H

#include "base/text.h"
#include "core/ports/price_feed.h"

struct ear {
	struct text said;
	struct quote last;
	struct symbol_rules rules;
	struct candle candles[4000];
	size_t candle_count;
	int quotes, rules_told, unknown, history_ends, tickers;
	bool has_history_error;
};

struct feed_listener ear_listener(struct ear *ear);
void ear_forget(struct ear *ear);

#endif
