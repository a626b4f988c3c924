#include "tests/core/decimals.h"

#include <stdlib.h>
#include <string.h>

#include "core/sizing.h"

static const struct decimal untouched = { 4711 };

/* A buy of S1's shape: costs are zero unless a test states them, and money is plentiful. */
static struct sizing_request
request(const char *capital, enum side side, const char *entry, const char *stop)
{
	struct sizing_request req = {
		.side = side,
		.entry = dec(entry),
		.stop = dec(stop),
		.capital = dec(capital),
		.risk_percent = dec("1"),
		.lot_step = dec("0.00000001"),
		.has_balance = true,
		.balance = dec("1000000000"),
	};
	return req;
}

static struct sizing
size_of(const struct sizing_request *req)
{
	struct sizing size;
	struct error err;
	if (sizing_compute(req, &size, &err) != STATUS_OK)
		fail_msg("refused: %s: %s", err.field, err.message);
	return size;
}

static void
s1_a_thousand_at_two_percent(void **state)
{
	struct sizing_request req = request("1000", SIDE_BUY, "90000", "88200");
	(void)state;
	struct sizing size = size_of(&req);
	assert_decimal(size.quantity_by_rule, "0.0055555555555555");
	assert_decimal(size.quantity, "0.00555555");
	assert_decimal(size.final, "0.00555555");
	assert_decimal(size.position_value, "499.9995");
	assert_decimal(size.cost_per_unit, "1800");
	assert_decimal(size.gap_per_unit, "0");
	assert_decimal(size.fees_at_stop, "0");
	assert_decimal(size.risk_amount, "9.99999");
	assert_decimal(size.risk_percent, "0.999999");
	assert_decimal(size.risk_allowed, "10");
	assert_decimal(size.stop_distance, "1800");
	assert_decimal(size.stop_distance_percent, "2");
	assert_int_equal(size.bound_by, BOUND_RISK);
	assert_false(size.typed_too_large);
	assert_false(size.typed_off_step);
}

static void
s2_ten_thousand(void **state)
{
	struct sizing_request req = request("10000", SIDE_BUY, "95000", "93500");
	(void)state;
	struct sizing size = size_of(&req);
	assert_decimal(size.quantity, "0.06666666");
	assert_decimal(size.position_value, "6333.3327");
	assert_decimal(size.stop_distance_percent, "1.5789473684210526");
}

static void
s3_a_short_that_the_capital_bounds(void **state)
{
	struct sizing_request req = request("30", SIDE_SELL, "92837.01", "93058.19701");
	(void)state;
	req.lot_step = dec("0.00001");
	struct sizing size = size_of(&req);
	assert_decimal(size.quantity_by_rule, "0.0013563183479897");
	assert_decimal(size.quantity, "0.00032");
	assert_decimal(size.position_value, "29.7078432");
	assert_decimal(size.risk_amount, "0.0707798432");
	assert_int_equal(size.bound_by, BOUND_CAPITAL);
}

static void
c1_costs_are_inside_the_size(void **state)
{
	struct sizing_request req = request("1000", SIDE_BUY, "90000", "88200");
	(void)state;
	req.fee_percent = dec("0.1");
	req.gap_percent = dec("0.1");
	struct sizing size = size_of(&req);
	assert_decimal(size.gap_per_unit, "88.2");
	assert_decimal(size.cost_per_unit, "2066.3118");
	assert_decimal(size.quantity, "0.00483954");
	assert_decimal(size.risk_amount, "9.999998608572");
	assert_decimal(size.quantity_by_rule, "0.0055555555555555");
	assert_decimal(size.fees_at_stop, "0.861979180572");
	assert_decimal(size.risk_percent, "0.9999998608572");
}

static void
a_short_pays_its_gap_above_the_stop(void **state)
{
	struct sizing_request req = request("1000", SIDE_SELL, "100", "102");
	(void)state;
	req.fee_percent = dec("0.1");
	req.gap_percent = dec("0.5");
	struct sizing size = size_of(&req);
	/* 2 + 0.51 + 0.1 % of (100 + 102.51) */
	assert_decimal(size.gap_per_unit, "0.51");
	assert_decimal(size.cost_per_unit, "2.71251");
	assert_decimal(size.stop_distance, "2");
	assert_decimal(size.quantity, "3.68662235");
}

