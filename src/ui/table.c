/* Purpose: scrolling, filtering, sorting and drawing of every list. */
#include "ui/table.h"
#include "ui/chart.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void
table_init(struct table *table, const struct table_column *columns, int count, const char *empty)
{
	memset(table, 0, sizeof *table);
	table->columns = columns;
	table->column_count = count;
	table->sort = -1;
	table->empty = empty;
}

void
table_done(struct table *table)
{
	free(table->rows);
	free(table->shown);
	table->rows = NULL;
	table->shown = NULL;
	table->count = table->capacity = table->shown_count = 0;
}

void
table_begin(struct table *table)
{
	table->count = 0;
}

struct table_row *
table_add(struct table *table, const char *key)
{
	struct table_row *row;

	if (table->count == table->capacity) {
		size_t capacity = table->capacity == 0 ? 16 : table->capacity * 2;
		struct table_row *rows = realloc(table->rows, capacity * sizeof *rows);
		if (rows == NULL)
			return NULL;
		table->rows = rows;
		size_t *shown = realloc(table->shown, capacity * sizeof *shown);
		if (shown == NULL)
			return NULL;
		table->shown = shown;
		table->capacity = capacity;
	}
	row = &table->rows[table->count];
	memset(row, 0, sizeof *row);
	row->number = table->count++;
	text_copy(row->key, sizeof row->key, key);
	return row;
}

void
table_set(struct table_row *row, int column, unsigned style, const char *format, ...)
{
	va_list args;

	if (row == NULL)
		return;
	va_start(args, format);
	vsnprintf(row->cells[column].text, TABLE_CELL_SIZE, format, args);
	va_end(args);
	row->cells[column].style = style;
}

void
table_set_number(struct table_row *row, int column, struct decimal number)
{
	if (row == NULL)
		return;
	row->cells[column].has_number = true;
	row->cells[column].number = number;
}

/* The title for so many columns; for 0 the long one. */
static void
title_text(const struct table_column *column, int cols, char *ret, size_t size)
{
	const char *bar = strchr(column->title, '|');
	int length = bar != NULL ? (int)(bar - column->title) : (int)strlen(column->title);

	if (bar != NULL && cols > 0 && length > cols)
		text_copy(ret, size, bar + 1);
	else
		text_format(ret, size, "%.*s", length, column->title);
}

/* ---- filter and order ---- */

static bool
contains(const char *text, const char *part)
{
	size_t len = strlen(part);

	for (; *text != 0; text++)
		if (strncasecmp(text, part, len) == 0)
			return true;
	return len == 0;
}

static bool
passes(const struct table *table, const struct table_row *row)
{
	if (table->filter[0] == 0 || contains(row->key, table->filter) ||
	    contains(row->wide, table->filter))
		return true;
	for (int i = 0; i < table->column_count; i++)
		if (contains(row->cells[i].text, table->filter))
			return true;
	return false;
}

static int
compare(const struct table *table, size_t a, size_t b)
{
	const struct table_row *x = &table->rows[a], *y = &table->rows[b];
	int order = 0;

	if (table->sort >= 0) {
		const struct table_cell *p = &x->cells[table->sort], *q = &y->cells[table->sort];
		bool wide = table->columns[table->sort].width == 0;
		if (p->has_number && q->has_number)
			order = decimal_cmp(p->number, q->number);
		else if (p->has_number != q->has_number)
			order = p->has_number ? 1 : -1;
		else
			order = wide ? strcasecmp(x->wide, y->wide) : strcasecmp(p->text, q->text);
		if (table->is_descending)
			order = -order;
	}
	return order != 0 ? order : x->number < y->number ? -1 : x->number > y->number;
}

static void
sort(struct table *table)
{
	/* Insertion: lists are short, and nearly in order already from the last time. */
	for (size_t i = 1; i < table->shown_count; i++) {
		size_t moving = table->shown[i], at = i;
		while (at > 0 && compare(table, table->shown[at - 1], moving) > 0) {
			table->shown[at] = table->shown[at - 1];
			at--;
		}
		table->shown[at] = moving;
	}
}

static void
find_selection(struct table *table)
{
	for (size_t i = 0; i < table->shown_count; i++)
		if (strcmp(table->rows[table->shown[i]].key, table->selected_key) == 0) {
			table->selected = i;
			return;
		}
	/* Its row is gone: stay where it was. */
	if (table->selected >= table->shown_count)
		table->selected = table->shown_count > 0 ? table->shown_count - 1 : 0;
}

static void
remember_selection(struct table *table)
{
	const struct table_row *row = table_selected(table);

	if (row != NULL)
		text_copy(table->selected_key, sizeof table->selected_key, row->key);
}

