/* What the poller makes of each answer.  A kind of request that was answered well says itself when it
 * is due again; one that was not is paused. */
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "feed/binance_codec.h"
#include "feed/binance_state.h"
#include "feed/rules_json.h"
#include "http/json.h"

enum { NAMES_MAX = 20000, HISTORY_TRIES = 4 };

static void
tell_unknown(struct binance *self, const char *name)
{
	char copy[SYMBOL_SIZE];
	if (name == NULL || self->base.listener.on_unknown_symbol == NULL)
		return;
	text_copy(copy, sizeof copy, name);
	self->base.listener.on_unknown_symbol(self->base.listener.self, copy);
}

/* The takers below say STATUS_OK, or why the answer is no good. */

struct book_context { struct binance *self; const struct http_response *response; };

static void
on_book_row(void *context, const struct book_row *row, const struct error *err)
{
	struct binance *self = ((struct book_context *)context)->self;
	const struct http_response *response = ((struct book_context *)context)->response;
	struct binance_symbol *symbol = binance_symbols_find(&self->symbols, row->symbol);
	if (symbol == NULL || !symbol->is_asked || symbol->is_answered)
		return;
	symbol->is_answered = true;
	if (err != NULL) {
		text_format(self->missing, sizeof self->missing, "%s: %s", symbol->name, err->message);
		return;
	}
	if (decimal_cmp(symbol->bid, row->bid) != 0 || decimal_cmp(symbol->ask, row->ask) != 0)
		symbol->still_tickers = 0;
	symbol->bid = row->bid;
	symbol->ask = row->ask;

	int64_t since_sent_ms = (clock_mono_us() - response->sent_mono_us) / 1000;
	struct quote quote = { .bid = row->bid, .ask = row->ask,
	                       .asked_mono_ms = response->sent_mono_us / 1000,
	                       .at_ms = clock_wall_ms() - since_sent_ms,
	                       .arrived_mono_us = response->received_mono_us };
	text_copy(quote.symbol, sizeof quote.symbol, symbol->name);
	self->quotes++;
	if (self->base.listener.on_quote != NULL)
		self->base.listener.on_quote(self->base.listener.self, &quote);
}

static enum status
take_book(struct binance *self, const struct http_response *response, struct error *err)
{
	struct book_context context = { self, response };
	self->missing[0] = '\0';
	enum status status =
		codec_books(response->body, response->body_len, on_book_row, &context, err);
	if (status != STATUS_OK)
		return status;
	for (size_t i = 0; i < self->symbols.count && self->missing[0] == '\0'; i++)
		if (self->symbols.all[i].is_asked && !self->symbols.all[i].is_answered)
			text_format(self->missing, sizeof self->missing, "%s: no row in the answer",
			            self->symbols.all[i].name);
	self->round_trip_us = response->received_mono_us - response->sent_mono_us;
	if (binance_symbols_passed(&self->symbols)) {
		self->asks[ASK_BOOK].due_us = self->book_sent_us +
			binance_pace_interval_us(&self->pace, (int64_t)self->config.interval_ms * 1000);
	} else {
		self->asks[ASK_BOOK].due_us = 0;
	}
	/* The connection stands: now the rest may use it. */
	for (enum ask_kind kind = ASK_TICKER; kind <= ASK_CLOCK; kind++)
		if (self->asks[kind].due_us == INT64_MAX)
			self->asks[kind].due_us = 0;
	return STATUS_OK;
}

static void
on_ticker_row(void *context, const struct ticker_row *row, const struct error *err)
{
	struct binance *self = context;
	struct binance_symbol *symbol = binance_symbols_find(&self->symbols, row->symbol);
	if (symbol == NULL || err != NULL)
		return;
	bool has_traded = symbol->last_trade_id != 0 && row->last_trade_id > symbol->last_trade_id;
	bool is_outside = decimal_cmp(row->last, symbol->bid) < 0 ||
	                  decimal_cmp(row->last, symbol->ask) > 0;
	symbol->last_trade_id = row->last_trade_id;
	if (has_traded && is_outside && decimal_is_positive(symbol->bid))
		symbol->still_tickers++;
	if (symbol->still_tickers >= 2)
		text_copy(self->frozen, sizeof self->frozen, symbol->name);
	char name[SYMBOL_SIZE];
	text_copy(name, sizeof name, symbol->name);
	if (self->base.listener.on_ticker != NULL)
		self->base.listener.on_ticker(self->base.listener.self, name, row->last,
		                              row->change_percent);
}

static enum status
take_ticker(struct binance *self, const struct http_response *response, struct error *err)
{
	self->frozen[0] = '\0';
	self->asks[ASK_TICKER].due_us =
		response->received_mono_us + (int64_t)self->config.ticker_ms * 1000;
	return codec_tickers(response->body, response->body_len, on_ticker_row, self, err);
}

