/* The exchange's rules before they are its refusals: for the entry, and for an exit at the stop, when
 * there is no choice left.  (exchange.md, "Rules of a symbol"; Binance's filters.md)
 *
 * A limit of zero is none.  Each step below answers false once it has said what is broken. */
#include "core/guard_parts.h"

#include "base/text.h"

struct plan {
	const struct guard_facts *facts;
	const struct symbol_rules *rules;
	enum side side;
	struct decimal quantity;          /* of the entry */
	struct decimal entry;
	struct decimal stop;
	struct decimal exit_quantity;     /* what an exit can send in the worst case */
	struct decimal exit_price;        /* of the exit at the stop: its limit where it needs one */
	bool is_exit_limit;               /* the symbol takes stops only with a limit price */
};

static bool
is_live(const struct plan *plan)
{
	return plan->facts->intent->mode == MODE_LIVE;
}

static bool
is_outside(struct decimal d, struct decimal low, struct decimal high)
{
	return (decimal_is_positive(low) && decimal_cmp(d, low) < 0) ||
	       (decimal_is_positive(high) && decimal_cmp(d, high) > 0);
}

static bool
is_off_step(struct decimal d, struct decimal step)
{
	return decimal_is_positive(step) && !decimal_is_multiple(d, step);
}

static struct decimal
to_step_down(struct decimal d, struct decimal step)
{
	struct decimal stepped;
	/* A step of zero is none, and leaves d as it is. */
	return decimal_to_step(d, step, ROUND_DOWN, &stepped) == STATUS_OK ? stepped : d;
}

/* Commission may be taken from what was bought: then less can be sold, and only whole lots. */
static struct decimal
net_of_commission(const struct plan *plan, struct decimal fee_percent)
{
	struct decimal fee, net = plan->quantity;
	if (plan->side == SIDE_SELL)
		return net;                      /* a short buys back all of it; its fee is in the quote */
	if (decimal_percent_of(net, fee_percent, ROUND_UP, &fee) != STATUS_OK ||
	    decimal_sub(net, fee, &net) != STATUS_OK)
		return DECIMAL_ZERO;
	return to_step_down(to_step_down(net, plan->rules->lot_step), plan->rules->market_step);
}

static struct decimal
price_of_exit(const struct plan *plan, struct decimal limit_percent)
{
	struct decimal way, price;
	enum side side = plan->side;
	if (!plan->is_exit_limit)
		return plan->stop;
	if (decimal_percent_of(plan->stop, limit_percent, ROUND_UP, &way) != STATUS_OK ||
	    (side == SIDE_BUY ? decimal_sub : decimal_add)(plan->stop, way, &price) != STATUS_OK ||
	    symbol_stop_to_tick(plan->rules, side, price, &price) != STATUS_OK)
		return plan->stop;
	return price;
}

static bool
check_tick(const struct plan *plan, struct decimal price, const char *what, const char *code,
           struct verdict *verdict)
{
	if (!is_off_step(price, plan->rules->tick))
		return true;
	verdict_reason(verdict, code, "the %s %s is not a multiple of the tick %s", what,
	               number_exact(price).text, number_exact(plan->rules->tick).text);
	return false;
}

static bool
check_range(const struct plan *plan, struct decimal price, const char *what, const char *code,
            struct verdict *verdict)
{
	const struct symbol_rules *rules = plan->rules;

	if (is_outside(price, rules->price_min, rules->price_max)) {
		verdict_reason(verdict, code, "the %s %s is outside %s to %s", what,
		               number_exact(price).text, number_exact(rules->price_min).text,
		               decimal_is_positive(rules->price_max)
		               ? number_exact(rules->price_max).text : "any");
		return false;
	}
	return true;
}

