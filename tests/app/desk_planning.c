/* Planning and validation: what is typed becomes an intent, or an error with its field. */
#include "tests/app/world.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* ---- what is wrong is named ---- */

struct wrong { struct plan_input input; const char *field; enum status status; const char *words; };

static void
every_field_that_is_wrong_is_named_and_nothing_is_written(void **state)
{
	struct world *world = *state;
	static char long_text[600];
	memset(long_text, 'x', sizeof long_text - 1);
	const struct wrong cases[] = {
		{ { .symbol = BTC, .stop = "98" }, "side", STATUS_USAGE, "needed" },
		{ { .symbol = BTC, .stop = "98", .side = "hold" }, "side", STATUS_USAGE, "hold" },
		{ { .side = "buy", .stop = "98" }, "symbol", STATUS_USAGE, "needed" },
		{ { .side = "buy", .stop = "98", .symbol = "B T C" }, "symbol", STATUS_INVALID, "" },
		{ { .side = "buy", .stop = "98", .symbol = "NOSUCH" }, "entry", STATUS_UNAVAILABLE, "no fresh price" },
		{ { .side = "buy", .symbol = BTC, .stop = "98", .quantity = "many" }, "quantity", STATUS_INVALID, "not a number" },
		{ { .side = "buy", .symbol = BTC, .stop = "98", .quantity = "0" }, "quantity", STATUS_RANGE, "above zero" },
		{ { .side = "buy", .symbol = BTC, .stop = "98", .quantity = "-1" }, "quantity", STATUS_RANGE, "above zero" },
		{ { .side = "buy", .symbol = BTC, .stop = "98", .entry = "x" }, "entry", STATUS_INVALID, "not a number" },
		{ { .side = "buy", .symbol = BTC, .stop = "98", .entry = "0" }, "entry", STATUS_RANGE, "above zero" },
		{ { .side = "buy", .symbol = BTC, .stop = "98", .entry = "1234567890123456789" }, "entry", STATUS_RANGE, "18 digits" },
		{ { .side = "buy", .symbol = BTC }, "stop", STATUS_USAGE, "needed" },
		{ { .side = "buy", .symbol = BTC, .stop = "low" }, "stop", STATUS_INVALID, "" },
		{ { .side = "buy", .symbol = BTC, .stop = "-0.5.5%" }, "stop", STATUS_INVALID, "" },
		{ { .side = "buy", .symbol = BTC, .stop = "98", .target = "3X" }, "target", STATUS_INVALID, "" },
		{ { .side = "buy", .symbol = BTC, .stop = "98", .capital = "all" }, "capital", STATUS_INVALID, "not a number" },
		{ { .side = "buy", .symbol = BTC, .stop = "98", .capital = "0" }, "capital", STATUS_RANGE, "above zero" },
		{ { .side = "buy", .symbol = BTC, .stop = "98", .confidence = "sure" }, "confidence", STATUS_INVALID, "not a number" },
		{ { .side = "buy", .symbol = BTC, .stop = "98", .confidence = "1.01" }, "confidence", STATUS_RANGE, "between 0 and 1" },
		{ { .side = "buy", .symbol = BTC, .stop = "98", .confidence = "-0.1" }, "confidence", STATUS_RANGE, "between 0 and 1" },
		{ { .side = "buy", .symbol = BTC, .stop = "98", .strategy = "no such" }, "strategy", STATUS_NOT_FOUND, "no such" },
		{ { .side = "buy", .symbol = BTC, .stop = "98", .reason = long_text }, "reason", STATUS_RANGE, "longer" },
		{ { .side = "buy", .symbol = BTC, .stop = "98", .regime = long_text }, "regime", STATUS_RANGE, "longer" },
		{ { .from = "00000000" }, "from", STATUS_NOT_FOUND, "" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct intent intent;
		struct preview preview;
		enum status status = desk_plan(world->a.desk, &cases[i].input, &intent, &world->err);
		if (status != cases[i].status || strcmp(world->err.field, cases[i].field) != 0 ||
		    strstr(world->err.message, cases[i].words) == NULL)
			fail_msg("case %zu: %s of '%s': %s", i, status_name(status), world->err.field, world->err.message);
		desk_preview(world->a.desk, &cases[i].input, &preview);
		assert_false(preview.is_complete);
		assert_string_equal(preview.errors[0].field, cases[i].field);
	}
	assert_int_equal(world_count(world, "SELECT count(*) FROM intents"), 0);
	assert_int_equal(world_events(world, "intent.planned"), 0);
}

static void
several_wrong_fields_are_all_shown_once_each(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "x", .symbol = BTC, .stop = "y", .confidence = "z", .capital = "q", .quantity = "w" };
	struct preview preview;

	desk_preview(world->a.desk, &input, &preview);
	assert_int_equal(preview.error_count, 5);
	for (int i = 0; i < preview.error_count; i++)
		for (int j = 0; j < i; j++)
			assert_string_not_equal(preview.errors[i].field, preview.errors[j].field);
}

