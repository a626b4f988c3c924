/* What is done with a book and its settings as files, without a session: where they are, what the
 * settings say, a backup put back in its place. */
#ifndef APP_KEEPING_H
#define APP_KEEPING_H

#include "app/session.h"

enum { KEEPING_PATH_SIZE = 4096 };

/* Where the settings file is, whether it exists or not: --config, ROBSON_CONFIG, the default. */
MUST_USE enum status keeping_config_path(const struct session_options *options,
                                         char ret_path[KEEPING_PATH_SIZE], struct error *err);
/* The database's path: as given (may be NULL), ROBSON_DB, else the default. */
MUST_USE enum status keeping_db_path(const char *db, char ret_path[KEEPING_PATH_SIZE],
                                     struct error *err);
/* The settings as a session sees them: defaults, file, environment, options. */
MUST_USE enum status keeping_settings(const struct session_options *options, struct settings *ret,
                                      char ret_path[KEEPING_PATH_SIZE], struct error *err);
/* Puts the backup `file` in the place of the database, which nobody may hold: STATUS_BUSY names the
 * process that does.  The old one stays beside it.  ret_path: the database's path. */
MUST_USE enum status keeping_restore(const char *db, const char *file,
                                     char ret_path[KEEPING_PATH_SIZE], struct error *err);

#endif
