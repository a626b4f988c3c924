/* The stop rule against quotes and candles, and what a person may do to a level. */
#include "tests/core/decimals.h"

#include <string.h>

#include "core/stops.h"

static struct quote
quote(const char *bid, const char *ask)
{
	return (struct quote){ .symbol = "BTCUSDC", .bid = dec(bid), .ask = dec(ask) };
}

static void
judges_quotes_by_side_stop_first_and_at_equality(void **state)
{
	static const struct { enum side side; const char *stop, *target, *bid, *ask; int reason; } cases[] = {
		/* T1: a long at its bid */
		{ SIDE_BUY, "88200", NULL, "88200.00", "88210", EXIT_STOP_LOSS },
		{ SIDE_BUY, "88200", NULL, "88200.01", "88210", EXIT_NONE },
		{ SIDE_BUY, "88200", NULL, "87000", "88210", EXIT_STOP_LOSS },          /* T5 */
		{ SIDE_BUY, "88200", "94500", "94499.99", "94510", EXIT_NONE },
		{ SIDE_BUY, "88200", "94500", "94500", "94510", EXIT_TAKE_PROFIT },
		{ SIDE_BUY, "88200", "94500", "99000", "99001", EXIT_TAKE_PROFIT },
		{ SIDE_BUY, "88200", "80000", "88000", "88001", EXIT_STOP_LOSS },       /* both */
		/* T4: a short at its ask */
		{ SIDE_SELL, "93058.20", NULL, "93000", "93058.20", EXIT_STOP_LOSS },
		{ SIDE_SELL, "93058.20", NULL, "93000", "93058.19", EXIT_NONE },
		{ SIDE_SELL, "93058.20", NULL, "93000", "95000", EXIT_STOP_LOSS },
		{ SIDE_SELL, "93058.20", "90000", "89990", "90000.01", EXIT_NONE },
		{ SIDE_SELL, "93058.20", "90000", "89990", "90000", EXIT_TAKE_PROFIT },
		{ SIDE_SELL, "93058.20", "94000", "93990", "94000", EXIT_STOP_LOSS },   /* both */
		/* a quote that can't be decides nothing */
		{ SIDE_BUY, "88200", NULL, "0", "88210", EXIT_NONE },
		{ SIDE_BUY, "88200", NULL, "88000", "87999", EXIT_NONE },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct quote q = quote(cases[i].bid, cases[i].ask);
		bool has_target = cases[i].target != NULL;
		assert_int_equal(stop_check(cases[i].side, dec(cases[i].stop), has_target,
		                            has_target ? dec(cases[i].target) : DECIMAL_ZERO, &q),
		                 cases[i].reason);
	}
}

static void
says_the_slippage_of_a_gap(void **state)
{
	struct decimal percent = DECIMAL_ZERO;
	char text[DECIMAL_FORMAT_SIZE];

	(void)state;
	assert_int_equal(pnl_slippage_percent(SIDE_BUY, dec("88200"), dec("87000"), &percent), STATUS_OK);
	decimal_format(percent, 6, false, text);
	assert_string_equal(text, "1.360544");                                          /* T5 */
}

struct candle_case {
	enum side side;
	const char *stop, *target, *spread, *open, *high, *low;
	int reason;
	const char *level, *fill;
};

