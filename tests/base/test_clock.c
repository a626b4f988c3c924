#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "base/clock.h"

static const int64_t last_ms = INT64_C(253402300799999);
static const int64_t day_ms = INT64_C(86400000);

static void
formats_utc_with_milliseconds(void **state)
{
	static const struct { int64_t ms; const char *iso; } cases[] = {
		{ 0, "1970-01-01T00:00:00.000Z" },
		{ 1, "1970-01-01T00:00:00.001Z" },
		{ INT64_C(1769868131123), "2026-01-31T14:02:11.123Z" },
		{ INT64_C(951782400000), "2000-02-29T00:00:00.000Z" },
		{ INT64_C(951868799999), "2000-02-29T23:59:59.999Z" },
		{ INT64_C(951868800000), "2000-03-01T00:00:00.000Z" },
		{ INT64_C(4107542400000), "2100-03-01T00:00:00.000Z" },
		{ INT64_C(253402300799999), "9999-12-31T23:59:59.999Z" },
		{ -1, "1970-01-01T00:00:00.000Z" },
		{ INT64_MIN, "1970-01-01T00:00:00.000Z" },
		{ INT64_C(253402300800000), "9999-12-31T23:59:59.999Z" },
		{ INT64_MAX, "9999-12-31T23:59:59.999Z" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[CLOCK_TEXT_SIZE];
		clock_format_iso(cases[i].ms, text);
		assert_string_equal(text, cases[i].iso);
	}
}

static void
agrees_with_the_c_library_on_every_day_until_2400(void **state)
{
	(void)state;
	for (int64_t day = 0; day < 157054; day++) {
		char text[CLOCK_TEXT_SIZE], wanted[CLOCK_TEXT_SIZE * 2];
		time_t seconds = (time_t)(day * 86400);
		struct tm tm;
		int64_t ms;
		gmtime_r(&seconds, &tm);
		snprintf(wanted, sizeof wanted, "%04d-%02d-%02dT00:00:00.000Z", tm.tm_year + 1900,
		         tm.tm_mon + 1, tm.tm_mday);
		clock_format_iso(day * day_ms, text);
		assert_string_equal(text, wanted);
		assert_int_equal(clock_parse(text, &ms), STATUS_OK);
		assert_int_equal(ms, day * day_ms);
		assert_int_equal(clock_month_start(day * day_ms + 4711),
		                 (day - tm.tm_mday + 1) * day_ms);
		assert_int_equal(clock_day_start(day * day_ms + 4711), day * day_ms);
	}
}

static void
reads_what_it_writes_and_what_people_write(void **state)
{
	static const struct { const char *text; int64_t ms; } cases[] = {
		{ "2026-01-31T14:02:11.123Z", INT64_C(1769868131123) },
		{ "2026-01-31 14:02:11.123Z", INT64_C(1769868131123) },
		{ "2026-01-31T14:02:11.123", INT64_C(1769868131123) },
		{ "2026-01-31T14:02:11Z", INT64_C(1769868131000) },
		{ "2026-01-31 14:02:11", INT64_C(1769868131000) },
		{ "2026-01-31 14:02", INT64_C(1769868120000) },
		{ "2026-01-31", INT64_C(1769817600000) },
		{ "2026-01-31T14:02:11.1Z", INT64_C(1769868131100) },
		{ "2026-01-31T14:02:11.1239999Z", INT64_C(1769868131123) },
		{ "2026-01-31T16:02:11.123+02:00", INT64_C(1769868131123) },
		{ "2026-01-31T16:32:11.123+0230", INT64_C(1769868131123) },
		{ "2026-01-31T09:02:11.123-05", INT64_C(1769868131123) },
		{ "2026-01-31T14:02:11.123-00:00", INT64_C(1769868131123) },
		{ "1769868131123", INT64_C(1769868131123) },
		{ "0", 0 },
		{ "2026", 2026 },
		{ "00000000000000000000000000012", 12 },
		{ "253402300799999", INT64_C(253402300799999) },
		{ "1970-01-01", 0 },
		{ "1970-01-01T01:00:00+01:00", 0 },
		{ "9999-12-31T23:59:59.999Z", INT64_C(253402300799999) },
		{ "2024-02-29", INT64_C(1709164800000) },
		{ "2000-02-29", INT64_C(951782400000) },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t ms = -1;
		if (clock_parse(cases[i].text, &ms) != STATUS_OK)
			fail_msg("'%s' was refused", cases[i].text);
		assert_int_equal(ms, cases[i].ms);
	}
}

static void
refuses_what_is_no_time(void **state)
{
	static const char *const cases[] = {
		"", " ", "x", "-1", "+1", "12x", "1.5", "now", "123456789012345678901234567890x",
		"2026-", "2026-1-31", "2026-01", "2026-01-", "2026-01-3", "2026-01-31x", "2026/01/31",
		"2026-13-01", "2026-00-10", "2026-01-00", "2026-01-32", "2026-04-31", "2026-02-29",
		"2100-02-29", "2024-02-30", "2026-0a-01", "2026-01-0a", "2026-01x31",
		"2026-01-31T", "2026-01-31T1", "2026-01-31T14", "2026-01-31T14:", "2026-01-31T14:0",
		"2026-01-31T14:02:", "2026-01-31T14:02:1", "2026-01-31T14:02:11.", "2026-01-31T14:02:11.Z",
		"2026-01-31T24:00:00Z", "2026-01-31T14:60:00Z", "2026-01-31T14:02:60Z",
		"2026-01-31T14:02:11ZZ", "2026-01-31T14:02:11z", "2026-01-31T14:02:11 Z",
		"2026-01-31T14:02:11+", "2026-01-31T14:02:11+2", "2026-01-31T14:02:11+24:00",
		"2026-01-31T14:02:11+02:", "2026-01-31T14:02:11+02:6", "2026-01-31T14:02:11+02:60",
		"2026-01-31T14:02:11+02:00x", "2026-01-31T14:02:11+0x:00", "2026-01-31T14:02:11.123Z ",
		"2026-01-31  14:02:11",
	};
	int64_t ms = 42;
	(void)state;
	assert_int_equal(clock_parse(NULL, &ms), STATUS_INVALID);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (clock_parse(cases[i], &ms) != STATUS_INVALID)
			fail_msg("'%s' was read", cases[i]);
	assert_int_equal(ms, 42);
}

static void
refuses_times_beyond_the_calendar(void **state)
{
	static const char *const cases[] = {
		"1969-12-31", "0000-01-01", "1970-01-01T00:00:00+01:00", "9999-12-31T23:59:59.999-00:01",
		"253402300800000", "99999999999999999999999999999999", "9223372036854775808",
	};
	int64_t ms = 42;
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (clock_parse(cases[i], &ms) != STATUS_RANGE)
			fail_msg("'%s' was not refused as out of range", cases[i]);
	assert_int_equal(ms, 42);
}

static void
formats_the_time_of_day(void **state)
{
	char text[CLOCK_TEXT_SIZE];
	(void)state;
	clock_format_time(INT64_C(1769868131999), text);
	assert_string_equal(text, "14:02:11");
	clock_format_time(0, text);
	assert_string_equal(text, "00:00:00");
	clock_format_time(last_ms, text);
	assert_string_equal(text, "23:59:59");
	clock_format_time(-5, text);
	assert_string_equal(text, "00:00:00");
}

static void
shows_an_age_in_the_shortest_form_that_helps(void **state)
{
	static const struct { int64_t ms; const char *text; } cases[] = {
		{ INT64_MIN, "0.0 s" }, { -1, "0.0 s" }, { 0, "0.0 s" }, { 99, "0.0 s" }, { 100, "0.1 s" },
		{ 300, "0.3 s" }, { 999, "0.9 s" }, { 1000, "1.0 s" }, { 9999, "9.9 s" },
		{ 10000, "10s" }, { 13000, "13s" }, { 59999, "59s" }, { 60000, "1m" }, { 240000, "4m" },
		{ 3599999, "59m" }, { 3600000, "1h" }, { 86399999, "23h" }, { 86400000, "1d" },
		{ INT64_C(86400000) * 400, "400d" },
	};
	char text[CLOCK_TEXT_SIZE];
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		clock_format_age(cases[i].ms, text);
		assert_string_equal(text, cases[i].text);
	}
	clock_format_age(INT64_MAX, text);
	assert_string_equal(text, "106751991167d");
}

