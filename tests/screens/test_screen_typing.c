/* Purpose: typing into the program's own screen, and the questions that stand between a key and an order. */
#define _GNU_SOURCE
#include "screens/world.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

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
	must_show(world, "for LIVE now: v validates it anew");
	type(world, "x");
	must_show(world, "v first, then x");
	type(world, "v");
}

static void
nothing_is_open(struct world *world)
{
	char out[4096];

	shell(world, "operations --json", out, sizeof out);
	assert_string_equal(out, "");
}

static void
live_without_an_account_is_never_asked_for(void **state)
{
	struct world *world = *state;
	open_screen(world, 34, 120, NULL, NULL);
	must_show(world, "DRY-RUN");
	ask_for_live(world);                          /* while the book's LIVE switch is off, too */
	must_show(world, "balance: ");
	must_show(world, "for DRY-RUN; v validates it for LIVE");
	type(world, "x");
	must_show(world, "v first, then x");
	nothing_is_open(world);
	quit(world);
}

static void
live_on_a_tape_never_comes_to_the_question(void **state)
{
	struct world *world = *state;
	open_screen(world, 34, 120, NULL, NULL);
	must_show(world, "DRY-RUN");
	type(world, ":live on\r");
	answer(world, "LIVE switch on?", "y");
	must_show(world, "the LIVE switch is ON");
	ask_for_live(world);
	must_show(world, "balance: ");
	type(world, "x");
	must_show(world, "v first, then x");
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

/* ---- positions and intents by hand ---- */

static void
levels_move_after_a_question(void **state)
{
	struct world *world = *state;
	open_screen(world, 34, 120, NULL, NULL);
	must_show(world, "DRY-RUN");
	trade(world, "-1%", "3R");
	type(world, "\ts9950\r");                     /* operations; towards the price */
	answer(world, "Move the stop of operation 1?", "y");
	must_show(world, "9,950.00");
	type(world, "s9940\r");                        /* away from it */
	must_show(world, "WIDER");
	answer(world, "Move the stop of operation 1?", "n");
	must_show(world, "9,950.00");
	type(world, "t10500\r");
	answer(world, "Move the target of operation 1?", "y");
	must_show(world, "10,500.00");
	type(world, "s10900\r");                       /* beyond the price: that is called close */
	must_show(world, "would fire at once");
	must_show(world, "9,950.00");
	type(world, "sabc\r");                         /* a word is no question */
	must_show(world, "can't be read as a stop");
	type(world, "t2R\r");                          /* what is asked for is a price */
	answer(world, "to 10,18", "n");
	type(world, "c");
	answer(world, "Close operation 1 now?", "y");
	must_show(world, "nothing is open");
	quit(world);
}

static void
panic_closes_everything_after_the_typed_word(void **state)
{
	struct world *world = *state;
	open_screen(world, 34, 120, NULL, NULL);
	must_show(world, "DRY-RUN");
	trade(world, "-1%", "3R");
	type(world, ":panic\r");
	must_show(world, "Close everything at market");
	pty_read_for(world->pty, 650);
	pty_type(world->pty, "FLATTEN", 60);
	pty_send(world->pty, "\r");
	must_show(world, "nothing is open");
	must_show(world, "PAUSED");
	quit(world);
}

static void
an_intent_of_the_list_is_taken_up_cancelled_and_cloned(void **state)
{
	struct world *world = *state;
	char out[4096];
	shell(world, "plan buy BTCUSDC --stop 9900 --entry 9990 --reason first", out, sizeof out);
	open_screen(world, 34, 120, NULL, NULL);
	must_show(world, "DRY-RUN");
	type(world, "3");
	must_show(world, "PENDING");
	type(world, "d");                             /* a copy into the form */
	must_show(world, "Symbol    BTCUSDC");
	must_show(world, "9990");
	type(world, "3C");
	answer(world, "Cancel the intent", "y");
	must_show(world, "CANCELLED");
	type(world, "x");
	must_show(world, "cannot be executed");
	type(world, "C");                             /* no question about what is final */
	must_show(world, "nothing left to cancel");
	quit(world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCREEN_TEST(size_and_loss_follow_every_keystroke),
		SCREEN_TEST(percent_and_r_become_prices),
		SCREEN_TEST(arrows_move_a_price_by_the_tick),
		SCREEN_TEST(symbols_complete),
		SCREEN_TEST(a_field_in_error_says_why_before_anything_is_sent),
		SCREEN_TEST(letters_in_a_field_are_text_and_enter_submits_nothing),
		SCREEN_TEST(a_pasted_text_commands_nothing),
		SCREEN_TEST(the_harmless_answer_has_the_focus),
		SCREEN_TEST(what_is_not_validated_is_not_executed_and_the_step_is_named),
		SCREEN_TEST(live_without_an_account_is_never_asked_for),
		SCREEN_TEST(live_on_a_tape_never_comes_to_the_question),
		SCREEN_TEST(quitting_with_something_open_asks),
		SCREEN_TEST(levels_move_after_a_question),
		SCREEN_TEST(panic_closes_everything_after_the_typed_word),
		SCREEN_TEST(an_intent_of_the_list_is_taken_up_cancelled_and_cloned),
	};
	const char *only = getenv("SCREEN_TEST_ONLY");
	if (only != NULL)
		cmocka_set_test_filter(only);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
