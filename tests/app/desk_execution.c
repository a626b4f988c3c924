/* From a validated intent to an operation: gates, guards again, the entry and what becomes of it. */
#include "tests/app/world.h"

#include <string.h>

#include "base/text.h"

static const struct plan_input market_buy = { .side = "buy", .symbol = BTC, .stop = "98", .target = "106", .reason = "t" };
static const struct plan_input limit_buy = { .side = "buy", .symbol = BTC, .entry = "99.5", .stop = "98", .reason = "t" };

static void
a_market_entry_is_filled_whole_and_becomes_an_operation(void **state)
{
	struct world *world = *state;
	int64_t id = world_open_long(world, "98", "106");
	struct operation op = world_operation(world, id);
	struct intent intent = world_intent(world, op.intent_id);

	assert_decimal(leg_average(&op.entry), "100.01");
	assert_int_equal(decimal_cmp(op.entry.quantity, intent.quantity), 0);
	assert_decimal(op.stop_price, "98");
	assert_decimal(op.initial_stop, "98");
	assert_decimal(op.target_price, "106");
	assert_int_equal(intent.status, INTENT_EXECUTED);
	assert_has_text(intent.execution_result, "filled");
	assert_string_equal(op.feed, "fake:feed");
	assert_int_equal(world_count(world, "SELECT count(*) FROM orders WHERE state = 'FILLED' AND operation_id = 1"), 1);
	assert_int_equal(world_events(world, "intent.executing"), 1);
	assert_int_equal(world_events(world, "operation.opened"), 1);
	assert_int_equal(world_events(world, "intent.executed"), 1);
	world_assert_sound(world);
}

static void
a_short_enters_at_the_bid(void **state)
{
	struct world *world = *state;
	struct operation op = world_operation(world, world_open_short(world, "102", "94"));

	assert_int_equal(op.side, SIDE_SELL);
	assert_decimal(leg_average(&op.entry), "100");
	world_assert_sound(world);
}

struct seen { struct world *world; int calls; char intent[32], order[32]; };

static void
look_at_submit(void *self, enum exchange_request request, const struct order *order)
{
	struct seen *seen = self;

	if (request != ASKED_SUBMIT)
		return;
	seen->calls++;
	text_copy(seen->intent, sizeof seen->intent,
	          world_text(seen->world, "SELECT status FROM intents WHERE id = '%s'", order->intent_id));
	text_copy(seen->order, sizeof seen->order,
	          world_text(seen->world, "SELECT state FROM orders WHERE client_order_id = '%s'", order->client_order_id));
}

static void
executing_and_its_order_are_on_disk_before_anything_is_sent(void **state)
{
	struct world *world = *state;
	struct seen seen = { .world = world };

	world->spy = look_at_submit;
	world->spy_self = &seen;
	world_open_long(world, "98", NULL);
	assert_int_equal(seen.calls, 1);
	assert_string_equal(seen.intent, "EXECUTING");
	assert_string_equal(seen.order, "PENDING");
}

/* ---- gates ---- */

static void
refused(struct world *world, const char *id, bool live, bool acknowledged, enum status wanted, const char *gate)
{
	int64_t wish = 0, events = world_events(world, "intent.execution_refused");

	assert_status(world, desk_wish_execute(world->a.desk, id, live, acknowledged, WAIT_MS, &wish, &world->err), wanted);
	assert_int_equal(wish, 0);
	assert_int_equal(world_count(world, "SELECT count(*) FROM requests"), 0);
	if (gate == NULL)
		return;
	assert_int_equal(world_events(world, "intent.execution_refused"), events + 1);
	assert_string_equal(world_text(world, "SELECT json_extract(data, '$.gate') FROM events ORDER BY seq DESC LIMIT 1"), gate);
}

