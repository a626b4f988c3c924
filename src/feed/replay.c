/* The replay of a tape.  See replay.h for what it promises.
 *
 * Rows become points: a quote row is one, a candle four.  Points wait in a heap, ordered by time and
 * then by the order they came in; a row is read only when its time is before every point that waits,
 * so the heap stays as small as the number of symbols.
 *
 *     SEEKING (rows before from_ms, played in silence) -> PLAYING -> ended, or ended by a bad row */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "feed/replay.h"
#include "feed/replay_points.h"
#include "feed/replay_source.h"
#include "feed/replay_symbols.h"
#include "feed/tape.h"

enum {
	LOOK_ROWS = 2000,             /* rows that are checked at open */
	POINTS_PER_DISPATCH = 2000,
	MOMENT_MAX = 20000,           /* points of one moment at max, before others get a turn */
	HISTORY_CHUNK = 500,
	HISTORY_MAX = 32,
	DEFAULT_SPACING_MS = 60 * 1000,
	STANDING_MS = 5000
};

struct history_request { char symbol[SYMBOL_SIZE]; int64_t from_ms; };

struct replay {
	struct price_feed base;
	struct tape *tape;
	struct tape_row next;
	bool has_next;
	struct replay_symbols symbols;
	struct replay_defaults defaults;
	size_t watched;

	struct replay_points points;

	bool is_max;
	int64_t factor_e6;
	int64_t (*mono_us)(void *context);
	void *mono_context;
	bool is_started, is_seeking;
	int64_t start_ms, start_mono_us;
	int64_t now_ms;               /* never goes back */

	struct history_request history[HISTORY_MAX];
	size_t history_count;
	bool has_failed;
	struct error trouble;
	uint64_t quotes;
	char id[FEED_ID_SIZE], label[96];
};

/* ---- rows ---- */

static void
fail(struct replay *self)
{
	self->has_failed = true;
	self->has_next = false;
}

static void
push_point(struct replay *self, struct point point)
{
	if (replay_points_push(&self->points, point))
		return;
	error_set(&self->trouble, STATUS_NO_MEMORY, "no memory to play the tape");
	fail(self);
}

static int64_t
next_moment(const struct replay *self)
{
	int64_t moment = self->points.count > 0 ? self->points.all[0].time_ms : INT64_MAX;
	return self->has_next && self->next.time_ms < moment ? self->next.time_ms : moment;
}

static bool
is_ended(const struct replay *self)
{
	return next_moment(self) == INT64_MAX;
}

static void
push_candle(struct replay *self, size_t index, const struct tape_row *row)
{
	const struct replay_symbol *symbol = &self->symbols.all[index];
	int64_t length = symbol->spacing_ms > 0 ? symbol->spacing_ms : DEFAULT_SPACING_MS;
	bool is_up = decimal_cmp(row->close, row->open) >= 0;
	const struct decimal path[4] = { row->open, is_up ? row->low : row->high,
	                                 is_up ? row->high : row->low, row->close };
	replay_points_hurry(&self->points, index, row->time_ms);
	for (int i = 0; i < 4; i++) {
		struct point point = { .time_ms = row->time_ms + length * i / 4, .symbol = index,
		                       .until_ms = row->time_ms + length * (i + 1) / 4,
		                       .bid = path[i], .ask = path[i],
		                       .volume = i == 3 ? row->volume : DECIMAL_ZERO };
		if (decimal_add(path[i], symbol->rules.tick, &point.ask) != STATUS_OK)
			point.ask = point.bid;   /* 18 digits before the point: no market has that */
		push_point(self, point);
	}
}

