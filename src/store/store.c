/* Opening and closing the book, and its transactions.
 *
 * Only opening may wait for a lock (two processes that make the same book at once, or one that is
 * just closing it): nothing watches stops yet.  From then on busy_timeout is 0. */
#include "store/sql.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPEN_BUSY_MS = 2000 };

static bool
is_memory(const char *path)
{
	return strcmp(path, ":memory:") == 0;
}

static enum status
make_folders(const char *path, struct error *err)
{
	char *copy = strdup(path);

	if (copy == NULL)
		return error_set(err, STATUS_NO_MEMORY, "opening the book: no memory");
	enum status status = STATUS_OK;
	for (char *at = copy + 1; status == STATUS_OK && (at = strchr(at, '/')) != NULL; at++) {
		*at = '\0';
		if (mkdir(copy, 0700) != 0 && errno != EEXIST && errno != EISDIR) {
			error_set(err, STATUS_IO, "the folder %s can't be made: %s", copy, strerror(errno));
			error_hint(err, "Choose another place with --db FILE.");
			status = STATUS_IO;
		}
		*at = '/';
	}
	free(copy);
	return status;
}

/* Only a file that is not there is opened by us: closing a descriptor of a database that this process
 * has open elsewhere would drop that connection's locks. */
static enum status
make_file(const char *path, struct error *err)
{
	struct stat info;

	if (stat(path, &info) == 0) {
		if (!S_ISREG(info.st_mode))
			return error_set(err, STATUS_IO, "%s is not a file, so no book can be there", path);
		return STATUS_OK;
	}
	enum status status = make_folders(path, err);
	if (status != STATUS_OK)
		return status;
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 && errno == EEXIST)
		return STATUS_OK;                    /* somebody was faster */
	if (fd < 0) {
		error_set(err, STATUS_IO, "the book %s can't be made: %s", path, strerror(errno));
		error_hint(err, "Check the folder, or choose another place with --db FILE.");
		return STATUS_IO;
	}
	close(fd);
	return path_sync_folder(path, err);
}

static enum status
configure(struct store *store, struct error *err)
{
	static const struct { int option; int on; } options[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 }, { SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_ENABLE_FKEY, 1 }, { SQLITE_DBCONFIG_ENABLE_TRIGGER, 1 },
		{ SQLITE_DBCONFIG_DQS_DML, 0 }, { SQLITE_DBCONFIG_DQS_DDL, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(options); i++) {
		int code = sqlite3_db_config(store->db, options[i].option, options[i].on, (int *)NULL);
		if (code != SQLITE_OK)
			return sql_error(store, code, "opening the book", err);
	}
	return sql_run(store, "PRAGMA cell_size_check = ON", "opening the book", err);
}

/* After the file is known to be ours: the journal mode is kept in the file itself. */
static enum status
configure_writing(struct store *store, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	bool row = false;
	enum status status = query_open(store, "PRAGMA journal_mode = WAL", &query, err);

	if (status == STATUS_OK)
		status = query_step(&query, &row, "opening the book", err);
	if (status != STATUS_OK)
		return status;
	if (!is_memory(store->path) && (!row || strcmp(query_get_text(&query, 0), "wal") != 0))
		return error_set(err, STATUS_IO, "%s can't be kept with a write-ahead log here", store->path);
	query_done(&query);
	status = sql_run(store, "PRAGMA synchronous = FULL", "opening the book", err);
	if (status == STATUS_OK)   /* a log that once grew is cut back when it is written out */
		status = sql_run(store, "PRAGMA journal_size_limit = 4194304", "opening the book", err);
	return status;
}

