/* Copies of the book while it is in use, and putting one back.
 *
 * A backup gets its name only when it is whole, checked and on disk.  Restoring writes the backup's
 * pages into the database in one transaction, so that whoever has it open sees a change and never
 * half of one; a file that is too damaged for that is put aside and replaced. */
#include "store/sql.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/json_out.h"

static void
free_path(char **path)
{
	free(*path);
}

static void
close_store(struct store **store)
{
	store_close(*store);
}

/* ---- checks ---- */

static enum status
first_complaint(struct store *store, const char *sql, bool ok_is_a_row, const char *what,
                struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	bool row;
	enum status status = query_open(store, sql, &query, err);

	if (status == STATUS_OK)
		status = query_step(&query, &row, what, err);
	if (status != STATUS_OK || !row || (ok_is_a_row && strcmp(query_get_text(&query, 0), "ok") == 0))
		return status;
	error_set(err, STATUS_IO, "%s: %s is damaged: %.200s", what, store->path, query_get_text(&query, 0));
	error_hint(err, "Put a backup back with `robson restore FILE'.");
	return STATUS_IO;
}

enum status
database_check(struct store *store, struct error *err)
{
	enum status status = first_complaint(store, "PRAGMA integrity_check(1)", true,
	                                     "checking the database", err);

	if (status == STATUS_OK)
		status = first_complaint(store, "PRAGMA foreign_key_check", false, "checking the links", err);
	return status;
}

/* ---- copying ---- */

static enum status
copy_pages(struct store *to, struct store *from, const char *what, struct error *err)
{
	sqlite3_backup *backup = sqlite3_backup_init(to->db, "main", from->db, "main");

	if (backup == NULL)
		return sql_error(to, sqlite3_errcode(to->db), what, err);
	int code = sqlite3_backup_step(backup, -1);
	int end = sqlite3_backup_finish(backup);
	if (code == SQLITE_DONE && end == SQLITE_OK)
		return STATUS_OK;
	return sql_error(to, code == SQLITE_DONE ? end : code, what, err);
}

static enum status
sync_file(const char *file, struct error *err)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;
	enum status status = STATUS_OK;

	if (!good)
		status = error_set(err, STATUS_IO, "%s can't be written to the disk: %s", file, strerror(errno));
	if (fd >= 0)
		close(fd);
	return status;
}

static enum status
is_taken(const char *file, struct error *err)
{
	error_set(err, STATUS_CONFLICT, "%s is there already, and is not written over", file);
	error_hint(err, "Choose another name.");
	return STATUS_CONFLICT;
}

/* An empty file of this name, ours alone. */
static enum status
reserve_name(const char *file, struct error *err)
{
	int fd = open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0) {
		close(fd);
		return STATUS_OK;
	}
	if (errno == EEXIST)
		return is_taken(file, err);
	error_set(err, STATUS_IO, "%s can't be made: %s", file, strerror(errno));
	error_hint(err, "Check the folder and its permissions.");
	return STATUS_IO;
}

static void
remove_database(const char *file)
{
	static const char *const suffixes[] = { "", "-wal", "-shm", "-journal", ".audit-head" };

	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		char *path = path_with(file, suffixes[i]);
		if (path != NULL)
			unlink(path);
		free(path);
	}
}

