/* The stop monitor: every price against the ladder of its symbol, and what a crossing sets off.
 *
 *   crossed -> "exit wanted" and its order are written, with the quote that caused it -> sent
 *
 * Written before it is sent, exactly once: the ladder gives an operation up when it is crossed, and
 * an operation whose exit is wanted is never put back.  A crossing that can't be written now stays
 * due, with its quote, until it can. */
#include "app/desk_state.h"

#include <stdlib.h>
#include <string.h>

/* ---- candles for the chart ---- */

static struct candle *
new_candle(struct market *market)
{
	if (market->candle_count == CANDLE_KEEP) {
		memmove(market->candles, market->candles + 1, (CANDLE_KEEP - 1) * sizeof *market->candles);
		market->candle_count--;
	}
	if (market->candle_count == market->candle_capacity) {
		size_t wanted = market->candle_capacity == 0 ? 64 : market->candle_capacity * 2;
		struct candle *grown = realloc(market->candles, wanted * sizeof *grown);
		if (grown == NULL)
			return NULL;
		market->candles = grown;
		market->candle_capacity = wanted;
	}
	struct candle *candle = &market->candles[market->candle_count++];
	*candle = (struct candle){ 0 };
	return candle;
}

static void
draw_price(struct market *market, const struct quote *quote)
{
	int64_t open_ms = quote->at_ms - quote->at_ms % CANDLE_MS;
	struct candle *last = market->candle_count > 0 ? &market->candles[market->candle_count - 1] : NULL;

	if (last != NULL && open_ms < last->open_ms)
		return;   /* a tape that was started again */
	if (last == NULL || open_ms > last->open_ms) {
		struct candle *candle = new_candle(market);
		if (candle == NULL)
			return;
		candle->open_ms = open_ms;
		candle->close_ms = open_ms + CANDLE_MS - 1;
		candle->open = candle->high = candle->low = candle->close = quote->bid;
		return;
	}
	last->high = decimal_max(last->high, quote->bid);
	last->low = decimal_min(last->low, quote->bid);
	last->close = quote->bid;
}

/* History goes in front of what was seen; where both are, what was seen stays. */
static void
draw_history(struct market *market, const struct candle *candles, size_t count)
{
	int64_t first_seen = market->candle_count > 0 ? market->candles[0].open_ms : INT64_MAX;
	size_t useful = 0;

	while (useful < count && candles[useful].open_ms < first_seen &&
	       candles[useful].close_ms - candles[useful].open_ms + 1 == CANDLE_MS)
		useful++;
	if (useful + market->candle_count > CANDLE_KEEP || useful == 0)
		return;
	struct candle *joined = malloc((useful + market->candle_count + 64) * sizeof *joined);
	if (joined == NULL)
		return;
	memcpy(joined, candles, useful * sizeof *joined);
	if (market->candle_count > 0)
		memcpy(joined + useful, market->candles, market->candle_count * sizeof *joined);
	free(market->candles);
	market->candles = joined;
	market->candle_count += useful;
	market->candle_capacity = market->candle_count + 64;
}

/* ---- judging ---- */

void
monitor_fire(struct desk *desk, struct position *position)
{
	struct exit_wish wish = {
		.reason = position->crossing.reason, .level = position->crossing.level,
		.bid = position->fire_quote.bid, .ask = position->fire_quote.ask,
		.quote_at_ms = position->fire_quote.at_ms,
		.is_recovered = position->is_recovered, .recovered_price = position->recovered_price,
	};
	struct error err = { 0 };

	/* Nobody asked for this: the stop monitor does it, whichever process it runs in. */
	const char *where = strchr(desk->actor, '/');
	text_format(desk->actor_now, sizeof desk->actor_now, "monitor%s", where != NULL ? where : "");
	if (exit_want(desk, position, &wish, &err) != STATUS_OK && position->is_fire_due)
		desk_blocked(desk, &err);
	desk->actor_now[0] = '\0';
}

/* The next position that this price crosses; NULL: none is left. */
static struct position *
take_crossed(struct desk *desk, struct market *market)
{
	struct crossing crossing;

	while (ladder_take_crossed(market->ladder, &market->quote, &crossing)) {
		struct position *position = desk_position(desk, crossing.operation_id);
		if (position == NULL)
			continue;
		position->is_fire_due = true;
		position->crossing = crossing;
		position->fire_quote = market->quote;
		position->price_arrived_us = market->quote.arrived_mono_us;
		position->is_recovered = false;
		desk->are_exits_due = true;
		market->fires_due++;
		return position;
	}
	return NULL;
}

