/* Blockers: differences between the book and the exchange that Robson may not mend by itself.  Each
 * stays until somebody resolves it, and is kept after that. */
#include "store/sql.h"

#define B struct blocker
static const struct column columns[] = {
	COLUMN_OF_LINK_INT64(B, "n", n),             /* NULL at birth: SQLite gives it */
	COLUMN_OF_INT64(B, "client_id", client_id),
	COLUMN_OF_TEXT(B, "kind", kind),
	COLUMN_OF_TEXT(B, "exchange_host", exchange_host),
	COLUMN_OF_TEXT(B, "account", account),
	COLUMN_OF_TEXT(B, "symbol", symbol),
	COLUMN_OF_TEXT(B, "client_order_id", client_order_id),
	COLUMN_OF_TEXT(B, "exchange_order_id", exchange_order_id),
	COLUMN_OF_INT64(B, "operation_id", operation_id),
	COLUMN_OF_TEXT(B, "text", text),
	COLUMN_OF_TEXT(B, "evidence", evidence),
	COLUMN_OF_INT64(B, "first_seen_ms", first_seen_ms),
	COLUMN_OF_INT64(B, "last_seen_ms", last_seen_ms),
	COLUMN_OF_INT64(B, "looks", looks),
	COLUMN_OF_INT64(B, "resolved_at_ms", resolved_at_ms),
	COLUMN_OF_TEXT(B, "resolved_by", resolved_by),
	COLUMN_OF_TEXT(B, "resolution", resolution),
};
#undef B
const struct record blocker_record = { "blockers", "blocker", columns, ARRAY_LEN(columns) };

static enum status
read_one(struct query *query, struct blocker *ret, struct error *err)
{
	struct blocker blocker;
	bool row;
	enum status status = query_step(query, &row, "reading blockers", err);

	if (status != STATUS_OK)
		return status;
	if (!row)
		return error_set(err, STATUS_NOT_FOUND, "there is no such blocker");
	status = record_read(query, &blocker_record, 0, &blocker, err);
	if (status == STATUS_OK)
		*ret = blocker;
	return status;
}

enum status
store_blocker_find(struct store *store, int64_t n, struct blocker *ret, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	enum status status = record_select(store, &blocker_record, " WHERE n = :number", &query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":number", n);
	return read_one(&query, ret, err);
}

/* The open one of the same client, kind and subject. */
static enum status
find_open(struct store *store, const struct blocker *like, struct blocker *ret, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	enum status status = record_select(store, &blocker_record,
		" WHERE resolved_at_ms = 0 AND client_id = :client AND kind = :kind AND exchange_host = :host "
		"AND account = :account AND symbol = :symbol AND client_order_id = :order "
		"AND exchange_order_id = :exchange AND operation_id = :operation", &query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":client", like->client_id);
	query_text(&query, ":kind", like->kind);
	query_text(&query, ":host", like->exchange_host);
	query_text(&query, ":account", like->account);
	query_text(&query, ":symbol", like->symbol);
	query_text(&query, ":order", like->client_order_id);
	query_text(&query, ":exchange", like->exchange_order_id);
	query_int(&query, ":operation", like->operation_id);
	return read_one(&query, ret, err);
}

/* If it is open still. */
static enum status
update(struct store *store, const struct blocker *blocker, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	int64_t changes;
	enum status status = record_update(store, &blocker_record, blocker,
	                                   " WHERE n = :number AND resolved_at_ms = 0", &query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":number", blocker->n);
	status = query_run(&query, &changes, "changing the blocker", err);
	if (status == STATUS_OK && changes == 0)
		return error_set(err, STATUS_CONFLICT, "blocker %lld is resolved already", (long long)blocker->n);
	return status;
}

static enum status
insert(struct store *store, const struct blocker *blocker, int64_t now_ms, struct blocker *ret,
       struct error *err)
{
	struct blocker fresh = *blocker;

