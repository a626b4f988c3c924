/* Purpose: the terminal as the loop sees it.
 *
 *   grid --painter--> outbox --write, O_NONBLOCK--> tty
 *   tty --read, O_NONBLOCK--> input --> keys
 */
#include "ui/terminal.h"
#include "base/clock.h"
#include "ui/outbox.h"
#include "ui/painter.h"
#include "ui/tty.h"

#include <errno.h>
#include <langinfo.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOUSE_ON  "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"
#define PASTE_ON  "\033[?2004h"
#define PASTE_OFF "\033[?2004l"

enum { RESUME_RETRY_US = 250000 };

struct terminal {
	int tty;                      /* our own description of it; -1 once lost */
	struct painter *painter;
	enum terminal_state state;
	enum glyphs glyphs;
	bool mouse, xterm_like, bell_wanted, waiting_for_foreground;
	int64_t retry_at_us;
	char enter[96];               /* what curses does not say itself: keypad, paste, mouse */

	struct outbox out;
	struct input input;
	uint32_t read_serial;
	struct terminal_counters counters;
};

/* --- Bytes out --------------------------------------------------------------------------- */

static void
send_out(struct terminal *terminal, int64_t now_mono_us)
{
	if (terminal->tty < 0)
		return;
	/* A background process may be told EIO; that is no loss of the line. */
	if (outbox_send(&terminal->out, terminal->tty, &terminal->counters.bytes) == OUTBOX_BROKEN &&
	    tty_in_foreground(terminal->tty))
		terminal_lose(terminal, now_mono_us);
}

/* --- Opening ----------------------------------------------------------------------------- */

/* What puts a terminal right whatever was on it. */
static void
say_reset(const struct terminal *terminal, char *ret_bytes, size_t size)
{
	static const char *const names[] = { "sgr0", "cnorm", "rmkx", "rmcup" };
	char piece[64];

	text_copy(ret_bytes, size, terminal->xterm_like ? MOUSE_OFF PASTE_OFF : "");
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		size_t len = strlen(ret_bytes);
		painter_capability(names[i], piece, sizeof piece);
		text_format(ret_bytes + len, size - len, "%s", piece);
	}
	/* Without a second screen the cursor stays where it was: start a line of our own. */
	if (piece[0] == 0) {
		size_t len = strlen(ret_bytes);
		text_format(ret_bytes + len, size - len, "\033[999;1H\r\n");
	}
}

static bool
is_xterm_like(const char *term)
{
	static const char *const kin[] = { "xterm", "screen", "tmux", "rxvt", "putty", "konsole",
		"gnome", "vte", "alacritty", "kitty", "foot", "st", "wezterm", "mosh", "iterm" };

	for (size_t i = 0; i < ARRAY_LEN(kin); i++)
		if (text_has_prefix(term, kin[i]))
			return true;
	return false;
}

static void
free_terminal(struct terminal *terminal)
{
	painter_close(terminal->painter);
	if (terminal->tty >= 0)
		close(terminal->tty);
	outbox_done(&terminal->out);
	free(terminal);
}

static void
prepare_enter(struct terminal *terminal)
{
	char keypad_on[32];

	painter_capability("smkx", keypad_on, sizeof keypad_on);
	text_format(terminal->enter, sizeof terminal->enter, "%s%s%s", keypad_on,
	            terminal->xterm_like ? PASTE_ON : "",
	            terminal->xterm_like && terminal->mouse ? MOUSE_ON : "");
}

static enum status
open_parts(struct terminal *terminal, const struct terminal_options *options, struct error *err)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
	enum status status = tty_open(&terminal->tty, err);
	char reset[256];
	int rows, cols;

	if (status != STATUS_OK)
		return status;
	if (terminal->tty >= FD_SETSIZE)
		return error_set(err, STATUS_UNAVAILABLE, "too many open files to wait for the terminal");
	if (term == NULL || term[0] == 0) {
		error_set(err, STATUS_UNAVAILABLE, "TERM is not set");
		error_hint(err, "say what the terminal is, for example: TERM=xterm robson");
		return STATUS_UNAVAILABLE;
	}
	if (options->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		terminal->glyphs = GLYPHS_ASCII;
	else
		terminal->glyphs = text_has_prefix(term, "linux") ? GLYPHS_CONSOLE : GLYPHS_FULL;
	terminal->mouse = !options->no_mouse;
	terminal->xterm_like = is_xterm_like(term);
	tty_size(terminal->tty, &rows, &cols);
	status = painter_open(term, options->no_color || (no_color != NULL && no_color[0] != 0),
	                      terminal->glyphs, rows, cols, &terminal->painter, err);
	if (status != STATUS_OK)
		return status;
	painter_learn_keys(&terminal->input);
	prepare_enter(terminal);
	say_reset(terminal, reset, sizeof reset);
	return tty_remember(terminal->tty, reset, err);
}

