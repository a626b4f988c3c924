/* Purpose: the harness of the screen tests: a pseudo-terminal, a program in it, libvterm on the
 * other side. */
#define _GNU_SOURCE
#include "screens/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <vterm.h>

enum { RAW_SIZE = 65536 };

struct pty {
	int master;
	pid_t pid;
	bool ended;
	int status;
	int rows, cols;
	VTerm *vterm;
	VTermScreen *screen;
	VTermPos cursor;
	bool cursor_visible, alternate;
	uint64_t bytes;
	char raw[RAW_SIZE];
	size_t raw_len;
	char row_text[8192];
};

int64_t
pty_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int
on_cursor(VTermPos pos, VTermPos old, int visible, void *user)
{
	struct pty *pty = user;

	(void)old;
	(void)visible;
	pty->cursor = pos;
	return 1;
}

static int
on_property(VTermProp prop, VTermValue *value, void *user)
{
	struct pty *pty = user;

	if (prop == VTERM_PROP_CURSORVISIBLE)
		pty->cursor_visible = value->boolean;
	else if (prop == VTERM_PROP_ALTSCREEN)
		pty->alternate = value->boolean;
	return 1;
}

static const VTermScreenCallbacks callbacks = { .movecursor = on_cursor,
	                                        .settermprop = on_property };

static void
become(char *const argv[], const char *const env[])
{
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("NO_COLOR");
	for (size_t i = 0; env != NULL && env[i] != NULL; i++) {
		char name[64];
		const char *equals = strchr(env[i], '=');
		size_t len = equals != NULL ? (size_t)(equals - env[i]) : strlen(env[i]);
		snprintf(name, sizeof name, "%.*s", (int)len, env[i]);
		if (equals != NULL)
			setenv(name, equals + 1, 1);
		else
			unsetenv(name);
	}
	execv(argv[0], argv);
	fprintf(stderr, "cannot run %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static void
open_emulator(struct pty *pty)
{
	pty->cursor_visible = true;
	pty->alternate = false;
	/* It crashes on wide characters in very narrow screens: below this, only ours is narrow. */
	pty->vterm = vterm_new(pty->rows < 4 ? 4 : pty->rows, pty->cols < 8 ? 8 : pty->cols);
	vterm_set_utf8(pty->vterm, 1);
	pty->screen = vterm_obtain_screen(pty->vterm);
	vterm_screen_set_callbacks(pty->screen, &callbacks, pty);
	vterm_screen_enable_altscreen(pty->screen, 1);
	vterm_screen_reset(pty->screen, 1);
}

struct pty *
pty_start(int rows, int cols, char *const argv[], const char *const env[])
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };
	struct pty *pty = calloc(1, sizeof *pty);

	if (pty == NULL)
		return NULL;
	pty->rows = rows;
	pty->cols = cols;
	pty->cursor_visible = true;
	pty->pid = forkpty(&pty->master, NULL, NULL, &size);
	if (pty->pid < 0) {
		free(pty);
		return NULL;
	}
	if (pty->pid == 0)
		become(argv, env);
	fcntl(pty->master, F_SETFL, O_NONBLOCK);
	fcntl(pty->master, F_SETFD, FD_CLOEXEC);
	open_emulator(pty);
	return pty;
}

static void
keep_raw(struct pty *pty, const char *bytes, size_t len)
{
	if (len > RAW_SIZE) {
		bytes += len - RAW_SIZE;
		len = RAW_SIZE;
	}
	if (pty->raw_len + len > RAW_SIZE) {
		size_t drop = pty->raw_len + len - RAW_SIZE;
		memmove(pty->raw, pty->raw + drop, pty->raw_len - drop);
		pty->raw_len -= drop;
	}
	memcpy(pty->raw + pty->raw_len, bytes, len);
	pty->raw_len += len;
}

