/* Purpose: everything about one operation: chart, levels, fills and orders, protection, the intent
 * it came from and why, and its timeline. */
#include "ui/screen_parts.h"
#include "ui/chart.h"
#include "ui/words.h"

#include <stdio.h>
#include <string.h>

/* After a move only the stop rests: the target is then reached by a sale that Robson sends. */
static const char *
target_words(const struct details *details)
{
	const struct operation *op = &details->operation.op;

	if (op->mode != MODE_LIVE || op->status != OPERATION_ACTIVE || !details->has_intent)
		return "";
	for (size_t i = 0; i < details->intent.orders.count; i++) {
		const struct order *order = &details->intent.orders.rows[i].order;
		if (order->purpose == PURPOSE_TARGET && order->state == ORDER_UNKNOWN)
			return ", UNKNOWN whether it rests";
		if (order->purpose == PURPOSE_TARGET && order_is_open(order->state) &&
		    decimal_cmp(order->price, op->target_price) == 0)
			return order->seen_at_ms > 0 ? ", rests on the exchange" : ", not seen resting yet";
	}
	return ", rests nowhere: Robson sells there";
}

static void
say_levels(const struct details *details, struct lines *lines)
{
	const struct operation_model *model = &details->operation;
	const struct operation *op = &model->op;
	char a[WORDS_SIZE], b[WORDS_SIZE], c[WORDS_SIZE];
	struct decimal entry = leg_average(&op->entry);

	words_number(op->entry.quantity, model->quantity_places, false, a);
	words_price(entry, model->price_places, b);
	lines_add(lines, STYLE_PLAIN, "entry    %s %s at %s", a, model->base, b);
	if (op->status == OPERATION_CLOSED) {
		words_price(leg_average(&op->exit), model->price_places, b);
		lines_add(lines, STYLE_PLAIN, "exit     %s, by %s", b, words_exit(op->exit_reason));
	} else if (model->has_price) {
		words_price(model->price, model->price_places, b);
		words_age(model->price_age_ms, c);
		lines_add(lines, model->is_stale ? STYLE_STALE : STYLE_PLAIN, "price    %s, %s old%s", b, c,
		          model->is_stale ? ": decides nothing" : "");
	} else {
		lines_add(lines, STYLE_WARN, "price    none yet");
	}
	words_price(op->stop_price, model->price_places, a);
	words_price(op->initial_stop, model->price_places, b);
	if (decimal_cmp(op->stop_price, op->initial_stop) == 0)
		lines_add(lines, STYLE_LINE_STOP, "stop     %s", a);
	else
		lines_add(lines, STYLE_LINE_STOP, "stop     %s, first %s", a, b);
	if (op->has_target) {
		words_price(op->target_price, model->price_places, a);
		lines_add(lines, STYLE_LINE_TARGET, "target   %s%s", a, target_words(details));
	} else {
		lines_add(lines, STYLE_DIM, "target   none");
	}
}

static void
say_result(const struct operation_model *model, struct lines *lines)
{
	char a[WORDS_SIZE], b[WORDS_SIZE], c[WORDS_SIZE], d[WORDS_SIZE];

	if (model->has_trade) {
		const struct trade *trade = &model->trade;
		words_money(trade->net_pnl, true, a);
		words_number(trade->r_multiple, 2, true, b);
		words_money(trade->entry_fees, false, c);
		words_money(trade->exit_fees, false, d);
		lines_add(lines, words_style(trade->net_pnl), "result   %s %s net%s%s%s", a, model->quote,
		          trade->has_r_multiple ? ", " : "", trade->has_r_multiple ? b : "",
		          trade->has_r_multiple ? " R" : "");
		words_money(trade->gross_pnl, true, a);
		lines_add(lines, STYLE_PLAIN, "         %s before fees, fees %s in and %s out", a, c, d);
		words_age(trade->duration_ms, a);
		lines_add(lines, STYLE_PLAIN, "         held %s", a);
	} else if (model->has_unrealized) {
		words_money(model->unrealized, true, a);
		words_number(model->r, 2, true, b);
		lines_add(lines, words_style(model->unrealized), "result   %s %s net%s%s%s", a, model->quote,
		          model->has_r ? ", " : "", model->has_r ? b : "",
		          model->has_r ? " R (exit fee estimated)" : "");
	}
	if (model->has_initial_risk) {
		words_money(model->initial_risk, false, a);
		words_money(model->open_risk, false, b);
		lines_add(lines, STYLE_PLAIN, "risk     %s at the start = 1 R, %s open", a, b);
	}
	if (model->has_slippage) {
		words_number(model->stop_slippage_percent, 2, true, a);
		lines_add(lines, STYLE_PLAIN, "slippage %s %% of the stop", a);
	}
	if (model->op.stop_latency_us > 0)
		lines_add(lines, STYLE_PLAIN, "latency  %lld µs from the price to the exit order",
		          (long long)model->op.stop_latency_us);
}

