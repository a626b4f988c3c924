/* The environment: variables that override settings, and where files are by default. */
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "app/settings_inner.h"
#include "base/text.h"

enum { PLACE_SIZE = 4096 };

void
settings_variable(const struct setting_key *key, char ret_name[64])
{
	text_format(ret_name, 64, "ROBSON_%s", key->name);
	for (char *c = ret_name; *c != '\0'; c++)
		*c = (char)(*c == '.' ? '_' : toupper((unsigned char)*c));
}

/* ROBSON_BOOK_CAPITALL is a slip of the pen; ROBSON_DB, ROBSON_API_KEY and their like are none of
 * ours. */
static bool
is_in_a_section(const char *name)
{
	for (size_t i = 0; i < settings_count(); i++) {
		char known[64];
		settings_variable(settings_key(i), known);
		size_t len = strlen("ROBSON_") + strcspn(settings_key(i)->name, ".") + 1;
		if (strncmp(known, name, len) == 0)
			return true;
	}
	return false;
}

enum status
settings_read_environment(struct settings *settings, char *const *environment, struct error *err)
{
	struct settings next = *settings;
	struct setting_origin origin = { .source = SETTING_FROM_ENVIRONMENT };

	for (; environment != NULL && *environment != NULL; environment++) {
		const char *each = *environment, *equals = strchr(each, '=');
		char name[64], known[64], place[96];
		if (!text_has_prefix(each, "ROBSON_") || equals == NULL)
			continue;
		size_t len = (size_t)(equals - each);
		bool fits = len < sizeof name;
		memcpy(name, each, fits ? len : sizeof name - 1);
		name[fits ? len : sizeof name - 1] = '\0';
		size_t index = 0;
		for (; index < settings_count(); index++) {
			settings_variable(settings_key(index), known);
			if (fits && strcmp(name, known) == 0)
				break;
		}
		if (index == settings_count()) {
			if (!is_in_a_section(name))
				continue;
			error_field(err, STATUS_CONFIG, name, "environment %s: there is no such setting", name);
			error_hint(err, "`robson settings` lists them all");
			return STATUS_CONFIG;
		}
		text_format(place, sizeof place, "environment %s", name);
		enum status status = settings_assign(&next, index, equals + 1, &origin, place, err);
		if (status != STATUS_OK)
			return status;
	}
	*settings = next;
	return STATUS_OK;
}

static const char *
variable(char *const *environment, const char *name)
{
	size_t len = strlen(name);
	for (; environment != NULL && *environment != NULL; environment++)
		if (strncmp(*environment, name, len) == 0 && (*environment)[len] == '=')
			return *environment + len + 1;
	return NULL;
}

/* XDG Base Directory Specification: what is not an absolute path is to be ignored. */
static enum status
default_path(char *const *environment, const char *xdg, const char *below_home, const char *file,
             const char *option, char *ret_path, size_t size, struct error *err)
{
	const char *base = variable(environment, xdg), *home = variable(environment, "HOME");
	bool fits;

	if (base != NULL && base[0] == '/') {
		fits = text_format(ret_path, size, "%s/robson/%s", base, file);
	} else if (home != NULL && home[0] == '/') {
		fits = text_format(ret_path, size, "%s/%s/robson/%s", home, below_home, file);
	} else {
		error_set(err, STATUS_USAGE, "HOME is %s, so there is no place for %s",
		          home == NULL || home[0] == '\0' ? "not set" : "not an absolute path", file);
		error_hint(err, "set HOME or %s, or give %s FILE", xdg, option);
		return STATUS_USAGE;
	}
	if (!fits)
		return error_set(err, STATUS_USAGE, "the path of %s is too long", file);
	return STATUS_OK;
}

enum status
settings_default_db_path(char *const *environment, char *ret_path, size_t size, struct error *err)
{
	return default_path(environment, "XDG_DATA_HOME", ".local/share", "robson.db", "--db", ret_path,
	                    size, err);
}

enum status
settings_default_config_path(char *const *environment, char *ret_path, size_t size, struct error *err)
{
	return default_path(environment, "XDG_CONFIG_HOME", ".config", "robson.ini", "--config", ret_path,
	                    size, err);
}

enum status
settings_make_folders(const char *path, struct error *err)
{
	char folder[PLACE_SIZE];
	if (!text_copy(folder, sizeof folder, path))
		return error_set(err, STATUS_IO, "the path is too long: %.200s", path);
	for (char *slash = strchr(folder + 1, '/'); folder[0] != '\0' && slash != NULL;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		/* A folder that is there may not be ours to make anything in: only a missing one counts. */
		struct stat there;
		if (stat(folder, &there) != 0 && mkdir(folder, 0700) != 0 && errno != EEXIST)
			return error_set(err, STATUS_IO, "cannot make the folder %.300s: %s", folder,
			                 strerror(errno));
		*slash = '/';
	}
	return STATUS_OK;
}
