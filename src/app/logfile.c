/* Several processes may write and any of them may put the file aside.  Before each line the file at
 * the path is compared with the one that is open, and taken instead if it is another; who puts it
 * aside locks it first, so that only one does. */
#include "app/logfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"

enum { LINE_SIZE = 1000 };

struct logfile {
	enum logfile_level level;
	int64_t max_bytes, lost, lost_told;
	int fd;                          /* -1: could not be opened just now */
	bool is_torn;                    /* the last line was written in part */
	char path[PATH_MAX];
};

const char *
logfile_level_name(enum logfile_level level)
{
	static const char *const names[] = { "error", "warning", "info", "debug" };
	return names[level];
}

enum status
logfile_level_parse(const char *text, enum logfile_level *ret)
{
	for (enum logfile_level each = LOGFILE_ERROR; each <= LOGFILE_DEBUG; each++)
		if (text_equal_nocase(text, logfile_level_name(each))) {
			*ret = each;
			return STATUS_OK;
		}
	return STATUS_INVALID;
}

static enum status
open_file(struct logfile *logfile, struct error *err)
{
	struct stat st;
	int fd = open(logfile->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
	              0600);
	if (fd < 0)
		return error_set(err, STATUS_IO, "cannot open the log %.300s: %s", logfile->path,
		                 strerror(errno));
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return error_set(err, STATUS_IO, "the log %.300s is not a plain file", logfile->path);
	}
	logfile->fd = fd;
	logfile->is_torn = false;
	return STATUS_OK;
}

enum status
logfile_open(const char *db_path, enum logfile_level level, int64_t max_bytes, struct logfile **ret,
             struct error *err)
{
	struct logfile *logfile = calloc(1, sizeof *logfile);
	if (logfile == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for the log");
	logfile->level = level;
	logfile->max_bytes = max_bytes;
	logfile->fd = -1;
	size_t len = strlen(db_path);
	if (len > 3 && strcmp(db_path + len - 3, ".db") == 0 && db_path[len - 4] != '/')
		len -= 3;
	enum status status = STATUS_OK;
	/* ".1" is added to it when it is put aside. */
	if (len + sizeof ".log.1" > sizeof logfile->path)
		status = error_set(err, STATUS_IO, "the path of the database is too long for a log beside it");
	else
		text_format(logfile->path, sizeof logfile->path, "%.*s.log", (int)len, db_path);
	if (status == STATUS_OK)
		status = open_file(logfile, err);
	if (status != STATUS_OK) {
		free(logfile);
		return status;
	}
	*ret = logfile;
	return STATUS_OK;
}

void
logfile_close(struct logfile *logfile)
{
	if (logfile == NULL)
		return;
	if (logfile->fd >= 0)
		close(logfile->fd);
	free(logfile);
}

/* Is the open file still the one at the path?  ret_size: how large it is. */
static bool
is_in_place(const struct logfile *logfile, int64_t *ret_size)
{
	struct stat opened, there;
	if (logfile->fd < 0 || fstat(logfile->fd, &opened) != 0 || lstat(logfile->path, &there) != 0 ||
	    opened.st_dev != there.st_dev || opened.st_ino != there.st_ino)
		return false;
	*ret_size = opened.st_size;
	return true;
}

static void
reopen(struct logfile *logfile)
{
	if (logfile->fd >= 0)
		close(logfile->fd);
	logfile->fd = -1;
	if (open_file(logfile, NULL) != STATUS_OK)
		logfile->fd = -1;
}

static void
put_aside(struct logfile *logfile)
{
	char old[PATH_MAX];
	int64_t size;

	if (flock(logfile->fd, LOCK_EX | LOCK_NB) != 0)
		return;                          /* another is at it */
	text_format(old, sizeof old, "%.*s.1", (int)(sizeof old - 3), logfile->path);
	if (is_in_place(logfile, &size) && rename(logfile->path, old) != 0) {
		flock(logfile->fd, LOCK_UN);     /* it grows on: better too large than lost */
		return;
	}
	reopen(logfile);
}

static bool
write_line(struct logfile *logfile, enum logfile_level level, const char *text)
{
	char time[CLOCK_TEXT_SIZE], line[LINE_SIZE + 96];

	clock_format_iso(clock_wall_ms(), time);
	text_format(line, sizeof line, "%s%s %ld %s %s", logfile->is_torn ? "\n" : "", time, (long)getpid(),
	            logfile_level_name(level), text);
	size_t len = strlen(line);
	line[len++] = '\n';
	ssize_t wrote = logfile->fd >= 0 ? write(logfile->fd, line, len) : -1;
	if (wrote == (ssize_t)len) {
		logfile->is_torn = false;
		return true;
	}
	logfile->is_torn = logfile->is_torn || wrote > 0;
	logfile->lost++;
	return false;
}

static void
write_text(struct logfile *logfile, enum logfile_level level, const char *text)
{
	int64_t size;

	if (!is_in_place(logfile, &size))
		reopen(logfile);
	else if (size >= logfile->max_bytes)
		put_aside(logfile);
	if (logfile->lost > logfile->lost_told) {
		char note[96];
		int64_t lost = logfile->lost;
		text_format(note, sizeof note, "%lld line(s) could not be written before this one",
		            (long long)(lost - logfile->lost_told));
		if (write_line(logfile, LOGFILE_WARNING, note))
			logfile->lost_told = lost;
		else
			logfile->lost = lost;    /* the note itself is no line of anybody's */
	}
	write_line(logfile, level, text);
}

void
logfile_write(struct logfile *logfile, enum logfile_level level, const char *format, ...)
{
	char text[LINE_SIZE + 1];
	va_list args;

	if (logfile == NULL || level > logfile->level)
		return;
	int kept = errno;                        /* whoever logs may not have read it yet */
	va_start(args, format);
	text_vformat(text, sizeof text, format, args);
	va_end(args);
	text_make_harmless(text);
	write_text(logfile, level, text);
	errno = kept;
}

void
logfile_error(struct logfile *logfile, const char *what, const struct error *err)
{
	logfile_write(logfile, LOGFILE_ERROR, "%s: %s%s%s%s%s%s", what, err->message,
	              err->field[0] != '\0' ? " [" : "", err->field, err->field[0] != '\0' ? "]" : "",
	              err->hint[0] != '\0' ? "; " : "", err->hint);
}

const char *
logfile_path(const struct logfile *logfile)
{
	return logfile->path;
}

int64_t
logfile_lost(const struct logfile *logfile)
{
	return logfile != NULL ? logfile->lost : 0;
}
