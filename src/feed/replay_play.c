/* Playing a tape.  Rows become points: a quote row is one, a candle four.  Points wait in a heap,
 * ordered by time and then by the order they came in; a row is read only when its time is before
 * every point that waits, so the heap stays as small as the number of symbols. */
#include <string.h>
#include "base/text.h"
#include "feed/replay_state.h"

enum {
	POINTS_PER_DISPATCH = 2000,
	MOMENT_MAX = 20000,           /* points of one moment at max, before others get a turn */
	HISTORY_CHUNK = 500,
	DEFAULT_SPACING_MS = 60 * 1000,
	STANDING_MS = 5000
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

int64_t
replay_next_moment(const struct replay *self)
{
	int64_t moment = self->points.count > 0 ? self->points.all[0].time_ms : INT64_MAX;
	return self->has_next && self->next.time_ms < moment ? self->next.time_ms : moment;
}

bool
replay_is_ended(const struct replay *self)
{
	return replay_next_moment(self) == INT64_MAX;
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

int64_t
replay_clock(struct replay *self, int64_t mono_us)
{
	if (self->is_started && !self->is_seeking && !self->is_max) {
		i128 passed_ms = (i128)(mono_us - self->start_mono_us) * self->factor_e6 / 1000000000;
		int64_t now = passed_ms < INT64_MAX / 2 ? self->start_ms + (int64_t)passed_ms : INT64_MAX;
		/* What was not played has not happened: a busy desk slows the tape instead of seeing
		 * its prices grow old. */
		int64_t moment = replay_next_moment(self);
		if (now > moment)
			now = moment;
		if (now > self->now_ms)
			self->now_ms = now;
	}
	return self->now_ms;
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
void
replay_tell_owed(struct replay *self)
{
	/* A tape that begins in its middle gives the prices of its first moment first: one from before it
	 * could fire a stop that was set at that very moment. */
	bool is_first_due = !self->has_played && replay_next_moment(self) <= self->start_ms;

	for (size_t i = 0; i < self->symbols.count; i++) {
		if (self->symbols.all[i].owes_unknown)
			tell_unknown(self, i);
		if (self->symbols.all[i].owes_rules)
			tell_rules(self, i);
		if (self->symbols.all[i].owes_quote && !self->is_seeking && !is_first_due) {
			struct replay_symbol symbol = self->symbols.all[i];
			self->symbols.all[i].owes_quote = false;
			if (symbol.is_watched && symbol.has_price)
				tell_quote(self, &symbol);
		}
	}
}

void
replay_tell_history(struct replay *self)
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

void
replay_seek(struct replay *self, int64_t now_mono_us)
{
	for (int i = 0; i < POINTS_PER_DISPATCH; i++) {
		fill(self);
		if (replay_next_moment(self) >= self->start_ms) {
			self->is_seeking = false;
			self->start_mono_us = now_mono_us;
			return;
		}
		play_point(self, true);
	}
}

void
replay_play_moment(struct replay *self)
{
	fill(self);
	int64_t moment = replay_next_moment(self);
	if (moment == INT64_MAX || self->watched == 0)
		return;
	for (int i = 0; i < MOMENT_MAX && replay_next_moment(self) == moment; i++) {
		fill(self);
		if (self->points.count == 0)
			return;
		if (self->points.all[0].time_ms == moment)
			play_point(self, false);
		fill(self);
	}
}

void
replay_play_due(struct replay *self, int64_t now_mono_us)
{
	i128 passed_ms = (i128)(now_mono_us - self->start_mono_us) * self->factor_e6 / 1000000000;
	int64_t due_ms = passed_ms < INT64_MAX / 2 ? self->start_ms + (int64_t)passed_ms : INT64_MAX;
	for (int i = 0; i < POINTS_PER_DISPATCH; i++) {
		fill(self);
		if (replay_is_ended(self) || replay_next_moment(self) > due_ms || self->points.count == 0)
			return;
		play_point(self, false);
	}
}