static void
push_row(struct replay *self, const struct tape_row *row)
{
	struct replay_symbol *symbol = replay_symbols_need(&self->symbols, row->symbol);
	if (symbol == NULL) {
		error_set(&self->trouble, STATUS_INVALID, "too many symbols on one tape");
		fail(self);
		return;
	}
	if (!symbol->is_on_tape) {
		symbol->is_on_tape = true;
		replay_symbol_learn(symbol, row);
		replay_symbol_default_rules(symbol, &self->defaults);
		symbol->owes_rules = symbol->is_watched;
	}
	size_t index = (size_t)(symbol - self->symbols.all);
	if (tape_has_candles(self->tape))
		push_candle(self, index, row);
	else
		push_point(self, (struct point){ .time_ms = row->time_ms, .symbol = index,
		                                 .until_ms = row->time_ms, .bid = row->bid,
		                                 .ask = row->ask });
}

static void
read_next(struct replay *self)
{
	if (tape_next(self->tape, &self->next, &self->has_next, &self->trouble) != STATUS_OK)
		fail(self);
}

/* Read until no row is left that comes before the first point. */
static void
fill(struct replay *self)
{
	while (self->has_next &&
	       (self->points.count == 0 || self->next.time_ms < self->points.all[0].time_ms)) {
		struct tape_row row = self->next;
		self->has_next = false;
		read_next(self);
		push_row(self, &row);
	}
}

/* ---- the clock ---- */

static int64_t
clock_now(struct replay *self, int64_t mono_us)
{
	if (self->is_started && !self->is_seeking && !self->is_max) {
		i128 passed_ms = (i128)(mono_us - self->start_mono_us) * self->factor_e6 / 1000000000;
		int64_t now = passed_ms < INT64_MAX / 2 ? self->start_ms + (int64_t)passed_ms : INT64_MAX;
		/* What was not played has not happened: a busy desk slows the tape instead of seeing
		 * its prices grow old. */
		int64_t moment = next_moment(self);
		if (now > moment)
			now = moment;
		if (now > self->now_ms)
			self->now_ms = now;
	}
	return self->now_ms;
}

static int64_t
wall_ms(void *context)
{
	struct replay *self = context;
	return clock_now(self, self->mono_us(self->mono_context));
}

static int64_t
machine_mono_us(void *context)
{
	(void)context;
	return clock_mono_us();
}

/* ---- telling ---- */

static void
tell_quote(struct replay *self, const struct replay_symbol *symbol)
{
	struct quote quote = { .bid = symbol->bid, .ask = symbol->ask, .at_ms = symbol->price_ms,
	                       .asked_mono_ms = symbol->price_ms,
	                       .arrived_mono_us = self->mono_us(self->mono_context) };
	text_copy(quote.symbol, sizeof quote.symbol, symbol->name);
	self->quotes++;
	if (self->base.listener.on_quote != NULL)
		self->base.listener.on_quote(self->base.listener.self, &quote);
}

static void
tell_rules(struct replay *self, size_t index)
{
	struct symbol_rules rules = self->symbols.all[index].rules;
	rules.learnt_at_ms = self->now_ms;
	self->symbols.all[index].owes_rules = false;
	if (self->base.listener.on_rules != NULL)
		self->base.listener.on_rules(self->base.listener.self, &rules);
}

static void
tell_unknown(struct replay *self, size_t index)
{
	char name[SYMBOL_SIZE];
	text_copy(name, sizeof name, self->symbols.all[index].name);
	self->symbols.all[index].owes_unknown = false;
	if (self->base.listener.on_unknown_symbol != NULL)
		self->base.listener.on_unknown_symbol(self->base.listener.self, name);
}

/* The listener may watch and unwatch meanwhile, so the array is looked at anew each time. */
static void
tell_what_is_owed(struct replay *self)
{
	for (size_t i = 0; i < self->symbols.count; i++) {
		if (self->symbols.all[i].owes_unknown)
			tell_unknown(self, i);
		if (self->symbols.all[i].owes_rules)
			tell_rules(self, i);
		if (self->symbols.all[i].owes_quote && !self->is_seeking) {
			struct replay_symbol symbol = self->symbols.all[i];
			self->symbols.all[i].owes_quote = false;
			if (symbol.is_watched && symbol.has_price)
				tell_quote(self, &symbol);
		}
	}
}

