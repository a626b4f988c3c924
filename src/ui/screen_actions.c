/* Purpose: what a person asks for, from the key to the desk.  A book that is busy is asked again every 25 ms for at most 5 s; what became of a
 * wish is said in the message line. */
#include "ui/screen_parts.h"
#include "ui/words.h"

#include <stdio.h>
#include <string.h>

enum { RETRY_US = 25000, PATIENCE_US = 5000000, WISH_MS = 15000 };

/* ---- doing ---- */

static void
track_wish(struct screen *screen, int64_t id, const char *what)
{
	if (id == 0) {
		screen_say(screen, STYLE_GOOD, "%s: done", what);
		return;
	}
	if (screen->wish_count == WISHES) {
		memmove(&screen->wishes[0], &screen->wishes[1], sizeof screen->wishes[0] * (WISHES - 1));
		screen->wish_count--;
	}
	struct wish *wish = &screen->wishes[screen->wish_count++];
	wish->id = id;
	wish->since_us = screen->now_us;
	text_copy(wish->what, sizeof wish->what, what);
	screen_say(screen, STYLE_PLAIN, "%s: asked for", what);
}

/* Plan what the form holds, then run the guards: two steps, each tried again for itself. */
static enum status
do_validate(struct screen *screen, struct action *action, struct error *err)
{
	struct form *form = &screen->form;
	struct intent intent;
	struct report report = { .failures = 0 };
	enum status status;

	if (action->intent[0] == 0) {
		struct plan_input input;
		form_input(form, &input);
		status = desk_plan(screen->desk, &input, &intent, err);
		if (status != STATUS_OK)
			return status;
		text_copy(form->intent_id, sizeof form->intent_id, intent.id);
		form->intent_live = action->live;
		text_copy(action->intent, sizeof action->intent, intent.id);
	}
	status = desk_validate(screen->desk, action->intent, action->live, &intent, &report, err);
	if (status == STATUS_BUSY)
		return status;
	screen_show_intent(screen, action->intent);
	if (status == STATUS_OK) {
		screen_say(screen, STYLE_GOOD, "VALIDATED: %d pass, %d warn. x executes, after a question",
		           report.passed, report.warnings);
		screen->focus = PANE_REPORT;
		return STATUS_OK;
	}
	if (status == STATUS_NO && report.failures > 0) {
		/* The input stays; what is planned from it next is a clone of what was refused. */
		screen_say(screen, STYLE_BAD, "FAILED: %d guard%s. Change the form and press v again",
		           report.failures, report.failures == 1 ? "" : "s");
		if (text_equal(form->intent_id, action->intent))
			form_clone_of(form, action->intent);
		screen->focus = PANE_REPORT;
		return STATUS_OK;
	}
	return status;
}

static enum status
do_wish(struct screen *screen, struct action *action, struct error *err)
{
	struct desk *desk = screen->desk;
	char what[96], id[WORDS_SIZE];
	int64_t wish = 0;
	enum status status = STATUS_BUG;

	words_id(action->intent, id);
	switch (action->kind) {
	case ACTION_EXECUTE:
		text_format(what, sizeof what, "execute %s", id);
		status = desk_wish_execute(desk, action->intent, action->live, action->live, WISH_MS, &wish,
		                           err);
		break;
	case ACTION_CANCEL:
		text_format(what, sizeof what, "cancel %s", id);
		status = desk_wish_cancel(desk, action->intent, WISH_MS, &wish, err);
		break;
	case ACTION_CLOSE:
		text_format(what, sizeof what, "close operation %lld", (long long)action->operation);
		status = desk_wish_close(desk, action->operation, WISH_MS, &wish, err);
		break;
	case ACTION_STOP:
		text_format(what, sizeof what, "stop of operation %lld", (long long)action->operation);
		status = desk_wish_stop(desk, action->operation, action->text, action->widen, WISH_MS, &wish,
		                        err);
		break;
	case ACTION_TARGET:
		text_format(what, sizeof what, "target of operation %lld", (long long)action->operation);
		status = desk_wish_target(desk, action->operation, action->text, WISH_MS, &wish, err);
		break;
	case ACTION_RELEASE:
		text_format(what, sizeof what, "release operation %lld", (long long)action->operation);
		status = desk_wish_release(desk, action->operation, action->text, false, WISH_MS, &wish, err);
		break;
	case ACTION_PANIC:
		text_copy(what, sizeof what, "panic: pause, cancel entries, close everything");
		status = desk_wish_panic(desk, "FLATTEN typed on the screen", WISH_MS, &wish, err);
		break;
	case ACTION_CHECK:
		text_copy(what, sizeof what, "check");
		status = desk_wish_check(desk, WISH_MS, &wish, err);
		break;
	case ACTION_RECONCILE:
		text_copy(what, sizeof what, "reconcile");
		status = desk_wish_reconcile(desk, WISH_MS, &wish, err);
		break;
	case ACTION_ADOPT:
		text_copy(what, sizeof what, "adopt");
		status = desk_wish_adopt(desk, WISH_MS, &wish, err);
		break;
	default:
		return error_set(err, STATUS_BUG, "no such wish");
	}
	if (status == STATUS_OK)
		track_wish(screen, wish, what);
	return status;
}

