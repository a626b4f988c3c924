/* What LIVE has to remember: where orders and operations live, lists, legs that learn their quantity,
 * the machine, the ids of the books, blockers; and a book of version 1 that is brought up to all that. */
#include "tests/store/world.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void
open_live(struct world *world, struct intent *intent, struct operation *op, struct live_orders *orders)
{
	world_open_live(world, 1, intent, op, orders);
}

static void
collect_bad(void *self, const struct store_check *check)
{
	if (!check->ok)
		print_error("%s/%s: %s\n", check->group, check->name, check->message);
	*(int *)self += !check->ok;
}

static void
must_be_whole(struct world *world)
{
	struct store_health health;
	struct chain_result chain;
	int bad = 0;

	assert_ok(world, store_verify(world->store, collect_bad, &bad, &health, &world->err));
	assert_int_equal(bad, 0);
	assert_ok(world, store_verify_chain(world->store, &chain, &world->err));
	if (!chain.ok)
		fail_msg("%s", chain.what);
}

/* ---- orders and operations ---- */

static void
what_a_live_order_and_its_operation_carry_comes_back(void **state)
{
	struct world *world = *state;
	struct intent intent;
	struct operation op, found;
	struct live_orders orders;
	struct order order;

	open_live(world, &intent, &op, &orders);
	memset(&order, 0xff, sizeof(order));
	assert_ok(world, store_order_find(world->store, orders.stop.client_order_id, &order, &world->err));
	assert_string_equal(order.exchange_host, LIVE_HOST);
	assert_string_equal(order.account, LIVE_ACCOUNT);
	assert_string_equal(order.list_id, orders.entry.list_id);
	assert_int_equal(order.signed_at_ms, 1900);
	assert_int_equal(order.seen_at_ms, 3500);
	assert_false(order.is_quantity_open);
	assert_decimal(order.quantity, "0.0999");
	memset(&found, 0xff, sizeof(found));
	assert_ok(world, store_operation_find(world->store, 1, op.id, &found, &world->err));
	assert_decimal(found.base_fees, "0.0001");
	assert_decimal(found.dust, "0");
	assert_string_equal(found.exchange_host, LIVE_HOST);
	found.dust = dec("0.00003");
	assert_ok(world, store_operation_update(world->store, &found, OPERATION_ACTIVE, &world->err));
	assert_ok(world, store_operation_find(world->store, 1, op.id, &found, &world->err));
	assert_decimal(found.dust, "0.00003");
}

/* 0.0999 are held; the stop's lot lets 0.099 of them go. */
static void
a_live_trade_that_leaves_dust_is_booked_and_verifies(void **state)
{
	struct world *world = *state;
	struct intent intent;
	struct operation op;
	struct live_orders orders;
	struct order exit;
	struct fill fill;
	struct trade trade;
	struct book book;

	open_live(world, &intent, &op, &orders);
	assert_ok(world, store_begin(world->store, &world->err));
	exit = orders.stop;
	make_fill(&exit, 2, "94.9", "0.099", &fill);
	assert_ok(world, store_fill_insert(world->store, &fill, &world->err));
	assert_ok(world, order_add_fill(&exit, &fill));
	exit.state = ORDER_EXPIRED;
	assert_ok(world, store_order_update(world->store, &exit, ORDER_NEW, &world->err));
	orders.target.state = ORDER_CANCELLED;
	assert_ok(world, store_order_update(world->store, &orders.target, ORDER_NEW, &world->err));
	assert_ok(world, leg_add(&op.exit, fill.price, fill.quantity, fill.fee_quote));
	op.dust = operation_open_quantity(&op);
	assert_decimal(op.dust, "0.0009");
	op.status = OPERATION_CLOSED;
	op.exit_reason = EXIT_STOP_LOSS;
	op.closed_at_ms = 9000;
	assert_ok(world, trade_from_operation(&op, 9000, &trade));
	op.realized_pnl = trade.net_pnl;
	assert_ok(world, store_operation_update(world->store, &op, OPERATION_ACTIVE, &world->err));
	assert_ok(world, store_trade_book(world->store, &trade, &world->err));
	assert_ok(world, store_commit(world->store, &world->err));
	must_be_whole(world);
	assert_ok(world, store_book(world->store, 1, MODE_LIVE, &book, &world->err));
	assert_int_equal(decimal_cmp(book.realized_net, trade.net_pnl), 0);
	assert_int_equal(stranger_runs(world, "UPDATE operations SET dust = '0' WHERE id = %d", (int)op.id),
	                 SQLITE_CONSTRAINT);
}

