/* The order's table of states, its ids, and the sums of its fills. */
#include "tests/core/arrows.h"
#include "tests/core/decimals.h"

#include <string.h>

#include "base/text.h"
#include "core/order.h"

/* Transcribed from the document of the domain, "States", Order; a row of `to` for each `from`. */
#define REPORTS(from) \
	{ from, ORDER_ON_PENDING_NEW, ORDER_PENDING_NEW }, { from, ORDER_ON_NEW, ORDER_NEW }, \
	{ from, ORDER_ON_PARTIAL, ORDER_PARTIALLY_FILLED }, { from, ORDER_ON_FILLED, ORDER_FILLED }, \
	{ from, ORDER_ON_REJECTED, ORDER_REJECTED }, { from, ORDER_ON_EXPIRED, ORDER_EXPIRED }, \
	{ from, ORDER_ON_EXPIRED_IN_MATCH, ORDER_EXPIRED_IN_MATCH }, \
	{ from, ORDER_ON_CANCELLED, ORDER_CANCELLED }

static const struct arrow arrows[] = {
	{ ORDER_PENDING, ORDER_ON_SEND, ORDER_SENT },
	{ ORDER_PENDING, ORDER_ON_NOT_SENT, ORDER_NOT_SENT },
	{ ORDER_PENDING, ORDER_ON_LOST, ORDER_UNKNOWN }, { ORDER_SENT, ORDER_ON_LOST, ORDER_UNKNOWN },
	REPORTS(ORDER_SENT),
	REPORTS(ORDER_UNKNOWN),
	{ ORDER_UNKNOWN, ORDER_ON_NOT_FOUND, ORDER_NEVER_ARRIVED },
	/* PENDING_NEW: NEW, PARTIALLY_FILLED, FILLED, CANCELLED, EXPIRED, REJECTED */
	{ ORDER_PENDING_NEW, ORDER_ON_NEW, ORDER_NEW },
	{ ORDER_PENDING_NEW, ORDER_ON_PARTIAL, ORDER_PARTIALLY_FILLED },
	{ ORDER_PENDING_NEW, ORDER_ON_FILLED, ORDER_FILLED },
	{ ORDER_PENDING_NEW, ORDER_ON_CANCELLED, ORDER_CANCELLED },
	{ ORDER_PENDING_NEW, ORDER_ON_EXPIRED, ORDER_EXPIRED },
	{ ORDER_PENDING_NEW, ORDER_ON_REJECTED, ORDER_REJECTED },
	/* NEW: PARTIALLY_FILLED, FILLED, CANCELLED, EXPIRED, EXPIRED_IN_MATCH */
	{ ORDER_NEW, ORDER_ON_PARTIAL, ORDER_PARTIALLY_FILLED },
	{ ORDER_NEW, ORDER_ON_FILLED, ORDER_FILLED },
	{ ORDER_NEW, ORDER_ON_CANCELLED, ORDER_CANCELLED },
	{ ORDER_NEW, ORDER_ON_EXPIRED, ORDER_EXPIRED },
	{ ORDER_NEW, ORDER_ON_EXPIRED_IN_MATCH, ORDER_EXPIRED_IN_MATCH },
	/* PARTIALLY_FILLED: itself, FILLED, CANCELLED, EXPIRED, EXPIRED_IN_MATCH */
	{ ORDER_PARTIALLY_FILLED, ORDER_ON_PARTIAL, ORDER_PARTIALLY_FILLED },
	{ ORDER_PARTIALLY_FILLED, ORDER_ON_FILLED, ORDER_FILLED },
	{ ORDER_PARTIALLY_FILLED, ORDER_ON_CANCELLED, ORDER_CANCELLED },
	{ ORDER_PARTIALLY_FILLED, ORDER_ON_EXPIRED, ORDER_EXPIRED },
	{ ORDER_PARTIALLY_FILLED, ORDER_ON_EXPIRED_IN_MATCH, ORDER_EXPIRED_IN_MATCH },
};

