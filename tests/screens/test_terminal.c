/* Purpose: ui/terminal in a real pseudo-terminal, as a person would see it. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "screens/pty.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static char demo_path[] = "tests/screens/demo";

static struct pty *
start(int rows, int cols, const char *const env[], char *first, char *second)
{
	char *argv[] = { demo_path, first, second, NULL };
	struct pty *pty = pty_start(rows, cols, argv, env);

	assert_non_null(pty);
	return pty;
}

static void
must_show(struct pty *pty, const char *text)
{
	if (pty_wait_text(pty, text, 5000))
		return;
	pty_show(pty);
	fail_msg("'%s' never came", text);
}

static void
ends_well(struct pty *pty)
{
	int status = -1;

	pty_send(pty, "q");
	assert_true(pty_wait_exit(pty, 5000, &status));
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_false(pty_alternate(pty));
	pty_stop(pty);
}

static void
shows_a_frame_and_gives_the_terminal_back(void **state)
{
	(void)state;
	struct pty *pty = start(24, 80, NULL, NULL, NULL);
	must_show(pty, "size 80x24");
	assert_true(pty_alternate(pty));
	assert_non_null(strstr(pty_row(pty, 0), "╭─ Demo ─"));
	assert_non_null(strstr(pty_row(pty, 23), "╰─ q quits ─"));
	/* The last cell of the last row too. */
	assert_string_equal(pty_cell(pty, 23, 79).text, "╯");
	ends_well(pty);
}

static void
shows_wide_and_combining_characters_and_makes_control_codes_harmless(void **state)
{
	(void)state;
	struct pty *pty = start(24, 80, NULL, NULL, NULL);
	must_show(pty, "wide 漢字 e\xcc\x81 ?[2J end");
	ends_well(pty);
}

static void
sends_keys_as_they_are_named(void **state)
{
	(void)state;
	struct pty *pty = start(24, 80, NULL, NULL, NULL);
	must_show(pty, "size 80x24");
	pty_send(pty, "aé\033[A\033OB\r\t\033[Z\033[3~\033[1;5C");
	must_show(pty, "keys a é #8 #9 #2 #3 #4 #6 #17 ");
	pty_send(pty, "\033");
	must_show(pty, "#17 #1");
	ends_well(pty);
}

static void
marks_what_was_pasted(void **state)
{
	(void)state;
	struct pty *pty = start(24, 80, NULL, NULL, NULL);
	must_show(pty, "size 80x24");
	pty_send(pty, "\033[200~q!\033[201~z");
	must_show(pty, "<paste p:q p:! paste> z");
	ends_well(pty);
}

static void
reports_the_mouse(void **state)
{
	(void)state;
	struct pty *pty = start(24, 80, NULL, NULL, NULL);
	must_show(pty, "size 80x24");
	pty_send(pty, "\033[<0;12;5M\033[<0;12;5m\033[<64;1;1M");
	must_show(pty, "keys mouse96@4,11 mouse97@0,0");
	ends_well(pty);
}

static void
swallows_sequences_that_mean_nothing(void **state)
{
	(void)state;
	struct pty *pty = start(24, 80, NULL, NULL, NULL);
	must_show(pty, "size 80x24");
	pty_send(pty, "\033[?62;22c\033]11;rgb:0/0/0\007\033P1$r0m\033\\\033[12;40R\033[99~z");
	must_show(pty, "keys z");
	assert_null(strstr(pty_row(pty, 3), "#"));
	ends_well(pty);
}

