/* Who holds the lease: for people and for those who wait.  It decides nothing; the kernel's lock
 * does. */
#include "app/holder.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"

void
holder_boot_id(char *ret_id, size_t size)
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd >= 0 ? read(fd, ret_id, size - 1) : 0;

	if (fd >= 0)
		close(fd);
	ret_id[got > 0 ? got : 0] = '\0';
	ret_id[strcspn(ret_id, "\n")] = '\0';
}

void
holder_read(struct store *store, struct holder_model *ret)
{
	struct heartbeat beat;
	char boot[40];

	*ret = (struct holder_model){ 0 };
	if (store_heartbeat_find(store, &beat, NULL) != STATUS_OK || beat.is_released || beat.pid <= 0)
		return;
	holder_boot_id(boot, sizeof boot);
	bool same_boot = strcmp(boot, beat.boot_id) == 0;
	if (!same_boot || (kill((pid_t)beat.pid, 0) != 0 && errno != EPERM))
		return;
	/* Who holds it knows that better: a row of our own that is not so could not be taken back. */
	ret->is_held = beat.pid != getpid();
	ret->pid = beat.pid;
	ret->beat_age_ms = clock_mono_ms() - beat.beat_mono_ms;
	ret->is_hung = ret->beat_age_ms > HUNG_AFTER_MS;
	ret->watched = beat.watched;
	ret->stale = beat.stale;
	ret->unseen = beat.unseen;
	text_copy(ret->kind, sizeof ret->kind, beat.kind);
	text_copy(ret->host, sizeof ret->host, beat.host);
	text_copy(ret->feed, sizeof ret->feed, beat.feed);
}
