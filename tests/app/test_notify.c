/* The notifier, with real programs and a clock of the test's own. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "app/notify.h"
#include "base/text.h"
#include "tests/app/folder.h"

enum { SECOND = 1000 * 1000 };

struct world {
	struct folder folder;
	struct notify *notify;
	struct notifier port;
	struct wait_source source;
	struct notify_state state;
	int64_t now_us;
	int rings;
	struct error err;
	char text[16384];
};

static int64_t
now_us(void *self)
{
	return ((const struct world *)self)->now_us;
}

static void
ring(void *self)
{
	((struct world *)self)->rings++;
}

static int
set_up(void **state)
{
	struct world *world = calloc(1, sizeof *world);
	assert_non_null(world);
	folder_make(&world->folder);
	world->now_us = 1000 * SECOND;
	*state = world;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *world = *state;
	notify_close(world->notify);
	while (waitpid(-1, NULL, 0) > 0)
		;                            /* what it let run on */
	folder_remove(&world->folder);
	free(world);
	return 0;
}

static void
open_command(struct world *world, const char *command, enum urgency level, int64_t interval_ms)
{
	static char *const environment[] = { "PATH=/usr/bin:/bin", "ROBSON_API_KEY=k", "ROBSON_API_SECRET=s",
	                                     "ROBSON_PRIVATE_KEY_FILE=/k", "CREDENTIALS_DIRECTORY=/c",
	                                     "ROBSON_BOOK_CAPITAL=5", NULL };
	struct notify_setup setup = { .command = command, .level = level, .interval_ms = interval_ms,
	                              .bell = true, .ring = ring, .ring_self = world,
	                              .environment = environment, .now_us = now_us, .now_self = world };
	assert_int_equal(notify_open(&setup, &world->notify, &world->err), STATUS_OK);
	world->port = notify_port(world->notify);
	world->source = notify_source(world->notify);
}

/* A program of the test: its text as a script, by an absolute path. */
static void
open_script(struct world *world, const char *script, const char *arguments, enum urgency level,
            int64_t interval_ms)
{
	char path[FOLDER_PATH_SIZE], command[NOTIFY_TEXT_SIZE];
	folder_write(&world->folder, "tell", script);
	folder_path(&world->folder, "tell", path);
	assert_int_equal(chmod(path, 0755), 0);
	assert_true(text_format(command, sizeof command, "%s %s", path, arguments));
	open_command(world, command, level, interval_ms);
}

static struct event
make_event(const char *kind, const char *summary)
{
	struct event event = { .at_ms = 1700000000123, .client_id = 1, .operation_id = 12, .seq = 77 };
	text_copy(event.kind, sizeof event.kind, kind);
	text_copy(event.actor, sizeof event.actor, "monitor");
	text_copy(event.summary, sizeof event.summary, summary);
	return event;
}

static void
tell(struct world *world, enum urgency urgency, const char *kind, const char *summary)
{
	struct event event = make_event(kind, summary);
	world->port.notify(world->port.self, urgency, &event);
	notify_state(world->notify, &world->state);
}

static int64_t
turn(struct world *world)
{
	struct wait wait;
	wait_init(&wait);
	world->source.prepare(world->source.self, &wait, 0);
	world->source.dispatch(world->source.self, &wait, 0);
	notify_state(world->notify, &world->state);
	return wait.deadline_mono_us;
}

/* Until every program has ended and was seen to have. */
static void
settle(struct world *world)
{
	notify_state(world->notify, &world->state);
	while (world->state.running > 0) {
		siginfo_t info;
		assert_int_equal(waitid(P_ALL, 0, &info, WEXITED | WNOWAIT), 0);
		turn(world);
	}
}

static const char *
read_back(struct world *world, const char *name)
{
	folder_read(&world->folder, name, world->text, sizeof world->text);
	return world->text;
}

/* ---- words ---- */

