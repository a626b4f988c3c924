/* Purpose: a small program on ui/terminal alone, for the tests of the terminal: a counter that
 * a timer of 10 ms drives, the last keys, and what the terminal can do.
 *
 *   demo [--ascii] [--no-color] [--pace FILE] [--crash]
 *
 * --pace writes the longest pause between two turns of the timer, in ms, to FILE when it ends. */
#include "base/clock.h"
#include "base/text.h"
#include "ui/terminal.h"
#include "ui/tty.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

static volatile sig_atomic_t got_winch, got_hup, got_term, got_tstp, got_cont;

static void
on_signal(int signo)
{
	switch (signo) {
	case SIGWINCH: got_winch = 1; break;
	case SIGHUP: got_hup = 1; break;
	case SIGTSTP: got_tstp = 1; break;
	case SIGCONT: got_cont = 1; break;
	default: got_term = 1; break;
	}
}

struct demo {
	struct terminal *terminal;
	struct grid grid;
	char keys[256];
	long ticks, longest_us;
	bool dirty, churn;
};

static void
note_key(struct demo *demo, const struct ui_key *key)
{
	char word[48] = "";

	switch (key->kind) {
	case UI_TEXT: {
		char bytes[5] = { 0 };
		utf8_put(key->codepoint, bytes);
		text_format(word, sizeof word, "%s%s", key->pasted ? "p:" : "", bytes);
		break;
	}
	case UI_KEY: text_format(word, sizeof word, "#%d", key->code); break;
	case UI_PASTE_BEGIN: text_copy(word, sizeof word, "<paste"); break;
	case UI_PASTE_END: text_copy(word, sizeof word, "paste>"); break;
	case UI_MOUSE: text_format(word, sizeof word, "mouse%d@%d,%d", key->code, key->row,
	                           key->col); break;
	case UI_RESIZE: text_copy(word, sizeof word, "resize"); break;
	case UI_LOST: text_copy(word, sizeof word, "lost"); break;
	}
	size_t used = strlen(demo->keys);
	if (used + strlen(word) + 2 > sizeof demo->keys)
		used = 0;
	text_format(demo->keys + used, sizeof demo->keys - used, "%s ", word);
}

static void
draw(struct demo *demo)
{
	int rows, cols;

	terminal_size(demo->terminal, &rows, &cols);
	if (rows != demo->grid.rows || cols != demo->grid.cols) {
		if (grid_resize(&demo->grid, rows, cols) != STATUS_OK)
			return;
	}
	grid_clear(&demo->grid);
	struct canvas all = canvas_whole(&demo->grid);
	canvas_frame(&all, FRAME_ROUND, STYLE_FRAME_FOCUS, "Demo", "q quits");
	canvas_printf(&all, 1, 2, STYLE_PLAIN, "size %dx%d theme %d glyphs %d", cols, rows,
	              (int)terminal_theme(demo->terminal), (int)demo->grid.glyphs);
	canvas_printf(&all, 2, 2, STYLE_ALARM, "ticks %ld", demo->ticks / 100);
	canvas_printf(&all, 3, 2, STYLE_GOOD, "keys %s", demo->keys);
	canvas_text(&all, 4, 2, STYLE_BAD, "wide 漢字 e\xcc\x81 \x1b[2J end");
	canvas_printf(&all, 5, 2, STYLE_PLAIN | STYLE_MARKED, "marked");
	if (demo->churn)
		for (int row = 6; row < rows - 1; row++)
			for (int col = 1; col < cols - 1; col++)
				canvas_glyph(&all, row, col, (unsigned)(demo->ticks + row + col) % STYLE_COUNT,
				             (uint32_t)('A' + (demo->ticks + col * row) % 26));
	canvas_cursor(&all, 3, 7);
}

