/* How much to buy or sell so that being stopped out costs at most the agreed risk, fees and gap
 * included.  The one function that turns risk into a quantity: planning, guards and the last check
 * before sending all call it, and nothing else multiplies a quantity.
 * Pure arithmetic: no clock, no I/O, no allocation.  (domain.md, "Position size: one function") */
#ifndef CORE_SIZING_H
#define CORE_SIZING_H

#include "core/quote.h"
#include "base/error.h"

enum size_bound { BOUND_RISK, BOUND_POSITION, BOUND_CAPITAL, BOUND_BALANCE, BOUND_TYPED };
const char *size_bound_name(enum size_bound bound);    /* "risk", "position", ... */
MUST_USE enum status size_bound_parse(const char *text, enum size_bound *ret);

struct sizing_request {
	enum side side;
	struct decimal entry;                 /* limit price, or a market entry's worst permitted fill; > 0 */
	struct decimal stop;                  /* > 0, not equal to entry, on the losing side of it */
	struct decimal capital;               /* quote asset; > 0 */
	struct decimal risk_percent;          /* the lowest of 1, the book's and the strategy's; above 0, <= 1 */
	struct decimal fee_percent;           /* taker fee of one side, e.g. 0.1; >= 0 */
	struct decimal gap_percent;           /* expected slip of the stop, percent of the stop; >= 0 */
	struct decimal lot_step;              /* base; > 0 (10^-8 where nobody states one) */
	bool has_max_position_percent;
	struct decimal max_position_percent;  /* of capital */
	bool has_balance;
	struct decimal balance;               /* free, quote asset; unknown (has_balance false) is an error */
	bool has_typed_quantity;
	struct decimal typed_quantity;        /* what a person typed; > 0 */
};

struct sizing {
	struct decimal quantity;              /* on the step; zero if less than one lot fits; with a typed
	                                         quantity: that, if it is within `final`, else `final` */
	struct decimal final;                 /* the largest permitted quantity, all bounds in */
	struct decimal quantity_by_rule;      /* plain 1 % rule, not stepped, cut at 16 decimals */
	enum size_bound bound_by;             /* which bound held */
	struct decimal position_value;        /* quantity × entry, rounded up */
	struct decimal cost_per_unit;         /* distance + gap + fees of both sides, rounded up */
	struct decimal gap_per_unit;
	struct decimal fees_at_stop;          /* what of risk_amount is fees: quantity × both fees, up */
	struct decimal risk_amount;           /* quantity × cost_per_unit, rounded up */
	struct decimal risk_percent;          /* risk_amount / capital × 100, cut at 16 decimals */
	struct decimal risk_allowed;          /* capital × risk_percent / 100: the ceiling, rounded down */
	struct decimal stop_distance;         /* |entry - stop| */
	struct decimal stop_distance_percent; /* of entry, cut at 16 decimals */
	bool typed_too_large;                 /* a typed quantity above `final` */
	bool typed_off_step;
};

/* STATUS_INVALID or STATUS_RANGE with err->field named ("entry", "stop", "capital", "balance",
 * "quantity", "risk_percent", "fee_percent", "gap_percent", "lot_step", "max_position_percent") if an
 * input is outside its range or a product does not fit; *ret is untouched then.  A quantity of zero
 * is a valid answer.  A balance of zero is STATUS_INVALID, an unknown one STATUS_UNAVAILABLE: a fact
 * is missing.  bound_by is BOUND_TYPED where a typed quantity is below `final`. */
MUST_USE enum status sizing_compute(const struct sizing_request *request, struct sizing *ret,
                                    struct error *err);

/* The worst permitted fill of a market entry: quote × (1 ± slippage), to the tick, rounded towards
 * the quote so that nothing beyond the setting is permitted, and never past the quote itself.
 * A tick of zero is none.  STATUS_INVALID for a quote not above zero, a negative tick, or a slippage
 * outside 0..100. */
MUST_USE enum status sizing_worst_fill(enum side side, struct decimal quote,
                                       struct decimal slippage_percent, struct decimal tick,
                                       struct decimal *ret);

/* quantity × the cost of one unit at a stop: what is lost if the stop is hit exactly, gap and the
 * fees of both sides in it, rounded up; zero for a stop that keeps a profit after costs.  The
 * month's open risk and R use it, so that risk is computed in one place.  STATUS_INVALID for a
 * negative quantity, prices not above zero, or percents outside 0..100. */
struct risk_terms { struct decimal fee_percent, gap_percent; };
MUST_USE enum status sizing_risk_of(enum side side, struct decimal quantity, struct decimal entry,
                                    struct decimal stop, const struct risk_terms *terms,
                                    struct decimal *ret);

#endif
