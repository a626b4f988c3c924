/* Every sum that is stored, made again from what it was made of: orders and operations from their
 * fills, trades from their operations, books and records of strategies from their trades. */
#include "store/verify.h"

#include <inttypes.h>
#include <string.h>

struct order_sums {
	struct verifier *v;
	struct order order;               /* sums from fills; "" for none yet */
	struct order stored;
};

static void
compare_order(struct order_sums *sums)
{
	const struct order *a = &sums->order, *b = &sums->stored;

	if (decimal_cmp(a->filled_quantity, b->filled_quantity) != 0 ||
	    decimal_cmp(a->filled_value, b->filled_value) != 0 || decimal_cmp(a->fees, b->fees) != 0)
		verify_wrong(sums->v, "order %s does not hold the sums of its fills", b->client_order_id);
}

static bool
add_order_fill(void *self, const struct fill_row *row)
{
	struct order_sums *sums = self;

	if (order_add_fill(&sums->order, &row->fill) != STATUS_OK)
		verify_wrong(sums->v, "the fills of order %s exceed it", row->order.client_order_id);
	return true;
}

/* The fills of one order. */
static enum status
fills_of_order(struct store *store, const char *client_order_id, store_fill_fn each, void *self,
               struct error *err)
{
	CLEANUP(query_done) struct query query = { .store = store };
	bool row;
	enum status status = record_select(store, &fill_record, " WHERE client_order_id = :order ORDER BY n",
	                                   &query, err);

	if (status != STATUS_OK)
		return status;
	query_text(&query, ":order", client_order_id);
	while ((status = query_step(&query, &row, "verifying", err)) == STATUS_OK && row) {
		struct fill_row found = { .order.client_id = 0 };
		text_copy(found.order.client_order_id, sizeof(found.order.client_order_id), client_order_id);
		status = record_read(&query, &fill_record, 0, &found.fill, err);
		if (status != STATUS_OK || !each(self, &found))
			break;
	}
	return status;
}

static bool
check_order(void *self, const struct order *order)
{
	struct verifier *v = self;
	struct order_sums sums = { .v = v, .order = *order, .stored = *order };

	sums.order.filled_quantity = sums.order.filled_value = sums.order.fees = DECIMAL_ZERO;
	v->looked_at++;
	v->status = fills_of_order(v->store, order->client_order_id, add_order_fill, &sums, v->err);
	if (v->status == STATUS_OK)
		compare_order(&sums);
	return v->status == STATUS_OK;
}

enum status
verify_orders(struct verifier *v)
{
	const struct order_query all = { 0 };

	verify_begin(v);
	enum status status = store_orders(v->store, &all, check_order, v, v->err);
	return verify_end(v, "Service", "orders", "orders hold the sums of their fills", status);
}

struct legs {
	struct leg entry, exit;
	struct decimal base_fees;         /* the entry's commission that was taken of what was bought */
	char base[ASSET_SIZE];
	bool failed;
};

static bool
add_to_leg(void *self, const struct fill_row *row)
{
	struct legs *legs = self;
	struct leg *leg = row->order.purpose == PURPOSE_ENTRY ? &legs->entry : &legs->exit;

	if (leg_add(leg, row->fill.price, row->fill.quantity, row->fill.fee_quote) != STATUS_OK)
		legs->failed = true;
	if (leg == &legs->entry && strcmp(legs->base, row->fill.commission_asset) == 0 &&
	    decimal_add(legs->base_fees, row->fill.commission, &legs->base_fees) != STATUS_OK)
		legs->failed = true;
	return true;
}

static bool
legs_equal(const struct leg *a, const struct leg *b)
{
	return decimal_cmp(a->quantity, b->quantity) == 0 && decimal_cmp(a->value, b->value) == 0 &&
	       decimal_cmp(a->fees, b->fees) == 0;
}

/* What is left of a CLOSED one is dust, by its name; of the others nothing is. */
static bool
dust_is_right(const struct operation *op)
{
	struct decimal left = op->status == OPERATION_CLOSED ? operation_open_quantity(op) : DECIMAL_ZERO;

	return decimal_cmp(op->dust, left) == 0;
}

