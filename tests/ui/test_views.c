/* Purpose: what the views say and how the panes place it, as text: golden pictures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <string.h>
#include "ui/screen_parts.h"
#include "ui/words.h"

static struct decimal
d(const char *text)
{
	struct decimal ret = DECIMAL_ZERO;
	assert_int_equal(decimal_parse(text, &ret), STATUS_OK);
	return ret;
}

static void
look(struct grid *grid, const char *expected)
{
	struct text text = { 0 };

	grid_dump(grid, &text);
	if (strcmp(text.data, expected) != 0)
		fprintf(stderr, "%s", text.data);
	assert_string_equal(text.data, expected);
	text_done(&text);
}

static struct grid
make_grid(int rows, int cols)
{
	struct grid grid;

	grid_init(&grid, GLYPHS_FULL);
	assert_int_equal(grid_resize(&grid, rows, cols), STATUS_OK);
	return grid;
}

/* ---- operations ---- */

static struct operation_model
make_operation(int64_t id, const char *symbol, enum side side, const char *price)
{
	struct operation_model model;

	memset(&model, 0, sizeof model);
	model.op.id = id;
	text_copy(model.op.symbol, sizeof model.op.symbol, symbol);
	model.op.side = side;
	assert_int_equal(leg_add(&model.op.entry, d("97400"), d("0.05905"), d("5.75")), STATUS_OK);
	model.op.initial_stop = model.op.stop_price = d(side == SIDE_BUY ? "95900" : "98900");
	model.op.has_target = true;
	model.op.target_price = d(side == SIDE_BUY ? "101900" : "92900");
	model.op.opened_at_ms = 1000;
	model.has_price = true;
	model.price = d(price);
	model.price_places = 2;
	model.quantity_places = 5;
	model.has_unrealized = model.has_r = true;
	model.unrealized = d("-10.77");
	model.r = d("-0.108");
	model.protection = PROTECTION_PAPER;
	model.is_watched = true;
	return model;
}

static void
operations_are_rows_of_words(void **state)
{
	(void)state;
	struct operation_model rows[] = { make_operation(12, "BTCUSDC", SIDE_BUY, "97412.35"),
	                                  make_operation(11, "BTCUSDC", SIDE_SELL, "97412.35") };
	struct operation_list list = { rows, 2 };
	struct table table;
	struct grid grid = make_grid(4, 122);
	struct canvas all = canvas_whole(&grid);
	operations_view_init(&table);
	rows[1].unrealized = d("102.14");
	rows[1].r = d("1.26");
	operations_view(&table, &list, 14000);
	table_draw(&table, &all, true);
	look(&grid,
	     " ID SYMBOL  SIDE      QTY     ENTRY     PRICE      STOP to target                     TARGET     P&L     R AGE PROTECTION\n"
	     "▸12 BTCUSDC LONG  0.05905 97,400.00 97,412.35 95,900.00 ├─────●─────────────────┤ 101,900.00  -10.77 -0.11 13s PAPER\n"
	     " 11 BTCUSDC SHORT 0.05905 97,400.00 97,412.35 98,900.00 ├──────●────────────────┤  92,900.00 +102.14 +1.26 13s PAPER\n"
	     "\n");
	table_done(&table);
	grid_done(&grid);
}

static void
narrow_lists_keep_what_matters(void **state)
{
	(void)state;
	struct operation_model row = make_operation(12, "BTCUSDC", SIDE_BUY, "97412.35");
	struct operation_list list = { &row, 1 };
	struct table table;
	struct grid grid = make_grid(2, 78);
	struct canvas all = canvas_whole(&grid);
	operations_view_init(&table);
	operations_view(&table, &list, 14000);
	table_draw(&table, &all, true);
	look(&grid,
	     " ID SYMBOL  SIDE     PRICE      STOP to target      TARGET    P&L     R GUARD\n"
	     "▸12 BTCUSDC LONG 97,412.35 95,900.00 ├─●──────┤ 101,900.00 -10.77 -0.11 PAPER\n");
	table_done(&table);
	grid_done(&grid);
}

