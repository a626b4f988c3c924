#include "tests/core/decimals.h"

#include <string.h>

#define MOST "999999999999999999.9999999999999999"      /* 10^18 - 10^-16 */
#define LEAST "0.0000000000000001"
#define ROOT_OF_LEAST "0.00000001"                  /* 10^-8, squared 10^-16 */

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

static void
whole_numbers_fit(void **state)
{
	(void)state;
	assert_decimal(decimal_from_int(0), "0");
	assert_decimal(decimal_from_int(-42), "-42");
	assert_decimal(decimal_from_int(INT64_C(999999999999999999)), "999999999999999999");
	assert_decimal(decimal_from_int(INT64_C(-999999999999999999)), "-999999999999999999");
}

static void
compares_and_knows_signs(void **state)
{
	static const char *const rising[] = { "-" MOST, "-1", "-" LEAST, "0", LEAST, "1", MOST };
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rising); i++) {
		struct decimal a = dec(rising[i]);
		assert_int_equal(decimal_is_zero(a), i == 3);
		assert_int_equal(decimal_is_positive(a), i > 3);
		assert_int_equal(decimal_is_negative(a), i < 3);
		assert_int_equal(decimal_cmp(decimal_neg(a), dec(rising[6 - i])), 0);
		assert_decimal(decimal_abs(a), rising[i < 3 ? 6 - i : i]);
		for (size_t k = 0; k < ARRAY_LEN(rising); k++) {
			struct decimal b = dec(rising[k]);
			assert_int_equal(decimal_cmp(a, b), (i > k) - (i < k));
			assert_decimal(decimal_min(a, b), rising[i < k ? i : k]);
			assert_decimal(decimal_max(a, b), rising[i > k ? i : k]);
		}
	}
}

enum op { ADD, SUB, MUL, DIV };

static enum status
apply(enum op op, struct decimal a, struct decimal b, enum rounding rounding, struct decimal *ret)
{
	switch (op) {
	case ADD: return decimal_add(a, b, ret);
	case SUB: return decimal_sub(a, b, ret);
	case MUL: return decimal_mul(a, b, rounding, ret);
	default:  return decimal_div(a, b, rounding, ret);
	}
}

