/* SQLite's file system in memory.  See disk.h.
 *
 * A file has two images: what a reader sees, and what would be left after the power failed.  A sync
 * brings the second up to the first. */
#include "tests/simulation/disk.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/simulation/sim.h"

enum { FILES = 32, SECTOR = 512, SHM_REGIONS = 64, SHM_LOCKS = SQLITE_SHM_NLOCK };

struct image { unsigned char *bytes; int64_t size, room; };
/* What the safe image has not seen yet; len -1: the file was cut off at `at'. */
struct write { int64_t at; int len; unsigned char *bytes; };

struct stored {
	char name[512];                         /* "": free */
	struct image seen, safe;
	struct write *writes; size_t write_count, write_room;
	void *shm[SHM_REGIONS];
	int shm_size;
	struct handle *lockers[SHM_LOCKS];      /* exclusive */
	int shared[SHM_LOCKS];
};
struct handle { sqlite3_file base; struct stored *file; bool is_temporary; unsigned shared; };

static struct stored files[FILES];
static int64_t busy_until_us, full_until_us, bad_until_us;

/* ---- images ---- */

static void
make_room(struct image *image, int64_t size)
{
	if (size <= image->room)
		return;
	int64_t room = image->room > 0 ? image->room : 4096;
	while (room < size)
		room *= 2;
	image->bytes = realloc(image->bytes, (size_t)room);
	if (image->bytes == NULL)
		abort();
	memset(image->bytes + image->room, 0, (size_t)(room - image->room));
	image->room = room;
}

static void
image_write(struct image *image, const void *from, int len, int64_t at)
{
	make_room(image, at + len);
	memcpy(image->bytes + at, from, (size_t)len);
	if (at + len > image->size)
		image->size = at + len;
}

static void
image_cut(struct image *image, int64_t size)
{
	if (size < image->size)
		memset(image->bytes + size, 0, (size_t)(image->size - size));
	else
		make_room(image, size);
	image->size = size;
}

static void
apply(struct image *image, const struct write *write)
{
	if (write->len < 0)
		image_cut(image, write->at);
	else
		image_write(image, write->bytes, write->len, write->at);
}

static void
remember(struct stored *file, int64_t at, int len, const void *from)
{
	if (file->write_count == file->write_room) {
		file->write_room = file->write_room == 0 ? 16 : file->write_room * 2;
		file->writes = realloc(file->writes, file->write_room * sizeof *file->writes);
		if (file->writes == NULL)
			abort();
	}
	struct write *write = &file->writes[file->write_count++];
	*write = (struct write){ .at = at, .len = len };
	if (len > 0) {
		write->bytes = malloc((size_t)len);
		if (write->bytes == NULL)
			abort();
		memcpy(write->bytes, from, (size_t)len);
	}
}

static void
forget_writes(struct stored *file)
{
	for (size_t i = 0; i < file->write_count; i++)
		free(file->writes[i].bytes);
	file->write_count = 0;
}

static struct stored *
find(const char *name, bool make)
{
	struct stored *unused = NULL;

	for (size_t i = 0; i < FILES; i++) {
		if (files[i].name[0] != '\0' && strcmp(files[i].name, name) == 0)
			return &files[i];
		if (files[i].name[0] == '\0' && unused == NULL)
			unused = &files[i];
	}
	if (!make || unused == NULL)
		return NULL;
	memset(unused, 0, sizeof *unused);
	snprintf(unused->name, sizeof unused->name, "%s", name);
	return unused;
}

static void
drop(struct stored *file)
{
	forget_writes(file);
	free(file->writes);
	free(file->seen.bytes);
	free(file->safe.bytes);
	memset(file, 0, sizeof *file);
}

/* ---- one file ---- */

#define FILE_OF(handle) (((struct handle *)(handle))->file)

static int
do_close(sqlite3_file *handle)
{
	if (((struct handle *)handle)->is_temporary)
		drop(FILE_OF(handle));
	return SQLITE_OK;
}

static int
do_read(sqlite3_file *handle, void *into, int size, sqlite3_int64 at)
{
	struct image *image = &FILE_OF(handle)->seen;
	int64_t there = image->size > at ? image->size - at : 0;

	if (sim.now_us < bad_until_us)
		return SQLITE_IOERR_READ;
	if (there >= size) {
		memcpy(into, image->bytes + at, (size_t)size);
		return SQLITE_OK;
	}
	if (there > 0)
		memcpy(into, image->bytes + at, (size_t)there);
	memset((char *)into + there, 0, (size_t)(size - there));
	return SQLITE_IOERR_SHORT_READ;
}

