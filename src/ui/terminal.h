/* The terminal, through curses, in a way that can never block the loop: curses writes its frames
 * into memory of ours, which is drained into a descriptor of our own (O_NONBLOCK; the shell's
 * descriptors and their flags are left alone).  While a frame is still leaving, the next ones are
 * dropped, so a line that nobody reads costs nothing but freshness.  There is at most one terminal in
 * a process. */
#ifndef UI_TERMINAL_H
#define UI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/error.h"
#include "base/wait.h"
#include "ui/canvas.h"
#include "ui/input.h"

struct terminal;      /* opaque */

struct terminal_options {
	bool ascii;           /* --ascii */
	bool no_color;        /* --no-color or NO_COLOR */
	bool no_mouse;
};

enum terminal_state {
	TERMINAL_OPEN,
	TERMINAL_SUSPENDED,   /* stopped by job control, or in the background */
	TERMINAL_LOST         /* closed by the other side; for good */
};

/* Standard input must be a terminal: piped bytes must not become orders.  setlocale(LC_CTYPE, "")
 * has been called.  STATUS_UNAVAILABLE says what is missing and what to do. */
MUST_USE enum status terminal_open(const struct terminal_options *options,
                                   struct terminal **ret_terminal, struct error *err);
/* Gives the terminal back as it was found; waits for the last bytes to leave, but never longer
 * than a fifth of a second.  NULL is allowed. */
void terminal_close(struct terminal *terminal);

enum terminal_state terminal_state(const struct terminal *terminal);
void terminal_size(const struct terminal *terminal, int *ret_rows, int *ret_cols);
enum glyphs terminal_glyphs(const struct terminal *terminal);
enum theme terminal_theme(const struct terminal *terminal);

/* Keys that arrived: call until false. */
bool terminal_next_key(struct terminal *terminal, struct ui_key *ret_key);

/* True if a frame painted now would be sent at once.  False while the last one is still leaving,
 * and while the terminal is away; dispatch runs as soon as that changes. */
bool terminal_can_paint(const struct terminal *terminal);
/* Sends what differs from the last frame.  False: dropped, because !terminal_can_paint; the grid
 * must be painted again later.  A grid of another size is painted as far as it fits. */
bool terminal_paint(struct terminal *terminal, const struct grid *grid);
/* The next paint sends everything (Ctrl-L). */
void terminal_repaint(struct terminal *terminal);
void terminal_bell(struct terminal *terminal);

/* What the loop tells of signals; none of these is called from a handler. */
void terminal_resized(struct terminal *terminal, int64_t now_mono_us);       /* SIGWINCH */
void terminal_suspend(struct terminal *terminal);     /* before SIGTSTP stops us */
void terminal_resume(struct terminal *terminal, int64_t now_mono_us);        /* after SIGCONT */
void terminal_lose(struct terminal *terminal, int64_t now_mono_us);          /* SIGHUP */

struct wait_source terminal_source(struct terminal *terminal);

/* For figures: bytes handed to the terminal since it was opened, frames sent and dropped. */
struct terminal_counters {
	uint64_t bytes, frames, dropped;
};
struct terminal_counters terminal_counters(const struct terminal *terminal);

#endif
