/* The suite.  Each case starts on a fresh exchange with bid 99.99 and ask 100.00. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"
#include "tests/exchange/contract.h"
#include "tests/exchange/recorder.h"

struct world {
	const struct contract_bench *bench;
	struct exchange *exchange;
	struct recorder recorder;
};

static int
set_up(void **state)
{
	struct world *world = calloc(1, sizeof *world);
	assert_non_null(world);
	world->bench = *state;
	recorder_init(&world->recorder);
	world->exchange = world->bench->open(world->bench->self);
	assert_non_null(world->exchange);
	world->exchange->listener = recorder_listener(&world->recorder);
	world->bench->price(world->bench->self, world->exchange, "99.99", "100.00");
	*state = world;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *world = *state;
	world->exchange->ops->close(world->exchange);
	recorder_done(&world->recorder);
	*state = (void *)world->bench;
	free(world);
	return 0;
}

static struct order
as_sent(const struct world *world, const struct order *order)
{
	struct order sent = *order;
	sent.mode = world->bench->is_live ? MODE_LIVE : MODE_DRY_RUN;
	return sent;
}

static void
submit(struct world *world, const struct order *order)
{
	struct error err = { 0 };
	size_t before = world->recorder.count;
	struct order sent = as_sent(world, order);
	if (world->bench->is_live) {
		const struct instruction instruction = { .kind = INSTRUCT_ORDER, .orders = { &sent }, .count = 1,
		                                         .list_id = "" };
		struct signed_request request = { 0 };
		if (world->exchange->ops->sign(world->exchange, &instruction, &request, &err) != STATUS_OK)
			fail_msg("sign: %s", err.message);
		assert_true(request.ticket > 0 && request.signed_at_ms > 0 && request.recv_window_ms > 0);
		assert_int_equal(world->exchange->ops->send(world->exchange, request.ticket, &err), STATUS_OK);
	} else {
		assert_int_equal(world->exchange->ops->submit(world->exchange, &sent, &err), STATUS_OK);
	}
	assert_int_equal(world->recorder.count, before);   /* never during the call */
}

/* What became of an order that nobody asks about: told by itself, or to who asks. */
static void
look_again(struct world *world, const struct order *order)
{
	struct error err = { 0 };
	if (world->bench->is_live)
		assert_int_equal(world->exchange->ops->query(world->exchange, order, &err), STATUS_OK);
}

static void
settle(struct world *world)
{
	world->bench->settle(world->bench->self, world->exchange);
	assert_false(world->exchange->ops->is_busy(world->exchange));
}

static struct order
limit(const char *id, enum side side, enum time_in_force tif, const char *price)
{
	return make_order(id, side, ORDER_LIMIT, tif, "0.5", price);
}

static void
answers_a_submit_once_and_never_during_the_call(void **state)
{
	struct world *world = *state;
	struct order order = limit("c-1", SIDE_BUY, TIF_FOK, "100.00");
	submit(world, &order);
	assert_true(world->exchange->ops->is_busy(world->exchange));
	settle(world);
	assert_int_equal(world->recorder.count, 1);
	assert_int_equal(recorder_last(&world->recorder)->request, ASKED_SUBMIT);
	assert_string_equal(recorder_last(&world->recorder)->client_order_id, "c-1");
	settle(world);
	assert_int_equal(world->recorder.count, 1);
}

static void
fills_an_order_that_the_market_reaches_whole_and_at_no_worse_than_its_limit(void **state)
{
	struct world *world = *state;
	struct order order = limit("c-2", SIDE_BUY, TIF_FOK, "100.10");
	submit(world, &order);
	settle(world);
	const struct exchange_report *report = recorder_last(&world->recorder);
	assert_int_equal(report->outcome, OUTCOME_ACCEPTED);
	assert_int_equal(report->state, ORDER_FILLED);
	assert_true(report->exchange_order_id[0] != '\0');
	assert_int_equal(decimal_cmp(recorder_filled(&world->recorder, "c-2"), dec("0.5")), 0);
	for (size_t i = 0; i < report->fill_count; i++) {
		assert_true(decimal_cmp(report->fills[i].price, dec("100.10")) <= 0);
		assert_string_equal(report->fills[i].client_order_id, "c-2");
		assert_true(report->fills[i].commission_asset[0] != '\0');
		assert_false(decimal_is_negative(report->fills[i].commission));
	}
}

