/* Purpose: what a person asks for, from the key to the desk.  Questions come first where something
 * can be lost; a book that is busy is asked again every 25 ms for at most 5 s; what became of a
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
	struct report report;
	enum status status;

	if (action->intent[0] == 0) {
		struct plan_input input;
		form_input(form, &input);
		status = desk_plan(screen->desk, &input, &intent, err);
		if (status != STATUS_OK)
			return status;
		text_copy(form->intent_id, sizeof form->intent_id, intent.id);
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
	if (status == STATUS_NO) {
		/* The input stays; what is planned from it next is a clone of what was refused. */
		screen_say(screen, STYLE_BAD, "FAILED: %d guard%s. Change the form and press v again",
		           report.failures, report.failures == 1 ? "" : "s");
		if (text_equal(form->intent_id, action->intent)) {
			text_copy(form->parent_id, sizeof form->parent_id, action->intent);
			for (int i = 0; i < FORM_FIELDS; i++)
				form->parent_filled[i] = form->fields[i].text[0] != 0;
			form->intent_id[0] = 0;
		}
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
		status = desk_wish_release(desk, action->operation, action->text, WISH_MS, &wish, err);
		break;
	case ACTION_PANIC:
		text_copy(what, sizeof what, "panic: pause, cancel entries, close everything");
		status = desk_wish_panic(desk, "FLATTEN typed on the screen", WISH_MS, &wish, err);
		break;
	case ACTION_CHECK:
		text_copy(what, sizeof what, "check");
		status = desk_wish_check(desk, WISH_MS, &wish, err);
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
			           outcome.hint[0] != 0 ? ". " : "", outcome.hint);
		else if (outcome.message[0] != 0)
			screen_say(screen, STYLE_GOOD, "%s: %s", wish->what, outcome.message);
		else
			screen->message_until_us = 0;     /* the newest events say what came of it */
		screen->models_due = screen->slow_due = true;
		memmove(wish, wish + 1, sizeof *wish * (size_t)(screen->wish_count - i - 1));
		screen->wish_count--;
	}
}

/* ---- asking ---- */

static void
ask_execute(struct screen *screen, const struct action *action)
{
	if (action->live)
		dialog_word(&screen->dialog, "LIVE order: real money", "CONFIRM", screen->now_us);
	else
		dialog_ask(&screen->dialog, "Execute in DRY-RUN?", screen->now_us);
}

void
actions_ask(struct screen *screen, const struct action *action)
{
	const struct operation_model *model = models_operation(screen, action->operation);
	char title[80];

	if (screen->action.kind != ACTION_NONE) {
		screen_say(screen, STYLE_WARN, "one moment: the book is busy with what was asked before");
		return;
	}
	switch (action->kind) {
	case ACTION_EXECUTE:
		ask_execute(screen, action);
		break;
	case ACTION_CLOSE:
		text_format(title, sizeof title, "Close operation %lld now?", (long long)action->operation);
		dialog_ask(&screen->dialog, title, screen->now_us);
		break;
	case ACTION_STOP:
	case ACTION_TARGET:
		text_format(title, sizeof title, "Move the %s of operation %lld?",
		            action->kind == ACTION_STOP ? "stop" : "target", (long long)action->operation);
		/* More room to lose is asked for like an order, where the money is real. */
		if (action->widen && model != NULL && model->op.mode == MODE_LIVE)
			dialog_word(&screen->dialog, title, "CONFIRM", screen->now_us);
		else
			dialog_ask(&screen->dialog, title, screen->now_us);
		break;
	case ACTION_CANCEL:
		dialog_ask(&screen->dialog, "Cancel the intent?", screen->now_us);
		break;
	case ACTION_RELEASE:
		text_format(title, sizeof title, "Stop looking after operation %lld?",
		            (long long)action->operation);
		dialog_ask(&screen->dialog, title, screen->now_us);
		break;
	case ACTION_LIVE_ON:
		dialog_ask(&screen->dialog, "Turn the book's LIVE switch on?", screen->now_us);
		break;
	case ACTION_PANIC:
		dialog_word(&screen->dialog, "Close everything at market", "FLATTEN", screen->now_us);
		break;
	default:
		actions_start(screen, action);
		return;
	}
	screen->asked = *action;
	screen->question = QUESTION_ACTION;
	actions_question(screen);
	screen->dirty = true;
}

/* ---- the figures in the question, fresh at each look ---- */

