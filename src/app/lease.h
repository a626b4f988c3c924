/* The lease: the right, held by one process at a time, to act on operations.  A kernel lock on a
 * file beside the database (`<db>-lease`), free the moment its holder dies.  The file is never
 * removed: whoever removed it would let a second process lock a new one. */
#ifndef APP_LEASE_H
#define APP_LEASE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/error.h"

enum { LEASE_PATH_SIZE = 4096 };

struct lease {
	char path[LEASE_PATH_SIZE];
	int fd;                     /* -1: not held */
	dev_t device;
	ino_t inode;
	pid_t owner;                /* a forked child does not hold what its parent holds */
};

/* Only remembers where; nothing is opened. */
MUST_USE enum status lease_init(struct lease *lease, const char *db_path, struct error *err);
/* STATUS_OK: held now (also if it was held already).  STATUS_BUSY: another process has it, and err
 * names it.  STATUS_IO: the file can't be made or locked, or is not a file that can be trusted.
 * Never waits.  kind ("screen", "monitor", "command") is written into the file for people. */
MUST_USE enum status lease_try(struct lease *lease, const char *kind, struct error *err);
bool lease_is_held(const struct lease *lease);
/* The locked file is still the one at its path.  False: somebody moved or replaced it, the lock
 * protects nothing any more, and the holder must stop acting at once. */
bool lease_still_ours(const struct lease *lease);
void lease_release(struct lease *lease);        /* not held is no news; lease_try works again */

/* Who wrote itself into the file last; for messages only, decides nothing. */
struct lease_note { int64_t pid; char kind[16]; };
bool lease_read_note(const struct lease *lease, struct lease_note *ret);

#endif
