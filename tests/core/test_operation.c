/* The operation's states, its figures, the booked trade, and which intent it goes with. */
#include "tests/core/arrows.h"
#include "tests/core/decimals.h"

#include <string.h>

#include "base/text.h"
#include "core/operation.h"

static const struct arrow arrows[] = {
	{ OPERATION_ACTIVE, OPERATION_ON_FLAT, OPERATION_CLOSED },
	{ OPERATION_ACTIVE, OPERATION_ON_RELEASE, OPERATION_CANCELLED },
};

static void
takes_every_arrow_of_the_table_and_no_other(void **state)
{
	(void)state;
	for (int from = 0; from < OPERATION_STATUS_COUNT; from++) {
		for (int on = 0; on < OPERATION_EVENT_COUNT; on++) {
			int to = arrow_leads(arrows, ARRAY_LEN(arrows), from, on);
			enum operation_status got = OPERATION_STATUS_COUNT;
			enum status status = operation_next((enum operation_status)from,
			                                    (enum operation_event)on, &got);
			assert_int_equal(status, to < 0 ? STATUS_CONFLICT : STATUS_OK);
			assert_int_equal(got, to < 0 ? OPERATION_STATUS_COUNT : to);
		}
		for (int to = 0; to < OPERATION_STATUS_COUNT; to++)
			assert_int_equal(operation_may_become((enum operation_status)from,
			                                      (enum operation_status)to),
			                 arrow_between(arrows, ARRAY_LEN(arrows), from, to));
	}
}

static void
agrees_with_its_intent_as_the_synchronization_table_says(void **state)
{
	/* A letter for each: no operation, ACTIVE, CLOSED, CANCELLED. */
	static const char *const table[] = {
		[INTENT_PENDING] = "y...", [INTENT_VALIDATED] = "y...", [INTENT_CANCELLED] = "y...",
		[INTENT_FAILED] = "y...", [INTENT_EXECUTING] = "yy..", [INTENT_EXECUTED] = ".yyy",
	};
	(void)state;
	for (int intent = 0; intent < INTENT_STATUS_COUNT; intent++) {
		enum intent_status status = (enum intent_status)intent;
		for (int op = 0; op < OPERATION_STATUS_COUNT; op++) {
			assert_int_equal(operation_agrees_with_intent(status, false,
			                                              (enum operation_status)op),
			                 table[intent][0] == 'y');
			assert_int_equal(operation_agrees_with_intent(status, true,
			                                              (enum operation_status)op),
			                 table[intent][1 + op] == 'y');
		}
	}
}

static void
reads_back_every_word_that_it_writes(void **state)
{
	static const char *const statuses[] = { "ACTIVE", "CLOSED", "CANCELLED" };
	static const char *const reasons[] = { "", "STOP_LOSS", "TAKE_PROFIT", "MANUAL", "EMERGENCY",
	                                       "CLOSED_ELSEWHERE", "HANDED_OVER" };
	static const char *const protections[] = { "PAPER", "EXCH+LOCAL", "EXCH", "LOCAL", "NAKED" };
	enum operation_status status;
	enum exit_reason reason;

	(void)state;
	for (int i = 0; i < OPERATION_STATUS_COUNT; i++) {
		assert_string_equal(operation_status_name((enum operation_status)i), statuses[i]);
		assert_int_equal(operation_status_parse(statuses[i], &status), STATUS_OK);
		assert_int_equal(status, i);
	}
	for (int i = 0; i < EXIT_REASON_COUNT; i++) {
		assert_string_equal(exit_reason_name((enum exit_reason)i), reasons[i]);
		assert_int_equal(exit_reason_parse(reasons[i], &reason), STATUS_OK);
		assert_int_equal(reason, i);
	}
	for (int i = 0; i <= PROTECTION_NAKED; i++)
		assert_string_equal(protection_name((enum protection)i), protections[i]);
	assert_int_equal(operation_status_parse("OPEN", &status), STATUS_INVALID);
	assert_int_equal(exit_reason_parse("LUCK", &reason), STATUS_INVALID);
}

static struct leg
leg(const char *quantity, const char *value, const char *fees)
{
	return (struct leg){ .quantity = dec(quantity), .value = dec(value), .fees = dec(fees) };
}

