/* Quotes, sides, modes, and the words of a strategy. */
#include "tests/core/decimals.h"

#include "core/quote.h"
#include "core/strategy.h"

static void
reads_sides_in_any_case_and_nothing_else(void **state)
{
	enum side side = SIDE_BUY;

	(void)state;
	assert_int_equal(side_parse("SELL", &side), STATUS_OK);
	assert_int_equal(side, SIDE_SELL);
	assert_int_equal(side_parse("Buy", &side), STATUS_OK);
	assert_int_equal(side, SIDE_BUY);
	assert_int_equal(side_parse("sell", &side), STATUS_OK);
	assert_int_equal(side, SIDE_SELL);
	assert_int_equal(side_parse("sel", &side), STATUS_INVALID);
	assert_int_equal(side_parse("sells", &side), STATUS_INVALID);
	assert_int_equal(side_parse("{uy", &side), STATUS_INVALID);
	assert_int_equal(side_parse("", &side), STATUS_INVALID);
	assert_int_equal(side_parse(NULL, &side), STATUS_INVALID);
	assert_int_equal(side, SIDE_SELL);
}

static void
names_sides_and_what_they_open(void **state)
{
	(void)state;
	assert_string_equal(side_name(SIDE_BUY), "BUY");
	assert_string_equal(side_name(SIDE_SELL), "SELL");
	assert_string_equal(side_position_name(SIDE_BUY), "LONG");
	assert_string_equal(side_position_name(SIDE_SELL), "SHORT");
	assert_int_equal(side_opposite(SIDE_BUY), SIDE_SELL);
	assert_int_equal(side_opposite(SIDE_SELL), SIDE_BUY);
}

static void
reads_modes_as_records_and_as_people_write_them(void **state)
{
	enum mode mode = MODE_LIVE;

	(void)state;
	assert_string_equal(mode_name(MODE_DRY_RUN), "DRY_RUN");
	assert_string_equal(mode_name(MODE_LIVE), "LIVE");
	assert_int_equal(mode_parse("DRY_RUN", &mode), STATUS_OK);
	assert_int_equal(mode, MODE_DRY_RUN);
	assert_int_equal(mode_parse("live", &mode), STATUS_OK);
	assert_int_equal(mode, MODE_LIVE);
	assert_int_equal(mode_parse("dry-run", &mode), STATUS_OK);
	assert_int_equal(mode, MODE_DRY_RUN);
	assert_int_equal(mode_parse("DRYRUN", &mode), STATUS_INVALID);
	assert_int_equal(mode, MODE_DRY_RUN);
}

static void
reads_the_bias_of_a_strategy(void **state)
{
	enum bias bias = BIAS_NEUTRAL;

	(void)state;
	assert_string_equal(bias_name(BIAS_NEUTRAL), "neutral");
	assert_string_equal(bias_name(BIAS_BULLISH), "bullish");
	assert_string_equal(bias_name(BIAS_BEARISH), "bearish");
	assert_int_equal(bias_parse("bearish", &bias), STATUS_OK);
	assert_int_equal(bias, BIAS_BEARISH);
	assert_int_equal(bias_parse("up", &bias), STATUS_INVALID);
	assert_int_equal(bias, BIAS_BEARISH);
}

static void
has_an_age_that_is_never_negative(void **state)
{
	struct quote quote = { .asked_mono_ms = 5000 };

	(void)state;
	assert_int_equal(quote_age_ms(&quote, 15000), 10000);
	assert_int_equal(quote_age_ms(&quote, 5000), 0);
	assert_int_equal(quote_age_ms(&quote, 4999), 0);
}

static void
is_sane_with_positive_prices_in_order(void **state)
{
	struct quote quote = { .bid = dec("100"), .ask = dec("100.01") };

	(void)state;
	assert_true(quote_is_sane(&quote));
	quote.ask = dec("100");
	assert_true(quote_is_sane(&quote));
	quote.ask = dec("99.99");
	assert_false(quote_is_sane(&quote));
	quote.bid = dec("0");
	assert_false(quote_is_sane(&quote));
	quote.bid = dec("-1");
	assert_false(quote_is_sane(&quote));
}

static void
lets_a_long_in_at_the_ask_and_out_at_the_bid(void **state)
{
	struct quote quote = { .bid = dec("100"), .ask = dec("100.01") };

	(void)state;
	assert_decimal(quote_exit_price(&quote, SIDE_BUY), "100");
	assert_decimal(quote_exit_price(&quote, SIDE_SELL), "100.01");
	assert_decimal(quote_entry_price(&quote, SIDE_BUY), "100.01");
	assert_decimal(quote_entry_price(&quote, SIDE_SELL), "100");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_sides_in_any_case_and_nothing_else),
		cmocka_unit_test(names_sides_and_what_they_open),
		cmocka_unit_test(reads_modes_as_records_and_as_people_write_them),
		cmocka_unit_test(reads_the_bias_of_a_strategy),
		cmocka_unit_test(has_an_age_that_is_never_negative),
		cmocka_unit_test(is_sane_with_positive_prices_in_order),
		cmocka_unit_test(lets_a_long_in_at_the_ask_and_out_at_the_bid),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
