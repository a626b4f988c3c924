/* The stop order of a position, and what may be shown of its protection: never better than what was
 * seen.  (exchange.md, "Protection that never lapses", 3 and 5) */
#include "core/protection.h"

/* Towards the market, so that a limit below the lowest price that the exchange takes is none. */
static struct decimal
inside_range(const struct symbol_rules *rules, struct decimal price)
{
	price = decimal_max(price, rules->price_min);
	return decimal_is_positive(rules->price_max) ? decimal_min(price, rules->price_max) : price;
}

/* The limit of a STOP_LOSS_LIMIT: further away than the stop, so that a small gap still fills. */
static enum status
set_limit(const struct symbol_rules *rules, enum side entry_side, struct decimal stop,
          struct decimal stop_limit_percent, struct order *order)
{
	struct decimal way, limit;
	bool is_long = entry_side == SIDE_BUY;

	if (decimal_is_negative(stop_limit_percent) ||
	    decimal_percent_of(stop, stop_limit_percent, ROUND_UP, &way) != STATUS_OK ||
	    (is_long ? decimal_sub : decimal_add)(stop, way, &limit) != STATUS_OK ||
	    symbol_stop_to_tick(rules, entry_side, limit, &limit) != STATUS_OK)
		return STATUS_RANGE;
	order->price = inside_range(rules, limit);
	order->has_price = true;
	return decimal_is_positive(order->price) ? STATUS_OK : STATUS_RANGE;
}

enum status
protection_make_stop(const struct symbol_rules *rules, enum side entry_side, struct decimal stop,
                     struct decimal quantity, struct decimal stop_limit_percent,
                     struct order *ret, struct error *err)
{
	struct order order = *ret;
	struct decimal level, lots;

	if (!rules->can_stop_loss && !rules->can_stop_loss_limit)
		return error_set(err, STATUS_REFUSED, "the exchange takes no stop orders for %s",
		                 rules->symbol);
	if (decimal_to_step(quantity, rules->lot_step, ROUND_DOWN, &lots) != STATUS_OK)
		lots = quantity;                                  /* a step of zero is none */
	if (!decimal_is_positive(lots))
		return error_field(err, STATUS_INVALID, "quantity", "a stop for less than one lot is none");
	if (symbol_stop_to_tick(rules, entry_side, stop, &level) != STATUS_OK ||
	    !decimal_is_positive(level) || decimal_cmp(inside_range(rules, level), level) != 0)
		return error_field(err, STATUS_RANGE, "stop",
		                   "the stop is outside the exchange's range of prices");
	order.side = side_opposite(entry_side);
	order.quantity = lots;
	order.has_stop_price = true;
	order.stop_price = level;
	order.has_price = false;
	order.price = DECIMAL_ZERO;
	order.type = ORDER_STOP_LOSS;
	order.tif = TIF_NONE;
	if (!rules->can_stop_loss) {
		order.type = ORDER_STOP_LOSS_LIMIT;
		order.tif = TIF_GTC;
		if (set_limit(rules, entry_side, level, stop_limit_percent, &order) != STATUS_OK)
			return error_field(err, STATUS_RANGE, "stop", "the stop leaves no room for its limit");
	}
	*ret = order;
	return STATUS_OK;
}

/* A sale whose outcome is not told may be in the place of the stop, or have taken it away. */
static bool
is_in_doubt(const struct order *order)
{
	return order->purpose != PURPOSE_ENTRY &&
	       (order->state == ORDER_PENDING || order->state == ORDER_SENT ||
	        order->state == ORDER_UNKNOWN);
}

static bool
protects(const struct operation *op, const struct order *order, struct decimal lot_step)
{
	int against = decimal_cmp(order->stop_price, op->stop_price) * (op->side == SIDE_BUY ? 1 : -1);

	return order->purpose == PURPOSE_STOP && order->state == ORDER_NEW && order->seen_at_ms > 0 &&
	       !order->is_quantity_open && !order->is_cancel_wanted && against >= 0 &&
	       decimal_cmp(order_remaining(order), operation_sellable(op, lot_step)) >= 0;
}

enum protection
protection_state(const struct operation *op, const struct order *const *orders, size_t count,
                 struct decimal lot_step, bool is_watched)
{
	bool is_protected = false, is_doubtful = false;

	if (op->mode == MODE_DRY_RUN)
		return PROTECTION_PAPER;
	for (size_t i = 0; i < count; i++) {
		is_protected |= protects(op, orders[i], lot_step);
		is_doubtful |= is_in_doubt(orders[i]);
	}
	if (is_protected && !is_doubtful)
		return is_watched ? PROTECTION_EXCH_LOCAL : PROTECTION_EXCH;
	return is_watched ? PROTECTION_LOCAL : PROTECTION_NAKED;
}