static enum status
perform(struct screen *screen, struct action *action, struct error *err)
{
	enum status status;

	switch (action->kind) {
	case ACTION_NONE:
		return STATUS_OK;
	case ACTION_VALIDATE:
		return do_validate(screen, action, err);
	case ACTION_PAUSE:
		status = desk_pause(screen->desk, action->text, err);
		if (status == STATUS_OK)
			screen_say(screen, STYLE_WARN, "PAUSED: no entries; stops and exits go on");
		return status;
	case ACTION_RESUME:
		status = desk_resume(screen->desk, err);
		if (status == STATUS_OK)
			screen_say(screen, STYLE_GOOD, "resumed: entries are possible again");
		return status;
	case ACTION_LIVE_ON:
	case ACTION_LIVE_OFF:
		status = desk_live_switch(screen->desk, action->kind == ACTION_LIVE_ON, err);
		if (status == STATUS_OK)
			screen_say(screen, STYLE_WARN, "the LIVE switch is %s",
			           action->kind == ACTION_LIVE_ON ? "ON" : "off");
		return status;
	default:
		return do_wish(screen, action, err);
	}
}

void
actions_run(struct screen *screen)
{
	struct action *action = &screen->action;
	struct error err;
	enum status status;

	if (action->kind == ACTION_NONE || screen->now_us < action->next_us)
		return;
	error_clear(&err);
	status = perform(screen, action, &err);
	if (status == STATUS_BUSY && screen->now_us < action->until_us) {
		action->next_us = screen->now_us + RETRY_US;
		return;
	}
	action->kind = ACTION_NONE;
	if (status != STATUS_OK)
		screen_say_error(screen, &err);
	screen->models_due = screen->slow_due = true;
}

void
actions_start(struct screen *screen, const struct action *action)
{
	if (screen->action.kind != ACTION_NONE) {
		screen_say(screen, STYLE_WARN, "one moment: the book is busy with what was asked before");
		return;
	}
	screen->action = *action;
	screen->action.next_us = screen->now_us;
	screen->action.until_us = screen->now_us + PATIENCE_US;
	actions_run(screen);
}

/* Its counts come in the outcome's message. */
static void
say_reconciled(struct screen *screen, const char *what, const char *message)
{
	struct reconcile_model model;

	reconcile_read(message, &model);
	screen_say(screen, model.unknown + model.waiting > 0 ? STYLE_WARN : STYLE_GOOD,
	           "%s: %lld agreed, %lld repaired, %lld unknown, %lld waiting; h names what needs a person", what,
	           (long long)model.agreed, (long long)model.repaired, (long long)model.unknown,
	           (long long)model.waiting);
}

void
actions_wishes(struct screen *screen)
{
	for (int i = 0; i < screen->wish_count; ) {
		struct wish *wish = &screen->wishes[i];
		enum wish_state state = WISH_WAITING;
		struct error outcome, err;
		error_clear(&outcome);
		error_clear(&err);
		if (desk_wish_look(screen->desk, wish->id, &state, &outcome, &err) != STATUS_OK ||
		    state == WISH_WAITING || state == WISH_TAKEN) {
			i++;
			continue;
		}
		if (state == WISH_LAPSED)
			screen_say(screen, STYLE_BAD, "%s: nobody took it. Is somebody watching?", wish->what);
		else if (outcome.status != STATUS_OK)
			screen_say(screen, STYLE_BAD, "%s: %s%s%s", wish->what, outcome.message,
			           outcome.hint[0] != 0 ? "; " : "", outcome.hint);
		else if (text_equal(wish->what, "reconcile") || text_equal(wish->what, "adopt"))
			say_reconciled(screen, wish->what, outcome.message);
		else if (outcome.message[0] != 0)
			screen_say(screen, STYLE_GOOD, "%s: %s", wish->what, outcome.message);
		else
			screen->message_until_us = 0;     /* the newest events say what came of it */
		screen->models_due = screen->slow_due = true;
		memmove(wish, wish + 1, sizeof *wish * (size_t)(screen->wish_count - i - 1));
		screen->wish_count--;
	}
}

void
actions_answer(struct screen *screen, enum dialog_answer answer)
{
	enum question question = screen->question;

	screen->question = QUESTION_NONE;
	screen->dirty = true;
	if (answer == DIALOG_EXPIRED) {
		screen_say(screen, STYLE_WARN, "the question was withdrawn after 30 s; nothing was done");
	} else if (answer == DIALOG_NO) {
		screen_say(screen, STYLE_PLAIN, "nothing was done");
	} else if (question == QUESTION_QUIT) {
		screen->wants_headless = screen->dialog.chosen == 1;
		screen->wants_quit = screen->dialog.chosen == 2;
	} else {
		if (screen->asked.kind == ACTION_EXECUTE &&
		    text_equal(screen->asked.intent, screen->form.intent_id))
			text_copy(screen->form.done, sizeof screen->form.done, "asked for");
		actions_start(screen, &screen->asked);
	}
}
