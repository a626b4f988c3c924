/* Trades: one per closed operation; booking one also moves the book's result and the strategy's
 * record, so that a closing transaction can't forget one of the three.  Sums over trades are made
 * here, in exact decimals: SQL would add them as binary floats. */
#include "store/sql.h"

#define T struct trade
static const struct column columns[] = {
	COLUMN_OF_LINK_INT64(T, "id", id),           /* NULL at birth: SQLite gives it */
	COLUMN_OF_INT64(T, "operation_id", operation_id),
	COLUMN_OF_INT64(T, "client_id", client_id),
	COLUMN_OF_LINK_TEXT(T, "intent_id", intent_id),
	COLUMN_OF_ENUM(T, "mode", mode, mode_names),
	COLUMN_OF_TEXT(T, "symbol", symbol),
	COLUMN_OF_ENUM(T, "side", side, side_names),
	COLUMN_OF_TEXT(T, "strategy", strategy),
	COLUMN_OF_DECIMAL(T, "quantity", quantity),
	COLUMN_OF_DECIMAL(T, "entry_price", entry_price),
	COLUMN_OF_DECIMAL(T, "exit_price", exit_price),
	COLUMN_OF_DECIMAL(T, "entry_fees", entry_fees),
	COLUMN_OF_DECIMAL(T, "exit_fees", exit_fees),
	COLUMN_OF_DECIMAL(T, "gross_pnl", gross_pnl),
	COLUMN_OF_DECIMAL(T, "net_pnl", net_pnl),
	COLUMN_OF_DECIMAL(T, "initial_risk", initial_risk),
	COLUMN_OF_MAYBE_DECIMAL(T, "r_multiple", r_multiple, has_r_multiple),
	COLUMN_OF_ENUM(T, "exit_reason", exit_reason, exit_reason_names),
	COLUMN_OF_INT64(T, "opened_at_ms", opened_at_ms),
	COLUMN_OF_INT64(T, "closed_at_ms", closed_at_ms),
	COLUMN_OF_INT64(T, "duration_ms", duration_ms),
	COLUMN_OF_TEXT(T, "feed", feed),
};
#undef T
const struct record trade_record = { "trades", "trade", columns, ARRAY_LEN(columns) };

static enum status
add_to_book(struct store *store, const struct trade *trade, struct error *err)
{
	struct book book;
	enum status status = store_book(store, trade->client_id, trade->mode, &book, err);

	if (status != STATUS_OK)
		return status;
	if (decimal_add(book.realized_net, trade->net_pnl, &book.realized_net) != STATUS_OK)
		return error_set(err, STATUS_RANGE, "the book's result would be too large to be kept");
	return book_save_realized(store, &book, err);
}

/* A strategy that is not in the catalogue has no record to keep. */
static enum status
add_to_strategy(struct store *store, const struct trade *trade, struct error *err)
{
	struct strategy strategy;

	if (trade->strategy[0] == '\0')
		return STATUS_OK;
	enum status status = store_strategy_find(store, trade->client_id, trade->strategy, &strategy, err);
	if (status == STATUS_NOT_FOUND) {
		error_clear(err);
		return STATUS_OK;
	}
	if (status != STATUS_OK)
		return status;
	if (track_record_add(&strategy.record[trade->mode], trade) != STATUS_OK)
		return error_set(err, STATUS_RANGE, "the record of strategy '%s' would be too large to be kept",
		                 strategy.name);
	return strategy_save_record(store, &strategy, trade->mode, err);
}

enum status
store_trade_book(struct store *store, struct trade *trade, struct error *err)
{
	struct trade fresh = *trade;
	bool is_own;
	enum status status = transaction_join(store, &is_own, err);

	if (status != STATUS_OK)
		return status;
	fresh.id = 0;
	status = record_insert(store, &trade_record, &fresh, err);
	int64_t id = sqlite3_last_insert_rowid(store->db);
	if (status == STATUS_OK)
		status = add_to_book(store, trade, err);
	if (status == STATUS_OK)
		status = add_to_strategy(store, trade, err);
	status = transaction_end(store, is_own, status, err);
	if (status == STATUS_OK)
		trade->id = id;
	return status;
}

enum status
store_trades(struct store *store, const struct trade_query *what, store_trade_fn each, void *self,
             struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	char tail[300];
	bool row;

	text_format(tail, sizeof(tail), " WHERE 1%s%s%s%s%s%s ORDER BY id%s LIMIT :limit",
	            what->client_id == 0 ? "" : what->from_ms != 0 ? " AND client_id = :client"
	                                                           : " AND +client_id = :client",
	            what->has_mode ? " AND mode = :mode" : "",
	            what->from_ms != 0 ? " AND closed_at_ms >= :from" : "",
	            what->to_ms != 0 ? " AND closed_at_ms < :to" : "",
	            what->operation_id != 0 ? " AND operation_id = :operation" : "",
	            what->after_id != 0 ? " AND id > :after" : "",
	            what->newest_first ? " DESC" : "");
	enum status status = record_select(store, &trade_record, tail, &query, err);
	if (status != STATUS_OK)
		return status;
	if (what->client_id != 0)
		query_int(&query, ":client", what->client_id);
	if (what->has_mode)
		query_text(&query, ":mode", mode_name(what->mode));
	if (what->from_ms != 0)
		query_int(&query, ":from", what->from_ms);
	if (what->to_ms != 0)
		query_int(&query, ":to", what->to_ms);
	if (what->operation_id != 0)
		query_int(&query, ":operation", what->operation_id);
	if (what->after_id != 0)
		query_int(&query, ":after", what->after_id);
	query_int(&query, ":limit", what->limit > 0 ? what->limit : -1);
	while ((status = query_step(&query, &row, "listing trades", err)) == STATUS_OK && row) {
		struct trade trade;
		status = record_read(&query, &trade_record, 0, &trade, err);
		if (status != STATUS_OK || !each(self, &trade))
			break;
	}
	return status;
}

enum status
store_net_pnl(struct store *store, int64_t client_id, enum mode mode, int64_t from_ms, int64_t to_ms,
              struct decimal *ret, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	struct decimal sum = DECIMAL_ZERO, net;
	bool row;
	enum status status = query_open(store, "SELECT net_pnl FROM trades WHERE client_id = :client "
	                                "AND mode = :mode AND closed_at_ms >= :from AND closed_at_ms < :to",
	                                &query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":client", client_id);
	query_text(&query, ":mode", mode_name(mode));
	query_int(&query, ":from", from_ms);
	query_int(&query, ":to", to_ms);
	while ((status = query_step(&query, &row, "adding up trades", err)) == STATUS_OK && row) {
		status = query_get_decimal(&query, 0, &net, err);
		if (status == STATUS_OK && decimal_add(sum, net, &sum) != STATUS_OK)
			status = error_set(err, STATUS_RANGE, "the sum of the trades is too large");
		if (status != STATUS_OK)
			break;
	}
	if (status == STATUS_OK)
		*ret = sum;
	return status;
}