static void
reckons_exactly_up_to_the_edges(void **state)
{
	/* NULL: does not fit. */
	static const struct { enum op op; const char *a, *b, *result; } cases[] = {
		{ ADD, "0.1", "0.2", "0.3" }, { ADD, MOST, "0", MOST }, { ADD, MOST, LEAST, NULL },
		{ ADD, "-" MOST, "-" LEAST, NULL }, { ADD, MOST, "-" MOST, "0" }, { ADD, MOST, MOST, NULL },
		{ ADD, "999999999999999999.9999999999999998", LEAST, MOST },
		{ ADD, "500000000000000000", "499999999999999999.9999999999999999", MOST },
		{ ADD, "500000000000000000", "500000000000000000", NULL },
		{ SUB, "0.3", "0.1", "0.2" }, { SUB, "-" MOST, LEAST, NULL }, { SUB, MOST, "-" LEAST, NULL },
		{ SUB, "-" MOST, "0", "-" MOST }, { SUB, MOST, MOST, "0" }, { SUB, "-" MOST, MOST, NULL },
		{ MUL, "0", MOST, "0" }, { MUL, MOST, "1", MOST }, { MUL, "-1", MOST, "-" MOST },
		{ MUL, "-1", "-" MOST, MOST }, { MUL, MOST, "1.0000000000000001", NULL },
		{ MUL, MOST, MOST, NULL }, { MUL, "1000000000", "1000000000", NULL },
		{ MUL, "-1000000000", "1000000000", NULL }, { MUL, "999999999", "1000000000.9",
		  "999999999899999999.1" },
		{ MUL, ROOT_OF_LEAST, ROOT_OF_LEAST, LEAST }, { MUL, MOST, LEAST,
		  "99.9999999999999999" },
		{ MUL, "97412.35000001", "0.05905001", "5752.2002416240905001" },
		{ DIV, "1", "4", "0.25" }, { DIV, "1", "-4", "-0.25" }, { DIV, "0", "7", "0" },
		{ DIV, "1", "0", NULL }, { DIV, "0", "0", NULL }, { DIV, MOST, "1", MOST },
		{ DIV, MOST, "-1", "-" MOST }, { DIV, MOST, MOST, "1" }, { DIV, "1", LEAST,
		  "10000000000000000" }, { DIV, MOST, LEAST, NULL }, { DIV, "99.9999999999999999", LEAST,
		  "999999999999999999" }, { DIV, "100", LEAST, NULL }, { DIV, "-100", LEAST, NULL },
		{ DIV, MOST, "0.9999999999999999", NULL }, { DIV, LEAST, LEAST, "1" },
		{ DIV, MOST, "2000000000000000", "499.9999999999999999" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct decimal d = untouched;
		enum status status = apply(cases[i].op, dec(cases[i].a), dec(cases[i].b), ROUND_DOWN, &d);
		if (cases[i].result == NULL) {
			if (status != STATUS_RANGE)
				fail_msg("%s (%d) %s fitted", cases[i].a, (int)cases[i].op, cases[i].b);
			assert_true(d.e16 == untouched.e16);
		} else {
			if (status != STATUS_OK)
				fail_msg("%s (%d) %s did not fit", cases[i].a, (int)cases[i].op, cases[i].b);
			assert_decimal(d, cases[i].result);
		}
	}
}

/* value, places, then down, up, floor, ceiling, half-up */
static const struct { const char *value; int places; const char *rounded[5]; } roundings[] = {
	{ "0",      0, { "0", "0", "0", "0", "0" } },
	{ "2",      0, { "2", "2", "2", "2", "2" } },
	{ "-2",     0, { "-2", "-2", "-2", "-2", "-2" } },
	{ "2.4",    0, { "2", "3", "2", "3", "2" } },
	{ "2.5",    0, { "2", "3", "2", "3", "3" } },
	{ "2.6",    0, { "2", "3", "2", "3", "3" } },
	{ "3.5",    0, { "3", "4", "3", "4", "4" } },
	{ "-2.4",   0, { "-2", "-3", "-3", "-2", "-2" } },
	{ "-2.5",   0, { "-2", "-3", "-3", "-2", "-3" } },
	{ "-2.6",   0, { "-2", "-3", "-3", "-2", "-3" } },
	{ "0.5",    0, { "0", "1", "0", "1", "1" } },
	{ "-0.5",   0, { "0", "-1", "-1", "0", "-1" } },
	{ "0.4999999999999999", 0, { "0", "1", "0", "1", "0" } },
	{ "0.5000000000000001", 0, { "0", "1", "0", "1", "1" } },
	{ "-0.4999999999999999", 0, { "0", "-1", "-1", "0", "0" } },
	{ LEAST,    0, { "0", "1", "0", "1", "0" } },
	{ "-" LEAST, 0, { "0", "-1", "-1", "0", "0" } },
	{ "1.005",  2, { "1", "1.01", "1", "1.01", "1.01" } },
	{ "-1.005", 2, { "-1", "-1.01", "-1.01", "-1", "-1.01" } },
	{ "0.0000000000000005", 15, { "0", "0.000000000000001", "0", "0.000000000000001",
	                              "0.000000000000001" } },
	{ "0.0000000000000004", 15, { "0", "0.000000000000001", "0", "0.000000000000001", "0" } },
	{ MOST,     16, { MOST, MOST, MOST, MOST, MOST } },
	{ MOST,     0, { "999999999999999999", NULL, "999999999999999999", NULL, NULL } },
	{ "-" MOST, 0, { "-999999999999999999", NULL, NULL, "-999999999999999999", NULL } },
	{ MOST,     15, { "999999999999999999.999999999999999", NULL,
	                  "999999999999999999.999999999999999", NULL, NULL } },
};

static void
rounds_in_every_direction(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(roundings); i++)
		for (int r = ROUND_DOWN; r <= ROUND_HALF_UP; r++) {
			const char *wanted = roundings[i].rounded[r];
			struct decimal d = untouched, value = dec(roundings[i].value);
			enum status status = decimal_round(value, roundings[i].places, (enum rounding)r, &d);
			assert_int_equal(status, wanted != NULL ? STATUS_OK : STATUS_RANGE);
			if (wanted != NULL)
				assert_decimal(d, wanted);
			else
				assert_true(d.e16 == untouched.e16);
		}
}

