/* Reconciliation: the book against an exchange on a script; blockers; whose book, account and machine it
 * is; keys that can't be used. */
#include "tests/app/world.h"

#include <string.h>

#include "base/text.h"

static const char *bid = "100.00", *ask = "100.01";

static void
pass_ms(struct world *world, int ms)
{
	for (int i = 0; i < ms / 100; i++) {
		world_advance_ms(world, 100);
		if (i % 10 == 0)
			fake_feed_quote(world->a.feed, BTC, bid, ask);
		seat_settle(&world->a);
	}
}

static void
teach(struct world *world)
{
	struct symbol_rules rules = *desk_rules(world->a.desk, BTC);

	rules.oto_allowed = rules.opo_allowed = rules.oco_allowed = rules.cancel_replace_allowed = true;
	rules.can_stop_loss = rules.can_stop_loss_limit = true;
	fake_feed_rules(world->a.feed, &rules);
	seat_settle(&world->a);
}

static int64_t
wished(struct world *world, enum status stated, int64_t wish, int ms)
{
	enum wish_state how = WISH_WAITING;
	struct error outcome = { 0 };

	assert_ok(world, stated);
	for (int i = 0; i < ms / 100 && how != WISH_DONE; i++) {
		pass_ms(world, 100);
		assert_ok(world, desk_wish_look(world->a.desk, wish, &how, &outcome, &world->err));
	}
	assert_int_equal(how, WISH_DONE);
	world->err = outcome;
	return outcome.status;
}

static int64_t
open_live(struct world *world, const char *target)
{
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98", .target = target, .reason = "a test", .live = true };
	struct intent intent;
	struct report report;
	struct operation op;
	int64_t wish = 0;

	teach(world);
	for (int i = 0; i < 20 && desk_account(world->a.desk, BTC, &world->err) != STATUS_OK; i++)
		pass_ms(world, 100);
	intent = world_plan(world, &input);
	assert_ok(world, desk_validate(world->a.desk, intent.id, true, &intent, &report, &world->err));
	enum status stated = desk_wish_execute(world->a.desk, intent.id, true, true, WAIT_MS, &wish, &world->err);
	assert_int_equal(wished(world, stated, wish, 10000), STATUS_OK);
	pass_ms(world, 2000);
	assert_ok(world, store_operation_of_intent(world->a.store, intent.id, &op, &world->err));
	return op.id;
}

static struct reconcile_model
reconcile(struct world *world)
{
	struct reconcile_model model;
	int64_t wish = 0;
	enum status stated = desk_wish_reconcile(world->a.desk, 60000, &wish, &world->err);

	assert_int_equal(wished(world, stated, wish, 60000), STATUS_OK);
	reconcile_read(world->err.message, &model);
	return model;
}

static struct blocker_list
blockers(struct world *world)
{
	struct blocker_list list;

	assert_ok(world, desk_blockers(world->a.desk, &list, &world->err));
	return list;
}

static const char *
resting_id(struct world *world, const char *purpose)
{
	return world_text(world, "SELECT client_order_id FROM orders WHERE purpose = '%s' AND state = 'NEW'", purpose);
}

/* ---- agreeing ---- */

static void
a_book_that_is_right_agrees_and_changes_nothing(void **state)
{
	struct world *world = *state;

	open_live(world, "106");
	pass_ms(world, 5000);
	int acts = fake_live_acts(world->live);
	struct reconcile_model model = reconcile(world);
	assert_int_equal(model.agreed, 3);            /* stop, target, coins */
	assert_int_equal(model.repaired + model.unknown + model.waiting, 0);
	assert_int_equal(blockers(world).count, 0);
	assert_int_equal(fake_live_acts(world->live), acts);
}

static void
it_runs_by_itself_every_five_minutes(void **state)
{
	struct world *world = *state;

	open_live(world, NULL);
	pass_ms(world, 10000);
	int looks = fake_live_count(world->live, FAKE_LOOK_TRADES);
	pass_ms(world, 310000);
	assert_int_equal(fake_live_count(world->live, FAKE_LOOK_TRADES), looks + 1);
}

