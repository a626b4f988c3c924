/* Guards on how much: the size, the risk in it, and the money that it takes. */
#include "core/guard_parts.h"

#include "base/text.h"

/* Where the size comes from, for people. */
static struct number
bound_in_words(const struct guard_facts *facts)
{
	struct number words;
	if (facts->sizing->bound_by == BOUND_TYPED)
		text_copy(words.text, sizeof words.text, "as typed");
	else
		text_format(words.text, sizeof words.text, "%s %% rule with costs, rounded down",
		            number_exact(facts->risk_limit_percent).text);
	return words;
}

static const char *
cap_in_words(enum size_bound bound)
{
	switch (bound) {
	case BOUND_POSITION: return "the strategy's position limit";
	case BOUND_CAPITAL:  return "the capital";
	default:             return "the free balance";
	}
}

void
guard_size(const struct guard_facts *facts, struct verdict *verdict)
{
	const struct intent *intent = facts->intent;
	const struct sizing *sizing = facts->sizing;
	struct asset_name base = guard_base_asset(facts);
	const char *asset = base.text;

	if (sizing == NULL) {
		verdict_reason(verdict, "size.impossible", "%s",
		               facts->sizing_error != NULL ? facts->sizing_error->message
		                                           : "no size can be computed");
		return;
	}
	struct decimal quantity = guard_quantity(facts);
	verdict_detail(verdict, "quantity", quantity);
	verdict_detail(verdict, "permitted", sizing->final);
	verdict_detail(verdict, "by_rule", sizing->quantity_by_rule);
	verdict_detail_text(verdict, "bound_by", size_bound_name(sizing->bound_by));
	verdict_detail(verdict, "cost_per_unit", sizing->cost_per_unit);
	verdict_detail(verdict, "validated", intent->quantity);
	if (decimal_is_zero(sizing->final) || !decimal_is_positive(quantity))
		verdict_reason(verdict, "size.zero", "the risk, or the money, buys less than one lot of %s",
		               asset);
	else if (intent->has_typed_quantity && decimal_cmp(quantity, sizing->final) > 0)
		verdict_reason(verdict, "size.too_large", "%s %s typed, and at most %s is permitted",
		               number_quantity(facts, quantity).text, asset,
		               number_quantity(facts, sizing->final).text);
	else if (sizing->typed_off_step ||
	         (facts->rules != NULL && decimal_is_positive(facts->rules->lot_step) &&
	          !decimal_is_multiple(quantity, facts->rules->lot_step)))
		verdict_reason(verdict, "size.off_step", "%s %s is not a multiple of the lot %s",
		               number_quantity(facts, quantity).text, asset,
		               facts->rules != NULL ? number_exact(facts->rules->lot_step).text : "step");
	else if (facts->occasion == OCCASION_EXECUTE &&
	         guard_is_below(quantity, decimal_from_int(80), intent->quantity))
		verdict_reason(verdict, "size.shrunk",
		               "%s %s is permitted now, below 80 %% of the %s that was validated",
		               number_quantity(facts, quantity).text, asset,
		               number_quantity(facts, intent->quantity).text);
	else if (sizing->bound_by != BOUND_RISK && sizing->bound_by != BOUND_TYPED)
		verdict_reason(verdict, "size.capped", "%s %s, capped by %s",
		               number_quantity(facts, quantity).text, asset,
		               cap_in_words(sizing->bound_by));
	else if (facts->occasion == OCCASION_EXECUTE && decimal_cmp(quantity, intent->quantity) < 0)
		verdict_pass(verdict, "%s %s on the fresh price, less than the %s validated",
		             number_quantity(facts, quantity).text, asset,
		             number_quantity(facts, intent->quantity).text);
	else
		verdict_pass(verdict, "%s %s = %s", number_quantity(facts, quantity).text,
		             asset, bound_in_words(facts).text);
}

void
guard_risk(const struct guard_facts *facts, struct verdict *verdict)
{
	struct decimal one = decimal_from_int(1), capital = facts->intent->capital;
	struct decimal limit = decimal_min(one, facts->risk_limit_percent);
	struct decimal risk = guard_planned_risk(facts), percent = guard_percent(risk, capital);

	verdict_detail(verdict, "risk", risk);
	verdict_detail(verdict, "capital", capital);
	verdict_detail(verdict, "risk_percent", percent);
	verdict_detail(verdict, "limit_percent", limit);
	verdict_detail(verdict, "fees", guard_fees_in_risk(facts));
	if (guard_is_above(risk, one, capital))
		verdict_reason(verdict, "risk.above_rule", "%s of %s = %s %%, above the 1 %% rule",
		               number_money(risk).text, number_money(capital).text,
		               number_percent(percent).text);
	else if (guard_is_above(risk, limit, capital))
		verdict_reason(verdict, "risk.above_limit", "%s of %s = %s %%, above the limit of %s %%",
		               number_money(risk).text, number_money(capital).text,
		               number_percent(percent).text, number_exact(limit).text);
	else
		verdict_pass(verdict, "%s of %s = %s %%, fees %s in it", number_money(risk).text,
		             number_money(capital).text, number_percent(percent).text,
		             number_money(guard_fees_in_risk(facts)).text);
}

void
guard_balance(const struct guard_facts *facts, struct verdict *verdict)
{
	struct decimal value = guard_value(facts), fee = DECIMAL_ZERO, available = facts->balance_free;
	struct asset_name asset = guard_quote_asset(facts);
	bool fits = decimal_percent_of(value, facts->fee_percent, ROUND_UP, &fee) == STATUS_OK;
	struct decimal cost = guard_sum(value, fee);
	verdict_detail(verdict, "cost", cost);
	verdict_detail(verdict, "fee", fee);
	verdict_detail(verdict, "free", available);
	if (!fits || decimal_cmp(cost, available) > 0)
		verdict_reason(verdict, "balance.too_low", "it costs %s with fees, and %s %s is free",
		               number_money(cost).text, number_money(available).text,
		               asset.text);
	else if (guard_is_above(cost, decimal_from_int(90), available))
		verdict_reason(verdict, "balance.nearly_all",
		               "it costs %s with fees, more than 90 %% of the %s %s that is free",
		               number_money(cost).text, number_money(available).text,
		               asset.text);
	else
		verdict_pass(verdict, "%s %s free, %s needed", number_money(available).text, asset.text,
		             number_money(cost).text);
}
