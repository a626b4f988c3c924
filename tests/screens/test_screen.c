/* Purpose: the program's own screen, looked at: whole trades at several sizes, looks, lists and helpers. */
#define _GNU_SOURCE
#include "screens/world.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

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

static void
it_works_in_terminals_of_every_kind(void **state)
{
	struct world *world = *state;
	static const char *const kinds[] = { "xterm", "screen", "tmux", "rxvt", "linux", "vt100", "vt220" };
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		char term[32];
		const char *const env[] = { term, NULL };
		snprintf(term, sizeof term, "TERM=%s", kinds[i]);
		open_screen(world, 24, 80, env, NULL);
		must_show(world, "DRY-RUN");
		must_show(world, "nothing is open");
		type(world, "n");
		must_show(world, "Esc leaves the field");
		type(world, "btcusdc\033[D\033OD");           /* arrows of both spellings */
		must_show(world, "BTCUSDC");
		escape(world);
		quit(world);
		pty_stop(world->pty);
		world->pty = NULL;
	}
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

/* The n-th word after `label` in the first row that holds it; "" if there is none. */
static void
figure_after(struct world *world, const char *label, char *ret, size_t size)
{
	int row = pty_find(world->pty, label);
	const char *at = row >= 0 ? strstr(pty_row(world->pty, row), label) : NULL;

	ret[0] = 0;
	if (at == NULL)
		return;
	at += strlen(label);
	at += strspn(at, " ");
	snprintf(ret, size, "%.*s", (int)strcspn(at, " "), at);
}

static void
nothing_essential_is_cut_at_80_columns(void **state)
{
	struct world *world = *state;
	open_screen(world, 24, 80, NULL, NULL);
	must_show(world, "DRY-RUN");
	must_show(world, "0.0%");                     /* the status line keeps what matters */
	must_show(world, "day 0.00");
	fill_form(world, "-1%", "3R");
	must_show(world, "10,310");
	for (int row = 1; row < 14; row++) {
		/* the form alone: what the report cuts is said in full below */
		char form[256];
		snprintf(form, sizeof form, "%.*s", 118, pty_row(world->pty, row));
		char *end = strstr(form, "││");
		if (end != NULL)
			*end = 0;
		if (end != NULL && strstr(form, "…") != NULL) {
			pty_show(world->pty);
			fail_msg("cut: %s", form);
		}
	}
	int sums = pty_find(world->pty, "loses ");
	assert_true(sums > 0);
	assert_non_null(strstr(pty_row(world->pty, sums), "wins "));
	assert_non_null(strstr(pty_row(world->pty, sums), "fees "));
	validate(world);
	type(world, "x");
	answer(world, "Execute in DRY-RUN?", "y");
	must_show(world, "operation 1 ACTIVE");
	must_show(world, "Intent · DRY-RUN · EXECUTED");
	int row = pty_find(world->pty, "BTCUSDC LONG");
	assert_true(row > 0);
	assert_non_null(strstr(pty_row(world->pty, row), "9,9"));       /* stop */
	assert_non_null(strstr(pty_row(world->pty, row), "10,310"));    /* target */
	assert_non_null(strstr(pty_row(world->pty, row), "PAPER"));
	type(world, "c");
	must_show(world, "does nothing here");        /* the report has no such key, and says so */
	type(world, "\tc");
	answer(world, "Close operation 1 now?", "y");
	must_show(world, "nothing is open");
	quit(world);
}

static void
report_and_list_show_one_result_at_one_instant(void **state)
{
	struct world *world = *state;
	write_sinking_tape(world, "sinks");           /* ten prices a second */
	open_screen(world, 24, 80, NULL, NULL);
	must_show(world, "DRY-RUN");
	trade(world, "-2%", "");
	for (int i = 0; i < 12; i++) {
		char above[32], line[512], below[32] = "";
		pty_settle(world->pty, 30, 200);
		figure_after(world, "operation 1 ACTIVE", above, sizeof above);
		int row = pty_find(world->pty, "BTCUSDC LONG");
		assert_true(row > 0);
		snprintf(line, sizeof line, "%s", pty_row(world->pty, row));
		char *end = strstr(line, "PAPER");
		assert_non_null(end);
		*end = 0;
		sscanf(strstr(line, "┤") != NULL ? strstr(line, "┤") + strlen("┤") : "", "%31s", below);
		if (strcmp(above, below) != 0) {
			pty_show(world->pty);
			fail_msg("%s above, %s below", above, below);
		}
		pty_read_for(world->pty, 60);
	}
	type(world, "q");
	answer(world, "Quit while something is open?", "x");
	assert_true(pty_wait_exit(world->pty, 10000, NULL));
}

static void
what_a_guard_would_refuse_is_said_while_it_is_typed(void **state)
{
	struct world *world = *state;
	open_screen(world, 24, 80, NULL, NULL);
	must_show(world, "DRY-RUN");
	fill_form(world, "-1%", "9000");
	must_show(world, "the target of a buy belongs above its entry");
	assert_int_equal(pty_find(world->pty, "wins"), -1);
	fill_form(world, "-1%", "3R\r\r5000");        /* past the capital, into the size */
	must_show(world, "more than the rule allows, at most 0.166");
	assert_int_equal(pty_find(world->pty, "loses"), -1);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCREEN_TEST(it_opens_on_a_tape_and_says_that_it_is_one),
		SCREEN_TEST(it_is_refused_where_there_is_no_terminal),
		SCREEN_TEST(it_works_in_terminals_of_every_kind),
		SCREEN_TEST(a_trade_by_hand_at_80x24),
		SCREEN_TEST(a_trade_by_hand_at_120x34),
		SCREEN_TEST(a_trade_by_hand_at_200x50),
		SCREEN_TEST(nothing_essential_is_cut_at_80_columns),
		SCREEN_TEST(report_and_list_show_one_result_at_one_instant),
		SCREEN_TEST(what_a_guard_would_refuse_is_said_while_it_is_typed),
		SCREEN_TEST(ascii_is_ascii_and_mono_is_mono),
		SCREEN_TEST(text_from_the_book_cannot_command_the_terminal),
		SCREEN_TEST(a_key_costs_few_bytes),
		SCREEN_TEST(help_names_the_keys_of_the_pane_first),
		SCREEN_TEST(an_id_stands_on_a_line_of_its_own_to_copy),
		SCREEN_TEST(the_command_line_knows_the_verbs_of_the_shell),
		SCREEN_TEST(rows_can_be_filtered_and_sorted),
		SCREEN_TEST(a_frozen_view_says_that_the_stops_go_on),
	};
	const char *only = getenv("SCREEN_TEST_ONLY");
	if (only != NULL)
		cmocka_set_test_filter(only);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