static void
nothing_is_asked_before_there_is_live_business(void **state)
{
	struct world *world = *state;

	assert_ok(world, desk_live_switch(world->a.desk, false, &world->err));
	seat_close(&world->a);
	world->live->ops->close(world->live);
	world->live = fake_live_open();
	seat_open(world, &world->a, 1, "person/test");
	seat_take(&world->a);
	pass_ms(world, 20000);
	for (int kind = 0; kind < FAKE_KINDS; kind++)
		assert_int_equal(fake_live_count(world->live, (enum fake_live_kind)kind), 0);
	assert_false(fake_live_is_awake(world->live));
	assert_status(world, desk_account(world->a.desk, BTC, &world->err), STATUS_UNAVAILABLE);   /* a question */
	pass_ms(world, 1000);
	assert_ok(world, desk_account(world->a.desk, BTC, &world->err));
}

/* ---- repairing ---- */

static void
an_order_that_ended_there_unseen_is_asked_for(void **state)
{
	struct world *world = *state;
	int64_t id = open_live(world, NULL);
	char stop[CLIENT_ORDER_ID_SIZE];

	text_copy(stop, sizeof stop, resting_id(world, "stop"));
	fake_live_fill(world->live, stop, NULL, "98");
	(void)reconcile(world);
	assert_int_equal(world_operation(world, id).status, OPERATION_CLOSED);
	assert_int_equal(world_operation(world, id).exit_reason, EXIT_STOP_LOSS);
	assert_int_equal(world_count(world, "SELECT count(*) FROM orders WHERE purpose = 'exit'"), 0);
}

static void
an_entry_that_rests_after_its_record_ended_is_cancelled(void **state)
{
	struct world *world = *state;
	char entry[CLIENT_ORDER_ID_SIZE];

	open_live(world, NULL);
	pass_ms(world, 5000);
	text_copy(entry, sizeof entry, world_text(world, "SELECT client_order_id FROM orders WHERE purpose = 'entry'"));
	fake_live_stranger(world->live, entry, BTC, SIDE_BUY, "LIMIT", "0.1", "90");
	assert_int_equal(fake_live_state(world->live, entry), ORDER_NEW);
	(void)reconcile(world);
	assert_int_equal(fake_live_state(world->live, entry), ORDER_CANCELLED);
	assert_int_equal(world_events(world, "reconcile.entry_cancelled"), 1);
	assert_int_equal(blockers(world).count, 0);
}

/* ---- blockers ---- */

static void
an_order_of_this_book_without_a_record_is_named_and_left_alone(void **state)
{
	struct world *world = *state;
	char id[64];

	open_live(world, NULL);
	text_format(id, sizeof id, "r%.8s-77-x1", world_text(world, "SELECT id FROM books WHERE mode = 'LIVE'"));
	fake_live_stranger(world->live, id, BTC, SIDE_SELL, "LIMIT", "0.1", "200");
	int cancels = fake_live_count(world->live, FAKE_CANCEL);
	(void)reconcile(world);
	struct blocker_list list = blockers(world);
	assert_int_equal(list.count, 1);
	assert_string_equal(list.rows[0].kind, "order.without_record");
	assert_string_equal(list.rows[0].client_order_id, id);
	assert_int_equal(fake_live_count(world->live, FAKE_CANCEL), cancels);
	assert_int_equal(told_count(&world->a, "blocker.raised"), 1);
	(void)reconcile(world);                       /* told once, seen again */
	assert_int_equal(told_count(&world->a, "blocker.raised"), 1);
	assert_true(blockers(world).rows[0].looks > 1);
	fake_live_end(world->live, id, ORDER_CANCELLED);
	(void)reconcile(world);
	assert_int_equal(blockers(world).count, 0);   /* its reason is gone */
	assert_int_equal(world_events(world, "blocker.resolved"), 1);
}

static void
what_a_person_resolved_stays_resolved_while_the_same_is_seen(void **state)
{
	struct world *world = *state;
	char id[64];

	open_live(world, NULL);
	text_format(id, sizeof id, "r%.8s-77-x1", world_text(world, "SELECT id FROM books WHERE mode = 'LIVE'"));
	fake_live_stranger(world->live, id, BTC, SIDE_SELL, "LIMIT", "0.1", "200");
	(void)reconcile(world);
	int64_t number = blockers(world).rows[0].number;
	assert_status(world, desk_blocker_resolve(world->a.desk, number, "", &world->err), STATUS_USAGE);
	assert_ok(world, desk_blocker_resolve(world->a.desk, number, "it is my own", &world->err));
	assert_status(world, desk_blocker_resolve(world->a.desk, number, "again", &world->err), STATUS_NO);
	(void)reconcile(world);
	assert_int_equal(blockers(world).count, 0);
}

