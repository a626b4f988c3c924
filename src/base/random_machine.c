/* Randomness from the kernel: an object of its own, so that a test program can bring its own. */
#include "base/random.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/types.h>

void
random_fill(void *context, void *buffer, size_t size)
{
	unsigned char *at = buffer;

	(void)context;
	while (size > 0) {
		ssize_t got = getrandom(at, size, 0);
		if (got < 0) {
			/* Without randomness two orders could get one id: there is no going on. */
			if (errno != EINTR)
				abort();
			continue;
		}
		at += got;
		size -= (size_t)got;
	}
}