static enum status
take_rules(struct binance *self, const struct http_response *response, struct error *err)
{
	json_t *info = NULL;
	struct symbol_rules rules;
	struct binance_symbol *symbol = binance_symbols_find(&self->symbols, self->rules_of);
	self->asks[ASK_RULES].due_us = 0;
	if (symbol != NULL)
		symbol->rules_due_us = response->received_mono_us + RULES_RETRY_US;
	enum status status = json_read(response->body, response->body_len, &info, err);
	if (status == STATUS_OK) {
		int limit = rules_weight_limit(info);
		if (limit > 0)
			self->pace.weight_limit = limit;
		status = rules_find(info, self->rules_of, clock_wall_ms(), &rules, err);
		json_decref(info);
	}
	if (status != STATUS_OK || symbol == NULL)
		return status;
	symbol->rules_due_us = response->received_mono_us + RULES_AGAIN_US;
	if (self->base.listener.on_rules != NULL)
		self->base.listener.on_rules(self->base.listener.self, &rules);
	return STATUS_OK;
}

static void
tell_history(struct binance *self, const char *symbol, size_t count, bool is_last,
             const struct error *err)
{
	if (self->base.listener.on_history != NULL)
		self->base.listener.on_history(self->base.listener.self, symbol,
		                               count > 0 ? self->page : NULL, count, is_last, err);
}

static enum status
take_history(struct binance *self, const struct http_response *response, struct error *err)
{
	size_t count = 0;
	char symbol[SYMBOL_SIZE];
	enum status status = codec_candles(response->body, response->body_len, self->page,
	                                   BINANCE_PAGE, &count, err);
	if (status != STATUS_OK)
		return status;
	text_copy(symbol, sizeof symbol, self->history.jobs[0].symbol);
	bool is_last = binance_history_took(&self->history, self->page, count);
	self->asks[ASK_HISTORY].due_us = self->history.count > 0 ? 0 : INT64_MAX;
	tell_history(self, symbol, count, is_last, NULL);
	return STATUS_OK;
}

static enum status
take_clock(struct binance *self, const struct http_response *response, struct error *err)
{
	int64_t server_ms = 0;
	enum status status = codec_time(response->body, response->body_len, &server_ms, err);
	if (status != STATUS_OK)
		return status;
	int64_t trip_us = response->received_mono_us - response->sent_mono_us;
	int64_t since_middle_us = clock_mono_us() - response->sent_mono_us - trip_us / 2;
	self->offset_ms = server_ms - (clock_wall_ms() - since_middle_us / 1000);
	self->has_offset = true;
	self->asks[ASK_CLOCK].due_us =
		response->received_mono_us + (int64_t)self->config.clock_ms * 1000;
	return STATUS_OK;
}