static void
strangers_orders_are_nobodys_business_while_there_are_coins_enough(void **state)
{
	struct world *world = *state;

	open_live(world, NULL);
	fake_live_stranger(world->live, "web_1", BTC, SIDE_SELL, "LIMIT", "9", "200");
	(void)reconcile(world);
	assert_int_equal(blockers(world).count, 0);
	assert_int_equal(fake_live_state(world->live, "web_1"), ORDER_NEW);
}

static void
a_stranger_that_locks_our_coins_is_a_blocker_and_no_entry_is_made_there(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "97", .reason = "t", .live = true };
	struct intent intent;
	struct report report;
	int64_t id = open_live(world, NULL), wish = 0;
	char held[DECIMAL_TEXT_SIZE], stop[CLIENT_ORDER_ID_SIZE];
	struct operation op = world_operation(world, id);

	/* The person's coins are gone, our stop was ended on the website, and all of ours is for sale. */
	decimal_text(operation_open_quantity(&op), held);
	text_copy(stop, sizeof stop, resting_id(world, "stop"));
	fake_live_balance(world->live, "BTC", held);
	fake_live_plan(world->live, ASKED_SUBMIT, 0, FAULT_REFUSE);   /* there is no room for another stop */
	fake_live_end(world->live, stop, ORDER_CANCELLED);
	fake_live_stranger(world->live, "web_1", BTC, SIDE_SELL, "LIMIT", held, "200");
	for (int i = 0; i < 6 && blockers(world).count == 0; i++) {
		pass_ms(world, 3000);
		(void)reconcile(world);
	}
	struct blocker_list list = blockers(world);
	assert_int_equal(list.count, 1);
	assert_string_equal(list.rows[0].kind, "order.stranger");
	assert_string_equal(list.rows[0].client_order_id, "web_1");
	assert_int_equal(list.rows[0].operation_id, id);
	assert_int_equal(fake_live_state(world->live, "web_1"), ORDER_NEW);
	intent = world_plan(world, &input);
	assert_ok(world, desk_validate(world->a.desk, intent.id, true, &intent, &report, &world->err));
	assert_status(world, desk_wish_execute(world->a.desk, intent.id, true, true, WAIT_MS, &wish, &world->err), STATUS_NO);
	assert_has_text(world->err.message, "web_1");
}

/* ---- closed elsewhere ---- */

static void
sell_elsewhere(struct world *world, const char *quantity)
{
	char stop[CLIENT_ORDER_ID_SIZE];

	text_copy(stop, sizeof stop, resting_id(world, "stop"));
	fake_live_plan(world->live, ASKED_SUBMIT, 0, FAULT_REFUSE);
	fake_live_end(world->live, stop, ORDER_CANCELLED);
	fake_live_stranger(world->live, "web_2", BTC, SIDE_SELL, "LIMIT", quantity, "101");
	fake_live_fill(world->live, "web_2", NULL, "101");
}

static void
what_somebody_else_sold_is_booked_from_his_fills_after_two_looks(void **state)
{
	struct world *world = *state;
	int64_t id = open_live(world, NULL);
	struct operation op = world_operation(world, id);
	char held[DECIMAL_TEXT_SIZE];

	decimal_text(operation_open_quantity(&op), held);
	fake_live_balance(world->live, "BTC", held);
	sell_elsewhere(world, held);
	assert_true(reconcile(world).waiting > 0);
	assert_int_equal(world_operation(world, id).status, OPERATION_ACTIVE);   /* one look is no proof */
	pass_ms(world, 70000);
	op = world_operation(world, id);
	assert_int_equal(op.status, OPERATION_CLOSED);
	assert_int_equal(op.exit_reason, EXIT_CLOSED_ELSEWHERE);
	assert_decimal(leg_average(&op.exit), "101");
	assert_int_equal(world_events(world, "operation.sold_elsewhere"), 1);
	assert_int_equal(blockers(world).count, 0);
	assert_int_equal(world_count(world, "SELECT count(*) FROM trades WHERE exit_reason = 'CLOSED_ELSEWHERE'"), 1);
	struct verify_model book;
	assert_ok(world, desk_verify(world->a.desk, &book, &world->err));
	assert_true(book.ok);
}