static void
tell_history(struct replay *self)
{
	if (self->history_count == 0 || self->is_seeking)
		return;
	struct history_request *request = &self->history[0];
	const struct replay_symbol *symbol = replay_symbols_find(&self->symbols, request->symbol);
	struct error err = { 0 };
	const struct candle *candles = symbol ? symbol->candles : NULL;
	size_t first = 0, count = symbol ? symbol->candle_count : 0;
	if (symbol == NULL || !symbol->is_on_tape)
		error_field(&err, STATUS_NOT_FOUND, "symbol", "%s is not on the tape", request->symbol);
	while (first < count && candles[first].close_ms < request->from_ms)
		first++;
	count -= first;
	bool is_last = count <= HISTORY_CHUNK;
	if (!is_last)
		count = HISTORY_CHUNK;

	char name[SYMBOL_SIZE];
	text_copy(name, sizeof name, request->symbol);
	if (is_last) {
		self->history_count--;
		memmove(request, request + 1, self->history_count * sizeof *request);
	} else {
		request->from_ms = candles[first + count].open_ms;
	}
	if (self->base.listener.on_history != NULL)
		self->base.listener.on_history(self->base.listener.self, name,
		                               count > 0 ? candles + first : NULL, count, is_last,
		                               err.status == STATUS_OK ? NULL : &err);
}

/* ---- playing ---- */

static void
play_point(struct replay *self, bool silently)
{
	struct point point = replay_points_pop(&self->points);
	struct replay_symbol *symbol = &self->symbols.all[point.symbol];
	if (point.time_ms > self->now_ms && !silently)
		self->now_ms = point.time_ms;
	if (point.is_standing) {
		if (symbol->price_number != point.price_number)
			return;
		symbol->price_ms = point.time_ms;
	} else {
		int64_t candle_ms = symbol->spacing_ms > DEFAULT_SPACING_MS && tape_has_candles(self->tape)
		                  ? symbol->spacing_ms : DEFAULT_SPACING_MS;
		replay_symbol_price(symbol, point.time_ms, point.bid, point.ask, point.volume, candle_ms);
	}
	/* At max the clock stands at this very price until the next one, so a single symbol's price
	 * can't grow old. */
	if (point.time_ms + STANDING_MS < point.until_ms && (!self->is_max || self->watched > 1)) {
		point.time_ms += STANDING_MS;
		point.is_standing = true;
		point.price_number = symbol->price_number;
		push_point(self, point);
	}
	symbol = &self->symbols.all[point.symbol];
	if (symbol->is_watched && !silently) {
		struct replay_symbol told = *symbol;
		if (told.owes_rules)
			tell_rules(self, point.symbol);
		self->symbols.all[point.symbol].owes_quote = false;
		tell_quote(self, &told);
	}
}

static void
seek(struct replay *self, int64_t now_mono_us)
{
	for (int i = 0; i < POINTS_PER_DISPATCH; i++) {
		fill(self);
		if (next_moment(self) >= self->start_ms) {
			self->is_seeking = false;
			self->start_mono_us = now_mono_us;
			return;
		}
		play_point(self, true);
	}
}

static void
play_one_moment(struct replay *self)
{
	fill(self);
	int64_t moment = next_moment(self);
	if (moment == INT64_MAX || self->watched == 0)
		return;
	for (int i = 0; i < MOMENT_MAX && next_moment(self) == moment; i++) {
		fill(self);
		if (self->points.count == 0)
			return;
		if (self->points.all[0].time_ms == moment)
			play_point(self, false);
		fill(self);
	}
}

static void
play_what_is_due(struct replay *self, int64_t now_mono_us)
{
	i128 passed_ms = (i128)(now_mono_us - self->start_mono_us) * self->factor_e6 / 1000000000;
	int64_t due_ms = passed_ms < INT64_MAX / 2 ? self->start_ms + (int64_t)passed_ms : INT64_MAX;
	for (int i = 0; i < POINTS_PER_DISPATCH; i++) {
		fill(self);
		if (is_ended(self) || next_moment(self) > due_ms || self->points.count == 0)
			return;
		play_point(self, false);
	}
}

