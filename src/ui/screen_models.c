/* Purpose: what the desk knows, fetched for the screen: the cheap part whenever something may have
 * changed (ten times a second at most), the part that reads lists twice a second at most.  A book
 * that is busy this moment leaves the old figures standing until the next time. */
#include "ui/screen_parts.h"
#include "ui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_LIMIT = 300, LOG_LIMIT = 400, BELL_STALE_MS = 20000, BELL_EVERY_US = 20000000,
       HEALTH_US = 60000000 };

const struct operation_model *
models_operation(const struct screen *screen, int64_t id)
{
	for (size_t i = 0; i < screen->active.count; i++)
		if (screen->active.rows[i].op.id == id)
			return &screen->active.rows[i];
	if (screen->details.has_operation && screen->details.operation.op.id == id)
		return &screen->details.operation;
	return NULL;
}

int64_t
models_selected_operation(const struct screen *screen)
{
	const struct table_row *row = NULL;

	if (screen->view == VIEW_DETAILS)
		return screen->details.id;
	if (screen->lower == LOWER_ACTIVE)
		row = table_selected(&screen->operations);
	else if (screen->lower == LOWER_CLOSED)
		row = table_selected(&screen->trades);
	return row != NULL ? strtoll(row->key, NULL, 10) : 0;
}

/* ---- the form ---- */

/* While the form names no symbol the status line shows this one, so that a person sees prices move:
 * the last that was planned, else a tape's first.  Of an exchange's thousands none is chosen. */
static void
find_home(struct screen *screen)
{
	struct intent_filter newest = { .limit = 1 };
	struct intent_list list;
	struct error err = { 0 };
	char name[1][SYMBOL_SIZE];

	screen->is_home_known = true;
	if (desk_intents(screen->desk, &newest, &list, &err) == STATUS_OK && list.count > 0)
		text_copy(screen->home, sizeof screen->home, list.rows[0].symbol);
	else if (screen->status.feed.is_replay && desk_complete(screen->desk, "", name, 1) > 0)
		text_copy(screen->home, sizeof screen->home, name[0]);
	intent_list_done(&list);
}

void
models_watch(struct screen *screen)
{
	const char *symbol = screen->form.fields[FORM_SYMBOL].text;
	struct error err;

	if (!screen->is_home_known)
		find_home(screen);
	if (symbol[0] == 0)
		symbol = screen->home;
	if (strcmp(symbol, screen->watched) == 0)
		return;
	error_clear(&err);
	if (screen->watched[0] != 0)
		desk_unwatch(screen->desk, screen->watched);
	screen->watched[0] = 0;
	screen->form.has_price = false;
	if (symbol[0] == 0)
		return;
	if (desk_watch(screen->desk, symbol, &err) == STATUS_OK)
		text_copy(screen->watched, sizeof screen->watched, symbol);
	screen->preview_due = true;
}

/* The rest of the first symbol that starts as the field does. */
static void
complete_symbol(struct screen *screen)
{
	struct form *form = &screen->form;
	char names[4][SYMBOL_SIZE];
	const char *typed = form->fields[FORM_SYMBOL].text;
	size_t len = strlen(typed);

	form->ghost[0] = 0;
	if (form->at != FORM_SYMBOL || !form->editing || len == 0)
		return;
	if (desk_complete(screen->desk, typed, names, ARRAY_LEN(names)) > 0 &&
	    text_has_prefix(names[0], typed))
		text_copy(form->ghost, sizeof form->ghost, names[0] + len);
	/* A whole name is watched at once, so that its price is there for the next field. */
	if (form->ghost[0] == 0 && len >= 5)
		models_watch(screen);
}

/* What became of the form's content: from then on its figures are those of the plan, and do not
 * follow a balance that the trade itself has changed. */
static void
note_done(struct screen *screen)
{
	struct form *form = &screen->form;
	bool waits = screen->wish_count > 0 || screen->action.kind != ACTION_NONE;

	if (form->intent_id[0] == 0 || !screen->has_report ||
	    !text_equal(form->intent_id, screen->report.intent.id)) {
		form->done[0] = 0;
		return;
	}
	enum intent_status status = screen->report.intent.status;
	if (status != INTENT_PENDING && status != INTENT_VALIDATED)
		text_copy(form->done, sizeof form->done, intent_status_name(status));
	else if (!waits)
		form->done[0] = 0;
}

