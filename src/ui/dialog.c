/* Purpose: the questions, and everything that keeps an accident from answering them.
 *
 *   open --half a second--> listening --y | word + Enter | choice--> YES
 *     |                        |--Esc, n, Enter (ASK)--> NO
 *     |                        |--dialog_block--> blocked --Esc--> NO
 *     '------ 30 s after opening, from anywhere ------> EXPIRED */
#include "ui/screen_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void
start(struct dialog *dialog, enum dialog_kind kind, const char *title, int64_t now_mono_us)
{
	memset(dialog, 0, sizeof *dialog);
	dialog->kind = kind;
	dialog->opened_us = now_mono_us;
	text_copy(dialog->title, sizeof dialog->title, title);
}

void
dialog_ask(struct dialog *dialog, const char *title, int64_t now_mono_us)
{
	start(dialog, DIALOG_ASK, title, now_mono_us);
}

void
dialog_word(struct dialog *dialog, const char *title, const char *word, int64_t now_mono_us)
{
	start(dialog, DIALOG_WORD, title, now_mono_us);
	text_copy(dialog->word, sizeof dialog->word, word);
	dialog->danger = true;
}

void
dialog_choice(struct dialog *dialog, const char *title, int64_t now_mono_us)
{
	start(dialog, DIALOG_CHOICE, title, now_mono_us);
}

void
dialog_add_choice(struct dialog *dialog, char key, const char *text)
{
	if (dialog->choice_count == DIALOG_CHOICES)
		return;
	dialog->choices[dialog->choice_count].key = key;
	text_copy(dialog->choices[dialog->choice_count].text, DIALOG_LINE_SIZE, text);
	dialog->choice_count++;
}

void
dialog_line(struct dialog *dialog, int index, unsigned style, const char *format, ...)
{
	va_list args;

	if (index < 0 || index >= DIALOG_LINES)
		return;
	va_start(args, format);
	vsnprintf(dialog->lines[index], DIALOG_LINE_SIZE, format, args);
	va_end(args);
	dialog->line_style[index] = style;
	if (index >= dialog->line_count)
		dialog->line_count = index + 1;
}

void
dialog_block(struct dialog *dialog, const char *why)
{
	text_copy(dialog->blocked, sizeof dialog->blocked, why);
	dialog->typed_len = 0;
	dialog->typed[0] = 0;
}

void
dialog_wait_for(struct dialog *dialog, const char *what)
{
	text_copy(dialog->waits, sizeof dialog->waits, what);
}

/* The same key again so soon after itself is a key held down, not pressed. */
static bool
is_held(const struct dialog *dialog, const struct ui_key *key)
{
	return dialog->has_last && dialog->last.kind == key->kind && dialog->last.code == key->code &&
	       dialog->last.codepoint == key->codepoint &&
	       key->at_mono_us - dialog->last.at_mono_us < DIALOG_HELD_US;
}

static enum dialog_answer
answer(struct dialog *dialog, enum dialog_answer given)
{
	dialog->answer = given;
	return given;
}

static enum dialog_answer
key_of_ask(struct dialog *dialog, const struct ui_key *key)
{
	if (key->kind == UI_KEY && key->code == UI_ENTER)
		return answer(dialog, DIALOG_NO);
	if (key->kind != UI_TEXT)
		return DIALOG_OPEN;
	if (key->codepoint == 'n' || key->codepoint == 'N')
		return answer(dialog, DIALOG_NO);
	if ((key->codepoint == 'y' || key->codepoint == 'Y') && dialog->blocked[0] == 0 && dialog->waits[0] == 0)
		return answer(dialog, DIALOG_YES);
	return DIALOG_OPEN;
}

static void
type_letter(struct dialog *dialog, const struct ui_key *key)
{
	size_t at = dialog->typed_len;

	if (key->codepoint < 0x21 || key->codepoint > 0x7e || at + 1 >= sizeof dialog->typed)
		return;
	dialog->typed[at] = (char)key->codepoint;
	dialog->typed[at + 1] = 0;
	dialog->letter_read[at] = key->read_serial;
	dialog->letter_at_us[at] = key->at_mono_us;
	dialog->typed_len = at + 1;
}

/* Typed by a hand: spread over reads and over time. */
static bool
was_typed(const struct dialog *dialog, const struct ui_key *enter)
{
	size_t last = dialog->typed_len - 1;
	int reads = 1;

	for (size_t i = 1; i < dialog->typed_len; i++)
		if (dialog->letter_read[i] != dialog->letter_read[i - 1])
			reads++;
	return reads >= DIALOG_WORD_READS &&
	       dialog->letter_at_us[last] - dialog->letter_at_us[0] >= DIALOG_WORD_US &&
	       enter->read_serial != dialog->letter_read[last];
}

