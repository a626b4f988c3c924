/* The intent's table of states, arrow by arrow and non-arrow by non-arrow, and its words. */
#include "tests/core/arrows.h"
#include "tests/core/decimals.h"

#include "core/intent.h"

/* Transcribed from the document of the domain, "States", Intent. */
static const struct arrow arrows[] = {
	{ INTENT_PENDING, INTENT_ON_APPROVED, INTENT_VALIDATED },     /* no guard FAILs */
	{ INTENT_PENDING, INTENT_ON_DISAPPROVED, INTENT_FAILED },     /* a guard FAILs */
	{ INTENT_VALIDATED, INTENT_ON_EXECUTE, INTENT_EXECUTING },    /* guards again, none FAILs */
	{ INTENT_EXECUTING, INTENT_ON_FILLED, INTENT_EXECUTED },      /* ended, anything filled */
	{ INTENT_EXECUTING, INTENT_ON_UNFILLED, INTENT_FAILED },      /* ended, nothing filled */
	{ INTENT_PENDING, INTENT_ON_CANCEL, INTENT_CANCELLED },
	{ INTENT_VALIDATED, INTENT_ON_CANCEL, INTENT_CANCELLED },
};

static void
takes_every_arrow_of_the_table_and_no_other(void **state)
{
	(void)state;
	for (int from = 0; from < INTENT_STATUS_COUNT; from++)
		for (int on = 0; on < INTENT_EVENT_COUNT; on++) {
			int to = arrow_leads(arrows, ARRAY_LEN(arrows), from, on);
			enum intent_status got = INTENT_STATUS_COUNT;
			enum status status = intent_next((enum intent_status)from, (enum intent_event)on, &got);
			assert_int_equal(status, to < 0 ? STATUS_CONFLICT : STATUS_OK);
			assert_int_equal(got, to < 0 ? INTENT_STATUS_COUNT : to);
		}
}

static void
may_become_only_what_an_arrow_leads_to(void **state)
{
	(void)state;
	for (int from = 0; from < INTENT_STATUS_COUNT; from++)
		for (int to = 0; to < INTENT_STATUS_COUNT; to++)
			assert_int_equal(
				intent_may_become((enum intent_status)from, (enum intent_status)to),
				arrow_between(arrows, ARRAY_LEN(arrows), from, to));
}

static void
is_final_once_executed_failed_or_cancelled(void **state)
{
	(void)state;
	assert_false(intent_is_final(INTENT_PENDING));
	assert_false(intent_is_final(INTENT_VALIDATED));
	assert_false(intent_is_final(INTENT_EXECUTING));
	assert_true(intent_is_final(INTENT_EXECUTED));
	assert_true(intent_is_final(INTENT_FAILED));
	assert_true(intent_is_final(INTENT_CANCELLED));
}

static void
reads_back_every_status_that_it_writes(void **state)
{
	static const char *const names[] = { "PENDING", "VALIDATED", "EXECUTING", "EXECUTED",
	                                     "FAILED", "CANCELLED" };
	(void)state;
	assert_int_equal(ARRAY_LEN(names), INTENT_STATUS_COUNT);
	for (int i = 0; i < INTENT_STATUS_COUNT; i++) {
		enum intent_status got = INTENT_STATUS_COUNT;
		assert_string_equal(intent_status_name((enum intent_status)i), names[i]);
		assert_int_equal(intent_status_parse(names[i], &got), STATUS_OK);
		assert_int_equal(got, i);
	}
	enum intent_status got = INTENT_FAILED;
	assert_int_equal(intent_status_parse("executing", &got), STATUS_OK);
	assert_int_equal(got, INTENT_EXECUTING);
	assert_int_equal(intent_status_parse("EXECUTE", &got), STATUS_INVALID);
	assert_int_equal(intent_status_parse("", &got), STATUS_INVALID);
	assert_int_equal(intent_status_parse(NULL, &got), STATUS_INVALID);
	assert_int_equal(got, INTENT_EXECUTING);
}

static void
reads_back_its_other_words(void **state)
{
	enum entry_kind kind = ENTRY_MARKET;
	enum stop_origin origin = STOP_TYPED;
	enum source source = SOURCE_MANUAL;

	(void)state;
	assert_string_equal(entry_kind_name(ENTRY_MARKET), "MARKET");
	assert_string_equal(entry_kind_name(ENTRY_LIMIT), "LIMIT");
	assert_int_equal(entry_kind_parse("limit", &kind), STATUS_OK);
	assert_int_equal(kind, ENTRY_LIMIT);
	assert_int_equal(entry_kind_parse("MARKET", &kind), STATUS_OK);
	assert_int_equal(kind, ENTRY_MARKET);
	assert_int_equal(entry_kind_parse("STOP", &kind), STATUS_INVALID);

	assert_string_equal(stop_origin_name(STOP_TYPED), "typed");
	assert_string_equal(stop_origin_name(STOP_PERCENT), "percent");
	assert_string_equal(stop_origin_name(STOP_TECHNICAL), "technical");
	assert_int_equal(stop_origin_parse("technical", &origin), STATUS_OK);
	assert_int_equal(origin, STOP_TECHNICAL);
	assert_int_equal(stop_origin_parse("guess", &origin), STATUS_INVALID);

	assert_string_equal(source_name(SOURCE_MANUAL), "manual");
	assert_string_equal(source_name(SOURCE_PATTERN), "pattern");
	assert_int_equal(source_parse("pattern", &source), STATUS_OK);
	assert_int_equal(source, SOURCE_PATTERN);
	assert_int_equal(source_parse("robot", &source), STATUS_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_every_arrow_of_the_table_and_no_other),
		cmocka_unit_test(may_become_only_what_an_arrow_leads_to),
		cmocka_unit_test(is_final_once_executed_failed_or_cancelled),
		cmocka_unit_test(reads_back_every_status_that_it_writes),
		cmocka_unit_test(reads_back_its_other_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
