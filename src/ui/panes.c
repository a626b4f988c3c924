/* Purpose: the report, the chart and the portfolio as panes. */
#include "ui/screen_parts.h"
#include "ui/chart.h"
#include "ui/words.h"

#include <string.h>

void
report_draw(struct screen *screen, const struct canvas *canvas, bool focused)
{
	const struct intent_model *report = &screen->report;
	char id[WORDS_SIZE];

	canvas_frame(canvas, FRAME_ROUND, focused ? STYLE_FRAME_FOCUS : STYLE_FRAME, "Validation",
	             report->has_operation && screen->has_report ? "Enter numbers  e opens the operation"
	                                                         : "Enter shows the numbers");
	struct canvas inside = canvas_inside(canvas);
	if (!screen->has_report) {
		canvas_text(&inside, 0, 1, STYLE_DIM, "Nothing validated yet.");
		canvas_text(&inside, 1, 1, STYLE_DIM, "Fill the form, then v runs every guard.");
		return;
	}
	int col = 1;
	enum intent_status status = report->intent.status;
	col += canvas_text(&inside, 0, col, status == INTENT_FAILED ? STYLE_BAD
	                   : status == INTENT_PENDING || status == INTENT_CANCELLED ? STYLE_WARN
	                   : STYLE_STRONG, intent_status_name(status)) + 2;
	if (report->has_report)
		col += canvas_printf(&inside, 0, col, STYLE_PLAIN, "%d pass  %d warn  %d fail",
		                     report->report.passed, report->report.warnings,
		                     report->report.failures) + 2;
	words_id(report->intent.id, id);
	if (col + canvas_width(id) < inside.cols)
		canvas_column(&inside, 0, inside.cols - canvas_width(id) - 1, canvas_width(id),
		              ALIGN_RIGHT, STYLE_DIM, id);
	int row = 1;
	/* What came of it: the operation with its state and P&L, or why there is none. */
	if (report->has_operation) {
		/* The same figures as in the list below, at the same instant. */
		const struct operation_model *model = &report->operation, *now = NULL;
		if (model->op.status == OPERATION_ACTIVE)
			now = models_operation(screen, model->op.id);
		if (now != NULL)
			model = now;
		struct decimal result = model->has_trade ? model->trade.net_pnl : model->unrealized;
		char money[WORDS_SIZE] = "", r[WORDS_SIZE] = "";
		if (model->has_trade || model->has_unrealized)
			words_money(result, true, money);
		if (model->has_r)
			words_number(model->r, 2, true, r);
		int at = canvas_printf(&inside, row, 1, STYLE_PLAIN, "→ operation %lld %s ",
		                       (long long)model->op.id, operation_status_name(model->op.status));
		at += canvas_text(&inside, row, 1 + at, words_style(result), money);
		if (r[0] != 0)
			canvas_printf(&inside, row, 2 + at, words_style(result), "%s R", r);
		row++;
	} else if (report->outcome[0] != 0) {
		/* Why not, in full: the rows below cut it where it is narrow. */
		struct lines why = { .count = 0 };
		lines_add_wrapped(&why, STYLE_PLAIN, report->outcome, inside.cols - 2);
		struct canvas part = canvas_part(&inside, (struct rect){ row, 1, 3, inside.cols - 2 });
		lines_draw(&why, &part, 0);
		row += why.count < 3 ? why.count : 3;
	} else if (report->has_report && report->report.missing != 0) {
		canvas_printf(&inside, row++, 1, STYLE_WARN, "missing: %s", report->report.missing_text);
	} else if (status == INTENT_EXECUTING) {
		canvas_text(&inside, row++, 1, STYLE_WARN, "its entry is under way; C cancels it");
	} else if (status == INTENT_VALIDATED) {
		bool differs = screen->form.live != (report->intent.mode == MODE_LIVE) &&
		               !form_is_empty(&screen->form);
		if (differs)
			canvas_printf(&inside, row++, 1, STYLE_WARN, "for %s; v validates it for %s",
			              words_mode(report->intent.mode),
			              words_mode(screen->form.live ? MODE_LIVE : MODE_DRY_RUN));
		else
			canvas_text(&inside, row++, 1, STYLE_GOOD, "x executes it, after a question");
	}
	struct canvas body = canvas_part(&inside, (struct rect){ row, 0, inside.rows - row, inside.cols });
	table_draw(&screen->checks, &body, focused);
}

static void
add_level(struct chart *chart, struct decimal price, const char *label, unsigned style)
{
	if (!decimal_is_positive(price) || chart->level_count == CHART_LEVELS)
		return;
	chart->levels[chart->level_count++] = (struct chart_level){ price, label, style };
}

static void
draw_candles(const struct screen *screen, const struct canvas *canvas, struct chart *chart)
{
	chart->candles = screen->candles;
	chart->count = screen->candle_count;
	/* Very few candles say more as a line. */
	chart->kind = screen->candle_count >= 8 ? CHART_CANDLES : CHART_LINE;
	chart_draw(chart, canvas);
}