/* P1 of the worked numbers: 0.1 bought at 92,000 with 0.1 % a side. */
static struct operation
long_operation(void)
{
	struct operation op = {
		.id = 12, .client_id = 1, .side = SIDE_BUY, .mode = MODE_DRY_RUN,
		.status = OPERATION_ACTIVE, .entry = leg("0.1", "9200", "9.2"),
		.initial_stop = dec("91000"), .stop_price = dec("91000"),
		.fee_percent = dec("0.1"), .gap_percent = dec("0"), .opened_at_ms = 1000,
	};
	text_copy(op.symbol, sizeof op.symbol, "BTCUSDC");
	text_copy(op.intent_id, sizeof op.intent_id, "intent");
	text_copy(op.strategy, sizeof op.strategy, "All In");
	text_copy(op.feed, sizeof op.feed, "replay:x");
	return op;
}

static void
risks_distance_and_both_fees_on_what_was_filled(void **state)
{
	struct operation op = long_operation();
	struct decimal risk = DECIMAL_ZERO;

	(void)state;
	/* (92000 - 91000) + 0.1 % of 92000 + 0.1 % of 91000 = 1183, times 0.1 */
	assert_int_equal(operation_initial_risk(&op, &risk), STATUS_OK);
	assert_decimal(risk, "118.3");
	op.gap_percent = dec("0.1");        /* 91 of gap, and the exit's fee on 90909 */
	assert_int_equal(operation_initial_risk(&op, &risk), STATUS_OK);
	assert_decimal(risk, "127.3909");
}

static void
risks_at_the_stop_in_force_only_what_is_still_open(void **state)
{
	struct operation op = long_operation();
	struct decimal risk = DECIMAL_ZERO;

	(void)state;
	op.exit = leg("0.04", "3700", "3.7");
	assert_decimal(operation_open_quantity(&op), "0.06");
	assert_int_equal(operation_open_risk(&op, &risk), STATUS_OK);
	assert_decimal(risk, "70.98");
	op.stop_price = dec("91500");
	assert_int_equal(operation_open_risk(&op, &risk), STATUS_OK);
	assert_decimal(risk, "41.01");
	assert_int_equal(operation_initial_risk(&op, &risk), STATUS_OK);
	assert_decimal(risk, "118.3");      /* the first stop stays the yardstick */
	op.stop_price = dec("93000");       /* a stop in profit risks nothing */
	assert_int_equal(operation_open_risk(&op, &risk), STATUS_OK);
	assert_decimal(risk, "0");
	op.entry = leg("0", "0", "0");      /* no average: no risk can be stated */
	assert_int_not_equal(operation_open_risk(&op, &risk), STATUS_OK);
}

static void
holds_nothing_where_sums_do_not_fit(void **state)
{
	struct operation op = { .entry = leg("999999999999999999", "0", "0"),
	                        .exit = leg("-999999999999999999", "0", "0") };

	(void)state;
	assert_decimal(operation_open_quantity(&op), "0");
}

/* 0.1 bought at 50,000, of which commission took 0.0001 (5.00 in quote). */
static struct operation
operation_with_commission(void)
{
	struct operation op = long_operation();
	op.entry = leg("0.1", "5000", "5");
	op.base_fees = dec("0.0001");
	op.initial_stop = op.stop_price = dec("48000");
	return op;
}

