/* The judge.  The exchange's own ledger decides what happened; the book and what the desk shows are
 * compared with it, all the time and at the end. */
#ifndef TESTS_SIMULATION_ORACLE_H
#define TESTS_SIMULATION_ORACLE_H

#include <stdbool.h>

void oracle_watch(void);                    /* between two turns: what must never be */
/* What must be so once nothing goes wrong any more: NULL, or what is not so yet. */
const char *oracle_end(bool is_flat);

#endif
