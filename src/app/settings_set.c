/* Changes one key of the INI file and nothing else in it: comments, order, spacing and line ends
 * stay.  The new text is read as settings first, and must give the key the value that was asked
 * for; then it is written beside the old file and takes its name. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/settings_inner.h"
#include "base/text.h"

struct line {
	const char *start;
	size_t len;                      /* with its line end */
	const char *name;                /* of a key or a [section]; NULL: neither */
	size_t name_len;
	const char *value, *value_end;   /* of a key, without the spaces and comments around it */
	bool is_section;
};

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static const char *
trim(const char *start, const char *end)
{
	while (end > start && is_space(end[-1]))
		end--;
	return end;
}

static struct line
look_at(const char *start)
{
	struct line line = { .start = start };
	const char *end = start + strcspn(start, "\n"), *at = start;
	line.len = (size_t)(end - start) + (*end == '\n');
	if (text_has_prefix(at, "\xEF\xBB\xBF"))
		at += 3;
	while (at < end && is_space(*at))
		at++;
	if (at == end || *at == ';' || *at == '#')
		return line;
	if (*at == '[') {
		const char *close = memchr(at, ']', (size_t)(end - at));
		line.is_section = true;
		line.name = at + 1;
		line.name_len = close != NULL ? (size_t)(close - at - 1) : 0;
		return line;
	}
	size_t to_sign = strcspn(at, "=:\n");
	if (at + to_sign >= end)
		return line;
	line.name = at;
	line.name_len = (size_t)(trim(at, at + to_sign) - at);
	line.value = at + to_sign + 1;
	while (line.value < end && is_space(*line.value))
		line.value++;
	/* As the library has it: a comment is a semicolon after a space. */
	const char *stop = line.value;
	while (stop < end && !(*stop == ';' && is_space(stop[-1])))
		stop++;
	line.value_end = trim(line.value, stop);
	return line;
}

static bool
is_named(const struct line *line, const char *name, size_t len)
{
	return line->name != NULL && line->name_len == len && memcmp(line->name, name, len) == 0;
}

/* The text with key set to value. */
static void
compose(const char *old, const char *key, const char *value, struct text *ret)
{
	size_t section_len = strcspn(key, ".");
	const char *name = key + section_len + 1;
	bool inside = false;
	const char *after = NULL;        /* where a new line of the section goes */
	const char *line_end = strstr(old, "\r\n") != NULL ? "\r\n" : "\n";

	for (const char *at = old; *at != '\0'; ) {
		struct line line = look_at(at);
		at += line.len;
		if (line.is_section)
			inside = is_named(&line, key, section_len);
		else if (inside && is_named(&line, name, strlen(name))) {
			text_append_len(ret, old, (size_t)(line.value - old));
			text_append(ret, line.value[-1] == '=' || line.value[-1] == ':' ? " " : "");
			text_append(ret, value);
			text_append(ret, line.value_end);
			return;
		}
		if (inside && line.name != NULL)
			after = at;
	}
	size_t len = strlen(old), head = after != NULL ? (size_t)(after - old) : len;
	text_append_len(ret, old, head);
	if (head > 0 && old[head - 1] != '\n')
		text_append(ret, line_end);
	if (after == NULL)
		text_appendf(ret, "%s[%.*s]%s", len > 0 ? line_end : "", (int)section_len, key, line_end);
	text_appendf(ret, "%s = %s%s", name, value, line_end);
	text_append(ret, old + head);
}

static enum status
write_all(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t wrote = write(fd, text, len);
		if (wrote < 0 && errno != EINTR)
			return STATUS_IO;
		if (wrote > 0) {
			text += wrote;
			len -= (size_t)wrote;
		}
	}
	return STATUS_OK;
}

