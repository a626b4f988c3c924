/* Preloaded into the program: ends it with SIGKILL at its Nth call that leaves a trace outside the
 * process, just before the call, just after it, or (for a write) in the middle of it.
 *
 *     REAPER_AT=N REAPER_HOW=before|after|half LD_PRELOAD=.../reaper.so robson ...
 *
 * Timing alone hits the boundaries between two writes only by luck; this hits every one of them. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

enum moment { BEFORE, AFTER, HALF };

static long calls;

/* Shorter writes are whole or not at all, on a disk as in the kernel. */
enum { SECTOR = 512 };

static size_t
half_of(size_t len)
{
	return len > SECTOR ? len / 2 / SECTOR * SECTOR : 0;
}

/* Whether the end has come with this call; counts it. */
static int
is_due(void)
{
	const char *at = getenv("REAPER_AT");

	return at != NULL && ++calls == atol(at);
}

static enum moment
how(void)
{
	const char *text = getenv("REAPER_HOW");

	if (text != NULL && strcmp(text, "after") == 0)
		return AFTER;
	return text != NULL && strcmp(text, "half") == 0 ? HALF : BEFORE;
}

static void
end_here(void)
{
	kill(getpid(), SIGKILL);
	for (;;)
		pause();
}

/* A function pointer out of dlsym, without a cast that ISO C forbids. */
#define NEXT(name, type) \
	static type next; \
	if (next == NULL) { \
		void *found = dlsym(RTLD_NEXT, name); \
		memcpy(&next, &found, sizeof next); \
	} \
	int due = is_due(); \
	if (due && how() == BEFORE) \
		end_here()

#define DONE(value) \
	do { \
		if (due) \
			end_here(); \
		return (value); \
	} while (0)

typedef ssize_t (*pwrite_fn)(int, const void *, size_t, off64_t);
typedef ssize_t (*write_fn)(int, const void *, size_t);
typedef int (*sync_fn)(int);
typedef int (*truncate_fn)(int, off64_t);
typedef int (*path_fn)(const char *);
typedef int (*rename_fn)(const char *, const char *);
typedef int (*flock_fn)(int, int);
typedef ssize_t (*send_fn)(int, const void *, size_t, int);
typedef ssize_t (*sendto_fn)(int, const void *, size_t, int, const struct sockaddr *, socklen_t);

ssize_t
pwrite64(int fd, const void *data, size_t len, off64_t at)
{
	NEXT("pwrite64", pwrite_fn);
	ssize_t done = next(fd, data, due && how() == HALF ? half_of(len) : len, at);
	DONE(done);
}

ssize_t
write(int fd, const void *data, size_t len)
{
	NEXT("write", write_fn);
	ssize_t done = next(fd, data, due && how() == HALF ? half_of(len) : len);
	DONE(done);
}

int
fdatasync(int fd)
{
	NEXT("fdatasync", sync_fn);
	int done = next(fd);
	DONE(done);
}

int
fsync(int fd)
{
	NEXT("fsync", sync_fn);
	int done = next(fd);
	DONE(done);
}

int
ftruncate64(int fd, off64_t len)
{
	NEXT("ftruncate64", truncate_fn);
	int done = next(fd, len);
	DONE(done);
}

ssize_t
pwrite(int fd, const void *data, size_t len, off_t at)
{
	return pwrite64(fd, data, len, at);
}

int
ftruncate(int fd, off_t len)
{
	return ftruncate64(fd, len);
}

int
unlink(const char *path)
{
	NEXT("unlink", path_fn);
	int done = next(path);
	DONE(done);
}

int
rename(const char *from, const char *to)
{
	NEXT("rename", rename_fn);
	int done = next(from, to);
	DONE(done);
}

int
flock(int fd, int operation)
{
	NEXT("flock", flock_fn);
	int done = next(fd, operation);
	DONE(done);
}

ssize_t
sendto(int fd, const void *data, size_t len, int flags, const struct sockaddr *to, socklen_t size)
{
	NEXT("sendto", sendto_fn);
	ssize_t done = next(fd, data, len, flags, to, size);
	DONE(done);
}

/* What libcurl sends with. */
ssize_t
send(int fd, const void *data, size_t len, int flags)
{
	NEXT("send", send_fn);
	ssize_t done = next(fd, data, len, flags);
	DONE(done);
}