static enum dialog_answer
key_of_word(struct dialog *dialog, const struct ui_key *key)
{
	if (dialog->blocked[0] != 0)
		return DIALOG_OPEN;
	dialog->hint[0] = 0;
	if (key->kind == UI_TEXT) {
		type_letter(dialog, key);
	} else if (key->code == UI_BACKSPACE && dialog->typed_len > 0) {
		dialog->typed[--dialog->typed_len] = 0;
	} else if (key->code == UI_CTRL('U')) {
		dialog->typed[dialog->typed_len = 0] = 0;
	} else if (key->code == UI_ENTER) {
		if (strcmp(dialog->typed, dialog->word) != 0)
			text_format(dialog->hint, sizeof dialog->hint, "not the word: %s, in capitals",
			            dialog->word);
		else if (!was_typed(dialog, key))
			text_copy(dialog->hint, sizeof dialog->hint,
			          "that came too fast to be typed: once more, by hand");
		else if (dialog->waits[0] != 0)
			text_format(dialog->hint, sizeof dialog->hint, "not yet: %.120s", dialog->waits);
		else
			return answer(dialog, DIALOG_YES);
		dialog->typed[dialog->typed_len = 0] = 0;
	}
	return DIALOG_OPEN;
}

static enum dialog_answer
key_of_choice(struct dialog *dialog, const struct ui_key *key)
{
	if (key->kind == UI_TEXT) {
		for (int i = 0; i < dialog->choice_count; i++)
			if (key->codepoint == (unsigned char)dialog->choices[i].key) {
				dialog->chosen = i;
				return answer(dialog, DIALOG_YES);
			}
		if (key->codepoint == 'j' && dialog->chosen + 1 < dialog->choice_count)
			dialog->chosen++;
		if (key->codepoint == 'k' && dialog->chosen > 0)
			dialog->chosen--;
		return DIALOG_OPEN;
	}
	if (key->code == UI_ENTER)
		return answer(dialog, DIALOG_YES);
	if ((key->code == UI_DOWN || key->code == UI_TAB) && dialog->chosen + 1 < dialog->choice_count)
		dialog->chosen++;
	if ((key->code == UI_UP || key->code == UI_BACKTAB) && dialog->chosen > 0)
		dialog->chosen--;
	return DIALOG_OPEN;
}

enum dialog_answer
dialog_key(struct dialog *dialog, const struct ui_key *key)
{
	bool held = is_held(dialog, key);
	bool deaf = key->at_mono_us - dialog->opened_us < DIALOG_DEAF_US;

	if (dialog->answer != DIALOG_OPEN)
		return dialog->answer;
	if (dialog_tick(dialog, key->at_mono_us) != DIALOG_OPEN)
		return dialog->answer;
	if (key->kind != UI_TEXT && key->kind != UI_KEY)
		return DIALOG_OPEN;
	dialog->last = *key;
	dialog->has_last = true;
	if (key->pasted || deaf)
		return DIALOG_OPEN;
	if (key->kind == UI_KEY && key->code == UI_ESCAPE)
		return answer(dialog, DIALOG_NO);
	/* In a word the hand may well double a letter; in an answer it has no reason to. */
	if (held && dialog->kind != DIALOG_WORD && (key->kind == UI_TEXT || key->code == UI_ENTER))
		return DIALOG_OPEN;
	switch (dialog->kind) {
	case DIALOG_ASK: return key_of_ask(dialog, key);
	case DIALOG_WORD: return key_of_word(dialog, key);
	case DIALOG_CHOICE: return key_of_choice(dialog, key);
	}
	return DIALOG_OPEN;
}

enum dialog_answer
dialog_tick(struct dialog *dialog, int64_t now_mono_us)
{
	if (dialog->answer == DIALOG_OPEN && now_mono_us - dialog->opened_us >= DIALOG_LIFE_US)
		dialog->answer = DIALOG_EXPIRED;
	return dialog->answer;
}

int64_t
dialog_deadline(const struct dialog *dialog)
{
	return dialog->answer == DIALOG_OPEN ? dialog->opened_us + DIALOG_LIFE_US : INT64_MAX;
}

static void
say_blocked(const struct dialog *dialog, struct lines *lines, int width)
{
	char text[DIALOG_LINE_SIZE + 8];

	text_format(text, sizeof text, "✗ %s", dialog->blocked);
	lines_add_wrapped(lines, STYLE_BAD, text, width);
}

