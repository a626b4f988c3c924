/* Purpose: the questions that come first where something can be lost: what they say, kept fresh while
 * they stand, and the guards that close them. */
#include "ui/screen_parts.h"
#include "ui/words.h"
#include "core/stops.h"

#include <stdio.h>
#include <string.h>

/* ---- asking ---- */

static void
ask_execute(struct screen *screen, const struct action *action)
{
	if (action->live)
		dialog_word(&screen->dialog, "LIVE order: real money", "CONFIRM", screen->now_us);
	else
		dialog_ask(&screen->dialog, "Execute in DRY-RUN?", screen->now_us);
}

static bool
is_wider(const struct operation_model *model, struct decimal stop)
{
	int order = decimal_cmp(stop, model->op.stop_price);

	return model->op.side == SIDE_BUY ? order < 0 : order > 0;
}

static bool
is_live(const struct operation_model *model)
{
	return model != NULL && model->op.mode == MODE_LIVE;
}

/* A level as it was typed becomes the price that is asked for, so that nobody says yes to a word; what
 * the desk would refuse on this price is said at once. */
static bool
resolve_level(struct screen *screen, const struct operation_model *model, struct action *action)
{
	const struct symbol_rules *rules = desk_rules(screen->desk, model->op.symbol);
	struct decimal tick = rules != NULL ? rules->tick : DECIMAL_ZERO, price;
	struct decimal entry = leg_average(&model->op.entry);
	struct price_model now;
	enum stop_origin origin;
	struct error err;
	enum status status;
	bool stop = action->kind == ACTION_STOP, has_price;

	error_clear(&err);
	if (stop)
		status = level_parse_stop(action->text, model->op.side, entry, tick, &price, &origin, &err);
	else
		status = level_parse_target(action->text, model->op.side, entry, model->op.initial_stop, tick,
		                            &price, &err);
	has_price = desk_price(screen->desk, model->op.symbol, &now) && !now.is_stale;
	if (status == STATUS_OK && stop) {
		action->widen = action->may_widen && is_wider(model, price);
		if (has_price)
			status = stop_move_check(&model->op, price, action->widen, &now.quote, &err);
	} else if (status == STATUS_OK && has_price) {
		status = target_move_check(&model->op, price, &now.quote, &err);
	}
	if (status != STATUS_OK) {
		screen_say_error(screen, &err);
		return false;
	}
	decimal_text(price, action->text);
	return true;
}

void
actions_ask(struct screen *screen, const struct action *asked_for)
{
	const struct operation_model *model = models_operation(screen, asked_for->operation);
	struct action resolved = *asked_for, *action = &resolved;
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
		text_format(title, sizeof title, "Close operation %lld now?%s", (long long)action->operation,
		            is_live(model) ? " LIVE: real money" : "");
		if (is_live(model))
			dialog_word(&screen->dialog, title, "CONFIRM", screen->now_us);
		else
			dialog_ask(&screen->dialog, title, screen->now_us);
		break;
	case ACTION_STOP:
	case ACTION_TARGET:
		if (model != NULL && !resolve_level(screen, model, action))
			return;
		text_format(title, sizeof title, "Move the %s of operation %lld?%s",
		            action->kind == ACTION_STOP ? "stop" : "target", (long long)action->operation,
		            is_live(model) ? " LIVE: real money" : "");
		/* More room to lose is asked for like an order, where the money is real. */
		if (action->widen && is_live(model))
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
	case ACTION_ADOPT:
		dialog_ask(&screen->dialog, "Take this book over for LIVE?", screen->now_us);
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
	            intent->mode == MODE_LIVE ? "on the exchange" : "on paper", b, model.quote);
	words_money(intent->risk_amount, false, a);
	words_number(intent->risk_percent, 2, false, b);
	dialog_line(dialog, line++, STYLE_PLAIN,
	            "If the stop is hit you lose about %s, fees in it = %s %%", a, b);
	words_price(intent->stop_price, model.price_places, a);
	if (intent->has_target) {
		words_price(intent->target_price, model.price_places, b);
		dialog_line(dialog, line++, STYLE_PLAIN, "%s: stop %s, target %s",
		            intent->mode == MODE_LIVE ? "Protection on the exchange" : "Watched by Robson", a, b);
	} else {
		dialog_line(dialog, line++, STYLE_PLAIN, "%s: stop %s, no target",
		            intent->mode == MODE_LIVE ? "Protection on the exchange" : "Watched by Robson", a);
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
	status = desk_recheck(screen->desk, screen->asked.intent, false, &report, &err);
	if (status == STATUS_BUSY)
		return;
	if (status != STATUS_OK) {
		dialog_block(dialog, err.message);
		return;
	}
	report_failure_words(&report, why, sizeof why);
	if (why[0] != 0)
		dialog_block(dialog, why);
	else if (report.missing != 0)
		dialog_line(dialog, 4, STYLE_WARN, "Not known now: %.120s", report.missing_text);
	else if (dialog->line_count > 4)
		dialog->line_count = 4;
}

