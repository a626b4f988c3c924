/* Protection over random facts, and over random lives: what must hold for each of them, whichever rule
 * answers.  ROBSON_TEST_SCALE multiplies how many are tried. */
#include "tests/core/protection_world.h"

#include <stdio.h>

enum { FACTS = 400000, LIVES = 4000, SEED = 20260731 };

struct dice {
	uint64_t state;
};

/* splitmix64 */
static uint64_t
roll(struct dice *dice)
{
	uint64_t z = dice->state += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

static int
below(struct dice *dice, int limit)
{
	return (int)(roll(dice) % (unsigned)limit);
}

static bool
one_in(struct dice *dice, int times)
{
	return below(dice, times) == 0;
}

static int
scale(void)
{
	const char *text = getenv("ROBSON_TEST_SCALE");
	int times = text == NULL ? 1 : atoi(text);
	return times > 0 ? times : 1;
}

static struct decimal
lots(int count)
{
	return (struct decimal){ (i128)count * INT64_C(100000000000) };        /* 0.00001 each */
}

static struct decimal
minus(struct decimal a, struct decimal b)
{
	struct decimal rest = DECIMAL_ZERO;
	assert_int_equal(decimal_sub(a, b, &rest), STATUS_OK);
	return rest;
}

static bool
is_sale(const struct order *order)
{
	return order->purpose != PURPOSE_ENTRY && order_is_open(order->state);
}

static bool
is_told(enum order_state state)
{
	return state == ORDER_PENDING_NEW || state == ORDER_NEW || state == ORDER_PARTIALLY_FILLED;
}

static bool
are_siblings(const struct order *a, const struct order *b)
{
	return a->list_id[0] != '\0' && strcmp(a->list_id, b->list_id) == 0;
}

/* ---- any facts ---- */

static void
any_order(struct dice *dice, struct world *world)
{
	static const char *const prices[] = { "47999.99", "48000", "48000.01", "55999.99", "56000" };
	struct order *order = &world->orders[world->facts.order_count];
	struct protection_order *open = &world->open[world->facts.order_count++];

	*order = (struct order){
		.purpose = (enum order_purpose)below(dice, 4),
		.state = one_in(dice, 3) ? (enum order_state)below(dice, ORDER_STATE_COUNT)
		         : one_in(dice, 4) ? ORDER_PARTIALLY_FILLED : one_in(dice, 4) ? ORDER_PENDING_NEW
		                                                                    : ORDER_NEW,
		.quantity = lots(1 + below(dice, 6)), .is_cancel_wanted = one_in(dice, 6),
		.is_quantity_open = one_in(dice, 8),
		.stop_price = dec(prices[below(dice, 3)]), .price = dec(prices[3 + below(dice, 2)]),
	};
	if (order->state == ORDER_PARTIALLY_FILLED)
		order->filled_quantity = lots(1);
	text_copy(order->list_id, sizeof order->list_id, one_in(dice, 3) ? "" : one_in(dice, 5) ? "M" : "L");
	*open = (struct protection_order){ .order = order, .must_look = one_in(dice, 12) };
}

static void
any_facts(struct dice *dice, struct world *world)
{
	static const char *const bids[] = { "47000", "47999.99", "48000", "48000.01", "48500", "50000",
	                                    "55999.99", "56000", "57000" };
	static const int ages[] = { 0, 1, 2999, 3000, 4999, 5000, 29999, 30000 };
	struct protection_facts *facts = &world->facts;

	world_init(world);
	world->rules.notional_min = dec(one_in(dice, 2) ? "1" : "0");
	world->rules.notional_min_on_market = one_in(dice, 2);
	world->rules.oco_allowed = one_in(dice, 2);
	world->rules.cancel_replace_allowed = !one_in(dice, 4);
	world->rules.can_stop_loss = one_in(dice, 2);
	world->rules.can_stop_loss_limit = !one_in(dice, 4);
	world->rules.market_max = lots(one_in(dice, 4) ? 3 : 0);
	world->rules.market_step = lots(one_in(dice, 6) ? 2 : 0);
	world->rules.market_min = lots(one_in(dice, 8) ? 2 : 0);
	world->op.entry = (struct leg){ .quantity = lots(5), .value = dec("2.5") };
	world->op.base_fees = one_in(dice, 2) ? dec("0.000004") : DECIMAL_ZERO;
	world->op.exit.quantity = lots(one_in(dice, 2) ? 0 : below(dice, 6));
	world->op.has_target = one_in(dice, 2);
	world->op.target_price = dec("56000");
	if (one_in(dice, 4))
		world->op.exit_wish.reason = (enum exit_reason)(1 + below(dice, 4));
	facts->bid = dec(bids[below(dice, ARRAY_LEN(bids))]);
	facts->is_fresh = !one_in(dice, 5);
	facts->partial_age_ms = ages[below(dice, ARRAY_LEN(ages))];
	facts->beyond_age_ms = one_in(dice, 4) ? ages[below(dice, 4)] : 0;
	facts->beyond_lasts = one_in(dice, 4) ? below(dice, 4) : 0;
	facts->touched_age_ms = ages[below(dice, 6)];
	facts->is_target_touched = one_in(dice, 4);
	facts->may_place = !one_in(dice, 5);
	facts->is_stop_refused = one_in(dice, 8);
	facts->is_exit_backing_off = one_in(dice, 8);
	int count = one_in(dice, 3) ? 0 : below(dice, 4);
	for (int i = 0; i < count; i++)
		any_order(dice, world);
}

struct seen {
	bool is_in_doubt, has_entry, has_waiting, has_sale, has_known_stop;
};

static struct seen
look_at(const struct world *world)
{
	struct seen seen = { 0 };
	for (size_t i = 0; i < world->facts.order_count; i++) {
		const struct order *order = &world->orders[i];
		if (!order_is_open(order->state))
			continue;
		seen.is_in_doubt |= !is_told(order->state) || world->open[i].must_look;
		seen.has_entry |= order->purpose == PURPOSE_ENTRY;
		seen.has_waiting |= order->purpose != PURPOSE_ENTRY && order->state == ORDER_PENDING_NEW;
		seen.has_sale |= is_sale(order);
		seen.has_known_stop |= order->purpose == PURPOSE_STOP &&
		                       (order->state == ORDER_NEW || order->state == ORDER_PARTIALLY_FILLED);
	}
	return seen;
}

static bool
is_placing(enum protection_action action)
{
	return action == PROTECT_PLACE_STOP || action == PROTECT_PLACE_OCO ||
	       action == PROTECT_REPLACE_STOP;
}

static bool
is_selling(enum protection_action action)
{
	return action == PROTECT_SELL || action == PROTECT_REPLACE_BY_MARKET;
}

static void
check_order_of(const struct world *world)
{
	const struct protection_step *step = &world->step;
	bool cancels = step->action == PROTECT_CANCEL_ENTRY || step->action == PROTECT_CANCEL_ORDER;
	bool replaces = step->action == PROTECT_REPLACE_STOP ||
	                step->action == PROTECT_REPLACE_BY_MARKET;

	assert_int_equal(step->order != NULL, cancels || replaces);
	if (step->order == NULL)
		return;
	assert_false(step->order->is_cancel_wanted);
	assert_true(is_told(step->order->state));
	assert_int_equal(step->order->purpose == PURPOSE_ENTRY, step->action == PROTECT_CANCEL_ENTRY);
	if (!replaces)
		return;
	/* Only what is NEW can be, and it takes along all else that could sell. */
	assert_int_equal(step->order->state, ORDER_NEW);
	assert_true(world->rules.cancel_replace_allowed);
	for (size_t i = 0; i < world->facts.order_count; i++)
		assert_true(&world->orders[i] == step->order || !is_sale(&world->orders[i]) ||
		            are_siblings(&world->orders[i], step->order));
}

static void
check_quantity(const struct world *world)
{
	const struct protection_step *step = &world->step;
	bool is_amount = is_placing(step->action) || is_selling(step->action);

	assert_int_equal(decimal_is_positive(step->quantity), is_amount);
	if (!is_amount)
		return;
	assert_true(decimal_is_multiple(step->quantity, world->rules.lot_step));
	assert_true(decimal_cmp(step->quantity, operation_open_quantity(&world->op)) <= 0);
	if (is_selling(step->action)) {
		assert_true(decimal_cmp(step->quantity, world->rules.market_min) >= 0);
		assert_true(!decimal_is_positive(world->rules.market_max) ||
		            decimal_cmp(step->quantity, world->rules.market_max) <= 0);
		assert_true(!decimal_is_positive(world->rules.market_step) ||
		            decimal_is_multiple(step->quantity, world->rules.market_step));
	}
}

static void
check_facts(const struct world *world)
{
	const struct protection_step *step = &world->step;
	struct seen seen = look_at(world);
	bool acts = step->action != PROTECT_WAIT && step->action != PROTECT_NOTHING;
	bool is_held = decimal_is_positive(operation_sellable(&world->op, world->rules.lot_step));

	/* Nothing beside what is in doubt, and nothing new beside another sale. */
	assert_true(!seen.is_in_doubt || step->action == PROTECT_WAIT);
	if (step->action == PROTECT_SELL || step->action == PROTECT_PLACE_STOP ||
	    step->action == PROTECT_PLACE_OCO || step->action == PROTECT_CLOSE_AS_DUST)
		assert_false(seen.has_sale);
	/* Beside an entry only a stop, and none where its own legs wait. */
	if (seen.has_entry)
		assert_true(!is_selling(step->action) && step->action != PROTECT_PLACE_OCO &&
		            step->action != PROTECT_CLOSE_AS_DUST);
	if (seen.has_waiting)
		assert_true(!acts || step->action == PROTECT_CANCEL_ENTRY);
	check_order_of(world);
	check_quantity(world);
	/* A reason is given for an exit that nobody has written down, and for no other. */
	if (world->op.exit_wish.reason != EXIT_NONE)
		assert_int_equal(step->exit_reason, EXIT_NONE);
	else if (is_selling(step->action))
		assert_int_not_equal(step->exit_reason, EXIT_NONE);
	if (!acts || is_placing(step->action))
		assert_int_equal(step->exit_reason, EXIT_NONE);
	/* Held, and nothing known protects it: something is done about it, or a person is told; but for
	 * what a fresh price watches here: an entry that fills, and a target that is being taken. */
	if (is_held && !seen.has_known_stop && !acts && !step->is_alarm) {
		assert_true(world->facts.is_fresh);
		assert_true(strcmp(step->rule, "entry-list") == 0 || strcmp(step->rule, "target-fills") == 0);
	}
	/* Nothing is open: it is placed, sold, closed, or waits with an alarm. */
	if (!seen.has_entry && !seen.has_sale)
		assert_true(step->action != PROTECT_NOTHING &&
		            (step->action != PROTECT_WAIT || step->is_alarm));
}

static void
holds_for_any_facts_and_every_rule_answers_some(void **state)
{
	enum { RULES_MAX = 64 };
	long answered[RULES_MAX] = { 0 };
	struct dice dice = { SEED };

	(void)state;
	assert_true(protection_rule_count() < RULES_MAX);
	for (long i = 0; i < (long)FACTS * scale(); i++) {
		struct world world;
		any_facts(&dice, &world);
		protection_next(&world.facts, &world.step);
		check_facts(&world);
		for (size_t rule = 0; rule < protection_rule_count(); rule++)
			answered[rule] += strcmp(protection_rule_name(rule), world.step.rule) == 0;
	}
	for (size_t rule = 0; rule < protection_rule_count(); rule++)
		if (answered[rule] == 0)
			fail_msg("no facts make '%s' answer", protection_rule_name(rule));
}

/* ---- a life: a book, a wire that delays and loses, and an exchange that is not at fault ---- */

enum { ROWS = 64, STEP_MS = 500, STORM = 80, CALM = 200 };

struct row {
	struct order order;                   /* as the book has it */
	bool must_look;
	int replaces;                         /* row; -1: none */
	bool is_on_wire, is_cancel_on_wire;
	enum order_state there;               /* ORDER_STATE_COUNT: unknown there */
	int there_filled, quantity;           /* lots */
	int misses;                           /* lookups that found nothing */
};
struct life {
	struct dice dice;
	struct world world;
	struct row rows[ROWS];
	int count, asked, price;              /* lots of the entry; quote units */
	bool is_list, is_stormy, is_closed, takes_fee;
	int now, first_fill_at, beyond_since, touched_since, place_again_at, exit_again_at;
	char list[8];
	int lists;
};

static bool
rests(const struct row *row)
{
	return row->there == ORDER_NEW || row->there == ORDER_PARTIALLY_FILLED;
}

static bool
is_alive(const struct row *row)
{
	return rests(row) || row->there == ORDER_PENDING_NEW;
}

static bool
fault(struct life *life, int one_of)
{
	return life->is_stormy && one_in(&life->dice, one_of);
}

static struct row *
add_row(struct life *life, enum order_purpose purpose, int quantity, const char *list)
{
	assert_in_range(life->count, 0, ROWS - 1);
	struct row *row = &life->rows[life->count++];
	*row = (struct row){ .replaces = -1, .there = ORDER_STATE_COUNT, .quantity = quantity,
	                     .order = { .purpose = purpose, .quantity = lots(quantity) } };
	row->order.stop_price = life->world.op.stop_price;
	row->order.price = life->world.op.target_price;
	text_copy(row->order.list_id, sizeof row->order.list_id, list);
	return row;
}

static int
sum_there(const struct life *life, bool of_entry)
{
	int sum = 0;
	for (int i = 0; i < life->count; i++)
		if ((life->rows[i].order.purpose == PURPOSE_ENTRY) == of_entry)
			sum += life->rows[i].there_filled;
	return sum;
}

/* What commission leaves of so many lots, in whole lots. */
static int
received(const struct life *life, int bought)
{
	return life->takes_fee && bought > 0 ? bought - 1 : bought;
}

static void
end_siblings(struct life *life, const struct row *of)
{
	for (int i = 0; i < life->count; i++) {
		struct row *row = &life->rows[i];
		if (row != of && is_alive(row) && are_siblings(&row->order, &of->order) &&
		    row->order.purpose != PURPOSE_ENTRY)
			row->there = ORDER_EXPIRED;
	}
}

static void
sell_there(struct life *life, struct row *row, int quantity, enum order_state state)
{
	row->there_filled += quantity;
	row->there = state;
	end_siblings(life, row);
	/* Never twice: the account may hold other coins, so that the exchange accepts any sale. */
	assert_true(sum_there(life, false) <= received(life, sum_there(life, true)));
}

static int
price_of(struct decimal price)
{
	return (int)(price.e16 / INT64_C(10000000000000000));
}

static void
fill_entry(struct life *life, struct row *row)
{
	int rest = row->quantity - row->there_filled;
	int part = life->is_stormy ? 1 + below(&life->dice, rest) : rest;

	row->there_filled += part;
	row->there = part < rest ? ORDER_PARTIALLY_FILLED : ORDER_FILLED;
	if (life->first_fill_at == 0)
		life->first_fill_at = life->now;
	for (int i = 0; part == rest && i < life->count; i++)
		if (life->rows[i].there == ORDER_PENDING_NEW)
			life->rows[i].there = fault(life, 6) || life->price <= price_of(row->order.stop_price)
			                      ? ORDER_EXPIRED : ORDER_NEW;
}

/* What happens by itself: entries fill, stops fire, targets are taken bit by bit. */
static void
exchange_moves(struct life *life)
{
	for (int i = 0; i < life->count; i++) {
		struct row *row = &life->rows[i];
		int rest = row->quantity - row->there_filled;
		if (!rests(row))
			continue;
		if (row->order.purpose == PURPOSE_ENTRY) {
			if (!life->is_stormy || one_in(&life->dice, 4))
				fill_entry(life, row);
		} else if (row->order.purpose == PURPOSE_STOP) {
			if (life->price <= price_of(row->order.stop_price) && !one_in(&life->dice, 3)) {
				bool in_part = rest > 1 && fault(life, 4);
				sell_there(life, row, in_part ? rest / 2 : rest, in_part ? ORDER_EXPIRED : ORDER_FILLED);
			}
		} else if (life->price >= price_of(row->order.price) && one_in(&life->dice, 3)) {
			int part = 1 + below(&life->dice, rest);
			sell_there(life, row, part, part < rest ? ORDER_PARTIALLY_FILLED : ORDER_FILLED);
		}
	}
}

static void
answer(struct life *life, struct row *row, enum order_state state)
{
	bool is_refused = state == ORDER_REJECTED;

	/* A lost answer, or one that comes too late: it is looked up. */
	if (fault(life, 5)) {
		row->order.state = ORDER_UNKNOWN;
	} else {
		row->order.state = state;
		row->order.filled_quantity = lots(row->there_filled);
		if (is_refused && row->order.purpose == PURPOSE_EXIT)
			life->exit_again_at = life->now + 4;
		else if (is_refused)
			life->place_again_at = life->now + 4;
		life->world.facts.is_stop_refused = is_refused && row->order.purpose == PURPOSE_STOP &&
		                                    life->price <= price_of(row->order.stop_price);
	}
	/* Whatever was replaced, only the exchange's word on that order tells what became of it. */
	if (row->replaces >= 0)
		for (int i = 0; i < life->count; i++)
			if (i == row->replaces ||
			    are_siblings(&life->rows[i].order, &life->rows[row->replaces].order))
				life->rows[i].must_look = order_is_open(life->rows[i].order.state);
}

static void
place(struct life *life, struct row *row)
{
	bool is_exit = row->order.purpose == PURPOSE_EXIT;

	if (fault(life, 6) || (!is_exit && life->price <= price_of(row->order.stop_price))) {
		answer(life, row, ORDER_REJECTED);
		return;
	}
	row->there = ORDER_NEW;
	if (is_exit) {
		bool in_part = row->quantity > 1 && fault(life, 5);
		sell_there(life, row, in_part ? row->quantity / 2 : row->quantity,
		           in_part ? ORDER_EXPIRED : ORDER_FILLED);
	}
	answer(life, row, row->there);
}

static void
take_request(struct life *life, struct row *row)
{
	row->is_on_wire = false;
	if (fault(life, 8)) {                 /* lost on its way */
		row->order.state = ORDER_UNKNOWN;
		if (row->replaces >= 0)
			life->rows[row->replaces].must_look = true;
		return;
	}
	if (row->replaces >= 0) {
		struct row *old = &life->rows[row->replaces];
		if (old->there != ORDER_NEW) {    /* ONLY_NEW */
			answer(life, row, ORDER_REJECTED);
			return;
		}
		old->there = ORDER_CANCELLED;
		end_siblings(life, old);
	}
	place(life, row);
	/* The other side of an OCO goes and comes with it. */
	for (int i = 0; i < life->count; i++) {
		struct row *leg = &life->rows[i];
		if (leg == row || !leg->is_on_wire || !are_siblings(&leg->order, &row->order))
			continue;
		leg->is_on_wire = false;
		leg->there = row->there;
		leg->order.state = row->order.state;
	}
}

static void
take_cancel(struct life *life, struct row *row)
{
	row->is_cancel_on_wire = false;
	row->must_look = order_is_open(row->order.state);
	if (fault(life, 5) || !rests(row))
		return;
	row->there = ORDER_CANCELLED;
	end_siblings(life, row);
}

static void
wire_moves(struct life *life)
{
	for (int i = 0; i < life->count; i++) {
		struct row *row = &life->rows[i];
		if (row->is_on_wire && !fault(life, 3))
			take_request(life, row);
		if (row->is_cancel_on_wire && !fault(life, 3))
			take_cancel(life, row);
	}
}

static void
book_row(struct life *life, struct row *row)
{
	bool was_told = row->there != ORDER_STATE_COUNT;

	if (!was_told && ++row->misses < 2)
		return;
	row->must_look = false;
	row->order.state = was_told ? row->there : ORDER_NEVER_ARRIVED;
	row->order.filled_quantity = lots(row->there_filled);
	if (row->order.is_cancel_wanted && rests(row))
		row->is_cancel_on_wire = true;    /* that one did not arrive: once more */
	/* One leg has gone or moved: its sibling decides; a leg that rests proves a whole entry. */
	for (int i = 0; i < life->count; i++)
		if (&life->rows[i] != row && are_siblings(&life->rows[i].order, &row->order) &&
		    order_is_open(life->rows[i].order.state) && life->rows[i].there != life->rows[i].order.state)
			life->rows[i].must_look = true;
	if (row->order.purpose == PURPOSE_STOP && order_is_final(row->order.state) &&
	    row->there_filled > 0 && life->world.op.exit_wish.reason == EXIT_NONE)
		life->world.op.exit_wish.reason = EXIT_STOP_LOSS;
	if (row->order.purpose == PURPOSE_TARGET && order_is_final(row->order.state) &&
	    row->there_filled > 0 && life->world.op.exit_wish.reason == EXIT_NONE)
		life->world.op.exit_wish.reason = EXIT_TAKE_PROFIT;
}

static void
look_up(struct life *life)
{
	for (int i = 0; i < life->count; i++) {
		struct row *row = &life->rows[i];
		bool differs = is_told(row->order.state) &&
		               (row->there != row->order.state ||
		                decimal_cmp(row->order.filled_quantity, lots(row->there_filled)) != 0);
		if (row->is_on_wire)
			continue;
		if (differs && !fault(life, 2))
			row->must_look = true;        /* the poll has seen that something changed */
		if ((row->order.state == ORDER_UNKNOWN || row->must_look) && !fault(life, 2))
			book_row(life, row);
	}
}

static void
sum_up(struct life *life)
{
	struct operation *op = &life->world.op;
	struct decimal bought = DECIMAL_ZERO, sold = DECIMAL_ZERO;

	for (int i = 0; i < life->count; i++) {
		struct decimal *sum = life->rows[i].order.purpose == PURPOSE_ENTRY ? &bought : &sold;
		assert_int_equal(decimal_add(*sum, life->rows[i].order.filled_quantity, sum), STATUS_OK);
	}
	op->entry.quantity = bought;
	assert_int_equal(decimal_mul(bought, dec("50000"), ROUND_UP, &op->entry.value), STATUS_OK);
	op->base_fees = life->takes_fee && decimal_is_positive(bought) ? dec("0.000004") : DECIMAL_ZERO;
	op->exit.quantity = sold;
}

static void
set_facts(struct life *life)
{
	struct world *world = &life->world;
	struct protection_facts *facts = &world->facts;
	bool is_beyond = life->price <= price_of(world->op.stop_price);
	bool is_touched = world->op.has_target && life->price >= price_of(world->op.target_price);

	life->beyond_since = !is_beyond ? 0 : life->beyond_since != 0 ? life->beyond_since : life->now;
	facts->beyond_age_ms = life->beyond_since == 0 ? 0 : (life->now - life->beyond_since) * STEP_MS;
	facts->beyond_lasts = is_beyond ? (life->now > life->beyond_since) + 1 : 0;
	facts->order_count = 0;
	for (int i = 0; i < life->count; i++) {
		struct row *row = &life->rows[i];
		is_touched |= row->order.purpose == PURPOSE_TARGET && row->order.state == ORDER_PARTIALLY_FILLED;
		if (!order_is_open(row->order.state))
			continue;
		assert_in_range(facts->order_count, 0, WORLD_ORDERS - 1);
		world->open[facts->order_count++] =
			(struct protection_order){ .order = &row->order, .must_look = row->must_look };
	}
	if (is_touched && life->touched_since == 0)
		life->touched_since = life->now;
	facts->is_target_touched = life->touched_since != 0;
	facts->touched_age_ms = life->touched_since == 0 ? 0 : (life->now - life->touched_since) * STEP_MS;
	facts->partial_age_ms = (life->now - life->first_fill_at) * STEP_MS;
	facts->is_fresh = !fault(life, 6);
	facts->bid = decimal_from_int(life->price);
	facts->may_place = life->now >= life->place_again_at;
	facts->is_exit_backing_off = life->now < life->exit_again_at;
}

static void
write_sale(struct life *life, enum order_purpose purpose, int replaces)
{
	const struct protection_step *step = &life->world.step;
	int quantity = (int)(step->quantity.e16 / lots(1).e16);
	bool is_oco = step->action == PROTECT_PLACE_OCO;

	text_format(life->list, sizeof life->list, "l%d", ++life->lists);
	struct row *row = add_row(life, purpose, quantity, is_oco ? life->list : "");
	row->order.state = ORDER_SENT;
	row->is_on_wire = true;
	row->replaces = replaces;
	if (is_oco) {
		struct row *target = add_row(life, PURPOSE_TARGET, quantity, life->list);
		target->order.state = ORDER_SENT;
		target->is_on_wire = true;
	}
}

static struct row *
row_of(struct life *life, const struct order *order)
{
	for (int i = 0; i < life->count; i++)
		if (&life->rows[i].order == order)
			return &life->rows[i];
	return NULL;
}

static void
follow(struct life *life)
{
	const struct protection_step *step = &life->world.step;
	struct row *row = row_of(life, step->order);
	int index = row == NULL ? -1 : (int)(row - life->rows);

	if (step->exit_reason != EXIT_NONE)
		life->world.op.exit_wish.reason = step->exit_reason;
	switch (step->action) {
	case PROTECT_CANCEL_ENTRY:
	case PROTECT_CANCEL_ORDER:
		row->order.is_cancel_wanted = true;
		row->is_cancel_on_wire = true;
		break;
	case PROTECT_PLACE_STOP:
	case PROTECT_PLACE_OCO:
	case PROTECT_REPLACE_STOP:
		write_sale(life, PURPOSE_STOP, index);
		break;
	case PROTECT_SELL:
	case PROTECT_REPLACE_BY_MARKET:
		write_sale(life, PURPOSE_EXIT, index);
		break;
	case PROTECT_CLOSE_AS_DUST:
		life->is_closed = true;
		break;
	default:
		break;
	}
}

/* Everything that could still sell, siblings and what takes another's place counted once. */
static void
check_exposure(const struct life *life)
{
	int could = 0, held = received(life, sum_there(life, true)) - sum_there(life, false);

	for (int i = 0; i < life->count; i++) {
		const struct row *row = &life->rows[i];
		bool counts = row->order.purpose != PURPOSE_ENTRY &&
		              (rests(row) || (row->is_on_wire && row->replaces < 0));
		for (int j = 0; j < i && counts; j++)
			counts = !(are_siblings(&row->order, &life->rows[j].order) &&
			           (rests(&life->rows[j]) || life->rows[j].is_on_wire));
		could += counts ? row->quantity - row->there_filled : 0;
	}
	if (could > held)
		fail_msg("%d lots are held, and %d could be sold", held, could);
}

static void
begin(struct life *life, uint64_t seed)
{
	*life = (struct life){ .dice = { seed }, .price = 50000, .is_stormy = true };
	struct dice *dice = &life->dice;
	struct world *world = &life->world;

	world_init(world);
	world->op.has_target = one_in(dice, 2);
	world->op.target_price = dec("52000");
	world->op.stop_price = dec("48000");
	world->op.exit_wish.reason = EXIT_NONE;
	world->rules.notional_min = dec(one_in(dice, 2) ? "5" : "0");
	world->rules.oco_allowed = !one_in(dice, 3);
	world->rules.cancel_replace_allowed = !one_in(dice, 4);
	world->rules.market_max = lots(one_in(dice, 4) ? 15 : 0);
	life->takes_fee = one_in(dice, 2);
	life->asked = 12 + below(dice, 20);
	life->is_list = one_in(dice, 2);
	struct row *entry = add_row(life, PURPOSE_ENTRY, life->asked, life->is_list ? "l0" : "");
	entry->there = entry->order.state = ORDER_NEW;
	if (!life->is_list)
		return;
	for (int i = 0; i < 1 + world->op.has_target; i++) {
		struct row *leg = add_row(life, i == 0 ? PURPOSE_STOP : PURPOSE_TARGET,
		                          received(life, life->asked), "l0");
		leg->there = leg->order.state = ORDER_PENDING_NEW;
	}
}

static void
live_one_step(struct life *life)
{
	struct world *world = &life->world;

	life->now++;
	if (life->is_stormy) {
		life->price += (below(&life->dice, 7) - 3) * 150;
		if (one_in(&life->dice, 300) && world->op.exit_wish.reason == EXIT_NONE)
			world->op.exit_wish.reason = EXIT_MANUAL;
		if (one_in(&life->dice, 40) && life->price > 47000 && world->op.exit_wish.reason == EXIT_NONE)
			world->op.stop_price = decimal_from_int(life->price - 1200);      /* a person moves it */
	}
	exchange_moves(life);
	wire_moves(life);
	check_exposure(life);
	look_up(life);
	sum_up(life);
	if (!decimal_is_positive(world->op.entry.quantity))
		return;                           /* no operation yet */
	set_facts(life);
	protection_next(&world->facts, &world->step);
	follow(life);
	check_exposure(life);
}

static void
check_end(const struct life *life)
{
	const struct world *world = &life->world;
	struct decimal sellable = operation_sellable(&world->op, world->rules.lot_step);
	bool is_protected = false;

	for (int i = 0; i < life->count; i++) {
		const struct row *row = &life->rows[i];
		assert_false(life->is_closed && is_alive(row));
		is_protected |= row->order.purpose == PURPOSE_STOP && row->there == ORDER_NEW &&
		                decimal_is_zero(minus(lots(row->quantity), sellable)) &&
		                decimal_cmp(row->order.stop_price, world->op.stop_price) == 0;
	}
	if (!life->is_closed && !(is_protected && strcmp(world->step.rule, "right") == 0))
		fail_msg("neither flat nor protected: %s, %s", world->step.rule, world->step.why);
}

static void
ends_protected_or_flat_after_any_storm(void **state)
{
	int closed = 0, alive = 0, steps = 0;

	(void)state;
	for (int i = 0; i < LIVES * scale(); i++) {
		struct life life;
		begin(&life, SEED + (uint64_t)i);
		for (int step = 0; step < STORM + CALM && !life.is_closed; step++) {
			life.is_stormy = step < STORM;
			live_one_step(&life);
			steps++;
		}
		check_end(&life);
		closed += life.is_closed;
		alive += !life.is_closed;
	}
	print_message("%d lives ended flat, %d protected, in %d steps\n", closed, alive, steps);
	assert_true(closed > 0 && alive > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_for_any_facts_and_every_rule_answers_some),
		cmocka_unit_test(ends_protected_or_flat_after_any_storm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
