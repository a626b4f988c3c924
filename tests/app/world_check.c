/* Looking into the book as a stranger, and what must hold in it whatever happened. */
#include "tests/app/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/desk_state.h"
#include "tests/app/steps.h"

/* ---- the stranger ---- */

static sqlite3 *
stranger_of(struct world *world)
{
	if (world->stranger == NULL && sqlite3_open(world->path, &world->stranger) != SQLITE_OK)
		fail_msg("the book can't be opened by a stranger");
	return world->stranger;
}

static sqlite3_stmt *
ask(struct world *world, const char *format, va_list args)
{
	char sql[2048];
	sqlite3_stmt *stmt;

	if (!text_vformat(sql, sizeof sql, format, args))
		fail_msg("the test's SQL is too long");
	if (sqlite3_prepare_v2(stranger_of(world), sql, -1, &stmt, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(world->stranger));
	return stmt;
}

int64_t
world_count(struct world *world, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	sqlite3_stmt *stmt = ask(world, format, args);
	va_end(args);
	if (sqlite3_step(stmt) != SQLITE_ROW)
		fail_msg("%s: %s", format, sqlite3_errmsg(world->stranger));
	int64_t count = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return count;
}

const char *
world_text(struct world *world, const char *format, ...)
{
	static char text[4096];
	va_list args;

	va_start(args, format);
	sqlite3_stmt *stmt = ask(world, format, args);
	va_end(args);
	text[0] = '\0';
	if (sqlite3_step(stmt) == SQLITE_ROW)
		text_copy(text, sizeof text, (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	return text;
}

int64_t
world_events(struct world *world, const char *kind)
{
	return world_count(world, "SELECT count(*) FROM events WHERE kind = '%s'", kind);
}

void
world_lock(struct world *world)
{
	if (sqlite3_exec(stranger_of(world), "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("no lock: %s", sqlite3_errmsg(world->stranger));
}

void
world_unlock(struct world *world)
{
	if (sqlite3_exec(stranger_of(world), "ROLLBACK", NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("no unlock: %s", sqlite3_errmsg(world->stranger));
}

char *
world_dump(struct world *world)
{
	sqlite3_stmt *tables, *rows;
	struct text dump;
	char sql[256];

	text_init(&dump);
	if (sqlite3_prepare_v2(stranger_of(world), "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
	                       -1, &tables, NULL) != SQLITE_OK)
		fail_msg("no list of tables");
	while (sqlite3_step(tables) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(tables, 0);
		text_format(sql, sizeof sql, "SELECT * FROM %s ORDER BY 1, 2", name);
		if (sqlite3_prepare_v2(world->stranger, sql, -1, &rows, NULL) != SQLITE_OK)
			fail_msg("%s: %s", sql, sqlite3_errmsg(world->stranger));
		while (sqlite3_step(rows) == SQLITE_ROW) {
			text_appendf(&dump, "%s", name);
			for (int i = 0; i < sqlite3_column_count(rows); i++) {
				const char *cell = (const char *)sqlite3_column_text(rows, i);
				text_appendf(&dump, "|%s", cell != NULL ? cell : "NULL");
			}
			text_appendf(&dump, "\n");
		}
		sqlite3_finalize(rows);
	}
	sqlite3_finalize(tables);
	if (dump.failed)
		fail_msg("no memory for the dump");
	return dump.data;
}

struct intent
world_intent(struct world *world, const char *id)
{
	struct intent intent;

	assert_ok(world, store_intent_find(world->a.store, 0, id, &intent, &world->err));
	return intent;
}

struct operation
world_operation(struct world *world, int64_t id)
{
	struct operation op;

	assert_ok(world, store_operation_find(world->a.store, 0, id, &op, &world->err));
	return op;
}

/* ---- what must hold ---- */

static char unsound[512];

static const char *
say(const char *format, ...) PRINTF_LIKE(1, 2);

static const char *
say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(unsound, sizeof unsound, format, args);
	va_end(args);
	return unsound;
}

struct sums { struct leg entry, exit; };

/* The sums of an operation's fills, reckoned here anew. */
static bool
add_fill(void *self, const struct fill_row *row)
{
	struct sums *sums = self;
	struct leg *leg = row->order.purpose == PURPOSE_ENTRY ? &sums->entry : &sums->exit;

	return leg_add(leg, row->fill.price, row->fill.quantity, row->fill.fee_quote) == STATUS_OK;
}

static bool
is_same_leg(const struct leg *a, const struct leg *b)
{
	return decimal_cmp(a->quantity, b->quantity) == 0 && decimal_cmp(a->value, b->value) == 0 &&
	       decimal_cmp(a->fees, b->fees) == 0;
}

struct walk { struct world *world; struct decimal net; const char *wrong; int active; };

/* Net by hand: what was got minus what was paid minus every fee. */
static struct decimal
net_of(enum side side, const struct sums *sums)
{
	struct decimal got = side == SIDE_BUY ? sums->exit.value : sums->entry.value;
	struct decimal paid = side == SIDE_BUY ? sums->entry.value : sums->exit.value;

	/* Dust stays in the account at its cost. */
	if (side == SIDE_BUY && decimal_cmp(sums->exit.quantity, sums->entry.quantity) < 0 &&
	    decimal_mul_div(sums->entry.value, sums->exit.quantity, sums->entry.quantity, ROUND_UP, &paid) != STATUS_OK)
		fail_msg("what the sold part cost does not fit a number");

	return (struct decimal){ got.e16 - paid.e16 - sums->entry.fees.e16 - sums->exit.fees.e16 };
}

static bool
check_operation(void *self, const struct operation *op)
{
	struct walk *walk = self;
	struct store *store = walk->world->a.store;
	struct order_query mine = { .operation_id = op->id };
	struct sums sums = { 0 };
	struct intent intent;
	long long id = (long long)op->id;

	if (store_fills(store, &mine, add_fill, &sums, NULL) != STATUS_OK)
		walk->wrong = say("the fills of operation %lld can't be read", id);
	else if (!is_same_leg(&sums.entry, &op->entry) || !is_same_leg(&sums.exit, &op->exit))
		walk->wrong = say("operation %lld is not the sum of its fills", id);
	else if (decimal_cmp(op->exit.quantity, op->entry.quantity) > 0)
		walk->wrong = say("operation %lld sold more than it held", id);
	else if (store_intent_find(store, 0, op->intent_id, &intent, NULL) != STATUS_OK ||
	         !operation_agrees_with_intent(intent.status, true, op->status))
		walk->wrong = say("operation %lld and its intent do not agree", id);
	if (op->status == OPERATION_ACTIVE)
		walk->active++;
	if (op->status != OPERATION_CLOSED || walk->wrong != NULL)
		return walk->wrong == NULL;
	char net[DECIMAL_TEXT_SIZE];
	decimal_text(net_of(op->side, &sums), net);
	walk->net.e16 += net_of(op->side, &sums).e16;
	if (world_count(walk->world, "SELECT count(*) FROM trades WHERE operation_id = %lld AND net_pnl = '%s'", id, net) != 1)
		walk->wrong = say("operation %lld has no trade of %s", id, net);
	else if (world_count(walk->world, "SELECT count(*) FROM operations WHERE id = %lld AND realized_pnl = '%s'", id, net) != 1)
		walk->wrong = say("operation %lld did not make %s", id, net);
	return walk->wrong == NULL;
}

/* Every ACTIVE operation of this feed is on its ladder, or has an exit that is wanted. */
static const char *
check_watches(struct desk *desk, int active)
{
	size_t armed = 0, wanted = 0, foreign = 0;

	for (size_t i = 0; i < desk->market_count; i++)
		armed += ladder_count(desk->markets[i]->ladder);
	for (size_t i = 0; i < desk->position_count; i++) {
		const struct position *position = desk->positions[i];
		/* At a level that the exchange is selling at, the ladder has given the position up. */
		bool is_at_level = position->protecting.beyond_mono_ms != 0 || position->protecting.touched_mono_ms != 0;
		wanted += !position->is_foreign && (position->is_fire_due || position->op.exit_wish.reason != EXIT_NONE || is_at_level);
		foreign += position->is_foreign;
	}
	if (desk->position_count != (size_t)active)
		return say("%d operations are ACTIVE and %zu in memory", active, desk->position_count);
	if (armed + wanted + foreign != (size_t)active)
		return say("%d operations are ACTIVE, %zu armed, %zu leaving", active, armed, wanted);
	return NULL;
}

static void
see_check(void *self, const struct store_check *check)
{
	const char **wrong = self;

	if (!check->ok)
		*wrong = say("verify: %s, %s: %s", check->group, check->name, check->message);
}

static const char *
find_unsound(struct world *world)
{
	struct walk walk = { .world = world };
	struct operation_query all = { .client_id = 0 };
	struct chain_result chain;
	struct store_health health;
	char net[DECIMAL_TEXT_SIZE];

	if (store_operations(world->a.store, &all, check_operation, &walk, NULL) != STATUS_OK)
		return say("the operations can't be read");
	if (walk.wrong != NULL)
		return walk.wrong;
	if (world_count(world, "SELECT count(*) FROM (SELECT intent_id FROM operations GROUP BY intent_id HAVING count(*) > 1)") != 0)
		return say("an intent has two operations");
	if (world_count(world, "SELECT count(*) FROM (SELECT intent_id FROM orders WHERE purpose = 'entry' GROUP BY intent_id HAVING count(*) > 1)") != 0)
		return say("an intent has two entry orders");
	if (world_count(world, "SELECT count(*) FROM (SELECT operation_id FROM orders WHERE purpose = 'exit' AND state IN "
	                "('PENDING', 'SENT', 'UNKNOWN', 'PENDING_NEW', 'NEW', 'PARTIALLY_FILLED') "
	                "GROUP BY operation_id HAVING count(*) > 1)") != 0)
		return say("an operation has two exits under way");
	if (world_count(world, "SELECT count(*) FROM operations WHERE status = 'CLOSED'") !=
	    world_count(world, "SELECT count(*) FROM trades"))
		return say("closed operations and trades are not as many");
	decimal_text(walk.net, net);
	/* A world trades in one mode. */
	if (strcmp(world_text(world, "SELECT realized_net FROM books WHERE client_id = 1 AND mode = '%s'",
	                      world->live != NULL ? "LIVE" : "DRY_RUN"), net) != 0)
		return say("the book's net is not %s", net);
	if (store_verify_chain(world->a.store, &chain, NULL) != STATUS_OK || !chain.ok)
		return say("the audit chain is broken: %s", chain.what);
	if (store_verify(world->a.store, see_check, &walk.wrong, &health, NULL) != STATUS_OK)
		return say("verify failed");
	if (walk.wrong != NULL || world->a.desk == NULL || !desk_is_holder(world->a.desk))
		return walk.wrong;
	return check_watches(world->a.desk, walk.active);
}

const char *
world_unsound(struct world *world)
{
	steps_suspend(true);
	const char *wrong = find_unsound(world);
	steps_suspend(false);
	return wrong;
}

void
world_assert_sound(struct world *world)
{
	const char *wrong = world_unsound(world);

	if (wrong != NULL)
		fail_msg("%s", wrong);
}
