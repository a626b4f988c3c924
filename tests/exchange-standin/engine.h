/* The exchange itself: accounts, symbols, orders, order lists, fills.  No sockets and no clock of
 * its own: whoever drives it sets now_ms first, so it can also be played in virtual time. */
#ifndef EXCHANGE_STANDIN_ENGINE_H
#define EXCHANGE_STANDIN_ENGINE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "num.h"

enum {
	ID_MAX = 36,            /* client order ids */
	ASSET_MAX = 24,
	SYMBOL_MAX = 72,        /* names may be UTF-8 */
	REASON_MAX = 240,
	WINDOWS = 2,            /* order counts: 10 seconds and a day */
};

enum side { SIDE_BUY, SIDE_SELL };
enum order_type {
	TYPE_LIMIT, TYPE_MARKET, TYPE_STOP_LOSS, TYPE_STOP_LOSS_LIMIT, TYPE_TAKE_PROFIT,
	TYPE_TAKE_PROFIT_LIMIT, TYPE_LIMIT_MAKER, TYPES
};
enum tif { TIF_GTC, TIF_IOC, TIF_FOK, TIFS };
enum order_status {
	ORDER_NEW, ORDER_PENDING_NEW, ORDER_PARTIALLY_FILLED, ORDER_FILLED, ORDER_CANCELED,
	ORDER_REJECTED, ORDER_EXPIRED, ORDER_STATUSES
};
enum expiry {
	EXPIRY_NONE, EXPIRY_REJECTED, EXPIRY_EXCHANGE_CANCELED, EXPIRY_OCO_TRIGGER,
	EXPIRY_OTO_PHASE_ONE, EXPIRY_IOC, EXPIRY_FOK, EXPIRY_LIQUIDITY, EXPIRIES
};
enum role { ROLE_ALONE, ROLE_OCO, ROLE_WORKING, ROLE_PENDING };

extern const char *const *side_names, *const *type_names, *const *tif_names,
	*const *status_names, *const *expiry_names;
/* The index of text in names, or -1. */
int name_index(const char *const names[], int count, const char *text);

/* Why something was not done, as the exchange says it. */
struct refusal {
	int http;
	int code;
	char msg[REASON_MAX];
};
/* Fills *no and returns false. */
__attribute__((format(printf, 4, 5)))
bool refuse(struct refusal *no, int http, int code, const char *format, ...);

struct balance {
	char asset[ASSET_MAX];
	num free, locked;
};

struct rates {
	num maker, taker, buyer, seller;
};

struct account {
	int64_t uid;
	struct balance *balances;
	size_t balances_len;
	struct rates standard, special, tax;
	num discount;                   /* what is left of the standard rate when BNB pays */
	bool discount_enabled, can_trade, can_withdraw;
	json_t *permissions;            /* ["SPOT"] */
	json_t *filters;                /* MAX_ASSET */
	int64_t update_ms;
	int64_t window[WINDOWS];        /* which window the counts below are of */
	int count[WINDOWS];             /* unfilled orders */
};

struct level {
	num price, qty;
};

/* A trade as the public sees it. */
struct print {
	int64_t id, time_ms;
	num price, qty;
	bool buyer_is_maker;
};

struct symbol {
	char name[SYMBOL_MAX], base[ASSET_MAX], quote[ASSET_MAX];
	json_t *info;                   /* as in exchangeInfo, filters included */
	struct level *side[2];          /* what strangers offer: bids best first, asks best first */
	size_t side_len[2];
	num last;
	int64_t book_id, next_trade_id;
	struct print *prints;
	size_t prints_len;
	json_t *klines;                 /* interval: rows, when set on command; else from prints */
	bool moved;                     /* triggers and crossings are to be looked at */
};

/* What an order asks for. */
struct terms {
	enum side side;
	enum order_type type;
	enum tif tif;
	num qty, quote_qty, price, stop, iceberg;       /* 0: not sent */
	int64_t trailing_delta, strategy_id, strategy_type;
	char client_id[ID_MAX + 1];
};