static void
stale_naked_and_unwatched_are_said_in_words(void **state)
{
	(void)state;
	struct operation_model rows[] = { make_operation(1, "A", SIDE_BUY, "97412.35"),
		make_operation(2, "B", SIDE_BUY, "97412.35"), make_operation(3, "C", SIDE_BUY, "97412.35"),
		make_operation(4, "D", SIDE_BUY, "97412.35") };
	struct operation_list list = { rows, 4 };
	struct table table;
	operations_view_init(&table);
	rows[0].is_stale = true;
	rows[0].price_age_ms = 12000;
	rows[1].protection = PROTECTION_NAKED;
	rows[2].is_watched = false;
	rows[3].op.exit_wish.reason = EXIT_STOP_LOSS;
	operations_view(&table, &list, 14000);
	assert_string_equal(table.rows[0].cells[7].text, "12s old");
	assert_int_equal(table.rows[0].cells[5].style, STYLE_STALE);
	assert_string_equal(table.rows[1].cells[12].text, "NAKED ⚠");
	assert_int_equal(table.rows[1].cells[12].style, STYLE_ALARM);
	assert_string_equal(table.rows[2].cells[12].text, "PAPER unwatched");
	assert_int_equal(table.rows[2].cells[12].style, STYLE_ALARM);
	assert_string_equal(table.rows[3].cells[12].text, "exiting");
	table_done(&table);
}

static void
the_selection_stays_on_its_row_while_others_come_and_go(void **state)
{
	(void)state;
	struct operation_model rows[] = { make_operation(3, "C", SIDE_BUY, "1"),
		make_operation(2, "B", SIDE_BUY, "1"), make_operation(1, "A", SIDE_BUY, "1") };
	struct operation_list all = { rows, 3 }, two = { rows + 1, 2 }, one = { rows + 2, 1 };
	struct table table;
	operations_view_init(&table);
	operations_view(&table, &two, 0);
	assert_string_equal(table_selected(&table)->key, "2");
	operations_view(&table, &all, 0);             /* a new one on top */
	assert_string_equal(table_selected(&table)->key, "2");
	operations_view(&table, &one, 0);             /* its own is gone */
	assert_string_equal(table_selected(&table)->key, "1");
	struct operation_list none = { NULL, 0 };
	operations_view(&table, &none, 0);
	assert_null(table_selected(&table));
	assert_false(table_command(&table, COMMAND_NONE, 5));
	assert_true(table_command(&table, COMMAND_DOWN, 5));
	assert_null(table_selected(&table));
	table_done(&table);
}

static void
rows_sort_by_number_and_filter_by_text(void **state)
{
	(void)state;
	struct operation_model rows[] = { make_operation(9, "BTCUSDC", SIDE_BUY, "1"),
		make_operation(100, "ETHUSDC", SIDE_BUY, "1"), make_operation(11, "BTCEUR", SIDE_BUY, "1") };
	struct operation_list list = { rows, 3 };
	struct table table;
	char words[80];
	operations_view_init(&table);
	operations_view(&table, &list, 0);
	table_next_sort(&table, words, sizeof words);
	assert_string_equal(words, "sorted by ID, smallest first");
	assert_int_equal(table.shown[0], 0);
	assert_int_equal(table.shown[1], 2);
	assert_int_equal(table.shown[2], 1);          /* 100 is no word between 10 and 11 */
	table_next_sort(&table, words, sizeof words);
	assert_string_equal(words, "sorted by ID, largest first");
	assert_int_equal(table.shown[0], 1);
	table_set_filter(&table, "btc");
	assert_int_equal(table.shown_count, 2);
	table_set_filter(&table, "nothing like it");
	assert_int_equal(table.shown_count, 0);
	assert_null(table_selected(&table));
	table_set_filter(&table, "");
	assert_int_equal(table.shown_count, 3);
	table_done(&table);
}

