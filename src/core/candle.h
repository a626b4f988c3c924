/* One candle of one symbol. */
#ifndef CORE_CANDLE_H
#define CORE_CANDLE_H

#include "core/quote.h"

struct candle {
	int64_t open_ms, close_ms;    /* UTC; close_ms is the last millisecond that belongs to it */
	struct decimal open, high, low, close, volume;
};

#endif
