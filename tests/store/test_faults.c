/* A disk that fails at every single step of a transaction, two hands on one book, and files that are
 * damaged: what was promised is whole or is not there, and nothing crashes. */
#include "tests/store/fault_vfs.h"
#include "tests/store/world.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void
reopen_with_faults(struct world *world)
{
	const struct store_options options = { .vfs = "fault", .migrations = schema_built_in() };

	fault_vfs_register();
	world_close(world);
	assert_ok(world, store_open_with(world->path, false, 1000, &options, &world->store, NULL, &world->err));
}

static void
count_bad(void *self, const struct store_check *check)
{
	if (!check->ok) {
		print_error("%s: %s\n", check->name, check->message);
		(*(int *)self)++;
	}
}

static void
must_be_whole(struct world *world)
{
	struct store_health health;
	struct chain_result chain;
	int bad = 0;

	assert_ok(world, store_verify(world->store, count_bad, &bad, &health, &world->err));
	assert_int_equal(bad, 0);
	assert_ok(world, store_verify_chain(world->store, &chain, &world->err));
	if (!chain.ok)
		fail_msg("%s", chain.what);
}

/* One use case: an intent, its report and its event in one transaction. */
static enum status
plan(struct world *world, int number)
{
	struct intent intent;
	struct report report = { .count = 1, .checks = { { .name = "stop", .code = "stop.ok" } } };
	struct event event = { .client_id = 1, .actor = "person/test", .kind = "intent.planned" };
	enum status status = store_begin(world->store, &world->err);

	if (status != STATUS_OK)
		return status;
	make_intent(number, &intent);
	status = store_intent_insert(world->store, &intent, &world->err);
	if (status == STATUS_OK)
		status = store_report_insert(world->store, intent.id, OCCASION_VALIDATE, 5, &report, &world->err);
	if (status == STATUS_OK)
		status = store_event_append(world->store, &event, &world->err);
	if (status == STATUS_OK)
		return store_commit(world->store, &world->err);
	store_rollback(world->store);
	return status;
}

static void
fail_at_every_step(struct world *world, unsigned kinds, bool for_ever, int code)
{
	bool fired = true;

	for (int step = 1; fired; step++) {
		int64_t intents = stranger_counts(world, "SELECT count(*) FROM intents");
		int64_t events = stranger_counts(world, "SELECT count(*) FROM events");
		fault_vfs_arm(kinds, step, for_ever, code);
		enum status status = plan(world, 1000 + (int)intents);
		fired = fault_vfs_has_fired();
		fault_vfs_arm(0, 0, false, 0);
		if (status != STATUS_OK) {
			assert_int_equal(status, STATUS_IO);
			assert_true(world->err.message[0] != '\0');
			if (code == SQLITE_FULL)
				assert_non_null(strstr(world->err.message, "full"));
		} else if (fired && !for_ever) {
			continue;                        /* the log was written out later: no harm */
		}
		assert_false(store_in_transaction(world->store));
		/* What was not promised may not be there; what was must be.  After a failed sync either is
		 * honest, but never a half. */
		int64_t more = stranger_counts(world, "SELECT count(*) FROM intents") - intents;
		assert_int_equal(stranger_counts(world, "SELECT count(*) FROM events") - events, more);
		assert_int_equal(more, status == STATUS_OK);
		must_be_whole(world);
		assert_true(step < 200);
	}
	assert_ok(world, plan(world, 9000 + (int)stranger_counts(world, "SELECT count(*) FROM intents")));
	must_be_whole(world);
}

static void
a_transaction_is_whole_whatever_the_disk_does(void **state)
{
	struct world *world = *state;

	reopen_with_faults(world);
	fail_at_every_step(world, FAULT_WRITE, false, SQLITE_IOERR_WRITE);
	fail_at_every_step(world, FAULT_WRITE, true, SQLITE_FULL);
	fail_at_every_step(world, FAULT_SYNC, false, SQLITE_IOERR_FSYNC);
	fail_at_every_step(world, FAULT_SYNC, true, SQLITE_IOERR_FSYNC);
}

