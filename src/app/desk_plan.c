/* Planning: what a person typed becomes an intent, sized by the one rule.  The form's preview and
 * the command read the same input through the same code, so that they can't differ. */
#include "app/desk_state.h"

#include <stdio.h>
#include <string.h>

static bool
is_given(const char *text)
{
	return text != NULL && text[0] != '\0';
}

/* One error per field is enough for a person; the first one holds. */
static void
wrong(struct preview *preview, const char *field, const char *format, ...) PRINTF_LIKE(3, 4);

static void
wrong(struct preview *preview, const char *field, const char *format, ...)
{
	va_list args;

	for (int i = 0; i < preview->error_count; i++)
		if (strcmp(preview->errors[i].field, field) == 0)
			return;
	if (preview->error_count == (int)ARRAY_LEN(preview->errors))
		return;
	struct field_error *error = &preview->errors[preview->error_count++];
	text_copy(error->field, sizeof error->field, field);
	va_start(args, format);
	vsnprintf(error->message, sizeof error->message, format, args);
	va_end(args);
	text_make_harmless(error->message);
}

/* What kind of wrong the first error is, for the exit status. */
struct reading {
	struct desk *desk;
	const struct plan_input *input;
	struct preview *out;
	enum status status;
	struct strategy strategy; bool has_strategy;
	struct symbol_rules rules; bool has_rules;
	bool has_entry, has_stop;
};

static void
fail(struct reading *reading, enum status status)
{
	if (reading->status == STATUS_OK)
		reading->status = status;
}

static bool
read_number(struct reading *reading, const char *field, const char *text, struct decimal *ret)
{
	enum status status = decimal_parse_human(text, ret);

	if (status == STATUS_OK)
		return true;
	wrong(reading->out, field, status == STATUS_RANGE ? "'%.60s' does not fit: at most 18 digits before the point and 16 after it"
	                                                  : "'%.60s' is not a number", text);
	fail(reading, status);
	return false;
}

static bool
read_positive(struct reading *reading, const char *field, const char *text, struct decimal *ret)
{
	struct decimal value;

	if (!read_number(reading, field, text, &value))
		return false;
	if (!decimal_is_positive(value)) {
		wrong(reading->out, field, "%s must be above zero, not %.60s", field, text);
		fail(reading, STATUS_RANGE);
		return false;
	}
	*ret = value;
	return true;
}

static void
read_text(struct reading *reading, const char *field, const char *text, char *dst, size_t size)
{
	if (!is_given(text))
		return;
	if (!text_copy(dst, size, text)) {
		wrong(reading->out, field, "%s is longer than %zu bytes", field, size - 1);
		fail(reading, STATUS_RANGE);
	}
	text_make_harmless(dst);
}

static void
read_parent(struct reading *reading)
{
	struct intent *intent = &reading->out->intent;
	struct intent parent;
	struct error err = { 0 };

	if (!is_given(reading->input->from))
		return;
	enum status status = store_intent_find(reading->desk->setup.store, reading->desk->setup.client_id,
	                                       reading->input->from, &parent, &err);
	if (status != STATUS_OK) {
		wrong(reading->out, "from", "%s", err.message);
		fail(reading, status);
		return;
	}
	/* What it was to be, without what became of it; a clone is a person's own. */
	*intent = (struct intent){
		.side = parent.side, .entry_kind = parent.entry_kind, .entry_price = parent.entry_price,
		.stop_price = parent.stop_price, .stop_origin = parent.stop_origin, .has_target = parent.has_target,
		.target_price = parent.target_price, .capital = parent.capital,
		.has_typed_quantity = parent.has_typed_quantity, .typed_quantity = parent.typed_quantity,
		.has_confidence = parent.has_confidence, .confidence = parent.confidence,
	};
	text_copy(intent->parent_id, sizeof intent->parent_id, parent.id);
	text_copy(intent->symbol, sizeof intent->symbol, parent.symbol);
	text_copy(intent->strategy, sizeof intent->strategy, parent.strategy);
	text_copy(intent->stop_evidence, sizeof intent->stop_evidence, parent.stop_evidence);
	text_copy(intent->target_typed, sizeof intent->target_typed, parent.target_typed);
	text_copy(intent->regime, sizeof intent->regime, parent.regime);
	text_copy(intent->reason, sizeof intent->reason, parent.reason);
	reading->has_stop = true;
}