static void
capital_is_never_guessed(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98" };
	struct intent intent;

	world->settings.book.has_capital = false;
	assert_status(world, desk_plan(world->a.desk, &input, &intent, &world->err), STATUS_USAGE);
	assert_string_equal(world->err.field, "capital");
	input.capital = "500";
	assert_ok(world, desk_plan(world->a.desk, &input, &intent, &world->err));
	assert_decimal(intent.capital, "500");
}

static void
what_outsiders_type_can_not_control_a_terminal(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98", .reason = "\x1b[2Jgone\a", .regime = "\x1b]0;x\a" };
	struct intent intent = world_plan(world, &input);

	assert_null(strchr(intent.reason, '\x1b'));
	assert_null(strchr(intent.regime, '\x1b'));
	struct plan_input bad = { .side = "buy", .symbol = BTC, .stop = "\x1b[31m" };
	assert_true(desk_plan(world->a.desk, &bad, &intent, &world->err) != STATUS_OK);
	assert_null(strchr(world->err.message, '\x1b'));
}

/* ---- what is right ---- */

/* S1 and C1 of domain.md. */
static void
the_worked_numbers_come_out(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .entry = "90000", .stop = "88200", .capital = "1000", .reason = "t" };

	world->settings.costs.fee_percent = dec("0");
	struct intent intent = world_plan(world, &input);
	assert_decimal(intent.quantity, "0.00555");      /* on this symbol's step */
	assert_decimal(intent.quantity_by_rule, "0.0055555555555555");
	assert_decimal(intent.stop_distance_percent, "2");
	world->settings.costs.fee_percent = dec("0.1");
	world->settings.costs.gap_percent = dec("0.1");
	intent = world_plan(world, &input);
	assert_decimal(intent.quantity, "0.00483");
	assert_int_equal(intent.bound_by, BOUND_RISK);
	assert_true(decimal_cmp(intent.risk_amount, dec("10")) <= 0);
}

static void
percent_and_r_become_levels(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .entry = "100", .stop = "-1.5%", .target = "3R", .reason = "t" };
	struct intent intent = world_plan(world, &input);

	assert_decimal(intent.stop_price, "98.5");
	assert_decimal(intent.target_price, "104.5");
	assert_int_equal(intent.stop_origin, STOP_PERCENT);
	assert_string_equal(intent.stop_evidence, "-1.5%");
	struct plan_input sell = { .side = "sell", .symbol = BTC, .entry = "100", .stop = "+1.5%", .target = "2R", .reason = "t" };
	intent = world_plan(world, &sell);
	assert_decimal(intent.stop_price, "101.5");
	assert_decimal(intent.target_price, "97");
}

static void
a_market_entry_is_planned_at_its_worst_permitted_fill(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98", .reason = "t" };
	struct intent intent = world_plan(world, &input);

	assert_int_equal(intent.entry_kind, ENTRY_MARKET);
	assert_decimal(intent.planned_quote, "100.01");
	assert_decimal(intent.entry_price, "100.11");     /* 100.01 × 1.001, to the tick towards the quote */
	input.side = "sell";
	input.stop = "102";
	intent = world_plan(world, &input);
	assert_decimal(intent.planned_quote, "100");
	assert_decimal(intent.entry_price, "99.9");
}

