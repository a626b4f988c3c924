/* Purpose: the text field.  The usual keys: arrows, Home, End, Ctrl-A, Ctrl-E, words by Ctrl-arrow,
 * Backspace, Delete, Ctrl-W, Ctrl-U, Ctrl-K. */
#include "ui/field.h"

#include <string.h>

void
field_init(struct field *field, size_t max)
{
	memset(field, 0, sizeof *field);
	field->max = max < FIELD_SIZE ? max : FIELD_SIZE - 1;
}

static bool
is_inner(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

void
field_set(struct field *field, const char *text)
{
	size_t len = text != NULL ? strlen(text) : 0;

	if (len > field->max) {
		len = field->max;
		while (len > 0 && is_inner(text[len]))
			len--;
	}
	if (len > 0)
		memmove(field->text, text, len);
	field->text[len] = 0;
	field->cursor = len;
}

static size_t
before(const struct field *field, size_t at)
{
	if (at == 0)
		return 0;
	for (at--; at > 0 && is_inner(field->text[at]); at--)
		;
	return at;
}

static size_t
after(const struct field *field, size_t at)
{
	if (field->text[at] == 0)
		return at;
	for (at++; is_inner(field->text[at]); at++)
		;
	return at;
}

static size_t
word_before(const struct field *field, size_t at)
{
	while (at > 0 && field->text[at - 1] == ' ')
		at--;
	while (at > 0 && field->text[at - 1] != ' ')
		at--;
	return at;
}

static size_t
word_after(const struct field *field, size_t at)
{
	while (field->text[at] == ' ')
		at++;
	while (field->text[at] != 0 && field->text[at] != ' ')
		at++;
	return at;
}

static enum field_answer
cut(struct field *field, size_t from, size_t to)
{
	field->cursor = from;
	if (from == to)
		return FIELD_MOVED;
	memmove(field->text + from, field->text + to, strlen(field->text + to) + 1);
	return FIELD_CHANGED;
}

static enum field_answer
insert(struct field *field, uint32_t codepoint)
{
	char bytes[4];
	size_t count = utf8_put(codepoint, bytes), len = strlen(field->text);

	if (len + count > field->max)
		return FIELD_MOVED;
	memmove(field->text + field->cursor + count, field->text + field->cursor,
	        len - field->cursor + 1);
	memcpy(field->text + field->cursor, bytes, count);
	field->cursor += count;
	return FIELD_CHANGED;
}

enum field_answer
field_key(struct field *field, const struct ui_key *key)
{
	size_t len = strlen(field->text);

	if (key->kind == UI_PASTE_BEGIN || key->kind == UI_PASTE_END)
		return FIELD_MOVED;
	if (key->kind == UI_TEXT)
		return insert(field, key->codepoint);
	if (key->kind != UI_KEY)
		return FIELD_IGNORED;
	if (key->pasted)                          /* a line end or tab inside of a paste */
		return FIELD_MOVED;
	switch (key->code) {
	case UI_LEFT: field->cursor = before(field, field->cursor); return FIELD_MOVED;
	case UI_RIGHT: field->cursor = after(field, field->cursor); return FIELD_MOVED;
	case UI_HOME: case UI_CTRL('A'): field->cursor = 0; return FIELD_MOVED;
	case UI_END: case UI_CTRL('E'): field->cursor = len; return FIELD_MOVED;
	case UI_WORD_LEFT: field->cursor = word_before(field, field->cursor); return FIELD_MOVED;
	case UI_WORD_RIGHT: field->cursor = word_after(field, field->cursor); return FIELD_MOVED;
	case UI_BACKSPACE: return cut(field, before(field, field->cursor), field->cursor);
	case UI_DELETE: case UI_CTRL('D'): return cut(field, field->cursor, after(field, field->cursor));
	case UI_CTRL('W'): return cut(field, word_before(field, field->cursor), field->cursor);
	case UI_CTRL('U'): return cut(field, 0, field->cursor);
	case UI_CTRL('K'): return cut(field, field->cursor, len);
	default: return FIELD_IGNORED;
	}
}

/* Columns of the first `bytes` bytes. */
static int
columns_of(const char *text, size_t bytes)
{
	char part[FIELD_SIZE];

	memcpy(part, text, bytes);
	part[bytes] = 0;
	return canvas_width(part);
}

void
field_draw(const struct field *field, const struct canvas *canvas, int row, int col, int width,
           bool focused, const char *ghost)
{
	unsigned style = focused ? STYLE_FIELD_FOCUS : STYLE_FIELD;
	struct canvas place = canvas_part(canvas, (struct rect){ row, col, 1, width });
	size_t first = 0;
	int cursor, used;

	if (place.rows == 0)
		return;
	/* Keep one column for the cursor behind the last character. */
	while (columns_of(field->text + first, field->cursor - first) > place.cols - 1 &&
	       first < field->cursor)
		first = after(field, first);
	if (!focused)
		first = 0;
	cursor = focused ? columns_of(field->text + first, field->cursor - first) : 0;
	canvas_repeat(&place, 0, 0, place.cols, focused ? style : STYLE_PLAIN, ' ');
	if (!focused && canvas_width(field->text) > place.cols) {
		canvas_column(&place, 0, 0, place.cols, ALIGN_LEFT, style, field->text);
		return;
	}
	used = canvas_text(&place, 0, 0, style, field->text + first);
	if (focused && ghost != NULL && ghost[0] != 0 && field->text[field->cursor] == 0)
		canvas_text(&place, 0, used, STYLE_GHOST, ghost);
	if (focused)
		canvas_cursor(&place, 0, cursor < place.cols ? cursor : place.cols - 1);
}
