/* Purpose: the cell grid that everything is drawn on.  Pure memory; knows no terminal.
 *
 * Invariant: a cell of width 2 is always followed by one of width 0, and a cell of width 0 always
 * follows one of width 2, so a row can be handed to the terminal cell by cell. */
#include "ui/canvas.h"
#include "ui/glyphs.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
grid_init(struct grid *grid, enum glyphs glyphs)
{
	memset(grid, 0, sizeof *grid);
	grid->glyphs = glyphs;
	grid->cursor_row = grid->cursor_col = -1;
}

void
grid_done(struct grid *grid)
{
	free(grid->cells);
	grid->cells = NULL;
	grid->rows = grid->cols = 0;
}

static struct cell
blank_cell(void)
{
	return (struct cell){ .glyph = ' ', .style = STYLE_PLAIN, .width = 1 };
}

void
grid_clear(struct grid *grid)
{
	size_t count = (size_t)grid->rows * (size_t)grid->cols;

	for (size_t i = 0; i < count; i++)
		grid->cells[i] = blank_cell();
	grid->cursor_row = grid->cursor_col = -1;
}

enum status
grid_resize(struct grid *grid, int rows, int cols)
{
	struct cell *cells;

	if (rows < 1)
		rows = 1;
	if (cols < 1)
		cols = 1;
	cells = calloc((size_t)rows * (size_t)cols, sizeof *cells);
	if (cells == NULL)
		return STATUS_NO_MEMORY;
	free(grid->cells);
	grid->cells = cells;
	grid->rows = rows;
	grid->cols = cols;
	grid_clear(grid);
	return STATUS_OK;
}

static struct cell *
cell_at(const struct grid *grid, int row, int col)
{
	return &grid->cells[(size_t)row * (size_t)grid->cols + (size_t)col];
}

const struct cell *
grid_cell(const struct grid *grid, int row, int col)
{
	if (row < 0 || col < 0 || row >= grid->rows || col >= grid->cols)
		return NULL;
	return cell_at(grid, row, col);
}

bool
cell_equal(const struct cell *a, const struct cell *b)
{
	return a->glyph == b->glyph && a->style == b->style && a->width == b->width &&
	       a->mark[0] == b->mark[0] && a->mark[1] == b->mark[1];
}

struct canvas
canvas_whole(struct grid *grid)
{
	return (struct canvas){ grid, 0, 0, grid->rows, grid->cols };
}

struct canvas
canvas_part(const struct canvas *canvas, struct rect rect)
{
	struct canvas part = *canvas;
	int64_t bottom = (int64_t)rect.row + rect.rows, right = (int64_t)rect.col + rect.cols;
	int top = rect.row < 0 ? 0 : rect.row, left = rect.col < 0 ? 0 : rect.col;

	if (bottom > canvas->rows)
		bottom = canvas->rows;
	if (right > canvas->cols)
		right = canvas->cols;
	if (bottom <= top || right <= left) {
		part.rows = part.cols = 0;
		return part;
	}
	part.row += top;
	part.col += left;
	part.rows = (int)bottom - top;
	part.cols = (int)right - left;
	return part;
}

/* Make the place free: half of a wide character that stays behind becomes a space. */
static void
detach(struct grid *grid, int row, int col)
{
	struct cell *cell = cell_at(grid, row, col);

	if (cell->width == 0 && col > 0) {
		struct cell *left = cell_at(grid, row, col - 1);
		left->glyph = ' ';
		left->width = 1;
		left->mark[0] = left->mark[1] = 0;
	}
	if (cell->width == 2 && col + 1 < grid->cols) {
		struct cell *right = cell_at(grid, row, col + 1);
		right->glyph = ' ';
		right->width = 1;
		right->mark[0] = right->mark[1] = 0;
	}
}

