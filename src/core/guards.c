/* The guards, in the order in which they are reported.  This file is the list: what each is called,
 * what it forbids, which facts it cannot do without.  The functions are in guards_book.c,
 * guards_market.c, guards_money.c and guards_filters.c; the reasons in guards_reasons.c. */
#include "core/guards.h"

#include <assert.h>

#include "base/clock.h"
#include "base/text.h"
#include "core/guard_parts.h"

/* Beside missing facts: a guard that judges a quantity needs one.  Where none could be computed,
 * `size` says so, and the others have nothing to judge. */
enum { NEEDS_SIZE = 1 << 8, NEEDS_QUOTE = MISSING_QUOTE | MISSING_FRESH_QUOTE };

static const struct guard {
	const char *name;
	unsigned needs;
	guard_fn run;
	const char *rule;
} guards[] = {
	{ "client", 0, guard_client,
	  "The client id is above zero, and the intent is this client's own." },
	{ "trading-state", 0, guard_trading_state,
	  "No entry while the book is PAUSED." },
	{ "policy", 0, guard_policy,
	  "A pattern never goes LIVE; LIVE needs the book's switch; no SELL entry on LIVE Spot." },
	{ "symbol", MISSING_RULES, guard_symbol,
	  "The exchange lists the symbol, it is TRADING, and it takes this type of order. "
	  "Warns of a rule that Robson does not know." },
	{ "fields", 0, guard_fields,
	  "Side, prices, quantity, capital and confidence are in their range. "
	  "Warns where no reason is given." },
	{ "stop", NEEDS_QUOTE, guard_stop,
	  "There is a stop on the losing side, 0.1 % to 10 % away and within the strategy's limit, "
	  "that the price has not reached. Warns below 0.5 %." },
	{ "target", 0, guard_target,
	  "A target is on the winning side. Warns of less than 1 R." },
	{ "size", 0, guard_size,
	  "The quantity is what the 1 % rule with costs permits, on the lot step and above zero; at "
	  "execution at least 80 % of what was validated. Warns where something else caps it." },
	{ "risk", NEEDS_SIZE, guard_risk,
	  "The loss at the stop, fees in it, is at most 1 % of the capital, or the lower limit of "
	  "strategy or book." },
	{ "strategy", 0, guard_strategy,
	  "The strategy is active, has risk settings between 0 and 100, and its drawdown is below its "
	  "limit. Warns of a drawdown limit above 50, a stop limit above 10, a position limit above "
	  "50." },
	{ "filters", MISSING_RULES | NEEDS_QUOTE | NEEDS_SIZE, guard_filters,
	  "The entry, an exit at the stop (net of commission, with 10 % to spare on the minimum value) "
	  "and on LIVE the target keep every rule of the exchange; the last slot for stop orders stays "
	  "free." },
	{ "balance", MISSING_BALANCE | NEEDS_SIZE, guard_balance,
	  "The cost with fees is at most what is free. Warns above 90 % of it." },
	{ "price", NEEDS_QUOTE, guard_price,
	  "For a market entry the price moved at most 0.5 % (entry.max_drift_percent) since planning. "
	  "Warns above 0.2 %." },
	{ "exposure", NEEDS_SIZE, guard_exposure,
	  "The total open risk stays within the month's budget. Warns above 50 % of the capital in "
	  "one symbol, and of a symbol that is open already." },
	{ "duplicate", 0, guard_duplicate,
	  "No other VALIDATED or EXECUTING intent has the same symbol, side, entry and mode." },
	{ "budget", NEEDS_SIZE, guard_budget,
	  "The planned risk is at most what is left of the month. Warns when less than 1 % is left." },
	{ "limits", NEEDS_SIZE, guard_limits,
	  "Orders, traded value and loss of the day stay within the book's settings. "
	  "Warns at 80 %." },
};
static_assert(ARRAY_LEN(guards) <= REPORT_MAX, "a report has room for all");

size_t
guards_count(void)
{
	return ARRAY_LEN(guards);
}

