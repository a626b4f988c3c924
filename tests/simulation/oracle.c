/* See oracle.h.
 *
 * Never:   more bought for an intent than it asked for, more than one entry, more sold than bought,
 *          orders resting that could sell more than is held, an order that has no row;
 *          a position without a resting stop that is shown as protected, or that nobody knows of, or
 *          that stays so without an alarm, once the news of it had time to arrive.
 * At last: every order's state and every fill as the exchange has them, nothing UNKNOWN, each position
 *          protected or alarming, the audit chain whole. */
#include "tests/simulation/oracle.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "store/verify.h"
#include "tests/simulation/network.h"
#include "tests/simulation/seat.h"
#include "tests/simulation/sim.h"
#include "tests/simulation/venue.h"

enum {
	NEWS_US = 15000000,          /* by then news has arrived, where nothing went wrong */
	REPAIR_US = 75000000,        /* by then protection stands again, or an alarm does */
	SALE_US = 30000000,          /* by then what is beyond its stop is sold */
	PATIENCE_US = 300000,        /* between two looks */
	INTENTS = 256, ORDERS = 4096
};

/* What the exchange knows of one intent. */
struct truth {
	char intent[INTENT_ID_SIZE], symbol[SYMBOL_SIZE];
	struct decimal asked_for;
	amount bought, fee, sold, resting, may_sell;
	int entries, open, open_buys;
	bool is_opo;
	int64_t naked_since_us;      /* 0: not */
	int64_t beyond_since_us;     /* the bid is at or below the stop in force; 0: it is not */
};
static struct truth truths[INTENTS];
static size_t truth_count;
static int owners[ORDERS];           /* by the exchange's index: 1 + index of the truth; 0 not looked for yet */
static int64_t looked_us;
static uint64_t seen_venue;
static int64_t seen_store;

static struct decimal
decimal_of(amount value)
{
	return (struct decimal){ .e16 = value * 100000000 };
}

static const char *
shown(amount value)
{
	static char texts[8][DECIMAL_TEXT_SIZE];
	static unsigned next;
	char *text = texts[next++ % 8];

	decimal_text(decimal_of(value), text);
	return text;
}

static struct truth *
truth_of(const char *intent, const char *symbol)
{
	for (size_t i = 0; i < truth_count; i++)
		if (strcmp(truths[i].intent, intent) == 0)
			return &truths[i];
	if (truth_count == INTENTS)
		return NULL;
	struct intent row;
	if (store_intent_find(seat.store, 0, intent, &row, NULL) != STATUS_OK)
		return NULL;
	struct truth *made = &truths[truth_count++];
	memset(made, 0, sizeof *made);
	made->asked_for = row.quantity;
	text_copy(made->intent, sizeof made->intent, intent);
	text_copy(made->symbol, sizeof made->symbol, symbol);
	return made;
}

/* ---- what the exchange has ---- */

/* Both orders of an OCO spend the same coins. */
static amount
may_sell(struct truth *truth, const struct venue_order *order, size_t index)
{
	if (order->is_buy || !order->is_open || order->is_pending)
		return 0;
	for (size_t i = 0; i < index && order->list_id >= 0; i++) {
		struct venue_order other;
		venue_order(i, &other);
		if (other.list_id == order->list_id && !other.is_buy && other.is_open && !other.is_pending)
			return 0;
	}
	(void)truth;
	return order->quantity - order->executed;
}

static bool
read_venue(void)
{
	for (size_t i = 0; i < truth_count; i++) {
		struct truth *truth = &truths[i];
		truth->bought = truth->fee = truth->sold = truth->resting = truth->may_sell = 0;
		truth->entries = truth->open = truth->open_buys = 0;
		truth->is_opo = false;
	}
	for (size_t i = 0; i < venue_order_count() && i < ORDERS; i++) {
		struct venue_order order;
		venue_order(i, &order);
		if (order.is_strangers) {
			if (!order.is_open)
				sim_fail("somebody else's order %s is %s", order.client_id, order.status);
			continue;
		}
		if (owners[i] == 0) {
			struct order row;
			struct error err = { 0 };
			enum status status = store_order_find(seat.store, order.client_id, &row, &err);
			if (status != STATUS_OK && status != STATUS_NOT_FOUND)
				return false;
			if (status == STATUS_NOT_FOUND) {
				sim_fail("the exchange has order %s, and the book does not", order.client_id);
				return false;
			}
			struct truth *owner = truth_of(row.intent_id, order.symbol);
			if (owner == NULL)
				return false;
			owners[i] = (int)(owner - truths) + 1;
		}
		struct truth *truth = &truths[owners[i] - 1];
		if (order.is_buy) {
			truth->bought += order.executed;
			truth->fee += order.base_commission;
			truth->entries += order.executed > 0;
			truth->open_buys += order.is_open;
		} else {
			truth->sold += order.executed;
			truth->resting += order.rests ? order.quantity : 0;
		}
		truth->is_opo |= order.is_opo;
		truth->open += order.is_open;
		truth->may_sell += may_sell(truth, &order, i);
	}
	return true;
}