static void
quotients_and_products_round_like_everything_else(void **state)
{
	/* The least place times what is asked for: 10^-16 x value, by a product, a quotient and both. */
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(roundings); i++) {
		if (roundings[i].places != 0 || strlen(roundings[i].value) > 10)
			continue;
		for (int r = ROUND_DOWN; r <= ROUND_HALF_UP; r++) {
			struct decimal value = dec(roundings[i].value), least = dec(LEAST), d, wanted;
			struct decimal ten16 = dec("10000000000000000");
			assert_int_equal(decimal_mul(dec(roundings[i].rounded[r]), least, ROUND_DOWN, &wanted),
			                 STATUS_OK);
			assert_int_equal(decimal_mul(value, least, (enum rounding)r, &d), STATUS_OK);
			assert_int_equal(decimal_cmp(d, wanted), 0);
			assert_int_equal(decimal_div(value, ten16, (enum rounding)r, &d), STATUS_OK);
			assert_int_equal(decimal_cmp(d, wanted), 0);
			assert_int_equal(decimal_div(decimal_neg(value), decimal_neg(ten16),
			                             (enum rounding)r, &d), STATUS_OK);
			assert_int_equal(decimal_cmp(d, wanted), 0);
			assert_int_equal(decimal_mul_div(value, dec("7"), dec("70000000000000000"),
			                                 (enum rounding)r, &d), STATUS_OK);
			assert_int_equal(decimal_cmp(d, wanted), 0);
		}
	}
}

static void
rounding_up_may_leave_the_range(void **state)
{
	struct decimal d = untouched;
	(void)state;
	assert_int_equal(decimal_mul(dec(MOST), dec("1"), ROUND_UP, &d), STATUS_OK);
	assert_decimal(d, MOST);
	d = untouched;
	/* (10^34 - 1) x (10^34 - 1) / (10^34 - 2) = 10^34 + 1/(10^34 - 2), cut: 10^34, too large */
	assert_int_equal(decimal_mul_div(dec(MOST), dec(MOST), dec("999999999999999999.9999999999999998"),
	                                 ROUND_DOWN, &d), STATUS_RANGE);
	/* (10^34 - 2)^2 / (10^34 - 3) is 10^34 - 1 and a bit: fits cut, leaves the range rounded up. */
	assert_int_equal(decimal_mul_div(dec("999999999999999999.9999999999999998"),
	                                 dec("999999999999999999.9999999999999998"),
	                                 dec("999999999999999999.9999999999999997"), ROUND_UP, &d),
	                 STATUS_RANGE);
	assert_true(d.e16 == untouched.e16);
	assert_int_equal(decimal_mul_div(dec("999999999999999999.9999999999999998"),
	                                 dec("999999999999999999.9999999999999998"),
	                                 dec("999999999999999999.9999999999999997"), ROUND_DOWN, &d),
	                 STATUS_OK);
	assert_decimal(d, MOST);
	assert_int_equal(decimal_mul_div(dec("999999999999999999.9999999999999998"),
	                                 dec("-999999999999999999.9999999999999998"),
	                                 dec("999999999999999999.9999999999999997"), ROUND_HALF_UP, &d),
	                 STATUS_OK);
	assert_decimal(d, "-" MOST);
}

static void
multiplies_and_divides_without_a_lost_digit_between(void **state)
{
	struct decimal d = untouched;
	(void)state;
	assert_int_equal(decimal_mul_div(dec(MOST), dec(MOST), dec(MOST), ROUND_UP, &d), STATUS_OK);
	assert_decimal(d, MOST);
	assert_int_equal(decimal_mul_div(dec(LEAST), dec(LEAST), dec(LEAST), ROUND_UP, &d), STATUS_OK);
	assert_decimal(d, LEAST);
	assert_int_equal(decimal_mul_div(dec("10"), dec("1"), dec("3"), ROUND_DOWN, &d), STATUS_OK);
	assert_decimal(d, "3.3333333333333333");
	assert_int_equal(decimal_mul_div(dec("-10"), dec("1"), dec("3"), ROUND_FLOOR, &d), STATUS_OK);
	assert_decimal(d, "-3.3333333333333334");
	d = untouched;
	assert_int_equal(decimal_mul_div(dec("1"), dec("1"), dec("0"), ROUND_DOWN, &d), STATUS_RANGE);
	assert_int_equal(decimal_mul_div(dec(MOST), dec(MOST), dec(LEAST), ROUND_DOWN, &d), STATUS_RANGE);
	assert_int_equal(decimal_mul_div(dec(MOST), dec("1.0000000000000001"), dec("1"), ROUND_DOWN, &d),
	                 STATUS_RANGE);
	assert_true(d.e16 == untouched.e16);
}

