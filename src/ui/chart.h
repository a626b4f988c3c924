/* Pictures of prices: the chart of a symbol with its levels, the gauge of an operation between
 * stop and target, a sparkline.  Drawn into a canvas, in what glyphs that canvas may use. */
#ifndef UI_CHART_H
#define UI_CHART_H

#include "core/candle.h"
#include "ui/canvas.h"

enum chart_kind { CHART_CANDLES, CHART_LINE };

struct chart_level {
	struct decimal price;
	const char *label;        /* "stop" */
	unsigned style;
};

enum { CHART_LEVELS = 4 };

struct chart {
	enum chart_kind kind;
	const struct candle *candles;     /* borrowed; oldest first */
	size_t count;
	struct chart_level levels[CHART_LEVELS];
	size_t level_count;
	bool has_price;
	struct decimal price;             /* now: marked on the axis */
	int price_places;
};

/* The newest candles that fit, the levels as lines across, and the price axis at the right.  Levels
 * far outside of the candles' range are named at the edge rather than squeezing the candles flat. */
void chart_draw(const struct chart *chart, const struct canvas *canvas);

/* "├────●──────┤": where value lies between low and high, clamped; low may be above high (a short's
 * stop): the gauge still runs from low at the left to high at the right. */
void gauge_draw(const struct canvas *canvas, int row, int col, int width, struct decimal value,
                struct decimal low, struct decimal high, unsigned style);

/* The last `width` values as bars of one row. */
void sparkline_draw(const struct canvas *canvas, int row, int col, int width, unsigned style,
                    const struct decimal *values, size_t count);

#endif
