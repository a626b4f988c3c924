/* What the poller keeps; shared by the half that asks (binance_poll.c) and the half that takes the
 * answers (binance_answers.c), and by nobody else. */
#ifndef FEED_BINANCE_STATE_H
#define FEED_BINANCE_STATE_H

#include "core/ports/price_feed.h"
#include "feed/binance_history.h"
#include "feed/binance_pace.h"
#include "feed/binance_poll.h"
#include "feed/binance_symbols.h"
#include "http/http.h"

enum ask_kind { ASK_BOOK, ASK_RULES, ASK_HISTORY, ASK_TICKER, ASK_CLOCK, ASK_NAMES, ASK_COUNT };

#define RULES_AGAIN_US (INT64_C(600) * 1000000)
#define RULES_RETRY_US (INT64_C(60) * 1000000)

struct binance;

struct ask {
	struct binance *self;
	enum ask_kind kind;
	int64_t id;                       /* of the request under way, 0: none */
	int64_t due_us;
	int failures;
	char trouble[160];                /* "" while all is well */
};

struct binance {
	struct price_feed base;
	struct http *http;                /* owned */
	char url[200];
	struct binance_poll_config config;
	struct ask asks[ASK_COUNT];
	struct binance_symbols symbols;
	struct binance_pace pace;
	struct binance_history history;
	struct candle page[BINANCE_PAGE];
	char rules_of[SYMBOL_SIZE];       /* whose rules are being asked for */
	size_t ticker_next;               /* where the next twenty start */
	int64_t book_sent_us;
	char (*names)[SYMBOL_SIZE];       /* owned, sorted */
	size_t name_count, name_capacity;
	int64_t names_at_us;              /* 0: never */
	bool is_reachable, has_offset;
	int64_t round_trip_us, offset_ms;
	uint64_t quotes;
	char missing[64];                 /* the first symbol without a good row, and why */
	char frozen[SYMBOL_SIZE];
};

/* The http_callback of every request; context is its struct ask. */
void binance_on_response(void *context, const struct http_response *response);

/* What this kind asked for went wrong: pause it, and give up a history that has failed too often. */
void binance_ask_failed(struct ask *ask, int64_t now_us);

#endif
