/* The book as its callers use it: what goes in comes out, transactions are whole, two hands on one
 * file do not wait for each other. */
#include "tests/store/world.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct collected { int count, limit; int64_t ids[64]; char texts[64][64]; };

static bool
collect_intent(void *self, const struct intent *intent)
{
	struct collected *all = self;

	text_copy(all->texts[all->count++], 64, intent->id);
	return all->limit == 0 || all->count < all->limit;
}

static bool
collect_event(void *self, const struct event *event)
{
	struct collected *all = self;

	text_copy(all->texts[all->count], 64, event->kind);
	all->ids[all->count++] = event->seq;
	return all->limit == 0 || all->count < all->limit;
}

static bool
collect_trade(void *self, const struct trade *trade)
{
	struct collected *all = self;

	all->ids[all->count++] = trade->id;
	return true;
}

static void
note_check(void *self, const struct store_check *check)
{
	if (!check->ok)
		print_error("%s/%s: %s\n", check->group, check->name, check->message);
	*(int *)self += !check->ok;
}

static void
an_intent_comes_back_as_it_went_in(void **state)
{
	struct world *world = *state;
	struct intent in, out;

	make_intent(1, &in);
	assert_ok(world, store_intent_insert(world->store, &in, &world->err));
	memset(&out, 0xff, sizeof(out));
	assert_ok(world, store_intent_find(world->store, 1, in.id, &out, &world->err));
	assert_string_equal(out.id, in.id);
	assert_string_equal(out.symbol, "BTCUSDC");
	assert_string_equal(out.reason, in.reason);
	assert_string_equal(out.parent_id, "");
	assert_string_equal(out.pattern_event_id, "");
	assert_int_equal(out.side, SIDE_BUY);
	assert_int_equal(out.bound_by, BOUND_TYPED);
	assert_int_equal(out.stop_origin, STOP_PERCENT);
	assert_decimal(out.planned_quote, "100.5");
	assert_true(out.has_target && out.has_typed_quantity && out.has_confidence);
	assert_decimal(out.confidence, "0.75");
	assert_decimal(out.quantity_by_rule, "2");
	assert_int_equal(out.created_at_ms, 1001);
}

static void
a_trade_from_plan_to_booked_is_whole_and_verifies(void **state)
{
	struct world *world = *state;
	struct intent intent;
	struct operation op, found;
	struct trade trade;
	struct book book;
	struct strategy strategy;
	struct chain_result chain;
	struct store_health health;
	struct collected events = { 0 }, trades = { 0 };
	int bad = 0;

	world_open_trade(world, 1, "bounce back", &intent, &op);
	assert_ok(world, store_operation_of_intent(world->store, intent.id, &found, &world->err));
	assert_int_equal(found.id, op.id);
	assert_decimal(found.entry.value, "10");
	world_close_trade(world, &op, "110", 9000, &trade);
	assert_int_equal(trade.id, 1);
	assert_decimal(trade.net_pnl, "0.98");
	assert_ok(world, store_book(world->store, 1, MODE_DRY_RUN, &book, &world->err));
	assert_decimal(book.realized_net, "0.98");
	assert_ok(world, store_strategy_find(world->store, 1, "BOUNCE BACK", &strategy, &world->err));
	assert_int_equal(strategy.record[MODE_DRY_RUN].trades, 1);
	assert_int_equal(strategy.record[MODE_DRY_RUN].wins, 1);
	assert_decimal(strategy.record[MODE_DRY_RUN].net_pnl, "0.98");
	assert_decimal(strategy.record[MODE_DRY_RUN].peak, "0.98");
	assert_int_equal(strategy.record[MODE_LIVE].trades, 0);
	assert_ok(world, store_trades(world->store, &(struct trade_query){ .client_id = 1 }, collect_trade,
	                              &trades, &world->err));
	assert_int_equal(trades.count, 1);
	assert_ok(world, store_events(world->store, &(struct event_query){ .client_id = 1 }, collect_event,
	                              &events, &world->err));
	assert_int_equal(events.count, 2);
	assert_int_equal(events.ids[1], 2);
	assert_ok(world, store_verify_chain(world->store, &chain, &world->err));
	assert_true(chain.ok);
	assert_int_equal(chain.length, 2);
	assert_ok(world, store_verify(world->store, note_check, &bad, &health, &world->err));
	assert_int_equal(bad, 0);
	assert_int_equal(health.operations_without_intent, 0);
	assert_int_equal(health.orphans, 0);
}


/* ---- finding intents ---- */

