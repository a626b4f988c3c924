/* The stop rule itself, for one operation: against a quote, against the candle of a gap, and what a
 * person may do to a level.  (domain.md, "Stops") */
#include "core/stops.h"

enum exit_reason
stop_check(enum side entry_side, struct decimal stop, bool has_target, struct decimal target,
           const struct quote *quote)
{
	if (!quote_is_sane(quote))
		return EXIT_NONE;                        /* a bid of zero would fire everything */
	struct decimal price = quote_exit_price(quote, entry_side);
	int towards_loss = entry_side == SIDE_BUY ? -1 : 1;

	if (decimal_cmp(price, stop) * towards_loss >= 0)
		return EXIT_STOP_LOSS;
	if (has_target && decimal_cmp(price, target) * towards_loss <= 0)
		return EXIT_TAKE_PROFIT;
	return EXIT_NONE;
}

/* A price that does not fit is no price: the bid stands for it. */
static struct decimal
plus(struct decimal price, struct decimal spread)
{
	struct decimal ask;
	return decimal_add(price, spread, &ask) == STATUS_OK ? ask : price;
}

enum exit_reason
stop_check_candle(enum side entry_side, struct decimal stop, bool has_target, struct decimal target,
                  const struct candle *candle, struct decimal spread, struct decimal *ret_level,
                  struct decimal *ret_fill_price)
{
	if (!decimal_is_positive(candle->low) || decimal_cmp(candle->low, candle->high) > 0)
		return EXIT_NONE;
	if (entry_side == SIDE_BUY) {
		bool is_stop = decimal_cmp(candle->low, stop) <= 0;
		if (!is_stop && !(has_target && decimal_cmp(candle->high, target) >= 0))
			return EXIT_NONE;
		*ret_level = is_stop ? stop : target;
		*ret_fill_price = decimal_min(*ret_level, candle->open);
		return is_stop ? EXIT_STOP_LOSS : EXIT_TAKE_PROFIT;
	}
	bool is_stop = decimal_cmp(plus(candle->high, spread), stop) >= 0;
	if (!is_stop && !(has_target && decimal_cmp(plus(candle->low, spread), target) <= 0))
		return EXIT_NONE;
	*ret_level = is_stop ? stop : target;
	*ret_fill_price = decimal_max(*ret_level, plus(candle->open, spread));
	return is_stop ? EXIT_STOP_LOSS : EXIT_TAKE_PROFIT;
}

/* Prices in words: as they are, in groups of three. */
struct shown {
	char text[DECIMAL_FORMAT_SIZE];
};

static struct shown
show(struct decimal d)
{
	struct shown shown;
	int places = decimal_places(d);
	decimal_format(d, places < 2 ? 2 : places, true, shown.text);
	return shown;
}

/* What both levels have in common: an operation that can be changed, a level, a price to judge by. */
static enum status
check_movable(const struct operation *op, const char *field, struct decimal level,
              const struct quote *quote, struct error *err)
{
	if (op->status != OPERATION_ACTIVE)
		return error_field(err, STATUS_NO, field, "operation %lld is %s: its %s can't be moved",
		                   (long long)op->id, operation_status_name(op->status), field);
	if (op->exit_wish.reason != EXIT_NONE)
		return error_field(err, STATUS_NO, field,
		                   "operation %lld is being closed (%s): its %s can't be moved",
		                   (long long)op->id, exit_reason_name(op->exit_wish.reason), field);
	if (!decimal_is_positive(level))
		return error_field(err, STATUS_INVALID, field, "a %s is a price above zero", field);
	if (quote == NULL || !quote_is_sane(quote))
		return error_field(err, STATUS_UNAVAILABLE, field,
		                   "no price for %s to judge a %s by", op->symbol, field);
	return STATUS_OK;
}

enum status
stop_move_check(const struct operation *op, struct decimal new_stop, bool widen,
                const struct quote *quote, struct error *err)
{
	enum status status = check_movable(op, "stop", new_stop, quote, err);
	if (status != STATUS_OK)
		return status;

	bool is_long = op->side == SIDE_BUY;
	struct decimal price = quote_exit_price(quote, op->side);
	if (stop_check(op->side, new_stop, false, DECIMAL_ZERO, quote) != EXIT_NONE) {
		error_field(err, STATUS_NO, "stop", "a stop at %s would fire at once: the %s is %s",
		            show(new_stop).text, is_long ? "bid" : "ask", show(price).text);
		error_hint(err, "to leave now, close the operation");
		return STATUS_NO;
	}
	int against = decimal_cmp(new_stop, op->stop_price) * (is_long ? 1 : -1);
	if (against < 0 && !widen) {
		error_field(err, STATUS_NO, "stop",
		            "a stop at %s risks more than the one at %s: it moves only towards the price",
		            show(new_stop).text, show(op->stop_price).text);
		error_hint(err, "say widen if you mean it");
		return STATUS_NO;
	}
	if (op->has_target &&
	    decimal_cmp(new_stop, op->target_price) * (is_long ? 1 : -1) >= 0)
		return error_field(err, STATUS_NO, "stop", "a stop at %s lies beyond the target at %s",
		                   show(new_stop).text, show(op->target_price).text);
	return STATUS_OK;
}

enum status
target_move_check(const struct operation *op, struct decimal new_target, const struct quote *quote,
                  struct error *err)
{
	enum status status = check_movable(op, "target", new_target, quote, err);
	if (status != STATUS_OK)
		return status;

	bool is_long = op->side == SIDE_BUY;
	struct decimal price = quote_exit_price(quote, op->side);
	if (decimal_cmp(new_target, price) * (is_long ? 1 : -1) <= 0) {
		error_field(err, STATUS_NO, "target",
		            "a target at %s would be taken at once: the %s is %s",
		            show(new_target).text, is_long ? "bid" : "ask", show(price).text);
		error_hint(err, "to leave now, close the operation");
		return STATUS_NO;
	}
	if (decimal_cmp(new_target, op->stop_price) * (is_long ? 1 : -1) <= 0)
		return error_field(err, STATUS_NO, "target", "a target at %s lies beyond the stop at %s",
		                   show(new_target).text, show(op->stop_price).text);
	return STATUS_OK;
}
