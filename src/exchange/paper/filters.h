/* What an exchange refuses before an order meets the market: unknown or closed symbols, order types,
 * and the filters of a symbol.  Pure. */
#ifndef EXCHANGE_PAPER_FILTERS_H
#define EXCHANGE_PAPER_FILTERS_H

#include "core/order.h"
#include "core/symbol.h"

struct paper_refusal {
	int code;
	char reason[200];
};

/* True: refused, with the first reason found.  rules NULL: no such symbol.  quote NULL: no price is
 * known, and what needs one is not checked.  resting: open orders on the symbol. */
bool paper_filters_refuse(const struct symbol_rules *rules, const struct order *order,
                          const struct quote *quote, size_t resting, struct paper_refusal *ret);

/* Always true, so that `return paper_refuse(...)` reads well. */
bool paper_refuse(struct paper_refusal *ret, int code, const char *format, ...) PRINTF_LIKE(3, 4);

#endif