static int
do_write(sqlite3_file *handle, const void *from, int size, sqlite3_int64 at)
{
	struct stored *file = FILE_OF(handle);

	hook("writing to the disk");
	if (sim.now_us < bad_until_us)
		return SQLITE_IOERR_WRITE;
	if (sim.now_us < full_until_us && at + size > file->seen.size)
		return SQLITE_FULL;
	image_write(&file->seen, from, size, at);
	remember(file, at, size, from);
	return SQLITE_OK;
}

static int
do_truncate(sqlite3_file *handle, sqlite3_int64 size)
{
	image_cut(&FILE_OF(handle)->seen, size);
	remember(FILE_OF(handle), size, -1, NULL);
	return SQLITE_OK;
}

static int
do_sync(sqlite3_file *handle, int flags)
{
	struct stored *file = FILE_OF(handle);

	(void)flags;
	hook("before a sync");
	if (sim.now_us < bad_until_us)
		return SQLITE_IOERR_FSYNC;
	if (sim.mutant != MUTANT_LYING_DISK) {
		for (size_t i = 0; i < file->write_count; i++)
			apply(&file->safe, &file->writes[i]);
		forget_writes(file);
	}
	hook("after a sync");
	return SQLITE_OK;
}

static int
do_size(sqlite3_file *handle, sqlite3_int64 *ret)
{
	*ret = FILE_OF(handle)->seen.size;
	return SQLITE_OK;
}

/* One Robson at a time has the book open, so nobody is ever in the way here. */
static int do_lock(sqlite3_file *handle, int level) { (void)handle, (void)level; return SQLITE_OK; }

static int
do_check(sqlite3_file *handle, int *ret)
{
	(void)handle;
	*ret = 0;
	return SQLITE_OK;
}

static int
do_control(sqlite3_file *handle, int op, void *arg)
{
	(void)handle;
	if (op != SQLITE_FCNTL_HAS_MOVED)
		return SQLITE_NOTFOUND;
	*(int *)arg = 0;
	return SQLITE_OK;
}

static int do_sector(sqlite3_file *handle) { (void)handle; return SECTOR; }
static int do_traits(sqlite3_file *handle) { (void)handle; return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

/* ---- what the connections of a write-ahead log share ---- */

static int
do_shm_map(sqlite3_file *handle, int region, int size, int extend, void volatile **ret)
{
	struct stored *file = FILE_OF(handle);

	*ret = NULL;
	if (region >= SHM_REGIONS)
		return SQLITE_NOMEM;
	if (file->shm[region] == NULL && extend != 0)
		file->shm[region] = calloc(1, (size_t)size);
	*ret = file->shm[region];
	return SQLITE_OK;
}

static int
do_shm_lock(sqlite3_file *base, int offset, int count, int flags)
{
	struct handle *handle = (struct handle *)base;
	struct stored *file = handle->file;
	bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;

	if ((flags & SQLITE_SHM_LOCK) != 0 && exclusive && offset == 0 && sim.now_us < busy_until_us)
		return SQLITE_BUSY;                 /* the writers' lock: somebody else has it */
	for (int i = offset; i < offset + count && (flags & SQLITE_SHM_LOCK) != 0; i++) {
		int others = file->shared[i] - ((handle->shared >> i) & 1u ? 1 : 0);
		if ((file->lockers[i] != NULL && file->lockers[i] != handle) || (exclusive && others > 0))
			return SQLITE_BUSY;
	}
	for (int i = offset; i < offset + count; i++) {
		unsigned bit = 1u << i;
		if ((flags & SQLITE_SHM_LOCK) != 0 && exclusive)
			file->lockers[i] = handle;
		else if ((flags & SQLITE_SHM_LOCK) != 0 && (handle->shared & bit) == 0)
			handle->shared |= bit, file->shared[i]++;
		else if ((flags & SQLITE_SHM_UNLOCK) != 0 && exclusive)
			file->lockers[i] = NULL;
		else if ((flags & SQLITE_SHM_UNLOCK) != 0 && (handle->shared & bit) != 0)
			handle->shared &= ~bit, file->shared[i]--;
	}
	return SQLITE_OK;
}

static void do_shm_barrier(sqlite3_file *handle) { (void)handle; }

static void
forget_shm(struct stored *file)
{
	for (int i = 0; i < SHM_REGIONS; i++) {
		free(file->shm[i]);
		file->shm[i] = NULL;
	}
	memset(file->lockers, 0, sizeof file->lockers);
	memset(file->shared, 0, sizeof file->shared);
}

static int
do_shm_unmap(sqlite3_file *handle, int is_last)
{
	if (is_last != 0)
		forget_shm(FILE_OF(handle));
	return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
	.iVersion = 2, .xClose = do_close, .xRead = do_read, .xWrite = do_write, .xTruncate = do_truncate,
	.xSync = do_sync, .xFileSize = do_size, .xLock = do_lock, .xUnlock = do_lock,
	.xCheckReservedLock = do_check, .xFileControl = do_control, .xSectorSize = do_sector,
	.xDeviceCharacteristics = do_traits, .xShmMap = do_shm_map, .xShmLock = do_shm_lock,
	.xShmBarrier = do_shm_barrier, .xShmUnmap = do_shm_unmap,
};

/* ---- the file system ---- */

static int
do_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *ret_flags)
{
	static unsigned temporary;
	struct handle *handle = (struct handle *)base;
	char made[64];

	(void)vfs;
	handle->base.pMethods = NULL;
	handle->shared = 0;
	handle->is_temporary = name == NULL;
	if (name == NULL) {
		snprintf(made, sizeof made, "temporary-%u", ++temporary);
		name = made;
	}
	handle->file = find(name, (flags & SQLITE_OPEN_READWRITE) != 0);
	if (handle->file == NULL)
		return SQLITE_CANTOPEN;
	handle->base.pMethods = &methods;
	if (ret_flags != NULL)
		*ret_flags = flags;
	return SQLITE_OK;
}

