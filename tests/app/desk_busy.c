/* Somebody else writes, the disk is full: every use case says so with nothing half done, and the loop
 * finishes what it began when it can.  And the same events give the same rows. */
#include "tests/app/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const struct plan_input market_buy = { .side = "buy", .symbol = BTC, .stop = "98", .target = "106", .reason = "t" };
static const struct plan_input limit_buy = { .side = "buy", .symbol = BTC, .entry = "99.5", .stop = "98", .reason = "t" };

/* ---- each use case against a lock ---- */

struct ids { char pending[INTENT_ID_SIZE], validated[INTENT_ID_SIZE]; int64_t op, wish; };

static enum status
call(struct world *world, int which, struct ids *ids)
{
	struct desk *desk = world->a.desk;
	struct error *err = &world->err;
	struct intent intent;
	struct report report;
	struct strategy strategy;
	const struct strategy_input add = { .name = "New one" }, edit = { .name = "All In", .active = "on" };
	int64_t wish;

	switch (which) {
	case 0: return desk_plan(desk, &limit_buy, &intent, err);
	case 1: return desk_validate(desk, ids->pending, false, &intent, &report, err);
	case 2: return desk_wish_execute(desk, ids->validated, false, false, WAIT_MS, &wish, err);
	case 3: return desk_wish_cancel(desk, ids->pending, WAIT_MS, &wish, err);
	case 4: return desk_wish_close(desk, ids->op, WAIT_MS, &wish, err);
	case 5: return desk_wish_stop(desk, ids->op, "99", false, WAIT_MS, &wish, err);
	case 6: return desk_wish_target(desk, ids->op, "107", WAIT_MS, &wish, err);
	case 7: return desk_wish_release(desk, ids->op, "why", false, WAIT_MS, &wish, err);
	case 8: return desk_wish_panic(desk, "why", WAIT_MS, &wish, err);
	case 9: return desk_wish_check(desk, WAIT_MS, &wish, err);
	case 10: return desk_wish_withdraw(desk, ids->wish, err);
	case 11: return desk_pause(desk, "why", err);
	case 12: return desk_resume(desk, err);
	case 13: return desk_live_switch(desk, true, err);
	case 14: return desk_strategy_add(desk, &add, &strategy, err);
	case 15: return desk_strategy_edit(desk, &edit, &strategy, err);
	/* A refusal is an event, so it can be busy, too. */
	case 16: return desk_wish_execute(desk, ids->pending, false, false, WAIT_MS, &wish, err);
	default: return STATUS_NOT_FOUND;
	}
}

static void
prepare(struct world *world, struct ids *ids)
{
	text_copy(ids->pending, sizeof ids->pending, world_plan(world, &limit_buy).id);
	ids->op = world_open_long(world, "97", NULL);
	world_validated(world, &market_buy, ids->validated);
	assert_ok(world, desk_wish_check(world->a.desk, WAIT_MS, &ids->wish, &world->err));
}

static void
every_use_case_is_busy_with_nothing_changed_and_works_afterwards(void **state)
{
	for (int which = 0; which <= 16; which++) {
		world_teardown(state);
		world_setup(state);
		struct world *world = *state;
		struct ids ids;
		prepare(world, &ids);
		char *before = world_dump(world);
		world_lock(world);
		enum status status = call(world, which, &ids);
		if (status != STATUS_BUSY || !world->err.retryable)
			fail_msg("use case %d under a lock: %s", which, status_name(status));
		world_unlock(world);
		char *after = world_dump(world);
		assert_string_equal(before, after);
		free(before);
		free(after);
		status = call(world, which, &ids);
		if (status != (which == 16 ? STATUS_USAGE : STATUS_OK))
			fail_msg("use case %d after the lock: %s: %s", which, status_name(status), world->err.message);
		world_settle(world);
		world_assert_sound(world);
	}
}

static void
every_use_case_on_a_full_disk_says_so_with_nothing_changed(void **state)
{
	for (int which = 0; which < 16; which++) {
		world_teardown(state);
		world_setup(state);
		struct world *world = *state;
		struct ids ids;
		prepare(world, &ids);
		char *before = world_dump(world);
		fail_steps(STEP_COMMIT, 1, true, STATUS_IO);
		assert_status(world, call(world, which, &ids), STATUS_IO);
		char *after = world_dump(world);
		assert_string_equal(before, after);
		free(before);
		free(after);
		fail_steps(STEP_COMMIT, 0, false, STATUS_OK);
		assert_int_equal(call(world, which, &ids), STATUS_OK);
		world_settle(world);
		world_assert_sound(world);
	}
}

