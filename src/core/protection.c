/* What a LIVE position needs next: two lists of short rules, read from top to bottom; the first that
 * applies answers.  (exchange.md, "Protection that never lapses"; tests/model, "What it taught")
 *
 * Three things hold in whatever the lists say, because of the order of their rules:
 *
 * - nothing is sent while anything of the position is in doubt: not told, or to be looked at again;
 * - nothing is sold or placed while the entry is open (but for a stop of what it brought so far, where
 *   no leg waits for that), and nothing beside another sale: it takes that one's place, or waits until
 *   that one is gone;
 * - a stop that rests is only taken away by what takes its place.  The one exception, symbols that
 *   allow no cancel-replace, is an alarm. */
#include "core/protection_scene.h"

#include <assert.h>

/* ---- what the rules ask ---- */

/* A product that does not fit is below nothing. */
static bool
is_worth_less(struct decimal quantity, struct decimal price, struct decimal least)
{
	struct decimal value;
	return decimal_mul(quantity, price, ROUND_DOWN, &value) == STATUS_OK &&
	       decimal_cmp(value, least) < 0;
}

static bool
is_cancel_wanted(const struct order *order)
{
	return order != NULL && order->is_cancel_wanted;
}

static bool
can_stop(const struct scene *scene)
{
	return scene->rules->can_stop_loss || scene->rules->can_stop_loss_limit;
}

static bool
is_too_small_for_lot(const struct scene *scene)
{
	return decimal_cmp(scene->sellable, scene->rules->lot_min) < 0;
}

/* No market order could sell it now. */
static bool
is_unsellable(const struct scene *scene)
{
	const struct symbol_rules *rules = scene->rules;

	return !decimal_is_positive(scene->market) || is_too_small_for_lot(scene) ||
	       decimal_cmp(scene->market, rules->market_min) < 0 ||
	       (rules->notional_min_on_market && scene->facts->is_fresh &&
	        is_worth_less(scene->market, scene->facts->bid, rules->notional_min));
}

/* No order at the stop's price could be placed for it. */
static bool
is_too_small_for_stop(const struct scene *scene)
{
	return is_too_small_for_lot(scene) ||
	       is_worth_less(scene->sellable, scene->level, scene->rules->notional_min);
}

static bool
is_wanted(const struct scene *scene)
{
	return scene->wanted != EXIT_NONE;
}

/* ---- the rules ---- */

static bool
in_doubt(const struct scene *scene)
{
	return scene->is_in_doubt;
}

static bool
entry_ends_for_exit(const struct scene *scene)
{
	return is_cancel_wanted(scene->entry) && (is_wanted(scene) || scene->has_waiting_legs);
}

static bool
entry_beside_exit(const struct scene *scene)
{
	return scene->entry != NULL && is_wanted(scene);
}

static bool
entry_at_stop(const struct scene *scene)
{
	return scene->entry != NULL && !scene->entry->is_cancel_wanted && scene_bid_at_stop(scene);
}

static bool
entry_has_list(const struct scene *scene)
{
	return scene->entry != NULL && scene->has_waiting_legs;
}

static bool
entry_is_slow(const struct scene *scene)
{
	return entry_has_list(scene) && scene->facts->partial_age_ms >= PROTECTION_PARTIAL_MS;
}

static bool
entry_is_nearly_stopped(const struct scene *scene)
{
	struct decimal average = leg_average(&scene->op->entry);
	struct decimal way = scene_minus(average, scene->level);
	struct decimal gone = scene_minus(average, scene->facts->bid);

	/* Below 10^34 each, so that a hundred of them fit an i128: exact. */
	return entry_has_list(scene) && scene->facts->is_fresh &&
	       gone.e16 * 100 >= way.e16 * PROTECTION_PARTIAL_WAY_PERCENT;
}

static bool
legs_wait(const struct scene *scene)
{
	return scene->has_waiting_legs;
}

static bool
extra_ends(const struct scene *scene)
{
	return is_cancel_wanted(scene->extra);
}

static bool
has_extra(const struct scene *scene)
{
	return scene->extra != NULL;
}

static bool
is_exiting(const struct scene *scene)
{
	return scene->exit != NULL;
}

static bool
leg_ends(const struct scene *scene)
{
	return is_cancel_wanted(scene->stop) || is_cancel_wanted(scene->target);
}

static bool
is_flat(const struct scene *scene)
{
	return !decimal_is_positive(scene->sellable) && scene->entry == NULL;
}

