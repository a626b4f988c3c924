/* Purpose: the questions, against every accident that could answer them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <string.h>
#include "ui/dialog.h"

enum { MS = 1000 };

static enum dialog_answer
press(struct dialog *dialog, char c, uint32_t serial, int64_t at_us)
{
	struct ui_key key = { .kind = UI_TEXT, .codepoint = (unsigned char)c, .read_serial = serial,
	                      .at_mono_us = at_us };
	return dialog_key(dialog, &key);
}

static enum dialog_answer
press_key(struct dialog *dialog, int code, uint32_t serial, int64_t at_us)
{
	struct ui_key key = { .kind = UI_KEY, .code = code, .read_serial = serial, .at_mono_us = at_us };
	return dialog_key(dialog, &key);
}

/* Types the word, every letter in a read of its own, gap apart; then Enter. */
static enum dialog_answer
type_word(struct dialog *dialog, const char *word, int64_t from_us, int64_t gap_us)
{
	uint32_t serial = 100;
	for (; *word != 0; word++, from_us += gap_us)
		if (press(dialog, *word, serial++, from_us) != DIALOG_OPEN)
			return dialog->answer;
	return press_key(dialog, UI_ENTER, serial, from_us + gap_us);
}

static struct dialog
open_word(const char *word)
{
	struct dialog dialog;
	dialog_word(&dialog, "LIVE order: real money", word, 0);
	return dialog;
}

static void
the_typed_word_says_yes(void **state)
{
	(void)state;
	struct dialog dialog = open_word("CONFIRM");
	assert_int_equal(type_word(&dialog, "CONFIRM", 600 * MS, 50 * MS), DIALOG_YES);
	dialog = open_word("FLATTEN");
	assert_int_equal(type_word(&dialog, "FLATTEN", 500 * MS, 50 * MS), DIALOG_YES);
}

static void
anything_but_the_exact_word_does_nothing(void **state)
{
	(void)state;
	static const char *const wrong[] = { "confirm", "Confirm", "CONFIR", "CONFIRMX", "YES", "", "y",
		"CONFIRM " };
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct dialog dialog = open_word("CONFIRM");
		enum dialog_answer answer = type_word(&dialog, wrong[i], 600 * MS, 50 * MS);
		if (strcmp(wrong[i], "CONFIRM ") == 0)
			assert_int_equal(answer, DIALOG_YES);     /* a space is no letter, and is left out */
		else
			assert_int_equal(answer, DIALOG_OPEN);
		assert_true(answer == DIALOG_YES || strstr(dialog.hint, "CONFIRM") != NULL);
	}
}

static void
after_a_wrong_word_the_right_one_is_still_taken(void **state)
{
	(void)state;
	struct dialog dialog = open_word("CONFIRM");
	assert_int_equal(type_word(&dialog, "confirm", 600 * MS, 50 * MS), DIALOG_OPEN);
	assert_int_equal(type_word(&dialog, "CONFIRM", 2000 * MS, 50 * MS), DIALOG_YES);
}

static void
a_letter_can_be_taken_back(void **state)
{
	(void)state;
	struct dialog dialog = open_word("CONFIRM");
	press(&dialog, 'X', 1, 600 * MS);
	press_key(&dialog, UI_BACKSPACE, 2, 700 * MS);
	assert_int_equal(type_word(&dialog, "CONFIRM", 800 * MS, 50 * MS), DIALOG_YES);
}

static void
type_ahead_from_before_it_opened_is_dropped(void **state)
{
	(void)state;
	struct dialog dialog = open_word("CONFIRM");
	/* All of it within the first half second, well spread over reads. */
	assert_int_equal(type_word(&dialog, "CONFIRM", 0, 60 * MS), DIALOG_OPEN);
	assert_int_equal(dialog.typed_len, 0);
	/* The first letters fall into the deaf time: what is left is not the word. */
	dialog = open_word("CONFIRM");
	assert_int_equal(type_word(&dialog, "CONFIRM", 400 * MS, 60 * MS), DIALOG_OPEN);
}

static void
a_paste_says_nothing(void **state)
{
	(void)state;
	struct dialog dialog = open_word("CONFIRM");
	uint32_t serial = 1;
	for (const char *p = "CONFIRM"; *p != 0; p++, serial++) {
		struct ui_key key = { .kind = UI_TEXT, .codepoint = (unsigned char)*p, .pasted = true,
			.read_serial = serial, .at_mono_us = (600 + serial * 100) * MS };
		assert_int_equal(dialog_key(&dialog, &key), DIALOG_OPEN);
	}
	assert_int_equal(dialog.typed_len, 0);
	assert_int_equal(press_key(&dialog, UI_ENTER, serial, 2000 * MS), DIALOG_OPEN);
}

