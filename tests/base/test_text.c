#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"

/* The linker sends realloc here (-Wl,--wrap=realloc), so that memory can run out on demand. */
void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);
static bool out_of_memory;

void *
__wrap_realloc(void *old, size_t size)
{
	return out_of_memory ? NULL : __real_realloc(old, size);
}

static void
copies_what_fits(void **state)
{
	char buf[6];
	(void)state;
	assert_true(text_copy(buf, sizeof buf, "hello"));
	assert_string_equal(buf, "hello");
	assert_true(text_copy(buf, sizeof buf, ""));
	assert_string_equal(buf, "");
	assert_true(text_copy(buf, sizeof buf, NULL));
	assert_string_equal(buf, "");
	assert_false(text_copy(buf, sizeof buf, "hello!"));
	assert_string_equal(buf, "hello");
	assert_false(text_copy(buf, 1, "x"));
	assert_string_equal(buf, "");
}

static void
never_writes_past_the_end(void **state)
{
	char buf[4] = "abc";
	(void)state;
	assert_false(text_copy(buf, 0, "xyz"));
	assert_string_equal(buf, "abc");
	assert_false(text_format(buf, 0, "%d", 1));
	assert_string_equal(buf, "abc");
	assert_false(text_format(buf, 3, "%d", 12345));
	assert_string_equal(buf, "12");
	assert_int_equal(buf[3], '\0');
}

static void
copies_over_itself(void **state)
{
	char buf[16] = "abcdefgh";
	(void)state;
	assert_true(text_copy(buf, sizeof buf, buf + 2));
	assert_string_equal(buf, "cdefgh");
}

static void
cuts_between_characters(void **state)
{
	char buf[8];
	(void)state;
	assert_false(text_copy(buf, 3, "a\xc3\xa9"));                    /* e acute: 2 bytes */
	assert_string_equal(buf, "a");
	assert_false(text_copy(buf, 4, "a\xc3\xa9z"));
	assert_string_equal(buf, "a\xc3\xa9");
	assert_false(text_copy(buf, 4, "a\xe2\x82\xac"));                /* euro: 3 bytes */
	assert_string_equal(buf, "a");
	assert_false(text_copy(buf, 5, "a\xf0\x9f\x90\xa6"));            /* a bird: 4 bytes */
	assert_string_equal(buf, "a");
	assert_false(text_format(buf, 5, "%s", "a\xf0\x9f\x90\xa6"));
	assert_string_equal(buf, "a");
	assert_false(text_copy(buf, 4, "\x80\x80\x80\x80\x80"));         /* no UTF-8: cut anywhere */
	assert_string_equal(buf, "\x80\x80\x80");
	assert_false(text_copy(buf, 3, "\x80\x80\x80"));
	assert_string_equal(buf, "\x80\x80");
	assert_false(text_copy(buf, 6, "a\x80\x80\x80\x80z"));
	assert_string_equal(buf, "a\x80\x80\x80\x80");
}

static void
formats_and_says_whether_it_fitted(void **state)
{
	static const wchar_t foreign[] = { 0x20AC, 0 };
	char buf[8] = "x";
	(void)state;
	assert_true(text_format(buf, sizeof buf, "%s-%d", "ab", 1234));
	assert_string_equal(buf, "ab-1234");
	assert_false(text_format(buf, sizeof buf, "%s-%d", "ab", 12345));
	assert_string_equal(buf, "ab-1234");
	assert_false(text_format(buf, sizeof buf, "%ls", foreign));
	assert_string_equal(buf, "");
}

static void
compares_with_null_as_empty(void **state)
{
	(void)state;
	assert_true(text_equal(NULL, NULL));
	assert_true(text_equal(NULL, ""));
	assert_true(text_equal("", NULL));
	assert_true(text_equal("a", "a"));
	assert_false(text_equal("a", "A"));
	assert_false(text_equal("a", NULL));
	assert_true(text_equal_nocase(NULL, ""));
	assert_true(text_equal_nocase("", NULL));
	assert_true(text_equal_nocase("BtcUsdc", "bTCuSDC"));
	assert_false(text_equal_nocase("btc", "btcx"));
	assert_false(text_equal_nocase("btcx", "btc"));
	assert_false(text_equal_nocase("@", "`"));           /* neighbours of A and a, 32 apart */
	assert_false(text_equal_nocase("[", "{"));
	assert_true(text_equal_nocase("AZ", "az"));
}

