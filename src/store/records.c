/* Records as lists of columns: one description makes the INSERT, the UPDATE and the SELECT, binds
 * them and reads rows back.  What a row holds is checked on its way in: an unknown word or a broken
 * number is damage (or a stranger's hand), and never becomes a silent zero. */
#include "store/sql.h"

#include <string.h>

bool
enum_parse(const struct enum_names *names, const char *text, int *ret)
{
	for (int i = 0; i < names->count; i++)
		if (strcmp(names->name(i), text) == 0) {
			*ret = i;
			return true;
		}
	return false;
}

static const char *
text_at(const void *object, size_t offset)
{
	return (const char *)object + offset;
}

/* Enumerations here are ints or unsigned ints; both are copied as bytes. */
static int
int_at(const void *object, size_t offset)
{
	int value;

	memcpy(&value, text_at(object, offset), sizeof(value));
	return value;
}

static int64_t
int64_at(const void *object, size_t offset)
{
	int64_t value;

	memcpy(&value, text_at(object, offset), sizeof(value));
	return value;
}

static bool
bool_at(const void *object, size_t offset)
{
	bool value;

	memcpy(&value, text_at(object, offset), sizeof(value));
	return value;
}

static int
bind_decimal(sqlite3_stmt *stmt, int index, const void *object, size_t offset)
{
	struct decimal value;
	char text[DECIMAL_TEXT_SIZE];

	memcpy(&value, text_at(object, offset), sizeof(value));
	size_t len = decimal_text(value, text);
	return sqlite3_bind_text(stmt, index, text, (int)len, SQLITE_TRANSIENT);
}

static int
bind_column(sqlite3_stmt *stmt, int index, const struct column *column, const void *object)
{
	const char *text = text_at(object, column->offset);

	switch (column->type) {
	case COLUMN_LINK_TEXT:
		if (*text == '\0')
			return sqlite3_bind_null(stmt, index);
		return sqlite3_bind_text(stmt, index, text, -1, SQLITE_STATIC);
	case COLUMN_TEXT:
		return sqlite3_bind_text(stmt, index, text, -1, SQLITE_STATIC);
	case COLUMN_LINK_INT64:
		if (int64_at(object, column->offset) == 0)
			return sqlite3_bind_null(stmt, index);
		return sqlite3_bind_int64(stmt, index, int64_at(object, column->offset));
	case COLUMN_INT64:
		return sqlite3_bind_int64(stmt, index, int64_at(object, column->offset));
	case COLUMN_INT:
		return sqlite3_bind_int(stmt, index, int_at(object, column->offset));
	case COLUMN_BOOL:
		return sqlite3_bind_int(stmt, index, bool_at(object, column->offset));
	case COLUMN_MAYBE_DECIMAL:
		if (!bool_at(object, column->flag))
			return sqlite3_bind_null(stmt, index);
		return bind_decimal(stmt, index, object, column->offset);
	case COLUMN_DECIMAL:
		return bind_decimal(stmt, index, object, column->offset);
	case COLUMN_ENUM:
		return sqlite3_bind_text(stmt, index, column->names->name(int_at(object, column->offset)),
		                         -1, SQLITE_STATIC);
	case COLUMN_IS_EMPTY:
		return sqlite3_bind_int(stmt, index, *text == '\0');
	}
	return SQLITE_MISUSE;
}

static enum status
bind_record(struct query *query, const struct record *record, const void *object)
{
	for (size_t i = 0; i < record->count; i++) {
		int code = bind_column(query->stmt, (int)i + 1, &record->columns[i], object);
		if (code != SQLITE_OK && query->code == SQLITE_OK)
			query->code = code;
	}
	return STATUS_OK;
}

static void
append_names(struct text *sql, const struct record *record, const char *prefix)
{
	for (size_t i = 0; i < record->count; i++)
		text_appendf(sql, "%s%s%s", i > 0 ? ", " : "", prefix, record->columns[i].name);
}

static enum status
open_built(struct store *store, struct query *ret, struct error *err)
{
	if (store->sql.failed || store->sql.data == NULL)
		return error_set(err, STATUS_NO_MEMORY, "reading the book: no memory");
	return query_open(store, store->sql.data, ret, err);
}

static void
build_insert(struct store *store, const struct record *record)
{
	text_reset(&store->sql);
	text_appendf(&store->sql, "INSERT INTO %s (", record->table);
	append_names(&store->sql, record, "");
	text_append(&store->sql, ") VALUES (");
	for (size_t i = 0; i < record->count; i++)
		text_appendf(&store->sql, "%s?%zu", i > 0 ? ", " : "", i + 1);
	text_append(&store->sql, ")");
}

