/* Purpose: the cell grid: clipping, wide and combining characters, harmless text, frames. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <string.h>
#include "ui/canvas.h"

static void
must_look_like(const struct grid *grid, const char *expected)
{
	struct text text = { 0 };
	grid_dump(grid, &text);
	assert_string_equal(text.data, expected);
	text_done(&text);
}

static struct grid
make(int rows, int cols, enum glyphs glyphs)
{
	struct grid grid;
	grid_init(&grid, glyphs);
	assert_int_equal(grid_resize(&grid, rows, cols), STATUS_OK);
	return grid;
}

static void
text_is_cut_at_every_edge(void **state)
{
	(void)state;
	struct grid grid = make(2, 5, GLYPHS_FULL);
	struct canvas all = canvas_whole(&grid);
	canvas_text(&all, 0, 3, STYLE_PLAIN, "abcdef");
	canvas_text(&all, 1, -2, STYLE_PLAIN, "abcdef");
	canvas_text(&all, -1, 0, STYLE_PLAIN, "no");
	canvas_text(&all, 2, 0, STYLE_PLAIN, "no");
	canvas_text(&all, 0, 99, STYLE_PLAIN, "no");
	must_look_like(&grid, "   ab\ncdef\n");
	grid_done(&grid);
}

static void
a_part_keeps_to_itself(void **state)
{
	(void)state;
	struct grid grid = make(3, 8, GLYPHS_FULL);
	struct canvas all = canvas_whole(&grid);
	struct canvas part = canvas_part(&all, (struct rect){ 1, 2, 9, 3 });
	assert_int_equal(part.rows, 2);
	assert_int_equal(part.cols, 3);
	canvas_text(&part, 0, 0, STYLE_PLAIN, "abcdef");
	struct canvas none = canvas_part(&part, (struct rect){ 0, 5, 1, 4 });
	assert_int_equal(none.rows, 0);
	canvas_text(&none, 0, 0, STYLE_PLAIN, "x");
	canvas_frame(&none, FRAME_ROUND, STYLE_FRAME, "t", "f");
	must_look_like(&grid, "\n  abc\n\n");
	grid_done(&grid);
}

static void
wide_characters_take_two_cells_and_never_half(void **state)
{
	(void)state;
	struct grid grid = make(3, 5, GLYPHS_FULL);
	struct canvas all = canvas_whole(&grid);
	assert_int_equal(canvas_text(&all, 0, 0, STYLE_PLAIN, "漢字漢"), 5);
	canvas_text(&all, 1, 0, STYLE_PLAIN, "漢字");
	canvas_text(&all, 1, 1, STYLE_PLAIN, "x");
	canvas_text(&all, 2, 0, STYLE_PLAIN, "漢字");
	canvas_text(&all, 2, 2, STYLE_PLAIN, "y");
	must_look_like(&grid, "漢字\n x字\n漢y\n");
	assert_int_equal(grid_cell(&grid, 0, 0)->width, 2);
	assert_int_equal(grid_cell(&grid, 0, 1)->width, 0);
	assert_int_equal(canvas_width("漢e\xcc\x81x"), 4);
	grid_done(&grid);
}

static void
combining_marks_stay_with_their_letter(void **state)
{
	(void)state;
	struct grid grid = make(1, 4, GLYPHS_FULL);
	struct canvas all = canvas_whole(&grid);
	assert_int_equal(canvas_text(&all, 0, 0, STYLE_PLAIN, "e\xcc\x81\xcc\x82\xcc\x83o"), 2);
	must_look_like(&grid, "e\xcc\x81\xcc\x82o\n");
	canvas_text(&all, 0, 0, STYLE_PLAIN, "\xcc\x81");   /* on nothing: dropped */
	must_look_like(&grid, "e\xcc\x81\xcc\x82o\n");
	grid_done(&grid);
}

