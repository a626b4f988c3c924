/* Purpose: what each command does, wherever its key was pressed. */
#include "ui/screen_parts.h"
#include "ui/words.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static int
page(const struct screen *screen)
{
	return screen->view == VIEW_MAIN
	     ? (screen->focus == PANE_REPORT ? screen->layout.report.rows - 4
	                                     : screen->layout.operations.rows - 3)
	     : screen->layout.middle.rows - 3;
}

/* ---- opening things ---- */

void
screen_open_operation(struct screen *screen, int64_t id)
{
	struct details *details = &screen->details;
	struct error err;
	struct operation_model model;

	error_clear(&err);
	if (desk_operation(screen->desk, id, &model, &err) != STATUS_OK) {
		screen_say_error(screen, &err);
		return;
	}
	if (details->has_intent)
		intent_model_done(&details->intent);
	event_list_done(&details->events);
	memset(details, 0, sizeof *details);
	details->id = id;
	details->operation = model;
	details->has_operation = true;
	screen_go(screen, VIEW_DETAILS);
}

void
screen_show_intent(struct screen *screen, const char *id)
{
	text_copy(screen->report_id, sizeof screen->report_id, id);
	screen->checks.opened_key[0] = screen->checks.selected_key[0] = 0;
	screen->checks.selected = screen->checks.top = 0;
	screen->models_due = screen->slow_due = true;
}

/* The intent that keys are about: the selected one in the list, else the one whose report stands. */
static const char *
current_intent(struct screen *screen)
{
	if (screen->view == VIEW_DETAILS)
		return screen->details.operation.op.intent_id;
	if (screen->view == VIEW_MAIN && screen->focus == PANE_OPERATIONS &&
	    screen->lower == LOWER_INTENTS) {
		const struct table_row *row = table_selected(&screen->intents);
		return row != NULL ? row->key : "";
	}
	return screen->report_id;
}

static void
take_intent(struct screen *screen, const char *id, bool clone)
{
	struct intent_model model;
	struct error err;

	error_clear(&err);
	memset(&model, 0, sizeof model);
	if (desk_intent(screen->desk, id, &model, &err) != STATUS_OK) {
		screen_say_error(screen, &err);
		return;
	}
	bool is_open = model.intent.status == INTENT_PENDING || model.intent.status == INTENT_VALIDATED;
	form_take_intent(&screen->form, &model.intent, clone || !is_open);
	if (!clone)
		screen_show_intent(screen, id);
	screen->focus = clone ? PANE_FORM : PANE_REPORT;
	intent_model_done(&model);
	models_watch(screen);
	screen->preview_due = true;
}

static void
open_of_intent(struct screen *screen)
{
	struct intent_model model;
	struct error err;
	const char *id = current_intent(screen);

	if (id[0] == 0)
		return;
	error_clear(&err);
	memset(&model, 0, sizeof model);
	if (desk_intent(screen->desk, id, &model, &err) != STATUS_OK) {
		screen_say_error(screen, &err);
		return;
	}
	if (model.has_operation)
		screen_open_operation(screen, model.operation.op.id);
	else
		screen_say(screen, STYLE_PLAIN, "no operation came of this intent");
	intent_model_done(&model);
}

/* ---- commands ---- */

static void
command_validate(struct screen *screen)
{
	struct form *form = &screen->form;
	struct action action = { .kind = ACTION_VALIDATE, .live = form->live };

	/* What was executed or cancelled is done with: the same content is then a new plan. */
	if (form->done[0] != 0 ||
	    (screen->has_report && text_equal(screen->report.intent.id, form->intent_id) &&
	     screen->report.intent.status != INTENT_PENDING &&
	     screen->report.intent.status != INTENT_VALIDATED))
		form->intent_id[0] = form->done[0] = 0;
	/* DRY-RUN and LIVE are two intents: the other mode is a clone, and every guard sees it anew. */
	if (form_mode_differs(form)) {
		char other[INTENT_ID_SIZE];
		text_copy(other, sizeof other, form->intent_id);
		form_clone_of(form, other);
	}
	form->attempted = true;
	models_watch(screen);
	models_preview(screen);
	if (!form->preview.is_complete) {
		if (form->preview.error_count > 0) {
			const struct field_error *error = &form->preview.errors[0];
			for (int i = 0; i < FORM_FIELDS; i++)
				if (strcmp(form_field_name((enum form_field)i), error->field) == 0)
					form->at = (enum form_field)i;
			screen_say(screen, STYLE_BAD, "%s: %s", error->field, error->message);
		} else {
			screen_say(screen, STYLE_BAD, "the form is not complete");
		}
		screen->focus = PANE_FORM;
		return;
	}
	text_copy(action.intent, sizeof action.intent, form->intent_id);
	actions_start(screen, &action);
}

