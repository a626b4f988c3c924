/* Guards on what the book says: whose it is, whether it trades, who asks, what is open already, and
 * what is left of month and day. */
#include "core/guard_parts.h"

#include "base/text.h"

void
guard_client(const struct guard_facts *facts, struct verdict *verdict)
{
	long long asking = facts->client_id, owner = facts->intent->client_id;

	if (asking <= 0 || owner <= 0)
		verdict_reason(verdict, "client.invalid", "client %lld: an id is above zero",
		               asking <= 0 ? asking : owner);
	else if (asking != owner)
		verdict_reason(verdict, "client.other", "the intent is of client %lld, not of %lld",
		               owner, asking);
	else
		verdict_pass(verdict, "client %lld, own intent", asking);
}

void
guard_trading_state(const struct guard_facts *facts, struct verdict *verdict)
{
	const struct policy_facts *policy = &facts->policy;

	if (policy->is_paused)
		verdict_reason(verdict, "trading-state.paused", "PAUSED: %s",
		               policy->pause_reason[0] != '\0' ? policy->pause_reason
		                                               : "no reason given");
	else
		verdict_pass(verdict, "trading, not paused");
}

/* What a validation can know of the gates; the rest (readonly, CONFIRM, the exchange) is asked by
 * policy_may_execute when it comes to it. */
void
guard_policy(const struct guard_facts *facts, struct verdict *verdict)
{
	const struct intent *intent = facts->intent;

	verdict_detail_text(verdict, "mode", mode_name(intent->mode));
	verdict_detail_text(verdict, "source", source_name(intent->source));
	if (intent->mode == MODE_DRY_RUN)
		verdict_pass(verdict, "DRY-RUN: nothing is sent to an exchange");
	else if (intent->source == SOURCE_PATTERN)
		verdict_reason(verdict, "policy.pattern_live", "a pattern never goes LIVE");
	else if (!facts->policy.is_live_switch_on)
		verdict_reason(verdict, "policy.live_off",
		               "the LIVE switch of this book is off (robson live on)");
	else if (intent->side == SIDE_SELL)
		verdict_reason(verdict, "policy.sell_live",
		               "a SELL entry can't be LIVE: Spot sells only what is owned");
	else
		verdict_pass(verdict, "LIVE: the book's switch is on");
}

static bool
is_percentage(struct decimal d)
{
	return !decimal_is_negative(d) && decimal_cmp(d, decimal_from_int(100)) <= 0;
}

struct setting {
	bool is_set;
	const char *name;
	struct decimal percent;
	int64_t wide;                     /* above it a WARN; 0: never */
	const char *wide_code;
};

enum { SETTINGS = 4 };

static void
settings_of(const struct strategy *strategy, struct setting ret[SETTINGS])
{
	ret[0] = (struct setting){ strategy->has_risk_percent, "risk_percent",
	                           strategy->risk_percent, 0, NULL };
	ret[1] = (struct setting){ strategy->has_max_drawdown_percent, "max_drawdown_percent",
	                           strategy->max_drawdown_percent, 50, "strategy.wide_drawdown" };
	ret[2] = (struct setting){ strategy->has_stop_loss_percent, "stop_loss_percent",
	                           strategy->stop_loss_percent, 10, "strategy.wide_stop" };
	ret[3] = (struct setting){ strategy->has_max_position_percent, "max_position_percent",
	                           strategy->max_position_percent, 50, "strategy.wide_position" };
}

static bool
judge_settings(const struct strategy *strategy, struct verdict *verdict)
{
	struct setting settings[SETTINGS];
	int set = 0;

	settings_of(strategy, settings);
	for (int i = 0; i < SETTINGS; i++) {
		if (!settings[i].is_set)
			continue;
		set++;
		verdict_detail(verdict, settings[i].name, settings[i].percent);
		if (is_percentage(settings[i].percent))
			continue;
		verdict_reason(verdict, "strategy.out_of_range", "%s: %s is %s, not between 0 and 100",
		               strategy->name, settings[i].name, number_exact(settings[i].percent).text);
		return false;
	}
	if (set == 0) {
		verdict_reason(verdict, "strategy.no_settings", "%s has no risk settings",
		               strategy->name);
		return false;
	}
	return true;
}