/* Waits up to ms for bytes and feeds them to the emulator.  False: nothing came. */
static bool
pump(struct pty *pty, int ms)
{
	struct pollfd ready = { .fd = pty->master, .events = POLLIN };
	char bytes[16384];
	ssize_t got;

	if (pty->master < 0) {
		poll(NULL, 0, ms);
		return false;
	}
	if (poll(&ready, 1, ms) <= 0)
		return false;
	got = read(pty->master, bytes, sizeof bytes);
	if (got <= 0) {
		if (ms > 0 && got < 0 && errno == EIO)
			poll(NULL, 0, ms < 10 ? ms : 10);     /* the other side is closed */
		return false;
	}
	pty->bytes += (uint64_t)got;
	keep_raw(pty, bytes, (size_t)got);
	vterm_input_write(pty->vterm, bytes, (size_t)got);
	vterm_screen_flush_damage(pty->screen);
	return true;
}

void
pty_settle(struct pty *pty, int quiet_ms, int timeout_ms)
{
	int64_t until = pty_now_ms() + timeout_ms;

	while (pty_now_ms() < until && pump(pty, quiet_ms))
		;
}

void
pty_read_for(struct pty *pty, int ms)
{
	int64_t until = pty_now_ms() + ms, now;

	while ((now = pty_now_ms()) < until)
		pump(pty, (int)(until - now));
}

void
pty_stall(struct pty *pty, int ms)
{
	int64_t until = pty_now_ms() + ms, now;

	(void)pty;
	while ((now = pty_now_ms()) < until)
		poll(NULL, 0, (int)(until - now));
}

bool
pty_wait_text(struct pty *pty, const char *text, int timeout_ms)
{
	int64_t until = pty_now_ms() + timeout_ms, now;

	while (pty_find(pty, text) < 0) {
		if ((now = pty_now_ms()) >= until)
			return false;
		pump(pty, (int)(until - now < 50 ? until - now : 50));
	}
	return true;
}

bool
pty_wait_gone(struct pty *pty, const char *text, int timeout_ms)
{
	int64_t until = pty_now_ms() + timeout_ms, now;

	while (pty_find(pty, text) >= 0) {
		if ((now = pty_now_ms()) >= until)
			return false;
		pump(pty, (int)(until - now < 50 ? until - now : 50));
	}
	return true;
}

static void
send_bytes(struct pty *pty, const char *bytes, size_t len)
{
	int64_t until = pty_now_ms() + 5000;

	while (len > 0 && pty_now_ms() < until) {
		ssize_t sent = write(pty->master, bytes, len);
		if (sent > 0) {
			bytes += sent;
			len -= (size_t)sent;
		} else if (errno == EAGAIN) {
			pump(pty, 5);
		} else if (errno != EINTR) {
			return;
		}
	}
}

void
pty_send(struct pty *pty, const char *bytes)
{
	send_bytes(pty, bytes, strlen(bytes));
}

void
pty_type(struct pty *pty, const char *text, int gap_ms)
{
	while (*text != 0) {
		size_t len = 1;
		while (((unsigned char)text[len] & 0xc0) == 0x80)
			len++;
		send_bytes(pty, text, len);
		pty_read_for(pty, gap_ms);
		text += len;
	}
}

/* libvterm 0.1 writes through null pointers after some resizes, so a new size gets a new emulator
 * in the same modes.  Whatever was shown is repainted by a program that deserves its name. */
void
pty_resize(struct pty *pty, int rows, int cols)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };

	if (rows == pty->rows && cols == pty->cols)
		return;
	bool alternate = pty->alternate, visible = pty->cursor_visible;
	vterm_free(pty->vterm);
	pty->rows = rows;
	pty->cols = cols;
	open_emulator(pty);
	if (alternate)
		vterm_input_write(pty->vterm, "\033[?1049h", 8);
	if (!visible)
		vterm_input_write(pty->vterm, "\033[?25l", 6);
	ioctl(pty->master, TIOCSWINSZ, &size);
}

void
pty_hang_up(struct pty *pty)
{
	if (pty->master >= 0)
		close(pty->master);
	pty->master = -1;
}