static void
a_disk_that_fails_while_reading_is_reported(void **state)
{
	struct world *world = *state;
	struct intent intent;

	assert_ok(world, plan(world, 1));
	reopen_with_faults(world);
	sqlite3_db_release_memory(world->store->db);
	for (int step = 1; step < 40; step++) {
		fault_vfs_arm(FAULT_READ, step, true, SQLITE_IOERR_READ);
		enum status status = store_intent_find(world->store, 1, "00000000-0000-7000-8000-000000000001",
		                                       &intent, &world->err);
		bool fired = fault_vfs_has_fired();
		fault_vfs_arm(0, 0, false, 0);
		assert_int_equal(status, fired ? STATUS_IO : STATUS_OK);
		reopen_with_faults(world);
		if (!fired)
			break;
	}
	must_be_whole(world);
}

static void
making_a_book_on_a_failing_disk_leaves_nothing_half_made(void **state)
{
	struct world *world = *state;
	const struct store_options options = { .vfs = "fault", .migrations = schema_built_in() };
	bool fired = true;

	fault_vfs_register();
	for (int step = 1; fired; step++) {
		char path[700];
		struct store *store = NULL;
		bool is_new;
		text_format(path, sizeof(path), "%s/new-%d.db", world->folder, step);
		fault_vfs_arm(FAULT_WRITE | FAULT_SYNC | FAULT_TRUNCATE, step, true, SQLITE_FULL);
		enum status status = store_open_with(path, false, 7, &options, &store, NULL, &world->err);
		fired = fault_vfs_has_fired();
		fault_vfs_arm(0, 0, false, 0);
		assert_int_equal(status, fired ? STATUS_IO : STATUS_OK);
		store_close(store);
		assert_ok(world, store_open(path, false, 7, &store, &is_new, &world->err));
		assert_int_equal(is_new, fired);
		store_close(store);
		assert_true(step < 300);
	}
}

/* After SQLite has rolled back by itself, the rest of a use case must not become durable alone. */
static void
nothing_is_written_after_a_transaction_was_lost(void **state)
{
	struct world *world = *state;
	struct intent intent;

	assert_ok(world, store_begin(world->store, &world->err));
	make_intent(1, &intent);
	assert_ok(world, store_intent_insert(world->store, &intent, &world->err));
	assert_int_equal(sqlite3_exec(world->store->db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	make_intent(2, &intent);
	assert_status(world, store_intent_insert(world->store, &intent, &world->err), STATUS_IO);
	assert_status(world, store_commit(world->store, &world->err), STATUS_IO);
	assert_false(store_in_transaction(world->store));
	assert_int_equal(stranger_counts(world, "SELECT count(*) FROM intents"), 0);
	assert_ok(world, plan(world, 3));
}

/* ---- memory ---- */

static sqlite3_mem_methods real_memory;
static int allocations_left = -1;                    /* -1: as many as there are */

static bool
is_out_of_memory(void)
{
	if (allocations_left > 0)
		allocations_left--;
	return allocations_left == 0;
}

static void *
poor_malloc(int size)
{
	return is_out_of_memory() ? NULL : real_memory.xMalloc(size);
}

static void *
poor_realloc(void *old, int size)
{
	return is_out_of_memory() ? NULL : real_memory.xRealloc(old, size);
}

/* Before SQLite is used for the first time. */
static void
make_memory_poor(void)
{
	sqlite3_mem_methods poor;

	if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_memory) != SQLITE_OK)
		abort();
	poor = real_memory;
	poor.xMalloc = poor_malloc;
	poor.xRealloc = poor_realloc;
	if (sqlite3_config(SQLITE_CONFIG_MALLOC, &poor) != SQLITE_OK)
		abort();
}

