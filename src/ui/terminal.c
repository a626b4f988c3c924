/* Purpose: the only door to the terminal.
 *
 *   grid --cells that changed--> curses --memfd--> out --write, O_NONBLOCK--> tty
 *   tty --read, O_NONBLOCK--> input --> keys
 *
 * curses insists on a descriptor to write to, and blocks (or spins) when it is full.  So it gets
 * a file in memory, which is never full, and what it wrote is moved to `out` after each frame.
 * For the same reason it neither reads keys nor sets modes: it would take the shell's descriptors.
 *
 * The tty is opened anew: O_NONBLOCK belongs to an open file description, and the one that we
 * inherited is shared with the shell and whatever else runs on this terminal.
 *
 * Globals: the crash handler needs to know what to write and where; nothing else does. */
#define _GNU_SOURCE   /* memfd_create */
#include "ui/terminal.h"
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include <curses.h>

#define MOUSE_ON  "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"
#define PASTE_ON  "\033[?2004h"
#define PASTE_OFF "\033[?2004l"

enum { RESUME_RETRY_US = 250000, MAX_ROWS = 1000, MAX_COLS = 2000 };

struct terminal {
	int tty;                      /* our own description of it; -1 once lost */
	int memory;                   /* what curses writes to */
	FILE *curses_out, *curses_in;
	SCREEN *screen;
	struct termios raw;
	enum terminal_state state;
	enum glyphs glyphs;
	enum theme theme;
	bool mouse, xterm_like, bell_wanted, repaint, waiting_for_foreground;
	int64_t retry_at_us;
	char enter[96];               /* what curses does not say itself: keypad, paste, mouse */

	struct grid shown;            /* what the terminal shows, as far as we know */
	char *out;                    /* bytes on their way; out_sent of out_len have left */
	size_t out_len, out_sent, out_capacity;

	struct input input;
	uint32_t read_serial;
	struct terminal_counters counters;
};

/* For the crash handler: written once in terminal_open, before `fd` is set. */
static struct {
	volatile sig_atomic_t fd;     /* 0: nothing to restore */
	struct termios saved;
	char reset[256];
	size_t reset_len;
} emergency;

/* --- The tty's own modes ----------------------------------------------------------------- */

static bool
in_foreground(int tty)
{
	pid_t group = tcgetpgrp(tty);

	/* A tty that is not our controlling one has no opinion. */
	return group < 0 ? errno == ENOTTY : group == getpgrp();
}

/* SIGTTOU would stop us if the shell had the terminal meanwhile; blocked, the call goes through. */
static void
set_modes(int tty, const struct termios *modes)
{
	sigset_t block, before;

	sigemptyset(&block);
	sigaddset(&block, SIGTTOU);
	sigprocmask(SIG_BLOCK, &block, &before);
	tcsetattr(tty, TCSANOW, modes);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static void
make_raw(struct termios *modes)
{
	modes->c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL |
	                              IXON | IXOFF);
	modes->c_oflag &= ~(tcflag_t)OPOST;
	modes->c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	modes->c_cflag &= ~(tcflag_t)(CSIZE | PARENB);
	modes->c_cflag |= CS8;
	modes->c_cc[VMIN] = 1;        /* so that a read of nothing means the end of the line */
	modes->c_cc[VTIME] = 0;
}

static int
open_tty(void)
{
	int flags = O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	int tty = -1;

	if (tcgetsid(STDIN_FILENO) == getsid(0))
		tty = open("/dev/tty", flags);
	if (tty < 0) {
		const char *name = ttyname(STDIN_FILENO);
		if (name != NULL)
			tty = open(name, flags);
	}
	return tty;
}

