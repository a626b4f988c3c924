/* A book with active operations, written as the desk writes them: by every step of the way. */
#include "tests/bench/bench.h"

#include "store/store.h"

static void
must(enum status status, const struct error *err)
{
	if (status != STATUS_OK)
		bench_die("the book can't be filled: %s", err->message);
}

static struct decimal
dec(const char *text)
{
	struct decimal value;

	if (decimal_parse(text, &value) != STATUS_OK)
		bench_die("%s is no decimal", text);
	return value;
}

static void
make_intent(const struct book_of *what, size_t number, struct intent *ret)
{
	struct decimal stop;

	*ret = (struct intent){
		.client_id = 1, .side = SIDE_BUY, .status = INTENT_PENDING, .mode = MODE_DRY_RUN,
		.source = SOURCE_MANUAL, .entry_kind = ENTRY_LIMIT, .entry_price = dec("100"),
		.planned_quote = dec("100"), .stop_origin = STOP_TYPED, .capital = dec("10000"),
		.quantity = dec("1"), .quantity_by_rule = dec("20"), .bound_by = BOUND_TYPED,
		.has_typed_quantity = true, .typed_quantity = dec("1"), .position_value = dec("100"),
		.risk_amount = dec("5"), .risk_percent = dec("0.05"), .stop_distance = dec("5"),
		.stop_distance_percent = dec("5"), .fee_percent = dec("0.1"), .created_at_ms = what->now_ms,
		.reason = "a benchmark",
	};
	if (decimal_mul(dec(what->stop_step), decimal_from_int((int64_t)number), ROUND_DOWN, &stop) != STATUS_OK ||
	    decimal_add(dec(what->stop_from), stop, &ret->stop_price) != STATUS_OK)
		bench_die("a stop does not fit");
	text_copy(ret->symbol, sizeof ret->symbol, what->symbols[number % what->symbol_count]);
	text_copy(ret->feed, sizeof ret->feed, what->feed);
	text_format(ret->id, sizeof ret->id, "00000000-0000-7000-8000-%012zu", number + 1);
}

static void
step(struct store *store, struct intent *intent, enum intent_status to, struct error *err)
{
	enum intent_status from = intent->status;

	intent->status = to;
	if (to == INTENT_EXECUTED)
		text_copy(intent->execution_result, sizeof intent->execution_result, "filled");
	must(store_intent_update(store, intent, from, err), err);
}

static void
open_operation(struct store *store, const struct intent *intent, struct error *err)
{
	struct operation op = {
		.client_id = 1, .mode = MODE_DRY_RUN, .side = SIDE_BUY, .status = OPERATION_ACTIVE,
		.initial_stop = intent->stop_price, .stop_price = intent->stop_price,
		.fee_percent = intent->fee_percent, .margin_type = "NONE", .leverage = 1,
		.opened_at_ms = intent->created_at_ms,
	};
	struct order order = {
		.client_id = 1, .mode = MODE_DRY_RUN, .purpose = PURPOSE_ENTRY, .generation = 1,
		.side = SIDE_BUY, .type = ORDER_LIMIT, .tif = TIF_GTC, .quantity = intent->quantity,
		.has_price = true, .price = intent->entry_price, .state = ORDER_PENDING,
		.created_at_ms = intent->created_at_ms,
	};
	struct fill fill = {
		.price = intent->entry_price, .quantity = intent->quantity, .commission = dec("0.1"),
		.commission_asset = "USDC", .fee_quote = dec("0.1"), .at_ms = intent->created_at_ms,
		.exchange_trade_id = "1",
	};

	text_copy(op.intent_id, sizeof op.intent_id, intent->id);
	text_copy(op.symbol, sizeof op.symbol, intent->symbol);
	text_copy(op.feed, sizeof op.feed, intent->feed);
	text_copy(order.intent_id, sizeof order.intent_id, intent->id);
	text_copy(order.symbol, sizeof order.symbol, intent->symbol);
	text_copy(order.feed, sizeof order.feed, intent->feed);
	text_format(order.client_order_id, sizeof order.client_order_id, "rbench-%s-e1", intent->id + 24);
	text_copy(fill.client_order_id, sizeof fill.client_order_id, order.client_order_id);
	must(store_order_insert(store, &order, err), err);
	order.state = ORDER_SENT;
	must(store_order_update(store, &order, ORDER_PENDING, err), err);
	must(store_fill_insert(store, &fill, err), err);
	must(order_add_fill(&order, &fill), err);
	must(leg_add(&op.entry, fill.price, fill.quantity, fill.fee_quote), err);
	must(store_operation_insert(store, &op, err), err);
	order.operation_id = op.id;
	order.state = ORDER_FILLED;
	must(store_order_update(store, &order, ORDER_SENT, err), err);
	must(store_operation_update(store, &op, OPERATION_ACTIVE, err), err);
}

void
bench_fill_book(struct store *store, const struct book_of *what)
{
	struct error err = { 0 };
	struct book book;
	struct intent intent;

	must(store_book(store, 1, MODE_DRY_RUN, &book, &err), &err);
	must(store_begin(store, &err), &err);
	for (size_t i = 0; i < what->count; i++) {
		make_intent(what, i, &intent);
		must(store_intent_insert(store, &intent, &err), &err);
		step(store, &intent, INTENT_VALIDATED, &err);
		step(store, &intent, INTENT_EXECUTING, &err);
		open_operation(store, &intent, &err);
		step(store, &intent, INTENT_EXECUTED, &err);
	}
	must(store_commit(store, &err), &err);
}
