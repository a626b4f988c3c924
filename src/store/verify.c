/* Does what is stored agree with itself?  The schema with the one that is built in, links with what
 * they link to, states with the synchronization table, and every sum with the fills that it was made
 * of: nothing is taken from the column that is being checked. */
#include "store/sql.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct verifier {
	struct store *store;
	store_verify_fn each;
	void *self;
	struct store_health health;
	struct error *err;
	enum status status;               /* of a callback that had to stop */
	/* the check that is running */
	int64_t looked_at, bad;
	char first[160];                  /* the first thing that was wrong */
};

static void
begin_check(struct verifier *v)
{
	v->looked_at = v->bad = 0;
	v->first[0] = '\0';
	v->status = STATUS_OK;
}

static void PRINTF_LIKE(2, 3)
wrong(struct verifier *v, const char *format, ...)
{
	va_list args;

	if (v->bad++ > 0)
		return;
	va_start(args, format);
	text_vformat(v->first, sizeof(v->first), format, args);
	va_end(args);
	text_make_harmless(v->first);
}

/* A check that could not look is one that failed, except where trying again may help. */
static enum status
end_check(struct verifier *v, const char *group, const char *name, const char *things, enum status status)
{
	struct store_check check = { .group = group, .name = name };

	if (status == STATUS_OK)
		status = v->status;
	if (status == STATUS_BUSY || status == STATUS_NO_MEMORY)
		return status;
	if (status != STATUS_OK)
		wrong(v, "%s", v->err->message);
	check.ok = v->bad == 0;
	if (check.ok)
		text_format(check.message, sizeof(check.message), "%" PRId64 " %s", v->looked_at, things);
	else if (v->bad == 1)
		text_copy(check.message, sizeof(check.message), v->first);
	else
		text_format(check.message, sizeof(check.message), "%s; and %" PRId64 " more", v->first, v->bad - 1);
	v->each(v->self, &check);
	return STATUS_OK;
}

/* ---- the file and its schema ---- */

static enum status
check_pragma(struct verifier *v, const char *sql, bool ok_is_a_row, const char *name, const char *things)
{
	CLEANUP(query_done) struct query query = { .store = v->store };
	bool row;

	begin_check(v);
	enum status status = query_open(v->store, sql, &query, v->err);
	while (status == STATUS_OK) {
		status = query_step(&query, &row, "verifying", v->err);
		if (status != STATUS_OK || !row)
			break;
		if (ok_is_a_row && strcmp(query_get_text(&query, 0), "ok") == 0)
			v->looked_at = 1;
		else if (ok_is_a_row)
			wrong(v, "%s", query_get_text(&query, 0));
		else
			wrong(v, "a row of %s names a %s that is not there", query_get_text(&query, 0),
			      query_get_text(&query, 2));
	}
	return end_check(v, "Schema", name, things, status);
}

static const char schema_sql[] = "SELECT type, name, coalesce(sql, '') FROM sqlite_schema "
	"WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name";

static void
name_thing(struct verifier *v, struct query *query, const char *how)
{
	wrong(v, "%s %s %s", query_get_text(query, 0), query_get_text(query, 1), how);
}

static enum status
compare_schemas(struct verifier *v, struct store *model)
{
	CLEANUP(query_done) struct query ours = { .store = v->store };
	CLEANUP(query_done) struct query right = { .store = model };
	bool our_row, right_row;
	enum status status = query_open(v->store, schema_sql, &ours, v->err);

	if (status == STATUS_OK)
		status = query_open(model, schema_sql, &right, v->err);
	if (status == STATUS_OK)
		status = query_step(&ours, &our_row, "verifying", v->err);
	if (status == STATUS_OK)
		status = query_step(&right, &right_row, "verifying", v->err);
	while (status == STATUS_OK && (our_row || right_row)) {
		int order = !our_row ? 1 : !right_row ? -1
		          : strcmp(query_get_text(&ours, 0), query_get_text(&right, 0));
		if (order == 0)
			order = strcmp(query_get_text(&ours, 1), query_get_text(&right, 1));
		if (order < 0)
			name_thing(v, &ours, "is not Robson's");
		else if (order > 0)
			name_thing(v, &right, "is missing");
		else if (strcmp(query_get_text(&ours, 2), query_get_text(&right, 2)) != 0)
			name_thing(v, &ours, "was changed");
		v->looked_at++;
		if (order <= 0)
			status = query_step(&ours, &our_row, "verifying", v->err);
		if (status == STATUS_OK && order >= 0)
			status = query_step(&right, &right_row, "verifying", v->err);
	}
	return status;
}

