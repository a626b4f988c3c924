/* Binance Spot: LIVE's side of the exchange port.  (exchange.md, "Binance Spot (LIVE)") */
#ifndef EXCHANGE_BINANCE_BINANCE_H
#define EXCHANGE_BINANCE_BINANCE_H

#include "core/ports/exchange.h"
#include "exchange/binance/keys.h"
#include "http/allowance.h"
#include "http/http.h"

struct binance_config {
	const char *url;                      /* https, or http to loopback; without a slash at its end */
	const char *ca_file;                  /* NULL or "": the system's */
	int64_t recv_window_ms;               /* 1 to 5000 */
	struct decimal fee_percent;           /* to estimate a fee by that can't be converted */
	int answer_ms;                        /* how long an answer is waited for; 0: 6000 */
	struct http_allowance *allowance;     /* borrowed: what others are told, too; NULL: nobody else asks */
	struct binance_keys *keys;            /* owned from here on, on error too; NULL: nothing can be signed */
};
/* Touches no network until the first request or dispatch after binance_wake. */
MUST_USE enum status binance_open(const struct binance_config *config, struct exchange **ret, struct error *err);
/* From now on keep server time and account known.  Until then it stays silent: a book without LIVE
 * business asks the exchange nothing. */
void binance_wake(struct exchange *exchange);

#endif