static void
every_gate_refuses_in_its_turn_and_leaves_an_event(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE], sell[INTENT_ID_SIZE];
	struct plan_input short_input = { .side = "sell", .symbol = BTC, .stop = "102", .reason = "t" };
	struct intent pending = world_plan(world, &limit_buy);

	refused(world, pending.id, false, false, STATUS_USAGE, "status");
	assert_has_text(world->err.message, "never validated");
	assert_has_text(world->err.hint, "validate");
	world_validated(world, &market_buy, id);
	world_validated(world, &short_input, sell);
	refused(world, id, false, true, STATUS_USAGE, NULL);
	refused(world, id, true, true, STATUS_REFUSED, "live.switch_off");
	assert_ok(world, desk_live_switch(world->a.desk, true, &world->err));
	refused(world, sell, true, true, STATUS_REFUSED, "live.sell");
	refused(world, id, true, false, STATUS_REFUSED, "live.not_acknowledged");
	refused(world, id, true, true, STATUS_CONFIG, "live.key");
	/* The missing step comes before the missing key. */
	refused(world, pending.id, true, true, STATUS_USAGE, NULL);
	assert_ok(world, desk_pause(world->a.desk, "news", &world->err));
	refused(world, id, false, false, STATUS_NO, "paused");
	assert_has_text(world->err.message, "news");
	assert_ok(world, desk_resume(world->a.desk, &world->err));
	assert_int_equal(world_execute(world, id), WISH_DONE);
	assert_int_equal(world->err.status, STATUS_OK);
	assert_status(world, desk_wish_execute(world->a.desk, id, false, false, WAIT_MS, &(int64_t){ 0 }, &world->err), STATUS_NO);
	assert_has_text(world->err.hint, "--from");
}

static void
an_unknown_or_foreign_intent_is_not_found(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];
	int64_t wish = 0;

	world_validated(world, &market_buy, id);
	seat_open(world, &world->b, 2, "person/other");
	assert_status(world, desk_wish_execute(world->b.desk, id, false, false, WAIT_MS, &wish, &world->err), STATUS_NOT_FOUND);
	assert_status(world, desk_wish_execute(world->a.desk, "ffffffff", false, false, WAIT_MS, &wish, &world->err), STATUS_NOT_FOUND);
}

/* ---- guards again ---- */

static void
a_guard_that_fails_now_leaves_it_validated_and_is_an_event(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];

	world_validated(world, &market_buy, id);
	world_advance_ms(world, 1000);
	world_price(world, BTC, "101.00", "101.01");   /* about 1 % up: beyond max_drift */
	assert_int_equal(world_execute(world, id), WISH_DONE);
	assert_int_equal(world->err.status, STATUS_NO);
	assert_has_text(world->err.message, "refused by guard");
	assert_has_text(world_text(world, "SELECT data FROM events WHERE kind = 'intent.execution_refused'"), "price.");
	assert_int_equal(world_intent(world, id).status, INTENT_VALIDATED);
	assert_int_equal(world_events(world, "intent.execution_refused"), 1);
	assert_int_equal(world_count(world, "SELECT count(*) FROM orders"), 0);
	world_price(world, BTC, "100.00", "100.01");
	assert_int_equal(world_execute(world, id), WISH_DONE);
	assert_int_equal(world->err.status, STATUS_OK);
}

static void
a_stale_price_is_waited_for_and_then_the_wish_goes_on(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];

	world_validated(world, &market_buy, id);
	world_advance_ms(world, 11000);
	assert_int_equal(world_execute(world, id), WISH_TAKEN);
	assert_int_equal(world_intent(world, id).status, INTENT_VALIDATED);
	world_price(world, BTC, "100.00", "100.01");
	assert_int_equal(world_intent(world, id).status, INTENT_EXECUTED);
}

static void
without_a_price_in_time_the_wish_ends_as_unavailable(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];
	enum wish_state how;
	struct error outcome;

	world_validated(world, &market_buy, id);
	world_advance_ms(world, 11000);
	assert_int_equal(world_execute(world, id), WISH_TAKEN);
	world_advance_ms(world, WAIT_MS + 1);
	world_settle(world);
	assert_ok(world, desk_wish_look(world->a.desk, 1, &how, &outcome, &world->err));
	assert_int_equal(how, WISH_DONE);
	assert_int_equal(outcome.status, STATUS_UNAVAILABLE);
	assert_int_equal(world_intent(world, id).status, INTENT_VALIDATED);
	world_price(world, BTC, "100.00", "100.01");
	assert_int_equal(world_intent(world, id).status, INTENT_VALIDATED);
}