void
models_preview(struct screen *screen)
{
	struct form *form = &screen->form;
	struct plan_input input;

	screen->preview_due = false;
	complete_symbol(screen);
	form->has_price = screen->watched[0] != 0 &&
	                  desk_price(screen->desk, screen->watched, &form->price);
	note_done(screen);
	if (form->done[0] != 0 && form->has_preview)
		return;
	form->has_preview = !form_is_empty(form) || form->attempted;
	if (!form->has_preview)
		return;
	form_input(form, &input);
	desk_preview(screen->desk, &input, &form->preview);
}

/* ---- lists ---- */

static void
refresh_active(struct screen *screen)
{
	struct operation_filter filter = { .has_status = true, .status = OPERATION_ACTIVE,
	                                   .limit = LIST_LIMIT };
	struct operation_list list = { 0 };
	struct error err;

	error_clear(&err);
	if (desk_operations(screen->desk, &filter, &list, &err) != STATUS_OK)
		return;
	operation_list_done(&screen->active);
	screen->active = list;
	operations_view(&screen->operations, &screen->active, desk_now_ms(screen->desk));
}

static void
refresh_resting(struct screen *screen)
{
	struct intent_filter filter = { .has_status = true, .status = INTENT_EXECUTING,
	                                .limit = LIST_LIMIT };
	struct intent_list list = { 0 };
	struct error err;

	error_clear(&err);
	if (desk_intents(screen->desk, &filter, &list, &err) != STATUS_OK)
		return;
	screen->resting = (int)list.count;
	intent_list_done(&list);
}

static void
refresh_trades(struct screen *screen)
{
	struct trade_filter filter = { .limit = LIST_LIMIT, .newest_first = true };
	struct trade_list list = { 0 };
	struct error err;

	error_clear(&err);
	if (desk_trades(screen->desk, &filter, &list, &err) != STATUS_OK)
		return;
	trades_view(&screen->trades, &list, desk_now_ms(screen->desk));
	trade_list_done(&list);
}

static void
refresh_intents(struct screen *screen)
{
	struct intent_filter filter = { .limit = LIST_LIMIT };
	struct intent_list list = { 0 };
	struct error err;

	error_clear(&err);
	if (desk_intents(screen->desk, &filter, &list, &err) != STATUS_OK)
		return;
	intents_view(&screen->intents, &list, desk_now_ms(screen->desk));
	intent_list_done(&list);
}

static void
refresh_log(struct screen *screen)
{
	struct event_filter filter = { .limit = LOG_LIMIT, .newest_first = true };
	struct event_list list = { 0 };
	struct error err;

	if (!screen->log_all && screen->log_operation != 0)
		filter.operation = screen->log_operation;
	else if (!screen->log_all && screen->log_intent[0] != 0)
		filter.intent = screen->log_intent;
	error_clear(&err);
	if (desk_events(screen->desk, &filter, &list, &err) != STATUS_OK)
		return;
	log_view(&screen->log, &list, desk_now_ms(screen->desk));
	event_list_done(&list);
}

/* A position that ended without a hand is said aloud; one that a person left, they know of. */
static void
say_closing(struct screen *screen, const struct event *event)
{
	if (!text_equal(event->kind, "operation.closed") ||
	    strstr(event->summary, exit_reason_name(EXIT_MANUAL)) != NULL)
		return;
	screen_say(screen, STYLE_WARN, "%s. 2 shows it", event->summary);
	screen->message_sticks = true;
	if (screen->settings == NULL || screen->settings->notify.bell)
		terminal_bell(screen->terminal);
}

/* The newest events; also how the screen knows that the book has changed and not only a price.
 * True if it has, or can't be known. */
