/* Files beside the database: names, folders made durable, and the reserve.
 *
 * The reserve is a small file of real blocks.  When the disk is full it is given up, and there is
 * room again for the few pages that an exit needs.  A part of it is given up even to open the book:
 * a monitor that is started on a full disk has to find what it must watch. */
#include "store/sql.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { RESERVE_SIZE = 256 * 1024, LOAN_SIZE = 64 * 1024, SHORT_JOURNAL_PAGES = 8 };

char *
path_with(const char *path, const char *suffix)
{
	size_t size = strlen(path) + strlen(suffix) + 1;
	char *made = malloc(size);

	if (made != NULL)
		text_format(made, size, "%s%s", path, suffix);
	return made;
}

char *
path_unused(const char *path, const char *suffix, bool always_numbered)
{
	struct stat info;

	for (int i = 1; i < 10000; i++) {
		char numbered[80];
		if (i == 1 && !always_numbered)
			text_copy(numbered, sizeof(numbered), suffix);
		else
			text_format(numbered, sizeof(numbered), "%s-%d", suffix, i);
		char *made = path_with(path, numbered);
		if (made == NULL || lstat(made, &info) != 0)
			return made;
		free(made);
	}
	return NULL;
}

enum status
path_sync_folder(const char *path, struct error *err)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash == NULL ? strdup(".") : strndup(path, slash == path ? 1 : (size_t)(slash - path));

	if (folder == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory");
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* Some file systems have no such thing. */
	bool done = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);
	enum status status = STATUS_OK;
	if (!done)
		status = error_set(err, STATUS_IO, "the folder %s can't be written to: %s", folder, strerror(errno));
	if (fd >= 0)
		close(fd);
	free(folder);
	return status;
}

static char *
reserve_path(const struct store *store)
{
	return strcmp(store->path, ":memory:") == 0 ? NULL : path_with(store->path, ".reserve");
}

bool
store_reserve_keep(struct store *store)
{
	char *path = reserve_path(store);
	struct stat info;
	bool is_kept = true;

	if (path == NULL || store->readonly) {
		free(path);
		return true;
	}
	if (lstat(path, &info) != 0 || info.st_size < RESERVE_SIZE) {
		int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		is_kept = fd >= 0 && posix_fallocate(fd, 0, RESERVE_SIZE) == 0;
		/* Half a reserve on a disk that is all but full would only be in the way. */
		if (fd >= 0 && !is_kept)
			unlink(path);
		if (fd >= 0)
			close(fd);
	}
	free(path);
	return is_kept;
}

void
store_reserve_release(struct store *store)
{
	char *path = reserve_path(store);

	if (path != NULL && !store->readonly) {
		unlink(path);
		/* The journal is emptied now and kept short from here on: left to grow, it would take all of
		 * the room within a few exits. */
		sqlite3_wal_autocheckpoint(store->db, SHORT_JOURNAL_PAGES);
		if (!store->in_transaction)
			sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	}
	free(path);
}

bool
store_disk_is_full(const char *path)
{
	struct statvfs space;

	return strcmp(path, ":memory:") != 0 && statvfs(path, &space) == 0 &&
	       space.f_bavail < LOAN_SIZE / (space.f_frsize > 0 ? space.f_frsize : 1);
}

bool
store_reserve_lend(const char *path)
{
	char *name = store_disk_is_full(path) ? path_with(path, ".reserve") : NULL;
	struct stat info;
	bool lent = name != NULL && lstat(name, &info) == 0 && S_ISREG(info.st_mode) && info.st_size >= LOAN_SIZE &&
	            truncate(name, info.st_size - LOAN_SIZE) == 0;

	free(name);
	return lent;
}