static void
follows_a_storm_of_sizes(void **state)
{
	(void)state;
	static const int sizes[][2] = { { 1, 1 }, { 2, 3 }, { 200, 300 }, { 5, 200 }, { 100, 2 },
		{ 24, 80 }, { 1, 80 }, { 60, 1 }, { 10, 40 } };
	struct pty *pty = start(24, 80, NULL, NULL, NULL);
	must_show(pty, "size 80x24");
	for (int round = 0; round < 5; round++)
		for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
			pty_resize(pty, sizes[i][0], sizes[i][1]);
			pty_read_for(pty, round == 0 ? 20 : 1);
		}
	pty_resize(pty, 30, 100);
	must_show(pty, "size 100x30");
	assert_non_null(strstr(pty_row(pty, 29), "╰─ q quits ─"));
	assert_string_equal(pty_cell(pty, 29, 99).text, "╯");
	ends_well(pty);
}

static void
keeps_its_pace_while_nobody_reads_the_line(void **state)
{
	(void)state;
	char pace[] = "/tmp/robson-pace-XXXXXX", option[] = "--pace";
	int fd = mkstemp(pace);
	assert_true(fd >= 0);
	struct pty *pty = start(60, 200, NULL, option, pace);
	must_show(pty, "size 200x60");
	pty_send(pty, "c");                       /* from here on every turn changes every cell */
	pty_read_for(pty, 200);
	pty_stall(pty, 3000);
	ends_well(pty);
	long longest_ms = -1, ticks = -1;
	FILE *file = fdopen(fd, "r");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%ld %ld", &longest_ms, &ticks), 2);
	fclose(file);
	unlink(pace);
	/* A blocked write would show as one pause of three seconds.  The machine may be busy. */
	assert_true(longest_ms < 1000);
	assert_true(ticks > 100);
}

static void
shows_the_newest_frame_after_a_stall(void **state)
{
	(void)state;
	struct pty *pty = start(60, 200, NULL, NULL, NULL);
	must_show(pty, "size 200x60");
	pty_send(pty, "c");
	pty_stall(pty, 1500);
	pty_send(pty, "cz");
	must_show(pty, "keys c c z");
	must_show(pty, "ticks 2");
	ends_well(pty);
}

static void
restores_the_terminal_when_it_crashes(void **state)
{
	(void)state;
	struct pty *pty = start(24, 80, NULL, NULL, NULL);
	int status = -1;
	must_show(pty, "size 80x24");
	pty_send(pty, "!");
	assert_true(pty_wait_exit(pty, 5000, &status));
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
	assert_false(pty_alternate(pty));
	pty_stop(pty);
}

static void
gives_the_terminal_to_the_shell_and_takes_it_back(void **state)
{
	(void)state;
	struct pty *pty = start(24, 80, NULL, NULL, NULL);
	int status = 0;
	must_show(pty, "size 80x24");
	kill(pty_pid(pty), SIGTSTP);
	assert_int_equal(waitpid(pty_pid(pty), &status, WUNTRACED), pty_pid(pty));
	assert_true(WIFSTOPPED(status));
	pty_settle(pty, 50, 1000);
	assert_false(pty_alternate(pty));
	pty_resize(pty, 30, 90);
	kill(pty_pid(pty), SIGCONT);
	must_show(pty, "size 90x30");
	assert_true(pty_alternate(pty));
	ends_well(pty);
}

static void
knows_that_the_line_is_lost(void **state)
{
	(void)state;
	struct pty *pty = start(24, 80, NULL, NULL, NULL);
	int status = -1;
	must_show(pty, "size 80x24");
	pty_hang_up(pty);
	assert_true(pty_wait_exit(pty, 5000, &status));
	assert_true(WIFEXITED(status));           /* the demo ends on UI_LOST; it was not killed */
	assert_int_equal(WEXITSTATUS(status), 0);
	pty_stop(pty);
}

static void
uses_ascii_where_the_locale_has_no_more(void **state)
{
	(void)state;
	static const char *const env[] = { "LC_ALL=C", NULL };
	struct pty *pty = start(24, 80, env, NULL, NULL);
	must_show(pty, "size 80x24 theme 3 glyphs 0");
	assert_non_null(strstr(pty_row(pty, 0), "+- Demo -"));
	for (int row = 0; row < 24; row++)
		for (const char *p = pty_row(pty, row); *p != 0; p++)
			assert_true((unsigned char)*p < 0x80);
	ends_well(pty);
}

