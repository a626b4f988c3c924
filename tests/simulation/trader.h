/* The person: plans, executes, moves, closes, cancels, panics, pauses, by chance. */
#ifndef TESTS_SIMULATION_TRADER_H
#define TESTS_SIMULATION_TRADER_H

#include <stdbool.h>
#include <stdint.h>

int64_t trader_next_us(void);
void trader_act(void);                      /* may die (see death.c) */
void trader_panic(void);

#endif