static void
splits_a_command_without_a_shell(void **state)
{
	(void)state;
	static const struct { const char *command, *words[6]; } cases[] = {
		{ "/bin/x", { "/bin/x" } },
		{ "  /bin/x\t-a   b ", { "/bin/x", "-a", "b" } },
		{ "x 'a b' \"c 'd'\" e\\ f", { "x", "a b", "c 'd'", "e f" } },
		{ "x '' \"\" a''b", { "x", "", "", "ab" } },
		{ "x 'a\\b' \"a\\\"b\" \\\\ c\\", { "x", "a\\b", "a\"b", "\\", "c\\" } },
		{ "x $HOME;rm *|&", { "x", "$HOME;rm", "*|&" } },
	};
	char text[NOTIFY_TEXT_SIZE], *words[NOTIFY_WORDS], many[128] = "x";
	struct error err;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(notify_split(cases[i].command, text, words, &err), STATUS_OK);
		for (size_t w = 0; w < ARRAY_LEN(cases[i].words); w++) {
			if (cases[i].words[w] == NULL) {
				assert_null(words[w]);
				break;
			}
			assert_string_equal(words[w], cases[i].words[w]);
		}
	}
	static const char *const bad[] = { "", "   ", "x 'a", "x \"a", "''", "'' x" };
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(notify_split(bad[i], text, words, &err), STATUS_CONFIG);
		assert_string_equal(err.field, "notify.command");
	}
	for (int i = 1; i < NOTIFY_WORDS - 1; i++)
		memcpy(many + i * 2 - 1, " y", 3);
	assert_int_equal(notify_split(many, text, words, &err), STATUS_OK);
	memcpy(many + strlen(many), " z", 3);
	assert_int_equal(notify_split(many, text, words, &err), STATUS_CONFIG);
	char large[NOTIFY_TEXT_SIZE];
	memset(large, 'x', sizeof large - 1);
	large[sizeof large - 1] = '\0';
	assert_int_equal(notify_split(large, text, words, &err), STATUS_CONFIG);
}

static void
knows_its_urgencies_by_name(void **state)
{
	(void)state;
	for (enum urgency each = URGENCY_NOTE; each <= URGENCY_ALARM; each++) {
		enum urgency again;
		assert_int_equal(urgency_parse(urgency_name(each), &again), STATUS_OK);
		assert_int_equal(again, each);
	}
	enum urgency none;
	assert_int_equal(urgency_parse("loud", &none), STATUS_INVALID);
}

/* ---- the program ---- */

static void
gives_the_event_as_json_on_standard_input(void **state)
{
	struct world *world = *state;
	open_script(world, "#!/bin/sh\ncd \"${0%/*}\" && cat >got && echo \"$#:$1:$2\" >words\n",
	            "'a b' $HOME", URGENCY_NOTE, 0);
	struct event event = make_event("operation.stop_fired", "op 12 \"stopped\" \xc3\xa4");
	event.data = "{\"bid\":\"88200\"}";
	text_copy(event.intent_id, sizeof event.intent_id, "019f");
	world->port.notify(world->port.self, URGENCY_ALARM, &event);
	settle(world);
	assert_string_equal(read_back(world, "got"),
	                    "{\"urgency\":\"alarm\",\"kind\":\"operation.stop_fired\","
	                    "\"summary\":\"op 12 \\\"stopped\\\" \xc3\xa4\",\"time\":\"2023-11-14T22:13:20.123Z\","
	                    "\"seq\":77,\"client_id\":1,\"actor\":\"monitor\",\"intent_id\":\"019f\","
	                    "\"operation_id\":12,\"client_order_id\":null,\"data\":{\"bid\":\"88200\"}}\n");
	assert_string_equal(read_back(world, "words"), "2:a b:$HOME\n");
	assert_int_equal(world->state.told, 1);
	assert_int_equal(world->state.failed, 0);
}

