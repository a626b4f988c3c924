/* Purpose: the screen's life: opening, keys on their way to what they mean, and its part in the
 * loop.  Keys are taken in dispatch, painting is done in tick, after everything else. */
#include "ui/screen_parts.h"
#include "ui/tty.h"
#include "base/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REFRESH_US = 100000, SLOW_US = 500000, MESSAGE_US = 15000000, SECOND_US = 1000000,
       VIEWER_US = 1000000 };

/* ---- saying ---- */

void
screen_say(struct screen *screen, unsigned style, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(screen->message, sizeof screen->message, format, args);
	va_end(args);
	screen->message_style = style;
	screen->message_sticks = false;
	screen->message_until_us = screen->now_us + MESSAGE_US;
	screen->dirty = true;
}

void
screen_say_error(struct screen *screen, const struct error *err)
{
	screen_say(screen, STYLE_BAD, "%s%s%s%s%s", err->field, err->field[0] != 0 ? ": " : "",
	           err->message, err->hint[0] != 0 ? "; " : "", err->hint);
}

/* What happened since a person last decided something: operations closed while nobody looked. */
static bool
say_meanwhile(struct screen *screen)
{
	struct event_filter filter = { .limit = 60, .newest_first = true };
	struct event_list list = { 0 };
	struct error err;
	char told[300] = "";
	int closed = 0;

	error_clear(&err);
	if (desk_events(screen->desk, &filter, &list, &err) != STATUS_OK)
		return false;
	for (size_t i = 0; i < list.count; i++) {
		const struct event *event = &list.rows[i];
		if (text_has_prefix(event->kind, "intent."))
			break;                            /* a person was there */
		if (!text_equal(event->kind, "operation.closed") ||
		    strstr(event->summary, exit_reason_name(EXIT_MANUAL)) != NULL)
			continue;
		if (closed++ == 0)
			text_copy(told, sizeof told, event->summary);
	}
	event_list_done(&list);
	if (closed == 1)
		screen_say(screen, STYLE_WARN, "Meanwhile: %s", told);
	else if (closed > 1)
		screen_say(screen, STYLE_WARN, "Meanwhile %d operations were closed, at last: %s. "
		           "2 shows them, l tells how", closed, told);
	return closed > 0;
}

/* What a stranger must know before the first key. */
static void
say_welcome(struct screen *screen)
{
	const struct desk_status_model *status = &screen->status;
	char text[300] = "";

	if (say_meanwhile(screen))
		return;
	if (status->feed.is_replay)
		text_format(text, sizeof text, "Prices: %s%s. ", status->feed.label,
		            status->feed.is_synthetic ? ", of no real market" : "");
	if (status->is_scratch)
		text_format(text + strlen(text), sizeof text - strlen(text),
		            "Book: a scratch database, for trying out. ");
	if (text[0] != 0)
		screen_say(screen, STYLE_WARN, "%sn starts, ? helps", text);
	else
		screen->viewer_due_us = screen->now_us + VIEWER_US;
}

/* Once a headless holder has had time to give way, so that it is not said in vain. */
static void
say_viewer(struct screen *screen)
{
	const struct holder_model *holder = &screen->status.holder;

	screen->viewer_due_us = 0;
	if (holder->is_held && !holder->is_me && screen->message_until_us <= screen->now_us)
		screen_say(screen, STYLE_WARN, "%s %lld watches; this screen looks on, its wishes go there",
		           holder->kind, (long long)holder->pid);
}

/* ---- where we are ---- */

void
screen_go(struct screen *screen, enum view view)
{
	if (screen->view == view)
		return;
	if (screen->back_count < (int)ARRAY_LEN(screen->back))
		screen->back[screen->back_count++] = screen->view;
	screen->view = view;
	screen->models_due = screen->slow_due = screen->dirty = true;
}

void
screen_back(struct screen *screen)
{
	struct table *list = screen_list(screen);

	screen->dirty = true;
	if (screen->message_until_us > screen->now_us && screen->view == VIEW_MAIN)
		screen->message_until_us = 0;
	if (list != NULL && list->filter[0] != 0) {
		table_set_filter(list, "");
	} else if (screen->back_count > 0) {
		screen->view = screen->back[--screen->back_count];
		screen->models_due = screen->slow_due = true;
	} else if (screen->lower != LOWER_ACTIVE) {
		screen->lower = LOWER_ACTIVE;
	}
}

