/* Turns risk into a quantity.  Every rounding here goes against ourselves (cost per unit up, what
 * may be spent or lost down, the quantity down to the lot step), so that these hold exactly and not
 * only nearly, for the very figures that are returned:
 *
 *     quantity × cost_per_unit <= risk_allowed <= capital × risk_percent / 100
 *     quantity × entry × (1 + fee) <= min(capital, 0.99 × balance)
 */
#include "core/sizing.h"

#include "base/text.h"

static const char *const bound_names[] = {
	[BOUND_RISK] = "risk", [BOUND_POSITION] = "position", [BOUND_CAPITAL] = "capital",
	[BOUND_BALANCE] = "balance", [BOUND_TYPED] = "typed",
};

const char *
size_bound_name(enum size_bound bound)
{
	return bound_names[bound];
}

enum status
size_bound_parse(const char *text, enum size_bound *ret)
{
	for (unsigned i = 0; i < ARRAY_LEN(bound_names); i++)
		if (text_equal(text, bound_names[i])) {
			*ret = (enum size_bound)i;
			return STATUS_OK;
		}
	return STATUS_INVALID;
}

/* What one unit costs if its stop is hit. */
struct unit_cost {
	struct decimal gap;      /* how far beyond the stop it is expected to fill */
	struct decimal fees;     /* of both sides */
	struct decimal cost;     /* distance, gap and fees; below zero for a stop that keeps a profit */
};

/* Sums are checked once, at the end of each group: what failed left its output at zero or as it
 * was, and the rest only reckons with that in vain. */
static bool
fits(enum status status)
{
	return status == STATUS_OK;
}

static enum status
unit_cost(enum side side, struct decimal entry, struct decimal stop, const struct risk_terms *terms,
          struct unit_cost *ret)
{
	struct unit_cost unit = { .gap = DECIMAL_ZERO };
	struct decimal exit = DECIMAL_ZERO, both = DECIMAL_ZERO, distance = DECIMAL_ZERO;
	bool buying = side == SIDE_BUY, ok = true;

	ok &= fits(decimal_percent_of(stop, terms->gap_percent, ROUND_UP, &unit.gap));
	ok &= fits((buying ? decimal_sub : decimal_add)(stop, unit.gap, &exit));
	ok &= fits(decimal_add(entry, exit, &both));
	ok &= fits(decimal_percent_of(both, terms->fee_percent, ROUND_UP, &unit.fees));
	ok &= fits(decimal_sub(buying ? entry : stop, buying ? stop : entry, &distance));
	ok &= fits(decimal_add(distance, unit.gap, &unit.cost));
	ok &= fits(decimal_add(unit.cost, unit.fees, &unit.cost));
	if (!ok)
		return STATUS_RANGE;
	*ret = unit;
	return STATUS_OK;
}

static bool
is_percent(struct decimal d)
{
	return !decimal_is_negative(d) && decimal_cmp(d, decimal_from_int(100)) < 0;
}

static enum status
not_above_zero(struct error *err, const char *field, const char *what)
{
	return error_field(err, STATUS_INVALID, field, "%s must be above zero", what);
}

static enum status
check_prices(const struct sizing_request *req, struct error *err)
{
	if (!decimal_is_positive(req->entry))
		return not_above_zero(err, "entry", "the entry price");
	if (!decimal_is_positive(req->stop))
		return not_above_zero(err, "stop", "the stop price");
	bool buying = req->side == SIDE_BUY;
	int side_of_entry = decimal_cmp(req->stop, req->entry);
	if (buying ? side_of_entry >= 0 : side_of_entry <= 0) {
		char stop[DECIMAL_TEXT_SIZE], entry[DECIMAL_TEXT_SIZE];
		decimal_text(req->stop, stop);
		decimal_text(req->entry, entry);
		return error_field(err, STATUS_INVALID, "stop",
		                   "the stop of a %s belongs %s its entry: %s is not %s %s",
		                   buying ? "buy" : "sell", buying ? "below" : "above", stop,
		                   buying ? "below" : "above", entry);
	}
	return STATUS_OK;
}