/* ---- the report ---- */

static void
what_failed_stands_first_in_a_report(void **state)
{
	(void)state;
	struct report report;
	struct table table;
	memset(&report, 0, sizeof report);
	report.count = 3;
	text_copy(report.checks[0].name, GUARD_NAME_SIZE, "symbol");
	text_copy(report.checks[1].name, GUARD_NAME_SIZE, "exposure");
	report.checks[1].status = VERDICT_WARN;
	text_copy(report.checks[2].name, GUARD_NAME_SIZE, "stop");
	report.checks[2].status = VERDICT_FAIL;
	text_copy(report.checks[2].message, 256, "the stop of a buy belongs below its entry");
	text_copy(report.checks[2].details, 512, "entry=1; stop=2");
	checks_view_init(&table);
	checks_view(&table, &report);
	assert_string_equal(table.rows[0].key, "stop");
	assert_string_equal(table.rows[1].key, "exposure");
	assert_string_equal(table.rows[2].key, "symbol");
	struct grid grid = make_grid(5, 40);
	struct canvas all = canvas_whole(&grid);
	table_toggle_open(&table);
	table_draw(&table, &all, true);
	look(&grid,
	     "   what it saw\n"
	     "▸✗ the stop of a buy belongs below its…\n"
	     "     stop: the stop of a buy belongs\n"
	     "     below its entry  entry=1  stop=2\n"
	     " !\n");
	assert_true(table.is_selection_cut);
	table_done(&table);
	grid_done(&grid);
}

/* ---- the form ---- */

static void
type(struct form *form, const char *text)
{
	for (; *text != 0; text++) {
		struct ui_key key = { .kind = UI_TEXT, .codepoint = (unsigned char)*text };
		if (*text == '\r')
			key = (struct ui_key){ .kind = UI_KEY, .code = UI_ENTER };
		form_key(form, &key, d("0.01"));
	}
}

static void
press(struct form *form, int code)
{
	struct ui_key key = { .kind = UI_KEY, .code = code };
	form_key(form, &key, d("0.01"));
}

/* v for DRY-RUN, then L: the plan that the guards saw is not the one that is asked for. */
static void
a_plan_for_the_other_mode_is_another_intent(void **state)
{
	(void)state;
	struct form form;
	struct plan_input input;
	form_init(&form);
	form_command(&form, COMMAND_EDIT);
	type(&form, "BTCUSDC");
	text_copy(form.intent_id, sizeof form.intent_id, "0192");
	form.intent_live = form.live;
	assert_false(form_mode_differs(&form));
	form_command(&form, COMMAND_TOGGLE_LIVE);
	assert_true(form_mode_differs(&form));
	form_command(&form, COMMAND_TOGGLE_LIVE);
	assert_false(form_mode_differs(&form));
	assert_string_equal(form.intent_id, "0192");
	form_command(&form, COMMAND_TOGGLE_LIVE);
	form_clone_of(&form, "0192");
	form_input(&form, &input);
	assert_string_equal(form.intent_id, "");
	assert_string_equal(input.from, "0192");
	assert_true(input.live);
	assert_false(form_mode_differs(&form));
}

static void
the_form_hands_over_what_was_typed(void **state)
{
	(void)state;
	struct form form;
	struct plan_input input;
	form_init(&form);
	text_copy(form.strategies[0], STRATEGY_NAME_SIZE, "All In");
	text_copy(form.strategies[1], STRATEGY_NAME_SIZE, "Bounce Back");
	form.strategy_count = 2;
	form_go(&form, FORM_SYMBOL, true);
	type(&form, "btcusdc\rs\rb\r97,400\r-1.5%\r3R\r10000\r\rweekly open");
	form_input(&form, &input);
	assert_string_equal(input.symbol, "BTCUSDC");
	assert_string_equal(input.side, "SELL");
	assert_string_equal(input.strategy, "Bounce Back");
	assert_string_equal(input.entry, "97,400");
	assert_string_equal(input.stop, "-1.5%");
	assert_string_equal(input.target, "3R");
	assert_string_equal(input.capital, "10000");
	assert_string_equal(input.quantity, "");
	assert_string_equal(input.reason, "weekly open");
	assert_false(input.live);
	assert_null(input.from);
}