static void
the_strategy_may_limit_the_position(void **state)
{
	struct sizing_request req = request("1000", SIDE_BUY, "100", "99");
	struct sizing size;
	(void)state;
	req.has_max_position_percent = true;
	req.max_position_percent = dec("25");
	size = size_of(&req);
	assert_decimal(size.quantity, "2.5");
	assert_int_equal(size.bound_by, BOUND_POSITION);
	req.max_position_percent = dec("0");
	size = size_of(&req);
	assert_decimal(size.quantity, "0");
	assert_int_equal(size.bound_by, BOUND_POSITION);
	req.max_position_percent = dec("1000");
	size = size_of(&req);
	assert_decimal(size.quantity, "10");
	assert_int_equal(size.bound_by, BOUND_RISK);
}

static void
the_capital_pays_the_entry_and_its_fee(void **state)
{
	struct sizing_request req = request("1000", SIDE_BUY, "100", "99.5");
	(void)state;
	req.fee_percent = dec("0.1");
	struct sizing size = size_of(&req);
	/* 1000 / 100.1 */
	assert_decimal(size.quantity, "9.99000999");
	assert_int_equal(size.bound_by, BOUND_CAPITAL);
}

static void
a_hundredth_of_the_balance_stays(void **state)
{
	struct sizing_request req = request("1000", SIDE_BUY, "100", "99.5");
	struct sizing size;
	(void)state;
	req.balance = dec("500");
	size = size_of(&req);
	assert_decimal(size.quantity, "4.95");
	assert_int_equal(size.bound_by, BOUND_BALANCE);
	/* 0.99 × balance = capital: the capital is the one that held */
	req.capital = dec("99");
	req.balance = dec("100");
	size = size_of(&req);
	assert_decimal(size.quantity, "0.99");
	assert_int_equal(size.bound_by, BOUND_CAPITAL);
}

static void
of_equal_bounds_the_first_held(void **state)
{
	/* risk: 10 / 1, position: 100 % of 1000 / 100, capital: 1000 / 100 */
	struct sizing_request req = request("1000", SIDE_BUY, "100", "99");
	(void)state;
	req.has_max_position_percent = true;
	req.max_position_percent = dec("100");
	struct sizing size = size_of(&req);
	assert_decimal(size.quantity, "10");
	assert_int_equal(size.bound_by, BOUND_RISK);
	req.risk_percent = dec("1");
	req.stop = dec("99.5");
	size = size_of(&req);
	assert_int_equal(size.bound_by, BOUND_POSITION);
}

static void
less_risk_than_one_percent_is_respected(void **state)
{
	struct sizing_request req = request("1000", SIDE_BUY, "90000", "88200");
	(void)state;
	req.risk_percent = dec("0.5");
	struct sizing size = size_of(&req);
	assert_decimal(size.risk_allowed, "5");
	assert_decimal(size.quantity_by_rule, "0.0027777777777777");
	assert_decimal(size.quantity, "0.00277777");
}

static void
less_than_one_lot_is_zero_and_no_error(void **state)
{
	struct sizing_request req = request("30", SIDE_BUY, "90000", "88200");
	(void)state;
	req.lot_step = dec("1");
	struct sizing size = size_of(&req);
	assert_decimal(size.quantity, "0");
	assert_decimal(size.risk_amount, "0");
	assert_decimal(size.risk_percent, "0");
	assert_decimal(size.position_value, "0");
	assert_int_equal(size.bound_by, BOUND_RISK);
}

static void
a_typed_quantity_is_taken_up_to_the_final_one(void **state)
{
	struct sizing_request req = request("1000", SIDE_BUY, "90000", "88200");
	struct sizing size;
	(void)state;
	req.has_typed_quantity = true;
	req.typed_quantity = dec("0.003");
	size = size_of(&req);
	assert_decimal(size.quantity, "0.003");
	assert_decimal(size.final, "0.00555555");
	assert_decimal(size.risk_amount, "5.4");
	assert_int_equal(size.bound_by, BOUND_TYPED);
	assert_false(size.typed_too_large);

	req.typed_quantity = dec("0.00555555");
	size = size_of(&req);
	assert_decimal(size.quantity, "0.00555555");
	assert_int_equal(size.bound_by, BOUND_RISK);
	assert_false(size.typed_too_large);

	req.typed_quantity = dec("0.00555556");
	size = size_of(&req);
	assert_decimal(size.quantity, "0.00555555");
	assert_decimal(size.risk_amount, "9.99999");
	assert_true(size.typed_too_large);
	assert_int_equal(size.bound_by, BOUND_RISK);

	req.typed_quantity = dec("0.003000001");
	size = size_of(&req);
	assert_decimal(size.quantity, "0.003000001");
	assert_true(size.typed_off_step);
}