static void
an_intent_is_found_by_a_prefix_that_only_it_has(void **state)
{
	struct world *world = *state;
	struct intent a, b, found;

	make_intent(1, &a);
	make_intent(2, &b);
	text_copy(a.id, sizeof(a.id), "0190abcd-1111-7000-8000-00000000000a");
	text_copy(b.id, sizeof(b.id), "0190abce-2222-7000-8000-00000000000b");
	b.client_id = 2;
	assert_ok(world, store_intent_insert(world->store, &a, &world->err));
	assert_ok(world, store_intent_insert(world->store, &b, &world->err));
	assert_ok(world, store_intent_find(world->store, 1, "0190abcd", &found, &world->err));
	assert_string_equal(found.id, a.id);
	assert_ok(world, store_intent_find(world->store, 0, "0190ABCE-2", &found, &world->err));
	assert_string_equal(found.id, b.id);
	assert_ok(world, store_intent_find(world->store, 1, "0190", &found, &world->err));   /* 2 is not asked */
	assert_string_equal(found.id, a.id);
	assert_int_equal(store_intent_find(world->store, 0, "0190abc", &found, &world->err), STATUS_AMBIGUOUS);
	assert_non_null(strstr(world->err.message, b.id));
	assert_string_equal(found.id, a.id);         /* untouched */
	assert_status(world, store_intent_find(world->store, 2, a.id, &found, &world->err), STATUS_NOT_FOUND);
	assert_status(world, store_intent_find(world->store, 1, "0190abcf", &found, &world->err), STATUS_NOT_FOUND);
	assert_status(world, store_intent_find(world->store, 1, "019", &found, &world->err), STATUS_INVALID);
	assert_status(world, store_intent_find(world->store, 1, "", &found, &world->err), STATUS_INVALID);
	assert_status(world, store_intent_find(world->store, 1, "0190%", &found, &world->err), STATUS_NOT_FOUND);
	assert_status(world, store_intent_find(world->store, 1, "' OR 1=1 --", &found, &world->err), STATUS_NOT_FOUND);
	assert_status(world, store_intent_find(world->store, 1, "0190abcd-1111-7000-8000-00000000000a0", &found,
	              &world->err), STATUS_NOT_FOUND);
}

static void
intents_are_listed_newest_first_by_client_status_and_mode(void **state)
{
	struct world *world = *state;
	struct collected all = { 0 };
	struct intent intent;

	for (int i = 1; i <= 4; i++)
		world_intent_in(world, i, i % 2 ? INTENT_PENDING : INTENT_VALIDATED, &intent);
	make_intent(5, &intent);
	intent.client_id = 2;
	assert_ok(world, store_intent_insert(world->store, &intent, &world->err));
	make_intent(6, &intent);
	intent.mode = MODE_LIVE;
	assert_ok(world, store_intent_insert(world->store, &intent, &world->err));
	struct intent_query query = { .client_id = 1 };
	assert_ok(world, store_intents(world->store, &query, collect_intent, &all, &world->err));
	assert_int_equal(all.count, 5);
	assert_string_equal(all.texts[0] + 24, "000000000006");
	assert_string_equal(all.texts[4] + 24, "000000000001");
	query = (struct intent_query){ .client_id = 1, .has_status = true, .status = INTENT_VALIDATED };
	all.count = 0;
	assert_ok(world, store_intents(world->store, &query, collect_intent, &all, &world->err));
	assert_int_equal(all.count, 2);
	query = (struct intent_query){ .has_mode = true, .mode = MODE_LIVE };
	all.count = 0;
	assert_ok(world, store_intents(world->store, &query, collect_intent, &all, &world->err));
	assert_int_equal(all.count, 1);
	query = (struct intent_query){ .limit = 3 };
	all.count = 0;
	assert_ok(world, store_intents(world->store, &query, collect_intent, &all, &world->err));
	assert_int_equal(all.count, 3);
	all = (struct collected){ .limit = 2 };      /* the callback says enough */
	assert_ok(world, store_intents(world->store, &(struct intent_query){ 0 }, collect_intent, &all, &world->err));
	assert_int_equal(all.count, 2);
}

/* A callback that asks for the same list, so that one statement is in use twice. */
static bool
list_again(void *self, const struct intent *intent)
{
	struct world *world = self;
	struct collected inner = { 0 };

	(void)intent;
	assert_ok(world, store_intents(world->store, &(struct intent_query){ 0 }, collect_intent, &inner, &world->err));
	assert_int_equal(inner.count, 3);
	return true;
}

static void
a_list_may_be_asked_for_inside_itself(void **state)
{
	struct world *world = *state;
	struct intent intent;

	for (int i = 1; i <= 3; i++)
		world_intent_in(world, i, INTENT_PENDING, &intent);
	assert_ok(world, store_intents(world->store, &(struct intent_query){ 0 }, list_again, world, &world->err));
}

static void
duplicates_are_the_same_entry_on_its_way(void **state)
{
	struct world *world = *state;
	struct intent intent, other;
	char first[INTENT_ID_SIZE] = "x";
	int count = -1;

	world_intent_in(world, 1, INTENT_PENDING, &intent);
	world_intent_in(world, 2, INTENT_CANCELLED, &intent);
	make_intent(9, &other);
	assert_ok(world, store_intent_duplicates(world->store, &other, &count, first, &world->err));
	assert_int_equal(count, 0);
	assert_string_equal(first, "");
	world_intent_in(world, 3, INTENT_VALIDATED, &intent);
	world_intent_in(world, 4, INTENT_EXECUTING, &intent);
	assert_ok(world, store_intent_duplicates(world->store, &other, &count, first, &world->err));
	assert_int_equal(count, 2);
	assert_string_equal(first + 24, "000000000003");
	assert_ok(world, store_intent_duplicates(world->store, &intent, &count, first, &world->err));
	assert_int_equal(count, 1);                  /* never itself */
	other.entry_price = dec("101");
	assert_ok(world, store_intent_duplicates(world->store, &other, &count, first, &world->err));
	assert_int_equal(count, 0);
	other.entry_price = dec("100");
	other.mode = MODE_LIVE;
	assert_ok(world, store_intent_duplicates(world->store, &other, &count, first, &world->err));
	assert_int_equal(count, 0);
	other.mode = MODE_DRY_RUN;
	other.side = SIDE_SELL;
	assert_ok(world, store_intent_duplicates(world->store, &other, &count, first, &world->err));
	assert_int_equal(count, 0);
}

/* ---- reports ---- */

