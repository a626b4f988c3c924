/* See limits.h. */
#include "exchange/binance/limits.h"

#include "base/clock.h"

static const struct {
	int64_t window_ms;
	int otherwise;           /* as the documentation shows them; the exchange's own come with exchangeInfo */
	const char *name, *window;
} kinds[LIMIT_COUNT] = {
	[LIMIT_WEIGHT] = { 60000, 6000, "request weight", "this minute" },          /* enums.md, rateLimitType */
	[LIMIT_ORDERS_10S] = { 10000, 50, "orders", "these ten seconds" },          /* rest-api.md, rateLimit/order */
	[LIMIT_ORDERS_DAY] = { 86400000, 160000, "orders", "today" },
};

enum { HOLD_418_S = 120,     /* "from 2 minutes to 3 days" */
       HOLD_403_S = 10 };    /* the firewall says nothing of time */

int
limits_most(const struct limits *limits, enum limit_kind kind)
{
	return limits->all[kind].most > 0 ? limits->all[kind].most : kinds[kind].otherwise;
}

int
limits_used(const struct limits *limits, enum limit_kind kind, int64_t now_ms)
{
	return limits->all[kind].window == now_ms / kinds[kind].window_ms ? limits->all[kind].used : 0;
}

static void
set_used(struct limits *limits, enum limit_kind kind, int used, int64_t now_ms)
{
	limits->all[kind].used = used;
	limits->all[kind].window = now_ms / kinds[kind].window_ms;
}

void
limits_sent(struct limits *limits, int weight, int orders, int64_t now_ms)
{
	for (enum limit_kind kind = 0; kind < LIMIT_COUNT; kind++)
		set_used(limits, kind, limits_used(limits, kind, now_ms) + (kind == LIMIT_WEIGHT ? weight : orders),
		         now_ms);
}

void
limits_heard(struct limits *limits, enum limit_kind kind, int used, int64_t now_ms)
{
	if (used >= 0)
		set_used(limits, kind, used, now_ms);
}

void
limits_turned_away(struct limits *limits, int http_status, int64_t retry_after_s, int64_t now_us,
                   int64_t now_ms)
{
	int64_t most_s = INT64_C(3) * 86400 + 60;   /* "to 3 days": more is no word of the exchange's */
	int64_t hold_s = retry_after_s <= most_s ? retry_after_s : -1;
	if (http_status != 429 && http_status != 418 && http_status != 403)
		return;
	if (hold_s < 0)
		hold_s = http_status == 418   ? HOLD_418_S
		         : http_status == 403 ? HOLD_403_S
		                              : 60 - now_ms / 1000 % 60;   /* weight is counted by the minute */
	if (hold_s < 1)
		hold_s = 1;
	int64_t until_us = now_us + hold_s * 1000000;
	if (until_us > limits->hold_until_us) {
		limits->hold_until_us = until_us;
		limits->hold_until_ms = now_ms + hold_s * 1000;
		limits->hold_status = http_status;
	}
}

enum status
limits_room(const struct limits *limits, int weight, int orders, bool is_urgent, int64_t now_us,
            int64_t now_ms, struct error *err)
{
	char until[CLOCK_TEXT_SIZE];

	clock_format_time(limits->hold_until_ms + 999, until);
	if (limits->hold_until_us > now_us)
		return error_set(err, STATUS_UNAVAILABLE, "%s: nothing may be sent until %s UTC",
		                 limits->hold_status == 418   ? "the exchange has banned this address"
		                 : limits->hold_status == 429 ? "the exchange asked to slow down"
		                                              : "the exchange's firewall turned a request away",
		                 until);
	for (enum limit_kind kind = 0; kind < LIMIT_COUNT; kind++) {
		int more = kind == LIMIT_WEIGHT ? weight : orders;
		int64_t most = limits_most(limits, kind), used = limits_used(limits, kind, now_ms);
		int64_t bound = is_urgent ? most : most * 4 / 5;
		if (more == 0 || used + more <= bound)
			continue;
		clock_format_time(now_ms - now_ms % kinds[kind].window_ms + kinds[kind].window_ms, until);
		return error_set(err, STATUS_UNAVAILABLE, "%s of %s used up (of %lld)%s: wait until %s UTC",
		                 kinds[kind].name, kinds[kind].window, (long long)most,
		                 is_urgent ? "" : ", the rest is kept for exits and protection", until);
	}
	return STATUS_OK;
}

/* Of what questions may use, a quarter at once and the rest as the minute goes on. */
bool
limits_keep_pace(const struct limits *limits, int weight, int64_t now_ms)
{
	int64_t window_ms = kinds[LIMIT_WEIGHT].window_ms, gone_ms = now_ms % window_ms;
	int64_t bound = (int64_t)limits_most(limits, LIMIT_WEIGHT) * 4 / 5;

	return limits_used(limits, LIMIT_WEIGHT, now_ms) + weight <= bound / 4 + bound * 3 / 4 * gone_ms / window_ms;
}
