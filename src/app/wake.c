/* Datagrams on a unix socket beside the database.
 *
 * "wake" means: look into the database; "yield KIND" asks the holder to give the lease up.  Who sent
 * it is the kernel's word (SCM_CREDENTIALS), and other users are not listened to; the socket's
 * own permissions keep them out already.
 *
 * A unix address holds 107 bytes, and paths are longer: the folder is opened and the socket named
 * below /proc/self/fd.  File names too long even for that are replaced by a number made of them. */
#define _GNU_SOURCE      /* struct ucred, which carries the sender's identity */
#include "app/wake.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/text.h"

enum { MESSAGE_SIZE = 64, MESSAGES_PER_DISPATCH = 64, NAME_MAX_SHORT = 80 };

struct wake {
	struct wake_listener listener;
	int fd, folder;
	char name[NAME_MAX + 1];
	dev_t device;
	ino_t inode;
	int64_t refused;
};

/* ---- where it is ---- */

static uint64_t
number_of(const char *text)
{
	uint64_t hash = UINT64_C(14695981039346656037);      /* FNV-1a */
	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
	return hash;
}

/* The folder, opened, and the socket's name in it. */
static enum status
locate(const char *db_path, int *ret_folder, char ret_name[NAME_MAX + 1], struct error *err)
{
	char path[PATH_MAX];
	if (db_path == NULL || db_path[0] == '\0' || !text_copy(path, sizeof path, db_path))
		return error_set(err, STATUS_IO, "the path of the database is empty or too long");
	char *slash = strrchr(path, '/');
	const char *file = slash != NULL ? slash + 1 : path;
	if (strlen(file) + sizeof "-wake" > NAME_MAX_SHORT)
		text_format(ret_name, NAME_MAX + 1, "robson-%016" PRIx64 "-wake", number_of(file));
	else
		text_format(ret_name, NAME_MAX + 1, "%s-wake", file);
	if (slash == path)
		slash[1] = '\0';
	else if (slash != NULL)
		*slash = '\0';
	int folder = open(slash != NULL ? path : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return error_set(err, errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO,
		                 "cannot open the folder of %s: %s", db_path, strerror(errno));
	*ret_folder = folder;
	return STATUS_OK;
}

static bool
address_of(int folder, const char *name, struct sockaddr_un *ret)
{
	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	return text_format(ret->sun_path, sizeof ret->sun_path, "/proc/self/fd/%d/%s", folder, name);
}

static int
make_socket(void)
{
	return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/* ---- the holder's end ---- */

/* What a dead holder left.  Whoever calls this holds the lease, so nobody listens there. */
static enum status
remove_stale(int folder, const char *name, struct error *err)
{
	struct stat there;
	if (fstatat(folder, name, &there, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? STATUS_OK
		       : error_set(err, STATUS_IO, "cannot look at %s: %s", name, strerror(errno));
	if (!S_ISSOCK(there.st_mode))
		return error_set(err, STATUS_IO, "%s stands where the wake-up socket belongs, and is none", name);
	if (unlinkat(folder, name, 0) != 0 && errno != ENOENT)
		return error_set(err, STATUS_IO, "cannot remove the socket %s of a dead process: %s", name,
		                 strerror(errno));
	return STATUS_OK;
}

static enum status
bind_socket(struct wake *wake, struct error *err)
{
	struct sockaddr_un address;
	struct stat there;
	int on = 1;

	wake->fd = make_socket();
	if (wake->fd < 0)
		return error_set(err, STATUS_IO, "cannot make a socket: %s", strerror(errno));
	/* Linux makes the file with the socket's own mode, so it is never open to others. */
	if (fchmod(wake->fd, 0600) != 0 ||
	    setsockopt(wake->fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0)
		return error_set(err, STATUS_IO, "cannot prepare the wake-up socket: %s", strerror(errno));
	if (!address_of(wake->folder, wake->name, &address))
		return error_set(err, STATUS_IO, "the name of the wake-up socket is too long");
	if (bind(wake->fd, (const struct sockaddr *)&address, sizeof address) != 0 ||
	    fstatat(wake->folder, wake->name, &there, AT_SYMLINK_NOFOLLOW) != 0)
		return error_set(err, STATUS_IO, "cannot bind the wake-up socket %s: %s", wake->name,
		                 strerror(errno));
	wake->device = there.st_dev;
	wake->inode = there.st_ino;
	return STATUS_OK;
}

enum status
wake_open(const char *db_path, const struct wake_listener *listener, struct wake **ret,
          struct error *err)
{
	struct wake *wake = calloc(1, sizeof *wake);
	if (wake == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for the wake-up socket");
	wake->listener = *listener;
	wake->fd = wake->folder = -1;
	enum status status = locate(db_path, &wake->folder, wake->name, err);
	if (status == STATUS_OK)
		status = remove_stale(wake->folder, wake->name, err);
	if (status == STATUS_OK)
		status = bind_socket(wake, err);
	if (status != STATUS_OK) {
		wake_close(wake);
		return status;
	}
	*ret = wake;
	return STATUS_OK;
}

void
wake_close(struct wake *wake)
{
	struct stat there;

	if (wake == NULL)
		return;
	if (wake->inode != 0 && fstatat(wake->folder, wake->name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
	    there.st_dev == wake->device && there.st_ino == wake->inode)
		unlinkat(wake->folder, wake->name, 0);
	if (wake->fd >= 0)
		close(wake->fd);
	if (wake->folder >= 0)
		close(wake->folder);
	free(wake);
}

int64_t
wake_refused_count(const struct wake *wake)
{
	return wake->refused;
}

/* One message.  False: there is none left. */
static bool
receive(struct wake *wake, char ret_message[MESSAGE_SIZE], struct ucred *ret_sender, bool *ret_is_good)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(struct ucred)) + CMSG_SPACE(64)];
	} control;
	struct iovec bytes = { .iov_base = ret_message, .iov_len = MESSAGE_SIZE - 1 };
	struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &control,
	                          .msg_controllen = sizeof control };
	bool knows_sender = false;

	/* Descriptors that somebody passes along are installed by the kernel whether we want them or
	 * not: they are closed below. */
	ssize_t len = recvmsg(wake->fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (len < 0)
		return errno == EINTR ? receive(wake, ret_message, ret_sender, ret_is_good) : false;
	ret_message[len] = '\0';
	for (struct cmsghdr *each = CMSG_FIRSTHDR(&message); each != NULL;
	     each = CMSG_NXTHDR(&message, each)) {
		if (each->cmsg_level != SOL_SOCKET)
			continue;
		if (each->cmsg_type == SCM_CREDENTIALS) {
			memcpy(ret_sender, CMSG_DATA(each), sizeof *ret_sender);
			knows_sender = true;
		} else if (each->cmsg_type == SCM_RIGHTS) {
			size_t count = (each->cmsg_len - CMSG_LEN(0)) / sizeof(int);
			for (size_t i = 0; i < count; i++) {
				int fd;
				memcpy(&fd, CMSG_DATA(each) + i * sizeof fd, sizeof fd);
				close(fd);
			}
		}
	}
	*ret_is_good = knows_sender && (ret_sender->uid == geteuid() || ret_sender->uid == 0) &&
	               (message.msg_flags & MSG_TRUNC) == 0 && strlen(ret_message) == (size_t)len;
	return true;
}

static void
dispatch(void *self, const struct wait *wait, int64_t now_mono_us)
{
	struct wake *wake = self;
	char message[MESSAGE_SIZE];
	struct ucred sender;
	bool is_good, woken = false;
	(void)now_mono_us;

	if (!wait_can_read(wait, wake->fd))
		return;
	for (int count = 0; count < MESSAGES_PER_DISPATCH; count++) {
		if (!receive(wake, message, &sender, &is_good))
			break;
		if (is_good && text_equal(message, "wake")) {
			woken = true;
		} else if (is_good && text_has_prefix(message, "yield ") && strlen(message) < 6 + 16) {
			text_make_harmless(message);
			if (wake->listener.on_yield != NULL)
				wake->listener.on_yield(wake->listener.self, message + 6, sender.pid);
		} else {
			wake->refused++;
		}
	}
	if (woken && wake->listener.on_wake != NULL)
		wake->listener.on_wake(wake->listener.self);
}

static void
prepare(void *self, struct wait *wait, int64_t now_mono_us)
{
	const struct wake *wake = self;
	(void)now_mono_us;
	wait_read(wait, wake->fd);
}

struct wait_source
wake_source(struct wake *wake)
{
	return (struct wait_source){ .prepare = prepare, .dispatch = dispatch, .self = wake };
}

/* ---- the sender's end ---- */

static enum status
send_message(const char *db_path, const char *message, struct error *err)
{
	char name[NAME_MAX + 1];
	struct sockaddr_un address;
	int folder;

	enum status status = locate(db_path, &folder, name, err);
	if (status != STATUS_OK)
		return status;
	int fd = make_socket();
	if (fd < 0) {
		status = error_set(err, STATUS_IO, "cannot make a socket: %s", strerror(errno));
		close(folder);
		return status;
	}
	if (!address_of(folder, name, &address)) {
		status = error_set(err, STATUS_IO, "the name of the wake-up socket is too long");
	} else if (sendto(fd, message, strlen(message), MSG_DONTWAIT | MSG_NOSIGNAL,
	                  (const struct sockaddr *)&address, sizeof address) < 0) {
		int why = errno;
		if (why == ENOENT || why == ECONNREFUSED)
			status = error_set(err, STATUS_NOT_FOUND, "nobody listens beside the database");
		else if (why != EAGAIN && why != EWOULDBLOCK && why != ENOBUFS)   /* full: knocked enough */
			status = error_set(err, STATUS_IO, "cannot wake the holder of the lease: %s",
			                   strerror(why));
	}
	close(fd);
	close(folder);
	return status;
}

enum status
wake_knock(const char *db_path, struct error *err)
{
	return send_message(db_path, "wake", err);
}

enum status
wake_ask_yield(const char *db_path, const char *kind, struct error *err)
{
	char message[MESSAGE_SIZE];
	text_format(message, sizeof message, "yield %.15s", kind);
	return send_message(db_path, message, err);
}
