/* Purpose: the program's own screen in a real pseudo-terminal, on tapes that the tests write: what
 * a person sees and types, from the first frame to a stop that fires while nobody reads the line.
 *
 * ROBSON names the program, top_builddir the build tree. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "screens/pty.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct world {
	char folder[64], db[96], config[96], tape[128];
	struct pty *pty;
};

static const char *
program(void)
{
	const char *robson = getenv("ROBSON");

	return robson != NULL ? robson : "src/robson";
}

/* ---- tapes: one quote a second of BTCUSDC ---- */

enum { TAPE_SECONDS = 600 };

static void
write_tape(struct world *world, const char *name, int falls_at, int falls_to)
{
	snprintf(world->tape, sizeof world->tape, "%s/%s.csv", world->folder, name);
	FILE *file = fopen(world->tape, "w");
	assert_non_null(file);
	fprintf(file, "time,symbol,bid,ask\n");
	for (int i = 0; i < TAPE_SECONDS; i++) {
		int price = i >= falls_at ? falls_to : 100000 + i % 7;
		fprintf(file, "%lld,BTCUSDC,%d.%02d,%d.%02d\n", 1767571200000ll + i * 1000ll, price / 10,
		        price % 10 * 10, price / 10, price % 10 * 10 + 1);
	}
	fclose(file);
}

static int
setup(void **state)
{
	struct world *world = calloc(1, sizeof *world);
	FILE *file;

	if (world == NULL)
		return -1;
	snprintf(world->folder, sizeof world->folder, "/tmp/robson-screen-XXXXXX");
	if (mkdtemp(world->folder) == NULL)
		return -1;
	snprintf(world->db, sizeof world->db, "%s/book.db", world->folder);
	snprintf(world->config, sizeof world->config, "%s/robson.ini", world->folder);
	file = fopen(world->config, "w");
	if (file == NULL)
		return -1;
	fprintf(file, "[book]\ncapital = 2000\n");
	fclose(file);
	write_tape(world, "flat", TAPE_SECONDS, 0);
	*state = world;
	return 0;
}

static int
teardown(void **state)
{
	struct world *world = *state;
	char command[128];

	pty_stop(world->pty);
	snprintf(command, sizeof command, "rm -rf '%s'", world->folder);
	if (system(command) != 0)
		return -1;
	free(world);
	return 0;
}

static void
open_screen(struct world *world, int rows, int cols, const char *const env[], const char *extra)
{
	char feed[160], *argv[] = { strdup(program()), strdup("--db"), world->db, strdup("--config"),
		world->config, strdup("--feed"), feed, strdup("--scratch"),
		extra != NULL ? strdup(extra) : NULL, NULL };

	snprintf(feed, sizeof feed, "replay:%s", world->tape);
	world->pty = pty_start(rows, cols, argv, env);
	for (int i = 0; i < 9; i++)
		if (i != 2 && i != 4 && i != 6)
			free(argv[i]);
	assert_non_null(world->pty);
}

/* What a command of the same program prints. */
static void
shell(const struct world *world, const char *arguments, char *ret, size_t size)
{
	char command[512];
	size_t got;

	snprintf(command, sizeof command, "'%s' --db '%s' --config '%s' --feed 'replay:%s' %s 2>&1",
	         program(), world->db, world->config, world->tape, arguments);
	FILE *out = popen(command, "r");
	assert_non_null(out);
	got = fread(ret, 1, size - 1, out);
	ret[got] = 0;
	pclose(out);
}

static void
must_show(struct world *world, const char *text)
{
	if (pty_wait_text(world->pty, text, 15000))
		return;
	pty_show(world->pty);
	fail_msg("'%s' never came", text);
}

static void
must_go(struct world *world, const char *text)
{
	if (pty_wait_gone(world->pty, text, 15000))
		return;
	pty_show(world->pty);
	fail_msg("'%s' stays", text);
}

static void
type(struct world *world, const char *text)
{
	pty_type(world->pty, text, 4);
}

