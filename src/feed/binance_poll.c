/* The Binance poller.  See binance_poll.h.
 *
 * There are six kinds of request, each with its own pace and at most one of each under way:
 *
 *     BOOK     bid and ask of all watched symbols, every interval       weight 4
 *     RULES    exchangeInfo of one symbol at its first watch, then now and then       20
 *     HISTORY  klines, a page at a time, while histories are wanted      2
 *     TICKER   last price, change and trade id                           2 for 20 symbols
 *     CLOCK    the exchange's time                                       1
 *     NAMES    ticker/price of everything, when a name is to be completed             4
 *
 * A kind is due at due_us; INT64_MAX: not at all.  Nothing is asked while Retry-After runs, and only
 * the book while the weight is nearly used up.  A failure pauses its own kind, doubling.
 *
 * Only a good row becomes a quote: its time is when the request was handed to the connection.  What
 * is missing, crossed or unreadable becomes nothing, so its price grows old and is seen to. */
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "feed/binance_state.h"

enum { BOOK_MAX = 1 << 18, LIST_MAX = 4 << 20, ANSWER_MAX = 1 << 20, TICKER_SYMBOLS = 20 };
#define NAMES_AGAIN_US (INT64_C(6) * 3600 * 1000000)

static int64_t
machine_wall(void *context)
{
	(void)context;
	return clock_wall_ms();
}

static int64_t
machine_mono(void *context)
{
	(void)context;
	return clock_mono_ms();
}

/* Append path and query of what this kind wants now; false if it wants nothing. */
static bool
compose(struct binance *self, enum ask_kind kind, int64_t now_us, struct text *url)
{
	size_t asked = 0;
	switch (kind) {
	case ASK_BOOK:
		text_append(url, "/api/v3/ticker/bookTicker?symbols=");
		return binance_symbols_next(&self->symbols, now_us, url) > 0;
	case ASK_RULES:
		for (size_t i = 0; i < self->symbols.count; i++) {
			const struct binance_symbol *symbol = &self->symbols.all[i];
			if (symbol->is_unknown || symbol->rules_due_us > now_us)
				continue;
			text_copy(self->rules_of, sizeof self->rules_of, symbol->name);
			text_append(url, "/api/v3/exchangeInfo?symbols=%5B");
			binance_symbols_append(url, symbol->name, true);
			text_append(url, "%5D");
			return true;
		}
		return false;
	case ASK_HISTORY:
		if (self->history.count == 0)
			return false;
		text_append(url, "/api/v3/klines?");
		binance_history_query(&self->history, url);
		return true;
	case ASK_TICKER:
		text_append(url, "/api/v3/ticker/24hr?symbols=%5B");
		if (self->ticker_next >= self->symbols.count)
			self->ticker_next = 0;
		for (; self->ticker_next < self->symbols.count && asked < TICKER_SYMBOLS;
		     self->ticker_next++) {
			const struct binance_symbol *symbol = &self->symbols.all[self->ticker_next];
			if (symbol->is_unknown)
				continue;
			binance_symbols_append(url, symbol->name, asked == 0);
			asked++;
		}
		text_append(url, "%5D");
		return asked > 0;
	case ASK_CLOCK:
		text_append(url, "/api/v3/time");
		return true;
	default:
		text_append(url, "/api/v3/ticker/price");
		return true;
	}
}

/* When a kind wants nothing, it is looked at again then. */
static int64_t
rest_until(const struct binance *self, enum ask_kind kind, int64_t now_us)
{
	int64_t until_us = INT64_MAX;
	if (kind == ASK_BOOK && self->symbols.count > 0)
		return now_us + (int64_t)self->config.interval_ms * 1000;
	if (kind == ASK_TICKER && self->symbols.count > 0)
		return now_us + (int64_t)self->config.ticker_ms * 1000;
	for (size_t i = 0; kind == ASK_RULES && i < self->symbols.count; i++)
		if (self->symbols.all[i].rules_due_us < until_us)
			until_us = self->symbols.all[i].rules_due_us > now_us
			         ? self->symbols.all[i].rules_due_us : now_us + RULES_RETRY_US;
	return until_us;
}

static void
start(struct binance *self, enum ask_kind kind, int64_t now_us)
{
	struct ask *ask = &self->asks[kind];
	struct text url = { 0 };
	struct error err = { 0 };
	const struct http_limits limits = {
		.connect_ms = self->config.connect_ms,
		.total_ms = kind == ASK_BOOK ? self->config.total_ms : self->config.slow_total_ms,
		.max_bytes = kind == ASK_BOOK ? BOOK_MAX : kind == ASK_NAMES ? LIST_MAX : ANSWER_MAX,
	};
	text_append(&url, self->url);
	if (!compose(self, kind, now_us, &url)) {
		ask->due_us = rest_until(self, kind, now_us);
	} else if (url.failed || http_get(self->http, url.data, NULL, &limits, binance_on_response, ask,
	                                  &ask->id, &err) != STATUS_OK) {
		text_format(ask->trouble, sizeof ask->trouble, "%.150s",
		            url.failed ? "no memory to ask the exchange" : err.message);
		self->is_reachable = false;
		ask->id = 0;
		binance_ask_failed(ask, now_us);
	} else if (kind == ASK_BOOK) {
		self->book_sent_us = now_us;
	}
	text_done(&url);
}