/* By its intent: the entry's order knows its operation only from the first fill on. */
static bool
check_operation(void *self, const struct operation *op)
{
	struct verifier *v = self;
	struct legs legs = { .failed = false };
	const struct order_query fills = { .intent_id = op->intent_id };
	struct symbol_rules rules;
	char quote[ASSET_SIZE];

	v->looked_at++;
	if (op->intent_id[0] == '\0')
		return true;                         /* imported: its fills were never ours */
	symbol_split(op->symbol, legs.base, quote);
	if (store_rules_find(v->store, op->feed, op->symbol, &rules, NULL) == STATUS_OK)
		text_copy(legs.base, sizeof(legs.base), rules.base);
	v->status = store_fills(v->store, &fills, add_to_leg, &legs, v->err);
	if (v->status != STATUS_OK)
		return false;
	if (legs.failed || !legs_equal(&legs.entry, &op->entry) || !legs_equal(&legs.exit, &op->exit))
		verify_wrong(v, "operation %" PRId64 " does not hold the sums of its fills", op->id);
	else if (decimal_cmp(legs.base_fees, op->base_fees) != 0)
		verify_wrong(v, "operation %" PRId64 " does not hold what commission took of it", op->id);
	else if (!dust_is_right(op))
		verify_wrong(v, "operation %" PRId64 " does not name what is left of it", op->id);
	return true;
}

enum status
verify_operations(struct verifier *v)
{
	const struct operation_query all = { 0 };

	verify_begin(v);
	enum status status = store_operations(v->store, &all, check_operation, v, v->err);
	return verify_end(v, "Service", "operations", "operations hold the sums of their fills", status);
}

static bool
trades_equal(const struct trade *a, const struct trade *b)
{
	return strcmp(a->intent_id, b->intent_id) == 0 && a->client_id == b->client_id &&
	       a->mode == b->mode && strcmp(a->symbol, b->symbol) == 0 && a->side == b->side &&
	       strcmp(a->strategy, b->strategy) == 0 && decimal_cmp(a->quantity, b->quantity) == 0 &&
	       decimal_cmp(a->entry_price, b->entry_price) == 0 &&
	       decimal_cmp(a->exit_price, b->exit_price) == 0 &&
	       decimal_cmp(a->entry_fees, b->entry_fees) == 0 &&
	       decimal_cmp(a->exit_fees, b->exit_fees) == 0 &&
	       decimal_cmp(a->gross_pnl, b->gross_pnl) == 0 && decimal_cmp(a->net_pnl, b->net_pnl) == 0 &&
	       decimal_cmp(a->initial_risk, b->initial_risk) == 0 &&
	       a->has_r_multiple == b->has_r_multiple &&
	       (!a->has_r_multiple || decimal_cmp(a->r_multiple, b->r_multiple) == 0) &&
	       a->exit_reason == b->exit_reason && a->opened_at_ms == b->opened_at_ms &&
	       a->closed_at_ms == b->closed_at_ms && a->duration_ms == b->duration_ms;
}

static bool
check_trade(void *self, const struct trade *trade)
{
	struct verifier *v = self;
	struct operation op;
	struct trade right;

	v->looked_at++;
	v->status = store_operation_find(v->store, 0, trade->operation_id, &op, v->err);
	if (v->status == STATUS_NOT_FOUND) {
		v->status = STATUS_OK;
		verify_wrong(v, "trade %" PRId64 " has no operation", trade->id);
	} else if (v->status == STATUS_OK) {
		memset(&right, 0, sizeof(right));
		if (trade_from_operation(&op, op.closed_at_ms, &right) != STATUS_OK ||
		    !trades_equal(trade, &right) || decimal_cmp(op.realized_pnl, trade->net_pnl) != 0)
			verify_wrong(v, "trade %" PRId64 " is not what operation %" PRId64 " gives", trade->id, op.id);
	}
	return v->status == STATUS_OK;
}

