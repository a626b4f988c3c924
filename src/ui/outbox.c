/* Purpose: bytes on their way out, and curses's repeats written out. */
#include "ui/outbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEEP = 256 * 1024, REPEAT_MAX = 2000 };

void
outbox_done(struct outbox *box)
{
	free(box->data);
	*box = (struct outbox){ 0 };
}

void
outbox_clear(struct outbox *box)
{
	box->len = box->sent = 0;
	/* One huge frame must not keep its memory for ever. */
	if (box->capacity > KEEP)
		outbox_done(box);
}

bool
outbox_append(struct outbox *box, const char *bytes, size_t len)
{
	size_t needed = box->len + len;

	if (len == 0)
		return true;
	if (needed > box->capacity) {
		char *grown = realloc(box->data, needed + 4096);
		if (grown == NULL)
			return false;
		box->data = grown;
		box->capacity = needed + 4096;
	}
	memcpy(box->data + box->len, bytes, len);
	box->len = needed;
	return true;
}

/* If there is `ESC [ n b` at p: its length and *ret_count. */
static size_t
repeat_at(const char *p, const char *end, int *ret_count)
{
	const char *start = p;
	int count = 0;

	if (end - p < 4 || p[0] != '\033' || p[1] != '[')
		return 0;
	for (p += 2; p < end && *p >= '0' && *p <= '9' && count < REPEAT_MAX; p++)
		count = count * 10 + (*p - '0');
	if (p == end || *p != 'b')
		return 0;
	*ret_count = count;
	return (size_t)(p + 1 - start);
}

bool
outbox_append_frame(struct outbox *box, const char *bytes, size_t len)
{
	const char *end = bytes + len, *done = bytes, *last = bytes;
	bool whole = true;
	size_t used;
	int count;

	for (const char *p = bytes; p < end; p++) {
		if (((unsigned char)*p & 0xc0) != 0x80 && *p != '\033')
			last = p;
		if (*p != '\033' || (used = repeat_at(p, end, &count)) == 0)
			continue;
		whole = outbox_append(box, done, (size_t)(p - done)) && whole;
		for (int i = 0; i < count; i++)
			whole = outbox_append(box, last, (size_t)(p - last)) && whole;
		done = p + used;
		p = done - 1;
	}
	return outbox_append(box, done, (size_t)(end - done)) && whole;
}

enum outbox_state
outbox_send(struct outbox *box, int fd, uint64_t *sent)
{
	while (box->sent < box->len) {
		ssize_t got = write(fd, box->data + box->sent, box->len - box->sent);
		if (got > 0) {
			box->sent += (size_t)got;
			*sent += (uint64_t)got;
		} else if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			return OUTBOX_WAITING;
		} else if (got == 0 || errno != EINTR) {
			return OUTBOX_BROKEN;
		}
	}
	outbox_clear(box);
	return OUTBOX_EMPTY;
}
