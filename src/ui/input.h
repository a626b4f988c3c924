/* Bytes from the terminal become keys.  A pure state machine: it is fed what each read() brought,
 * with the number of that read and its time, and knows nothing of descriptors.  An escape sequence
 * that is not known is swallowed whole, so that its letters can never become commands. */
#ifndef UI_INPUT_H
#define UI_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ui_kind {
	UI_TEXT,              /* a printable character: codepoint */
	UI_KEY,               /* a named key: code */
	UI_PASTE_BEGIN,
	UI_PASTE_END,
	UI_MOUSE,             /* code UI_MOUSE_..., row, col */
	UI_RESIZE,            /* the terminal has another size */
	UI_LOST               /* there is no terminal any more */
};

enum ui_code {
	UI_NONE,
	UI_ESCAPE, UI_ENTER, UI_TAB, UI_BACKTAB, UI_BACKSPACE, UI_DELETE, UI_INSERT,
	UI_UP, UI_DOWN, UI_LEFT, UI_RIGHT, UI_HOME, UI_END, UI_PAGE_UP, UI_PAGE_DOWN,
	UI_WORD_LEFT, UI_WORD_RIGHT,
	UI_F1, UI_F2, UI_F3, UI_F4, UI_F5, UI_F6, UI_F7, UI_F8, UI_F9, UI_F10, UI_F11, UI_F12,
	UI_CTRL_A = 64, UI_CTRL_Z = UI_CTRL_A + 25,
	UI_MOUSE_CLICK = 96, UI_MOUSE_WHEEL_UP, UI_MOUSE_WHEEL_DOWN
};
#define UI_CTRL(letter) (UI_CTRL_A + ((letter) - 'A'))

struct ui_key {
	enum ui_kind kind;
	int code;             /* enum ui_code */
	uint32_t codepoint;   /* of UI_TEXT */
	bool pasted;          /* came between the marks of a bracketed paste */
	int row, col;         /* of UI_MOUSE, from 0 */
	uint32_t read_serial; /* which read() brought it */
	int64_t at_mono_us;   /* when */
};

/* A key as terminfo spells it for this terminal. */
struct input_sequence {
	char bytes[16];
	int code;
};

enum { INPUT_QUEUE = 1280, INPUT_READ = 1024, INPUT_SEQUENCES = 40, INPUT_PENDING = 64 };

struct input {
	struct input_sequence sequences[INPUT_SEQUENCES];
	size_t sequence_count;
	char pending[INPUT_PENDING];     /* an unfinished character or sequence */
	size_t pending_len;
	int swallowing;                  /* inside a string sequence that has no meaning here */
	bool pasting;
	int64_t pending_since_us;
	uint32_t pending_serial;
	struct ui_key queue[INPUT_QUEUE];
	size_t head, count;
};

enum { INPUT_ESCAPE_US = 50000 };       /* a lone Esc is Esc after this long */

void input_init(struct input *input);
void input_learn(struct input *input, const char *bytes, int code);
/* How many bytes may be fed now without a key being lost. */
size_t input_room(const struct input *input);
void input_feed(struct input *input, const char *bytes, size_t len, uint32_t read_serial,
                int64_t now_mono_us);
/* When input_expire must be called; INT64_MAX: no need. */
int64_t input_deadline(const struct input *input);
void input_expire(struct input *input, int64_t now_mono_us);
/* Something that is no byte: a resize, the loss of the terminal. */
void input_post(struct input *input, enum ui_kind kind, int64_t now_mono_us);
bool input_next(struct input *input, struct ui_key *ret_key);

#endif