static void
the_newest_report_of_an_occasion_comes_back(void **state)
{
	struct world *world = *state;
	struct intent intent;
	struct report in = { .count = REPORT_MAX, .passed = 1, .warnings = 2, .failures = 3,
	                     .missing = MISSING_QUOTE | MISSING_RULES, .missing_text = "a quote, the rules" }, out;
	int64_t at = 0;

	world_intent_in(world, 1, INTENT_PENDING, &intent);
	assert_status(world, store_report_latest(world->store, intent.id, OCCASION_VALIDATE, &out, &at, &world->err),
	              STATUS_NOT_FOUND);
	for (int i = 0; i < REPORT_MAX; i++) {
		text_format(in.checks[i].name, sizeof(in.checks[i].name), "guard%d", i);
		text_copy(in.checks[i].code, sizeof(in.checks[i].code), "stop.wrong_side");
		text_copy(in.checks[i].message, sizeof(in.checks[i].message), "numbers: 1 < 2");
		in.checks[i].status = (enum verdict_status)(i % 3);
	}
	struct report old = { .count = 0 };
	assert_ok(world, store_report_insert(world->store, intent.id, OCCASION_VALIDATE, 5, &old, &world->err));
	assert_ok(world, store_report_insert(world->store, intent.id, OCCASION_VALIDATE, 6, &in, &world->err));
	assert_ok(world, store_report_insert(world->store, intent.id, OCCASION_EXECUTE, 7, &old, &world->err));
	assert_ok(world, store_report_latest(world->store, intent.id, OCCASION_VALIDATE, &out, &at, &world->err));
	assert_int_equal(at, 6);
	assert_int_equal(out.count, REPORT_MAX);
	assert_int_equal(out.missing, MISSING_QUOTE | MISSING_RULES);
	assert_string_equal(out.missing_text, in.missing_text);
	for (int i = 0; i < REPORT_MAX; i++) {
		assert_string_equal(out.checks[i].name, in.checks[i].name);
		assert_string_equal(out.checks[i].message, in.checks[i].message);
		assert_int_equal(out.checks[i].status, i % 3);
	}
	assert_ok(world, store_report_latest(world->store, intent.id, OCCASION_EXECUTE, &out, NULL, &world->err));
	assert_int_equal(out.count, 0);
	assert_status(world, store_report_insert(world->store, "no such intent", OCCASION_EXECUTE, 7, &old,
	              &world->err), STATUS_CONFLICT);
}

/* ---- orders, fills, operations ---- */

static bool
collect_order(void *self, const struct order *order)
{
	struct collected *all = self;

	text_copy(all->texts[all->count++], 64, order->client_order_id);
	return true;
}

static bool
collect_fill(void *self, const struct fill_row *row)
{
	struct collected *all = self;

	assert_string_equal(row->fill.client_order_id, row->order.client_order_id);
	text_copy(all->texts[all->count++], 64, row->fill.client_order_id);
	return true;
}

static bool
collect_operation(void *self, const struct operation *op)
{
	struct collected *all = self;

	all->ids[all->count++] = op->id;
	return true;
}