/* ---- the loop ---- */

static enum status
patiently(struct world *world, enum status (*what)(struct world *world, void *arg), void *arg)
{
	for (int i = 0; i < 200; i++) {
		enum status status = what(world, arg);
		if (status != STATUS_BUSY && status != STATUS_IO)
			return status;
		world_advance_ms(world, 1000);
		world_price(world, BTC, "100.00", "100.01");
	}
	fail_msg("it never works");
	return STATUS_BUG;
}

struct plan_arg { const struct plan_input *input; struct intent intent; };

static enum status
plan_it(struct world *world, void *arg)
{
	struct plan_arg *plan = arg;
	return desk_plan(world->a.desk, plan->input, &plan->intent, &world->err);
}
static enum status
validate_it(struct world *world, void *arg)
{
	struct plan_arg *plan = arg;
	struct report report;
	return desk_validate(world->a.desk, plan->intent.id, false, &plan->intent, &report, &world->err);
}
static enum status
execute_it(struct world *world, void *arg)
{
	struct plan_arg *plan = arg;
	int64_t wish;
	return desk_wish_execute(world->a.desk, plan->intent.id, false, false, 600000, &wish, &world->err);
}
static enum status
close_it(struct world *world, void *arg)
{
	int64_t wish;
	(void)arg;
	return desk_wish_close(world->a.desk, 1, 600000, &wish, &world->err);
}

static void
settle_patiently(struct world *world, const char *bid, const char *ask)
{
	for (int i = 0; i < 4; i++) {
		world_advance_ms(world, 1100);
		world_price(world, BTC, bid, ask);
	}
}

/* A market entry that is closed by hand, and a limit entry that fills in parts and is stopped. */
static void
play(struct world *world)
{
	struct plan_arg market = { .input = &market_buy }, limit = { .input = &limit_buy };

	assert_int_equal(patiently(world, plan_it, &market), STATUS_OK);
	assert_int_equal(patiently(world, validate_it, &market), STATUS_OK);
	assert_int_equal(patiently(world, execute_it, &market), STATUS_OK);
	settle_patiently(world, "100.00", "100.01");
	/* A wish that met the full disk was answered so, and nothing was opened. */
	enum status closed = patiently(world, close_it, NULL);
	assert_true(closed == STATUS_OK || closed == STATUS_NOT_FOUND || closed == STATUS_NO);
	settle_patiently(world, "100.00", "100.01");
	assert_int_equal(patiently(world, plan_it, &limit), STATUS_OK);
	assert_int_equal(patiently(world, validate_it, &limit), STATUS_OK);
	assert_int_equal(patiently(world, execute_it, &limit), STATUS_OK);
	settle_patiently(world, "100.00", "100.01");
	settle_patiently(world, "99.39", "99.40");
	settle_patiently(world, "97.50", "97.51");
}

static void
flat_and_sound(struct world *world, int step, const char *what)
{
	const char *wrong = world_unsound(world);

	int64_t unanswered = world_count(world, "SELECT count(*) FROM requests WHERE kind = 'EXECUTE' AND answer_status = 'io'");
	int64_t wanted = 2 - unanswered;
	if (wrong == NULL && world_count(world, "SELECT count(*) FROM trades") != wanted)
		wrong = "the trades are not as many as the wishes";
	if (wrong == NULL && world_count(world, "SELECT count(*) FROM orders WHERE purpose = 'entry'") != wanted)
		wrong = "the entries are not as many as the wishes";
	if (wrong == NULL && world_count(world, "SELECT count(*) FROM orders WHERE purpose = 'exit'") != wanted)
		wrong = "the exits are not as many as the wishes";
	if (wrong == NULL && world_count(world, "SELECT count(*) FROM intents WHERE status = 'EXECUTING'") != 0)
		wrong = "an intent is EXECUTING still";
	if (wrong == NULL && world_count(world, "SELECT count(*) FROM requests WHERE state = 'TAKEN'") != 0)
		wrong = "a wish waits";
	if (wrong != NULL)
		fail_msg("%s at step %d: %s", what, step, wrong);
}