static enum status
run_built(struct store *store, const struct record *record, const void *object, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	char what[64];
	enum status status = open_built(store, &query, err);

	if (status == STATUS_OK)
		status = bind_record(&query, record, object);
	text_format(what, sizeof(what), "recording the %s", record->noun);
	return status == STATUS_OK ? query_run(&query, NULL, what, err) : status;
}

enum status
record_insert(struct store *store, const struct record *record, const void *object, struct error *err)
{
	build_insert(store, record);
	return run_built(store, record, object, err);
}

enum status
record_upsert(struct store *store, const struct record *record, const char *key, const void *object,
              struct error *err)
{
	build_insert(store, record);
	text_appendf(&store->sql, " ON CONFLICT (%s) DO UPDATE SET ", key);
	for (size_t i = 0; i < record->count; i++)
		text_appendf(&store->sql, "%s%s = excluded.%s", i > 0 ? ", " : "",
		             record->columns[i].name, record->columns[i].name);
	return run_built(store, record, object, err);
}

enum status
record_update(struct store *store, const struct record *record, const void *object, const char *tail,
              struct query *ret, struct error *err)
{
	text_reset(&store->sql);
	text_appendf(&store->sql, "UPDATE %s SET ", record->table);
	for (size_t i = 0; i < record->count; i++)
		text_appendf(&store->sql, "%s%s = ?%zu", i > 0 ? ", " : "", record->columns[i].name, i + 1);
	text_append(&store->sql, tail);
	enum status status = open_built(store, ret, err);
	return status == STATUS_OK ? bind_record(ret, record, object) : status;
}

enum status
record_select(struct store *store, const struct record *record, const char *tail, struct query *ret,
              struct error *err)
{
	text_reset(&store->sql);
	text_append(&store->sql, "SELECT ");
	append_names(&store->sql, record, "");
	text_appendf(&store->sql, " FROM %s%s", record->table, tail);
	return open_built(store, ret, err);
}

enum status
record_select_two(struct store *store, const struct record *first, const struct record *second,
                  const char *tail, struct query *ret, struct error *err)
{
	text_reset(&store->sql);
	text_append(&store->sql, "SELECT ");
	append_names(&store->sql, first, "a.");
	text_append(&store->sql, ", ");
	append_names(&store->sql, second, "b.");
	text_appendf(&store->sql, " FROM %s AS a JOIN %s AS b%s", first->table, second->table, tail);
	return open_built(store, ret, err);
}

static bool
read_int(struct query *query, int at, void *into)
{
	int64_t wide = query_get_int(query, at);

	if (wide < INT32_MIN || wide > INT32_MAX)
		return false;
	int value = (int)wide;
	memcpy(into, &value, sizeof(value));
	return true;
}

static bool
read_decimal(struct query *query, int at, void *into)
{
	struct decimal value;

	if (decimal_parse(query_get_text(query, at), &value) != STATUS_OK)
		return false;
	memcpy(into, &value, sizeof(value));
	return true;
}

static bool
read_column(struct query *query, int at, const struct column *column, void *object)
{
	char *into = (char *)object + column->offset;
	int64_t wide = query_get_int(query, at);
	bool there = sqlite3_column_type(query->stmt, at) != SQLITE_NULL;
	int value;

	switch (column->type) {
	case COLUMN_TEXT:
	case COLUMN_LINK_TEXT:
		return text_copy(into, column->size, query_get_text(query, at));
	case COLUMN_INT64:
	case COLUMN_LINK_INT64:
		memcpy(into, &wide, sizeof(wide));
		return true;
	case COLUMN_INT:
		return read_int(query, at, into);
	case COLUMN_BOOL:
		*(bool *)(void *)into = wide != 0;
		return true;
	case COLUMN_MAYBE_DECIMAL:
		*(bool *)(void *)((char *)object + column->flag) = there;
		if (!there) {
			memset(into, 0, sizeof(struct decimal));
			return true;
		}
		return read_decimal(query, at, into);
	case COLUMN_DECIMAL:
		return read_decimal(query, at, into);
	case COLUMN_ENUM:
		if (!enum_parse(column->names, query_get_text(query, at), &value))
			return false;
		memcpy(into, &value, sizeof(value));
		return true;
	case COLUMN_IS_EMPTY:
		return true;
	}
	return false;
}

enum status
record_read(struct query *query, const struct record *record, int first_column, void *object,
            struct error *err)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct column *column = &record->columns[i];
		int at = first_column + (int)i;
		if (read_column(query, at, column, object))
			continue;
		error_set(err, STATUS_IO, "the book's %s has a %s that can't be read: '%.60s'",
		          record->noun, column->name, query_get_text(query, at));
		error_hint(err, "The database is damaged or was changed by hand; see `robson verify'.");
		return STATUS_IO;
	}
	return STATUS_OK;
}
