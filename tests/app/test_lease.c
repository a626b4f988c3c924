/* The lease, with real processes and real files. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "app/lease.h"
#include "tests/app/folder.h"

/* Called in place of flock: what happens between opening and locking is the test's. */
static void (*before_lock)(void *self);
static void *before_lock_self;
int __real_flock(int fd, int operation);
int __wrap_flock(int fd, int operation);

int
__wrap_flock(int fd, int operation)
{
	if (before_lock != NULL && operation != LOCK_UN)
		before_lock(before_lock_self);
	return __real_flock(fd, operation);
}

struct world {
	struct folder folder;
	char db[FOLDER_PATH_SIZE], file[FOLDER_PATH_SIZE];
	struct lease lease;
	struct error err;
};

static int
set_up(void **state)
{
	struct world *world = calloc(1, sizeof *world);
	assert_non_null(world);
	folder_make(&world->folder);
	folder_path(&world->folder, "robson.db", world->db);
	folder_path(&world->folder, "robson.db-lease", world->file);
	assert_int_equal(lease_init(&world->lease, world->db, &world->err), STATUS_OK);
	*state = world;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *world = *state;
	lease_release(&world->lease);
	folder_remove(&world->folder);
	free(world);
	return 0;
}

/* A process that takes the lease, says so, and holds it until it is ended. */
struct holder { pid_t pid; int say; };

static struct holder
start_holder(struct world *world)
{
	int said[2], end[2];
	char byte = 0;
	assert_int_equal(pipe(said), 0);
	assert_int_equal(pipe(end), 0);
	struct holder holder = { .pid = fork(), .say = end[1] };
	assert_true(holder.pid >= 0);
	if (holder.pid == 0) {
		close(end[1]);
		byte = lease_try(&world->lease, "monitor", NULL) == STATUS_OK ? 'y' : 'n';
		if (write(said[1], &byte, 1) == 1)
			(void)!read(end[0], &byte, 1);     /* until the test closes its end */
		_exit(0);                                  /* without releasing anything */
	}
	close(said[1]);
	close(end[0]);
	assert_int_equal(read(said[0], &byte, 1), 1);
	assert_int_equal(byte, 'y');
	close(said[0]);
	return holder;
}

static void
end_holder(const struct holder *holder, bool kill_it)
{
	int status;
	if (kill_it)
		assert_int_equal(kill(holder->pid, SIGKILL), 0);
	close(holder->say);
	assert_int_equal(waitpid(holder->pid, &status, 0), holder->pid);
}

static void
is_granted_once_and_again_after_release(void **state)
{
	struct world *world = *state;
	struct lease other;
	assert_int_equal(lease_init(&other, world->db, NULL), STATUS_OK);
	assert_false(lease_is_held(&world->lease));
	assert_int_equal(lease_try(&world->lease, "screen", &world->err), STATUS_OK);
	assert_int_equal(lease_try(&world->lease, "screen", &world->err), STATUS_OK);
	assert_true(lease_is_held(&world->lease));
	assert_true(lease_still_ours(&world->lease));
	assert_int_equal(lease_try(&other, "monitor", &world->err), STATUS_BUSY);
	assert_true(world->err.retryable);
	assert_false(lease_is_held(&other));
	lease_release(&world->lease);
	assert_false(lease_is_held(&world->lease));
	lease_release(&world->lease);
	assert_int_equal(lease_try(&other, "monitor", &world->err), STATUS_OK);
	lease_release(&other);
}

static void
names_the_holder_to_whoever_asks(void **state)
{
	struct world *world = *state;
	struct holder holder = start_holder(world);
	char text[64];
	struct lease_note note;
	assert_int_equal(lease_try(&world->lease, "screen", &world->err), STATUS_BUSY);
	snprintf(text, sizeof text, "process %d (monitor)", (int)holder.pid);
	assert_non_null(strstr(world->err.message, text));
	assert_true(lease_read_note(&world->lease, &note));
	assert_int_equal(note.pid, holder.pid);
	assert_string_equal(note.kind, "monitor");
	end_holder(&holder, false);
}

static void
is_free_the_moment_its_holder_ends_or_is_killed(void **state)
{
	struct world *world = *state;
	for (int kill_it = 0; kill_it < 2; kill_it++) {
		struct holder holder = start_holder(world);
		assert_int_equal(lease_try(&world->lease, "screen", &world->err), STATUS_BUSY);
		end_holder(&holder, kill_it == 1);
		assert_int_equal(lease_try(&world->lease, "screen", &world->err), STATUS_OK);
		lease_release(&world->lease);
	}
}

