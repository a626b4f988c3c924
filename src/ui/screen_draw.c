/* Purpose: put the panes together.  The whole grid is drawn anew each time, in memory; the terminal
 * sends what differs. */
#include "ui/screen_parts.h"
#include "ui/words.h"

#include <string.h>

static const char *
lower_title(const struct screen *screen)
{
	switch (screen->lower) {
	case LOWER_CLOSED: return "Closed trades";
	case LOWER_INTENTS: return "Intents";
	default: return "Operations";
	}
}

static struct table *
lower_table(struct screen *screen)
{
	switch (screen->lower) {
	case LOWER_CLOSED: return &screen->trades;
	case LOWER_INTENTS: return &screen->intents;
	default: return &screen->operations;
	}
}

static void
draw_list_pane(struct screen *screen, const struct canvas *canvas, const char *name,
               struct table *table, bool focused, const char *footer)
{
	char title[160];

	if (table->filter[0] != 0)
		text_format(title, sizeof title, "%s · %zu of %zu, filter: %s", name, table->shown_count,
		            table->count, table->filter);
	else
		text_format(title, sizeof title, "%s", name);
	if (table == &screen->operations && screen->resting > 0) {
		size_t used = strlen(title);
		text_format(title + used, sizeof title - used, " · %d entr%s under way (3 shows)",
		            screen->resting, screen->resting == 1 ? "y" : "ies");
	}
	canvas_frame(canvas, FRAME_ROUND, focused ? STYLE_FRAME_FOCUS : STYLE_FRAME, title, footer);
	struct canvas inside = canvas_inside(canvas);
	table_draw(table, &inside, focused);
}

static void
draw_main(struct screen *screen, const struct canvas *all)
{
	const struct layout *layout = &screen->layout;
	struct canvas part;

	part = canvas_part(all, layout->form);
	if (part.rows > 0)
		form_draw(&screen->form, &part, screen->focus == PANE_FORM);
	part = canvas_part(all, layout->report);
	if (part.rows > 0)
		report_draw(screen, &part, screen->focus == PANE_REPORT);
	part = canvas_part(all, layout->chart);
	if (part.rows > 0)
		chart_pane_draw(screen, &part);
	part = canvas_part(all, layout->operations);
	draw_list_pane(screen, &part, lower_title(screen), lower_table(screen),
	               screen->focus == PANE_OPERATIONS, "1 active  2 closed  3 intents");
}

/* An id on a line of its own, without frames beside it, for the hand that copies it. */
static void
draw_copy(const struct screen *screen, const struct canvas *canvas)
{
	canvas_text(canvas, 1, 0, STYLE_DIM, screen->copy_what);
	canvas_text(canvas, 2, 0, STYLE_STRONG, screen->copy_id);
	canvas_text(canvas, 4, 0, STYLE_DIM, "Esc goes back");
}

static void
draw_view(struct screen *screen, const struct canvas *all)
{
	struct canvas middle = canvas_part(all, screen->layout.middle);
	char name[120] = "Log, all events", id[WORDS_SIZE];

	switch (screen->view) {
	case VIEW_MAIN: draw_main(screen, all); break;
	case VIEW_DETAILS: details_draw(screen, &middle); break;
	case VIEW_LOG:
		if (!screen->log_all && screen->log_operation != 0) {
			text_format(name, sizeof name, "Log of operation %lld",
			            (long long)screen->log_operation);
		} else if (!screen->log_all && screen->log_intent[0] != 0) {
			words_id(screen->log_intent, id);
			text_format(name, sizeof name, "Log of intent %s", id);
		}
		draw_list_pane(screen, &middle, name, &screen->log, true, "a all or selected  Esc back");
		break;
	case VIEW_STRATEGIES:
		draw_list_pane(screen, &middle, "Strategies", &screen->strategies, true,
		               "Enter uses it in the form  Esc back");
		break;
	case VIEW_PORTFOLIO: portfolio_draw(screen, &middle); break;
	case VIEW_HEALTH:
		draw_list_pane(screen, &middle, "Health", &screen->health, true, "Esc goes back");
		break;
	case VIEW_HELP: help_draw(&middle, screen->help_of, screen->help_scroll); break;
	case VIEW_SETTINGS:
		draw_list_pane(screen, &middle, "Settings", &screen->settings_table, true, "Esc goes back");
		break;
	case VIEW_COPY: draw_copy(screen, &middle); break;
	}
}