static void
a_worse_price_makes_it_smaller_and_says_so(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE], was[DECIMAL_TEXT_SIZE];

	world_validated(world, &market_buy, id);
	struct decimal validated = world_intent(world, id).quantity;
	world_price(world, BTC, "100.15", "100.16");
	assert_int_equal(world_execute(world, id), WISH_DONE);
	assert_int_equal(world->err.status, STATUS_OK);
	struct intent now = world_intent(world, id);
	assert_true(decimal_cmp(now.quantity, validated) < 0);
	assert_true(decimal_cmp(now.risk_amount, dec("10")) <= 0);
	decimal_text(validated, was);
	assert_has_text(world_text(world, "SELECT summary FROM events WHERE kind = 'intent.executing'"), was);
	world_assert_sound(world);
}

static void
a_better_price_does_not_make_it_larger(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];

	world_validated(world, &market_buy, id);
	struct decimal validated = world_intent(world, id).quantity;
	world_price(world, BTC, "99.80", "99.81");
	assert_int_equal(world_execute(world, id), WISH_DONE);
	assert_int_equal(decimal_cmp(world_intent(world, id).quantity, validated), 0);
}

static void
below_eighty_percent_of_what_was_validated_it_is_refused(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "99", .reason = "t" };
	char id[INTENT_ID_SIZE];

	world_validated(world, &input, id);
	world_price(world, BTC, "100.40", "100.41");   /* 0.4 % up: the distance grows by 40 % */
	assert_int_equal(world_execute(world, id), WISH_DONE);
	assert_int_equal(world->err.status, STATUS_NO);
	assert_int_equal(world_intent(world, id).status, INTENT_VALIDATED);
	assert_has_text(world_text(world, "SELECT data FROM events WHERE kind = 'intent.execution_refused'"), "80");
}

/* ---- pauses ---- */

static void
a_pause_between_the_guards_and_the_writing_holds(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];
	int64_t wish = 0;

	world_validated(world, &market_buy, id);
	seat_open(world, &world->b, 1, "person/other");
	assert_ok(world, desk_wish_execute(world->a.desk, id, false, false, WAIT_MS, &wish, &world->err));
	assert_ok(world, desk_pause(world->b.desk, "from elsewhere", &world->err));
	assert_int_equal(world_wish(world, STATUS_OK, wish), WISH_DONE);
	assert_int_equal(world->err.status, STATUS_NO);
	assert_has_text(world->err.message, "from elsewhere");
	assert_int_equal(world_intent(world, id).status, INTENT_VALIDATED);
	assert_int_equal(world_count(world, "SELECT count(*) FROM orders"), 0);
}

struct late_pauser { struct world *world; int commits; };

/* The first commit takes the row, the second is EXECUTING. */
static void
pause_after_second_commit(void *self, enum step step)
{
	struct late_pauser *pauser = self;

	if (step == STEP_COMMITTED && ++pauser->commits == 2)
		assert_ok(pauser->world, desk_pause(pauser->world->b.desk, "just now", &pauser->world->err));
}

static void
a_pause_after_executing_was_written_sends_nothing_and_fails_it(void **state)
{
	struct world *world = *state;
	struct late_pauser pauser = { .world = world };
	char id[INTENT_ID_SIZE];
	int64_t wish = 0;

	world_validated(world, &market_buy, id);
	seat_open(world, &world->b, 1, "person/other");
	assert_ok(world, desk_wish_execute(world->a.desk, id, false, false, WAIT_MS, &wish, &world->err));
	watch_steps(pause_after_second_commit, &pauser);
	assert_int_equal(world_wish(world, STATUS_OK, wish), WISH_DONE);
	watch_steps(NULL, NULL);
	assert_int_equal(world->err.status, STATUS_NO);
	assert_int_equal(world_intent(world, id).status, INTENT_FAILED);
	assert_has_text(world_intent(world, id).error, "PAUSED");
	assert_int_equal(faulty_count(world->a.faulty, ASKED_SUBMIT), 0);
	assert_string_equal(world_text(world, "SELECT state FROM orders"), "NOT_SENT");
	world_assert_sound(world);
}

