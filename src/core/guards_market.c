/* Guards on the symbol, on what was asked for, and on where its levels lie. */
#include "core/guard_parts.h"

#include "base/text.h"

static bool
takes_order_type(const struct guard_facts *facts)
{
	const struct symbol_rules *rules = facts->rules;
	/* On LIVE a market entry is sent as a limit order at its worst permitted fill. */
	if (facts->intent->entry_kind == ENTRY_LIMIT || facts->intent->mode == MODE_LIVE)
		return rules->can_limit;
	return rules->can_market;
}

void
guard_symbol(const struct guard_facts *facts, struct verdict *verdict)
{
	const struct intent *intent = facts->intent;
	const struct symbol_rules *rules = facts->rules;

	if (facts->is_symbol_unknown) {
		verdict_reason(verdict, "symbol.unknown", "the exchange lists no %s", intent->symbol);
		return;
	}
	verdict_detail_text(verdict, "status", rules->status_text);
	verdict_detail(verdict, "tick", rules->tick);
	verdict_detail(verdict, "lot_step", rules->lot_step);
	if (rules->status != SYMBOL_TRADING)
		verdict_reason(verdict, "symbol.not_trading", "%s is %s", intent->symbol,
		               rules->status_text[0] != '\0' ? rules->status_text : "not trading");
	else if (!takes_order_type(facts))
		verdict_reason(verdict, "symbol.order_type", "%s takes no %s orders", intent->symbol,
		               entry_kind_name(intent->entry_kind));
	else if (intent->mode == MODE_LIVE && !rules->can_stop_loss && !rules->can_stop_loss_limit)
		verdict_reason(verdict, "symbol.no_stop_order",
		               "%s takes no stop orders: a position could not be protected",
		               intent->symbol);
	else if (rules->unknown_filters[0] != '\0')
		verdict_reason(verdict, "symbol.unknown_filter",
		               "%s is TRADING, with rules that Robson does not know: %s", intent->symbol,
		               rules->unknown_filters);
	else
		verdict_pass(verdict, "%s is TRADING, tick %s, lot %s", intent->symbol,
		             number_exact(rules->tick).text, number_exact(rules->lot_step).text);
}

void
guard_fields(const struct guard_facts *facts, struct verdict *verdict)
{
	const struct intent *intent = facts->intent;

	if (intent->side != SIDE_BUY && intent->side != SIDE_SELL)
		verdict_reason(verdict, "fields.side", "a side is BUY or SELL");
	else if (!decimal_is_positive(intent->entry_price))
		verdict_reason(verdict, "fields.entry", "the entry price is %s, not above zero",
		               number_exact(intent->entry_price).text);
	else if (intent->has_target && !decimal_is_positive(intent->target_price))
		verdict_reason(verdict, "fields.target", "the target is %s, not above zero",
		               number_exact(intent->target_price).text);
	else if (!decimal_is_positive(intent->capital))
		verdict_reason(verdict, "fields.capital", "the capital is %s, not above zero",
		               number_exact(intent->capital).text);
	else if (intent->has_typed_quantity && !decimal_is_positive(intent->typed_quantity))
		verdict_reason(verdict, "fields.quantity", "the quantity is %s, not above zero",
		               number_exact(intent->typed_quantity).text);
	else if (intent->has_confidence &&
	         (decimal_is_negative(intent->confidence) ||
	          decimal_cmp(intent->confidence, decimal_from_int(1)) > 0))
		verdict_reason(verdict, "fields.confidence", "the confidence is %s, not between 0 and 1",
		               number_exact(intent->confidence).text);
	else if (intent->reason[0] == '\0')
		verdict_reason(verdict, "fields.no_reason", "no reason given: write down why");
	else
		verdict_pass(verdict, "side, prices, quantity and confidence are in range");
}

static struct decimal
distance_between(struct decimal a, struct decimal b)
{
	/* Both are prices above zero: the difference fits. */
	return decimal_abs((struct decimal){ a.e16 - b.e16 });
}

static bool
is_crossed(const struct guard_facts *facts)
{
	const struct intent *intent = facts->intent;
	int order = decimal_cmp(quote_exit_price(facts->quote, intent->side), intent->stop_price);
	return intent->side == SIDE_BUY ? order <= 0 : order >= 0;
}