static void
holds_what_was_received_and_sells_whole_lots_of_it(void **state)
{
	static const struct { const char *taken, *sold, *step, *held, *sellable; } table[] = {
		{ "0", "0", "0.00001", "0.1", "0.1" },
		{ "0.0001", "0", "0.00001", "0.0999", "0.0999" },
		{ "0.000101", "0", "0.00001", "0.099899", "0.09989" },
		{ "0.000101", "0", "0", "0.099899", "0.099899" },
		{ "0.0001", "0.05", "0.001", "0.0499", "0.049" },
		{ "0.0001", "0.0999", "0.00001", "0", "0" },
		{ "0.0001", "0.1", "0.00001", "0", "0" },          /* own coins were sold, too */
		{ "0.2", "0", "0.00001", "0", "0" },
		{ "0", "0.099995", "0.00001", "0.000005", "0" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct operation op = operation_with_commission();
		op.base_fees = dec(table[i].taken);
		op.exit.quantity = dec(table[i].sold);
		assert_decimal(operation_open_quantity(&op), table[i].held);
		assert_decimal(operation_sellable(&op, dec(table[i].step)), table[i].sellable);
	}
	struct operation op = { .entry = leg("999999999999999999", "0", "0"),
	                        .base_fees = dec("-999999999999999999") };
	assert_decimal(operation_open_quantity(&op), "0");
}

static void
books_by_cash_what_commission_took_of_what_was_bought(void **state)
{
	struct operation op = operation_with_commission();
	struct trade trade;

	(void)state;
	/* 0.0999 sold at 51,000 for a fee of 5.0949: 5094.9 - 5000 - 5.0949 in cash. */
	op.exit = leg("0.0999", "5094.9", "5.0949");
	assert_int_equal(trade_from_operation(&op, 5, &trade), STATUS_OK);
	assert_decimal(trade.net_pnl, "89.8051");
	assert_decimal(trade.gross_pnl, "99.9");
	assert_decimal(trade.quantity, "0.0999");
	assert_decimal(trade.entry_price, "50000");
	assert_decimal(trade.exit_price, "51000");
	assert_decimal(trade.entry_fees, "5");
	/* All 0.1 sold, coins of the account among them: the fee was still paid. */
	op.exit = leg("0.1", "5100", "5.1");
	assert_int_equal(trade_from_operation(&op, 5, &trade), STATUS_OK);
	assert_decimal(trade.gross_pnl, "100");
	assert_decimal(trade.net_pnl, "89.9");
	assert_decimal(trade.quantity, "0.1");
}

static void
books_a_trade_that_leaves_dust_at_its_cost(void **state)
{
	struct operation op = operation_with_commission();
	struct trade trade = { .id = 7 };

	(void)state;
	/* 0.09989 sold at 51,000: 5094.39 in cash, and 0.00001 stays, worth 0.50 at its cost. */
	op.exit = leg("0.09989", "5094.39", "5.09439");
	assert_int_equal(trade_from_operation(&op, 5, &trade), STATUS_CONFLICT);
	op.dust = dec("0.00001");
	assert_int_equal(trade_from_operation(&op, 5, &trade), STATUS_OK);
	assert_decimal(trade.net_pnl, "89.79561");          /* 94.39 - 5.09439 + 0.5 */
	assert_decimal(trade.gross_pnl, "99.89");
	op.dust = dec("0.00002");
	assert_int_equal(trade_from_operation(&op, 5, &trade), STATUS_CONFLICT);
	/* Too little from the first: nothing was sold, and its fee is lost. */
	op.exit = leg("0", "0", "0");
	op.dust = dec("0.0999");
	assert_int_equal(trade_from_operation(&op, 5, &trade), STATUS_OK);
	assert_decimal(trade.quantity, "0.1");
	assert_decimal(trade.gross_pnl, "0");
	assert_decimal(trade.net_pnl, "-5");
	/* A figure that does not fit. */
	op.entry = leg("0.1", "999999999999999999", "0");
	op.base_fees = dec("0");
	op.exit = leg("0.05", "-999999999999999999", "0");
	op.dust = dec("0.05");
	assert_int_equal(trade_from_operation(&op, 5, &trade), STATUS_RANGE);
	op.entry = leg("0.0000000000000001", "999999999999999999", "0");
	op.exit = leg("-1", "0", "0");
	op.dust = dec("1.0000000000000001");
	assert_int_equal(trade_from_operation(&op, 5, &trade), STATUS_RANGE);
}

static void
shares_fees_out_by_what_was_received_until_it_is_flat(void **state)
{
	struct operation op = operation_with_commission();
	struct decimal realized = DECIMAL_ZERO, rest = DECIMAL_ZERO, risk = DECIMAL_ZERO;

	(void)state;
	op.exit = leg("0.04995", "2547.45", "2.54745");         /* half of it */
	assert_int_equal(operation_unrealized(&op, dec("51000"), &rest), STATUS_OK);
	assert_decimal(rest, "44.90255");
	struct round_trip trip = { .side = SIDE_BUY, .entry = op.entry, .exit = op.exit,
	                           .taken = op.base_fees };
	assert_int_equal(pnl_trip_realized(&trip, &realized), STATUS_OK);
	assert_decimal(realized, "44.90255");                   /* the two halves of 89.8051 */
	op.status = OPERATION_CLOSED;
	assert_int_equal(operation_unrealized(&op, dec("51000"), &rest), STATUS_OK);
	assert_decimal(rest, "0");
	/* At the first stop, all still held: open risk is the initial one, commission in it. */
	op = operation_with_commission();
	assert_int_equal(operation_initial_risk(&op, &risk), STATUS_OK);
	assert_decimal(risk, "209.8");                          /* 0.1 x (2000 + 50 + 48) */
	assert_int_equal(operation_open_risk(&op, &risk), STATUS_OK);
	assert_decimal(risk, "209.8");
	op.exit = leg("0.04995", "2547.45", "2.54745");
	assert_int_equal(operation_open_risk(&op, &risk), STATUS_OK);
	assert_decimal(risk, "104.9");
	op.base_fees = dec("0.1");                              /* all of it: nothing is held */
	assert_int_equal(operation_open_risk(&op, &risk), STATUS_OK);
	assert_decimal(risk, "0");
	/* Sums that do not fit: nothing is held. */
	op.entry = leg("999999999999999999", "999999999999999999", "0");
	op.base_fees = dec("-999999999999999999");
	assert_int_equal(operation_open_risk(&op, &risk), STATUS_OK);
	assert_decimal(risk, "0");
}

static void
shows_unrealized_net_of_the_exits_fee(void **state)
{
	struct operation op = long_operation();
	struct decimal net = DECIMAL_ZERO;

	(void)state;
	assert_int_equal(operation_unrealized(&op, dec("94500"), &net), STATUS_OK);
	assert_decimal(net, "231.35");      /* P1 */
}

static void
books_the_round_trip_of_a_long(void **state)
{
	struct operation op = long_operation();
	struct trade trade;

	(void)state;
	memset(&trade, 0xA5, sizeof trade);
	op.exit = leg("0.1", "9450", "9.45");
	op.exit_wish.reason = EXIT_TAKE_PROFIT;
	assert_int_equal(trade_from_operation(&op, 61000, &trade), STATUS_OK);
	assert_int_equal(trade.operation_id, 12);
	assert_string_equal(trade.symbol, "BTCUSDC");
	assert_string_equal(trade.intent_id, "intent");
	assert_string_equal(trade.strategy, "All In");
	assert_string_equal(trade.feed, "replay:x");
	assert_decimal(trade.quantity, "0.1");
	assert_decimal(trade.entry_price, "92000");
	assert_decimal(trade.exit_price, "94500");
	assert_decimal(trade.entry_fees, "9.2");
	assert_decimal(trade.exit_fees, "9.45");
	assert_decimal(trade.gross_pnl, "250");
	assert_decimal(trade.net_pnl, "231.35");
	assert_decimal(trade.initial_risk, "118.3");
	assert_true(trade.has_r_multiple);
	assert_decimal(trade.r_multiple, "1.9556213017751479");
	assert_int_equal(trade.exit_reason, EXIT_TAKE_PROFIT);
	assert_int_equal(trade.duration_ms, 60000);
	assert_int_equal(trade.closed_at_ms, 61000);
	assert_true(trade_is_win(&trade));
	op.exit_reason = EXIT_EMERGENCY;    /* what was decided last outranks what was wished */
	assert_int_equal(trade_from_operation(&op, 61000, &trade), STATUS_OK);
	assert_int_equal(trade.exit_reason, EXIT_EMERGENCY);
}

static void
books_the_round_trip_of_a_short(void **state)
{
	/* P4: sold at 185, bought back at 190, 10 of them, 0.1 % a side */
	struct operation op = { .side = SIDE_SELL, .entry = leg("10", "1850", "1.85"),
	                        .exit = leg("10", "1900", "1.9"), .initial_stop = dec("190"),
	                        .fee_percent = dec("0.1") };
	struct trade trade;

	(void)state;
	assert_int_equal(trade_from_operation(&op, 5, &trade), STATUS_OK);
	assert_decimal(trade.gross_pnl, "-50");
	assert_decimal(trade.net_pnl, "-53.75");
	assert_decimal(trade.r_multiple, "-1");
	assert_false(trade_is_win(&trade));
}

static void
books_no_trade_while_anything_is_open(void **state)
{
	struct operation op = long_operation();
	struct trade trade = { .id = 7 };

	(void)state;
	op.exit = leg("0.09", "8300", "8.3");
	assert_int_equal(trade_from_operation(&op, 5, &trade), STATUS_CONFLICT);
	op.exit = leg("0.11", "8300", "8.3");
	assert_int_equal(trade_from_operation(&op, 5, &trade), STATUS_CONFLICT);
	op.entry = op.exit = leg("0", "0", "0");
	assert_int_equal(trade_from_operation(&op, 5, &trade), STATUS_CONFLICT);
	assert_int_equal(trade.id, 7);
}

static void
books_a_trade_without_r_where_no_risk_can_be_stated(void **state)
{
	struct operation op = long_operation();
	struct trade trade;

	(void)state;
	op.exit = leg("0.1", "9450", "9.45");
	op.initial_stop = dec("0");         /* imported without a stop */
	assert_int_equal(trade_from_operation(&op, 5, &trade), STATUS_OK);
	assert_false(trade.has_r_multiple);
	op.initial_stop = dec("99000");     /* a stop that would have won */
	assert_int_equal(trade_from_operation(&op, 5, &trade), STATUS_OK);
	assert_false(trade.has_r_multiple);
	assert_decimal(trade.net_pnl, "231.35");
	/* A result that fits over a risk that is tiny: R does not fit, the trade does. */
	op = (struct operation){ .side = SIDE_BUY, .entry = leg("0.0000000000000001", "0.0000000000000001",
	                                                        "0"),
	                         .exit = leg("0.0000000000000001", "999999999999999", "0"),
	                         .initial_stop = dec("0.5") };
	assert_int_equal(trade_from_operation(&op, 5, &trade), STATUS_OK);
	assert_true(decimal_is_positive(trade.initial_risk));
	assert_false(trade.has_r_multiple);
}

static void
refuses_a_trade_whose_result_does_not_fit(void **state)
{
	struct operation op = long_operation();
	struct trade trade = { .id = 7 };

	(void)state;
	op.exit = leg("0.1", "999999999999999999", "0");
	op.entry.value = dec("-999999999999999999");
	assert_int_equal(trade_from_operation(&op, 5, &trade), STATUS_RANGE);
	op = long_operation();
	op.exit = leg("0.1", "9450", "999999999999999999");
	op.entry.fees = dec("999999999999999999");
	assert_int_equal(trade_from_operation(&op, 5, &trade), STATUS_RANGE);
	assert_int_equal(trade.id, 7);
}

static void
counts_wins_above_zero_alone_and_keeps_the_peak(void **state)
{
	struct track_record record = { 0 };
	static const struct { const char *net; int wins; const char *sum, *peak; } steps[] = {
		{ "-5", 0, "-5", "0" },             /* the peak starts at zero */
		{ "20", 1, "15", "15" },
		{ "0", 1, "15", "15" },             /* nothing won is not a win */
		{ "-10.5", 1, "4.5", "15" },
		{ "0.0000000000000001", 2, "4.5000000000000001", "15" },
		{ "20", 3, "24.5000000000000001", "24.5000000000000001" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		struct trade trade = { .net_pnl = dec(steps[i].net) };
		assert_int_equal(track_record_add(&record, &trade), STATUS_OK);
		assert_int_equal(record.trades, i + 1);
		assert_int_equal(record.wins, steps[i].wins);
		assert_decimal(record.net_pnl, steps[i].sum);
		assert_decimal(record.peak, steps[i].peak);
	}
	struct trade trade = { .net_pnl = dec("999999999999999999") };
	assert_int_equal(track_record_add(&record, &trade), STATUS_RANGE);
	assert_int_equal(record.trades, 6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_every_arrow_of_the_table_and_no_other),
		cmocka_unit_test(agrees_with_its_intent_as_the_synchronization_table_says),
		cmocka_unit_test(reads_back_every_word_that_it_writes),
		cmocka_unit_test(risks_distance_and_both_fees_on_what_was_filled),
		cmocka_unit_test(risks_at_the_stop_in_force_only_what_is_still_open),
		cmocka_unit_test(holds_nothing_where_sums_do_not_fit),
		cmocka_unit_test(shows_unrealized_net_of_the_exits_fee),
		cmocka_unit_test(holds_what_was_received_and_sells_whole_lots_of_it),
		cmocka_unit_test(books_by_cash_what_commission_took_of_what_was_bought),
		cmocka_unit_test(books_a_trade_that_leaves_dust_at_its_cost),
		cmocka_unit_test(shares_fees_out_by_what_was_received_until_it_is_flat),
		cmocka_unit_test(books_the_round_trip_of_a_long),
		cmocka_unit_test(books_the_round_trip_of_a_short),
		cmocka_unit_test(books_no_trade_while_anything_is_open),
		cmocka_unit_test(books_a_trade_without_r_where_no_risk_can_be_stated),
		cmocka_unit_test(refuses_a_trade_whose_result_does_not_fit),
		cmocka_unit_test(counts_wins_above_zero_alone_and_keeps_the_peak),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