static void
finds_a_prefix(void **state)
{
	(void)state;
	assert_true(text_has_prefix("operation", "op"));
	assert_true(text_has_prefix("op", "op"));
	assert_true(text_has_prefix("op", ""));
	assert_true(text_has_prefix(NULL, ""));
	assert_false(text_has_prefix("o", "op"));
	assert_false(text_has_prefix(NULL, "op"));
	assert_false(text_has_prefix("xop", "op"));
}

static void
knows_valid_utf8(void **state)
{
	static const struct { const char *text; size_t length; } cases[] = {
		{ "a", 1 }, { "\x7f", 1 },
		{ "\xc2\x80", 2 }, { "\xdf\xbf", 2 }, { "\xe0\xa0\x80", 3 }, { "\xed\x9f\xbf", 3 },
		{ "\xee\x80\x80", 3 }, { "\xef\xbf\xbf", 3 }, { "\xf0\x90\x80\x80", 4 },
		{ "\xf3\x80\x80\x80", 4 }, { "\xf4\x8f\xbf\xbf", 4 },
		/* not: stray, overlong, surrogate, too high, torn, 5 bytes */
		{ "\x80", 0 }, { "\xbf", 0 }, { "\xc0\x80", 0 }, { "\xc1\xbf", 0 },
		{ "\xe0\x9f\xbf", 0 }, { "\xed\xa0\x80", 0 }, { "\xf0\x8f\xbf\xbf", 0 },
		{ "\xf4\x90\x80\x80", 0 }, { "\xf5\x80\x80\x80", 0 }, { "\xff", 0 }, { "\xfe", 0 },
		{ "\xc2", 0 }, { "\xc2" "a", 0 }, { "\xc2\xc0", 0 }, { "\xe2\x82", 0 },
		{ "\xe2\x82" "a", 0 }, { "\xe2\x82\xc0", 0 }, { "\xf0\x9f\x90", 0 },
		{ "\xf0\x9f\x90" "a", 0 },
	};
	(void)state;
	assert_int_equal(text_utf8_length("", 0), 0);
	assert_int_equal(text_utf8_length("", 1), 1);        /* a NUL is a character of its own */
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(text_utf8_length(cases[i].text, strlen(cases[i].text)), cases[i].length);
}

static void
makes_control_characters_harmless(void **state)
{
	static const struct { const char *in, *out; size_t replaced; } cases[] = {
		{ "", "", 0 },
		{ "plain text ~", "plain text ~", 0 },
		{ "a\x1b[2Jb", "a?[2Jb", 1 },
		{ "\x01\x1f\t\n\r\x7f", "??????", 6 },
		{ "\xc2\x80x\xc2\x9f\xc2\xa0", "?x?\xc2\xa0", 2 },
		{ "\x9b" "31m", "?31m", 1 },
		{ "h\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xa6", "h\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xa6", 0 },
		/* U+202A, U+202E, U+2066, U+2069, U+200E, U+200F, U+061C, U+2028 */
		{ "\xe2\x80\xaa.\xe2\x80\xae", "?.?", 2 },
		{ "\xe2\x81\xa6.\xe2\x81\xa9", "?.?", 2 },
		{ "\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c\xe2\x80\xa8", "????", 4 },
		/* their neighbours, which are text: U+200D, U+2010, U+2027, U+202F, U+2065, U+206A,
		 * U+061B, U+2106, U+3000 */
		{ "\xe2\x80\x8d\xe2\x80\x90\xe2\x80\xa7\xe2\x80\xaf",
		  "\xe2\x80\x8d\xe2\x80\x90\xe2\x80\xa7\xe2\x80\xaf", 0 },
		{ "\xe2\x81\xa5\xe2\x81\xaa\xd8\x9b\xe2\x84\x86\xe3\x80\x80",
		  "\xe2\x81\xa5\xe2\x81\xaa\xd8\x9b\xe2\x84\x86\xe3\x80\x80", 0 },
		{ "\xc3" "a\xe2\x82", "?a??", 3 },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char buf[64];
		assert_true(text_copy(buf, sizeof buf, cases[i].in));
		assert_int_equal(text_make_harmless(buf), cases[i].replaced);
		assert_string_equal(buf, cases[i].out);
	}
}

