/* See binance_pace.h. */
#include "feed/binance_pace.h"

enum {
	DEFAULT_LIMIT = 1200,      /* the lowest that Binance ever granted; until it is told */
	HOLD_429_S = 60,           /* where Retry-After is missing: a minute's weight, */
	HOLD_418_S = 120,          /* the shortest ban, */
	HOLD_403_S = 60            /* and the firewall, which says nothing */
};

void
binance_pace_heard(struct binance_pace *pace, int http_status, int used_weight,
                   int64_t retry_after_s, int64_t now_us)
{
	if (used_weight >= 0)
		pace->weight_used = used_weight;
	int64_t hold_s = 0;
	if (http_status == 429)
		hold_s = retry_after_s >= 0 ? retry_after_s : HOLD_429_S;
	else if (http_status == 418)
		hold_s = retry_after_s >= 0 ? retry_after_s : HOLD_418_S;
	else if (http_status == 403)
		hold_s = retry_after_s >= 0 ? retry_after_s : HOLD_403_S;
	else
		return;
	int64_t until_us = now_us + (hold_s > 0 ? hold_s : 1) * 1000000;
	if (until_us > pace->hold_until_us) {
		pace->hold_until_us = until_us;
		pace->is_banned = http_status == 418;
	}
}

static int
percent_used(const struct binance_pace *pace)
{
	int limit = pace->weight_limit > 0 ? pace->weight_limit : DEFAULT_LIMIT;
	int64_t percent = (int64_t)pace->weight_used * 100 / limit;
	return percent > 1000 ? 1000 : (int)percent;
}

int64_t
binance_pace_interval_us(const struct binance_pace *pace, int64_t interval_us)
{
	int percent = percent_used(pace);
	int64_t slow_us = 5 * 1000 * 1000;   /* still younger than a stale price */
	if (percent < 50)
		return interval_us;
	int64_t slower = interval_us * (percent < 65 ? 2 : 4);
	if (percent >= 80 && slower < slow_us)
		slower = slow_us;
	return slower;
}

bool
binance_pace_has_room(const struct binance_pace *pace)
{
	return percent_used(pace) < 80;
}

int64_t
binance_pace_backoff_us(int failures, int64_t first_us)
{
	int doublings = failures < 1 ? 0 : failures - 1;
	return first_us << (doublings > 4 ? 4 : doublings);
}