static void
expires_a_fok_order_out_of_reach_without_a_fill(void **state)
{
	struct world *world = *state;
	struct order order = limit("c-3", SIDE_BUY, TIF_FOK, "99.50");
	submit(world, &order);
	settle(world);
	assert_int_equal(recorder_last(&world->recorder)->outcome, OUTCOME_ACCEPTED);
	assert_int_equal(recorder_last(&world->recorder)->state, ORDER_EXPIRED);
	assert_int_equal(recorder_last(&world->recorder)->fill_count, 0);
}

static void
lets_a_gtc_order_rest_until_the_price_comes(void **state)
{
	struct world *world = *state;
	struct order order = limit("c-4", SIDE_BUY, TIF_GTC, "99.50");
	submit(world, &order);
	settle(world);
	assert_int_equal(recorder_last(&world->recorder)->state, ORDER_NEW);
	world->bench->price(world->bench->self, world->exchange, "99.40", "99.50");
	look_again(world, &order);
	settle(world);
	assert_int_equal(recorder_last(&world->recorder)->request,
	                 world->bench->is_live ? ASKED_QUERY : ASKED_NOTHING);
	assert_int_equal(recorder_last(&world->recorder)->state, ORDER_FILLED);
	assert_int_equal(decimal_cmp(recorder_filled(&world->recorder, "c-4"), dec("0.5")), 0);
}

static void
finds_what_it_has_by_client_order_id_and_says_not_found_of_the_rest(void **state)
{
	struct world *world = *state;
	struct order resting = limit("c-5", SIDE_SELL, TIF_GTC, "120.00");
	struct order filled = limit("c-6", SIDE_BUY, TIF_FOK, "100.00");
	struct order stranger = limit("c-7", SIDE_BUY, TIF_FOK, "100.00");
	struct error err;
	submit(world, &resting);
	submit(world, &filled);
	settle(world);
	assert_int_equal(world->exchange->ops->query(world->exchange, &resting, &err), STATUS_OK);
	settle(world);
	assert_int_equal(recorder_last(&world->recorder)->request, ASKED_QUERY);
	assert_int_equal(recorder_last(&world->recorder)->state, ORDER_NEW);
	assert_int_equal(world->exchange->ops->query(world->exchange, &filled, &err), STATUS_OK);
	settle(world);
	assert_int_equal(recorder_last(&world->recorder)->state, ORDER_FILLED);
	assert_true(recorder_last(&world->recorder)->fill_count > 0);
	assert_int_equal(decimal_cmp(recorder_filled(&world->recorder, "c-6"), dec("0.5")), 0);
	assert_int_equal(world->exchange->ops->query(world->exchange, &stranger, &err), STATUS_OK);
	settle(world);
	assert_int_equal(recorder_last(&world->recorder)->outcome, OUTCOME_NOT_FOUND);
	assert_string_equal(recorder_last(&world->recorder)->client_order_id, "c-7");
}

static void
cancels_what_rests_and_only_that(void **state)
{
	struct world *world = *state;
	struct order resting = limit("c-8", SIDE_BUY, TIF_GTC, "90.00");
	struct order filled = limit("c-9", SIDE_BUY, TIF_FOK, "100.00");
	struct error err;
	submit(world, &resting);
	submit(world, &filled);
	settle(world);
	assert_int_equal(world->exchange->ops->cancel(world->exchange, &resting, &err), STATUS_OK);
	settle(world);
	assert_int_equal(recorder_last(&world->recorder)->request, ASKED_CANCEL);
	assert_int_equal(recorder_last(&world->recorder)->outcome, OUTCOME_ACCEPTED);
	assert_int_equal(recorder_last(&world->recorder)->state, ORDER_CANCELLED);
	assert_int_equal(world->exchange->ops->cancel(world->exchange, &resting, &err), STATUS_OK);
	settle(world);
	assert_int_equal(recorder_last(&world->recorder)->outcome, OUTCOME_NOT_FOUND);
	assert_int_equal(world->exchange->ops->cancel(world->exchange, &filled, &err), STATUS_OK);
	settle(world);
	assert_int_equal(recorder_last(&world->recorder)->outcome, OUTCOME_NOT_FOUND);
	/* And a cancelled order is filled no more. */
	world->bench->price(world->bench->self, world->exchange, "80.00", "80.01");
	settle(world);
	assert_true(decimal_is_zero(recorder_filled(&world->recorder, "c-8")));
}

