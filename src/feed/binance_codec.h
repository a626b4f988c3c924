/* What Binance's public answers say, as rows.  Pure: bytes in, rows out through a callback; no row
 * that is not sane ever comes out as good.  (binance-spot-api-docs, rest-api.md, "Market Data
 * endpoints") */
#ifndef FEED_BINANCE_CODEC_H
#define FEED_BINANCE_CODEC_H

#include "base/error.h"
#include "core/candle.h"

struct book_row { const char *symbol; struct decimal bid, ask; };
struct ticker_row { const char *symbol; struct decimal last, change_percent; int64_t last_trade_id; };

/* Rows come in the answer's order.  err says why a row is bad (then only its symbol is set, and
 * that may be ""); NULL for a good one.  Borrowed for the call. */
typedef void (*book_row_fn)(void *context, const struct book_row *row, const struct error *err);
typedef void (*ticker_row_fn)(void *context, const struct ticker_row *row, const struct error *err);
typedef void (*name_fn)(void *context, const char *symbol);

/* STATUS_INVALID if the whole is not a list. */
MUST_USE enum status codec_books(const char *body, size_t len, book_row_fn row, void *context,
                                 struct error *err);
MUST_USE enum status codec_tickers(const char *body, size_t len, ticker_row_fn row, void *context,
                                   struct error *err);
MUST_USE enum status codec_names(const char *body, size_t len, name_fn name, void *context,
                                 struct error *err);

/* Up to max candles, strictly ascending in time, each with low <= open, close <= high and all above
 * zero; one that is not spoils the whole answer. */
MUST_USE enum status codec_candles(const char *body, size_t len, struct candle *ret, size_t max,
                                   size_t *ret_count, struct error *err);

MUST_USE enum status codec_time(const char *body, size_t len, int64_t *ret_ms, struct error *err);

/* {"code": -1121, "msg": "Invalid symbol."}.  False if it is nothing of the kind; msg is harmless. */
bool codec_refusal(const char *body, size_t len, int *ret_code, char *ret_msg, size_t size);

#endif
