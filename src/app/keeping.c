/* Books and settings as files.  A restore needs the lease: whoever holds it has the database open
 * for writing and would go on in a file that is no longer there. */
#include "app/keeping.h"

#include <stdlib.h>
#include <unistd.h>

#include "app/lease.h"
#include "base/clock.h"
#include "base/text.h"
#include "store/store.h"

extern char **environ;

static const char *
named_config(const struct session_options *options)
{
	const char *path = options->config != NULL ? options->config : getenv("ROBSON_CONFIG");

	return path != NULL && path[0] != '\0' ? path : NULL;
}

enum status
keeping_config_path(const struct session_options *options, char ret_path[KEEPING_PATH_SIZE],
                    struct error *err)
{
	const char *path = named_config(options);
	if (path == NULL)
		return settings_default_config_path(environ, ret_path, KEEPING_PATH_SIZE, err);
	if (!text_copy(ret_path, KEEPING_PATH_SIZE, path))
		return error_field(err, STATUS_USAGE, "config", "the path of the settings is too long");
	return STATUS_OK;
}

enum status
keeping_db_path(const char *db, char ret_path[KEEPING_PATH_SIZE], struct error *err)
{
	const char *path = db != NULL ? db : getenv("ROBSON_DB");
	if (path == NULL || path[0] == '\0')
		return settings_default_db_path(environ, ret_path, KEEPING_PATH_SIZE, err);
	if (!text_copy(ret_path, KEEPING_PATH_SIZE, path))
		return error_field(err, STATUS_USAGE, "db", "the path of the database is too long");
	return STATUS_OK;
}

enum status
keeping_settings(const struct session_options *options, struct settings *ret,
                 char ret_path[KEEPING_PATH_SIZE], struct error *err)
{
	settings_init(ret);
	enum status status = keeping_config_path(options, ret_path, err);
	if (status == STATUS_USAGE && named_config(options) == NULL) {
		/* Nobody named a file, and there is no place where one could be: there is none. */
		error_clear(err);
		ret_path[0] = '\0';
		status = STATUS_OK;
	} else if (status == STATUS_OK) {
		status = settings_read_file(ret, ret_path, options->config != NULL, err);
	}
	if (status == STATUS_OK)
		status = settings_read_environment(ret, environ, err);
	if (status == STATUS_OK && options->feed != NULL)
		status = settings_set_option(ret, "feed.source", options->feed, "--feed", err);
	if (status == STATUS_OK && options->exchange_url != NULL)
		status = settings_set_option(ret, "exchange.url", options->exchange_url, "--exchange-url", err);
	if (status == STATUS_OK)
		status = settings_check(ret, err);
	return status;
}

enum status
keeping_restore(const char *db, const char *file, char ret_path[KEEPING_PATH_SIZE], struct error *err)
{
	struct lease lease;
	enum status status = keeping_db_path(db, ret_path, err);
	if (status == STATUS_OK && access(file, R_OK) != 0)
		return error_set(err, STATUS_INVALID, "%s can't be read", file);
	if (status == STATUS_OK)
		status = settings_make_folders(ret_path, err);
	if (status == STATUS_OK)
		status = lease_init(&lease, ret_path, err);
	if (status != STATUS_OK)
		return status;
	status = lease_try(&lease, "command", err);
	if (status == STATUS_BUSY)
		error_hint(err, "end that Robson first; a restore needs the database for itself");
	if (status != STATUS_OK)
		return status;
	status = store_restore(ret_path, file, clock_wall_ms(), err);
	lease_release(&lease);
	return status;
}
