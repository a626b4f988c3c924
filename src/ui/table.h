/* A list of rows with columns, a selection, a filter and an order: every list on the screen.  A
 * view fills it with words; the table knows how to scroll, filter, sort and draw, and keeps the
 * selection on its row while the rows around it change. */
#ifndef UI_TABLE_H
#define UI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include "core/decimal.h"
#include "ui/canvas.h"
#include "ui/keys.h"

enum { TABLE_COLUMNS = 14, TABLE_CELL_SIZE = 40, TABLE_WIDE_SIZE = 256, TABLE_KEY_SIZE = 48 };

struct table_column {
	const char *title;    /* "LONG|SHORT": the short one where the long one does not fit */
	int width;            /* at least; it grows with its content.  0: takes what is left, and shows
	                         the row's wide text */
	enum align align;
	int rank;             /* 0 always stands; the highest ranks go first when it is narrow */
	bool is_gauge;
};

struct table_cell {
	char text[TABLE_CELL_SIZE];
	unsigned style;
	bool has_number;
	struct decimal number;        /* to sort by; else by the text */
};

struct table_row {
	char key[TABLE_KEY_SIZE];     /* knows the row again; an id */
	struct table_cell cells[TABLE_COLUMNS];
	char wide[TABLE_WIDE_SIZE];
	unsigned wide_style;
	bool has_gauge;
	struct decimal value, low, high;
	unsigned gauge_style;
	char detail[512];             /* shown below the row when it is opened */
	size_t number;                /* as the view added it */
};

struct table {
	const struct table_column *columns;
	int column_count;
	struct table_row *rows;       /* owned */
	size_t count, capacity;
	size_t *shown;                /* owned: indexes of rows that pass the filter, in order */
	size_t shown_count;
	size_t selected, top;         /* in shown */
	char selected_key[TABLE_KEY_SIZE];
	char opened_key[TABLE_KEY_SIZE];
	char filter[64];
	int grown[TABLE_COLUMNS];     /* the widest content so far: columns never shrink, or they jump */
	int now[TABLE_COLUMNS];       /* the widest content of this filling */
	int sort;                     /* column, -1: as the view added them */
	bool is_descending;
	bool is_selection_cut;        /* the last drawing had to cut the selected row's wide text */
	int least;                    /* the flexible column's; 0: 16.  Ranked columns go before it gets less */
	const char *empty;            /* what to say when there is nothing */
};

void table_init(struct table *table, const struct table_column *columns, int count,
                const char *empty);
void table_done(struct table *table);
/* Refill: begin, add rows, end.  add returns NULL when memory is out; the row is dropped then. */
void table_begin(struct table *table);
struct table_row *table_add(struct table *table, const char *key);
void table_end(struct table *table);

void table_set(struct table_row *row, int column, unsigned style, const char *format, ...)
	PRINTF_LIKE(4, 5);
void table_set_number(struct table_row *row, int column, struct decimal number);

const struct table_row *table_selected(const struct table *table);     /* NULL: none */
void table_select(struct table *table, const char *key);
void table_set_filter(struct table *table, const char *filter);
/* The next column to sort by, then descending, then as it was; says which in words. */
void table_next_sort(struct table *table, char *ret_words, size_t size);
/* Up, down, pages, ends.  False: not a command of a list. */
bool table_command(struct table *table, enum command command, int page);
void table_toggle_open(struct table *table);

/* With a line of titles. focused: the selection is marked. */
void table_draw(struct table *table, const struct canvas *canvas, bool focused);
/* The row that a click at this line of the canvas selects; false: none. */
bool table_click(struct table *table, int line);

#endif
