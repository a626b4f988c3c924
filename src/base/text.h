/* Text in fixed buffers and growing ones.  Nothing here ever writes past an end; what does not fit
 * is cut between two characters (UTF-8), and the caller can see that it was. */
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
bool text_vformat(char *dst, size_t size, const char *format, va_list args) PRINTF_LIKE(3, 0);

bool text_equal(const char *a, const char *b);             /* NULL equals "" */
bool text_equal_nocase(const char *a, const char *b);      /* ASCII only */
bool text_has_prefix(const char *text, const char *prefix);

/* Make harmless by replacing each with '?', in place: control characters (C0 with tab and newline,
 * DEL, C1 as UTF-8 or bare), bidirectional overrides, U+2028 and U+2029, invalid UTF-8.  For
 * everything that came from the network, a file or the database and goes to a terminal.  Returns how
 * many were replaced. */
size_t text_make_harmless(char *text);

/* How many bytes (1 to 4) the UTF-8 character at the start of text takes; 0 if len is 0 or the
 * bytes are no valid UTF-8 (overlong forms and surrogates are not). */
size_t text_utf8_length(const char *text, size_t len);

/* Upper-case a..z in place; used for symbols only. */
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
