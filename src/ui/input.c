/* Purpose: decode the terminal's bytes: UTF-8, control keys, terminfo's sequences, xterm's CSI
 * and SS3 keys with modifiers, SGR mouse reports and bracketed paste.
 *
 *   plain --ESC--> sequence --complete--> plain        (unknown ones are dropped whole)
 *                     |--50 ms--> Esc, then plain
 *   plain --OSC, DCS, APC, PM--> swallowing --BEL, ST, CAN, or 50 ms--> plain
 *
 * Esc followed by a letter in the same read is Esc and then the letter: Robson binds no Alt keys,
 * and hands that type ahead must not have their letter changed. */
#include "ui/input.h"
#include "ui/canvas.h"

#include <string.h>

enum { ESC = 0x1b, BEL = 0x07, CAN = 0x18, SUB = 0x1a };

void
input_init(struct input *input)
{
	memset(input, 0, sizeof *input);
}

void
input_learn(struct input *input, const char *bytes, int code)
{
	struct input_sequence *sequence;
	size_t len;

	if (bytes == NULL || bytes[0] != ESC || input->sequence_count == INPUT_SEQUENCES)
		return;
	len = strlen(bytes);
	if (len < 2 || len >= sizeof sequence->bytes)
		return;
	sequence = &input->sequences[input->sequence_count++];
	memcpy(sequence->bytes, bytes, len + 1);
	sequence->code = code;
}

static void
post(struct input *input, struct ui_key key)
{
	if (input->count == INPUT_QUEUE)
		return;
	key.pasted = input->pasting && key.kind != UI_PASTE_BEGIN && key.kind != UI_PASTE_END;
	input->queue[(input->head + input->count) % INPUT_QUEUE] = key;
	input->count++;
}

bool
input_next(struct input *input, struct ui_key *ret_key)
{
	if (input->count == 0)
		return false;
	*ret_key = input->queue[input->head];
	input->head = (input->head + 1) % INPUT_QUEUE;
	input->count--;
	return true;
}

size_t
input_room(const struct input *input)
{
	/* Two bytes may be Esc and a letter; what was pending comes out as well. */
	size_t reserve = INPUT_PENDING + 8, used = input->count + reserve;

	return used >= INPUT_QUEUE ? 0 : INPUT_QUEUE - used;
}

void
input_post(struct input *input, enum ui_kind kind, int64_t now_mono_us)
{
	/* A second resize says nothing that the first, still unread, does not. */
	for (size_t i = 0; i < input->count; i++)
		if (input->queue[(input->head + i) % INPUT_QUEUE].kind == kind && kind == UI_RESIZE)
			return;
	post(input, (struct ui_key){ .kind = kind, .at_mono_us = now_mono_us });
}

static struct ui_key
stamp(const struct input *input)
{
	return (struct ui_key){ .read_serial = input->pending_serial,
	                        .at_mono_us = input->pending_since_us };
}

static void
post_code(struct input *input, int code)
{
	struct ui_key key = stamp(input);

	key.kind = UI_KEY;
	key.code = code;
	post(input, key);
}

static void
post_plain(struct input *input, uint32_t c)
{
	struct ui_key key = stamp(input);

	if (c == '\r' || c == '\n')
		post_code(input, UI_ENTER);
	else if (c == '\t')
		post_code(input, UI_TAB);
	else if (c == 0x7f || c == 0x08)
		post_code(input, UI_BACKSPACE);
	else if (c >= 1 && c <= 26)
		post_code(input, UI_CTRL_A + (int)c - 1);
	else if (c >= 0x20 && !(c >= 0x80 && c < 0xa0)) {
		key.kind = UI_TEXT;
		key.codepoint = c;
		post(input, key);
	}
}