static void
refuses_with_a_code_and_a_reason_and_forgets_what_it_refused(void **state)
{
	struct world *world = *state;
	struct order order = limit("c-10", SIDE_BUY, TIF_GTC, "99.505");   /* off the tick */
	struct error err;
	submit(world, &order);
	settle(world);
	assert_int_equal(recorder_last(&world->recorder)->outcome, OUTCOME_REFUSED);
	assert_true(recorder_last(&world->recorder)->code != 0);
	assert_true(recorder_last(&world->recorder)->reason[0] != '\0');
	assert_int_equal(world->exchange->ops->query(world->exchange, &order, &err), STATUS_OK);
	settle(world);
	assert_int_equal(recorder_last(&world->recorder)->outcome, OUTCOME_NOT_FOUND);
}

static void
never_has_an_order_twice_under_one_client_order_id(void **state)
{
	struct world *world = *state;
	struct order order = limit("c-11", SIDE_BUY, TIF_GTC, "90.00");
	submit(world, &order);
	submit(world, &order);
	settle(world);
	assert_int_equal(world->recorder.count, 2);
	/* LIVE, "duplicate" is evidence of an order: to be looked up, not to be booked as a refusal. */
	enum exchange_outcome first = recorder_of(&world->recorder, 0)->outcome;
	enum exchange_outcome second = recorder_of(&world->recorder, 1)->outcome;
	enum exchange_outcome other = world->bench->is_live ? OUTCOME_UNKNOWN : OUTCOME_REFUSED;
	assert_true((first == OUTCOME_ACCEPTED && second == other) ||
	            (world->bench->is_live && first == other && second == OUTCOME_ACCEPTED));
	world->bench->price(world->bench->self, world->exchange, "89.00", "89.01");
	look_again(world, &order);
	settle(world);
	assert_int_equal(decimal_cmp(recorder_filled(&world->recorder, "c-11"), dec("0.5")), 0);
}

static void
forgets_nothing_when_it_is_closed_with_answers_under_way(void **state)
{
	struct world *world = *state;
	struct order order = limit("c-12", SIDE_BUY, TIF_FOK, "100.00");
	submit(world, &order);
	assert_int_equal(world->recorder.count, 0);   /* tear_down closes it: no report, no leak */
}

/* ---- LIVE exchanges ---- */

static struct order
stop_order(const char *id, const char *stop)
{
	struct order order = make_order(id, SIDE_SELL, ORDER_STOP_LOSS, TIF_NONE, "0.5", NULL);
	order.mode = MODE_LIVE;
	order.purpose = PURPOSE_STOP;
	order.has_stop_price = true;
	order.stop_price = dec(stop);
	return order;
}

static struct order
target_order(const char *id, const char *price)
{
	struct order order = make_order(id, SIDE_SELL, ORDER_LIMIT, TIF_GTC, "0.5", price);
	order.mode = MODE_LIVE;
	order.purpose = PURPOSE_TARGET;
	return order;
}

static struct order
entry_order(const char *id, enum time_in_force tif, const char *price)
{
	struct order order = make_order(id, SIDE_BUY, ORDER_LIMIT, tif, "0.5", price);
	order.mode = MODE_LIVE;
	return order;
}

