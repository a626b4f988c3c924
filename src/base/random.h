/* Randomness and the ids made of it. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>
#include "base/status.h"

enum { UUID_TEXT_SIZE = 37 };

/* The kernel's generator.  Tests and simulations pass another function of this form. */
typedef void (*random_fill_fn)(void *context, void *buffer, size_t size);
void random_fill(void *context, void *buffer, size_t size);   /* context is ignored */

/* UUID version 7 (RFC 9562, section 5.7): ordered by time, so that ids sort as they were made. */
void uuid7_make(int64_t now_ms, random_fill_fn fill, void *context, char ret_text[UUID_TEXT_SIZE]);

#endif
