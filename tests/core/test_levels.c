/* What a person types for a stop and a target. */
#include "tests/core/decimals.h"

#include <string.h>

#include "core/stops.h"

enum { T = STOP_TYPED, P = STOP_PERCENT };

static void
reads_stops_as_prices_and_percentages(void **state)
{
	static const struct { const char *text; enum side side; const char *entry, *tick, *level;
	                      int origin; } cases[] = {
		{ "95,900", SIDE_BUY, "97400", "0.01", "95900", T },
		{ " 95 900.5 ", SIDE_BUY, "97400", "0.01", "95900.5", T },
		{ "+95900", SIDE_BUY, "97400", "0.01", "95900", T },
		{ "95900.019", SIDE_BUY, "97400", "0.01", "95900.01", T },      /* away: down */
		{ "98000.011", SIDE_SELL, "97400", "0.01", "98000.02", T },     /* away: up */
		{ "98000", SIDE_BUY, "97400", "0.01", "98000", T },             /* judged by the guard */
		{ "95900", SIDE_BUY, "0", "0.01", "95900", T },                 /* no entry is needed */
		{ "0.123456789", SIDE_BUY, "1", "0", "0.123456789", T },        /* no tick is known */
		{ "-1.5%", SIDE_BUY, "97400", "0.01", "95939", P },
		{ "1.5%", SIDE_BUY, "97400", "0.01", "95939", P },
		{ "- 1.5 %", SIDE_BUY, "97400", "0.01", "95939", P },
		{ "+1.5%", SIDE_SELL, "97400", "0.01", "98861", P },
		{ "1.5%", SIDE_SELL, "97400", "0.01", "98861", P },
		{ "1%", SIDE_BUY, "33.33", "0.01", "32.99", P },                /* 32.9967, down */
		{ "1%", SIDE_SELL, "33.33", "0.01", "33.67", P },               /* 33.6633, up */
		{ "99.99%", SIDE_BUY, "100", "0.01", "0.01", P },
		{ "250%", SIDE_SELL, "100", "0.01", "350", P },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct decimal level = DECIMAL_ZERO;
		enum stop_origin origin = STOP_TECHNICAL;
		struct error err;
		error_clear(&err);
		enum status status = level_parse_stop(cases[i].text, cases[i].side, dec(cases[i].entry),
		                                      dec(cases[i].tick), &level, &origin, &err);
		if (status != STATUS_OK)
			print_error("'%s': %s\n", cases[i].text, err.message);
		assert_int_equal(status, STATUS_OK);
		assert_decimal(level, cases[i].level);
		assert_int_equal(origin, cases[i].origin);
	}
}

