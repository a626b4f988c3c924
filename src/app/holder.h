/* Who holds the lease, read from its heartbeat row and checked against the machine. */
#ifndef APP_HOLDER_H
#define APP_HOLDER_H

#include "app/models.h"
#include "store/store.h"

enum { HEARTBEAT_MS = 2000, HUNG_AFTER_MS = 10000 };

/* This machine's boot, so that a monotonic time of another boot is not believed; "" if unknown. */
void holder_boot_id(char *ret_id, size_t size);
/* Not held: no row, a released one, one of another boot, one of this process itself (which knows
 * better), or its process has ended.  Hung: the process lives and its heartbeat is older than
 * HUNG_AFTER_MS. */
void holder_read(struct store *store, struct holder_model *ret);

#endif