/* The figures of an execution; LIVE ones are those that would be sent this moment. */
static void
say_execution(struct screen *screen, struct dialog *dialog)
{
	struct confirm_model model;
	struct error err;
	enum status status;

	if (!screen->asked.live) {
		say_intent(screen, dialog);
		recheck(screen, dialog);
		return;
	}
	error_clear(&err);
	status = desk_confirm(screen->desk, screen->asked.intent, &model, &err);
	if (status == STATUS_OK)
		confirm_view(dialog, &model);
	else if (status != STATUS_BUSY && dialog->blocked[0] == 0)
		dialog_block(dialog, err.message);
}

static void
say_operation(const struct operation_model *model, struct dialog *dialog)
{
	char a[WORDS_SIZE], b[WORDS_SIZE];
	int line = 0;

	words_quantity(operation_open_quantity(&model->op), model->quantity_places, a);
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
	char now[WORDS_SIZE], next[WORDS_SIZE];
	struct decimal level;
	bool stop = asked->kind == ACTION_STOP;

	say_operation(model, dialog);
	if (stop || model->op.has_target)
		words_price(stop ? model->op.stop_price : model->op.target_price, model->price_places, now);
	else
		text_copy(now, sizeof now, "none");
	text_copy(next, sizeof next, asked->text);
	if (decimal_parse_human(asked->text, &level) == STATUS_OK)
		words_price(level, model->price_places, next);
	dialog_line(dialog, dialog->line_count, STYLE_STRONG, "%s from %s to %s%s",
	            stop ? "Stop" : "Target", now, next,
	            asked->widen ? "; WIDER: more can be lost" : "");
	if (asked->widen && decimal_parse_human(asked->text, &level) == STATUS_OK)
		widen_view(dialog, model, level);
}

void
actions_question(struct screen *screen)
{
	struct dialog *dialog = &screen->dialog;
	const struct action *asked = &screen->asked;
	const struct operation_model *model = models_operation(screen, asked->operation);
	struct decimal level;

	if (screen->question != QUESTION_ACTION)
		return;
	switch (asked->kind) {
	case ACTION_EXECUTE:
		say_execution(screen, dialog);
		break;
	case ACTION_CANCEL:
		say_intent(screen, dialog);
		break;
	case ACTION_CLOSE:
	case ACTION_RELEASE:
		if (model != NULL)
			say_operation(model, dialog);
		if (asked->kind == ACTION_CLOSE && is_live(model))
			dialog_line(dialog, dialog->line_count, STYLE_PLAIN,
			            "What rests on the exchange is replaced by a sale at market.");
		if (asked->kind == ACTION_RELEASE)
			dialog_line(dialog, dialog->line_count > 3 ? 3 : dialog->line_count, STYLE_WARN,
			            "Nobody watches it then; no result is booked. %s", asked->text);
		break;
	case ACTION_STOP:
		/* The stop in force may have moved since; where real money asked y/N, the desk refuses. */
		if (model != NULL && model->op.mode == MODE_DRY_RUN && asked->may_widen &&
		    decimal_parse_human(asked->text, &level) == STATUS_OK)
			screen->asked.widen = is_wider(model, level);
		if (model != NULL)
			say_levels(screen, model, dialog);
		break;
	case ACTION_TARGET:
		if (model != NULL)
			say_levels(screen, model, dialog);
		break;
	case ACTION_LIVE_ON:
		dialog_line(dialog, 0, STYLE_WARN, "LIVE orders are then possible in this book,");
		dialog_line(dialog, 1, STYLE_PLAIN, "each after the typed word CONFIRM.");
		break;
	case ACTION_ADOPT:
		dialog_line(dialog, 0, STYLE_WARN, "Is every other copy of it stopped? Two that act on one account");
		dialog_line(dialog, 1, STYLE_PLAIN, "undo each other. It is compared with the exchange first.");
		break;
	case ACTION_PANIC:
		flatten_view(dialog, &screen->active, screen->resting);
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
		bool naked = model->op.mode == MODE_LIVE && !rests;
		dialog_line(dialog, (int)i, rests ? STYLE_PLAIN : naked ? STYLE_ALARM : STYLE_WARN, "%lld %s %s: %s",
		            (long long)model->op.id, model->op.symbol, protection_name(model->protection),
		            rests ? "its stop rests on the exchange and stays there"
		            : naked ? "NOTHING rests on the exchange: it would be NAKED"
		                    : "unwatched, its stop fires only once Robson is back");
	}
	if (screen->active.count > shown)
		dialog_line(dialog, (int)shown, STYLE_WARN, "and %zu more", screen->active.count - shown);
}

static bool
do_all_rest(const struct screen *screen)
{
	for (size_t i = 0; i < screen->active.count; i++)
		if (screen->active.rows[i].protection != PROTECTION_EXCH &&
		    screen->active.rows[i].protection != PROTECTION_EXCH_LOCAL)
			return false;
	return true;
}

void
actions_quit(struct screen *screen)
{
	/* With nothing open, or when somebody else watches, leaving does no harm.  Who watches may have
	 * changed since the last frame. */
	desk_status(screen->desk, &screen->status);
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
	dialog_add_choice(&screen->dialog, 'x', do_all_rest(screen)
	                  ? "stop watching: only what rests on the exchange protects then"
	                  : "stop watching: what stands above is then unprotected");
	screen->question = QUESTION_QUIT;
	screen->dirty = true;
}