void
monitor_judge(struct desk *desk, struct market *market)
{
	market->checks++;
	market->checked_at_ms = market->quote.at_ms;
	/* One is taken ahead, so that only the last one's record says that this price was checked. */
	struct position *position = take_crossed(desk, market);
	while (position != NULL) {
		struct position *next = take_crossed(desk, market);
		if (position->op.mode == MODE_LIVE)
			protect_crossed(desk, position);
		else if (!desk->is_blocked)
			monitor_fire(desk, position);
		position = next;
	}
}

void
monitor_open_gap(struct desk *desk, struct market *market, int64_t from_ms)
{
	struct error err = { 0 };

	if (market->is_gap_open || desk->setup.feed->ops->history(desk->setup.feed, market->symbol, from_ms, &err) != STATUS_OK)
		return;
	market->is_gap_open = true;
	market->gap_from_ms = from_ms;
	market->gap_deadline_us = clock_mono_us() + GAP_WAIT_MS * 1000;
}

static void
close_gap(struct desk *desk, struct market *market, const char *why)
{
	struct error err = { 0 };
	struct note note;
	char from[CLOCK_TEXT_SIZE];

	market->is_gap_open = false;
	if (why != NULL) {
		note_open(&note, desk, "gap.unrecovered");
		json_text(&note.json, "symbol", market->symbol);
		json_time(&note.json, "from", market->gap_from_ms);
		json_text(&note.json, "why", why);
		clock_format_iso(market->gap_from_ms, from);
		if (note_alone(&note, desk, &err, "%s: what was missed since %s can't be recovered: %s",
		               market->symbol, from, why) == STATUS_OK)
			desk_tell(desk, URGENCY_WARNING, &note.event);
		note_done(&note);
	}
	if (desk_is_fresh(desk, market))
		monitor_judge(desk, market);
}

void
monitor_history(struct desk *desk, struct market *market, const struct candle *candles, size_t count,
                bool is_last, const struct error *error)
{
	struct decimal spread = DECIMAL_ZERO, level, fill;

	draw_history(market, candles, count);
	if (!market->is_gap_open || !desk->is_holder)
		return;
	if (market->has_quote && decimal_sub(market->quote.ask, market->quote.bid, &spread) != STATUS_OK)
		spread = DECIMAL_ZERO;
	for (size_t i = 0; i < desk->position_count; i++) {
		struct position *position = desk->positions[i];
		const struct operation *op = &position->op;
		if (position->is_foreign || position->is_fire_due || op->mode != MODE_DRY_RUN ||
		    op->exit_wish.reason != EXIT_NONE || strcmp(op->symbol, market->symbol) != 0)
			continue;
		int64_t since = op->opened_at_ms > market->gap_from_ms ? op->opened_at_ms : market->gap_from_ms;
		for (size_t j = 0; j < count; j++) {
			/* A candle that began before we stopped looking holds prices that were looked at. */
			if (candles[j].open_ms < since)
				continue;
			enum exit_reason reason = stop_check_candle(op->side, op->stop_price, op->has_target,
			                                            op->target_price, &candles[j], spread, &level, &fill);
			if (reason == EXIT_NONE)
				continue;
			position->crossing = (struct crossing){ .operation_id = op->id, .reason = reason, .level = level };
			position->fire_quote = (struct quote){ .at_ms = candles[j].open_ms };
			position->is_recovered = position->is_fire_due = true;
			market->fires_due++;
			position->recovered_price = fill;
			desk->are_exits_due = true;
			desk_position_arm(desk, position);
			if (!desk->is_blocked)
				monitor_fire(desk, position);
			break;
		}
	}
	if (is_last || error != NULL)
		close_gap(desk, market, error != NULL ? error->message : NULL);
}

void
monitor_quote(struct desk *desk, struct market *market, const struct quote *quote)
{
	int64_t stale_ms = desk->setup.settings->feed.stale_ms;
	bool was_watched = market->has_quote;
	struct quote before = market->quote;

	if (was_watched && quote->asked_mono_ms < before.asked_mono_ms)
		return;   /* overtaken on its way by a newer one */
	market->quote = *quote;
	market->has_quote = true;
	draw_price(market, quote);
	if (desk->setup.paper != NULL)   /* before anybody holds, too: it is asked to fill right then */
		desk->setup.paper->ops->quote(desk->setup.paper, quote);
	if (!desk->is_holder || market->position_count == 0)
		return;
	if (quote_age_ms(quote, desk_mono_ms(desk)) > stale_ms)
		return;   /* it took too long to get here: it decides nothing */
	market->is_stale_alarmed = false;
	/* A tape shows all that it has; elsewhere a silence hides prices. */
	if (!desk->is_replay && was_watched && quote->asked_mono_ms - before.asked_mono_ms > stale_ms)
		monitor_open_gap(desk, market, before.at_ms);
	if (!market->is_gap_open)
		monitor_judge(desk, market);
	protect_price(desk, market);
}

