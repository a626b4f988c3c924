/* The INI file: read whole, and changed one key at a time.
 *
 * The library calls back without line numbers and takes several slips for values: a line that
 * begins with a space continues the one before, what is too long is cut in two, what follows a
 * section's bracket is dropped.  So it gets its lines from a reader of ours, which counts them and
 * refuses those. */
#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/settings_inner.h"
#include "base/text.h"

enum { FILE_MAX = 256 * 1024 };

struct reading {
	struct settings next;
	const char *path, *at;           /* at: what is not read yet */
	int line;
	int first_line[SETTINGS_MAX];    /* where each key was set; 0: not yet */
	struct error *err;
	enum status status;              /* of the first thing that is wrong; nothing is looked at after it */
};

static void
fail(struct reading *reading, const char *field, const char *what)
{
	if (reading->status == STATUS_OK)
		reading->status = error_field(reading->err, STATUS_CONFIG, field, "%.300s:%d: %s",
		                              reading->path, reading->line, what);
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

/* "[book]", and nothing but a comment after it. */
static void
check_section(struct reading *reading, const char *line, size_t len)
{
	char what[160];
	const char *end = memchr(line, ']', len);
	if (end == NULL) {
		fail(reading, "", "a section's name has no ] at its end");
		return;
	}
	for (const char *rest = end + 1; rest < line + len; rest++) {
		if (*rest == ';' && is_space(rest[-1]))
			break;
		if (!is_space(*rest)) {
			fail(reading, "", "something follows the name of the section");
			return;
		}
	}
	size_t name_len = (size_t)(end - line - 1);
	if (name_len > 0 && settings_has_section(line + 1, name_len))
		return;
	text_format(what, sizeof what, "there is no section [%.*s]",
	            (int)(name_len < 60 ? name_len : 60), line + 1);
	fail(reading, "", what);
}

/* The library's fgets: one line, without the spaces at its beginning. */
static char *
next_line(char *buffer, int size, void *stream)
{
	struct reading *reading = stream;
	char what[160];

	if (reading->status != STATUS_OK || *reading->at == '\0')
		return NULL;
	reading->line++;
	if (reading->line == 1 && text_has_prefix(reading->at, "\xEF\xBB\xBF"))
		reading->at += 3;
	const char *line = reading->at;
	size_t len = strcspn(line, "\n");
	reading->at += len + (line[len] == '\n');
	while (len > 0 && is_space(*line)) {
		line++;
		len--;
	}
	bool is_comment = *line == ';' || *line == '#';
	if (*line == '[')
		check_section(reading, line, len);
	/* The library wants room for a line's end and two more. */
	if (!is_comment && len + 3 > (size_t)size) {
		text_format(what, sizeof what, "the line is longer than %d bytes", size - 3);
		fail(reading, "", what);
		error_hint(reading->err, "a longer value can be given as environment variable, see robson.ini(5)");
	}
	if (reading->status != STATUS_OK)
		return NULL;
	if (is_comment)
		len = 1;
	memcpy(buffer, line, len);
	buffer[len] = '\n';
	buffer[len + 1] = '\0';
	return buffer;
}

static int
on_value(void *user, const char *section, const char *name, const char *value)
{
	struct reading *reading = user;
	struct setting_origin origin = { .source = SETTING_FROM_FILE, .line = reading->line };
	char key[64], what[160], place[SETTING_ORIGIN_SIZE];

	if (reading->status != STATUS_OK)
		return 0;
	bool fits = text_format(key, sizeof key, "%s.%s", section, name);
	size_t index = fits ? settings_index(key) : settings_count();
	if (section[0] == '\0') {
		fail(reading, name, "a key stands before the first [section]");
		return 0;
	}
	if (index == settings_count()) {
		text_format(what, sizeof what, "there is no setting %s", key);
		fail(reading, key, what);
		error_hint(reading->err, "`robson settings` lists them all");
		return 0;
	}
	if (reading->first_line[index] != 0) {
		text_format(what, sizeof what, "%s is set twice, first in line %d", key,
		            reading->first_line[index]);
		fail(reading, key, what);
		return 0;
	}
	reading->first_line[index] = reading->line;
	text_format(place, sizeof place, "%.300s:%d", reading->path, reading->line);
	reading->status = settings_assign(&reading->next, index, value, &origin, place, reading->err);
	return reading->status == STATUS_OK;
}

enum status
settings_read_text(struct settings *settings, const char *path, const char *text, struct error *err)
{
	struct reading *reading = calloc(1, sizeof *reading);
	if (reading == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for the settings");
	reading->next = *settings;
	reading->path = path;
	reading->at = text;
	reading->err = err;
	int bad_line = ini_parse_stream(next_line, reading, on_value, reading);
	if (bad_line != 0 && reading->status == STATUS_OK) {
		if (bad_line > 0)
			reading->line = bad_line;
		fail(reading, "", "neither [section] nor key = value");
	}
	enum status status = reading->status;
	if (status == STATUS_OK) {
		*settings = reading->next;
		text_copy(settings->file, sizeof settings->file, path);
	}
	free(reading);
	return status;
}

enum status
settings_load_text(const char *path, char **ret_text, struct error *err)
{
	struct stat st;
	/* Not to wait for a pipe that somebody put there. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return error_set(err, errno == ENOENT || errno == ENOTDIR ? STATUS_NOT_FOUND : STATUS_CONFIG,
		                 "cannot open the settings %.300s: %s", path, strerror(errno));
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > FILE_MAX) {
		close(fd);
		return error_set(err, STATUS_CONFIG, "the settings %.300s are not a plain file of at most %d kB",
		                 path, FILE_MAX / 1024);
	}
	char *text = malloc(FILE_MAX + 1);
	size_t len = 0;
	ssize_t got = text != NULL ? 1 : -1;
	while (got > 0 && len < FILE_MAX) {
		got = read(fd, text + len, FILE_MAX - len);
		if (got > 0)
			len += (size_t)got;
		else if (got < 0 && errno == EINTR)
			got = 1;
	}
	int why = errno;
	close(fd);
	if (text == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for the settings");
	if (got < 0) {
		free(text);
		return error_set(err, STATUS_CONFIG, "cannot read the settings %.300s: %s", path, strerror(why));
	}
	text[len] = '\0';
	if (strlen(text) != len) {
		free(text);
		return error_set(err, STATUS_CONFIG, "the settings %.300s are no text: there is a zero byte in them",
		                 path);
	}
	*ret_text = text;
	return STATUS_OK;
}

enum status
settings_read_file(struct settings *settings, const char *path, bool must_exist, struct error *err)
{
	char *text;
	enum status status = settings_load_text(path, &text, err);
	if (status == STATUS_NOT_FOUND) {
		if (!must_exist) {
			error_clear(err);
			return STATUS_OK;
		}
		if (err != NULL)
			err->status = STATUS_CONFIG;
		return STATUS_CONFIG;
	}
	if (status != STATUS_OK)
		return status;
	status = settings_read_text(settings, path, text, err);
	free(text);
	return status;
}
