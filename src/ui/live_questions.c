/* Purpose: what the questions say where the money is real.  The figures come from one model, which
 * the command line shows, too; a guard that FAILs closes the question for good, a fact that is missing
 * keeps it shut until it is there.  (screens.md, "The CONFIRM dialog") */
#include "ui/screen_parts.h"
#include "ui/words.h"

#include <stdio.h>
#include <string.h>

static void
say_size(const struct confirm_model *model, struct dialog *dialog, int line)
{
	const struct intent *intent = &model->intent;
	char a[WORDS_SIZE], b[WORDS_SIZE], key[32] = "";

	words_number(intent->quantity, model->quantity_places, false, a);
	words_money(intent->position_value, false, b);
	if (model->key_tail[0] != 0)
		text_format(key, sizeof key, ", key …%s", model->key_tail);
	dialog_line(dialog, line, STYLE_STRONG, "%s %s %s on %s%s, about %s %s", side_name(intent->side), a,
	            model->base, model->exchange[0] != 0 ? model->exchange : "the exchange", key, b,
	            model->quote);
}

static void
say_price(const struct confirm_model *model, struct dialog *dialog, int line)
{
	const struct intent *intent = &model->intent;
	char a[WORDS_SIZE], b[WORDS_SIZE], moved[WORDS_SIZE] = "", limit[WORDS_SIZE], text[160];

	if (!model->has_price) {
		dialog_line(dialog, line, STYLE_ALARM, "No price is known now");
		return;
	}
	words_price(model->price, model->price_places, a);
	words_age(model->price_age_ms, b);
	text_format(text, sizeof text, "Price %s, %s old", a, b);
	if (intent->entry_kind == ENTRY_LIMIT) {
		words_price(intent->entry_price, model->price_places, a);
		text_format(text + strlen(text), sizeof text - strlen(text), "; limit entry at %s", a);
	} else if (model->has_drift) {
		words_number(model->drift_percent, 2, true, moved);
		words_number(model->drift_limit_percent, decimal_places(model->drift_limit_percent), false, limit);
		text_format(text + strlen(text), sizeof text - strlen(text),
		            ", moved %s %% since planning (limit %s)", moved, limit);
	}
	dialog_line(dialog, line, model->is_stale ? STYLE_ALARM : STYLE_PLAIN, "%s", text);
}

void
confirm_view(struct dialog *dialog, const struct confirm_model *model)
{
	const struct intent *intent = &model->intent;
	char a[WORDS_SIZE], b[WORDS_SIZE], c[WORDS_SIZE], text[DIALOG_LINE_SIZE];
	int line = 0;

	say_size(model, dialog, line++);
	words_money(intent->risk_amount, false, a);
	words_money(model->fees, false, b);
	words_number(intent->risk_percent, 2, false, c);
	if (model->has_fees)
		dialog_line(dialog, line++, STYLE_PLAIN,
		            "If the stop is hit you lose about %s, fees %s in it = %s %%", a, b, c);
	else
		dialog_line(dialog, line++, STYLE_PLAIN,
		            "If the stop is hit you lose about %s, fees in it = %s %%", a, c);
	words_price(intent->stop_price, model->price_places, a);
	text_copy(b, sizeof b, "none");
	if (intent->has_target)
		words_price(intent->target_price, model->price_places, b);
	dialog_line(dialog, line++, STYLE_PLAIN, "Protection on the exchange: stop %s, target %s", a, b);
	confirm_protection_words(model, text, sizeof text);
	dialog_line(dialog, line++, model->has_rules ? STYLE_PLAIN : STYLE_WARN, "  %s", text);
	say_price(model, dialog, line++);
	if (model->report.warnings > 0)
		for (int i = 0; i < model->report.count; i++)
			if (model->report.checks[i].status == VERDICT_WARN) {
				words_cut(model->report.checks[i].message, 68, text, sizeof text);
				dialog_line(dialog, line++, STYLE_WARN, "! %s", text);
				break;
			}
	dialog->line_count = line;
	dialog_wait_for(dialog, model->report.missing != 0 ? model->report.missing_text : "");
	report_failure_words(&model->report, text, sizeof text);
	if (text[0] == 0 && model->shut.status != STATUS_OK)
		text_format(text, sizeof text, "%s%s%s", model->shut.message, model->shut.hint[0] != 0 ? "; " : "",
		            model->shut.hint);
	if (text[0] != 0 && dialog->blocked[0] == 0)
		dialog_block(dialog, text);
}

/* What is at stake at another stop: the same sum that the book keeps as open risk. */
void
widen_view(struct dialog *dialog, const struct operation_model *model, struct decimal stop)
{
	struct operation wider = model->op;
	struct decimal loss;
	char a[WORDS_SIZE], b[WORDS_SIZE];

	words_money(model->open_risk, false, a);
	wider.stop_price = stop;
	if (operation_open_risk(&wider, &loss) != STATUS_OK)
		return;
	words_money(loss, false, b);
	dialog_line(dialog, dialog->line_count, STYLE_WARN,
	            "If it is hit you lose about %s %s, fees in it (now %s)", b, model->quote, a);
}

void
flatten_view(struct dialog *dialog, const struct operation_list *active, int resting)
{
	int live = 0, line = 0, paper;

	for (size_t i = 0; i < active->count; i++)
		live += active->rows[i].op.mode == MODE_LIVE;
	paper = (int)active->count - live;
	dialog_line(dialog, line++, STYLE_STRONG, "PAUSE, cancel Robson's resting entries%s, and close",
	            resting > 0 ? "" : " (none)");
	if (live == 0) {
		dialog_line(dialog, line++, STYLE_STRONG, "every operation at market: %d open, none of them LIVE.", paper);
	} else {
		dialog_line(dialog, line++, STYLE_STRONG, "every operation at market: %d LIVE%s.", live,
		            paper > 0 ? "" : ", nothing else is open");
		if (paper > 0)
			dialog_line(dialog, line++, STYLE_STRONG, "And %d on paper.", paper);
	}
	for (size_t i = 0; i < active->count && line < DIALOG_LINES - 2; i++) {
		const struct operation_model *model = &active->rows[i];
		char quantity[WORDS_SIZE], result[WORDS_SIZE] = "";
		if (model->op.mode != MODE_LIVE)
			continue;
		words_quantity(operation_open_quantity(&model->op), model->quantity_places, quantity);
		if (model->has_unrealized)
			words_money(model->unrealized, true, result);
		dialog_line(dialog, line++, STYLE_PLAIN, "  LIVE %lld: sell %s %s, %s%s", (long long)model->op.id,
		            quantity, model->base, result[0] != 0 ? "about " : "no price known",
		            result);
	}
	if (live > 0)
		dialog_line(dialog, line++, STYLE_PLAIN, "Each stop on the exchange is replaced by the sale.");
	dialog->line_count = line;
}
