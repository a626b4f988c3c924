/* See binance_codec.h. */
#include "base/text.h"
#include "feed/binance_codec.h"
#include "http/json.h"

#define READ(call) do { enum status s_ = (call); if (s_ != STATUS_OK) return s_; } while (0)

static enum status
read_list(const char *body, size_t len, json_t **ret, struct error *err)
{
	READ(json_read(body, len, ret, err));
	if (json_is_array(*ret))
		return STATUS_OK;
	/* One symbol may be answered by its row alone, as for "symbol=" (rest-api.md, "Symbol order book ticker"). */
	if (json_object_get(*ret, "symbol") != NULL) {
		json_t *list = json_pack("[o]", *ret);
		*ret = list;
		return list != NULL ? STATUS_OK : error_set(err, STATUS_NO_MEMORY, "no memory for an answer");
	}
	json_decref(*ret);
	*ret = NULL;
	return error_set(err, STATUS_INVALID, "the answer is not a list");
}

static const char *
symbol_of(const json_t *object)
{
	const char *symbol = json_string_value(json_object_get(object, "symbol"));
	return symbol ? symbol : "";
}

static enum status
read_book(const json_t *object, struct book_row *row, struct error *err)
{
	READ(json_get_text(object, "symbol", &row->symbol, err));
	READ(json_get_decimal(object, "bidPrice", &row->bid, err));
	READ(json_get_decimal(object, "askPrice", &row->ask, err));
	/* An empty side is given as zero; a crossed book is no market. */
	if (!decimal_is_positive(row->bid) || !decimal_is_positive(row->ask))
		return error_field(err, STATUS_INVALID, "bidPrice", "one side of the book is empty");
	if (decimal_cmp(row->bid, row->ask) > 0)
		return error_field(err, STATUS_INVALID, "bidPrice", "bid above ask");
	return STATUS_OK;
}

enum status
codec_books(const char *body, size_t len, book_row_fn row_fn, void *context, struct error *err)
{
	json_t *list = NULL;
	READ(read_list(body, len, &list, err));
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *object = json_array_get(list, i);
		struct error row_err = { 0 };
		struct book_row row = { 0 };
		bool is_good = read_book(object, &row, &row_err) == STATUS_OK;
		if (!is_good)
			row = (struct book_row){ .symbol = symbol_of(object) };
		row_fn(context, &row, is_good ? NULL : &row_err);
	}
	json_decref(list);
	return STATUS_OK;
}

static enum status
read_ticker(const json_t *object, struct ticker_row *row, struct error *err)
{
	READ(json_get_text(object, "symbol", &row->symbol, err));
	READ(json_get_decimal(object, "lastPrice", &row->last, err));
	READ(json_get_decimal(object, "priceChangePercent", &row->change_percent, err));
	READ(json_may_int(object, "lastId", &row->last_trade_id, err));
	if (!decimal_is_positive(row->last))
		return error_field(err, STATUS_INVALID, "lastPrice", "no trade yet");
	return STATUS_OK;
}

enum status
codec_tickers(const char *body, size_t len, ticker_row_fn row_fn, void *context, struct error *err)
{
	json_t *list = NULL;
	READ(read_list(body, len, &list, err));
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *object = json_array_get(list, i);
		struct error row_err = { 0 };
		struct ticker_row row = { 0 };
		bool is_good = read_ticker(object, &row, &row_err) == STATUS_OK;
		if (!is_good)
			row = (struct ticker_row){ .symbol = symbol_of(object) };
		row_fn(context, &row, is_good ? NULL : &row_err);
	}
	json_decref(list);
	return STATUS_OK;
}

enum status
codec_names(const char *body, size_t len, name_fn name, void *context, struct error *err)
{
	json_t *list = NULL;
	READ(read_list(body, len, &list, err));
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *symbol = symbol_of(json_array_get(list, i));
		if (*symbol != '\0')
			name(context, symbol);
	}
	json_decref(list);
	return STATUS_OK;
}

static enum status
read_candle(const json_t *row, struct candle *ret, struct error *err)
{
	struct candle candle = { 0 };
	READ(json_as_int(json_array_get(row, 0), "open time", &candle.open_ms, err));
	READ(json_as_decimal(json_array_get(row, 1), "open", &candle.open, err));
	READ(json_as_decimal(json_array_get(row, 2), "high", &candle.high, err));
	READ(json_as_decimal(json_array_get(row, 3), "low", &candle.low, err));
	READ(json_as_decimal(json_array_get(row, 4), "close", &candle.close, err));
	READ(json_as_decimal(json_array_get(row, 5), "volume", &candle.volume, err));
	READ(json_as_int(json_array_get(row, 6), "close time", &candle.close_ms, err));
	if (candle.open_ms < 0 || candle.close_ms < candle.open_ms)
		return error_field(err, STATUS_INVALID, "close time", "a candle ends before it starts");
	if (!decimal_is_positive(candle.low) || decimal_is_negative(candle.volume) ||
	    decimal_cmp(candle.low, decimal_min(candle.open, candle.close)) > 0 ||
	    decimal_cmp(candle.high, decimal_max(candle.open, candle.close)) < 0)
		return error_field(err, STATUS_INVALID, "low", "a candle's prices contradict each other");
	*ret = candle;
	return STATUS_OK;
}

enum status
codec_candles(const char *body, size_t len, struct candle *ret, size_t max, size_t *ret_count,
              struct error *err)
{
	json_t *list = NULL;
	READ(read_list(body, len, &list, err));
	enum status status = STATUS_OK;
	size_t count = json_array_size(list);
	if (count > max)
		status = error_set(err, STATUS_INVALID, "%zu candles where %zu were asked for", count, max);
	for (size_t i = 0; status == STATUS_OK && i < count; i++) {
		status = read_candle(json_array_get(list, i), &ret[i], err);
		if (status == STATUS_OK && i > 0 && ret[i].open_ms <= ret[i - 1].open_ms)
			status = error_field(err, STATUS_INVALID, "open time", "candles out of order");
	}
	json_decref(list);
	if (status == STATUS_OK)
		*ret_count = count;
	return status;
}

enum status
codec_time(const char *body, size_t len, int64_t *ret_ms, struct error *err)
{
	json_t *root = NULL;
	int64_t ms = 0;
	READ(json_read(body, len, &root, err));
	enum status status = json_get_int(root, "serverTime", &ms, err);
	json_decref(root);
	if (status == STATUS_OK && (ms <= 0 || ms > INT64_C(253402300799999)))
		status = error_field(err, STATUS_RANGE, "serverTime", "no time of this world");
	if (status == STATUS_OK)
		*ret_ms = ms;
	return status;
}

bool
codec_refusal(const char *body, size_t len, int *ret_code, char *ret_msg, size_t size)
{
	json_t *root = NULL;
	int64_t code = 0;
	const char *msg = "";
	if (json_read(body, len, &root, NULL) != STATUS_OK)
		return false;
	bool is_refusal = json_get_int(root, "code", &code, NULL) == STATUS_OK &&
	                  code >= -1000000 && code <= 1000000;
	if (is_refusal) {
		if (json_get_text(root, "msg", &msg, NULL) != STATUS_OK)
			msg = "";
		*ret_code = (int)code;
		text_copy(ret_msg, size, msg);
		text_make_harmless(ret_msg);
	}
	json_decref(root);
	return is_refusal;
}
