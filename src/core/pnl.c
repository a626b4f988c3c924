/* Profit and loss.  Where an entry was left only in part, its value and fees are shared out against
 * ourselves; what was shared out and what rests always add up to the whole that was received. */
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

static bool
is_long(enum side entry_side)
{
	return entry_side == SIDE_BUY;
}

enum status
pnl_entry_share(enum side entry_side, const struct leg *entry, struct decimal quantity,
                struct decimal *ret_value)
{
	/* A long paid the entry's value, a short received it. */
	enum rounding against = is_long(entry_side) ? ROUND_CEILING : ROUND_FLOOR;

	if (decimal_cmp(quantity, entry->quantity) == 0) {      /* of nothing, too */
		*ret_value = entry->value;
		return STATUS_OK;
	}
	return decimal_mul_div(entry->value, quantity, entry->quantity, against, ret_value);
}

/* The share of the entry that belongs to what was exited, and all of it that was received. */
struct shares {
	struct leg exited, received;
};

static enum status
fees_of(const struct round_trip *trip, const struct shares *shares, struct decimal *ret)
{
	/* Own coins may have been sold in the place of what commission took. */
	if (trip->is_flat || decimal_cmp(shares->exited.quantity, shares->received.quantity) >= 0) {
		*ret = trip->entry.fees;
		return STATUS_OK;
	}
	return decimal_mul_div(trip->entry.fees, shares->exited.quantity, shares->received.quantity,
	                       ROUND_CEILING, ret);
}

static enum status
share_out(const struct round_trip *trip, struct shares *ret)
{
	const struct leg *entry = &trip->entry;
	struct shares shares = { .exited = { .quantity = trip->exit.quantity } };

	if (decimal_cmp(trip->exit.quantity, entry->quantity) > 0 ||
	    decimal_is_negative(trip->taken) || decimal_cmp(trip->taken, entry->quantity) > 0)
		return STATUS_INVALID;
	/* Neither is negative, and the second is not the larger one. */
	shares.received.quantity.e16 = entry->quantity.e16 - trip->taken.e16;
	shares.received.fees = entry->fees;
	bool ok = fits(pnl_entry_share(trip->side, entry, shares.exited.quantity, &shares.exited.value));
	ok &= fits(pnl_entry_share(trip->side, entry, shares.received.quantity, &shares.received.value));
	ok &= fits(fees_of(trip, &shares, &shares.exited.fees));
	*ret = shares;
	return ok ? STATUS_OK : STATUS_RANGE;
}

/* What selling brought minus what buying cost, minus both fees. */
static enum status
net_of(enum side entry_side, const struct leg *in, struct decimal out_value, struct decimal out_fees,
       struct decimal *ret)
{
	struct decimal net = DECIMAL_ZERO;
	bool ok = fits(is_long(entry_side) ? decimal_sub(out_value, in->value, &net)
	                                   : decimal_sub(in->value, out_value, &net));
	ok &= fits(decimal_sub(net, in->fees, &net));
	ok &= fits(decimal_sub(net, out_fees, &net));
	if (!ok)
		return STATUS_RANGE;
	*ret = net;
	return STATUS_OK;
}

enum status
pnl_trip_realized(const struct round_trip *trip, struct decimal *ret)
{
	struct shares shares;
	enum status status = share_out(trip, &shares);
	if (status != STATUS_OK)
		return status;
	return net_of(trip->side, &shares.exited, trip->exit.value, trip->exit.fees, ret);
}

enum status
pnl_trip_unrealized(const struct round_trip *trip, struct decimal price, struct decimal fee_percent,
                    struct decimal *ret)
{
	struct shares shares;
	struct leg rest = { 0 };
	struct decimal value = DECIMAL_ZERO, fee = DECIMAL_ZERO;
	enum status status = share_out(trip, &shares);
	if (status != STATUS_OK)
		return status;
	if (decimal_is_negative(price) || decimal_is_negative(fee_percent))
		return STATUS_INVALID;
	if (trip->is_flat || decimal_cmp(shares.exited.quantity, shares.received.quantity) > 0) {
		*ret = DECIMAL_ZERO;
		return STATUS_OK;
	}
	bool ok = fits(decimal_sub(shares.received.quantity, shares.exited.quantity, &rest.quantity));
	ok &= fits(decimal_sub(shares.received.value, shares.exited.value, &rest.value));
	ok &= fits(decimal_sub(shares.received.fees, shares.exited.fees, &rest.fees));
	ok &= fits(decimal_mul(rest.quantity, price, is_long(trip->side) ? ROUND_DOWN : ROUND_UP,
	                       &value));
	ok &= fits(decimal_percent_of(value, fee_percent, ROUND_UP, &fee));
	return ok ? net_of(trip->side, &rest, value, fee, ret) : STATUS_RANGE;
}

enum status
pnl_realized(enum side entry_side, const struct leg *entry, const struct leg *exit,
             struct decimal *ret)
{
	struct round_trip trip = { .side = entry_side, .entry = *entry, .exit = *exit };
	return pnl_trip_realized(&trip, ret);
}

enum status
pnl_unrealized(enum side entry_side, const struct leg *entry, const struct leg *exit,
               struct decimal price, struct decimal fee_percent, struct decimal *ret)
{
	struct round_trip trip = { .side = entry_side, .entry = *entry, .exit = *exit };
	return pnl_trip_unrealized(&trip, price, fee_percent, ret);
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

	if (!decimal_is_positive(entry) || !decimal_is_positive(initial_stop))
		return STATUS_INVALID;
	/* The way is cut so that the price is, which moves nothing across half a tick of 15 places. */
	bool ok = fits(decimal_sub(entry, initial_stop, &distance));
	ok &= fits(decimal_mul(decimal_abs(distance), n, is_long(entry_side) ? ROUND_FLOOR : ROUND_CEILING, &way));
	ok &= fits((is_long(entry_side) ? decimal_add : decimal_sub)(entry, way, &price));
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
	bool is_down = is_long(entry_side);

	if (!decimal_is_positive(stop) ||
	    decimal_sub(is_down ? stop : fill, is_down ? fill : stop, &beyond) != STATUS_OK)
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