static void
finds_what_a_gaps_candle_crossed_and_fills_at_the_worse_price(void **state)
{
	static const struct candle_case cases[] = {
		{ SIDE_BUY, "95", "105", "0", "100", "104.99", "95.01", EXIT_NONE, NULL, NULL },
		{ SIDE_BUY, "95", "105", "0", "100", "104", "95", EXIT_STOP_LOSS, "95", "95" },
		{ SIDE_BUY, "95", "105", "0", "93", "96", "92", EXIT_STOP_LOSS, "95", "93" },
		{ SIDE_BUY, "95", "105", "0", "100", "110", "90", EXIT_STOP_LOSS, "95", "95" },  /* both */
		{ SIDE_BUY, "95", "105", "0", "106", "107", "96", EXIT_TAKE_PROFIT, "105", "105" },
		{ SIDE_BUY, "95", "105", "0", "100", "105", "96", EXIT_TAKE_PROFIT, "105", "100" },
		{ SIDE_BUY, "95", NULL, "0", "100", "200", "96", EXIT_NONE, NULL, NULL },
		/* a short looks at asks: the candle is of bids, the spread on top */
		{ SIDE_SELL, "105", "95", "0.5", "100", "104.49", "94.51", EXIT_NONE, NULL, NULL },
		{ SIDE_SELL, "105", "95", "0.5", "100", "104.5", "96", EXIT_STOP_LOSS, "105", "105" },
		{ SIDE_SELL, "105", "95", "0.5", "106", "107", "104", EXIT_STOP_LOSS, "105", "106.5" },
		{ SIDE_SELL, "105", "95", "0.5", "100", "110", "90", EXIT_STOP_LOSS, "105", "105" },
		{ SIDE_SELL, "105", "95", "0.5", "94", "99", "93", EXIT_TAKE_PROFIT, "95", "95" },
		{ SIDE_SELL, "105", "95", "0.5", "100", "101", "94.5", EXIT_TAKE_PROFIT, "95", "100.5" },
		{ SIDE_SELL, "105", NULL, "0.5", "100", "101", "1", EXIT_NONE, NULL, NULL },
		/* candles that can't be */
		{ SIDE_BUY, "95", NULL, "0", "100", "101", "0", EXIT_NONE, NULL, NULL },
		{ SIDE_BUY, "95", NULL, "0", "100", "90", "91", EXIT_NONE, NULL, NULL },
		/* an ask that does not fit is left at the bid */
		{ SIDE_SELL, "999999999999999999", NULL, "5", "100", "999999999999999998", "99",
		  EXIT_NONE, NULL, NULL },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct candle_case *c = &cases[i];
		struct candle candle = { .open = dec(c->open), .high = dec(c->high), .low = dec(c->low) };
		struct decimal level = dec("7"), fill = dec("8");
		bool has_target = c->target != NULL;
		int reason = (int)stop_check_candle(c->side, dec(c->stop), has_target,
		                                    has_target ? dec(c->target) : DECIMAL_ZERO, &candle,
		                                    dec(c->spread), &level, &fill);
		if (reason != c->reason)
			print_error("case %zu\n", i);
		assert_int_equal(reason, c->reason);
		assert_decimal(level, c->level != NULL ? c->level : "7");
		assert_decimal(fill, c->fill != NULL ? c->fill : "8");
	}
}

static struct operation
operation(enum side side, const char *stop, const char *target)
{
	struct operation op = { .id = 12, .side = side, .symbol = "BTCUSDC",
	                        .status = OPERATION_ACTIVE, .stop_price = dec(stop) };
	if (target != NULL) {
		op.has_target = true;
		op.target_price = dec(target);
	}
	return op;
}

static void
moves_a_stop_towards_the_price_and_back_only_if_widen_is_said(void **state)
{
	static const struct { enum side side; const char *stop, *target, *to; bool widen; int status;
	                      const char *says; } cases[] = {
		{ SIDE_BUY, "95", NULL, "96", false, STATUS_OK, "" },
		{ SIDE_BUY, "95", NULL, "95", false, STATUS_OK, "" },
		{ SIDE_BUY, "95", NULL, "94.99", false, STATUS_NO, "moves only towards the price" },
		{ SIDE_BUY, "95", NULL, "94.99", true, STATUS_OK, "" },
		{ SIDE_BUY, "95", NULL, "99.99", false, STATUS_OK, "" },
		{ SIDE_BUY, "95", NULL, "100", false, STATUS_NO, "fire at once: the bid is 100.00" },
		{ SIDE_BUY, "95", NULL, "101", true, STATUS_NO, "fire at once" },
		{ SIDE_BUY, "95", "97", "97", false, STATUS_NO, "beyond the target at 97.00" },
		{ SIDE_BUY, "95", "97", "96.99", false, STATUS_OK, "" },
		{ SIDE_BUY, "95", NULL, "0", true, STATUS_INVALID, "above zero" },
		{ SIDE_SELL, "105", NULL, "104", false, STATUS_OK, "" },
		{ SIDE_SELL, "105", NULL, "105.01", false, STATUS_NO, "moves only towards" },
		{ SIDE_SELL, "105", NULL, "105.01", true, STATUS_OK, "" },
		{ SIDE_SELL, "105", NULL, "100.5", false, STATUS_NO, "fire at once: the ask is 100.50" },
		{ SIDE_SELL, "105", NULL, "100.51", false, STATUS_OK, "" },
		{ SIDE_SELL, "105", "103", "103", false, STATUS_NO, "beyond the target" },
	};
	struct quote q = quote("100", "100.5");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct operation op = operation(cases[i].side, cases[i].stop, cases[i].target);
		struct error err;
		error_clear(&err);
		enum status status = stop_move_check(&op, dec(cases[i].to), cases[i].widen, &q, &err);
		if ((int)status != cases[i].status)
			print_error("case %zu: %s\n", i, err.message);
		assert_int_equal(status, cases[i].status);
		assert_non_null(strstr(err.message, cases[i].says));
		if (status != STATUS_OK)
			assert_string_equal(err.field, "stop");
	}
}