static void
a_transaction_is_whole_when_memory_runs_out(void **state)
{
	struct world *world = *state;
	int failures = 0, intents = 0;

	for (int step = 1;; step += 1 + step / 16) {
		world_close(world);                      /* nothing prepared, nothing cached */
		allocations_left = step;
		enum status status = store_open(world->path, false, 1000, &world->store, NULL, &world->err);
		if (status == STATUS_OK)
			status = plan(world, 1 + intents);
		bool ran_out = allocations_left == 0;
		allocations_left = -1;
		if (status != STATUS_OK && status != STATUS_NO_MEMORY)   /* SQLite says CANTOPEN of some */
			assert_int_equal(status, STATUS_IO);
		if (world->store == NULL)
			world_reopen(world);
		intents += status == STATUS_OK;
		failures += status != STATUS_OK;
		assert_int_equal(stranger_counts(world, "SELECT count(*) FROM intents"), intents);
		if (!ran_out)
			break;
		assert_true(step < 1000000);
	}
	assert_true(failures > 20);
	must_be_whole(world);
}

/* ---- two hands ---- */

static void
a_write_that_meets_a_lock_says_busy_at_once_and_changes_nothing(void **state)
{
	struct world *world = *state;
	struct intent intent;

	stranger_must(world, "BEGIN IMMEDIATE; UPDATE clients SET is_paused = 1");
	assert_int_equal(plan(world, 1), STATUS_BUSY);
	assert_true(world->err.retryable);
	assert_false(store_in_transaction(world->store));
	make_intent(1, &intent);
	assert_status(world, store_intent_insert(world->store, &intent, &world->err), STATUS_BUSY);
	/* Reading goes on, and sees what was before. */
	struct book book;
	assert_ok(world, store_book(world->store, 1, MODE_DRY_RUN, &book, &world->err));
	assert_false(book.is_paused);
	stranger_must(world, "COMMIT");
	assert_ok(world, store_book(world->store, 1, MODE_DRY_RUN, &book, &world->err));
	assert_true(book.is_paused);
	assert_ok(world, plan(world, 1));
}

static void
a_reader_sees_one_moment_and_the_change_count_moves_with_others(void **state)
{
	struct world *world = *state;
	struct book book;

	int64_t count = store_change_count(world->store);
	assert_int_equal(store_change_count(world->store), count);
	assert_ok(world, plan(world, 1));
	assert_int_not_equal(store_change_count(world->store), count);   /* our own */
	count = store_change_count(world->store);
	assert_ok(world, store_begin_read(world->store, &world->err));
	assert_ok(world, store_book(world->store, 1, MODE_DRY_RUN, &book, &world->err));
	stranger_must(world, "UPDATE clients SET is_live_on = 1");
	assert_ok(world, store_book(world->store, 1, MODE_DRY_RUN, &book, &world->err));
	assert_false(book.is_live_on);
	assert_status(world, store_set_live(world->store, 1, true, &world->err), STATUS_BUG);
	store_rollback(world->store);
	assert_ok(world, store_book(world->store, 1, MODE_DRY_RUN, &book, &world->err));
	assert_true(book.is_live_on);
	assert_int_not_equal(store_change_count(world->store), count);
}

static void
of_two_that_execute_one_intent_one_is_told(void **state)
{
	struct world *world = *state;
	struct store *other;
	struct intent mine, theirs;

	world_intent_in(world, 1, INTENT_VALIDATED, &mine);
	assert_ok(world, store_open(world->path, false, 0, &other, NULL, &world->err));
	assert_ok(world, store_intent_find(other, 1, mine.id, &theirs, &world->err));
	mine.status = theirs.status = INTENT_EXECUTING;
	assert_ok(world, store_intent_update(world->store, &mine, INTENT_VALIDATED, &world->err));
	assert_int_equal(store_intent_update(other, &theirs, INTENT_VALIDATED, &world->err), STATUS_CONFLICT);
	assert_non_null(strstr(world->err.message, "EXECUTING"));
	struct order order;
	make_order(&mine, PURPOSE_ENTRY, 1, &order);
	assert_ok(world, store_order_insert(world->store, &order, &world->err));
	assert_status(world, store_order_insert(other, &order, &world->err), STATUS_CONFLICT);
	order.state = ORDER_SENT;
	assert_ok(world, store_order_update(other, &order, ORDER_PENDING, &world->err));
	assert_status(world, store_order_update(world->store, &order, ORDER_PENDING, &world->err), STATUS_CONFLICT);
	struct request request = { .client_id = 1, .kind = REQUEST_PANIC };
	assert_ok(world, store_request_insert(world->store, &request, &world->err));
	request.state = REQUEST_TAKEN;
	assert_ok(world, store_request_update(other, &request, REQUEST_WANTED, &world->err));
	assert_status(world, store_request_update(world->store, &request, REQUEST_WANTED, &world->err),
	              STATUS_CONFLICT);
	store_close(other);
}

