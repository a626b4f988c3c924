/* The book as files: opening what is new, old, newer, strange or out of reach; migrations, backups
 * and what is put back; the reserve. */
#include "tests/store/world.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *
path_in(struct world *world, const char *name)
{
	static char paths[32][800];
	static int next;
	char *path = paths[next++ % 32];

	text_format(path, 800, "%s/%s", world->folder, name);
	return path;
}

static bool
exists(const char *path)
{
	struct stat info;

	return lstat(path, &info) == 0;
}

static void
write_file(const char *path, const char *content)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	fputs(content, file);
	assert_int_equal(fclose(file), 0);
}

static enum status
try_open(struct world *world, const char *path, bool readonly)
{
	struct store *store = NULL;
	enum status status = store_open(path, readonly, 5, &store, NULL, &world->err);

	store_close(store);
	return status;
}

/* ---- opening ---- */

static void
a_new_book_gets_its_folders_its_permissions_and_its_settings(void **state)
{
	struct world *world = *state;
	const char *path = path_in(world, "a/b/c/book.db");
	struct store *store;
	struct stat info;
	bool is_new = false;
	int64_t value;

	assert_ok(world, store_open(path, false, 77, &store, &is_new, &world->err));
	assert_true(is_new);
	assert_string_equal(store_path(store), path);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	assert_int_equal(stat(path_in(world, "a/b/c"), &info), 0);
	assert_int_equal(info.st_mode & 0777, 0700);
	assert_ok(world, sql_int(store, "PRAGMA synchronous", &value, NULL));
	assert_int_equal(value, 2);
	assert_ok(world, sql_int(store, "PRAGMA foreign_keys", &value, NULL));
	assert_int_equal(value, 1);
	assert_ok(world, sql_int(store, "PRAGMA trusted_schema", &value, NULL));
	assert_int_equal(value, 0);
	assert_ok(world, sql_int(store, "PRAGMA busy_timeout", &value, NULL));
	assert_int_equal(value, 0);
	assert_ok(world, sql_int(store, "PRAGMA cell_size_check", &value, NULL));
	assert_int_equal(value, 1);
	assert_ok(world, sql_int(store, "SELECT applied_at_ms FROM migrations", &value, NULL));
	assert_int_equal(value, 77);
	assert_ok(world, sql_int(store, "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND "
	                         "type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite%'", &value, NULL));
	assert_int_equal(value, 0);
	store_close(store);
	assert_false(exists(path_in(world, "a/b/c/book.db-wal")));
	assert_ok(world, store_open(path, false, 78, &store, &is_new, &world->err));
	assert_false(is_new);
	store_close(store);
	store_close(NULL);
}

