/* A LIVE position to ask protection_next about, written as a line of text:
 *
 *     "s:NEW t:NEW bid=56000 touch=5000"
 *
 * 0.1 BTC bought at 50,000, stop 48,000; a fresh bid of 50,000; tick 0.01, lot 0.00001, at least 5 a
 * trade.  Orders are e(ntry), s(top), t(arget), x (exit), a state, and then: ? to be looked at, - its
 * cancel is wanted, ~ its quantity is open, *0.05 its quantity, +0.05 filled of it, @47000 its price,
 * =L its list ("L" for s and t unless said).  What else may be said is in world_knob. */
#ifndef TESTS_CORE_PROTECTION_WORLD_H
#define TESTS_CORE_PROTECTION_WORLD_H

#include "tests/core/decimals.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/protection.h"

enum { WORLD_ORDERS = 6 };

struct world {
	struct operation op;
	struct symbol_rules rules;
	struct order orders[WORLD_ORDERS];
	struct protection_order open[WORLD_ORDERS];
	struct protection_facts facts;
	struct protection_step step;
};

static inline void
world_init(struct world *world)
{
	*world = (struct world){
		.op = { .mode = MODE_LIVE, .side = SIDE_BUY, .status = OPERATION_ACTIVE,
		        .entry = { .quantity = dec("0.1"), .value = dec("5000"), .fees = dec("5") },
		        .initial_stop = dec("48000"), .stop_price = dec("48000") },
		.facts = { .is_fresh = true, .bid = dec("50000"), .may_place = true },
	};
	symbol_rules_default(&world->rules, "BTCUSDC", dec("0.01"));
	world->rules.lot_step = dec("0.00001");
	world->rules.notional_min = dec("5");
	world->rules.notional_min_on_market = true;
	world->facts.op = &world->op;
	world->facts.rules = &world->rules;
	world->facts.orders = world->open;
}

static inline void
world_order_mark(struct order *order, struct protection_order *open, char mark, const char *value)
{
	switch (mark) {
	case '?': open->must_look = true; break;
	case '-': order->is_cancel_wanted = true; break;
	case '~': order->is_quantity_open = true; break;
	case '*': order->quantity = dec(value); break;
	case '+': order->filled_quantity = dec(value); break;
	case '=': text_copy(order->list_id, sizeof order->list_id, value); break;
	case '@':
		*(order->purpose == PURPOSE_STOP ? &order->stop_price : &order->price) = dec(value);
		break;
	default: fail_msg("the test itself is wrong: no mark '%c'", mark);
	}
}

/* "s:NEW?@47000": one order. */
static inline void
world_order(struct world *world, const char *text)
{
	static const char letters[] = "estx";
	static const char marks[] = "?-~*+@=";
	struct order *order = &world->orders[world->facts.order_count];
	struct protection_order *open = &world->open[world->facts.order_count++];
	const char *at = text + 2;
	char state[32];

	*order = (struct order){ .quantity = dec("0.1"), .stop_price = dec("48000"),
	                         .price = dec("56000"),
	                         .purpose = (enum order_purpose)(strchr(letters, text[0]) - letters) };
	*open = (struct protection_order){ .order = order };
	if (text[0] == 's' || text[0] == 't')
		text_copy(order->list_id, sizeof order->list_id, "L");
	text_copy(state, sizeof state, at);
	state[strcspn(state, marks)] = '\0';
	if (order_state_parse(strcmp(state, "PART") == 0 ? "PARTIALLY_FILLED" : state,
	                      &order->state) != STATUS_OK)
		fail_msg("the test itself is wrong: '%s' is no state", state);
	for (at += strcspn(at, marks); *at != '\0'; at += 1 + strcspn(at + 1, marks)) {
		char value[40];
		text_copy(value, sizeof value, at + 1);
		value[strcspn(value, marks)] = '\0';
		world_order_mark(order, open, *at, value);
	}
}

static inline void
world_knob(struct world *world, const char *name, const char *value)
{
	struct protection_facts *facts = &world->facts;
	const struct { const char *name; bool *at, to; } flags[] = {
		{ "stale", &facts->is_fresh, false }, { "touched", &facts->is_target_touched, true },
		{ "noplace", &facts->may_place, false }, { "refused", &facts->is_stop_refused, true },
		{ "backoff", &facts->is_exit_backing_off, true }, { "target", &world->op.has_target, true },
		{ "nooco", &world->rules.oco_allowed, false },
		{ "noreplace", &world->rules.cancel_replace_allowed, false },
		{ "anyvalue", &world->rules.notional_min_on_market, false }, { "free", &facts->has_free, true },
	};
	const struct { const char *name; struct decimal *at; } numbers[] = {
		{ "bid", &facts->bid }, { "free", &facts->free }, { "bought", &world->op.entry.quantity },
		{ "cost", &world->op.entry.value }, { "sold", &world->op.exit.quantity },
		{ "fees", &world->op.base_fees }, { "stop", &world->op.stop_price },
		{ "target", &world->op.target_price }, { "tick", &world->rules.tick },
		{ "lot", &world->rules.lot_step }, { "lotmin", &world->rules.lot_min },
		{ "marketmin", &world->rules.market_min }, { "marketmax", &world->rules.market_max },
		{ "marketstep", &world->rules.market_step }, { "least", &world->rules.notional_min },
	};
	bool is_known = false;

	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (strcmp(name, flags[i].name) == 0) {
			*flags[i].at = flags[i].to;
			is_known = true;
		}
	for (size_t i = 0; value != NULL && i < ARRAY_LEN(numbers); i++)
		if (strcmp(name, numbers[i].name) == 0) {
			*numbers[i].at = dec(value);
			is_known = true;
		}
	if (strcmp(name, "partial") == 0)
		facts->partial_age_ms = atoll(value);
	else if (strcmp(name, "beyond") == 0)
		facts->beyond_age_ms = atoll(value);
	else if (strcmp(name, "lasts") == 0)
		facts->beyond_lasts = atoi(value);
	else if (strcmp(name, "touch") == 0)
		facts->touched_age_ms = atoll(value);
	else if (strcmp(name, "wish") == 0)
		assert_int_equal(exit_reason_parse(value, &world->op.exit_wish.reason), STATUS_OK);
	else if (strcmp(name, "stops") == 0) {                /* "no", "limit" */
		world->rules.can_stop_loss = false;
		world->rules.can_stop_loss_limit = strcmp(value, "limit") == 0;
	} else if (!is_known)
		fail_msg("the test itself is wrong: no knob '%s'", name);
}

static inline void
world_ask(struct world *world, const char *text)
{
	char copy[256], *rest = NULL;

	world_init(world);
	assert_true(text_copy(copy, sizeof copy, text));
	for (char *word = strtok_r(copy, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
		char *value = strchr(word, '=');
		if (word[1] == ':') {
			world_order(world, word);
			continue;
		}
		if (value != NULL)
			*value++ = '\0';
		world_knob(world, word, value);
	}
	protection_next(&world->facts, &world->step);
}

#endif