/* ---- processes ---- */

/* A child that appends events until it has done `count` (0: until it dies), one byte down the pipe
 * for each that is committed. */
static void
run_child(const char *path, int pipe_end, int count)
{
	struct error err;
	struct store *store;

	while (store_open(path, false, 1, &store, NULL, &err) == STATUS_BUSY)
		;
	for (int done = 0; count == 0 || done < count;) {
		struct event event = { .client_id = 1, .actor = "child", .kind = "test.written" };
		enum status status = store_begin(store, &err);
		if (status == STATUS_BUSY)
			continue;
		if (status != STATUS_OK || store_set_live(store, 1, done % 2 == 0, &err) != STATUS_OK ||
		    store_event_append(store, &event, &err) != STATUS_OK || store_commit(store, &err) != STATUS_OK)
			_exit(1);
		if (write(pipe_end, ".", 1) != 1)
			_exit(2);
		done++;
	}
	store_close(store);
	_exit(0);
}

static void
processes_that_write_at_once_make_one_chain(void **state)
{
	struct world *world = *state;
	enum { CHILDREN = 3, EACH = 60 };
	pid_t children[CHILDREN];
	int ends[2], status;
	int64_t seq;
	char hash[EVENT_HASH_SIZE];

	world_leave(world);
	assert_int_equal(pipe(ends), 0);
	for (int i = 0; i < CHILDREN; i++)
		if ((children[i] = fork()) == 0)
			run_child(world->path, ends[1], EACH);
	for (int i = 0; i < CHILDREN; i++) {
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	close(ends[0]);
	close(ends[1]);
	world_reopen(world);
	must_be_whole(world);
	assert_int_equal(stranger_counts(world, "SELECT max(seq) FROM events"), CHILDREN * EACH);
	assert_true(head_read(world->path, &seq, hash) && seq <= CHILDREN * EACH);
}

static void
what_a_killed_process_had_committed_is_there(void **state)
{
	struct world *world = *state;
	int64_t before = 0;

	for (int round = 1; round <= 12; round++) {
		int ends[2], status;
		char bytes[64];
		world_leave(world);
		assert_int_equal(pipe(ends), 0);
		pid_t child = fork();
		if (child == 0) {
			close(ends[0]);
			run_child(world->path, ends[1], 0);
		}
		close(ends[1]);
		int64_t committed = 0;
		while (committed < round) {
			ssize_t got = read(ends[0], bytes, 1);
			assert_int_equal(got, 1);
			committed += got;
		}
		assert_int_equal(kill(child, SIGKILL), 0);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		for (ssize_t got; (got = read(ends[0], bytes, sizeof(bytes))) > 0;)
			committed += got;
		close(ends[0]);
		world_reopen(world);
		int64_t events = stranger_counts(world, "SELECT count(*) FROM events") - before;
		assert_true(events == committed || events == committed + 1);   /* died before the byte */
		before += events;
		must_be_whole(world);
	}
}

/* ---- damaged files ---- */

static long
size_of(const char *path)
{
	struct stat info;

	assert_int_equal(stat(path, &info), 0);
	return (long)info.st_size;
}

static bool
take_intent(void *self, const struct intent *intent)
{
	(void)intent;
	++*(int *)self;
	return true;
}

static bool
take_event(void *self, const struct event *event)
{
	(void)event;
	++*(int *)self;
	return true;
}

static void
ignore_check(void *self, const struct store_check *check)
{
	(void)check;
	++*(int *)self;
}

/* Whatever is in the file: an error or an answer, never a crash.  (Sanitizers look on.) */
static void
use_everything(const char *path)
{
	struct error err;
	struct store *store;
	struct store_health health;
	struct chain_result chain;
	struct book book;
	struct day_counts day;
	int count = 0;

	if (store_open(path, false, 9, &store, NULL, &err) != STATUS_OK) {
		assert_true(err.message[0] != '\0');
		return;
	}
	enum status statuses[] = {
		store_intents(store, &(struct intent_query){ .client_id = 1 }, take_intent, &count, &err),
		store_events(store, &(struct event_query){ .client_id = 1 }, take_event, &count, &err),
		store_verify(store, ignore_check, &count, &health, &err),
		store_verify_chain(store, &chain, &err),
		store_book(store, 1, MODE_DRY_RUN, &book, &err),
		store_day_counts(store, 1, MODE_DRY_RUN, 0, &day, &err),
		store_set_paused(store, 1, true, "x", "y", 1, &err),
	};
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++)
		assert_true(statuses[i] < STATUS_COUNT && statuses[i] != STATUS_BUG);
	store_close(store);
}

