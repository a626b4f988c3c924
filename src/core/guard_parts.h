/* What the guards are made of: one function each, a verdict to fill, and numbers in words.
 * For core/guards*.c alone. */
#ifndef CORE_GUARD_PARTS_H
#define CORE_GUARD_PARTS_H

#include "core/guards.h"

/* A guard fills a verdict that says PASS so far and carries its name. */
typedef void (*guard_fn)(const struct guard_facts *facts, struct verdict *verdict);

/* guards_book.c: what the book and its owner say */
void guard_client(const struct guard_facts *facts, struct verdict *verdict);
void guard_trading_state(const struct guard_facts *facts, struct verdict *verdict);
void guard_policy(const struct guard_facts *facts, struct verdict *verdict);
void guard_strategy(const struct guard_facts *facts, struct verdict *verdict);
void guard_exposure(const struct guard_facts *facts, struct verdict *verdict);
void guard_duplicate(const struct guard_facts *facts, struct verdict *verdict);
void guard_budget(const struct guard_facts *facts, struct verdict *verdict);
void guard_limits(const struct guard_facts *facts, struct verdict *verdict);
/* guards_market.c: the symbol, its price, and the levels */
void guard_symbol(const struct guard_facts *facts, struct verdict *verdict);
void guard_fields(const struct guard_facts *facts, struct verdict *verdict);
void guard_stop(const struct guard_facts *facts, struct verdict *verdict);
void guard_target(const struct guard_facts *facts, struct verdict *verdict);
void guard_price(const struct guard_facts *facts, struct verdict *verdict);
/* guards_money.c: how much, at what risk, from which money */
void guard_size(const struct guard_facts *facts, struct verdict *verdict);
void guard_risk(const struct guard_facts *facts, struct verdict *verdict);
void guard_balance(const struct guard_facts *facts, struct verdict *verdict);
/* guards_filters.c: the exchange's rules, for the entry and for an exit at its stop */
void guard_filters(const struct guard_facts *facts, struct verdict *verdict);

/* "stop.ok" and PASS. */
void verdict_pass(struct verdict *verdict, const char *format, ...) PRINTF_LIKE(2, 3);
/* WARN or FAIL, whichever the table of reasons says of this code. */
void verdict_reason(struct verdict *verdict, const char *code, const char *format, ...)
	PRINTF_LIKE(3, 4);
/* "key=value; " to the details. */
void verdict_detail(struct verdict *verdict, const char *key, struct decimal value);
void verdict_detail_text(struct verdict *verdict, const char *key, const char *value);

/* Numbers for a message: `number_money(d).text`. */
struct number {
	char text[DECIMAL_FORMAT_SIZE];
};
struct number number_money(struct decimal d);                             /* "10,000.00" */
struct number number_percent(struct decimal d);                           /* "1.54" */
struct number number_exact(struct decimal d);                             /* "0.00001" */
struct number number_price(const struct guard_facts *facts, struct decimal d);
struct number number_quantity(const struct guard_facts *facts, struct decimal d);
struct number number_age(const struct guard_facts *facts);                /* "0.3 s" */

struct asset_name {
	char text[ASSET_SIZE];
};
struct asset_name guard_base_asset(const struct guard_facts *facts);
struct asset_name guard_quote_asset(const struct guard_facts *facts);

/* part / whole × 100, cut at 16 decimals; zero where it does not fit. */
struct decimal guard_percent(struct decimal part, struct decimal whole);
/* Is part more (less) than so many percent of whole?  Exact: no quotient is rounded for it. */
bool guard_is_above(struct decimal part, struct decimal percent, struct decimal whole);
bool guard_is_below(struct decimal part, struct decimal percent, struct decimal whole);

/* The price that is reckoned with: the one that the size was computed for. */
struct decimal guard_entry(const struct guard_facts *facts);
/* What would be sent: a typed quantity as typed; at execution the smaller of what was validated and
 * what the fresh price allows.  And its value, its risk at the stop and the fees in that, all
 * rounded up.  Need facts->sizing. */
struct decimal guard_quantity(const struct guard_facts *facts);
struct decimal guard_value(const struct guard_facts *facts);
struct decimal guard_planned_risk(const struct guard_facts *facts);
struct decimal guard_fees_in_risk(const struct guard_facts *facts);
/* The sum; what does not fit is the largest number there is, so that every limit refuses it. */
struct decimal guard_sum(struct decimal a, struct decimal b);

#endif
