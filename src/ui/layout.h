/* Where things stand, for any size of the terminal.  Pure arithmetic. */
#ifndef UI_LAYOUT_H
#define UI_LAYOUT_H

#include <stdbool.h>
#include "ui/canvas.h"

enum { LAYOUT_MIN_ROWS = 16, LAYOUT_MIN_COLS = 60 };

enum pane { PANE_FORM, PANE_REPORT, PANE_OPERATIONS };

struct layout {
	bool too_small;           /* say the size that is needed, and keep on watching */
	bool takes_turns;         /* form and report share one place; the focus decides */
	struct rect status, form, report, chart, operations, message, keys;   /* empty: not shown */
	struct rect middle;       /* all between status line and message: views that fill the screen */
};

/* focus: who is shown where two take turns. */
void layout_compute(struct layout *layout, int rows, int cols, enum pane focus);

#endif