static enum status
check_terms(const struct sizing_request *req, struct error *err)
{
	if (!decimal_is_positive(req->risk_percent) ||
	    decimal_cmp(req->risk_percent, decimal_from_int(1)) > 0)
		return error_field(err, STATUS_INVALID, "risk_percent",
		                   "the risk must be above 0 and at most 1 percent");
	if (!is_percent(req->fee_percent))
		return error_field(err, STATUS_INVALID, "fee_percent",
		                   "the fee must be at least 0 and below 100 percent");
	if (!is_percent(req->gap_percent))
		return error_field(err, STATUS_INVALID, "gap_percent",
		                   "the gap must be at least 0 and below 100 percent");
	if (!decimal_is_positive(req->lot_step))
		return not_above_zero(err, "lot_step", "the lot step");
	if (req->has_max_position_percent && decimal_is_negative(req->max_position_percent))
		return error_field(err, STATUS_INVALID, "max_position_percent",
		                   "the position limit must not be below zero");
	return STATUS_OK;
}

static enum status
check(const struct sizing_request *req, struct error *err)
{
	enum status status = check_prices(req, err);
	if (status != STATUS_OK)
		return status;
	if (!decimal_is_positive(req->capital))
		return not_above_zero(err, "capital", "the capital");
	status = check_terms(req, err);
	if (status != STATUS_OK)
		return status;
	if (req->has_typed_quantity && !decimal_is_positive(req->typed_quantity))
		return not_above_zero(err, "quantity", "the quantity");
	/* Never a default in its place: a size for money that may not be there is a guess. */
	if (!req->has_balance)
		return error_field(err, STATUS_UNAVAILABLE, "balance", "the free balance is not known");
	if (!decimal_is_positive(req->balance))
		return error_field(err, STATUS_INVALID, "balance", "the free balance is zero");
	return STATUS_OK;
}

static enum status
does_not_fit(struct error *err, const char *field)
{
	error_field(err, STATUS_RANGE, field,
	            "a size for these numbers would have more than 18 digits");
	return STATUS_RANGE;
}

struct bounds {
	struct decimal lowest;
	enum size_bound which;
};

/* The first of equal bounds is the one that held. */
static void
lower_to(struct bounds *bounds, struct decimal quantity, enum size_bound which)
{
	if (decimal_cmp(quantity, bounds->lowest) < 0)
		*bounds = (struct bounds){ quantity, which };
}

/* The most that the risk, the strategy's position limit and the money at hand allow, not stepped. */
static enum status
find_bounds(const struct sizing_request *req, const struct sizing *size, struct bounds *ret,
            struct error *err)
{
	struct bounds bounds = { .which = BOUND_RISK };
	struct decimal quantity = DECIMAL_ZERO, value = DECIMAL_ZERO;
	struct decimal spendable = DECIMAL_ZERO, fee = DECIMAL_ZERO, unit_price = DECIMAL_ZERO;

	bool ok = fits(decimal_div(size->risk_allowed, size->cost_per_unit, ROUND_DOWN, &bounds.lowest));
	if (req->has_max_position_percent) {
		ok &= fits(decimal_percent_of(req->capital, req->max_position_percent, ROUND_DOWN, &value));
		ok &= fits(decimal_div(value, req->entry, ROUND_DOWN, &quantity));
		if (!ok)
			return does_not_fit(err, "max_position_percent");
		lower_to(&bounds, quantity, BOUND_POSITION);
	}
	/* An entry takes its fee along; 1 % of the balance stays for what moves meanwhile. */
	ok &= fits(decimal_percent_of(req->balance, decimal_from_int(99), ROUND_DOWN, &spendable));
	ok &= fits(decimal_percent_of(req->entry, req->fee_percent, ROUND_UP, &fee));
	ok &= fits(decimal_add(req->entry, fee, &unit_price));
	value = decimal_min(req->capital, spendable);
	ok &= fits(decimal_div(value, unit_price, ROUND_DOWN, &quantity));
	if (!ok)
		return does_not_fit(err, "entry");
	lower_to(&bounds, quantity,
	         decimal_cmp(spendable, req->capital) < 0 ? BOUND_BALANCE : BOUND_CAPITAL);
	*ret = bounds;
	return STATUS_OK;
}

static void
choose_quantity(const struct sizing_request *req, struct sizing *size)
{
	size->quantity = size->final;
	if (!req->has_typed_quantity)
		return;
	size->typed_too_large = decimal_cmp(req->typed_quantity, size->final) > 0;
	size->typed_off_step = !decimal_is_multiple(req->typed_quantity, req->lot_step);
	if (decimal_cmp(req->typed_quantity, size->final) < 0) {
		size->quantity = req->typed_quantity;
		size->bound_by = BOUND_TYPED;
	}
}