static bool
warn_of_settings(const struct strategy *strategy, struct verdict *verdict)
{
	struct setting settings[SETTINGS];

	settings_of(strategy, settings);
	for (int i = 0; i < SETTINGS; i++) {
		if (!settings[i].is_set || settings[i].wide == 0 ||
		    decimal_cmp(settings[i].percent, decimal_from_int(settings[i].wide)) <= 0)
			continue;
		verdict_reason(verdict, settings[i].wide_code, "%s: %s is %s (warn above %lld)",
		               strategy->name, settings[i].name, number_exact(settings[i].percent).text,
		               (long long)settings[i].wide);
		return true;
	}
	return false;
}

void
guard_strategy(const struct guard_facts *facts, struct verdict *verdict)
{
	const struct strategy *strategy = facts->strategy;
	struct decimal drawdown = facts->strategy_drawdown_percent;

	if (facts->is_strategy_missing) {
		verdict_reason(verdict, "strategy.unknown", "there is no strategy '%s'",
		               facts->intent->strategy);
		return;
	}
	if (strategy == NULL) {
		verdict_pass(verdict, "none chosen");
		return;
	}
	if (!strategy->is_active) {
		verdict_reason(verdict, "strategy.inactive", "%s is switched off", strategy->name);
		return;
	}
	if (!judge_settings(strategy, verdict))
		return;
	verdict_detail(verdict, "drawdown_percent", drawdown);
	if (strategy->has_max_drawdown_percent &&
	    decimal_cmp(drawdown, strategy->max_drawdown_percent) >= 0) {
		verdict_reason(verdict, "strategy.drawdown",
		               "%s is %s %% below its peak: its limit of %s %% is reached", strategy->name,
		               number_percent(drawdown).text,
		               number_exact(strategy->max_drawdown_percent).text);
		return;
	}
	if (!warn_of_settings(strategy, verdict))
		verdict_pass(verdict, "%s is active, drawdown %s %%", strategy->name,
		             number_percent(drawdown).text);
}

void
guard_exposure(const struct guard_facts *facts, struct verdict *verdict)
{
	const struct intent *intent = facts->intent;
	struct decimal half = decimal_from_int(50);
	struct decimal risk = guard_sum(facts->open_risk, guard_planned_risk(facts));
	struct decimal value = guard_sum(facts->symbol_exposure, guard_value(facts));
	struct decimal share = guard_percent(value, intent->capital);

	verdict_detail(verdict, "open_risk", risk);
	verdict_detail(verdict, "budget", facts->budget.total);
	verdict_detail(verdict, "symbol_value", value);
	verdict_detail(verdict, "capital", intent->capital);
	if (decimal_cmp(risk, facts->budget.total) > 0)
		verdict_reason(verdict, "exposure.open_risk",
		               "the open risk would be %s, above the month's budget of %s",
		               number_money(risk).text, number_money(facts->budget.total).text);
	else if (guard_is_above(value, half, intent->capital))
		verdict_reason(verdict, "exposure.concentrated",
		               "%s %% of capital in one symbol (warn at 50 %%)",
		               number_percent(share).text);
	else if (facts->symbol_open_count > 0)
		verdict_reason(verdict, "exposure.same_symbol",
		               "%d open in %s already, %s %% of capital with this one",
		               facts->symbol_open_count, intent->symbol, number_percent(share).text);
	else
		verdict_pass(verdict, "%s %% of capital in one symbol, open risk %s of %s",
		             number_percent(share).text, number_money(risk).text,
		             number_money(facts->budget.total).text);
}

void
guard_duplicate(const struct guard_facts *facts, struct verdict *verdict)
{
	if (facts->duplicate_count <= 0) {
		verdict_pass(verdict, "no other open intent for the same trade in %s",
		             facts->intent->symbol);
		return;
	}
	verdict_detail_text(verdict, "intent", facts->duplicate_id);
	verdict_reason(verdict, "duplicate.open",
	               "intent %s asks for the same symbol, side, entry and mode",
	               facts->duplicate_id);
}