static bool
refresh_news(struct screen *screen)
{
	struct event_filter filter = { .limit = 12, .newest_first = true };
	struct event_list list = { 0 };
	struct error err;
	char when[WORDS_SIZE];
	int64_t seq;

	error_clear(&err);
	if (desk_events(screen->desk, &filter, &list, &err) != STATUS_OK)
		return true;
	seq = list.count > 0 ? list.rows[0].seq : 0;
	for (size_t i = 0; i < ARRAY_LEN(screen->news); i++) {
		screen->news[i][0] = 0;
		if (i >= list.count)
			continue;
		words_when(list.rows[i].at_ms, desk_now_ms(screen->desk), when);
		text_format(screen->news[i], sizeof screen->news[i], "%s %.180s", when,
		            list.rows[i].summary[0] != 0 ? list.rows[i].summary : list.rows[i].kind);
	}
	for (size_t i = list.count; i-- > 0; )
		if (screen->seen_seq > 0 && list.rows[i].seq > screen->seen_seq)
			say_closing(screen, &list.rows[i]);
	event_list_done(&list);
	bool changed = seq != screen->seen_seq;
	screen->seen_seq = seq;
	return changed;
}

static void
refresh_strategies(struct screen *screen)
{
	struct strategy_list list = { 0 };
	struct error err;
	int count = 0;

	error_clear(&err);
	if (desk_strategies(screen->desk, &list, &err) != STATUS_OK)
		return;
	strategies_view(&screen->strategies, &list);
	for (size_t i = 0; i < list.count && count < FORM_STRATEGIES; i++)
		if (list.rows[i].is_active)
			text_copy(screen->form.strategies[count++], STRATEGY_NAME_SIZE, list.rows[i].name);
	screen->form.strategy_count = count;
	strategy_list_done(&list);
}

static void
refresh_health(struct screen *screen)
{
	static const struct health_model none;
	struct health_model *model = malloc(sizeof *model);
	struct error err;

	if (model == NULL)
		return;
	error_clear(&err);
	*model = none;
	if (desk_health(screen->desk, model, &err) == STATUS_OK)
		health_view(&screen->health, model, &screen->status);
	free(model);
}

/* ---- one intent, one operation ---- */

static void
refresh_report(struct screen *screen)
{
	struct intent_model model;
	struct error err;

	if (screen->report_id[0] == 0)
		return;
	error_clear(&err);
	memset(&model, 0, sizeof model);
	if (desk_intent(screen->desk, screen->report_id, &model, &err) != STATUS_OK)
		return;
	if (screen->has_report)
		intent_model_done(&screen->report);
	screen->report = model;
	screen->has_report = true;
	checks_view(&screen->checks, &screen->report.report);
}

static void
refresh_details(struct screen *screen, bool slow)
{
	struct details *details = &screen->details;
	struct operation_model operation;
	struct intent_model intent;
	struct event_filter filter = { .operation = details->id, .limit = 100 };
	struct event_list events = { 0 };
	struct error err;

	error_clear(&err);
	if (desk_operation(screen->desk, details->id, &operation, &err) != STATUS_OK)
		return;
	details->operation = operation;
	details->has_operation = true;
	if (!slow)
		return;
	memset(&intent, 0, sizeof intent);
	if (operation.op.intent_id[0] != 0 &&
	    desk_intent(screen->desk, operation.op.intent_id, &intent, &err) == STATUS_OK) {
		if (details->has_intent)
			intent_model_done(&details->intent);
		details->intent = intent;
		details->has_intent = true;
		/* The intent's story holds the operation's, and begins earlier. */
		filter.intent = operation.op.intent_id;
		filter.operation = 0;
	}
	if (desk_events(screen->desk, &filter, &events, &err) == STATUS_OK) {
		event_list_done(&details->events);
		details->events = events;
	}
}

static void
refresh_candles(struct screen *screen)
{
	const struct operation_model *model = NULL;
	const char *symbol = screen->form.fields[FORM_SYMBOL].text;

	if (screen->view == VIEW_DETAILS && screen->details.has_operation)
		symbol = screen->details.operation.op.symbol;
	else if (screen->focus == PANE_OPERATIONS &&
	         (model = models_operation(screen, models_selected_operation(screen))) != NULL)
		symbol = model->op.symbol;
	screen->candle_count = symbol[0] == 0 ? 0
	                     : desk_candles(screen->desk, symbol, screen->candles, CHART_CANDLES_MAX);
}

