/* The stop ladder of one symbol: every level that is watched, in heaps so that a price that crosses
 * nothing costs the same with 10 operations and with 10,000, and one that crosses yields exactly
 * the operations concerned.
 *
 * Stop before target; equality triggers; a long is judged at the bid, a short at the ask.
 * Memory only; rebuilt from the store at start. */
#ifndef CORE_STOPS_H
#define CORE_STOPS_H

#include "core/quote.h"
#include "core/candle.h"
#include "core/operation.h"

struct ladder;                            /* one symbol's levels */

MUST_USE struct ladder *ladder_new(void); /* NULL: no memory */
void ladder_free(struct ladder *ladder);  /* accepts NULL */

/* Put an operation's levels in, or replace the ones it has.  O(log n); no memory:
 * STATUS_NO_MEMORY, and the ladder is as it was. */
MUST_USE enum status ladder_set(struct ladder *ladder, int64_t operation_id, enum side entry_side,
                                struct decimal stop, bool has_target, struct decimal target);
void ladder_remove(struct ladder *ladder, int64_t operation_id);   /* unknown ids are no news */
size_t ladder_count(const struct ladder *ladder);                  /* operations in it */

struct crossing {
	int64_t operation_id;
	enum exit_reason reason;          /* EXIT_STOP_LOSS or EXIT_TAKE_PROFIT; stop if both */
	struct decimal level;
};
/* The next operation that this quote crosses, removed from the ladder so that a second pass finds
 * nothing.  Stops come before targets, the level crossed furthest first.  False: none is left. */
bool ladder_take_crossed(struct ladder *ladder, const struct quote *quote, struct crossing *ret);

/* The same question for one operation and one quote, without a ladder: the rule itself. */
enum exit_reason stop_check(enum side entry_side, struct decimal stop, bool has_target,
                            struct decimal target, const struct quote *quote);

/* What a gap's candle (of bid prices) crossed: the reason (the stop, if both levels were crossed)
 * and the price at which paper fills: the worse of the level and the candle's open.  For a short,
 * spread is added to the candle's prices to make asks of them. */
enum exit_reason stop_check_candle(enum side entry_side, struct decimal stop, bool has_target,
                                   struct decimal target, const struct candle *candle,
                                   struct decimal spread, struct decimal *ret_level,
                                   struct decimal *ret_fill_price);

/* A stop may only move towards the market unless the person says widen; a level at or beyond the
 * price is refused: that is called close.  STATUS_NO with the reason in err; field "stop"/"target". */
MUST_USE enum status stop_move_check(const struct operation *op, struct decimal new_stop, bool widen,
                                     const struct quote *quote, struct error *err);
MUST_USE enum status target_move_check(const struct operation *op, struct decimal new_target,
                                       const struct quote *quote, struct error *err);

/* What a person types for a level: a price ("95,900"), a signed percentage of the entry ("-1.5%"),
 * or for targets a multiple of R ("3R").  entry may be zero only for plain prices.  Rounded to tick
 * (a stop away from the position, a target half-up).  Field named by the caller's err->field use. */
MUST_USE enum status level_parse_stop(const char *text, enum side entry_side, struct decimal entry,
                                      struct decimal tick, struct decimal *ret,
                                      enum stop_origin *ret_origin, struct error *err);
MUST_USE enum status level_parse_target(const char *text, enum side entry_side, struct decimal entry,
                                        struct decimal stop, struct decimal tick,
                                        struct decimal *ret, struct error *err);

#endif