static void
days_and_months_begin_at_midnight_utc(void **state)
{
	(void)state;
	assert_int_equal(clock_day_start(0), 0);
	assert_int_equal(clock_day_start(day_ms - 1), 0);
	assert_int_equal(clock_day_start(day_ms), day_ms);
	assert_int_equal(clock_day_start(-1), -day_ms);
	assert_int_equal(clock_day_start(-day_ms), -day_ms);
	assert_int_equal(clock_month_start(0), 0);
	assert_int_equal(clock_month_start(31 * day_ms - 1), 0);
	assert_int_equal(clock_month_start(31 * day_ms), 31 * day_ms);
	assert_int_equal(clock_month_start(-1), -31 * day_ms);
	/* 29 February 2024, 31 December 2025 */
	assert_int_equal(clock_month_start(INT64_C(1709251199999)), INT64_C(1706745600000));
	assert_int_equal(clock_month_start(INT64_C(1767225599999)), INT64_C(1764547200000));
}

static void
the_machines_clocks_go_forward(void **state)
{
	(void)state;
	int64_t us = clock_mono_us(), ms = clock_mono_ms();
	assert_true(ms >= us / 1000);
	assert_true(clock_mono_us() >= us);
	assert_true(ms - us / 1000 < 60000);
	assert_true(clock_wall_ms() > INT64_C(1700000000000));
	assert_true(clock_wall_ms() < last_ms);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_utc_with_milliseconds),
		cmocka_unit_test(agrees_with_the_c_library_on_every_day_until_2400),
		cmocka_unit_test(reads_what_it_writes_and_what_people_write),
		cmocka_unit_test(refuses_what_is_no_time),
		cmocka_unit_test(refuses_times_beyond_the_calendar),
		cmocka_unit_test(formats_the_time_of_day),
		cmocka_unit_test(shows_an_age_in_the_shortest_form_that_helps),
		cmocka_unit_test(days_and_months_begin_at_midnight_utc),
		cmocka_unit_test(the_machines_clocks_go_forward),
	};
	return cmocka_run_group_tests_name("base/clock", tests, NULL, NULL);
}
