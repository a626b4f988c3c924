/* The paper exchange: DRY-RUN's side of the exchange port.  It fills at the prices that the feed
 * shows, with spread, slippage, fees and partial fills of the settings, and refuses what the
 * symbol's rules refuse.  The same states and events as a real one; the only difference is where the
 * order goes.  It keeps nothing on disk: its state is rebuilt from the book's rows.
 *
 *   buys at the ask, sells at the bid, each worsened by the slippage, to the tick against the order
 *   FOK      whole if that price is within the limit, else EXPIRED
 *   IOC      one part within the limit, the rest EXPIRED
 *   GTC      rests as NEW; each quote that reaches the limit fills one part, never worse than the limit
 *   MARKET   one part at once and one at each dispatch; without a price the rest is EXPIRED
 *   recovered price (core/order.h): whole, at exactly that price, the fill marked so
 *
 * A part is at most partial_fill_percent of the order's quantity, on the lot step.
 *
 * Reasons for a refusal are Binance's own (binance-spot-api-docs, errors.md, "Other errors" and
 * "Filter failures"), with its codes, so that what was learnt here holds there. */
#ifndef EXCHANGE_PAPER_PAPER_H
#define EXCHANGE_PAPER_PAPER_H

#include "core/ports/clock.h"
#include "core/ports/exchange.h"

struct paper_settings {
	struct decimal fee_percent;           /* taker, of the value; in the quote asset, rounded up */
	struct decimal slippage_percent;      /* 0: exactly bid and ask */
	struct decimal partial_fill_percent;  /* above 0, at most 100; 100: whole */
	int64_t latency_ms;                   /* on the desk's clock, before a request is looked at */
	int64_t stale_ms;                     /* a quote older than this is no price */
	/* What is free of a quote asset, the order that is being submitted left out; asked inside submit,
	 * for entries only.  NULL: no limit.  Anything but STATUS_OK refuses the order. */
	enum status (*free_balance)(void *self, int64_t client_id, const char *asset,
	                            struct decimal *ret);
	void *free_balance_self;
};

/* The clock is copied; what its self points to outlives the exchange.  Set `listener` before the
 * first dispatch; free_balance may be set later with paper_set_balance.  NULL on error. */
struct exchange *paper_open(const struct paper_settings *settings, const struct desk_clock *clock,
                            struct error *err);
void paper_set_balance(struct exchange *exchange,
                       enum status (*free_balance)(void *self, int64_t client_id, const char *asset,
                                                   struct decimal *ret),
                       void *self);

/* These go through the port (ops->restore, ops->forget), so they work on a decorated paper exchange
 * too.
 *
 * Lets an order of the book rest again after a restart: NEW or PARTIALLY_FILLED, a GTC limit order or
 * a market order; its next fill goes on where its row stands.  The row is the truth: what was known
 * of the order here is replaced.  STATUS_INVALID for any other order.  No report follows. */
MUST_USE enum status paper_restore(struct exchange *exchange, const struct order *order,
                                   struct error *err);

/* Drops all orders, requests and reports; keeps prices and rules.  For when the lease is given away:
 * from then on another process moves these orders, and what is known here grows old. */
void paper_forget(struct exchange *exchange);

/* For tests, on the paper exchange itself: the next order that arrives is refused so. */
void paper_refuse_next(struct exchange *exchange, int code, const char *reason);

/* How many orders rest, and how many ended ones are still remembered for queries. */
size_t paper_resting_count(const struct exchange *exchange);
size_t paper_ended_count(const struct exchange *exchange);

#endif
