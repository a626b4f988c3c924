/* The exchange's clock, as well as it can be known from here.  Pure.
 *
 * It is kept as a distance to the monotonic clock, so a jump of the machine's wall clock changes
 * nothing.  Each answer to /api/v3/time (rest-api.md, "Check server time") bounds that distance by half
 * of its round trip; the tightest bound is kept until drift has made it worse than a new one. */
#ifndef EXCHANGE_BINANCE_SERVER_TIME_H
#define EXCHANGE_BINANCE_SERVER_TIME_H

#include <stdbool.h>
#include <stdint.h>

struct server_time {
	bool is_known;
	int64_t ahead_us;        /* the exchange's clock minus the monotonic one */
	int64_t error_us;        /* at most so wrong when it was taken */
	int64_t taken_mono_us;
};

/* After a -1021, a sleep of the machine: nothing is known any more. */
void server_time_forget(struct server_time *time);
/* sent and received on the monotonic clock.  True if this answer is now what is believed. */
bool server_time_take(struct server_time *time, int64_t server_ms, int64_t sent_us, int64_t received_us);
/* Only while is_known. */
int64_t server_time_ms(const struct server_time *time, int64_t mono_us);
int64_t server_time_error_us(const struct server_time *time, int64_t mono_us);

#endif