static void
read_size(int tty, int *ret_rows, int *ret_cols)
{
	struct winsize size;

	*ret_rows = 24;
	*ret_cols = 80;
	if (ioctl(tty, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) {
		*ret_rows = size.ws_row > MAX_ROWS ? MAX_ROWS : size.ws_row;
		*ret_cols = size.ws_col > MAX_COLS ? MAX_COLS : size.ws_col;
	}
}

/* --- Bytes out --------------------------------------------------------------------------- */

static bool
out_room(struct terminal *terminal, size_t more)
{
	size_t needed = terminal->out_len + more;
	char *grown;

	if (needed <= terminal->out_capacity)
		return true;
	grown = realloc(terminal->out, needed + 4096);
	if (grown == NULL)
		return false;
	terminal->out = grown;
	terminal->out_capacity = needed + 4096;
	return true;
}

static void
out_append(struct terminal *terminal, const char *bytes, size_t len)
{
	if (len > 0 && out_room(terminal, len)) {
		memcpy(terminal->out + terminal->out_len, bytes, len);
		terminal->out_len += len;
	}
}

/* If text at p is `ESC [ n b`, repeat the last character n times: its length and *ret_count. */
static size_t
repeat_at(const char *p, const char *end, int *ret_count)
{
	const char *start = p;
	int count = 0;

	if (end - p < 4 || p[0] != '\033' || p[1] != '[')
		return 0;
	for (p += 2; p < end && *p >= '0' && *p <= '9' && count < MAX_COLS; p++)
		count = count * 10 + (*p - '0');
	if (p == end || *p != 'b')
		return 0;
	*ret_count = count;
	return (size_t)(p + 1 - start);
}

/* Terminals that are said to repeat a character by ESC [ n b and do not, or wrongly at the right
 * edge, are common (mosh, old PuTTY, whatever is built on libvterm), and curses cannot be told to
 * leave it.  So the character is written out. */
static void
append_written_out(struct terminal *terminal, const char *bytes, size_t len)
{
	const char *end = bytes + len, *done = bytes, *last = bytes;
	size_t used;
	int count;

	for (const char *p = bytes; p < end; p++) {
		if (((unsigned char)*p & 0xc0) != 0x80 && *p != '\033')
			last = p;
		if (*p != '\033' || (used = repeat_at(p, end, &count)) == 0)
			continue;
		out_append(terminal, done, (size_t)(p - done));
		for (int i = 0; i < count; i++)
			out_append(terminal, last, (size_t)(p - last));
		done = p + used;
		p = done - 1;
	}
	out_append(terminal, done, (size_t)(end - done));
}

/* Moves what curses wrote from its file in memory to out, or drops it. */
static void
collect(struct terminal *terminal, bool keep)
{
	struct stat info;

	if (fstat(terminal->memory, &info) != 0)
		return;
	if (keep && info.st_size > 0) {
		size_t size = (size_t)info.st_size;
		char *frame = malloc(size);
		ssize_t got = frame != NULL ? pread(terminal->memory, frame, size, 0) : -1;
		if (got == info.st_size && out_room(terminal, size))
			append_written_out(terminal, frame, size);
		else
			terminal->repaint = true;     /* what is shown is not known any more */
		free(frame);
	}
	if (info.st_size > 0) {
		if (ftruncate(terminal->memory, 0) == 0)
			lseek(terminal->memory, 0, SEEK_SET);
	}
}

static void
send_out(struct terminal *terminal, int64_t now_mono_us)
{
	while (terminal->out_sent < terminal->out_len) {
		ssize_t sent = write(terminal->tty, terminal->out + terminal->out_sent,
		                     terminal->out_len - terminal->out_sent);
		if (sent > 0) {
			terminal->out_sent += (size_t)sent;
			terminal->counters.bytes += (uint64_t)sent;
		} else if (sent < 0 && errno == EINTR) {
			continue;
		} else if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			return;
		} else {
			if (in_foreground(terminal->tty))
				terminal_lose(terminal, now_mono_us);
			return;
		}
	}
	terminal->out_sent = terminal->out_len = 0;
	/* One huge frame must not keep its memory for ever. */
	if (terminal->out_capacity > 256 * 1024) {
		free(terminal->out);
		terminal->out = NULL;
		terminal->out_capacity = 0;
	}
}

/* --- Opening ----------------------------------------------------------------------------- */