static void
takes_every_arrow_of_the_table_and_no_other(void **state)
{
	(void)state;
	for (int from = 0; from < ORDER_STATE_COUNT; from++)
		for (int on = 0; on < ORDER_EVENT_COUNT; on++) {
			int to = arrow_leads(arrows, ARRAY_LEN(arrows), from, on);
			enum order_state got = ORDER_STATE_COUNT;
			enum status status = order_next((enum order_state)from, (enum order_event)on, &got);
			assert_int_equal(status, to < 0 ? STATUS_CONFLICT : STATUS_OK);
			assert_int_equal(got, to < 0 ? ORDER_STATE_COUNT : to);
		}
}

static void
may_become_only_what_an_arrow_leads_to(void **state)
{
	(void)state;
	for (int from = 0; from < ORDER_STATE_COUNT; from++)
		for (int to = 0; to < ORDER_STATE_COUNT; to++)
			assert_int_equal(order_may_become((enum order_state)from, (enum order_state)to),
			                 arrow_between(arrows, ARRAY_LEN(arrows), from, to));
}

static void
is_final_exactly_where_no_arrow_leads_out(void **state)
{
	(void)state;
	for (int from = 0; from < ORDER_STATE_COUNT; from++) {
		bool leads_out = false;
		for (size_t i = 0; i < ARRAY_LEN(arrows); i++)
			leads_out |= arrows[i].from == from;
		assert_int_equal(order_is_final((enum order_state)from), !leads_out);
		assert_int_equal(order_is_open((enum order_state)from), leads_out);
	}
}

static void
knows_the_event_of_every_state_that_an_exchange_can_report(void **state)
{
	static const struct { enum order_state state; int event; } words[] = {
		{ ORDER_PENDING, -1 }, { ORDER_SENT, -1 }, { ORDER_UNKNOWN, -1 },
		{ ORDER_NOT_SENT, -1 }, { ORDER_NEVER_ARRIVED, -1 },
		{ ORDER_PENDING_NEW, ORDER_ON_PENDING_NEW }, { ORDER_NEW, ORDER_ON_NEW },
		{ ORDER_PARTIALLY_FILLED, ORDER_ON_PARTIAL }, { ORDER_FILLED, ORDER_ON_FILLED },
		{ ORDER_REJECTED, ORDER_ON_REJECTED }, { ORDER_EXPIRED, ORDER_ON_EXPIRED },
		{ ORDER_EXPIRED_IN_MATCH, ORDER_ON_EXPIRED_IN_MATCH },
		{ ORDER_CANCELLED, ORDER_ON_CANCELLED },
	};
	(void)state;
	assert_int_equal(ARRAY_LEN(words), ORDER_STATE_COUNT);
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		enum order_event event = ORDER_EVENT_COUNT;
		enum status status = order_event_for(words[i].state, &event);
		assert_int_equal(status, words[i].event < 0 ? STATUS_INVALID : STATUS_OK);
		assert_int_equal(event, words[i].event < 0 ? (int)ORDER_EVENT_COUNT : words[i].event);
		if (status == STATUS_OK) {
			enum order_state got = ORDER_STATE_COUNT;
			assert_int_equal(order_next(ORDER_SENT, event, &got), STATUS_OK);
			assert_int_equal(got, words[i].state);
		}
	}
}

