/* What the canvas knows of single characters. */
#ifndef UI_GLYPHS_H
#define UI_GLYPHS_H

#include <stdint.h>

/* Columns of a character; 0: a combining mark; -1: leave it out.  What could do harm, or is none,
 * becomes '?'. */
int glyph_width(uint32_t *codepoint);
/* The nearest sign of ASCII, of the same width. */
uint32_t glyph_to_ascii(uint32_t codepoint);
/* The nearest sign that the Linux console's font has. */
uint32_t glyph_to_console(uint32_t codepoint);

#endif