struct early_pauser { struct world *world; int begins; };

/* The first transaction takes the row, the second would write EXECUTING: just before it begins. */
static void
pause_before_second_begin(void *self, enum step step)
{
	struct early_pauser *pauser = self;

	if (step == STEP_BEGIN && ++pauser->begins == 2)
		assert_ok(pauser->world, desk_pause(pauser->world->b.desk, "in between", &pauser->world->err));
}

static void
a_pause_is_read_again_inside_the_executing_transaction(void **state)
{
	struct world *world = *state;
	struct early_pauser pauser = { .world = world };
	char id[INTENT_ID_SIZE];
	int64_t wish = 0;

	world_validated(world, &market_buy, id);
	seat_open(world, &world->b, 1, "person/other");
	assert_ok(world, desk_wish_execute(world->a.desk, id, false, false, WAIT_MS, &wish, &world->err));
	watch_steps(pause_before_second_begin, &pauser);
	seat_settle(&world->a);
	watch_steps(NULL, NULL);
	assert_int_equal(world_wish(world, STATUS_OK, wish), WISH_DONE);
	assert_int_equal(world->err.status, STATUS_NO);
	assert_has_text(world->err.message, "in between");
	assert_int_equal(world_intent(world, id).status, INTENT_VALIDATED);
	assert_int_equal(world_count(world, "SELECT count(*) FROM orders"), 0);
	assert_string_equal(world_text(world, "SELECT json_extract(data, '$.gate') FROM events WHERE kind = 'intent.execution_refused'"),
	                    "trading-state");
}

static void
patterns_never_go_live_and_dry_only_where_the_setting_lets_them(void **state)
{
	struct world *world = *state;
	struct plan_input marketable = { .side = "buy", .symbol = BTC, .entry = "100.05", .stop = "98", .reason = "t" };
	struct intent intent = world_plan(world, &marketable), stored;
	int64_t wish = 0;

	for (int i = 0; i < 3; i++) {
		struct intent pattern = intent;
		text_format(pattern.id, sizeof pattern.id, "00000000-0000-7000-8000-00000000000%d", i + 1);
		pattern.source = SOURCE_PATTERN;
		text_format(pattern.pattern_event_id, sizeof pattern.pattern_event_id, "event-%d", i);
		pattern.entry_price.e16 += dec("0.01").e16 * i;      /* no duplicates */
		assert_ok(world, store_intent_insert(world->a.store, &pattern, &world->err));
		assert_ok(world, world_validate(world, pattern.id));
	}
	assert_ok(world, desk_live_switch(world->a.desk, true, &world->err));
	refused(world, "00000000-0000-7000-8000-000000000001", true, true, STATUS_REFUSED, "pattern.live");
	refused(world, "00000000-0000-7000-8000-000000000001", false, false, STATUS_REFUSED, "pattern.not_allowed");
	world->settings.patterns.auto_dry_run = true;
	world->settings.patterns.per_day = 1;
	assert_int_equal(world_execute(world, "00000000-0000-7000-8000-000000000001"), WISH_DONE);
	assert_int_equal(world->err.status, STATUS_OK);
	assert_status(world, desk_wish_execute(world->a.desk, "00000000-0000-7000-8000-000000000002", false, false, WAIT_MS,
	                                       &wish, &world->err), STATUS_REFUSED);
	assert_has_text(world->err.message, "today");
	/* A clone is a person's. */
	struct plan_input clone = { .from = "00000000-0000-7000-8000-000000000003" };
	stored = world_plan(world, &clone);
	assert_int_equal(stored.source, SOURCE_MANUAL);
}