/* A new database with from's content, as one file without a log beside it. */
static enum status
copy_to_new(struct store *from, const char *file, struct error *err)
{
	struct store made = { .path = path_with(file, "") };

	if (made.path == NULL)
		return error_set(err, STATUS_NO_MEMORY, "copying the book: no memory");
	int code = sql_open(file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL, &made.db);
	enum status status = code == SQLITE_OK ? copy_pages(&made, from, "copying the book", err)
	                                       : sql_error(&made, code, "copying the book", err);

	if (status == STATUS_OK) {
		code = sqlite3_exec(made.db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
		if (code != SQLITE_OK)
			status = sql_error(&made, code, "copying the book", err);
	}
	if (status == STATUS_OK)
		status = database_check(&made, err);
	for (size_t i = 0; i < STATEMENT_SLOTS; i++) {
		sqlite3_finalize(made.statements[i].stmt);
		free(made.statements[i].sql);
	}
	text_done(&made.sql);
	code = sqlite3_close(made.db);
	if (status == STATUS_OK && code != SQLITE_OK)
		status = error_set(err, STATUS_IO, "%s can't be closed", file);
	free(made.path);
	return status == STATUS_OK ? sync_file(file, err) : status;
}

/* The whole copy gets its name, unless something has it already. */
static enum status
give_name(const char *partial, const char *file, struct error *err)
{
	if (link(partial, file) == 0) {
		unlink(partial);
		return path_sync_folder(file, err);
	}
	if (errno == EEXIST)
		return is_taken(file, err);
	/* A file system without links: the name is reserved, and then replaced. */
	enum status status = reserve_name(file, err);
	if (status != STATUS_OK)
		return status;
	if (rename(partial, file) == 0)
		return path_sync_folder(file, err);
	error_set(err, STATUS_IO, "%s can't be made: %s", file, strerror(errno));
	unlink(file);
	return STATUS_IO;
}

enum status
backup_to(struct store *from, const char *file, struct error *err)
{
	CLEANUP(free_path) char *partial = path_with(file, ".partial");
	struct stat about;

	if (partial == NULL)
		return error_set(err, STATUS_NO_MEMORY, "copying the book: no memory");
	if (lstat(file, &about) == 0)
		return is_taken(file, err);
	remove_database(partial);                    /* of a copy that was cut short */
	enum status status = reserve_name(partial, err);
	if (status == STATUS_OK)
		status = copy_to_new(from, partial, err);
	if (status == STATUS_OK)
		status = give_name(partial, file, err);
	if (status != STATUS_OK)
		remove_database(partial);
	return status;
}

enum status
store_backup(struct store *store, const char *file, struct error *err)
{
	if (store->in_transaction)
		return error_set(err, STATUS_BUG, "a backup is not made inside a transaction");
	return backup_to(store, file, err);
}

/* ---- restoring ---- */

/* It is the file that was given that can't be read, not the book: that one is as it was. */
static enum status
no_backup(enum status status, struct error *err)
{
	if (status != STATUS_IO)
		return status;
	if (err != NULL)
		err->status = STATUS_INVALID;
	error_hint(err, "Give a file that `robson backup FILE' made; the book was left as it is.");
	return STATUS_INVALID;
}

/* Is this file a whole book of ours? */
static enum status
open_backup(const char *file, struct store **ret, struct error *err)
{
	const struct store_options look = { .migrations = schema_built_in(), .is_plain = true };
	struct chain_result chain;
	struct store *store;
	bool is_new;
	enum status status = store_open_with(file, true, 0, &look, &store, &is_new, err);

	if (status != STATUS_OK)
		return no_backup(status, err);
	if (is_new)
		status = error_set(err, STATUS_IO, "%s holds no book", file);
	if (status == STATUS_OK)
		status = database_check(store, err);
	if (status == STATUS_OK)
		status = store_verify_chain(store, &chain, err);
	if (status == STATUS_OK && !chain.ok)
		status = error_set(err, STATUS_IO, "the audit trail of %s is broken: %s", file, chain.what);
	if (status == STATUS_OK)
		*ret = store;
	else
		store_close(store);
	return no_backup(status, err);
}

/* So that nothing that the old book sent can be taken for the new one's. */
static enum status
renew_books(struct store *store, int64_t now_ms, struct error *err)
{
	int64_t last = 0;
	enum status status = sql_int(store, "SELECT coalesce(max(n), 0) FROM books", &last, err);

	for (int64_t n = 1; status == STATUS_OK && n <= last; n++) {
		CLEANUP(query_done) struct query query = { .store = store };
		char id[BOOK_ID_SIZE];
		bool row;
		int mode;
		status = query_open(store, "SELECT client_id, mode FROM books WHERE n = :n", &query, err);
		if (status != STATUS_OK)
			break;
		query_int(&query, ":n", n);
		status = query_step(&query, &row, "giving the book a new id", err);
		if (status != STATUS_OK || !row || !enum_parse(&mode_names, query_get_text(&query, 1), &mode))
			continue;
		status = store_book_renew_id(store, query_get_int(&query, 0), (enum mode)mode, now_ms, id, err);
	}
	return status;
}

/* What the book that is there now was called since the backup: orders that it left on the exchange are
 * this book's.  One that can't be read has nothing to say. */
static enum status
inherit_ids(struct store *store, const char *path, struct error *err)
{
	const struct store_options look = { .migrations = schema_built_in(), .is_plain = true };
	CLEANUP(close_store) struct store *old = NULL;
	enum status status = store_open_with(path, true, 0, &look, &old, NULL, err);

	if (status == STATUS_OK)
		status = book_inherit_ids(store, old, err);
	if (status == STATUS_OK || status == STATUS_NO_MEMORY)
		return status;
	error_clear(err);
	return STATUS_OK;
}

static enum status
record_restore(struct store *store, const char *file, const char *kept, int64_t now_ms,
               struct error *err)
{
	int64_t live;
	enum status counted = store_live_business(store, &live, err);
	if (counted != STATUS_OK)
		return counted;
	struct event event = { .at_ms = now_ms, .client_id = 1, .actor = "store", .kind = "book.restored" };
	struct text text;
	struct json_out json;

	text_init(&text);
	json_out_init(&json, &text);
	json_object_open(&json, NULL);
	json_text(&json, "from", file);
	json_text(&json, "kept", kept);
	json_int(&json, "live_open", live);
	json_bool(&json, "machine_cleared", true);
	json_object_close(&json);
	text_format(event.summary, sizeof(event.summary), "the book was restored from %.120s%s", file,
	            live > 0 ? "; it acts LIVE only after `robson adopt'" : "");
	text_make_harmless(event.summary);
	event.data = text.data;
	enum status status = text.failed ? error_set(err, STATUS_NO_MEMORY, "no memory")
	                                 : store_event_append(store, &event, err);
	text_done(&text);
	return status;
}

/* The backup in a new file, brought to this Robson's schema, with new ids and the event. */
static enum status
prepare(struct store *backup, const char *path, const char *file, const char *prepared, const char *kept,
        int64_t now_ms, struct error *err)
{
	CLEANUP(close_store) struct store *store = NULL;
	enum status status = reserve_name(prepared, err);

	if (status == STATUS_OK)
		status = copy_to_new(backup, prepared, err);
	if (status == STATUS_OK)
		status = store_open(prepared, false, now_ms, &store, NULL, err);
	if (status != STATUS_OK)
		return status;
	status = store_begin(store, err);
	if (status != STATUS_OK)
		return status;
	status = inherit_ids(store, path, err);
	if (status == STATUS_OK)
		status = renew_books(store, now_ms, err);
	if (status == STATUS_OK)
		status = machine_clear(store, now_ms, err);
	if (status == STATUS_OK)
		status = sql_run(store, "DELETE FROM heartbeat", "clearing the heartbeat", err);
	if (status == STATUS_OK)
		status = record_restore(store, file, kept, now_ms, err);
	return transaction_end(store, true, status, err);
}

/* In one transaction of the database that is there. */
static enum status
write_over(const char *path, const char *prepared, struct error *err)
{
	CLEANUP(close_store) struct store *to = NULL;
	CLEANUP(close_store) struct store *from = NULL;
	const struct store_options look = { .migrations = schema_built_in(), .is_plain = true };
	enum status status = store_open_with(prepared, true, 0, &look, &from, NULL, err);

	if (status == STATUS_OK)
		status = store_open_with(path, false, 0, &look, &to, NULL, err);
	if (status == STATUS_OK)
		status = sql_run(to, "PRAGMA synchronous = FULL", "restoring the book", err);
	return status == STATUS_OK ? copy_pages(to, from, "restoring the book", err) : status;
}

/* Where the old file can't be written through SQLite any more: all of it aside, the new one in. */
static enum status
replace_file(const char *path, const char *prepared, const char *kept, struct error *err)
{
	static const char *const suffixes[] = { "-wal", "-shm", "-journal" };

	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		CLEANUP(free_path) char *from = path_with(path, suffixes[i]);
		CLEANUP(free_path) char *to = path_with(kept, suffixes[i]);
		if (from == NULL || to == NULL)
			return error_set(err, STATUS_NO_MEMORY, "restoring the book: no memory");
		if (rename(from, to) != 0 && errno != ENOENT)
			return error_set(err, STATUS_IO, "%s can't be put aside: %s", from, strerror(errno));
	}
	/* A second name for the old one, so that at no moment there is no book at all. */
	if (link(path, kept) != 0 && errno != ENOENT)
		return error_set(err, STATUS_IO, "%s can't be put aside: %s", path, strerror(errno));
	if (rename(prepared, path) != 0)
		return error_set(err, STATUS_IO, "%s can't be put in place: %s", path, strerror(errno));
	return path_sync_folder(path, err);
}