static bool
count_order(void *self, const struct order *order)
{
	(void)order;
	++*(int *)self;
	return true;
}

static bool
count_fill(void *self, const struct fill_row *row)
{
	(void)row;
	++*(int *)self;
	return true;
}

static void
orders_and_fills_are_found_by_mode(void **state)
{
	struct world *world = *state;
	struct intent intent;
	struct operation op;
	struct live_orders orders;
	struct order_query query = { .client_id = 1, .has_mode = true, .mode = MODE_LIVE };
	int count = 0;

	open_live(world, &intent, &op, &orders);
	world_open_trade(world, 2, "", &intent, &op);
	assert_ok(world, store_orders(world->store, &query, count_order, &count, &world->err));
	assert_int_equal(count, 3);
	query.only_open = true;
	count = 0;
	assert_ok(world, store_orders(world->store, &query, count_order, &count, &world->err));
	assert_int_equal(count, 2);
	query = (struct order_query){ .has_mode = true, .mode = MODE_DRY_RUN };
	count = 0;
	assert_ok(world, store_fills(world->store, &query, count_fill, &count, &world->err));
	assert_int_equal(count, 1);
}

/* The schema compares texts; the program compares numbers.  They have to agree. */
static void
the_schema_settles_a_quantity_exactly_where_the_program_does(void **state)
{
	struct world *world = *state;
	struct intent intent;
	struct operation op;
	struct live_orders orders;
	static const char *const digits[] = { "0", "1", "2", "5", "9" };
	int settled = 0, refused = 0;

	open_live(world, &intent, &op, &orders);
	srand(42);
	for (int i = 0; i < 2000; i++) {
		char text[3][40];
		struct decimal value[3];
		for (int k = 0; k < 3; k++) {
			struct text made;
			text_init(&made);
			for (int n = rand() % 3 + 1; n > 0; n--)
				text_append(&made, digits[rand() % 5]);
			text_append(&made, ".");
			for (int n = rand() % 4 + 1; n > 0; n--)
				text_append(&made, digits[rand() % 5]);
			value[k] = dec(made.data);
			decimal_text(value[k], text[k]);
			text_done(&made);
		}
		struct order order = { .is_quantity_open = true, .quantity = value[0], .filled_quantity = value[2] };
		bool may = decimal_cmp(value[0], value[1]) == 0 || order_settle_quantity(&order, value[1]) == STATUS_OK;
		stranger_must(world, "SAVEPOINT s; DROP TRIGGER orders_update_identity; "
		              "CREATE TEMP TABLE q AS SELECT * FROM orders WHERE purpose = 'stop'; "
		              "UPDATE q SET n = NULL, client_order_id = 'q', operation_id = NULL, state = 'PENDING', "
		              "is_quantity_open = 1, quantity = '%s', filled_quantity = '%s'; "
		              "INSERT INTO orders SELECT * FROM q", text[0], text[2]);
		int code = stranger_runs(world, "UPDATE orders SET quantity = '%s', is_quantity_open = 0 "
		                         "WHERE client_order_id = 'q'", text[1]);
		stranger_must(world, "ROLLBACK TO s; RELEASE s");
		if ((code == SQLITE_OK) != may)
			fail_msg("from %s to %s with %s filled: the schema says %d", text[0], text[1], text[2], code);
		settled += may;
		refused += !may;
	}
	assert_true(settled > 100 && refused > 100);
}

static void
a_quantity_settles_once(void **state)
{
	struct world *world = *state;
	struct intent intent;
	struct operation op;
	struct live_orders orders;
	struct order order;

	open_live(world, &intent, &op, &orders);
	order = orders.stop;
	order.quantity = dec("0.05");
	assert_status(world, store_order_update(world->store, &order, ORDER_NEW, &world->err), STATUS_CONFLICT);
	order = orders.stop;
	order.is_quantity_open = true;
	assert_status(world, store_order_update(world->store, &order, ORDER_NEW, &world->err), STATUS_CONFLICT);
}

