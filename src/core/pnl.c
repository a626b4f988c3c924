/* Profit and loss.  Where an entry was left only in part, its value and fees are shared out against
 * ourselves; what was shared out and what rests always add up to the whole. */
#include "core/pnl.h"

/* Sums are checked once, at the end: what failed left its output as it was. */
static bool
fits(enum status status)
{
	return status == STATUS_OK;
}

enum status
leg_add(struct leg *leg, struct decimal price, struct decimal quantity, struct decimal fee_quote)
{
	struct leg sum = *leg;
	struct decimal value = DECIMAL_ZERO;

	if (!decimal_is_positive(price) || !decimal_is_positive(quantity))
		return STATUS_INVALID;
	bool ok = fits(decimal_mul(price, quantity, ROUND_HALF_UP, &value));
	ok &= fits(decimal_add(leg->value, value, &sum.value));
	ok &= fits(decimal_add(leg->quantity, quantity, &sum.quantity));
	ok &= fits(decimal_add(leg->fees, fee_quote, &sum.fees));
	if (!ok)
		return STATUS_RANGE;
	*leg = sum;
	return STATUS_OK;
}

struct decimal
leg_average(const struct leg *leg)
{
	struct decimal average;
	/* Fails for an empty leg alone: an average lies between prices that did fit. */
	if (decimal_div(leg->value, leg->quantity, ROUND_DOWN, &average) != STATUS_OK)
		return DECIMAL_ZERO;
	return average;
}

/* The share of the entry that belongs to what was exited. */
static enum status
exited_share(enum side entry_side, const struct leg *entry, const struct leg *exit, struct leg *ret)
{
	int part = decimal_cmp(exit->quantity, entry->quantity);
	if (part > 0)
		return STATUS_INVALID;
	if (part == 0) {
		*ret = *entry;
		return STATUS_OK;
	}
	/* A long paid the entry's value, a short received it. */
	enum rounding against = entry_side == SIDE_BUY ? ROUND_CEILING : ROUND_FLOOR;
	struct leg share = { .quantity = exit->quantity };
	bool ok = fits(decimal_mul_div(entry->value, exit->quantity, entry->quantity, against,
	                               &share.value));
	ok &= fits(decimal_mul_div(entry->fees, exit->quantity, entry->quantity, ROUND_CEILING,
	                           &share.fees));
	*ret = share;
	return ok ? STATUS_OK : STATUS_RANGE;
}

/* What selling brought minus what buying cost, minus both fees. */
static enum status
net_of(enum side entry_side, const struct leg *in, struct decimal out_value, struct decimal out_fees,
       struct decimal *ret)
{
	struct decimal net = DECIMAL_ZERO;
	bool is_long = entry_side == SIDE_BUY;

	bool ok = fits(decimal_sub(is_long ? out_value : in->value, is_long ? in->value : out_value,
	                           &net));
	ok &= fits(decimal_sub(net, in->fees, &net));
	ok &= fits(decimal_sub(net, out_fees, &net));
	if (!ok)
		return STATUS_RANGE;
	*ret = net;
	return STATUS_OK;
}

enum status
pnl_realized(enum side entry_side, const struct leg *entry, const struct leg *exit,
             struct decimal *ret)
{
	struct leg share;
	enum status status = exited_share(entry_side, entry, exit, &share);
	if (status != STATUS_OK)
		return status;
	return net_of(entry_side, &share, exit->value, exit->fees, ret);
}

enum status
pnl_unrealized(enum side entry_side, const struct leg *entry, const struct leg *exit,
               struct decimal price, struct decimal fee_percent, struct decimal *ret)
{
	struct leg share, rest = *entry;
	struct decimal value = DECIMAL_ZERO, fee = DECIMAL_ZERO;
	enum status status = exited_share(entry_side, entry, exit, &share);
	if (status != STATUS_OK)
		return status;
	if (decimal_is_negative(price) || decimal_is_negative(fee_percent))
		return STATUS_INVALID;
	bool ok = fits(decimal_sub(entry->quantity, share.quantity, &rest.quantity));
	ok &= fits(decimal_sub(entry->value, share.value, &rest.value));
	ok &= fits(decimal_sub(entry->fees, share.fees, &rest.fees));
	ok &= fits(decimal_mul(rest.quantity, price, entry_side == SIDE_BUY ? ROUND_DOWN : ROUND_UP,
	                       &value));
	ok &= fits(decimal_percent_of(value, fee_percent, ROUND_UP, &fee));
	return ok ? net_of(entry_side, &rest, value, fee, ret) : STATUS_RANGE;
}

enum status
pnl_r_multiple(struct decimal net, struct decimal initial_risk, struct decimal *ret)
{
	if (!decimal_is_positive(initial_risk))
		return STATUS_RANGE;
	return decimal_div(net, initial_risk, ROUND_DOWN, ret);
}

enum status
pnl_price_at_r(enum side entry_side, struct decimal entry, struct decimal initial_stop,
               struct decimal n, struct decimal tick, struct decimal *ret)
{
	struct decimal distance = DECIMAL_ZERO, way = DECIMAL_ZERO, price = DECIMAL_ZERO;
	bool is_long = entry_side == SIDE_BUY;

	if (!decimal_is_positive(entry) || !decimal_is_positive(initial_stop))
		return STATUS_INVALID;
	/* The way is cut so that the price is, which moves nothing across half a tick of 15 places. */
	bool ok = fits(decimal_sub(entry, initial_stop, &distance));
	ok &= fits(decimal_mul(decimal_abs(distance), n, is_long ? ROUND_FLOOR : ROUND_CEILING, &way));
	ok &= fits((is_long ? decimal_add : decimal_sub)(entry, way, &price));
	ok &= fits(decimal_to_step(price, tick, ROUND_HALF_UP, &price));
	if (!ok || !decimal_is_positive(price))
		return STATUS_RANGE;
	*ret = price;
	return STATUS_OK;
}

enum status
pnl_slippage_percent(enum side entry_side, struct decimal stop, struct decimal fill,
                     struct decimal *ret)
{
	struct decimal beyond;
	bool is_long = entry_side == SIDE_BUY;

	if (!decimal_is_positive(stop) ||
	    decimal_sub(is_long ? stop : fill, is_long ? fill : stop, &beyond) != STATUS_OK)
		return STATUS_RANGE;
	return decimal_mul_div(beyond, decimal_from_int(100), stop, ROUND_DOWN, ret);
}

enum status
pnl_drawdown_percent(struct decimal peak, struct decimal equity, struct decimal *ret)
{
	struct decimal down;

	if (!decimal_is_positive(peak) || decimal_cmp(equity, peak) >= 0) {
		*ret = DECIMAL_ZERO;
		return STATUS_OK;
	}
	if (decimal_sub(peak, equity, &down) != STATUS_OK)
		return STATUS_RANGE;
	return decimal_mul_div(down, decimal_from_int(100), peak, ROUND_DOWN, ret);
}