/* Beside the report on wide screens: the selected operation's chart, or the form's. */
void
chart_pane_draw(struct screen *screen, const struct canvas *canvas)
{
	const struct operation_model *model = NULL;
	struct chart chart = { .price_places = 2 };
	char title[96];

	if (screen->focus == PANE_OPERATIONS)
		model = models_operation(screen, models_selected_operation(screen));
	if (model != NULL) {
		text_format(title, sizeof title, "%s · operation %lld", model->op.symbol,
		            (long long)model->op.id);
		chart.price_places = model->price_places;
		add_level(&chart, leg_average(&model->op.entry), "entry", STYLE_LINE_ENTRY);
		add_level(&chart, model->op.stop_price, "stop", STYLE_LINE_STOP);
		if (model->op.has_target)
			add_level(&chart, model->op.target_price, "target", STYLE_LINE_TARGET);
		chart.has_price = model->has_price;
		chart.price = model->price;
	} else {
		const struct form *form = &screen->form;
		text_format(title, sizeof title, "%s", form->fields[FORM_SYMBOL].text);
		if (form->has_price) {
			chart.price_places = form->price.price_places;
			chart.has_price = true;
			chart.price = form->price.quote.bid;
		}
		if (form->has_preview && form_error(form, FORM_STOP) == NULL &&
		    form->fields[FORM_STOP].text[0] != 0)
			add_level(&chart, form->preview.intent.stop_price, "stop", STYLE_LINE_STOP);
		if (form->has_preview && form_error(form, FORM_TARGET) == NULL &&
		    form->fields[FORM_TARGET].text[0] != 0)
			add_level(&chart, form->preview.intent.target_price, "target", STYLE_LINE_TARGET);
		if (form->has_preview && form->fields[FORM_ENTRY].text[0] != 0)
			add_level(&chart, form->preview.intent.entry_price, "entry", STYLE_LINE_ENTRY);
	}
	canvas_frame(canvas, FRAME_ROUND, STYLE_FRAME, title[0] != 0 ? title : "Chart", NULL);
	struct canvas inside = canvas_inside(canvas);
	draw_candles(screen, &inside, &chart);
}

/* ---- portfolio ---- */

static void
figure(struct lines *lines, const char *label, struct decimal amount, bool sign, const char *unit)
{
	char words[WORDS_SIZE];

	words_money(amount, sign, words);
	lines_add(lines, sign ? words_style(amount) : STYLE_PLAIN, "  %-18s %16s %s", label, words, unit);
}

static void
portfolio_lines(const struct portfolio_model *model, struct lines *lines)
{
	lines_add(lines, STYLE_TITLE, "%s", words_mode(model->mode));
	figure(lines, "equity", model->equity, false, model->quote);
	figure(lines, "free", model->free, false, model->quote);
	figure(lines, "locked", model->locked, false, model->quote);
	figure(lines, "exposure", model->exposure, false, model->quote);
	figure(lines, "open risk", model->open_risk, false, model->quote);
	figure(lines, "unrealized P&L", model->unrealized_pnl, true,
	       model->is_unrealized_whole ? "(exit fees estimated)" : "(not all have a price)");
	figure(lines, "realized today", model->realized_day, true, model->quote);
	figure(lines, "realized, month", model->realized_month, true, model->quote);
	figure(lines, "realized, all", model->realized_all, true, model->quote);
	if (model->has_month_base) {
		figure(lines, "month's budget", model->month_budget, false, model->quote);
		figure(lines, "left of it", model->month_left, decimal_is_negative(model->month_left),
		       model->quote);
	} else {
		lines_add(lines, STYLE_DIM, "  %-18s %16s", "month's budget", "set at the first v");
	}
	figure(lines, "drawdown", model->drawdown_percent, false, "%");
	lines_add(lines, STYLE_PLAIN, "  %-18s %16d", "open operations", model->open_count);
}

/* Realized net after each trade, as a line. */
static void
draw_curve(const struct canvas *canvas, const struct decimal *values, size_t count)
{
	struct candle candles[CHART_CANDLES_MAX];
	size_t first = count > CHART_CANDLES_MAX ? count - CHART_CANDLES_MAX : 0;
	struct chart chart = { .kind = CHART_LINE, .candles = candles, .price_places = 2 };

	memset(candles, 0, sizeof candles);
	for (size_t i = first; i < count; i++)
		candles[i - first].open = candles[i - first].high = candles[i - first].low =
			candles[i - first].close = values[i];
	chart.count = count - first;
	chart_draw(&chart, canvas);
}

void
portfolio_draw(const struct screen *screen, const struct canvas *canvas)
{
	int width, shown = 0;

	canvas_frame(canvas, FRAME_ROUND, STYLE_FRAME_FOCUS, "Portfolio", "Esc goes back");
	struct canvas inside = canvas_inside(canvas);
	width = inside.cols >= 116 ? inside.cols / 2 : inside.cols;
	for (int mode = 0; mode < 2; mode++) {
		const struct portfolio_model *model = &screen->figures.mode[mode];
		struct lines lines = { .count = 0 };
		if (!screen->figures.has[mode])
			continue;
		/* LIVE is shown where there is room, or something to show. */
		if (mode == MODE_LIVE && width == inside.cols && model->open_count == 0)
			continue;
		portfolio_lines(model, &lines);
		struct canvas part = canvas_part(&inside, (struct rect){ 0, 1 + shown * width,
		                                 lines.count, width - 2 });
		lines_draw(&lines, &part, 0);
		shown++;
		if (inside.rows - lines.count >= 6 && screen->figures.curve_count[mode] > 1) {
			struct canvas curve = canvas_part(&inside, (struct rect){ lines.count + 1,
				part.col - inside.col + 1, inside.rows - lines.count - 1, width - 4 });
			canvas_text(&inside, lines.count, 1 + (shown - 1) * width, STYLE_DIM,
			            "  realized net, trade by trade");
			draw_curve(&curve, screen->figures.curve[mode], screen->figures.curve_count[mode]);
		}
	}
	if (shown == 0)
		canvas_text(&inside, 0, 1, STYLE_DIM, "no figures yet");
}