static void
a_live_row_says_where_it_lives_and_stays_there(void **state)
{
	struct world *world = *state;
	struct intent intent;
	struct operation op;
	struct live_orders orders;
	struct order order;

	open_live(world, &intent, &op, &orders);
	for (int i = 0; i < 4; i++) {
		make_order(&intent, PURPOSE_EXIT, 2 + i, &order);
		order.operation_id = i < 2 ? op.id : 0;
		text_copy(order.exchange_host, sizeof(order.exchange_host), i == 0 ? "" : i == 1 ? "other" : LIVE_HOST);
		text_copy(order.account, sizeof(order.account), i == 2 ? "" : i == 3 ? "uid-2" : LIVE_ACCOUNT);
		assert_status(world, store_order_insert(world->store, &order, &world->err), STATUS_CONFLICT);
	}
	text_copy(order.account, sizeof(order.account), LIVE_ACCOUNT);
	assert_ok(world, store_order_insert(world->store, &order, &world->err));
	order = orders.stop;
	text_copy(order.account, sizeof(order.account), "uid-2");
	assert_status(world, store_order_update(world->store, &order, ORDER_NEW, &world->err), STATUS_CONFLICT);
	order = orders.stop;
	order.list_id[0] = '\0';
	assert_status(world, store_order_update(world->store, &order, ORDER_NEW, &world->err), STATUS_CONFLICT);
	order = orders.stop;
	order.signed_at_ms = 9;
	assert_status(world, store_order_update(world->store, &order, ORDER_NEW, &world->err), STATUS_CONFLICT);
	text_copy(op.exchange_host, sizeof(op.exchange_host), "other");
	assert_status(world, store_operation_update(world->store, &op, OPERATION_ACTIVE, &world->err),
	              STATUS_CONFLICT);
}

/* ---- the machine ---- */

static void
a_book_knows_its_machine_and_those_before(void **state)
{
	struct world *world = *state;
	struct machine machine = { .id = "m1", .inode = 77, .adopted_at_ms = 5, .adopted_by = "person/command" };
	struct machine found;
	struct stat info;
	bool restored = true;

	assert_status(world, store_machine_find(world->store, &found, &restored, &world->err), STATUS_NOT_FOUND);
	assert_false(restored);
	assert_ok(world, store_machine_save(world->store, &machine, &world->err));
	assert_ok(world, store_machine_find(world->store, &found, &restored, &world->err));
	assert_false(restored);
	assert_string_equal(found.id, "m1");
	assert_int_equal(found.inode, 77);
	assert_int_equal(found.adopted_at_ms, 5);
	assert_string_equal(found.adopted_by, "person/command");
	text_copy(machine.id, sizeof(machine.id), "m2");
	assert_ok(world, store_machine_save(world->store, &machine, &world->err));
	assert_ok(world, store_machine_find(world->store, &found, NULL, &world->err));
	assert_string_equal(found.id, "m2");
	assert_int_equal(stranger_counts(world, "SELECT count(*) FROM machines WHERE machine_id = 'm1'"), 1);
	machine.id[0] = '\0';
	assert_status(world, store_machine_save(world->store, &machine, &world->err), STATUS_INVALID);
	assert_int_equal(stat(world->path, &info), 0);
	assert_int_equal(store_file_inode(world->store), info.st_ino);
}

static void
live_business_is_what_is_open_and_live(void **state)
{
	struct world *world = *state;
	struct intent intent;
	struct operation op;
	struct live_orders orders;
	int64_t count = 9;

	world_open_trade(world, 2, "", &intent, &op);
	assert_ok(world, store_live_business(world->store, &count, &world->err));
	assert_int_equal(count, 0);
	open_live(world, &intent, &op, &orders);
	assert_ok(world, store_live_business(world->store, &count, &world->err));
	assert_int_equal(count, 3);                  /* the position, its stop and its target */
}