static void
coins_that_went_without_a_fill_are_a_blocker_and_nothing_is_booked(void **state)
{
	struct world *world = *state;
	int64_t id = open_live(world, NULL);
	char stop[CLIENT_ORDER_ID_SIZE];

	text_copy(stop, sizeof stop, resting_id(world, "stop"));
	fake_live_plan(world->live, ASKED_SUBMIT, 0, FAULT_REFUSE);
	fake_live_end(world->live, stop, ORDER_CANCELLED);
	fake_live_balance(world->live, "BTC", "0");   /* withdrawn */
	(void)reconcile(world);
	assert_int_equal(blockers(world).count, 0);
	pass_ms(world, 70000);
	struct blocker_list list = blockers(world);
	assert_int_equal(list.count, 1);
	assert_string_equal(list.rows[0].kind, "coins.missing");
	assert_int_equal(world_operation(world, id).status, OPERATION_ACTIVE);
}

/* ---- whose it is ---- */

static void
the_first_live_order_makes_the_book_at_home(void **state)
{
	struct world *world = *state;

	assert_int_equal(world_count(world, "SELECT count(*) FROM machines"), 0);
	assert_ok(world, desk_home(world->a.desk, &world->err));
	open_live(world, NULL);
	assert_int_equal(world_count(world, "SELECT count(*) FROM machines"), 1);
	assert_ok(world, desk_home(world->a.desk, &world->err));
}

static void
on_another_machine_it_does_nothing_until_it_is_adopted(void **state)
{
	struct world *world = *state;
	int64_t id = open_live(world, NULL), wish = 0;
	char book[BOOK_ID_SIZE];

	text_copy(book, sizeof book, world_text(world, "SELECT id FROM books WHERE mode = 'LIVE'"));
	world->machine = "another machine";
	world_restart(world);
	teach(world);
	pass_ms(world, 3000);
	int acts = fake_live_acts(world->live);
	assert_status(world, desk_home(world->a.desk, &world->err), STATUS_REFUSED);
	enum status stated = desk_wish_close(world->a.desk, id, WAIT_MS, &wish, &world->err);
	assert_int_equal(wished(world, stated, wish, WAIT_MS), STATUS_REFUSED);
	assert_has_text(world->err.message, "adopted");
	bid = "97.00", ask = "97.01";                 /* beyond the stop, which the exchange does not fire */
	pass_ms(world, 10000);
	bid = "100.00", ask = "100.01";
	assert_int_equal(fake_live_acts(world->live), acts);

	stated = desk_wish_adopt(world->a.desk, 60000, &wish, &world->err);
	assert_int_equal(wished(world, stated, wish, 60000), STATUS_OK);
	assert_ok(world, desk_home(world->a.desk, &world->err));
	assert_string_not_equal(book, world_text(world, "SELECT id FROM books WHERE mode = 'LIVE'"));
	assert_int_equal(world_events(world, "book.adopted"), 1);
	assert_true(world_count(world, "SELECT count(*) FROM orders WHERE state = 'UNKNOWN'") > 0);   /* asked for first */
	pass_ms(world, 60000);
	assert_int_equal(world_count(world, "SELECT count(*) FROM orders WHERE state = 'UNKNOWN'"), 0);
	struct verify_model verified;
	assert_ok(world, desk_verify(world->a.desk, &verified, &world->err));
	assert_true(verified.ok);
}