static void
hands_on_no_descriptor_no_mask_no_terminal_group_and_no_key(void **state)
{
	struct world *world = *state;
	sigset_t blocked, before;
	char group[32];
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int leak = fcntl(null, F_DUPFD, 77);             /* without FD_CLOEXEC */
	close(null);
	assert_int_equal(leak, 77);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	signal(SIGHUP, SIG_IGN);
	open_script(world,
	            "#!/bin/sh\ncd \"${0%/*}\" && env >env\nls /proc/$$/fd >fds\n"
	            "cut -d' ' -f5 /proc/$$/stat >group\necho $$ >pid\n",
	            "", URGENCY_NOTE, 0);
	tell(world, URGENCY_NOTE, "x", "y");
	settle(world);
	notify_close(world->notify);
	/* Shells change their own masks: a program that copies its own status does not. */
	char copy[NOTIFY_TEXT_SIZE];
	text_format(copy, sizeof copy, "cp /proc/self/status %s/status", world->folder.path);
	open_command(world, copy, URGENCY_NOTE, 0);
	tell(world, URGENCY_NOTE, "x", "y");
	settle(world);
	sigprocmask(SIG_SETMASK, &before, NULL);
	signal(SIGHUP, SIG_DFL);
	close(leak);
	const char *env = read_back(world, "env");
	assert_null(strstr(env, "ROBSON_API"));
	assert_null(strstr(env, "ROBSON_PRIVATE"));
	assert_null(strstr(env, "CREDENTIALS"));
	assert_non_null(strstr(env, "ROBSON_BOOK_CAPITAL=5"));
	assert_null(strstr(read_back(world, "fds"), "77\n"));   /* the shell has some of its own */
	assert_non_null(strstr(world->text, "0\n1\n"));
	/* The C library keeps two signals above 31 to itself. */
	unsigned long long ignored, masked;
	const char *status = strstr(read_back(world, "status"), "SigBlk:");
	assert_non_null(status);
	assert_int_equal(sscanf(status, "SigBlk: %llx SigIgn: %llx", &masked, &ignored), 2);
	assert_int_equal(masked, 0);
	assert_int_equal(ignored & 0x7fffffff, 0);
	text_copy(group, sizeof group, read_back(world, "group"));
	assert_string_equal(read_back(world, "pid"), group);
}

static void
leaves_out_data_that_would_not_fit(void **state)
{
	struct world *world = *state;
	char *data = malloc(8192);
	assert_non_null(data);
	memset(data, 'x', 8191);
	memcpy(data, "{\"n\":\"", 6);
	memcpy(data + 8189, "\"}", 3);
	open_script(world, "#!/bin/sh\ncd \"${0%/*}\" && cat >got\n", "", URGENCY_NOTE, 0);
	struct event event = make_event("big", "one");
	event.data = data;
	world->port.notify(world->port.self, URGENCY_NOTE, &event);
	settle(world);
	assert_null(strstr(read_back(world, "got"), "data"));
	assert_non_null(strstr(world->text, "\"summary\":\"one\""));
	free(data);
}

static void
tells_nothing_below_its_level_and_nobody_without_a_command(void **state)
{
	struct world *world = *state;
	open_command(world, "/bin/true", URGENCY_WARNING, 0);
	tell(world, URGENCY_NOTE, "a", "x");
	assert_int_equal(world->state.told, 0);
	tell(world, URGENCY_WARNING, "b", "x");
	tell(world, URGENCY_ALARM, "c", "x");
	assert_int_equal(world->state.told, 2);
	assert_true(world->state.has_command);
	settle(world);
	notify_close(world->notify);
	open_command(world, "", URGENCY_NOTE, 0);
	tell(world, URGENCY_ALARM, "c", "x");
	assert_int_equal(world->state.told, 0);
	assert_false(world->state.has_command);
	assert_int_equal(turn(world), INT64_MAX);
}

/* ---- trouble ---- */

static void
counts_and_shows_failures_until_it_goes_well(void **state)
{
	struct world *world = *state;
	open_script(world, "#!/bin/sh\nread line; case $line in *kill*) kill -9 $$;; *bad*) exit 3;; esac\n", "",
	            URGENCY_NOTE, 0);
	tell(world, URGENCY_NOTE, "a", "bad");
	settle(world);
	assert_int_equal(world->state.failed, 1);
	assert_string_equal(world->state.trouble, "notify.command ended with status 3");
	tell(world, URGENCY_NOTE, "b", "kill");
	settle(world);
	assert_int_equal(world->state.failed, 2);
	assert_string_equal(world->state.trouble, "notify.command was ended by signal 9");
	tell(world, URGENCY_NOTE, "c", "good");
	settle(world);
	assert_int_equal(world->state.failed, 2);
	assert_string_equal(world->state.trouble, "");
	notify_close(world->notify);
	open_command(world, "/no/such/program", URGENCY_NOTE, 0);
	tell(world, URGENCY_NOTE, "a", "x");
	settle(world);
	assert_int_equal(world->state.failed, 1);
	/* Under valgrind the spawned child finds out, instead of the spawning itself. */
	if (strstr(world->state.trouble, "status 127") == NULL)
		assert_non_null(strstr(world->state.trouble,
		                       "/no/such/program could not be run: No such file"));
}

