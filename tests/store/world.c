/* nftw is XSI. */
#define _XOPEN_SOURCE 700
#include "tests/store/world.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int
world_setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	/* In memory where there is such a place: what dies here is a process, never the machine, and
	 * thousands of durable commits need no disk to turn. */
	const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : getenv("top_builddir");

	if (world == NULL)
		return -1;
	text_format(world->folder, sizeof(world->folder), "%s/robson-store-XXXXXX",
	            base != NULL ? base : "/tmp");
	if (mkdtemp(world->folder) == NULL)
		return -1;
	text_format(world->path, sizeof(world->path), "%s/book.db", world->folder);
	*state = world;
	world_reopen(world);
	return 0;
}

static int
remove_one(const char *path, const struct stat *info, int type, struct FTW *walk)
{
	(void)info;
	(void)type;
	(void)walk;
	return remove(path);
}

void
world_close(struct world *world)
{
	store_close(world->store);
	world->store = NULL;
}

void
world_leave(struct world *world)
{
	world_close(world);
	sqlite3_close(world->stranger);
	world->stranger = NULL;
}

int
world_teardown(void **state)
{
	struct world *world = *state;

	world_leave(world);
	chmod(world->folder, 0700);
	nftw(world->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(world);
	return 0;
}

void
world_reopen(struct world *world)
{
	struct book book;

	world_close(world);
	assert_ok(world, store_open(world->path, false, 1000, &world->store, NULL, &world->err));
	assert_ok(world, store_book(world->store, 1, MODE_DRY_RUN, &book, &world->err));
	if (world->stranger == NULL)
		assert_int_equal(sqlite3_open(world->path, &world->stranger), SQLITE_OK);
}

void
world_check(struct world *world, enum status status, enum status wanted, const char *file, int line)
{
	if (status != wanted) {
		print_error("wanted %s, got %s: %s\n", status_name(wanted), status_name(status),
		            world->err.message);
		_fail(file, line);
	}
	error_clear(&world->err);
}

struct decimal
dec(const char *text)
{
	struct decimal d;

	if (decimal_parse(text, &d) != STATUS_OK)
		fail_msg("%s is no decimal", text);
	return d;
}

void
make_intent(int number, struct intent *ret)
{
	*ret = (struct intent){
		.client_id = 1, .symbol = "BTCUSDC", .side = SIDE_BUY, .status = INTENT_PENDING,
		.mode = MODE_DRY_RUN, .source = SOURCE_MANUAL, .entry_kind = ENTRY_LIMIT,
		.entry_price = dec("100"), .planned_quote = dec("100.5"), .stop_price = dec("95"),
		.stop_origin = STOP_PERCENT, .stop_evidence = "-5%", .has_target = true,
		.target_price = dec("115"), .capital = dec("1000"), .quantity = dec("0.1"),
		.quantity_by_rule = dec("2"), .bound_by = BOUND_TYPED, .position_value = dec("10"),
		.has_typed_quantity = true, .typed_quantity = dec("0.1"),
		.risk_amount = dec("0.5"), .risk_percent = dec("0.05"), .stop_distance = dec("5"),
		.stop_distance_percent = dec("5"), .fee_percent = dec("0.1"), .gap_percent = dec("0.1"),
		.regime = "range", .has_confidence = true, .confidence = dec("0.75"),
		.reason = "a second touch of support", .feed = "replay:test", .created_at_ms = 1000 + number,
	};
	text_format(ret->id, sizeof(ret->id), "00000000-0000-7000-8000-%012d", number);
}

void
make_order(const struct intent *intent, enum order_purpose purpose, int generation, struct order *ret)
{
	*ret = (struct order){
		.client_id = intent->client_id, .mode = intent->mode, .purpose = purpose,
		.generation = generation, .side = purpose == PURPOSE_ENTRY ? intent->side
		                                                         : side_opposite(intent->side),
		.type = purpose == PURPOSE_ENTRY ? ORDER_LIMIT : ORDER_MARKET, .tif = TIF_GTC,
		.quantity = intent->quantity, .has_price = purpose == PURPOSE_ENTRY,
		.price = intent->entry_price, .state = ORDER_PENDING, .created_at_ms = 2000,
	};
	text_copy(ret->intent_id, sizeof(ret->intent_id), intent->id);
	text_copy(ret->symbol, sizeof(ret->symbol), intent->symbol);
	text_copy(ret->feed, sizeof(ret->feed), intent->feed);
	text_format(ret->client_order_id, sizeof(ret->client_order_id), "rbook-%s-%s%d", intent->id + 24,
	            order_purpose_name(purpose), generation);
}

void
make_fill(const struct order *order, int number, const char *price, const char *quantity, struct fill *ret)
{
	*ret = (struct fill){
		.price = dec(price), .quantity = dec(quantity), .commission = dec("0.01"),
		.commission_asset = "USDC", .fee_quote = dec("0.01"), .at_ms = 3000 + number,
	};
	text_copy(ret->client_order_id, sizeof(ret->client_order_id), order->client_order_id);
	text_format(ret->exchange_trade_id, sizeof(ret->exchange_trade_id), "t%d", number);
}

void
world_event(struct world *world, const char *kind, const char *summary)
{
	struct event event = { .at_ms = 1234, .client_id = 1, .actor = "person/test", .data = "{\"a\":\"1.5\"}" };

	text_copy(event.kind, sizeof(event.kind), kind);
	text_copy(event.summary, sizeof(event.summary), summary);
	assert_ok(world, store_event_append(world->store, &event, &world->err));
}

static void
step_intent(struct world *world, struct intent *intent, enum intent_status to)
{
	enum intent_status from = intent->status;

	intent->status = to;
	if (to == INTENT_EXECUTED || to == INTENT_FAILED)
		text_copy(intent->execution_result, sizeof(intent->execution_result), "it ended");
	assert_ok(world, store_intent_update(world->store, intent, from, &world->err));
}

static void
fill_order(struct world *world, struct order *order, struct operation *op, struct leg *leg,
           const char *price)
{
	struct fill fill;
	enum order_state from = order->state;

	make_fill(order, 1, price, "0.1", &fill);
	assert_ok(world, store_fill_insert(world->store, &fill, &world->err));
	assert_ok(world, order_add_fill(order, &fill));
	assert_ok(world, leg_add(leg, fill.price, fill.quantity, fill.fee_quote));
	if (op->id == 0)
		assert_ok(world, store_operation_insert(world->store, op, &world->err));
	order->operation_id = op->id;
	order->state = ORDER_FILLED;
	assert_ok(world, store_order_update(world->store, order, from, &world->err));
}

static void
send_order(struct world *world, struct order *order)
{
	assert_ok(world, store_order_insert(world->store, order, &world->err));
	order->state = ORDER_SENT;
	assert_ok(world, store_order_update(world->store, order, ORDER_PENDING, &world->err));
}

static void
make_operation(const struct intent *intent, struct operation *ret)
{
	*ret = (struct operation){
		.client_id = intent->client_id, .mode = intent->mode, .side = intent->side,
		.status = OPERATION_ACTIVE, .initial_stop = intent->stop_price,
		.stop_price = intent->stop_price, .has_target = intent->has_target,
		.target_price = intent->target_price, .fee_percent = intent->fee_percent,
		.gap_percent = intent->gap_percent, .margin_type = "NONE", .leverage = 1,
		.opened_at_ms = 3000,
	};
	text_copy(ret->intent_id, sizeof(ret->intent_id), intent->id);
	text_copy(ret->symbol, sizeof(ret->symbol), intent->symbol);
	text_copy(ret->strategy, sizeof(ret->strategy), intent->strategy);
	text_copy(ret->feed, sizeof(ret->feed), intent->feed);
}

/* Inside a transaction. */
static void
execute(struct world *world, struct intent *intent, struct operation *ret_op)
{
	struct order order;

	make_order(intent, PURPOSE_ENTRY, 1, &order);
	send_order(world, &order);
	make_operation(intent, ret_op);
	fill_order(world, &order, ret_op, &ret_op->entry, "100");
	assert_ok(world, store_operation_update(world->store, ret_op, OPERATION_ACTIVE, &world->err));
}

void
world_intent_in(struct world *world, int number, enum intent_status status, struct intent *ret)
{
	struct operation op;

	make_intent(number, ret);
	assert_ok(world, store_intent_insert(world->store, ret, &world->err));
	if (status == INTENT_FAILED || status == INTENT_CANCELLED)
		step_intent(world, ret, status);
	if (status == INTENT_VALIDATED || status == INTENT_EXECUTING || status == INTENT_EXECUTED)
		step_intent(world, ret, INTENT_VALIDATED);
	if (status == INTENT_EXECUTING || status == INTENT_EXECUTED)
		step_intent(world, ret, INTENT_EXECUTING);
	if (status == INTENT_EXECUTED) {
		execute(world, ret, &op);
		step_intent(world, ret, INTENT_EXECUTED);
	}
}

void
world_open_trade(struct world *world, int number, const char *strategy, struct intent *ret_intent,
                 struct operation *ret_op)
{
	assert_ok(world, store_begin(world->store, &world->err));
	make_intent(number, ret_intent);
	text_copy(ret_intent->strategy, sizeof(ret_intent->strategy), strategy);
	assert_ok(world, store_intent_insert(world->store, ret_intent, &world->err));
	step_intent(world, ret_intent, INTENT_VALIDATED);
	step_intent(world, ret_intent, INTENT_EXECUTING);
	execute(world, ret_intent, ret_op);
	step_intent(world, ret_intent, INTENT_EXECUTED);
	world_event(world, "intent.executed", "entry filled");
	assert_ok(world, store_commit(world->store, &world->err));
}

static void
make_live_order(const struct intent *intent, enum order_purpose purpose, struct order *ret)
{
	make_order(intent, purpose, 1, ret);
	text_copy(ret->exchange_host, sizeof(ret->exchange_host), LIVE_HOST);
	text_copy(ret->account, sizeof(ret->account), LIVE_ACCOUNT);
	text_format(ret->list_id, sizeof(ret->list_id), "rbook-%s-l1", intent->id + 24);
	ret->signed_at_ms = 1900;
	if (purpose == PURPOSE_ENTRY)
		return;
	ret->is_quantity_open = true;
	ret->has_price = purpose == PURPOSE_TARGET;
	ret->has_stop_price = purpose == PURPOSE_STOP;
	ret->type = purpose == PURPOSE_TARGET ? ORDER_LIMIT : ORDER_STOP_LOSS;
	ret->tif = purpose == PURPOSE_TARGET ? TIF_GTC : TIF_NONE;
	ret->price = purpose == PURPOSE_TARGET ? intent->target_price : DECIMAL_ZERO;
	ret->stop_price = purpose == PURPOSE_STOP ? intent->stop_price : DECIMAL_ZERO;
}

static void
rest_leg(struct world *world, struct order *order, const struct operation *op)
{
	order->operation_id = op->id;
	order->state = ORDER_NEW;
	order->seen_at_ms = 3500;
	assert_ok(world, order_settle_quantity(order, operation_open_quantity(op)));
	assert_ok(world, store_order_update(world->store, order, ORDER_SENT, &world->err));
}

void
world_open_live(struct world *world, int number, struct intent *ret_intent, struct operation *ret_op,
                struct live_orders *ret_orders)
{
	struct order *entry = &ret_orders->entry;
	struct fill fill;

	assert_ok(world, store_begin(world->store, &world->err));
	make_intent(number, ret_intent);
	ret_intent->mode = MODE_LIVE;
	assert_ok(world, store_intent_insert(world->store, ret_intent, &world->err));
	step_intent(world, ret_intent, INTENT_VALIDATED);
	step_intent(world, ret_intent, INTENT_EXECUTING);
	make_live_order(ret_intent, PURPOSE_ENTRY, entry);
	make_live_order(ret_intent, PURPOSE_STOP, &ret_orders->stop);
	make_live_order(ret_intent, PURPOSE_TARGET, &ret_orders->target);
	send_order(world, entry);
	send_order(world, &ret_orders->stop);
	send_order(world, &ret_orders->target);
	make_operation(ret_intent, ret_op);
	text_copy(ret_op->exchange_host, sizeof(ret_op->exchange_host), LIVE_HOST);
	text_copy(ret_op->account, sizeof(ret_op->account), LIVE_ACCOUNT);
	make_fill(entry, 1, "100", "0.1", &fill);
	fill.commission = ret_op->base_fees = dec("0.0001");
	text_copy(fill.commission_asset, sizeof(fill.commission_asset), "BTC");
	assert_ok(world, store_fill_insert(world->store, &fill, &world->err));
	assert_ok(world, order_add_fill(entry, &fill));
	assert_ok(world, leg_add(&ret_op->entry, fill.price, fill.quantity, fill.fee_quote));
	assert_ok(world, store_operation_insert(world->store, ret_op, &world->err));
	entry->operation_id = ret_op->id;
	entry->state = ORDER_FILLED;
	assert_ok(world, store_order_update(world->store, entry, ORDER_SENT, &world->err));
	rest_leg(world, &ret_orders->stop, ret_op);
	rest_leg(world, &ret_orders->target, ret_op);
	step_intent(world, ret_intent, INTENT_EXECUTED);
	world_event(world, "intent.executed", "entry filled");
	assert_ok(world, store_commit(world->store, &world->err));
}

void
world_close_trade(struct world *world, struct operation *op, const char *price, int64_t now_ms,
                  struct trade *ret)
{
	struct intent intent;
	struct order order;

	assert_ok(world, store_begin(world->store, &world->err));
	assert_ok(world, store_intent_find(world->store, 1, op->intent_id, &intent, &world->err));
	make_order(&intent, PURPOSE_EXIT, 1, &order);
	order.operation_id = op->id;
	send_order(world, &order);
	fill_order(world, &order, op, &op->exit, price);
	op->closed_at_ms = now_ms;
	op->exit_reason = EXIT_MANUAL;
	op->status = OPERATION_CLOSED;
	assert_ok(world, trade_from_operation(op, now_ms, ret));
	op->realized_pnl = ret->net_pnl;
	assert_ok(world, store_operation_update(world->store, op, OPERATION_ACTIVE, &world->err));
	assert_ok(world, store_trade_book(world->store, ret, &world->err));
	world_event(world, "operation.closed", "closed by hand");
	assert_ok(world, store_commit(world->store, &world->err));
}

/* ---- the stranger ---- */

static char *
format_sql(const char *format, va_list args)
{
	static char sql[8192];

	if (!text_vformat(sql, sizeof(sql), format, args))
		fail_msg("the test's SQL is too long");
	return sql;
}

int
stranger_runs(struct world *world, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int code = sqlite3_exec(world->stranger, format_sql(format, args), NULL, NULL, NULL);
	va_end(args);
	return code;
}

int64_t
stranger_counts(struct world *world, const char *format, ...)
{
	sqlite3_stmt *stmt;
	va_list args;

	va_start(args, format);
	assert_int_equal(sqlite3_prepare_v2(world->stranger, format_sql(format, args), -1, &stmt, NULL), SQLITE_OK);
	va_end(args);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	int64_t count = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return count;
}

void
stranger_must(struct world *world, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const char *sql = format_sql(format, args);
	if (sqlite3_exec(world->stranger, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(world->stranger));
	va_end(args);
}

void
stranger_drops_triggers(struct world *world)
{
	sqlite3_stmt *stmt;
	struct text sql;

	text_init(&sql);
	assert_int_equal(sqlite3_prepare_v2(world->stranger, "SELECT name FROM sqlite_schema "
	                 "WHERE type = 'trigger'", -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		text_appendf(&sql, "DROP TRIGGER %s;", (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	assert_int_equal(sqlite3_exec(world->stranger, sql.data, NULL, NULL, NULL), SQLITE_OK);
	text_done(&sql);
}

void
stranger_restores_triggers(struct world *world)
{
	const struct store_options options = { .migrations = schema_built_in() };
	struct store *model;
	sqlite3_stmt *stmt;

	assert_ok(world, store_open_with(":memory:", false, 0, &options, &model, NULL, &world->err));
	assert_int_equal(sqlite3_prepare_v2(model->db, "SELECT sql FROM sqlite_schema WHERE type = 'trigger'",
	                                    -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		assert_int_equal(sqlite3_exec(world->stranger, (const char *)sqlite3_column_text(stmt, 0),
		                              NULL, NULL, NULL), SQLITE_OK);
	sqlite3_finalize(stmt);
	store_close(model);
}
