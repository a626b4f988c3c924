/* One queue for what is still to come, in the order in which it was caused. */
#include "tests/fakes/fake_feed.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { SYMBOLS = 32, CANDLES = 512, NAMES = 64, CANDLES_PER_CALL = 4 };

enum event_kind { COMES_QUOTE, COMES_TICKER, COMES_RULES, COMES_UNKNOWN, COMES_HISTORY };
struct coming {
	struct coming *next;
	enum event_kind kind;
	char symbol[SYMBOL_SIZE];
	struct quote quote;
	struct decimal last, change_percent;
	int64_t from_ms;
};
struct listed {
	char symbol[SYMBOL_SIZE];
	int watches, histories;
	bool has_rules, is_unknown, is_silent;
	struct symbol_rules rules;
	struct candle candles[CANDLES];
	size_t candle_count;
};
struct fake {
	struct price_feed base;
	int64_t wall_ms, mono_ms;
	struct listed *symbols[SYMBOLS];
	size_t symbol_count;
	struct coming *coming;
	struct feed_status status;
	char trouble[128];
	bool is_history_held;
	char names[NAMES][SYMBOL_SIZE];
	size_t name_count;
};

static struct fake *
self_of(struct price_feed *feed)
{
	return (struct fake *)feed;
}

static struct listed *
find(const struct fake *fake, const char *symbol)
{
	for (size_t i = 0; i < fake->symbol_count; i++)
		if (strcmp(fake->symbols[i]->symbol, symbol) == 0)
			return fake->symbols[i];
	return NULL;
}

static struct listed *
get(struct fake *fake, const char *symbol)
{
	struct listed *listed = find(fake, symbol);
	if (listed != NULL)
		return listed;
	assert(fake->symbol_count < SYMBOLS);
	listed = calloc(1, sizeof *listed);
	assert(listed != NULL);
	text_copy(listed->symbol, sizeof listed->symbol, symbol);
	fake->symbols[fake->symbol_count++] = listed;
	return listed;
}

static struct decimal
number(const char *text)
{
	struct decimal d = DECIMAL_ZERO;
	enum status status = decimal_parse(text, &d);
	assert(status == STATUS_OK);
	(void)status;
	return d;
}

static struct coming *
add(struct fake *fake, enum event_kind kind, const char *symbol)
{
	struct coming *made = calloc(1, sizeof *made), **end = &fake->coming;
	assert(made != NULL);
	made->kind = kind;
	text_copy(made->symbol, sizeof made->symbol, symbol);
	while (*end != NULL)
		end = &(*end)->next;
	*end = made;
	return made;
}

/* ---- the port ---- */

static void
add_rules(struct fake *fake, struct listed *listed)
{
	if (listed->is_unknown)
		add(fake, COMES_UNKNOWN, listed->symbol);
	else if (!listed->is_silent)
		add(fake, COMES_RULES, listed->symbol);
}

static enum status
watch(struct price_feed *feed, const char *symbol, struct error *err)
{
	struct listed *listed = get(self_of(feed), symbol);
	(void)err;
	if (listed->watches++ == 0)
		add_rules(self_of(feed), listed);
	return STATUS_OK;
}

static void
unwatch(struct price_feed *feed, const char *symbol)
{
	struct listed *listed = get(self_of(feed), symbol);
	if (listed->watches > 0)
		listed->watches--;
}

static enum status
history(struct price_feed *feed, const char *symbol, int64_t from_ms, struct error *err)
{
	(void)err;
	get(self_of(feed), symbol)->histories++;
	add(self_of(feed), COMES_HISTORY, symbol)->from_ms = from_ms;
	return STATUS_OK;
}

static size_t
complete(struct price_feed *feed, const char *prefix, char (*ret_names)[SYMBOL_SIZE], size_t max)
{
	const struct fake *fake = self_of(feed);
	size_t found = 0;
	for (size_t i = 0; i < fake->name_count && found < max; i++)
		if (text_has_prefix(fake->names[i], prefix))
			text_copy(ret_names[found++], SYMBOL_SIZE, fake->names[i]);
	return found;
}