static enum status
check_schema(struct verifier *v)
{
	const struct store_options options = { .migrations = schema_built_in() };
	struct store *model;
	enum status status = store_open_with(":memory:", false, 0, &options, &model, NULL, v->err);

	if (status != STATUS_OK)
		return status;
	begin_check(v);
	status = compare_schemas(v, model);
	status = end_check(v, "Schema", "tables and triggers", "as built in", status);
	store_close(model);
	return status;
}

/* ---- links ---- */

struct link_query { const char *what; const char *sql; bool is_orphan; };
static const struct link_query links[] = {
	{ "operation %s has no intent", "SELECT id FROM operations WHERE is_legacy = 0 AND NOT EXISTS "
	  "(SELECT 1 FROM intents WHERE intents.id = operations.intent_id)", false },
	{ "order %s has neither intent nor operation", "SELECT client_order_id FROM orders WHERE NOT EXISTS "
	  "(SELECT 1 FROM intents WHERE intents.id = orders.intent_id) AND NOT EXISTS "
	  "(SELECT 1 FROM operations WHERE operations.id = orders.operation_id)", true },
	{ "fill %s has no order", "SELECT exchange_trade_id FROM fills WHERE NOT EXISTS "
	  "(SELECT 1 FROM orders WHERE orders.client_order_id = fills.client_order_id)", true },
	{ "trade %s has no operation that is CLOSED", "SELECT id FROM trades WHERE NOT EXISTS "
	  "(SELECT 1 FROM operations WHERE operations.id = trades.operation_id AND status = 'CLOSED')", true },
	{ "report %s has no intent", "SELECT n FROM reports WHERE NOT EXISTS "
	  "(SELECT 1 FROM intents WHERE intents.id = reports.intent_id)", false },
	{ "order %s names another intent than its operation", "SELECT client_order_id FROM orders JOIN "
	  "operations ON operations.id = orders.operation_id WHERE orders.intent_id IS NOT "
	  "operations.intent_id", false },
};

static enum status
check_links(struct verifier *v)
{
	enum status status = STATUS_OK;

	begin_check(v);
	for (size_t i = 0; status == STATUS_OK && i < ARRAY_LEN(links); i++) {
		CLEANUP(query_done) struct query query = { .store = v->store };
		bool row = true;
		status = query_open(v->store, links[i].sql, &query, v->err);
		while (status == STATUS_OK && row) {
			status = query_step(&query, &row, "verifying", v->err);
			if (status != STATUS_OK || !row)
				break;
			char message[160];
			const char *at = strstr(links[i].what, "%s");
			text_format(message, sizeof(message), "%.*s%.60s%s", (int)(at - links[i].what),
			            links[i].what, query_get_text(&query, 0), at + 2);
			wrong(v, "%s", message);
			if (links[i].is_orphan)
				v->health.orphans++;
		}
		v->looked_at++;
	}
	return end_check(v, "Schema", "links", "kinds of links whole", status);
}

static enum status
count_health(struct verifier *v)
{
	enum status status = sql_int(v->store, "SELECT count(*) FROM operations WHERE NOT EXISTS "
	                             "(SELECT 1 FROM intents WHERE intents.id = operations.intent_id)",
	                             &v->health.operations_without_intent, v->err);

	if (status == STATUS_OK)
		status = sql_int(v->store, "SELECT count(*) FROM operations WHERE status = 'ACTIVE'",
		                 &v->health.active_operations, v->err);
	return status;
}

/* ---- states: the synchronization table ---- */

