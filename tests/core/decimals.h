/* Decimals in tests, written as text. */
#ifndef TESTS_CORE_DECIMALS_H
#define TESTS_CORE_DECIMALS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/decimal.h"

static inline struct decimal
dec(const char *text)
{
	struct decimal d = DECIMAL_ZERO;
	if (decimal_parse(text, &d) != STATUS_OK)
		fail_msg("the test itself is wrong: '%s' is no decimal", text);
	return d;
}

/* A macro, so that a failure names the line of the test. */
#define assert_decimal(got, wanted) do { \
	char assert_decimal_text[DECIMAL_TEXT_SIZE]; \
	decimal_text(got, assert_decimal_text); \
	assert_string_equal(assert_decimal_text, wanted); \
} while (0)

#endif
