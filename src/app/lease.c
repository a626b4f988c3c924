/* The lease, as a kernel lock.  flock has three traps, and each is met here: a child inherits it
 * (the descriptor is closed on exec, and a forked child that did not exec is told apart by its
 * pid); it stays with a stopped process (others see that from the heartbeat row); and it is granted
 * twice if the file is replaced (the locked file is compared with the one at the path, after
 * locking and whenever the holder asks). */
#include "app/lease.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

enum { TRIES = 4, NOTE_SIZE = 64 };

enum status
lease_init(struct lease *lease, const char *db_path, struct error *err)
{
	struct lease made = { .fd = -1 };
	if (db_path == NULL || db_path[0] == '\0')
		return error_set(err, STATUS_BUG, "a lease needs the path of a database");
	if (!text_format(made.path, sizeof made.path, "%s-lease", db_path))
		return error_set(err, STATUS_IO, "the path of the database is too long for its lease");
	*lease = made;
	return STATUS_OK;
}

static bool
is_at_its_path(const struct lease *lease)
{
	struct stat there;
	return lstat(lease->path, &there) == 0 && there.st_dev == lease->device &&
	       there.st_ino == lease->inode;
}

bool
lease_is_held(const struct lease *lease)
{
	return lease->fd >= 0 && lease->owner == getpid();
}

bool
lease_still_ours(const struct lease *lease)
{
	return lease_is_held(lease) && is_at_its_path(lease);
}

bool
lease_read_note(const struct lease *lease, struct lease_note *ret)
{
	char text[NOTE_SIZE];
	int fd = open(lease->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return false;
	ssize_t len = read(fd, text, sizeof text - 1);
	close(fd);
	if (len <= 0)
		return false;
	text[len] = '\0';
	char *space;
	errno = 0;
	long long pid = strtoll(text, &space, 10);
	char *end = strchr(text, '\n');
	if (errno != 0 || pid <= 0 || end == NULL || *space != ' ' || space > end)
		return false;                    /* half written, or somebody else's text */
	*end = '\0';
	struct lease_note note = { .pid = pid };
	text_copy(note.kind, sizeof note.kind, space + 1);
	text_make_harmless(note.kind);
	*ret = note;
	return true;
}

/* For people who look into the file; what it says decides nothing, so failing to write it is no
 * failure of the lease. */
static void
write_note(int fd, const char *kind)
{
	char text[NOTE_SIZE];
	text_format(text, sizeof text, "%lld %.15s\n", (long long)getpid(), kind);
	if (ftruncate(fd, 0) != 0 || pwrite(fd, text, strlen(text), 0) < 0)
		return;
}

static enum status
busy(const struct lease *lease, struct error *err)
{
	struct lease_note note;
	if (lease_read_note(lease, &note))
		return error_set(err, STATUS_BUSY, "the lease is held by process %lld (%s)",
		                 (long long)note.pid, note.kind);
	return error_set(err, STATUS_BUSY, "the lease is held by another process");
}

static enum status
open_file(const struct lease *lease, int *ret_fd, struct stat *ret_stat, struct error *err)
{
	int fd = open(lease->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (fd < 0 && errno == ELOOP)
		return error_set(err, STATUS_IO, "the lease %s is a symbolic link", lease->path);
	if (fd < 0)
		return error_set(err, STATUS_IO, "cannot open the lease %s: %s", lease->path, strerror(errno));
	if (fstat(fd, ret_stat) != 0 || !S_ISREG(ret_stat->st_mode)) {
		close(fd);
		return error_set(err, STATUS_IO, "the lease %s is not a plain file", lease->path);
	}
	if (ret_stat->st_uid != geteuid()) {
		close(fd);
		return error_set(err, STATUS_IO, "the lease %s belongs to another user", lease->path);
	}
	*ret_fd = fd;
	return STATUS_OK;
}

enum status
lease_try(struct lease *lease, const char *kind, struct error *err)
{
	if (lease_is_held(lease)) {
		if (is_at_its_path(lease))
			return STATUS_OK;
		lease_release(lease);            /* it protects nothing: ask for the one that is there */
	} else if (lease->fd >= 0) {
		close(lease->fd);                /* a parent's, inherited by fork: the lock stays with it */
		lease->fd = -1;
	}
	/* The file may be replaced between opening and locking; then the lock is on a file that nobody
	 * else will ever open. */
	for (int tries = 0; tries < TRIES; tries++) {
		struct stat opened;
		int fd = -1;
		enum status status = open_file(lease, &fd, &opened, err);
		if (status != STATUS_OK)
			return status;
		if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
			int why = errno;
			close(fd);
			if (why == EWOULDBLOCK)
				return busy(lease, err);
			if (why == EINTR)
				continue;
			return error_set(err, STATUS_IO, "cannot lock the lease %s: %s", lease->path,
			                 strerror(why));
		}
		lease->device = opened.st_dev;
		lease->inode = opened.st_ino;
		if (is_at_its_path(lease)) {
			lease->fd = fd;
			lease->owner = getpid();
			write_note(fd, kind);
			return STATUS_OK;
		}
		close(fd);
	}
	return error_set(err, STATUS_BUSY, "the lease %s keeps being replaced", lease->path);
}

void
lease_release(struct lease *lease)
{
	if (lease->fd < 0)
		return;
	/* Closing is enough, unless a child between fork and exec still has the descriptor. */
	if (lease->owner == getpid())
		flock(lease->fd, LOCK_UN);
	close(lease->fd);
	lease->fd = -1;
	lease->owner = 0;
}