static void
uppers_ascii_alone(void **state)
{
	char buf[] = "btcUsdc-1{`\xc3\xa9" "az";
	(void)state;
	text_upper(buf);
	assert_string_equal(buf, "BTCUSDC-1{`\xc3\xa9" "AZ");
}

static void
grows_as_it_is_appended_to(void **state)
{
	struct text text;
	(void)state;
	text_init(&text);
	assert_null(text.data);
	text_append(&text, "");
	assert_string_equal(text.data, "");
	for (int i = 0; i < 10000; i++)
		text_appendf(&text, "%04d", i);
	assert_int_equal(text.len, 40000);
	assert_memory_equal(text.data, "000000010002", 12);
	assert_string_equal(text.data + 39992, "99989999");
	text_append(&text, "end");
	text_append_len(&text, "marks", 4);
	assert_string_equal(text.data + 40000, "endmark");
	assert_false(text.failed);
	text_done(&text);
	assert_null(text.data);
	assert_int_equal(text.len, 0);
	text_done(&text);
	text_done(NULL);
}

static void
grows_to_exactly_what_is_needed_at_every_length(void **state)
{
	char piece[300];
	(void)state;
	memset(piece, 'p', sizeof piece);
	for (size_t len = 0; len < sizeof piece; len++) {
		struct text text = { .data = NULL };
		text_append_len(&text, piece, len);
		assert_int_equal(text.len, len);
		assert_int_equal(strlen(text.data), len);
		text_appendf(&text, "%s", "q");
		assert_int_equal(text.data[len], 'q');
		text_done(&text);
	}
}

static void
empties_without_giving_its_memory_back(void **state)
{
	struct text text = { .data = NULL };
	(void)state;
	text_reset(&text);
	assert_null(text.data);
	text_append(&text, "something");
	size_t capacity = text.capacity;
	text_reset(&text);
	assert_string_equal(text.data, "");
	assert_int_equal(text.len, 0);
	assert_int_equal(text.capacity, capacity);
	text_append(&text, NULL);
	assert_string_equal(text.data, "");
	text_done(&text);
}

static void
remembers_that_memory_ran_out(void **state)
{
	struct text text = { .data = NULL };
	char piece[100] = { 0 };
	(void)state;
	text_append(&text, "kept");
	memset(piece, 'x', sizeof piece - 1);
	out_of_memory = true;
	text_append(&text, piece);
	out_of_memory = false;
	assert_true(text.failed);
	assert_string_equal(text.data, "kept");
	text_append(&text, "y");
	text_appendf(&text, "%d", 1);
	assert_string_equal(text.data, "kept");
	text_done(&text);
	assert_false(text.failed);
}

static void
refuses_a_length_beyond_all_memory(void **state)
{
	struct text text = { .data = NULL };
	volatile size_t all = SIZE_MAX;
	(void)state;
	text_append_len(&text, "", all);
	assert_true(text.failed);
	assert_null(text.data);
	text_done(&text);
}

static void
fails_on_text_that_cannot_be_written(void **state)
{
	static const wchar_t foreign[] = { 0x20AC, 0 };
	struct text text = { .data = NULL };
	(void)state;
	text_append(&text, "a");
	text_appendf(&text, "%ls", foreign);
	assert_true(text.failed);
	assert_string_equal(text.data, "a");
	text_done(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_what_fits),
		cmocka_unit_test(never_writes_past_the_end),
		cmocka_unit_test(copies_over_itself),
		cmocka_unit_test(cuts_between_characters),
		cmocka_unit_test(formats_and_says_whether_it_fitted),
		cmocka_unit_test(compares_with_null_as_empty),
		cmocka_unit_test(finds_a_prefix),
		cmocka_unit_test(knows_valid_utf8),
		cmocka_unit_test(makes_control_characters_harmless),
		cmocka_unit_test(uppers_ascii_alone),
		cmocka_unit_test(grows_as_it_is_appended_to),
		cmocka_unit_test(grows_to_exactly_what_is_needed_at_every_length),
		cmocka_unit_test(empties_without_giving_its_memory_back),
		cmocka_unit_test(remembers_that_memory_ran_out),
		cmocka_unit_test(refuses_a_length_beyond_all_memory),
		cmocka_unit_test(fails_on_text_that_cannot_be_written),
	};
	return cmocka_run_group_tests_name("base/text", tests, NULL, NULL);
}