static void
feed_dispatch(struct price_feed *feed, const struct wait *wait, int64_t now_mono_us)
{
	struct replay *self = (struct replay *)feed;
	(void)wait;
	if (!self->is_started) {
		self->is_started = true;
		self->start_mono_us = now_mono_us;
	}
	if (self->is_seeking)
		seek(self, now_mono_us);
	tell_what_is_owed(self);
	tell_history(self);
	if (self->is_seeking || is_ended(self))
		return;
	if (self->is_max)
		play_one_moment(self);
	else
		play_what_is_due(self, now_mono_us);
}

static bool
has_something_to_tell(const struct replay *self)
{
	bool owes = self->history_count > 0;
	for (size_t i = 0; !owes && i < self->symbols.count; i++) {
		const struct replay_symbol *symbol = &self->symbols.all[i];
		owes = symbol->owes_rules || symbol->owes_quote || symbol->owes_unknown;
	}
	return owes;
}

static void
feed_prepare(struct price_feed *feed, struct wait *wait, int64_t now_mono_us)
{
	struct replay *self = (struct replay *)feed;
	int64_t moment = next_moment(self);
	if (!self->is_started || self->is_seeking || has_something_to_tell(self)) {
		wait_until(wait, now_mono_us);
	} else if (moment != INT64_MAX && self->is_max) {
		if (self->watched > 0)
			wait_until(wait, now_mono_us);
	} else if (moment != INT64_MAX) {
		i128 after_us = ((i128)(moment - self->start_ms) * 1000000000 + self->factor_e6 - 1) /
		                self->factor_e6;
		if (after_us < INT64_MAX / 2)
			wait_until(wait, self->start_mono_us + (int64_t)after_us);
	}
}

/* ---- the rest of the port ---- */

static enum status
feed_watch(struct price_feed *feed, const char *name, struct error *err)
{
	struct replay *self = (struct replay *)feed;
	struct replay_symbol *symbol = replay_symbols_need(&self->symbols, name);
	if (symbol == NULL)
		return error_field(err, STATUS_RANGE, "symbol", "too many symbols are watched");
	if (!symbol->is_watched)
		self->watched++;
	symbol->is_watched = true;
	symbol->owes_rules = symbol->owes_quote = symbol->is_on_tape;
	symbol->owes_unknown = !symbol->is_on_tape;
	return STATUS_OK;
}

static void
feed_unwatch(struct price_feed *feed, const char *name)
{
	struct replay *self = (struct replay *)feed;
	struct replay_symbol *symbol = replay_symbols_find(&self->symbols, name);
	if (symbol == NULL || !symbol->is_watched)
		return;
	symbol->is_watched = symbol->owes_rules = symbol->owes_quote = symbol->owes_unknown = false;
	self->watched--;
}

static enum status
feed_history(struct price_feed *feed, const char *symbol, int64_t from_ms, struct error *err)
{
	struct replay *self = (struct replay *)feed;
	if (self->history_count == HISTORY_MAX)
		return error_set(err, STATUS_BUSY, "%d histories are being read", (int)HISTORY_MAX);
	struct history_request *request = &self->history[self->history_count++];
	request->from_ms = from_ms;
	text_copy(request->symbol, sizeof request->symbol, symbol);
	return STATUS_OK;
}

static size_t
feed_complete(struct price_feed *feed, const char *prefix, char (*ret_names)[SYMBOL_SIZE],
              size_t max)
{
	const struct replay *self = (const struct replay *)feed;
	char wanted[SYMBOL_SIZE];
	size_t count = 0;
	if (!text_copy(wanted, sizeof wanted, prefix))
		return 0;
	text_upper(wanted);
	for (size_t i = 0; i < self->symbols.count && count < max; i++)
		if (self->symbols.all[i].is_on_tape && text_has_prefix(self->symbols.all[i].name, wanted))
			text_copy(ret_names[count++], SYMBOL_SIZE, self->symbols.all[i].name);
	return count;
}

