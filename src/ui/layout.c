/* Purpose: rectangles.  The form needs 13 rows to show every field, its sum and its frame; the
 * operations get what is left, at least 5.  From 150 columns on the chart stands beside the two. */
#include "ui/layout.h"

#include <string.h>

enum { FORM_ROWS = 13, OPERATIONS_ROWS = 5, SIDE_BY_SIDE_COLS = 76, CHART_COLS = 150 };

static struct rect
rect(int row, int col, int rows, int cols)
{
	return (struct rect){ row, col, rows, cols };
}

void
layout_compute(struct layout *layout, int rows, int cols, enum pane focus)
{
	int upper, middle = rows - 3, form_cols, chart_cols = 0;

	memset(layout, 0, sizeof *layout);
	if (rows < LAYOUT_MIN_ROWS || cols < LAYOUT_MIN_COLS) {
		layout->too_small = true;
		layout->middle = rect(0, 0, rows, cols);
		return;
	}
	layout->status = rect(0, 0, 1, cols);
	layout->middle = rect(1, 0, middle, cols);
	layout->message = rect(rows - 2, 0, 1, cols);
	layout->keys = rect(rows - 1, 0, 1, cols);

	upper = middle * 55 / 100;
	if (upper < FORM_ROWS)
		upper = FORM_ROWS;
	if (upper > 24)
		upper = 24;
	if (middle - upper < OPERATIONS_ROWS)
		upper = middle - OPERATIONS_ROWS;

	layout->operations = rect(1 + upper, 0, middle - upper, cols);
	if (cols < SIDE_BY_SIDE_COLS) {
		layout->takes_turns = true;
		if (focus == PANE_REPORT)
			layout->report = rect(1, 0, upper, cols);
		else
			layout->form = rect(1, 0, upper, cols);
		return;
	}
	form_cols = cols * 42 / 100;
	if (form_cols < 38)
		form_cols = 38;
	if (form_cols > 52)
		form_cols = 52;
	if (cols >= CHART_COLS)
		chart_cols = (cols - form_cols) * 45 / 100;
	layout->form = rect(1, 0, upper, form_cols);
	layout->report = rect(1, form_cols, upper, cols - form_cols - chart_cols);
	if (chart_cols > 0)
		layout->chart = rect(1, cols - chart_cols, upper, chart_cols);
}