static void
a_price_moves_by_the_tick(void **state)
{
	(void)state;
	struct form form;
	form_init(&form);
	form_go(&form, FORM_STOP, true);
	type(&form, "95,900");
	press(&form, UI_UP);
	assert_string_equal(form.fields[FORM_STOP].text, "95900.01");
	press(&form, UI_DOWN);
	press(&form, UI_DOWN);
	assert_string_equal(form.fields[FORM_STOP].text, "95899.99");
	field_set(&form.fields[FORM_STOP], "0.01");
	press(&form, UI_DOWN);                        /* no price is zero */
	assert_string_equal(form.fields[FORM_STOP].text, "0.01");
	/* a percentage moves from what it means */
	field_set(&form.fields[FORM_STOP], "-1%");
	form.has_preview = true;
	form.preview.intent.stop_price = d("96426");
	press(&form, UI_UP);
	assert_string_equal(form.fields[FORM_STOP].text, "96426.01");
}

static void
another_content_is_another_plan(void **state)
{
	(void)state;
	struct form form;
	struct plan_input input;
	struct intent intent;
	memset(&intent, 0, sizeof intent);
	form_init(&form);
	text_copy(intent.id, sizeof intent.id, "019f");
	text_copy(intent.symbol, sizeof intent.symbol, "BTCUSDC");
	intent.stop_price = d("95900");
	intent.has_target = true;
	intent.target_price = d("101900");
	intent.capital = d("10000");
	form_take_intent(&form, &intent, false);
	assert_string_equal(form.intent_id, "019f");
	form_command(&form, COMMAND_TOGGLE_LIVE);     /* the mode is not part of the plan */
	assert_string_equal(form.intent_id, "019f");
	form_go(&form, FORM_REASON, true);
	type(&form, "x");
	assert_string_equal(form.intent_id, "");
	/* A clone names its parent, unless something that the parent had was emptied. */
	form_take_intent(&form, &intent, true);
	form_input(&form, &input);
	assert_string_equal(input.from, "019f");
	field_set(&form.fields[FORM_TARGET], "");
	form_input(&form, &input);
	assert_null(input.from);
}

static void
the_form_says_what_is_wrong_in_words(void **state)
{
	(void)state;
	struct form form;
	char text[240];
	form_init(&form);
	form.has_preview = true;
	form.preview.error_count = 2;
	text_copy(form.preview.errors[0].field, 24, "symbol");
	text_copy(form.preview.errors[0].message, 200, "is missing");
	text_copy(form.preview.errors[1].field, 24, "stop");
	text_copy(form.preview.errors[1].message, 200, "belongs below the entry");
	assert_false(form_trouble(&form, text, sizeof text));     /* nothing was typed yet */
	field_set(&form.fields[FORM_STOP], "99999");
	assert_true(form_trouble(&form, text, sizeof text));
	assert_string_equal(text, "✗ stop: belongs below the entry");
	form.attempted = true;
	assert_true(form_trouble(&form, text, sizeof text));
	assert_string_equal(text, "✗ symbol: is missing");
	struct grid grid = make_grid(13, 38);
	struct canvas all = canvas_whole(&grid);
	form_draw(&form, &all, true);
	look(&grid,
	     "╭─ Intent · DRY-RUN ─────────────────╮\n"
	     "│▸Symbol   ✗                         │\n"
	     "│ Side      ‹ BUY ›  sell            │\n"
	     "│ Strategy  ‹ none ›                 │\n"
	     "│ Entry     market                   │\n"
	     "│ Stop     ✗99999                    │\n"
	     "│ Target                             │\n"
	     "│ Capital                            │\n"
	     "│ Size                               │\n"
	     "│ Reason                             │\n"
	     "│                                    │\n"
	     "│ ✗ symbol: is missing               │\n"
	     "╰─ v validate  x execute  F4 clear ──╯\n");
	grid_done(&grid);
}