/* What others who ask from this address were told. */
static void
share_allowance(struct binance *self)
{
	const struct http_allowance *allowance = self->config.allowance;
	if (allowance == NULL)
		return;
	if (allowance->hold_until_us > self->pace.hold_until_us) {
		self->pace.hold_until_us = allowance->hold_until_us;
		self->pace.is_banned = allowance->hold_status == 418;
	}
	if (allowance->weight_us != 0)
		self->pace.weight_used = allowance->weight_used;
}

static int64_t
due_at(const struct binance *self, enum ask_kind kind)
{
	const struct ask *ask = &self->asks[kind];
	if (ask->id != 0 || ask->due_us == INT64_MAX)
		return INT64_MAX;
	int64_t due_us = ask->due_us;
	/* The weight is counted per minute, so it is looked at again after the next book. */
	if (kind != ASK_BOOK && !binance_pace_has_room(&self->pace)) {
		int64_t book_us = self->asks[ASK_BOOK].due_us;
		if (book_us == INT64_MAX)
			book_us = due_us;
		due_us = due_us > book_us + 5000000 ? due_us : book_us + 5000000;
	}
	return due_us > self->pace.hold_until_us ? due_us : self->pace.hold_until_us;
}

static void
feed_prepare(struct price_feed *feed, struct wait *wait, int64_t now_mono_us)
{
	struct binance *self = (struct binance *)feed;
	share_allowance(self);
	http_prepare(self->http, wait, now_mono_us);
	for (enum ask_kind kind = 0; kind < ASK_COUNT; kind++)
		if (due_at(self, kind) != INT64_MAX)
			wait_until(wait, due_at(self, kind));
}

static void
feed_dispatch(struct price_feed *feed, const struct wait *wait, int64_t now_mono_us)
{
	struct binance *self = (struct binance *)feed;
	http_dispatch(self->http, wait, now_mono_us);
	share_allowance(self);
	for (enum ask_kind kind = 0; kind < ASK_COUNT; kind++)
		if (due_at(self, kind) <= now_mono_us)
			start(self, kind, now_mono_us);
}

/* ---- the rest of the port ---- */

/* Now, unless a failure asked for a pause that still runs. */
static void
ask_soon(struct ask *ask)
{
	if (ask->failures == 0 || ask->due_us == INT64_MAX)
		ask->due_us = 0;
}

static enum status
feed_watch(struct price_feed *feed, const char *name, struct error *err)
{
	struct binance *self = (struct binance *)feed;
	struct binance_symbol *symbol = binance_symbols_add(&self->symbols, name);
	if (symbol == NULL)
		return error_field(err, STATUS_RANGE, "symbol", "too many symbols are watched");
	symbol->rules_due_us = 0;
	self->asks[ASK_RULES].due_us = 0;
	ask_soon(&self->asks[ASK_BOOK]);
	return STATUS_OK;
}

static void
feed_unwatch(struct price_feed *feed, const char *name)
{
	struct binance *self = (struct binance *)feed;
	binance_symbols_remove(&self->symbols, name);
	if (self->symbols.count > 0)
		return;
	for (enum ask_kind kind = 0; kind < ASK_COUNT; kind++)
		if (kind != ASK_HISTORY && kind != ASK_NAMES)
			self->asks[kind].due_us = INT64_MAX;
}

static enum status
feed_history(struct price_feed *feed, const char *symbol, int64_t from_ms, struct error *err)
{
	struct binance *self = (struct binance *)feed;
	int64_t now_ms = clock_wall_ms() + (self->has_offset ? self->offset_ms : 0);
	enum status status = binance_history_add(&self->history, symbol, from_ms, now_ms, err);
	if (status == STATUS_OK)
		ask_soon(&self->asks[ASK_HISTORY]);
	return status;
}

static size_t
feed_complete(struct price_feed *feed, const char *prefix, char (*ret_names)[SYMBOL_SIZE],
              size_t max)
{
	struct binance *self = (struct binance *)feed;
	struct ask *ask = &self->asks[ASK_NAMES];
	char wanted[SYMBOL_SIZE];
	size_t low = 0, high = self->name_count, count = 0;
	bool is_old = self->names_at_us == 0 || clock_mono_us() - self->names_at_us > NAMES_AGAIN_US;
	if (is_old && ask->id == 0 && ask->due_us == INT64_MAX)
		ask->due_us = 0;
	if (!text_copy(wanted, sizeof wanted, prefix))
		return 0;
	text_upper(wanted);
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(self->names[middle], wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < self->name_count && count < max && text_has_prefix(self->names[low], wanted); low++)
		text_copy(ret_names[count++], SYMBOL_SIZE, self->names[low]);
	return count;
}