static void
an_unmarked_paste_comes_in_too_few_reads(void **state)
{
	(void)state;
	/* three reads, spread over two seconds */
	struct dialog dialog = open_word("CONFIRM");
	const char *word = "CONFIRM";
	for (uint32_t i = 0; i < 7; i++)
		press(&dialog, word[i], 1 + i / 3, (600 + 300 * (int64_t)i) * MS);
	assert_int_equal(press_key(&dialog, UI_ENTER, 9, 4000 * MS), DIALOG_OPEN);
	assert_non_null(strstr(dialog.hint, "too fast"));
	/* four are enough */
	dialog = open_word("CONFIRM");
	for (uint32_t i = 0; i < 7; i++)
		press(&dialog, word[i], 1 + i / 2, (600 + 300 * (int64_t)i) * MS);
	assert_int_equal(press_key(&dialog, UI_ENTER, 9, 4000 * MS), DIALOG_YES);
}

static void
letters_within_a_quarter_second_are_no_hand(void **state)
{
	(void)state;
	struct dialog dialog = open_word("CONFIRM");
	assert_int_equal(type_word(&dialog, "CONFIRM", 600 * MS, 41 * MS), DIALOG_OPEN);   /* 246 ms */
	dialog = open_word("CONFIRM");
	assert_int_equal(type_word(&dialog, "CONFIRM", 600 * MS, 42 * MS), DIALOG_YES);    /* 252 ms */
}

static void
enter_in_the_read_of_the_last_letter_is_no_answer(void **state)
{
	(void)state;
	struct dialog dialog = open_word("CONFIRM");
	const char *word = "CONFIRM";
	for (uint32_t i = 0; i < 7; i++)
		press(&dialog, word[i], 1 + i, (600 + 100 * (int64_t)i) * MS);
	assert_int_equal(press_key(&dialog, UI_ENTER, 7, 1200 * MS), DIALOG_OPEN);
}

static void
a_question_is_withdrawn_after_thirty_seconds(void **state)
{
	(void)state;
	struct dialog dialog = open_word("CONFIRM");
	assert_int_equal(dialog_deadline(&dialog), 30000 * MS);
	assert_int_equal(dialog_tick(&dialog, 30000 * MS - 1), DIALOG_OPEN);
	assert_int_equal(dialog_tick(&dialog, 30000 * MS), DIALOG_EXPIRED);
	assert_int_equal(type_word(&dialog, "CONFIRM", 30001 * MS, 50 * MS), DIALOG_EXPIRED);
	/* The key that comes too late does not beat the clock either. */
	dialog = open_word("CONFIRM");
	assert_int_equal(type_word(&dialog, "CONFIRM", 29750 * MS, 50 * MS), DIALOG_EXPIRED);
	assert_true(dialog_deadline(&dialog) == INT64_MAX);
}

static void
a_guard_that_fails_closes_the_way_for_good(void **state)
{
	(void)state;
	struct dialog dialog = open_word("CONFIRM");
	press(&dialog, 'C', 1, 600 * MS);
	dialog_block(&dialog, "price: 12.0 s old (limit 10)");
	assert_int_equal(type_word(&dialog, "CONFIRM", 700 * MS, 50 * MS), DIALOG_OPEN);
	assert_int_equal(press_key(&dialog, UI_ESCAPE, 99, 2000 * MS), DIALOG_NO);
	dialog_ask(&dialog, "Close?", 0);
	dialog_block(&dialog, "no price");
	assert_int_equal(press(&dialog, 'y', 1, 600 * MS), DIALOG_OPEN);
}

static void
no_yes_is_taken_while_a_fact_is_missing(void **state)
{
	(void)state;
	struct dialog dialog = open_word("CONFIRM");
	dialog_wait_for(&dialog, "no fresh price");
	assert_int_equal(type_word(&dialog, "CONFIRM", 600 * MS, 50 * MS), DIALOG_OPEN);
	assert_non_null(strstr(dialog.hint, "no fresh price"));
	dialog_wait_for(&dialog, "");
	assert_int_equal(type_word(&dialog, "CONFIRM", 2000 * MS, 50 * MS), DIALOG_YES);
	dialog_ask(&dialog, "Execute?", 0);
	dialog_wait_for(&dialog, "no fresh price");
	assert_int_equal(press(&dialog, 'y', 1, 600 * MS), DIALOG_OPEN);
}

static void
escape_goes_back(void **state)
{
	(void)state;
	struct dialog dialog = open_word("CONFIRM");
	assert_int_equal(press_key(&dialog, UI_ESCAPE, 1, 600 * MS), DIALOG_NO);
	assert_int_equal(type_word(&dialog, "CONFIRM", 700 * MS, 50 * MS), DIALOG_NO);
}

static void
only_y_says_yes_to_a_question(void **state)
{
	(void)state;
	struct dialog dialog;
	for (int c = ' '; c < 0x7f; c++) {
		dialog_ask(&dialog, "Execute?", 0);
		enum dialog_answer answer = press(&dialog, (char)c, 1, 600 * MS);
		assert_int_equal(answer, c == 'y' || c == 'Y' ? DIALOG_YES
		                 : c == 'n' || c == 'N' ? DIALOG_NO : DIALOG_OPEN);
	}
	dialog_ask(&dialog, "Execute?", 0);
	assert_int_equal(press_key(&dialog, UI_ENTER, 1, 600 * MS), DIALOG_NO);
}

