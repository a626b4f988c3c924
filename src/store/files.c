/* Files beside the database: names, folders made durable, and the reserve.
 *
 * The reserve is a small file of real blocks.  When the disk is full it is given up, and there is
 * room again for the few pages that an exit needs. */
#include "store/sql.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RESERVE_SIZE = 256 * 1024 };

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

void
store_reserve_keep(struct store *store)
{
	char *path = reserve_path(store);
	struct stat info;

	if (path == NULL || store->readonly) {
		free(path);
		return;
	}
	if (lstat(path, &info) != 0 || info.st_size < RESERVE_SIZE) {
		int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		/* Half a reserve on a disk that is all but full would only be in the way. */
		if (fd >= 0 && posix_fallocate(fd, 0, RESERVE_SIZE) != 0)
			unlink(path);
		if (fd >= 0)
			close(fd);
	}
	free(path);
}

void
store_reserve_release(struct store *store)
{
	char *path = reserve_path(store);

	if (path != NULL && !store->readonly)
		unlink(path);
	free(path);
}