/* An order without an answer: since when, what is being asked, what a person may do. */
static void
add_unknown(const struct screen *screen, struct lines *lines, int cols)
{
	const struct desk_status_model *status = &screen->status;
	struct order_model order = { .next_look_ms = status->unknown_next_ms };
	char words[400], text[480];

	order.order.changed_at_ms = status->unknown_since_ms;
	text_copy(order.order.client_order_id, sizeof order.order.client_order_id, status->unknown_id);
	text_copy(order.order.exchange_host, sizeof order.order.exchange_host, status->live.host);
	order_unknown_words(&order, screen->wall_ms, words, sizeof words);
	text_format(text, sizeof text, "An order is %s", words);
	lines_add_wrapped(lines, STYLE_ALARM, text, cols);
}

/* Alarms stand whatever else is said, the most urgent first; they take their lines above. */
static int
add_alarm(const struct screen *screen, struct lines *lines, int cols)
{
	enum { ALARM_LINES = 5 };
	const struct desk_status_model *status = &screen->status;

	if (status->alarm[0] != 0)
		lines_add_wrapped(lines, STYLE_ALARM, status->alarm, cols);
	if (status->unknown_count > 0 && lines->count < ALARM_LINES)
		add_unknown(screen, lines, cols);
	if (status->binding[0] != 0 && lines->count < ALARM_LINES)
		lines_add_wrapped(lines, STYLE_ALARM, status->binding, cols);
	if (status->blocker_count > 0 && lines->count < ALARM_LINES)
		lines_add_wrapped(lines, STYLE_ALARM, status->blocker, cols);
	if (lines->count == 0 && status->trouble[0] != 0)
		lines_add_wrapped(lines, STYLE_ALARM, status->trouble, cols);
	if (lines->count == 0 && status->has_live && status->live.trouble[0] != 0)
		lines_add_wrapped(lines, STYLE_ALARM, status->live.trouble, cols);
	if (lines->count == 0 && status->feed.is_ended && status->active_count > 0)
		lines_add_wrapped(lines, STYLE_ALARM, "The tape has ended: no price comes any more, and no stop "
		                  "can fire", cols);
	if (lines->count > ALARM_LINES)
		lines->count = ALARM_LINES;
	return lines->count;
}

/* What there is to say in words, the most urgent first; false: nothing but the news. */
static bool
add_words(struct screen *screen, struct lines *lines, int cols)
{
	const struct table *list = screen_list(screen);
	const struct table_row *row = list != NULL ? table_selected(list) : NULL;
	char trouble[240];

	if (screen->now_us < screen->message_until_us) {
		lines_add_wrapped(lines, screen->message_style, screen->message, cols);
		return true;
	}
	/* What a narrow pane had to cut is said in full. */
	if (screen->view == VIEW_MAIN && screen->focus == PANE_FORM &&
	    form_trouble(&screen->form, trouble, sizeof trouble) &&
	    canvas_width(trouble) > screen->layout.form.cols - 3) {
		lines_add_wrapped(lines, STYLE_BAD, trouble, cols);
		return true;
	}
	if (row != NULL && list->is_selection_cut) {
		lines_add_wrapped(lines, row->wide_style, row->wide, cols);
		return true;
	}
	return false;
}

static void
draw_news(const struct screen *screen, const struct canvas *canvas)
{
	int width = canvas_width(screen->news[0]), most = canvas->cols - 2, col = 1;

	canvas_column(canvas, 0, col, width < most ? width : most, ALIGN_LEFT, STYLE_PLAIN,
	              screen->news[0]);
	col += width + 3;
	if (screen->news[1][0] != 0 && col + 20 < canvas->cols)
		canvas_column(canvas, 0, col, canvas->cols - col - 1, ALIGN_LEFT, STYLE_DIM,
		              screen->news[1]);
}