static void
a_market_entry_needs_a_fresh_price_and_a_limit_does_not(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98", .reason = "t" };
	struct intent intent;

	world_advance_ms(world, 10001);
	assert_status(world, desk_plan(world->a.desk, &input, &intent, &world->err), STATUS_UNAVAILABLE);
	input.entry = "99";
	assert_ok(world, desk_plan(world->a.desk, &input, &intent, &world->err));
	assert_true(decimal_is_zero(intent.planned_quote));
}

static void
a_preview_says_what_the_plan_would_be(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98", .target = "106", .reason = "t" };
	struct preview preview;

	desk_preview(world->a.desk, &input, &preview);
	assert_true(preview.is_complete);
	assert_true(preview.has_sizing && preview.has_win && preview.has_target_r && preview.has_balance);
	assert_decimal(preview.balance, "10000");
	assert_string_equal(preview.quote, "USDC");
	assert_int_equal(world_count(world, "SELECT count(*) FROM intents"), 0);
	struct intent intent = world_plan(world, &input);
	assert_int_equal(decimal_cmp(intent.quantity, preview.intent.quantity), 0);
	assert_int_equal(decimal_cmp(intent.risk_amount, preview.loss), 0);
	assert_true(decimal_cmp(preview.fees, preview.loss) < 0);
	/* Net at the target: quantity × (106 − 100.11) less both fees, up. */
	assert_true(decimal_is_positive(preview.win));
}

static void
a_typed_quantity_is_kept_as_typed_and_judged_by_the_size_guard(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98", .quantity = "1.23", .reason = "t" };
	char id[INTENT_ID_SIZE];

	world_validated(world, &input, id);
	assert_decimal(world_intent(world, id).quantity, "1.23");
	input.quantity = "50";
	struct intent intent = world_plan(world, &input);
	assert_decimal(intent.quantity, "50");
	assert_status(world, world_validate(world, intent.id), STATUS_NO);
	assert_int_equal(world_intent(world, intent.id).status, INTENT_FAILED);
}

static void
the_strategy_lowers_the_risk_and_is_found_in_any_case(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98", .reason = "t" };
	struct strategy_input edit = { .name = "Smooth Sailing", .risk_percent = "0.25" };
	struct strategy strategy;

	assert_ok(world, desk_strategy_edit(world->a.desk, &edit, &strategy, &world->err));
	struct decimal full = world_plan(world, &input).risk_amount;
	input.strategy = "SMOOTH sailing";
	struct intent intent = world_plan(world, &input);
	assert_string_equal(intent.strategy, "Smooth Sailing");
	assert_true(decimal_cmp(intent.risk_amount, dec("2.5")) <= 0);
	assert_true(decimal_cmp(full, dec("9")) > 0);
}

/* ---- clones ---- */

static void
a_clone_is_its_parent_with_what_is_given_changed(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .entry = "100", .stop = "-2%", .target = "106",
	                            .quantity = "0.5", .strategy = "All In", .regime = "range", .confidence = "0.4", .reason = "first" };
	struct intent parent = world_plan(world, &input);
	struct plan_input clone = { .from = parent.id, .entry = "99", .reason = "second" };
	struct intent child = world_plan(world, &clone);

	assert_string_equal(child.parent_id, parent.id);
	assert_string_not_equal(child.id, parent.id);
	assert_decimal(child.entry_price, "99");
	assert_decimal(child.stop_price, "97.02");        /* a percentage is one of the new entry */
	assert_decimal(child.target_price, "106");
	assert_decimal(child.typed_quantity, "0.5");
	assert_string_equal(child.strategy, "All In");
	assert_string_equal(child.regime, "range");
	assert_decimal(child.confidence, "0.4");
	assert_string_equal(child.reason, "second");
	assert_int_equal(child.status, INTENT_PENDING);
	assert_int_equal(world_intent(world, parent.id).status, INTENT_PENDING);
	/* By prefix, as with commits in git. */
	char prefix[14];
	text_copy(prefix, sizeof prefix, child.id);
	struct plan_input again = { .from = child.id };
	assert_string_equal(world_plan(world, &again).parent_id, child.id);
}