static void
get_status(struct price_feed *feed, struct feed_status *ret)
{
	*ret = self_of(feed)->status;
}

static void
tell_history(struct fake *fake, const struct coming *coming)
{
	const struct feed_listener *listener = &fake->base.listener;
	const struct listed *listed = get(fake, coming->symbol);
	struct error err = { 0 };
	size_t from = 0;

	if (listener->on_history == NULL)
		return;
	if (fake->trouble[0] != '\0') {
		error_set(&err, STATUS_UNAVAILABLE, "%s", fake->trouble);
		listener->on_history(listener->self, coming->symbol, NULL, 0, true, &err);
		return;
	}
	while (from < listed->candle_count && listed->candles[from].close_ms < coming->from_ms)
		from++;
	do {
		size_t count = listed->candle_count - from;
		if (count > CANDLES_PER_CALL)
			count = CANDLES_PER_CALL;
		bool is_last = from + count == listed->candle_count;
		listener->on_history(listener->self, coming->symbol, listed->candles + from, count, is_last,
		                     NULL);
		from += count;
	} while (from < listed->candle_count);
}

static void
tell(struct fake *fake, const struct coming *coming)
{
	const struct feed_listener *listener = &fake->base.listener;
	struct listed *listed = get(fake, coming->symbol);

	switch (coming->kind) {
	case COMES_QUOTE:
		if (listed->watches > 0 && listener->on_quote != NULL) {
			fake->status.quotes++;
			listener->on_quote(listener->self, &coming->quote);
		}
		return;
	case COMES_TICKER:
		if (listed->watches > 0 && listener->on_ticker != NULL)
			listener->on_ticker(listener->self, coming->symbol, coming->last,
			                    coming->change_percent);
		return;
	case COMES_RULES:
		if (!listed->has_rules)
			symbol_rules_default(&listed->rules, coming->symbol, number("0.01"));
		listed->has_rules = true;
		listed->rules.learnt_at_ms = fake->wall_ms;
		if (listener->on_rules != NULL)
			listener->on_rules(listener->self, &listed->rules);
		return;
	case COMES_UNKNOWN:
		if (listener->on_unknown_symbol != NULL)
			listener->on_unknown_symbol(listener->self, coming->symbol);
		return;
	case COMES_HISTORY:
		tell_history(fake, coming);
		return;
	}
}

static void
prepare(struct price_feed *feed, struct wait *wait, int64_t now_mono_us)
{
	const struct fake *fake = self_of(feed);
	for (const struct coming *each = fake->coming; each != NULL; each = each->next)
		if (each->kind != COMES_HISTORY || !fake->is_history_held)
			wait_until(wait, now_mono_us);
}

static void
dispatch(struct price_feed *feed, const struct wait *wait, int64_t now_mono_us)
{
	struct fake *fake = self_of(feed);
	struct coming *now = fake->coming;
	(void)wait;
	(void)now_mono_us;

	/* What the listener causes comes at the next dispatch. */
	fake->coming = NULL;
	while (now != NULL) {
		struct coming *each = now;
		now = each->next;
		if (each->kind == COMES_HISTORY && fake->is_history_held)
			add(fake, COMES_HISTORY, each->symbol)->from_ms = each->from_ms;
		else
			tell(fake, each);
		free(each);
	}
}

static void
close_feed(struct price_feed *feed)
{
	struct fake *fake = self_of(feed);
	if (fake == NULL)
		return;
	while (fake->coming != NULL) {
		struct coming *next = fake->coming->next;
		free(fake->coming);
		fake->coming = next;
	}
	for (size_t i = 0; i < fake->symbol_count; i++)
		free(fake->symbols[i]);
	free(fake);
}

static const struct price_feed_ops fake_ops = {
	.watch = watch, .unwatch = unwatch, .history = history, .complete = complete,
	.status = get_status, .prepare = prepare, .dispatch = dispatch, .close = close_feed,
};

static int64_t
wall_ms(void *self)
{
	return ((const struct fake *)self)->wall_ms;
}

static int64_t
mono_ms(void *self)
{
	return ((const struct fake *)self)->mono_ms;
}