/* ---- the ids of the books ---- */

struct ids { int count; char id[8][BOOK_ID_SIZE]; int64_t from_ms[8]; };

static bool
collect_id(void *self, const char *id, int64_t from_ms)
{
	struct ids *ids = self;

	text_copy(ids->id[ids->count], BOOK_ID_SIZE, id);
	ids->from_ms[ids->count++] = from_ms;
	return true;
}

static struct ids
ids_of(struct world *world, enum mode mode)
{
	struct ids ids = { 0 };

	assert_ok(world, store_book_ids(world->store, 1, mode, collect_id, &ids, &world->err));
	return ids;
}

static void
every_id_that_a_book_had_is_kept(void **state)
{
	struct world *world = *state;
	struct book before, after;
	char id[BOOK_ID_SIZE];
	struct ids ids;

	assert_ok(world, store_book(world->store, 1, MODE_LIVE, &before, &world->err));
	ids = ids_of(world, MODE_LIVE);
	assert_int_equal(ids.count, 1);
	assert_string_equal(ids.id[0], before.id);
	assert_ok(world, store_book_renew_id(world->store, 1, MODE_LIVE, 88, id, &world->err));
	assert_ok(world, store_book(world->store, 1, MODE_LIVE, &after, &world->err));
	assert_string_equal(after.id, id);
	assert_string_not_equal(after.id, before.id);
	ids = ids_of(world, MODE_LIVE);
	assert_int_equal(ids.count, 2);
	assert_string_equal(ids.id[0], id);
	assert_int_equal(ids.from_ms[0], 88);
	assert_string_equal(ids.id[1], before.id);
	assert_int_equal(ids_of(world, MODE_DRY_RUN).count, 1);
	assert_status(world, store_book_renew_id(world->store, 7, MODE_LIVE, 88, id, &world->err), STATUS_NOT_FOUND);
	assert_int_equal(stranger_counts(world, "SELECT count(*) FROM book_ids WHERE client_id = 7"), 0);
	must_be_whole(world);
	/* One that begins like an old one would make the same client order ids. */
	assert_int_equal(stranger_runs(world, "INSERT INTO book_ids (client_id, mode, id, from_ms) VALUES "
	                               "(1, 'LIVE', '%.8s00000000', 1)", before.id), SQLITE_CONSTRAINT);
	assert_int_equal(stranger_runs(world, "UPDATE books SET id = '%s' WHERE mode = 'LIVE'", before.id),
	                 SQLITE_CONSTRAINT);
	assert_int_equal(stranger_runs(world, "UPDATE books SET id = '0123456789abcdef' WHERE mode = 'LIVE'"),
	                 SQLITE_CONSTRAINT);
}

static void
a_restored_book_has_all_its_ids_and_lives_nowhere(void **state)
{
	struct world *world = *state;
	struct machine machine = { .id = "m1", .inode = 7, .adopted_by = "x" }, found;
	struct intent intent;
	struct operation op;
	struct live_orders orders;
	char later[BOOK_ID_SIZE], file[700];
	bool restored = false;
	struct ids ids;

	open_live(world, &intent, &op, &orders);
	assert_ok(world, store_machine_save(world->store, &machine, &world->err));
	text_format(file, sizeof(file), "%s/copy.db", world->folder);
	assert_ok(world, store_backup(world->store, file, &world->err));
	assert_ok(world, store_book_renew_id(world->store, 1, MODE_LIVE, 50, later, &world->err));
	world_close(world);
	assert_ok(world, store_restore(world->path, file, 60, &world->err));
	world_reopen(world);
	must_be_whole(world);
	ids = ids_of(world, MODE_LIVE);
	assert_int_equal(ids.count, 3);
	assert_string_equal(ids.id[1], later);       /* what it was called after the backup was made */
	assert_int_equal(ids.from_ms[0], 60);
	assert_status(world, store_machine_find(world->store, &found, &restored, &world->err), STATUS_NOT_FOUND);
	assert_true(restored);
	assert_int_equal(stranger_counts(world, "SELECT count(*) FROM events WHERE kind = 'book.restored' AND "
	                 "summary LIKE '%%only after `robson adopt''%%' AND data LIKE '%%\"live_open\":3%%'"), 1);
	assert_ok(world, store_machine_save(world->store, &machine, &world->err));
	assert_ok(world, store_machine_find(world->store, &found, &restored, &world->err));
	assert_false(restored);
}

