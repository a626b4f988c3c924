/* Whatever stands in a settings file, it is read without harm; and changing one key changes that key
 * alone, or nothing.
 *
 * The input: which key, its new value up to a zero byte, and the file. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/settings_inner.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool truth)
{
	if (!truth)
		abort();
}

static const char path[] = "fuzz/settings/robson.ini";

static void
put(const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	must(fd >= 0);
	must(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static void
must_be_same(const struct settings *a, const struct settings *b, size_t except)
{
	static char one[SETTING_TEXT_SIZE], two[SETTING_TEXT_SIZE];
	for (size_t i = 0; i < settings_count(); i++) {
		settings_value_text(a, i, one, sizeof one);
		settings_value_text(b, i, two, sizeof two);
		must(i == except || strcmp(one, two) == 0);
	}
}

/* What was read is inside its range, and reads back as itself. */
static void
check_values(const struct settings *read)
{
	static struct settings again;
	static char text[SETTING_TEXT_SIZE];
	settings_init(&again);
	for (size_t i = 0; i < settings_count(); i++) {
		settings_value_text(read, i, text, sizeof text);
		must(settings_set_option(&again, settings_key(i)->name, text, "--again", NULL) == STATUS_OK);
	}
	must_be_same(read, &again, settings_count());
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct settings before, after;
	static char wanted[SETTING_TEXT_SIZE], got[SETTING_TEXT_SIZE];
	struct error err;
	char *text = malloc(size + 1), *now = NULL;

	must(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	size_t key = size > 0 ? data[0] % settings_count() : 0;
	const char *value = size > 0 ? text + 1 : "";
	size_t value_len = strlen(value);
	const char *file = 1 + value_len + 1 < size ? text + 1 + value_len + 1 : "";

	settings_init(&before);
	enum status status = settings_read_text(&before, path, file, &err);
	must(status == STATUS_OK || (status == STATUS_CONFIG && err.message[0] != '\0'));
	if (status == STATUS_OK)
		check_values(&before);
	put(file);
	enum status set = settings_set_file(path, settings_key(key)->name, value, &err);
	must(set == STATUS_OK || set == STATUS_CONFIG);
	must(settings_load_text(path, &now, &err) == STATUS_OK);
	if (set == STATUS_OK) {
		settings_init(&after);
		must(settings_read_text(&after, path, now, &err) == STATUS_OK);
		if (status == STATUS_OK)
			must_be_same(&before, &after, key);
		must(settings_set_option(&before, settings_key(key)->name, value, "--value", &err) == STATUS_OK);
		settings_value_text(&before, key, wanted, sizeof wanted);
		settings_value_text(&after, key, got, sizeof got);
		must(strcmp(wanted, got) == 0);
	} else {
		must(strcmp(now, file) == 0);
	}
	free(now);
	free(text);
	return 0;
}