/* Keep what is there: as a backup if it can be read, else as it is. */
static enum status
keep_old(const char *path, const char *kept, bool *ret_is_readable, struct error *err)
{
	const struct store_options look = { .migrations = schema_built_in(), .is_plain = true };
	CLEANUP(close_store) struct store *old = NULL;
	struct stat info;

	*ret_is_readable = false;
	if (stat(path, &info) != 0)
		return STATUS_OK;                    /* nothing there */
	enum status status = store_open_with(path, false, 0, &look, &old, NULL, err);
	if (status == STATUS_OK)
		status = backup_to(old, kept, err);
	*ret_is_readable = status == STATUS_OK;
	if (status == STATUS_BUSY || status == STATUS_NO_MEMORY)
		return status;
	error_clear(err);
	return STATUS_OK;
}

static void
move_head(const char *path, const char *kept)
{
	CLEANUP(free_path) char *from = path_with(path, ".audit-head");
	CLEANUP(free_path) char *to = path_with(kept, ".audit-head");

	if (from != NULL && to != NULL)
		(void)rename(from, to);
}

/* The database was not replaced: its head goes back, and a copy of it is of no use. */
static void
undo_keeping(const char *path, const char *kept, bool is_copy)
{
	move_head(kept, path);
	if (is_copy)
		remove_database(kept);
}