/* Esc, with the pause that tells it from the beginning of a sequence. */
static void
escape(struct world *world)
{
	pty_send(world->pty, "\033");
	pty_read_for(world->pty, 120);
}

/* n, then the fields: symbol, side, -, entry -, stop, target. */
static void
fill_form(struct world *world, const char *stop, const char *target)
{
	type(world, "n");
	must_show(world, "Esc leaves the field");
	type(world, "btcusdc\r\r\r\r");
	type(world, stop);
	type(world, "\r");
	type(world, target);
	escape(world);
	must_show(world, "v validate  x execute");
}

static void
validate(struct world *world)
{
	type(world, "v");
	must_show(world, "VALIDATED  ");
}

/* Past the deaf half second, one deliberate key. */
static void
answer(struct world *world, const char *question, const char *key)
{
	must_show(world, question);
	pty_read_for(world->pty, 650);
	type(world, key);
}

static void
trade(struct world *world, const char *stop, const char *target)
{
	fill_form(world, stop, target);
	validate(world);
	type(world, "x");
	answer(world, "Execute in DRY-RUN?", "y");
	must_show(world, "operation 1 ACTIVE");
}

static void
quit(struct world *world)
{
	int status = -1;

	type(world, "q");
	assert_true(pty_wait_exit(world->pty, 10000, &status));
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_false(pty_alternate(world->pty));
}

/* ---- the first look ---- */

static void
it_opens_on_a_tape_and_says_that_it_is_one(void **state)
{
	struct world *world = *state;
	open_screen(world, 24, 80, NULL, NULL);
	must_show(world, "DRY-RUN");
	must_show(world, "Book: a scratch");
	must_show(world, "tape");
	must_show(world, "watching 0");
	must_show(world, "nothing is open");
	assert_true(pty_alternate(world->pty));
	quit(world);
}

static void
it_is_refused_where_there_is_no_terminal(void **state)
{
	struct world *world = *state;
	char out[2048];
	shell(world, "</dev/null", out, sizeof out);
	assert_non_null(strstr(out, "needs a terminal"));
}

/* ---- a whole trade ---- */

static void
trade_at(struct world *world, int rows, int cols)
{
	open_screen(world, rows, cols, NULL, NULL);
	must_show(world, "DRY-RUN");
	trade(world, "-1%", "3R");
	must_show(world, "watching 1");
	must_show(world, "LONG");
	/* the operation in full */
	type(world, "\t\r");
	must_show(world, "Operation 1");
	must_show(world, "stop");
	escape(world);
	/* leave it */
	type(world, "c");
	answer(world, "Close operation 1 now?", "y");
	must_show(world, "nothing is open");
	type(world, "2");
	must_show(world, "by hand");
	type(world, "l");
	must_show(world, "closed");
	escape(world);
	quit(world);
	char out[4096];
	shell(world, "operations --json", out, sizeof out);
	assert_non_null(strstr(out, "\"CLOSED\""));
	assert_non_null(strstr(out, "\"MANUAL\""));
}

static void
a_trade_by_hand_at_80x24(void **state)
{
	trade_at(*state, 24, 80);
}

static void
a_trade_by_hand_at_120x34(void **state)
{
	trade_at(*state, 34, 120);
}

static void
a_trade_by_hand_at_200x50(void **state)
{
	trade_at(*state, 50, 200);
}

/* ---- typing ---- */

static void
size_and_loss_follow_every_keystroke(void **state)
{
	struct world *world = *state;
	open_screen(world, 34, 120, NULL, NULL);
	must_show(world, "DRY-RUN");
	type(world, "nbtcusdc\r\r\r\r9900");
	must_show(world, "loses 20.00");
	must_show(world, "-1.10 %");
	char before[1024];
	int row = pty_find(world->pty, "Size ");
	assert_true(row >= 0);
	snprintf(before, sizeof before, "%.1000s", pty_row(world->pty, row));
	type(world, "\177\17750");                /* 9900 -> 9950: half the way, twice the size */
	must_show(world, "-0.60 %");
	assert_string_not_equal(pty_row(world->pty, pty_find(world->pty, "Size ")), before);
	escape(world);
	quit(world);
}

