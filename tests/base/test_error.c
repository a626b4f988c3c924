#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/error.h"

static void
says_what_failed_and_returns_its_status(void **state)
{
	struct error err;
	(void)state;
	memset(&err, 'x', sizeof err);
	assert_int_equal(error_set(&err, STATUS_IO, "cannot open %s: %d", "a file", 7), STATUS_IO);
	assert_int_equal(err.status, STATUS_IO);
	assert_string_equal(err.message, "cannot open a file: 7");
	assert_string_equal(err.field, "");
	assert_string_equal(err.hint, "");
	assert_false(err.retryable);
}

static void
names_the_field_that_it_is_about(void **state)
{
	struct error err;
	(void)state;
	assert_int_equal(error_field(&err, STATUS_INVALID, "stop", "not a number: '%s'", "1x"),
	                 STATUS_INVALID);
	assert_string_equal(err.field, "stop");
	assert_string_equal(err.message, "not a number: '1x'");
	assert_int_equal(error_set(&err, STATUS_NO, "again"), STATUS_NO);
	assert_string_equal(err.field, "");
}

static void
takes_advice_and_keeps_the_rest(void **state)
{
	struct error err;
	(void)state;
	error_field(&err, STATUS_USAGE, "capital", "no capital");
	error_hint(&err, "try %s", "--capital");
	assert_int_equal(err.status, STATUS_USAGE);
	assert_string_equal(err.hint, "try --capital");
	assert_string_equal(err.message, "no capital");
	assert_string_equal(err.field, "capital");
	error_set(&err, STATUS_NO, "another");
	assert_string_equal(err.hint, "");
}

static void
only_what_may_pass_by_itself_is_retryable(void **state)
{
	struct error err;
	(void)state;
	for (int i = 0; i < STATUS_COUNT; i++) {
		error_set(&err, (enum status)i, "x");
		assert_int_equal(err.retryable, i == STATUS_BUSY || i == STATUS_UNAVAILABLE);
	}
}

static void
works_without_an_error_to_fill(void **state)
{
	(void)state;
	assert_int_equal(error_set(NULL, STATUS_IO, "x%d", 1), STATUS_IO);
	assert_int_equal(error_field(NULL, STATUS_USAGE, "f", "x"), STATUS_USAGE);
	error_hint(NULL, "x");
	error_clear(NULL);
}

static void
clears_to_nothing(void **state)
{
	struct error err;
	(void)state;
	error_set(&err, STATUS_BUSY, "x");
	error_hint(&err, "y");
	error_clear(&err);
	assert_int_equal(err.status, STATUS_OK);
	assert_string_equal(err.message, "");
	assert_string_equal(err.hint, "");
	assert_false(err.retryable);
}

static void
makes_foreign_text_harmless(void **state)
{
	struct error err;
	(void)state;
	error_field(&err, STATUS_INVALID, "a\x1b", "bad \x1b[31mtext\n\xc2\x9b");
	assert_string_equal(err.field, "a?");
	assert_string_equal(err.message, "bad ?[31mtext??");
	error_hint(&err, "\x7f");
	assert_string_equal(err.hint, "?");
}

static void
may_quote_itself(void **state)
{
	struct error err;
	(void)state;
	error_set(&err, STATUS_IO, "disk full");
	error_hint(&err, "make room");
	error_set(&err, STATUS_IO, "cannot save: %s (%s)", err.message, err.hint);
	assert_string_equal(err.message, "cannot save: disk full (make room)");
	error_hint(&err, "h: %s", err.message);
	assert_string_equal(err.hint, "h: cannot save: disk full (make room)");
	error_hint(&err, "again %s", err.hint);
	assert_string_equal(err.hint, "again h: cannot save: disk full (make room)");
}

static void
shows_that_it_was_cut(void **state)
{
	struct error err;
	char longer[2000];
	(void)state;
	memset(longer, 'a', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	error_set(&err, STATUS_IO, "%s", longer);
	assert_int_equal(strlen(err.message), sizeof err.message - 1);
	assert_string_equal(err.message + sizeof err.message - 5, "a...");
	error_hint(&err, "%s", longer);
	assert_int_equal(strlen(err.hint), sizeof err.hint - 1);
	assert_string_equal(err.hint + sizeof err.hint - 5, "a...");
	error_field(&err, STATUS_IO, longer, "x");
	assert_int_equal(strlen(err.field), sizeof err.field - 1);
}

static void
survives_text_that_cannot_be_written(void **state)
{
	static const wchar_t foreign[] = { 0x20AC, 0 };      /* no such character in the C locale */
	struct error err;
	(void)state;
	assert_int_equal(error_set(&err, STATUS_IO, "%ls", foreign), STATUS_IO);
	assert_string_equal(err.message, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_what_failed_and_returns_its_status),
		cmocka_unit_test(names_the_field_that_it_is_about),
		cmocka_unit_test(takes_advice_and_keeps_the_rest),
		cmocka_unit_test(only_what_may_pass_by_itself_is_retryable),
		cmocka_unit_test(works_without_an_error_to_fill),
		cmocka_unit_test(clears_to_nothing),
		cmocka_unit_test(makes_foreign_text_harmless),
		cmocka_unit_test(may_quote_itself),
		cmocka_unit_test(shows_that_it_was_cut),
		cmocka_unit_test(survives_text_that_cannot_be_written),
	};
	return cmocka_run_group_tests_name("base/error", tests, NULL, NULL);
}