static void
stays_with_a_stopped_process(void **state)
{
	struct world *world = *state;
	struct holder holder = start_holder(world);
	int status;
	assert_int_equal(kill(holder.pid, SIGSTOP), 0);
	assert_int_equal(waitpid(holder.pid, &status, WUNTRACED), holder.pid);
	assert_true(WIFSTOPPED(status));
	assert_int_equal(lease_try(&world->lease, "screen", &world->err), STATUS_BUSY);
	end_holder(&holder, true);
	assert_int_equal(lease_try(&world->lease, "screen", &world->err), STATUS_OK);
}

static void
is_not_inherited_by_a_forked_child(void **state)
{
	struct world *world = *state;
	int status;
	struct lease other;
	assert_int_equal(lease_init(&other, world->db, NULL), STATUS_OK);
	assert_int_equal(lease_try(&world->lease, "screen", &world->err), STATUS_OK);
	assert_true((fcntl(world->lease.fd, F_GETFD) & FD_CLOEXEC) != 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		lease_release(&world->lease);              /* must not let go of the parent's */
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(lease_try(&other, "monitor", NULL), STATUS_BUSY);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (lease_is_held(&world->lease) || lease_still_ours(&world->lease))
			_exit(1);
		if (lease_try(&world->lease, "child", NULL) != STATUS_BUSY)
			_exit(2);
		lease_release(&world->lease);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_true(lease_still_ours(&world->lease));
	assert_int_equal(lease_try(&other, "monitor", NULL), STATUS_BUSY);
}

static void
is_released_although_a_forked_child_still_has_the_descriptor(void **state)
{
	struct world *world = *state;
	int end[2], status;
	char byte;
	struct lease other;
	assert_int_equal(lease_init(&other, world->db, NULL), STATUS_OK);
	assert_int_equal(lease_try(&world->lease, "screen", &world->err), STATUS_OK);
	assert_int_equal(pipe(end), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(end[1]);
		(void)!read(end[0], &byte, 1);
		_exit(0);
	}
	close(end[0]);
	lease_release(&world->lease);
	assert_int_equal(lease_try(&other, "monitor", NULL), STATUS_OK);
	lease_release(&other);
	close(end[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
}

static void
notices_that_its_file_was_replaced(void **state)
{
	struct world *world = *state;
	struct lease other;
	char moved[FOLDER_PATH_SIZE];
	folder_path(&world->folder, "moved", moved);
	assert_int_equal(lease_init(&other, world->db, NULL), STATUS_OK);
	assert_int_equal(lease_try(&world->lease, "screen", &world->err), STATUS_OK);
	assert_int_equal(rename(world->file, moved), 0);
	assert_false(lease_still_ours(&world->lease));
	assert_true(lease_is_held(&world->lease));
	assert_int_equal(lease_try(&other, "monitor", &world->err), STATUS_OK);   /* on a new file */
	assert_false(lease_still_ours(&world->lease));
	/* The first one does not go on believing in its lock. */
	assert_int_equal(lease_try(&world->lease, "screen", &world->err), STATUS_BUSY);
	assert_false(lease_is_held(&world->lease));
	lease_release(&other);
	assert_int_equal(unlink(world->file), 0);
	assert_int_equal(lease_try(&world->lease, "screen", &world->err), STATUS_OK);
	assert_int_equal(unlink(world->file), 0);
	assert_false(lease_still_ours(&world->lease));
}

static void
replace_once(void *self)
{
	struct world *world = self;
	before_lock = NULL;
	assert_int_equal(unlink(world->file), 0);
	folder_write(&world->folder, "robson.db-lease", "");
}

static void
replace_always(void *self)
{
	replace_once(self);
	before_lock = replace_always;
}

static void
locks_the_file_that_is_there_when_it_was_replaced_meanwhile(void **state)
{
	struct world *world = *state;
	struct lease other;
	assert_int_equal(lease_init(&other, world->db, NULL), STATUS_OK);
	before_lock_self = world;
	before_lock = replace_once;
	assert_int_equal(lease_try(&world->lease, "screen", &world->err), STATUS_OK);
	assert_true(lease_still_ours(&world->lease));
	assert_int_equal(lease_try(&other, "monitor", NULL), STATUS_BUSY);
	lease_release(&world->lease);
	int before = folder_open_descriptors();
	before_lock = replace_always;
	assert_int_equal(lease_try(&world->lease, "screen", &world->err), STATUS_BUSY);
	before_lock = NULL;
	assert_non_null(strstr(world->err.message, "keeps being replaced"));
	assert_int_equal(folder_open_descriptors(), before);
}

static void
trusts_only_a_plain_file_of_its_own(void **state)
{
	struct world *world = *state;
	assert_int_equal(symlink("elsewhere", world->file), 0);
	assert_int_equal(lease_try(&world->lease, "screen", &world->err), STATUS_IO);
	assert_non_null(strstr(world->err.message, "symbolic link"));
	assert_int_equal(unlink(world->file), 0);
	assert_int_equal(mkfifo(world->file, 0600), 0);
	assert_int_equal(lease_try(&world->lease, "screen", &world->err), STATUS_IO);
	assert_non_null(strstr(world->err.message, "not a plain file"));
	assert_int_equal(unlink(world->file), 0);
	assert_int_equal(mkdir(world->file, 0700), 0);
	assert_int_equal(lease_try(&world->lease, "screen", &world->err), STATUS_IO);
	if (geteuid() == 0) {
		assert_int_equal(rmdir(world->file), 0);
		folder_write(&world->folder, "robson.db-lease", "");
		assert_int_equal(chown(world->file, 12345, 12345), 0);
		assert_int_equal(lease_try(&world->lease, "screen", &world->err), STATUS_IO);
		assert_non_null(strstr(world->err.message, "another user"));
	}
}

static void
says_why_when_there_is_no_such_folder(void **state)
{
	struct world *world = *state;
	struct lease nowhere;
	char db[FOLDER_PATH_SIZE];
	folder_path(&world->folder, "no/such/robson.db", db);
	assert_int_equal(lease_init(&nowhere, db, &world->err), STATUS_OK);
	assert_int_equal(lease_try(&nowhere, "screen", &world->err), STATUS_IO);
	assert_non_null(strstr(world->err.message, "No such file"));
	assert_int_equal(lease_init(&nowhere, "", &world->err), STATUS_BUG);
}

static void
makes_a_file_that_only_its_owner_reads_and_never_removes_it(void **state)
{
	struct world *world = *state;
	struct stat st;
	assert_int_equal(lease_try(&world->lease, "screen", &world->err), STATUS_OK);
	assert_int_equal(stat(world->file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	lease_release(&world->lease);
	assert_int_equal(stat(world->file, &st), 0);
}

static void
believes_no_note_that_it_cannot_read(void **state)
{
	struct world *world = *state;
	struct lease_note note;
	static const char *const notes[] = {
		"", "\n", "x screen\n", "-3 screen\n", "12\n", "12 screen", "99999999999999999999 screen\n",
	};
	assert_false(lease_read_note(&world->lease, &note));
	for (size_t i = 0; i < ARRAY_LEN(notes); i++) {
		folder_write(&world->folder, "robson.db-lease", notes[i]);
		assert_false(lease_read_note(&world->lease, &note));
	}
	folder_write(&world->folder, "robson.db-lease", "12 scr\033een\n");
	assert_true(lease_read_note(&world->lease, &note));
	assert_string_equal(note.kind, "scr?een");
}

static void
leaks_no_descriptor(void **state)
{
	struct world *world = *state;
	struct lease other;
	assert_int_equal(lease_init(&other, world->db, NULL), STATUS_OK);
	int before = folder_open_descriptors();
	for (int i = 0; i < 50; i++) {
		assert_int_equal(lease_try(&world->lease, "screen", NULL), STATUS_OK);
		assert_int_equal(lease_try(&other, "screen", NULL), STATUS_BUSY);
		lease_release(&world->lease);
	}
	assert_int_equal(folder_open_descriptors(), before);
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(is_granted_once_and_again_after_release),
		CASE(names_the_holder_to_whoever_asks),
		CASE(is_free_the_moment_its_holder_ends_or_is_killed),
		CASE(stays_with_a_stopped_process),
		CASE(is_not_inherited_by_a_forked_child),
		CASE(is_released_although_a_forked_child_still_has_the_descriptor),
		CASE(notices_that_its_file_was_replaced),
		CASE(locks_the_file_that_is_there_when_it_was_replaced_meanwhile),
		CASE(trusts_only_a_plain_file_of_its_own),
		CASE(says_why_when_there_is_no_such_folder),
		CASE(makes_a_file_that_only_its_owner_reads_and_never_removes_it),
		CASE(believes_no_note_that_it_cannot_read),
		CASE(leaks_no_descriptor),
	};
	return cmocka_run_group_tests_name("the lease", tests, NULL, NULL);
}
