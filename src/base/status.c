/* The one list of statuses: their names for --json and their exit codes. */
#include "base/status.h"

#include <stddef.h>

static const struct {
	const char *name;
	int exit_code;
} statuses[STATUS_COUNT] = {
	[STATUS_OK]          = { "ok",          0 },
	[STATUS_NO]          = { "no",          1 },
	[STATUS_USAGE]       = { "usage",       64 },
	[STATUS_NOT_FOUND]   = { "not_found",   64 },
	[STATUS_AMBIGUOUS]   = { "ambiguous",   64 },
	[STATUS_INVALID]     = { "invalid",     65 },
	[STATUS_RANGE]       = { "range",       65 },
	[STATUS_UNAVAILABLE] = { "unavailable", 69 },
	[STATUS_BUG]         = { "bug",         70 },
	[STATUS_NO_MEMORY]   = { "no_memory",   70 },
	[STATUS_IO]          = { "io",          74 },
	[STATUS_BUSY]        = { "busy",        74 },
	[STATUS_CONFLICT]    = { "conflict",    1 },
	[STATUS_UNKNOWN]     = { "unknown",     75 },
	[STATUS_REFUSED]     = { "refused",     77 },
	[STATUS_CONFIG]      = { "config",      78 },
};

/* A value outside the list is itself a fault inside Robson, and is reported as one. */
static enum status
known(enum status status)
{
	return (unsigned)status < STATUS_COUNT ? status : STATUS_BUG;
}

const char *
status_name(enum status status)
{
	return statuses[known(status)].name;
}

int
status_exit_code(enum status status)
{
	return statuses[known(status)].exit_code;
}