static void
read_what(struct reading *reading)
{
	const struct plan_input *input = reading->input;
	struct preview *out = reading->out;
	struct intent *intent = &out->intent;
	struct error err = { 0 };

	if (is_given(input->side)) {
		if (side_parse(input->side, &intent->side) != STATUS_OK) {
			wrong(out, "side", "the side is buy or sell, not '%.40s'", input->side);
			fail(reading, STATUS_USAGE);
		}
	} else if (!is_given(input->from)) {
		wrong(out, "side", "a side is needed: buy or sell");
		fail(reading, STATUS_USAGE);
	}
	if (is_given(input->symbol)) {
		enum status status = symbol_parse(input->symbol, intent->symbol, &err);
		if (status != STATUS_OK) {
			wrong(out, "symbol", "%s", err.message);
			fail(reading, status);
		}
	} else if (intent->symbol[0] == '\0') {
		wrong(out, "symbol", "a symbol is needed, such as BTCUSDC");
		fail(reading, STATUS_USAGE);
	}
	struct market *market = desk_market(reading->desk, intent->symbol);
	if (market != NULL && market->is_unknown) {
		wrong(out, "symbol", "the exchange does not list %s", intent->symbol);
		fail(reading, STATUS_NOT_FOUND);
	}
	const struct symbol_rules *rules = desk_rules(reading->desk, intent->symbol);
	reading->has_rules = rules != NULL;
	if (rules != NULL)
		reading->rules = *rules;
	else
		symbol_rules_default(&reading->rules, intent->symbol, (struct decimal){ 100000000 });
	text_copy(out->base, sizeof out->base, reading->rules.base);
	text_copy(out->quote, sizeof out->quote, reading->rules.quote);
	out->price_places = symbol_price_places(&reading->rules);
	out->quantity_places = symbol_quantity_places(&reading->rules);
}

static void
read_why(struct reading *reading)
{
	const struct plan_input *input = reading->input;
	struct intent *intent = &reading->out->intent;
	struct error err = { 0 };

	read_text(reading, "regime", input->regime, intent->regime, sizeof intent->regime);
	read_text(reading, "reason", input->reason, intent->reason, sizeof intent->reason);
	if (is_given(input->confidence) && read_number(reading, "confidence", input->confidence, &intent->confidence)) {
		intent->has_confidence = true;
		if (decimal_is_negative(intent->confidence) || decimal_cmp(intent->confidence, decimal_from_int(1)) > 0) {
			wrong(reading->out, "confidence", "confidence lies between 0 and 1, not %.40s", input->confidence);
			fail(reading, STATUS_RANGE);
		}
	}
	read_text(reading, "strategy", input->strategy, intent->strategy, sizeof intent->strategy);
	if (intent->strategy[0] == '\0')
		return;
	enum status status = store_strategy_find(reading->desk->setup.store, reading->desk->setup.client_id,
	                                         intent->strategy, &reading->strategy, &err);
	reading->has_strategy = status == STATUS_OK;
	if (status == STATUS_OK) {
		text_copy(intent->strategy, sizeof intent->strategy, reading->strategy.name);
	} else {
		wrong(reading->out, "strategy", "%s", err.message);
		fail(reading, status);
	}
}