void
guard_stop(const struct guard_facts *facts, struct verdict *verdict)
{
	static const struct decimal a_tenth = { INT64_C(1000000000000000) };
	static const struct decimal a_half = { INT64_C(5000000000000000) };
	const struct intent *intent = facts->intent;
	const struct strategy *strategy = facts->strategy;
	struct decimal stop = intent->stop_price, entry = guard_entry(facts);
	bool is_long = intent->side == SIDE_BUY;
	const char *where = is_long ? "below" : "above";

	if (!decimal_is_positive(stop)) {
		verdict_reason(verdict, "stop.missing", "no stop: every trade has one");
		return;
	}
	verdict_detail(verdict, "entry", entry);
	verdict_detail(verdict, "stop", stop);
	if (decimal_cmp(stop, entry) * (is_long ? 1 : -1) >= 0) {
		verdict_reason(verdict, "stop.wrong_side", "the stop of a %s belongs %s its entry of %s",
		               is_long ? "buy" : "sell", where, number_price(facts, entry).text);
		return;
	}
	struct decimal distance = distance_between(entry, stop);
	struct decimal percent = guard_percent(distance, entry);
	verdict_detail(verdict, "distance", distance);
	verdict_detail(verdict, "distance_percent", percent);
	verdict_detail(verdict, "exit_price", quote_exit_price(facts->quote, intent->side));
	if (guard_is_below(distance, a_tenth, entry))
		verdict_reason(verdict, "stop.too_near", "%s %% %s entry, nearer than 0.1 %%",
		               number_percent(percent).text, where);
	else if (guard_is_above(distance, decimal_from_int(10), entry))
		verdict_reason(verdict, "stop.too_far", "%s %% %s entry, further than 10 %%",
		               number_percent(percent).text, where);
	else if (strategy != NULL && strategy->has_stop_loss_percent &&
	         guard_is_above(distance, strategy->stop_loss_percent, entry))
		verdict_reason(verdict, "stop.beyond_strategy", "%s %% %s entry, further than the %s %% of %s",
		               number_percent(percent).text, where,
		               number_exact(strategy->stop_loss_percent).text, strategy->name);
	else if (is_crossed(facts))
		verdict_reason(verdict, "stop.crossed", "the %s is %s: the stop at %s is reached already",
		               is_long ? "bid" : "ask",
		               number_price(facts, quote_exit_price(facts->quote, intent->side)).text,
		               number_price(facts, stop).text);
	else if (guard_is_below(distance, a_half, entry))
		verdict_reason(verdict, "stop.near", "%s %% %s entry, nearer than 0.5 %%",
		               number_percent(percent).text, where);
	else
		verdict_pass(verdict, "%s %% %s entry%s", number_percent(percent).text, where,
		             facts->rules != NULL && decimal_is_multiple(stop, facts->rules->tick)
		             ? ", tick-aligned" : "");
}

void
guard_target(const struct guard_facts *facts, struct verdict *verdict)
{
	const struct intent *intent = facts->intent;
	struct decimal entry = guard_entry(facts), target = intent->target_price;
	bool is_long = intent->side == SIDE_BUY;

	if (!intent->has_target) {
		verdict_pass(verdict, "none: the stop or you will end it");
		return;
	}
	verdict_detail(verdict, "entry", entry);
	verdict_detail(verdict, "target", target);
	if (decimal_cmp(target, entry) * (is_long ? 1 : -1) <= 0) {
		verdict_reason(verdict, "target.wrong_side",
		               "the target of a %s belongs %s its entry of %s", is_long ? "buy" : "sell",
		               is_long ? "above" : "below", number_price(facts, entry).text);
		return;
	}
	struct decimal reward = distance_between(target, entry), r = DECIMAL_ZERO, low = DECIMAL_ZERO;
	struct decimal distance = distance_between(entry, intent->stop_price);
	enum status status = decimal_div(reward, distance, ROUND_DOWN, &r);
	if (status == STATUS_OK)   /* half up, 0.999 would read as the 1 R that it is not */
		status = decimal_round(r, 2, ROUND_DOWN, &low);
	verdict_detail(verdict, "reward", reward);
	verdict_detail(verdict, "r", r);
	if (status != STATUS_OK)
		verdict_pass(verdict, "%s, on the winning side", number_price(facts, target).text);
	else if (decimal_cmp(reward, distance) < 0)
		verdict_reason(verdict, "target.low_reward", "wins %s R, less than the 1 R at risk",
		               number_percent(low).text);
	else
		verdict_pass(verdict, "%s R at %s", number_percent(r).text,
		             number_price(facts, target).text);
}

static void
judge_limit_price(const struct guard_facts *facts, struct decimal now, struct verdict *verdict)
{
	struct decimal entry = facts->intent->entry_price;
	int order = decimal_cmp(entry, now);
	if (order == 0)
		verdict_pass(verdict, "%s old, limit at the market", number_age(facts).text);
	else
		verdict_pass(verdict, "%s old, limit %s %% %s the market", number_age(facts).text,
		             number_percent(guard_percent(distance_between(entry, now), now)).text,
		             order < 0 ? "below" : "above");
}

void
guard_price(const struct guard_facts *facts, struct verdict *verdict)
{
	static const struct decimal a_fifth = { INT64_C(2000000000000000) };
	const struct intent *intent = facts->intent;
	struct decimal now = quote_entry_price(facts->quote, intent->side);
	struct decimal planned = intent->planned_quote;

	verdict_detail(verdict, "bid", facts->quote->bid);
	verdict_detail(verdict, "ask", facts->quote->ask);
	verdict_detail(verdict, "planned", planned);
	verdict_detail(verdict, "age_ms", decimal_from_int(facts->quote_age_ms));
	if (intent->entry_kind == ENTRY_LIMIT) {
		judge_limit_price(facts, now, verdict);
		return;
	}
	if (!decimal_is_positive(planned)) {
		verdict_reason(verdict, "price.no_reference",
		               "%s old; no price was known when this was planned",
		               number_age(facts).text);
		return;
	}
	struct decimal moved = distance_between(now, planned);
	struct decimal percent = guard_percent(moved, planned);
	verdict_detail(verdict, "moved_percent", percent);
	verdict_detail(verdict, "max_drift_percent", facts->max_drift_percent);
	if (guard_is_above(moved, facts->max_drift_percent, planned))
		verdict_reason(verdict, "price.moved", "moved %s %% since planned, more than %s %%: plan anew",
		               number_percent(percent).text, number_exact(facts->max_drift_percent).text);
	else if (guard_is_above(moved, a_fifth, planned))
		verdict_reason(verdict, "price.moving", "%s old, moved %s %% since planned (warn above 0.2 %%)",
		               number_age(facts).text, number_percent(percent).text);
	else
		verdict_pass(verdict, "%s old, moved %s %% since planned", number_age(facts).text,
		             number_percent(percent).text);
}