static void
judge_amounts(const struct truth *truth)
{
	amount held = truth->bought - (truth->is_opo ? 0 : truth->fee) - truth->sold;

	if (truth->entries > 1)
		sim_fail("intent %.8s: %d entries were filled", truth->intent, truth->entries);
	if (truth->sold > truth->bought)
		sim_fail("intent %.8s: %s were bought and %s sold", truth->intent, shown(truth->bought), shown(truth->sold));
	if (truth->may_sell > 0 && truth->may_sell > held)
		sim_fail("intent %.8s: %s are held, and what rests could sell %s", truth->intent, shown(held), shown(truth->may_sell));
	if (decimal_cmp(decimal_of(truth->bought), truth->asked_for) > 0)
		sim_fail("intent %.8s: %s were bought, more than it asked for", truth->intent, shown(truth->bought));
}

/* ---- naked ---- */

static amount
unprotected(const struct truth *truth)
{
	amount held = truth->bought - truth->fee - truth->sold;

	return held > truth->resting ? held - truth->resting : 0;
}

static void
judge_naked(struct truth *truth)
{
	struct operation op;
	struct operation_model model;
	struct error err = { 0 };
	amount bare = unprotected(truth);

	if (bare == 0 || !venue_is_sellable(truth->symbol, bare)) {
		truth->naked_since_us = 0;
		return;
	}
	if (truth->naked_since_us == 0)
		truth->naked_since_us = sim.now_us;
	int64_t since = truth->naked_since_us > sim.clean_since_us ? truth->naked_since_us : sim.clean_since_us;
	int64_t age = sim.now_us - since;
	if (age < NEWS_US)
		return;
	enum status status = store_operation_of_intent(seat.store, truth->intent, &op, &err);
	if (status == STATUS_NOT_FOUND) {
		sim_fail("intent %.8s: %s of %s are held for %lld s, and no operation knows", truth->intent, shown(bare),
		         truth->symbol, (long long)(age / 1000000));
		return;
	}
	if (status != STATUS_OK || desk_operation(seat.desk, op.id, &model, &err) != STATUS_OK)
		return;
	if (op.status != OPERATION_ACTIVE)
		sim_fail("operation %lld is %s, and %s of %s are still held", (long long)op.id, operation_status_name(op.status),
		         shown(bare), truth->symbol);
	else if (model.protection == PROTECTION_EXCH || model.protection == PROTECTION_EXCH_LOCAL)
		sim_fail("operation %lld is shown as %s, and %s of %s have no stop", (long long)op.id,
		         protection_name(model.protection), shown(bare), truth->symbol);
	else if (age > REPAIR_US && model.op.alarm[0] == '\0')
		sim_fail("operation %lld has no stop for %s of %s since %lld s, and no alarm", (long long)op.id, shown(bare),
		         truth->symbol, (long long)(age / 1000000));
}

/* A stop is honoured, whoever sells. */
static void
judge_stop(struct truth *truth)
{
	struct operation op;
	amount held = truth->bought - truth->fee - truth->sold;
	bool is_beyond = held > 0 && venue_is_sellable(truth->symbol, held) &&
	                 store_operation_of_intent(seat.store, truth->intent, &op, NULL) == STATUS_OK &&
	                 op.status == OPERATION_ACTIVE && decimal_cmp(decimal_of(venue_bid(truth->symbol)), op.stop_price) <= 0;

	if (!is_beyond) {
		truth->beyond_since_us = 0;
		return;
	}
	if (truth->beyond_since_us == 0)
		truth->beyond_since_us = sim.now_us;
	int64_t since = truth->beyond_since_us > sim.clean_since_us ? truth->beyond_since_us : sim.clean_since_us;
	if (sim.hindered_us > since)
		since = sim.hindered_us;
	if (sim.now_us - since > SALE_US)
		sim_fail("operation %lld: the bid is beyond its stop for %lld s, and %s of %s are still held", (long long)op.id,
		         (long long)(sim.now_us - since) / 1000000, shown(held), truth->symbol);
}