/* ---- what waits ---- */

/* Exit wanted, nothing of it under way, and nothing of the entry left that could still fill. */
static bool
is_exit_ready(const struct desk *desk, const struct position *position, int64_t now_mono_ms)
{
	return position->op.exit_wish.reason != EXIT_NONE && !position->is_foreign &&
	       position->op.mode == MODE_DRY_RUN && now_mono_ms >= position->exit_retry_mono_ms && exit_can_send(desk, &position->op) &&
	       desk_order_of(desk, position->op.intent_id, 0, PURPOSE_ENTRY) == NULL &&
	       /* one under way, or unknown and being looked up: never a second one */
	       desk_order_of(desk, "", position->op.id, PURPOSE_EXIT) == NULL;
}

bool
monitor_is_exit_ready(const struct desk *desk)
{
	int64_t now = desk_mono_ms(desk);

	for (size_t i = 0; i < desk->position_count; i++)
		if (desk->positions[i]->is_fire_due || is_exit_ready(desk, desk->positions[i], now))
			return true;
	return false;
}

static void
exits_due(struct desk *desk)
{
	int64_t now = desk_mono_ms(desk);
	bool still_due = false;

	for (size_t i = 0; i < desk->position_count && !desk->is_blocked; i++) {
		struct position *position = desk->positions[i];
		struct error err = { 0 };
		if (position->is_fire_due)
			monitor_fire(desk, position);
		still_due = still_due || position->is_fire_due ||
		            (position->op.exit_wish.reason != EXIT_NONE && !position->is_foreign);
		if (!desk->is_blocked && is_exit_ready(desk, position, now) &&
		    exit_send_next(desk, position, &err) != STATUS_OK)
			desk_blocked(desk, &err);
	}
	if (!desk->is_blocked)
		desk->are_exits_due = still_due;
}

/* How long nothing was heard; a feed that is dead from the start is silent since we watch. */
static int64_t
silence_ms(const struct desk *desk, const struct market *market)
{
	int64_t now = desk_mono_ms(desk);

	return market->has_quote ? quote_age_ms(&market->quote, now) : now - market->watched_since_mono_ms;
}

static void
stale_alarm(struct desk *desk, struct market *market)
{
	struct error err = { 0 };
	struct note note;
	int64_t age = silence_ms(desk, market);

	note_open(&note, desk, "price.stale");
	json_text(&note.json, "symbol", market->symbol);
	json_int(&note.json, "age_ms", age);
	json_int(&note.json, "positions", (int64_t)market->position_count);
	if (note_alone(&note, desk, &err, "%s: no fresh price for %lld s, its stops decide nothing",
	               market->symbol, (long long)(age / 1000)) == STATUS_BUSY)
		desk_blocked(desk, &err);   /* in a moment, then */
	else   /* on a full disk, too, a person hears of it */
		market->is_stale_alarmed = true;
	if (market->is_stale_alarmed)
		desk_tell(desk, URGENCY_ALARM, &note.event);
	note_done(&note);
	desk_touch(desk);
}

void
monitor_due(struct desk *desk)
{
	if (!desk->is_holder)
		return;
	int64_t now_us = clock_mono_us();
	bool are_checks_due = false;
	for (size_t i = 0; i < desk->market_count && !desk->is_blocked; i++) {
		struct market *market = desk->markets[i];
		if (market->is_gap_open && now_us >= market->gap_deadline_us)
			close_gap(desk, market, "no candles came in time");
		if (market->position_count == 0)
			continue;
		if (!market->is_stale_alarmed && silence_ms(desk, market) > STALE_ALARM_MS)
			stale_alarm(desk, market);
		if (market->has_quote && market->checks > 0 && market->fires_due == 0 &&
		    now_us - market->check_saved_us >= CHECK_SAVE_MS * 1000)
			are_checks_due = true;
	}
	if (are_checks_due && !desk->is_blocked)
		monitor_save_checks(desk);
	if (desk->are_exits_due)
		exits_due(desk);
}

int64_t
monitor_deadline_us(const struct desk *desk, int64_t now_us)
{
	int64_t deadline = desk->position_count > 0 ? now_us + 1000000 : INT64_MAX;

	if (desk->are_exits_due)
		deadline = !desk->is_blocked && monitor_is_exit_ready(desk) ? now_us : now_us + 100000;
	for (size_t i = 0; i < desk->market_count; i++)
		if (desk->markets[i]->is_gap_open && desk->markets[i]->gap_deadline_us < deadline)
			deadline = desk->markets[i]->gap_deadline_us;
	if (orders_have_questions(desk) && now_us + 100000 < deadline)
		deadline = now_us + 100000;
	return deadline;
}
