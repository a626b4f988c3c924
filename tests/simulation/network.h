/* The network between Robson and the exchange, in the place of src/http/http.c: it delays, loses,
 * breaks and garbles, but never sends anything twice (unless a mutant does). */
#ifndef TESTS_SIMULATION_NETWORK_H
#define TESTS_SIMULATION_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

int64_t network_next_us(void);              /* when something next reaches the exchange; INT64_MAX */
void network_run(int64_t until_us);         /* what is due reaches it */
void network_death(void);                   /* who asked is gone; what is under way arrives all the same */
void network_down_until(int64_t us);        /* no connection at all */
bool network_is_down(void);
/* When the book's side last heard anything of the exchange's private side. */
int64_t network_heard_us(void);

#endif
