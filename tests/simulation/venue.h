/* The exchange: the stand-in's engine and endpoints, in this process and in virtual time.  Its types
 * and the program's have names in common, so they meet here, in plain values, and nowhere else. */
#ifndef TESTS_SIMULATION_VENUE_H
#define TESTS_SIMULATION_VENUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

__extension__ typedef __int128 amount;      /* value × 100,000,000 */

extern const char *const venue_key, *const venue_secret;
enum { VENUE_SYMBOLS = 3 };
extern const char *const venue_symbols[VENUE_SYMBOLS];

void venue_open(void);

/* ---- answering ---- */
struct venue_request { const char *method, *path, *query, *body, *key; };
struct venue_reply {
	int status;
	char *body;                         /* owned */
	size_t body_len;
	int weight, orders_10s, orders_day; /* -1: not said */
	int64_t retry_after_s;
};
void venue_answer(int64_t at_us, const struct venue_request *request, struct venue_reply *ret);
/* A body that nobody should send. */
void venue_hostile(const char *name, struct venue_reply *reply);

/* ---- the market ---- */
int64_t venue_next_us(void);                /* when the next price comes */
void venue_move(int64_t at_us);
void venue_calm(void);                      /* the end: prices stand nearly still */
amount venue_bid(const char *symbol);
/* Whether something can be sold: the exchange would take an order of it. */
bool venue_is_sellable(const char *symbol, amount quantity);

/* ---- faults of the engine ---- */
void venue_legs_die(int count);
void venue_partial(int count, int permille);
void venue_query_lag(int64_t ms);
void venue_deaf_stops(bool on);
/* The exchange ends one of its open orders by itself, if there is one; false: there is none. */
bool venue_expire_one(int64_t at_us, uint64_t which);

/* The person does something there by hand: cancels an order, or places one of their own, which rests. */
bool venue_cancel_one(int64_t at_us, uint64_t which);
void venue_strangers_order(int64_t at_us, int symbol);
/* The symbol is halted, or trades again. */
void venue_halt(int symbol, bool on);
/* The key may not trade. */
void venue_forbid(bool on);
bool venue_is_forbidden(void);

/* ---- looking, for the judge alone ---- */
struct venue_order {
	int64_t id, list_id;
	const char *client_id, *symbol, *type, *status;
	bool is_buy, is_open, is_stop, is_triggered, is_pending, is_opo, is_strangers;
	bool rests;                         /* a stop that waits, whole */
	amount quantity, executed, quote, stop, price;
	amount base_commission;             /* of it */
	int64_t placed_ms;
};
size_t venue_order_count(void);
void venue_order(size_t index, struct venue_order *ret);
struct venue_trade {
	int64_t id, order_id;
	amount price, quantity, commission;
	const char *commission_asset;
};
size_t venue_trade_count(void);
void venue_trade(size_t index, struct venue_trade *ret);
uint64_t venue_revision(void);              /* changes with every order and balance */
amount venue_balance(const char *asset);    /* free and locked */

#endif