static void
learn_keys(struct input *input)
{
	static const struct { const char *name; int code; } keys[] = {
		{ "kcuu1", UI_UP }, { "kcud1", UI_DOWN }, { "kcub1", UI_LEFT }, { "kcuf1", UI_RIGHT },
		{ "khome", UI_HOME }, { "kend", UI_END }, { "kpp", UI_PAGE_UP }, { "knp", UI_PAGE_DOWN },
		{ "kdch1", UI_DELETE }, { "kich1", UI_INSERT }, { "kcbt", UI_BACKTAB },
		{ "kent", UI_ENTER }, { "kf1", UI_F1 }, { "kf2", UI_F2 }, { "kf3", UI_F3 },
		{ "kf4", UI_F4 }, { "kf5", UI_F5 }, { "kf6", UI_F6 }, { "kf7", UI_F7 }, { "kf8", UI_F8 },
		{ "kf9", UI_F9 }, { "kf10", UI_F10 }, { "kf11", UI_F11 }, { "kf12", UI_F12 },
	};
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		const char *bytes = tigetstr(keys[i].name);
		if (bytes != NULL && bytes != (char *)-1)
			input_learn(input, bytes, keys[i].code);
	}
}

/* A capability without its padding marks, or "". */
static void
capability(const char *name, char *ret_bytes, size_t size)
{
	const char *bytes = tigetstr(name);
	size_t len = 0;

	ret_bytes[0] = 0;
	if (bytes == NULL || bytes == (char *)-1)
		return;
	while (*bytes != 0 && len + 1 < size) {
		if (bytes[0] == '$' && bytes[1] == '<') {
			const char *end = strchr(bytes, '>');
			if (end != NULL) {
				bytes = end + 1;
				continue;
			}
		}
		ret_bytes[len++] = *bytes++;
	}
	ret_bytes[len] = 0;
}

/* What puts a terminal right whatever was on it. */
static void
prepare_reset(struct terminal *terminal)
{
	static const char *const names[] = { "sgr0", "cnorm", "rmkx", "rmcup" };
	char piece[64];

	text_copy(emergency.reset, sizeof emergency.reset,
	          terminal->xterm_like ? MOUSE_OFF PASTE_OFF : "");
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		size_t len = strlen(emergency.reset);
		capability(names[i], piece, sizeof piece);
		text_format(emergency.reset + len, sizeof emergency.reset - len, "%s", piece);
	}
	/* Without a second screen the cursor stays where it was: start a line of our own. */
	capability("rmcup", piece, sizeof piece);
	if (piece[0] == 0) {
		size_t len = strlen(emergency.reset);
		text_format(emergency.reset + len, sizeof emergency.reset - len, "\033[999;1H\r\n");
	}
	emergency.reset_len = strlen(emergency.reset);
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

static short
curses_color(int color)
{
	return (short)color;
}

/* One colour pair for each style, numbered by it. */
static void
prepare_colors(struct terminal *terminal)
{
	if (terminal->theme == THEME_MONO)
		return;
	start_color();
	use_default_colors();
	for (unsigned style = 1; style < STYLE_COUNT; style++) {
		struct look look = theme_look(terminal->theme, style);
		init_pair((short)style, curses_color(look.foreground), curses_color(look.background));
	}
}

static void
on_no_signal(int signo)
{
	(void)signo;
}

/* curses takes signals that belong to the loop, if it finds them at their default; and from a
 * SIGTSTP that it took it drops, in every refresh, one that is pending.  So it finds none. */
static const int curses_signals[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };

static SCREEN *
start_curses(struct terminal *terminal, const char *term)
{
	struct sigaction before[ARRAY_LEN(curses_signals)], ignore;
	sigset_t block, mask;
	SCREEN *screen;

	setenv("NCURSES_NO_PADDING", "1", 1);     /* padding would be slept, or sent as NULs */
	use_env(FALSE);                           /* the size comes from the tty, by us */
	memset(&ignore, 0, sizeof ignore);
	ignore.sa_handler = on_no_signal;
	sigemptyset(&block);
	for (size_t i = 0; i < ARRAY_LEN(curses_signals); i++)
		sigaddset(&block, curses_signals[i]);
	sigprocmask(SIG_BLOCK, &block, &mask);    /* what comes meanwhile is for the real handlers */
	for (size_t i = 0; i < ARRAY_LEN(curses_signals); i++)
		sigaction(curses_signals[i], &ignore, &before[i]);
	screen = newterm(term, terminal->curses_out, terminal->curses_in);
	for (size_t i = 0; i < ARRAY_LEN(curses_signals); i++)
		sigaction(curses_signals[i], &before[i], NULL);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	return screen;
}