static void
another_books_ids_are_not_taken_over(void **state)
{
	struct world *world = *state;
	char other[700], file[700];
	struct store *stranger;
	struct book book;

	text_format(other, sizeof(other), "%s/other.db", world->folder);
	text_format(file, sizeof(file), "%s/copy.db", world->folder);
	assert_ok(world, store_open(other, false, 1, &stranger, NULL, &world->err));
	assert_ok(world, store_book(stranger, 1, MODE_LIVE, &book, &world->err));
	assert_ok(world, store_backup(stranger, file, &world->err));
	store_close(stranger);
	world_close(world);
	assert_ok(world, store_restore(world->path, file, 60, &world->err));
	world_reopen(world);
	struct ids ids = ids_of(world, MODE_LIVE);
	assert_int_equal(ids.count, 2);
	assert_string_equal(ids.id[1], book.id);
}

/* ---- blockers ---- */

struct seen { int count; int64_t n[8]; };

static bool
collect_blocker(void *self, const struct blocker *blocker)
{
	struct seen *seen = self;

	seen->n[seen->count++] = blocker->n;
	return true;
}

static int
count_blockers(struct world *world, struct blocker_query query)
{
	struct seen seen = { 0 };

	assert_ok(world, store_blockers(world->store, &query, collect_blocker, &seen, &world->err));
	return seen.count;
}

static struct blocker
strangers_order(const char *exchange_order_id)
{
	struct blocker blocker = {
		.client_id = 1, .kind = "order.unknown", .exchange_host = LIVE_HOST, .account = LIVE_ACCOUNT,
		.symbol = "BTCUSDC", .client_order_id = "web_0123456789abcdef0123456789abcdef0123456789",
		.text = "a sell order that the book does not know", .evidence = "{\"quantity\":\"0.1\"}",
	};

	text_copy(blocker.exchange_order_id, sizeof(blocker.exchange_order_id), exchange_order_id);
	return blocker;
}

static void
a_blocker_is_one_row_however_often_it_is_seen(void **state)
{
	struct world *world = *state;
	struct blocker blocker = strangers_order("77"), again = blocker, found;
	bool is_new = false;

	assert_ok(world, store_blocker_put(world->store, &blocker, 100, &is_new, &world->err));
	assert_true(is_new);
	assert_int_equal(blocker.looks, 1);
	text_copy(again.text, sizeof(again.text), "it is still there");
	assert_ok(world, store_blocker_put(world->store, &again, 200, &is_new, &world->err));
	assert_false(is_new);
	assert_int_equal(again.n, blocker.n);
	assert_ok(world, store_blocker_put(world->store, &again, 150, NULL, &world->err));
	assert_ok(world, store_blocker_find(world->store, blocker.n, &found, &world->err));
	assert_int_equal(found.looks, 3);
	assert_int_equal(found.first_seen_ms, 100);
	assert_int_equal(found.last_seen_ms, 200);
	assert_string_equal(found.text, "it is still there");
	assert_string_equal(found.client_order_id, blocker.client_order_id);
	assert_string_equal(found.evidence, "{\"quantity\":\"0.1\"}");
	/* Each part of the subject makes another one. */
	for (int i = 0; i < 7; i++) {
		struct blocker other = strangers_order(i == 0 ? "78" : "77");
		if (i == 1) text_copy(other.account, sizeof(other.account), "uid-2");
		if (i == 2) text_copy(other.exchange_host, sizeof(other.exchange_host), "testnet");
		if (i == 3) text_copy(other.kind, sizeof(other.kind), "order.odd");
		if (i == 4) other.client_id = 2;
		if (i == 5) other.operation_id = 5;
		if (i == 6) text_copy(other.symbol, sizeof(other.symbol), "ETHUSDC");
		assert_ok(world, store_blocker_put(world->store, &other, 300, &is_new, &world->err));
		assert_true(is_new);
	}
	assert_int_equal(count_blockers(world, (struct blocker_query){ 0 }), 8);
	assert_int_equal(count_blockers(world, (struct blocker_query){ .client_id = 1 }), 7);
	assert_int_equal(count_blockers(world, (struct blocker_query){ .operation_id = 5 }), 1);
	assert_int_equal(count_blockers(world, (struct blocker_query){ .kind = "order.odd" }), 1);
	assert_int_equal(count_blockers(world, (struct blocker_query){ .limit = 2 }), 2);
}

