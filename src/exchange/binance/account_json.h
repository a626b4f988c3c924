/* What Binance tells of an account, of its fees, of its clock, its limits and a price.  Pure.
 * (rest-api.md, "Account information", "Query Commission Rates", "Check server time",
 * "Exchange information", "Symbol price ticker") */
#ifndef EXCHANGE_BINANCE_ACCOUNT_JSON_H
#define EXCHANGE_BINANCE_ACCOUNT_JSON_H

#include "core/ports/exchange.h"
#include "exchange/binance/limits.h"
#include "http/json.h"

/* ret->uid is "" where the answer has none.  ret->balances is malloc'd (owned by the caller) and holds those above zero. */
MUST_USE enum status account_json_read(const json_t *root, struct exchange_account *ret, struct error *err);
/* taker and maker as percent: standard + special + tax, each with its part for the dearer side. */
MUST_USE enum status fees_json_read(const json_t *root, const char *symbol, struct exchange_fees *ret,
                                    struct error *err);
MUST_USE enum status time_json_read(const json_t *root, int64_t *ret_ms, struct error *err);
/* The limits that are named are set; the others stay. */
void limits_json_read(const json_t *root, struct limits *limits);
MUST_USE enum status price_json_read(const json_t *root, const char *symbol, struct decimal *ret,
                                     struct error *err);

#endif
