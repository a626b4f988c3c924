/* The arithmetic of a paper fill: at which price, how much of it, at which fee.  Pure. */
#ifndef EXCHANGE_PAPER_MATCHING_H
#define EXCHANGE_PAPER_MATCHING_H

#include "core/order.h"
#include "core/symbol.h"

/* What a taker of this side gets now: the ask or the bid, worsened by the slippage and then, if
 * there is any, brought to the tick against the order. */
MUST_USE enum status paper_taker_price(const struct symbol_rules *rules, const struct quote *quote,
                                       enum side side, struct decimal slippage_percent,
                                       struct decimal *ret);
bool paper_is_within(const struct order *order, struct decimal price);   /* not beyond its limit */

/* The share of the order that one fill takes: on the lot step, at least one step, at most what
 * remains. */
struct decimal paper_part(const struct symbol_rules *rules, const struct order *order,
                          struct decimal partial_fill_percent);

/* Fills in everything of a fill.  Its trade id is the client order id and how much of the order is
 * filled with it: the same after a restart, never the same twice.  STATUS_RANGE if a product does
 * not fit. */
MUST_USE enum status paper_make_fill(const struct symbol_rules *rules, const struct order *order,
                                     struct decimal price, struct decimal quantity,
                                     struct decimal fee_percent, int64_t at_ms, struct fill *ret);

#endif