static void
command_execute(struct screen *screen)
{
	struct action action = { .kind = ACTION_EXECUTE };
	struct intent_model model;
	struct error err;
	const char *id = current_intent(screen);
	bool in_form = screen->view == VIEW_MAIN && screen->focus == PANE_FORM;

	if (in_form && screen->form.intent_id[0] == 0) {
		screen_say(screen, STYLE_BAD, "this is not validated yet: v first, then x");
		return;
	}
	if (in_form)
		id = screen->form.intent_id;
	if (id[0] == 0) {
		screen_say(screen, STYLE_BAD, "nothing is validated yet: fill the form, v, then x");
		return;
	}
	error_clear(&err);
	memset(&model, 0, sizeof model);
	if (desk_intent(screen->desk, id, &model, &err) != STATUS_OK) {
		screen_say_error(screen, &err);
		return;
	}
	text_copy(action.intent, sizeof action.intent, model.intent.id);
	action.live = model.intent.mode == MODE_LIVE;
	/* Beside a form that asks for the other mode, nobody can mean this one. */
	bool differs = screen->view == VIEW_MAIN && screen->focus != PANE_OPERATIONS &&
	               screen->form.live != action.live && !form_is_empty(&screen->form);
	if (differs && (model.intent.status == INTENT_VALIDATED || model.intent.status == INTENT_PENDING))
		screen_say(screen, STYLE_BAD, "the form says %s, this intent is %s: v first, then x",
		           words_mode(screen->form.live ? MODE_LIVE : MODE_DRY_RUN), words_mode(model.intent.mode));
	else if (model.intent.status == INTENT_VALIDATED)
		actions_ask(screen, &action);
	else if (model.intent.status == INTENT_PENDING)
		screen_say(screen, STYLE_BAD, "this intent is not validated yet: v first, then x");
	else
		screen_say(screen, STYLE_BAD, "this intent is %s: it cannot be executed",
		           intent_status_name(model.intent.status));
	intent_model_done(&model);
}

static void
command_level(struct screen *screen, enum command command)
{
	struct action action = { .operation = models_selected_operation(screen) };
	const struct operation_model *model = models_operation(screen, action.operation);

	if (model == NULL || model->op.status != OPERATION_ACTIVE) {
		screen_say(screen, STYLE_PLAIN, "no open operation is selected");
		return;
	}
	if (command == COMMAND_STOP) {
		prompt_open(screen, PROMPT_STOP, action.operation);
	} else if (command == COMMAND_TARGET) {
		prompt_open(screen, PROMPT_TARGET, action.operation);
	} else {
		action.kind = ACTION_CLOSE;
		actions_ask(screen, &action);
	}
}

static void
command_copy(struct screen *screen)
{
	const char *intent = current_intent(screen);
	int64_t operation = models_selected_operation(screen);

	if (screen->view == VIEW_MAIN && screen->focus == PANE_OPERATIONS &&
	    screen->lower != LOWER_INTENTS && operation != 0) {
		text_copy(screen->copy_what, sizeof screen->copy_what, "operation");
		text_format(screen->copy_id, sizeof screen->copy_id, "%lld", (long long)operation);
	} else if (intent[0] != 0) {
		text_copy(screen->copy_what, sizeof screen->copy_what, "intent");
		text_copy(screen->copy_id, sizeof screen->copy_id, intent);
	} else {
		screen_say(screen, STYLE_PLAIN, "nothing with an id is selected");
		return;
	}
	screen_go(screen, VIEW_COPY);
}

static void
command_log(struct screen *screen)
{
	int64_t operation = models_selected_operation(screen);

	screen->log_operation = 0;
	screen->log_intent[0] = 0;
	if (screen->view == VIEW_DETAILS ||
	    (screen->focus == PANE_OPERATIONS && screen->lower != LOWER_INTENTS))
		screen->log_operation = operation;
	else if (screen->focus != PANE_FORM)
		text_copy(screen->log_intent, sizeof screen->log_intent, current_intent(screen));
	screen->log_all = screen->log_operation == 0 && screen->log_intent[0] == 0;
	screen_go(screen, VIEW_LOG);
}

