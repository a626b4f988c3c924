/* Every arrow and every other pair of states, of intents, operations, orders and requests: by the
 * store's own functions and by a stranger who writes SQL with foreign keys off.  The tables of the
 * core say which is which. */
#include "tests/store/world.h"

#include <string.h>

/* UPDATE, and its relatives that try to get past triggers. */
static const char *const updates[] = { "UPDATE", "UPDATE OR REPLACE", "UPDATE OR IGNORE" };

static void
stranger_tries(struct world *world, bool allowed, const char *table, const char *column, const char *to,
               const char *more, const char *where)
{
	for (size_t i = 0; i < ARRAY_LEN(updates); i++) {
		if (allowed && i > 0)
			continue;                    /* one is enough: it is made only once */
		int code = stranger_runs(world, "%s %s SET %s = '%s'%s WHERE %s", updates[i], table, column,
		                         to, more, where);
		if ((code == SQLITE_OK) != allowed)
			fail_msg("%s %s: to %s where %s: %s", updates[i], table, to, where, sqlite3_errstr(code));
		assert_int_equal(stranger_counts(world, "SELECT count(*) FROM %s WHERE %s AND %s = '%s'", table,
		                                 where, column, to), allowed);
	}
}

/* ---- intents ---- */

static const char *
result_for(enum intent_status to)
{
	return to == INTENT_EXECUTED || to == INTENT_FAILED ? "it ended" : "";
}

static void
a_stranger_can_make_an_intents_arrows_and_no_other(void **state)
{
	struct world *world = *state;
	struct intent intent;
	char where[100], more[100];
	int number = 0;

	for (int from = 0; from < INTENT_STATUS_COUNT; from++)
		for (int to = 0; to < INTENT_STATUS_COUNT; to++) {
			if (from == to)
				continue;
			world_intent_in(world, ++number, (enum intent_status)from, &intent);
			text_format(where, sizeof(where), "id = '%s'", intent.id);
			text_format(more, sizeof(more), ", execution_result = '%s'",
			            result_for((enum intent_status)to));
			bool arrow = intent_may_become((enum intent_status)from, (enum intent_status)to);
			/* No operation is there, so EXECUTED is never reached; see the next test. */
			stranger_tries(world, arrow && to != INTENT_EXECUTED, "intents", "status",
			               intent_status_name((enum intent_status)to), more, where);
		}
}

static void
the_api_makes_an_intents_arrows_and_no_other(void **state)
{
	struct world *world = *state;
	struct intent intent, now;
	int number = 0;

	for (int from = 0; from < INTENT_STATUS_COUNT; from++)
		for (int to = 0; to < INTENT_STATUS_COUNT; to++) {
			world_intent_in(world, ++number, (enum intent_status)from, &intent);
			bool arrow = intent_may_become((enum intent_status)from, (enum intent_status)to) &&
			             to != INTENT_EXECUTED;
			bool stays = from == to && !intent_is_final((enum intent_status)from);
			intent.status = (enum intent_status)to;
			text_copy(intent.execution_result, sizeof(intent.execution_result), result_for(intent.status));
			assert_status(world, store_intent_update(world->store, &intent, (enum intent_status)from,
			              &world->err), arrow || stays ? STATUS_OK : STATUS_CONFLICT);
			assert_ok(world, store_intent_find(world->store, 1, intent.id, &now, &world->err));
			assert_int_equal(now.status, arrow ? to : from);
		}
}

static void
open_executing(struct world *world, int number, struct intent *intent, struct operation *op)
{
	world_open_trade(world, number, "", intent, op);
	/* The same with an entry that still rests: as a person would see it half filled. */
	stranger_drops_triggers(world);
	stranger_must(world, "UPDATE intents SET status = 'EXECUTING', execution_result = '' WHERE id = '%s'",
	              intent->id);
	stranger_restores_triggers(world);
}

