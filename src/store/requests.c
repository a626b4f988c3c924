/* Requests to the holder of the lease, and the holder's heartbeat.  (request.h has the diagram.) */
#include "store/sql.h"

const char *
request_kind_name(enum request_kind kind)
{
	static const char *const names[] = {
		"EXECUTE", "CANCEL_ENTRY", "CLOSE", "MOVE_STOP", "MOVE_TARGET", "RELEASE", "PANIC", "CHECK_ONCE",
		"RECONCILE", "ADOPT"
	};
	return (size_t)kind < ARRAY_LEN(names) ? names[kind] : "?";
}

const char *
request_state_name(enum request_state state)
{
	static const char *const names[] = { "WANTED", "TAKEN", "DONE", "WITHDRAWN" };
	return (size_t)state < ARRAY_LEN(names) ? names[state] : "?";
}

#define Q struct request
static const struct column columns[] = {
	COLUMN_OF_LINK_INT64(Q, "id", id),           /* NULL at birth: SQLite gives it */
	COLUMN_OF_INT64(Q, "client_id", client_id),
	COLUMN_OF_ENUM(Q, "kind", kind, request_kind_names),
	COLUMN_OF_ENUM(Q, "state", state, request_state_names),
	COLUMN_OF_TEXT(Q, "actor", actor),
	COLUMN_OF_LINK_TEXT(Q, "intent_id", intent_id),
	COLUMN_OF_INT64(Q, "operation_id", operation_id),
	COLUMN_OF_DECIMAL(Q, "price", price),
	COLUMN_OF_BOOL(Q, "widen", widen),
	COLUMN_OF_BOOL(Q, "is_live", is_live),
	COLUMN_OF_BOOL(Q, "is_acknowledged", is_acknowledged),
	COLUMN_OF_TEXT(Q, "reason", reason),
	COLUMN_OF_TEXT(Q, "feed", feed),
	COLUMN_OF_INT64(Q, "created_at_ms", created_at_ms),
	COLUMN_OF_INT64(Q, "deadline_at_ms", deadline_at_ms),
	COLUMN_OF_INT64(Q, "taken_at_ms", taken_at_ms),
	COLUMN_OF_INT64(Q, "done_at_ms", done_at_ms),
	COLUMN_OF_ENUM(Q, "answer_status", status, status_names),
	COLUMN_OF_TEXT(Q, "answer_field", field),
	COLUMN_OF_TEXT(Q, "answer_message", message),
	COLUMN_OF_TEXT(Q, "answer_hint", hint),
	COLUMN_OF_BOOL(Q, "answer_retryable", retryable),
	COLUMN_OF_BOOL(Q, "cancels_protection", cancels_protection),
};
#undef Q
const struct record request_record = { "requests", "request", columns, ARRAY_LEN(columns) };

enum status
store_request_insert(struct store *store, struct request *request, struct error *err)
{
	struct request fresh = *request;

	fresh.id = 0;
	enum status status = record_insert(store, &request_record, &fresh, err);
	if (status == STATUS_OK)
		request->id = sqlite3_last_insert_rowid(store->db);
	return status;
}

static enum status
read_first(struct query *query, const char *missing, struct request *ret, struct error *err)
{
	struct request request;
	bool row;
	enum status status = query_step(query, &row, "reading requests", err);

	if (status != STATUS_OK)
		return status;
	if (!row)
		return error_set(err, STATUS_NOT_FOUND, "%s", missing);
	status = record_read(query, &request_record, 0, &request, err);
	if (status == STATUS_OK)
		*ret = request;
	return status;
}

enum status
store_request_find(struct store *store, int64_t id, struct request *ret, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	enum status status = record_select(store, &request_record, " WHERE id = :id", &query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":id", id);
	return read_first(&query, "there is no such request", ret, err);
}

/* The state is written out, not bound: only so does SQLite see that the partial index serves. */
enum status
store_request_next(struct store *store, struct request *ret, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	enum status status = record_select(store, &request_record,
	                                   " WHERE state = 'WANTED' ORDER BY id LIMIT 1", &query, err);

	return status == STATUS_OK ? read_first(&query, "nothing is wanted", ret, err) : status;
}

enum status
store_request_taken(struct store *store, int64_t after_id, struct request *ret, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	enum status status = record_select(store, &request_record,
	                                   " WHERE state = 'TAKEN' AND id > :after ORDER BY id LIMIT 1",
	                                   &query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":after", after_id);
	return read_first(&query, "nothing was left half done", ret, err);
}

enum status
store_request_update(struct store *store, const struct request *request, enum request_state from,
                     struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	int64_t changes;
	enum status status = record_update(store, &request_record, request,
	                                   " WHERE id = :request AND state = :from", &query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":request", request->id);
	query_text(&query, ":from", request_state_name(from));
	status = query_run(&query, &changes, "changing the request", err);
	if (status != STATUS_OK || changes == 1)
		return status;
	struct request now;
	status = store_request_find(store, request->id, &now, err);
	if (status != STATUS_OK)
		return status;
	return error_set(err, STATUS_CONFLICT, "request %lld is %s, no longer %s", (long long)request->id,
	                 request_state_name(now.state), request_state_name(from));
}

/* ---- the heartbeat: one row, written over ---- */

/* The beat comes first, so that its columns' places are those of heartbeat itself. */
struct heartbeat_row {
	struct heartbeat beat;
	int64_t n;
};

#define H struct heartbeat
static const struct column beat_columns[] = {
	COLUMN_OF_INT64(H, "pid", pid),
	COLUMN_OF_TEXT(H, "kind", kind),
	COLUMN_OF_TEXT(H, "host", host),
	COLUMN_OF_INT64(H, "started_at_ms", started_at_ms),
	COLUMN_OF_INT64(H, "beat_at_ms", beat_at_ms),
	COLUMN_OF_INT64(H, "beat_mono_ms", beat_mono_ms),
	COLUMN_OF_TEXT(H, "boot_id", boot_id),
	COLUMN_OF_TEXT(H, "feed", feed),
	COLUMN_OF_INT64(H, "watched", watched),
	COLUMN_OF_INT64(H, "stale", stale),
	COLUMN_OF_INT64(H, "unseen", unseen),
	COLUMN_OF_BOOL(H, "is_released", is_released),
	COLUMN_OF_INT64(struct heartbeat_row, "n", n),
};
#undef H
const struct record heartbeat_record = {
	"heartbeat", "heartbeat", beat_columns, ARRAY_LEN(beat_columns)
};

enum status
store_heartbeat_save(struct store *store, const struct heartbeat *beat, struct error *err)
{
	const struct heartbeat_row row = { .beat = *beat, .n = 1 };

	return record_upsert(store, &heartbeat_record, "n", &row, err);
}

enum status
store_heartbeat_find(struct store *store, struct heartbeat *ret, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	struct heartbeat_row found;
	bool row;
	enum status status = record_select(store, &heartbeat_record, " WHERE n = 1", &query, err);

	if (status == STATUS_OK)
		status = query_step(&query, &row, "reading the heartbeat", err);
	if (status != STATUS_OK)
		return status;
	if (!row)
		return error_set(err, STATUS_NOT_FOUND, "nobody has held the lease yet");
	status = record_read(&query, &heartbeat_record, 0, &found, err);
	if (status == STATUS_OK)
		*ret = found.beat;
	return status;
}
