/* Clocks, medians, printing, and programs on a pseudo-terminal. */
#define _GNU_SOURCE   /* forkpty */
#include "tests/bench/bench.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>


static char folder[512];
static pid_t folder_owner;

int
bench_scale(void)
{
	const char *text = getenv("ROBSON_BENCH_SCALE");
	int scale = text != NULL ? atoi(text) : 1;

	return scale < 1 ? 1 : scale > 1000 ? 1000 : scale;
}

int64_t
bench_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void
bench_die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fflush(stdout);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

/* ---- samples ---- */

void
samples_add(struct samples *samples, double value)
{
	if (samples->count == samples->capacity) {
		samples->capacity = samples->capacity == 0 ? 256 : samples->capacity * 2;
		samples->values = realloc(samples->values, samples->capacity * sizeof samples->values[0]);
		if (samples->values == NULL)
			bench_die("no memory");
	}
	samples->values[samples->count++] = value;
}

static int
compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

double
samples_at(struct samples *samples, double share)
{
	if (samples->count == 0)
		return 0;
	qsort(samples->values, samples->count, sizeof samples->values[0], compare);
	size_t at = (size_t)(share * (double)samples->count);
	return samples->values[at < samples->count ? at : samples->count - 1];
}

void
samples_done(struct samples *samples)
{
	free(samples->values);
	*samples = (struct samples){ 0 };
}

/* ---- printing ---- */

void
bench_title(const char *text)
{
	printf("\n%s\n", text);
	fflush(stdout);
}

void
bench_note(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("  ", stdout);
	vprintf(format, args);
	fputc('\n', stdout);
	fflush(stdout);
	va_end(args);
}

void
bench_row(const char *name, double value, const char *unit, const char *than, double base)
{
	printf("  %-64s %10.*f %-5s", name, value < 10 ? 3 : value < 1000 ? 1 : 0, value, unit);
	if (than != NULL && base > 0)
		printf("  %7.2f x %s (%.*f)", value / base, than, base < 10 ? 3 : base < 1000 ? 1 : 0, base);
	fputc('\n', stdout);
	fflush(stdout);
}

/* ---- files ---- */

static int
remove_one(const char *path, const struct stat *info, int type, struct FTW *walk)
{
	(void)info;
	(void)type;
	(void)walk;
	return remove(path);
}

static void
remove_folder(void)
{
	if (getpid() == folder_owner)
		nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *
bench_folder(void)
{
	const char *base = getenv("top_builddir");

	if (folder[0] != '\0')
		return folder;
	text_format(folder, sizeof folder, "%s/robson-bench-XXXXXX", base != NULL ? base : "/tmp");
	if (mkdtemp(folder) == NULL)
		bench_die("no folder can be made: %s", folder);
	folder_owner = getpid();
	atexit(remove_folder);
	return folder;
}

void
bench_path(char *ret_path, size_t size, const char *name)
{
	if (!text_format(ret_path, size, "%s/%s", bench_folder(), name))
		bench_die("a path is too long");
}

void
bench_write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
		bench_die("can't write %s", path);
}

void
bench_built(char *ret_path, size_t size, const char *name)
{
	const char *base = getenv("top_builddir");

	if (!text_format(ret_path, size, "%s/%s", base != NULL ? base : ".", name))
		bench_die("a path is too long");
}

const char *
bench_robson(void)
{
	const char *robson = getenv("ROBSON");

	return robson != NULL ? robson : "src/robson";
}

/* ---- a program on a pseudo-terminal ---- */

void
line_start(struct line *line, int rows, int cols, char *const argv[])
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };

	*line = (struct line){ .started_ns = bench_ns() };
	line->pid = forkpty(&line->fd, NULL, NULL, &size);
	if (line->pid < 0)
		bench_die("no pseudo-terminal: %s", strerror(errno));
	if (line->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);   /* else it would watch on without its terminal */
		setenv("TERM", "xterm-256color", 1);
		setenv("LC_ALL", "C.UTF-8", 1);
		execv(argv[0], argv);
		_exit(127);
	}
	fcntl(line->fd, F_SETFD, FD_CLOEXEC);
}

