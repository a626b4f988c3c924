/* A tape: CSV rows of prices, oldest first, read in portions.
 *
 *   time,symbol,bid,ask
 *   time,symbol,open,high,low,close,volume
 *
 * Times are UTC milliseconds or ISO 8601; LF or CRLF; a byte order mark is passed over.  Lines that
 * start with # may stand above the header; the first of them is the tape's label.  Empty lines are
 * passed over.  Whatever else is not a good row is an error with file, line and field. */
#ifndef FEED_TAPE_H
#define FEED_TAPE_H

#include "base/error.h"
#include "core/quote.h"

struct tape;

struct tape_row {
	int64_t line;
	int64_t time_ms;
	char symbol[SYMBOL_SIZE];
	struct decimal bid, ask;                        /* quotes */
	struct decimal open, high, low, close, volume;  /* candles */
	int places;                                     /* digits after the point, as written: the most of its prices */
};

/* STATUS_INVALID if it can't be read, is no regular file, or has no header. */
MUST_USE enum status tape_open(const char *path, struct tape **ret_tape, struct error *err);
/* The same of a descriptor, which the tape then owns; name is for errors. */
MUST_USE enum status tape_open_fd(int fd, const char *name, struct tape **ret_tape,
                                  struct error *err);
void tape_close(struct tape *tape);

/* The next row; *ret_has_row is false at the end.  After an error the tape stands still. */
MUST_USE enum status tape_next(struct tape *tape, struct tape_row *ret_row, bool *ret_has_row,
                               struct error *err);
/* Back to the first row. */
MUST_USE enum status tape_rewind(struct tape *tape, struct error *err);

bool tape_has_candles(const struct tape *tape);
const char *tape_label(const struct tape *tape);    /* "" if none; harmless, borrowed */

#endif
