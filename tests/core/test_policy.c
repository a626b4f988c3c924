/* Who may execute: every combination of facts against a rule written once more, from the document. */
#include "tests/core/decimals.h"

#include <string.h>

#include "base/text.h"
#include "core/policy.h"

enum { FACTS = 15 };

static struct error
why(bool is_shut, enum status status)
{
	struct error err = { 0 };
	if (is_shut) {
		error_set(&err, status, "because of %s", status_name(status));
		error_hint(&err, "do something");
	}
	return err;
}

static struct policy_facts
facts_of(unsigned bits)
{
	return (struct policy_facts){
		.source = bits & 1 ? SOURCE_PATTERN : SOURCE_MANUAL,
		.mode = bits & 2 ? MODE_LIVE : MODE_DRY_RUN,
		.side = bits & 4 ? SIDE_SELL : SIDE_BUY,
		.is_paused = bits & 8, .pause_reason = "lunch",
		.is_live_switch_on = bits & 16, .is_readonly = bits & 32,
		.is_acknowledged = bits & 64, .is_replay = bits & 128,
		.has_live_exchange = bits & 256, .patterns_auto_dry_run = bits & 512,
		.pattern_executions_today = bits & 1024 ? 10 : 9, .patterns_per_day = 10,
		.key = why(bits & 2048, STATUS_CONFIG), .elsewhere = why(bits & 4096, STATUS_REFUSED),
		.machine = why(bits & 8192, STATUS_REFUSED), .blocker = why(bits & 16384, STATUS_NO),
	};
}

/* Exit 77 for what is refused, exit 1 for PAUSED, and refusals first; the names in their order. */
static const char *
expected_gate(unsigned bits)
{
	bool pattern = bits & 1, live = bits & 2;

	if (bits & 32)
		return "readonly";
	if (pattern && live)
		return "pattern.live";
	if (pattern && !(bits & 512))
		return "pattern.not_allowed";
	if (pattern && (bits & 1024))
		return "pattern.day_limit";
	if (live) {
		if (bits & 128)
			return "live.replay";
		if (!(bits & 16))
			return "live.switch_off";
		if (bits & 4)
			return "live.sell";
		if (!(bits & 64))
			return "live.not_acknowledged";
		if (bits & 2048)
			return "live.key";
		if (!(bits & 256))
			return "live.no_exchange";
		if (bits & 4096)
			return "live.elsewhere";
		if (bits & 8192)
			return "live.machine";
	}
	return bits & 8 ? "paused" : live && (bits & 16384) ? "live.blocker" : "";
}

/* Exit 78 for a wrong key, 1 for PAUSED and blockers, 77 for all that is refused. */
static enum status
expected_status(const char *gate)
{
	if (gate[0] == '\0')
		return STATUS_OK;
	if (strcmp(gate, "live.key") == 0)
		return STATUS_CONFIG;
	return strcmp(gate, "paused") == 0 || strcmp(gate, "live.blocker") == 0 ? STATUS_NO
	                                                                        : STATUS_REFUSED;
}

static void
answers_every_combination_of_facts_as_the_table_says(void **state)
{
	int allowed = 0;

	(void)state;
	for (unsigned bits = 0; bits < 1u << FACTS; bits++) {
		struct policy_facts facts = facts_of(bits);
		const char *gate = expected_gate(bits);
		struct error err;
		error_clear(&err);
		enum status status = policy_may_execute(&facts, &err);
		assert_string_equal(policy_gate(&facts), gate);
		assert_int_equal(status, expected_status(gate));
		assert_int_equal(err.status, status);
		assert_int_equal(err.message[0] != '\0', status != STATUS_OK);
		assert_int_equal(err.hint[0] != '\0', status != STATUS_OK);
		assert_int_equal(status, policy_may_execute(&facts, NULL));
		allowed += status == STATUS_OK;
	}
	/* Not readonly, not paused.  DRY-RUN: 2^11 sets of other facts by a person, and by a pattern those
	 * that the setting and the limit allow, a quarter of them.  LIVE: 1 set of nine gates times
	 * 2^2 of what only concerns patterns. */
	assert_int_equal(allowed, 2048 + 512 + 4);
}