static void
every_bad_input_is_refused_with_its_field(void **state)
{
	/* Each changes one thing of a request that is good. */
	static const struct { const char *what, *value, *field; enum status status; } cases[] = {
		{ "entry", "0", "entry", STATUS_INVALID }, { "entry", "-1", "entry", STATUS_INVALID },
		{ "stop", "0", "stop", STATUS_INVALID }, { "stop", "-5", "stop", STATUS_INVALID },
		{ "stop", "100", "stop", STATUS_INVALID }, { "stop", "101", "stop", STATUS_INVALID },
		{ "short stop", "100", "stop", STATUS_INVALID },
		{ "short stop", "99", "stop", STATUS_INVALID },
		{ "capital", "0", "capital", STATUS_INVALID },
		{ "capital", "-1000", "capital", STATUS_INVALID },
		{ "risk", "0", "risk_percent", STATUS_INVALID },
		{ "risk", "-1", "risk_percent", STATUS_INVALID },
		{ "risk", "1.0000000000000001", "risk_percent", STATUS_INVALID },
		{ "risk", "2", "risk_percent", STATUS_INVALID },
		{ "fee", "-0.1", "fee_percent", STATUS_INVALID },
		{ "fee", "100", "fee_percent", STATUS_INVALID },
		{ "gap", "-0.1", "gap_percent", STATUS_INVALID },
		{ "gap", "100", "gap_percent", STATUS_INVALID },
		{ "step", "0", "lot_step", STATUS_INVALID }, { "step", "-1", "lot_step", STATUS_INVALID },
		{ "position", "-1", "max_position_percent", STATUS_INVALID },
		{ "typed", "0", "quantity", STATUS_INVALID }, { "typed", "-1", "quantity", STATUS_INVALID },
		{ "balance", "0", "balance", STATUS_INVALID }, { "balance", "-1", "balance", STATUS_INVALID },
		{ "no balance", "0", "balance", STATUS_UNAVAILABLE },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sizing_request req = request("1000", SIDE_BUY, "100", "99");
		struct decimal value = dec(cases[i].value);
		const char *what = cases[i].what;
		struct sizing size = { .quantity = untouched };
		struct error err;

		error_clear(&err);
		if (strcmp(what, "entry") == 0)
			req.entry = value;
		else if (strcmp(what, "stop") == 0)
			req.stop = value;
		else if (strcmp(what, "capital") == 0)
			req.capital = value;
		else if (strcmp(what, "risk") == 0)
			req.risk_percent = value;
		else if (strcmp(what, "fee") == 0)
			req.fee_percent = value;
		else if (strcmp(what, "gap") == 0)
			req.gap_percent = value;
		else if (strcmp(what, "step") == 0)
			req.lot_step = value;
		else if (strcmp(what, "balance") == 0)
			req.balance = value;
		else if (strcmp(what, "no balance") == 0)
			req.has_balance = false;
		else if (strcmp(what, "position") == 0)
			req.has_max_position_percent = true, req.max_position_percent = value;
		else if (strcmp(what, "typed") == 0)
			req.has_typed_quantity = true, req.typed_quantity = value;
		else
			req.side = SIDE_SELL, req.stop = value;

		if (sizing_compute(&req, &size, &err) != cases[i].status)
			fail_msg("%s of %s was not refused as it should be", what, cases[i].value);
		assert_int_equal(err.status, cases[i].status);
		assert_string_equal(err.field, cases[i].field);
		assert_true(err.message[0] != '\0');
		assert_true(size.quantity.e16 == untouched.e16);
		assert_int_equal(sizing_compute(&req, &size, NULL), cases[i].status);
	}
}

static void
the_message_of_a_wrong_side_has_its_numbers(void **state)
{
	struct sizing_request req = request("1000", SIDE_BUY, "100", "101.5");
	struct sizing size;
	struct error err;
	(void)state;
	assert_int_equal(sizing_compute(&req, &size, &err), STATUS_INVALID);
	assert_string_equal(err.message, "the stop of a buy belongs below its entry: 101.5 is not below "
	                    "100");
	req.side = SIDE_SELL;
	req.stop = dec("99");
	assert_int_equal(sizing_compute(&req, &size, &err), STATUS_INVALID);
	assert_string_equal(err.message, "the stop of a sell belongs above its entry: 99 is not above 100");
}