enum status
terminal_open(const struct terminal_options *options, struct terminal **ret_terminal,
              struct error *err)
{
	struct terminal *terminal;
	enum status status;

	if (!isatty(STDIN_FILENO)) {
		error_set(err, STATUS_UNAVAILABLE, "standard input is not a terminal");
		error_hint(err, "the screen needs one; the commands do not (robson --help)");
		return STATUS_UNAVAILABLE;
	}
	terminal = calloc(1, sizeof *terminal);
	if (terminal == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for the terminal");
	terminal->tty = -1;
	input_init(&terminal->input);
	status = open_parts(terminal, options, err);
	if (status != STATUS_OK) {
		free_terminal(terminal);
		return status;
	}
	tty_make_raw(terminal->tty);
	terminal->state = TERMINAL_OPEN;
	outbox_append(&terminal->out, terminal->enter, strlen(terminal->enter));
	*ret_terminal = terminal;
	return STATUS_OK;
}

/* --- Leaving, for a while or for good ------------------------------------------------------ */

/* A bounded wait for the last bytes: a shell that is waiting for its terminal deserves a fifth of
 * a second, a line that nobody reads no more than that. */
static void
flush_briefly(struct terminal *terminal)
{
	int64_t until = clock_mono_ms() + 200;

	for (;;) {
		int64_t left = until - clock_mono_ms();
		struct pollfd ready = { .fd = terminal->tty, .events = POLLOUT };
		send_out(terminal, 0);
		if (terminal->out.len == 0 || terminal->tty < 0 || left <= 0)
			return;
		if (poll(&ready, 1, (int)left) < 0 && errno != EINTR)
			return;
	}
}

/* Ends with the terminal as it was found. */
static void
give_back(struct terminal *terminal)
{
	/* What is half sent must end, or its rest would mangle what follows. */
	if (terminal->out.sent == 0)
		terminal->out.len = 0;
	painter_left(terminal->painter);
	outbox_append(&terminal->out, tty_reset_bytes(), strlen(tty_reset_bytes()));
	flush_briefly(terminal);
	if (terminal->tty >= 0)
		tty_restore_modes(terminal->tty);
	outbox_clear(&terminal->out);
}

void
terminal_close(struct terminal *terminal)
{
	if (terminal == NULL)
		return;
	if (terminal->state == TERMINAL_OPEN)
		give_back(terminal);
	tty_forget();
	free_terminal(terminal);
}

void
terminal_suspend(struct terminal *terminal)
{
	if (terminal->state != TERMINAL_OPEN)
		return;
	give_back(terminal);
	if (terminal->state == TERMINAL_OPEN)     /* not lost on the way */
		terminal->state = TERMINAL_SUSPENDED;
	terminal->waiting_for_foreground = false;
}

void
terminal_resume(struct terminal *terminal, int64_t now_mono_us)
{
	if (terminal->state == TERMINAL_LOST)
		return;
	/* Continued by `bg`: the terminal is the shell's; ask again later. */
	if (!tty_in_foreground(terminal->tty)) {
		terminal->state = TERMINAL_SUSPENDED;
		terminal->waiting_for_foreground = true;
		terminal->retry_at_us = now_mono_us + RESUME_RETRY_US;
		return;
	}
	terminal->waiting_for_foreground = false;
	terminal->state = TERMINAL_OPEN;
	tty_make_raw(terminal->tty);
	outbox_append(&terminal->out, terminal->enter, strlen(terminal->enter));
	painter_repaint(terminal->painter);
	terminal_resized(terminal, now_mono_us);
}

void
terminal_lose(struct terminal *terminal, int64_t now_mono_us)
{
	if (terminal->state == TERMINAL_LOST)
		return;
	terminal->state = TERMINAL_LOST;
	tty_forget();
	if (terminal->tty >= 0)
		close(terminal->tty);
	terminal->tty = -1;
	outbox_clear(&terminal->out);
	input_post(&terminal->input, UI_LOST, now_mono_us);
}

/* --- Painting ----------------------------------------------------------------------------- */

enum terminal_state
terminal_state(const struct terminal *terminal)
{
	return terminal->state;
}

void
terminal_size(const struct terminal *terminal, int *ret_rows, int *ret_cols)
{
	painter_size(terminal->painter, ret_rows, ret_cols);
}

enum glyphs
terminal_glyphs(const struct terminal *terminal)
{
	return terminal->glyphs;
}

enum theme
terminal_theme(const struct terminal *terminal)
{
	return painter_theme(terminal->painter);
}

struct terminal_counters
terminal_counters(const struct terminal *terminal)
{
	return terminal->counters;
}

bool
terminal_can_paint(const struct terminal *terminal)
{
	/* The few bytes of `enter` may wait in out; they go with the first frame. */
	return terminal->state == TERMINAL_OPEN && terminal->out.sent == 0 &&
	       terminal->out.len <= sizeof terminal->enter;
}

bool
terminal_paint(struct terminal *terminal, const struct grid *grid)
{
	if (!terminal_can_paint(terminal)) {
		terminal->counters.dropped++;
		return false;
	}
	painter_paint(terminal->painter, grid, &terminal->out);
	if (terminal->bell_wanted)
		outbox_append(&terminal->out, "\a", 1);
	terminal->bell_wanted = false;
	terminal->counters.frames++;
	send_out(terminal, clock_mono_us());
	return true;
}

void
terminal_repaint(struct terminal *terminal)
{
	painter_repaint(terminal->painter);
}

void
terminal_bell(struct terminal *terminal)
{
	terminal->bell_wanted = true;
}

void
terminal_resized(struct terminal *terminal, int64_t now_mono_us)
{
	int rows, cols, old_rows, old_cols;

	if (terminal->state != TERMINAL_OPEN)
		return;
	tty_size(terminal->tty, &rows, &cols);
	painter_size(terminal->painter, &old_rows, &old_cols);
	if ((rows != old_rows || cols != old_cols) && painter_resize(terminal->painter, rows, cols))
		input_post(&terminal->input, UI_RESIZE, now_mono_us);
}

/* --- The loop's side ----------------------------------------------------------------------- */

bool
terminal_next_key(struct terminal *terminal, struct ui_key *ret_key)
{
	return input_next(&terminal->input, ret_key);
}

/* One read per turn: a paste of a megabyte must not keep the stops waiting. */
static void
read_keys(struct terminal *terminal, int64_t now_mono_us)
{
	char bytes[INPUT_READ];
	size_t room = input_room(&terminal->input);
	ssize_t got;

	if (room == 0)
		return;
	got = read(terminal->tty, bytes, room < sizeof bytes ? room : sizeof bytes);
	if (got > 0) {
		terminal->read_serial++;
		input_feed(&terminal->input, bytes, (size_t)got, terminal->read_serial, now_mono_us);
	} else if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
		return;
	} else if (got < 0 && errno == EIO && !tty_in_foreground(terminal->tty) &&
	           tcgetpgrp(terminal->tty) > 0) {
		/* A background process may not read; that is no loss of the line. */
		terminal->state = TERMINAL_SUSPENDED;
		terminal->waiting_for_foreground = true;
		terminal->retry_at_us = now_mono_us + RESUME_RETRY_US;
	} else {
		terminal_lose(terminal, now_mono_us);     /* read gave 0 or EIO: nobody is there */
	}
}