static void
instruct(struct world *world, const struct instruction *instruction)
{
	struct error err = { 0 };
	struct signed_request request = { 0 };
	if (world->exchange->ops->sign(world->exchange, instruction, &request, &err) != STATUS_OK)
		fail_msg("sign: %s", err.message);
	assert_int_equal(world->exchange->ops->send(world->exchange, request.ticket, &err), STATUS_OK);
	settle(world);
}

static const struct exchange_report *
asked_about(struct world *world, const struct order *order)
{
	struct error err = { 0 };
	assert_int_equal(world->exchange->ops->query(world->exchange, order, &err), STATUS_OK);
	settle(world);
	assert_int_equal(recorder_last(&world->recorder)->request, ASKED_QUERY);
	assert_string_equal(recorder_last(&world->recorder)->client_order_id, order->client_order_id);
	assert_true(recorder_last(&world->recorder)->asked_at_ms > 0);
	return recorder_last(&world->recorder);
}

static void
expect(const struct world *world, size_t index, enum exchange_request request, const char *id,
       enum exchange_outcome outcome, enum order_state state)
{
	const struct exchange_report *report = recorder_of(&world->recorder, index);
	assert_string_equal(report->client_order_id, id);
	assert_int_equal(report->request, request);
	if (report->outcome != outcome)
		fail_msg("%s: outcome %d (%d %s)", id, report->outcome, report->code, report->reason);
	if (outcome == OUTCOME_ACCEPTED)
		assert_string_equal(order_state_name(report->state), order_state_name(state));
}

static void
signs_without_sending_and_drops_without_a_trace(void **state)
{
	struct world *world = *state;
	struct order order = entry_order("l-1", TIF_FOK, "100.10");
	const struct instruction instruction = { .kind = INSTRUCT_ORDER, .orders = { &order }, .count = 1,
	                                         .list_id = "" };
	struct signed_request request = { 0 };
	struct error err = { 0 };
	assert_int_equal(world->exchange->ops->sign(world->exchange, &instruction, &request, &err), STATUS_OK);
	world->exchange->ops->drop(world->exchange, request.ticket);
	assert_int_not_equal(world->exchange->ops->send(world->exchange, request.ticket, &err), STATUS_OK);
	settle(world);
	assert_int_equal(world->recorder.count, 0);
	assert_int_equal(asked_about(world, &order)->outcome, OUTCOME_NOT_FOUND);
}

static void
refuses_to_sign_what_is_not_an_order_of_this_kind(void **state)
{
	struct world *world = *state;
	struct order entry = entry_order("l-2", TIF_FOK, "100.10"), stop = stop_order("l-3", "95");
	struct signed_request request = { 0 };
	struct error err = { 0 };
	struct order paper = entry, empty = entry;
	paper.mode = MODE_DRY_RUN;
	empty.quantity = DECIMAL_ZERO;
	const struct instruction wrong[] = {
		{ .kind = INSTRUCT_ORDER, .orders = { &paper }, .count = 1, .list_id = "" },
		{ .kind = INSTRUCT_ORDER, .orders = { &empty }, .count = 1, .list_id = "" },
		{ .kind = INSTRUCT_OTO, .orders = { &entry }, .count = 1, .list_id = "l-l" },
		{ .kind = INSTRUCT_OTO, .orders = { &stop, &entry }, .count = 2, .list_id = "l-l" },
		{ .kind = INSTRUCT_OTO, .orders = { &entry, &stop }, .count = 2, .list_id = "" },
		{ .kind = INSTRUCT_REPLACE, .orders = { &stop }, .count = 1, .list_id = "" },
	};
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_int_equal(world->exchange->ops->sign(world->exchange, &wrong[i], &request, &err),
		                 STATUS_INVALID);
	settle(world);
	assert_int_equal(world->recorder.count, 0);
}