static void
a_clone_of_a_failed_one_can_be_validated(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "101", .reason = "t" };
	struct intent intent;

	/* A long's stop above its entry: planned or not, never validated. */
	if (desk_plan(world->a.desk, &input, &intent, &world->err) == STATUS_OK)
		assert_status(world, world_validate(world, intent.id), STATUS_NO);
	struct plan_input right = { .side = "buy", .symbol = BTC, .stop = "89", .reason = "t" };   /* over 10 % away */
	intent = world_plan(world, &right);
	assert_status(world, world_validate(world, intent.id), STATUS_NO);
	assert_string_not_equal(world_intent(world, intent.id).error, "");
	struct plan_input clone = { .from = intent.id, .stop = "98" };
	assert_ok(world, world_validate(world, world_plan(world, &clone).id));
}

/* ---- whose book ---- */

static void
clients_do_not_see_each_others_intents(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98", .reason = "t" }, clone = { 0 };
	struct intent mine = world_plan(world, &input), theirs;
	struct intent_filter all = { 0 };
	struct intent_list list;
	struct report report;

	seat_open(world, &world->b, 2, "person/other");
	clone.from = mine.id;
	assert_status(world, desk_plan(world->b.desk, &clone, &theirs, &world->err), STATUS_NOT_FOUND);
	assert_status(world, desk_validate(world->b.desk, mine.id, false, &theirs, &report, &world->err), STATUS_NOT_FOUND);
	assert_ok(world, desk_intents(world->b.desk, &all, &list, &world->err));
	assert_int_equal(list.count, 0);
	intent_list_done(&list);
	assert_ok(world, desk_intents(world->a.desk, &all, &list, &world->err));
	assert_int_equal(list.count, 1);
	intent_list_done(&list);
}

/* ---- validation ---- */

static void
validation_writes_status_report_base_and_event_together(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98", .reason = "t" };
	struct intent intent = world_plan(world, &input);

	fail_steps(STEP_COMMIT, 1, false, STATUS_IO);
	assert_status(world, world_validate(world, intent.id), STATUS_IO);
	assert_int_equal(world_intent(world, intent.id).status, INTENT_PENDING);
	assert_int_equal(world_count(world, "SELECT (SELECT count(*) FROM reports) + (SELECT count(*) FROM month_bases)"), 0);
	assert_ok(world, world_validate(world, intent.id));
	assert_int_equal(world_intent(world, intent.id).status, INTENT_VALIDATED);
	assert_int_equal(world_count(world, "SELECT count(*) FROM reports WHERE intent_id = '%s'", intent.id), 1);
	assert_string_equal(world_text(world, "SELECT base FROM month_bases"), "1000");
	assert_int_equal(world_events(world, "intent.validated"), 1);
}

static void
validating_twice_gives_the_same_answer_and_writes_nothing(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98" };          /* no reason: a warning */
	struct intent intent = world_plan(world, &input), again;
	struct report first, second;

	assert_ok(world, desk_validate(world->a.desk, intent.id, false, &again, &first, &world->err));
	assert_true(first.warnings > 0);
	char *before = world_dump(world);
	assert_ok(world, desk_validate(world->a.desk, intent.id, false, &again, &second, &world->err));
	char *after = world_dump(world);
	assert_string_equal(before, after);
	assert_int_equal(second.count, first.count);
	assert_int_equal(second.warnings, first.warnings);
	free(before);
	free(after);
}

static void
what_has_ended_or_runs_can_not_be_validated(void **state)
{
	struct world *world = *state;
	int64_t id = world_open_long(world, "98", NULL), wish = 0;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98", .reason = "t" };
	struct intent cancelled = world_plan(world, &input);

	assert_ok(world, desk_wish_cancel(world->a.desk, cancelled.id, WAIT_MS, &wish, &world->err));
	assert_status(world, world_validate(world, cancelled.id), STATUS_NO);
	assert_has_text(world->err.hint, "--from");
	assert_status(world, world_validate(world, world_operation(world, id).intent_id), STATUS_NO);
}