static void
read_entry(struct reading *reading)
{
	struct desk *desk = reading->desk;
	struct intent *intent = &reading->out->intent;
	const char *typed = reading->input->entry;

	if (is_given(typed)) {
		intent->entry_kind = ENTRY_LIMIT;
		reading->has_entry = read_positive(reading, "entry", typed, &intent->entry_price);
	} else if (is_given(reading->input->from) && intent->entry_kind == ENTRY_LIMIT) {
		reading->has_entry = true;
	} else {
		intent->entry_kind = ENTRY_MARKET;
	}
	struct market *market = desk_market(desk, intent->symbol);
	bool fresh = desk_is_fresh(desk, market);
	if (fresh)
		intent->planned_quote = quote_entry_price(&market->quote, intent->side);
	if (intent->entry_kind == ENTRY_LIMIT)
		return;
	if (!fresh) {
		wrong(reading->out, "entry", "no fresh price of %s for a market entry: wait for one, or type a limit",
		      intent->symbol[0] != '\0' ? intent->symbol : "the symbol");
		fail(reading, STATUS_UNAVAILABLE);
		return;
	}
	enum status status = sizing_worst_fill(intent->side, intent->planned_quote,
	                                       desk->setup.settings->entry.slippage_percent,
	                                       reading->rules.tick, &intent->entry_price);
	reading->has_entry = status == STATUS_OK;
	if (status != STATUS_OK) {
		wrong(reading->out, "entry", "the price of %s does not fit a number", intent->symbol);
		fail(reading, status);
	}
}

/* "3R", "2.5%": measured from the entry, so that another entry means another price. */
static bool
is_relative(const char *typed)
{
	return strpbrk(typed, "rR%") != NULL;
}

/* A clone may have the other side: the distance is what was meant, its side follows from the trade. */
static const char *
without_sign(const char *typed)
{
	const char *at = typed + strspn(typed, " ");

	return *at == '-' || *at == '+' ? at + 1 : at;
}

static void
read_levels(struct reading *reading)
{
	const struct plan_input *input = reading->input;
	struct intent *intent = &reading->out->intent;
	struct error err = { 0 };
	const char *stop = input->stop;

	/* A clone's stop that was a percentage is one of the new entry. */
	if (!is_given(stop) && reading->has_stop && intent->stop_origin == STOP_PERCENT)
		stop = without_sign(intent->stop_evidence);
	if (is_given(stop) && reading->has_entry) {
		char evidence[EVIDENCE_SIZE];
		text_copy(evidence, sizeof evidence, stop);
		text_make_harmless(evidence);
		enum status status = level_parse_stop(stop, intent->side, intent->entry_price, reading->rules.tick,
		                                      &intent->stop_price, &intent->stop_origin, &err);
		reading->has_stop = status == STATUS_OK;
		if (status != STATUS_OK) {
			wrong(reading->out, "stop", "%s", err.message);
			fail(reading, status);
		}
		text_copy(intent->stop_evidence, sizeof intent->stop_evidence, evidence);
	} else if (!is_given(stop) && !reading->has_stop) {
		wrong(reading->out, "stop", "a stop is needed: a price, or a percentage such as -1.5%%");
		fail(reading, STATUS_USAGE);
	}
	const char *target = input->target;
	if (!is_given(target) && intent->has_target && is_relative(intent->target_typed))
		target = without_sign(intent->target_typed);
	if (is_given(target) && reading->has_entry && reading->has_stop) {
		char typed[sizeof intent->target_typed];
		text_copy(typed, sizeof typed, target);
		text_make_harmless(typed);
		text_copy(intent->target_typed, sizeof intent->target_typed, typed);
		enum status status = level_parse_target(typed, intent->side, intent->entry_price,
		                                        intent->stop_price, reading->rules.tick,
		                                        &intent->target_price, &err);
		intent->has_target = status == STATUS_OK;
		if (status != STATUS_OK) {
			wrong(reading->out, "target", "%s", err.message);
			fail(reading, status);
		}
	}
	if (is_given(input->quantity))
		intent->has_typed_quantity = read_positive(reading, "quantity", input->quantity, &intent->typed_quantity);
	if (is_given(input->capital)) {
		(void)read_positive(reading, "capital", input->capital, &intent->capital);
	} else if (!decimal_is_positive(intent->capital)) {
		if (reading->desk->setup.settings->book.has_capital) {
			intent->capital = reading->desk->setup.settings->book.capital;
		} else {
			wrong(reading->out, "capital", "no capital: give one, or set book.capital; it is never guessed");
			fail(reading, STATUS_USAGE);
		}
	}
}