static void
ends_a_program_that_runs_too_long_with_its_children(void **state)
{
	struct world *world = *state;
	char gate[FOLDER_PATH_SIZE], up[8];
	folder_path(&world->folder, "gate", gate);
	assert_int_equal(mkfifo(gate, 0600), 0);
	int fd = open(gate, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct pollfd end = { .fd = fd, .events = POLLIN };
	open_script(world, "#!/bin/sh\n{ echo up; tail -f /dev/null; } >\"${0%/*}/gate\" & wait\n", "",
	            URGENCY_NOTE, 0);
	tell(world, URGENCY_NOTE, "a", "x");
	assert_int_equal(poll(&end, 1, 10000), 1);
	assert_int_equal(read(fd, up, sizeof up), 3);
	world->now_us += 30 * SECOND - 1;
	assert_true(turn(world) < INT64_MAX);
	assert_int_equal(world->state.running, 1);
	world->now_us += 1;
	turn(world);
	settle(world);
	assert_int_equal(world->state.failed, 1);
	assert_non_null(strstr(world->state.trouble, "longer than 30 seconds"));
	end.events = 0;
	assert_int_equal(poll(&end, 1, 10000), 1);       /* nobody has the other end any more */
	assert_true((end.revents & POLLHUP) != 0);
	close(fd);
}

static void
refuses_a_command_that_it_cannot_split(void **state)
{
	struct world *world = *state;
	struct notify_setup setup = { .command = "x 'y" };
	assert_int_equal(notify_open(&setup, &world->notify, &world->err), STATUS_CONFIG);
	assert_null(world->notify);
}

/* ---- how often ---- */

static void
tells_a_kind_once_in_the_interval_and_the_last_of_the_rest_at_its_end(void **state)
{
	struct world *world = *state;
	open_script(world, "#!/bin/sh\ncat >>\"${0%/*}/got\"\n", "", URGENCY_NOTE, 10000);
	tell(world, URGENCY_NOTE, "stale", "one");
	settle(world);
	tell(world, URGENCY_NOTE, "stale", "two");
	tell(world, URGENCY_NOTE, "stale", "three");
	tell(world, URGENCY_NOTE, "stale", "four");
	assert_int_equal(world->state.told, 1);
	assert_int_equal(world->state.held_back, 2);
	tell(world, URGENCY_NOTE, "other", "else");      /* another kind is not held back */
	settle(world);
	assert_int_equal(world->state.told, 2);
	world->now_us += 10 * SECOND - 1;
	assert_int_equal(turn(world), 1);                 /* wakes when it is due */
	assert_int_equal(world->state.told, 2);
	world->now_us += 1;
	turn(world);
	settle(world);
	assert_int_equal(world->state.told, 3);
	const char *got = read_back(world, "got");
	assert_non_null(strstr(got, "\"summary\":\"one\""));
	assert_null(strstr(got, "\"summary\":\"two\""));
	assert_null(strstr(got, "\"summary\":\"three\""));
	const char *last = strstr(got, "\n{\"held_back\":2,\"urgency\"");
	assert_non_null(last);
	assert_non_null(strstr(last, "\"summary\":\"four\""));
	assert_int_equal(turn(world), INT64_MAX);
	/* And the interval starts anew. */
	tell(world, URGENCY_NOTE, "stale", "five");
	assert_int_equal(world->state.told, 3);
}

static void
runs_a_bounded_number_at_once_and_lets_the_rest_wait(void **state)
{
	struct world *world = *state;
	char gate[FOLDER_PATH_SIZE], kind[16];
	folder_path(&world->folder, "gate", gate);
	assert_int_equal(mkfifo(gate, 0600), 0);
	int hold = open(gate, O_RDWR | O_CLOEXEC);
	open_script(world, "#!/bin/sh\nread line <\"${0%/*}/gate\"\n", "", URGENCY_NOTE, 10000);
	for (int i = 0; i < 10; i++) {
		text_format(kind, sizeof kind, "kind-%d", i);
		tell(world, URGENCY_NOTE, kind, "x");
	}
	assert_int_equal(world->state.running, 8);
	assert_int_equal(world->state.told, 8);
	assert_int_equal(turn(world), 200 * 1000);
	assert_int_equal(world->state.told, 8);
	/* One ends; what comes now does not overtake what waits, it takes its place. */
	siginfo_t info;
	assert_int_equal(write(hold, "go\n", 3), 3);
	assert_int_equal(waitid(P_ALL, 0, &info, WEXITED | WNOWAIT), 0);
	tell(world, URGENCY_NOTE, "kind-9", "again");
	assert_int_equal(world->state.told, 8);
	assert_int_equal(world->state.held_back, 1);
	for (int i = 0; i < 10; i++)
		assert_int_equal(write(hold, "go\n", 3), 3);
	settle(world);
	close(hold);
	assert_int_equal(world->state.told, 10);
	assert_int_equal(world->state.failed, 0);
}

static void
forgets_the_kind_told_longest_ago_when_there_are_too_many(void **state)
{
	struct world *world = *state;
	char kind[16];
	open_command(world, "/bin/true", URGENCY_NOTE, 10000);
	for (int i = 0; i < 100; i++) {
		text_format(kind, sizeof kind, "kind-%d", i);
		tell(world, URGENCY_NOTE, kind, "x");
		settle(world);
		world->now_us++;
	}
	assert_int_equal(world->state.told, 100);
	assert_int_equal(world->state.failed, 0);
}

static void
rings_for_alarms_at_most_once_a_second(void **state)
{
	struct world *world = *state;
	open_command(world, "", URGENCY_NOTE, 0);
	tell(world, URGENCY_WARNING, "a", "x");
	assert_int_equal(world->rings, 0);
	tell(world, URGENCY_ALARM, "a", "x");
	tell(world, URGENCY_ALARM, "b", "x");
	assert_int_equal(world->rings, 1);
	world->now_us += SECOND;
	tell(world, URGENCY_ALARM, "b", "x");
	assert_int_equal(world->rings, 2);
	notify_set_bell(world->notify, NULL, NULL);
	world->now_us += SECOND;
	tell(world, URGENCY_ALARM, "b", "x");
	assert_int_equal(world->rings, 2);
	notify_close(world->notify);
	struct notify_setup quiet = { .ring = ring, .ring_self = world };
	assert_int_equal(notify_open(&quiet, &world->notify, &world->err), STATUS_OK);
	world->port = notify_port(world->notify);
	tell(world, URGENCY_ALARM, "b", "x");
	assert_int_equal(world->rings, 2);
}

static void
tells_what_waits_when_it_is_closed_and_leaks_nothing(void **state)
{
	struct world *world = *state;
	siginfo_t info;
	int before = folder_open_descriptors();
	open_script(world, "#!/bin/sh\ncat >>\"${0%/*}/got\"\n", "", URGENCY_NOTE, 10000);
	tell(world, URGENCY_NOTE, "a", "one");
	settle(world);
	tell(world, URGENCY_NOTE, "a", "two");
	notify_close(world->notify);
	world->notify = NULL;
	assert_int_equal(waitid(P_ALL, 0, &info, WEXITED), 0);
	assert_non_null(strstr(read_back(world, "got"), "\"summary\":\"two\""));
	assert_int_equal(folder_open_descriptors(), before);
	notify_close(NULL);
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(splits_a_command_without_a_shell),
		CASE(knows_its_urgencies_by_name),
		CASE(gives_the_event_as_json_on_standard_input),
		CASE(hands_on_no_descriptor_no_mask_no_terminal_group_and_no_key),
		CASE(leaves_out_data_that_would_not_fit),
		CASE(tells_nothing_below_its_level_and_nobody_without_a_command),
		CASE(counts_and_shows_failures_until_it_goes_well),
		CASE(ends_a_program_that_runs_too_long_with_its_children),
		CASE(refuses_a_command_that_it_cannot_split),
		CASE(tells_a_kind_once_in_the_interval_and_the_last_of_the_rest_at_its_end),
		CASE(runs_a_bounded_number_at_once_and_lets_the_rest_wait),
		CASE(forgets_the_kind_told_longest_ago_when_there_are_too_many),
		CASE(rings_for_alarms_at_most_once_a_second),
		CASE(tells_what_waits_when_it_is_closed_and_leaks_nothing),
	};
	return cmocka_run_group_tests_name("the notifier", tests, NULL, NULL);
}