static const char *
protection_in_words(const struct operation_model *model)
{
	switch (model->protection) {
	case PROTECTION_PAPER: return model->is_watched ? "simulated; Robson watches the levels"
	                                                : "simulated; NOBODY watches the levels";
	case PROTECTION_EXCH_LOCAL: return "its stop rests, and Robson watches";
	case PROTECTION_EXCH: return "its stop rests, nobody watches";
	case PROTECTION_LOCAL: return "no stop was seen; only Robson watches";
	case PROTECTION_NAKED: return "no stop rests, nobody watches: act now";
	}
	return "";
}

static void
say_protection(const struct operation_model *model, struct lines *lines, int64_t now_ms, int width)
{
	const struct operation *op = &model->op;
	char a[WORDS_SIZE], b[WORDS_SIZE];

	if (op->status == OPERATION_ACTIVE) {
		lines_add(lines, model->protection == PROTECTION_NAKED || !model->is_watched ? STYLE_ALARM
		          : model->protection == PROTECTION_LOCAL ? STYLE_WARN : STYLE_PLAIN, "guarded  %s: %s",
		          protection_name(model->protection), protection_in_words(model));
		if (model->watched_by[0] != 0)
			lines_add(lines, STYLE_PLAIN, "         watched by %s", model->watched_by);
		if (model->checks > 0) {
			words_when(model->checked_at_ms, now_ms, a);
			lines_add(lines, STYLE_DIM, "         checked %lld times, last at %s",
			          (long long)model->checks, a);
		}
	}
	if (op->exit_wish.reason != EXIT_NONE) {
		words_price(op->exit_wish.bid, model->price_places, a);
		words_price(op->exit_wish.ask, model->price_places, b);
		lines_add(lines, STYLE_WARN, "exit     wanted: %s, seen at bid %s ask %s%s",
		          words_exit(op->exit_wish.reason), a, b,
		          op->exit_wish.is_recovered ? ", recovered from a gap" : "");
	}
	if (op->alarm[0] != 0) {
		char text[300];
		text_format(text, sizeof text, "alarm    %s", op->alarm);
		lines_add_wrapped(lines, STYLE_ALARM, text, width);
	}
}

static void
say_intent(const struct details *details, struct lines *lines, int64_t now_ms)
{
	const struct intent *intent = &details->intent.intent;
	char a[WORDS_SIZE];

	if (!details->has_intent) {
		lines_add(lines, STYLE_DIM, "intent   none: imported");
		return;
	}
	lines_add(lines, STYLE_PLAIN, "intent   %s", intent->id);
	words_when(intent->created_at_ms, now_ms, a);
	lines_add(lines, STYLE_PLAIN, "         planned %s, %s entry, %s", a,
	          entry_kind_name(intent->entry_kind),
	          intent->strategy[0] != 0 ? intent->strategy : "no strategy");
	lines_add(lines, STYLE_PLAIN, "why      %s", intent->reason[0] != 0 ? intent->reason
	                                                                    : "no reason was given");
	if (intent->regime[0] != 0)
		lines_add(lines, STYLE_PLAIN, "         regime %s", intent->regime);
	lines_add(lines, STYLE_DIM, "prices   %s", details->operation.op.feed);
	if (details->operation.op.mode == MODE_LIVE)
		lines_add(lines, STYLE_DIM, "account  %s on %s", details->operation.op.account,
		          details->operation.op.exchange_host);
}

static void
say_orders(const struct details *details, struct lines *lines, int64_t now_ms)
{
	const struct order_list *list = &details->intent.orders;
	int places = details->operation.price_places;
	char a[WORDS_SIZE], b[WORDS_SIZE], c[WORDS_SIZE], when[WORDS_SIZE];

	lines_add(lines, STYLE_TITLE, "Orders and fills");
	if (!details->has_intent || list->count == 0)
		lines_add(lines, STYLE_DIM, "  none");
	for (size_t i = 0; details->has_intent && i < list->count; i++) {
		const struct order *order = &list->rows[i].order;
		words_when(order->created_at_ms, now_ms, when);
		words_number(order->quantity, decimal_places(order->quantity), false, a);
		lines_add(lines, order->state == ORDER_UNKNOWN ? STYLE_ALARM : STYLE_PLAIN,
		          "  %s %s: %s %s %s %s", when, order_purpose_name(order->purpose),
		          side_name(order->side), a, order_type_name(order->type),
		          order_state_name(order->state));
		if (order->error[0] != 0)
			lines_add(lines, STYLE_WARN, "      %s", order->error);
		for (size_t j = 0; j < list->rows[i].fill_count; j++) {
			const struct fill *fill = &list->rows[i].fills[j];
			words_number(fill->quantity, decimal_places(fill->quantity), false, a);
			words_price(fill->price, places, b);
			words_number(fill->commission, 8, false, c);
			lines_add(lines, STYLE_PLAIN, "      %s at %s, fee %s %s%s%s", a, b, c,
			          fill->commission_asset, fill->is_fee_estimated ? " (estimated)" : "",
			          fill->is_recovered ? " (recovered)" : "");
		}
	}
	lines_add(lines, STYLE_PLAIN, "%s", "");
}

