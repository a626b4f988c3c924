/* Chance: splitmix64, one state for each stream. */
#include "tests/simulation/sim.h"

#include "base/random.h"

uint64_t
chance(enum stream stream)
{
	static uint64_t counts[CHANCE_STREAMS];
	uint64_t z = sim.seed * 0x9E3779B97F4A7C15u + (uint64_t)stream * 0xD1B54A32D192ED03u;

	z += ++counts[stream] * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

int64_t
chance_between(enum stream stream, int64_t low, int64_t high)
{
	return low + (int64_t)(chance(stream) % (uint64_t)(high - low + 1));
}

bool
chance_permille(enum stream stream, int permille)
{
	return chance_between(stream, 0, 999) < permille;
}

/* In the place of the kernel's (base/random_machine.c). */
void
random_fill(void *context, void *buffer, size_t size)
{
	unsigned char *at = buffer;

	(void)context;
	while (size-- > 0)
		*at++ = (unsigned char)(chance(CHANCE_KERNEL) >> 40);
}