static void
an_intent_is_executed_only_with_its_operation_and_fails_only_without(void **state)
{
	struct world *world = *state;
	struct intent intent;
	struct operation op;

	open_executing(world, 1, &intent, &op);
	/* While the entry rests the operation does not end either. */
	assert_int_equal(stranger_runs(world, "UPDATE operations SET status = 'CLOSED', exit_reason = 'MANUAL'"),
	                 SQLITE_CONSTRAINT);
	assert_int_equal(stranger_runs(world, "UPDATE operations SET status = 'CANCELLED', "
	                 "exit_reason = 'HANDED_OVER', note = 'x'"), SQLITE_CONSTRAINT);
	assert_int_equal(stranger_runs(world, "UPDATE intents SET status = 'FAILED' WHERE id = '%s'", intent.id),
	                 SQLITE_CONSTRAINT);
	assert_int_equal(stranger_runs(world, "UPDATE intents SET status = 'EXECUTED' WHERE id = '%s'", intent.id),
	                 SQLITE_CONSTRAINT);   /* the result belongs to it */
	stranger_must(world, "UPDATE intents SET status = 'EXECUTED', execution_result = 'filled' WHERE id = '%s'",
	              intent.id);
	world_intent_in(world, 2, INTENT_EXECUTING, &intent);
	assert_int_equal(stranger_runs(world, "UPDATE intents SET status = 'EXECUTED', "
	                 "execution_result = 'filled' WHERE id = '%s'", intent.id), SQLITE_CONSTRAINT);
	stranger_must(world, "UPDATE intents SET status = 'FAILED', execution_result = 'x' WHERE id = '%s'",
	              intent.id);
}

static void
an_intent_begins_as_pending_a_clone_too(void **state)
{
	struct world *world = *state;
	struct intent parent, intent;

	world_intent_in(world, 1, INTENT_VALIDATED, &parent);
	for (int status = 0; status < INTENT_STATUS_COUNT; status++)
		for (int cloned = 0; cloned < 2; cloned++) {
			make_intent(10 + 2 * status + cloned, &intent);
			intent.status = (enum intent_status)status;
			text_copy(intent.execution_result, sizeof(intent.execution_result),
			          result_for(intent.status));
			if (cloned)
				text_copy(intent.parent_id, sizeof(intent.parent_id), parent.id);
			assert_status(world, store_intent_insert(world->store, &intent, &world->err),
			              status == INTENT_PENDING ? STATUS_OK : STATUS_CONFLICT);
		}
	make_intent(50, &intent);
	text_copy(intent.parent_id, sizeof(intent.parent_id), "00000000-0000-7000-8000-00000000dead");
	assert_status(world, store_intent_insert(world->store, &intent, &world->err), STATUS_CONFLICT);
	stranger_must(world, "CREATE TEMP TABLE copy AS SELECT * FROM intents WHERE id = '%s';"
	              "UPDATE copy SET n = NULL, id = '00000000-0000-7000-8000-00000000beef';", parent.id);
	static const char *const inserts[] = { "INSERT", "INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE" };
	for (size_t i = 0; i < ARRAY_LEN(inserts); i++)
		assert_int_equal(stranger_runs(world, "%s INTO intents SELECT * FROM copy", inserts[i]),
		                 SQLITE_CONSTRAINT);
	stranger_must(world, "UPDATE copy SET status = 'PENDING'; INSERT INTO intents SELECT * FROM copy");
}

/* ---- operations ---- */

static void
bring_operation(struct world *world, int number, enum operation_status status, struct operation *op)
{
	struct intent intent;
	struct trade trade;

	world_open_trade(world, number, "", &intent, op);
	if (status == OPERATION_CLOSED)
		world_close_trade(world, op, "101", 5000, &trade);
	if (status == OPERATION_CANCELLED) {
		op->status = status;
		op->exit_reason = EXIT_HANDED_OVER;
		text_copy(op->note, sizeof(op->note), "delisted");
		assert_ok(world, store_operation_update(world->store, op, OPERATION_ACTIVE, &world->err));
	}
}

