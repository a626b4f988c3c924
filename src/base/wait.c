/* Collects what one turn of the loop waits for. */
#include "base/wait.h"

void
wait_init(struct wait *wait)
{
	FD_ZERO(&wait->read);
	FD_ZERO(&wait->write);
	FD_ZERO(&wait->except);
	wait->max_fd = -1;
	wait->deadline_mono_us = INT64_MAX;
}

/* FD_SET beyond FD_SETSIZE writes past the set's end, so nothing gets near it unchecked. */
static bool
fits(int fd)
{
	return fd >= 0 && fd < FD_SETSIZE;
}

static bool
add(struct wait *wait, fd_set *set, int fd)
{
	if (!fits(fd))
		return false;
	FD_SET(fd, set);
	if (fd > wait->max_fd)
		wait->max_fd = fd;
	return true;
}

bool
wait_read(struct wait *wait, int fd)
{
	return add(wait, &wait->read, fd);
}

bool
wait_write(struct wait *wait, int fd)
{
	return add(wait, &wait->write, fd);
}

void
wait_until(struct wait *wait, int64_t mono_us)
{
	if (mono_us < wait->deadline_mono_us)
		wait->deadline_mono_us = mono_us;
}

bool
wait_can_read(const struct wait *wait, int fd)
{
	return fits(fd) && FD_ISSET(fd, &wait->read);
}

bool
wait_can_write(const struct wait *wait, int fd)
{
	return fits(fd) && FD_ISSET(fd, &wait->write);
}