static bool
check_prices(const struct plan *plan, struct verdict *verdict)
{
	const struct intent *intent = plan->facts->intent;

	/* Only a typed limit can be off the tick: a market entry's price is made from the exchange's own
	 * quote. */
	if (intent->entry_kind == ENTRY_LIMIT &&
	    !check_tick(plan, plan->entry, "entry", "filters.entry_tick", verdict))
		return false;
	if (!check_range(plan, plan->entry, "entry", "filters.entry_price", verdict) ||
	    !check_tick(plan, plan->stop, "stop", "filters.stop_tick", verdict) ||
	    !check_range(plan, plan->stop, "stop", "filters.stop_price", verdict) ||
	    !check_range(plan, plan->exit_price, "stop's limit", "filters.stop_price", verdict))
		return false;
	return !intent->has_target ||
	       (check_tick(plan, intent->target_price, "target", "filters.target_tick", verdict) &&
	        check_range(plan, intent->target_price, "target", "filters.target_price", verdict));
}

/* PERCENT_PRICE(_BY_SIDE): bounds around an average of recent prices.  The exchange's own average is
 * not known here; the middle of bid and ask stands for it. */
static bool
check_percent_price(const struct plan *plan, enum side side, struct decimal price, const char *what,
                    const char *code, struct verdict *verdict)
{
	const struct symbol_rules *rules = plan->rules;
	const struct quote *quote = plan->facts->quote;
	bool is_buy = side == SIDE_BUY;
	struct decimal up = is_buy ? rules->bid_multiplier_up : rules->ask_multiplier_up;
	struct decimal down = is_buy ? rules->bid_multiplier_down : rules->ask_multiplier_down;
	struct decimal middle = { (quote->bid.e16 + quote->ask.e16) / 2 };   /* the sum fits an i128 */
	struct decimal low = DECIMAL_ZERO, high = DECIMAL_ZERO;

	/* A bound that is too large for a number is no bound. */
	if (decimal_mul(middle, up, ROUND_DOWN, &high) != STATUS_OK)
		high = DECIMAL_ZERO;
	if (decimal_mul(middle, down, ROUND_UP, &low) != STATUS_OK)
		low = DECIMAL_ZERO;
	if (!is_outside(price, low, high))
		return true;
	verdict_detail(verdict, "middle", middle);
	verdict_reason(verdict, code, "the %s %s is too far from the middle of the market, %s", what,
	               number_price(plan->facts, price).text, number_price(plan->facts, middle).text);
	return false;
}

static bool
check_entry_lot(const struct plan *plan, struct verdict *verdict)
{
	const struct symbol_rules *rules = plan->rules;
	const struct guard_facts *facts = plan->facts;
	/* On LIVE even a market entry goes out as a limit order. */
	bool is_market = facts->intent->entry_kind == ENTRY_MARKET && !is_live(plan);
	struct decimal low = rules->lot_min, high = rules->lot_max, quantity = plan->quantity;

	/* MARKET_LOT_SIZE adds to LOT_SIZE where the order is a market order. */
	if (is_market) {
		low = decimal_max(low, rules->market_min);
		if (decimal_is_positive(rules->market_max))
			high = decimal_is_positive(high) ? decimal_min(high, rules->market_max)
			                                 : rules->market_max;
	}
	if (is_off_step(quantity, rules->lot_step) ||
	    (is_market && is_off_step(quantity, rules->market_step)))
		verdict_reason(verdict, "filters.lot_step", "%s is not a multiple of the step %s",
		               number_exact(quantity).text,
		               number_exact(is_off_step(quantity, rules->lot_step)
		                            ? rules->lot_step : rules->market_step).text);
	else if (is_outside(quantity, low, DECIMAL_ZERO))
		verdict_reason(verdict, "filters.lot_min", "%s is below the minimum of %s",
		               number_quantity(facts, quantity).text, number_exact(low).text);
	else if (is_outside(quantity, DECIMAL_ZERO, high))
		verdict_reason(verdict, "filters.lot_max", "%s is above the maximum of %s",
		               number_quantity(facts, quantity).text, number_exact(high).text);
	else
		return true;
	return false;
}

/* An exit at the stop is a market order once it fires, or becomes one when its limit does not fill.
 * The documentation does not say whether MARKET_LOT_SIZE binds a stop order: it is kept. */