static void
orders_and_fills_are_found_by_what_they_belong_to(void **state)
{
	struct world *world = *state;
	struct intent intent;
	struct operation op, found;
	struct order order;
	struct trade trade;
	struct fill fill;
	struct collected all = { 0 };

	world_open_trade(world, 1, "", &intent, &op);
	world_close_trade(world, &op, "104", 9000, &trade);
	world_open_trade(world, 2, "", &intent, &op);
	make_order(&intent, PURPOSE_STOP, 1, &order);
	order.operation_id = op.id;
	order.has_stop_price = order.has_recovered_price = true;
	order.stop_price = dec("95");
	order.recovered_price = dec("94.5");
	order.is_cancel_wanted = true;
	order.created_at_ms = 7000;
	assert_ok(world, store_order_insert(world->store, &order, &world->err));
	struct order out;
	assert_ok(world, store_order_find(world->store, order.client_order_id, &out, &world->err));
	assert_false(out.has_price);
	assert_true(out.has_stop_price && out.has_recovered_price && out.is_cancel_wanted);
	assert_decimal(out.recovered_price, "94.5");
	assert_int_equal(out.type, ORDER_MARKET);
	assert_int_equal(out.tif, TIF_GTC);
	assert_int_equal(out.operation_id, op.id);
	assert_status(world, store_order_find(world->store, "none", &out, &world->err), STATUS_NOT_FOUND);
	order.state = ORDER_SENT;
	text_copy(order.client_order_id, sizeof(order.client_order_id), "none");
	assert_status(world, store_order_update(world->store, &order, ORDER_PENDING, &world->err), STATUS_NOT_FOUND);

	static const struct { struct order_query query; int orders, fills; } cases[] = {
		{ { .client_id = 1 }, 4, 3 }, { { .client_id = 2 }, 0, 0 }, { { .operation_id = 1 }, 2, 2 },
		{ { .intent_id = "00000000-0000-7000-8000-000000000002" }, 2, 1 }, { { .only_open = true }, 1, 0 },
		{ { .client_id = 1, .only_open = true }, 1, 0 }, { { .limit = 2 }, 2, 2 },
		{ { .from_ms = 6000 }, 1, 0 }, { { .to_ms = 6000 }, 3, 3 }, { { .from_ms = 1, .to_ms = 9000 }, 4, 3 },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		all.count = 0;
		assert_ok(world, store_orders(world->store, &cases[i].query, collect_order, &all, &world->err));
		assert_int_equal(all.count, cases[i].orders);
		all.count = 0;
		assert_ok(world, store_fills(world->store, &cases[i].query, collect_fill, &all, &world->err));
		assert_int_equal(all.count, cases[i].fills);
	}
	make_order(&intent, PURPOSE_ENTRY, 1, &order);
	make_fill(&order, 1, "100", "0.1", &fill);
	assert_true(store_fill_exists(world->store, fill.client_order_id, fill.exchange_trade_id));
	assert_false(store_fill_exists(world->store, fill.client_order_id, "t2"));
	assert_status(world, store_fill_insert(world->store, &fill, &world->err), STATUS_CONFLICT);
	text_copy(fill.client_order_id, sizeof(fill.client_order_id), "none");
	assert_status(world, store_fill_insert(world->store, &fill, &world->err), STATUS_CONFLICT);

	op.exit_wish = (struct exit_wish){ EXIT_STOP_LOSS, dec("95"), dec("94.9"), dec("95.1"), 7, 8, true, dec("94") };
	op.has_target = false;
	text_copy(op.alarm, sizeof(op.alarm), "look");
	assert_ok(world, store_operation_update(world->store, &op, OPERATION_ACTIVE, &world->err));
	assert_ok(world, store_operation_find(world->store, 1, op.id, &found, &world->err));
	assert_int_equal(found.exit_wish.reason, EXIT_STOP_LOSS);
	assert_decimal(found.exit_wish.recovered_price, "94");
	assert_true(found.exit_wish.is_recovered);
	assert_false(found.has_target);
	assert_string_equal(found.alarm, "look");
	assert_status(world, store_operation_find(world->store, 2, op.id, &found, &world->err), STATUS_NOT_FOUND);
	assert_ok(world, store_operation_find(world->store, 0, op.id, &found, &world->err));
	assert_status(world, store_operation_of_intent(world->store, "none", &found, &world->err), STATUS_NOT_FOUND);
	op.id = 99;
	assert_status(world, store_operation_update(world->store, &op, OPERATION_ACTIVE, &world->err), STATUS_NOT_FOUND);
	static const struct { struct operation_query query; int count; int64_t first; } lists[] = {
		{ { .client_id = 1 }, 2, 2 }, { { .client_id = 2 }, 0, 0 }, { { .limit = 1 }, 1, 2 },
		{ { .client_id = 1, .has_status = true, .status = OPERATION_CLOSED }, 1, 1 },
		{ { .has_mode = true, .mode = MODE_LIVE }, 0, 0 },
	};
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		all.count = 0;
		assert_ok(world, store_operations(world->store, &lists[i].query, collect_operation, &all, &world->err));
		assert_int_equal(all.count, lists[i].count);
		assert_true(all.count == 0 || all.ids[0] == lists[i].first);
	}
}

/* ---- trades and the day ---- */

static void
a_trade_is_booked_once_and_whole_or_not_at_all(void **state)
{
	struct world *world = *state;
	struct intent intent;
	struct operation op;
	struct trade trade;
	struct book book;

	world_open_trade(world, 1, "All In", &intent, &op);
	assert_status(world, trade_from_operation(&op, 1, &trade), STATUS_CONFLICT);
	world_close_trade(world, &op, "90", 9000, &trade);
	assert_status(world, store_trade_book(world->store, &trade, &world->err), STATUS_CONFLICT);
	assert_ok(world, store_book(world->store, 1, MODE_DRY_RUN, &book, &world->err));
	assert_int_equal(decimal_cmp(book.realized_net, trade.net_pnl), 0);
	assert_decimal(book.realized_net, "-1.02");
	/* A result that would not fit: neither trade nor book nor record. */
	world_open_trade(world, 2, "All In", &intent, &op);
	stranger_must(world, "UPDATE books SET realized_net = '-999999999999999999'");
	op.exit = op.entry;
	op.exit_reason = EXIT_MANUAL;
	op.status = OPERATION_CLOSED;
	assert_ok(world, store_operation_update(world->store, &op, OPERATION_ACTIVE, &world->err));
	assert_ok(world, trade_from_operation(&op, 9, &trade));
	trade.net_pnl = dec("-999999999999999999");
	trade.id = 77;
	assert_status(world, store_trade_book(world->store, &trade, &world->err), STATUS_RANGE);
	assert_int_equal(trade.id, 77);
	assert_false(store_in_transaction(world->store));
	assert_int_equal(stranger_counts(world, "SELECT count(*) FROM trades"), 1);
	assert_int_equal(stranger_counts(world, "SELECT dry_run_trades FROM strategies WHERE name = 'All In'"), 1);
}

static void
trades_are_listed_and_summed_by_time(void **state)
{
	struct world *world = *state;
	struct intent intent;
	struct operation op;
	struct trade trade;
	struct decimal sum;
	struct collected all = { 0 };

	for (int i = 1; i <= 3; i++) {
		world_open_trade(world, i, "No Such Strategy", &intent, &op);
		world_close_trade(world, &op, i == 2 ? "90" : "110", 1000 * i, &trade);
	}
	assert_ok(world, store_net_pnl(world->store, 1, MODE_DRY_RUN, 0, 10000, &sum, &world->err));
	assert_decimal(sum, "0.94");
	assert_ok(world, store_net_pnl(world->store, 1, MODE_DRY_RUN, 2000, 3000, &sum, &world->err));
	assert_decimal(sum, "-1.02");                /* from is in, to is not */
	assert_ok(world, store_net_pnl(world->store, 1, MODE_LIVE, 0, 10000, &sum, &world->err));
	assert_decimal(sum, "0");
	static const struct { struct trade_query query; int count; } cases[] = {
		{ { .client_id = 1 }, 3 }, { { .client_id = 2 }, 0 }, { { .from_ms = 2000 }, 2 },
		{ { .client_id = 1, .from_ms = 2000, .to_ms = 3000 }, 1 }, { { .has_mode = true, .mode = MODE_LIVE }, 0 },
		{ { .operation_id = 3 }, 1 }, { { .limit = 2 }, 2 },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		all.count = 0;
		assert_ok(world, store_trades(world->store, &cases[i].query, collect_trade, &all, &world->err));
		assert_int_equal(all.count, cases[i].count);
	}
}

