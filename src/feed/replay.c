/* The replay of a tape, as a price feed.  See replay.h for what it promises, and replay_play.c for
 * how rows become prices.
 *
 *     SEEKING (rows before from_ms, played in silence) -> PLAYING -> ended, or ended by a bad row */
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "feed/replay.h"
#include "feed/replay_source.h"
#include "feed/replay_state.h"

enum { LOOK_ROWS = 2000 };            /* rows that are checked at open */

static int64_t
wall_ms(void *context)
{
	struct replay *self = context;
	return replay_clock(self, self->mono_us(self->mono_context));
}

static int64_t
machine_mono_us(void *context)
{
	(void)context;
	return clock_mono_us();
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
		replay_seek(self, now_mono_us);
	replay_tell_owed(self);
	replay_tell_history(self);
	if (self->is_seeking || replay_is_ended(self))
		return;
	self->has_played = self->has_played || !self->is_max || self->watched > 0;
	if (self->is_max)
		replay_play_moment(self);
	else
		replay_play_due(self, now_mono_us);
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
	int64_t moment = replay_next_moment(self);
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
		.is_ended = replay_is_ended(self),
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

void
replay_seek_to(struct price_feed *feed, int64_t at_ms)
{
	struct replay *self = (struct replay *)feed;
	if (feed->ops != &replay_ops || at_ms <= feed->clock.wall_ms(feed->clock.self))
		return;
	self->is_seeking = true;
	self->has_played = false;
	self->start_ms = self->now_ms = at_ms;
	for (size_t i = 0; i < self->symbols.count; i++)
		self->symbols.all[i].owes_quote = self->symbols.all[i].is_watched;
}

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