static bool
check_exit_lot(const struct plan *plan, struct verdict *verdict)
{
	const struct symbol_rules *rules = plan->rules;
	struct decimal low = decimal_max(rules->lot_min, rules->market_min);
	struct decimal quantity = plan->exit_quantity;

	if (!decimal_is_positive(quantity) || is_outside(quantity, low, DECIMAL_ZERO)) {
		verdict_reason(verdict, "filters.exit_lot",
		               "an exit could send %s after commission, below the minimum of %s",
		               number_quantity(plan->facts, quantity).text, number_exact(low).text);
		return false;
	}
	/* LOT_SIZE's own maximum was kept by the entry, which is not smaller. */
	if (is_outside(quantity, DECIMAL_ZERO, rules->market_max)) {
		verdict_reason(verdict, "filters.exit_lot_max",
		               "an exit would send %s, above the maximum of a market order",
		               number_quantity(plan->facts, quantity).text);
		return false;
	}
	return true;
}

static bool
value_of(struct decimal quantity, struct decimal price, struct decimal *ret)
{
	return decimal_mul(quantity, price, ROUND_DOWN, ret) == STATUS_OK;
}

static bool
check_entry_notional(const struct plan *plan, struct decimal value, struct verdict *verdict)
{
	const struct symbol_rules *rules = plan->rules;
	const struct intent *intent = plan->facts->intent;
	/* On LIVE even a market entry goes out as a limit order.  The minimum is kept always. */
	bool has_maximum = intent->entry_kind == ENTRY_LIMIT || is_live(plan) ||
	                   rules->notional_max_on_market;

	if (is_outside(value, rules->notional_min, DECIMAL_ZERO)) {
		verdict_reason(verdict, "filters.notional_min", "worth %s, below the minimum of %s",
		               number_money(value).text, number_money(rules->notional_min).text);
		return false;
	}
	if (has_maximum && is_outside(value, DECIMAL_ZERO, rules->notional_max)) {
		verdict_reason(verdict, "filters.notional_max", "worth %s, above the maximum of %s",
		               number_money(value).text, number_money(rules->notional_max).text);
		return false;
	}
	return true;
}

static bool
check_exit_notional(const struct plan *plan, struct decimal value, struct verdict *verdict)
{
	const struct symbol_rules *rules = plan->rules;
	bool has_maximum = plan->is_exit_limit || rules->notional_max_on_market;

	/* 10 % to spare: what is worth less than the minimum can neither be stopped nor sold. */
	if (guard_is_below(value, decimal_from_int(110), rules->notional_min)) {
		verdict_reason(verdict, "filters.exit_notional",
		               "worth %s at the stop, less than 10 %% above the minimum of %s",
		               number_money(value).text, number_money(rules->notional_min).text);
		return false;
	}
	if (has_maximum && is_outside(value, DECIMAL_ZERO, rules->notional_max)) {
		verdict_reason(verdict, "filters.exit_notional_max",
		               "worth %s at the stop, above the maximum of %s", number_money(value).text,
		               number_money(rules->notional_max).text);
		return false;
	}
	return true;
}

/* What rests at the target is an order only on LIVE; its quantity is the stop's. */
static bool
check_target(const struct plan *plan, struct verdict *verdict)
{
	const struct intent *intent = plan->facts->intent;
	struct decimal value, most = plan->rules->notional_max;

	if (!is_live(plan) || !intent->has_target)
		return true;
	if (!check_percent_price(plan, side_opposite(plan->side), intent->target_price, "target",
	                         "filters.target_percent_price", verdict))
		return false;
	/* A value that does not fit is above any maximum. */
	if (!decimal_is_positive(most) ||
	    (value_of(plan->exit_quantity, intent->target_price, &value) &&
	     decimal_cmp(value, most) <= 0))
		return true;
	verdict_reason(verdict, "filters.target_notional_max",
	               "worth more at the target than the exchange's maximum of %s",
	               number_money(most).text);
	return false;
}

/* An entry and its exits go out as one list where the symbol takes any. */
static bool
makes_list(const struct plan *plan)
{
	const struct symbol_rules *rules = plan->rules;
	return is_live(plan) && (rules->opo_allowed || rules->oto_allowed ||
	                         (rules->oco_allowed && plan->facts->intent->has_target));
}