/* What the target would bring, net of both fees: the same function that books it later. */
static void
compute_win(struct reading *reading)
{
	struct preview *out = reading->out;
	const struct intent *intent = &out->intent;
	struct leg entry = { 0 }, none = { 0 };
	struct decimal fee, value, distance;
	struct decimal fee_percent = intent->fee_percent;

	if (!intent->has_target || !decimal_is_positive(out->sizing.quantity))
		return;
	if (decimal_mul(intent->entry_price, out->sizing.quantity, ROUND_UP, &value) != STATUS_OK ||
	    decimal_percent_of(value, fee_percent, ROUND_UP, &fee) != STATUS_OK ||
	    leg_add(&entry, intent->entry_price, out->sizing.quantity, fee) != STATUS_OK)
		return;
	out->has_win = pnl_unrealized(intent->side, &entry, &none, intent->target_price, fee_percent, &out->win) == STATUS_OK;
	out->has_target_r = decimal_sub(intent->target_price, intent->entry_price, &distance) == STATUS_OK &&
	                    decimal_is_positive(out->sizing.stop_distance) &&
	                    decimal_div(decimal_abs(distance), out->sizing.stop_distance, ROUND_DOWN, &out->target_r) == STATUS_OK;
}

static void
compute_size(struct reading *reading)
{
	struct preview *out = reading->out;
	struct intent *intent = &out->intent;
	struct error err = { 0 };

	if (!reading->has_entry || !reading->has_stop || !decimal_is_positive(intent->capital))
		return;
	struct error why = { 0 };
	enum status known = intent->mode == MODE_LIVE ? desk_account(reading->desk, intent->symbol, &why) : STATUS_OK;
	intent->fee_percent = facts_fee_percent(reading->desk, intent->mode, intent->symbol);
	out->has_balance = facts_balance(reading->desk, reading->desk->setup.client_id, intent->mode,
	                                 out->quote, &out->balance);
	if (!out->has_balance && intent->mode == MODE_LIVE) {
		fail(reading, known);
		wrong(out, "balance", "the account's free balance is not known: %s", why.message);
		return;
	}
	enum status status = facts_size(reading->desk, intent, reading->has_rules ? &reading->rules : NULL,
	                                reading->has_strategy ? &reading->strategy : NULL, out->has_balance,
	                                out->balance, &out->sizing, &err);
	if (status != STATUS_OK) {
		wrong(out, err.field[0] != '\0' ? err.field : "size", "%s", err.message);
		fail(reading, !out->has_balance && strcmp(err.field, "balance") == 0 ? STATUS_UNAVAILABLE : status);
		return;
	}
	out->has_sizing = true;
	out->loss = out->sizing.risk_amount;
	out->fees = out->sizing.fees_at_stop;
	intent->quantity = out->sizing.quantity;
	if (intent->has_typed_quantity)
		intent->quantity = intent->typed_quantity;   /* as typed; the size guard has its say */
	intent->quantity_by_rule = out->sizing.quantity_by_rule;
	intent->bound_by = out->sizing.bound_by;
	intent->position_value = out->sizing.position_value;
	intent->risk_amount = out->sizing.risk_amount;
	intent->risk_percent = out->sizing.risk_percent;
	intent->stop_distance = out->sizing.stop_distance;
	intent->stop_distance_percent = out->sizing.stop_distance_percent;
	compute_win(reading);
}

static enum status
read_plan(struct desk *desk, const struct plan_input *input, struct preview *ret)
{
	struct reading reading = { .desk = desk, .input = input, .out = ret };

	*ret = (struct preview){ 0 };
	read_parent(&reading);
	struct intent *intent = &ret->intent;
	intent->client_id = desk->setup.client_id;
	intent->mode = input->live ? MODE_LIVE : MODE_DRY_RUN;
	intent->source = SOURCE_MANUAL;
	intent->fee_percent = desk->setup.settings->costs.fee_percent;
	intent->gap_percent = desk->setup.settings->costs.gap_percent;
	text_copy(intent->feed, sizeof intent->feed, desk->feed_id);
	read_what(&reading);
	read_why(&reading);
	read_entry(&reading);
	read_levels(&reading);
	compute_size(&reading);
	ret->is_complete = ret->error_count == 0 && reading.status == STATUS_OK && ret->has_sizing;
	return reading.status;
}