static void
what_the_other_copy_sold_is_found_by_its_name_before_anything_is_sold(void **state)
{
	struct world *world = *state;
	int64_t id = open_live(world, NULL), wish = 0;
	struct operation op = world_operation(world, id);
	char held[DECIMAL_TEXT_SIZE], name[64];

	text_format(name, sizeof name, "r%.8s-%lld-x1", world_text(world, "SELECT id FROM books WHERE mode = 'LIVE'"), (long long)id);
	decimal_text(operation_open_quantity(&op), held);
	seat_close(&world->a);
	/* The account keeps ten coins of the person's own: a second sale would be taken. */
	fake_live_end(world->live, resting_id(world, "stop"), ORDER_CANCELLED);
	fake_live_stranger(world->live, name, BTC, SIDE_SELL, "LIMIT", held, "101");
	fake_live_fill(world->live, name, NULL, "101");
	world->machine = "another machine";
	seat_open(world, &world->a, 1, "person/test");
	seat_take(&world->a);
	teach(world);
	pass_ms(world, 2000);
	int sends = fake_live_count(world->live, FAKE_SEND);
	enum status stated = desk_wish_adopt(world->a.desk, 60000, &wish, &world->err);
	assert_int_equal(wished(world, stated, wish, 60000), STATUS_OK);
	pass_ms(world, 60000);
	assert_int_equal(world_operation(world, id).status, OPERATION_CLOSED);
	assert_decimal(leg_average(&(struct leg){ .quantity = world_operation(world, id).exit.quantity,
	                                          .value = world_operation(world, id).exit.value }), "101");
	assert_int_equal(fake_live_count(world->live, FAKE_SEND), sends);
}

static void
a_blocker_of_another_account_is_not_taken_back_from_here(void **state)
{
	struct world *world = *state;
	char id[64];

	open_live(world, NULL);
	text_format(id, sizeof id, "r%.8s-77-x1", world_text(world, "SELECT id FROM books WHERE mode = 'LIVE'"));
	fake_live_stranger(world->live, id, BTC, SIDE_SELL, "LIMIT", "0.1", "200");
	(void)reconcile(world);
	assert_int_equal(blockers(world).count, 1);
	fake_live_end(world->live, id, ORDER_CANCELLED);
	text_copy(fake_live_status(world->live)->uid, 64, "2000002");
	world_restart(world);
	teach(world);
	(void)reconcile(world);
	assert_int_equal(world_count(world, "SELECT count(*) FROM blockers WHERE kind = 'order.without_record' AND resolved_at_ms = 0"), 1);
	text_copy(fake_live_status(world->live)->uid, 64, "1000001");
	world_restart(world);
	teach(world);
	pass_ms(world, 3000);
	(void)reconcile(world);
	assert_int_equal(blockers(world).count, 0);
}

static void
however_many_positions_every_name_is_asked_for(void **state)
{
	struct world *world = *state;
	enum { MORE = 15, NAMES = 5 };                /* two exits, three stops */
	int64_t id = open_live(world, NULL), wish = 0;
	struct operation op = world_operation(world, id);

	op.intent_id[0] = '\0';
	for (int i = 0; i < MORE; i++) {
		assert_ok(world, store_begin(world->a.store, &world->err));
		assert_ok(world, store_operation_insert(world->a.store, &op, &world->err));
		assert_ok(world, store_commit(world->a.store, &world->err));
	}
	fake_live_balance(world->live, "BTC", "100000");
	world->machine = "another machine";
	world_restart(world);
	teach(world);
	enum status stated = desk_wish_adopt(world->a.desk, 60000, &wish, &world->err);
	assert_int_equal(wished(world, stated, wish, 60000), STATUS_OK);
	assert_int_equal(world_count(world, "SELECT count(*) FROM orders WHERE error LIKE 'asked for%%'"), (MORE + 1) * NAMES);
}

static void
another_account_is_told_nothing_and_shown_as_nothing(void **state)
{
	struct world *world = *state;
	int64_t id = open_live(world, NULL), wish = 0;
	struct operation_model model;

	text_copy(fake_live_status(world->live)->uid, 64, "2000002");
	world_restart(world);
	teach(world);
	pass_ms(world, 5000);
	int acts = fake_live_acts(world->live);
	enum status stated = desk_wish_close(world->a.desk, id, WAIT_MS, &wish, &world->err);
	assert_int_equal(wished(world, stated, wish, WAIT_MS), STATUS_REFUSED);
	assert_has_text(world->err.message, "2000002");
	(void)reconcile(world);
	assert_int_equal(blockers(world).count, 1);
	assert_string_equal(blockers(world).rows[0].kind, "account.foreign");
	assert_ok(world, desk_operation(world->a.desk, id, &model, &world->err));
	assert_true(model.protection == PROTECTION_LOCAL || model.protection == PROTECTION_NAKED);
	assert_int_equal(fake_live_acts(world->live), acts);
	text_copy(fake_live_status(world->live)->uid, 64, "1000001");
	pass_ms(world, 3000);
	(void)reconcile(world);
	assert_int_equal(blockers(world).count, 0);
	assert_ok(world, desk_operation(world->a.desk, id, &model, &world->err));
	assert_int_equal(model.protection, PROTECTION_EXCH_LOCAL);
}

