#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/json_out.h"

static struct text text;
static struct json_out json;

static int
begin(void **state)
{
	(void)state;
	text_init(&text);
	json_out_init(&json, &text);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	text_done(&text);
	return 0;
}

static void
writes_keys_in_the_order_given_and_no_spaces(void **state)
{
	(void)state;
	json_object_open(&json, NULL);
	json_text(&json, "b", "x");
	json_int(&json, "a", -12);
	json_int(&json, "most", INT64_MAX);
	json_int(&json, "least", INT64_MIN);
	json_bool(&json, "yes", true);
	json_bool(&json, "no", false);
	json_out_null(&json, "nothing");
	json_text(&json, "none", NULL);
	json_raw(&json, "raw", "[1,2]");
	json_object_close(&json);
	assert_string_equal(text.data, "{\"b\":\"x\",\"a\":-12,\"most\":9223372036854775807,"
	                    "\"least\":-9223372036854775808,\"yes\":true,\"no\":false,"
	                    "\"nothing\":null,\"none\":null,\"raw\":[1,2]}");
}

static void
nests_objects_and_arrays(void **state)
{
	(void)state;
	json_object_open(&json, NULL);
	json_array_open(&json, "empty");
	json_array_close(&json);
	json_object_open(&json, "o");
	json_object_close(&json);
	json_array_open(&json, "list");
	json_int(&json, NULL, 1);
	json_array_open(&json, NULL);
	json_text(&json, NULL, "in");
	json_array_close(&json);
	json_object_open(&json, NULL);
	json_int(&json, "k", 2);
	json_object_close(&json);
	json_array_close(&json);
	json_int(&json, "after", 3);
	json_object_close(&json);
	assert_string_equal(text.data,
	                    "{\"empty\":[],\"o\":{},\"list\":[1,[\"in\"],{\"k\":2}],\"after\":3}");
	assert_int_equal(json.depth, 0);
}

static void
one_object_after_another_has_no_comma(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		json_object_open(&json, NULL);
		json_int(&json, "i", i);
		json_object_close(&json);
		text_append(&text, "\n");
	}
	assert_string_equal(text.data, "{\"i\":0}\n{\"i\":1}\n");
}

static void
escapes_what_json_and_terminals_need(void **state)
{
	static const struct { const char *in, *out; } cases[] = {
		{ "", "\"\"" },
		{ "a\"b\\c/", "\"a\\\"b\\\\c/\"" },
		{ "\n\r\t", "\"\\n\\r\\t\"" },
		{ "\x01\x1b\x1f\x7f ~", "\"\\u0001\\u001b\\u001f\\u007f ~\"" },
		{ "\xc2\x80\xc2\x9f\xc2\xa0", "\"\\u0080\\u009f\xc2\xa0\"" },
		{ "\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xa6", "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xa6\"" },
		{ "a\xff" "b\xc3", "\"a\\ufffdb\\ufffd\"" },
		{ "\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		text_reset(&text);
		json_out_init(&json, &text);
		json_text(&json, NULL, cases[i].in);
		assert_string_equal(text.data, cases[i].out);
	}
}

static void
escapes_keys_too(void **state)
{
	(void)state;
	json_object_open(&json, NULL);
	json_int(&json, "a\"b\n", 1);
	json_object_close(&json);
	assert_string_equal(text.data, "{\"a\\\"b\\n\":1}");
}

static void
writes_times_as_iso_and_no_time_as_null(void **state)
{
	(void)state;
	json_array_open(&json, NULL);
	json_time(&json, NULL, INT64_C(1769868131123));
	json_time(&json, NULL, 0);
	json_array_close(&json);
	assert_string_equal(text.data, "[\"2026-01-31T14:02:11.123Z\",null]");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(writes_keys_in_the_order_given_and_no_spaces, begin, end),
		cmocka_unit_test_setup_teardown(nests_objects_and_arrays, begin, end),
		cmocka_unit_test_setup_teardown(one_object_after_another_has_no_comma, begin, end),
		cmocka_unit_test_setup_teardown(escapes_what_json_and_terminals_need, begin, end),
		cmocka_unit_test_setup_teardown(escapes_keys_too, begin, end),
		cmocka_unit_test_setup_teardown(writes_times_as_iso_and_no_time_as_null, begin, end),
	};
	return cmocka_run_group_tests_name("base/json_out", tests, NULL, NULL);
}
