#include "tests/core/decimals.h"

#include <string.h>

#define MOST "999999999999999999.9999999999999999"      /* 10^18 - 10^-16 */
#define LEAST "0.0000000000000001"

static const struct decimal untouched = { 4711 };

static void
reads_every_form_of_a_number(void **state)
{
	static const struct { const char *text, *canonical; } cases[] = {
		{ "0", "0" }, { "-0", "0" }, { "+0", "0" }, { "0.0", "0" }, { "-0.000", "0" },
		{ "000", "0" }, { "1", "1" }, { "+1", "1" }, { "-1", "-1" }, { "007", "7" },
		{ "0.5", "0.5" }, { "-0.5", "-0.5" }, { "1.50", "1.5" }, { "1.0000000000000000", "1" },
		{ "97412.35000000", "97412.35" }, { "0.00001000", "0.00001" }, { "100", "100" },
		{ "1000000", "1000000" }, { LEAST, LEAST }, { "-" LEAST, "-" LEAST },
		{ MOST, MOST }, { "-" MOST, "-" MOST }, { "000000000000000" MOST, MOST },
		{ "999999999999999999", "999999999999999999" },
		{ "0.00000000000000010000000000000000000000", LEAST },
		{ "1.123456789012345600000", "1.1234567890123456" },
		{ "00000000000000000000000000000000000000000000000000000000000000001.5", "1.5" },
		{ "92233720368.54775807", "92233720368.54775807" },
		{ "170141183460469231.7316873037158841", "170141183460469231.7316873037158841" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct decimal strict = untouched, human = untouched;
		if (decimal_parse(cases[i].text, &strict) != STATUS_OK ||
		    decimal_parse_human(cases[i].text, &human) != STATUS_OK)
			fail_msg("'%s' was refused", cases[i].text);
		assert_decimal(strict, cases[i].canonical);
		assert_decimal(human, cases[i].canonical);
	}
}

static void
refuses_what_is_no_number(void **state)
{
	static const char *const cases[] = {
		"", " ", "+", "-", ".", "-.", "+.", ".5", "-.5", "5.", "-5.", "1.", "1..2", "1.2.3",
		"--1", "++1", "+-1", "-+1", "1-", "1+", "1e5", "1E5", "1e", "e5", "0x10", "x", "abc",
		"1x", "x1", "1.x", "1.5x", "1.-5", "NaN", "nan", "inf", "-inf", "Infinity", "1,0,0",
		"1\n", "\t1", "1\t", "\xef\xbc\x91", "1\xc2\xa0" "000", "\xe2\x88\x92" "1", "1/2", "1%",
		"$1", "1$", "(1)", "'1'", "1;2", "1:2", "1__0x", "99999999999999999999999999999x",
		"0.00000000000000000000000001x", "1/", "1:", "/1", ":1",
	};
	struct decimal d = untouched;
	(void)state;
	assert_int_equal(decimal_parse(NULL, &d), STATUS_INVALID);
	assert_int_equal(decimal_parse_human(NULL, &d), STATUS_INVALID);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (decimal_parse(cases[i], &d) != STATUS_INVALID)
			fail_msg("'%s' was read", cases[i]);
		if (decimal_parse_human(cases[i], &d) != STATUS_INVALID)
			fail_msg("'%s' was read as a person's", cases[i]);
	}
	assert_true(d.e16 == untouched.e16);
}

static void
refuses_what_does_not_fit(void **state)
{
	static const char *const cases[] = {
		"1000000000000000000", "-1000000000000000000", "1000000000000000000.0",
		"9999999999999999999999", "340282366920938463463374607431768211456",
		"0.00000000000000001", "0.00000000000000009", "1.12345678901234567",
		"0.000000000000000000000000000000000000000000000001",
		"99999999999999999999999999999999999999999999999999999999999999999999999999999999",
		"18446744073709551616", "1000000000000000000000000000000000000000000000000000000000",
	};
	struct decimal d = untouched;
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (decimal_parse(cases[i], &d) != STATUS_RANGE)
			fail_msg("'%s' was not refused as out of range", cases[i]);
		if (decimal_parse_human(cases[i], &d) != STATUS_RANGE)
			fail_msg("'%s' was not refused as a person's", cases[i]);
	}
	assert_true(d.e16 == untouched.e16);
}

static void
machine_text_has_no_grouping(void **state)
{
	static const char *const cases[] = { "1,000", "1_000", "1 000", " 1", "1 ", "1,000.5" };
	struct decimal d = untouched;
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (decimal_parse(cases[i], &d) != STATUS_INVALID)
			fail_msg("'%s' was read", cases[i]);
	assert_true(d.e16 == untouched.e16);
}

