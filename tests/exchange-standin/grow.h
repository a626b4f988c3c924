#ifndef EXCHANGE_STANDIN_GROW_H
#define EXCHANGE_STANDIN_GROW_H

#include <stddef.h>

/* Room for one more element than len.  Aborts when there is no memory. */
void *grow(void *array, size_t len, size_t size);

#endif
