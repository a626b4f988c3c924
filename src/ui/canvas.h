/* A grid of cells in memory, and windows onto it.  Everything that is shown is drawn here first,
 * so that it can be tested as text and so that only what changed reaches the terminal.
 *
 * Text is UTF-8 whatever the locale; what came from outside can do no harm here: control
 * characters, bidirectional overrides and invalid bytes become '?'.  Nothing is ever drawn
 * outside of a window, whatever the coordinates. */
#ifndef UI_CANVAS_H
#define UI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/status.h"
#include "base/text.h"
#include "ui/theme.h"

/* How much of Unicode the terminal's font and locale can show. */
enum glyphs {
	GLYPHS_ASCII,         /* --ascii, or a locale that is not UTF-8 */
	GLYPHS_CONSOLE,       /* lines and blocks, but no Braille nor rounded corners */
	GLYPHS_FULL
};

struct cell {
	uint32_t glyph;       /* a code point; 0 in the second half of a wide character */
	uint32_t mark[2];     /* combining characters on it; 0: none */
	uint16_t style;       /* enum style, perhaps with STYLE_MARKED */
	uint16_t width;       /* 1 or 2; 0 in the second half of a wide character */
};

struct grid {
	int rows, cols;
	enum glyphs glyphs;
	struct cell *cells;   /* owned; rows × cols */
	int cursor_row, cursor_col;   /* -1: not shown */
};

struct rect {
	int row, col, rows, cols;
};

/* A window onto a grid: by value, cheap, coordinates relative to its upper left corner. */
struct canvas {
	struct grid *grid;    /* borrowed */
	int row, col;         /* where it lies in the grid */
	int rows, cols;
};

void grid_init(struct grid *grid, enum glyphs glyphs);
void grid_done(struct grid *grid);
/* Gives the grid a size and blanks it.  STATUS_NO_MEMORY leaves it as it was. */
MUST_USE enum status grid_resize(struct grid *grid, int rows, int cols);
void grid_clear(struct grid *grid);
const struct cell *grid_cell(const struct grid *grid, int row, int col);
bool cell_equal(const struct cell *a, const struct cell *b);

struct canvas canvas_whole(struct grid *grid);
/* The part of the window that lies in rect; may be empty. */
struct canvas canvas_part(const struct canvas *canvas, struct rect rect);

/* Each returns how many columns were used, cut at the window's right edge. */
int canvas_text(const struct canvas *canvas, int row, int col, unsigned style, const char *text);
int canvas_printf(const struct canvas *canvas, int row, int col, unsigned style,
                  const char *format, ...) PRINTF_LIKE(5, 6);

/* Text in a column of `width`: what does not fit ends in an ellipsis. */
enum align { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTRE };
void canvas_column(const struct canvas *canvas, int row, int col, int width, enum align align,
                   unsigned style, const char *text);

void canvas_glyph(const struct canvas *canvas, int row, int col, unsigned style, uint32_t glyph);
void canvas_repeat(const struct canvas *canvas, int row, int col, int count, unsigned style,
                   uint32_t glyph);
void canvas_blank(const struct canvas *canvas);
/* Marks a whole row as selected, keeping each cell's own style. */
void canvas_mark(const struct canvas *canvas, int row);

/* A frame around the window with words in its upper and lower edge (NULL: none). */
enum frame { FRAME_ROUND, FRAME_DOUBLE };
void canvas_frame(const struct canvas *canvas, enum frame frame, unsigned style, const char *title,
                  const char *footer);
/* What is inside of such a frame. */
struct canvas canvas_inside(const struct canvas *canvas);

void canvas_cursor(const struct canvas *canvas, int row, int col);

/* Columns that a text takes, drawn as canvas_text would draw it. */
int canvas_width(const char *text);
/* The next character: its code point ('?' for what is not valid), and how many bytes it took.
 * 0 at the end of the text. */
size_t utf8_next(const char *text, uint32_t *ret_codepoint);
/* Bytes written to out (up to 4), not ended. */
size_t utf8_put(uint32_t codepoint, char out[4]);

/* The grid as lines of text without trailing spaces: for tests, and for those who read code. */
void grid_dump(const struct grid *grid, struct text *ret_text);

#endif
