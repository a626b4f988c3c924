/* Statements that are prepared once and found again by their text, and SQLite's codes in words.
 * A statement that is still stepping (a list whose callback asks for the same list) is not shared:
 * the second user gets a copy of its own. */
#include "store/sql.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Looking, too, shares memory with those who write; what is in the log is not in the file yet. */
static enum status
journal_error(const struct store *store, const char *what, struct error *err)
{
	error_set(err, STATUS_IO, "%s: %s can't be read here: its log (-wal) is part of it, and what is shared to "
	          "read both can't be made in a folder that can't be written to", what, store->path);
	error_hint(err, "Copy the file and its -wal to a folder of your own and look there, or look as its owner.");
	return STATUS_IO;
}

enum status
sql_error(struct store *store, int code, const char *what, struct error *err)
{
	const char *text = store->db != NULL ? sqlite3_errmsg(store->db) : sqlite3_errstr(code);

	if ((code & 0xff) == SQLITE_IOERR && store_disk_is_full(store->path))
		code = SQLITE_FULL;
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		error_set(err, STATUS_BUSY, "%s: another process is writing to the book", what);
		error_hint(err, "Try again in a moment.");
		return STATUS_BUSY;
	case SQLITE_CONSTRAINT:
		return error_set(err, STATUS_CONFLICT, "%s: %s", what, text);
	case SQLITE_NOMEM:
		return error_set(err, STATUS_NO_MEMORY, "%s: no memory", what);
	case SQLITE_FULL:
		error_set(err, STATUS_IO, "%s: the disk is full (%s)", what, store->path);
		error_hint(err, "Free some space; nothing was changed.");
		return STATUS_IO;
	case SQLITE_READONLY:
		if (store->readonly)
			return journal_error(store, what, err);
		error_set(err, STATUS_IO, "%s: %s can't be written to", what, store->path);
		error_hint(err, "Check the permissions of the file and of its folder.");
		return STATUS_IO;
	case SQLITE_CANTOPEN:
		if (store->readonly && access(store->path, R_OK) == 0)
			return journal_error(store, what, err);
		error_set(err, STATUS_IO, "%s: %s can't be opened (%s)", what, store->path, text);
		error_hint(err, "Check the permissions of the file and of its folder.");
		return STATUS_IO;
	case SQLITE_NOTADB:
		error_set(err, STATUS_IO, "%s: %s is not a database, or its beginning is damaged",
		          what, store->path);
		error_hint(err, "If it was the book, put a backup back with `robson restore FILE'.");
		return STATUS_IO;
	case SQLITE_CORRUPT:
		error_set(err, STATUS_IO, "%s: the database %s is damaged (%s)", what, store->path, text);
		error_hint(err, "Put a backup back with `robson restore FILE'.");
		return STATUS_IO;
	case SQLITE_MISUSE:
	case SQLITE_RANGE:
		return error_set(err, STATUS_BUG, "%s: %s", what, text);
	default:
		return error_set(err, STATUS_IO, "%s: %s (%s)", what, text, store->path);
	}
}

/* SQLite takes "file:..." for a URI; here it is a file of that name, like any other. */
int
sql_open(const char *path, int flags, const char *vfs, sqlite3 **ret)
{
	char *named = strncmp(path, "file:", 5) == 0 ? path_with("./", path) : path_with(path, "");

	*ret = NULL;
	if (named == NULL)
		return SQLITE_NOMEM;
	int code = sqlite3_open_v2(named, ret, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs);
	free(named);
	return code;
}

int
sql_open_still(const char *path, const char *vfs, sqlite3 **ret)
{
	struct text uri;
	int code = SQLITE_NOMEM;

	*ret = NULL;
	text_init(&uri);
	text_append(&uri, path[0] == '/' ? "file:" : "file:./");
	for (const char *c = path; *c != '\0'; c++)
		text_appendf(&uri, strchr("%?#", *c) != NULL ? "%%%02X" : "%c", (unsigned)(unsigned char)*c);
	text_append(&uri, "?immutable=1");
	if (!uri.failed)
		code = sqlite3_open_v2(uri.data, ret, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX |
		                       SQLITE_OPEN_EXRESCODE, vfs);
	text_done(&uri);
	return code;
}

static uint32_t
hash_of(const char *text)
{
	uint32_t hash = 2166136261u;

	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619u;
	return hash;
}

static enum status
prepare(struct store *store, const char *sql, unsigned flags, sqlite3_stmt **ret, struct error *err)
{
	int code = sqlite3_prepare_v3(store->db, sql, -1, flags, ret, NULL);

	return code == SQLITE_OK ? STATUS_OK : sql_error(store, code, "reading the book", err);
}

static enum status
open_owned(struct store *store, const char *sql, struct query *ret, struct error *err)
{
	struct query query = { .store = store, .is_owned = true };
	enum status status = prepare(store, sql, 0, &query.stmt, err);

	if (status == STATUS_OK)
		*ret = query;
	return status;
}