/* What the quantity amounts to.  All of it is below the capital, so all of it fits. */
static bool
add_up(const struct sizing_request *req, const struct unit_cost *unit, struct sizing *size)
{
	bool ok = fits(decimal_mul(size->quantity, req->entry, ROUND_UP, &size->position_value));
	ok &= fits(decimal_mul(size->quantity, unit->fees, ROUND_UP, &size->fees_at_stop));
	ok &= fits(decimal_mul(size->quantity, unit->cost, ROUND_UP, &size->risk_amount));
	ok &= fits(decimal_mul_div(size->risk_amount, decimal_from_int(100), req->capital, ROUND_DOWN,
	                           &size->risk_percent));
	return ok;
}

enum status
sizing_compute(const struct sizing_request *request, struct sizing *ret, struct error *err)
{
	struct risk_terms terms = { request->fee_percent, request->gap_percent };
	struct sizing size = { .typed_too_large = false };
	struct unit_cost unit;
	struct bounds bounds;

	enum status status = check(request, err);
	if (status != STATUS_OK)
		return status;
	if (!fits(unit_cost(request->side, request->entry, request->stop, &terms, &unit)))
		return does_not_fit(err, "entry");
	size.cost_per_unit = unit.cost;
	size.gap_per_unit = unit.gap;
	bool ok = fits(decimal_sub(request->entry, request->stop, &size.stop_distance));
	size.stop_distance = decimal_abs(size.stop_distance);
	ok &= fits(decimal_mul_div(size.stop_distance, decimal_from_int(100), request->entry, ROUND_DOWN,
	                           &size.stop_distance_percent));
	ok &= fits(decimal_percent_of(request->capital, request->risk_percent, ROUND_DOWN,
	                              &size.risk_allowed));
	ok &= fits(decimal_div(size.risk_allowed, size.stop_distance, ROUND_DOWN,
	                       &size.quantity_by_rule));
	if (!ok)
		return does_not_fit(err, "stop");
	status = find_bounds(request, &size, &bounds, err);
	if (status != STATUS_OK)
		return status;
	size.bound_by = bounds.which;
	ok = fits(decimal_to_step(bounds.lowest, request->lot_step, ROUND_DOWN, &size.final));
	choose_quantity(request, &size);
	if (!(ok & add_up(request, &unit, &size)))
		return does_not_fit(err, "quantity");
	*ret = size;
	return STATUS_OK;
}

enum status
sizing_worst_fill(enum side side, struct decimal quote, struct decimal slippage_percent,
                  struct decimal tick, struct decimal *ret)
{
	struct decimal slip = DECIMAL_ZERO, worst = DECIMAL_ZERO;
	bool buying = side == SIDE_BUY;

	if (!decimal_is_positive(quote) || !is_percent(slippage_percent) || decimal_is_negative(tick))
		return STATUS_INVALID;
	bool ok = fits(decimal_percent_of(quote, slippage_percent, ROUND_DOWN, &slip));
	ok &= fits((buying ? decimal_add : decimal_sub)(quote, slip, &worst));
	if (decimal_is_positive(tick))   /* zero: the exchange asks for none */
		ok &= fits(decimal_to_step(worst, tick, buying ? ROUND_FLOOR : ROUND_CEILING, &worst));
	if (!ok)
		return STATUS_RANGE;
	/* A quote off the tick, and less than a tick of slippage: the quote itself is permitted. */
	*ret = buying ? decimal_max(worst, quote) : decimal_min(worst, quote);
	return STATUS_OK;
}

enum status
sizing_risk_of(enum side side, struct decimal quantity, struct decimal entry, struct decimal stop,
               const struct risk_terms *terms, struct decimal *ret)
{
	struct unit_cost unit;

	if (decimal_is_negative(quantity) || !decimal_is_positive(entry) ||
	    !decimal_is_positive(stop) || !is_percent(terms->fee_percent) ||
	    !is_percent(terms->gap_percent))
		return STATUS_INVALID;
	if (!fits(unit_cost(side, entry, stop, terms, &unit)))
		return STATUS_RANGE;
	return decimal_mul(quantity, decimal_max(unit.cost, DECIMAL_ZERO), ROUND_UP, ret);
}
