/* Purpose: the first line (how everything stands) and the last (what the keys do).
 *
 * What does not fit is left out from the least important on; mode, alarms and the price's age
 * always stand. */
#include "ui/screen_parts.h"
#include "ui/words.h"
#include "base/clock.h"

#include <stdio.h>
#include <string.h>

enum { PIECES = 24, AMBER_MS = 3000, RED_MS = 10000, OFFSET_WARN_MS = 1000, SLOW_US = 2000000 };

struct piece {
	char text[120];
	char brief[40];       /* where it is narrow; "" if there is no shorter way to say it */
	unsigned style;
	int rank;             /* 0 always stands */
};
struct pieces { struct piece all[PIECES]; int count; };

static struct piece *
add(struct pieces *pieces, int rank, unsigned style)
{
	/* Never more than there are calls; the last one is overwritten rather than the stack. */
	struct piece *piece = &pieces->all[pieces->count < PIECES ? pieces->count++ : PIECES - 1];

	*piece = (struct piece){ .style = style, .rank = rank };
	return piece;
}

static void
say_price(const struct screen *screen, struct pieces *pieces)
{
	const struct price_model *price = &screen->form.price;
	char number[WORDS_SIZE], change[WORDS_SIZE] = "";
	struct piece *piece;

	if (!screen->form.has_price)
		return;
	words_price(price->quote.bid, price->price_places, number);
	if (price->has_change) {
		char percent[WORDS_SIZE];
		words_number(price->change_percent, 2, true, percent);
		text_format(change, sizeof change, " %s%s%%",
		            decimal_is_negative(price->change_percent) ? "▼" : "▲", percent);
	}
	/* The form and the list have it, too. */
	piece = add(pieces, 8, price->is_stale ? STYLE_STALE : STYLE_STRONG);
	text_format(piece->text, sizeof piece->text, "%s %s%s", price->quote.symbol, number, change);
	text_format(piece->brief, sizeof piece->brief, "%s", number);
}

/* The age of the oldest price that somebody depends on, and where prices come from. */
static void
say_feed(const struct screen *screen, struct pieces *pieces)
{
	const struct desk_status_model *status = &screen->status;
	const char *source = status->feed.is_synthetic ? "synthetic tape"
	                   : status->feed.is_replay ? "tape" : "feed";
	const char *brief = status->feed.is_synthetic ? "synthetic" : source;
	int64_t age = status->stale_age_ms;
	char words[WORDS_SIZE];
	struct piece *piece;
	bool has_price = screen->form.has_price;

	/* An age of nothing is one, too: a word that comes and goes would move all that follows. */
	for (size_t i = 0; i < screen->active.count && !has_price; i++)
		has_price = screen->active.rows[i].has_price;
	if (age == 0 && screen->form.has_price)
		age = screen->form.price.age_ms;
	if (status->feed.is_ended) {
		piece = add(pieces, 0, STYLE_WARN);
		text_format(piece->text, sizeof piece->text, "%s ended", source);
	} else if (!status->feed.is_reachable && status->feed.trouble[0] != 0) {
		words[0] = 0;
		if (has_price)
			words_age(age, words);
		piece = add(pieces, 0, STYLE_ALARM);
		text_format(piece->text, sizeof piece->text, "%s %s%s%.80s", source, words, words[0] != 0 ? " old: " : "",
		            status->feed.trouble);
		text_format(piece->brief, sizeof piece->brief, "NO PRICES %s", words);
	} else if (age == 0 && !has_price) {
		piece = add(pieces, status->feed.is_synthetic ? 1 : 3,
		            status->feed.is_replay ? STYLE_WARN : STYLE_DIM);
		text_format(piece->text, sizeof piece->text, "%s", source);
		text_copy(piece->brief, sizeof piece->brief, brief);
	} else {
		/* Below a second it stands still: a fresh price must not cost a line full of digits. */
		if (age < 1000)
			text_copy(words, sizeof words, "<1 s");
		else
			words_age(age, words);
		piece = add(pieces, age >= RED_MS ? 0 : 1, age >= RED_MS ? STYLE_ALARM
		            : age >= AMBER_MS || status->feed.is_replay ? STYLE_WARN : STYLE_PLAIN);
		text_format(piece->text, sizeof piece->text, age >= RED_MS ? "%s %s old: undecided"
		            : "%s %s", source, words);
		text_format(piece->brief, sizeof piece->brief, age >= RED_MS ? "%s %s old: undecided"
		            : "%s %s", brief, words);
	}
}

