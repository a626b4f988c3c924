/* What Binance lets us ask: request weight by the minute, unfilled orders by ten seconds and by day,
 * and what it told us to wait (rest-api.md, "LIMITS").  Pure.
 *
 * Questions stop at four fifths of a limit; the last fifth is for exits, protection and cancels.
 * Retry-After is law: until then nothing at all is sent, for the next step is a ban. */
#ifndef EXCHANGE_BINANCE_LIMITS_H
#define EXCHANGE_BINANCE_LIMITS_H

#include "base/error.h"
#include <stdbool.h>
#include <stdint.h>

enum limit_kind { LIMIT_WEIGHT, LIMIT_ORDERS_10S, LIMIT_ORDERS_DAY, LIMIT_COUNT };

struct limit {
	int most;                /* 0: the exchange has not said; the documented default holds */
	int used;
	int64_t window;          /* which minute, ten seconds or day `used` belongs to */
};
struct limits {
	struct limit all[LIMIT_COUNT];
	int64_t hold_until_us;   /* monotonic; 0: none */
	int64_t hold_until_ms;   /* the same, for people */
	int hold_status;         /* 429, 418 or 403 */
};

/* Every now_ms is the exchange's clock, for its windows begin with its minutes and days. */

/* Something of this weight, with so many orders, is on its way. */
void limits_sent(struct limits *limits, int weight, int orders, int64_t now_ms);
/* What a header said; below zero: nothing. */
void limits_heard(struct limits *limits, enum limit_kind kind, int used, int64_t now_ms);
/* 429, 418 and 403: wait.  retry_after_s -1: it did not say how long.  Other statuses pass by. */
void limits_turned_away(struct limits *limits, int http_status, int64_t retry_after_s, int64_t now_us,
                        int64_t now_ms);
/* STATUS_UNAVAILABLE: no room now; err says what waits and until when, in words that stay the same. */
MUST_USE enum status limits_room(const struct limits *limits, int weight, int orders, bool is_urgent,
                                 int64_t now_us, int64_t now_ms, struct error *err);
/* Would a look of this weight that comes again and again still leave room for the others until the minute
 * is over?  It slows down before a limit is reached, so that it never has to stop for long. */
bool limits_keep_pace(const struct limits *limits, int weight, int64_t now_ms);
int limits_used(const struct limits *limits, enum limit_kind kind, int64_t now_ms);
int limits_most(const struct limits *limits, enum limit_kind kind);

#endif