static void
command_open(struct screen *screen)
{
	const struct table_row *row;

	if (screen->view == VIEW_LOG || screen->view == VIEW_HEALTH || screen->view == VIEW_SETTINGS ||
	    (screen->view == VIEW_MAIN && screen->focus == PANE_REPORT)) {
		table_toggle_open(screen_list(screen));
		return;
	}
	if (screen->view == VIEW_STRATEGIES) {
		row = table_selected(&screen->strategies);
		if (row != NULL) {
			field_set(&screen->form.fields[FORM_STRATEGY], row->key);
			screen->form.intent_id[0] = 0;
			screen->preview_due = true;
			screen->focus = PANE_FORM;
			screen_back(screen);
		}
		return;
	}
	if (screen->view != VIEW_MAIN || screen->focus != PANE_OPERATIONS)
		return;
	if (screen->lower == LOWER_INTENTS) {
		row = table_selected(&screen->intents);
		if (row != NULL)
			take_intent(screen, row->key, false);
	} else if (models_selected_operation(screen) != 0) {
		screen_open_operation(screen, models_selected_operation(screen));
	}
}

static void
scroll(struct screen *screen, enum command command)
{
	int *at = screen->view == VIEW_DETAILS ? &screen->details.scroll : &screen->help_scroll;
	int most = screen->view == VIEW_HELP
	         ? help_lines(screen->help_of) - (screen->layout.middle.rows - 2) : LINES_MAX;

	switch (command) {
	case COMMAND_UP: (*at)--; break;
	case COMMAND_DOWN: (*at)++; break;
	case COMMAND_PAGE_UP: *at -= page(screen); break;
	case COMMAND_PAGE_DOWN: *at += page(screen); break;
	case COMMAND_FIRST: *at = 0; break;
	case COMMAND_LAST: *at = most; break;
	default: return;
	}
	if (*at > most)
		*at = most;
	if (*at < 0)
		*at = 0;
}

static void
show_lower(struct screen *screen, enum lower lower)
{
	/* A list that is opened shows its newest first. */
	if (screen->lower != lower && lower != LOWER_ACTIVE) {
		struct table *list = lower == LOWER_CLOSED ? &screen->trades : &screen->intents;
		list->selected = list->top = 0;
		list->selected_key[0] = 0;
	}
	screen->lower = lower;
	screen->view = VIEW_MAIN;
	screen->back_count = 0;
	screen->focus = PANE_OPERATIONS;
	screen->models_due = screen->slow_due = true;
}

static void
clear_form(struct screen *screen, bool edit)
{
	form_clear(&screen->form);
	screen->view = VIEW_MAIN;
	screen->back_count = 0;
	screen->focus = PANE_FORM;
	screen->form.editing = edit;
	models_watch(screen);
	screen->preview_due = true;
}

static void
command_cancel(struct screen *screen)
{
	struct action action = { .kind = ACTION_CANCEL };
	struct intent_model model;
	struct error err;

	text_copy(action.intent, sizeof action.intent, current_intent(screen));
	if (action.intent[0] == 0) {
		screen_say(screen, STYLE_PLAIN, "no intent is shown");
		return;
	}
	error_clear(&err);
	memset(&model, 0, sizeof model);
	if (desk_intent(screen->desk, action.intent, &model, &err) != STATUS_OK) {
		screen_say_error(screen, &err);
		return;
	}
	enum intent_status status = model.intent.status;
	if (status == INTENT_PENDING || status == INTENT_VALIDATED || status == INTENT_EXECUTING)
		actions_ask(screen, &action);
	else
		screen_say(screen, STYLE_BAD, "this intent is %s: there is nothing left to cancel",
		           intent_status_name(status));
	intent_model_done(&model);
}

static void
command_pause(struct screen *screen)
{
	struct action action = { .kind = ACTION_RESUME };

	if (screen->status.is_paused)
		actions_start(screen, &action);
	else
		prompt_open(screen, PROMPT_PAUSE, 0);
}