void
table_end(struct table *table)
{
	table->shown_count = 0;
	memset(table->now, 0, sizeof table->now);
	for (size_t i = 0; i < table->count; i++)
		for (int j = 0; j < table->column_count; j++) {
			int width = table->columns[j].is_gauge ? 0
			          : canvas_width(table->rows[i].cells[j].text);
			if (width > table->now[j])
				table->now[j] = width;
			if (width > table->grown[j])
				table->grown[j] = width;
		}
	for (size_t i = 0; i < table->count; i++)
		if (passes(table, &table->rows[i]))
			table->shown[table->shown_count++] = i;
	if (table->sort >= 0)
		sort(table);
	find_selection(table);
	remember_selection(table);
}

const struct table_row *
table_selected(const struct table *table)
{
	if (table->selected >= table->shown_count)
		return NULL;
	return &table->rows[table->shown[table->selected]];
}

void
table_select(struct table *table, const char *key)
{
	text_copy(table->selected_key, sizeof table->selected_key, key);
	find_selection(table);
	remember_selection(table);
}

void
table_set_filter(struct table *table, const char *filter)
{
	text_copy(table->filter, sizeof table->filter, filter);
	table_end(table);
}

void
table_next_sort(struct table *table, char *ret_words, size_t size)
{
	do {
		if (table->sort >= 0 && !table->is_descending) {
			table->is_descending = true;
			break;
		}
		table->is_descending = false;
		table->sort = table->sort + 1 < table->column_count ? table->sort + 1 : -1;
	} while (table->sort >= 0 && (table->columns[table->sort].title[0] == 0 ||
	                              table->columns[table->sort].is_gauge));
	char title[64];
	if (table->sort >= 0)
		title_text(&table->columns[table->sort], 0, title, sizeof title);
	if (table->sort < 0)
		text_copy(ret_words, size, "sorted as it came");
	else
		text_format(ret_words, size, "sorted by %s, %s", title,
		            table->is_descending ? "largest first" : "smallest first");
	table_end(table);
}

bool
table_command(struct table *table, enum command command, int page)
{
	size_t last = table->shown_count > 0 ? table->shown_count - 1 : 0;
	size_t step = page > 1 ? (size_t)page - 1 : 1;

	switch (command) {
	case COMMAND_UP: table->selected -= table->selected > 0; break;
	case COMMAND_DOWN: table->selected += table->selected < last; break;
	case COMMAND_PAGE_UP: table->selected -= table->selected < step ? table->selected : step; break;
	case COMMAND_PAGE_DOWN:
		table->selected = last - table->selected < step ? last : table->selected + step;
		break;
	case COMMAND_FIRST: table->selected = 0; break;
	case COMMAND_LAST: table->selected = last; break;
	default: return false;
	}
	remember_selection(table);
	return true;
}

void
table_toggle_open(struct table *table)
{
	const struct table_row *row = table_selected(table);

	if (row == NULL)
		return;
	if (strcmp(table->opened_key, row->key) == 0)
		table->opened_key[0] = 0;
	else
		text_copy(table->opened_key, sizeof table->opened_key, row->key);
}

/* ---- drawing ---- */

/* Widths of the columns that stand; 0: left out.  Returns the width of the flexible one. */
static void
fit(const struct table *table, int cols, int *widths)
{
	int total, worst;
	const int *content = table->grown;
	int least = table->least > 0 ? table->least : 16;

	for (int pass = 0; pass < 2; pass++) {
		total = -1;
		for (int i = 0; i < table->column_count; i++) {
			widths[i] = table->columns[i].width == 0 ? least
			          : content[i] > table->columns[i].width ? content[i]
			          : table->columns[i].width;
			total += widths[i] + 1;
		}
		if (total <= cols)
			break;
		content = table->now;         /* better a jump than a column less */
	}
	for (;;) {
		total = 0;
		worst = -1;
		for (int i = 0; i < table->column_count; i++) {
			if (widths[i] == 0)
				continue;
			total += widths[i] + 1;
			if (table->columns[i].rank > 0 &&
			    (worst < 0 || table->columns[i].rank >= table->columns[worst].rank))
				worst = i;
		}
		if (total - 1 <= cols || worst < 0)
			break;
		widths[worst] = 0;
	}
	/* What is left goes to titles in full, then to the flexible column, or else to the gauge. */
	for (int i = 0; i < table->column_count; i++) {
		char title[64];
		title_text(&table->columns[i], 0, title, sizeof title);
		int more = canvas_width(title) - widths[i];
		if (widths[i] > 0 && strchr(table->columns[i].title, '|') != NULL && more > 0 &&
		    total - 1 + more <= cols) {
			widths[i] += more;
			total += more;
		}
	}
	for (int i = 0; i < table->column_count && total - 1 < cols; i++)
		if (widths[i] > 0 && table->columns[i].width == 0) {
			widths[i] += cols - (total - 1);
			return;
		}
	for (int i = 0; i < table->column_count && total - 1 < cols; i++)
		if (widths[i] > 0 && table->columns[i].is_gauge) {
			int more = cols - (total - 1);
			widths[i] += more > 20 ? 20 : more;
			return;
		}
}

