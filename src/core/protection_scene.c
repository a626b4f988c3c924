/* From facts to a scene: which orders are certain, what can be sold, and why an exit is wanted. */
#include "core/protection_scene.h"

#include <string.h>

bool
scene_bid_at_stop(const struct scene *scene)
{
	return scene->facts->is_fresh && decimal_cmp(scene->facts->bid, scene->level) <= 0;
}

bool
scene_bid_below_target(const struct scene *scene)
{
	return scene->facts->is_fresh && decimal_cmp(scene->facts->bid, scene->target_level) < 0;
}

bool
scene_target_touched(const struct scene *scene)
{
	return scene->facts->is_target_touched || scene_sells(scene->target);
}

static bool
is_bid_at_target(const struct scene *scene)
{
	return scene->facts->is_fresh && decimal_cmp(scene->facts->bid, scene->target_level) >= 0;
}

/* At the stop in force, or nearer: then selling at that level is the exchange's. */
static bool
is_stop_in_place(const struct scene *scene)
{
	return scene->stop != NULL && decimal_cmp(scene->stop->stop_price, scene->level) >= 0;
}

/* ---- why an exit is wanted; a person's or the monitor's written wish comes first ---- */

static bool
stop_sells(const struct scene *scene)
{
	return scene_sells(scene->stop);
}

static bool
stop_was_refused(const struct scene *scene)
{
	return scene->facts->is_stop_refused && scene->stop == NULL;
}

static bool
stop_did_not_fill(const struct scene *scene)
{
	return scene->facts->beyond_age_ms >= PROTECTION_BEYOND_MS ||
	       scene->facts->beyond_lasts >= PROTECTION_BEYOND_LASTS;
}

static bool
stop_is_ours(const struct scene *scene)
{
	return scene_bid_at_stop(scene) && !is_stop_in_place(scene);
}

static bool
target_is_slow(const struct scene *scene)
{
	return scene->target != NULL && scene_target_touched(scene) &&
	       scene->facts->touched_age_ms >= PROTECTION_TARGET_MS;
}

static bool
target_fell_back(const struct scene *scene)
{
	return scene->target != NULL && scene_target_touched(scene) && scene_bid_below_target(scene);
}

static bool
target_is_ours(const struct scene *scene)
{
	return scene->target == NULL && scene->op->has_target &&
	       (scene->facts->is_target_touched || is_bid_at_target(scene));
}

static const struct wish {
	bool (*applies)(const struct scene *scene);
	enum exit_reason reason;
	const char *why;
} wishes[] = {
	{ stop_sells, EXIT_STOP_LOSS, "the stop has begun to sell: the rest goes, too" },
	{ stop_was_refused, EXIT_STOP_LOSS, "the stop was refused because it would trigger at once" },
	{ stop_did_not_fill, EXIT_STOP_LOSS, "the price is beyond the stop, and it was not filled" },
	{ stop_is_ours, EXIT_STOP_LOSS, "the bid is at the stop, and no stop rests there" },
	{ target_is_slow, EXIT_TAKE_PROFIT, "the target was touched and is not filled after 5 s" },
	{ target_fell_back, EXIT_TAKE_PROFIT, "the target was touched, and the bid fell back" },
	{ target_is_ours, EXIT_TAKE_PROFIT, "the bid has reached the target, and no order rests there" },
};

/* ---- which orders there are ---- */

static bool
is_told(enum order_state state)
{
	return state == ORDER_PENDING_NEW || state == ORDER_NEW || state == ORDER_PARTIALLY_FILLED;
}

/* Keep the first of its kind, and the larger: what is left over is one sale too many. */
static void
take_sale(struct scene *scene, const struct order **slot, const struct order *order)
{
	const struct order *smaller = order;

	if (*slot == NULL) {
		*slot = order;
		return;
	}
	if (decimal_cmp(order_remaining(order), order_remaining(*slot)) > 0) {
		smaller = *slot;
		*slot = order;
	}
	scene->extra = smaller;
}

