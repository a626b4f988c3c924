/* The parameters of requests that trade, in Binance's words.  Pure.  (rest-api.md, "Trading endpoints") */
#ifndef EXCHANGE_BINANCE_INSTRUCTIONS_H
#define EXCHANGE_BINANCE_INSTRUCTIONS_H

#include "core/ports/exchange.h"
#include "exchange/binance/payload.h"

/* STATUS_INVALID: not what this kind of instruction can be; err says what is wrong with it. */
MUST_USE enum status request_check(const struct instruction *instruction, struct error *err);
/* "/api/v3/order", ... */
const char *request_path(enum instruction_kind kind);
/* How many it adds to the count of unfilled orders. */
int request_order_count(enum instruction_kind kind);
/* All parameters but recvWindow, timestamp and signature, percent-encoded. */
void request_write(const struct instruction *instruction, struct payload *query);

#endif