static void
say_intent(struct screen *screen, struct dialog *dialog)
{
	const struct action *asked = &screen->asked;
	struct intent_model model;
	struct price_model price;
	struct error err;
	char a[WORDS_SIZE], b[WORDS_SIZE], c[WORDS_SIZE];
	int line = 0;

	error_clear(&err);
	memset(&model, 0, sizeof model);
	if (desk_intent(screen->desk, asked->intent, &model, &err) != STATUS_OK) {
		dialog_line(dialog, 0, STYLE_WARN, "%s", err.message);
		return;
	}
	const struct intent *intent = &model.intent;
	words_number(intent->quantity, model.quantity_places, false, a);
	words_money(intent->position_value, false, b);
	dialog_line(dialog, line++, STYLE_STRONG, "%s %s %s %s, about %s %s",
	            side_name(intent->side), a, model.base,
	            asked->live ? "on the exchange" : "on paper", b, model.quote);
	words_money(intent->risk_amount, false, a);
	words_number(intent->risk_percent, 2, false, b);
	dialog_line(dialog, line++, STYLE_PLAIN,
	            "If the stop is hit you lose about %s, fees in it = %s %%", a, b);
	words_price(intent->stop_price, model.price_places, a);
	if (intent->has_target) {
		words_price(intent->target_price, model.price_places, b);
		dialog_line(dialog, line++, STYLE_PLAIN, "%s: stop %s, target %s",
		            asked->live ? "Protection on the exchange" : "Watched by Robson", a, b);
	} else {
		dialog_line(dialog, line++, STYLE_PLAIN, "%s: stop %s, no target",
		            asked->live ? "Protection on the exchange" : "Watched by Robson", a);
	}
	if (desk_price(screen->desk, intent->symbol, &price)) {
		struct decimal now = quote_entry_price(&price.quote, intent->side), moved;
		words_price(now, model.price_places, a);
		words_age(price.age_ms, b);
		c[0] = 0;
		if (decimal_is_positive(intent->planned_quote) &&
		    decimal_sub(now, intent->planned_quote, &moved) == STATUS_OK &&
		    decimal_mul_div(moved, decimal_from_int(100), intent->planned_quote, ROUND_HALF_UP,
		                    &moved) == STATUS_OK)
			words_number(moved, 2, true, c);
		dialog_line(dialog, line++, price.is_stale ? STYLE_ALARM : STYLE_PLAIN,
		            "Price %s, %s old%s%s%s", a, b, c[0] != 0 ? ", moved " : "", c,
		            c[0] != 0 ? " % since planning" : "");
	} else {
		dialog_line(dialog, line++, STYLE_WARN, "No price is known now");
	}
	intent_model_done(&model);
}

/* The guards on fresh numbers: one that FAILs closes the question for good.  A fact that is missing
 * this moment is said, and judged by the desk when the answer comes. */
static void
recheck(struct screen *screen, struct dialog *dialog)
{
	static const struct report none;
	struct report report = none;
	struct error err;
	char why[DIALOG_LINE_SIZE];
	enum status status;

	if (dialog->blocked[0] != 0)
		return;
	error_clear(&err);
	status = desk_recheck(screen->desk, screen->asked.intent, screen->asked.live, &report, &err);
	if (status == STATUS_BUSY)
		return;
	if (status != STATUS_OK) {
		dialog_block(dialog, err.message);
		return;
	}
	for (int i = 0; i < report.count; i++)
		if (report.checks[i].status == VERDICT_FAIL) {
			text_format(why, sizeof why, "%s: %.120s", report.checks[i].name,
			            report.checks[i].message);
			dialog_block(dialog, why);
			return;
		}
	if (report.missing != 0)
		dialog_line(dialog, 4, STYLE_WARN, "Not known now: %.120s", report.missing_text);
	else if (dialog->line_count > 4)
		dialog->line_count = 4;
}

static void
say_operation(const struct operation_model *model, struct dialog *dialog)
{
	char a[WORDS_SIZE], b[WORDS_SIZE];
	int line = 0;

	words_number(operation_open_quantity(&model->op), model->quantity_places, false, a);
	dialog_line(dialog, line++, STYLE_STRONG, "%s %s %s, %s", side_position_name(model->op.side), a,
	            model->base, words_mode(model->op.mode));
	if (model->has_price) {
		words_price(model->price, model->price_places, a);
		words_age(model->price_age_ms, b);
		dialog_line(dialog, line++, model->is_stale ? STYLE_ALARM : STYLE_PLAIN,
		            "Price %s, %s old", a, b);
	} else {
		dialog_line(dialog, line++, STYLE_WARN, "No price is known now");
	}
	if (model->has_unrealized) {
		words_money(model->unrealized, true, a);
		words_number(model->r, 2, true, b);
		dialog_line(dialog, line++, words_style(model->unrealized),
		            "Result if left now: about %s %s net%s%s%s", a, model->quote,
		            model->has_r ? ", " : "", model->has_r ? b : "", model->has_r ? " R" : "");
	}
	while (dialog->line_count > line)         /* fewer lines than at the last look */
		dialog->line_count--;
}