static void
say_watch(const struct screen *screen, struct pieces *pieces)
{
	const struct desk_status_model *status = &screen->status;
	struct piece *piece;
	int unwatched = 0;

	/* Holding the lease is not enough: what has no fresh price is not watched. */
	for (size_t i = 0; i < screen->active.count; i++)
		unwatched += !screen->active.rows[i].is_watched;
	if (status->holder.is_hung) {
		piece = add(pieces, 0, STYLE_ALARM);
		text_format(piece->text, sizeof piece->text, "%s %lld HANGS", status->holder.kind,
		            (long long)status->holder.pid);
	} else if (status->holder.is_me && unwatched > 0) {
		piece = add(pieces, 0, STYLE_ALARM);
		text_format(piece->text, sizeof piece->text, "○ %d of %d unwatched", unwatched,
		            status->active_count);
		text_format(piece->brief, sizeof piece->brief, "○ %d unwatched", unwatched);
	} else if (status->holder.is_me) {
		piece = add(pieces, 1, status->active_count > 0 ? STYLE_GOOD : STYLE_DIM);
		text_format(piece->text, sizeof piece->text, "● watching %d", status->active_count);
	} else if (status->holder.is_held) {
		piece = add(pieces, 1, STYLE_PLAIN);
		text_format(piece->text, sizeof piece->text, "○ viewer, %s %lld watches %lld",
		            status->holder.kind, (long long)status->holder.pid,
		            (long long)status->holder.watched);
		text_format(piece->brief, sizeof piece->brief, "○ viewer, %lld watched",
		            (long long)status->holder.watched);
	} else {
		piece = add(pieces, 0, status->active_count > 0 ? STYLE_ALARM : STYLE_WARN);
		text_copy(piece->text, sizeof piece->text, "○ nobody watches");
	}
	if (status->naked_count > 0) {
		piece = add(pieces, 0, STYLE_ALARM);
		text_format(piece->text, sizeof piece->text, "%d NAKED", status->naked_count);
	} else if (status->alarm_count > 0) {
		piece = add(pieces, 0, STYLE_ALARM);
		text_format(piece->text, sizeof piece->text, "⚠ %d", status->alarm_count);
	}
}

/* What keeps LIVE from acting, and orders without an answer: these always stand. */
static void
say_live_trouble(const struct desk_status_model *status, int64_t now_ms, struct pieces *pieces)
{
	const struct exchange_status *live = &status->live;
	struct piece *piece;
	char age[WORDS_SIZE];

	if (status->unknown_count > 0) {
		piece = add(pieces, 0, STYLE_ALARM);
		words_age(now_ms - status->unknown_since_ms, age);
		text_format(piece->text, sizeof piece->text, "%d UNKNOWN %s", status->unknown_count, age);
	}
	if (status->binding[0] != 0) {
		piece = add(pieces, 0, STYLE_ALARM);
		text_copy(piece->text, sizeof piece->text, "LIVE BARRED: robson adopt");
		text_copy(piece->brief, sizeof piece->brief, "BARRED: adopt");
	}
	if (status->blocker_count > 0) {
		piece = add(pieces, 1, STYLE_ALARM);
		text_format(piece->text, sizeof piece->text, "%d BLOCKER%s: h", status->blocker_count,
		            status->blocker_count == 1 ? "" : "S");
		text_format(piece->brief, sizeof piece->brief, "%d BLOCKED", status->blocker_count);
	}
	if (!status->has_live)
		return;
	if (live->is_key_refused) {
		piece = add(pieces, 0, STYLE_ALARM);
		text_copy(piece->text, sizeof piece->text, "KEY REFUSED");
	} else if (!live->is_reachable && live->trouble[0] != 0) {
		piece = add(pieces, 0, STYLE_ALARM);
		text_format(piece->text, sizeof piece->text, "EXCHANGE: %.80s", live->trouble);
		text_copy(piece->brief, sizeof piece->brief, "NO EXCHANGE");
	}
	if (live->waits[0] != 0) {
		piece = add(pieces, 1, STYLE_WARN);
		text_format(piece->text, sizeof piece->text, "waits: %.60s", live->waits);
		text_copy(piece->brief, sizeof piece->brief, "waits: limit");
	}
}