bool
pty_wait_exit(struct pty *pty, int timeout_ms, int *ret_status)
{
	int64_t until = pty_now_ms() + timeout_ms;

	while (!pty->ended) {
		pid_t got = waitpid(pty->pid, &pty->status, WNOHANG);
		if (got == pty->pid) {
			pty->ended = true;
			while (pump(pty, 0))
				;
		} else if (pty_now_ms() >= until) {
			return false;
		} else {
			pump(pty, 10);
		}
	}
	if (ret_status != NULL)
		*ret_status = pty->status;
	return true;
}

int
pty_stop(struct pty *pty)
{
	int status;

	if (pty == NULL)
		return -1;
	if (!pty_wait_exit(pty, 0, NULL)) {
		kill(pty->pid, SIGTERM);
		if (!pty_wait_exit(pty, 5000, NULL)) {
			kill(pty->pid, SIGKILL);
			pty_wait_exit(pty, 5000, NULL);
		}
	}
	status = pty->status;
	pty_hang_up(pty);
	vterm_free(pty->vterm);
	free(pty);
	return status;
}

pid_t
pty_pid(const struct pty *pty)
{
	return pty->pid;
}

int
pty_rows(const struct pty *pty)
{
	return pty->rows;
}

int
pty_cols(const struct pty *pty)
{
	return pty->cols;
}

static size_t
put_utf8(uint32_t c, char *out)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

struct pty_cell
pty_cell(struct pty *pty, int row, int col)
{
	struct pty_cell seen = { .fg = -1, .bg = -1 };
	VTermScreenCell cell;
	size_t len = 0;

	if (!vterm_screen_get_cell(pty->screen, (VTermPos){ row, col }, &cell))
		return seen;
	for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] != 0; i++) {
		if (cell.chars[i] == (uint32_t)-1)
			break;
		len += put_utf8(cell.chars[i], seen.text + len);
	}
	seen.text[len] = 0;
	seen.width = cell.width;
	seen.bold = cell.attrs.bold;
	seen.reverse = cell.attrs.reverse;
	seen.underline = cell.attrs.underline != 0;
	seen.default_fg = VTERM_COLOR_IS_DEFAULT_FG(&cell.fg);
	seen.default_bg = VTERM_COLOR_IS_DEFAULT_BG(&cell.bg);
	if (!seen.default_fg && VTERM_COLOR_IS_INDEXED(&cell.fg))
		seen.fg = cell.fg.indexed.idx;
	if (!seen.default_bg && VTERM_COLOR_IS_INDEXED(&cell.bg))
		seen.bg = cell.bg.indexed.idx;
	return seen;
}

const char *
pty_row(struct pty *pty, int row)
{
	size_t len = 0, end = 0;

	for (int col = 0; col < pty->cols && len + 40 < sizeof pty->row_text; ) {
		struct pty_cell cell = pty_cell(pty, row, col);
		size_t n = strlen(cell.text);
		if (n == 0) {
			pty->row_text[len++] = ' ';
		} else {
			memcpy(pty->row_text + len, cell.text, n);
			len += n;
			if (strcmp(cell.text, " ") != 0)
				end = len;
		}
		col += cell.width > 1 ? cell.width : 1;
	}
	pty->row_text[end] = 0;
	return pty->row_text;
}

int
pty_find(struct pty *pty, const char *text)
{
	for (int row = 0; row < pty->rows; row++)
		if (strstr(pty_row(pty, row), text) != NULL)
			return row;
	return -1;
}

void
pty_cursor(struct pty *pty, int *ret_row, int *ret_col, bool *ret_visible)
{
	*ret_row = pty->cursor.row;
	*ret_col = pty->cursor.col;
	*ret_visible = pty->cursor_visible;
}

uint64_t
pty_bytes(const struct pty *pty)
{
	return pty->bytes;
}

bool
pty_alternate(const struct pty *pty)
{
	return pty->alternate;
}

const char *
pty_raw(const struct pty *pty, size_t *ret_len)
{
	*ret_len = pty->raw_len;
	return pty->raw;
}

void
pty_show(struct pty *pty)
{
	fprintf(stderr, "# +--- %d x %d\n", pty->cols, pty->rows);
	for (int row = 0; row < pty->rows; row++)
		fprintf(stderr, "# |%s\n", pty_row(pty, row));
}