static void
feed_status(struct price_feed *feed, struct feed_status *ret)
{
	const struct replay *self = (const struct replay *)feed;
	*ret = (struct feed_status){
		.is_replay = true,
		.is_synthetic = text_has_prefix(tape_label(self->tape), "synthetic"),
		.is_ended = is_ended(self),
		.is_reachable = !self->has_failed,
		.quotes = self->quotes,
	};
	text_copy(ret->id, sizeof ret->id, self->id);
	text_copy(ret->label, sizeof ret->label, self->label);
	if (self->has_failed)
		text_copy(ret->trouble, sizeof ret->trouble, self->trouble.message);
}

static void
feed_close(struct price_feed *feed)
{
	struct replay *self = (struct replay *)feed;
	if (self == NULL)
		return;
	tape_close(self->tape);
	replay_symbols_done(&self->symbols);
	replay_points_done(&self->points);
	free(self);
}

static const struct price_feed_ops replay_ops = {
	feed_watch, feed_unwatch, feed_history, feed_complete, feed_status,
	feed_prepare, feed_dispatch, feed_close,
};

/* ---- opening ---- */

static enum status
look_through(struct replay *self, struct error *err)
{
	struct tape_row row;
	bool has_row = true;
	for (int i = 0; i < LOOK_ROWS; i++) {
		enum status status = tape_next(self->tape, &row, &has_row, err);
		if (status != STATUS_OK)
			return status;
		if (!has_row)
			break;
		struct replay_symbol *symbol = replay_symbols_need(&self->symbols, row.symbol);
		if (symbol == NULL)
			return error_set(err, STATUS_INVALID, "too many symbols on one tape");
		symbol->is_on_tape = true;
		replay_symbol_learn(symbol, &row);
	}
	if (self->symbols.count == 0)
		return error_set(err, STATUS_INVALID, "the tape has no row of prices");
	enum status status = tape_rewind(self->tape, err);
	if (status == STATUS_OK)
		status = tape_next(self->tape, &self->next, &self->has_next, err);
	return status;
}

enum status
replay_open(const struct replay_config *config, struct price_feed **ret_feed, struct error *err)
{
	const char *speed = config->speed ? config->speed : "1";
	struct replay *self = calloc(1, sizeof *self);
	if (self == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for a tape");
	self->base.ops = &replay_ops;
	self->base.clock = (struct desk_clock){ wall_ms, wall_ms, self };
	self->mono_us = config->mono_us ? config->mono_us : machine_mono_us;
	self->mono_context = config->mono_context;
	self->defaults = (struct replay_defaults){ config->tick, config->lot_step,
	                                           config->min_notional };
	enum status status = STATUS_OK;
	if (!replay_read_speed(speed, &self->is_max, &self->factor_e6)) {
		status = error_field(err, STATUS_USAGE, "feed", "'%.30s' is no speed of a tape", speed);
		error_hint(err, "a factor such as 1, 10 or 0.5, or max");
	}
	if (status == STATUS_OK)
		status = tape_open(config->path, &self->tape, err);
	if (status == STATUS_OK)
		status = look_through(self, err);
	if (status == STATUS_OK)
		status = replay_symbols_rules(&self->symbols, config->path, &self->defaults, err);
	if (status != STATUS_OK) {
		feed_close(&self->base);
		return status;
	}
	self->is_seeking = config->from_ms > self->next.time_ms;
	self->start_ms = self->is_seeking ? config->from_ms : self->next.time_ms;
	self->now_ms = self->start_ms;
	replay_make_id(config->path, self->id);
	const char *name = strrchr(config->path, '/');
	bool is_synthetic = text_has_prefix(tape_label(self->tape), "synthetic");
	text_format(self->label, sizeof self->label, "tape %.60s%s %s%.10s", name ? name + 1 : config->path,
	            is_synthetic ? " (synthetic)" : "", self->is_max ? "" : "x", speed);
	text_make_harmless(self->label);
	*ret_feed = &self->base;
	return STATUS_OK;
}