/* Its round trip, the weight used and the clock: quiet while they are well. */
static void
say_exchange(const struct desk_status_model *status, struct pieces *pieces)
{
	const struct exchange_status *live = &status->live;
	struct piece *piece;

	if (!status->has_live)
		return;
	if (live->round_trip_us > 0) {
		bool slow = live->round_trip_us > SLOW_US;
		piece = add(pieces, slow ? 1 : 6, slow ? STYLE_WARN : STYLE_PLAIN);
		if (live->round_trip_us < 1000)
			text_copy(piece->text, sizeof piece->text, "exch <1 ms");
		else
			text_format(piece->text, sizeof piece->text, "exch %lld ms",
			            (long long)(live->round_trip_us / 1000));
	}
	if (live->weight_limit > 0) {
		bool high = live->weight_used * 5 > live->weight_limit * 4;
		piece = add(pieces, high ? 1 : 7, high ? STYLE_WARN : STYLE_PLAIN);
		text_format(piece->text, sizeof piece->text, "weight %d/%d", live->weight_used, live->weight_limit);
		text_format(piece->brief, sizeof piece->brief, "w %lld%%",
		            (long long)live->weight_used * 100 / live->weight_limit);
	}
	if (live->has_clock_offset) {
		bool far = live->clock_offset_ms > OFFSET_WARN_MS || live->clock_offset_ms < -OFFSET_WARN_MS;
		piece = add(pieces, far ? 1 : 7, far ? STYLE_WARN : STYLE_PLAIN);
		text_format(piece->text, sizeof piece->text, "clock %+lld ms", (long long)live->clock_offset_ms);
	}
}

static void
say_mode(const struct desk_status_model *status, struct pieces *pieces)
{
	struct piece *piece = add(pieces, 0, status->mode == MODE_LIVE ? STYLE_LIVE : STYLE_DRY_RUN);
	bool is_testnet = status->has_live && strstr(status->live.label, "testnet") != NULL;

	/* Where the money is none it is said; where it is real the word is as loud as the terminal can. */
	if (status->mode == MODE_LIVE)
		text_format(piece->text, sizeof piece->text, is_testnet ? " LIVE testnet " : " ! LIVE ! ");
	else
		text_format(piece->text, sizeof piece->text, " %s ", words_mode(status->mode));
	if (status->is_live_on && status->mode != MODE_LIVE) {
		piece = add(pieces, 1, STYLE_LIVE);
		text_copy(piece->text, sizeof piece->text, " LIVE switch on ");
		text_copy(piece->brief, sizeof piece->brief, " LIVE on ");
	}
}

static void
collect(const struct screen *screen, struct pieces *pieces)
{
	const struct desk_status_model *status = &screen->status;
	char words[WORDS_SIZE];
	struct piece *piece = add(pieces, 4, STYLE_STRONG);

	text_copy(piece->text, sizeof piece->text, "▌robson");
	text_copy(piece->brief, sizeof piece->brief, "▌");
	say_mode(status, pieces);
	if (status->is_paused) {
		piece = add(pieces, 0, STYLE_ALARM);
		text_copy(piece->text, sizeof piece->text, " PAUSED ");
	}
	if (screen->frozen) {
		piece = add(pieces, 0, STYLE_WARN);
		text_copy(piece->text, sizeof piece->text, "FROZEN, stops go on");
		text_copy(piece->brief, sizeof piece->brief, "FROZEN");
	}
	if (status->is_readonly) {
		piece = add(pieces, 2, STYLE_WARN);
		text_copy(piece->text, sizeof piece->text, "read-only");
	}
	say_price(screen, pieces);
	say_feed(screen, pieces);
	say_watch(screen, pieces);
	say_live_trouble(status, screen->wall_ms, pieces);
	if (status->is_scratch) {
		piece = add(pieces, 7, STYLE_WARN);
		text_copy(piece->text, sizeof piece->text, "scratch book");
		text_copy(piece->brief, sizeof piece->brief, "scratch");
	}
	if (status->has_open_risk) {
		words_number(status->open_risk_percent, 1, false, words);
		piece = add(pieces, 5, STYLE_PLAIN);
		text_format(piece->text, sizeof piece->text, "risk open %s%%", words);
		text_format(piece->brief, sizeof piece->brief, "risk %s%%", words);
	}
	if (status->has_day) {
		words_money(status->realized_day, true, words);
		piece = add(pieces, 6, words_style(status->realized_day));
		text_format(piece->text, sizeof piece->text, "day %s", words);
	}
	say_exchange(status, pieces);
	clock_format_time(screen->wall_ms, words);
	piece = add(pieces, 9, STYLE_DIM);
	text_copy(piece->text, sizeof piece->text, words);
}

