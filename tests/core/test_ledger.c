/* The paper account: free money moves by exactly what the fills moved. */
#include "tests/core/decimals.h"

#include <stdio.h>
#include <string.h>

#include "core/ledger.h"

#define assert_money(ledger, free_wanted, locked_wanted, total_wanted) do { \
	struct decimal shown = dec("-1"); \
	assert_int_equal(ledger_free(ledger, "USDC", &shown), STATUS_OK); \
	assert_decimal(shown, free_wanted); \
	assert_int_equal(ledger_locked(ledger, "USDC", &shown), STATUS_OK); \
	assert_decimal(shown, locked_wanted); \
	assert_int_equal(ledger_total(ledger, "USDC", &shown), STATUS_OK); \
	assert_decimal(shown, total_wanted); \
} while (0)

static struct leg
leg(const char *quantity, const char *value, const char *fees)
{
	return (struct leg){ .quantity = dec(quantity), .value = dec(value), .fees = dec(fees) };
}

static void
starts_with_the_same_balance_of_every_asset(void **state)
{
	struct ledger ledger;
	struct decimal money = DECIMAL_ZERO;

	(void)state;
	ledger_init(&ledger, dec("10000"));
	assert_money(&ledger, "10000", "0", "10000");
	assert_int_equal(ledger_free(&ledger, "ETH", &money), STATUS_OK);
	assert_decimal(money, "10000");
	assert_int_equal(ledger.count, 0);
}

static void
adds_realized_results_of_each_asset_apart(void **state)
{
	struct ledger ledger;
	struct decimal money = DECIMAL_ZERO;

	(void)state;
	ledger_init(&ledger, dec("10000"));
	assert_int_equal(ledger_add_realized(&ledger, "USDC", dec("231.35")), STATUS_OK);
	assert_int_equal(ledger_add_realized(&ledger, "USDC", dec("-53.75")), STATUS_OK);
	assert_int_equal(ledger_add_realized(&ledger, "ETH", dec("-1")), STATUS_OK);
	assert_money(&ledger, "10177.6", "0", "10177.6");
	assert_int_equal(ledger_total(&ledger, "ETH", &money), STATUS_OK);
	assert_decimal(money, "9999");
}

static void
locks_what_an_open_position_took_and_spends_its_fees(void **state)
{
	struct ledger ledger;
	struct operation op = { .side = SIDE_BUY, .status = OPERATION_ACTIVE,
	                        .entry = leg("10", "1000", "1") };

	(void)state;
	ledger_init(&ledger, dec("10000"));
	assert_int_equal(ledger_add_operation(&ledger, "USDC", &op), STATUS_OK);
	assert_money(&ledger, "8999", "1000", "10000");
}

static void
gives_back_what_partial_exits_brought(void **state)
{
	struct ledger ledger;
	struct operation op = { .side = SIDE_BUY, .status = OPERATION_ACTIVE,
	                        .entry = leg("10", "1000", "1"), .exit = leg("5", "550", "0.55") };

	(void)state;
	ledger_init(&ledger, dec("10000"));
	assert_int_equal(ledger_add_operation(&ledger, "USDC", &op), STATUS_OK);
	assert_money(&ledger, "9548.45", "500", "10000");      /* 10000 - 1001 + 549.45 */
	/* The same as a short: 1000 of collateral, and the bought half cost 550 instead of 500. */
	op.side = SIDE_SELL;
	ledger_init(&ledger, dec("10000"));
	assert_int_equal(ledger_add_operation(&ledger, "USDC", &op), STATUS_OK);
	assert_money(&ledger, "9448.45", "500", "10000");      /* 10000 - 500 - 50 - 1.55 */
}

static void
counts_nothing_of_operations_that_are_over_or_empty(void **state)
{
	struct ledger ledger;
	struct operation op = { .side = SIDE_BUY, .status = OPERATION_CLOSED,
	                        .entry = leg("10", "1000", "1") };

	(void)state;
	ledger_init(&ledger, dec("10000"));
	assert_int_equal(ledger_add_operation(&ledger, "USDC", &op), STATUS_OK);
	op.status = OPERATION_CANCELLED;
	assert_int_equal(ledger_add_operation(&ledger, "USDC", &op), STATUS_OK);
	op.status = OPERATION_ACTIVE;
	op.entry = leg("0", "0", "0");
	assert_int_equal(ledger_add_operation(&ledger, "USDC", &op), STATUS_OK);
	assert_money(&ledger, "10000", "0", "10000");
}