static void
the_day_counts_entries_that_may_have_cost_something(void **state)
{
	struct world *world = *state;
	struct intent intent;
	struct operation op;
	struct trade trade;
	struct order order;
	struct day_counts day;

	world_open_trade(world, 1, "", &intent, &op);        /* 10 bought */
	world_close_trade(world, &op, "110", 9000, &trade);  /* the exit does not count */
	world_intent_in(world, 2, INTENT_EXECUTING, &intent);
	make_order(&intent, PURPOSE_ENTRY, 1, &order);
	assert_ok(world, store_order_insert(world->store, &order, &world->err));   /* 10 on its way */
	order.generation = 2;
	text_copy(order.client_order_id, sizeof(order.client_order_id), "market");
	order.has_price = false;                     /* judged at the intent's price */
	order.type = ORDER_MARKET;
	assert_ok(world, store_order_insert(world->store, &order, &world->err));
	text_copy(order.client_order_id, sizeof(order.client_order_id), "refused");
	assert_ok(world, store_order_insert(world->store, &order, &world->err));
	order.state = ORDER_NOT_SENT;
	assert_ok(world, store_order_update(world->store, &order, ORDER_PENDING, &world->err));
	text_copy(order.client_order_id, sizeof(order.client_order_id), "tomorrow");
	order.state = ORDER_PENDING;
	order.created_at_ms = 86400000;
	assert_ok(world, store_order_insert(world->store, &order, &world->err));
	make_intent(3, &intent);
	intent.source = SOURCE_PATTERN;
	text_copy(intent.pattern_event_id, sizeof(intent.pattern_event_id), "p1");
	intent.executed_at_ms = 5;
	assert_ok(world, store_intent_insert(world->store, &intent, &world->err));
	assert_ok(world, store_day_counts(world->store, 1, MODE_DRY_RUN, 0, &day, &world->err));
	assert_int_equal(day.orders, 3);
	assert_decimal(day.notional, "30");
	assert_decimal(day.net_pnl, "0.98");
	assert_int_equal(day.pattern_executions, 1);
	assert_ok(world, store_day_counts(world->store, 1, MODE_LIVE, 0, &day, &world->err));
	assert_int_equal(day.orders, 0);
	assert_ok(world, store_day_counts(world->store, 1, MODE_DRY_RUN, 86400000, &day, &world->err));
	assert_int_equal(day.orders, 1);
	assert_int_equal(day.pattern_executions, 0);
}

/* ---- the book ---- */

static void
a_client_has_two_books_a_pause_and_a_switch(void **state)
{
	struct world *world = *state;
	struct book dry, live, other;
	struct decimal base, first = dec("1000"), second = dec("2000");

	assert_ok(world, store_book(world->store, 1, MODE_DRY_RUN, &dry, &world->err));
	assert_ok(world, store_book(world->store, 1, MODE_LIVE, &live, &world->err));
	assert_int_equal(strlen(dry.id), BOOK_ID_SIZE - 1);
	assert_string_not_equal(dry.id, live.id);
	assert_false(dry.is_paused || dry.is_live_on);
	assert_ok(world, store_set_paused(world->store, 1, true, "news", "person/screen", 9, &world->err));
	assert_ok(world, store_set_live(world->store, 1, true, &world->err));
	assert_ok(world, store_book(world->store, 1, MODE_LIVE, &live, &world->err));
	assert_true(live.is_paused && live.is_live_on);
	assert_string_equal(live.pause_reason, "news");
	assert_string_equal(live.paused_by, "person/screen");
	assert_int_equal(live.paused_at_ms, 9);
	assert_ok(world, store_set_paused(world->store, 1, false, "over", "person/screen", 10, &world->err));
	assert_ok(world, store_book(world->store, 1, MODE_DRY_RUN, &dry, &world->err));
	assert_false(dry.is_paused);
	assert_string_equal(dry.pause_reason, "");
	assert_status(world, store_set_live(world->store, 7, true, &world->err), STATUS_NOT_FOUND);
	assert_status(world, store_book(world->store, 0, MODE_LIVE, &other, &world->err), STATUS_INVALID);
	assert_ok(world, store_book(world->store, 7, MODE_LIVE, &other, &world->err));
	assert_false(other.is_live_on);
	assert_status(world, store_month_base(world->store, 1, MODE_LIVE, 0, NULL, &base, &world->err),
	              STATUS_NOT_FOUND);
	assert_ok(world, store_month_base(world->store, 1, MODE_LIVE, 0, &first, &base, &world->err));
	assert_decimal(base, "1000");
	assert_ok(world, store_month_base(world->store, 1, MODE_LIVE, 0, &second, &base, &world->err));
	assert_decimal(base, "1000");                /* fixed ever after */
	assert_ok(world, store_month_base(world->store, 1, MODE_LIVE, 1, &second, &base, &world->err));
	assert_decimal(base, "2000");
}