static void
a_pause_cancels_what_rests_whoever_sets_it(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];

	world_validated(world, &limit_buy, id);
	assert_int_equal(world_execute(world, id), WISH_DONE);
	assert_int_equal(world_intent(world, id).status, INTENT_EXECUTING);
	seat_open(world, &world->b, 1, "person/other");
	assert_ok(world, desk_pause(world->b.desk, "elsewhere", &world->err));
	world_price(world, BTC, "100.00", "100.01");
	assert_int_equal(world_intent(world, id).status, INTENT_FAILED);
	assert_string_equal(world_intent(world, id).error, "entry cancelled");
	world_assert_sound(world);
}

/* ---- what becomes of the entry ---- */

static void
a_price_beyond_the_cap_expires_the_entry_and_makes_no_operation(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];

	world->settings.paper.slippage_percent = dec("0.2");   /* the paper market slips more than allowed */
	world_restart(world);
	assert_ok(world, desk_watch(world->a.desk, BTC, &world->err));
	world_price(world, BTC, "100.00", "100.01");
	world_validated(world, &market_buy, id);
	assert_int_equal(world_execute(world, id), WISH_DONE);
	assert_int_equal(world->err.status, STATUS_NO);
	assert_int_equal(world_intent(world, id).status, INTENT_FAILED);
	assert_has_text(world_intent(world, id).error, "slippage");
	assert_int_equal(world_count(world, "SELECT count(*) FROM operations"), 0);
	assert_string_equal(world_text(world, "SELECT state FROM orders"), "EXPIRED");
	world_assert_sound(world);
}

static void
a_refused_entry_fails_the_intent_with_the_exchanges_words(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];

	world_validated(world, &market_buy, id);
	faulty_plan(world->a.faulty, ASKED_SUBMIT, 1, FAULT_REFUSE, 0);
	assert_int_equal(world_execute(world, id), WISH_DONE);
	assert_int_equal(world->err.status, STATUS_NO);
	assert_has_text(world_intent(world, id).error, "refused by the test");
	assert_string_equal(world_text(world, "SELECT state FROM orders"), "REJECTED");
	world_assert_sound(world);
}

static void
a_limit_entry_rests_and_fills_when_the_price_comes(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];
	struct operation op;

	world_validated(world, &limit_buy, id);
	assert_int_equal(world_execute(world, id), WISH_DONE);
	assert_int_equal(world->err.status, STATUS_OK);
	assert_int_equal(world_intent(world, id).status, INTENT_EXECUTING);
	assert_string_equal(world_text(world, "SELECT state FROM orders"), "NEW");
	world_price(world, BTC, "99.49", "99.50");
	assert_int_equal(world_intent(world, id).status, INTENT_EXECUTED);
	assert_ok(world, store_operation_of_intent(world->a.store, id, &op, &world->err));
	assert_decimal(leg_average(&op.entry), "99.5");
	world_assert_sound(world);
}

static void
partial_world(struct world *world, const char *percent)
{
	world->settings.paper.partial_fill_percent = dec(percent);
	world_restart(world);
	assert_ok(world, desk_watch(world->a.desk, BTC, &world->err));
	world_price(world, BTC, "100.00", "100.01");
}

static void
partial_fills_make_the_operation_and_add_up(void **state)
{
	struct world *world = *state;
	struct operation op;
	char id[INTENT_ID_SIZE];

	partial_world(world, "30");
	world_validated(world, &limit_buy, id);
	assert_int_equal(world_execute(world, id), WISH_DONE);
	world_price(world, BTC, "99.49", "99.50");
	assert_ok(world, store_operation_of_intent(world->a.store, id, &op, &world->err));
	assert_int_equal(op.status, OPERATION_ACTIVE);
	assert_int_equal(world_intent(world, id).status, INTENT_EXECUTING);
	assert_true(decimal_cmp(op.entry.quantity, world_intent(world, id).quantity) < 0);
	world_assert_sound(world);
	for (int i = 0; i < 3; i++) {
		world_advance_ms(world, 1000);
		world_price(world, BTC, "99.39", i == 1 ? "99.40" : "99.45");
	}
	assert_int_equal(world_intent(world, id).status, INTENT_EXECUTED);
	op = world_operation(world, op.id);
	assert_int_equal(decimal_cmp(op.entry.quantity, world_intent(world, id).quantity), 0);
	assert_int_equal(world_count(world, "SELECT count(*) FROM fills"), 4);
	world_assert_sound(world);
}