static void
locks_the_unfilled_rest_of_a_resting_entry_with_its_fee(void **state)
{
	struct ledger ledger;
	struct order order = { .purpose = PURPOSE_ENTRY, .state = ORDER_PARTIALLY_FILLED,
	                       .has_price = true, .price = dec("100"), .quantity = dec("10"),
	                       .filled_quantity = dec("4") };

	(void)state;
	ledger_init(&ledger, dec("10000"));
	assert_int_equal(ledger_add_order(&ledger, "USDC", &order, dec("0.1")), STATUS_OK);
	assert_money(&ledger, "9399.4", "600.6", "10000");
	/* A fee finer than the last digit is rounded up: free is never more than it is. */
	struct ledger fine;
	struct decimal locked = DECIMAL_ZERO;
	struct order small = order;
	small.price = small.quantity = dec("0.0000001");
	small.filled_quantity = dec("0");
	ledger_init(&fine, dec("1"));
	assert_int_equal(ledger_add_order(&fine, "USDC", &small, dec("0.1")), STATUS_OK);
	assert_int_equal(ledger_locked(&fine, "USDC", &locked), STATUS_OK);
	assert_decimal(locked, "0.0000000000000101");
	order.state = ORDER_PENDING;
	assert_int_equal(ledger_add_order(&ledger, "USDC", &order, dec("0.1")), STATUS_OK);
	assert_money(&ledger, "8798.8", "1201.2", "10000");
}

static void
locks_nothing_for_orders_that_are_over_or_exits_or_without_a_price(void **state)
{
	struct ledger ledger;
	struct order order = { .purpose = PURPOSE_ENTRY, .state = ORDER_CANCELLED, .has_price = true,
	                       .price = dec("100"), .quantity = dec("10") };

	(void)state;
	ledger_init(&ledger, dec("10000"));
	assert_int_equal(ledger_add_order(&ledger, "USDC", &order, dec("0.1")), STATUS_OK);
	order.state = ORDER_NEW;
	order.purpose = PURPOSE_EXIT;
	assert_int_equal(ledger_add_order(&ledger, "USDC", &order, dec("0.1")), STATUS_OK);
	order.purpose = PURPOSE_ENTRY;
	order.has_price = false;
	assert_int_equal(ledger_add_order(&ledger, "USDC", &order, dec("0.1")), STATUS_OK);
	assert_money(&ledger, "10000", "0", "10000");
}

/* The whole way of one position, in thirds that no decimal holds: nothing appears or vanishes. */
static void
keeps_its_identities_through_a_position_in_parts(void **state)
{
	static const char *const exited[] = { "0", "1", "2", "3" };
	static const char *const values[] = { "0", "33.4", "66.9", "100.3" };

	(void)state;
	for (int side = SIDE_BUY; side <= SIDE_SELL; side++)
		for (int i = 0; i < 4; i++) {
			struct operation op = { .side = (enum side)side, .status = OPERATION_ACTIVE,
			                        .entry = leg("3", "100", "0.1"),
			                        .exit = leg(exited[i], values[i], "0.03") };
			struct ledger ledger;
			struct decimal money = DECIMAL_ZERO, locked = DECIMAL_ZERO;
			ledger_init(&ledger, dec("1000"));
			assert_int_equal(ledger_add_operation(&ledger, "USDC", &op), STATUS_OK);
			assert_int_equal(ledger_free(&ledger, "USDC", &money), STATUS_OK);
			assert_int_equal(ledger_locked(&ledger, "USDC", &locked), STATUS_OK);
			/* long: free = 1000 - 100 - fees + exit value, to the last digit */
			struct decimal want = dec("999.87"), part = dec("100");
			struct decimal value = dec(values[i]);
			if (side == SIDE_BUY) {
				assert_int_equal(decimal_sub(want, part, &want), STATUS_OK);
				assert_int_equal(decimal_add(want, value, &want), STATUS_OK);
			} else {
				/* short: what was gained on the part, and the collateral of the rest */
				struct decimal twice = DECIMAL_ZERO;
				assert_int_equal(decimal_add(locked, locked, &twice), STATUS_OK);
				assert_int_equal(decimal_sub(want, twice, &want), STATUS_OK);
				assert_int_equal(decimal_add(want, part, &want), STATUS_OK);
				assert_int_equal(decimal_sub(want, value, &want), STATUS_OK);
			}
			assert_int_equal(decimal_cmp(money, want), 0);
			assert_int_equal(decimal_is_zero(locked), i == 3);
		}
}