/* ---- strategies ---- */

static bool
check_seed(void *self, const struct strategy *strategy)
{
	struct collected *all = self;
	struct decimal hundred = dec("100"), ten = dec("10"), fifty = dec("50");

	text_copy(all->texts[all->count++], 64, strategy->name);
	assert_true(strategy->is_active);
	assert_true(strategy->has_risk_percent && decimal_is_positive(strategy->risk_percent));
	assert_true(decimal_cmp(strategy->risk_percent, dec("1")) <= 0);
	assert_true(strategy->has_stop_loss_percent && decimal_cmp(strategy->stop_loss_percent, ten) <= 0);
	assert_true(strategy->has_max_drawdown_percent &&
	            decimal_cmp(strategy->max_drawdown_percent, fifty) <= 0);
	assert_true(!strategy->has_max_position_percent ||
	            decimal_cmp(strategy->max_position_percent, hundred) <= 0);
	assert_true(strategy->description[0] != '\0' && strategy->config[0] == '{');
	return true;
}

static void
five_strategies_are_seeded_once(void **state)
{
	struct world *world = *state;
	static const char *const names[] = {
		"All In", "Rescue Forces", "Smooth Sailing", "Bounce Back", "Mean Reversion MA99"
	};
	struct collected all = { 0 };

	world_reopen(world);
	assert_ok(world, store_strategies(world->store, 1, check_seed, &all, &world->err));
	assert_int_equal(all.count, ARRAY_LEN(names));
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		assert_string_equal(all.texts[i], names[i]);
}

static void
an_edit_of_a_strategy_leaves_its_record_alone(void **state)
{
	struct world *world = *state;
	struct strategy strategy, stale, mine = { .client_id = 1, .name = "Mine", .bias = BIAS_BEARISH, .config = "{}" };
	struct intent intent;
	struct operation op;
	struct trade trade;

	assert_ok(world, store_strategy_find(world->store, 1, "all in", &stale, &world->err));
	world_open_trade(world, 1, "All In", &intent, &op);
	world_close_trade(world, &op, "110", 9000, &trade);
	stale.has_risk_percent = false;
	stale.is_active = false;
	assert_ok(world, store_strategy_update(world->store, &stale, &world->err));
	assert_ok(world, store_strategy_find(world->store, 1, "All In", &strategy, &world->err));
	assert_false(strategy.has_risk_percent || strategy.is_active);
	assert_int_equal(strategy.record[MODE_DRY_RUN].trades, 1);
	assert_ok(world, store_strategy_insert(world->store, &mine, &world->err));
	assert_ok(world, store_strategy_find(world->store, 1, "MINE", &strategy, &world->err));
	assert_int_equal(strategy.id, mine.id);
	assert_int_equal(strategy.bias, BIAS_BEARISH);
	text_copy(mine.name, sizeof(mine.name), "mine");
	assert_status(world, store_strategy_insert(world->store, &mine, &world->err), STATUS_CONFLICT);
	assert_status(world, store_strategy_find(world->store, 1, "Nobody", &strategy, &world->err), STATUS_NOT_FOUND);
	mine.id = 99;
	assert_status(world, store_strategy_update(world->store, &mine, &world->err), STATUS_NOT_FOUND);
}

/* ---- what was learnt ---- */

static void
rules_and_checks_are_written_over_by_symbol_and_feed(void **state)
{
	struct world *world = *state;
	struct symbol_rules in = {
		.symbol = "BTCUSDC", .base = "BTC", .quote = "USDC", .status = SYMBOL_HALT, .status_text = "HALT",
		.can_limit = true, .opo_allowed = true, .tick = dec("0.01"), .lot_step = dec("0.00001"),
		.notional_min = dec("5"), .max_algo_orders = 5, .unknown_filters = "NEW_ONE", .learnt_at_ms = 8,
	}, out;
	struct price_check check = { .feed = "f", .symbol = "BTCUSDC", .checked_at_ms = 1, .bid = dec("1"),
	                             .ask = dec("2"), .checks = 3 }, found;

	assert_status(world, store_rules_find(world->store, "f", "BTCUSDC", &out, &world->err), STATUS_NOT_FOUND);
	assert_ok(world, store_rules_save(world->store, "f", &in, &world->err));
	in.tick = dec("0.1");
	assert_ok(world, store_rules_save(world->store, "f", &in, &world->err));
	in.tick = dec("1");
	assert_ok(world, store_rules_save(world->store, "g", &in, &world->err));
	assert_ok(world, store_rules_find(world->store, "f", "BTCUSDC", &out, &world->err));
	assert_decimal(out.tick, "0.1");
	assert_int_equal(out.status, SYMBOL_HALT);
	assert_true(out.can_limit && out.opo_allowed && !out.can_market);
	assert_int_equal(out.max_algo_orders, 5);
	assert_string_equal(out.unknown_filters, "NEW_ONE");
	assert_string_equal(out.quote, "USDC");
	assert_status(world, store_check_find(world->store, "f", "BTCUSDC", &found, &world->err), STATUS_NOT_FOUND);
	assert_ok(world, store_check_save(world->store, &check, &world->err));
	check.checks = 4;
	assert_ok(world, store_check_save(world->store, &check, &world->err));
	assert_ok(world, store_check_find(world->store, "f", "BTCUSDC", &found, &world->err));
	assert_int_equal(found.checks, 4);
	assert_decimal(found.ask, "2");
}

