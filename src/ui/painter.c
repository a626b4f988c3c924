/* Purpose: the only door to curses.
 *
 *   grid --cells that changed--> curses --memory--> outbox
 *
 * curses insists on a descriptor to write to, and blocks (or spins) when it is full.  So it gets a
 * file in memory, which is never full, and what it wrote is taken from there after each frame.  For
 * the same reason it neither reads keys nor sets modes: it would take the shell's descriptors. */
#define _GNU_SOURCE   /* memfd_create */
#include "ui/painter.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

#include <curses.h>

struct painter {
	int memory;                   /* what curses writes to */
	FILE *out, *in;
	SCREEN *screen;
	enum theme theme;
	bool repaint;
	struct grid shown;            /* what the terminal shows, as far as we know */
};

void
painter_capability(const char *name, char *ret_bytes, size_t size)
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

void
painter_learn_keys(struct input *input)
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

static short
curses_color(int color)
{
	return (short)color;
}

/* One colour pair for each style, numbered by it. */
static void
prepare_colors(struct painter *painter)
{
	if (painter->theme == THEME_MONO)
		return;
	start_color();
	use_default_colors();
	for (unsigned style = 1; style < STYLE_COUNT; style++) {
		struct look look = theme_look(painter->theme, style);
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

/* curses can't ask a file for its size, and not every description states one (linux: none). */
static void
say_size(int rows, int cols)
{
	char number[16];

	text_format(number, sizeof number, "%d", rows);
	setenv("LINES", number, 1);
	text_format(number, sizeof number, "%d", cols);
	setenv("COLUMNS", number, 1);
}

static SCREEN *
start_curses(struct painter *painter, const char *term, int rows, int cols)
{
	struct sigaction before[ARRAY_LEN(curses_signals)], ignore;
	sigset_t block, mask;
	SCREEN *screen;

	setenv("NCURSES_NO_PADDING", "1", 1);     /* padding would be slept, or sent as NULs */
	say_size(rows, cols);
	memset(&ignore, 0, sizeof ignore);
	ignore.sa_handler = on_no_signal;
	sigemptyset(&block);
	for (size_t i = 0; i < ARRAY_LEN(curses_signals); i++)
		sigaddset(&block, curses_signals[i]);
	sigprocmask(SIG_BLOCK, &block, &mask);    /* what comes meanwhile is for the real handlers */
	for (size_t i = 0; i < ARRAY_LEN(curses_signals); i++)
		sigaction(curses_signals[i], &ignore, &before[i]);
	screen = newterm(term, painter->out, painter->in);
	for (size_t i = 0; i < ARRAY_LEN(curses_signals); i++)
		sigaction(curses_signals[i], &before[i], NULL);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	unsetenv("LINES");                        /* it changes; nobody shall inherit the old one */
	unsetenv("COLUMNS");
	return screen;
}

void
painter_close(struct painter *painter)
{
	if (painter == NULL)
		return;
	if (painter->screen != NULL)
		delscreen(painter->screen);
	if (painter->out != NULL)
		fclose(painter->out);
	else if (painter->memory >= 0)
		close(painter->memory);
	if (painter->in != NULL)
		fclose(painter->in);
	grid_done(&painter->shown);
	free(painter);
}

static enum status
open_files(struct painter *painter, struct error *err)
{
	painter->memory = memfd_create("curses", MFD_CLOEXEC);
	if (painter->memory < 0)
		return error_set(err, STATUS_UNAVAILABLE, "no memory file for the screen: %s",
		                 strerror(errno));
	painter->out = fdopen(painter->memory, "w");
	painter->in = fopen("/dev/null", "re");
	if (painter->out == NULL || painter->in == NULL)
		return error_set(err, STATUS_UNAVAILABLE, "cannot open the screen: %s", strerror(errno));
	return STATUS_OK;
}

static enum status
start(struct painter *painter, const char *term, bool no_color, int rows, int cols,
      struct error *err)
{
	char cup[64];

	painter->screen = start_curses(painter, term, rows, cols);
	if (painter->screen == NULL) {
		error_set(err, STATUS_UNAVAILABLE, "the terminal '%s' is not known on this machine", term);
		error_hint(err, "try TERM=xterm-256color, or install ncurses-term");
		return STATUS_UNAVAILABLE;
	}
	painter_capability("cup", cup, sizeof cup);
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
	painter->theme = theme_for_colors(tigetnum("colors"), no_color);
	prepare_colors(painter);
	if (grid_resize(&painter->shown, rows, cols) != STATUS_OK)
		return error_set(err, STATUS_NO_MEMORY, "no memory for the screen");
	resize_term(rows, cols);
	return STATUS_OK;
}

enum status
painter_open(const char *term, bool no_color, enum glyphs glyphs, int rows, int cols,
             struct painter **ret, struct error *err)
{
	struct painter *painter = calloc(1, sizeof *painter);
	enum status status;

	if (painter == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for the screen");
	painter->memory = -1;
	painter->repaint = true;
	grid_init(&painter->shown, glyphs);
	status = open_files(painter, err);
	if (status == STATUS_OK)
		status = start(painter, term, no_color, rows, cols, err);
	if (status != STATUS_OK) {
		painter_close(painter);
		return status;
	}
	*ret = painter;
	return STATUS_OK;
}

enum theme
painter_theme(const struct painter *painter)
{
	return painter->theme;
}

void
painter_size(const struct painter *painter, int *ret_rows, int *ret_cols)
{
	*ret_rows = painter->shown.rows;
	*ret_cols = painter->shown.cols;
}

bool
painter_resize(struct painter *painter, int rows, int cols)
{
	if (grid_resize(&painter->shown, rows, cols) != STATUS_OK)
		return false;
	resize_term(rows, cols);
	painter->repaint = true;
	return true;
}

void
painter_repaint(struct painter *painter)
{
	painter->repaint = true;
}

/* Moves what curses wrote from its file in memory to out; NULL: drops it. */
static void
collect(struct painter *painter, struct outbox *out)
{
	struct stat info;

	if (fstat(painter->memory, &info) != 0 || info.st_size <= 0)
		return;
	if (out != NULL) {
		size_t size = (size_t)info.st_size;
		char *frame = malloc(size);
		ssize_t got = frame != NULL ? pread(painter->memory, frame, size, 0) : -1;
		if (got != info.st_size || !outbox_append_frame(out, frame, size))
			painter->repaint = true;      /* what is shown is not known any more */
		free(frame);
	}
	if (ftruncate(painter->memory, 0) == 0)
		lseek(painter->memory, 0, SEEK_SET);
}

void
painter_left(struct painter *painter)
{
	endwin();
	collect(painter, NULL);                   /* the tty's own reset says it all */
	painter->repaint = true;
}

static attr_t
attributes(const struct painter *painter, unsigned style)
{
	struct look look = theme_look(painter->theme, style);
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
paint_cell(const struct painter *painter, int row, int col, const struct cell *cell)
{
	wchar_t text[4] = { (wchar_t)cell->glyph, (wchar_t)cell->mark[0], (wchar_t)cell->mark[1], 0 };
	unsigned style = cell->style;
	short pair = painter->theme == THEME_MONO ? 0 : (short)(style & STYLE_MASK);
	cchar_t complex;

	if (cell->width == 0)
		return;                               /* its left half has said it */
	if (setcchar(&complex, text, attributes(painter, style), pair, NULL) == ERR)
		return;
	mvadd_wch(row, col, &complex);
}

void
painter_paint(struct painter *painter, const struct grid *grid, struct outbox *out)
{
	int rows = grid->rows < painter->shown.rows ? grid->rows : painter->shown.rows;
	int cols = grid->cols < painter->shown.cols ? grid->cols : painter->shown.cols;

	if (painter->repaint) {
		clearok(curscr, TRUE);
		erase();
		grid_clear(&painter->shown);
		painter->repaint = false;
	}
	for (int row = 0; row < rows; row++)
		for (int col = 0; col < cols; col++) {
			const struct cell *want = grid_cell(grid, row, col);
			struct cell *have = &painter->shown.cells[(size_t)row *
				(size_t)painter->shown.cols + (size_t)col];
			if (cell_equal(want, have))
				continue;
			paint_cell(painter, row, col, want);
			*have = *want;
		}
	if (grid->cursor_row >= 0 && grid->cursor_row < rows && grid->cursor_col < cols) {
		curs_set(1);
		wmove(stdscr, grid->cursor_row, grid->cursor_col);
	} else {
		curs_set(0);
	}
	refresh();
	collect(painter, out);
}