static void
any_size_of_any_pane_is_survived(void **state)
{
	(void)state;
	struct operation_model row = make_operation(12, "BTCUSDC", SIDE_BUY, "97412.35");
	struct operation_list list = { &row, 1 };
	struct table table;
	struct form form;
	struct grid grid;
	grid_init(&grid, GLYPHS_FULL);
	operations_view_init(&table);
	operations_view(&table, &list, 14000);
	form_init(&form);
	for (int rows = 1; rows < 20; rows++)
		for (int cols = 1; cols < 140; cols += 3) {
			assert_int_equal(grid_resize(&grid, rows, cols), STATUS_OK);
			struct canvas all = canvas_whole(&grid);
			table_draw(&table, &all, true);
			form.at = (enum form_field)((rows + cols) % FORM_FIELDS);
			form.editing = cols % 2;
			form_draw(&form, &all, true);
			help_draw(&all, CONTEXT_OPERATIONS, rows);
			key_line_draw(CONTEXT_FORM, &all);
		}
	table_done(&table);
	grid_done(&grid);
}

/* ---- words ---- */

static void
figures_carry_their_sign(void **state)
{
	(void)state;
	char text[WORDS_SIZE];
	words_money(d("142.1"), true, text);
	assert_string_equal(text, "+142.10");
	words_money(d("-10.765"), true, text);
	assert_string_equal(text, "-10.77");
	words_money(d("0.001"), true, text);
	assert_string_equal(text, "0.00");            /* what shows as nothing has no sign */
	words_money(d("1234567.891"), false, text);
	assert_string_equal(text, "1,234,567.89");
	words_id("019f2b6c-7c1e-7d3a-8a52-0123456789ab", text);
	assert_string_equal(text, "019f…89ab");
	words_id("12", text);
	assert_string_equal(text, "12");
}

static void
commands_complete_as_far_as_they_agree(void **state)
{
	(void)state;
	char text[64];
	assert_true(command_line_complete("pau", text, sizeof text));
	assert_string_equal(text, "pause ");
	assert_true(command_line_complete("op", text, sizeof text));
	assert_string_equal(text, "operation");
	assert_false(command_line_complete("operation", text, sizeof text));
	assert_true(command_line_complete("live o", text, sizeof text) == false);
	assert_false(command_line_complete("xyz", text, sizeof text));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(operations_are_rows_of_words),
		cmocka_unit_test(narrow_lists_keep_what_matters),
		cmocka_unit_test(stale_naked_and_unwatched_are_said_in_words),
		cmocka_unit_test(the_selection_stays_on_its_row_while_others_come_and_go),
		cmocka_unit_test(rows_sort_by_number_and_filter_by_text),
		cmocka_unit_test(what_failed_stands_first_in_a_report),
		cmocka_unit_test(a_plan_for_the_other_mode_is_another_intent),
		cmocka_unit_test(the_form_hands_over_what_was_typed),
		cmocka_unit_test(a_price_moves_by_the_tick),
		cmocka_unit_test(another_content_is_another_plan),
		cmocka_unit_test(the_form_says_what_is_wrong_in_words),
		cmocka_unit_test(any_size_of_any_pane_is_survived),
		cmocka_unit_test(figures_carry_their_sign),
		cmocka_unit_test(commands_complete_as_far_as_they_agree),
	};
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