/* Of slots: the entry, what will protect it, and on LIVE one more, because a cancel-replace is checked
 * before it cancels (exchange.md, "Protection", 7): without it no stop could be moved any more. */
static bool
check_slots(const struct plan *plan, struct verdict *verdict)
{
	const struct guard_facts *facts = plan->facts;
	const struct symbol_rules *rules = plan->rules;
	int needed = 2 + facts->intent->has_target + is_live(plan);

	if (rules->max_orders > 0 && needed > rules->max_orders - facts->open_orders) {
		verdict_reason(verdict, "filters.max_orders",
		               "%d orders are open in %s, and %d more go above the %d that it takes",
		               facts->open_orders, rules->symbol, needed, rules->max_orders);
		return false;
	}
	if (rules->max_algo_orders > 0 && facts->open_algo_orders + 1 >= rules->max_algo_orders) {
		verdict_reason(verdict, "filters.last_algo_slot",
		               "%d of %d stop orders are open in %s: the last slot stays free",
		               facts->open_algo_orders, rules->max_algo_orders, rules->symbol);
		return false;
	}
	if (rules->max_order_lists > 0 && makes_list(plan) &&
	    facts->open_order_lists >= rules->max_order_lists) {
		verdict_reason(verdict, "filters.max_order_lists",
		               "%d order lists are open in %s, and it takes no more than %d",
		               facts->open_order_lists, rules->symbol, rules->max_order_lists);
		return false;
	}
	struct decimal held = guard_sum(facts->base_held, plan->quantity);
	if (plan->side == SIDE_BUY && is_outside(held, DECIMAL_ZERO, rules->max_position)) {
		verdict_reason(verdict, "filters.max_position",
		               "%s held with this one, above the exchange's maximum of %s",
		               number_quantity(facts, held).text, number_exact(rules->max_position).text);
		return false;
	}
	return true;
}

static bool
check_notional(const struct plan *plan, struct verdict *verdict)
{
	struct decimal value = DECIMAL_ZERO, at_stop = DECIMAL_ZERO;

	/* What does not fit is above any maximum and any minimum: it stays zero, below both, and is
	 * refused where a minimum is set; the balance refuses it everywhere. */
	if (value_of(plan->quantity, plan->entry, &value))
		verdict_detail(verdict, "notional", value);
	if (value_of(plan->exit_quantity, plan->exit_price, &at_stop))
		verdict_detail(verdict, "notional_at_stop", at_stop);
	verdict_detail(verdict, "notional_min", plan->rules->notional_min);
	if (!check_entry_notional(plan, value, verdict) ||
	    !check_exit_notional(plan, at_stop, verdict) || !check_target(plan, verdict) ||
	    !check_slots(plan, verdict))
		return false;
	verdict_pass(verdict, "notional %s, at least %s, at the stop too", number_money(value).text,
	             number_money(plan->rules->notional_min).text);
	return true;
}

void
guard_filters(const struct guard_facts *facts, struct verdict *verdict)
{
	const struct symbol_rules *rules = facts->rules;
	enum side side = facts->intent->side;
	struct plan plan = {
		.facts = facts, .rules = rules, .side = side,
		.quantity = guard_quantity(facts), .entry = guard_entry(facts),
		.stop = facts->intent->stop_price,
		.is_exit_limit = !rules->can_stop_loss && rules->can_stop_loss_limit,
	};
	plan.exit_quantity = net_of_commission(&plan, facts->fee_percent);
	plan.exit_price = price_of_exit(&plan, facts->stop_limit_percent);

	verdict_detail(verdict, "quantity", plan.quantity);
	verdict_detail(verdict, "exit_quantity", plan.exit_quantity);
	if (!check_prices(&plan, verdict) ||
	    !check_percent_price(&plan, side, plan.entry, "entry", "filters.percent_price", verdict))
		return;
	if (plan.is_exit_limit &&
	    !check_percent_price(&plan, side_opposite(side), plan.exit_price, "stop's limit",
	                         "filters.exit_percent_price", verdict))
		return;
	if (!check_entry_lot(&plan, verdict) || !check_exit_lot(&plan, verdict))
		return;
	check_notional(&plan, verdict);
}
