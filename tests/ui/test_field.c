/* Purpose: editing one line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <string.h>
#include "ui/field.h"

static struct field
make(const char *text)
{
	struct field field;
	field_init(&field, 64);
	field_set(&field, text);
	return field;
}

static enum field_answer
type(struct field *field, uint32_t codepoint)
{
	struct ui_key key = { .kind = UI_TEXT, .codepoint = codepoint };
	return field_key(field, &key);
}

static enum field_answer
press(struct field *field, int code)
{
	struct ui_key key = { .kind = UI_KEY, .code = code };
	return field_key(field, &key);
}

static void
letters_go_in_where_the_cursor_is(void **state)
{
	(void)state;
	struct field field = make("ac");
	press(&field, UI_LEFT);
	assert_int_equal(type(&field, 'b'), FIELD_CHANGED);
	assert_string_equal(field.text, "abc");
	press(&field, UI_HOME);
	type(&field, 0xe9);
	press(&field, UI_END);
	type(&field, 0x1f642);
	assert_string_equal(field.text, "éabc\xf0\x9f\x99\x82");
	press(&field, UI_BACKSPACE);
	press(&field, UI_HOME);
	press(&field, UI_DELETE);
	assert_string_equal(field.text, "abc");
}

static void
the_cursor_stops_at_both_ends(void **state)
{
	(void)state;
	struct field field = make("é");
	press(&field, UI_RIGHT);
	assert_int_equal(field.cursor, 2);
	press(&field, UI_LEFT);
	press(&field, UI_LEFT);
	assert_int_equal(field.cursor, 0);
	assert_int_equal(press(&field, UI_BACKSPACE), FIELD_MOVED);
	press(&field, UI_END);
	assert_int_equal(press(&field, UI_DELETE), FIELD_MOVED);
	assert_string_equal(field.text, "é");
}

static void
words_are_stepped_over_and_cut(void **state)
{
	(void)state;
	struct field field = make("one two  three");
	press(&field, UI_WORD_LEFT);
	assert_int_equal(field.cursor, 9);
	press(&field, UI_WORD_LEFT);
	assert_int_equal(field.cursor, 4);
	press(&field, UI_WORD_RIGHT);
	assert_int_equal(field.cursor, 7);
	press(&field, UI_CTRL('W'));
	assert_string_equal(field.text, "one   three");
	press(&field, UI_CTRL('K'));
	assert_string_equal(field.text, "one ");
	press(&field, UI_CTRL('U'));
	assert_string_equal(field.text, "");
}

static void
it_never_holds_more_than_it_may(void **state)
{
	(void)state;
	struct field field;
	field_init(&field, 3);
	field_set(&field, "aéé");
	assert_string_equal(field.text, "aé");
	assert_int_equal(type(&field, 'x'), FIELD_MOVED);
	field_init(&field, 100000);
	for (int i = 0; i < 2000; i++)
		type(&field, 'x');
	assert_int_equal(strlen(field.text), FIELD_SIZE - 1);
}

static void
a_paste_loses_its_line_ends(void **state)
{
	(void)state;
	struct field field = make("");
	struct ui_key text = { .kind = UI_TEXT, .codepoint = 'a', .pasted = true };
	struct ui_key enter = { .kind = UI_KEY, .code = UI_ENTER, .pasted = true };
	assert_int_equal(field_key(&field, &text), FIELD_CHANGED);
	assert_int_equal(field_key(&field, &enter), FIELD_MOVED);
	assert_int_equal(field_key(&field, &text), FIELD_CHANGED);
	assert_string_equal(field.text, "aa");
	enter.pasted = false;
	assert_int_equal(field_key(&field, &enter), FIELD_IGNORED);
}

static void
a_long_text_scrolls_with_the_cursor(void **state)
{
	(void)state;
	struct grid grid;
	struct text text = { 0 };
	struct field field = make("0123456789");
	grid_init(&grid, GLYPHS_FULL);
	assert_int_equal(grid_resize(&grid, 1, 8), STATUS_OK);
	struct canvas all = canvas_whole(&grid);
	field_draw(&field, &all, 0, 1, 5, true, NULL);
	assert_int_equal(grid.cursor_col, 5);
	grid_dump(&grid, &text);
	assert_string_equal(text.data, " 6789\n");
	text_reset(&text);
	press(&field, UI_HOME);
	field_draw(&field, &all, 0, 1, 5, true, NULL);
	assert_int_equal(grid.cursor_col, 1);
	grid_dump(&grid, &text);
	assert_string_equal(text.data, " 01234\n");
	text_reset(&text);
	grid_clear(&grid);
	field_draw(&field, &all, 0, 1, 5, false, NULL);
	assert_int_equal(grid.cursor_col, -1);
	grid_dump(&grid, &text);
	assert_string_equal(text.data, " 0123…\n");
	text_reset(&text);
	field_set(&field, "BT");
	grid_clear(&grid);
	field_draw(&field, &all, 0, 1, 7, true, "CUSDC");
	grid_dump(&grid, &text);
	assert_string_equal(text.data, " BTCUSDC\n");
	assert_int_equal(grid_cell(&grid, 0, 3)->style, STYLE_GHOST);
	text_done(&text);
	grid_done(&grid);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_go_in_where_the_cursor_is),
		cmocka_unit_test(the_cursor_stops_at_both_ends),
		cmocka_unit_test(words_are_stepped_over_and_cut),
		cmocka_unit_test(it_never_holds_more_than_it_may),
		cmocka_unit_test(a_paste_loses_its_line_ends),
		cmocka_unit_test(a_long_text_scrolls_with_the_cursor),
	};
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