static enum status
check_states(struct verifier *v)
{
	CLEANUP(query_done) struct query query = { .store = v->store };
	bool row;

	begin_check(v);
	enum status status = query_open(v->store,
		"SELECT intents.id, intents.status, operations.id, coalesce(operations.status, 'ACTIVE') "
		"FROM intents LEFT JOIN operations ON operations.intent_id = intents.id", &query, v->err);
	while (status == STATUS_OK) {
		int intent, operation;
		status = query_step(&query, &row, "verifying", v->err);
		if (status != STATUS_OK || !row)
			break;
		bool has = sqlite3_column_type(query.stmt, 2) != SQLITE_NULL;
		v->looked_at++;
		if (!enum_parse(&intent_status_names, query_get_text(&query, 1), &intent) ||
		    !enum_parse(&operation_status_names, query_get_text(&query, 3), &operation))
			wrong(v, "intent %s has a state that does not exist", query_get_text(&query, 0));
		else if (!operation_agrees_with_intent((enum intent_status)intent, has,
		                                       (enum operation_status)operation))
			wrong(v, "intent %s is %s and %s%s", query_get_text(&query, 0), query_get_text(&query, 1),
			      has ? "its operation is " : "has no operation", has ? query_get_text(&query, 3) : "");
	}
	return end_check(v, "Schema", "states", "intents agree with their operations", status);
}

/* ---- orders, operations and trades, from the fills ---- */

struct sums {
	struct decimal quantity, value, fees;
	bool failed;
};

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
		wrong(sums->v, "order %s does not hold the sums of its fills", b->client_order_id);
}

static bool
add_order_fill(void *self, const struct fill_row *row)
{
	struct order_sums *sums = self;

	if (order_add_fill(&sums->order, &row->fill) != STATUS_OK)
		wrong(sums->v, "the fills of order %s exceed it", row->order.client_order_id);
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

static enum status
check_orders(struct verifier *v)
{
	const struct order_query all = { 0 };

	begin_check(v);
	enum status status = store_orders(v->store, &all, check_order, v, v->err);
	return end_check(v, "Service", "orders", "orders hold the sums of their fills", status);
}

struct legs {
	struct leg entry, exit;
	bool failed;
};

static bool
add_to_leg(void *self, const struct fill_row *row)
{
	struct legs *legs = self;
	struct leg *leg = row->order.purpose == PURPOSE_ENTRY ? &legs->entry : &legs->exit;

	if (leg_add(leg, row->fill.price, row->fill.quantity, row->fill.fee_quote) != STATUS_OK)
		legs->failed = true;
	return true;
}

static bool
legs_equal(const struct leg *a, const struct leg *b)
{
	return decimal_cmp(a->quantity, b->quantity) == 0 && decimal_cmp(a->value, b->value) == 0 &&
	       decimal_cmp(a->fees, b->fees) == 0;
}

/* By its intent: the entry's order knows its operation only from the first fill on. */
static bool
check_operation(void *self, const struct operation *op)
{
	struct verifier *v = self;
	struct legs legs = { .failed = false };
	const struct order_query fills = { .intent_id = op->intent_id };

	v->looked_at++;
	if (op->intent_id[0] == '\0')
		return true;                         /* imported: its fills were never ours */
	v->status = store_fills(v->store, &fills, add_to_leg, &legs, v->err);
	if (v->status != STATUS_OK)
		return false;
	if (legs.failed || !legs_equal(&legs.entry, &op->entry) || !legs_equal(&legs.exit, &op->exit))
		wrong(v, "operation %" PRId64 " does not hold the sums of its fills", op->id);
	return true;
}

static enum status
check_operations(struct verifier *v)
{
	const struct operation_query all = { 0 };

	begin_check(v);
	enum status status = store_operations(v->store, &all, check_operation, v, v->err);
	return end_check(v, "Service", "operations", "operations hold the sums of their fills", status);
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
		wrong(v, "trade %" PRId64 " has no operation", trade->id);
	} else if (v->status == STATUS_OK) {
		memset(&right, 0, sizeof(right));
		if (trade_from_operation(&op, op.closed_at_ms, &right) != STATUS_OK ||
		    !trades_equal(trade, &right) || decimal_cmp(op.realized_pnl, trade->net_pnl) != 0)
			wrong(v, "trade %" PRId64 " is not what operation %" PRId64 " gives", trade->id, op.id);
	}
	return v->status == STATUS_OK;
}

