/* One line of text that a person edits: a form field, a filter, a command line.  Pure state; UTF-8
 * inside, moved through by characters; scrolls when it is longer than its place. */
#ifndef UI_FIELD_H
#define UI_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include "ui/canvas.h"
#include "ui/input.h"

enum { FIELD_SIZE = 512 };

struct field {
	char text[FIELD_SIZE];
	size_t cursor;        /* in bytes, always at the start of a character */
	size_t max;           /* bytes that it may hold, below FIELD_SIZE */
};

void field_init(struct field *field, size_t max);
/* Cut at a whole character; the cursor goes to its end. */
void field_set(struct field *field, const char *text);

enum field_answer {
	FIELD_IGNORED,        /* not a key of a field */
	FIELD_MOVED,          /* the cursor moved, or nothing happened */
	FIELD_CHANGED         /* the text is another one */
};
/* Pasted text goes in as if typed, without its line ends and control characters. */
enum field_answer field_key(struct field *field, const struct ui_key *key);

/* Draws it into width columns, scrolled so that the cursor is seen.  focused: shows the cursor;
 * ghost: what a completion would add, shown dimly behind it (may be NULL). */
void field_draw(const struct field *field, const struct canvas *canvas, int row, int col, int width,
                bool focused, const char *ghost);

#endif