static bool
rests_when_flat(const struct scene *scene)
{
	return is_flat(scene) && scene->leg != NULL;
}

static bool
is_less_than_lot(const struct scene *scene)
{
	return !decimal_is_positive(scene->sellable);
}

static bool
is_dust(const struct scene *scene)
{
	return scene->entry == NULL && scene->leg == NULL && is_unsellable(scene);
}

static bool
target_fills(const struct scene *scene)
{
	if (scene->target == NULL || scene_bid_below_target(scene) ||
	    scene->facts->touched_age_ms >= PROTECTION_TARGET_MS)
		return false;
	/* A wish that is not the target's own does not wait for it; nor does one of unknown age. */
	return is_wanted(scene) ? scene->wanted == EXIT_TAKE_PROFIT && scene->facts->touched_age_ms > 0
	                        : scene_target_touched(scene);
}

static bool
exit_of_unsellable(const struct scene *scene)
{
	return is_wanted(scene) && is_unsellable(scene);
}

static bool
exit_of_target_in_part(const struct scene *scene)
{
	return is_wanted(scene) && scene_sells(scene->target);
}

static bool
exit_of_leg_in_part(const struct scene *scene)
{
	return is_wanted(scene) && scene_sells(scene->leg);
}

static bool
exit_without_replace(const struct scene *scene)
{
	return is_wanted(scene) && scene->leg != NULL && !scene->rules->cancel_replace_allowed;
}

static bool
exit_backs_off(const struct scene *scene)
{
	return is_wanted(scene) && scene->facts->is_exit_backing_off;
}

static bool
exit_of_leg(const struct scene *scene)
{
	return is_wanted(scene) && scene->leg != NULL;
}

static bool
stop_fires(const struct scene *scene)
{
	return scene->stop != NULL && scene_bid_at_stop(scene);
}

static bool
is_elsewhere(const struct scene *scene)
{
	return decimal_cmp(scene->stop->stop_price, scene->level) != 0;
}

static bool
is_smaller(const struct scene *scene)
{
	struct decimal step = scene->rules->lot_step, rest = order_remaining(scene->stop);
	return decimal_cmp(rest, scene->sellable) < 0 &&
	       decimal_cmp(scene_minus(scene->sellable, rest), step) >= 0;
}

/* Than what was bought and is not sold: where the account's own coins paid the commission, as with OPO,
 * a leg rightly sells all that was bought.  (faqs/opo.md) */
static bool
is_larger(const struct scene *scene)
{
	return !scene->stop->is_quantity_open &&
	       decimal_cmp(order_remaining(scene->stop),
	                   scene_minus(scene->op->entry.quantity, scene->op->exit.quantity)) > 0;
}

static bool
is_target_elsewhere(const struct scene *scene)
{
	return scene->target != NULL &&
	       (!scene->op->has_target ||
	        decimal_cmp(scene->target->price, scene->target_level) != 0);
}

static bool
stop_is_right(const struct scene *scene)
{
	return scene->stop != NULL && !is_elsewhere(scene) && !is_smaller(scene) && !is_larger(scene) &&
	       !is_target_elsewhere(scene);
}

static bool
no_stop_possible(const struct scene *scene)
{
	return !can_stop(scene);
}

static bool
is_too_little_so_far(const struct scene *scene)
{
	return scene->entry != NULL && scene->leg == NULL && is_too_small_for_stop(scene);
}

static bool
is_too_little_for_good(const struct scene *scene)
{
	return scene->entry == NULL && scene->leg == NULL && !scene->facts->may_place &&
	       !scene->facts->is_exit_backing_off && is_too_small_for_stop(scene);
}

static bool
backs_off(const struct scene *scene)
{
	return !scene->facts->may_place;
}

static bool
may_not_replace(const struct scene *scene)
{
	return scene->leg != NULL && !scene->rules->cancel_replace_allowed;
}

static bool
has_leg(const struct scene *scene)
{
	return scene->leg != NULL;
}

/* The two sides of an OCO lie on the two sides of the price, or it is refused whole: and so they do,
 * for with the bid at either of them an exit would be wanted. */
static bool
may_place_oco(const struct scene *scene)
{
	return scene->entry == NULL && scene->op->has_target && scene->rules->oco_allowed &&
	       scene->facts->is_fresh;
}

static bool
always(const struct scene *scene)
{
	(void)scene;
	return true;
}

