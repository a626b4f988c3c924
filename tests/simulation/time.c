/* Virtual time, in the place of the machine's clocks (base/clock_machine.c). */
#include "tests/simulation/sim.h"

#include "base/clock.h"

/* 2026-01-15T12:00:00Z */
static const int64_t START_MS = INT64_C(1768478400000);

int64_t clock_wall_ms(void) { return sim_wall_ms(); }
int64_t clock_mono_ms(void) { return sim.now_us / 1000; }
int64_t clock_mono_us(void) { return sim.now_us; }

int64_t
sim_wall_ms(void)
{
	return START_MS + sim.now_us / 1000 + sim.machine_offset_ms;
}

int64_t
sim_exchange_ms(int64_t at_us)
{
	return START_MS + at_us / 1000 + sim.exchange_offset_ms;
}
