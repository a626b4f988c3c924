/* Purpose: characters: UTF-8 in and out, how many columns each takes, and what stands for it where
 * the terminal's font or locale has less. */
#define _GNU_SOURCE   /* wcwidth */
#include "ui/canvas.h"
#include "ui/glyphs.h"

#include <wchar.h>

size_t
utf8_next(const char *text, uint32_t *ret_codepoint)
{
	const unsigned char *p = (const unsigned char *)text;
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t codepoint;
	size_t length;

	if (p[0] == 0)
		return 0;
	if (p[0] < 0x80) {
		*ret_codepoint = p[0];
		return 1;
	}
	if ((p[0] & 0xe0) == 0xc0) {
		length = 2;
		codepoint = p[0] & 0x1fu;
	} else if ((p[0] & 0xf0) == 0xe0) {
		length = 3;
		codepoint = p[0] & 0x0fu;
	} else if ((p[0] & 0xf8) == 0xf0) {
		length = 4;
		codepoint = p[0] & 0x07u;
	} else {
		*ret_codepoint = '?';
		return 1;
	}
	for (size_t i = 1; i < length; i++) {
		if ((p[i] & 0xc0) != 0x80) {      /* also stops at the end of the text */
			*ret_codepoint = '?';
			return 1;
		}
		codepoint = codepoint << 6 | (p[i] & 0x3fu);
	}
	if (codepoint < smallest[length] || codepoint > 0x10ffff ||
	    (codepoint >= 0xd800 && codepoint <= 0xdfff))
		codepoint = '?';
	*ret_codepoint = codepoint;
	return length;
}

size_t
utf8_put(uint32_t codepoint, char out[4])
{
	if (codepoint < 0x80) {
		out[0] = (char)codepoint;
		return 1;
	}
	if (codepoint < 0x800) {
		out[0] = (char)(0xc0 | codepoint >> 6);
		out[1] = (char)(0x80 | (codepoint & 0x3f));
		return 2;
	}
	if (codepoint < 0x10000) {
		out[0] = (char)(0xe0 | codepoint >> 12);
		out[1] = (char)(0x80 | (codepoint >> 6 & 0x3f));
		out[2] = (char)(0x80 | (codepoint & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | codepoint >> 18);
	out[1] = (char)(0x80 | (codepoint >> 12 & 0x3f));
	out[2] = (char)(0x80 | (codepoint >> 6 & 0x3f));
	out[3] = (char)(0x80 | (codepoint & 0x3f));
	return 4;
}

/* Our own signs are one column wide everywhere; asking the locale would make them '?' in a
 * process that has not set one, such as a test. */
static bool
is_our_sign(uint32_t codepoint)
{
	return (codepoint >= 0x2500 && codepoint <= 0x25ff) ||   /* lines, blocks, shapes */
	       (codepoint >= 0x2800 && codepoint <= 0x28ff) ||   /* Braille */
	       codepoint == 0x2026 || codepoint == 0x2713 || codepoint == 0x2717 ||
	       codepoint == 0x26a0 || codepoint == 0x2039 || codepoint == 0x203a ||
	       codepoint == 0x00b7 || codepoint == 0x00d7 || codepoint == 0x2265 ||
	       codepoint == 0x2264 || codepoint == 0x2190 || codepoint == 0x2191 ||
	       codepoint == 0x2192 || codepoint == 0x2193 || codepoint == 0x2194 ||
	       codepoint == 0x23f8;
}

int
glyph_width(uint32_t *codepoint)
{
	uint32_t c = *codepoint;

	if (c >= 0x20 && c < 0x7f)
		return 1;
	if (is_our_sign(c))
		return 1;
	/* Joiners and variation selectors make terminals disagree about widths. */
	if (c == 0x200b || c == 0x200c || c == 0x200d || (c >= 0xfe00 && c <= 0xfe0f))
		return -1;
	if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || c == 0x200e || c == 0x200f ||
	    (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff) {
		*codepoint = '?';
		return 1;
	}
	int width = wcwidth((wchar_t)c);
	if (width < 0) {
		*codepoint = '?';
		return 1;
	}
	return width;
}

uint32_t
glyph_to_ascii(uint32_t c)
{
	if (c < 0x80)
		return c;
	if (c == 0x2500 || c == 0x2501 || c == 0x254c || c == 0x2504)
		return '-';
	if (c == 0x2550)
		return '=';
	if (c == 0x2502 || c == 0x2503 || c == 0x2506 || c == 0x250a)
		return '|';
	if (c == 0x2551)
		return '|';
	if (c == 0x251c || c == 0x2524)
		return '|';
	if (c >= 0x2500 && c <= 0x257f)
		return '+';
	if (c >= 0x2581 && c <= 0x2588)
		return (unsigned char)"_.-=+*##"[c - 0x2581];
	switch (c) {
	case 0x25cf: return 'o';    /* the gauge's place, the watching light */
	case 0x25cb: return 'o';
	case 0x25b2: case 0x2191: return '^';
	case 0x25bc: case 0x2193: return 'v';
	case 0x25b8: case 0x25b6: case 0x203a: case 0x2192: return '>';
	case 0x25c0: case 0x2039: case 0x2190: return '<';
	case 0x2713: return '+';
	case 0x2717: return 'x';
	case 0x26a0: return '!';
	case 0x2026: return '~';
	case 0x00b7: return '.';
	case 0x00d7: return 'x';
	case 0x2265: return '>';
	case 0x2264: return '<';
	case 0x258c: return '|';
	case 0x23f8: return '=';
	default: return '?';
	}
}

uint32_t
glyph_to_console(uint32_t c)
{
	switch (c) {
	case 0x256d: return 0x250c;
	case 0x256e: return 0x2510;
	case 0x256f: return 0x2518;
	case 0x2570: return 0x2514;
	case 0x2713: return 0x221a;
	case 0x2717: return 'x';
	case 0x26a0: return '!';
	case 0x25b8: return 0x25ba;
	case 0x23f8: return '=';
	default: return c;
	}
}
