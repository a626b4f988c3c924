/* What every exchange adapter owes the desk (core/ports/exchange.h), as one suite that is run on each
 * of them.  The adapter is reached through the port alone; how its market is moved is the bench's. */
#ifndef TESTS_EXCHANGE_CONTRACT_H
#define TESTS_EXCHANGE_CONTRACT_H

#include "core/ports/exchange.h"

struct contract_bench {
	const char *name;
	void *self;
	/* A fresh exchange that lists BTCUSDC (tick 0.01, step 0.00001) with plenty of money. */
	struct exchange *(*open)(void *self);
	/* The market's bid and ask from now on. */
	void (*price)(void *self, struct exchange *exchange, const char *bid, const char *ask);
	/* Let time pass until nothing is under way any more. */
	void (*settle)(void *self, struct exchange *exchange);
	/* A LIVE exchange signs and sends, and tells only what it is asked. */
	bool is_live;
	void (*wait)(void *self, struct exchange *exchange);   /* LIVE: a few milliseconds */
	/* The next request that trades is processed, and its answer is lost.  NULL: that can't be. */
	void (*lose_reply)(void *self, struct exchange *exchange);
	/* How many orders the exchange has had under this id; NULL: it can't be looked at from outside. */
	size_t (*orders_there)(void *self, const char *client_order_id);
};

/* Runs the suite; returns how many cases failed. */
int contract_run(const struct contract_bench *bench);

#endif