static void
honours_no_color_and_monochrome_terminals(void **state)
{
	(void)state;
	static const char *const no_color[] = { "NO_COLOR=1", NULL };
	static const char *const vt220[] = { "TERM=vt220", NULL };
	static const char *const *const both[] = { no_color, vt220 };
	for (size_t i = 0; i < 2; i++) {
		struct pty *pty = start(24, 80, both[i], NULL, NULL);
		must_show(pty, "theme 0");
		for (int row = 0; row < 24; row++)
			for (int col = 0; col < 80; col++) {
				struct pty_cell cell = pty_cell(pty, row, col);
				assert_true(cell.default_fg && cell.default_bg);
			}
		assert_true(pty_cell(pty, 2, 2).reverse);     /* the alarm is seen without colour */
		assert_true(pty_cell(pty, 5, 2).reverse);
		ends_well(pty);
	}
}

static void
sends_only_what_changed(void **state)
{
	(void)state;
	struct pty *pty = start(50, 160, NULL, NULL, NULL);
	must_show(pty, "size 160x50");
	pty_settle(pty, 100, 2000);
	uint64_t before = pty_bytes(pty);
	pty_send(pty, "z");
	must_show(pty, "keys z");
	pty_settle(pty, 100, 500);
	assert_true(pty_bytes(pty) - before < 120);
	ends_well(pty);
}

static void
refuses_what_is_no_terminal_and_names_unknown_ones(void **state)
{
	(void)state;
	static const char *const env[] = { "TERM=no-such-thing", NULL };
	struct pty *pty = start(24, 80, env, NULL, NULL);
	int status = -1;
	must_show(pty, "'no-such-thing' is not known");
	assert_true(pty_wait_exit(pty, 5000, &status));
	assert_int_equal(WEXITSTATUS(status), 1);
	pty_stop(pty);
}

static void
leaves_no_modes_behind(void **state)
{
	(void)state;
	/* Ended by SIGTERM, everything that was switched on is switched off. */
	struct pty *pty = start(24, 80, NULL, NULL, NULL);
	size_t len;
	must_show(pty, "size 80x24");
	kill(pty_pid(pty), SIGTERM);
	assert_true(pty_wait_exit(pty, 5000, NULL));
	const char *raw = pty_raw(pty, &len);
	assert_non_null(memmem(raw, len, "\033[?2004l", 8));
	assert_non_null(memmem(raw, len, "\033[?1000l", 8));
	assert_non_null(memmem(raw, len, "\033[?1049l", 8));
	pty_stop(pty);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_a_frame_and_gives_the_terminal_back),
		cmocka_unit_test(shows_wide_and_combining_characters_and_makes_control_codes_harmless),
		cmocka_unit_test(sends_keys_as_they_are_named),
		cmocka_unit_test(marks_what_was_pasted),
		cmocka_unit_test(reports_the_mouse),
		cmocka_unit_test(swallows_sequences_that_mean_nothing),
		cmocka_unit_test(follows_a_storm_of_sizes),
		cmocka_unit_test(keeps_its_pace_while_nobody_reads_the_line),
		cmocka_unit_test(shows_the_newest_frame_after_a_stall),
		cmocka_unit_test(restores_the_terminal_when_it_crashes),
		cmocka_unit_test(gives_the_terminal_to_the_shell_and_takes_it_back),
		cmocka_unit_test(knows_that_the_line_is_lost),
		cmocka_unit_test(uses_ascii_where_the_locale_has_no_more),
		cmocka_unit_test(honours_no_color_and_monochrome_terminals),
		cmocka_unit_test(sends_only_what_changed),
		cmocka_unit_test(refuses_what_is_no_terminal_and_names_unknown_ones),
		cmocka_unit_test(leaves_no_modes_behind),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
