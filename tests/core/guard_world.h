/* A trade that every guard passes, for tests that change one thing and look at one guard.
 *
 * 10,000 of capital, BUY 50,000 limit, stop 48,000 (4 %), target 56,000 (3 R), 0.1 % fee: 2,098 of
 * cost per unit, 0.04766 BTC, 2,383.00 of value, 99.99 at risk. */
#ifndef TESTS_CORE_GUARD_WORLD_H
#define TESTS_CORE_GUARD_WORLD_H

#include "tests/core/decimals.h"

#include <string.h>

#include "base/text.h"
#include "core/guards.h"

struct world {
	struct guard_facts facts;
	struct intent intent;
	struct symbol_rules rules;
	struct quote quote;
	struct strategy strategy;
	struct sizing sizing;
	struct error sizing_error;
	struct report report;
};

/* Compute the size as the desk does: for what the intent, the rules and the quote say now. */
static inline void
world_size(struct world *world)
{
	struct intent *intent = &world->intent;
	struct sizing_request request = {
		.side = intent->side, .entry = intent->entry_price, .stop = intent->stop_price,
		.capital = intent->capital, .risk_percent = world->facts.risk_limit_percent,
		.fee_percent = world->facts.fee_percent, .gap_percent = world->facts.gap_percent,
		.lot_step = world->rules.lot_step,
		.has_max_position_percent = world->strategy.has_max_position_percent,
		.max_position_percent = world->strategy.max_position_percent,
		.has_balance = world->facts.has_balance, .balance = world->facts.balance_free,
		.has_typed_quantity = intent->has_typed_quantity,
		.typed_quantity = intent->typed_quantity,
	};
	if (intent->entry_kind == ENTRY_MARKET)
		assert_int_equal(sizing_worst_fill(intent->side,
		                                   quote_entry_price(&world->quote, intent->side),
		                                   world->facts.slippage_percent, world->rules.tick,
		                                   &request.entry), STATUS_OK);
	error_clear(&world->sizing_error);
	enum status status = sizing_compute(&request, &world->sizing, &world->sizing_error);
	world->facts.sizing = status == STATUS_OK ? &world->sizing : NULL;
	world->facts.sizing_error = status == STATUS_OK ? NULL : &world->sizing_error;
}

static inline void
world_init(struct world *world)
{
	memset(world, 0, sizeof *world);
	world->intent = (struct intent){
		.client_id = 1, .symbol = "BTCUSDC", .side = SIDE_BUY, .strategy = "All In",
		.entry_kind = ENTRY_LIMIT, .entry_price = dec("50000"), .planned_quote = dec("50010"),
		.stop_price = dec("48000"), .has_target = true, .target_price = dec("56000"),
		.capital = dec("10000"), .reason = "reclaim of the weekly open",
		.fee_percent = dec("0.1"),
	};
	symbol_rules_default(&world->rules, "BTCUSDC", dec("0.01"));
	world->rules.lot_step = dec("0.00001");
	world->quote = (struct quote){ .symbol = "BTCUSDC", .bid = dec("50009.99"), .ask = dec("50010") };
	world->strategy = (struct strategy){
		.name = "All In", .is_active = true,
		.has_risk_percent = true, .risk_percent = dec("1"),
		.has_max_drawdown_percent = true, .max_drawdown_percent = dec("20"),
	};
	world->facts = (struct guard_facts){
		.occasion = OCCASION_VALIDATE, .intent = &world->intent, .client_id = 1,
		.rules = &world->rules, .quote = &world->quote, .quote_age_ms = 300, .stale_ms = 10000,
		.strategy = &world->strategy, .risk_limit_percent = dec("1"),
		.has_balance = true, .balance_free = dec("10000"), .fee_percent = dec("0.1"),
		.slippage_percent = dec("0.1"), .max_drift_percent = dec("0.5"),
		.stop_limit_percent = dec("1"), .budget_base = dec("10000"),
		.budget = { .total = dec("400"), .left = dec("400") },
	};
	world_size(world);
	world->intent.quantity = world->sizing.quantity;
}

/* Of the last run; NULL if the guard was not run. */
static inline const struct verdict *
world_verdict(const struct world *world, const char *name)
{
	for (int i = 0; i < world->report.count; i++)
		if (strcmp(world->report.checks[i].name, name) == 0)
			return &world->report.checks[i];
	return NULL;
}

static inline void
world_run(struct world *world)
{
	guards_run(&world->facts, &world->report);
}

/* Run, and compare one guard's answer: its code ("stop.ok", "stop.near") and what it says. */
#define assert_guard(world, guard, wanted_code, says) do { \
	world_run(world); \
	const struct verdict *guard_verdict = world_verdict(world, guard); \
	assert_non_null(guard_verdict); \
	assert_string_equal(guard_verdict->code, wanted_code); \
	if (strstr(guard_verdict->message, says) == NULL) \
		fail_msg("'%s' does not say '%s'", guard_verdict->message, says); \
} while (0)

#endif
