/* What happened, line by line: shown with --trace, and always hashed, so that two runs of a seed can
 * be compared to the byte. */
#include "tests/simulation/sim.h"

#include <stdio.h>
#include <string.h>

struct sim sim;

const char *const step_names[STEP_COUNT + 1] = { "entry", "protection", "move", "exit", "cancel", "look", "public" };
const char *const mishap_names[MISHAP_COUNT] = {
	"none", "not-sent", "lost-request", "late-request", "lost-reply", "late-reply", "truncated", "garbage",
	"5xx-done", "5xx-not", "1007-done", "1007-not", "429", "418", "clock", "legs-die", "partial", "query-lag",
};
const char *const death_names[DEATH_COUNT] = { "lives", "dies-before", "dies-during", "dies-after" };
const char *const mutant_names[MUTANT_COUNT] = {
	"none", "repeated-post", "lying-disk", "timeout-is-failure", "trusts-reply", "gone-is-cancelled", "false-price",
	"no-looks",
};

static void
add_to_hash(const char *text)
{
	for (; *text != '\0'; text++)
		sim.trace_hash = (sim.trace_hash ^ (unsigned char)*text) * 0x100000001B3u;
}

void
trace(const char *format, ...)
{
	char line[2048];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	sim.trace_hash = (sim.trace_hash ^ (uint64_t)sim.now_us) * 0x100000001B3u;
	add_to_hash(line);
	if (sim.is_tracing)
		printf("%10.3f %s\n", (double)sim.now_us / 1e6, line);
}

void
trace_shown(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("%10.3f ", (double)sim.now_us / 1e6);
	vprintf(format, args);
	printf("\n");
	va_end(args);
}

void
trace_bytes(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sim.trace_hash = (sim.trace_hash ^ (unsigned char)text[i]) * 0x100000001B3u;
}

void
sim_fail(const char *format, ...)
{
	va_list args;

	if (sim.failure[0] != '\0')
		return;
	va_start(args, format);
	vsnprintf(sim.failure, sizeof sim.failure, format, args);
	va_end(args);
	trace("FAILED: %s", sim.failure);
}

void
sim_disturbed(void)
{
	sim_disturbed_until(sim.now_us);
}

void
sim_disturbed_until(int64_t us)
{
	if (us > sim.clean_since_us)
		sim.clean_since_us = us;
}
