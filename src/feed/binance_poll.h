/* Prices by polling Binance Spot's public REST API: one bookTicker request for all watched symbols
 * per interval, on a kept-alive connection.  Implements core/ports/price_feed.h; its clock is the
 * machine's.  Opening it touches no network: the first watch does. */
#ifndef FEED_BINANCE_POLL_H
#define FEED_BINANCE_POLL_H

#include "core/ports/price_feed.h"
#include "http/allowance.h"

struct binance_poll_config {
	const char *url;          /* base of the REST API, e.g. "https://api.binance.com" */
	const char *ca_file;      /* trusted as well as the system's; NULL or "": none */
	const char *user_agent;   /* NULL: "robson" */
	int interval_ms;          /* between two looks at the book; 0: 1000 */
	struct http_allowance *allowance;   /* borrowed: what others are told, too; NULL: nobody else asks */
	/* For tests; 0 means the default of each. */
	int ticker_ms;            /* between two looks at last price and trade id; 10,000 */
	int clock_ms;             /* between two looks at the exchange's clock; 300,000 */
	int connect_ms, total_ms; /* time-outs of the book's requests; 3,000 and 4,000 */
	int slow_total_ms;        /* time-out of every other request; 10,000 */
	int backoff_ms;           /* the first pause after a failure, doubled up to 16 times; 500 */
	int recheck_ms;           /* until a symbol that was unknown is asked for again; 60,000 */
};

/* STATUS_CONFIG for a url that http_check_url refuses. */
MUST_USE enum status binance_poll_open(const struct binance_poll_config *config,
                                       struct price_feed **ret_feed, struct error *err);

#endif