static void
what_is_resolved_is_final_and_may_come_again(void **state)
{
	struct world *world = *state;
	struct blocker blocker = strangers_order("77"), again, found;
	bool is_new = false;

	assert_ok(world, store_blocker_put(world->store, &blocker, 100, NULL, &world->err));
	assert_status(world, store_blocker_resolve(world->store, blocker.n, "", "x", 150, &world->err),
	              STATUS_INVALID);
	assert_ok(world, store_blocker_resolve(world->store, blocker.n, "person/command", "it is mine", 150,
	                                       &world->err));
	assert_ok(world, store_blocker_find(world->store, blocker.n, &found, &world->err));
	assert_int_equal(found.resolved_at_ms, 150);
	assert_string_equal(found.resolved_by, "person/command");
	assert_string_equal(found.resolution, "it is mine");
	assert_status(world, store_blocker_resolve(world->store, blocker.n, "x", "y", 160, &world->err),
	              STATUS_CONFLICT);
	assert_status(world, store_blocker_resolve(world->store, 99, "x", "y", 160, &world->err), STATUS_NOT_FOUND);
	assert_int_equal(count_blockers(world, (struct blocker_query){ .only_open = true }), 0);
	again = strangers_order("77");
	assert_ok(world, store_blocker_put(world->store, &again, 200, &is_new, &world->err));
	assert_true(is_new);
	assert_int_not_equal(again.n, blocker.n);
	assert_int_equal(count_blockers(world, (struct blocker_query){ .only_open = true }), 1);
	must_be_whole(world);
}

/* ---- requests ---- */

static void
every_kind_of_request_can_be_asked(void **state)
{
	struct world *world = *state;

	for (int kind = 0; kind < REQUEST_KIND_COUNT; kind++) {
		struct request request = { .client_id = 1, .kind = (enum request_kind)kind }, found;
		assert_string_not_equal(request_kind_name(request.kind), "?");
		assert_ok(world, store_request_insert(world->store, &request, &world->err));
		assert_ok(world, store_request_find(world->store, request.id, &found, &world->err));
		assert_int_equal(found.kind, kind);
	}
}

/* ---- a book of version 1 ---- */

static void
run_all(sqlite3 *db, sqlite3_stmt *stmt)
{
	while (sqlite3_step(stmt) == SQLITE_ROW)
		if (sqlite3_exec(db, (const char *)sqlite3_column_text(stmt, 0), NULL, NULL, NULL) != SQLITE_OK)
			fail_msg("%s: %s", (const char *)sqlite3_column_text(stmt, 0), sqlite3_errmsg(db));
	sqlite3_finalize(stmt);
}

static void
run_each(sqlite3 *db, sqlite3 *from, const char *sql)
{
	sqlite3_stmt *stmt;

	assert_int_equal(sqlite3_prepare_v2(from, sql, -1, &stmt, NULL), SQLITE_OK);
	run_all(db, stmt);
}