/* In the line, or, where that is too short for it, in as many above it as it takes. */
static void
draw_message(struct screen *screen, const struct canvas *all, const struct canvas *canvas)
{
	struct lines lines = { .count = 0 };
	bool prompts = screen->prompt.kind != PROMPT_NONE;
	int alarms = add_alarm(screen, &lines, canvas->cols - 3), col = 1;

	if (!prompts)
		add_words(screen, &lines, canvas->cols - 3);
	if (lines.count > 7)
		lines.count = 7;
	int below = prompts || (lines.count == alarms && screen->news[0][0] != 0) ? 1 : 0;
	int rows = lines.count + below > canvas->row ? canvas->row : lines.count + below;
	if (rows > 1) {
		struct canvas box = canvas_part(all, (struct rect){ canvas->row - rows + 1, 0, rows,
		                                all->cols });
		canvas_blank(&box);
	}
	if (lines.count > 0 && rows > below) {
		struct canvas body = canvas_part(all, (struct rect){ canvas->row - rows + 1, 1, rows - below,
		                                 all->cols - 2 });
		lines_draw(&lines, &body, 0);
	}
	if (prompts) {
		col += canvas_text(canvas, 0, col, STYLE_KEY, screen->prompt.label);
		field_draw(&screen->prompt.field, canvas, 0, col, canvas->cols - col - 1, true,
		           screen->prompt.candidates);
	} else if (below) {
		draw_news(screen, canvas);
	}
}

/* Too small for panes: what matters most, and the size that is needed. */
static void
draw_small(struct screen *screen, const struct canvas *all)
{
	char text[120];
	int row = 0;

	status_line_draw(screen, all);
	text_format(text, sizeof text, "%dx%d is needed, this is %dx%d", LAYOUT_MIN_COLS,
	            LAYOUT_MIN_ROWS, all->cols, all->rows);
	canvas_column(all, ++row, 0, all->cols, ALIGN_LEFT, STYLE_WARN, text);
	canvas_column(all, ++row, 0, all->cols, ALIGN_LEFT, STYLE_PLAIN,
	              screen->status.holder.is_me ? "The stops go on." : "");
	for (size_t i = 0; i < screen->active.count && row + 1 < all->rows; i++) {
		const struct operation_model *model = &screen->active.rows[i];
		char price[WORDS_SIZE] = "no price", result[WORDS_SIZE] = "";
		if (model->has_price)
			words_price(model->price, model->price_places, price);
		if (model->has_unrealized)
			words_money(model->unrealized, true, result);
		text_format(text, sizeof text, "%lld %s %s %s", (long long)model->op.id, model->op.symbol,
		            result, price);
		canvas_column(all, ++row, 0, all->cols, ALIGN_LEFT, words_style(model->unrealized), text);
	}
}

void
screen_draw(struct screen *screen)
{
	int rows, cols;

	terminal_size(screen->terminal, &rows, &cols);
	if ((rows != screen->grid.rows || cols != screen->grid.cols) &&
	    grid_resize(&screen->grid, rows, cols) != STATUS_OK)
		return;
	grid_clear(&screen->grid);
	layout_compute(&screen->layout, rows, cols, screen->focus);
	struct canvas all = canvas_whole(&screen->grid);
	if (screen->layout.too_small) {
		draw_small(screen, &all);
	} else {
		struct canvas line = canvas_part(&all, screen->layout.status);
		status_line_draw(screen, &line);
		draw_view(screen, &all);
		line = canvas_part(&all, screen->layout.message);
		draw_message(screen, &all, &line);
		line = canvas_part(&all, screen->layout.keys);
		key_line_draw(screen_context(screen), &line);
	}
	if (screen->question != QUESTION_NONE) {
		screen->grid.cursor_row = screen->grid.cursor_col = -1;
		dialog_draw(&screen->dialog, &all, screen->now_us);
	}
}