static void
reads_back_every_word_that_it_writes(void **state)
{
	static const char *const states[] = {
		"PENDING", "SENT", "UNKNOWN", "PENDING_NEW", "NEW", "PARTIALLY_FILLED", "FILLED",
		"REJECTED", "EXPIRED", "EXPIRED_IN_MATCH", "CANCELLED", "NOT_SENT", "NEVER_ARRIVED" };
	static const char *const purposes[] = { "entry", "stop", "target", "exit" };
	static const char *const types[] = { "LIMIT", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT" };
	static const char *const tifs[] = { "", "GTC", "IOC", "FOK" };

	(void)state;
	assert_int_equal(ARRAY_LEN(states), ORDER_STATE_COUNT);
	for (int i = 0; i < ORDER_STATE_COUNT; i++) {
		enum order_state got = ORDER_STATE_COUNT;
		assert_string_equal(order_state_name((enum order_state)i), states[i]);
		assert_int_equal(order_state_parse(states[i], &got), STATUS_OK);
		assert_int_equal(got, i);
	}
	for (int i = 0; i < 4; i++) {
		enum order_purpose purpose = PURPOSE_EXIT;
		enum order_type type = ORDER_MARKET;
		enum time_in_force tif = TIF_GTC;
		assert_string_equal(order_purpose_name((enum order_purpose)i), purposes[i]);
		assert_int_equal(order_purpose_parse(purposes[i], &purpose), STATUS_OK);
		assert_int_equal(purpose, i);
		assert_string_equal(order_type_name((enum order_type)i), types[i]);
		assert_int_equal(order_type_parse(types[i], &type), STATUS_OK);
		assert_int_equal(type, i);
		assert_string_equal(time_in_force_name((enum time_in_force)i), tifs[i]);
		assert_int_equal(time_in_force_parse(tifs[i], &tif), STATUS_OK);
		assert_int_equal(tif, i);
	}
	enum order_type any_case;
	assert_int_equal(order_type_parse("market", &any_case), STATUS_OK);
	assert_int_equal(any_case, ORDER_MARKET);
	enum order_state unread_state;
	enum order_purpose unread_purpose;
	enum order_type unread_type;
	enum time_in_force unread_tif;
	assert_int_equal(order_state_parse("CANCELED", &unread_state), STATUS_INVALID);
	assert_int_equal(order_purpose_parse("", &unread_purpose), STATUS_INVALID);
	assert_int_equal(order_type_parse("STOP", &unread_type), STATUS_INVALID);
	assert_int_equal(time_in_force_parse("GTX", &unread_tif), STATUS_INVALID);
	assert_int_equal(time_in_force_parse(NULL, &unread_tif), STATUS_INVALID);
}

static struct order
order_of(enum order_purpose purpose, const char *intent_id, int64_t operation_id, int generation)
{
	struct order order = { .purpose = purpose, .operation_id = operation_id,
	                       .generation = generation };
	text_copy(order.intent_id, sizeof order.intent_id, intent_id);
	return order;
}

static void
derives_the_client_order_id_from_book_owner_purpose_and_generation(void **state)
{
	static const char intent[] = "019f8a6b-1234-7abc-8def-0123456789ab";
	char id[CLIENT_ORDER_ID_SIZE];
	struct order order = order_of(PURPOSE_ENTRY, intent, 12, 1);

	(void)state;
	order_make_client_id("a1b2c3d4e5f60718", &order, id);
	assert_string_equal(id, "ra1b2c3d4-0123456789ab-e1");
	order = order_of(PURPOSE_STOP, intent, 12, 3);
	order_make_client_id("a1b2c3d4e5f60718", &order, id);
	assert_string_equal(id, "ra1b2c3d4-12-s3");
	order = order_of(PURPOSE_TARGET, intent, 12, 1);
	order_make_client_id("a1b2c3d4", &order, id);
	assert_string_equal(id, "ra1b2c3d4-12-t1");
	order = order_of(PURPOSE_EXIT, "", 7, 2);
	order_make_client_id("a1b2c3d4", &order, id);
	assert_string_equal(id, "ra1b2c3d4-7-x2");
	order = order_of(PURPOSE_ENTRY, "abc", 0, 1);      /* shorter than any real id */
	order_make_client_id("ff", &order, id);
	assert_string_equal(id, "rff-abc-e1");
	/* Longer than an intent's id can be: nothing is written past an end. */
	order = order_of(PURPOSE_ENTRY, "", 0, 1);
	memset(order.intent_id, 'a', sizeof order.intent_id - 1);
	order_make_client_id("ff", &order, id);
	assert_string_equal(id, "rff-aaaaaaaaaaaa-e1");
}

static void
keeps_client_order_ids_within_what_exchanges_take(void **state)
{
	char id[CLIENT_ORDER_ID_SIZE];
	struct order order = order_of(PURPOSE_EXIT, "", INT64_C(9999999999999), 999999);

	(void)state;
	order_make_client_id("a1b2c3d4e5f60718", &order, id);
	assert_true(strlen(id) <= 36);
	assert_int_equal(strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"),
	                 strlen(id));
	order = order_of(PURPOSE_ENTRY, "019f8a6b-1234-7abc-8def-0123456789ab", 0, 2147483647);
	order_make_client_id("a1b2c3d4e5f60718", &order, id);
	assert_string_equal(id, "ra1b2c3d4-0123456789ab-e2147483647");
}

static void
names_what_was_sent_with_the_entry_by_its_intent(void **state)
{
	static const char intent[] = "019f8a6b-1234-7abc-8def-0123456789ab";
	char id[CLIENT_ORDER_ID_SIZE];
	struct order order = order_of(PURPOSE_STOP, intent, 0, 1);

	(void)state;
	order_make_client_id("a1b2c3d4e5f60718", &order, id);
	assert_string_equal(id, "ra1b2c3d4-0123456789ab-s1");
	order = order_of(PURPOSE_TARGET, intent, 0, 2);
	order_make_client_id("a1b2c3d4e5f60718", &order, id);
	assert_string_equal(id, "ra1b2c3d4-0123456789ab-t2");
	/* The list has its own, by the generation of its first order. */
	order = order_of(PURPOSE_ENTRY, intent, 0, 1);
	order_make_list_id("a1b2c3d4e5f60718", &order, id);
	assert_string_equal(id, "ra1b2c3d4-0123456789ab-l1");
	order = order_of(PURPOSE_STOP, intent, 12, 3);
	order_make_list_id("a1b2c3d4e5f60718", &order, id);
	assert_string_equal(id, "ra1b2c3d4-12-l3");
}

static void
knows_the_ids_of_its_own_book(void **state)
{
	static const struct { const char *book, *id; bool is_ours; } table[] = {
		{ "a1b2c3d4e5f60718", "ra1b2c3d4-12-s3", true },
		{ "a1b2c3d4", "ra1b2c3d4-0123456789ab-e1", true },
		{ "a1b2c3d4e5f60718", "ra1b2c3d4", false },           /* ours end differently */
		{ "a1b2c3d4e5f60718", "ra1b2c3d5-12-s3", false },     /* another book's */
		{ "a1b2c3d4e5f60718", "xa1b2c3d4-12-s3", false },
		{ "a1b2c3d4e5f60718", "web_6a5b4c", false },
		{ "a1b2c3d4e5f60718", "", false },
		{ "ab", "rabc-12-s3", false },
		{ "", "r-12-s3", false },                             /* no book has no id */
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		assert_int_equal(order_id_is_of_book(table[i].book, table[i].id), table[i].is_ours);
}

static void
settles_an_open_quantity_once_and_downwards(void **state)
{
	static const char *const bad[] = { "0", "-0.1", "1.00000001", "0.29999999" };
	struct order order = { .quantity = dec("1"), .filled_quantity = dec("0.3"),
	                       .is_quantity_open = true };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(order_settle_quantity(&order, dec(bad[i])), STATUS_RANGE);
		assert_decimal(order.quantity, "1");
		assert_true(order.is_quantity_open);
	}
	assert_int_equal(order_settle_quantity(&order, dec("0.999")), STATUS_OK);
	assert_decimal(order.quantity, "0.999");
	assert_false(order.is_quantity_open);
	assert_int_equal(order_settle_quantity(&order, dec("0.5")), STATUS_CONFLICT);
	assert_decimal(order.quantity, "0.999");
	order.is_quantity_open = true;                            /* it may be all that it could be */
	assert_int_equal(order_settle_quantity(&order, dec("0.999")), STATUS_OK);
	order.is_quantity_open = true;
	assert_int_equal(order_settle_quantity(&order, dec("0.3")), STATUS_OK);
}

static void
adds_fills_up_exactly(void **state)
{
	struct order order = { .side = SIDE_BUY, .quantity = dec("0.3") };
	struct fill fill = { .price = dec("90000.01"), .quantity = dec("0.1"), .fee_quote = dec("9.01") };

	(void)state;
	assert_int_equal(order_add_fill(&order, &fill), STATUS_OK);
	assert_decimal(order_remaining(&order), "0.2");
	fill = (struct fill){ .price = dec("90000.02"), .quantity = dec("0.2"), .fee_quote = dec("1") };
	assert_int_equal(order_add_fill(&order, &fill), STATUS_OK);
	assert_decimal(order.filled_quantity, "0.3");
	assert_decimal(order.filled_value, "27000.005");
	assert_decimal(order.fees, "10.01");
	assert_decimal(order_remaining(&order), "0");
}

static void
rounds_a_value_that_is_too_fine_against_its_side(void **state)
{
	struct order buy = { .side = SIDE_BUY, .quantity = dec("1") };
	struct order sell = { .side = SIDE_SELL, .quantity = dec("1") };
	struct fill fill = { .price = dec("0.0000000015"), .quantity = dec("0.000000001") };

	(void)state;
	assert_int_equal(order_add_fill(&buy, &fill), STATUS_OK);
	assert_int_equal(order_add_fill(&sell, &fill), STATUS_OK);
	assert_decimal(buy.filled_value, "0.0000000000000001");
	assert_decimal(sell.filled_value, "0");
}

static void
does_not_believe_a_fill_beyond_the_quantity(void **state)
{
	static const struct { const char *price, *quantity, *fee; } bad[] = {
		{ "100", "0.70000001", "0" },               /* one step above what is left */
		{ "100", "0", "0" }, { "100", "-0.1", "0" }, { "0", "0.1", "0" }, { "-1", "0.1", "0" },
	};
	struct order order = { .quantity = dec("1"), .filled_quantity = dec("0.3"),
	                       .filled_value = dec("30"), .fees = dec("1") };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct fill fill = { .price = dec(bad[i].price), .quantity = dec(bad[i].quantity),
		                     .fee_quote = dec(bad[i].fee) };
		assert_int_equal(order_add_fill(&order, &fill), STATUS_RANGE);
		assert_decimal(order.filled_quantity, "0.3");
		assert_decimal(order.filled_value, "30");
		assert_decimal(order.fees, "1");
	}
}

