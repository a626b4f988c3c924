/* The log: its lines, its size, its neighbours, and a disk that is full. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "app/logfile.h"
#include "base/text.h"
#include "tests/app/folder.h"

/* Called in place of flock: what another process does just before is the test's. */
static void (*before_lock)(void *self);
static void *before_lock_self;
int __real_flock(int fd, int operation);
int __wrap_flock(int fd, int operation);

int
__wrap_flock(int fd, int operation)
{
	void (*hook)(void *self) = before_lock;
	before_lock = NULL;
	if (hook != NULL)
		hook(before_lock_self);
	return __real_flock(fd, operation);
}

struct world {
	struct folder folder;
	char db[FOLDER_PATH_SIZE], path[FOLDER_PATH_SIZE], old[FOLDER_PATH_SIZE];
	struct logfile *log;
	struct error err;
	char text[16384];
};

static int
set_up(void **state)
{
	struct world *world = calloc(1, sizeof *world);
	assert_non_null(world);
	folder_make(&world->folder);
	folder_path(&world->folder, "robson.db", world->db);
	folder_path(&world->folder, "robson.log", world->path);
	folder_path(&world->folder, "robson.log.1", world->old);
	assert_int_equal(logfile_open(world->db, LOGFILE_INFO, 4096, &world->log, &world->err), STATUS_OK);
	*state = world;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *world = *state;
	logfile_close(world->log);
	folder_remove(&world->folder);
	free(world);
	return 0;
}

static const char *
read_log(struct world *world, const char *name)
{
	folder_read(&world->folder, name, world->text, sizeof world->text);
	return world->text;
}

static int
lines(const char *text)
{
	int count = 0;
	for (; *text != '\0'; text++)
		count += *text == '\n';
	return count;
}