static enum status
check_trades(struct verifier *v)
{
	CLEANUP(query_done) struct query query = { .store = v->store };
	const struct trade_query all = { 0 };
	bool row;

	begin_check(v);
	enum status status = store_trades(v->store, &all, check_trade, v, v->err);
	if (status == STATUS_OK && v->status == STATUS_OK)
		status = query_open(v->store, "SELECT id FROM operations WHERE status = 'CLOSED' AND NOT EXISTS "
		                    "(SELECT 1 FROM trades WHERE trades.operation_id = operations.id)",
		                    &query, v->err);
	while (status == STATUS_OK && query.stmt != NULL) {
		status = query_step(&query, &row, "verifying", v->err);
		if (status != STATUS_OK || !row)
			break;
		wrong(v, "operation %s is CLOSED and has no trade", query_get_text(&query, 0));
	}
	return end_check(v, "Service", "trades", "trades are what their operations give", status);
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

static enum status
check_books(struct verifier *v)
{
	CLEANUP(query_done) struct query query = { .store = v->store };
	bool row;

	begin_check(v);
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
			wrong(v, "a book of client %s can't be read", query_get_text(&query, 0));
			continue;
		}
		trades.client_id = query_get_int(&query, 0);
		trades.mode = (enum mode)mode;
		status = store_trades(v->store, &trades, add_to_record, &sum, v->err);
		if (status == STATUS_OK && (sum.failed || decimal_cmp(sum.record.net_pnl, stored) != 0))
			wrong(v, "the %s book of client %s does not hold the sum of its trades",
			      query_get_text(&query, 1), query_get_text(&query, 0));
	}
	return end_check(v, "Service", "books", "books hold the sums of their trades", status);
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
			wrong(v, "the %s record of strategy '%s' is not that of its trades",
			      mode_name((enum mode)mode), strategy->name);
	}
	return v->status == STATUS_OK;
}

static enum status
check_strategies(struct verifier *v)
{
	CLEANUP(query_done) struct query query = { .store = v->store };
	bool row;

	begin_check(v);
	enum status status = query_open(v->store, "SELECT id FROM clients", &query, v->err);
	while (status == STATUS_OK && v->status == STATUS_OK) {
		status = query_step(&query, &row, "verifying", v->err);
		if (status != STATUS_OK || !row)
			break;
		status = store_strategies(v->store, query_get_int(&query, 0), check_strategy, v, v->err);
	}
	return end_check(v, "Service", "strategies", "strategies hold the records of their trades", status);
}

static enum status
check_all(struct verifier *v)
{
	static enum status (*const checks[])(struct verifier *v) = {
		check_schema, check_links, count_health, check_states, check_orders, check_operations,
		check_trades, check_books, check_strategies
	};
	enum status status = check_pragma(v, "PRAGMA integrity_check(20)", true, "file", "whole file");

	if (status == STATUS_OK)
		status = check_pragma(v, "PRAGMA foreign_key_check", false, "foreign keys", "dangling");
	for (size_t i = 0; status == STATUS_OK && i < ARRAY_LEN(checks); i++)
		status = checks[i](v);
	return status;
}

enum status
store_verify(struct store *store, store_verify_fn each, void *self, struct store_health *ret,
             struct error *err)
{
	struct error own;
	struct verifier v = { .store = store, .each = each, .self = self, .err = err != NULL ? err : &own };
	bool is_own = !store->in_transaction;

	error_clear(v.err);
	if (is_own) {                                /* all checks see the same moment */
		enum status status = store_begin_read(store, err);
		if (status != STATUS_OK)
			return status;
	}
	enum status status = check_all(&v);
	if (is_own)
		store_rollback(store);
	if (status == STATUS_OK)
		*ret = v.health;
	return status;
}