static void
places_an_entry_with_its_exits_and_tells_of_each(void **state)
{
	struct world *world = *state;
	struct order entry = entry_order("l-4", TIF_FOK, "100.10");
	struct order stop = stop_order("l-5", "95"), target = target_order("l-6", "110");
	stop.is_quantity_open = target.is_quantity_open = true;
	instruct(world, &(struct instruction){ .kind = INSTRUCT_OPOCO, .orders = { &entry, &stop, &target },
	                                       .count = 3, .list_id = "l-list1" });
	assert_int_equal(world->recorder.count, 3);
	expect(world, 0, ASKED_SUBMIT, "l-4", OUTCOME_ACCEPTED, ORDER_FILLED);
	assert_int_equal(decimal_cmp(recorder_filled(&world->recorder, "l-4"), dec("0.5")), 0);
	expect(world, 1, ASKED_SUBMIT, "l-5", OUTCOME_ACCEPTED, ORDER_PENDING_NEW);
	expect(world, 2, ASKED_SUBMIT, "l-6", OUTCOME_ACCEPTED, ORDER_PENDING_NEW);
	/* Seen is what a question shows, with the quantity that it settled at. */
	const struct exchange_report *report = asked_about(world, &stop);
	assert_int_equal(report->state, ORDER_NEW);
	assert_true(report->has_quantity && decimal_cmp(report->quantity, dec("0.5")) <= 0);
	assert_int_equal(asked_about(world, &target)->state, ORDER_NEW);
	/* The stop fires: it is filled, and its sibling has gone. */
	world->bench->price(world->bench->self, world->exchange, "94.00", "94.01");
	report = asked_about(world, &stop);
	assert_int_equal(report->outcome, OUTCOME_ACCEPTED);
	assert_int_equal(report->state, ORDER_FILLED);
	assert_true(report->fill_count > 0);
	assert_int_equal(asked_about(world, &target)->state, ORDER_EXPIRED);
}

static void
places_exits_for_a_quantity_that_is_known(void **state)
{
	struct world *world = *state;
	struct order entry = entry_order("l-7", TIF_GTC, "90");
	struct order stop = stop_order("l-8", "85"), target = target_order("l-9", "110");
	instruct(world, &(struct instruction){ .kind = INSTRUCT_OTOCO, .orders = { &entry, &stop, &target },
	                                       .count = 3, .list_id = "l-list2" });
	expect(world, 0, ASKED_SUBMIT, "l-7", OUTCOME_ACCEPTED, ORDER_NEW);
	expect(world, 1, ASKED_SUBMIT, "l-8", OUTCOME_ACCEPTED, ORDER_PENDING_NEW);
	expect(world, 2, ASKED_SUBMIT, "l-9", OUTCOME_ACCEPTED, ORDER_PENDING_NEW);
	struct order entry2 = entry_order("l-10", TIF_GTC, "90"), stop2 = stop_order("l-11", "85");
	instruct(world, &(struct instruction){ .kind = INSTRUCT_OTO, .orders = { &entry2, &stop2 }, .count = 2,
	                                       .list_id = "l-list3" });
	expect(world, 3, ASKED_SUBMIT, "l-10", OUTCOME_ACCEPTED, ORDER_NEW);
	expect(world, 4, ASKED_SUBMIT, "l-11", OUTCOME_ACCEPTED, ORDER_PENDING_NEW);
	struct order entry3 = entry_order("l-12", TIF_GTC, "90"), stop3 = stop_order("l-13", "85");
	instruct(world, &(struct instruction){ .kind = INSTRUCT_OPO, .orders = { &entry3, &stop3 }, .count = 2,
	                                       .list_id = "l-list4" });
	expect(world, 5, ASKED_SUBMIT, "l-12", OUTCOME_ACCEPTED, ORDER_NEW);
	expect(world, 6, ASKED_SUBMIT, "l-13", OUTCOME_ACCEPTED, ORDER_PENDING_NEW);
}

static void
ends_a_whole_list_with_one_of_its_orders(void **state)
{
	struct world *world = *state;
	struct order stop = stop_order("l-20", "95"), target = target_order("l-21", "110");
	struct error err = { 0 };
	instruct(world, &(struct instruction){ .kind = INSTRUCT_OCO, .orders = { &stop, &target }, .count = 2,
	                                       .list_id = "l-list5" });
	expect(world, 0, ASKED_SUBMIT, "l-20", OUTCOME_ACCEPTED, ORDER_NEW);
	expect(world, 1, ASKED_SUBMIT, "l-21", OUTCOME_ACCEPTED, ORDER_NEW);
	assert_int_equal(world->exchange->ops->cancel(world->exchange, &target, &err), STATUS_OK);
	settle(world);
	expect(world, 2, ASKED_CANCEL, "l-21", OUTCOME_ACCEPTED, ORDER_CANCELLED);
	assert_int_equal(asked_about(world, &stop)->state, ORDER_CANCELLED);
}

