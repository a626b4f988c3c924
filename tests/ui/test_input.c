/* Purpose: bytes become keys, however they are cut into reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "ui/canvas.h"
#include "ui/input.h"

/* Everything that is queued, in words. */
static void
words(struct input *input, char *out, size_t size)
{
	struct ui_key key;
	size_t len = 0;
	out[0] = 0;
	while (input_next(input, &key)) {
		char bytes[5] = { 0 };
		if (key.kind == UI_TEXT)
			utf8_put(key.codepoint, bytes);
		len += (size_t)snprintf(out + len, size - len, "%s%s%s",
			key.pasted ? "p" : "", bytes,
			key.kind == UI_PASTE_BEGIN ? "<" : key.kind == UI_PASTE_END ? ">" : "");
		if (key.kind == UI_KEY)
			len += (size_t)snprintf(out + len, size - len, "#%d", key.code);
		if (key.kind == UI_MOUSE)
			len += (size_t)snprintf(out + len, size - len, "m%d@%d,%d", key.code, key.row, key.col);
		len += (size_t)snprintf(out + len, size - len, " ");
	}
}

static const struct { const char *bytes, *keys; } cases[] = {
	{ "ab", "a b " },
	{ "é漢\xf0\x9f\x99\x82", "é 漢 \xf0\x9f\x99\x82 " },
	{ "\r\n\t\x7f\x08", "#2 #2 #3 #5 #5 " },
	{ "\x01\x1a", "#64 #89 " },
	{ "\033[A\033OB\033[1;5C\033[1;3D", "#8 #9 #17 #16 " },
	{ "\033[H\033[4~\033[5~\033[6~\033[3~\033[Z", "#12 #13 #14 #15 #6 #4 " },
	{ "\033OP\033[12~\033[[C\033[15~\033[24~", "#18 #19 #20 #22 #29 " },
	{ "\033[200~a\rb\033[201~c", "< pa p#2 pb > c " },
	{ "\033[<0;3;2M\033[<0;3;2m\033[<65;1;1M", "m96@1,2 m98@0,0 " },
	{ "\033[?1;2cx", "x " },
	{ "\033]0;title\007x\033P1$r\033\\y", "x y " },
	{ "\033[M !!x", "x " },
	{ "\033[99~\033[1;2;3;4;5;6wx", "x " },
	{ "\xff\xc0x\xc3", "x " },
	{ "\x9bx", "x " },
	{ "", "" },
};

static void
every_sequence_means_what_it_says_however_it_arrives(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		for (size_t cut = 0; cut <= strlen(cases[i].bytes); cut++) {
			struct input input;
			char out[512];
			input_init(&input);
			input_learn(&input, "\033OA", UI_UP);
			input_feed(&input, cases[i].bytes, cut, 1, 0);
			input_feed(&input, cases[i].bytes + cut, strlen(cases[i].bytes) - cut, 2, 1000);
			input_expire(&input, 1000 + INPUT_ESCAPE_US);
			words(&input, out, sizeof out);
			assert_string_equal(out, cases[i].keys);
		}
}

static void
a_lone_escape_is_escape_after_a_moment(void **state)
{
	(void)state;
	struct input input;
	struct ui_key key;
	input_init(&input);
	input_feed(&input, "\033", 1, 7, 1000);
	assert_false(input_next(&input, &key));
	assert_int_equal(input_deadline(&input), 1000 + INPUT_ESCAPE_US);
	input_expire(&input, 999 + INPUT_ESCAPE_US);
	assert_false(input_next(&input, &key));
	input_expire(&input, 1000 + INPUT_ESCAPE_US);
	assert_true(input_next(&input, &key));
	assert_int_equal(key.code, UI_ESCAPE);
	assert_int_equal(key.read_serial, 7);
	assert_true(input_deadline(&input) == INT64_MAX);
}

static void
escape_and_a_letter_are_two_keys(void **state)
{
	(void)state;
	struct input input;
	char out[64];
	input_init(&input);
	input_feed(&input, "\033q\033\033", 4, 1, 0);
	input_expire(&input, INPUT_ESCAPE_US);
	words(&input, out, sizeof out);
	assert_string_equal(out, "#1 q #1 #1 ");
}

static void
a_key_belongs_to_the_read_that_completed_it(void **state)
{
	(void)state;
	struct input input;
	struct ui_key key;
	input_init(&input);
	input_feed(&input, "a\xc3", 2, 1, 10);
	input_feed(&input, "\xa9", 1, 2, 20);
	assert_true(input_next(&input, &key));
	assert_int_equal(key.read_serial, 1);
	assert_true(input_next(&input, &key));
	assert_int_equal(key.read_serial, 2);
	assert_int_equal(key.at_mono_us, 20);
}

static void
a_flood_fills_no_more_than_the_queue(void **state)
{
	(void)state;
	struct input input;
	struct ui_key key;
	char flood[INPUT_READ];
	size_t fed = 0, got = 0;
	memset(flood, 'x', sizeof flood);
	input_init(&input);
	for (size_t room; (room = input_room(&input)) > 0; ) {
		size_t len = room < sizeof flood ? room : sizeof flood;
		input_feed(&input, flood, len, 1, 0);
		fed += len;
	}
	while (input_next(&input, &key))
		got++;
	assert_int_equal(got, fed);
	assert_true(input_room(&input) >= INPUT_READ);
}

static void
any_bytes_leave_it_in_order(void **state)
{
	(void)state;
	uint32_t seed = 12345;
	struct input input;
	struct ui_key key;
	input_init(&input);
	for (int round = 0; round < 20000; round++) {
		char bytes[8];
		for (size_t i = 0; i < sizeof bytes; i++) {
			static const char likely[] = "\033[]OP;<0123456789~MmAa\007\xc3\xa9\x7f";
			seed = seed * 1664525u + 1013904223u;
			bytes[i] = seed >> 31 ? (char)(seed >> 8) : likely[(seed >> 8) % (sizeof likely - 1)];
		}
		input_feed(&input, bytes, sizeof bytes, (uint32_t)round, round);
		while (input_next(&input, &key))
			assert_true(key.kind != UI_TEXT || key.codepoint >= 0x20);
	}
	input_expire(&input, INT64_MAX - 1);
	while (input_next(&input, &key))
		;
	char out[64];
	input.pasting = false;
	input_feed(&input, "z", 1, 1, 0);
	words(&input, out, sizeof out);
	assert_string_equal(out, "z ");
}

static void
two_resizes_are_one(void **state)
{
	(void)state;
	struct input input;
	struct ui_key key;
	input_init(&input);
	input_post(&input, UI_RESIZE, 1);
	input_post(&input, UI_RESIZE, 2);
	assert_true(input_next(&input, &key));
	assert_int_equal(key.kind, UI_RESIZE);
	assert_false(input_next(&input, &key));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_sequence_means_what_it_says_however_it_arrives),
		cmocka_unit_test(a_lone_escape_is_escape_after_a_moment),
		cmocka_unit_test(escape_and_a_letter_are_two_keys),
		cmocka_unit_test(a_key_belongs_to_the_read_that_completed_it),
		cmocka_unit_test(a_flood_fills_no_more_than_the_queue),
		cmocka_unit_test(any_bytes_leave_it_in_order),
		cmocka_unit_test(two_resizes_are_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
