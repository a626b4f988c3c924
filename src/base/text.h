/* Text in fixed buffers and growing ones.  Nothing here ever writes past an end; what does not fit
 * is cut, and the caller can see that it was. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include "base/status.h"

/* Copy src (NULL counts as "") into dst of size bytes, always ended.  False if it was cut. */
bool text_copy(char *dst, size_t size, const char *src);

/* snprintf that says whether everything fitted. */
bool text_format(char *dst, size_t size, const char *format, ...) PRINTF_LIKE(3, 4);

bool text_equal(const char *a, const char *b);             /* NULL equals "" */
bool text_equal_nocase(const char *a, const char *b);      /* ASCII only */
bool text_has_prefix(const char *text, const char *prefix);

/* Make control characters (C0, DEL, C1, also as UTF-8, bidirectional overrides, invalid UTF-8)
 * harmless by replacing each with '?', in place.  For everything that came from the network, a
 * file or the database and goes to a terminal.  Returns how many were replaced. */
size_t text_make_harmless(char *text);

/* Upper-case A..Z in place; used for symbols only. */
void text_upper(char *text);

/* A growing buffer.  Zero-initialise or text_init; text_done frees; data is always ended and never
 * NULL after the first append.  failed is set once memory ran out, and stays set: check it once at
 * the end instead of after each append. */
struct text {
	char *data;
	size_t len;
	size_t capacity;
	bool failed;
};
void text_init(struct text *text);
void text_done(struct text *text);
void text_reset(struct text *text);                        /* empty, keep the memory */
void text_append(struct text *text, const char *piece);
void text_append_len(struct text *text, const char *piece, size_t len);
void text_appendf(struct text *text, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