static void
put(const struct canvas *canvas, int row, int col, unsigned style, uint32_t glyph, int width)
{
	struct grid *grid = canvas->grid;
	int at_row = canvas->row + row, at_col = canvas->col + col;

	if (grid->glyphs == GLYPHS_ASCII && glyph >= 0x80)
		glyph = glyph_to_ascii(glyph);
	else if (grid->glyphs == GLYPHS_CONSOLE && glyph >= 0x80)
		glyph = glyph_to_console(glyph);
	if (width == 2 && glyph < 0x80) {         /* a wide character has become '?' */
		put(canvas, row, col, style, glyph, 1);
		put(canvas, row, col + 1, style, ' ', 1);
		return;
	}
	detach(grid, at_row, at_col);
	if (width == 2)
		detach(grid, at_row, at_col + 1);
	*cell_at(grid, at_row, at_col) =
		(struct cell){ .glyph = glyph, .style = (uint16_t)style, .width = (uint16_t)width };
	if (width == 2)
		*cell_at(grid, at_row, at_col + 1) = (struct cell){ .style = (uint16_t)style };
}

static void
put_mark(const struct canvas *canvas, int row, int col, uint32_t mark)
{
	struct cell *cell;

	if (canvas->grid->glyphs == GLYPHS_ASCII || col < 0)
		return;
	cell = cell_at(canvas->grid, canvas->row + row, canvas->col + col);
	if (cell->mark[0] == 0)
		cell->mark[0] = mark;
	else if (cell->mark[1] == 0)
		cell->mark[1] = mark;
}

/* Draws up to the column `limit`; a wide character that would stick out becomes a space. */
static int
draw(const struct canvas *canvas, int row, int col, int limit, unsigned style, const char *text)
{
	int start = col, last = -1;
	uint32_t codepoint;
	size_t used;

	if (limit > canvas->cols)
		limit = canvas->cols;
	if (row < 0 || row >= canvas->rows || text == NULL)
		return 0;
	for (; (used = utf8_next(text, &codepoint)) > 0; text += used) {
		int width = glyph_width(&codepoint);
		if (width < 0)
			continue;
		if (width == 0) {
			put_mark(canvas, row, last, codepoint);
			continue;
		}
		if (col >= limit)
			break;
		if (col < 0) {
			col += width;
			continue;
		}
		if (col + width > limit) {
			put(canvas, row, col, style, ' ', 1);
			col++;
			break;
		}
		put(canvas, row, col, style, codepoint, width);
		last = col;
		col += width;
	}
	return col - start;
}

int
canvas_text(const struct canvas *canvas, int row, int col, unsigned style, const char *text)
{
	return draw(canvas, row, col, canvas->cols, style, text);
}

