/* Tapes: what is one, and how each fault is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/text.h"
#include "feed/tape.h"

static struct tape *
tape_of_bytes(const char *bytes, size_t len, struct error *err)
{
	char path[] = "/tmp/robson-tape-XXXXXX";
	int fd = mkstemp(path);
	struct tape *tape = NULL;
	assert_true(fd >= 0);
	unlink(path);
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	if (tape_open_fd(fd, "t.csv", &tape, err) != STATUS_OK)
		return NULL;
	return tape;
}

static struct tape *
tape_of(const char *text, struct error *err)
{
	return tape_of_bytes(text, strlen(text), err);
}

/* Reads all; returns the number of good rows, err is set by the first bad one. */
static int
read_all(const char *text, struct tape_row *ret_last, struct error *err)
{
	struct tape *tape = tape_of(text, err);
	bool has_row = true;
	int rows = 0;
	if (tape == NULL)
		return -1;
	while (tape_next(tape, ret_last, &has_row, err) == STATUS_OK && has_row)
		rows++;
	tape_close(tape);
	return rows;
}

static void
quotes_are_read(void **state)
{
	(void)state;
	struct tape_row row;
	struct error err = { 0 };
	assert_int_equal(read_all("time,symbol,bid,ask\n"
	                          "1767571200000,BTCUSDC,97000.00,97000.01\n"
	                          "2026-01-05T00:00:01.500Z,btcusdc,97001,97001\n", &row, &err), 2);
	assert_int_equal(err.status, STATUS_OK);
	assert_int_equal(row.time_ms, INT64_C(1767571201500));
	assert_string_equal(row.symbol, "BTCUSDC");
	assert_int_equal(row.line, 3);
	assert_int_equal(decimal_cmp(row.bid, decimal_from_int(97001)), 0);
	assert_int_equal(decimal_cmp(row.ask, decimal_from_int(97001)), 0);
}

static void
candles_are_read(void **state)
{
	(void)state;
	struct tape_row row;
	struct error err = { 0 };
	assert_int_equal(read_all("time,symbol,open,high,low,close,volume\n"
	                          "0,XRPETH,2,4,1,3,0\n", &row, &err), 1);
	assert_int_equal(decimal_cmp(row.high, decimal_from_int(4)), 0);
	assert_int_equal(decimal_cmp(row.low, decimal_from_int(1)), 0);
}

static void
line_ends_marks_blank_lines_and_a_missing_last_newline_do_not_matter(void **state)
{
	(void)state;
	struct tape_row row;
	struct error err = { 0 };
	assert_int_equal(read_all("\xef\xbb\xbftime,symbol,bid,ask\r\n\r\n1,AB,1,2\r\n\r\n2,AB,1,2", &row,
	                          &err), 2);
	assert_int_equal(err.status, STATUS_OK);
	assert_int_equal(row.line, 5);
}

static void
a_comment_above_the_header_is_the_label(void **state)
{
	(void)state;
	struct error err = { 0 };
	struct tape *tape = tape_of("# synthetic, \x1b[31m made\n# more\ntime,symbol,bid,ask\n", &err);
	assert_non_null(tape);
	assert_string_equal(tape_label(tape), "synthetic, ?[31m made");
	assert_false(tape_has_candles(tape));
	tape_close(tape);
}