static void
a_missing_fact_leaves_it_pending_and_names_it(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98", .entry = "99", .reason = "t" };
	struct intent intent = world_plan(world, &input);

	world_advance_ms(world, 10001);
	assert_status(world, world_validate(world, intent.id), STATUS_UNAVAILABLE);
	assert_true(world->err.retryable);
	assert_int_equal(world_intent(world, intent.id).status, INTENT_PENDING);
	assert_int_equal(world_events(world, "intent.validation_waits"), 1);
	assert_int_equal(world_count(world, "SELECT count(*) FROM reports"), 0);
	/* A symbol of which nothing is known at all. */
	struct plan_input other = { .side = "buy", .symbol = "XRPUSDC", .entry = "2", .stop = "1.95", .reason = "t" };
	struct intent unknown = world_plan(world, &other);
	assert_status(world, world_validate(world, unknown.id), STATUS_UNAVAILABLE);
	assert_int_equal(world_intent(world, unknown.id).status, INTENT_PENDING);
	world_price(world, BTC, "100.00", "100.01");
	assert_ok(world, world_validate(world, intent.id));
}

static void
a_symbol_that_the_exchange_does_not_list_fails(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = "NOSUCHUSDC", .entry = "2", .stop = "1.95", .reason = "t" };
	struct intent intent = world_plan(world, &input);

	struct plan_input live = { .side = "buy", .symbol = BTC, .stop = "98", .live = true };
	struct intent none;
	assert_status(world, desk_plan(world->a.desk, &live, &none, &world->err), STATUS_CONFIG);
	assert_string_equal(world->err.field, "balance");
	fake_feed_unknown(world->a.feed, "NOSUCHUSDC");
	assert_ok(world, desk_watch(world->a.desk, "NOSUCHUSDC", &world->err));
	world_settle(world);
	assert_status(world, desk_facts(world->a.desk, "NOSUCHUSDC", &world->err), STATUS_NOT_FOUND);
	assert_status(world, world_validate(world, intent.id), STATUS_NO);
	assert_int_equal(world_intent(world, intent.id).status, INTENT_FAILED);
	assert_status(world, desk_plan(world->a.desk, &input, &none, &world->err), STATUS_NOT_FOUND);
	assert_string_equal(world->err.field, "symbol");
}

static void
size_follows_what_became_of_the_account_and_only_shrinks(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98", .capital = "100000", .entry = "99", .reason = "t" };
	struct intent intent = world_plan(world, &input);

	assert_int_equal(intent.bound_by, BOUND_BALANCE);
	world_open_long(world, "97", NULL);           /* locks a part of the balance */
	assert_true(world_validate(world, intent.id) != STATUS_UNAVAILABLE);
	assert_true(decimal_cmp(world_intent(world, intent.id).quantity, intent.quantity) < 0);
}

static void
a_duplicate_and_an_exhausted_month_are_refused_through_the_desk(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .entry = "99", .stop = "97", .reason = "t" };
	char id[INTENT_ID_SIZE];

	world_validated(world, &input, id);
	struct intent twin = world_plan(world, &input);
	assert_status(world, world_validate(world, twin.id), STATUS_NO);
	assert_has_text(world_text(world, "SELECT code FROM report_checks WHERE status = 'FAIL'"), "duplicate");
	/* 4 % of 1000 are there; each operation has nearly 1 % at risk. */
	for (int i = 0; i < 4; i++)
		world_open_long(world, "98", NULL);
	struct plan_input fifth = { .side = "buy", .symbol = BTC, .stop = "98", .reason = "t" };
	struct intent intent = world_plan(world, &fifth);
	assert_status(world, world_validate(world, intent.id), STATUS_NO);
	assert_int_equal(world_count(world, "SELECT count(*) FROM report_checks WHERE status = 'FAIL' AND name = 'budget'"), 1);
}

