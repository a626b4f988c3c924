/* The port that orders go through.  Nothing here blocks; the outcome reaches the listener later,
 * never during the call itself.  An adapter reports; it never decides what an outcome means for an
 * operation.  Only the holder of the lease calls the trading side.  (exchange.md, "The port") */
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
	OUTCOME_NOT_SENT,    /* it is proven that nothing left this machine */
	OUTCOME_NOT_FOUND,   /* of a query: no such order; of a cancel: nothing to cancel */
	OUTCOME_UNKNOWN      /* it may or may not have happened */
};

struct exchange_report {
	enum exchange_request request;        /* what this answers */
	enum exchange_outcome outcome;
	const char *client_order_id;
	const char *exchange_order_id;        /* "" if unknown */
	enum order_state state;               /* with ACCEPTED: what the exchange says of it now */
	const struct fill *fills;             /* maybe repeated; known by exchange_trade_id */
	size_t fill_count;
	int code;                             /* the exchange's; 0 if none */
	const char *reason;                   /* harmless text; "" if none */
};

struct exchange_listener {
	void *self;
	void (*on_report)(void *self, const struct exchange_report *report);
};

struct exchange;
struct exchange_ops {
	/* STATUS_OK: handed over, a report will follow.  Anything else: proof that nothing left. */
	enum status (*submit)(struct exchange *ex, const struct order *order, struct error *err);
	enum status (*cancel)(struct exchange *ex, const struct order *order, struct error *err);
	enum status (*query)(struct exchange *ex, const struct order *order, struct error *err);
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