static void
moves_a_target_anywhere_that_is_not_reached_yet(void **state)
{
	static const struct { enum side side; const char *stop, *to; int status; const char *says; } cases[] = {
		{ SIDE_BUY, "95", "105", STATUS_OK, "" },
		{ SIDE_BUY, "95", "100.01", STATUS_OK, "" },
		{ SIDE_BUY, "95", "100", STATUS_NO, "taken at once: the bid is 100.00" },
		{ SIDE_BUY, "95", "90", STATUS_NO, "taken at once" },
		{ SIDE_BUY, "102", "101", STATUS_NO, "beyond the stop at 102.00" },   /* crossed already */
		{ SIDE_BUY, "95", "-1", STATUS_INVALID, "above zero" },
		{ SIDE_SELL, "105", "95", STATUS_OK, "" },
		{ SIDE_SELL, "105", "100.49", STATUS_OK, "" },
		{ SIDE_SELL, "105", "100.5", STATUS_NO, "taken at once: the ask is 100.50" },
		{ SIDE_SELL, "99", "100", STATUS_NO, "beyond the stop" },
	};
	struct quote q = quote("100", "100.5");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct operation op = operation(cases[i].side, cases[i].stop, NULL);
		struct error err;
		error_clear(&err);
		enum status status = target_move_check(&op, dec(cases[i].to), &q, &err);
		if ((int)status != cases[i].status)
			print_error("case %zu: %s\n", i, err.message);
		assert_int_equal(status, cases[i].status);
		assert_non_null(strstr(err.message, cases[i].says));
		if (status != STATUS_OK)
			assert_string_equal(err.field, "target");
	}
}

static void
moves_nothing_of_what_is_over_or_being_closed_or_without_a_price(void **state)
{
	struct quote q = quote("100", "100.5"), bad = quote("100", "99");
	struct operation op = operation(SIDE_BUY, "95", NULL);
	struct error err;

	(void)state;
	op.status = OPERATION_CLOSED;
	assert_int_equal(stop_move_check(&op, dec("96"), false, &q, &err), STATUS_NO);
	assert_non_null(strstr(err.message, "operation 12 is CLOSED"));
	assert_int_equal(target_move_check(&op, dec("106"), &q, &err), STATUS_NO);
	op.status = OPERATION_ACTIVE;
	op.exit_wish.reason = EXIT_STOP_LOSS;
	assert_int_equal(stop_move_check(&op, dec("96"), false, &q, &err), STATUS_NO);
	assert_non_null(strstr(err.message, "being closed (STOP_LOSS)"));
	op.exit_wish.reason = EXIT_NONE;
	assert_int_equal(stop_move_check(&op, dec("96"), false, NULL, &err), STATUS_UNAVAILABLE);
	assert_int_equal(stop_move_check(&op, dec("96"), false, &bad, &err), STATUS_UNAVAILABLE);
	assert_int_equal(target_move_check(&op, dec("106"), NULL, NULL), STATUS_UNAVAILABLE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_quotes_by_side_stop_first_and_at_equality),
		cmocka_unit_test(says_the_slippage_of_a_gap),
		cmocka_unit_test(finds_what_a_gaps_candle_crossed_and_fills_at_the_worse_price),
		cmocka_unit_test(moves_a_stop_towards_the_price_and_back_only_if_widen_is_said),
		cmocka_unit_test(moves_a_target_anywhere_that_is_not_reached_yet),
		cmocka_unit_test(moves_nothing_of_what_is_over_or_being_closed_or_without_a_price),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