static void
say_levels(const struct screen *screen, const struct operation_model *model, struct dialog *dialog)
{
	const struct action *asked = &screen->asked;
	char now[WORDS_SIZE];
	bool stop = asked->kind == ACTION_STOP;

	say_operation(model, dialog);
	if (stop || model->op.has_target)
		words_price(stop ? model->op.stop_price : model->op.target_price, model->price_places, now);
	else
		text_copy(now, sizeof now, "none");
	dialog_line(dialog, dialog->line_count, STYLE_STRONG, "%s from %s to %s%s",
	            stop ? "Stop" : "Target", now, asked->text,
	            asked->widen ? "; WIDER: more can be lost" : "");
}

void
actions_question(struct screen *screen)
{
	struct dialog *dialog = &screen->dialog;
	const struct action *asked = &screen->asked;
	const struct operation_model *model = models_operation(screen, asked->operation);

	if (screen->question != QUESTION_ACTION)
		return;
	switch (asked->kind) {
	case ACTION_EXECUTE:
		say_intent(screen, dialog);
		recheck(screen, dialog);
		break;
	case ACTION_CANCEL:
		say_intent(screen, dialog);
		break;
	case ACTION_CLOSE:
	case ACTION_RELEASE:
		if (model != NULL)
			say_operation(model, dialog);
		if (asked->kind == ACTION_RELEASE)
			dialog_line(dialog, dialog->line_count > 3 ? 3 : dialog->line_count, STYLE_WARN,
			            "Nobody watches it then; no result is booked. %s", asked->text);
		break;
	case ACTION_STOP:
	case ACTION_TARGET:
		if (model != NULL)
			say_levels(screen, model, dialog);
		break;
	case ACTION_LIVE_ON:
		dialog_line(dialog, 0, STYLE_WARN, "LIVE orders are then possible in this book,");
		dialog_line(dialog, 1, STYLE_PLAIN, "each after the typed word CONFIRM.");
		break;
	case ACTION_PANIC:
		dialog_line(dialog, 0, STYLE_STRONG, "PAUSE, cancel Robson's resting entries, and close");
		dialog_line(dialog, 1, STYLE_STRONG, "every operation at market: %d open.",
		            screen->status.active_count);
		break;
	default:
		break;
	}
}

/* ---- quitting ---- */

/* "What happens if this line dies now?", for each operation. */
static void
say_unprotected(struct screen *screen, struct dialog *dialog)
{
	size_t shown = screen->active.count < 5 ? screen->active.count : 5;

	for (size_t i = 0; i < shown; i++) {
		const struct operation_model *model = &screen->active.rows[i];
		bool rests = model->protection == PROTECTION_EXCH ||
		             model->protection == PROTECTION_EXCH_LOCAL;
		dialog_line(dialog, (int)i, rests ? STYLE_PLAIN : STYLE_WARN, "%lld %s %s: %s",
		            (long long)model->op.id, model->op.symbol, protection_name(model->protection),
		            rests ? "its stop rests on the exchange"
		                  : "unwatched, its stop fires only once Robson is back");
	}
	if (screen->active.count > shown)
		dialog_line(dialog, (int)shown, STYLE_WARN, "and %zu more", screen->active.count - shown);
}

void
actions_quit(struct screen *screen)
{
	/* With nothing open, or when somebody else watches, leaving does no harm. */
	if (screen->status.active_count == 0 ||
	    (screen->status.holder.is_held && !screen->status.holder.is_me &&
	     !screen->status.holder.is_hung)) {
		screen->wants_quit = true;
		return;
	}
	dialog_choice(&screen->dialog, "Quit while something is open?", screen->now_us);
	screen->dialog.danger = true;
	say_unprotected(screen, &screen->dialog);
	dialog_add_choice(&screen->dialog, 's', "stay");
	dialog_add_choice(&screen->dialog, 'w', "keep watching without a screen");
	dialog_add_choice(&screen->dialog, 'x', "stop watching: what stands above is then unprotected");
	screen->question = QUESTION_QUIT;
	screen->dirty = true;
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
		actions_start(screen, &screen->asked);
	}
}
