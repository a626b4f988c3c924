/* The terminal as a device: a description of our own of it, its modes, its size, and the way back
 * to how it was found, whatever ends the process.  No curses here. */
#ifndef UI_TTY_H
#define UI_TTY_H

#include <stdbool.h>
#include "base/error.h"

enum { TTY_MAX_ROWS = 1000, TTY_MAX_COLS = 2000 };

/* The terminal of standard input, opened anew: O_NONBLOCK belongs to an open file description, and
 * the one that we inherited is shared with the shell and whatever else runs on this terminal. */
MUST_USE enum status tty_open(int *ret_fd, struct error *err);
/* Remembers the modes that tty_restore goes back to, and the bytes that it writes first. */
MUST_USE enum status tty_remember(int fd, const char *reset, struct error *err);
void tty_forget(void);                    /* nothing to restore any more */
void tty_make_raw(int fd);                /* every key as it is; no flow control */
void tty_restore_modes(int fd);
/* Bytes that put a terminal right, as remembered. */
const char *tty_reset_bytes(void);
/* Whether this process may use it now; a tty that is not our controlling one always. */
bool tty_in_foreground(int fd);
/* 80x24 if it does not know. */
void tty_size(int fd, int *ret_rows, int *ret_cols);
/* Restores the terminal if the process dies of SIGSEGV, SIGBUS, SIGFPE, SIGILL or SIGABRT, or calls
 * exit, and lets the signal take its course. */
void tty_guard_crashes(void);

#endif