/* What to press, in one line; the word's box is drawn behind it. */
static void
draw_foot(const struct dialog *dialog, const struct canvas *inside, int row, int64_t now_mono_us)
{
	int64_t left = (dialog->opened_us + DIALOG_LIFE_US - now_mono_us + 999999) / 1000000;
	int used;

	if (left < 0)
		left = 0;
	if (dialog->blocked[0] != 0) {
		struct lines lines = { .count = 0 };
		struct canvas part = canvas_part(inside, (struct rect){ row, 1, inside->rows - row - 1,
		                                 inside->cols - 2 });
		say_blocked(dialog, &lines, inside->cols - 2);
		lines_draw(&lines, &part, 0);
		canvas_text(inside, inside->rows - 1, 1, STYLE_PLAIN, "Nothing is sent. Esc goes back.");
		return;
	}
	switch (dialog->kind) {
	case DIALOG_ASK:
		used = canvas_text(inside, row, 1, STYLE_KEY, "y");
		used += canvas_text(inside, row, 1 + used, STYLE_PLAIN, " yes   ");
		used += canvas_text(inside, row, 1 + used, STYLE_KEY, "N");
		canvas_text(inside, row, 1 + used, STYLE_PLAIN, " no (Enter, Esc)");
		break;
	case DIALOG_WORD:
		used = canvas_text(inside, row, 1, STYLE_PLAIN, "Type ");
		used += canvas_text(inside, row, 1 + used, STYLE_STRONG, dialog->word);
		used += canvas_text(inside, row, 1 + used, STYLE_PLAIN, ", then Enter.  [");
		canvas_repeat(inside, row, 1 + used, (int)strlen(dialog->word) + 1, STYLE_FIELD_FOCUS, ' ');
		canvas_text(inside, row, 1 + used, STYLE_FIELD_FOCUS, dialog->typed);
		canvas_cursor(inside, row, 1 + used + (int)dialog->typed_len);
		canvas_text(inside, row, 2 + used + (int)strlen(dialog->word), STYLE_PLAIN, "]");
		if (dialog->hint[0] != 0)
			canvas_text(inside, row + 1, 1, STYLE_WARN, dialog->hint);
		else if (dialog->waits[0] != 0)
			canvas_printf(inside, row + 1, 1, STYLE_WARN, "Not yet: %s", dialog->waits);
		else
			canvas_text(inside, row + 1, 1, STYLE_PLAIN, "Esc goes back.");
		break;
	case DIALOG_CHOICE:
		for (int i = 0; i < dialog->choice_count; i++) {
			canvas_printf(inside, row + i, 1, STYLE_KEY, "%s%c ", i == dialog->chosen ? "▸ " : "  ",
			              dialog->choices[i].key);
			canvas_text(inside, row + i, 5, STYLE_PLAIN, dialog->choices[i].text);
			if (i == dialog->chosen) {
				struct canvas line = canvas_part(inside, (struct rect){ row + i, 1, 1,
				                                 inside->cols - 2 });
				canvas_mark(&line, 0);
			}
		}
		row += dialog->choice_count - 1;
		break;
	}
	canvas_printf(inside, inside->rows - 1, inside->cols - 6, STYLE_DIM, "%3d s", (int)left);
}

void
dialog_draw(const struct dialog *dialog, const struct canvas *screen, int64_t now_mono_us)
{
	enum { BLOCKED_WIDTH = 76 };
	struct lines blocked = { .count = 0 };
	int width = canvas_width(dialog->title) + 8, feet, height;

	if (width < 60)
		width = 60;
	for (int i = 0; i < dialog->line_count; i++)
		if (canvas_width(dialog->lines[i]) + 6 > width)
			width = canvas_width(dialog->lines[i]) + 6;
	for (int i = 0; i < dialog->choice_count; i++)
		if (canvas_width(dialog->choices[i].text) + 12 > width)
			width = canvas_width(dialog->choices[i].text) + 12;
	int words = canvas_width(dialog->blocked) + 8;
	if (words > width && width < BLOCKED_WIDTH)
		width = words < BLOCKED_WIDTH ? words : BLOCKED_WIDTH;
	if (width > screen->cols)
		width = screen->cols;
	if (dialog->blocked[0] != 0)
		say_blocked(dialog, &blocked, width - 4);
	feet = dialog->kind == DIALOG_CHOICE && dialog->choice_count > 1 ? dialog->choice_count + 1
	     : blocked.count > 1 ? blocked.count + 1 : 2;
	height = dialog->line_count + feet + 3;
	if (height > screen->rows)
		height = screen->rows;
	struct canvas box = canvas_part(screen, (struct rect){ (screen->rows - height) / 2,
	                                (screen->cols - width) / 2, height, width });
	if (box.rows == 0)
		return;
	canvas_blank(&box);
	canvas_frame(&box, FRAME_DOUBLE, dialog->danger ? STYLE_DIALOG_DANGER : STYLE_DIALOG,
	             dialog->title, NULL);
	struct canvas inside = canvas_inside(&box);
	/* On a screen too low for all of it, what to press stays. */
	int foot = inside.rows - feet, shown = foot > 0 ? foot : 0;
	for (int i = 0; i < dialog->line_count && i < shown; i++)
		canvas_text(&inside, i, 1, dialog->line_style[i], dialog->lines[i]);
	draw_foot(dialog, &inside, foot < 0 ? 0 : foot, now_mono_us);
}
