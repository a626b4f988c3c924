/* The steps at which a process can fail or die: each beginning and end of a transaction, and each
 * call of the exchange.  Linked in with --wrap=store_begin and --wrap=store_commit. */
#ifndef TESTS_APP_STEPS_H
#define TESTS_APP_STEPS_H

#include "tests/app/world.h"

void steps_reset(void);
void steps_suspend(bool suspended);               /* while the test itself looks */
void steps_reached(enum step step);
enum status steps_open_store(const char *path, const char *vfs, int64_t now_ms, struct store **ret,
                             struct error *err);

#endif