static void
percent_and_r_become_prices(void **state)
{
	struct world *world = *state;
	open_screen(world, 34, 120, NULL, NULL);
	must_show(world, "DRY-RUN");
	/* a limit entry, so that the figures stand still: 1 % of 9,990 below it, 3 times that above */
	type(world, "nbtcusdc\r\r\r9990\r-1%\r3R");
	must_show(world, "9,890.10");
	must_show(world, "10,289.70");
	escape(world);
	quit(world);
}

static void
arrows_move_a_price_by_the_tick(void **state)
{
	struct world *world = *state;
	open_screen(world, 34, 120, NULL, NULL);
	must_show(world, "DRY-RUN");
	type(world, "nbtcusdc\r\r\r\r9900\033[A\033[A");
	must_show(world, "9900.02");
	type(world, "\033[B\033[B\033[B");
	must_show(world, "9899.99");
	escape(world);
	quit(world);
}

static void
symbols_complete(void **state)
{
	struct world *world = *state;
	open_screen(world, 34, 120, NULL, NULL);
	must_show(world, "DRY-RUN");
	type(world, "nbt");
	must_show(world, "BTCUSDC");                  /* offered behind the cursor */
	type(world, "\t");
	pty_settle(world->pty, 100, 1000);
	int row, col;
	bool visible;
	pty_cursor(world->pty, &row, &col, &visible);
	assert_true(visible);
	assert_string_equal(pty_cell(world->pty, row, col - 1).text, "C");
	escape(world);
	quit(world);
}

static void
a_field_in_error_says_why_before_anything_is_sent(void **state)
{
	struct world *world = *state;
	open_screen(world, 34, 120, NULL, NULL);
	must_show(world, "DRY-RUN");
	type(world, "nbtcusdc\r\r\r\r1.2.3");
	must_show(world, "✗ stop");
	escape(world);
	type(world, "v");
	must_show(world, "stop:");
	char out[4096];
	shell(world, "intents --json", out, sizeof out);
	assert_string_equal(out, "");
	quit(world);
}

static void
letters_in_a_field_are_text_and_enter_submits_nothing(void **state)
{
	struct world *world = *state;
	open_screen(world, 34, 120, NULL, NULL);
	must_show(world, "DRY-RUN");
	type(world, "nvxqz\r\r\r\rvxq\r\r\r\rvxqc1x\r\r\r\r\r");
	must_show(world, "VXQZ");
	must_show(world, "vxqc1x");
	char out[4096];
	shell(world, "intents --json", out, sizeof out);
	assert_string_equal(out, "");
	quit(world);
}

static void
a_pasted_text_commands_nothing(void **state)
{
	struct world *world = *state;
	open_screen(world, 24, 80, NULL, NULL);
	must_show(world, "DRY-RUN");
	pty_send(world->pty, "\033[200~q\rnx\ry\033[201~");
	pty_settle(world->pty, 200, 1500);
	must_show(world, "nothing is open");
	assert_int_equal(pty_find(world->pty, "Esc leaves the field"), -1);
	quit(world);
}

/* ---- questions ---- */

static void
the_harmless_answer_has_the_focus(void **state)
{
	struct world *world = *state;
	open_screen(world, 34, 120, NULL, NULL);
	must_show(world, "DRY-RUN");
	fill_form(world, "-1%", "3R");
	validate(world);
	type(world, "xyyy");                          /* typed ahead: dropped */
	must_show(world, "Execute in DRY-RUN?");
	pty_read_for(world->pty, 650);
	must_show(world, "Execute in DRY-RUN?");
	type(world, "\r");
	must_go(world, "Execute in DRY-RUN?");
	must_show(world, "nothing was done");
	must_show(world, "nothing is open");
	quit(world);
}

static void
what_is_not_validated_is_not_executed_and_the_step_is_named(void **state)
{
	struct world *world = *state;
	open_screen(world, 34, 120, NULL, NULL);
	must_show(world, "DRY-RUN");
	fill_form(world, "-1%", "3R");
	type(world, "x");
	must_show(world, "v first, then x");
	quit(world);
}

