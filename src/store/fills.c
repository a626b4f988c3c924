/* Fills: evidence, so they are only ever added. */
#include "store/sql.h"

#define F struct fill
static const struct column columns[] = {
	COLUMN_OF_TEXT(F, "client_order_id", client_order_id),
	COLUMN_OF_TEXT(F, "exchange_trade_id", exchange_trade_id),
	COLUMN_OF_DECIMAL(F, "price", price),
	COLUMN_OF_DECIMAL(F, "quantity", quantity),
	COLUMN_OF_DECIMAL(F, "commission", commission),
	COLUMN_OF_TEXT(F, "commission_asset", commission_asset),
	COLUMN_OF_DECIMAL(F, "fee_quote", fee_quote),
	COLUMN_OF_BOOL(F, "is_fee_estimated", is_fee_estimated),
	COLUMN_OF_BOOL(F, "is_recovered", is_recovered),
	COLUMN_OF_INT64(F, "at_ms", at_ms),
};
#undef F
const struct record fill_record = { "fills", "fill", columns, ARRAY_LEN(columns) };

enum status
store_fill_insert(struct store *store, const struct fill *fill, struct error *err)
{
	return record_insert(store, &fill_record, fill, err);
}

bool
store_fill_exists(struct store *store, const char *client_order_id, const char *exchange_trade_id)
{
	CLEANUP(query_done) struct query query = { .store = store };
	bool row = false;

	if (query_open(store, "SELECT 1 FROM fills WHERE client_order_id = :order "
	               "AND exchange_trade_id = :trade", &query, NULL) != STATUS_OK)
		return false;                        /* the schema refuses a second one */
	query_text(&query, ":order", client_order_id);
	query_text(&query, ":trade", exchange_trade_id);
	return query_step(&query, &row, "looking for the fill", NULL) == STATUS_OK && row;
}

enum status
store_fills(struct store *store, const struct order_query *what, store_fill_fn each, void *self,
            struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	char tail[500];
	bool row;

	text_format(tail, sizeof(tail), " ON b.client_order_id = a.client_order_id WHERE 1%s%s%s%s%s%s%s "
	            "ORDER BY a.n LIMIT :limit",
	            what->client_id != 0 ? " AND b.client_id = :client" : "",
	            what->intent_id != NULL ? " AND b.intent_id = :intent" : "",
	            what->operation_id != 0 ? " AND b.operation_id = :operation" : "",
	            what->only_open ? " AND b.state IN ('PENDING', 'SENT', 'UNKNOWN', 'PENDING_NEW', 'NEW', "
	                              "'PARTIALLY_FILLED')" : "",
	            what->from_ms != 0 ? " AND a.at_ms >= :from" : "",
	            what->to_ms != 0 ? " AND a.at_ms < :to" : "",
	            what->has_mode ? " AND b.mode = :mode" : "");
	enum status status = record_select_two(store, &fill_record, &order_record, tail, &query, err);
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
	while ((status = query_step(&query, &row, "listing fills", err)) == STATUS_OK && row) {
		struct fill_row found;
		status = record_read(&query, &fill_record, 0, &found.fill, err);
		if (status == STATUS_OK)
			status = record_read(&query, &order_record, (int)fill_record.count, &found.order, err);
		if (status != STATUS_OK || !each(self, &found))
			break;
	}
	return status;
}
