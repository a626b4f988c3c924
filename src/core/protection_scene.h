/* What protection.c decides on: the facts, sorted.  For core/protection*.c alone. */
#ifndef CORE_PROTECTION_SCENE_H
#define CORE_PROTECTION_SCENE_H

#include "core/protection.h"

/* Of a long, so: bids, sales, and "beyond the stop" is below it. */
struct scene {
	const struct protection_facts *facts;
	const struct operation *op;
	const struct symbol_rules *rules;
	/* Open and certain; NULL: none.  extra: one sale too many. */
	const struct order *entry, *stop, *target, *exit, *extra;
	const struct order *leg;              /* the stop, or the target that rests alone */
	bool is_in_doubt, is_unknown;
	bool has_waiting_legs;                /* PENDING_NEW: they appear when the entry is filled whole */
	struct decimal sellable;              /* on the lot step */
	struct decimal market;                /* what of it one market order can sell */
	struct decimal level, target_level;   /* in force, on the tick */
	/* Why an exit is wanted; EXIT_NONE: it is not. */
	enum exit_reason wanted;
	const char *wanted_why;
};

void scene_set(struct scene *scene, const struct protection_facts *facts);

/* With a fresh quote; without one nothing is at or below anything. */
bool scene_bid_at_stop(const struct scene *scene);
bool scene_bid_below_target(const struct scene *scene);
bool scene_target_touched(const struct scene *scene);

static inline bool
scene_sells(const struct order *order)   /* it has begun to */
{
	return order != NULL && order->state == ORDER_PARTIALLY_FILLED;
}

/* Amounts and prices are in range and not negative, so a difference fits. */
static inline struct decimal
scene_minus(struct decimal a, struct decimal b)
{
	return (struct decimal){ a.e16 - b.e16 };
}

#endif
