/* What a client did in one UTC day, for the day's limits: entries only, since exits are never
 * limited.  An entry that never reached the exchange counts for nothing; one that may still fill
 * counts in full. */
#include "store/sql.h"

enum { DAY_MS = 86400000 };

/* What the order has bought, plus what may still be bought while it is open. */
static enum status
add_notional(const struct order *order, struct decimal fallback_price, struct decimal *sum)
{
	struct decimal price = order->has_price ? order->price : fallback_price, open;
	enum status status = decimal_add(*sum, order->filled_value, sum);

	if (status != STATUS_OK || !order_is_open(order->state))
		return status;
	status = decimal_mul(order_remaining(order), price, ROUND_UP, &open);
	return status == STATUS_OK ? decimal_add(*sum, open, sum) : status;
}

static enum status
count_orders(struct store *store, int64_t client_id, enum mode mode, int64_t from_ms,
             struct day_counts *counts, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	bool row;
	enum status status = record_select_two(store, &order_record, &intent_record,
		" ON b.id = a.intent_id WHERE a.client_id = :client AND a.mode = :mode "
		"AND a.created_at_ms >= :from AND a.created_at_ms < :to AND a.purpose = 'entry' "
		"AND a.state NOT IN ('NOT_SENT', 'NEVER_ARRIVED', 'REJECTED')", &query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":client", client_id);
	query_text(&query, ":mode", mode_name(mode));
	query_int(&query, ":from", from_ms);
	query_int(&query, ":to", from_ms + DAY_MS);
	while ((status = query_step(&query, &row, "counting the day", err)) == STATUS_OK && row) {
		struct order order;
		struct intent intent;
		status = record_read(&query, &order_record, 0, &order, err);
		if (status == STATUS_OK)
			status = record_read(&query, &intent_record, (int)order_record.count, &intent, err);
		if (status == STATUS_OK &&
		    add_notional(&order, intent.entry_price, &counts->notional) != STATUS_OK)
			status = error_set(err, STATUS_RANGE, "the day's notional is too large to be added up");
		if (status != STATUS_OK)
			break;
		counts->orders++;
	}
	return status;
}

static enum status
count_patterns(struct store *store, int64_t client_id, enum mode mode, int64_t from_ms,
               struct day_counts *counts, struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	bool row;
	enum status status = query_open(store,
		"SELECT count(*) FROM intents WHERE source = 'pattern' AND client_id = :client "
		"AND mode = :mode AND executed_at_ms >= :from AND executed_at_ms < :to", &query, err);

	if (status != STATUS_OK)
		return status;
	query_int(&query, ":client", client_id);
	query_text(&query, ":mode", mode_name(mode));
	query_int(&query, ":from", from_ms);
	query_int(&query, ":to", from_ms + DAY_MS);
	status = query_step(&query, &row, "counting the day", err);
	if (status == STATUS_OK)
		counts->pattern_executions = query_get_int(&query, 0);
	return status;
}

enum status
store_day_counts(struct store *store, int64_t client_id, enum mode mode, int64_t day_start_ms,
                 struct day_counts *ret, struct error *err)
{
	struct day_counts counts = { 0 };
	enum status status = count_orders(store, client_id, mode, day_start_ms, &counts, err);

	if (status == STATUS_OK)
		status = count_patterns(store, client_id, mode, day_start_ms, &counts, err);
	if (status == STATUS_OK)
		status = store_net_pnl(store, client_id, mode, day_start_ms, day_start_ms + DAY_MS,
		                       &counts.net_pnl, err);
	if (status == STATUS_OK)
		*ret = counts;
	return status;
}
