/* The port that orders go through.  Nothing here blocks; the outcome reaches the listener later,
 * never during the call itself.  An adapter reports; it never decides what an outcome means for an
 * operation.  Only the holder of the lease calls the trading side.  (exchange.md, "The port")
 *
 * Two adapters: paper (DRY-RUN) and Binance Spot (LIVE).  A member of exchange_ops that one of them
 * does not need is NULL, as its comment says. */
#ifndef CORE_PORTS_EXCHANGE_H
#define CORE_PORTS_EXCHANGE_H

#include "base/error.h"
#include "base/wait.h"
#include "core/order.h"
#include "core/symbol.h"

enum exchange_request { ASKED_SUBMIT, ASKED_CANCEL, ASKED_QUERY,
                        ASKED_NOTHING /* an update nobody asked for */ };
enum exchange_outcome {
	OUTCOME_ACCEPTED,    /* with the order's state and fills */
	OUTCOME_REFUSED,     /* with a code and a reason that a person understands */
	OUTCOME_NOT_SENT,    /* it is proven that nothing was processed: nothing left this machine, or
	                        the exchange turned it away before looking at it (429, 418) */
	OUTCOME_NOT_FOUND,   /* of a query: no such order; of a cancel: nothing to cancel */
	OUTCOME_UNKNOWN      /* it may or may not have happened */
};

/* Codes of Binance that the desk acts on, whatever the text beside them (errors.md). */
enum {
	EXCHANGE_CODE_TIMESTAMP = -1021,         /* outside of recvWindow: sign anew, once */
	EXCHANGE_CODE_NEW_ORDER_REJECTED = -2010,
	EXCHANGE_CODE_CANCEL_REJECTED = -2011,
	EXCHANGE_CODE_NO_SUCH_ORDER = -2013,
	EXCHANGE_CODE_REPLACE_FAILED = -2022,    /* nothing was cancelled, nothing was sent */
	EXCHANGE_CODE_REPLACE_PARTIAL = -2021    /* cancelled, and the new one was refused: naked */
};

struct exchange_report {
	enum exchange_request request;        /* what this answers */
	enum exchange_outcome outcome;
	const char *client_order_id;
	const char *exchange_order_id;        /* "" if unknown */
	enum order_state state;               /* with ACCEPTED: what the exchange says of it now */
	const struct fill *fills;             /* maybe repeated; known by exchange_trade_id.  An adapter
	                                         brings all fills that the state speaks of, or says UNKNOWN */
	size_t fill_count;
	bool has_quantity;                    /* the exchange said how much the order is for; a pending leg */
	struct decimal quantity;              /* of a list that pays for itself learns it when it rests */
	int64_t asked_at_ms;                  /* the exchange's clock when it was asked (LIVE), else 0 */
	int code;                             /* the exchange's; 0 if none */
	const char *reason;                   /* harmless text; "" if none */
};

/* What the exchange says of one of its open orders, whoever placed it. */
struct exchange_order {
	char client_order_id[64];             /* a stranger's may be longer than ours */
	char exchange_order_id[EXCHANGE_ORDER_ID_SIZE];
	char symbol[SYMBOL_SIZE];
	enum side side;
	char type[24];                        /* its own word */
	enum order_state state;
	struct decimal quantity, filled, price, stop_price;
	int64_t updated_at_ms;
};

struct exchange_balance { char asset[ASSET_SIZE]; struct decimal free, locked; };
struct exchange_account {
	char uid[64];
	bool can_trade;                       /* of the account; of the key where the API tells */
	const struct exchange_balance *balances; size_t balance_count;   /* those above zero */
};
struct exchange_fees { char symbol[SYMBOL_SIZE]; struct decimal taker_percent, maker_percent; /* standard + tax + special, no discount */ };
/* A fill of the account, by anybody's order. */
struct exchange_trade { struct fill fill; char exchange_order_id[EXCHANGE_ORDER_ID_SIZE]; enum side side; };

struct exchange_listener {
	void *self;
	void (*on_report)(void *self, const struct exchange_report *report);
	/* The rest is of LIVE exchanges; any may be NULL.  error is NULL, or says why there is no answer;
	 * the other arguments say what was asked. */
	/* symbol "": of all symbols. asked_at_mono_ms: what happened later may be missing. */
	void (*on_open)(void *self, const char *symbol, const struct exchange_order *orders, size_t count,
	                int64_t asked_at_mono_ms, const struct error *error);
	void (*on_account)(void *self, const struct exchange_account *account, const struct error *error);
	void (*on_fees)(void *self, const struct exchange_fees *fees, const struct error *error);
	void (*on_trades)(void *self, const char *symbol, const struct exchange_trade *trades, size_t count,
	                  const struct error *error);
	/* The answer to INSTRUCT_TEST. */
	void (*on_tested)(void *self, const char *client_order_id, const struct error *error);
};