static int
code_of_final(char final)
{
	switch (final) {
	case 'A': return UI_UP;
	case 'B': return UI_DOWN;
	case 'C': return UI_RIGHT;
	case 'D': return UI_LEFT;
	case 'H': return UI_HOME;
	case 'F': return UI_END;
	case 'P': return UI_F1;
	case 'Q': return UI_F2;
	case 'R': return UI_F3;
	case 'S': return UI_F4;
	case 'M': return UI_ENTER;      /* the keypad's, as SS3 */
	case 'Z': return UI_BACKTAB;
	default: return UI_NONE;
	}
}

static int
code_of_number(int number)
{
	switch (number) {
	case 1: case 7: return UI_HOME;
	case 2: return UI_INSERT;
	case 3: return UI_DELETE;
	case 4: case 8: return UI_END;
	case 5: return UI_PAGE_UP;
	case 6: return UI_PAGE_DOWN;
	case 11: case 12: case 13: case 14: case 15: return UI_F1 + number - 11;
	case 17: case 18: case 19: case 20: case 21: return UI_F6 + number - 17;
	case 23: case 24: return UI_F11 + number - 23;
	default: return UI_NONE;
	}
}

static int
with_modifier(int code, int modifier)
{
	/* 1 + shift 1, alt 2, ctrl 4 */
	if (modifier >= 2 && ((modifier - 1) & 6) != 0) {
		if (code == UI_LEFT)
			return UI_WORD_LEFT;
		if (code == UI_RIGHT)
			return UI_WORD_RIGHT;
	}
	return code;
}

static void
post_mouse(struct input *input, const int *param, char final)
{
	struct ui_key key = stamp(input);
	int button = param[0];

	key.kind = UI_MOUSE;
	key.col = param[1] - 1;
	key.row = param[2] - 1;
	if (key.col < 0 || key.row < 0 || final != 'M')
		return;
	if (button == 0)
		key.code = UI_MOUSE_CLICK;
	else if (button == 64)
		key.code = UI_MOUSE_WHEEL_UP;
	else if (button == 65)
		key.code = UI_MOUSE_WHEEL_DOWN;
	else
		return;
	post(input, key);
}

/* A whole CSI sequence, ESC [ ... final. */
static void
take_csi(struct input *input, const char *bytes, size_t len)
{
	int param[4] = { 0 };
	size_t at = 0;
	char final = bytes[len - 1];
	bool mouse = bytes[2] == '<';

	for (size_t i = mouse ? 3 : 2; i + 1 < len; i++) {
		if (bytes[i] >= '0' && bytes[i] <= '9') {
			if (at < 4 && param[at] < 10000)
				param[at] = param[at] * 10 + (bytes[i] - '0');
		} else if (bytes[i] == ';') {
			at++;
		} else {
			return;                       /* a private answer: nothing for us */
		}
	}
	if (mouse) {
		post_mouse(input, param, final);
	} else if (final == '~' && (param[0] == 200 || param[0] == 201)) {
		struct ui_key key = stamp(input);
		key.kind = param[0] == 200 ? UI_PASTE_BEGIN : UI_PASTE_END;
		input->pasting = param[0] == 200;
		post(input, key);
	} else if (final == '~' || final == '^') {
		int code = with_modifier(code_of_number(param[0]), param[1]);
		if (code != UI_NONE)
			post_code(input, code);
	} else if (final != 'M') {
		int code = with_modifier(code_of_final(final), param[1]);
		/* ESC [ 5 ; 3 R and the like are reports, not F3. */
		if (code >= UI_F1 && code <= UI_F4 && param[0] > 1)
			return;
		if (code != UI_NONE)
			post_code(input, code);
	}
}