static void
say_timeline(const struct details *details, struct lines *lines, int64_t now_ms)
{
	char when[WORDS_SIZE];

	lines_add(lines, STYLE_TITLE, "Timeline");
	for (size_t i = 0; i < details->events.count; i++) {
		const struct event *event = &details->events.rows[i];
		words_when(event->at_ms, now_ms, when);
		lines_add(lines, STYLE_PLAIN, "  %s %s", when,
		          event->summary[0] != 0 ? event->summary : event->kind);
	}
}

static void
draw_chart(const struct screen *screen, const struct canvas *canvas)
{
	const struct operation_model *model = &screen->details.operation;
	struct chart chart = { .candles = screen->candles, .count = screen->candle_count,
		.kind = screen->candle_count >= 8 ? CHART_CANDLES : CHART_LINE,
		.price_places = model->price_places, .has_price = model->has_price, .price = model->price };

	chart.levels[chart.level_count++] = (struct chart_level){ leg_average(&model->op.entry), "entry",
	                                                          STYLE_LINE_ENTRY };
	chart.levels[chart.level_count++] = (struct chart_level){ model->op.stop_price, "stop",
	                                                          STYLE_LINE_STOP };
	if (model->op.has_target)
		chart.levels[chart.level_count++] = (struct chart_level){ model->op.target_price, "target",
		                                                          STYLE_LINE_TARGET };
	if (model->op.status == OPERATION_CLOSED)
		chart.levels[chart.level_count++] = (struct chart_level){ leg_average(&model->op.exit),
		                                                          "exit", STYLE_STRONG };
	chart_draw(&chart, canvas);
}

void
details_draw(struct screen *screen, const struct canvas *canvas)
{
	struct details *details = &screen->details;
	const struct operation_model *model = &details->operation;
	struct lines facts = { .count = 0 }, story = { .count = 0 };
	const struct symbol_rules *rules = desk_rules(screen->desk, model->op.symbol);
	int64_t now_ms = desk_now_ms(screen->desk);
	char title[96];

	if (!details->has_operation) {
		canvas_frame(canvas, FRAME_ROUND, STYLE_FRAME_FOCUS, "Operation", "Esc goes back");
		return;
	}
	text_format(title, sizeof title, "Operation %lld · %s %s · %s · %s", (long long)model->op.id,
	            model->op.symbol, side_position_name(model->op.side), words_mode(model->op.mode),
	            operation_status_name(model->op.status));
	canvas_frame(canvas, FRAME_ROUND, STYLE_FRAME_FOCUS, title,
	             model->op.status == OPERATION_ACTIVE ? "c close  s stop  t target  Esc back"
	                                                  : "Esc goes back");
	struct canvas inside = canvas_inside(canvas);
	int chart_rows = inside.rows * 45 / 100;
	struct canvas top = canvas_part(&inside, (struct rect){ 0, 1, chart_rows, inside.cols - 2 });
	draw_chart(screen, &top);
	int width = inside.cols >= 100 ? inside.cols / 2 - 2 : inside.cols - 2;
	say_levels(details, &facts);
	/* Where the money is real, what protects it comes before what it made. */
	if (model->op.mode == MODE_LIVE)
		say_protection(model, &facts, now_ms, width);
	say_result(model, &facts);
	details_say_fees(details, &facts);
	details_say_dust(model, rules != NULL ? rules->lot_step : DECIMAL_ZERO, &facts);
	if (model->op.mode != MODE_LIVE)
		say_protection(model, &facts, now_ms, width);
	details_say_gap(&details->events, &facts);
	say_intent(details, &facts, now_ms);
	int rows = inside.rows - chart_rows, most;
	if (inside.cols >= 100) {
		details_say_resting(details, &story, now_ms, inside.cols - inside.cols / 2 - 3);
		say_orders(details, &story, now_ms);
		say_timeline(details, &story, now_ms);
		int half = inside.cols / 2;
		struct canvas left = canvas_part(&inside, (struct rect){ chart_rows, 1, rows, half - 2 });
		struct canvas right = canvas_part(&inside, (struct rect){ chart_rows, half, rows,
		                                  inside.cols - half - 1 });
		most = (facts.count > story.count ? facts.count : story.count) - rows;
		details->scroll = details->scroll > most ? most : details->scroll;
		details->scroll = details->scroll < 0 ? 0 : details->scroll;
		int left_most = facts.count - rows > 0 ? facts.count - rows : 0;
		lines_draw(&facts, &left, details->scroll < left_most ? details->scroll : left_most);
		int right_most = story.count - rows > 0 ? story.count - rows : 0;
		lines_draw(&story, &right, details->scroll < right_most ? details->scroll : right_most);
		return;
	}
	lines_add(&facts, STYLE_PLAIN, "%s", "");
	details_say_resting(details, &facts, now_ms, inside.cols - 3);
	say_orders(details, &facts, now_ms);
	say_timeline(details, &facts, now_ms);
	most = facts.count - rows;
	details->scroll = details->scroll > most ? most : details->scroll;
	details->scroll = details->scroll < 0 ? 0 : details->scroll;
	struct canvas body = canvas_part(&inside, (struct rect){ chart_rows, 1, rows, inside.cols - 2 });
	lines_draw(&facts, &body, details->scroll);
}
