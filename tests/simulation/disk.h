/* The disk: a file system for SQLite in memory that remembers what was synced.  When a process dies,
 * what it wrote stays; when the power fails, what was not synced is kept, lost or torn by chance. */
#ifndef TESTS_SIMULATION_DISK_H
#define TESTS_SIMULATION_DISK_H

#include <stdbool.h>
#include <stdint.h>

#define DISK_VFS "simulated"

void disk_open(void);
void disk_death(void);                      /* nobody has anything open any more */
void disk_power_loss(void);                 /* and what was not synced is in doubt */

/* Until then somebody else writes, the disk is full, or fails. */
void disk_busy_until(int64_t us);
void disk_full_until(int64_t us);
void disk_bad_until(int64_t us);
void disk_heal(void);

#endif