static void
writes_one_line_with_time_process_level_and_text(void **state)
{
	struct world *world = *state;
	char wanted[64];
	struct stat st;
	logfile_write(world->log, LOGFILE_WARNING, "the feed is %d s old", 12);
	text_format(wanted, sizeof wanted, "Z %ld warning the feed is 12 s old\n", (long)getpid());
	const char *text = read_log(world, "robson.log");
	assert_int_equal(strlen(text), 23 + strlen(wanted));
	assert_string_equal(text + 23, wanted);
	assert_true(text[4] == '-' && text[10] == 'T' && text[19] == '.');
	assert_string_equal(logfile_path(world->log), world->path);
	assert_int_equal(stat(world->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void
leaves_out_what_is_below_its_level(void **state)
{
	struct world *world = *state;
	logfile_write(world->log, LOGFILE_DEBUG, "no");
	logfile_write(world->log, LOGFILE_INFO, "yes");
	logfile_write(world->log, LOGFILE_ERROR, "yes");
	logfile_write(NULL, LOGFILE_ERROR, "nowhere");
	assert_int_equal(lines(read_log(world, "robson.log")), 2);
	enum logfile_level level;
	assert_int_equal(logfile_level_parse("Debug", &level), STATUS_OK);
	assert_int_equal(level, LOGFILE_DEBUG);
	assert_int_equal(logfile_level_parse("loud", &level), STATUS_INVALID);
}

static void
makes_text_harmless_and_cuts_what_is_too_long(void **state)
{
	struct world *world = *state;
	char large[3000];
	memset(large, 'x', sizeof large - 1);
	large[sizeof large - 1] = '\0';
	logfile_write(world->log, LOGFILE_ERROR, "a\nb\033[2J\xc2\x9b");
	logfile_write(world->log, LOGFILE_ERROR, "%s", large);
	const char *text = read_log(world, "robson.log");
	assert_int_equal(lines(text), 2);
	assert_non_null(strstr(text, " error a?b?[2J?\n"));
	assert_true(strlen(text) < 1200);
}

static void
tells_an_error_with_its_field_and_hint(void **state)
{
	struct world *world = *state;
	struct error err = { 0 };
	error_field(&err, STATUS_CONFIG, "book.capital", "it is gone");
	error_hint(&err, "find it");
	errno = ENOTTY;
	logfile_error(world->log, "reading", &err);
	assert_int_equal(errno, ENOTTY);
	assert_non_null(strstr(read_log(world, "robson.log"),
	                       "error reading: it is gone [book.capital]; find it\n"));
}

static void
appends_to_what_was_there(void **state)
{
	struct world *world = *state;
	logfile_write(world->log, LOGFILE_INFO, "first");
	logfile_close(world->log);
	assert_int_equal(logfile_open(world->db, LOGFILE_INFO, 4096, &world->log, &world->err), STATUS_OK);
	logfile_write(world->log, LOGFILE_INFO, "second");
	assert_int_equal(lines(read_log(world, "robson.log")), 2);
}

static void
puts_the_file_aside_when_it_has_grown_and_keeps_one_older(void **state)
{
	struct world *world = *state;
	struct stat now, old;
	int before = folder_open_descriptors();
	for (int i = 0; i < 500; i++)
		logfile_write(world->log, LOGFILE_INFO, "line %d", i);
	assert_int_equal(stat(world->path, &now), 0);
	assert_int_equal(stat(world->old, &old), 0);
	assert_true(now.st_size < 4096 + 100 && old.st_size < 4096 + 100 && old.st_size >= 4096);
	assert_non_null(strstr(read_log(world, "robson.log"), "line 499\n"));
	assert_int_equal(folder_open_descriptors(), before);
	assert_int_equal(logfile_lost(world->log), 0);
}

/* Two handles on one file are two processes to the kernel. */
static void
follows_when_another_process_has_put_the_file_aside(void **state)
{
	struct world *world = *state;
	struct logfile *other;
	char line[32];
	assert_int_equal(logfile_open(world->db, LOGFILE_INFO, 4096, &other, &world->err), STATUS_OK);
	int told = 0;
	for (int i = 0; i < 80; i++, told++)
		logfile_write(i % 2 == 0 ? world->log : other, LOGFILE_INFO, "line %d of the two of us", i);
	int kept = lines(read_log(world, "robson.log"));
	kept += lines(read_log(world, "robson.log.1"));
	assert_int_equal(kept, told);                    /* put aside once, nothing lost, nothing twice */
	text_format(line, sizeof line, "line %d ", told - 1);
	assert_non_null(strstr(read_log(world, "robson.log"), line));
	assert_int_equal(unlink(world->path), 0);
	logfile_write(other, LOGFILE_INFO, "after it was removed");
	assert_int_equal(lines(read_log(world, "robson.log")), 1);
	logfile_close(other);
}

static void
put_aside_by_another(void *self)
{
	struct world *world = self;
	assert_int_equal(rename(world->path, world->old), 0);
	folder_write(&world->folder, "robson.log", "the other's line\n");
}

static void
puts_nothing_aside_that_another_process_just_has(void **state)
{
	struct world *world = *state;
	before_lock_self = world;
	before_lock = put_aside_by_another;
	for (int i = 0; before_lock != NULL && i < 500; i++)
		logfile_write(world->log, LOGFILE_INFO, "line %d", i);
	assert_null(before_lock);
	assert_true(lines(read_log(world, "robson.log.1")) > 50);
	assert_int_equal(lines(read_log(world, "robson.log")), 2);
}

static void
counts_what_a_full_disk_loses_and_says_so_afterwards(void **state)
{
	struct world *world = *state;
	int status;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct rlimit limit = { .rlim_cur = 200, .rlim_max = RLIM_INFINITY };
		signal(SIGXFSZ, SIG_IGN);
		if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
			_exit(1);
		for (int i = 0; i < 10; i++)
			logfile_write(world->log, LOGFILE_INFO, "a line that takes some of the room %d", i);
		if (logfile_lost(world->log) < 5)
			_exit(2);
		limit.rlim_cur = RLIM_INFINITY;
		if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
			_exit(3);
		logfile_write(world->log, LOGFILE_INFO, "there is room again");
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	const char *text = read_log(world, "robson.log");
	const char *note = strstr(text, "line(s) could not be written before this one\n");
	assert_non_null(note);
	assert_non_null(strstr(note, " info there is room again\n"));
	/* What was torn off is a line of its own. */
	const char *start = note;
	while (start > text && start[-1] != '\n')
		start--;
	assert_int_equal(start[4], '-');
}

static void
opens_nothing_that_is_no_plain_file(void **state)
{
	struct world *world = *state;
	struct logfile *other = NULL;
	char db[FOLDER_PATH_SIZE], path[FOLDER_PATH_SIZE];
	folder_path(&world->folder, "x", db);
	folder_path(&world->folder, "x.log", path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(logfile_open(db, LOGFILE_INFO, 4096, &other, &world->err), STATUS_IO);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("robson.log", path), 0);
	assert_int_equal(logfile_open(db, LOGFILE_INFO, 4096, &other, &world->err), STATUS_IO);
	folder_path(&world->folder, "no/such/x.db", db);
	assert_int_equal(logfile_open(db, LOGFILE_INFO, 4096, &other, &world->err), STATUS_IO);
	assert_null(other);
	memset(db, 'x', sizeof db - 1);
	db[sizeof db - 1] = '\0';
	assert_int_equal(logfile_open(db, LOGFILE_INFO, 4096, &other, &world->err), STATUS_IO);
	logfile_close(NULL);
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(writes_one_line_with_time_process_level_and_text),
		CASE(leaves_out_what_is_below_its_level),
		CASE(makes_text_harmless_and_cuts_what_is_too_long),
		CASE(tells_an_error_with_its_field_and_hint),
		CASE(appends_to_what_was_there),
		CASE(puts_the_file_aside_when_it_has_grown_and_keeps_one_older),
		CASE(follows_when_another_process_has_put_the_file_aside),
		CASE(puts_nothing_aside_that_another_process_just_has),
		CASE(counts_what_a_full_disk_loses_and_says_so_afterwards),
		CASE(opens_nothing_that_is_no_plain_file),
	};
	return cmocka_run_group_tests_name("the log", tests, NULL, NULL);
}