enum context
screen_context(const struct screen *screen)
{
	if (screen->prompt.kind != PROMPT_NONE)
		return CONTEXT_PROMPT;
	switch (screen->view) {
	case VIEW_DETAILS: return CONTEXT_DETAILS;
	case VIEW_LOG: return CONTEXT_LOG;
	case VIEW_STRATEGIES: return CONTEXT_STRATEGIES;
	case VIEW_SETTINGS: return CONTEXT_SETTINGS;
	case VIEW_MAIN: break;
	default: return CONTEXT_VIEW;
	}
	switch (screen->focus) {
	case PANE_FORM: return screen->form.editing ? CONTEXT_FIELD : CONTEXT_FORM;
	case PANE_REPORT: return CONTEXT_REPORT;
	case PANE_OPERATIONS: break;
	}
	return screen->lower == LOWER_CLOSED ? CONTEXT_TRADES
	     : screen->lower == LOWER_INTENTS ? CONTEXT_INTENTS : CONTEXT_OPERATIONS;
}

struct table *
screen_list(struct screen *screen)
{
	switch (screen->view) {
	case VIEW_LOG: return &screen->log;
	case VIEW_STRATEGIES: return &screen->strategies;
	case VIEW_HEALTH: return &screen->health;
	case VIEW_SETTINGS: return &screen->settings_table;
	case VIEW_MAIN: break;
	default: return NULL;
	}
	if (screen->focus == PANE_REPORT)
		return &screen->checks;
	if (screen->focus != PANE_OPERATIONS)
		return NULL;
	return screen->lower == LOWER_CLOSED ? &screen->trades
	     : screen->lower == LOWER_INTENTS ? &screen->intents : &screen->operations;
}

/* ---- keys ---- */

static void
form_typed(struct screen *screen, const struct ui_key *key)
{
	const struct symbol_rules *rules = screen->watched[0] != 0
		? desk_rules(screen->desk, screen->watched) : NULL;
	enum command command = keys_command(CONTEXT_FIELD, key);

	if (command == COMMAND_CLEAR || command == COMMAND_HELP || command == COMMAND_REPAINT ||
	    command == COMMAND_SUSPEND) {
		screen_general_command(screen, command);
		return;
	}
	/* What was said before gives its place to what is wrong with what is typed now. */
	if (!screen->message_sticks && (screen->message_style != STYLE_BAD ||
	    screen->now_us > screen->message_until_us - MESSAGE_US + SECOND_US))
		screen->message_until_us = 0;
	switch (form_key(&screen->form, key, rules != NULL ? rules->tick : DECIMAL_ZERO)) {
	case FORM_SYMBOL_DONE: models_watch(screen); screen->preview_due = true; break;
	case FORM_CHANGED: screen->preview_due = true; break;
	default: break;
	}
}

static bool
in_rect(const struct rect *rect, const struct ui_key *key)
{
	return key->row >= rect->row && key->row < rect->row + rect->rows && key->col >= rect->col &&
	       key->col < rect->col + rect->cols;
}

static void
mouse(struct screen *screen, const struct ui_key *key)
{
	const struct layout *layout = &screen->layout;
	struct table *list;

	if (key->code != UI_MOUSE_CLICK) {
		enum command command = key->code == UI_MOUSE_WHEEL_UP ? COMMAND_UP : COMMAND_DOWN;
		if (screen->view != VIEW_MAIN || screen->focus != PANE_FORM)
			screen_command(screen, command);
		return;
	}
	if (screen->view == VIEW_MAIN) {
		if (in_rect(&layout->form, key)) {
			int field = form_field_at(&screen->form, key->row - layout->form.row - 1,
			                          layout->form.rows - 2);
			screen->focus = PANE_FORM;
			if (field >= 0 && form_go(&screen->form, (enum form_field)field, true) ==
			    FORM_SYMBOL_DONE)
				models_watch(screen);
		} else if (in_rect(&layout->report, key)) {
			screen->focus = PANE_REPORT;
		} else if (in_rect(&layout->operations, key)) {
			screen->focus = PANE_OPERATIONS;
			table_click(screen_list(screen), key->row - layout->operations.row - 1);
		}
	} else if ((list = screen_list(screen)) != NULL && in_rect(&layout->middle, key)) {
		table_click(list, key->row - layout->middle.row - 1);
	}
}