struct guard_entry
guards_entry(size_t index)
{
	assert(index < ARRAY_LEN(guards));
	return (struct guard_entry){ .name = guards[index].name, .rule = guards[index].rule };
}

const char *
verdict_status_name(enum verdict_status status)
{
	static const char *const names[] = { "PASS", "WARN", "FAIL" };
	assert((size_t)status < ARRAY_LEN(names));
	return names[status];
}

/* Which facts are missing.  A symbol that does not exist has neither price nor rules: that is its
 * verdict, and nothing to wait for. */
static unsigned
missing_facts(const struct guard_facts *facts)
{
	unsigned missing = MISSING_NOTHING;

	if (facts->is_symbol_unknown)
		return MISSING_NOTHING;
	if (facts->quote == NULL || !quote_is_sane(facts->quote))
		missing |= MISSING_QUOTE;
	else if (facts->quote_age_ms > facts->stale_ms)
		missing |= MISSING_FRESH_QUOTE;
	if (facts->rules == NULL)
		missing |= MISSING_RULES;
	if (!facts->has_balance)
		missing |= MISSING_BALANCE;
	return missing;
}

static void
add_missing(struct report *report, const char *text)
{
	char before[sizeof report->missing_text];
	text_copy(before, sizeof before, report->missing_text);
	text_format(report->missing_text, sizeof report->missing_text, "%s%s%s", before,
	            before[0] != '\0' ? "; " : "", text);
}

static void
name_missing(const struct guard_facts *facts, struct report *report)
{
	char text[128], limit[CLOCK_TEXT_SIZE];
	const char *symbol = facts->intent->symbol;

	if (report->missing & MISSING_QUOTE) {
		text_format(text, sizeof text, "no price for %s", symbol);
		add_missing(report, text);
	}
	if (report->missing & MISSING_FRESH_QUOTE) {
		clock_format_age(facts->stale_ms, limit);
		text_format(text, sizeof text, "the price of %s is %s old (limit %s)", symbol,
		            number_age(facts).text, limit);
		add_missing(report, text);
	}
	if (report->missing & MISSING_RULES) {
		text_format(text, sizeof text, "the exchange's rules for %s are unknown", symbol);
		add_missing(report, text);
	}
	if (report->missing & MISSING_BALANCE) {
		text_format(text, sizeof text, "the free balance%s%s is unknown",
		            guard_quote_asset(facts).text[0] != '\0' ? " of " : "",
		            guard_quote_asset(facts).text);
		add_missing(report, text);
	}
	text_make_harmless(report->missing_text);
}

/* Can this guard say anything?  With a symbol that does not exist there are no prices and no rules,
 * though they are not "missing"; `symbol` itself then has its answer without them. */
static bool
can_judge(const struct guard *guard, const struct guard_facts *facts, unsigned missing)
{
	if (facts->is_symbol_unknown)
		return guard->run == guard_symbol ||
		       (guard->needs == 0 && guard->run != guard_size);
	if ((guard->needs & missing) != 0)
		return false;
	if (guard->run == guard_size && facts->sizing == NULL)
		return missing == 0;             /* why there is no size is then told by what is missing */
	return (guard->needs & NEEDS_SIZE) == 0 || facts->sizing != NULL;
}

void
guards_run(const struct guard_facts *facts, struct report *ret)
{
	*ret = (struct report){ .missing = missing_facts(facts) };
	name_missing(facts, ret);
	for (size_t i = 0; i < ARRAY_LEN(guards); i++) {
		if (!can_judge(&guards[i], facts, ret->missing))
			continue;
		struct verdict *verdict = &ret->checks[ret->count++];
		text_copy(verdict->name, sizeof verdict->name, guards[i].name);
		guards[i].run(facts, verdict);
		ret->passed += verdict->status == VERDICT_PASS;
		ret->warnings += verdict->status == VERDICT_WARN;
		ret->failures += verdict->status == VERDICT_FAIL;
	}
}