/* Looks at what is pending: returns how many bytes are done with, 0 if more are needed. */
static size_t
take(struct input *input, bool no_more)
{
	const char *bytes = input->pending;
	size_t len = input->pending_len;
	unsigned char first = (unsigned char)bytes[0];
	bool prefix = false;

	if (first != ESC) {
		uint32_t codepoint;
		size_t used, needed = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
		char whole[5] = { 0 };
		if (first == 0)
			return 1;
		memcpy(whole, bytes, len < 4 ? len : 4);
		used = utf8_next(whole, &codepoint);
		if (used == 1 && len < needed && !no_more) {
			bool tail_ok = true;
			for (size_t i = 1; i < len; i++)
				tail_ok = tail_ok && ((unsigned char)bytes[i] & 0xc0) == 0x80;
			if (tail_ok)
				return 0;
		}
		/* A byte that is no character does nothing; '?' would be a command. */
		if (first < 0x80 || used > 1)
			post_plain(input, codepoint);
		return used;
	}
	for (size_t i = 0; i < input->sequence_count; i++) {
		const struct input_sequence *sequence = &input->sequences[i];
		size_t want = strlen(sequence->bytes);
		if (len >= want && memcmp(bytes, sequence->bytes, want) == 0) {
			post_code(input, sequence->code);
			return want;
		}
		if (len < want && memcmp(bytes, sequence->bytes, len) == 0)
			prefix = true;
	}
	if (len == 1) {
		if (!no_more)
			return 0;
		post_code(input, UI_ESCAPE);
		return 1;
	}
	if (bytes[1] == '[') {
		for (size_t i = 2; i < len; i++) {
			unsigned char c = (unsigned char)bytes[i];
			if (c == '[' && i == 2 )      /* the Linux console's ESC [ [ A */
				continue;
			if (c >= 0x40 && c <= 0x7e) {
				if (bytes[2] == '[') {
					if (c >= 'A' && c <= 'E')
						post_code(input, UI_F1 + c - 'A');
				} else if (c == 'M' && i == 2) {
					if (len < 6 && !no_more)
						return 0;
					return len < 6 ? len : 6;     /* an old mouse report */
				} else {
					take_csi(input, bytes, i + 1);
				}
				return i + 1;
			}
			if (c < 0x20 || c > 0x7e)
				return i;                     /* broken off: start again here */
		}
		return no_more || len == INPUT_PENDING ? len : 0;
	}
	if (bytes[1] == 'O') {
		if (len < 3)
			return no_more ? len : 0;
		int code = code_of_final(bytes[2]);
		if (code != UI_NONE)
			post_code(input, code);
		return (unsigned char)bytes[2] < 0x20 ? 2 : 3;
	}
	if (bytes[1] == ']' || bytes[1] == 'P' || bytes[1] == '_' || bytes[1] == '^') {
		input->swallowing = 1;
		return 2;
	}
	if (prefix && !no_more)
		return 0;
	post_code(input, UI_ESCAPE);
	return 1;
}

static void
drain(struct input *input, bool no_more)
{
	while (input->pending_len > 0) {
		size_t used = take(input, no_more);
		if (used == 0)
			return;
		input->pending_len -= used;
		memmove(input->pending, input->pending + used, input->pending_len);
		if (input->swallowing)
			return;
	}
}

void
input_feed(struct input *input, const char *bytes, size_t len, uint32_t read_serial,
           int64_t now_mono_us)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];
		if (input->swallowing) {
			/* ST is ESC \ ; the ESC alone ends it too if anything else follows. */
			if (input->swallowing == 2) {
				input->swallowing = 0;
				if (c == '\\')
					continue;
			} else {
				if (c == ESC)
					input->swallowing = 2;
				else if (c == BEL || c == CAN || c == SUB)
					input->swallowing = 0;
				input->pending_since_us = now_mono_us;
				continue;
			}
		}
		/* A key belongs to the read that completed it. */
		input->pending_serial = read_serial;
		input->pending_since_us = now_mono_us;
		input->pending[input->pending_len++] = (char)c;
		drain(input, false);
		if (input->pending_len == INPUT_PENDING)
			drain(input, true);
	}
}

int64_t
input_deadline(const struct input *input)
{
	if (input->pending_len == 0 && !input->swallowing)
		return INT64_MAX;
	return input->pending_since_us + INPUT_ESCAPE_US;
}

void
input_expire(struct input *input, int64_t now_mono_us)
{
	if (now_mono_us < input_deadline(input))
		return;
	input->swallowing = 0;
	drain(input, true);
	input->swallowing = 0;
}