static void
readonly_writes_nothing_anywhere(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98", .reason = "t" };
	struct intent pending = world_plan(world, &input), intent;
	struct strategy_input strategy = { .name = "New" };
	struct strategy ret;
	struct report report;
	struct desk *desk;
	int64_t op = world_open_long(world, "98", NULL), wish = 0;
	struct desk_setup setup = { .store = world->a.store, .settings = &world->settings, .client_id = 1,
	                            .actor = "person/looker", .is_readonly = true };

	assert_ok(world, desk_open(&setup, &desk, &world->err));
	char *before = world_dump(world);
	assert_status(world, desk_plan(desk, &input, &intent, &world->err), STATUS_REFUSED);
	assert_status(world, desk_validate(desk, pending.id, false, &intent, &report, &world->err), STATUS_REFUSED);
	assert_status(world, desk_wish_execute(desk, pending.id, false, false, 1, &wish, &world->err), STATUS_REFUSED);
	assert_status(world, desk_wish_cancel(desk, pending.id, 1, &wish, &world->err), STATUS_REFUSED);
	assert_status(world, desk_wish_close(desk, op, 1, &wish, &world->err), STATUS_REFUSED);
	assert_status(world, desk_wish_stop(desk, op, "99", false, 1, &wish, &world->err), STATUS_REFUSED);
	assert_status(world, desk_wish_target(desk, op, "110", 1, &wish, &world->err), STATUS_REFUSED);
	assert_status(world, desk_wish_release(desk, op, "why", false, 1, &wish, &world->err), STATUS_REFUSED);
	assert_status(world, desk_wish_panic(desk, "why", 1, &wish, &world->err), STATUS_REFUSED);
	assert_status(world, desk_wish_check(desk, 1, &wish, &world->err), STATUS_REFUSED);
	assert_status(world, desk_pause(desk, "why", &world->err), STATUS_REFUSED);
	assert_status(world, desk_resume(desk, &world->err), STATUS_REFUSED);
	assert_status(world, desk_live_switch(desk, true, &world->err), STATUS_REFUSED);
	assert_status(world, desk_strategy_add(desk, &strategy, &ret, &world->err), STATUS_REFUSED);
	assert_status(world, desk_take_hold(desk, &world->err), STATUS_REFUSED);
	char *after = world_dump(world);
	assert_string_equal(before, after);
	free(before);
	free(after);
	desk_close(desk);
}

static void
a_recheck_writes_nothing(void **state)
{
	struct world *world = *state;
	struct plan_input input = { .side = "buy", .symbol = BTC, .stop = "98", .reason = "t" };
	struct report report;
	char id[INTENT_ID_SIZE];

	world_validated(world, &input, id);
	char *before = world_dump(world);
	assert_ok(world, desk_recheck(world->a.desk, id, false, &report, &world->err));
	assert_int_equal(report.failures, 0);
	assert_ok(world, desk_recheck(world->a.desk, id, true, &report, &world->err));
	assert_true(report.failures > 0 || report.missing != 0);
	char *after = world_dump(world);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

static void
a_client_id_is_positive(void **state)
{
	struct world *world = *state;
	struct desk_setup setup = { .store = world->a.store, .settings = &world->settings, .client_id = 0, .actor = "x" };
	struct desk *desk;

	assert_status(world, desk_open(&setup, &desk, &world->err), STATUS_USAGE);
	assert_string_equal(world->err.field, "client-id");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
		TEST(every_field_that_is_wrong_is_named_and_nothing_is_written),
		TEST(several_wrong_fields_are_all_shown_once_each),
		TEST(capital_is_never_guessed),
		TEST(what_outsiders_type_can_not_control_a_terminal),
		TEST(the_worked_numbers_come_out),
		TEST(percent_and_r_become_levels),
		TEST(a_market_entry_is_planned_at_its_worst_permitted_fill),
		TEST(a_market_entry_needs_a_fresh_price_and_a_limit_does_not),
		TEST(a_preview_says_what_the_plan_would_be),
		TEST(a_typed_quantity_is_kept_as_typed_and_judged_by_the_size_guard),
		TEST(the_strategy_lowers_the_risk_and_is_found_in_any_case),
		TEST(a_clone_is_its_parent_with_what_is_given_changed),
		TEST(a_clone_of_a_failed_one_can_be_validated),
		TEST(clients_do_not_see_each_others_intents),
		TEST(validation_writes_status_report_base_and_event_together),
		TEST(validating_twice_gives_the_same_answer_and_writes_nothing),
		TEST(what_has_ended_or_runs_can_not_be_validated),
		TEST(a_missing_fact_leaves_it_pending_and_names_it),
		TEST(a_symbol_that_the_exchange_does_not_list_fails),
		TEST(size_follows_what_became_of_the_account_and_only_shrinks),
		TEST(a_duplicate_and_an_exhausted_month_are_refused_through_the_desk),
		TEST(readonly_writes_nothing_anywhere),
		TEST(a_recheck_writes_nothing),
		TEST(a_client_id_is_positive),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