static void
long_division_survives_its_hardest_divisors(void **state)
{
	/* Divisors whose leading 64 bits say little about the rest make the first guess of each digit
	 * too large by one, by two, or too large for a digit.  Counts of least places: a x b / a = b,
	 * and (a - 1) x b / a = b - b / a, which for 0 < b < a is cut to b - 1. */
	(void)state;
	const i128 one = 1, top = dec(MOST).e16;
	const i128 shapes[] = {
		(one << 112) - 1, one << 112, (one << 112) + 1, (one << 112) + (((one << 49) - 1) << 15),
		(one << 112) + ((one << 49) - 1), (one << 64) - 1, one << 64, (one << 64) + 1,
		(one << 100) + ((one << 52) - 1), (one << 100) - 1, (one << 65) - 1, (one << 96) + 7,
		(one << 63) - 1, (one << 63) + 1, top, top - 1, top / 2 + 1, 3, 1000003,
	};
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++)
		for (size_t k = 0; k < ARRAY_LEN(shapes); k++) {
			struct decimal a = { shapes[i] }, b = { shapes[k] }, less = { shapes[i] - 1 }, d;
			assert_int_equal(decimal_mul_div(a, b, a, ROUND_DOWN, &d), STATUS_OK);
			assert_true(d.e16 == b.e16);
			if (b.e16 >= a.e16)
				continue;
			assert_int_equal(decimal_mul_div(less, b, a, ROUND_DOWN, &d), STATUS_OK);
			assert_true(d.e16 == b.e16 - 1);
			assert_int_equal(decimal_mul_div(less, b, a, ROUND_UP, &d), STATUS_OK);
			assert_true(d.e16 == b.e16);
		}
}

static void
a_quotient_of_128_bits_and_more_is_refused(void **state)
{
	/* 2^112 x 2^112 / 2^96 = 2^128: the first that the quotient's own type can't hold */
	struct decimal a = { (i128)1 << 112 }, d = untouched;
	(void)state;
	for (int bits = 0; bits <= 112; bits++) {
		struct decimal c = { (i128)1 << bits };
		for (int off = -1; off <= 1; off++) {
			c.e16 += off;
			assert_int_equal(decimal_mul_div(a, a, c, ROUND_DOWN, &d),
			                 bits < 112 ? STATUS_RANGE : STATUS_OK);
			c.e16 -= off;
		}
		if (bits < 112)
			assert_true(d.e16 == untouched.e16);
	}
}

static void
takes_percents(void **state)
{
	struct decimal d = untouched;
	(void)state;
	assert_int_equal(decimal_percent_of(dec("1000"), dec("1"), ROUND_DOWN, &d), STATUS_OK);
	assert_decimal(d, "10");
	assert_int_equal(decimal_percent_of(dec("88200"), dec("0.1"), ROUND_UP, &d), STATUS_OK);
	assert_decimal(d, "88.2");
	assert_int_equal(decimal_percent_of(dec(LEAST), dec("1"), ROUND_UP, &d), STATUS_OK);
	assert_decimal(d, LEAST);
	assert_int_equal(decimal_percent_of(dec(LEAST), dec("1"), ROUND_DOWN, &d), STATUS_OK);
	assert_decimal(d, "0");
	assert_int_equal(decimal_percent_of(dec(MOST), dec("100"), ROUND_UP, &d), STATUS_OK);
	assert_decimal(d, MOST);
	d = untouched;
	assert_int_equal(decimal_percent_of(dec(MOST), dec("100.1"), ROUND_UP, &d), STATUS_RANGE);
	assert_true(d.e16 == untouched.e16);
}

static void
places_outside_the_type_are_refused(void **state)
{
	struct decimal d = untouched;
	(void)state;
	assert_int_equal(decimal_round(dec("1.5"), -1, ROUND_DOWN, &d), STATUS_RANGE);
	assert_int_equal(decimal_round(dec("1.5"), 17, ROUND_DOWN, &d), STATUS_RANGE);
	assert_true(d.e16 == untouched.e16);
}