/* The new head is what the prepared file's own head says. */
static void
take_head(const char *path, const char *prepared)
{
	char hash[EVENT_HASH_SIZE];
	int64_t seq;

	if (head_read(prepared, &seq, hash))
		(void)head_write(path, seq, hash);
}

enum status
store_restore(const char *path, const char *file, int64_t now_ms, struct error *err)
{
	CLEANUP(close_store) struct store *backup = NULL;
	CLEANUP(free_path) char *prepared = path_with(path, ".restoring");
	CLEANUP(free_path) char *kept = path_unused(path, ".before-restore", true);
	bool is_readable;
	enum status status = prepared == NULL || kept == NULL
	                     ? error_set(err, STATUS_NO_MEMORY, "restoring the book: no memory")
	                     : open_backup(file, &backup, err);

	if (status != STATUS_OK)
		return status;
	remove_database(prepared);
	status = prepare(backup, path, file, prepared, kept, now_ms, err);
	if (status == STATUS_OK)
		status = keep_old(path, kept, &is_readable, err);
	if (status == STATUS_OK) {
		move_head(path, kept);
		status = is_readable ? write_over(path, prepared, err) : replace_file(path, prepared, kept, err);
		if (status == STATUS_OK)
			take_head(path, prepared);
		else
			undo_keeping(path, kept, is_readable);
	}
	remove_database(prepared);
	return status;
}