static void
cancelling_a_resting_entry_fails_the_intent(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];
	int64_t wish = 0;

	world_validated(world, &limit_buy, id);
	world_execute(world, id);
	enum status stated = desk_wish_cancel(world->a.desk, id, WAIT_MS, &wish, &world->err);
	assert_int_equal(world_wish(world, stated, wish), WISH_DONE);
	assert_int_equal(world->err.status, STATUS_OK);
	assert_string_equal(world_intent(world, id).error, "entry cancelled");
	assert_string_equal(world_text(world, "SELECT state FROM orders"), "CANCELLED");
	world_price(world, BTC, "99.49", "99.50");
	assert_int_equal(world_count(world, "SELECT count(*) FROM operations"), 0);
	assert_status(world, desk_wish_cancel(world->a.desk, id, WAIT_MS, &wish, &world->err), STATUS_NO);
	world_assert_sound(world);
}

static void
cancelling_a_partly_filled_entry_keeps_what_was_bought(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];
	int64_t wish = 0;

	partial_world(world, "30");
	world_validated(world, &limit_buy, id);
	world_execute(world, id);
	world_price(world, BTC, "99.49", "99.50");
	enum status stated = desk_wish_cancel(world->a.desk, id, WAIT_MS, &wish, &world->err);
	assert_int_equal(world_wish(world, stated, wish), WISH_DONE);
	assert_int_equal(world_intent(world, id).status, INTENT_EXECUTED);
	assert_int_equal(world_count(world, "SELECT count(*) FROM operations WHERE status = 'ACTIVE'"), 1);
	world_assert_sound(world);
}

static void
pending_and_validated_intents_are_cancelled_at_once(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];
	int64_t wish = 7;
	struct intent pending = world_plan(world, &limit_buy);

	assert_ok(world, desk_wish_cancel(world->a.desk, pending.id, WAIT_MS, &wish, &world->err));
	assert_int_equal(wish, 0);
	assert_int_equal(world_intent(world, pending.id).status, INTENT_CANCELLED);
	world_validated(world, &market_buy, id);
	assert_ok(world, desk_wish_cancel(world->a.desk, id, WAIT_MS, &wish, &world->err));
	assert_int_equal(world_intent(world, id).status, INTENT_CANCELLED);
	assert_int_equal(world_events(world, "intent.cancelled"), 2);
	refused(world, id, false, false, STATUS_NO, "status");
}

static void
two_wishes_for_one_intent_give_one_operation(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];
	int64_t first = 0, second = 0;

	world_validated(world, &market_buy, id);
	seat_open(world, &world->b, 1, "person/other");
	assert_ok(world, desk_wish_execute(world->a.desk, id, false, false, WAIT_MS, &first, &world->err));
	assert_ok(world, desk_wish_execute(world->b.desk, id, false, false, WAIT_MS, &second, &world->err));
	assert_int_equal(world_wish(world, STATUS_OK, first), WISH_DONE);
	assert_int_equal(world->err.status, STATUS_OK);
	assert_int_equal(world_wish(world, STATUS_OK, second), WISH_DONE);
	assert_int_equal(world->err.status, STATUS_NO);
	assert_int_equal(world_count(world, "SELECT count(*) FROM operations"), 1);
	assert_int_equal(faulty_count(world->a.faulty, ASKED_SUBMIT), 1);
	assert_int_equal(world_events(world, "intent.execution_refused"), 1);
}

static void
a_wish_past_its_time_is_never_acted_on(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];
	int64_t wish = 0;

	world_validated(world, &market_buy, id);
	assert_ok(world, desk_wish_execute(world->a.desk, id, false, false, 50, &wish, &world->err));
	world_advance_ms(world, 51);
	assert_int_equal(world_wish(world, STATUS_OK, wish), WISH_LAPSED);
	assert_int_equal(world_intent(world, id).status, INTENT_VALIDATED);
}

