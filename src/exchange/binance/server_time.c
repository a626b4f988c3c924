/* See server_time.h. */
#include "exchange/binance/server_time.h"

enum { DRIFT_DIVISOR = 10000 };   /* 100 parts in a million: worse than any clock that works */

void
server_time_forget(struct server_time *time)
{
	*time = (struct server_time){ 0 };
}

bool
server_time_take(struct server_time *time, int64_t server_ms, int64_t sent_us, int64_t received_us)
{
	if (sent_us <= 0 || received_us < sent_us)
		return false;
	/* The answer names a whole millisecond: half of one is added, and counted as an error. */
	int64_t half_us = (received_us - sent_us) / 2, error_us = half_us + 500;
	int64_t ahead_us = server_ms * 1000 + 500 - (sent_us + half_us);
	if (time->is_known) {
		int64_t known_us = server_time_error_us(time, received_us);
		int64_t apart_us = ahead_us > time->ahead_us ? ahead_us - time->ahead_us : time->ahead_us - ahead_us;
		/* Two bounds that do not meet: something has changed since (a sleep, which stops the
		 * monotonic clock, or the exchange's own clock), and the newer one holds. */
		if (error_us > known_us && apart_us <= error_us + known_us)
			return false;
	}
	*time = (struct server_time){ .is_known = true, .ahead_us = ahead_us, .error_us = error_us,
	                              .taken_mono_us = received_us };
	return true;
}

int64_t
server_time_ms(const struct server_time *time, int64_t mono_us)
{
	return (mono_us + time->ahead_us) / 1000;
}

int64_t
server_time_error_us(const struct server_time *time, int64_t mono_us)
{
	int64_t age_us = mono_us - time->taken_mono_us;
	return time->error_us + (age_us > 0 ? age_us / DRIFT_DIVISOR : 0);
}
