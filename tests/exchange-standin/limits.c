/* How much may be asked (rest-api.md, "LIMITS"): weight by the minute, requests by five minutes,
 * 429 with Retry-After, and 418 for who does not stop. */
#include <stdio.h>
#include <string.h>
#include "server.h"

enum { MINUTE_MS = 60000, FIVE_MS = 300000 };

json_t *
limits_json(const struct server *server)
{
	return json_pack("[{ss ss si si} {ss ss si si} {ss ss si si} {ss ss si si}]", "rateLimitType",
	                 "REQUEST_WEIGHT", "interval", "MINUTE", "intervalNum", 1, "limit",
	                 server->limits.weight_limit, "rateLimitType", "ORDERS", "interval", "SECOND",
	                 "intervalNum", 10, "limit", server->ex.order_limit[0], "rateLimitType",
	                 "ORDERS", "interval", "DAY", "intervalNum", 1, "limit",
	                 server->ex.order_limit[1], "rateLimitType", "RAW_REQUESTS", "interval",
	                 "MINUTE", "intervalNum", 5, "limit", server->limits.raw_limit);
}

static int
seconds_left(int64_t now_ms, int64_t window_ms)
{
	return (int)((window_ms - now_ms % window_ms + 999) / 1000);
}

bool
limits_take(struct server *server, int weight, struct refusal *no, int *ret_retry_s)
{
	struct limits *limits = &server->limits;
	int64_t now = server->ex.now_ms;
	if (limits->banned_until_ms > now) {
		*ret_retry_s = (int)((limits->banned_until_ms - now + 999) / 1000);
		return refuse(no, 418, -1003,
		              "Way too much request weight used; IP banned until %lld. Please use "
		              "WebSocket Streams for live updates to avoid bans.",
		              (long long)limits->banned_until_ms);
	}
	if (limits->minute != now / MINUTE_MS) {
		limits->minute = now / MINUTE_MS;
		limits->weight = limits->refused = 0;
	}
	if (limits->five != now / FIVE_MS) {
		limits->five = now / FIVE_MS;
		limits->raw = 0;
	}
	limits->weight += weight;
	limits->raw++;
	bool heavy = limits->weight > limits->weight_limit;
	if (!heavy && limits->raw <= limits->raw_limit)
		return true;
	if (++limits->refused > limits->patience) {
		limits->banned_until_ms = now + limits->ban_ms;
		limits->ban_ms *= 2;            /* "scale in duration for repeat offenders" */
		limits->refused = 0;
		return limits_take(server, weight, no, ret_retry_s);
	}
	*ret_retry_s = heavy ? seconds_left(now, MINUTE_MS) : seconds_left(now, FIVE_MS);
	if (heavy)
		return refuse(no, 429, -1003,
		              "Too much request weight used; current limit is %d request weight per 1 "
		              "MINUTE. Please use WebSocket Streams for live updates to avoid polling the "
		              "API.", limits->weight_limit);
	return refuse(no, 429, -1003, "Too many requests queued.");
}

void
limits_headers(const struct server *server, const struct call *call, char *buf, size_t size)
{
	int len = snprintf(buf, size, "X-MBX-USED-WEIGHT: %d\r\nX-MBX-USED-WEIGHT-1M: %d\r\n",
	                   server->limits.weight, server->limits.weight);
	if (call->ordered && len > 0 && (size_t)len < size) {
		const struct account *account = &server->ex.accounts[call->account];
		snprintf(buf + len, size - (size_t)len,
		         "X-MBX-ORDER-COUNT-10S: %d\r\nX-MBX-ORDER-COUNT-1D: %d\r\n", account->count[0],
		         account->count[1]);
	}
}

int64_t
limits_order_retry_s(const struct exchange *ex)
{
	return seconds_left(ex->now_ms, 10000);
}
