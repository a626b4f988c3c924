/* Purpose: the screen on a line that changes size, stalls, closes or is stopped, while stops must fire. */
#define _GNU_SOURCE
#include "screens/world.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- sizes ---- */

static void
small_screens_say_what_they_need_and_watch_on(void **state)
{
	struct world *world = *state;
	open_screen(world, 16, 60, NULL, NULL);
	must_show(world, "DRY-RUN");
	trade(world, "-1%", "3R");
	pty_resize(world->pty, 10, 40);
	must_show(world, "60x16 is needed");
	must_show(world, "The stops go on");
	must_show(world, "BTCUSDC");
	pty_resize(world->pty, 1, 1);
	pty_read_for(world->pty, 300);
	pty_resize(world->pty, 24, 80);
	must_show(world, "watching 1");
	type(world, "q");
	answer(world, "Quit while something is open?", "x");
	assert_true(pty_wait_exit(world->pty, 10000, NULL));
}

static void
unsent_input_survives_a_storm_of_sizes(void **state)
{
	struct world *world = *state;
	uint32_t seed = 7;
	open_screen(world, 24, 80, NULL, NULL);
	must_show(world, "DRY-RUN");
	type(world, "nbtcusdc\r\r\r\r98");
	for (int i = 0; i < 60; i++) {
		seed = seed * 1664525u + 1013904223u;
		int rows = 1 + (int)(seed >> 8) % 70;
		seed = seed * 1664525u + 1013904223u;
		pty_resize(world->pty, rows, 1 + (int)(seed >> 8) % 220);
		pty_read_for(world->pty, i % 5 == 0 ? 40 : 2);
		if (i == 30)
			type(world, "00");
	}
	pty_resize(world->pty, 34, 120);
	must_show(world, "9800");
	must_show(world, "BTCUSDC");
	must_show(world, "loses");
	escape(world);
	quit(world);
}

/* ---- the line and the stops ---- */

/* On the sinking tape, about five seconds after the trade. */
#define STOP_NEAR "-0.6%"

static void
must_be_stopped(struct world *world, int within_ms)
{
	char out[8192];
	int64_t until = pty_now_ms() + within_ms;

	for (;;) {
		shell(world, "operations --json", out, sizeof out);
		if (strstr(out, "\"STOP_LOSS\"") != NULL)
			return;
		if (pty_now_ms() > until)
			fail_msg("never stopped: %s", out);
		pty_read_for(world->pty, 200);
	}
}

/* Seconds of the tape at which the newest event of that kind happened; -1: none. */
static int
tape_second_of(const struct world *world, const char *kind)
{
	char out[65536], *at;
	int second = -1;

	shell(world, "log --json", out, sizeof out);
	for (char *line = strtok(out, "\n"); line != NULL; line = strtok(NULL, "\n")) {
		if (strstr(line, kind) == NULL || (at = strstr(line, "T00:0")) == NULL)
			continue;
		second = (at[5] - '0') * 60 + (at[7] - '0') * 10 + (at[8] - '0');
	}
	return second;
}

/* The second of the tape at which the bid reaches the stop of the only operation. */
static int
crossing_second(const struct world *world)
{
	char out[8192], *at;
	int stop;

	shell(world, "operation status 1 --json", out, sizeof out);
	at = strstr(out, "\"initial_stop\":\"");
	if (at == NULL)
		at = strstr(out, "\"initial_stop\": \"");
	assert_non_null(at);
	at = strchr(at + strlen("\"initial_stop\""), '"') + 1;
	stop = atoi(at);                              /* the bid is whole: at or below the stop's floor */
	return SINKING_FROM - stop;
}

/* How long nobody reads, in seconds: a minute and more where there is time for it. */
static int
stall_seconds(void)
{
	const char *text = getenv("ROBSON_TEST_STALL");

	return text != NULL && atoi(text) > 0 ? atoi(text) : 7;
}

static void
a_stop_fires_while_nobody_reads_the_line(void **state)
{
	struct world *world = *state;
	write_sinking_tape(world, "sinks");
	open_screen(world, 50, 200, NULL, NULL);
	must_show(world, "DRY-RUN");
	trade(world, STOP_NEAR, "");
	int crossing = crossing_second(world);
	pty_stall(world->pty, stall_seconds() * 1000);
	must_show(world, "closed @");                 /* said aloud, and by its reason */
	must_show(world, "STOP_LOSS");
	must_show(world, "nothing is open");
	int second = tape_second_of(world, "stop_fired");
	if (second < 0)
		second = tape_second_of(world, "exit_wanted");
	/* Ten seconds of the tape are one of ours. */
	assert_in_range(second, crossing, crossing + 12);
	type(world, "2");
	must_show(world, "stop");
	quit(world);
}