static void
what_is_no_book_is_refused_and_left_alone(void **state)
{
	struct world *world = *state;
	const char *garbage = path_in(world, "garbage"), *foreign = path_in(world, "foreign");
	sqlite3 *db;

	write_file(garbage, "this is a shopping list, long enough to be taken for a header of a file: milk, "
	           "bread, butter, and four hundred other things that nobody needs");
	assert_status(world, (try_open(world, garbage, false)), STATUS_IO);
	assert_int_equal(try_open(world, garbage, false), STATUS_IO);
	assert_non_null(strstr(world->err.message, "not a database"));
	assert_int_equal(sqlite3_open(foreign, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "CREATE TABLE bookmarks (a)", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(try_open(world, foreign, false), STATUS_IO);
	assert_non_null(strstr(world->err.message, "not a book"));
	assert_int_equal(sqlite3_open(foreign, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "SELECT * FROM bookmarks; DROP TABLE bookmarks; "
	                 "PRAGMA application_id = 12345", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(try_open(world, foreign, false), STATUS_IO);
	assert_int_equal(try_open(world, world->folder, false), STATUS_IO);
	assert_int_equal(try_open(world, path_in(world, "garbage/book.db"), false), STATUS_IO);
	/* A file of no size is a book that was never made. */
	write_file(path_in(world, "empty"), "");
	assert_int_equal(try_open(world, path_in(world, "empty"), false), STATUS_OK);
}

static void
a_newer_schema_is_named_with_both_versions(void **state)
{
	struct world *world = *state;
	char both[80];

	world_close(world);
	stranger_must(world, "PRAGMA user_version = 4711");
	assert_int_equal(try_open(world, world->path, false), STATUS_IO);
	text_format(both, sizeof(both), "version 4711, this Robson knows %zu", schema_migration_count);
	assert_non_null(strstr(world->err.message, both));
	assert_int_equal(try_open(world, world->path, true), STATUS_IO);
	stranger_must(world, "PRAGMA user_version = %zu", schema_migration_count);
	world_reopen(world);
}

static void
reading_only_never_writes(void **state)
{
	struct world *world = *state;
	struct book book;

	assert_int_equal(try_open(world, path_in(world, "none.db"), true), STATUS_IO);
	assert_false(exists(path_in(world, "none.db")));
	write_file(path_in(world, "empty"), "");
	assert_int_equal(try_open(world, path_in(world, "empty"), true), STATUS_IO);
	world_close(world);
	assert_ok(world, store_open(world->path, true, 5, &world->store, NULL, &world->err));
	assert_ok(world, store_book(world->store, 1, MODE_LIVE, &book, &world->err));
	assert_status(world, store_begin(world->store, &world->err), STATUS_REFUSED);
	assert_status(world, store_set_live(world->store, 1, true, &world->err), STATUS_REFUSED);
	assert_status(world, store_book(world->store, 2, MODE_LIVE, &book, &world->err), STATUS_REFUSED);
	store_reserve_keep(world->store);
	assert_false(exists(path_in(world, "book.db.reserve")));
}

static void
a_folder_out_of_reach_is_reported(void **state)
{
	struct world *world = *state;

	bool is_root = geteuid() == 0;

	/* Root writes anywhere, so it becomes somebody else for a moment. */
	assert_int_equal(chmod(world->folder, 0500), 0);
	if (is_root && (chmod(world->folder, 0555) != 0 || seteuid(65534) != 0))
		skip();
	enum status fresh = try_open(world, path_in(world, "other.db"), false);
	enum status below = try_open(world, path_in(world, "sub/other.db"), false);
	enum status backup = store_backup(world->store, path_in(world, "copy.db"), &world->err);
	enum status there = is_root ? try_open(world, world->path, false) : STATUS_IO;
	if (is_root)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(chmod(world->folder, 0700), 0);
	assert_int_equal(fresh, STATUS_IO);
	assert_int_equal(below, STATUS_IO);
	assert_int_equal(backup, STATUS_IO);
	assert_int_equal(there, STATUS_IO);
}

static void
a_book_in_a_folder_that_is_shut_can_be_looked_at(void **state)
{
	struct world *world = *state;
	const char *wal = path_in(world, "b%k?#.db-wal"), *file = path_in(world, "b%k?#.db");
	bool is_root = geteuid() == 0;

	assert_ok(world, store_backup(world->store, file, &world->err));
	assert_int_equal(chmod(file, 0444), 0);
	assert_int_equal(chmod(world->folder, is_root ? 0555 : 0500), 0);
	if (is_root && seteuid(65534) != 0)
		skip();
	enum status still = try_open(world, file, true);
	if (is_root)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(chmod(world->folder, 0700), 0);
	assert_int_equal(still, STATUS_OK);
	assert_false(exists(wal));

	/* What is in a log must not be passed over. */
	sqlite3 *db;
	assert_int_equal(chmod(file, 0644), 0);
	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	write_file(wal, "a log");
	assert_int_equal(chmod(file, 0444), 0);
	assert_int_equal(chmod(wal, 0444), 0);
	assert_int_equal(chmod(world->folder, is_root ? 0555 : 0500), 0);
	if (is_root && seteuid(65534) != 0)
		skip();
	still = try_open(world, file, true);
	if (is_root)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(chmod(world->folder, 0700), 0);
	assert_int_equal(still, STATUS_IO);
	assert_non_null(strstr(world->err.hint, "-wal"));
}

/* SQLite would take the name for a URI, and "mode=memory" for an order. */
static void
a_file_may_be_named_like_a_uri(void **state)
{
	struct world *world = *state;
	char here[600];

	assert_non_null(getcwd(here, sizeof(here)));
	assert_int_equal(chdir(world->folder), 0);
	enum status made = try_open(world, "file:book.db?mode=memory", false);
	bool there = exists("file:book.db?mode=memory");
	enum status backup = store_backup(world->store, "file:copy.db", &world->err);
	enum status again = try_open(world, "file:copy.db", true);
	assert_int_equal(chdir(here), 0);
	assert_int_equal(made, STATUS_OK);
	assert_true(there);
	assert_int_equal(backup, STATUS_OK);
	assert_int_equal(again, STATUS_OK);
}

/* ---- migrations ---- */

static const char *const second_lines[] = {
	"ALTER TABLE heartbeat ADD COLUMN mood TEXT NOT NULL DEFAULT '';\n",
	"CREATE TABLE second (a INTEGER PRIMARY KEY) STRICT;\n", NULL
};
static const char *const third_lines[] = { "INSERT INTO second VALUES (3);\n", NULL };
static const char *const broken_lines[] = { "INSERT INTO second VALUES (4);\n", "CREATE RUBBISH;\n", NULL };

static struct migrations
more_migrations(struct migration list[8], size_t more, bool is_broken)
{
	size_t count = schema_migration_count;

	memcpy(list, schema_migrations, count * sizeof(*list));
	list[count] = (struct migration){ (int)count + 1, "second", second_lines };
	list[count + 1] = (struct migration){ (int)count + 2, "third", is_broken ? broken_lines : third_lines };
	return (struct migrations){ list, count + more };
}

static void
an_older_book_is_backed_up_then_brought_up_to_date(void **state)
{
	struct world *world = *state;
	struct migration list[8];
	struct store_options options = { .migrations = more_migrations(list, 2, false) };
	struct intent intent;
	struct operation op;
	struct store *store, *old;
	char backup[700];
	int64_t value;
	bool is_new = true;

	world_open_trade(world, 1, "All In", &intent, &op);
	world_close(world);
	assert_int_equal(store_open_with(world->path, true, 500, &options, &store, NULL, &world->err), STATUS_IO);
	assert_ok(world, store_open_with(world->path, false, 500, &options, &store, &is_new, &world->err));
	assert_false(is_new);
	assert_ok(world, sql_int(store, "PRAGMA user_version", &value, NULL));
	assert_int_equal(value, schema_migration_count + 2);
	assert_ok(world, sql_int(store, "SELECT a FROM second", &value, NULL));
	assert_int_equal(value, 3);
	assert_ok(world, sql_int(store, "PRAGMA foreign_keys", &value, NULL));
	assert_int_equal(value, 1);
	assert_ok(world, sql_int(store, "SELECT count(*) FROM events WHERE kind = 'book.migrated'", &value, NULL));
	assert_int_equal(value, 1);
	assert_ok(world, store_intent_find(store, 1, intent.id, &intent, &world->err));
	struct chain_result chain;
	assert_ok(world, store_verify_chain(store, &chain, &world->err));
	assert_true(chain.ok);
	store_close(store);
	text_format(backup, sizeof(backup), "%s.before-v%zu", world->path, schema_migration_count + 2);
	assert_ok(world, store_open(backup, false, 1, &old, NULL, &world->err));
	assert_ok(world, store_intent_find(old, 1, intent.id, &intent, &world->err));
	assert_ok(world, sql_int(old, "SELECT count(*) FROM events WHERE kind = 'book.migrated'", &value, NULL));
	assert_int_equal(value, 0);
	store_close(old);
	assert_int_equal(try_open(world, world->path, false), STATUS_IO);   /* newer, now */
}

static void
a_migration_that_fails_leaves_the_old_book(void **state)
{
	struct world *world = *state;
	struct migration list[8];
	struct store_options options = { .migrations = more_migrations(list, 2, true) };
	struct store *store;
	char backup[700];

	for (int i = 0; i < 2; i++) {
		world_close(world);
		assert_int_equal(store_open_with(world->path, false, 500, &options, &store, NULL, &world->err),
		                 STATUS_IO);
		world_reopen(world);
		assert_int_equal(stranger_counts(world, "PRAGMA user_version"), schema_migration_count);
		assert_int_equal(stranger_counts(world, "SELECT count(*) FROM sqlite_schema WHERE name = 'second'"), 0);
	}
	text_format(backup, sizeof(backup), "%s.before-v%zu-2", world->path, schema_migration_count + 2);
	assert_true(exists(backup));                 /* the first one was not written over */
}

static void
the_built_in_migrations_are_numbered_without_gaps(void **state)
{
	(void)state;
	assert_true(schema_migration_count >= 1);
	for (size_t i = 0; i < schema_migration_count; i++) {
		assert_int_equal(schema_migrations[i].version, i + 1);
		assert_non_null(schema_migrations[i].lines[0]);
	}
}

/* ---- backup ---- */

static int
count_files(struct world *world)
{
	DIR *folder = opendir(world->folder);
	int count = 0;

	assert_non_null(folder);
	while (readdir(folder) != NULL)
		count++;
	closedir(folder);
	return count;
}

static void
a_backup_is_whole_made_while_others_write_and_never_written_over(void **state)
{
	struct world *world = *state;
	const char *file = path_in(world, "copy.db");
	struct intent intent;
	struct operation op;
	struct store *copy;
	struct stat info;

	world_open_trade(world, 1, "All In", &intent, &op);
	stranger_must(world, "BEGIN IMMEDIATE; UPDATE clients SET is_paused = 1");
	assert_ok(world, store_backup(world->store, file, &world->err));
	stranger_must(world, "COMMIT");
	assert_int_equal(stat(file, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	int files = count_files(world);
	assert_status(world, store_backup(world->store, file, &world->err), STATUS_CONFLICT);
	assert_status(world, store_backup(world->store, world->path, &world->err), STATUS_CONFLICT);
	assert_status(world, store_backup(world->store, path_in(world, "no/where.db"), &world->err), STATUS_IO);
	assert_int_equal(count_files(world), files);
	assert_ok(world, store_begin(world->store, &world->err));
	assert_status(world, store_backup(world->store, path_in(world, "in-tx.db"), &world->err), STATUS_BUG);
	store_rollback(world->store);
	assert_ok(world, store_open(file, false, 1, &copy, NULL, &world->err));
	struct book book;
	assert_ok(world, store_book(copy, 1, MODE_DRY_RUN, &book, &world->err));
	assert_false(book.is_paused);
	assert_ok(world, store_operation_find(copy, 1, op.id, &op, &world->err));
	store_close(copy);
}

/* ---- restore ---- */

static void
collect_bad(void *self, const struct store_check *check)
{
	*(int *)self += !check->ok;
}

static void
must_be_whole(struct world *world)
{
	struct store_health health;
	struct chain_result chain;
	int bad = 0;

	assert_ok(world, store_verify(world->store, collect_bad, &bad, &health, &world->err));
	assert_int_equal(bad, 0);
	assert_ok(world, store_verify_chain(world->store, &chain, &world->err));
	if (!chain.ok)
		fail_msg("%s", chain.what);
}

static void
a_restored_book_is_the_backups_with_new_ids_and_the_old_one_is_kept(void **state)
{
	struct world *world = *state;
	const char *file = path_in(world, "copy.db");
	struct intent first, second;
	struct operation op;
	struct book before, after, live;
	struct store *kept;

	world_open_trade(world, 1, "All In", &first, &op);
	assert_ok(world, store_backup(world->store, file, &world->err));
	world_open_trade(world, 2, "All In", &second, &op);
	assert_ok(world, store_book(world->store, 1, MODE_DRY_RUN, &before, &world->err));
	struct heartbeat beat = { .pid = 1, .kind = "screen" };
	assert_ok(world, store_heartbeat_save(world->store, &beat, &world->err));
	world_close(world);
	/* A viewer may have it open meanwhile: it sees the change. */
	assert_int_equal(stranger_counts(world, "SELECT count(*) FROM intents"), 2);
	assert_ok(world, store_restore(world->path, file, 42, &world->err));
	assert_int_equal(stranger_counts(world, "SELECT count(*) FROM intents"), 1);
	world_reopen(world);
	must_be_whole(world);
	assert_status(world, store_intent_find(world->store, 1, second.id, &second, &world->err), STATUS_NOT_FOUND);
	assert_ok(world, store_book(world->store, 1, MODE_DRY_RUN, &after, &world->err));
	assert_ok(world, store_book(world->store, 1, MODE_LIVE, &live, &world->err));
	assert_string_not_equal(after.id, before.id);
	assert_string_not_equal(after.id, live.id);
	assert_int_equal(stranger_counts(world, "SELECT count(*) FROM events WHERE kind = 'book.restored' "
	                                 "AND at_ms = 42"), 1);
	assert_ok(world, store_open(path_in(world, "book.db.before-restore-1"), false, 1, &kept, NULL, &world->err));
	assert_ok(world, store_intent_find(kept, 1, second.id, &second, &world->err));
	struct chain_result chain;
	assert_ok(world, store_verify_chain(kept, &chain, &world->err));
	assert_true(chain.ok);
	store_close(kept);
	assert_true(exists(path_in(world, "book.db.before-restore-1.audit-head")));
	assert_true(exists(path_in(world, "book.db.audit-head")));
	assert_false(exists(path_in(world, "book.db.restoring")));
	/* The file that it came from is as it was, and can be used again. */
	world_close(world);
	assert_ok(world, store_restore(world->path, file, 43, &world->err));
	assert_true(exists(path_in(world, "book.db.before-restore-2")));
	world_reopen(world);
	must_be_whole(world);
	world_open_trade(world, 2, "All In", &second, &op);
	must_be_whole(world);
}

static void
a_book_that_somebody_writes_to_is_not_replaced(void **state)
{
	struct world *world = *state;
	const char *file = path_in(world, "copy.db");
	struct intent intent;
	struct operation op;

	world_open_trade(world, 1, "All In", &intent, &op);
	assert_ok(world, store_backup(world->store, file, &world->err));
	world_open_trade(world, 2, "All In", &intent, &op);
	world_close(world);
	stranger_must(world, "BEGIN IMMEDIATE; UPDATE clients SET is_paused = 1");
	int files = count_files(world);
	assert_int_equal(store_restore(world->path, file, 42, &world->err), STATUS_BUSY);
	assert_int_equal(count_files(world), files);
	stranger_must(world, "ROLLBACK");
	assert_int_equal(stranger_counts(world, "SELECT count(*) FROM intents"), 2);
	assert_true(exists(path_in(world, "book.db.audit-head")));
	world_reopen(world);
	must_be_whole(world);
}

static void
only_a_whole_book_is_restored(void **state)
{
	struct world *world = *state;
	const char *file = path_in(world, "copy.db"), *bad = path_in(world, "bad.db");
	struct intent intent;
	struct operation op;
	sqlite3 *db;

	world_open_trade(world, 1, "All In", &intent, &op);
	assert_ok(world, store_backup(world->store, file, &world->err));
	world_close(world);
	int64_t events = stranger_counts(world, "SELECT count(*) FROM events");
	write_file(bad, "nothing of the kind, but a text that is long enough to be read as a header, and then "
	           "some more of it so that nobody can say that it was too short");
	assert_int_equal(store_restore(world->path, bad, 1, &world->err), STATUS_INVALID);
	assert_int_equal(store_restore(world->path, path_in(world, "none.db"), 1, &world->err), STATUS_INVALID);
	assert_non_null(strstr(world->err.hint, "robson backup"));
	write_file(bad, "");
	assert_int_equal(store_restore(world->path, bad, 1, &world->err), STATUS_INVALID);
	static const char *const damages[] = {
		"DROP TRIGGER events_update; UPDATE events SET summary = 'x' WHERE seq = 1",
		"PRAGMA application_id = 1", "PRAGMA user_version = 99",
		"DROP TRIGGER orders_delete; DELETE FROM orders",
	};
	for (size_t i = 0; i < ARRAY_LEN(damages); i++) {
		char sql[1000];
		unlink(bad);
		assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
		text_format(sql, sizeof(sql), "VACUUM INTO '%s'", bad);
		assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
		sqlite3_close(db);
		assert_int_equal(sqlite3_open(bad, &db), SQLITE_OK);
		assert_int_equal(sqlite3_exec(db, damages[i], NULL, NULL, NULL), SQLITE_OK);
		sqlite3_close(db);
		if (store_restore(world->path, bad, 1, &world->err) != STATUS_INVALID)
			fail_msg("restored in spite of: %s", damages[i]);
	}
	assert_int_equal(stranger_counts(world, "SELECT count(*) FROM events"), events);
	assert_false(exists(path_in(world, "book.db.before-restore-1")));
	world_reopen(world);
	must_be_whole(world);
}

static void
a_book_that_is_beyond_reading_is_put_aside_and_replaced(void **state)
{
	struct world *world = *state;
	const char *file = path_in(world, "copy.db");
	struct intent intent;
	struct operation op;

	world_open_trade(world, 1, "All In", &intent, &op);
	assert_ok(world, store_backup(world->store, file, &world->err));
	world_leave(world);
	write_file(world->path, "somebody's editor wrote this over the database, and all that is left of it are "
	           "the backups that were made before it happened");
	assert_int_equal(try_open(world, world->path, false), STATUS_IO);
	assert_ok(world, store_restore(world->path, file, 42, &world->err));
	world_reopen(world);
	must_be_whole(world);
	assert_true(exists(path_in(world, "book.db.before-restore-1")));
	assert_ok(world, store_intent_find(world->store, 1, intent.id, &intent, &world->err));
	/* And into a place where there is none. */
	const char *fresh = path_in(world, "fresh.db");
	assert_ok(world, store_restore(fresh, file, 42, &world->err));
	assert_int_equal(try_open(world, fresh, false), STATUS_OK);
	assert_false(exists(path_in(world, "fresh.db.before-restore-1")));
}

/* ---- the reserve ---- */

static void
the_reserve_is_of_real_blocks_and_given_up_on_demand(void **state)
{
	struct world *world = *state;
	const char *path = path_in(world, "book.db.reserve");
	struct stat info;

	store_reserve_release(world->store);
	store_reserve_keep(world->store);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_size, 256 * 1024);
	assert_true(info.st_blocks * 512 >= 256 * 1024);
	store_reserve_keep(world->store);
	assert_false(store_reserve_lend(path_in(world, "book.db")));   /* there is room: nothing is lent */
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_size, 256 * 1024);
	store_reserve_release(world->store);
	assert_false(exists(path));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_new_book_gets_its_folders_its_permissions_and_its_settings),
		TEST(what_is_no_book_is_refused_and_left_alone),
		TEST(a_newer_schema_is_named_with_both_versions),
		TEST(reading_only_never_writes),
		TEST(a_folder_out_of_reach_is_reported),
		TEST(a_book_in_a_folder_that_is_shut_can_be_looked_at),
		TEST(a_file_may_be_named_like_a_uri),
		TEST(an_older_book_is_backed_up_then_brought_up_to_date),
		TEST(a_migration_that_fails_leaves_the_old_book),
		TEST(the_built_in_migrations_are_numbered_without_gaps),
		TEST(a_backup_is_whole_made_while_others_write_and_never_written_over),
		TEST(a_restored_book_is_the_backups_with_new_ids_and_the_old_one_is_kept),
		TEST(a_book_that_somebody_writes_to_is_not_replaced),
		TEST(only_a_whole_book_is_restored),
		TEST(a_book_that_is_beyond_reading_is_put_aside_and_replaced),
		TEST(the_reserve_is_of_real_blocks_and_given_up_on_demand),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