static void
replaces_a_leg_by_one_stop_and_tells_of_the_old_one_first(void **state)
{
	struct world *world = *state;
	struct order stop = stop_order("l-30", "95"), target = target_order("l-31", "110");
	struct order nearer = stop_order("l-32", "97");
	instruct(world, &(struct instruction){ .kind = INSTRUCT_OCO, .orders = { &stop, &target }, .count = 2,
	                                       .list_id = "l-list6" });
	text_copy(stop.exchange_order_id, sizeof stop.exchange_order_id,
	          recorder_of(&world->recorder, 0)->exchange_order_id);
	instruct(world, &(struct instruction){ .kind = INSTRUCT_REPLACE, .orders = { &nearer }, .count = 1,
	                                       .list_id = "", .replaced = &stop });
	expect(world, 2, ASKED_CANCEL, "l-30", OUTCOME_ACCEPTED, ORDER_CANCELLED);
	expect(world, world->recorder.count - 1, ASKED_SUBMIT, "l-32", OUTCOME_ACCEPTED, ORDER_NEW);
	assert_int_equal(asked_about(world, &target)->state, ORDER_CANCELLED);
	assert_int_equal(asked_about(world, &nearer)->state, ORDER_NEW);
}

static void
sends_nothing_in_place_of_what_is_gone(void **state)
{
	struct world *world = *state;
	struct order stop = stop_order("l-40", "95"), exit = make_order("l-41", SIDE_SELL, ORDER_MARKET, TIF_NONE, "0.5", NULL);
	exit.mode = MODE_LIVE;
	exit.purpose = PURPOSE_EXIT;
	submit(world, &stop);
	settle(world);
	world->bench->price(world->bench->self, world->exchange, "94.00", "94.01");
	instruct(world, &(struct instruction){ .kind = INSTRUCT_REPLACE, .orders = { &exit }, .count = 1,
	                                       .list_id = "", .replaced = &stop });
	assert_int_equal(world->recorder.count, 3);
	expect(world, 1, ASKED_CANCEL, "l-40", OUTCOME_NOT_FOUND, ORDER_NEW);
	expect(world, 2, ASKED_SUBMIT, "l-41", OUTCOME_REFUSED, ORDER_NEW);
	assert_int_equal(recorder_last(&world->recorder)->code, EXCHANGE_CODE_REPLACE_FAILED);
	assert_int_equal(asked_about(world, &exit)->outcome, OUTCOME_NOT_FOUND);
	assert_int_equal(asked_about(world, &stop)->state, ORDER_FILLED);
}

static void
says_unknown_of_a_lost_answer_and_finds_the_order_once(void **state)
{
	struct world *world = *state;
	struct order order = entry_order("l-50", TIF_FOK, "100.10");
	if (world->bench->lose_reply == NULL)
		skip();
	world->bench->lose_reply(world->bench->self, world->exchange);
	submit(world, &order);
	settle(world);
	assert_int_equal(world->recorder.count, 1);
	assert_int_equal(recorder_last(&world->recorder)->outcome, OUTCOME_UNKNOWN);
	const struct exchange_report *report = asked_about(world, &order);
	assert_int_equal(report->outcome, OUTCOME_ACCEPTED);
	assert_int_equal(report->state, ORDER_FILLED);
	assert_int_equal(decimal_cmp(recorder_filled(&world->recorder, "l-50"), dec("0.5")), 0);
	if (world->bench->orders_there != NULL)
		assert_int_equal(world->bench->orders_there(world->bench->self, "l-50"), 1);
}

