/* Purpose: charts, gauges and sparklines as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <string.h>
#include "ui/chart.h"

static struct decimal
d(const char *text)
{
	struct decimal ret = DECIMAL_ZERO;
	assert_int_equal(decimal_parse(text, &ret), STATUS_OK);
	return ret;
}

static struct candle
candle(int open, int high, int low, int close)
{
	return (struct candle){ .open = decimal_from_int(open), .high = decimal_from_int(high),
	                        .low = decimal_from_int(low), .close = decimal_from_int(close) };
}

static void
must_look_like(enum glyphs glyphs, int rows, int cols, const struct chart *chart,
               const char *expected)
{
	struct grid grid;
	struct text text = { 0 };
	grid_init(&grid, glyphs);
	assert_int_equal(grid_resize(&grid, rows, cols), STATUS_OK);
	struct canvas all = canvas_whole(&grid);
	chart_draw(chart, &all);
	grid_dump(&grid, &text);
	assert_string_equal(text.data, expected);
	text_done(&text);
	grid_done(&grid);
}

static void
candles_stand_between_their_levels(void **state)
{
	(void)state;
	struct candle candles[] = { candle(100, 104, 98, 103), candle(103, 106, 102, 105),
	                            candle(105, 105, 99, 100), candle(100, 110, 100, 109) };
	struct chart chart = { .kind = CHART_CANDLES, .candles = candles, .count = 4,
		.levels = { { decimal_from_int(112), "target", STYLE_LINE_TARGET },
		            { decimal_from_int(96), "stop", STYLE_LINE_STOP } },
		.level_count = 2 };
	must_look_like(GLYPHS_FULL, 9, 24, &chart,
		"╌╌╌╌╌╌╌╌╌╌╌╌┤112 target\n"
		"           ╷│\n"
		"           ┃│\n"
		"     ╷     ┃┤106\n"
		"  ╷  ┃  █  ┃│\n"
		"  ┃  ╿  █  ┃│\n"
		"  ┃     █  ┃┤100\n"
		"  │     ╵   │\n"
		"╌╌╌╌╌╌╌╌╌╌╌╌┤96 stop\n");
	must_look_like(GLYPHS_ASCII, 9, 24, &chart,
		"------------|112 target\n"
		"           ||\n"
		"           O|\n"
		"     |     O|106\n"
		"  |  O  #  O|\n"
		"  O  O  #  O|\n"
		"  O     #  O|100\n"
		"  |     |   |\n"
		"------------|96 stop\n");
}

static void
a_line_is_drawn_in_braille(void **state)
{
	(void)state;
	struct candle candles[16];
	for (int i = 0; i < 16; i++)
		candles[i] = candle(100 + i, 100 + i, 100 + i, 100 + i);
	struct chart chart = { .kind = CHART_LINE, .candles = candles, .count = 16 };
	must_look_like(GLYPHS_FULL, 4, 14, &chart,
		"      ⡠⠊┤115\n"
		"    ⡠⠊  │\n"
		"  ⡠⠊    │\n"
		"⡠⠊      ┤100\n");
}

static void
a_level_far_away_is_named_at_the_edge(void **state)
{
	(void)state;
	struct candle candles[] = { candle(100, 101, 99, 100), candle(100, 101, 99, 101) };
	struct chart chart = { .kind = CHART_CANDLES, .candles = candles, .count = 2,
		.levels = { { decimal_from_int(500), "target", STYLE_LINE_TARGET } }, .level_count = 1 };
	must_look_like(GLYPHS_FULL, 4, 24, &chart,
		"        │  ┃▲500 target\n"
		"        │  ┃│\n"
		"        ╿  ╿│\n"
		"        │  │┤99\n");
}

static void
any_chart_fits_any_place(void **state)
{
	(void)state;
	struct candle candles[3] = { candle(1, 1, 1, 1), candle(1, 1, 1, 1), candle(1, 1, 1, 1) };
	struct grid grid;
	grid_init(&grid, GLYPHS_FULL);
	for (int rows = 1; rows < 30; rows++)
		for (int cols = 1; cols < 60; cols++)
			for (size_t count = 0; count <= 3; count++)
				for (int kind = CHART_CANDLES; kind <= CHART_LINE; kind++) {
					struct chart chart = { .kind = (enum chart_kind)kind, .candles = candles,
						.count = count, .has_price = true, .price = decimal_from_int(1),
						.levels = { { decimal_from_int(2), "stop", STYLE_LINE_STOP } },
						.level_count = 1 };
					assert_int_equal(grid_resize(&grid, rows, cols), STATUS_OK);
					struct canvas all = canvas_whole(&grid);
					chart_draw(&chart, &all);
				}
	grid_done(&grid);
}

static void
the_gauge_shows_where_the_price_stands(void **state)
{
	(void)state;
	static const struct { const char *value, *low, *high, *picture; } cases[] = {
		{ "50", "0", "100", "├────●────┤\n" },
		{ "0", "0", "100", "├●────────┤\n" },
		{ "100", "0", "100", "├────────●┤\n" },
		{ "-5", "0", "100", "├●────────┤\n" },
		{ "500", "0", "100", "├────────●┤\n" },
		{ "98", "100", "90", "├──●──────┤\n" },    /* a short: its stop is above, at the left */
		{ "100", "100", "90", "├●────────┤\n" },
		{ "90", "100", "90", "├────────●┤\n" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct grid grid;
		struct text text = { 0 };
		grid_init(&grid, GLYPHS_FULL);
		assert_int_equal(grid_resize(&grid, 1, 11), STATUS_OK);
		struct canvas all = canvas_whole(&grid);
		gauge_draw(&all, 0, 0, 11, d(cases[i].value), d(cases[i].low), d(cases[i].high), STYLE_GOOD);
		grid_dump(&grid, &text);
		assert_string_equal(text.data, cases[i].picture);
		text_done(&text);
		grid_done(&grid);
	}
}

static void
a_sparkline_keeps_the_newest(void **state)
{
	(void)state;
	struct decimal values[] = { d("100"), d("0"), d("1"), d("2"), d("3"), d("7") };
	struct grid grid;
	struct text text = { 0 };
	grid_init(&grid, GLYPHS_FULL);
	assert_int_equal(grid_resize(&grid, 1, 8), STATUS_OK);
	struct canvas all = canvas_whole(&grid);
	sparkline_draw(&all, 0, 1, 5, STYLE_PLAIN, values, ARRAY_LEN(values));
	grid_dump(&grid, &text);
	assert_string_equal(text.data, " ▁▂▃▄█\n");
	text_done(&text);
	grid_done(&grid);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(candles_stand_between_their_levels),
		cmocka_unit_test(a_line_is_drawn_in_braille),
		cmocka_unit_test(a_level_far_away_is_named_at_the_edge),
		cmocka_unit_test(any_chart_fits_any_place),
		cmocka_unit_test(the_gauge_shows_where_the_price_stands),
		cmocka_unit_test(a_sparkline_keeps_the_newest),
	};
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
