/* JSON of strangers: each type is checked, and each error names its field. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>
#include "http/json.h"

static json_t *
read_text(const char *text)
{
	json_t *root = NULL;
	if (json_read(text, strlen(text), &root, NULL) != STATUS_OK)
		fail_msg("unreadable: %s", text);
	return root;
}

static void
what_is_no_json_is_refused_with_its_place(void **state)
{
	static const char *const bad[] = {
		"", " ", "{", "[1,]", "{\"a\":1}x", "nul", "{\"a\":\"\\u0000\"}", "[\"\xff\"]", "[1e999]",
		"[99999999999999999999]", "{\"a\" 1}", "7", "\"a\"", "\x1b]0;x\x07",
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		json_t *root = NULL;
		struct error err = { 0 };
		if (json_read(bad[i], strlen(bad[i]), &root, &err) != STATUS_INVALID)
			fail_msg("accepted: %s", bad[i]);
		assert_non_null(strstr(err.message, "unreadable JSON at byte"));
		assert_null(strchr(err.message, 0x1b));
	}
	/* Nested beyond reason: refused, not recursed into. */
	static char deep[100000];
	memset(deep, '[', sizeof deep);
	json_t *root = NULL;
	assert_int_equal(json_read(deep, sizeof deep, &root, NULL), STATUS_INVALID);
}

static void
money_is_text_or_a_whole_number_and_never_a_float(void **state)
{
	(void)state;
	json_t *root = read_text("{\"a\":\"97000.01\",\"b\":7,\"c\":1.5,\"d\":\"1e5\",\"e\":null,"
	                         "\"f\":1000000000000000000,\"g\":\"x\"}");
	struct decimal value = { 5 }, wanted;
	struct error err = { 0 };
	assert_int_equal(decimal_parse("97000.01", &wanted), STATUS_OK);
	assert_int_equal(json_get_decimal(root, "a", &value, &err), STATUS_OK);
	assert_int_equal(decimal_cmp(value, wanted), 0);
	assert_int_equal(json_get_decimal(root, "b", &value, &err), STATUS_OK);
	assert_int_equal(decimal_cmp(value, decimal_from_int(7)), 0);
	static const char *const bad[] = { "c", "d", "e", "f", "g", "missing" };
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		error_clear(&err);
		assert_int_not_equal(json_get_decimal(root, bad[i], &value, &err), STATUS_OK);
		assert_string_equal(err.field, bad[i]);
		assert_int_equal(decimal_cmp(value, decimal_from_int(7)), 0);   /* untouched */
	}
	assert_int_equal(json_may_decimal(root, "missing", &value, &err), STATUS_OK);
	assert_int_equal(json_may_decimal(root, "c", &value, &err), STATUS_INVALID);
	json_decref(root);
}

static void
each_type_is_asked_for_by_name(void **state)
{
	(void)state;
	json_t *root = read_text("{\"text\":\"x\",\"int\":-3,\"flag\":true,\"list\":[1],\"real\":3.0}");
	const char *text = NULL;
	const json_t *list = NULL;
	int64_t number = 0;
	bool flag = false;
	assert_int_equal(json_get_text(root, "text", &text, NULL), STATUS_OK);
	assert_string_equal(text, "x");
	assert_int_equal(json_get_int(root, "int", &number, NULL), STATUS_OK);
	assert_int_equal(number, -3);
	assert_int_equal(json_get_flag(root, "flag", &flag, NULL), STATUS_OK);
	assert_true(flag);
	assert_int_equal(json_get_array(root, "list", &list, NULL), STATUS_OK);
	assert_int_equal(json_get_text(root, "int", &text, NULL), STATUS_INVALID);
	assert_int_equal(json_get_int(root, "text", &number, NULL), STATUS_INVALID);
	assert_int_equal(json_get_int(root, "real", &number, NULL), STATUS_INVALID);
	assert_int_equal(json_get_flag(root, "int", &flag, NULL), STATUS_INVALID);
	assert_int_equal(json_get_array(root, "flag", &list, NULL), STATUS_INVALID);
	assert_int_equal(json_may_int(root, "none", &number, NULL), STATUS_OK);
	assert_int_equal(json_may_flag(root, "none", &flag, NULL), STATUS_OK);
	assert_int_equal(json_may_flag(root, "text", &flag, NULL), STATUS_INVALID);
	assert_int_equal(number, -3);
	json_decref(root);
}

static void
what_is_no_object_has_no_members(void **state)
{
	(void)state;
	json_t *root = read_text("[1]");
	const char *text = NULL;
	struct error err = { 0 };
	assert_int_equal(json_get_text(root, "a", &text, &err), STATUS_INVALID);
	assert_int_equal(json_get_text(NULL, "a", &text, &err), STATUS_INVALID);
	assert_null(text);
	json_decref(root);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_json_is_refused_with_its_place),
		cmocka_unit_test(money_is_text_or_a_whole_number_and_never_a_float),
		cmocka_unit_test(each_type_is_asked_for_by_name),
		cmocka_unit_test(what_is_no_object_has_no_members),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