static void
take_key(struct screen *screen, const struct ui_key *key)
{
	screen->dirty = true;
	if (key->kind == UI_RESIZE || key->kind == UI_LOST)
		return;
	if (screen->question != QUESTION_NONE) {
		enum dialog_answer answer = dialog_key(&screen->dialog, key);
		if (answer != DIALOG_OPEN)
			actions_answer(screen, answer);
		return;
	}
	if (screen->prompt.kind != PROMPT_NONE) {
		prompt_key(screen, key);
		return;
	}
	if (key->kind == UI_MOUSE) {
		mouse(screen, key);
		return;
	}
	enum context context = screen_context(screen);
	if (context == CONTEXT_FIELD) {
		form_typed(screen, key);
		return;
	}
	enum command command = keys_command(context, key);
	if (command != COMMAND_NONE)
		screen_command(screen, command);
	else if (key->kind == UI_TEXT && key->pasted)
		screen_say(screen, STYLE_WARN, "a paste goes into a field: open one first");
	else if (key->kind == UI_TEXT && key->codepoint > ' ' && key->codepoint < 0x7f)
		screen_say(screen, STYLE_PLAIN, "%c does nothing here; ? shows the keys", (int)key->codepoint);
}

/* ---- the loop's side ---- */

static int64_t
min_time(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void
source_prepare(void *self, struct wait *wait, int64_t now_mono_us)
{
	struct screen *screen = self;
	struct wait_source source = terminal_source(screen->terminal);
	int64_t next = INT64_MAX;

	source.prepare(source.self, wait, now_mono_us);
	if (screen->action.kind != ACTION_NONE)
		next = min_time(next, screen->action.next_us);
	if (screen->wish_count > 0)
		next = min_time(next, screen->refreshed_us + REFRESH_US);
	if (terminal_state(screen->terminal) == TERMINAL_OPEN) {
		if (screen->question != QUESTION_NONE)
			next = min_time(next, dialog_deadline(&screen->dialog));
		if (desk_revision(screen->desk) != screen->seen_revision)
			next = min_time(next, screen->refreshed_us + REFRESH_US);
		next = min_time(next, (now_mono_us / SECOND_US + 1) * SECOND_US);     /* the clock */
	}
	if (next != INT64_MAX)
		wait_until(wait, next);
}

static void
source_dispatch(void *self, const struct wait *wait, int64_t now_mono_us)
{
	struct screen *screen = self;
	struct wait_source source = terminal_source(screen->terminal);
	struct ui_key key;

	screen->now_us = now_mono_us;
	source.dispatch(source.self, wait, now_mono_us);
	while (terminal_next_key(screen->terminal, &key))
		take_key(screen, &key);
	actions_run(screen);
	if (screen->question != QUESTION_NONE &&
	    dialog_tick(&screen->dialog, now_mono_us) != DIALOG_OPEN)
		actions_answer(screen, screen->dialog.answer);
}

static void
refresh_if_due(struct screen *screen)
{
	uint64_t revision = desk_revision(screen->desk);
	int64_t now = screen->now_us;
	bool new_second = now / SECOND_US != screen->painted_second;
	bool force = screen->slow_due;            /* a person did something: look at everything */

	if (revision != screen->seen_revision || new_second || screen->wish_count > 0) {
		if (now >= screen->refreshed_us + REFRESH_US)
			screen->models_due = true;
		if (now >= screen->slow_refreshed_us + SLOW_US)
			screen->slow_due = screen->models_due = true;
	}
	if (!screen->models_due)
		return;
	screen->seen_revision = revision;
	screen->painted_second = now / SECOND_US;
	screen->refreshed_us = now;
	actions_wishes(screen);                   /* one that has come true makes all the rest due */
	if (screen->slow_due)
		screen->slow_refreshed_us = now;
	bool slow = screen->slow_due;
	screen->models_due = screen->slow_due = false;
	models_refresh(screen, slow, force);
	if (screen->viewer_due_us != 0 && now >= screen->viewer_due_us)
		say_viewer(screen);
	actions_question(screen);
	if (screen->welcome_due) {
		models_watch(screen);
		say_welcome(screen);
	}
	screen->welcome_due = false;
}

static void
tick(void *self, int64_t now_mono_us)
{
	struct screen *screen = self;

	screen->now_us = now_mono_us;
	if (terminal_state(screen->terminal) != TERMINAL_OPEN)
		return;
	refresh_if_due(screen);
	if (screen->preview_due) {
		models_preview(screen);
		screen->dirty = true;
	}
	if (!screen->dirty || !terminal_can_paint(screen->terminal))
		return;
	screen_draw(screen);
	if (terminal_paint(screen->terminal, &screen->grid))
		screen->dirty = false;
}

static void
on_resized(void *self)
{
	struct screen *screen = self;

	terminal_resized(screen->terminal, clock_mono_us());
	screen->dirty = screen->slow_due = screen->models_due = true;
}

static bool
does_want_quit(void *self)
{
	return ((struct screen *)self)->wants_quit;
}

static bool
does_want_headless(void *self)
{
	return ((struct screen *)self)->wants_headless;
}

static bool
has_lost(void *self)
{
	return terminal_state(((struct screen *)self)->terminal) == TERMINAL_LOST;
}

static void
let_go(void *self)
{
	struct screen *screen = self;

	/* Chosen by a person: the shell gets its terminal back as it was.  Else there is none. */
	if (screen->wants_headless)
		terminal_suspend(screen->terminal);
	terminal_lose(screen->terminal, clock_mono_us());
}

static void
on_suspend(void *self)
{
	terminal_suspend(((struct screen *)self)->terminal);
}

static void
on_resume(void *self)
{
	struct screen *screen = self;

	terminal_resume(screen->terminal, clock_mono_us());
	screen->dirty = screen->models_due = screen->slow_due = true;
}

static void
on_refuse_suspend(void *self, const char *why)
{
	((struct screen *)self)->wants_headless = false;
	screen_say(self, STYLE_BAD, "%s", why);
}

struct session_screen
screen_for_session(struct screen *screen)
{
	return (struct session_screen){
		.self = screen,
		.source = { source_prepare, source_dispatch, screen },
		.tick = tick, .resized = on_resized, .wants_quit = does_want_quit,
		.wants_headless = does_want_headless, .is_lost = has_lost, .let_go = let_go,
		.suspend = on_suspend, .resume = on_resume, .refuse_suspend = on_refuse_suspend,
	};
}

/* ---- life ---- */

enum status
screen_open(struct desk *desk, const struct screen_options *options, struct screen **ret,
            struct error *err)
{
	const struct settings *settings = options->settings;
	struct terminal_options terminal = { .ascii = options->is_ascii,
		.no_color = options->is_no_color };
	struct screen *screen = calloc(1, sizeof *screen);
	enum status status;

	if (screen == NULL)
		return error_set(err, STATUS_NO_MEMORY, "no memory for the screen");
	if (settings != NULL) {
		terminal.ascii = terminal.ascii || settings->ui.ascii;
		terminal.no_mouse = !settings->ui.mouse;
		terminal.no_color = terminal.no_color || text_equal(settings->ui.theme, "mono");
	}
	screen->desk = desk;
	screen->settings = settings;
	screen->is_scratch = options->is_scratch;
	screen->now_us = clock_mono_us();
	form_init(&screen->form);
	operations_view_init(&screen->operations);
	trades_view_init(&screen->trades);
	intents_view_init(&screen->intents);
	log_view_init(&screen->log);
	strategies_view_init(&screen->strategies);
	health_view_init(&screen->health);
	settings_view_init(&screen->settings_table);
	checks_view_init(&screen->checks);
	status = terminal_open(&terminal, &screen->terminal, err);
	if (status != STATUS_OK) {
		models_done(screen);
		free(screen);
		return status;
	}
	tty_guard_crashes();
	grid_init(&screen->grid, terminal_glyphs(screen->terminal));
	screen->welcome_due = screen->models_due = screen->slow_due = true;
	*ret = screen;
	return STATUS_OK;
}

void
screen_close(struct screen *screen)
{
	if (screen == NULL)
		return;
	terminal_close(screen->terminal);
	models_done(screen);
	grid_done(&screen->grid);
	free(screen);
}
