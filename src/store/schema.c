/* Which schema a file has, and bringing it to the newest.  All migrations that are due run in one
 * transaction: an older Robson's file is either whole and old, or whole and new; and there is a
 * backup of the old one. */
#include "store/sql.h"

#include <stdlib.h>
#include "base/json_out.h"

struct migrations
schema_built_in(void)
{
	return (struct migrations){ schema_migrations, schema_migration_count };
}

enum status
schema_recognise(struct store *store, enum schema_kind *ret_kind, int *ret_version, struct error *err)
{
	int64_t things, application, version;
	enum status status = sql_int(store, "SELECT count(*) FROM sqlite_schema", &things, err);

	if (status == STATUS_OK)
		status = sql_int(store, "PRAGMA application_id", &application, err);
	if (status == STATUS_OK)
		status = sql_int(store, "PRAGMA user_version", &version, err);
	if (status != STATUS_OK)
		return status;
	if (things == 0 && version == 0 && (application == 0 || application == SCHEMA_APPLICATION_ID)) {
		*ret_kind = SCHEMA_NEW;
		*ret_version = 0;
		return STATUS_OK;
	}
	if (application != SCHEMA_APPLICATION_ID || version < 1) {
		error_set(err, STATUS_IO, "%s is a database, but not a book of Robson's", store->path);
		error_hint(err, "Choose another file with --db FILE; this one was left alone.");
		return STATUS_IO;
	}
	*ret_kind = SCHEMA_OURS;
	*ret_version = (int)version;
	return STATUS_OK;
}

static enum status
run_script(struct store *store, const struct migration *migration, struct error *err)
{
	struct text script;
	enum status status = STATUS_OK;

	text_init(&script);
	for (size_t i = 0; migration->lines[i] != NULL; i++)
		text_append(&script, migration->lines[i]);
	if (script.failed || script.data == NULL) {
		status = error_set(err, STATUS_NO_MEMORY, "making the schema: no memory");
	} else {
		int code = sqlite3_exec(store->db, script.data, NULL, NULL, NULL);
		if (code != SQLITE_OK)
			status = sql_error(store, code, "making the schema", err);
	}
	text_done(&script);
	return status;
}

enum status
schema_run(struct store *store, struct migrations migrations, int from_version, int64_t now_ms,
           struct error *err)
{
	char pragma[64];
	enum status status = STATUS_OK;

	for (size_t i = (size_t)from_version; status == STATUS_OK && i < migrations.count; i++) {
		const struct migration *migration = &migrations.list[i];
		CLEANUP(query_done) struct query query = { .store = store };
		status = run_script(store, migration, err);
		if (status == STATUS_OK)
			status = query_open(store, "INSERT INTO migrations (version, name, applied_at_ms) "
			                    "VALUES (:version, :name, :now)", &query, err);
		if (status != STATUS_OK)
			return status;
		query_int(&query, ":version", migration->version);
		query_text(&query, ":name", migration->name);
		query_int(&query, ":now", now_ms);
		status = query_run(&query, NULL, "making the schema", err);
	}
	text_format(pragma, sizeof(pragma), "PRAGMA user_version = %zu", migrations.count);
	if (status == STATUS_OK)
		status = sql_run(store, pragma, "making the schema", err);
	text_format(pragma, sizeof(pragma), "PRAGMA application_id = %d", SCHEMA_APPLICATION_ID);
	if (status == STATUS_OK)
		status = sql_run(store, pragma, "making the schema", err);
	return status;
}

static enum status
record_migration(struct store *store, int from, int to, const char *backup, int64_t now_ms,
                 struct error *err)
{
	struct text text;
	struct json_out json;
	struct event event = { .at_ms = now_ms, .client_id = 1, .actor = "store", .kind = "book.migrated" };

	text_init(&text);
	json_out_init(&json, &text);
	json_object_open(&json, NULL);
	json_int(&json, "from", from);
	json_int(&json, "to", to);
	json_text(&json, "backup", backup);
	json_object_close(&json);
	text_format(event.summary, sizeof(event.summary), "the book's schema went from version %d to %d",
	            from, to);
	event.data = text.data;
	enum status status = text.failed ? error_set(err, STATUS_NO_MEMORY, "no memory")
	                                 : store_event_append(store, &event, err);
	text_done(&text);
	return status;
}

/* By a second connection: SQLite copies no database from one that is writing to it. */
static enum status
back_up(struct store *store, struct migrations migrations, char **ret_file, struct error *err)
{
	const struct store_options look = { .migrations = migrations, .is_plain = true };
	struct store *reader;
	char suffix[40];

	text_format(suffix, sizeof(suffix), ".before-v%zu", migrations.count);
	char *file = path_unused(store->path, suffix, false);
	if (file == NULL)
		return error_set(err, STATUS_NO_MEMORY, "backing the book up: no memory");
	enum status status = store_open_with(store->path, true, 0, &look, &reader, NULL, err);
	if (status == STATUS_OK) {
		status = backup_to(reader, file, err);
		store_close(reader);
	}
	*ret_file = file;
	return status;
}

/* Inside the transaction, so that nobody writes between the backup and the migration. */
static enum status
migrate_locked(struct store *store, struct migrations migrations, int64_t now_ms, struct error *err)
{
	enum schema_kind kind;
	int version;
	char *backup = NULL;
	enum status status = schema_recognise(store, &kind, &version, err);

	if (status != STATUS_OK || version >= (int)migrations.count)
		return status;                       /* somebody was faster */
	if (version > 0)
		status = back_up(store, migrations, &backup, err);
	if (status == STATUS_OK)
		status = schema_run(store, migrations, version, now_ms, err);
	if (status == STATUS_OK && version > 0)
		status = database_check(store, err);
	if (status == STATUS_OK && version > 0)
		status = record_migration(store, version, (int)migrations.count, backup, now_ms, err);
	free(backup);
	return status;
}

enum status
schema_migrate(struct store *store, struct migrations migrations, int64_t now_ms, struct error *err)
{
	/* Tables that are built anew would trip over links to the old ones; checked at the end. */
	enum status status = sql_run(store, "PRAGMA foreign_keys = OFF", "making the schema", err);

	if (status == STATUS_OK)
		status = store_begin(store, err);
	if (status == STATUS_OK) {
		status = migrate_locked(store, migrations, now_ms, err);
		status = transaction_end(store, true, status, err);
	}
	enum status on = sql_run(store, "PRAGMA foreign_keys = ON", "making the schema", NULL);
	return status != STATUS_OK ? status : on;
}
