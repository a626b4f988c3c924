/* Orders.  A row is durable before anything is sent: after a crash its client order id is the only
 * way to ask the exchange whether the order ever arrived. */
#include "store/sql.h"

#define O struct order
static const struct column columns[] = {
	COLUMN_OF_TEXT(O, "client_order_id", client_order_id),
	COLUMN_OF_TEXT(O, "exchange_order_id", exchange_order_id),
	COLUMN_OF_INT64(O, "client_id", client_id),
	COLUMN_OF_ENUM(O, "mode", mode, mode_names),
	COLUMN_OF_LINK_TEXT(O, "intent_id", intent_id),
	COLUMN_OF_LINK_INT64(O, "operation_id", operation_id),
	COLUMN_OF_ENUM(O, "purpose", purpose, order_purpose_names),
	COLUMN_OF_INT(O, "generation", generation),
	COLUMN_OF_TEXT(O, "symbol", symbol),
	COLUMN_OF_ENUM(O, "side", side, side_names),
	COLUMN_OF_ENUM(O, "type", type, order_type_names),
	COLUMN_OF_ENUM(O, "tif", tif, time_in_force_names),
	COLUMN_OF_DECIMAL(O, "quantity", quantity),
	COLUMN_OF_MAYBE_DECIMAL(O, "price", price, has_price),
	COLUMN_OF_MAYBE_DECIMAL(O, "stop_price", stop_price, has_stop_price),
	COLUMN_OF_MAYBE_DECIMAL(O, "recovered_price", recovered_price, has_recovered_price),
	COLUMN_OF_ENUM(O, "state", state, order_state_names),
	COLUMN_OF_DECIMAL(O, "filled_quantity", filled_quantity),
	COLUMN_OF_DECIMAL(O, "filled_value", filled_value),
	COLUMN_OF_DECIMAL(O, "fees", fees),
	COLUMN_OF_TEXT(O, "feed", feed),
	COLUMN_OF_TEXT(O, "error", error),
	COLUMN_OF_BOOL(O, "is_cancel_wanted", is_cancel_wanted),
	COLUMN_OF_INT64(O, "created_at_ms", created_at_ms),
	COLUMN_OF_INT64(O, "sent_at_ms", sent_at_ms),
	COLUMN_OF_INT64(O, "changed_at_ms", changed_at_ms),
	COLUMN_OF_INT64(O, "ended_at_ms", ended_at_ms),
	COLUMN_OF_TEXT(O, "exchange_host", exchange_host),
	COLUMN_OF_TEXT(O, "account", account),
	COLUMN_OF_TEXT(O, "list_id", list_id),
	COLUMN_OF_BOOL(O, "is_quantity_open", is_quantity_open),
	COLUMN_OF_INT64(O, "signed_at_ms", signed_at_ms),
	COLUMN_OF_INT64(O, "seen_at_ms", seen_at_ms),
};
#undef O
const struct record order_record = { "orders", "order", columns, ARRAY_LEN(columns) };

enum status
store_order_insert(struct store *store, const struct order *order, struct error *err)
{
	return record_insert(store, &order_record, order, err);
}

enum status
store_order_find(struct store *store, const char *client_order_id, struct order *ret, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	struct order order;
	bool row;
	enum status status = record_select(store, &order_record, " WHERE client_order_id = :id", &query, err);

	if (status != STATUS_OK)
		return status;
	query_text(&query, ":id", client_order_id);
	status = query_step(&query, &row, "looking for the order", err);
	if (status != STATUS_OK)
		return status;
	if (!row)
		return error_set(err, STATUS_NOT_FOUND, "there is no order %s", client_order_id);
	status = record_read(&query, &order_record, 0, &order, err);
	if (status == STATUS_OK)
		*ret = order;
	return status;
}

enum status
store_order_update(struct store *store, const struct order *order, enum order_state from,
                   struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	int64_t changes;
	enum status status = record_update(store, &order_record, order,
	                                   " WHERE client_order_id = :id AND state = :from", &query, err);

	if (status != STATUS_OK)
		return status;
	query_text(&query, ":id", order->client_order_id);
	query_text(&query, ":from", order_state_name(from));
	status = query_run(&query, &changes, "changing the order", err);
	if (status != STATUS_OK || changes == 1)
		return status;
	struct order now;
	status = store_order_find(store, order->client_order_id, &now, err);
	if (status != STATUS_OK)
		return status;
	return error_set(err, STATUS_CONFLICT, "order %s is %s, no longer %s", order->client_order_id,
	                 order_state_name(now.state), order_state_name(from));
}

/* Each combination of conditions is a statement of its own, so that each can use its index. */
enum status
store_orders(struct store *store, const struct order_query *what, store_order_fn each, void *self,
             struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	char tail[400];
	bool row;

	text_format(tail, sizeof(tail), " WHERE 1%s%s%s%s%s%s%s ORDER BY n LIMIT :limit",
	            what->client_id == 0 ? "" : what->only_open ? " AND client_id = :client"
	                                                        : " AND +client_id = :client",
	            what->intent_id != NULL ? " AND intent_id = :intent" : "",
	            what->operation_id != 0 ? " AND operation_id = :operation" : "",
	            what->only_open ? " AND state IN ('PENDING', 'SENT', 'UNKNOWN', 'PENDING_NEW', 'NEW', "
	                              "'PARTIALLY_FILLED')" : "",
	            what->from_ms != 0 ? " AND created_at_ms >= :from" : "",
	            what->to_ms != 0 ? " AND created_at_ms < :to" : "",
	            what->has_mode ? " AND mode = :mode" : "");
	enum status status = record_select(store, &order_record, tail, &query, err);
	if (status != STATUS_OK)
		return status;
	if (what->client_id != 0)
		query_int(&query, ":client", what->client_id);
	if (what->intent_id != NULL)
		query_text(&query, ":intent", what->intent_id);
	if (what->operation_id != 0)
		query_int(&query, ":operation", what->operation_id);
	if (what->from_ms != 0)
		query_int(&query, ":from", what->from_ms);
	if (what->to_ms != 0)
		query_int(&query, ":to", what->to_ms);
	if (what->has_mode)
		query_text(&query, ":mode", mode_name(what->mode));
	query_int(&query, ":limit", what->limit > 0 ? what->limit : -1);
	while ((status = query_step(&query, &row, "listing orders", err)) == STATUS_OK && row) {
		struct order order;
		status = record_read(&query, &order_record, 0, &order, err);
		if (status != STATUS_OK || !each(self, &order))
			break;
	}
	return status;
}