/* What was written counts only when its name is on disk too. */
static void
sync_folder(const char *path)
{
	char folder[PATH_MAX];
	text_copy(folder, sizeof folder, path);
	char *slash = strrchr(folder, '/');
	if (slash == folder)
		slash++;
	if (slash != NULL)
		*slash = '\0';
	int fd = open(slash != NULL ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

static enum status
replace_file(const char *path, const struct text *text, struct error *err)
{
	char beside[PATH_MAX];
	struct stat old;
	mode_t mode = stat(path, &old) == 0 ? old.st_mode & 07777 : 0600;

	if (!text_format(beside, sizeof beside, "%s.XXXXXX", path))
		return error_set(err, STATUS_IO, "the path of the settings is too long");
	int fd = mkstemp(beside);
	if (fd < 0)
		return error_set(err, STATUS_IO, "cannot write beside the settings %.300s: %s", path,
		                 strerror(errno));
	enum status status = write_all(fd, text->data, text->len);
	if (status == STATUS_OK && (fchmod(fd, mode) != 0 || fsync(fd) != 0))
		status = STATUS_IO;
	int why = errno;
	if (close(fd) != 0 && status == STATUS_OK) {
		status = STATUS_IO;
		why = errno;
	}
	if (status == STATUS_OK && rename(beside, path) != 0) {
		status = STATUS_IO;
		why = errno;
	}
	if (status != STATUS_OK) {
		unlink(beside);
		return error_set(err, status, "cannot write the settings %.300s: %s", path, strerror(why));
	}
	sync_folder(path);
	return STATUS_OK;
}

/* The new text, if it is right as a whole and gives the key what was asked for. */
static enum status
check_text(const char *path, const char *text, size_t index, const char *value, struct error *err)
{
	struct setting_origin origin = { .source = SETTING_FROM_FILE };
	char wanted[SETTING_TEXT_SIZE], got[SETTING_TEXT_SIZE];
	struct settings *scratch = calloc(2, sizeof *scratch);

	if (scratch == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for the settings");
	settings_init(&scratch[0]);
	settings_init(&scratch[1]);
	enum status status = settings_assign(&scratch[0], index, value, &origin, "settings set", err);
	if (status == STATUS_OK)
		status = settings_read_text(&scratch[1], path, text, err);
	if (status == STATUS_OK)
		status = settings_check(&scratch[1], err);
	if (status == STATUS_OK) {
		settings_value_text(&scratch[0], index, wanted, sizeof wanted);
		settings_value_text(&scratch[1], index, got, sizeof got);
		if (strcmp(wanted, got) != 0)
			status = error_field(err, STATUS_CONFIG, settings_key(index)->name,
			                     "'%.200s' can't be written into the file: it would be read as '%.200s'",
			                     wanted, got);
	}
	free(scratch);
	return status;
}

/* As Robson writes it: what is typed may have spaces and signs of thousands.  What is wrong is left
 * as it is, for check_text to say so. */
static const char *
canonical(size_t index, const char *value, char ret_text[SETTING_TEXT_SIZE])
{
	struct setting_origin origin = { .source = SETTING_FROM_FILE };
	struct settings *scratch = calloc(1, sizeof *scratch);
	bool is_right = false;

	if (scratch != NULL) {
		settings_init(scratch);
		is_right = settings_assign(scratch, index, value, &origin, "settings set", NULL) == STATUS_OK;
		if (is_right)
			settings_value_text(scratch, index, ret_text, SETTING_TEXT_SIZE);
	}
	free(scratch);
	return is_right ? ret_text : value;
}

enum status
settings_set_file(const char *path, const char *key, const char *value, struct error *err)
{
	char target[PATH_MAX], clean[SETTING_TEXT_SIZE], *old = NULL;
	size_t index = settings_index(key);

	if (index == settings_count()) {
		error_field(err, STATUS_CONFIG, key, "there is no setting %.100s", key);
		error_hint(err, "`robson settings` lists them all");
		return STATUS_CONFIG;
	}
	if (value[0] == '\0')
		value = "none";
	value = canonical(index, value, clean);
	/* A link stays a link: what it points to is replaced. */
	if (realpath(path, target) == NULL && !text_copy(target, sizeof target, path))
		return error_set(err, STATUS_IO, "the path of the settings is too long");
	enum status status = settings_load_text(target, &old, err);
	if (status != STATUS_OK && status != STATUS_NOT_FOUND)
		return status;
	struct text text;
	text_init(&text);
	compose(old != NULL ? old : "", key, value, &text);
	if (text.failed)
		status = error_set(err, STATUS_NO_MEMORY, "no memory for the settings");
	else
		status = check_text(target, text.data, index, value, err);
	if (status == STATUS_OK)
		status = settings_make_folders(target, err);
	if (status == STATUS_OK)
		status = replace_file(target, &text, err);
	text_done(&text);
	free(old);
	return status;
}