static void
every_fault_names_its_line_and_field(void **state)
{
#define H "time,symbol,bid,ask\n"
#define C "time,symbol,open,high,low,close,volume\n"
	static const struct { const char *text, *at, *field; } faults[] = {
		{ "", "t.csv is empty", "" },
		{ "\n\n", "t.csv is empty", "" },
		{ "# only a comment\n", "t.csv is empty", "" },
		{ "time,symbol,bid\n", "t.csv:1: not the header", "" },
		{ "time;symbol;bid;ask\n", "t.csv:1: not the header", "" },
		{ "1,AB,1,2\n", "t.csv:1: not the header", "" },
		{ H "1,AB,1\n", "t.csv:2: 3 fields", "" },
		{ H "1,AB,1,2,3\n", "t.csv:2: 5 fields", "" },
		{ H "1,AB,1,2,3,4,5,6,7,8,9\n", "t.csv:2: 8 fields", "" },
		{ H "# late\n", "t.csv:2: 1 fields", "" },
		{ H "yesterday,AB,1,2\n", "t.csv:2: time 'yesterday'", "time" },
		{ H "-1,AB,1,2\n", "t.csv:2: time '-1'", "time" },
		{ H "99999999999999999999,AB,1,2\n", "t.csv:2: time '99999999999999999999'", "time" },
		{ H "5,AB,1,2\n4,AB,1,2\n", "t.csv:3: time '4' is before", "time" },
		{ H "1,,1,2\n", "t.csv:2: symbol ''", "symbol" },
		{ H "1,A B,1,2\n", "t.csv:2: symbol 'A B'", "symbol" },
		{ H "1,AB,x,2\n", "t.csv:2: bid 'x'", "bid" },
		{ H "1,AB,,2\n", "t.csv:2: bid ''", "bid" },
		{ H "1,AB,0,2\n", "t.csv:2: bid '0' is not above zero", "bid" },
		{ H "1,AB,-1,2\n", "t.csv:2: bid '-1'", "bid" },
		{ H "1,AB,1e3,2000\n", "t.csv:2: bid '1e3'", "bid" },
		{ H "1,AB, 1,2\n", "t.csv:2: bid ' 1'", "bid" },
		{ H "1,AB,nan,2\n", "t.csv:2: bid 'nan'", "bid" },
		{ H "1,AB,1,1.00000000000000001\n", "t.csv:2: ask", "ask" },
		{ H "1,AB,1,1234567890123456789\n", "t.csv:2: ask", "ask" },
		{ H "1,AB,2,1\n", "t.csv:2: ask '1' is below the bid", "ask" },
		{ H "1,AB,\"1\",2\n", "t.csv:2: bid '\"1\"'", "bid" },
		{ C "1,AB,2,1,1,1,0\n", "t.csv:2: high '1'", "high" },
		{ C "1,AB,2,3,2.5,2,0\n", "t.csv:2: low '2.5'", "low" },
		{ C "1,AB,2,3,0,2,0\n", "t.csv:2: low '0'", "low" },
		{ C "1,AB,2,3,1,2,-1\n", "t.csv:2: volume '-1'", "volume" },
		{ C "1,AB,2,3,1,2,\n", "t.csv:2: volume ''", "volume" },
		{ C "1,AB,2,3,1,x,0\n", "t.csv:2: close 'x'", "close" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		struct tape_row row;
		struct error err = { 0 };
		read_all(faults[i].text, &row, &err);
		if (err.status != STATUS_INVALID || !text_has_prefix(err.message, faults[i].at) ||
		    strcmp(err.field, faults[i].field) != 0)
			fail_msg("%s: got '%s' (field '%s')", faults[i].text, err.message, err.field);
	}
}

static void
bytes_that_are_no_text_are_refused(void **state)
{
	(void)state;
	struct tape_row row;
	bool has_row = false;
	struct error err = { 0 };
	static const char zero[] = "time,symbol,bid,ask\n1,AB,1\0,2\n";
	struct tape *tape = tape_of_bytes(zero, sizeof zero - 1, &err);
	assert_non_null(tape);
	assert_int_equal(tape_next(tape, &row, &has_row, &err), STATUS_INVALID);
	assert_non_null(strstr(err.message, "t.csv:2: a zero byte"));
	tape_close(tape);

	char *line = malloc(200000);
	assert_non_null(line);
	memset(line, 'x', 200000);
	assert_null(tape_of_bytes(line, 200000, &err));
	assert_non_null(strstr(err.message, "t.csv:1: the line is too long"));
	free(line);
}

static void
a_fault_in_a_row_is_shown_harmless(void **state)
{
	(void)state;
	struct tape_row row;
	struct error err = { 0 };
	read_all("time,symbol,bid,ask\n1,A\x1b]0;x\x07,1,2\n", &row, &err);
	assert_null(strchr(err.message, 0x1b));
	assert_null(strchr(err.message, 0x07));
}

static void
rows_across_the_buffers_edge_are_whole(void **state)
{
	(void)state;
	struct text text = { 0 };
	struct error err = { 0 };
	struct tape_row row;
	text_append(&text, "time,symbol,bid,ask\n");
	for (int i = 0; i < 20000; i++)
		text_appendf(&text, "%d,AB%d,%d.25,%d.5\n", 1000 + i, i % 7, i + 1, i + 1);
	assert_int_equal(read_all(text.data, &row, &err), 20000);
	assert_int_equal(row.time_ms, 20999);
	assert_int_equal(err.status, STATUS_OK);
	text_done(&text);
}

static void
it_can_be_read_again_from_the_start(void **state)
{
	(void)state;
	struct error err = { 0 };
	struct tape_row row;
	bool has_row = false;
	struct tape *tape = tape_of("# a\ntime,symbol,bid,ask\n5,AB,1,2\n6,AB,1,2\n", &err);
	assert_int_equal(tape_next(tape, &row, &has_row, &err), STATUS_OK);
	assert_int_equal(tape_next(tape, &row, &has_row, &err), STATUS_OK);
	assert_int_equal(tape_rewind(tape, &err), STATUS_OK);
	assert_int_equal(tape_next(tape, &row, &has_row, &err), STATUS_OK);
	assert_true(has_row);
	assert_int_equal(row.time_ms, 5);
	assert_int_equal(row.line, 3);
	tape_close(tape);
}

static void
what_is_no_file_is_refused_without_waiting(void **state)
{
	(void)state;
	struct tape *tape = NULL;
	struct error err = { 0 };
	char dir[] = "/tmp/robson-tape-XXXXXX", pipe[64];
	assert_non_null(mkdtemp(dir));
	assert_int_equal(tape_open(dir, &tape, &err), STATUS_INVALID);
	assert_non_null(strstr(err.message, "is not a file"));
	text_format(pipe, sizeof pipe, "%s/p", dir);
	assert_int_equal(mkfifo(pipe, 0600), 0);
	assert_int_equal(tape_open(pipe, &tape, &err), STATUS_INVALID);
	unlink(pipe);
	assert_int_equal(tape_open(pipe, &tape, &err), STATUS_INVALID);
	assert_non_null(strstr(err.message, "can't be opened"));
	rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotes_are_read),
		cmocka_unit_test(candles_are_read),
		cmocka_unit_test(line_ends_marks_blank_lines_and_a_missing_last_newline_do_not_matter),
		cmocka_unit_test(a_comment_above_the_header_is_the_label),
		cmocka_unit_test(every_fault_names_its_line_and_field),
		cmocka_unit_test(bytes_that_are_no_text_are_refused),
		cmocka_unit_test(a_fault_in_a_row_is_shown_harmless),
		cmocka_unit_test(rows_across_the_buffers_edge_are_whole),
		cmocka_unit_test(it_can_be_read_again_from_the_start),
		cmocka_unit_test(what_is_no_file_is_refused_without_waiting),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