void
guard_budget(const struct guard_facts *facts, struct verdict *verdict)
{
	const struct budget *budget = &facts->budget;
	struct decimal risk = guard_planned_risk(facts);

	verdict_detail(verdict, "planned_risk", risk);
	verdict_detail(verdict, "left", budget->left);
	verdict_detail(verdict, "total", budget->total);
	verdict_detail(verdict, "consumed", budget->consumed);
	verdict_detail(verdict, "base", facts->budget_base);
	if (decimal_cmp(risk, budget->left) > 0)
		verdict_reason(verdict, "budget.exceeded", "%s at risk, and only %s left of the month's %s",
		               number_money(risk).text, number_money(budget->left).text,
		               number_money(budget->total).text);
	else if (guard_is_below(budget->left, decimal_from_int(1), facts->budget_base))
		verdict_reason(verdict, "budget.nearly_used",
		               "%s left of the month's %s: below 1 %% of %s",
		               number_money(budget->left).text, number_money(budget->total).text,
		               number_money(facts->budget_base).text);
	else
		verdict_pass(verdict, "%s at risk, %s left of the month's %s", number_money(risk).text,
		             number_money(budget->left).text, number_money(budget->total).text);
}

/* At 80 % of a limit. */
static bool
is_near(struct decimal used, struct decimal limit)
{
	return !guard_is_below(used, decimal_from_int(80), limit);
}

/* The day with this entry in it; its loss is what is lost already. */
void
guard_limits(const struct guard_facts *facts, struct verdict *verdict)
{
	int64_t orders = facts->orders_today < INT64_MAX ? facts->orders_today + 1 : INT64_MAX;
	struct decimal notional = guard_sum(facts->notional_today, guard_value(facts));
	struct decimal loss = decimal_max(facts->loss_today, DECIMAL_ZERO);   /* a profit is no loss */

	if (facts->has_notional_limit)
		verdict_detail(verdict, "notional_limit", facts->notional_limit);
	if (facts->has_loss_limit)
		verdict_detail(verdict, "loss_limit", facts->loss_limit);
	verdict_detail(verdict, "notional", notional);
	verdict_detail(verdict, "loss", loss);
	if (facts->has_orders_limit && orders > facts->orders_limit)
		verdict_reason(verdict, "limits.orders", "it would be entry %lld of the day, above %lld",
		               (long long)orders, (long long)facts->orders_limit);
	else if (facts->has_notional_limit && decimal_cmp(notional, facts->notional_limit) > 0)
		verdict_reason(verdict, "limits.notional", "%s traded today with this one, above %s",
		               number_money(notional).text, number_money(facts->notional_limit).text);
	else if (facts->has_loss_limit && decimal_cmp(loss, facts->loss_limit) > 0)
		verdict_reason(verdict, "limits.loss", "%s lost today, above %s", number_money(loss).text,
		               number_money(facts->loss_limit).text);
	else if (facts->has_orders_limit && (i128)orders * 5 >= (i128)facts->orders_limit * 4)
		verdict_reason(verdict, "limits.orders_near", "it would be entry %lld of the day's %lld",
		               (long long)orders, (long long)facts->orders_limit);
	else if (facts->has_notional_limit && is_near(notional, facts->notional_limit))
		verdict_reason(verdict, "limits.notional_near",
		               "%s of the day's %s traded with this one", number_money(notional).text,
		               number_money(facts->notional_limit).text);
	else if (facts->has_loss_limit && is_near(loss, facts->loss_limit))
		verdict_reason(verdict, "limits.loss_near", "%s of the day's %s lost",
		               number_money(loss).text, number_money(facts->loss_limit).text);
	else if (facts->has_orders_limit || facts->has_notional_limit || facts->has_loss_limit)
		verdict_pass(verdict, "within the day's limits: entry %lld, %s traded, %s lost",
		             (long long)orders, number_money(notional).text, number_money(loss).text);
	else
		verdict_pass(verdict, "no limits of the day are set");
}
