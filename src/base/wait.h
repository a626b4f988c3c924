/* What one turn of the loop waits for.  Everything that takes part in the loop (terminal, network,
 * wake-up socket, feed) adds its descriptors and its nearest deadline here, and is asked afterwards
 * what became ready.  There is one pselect in the house, and it is not here. */
#ifndef BASE_WAIT_H
#define BASE_WAIT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/select.h>

struct wait {
	fd_set read, write, except;
	int max_fd;                   /* -1: none */
	int64_t deadline_mono_us;     /* INT64_MAX: none */
};

void wait_init(struct wait *wait);
/* False if fd can't be waited for (negative, or at or above FD_SETSIZE). */
bool wait_read(struct wait *wait, int fd);
bool wait_write(struct wait *wait, int fd);
void wait_until(struct wait *wait, int64_t mono_us);   /* keeps the earliest */
bool wait_can_read(const struct wait *wait, int fd);   /* after pselect */
bool wait_can_write(const struct wait *wait, int fd);

/* One participant.  prepare adds to wait; dispatch does a bounded amount of work and never blocks.
 * dispatch is also called when only the deadline has passed. */
struct wait_source {
	void (*prepare)(void *self, struct wait *wait, int64_t now_mono_us);
	void (*dispatch)(void *self, const struct wait *wait, int64_t now_mono_us);
	void *self;
};

#endif
