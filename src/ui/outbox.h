/* Bytes on their way to a descriptor that may not take them now. */
#ifndef UI_OUTBOX_H
#define UI_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct outbox {
	char *data;               /* owned; sent of len have left */
	size_t len, sent, capacity;
};

void outbox_done(struct outbox *box);
void outbox_clear(struct outbox *box);
/* False: no memory, nothing was added. */
bool outbox_append(struct outbox *box, const char *bytes, size_t len);
/* The same for what curses wrote: `ESC [ n b` (repeat the last character) is written out.  Terminals
 * that are said to know it and do not, or wrongly at the right edge, are common (mosh, old PuTTY,
 * whatever is built on libvterm), and curses cannot be told to leave it. */
bool outbox_append_frame(struct outbox *box, const char *bytes, size_t len);

enum outbox_state { OUTBOX_EMPTY, OUTBOX_WAITING, OUTBOX_BROKEN };
/* Writes what the descriptor (O_NONBLOCK) takes; *sent grows by how much that was. */
enum outbox_state outbox_send(struct outbox *box, int fd, uint64_t *sent);

#endif