static void
write_file(const char *path, const char *bytes, size_t size)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void
damaged_files_give_errors_and_never_crash(void **state)
{
	struct world *world = *state;
	struct intent intent;
	struct operation op;
	struct trade trade;
	char path[700];
	unsigned random = 1;

	world_open_trade(world, 1, "All In", &intent, &op);
	world_close_trade(world, &op, "110", 9000, &trade);
	world_leave(world);
	size_t size = (size_t)size_of(world->path);
	char *whole = malloc(size), *bytes = malloc(size);
	FILE *file = fopen(world->path, "rb");
	assert_true(whole != NULL && bytes != NULL && file != NULL);
	assert_int_equal(fread(whole, 1, size, file), size);
	fclose(file);
	text_format(path, sizeof(path), "%s/damaged.db", world->folder);
	const char *scale = getenv("ROBSON_TEST_SCALE");
	int rounds = 60 * (scale != NULL ? atoi(scale) : 1);
	for (int i = 0; i < rounds; i++) {
		memcpy(bytes, whole, size);
		size_t now = size;
		random = random * 1103515245 + 12345;
		if (i % 3 == 0) {
			now = (size_t)random * 16 % size;            /* cut off */
		} else {
			for (int flips = 0; flips < 1 + i; flips++) {
				random = random * 1103515245 + 12345;
				/* Every other time near the beginning of a page, where the structure is. */
				size_t at = i % 2 ? (size_t)(random >> 3) % size
				                  : ((size_t)(random >> 3) % (size / 4096)) * 4096 + (random >> 20) % 64;
				bytes[at] = (char)(random >> 16);
			}
		}
		write_file(path, bytes, now);
		use_everything(path);
		char other[720];
		static const char *const suffixes[] = { "", "-wal", "-shm", ".audit-head" };
		for (size_t s = 0; s < ARRAY_LEN(suffixes); s++) {
			text_format(other, sizeof(other), "%s%s", path, suffixes[s]);
			unlink(other);
		}
	}
	free(whole);
	free(bytes);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_transaction_is_whole_whatever_the_disk_does),
		TEST(a_disk_that_fails_while_reading_is_reported),
		TEST(making_a_book_on_a_failing_disk_leaves_nothing_half_made),
		TEST(a_transaction_is_whole_when_memory_runs_out),
		TEST(nothing_is_written_after_a_transaction_was_lost),
		TEST(a_write_that_meets_a_lock_says_busy_at_once_and_changes_nothing),
		TEST(a_reader_sees_one_moment_and_the_change_count_moves_with_others),
		TEST(of_two_that_execute_one_intent_one_is_told),
		TEST(processes_that_write_at_once_make_one_chain),
		TEST(what_a_killed_process_had_committed_is_there),
		TEST(damaged_files_give_errors_and_never_crash),
	};
	make_memory_poor();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