static void
an_operations_arrows_are_two(void **state)
{
	struct world *world = *state;
	struct operation op, now;
	char where[60];
	int number = 0;

	for (int from = 0; from < OPERATION_STATUS_COUNT; from++)
		for (int to = 0; to < OPERATION_STATUS_COUNT; to++) {
			bool arrow = operation_may_become((enum operation_status)from, (enum operation_status)to);
			assert_int_equal(arrow, from == OPERATION_ACTIVE && to != OPERATION_ACTIVE);
			bring_operation(world, ++number, (enum operation_status)from, &op);
			text_format(where, sizeof(where), "id = %lld", (long long)op.id);
			if (from != to)
				stranger_tries(world, arrow, "operations", "status",
				               operation_status_name((enum operation_status)to),
				               to == OPERATION_ACTIVE ? ", exit_reason = ''"
				                                      : ", exit_reason = 'MANUAL', note = 'x'", where);
			bring_operation(world, ++number, (enum operation_status)from, &op);
			op.status = (enum operation_status)to;
			op.exit_reason = to == OPERATION_ACTIVE ? EXIT_NONE : EXIT_MANUAL;
			text_copy(op.note, sizeof(op.note), "x");
			bool stays = from == to && from == OPERATION_ACTIVE;
			assert_status(world, store_operation_update(world->store, &op, (enum operation_status)from,
			              &world->err), arrow || stays ? STATUS_OK : STATUS_CONFLICT);
			assert_ok(world, store_operation_find(world->store, 1, op.id, &now, &world->err));
			assert_int_equal(now.status, arrow ? to : from);
		}
}

static void
an_operation_ends_with_a_reason_and_a_release_with_a_persons(void **state)
{
	struct world *world = *state;
	struct operation op;

	bring_operation(world, 1, OPERATION_ACTIVE, &op);
	assert_int_equal(stranger_runs(world, "UPDATE operations SET status = 'CLOSED'"), SQLITE_CONSTRAINT);
	assert_int_equal(stranger_runs(world, "UPDATE operations SET status = 'CANCELLED', "
	                 "exit_reason = 'HANDED_OVER'"), SQLITE_CONSTRAINT);
	assert_int_equal(stranger_runs(world, "UPDATE operations SET exit_reason = 'MANUAL'"), SQLITE_CONSTRAINT);
	stranger_must(world, "UPDATE operations SET status = 'CANCELLED', exit_reason = 'HANDED_OVER', "
	              "note = 'moved away'");
}

