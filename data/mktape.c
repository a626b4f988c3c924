/* Makes the bundled tape: six hours of made-up quotes of three symbols, one row a second for each.
 *
 *     mktape >demo.csv
 *
 * A walk with regimes (calm, busy, violent) and now and then a jump; the three lean on a common
 * factor.  Whole numbers only and a generator of our own, so that every machine makes the same bytes.
 * Nothing in it is a real market's. */
#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { SECONDS = 6 * 3600, SYMBOLS = 3, REGIMES = 3 };

#define START_MS INT64_C(1767571200000)    /* 2026-01-05T00:00:00Z */
#define SEED UINT64_C(20260105)

struct market {
	const char *symbol;
	int64_t home;        /* micro quote per base: where it is drawn back to, weakly */
	int64_t price;
	int64_t own_weight;  /* percent of its own noise; the rest is common */
	int64_t unrest;      /* ticks that its spread widens by, times the regime's widening */
};

/* Noise per second in 1e-9 of the price, and how many seconds a spell lasts. */
static const struct { int64_t sigma, shortest, longest, widen; } regimes[REGIMES] = {
	{ 90000, 120, 600, 0 },
	{ 220000, 120, 900, 1 },
	{ 600000, 40, 150, 8 },
};

static uint64_t
draw(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));   /* splitmix64 */
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static int64_t
draw_below(uint64_t *state, int64_t bound)
{
	return (int64_t)(draw(state) % (uint64_t)bound);
}

/* Near enough to normal: twelve uniform numbers, mean 0, deviation 65536. */
static int64_t
draw_noise(uint64_t *state)
{
	int64_t sum = 0;
	for (int i = 0; i < 12; i++)
		sum += draw_below(state, 65536);
	return sum - 6 * 65536;
}

static int
next_regime(uint64_t *state, int now)
{
	int64_t die = draw_below(state, 100);
	if (now == 2)
		return die < 70 ? 1 : 0;
	if (now == 1)
		return die < 45 ? 2 : die < 75 ? 0 : 1;
	return die < 75 ? 1 : 2;
}

static void
step(struct market *market, uint64_t *state, int64_t sigma, int64_t common)
{
	int64_t noise = (market->own_weight * draw_noise(state) + (100 - market->own_weight) * common)
	                / 75;                                      /* 1e-9 times 65536 */
	int64_t move = sigma * noise / 65536;
	move -= (market->price - market->home) / (market->home / 1000000) * 60 / 1000;
	market->price += market->price / 1000 * move / 1000000;
}

int
main(void)
{
	struct market markets[SYMBOLS] = {
		{ "BTCUSDC", INT64_C(97000000000), INT64_C(97000000000), 40, 25 },
		{ "ETHUSDC", INT64_C(3310000000), INT64_C(3310000000), 55, 3 },
		{ "SOLUSDC", INT64_C(171000000), INT64_C(171000000), 60, 1 },
	};
	uint64_t state = SEED;
	int regime = 1;
	int64_t left = 120;

	puts("# synthetic prices made by mktape: no real market, for trying Robson without a network");
	puts("time,symbol,bid,ask");
	for (int64_t second = 0; second < SECONDS; second++) {
		if (left-- == 0) {
			regime = next_regime(&state, regime);
			left = regimes[regime].shortest +
			       draw_below(&state, regimes[regime].longest - regimes[regime].shortest);
		}
		int64_t common = draw_noise(&state);
		int64_t jump = 0;
		if (regime == 2 && draw_below(&state, 60) == 0)        /* 0.2 to 0.6 %, either way */
			jump = (2000000 + draw_below(&state, 4000000)) * (draw_below(&state, 2) * 2 - 1);
		for (size_t i = 0; i < SYMBOLS; i++) {
			struct market *market = &markets[i];
			step(market, &state, regimes[regime].sigma, common);
			market->price += market->price / 1000 * jump / 1000000;
			int64_t bid = market->price / 10000;               /* ticks of 0.01 */
			int64_t ask = bid + 1 + draw_below(&state, regimes[regime].widen * market->unrest + 1);
			printf("%" PRId64 ",%s,%" PRId64 ".%02" PRId64 ",%" PRId64 ".%02" PRId64 "\n",
			       START_MS + second * 1000, market->symbol, bid / 100, bid % 100, ask / 100,
			       ask % 100);
		}
	}
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