void
oracle_watch(void)
{
	if (seat.desk == NULL || sim.failure[0] != '\0' || sim.now_us < looked_us + PATIENCE_US)
		return;
	bool has_changed = venue_revision() != seen_venue || store_change_count(seat.store) != seen_store;
	bool is_waiting = false;
	for (size_t i = 0; i < truth_count; i++)
		is_waiting |= truths[i].naked_since_us != 0;
	is_waiting |= sim.now_us > looked_us + 1000000;   /* prices move without anybody's doing */
	if (!has_changed && !is_waiting)
		return;
	looked_us = sim.now_us;
	seen_venue = venue_revision();
	seen_store = store_change_count(seat.store);
	if (!read_venue())
		return;
	for (size_t i = 0; i < truth_count; i++) {
		judge_amounts(&truths[i]);
		judge_naked(&truths[i]);
		judge_stop(&truths[i]);
	}
}

/* ---- the end ---- */

static char wrong[512];

static const char *say(const char *format, ...) SIM_PRINTF(1, 2);

static const char *
say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(wrong, sizeof wrong, format, args);
	va_end(args);
	return wrong;
}

static const char *
word_of(enum order_state state)
{
	return state == ORDER_CANCELLED ? "CANCELED" : order_state_name(state);
}

struct fill_search { const struct venue_trade *trade; int found; bool is_same; };

static bool
see_fill(void *self, const struct fill_row *row)
{
	struct fill_search *search = self;
	char id[32];

	text_format(id, sizeof id, "%lld", (long long)search->trade->id);
	if (strcmp(row->fill.exchange_trade_id, id) != 0)
		return true;
	search->found++;
	search->is_same = decimal_cmp(row->fill.price, decimal_of(search->trade->price)) == 0 &&
	                  decimal_cmp(row->fill.quantity, decimal_of(search->trade->quantity)) == 0 &&
	                  decimal_cmp(row->fill.commission, decimal_of(search->trade->commission)) == 0 &&
	                  strcmp(row->fill.commission_asset, search->trade->commission_asset) == 0;
	return true;
}

static const char *
check_orders(void)
{
	for (size_t i = 0; i < venue_order_count(); i++) {
		struct venue_order theirs;
		struct order ours;
		venue_order(i, &theirs);
		if (theirs.is_strangers)
			continue;
		if (store_order_find(seat.store, theirs.client_id, &ours, NULL) != STATUS_OK)
			return say("order %s is not in the book", theirs.client_id);
		if (strcmp(word_of(ours.state), theirs.status) != 0)
			return say("order %s is %s, and %s in the book", theirs.client_id, theirs.status, order_state_name(ours.state));
		if (decimal_cmp(ours.filled_quantity, decimal_of(theirs.executed)) != 0)
			return say("of order %s %s are filled, and another part in the book", theirs.client_id, shown(theirs.executed));
		for (size_t j = 0; j < venue_trade_count(); j++) {
			struct venue_trade trade;
			venue_trade(j, &trade);
			if (trade.order_id != theirs.id)
				continue;
			struct fill_search search = { .trade = &trade };
			struct order_query query = { .intent_id = ours.intent_id };
			if (store_fills(seat.store, &query, see_fill, &search, NULL) != STATUS_OK || search.found != 1)
				return say("fill %lld of order %s is booked %d times", (long long)trade.id, theirs.client_id, search.found);
			if (!search.is_same)
				return say("fill %lld of order %s is booked otherwise than it was", (long long)trade.id, theirs.client_id);
		}
	}
	return NULL;
}

static bool
see_order(void *self, const struct order *order)
{
	const char **bad = self;

	if (order->mode == MODE_LIVE && (order->state == ORDER_UNKNOWN || order->state == ORDER_PENDING || order->state == ORDER_SENT))
		*bad = say("order %s is %s at the end", order->client_order_id, order_state_name(order->state));
	return *bad == NULL;
}