void
desk_preview(struct desk *desk, const struct plan_input *input, struct preview *ret)
{
	(void)read_plan(desk, input, ret);
}

static void
note_plan(struct note *note, const struct preview *preview)
{
	const struct intent *intent = &preview->intent;

	note_intent(note, intent);
	json_text(&note->json, "symbol", intent->symbol);
	json_text(&note->json, "side", side_name(intent->side));
	json_text(&note->json, "mode", mode_name(intent->mode));
	json_text(&note->json, "entry_kind", entry_kind_name(intent->entry_kind));
	json_decimal(&note->json, "entry_price", intent->entry_price);
	json_decimal(&note->json, "quote", intent->planned_quote);
	json_decimal(&note->json, "stop_price", intent->stop_price);
	if (intent->has_target)
		json_decimal(&note->json, "target_price", intent->target_price);
	json_decimal(&note->json, "capital", intent->capital);
	json_decimal(&note->json, "quantity", intent->quantity);
	json_decimal(&note->json, "quantity_by_rule", intent->quantity_by_rule);
	json_text(&note->json, "bound_by", size_bound_name(intent->bound_by));
	json_decimal(&note->json, "risk_amount", intent->risk_amount);
	json_text(&note->json, "feed", intent->feed);
	if (intent->parent_id[0] != '\0')
		json_text(&note->json, "parent", intent->parent_id);
}

enum status
plan_read(struct desk *desk, const struct plan_input *input, struct preview *ret, struct error *err)
{
	enum status status = read_plan(desk, input, ret);

	if (ret->error_count == 0 && status == STATUS_OK)
		return STATUS_OK;
	return error_field(err, status == STATUS_OK ? STATUS_INVALID : status,
	                   ret->error_count > 0 ? ret->errors[0].field : "", "%s",
	                   ret->error_count > 0 ? ret->errors[0].message : "the plan can't be read");
}

enum status
plan_write(struct desk *desk, struct preview *preview, struct error *err)
{
	struct intent *intent = &preview->intent;
	char quantity[DECIMAL_TEXT_SIZE], stop[DECIMAL_TEXT_SIZE];
	struct note note;

	intent->status = INTENT_PENDING;
	intent->created_at_ms = desk_now_ms(desk);
	uuid7_make(clock_wall_ms(), desk->setup.random, desk->setup.random_self, intent->id);
	note_open(&note, desk, "intent.planned");
	note_plan(&note, preview);
	decimal_text(intent->quantity, quantity);
	decimal_text(intent->stop_price, stop);
	enum status status = store_intent_insert(desk->setup.store, intent, err);
	if (status == STATUS_OK)
		status = note_write(&note, desk, err, "planned: %s %s %s, stop %s, %s", side_name(intent->side),
		                    quantity, intent->symbol, stop, mode_name(intent->mode));
	note_done(&note);
	return status;
}

enum status
desk_plan(struct desk *desk, const struct plan_input *input, struct intent *ret, struct error *err)
{
	struct preview preview;
	struct book book;

	if (desk->setup.is_readonly)
		return error_set(err, STATUS_REFUSED, "--readonly looks and never acts: nothing was planned");
	/* The first book of a client, and its strategies, are made before a plan can name one. */
	enum status status = store_book(desk->setup.store, desk->setup.client_id, MODE_DRY_RUN, &book, err);
	if (status == STATUS_OK)
		status = plan_read(desk, input, &preview, err);
	if (status == STATUS_OK)
		status = store_begin(desk->setup.store, err);
	if (status != STATUS_OK)
		return status;
	status = plan_write(desk, &preview, err);
	if (status == STATUS_OK)
		status = store_commit(desk->setup.store, err);
	else
		store_rollback(desk->setup.store);
	if (status == STATUS_OK)
		*ret = preview.intent;
	desk_touch(desk);
	return status;
}