static void
nothing_from_outside_can_command_the_terminal(void **state)
{
	(void)state;
	struct grid grid = make(1, 40, GLYPHS_FULL);
	struct canvas all = canvas_whole(&grid);
	canvas_text(&all, 0, 0, STYLE_PLAIN,
	            "\033[2J\x07\x7f\xc2\x9b\xe2\x80\xae\xff\xc0\xaf\xed\xa0\x80\xf5\xd8\x9c end");
	struct text text = { 0 };
	grid_dump(&grid, &text);
	for (const char *p = text.data; *p != 0; p++)
		assert_true((*p >= 0x20 && *p < 0x7f) || *p == '\n');
	assert_non_null(strstr(text.data, "?[2J"));
	assert_non_null(strstr(text.data, " end"));
	text_done(&text);
	grid_done(&grid);
}

static void
ascii_terminals_get_ascii_of_the_same_width(void **state)
{
	(void)state;
	struct grid grid = make(3, 12, GLYPHS_ASCII);
	struct canvas all = canvas_whole(&grid);
	canvas_frame(&all, FRAME_ROUND, STYLE_FRAME, "é", NULL);
	canvas_text(&all, 1, 1, STYLE_PLAIN, "✓✗▲…漢│x");
	must_look_like(&grid, "+- ? ------+\n|+x^~? |x  |\n+----------+\n");
	grid_done(&grid);
}

static void
frames_carry_their_words_and_survive_any_size(void **state)
{
	(void)state;
	struct grid grid = make(3, 14, GLYPHS_FULL);
	struct canvas all = canvas_whole(&grid);
	canvas_frame(&all, FRAME_ROUND, STYLE_FRAME, "Title", "too long for it");
	must_look_like(&grid, "╭─ Title ────╮\n│            │\n╰─too long f…╯\n");
	for (int rows = 0; rows < 4; rows++)
		for (int cols = 0; cols < 10; cols++) {
			struct canvas part = canvas_part(&all, (struct rect){ 0, 0, rows, cols });
			canvas_frame(&part, FRAME_DOUBLE, STYLE_FRAME, "Title", "Foot");
		}
	grid_done(&grid);
}

static void
columns_align_and_end_in_an_ellipsis(void **state)
{
	(void)state;
	struct grid grid = make(4, 8, GLYPHS_FULL);
	struct canvas all = canvas_whole(&grid);
	canvas_column(&all, 0, 0, 6, ALIGN_RIGHT, STYLE_PLAIN, "12");
	canvas_column(&all, 1, 0, 6, ALIGN_LEFT, STYLE_PLAIN, "abcdefgh");
	canvas_column(&all, 2, 0, 6, ALIGN_CENTRE, STYLE_PLAIN, "ab");
	canvas_column(&all, 3, 0, 3, ALIGN_LEFT, STYLE_PLAIN, "漢字");
	must_look_like(&grid, "    12\nabcde…\n  ab\n漢…\n");
	grid_done(&grid);
}

static void
a_marked_row_keeps_the_styles_of_its_cells(void **state)
{
	(void)state;
	struct grid grid = make(1, 3, GLYPHS_FULL);
	struct canvas all = canvas_whole(&grid);
	canvas_text(&all, 0, 0, STYLE_BAD, "ab");
	canvas_mark(&all, 0);
	assert_int_equal(grid_cell(&grid, 0, 0)->style, STYLE_BAD | STYLE_MARKED);
	assert_int_equal(grid_cell(&grid, 0, 2)->style, STYLE_PLAIN | STYLE_MARKED);
	grid_done(&grid);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_cut_at_every_edge),
		cmocka_unit_test(a_part_keeps_to_itself),
		cmocka_unit_test(wide_characters_take_two_cells_and_never_half),
		cmocka_unit_test(combining_marks_stay_with_their_letter),
		cmocka_unit_test(nothing_from_outside_can_command_the_terminal),
		cmocka_unit_test(ascii_terminals_get_ascii_of_the_same_width),
		cmocka_unit_test(frames_carry_their_words_and_survive_any_size),
		cmocka_unit_test(columns_align_and_end_in_an_ellipsis),
		cmocka_unit_test(a_marked_row_keeps_the_styles_of_its_cells),
	};
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