/* Realized net after each of the newest trades; it ends at the sum of all. */
static void
refresh_curves(struct screen *screen)
{
	struct trade_filter filter = { .limit = CHART_CANDLES_MAX - 1, .newest_first = true };
	struct trade_list list = { 0 };
	struct error err;

	error_clear(&err);
	if (desk_trades(screen->desk, &filter, &list, &err) != STATUS_OK)
		return;
	for (int mode = 0; mode < 2; mode++) {
		struct decimal *curve = calloc(list.count + 1, sizeof *curve);
		struct decimal sum = screen->figures.mode[mode].realized_all;
		size_t at = list.count;
		if (curve == NULL)
			break;
		curve[at] = sum;                      /* filled from its end backwards */
		for (size_t i = 0; i < list.count; i++)
			if ((int)list.rows[i].mode == mode &&
			    decimal_sub(sum, list.rows[i].net_pnl, &sum) == STATUS_OK)
				curve[--at] = sum;
		free(screen->figures.curve[mode]);
		memmove(curve, curve + at, (list.count + 1 - at) * sizeof *curve);
		screen->figures.curve[mode] = curve;
		screen->figures.curve_count[mode] = list.count + 1 - at;
	}
	trade_list_done(&list);
}

static void
refresh_figures(struct screen *screen, bool changed)
{
	struct error err;

	error_clear(&err);
	for (int mode = 0; mode < 2; mode++)
		screen->figures.has[mode] = desk_portfolio(screen->desk, (enum mode)mode,
			&screen->figures.mode[mode], &err) == STATUS_OK;
	if (changed)
		refresh_curves(screen);
}

/* ---- all of it ---- */

/* Bell from 20 s of stale prices on while something is open, and when something becomes NAKED. */
static void
ring(struct screen *screen)
{
	const struct desk_status_model *status = &screen->status;
	bool stale = status->active_count > 0 && status->stale_age_ms >= BELL_STALE_MS;
	bool naked = status->naked_count > screen->seen_naked;

	screen->seen_naked = status->naked_count;
	if (screen->settings != NULL && !screen->settings->notify.bell)
		return;
	if ((stale && screen->now_us >= screen->bell_at_us) || naked) {
		terminal_bell(screen->terminal);
		screen->bell_at_us = screen->now_us + BELL_EVERY_US;
	}
}

/* Lists that only the book changes. */
static void
refresh_lists(struct screen *screen)
{
	refresh_resting(screen);
	refresh_strategies(screen);
	if (screen->lower == LOWER_CLOSED)
		refresh_trades(screen);
	if (screen->lower == LOWER_INTENTS)
		refresh_intents(screen);
	if (screen->view == VIEW_LOG)
		refresh_log(screen);
	if (screen->view == VIEW_SETTINGS)
		settings_view(&screen->settings_table, screen->settings);
}

void
models_refresh(struct screen *screen, bool slow, bool force)
{
	bool changed;

	screen->wall_ms = desk_now_ms(screen->desk);
	desk_status(screen->desk, &screen->status);
	screen->status.is_scratch = screen->status.is_scratch || screen->is_scratch;
	screen->has_status = true;
	ring(screen);
	screen->dirty = true;
	if (screen->frozen)
		return;
	refresh_active(screen);
	if (screen->view == VIEW_DETAILS)
		refresh_details(screen, slow);
	screen->preview_due = true;
	if (!slow)
		return;
	changed = refresh_news(screen) || force;
	if (changed)
		refresh_lists(screen);
	refresh_report(screen);
	if (screen->view == VIEW_HEALTH && (force || screen->now_us >= screen->health_at_us)) {
		screen->health_at_us = screen->now_us + HEALTH_US;
		refresh_health(screen);
	}
	if (screen->view == VIEW_PORTFOLIO)
		refresh_figures(screen, changed);
	if (screen->view == VIEW_DETAILS || screen->layout.chart.rows > 0)
		refresh_candles(screen);
}

void
models_done(struct screen *screen)
{
	struct table *const tables[] = { &screen->checks, &screen->operations, &screen->trades,
		&screen->intents, &screen->log, &screen->strategies, &screen->health,
		&screen->settings_table };

	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		table_done(tables[i]);
	operation_list_done(&screen->active);
	if (screen->has_report)
		intent_model_done(&screen->report);
	if (screen->details.has_intent)
		intent_model_done(&screen->details.intent);
	event_list_done(&screen->details.events);
	free(screen->figures.curve[0]);
	free(screen->figures.curve[1]);
}
