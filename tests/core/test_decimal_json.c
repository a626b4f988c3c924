#include "tests/core/decimals.h"

#include "core/decimal_json.h"

static void
a_decimal_is_written_as_canonical_text(void **state)
{
	struct text text = { .data = NULL };
	struct json_out json;
	(void)state;
	json_out_init(&json, &text);
	json_object_open(&json, NULL);
	json_decimal(&json, "price", dec("097412.3500"));
	json_decimal(&json, "pnl", dec("-0.10"));
	json_decimal(&json, "zero", dec("-0"));
	json_object_close(&json);
	assert_string_equal(text.data, "{\"price\":\"97412.35\",\"pnl\":\"-0.1\",\"zero\":\"0\"}");
	text_done(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_decimal_is_written_as_canonical_text),
	};
	return cmocka_run_group_tests_name("core/decimal_json", tests, NULL, NULL);
}