static int
do_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	struct stored *file = find(name, false);

	(void)vfs, (void)sync;
	if (file == NULL)
		return SQLITE_IOERR_DELETE_NOENT;
	drop(file);
	return SQLITE_OK;
}

static int
do_access(sqlite3_vfs *vfs, const char *name, int flags, int *ret)
{
	const struct stored *file = find(name, false);

	(void)vfs, (void)flags;
	*ret = file != NULL && (flags != SQLITE_ACCESS_EXISTS || file->seen.size > 0);
	return SQLITE_OK;
}

static int
do_full_name(sqlite3_vfs *vfs, const char *name, int size, char *ret)
{
	(void)vfs;
	snprintf(ret, (size_t)size, "%s", name);
	return SQLITE_OK;
}

static int
do_random(sqlite3_vfs *vfs, int size, char *ret)
{
	(void)vfs;
	for (int i = 0; i < size; i++)
		ret[i] = (char)(chance(CHANCE_KERNEL) >> 40);
	return size;
}

static int
do_sleep(sqlite3_vfs *vfs, int us)
{
	(void)vfs;
	sim.now_us += us;
	return us;
}

static int
do_time(sqlite3_vfs *vfs, sqlite3_int64 *ret)
{
	(void)vfs;
	*ret = sim_wall_ms() + INT64_C(210866760000000);   /* since the Julian day 0 */
	return SQLITE_OK;
}

void
disk_open(void)
{
	static sqlite3_vfs vfs = {
		.iVersion = 2, .szOsFile = sizeof(struct handle), .mxPathname = 500, .zName = DISK_VFS,
		.xOpen = do_open, .xDelete = do_delete, .xAccess = do_access, .xFullPathname = do_full_name,
		.xRandomness = do_random, .xSleep = do_sleep, .xCurrentTimeInt64 = do_time,
	};

	/* The dead leave connections behind that hold mutexes: there must be none. */
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_initialize();
	sqlite3_vfs_register(&vfs, 1);
}

void
disk_death(void)
{
	for (size_t i = 0; i < FILES; i++)
		if (files[i].name[0] != '\0')
			forget_shm(&files[i]);
	disk_heal();
}

/* Each write that was not synced: all of it, nothing, or its first sectors. */
void
disk_power_loss(void)
{
	disk_death();
	for (size_t i = 0; i < FILES; i++) {
		struct stored *file = &files[i];
		if (file->name[0] == '\0')
			continue;
		for (size_t j = 0; j < file->write_count; j++) {
			struct write *write = &file->writes[j];
			int64_t fate = chance_between(CHANCE_DISK, 0, 3);
			if (fate == 0 && write->len > SECTOR)
				write->len = (int)chance_between(CHANCE_DISK, 1, write->len / SECTOR) * SECTOR;
			if (fate <= 1)
				apply(&file->safe, write);
		}
		forget_writes(file);
		image_cut(&file->seen, 0);
		if (file->safe.size > 0)
			image_write(&file->seen, file->safe.bytes, (int)file->safe.size, 0);
	}
	sim.totals.power_losses++;
}

void disk_busy_until(int64_t us) { busy_until_us = us; }
void disk_full_until(int64_t us) { full_until_us = us; }
void disk_bad_until(int64_t us) { bad_until_us = us; }
void disk_heal(void) { busy_until_us = full_until_us = bad_until_us = 0; }
