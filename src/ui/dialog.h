/* Questions that stand in the middle of the screen.  Pure state machines: keys with their times go
 * in, an answer comes out; the loop goes on meanwhile, and so do the figures in the question.
 *
 *   ASK      y/N: only y says yes; Enter, n and Esc say no
 *   WORD     an upper-case word typed in full (CONFIRM, FLATTEN), then Enter
 *   CHOICE   one of a few lines, the harmless one first and in focus
 *
 * No accident answers them: input of the first half second is dropped (type-ahead), what was pasted
 * is ignored, a held key is not a press, and the letters of a word must come by hand: in at least
 * four reads, over at least a quarter of a second, with Enter in a later read.  Every question is
 * withdrawn 30 seconds after it was asked. */
#ifndef UI_DIALOG_H
#define UI_DIALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "ui/canvas.h"
#include "ui/input.h"

enum dialog_kind { DIALOG_ASK, DIALOG_WORD, DIALOG_CHOICE };
enum dialog_answer { DIALOG_OPEN, DIALOG_NO, DIALOG_YES, DIALOG_EXPIRED };

enum {
	DIALOG_LINES = 10, DIALOG_LINE_SIZE = 160, DIALOG_WORD_SIZE = 16, DIALOG_CHOICES = 4,
	DIALOG_DEAF_US = 500000, DIALOG_LIFE_US = 30000000, DIALOG_HELD_US = 120000,
	DIALOG_WORD_READS = 4, DIALOG_WORD_US = 250000
};

struct dialog {
	enum dialog_kind kind;
	bool danger;                              /* real money, or nothing left to protect it */
	char title[80];
	char lines[DIALOG_LINES][DIALOG_LINE_SIZE];   /* the caller updates them while it is open */
	unsigned line_style[DIALOG_LINES];
	int line_count;
	char blocked[DIALOG_LINE_SIZE];           /* why it accepts no yes any more; "" if it does */
	char waits[DIALOG_LINE_SIZE];             /* what is missing for a yes this moment; "" if nothing */
	char hint[DIALOG_LINE_SIZE];              /* why the last Enter did nothing */

	char word[DIALOG_WORD_SIZE];
	struct { char text[DIALOG_LINE_SIZE]; char key; } choices[DIALOG_CHOICES];
	int choice_count, chosen;                 /* chosen: the answer, once DIALOG_YES */

	int64_t opened_us;
	enum dialog_answer answer;
	/* what was typed of the word, and how */
	char typed[DIALOG_WORD_SIZE];
	size_t typed_len;
	uint32_t letter_read[DIALOG_WORD_SIZE];
	int64_t letter_at_us[DIALOG_WORD_SIZE];
	struct ui_key last;                       /* to know a held key by */
	bool has_last;
};

void dialog_ask(struct dialog *dialog, const char *title, int64_t now_mono_us);
void dialog_word(struct dialog *dialog, const char *title, const char *word, int64_t now_mono_us);
void dialog_choice(struct dialog *dialog, const char *title, int64_t now_mono_us);
void dialog_add_choice(struct dialog *dialog, char key, const char *text);

/* Set or replace a line; a line behind the last is added. */
void dialog_line(struct dialog *dialog, int index, unsigned style, const char *format, ...)
	PRINTF_LIKE(4, 5);
/* A guard turned to FAIL: from here on only no is possible, whatever the guard does next. */
void dialog_block(struct dialog *dialog, const char *why);
/* A fact is missing just now: no yes is taken until it is called with "". */
void dialog_wait_for(struct dialog *dialog, const char *what);

/* DIALOG_OPEN until it is answered.  dialog_tick is called when time has passed. */
enum dialog_answer dialog_key(struct dialog *dialog, const struct ui_key *key);
enum dialog_answer dialog_tick(struct dialog *dialog, int64_t now_mono_us);
/* When dialog_tick has something to say. */
int64_t dialog_deadline(const struct dialog *dialog);

void dialog_draw(const struct dialog *dialog, const struct canvas *screen, int64_t now_mono_us);

#endif