static void
says_in_words_what_is_wrong_with_a_stop(void **state)
{
	static const struct { const char *text; enum side side; const char *entry, *says; } cases[] = {
		{ NULL, SIDE_BUY, "100", "a stop is missing" },
		{ "", SIDE_BUY, "100", "a stop is missing" },
		{ "   ", SIDE_BUY, "100", "a stop is missing" },
		{ "abc", SIDE_BUY, "100", "can't be read as a stop" },
		{ "95,9", SIDE_BUY, "100", "can't be read" },
		{ "%", SIDE_BUY, "100", "can't be read" },
		{ "-%", SIDE_BUY, "100", "can't be read" },
		{ "--1%", SIDE_BUY, "100", "can't be read" },
		{ "-+1%", SIDE_BUY, "100", "can't be read" },
		{ "1%%", SIDE_BUY, "100", "can't be read" },
		{ "1e5", SIDE_BUY, "100", "can't be read" },
		{ "1234567890123456789012345678901234567890123456789012345678901234567890123456789012", SIDE_BUY,
		  "100", "can't be read" },
		{ "12345678901234567890", SIDE_BUY, "100", "can't be read" },
		{ "0", SIDE_BUY, "100", "of zero" },
		{ "0%", SIDE_BUY, "100", "of zero" },
		{ "-95", SIDE_BUY, "100", "prices are above zero" },
		{ "0.001", SIDE_BUY, "100", "not on the price's scale" },         /* below a tick */
		{ "999999999999999999.999", SIDE_SELL, "100", "not on the price's scale" },
		{ "+1.5%", SIDE_BUY, "100", "the stop of a long lies below its entry" },
		{ "-1.5%", SIDE_SELL, "100", "the stop of a short lies above its entry" },
		{ "1.5%", SIDE_BUY, "0", "needs an entry price" },
		{ "100%", SIDE_BUY, "100", "leads to no price" },
		{ "101%", SIDE_BUY, "100", "leads to no price" },
		{ "100%", SIDE_SELL, "999999999999999999", "leads to no price" },
		{ "999999999999999999%", SIDE_SELL, "1", "leads to no price" },
		{ "1%", SIDE_SELL, "999999999999999999", "leads to no price" },
		{ "0.00000000000001%", SIDE_SELL, "999999999999999999", "leads to no price" },
		{ "3R", SIDE_BUY, "100", "a stop defines R" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct decimal level = dec("7");
		enum stop_origin origin = STOP_TECHNICAL;
		struct error err;
		error_clear(&err);
		enum status status = level_parse_stop(cases[i].text, cases[i].side, dec(cases[i].entry),
		                                      dec("0.01"), &level, &origin, &err);
		if (strstr(err.message, cases[i].says) == NULL)
			print_error("'%s': %s\n", cases[i].text, err.message);
		assert_int_equal(status, STATUS_INVALID);
		assert_int_equal(err.status, STATUS_INVALID);
		assert_string_equal(err.field, "stop");
		assert_non_null(strstr(err.message, cases[i].says));
		assert_decimal(level, "7");
		assert_int_equal(origin, STOP_TECHNICAL);
		assert_int_equal(level_parse_stop(cases[i].text, cases[i].side, dec(cases[i].entry),
		                                  dec("0.01"), &level, &origin, NULL), STATUS_INVALID);
	}
}

static void
reads_targets_as_prices_percentages_and_multiples_of_r(void **state)
{
	static const struct { const char *text; enum side side; const char *entry, *stop, *tick, *level; } cases[] = {
		{ "101,900", SIDE_BUY, "97400", "95900", "0.01", "101900" },
		{ "101900.005", SIDE_BUY, "97400", "95900", "0.01", "101900.01" },    /* half-up */
		{ "101900.0049", SIDE_BUY, "97400", "95900", "0.01", "101900" },
		{ "3R", SIDE_BUY, "97400", "95900", "0.01", "101900" },
		{ "+3r", SIDE_BUY, "97400", "95900", "0.01", "101900" },
		{ " 1.5 R ", SIDE_BUY, "97400", "95900", "0.01", "99650" },
		{ "2R", SIDE_SELL, "100", "101", "0.01", "98" },
		{ "0.333R", SIDE_BUY, "100", "98.5", "0.01", "100.5" },               /* 100.4995 */
		{ "3R", SIDE_BUY, "100", "99.5", "0", "101.5" },
		{ "3%", SIDE_BUY, "100", "99", "0.01", "103" },
		{ "+3%", SIDE_BUY, "100", "99", "0.01", "103" },
		{ "-3%", SIDE_SELL, "100", "101", "0.01", "97" },
		{ "3%", SIDE_SELL, "100", "101", "0.01", "97" },
		{ "1.005%", SIDE_BUY, "1", "0.99", "0.0001", "1.0101" },              /* 1.01005, half-up */
		{ "3%", SIDE_BUY, "100", "0", "0.01", "103" },                        /* no stop is needed */
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct decimal level = DECIMAL_ZERO;
		struct error err;
		error_clear(&err);
		enum status status = level_parse_target(cases[i].text, cases[i].side, dec(cases[i].entry),
		                                        dec(cases[i].stop), dec(cases[i].tick), &level, &err);
		if (status != STATUS_OK)
			print_error("'%s': %s\n", cases[i].text, err.message);
		assert_int_equal(status, STATUS_OK);
		assert_decimal(level, cases[i].level);
	}
}

static void
rounds_a_percentage_to_the_tick_only_once(void **state)
{
	struct decimal level = DECIMAL_ZERO;

	(void)state;
	/* Exactly 1.000000000000000499: to 16 places half-up it would end in 5, and then go up. */
	assert_int_equal(level_parse_target("0.0000000000000499%", SIDE_BUY, dec("1"), DECIMAL_ZERO,
	                                    dec("0.000000000000001"), &level, NULL), STATUS_OK);
	assert_decimal(level, "1");
}

static void
says_in_words_what_is_wrong_with_a_target(void **state)
{
	static const struct { const char *text; enum side side; const char *entry, *stop, *says; } cases[] = {
		{ "", SIDE_BUY, "100", "99", "a target is missing" },
		{ "R", SIDE_BUY, "100", "99", "can't be read as a target" },
		{ "0R", SIDE_BUY, "100", "99", "of zero" },
		{ "-3R", SIDE_BUY, "100", "99", "is a loss" },
		{ "3R", SIDE_BUY, "0", "99", "needs an entry price and a stop" },
		{ "3R", SIDE_BUY, "100", "0", "needs an entry price and a stop" },
		{ "3R", SIDE_BUY, "100", "100", "needs an entry price and a stop" },
		{ "200R", SIDE_SELL, "100", "101", "leads to no price" },
		{ "100R", SIDE_SELL, "100", "101", "leads to no price" },
		{ "-3%", SIDE_BUY, "100", "99", "the target of a long lies above its entry" },
		{ "+3%", SIDE_SELL, "100", "101", "the target of a short lies below its entry" },
		{ "100%", SIDE_SELL, "100", "101", "leads to no price" },
		{ "-5", SIDE_BUY, "100", "99", "prices are above zero" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct decimal level = dec("7");
		struct error err;
		error_clear(&err);
		enum status status = level_parse_target(cases[i].text, cases[i].side, dec(cases[i].entry),
		                                        dec(cases[i].stop), dec("0.01"), &level, &err);
		if (strstr(err.message, cases[i].says) == NULL)
			print_error("'%s': %s\n", cases[i].text, err.message);
		assert_int_equal(status, STATUS_INVALID);
		assert_string_equal(err.field, "target");
		assert_non_null(strstr(err.message, cases[i].says));
		assert_decimal(level, "7");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_stops_as_prices_and_percentages),
		cmocka_unit_test(says_in_words_what_is_wrong_with_a_stop),
		cmocka_unit_test(reads_targets_as_prices_percentages_and_multiples_of_r),
		cmocka_unit_test(rounds_a_percentage_to_the_tick_only_once),
		cmocka_unit_test(says_in_words_what_is_wrong_with_a_target),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
