/* What a LIVE order would be at this very moment, every figure of the question that it has to pass
 * (screens.md, "The CONFIRM dialog"): asked again and again while the question stands, written nowhere. */
#include "app/desk_state.h"

#include <stdio.h>
#include <string.h>

/* How far the price has gone since it was planned; a limit entry has a price of its own. */
static void
say_drift(struct confirm_model *model)
{
	const struct intent *intent = &model->intent;
	struct decimal moved;

	model->has_drift = intent->entry_kind == ENTRY_MARKET && decimal_is_positive(intent->planned_quote) &&
	                   decimal_sub(model->price, intent->planned_quote, &moved) == STATUS_OK &&
	                   decimal_mul_div(moved, decimal_from_int(100), intent->planned_quote, ROUND_HALF_UP,
	                                   &model->drift_percent) == STATUS_OK;
}

/* A gate that stays shut whatever is typed: nobody is asked for a word that can't help. */
static void
say_gate(struct desk *desk, struct confirm_model *model)
{
	struct error why = { 0 };
	const char *gate;

	if (execute_may(desk, &model->intent, MODE_LIVE, true, &gate, &why) != STATUS_OK)
		model->shut = why;
}

enum status
desk_confirm(struct desk *desk, const char *id, struct confirm_model *ret, struct error *err)
{
	struct fact_sheet sheet;
	struct confirm_model model = { 0 };
	struct exchange_status exchange = { 0 };

	enum status status = store_intent_find(desk->setup.store, desk->setup.client_id, id, &model.intent, err);
	if (status != STATUS_OK)
		return status;
	model.intent.mode = MODE_LIVE;
	if ((status = execute_rehearse(desk, &model.intent, &sheet, &model.report, err)) != STATUS_OK)
		return status;
	symbol_split(model.intent.symbol, model.base, model.quote);
	model.price_places = 2;
	model.quantity_places = 8;
	if (sheet.facts.rules != NULL) {
		text_copy(model.base, sizeof model.base, sheet.rules.base);
		text_copy(model.quote, sizeof model.quote, sheet.rules.quote);
		model.price_places = symbol_price_places(&sheet.rules);
		model.quantity_places = symbol_quantity_places(&sheet.rules);
		model.has_rules = true;
		model.protection = entry_shape(model.intent.side, model.intent.has_target, &sheet.rules, &model.is_target_resting);
	}
	if (sheet.facts.sizing != NULL && decimal_is_positive(sheet.sizing.quantity))
		model.has_fees = decimal_mul_div(sheet.sizing.fees_at_stop, model.intent.quantity, sheet.sizing.quantity,
		                                 ROUND_UP, &model.fees) == STATUS_OK;
	if (sheet.facts.quote != NULL) {
		model.has_price = true;
		model.price = quote_entry_price(&sheet.quote, model.intent.side);
		model.price_age_ms = sheet.facts.quote_age_ms;
		model.is_stale = sheet.facts.quote_age_ms > sheet.facts.stale_ms;
		model.drift_limit_percent = sheet.facts.max_drift_percent;
		say_drift(&model);
	}
	if (desk->setup.live != NULL && desk->setup.live->ops->status != NULL) {
		desk->setup.live->ops->status(desk->setup.live, &exchange);
		text_copy(model.exchange, sizeof model.exchange, exchange.label);
		text_copy(model.key_tail, sizeof model.key_tail, exchange.key_tail);
	}
	say_gate(desk, &model);
	*ret = model;
	return STATUS_OK;
}
