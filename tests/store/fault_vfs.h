/* A SQLite VFS over the system's that fails on command: the Nth write, sync, truncation or read from
 * now on, once or ever after, with an I/O error or a full disk. */
#ifndef TESTS_STORE_FAULT_VFS_H
#define TESTS_STORE_FAULT_VFS_H

#include <stdbool.h>
#include <sqlite3.h>

enum fault_kind { FAULT_WRITE = 1, FAULT_SYNC = 2, FAULT_TRUNCATE = 4, FAULT_READ = 8 };

void fault_vfs_register(void);                   /* as "fault"; once */
/* countdown 1 is the next one; 0 switches faults off.  code is what SQLite is told. */
void fault_vfs_arm(unsigned kinds, int countdown, bool for_ever, int code);
bool fault_vfs_has_fired(void);

#endif