static void
never_lets_a_pattern_go_live(void **state)
{
	(void)state;
	for (unsigned bits = 0; bits < 1u << FACTS; bits++) {
		struct policy_facts facts = facts_of(bits | 3);
		assert_int_equal(policy_may_execute(&facts, NULL), STATUS_REFUSED);
	}
}

static void
counts_patterns_up_to_the_limit_of_the_day(void **state)
{
	struct policy_facts facts = { .source = SOURCE_PATTERN, .patterns_auto_dry_run = true,
	                              .patterns_per_day = 10, .pattern_executions_today = 9 };
	struct error err;

	(void)state;
	assert_int_equal(policy_may_execute(&facts, &err), STATUS_OK);
	facts.pattern_executions_today = 10;
	assert_int_equal(policy_may_execute(&facts, &err), STATUS_REFUSED);
	assert_non_null(strstr(err.message, "executed 10 intents today, and 10 a day"));
	facts.patterns_per_day = 0;
	facts.pattern_executions_today = 0;
	assert_int_equal(policy_may_execute(&facts, &err), STATUS_REFUSED);
}

static void
says_why_the_book_is_paused(void **state)
{
	struct policy_facts facts = { .is_paused = true, .pause_reason = "news at 14:00" };
	struct error err;

	(void)state;
	assert_int_equal(policy_may_execute(&facts, &err), STATUS_NO);
	assert_string_equal(err.message, "PAUSED: news at 14:00");
	facts.pause_reason[0] = '\0';
	assert_int_equal(policy_may_execute(&facts, &err), STATUS_NO);
	assert_string_equal(err.message, "PAUSED: no reason given");
}

static void
says_in_the_facts_own_words_what_stands_in_the_way_of_live(void **state)
{
	struct policy_facts facts = { .mode = MODE_LIVE, .is_live_switch_on = true,
	                              .is_acknowledged = true, .has_live_exchange = true };
	struct error err;

	(void)state;
	error_clear(&err);
	assert_int_equal(policy_may_execute(&facts, &err), STATUS_OK);
	error_set(&facts.blocker, STATUS_NO, "order 77 is in no book");
	error_hint(&facts.blocker, "look at it");
	assert_int_equal(policy_may_execute(&facts, &err), STATUS_NO);
	assert_string_equal(err.message, "order 77 is in no book");
	assert_string_equal(err.hint, "look at it");
	error_set(&facts.machine, STATUS_REFUSED, "it was restored");
	assert_int_equal(policy_may_execute(&facts, &err), STATUS_REFUSED);
	assert_string_equal(err.message, "it was restored");
	error_set(&facts.elsewhere, STATUS_REFUSED, "it lives in account 1");
	assert_int_equal(policy_may_execute(&facts, &err), STATUS_REFUSED);
	assert_string_equal(err.message, "it lives in account 1");
	error_set(&facts.key, STATUS_CONFIG, "Invalid API-key");
	assert_int_equal(policy_may_execute(&facts, &err), STATUS_CONFIG);
	assert_string_equal(err.message, "Invalid API-key");
	/* None of it is a DRY-RUN's business. */
	facts.mode = MODE_DRY_RUN;
	assert_int_equal(policy_may_execute(&facts, &err), STATUS_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_every_combination_of_facts_as_the_table_says),
		cmocka_unit_test(never_lets_a_pattern_go_live),
		cmocka_unit_test(counts_patterns_up_to_the_limit_of_the_day),
		cmocka_unit_test(says_why_the_book_is_paused),
		cmocka_unit_test(says_in_the_facts_own_words_what_stands_in_the_way_of_live),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
