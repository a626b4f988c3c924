/* What the machine's clocks say: an object of its own, so that a test program can bring its own time. */
#include "base/clock.h"

#include <time.h>

static int64_t
read_ms(clockid_t id, int64_t per_second)
{
	struct timespec now;
	clock_gettime(id, &now);   /* fails only for a clock that Linux does not have */
	return now.tv_sec * per_second + now.tv_nsec / (1000000000 / per_second);
}

int64_t
clock_wall_ms(void)
{
	return read_ms(CLOCK_REALTIME, 1000);
}

int64_t
clock_mono_ms(void)
{
	return read_ms(CLOCK_MONOTONIC, 1000);
}

int64_t
clock_mono_us(void)
{
	return read_ms(CLOCK_MONOTONIC, 1000000);
}
