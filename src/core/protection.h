/* Protection that never lapses, as one decision: what a LIVE position needs next, from what is known
 * of it now.  (exchange.md, "Protection that never lapses", points 1 to 9; tests/model)
 *
 * It is asked again after every report, price and timer, and remembers nothing: a step that failed, a
 * crash or a lost answer only change the facts, and the next step follows from those.  It never asks
 * for a second order beside one whose outcome is not known. */
#ifndef CORE_PROTECTION_H
#define CORE_PROTECTION_H

#include "core/operation.h"
#include "core/symbol.h"

enum {
	PROTECTION_PARTIAL_MS = 30000,       /* a partly filled entry is cut short after */
	PROTECTION_PARTIAL_WAY_PERCENT = 75, /* or when the bid has come so far of the way to the stop */
	PROTECTION_TARGET_MS = 5000,         /* a touched target that is not filled is sold at market after */
	PROTECTION_BEYOND_MS = 3000,         /* the bid beyond a stop that does not fill: the monitor sells */
	PROTECTION_BEYOND_LASTS = 2          /* or the last price, on so many quotes */
};

/* An open order of the position (order_is_open), as the book has it. */
struct protection_order {
	const struct order *order;
	bool must_look;                      /* something happened that may have changed it: it is being asked for */
};

struct protection_facts {
	const struct operation *op;          /* ACTIVE, LIVE, a long */
	const struct protection_order *orders; size_t order_count;   /* its open ones, the entry among them */
	const struct symbol_rules *rules;
	bool is_fresh; struct decimal bid;   /* a quote young enough to decide on */
	/* What the account has free of the base asset, looked at after its last fill.  Commission of other
	 * trades may be taken from what is held (an operation in BNB): no more can be sold than is there. */
	bool has_free; struct decimal free;
	int64_t partial_age_ms;              /* since the entry's first fill */
	int64_t beyond_age_ms;               /* since when the bid is at or beyond the stop; 0: it is not, or just now */
	int beyond_lasts;                    /* last prices in a row that were at or beyond it */
	int64_t touched_age_ms;              /* since the target was touched or began to fill; 0: not */
	bool is_target_touched;              /* the bid is, or was, at the target, or it is filled in part */
	bool may_place;                      /* the back-off after a refused placement is over */
	bool is_exit_backing_off;            /* the last exit was refused a moment ago */
	bool is_stop_refused;                /* the last one was refused because it "would trigger immediately" */
};

enum protection_action {
	PROTECT_NOTHING,                     /* all is as it should be */
	PROTECT_WAIT,                        /* an answer is on its way: any step now could be one too many */
	PROTECT_CANCEL_ENTRY,                /* its list with it */
	PROTECT_CANCEL_ORDER,                /* a leg that is filled in part, or that can't be replaced; then sell the rest */
	PROTECT_PLACE_STOP, PROTECT_PLACE_OCO,
	PROTECT_REPLACE_STOP,                /* .order by one single stop; a target is watched locally from then on */
	PROTECT_REPLACE_BY_MARKET,           /* .order by a market exit, in one request */
	PROTECT_SELL,                        /* nothing rests: a market exit */
	PROTECT_CLOSE_AS_DUST,               /* nothing that could be sold is left */
	PROTECT_ACTION_COUNT
};
struct protection_step {
	enum protection_action action;
	const struct order *order;           /* what is cancelled or replaced; NULL else */
	struct decimal quantity;             /* of what is placed or sold, on the lot step */
	/* Why an exit is wanted, where none is written down yet: the caller writes it before it sends. */
	enum exit_reason exit_reason;
	bool is_alarm;                       /* a person should know */
	const char *rule;                    /* its stable name, "entry-slow" */
	const char *why;                     /* static text, in words */
};
void protection_next(const struct protection_facts *facts, struct protection_step *ret);
const char *protection_action_name(enum protection_action action);
/* The rules' names, in their order. */
size_t protection_rule_count(void);
const char *protection_rule_name(size_t index);

/* The stop order of a position or an intent: its type, trigger and limit by the symbol's rules.
 * STOP_LOSS where the symbol has it; else STOP_LOSS_LIMIT, its limit stop_limit_percent below, to the
 * tick and inside the price filters.  Fills side, type, tif, quantity, price and stop_price. */
MUST_USE enum status protection_make_stop(const struct symbol_rules *rules, enum side entry_side,
                                          struct decimal stop, struct decimal quantity,
                                          struct decimal stop_limit_percent, struct order *ret, struct error *err);

/* EXCH and EXCH+LOCAL only for a stop that was seen resting (NEW, seen_at_ms) for at least what can be
 * sold, at the stop in force or nearer.  is_watched: somebody holds the lease and has a fresh quote. */
enum protection protection_state(const struct operation *op, const struct order *const *orders, size_t count,
                                 struct decimal lot_step, bool is_watched);

#endif