static void
sort_order(struct scene *scene, const struct protection_order *item)
{
	const struct order *order = item->order;

	if (order_is_final(order->state))
		return;
	if (!is_told(order->state) || item->must_look) {
		scene->is_in_doubt = true;
		scene->is_unknown |= order->state == ORDER_UNKNOWN;
	}
	if (!is_told(order->state))
		return;
	if (order->purpose == PURPOSE_ENTRY)
		scene->entry = order;
	else if (order->state == ORDER_PENDING_NEW)
		scene->has_waiting_legs = true;
	else if (order->purpose == PURPOSE_STOP)
		take_sale(scene, &scene->stop, order);
	else if (order->purpose == PURPOSE_TARGET)
		take_sale(scene, &scene->target, order);
	else
		take_sale(scene, &scene->exit, order);
}

/* Two orders of one list sell the same coins once; any other pair would sell them twice. */
static void
find_extra(struct scene *scene)
{
	if (scene->stop != NULL && scene->target != NULL &&
	    (scene->stop->list_id[0] == '\0' ||
	     strcmp(scene->stop->list_id, scene->target->list_id) != 0))
		scene->extra = scene->target;
	scene->leg = scene->stop != NULL ? scene->stop : scene->target;
	if (scene->exit != NULL && scene->leg != NULL)
		scene->extra = scene->leg;
}

static void
find_wish(struct scene *scene)
{
	if (scene->op->exit_wish.reason != EXIT_NONE) {
		scene->wanted = scene->op->exit_wish.reason;
		scene->wanted_why = "an exit is wanted";
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(wishes); i++)
		if (wishes[i].applies(scene)) {
			scene->wanted = wishes[i].reason;
			scene->wanted_why = wishes[i].why;
			return;
		}
}

/* A step of zero is none. */
static struct decimal
to_step(struct decimal d, struct decimal step, enum rounding rounding)
{
	struct decimal stepped;
	return decimal_to_step(d, step, rounding, &stepped) == STATUS_OK ? stepped : d;
}

/* A little less there than the book holds is commission that something else paid with it.  Where a lot
 * is missing it was moved or sold by hand: nothing is made smaller then, and the refusal is an alarm. */
static void
cut_to_account(struct scene *scene)
{
	enum { LEAST_PERCENT = 90 };
	struct decimal there = scene->facts->free;
	struct decimal step = scene->rules->lot_step;

	if (!scene->facts->has_free)
		return;
	if (scene->leg != NULL)
		there.e16 += order_remaining(scene->leg).e16;
	/* Below 10^34 each, so that a hundred of them fit an i128: exact. */
	if (decimal_cmp(there, scene->sellable) < 0 && there.e16 * 100 >= scene->sellable.e16 * LEAST_PERCENT)
		scene->sellable = to_step(there, step, ROUND_DOWN);
}

void
scene_set(struct scene *scene, const struct protection_facts *facts)
{
	const struct operation *op = facts->op;
	const struct symbol_rules *symbol = facts->rules;

	*scene = (struct scene){ .facts = facts, .op = op, .rules = symbol };
	for (size_t i = 0; i < facts->order_count; i++)
		sort_order(scene, &facts->orders[i]);
	find_extra(scene);
	scene->sellable = operation_sellable(op, symbol->lot_step);
	cut_to_account(scene);
	scene->market = scene->sellable;
	if (decimal_is_positive(symbol->market_max))
		scene->market = decimal_min(scene->market, symbol->market_max);
	scene->market = to_step(to_step(scene->market, symbol->market_step, ROUND_DOWN),
	                        symbol->lot_step, ROUND_DOWN);
	scene->level = to_step(op->stop_price, symbol->tick, ROUND_FLOOR);
	scene->target_level = to_step(op->target_price, symbol->tick, ROUND_HALF_UP);
	find_wish(scene);
}
