/* One world from its beginning to its end. */
#ifndef TESTS_SIMULATION_WORLD_H
#define TESTS_SIMULATION_WORLD_H

#include <stdbool.h>
#include <stdint.h>

struct world_options { uint64_t seed; int minutes; bool is_tracing; };

/* Once, before any of them, in a folder of its own: an empty book on the simulated disk, so that not
 * every world has to make its own. */
bool world_prepare(void);
/* In a folder of its own, in a process of its own; what came of it is in `sim`. */
void world_play(const struct world_options *options);

#endif
