/* The loop of a world: the earliest thing that is due happens, then the desk has its turn. */
#include "tests/simulation/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/network.h"
#include "tests/simulation/oracle.h"
#include "tests/simulation/seat.h"
#include "tests/simulation/sim.h"
#include "tests/simulation/trader.h"
#include "tests/simulation/venue.h"

enum {
	TURN_US = 150,               /* what a turn of the loop takes */
	TURNS_AT_ONCE = 20000,       /* so many with hardly any time in between: it spins */
	QUIET_MIN_US = 30000000, QUIET_MAX_US = 600000000, QUIET_STEP_US = 15000000
};

static int64_t trouble_us, revive_us;
static unsigned halted;              /* symbols, until the next trouble */

/* ---- what may die ---- */

static bool
survives(void (*act)(void))
{
	jmp_buf way_out;
	volatile bool has_survived = false;

	sim.way_out = &way_out;
	if (setjmp(way_out) == 0) {
		act();
		has_survived = true;
	}
	sim.way_out = NULL;
	return has_survived;
}

static void
bury(void)
{
	bool is_power = chance_permille(CHANCE_DEATH, 300);

	seat_forget();
	network_death();
	if (is_power || sim.mutant == MUTANT_LYING_DISK)
		disk_power_loss();
	else
		disk_death();
	revive_us = sim.now_us + chance_between(CHANCE_DEATH, 100, sim.is_quiet ? 200 : chance_permille(CHANCE_DEATH, 80) ? 600000 : 30000) * 1000;
	trace("-- buried%s, the next one comes in %lld ms", is_power ? ", the power failed" : "",
	      (long long)(revive_us - sim.now_us) / 1000);
}

static struct error open_error;
static enum status open_status;

static void
open_seat(void)
{
	error_clear(&open_error);
	open_status = seat_open(&open_error);
	if (open_status != STATUS_OK) {
		trace("-- can't start: %s", open_error.message);
		seat_close();
	}
}

static void
revive(void)
{
	trace("-- a Robson starts");
	sim.is_alive = true;
	sim.is_watching = false;
	if (!sim.is_quiet)
		death_draw();
	sim_disturbed();
	if (!survives(open_seat)) {
		bury();
	} else if (open_status != STATUS_OK) {
		sim.is_alive = false;
		seat_forget();
		network_death();
		disk_death();
		revive_us = sim.now_us + 2000000;
	}
}

/* ---- what goes wrong by itself ---- */

/* One ends as it should, and another begins. */
static void
restart(void)
{
	trace("-- the process ends as it should");
	if (!survives(seat_close)) {
		bury();
		return;
	}
	sim.is_alive = false;
	network_death();
	revive_us = sim.now_us + chance_between(CHANCE_DEATH, 10, 3000) * 1000;
}

static void
make_trouble(void)
{
	for (int i = 0; i < VENUE_SYMBOLS && halted != 0; i++)
		if ((halted >> i & 1u) != 0)
			venue_halt(i, false);
	halted = 0;
	venue_forbid(false);
	int64_t until = sim.now_us + chance_between(CHANCE_DISK, 50, 15000) * 1000;

	trouble_us = sim.now_us + chance_between(CHANCE_DISK, 5000, 120000) * 1000;
	if (sim.noise_permille == 0)
		return;
	int symbol = (int)chance_between(CHANCE_DISK, 0, VENUE_SYMBOLS - 1);
	switch (chance_between(CHANCE_DISK, 0, 13)) {
	case 0:
		trace("somebody else writes into the book for %lld ms", (long long)(until - sim.now_us) / 1000);
		disk_busy_until(until);
		break;
	case 1:
		trace("the disk is full for %lld ms", (long long)(until - sim.now_us) / 1000);
		disk_full_until(until);
		break;
	case 2:
		trace("the disk fails for %lld ms", (long long)(until - sim.now_us) / 1000);
		disk_bad_until(until);
		break;
	case 3: network_down_until(until + chance_between(CHANCE_DISK, 0, chance_permille(CHANCE_DISK, 100) ? 400000 : 40000) * 1000); break;
	case 4:
		if (!venue_expire_one(sim.now_us, chance(CHANCE_DISK)))
			return;
		break;
	case 5:
		sim.machine_offset_ms += chance_between(CHANCE_DISK, -20000, 20000);
		trace("the machine's clock is %lld ms off now", (long long)sim.machine_offset_ms);
		break;
	case 6: venue_deaf_stops(true); trace("stops don't trigger"); break;
	case 7: venue_deaf_stops(false); break;
	case 8:
		if (!venue_cancel_one(sim.now_us, chance(CHANCE_DISK)))
			return;
		break;
	case 9: venue_strangers_order(sim.now_us, symbol); break;
	case 10:
		venue_halt(symbol, true);
		halted |= 1u << symbol;
		break;
	case 11: venue_forbid(true); break;
	case 12:
		if (sim.is_alive)
			restart();
		break;
	default:
		sim.hooks_left = chance_between(CHANCE_DEATH, 1, 200);
		break;
	}
	sim_disturbed();
}