static enum status
open_ready(struct store *store, int64_t now_ms, const struct store_options *options,
           bool *ret_is_new, struct error *err)
{
	enum schema_kind kind;
	int version, newest = (int)options->migrations.count;
	enum status status = configure(store, err);

	if (status == STATUS_OK)
		status = schema_recognise(store, &kind, &version, err);
	if (status != STATUS_OK)
		return status;
	if (version > newest) {
		error_set(err, STATUS_IO, "%s was written by a newer Robson: its schema is version %d, "
		          "this Robson knows %d", store->path, version, newest);
		error_hint(err, "Use the newer Robson, or another database with --db FILE.");
		return STATUS_IO;
	}
	*ret_is_new = kind == SCHEMA_NEW;
	if (options->is_plain)
		return STATUS_OK;
	if (store->readonly) {
		if (kind == SCHEMA_NEW)
			return error_set(err, STATUS_IO, "%s holds no book yet, and nothing may be written",
			                 store->path);
		if (version < newest) {
			error_set(err, STATUS_IO, "%s has schema version %d and needs %d, but nothing may be "
			          "written", store->path, version, newest);
			error_hint(err, "Open it once without --readonly.");
			return STATUS_IO;
		}
		return STATUS_OK;
	}
	/* SQLite opens for reading what it may not write, and says nothing. */
	if (sqlite3_db_readonly(store->db, "main") == 1) {
		error_set(err, STATUS_IO, "%s can't be written: its permissions, or its disk, forbid it", store->path);
		error_hint(err, "With --readonly Robson looks and never acts.");
		return STATUS_IO;
	}
	status = configure_writing(store, err);
	if (status == STATUS_OK && version < newest)
		status = schema_migrate(store, options->migrations, now_ms, err);
	return status;
}

/* Where SQLite can't make what readers share, a book without a log or a journal beside it can still be
 * looked at: as a file that does not change. */
static bool
is_still(const char *path)
{
	static const char *const suffixes[] = { "-wal", "-shm", "-journal" };
	const char *slash = strrchr(path, '/');
	struct stat info;

	if (is_memory(path))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		char *beside = path_with(path, suffixes[i]);
		bool is_there = beside == NULL || lstat(beside, &info) == 0;
		free(beside);
		if (is_there)
			return false;
	}
	char *folder = slash == NULL ? strdup(".") : strndup(path, slash == path ? 1 : (size_t)(slash - path));
	bool is_shut = folder != NULL && faccessat(AT_FDCWD, folder, W_OK, AT_EACCESS) != 0;
	free(folder);
	return is_shut;
}

enum status
store_open_with(const char *path, bool readonly, int64_t now_ms, const struct store_options *options,
                struct store **ret, bool *ret_is_new, struct error *err)
{
	bool is_new = false;
	int flags = readonly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	struct stat info;

	if (is_memory(path))
		flags |= SQLITE_OPEN_CREATE;
	else if (readonly && stat(path, &info) != 0)
		return error_set(err, STATUS_IO, "there is no book at %s: %s", path, strerror(errno));
	else if (!readonly) {
		enum status status = make_file(path, err);
		if (status != STATUS_OK)
			return status;
	}
	struct store *store = calloc(1, sizeof(*store));
	char *copy = strdup(path);
	if (store == NULL || copy == NULL) {
		free(store);
		free(copy);
		return error_set(err, STATUS_NO_MEMORY, "opening the book: no memory");
	}
	store->path = copy;
	store->readonly = readonly;
	text_init(&store->sql);
	int code = readonly && is_still(path) ? sql_open_still(path, options->vfs, &store->db)
	                                      : sql_open(path, flags, options->vfs, &store->db);
	enum status status;
	if (code != SQLITE_OK) {
		status = sql_error(store, code, "opening the book", err);
	} else {
		sqlite3_busy_timeout(store->db, OPEN_BUSY_MS);
		status = open_ready(store, now_ms, options, &is_new, err);
		sqlite3_busy_timeout(store->db, 0);
	}
	if (status != STATUS_OK) {
		store_close(store);
		return status;
	}
	*ret = store;
	if (ret_is_new != NULL)
		*ret_is_new = is_new;
	return STATUS_OK;
}

enum status
store_open(const char *path, bool readonly, int64_t now_ms, struct store **ret, bool *ret_is_new,
           struct error *err)
{
	const struct store_options options = { .migrations = schema_built_in() };
	enum status status = store_open_with(path, readonly, now_ms, &options, ret, ret_is_new, err);

	/* Without room SQLite can't even share its memory with others, and nobody would watch the stops. */
	if (status == STATUS_IO && !readonly && store_reserve_lend(path)) {
		error_clear(err);
		status = store_open_with(path, readonly, now_ms, &options, ret, ret_is_new, err);
	}
	return status;
}

