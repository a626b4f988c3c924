/* Operations: positions, each the artifact of one intent. */
#include "store/sql.h"

#define P struct operation
static const struct column columns[] = {
	COLUMN_OF_LINK_INT64(P, "id", id),           /* NULL at birth: SQLite gives it */
	COLUMN_OF_INT64(P, "client_id", client_id),
	COLUMN_OF_LINK_TEXT(P, "intent_id", intent_id),
	COLUMN_OF_IS_EMPTY(P, "is_legacy", intent_id),
	COLUMN_OF_ENUM(P, "mode", mode, mode_names),
	COLUMN_OF_TEXT(P, "symbol", symbol),
	COLUMN_OF_ENUM(P, "side", side, side_names),
	COLUMN_OF_TEXT(P, "strategy", strategy),
	COLUMN_OF_ENUM(P, "status", status, operation_status_names),
	COLUMN_OF_DECIMAL(P, "entry_quantity", entry.quantity),
	COLUMN_OF_DECIMAL(P, "entry_value", entry.value),
	COLUMN_OF_DECIMAL(P, "entry_fees", entry.fees),
	COLUMN_OF_DECIMAL(P, "exit_quantity", exit.quantity),
	COLUMN_OF_DECIMAL(P, "exit_value", exit.value),
	COLUMN_OF_DECIMAL(P, "exit_fees", exit.fees),
	COLUMN_OF_DECIMAL(P, "base_fees", base_fees),
	COLUMN_OF_DECIMAL(P, "dust", dust),
	COLUMN_OF_DECIMAL(P, "initial_stop", initial_stop),
	COLUMN_OF_DECIMAL(P, "stop_price", stop_price),
	COLUMN_OF_MAYBE_DECIMAL(P, "target_price", target_price, has_target),
	COLUMN_OF_DECIMAL(P, "fee_percent", fee_percent),
	COLUMN_OF_DECIMAL(P, "gap_percent", gap_percent),
	COLUMN_OF_ENUM(P, "wish_reason", exit_wish.reason, exit_reason_names),
	COLUMN_OF_DECIMAL(P, "wish_level", exit_wish.level),
	COLUMN_OF_DECIMAL(P, "wish_bid", exit_wish.bid),
	COLUMN_OF_DECIMAL(P, "wish_ask", exit_wish.ask),
	COLUMN_OF_INT64(P, "wish_quote_at_ms", exit_wish.quote_at_ms),
	COLUMN_OF_INT64(P, "wish_wanted_at_ms", exit_wish.wanted_at_ms),
	COLUMN_OF_BOOL(P, "wish_is_recovered", exit_wish.is_recovered),
	COLUMN_OF_DECIMAL(P, "wish_recovered_price", exit_wish.recovered_price),
	COLUMN_OF_ENUM(P, "exit_reason", exit_reason, exit_reason_names),
	COLUMN_OF_TEXT(P, "note", note),
	COLUMN_OF_DECIMAL(P, "realized_pnl", realized_pnl),
	COLUMN_OF_TEXT(P, "feed", feed),
	COLUMN_OF_TEXT(P, "exchange_host", exchange_host),
	COLUMN_OF_TEXT(P, "account", account),
	COLUMN_OF_TEXT(P, "margin_type", margin_type),
	COLUMN_OF_INT(P, "leverage", leverage),
	COLUMN_OF_INT64(P, "opened_at_ms", opened_at_ms),
	COLUMN_OF_INT64(P, "closed_at_ms", closed_at_ms),
	COLUMN_OF_INT64(P, "stop_latency_us", stop_latency_us),
	COLUMN_OF_TEXT(P, "alarm", alarm),
};
#undef P
const struct record operation_record = { "operations", "operation", columns, ARRAY_LEN(columns) };

enum status
store_operation_insert(struct store *store, struct operation *op, struct error *err)
{
	struct operation fresh = *op;

	fresh.id = 0;
	enum status status = record_insert(store, &operation_record, &fresh, err);
	if (status == STATUS_OK)
		op->id = sqlite3_last_insert_rowid(store->db);
	return status;
}

static enum status
find(struct query *query, struct operation *ret, const char *whose, struct error *err)
{
	bool row;
	enum status status = query_step(query, &row, "looking for the operation", err);

	if (status != STATUS_OK)
		return status;
	if (!row) {
		error_set(err, STATUS_NOT_FOUND, "there is no operation %s", whose);
		error_hint(err, "`robson operations' lists them.");
		return STATUS_NOT_FOUND;
	}
	struct operation op;
	status = record_read(query, &operation_record, 0, &op, err);
	if (status == STATUS_OK)
		*ret = op;
	return status;
}

enum status
store_operation_find(struct store *store, int64_t client_id, int64_t id, struct operation *ret,
                     struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	char whose[32];
	enum status status = record_select(store, &operation_record,
	                                   " WHERE id = :id AND (:client = 0 OR client_id = :client)",
	                                   &query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":id", id);
	query_int(&query, ":client", client_id);
	text_format(whose, sizeof(whose), "%lld", (long long)id);
	return find(&query, ret, whose, err);
}

enum status
store_operation_of_intent(struct store *store, const char *intent_id, struct operation *ret,
                          struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	char whose[64];
	enum status status = record_select(store, &operation_record, " WHERE intent_id = :intent",
	                                   &query, err);

	if (status != STATUS_OK)
		return status;
	query_text(&query, ":intent", intent_id);
	text_format(whose, sizeof(whose), "of intent %s", intent_id);
	return find(&query, ret, whose, err);
}

enum status
store_operation_update(struct store *store, const struct operation *op, enum operation_status from,
                       struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	int64_t changes;
	enum status status = record_update(store, &operation_record, op,
	                                   " WHERE id = :id AND status = :from", &query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":id", op->id);
	query_text(&query, ":from", operation_status_name(from));
	status = query_run(&query, &changes, "changing the operation", err);
	if (status != STATUS_OK || changes == 1)
		return status;
	struct operation now;
	status = store_operation_find(store, 0, op->id, &now, err);
	if (status != STATUS_OK)
		return status;
	return error_set(err, STATUS_CONFLICT, "operation %lld is %s, no longer %s", (long long)op->id,
	                 operation_status_name(now.status), operation_status_name(from));
}

enum status
store_operations(struct store *store, const struct operation_query *what, store_operation_fn each,
                 void *self, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	char tail[200];
	bool row;

	text_format(tail, sizeof(tail), " WHERE 1%s%s%s ORDER BY id DESC LIMIT :limit",
	            what->client_id == 0 ? "" : what->has_status ? " AND client_id = :client"
	                                                         : " AND +client_id = :client",
	            what->has_status ? " AND status = :status" : "",
	            what->has_mode ? " AND mode = :mode" : "");
	enum status status = record_select(store, &operation_record, tail, &query, err);
	if (status != STATUS_OK)
		return status;
	if (what->client_id != 0)
		query_int(&query, ":client", what->client_id);
	if (what->has_status)
		query_text(&query, ":status", operation_status_name(what->status));
	if (what->has_mode)
		query_text(&query, ":mode", mode_name(what->mode));
	query_int(&query, ":limit", what->limit > 0 ? what->limit : -1);
	while ((status = query_step(&query, &row, "listing operations", err)) == STATUS_OK && row) {
		struct operation op;
		status = record_read(&query, &operation_record, 0, &op, err);
		if (status != STATUS_OK || !each(self, &op))
			break;
	}
	return status;
}