static void
heal(void)
{
	trace("== all is well from here on");
	sim.is_quiet = true;
	sim.hooks_left = sim.sleep_hooks_left = 0;
	venue_calm();
	venue_deaf_stops(false);
	venue_forbid(false);
	for (int i = 0; i < VENUE_SYMBOLS; i++)
		if ((halted >> i & 1u) != 0)
			venue_halt(i, false);
	venue_partial(0, 0);
	venue_legs_die(0);
	venue_query_lag(0);
	disk_heal();
	if (network_is_down())
		network_down_until(sim.now_us);
	sim_disturbed();
}

/* ---- the loop ---- */

static int64_t
earliest(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Everything outside that is due by now, in its order. */
static void
run_outside(void)
{
	for (;;) {
		int64_t market = venue_next_us(), network = network_next_us();
		if (earliest(market, network) > sim.now_us)
			break;
		if (market <= network)
			venue_move(market);
		else
			network_run(network);
	}
	network_run(sim.now_us);
	if (halted != 0 || venue_is_forbidden())
		sim.hindered_us = sim.now_us;
}

static void
run_until(int64_t until_us)
{
	int64_t spin_began_us = 0;
	int spins = 0;

	while (sim.now_us < until_us && sim.failure[0] == '\0') {
		int64_t next = earliest(until_us, earliest(venue_next_us(), network_next_us()));
		if (!sim.is_quiet)
			next = earliest(next, trouble_us);
		if (sim.is_alive && !sim.is_quiet)
			next = earliest(next, trader_next_us());
		next = earliest(next, sim.is_alive ? seat_deadline_us() : revive_us);
		sim.now_us = next > sim.now_us + TURN_US ? next : sim.now_us + TURN_US;
		run_outside();
		if (!sim.is_quiet && sim.now_us >= trouble_us)
			make_trouble();
		if (!sim.is_alive && sim.now_us >= revive_us)
			revive();
		if (sim.is_alive && !survives(seat_turn))
			bury();
		if (sim.is_alive && !sim.is_quiet && sim.now_us >= trader_next_us() && !survives(trader_act))
			bury();
		sim.totals.steps++;
		if (sim.now_us > spin_began_us + 1000000) {
			spin_began_us = sim.now_us;
			spins = 0;
		}
		if (++spins > TURNS_AT_ONCE)
			sim_fail("the loop spins: %d turns in a second", spins);
		if (sim.is_alive)
			oracle_watch();
	}
}

static void
settle(bool is_flat)
{
	int64_t began = sim.now_us;
	const char *bad = NULL;

	run_until(began + QUIET_MIN_US);
	while (sim.failure[0] == '\0' && (bad = oracle_end(is_flat)) != NULL && sim.now_us < began + QUIET_MAX_US)
		run_until(sim.now_us + QUIET_STEP_US);
	if (bad != NULL)
		sim_fail("after %lld s of quiet: %s", (long long)(sim.now_us - began) / 1000000, bad);
}

static void
shape(uint64_t seed)
{
	static const int noises[] = { 0, 8, 30, 80 };
	uint64_t cell = seed;

	sim.step = (enum step)(cell % STEP_COUNT);
	cell /= STEP_COUNT;
	sim.fault = (enum mishap)(cell % MISHAP_COUNT);
	cell /= MISHAP_COUNT;
	sim.death = (enum death)(cell % DEATH_COUNT);
	sim.let_pass = (int)chance_between(CHANCE_SHAPE, 0, sim.step == STEP_LOOK ? 30 : 1);
	sim.noise_permille = noises[chance_between(CHANCE_SHAPE, 0, 3)];
	sim.machine_offset_ms = chance_between(CHANCE_SHAPE, -3000, 3000);
	trace("seed %llu: %s, %s, %s after %d, noise %d", (unsigned long long)seed, step_names[sim.step],
	      mishap_names[sim.fault], death_names[sim.death], sim.let_pass, sim.noise_permille);
}

bool
world_prepare(void)
{
	struct error err = { 0 };

	sim.now_us = 1000000;
	disk_open();
	if (seat_make_book(&err) == STATUS_OK)
		return true;
	fprintf(stderr, "simulate: %s\n", err.message);
	return false;
}

void
world_play(const struct world_options *options)
{
	enum mutant mutant = sim.mutant;
	bool is_live = sim.is_live;

	memset(&sim, 0, sizeof sim);
	sim.seed = options->seed;
	sim.is_tracing = options->is_tracing;
	sim.mutant = mutant;
	sim.is_live = is_live;
	sim.now_us = 1000000;
	sim.trace_hash = 0xCBF29CE484222325u;
	shape(options->seed);
	venue_open();
	seat_shape();
	trouble_us = sim.now_us + 20000000;
	run_until(sim.now_us + (int64_t)options->minutes * 60 * 1000000);
	heal();
	settle(false);
	if (sim.failure[0] == '\0' && sim.is_alive && (options->seed & 1) != 0) {
		if (!survives(trader_panic))
			sim_fail("a panic ended the process");
		settle(true);
	}
	sim.totals.worlds = 1;
	sim.totals.failed = sim.failure[0] != '\0';
	sim.totals.virtual_us = sim.now_us;
	sim.totals.orders = (int64_t)venue_order_count();
	sim.totals.fills = (int64_t)venue_trade_count();
}