/* ---- requests, heartbeat ---- */

static void
requests_wait_in_line_and_carry_their_answer(void **state)
{
	struct world *world = *state;
	struct request in = { .client_id = 1, .kind = REQUEST_MOVE_STOP, .operation_id = 3, .price = dec("99.5"),
	                      .widen = true, .actor = "person/command", .feed = "f", .deadline_at_ms = 7 }, out;
	struct heartbeat beat = { .pid = 12, .kind = "monitor", .host = "here", .watched = 4, .feed = "f" }, found;

	assert_status(world, store_request_next(world->store, &out, &world->err), STATUS_NOT_FOUND);
	assert_ok(world, store_request_insert(world->store, &in, &world->err));
	assert_ok(world, store_request_insert(world->store, &in, &world->err));
	assert_int_equal(in.id, 2);
	assert_ok(world, store_request_next(world->store, &out, &world->err));
	assert_int_equal(out.id, 1);
	assert_int_equal(out.kind, REQUEST_MOVE_STOP);
	assert_decimal(out.price, "99.5");
	assert_true(out.widen);
	out.state = REQUEST_TAKEN;
	assert_ok(world, store_request_update(world->store, &out, REQUEST_WANTED, &world->err));
	assert_ok(world, store_request_next(world->store, &in, &world->err));
	assert_int_equal(in.id, 2);
	assert_ok(world, store_request_taken(world->store, 0, &in, &world->err));
	assert_int_equal(in.id, 1);
	assert_status(world, store_request_taken(world->store, 1, &in, &world->err), STATUS_NOT_FOUND);
	out.state = REQUEST_DONE;
	out.status = STATUS_NO;
	text_copy(out.message, sizeof(out.message), "a stop moves towards the market");
	out.retryable = true;
	assert_ok(world, store_request_update(world->store, &out, REQUEST_TAKEN, &world->err));
	assert_ok(world, store_request_find(world->store, 1, &in, &world->err));
	assert_int_equal(in.status, STATUS_NO);
	assert_true(in.retryable);
	assert_string_equal(in.message, out.message);
	assert_status(world, store_request_find(world->store, 9, &in, &world->err), STATUS_NOT_FOUND);
	out.id = 9;
	assert_status(world, store_request_update(world->store, &out, REQUEST_TAKEN, &world->err), STATUS_NOT_FOUND);
	assert_status(world, store_heartbeat_find(world->store, &found, &world->err), STATUS_NOT_FOUND);
	assert_ok(world, store_heartbeat_save(world->store, &beat, &world->err));
	beat.pid = 13;
	beat.is_released = true;
	assert_ok(world, store_heartbeat_save(world->store, &beat, &world->err));
	assert_ok(world, store_heartbeat_find(world->store, &found, &world->err));
	assert_int_equal(found.pid, 13);
	assert_true(found.is_released);
	assert_string_equal(found.kind, "monitor");
}

/* ---- events ---- */

static void
events_tell_the_whole_story_of_a_trade(void **state)
{
	struct world *world = *state;
	struct intent intent;
	struct operation op;
	struct collected all = { 0 };

	world_open_trade(world, 1, "", &intent, &op);        /* an event of neither */
	assert_ok(world, store_begin(world->store, &world->err));
	struct event of_intent = { .client_id = 1, .actor = "a", .kind = "of.intent" };
	struct event of_operation = { .client_id = 2, .actor = "a", .kind = "of.operation", .operation_id = op.id };
	text_copy(of_intent.intent_id, sizeof(of_intent.intent_id), intent.id);
	assert_ok(world, store_event_append(world->store, &of_intent, &world->err));
	assert_ok(world, store_event_append(world->store, &of_operation, &world->err));
	assert_ok(world, store_commit(world->store, &world->err));
	assert_int_equal(of_operation.seq, 3);
	assert_string_equal(of_operation.previous_hash, of_intent.hash);
	struct event_query cases[] = {
		{ .operation_id = op.id }, { .intent_id = intent.id }, { .client_id = 1 }, { .after_seq = 1 },
		{ .limit = 2 }, { .operation_id = 99 }, { .newest_first = true, .limit = 1 },
	};
	static const struct { int count; int64_t first; } wanted[] = {
		{ 2, 2 }, { 2, 2 }, { 2, 1 }, { 2, 2 }, { 2, 1 }, { 0, 0 }, { 1, 3 },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		all.count = 0;
		assert_ok(world, store_events(world->store, &cases[i], collect_event, &all, &world->err));
		assert_int_equal(all.count, wanted[i].count);
		assert_true(all.count == 0 || all.ids[0] == wanted[i].first);
	}
}

/* ---- transactions ---- */

static void
transactions_are_not_nested_and_need_a_beginning(void **state)
{
	struct world *world = *state;

	store_rollback(world->store);                /* harmless */
	assert_status(world, store_commit(world->store, &world->err), STATUS_BUG);
	assert_ok(world, store_begin(world->store, &world->err));
	assert_true(store_in_transaction(world->store));
	assert_status(world, store_begin(world->store, &world->err), STATUS_BUG);
	assert_status(world, store_begin_read(world->store, &world->err), STATUS_BUG);
	assert_ok(world, store_set_live(world->store, 1, true, &world->err));
	store_rollback(world->store);
	assert_int_equal(stranger_counts(world, "SELECT is_live_on FROM clients"), 0);
	assert_ok(world, store_begin_read(world->store, &world->err));
	assert_ok(world, store_commit(world->store, &world->err));
	/* Closing rolls back what is open. */
	assert_ok(world, store_begin(world->store, &world->err));
	assert_ok(world, store_set_live(world->store, 1, true, &world->err));
	world_close(world);
	assert_int_equal(stranger_counts(world, "SELECT is_live_on FROM clients"), 0);
}

