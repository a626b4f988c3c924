#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/status.h"

static void
every_status_has_the_exit_code_that_the_command_line_promises(void **state)
{
	static const int codes[] = { 0, 1, 64, 64, 64, 65, 65, 69, 70, 70, 74, 74, 1, 75, 77, 78 };
	(void)state;
	assert_int_equal(ARRAY_LEN(codes), STATUS_COUNT);
	for (int i = 0; i < STATUS_COUNT; i++)
		assert_int_equal(status_exit_code((enum status)i), codes[i]);
}

static void
every_status_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int i = 0; i < STATUS_COUNT; i++) {
		assert_non_null(status_name((enum status)i));
		for (int k = 0; k < i; k++)
			assert_string_not_equal(status_name((enum status)i), status_name((enum status)k));
	}
	assert_string_equal(status_name(STATUS_OK), "ok");
	assert_string_equal(status_name(STATUS_USAGE), "usage");
	assert_string_equal(status_name(STATUS_NOT_FOUND), "not_found");
	assert_string_equal(status_name(STATUS_REFUSED), "refused");
	assert_string_equal(status_name(STATUS_CONFIG), "config");
}

static void
a_status_outside_the_list_is_a_fault_inside_robson(void **state)
{
	(void)state;
	assert_string_equal(status_name((enum status)STATUS_COUNT), "bug");
	assert_int_equal(status_exit_code((enum status)999), 70);
	assert_int_equal(status_exit_code((enum status)-1), 70);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_status_has_the_exit_code_that_the_command_line_promises),
		cmocka_unit_test(every_status_has_a_name_of_its_own),
		cmocka_unit_test(a_status_outside_the_list_is_a_fault_inside_robson),
	};
	return cmocka_run_group_tests_name("base/status", tests, NULL, NULL);
}
