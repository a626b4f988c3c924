/* The rules of symbols as they were last learnt, and where watching last stood: both are facts about
 * the outside that are simply written over. */
#include "store/sql.h"

/* The rules come first, so that their columns' places are those of symbol_rules itself. */
struct rules_row {
	struct symbol_rules rules;
	char feed[FEED_ID_SIZE];
};

#define R struct symbol_rules
static const struct column columns[] = {
	COLUMN_OF_TEXT(R, "symbol", symbol),
	COLUMN_OF_TEXT(R, "base", base),
	COLUMN_OF_TEXT(R, "quote", quote),
	COLUMN_OF_ENUM(R, "status", status, symbol_status_names),
	COLUMN_OF_TEXT(R, "status_text", status_text),
	COLUMN_OF_BOOL(R, "can_limit", can_limit),
	COLUMN_OF_BOOL(R, "can_market", can_market),
	COLUMN_OF_BOOL(R, "can_stop_loss", can_stop_loss),
	COLUMN_OF_BOOL(R, "can_stop_loss_limit", can_stop_loss_limit),
	COLUMN_OF_BOOL(R, "can_take_profit", can_take_profit),
	COLUMN_OF_BOOL(R, "oco_allowed", oco_allowed),
	COLUMN_OF_BOOL(R, "oto_allowed", oto_allowed),
	COLUMN_OF_BOOL(R, "opo_allowed", opo_allowed),
	COLUMN_OF_BOOL(R, "cancel_replace_allowed", cancel_replace_allowed),
	COLUMN_OF_DECIMAL(R, "tick", tick),
	COLUMN_OF_DECIMAL(R, "price_min", price_min),
	COLUMN_OF_DECIMAL(R, "price_max", price_max),
	COLUMN_OF_DECIMAL(R, "lot_step", lot_step),
	COLUMN_OF_DECIMAL(R, "lot_min", lot_min),
	COLUMN_OF_DECIMAL(R, "lot_max", lot_max),
	COLUMN_OF_DECIMAL(R, "market_step", market_step),
	COLUMN_OF_DECIMAL(R, "market_min", market_min),
	COLUMN_OF_DECIMAL(R, "market_max", market_max),
	COLUMN_OF_DECIMAL(R, "notional_min", notional_min),
	COLUMN_OF_DECIMAL(R, "notional_max", notional_max),
	COLUMN_OF_BOOL(R, "notional_min_on_market", notional_min_on_market),
	COLUMN_OF_BOOL(R, "notional_max_on_market", notional_max_on_market),
	COLUMN_OF_DECIMAL(R, "bid_multiplier_up", bid_multiplier_up),
	COLUMN_OF_DECIMAL(R, "bid_multiplier_down", bid_multiplier_down),
	COLUMN_OF_DECIMAL(R, "ask_multiplier_up", ask_multiplier_up),
	COLUMN_OF_DECIMAL(R, "ask_multiplier_down", ask_multiplier_down),
	COLUMN_OF_INT(R, "max_orders", max_orders),
	COLUMN_OF_INT(R, "max_algo_orders", max_algo_orders),
	COLUMN_OF_INT(R, "max_order_lists", max_order_lists),
	COLUMN_OF_DECIMAL(R, "max_position", max_position),
	COLUMN_OF_TEXT(R, "unknown_filters", unknown_filters),
	COLUMN_OF_INT64(R, "learnt_at_ms", learnt_at_ms),
	COLUMN_OF_TEXT(struct rules_row, "feed", feed),
};
#undef R
const struct record rules_record = { "symbol_rules", "rule", columns, ARRAY_LEN(columns) };

#define C struct price_check
static const struct column check_columns[] = {
	COLUMN_OF_TEXT(C, "feed", feed),
	COLUMN_OF_TEXT(C, "symbol", symbol),
	COLUMN_OF_INT64(C, "checked_at_ms", checked_at_ms),
	COLUMN_OF_DECIMAL(C, "bid", bid),
	COLUMN_OF_DECIMAL(C, "ask", ask),
	COLUMN_OF_INT64(C, "checks", checks),
};
#undef C
const struct record check_record = {
	"price_checks", "price check", check_columns, ARRAY_LEN(check_columns)
};

enum status
store_rules_save(struct store *store, const char *feed, const struct symbol_rules *rules,
                 struct error *err)
{
	struct rules_row row = { .rules = *rules };

	if (!text_copy(row.feed, sizeof(row.feed), feed))
		return error_set(err, STATUS_RANGE, "the feed's name is too long");
	return record_upsert(store, &rules_record, "feed, symbol", &row, err);
}

static enum status
open_by_symbol(struct store *store, const struct record *record, const char *feed, const char *symbol,
               struct query *ret, struct error *err)
{
	bool row;
	enum status status = record_select(store, record, " WHERE feed = :feed AND symbol = :symbol", ret, err);

	if (status != STATUS_OK)
		return status;
	query_text(ret, ":feed", feed);
	query_text(ret, ":symbol", symbol);
	status = query_step(ret, &row, "looking for the symbol", err);
	if (status == STATUS_OK && !row)
		return error_set(err, STATUS_NOT_FOUND, "nothing is known of %s on this feed", symbol);
	return status;
}

enum status
store_rules_find(struct store *store, const char *feed, const char *symbol, struct symbol_rules *ret,
                 struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	struct rules_row row;
	enum status status = open_by_symbol(store, &rules_record, feed, symbol, &query, err);

	if (status == STATUS_OK)
		status = record_read(&query, &rules_record, 0, &row, err);
	if (status == STATUS_OK)
		*ret = row.rules;
	return status;
}

enum status
store_check_save(struct store *store, const struct price_check *check, struct error *err)
{
	return record_upsert(store, &check_record, "feed, symbol", check, err);
}

enum status
store_check_find(struct store *store, const char *feed, const char *symbol, struct price_check *ret,
                 struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	struct price_check check;
	enum status status = open_by_symbol(store, &check_record, feed, symbol, &query, err);

	if (status == STATUS_OK)
		status = record_read(&query, &check_record, 0, &check, err);
	if (status == STATUS_OK)
		*ret = check;
	return status;
}
