#include "tests/core/decimals.h"

#include <string.h>

#define MOST "999999999999999999.9999999999999999"      /* 10^18 - 10^-16 */
#define LEAST "0.0000000000000001"
#define ROOT_OF_LEAST "0.00000001"                  /* 10^-8, squared 10^-16 */

static const struct decimal untouched = { 4711 };

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
