/* The common parts of the guards: how a verdict is filled, how numbers read, and the quantity that
 * all of them judge.  Comparisons are made on unrounded values; what is shown is rounded half-up. */
#include "core/guard_parts.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"

/* 10^18 less one of the last place. */
static struct decimal
largest(void)
{
	struct decimal whole = decimal_from_int(INT64_C(999999999999999999));
	whole.e16 += INT64_C(9999999999999999);
	return whole;
}

static void PRINTF_LIKE(2, 0)
fill_message(struct verdict *verdict, const char *format, va_list args)
{
	text_vformat(verdict->message, sizeof verdict->message, format, args);
	text_make_harmless(verdict->message);
}

void
verdict_pass(struct verdict *verdict, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	verdict->status = VERDICT_PASS;
	text_format(verdict->code, sizeof verdict->code, "%s.ok", verdict->name);
	fill_message(verdict, format, args);
	va_end(args);
}

void
verdict_reason(struct verdict *verdict, const char *code, const char *format, ...)
{
	va_list args;
	size_t i = 0;
	while (strcmp(guards_reason(i).code, code) != 0)
		i++;                             /* every reason is in the table: past its end is a bug */
	va_start(args, format);
	verdict->status = guards_reason(i).status;
	text_copy(verdict->code, sizeof verdict->code, code);
	fill_message(verdict, format, args);
	va_end(args);
}

void
verdict_detail_text(struct verdict *verdict, const char *key, const char *value)
{
	size_t used = strlen(verdict->details);
	text_format(verdict->details + used, sizeof verdict->details - used, "%s%s=%s",
	            used > 0 ? "; " : "", key, value);
	text_make_harmless(verdict->details + used);
}

void
verdict_detail(struct verdict *verdict, const char *key, struct decimal value)
{
	verdict_detail_text(verdict, key, number_exact(value).text);
}

struct number
number_money(struct decimal d)
{
	struct number number;
	decimal_format(d, 2, true, number.text);
	return number;
}

struct number
number_percent(struct decimal d)
{
	return number_money(d);
}

struct number
number_exact(struct decimal d)
{
	struct number number;
	decimal_text(d, number.text);
	return number;
}

struct number
number_price(const struct guard_facts *facts, struct decimal d)
{
	struct number number;
	int places = facts->rules != NULL ? symbol_price_places(facts->rules) : decimal_places(d);
	decimal_format(d, places < 2 ? 2 : places, true, number.text);
	return number;
}

struct number
number_quantity(const struct guard_facts *facts, struct decimal d)
{
	struct number number;
	int places = facts->rules != NULL ? symbol_quantity_places(facts->rules) : 0;
	/* Never shown as less than it is: a typed quantity may be finer than the step. */
	int own = decimal_places(d);
	decimal_format(d, places < own ? own : places, true, number.text);
	return number;
}

struct number
number_age(const struct guard_facts *facts)
{
	struct number number;
	char age[CLOCK_TEXT_SIZE];
	clock_format_age(facts->quote_age_ms, age);
	text_copy(number.text, sizeof number.text, age);
	return number;
}

static struct asset_name
asset_of(const struct guard_facts *facts, bool base)
{
	struct asset_name of_base, of_quote;
	symbol_split(facts->intent->symbol, of_base.text, of_quote.text);
	if (facts->rules != NULL) {
		text_copy(of_base.text, sizeof of_base.text, facts->rules->base);
		text_copy(of_quote.text, sizeof of_quote.text, facts->rules->quote);
	}
	return base ? of_base : of_quote;
}

struct asset_name
guard_base_asset(const struct guard_facts *facts)
{
	return asset_of(facts, true);
}

struct asset_name
guard_quote_asset(const struct guard_facts *facts)
{
	return asset_of(facts, false);
}

struct decimal
guard_percent(struct decimal part, struct decimal whole)
{
	struct decimal percent;
	if (decimal_mul_div(part, decimal_from_int(100), whole, ROUND_DOWN, &percent) != STATUS_OK)
		return DECIMAL_ZERO;
	return percent;
}

/* A share that is cut (raised) to the 16th place separates the numbers of 16 places exactly as the
 * exact share does. */
bool
guard_is_above(struct decimal part, struct decimal percent, struct decimal whole)
{
	struct decimal share;
	if (decimal_percent_of(whole, percent, ROUND_FLOOR, &share) != STATUS_OK)
		return false;                    /* larger than any number */
	return decimal_cmp(part, share) > 0;
}

bool
guard_is_below(struct decimal part, struct decimal percent, struct decimal whole)
{
	struct decimal share;
	if (decimal_percent_of(whole, percent, ROUND_CEILING, &share) != STATUS_OK)
		return true;
	return decimal_cmp(part, share) < 0;
}

struct decimal
guard_sum(struct decimal a, struct decimal b)
{
	struct decimal sum;
	return decimal_add(a, b, &sum) == STATUS_OK ? sum : largest();
}

struct decimal
guard_entry(const struct guard_facts *facts)
{
	const struct intent *intent = facts->intent;
	struct decimal entry;

	if (facts->sizing != NULL) {
		/* The size knows the stop and its distance, and so the entry that it was made for. */
		struct decimal distance = facts->sizing->stop_distance;
		if (intent->side == SIDE_SELL)
			distance = decimal_neg(distance);
		return guard_sum(intent->stop_price, distance);
	}
	if (intent->entry_kind == ENTRY_LIMIT || facts->quote == NULL || facts->rules == NULL ||
	    sizing_worst_fill(intent->side, quote_entry_price(facts->quote, intent->side),
	                      facts->slippage_percent, facts->rules->tick, &entry) != STATUS_OK)
		return intent->entry_price;
	return entry;
}

struct decimal
guard_quantity(const struct guard_facts *facts)
{
	const struct intent *intent = facts->intent;
	if (intent->has_typed_quantity)
		return intent->typed_quantity;
	if (facts->occasion == OCCASION_EXECUTE)
		return decimal_min(intent->quantity, facts->sizing->quantity);
	return facts->sizing->quantity;
}

static struct decimal
times_up(struct decimal a, struct decimal b)
{
	struct decimal product;
	return decimal_mul(a, b, ROUND_UP, &product) == STATUS_OK ? product : largest();
}

struct decimal
guard_value(const struct guard_facts *facts)
{
	return times_up(guard_quantity(facts), guard_entry(facts));
}

struct decimal
guard_planned_risk(const struct guard_facts *facts)
{
	return times_up(guard_quantity(facts), facts->sizing->cost_per_unit);
}

struct decimal
guard_fees_in_risk(const struct guard_facts *facts)
{
	struct decimal fees;
	/* In proportion to those of the size; none where that is zero. */
	if (decimal_mul_div(facts->sizing->fees_at_stop, guard_quantity(facts),
	                    facts->sizing->quantity, ROUND_UP, &fees) != STATUS_OK)
		return DECIMAL_ZERO;
	return fees;
}
