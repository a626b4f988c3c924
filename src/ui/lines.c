/* Purpose: paragraphs of styled lines, for views that are read rather than chosen from. */
#include "ui/screen_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
lines_add(struct lines *lines, unsigned style, const char *format, ...)
{
	va_list args;

	if (lines->count == LINES_MAX)
		return;
	va_start(args, format);
	vsnprintf(lines->rows[lines->count].text, sizeof lines->rows[0].text, format, args);
	va_end(args);
	lines->rows[lines->count++].style = style;
}

void
lines_draw(const struct lines *lines, const struct canvas *canvas, int first)
{
	for (int row = 0; row < canvas->rows && first + row < lines->count; row++)
		if (first + row >= 0)
			canvas_column(canvas, row, 0, canvas->cols, ALIGN_LEFT, lines->rows[first + row].style,
			              lines->rows[first + row].text);
	if (first > 0 && canvas->rows > 0)
		canvas_glyph(canvas, 0, canvas->cols - 1, STYLE_DIM, 0x25b2);
	if (first + canvas->rows < lines->count)
		canvas_glyph(canvas, canvas->rows - 1, canvas->cols - 1, STYLE_DIM, 0x25bc);
}

/* Breaks the text at spaces into lines of at most `width` columns. */
void
lines_add_wrapped(struct lines *lines, unsigned style, const char *text, int width)
{
	while (*text != 0 && lines->count < LINES_MAX) {
		char piece[240];
		size_t len = 0, space = 0;
		while (text[len] != 0 && len + 5 < sizeof piece) {
			uint32_t codepoint;
			size_t used = utf8_next(text + len, &codepoint);
			memcpy(piece + len, text + len, used);
			piece[len + used] = 0;
			if (canvas_width(piece) > width)
				break;
			if (codepoint == ' ')
				space = len;
			len += used;
		}
		if (text[len] != 0 && space > 0)
			len = space;
		if (len == 0)
			return;                       /* too narrow for a single character */
		lines_add(lines, style, "%.*s", (int)len, text);
		text += len;
		while (*text == ' ')
			text++;
	}
}