static void
an_exchange_that_does_not_answer_is_said_and_asked_again(void **state)
{
	struct world *world = *state;
	int64_t wish = 0;

	open_live(world, NULL);
	pass_ms(world, 5000);
	fake_live_fail_looks(world->live, "nobody is there");
	enum status stated = desk_wish_reconcile(world->a.desk, 60000, &wish, &world->err);
	assert_int_equal(wished(world, stated, wish, 60000), STATUS_UNAVAILABLE);
	assert_has_text(world->err.message, "nobody is there");
	fake_live_fail_looks(world->live, NULL);
	pass_ms(world, 40000);
	assert_true(reconcile(world).agreed > 0);
}

static void
a_refused_key_is_a_setting_to_mend(void **state)
{
	struct world *world = *state;
	int64_t wish = 0;

	fake_live_status(world->live)->is_key_refused = true;
	text_copy(fake_live_status(world->live)->trouble, 256, "the key is not known there");
	assert_status(world, desk_account(world->a.desk, BTC, &world->err), STATUS_CONFIG);
	assert_has_text(world->err.message, "not known there");
	assert_ok(world, desk_wish_reconcile(world->a.desk, WAIT_MS, &wish, &world->err));
	assert_int_equal(wished(world, STATUS_OK, wish, WAIT_MS), STATUS_CONFIG);
	struct health_model health;
	assert_ok(world, desk_health(world->a.desk, &health, &world->err));
	int failed = 0;
	for (int i = 0; i < health.count; i++)
		failed += strcmp(health.checks[i].name, "key") == 0 && health.checks[i].status == VERDICT_FAIL;
	assert_int_equal(failed, 1);
}

static void
fees_and_balance_of_live_are_the_accounts_own(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98", .reason = "t", .live = true };

	fake_live_taker(world->live, "0.2");
	fake_live_balance(world->live, "USDC", "50");
	teach(world);
	pass_ms(world, 70000);
	assert_status(world, desk_account(world->a.desk, BTC, &world->err), STATUS_UNAVAILABLE);   /* asks for its fees */
	pass_ms(world, 1000);
	assert_ok(world, desk_account(world->a.desk, BTC, &world->err));
	struct intent intent = world_plan(world, &input);
	assert_decimal(intent.fee_percent, "0.2");
	assert_int_equal(intent.bound_by, BOUND_BALANCE);
	assert_true(decimal_cmp(intent.position_value, dec("50")) < 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup_live, world_teardown)
int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_book_that_is_right_agrees_and_changes_nothing),
		TEST(it_runs_by_itself_every_five_minutes),
		TEST(nothing_is_asked_before_there_is_live_business),
		TEST(an_order_that_ended_there_unseen_is_asked_for),
		TEST(an_entry_that_rests_after_its_record_ended_is_cancelled),
		TEST(an_order_of_this_book_without_a_record_is_named_and_left_alone),
		TEST(what_a_person_resolved_stays_resolved_while_the_same_is_seen),
		TEST(strangers_orders_are_nobodys_business_while_there_are_coins_enough),
		TEST(a_stranger_that_locks_our_coins_is_a_blocker_and_no_entry_is_made_there),
		TEST(what_somebody_else_sold_is_booked_from_his_fills_after_two_looks),
		TEST(coins_that_went_without_a_fill_are_a_blocker_and_nothing_is_booked),
		TEST(the_first_live_order_makes_the_book_at_home),
		TEST(on_another_machine_it_does_nothing_until_it_is_adopted),
		TEST(what_the_other_copy_sold_is_found_by_its_name_before_anything_is_sold),
		TEST(a_blocker_of_another_account_is_not_taken_back_from_here),
		TEST(however_many_positions_every_name_is_asked_for),
		TEST(another_account_is_told_nothing_and_shown_as_nothing),
		TEST(an_exchange_that_does_not_answer_is_said_and_asked_again),
		TEST(a_refused_key_is_a_setting_to_mend),
		TEST(fees_and_balance_of_live_are_the_accounts_own),
	};
	return cmocka_run_group_tests_name("desk_reconcile", tests, NULL, NULL);
}
