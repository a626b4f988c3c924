/* What a replay keeps; shared by the half that plays (replay_play.c) and the half that is the port
 * (replay.c), and by nobody else. */
#ifndef FEED_REPLAY_STATE_H
#define FEED_REPLAY_STATE_H

#include "core/ports/price_feed.h"
#include "feed/replay_points.h"
#include "feed/replay_symbols.h"
#include "feed/tape.h"

enum { HISTORY_MAX = 32 };

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
	bool is_started, is_seeking, has_played;
	int64_t start_ms, start_mono_us;
	int64_t now_ms;               /* never goes back */

	struct history_request history[HISTORY_MAX];
	size_t history_count;
	bool has_failed;
	struct error trouble;
	uint64_t quotes;
	char id[FEED_ID_SIZE], label[96];
};

/* When the next price is to be played; INT64_MAX: never. */
int64_t replay_next_moment(const struct replay *self);
bool replay_is_ended(const struct replay *self);
/* The tape's time, of the machine's. */
int64_t replay_clock(struct replay *self, int64_t mono_us);

/* To the listener: rules, standing prices and unknown names that it waits for; a portion of the
 * first history that was asked for. */
void replay_tell_owed(struct replay *self);
void replay_tell_history(struct replay *self);

/* A bounded number of rows: in silence up to the start, of one moment, or of what is due. */
void replay_seek(struct replay *self, int64_t now_mono_us);
void replay_play_moment(struct replay *self);
void replay_play_due(struct replay *self, int64_t now_mono_us);

#endif