static void
free_terminal(struct terminal *terminal)
{
	if (terminal->screen != NULL)
		delscreen(terminal->screen);
	if (terminal->curses_out != NULL)
		fclose(terminal->curses_out);
	else if (terminal->memory >= 0)
		close(terminal->memory);
	if (terminal->curses_in != NULL)
		fclose(terminal->curses_in);
	if (terminal->tty >= 0)
		close(terminal->tty);
	grid_done(&terminal->shown);
	free(terminal->out);
	free(terminal);
}

static enum status
open_descriptors(struct terminal *terminal, struct error *err)
{
	terminal->tty = open_tty();
	if (terminal->tty < 0)
		return error_set(err, STATUS_UNAVAILABLE, "cannot open the terminal: %s", strerror(errno));
	if (terminal->tty >= FD_SETSIZE)
		return error_set(err, STATUS_UNAVAILABLE, "too many open files to wait for the terminal");
	terminal->memory = memfd_create("curses", MFD_CLOEXEC);
	if (terminal->memory < 0)
		return error_set(err, STATUS_UNAVAILABLE, "no memory file for the screen: %s",
		                 strerror(errno));
	terminal->curses_out = fdopen(terminal->memory, "w");
	terminal->curses_in = fopen("/dev/null", "re");
	if (terminal->curses_out == NULL || terminal->curses_in == NULL)
		return error_set(err, STATUS_UNAVAILABLE, "cannot open the screen: %s", strerror(errno));
	return STATUS_OK;
}

static void
prepare_enter(struct terminal *terminal)
{
	char keypad_on[32];

	capability("smkx", keypad_on, sizeof keypad_on);
	text_format(terminal->enter, sizeof terminal->enter, "%s%s%s", keypad_on,
	            terminal->xterm_like ? PASTE_ON : "",
	            terminal->xterm_like && terminal->mouse ? MOUSE_ON : "");
}

static enum status
open_screen(struct terminal *terminal, const struct terminal_options *options, struct error *err)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
	char cup[64];
	int rows, cols;

	if (term == NULL || term[0] == 0) {
		error_set(err, STATUS_UNAVAILABLE, "TERM is not set");
		error_hint(err, "say what the terminal is, for example: TERM=xterm robson");
		return STATUS_UNAVAILABLE;
	}
	terminal->screen = start_curses(terminal, term);
	if (terminal->screen == NULL) {
		error_set(err, STATUS_UNAVAILABLE, "the terminal '%s' is not known on this machine", term);
		error_hint(err, "try TERM=xterm-256color, or install ncurses-term");
		return STATUS_UNAVAILABLE;
	}
	capability("cup", cup, sizeof cup);
	if (cup[0] == 0) {
		error_set(err, STATUS_UNAVAILABLE, "the terminal '%s' cannot move its cursor", term);
		error_hint(err, "try TERM=xterm, or use the commands (robson --help)");
		return STATUS_UNAVAILABLE;
	}
	nonl();
	typeahead(-1);                            /* never look for input while painting */
	leaveok(stdscr, FALSE);
	scrollok(stdscr, FALSE);
	idlok(stdscr, FALSE);
	terminal->mouse = !options->no_mouse;
	terminal->xterm_like = is_xterm_like(term);
	terminal->theme = theme_for_colors(tigetnum("colors"),
	                                   options->no_color || (no_color != NULL && no_color[0] != 0));
	if (options->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		terminal->glyphs = GLYPHS_ASCII;
	else
		terminal->glyphs = text_has_prefix(term, "linux") ? GLYPHS_CONSOLE : GLYPHS_FULL;
	grid_init(&terminal->shown, terminal->glyphs);
	read_size(terminal->tty, &rows, &cols);
	if (grid_resize(&terminal->shown, rows, cols) != STATUS_OK)
		return error_set(err, STATUS_NO_MEMORY, "no memory for the screen");
	resize_term(rows, cols);
	prepare_colors(terminal);
	learn_keys(&terminal->input);
	prepare_enter(terminal);
	prepare_reset(terminal);
	return STATUS_OK;
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
	terminal->tty = terminal->memory = -1;
	input_init(&terminal->input);
	status = open_descriptors(terminal, err);
	if (status == STATUS_OK)
		status = open_screen(terminal, options, err);
	if (status == STATUS_OK && tcgetattr(terminal->tty, &emergency.saved) != 0)
		status = error_set(err, STATUS_UNAVAILABLE, "cannot read the terminal's modes: %s",
		                   strerror(errno));
	if (status != STATUS_OK) {
		free_terminal(terminal);
		return status;
	}
	terminal->raw = emergency.saved;
	make_raw(&terminal->raw);
	emergency.fd = terminal->tty;
	set_modes(terminal->tty, &terminal->raw);
	terminal->state = TERMINAL_OPEN;
	terminal->repaint = true;
	out_append(terminal, terminal->enter, strlen(terminal->enter));
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
		if (terminal->out_len == 0 || terminal->tty < 0 || left <= 0)
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
	if (terminal->out_sent == 0)
		terminal->out_len = 0;
	endwin();
	collect(terminal, false);                 /* our own words say it all */
	out_append(terminal, emergency.reset, emergency.reset_len);
	flush_briefly(terminal);
	if (terminal->tty >= 0)
		set_modes(terminal->tty, &emergency.saved);
	terminal->out_len = terminal->out_sent = 0;
}