/* The form has the focus again, and asks for LIVE. */
static void
ask_for_live(struct world *world)
{
	fill_form(world, "-1%", "3R");
	validate(world);
	type(world, "\t\tL");                         /* report, operations, form */
	must_show(world, "Intent · LIVE");
	type(world, "x");
	must_show(world, "LIVE order: real money");
	pty_read_for(world->pty, 700);
}

static void
nothing_is_open(struct world *world)
{
	char out[4096];

	shell(world, "operations --json", out, sizeof out);
	assert_string_equal(out, "");
}

static void
a_guard_that_fails_closes_the_confirm_dialog(void **state)
{
	struct world *world = *state;
	open_screen(world, 34, 120, NULL, NULL);
	must_show(world, "DRY-RUN");
	ask_for_live(world);                          /* while the book's LIVE switch is off */
	must_show(world, "✗ policy");
	pty_type(world->pty, "CONFIRM", 80);
	pty_send(world->pty, "\r");
	must_show(world, "Nothing is sent");
	escape(world);
	must_go(world, "LIVE order");
	nothing_is_open(world);
	quit(world);
}

static void
live_takes_the_typed_word_alone_and_is_then_refused_by_the_desk(void **state)
{
	struct world *world = *state;
	open_screen(world, 34, 120, NULL, NULL);
	must_show(world, "DRY-RUN");
	type(world, ":live on\r");
	answer(world, "LIVE switch on?", "y");
	must_show(world, "the LIVE switch is ON");
	ask_for_live(world);
	must_show(world, "Type CONFIRM");
	pty_send(world->pty, "CONFIRM\r");            /* one read: no hand types like that */
	must_show(world, "by hand");
	pty_send(world->pty, "\033[200~CONFIRM\033[201~\r");
	must_show(world, "not the word");
	pty_type(world->pty, "confirm\r", 60);
	must_show(world, "not the word");
	pty_type(world->pty, "CONFIRM", 60);
	must_show(world, "CONFIRM ]");
	pty_send(world->pty, "\r");
	must_go(world, "LIVE order");
	must_show(world, "never acts on LIVE");       /* every gate that a tape can reach was passed */
	nothing_is_open(world);
	quit(world);
}