static void
answers_what_is_open_and_what_was_traded(void **state)
{
	struct world *world = *state;
	const struct exchange_ops *ops = world->exchange->ops;
	struct recorder *heard = &world->recorder;
	struct order entry = entry_order("l-60", TIF_FOK, "100.10"), stop = stop_order("l-61", "95");
	struct error err = { 0 };
	submit(world, &entry);
	submit(world, &stop);
	settle(world);
	assert_int_equal(ops->look_open(world->exchange, "BTCUSDC", &err), STATUS_OK);
	assert_int_equal(ops->look_open(world->exchange, "BTCUSDC", &err), STATUS_BUSY);
	assert_int_equal(ops->look_account(world->exchange, &err), STATUS_OK);
	assert_int_equal(ops->look_fees(world->exchange, "BTCUSDC", &err), STATUS_OK);
	assert_int_equal(ops->look_trades(world->exchange, "BTCUSDC", 1, &err), STATUS_OK);
	for (int i = 0; i < 100 && (heard->opens == 0 || heard->fee_answers == 0 || heard->trade_answers == 0); i++)
		world->bench->wait(world->bench->self, world->exchange);
	assert_false(heard->has_error);
	assert_int_equal(heard->open_count, 1);
	assert_string_equal(heard->open[0].client_order_id, "l-61");
	assert_int_equal(heard->open[0].state, ORDER_NEW);
	assert_int_equal(decimal_cmp(heard->open[0].stop_price, dec("95")), 0);
	assert_true(heard->uid[0] != '\0' && heard->can_trade && heard->balance_count > 0);
	assert_int_equal(decimal_cmp(heard->fees.taker_percent, dec("0.1")), 0);
	assert_int_equal(heard->trade_count, 1);
	assert_string_equal(heard->trades[0].fill.commission_asset, "BTC");
	assert_int_equal(decimal_cmp(heard->trades[0].fill.fee_quote, dec("0.05")), 0);
	assert_false(heard->trades[0].fill.is_fee_estimated);
}

int
contract_run(const struct contract_bench *bench)
{
	void *initial = (void *)bench;
#define CASE(f) cmocka_unit_test_prestate_setup_teardown(f, set_up, tear_down, initial)
	const struct CMUnitTest live[] = {
		CASE(signs_without_sending_and_drops_without_a_trace),
		CASE(refuses_to_sign_what_is_not_an_order_of_this_kind),
		CASE(places_an_entry_with_its_exits_and_tells_of_each),
		CASE(places_exits_for_a_quantity_that_is_known),
		CASE(ends_a_whole_list_with_one_of_its_orders),
		CASE(replaces_a_leg_by_one_stop_and_tells_of_the_old_one_first),
		CASE(sends_nothing_in_place_of_what_is_gone),
		CASE(says_unknown_of_a_lost_answer_and_finds_the_order_once),
		CASE(answers_what_is_open_and_what_was_traded),
	};
	const struct CMUnitTest tests[] = {
		CASE(answers_a_submit_once_and_never_during_the_call),
		CASE(fills_an_order_that_the_market_reaches_whole_and_at_no_worse_than_its_limit),
		CASE(expires_a_fok_order_out_of_reach_without_a_fill),
		CASE(lets_a_gtc_order_rest_until_the_price_comes),
		CASE(finds_what_it_has_by_client_order_id_and_says_not_found_of_the_rest),
		CASE(cancels_what_rests_and_only_that),
		CASE(refuses_with_a_code_and_a_reason_and_forgets_what_it_refused),
		CASE(never_has_an_order_twice_under_one_client_order_id),
		CASE(forgets_nothing_when_it_is_closed_with_answers_under_way),
	};
#undef CASE
	/* One group, for one plan: what every exchange owes, and what a LIVE one owes besides. */
	struct CMUnitTest all[ARRAY_LEN(tests) + ARRAY_LEN(live)];
	memcpy(all, tests, sizeof tests);
	memcpy(all + ARRAY_LEN(tests), live, sizeof live);
	if (!bench->is_live)
		return cmocka_run_group_tests_name(bench->name, tests, NULL, NULL);
	return cmocka_run_group_tests_name(bench->name, all, NULL, NULL);
}