struct price_feed *
fake_feed_open(int64_t start_wall_ms)
{
	struct fake *fake = calloc(1, sizeof *fake);
	assert(fake != NULL);
	fake->base.ops = &fake_ops;
	fake->base.clock = (struct desk_clock){ .wall_ms = wall_ms, .mono_ms = mono_ms, .self = fake };
	fake->wall_ms = start_wall_ms;
	fake->mono_ms = 1000000;
	fake->status.is_reachable = true;
	text_copy(fake->status.id, sizeof fake->status.id, "fake:feed");
	text_copy(fake->status.label, sizeof fake->status.label, "a fake feed");
	return &fake->base;
}

/* ---- the test's hand ---- */

void
fake_feed_advance_ms(struct price_feed *feed, int64_t ms)
{
	assert(ms >= 0);
	self_of(feed)->wall_ms += ms;
	self_of(feed)->mono_ms += ms;
}

void
fake_feed_jump_wall_ms(struct price_feed *feed, int64_t ms)
{
	self_of(feed)->wall_ms += ms;
}

void
fake_feed_quote(struct price_feed *feed, const char *symbol, const char *bid, const char *ask)
{
	struct fake *fake = self_of(feed);
	struct quote *quote = &add(fake, COMES_QUOTE, symbol)->quote;
	text_copy(quote->symbol, sizeof quote->symbol, symbol);
	quote->bid = number(bid);
	quote->ask = number(ask);
	quote->asked_mono_ms = fake->mono_ms;
	quote->at_ms = fake->wall_ms;
	quote->arrived_mono_us = fake->mono_ms * 1000;
}

void
fake_feed_ticker(struct price_feed *feed, const char *symbol, const char *last, const char *change_percent)
{
	struct coming *coming = add(self_of(feed), COMES_TICKER, symbol);
	coming->last = number(last);
	coming->change_percent = number(change_percent);
}

void
fake_feed_rules(struct price_feed *feed, const struct symbol_rules *rules)
{
	struct listed *listed = get(self_of(feed), rules->symbol);
	listed->rules = *rules;
	listed->has_rules = true;
	listed->is_silent = listed->is_unknown = false;
	if (listed->watches > 0)
		add_rules(self_of(feed), listed);
}

void
fake_feed_unknown(struct price_feed *feed, const char *symbol)
{
	get(self_of(feed), symbol)->is_unknown = true;
}

void
fake_feed_without_rules(struct price_feed *feed, const char *symbol)
{
	get(self_of(feed), symbol)->is_silent = true;
}

void
fake_feed_candle(struct price_feed *feed, const char *symbol, int64_t open_ms, const char *open,
                 const char *high, const char *low, const char *close)
{
	struct listed *listed = get(self_of(feed), symbol);
	assert(listed->candle_count < CANDLES);
	listed->candles[listed->candle_count++] = (struct candle){
		.open_ms = open_ms, .close_ms = open_ms + 59999, .open = number(open),
		.high = number(high), .low = number(low), .close = number(close),
	};
}

void
fake_feed_fail_history(struct price_feed *feed, const char *why)
{
	text_copy(self_of(feed)->trouble, sizeof self_of(feed)->trouble, why);
}

void
fake_feed_hold_history(struct price_feed *feed, bool is_held)
{
	self_of(feed)->is_history_held = is_held;
}

void
fake_feed_set_status(struct price_feed *feed, const struct feed_status *status)
{
	self_of(feed)->status = *status;
}

void
fake_feed_name(struct price_feed *feed, const char *symbol)
{
	struct fake *fake = self_of(feed);
	assert(fake->name_count < NAMES);
	text_copy(fake->names[fake->name_count++], SYMBOL_SIZE, symbol);
}

int
fake_feed_watches(const struct price_feed *feed, const char *symbol)
{
	const struct listed *listed = find((const struct fake *)feed, symbol);
	return listed != NULL ? listed->watches : 0;
}

int
fake_feed_histories(const struct price_feed *feed, const char *symbol)
{
	const struct listed *listed = find((const struct fake *)feed, symbol);
	return listed != NULL ? listed->histories : 0;
}
