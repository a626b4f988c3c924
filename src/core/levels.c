/* What a person types for a level: a price, a percentage of the entry, a multiple of R.  A sign says
 * above or below the entry; one that puts a level on its wrong side is a slip, not a wish. */
#include "core/stops.h"

#include <string.h>

#include "base/text.h"

enum unit { UNIT_PRICE, UNIT_PERCENT, UNIT_R };

struct typed {
	enum unit unit;
	char sign;                /* '+', '-', or 0 where none was typed */
	struct decimal size;      /* without the sign, above zero */
};

static enum status
unreadable(struct error *err, const char *field, const char *text, const char *forms)
{
	error_field(err, STATUS_INVALID, field, "'%s' can't be read as a %s", text, field);
	error_hint(err, "%s", forms);
	return STATUS_INVALID;
}

static enum status
read_typed(const char *text, const char *field, const char *forms, struct typed *ret,
           struct error *err)
{
	char number[80];
	struct typed typed = { .unit = UNIT_PRICE };

	if (text == NULL || text[strspn(text, " ")] == '\0')
		return error_field(err, STATUS_INVALID, field, "a %s is missing", field);
	text += strspn(text, " ");
	if (!text_copy(number, sizeof number, text))
		return unreadable(err, field, text, forms);
	size_t len = strlen(number);
	while (number[len - 1] == ' ')
		number[--len] = '\0';
	char last = number[len - 1];
	if (last == '%' || last == 'R' || last == 'r') {
		typed.unit = last == '%' ? UNIT_PERCENT : UNIT_R;
		number[--len] = '\0';
	}
	const char *digits = number;
	if (*digits == '-' || *digits == '+')
		typed.sign = *digits++;
	digits += strspn(digits, " ");
	if (*digits == '-' || *digits == '+' ||
	    decimal_parse_human(digits, &typed.size) != STATUS_OK)
		return unreadable(err, field, text, forms);
	if (decimal_is_zero(typed.size))
		return error_field(err, STATUS_INVALID, field, "a %s of zero is none", field);
	*ret = typed;
	return STATUS_OK;
}

static enum status
read_price(const struct typed *typed, const char *text, const char *field, struct decimal tick,
           enum rounding rounding, struct decimal *ret, struct error *err)
{
	if (typed->sign == '-') {
		error_field(err, STATUS_INVALID, field, "'%s' is no price: prices are above zero", text);
		error_hint(err, "%s%% is a percentage of the entry", text);
		return STATUS_INVALID;
	}
	struct decimal level;
	if (decimal_to_step(typed->size, tick, rounding, &level) != STATUS_OK ||
	    !decimal_is_positive(level))
		return error_field(err, STATUS_INVALID, field, "'%s' is not on the price's scale", text);
	*ret = level;
	return STATUS_OK;
}

/* entry × (1 ± percent), to the tick in one rounding. */
static enum status
read_percent(const struct typed *typed, const char *text, const char *field, bool below,
             enum side entry_side, struct decimal entry, struct decimal tick,
             enum rounding rounding, struct decimal *ret, struct error *err)
{
	if (typed->sign == (below ? '+' : '-')) {
		error_field(err, STATUS_INVALID, field,
		            "'%s' is on the wrong side: the %s of a %s lies %s its entry", text, field,
		            entry_side == SIDE_BUY ? "long" : "short", below ? "below" : "above");
		return STATUS_INVALID;
	}
	if (!decimal_is_positive(entry))
		return error_field(err, STATUS_INVALID, field,
		                   "a percentage needs an entry price to start from");
	struct decimal hundred = decimal_from_int(100), factor, level;
	enum status status = below ? decimal_sub(hundred, typed->size, &factor)
	                           : decimal_add(hundred, typed->size, &factor);
	/* The cut at 16 places must not change what the tick's rounding then does: it goes the same
	 * way, and downwards before a rounding to the nearest (half a tick is no longer than that). */
	if (status == STATUS_OK)
		status = decimal_percent_of(entry, factor,
		                            rounding == ROUND_HALF_UP ? ROUND_FLOOR : rounding, &level);
	if (status == STATUS_OK)
		status = decimal_to_step(level, tick, rounding, &level);
	if (status != STATUS_OK || !decimal_is_positive(level))
		return error_field(err, STATUS_INVALID, field, "'%s' leads to no price", text);
	*ret = level;
	return STATUS_OK;
}

/* Where no tick is known, the finest there is. */
static struct decimal
tick_or_finest(struct decimal tick)
{
	return decimal_is_positive(tick) ? tick : (struct decimal){ 1 };
}

enum status
level_parse_stop(const char *text, enum side entry_side, struct decimal entry, struct decimal tick,
                 struct decimal *ret, enum stop_origin *ret_origin, struct error *err)
{
	static const char forms[] = "a price such as 95,900, or a percentage of the entry such as 1.5%";
	bool is_long = entry_side == SIDE_BUY;
	enum rounding rounding = is_long ? ROUND_FLOOR : ROUND_CEILING;   /* away from the position */
	struct typed typed;

	enum status status = read_typed(text, "stop", forms, &typed, err);
	if (status != STATUS_OK)
		return status;
	tick = tick_or_finest(tick);
	if (typed.unit == UNIT_R) {
		error_field(err, STATUS_INVALID, "stop",
		            "'%s': a stop defines R and can't be given in it", text);
		error_hint(err, "%s", forms);
		return STATUS_INVALID;
	}
	if (typed.unit == UNIT_PERCENT)
		status = read_percent(&typed, text, "stop", is_long, entry_side, entry, tick, rounding,
		                      ret, err);
	else
		status = read_price(&typed, text, "stop", tick, rounding, ret, err);
	if (status == STATUS_OK)
		*ret_origin = typed.unit == UNIT_PERCENT ? STOP_PERCENT : STOP_TYPED;
	return status;
}

static enum status
read_r(const struct typed *typed, const char *text, enum side entry_side, struct decimal entry,
       struct decimal stop, struct decimal tick, struct decimal *ret, struct error *err)
{
	struct decimal level;

	if (typed->sign == '-')
		return error_field(err, STATUS_INVALID, "target",
		                   "'%s' is a loss: a target lies on the winning side", text);
	if (!decimal_is_positive(entry) || !decimal_is_positive(stop) || decimal_cmp(entry, stop) == 0)
		return error_field(err, STATUS_INVALID, "target",
		                   "a target in R needs an entry price and a stop");
	if (pnl_price_at_r(entry_side, entry, stop, typed->size, tick, &level) != STATUS_OK)
		return error_field(err, STATUS_INVALID, "target", "'%s' leads to no price", text);
	*ret = level;
	return STATUS_OK;
}

enum status
level_parse_target(const char *text, enum side entry_side, struct decimal entry,
                   struct decimal stop, struct decimal tick, struct decimal *ret,
                   struct error *err)
{
	static const char forms[] =
		"a price such as 101,900, a percentage of the entry such as 4.5%, or 3R";
	bool is_short = entry_side == SIDE_SELL;
	struct typed typed;

	enum status status = read_typed(text, "target", forms, &typed, err);
	if (status != STATUS_OK)
		return status;
	tick = tick_or_finest(tick);
	if (typed.unit == UNIT_R)
		return read_r(&typed, text, entry_side, entry, stop, tick, ret, err);
	if (typed.unit == UNIT_PERCENT)
		return read_percent(&typed, text, "target", is_short, entry_side, entry, tick,
		                    ROUND_HALF_UP, ret, err);
	return read_price(&typed, text, "target", tick, ROUND_HALF_UP, ret, err);
}
