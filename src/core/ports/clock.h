/* The desk's clock.  Live it is the machine's; in a replay the tape drives it, so that ages, days
 * and budgets are the tape's.  Dialogs and latencies use the machine's clock (base/clock.h). */
#ifndef CORE_PORTS_CLOCK_H
#define CORE_PORTS_CLOCK_H

#include <stdint.h>

struct desk_clock {
	int64_t (*wall_ms)(void *self);   /* UTC; goes into records */
	int64_t (*mono_ms)(void *self);   /* for ages and deadlines; never goes back */
	void *self;
};

#endif