int
canvas_printf(const struct canvas *canvas, int row, int col, unsigned style, const char *format, ...)
{
	char buffer[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(buffer, sizeof buffer, format, args);
	va_end(args);
	return canvas_text(canvas, row, col, style, buffer);
}

int
canvas_width(const char *text)
{
	int columns = 0;
	uint32_t codepoint;
	size_t used;

	if (text == NULL)
		return 0;
	for (; (used = utf8_next(text, &codepoint)) > 0; text += used) {
		int width = glyph_width(&codepoint);
		if (width > 0)
			columns += width;
	}
	return columns;
}

void
canvas_column(const struct canvas *canvas, int row, int col, int width, enum align align,
              unsigned style, const char *text)
{
	int needed = canvas_width(text);

	if (width <= 0 || row < 0 || row >= canvas->rows)
		return;
	canvas_repeat(canvas, row, col, width, style, ' ');
	if (needed > width) {
		draw(canvas, row, col, col + width - 1, style, text);
		canvas_glyph(canvas, row, col + width - 1, style, 0x2026);
		return;
	}
	if (align == ALIGN_RIGHT)
		col += width - needed;
	else if (align == ALIGN_CENTRE)
		col += (width - needed) / 2;
	draw(canvas, row, col, col + needed, style, text);
}

void
canvas_glyph(const struct canvas *canvas, int row, int col, unsigned style, uint32_t glyph)
{
	if (row < 0 || col < 0 || row >= canvas->rows || col >= canvas->cols)
		return;
	put(canvas, row, col, style, glyph, 1);
}

void
canvas_repeat(const struct canvas *canvas, int row, int col, int count, unsigned style,
              uint32_t glyph)
{
	for (int i = 0; i < count && col + i < canvas->cols; i++)
		canvas_glyph(canvas, row, col + i, style, glyph);
}

void
canvas_blank(const struct canvas *canvas)
{
	for (int row = 0; row < canvas->rows; row++)
		canvas_repeat(canvas, row, 0, canvas->cols, STYLE_PLAIN, ' ');
}

void
canvas_mark(const struct canvas *canvas, int row)
{
	if (row < 0 || row >= canvas->rows)
		return;
	for (int col = 0; col < canvas->cols; col++)
		cell_at(canvas->grid, canvas->row + row, canvas->col + col)->style |= STYLE_MARKED;
}

void
canvas_frame(const struct canvas *canvas, enum frame frame, unsigned style, const char *title,
             const char *footer)
{
	static const uint32_t signs[][6] = {
		[FRAME_ROUND]  = { 0x256d, 0x256e, 0x2570, 0x256f, 0x2500, 0x2502 },
		[FRAME_DOUBLE] = { 0x2554, 0x2557, 0x255a, 0x255d, 0x2550, 0x2551 },
	};
	const uint32_t *sign = signs[frame];
	int bottom = canvas->rows - 1, right = canvas->cols - 1;

	if (bottom < 1 || right < 1)
		return;
	canvas_repeat(canvas, 0, 1, right - 1, style, sign[4]);
	canvas_repeat(canvas, bottom, 1, right - 1, style, sign[4]);
	for (int row = 1; row < bottom; row++) {
		canvas_glyph(canvas, row, 0, style, sign[5]);
		canvas_glyph(canvas, row, right, style, sign[5]);
	}
	canvas_glyph(canvas, 0, 0, style, sign[0]);
	canvas_glyph(canvas, 0, right, style, sign[1]);
	canvas_glyph(canvas, bottom, 0, style, sign[2]);
	canvas_glyph(canvas, bottom, right, style, sign[3]);
	if (title != NULL && title[0] != 0 && right > 3) {
		int width = canvas_width(title) + 2;
		if (width > right - 2)
			width = right - 2;
		canvas_column(canvas, 0, 2, width, ALIGN_CENTRE, STYLE_TITLE, title);
	}
	if (footer != NULL && footer[0] != 0 && right > 3) {
		int width = canvas_width(footer) + 2;
		if (width > right - 2)
			width = right - 2;
		canvas_column(canvas, bottom, 2, width, ALIGN_CENTRE, STYLE_DIM, footer);
	}
}

struct canvas
canvas_inside(const struct canvas *canvas)
{
	return canvas_part(canvas, (struct rect){ 1, 1, canvas->rows - 2, canvas->cols - 2 });
}

void
canvas_cursor(const struct canvas *canvas, int row, int col)
{
	if (row < 0 || col < 0 || row >= canvas->rows || col >= canvas->cols)
		return;
	canvas->grid->cursor_row = canvas->row + row;
	canvas->grid->cursor_col = canvas->col + col;
}

void
grid_dump(const struct grid *grid, struct text *ret_text)
{
	for (int row = 0; row < grid->rows; row++) {
		int end = grid->cols;
		while (end > 0 && cell_at(grid, row, end - 1)->glyph == ' ')
			end--;
		for (int col = 0; col < end; col++) {
			const struct cell *cell = cell_at(grid, row, col);
			char bytes[4];
			if (cell->width == 0)
				continue;
			text_append_len(ret_text, bytes, utf8_put(cell->glyph, bytes));
			for (int i = 0; i < 2 && cell->mark[i] != 0; i++)
				text_append_len(ret_text, bytes, utf8_put(cell->mark[i], bytes));
		}
		text_append(ret_text, "\n");
	}
}