static void
a_person_may_group_digits(void **state)
{
	static const struct { const char *text, *canonical; } cases[] = {
		{ "97,412.35", "97412.35" }, { "1,000", "1000" }, { "1,000,000", "1000000" },
		{ "12,345,678.9", "12345678.9" }, { "-1,234.5", "-1234.5" }, { "+1,234", "1234" },
		{ "1_000", "1000" }, { "1_0_0", "100" }, { "1_000.000_1", "1000.0001" },
		{ "1 000 000", "1000000" }, { "1 000.5", "1000.5" }, { " 1", "1" }, { "1 ", "1" },
		{ " -1.5 ", "-1.5" }, { "0.000 001", "0.000001" }, { "0 000", "0" }, { "0_5", "5" },
		{ "1 000,000", "1000000" },
	};
	struct decimal d;
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (decimal_parse_human(cases[i].text, &d) != STATUS_OK)
			fail_msg("'%s' was refused", cases[i].text);
		assert_decimal(d, cases[i].canonical);
	}
}

static void
a_comma_is_never_read_as_a_decimal_point(void **state)
{
	static const char *const cases[] = {
		"0,5", "0,500", "-0,500", "00,500", "1,5", "1,50", "1,5000", "1,0000", "1.000,5",
		"1.000,500", "1.5,000", "1234,567", "12,34,567", "1,000,00", "1,00,000", ",5", ",500",
		"1,", "1,000,", "1,,000", "1,_000", "1, 000", "1 ,000", "_1", "1_", "1__0", "1  0", "  1",
		"1  ", "1._5", "1_.5", "1. 5", "1 .5", "- 1", "-_1", "-,100", " ", "  ", "_", ",", "1_ ",
		"1,00x", "1,0", "1,x00",
	};
	struct decimal d = untouched;
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (decimal_parse_human(cases[i], &d) != STATUS_INVALID)
			fail_msg("'%s' was read", cases[i]);
	assert_true(d.e16 == untouched.e16);
}

static void
formats_for_people(void **state)
{
	static const struct { const char *value; int places; bool grouped; const char *text; } cases[] = {
		{ "0", 0, true, "0" }, { "0", 2, true, "0.00" }, { "1234.5", 2, true, "1,234.50" },
		{ "1234.5", 2, false, "1234.50" }, { "123", 0, true, "123" }, { "1000", 0, true, "1,000" },
		{ "-1000", 0, true, "-1,000" }, { "-123456", 1, true, "-123,456.0" },
		{ "1234567", 0, true, "1,234,567" },
		{ "0.005", 2, true, "0.01" }, { "-0.005", 2, true, "-0.01" }, { "0.0049", 2, true, "0.00" },
		{ "-0.0049", 2, true, "0.00" }, { "-0.4", 0, true, "0" }, { "-0.5", 0, true, "-1" },
		{ "0.5", 0, false, "1" }, { "999.995", 2, true, "1,000.00" }, { "999.994", 2, true, "999.99" },
		{ LEAST, 16, true, LEAST }, { "-" LEAST, 16, false, "-" LEAST },
		{ LEAST, 15, true, "0.000000000000000" }, { "0.0000000000000005", 15, true,
		  "0.000000000000001" },
		{ MOST, 16, true, "999,999,999,999,999,999.9999999999999999" },
		{ MOST, 2, true, "1,000,000,000,000,000,000.00" },
		{ "-" MOST, 0, true, "-1,000,000,000,000,000,000" },
		{ "-" MOST, 15, true, "-1,000,000,000,000,000,000.000000000000000" },
		{ "1.5", -3, true, "2" }, { "1.5", 99, false, "1.5000000000000000" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[DECIMAL_FORMAT_SIZE];
		size_t len = decimal_format(dec(cases[i].value), cases[i].places, cases[i].grouped, text);
		assert_string_equal(text, cases[i].text);
		assert_int_equal(len, strlen(text));
	}
}

static void
text_comes_back_as_the_same_number(void **state)
{
	static const char *const cases[] = { "0", "1", "-1", MOST, "-" MOST, LEAST, "-" LEAST, "0.5",
		"100", "-100.001", "123456789.000000001" };
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[DECIMAL_TEXT_SIZE];
		assert_int_equal(decimal_text(dec(cases[i]), text), strlen(cases[i]));
		assert_string_equal(text, cases[i]);
	}
}

static void
knows_how_many_places_a_value_needs(void **state)
{
	(void)state;
	assert_int_equal(decimal_places(dec("0")), 0);
	assert_int_equal(decimal_places(dec("100")), 0);
	assert_int_equal(decimal_places(dec("0.0100")), 2);
	assert_int_equal(decimal_places(dec("-0.00001")), 5);
	assert_int_equal(decimal_places(dec("-1.5")), 1);
	assert_int_equal(decimal_places(dec(MOST)), 16);
	assert_int_equal(decimal_places(dec(LEAST)), 16);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_form_of_a_number),
		cmocka_unit_test(refuses_what_is_no_number),
		cmocka_unit_test(refuses_what_does_not_fit),
		cmocka_unit_test(machine_text_has_no_grouping),
		cmocka_unit_test(a_person_may_group_digits),
		cmocka_unit_test(a_comma_is_never_read_as_a_decimal_point),
		cmocka_unit_test(formats_for_people),
		cmocka_unit_test(text_comes_back_as_the_same_number),
		cmocka_unit_test(knows_how_many_places_a_value_needs),
	};
	return cmocka_run_group_tests_name("core/decimal as text", tests, NULL, NULL);
}