/* The rows of this book in a file with the schema of version 1, and its triggers. */
static void
make_version_1(struct world *world, const char *path)
{
	const struct store_options first = { .migrations = { schema_migrations, 1 } };
	struct store *store, *model;
	sqlite3 *db;
	char attach[800];

	assert_ok(world, store_open_with(path, false, 10, &first, &store, NULL, &world->err));
	store_close(store);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	run_each(db, db, "SELECT group_concat('DROP TRIGGER ' || name, ';') FROM sqlite_schema WHERE type = 'trigger'");
	text_format(attach, sizeof(attach), "ATTACH '%s' AS now; BEGIN", world->path);
	assert_int_equal(sqlite3_exec(db, attach, NULL, NULL, NULL), SQLITE_OK);
	run_each(db, db, "SELECT 'INSERT INTO main.' || t.name || ' SELECT ' || "
	         "(SELECT group_concat(name) FROM pragma_table_info(t.name, 'main')) || ' FROM now.' || t.name "
	         "FROM main.sqlite_schema AS t WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' "
	         "AND t.name <> 'migrations'");
	assert_int_equal(sqlite3_exec(db, "COMMIT; DETACH now", NULL, NULL, NULL), SQLITE_OK);
	assert_ok(world, store_open_with(":memory:", false, 0, &first, &model, NULL, &world->err));
	run_each(db, model->db, "SELECT sql FROM sqlite_schema WHERE type = 'trigger'");
	store_close(model);
	sqlite3_close(db);
}

static void
a_book_of_version_1_is_brought_up_with_all_it_holds(void **state)
{
	struct world *world = *state;
	struct request request = { .client_id = 1, .kind = REQUEST_CLOSE, .operation_id = 2, .actor = "person/test" };
	struct intent intent;
	struct operation op;
	struct trade trade;
	struct book book;
	char old[700], backup[720];
	struct store *store;
	struct order order;

	world_open_trade(world, 1, "All In", &intent, &op);
	world_close_trade(world, &op, "110", 9000, &trade);
	world_open_trade(world, 2, "", &intent, &op);
	assert_ok(world, store_request_insert(world->store, &request, &world->err));
	assert_ok(world, store_request_insert(world->store, &request, &world->err));
	assert_ok(world, store_book(world->store, 1, MODE_LIVE, &book, &world->err));
	text_format(old, sizeof(old), "%s/old.db", world->folder);
	make_version_1(world, old);
	assert_int_equal(store_open(old, true, 20, &store, NULL, &world->err), STATUS_IO);
	assert_ok(world, store_open(old, false, 20, &store, NULL, &world->err));
	text_format(backup, sizeof(backup), "%s.before-v%zu", old, schema_migration_count);
	struct stat info;
	assert_int_equal(stat(backup, &info), 0);

	world_leave(world);
	text_copy(world->path, sizeof(world->path), old);
	store_close(store);
	world_reopen(world);
	must_be_whole(world);
	struct ids ids = ids_of(world, MODE_LIVE);
	assert_int_equal(ids.count, 1);
	assert_string_equal(ids.id[0], book.id);
	assert_ok(world, store_operation_find(world->store, 1, op.id, &op, &world->err));
	assert_decimal(op.base_fees, "0");
	assert_ok(world, store_order_find(world->store, "rbook-000000000002-entry1", &order, &world->err));
	assert_string_equal(order.list_id, "");
	assert_ok(world, store_request_find(world->store, 2, &request, &world->err));
	assert_string_equal(request.actor, "person/test");
	assert_ok(world, store_request_insert(world->store, &request, &world->err));
	assert_int_equal(request.id, 3);             /* numbers go on where they were */
	/* ... and what was open goes on. */
	world_close_trade(world, &op, "105", 9500, &trade);
	must_be_whole(world);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
		TEST(what_a_live_order_and_its_operation_carry_comes_back),
		TEST(a_live_trade_that_leaves_dust_is_booked_and_verifies),
		TEST(orders_and_fills_are_found_by_mode),
		TEST(the_schema_settles_a_quantity_exactly_where_the_program_does),
		TEST(a_quantity_settles_once),
		TEST(a_live_row_says_where_it_lives_and_stays_there),
		TEST(a_book_knows_its_machine_and_those_before),
		TEST(live_business_is_what_is_open_and_live),
		TEST(every_id_that_a_book_had_is_kept),
		TEST(a_restored_book_has_all_its_ids_and_lives_nowhere),
		TEST(another_books_ids_are_not_taken_over),
		TEST(a_blocker_is_one_row_however_often_it_is_seen),
		TEST(what_is_resolved_is_final_and_may_come_again),
		TEST(every_kind_of_request_can_be_asked),
		TEST(a_book_of_version_1_is_brought_up_with_all_it_holds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