static int
total_width(const struct pieces *pieces)
{
	int total = 0;

	for (int i = 0; i < pieces->count; i++)
		if (pieces->all[i].text[0] != 0)
			total += canvas_width(pieces->all[i].text) + (i == 0 ? 1 : 3);
	return total - 3;
}

/* First the least important is left out that the rest may keep its words, the price and the clock;
 * then everything is said shorter; then more is left out. */
static void
fit(struct pieces *pieces, int cols)
{
	enum { WORDS_BEFORE = 8 };

	for (bool is_short = false; total_width(pieces) > cols; ) {
		int worst = -1;
		for (int i = 0; i < pieces->count; i++)
			if (pieces->all[i].text[0] != 0 && pieces->all[i].rank > 0 &&
			    (worst < 0 || pieces->all[i].rank > pieces->all[worst].rank))
				worst = i;
		if (!is_short && (worst < 0 || pieces->all[worst].rank < WORDS_BEFORE)) {
			is_short = true;
			for (int i = 0; i < pieces->count && total_width(pieces) > cols; i++)
				if (pieces->all[i].text[0] != 0 && pieces->all[i].brief[0] != 0)
					text_copy(pieces->all[i].text, sizeof pieces->all[i].text,
					          pieces->all[i].brief);
			continue;
		}
		/* The program's name is a mark by then, and stands. */
		if (worst < 0)
			return;
		if (worst == 0)
			pieces->all[0].rank = 0;
		else
			pieces->all[worst].text[0] = 0;
	}
}

void
status_line_draw(const struct screen *screen, const struct canvas *canvas)
{
	struct pieces pieces = { .count = 0 };
	int col = 0;

	if (!screen->has_status)
		return;
	collect(screen, &pieces);
	fit(&pieces, canvas->cols);
	for (int i = 0; i < pieces.count; i++) {
		if (pieces.all[i].text[0] == 0)
			continue;
		if (i == 1)
			col += canvas_text(canvas, 0, col, STYLE_PLAIN, " ");
		else if (col > 0)
			col += canvas_text(canvas, 0, col, STYLE_FRAME, " │ ");
		col += canvas_text(canvas, 0, col, pieces.all[i].style, pieces.all[i].text);
	}
}

/* ---- the key line ---- */

static int
draw_key(const struct key_binding *key, const struct canvas *canvas, int col)
{
	col += canvas_text(canvas, 0, col, STYLE_KEY, key->name) + 1;
	return col + canvas_text(canvas, 0, col, STYLE_PLAIN, key->hint) + 2;
}

static int
key_width(const struct key_binding *key)
{
	return canvas_width(key->name) + 1 + canvas_width(key->hint) + 2;
}

/* Panes are of the main screen alone. */
static bool
has_panes(enum context context)
{
	return context == CONTEXT_FORM || context == CONTEXT_REPORT || context == CONTEXT_OPERATIONS ||
	       context == CONTEXT_TRADES || context == CONTEXT_INTENTS;
}

/* The hints of `context`, for who is in `here`. */
static int
draw_keys_of(enum context context, enum context here, const struct canvas *canvas, int col, int end)
{
	for (size_t i = 0; i < keys_count(); i++) {
		const struct key_binding *key = keys_at(i);
		if (key->command == COMMAND_NEXT_PANE && !has_panes(here))
			continue;
		if (key->context == context && key->hint != NULL && key->command != COMMAND_HELP &&
		    key->command != COMMAND_QUIT && col + key_width(key) <= end + 2)
			col = draw_key(key, canvas, col);
	}
	return col;
}