void
terminal_close(struct terminal *terminal)
{
	if (terminal == NULL)
		return;
	if (terminal->state == TERMINAL_OPEN)
		give_back(terminal);
	emergency.fd = 0;
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
	if (!in_foreground(terminal->tty)) {
		terminal->state = TERMINAL_SUSPENDED;
		terminal->waiting_for_foreground = true;
		terminal->retry_at_us = now_mono_us + RESUME_RETRY_US;
		return;
	}
	terminal->waiting_for_foreground = false;
	terminal->state = TERMINAL_OPEN;
	set_modes(terminal->tty, &terminal->raw);
	out_append(terminal, terminal->enter, strlen(terminal->enter));
	terminal->repaint = true;
	terminal_resized(terminal, now_mono_us);
}

void
terminal_lose(struct terminal *terminal, int64_t now_mono_us)
{
	if (terminal->state == TERMINAL_LOST)
		return;
	terminal->state = TERMINAL_LOST;
	emergency.fd = 0;
	if (terminal->tty >= 0)
		close(terminal->tty);
	terminal->tty = -1;
	terminal->out_len = terminal->out_sent = 0;
	input_post(&terminal->input, UI_LOST, now_mono_us);
}

static void
restore_at_exit(void)
{
	int fd = (int)emergency.fd;

	if (fd <= 0)
		return;
	emergency.fd = 0;
	if (write(fd, emergency.reset, emergency.reset_len) < 0)
		return;                               /* nobody reads: the modes matter more */
}

static void
restore_and_die(int signo)
{
	int fd = (int)emergency.fd;

	restore_at_exit();
	if (fd > 0)
		tcsetattr(fd, TCSANOW, &emergency.saved);     /* async-signal-safe, as write is */
	raise(signo);                             /* SA_RESETHAND: now it takes its course */
}

static void
restore_modes_at_exit(void)
{
	int fd = (int)emergency.fd;

	restore_at_exit();
	if (fd > 0)
		set_modes(fd, &emergency.saved);
}

void
terminal_guard_crashes(void)
{
	static const int fatal[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
	static char stack[16384];                 /* an overflown stack can't run its own handler */
	stack_t other = { .ss_sp = stack, .ss_size = sizeof stack };
	struct sigaction action;

	sigaltstack(&other, NULL);
	memset(&action, 0, sizeof action);
	action.sa_handler = restore_and_die;
	action.sa_flags = (int)(SA_RESETHAND | SA_NODEFER | SA_ONSTACK);
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(fatal); i++)
		sigaction(fatal[i], &action, NULL);
	atexit(restore_modes_at_exit);
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
	*ret_rows = terminal->shown.rows;
	*ret_cols = terminal->shown.cols;
}

