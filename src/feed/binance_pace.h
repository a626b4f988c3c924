/* How fast Binance may be asked: its request weight, what it told us to wait, and pauses after
 * failures.  Pure.  (rest-api.md, "IP Limits") */
#ifndef FEED_BINANCE_PACE_H
#define FEED_BINANCE_PACE_H

#include <stdbool.h>
#include <stdint.h>

struct binance_pace {
	int weight_used, weight_limit;   /* of the running minute; limit 0: not known yet */
	int64_t hold_until_us;           /* Retry-After: nothing at all is asked before; 0: none */
	bool is_banned;                  /* the hold came with 418 */
};

/* Take in what an answer says.  retry_after_s and used_weight are -1 where the header is missing. */
void binance_pace_heard(struct binance_pace *pace, int http_status, int used_weight,
                        int64_t retry_after_s, int64_t now_us);

/* How long from one look at the book to the next: interval_us, longer once half of the weight is
 * used.  A fifth of the weight is left for protection and exits. */
int64_t binance_pace_interval_us(const struct binance_pace *pace, int64_t interval_us);

/* Everything but the book waits once this is false. */
bool binance_pace_has_room(const struct binance_pace *pace);

/* The pause after so many failures in a row: first_us, doubled each time, 16 times at most. */
int64_t binance_pace_backoff_us(int failures, int64_t first_us);

#endif