/* The way to help and the way out stand at the right, always; the pane's own keys come first. */
void
key_line_draw(enum context context, const struct canvas *canvas)
{
	int end = canvas->cols, col = 1;

	for (size_t i = 0; i < keys_count(); i++) {
		const struct key_binding *key = keys_at(i);
		bool here = key->context == context ||
		            (key->context == CONTEXT_ANYWHERE && context_takes(context, CONTEXT_ANYWHERE));
		if (here && key->hint != NULL &&
		    (key->command == COMMAND_HELP || key->command == COMMAND_QUIT))
			end -= key_width(key);
	}
	col = end;
	for (size_t i = 0; i < keys_count(); i++) {
		const struct key_binding *key = keys_at(i);
		bool here = key->context == context ||
		            (key->context == CONTEXT_ANYWHERE && context_takes(context, CONTEXT_ANYWHERE));
		if (here && key->hint != NULL &&
		    (key->command == COMMAND_HELP || key->command == COMMAND_QUIT))
			col = draw_key(key, canvas, col);
	}
	col = draw_keys_of(context, context, canvas, 1, end - 2);
	/* What is only read has nothing to filter. */
	if (context_takes(context, CONTEXT_LIST) && context != CONTEXT_DETAILS && context != CONTEXT_VIEW)
		col = draw_keys_of(CONTEXT_LIST, context, canvas, col, end - 2);
	if (context_takes(context, CONTEXT_ANYWHERE))
		draw_keys_of(CONTEXT_ANYWHERE, context, canvas, col, end - 2);
}

/* ---- help ---- */

/* is_scrolled: what is only read; it has rows to go through, and nothing to filter or sort. */
static void
help_of(struct lines *lines, enum context context, bool is_scrolled)
{
	int before = lines->count;

	lines_add(lines, STYLE_TITLE, "%s", context_name(context));
	for (size_t i = 0; i < keys_count(); i++) {
		const struct key_binding *key = keys_at(i);
		if (key->context == context && !(is_scrolled && (key->command == COMMAND_FILTER ||
		                                                 key->command == COMMAND_SORT)))
			lines_add(lines, STYLE_PLAIN, "  %-10s %s", key->name, key->help);
	}
	if (lines->count == before + 1)
		lines->count = before;        /* nothing of its own: say nothing */
	else
		lines_add(lines, STYLE_PLAIN, "%s", "");
}

/* The keys of the pane in focus first, then the rest. */
static void
collect_help(struct lines *lines, enum context context)
{
	help_of(lines, context, false);
	if (context_takes(context, CONTEXT_LIST) && context != CONTEXT_LIST)
		help_of(lines, CONTEXT_LIST, context == CONTEXT_DETAILS);
	if (context != CONTEXT_ANYWHERE)
		help_of(lines, CONTEXT_ANYWHERE, false);
	for (int other = 0; other < CONTEXT_COUNT; other++)
		if (other != (int)context && other != CONTEXT_ANYWHERE &&
		    !(other == CONTEXT_LIST && context_takes(context, CONTEXT_LIST)))
			help_of(lines, (enum context)other, false);
	lines_add(lines, STYLE_DIM, "%s", "In a text field letters are text: Esc leaves it. Numbers take "
	          "commas, _ and spaces.");
	lines_add(lines, STYLE_DIM, "%s", "Stop takes -1.5% too, Target 3R. No single key sends an order.");
}

int
help_lines(enum context context)
{
	struct lines lines = { .count = 0 };

	collect_help(&lines, context);
	return lines.count;
}

void
help_draw(const struct canvas *canvas, enum context context, int scroll)
{
	struct lines lines = { .count = 0 };

	collect_help(&lines, context);
	canvas_frame(canvas, FRAME_ROUND, STYLE_FRAME_FOCUS, "Help", "Esc goes back");
	struct canvas inside = canvas_inside(canvas);
	struct canvas body = canvas_part(&inside, (struct rect){ 0, 1, inside.rows, inside.cols - 2 });
	lines_draw(&lines, &body, scroll);
	/* The keys themselves stand out. */
	for (int row = 0; row < body.rows && scroll + row < lines.count; row++)
		if (lines.rows[scroll + row].text[0] == ' ')
			for (int col = 2; col < 12 && col < body.cols; col++) {
				const struct cell *cell = grid_cell(body.grid, body.row + row, body.col + col);
				if (cell != NULL && cell->glyph != ' ')
					canvas_glyph(&body, row, col, STYLE_KEY, cell->glyph);
			}
}