enum status
query_open(struct store *store, const char *sql, struct query *ret, struct error *err)
{
	uint32_t hash = hash_of(sql);
	struct statement *slot = NULL;

	for (size_t i = 0; i < STATEMENT_SLOTS; i++) {
		slot = &store->statements[(hash + i) % STATEMENT_SLOTS];
		if (slot->sql == NULL || (slot->hash == hash && strcmp(slot->sql, sql) == 0))
			break;
		slot = NULL;
	}
	if (slot == NULL || (slot->sql != NULL && sqlite3_stmt_busy(slot->stmt)))
		return open_owned(store, sql, ret, err);
	if (slot->sql == NULL) {
		sqlite3_stmt *stmt = NULL;
		enum status status = prepare(store, sql, SQLITE_PREPARE_PERSISTENT, &stmt, err);
		if (status != STATUS_OK)
			return status;
		char *copy = strdup(sql);
		if (copy == NULL) {
			sqlite3_finalize(stmt);
			return error_set(err, STATUS_NO_MEMORY, "reading the book: no memory");
		}
		*slot = (struct statement){ .sql = copy, .hash = hash, .stmt = stmt };
	}
	*ret = (struct query){ .store = store, .stmt = slot->stmt };
	return STATUS_OK;
}

void
query_done(struct query *query)
{
	if (query->stmt == NULL)
		return;
	if (query->is_owned) {
		sqlite3_finalize(query->stmt);
	} else {
		sqlite3_reset(query->stmt);          /* its code was reported by the step */
		sqlite3_clear_bindings(query->stmt);
	}
	query->stmt = NULL;
}

static void
keep_code(struct query *query, int code)
{
	if (query->code == SQLITE_OK)
		query->code = code;
}

static int
parameter(struct query *query, const char *name)
{
	int index = sqlite3_bind_parameter_index(query->stmt, name);

	if (index == 0)
		keep_code(query, SQLITE_RANGE);
	return index;
}

void
query_int(struct query *query, const char *name, int64_t value)
{
	keep_code(query, sqlite3_bind_int64(query->stmt, parameter(query, name), value));
}

void
query_text(struct query *query, const char *name, const char *value)
{
	keep_code(query, sqlite3_bind_text(query->stmt, parameter(query, name), value, -1, SQLITE_STATIC));
}

void
query_decimal(struct query *query, const char *name, struct decimal value)
{
	char text[DECIMAL_TEXT_SIZE];
	size_t len = decimal_text(value, text);

	keep_code(query, sqlite3_bind_text(query->stmt, parameter(query, name), text, (int)len,
	                                   SQLITE_TRANSIENT));
}

enum status
query_step(struct query *query, bool *ret_row, const char *what, struct error *err)
{
	struct store *store = query->store;

	*ret_row = false;                            /* also when it fails: callers look at it then, too */
	if (query->code != SQLITE_OK)
		return error_set(err, (query->code & 0xff) == SQLITE_NOMEM ? STATUS_NO_MEMORY : STATUS_BUG,
		                 "%s: %s", what, sqlite3_errstr(query->code));
	bool writes = !sqlite3_stmt_readonly(query->stmt);
	if (writes && store->readonly)
		return error_set(err, STATUS_REFUSED, "%s: the book was opened for reading only", what);
	if (writes && store->is_reading && store->in_transaction)
		return error_set(err, STATUS_BUG, "%s: the transaction is one for reading", what);
	/* After some failures (a full disk) SQLite has rolled back by itself.  What follows must not
	 * become durable alone, without what came before it. */
	if (writes && store->in_transaction && sqlite3_get_autocommit(store->db))
		return error_set(err, STATUS_IO, "%s: the transaction had to be rolled back before", what);
	int code = sqlite3_step(query->stmt);
	if (code == SQLITE_ROW || code == SQLITE_DONE) {
		*ret_row = code == SQLITE_ROW;
		return STATUS_OK;
	}
	return sql_error(store, code, what, err);
}

enum status
query_run(struct query *query, int64_t *ret_changes, const char *what, struct error *err)
{
	bool row = true;

	while (row) {
		enum status status = query_step(query, &row, what, err);
		if (status != STATUS_OK)
			return status;
	}
	if (ret_changes != NULL)
		*ret_changes = sqlite3_changes(query->store->db);
	return STATUS_OK;
}

int64_t
query_get_int(struct query *query, int column)
{
	return sqlite3_column_int64(query->stmt, column);
}

const char *
query_get_text(struct query *query, int column)
{
	const unsigned char *text = sqlite3_column_text(query->stmt, column);

	return text != NULL ? (const char *)text : "";
}

enum status
query_get_decimal(struct query *query, int column, struct decimal *ret, struct error *err)
{
	if (decimal_parse(query_get_text(query, column), ret) != STATUS_OK)
		return error_set(err, STATUS_IO, "the book holds '%s' in %s, which is no number",
		                 query_get_text(query, column),
		                 sqlite3_column_name(query->stmt, column));
	return STATUS_OK;
}

enum status
sql_run(struct store *store, const char *sql, const char *what, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	enum status status = open_owned(store, sql, &query, err);

	return status == STATUS_OK ? query_run(&query, NULL, what, err) : status;
}

enum status
sql_int(struct store *store, const char *sql, int64_t *ret, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	bool row = false;
	enum status status = open_owned(store, sql, &query, err);

	if (status == STATUS_OK)
		status = query_step(&query, &row, "reading the book", err);
	if (status != STATUS_OK)
		return status;
	if (!row)
		return error_set(err, STATUS_NOT_FOUND, "reading the book: nothing there");
	*ret = query_get_int(&query, 0);
	return STATUS_OK;
}
