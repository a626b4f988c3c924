/* What patterns triggered: one row for each event of a client, written once. */
#include "store/sql.h"

#define T struct pattern_trigger
static const struct column columns[] = {
	COLUMN_OF_LINK_INT64(T, "n", n),             /* NULL at birth: SQLite gives it */
	COLUMN_OF_INT64(T, "client_id", client_id),
	COLUMN_OF_TEXT(T, "event_id", event_id),
	COLUMN_OF_ENUM(T, "pattern", pattern, pattern_names),
	COLUMN_OF_ENUM(T, "status", status, trigger_status_names),
	COLUMN_OF_TEXT(T, "intent_id", intent_id),
	COLUMN_OF_INT64(T, "created_at_ms", created_at_ms),
};
#undef T
const struct record pattern_record = { "pattern_triggers", "pattern trigger", columns, ARRAY_LEN(columns) };

enum status
store_trigger_insert(struct store *store, const struct pattern_trigger *trigger, struct error *err)
{
	return record_insert(store, &pattern_record, trigger, err);
}

enum status
store_trigger_find(struct store *store, int64_t client_id, const char *event_id,
                   struct pattern_trigger *ret, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	struct pattern_trigger trigger;
	bool row;
	enum status status = record_select(store, &pattern_record,
	                                   " WHERE client_id = :client AND event_id = :event", &query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":client", client_id);
	query_text(&query, ":event", event_id);
	status = query_step(&query, &row, "looking for a pattern's event", err);
	if (status == STATUS_OK && !row)
		return error_set(err, STATUS_NOT_FOUND, "nothing was triggered by the event %s", event_id);
	if (status == STATUS_OK)
		status = record_read(&query, &pattern_record, 0, &trigger, err);
	if (status == STATUS_OK)
		*ret = trigger;
	return status;
}

enum status
store_triggers(struct store *store, int64_t client_id, int limit, store_trigger_fn each, void *self,
               struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	bool row;
	enum status status = record_select(store, &pattern_record,
	                                   " WHERE client_id = :client ORDER BY n DESC LIMIT :limit", &query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":client", client_id);
	query_int(&query, ":limit", limit > 0 ? limit : -1);
	while ((status = query_step(&query, &row, "listing what patterns triggered", err)) == STATUS_OK && row) {
		struct pattern_trigger trigger;
		status = record_read(&query, &pattern_record, 0, &trigger, err);
		if (status != STATUS_OK || !each(self, &trigger))
			break;
	}
	return status;
}