static void
an_operation_needs_an_executing_intent_and_the_only_one(void **state)
{
	struct world *world = *state;
	struct intent intent;
	struct operation op, other;

	bring_operation(world, 1, OPERATION_ACTIVE, &op);
	stranger_must(world, "CREATE TEMP TABLE copy AS SELECT * FROM operations");
	for (int status = 0; status < INTENT_STATUS_COUNT; status++) {
		world_intent_in(world, 10 + status, (enum intent_status)status, &intent);
		other = op;
		text_copy(other.intent_id, sizeof(other.intent_id), intent.id);
		stranger_must(world, "UPDATE copy SET id = NULL, intent_id = '%s'", intent.id);
		if (status != INTENT_EXECUTING) {
			assert_status(world, store_operation_insert(world->store, &other, &world->err), STATUS_CONFLICT);
			assert_int_equal(stranger_runs(world, "INSERT OR REPLACE INTO operations SELECT * FROM copy"),
			                 SQLITE_CONSTRAINT);
			continue;
		}
		static const char *const wrongs[] = {
			"client_id = 2", "mode = 'LIVE'", "symbol = 'ETHUSDC'", "side = 'SELL'",
			"status = 'CLOSED', exit_reason = 'MANUAL'", "is_legacy = 1",
			"status = 'CANCELLED', exit_reason = 'MANUAL', note = 'x'", "leverage = 0",
			"intent_id = 'not-there'", "intent_id = NULL", "initial_stop = '095'",
		};
		for (size_t i = 0; i < ARRAY_LEN(wrongs); i++) {
			stranger_must(world, "CREATE TEMP TABLE bad AS SELECT * FROM copy; UPDATE bad SET %s", wrongs[i]);
			if (stranger_runs(world, "INSERT INTO operations SELECT * FROM bad") != SQLITE_CONSTRAINT)
				fail_msg("an operation with %s was taken", wrongs[i]);
			stranger_must(world, "DROP TABLE bad");
		}
		assert_ok(world, store_operation_insert(world->store, &other, &world->err));
		assert_int_not_equal(other.id, op.id);
		op.id = other.id;
		assert_status(world, store_operation_insert(world->store, &other, &world->err), STATUS_CONFLICT);
		assert_int_equal(stranger_runs(world, "REPLACE INTO operations SELECT * FROM copy"), SQLITE_CONSTRAINT);
		assert_ok(world, store_operation_of_intent(world->store, intent.id, &other, &world->err));
		assert_int_equal(other.id, op.id);
	}
	/* A legacy one is marked, and so needs none. */
	other = op;
	other.intent_id[0] = '\0';
	assert_ok(world, store_operation_insert(world->store, &other, &world->err));
	assert_int_equal(stranger_counts(world, "SELECT is_legacy FROM operations WHERE id = %lld",
	                                 (long long)other.id), 1);
}

/* ---- orders ---- */

/* A way to each state, from PENDING. */
static const enum order_state way_to[ORDER_STATE_COUNT] = {
	[ORDER_SENT] = ORDER_PENDING, [ORDER_UNKNOWN] = ORDER_PENDING, [ORDER_PENDING_NEW] = ORDER_SENT,
	[ORDER_NEW] = ORDER_SENT, [ORDER_PARTIALLY_FILLED] = ORDER_SENT, [ORDER_FILLED] = ORDER_SENT,
	[ORDER_REJECTED] = ORDER_SENT, [ORDER_EXPIRED] = ORDER_SENT, [ORDER_EXPIRED_IN_MATCH] = ORDER_SENT,
	[ORDER_CANCELLED] = ORDER_SENT, [ORDER_NOT_SENT] = ORDER_PENDING, [ORDER_NEVER_ARRIVED] = ORDER_UNKNOWN,
};

static void
step_order(struct world *world, struct order *order, enum order_state to)
{
	if (to == ORDER_PENDING)
		return;
	step_order(world, order, way_to[to]);
	enum order_state from = order->state;
	order->state = to;
	assert_ok(world, store_order_update(world->store, order, from, &world->err));
}

static void
an_orders_arrows_are_the_tables(void **state)
{
	struct world *world = *state;
	struct intent intent;
	struct order order, now;
	char where[100];
	int number = 0;

	world_intent_in(world, 1, INTENT_EXECUTING, &intent);
	for (int from = 0; from < ORDER_STATE_COUNT; from++)
		for (int to = 0; to < ORDER_STATE_COUNT; to++) {
			bool arrow = from != to && order_may_become((enum order_state)from, (enum order_state)to);
			make_order(&intent, PURPOSE_ENTRY, ++number, &order);
			assert_ok(world, store_order_insert(world->store, &order, &world->err));
			step_order(world, &order, (enum order_state)from);
			text_format(where, sizeof(where), "client_order_id = '%s'", order.client_order_id);
			if (from != to)
				stranger_tries(world, arrow, "orders", "state", order_state_name((enum order_state)to),
				               "", where);
			make_order(&intent, PURPOSE_ENTRY, ++number, &order);
			assert_ok(world, store_order_insert(world->store, &order, &world->err));
			step_order(world, &order, (enum order_state)from);
			order.state = (enum order_state)to;
			assert_status(world, store_order_update(world->store, &order, (enum order_state)from,
			              &world->err), arrow || from == to ? STATUS_OK : STATUS_CONFLICT);
			assert_ok(world, store_order_find(world->store, order.client_order_id, &now, &world->err));
			assert_int_equal(now.state, arrow ? to : from);
		}
}