struct order {
	struct terms terms;
	int64_t id, list_id;            /* list_id -1: none */
	enum role role;
	size_t account;
	struct symbol *symbol;
	enum order_status status;
	enum expiry expiry;
	char cancel_id[ID_MAX + 1];
	num executed, quote;
	int64_t hold;                   /* which hold pays for it, -1: none */
	int64_t time_ms, update_ms, working_ms, visible_ms;
	int64_t trailing_ms;            /* -1: not following the price */
	num extreme;
	bool triggered;
	bool shy;                       /* a fault let it fill in part: rests until the market moves */
	bool opo;                       /* its quantity comes from the working order */
	bool counted;                   /* its first fill was taken off the order count */
	int amended;
};

struct list {
	int64_t id, time_ms;
	char client_id[ID_MAX + 1];
	bool oto;                       /* contingencyType */
	bool opo, done, activate;
	size_t account;
	struct symbol *symbol;
	int64_t orders[3];
	size_t orders_len;
	num received;                   /* OPO: what is locked for the pending orders */
};

/* Locked money; shared by the two orders of an OCO, of which only one can spend it. */
struct hold {
	size_t account;
	char asset[ASSET_MAX];
	num left;
	int users;
};

struct trade {
	int64_t id, order_id, list_id, time_ms;
	size_t account;
	struct symbol *symbol;
	num price, qty, commission;
	char commission_asset[ASSET_MAX];
	bool buyer, maker;
};

struct exchange {
	int64_t now_ms;
	struct account *accounts;
	size_t accounts_len;
	struct symbol **symbols;
	size_t symbols_len;
	struct order **orders;          /* by id: orders[id - 1] */
	size_t orders_len;
	struct order **open;
	size_t open_len;
	struct list **lists;            /* by id: lists[id] */
	size_t lists_len;
	struct hold *holds;
	size_t holds_len;
	struct trade *trades;
	size_t trades_len;
	json_t *ledger;                 /* every event, in order */
	json_t *filters;                /* of the exchange */
	int64_t serial;                 /* for ids that were not sent */
	int order_limit[WINDOWS];
	int64_t query_lag_ms;           /* how long an order stays unknown to queries */
	bool oto_funds;                 /* an OTO needs the pending order's funds when it is placed */
	/* Faults inside the engine. */
	int partial_count, partial_permille;    /* the next executions fill so much at most */
	int refuse_pending;                     /* the next pending orders die when they are due */
	int deaf_stops;                         /* while set, no stop triggers */
};

/* --- world.c --- */
void exchange_init(struct exchange *ex);
void exchange_done(struct exchange *ex);
struct symbol *symbol_find(const struct exchange *ex, const char *name);
struct symbol *symbol_add(struct exchange *ex, json_t *info);           /* keeps a reference */
size_t account_add(struct exchange *ex, int64_t uid);
struct balance *balance_of(struct account *account, const char *asset);
void balance_change(struct exchange *ex, size_t account, const char *asset, num free, num locked,
                    const char *why, int64_t order_id);
void ledger_add(struct exchange *ex, const char *event, json_t *facts);  /* takes facts */
bool symbol_flag(const struct symbol *symbol, const char *flag);
void make_id(struct exchange *ex, char *buf);
bool order_is_open(const struct order *order);
struct order *order_by_id(const struct exchange *ex, int64_t id);
/* The latest of that account and symbol with that id. */
struct order *order_by_client_id(const struct exchange *ex, size_t account,
                                 const struct symbol *symbol, const char *client_id);
struct list *list_by_id(const struct exchange *ex, int64_t id);
struct list *list_by_client_id(const struct exchange *ex, size_t account, const char *client_id);