static void
feed_status(struct price_feed *feed, struct feed_status *ret)
{
	const struct binance *self = (const struct binance *)feed;
	const char *host = strstr(self->url, "://") + 3;
	bool is_binance = strcmp(self->url, "https://api.binance.com") == 0;
	int64_t now_us = clock_mono_us();
	*ret = (struct feed_status){
		.is_reachable = self->is_reachable,
		.round_trip_us = self->round_trip_us,
		.weight_used = self->pace.weight_used,
		.weight_limit = self->pace.weight_limit,
		.has_clock_offset = self->has_offset,
		.clock_offset_ms = self->offset_ms,
		.quotes = self->quotes,
	};
	text_format(ret->id, sizeof ret->id, "binance:%s", self->url);
	text_format(ret->label, sizeof ret->label, is_binance ? "Binance Spot" : "Binance API at %.60s",
	            host);
	const char *trouble = self->asks[ASK_BOOK].trouble;
	if (trouble[0] == '\0')
		trouble = self->missing;
	for (enum ask_kind kind = ASK_RULES; trouble[0] == '\0' && kind < ASK_COUNT; kind++)
		trouble = self->asks[kind].trouble;
	if (self->pace.hold_until_us > now_us) {
		ret->next_try_mono_us = self->pace.hold_until_us;
		text_format(ret->trouble, sizeof ret->trouble, "%s: asks nothing for %lld s",
		            self->pace.is_banned ? "banned by the exchange" : "asked to slow down",
		            (long long)(self->pace.hold_until_us - now_us + 999999) / 1000000);
	} else if (trouble[0] == '\0' && self->frozen[0] != '\0') {
		text_format(ret->trouble, sizeof ret->trouble,
		            "%s: the book stands still while trades go on", self->frozen);
	} else {
		text_copy(ret->trouble, sizeof ret->trouble, trouble);
		if (self->asks[ASK_BOOK].failures > 0 && self->asks[ASK_BOOK].due_us > now_us)
			ret->next_try_mono_us = self->asks[ASK_BOOK].due_us;
	}
	text_make_harmless(ret->trouble);
}

static void
feed_close(struct price_feed *feed)
{
	struct binance *self = (struct binance *)feed;
	if (self == NULL)
		return;
	http_free(self->http);
	binance_symbols_done(&self->symbols);
	free(self->names);
	free(self);
}

static const struct price_feed_ops binance_ops = {
	feed_watch, feed_unwatch, feed_history, feed_complete, feed_status,
	feed_prepare, feed_dispatch, feed_close,
};

static int
either(int given, int otherwise)
{
	return given > 0 ? given : otherwise;
}

enum status
binance_poll_open(const struct binance_poll_config *config, struct price_feed **ret_feed,
                  struct error *err)
{
	enum status status = http_check_url(config->url, err);
	if (status != STATUS_OK)
		return status;
	if (strlen(config->url) >= sizeof ((struct binance *)NULL)->url)
		return error_field(err, STATUS_CONFIG, "url", "the exchange's address is too long");
	struct binance *self = calloc(1, sizeof *self);
	struct http_config http_config = { .ca_file = config->ca_file,
	                                   .user_agent = config->user_agent };
	struct http *http = http_new(&http_config);
	if (self == NULL || http == NULL) {
		free(self);
		http_free(http);
		return error_set(err, STATUS_NO_MEMORY, "no memory for prices");
	}
	self->base.ops = &binance_ops;
	self->base.clock = (struct desk_clock){ machine_wall, machine_mono, self };
	self->http = http;
	self->config = *config;
	self->config.url = self->config.ca_file = self->config.user_agent = NULL;   /* not ours */
	self->config.interval_ms = either(config->interval_ms, 1000);
	self->config.ticker_ms = either(config->ticker_ms, 10000);
	self->config.clock_ms = either(config->clock_ms, 300000);
	self->config.connect_ms = either(config->connect_ms, 3000);
	self->config.total_ms = either(config->total_ms, 4000);
	self->config.slow_total_ms = either(config->slow_total_ms, 10000);
	self->config.backoff_ms = either(config->backoff_ms, 500);
	self->config.recheck_ms = either(config->recheck_ms, 60000);
	text_copy(self->url, sizeof self->url, config->url);
	for (size_t len = strlen(self->url); len > 0 && self->url[len - 1] == '/'; len--)
		self->url[len - 1] = '\0';
	binance_symbols_init(&self->symbols);
	for (enum ask_kind kind = 0; kind < ASK_COUNT; kind++)
		self->asks[kind] = (struct ask){ .self = self, .kind = kind, .due_us = INT64_MAX };
	*ret_feed = &self->base;
	return STATUS_OK;
}