static void
a_held_key_is_no_press(void **state)
{
	(void)state;
	struct dialog dialog;
	/* y held down from before the question on, repeating every 33 ms */
	dialog_ask(&dialog, "Execute?", 0);
	for (int64_t at = 10; at < 3000; at += 33)
		assert_int_equal(press(&dialog, 'y', (uint32_t)at, at * MS), DIALOG_OPEN);
	/* let go, and pressed anew */
	assert_int_equal(press(&dialog, 'y', 9999, 3500 * MS), DIALOG_YES);
}

static void
a_choice_starts_on_the_harmless_line(void **state)
{
	(void)state;
	struct dialog dialog;
	dialog_choice(&dialog, "Quit?", 0);
	dialog_add_choice(&dialog, 's', "stay");
	dialog_add_choice(&dialog, 'w', "watch on without a screen");
	dialog_add_choice(&dialog, 'q', "stop watching");
	struct dialog fresh = dialog;
	assert_int_equal(press_key(&dialog, UI_ENTER, 1, 600 * MS), DIALOG_YES);
	assert_int_equal(dialog.chosen, 0);
	dialog = fresh;
	assert_int_equal(press(&dialog, 'q', 1, 600 * MS), DIALOG_YES);
	assert_int_equal(dialog.chosen, 2);
	dialog = fresh;
	press_key(&dialog, UI_DOWN, 1, 600 * MS);
	assert_int_equal(press_key(&dialog, UI_ENTER, 2, 900 * MS), DIALOG_YES);
	assert_int_equal(dialog.chosen, 1);
	dialog = fresh;
	assert_int_equal(press(&dialog, 'q', 1, 100 * MS), DIALOG_OPEN);
}

static void
it_shows_what_is_at_stake_and_what_to_press(void **state)
{
	(void)state;
	struct grid grid;
	struct text text = { 0 };
	struct dialog dialog = open_word("CONFIRM");
	grid_init(&grid, GLYPHS_FULL);
	assert_int_equal(grid_resize(&grid, 8, 66), STATUS_OK);
	struct canvas all = canvas_whole(&grid);
	dialog_line(&dialog, 0, STYLE_PLAIN, "BUY %s BTC, about %s USDC", "0.05905", "5,751.47");
	press(&dialog, 'C', 1, 600 * MS);
	press(&dialog, 'O', 2, 700 * MS);
	dialog_draw(&dialog, &all, 1000 * MS);
	grid_dump(&grid, &text);
	assert_string_equal(text.data,
		"\n"
		"   ╔═ LIVE order: real money ═════════════════════════════════╗\n"
		"   ║ BUY 0.05905 BTC, about 5,751.47 USDC                     ║\n"
		"   ║                                                          ║\n"
		"   ║ Type CONFIRM, then Enter.  [CO      ]                    ║\n"
		"   ║ Esc goes back.                                      29 s ║\n"
		"   ╚══════════════════════════════════════════════════════════╝\n"
		"\n");
	for (int rows = 1; rows < 12; rows++)
		for (int cols = 1; cols < 90; cols += 11) {
			assert_int_equal(grid_resize(&grid, rows, cols), STATUS_OK);
			all = canvas_whole(&grid);
			dialog_draw(&dialog, &all, 1000 * MS);
		}
	text_done(&text);
	grid_done(&grid);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_typed_word_says_yes),
		cmocka_unit_test(anything_but_the_exact_word_does_nothing),
		cmocka_unit_test(after_a_wrong_word_the_right_one_is_still_taken),
		cmocka_unit_test(a_letter_can_be_taken_back),
		cmocka_unit_test(type_ahead_from_before_it_opened_is_dropped),
		cmocka_unit_test(a_paste_says_nothing),
		cmocka_unit_test(an_unmarked_paste_comes_in_too_few_reads),
		cmocka_unit_test(letters_within_a_quarter_second_are_no_hand),
		cmocka_unit_test(enter_in_the_read_of_the_last_letter_is_no_answer),
		cmocka_unit_test(a_question_is_withdrawn_after_thirty_seconds),
		cmocka_unit_test(a_guard_that_fails_closes_the_way_for_good),
		cmocka_unit_test(no_yes_is_taken_while_a_fact_is_missing),
		cmocka_unit_test(escape_goes_back),
		cmocka_unit_test(only_y_says_yes_to_a_question),
		cmocka_unit_test(a_held_key_is_no_press),
		cmocka_unit_test(a_choice_starts_on_the_harmless_line),
		cmocka_unit_test(it_shows_what_is_at_stake_and_what_to_press),
	};
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
