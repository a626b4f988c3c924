/* The port that prices come through.  Two adapters: Binance polling and the replay of a tape.
 * Nothing here blocks; everything comes back through the listener, during dispatch. */
#ifndef CORE_PORTS_PRICE_FEED_H
#define CORE_PORTS_PRICE_FEED_H

#include "base/error.h"
#include "base/wait.h"
#include "core/candle.h"
#include "core/ports/clock.h"
#include "core/quote.h"
#include "core/symbol.h"

struct feed_listener {
	void *self;
	void (*on_quote)(void *self, const struct quote *quote);
	void (*on_rules)(void *self, const struct symbol_rules *rules);
	/* The exchange says that there is no such symbol. */
	void (*on_unknown_symbol)(void *self, const char *symbol);
	/* Candles asked for by `history`, oldest first; more than one call for a long span, the last
	 * with is_last.  error is NULL or says why no more come. */
	void (*on_history)(void *self, const char *symbol, const struct candle *candles, size_t count,
	                   bool is_last, const struct error *error);
	/* Last traded price and change of the day, where the source has them; for the status line. */
	void (*on_ticker)(void *self, const char *symbol, struct decimal last,
	                  struct decimal change_percent);
};

struct feed_status {
	char id[FEED_ID_SIZE];            /* "binance:https://api.binance.com", "replay:/path/tape.csv" */
	char label[96];                   /* for people: "Binance Spot", "tape demo.csv (synthetic) x1" */
	bool is_replay, is_synthetic, is_ended;
	bool is_reachable;                /* the last request was answered */
	char trouble[256];                /* why not, in words, harmless; "" if all is well */
	int64_t next_try_mono_us;         /* backing off until; 0: not */
	int64_t round_trip_us;            /* of the last request; 0: unknown */
	int weight_used, weight_limit;    /* of the minute; 0: unknown */
	bool has_clock_offset;
	int64_t clock_offset_ms;          /* exchange minus this machine */
	uint64_t quotes;                  /* received so far */
};

struct price_feed;
struct price_feed_ops {
	/* Start and stop quoting a symbol.  Its rules are asked for at the first watch. */
	enum status (*watch)(struct price_feed *feed, const char *symbol, struct error *err);
	void (*unwatch)(struct price_feed *feed, const char *symbol);
	/* Ask for candles from `from_ms` to now; answers through on_history. */
	enum status (*history)(struct price_feed *feed, const char *symbol, int64_t from_ms,
	                       struct error *err);
	/* Complete a symbol's beginning: up to max names that start with prefix; how many were found.
	 * The first call may start loading the list and find nothing yet. */
	size_t (*complete)(struct price_feed *feed, const char *prefix, char (*ret_names)[SYMBOL_SIZE],
	                   size_t max);
	void (*status)(struct price_feed *feed, struct feed_status *ret);
	void (*prepare)(struct price_feed *feed, struct wait *wait, int64_t now_mono_us);
	void (*dispatch)(struct price_feed *feed, const struct wait *wait, int64_t now_mono_us);
	void (*close)(struct price_feed *feed);
};
struct price_feed {                       /* first member of each adapter's struct */
	const struct price_feed_ops *ops;
	struct feed_listener listener;    /* a copy; its self outlives the feed.  Set after open and
	                                     before the first dispatch; any member may be NULL */
	struct desk_clock clock;          /* what time this feed says it is; valid from open to close */
};

#endif
