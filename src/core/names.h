/* Names of enumerators, as they stand in the database, in JSON and on the screen, and back. */
#ifndef CORE_NAMES_H
#define CORE_NAMES_H

#include <stddef.h>
#include "base/status.h"

/* Index of text in names, in any case, with `-` and `_` as the same; -1 if it is none of them.
 * NULL is none of them; "" only if a name is empty. */
int names_find(const char *const *names, size_t count, const char *text);

#endif