enum subject { NOBODY, ENTRY, LEG, TARGET, EXTRA };
enum alarm {
	CALM,
	IF_BARE,                  /* no stop is known to rest for what is held, or an order is UNKNOWN */
	IF_BLIND,                 /* no stop is known to rest, and this machine has no fresh price */
	ALARM
};

static const struct rule {
	const char *name;
	bool (*applies)(const struct scene *scene);
	enum protection_action action;
	enum subject subject;
	enum alarm alarm;
	const char *why;                      /* NULL: why the exit is wanted */
} rules[] = {
	{ "doubt", in_doubt, PROTECT_WAIT, NOBODY, IF_BARE,
	  "an order is on its way or being looked up: any step now could be one too many" },

	/* The entry ends before anything is sold; its legs can't be replaced, only go with it. */
	{ "entry-ends", entry_ends_for_exit, PROTECT_WAIT, NOBODY, IF_BARE,
	  "the entry is being cancelled" },
	{ "entry-exit", entry_beside_exit, PROTECT_CANCEL_ENTRY, ENTRY, CALM, NULL },
	{ "entry-stop", entry_at_stop, PROTECT_CANCEL_ENTRY, ENTRY, CALM,
	  "the bid is at the stop: no more is bought" },
	{ "entry-slow", entry_is_slow, PROTECT_CANCEL_ENTRY, ENTRY, CALM,
	  "partly filled for 30 s: what was received gets a stop of its own" },
	{ "entry-near-stop", entry_is_nearly_stopped, PROTECT_CANCEL_ENTRY, ENTRY, CALM,
	  "partly filled, and most of the way to the stop is gone: what was received gets a stop" },
	{ "entry-list", entry_has_list, PROTECT_NOTHING, NOBODY, IF_BLIND,
	  "the entry is partly filled: its exits appear when it is filled whole" },
	{ "legs", legs_wait, PROTECT_WAIT, NOBODY, IF_BARE,
	  "the entry has ended, and its exits were not seen resting yet" },

	/* Never two sales of the same coins. */
	{ "extra-ends", extra_ends, PROTECT_WAIT, NOBODY, ALARM, "one sale too many is being cancelled" },
	{ "extra", has_extra, PROTECT_CANCEL_ORDER, EXTRA, ALARM,
	  "more rests than is held: one sale too many" },
	{ "exit", is_exiting, PROTECT_WAIT, NOBODY, IF_BARE, "the exit is under way" },
	{ "leg-ends", leg_ends, PROTECT_WAIT, NOBODY, IF_BARE, "what rests is being cancelled" },

	/* Nothing that could be sold. */
	{ "flat-leg", rests_when_flat, PROTECT_CANCEL_ORDER, LEG, CALM,
	  "nothing is held that this order could sell" },
	{ "flat", is_flat, PROTECT_CLOSE_AS_DUST, NOBODY, CALM, "what is left is less than one lot" },
	{ "part-of-lot", is_less_than_lot, PROTECT_NOTHING, NOBODY, CALM,
	  "less than one lot was received so far" },
	{ "dust", is_dust, PROTECT_CLOSE_AS_DUST, NOBODY, CALM,
	  "what is left is below the exchange's minimum and can't be sold" },

	/* An exit that is wanted. */
	{ "target-fills", target_fills, PROTECT_NOTHING, NOBODY, IF_BLIND, "the target is being taken" },
	{ "exit-target-part", exit_of_target_in_part, PROTECT_CANCEL_ORDER, TARGET, CALM, NULL },
	{ "exit-part", exit_of_leg_in_part, PROTECT_CANCEL_ORDER, LEG, CALM, NULL },
	{ "exit-small", exit_of_unsellable, PROTECT_WAIT, NOBODY, ALARM,
	  "an exit is wanted, and what is left is below the exchange's minimum" },
	{ "exit-cancel", exit_without_replace, PROTECT_CANCEL_ORDER, LEG, CALM, NULL },
	{ "exit-back-off", exit_backs_off, PROTECT_WAIT, NOBODY, ALARM,
	  "the exit was refused: it is tried again" },
	{ "exit-replace", exit_of_leg, PROTECT_REPLACE_BY_MARKET, LEG, CALM, NULL },
	{ "exit-sell", is_wanted, PROTECT_SELL, NOBODY, CALM, NULL },

	/* A stop rests. */
	{ "stop-fires", stop_fires, PROTECT_NOTHING, NOBODY, CALM,
	  "the bid is at the stop, and the exchange sells" },
	{ "right", stop_is_right, PROTECT_NOTHING, NOBODY, CALM,
	  "a stop rests for what is held, at the stop in force" },

	/* It is elsewhere, or there is none. */
	{ "no-stop-orders", no_stop_possible, PROTECT_WAIT, NOBODY, ALARM,
	  "the exchange takes no stop orders for the symbol: only this machine watches the stop" },
	{ "little-so-far", is_too_little_so_far, PROTECT_NOTHING, NOBODY, ALARM,
	  "what was received so far is below the exchange's minimum for a stop" },
	{ "too-little", is_too_little_for_good, PROTECT_SELL, NOBODY, ALARM,
	  "what is left is too little for a stop, and would be too little to be sold at it" },
	{ "back-off", backs_off, PROTECT_WAIT, NOBODY, ALARM,
	  "the stop was refused: it is tried again, and this machine watches it meanwhile" },
	{ "gap", may_not_replace, PROTECT_CANCEL_ORDER, LEG, ALARM,
	  "the symbol allows no cancel-replace: the new stop follows when this order is gone" },
	{ "replace", has_leg, PROTECT_REPLACE_STOP, LEG, IF_BARE,
	  "what rests differs from the stop in force, or from what is held" },
	{ "oco", may_place_oco, PROTECT_PLACE_OCO, NOBODY, CALM, "nothing rests: stop and target" },
	{ "stop", always, PROTECT_PLACE_STOP, NOBODY, CALM, "nothing rests: the stop" },
};