static void
what_does_not_fit_is_an_error_and_never_wraps(void **state)
{
	static const char most[] = "999999999999999999.9999999999999999";
	static const char least[] = "0.0000000000000001";
	struct sizing_request req;
	struct sizing size = { .quantity = untouched };
	struct error err;
	(void)state;

	/* both fees' base is above 10^18 */
	req = request("1000", SIDE_SELL, "999999999999999999", most);
	assert_int_equal(sizing_compute(&req, &size, &err), STATUS_RANGE);
	assert_string_equal(err.field, "entry");
	/* the rule's quantity: 10^13 over the least distance */
	req = request("1000000000000000", SIDE_BUY, "1", "0.9999999999999999");
	assert_int_equal(sizing_compute(&req, &size, &err), STATUS_RANGE);
	assert_string_equal(err.field, "stop");
	/* a distance of 10^20 percent */
	req = request("1", SIDE_SELL, least, "9999999");
	assert_int_equal(sizing_compute(&req, &size, &err), STATUS_RANGE);
	assert_string_equal(err.field, "stop");
	/* a position limit beyond all money */
	req = request("100000000000000000", SIDE_BUY, "100", "50");
	req.has_max_position_percent = true;
	req.max_position_percent = dec("1001");
	assert_int_equal(sizing_compute(&req, &size, &err), STATUS_RANGE);
	assert_string_equal(err.field, "max_position_percent");
	/* what the capital buys of something nearly free: the risk alone would have fitted */
	req = request("10000000000000000", SIDE_SELL, "0.001", "1000");
	req.balance = dec(most);
	assert_int_equal(sizing_compute(&req, &size, &err), STATUS_RANGE);
	assert_string_equal(err.field, "entry");
	assert_true(size.quantity.e16 == untouched.e16);
}

static void
the_largest_numbers_that_fit_are_sized(void **state)
{
	struct sizing_request req = request("99999999999999999", SIDE_BUY, "99999999", "99000000");
	(void)state;
	req.fee_percent = dec("0.1");
	req.gap_percent = dec("0.1");
	req.balance = dec("999999999999999999.9999999999999999");
	struct sizing size = size_of(&req);
	assert_true(decimal_cmp(size.risk_amount, size.risk_allowed) <= 0);
	assert_int_equal(size.bound_by, BOUND_RISK);
}

static void
bounds_have_names(void **state)
{
	static const char *const names[] = { "risk", "position", "capital", "balance", "typed" };
	enum size_bound bound = BOUND_TYPED;
	(void)state;
	for (int i = BOUND_RISK; i <= BOUND_TYPED; i++) {
		assert_string_equal(size_bound_name((enum size_bound)i), names[i]);
		assert_int_equal(size_bound_parse(names[i], &bound), STATUS_OK);
		assert_int_equal(bound, i);
	}
	assert_int_equal(size_bound_parse("Risk", &bound), STATUS_INVALID);
	assert_int_equal(size_bound_parse("", &bound), STATUS_INVALID);
	assert_int_equal(size_bound_parse(NULL, &bound), STATUS_INVALID);
	assert_int_equal(bound, BOUND_TYPED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s1_a_thousand_at_two_percent),
		cmocka_unit_test(s2_ten_thousand),
		cmocka_unit_test(s3_a_short_that_the_capital_bounds),
		cmocka_unit_test(c1_costs_are_inside_the_size),
		cmocka_unit_test(a_short_pays_its_gap_above_the_stop),
		cmocka_unit_test(the_strategy_may_limit_the_position),
		cmocka_unit_test(the_capital_pays_the_entry_and_its_fee),
		cmocka_unit_test(a_hundredth_of_the_balance_stays),
		cmocka_unit_test(of_equal_bounds_the_first_held),
		cmocka_unit_test(less_risk_than_one_percent_is_respected),
		cmocka_unit_test(less_than_one_lot_is_zero_and_no_error),
		cmocka_unit_test(a_typed_quantity_is_taken_up_to_the_final_one),
		cmocka_unit_test(every_bad_input_is_refused_with_its_field),
		cmocka_unit_test(the_message_of_a_wrong_side_has_its_numbers),
		cmocka_unit_test(what_does_not_fit_is_an_error_and_never_wraps),
		cmocka_unit_test(the_largest_numbers_that_fit_are_sized),
		cmocka_unit_test(bounds_have_names),
	};
	return cmocka_run_group_tests_name("core/sizing", tests, NULL, NULL);
}
