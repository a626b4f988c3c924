/* One instruction to an exchange, with Robson's own client order id, and its fills.
 *
 * PENDING is on disk before anything is sent.  UNKNOWN is a state, not an error: the exchange has
 * not told us yet, and only evidence, or a final "not found" (NEVER_ARRIVED), leads out.
 * (domain.md, "States"; exchange.md, "Unknown outcomes") */
#ifndef CORE_ORDER_H
#define CORE_ORDER_H

#include "core/intent.h"

enum { CLIENT_ORDER_ID_SIZE = 37, EXCHANGE_ORDER_ID_SIZE = 40, TRADE_ID_SIZE = 48 };

enum order_state {
	ORDER_PENDING, ORDER_SENT, ORDER_UNKNOWN, ORDER_PENDING_NEW, ORDER_NEW, ORDER_PARTIALLY_FILLED,
	ORDER_FILLED, ORDER_REJECTED, ORDER_EXPIRED, ORDER_EXPIRED_IN_MATCH, ORDER_CANCELLED,
	ORDER_NOT_SENT, ORDER_NEVER_ARRIVED, ORDER_STATE_COUNT
};
enum order_event {
	ORDER_ON_SEND,            /* handed to the network */
	ORDER_ON_NOT_SENT,        /* proof that nothing left this machine */
	ORDER_ON_LOST,            /* crash, lost or unreadable answer */
	ORDER_ON_NOT_FOUND,       /* "not found" is final */
	ORDER_ON_PENDING_NEW, ORDER_ON_NEW, ORDER_ON_PARTIAL, ORDER_ON_FILLED, ORDER_ON_REJECTED,
	ORDER_ON_EXPIRED, ORDER_ON_EXPIRED_IN_MATCH, ORDER_ON_CANCELLED,   /* the exchange's word */
	ORDER_EVENT_COUNT
};
enum order_purpose { PURPOSE_ENTRY, PURPOSE_STOP, PURPOSE_TARGET, PURPOSE_EXIT };
enum order_type { ORDER_LIMIT, ORDER_MARKET, ORDER_STOP_LOSS, ORDER_STOP_LOSS_LIMIT };
enum time_in_force { TIF_NONE, TIF_GTC, TIF_IOC, TIF_FOK };

struct order {
	char client_order_id[CLIENT_ORDER_ID_SIZE];
	char exchange_order_id[EXCHANGE_ORDER_ID_SIZE];   /* "" until known; never cleared */
	int64_t client_id;
	enum mode mode;
	char intent_id[INTENT_ID_SIZE];                   /* "" only for orders of legacy operations */
	int64_t operation_id;                             /* 0 until the first fill made one */
	enum order_purpose purpose;
	int generation;                                   /* 1, 2, ...: a new order for the same purpose */
	char symbol[SYMBOL_SIZE];
	enum side side;
	enum order_type type;
	enum time_in_force tif;
	struct decimal quantity;
	bool has_price, has_stop_price;
	struct decimal price, stop_price;
	/* A paper exit for a level that was crossed in a gap fills at this price, marked so. */
	bool has_recovered_price;
	struct decimal recovered_price;
	enum order_state state;
	struct decimal filled_quantity, filled_value, fees;  /* sums of its fills; fees in quote */
	char feed[FEED_ID_SIZE];
	char error[256];                                  /* the exchange's reason, made harmless */
	bool is_cancel_wanted;                            /* written before the cancel is sent */
	/* LIVE: where it went.  An order is acted on only there. */
	char exchange_host[128], account[64];
	char list_id[CLIENT_ORDER_ID_SIZE];               /* client id of its list; "" if it is in none */
	/* A leg that waits for its entry, on an exchange that sizes it by what the entry brings: quantity is
	 * then the most that it can be, and settles once, downwards, when it rests. */
	bool is_quantity_open;
	int64_t signed_at_ms;                             /* its timestamp, on the exchange's clock; 0 on paper */
	int64_t seen_at_ms;                               /* a lookup last showed it resting; 0: never */
	int64_t created_at_ms, sent_at_ms, changed_at_ms, ended_at_ms;
};

struct fill {
	char client_order_id[CLIENT_ORDER_ID_SIZE];
	char exchange_trade_id[TRADE_ID_SIZE];            /* unique for an order: a repeated report is no news */
	struct decimal price, quantity, commission;
	char commission_asset[ASSET_SIZE];
	struct decimal fee_quote;                         /* commission in the quote asset */
	bool is_fee_estimated, is_recovered;
	int64_t at_ms;
};

const char *order_state_name(enum order_state state);
MUST_USE enum status order_state_parse(const char *text, enum order_state *ret);
const char *order_purpose_name(enum order_purpose purpose);   /* "entry", "stop", "target", "exit" */
MUST_USE enum status order_purpose_parse(const char *text, enum order_purpose *ret);
const char *order_type_name(enum order_type type);
MUST_USE enum status order_type_parse(const char *text, enum order_type *ret);
const char *time_in_force_name(enum time_in_force tif);       /* "", "GTC", "IOC", "FOK" */
MUST_USE enum status time_in_force_parse(const char *text, enum time_in_force *ret);

bool order_is_final(enum order_state state);
/* It may rest on, or be on its way to, the exchange: PENDING, SENT, UNKNOWN and the live ones. */
bool order_is_open(enum order_state state);

/* One step of the table.  STATUS_CONFLICT, and *ret untouched, for a non-arrow: the caller knows a
 * late report from a bug. */
MUST_USE enum status order_next(enum order_state from, enum order_event on, enum order_state *ret);
bool order_may_become(enum order_state from, enum order_state to);
/* The event by which the exchange's word for a state is applied (NEW -> ORDER_ON_NEW, ...);
 * STATUS_INVALID for states that no exchange can report. */
MUST_USE enum status order_event_for(enum order_state reported, enum order_event *ret);

/* "r<book>-<owner>-<purpose><generation>", at most 36 of [A-Za-z0-9_-]: derived, so that any Robson
 * recognises its own book's orders.  owner is the intent id (shortened to its last 12 hex digits) for
 * an entry and for what was sent with it, before there was an operation; the operation id otherwise. */
void order_make_client_id(const char *book_id, const struct order *order,
                          char ret_id[CLIENT_ORDER_ID_SIZE]);

/* The same for a list, with the letter l and the generation of its first order. */
void order_make_list_id(const char *book_id, const struct order *first, char ret_id[CLIENT_ORDER_ID_SIZE]);
/* Whether an id on an exchange was made by this book. */
bool order_id_is_of_book(const char *book_id, const char *client_order_id);

/* The exchange has said how much an open quantity is: it settles once, downwards, never below what is
 * filled.  STATUS_CONFLICT if it is not open; STATUS_RANGE for zero, more than it was, or less than
 * is filled: the order is as it was. */
MUST_USE enum status order_settle_quantity(struct order *order, struct decimal quantity);

/* Add a fill to the sums.  STATUS_RANGE if it would exceed the order's quantity: never believed. */
MUST_USE enum status order_add_fill(struct order *order, const struct fill *fill);
struct decimal order_remaining(const struct order *order);

#endif
