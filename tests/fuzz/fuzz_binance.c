/* Whatever an exchange answers, it is read without harm: no row that is not sane comes out as good,
 * rules hold no negative limit, and what is shown holds no control code. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "feed/binance_codec.h"
#include "feed/rules_json.h"
#include "http/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool truth)
{
	if (!truth)
		abort();
}

static void
must_be_harmless(const char *text)
{
	char copy[1024];
	must(text_copy(copy, sizeof copy, text));
	must(text_make_harmless(copy) == 0);
}

static void
on_book(void *context, const struct book_row *row, const struct error *err)
{
	(void)context;
	must(row->symbol != NULL);
	if (err != NULL)
		must_be_harmless(err->message);
	else
		must(decimal_is_positive(row->bid) && decimal_cmp(row->bid, row->ask) <= 0);
}

static void
on_ticker(void *context, const struct ticker_row *row, const struct error *err)
{
	(void)context;
	must(row->symbol != NULL);
	if (err != NULL)
		must_be_harmless(err->message);
	else
		must(decimal_is_positive(row->last));
}

static void
on_name(void *context, const char *symbol)
{
	(void)context;
	must(*symbol != '\0');
}

static void
read_rules(const char *body, size_t size)
{
	json_t *root = NULL;
	struct symbol_rules rules;
	struct error err = { 0 };
	if (json_read(body, size, &root, &err) != STATUS_OK) {
		must_be_harmless(err.message);
		return;
	}
	must(rules_weight_limit(root) >= 0);
	if (rules_find(root, "BTCUSDC", 1, &rules, &err) == STATUS_OK) {
		must(strcmp(rules.symbol, "BTCUSDC") == 0 && rules.base[0] != '\0');
		must(!decimal_is_negative(rules.tick) && !decimal_is_negative(rules.lot_min));
		must(!decimal_is_negative(rules.notional_min) && rules.max_orders >= 0);
		must_be_harmless(rules.unknown_filters);
		must_be_harmless(rules.status_text);
		must_be_harmless(rules.base);
	} else {
		must_be_harmless(err.message);
	}
	json_decref(root);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct candle candles[8];
	struct error err = { 0 };
	size_t count = 0;
	int64_t ms = 0;
	int code = 0;
	char msg[64];
	const char *body = (const char *)data;
	if (codec_books(body, size, on_book, NULL, &err) != STATUS_OK)
		must_be_harmless(err.message);
	if (codec_tickers(body, size, on_ticker, NULL, &err) != STATUS_OK)
		must_be_harmless(err.message);
	if (codec_names(body, size, on_name, NULL, &err) != STATUS_OK)
		must_be_harmless(err.message);
	if (codec_candles(body, size, candles, 8, &count, &err) == STATUS_OK)
		for (size_t i = 0; i < count; i++) {
			must(decimal_is_positive(candles[i].low) && candles[i].close_ms >= candles[i].open_ms);
			must(i == 0 || candles[i].open_ms > candles[i - 1].open_ms);
		}
	if (codec_time(body, size, &ms, &err) == STATUS_OK)
		must(ms > 0);
	if (codec_refusal(body, size, &code, msg, sizeof msg))
		must_be_harmless(msg);
	read_rules(body, size);
	return 0;
}
