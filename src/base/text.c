/* Text in fixed buffers and growing ones.  What is cut is cut between characters, never inside
 * one: half a UTF-8 sequence would turn into garbage on the terminal and in JSON. */
#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t
text_utf8_length(const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t need;
	unsigned char low = 0x80, high = 0xBF;   /* what the second byte may be */

	if (len == 0)
		return 0;
	if (s[0] < 0x80)
		return 1;
	if (s[0] >= 0xC2 && s[0] <= 0xDF) {
		need = 2;
	} else if (s[0] >= 0xE0 && s[0] <= 0xEF) {
		need = 3;
		if (s[0] == 0xE0)
			low = 0xA0;              /* else overlong */
		if (s[0] == 0xED)
			high = 0x9F;             /* else a surrogate */
	} else if (s[0] >= 0xF0 && s[0] <= 0xF4) {
		need = 4;
		if (s[0] == 0xF0)
			low = 0x90;              /* else overlong */
		if (s[0] == 0xF4)
			high = 0x8F;             /* else above U+10FFFF */
	} else {
		return 0;
	}
	if (len < need || s[1] < low || s[1] > high)
		return 0;
	for (size_t i = 2; i < need; i++)
		if (s[i] < 0x80 || s[i] > 0xBF)
			return 0;
	return need;
}

/* Where to end a text of len bytes that was cut there, so that no character is torn: steps back
 * over the bytes of a sequence that began and did not finish. */
static size_t
whole_characters(const char *text, size_t len)
{
	size_t start = len;
	while (start > 0 && len - start < 3 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
		start--;
	if (start == 0 || (unsigned char)text[start - 1] < 0xC0)
		return len;                      /* ends in ASCII, or in what was no UTF-8 anyway */
	start--;
	return text_utf8_length(text + start, len - start) == len - start ? len : start;
}

bool
text_copy(char *dst, size_t size, const char *src)
{
	if (src == NULL)
		src = "";
	size_t len = strlen(src);
	if (size == 0)
		return false;
	bool fits = len < size;
	if (!fits)
		len = whole_characters(src, size - 1);
	memmove(dst, src, len);
	dst[len] = '\0';
	return fits;
}

bool
text_vformat(char *dst, size_t size, const char *format, va_list args)
{
	int len = vsnprintf(dst, size, format, args);
	if (size == 0)
		return false;
	if (len < 0) {
		dst[0] = '\0';
		return false;
	}
	if ((size_t)len < size)
		return true;
	dst[whole_characters(dst, size - 1)] = '\0';
	return false;
}

bool
text_format(char *dst, size_t size, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	bool fits = text_vformat(dst, size, format, args);
	va_end(args);
	return fits;
}

bool
text_equal(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool
text_equal_nocase(const char *a, const char *b)
{
	if (a == NULL)
		a = "";
	if (b == NULL)
		b = "";
	while (*a != '\0' && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return lower(*a) == lower(*b);
}

bool
text_has_prefix(const char *text, const char *prefix)
{
	if (text == NULL)
		text = "";
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Does this valid sequence do something to a terminal instead of showing a character?  C0, DEL,
 * C1, the line and paragraph separators and everything that changes the direction of writing. */
static bool
is_harmful(const unsigned char *s, size_t len)
{
	if (len == 1)
		return s[0] < 0x20 || s[0] == 0x7F;
	if (len == 2)
		return (s[0] == 0xC2 && s[1] < 0xA0) || (s[0] == 0xD8 && s[1] == 0x9C);
	if (len == 3 && s[0] == 0xE2 && s[1] == 0x80)
		return s[2] == 0x8E || s[2] == 0x8F || (s[2] >= 0xA8 && s[2] <= 0xAE);
	if (len == 3 && s[0] == 0xE2 && s[1] == 0x81)
		return s[2] >= 0xA6 && s[2] <= 0xA9;
	return false;
}

size_t
text_make_harmless(char *text)
{
	size_t replaced = 0, len = strlen(text), to = 0;

	for (size_t from = 0; from < len; ) {
		size_t n = text_utf8_length(text + from, len - from);
		if (n == 0 || is_harmful((const unsigned char *)text + from, n)) {
			text[to++] = '?';
			from += n == 0 ? 1 : n;
			replaced++;
		} else {
			memmove(text + to, text + from, n);
			to += n;
			from += n;
		}
	}
	text[to] = '\0';
	return replaced;
}

void
text_upper(char *text)
{
	for (; *text != '\0'; text++)
		if (*text >= 'a' && *text <= 'z')
			*text = (char)(*text - 'a' + 'A');
}

void
text_init(struct text *text)
{
	*text = (struct text){ .data = NULL };
}

void
text_done(struct text *text)
{
	if (text == NULL)
		return;
	free(text->data);
	text_init(text);
}

void
text_reset(struct text *text)
{
	text->len = 0;
	if (text->data != NULL)
		text->data[0] = '\0';
}

/* Room for extra more bytes and the end.  False, and failed for good, if there is none. */
static bool
reserve(struct text *text, size_t extra)
{
	if (text->failed)
		return false;
	if (extra < text->capacity - text->len)
		return true;
	size_t capacity = text->capacity > 0 ? text->capacity : 64;
	while (extra >= capacity - text->len) {
		if (capacity > SIZE_MAX / 2) {
			text->failed = true;
			return false;
		}
		capacity *= 2;
	}
	char *data = realloc(text->data, capacity);
	if (data == NULL) {
		text->failed = true;
		return false;
	}
	text->data = data;
	text->capacity = capacity;
	text->data[text->len] = '\0';
	return true;
}

void
text_append_len(struct text *text, const char *piece, size_t len)
{
	if (!reserve(text, len))
		return;
	if (len > 0)
		memcpy(text->data + text->len, piece, len);
	text->len += len;
	text->data[text->len] = '\0';
}

void
text_append(struct text *text, const char *piece)
{
	text_append_len(text, piece, piece != NULL ? strlen(piece) : 0);
}

void
text_appendf(struct text *text, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0) {
		text->failed = true;             /* what should stand here can't be written */
		return;
	}
	if (!reserve(text, (size_t)len))
		return;
	va_start(args, format);
	vsnprintf(text->data + text->len, (size_t)len + 1, format, args);
	va_end(args);
	text->len += (size_t)len;
}