static void
goes_to_a_step(void **state)
{
	static const struct { const char *value, *step; enum rounding rounding; const char *result; }
	cases[] = {
		{ "0.0055555", "0.00001", ROUND_DOWN, "0.00555" },
		{ "0.0055555", "0.00001", ROUND_UP, "0.00556" },
		{ "93058.19701", "0.01", ROUND_CEILING, "93058.2" },
		{ "-93058.19701", "0.01", ROUND_CEILING, "-93058.19" },
		{ "-93058.19701", "0.01", ROUND_FLOOR, "-93058.2" },
		{ "7", "2.5", ROUND_DOWN, "5" }, { "7", "2.5", ROUND_HALF_UP, "7.5" },
		{ "6.25", "2.5", ROUND_HALF_UP, "7.5" }, { "6.2499", "2.5", ROUND_HALF_UP, "5" },
		{ "-6.25", "2.5", ROUND_HALF_UP, "-7.5" }, { "5", "2.5", ROUND_UP, "5" },
		{ "0.3", "0.1", ROUND_DOWN, "0.3" }, { "1", MOST, ROUND_DOWN, "0" },
		{ "1", MOST, ROUND_UP, MOST }, { MOST, MOST, ROUND_UP, MOST },
		{ MOST, "600000000000000000", ROUND_DOWN, "600000000000000000" },
		{ MOST, "600000000000000000", ROUND_UP, NULL },
		{ MOST, LEAST, ROUND_DOWN, MOST },
		{ "1", "0", ROUND_DOWN, NULL }, { "1", "-1", ROUND_DOWN, NULL },
		/* an odd count of least places has no middle: the nearer one is meant */
		{ "0.0000000000000001", "0.0000000000000003", ROUND_HALF_UP, "0" },
		{ "0.0000000000000002", "0.0000000000000003", ROUND_HALF_UP, "0.0000000000000003" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct decimal d = untouched;
		enum status status = decimal_to_step(dec(cases[i].value), dec(cases[i].step),
		                                     cases[i].rounding, &d);
		if (cases[i].result != NULL) {
			assert_int_equal(status, STATUS_OK);
			assert_decimal(d, cases[i].result);
			assert_true(decimal_is_multiple(d, dec(cases[i].step)));
		} else {
			assert_int_equal(status, STATUS_RANGE);
			assert_true(d.e16 == untouched.e16);
		}
	}
}

static void
knows_multiples(void **state)
{
	(void)state;
	assert_true(decimal_is_multiple(dec("0.3"), dec("0.1")));
	assert_true(decimal_is_multiple(dec("-0.3"), dec("0.1")));
	assert_true(decimal_is_multiple(dec("0"), dec("0.1")));
	assert_false(decimal_is_multiple(dec("0.35"), dec("0.1")));
	assert_false(decimal_is_multiple(dec("0.1"), dec("0.3")));
	assert_false(decimal_is_multiple(dec("1"), dec("0")));
	assert_false(decimal_is_multiple(dec("0"), dec("0")));
	assert_false(decimal_is_multiple(dec("1"), dec("-1")));
}

static void
finds_a_position_between_two_levels(void **state)
{
	static const struct { const char *d, *low, *high; int scale, position; } cases[] = {
		{ "95", "90", "100", 10, 5 }, { "90", "90", "100", 10, 0 }, { "100", "90", "100", 10, 10 },
		{ "89", "90", "100", 10, 0 }, { "101", "90", "100", 10, 10 },
		{ "99.9999", "90", "100", 10, 9 }, { "90.9999", "90", "100", 10, 0 },
		{ "91", "90", "100", 10, 1 }, { "0", "-" MOST, MOST, 2000000000, 1000000000 },
		{ "1", "-" MOST, MOST, INT32_MAX, 1073741823 },
		{ "0", "0", "1", 0, 0 }, { "5", "5", "5", 7, 7 }, { "4", "5", "5", 7, 0 },
		{ "6", "9", "5", 7, 7 }, { "4", "9", "5", 7, 0 },
		{ "0.0000000000000001", "0", "0.0000000000000002", 9, 4 },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(decimal_position(dec(cases[i].d), dec(cases[i].low), dec(cases[i].high),
		                                  cases[i].scale), cases[i].position);
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
		cmocka_unit_test(whole_numbers_fit),
		cmocka_unit_test(compares_and_knows_signs),
		cmocka_unit_test(reckons_exactly_up_to_the_edges),
		cmocka_unit_test(rounds_in_every_direction),
		cmocka_unit_test(quotients_and_products_round_like_everything_else),
		cmocka_unit_test(rounding_up_may_leave_the_range),
		cmocka_unit_test(multiplies_and_divides_without_a_lost_digit_between),
		cmocka_unit_test(long_division_survives_its_hardest_divisors),
		cmocka_unit_test(a_quotient_of_128_bits_and_more_is_refused),
		cmocka_unit_test(takes_percents),
		cmocka_unit_test(places_outside_the_type_are_refused),
		cmocka_unit_test(goes_to_a_step),
		cmocka_unit_test(knows_multiples),
		cmocka_unit_test(finds_a_position_between_two_levels),
	};
	return cmocka_run_group_tests_name("core/decimal", tests, NULL, NULL);
}
