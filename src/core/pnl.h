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

/* A position from its fills.  Commission that was taken in the base asset was bought and not received:
 * taken says how much.  Its worth is among the entry's fees, so that its cost is left out of the value:
 * nothing counts twice, and the result is the change in cash. */
struct round_trip {
	enum side side;               /* of the entry */
	struct leg entry, exit;
	struct decimal taken;         /* base; >= 0, not above entry.quantity */
	bool is_flat;                 /* ended: what is left is dust, and all fees of the entry are its own */
};

/* Net result of what has been exited: for a long exit.value - entry share - fees.  The entry's value
 * counts in proportion of what was exited to what was bought, its fees in proportion to what was
 * received (whole where the trip is flat, or where own coins made up for commission), rounded against
 * ourselves.  Dust stays at its cost, in the account.  STATUS_INVALID if more was exited than bought,
 * or more taken than bought. */
MUST_USE enum status pnl_trip_realized(const struct round_trip *trip, struct decimal *ret);

/* Net result of leaving the rest at price, estimated exit fee included; with pnl_trip_realized it adds
 * up to the whole.  Zero for a trip that is flat. */
MUST_USE enum status pnl_trip_unrealized(const struct round_trip *trip, struct decimal price,
                                         struct decimal fee_percent, struct decimal *ret);

/* The same where no commission was taken in the base asset. */
MUST_USE enum status pnl_realized(enum side entry_side, const struct leg *entry,
                                  const struct leg *exit, struct decimal *ret);
MUST_USE enum status pnl_unrealized(enum side entry_side, const struct leg *entry,
                                    const struct leg *exit, struct decimal price,
                                    struct decimal fee_percent, struct decimal *ret);

/* What of the entry's value belongs to so much of its quantity, rounded against ourselves. */
MUST_USE enum status pnl_entry_share(enum side entry_side, const struct leg *entry,
                                     struct decimal quantity, struct decimal *ret_value);

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