static void
on_name(void *context, const char *symbol)
{
	struct binance *self = context;
	char name[SYMBOL_SIZE];
	if (self->name_count == NAMES_MAX || symbol_parse(symbol, name, NULL) != STATUS_OK)
		return;
	if (self->name_count == self->name_capacity) {
		size_t capacity = self->name_capacity ? self->name_capacity * 2 : 1024;
		void *names = realloc(self->names, capacity * sizeof *self->names);
		if (names == NULL)
			return;
		self->names = names;
		self->name_capacity = capacity;
	}
	memcpy(self->names[self->name_count++], name, sizeof name);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

static enum status
take_names(struct binance *self, const struct http_response *response, struct error *err)
{
	self->name_count = 0;
	enum status status = codec_names(response->body, response->body_len, on_name, self, err);
	if (self->name_count > 1)
		qsort(self->names, self->name_count, sizeof *self->names, compare_names);
	if (status == STATUS_OK) {
		self->names_at_us = response->received_mono_us;
		self->asks[ASK_NAMES].due_us = INT64_MAX;
	}
	return status;
}

/* The exchange says that there is no such symbol (-1121), or that it can't be one (-1100). */
static void
take_unknown(struct binance *self, struct ask *ask, int64_t now_us)
{
	int64_t recheck_us = now_us + (int64_t)self->config.recheck_ms * 1000;
	struct error err = { 0 };
	char symbol[SYMBOL_SIZE];
	bool has_ended = false;
	switch (ask->kind) {
	case ASK_BOOK:
		tell_unknown(self, binance_symbols_refused(&self->symbols, recheck_us, &has_ended));
		ask->due_us = has_ended ? self->book_sent_us + (int64_t)self->config.interval_ms * 1000 : 0;
		break;
	case ASK_RULES:
		tell_unknown(self, binance_symbols_unknown(&self->symbols, self->rules_of, recheck_us));
		ask->due_us = 0;
		break;
	case ASK_HISTORY:
		text_copy(symbol, sizeof symbol, self->history.jobs[0].symbol);
		binance_history_drop(&self->history);
		ask->due_us = self->history.count > 0 ? 0 : INT64_MAX;
		error_field(&err, STATUS_NOT_FOUND, "symbol", "the exchange knows no %s", symbol);
		tell_history(self, symbol, 0, true, &err);
		break;
	default:   /* of the tickers: the book finds out which it is */
		ask->due_us = now_us + (int64_t)self->config.ticker_ms * 1000;
		break;
	}
}

void
binance_ask_failed(struct ask *ask, int64_t now_us)
{
	struct binance *self = ask->self;
	char symbol[SYMBOL_SIZE];
	ask->failures++;
	ask->due_us = now_us +
		binance_pace_backoff_us(ask->failures, (int64_t)self->config.backoff_ms * 1000);
	if (ask->kind != ASK_HISTORY || ++self->history.jobs[0].tries < HISTORY_TRIES)
		return;
	struct error err = { 0 };
	error_set(&err, STATUS_UNAVAILABLE, "%s", ask->trouble);
	text_copy(symbol, sizeof symbol, self->history.jobs[0].symbol);
	binance_history_drop(&self->history);
	if (self->history.count == 0)
		ask->due_us = INT64_MAX;
	tell_history(self, symbol, 0, true, &err);
}

typedef enum status (*taker)(struct binance *self, const struct http_response *response,
                             struct error *err);
static const struct { taker take; const char *what; } kinds[ASK_COUNT] = {
	[ASK_BOOK] = { take_book, "prices" },
	[ASK_RULES] = { take_rules, "rules" },
	[ASK_HISTORY] = { take_history, "past prices" },
	[ASK_TICKER] = { take_ticker, "daily change" },
	[ASK_CLOCK] = { take_clock, "exchange time" },
	[ASK_NAMES] = { take_names, "symbol names" },
};

/* Says in ask->trouble what an answer that is no good was. */
static void
describe(struct ask *ask, const struct http_response *response, int code, const char *msg)
{
	const char *what = kinds[ask->kind].what;
	if (response->outcome != HTTP_ANSWERED)
		text_format(ask->trouble, sizeof ask->trouble, "no %s: %.110s", what, response->message);
	else if (code != 0)
		text_format(ask->trouble, sizeof ask->trouble, "no %s: HTTP %d, %d %.90s", what,
		            response->status, code, msg);
	else
		text_format(ask->trouble, sizeof ask->trouble, "no %s: HTTP %d", what, response->status);
}

void
binance_on_response(void *context, const struct http_response *response)
{
	struct ask *ask = context;
	struct binance *self = ask->self;
	int64_t now_us = response->received_mono_us;
	int code = 0;
	char msg[96] = "";
	struct error err = { 0 };
	ask->id = 0;
	if (response->outcome == HTTP_ANSWERED)
		binance_pace_heard(&self->pace, response->status, response->used_weight_1m,
		                   response->retry_after_s, now_us);
	http_allowance_hold(self->config.allowance, self->pace.hold_until_us, self->pace.is_banned ? 418 : 429);
	http_allowance_weight(self->config.allowance, response->used_weight_1m, now_us);
	bool is_answered = response->outcome == HTTP_ANSWERED && response->status < 500;
	/* The book decides; the rest can say that the exchange is there, not that it isn't. */
	if (is_answered || ask->kind == ASK_BOOK || self->symbols.count == 0)
		self->is_reachable = is_answered;

	if (response->outcome == HTTP_ANSWERED && response->status == 200) {
		ask->trouble[0] = '\0';
		if (kinds[ask->kind].take(self, response, &err) == STATUS_OK) {
			ask->failures = 0;
			return;
		}
		self->is_reachable = self->is_reachable && ask->kind != ASK_BOOK;
		text_format(ask->trouble, sizeof ask->trouble, "no %s: %.110s", kinds[ask->kind].what,
		            err.message);
		binance_ask_failed(ask, now_us);
		return;
	}
	bool is_refusal = response->outcome == HTTP_ANSWERED && response->status == 400 &&
	                  codec_refusal(response->body, response->body_len, &code, msg, sizeof msg);
	if (is_refusal && (code == -1121 || code == -1100) && ask->kind != ASK_CLOCK &&
	    ask->kind != ASK_NAMES) {
		ask->failures = 0;
		ask->trouble[0] = '\0';
		take_unknown(self, ask, now_us);
		return;
	}
	describe(ask, response, code, msg);
	binance_ask_failed(ask, now_us);
}