static bool
turn(struct demo *demo, const sigset_t *during, int64_t *next_us)
{
	struct wait_source source = terminal_source(demo->terminal);
	struct wait wait;
	struct ui_key key;
	int64_t now = clock_mono_us();

	if (demo->dirty && terminal_can_paint(demo->terminal)) {
		draw(demo);
		if (terminal_paint(demo->terminal, &demo->grid))
			demo->dirty = false;
	}
	wait_init(&wait);
	wait_until(&wait, *next_us);
	source.prepare(source.self, &wait, now);
	now = clock_mono_us();
	int64_t left = wait.deadline_mono_us > now ? wait.deadline_mono_us - now : 0;
	struct timespec timeout = { .tv_sec = left / 1000000, .tv_nsec = left % 1000000 * 1000 };
	if (pselect(wait.max_fd + 1, &wait.read, &wait.write, &wait.except, &timeout, during) < 0) {
		FD_ZERO(&wait.read);
		FD_ZERO(&wait.write);
	}
	now = clock_mono_us();
	source.dispatch(source.self, &wait, now);
	if (now >= *next_us) {
		if (now - *next_us > demo->longest_us)
			demo->longest_us = (long)(now - *next_us);
		*next_us = now + 10000;
		demo->ticks++;
		if (demo->churn || demo->ticks % 100 == 0)
			demo->dirty = true;
	}
	if (got_winch) {
		got_winch = 0;
		terminal_resized(demo->terminal, now);
	}
	if (got_tstp) {
		got_tstp = 0;
		terminal_suspend(demo->terminal);
		raise(SIGSTOP);
	}
	if (got_cont) {
		got_cont = 0;
		terminal_resume(demo->terminal, clock_mono_us());
		*next_us = clock_mono_us();
		demo->dirty = true;
	}
	if (got_hup) {
		got_hup = 0;
		terminal_lose(demo->terminal, now);
	}
	while (terminal_next_key(demo->terminal, &key)) {
		note_key(demo, &key);
		demo->dirty = true;
		if (key.kind == UI_LOST)
			return false;
		if (key.kind != UI_TEXT || key.pasted)
			continue;
		if (key.codepoint == 'q')
			return false;
		if (key.codepoint == 'c')
			demo->churn = !demo->churn;
		if (key.codepoint == 'b')
			terminal_bell(demo->terminal);
		if (key.codepoint == '!')
			abort();
	}
	return !got_term;
}

int
main(int argc, char **argv)
{
	static const int mine[] = { SIGWINCH, SIGHUP, SIGTERM, SIGTSTP, SIGCONT };
	struct terminal_options options = { false };
	struct demo demo = { .dirty = true };
	const char *pace = NULL;
	struct error err;
	sigset_t block, during;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--ascii") == 0)
			options.ascii = true;
		else if (strcmp(argv[i], "--no-color") == 0)
			options.no_color = true;
		else if (strcmp(argv[i], "--pace") == 0 && i + 1 < argc)
			pace = argv[++i];
	}
	setlocale(LC_CTYPE, "");
	sigemptyset(&block);
	for (size_t i = 0; i < ARRAY_LEN(mine); i++) {
		struct sigaction action = { .sa_handler = on_signal };
		sigaction(mine[i], &action, NULL);
		sigaddset(&block, mine[i]);
	}
	sigprocmask(SIG_BLOCK, &block, &during);
	error_clear(&err);
	if (terminal_open(&options, &demo.terminal, &err) != STATUS_OK) {
		fprintf(stderr, "demo: %s (%s)\n", err.message, err.hint);
		return 1;
	}
	tty_guard_crashes();
	grid_init(&demo.grid, terminal_glyphs(demo.terminal));
	int64_t next_us = clock_mono_us();
	while (turn(&demo, &during, &next_us))
		;
	terminal_close(demo.terminal);
	grid_done(&demo.grid);
	if (pace != NULL) {
		FILE *file = fopen(pace, "w");
		if (file != NULL) {
			fprintf(file, "%ld %ld\n", demo.longest_us / 1000, demo.ticks);
			fclose(file);
		}
	}
	return 0;
}