static void
says_when_there_are_more_assets_than_it_can_hold(void **state)
{
	struct ledger ledger;
	char asset[ASSET_SIZE];

	(void)state;
	ledger_init(&ledger, dec("10000"));
	for (int i = 0; i < LEDGER_ASSETS; i++) {
		snprintf(asset, sizeof asset, "A%d", i);
		assert_int_equal(ledger_add_realized(&ledger, asset, dec("1")), STATUS_OK);
	}
	assert_int_equal(ledger_add_realized(&ledger, "ONEMORE", dec("1")), STATUS_RANGE);
	assert_int_equal(ledger_add_realized(&ledger, "A31", dec("1")), STATUS_OK);
	assert_int_equal(ledger.count, LEDGER_ASSETS);
}

static void
refuses_sums_that_do_not_fit_and_stays_as_it_was(void **state)
{
	static const char most[] = "999999999999999999";
	struct ledger ledger;
	struct decimal money = dec("-1");
	struct operation op = { .side = SIDE_BUY, .status = OPERATION_ACTIVE,
	                        .entry = leg("1", "1", "0") };
	struct order order = { .purpose = PURPOSE_ENTRY, .state = ORDER_NEW, .has_price = true,
	                       .price = dec(most), .quantity = dec("2") };

	(void)state;
	ledger_init(&ledger, dec("1"));
	assert_int_equal(ledger_add_realized(&ledger, "USDC", dec(most)), STATUS_OK);
	assert_int_equal(ledger_add_realized(&ledger, "USDC", dec("1")), STATUS_RANGE);
	assert_int_equal(ledger_total(&ledger, "USDC", &money), STATUS_RANGE);
	assert_int_equal(ledger_free(&ledger, "USDC", &money), STATUS_RANGE);
	assert_decimal(money, "-1");
	assert_int_equal(ledger_add_order(&ledger, "USDC", &order, dec("0.1")), STATUS_RANGE);
	order.quantity = dec("1");
	assert_int_equal(ledger_add_order(&ledger, "USDC", &order, dec("100000")), STATUS_RANGE);
	assert_int_equal(ledger_add_order(&ledger, "USDC", &order, dec("1")), STATUS_RANGE);

	ledger_init(&ledger, dec("-2"));
	op.entry.value = dec(most);
	assert_int_equal(ledger_add_operation(&ledger, "USDC", &op), STATUS_OK);
	assert_int_equal(ledger_add_operation(&ledger, "USDC", &op), STATUS_RANGE);     /* locked */
	assert_int_equal(ledger_free(&ledger, "USDC", &money), STATUS_RANGE);
	op.entry.value = dec("0");
	op.entry.fees = dec(most);
	assert_int_equal(ledger_add_operation(&ledger, "ETH", &op), STATUS_OK);
	assert_int_equal(ledger_free(&ledger, "ETH", &money), STATUS_RANGE);
	assert_int_equal(ledger_add_operation(&ledger, "ETH", &op), STATUS_RANGE);      /* entry fees */
	op.entry.fees = dec("0");
	op.exit.fees = dec("1");
	assert_int_equal(ledger_add_operation(&ledger, "ETH", &op), STATUS_RANGE);      /* exit fees */
	op.exit = leg("0", "-1", "0");
	assert_int_equal(ledger_add_operation(&ledger, "ETH", &op), STATUS_RANGE);      /* the gain */
	op.exit = leg("1", "-1", "0");
	op.entry.value = dec(most);
	assert_int_equal(ledger_add_operation(&ledger, "BTC", &op), STATUS_RANGE);
	op.exit = leg("-999999999999999998", "0", "0");
	assert_int_equal(ledger_add_operation(&ledger, "BTC", &op), STATUS_RANGE);
	assert_int_equal(ledger.count, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starts_with_the_same_balance_of_every_asset),
		cmocka_unit_test(adds_realized_results_of_each_asset_apart),
		cmocka_unit_test(locks_what_an_open_position_took_and_spends_its_fees),
		cmocka_unit_test(gives_back_what_partial_exits_brought),
		cmocka_unit_test(counts_nothing_of_operations_that_are_over_or_empty),
		cmocka_unit_test(locks_the_unfilled_rest_of_a_resting_entry_with_its_fee),
		cmocka_unit_test(locks_nothing_for_orders_that_are_over_or_exits_or_without_a_price),
		cmocka_unit_test(keeps_its_identities_through_a_position_in_parts),
		cmocka_unit_test(says_when_there_are_more_assets_than_it_can_hold),
		cmocka_unit_test(refuses_sums_that_do_not_fit_and_stays_as_it_was),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
