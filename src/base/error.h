/* An error that a person can act on: what failed, for whom, and what to do.  The caller provides
 * it; the room that fails fills it; whoever handles it shows or logs it once. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>
#include "base/status.h"

struct error {
	enum status status;
	char field[48];     /* the option, form field, setting or column it is about; "" if none */
	char message[512];
	char hint[256];     /* what to do; "" if there is nothing to add */
	bool retryable;     /* the same call may succeed later without anything being changed */
};

void error_clear(struct error *err);

/* Fill err (which may be NULL) and return status, so that `return error_set(...)` reads well.
 * Text that came from outside has its control characters made harmless; what is too long ends in
 * "...".  The message may quote err itself.  retryable is set for BUSY and UNAVAILABLE; whoever
 * knows better sets it afterwards. */
enum status error_set(struct error *err, enum status status, const char *format, ...)
	PRINTF_LIKE(3, 4);
enum status error_field(struct error *err, enum status status, const char *field,
                        const char *format, ...) PRINTF_LIKE(4, 5);

/* Add advice to an error that is already set.  Returns nothing on purpose: err may be NULL, and then
 * only the caller knows which status it stands for. */
void error_hint(struct error *err, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