/* A row that a stranger bent is an error with its name, never a zero. */
static void
a_row_that_cannot_be_read_is_an_error(void **state)
{
	struct world *world = *state;
	struct intent intent;
	struct symbol_rules rules = { .symbol = "BTCUSDC" };

	world_intent_in(world, 1, INTENT_PENDING, &intent);
	assert_ok(world, store_rules_save(world->store, "f", &rules, &world->err));
	stranger_drops_triggers(world);
	stranger_must(world, "PRAGMA ignore_check_constraints = ON");
	static const struct { const char *change, *name; } damages[] = {
		{ "capital = 'lots'", "capital" }, { "side = 'UP'", "side" }, { "target_price = '1,5'", "target_price" },
		{ "symbol = 'A_NAME_THAT_IS_FAR_LONGER_THAN_ANY_SYMBOL'", "symbol" },
	};
	for (size_t i = 0; i < ARRAY_LEN(damages); i++) {
		stranger_must(world, "CREATE TEMP TABLE kept AS SELECT * FROM intents; UPDATE intents SET %s",
		              damages[i].change);
		assert_int_equal(store_intent_find(world->store, 1, intent.id, &intent, &world->err), STATUS_IO);
		assert_non_null(strstr(world->err.message, damages[i].name));
		stranger_must(world, "DELETE FROM intents; INSERT INTO intents SELECT * FROM kept; DROP TABLE kept");
		assert_ok(world, store_intent_find(world->store, 1, intent.id, &intent, &world->err));
	}
	stranger_must(world, "UPDATE symbol_rules SET max_orders = 99999999999");
	assert_int_equal(store_rules_find(world->store, "f", "BTCUSDC", &rules, &world->err), STATUS_IO);
	assert_non_null(strstr(world->err.message, "max_orders"));
}

static bool
count_trigger(void *self, const struct pattern_trigger *trigger)
{
	assert_true(trigger->n > 0);
	++*(int *)self;
	return true;
}

static void
an_event_of_a_client_triggers_once(void **state)
{
	struct world *world = *state;
	struct pattern_trigger trigger = { .client_id = 1, .event_id = "e1", .pattern = PATTERN_MA_CROSSOVER,
	                                   .status = TRIGGER_FAILED, .created_at_ms = 5 };
	struct pattern_trigger found;
	struct intent intent;
	int count = 0;

	make_intent(1, &intent);
	text_copy(trigger.intent_id, sizeof(trigger.intent_id), intent.id);
	assert_status(world, store_trigger_insert(world->store, &trigger, &world->err), STATUS_CONFLICT);
	intent.source = SOURCE_PATTERN;
	text_copy(intent.pattern_event_id, sizeof(intent.pattern_event_id), "e1");
	assert_ok(world, store_intent_insert(world->store, &intent, &world->err));
	assert_status(world, store_trigger_find(world->store, 1, "e1", &found, &world->err), STATUS_NOT_FOUND);
	assert_ok(world, store_trigger_insert(world->store, &trigger, &world->err));
	assert_status(world, store_trigger_insert(world->store, &trigger, &world->err), STATUS_CONFLICT);
	memset(&found, 0xff, sizeof(found));
	assert_ok(world, store_trigger_find(world->store, 1, "e1", &found, &world->err));
	assert_int_equal(found.pattern, PATTERN_MA_CROSSOVER);
	assert_int_equal(found.status, TRIGGER_FAILED);
	assert_int_equal(found.created_at_ms, 5);
	assert_string_equal(found.intent_id, intent.id);
	assert_status(world, store_trigger_find(world->store, 2, "e1", &found, &world->err), STATUS_NOT_FOUND);
	assert_ok(world, store_triggers(world->store, 1, 0, count_trigger, &count, &world->err));
	assert_ok(world, store_triggers(world->store, 2, 0, count_trigger, &count, &world->err));
	assert_int_equal(count, 1);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
		TEST(an_intent_comes_back_as_it_went_in),
		TEST(a_trade_from_plan_to_booked_is_whole_and_verifies),
		TEST(an_intent_is_found_by_a_prefix_that_only_it_has),
		TEST(intents_are_listed_newest_first_by_client_status_and_mode),
		TEST(a_list_may_be_asked_for_inside_itself),
		TEST(duplicates_are_the_same_entry_on_its_way),
		TEST(the_newest_report_of_an_occasion_comes_back),
		TEST(orders_and_fills_are_found_by_what_they_belong_to),
		TEST(a_trade_is_booked_once_and_whole_or_not_at_all),
		TEST(trades_are_listed_and_summed_by_time),
		TEST(the_day_counts_entries_that_may_have_cost_something),
		TEST(a_client_has_two_books_a_pause_and_a_switch),
		TEST(five_strategies_are_seeded_once),
		TEST(an_edit_of_a_strategy_leaves_its_record_alone),
		TEST(rules_and_checks_are_written_over_by_symbol_and_feed),
		TEST(requests_wait_in_line_and_carry_their_answer),
		TEST(events_tell_the_whole_story_of_a_trade),
		TEST(transactions_are_not_nested_and_need_a_beginning),
		TEST(an_event_of_a_client_triggers_once),
		TEST(a_row_that_cannot_be_read_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