struct counter { enum step step; int count; };

static void
count_step(void *self, enum step step)
{
	struct counter *counter = self;
	counter->count += step == counter->step;
}

static void
disturb(void **state, enum step step, enum status status, const char *what)
{
	int last = 1;

	for (int n = 1; n <= last; n++) {
		struct counter counter = { .step = step };
		world_teardown(state);
		world_setup(state);
		struct world *world = *state;
		world->settings.paper.partial_fill_percent = dec("50");
		world_restart(world);
		assert_ok(world, desk_watch(world->a.desk, BTC, &world->err));
		world_price(world, BTC, "100.00", "100.01");
		watch_steps(count_step, &counter);
		fail_steps(step, n, false, status);
		play(world);
		watch_steps(NULL, NULL);
		fail_steps(step, 0, false, STATUS_OK);
		flat_and_sound(world, n, what);
		last = counter.count;
	}
	assert_true(last > 20);
}

static void
a_lock_at_any_moment_delays_and_nothing_else(void **state)
{
	disturb(state, STEP_BEGIN, STATUS_BUSY, "busy");
}

static void
a_full_disk_at_any_moment_delays_or_is_answered(void **state)
{
	disturb(state, STEP_COMMIT, STATUS_IO, "full disk");
}

static void
a_real_lock_held_while_a_stop_fires_delays_the_exit(void **state)
{
	struct world *world = *state;
	struct desk_status_model status;

	world_open_long(world, "98", NULL);
	world_lock(world);
	world_price(world, BTC, "97.50", "97.51");
	for (int i = 0; i < 20; i++) {
		world_advance_ms(world, 50);
		world_price(world, BTC, "98.50", "98.51");   /* back above: the firing stands */
	}
	assert_int_equal(faulty_count(world->a.faulty, ASKED_SUBMIT), 1);
	world_unlock(world);
	world_advance_ms(world, 10);
	world_settle(world);
	struct operation op = world_operation(world, 1);
	assert_int_equal(op.status, OPERATION_CLOSED);
	assert_decimal(op.exit_wish.bid, "97.5");
	desk_status(world->a.desk, &status);
	assert_string_equal(status.trouble, "");
}

static void
a_full_disk_is_said_and_forgotten_when_it_is_over(void **state)
{
	struct world *world = *state;
	struct desk_status_model status;

	world_open_long(world, "98", NULL);
	fail_steps(STEP_COMMIT, 1, true, STATUS_IO);
	world_price(world, BTC, "97.50", "97.51");
	desk_status(world->a.desk, &status);
	assert_has_text(status.trouble, "disk is full");
	assert_int_equal(world_operation(world, 1).status, OPERATION_ACTIVE);
	fail_steps(STEP_COMMIT, 0, false, STATUS_OK);
	world_advance_ms(world, 1100);
	world_settle(world);
	assert_int_equal(world_operation(world, 1).status, OPERATION_CLOSED);
	desk_status(world->a.desk, &status);
	assert_string_equal(status.trouble, "");
}

/* ---- the same again ---- */

static char *
story(void **state)
{
	world_teardown(state);
	world_setup(state);
	struct world *world = *state;
	world->settings.paper.partial_fill_percent = dec("50");
	world_restart(world);
	assert_ok(world, desk_watch(world->a.desk, BTC, &world->err));
	world_price(world, BTC, "100.00", "100.01");
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 2, FAULT_LOST_AFTER, 0);
	fail_steps(STEP_BEGIN, 17, false, STATUS_BUSY);
	play(world);
	return world_dump(world);
}

static void
the_same_events_give_the_same_rows_byte_for_byte(void **state)
{
	char *first = story(state), *second = story(state);

	assert_true(strlen(first) > 10000);
	assert_string_equal(first, second);
	free(first);
	free(second);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
		TEST(every_use_case_is_busy_with_nothing_changed_and_works_afterwards),
		TEST(every_use_case_on_a_full_disk_says_so_with_nothing_changed),
		TEST(a_lock_at_any_moment_delays_and_nothing_else),
		TEST(a_full_disk_at_any_moment_delays_or_is_answered),
		TEST(a_real_lock_held_while_a_stop_fires_delays_the_exit),
		TEST(a_full_disk_is_said_and_forgotten_when_it_is_over),
		TEST(the_same_events_give_the_same_rows_byte_for_byte),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
