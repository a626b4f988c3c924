/* The Binance adapter against the stand-in for Binance Spot, over real sockets: a process of its own on
 * the loopback, told what to do through its control port. */
#ifndef TESTS_EXCHANGE_BINANCE_BENCH_H
#define TESTS_EXCHANGE_BINANCE_BENCH_H

#include <jansson.h>
#include <sys/types.h>
#include "exchange/binance/binance.h"
#include "tests/exchange/recorder.h"

struct standin {
	pid_t pid;
	int stdin_fd, http_port, control_port;
};
/* False: it isn't built here. */
bool standin_start(struct standin *standin);
void standin_stop(struct standin *standin);
/* One verb of its control port; body is JSON text or NULL for a GET.  The answer is the caller's. */
json_t *standin_control(const struct standin *standin, const char *verb, const char *body);
void standin_tell(const struct standin *standin, const char *verb, const char *body);
void standin_heal(const struct standin *standin);      /* no faults any more */
/* How many orders it has with this client order id, in whatever state. */
size_t standin_orders(const struct standin *standin, const char *client_order_id);
/* Members of that order in the ledger: "status", "executedQty", ...  Fails if there is none. */
void standin_order_text(const struct standin *standin, const char *client_order_id, const char *member,
                        char *ret, size_t size);

/* BTCUSDC at 100, plenty of both, no limits on its prices, fees of 0.1 %. */
void standin_small_world(const struct standin *standin);

enum { BENCH_ANSWER_MS = 1500 };
/* The adapter with the documentation's key. */
struct exchange *bench_open_binance(const struct standin *standin, const char *secret);
/* Turns of the loop until nothing is under way, or ms have passed. */
void bench_settle(struct exchange *exchange, int ms);
/* Turns until the status says that it is ready; false after ms. */
bool bench_ready(struct exchange *exchange, int ms);
void bench_run(struct exchange *exchange, int ms);

#endif