static void
a_wish_can_be_withdrawn_until_it_is_taken(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];
	int64_t wish = 0;

	world_validated(world, &market_buy, id);
	assert_ok(world, desk_wish_execute(world->a.desk, id, false, false, WAIT_MS, &wish, &world->err));
	assert_ok(world, desk_wish_withdraw(world->a.desk, wish, &world->err));
	assert_int_equal(world_wish(world, STATUS_OK, wish), WISH_LAPSED);
	assert_int_equal(world_intent(world, id).status, INTENT_VALIDATED);
	assert_ok(world, desk_wish_execute(world->a.desk, id, false, false, WAIT_MS, &wish, &world->err));
	world_settle(world);
	assert_status(world, desk_wish_withdraw(world->a.desk, wish, &world->err), STATUS_CONFLICT);
}

static void
a_holder_that_sees_other_prices_refuses(void **state)
{
	struct world *world = *state;
	char id[INTENT_ID_SIZE];
	struct feed_status other = { .id = "fake:other", .is_reachable = true };
	int64_t wish = 0;

	world_validated(world, &market_buy, id);
	seat_open(world, &world->b, 1, "person/other");
	desk_close(world->b.desk);
	fake_feed_set_status(world->b.feed, &other);
	struct desk_setup setup = { .store = world->b.store, .feed = world->b.feed, .paper = world->b.exchange,
	                            .settings = &world->settings, .client_id = 1, .actor = "person/other" };
	assert_ok(world, desk_open(&setup, &world->b.desk, &world->err));
	assert_ok(world, desk_wish_execute(world->b.desk, id, false, false, WAIT_MS, &wish, &world->err));
	assert_int_equal(world_wish(world, STATUS_OK, wish), WISH_DONE);
	assert_int_equal(world->err.status, STATUS_NO);
	assert_has_text(world->err.message, "other prices");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_market_entry_is_filled_whole_and_becomes_an_operation),
		TEST(a_short_enters_at_the_bid),
		TEST(executing_and_its_order_are_on_disk_before_anything_is_sent),
		TEST(every_gate_refuses_in_its_turn_and_leaves_an_event),
		TEST(an_unknown_or_foreign_intent_is_not_found),
		TEST(a_guard_that_fails_now_leaves_it_validated_and_is_an_event),
		TEST(a_stale_price_is_waited_for_and_then_the_wish_goes_on),
		TEST(without_a_price_in_time_the_wish_ends_as_unavailable),
		TEST(a_worse_price_makes_it_smaller_and_says_so),
		TEST(a_better_price_does_not_make_it_larger),
		TEST(below_eighty_percent_of_what_was_validated_it_is_refused),
		TEST(a_pause_between_the_guards_and_the_writing_holds),
		TEST(a_pause_after_executing_was_written_sends_nothing_and_fails_it),
		TEST(a_pause_is_read_again_inside_the_executing_transaction),
		TEST(patterns_never_go_live_and_dry_only_where_the_setting_lets_them),
		TEST(a_pause_cancels_what_rests_whoever_sets_it),
		TEST(a_price_beyond_the_cap_expires_the_entry_and_makes_no_operation),
		TEST(a_refused_entry_fails_the_intent_with_the_exchanges_words),
		TEST(a_limit_entry_rests_and_fills_when_the_price_comes),
		TEST(partial_fills_make_the_operation_and_add_up),
		TEST(cancelling_a_resting_entry_fails_the_intent),
		TEST(cancelling_a_partly_filled_entry_keeps_what_was_bought),
		TEST(pending_and_validated_intents_are_cancelled_at_once),
		TEST(two_wishes_for_one_intent_give_one_operation),
		TEST(a_wish_past_its_time_is_never_acted_on),
		TEST(a_wish_can_be_withdrawn_until_it_is_taken),
		TEST(a_holder_that_sees_other_prices_refuses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