/* Commands of no pane in particular; false: not one of them. */
bool
screen_general_command(struct screen *screen, enum command command)
{
	switch (command) {
	case COMMAND_HELP:
		screen->help_of = screen_context(screen);
		screen->help_scroll = 0;
		screen_go(screen, VIEW_HELP);
		return true;
	case COMMAND_QUIT: actions_quit(screen); return true;
	case COMMAND_REPAINT: terminal_repaint(screen->terminal); return true;
	case COMMAND_FREEZE:
		screen->frozen = !screen->frozen;
		screen->models_due = screen->slow_due = true;
		return true;
	case COMMAND_COPY: command_copy(screen); return true;
	case COMMAND_SETTINGS: screen_go(screen, VIEW_SETTINGS); return true;
	case COMMAND_NEXT_PANE: case COMMAND_PREVIOUS_PANE:
		if (screen->view == VIEW_MAIN) {
			int step = command == COMMAND_NEXT_PANE ? 1 : 2;
			screen->focus = (enum pane)(((int)screen->focus + step) % 3);
		}
		return true;
	case COMMAND_BACK: screen_back(screen); return true;
	case COMMAND_COMMAND_LINE: prompt_open(screen, PROMPT_COMMAND, 0); return true;
	case COMMAND_NEW: clear_form(screen, true); return true;
	case COMMAND_CLEAR: clear_form(screen, screen->form.editing); return true;
	case COMMAND_LOG: command_log(screen); return true;
	case COMMAND_STRATEGIES: screen_go(screen, VIEW_STRATEGIES); return true;
	case COMMAND_PORTFOLIO: screen_go(screen, VIEW_PORTFOLIO); return true;
	case COMMAND_HEALTH: screen_go(screen, VIEW_HEALTH); return true;
	case COMMAND_SHOW_ACTIVE: show_lower(screen, LOWER_ACTIVE); return true;
	case COMMAND_SHOW_CLOSED: show_lower(screen, LOWER_CLOSED); return true;
	case COMMAND_SHOW_INTENTS: show_lower(screen, LOWER_INTENTS); return true;
	case COMMAND_PAUSE: command_pause(screen); return true;
	case COMMAND_SUSPEND: raise(SIGTSTP); return true;      /* the loop decides, at its next turn */
	default: return false;
	}
}

void
screen_command(struct screen *screen, enum command command)
{
	struct table *list = screen_list(screen);
	char words[80];

	screen->dirty = true;
	if (screen_general_command(screen, command))
		return;
	switch (command) {
	case COMMAND_VALIDATE: command_validate(screen); return;
	case COMMAND_EXECUTE: command_execute(screen); return;
	case COMMAND_CANCEL_INTENT: command_cancel(screen); return;
	case COMMAND_CLOSE: case COMMAND_STOP: case COMMAND_TARGET: command_level(screen, command); return;
	case COMMAND_OPERATION: open_of_intent(screen); return;
	case COMMAND_CLONE: take_intent(screen, current_intent(screen), true); return;
	case COMMAND_OPEN: command_open(screen); return;
	case COMMAND_TOGGLE_LIVE:
		form_command(&screen->form, command);
		screen->preview_due = true;
		if (form_mode_differs(&screen->form))
			screen_say(screen, STYLE_WARN, "for %s now: v validates it anew",
			           words_mode(screen->form.live ? MODE_LIVE : MODE_DRY_RUN));
		else
			screen->message_until_us = 0;
		return;
	case COMMAND_FOLLOW:
		screen->log_all = !screen->log_all;
		screen->models_due = screen->slow_due = true;
		return;
	case COMMAND_FILTER:
		if (list != NULL)
			prompt_open(screen, PROMPT_FILTER, 0);
		else
			screen_say(screen, STYLE_PLAIN, "there is no list here to filter");
		return;
	case COMMAND_SORT:
		if (list != NULL) {
			table_next_sort(list, words, sizeof words);
			screen_say(screen, STYLE_PLAIN, "%s", words);
		} else {
			screen_say(screen, STYLE_PLAIN, "there is no list here to sort");
		}
		return;
	default:
		break;
	}
	if (list != NULL) {
		/* The chart beside the panes is that of the selected operation. */
		if (table_command(list, command, page(screen)) && screen->view == VIEW_MAIN &&
		    screen->focus == PANE_OPERATIONS && screen->layout.chart.rows > 0)
			screen->slow_due = screen->models_due = true;
	} else if (screen->view == VIEW_DETAILS || screen->view == VIEW_HELP) {
		scroll(screen, command);
	} else if (screen->view == VIEW_MAIN && screen->focus == PANE_FORM) {
		if (form_command(&screen->form, command) != FORM_IGNORED)
			screen->preview_due = true;
	}
}