/* One request that trades. */
enum instruction_kind {
	INSTRUCT_ORDER,      /* orders[0] */
	INSTRUCT_OCO,        /* stop, target */
	INSTRUCT_OTO,        /* entry, stop: the stop is placed once the entry is filled whole */
	INSTRUCT_OTOCO,      /* entry, stop, target */
	INSTRUCT_OPO,        /* as OTO, the stop for what the entry brought */
	INSTRUCT_OPOCO,      /* as OTOCO, likewise */
	INSTRUCT_REPLACE,    /* cancel `replaced` (only while it is NEW), then orders[0]; a failed cancel
	                        leaves both as they were */
	INSTRUCT_TEST        /* orders[0] is checked by the exchange and goes nowhere */
};
struct instruction {
	enum instruction_kind kind;
	const struct order *orders[3]; size_t count;
	const char *list_id;                  /* client id of the list; "" if none */
	const struct order *replaced;
};
struct signed_request {
	int64_t ticket;                       /* above zero */
	int64_t signed_at_ms;                 /* the exchange's clock: its timestamp */
	int64_t recv_window_ms;               /* accepted until signed_at_ms + this */
};

struct exchange_status {
	char host[128];                       /* "api.binance.com": part of what binds an operation */
	char label[64];                       /* "Binance Spot", "Binance Spot testnet" */
	char key_tail[8];                     /* last characters of the public key, "" without one */
	char uid[64];                         /* "" until the account answered */
	bool is_ready;                        /* time and account are known; sign would succeed */
	bool is_reachable;                    /* the last request was answered */
	bool is_key_refused;                  /* wrong, expired, or it may not trade */
	char trouble[256];                    /* why not, in words, harmless; "" if all is well */
	char waits[128];                      /* what waits because of a limit, "" if nothing */
	int64_t next_try_mono_us;             /* banned or backing off until; 0: not */
	int64_t round_trip_us;
	bool has_clock_offset; int64_t clock_offset_ms;   /* exchange minus this machine */
	int weight_used, weight_limit;        /* of the minute */
	int orders_10s, orders_10s_limit, orders_day, orders_day_limit;   /* 0: unknown */
	uint64_t reconnects;                  /* grows when a connection came back after trouble */
};

struct exchange;
struct exchange_ops {
	/* STATUS_OK: handed over, a report will follow.  Anything else: proof that nothing left.  NULL for
	 * exchanges that sign: they have sign and send. */
	enum status (*submit)(struct exchange *ex, const struct order *order, struct error *err);
	/* Signed before it is written down, sent after; so that a process that slept in between can't send
	 * late.  STATUS_UNAVAILABLE: not now (no server time yet, a limit, a ban; err says until when).
	 * STATUS_CONFIG: the key is wrong.  Each ticket ends with one send or one drop.  NULL on paper. */
	enum status (*sign)(struct exchange *ex, const struct instruction *instruction,
	                    struct signed_request *ret, struct error *err);
	/* As submit: one report for each order of the instruction will follow, for INSTRUCT_REPLACE first
	 * one of the replaced order with ASKED_CANCEL. */
	enum status (*send)(struct exchange *ex, int64_t ticket, struct error *err);
	void (*drop)(struct exchange *ex, int64_t ticket);
	/* The cancel of a list's order ends the whole list. */
	enum status (*cancel)(struct exchange *ex, const struct order *order, struct error *err);
	enum status (*query)(struct exchange *ex, const struct order *order, struct error *err);
	/* Questions of LIVE exchanges, answered through the listener; NULL on paper.  STATUS_BUSY: asked
	 * already, or the limits have no room for it now. */
	enum status (*look_open)(struct exchange *ex, const char *symbol /* NULL: all */, struct error *err);
	enum status (*look_account)(struct exchange *ex, struct error *err);
	enum status (*look_fees)(struct exchange *ex, const char *symbol, struct error *err);
	enum status (*look_trades)(struct exchange *ex, const char *symbol, int64_t from_ms, struct error *err);
	void (*status)(const struct exchange *ex, struct exchange_status *ret);   /* NULL on paper */
	/* After a restart: an open order of the book rests again.  NULL for exchanges that remember by
	 * themselves.  STATUS_INVALID: it can't; its rest has expired. */
	enum status (*restore)(struct exchange *ex, const struct order *order, struct error *err);
	/* When the lease is given away: every order, request and report still to come is dropped, for
	 * another process moves them from now on.  NULL likewise. */
	void (*forget)(struct exchange *ex);
	/* A price that the paper exchange fills at; NULL for real exchanges. */
	void (*quote)(struct exchange *ex, const struct quote *quote);
	void (*rules)(struct exchange *ex, const struct symbol_rules *rules);
	/* Something is queued or under way: an answer is still to come without any new price. */
	bool (*is_busy)(const struct exchange *ex);
	void (*prepare)(struct exchange *ex, struct wait *wait, int64_t now_mono_us);
	void (*dispatch)(struct exchange *ex, const struct wait *wait, int64_t now_mono_us);
	void (*close)(struct exchange *ex);
};
struct exchange {                         /* first member of each adapter's struct */
	const struct exchange_ops *ops;
	struct exchange_listener listener;    /* a copy; set before the first dispatch */
};

#endif
