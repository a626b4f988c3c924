/* Purpose: the charts.
 *
 * A candle is one column, in steps of half a row: wick and body share a cell by the box-drawing
 * characters that are thin in one half and thick in the other.  Falling candles are told from
 * rising ones by their glyphs too (full blocks), not by colour alone.  A line uses Braille, two by
 * four dots in a cell. */
#include "ui/chart.h"

#include <string.h>

enum { MAX_WIDTH = 1024, MAX_HEIGHT = 512 };

struct scale {
	struct decimal low, high;
	int steps;                /* rows × dots per row; 0 is the lowest */
};

static int
height_of(const struct scale *scale, struct decimal price)
{
	return decimal_position(price, scale->low, scale->high, scale->steps - 1);
}

static void
widen(struct scale *scale, struct decimal price)
{
	scale->low = decimal_min(scale->low, price);
	scale->high = decimal_max(scale->high, price);
}

/* Whether a level is near enough to be drawn as a line: within a fifth of the price. */
static bool
is_near(struct decimal level, struct decimal price)
{
	struct decimal distance, most;

	return decimal_sub(level, price, &distance) == STATUS_OK &&
	       decimal_percent_of(price, decimal_from_int(20), ROUND_UP, &most) == STATUS_OK &&
	       decimal_cmp(decimal_abs(distance), most) <= 0;
}

/* What the candles reach, the price of now, and the levels near them. */
static void
fit(const struct chart *chart, size_t first, struct scale *scale)
{
	struct decimal air;

	scale->low = chart->candles[first].low;
	scale->high = chart->candles[first].high;
	for (size_t i = first; i < chart->count; i++) {
		widen(scale, chart->candles[i].low);
		widen(scale, chart->candles[i].high);
	}
	if (chart->has_price)
		widen(scale, chart->price);
	for (size_t i = 0; i < chart->level_count; i++)
		if (is_near(chart->levels[i].price, chart->candles[chart->count - 1].close))
			widen(scale, chart->levels[i].price);
	/* A flat market: give it some air, or it would lie on the edge. */
	if (decimal_cmp(scale->low, scale->high) == 0 &&
	    decimal_percent_of(scale->high, decimal_from_int(1), ROUND_UP, &air) == STATUS_OK) {
		struct decimal low, high;
		if (decimal_sub(scale->low, air, &low) == STATUS_OK &&
		    decimal_add(scale->high, air, &high) == STATUS_OK) {
			scale->low = low;
			scale->high = high;
		}
	}
}

/* ---- candles ---- */

/* What fills the lower and the upper half of a cell. */
enum { NOTHING, WICK, BODY };

static uint32_t
half_glyph(int lower, int upper, bool rising)
{
	static const uint32_t rise[3][3] = {      /* [lower][upper] */
		{ ' ',    0x2575, 0x2579 },
		{ 0x2577, 0x2502, 0x257f },
		{ 0x257b, 0x257d, 0x2503 },
	};
	static const uint32_t fall[3][3] = {
		{ ' ',    0x2575, 0x2580 },
		{ 0x2577, 0x2502, 0x2580 },
		{ 0x2584, 0x2584, 0x2588 },
	};
	return rising ? rise[lower][upper] : fall[lower][upper];
}

static uint32_t
ascii_glyph(int lower, int upper, bool rising)
{
	if (lower == BODY || upper == BODY)
		return rising ? 'O' : '#';
	return lower == WICK || upper == WICK ? '|' : ' ';
}

static void
draw_candle(const struct canvas *canvas, int col, const struct candle *candle,
            const struct scale *scale)
{
	bool rising = decimal_cmp(candle->close, candle->open) >= 0;
	int low = height_of(scale, candle->low), high = height_of(scale, candle->high);
	int bottom = height_of(scale, rising ? candle->open : candle->close);
	int top = height_of(scale, rising ? candle->close : candle->open);
	unsigned style = rising ? STYLE_RISE : STYLE_FALL;

	for (int row = 0; row < canvas->rows; row++) {
		int half[2];
		for (int i = 0; i < 2; i++) {
			int step = (canvas->rows - 1 - row) * 2 + i;
			half[i] = step >= bottom && step <= top ? BODY
			        : step >= low && step <= high ? WICK : NOTHING;
		}
		if (half[0] == NOTHING && half[1] == NOTHING)
			continue;
		canvas_glyph(canvas, row, col, style, canvas->grid->glyphs == GLYPHS_ASCII
		             ? ascii_glyph(half[0], half[1], rising)
		             : half_glyph(half[0], half[1], rising));
	}
}

static void
draw_candles(const struct chart *chart, size_t first, const struct canvas *canvas,
             struct scale scale)
{
	size_t count = chart->count - first;