enum status
verify_trades(struct verifier *v)
{
	CLEANUP(query_done) struct query query = { .store = v->store };
	const struct trade_query all = { 0 };
	bool row;

	verify_begin(v);
	enum status status = store_trades(v->store, &all, check_trade, v, v->err);
	if (status == STATUS_OK && v->status == STATUS_OK)
		status = query_open(v->store, "SELECT id FROM operations WHERE status = 'CLOSED' AND NOT EXISTS "
		                    "(SELECT 1 FROM trades WHERE trades.operation_id = operations.id)",
		                    &query, v->err);
	while (status == STATUS_OK && query.stmt != NULL) {
		status = query_step(&query, &row, "verifying", v->err);
		if (status != STATUS_OK || !row)
			break;
		verify_wrong(v, "operation %s is CLOSED and has no trade", query_get_text(&query, 0));
	}
	return verify_end(v, "Service", "trades", "trades are what their operations give", status);
}

/* ---- the book's result and the strategies' records, from the trades ---- */

struct client_sum { struct verifier *v; const char *strategy; struct track_record record; bool failed; };

static bool
add_to_record(void *self, const struct trade *trade)
{
	struct client_sum *sum = self;

	if (sum->strategy != NULL && !text_equal_nocase(sum->strategy, trade->strategy))
		return true;
	if (track_record_add(&sum->record, trade) != STATUS_OK)
		sum->failed = true;
	return true;
}

enum status
verify_books(struct verifier *v)
{
	CLEANUP(query_done) struct query query = { .store = v->store };
	bool row;

	verify_begin(v);
	enum status status = query_open(v->store, "SELECT client_id, mode, realized_net FROM books", &query,
	                                v->err);
	while (status == STATUS_OK) {
		struct client_sum sum = { .v = v };
		struct trade_query trades = { .has_mode = true };
		struct decimal stored;
		int mode;
		status = query_step(&query, &row, "verifying", v->err);
		if (status != STATUS_OK || !row)
			break;
		v->looked_at++;
		if (!enum_parse(&mode_names, query_get_text(&query, 1), &mode) ||
		    decimal_parse(query_get_text(&query, 2), &stored) != STATUS_OK) {
			verify_wrong(v, "a book of client %s can't be read", query_get_text(&query, 0));
			continue;
		}
		trades.client_id = query_get_int(&query, 0);
		trades.mode = (enum mode)mode;
		status = store_trades(v->store, &trades, add_to_record, &sum, v->err);
		if (status == STATUS_OK && (sum.failed || decimal_cmp(sum.record.net_pnl, stored) != 0))
			verify_wrong(v, "the %s book of client %s does not hold the sum of its trades",
			      query_get_text(&query, 1), query_get_text(&query, 0));
	}
	return verify_end(v, "Service", "books", "books hold the sums of their trades", status);
}

static bool
check_strategy(void *self, const struct strategy *strategy)
{
	struct verifier *v = self;

	v->looked_at++;
	for (int mode = 0; mode < 2 && v->status == STATUS_OK; mode++) {
		const struct track_record *stored = &strategy->record[mode];
		struct client_sum sum = { .v = v, .strategy = strategy->name };
		const struct trade_query trades = {
			.client_id = strategy->client_id, .has_mode = true, .mode = (enum mode)mode
		};
		v->status = store_trades(v->store, &trades, add_to_record, &sum, v->err);
		if (v->status == STATUS_OK &&
		    (sum.failed || sum.record.trades != stored->trades || sum.record.wins != stored->wins ||
		     decimal_cmp(sum.record.net_pnl, stored->net_pnl) != 0 ||
		     decimal_cmp(sum.record.peak, stored->peak) != 0))
			verify_wrong(v, "the %s record of strategy '%s' is not that of its trades",
			      mode_name((enum mode)mode), strategy->name);
	}
	return v->status == STATUS_OK;
}

enum status
verify_strategies(struct verifier *v)
{
	CLEANUP(query_done) struct query query = { .store = v->store };
	bool row;

	verify_begin(v);
	enum status status = query_open(v->store, "SELECT id FROM clients", &query, v->err);
	while (status == STATUS_OK && v->status == STATUS_OK) {
		status = query_step(&query, &row, "verifying", v->err);
		if (status != STATUS_OK || !row)
			break;
		status = store_strategies(v->store, query_get_int(&query, 0), check_strategy, v, v->err);
	}
	return verify_end(v, "Service", "strategies", "strategies hold the records of their trades", status);
}