static bool
see_operation(void *self, const struct operation *op)
{
	const char **bad = self;
	const struct truth *truth = NULL;

	if (op->mode != MODE_LIVE)
		return true;
	for (size_t i = 0; i < truth_count; i++)
		if (strcmp(truths[i].intent, op->intent_id) == 0)
			truth = &truths[i];
	if (truth == NULL)
		*bad = say("operation %lld is of nothing that the exchange knows", (long long)op->id);
	else if (decimal_cmp(op->entry.quantity, decimal_of(truth->bought)) != 0 ||
	         decimal_cmp(op->exit.quantity, decimal_of(truth->sold)) != 0)
		*bad = say("operation %lld: %s bought and %s sold, and not so in the book", (long long)op->id, shown(truth->bought),
		           shown(truth->sold));
	else if (op->status == OPERATION_CLOSED && (truth->open > 0 || venue_is_sellable(truth->symbol, unprotected(truth))))
		*bad = say("operation %lld is CLOSED, with %d orders open and %s held", (long long)op->id, truth->open,
		           shown(unprotected(truth)));
	else if (op->status == OPERATION_ACTIVE && op->alarm[0] == '\0' && venue_is_sellable(truth->symbol, unprotected(truth)))
		*bad = say("operation %lld is ACTIVE with no stop for %s, and no alarm", (long long)op->id, shown(unprotected(truth)));
	return *bad == NULL;
}

static bool
see_intent(void *self, const struct intent *intent)
{
	const char **bad = self;
	const struct truth *truth = NULL;
	struct operation op;

	for (size_t i = 0; i < truth_count; i++)
		if (strcmp(truths[i].intent, intent->id) == 0)
			truth = &truths[i];
	if (intent->mode != MODE_LIVE)
		return true;
	if (intent->status == INTENT_EXECUTING && (truth == NULL || truth->open_buys == 0))
		*bad = say("intent %.8s is EXECUTING, and nothing of it rests", intent->id);
	if (truth != NULL && truth->bought > 0 && store_operation_of_intent(seat.store, intent->id, &op, NULL) != STATUS_OK)
		*bad = say("intent %.8s bought %s, and has no operation", intent->id, shown(truth->bought));
	return *bad == NULL;
}

static bool
see_flat(void *self, const struct operation *op)
{
	const char **bad = self;

	if (op->status == OPERATION_ACTIVE && op->mode == MODE_LIVE)
		*bad = say("operation %lld is ACTIVE after a panic%s%s", (long long)op->id, op->alarm[0] ? ": " : "", op->alarm);
	return *bad == NULL;
}

static void
see_check(void *self, const struct store_check *check)
{
	const char **bad = self;

	if (!check->ok && *bad == NULL)
		*bad = say("verify: %s, %s: %s", check->group, check->name, check->message);
}

/* What `verify' checks.  Comparing the schema takes longer than all the rest of a world and finds the
 * same in most of them. */
static enum status
verify(const char **ret_bad)
{
	static enum status (*const checks[])(struct verifier *v) = {
		verify_orders, verify_operations, verify_trades, verify_books, verify_strategies, verify_places,
		verify_lists, verify_stops, verify_ids, verify_blockers,
	};
	struct error err = { 0 };
	struct verifier v = { .store = seat.store, .each = see_check, .self = ret_bad, .err = &err };
	struct store_health health;
	enum status status = STATUS_OK;

	if (sim.seed % 16 == 0)
		return store_verify(seat.store, see_check, ret_bad, &health, &err);
	for (size_t i = 0; i < ARRAY_LEN(checks) && status == STATUS_OK; i++)
		status = checks[i](&v);
	return status;
}

const char *
oracle_end(bool is_flat)
{
	struct order_query orders = { .client_id = 0 };
	struct operation_query operations = { .client_id = 0 };
	struct intent_query intents = { .client_id = 0 };
	struct chain_result chain;
	const char *bad = NULL;

	if (seat.desk == NULL)
		return "no Robson could be started";
	if (!read_venue())
		return sim.failure[0] != '\0' ? sim.failure : "the book can't be read";
	if ((bad = check_orders()) != NULL)
		return bad;
	if (store_orders(seat.store, &orders, see_order, &bad, NULL) != STATUS_OK ||
	    store_operations(seat.store, &operations, see_operation, &bad, NULL) != STATUS_OK ||
	    store_intents(seat.store, &intents, see_intent, &bad, NULL) != STATUS_OK)
		return "the book can't be read";
	if (bad == NULL && is_flat && store_operations(seat.store, &operations, see_flat, &bad, NULL) != STATUS_OK)
		return "the book can't be read";
	if (bad != NULL)
		return bad;
	if (store_verify_chain(seat.store, &chain, NULL) != STATUS_OK || !chain.ok)
		return say("the audit chain is broken: %s", chain.what);
	sim.totals.events = chain.length;
	return verify(&bad) == STATUS_OK ? bad : "verify failed";
}
