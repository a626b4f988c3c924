/* Where a Robson dies.  Every write and sync of the disk, every request and every answer is a place
 * where that may happen; also in the middle of a call, so the way out is a long jump, and what the
 * dead process had in memory is lost as it would be. */
#include "tests/simulation/sim.h"

void
die(const char *where)
{
	trace("-- the process dies: %s", where);
	sim.totals.deaths++;
	sim.is_alive = false;
	sim.hooks_left = sim.sleep_hooks_left = 0;
	sim_disturbed();
	longjmp(*sim.way_out, 1);
}

void
hook(const char *where)
{
	if (!sim.is_alive || sim.way_out == NULL || sim.is_quiet)
		return;
	if (sim.sleep_hooks_left > 0 && --sim.sleep_hooks_left == 0) {
		trace("-- the machine sleeps %lld ms: %s", (long long)sim.sleep_us / 1000, where);
		sim.now_us += sim.sleep_us;
		sim_disturbed();
	}
	if (sim.hooks_left > 0 && --sim.hooks_left == 0)
		die(where);
}

void
death_draw(void)
{
	sim.hooks_left = sim.sleep_hooks_left = 0;
	if (sim.is_quiet || sim.noise_permille == 0)
		return;
	if (chance_permille(CHANCE_DEATH, 400))
		sim.hooks_left = chance_between(CHANCE_DEATH, 1, chance_permille(CHANCE_DEATH, 300) ? 60 : 3000);
	if (chance_permille(CHANCE_DEATH, 150)) {
		sim.sleep_hooks_left = chance_between(CHANCE_DEATH, 1, 1500);
		sim.sleep_us = chance_between(CHANCE_DEATH, 1, 40) * 1000000;
	}
}