/* --- filters.c --- */
const json_t *symbol_filter(const struct symbol *symbol, const char *type);
num average_price(const struct exchange *ex, const struct symbol *symbol, int64_t minutes);
/* Prices, quantities and notional; `quantity' false leaves out what an OPO does not know yet. */
bool filters_terms(const struct exchange *ex, size_t account, const struct symbol *symbol,
                   const struct terms *terms, bool quantity, struct refusal *no);
/* Room for so many more orders, of which so many algo, iceberg, and so many lists. */
struct room {
	int orders, algos, icebergs, lists;
	num bought;
};
void room_add(struct room *room, const struct terms *terms);
bool filters_room(const struct exchange *ex, size_t account, const struct symbol *symbol,
                  const struct room *more, struct refusal *no);
num lot_down(const struct symbol *symbol, num qty, bool market);

/* --- rules.c: what the exchange asks of an order before and inside its engine --- */
bool rules_allowed(const struct symbol *symbol, const struct terms *terms, struct refusal *no);
bool rules_engine(const struct exchange *ex, size_t account, const struct symbol *symbol,
                  const struct terms *terms, bool check_funds, struct refusal *no);
bool rules_pair(const struct symbol *symbol, const struct terms *above, const struct terms *below,
                bool at_market, struct refusal *no);
bool rules_unused(const struct exchange *ex, size_t account, const struct symbol *symbol,
                  const char *client_id, struct refusal *no);
bool type_is_algo(enum order_type type);
bool type_is_market(enum order_type type);      /* once it has triggered */
bool type_is_stop_loss(enum order_type type);
num funds_needed(const struct exchange *ex, const struct symbol *symbol, const struct terms *terms,
                 const char **ret_asset);
bool stop_reached(const struct terms *terms, num price);

/* --- match.c, orders.c, lists.c --- */
void order_count_add(struct exchange *ex, size_t account, int by);
bool order_count_room(struct exchange *ex, size_t account, int more, struct refusal *no);
struct order *order_new(struct exchange *ex, size_t account, struct symbol *symbol,
                        const struct terms *terms, enum order_status status);
void order_start(struct exchange *ex, struct order *order);
void order_execute(struct exchange *ex, struct order *order);
void order_fill(struct exchange *ex, struct order *order, num price, num qty, bool maker);
void order_end(struct exchange *ex, struct order *order, enum order_status status,
               enum expiry expiry);
int64_t hold_new(struct exchange *ex, size_t account, const char *asset, num amount,
                 int64_t order_id);
void hold_take(struct exchange *ex, struct order *order);
void hold_release(struct exchange *ex, struct order *order);
void fund_order(struct exchange *ex, struct order *order);
/* Is it in the book, on that side? */
bool order_rests(const struct order *order, const struct symbol *symbol, enum side side);
num best_price(const struct exchange *ex, const struct symbol *symbol, enum side taker);
num cost_of(const struct exchange *ex, const struct symbol *symbol, enum side taker, num qty,
            num limit, num *ret_filled);
void print_trade(struct exchange *ex, struct symbol *symbol, num price, num qty, bool buyer_maker);
void market_print(struct exchange *ex, struct symbol *symbol, num price, num qty);
void market_settle(struct exchange *ex);        /* until nothing moves any more */

struct list *list_new(struct exchange *ex, size_t account, struct symbol *symbol, bool oto,
                      bool opo, const char *client_id);
void list_add(struct exchange *ex, struct list *list, struct order *order, enum role role);
void list_order_started(struct exchange *ex, struct order *order);   /* filled in part, triggered */
void list_order_ended(struct exchange *ex, struct order *order);
void list_activate(struct exchange *ex, struct list *list);
void list_cancel(struct exchange *ex, struct list *list, const char *cancel_id);
/* A smaller quantity, also of the other order of an OCO; frees what is not needed any more. */
void list_amend(struct exchange *ex, struct order *order, num qty);
/* With its whole list. */
void order_cancel(struct exchange *ex, struct order *order, const char *cancel_id);

#endif
