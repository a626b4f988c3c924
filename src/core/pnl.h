/* Profit and loss of positions, always net of the fees of both sides, from fills.
 * (domain.md, "P&L") */
#ifndef CORE_PNL_H
#define CORE_PNL_H

#include "core/quote.h"

/* Sums over fills; average price = value / quantity. */
struct leg {
	struct decimal quantity;      /* base */
	struct decimal value;         /* sum of price × quantity, exact up to 16 places together */
	struct decimal fees;          /* in the quote asset, converted at the fill's price if need be */
};
/* STATUS_INVALID for a price or quantity not above zero; the fee may be a rebate, below zero. */
MUST_USE enum status leg_add(struct leg *leg, struct decimal price, struct decimal quantity,
                             struct decimal fee_quote);
/* Volume-weighted; zero for an empty leg; cut at 16 decimals. */
struct decimal leg_average(const struct leg *leg);

/* Net result of what has been exited: for a long exit.value - entry share - fees.  If only a part
 * was exited, the entry's value and fees count in proportion, rounded against ourselves.
 * STATUS_INVALID if more was exited than entered. */
MUST_USE enum status pnl_realized(enum side entry_side, const struct leg *entry,
                                  const struct leg *exit, struct decimal *ret);

/* Net result of leaving the rest at price, estimated exit fee included; with pnl_realized it adds up
 * to the whole. */
MUST_USE enum status pnl_unrealized(enum side entry_side, const struct leg *entry,
                                    const struct leg *exit, struct decimal price,
                                    struct decimal fee_percent, struct decimal *ret);

/* net / initial_risk, cut at 16 decimals; STATUS_RANGE for a risk not above zero. */
MUST_USE enum status pnl_r_multiple(struct decimal net, struct decimal initial_risk,
                                    struct decimal *ret);

/* entry ± n × |entry - initial_stop|, to the tick (half-up): a target of "3R" as a price level.
 * STATUS_RANGE also for a level at or below zero. */
MUST_USE enum status pnl_price_at_r(enum side entry_side, struct decimal entry,
                                    struct decimal initial_stop, struct decimal n,
                                    struct decimal tick, struct decimal *ret);

/* How far beyond the stop it filled, percent of the stop, positive is worse, cut at 16 decimals. */
MUST_USE enum status pnl_slippage_percent(enum side entry_side, struct decimal stop,
                                          struct decimal fill, struct decimal *ret);

/* (peak - equity) / peak × 100; zero while equity is at its peak or peak is not positive. */
MUST_USE enum status pnl_drawdown_percent(struct decimal peak, struct decimal equity,
                                          struct decimal *ret);

#endif
