/* Purpose: rectangles for every size, and the one table of keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include "ui/keys.h"
#include "ui/layout.h"

static bool
inside(const struct rect *r, int rows, int cols)
{
	return r->row >= 0 && r->col >= 0 && r->rows >= 0 && r->cols >= 0 &&
	       r->row + r->rows <= rows && r->col + r->cols <= cols;
}

static bool
overlap(const struct rect *a, const struct rect *b)
{
	return a->rows > 0 && b->rows > 0 && a->cols > 0 && b->cols > 0 &&
	       a->row < b->row + b->rows && b->row < a->row + a->rows &&
	       a->col < b->col + b->cols && b->col < a->col + a->cols;
}

static void
nothing_overlaps_or_leaves_the_screen_at_any_size(void **state)
{
	(void)state;
	for (int rows = 1; rows <= 120; rows++)
		for (int cols = 1; cols <= 320; cols += cols < 170 ? 1 : 13)
			for (int focus = PANE_FORM; focus <= PANE_OPERATIONS; focus++) {
				struct layout layout;
				layout_compute(&layout, rows, cols, (enum pane)focus);
				const struct rect *all[] = { &layout.status, &layout.form, &layout.report,
					&layout.chart, &layout.operations, &layout.message, &layout.keys };
				for (size_t i = 0; i < ARRAY_LEN(all); i++) {
					assert_true(inside(all[i], rows, cols));
					for (size_t j = 0; j < i; j++)
						assert_false(overlap(all[i], all[j]));
				}
				assert_int_equal(layout.too_small, rows < 16 || cols < 60);
				if (!layout.too_small) {
					assert_true(layout.operations.rows >= 5);
					assert_true(layout.form.rows > 0 || layout.report.rows > 0);
				}
			}
}

static void
eighty_by_twenty_four_shows_the_whole_form_and_the_report(void **state)
{
	(void)state;
	struct layout layout;
	layout_compute(&layout, 24, 80, PANE_FORM);
	assert_false(layout.takes_turns);
	assert_true(layout.form.rows >= 13 && layout.form.cols >= 38);
	assert_true(layout.report.cols >= 38);
	assert_true(layout.operations.rows >= 6 && layout.operations.cols == 80);
}

static void
narrow_screens_let_form_and_report_take_turns(void **state)
{
	(void)state;
	struct layout layout;
	layout_compute(&layout, 16, 60, PANE_FORM);
	assert_true(layout.takes_turns && layout.form.rows > 0 && layout.report.rows == 0);
	layout_compute(&layout, 16, 60, PANE_REPORT);
	assert_true(layout.form.rows == 0 && layout.report.rows > 0);
}

static void
wide_screens_have_a_chart(void **state)
{
	(void)state;
	struct layout layout;
	layout_compute(&layout, 50, 200, PANE_FORM);
	assert_true(layout.chart.cols >= 50 && layout.chart.rows >= 13);
}

static void
no_key_has_two_meanings_in_one_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < keys_count(); i++) {
		const struct key_binding *a = keys_at(i);
		assert_true(a->name[0] != 0 && a->help[0] != 0);
		assert_int_equal(a->help[strlen(a->help) - 1], '.');
		for (size_t j = 0; j < i; j++) {
			const struct key_binding *b = keys_at(j);
			assert_false(a->context == b->context && a->kind == b->kind && a->code == b->code);
		}
	}
}

static void
keys_reach_what_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < keys_count(); i++) {
		const struct key_binding *b = keys_at(i);
		struct ui_key key = { .kind = b->kind };
		if (b->kind == UI_TEXT)
			key.codepoint = (uint32_t)b->code;
		else
			key.code = b->code;
		assert_int_equal(keys_command(b->context, &key), b->command);
		key.pasted = true;
		assert_int_equal(keys_command(b->context, &key), COMMAND_NONE);
	}
}

static void
in_a_field_letters_are_text(void **state)
{
	(void)state;
	for (uint32_t c = ' '; c < 0x7f; c++) {
		struct ui_key key = { .kind = UI_TEXT, .codepoint = c };
		assert_int_equal(keys_command(CONTEXT_FIELD, &key), COMMAND_NONE);
		assert_int_equal(keys_command(CONTEXT_PROMPT, &key), COMMAND_NONE);
	}
}

static void
enter_in_a_field_never_submits(void **state)
{
	(void)state;
	struct ui_key key = { .kind = UI_KEY, .code = UI_ENTER };
	assert_int_equal(keys_command(CONTEXT_FIELD, &key), COMMAND_ACCEPT);
	assert_int_equal(keys_command(CONTEXT_FORM, &key), COMMAND_EDIT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_overlaps_or_leaves_the_screen_at_any_size),
		cmocka_unit_test(eighty_by_twenty_four_shows_the_whole_form_and_the_report),
		cmocka_unit_test(narrow_screens_let_form_and_report_take_turns),
		cmocka_unit_test(wide_screens_have_a_chart),
		cmocka_unit_test(no_key_has_two_meanings_in_one_place),
		cmocka_unit_test(keys_reach_what_the_table_says),
		cmocka_unit_test(in_a_field_letters_are_text),
		cmocka_unit_test(enter_in_a_field_never_submits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
