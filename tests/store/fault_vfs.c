#include "tests/store/fault_vfs.h"

#include <stdlib.h>
#include <string.h>

static struct { unsigned kinds; int countdown; bool for_ever, fired; int code; } plan;

struct fault_file { sqlite3_file base; sqlite3_file *real; };

static bool
fires(unsigned kind)
{
	if (plan.countdown == 0 || (plan.kinds & kind) == 0)
		return false;
	if (plan.countdown > 1) {
		plan.countdown--;
		return false;
	}
	if (!plan.for_ever)
		plan.countdown = 0;
	plan.fired = true;
	return true;
}

void
fault_vfs_arm(unsigned kinds, int countdown, bool for_ever, int code)
{
	plan.kinds = kinds;
	plan.countdown = countdown;
	plan.for_ever = for_ever;
	plan.code = code;
	plan.fired = false;
}

bool
fault_vfs_has_fired(void)
{
	return plan.fired;
}

#define REAL(file) (((struct fault_file *)(file))->real)
#define CALL(file, method, ...) REAL(file)->pMethods->method(REAL(file), __VA_ARGS__)

static int
do_close(sqlite3_file *file)
{
	int code = REAL(file)->pMethods->xClose(REAL(file));
	sqlite3_free(REAL(file));
	return code;
}

static int
do_read(sqlite3_file *file, void *into, int size, sqlite3_int64 at)
{
	return fires(FAULT_READ) ? SQLITE_IOERR_READ : CALL(file, xRead, into, size, at);
}

/* What fails has written a part: half a page is what a crash or a full disk leaves. */
static int
do_write(sqlite3_file *file, const void *from, int size, sqlite3_int64 at)
{
	if (!fires(FAULT_WRITE))
		return CALL(file, xWrite, from, size, at);
	(void)CALL(file, xWrite, from, size / 2, at);
	return plan.code;
}

static int
do_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	return fires(FAULT_TRUNCATE) ? SQLITE_IOERR_TRUNCATE : CALL(file, xTruncate, size);
}

static int
do_sync(sqlite3_file *file, int flags)
{
	return fires(FAULT_SYNC) ? SQLITE_IOERR_FSYNC : CALL(file, xSync, flags);
}

static int do_size(sqlite3_file *file, sqlite3_int64 *ret) { return CALL(file, xFileSize, ret); }
static int do_lock(sqlite3_file *file, int level) { return CALL(file, xLock, level); }
static int do_unlock(sqlite3_file *file, int level) { return CALL(file, xUnlock, level); }
static int do_check(sqlite3_file *file, int *ret) { return CALL(file, xCheckReservedLock, ret); }
static int do_control(sqlite3_file *file, int op, void *arg) { return CALL(file, xFileControl, op, arg); }
static int do_sector(sqlite3_file *file) { return REAL(file)->pMethods->xSectorSize(REAL(file)); }
static int do_traits(sqlite3_file *file) { return REAL(file)->pMethods->xDeviceCharacteristics(REAL(file)); }
static int do_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **ret)
{ return CALL(file, xShmMap, page, size, extend, ret); }
static int do_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{ return CALL(file, xShmLock, offset, n, flags); }
static void do_shm_barrier(sqlite3_file *file) { REAL(file)->pMethods->xShmBarrier(REAL(file)); }
static int do_shm_unmap(sqlite3_file *file, int remove) { return CALL(file, xShmUnmap, remove); }

static const sqlite3_io_methods methods = {
	.iVersion = 2, .xClose = do_close, .xRead = do_read, .xWrite = do_write, .xTruncate = do_truncate,
	.xSync = do_sync, .xFileSize = do_size, .xLock = do_lock, .xUnlock = do_unlock,
	.xCheckReservedLock = do_check, .xFileControl = do_control, .xSectorSize = do_sector,
	.xDeviceCharacteristics = do_traits, .xShmMap = do_shm_map, .xShmLock = do_shm_lock,
	.xShmBarrier = do_shm_barrier, .xShmUnmap = do_shm_unmap,
};

static int
do_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
	sqlite3_vfs *real = vfs->pAppData;

	file->pMethods = NULL;
	REAL(file) = sqlite3_malloc(real->szOsFile);
	if (REAL(file) == NULL)
		return SQLITE_NOMEM;
	memset(REAL(file), 0, (size_t)real->szOsFile);
	int code = real->xOpen(real, name, REAL(file), flags, ret_flags);
	if (code == SQLITE_OK)
		file->pMethods = &methods;
	else
		sqlite3_free(REAL(file));
	return code;
}

void
fault_vfs_register(void)
{
	static sqlite3_vfs vfs;
	sqlite3_vfs *real = sqlite3_vfs_find(NULL);

	if (vfs.zName != NULL)
		return;
	vfs = *real;                             /* what is not replaced ignores whose it is */
	vfs.zName = "fault";
	vfs.pNext = NULL;
	vfs.szOsFile = sizeof(struct fault_file);
	vfs.pAppData = real;
	vfs.xOpen = do_open;
	sqlite3_vfs_register(&vfs, 0);
}