static void
quitting_with_something_open_asks(void **state)
{
	struct world *world = *state;
	open_screen(world, 24, 80, NULL, NULL);
	must_show(world, "DRY-RUN");
	trade(world, "-1%", "3R");
	type(world, "q");
	must_show(world, "Quit while something is open?");
	must_show(world, "unwatched");
	pty_read_for(world->pty, 650);
	type(world, "\r");                            /* stay */
	must_go(world, "Quit while something is open?");
	must_show(world, "watching 1");
	type(world, "q");
	answer(world, "Quit while something is open?", "x");
	int status = -1;
	assert_true(pty_wait_exit(world->pty, 10000, &status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* ---- sizes ---- */

static void
small_screens_say_what_they_need_and_watch_on(void **state)
{
	struct world *world = *state;
	open_screen(world, 16, 60, NULL, NULL);
	must_show(world, "DRY-RUN");
	trade(world, "-1%", "3R");
	pty_resize(world->pty, 10, 40);
	must_show(world, "60x16 is needed");
	must_show(world, "The stops go on");
	must_show(world, "BTCUSDC");
	pty_resize(world->pty, 1, 1);
	pty_read_for(world->pty, 300);
	pty_resize(world->pty, 24, 80);
	must_show(world, "watching 1");
	type(world, "q");
	answer(world, "Quit while something is open?", "x");
	assert_true(pty_wait_exit(world->pty, 10000, NULL));
}

static void
unsent_input_survives_a_storm_of_sizes(void **state)
{
	struct world *world = *state;
	uint32_t seed = 7;
	open_screen(world, 24, 80, NULL, NULL);
	must_show(world, "DRY-RUN");
	type(world, "nbtcusdc\r\r\r\r98");
	for (int i = 0; i < 60; i++) {
		seed = seed * 1664525u + 1013904223u;
		int rows = 1 + (int)(seed >> 8) % 70;
		seed = seed * 1664525u + 1013904223u;
		pty_resize(world->pty, rows, 1 + (int)(seed >> 8) % 220);
		pty_read_for(world->pty, i % 5 == 0 ? 40 : 2);
		if (i == 30)
			type(world, "00");
	}
	pty_resize(world->pty, 34, 120);
	must_show(world, "9800");
	must_show(world, "BTCUSDC");
	must_show(world, "loses");
	escape(world);
	quit(world);
}

/* ---- looks ---- */

static void
ascii_is_ascii_and_mono_is_mono(void **state)
{
	struct world *world = *state;
	static const char *const env[] = { "NO_COLOR=1", NULL };
	open_screen(world, 34, 120, env, "--ascii");
	must_show(world, "DRY-RUN");
	trade(world, "-1%", "3R");
	type(world, "\t\r");
	must_show(world, "Operation 1");
	pty_settle(world->pty, 100, 1000);
	for (int row = 0; row < 34; row++)
		for (int col = 0; col < 120; col++) {
			struct pty_cell cell = pty_cell(world->pty, row, col);
			assert_true(strlen(cell.text) <= 1);
			assert_true(cell.default_fg && cell.default_bg);
		}
	escape(world);
	type(world, "q");
	answer(world, "Quit while something is open?", "x");
	assert_true(pty_wait_exit(world->pty, 10000, NULL));
}

static void
text_from_the_book_cannot_command_the_terminal(void **state)
{
	struct world *world = *state;
	char out[4096];
	shell(world, "plan buy BTCUSDC --stop 9900 --entry 10000 --reason \"$(printf 'a\\033[2J\\033]0;x\\007b')\"",
	      out, sizeof out);
	open_screen(world, 34, 120, NULL, NULL);
	must_show(world, "DRY-RUN");
	type(world, "3");
	must_show(world, "PENDING");
	size_t len;
	pty_settle(world->pty, 100, 1000);
	const char *raw = pty_raw(world->pty, &len);
	assert_null(memmem(raw, len, "\033]0;x", 5));
	assert_true(pty_find(world->pty, "Intents") >= 0);
	quit(world);
}

static void
a_key_costs_few_bytes(void **state)
{
	struct world *world = *state;
	open_screen(world, 50, 200, NULL, NULL);
	must_show(world, "DRY-RUN");
	type(world, "nbtcusdc\r\r\r\r");
	pty_settle(world->pty, 300, 3000);
	uint64_t before = pty_bytes(world->pty);
	type(world, "9");
	pty_read_for(world->pty, 300);
	assert_true(pty_bytes(world->pty) - before < 2000);
	escape(world);
	quit(world);
}

/* ---- lists and helpers ---- */

static void
help_names_the_keys_of_the_pane_first(void **state)
{
	struct world *world = *state;
	open_screen(world, 34, 120, NULL, NULL);
	must_show(world, "DRY-RUN");
	type(world, "?");
	must_show(world, "Intent form");
	must_show(world, "Plan what the form holds");
	escape(world);
	type(world, "\t\t?");
	must_show(world, "Exit the position now");
	escape(world);
	quit(world);
}

static void
an_id_stands_on_a_line_of_its_own_to_copy(void **state)
{
	struct world *world = *state;
	open_screen(world, 24, 80, NULL, NULL);
	must_show(world, "DRY-RUN");
	fill_form(world, "-1%", "3R");
	validate(world);
	type(world, "y");
	must_show(world, "intent");
	pty_settle(world->pty, 100, 1000);
	assert_int_equal(strlen(pty_row(world->pty, 3)), 36);
	escape(world);
	quit(world);
}

static void
the_command_line_knows_the_verbs_of_the_shell(void **state)
{
	struct world *world = *state;
	open_screen(world, 34, 120, NULL, NULL);
	must_show(world, "DRY-RUN");
	type(world, ":plan buy btcusdc --stop -1% --target 3R --reason 'two words'\r");
	must_show(world, "two words");
	must_show(world, "loses 20.00");
	type(world, ":pau\t");
	must_show(world, ":pause");
	type(world, "lunch\r");
	must_show(world, "PAUSED");
	type(world, ":nonsense\r");
	must_show(world, "no such command");
	type(world, ":resume\r");
	must_show(world, "resumed");
	quit(world);
}

static void
rows_can_be_filtered_and_sorted(void **state)
{
	struct world *world = *state;
	char out[4096];
	shell(world, "plan buy BTCUSDC --stop 9900 --entry 10000 --reason first", out, sizeof out);
	shell(world, "plan buy BTCUSDC --stop 9800 --entry 10000 --reason second", out, sizeof out);
	open_screen(world, 34, 120, NULL, NULL);
	must_show(world, "DRY-RUN");
	type(world, "3");
	must_show(world, "first");
	must_show(world, "second");
	type(world, "/sec");
	must_go(world, "first");
	must_show(world, "1 of 2, filter: sec");
	type(world, "\r");
	escape(world);
	must_show(world, "first");
	type(world, "o");
	must_show(world, "sorted by INTENT");
	quit(world);
}

static void
a_frozen_view_says_that_the_stops_go_on(void **state)
{
	struct world *world = *state;
	open_screen(world, 34, 120, NULL, NULL);
	must_show(world, "DRY-RUN");
	type(world, "Z");
	must_show(world, "FROZEN, stops go on");
	type(world, "Z");
	must_go(world, "FROZEN");
	quit(world);
}

/* ---- the line and the stops ---- */

/* A tape that falls through the stop some seconds after the trade was made; the rest of the test
 * must be quicker than that. */
enum { FALLS_AT = 18 };

static void
must_be_stopped(struct world *world, int within_ms)
{
	char out[8192];
	int64_t until = pty_now_ms() + within_ms;

	for (;;) {
		shell(world, "operations --json", out, sizeof out);
		if (strstr(out, "\"STOP_LOSS\"") != NULL)
			return;
		if (pty_now_ms() > until)
			fail_msg("never stopped: %s", out);
		pty_read_for(world->pty, 200);
	}
}

/* Seconds of the tape at which the newest event of that kind happened; -1: none. */
static int
tape_second_of(const struct world *world, const char *kind)
{
	char out[65536], *at;
	int second = -1;

	shell(world, "log --json", out, sizeof out);
	for (char *line = strtok(out, "\n"); line != NULL; line = strtok(NULL, "\n")) {
		if (strstr(line, kind) == NULL || (at = strstr(line, "T00:0")) == NULL)
			continue;
		second = (at[5] - '0') * 60 + (at[7] - '0') * 10 + (at[8] - '0');
	}
	return second;
}

static void
a_stop_fires_while_nobody_reads_the_line(void **state)
{
	struct world *world = *state;
	write_tape(world, "falls", FALLS_AT, 95000);
	open_screen(world, 50, 200, NULL, NULL);
	must_show(world, "DRY-RUN");
	trade(world, "-1%", "3R");
	/* Stall until well after the fall, then look. */
	pty_stall(world->pty, FALLS_AT * 1000 + 2000);
	must_show(world, "nothing is open");
	int second = tape_second_of(world, "stop_fired");
	if (second < 0)
		second = tape_second_of(world, "exit_wanted");
	assert_in_range(second, FALLS_AT, FALLS_AT + 2);
	type(world, "2");
	must_show(world, "stop");
	quit(world);
}

static void
a_closed_terminal_leaves_the_stops_watched(void **state)
{
	struct world *world = *state;
	write_tape(world, "falls", FALLS_AT, 95000);
	open_screen(world, 24, 80, NULL, NULL);
	must_show(world, "DRY-RUN");
	trade(world, "-1%", "3R");
	pty_hang_up(world->pty);
	must_be_stopped(world, FALLS_AT * 1000 + 10000);
	/* With nothing left to watch it ends by itself. */
	int status = -1;
	assert_true(pty_wait_exit(world->pty, 10000, &status));
	assert_true(WIFEXITED(status));
	/* A new screen says what happened meanwhile. */
	pty_stop(world->pty);
	open_screen(world, 24, 80, NULL, NULL);
	must_show(world, "Meanwhile: op 1 closed");
	quit(world);
}

static void
ctrl_z_is_refused_while_nobody_else_would_watch(void **state)
{
	struct world *world = *state;
	open_screen(world, 24, 80, NULL, NULL);
	must_show(world, "DRY-RUN");
	trade(world, "-1%", "3R");
	type(world, "\032");
	must_show(world, "nobody else would watch");
	must_show(world, "watching 1");
	type(world, "q");
	answer(world, "Quit while something is open?", "x");
	assert_true(pty_wait_exit(world->pty, 10000, NULL));
}

static void
ctrl_z_gives_the_shell_its_terminal_when_nothing_is_open(void **state)
{
	struct world *world = *state;
	int status = 0;
	open_screen(world, 24, 80, NULL, NULL);
	must_show(world, "nothing is open");
	type(world, "\032");
	for (int i = 0; i < 100 && !WIFSTOPPED(status); i++) {
		waitpid(pty_pid(world->pty), &status, WUNTRACED | WNOHANG);
		pty_read_for(world->pty, 50);
	}
	assert_true(WIFSTOPPED(status));
	assert_false(pty_alternate(world->pty));
	kill(pty_pid(world->pty), SIGCONT);
	must_show(world, "nothing is open");
	assert_true(pty_alternate(world->pty));
	quit(world);
}

#define SCREEN_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCREEN_TEST(it_opens_on_a_tape_and_says_that_it_is_one),
		SCREEN_TEST(it_is_refused_where_there_is_no_terminal),
		SCREEN_TEST(a_trade_by_hand_at_80x24),
		SCREEN_TEST(a_trade_by_hand_at_120x34),
		SCREEN_TEST(a_trade_by_hand_at_200x50),
		SCREEN_TEST(size_and_loss_follow_every_keystroke),
		SCREEN_TEST(percent_and_r_become_prices),
		SCREEN_TEST(arrows_move_a_price_by_the_tick),
		SCREEN_TEST(symbols_complete),
		SCREEN_TEST(a_field_in_error_says_why_before_anything_is_sent),
		SCREEN_TEST(letters_in_a_field_are_text_and_enter_submits_nothing),
		SCREEN_TEST(a_pasted_text_commands_nothing),
		SCREEN_TEST(the_harmless_answer_has_the_focus),
		SCREEN_TEST(what_is_not_validated_is_not_executed_and_the_step_is_named),
		SCREEN_TEST(a_guard_that_fails_closes_the_confirm_dialog),
		SCREEN_TEST(live_takes_the_typed_word_alone_and_is_then_refused_by_the_desk),
		SCREEN_TEST(quitting_with_something_open_asks),
		SCREEN_TEST(small_screens_say_what_they_need_and_watch_on),
		SCREEN_TEST(unsent_input_survives_a_storm_of_sizes),
		SCREEN_TEST(ascii_is_ascii_and_mono_is_mono),
		SCREEN_TEST(text_from_the_book_cannot_command_the_terminal),
		SCREEN_TEST(a_key_costs_few_bytes),
		SCREEN_TEST(help_names_the_keys_of_the_pane_first),
		SCREEN_TEST(an_id_stands_on_a_line_of_its_own_to_copy),
		SCREEN_TEST(the_command_line_knows_the_verbs_of_the_shell),
		SCREEN_TEST(rows_can_be_filtered_and_sorted),
		SCREEN_TEST(a_frozen_view_says_that_the_stops_go_on),
		SCREEN_TEST(a_stop_fires_while_nobody_reads_the_line),
		SCREEN_TEST(a_closed_terminal_leaves_the_stops_watched),
		SCREEN_TEST(ctrl_z_is_refused_while_nobody_else_would_watch),
		SCREEN_TEST(ctrl_z_gives_the_shell_its_terminal_when_nothing_is_open),
	};
	const char *only = getenv("SCREEN_TEST_ONLY");
	if (only != NULL)
		cmocka_set_test_filter(only);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