void
store_close(struct store *store)
{
	if (store == NULL)
		return;
	for (size_t i = 0; i < STATEMENT_SLOTS; i++) {
		sqlite3_finalize(store->statements[i].stmt);
		free(store->statements[i].sql);
	}
	sqlite3_close(store->db);                    /* rolls back what is open */
	text_done(&store->sql);
	free(store->path);
	free(store);
}

const char *
store_path(const struct store *store)
{
	return store->path;
}

bool
store_is_gone(const struct store *store)
{
	int has_moved = 0;

	return sqlite3_file_control(store->db, "main", SQLITE_FCNTL_HAS_MOVED, &has_moved) == SQLITE_OK &&
	       has_moved != 0;
}

/* ---- transactions ---- */

static enum status
begin(struct store *store, const char *sql, bool is_reading, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };

	if (store->in_transaction)
		return error_set(err, STATUS_BUG, "a transaction is open already");
	if (!is_reading && store->readonly)
		return error_set(err, STATUS_REFUSED, "the book was opened for reading only");
	if (!is_reading && store_is_gone(store)) {
		error_set(err, STATUS_IO, "%s was removed or replaced while it was open: nothing was written", store->path);
		error_hint(err, "Put it back, or end this process and start it again on what is there now.");
		return STATUS_IO;
	}
	enum status status = query_open(store, sql, &query, err);
	if (status == STATUS_OK)
		status = query_run(&query, NULL, "beginning to write", err);
	if (status != STATUS_OK)
		return status;
	store->in_transaction = true;
	store->is_reading = is_reading;
	store->head_seq = 0;
	return STATUS_OK;
}

enum status
store_begin(struct store *store, struct error *err)
{
	return begin(store, "BEGIN IMMEDIATE", false, err);
}

enum status
store_begin_read(struct store *store, struct error *err)
{
	return begin(store, "BEGIN DEFERRED", true, err);
}

enum status
store_commit(struct store *store, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };

	if (!store->in_transaction)
		return error_set(err, STATUS_BUG, "there is no transaction to commit");
	if (sqlite3_get_autocommit(store->db)) {
		store_rollback(store);
		return error_set(err, STATUS_IO, "nothing was written: the transaction had to be rolled back");
	}
	enum status status = query_open(store, "COMMIT", &query, err);
	if (status == STATUS_OK)
		status = query_run(&query, NULL, "writing to the book", err);
	if (status != STATUS_OK) {
		query_done(&query);
		store_rollback(store);
		return status;
	}
	store->in_transaction = false;
	if (!store->is_reading && store->head_seq > 0)
		head_after_commit(store);
	store->head_seq = 0;
	return STATUS_OK;
}

void
store_rollback(struct store *store)
{
	if (!store->in_transaction)
		return;
	store->in_transaction = false;
	store->head_seq = 0;
	/* SQLite may have rolled back by itself; and a failed ROLLBACK leaves nothing to be done but
	 * what closing the connection or the next BEGIN will say. */
	if (!sqlite3_get_autocommit(store->db))
		(void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}

bool
store_in_transaction(const struct store *store)
{
	return store->in_transaction;
}

enum status
transaction_join(struct store *store, bool *ret_is_own, struct error *err)
{
	*ret_is_own = !store->in_transaction;
	return *ret_is_own ? store_begin(store, err) : STATUS_OK;
}

enum status
transaction_end(struct store *store, bool is_own, enum status status, struct error *err)
{
	if (!is_own)
		return status;
	if (status == STATUS_OK)
		return store_commit(store, err);
	store_rollback(store);
	return status;
}

int64_t
store_change_count(struct store *store)
{
	CLEANUP(query_done) struct query query = { .store = store };
	bool row = false;

	if (query_open(store, "PRAGMA data_version", &query, NULL) != STATUS_OK ||
	    query_step(&query, &row, "looking for changes", NULL) != STATUS_OK || !row)
		return -1;                           /* differs from whatever was seen: look again */
	/* data_version knows of other connections only; what this one changed it counts itself. */
	return query_get_int(&query, 0) * INT64_C(0x100000000) + sqlite3_total_changes(store->db);
}
