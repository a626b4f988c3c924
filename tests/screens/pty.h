/* A program in a real pseudo-terminal, watched through a terminal emulator (libvterm): the tests
 * see what a person would see, cell by cell, and type what a person would type.
 *
 * Real time passes here; every wait has a limit and ends as soon as its wish has come true. */
#ifndef SCREENS_PTY_H
#define SCREENS_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct pty;

struct pty_cell {
	char text[32];        /* UTF-8; "" for an empty cell */
	bool bold, reverse, underline;
	bool default_fg, default_bg;
	int fg, bg;           /* palette index, -1 where it is the default or RGB */
	int width;
};

/* argv as for execv; env: "NAME=value" strings put on top of the environment, "NAME" alone takes
 * it away; NULL-ended; may be NULL.  TERM is xterm-256color and LC_ALL C.UTF-8 unless env says
 * otherwise.  NULL if it can't be started. */
struct pty *pty_start(int rows, int cols, char *const argv[], const char *const env[]);
/* Hangs up, ends the program if it lives (SIGKILL after 5 s), frees.  The status as of waitpid. */
int pty_stop(struct pty *pty);
pid_t pty_pid(const struct pty *pty);
/* True once the program has ended; its status as of waitpid. */
bool pty_wait_exit(struct pty *pty, int timeout_ms, int *ret_status);

/* Reads what has arrived and goes on reading until nothing comes for quiet_ms, at most timeout_ms. */
void pty_settle(struct pty *pty, int quiet_ms, int timeout_ms);
/* Reads until the text stands in one row of the screen. */
bool pty_wait_text(struct pty *pty, const char *text, int timeout_ms);
bool pty_wait_gone(struct pty *pty, const char *text, int timeout_ms);
/* Reads for so long, whatever comes. */
void pty_read_for(struct pty *pty, int ms);
/* Lets time pass without reading a byte, as a stalled line does. */
void pty_stall(struct pty *pty, int ms);

void pty_send(struct pty *pty, const char *bytes);
/* One write per character with a gap between, as fingers do; goes on reading meanwhile. */
void pty_type(struct pty *pty, const char *text, int gap_ms);
void pty_resize(struct pty *pty, int rows, int cols);
/* Closes the line, as a dying SSH does: the program gets SIGHUP. */
void pty_hang_up(struct pty *pty);

int pty_rows(const struct pty *pty);
int pty_cols(const struct pty *pty);
/* The row as UTF-8 without trailing spaces; valid until the next call. */
const char *pty_row(struct pty *pty, int row);
/* The first row that holds the text, or -1. */
int pty_find(struct pty *pty, const char *text);
struct pty_cell pty_cell(struct pty *pty, int row, int col);
void pty_cursor(struct pty *pty, int *ret_row, int *ret_col, bool *ret_visible);
/* Bytes that the program has sent so far. */
uint64_t pty_bytes(const struct pty *pty);
/* Whether the program has switched to the alternate screen. */
bool pty_alternate(const struct pty *pty);
/* What came last, raw: for looking for a sequence; up to 64 kB are kept. */
const char *pty_raw(const struct pty *pty, size_t *ret_len);
/* The screen on standard error, for a test that fails. */
void pty_show(struct pty *pty);

int64_t pty_now_ms(void);

#endif