/* What came last is kept, to look for text in. */
static void
keep_tail(struct line *line, const char *bytes, size_t len)
{
	size_t room = sizeof line->tail - 1;

	if (len > room) {
		bytes += len - room;
		len = room;
	}
	if (line->tail_len + len > room) {
		size_t drop = line->tail_len + len - room;
		memmove(line->tail, line->tail + drop, line->tail_len - drop);
		line->tail_len -= drop;
	}
	memcpy(line->tail + line->tail_len, bytes, len);
	line->tail_len += len;
	line->tail[line->tail_len] = '\0';
}

/* True if something came. */
static bool
read_once(struct line *line, int64_t wait_ns)
{
	struct pollfd ready = { .fd = line->fd, .events = POLLIN };
	struct timespec wait = { .tv_sec = (time_t)(wait_ns / 1000000000), .tv_nsec = (long)(wait_ns % 1000000000) };
	char bytes[16384];

	if (line->has_ended || wait_ns < 0 || ppoll(&ready, 1, &wait, NULL) <= 0)
		return false;
	ssize_t got = read(line->fd, bytes, sizeof bytes);
	if (got <= 0) {
		line->has_ended = true;
		return false;
	}
	line->last_byte_ns = bench_ns();
	line->bytes += (uint64_t)got;
	keep_tail(line, bytes, (size_t)got);
	return true;
}

void
line_read_for(struct line *line, int ms)
{
	int64_t until = bench_ns() + (int64_t)ms * 1000000;

	while (!line->has_ended && bench_ns() < until)
		read_once(line, until - bench_ns());
}

bool
line_settle(struct line *line, int quiet_ms, int limit_ms)
{
	int64_t until = bench_ns() + (int64_t)limit_ms * 1000000;

	while (bench_ns() < until)
		if (!read_once(line, (int64_t)quiet_ms * 1000000))
			return true;
	return false;
}

bool
line_wait_text(struct line *line, const char *text, int limit_ms)
{
	int64_t until = bench_ns() + (int64_t)limit_ms * 1000000;

	while (memmem(line->tail, line->tail_len, text, strlen(text)) == NULL) {
		int64_t left = until - bench_ns();
		if (left <= 0 || line->has_ended)
			return false;
		read_once(line, left);
	}
	return true;
}

void
line_send(struct line *line, const char *bytes)
{
	if (write(line->fd, bytes, strlen(bytes)) < 0)
		line->has_ended = true;
}

double
line_key_us(struct line *line, const char *bytes)
{
	int64_t from = bench_ns();

	line_send(line, bytes);
	return read_once(line, 500000000) ? (double)(line->last_byte_ns - from) / 1000 : -1;
}

void
line_stop(struct line *line)
{
	int64_t until = bench_ns() + 3000000000;

	kill(line->pid, SIGTERM);
	while (waitpid(line->pid, NULL, WNOHANG) == 0) {
		if (bench_ns() > until)
			kill(line->pid, SIGKILL);
		line_read_for(line, 5);
		if (line->has_ended)
			nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	}
	close(line->fd);
}

struct usage
usage_of(pid_t pid)
{
	struct usage usage = { 0 };
	char path[64], row[256];
	long long value;

	text_format(path, sizeof path, "/proc/%ld/schedstat", (long)pid);
	FILE *file = fopen(path, "r");
	if (file != NULL && fscanf(file, "%lld", &value) == 1)
		usage.cpu_ms = (double)value / 1e6;
	if (file != NULL)
		fclose(file);
	text_format(path, sizeof path, "/proc/%ld/status", (long)pid);
	file = fopen(path, "r");
	while (file != NULL && fgets(row, sizeof row, file) != NULL) {
		if (sscanf(row, "VmRSS: %lld", &value) == 1)
			usage.rss_kb = value;
		else if (sscanf(row, "voluntary_ctxt_switches: %lld", &value) == 1)
			usage.wakeups = value;
	}
	if (file != NULL)
		fclose(file);
	return usage;
}