static void
source_prepare(void *self, struct wait *wait, int64_t now_mono_us)
{
	struct terminal *terminal = self;

	if (terminal->state == TERMINAL_SUSPENDED && terminal->waiting_for_foreground)
		wait_until(wait, terminal->retry_at_us);
	if (terminal->input.count > 0)
		wait_until(wait, now_mono_us);
	if (terminal->state != TERMINAL_OPEN)
		return;
	if (input_room(&terminal->input) > 0)
		wait_read(wait, terminal->tty);
	if (terminal->out.len > 0)
		wait_write(wait, terminal->tty);
	wait_until(wait, input_deadline(&terminal->input));
}

static void
source_dispatch(void *self, const struct wait *wait, int64_t now_mono_us)
{
	struct terminal *terminal = self;

	if (terminal->state == TERMINAL_SUSPENDED && terminal->waiting_for_foreground &&
	    now_mono_us >= terminal->retry_at_us)
		terminal_resume(terminal, now_mono_us);
	if (terminal->state != TERMINAL_OPEN)
		return;
	if (wait_can_read(wait, terminal->tty))
		read_keys(terminal, now_mono_us);
	if (terminal->state == TERMINAL_OPEN)
		input_expire(&terminal->input, now_mono_us);
	if (terminal->state == TERMINAL_OPEN && terminal->out.len > 0)
		send_out(terminal, now_mono_us);
}

struct wait_source
terminal_source(struct terminal *terminal)
{
	return (struct wait_source){ source_prepare, source_dispatch, terminal };
}