static void
refuses_fills_whose_sums_do_not_fit(void **state)
{
	static const char most[] = "999999999999999999";
	struct order order = { .quantity = dec(most), .filled_value = dec(most) };
	struct fill fill = { .price = dec(most), .quantity = dec("2") };

	(void)state;
	assert_int_equal(order_add_fill(&order, &fill), STATUS_RANGE);       /* the product */
	fill.price = dec("1");
	assert_int_equal(order_add_fill(&order, &fill), STATUS_RANGE);       /* the value's sum */
	order.filled_value = dec("0");
	order.fees = fill.fee_quote = dec(most);
	assert_int_equal(order_add_fill(&order, &fill), STATUS_RANGE);       /* the fees' sum */
	order.filled_quantity = dec(most);
	assert_int_equal(order_add_fill(&order, &fill), STATUS_RANGE);       /* the quantity's sum */
	assert_decimal(order.filled_value, "0");
}

static void
leaves_nothing_of_an_order_that_is_overfilled_or_senseless(void **state)
{
	struct order order = { .quantity = dec("1"), .filled_quantity = dec("2") };

	(void)state;
	assert_decimal(order_remaining(&order), "0");
	order.quantity = dec("-999999999999999999");
	order.filled_quantity = dec("999999999999999999");
	assert_decimal(order_remaining(&order), "0");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_every_arrow_of_the_table_and_no_other),
		cmocka_unit_test(may_become_only_what_an_arrow_leads_to),
		cmocka_unit_test(is_final_exactly_where_no_arrow_leads_out),
		cmocka_unit_test(knows_the_event_of_every_state_that_an_exchange_can_report),
		cmocka_unit_test(reads_back_every_word_that_it_writes),
		cmocka_unit_test(derives_the_client_order_id_from_book_owner_purpose_and_generation),
		cmocka_unit_test(keeps_client_order_ids_within_what_exchanges_take),
		cmocka_unit_test(names_what_was_sent_with_the_entry_by_its_intent),
		cmocka_unit_test(knows_the_ids_of_its_own_book),
		cmocka_unit_test(settles_an_open_quantity_once_and_downwards),
		cmocka_unit_test(adds_fills_up_exactly),
		cmocka_unit_test(rounds_a_value_that_is_too_fine_against_its_side),
		cmocka_unit_test(does_not_believe_a_fill_beyond_the_quantity),
		cmocka_unit_test(refuses_fills_whose_sums_do_not_fit),
		cmocka_unit_test(leaves_nothing_of_an_order_that_is_overfilled_or_senseless),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