static void
draw_row(const struct table *table, const struct canvas *canvas, int line,
         const struct table_row *row, const int *widths)
{
	for (int i = 0, col = 0; i < table->column_count; i++) {
		if (widths[i] == 0)
			continue;
		if (table->columns[i].is_gauge) {
			if (row->has_gauge)
				gauge_draw(canvas, line, col, widths[i], row->value, row->low, row->high,
				           row->gauge_style);
			else
				canvas_column(canvas, line, col, widths[i], ALIGN_LEFT, STYLE_DIM,
				              row->cells[i].text);
		} else if (table->columns[i].width == 0) {
			canvas_column(canvas, line, col, widths[i], table->columns[i].align, row->wide_style,
			              row->wide);
		} else {
			canvas_column(canvas, line, col, widths[i], table->columns[i].align,
			              row->cells[i].style, row->cells[i].text);
		}
		col += widths[i] + 1;
	}
}

static bool
is_cut(const struct table *table, const struct table_row *row, const int *widths)
{
	for (int i = 0; i < table->column_count; i++)
		if (table->columns[i].width == 0)
			return canvas_width(row->wide) > widths[i];
	return false;
}

/* The opened row's numbers, word by word, with more air where a ";" stood; returns how many lines
 * they took. */
static int
draw_detail(const struct canvas *canvas, int line, const char *detail)
{
	int first = line, col = 4;
	char word[160];

	while (*detail != 0 && line < canvas->rows) {
		size_t len = strcspn(detail, "; ");
		text_format(word, sizeof word, "%.*s", (int)(len < sizeof word ? len : sizeof word - 1),
		            detail);
		if (col > 4 && col + canvas_width(word) > canvas->cols) {
			line++;
			col = 4;
		}
		col += canvas_text(canvas, line, col, STYLE_DIM, word) + 1;
		detail += len;
		col += *detail == ';';
		while (*detail == ';' || *detail == ' ')
			detail++;
	}
	return line - first + 1;
}

void
table_draw(struct table *table, const struct canvas *canvas, bool focused)
{
	int widths[TABLE_COLUMNS], col = 0, lines = canvas->rows - 1;

	table->is_selection_cut = false;
	if (canvas->rows < 1)
		return;
	struct canvas body = canvas_part(canvas, (struct rect){ 0, 1, canvas->rows, canvas->cols - 2 });
	fit(table, body.cols, widths);
	for (int i = 0; i < table->column_count; i++) {
		char title[64];
		if (widths[i] == 0)
			continue;
		title_text(&table->columns[i], widths[i], title, sizeof title);
		text_format(title + strlen(title), sizeof title - strlen(title), "%s",
		            i == table->sort ? table->is_descending ? "▼" : "▲" : "");
		canvas_column(&body, 0, col, widths[i], table->columns[i].align, STYLE_DIM, title);
		col += widths[i] + 1;
	}
	if (table->shown_count == 0) {
		canvas_text(&body, 1, 0, STYLE_DIM, table->count > 0 ? "nothing passes the filter"
		                                                     : table->empty);
		return;
	}
	if (lines < 1)
		return;
	if (table->selected < table->top)
		table->top = table->selected;
	if (table->selected >= table->top + (size_t)lines)
		table->top = table->selected - (size_t)lines + 1;
	if (table->top + (size_t)lines > table->shown_count)
		table->top = table->shown_count > (size_t)lines ? table->shown_count - (size_t)lines : 0;
	int line = 1;
	for (size_t at = table->top; at < table->shown_count && line <= lines; at++, line++) {
		const struct table_row *row = &table->rows[table->shown[at]];
		draw_row(table, &body, line, row, widths);
		if (at == table->selected)
			table->is_selection_cut = is_cut(table, row, widths);
		if (at == table->selected && focused)
			canvas_mark(canvas, line);
		if (at == table->selected)
			canvas_glyph(canvas, line, 0, STYLE_STRONG | (focused ? STYLE_MARKED : 0u), 0x25b8);
		if (row->detail[0] != 0 && strcmp(row->key, table->opened_key) == 0 && line < lines)
			line += draw_detail(&body, line + 1, row->detail);
	}
	/* How much more there is, where the eye looks for it. */
	if (table->top > 0)
		canvas_glyph(canvas, 1, canvas->cols - 1, STYLE_DIM, 0x25b2);
	if (table->top + (size_t)lines < table->shown_count)
		canvas_glyph(canvas, canvas->rows - 1, canvas->cols - 1, STYLE_DIM, 0x25bc);
}

bool
table_click(struct table *table, int line)
{
	if (line < 1 || table->top + (size_t)line - 1 >= table->shown_count)
		return false;
	table->selected = table->top + (size_t)line - 1;
	remember_selection(table);
	return true;
}
