/* robson verify --comprehensive: the whole life of a trade, played on a scratch database. */
#ifndef CLI_COMPREHENSIVE_H
#define CLI_COMPREHENSIVE_H

#include "cli/cli.h"

/* Adds a check to the report that is under way. */
void report_check(struct verify_model *report, const char *group, const char *name, bool ok,
                  const char *format, ...) PRINTF_LIKE(5, 6);
/* The checks of Service, API, CLI, Screen and Integration.  STATUS_OK whatever they found; anything
 * else: the scratch database could not be made. */
MUST_USE enum status comprehensive_play(struct verify_model *report, struct error *err);

#endif
