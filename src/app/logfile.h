/* The diagnostics log beside the database: robson.db has robson.log.  For whoever looks for the cause
 * of trouble; the audit trail is in the database.  Never a key, a signature or a signed address.
 *
 * One line is one write at the file's end, so processes may share it.  A full disk loses lines and
 * counts them; nothing here fails the caller or waits. */
#ifndef APP_LOGFILE_H
#define APP_LOGFILE_H

#include <stdint.h>
#include "base/error.h"

enum logfile_level { LOGFILE_ERROR, LOGFILE_WARNING, LOGFILE_INFO, LOGFILE_DEBUG };
const char *logfile_level_name(enum logfile_level level);     /* "error", "warning", ... */
MUST_USE enum status logfile_level_parse(const char *text, enum logfile_level *ret);

struct logfile;
/* max_bytes: when it has grown so large it is put aside as FILE.1, which replaces the one before. */
MUST_USE enum status logfile_open(const char *db_path, enum logfile_level level, int64_t max_bytes,
                                  struct logfile **ret, struct error *err);
void logfile_close(struct logfile *logfile);                  /* accepts NULL */
/* "2026-01-31T14:02:11.123Z 4711 warning text"; control characters are made harmless, what is longer
 * than 1,000 bytes is cut.  Accepts NULL. */
void logfile_write(struct logfile *logfile, enum logfile_level level, const char *format, ...)
	PRINTF_LIKE(3, 4);
/* An error with its field and hint. */
void logfile_error(struct logfile *logfile, const char *what, const struct error *err);
const char *logfile_path(const struct logfile *logfile);
int64_t logfile_lost(const struct logfile *logfile);          /* lines that could not be written */

#endif
