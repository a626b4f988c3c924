/* The rules that an exchange has for one symbol, in the glossary's words, whichever exchange they
 * came from.  A limit that an exchange does not set is zero ("none"). */
#ifndef CORE_SYMBOL_H
#define CORE_SYMBOL_H

#include "core/quote.h"
#include "base/error.h"

enum symbol_status { SYMBOL_TRADING, SYMBOL_BREAK, SYMBOL_HALT, SYMBOL_OTHER };

struct symbol_rules {
	char symbol[SYMBOL_SIZE];
	char base[ASSET_SIZE], quote[ASSET_SIZE];
	enum symbol_status status;
	char status_text[32];                 /* the exchange's own word, made harmless */

	bool can_limit, can_market, can_stop_loss, can_stop_loss_limit, can_take_profit;
	bool oco_allowed, oto_allowed, opo_allowed, cancel_replace_allowed;

	struct decimal tick, price_min, price_max;                  /* PRICE_FILTER */
	struct decimal lot_step, lot_min, lot_max;                  /* LOT_SIZE */
	struct decimal market_step, market_min, market_max;         /* MARKET_LOT_SIZE */
	struct decimal notional_min, notional_max;                  /* NOTIONAL, MIN_NOTIONAL */
	bool notional_min_on_market, notional_max_on_market;
	/* PERCENT_PRICE and PERCENT_PRICE_BY_SIDE: price / average must lie between the two
	 * multipliers of its side; zero: none. */
	struct decimal bid_multiplier_up, bid_multiplier_down;
	struct decimal ask_multiplier_up, ask_multiplier_down;
	int max_orders, max_algo_orders, max_order_lists;           /* 0: none */
	struct decimal max_position;                                /* base asset */
	char unknown_filters[160];            /* names, separated by spaces; shown, never ignored */
	int64_t learnt_at_ms;
};

/* Rules where nobody states any: the tick given, quantities to 8 decimals, everything allowed.
 * base and quote are split off the name by the known quote assets (USDC, USDT, BTC, ...). */
void symbol_rules_default(struct symbol_rules *rules, const char *symbol, struct decimal tick);
/* Whether both say the same; when it was learnt does not count. */
bool symbol_rules_equal(const struct symbol_rules *a, const struct symbol_rules *b);
void symbol_split(const char *symbol, char ret_base[ASSET_SIZE], char ret_quote[ASSET_SIZE]);

/* A name that can be a symbol: 2 to 31 of A-Z, 0-9, and the non-ASCII letters that exchanges list;
 * lower case is raised.  STATUS_INVALID with a field of "symbol" otherwise. */
MUST_USE enum status symbol_parse(const char *text, char ret_symbol[SYMBOL_SIZE], struct error *err);

/* Round a stop to the tick away from the position: down for a long, up for a short. */
MUST_USE enum status symbol_stop_to_tick(const struct symbol_rules *rules, enum side entry_side,
                                         struct decimal price, struct decimal *ret);
/* Decimal places to show prices and quantities with. */
int symbol_price_places(const struct symbol_rules *rules);
int symbol_quantity_places(const struct symbol_rules *rules);

#endif
