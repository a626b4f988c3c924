/* What a replay knows of each symbol of its tape: its rules, its last price, and the candles of what
 * was played. */
#ifndef FEED_REPLAY_SYMBOLS_H
#define FEED_REPLAY_SYMBOLS_H

#include "core/candle.h"
#include "core/symbol.h"
#include "feed/tape.h"

struct replay_symbol {
	char name[SYMBOL_SIZE];
	struct symbol_rules rules;
	bool is_on_tape;                /* seen in a row so far; else only asked for */
	bool is_watched, owes_rules, owes_quote, owes_unknown;   /* to be told to the listener */
	int places;                     /* most decimals among the first rows */
	int64_t first_ms, last_ms;      /* rows seen while the tape was looked through */
	int64_t spacing_ms;             /* 0: unknown */

	bool has_price;
	int64_t price_ms;
	struct decimal bid, ask;
	uint32_t price_number;          /* how many prices there were: tells a standing price */

	struct candle *candles;         /* owned; oldest first, the last is being built */
	size_t candle_count, candle_capacity;
};

struct replay_symbols {
	struct replay_symbol *all;      /* owned */
	size_t count, capacity;
};

/* NULL when there is none of that name. */
struct replay_symbol *replay_symbols_find(const struct replay_symbols *symbols, const char *name);
/* The one of that name, made if it is new.  NULL when memory is gone or there are too many. */
struct replay_symbol *replay_symbols_need(struct replay_symbols *symbols, const char *name);
void replay_symbols_done(struct replay_symbols *symbols);

/* Learn digits and spacing from a row of the first look. */
void replay_symbol_learn(struct replay_symbol *symbol, const struct tape_row *row);

/* Rules for each symbol: from the file beside the tape if there is one, else the defaults with what
 * the settings say.  STATUS_INVALID if that file can't be read. */
struct replay_defaults { struct decimal tick, lot_step, min_notional; };
MUST_USE enum status replay_symbols_rules(struct replay_symbols *symbols, const char *tape_path,
                                          const struct replay_defaults *defaults,
                                          struct error *err);
/* For one that the first look did not see. */
void replay_symbol_default_rules(struct replay_symbol *symbol,
                                 const struct replay_defaults *defaults);

/* A price was played; candle_ms is the length of the candles kept. */
void replay_symbol_price(struct replay_symbol *symbol, int64_t at_ms, struct decimal bid,
                         struct decimal ask, struct decimal volume, int64_t candle_ms);

#endif
