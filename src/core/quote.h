/* What a market says now: the best bid and the best ask, where they came from, and when. */
#ifndef CORE_QUOTE_H
#define CORE_QUOTE_H

#include <stdbool.h>
#include <stdint.h>
#include "core/decimal.h"

enum { SYMBOL_SIZE = 32, ASSET_SIZE = 16, FEED_ID_SIZE = 256 };

enum side { SIDE_BUY, SIDE_SELL };
enum mode { MODE_DRY_RUN, MODE_LIVE };

const char *side_name(enum side side);           /* "BUY", "SELL" */
const char *side_position_name(enum side side);  /* "LONG", "SHORT": what an entry of this side opens */
enum side side_opposite(enum side side);
MUST_USE enum status side_parse(const char *text, enum side *ret);       /* any case */
const char *mode_name(enum mode mode);           /* "DRY_RUN", "LIVE" */
MUST_USE enum status mode_parse(const char *text, enum mode *ret);

struct quote {
	char symbol[SYMBOL_SIZE];
	struct decimal bid, ask;      /* quote asset per unit of base; 0 < bid <= ask */
	int64_t asked_mono_ms;        /* the desk clock's monotonic time at which it was ASKED for */
	int64_t at_ms;                /* the desk clock's wall time of the same moment */
	int64_t arrived_mono_us;      /* the machine's monotonic clock on arrival: latency only */
	bool is_recovered;            /* made from a candle of a gap, not seen live */
};

/* Age on the desk's monotonic clock; never negative. */
int64_t quote_age_ms(const struct quote *quote, int64_t now_mono_ms);

/* A sane quote: both prices positive and bid <= ask. */
bool quote_is_sane(const struct quote *quote);

/* Where a position of an entry of this side can be left: a long at the bid, a short at the ask. */
struct decimal quote_exit_price(const struct quote *quote, enum side entry_side);
/* And where it would be entered: a buy at the ask, a sell at the bid. */
struct decimal quote_entry_price(const struct quote *quote, enum side entry_side);

#endif