enum glyphs
terminal_glyphs(const struct terminal *terminal)
{
	return terminal->glyphs;
}

enum theme
terminal_theme(const struct terminal *terminal)
{
	return terminal->theme;
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
	return terminal->state == TERMINAL_OPEN && terminal->out_sent == 0 &&
	       terminal->out_len <= sizeof terminal->enter;
}

static attr_t
attributes(const struct terminal *terminal, unsigned style)
{
	struct look look = theme_look(terminal->theme, style);
	attr_t attributes = A_NORMAL;

	if (look.weight & LOOK_BOLD)
		attributes |= A_BOLD;
	if (look.weight & LOOK_DIM)
		attributes |= A_DIM;
	if (look.weight & LOOK_REVERSE)
		attributes |= A_REVERSE;
	if (look.weight & LOOK_UNDERLINE)
		attributes |= A_UNDERLINE;
	return attributes;
}

static void
paint_cell(const struct terminal *terminal, int row, int col, const struct cell *cell)
{
	wchar_t text[4] = { (wchar_t)cell->glyph, (wchar_t)cell->mark[0], (wchar_t)cell->mark[1], 0 };
	unsigned style = cell->style;
	short pair = terminal->theme == THEME_MONO ? 0 : (short)(style & STYLE_MASK);
	cchar_t complex;

	if (cell->width == 0)
		return;                               /* its left half has said it */
	if (setcchar(&complex, text, attributes(terminal, style), pair, NULL) == ERR)
		return;
	mvadd_wch(row, col, &complex);
}

bool
terminal_paint(struct terminal *terminal, const struct grid *grid)
{
	int rows = grid->rows < terminal->shown.rows ? grid->rows : terminal->shown.rows;
	int cols = grid->cols < terminal->shown.cols ? grid->cols : terminal->shown.cols;

	if (!terminal_can_paint(terminal)) {
		terminal->counters.dropped++;
		return false;
	}
	if (terminal->repaint) {
		clearok(curscr, TRUE);
		erase();
		grid_clear(&terminal->shown);
		terminal->repaint = false;
	}
	for (int row = 0; row < rows; row++)
		for (int col = 0; col < cols; col++) {
			const struct cell *want = grid_cell(grid, row, col);
			struct cell *have = &terminal->shown.cells[(size_t)row *
				(size_t)terminal->shown.cols + (size_t)col];
			if (cell_equal(want, have))
				continue;
			paint_cell(terminal, row, col, want);
			*have = *want;
		}
	if (grid->cursor_row >= 0 && grid->cursor_row < rows && grid->cursor_col < cols) {
		curs_set(1);
		wmove(stdscr, grid->cursor_row, grid->cursor_col);
	} else {
		curs_set(0);
	}
	refresh();
	collect(terminal, true);
	if (terminal->bell_wanted)
		out_append(terminal, "\a", 1);
	terminal->bell_wanted = false;
	terminal->counters.frames++;
	send_out(terminal, clock_mono_us());
	return true;
}

void
terminal_repaint(struct terminal *terminal)
{
	terminal->repaint = true;
}

void
terminal_bell(struct terminal *terminal)
{
	terminal->bell_wanted = true;
}

void
terminal_resized(struct terminal *terminal, int64_t now_mono_us)
{
	int rows, cols;

	if (terminal->state != TERMINAL_OPEN)
		return;
	read_size(terminal->tty, &rows, &cols);
	if (rows == terminal->shown.rows && cols == terminal->shown.cols && !terminal->repaint)
		return;
	if (grid_resize(&terminal->shown, rows, cols) != STATUS_OK)
		return;                               /* goes on at the old size */
	resize_term(rows, cols);
	terminal->repaint = true;
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
	} else if (got < 0 && errno == EIO && !in_foreground(terminal->tty) &&
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
	if (terminal->out_len > 0)
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
	if (terminal->state == TERMINAL_OPEN && terminal->out_len > 0)
		send_out(terminal, now_mono_us);
}

struct wait_source
terminal_source(struct terminal *terminal)
{
	return (struct wait_source){ source_prepare, source_dispatch, terminal };
}