/* ---- from a rule to a step ---- */

static const struct order *
subject_of(const struct scene *scene, enum subject subject)
{
	const struct order *const subjects[] = {
		[NOBODY] = NULL, [ENTRY] = scene->entry, [LEG] = scene->leg, [TARGET] = scene->target,
		[EXTRA] = scene->extra,
	};
	return subjects[subject];
}

static bool
is_alarming(const struct scene *scene, enum alarm alarm)
{
	bool is_bare = decimal_is_positive(scene->sellable) && scene->stop == NULL;
	switch (alarm) {
	case IF_BARE:
		return is_bare || scene->is_unknown;
	case IF_BLIND:
		return is_bare && !scene->facts->is_fresh;
	default:
		return alarm == ALARM;
	}
}

static struct decimal
quantity_of(const struct scene *scene, enum protection_action action)
{
	switch (action) {
	case PROTECT_PLACE_STOP:
	case PROTECT_PLACE_OCO:
	case PROTECT_REPLACE_STOP:
		return scene->sellable;
	case PROTECT_REPLACE_BY_MARKET:
	case PROTECT_SELL:
		return scene->market;
	default:
		return DECIMAL_ZERO;
	}
}

void
protection_next(const struct protection_facts *facts, struct protection_step *ret)
{
	struct scene scene;
	const struct rule *rule = rules;

	scene_set(&scene, facts);
	while (!rule->applies(&scene))       /* the last one always does */
		rule++;
	*ret = (struct protection_step){
		.action = rule->action, .order = subject_of(&scene, rule->subject),
		.quantity = quantity_of(&scene, rule->action),
		.is_alarm = is_alarming(&scene, rule->alarm), .rule = rule->name,
		.why = rule->why != NULL ? rule->why : scene.wanted_why,
	};
	if (facts->op->exit_wish.reason != EXIT_NONE)
		return;
	if (rule->why == NULL)
		ret->exit_reason = scene.wanted;
	else if (rule->action == PROTECT_SELL)
		ret->exit_reason = EXIT_EMERGENCY;   /* sold because protection could not be placed */
}

size_t
protection_rule_count(void)
{
	return ARRAY_LEN(rules);
}

const char *
protection_rule_name(size_t index)
{
	assert(index < ARRAY_LEN(rules));
	return rules[index].name;
}

const char *
protection_action_name(enum protection_action action)
{
	static const char *const names[] = {
		"NOTHING", "WAIT", "CANCEL_ENTRY", "CANCEL_ORDER", "PLACE_STOP", "PLACE_OCO",
		"REPLACE_STOP", "REPLACE_BY_MARKET", "SELL", "CLOSE_AS_DUST",
	};
	static_assert(ARRAY_LEN(names) == PROTECT_ACTION_COUNT, "a name for every action");
	assert((size_t)action < ARRAY_LEN(names));
	return names[action];
}