	fresh.n = 0;
	fresh.first_seen_ms = fresh.last_seen_ms = now_ms;
	fresh.looks = 1;
	fresh.resolved_at_ms = 0;
	fresh.resolved_by[0] = fresh.resolution[0] = '\0';
	enum status status = record_insert(store, &blocker_record, &fresh, err);
	if (status != STATUS_OK)
		return status;
	fresh.n = sqlite3_last_insert_rowid(store->db);
	*ret = fresh;
	return STATUS_OK;
}

static enum status
put(struct store *store, struct blocker *blocker, int64_t now_ms, bool *ret_is_new, struct error *err)
{
	struct blocker row;
	enum status status = find_open(store, blocker, &row, err);

	*ret_is_new = status == STATUS_NOT_FOUND;
	if (*ret_is_new) {
		error_clear(err);
		return insert(store, blocker, now_ms, blocker, err);
	}
	if (status != STATUS_OK)
		return status;
	row.looks++;
	if (now_ms > row.last_seen_ms)               /* the wall clock may jump back */
		row.last_seen_ms = now_ms;
	text_copy(row.text, sizeof(row.text), blocker->text);
	text_copy(row.evidence, sizeof(row.evidence), blocker->evidence);
	status = update(store, &row, err);
	if (status == STATUS_OK)
		*blocker = row;
	return status;
}

enum status
store_blocker_put(struct store *store, struct blocker *blocker, int64_t now_ms, bool *ret_is_new,
                  struct error *err)
{
	bool is_own, is_new = false;
	enum status status = transaction_join(store, &is_own, err);

	if (status != STATUS_OK)
		return status;
	status = put(store, blocker, now_ms, &is_new, err);
	status = transaction_end(store, is_own, status, err);
	if (status == STATUS_OK && ret_is_new != NULL)
		*ret_is_new = is_new;
	return status;
}

enum status
store_blocker_resolve(struct store *store, int64_t n, const char *actor, const char *resolution,
                      int64_t now_ms, struct error *err)
{
	struct blocker blocker;
	enum status status = store_blocker_find(store, n, &blocker, err);

	if (status != STATUS_OK)
		return status;
	if (blocker.resolved_at_ms != 0)
		return error_set(err, STATUS_CONFLICT, "blocker %lld is resolved already", (long long)n);
	if (actor[0] == '\0' || resolution[0] == '\0')
		return error_set(err, STATUS_INVALID, "a blocker is resolved by somebody, and says how");
	blocker.resolved_at_ms = now_ms;
	text_copy(blocker.resolved_by, sizeof(blocker.resolved_by), actor);
	text_copy(blocker.resolution, sizeof(blocker.resolution), resolution);
	return update(store, &blocker, err);
}

enum status
store_blockers(struct store *store, const struct blocker_query *what, store_blocker_fn each, void *self,
               struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	char tail[300];
	bool row;

	text_format(tail, sizeof(tail), " WHERE 1%s%s%s%s ORDER BY n LIMIT :limit",
	            what->client_id != 0 ? " AND client_id = :client" : "",
	            what->only_open ? " AND resolved_at_ms = 0" : "",
	            what->operation_id != 0 ? " AND operation_id = :operation" : "",
	            what->kind != NULL ? " AND kind = :kind" : "");
	enum status status = record_select(store, &blocker_record, tail, &query, err);
	if (status != STATUS_OK)
		return status;
	if (what->client_id != 0)
		query_int(&query, ":client", what->client_id);
	if (what->operation_id != 0)
		query_int(&query, ":operation", what->operation_id);
	if (what->kind != NULL)
		query_text(&query, ":kind", what->kind);
	query_int(&query, ":limit", what->limit > 0 ? what->limit : -1);
	while ((status = query_step(&query, &row, "listing blockers", err)) == STATUS_OK && row) {
		struct blocker blocker;
		status = record_read(&query, &blocker_record, 0, &blocker, err);
		if (status != STATUS_OK || !each(self, &blocker))
			break;
	}
	return status;
}