	/* Few candles on a wide place stand apart. */
	int step = canvas->cols / (int)count;
	step = step < 1 ? 1 : step > 3 ? 3 : step;
	scale.steps = canvas->rows * 2;
	for (size_t i = 0; i < count; i++)
		draw_candle(canvas, canvas->cols - 1 - (int)(count - 1 - i) * step,
		            &chart->candles[first + i], &scale);
}

/* ---- a line ---- */

static void
draw_line(const struct chart *chart, size_t first, const struct canvas *canvas, struct scale scale)
{
	static const uint8_t dot[4][2] = { { 0x40, 0x80 }, { 0x04, 0x20 }, { 0x02, 0x10 }, { 0x01, 0x08 } };
	size_t count = chart->count - first;
	bool braille = canvas->grid->glyphs == GLYPHS_FULL;
	int per_col = braille ? 2 : 1, per_row = braille ? 4 : 1, before = -1;
	uint8_t cells[MAX_HEIGHT];
	int dots = canvas->cols * per_col;

	scale.steps = canvas->rows * per_row;
	for (int col = 0; col < canvas->cols; col++) {
		memset(cells, 0, sizeof cells);
		for (int side = 0; side < per_col; side++) {
			int x = col * per_col + side;
			/* stretched over the whole width, so that a few points make a line too */
			size_t along = (size_t)x * (count - 1), wide = dots > 1 ? (size_t)dots - 1 : 1;
			size_t at = first + along / wide, next = at + 1 < chart->count ? at + 1 : at;
			int here = height_of(&scale, chart->candles[at].close);
			int there = height_of(&scale, chart->candles[next].close);
			int y = here + (there - here) * (int)(along % wide) / (int)wide;
			int from = before < 0 ? y : before < y ? before + 1 : before > y ? before - 1 : y;
			for (int step = from; ; step += step < y ? 1 : -1) {
				int row = canvas->rows - 1 - step / per_row;
				if (row >= 0 && row < canvas->rows && row < MAX_HEIGHT)
					cells[row] |= braille ? dot[step % 4][side] : 1;
				if (step == y)
					break;
			}
			before = y;
		}
		for (int row = 0; row < canvas->rows && row < MAX_HEIGHT; row++)
			if (cells[row] != 0)
				canvas_glyph(canvas, row, col, STYLE_STRONG,
				             braille ? 0x2800u + cells[row] : '*');
	}
}

/* ---- axis and levels ---- */

static int
row_of(const struct canvas *plot, const struct scale *scale, struct decimal price)
{
	return plot->rows - 1 - decimal_position(price, scale->low, scale->high, plot->rows - 1);
}

static void
draw_levels(const struct chart *chart, const struct canvas *plot, const struct scale *scale)
{
	for (size_t i = 0; i < chart->level_count; i++) {
		const struct chart_level *level = &chart->levels[i];
		if (decimal_cmp(level->price, scale->low) < 0 || decimal_cmp(level->price, scale->high) > 0)
			continue;
		int row = row_of(plot, scale, level->price);
		for (int col = 0; col < plot->cols; col++) {
			const struct cell *cell = grid_cell(plot->grid, plot->row + row, plot->col + col);
			if (cell != NULL && cell->glyph == ' ')
				canvas_glyph(plot, row, col, level->style,
				             plot->grid->glyphs == GLYPHS_ASCII ? '-' : 0x254c);
		}
	}
}

/* One label per row of the axis: a level wins over a plain price, the price of now over all. */
static void
axis_label(const struct canvas *axis, int row, unsigned style, uint32_t tick, const char *label,
           struct decimal price, int places)
{
	char number[DECIMAL_FORMAT_SIZE], text[96];

	decimal_format(price, places, true, number);
	text_format(text, sizeof text, "%s %s", number, label);
	canvas_repeat(axis, row, 0, axis->cols, STYLE_PLAIN, ' ');
	canvas_glyph(axis, row, 0, style, tick);
	canvas_column(axis, row, 1, axis->cols - 1, ALIGN_LEFT, style, text);
}

/* The row itself if it is free, else the nearest one that is, else the row itself. */
static int
free_row(const bool *taken, int rows, int row)
{
	for (int away = 0; away <= 2; away++) {
		if (row + away < rows && !taken[row + away])
			return row + away;
		if (row - away >= 0 && !taken[row - away])
			return row - away;
	}
	return row;
}