static void
an_order_begins_as_pending_with_its_links(void **state)
{
	struct world *world = *state;
	struct intent intent;
	struct order order;

	world_intent_in(world, 1, INTENT_EXECUTING, &intent);
	for (int to = 0; to < ORDER_STATE_COUNT; to++) {
		make_order(&intent, PURPOSE_ENTRY, to + 1, &order);
		order.state = (enum order_state)to;
		assert_status(world, store_order_insert(world->store, &order, &world->err),
		              to == ORDER_PENDING ? STATUS_OK : STATUS_CONFLICT);
	}
	make_order(&intent, PURPOSE_EXIT, 1, &order);
	order.operation_id = 77;
	assert_status(world, store_order_insert(world->store, &order, &world->err), STATUS_CONFLICT);
	order.operation_id = 0;
	order.intent_id[0] = '\0';
	assert_status(world, store_order_insert(world->store, &order, &world->err), STATUS_CONFLICT);
	text_copy(order.intent_id, sizeof(order.intent_id), "00000000-0000-7000-8000-00000000dead");
	assert_status(world, store_order_insert(world->store, &order, &world->err), STATUS_CONFLICT);
}

/* ---- requests ---- */

static void
a_requests_arrows_are_three(void **state)
{
	struct world *world = *state;
	static const bool arrows[4][4] = {
		[REQUEST_WANTED] = { [REQUEST_TAKEN] = true, [REQUEST_WITHDRAWN] = true },
		[REQUEST_TAKEN] = { [REQUEST_DONE] = true },
	};
	char where[60];

	for (int from = 0; from < 4; from++)
		for (int to = 0; to < 4; to++)
			for (int by_stranger = 0; by_stranger < 2; by_stranger++) {
				struct request request = { .client_id = 1, .kind = REQUEST_CLOSE, .operation_id = 1 };
				assert_ok(world, store_request_insert(world->store, &request, &world->err));
				if (from == REQUEST_TAKEN || from == REQUEST_DONE) {
					request.state = REQUEST_TAKEN;
					assert_ok(world, store_request_update(world->store, &request, REQUEST_WANTED, &world->err));
				}
				if (from >= REQUEST_DONE) {
					enum request_state before = request.state;
					request.state = (enum request_state)from;
					assert_ok(world, store_request_update(world->store, &request, before, &world->err));
				}
				text_format(where, sizeof(where), "id = %lld", (long long)request.id);
				if (by_stranger) {
					if (from != to)
						stranger_tries(world, arrows[from][to], "requests", "state",
						               request_state_name((enum request_state)to), "", where);
					continue;
				}
				request.state = (enum request_state)to;
				bool stays = from == to && from < REQUEST_DONE;
				assert_status(world, store_request_update(world->store, &request,
				              (enum request_state)from, &world->err),
				              arrows[from][to] || stays ? STATUS_OK : STATUS_CONFLICT);
			}
	struct request done = { .client_id = 1, .state = REQUEST_DONE };
	assert_status(world, store_request_insert(world->store, &done, &world->err), STATUS_CONFLICT);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_stranger_can_make_an_intents_arrows_and_no_other),
		TEST(the_api_makes_an_intents_arrows_and_no_other),
		TEST(an_intent_is_executed_only_with_its_operation_and_fails_only_without),
		TEST(an_intent_begins_as_pending_a_clone_too),
		TEST(an_operations_arrows_are_two),
		TEST(an_operation_ends_with_a_reason_and_a_release_with_a_persons),
		TEST(an_operation_needs_an_executing_intent_and_the_only_one),
		TEST(an_orders_arrows_are_the_tables),
		TEST(an_order_begins_as_pending_with_its_links),
		TEST(a_requests_arrows_are_three),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