static void
a_closed_terminal_leaves_the_stops_watched(void **state)
{
	struct world *world = *state;
	write_sinking_tape(world, "sinks");
	open_screen(world, 24, 80, NULL, NULL);
	must_show(world, "DRY-RUN");
	trade(world, STOP_NEAR, "");
	pty_hang_up(world->pty);
	must_be_stopped(world, 30000);
	/* With nothing left to watch it ends by itself. */
	int status = -1;
	assert_true(pty_wait_exit(world->pty, 10000, &status));
	assert_true(WIFEXITED(status));
	/* A new screen says what happened meanwhile. */
	pty_stop(world->pty);
	open_screen(world, 24, 80, NULL, NULL);
	must_show(world, "Meanwhile: op 1 closed");
	quit(world);
}

static void
the_end_of_the_tape_is_an_alarm_while_something_is_open(void **state)
{
	struct world *world = *state;
	write_sinking_tape(world, "ends");
	FILE *file = fopen(world->tape, "r");         /* with its speed the name is none of a file */
	assert_null(file);
	char path[160];
	snprintf(path, sizeof path, "%.*s", (int)strcspn(world->tape, "@"), world->tape);
	assert_return_code(truncate(path, 4000), 0);
	file = fopen(path, "r+");                     /* whole lines only */
	char text[4096] = "";
	assert_true(fread(text, 1, 4000, file) == 4000);
	fclose(file);
	assert_return_code(truncate(path, (long)(strrchr(text, '\n') + 1 - text)), 0);
	open_screen(world, 24, 80, NULL, NULL);
	must_show(world, "DRY-RUN");
	trade(world, "-5%", "");
	must_show(world, "The tape has ended");
	must_show(world, "1 unwatched");
	type(world, "q");
	answer(world, "Quit while something is open?", "x");
	assert_true(pty_wait_exit(world->pty, 10000, NULL));
}

static void
ctrl_z_is_refused_while_nobody_else_would_watch(void **state)
{
	struct world *world = *state;
	open_screen(world, 24, 80, NULL, NULL);
	must_show(world, "DRY-RUN");
	trade(world, "-1%", "3R");
	type(world, "\032");
	must_show(world, "nobody else would watch");
	must_show(world, "watching 1");
	type(world, "q");
	answer(world, "Quit while something is open?", "x");
	assert_true(pty_wait_exit(world->pty, 10000, NULL));
}

static void
ctrl_z_gives_the_shell_its_terminal_when_nothing_is_open(void **state)
{
	struct world *world = *state;
	int status = 0;
	open_screen(world, 24, 80, NULL, NULL);
	must_show(world, "nothing is open");
	type(world, "\032");
	for (int i = 0; i < 100 && !WIFSTOPPED(status); i++) {
		waitpid(pty_pid(world->pty), &status, WUNTRACED | WNOHANG);
		pty_read_for(world->pty, 50);
	}
	assert_true(WIFSTOPPED(status));
	assert_false(pty_alternate(world->pty));
	kill(pty_pid(world->pty), SIGCONT);
	must_show(world, "nothing is open");
	assert_true(pty_alternate(world->pty));
	quit(world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCREEN_TEST(small_screens_say_what_they_need_and_watch_on),
		SCREEN_TEST(unsent_input_survives_a_storm_of_sizes),
		SCREEN_TEST(a_stop_fires_while_nobody_reads_the_line),
		SCREEN_TEST(a_closed_terminal_leaves_the_stops_watched),
		SCREEN_TEST(the_end_of_the_tape_is_an_alarm_while_something_is_open),
		SCREEN_TEST(ctrl_z_is_refused_while_nobody_else_would_watch),
		SCREEN_TEST(ctrl_z_gives_the_shell_its_terminal_when_nothing_is_open),
	};
	const char *only = getenv("SCREEN_TEST_ONLY");
	if (only != NULL)
		cmocka_set_test_filter(only);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