static void
draw_axis(const struct chart *chart, const struct canvas *axis, const struct canvas *plot,
          const struct scale *scale)
{
	bool taken[MAX_HEIGHT] = { false };
	int rows = axis->rows < MAX_HEIGHT ? axis->rows : MAX_HEIGHT, gap = rows > 12 ? 4 : 3;

	for (int row = 0; row < rows; row++)
		canvas_glyph(axis, row, 0, STYLE_FRAME, 0x2502);
	for (int row = 0; row < rows; row += gap) {
		struct decimal span, price;
		if (rows < 2 ||
		    decimal_sub(scale->high, scale->low, &span) != STATUS_OK ||
		    decimal_mul_div(span, decimal_from_int(rows - 1 - row), decimal_from_int(rows - 1),
		                    ROUND_HALF_UP, &price) != STATUS_OK ||
		    decimal_add(scale->low, price, &price) != STATUS_OK)
			continue;
		axis_label(axis, row, STYLE_DIM, 0x2524, "", price, chart->price_places);
	}
	for (size_t i = 0; i < chart->level_count; i++) {
		const struct chart_level *level = &chart->levels[i];
		bool above = decimal_cmp(level->price, scale->high) > 0;
		bool below = decimal_cmp(level->price, scale->low) < 0;
		int row = free_row(taken, rows, above ? 0 : below ? rows - 1
		                   : row_of(plot, scale, level->price));
		axis_label(axis, row, level->style, above ? 0x25b2 : below ? 0x25bc : 0x2524, level->label,
		           level->price, chart->price_places);
		taken[row] = true;
	}
	if (chart->has_price)
		axis_label(axis, free_row(taken, rows, row_of(plot, scale, chart->price)), STYLE_STRONG,
		           0x25c0, "", chart->price, chart->price_places);
}

static int
axis_width(const struct chart *chart, const struct scale *scale)
{
	char text[DECIMAL_FORMAT_SIZE];
	int width, label = 0;

	width = (int)decimal_format(scale->high, chart->price_places, true, text);
	for (size_t i = 0; i < chart->level_count; i++) {
		int number = (int)decimal_format(chart->levels[i].price, chart->price_places, true, text);
		if (number > width)
			width = number;
		if (canvas_width(chart->levels[i].label) > label)
			label = canvas_width(chart->levels[i].label);
	}
	return width + label + 3;
}

void
chart_draw(const struct chart *chart, const struct canvas *canvas)
{
	struct scale scale = { .steps = 1 };
	size_t fitting, first;
	int axis_cols;

	if (canvas->rows < 2 || canvas->cols < 8)
		return;
	if (chart->count == 0) {
		canvas_column(canvas, canvas->rows / 2, 0, canvas->cols, ALIGN_CENTRE, STYLE_DIM,
		              "no candles yet");
		return;
	}
	fit(chart, 0, &scale);
	axis_cols = axis_width(chart, &scale);
	if (axis_cols > canvas->cols / 2)
		axis_cols = 0;
	struct canvas plot = canvas_part(canvas, (struct rect){ 0, 0, canvas->rows,
	                                 canvas->cols - axis_cols });
	struct canvas axis = canvas_part(canvas, (struct rect){ 0, canvas->cols - axis_cols,
	                                 canvas->rows, axis_cols });
	fitting = (size_t)plot.cols;
	if (chart->kind == CHART_LINE)
		fitting *= canvas->grid->glyphs == GLYPHS_FULL ? 2 : 1;
	first = chart->count > fitting ? chart->count - fitting : 0;
	fit(chart, first, &scale);
	if (chart->kind == CHART_LINE)
		draw_line(chart, first, &plot, scale);
	else
		draw_candles(chart, first, &plot, scale);
	draw_levels(chart, &plot, &scale);
	if (axis_cols > 0)
		draw_axis(chart, &axis, &plot, &scale);
}

void
gauge_draw(const struct canvas *canvas, int row, int col, int width, struct decimal value,
           struct decimal low, struct decimal high, unsigned style)
{
	int inside = width - 2, at;

	if (inside < 1)
		return;
	/* Turned over, a short's gauge runs the same way as a long's: stop left, target right. */
	at = decimal_cmp(low, high) <= 0
	   ? decimal_position(value, low, high, inside - 1)
	   : inside - 1 - decimal_position(value, high, low, inside - 1);
	canvas_glyph(canvas, row, col, STYLE_FRAME, 0x251c);
	canvas_repeat(canvas, row, col + 1, inside, STYLE_FRAME, 0x2500);
	canvas_glyph(canvas, row, col + width - 1, STYLE_FRAME, 0x2524);
	canvas_glyph(canvas, row, col + 1 + at, style, 0x25cf);
}

void
sparkline_draw(const struct canvas *canvas, int row, int col, int width, unsigned style,
               const struct decimal *values, size_t count)
{
	size_t first = width > 0 && count > (size_t)width ? count - (size_t)width : 0;
	struct decimal low, high;

	if (count == 0 || width <= 0)
		return;
	low = high = values[first];
	for (size_t i = first; i < count; i++) {
		low = decimal_min(low, values[i]);
		high = decimal_max(high, values[i]);
	}
	for (size_t i = first; i < count; i++) {
		int step = decimal_cmp(low, high) == 0 ? 3 : decimal_position(values[i], low, high, 7);
		canvas_glyph(canvas, row, col + (int)(i - first), style, 0x2581u + (unsigned)step);
	}
}
