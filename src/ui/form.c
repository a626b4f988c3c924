/* Purpose: the form's state: what keys do to it, and what it hands to the desk. */
#include "ui/form.h"
#include "app/desk.h"

#include <string.h>

static const char *const names[FORM_FIELDS] = {
	"symbol", "side", "strategy", "entry", "stop", "target", "capital", "quantity", "reason",
	"regime", "confidence",
};

const char *
form_field_name(enum form_field field)
{
	return names[field];
}

void
form_init(struct form *form)
{
	memset(form, 0, sizeof *form);
	form_clear(form);
}

void
form_clear(struct form *form)
{
	static const size_t sizes[FORM_FIELDS] = {
		[FORM_SYMBOL] = SYMBOL_SIZE - 1, [FORM_SIDE] = 4, [FORM_STRATEGY] = STRATEGY_NAME_SIZE - 1,
		[FORM_ENTRY] = 40, [FORM_STOP] = 40, [FORM_TARGET] = 40, [FORM_CAPITAL] = 40,
		[FORM_SIZE] = 40, [FORM_REASON] = REASON_SIZE - 1, [FORM_REGIME] = 63,
		[FORM_CONFIDENCE] = 10,
	};
	for (int i = 0; i < FORM_FIELDS; i++)
		field_init(&form->fields[i], sizes[i]);
	field_set(&form->fields[FORM_SIDE], "BUY");
	form->at = FORM_SYMBOL;
	form->editing = form->live = form->attempted = form->intent_live = false;
	form->intent_id[0] = form->parent_id[0] = form->ghost[0] = form->done[0] = 0;
	form->has_preview = form->has_price = false;
	memset(form->parent_filled, 0, sizeof form->parent_filled);
}

static void
set_decimal(struct field *field, struct decimal value)
{
	char text[DECIMAL_TEXT_SIZE];

	decimal_text(value, text);
	field_set(field, text);
}

void
form_clone_of(struct form *form, const char *intent_id)
{
	text_copy(form->parent_id, sizeof form->parent_id, intent_id);
	for (int i = 0; i < FORM_FIELDS; i++)
		form->parent_filled[i] = form->fields[i].text[0] != 0;
	form->intent_id[0] = 0;
}

bool
form_is_empty(const struct form *form)
{
	for (int i = 0; i < FORM_FIELDS; i++)
		if (i != FORM_SIDE && form->fields[i].text[0] != 0)
			return false;
	return true;
}

bool
form_mode_differs(const struct form *form)
{
	return form->intent_id[0] != 0 && form->intent_live != form->live;
}

void
form_take_intent(struct form *form, const struct intent *intent, bool is_clone)
{
	form_clear(form);
	field_set(&form->fields[FORM_SYMBOL], intent->symbol);
	field_set(&form->fields[FORM_SIDE], side_name(intent->side));
	field_set(&form->fields[FORM_STRATEGY], intent->strategy);
	if (intent->entry_kind == ENTRY_LIMIT)
		set_decimal(&form->fields[FORM_ENTRY], intent->entry_price);
	set_decimal(&form->fields[FORM_STOP], intent->stop_price);
	if (intent->has_target)
		set_decimal(&form->fields[FORM_TARGET], intent->target_price);
	set_decimal(&form->fields[FORM_CAPITAL], intent->capital);
	if (intent->has_typed_quantity)
		set_decimal(&form->fields[FORM_SIZE], intent->typed_quantity);
	field_set(&form->fields[FORM_REASON], intent->reason);
	field_set(&form->fields[FORM_REGIME], intent->regime);
	if (intent->has_confidence)
		set_decimal(&form->fields[FORM_CONFIDENCE], intent->confidence);
	form->live = intent->mode == MODE_LIVE;
	if (is_clone) {
		form_clone_of(form, intent->id);
	} else {
		text_copy(form->intent_id, sizeof form->intent_id, intent->id);
		form->intent_live = form->live;
	}
}

/* The content is another one than what was planned.  What was refused stays its parent. */
static enum form_answer
changed(struct form *form)
{
	form->intent_id[0] = form->done[0] = 0;
	return FORM_CHANGED;
}

static enum form_answer
toggle_side(struct form *form)
{
	struct field *side = &form->fields[FORM_SIDE];

	field_set(side, strcmp(side->text, "BUY") == 0 ? "SELL" : "BUY");
	return changed(form);
}

/* Strategy -1 is none. */
static enum form_answer
step_strategy(struct form *form, int step)
{
	struct field *strategy = &form->fields[FORM_STRATEGY];
	int at = -1, count = form->strategy_count;

	for (int i = 0; i < count; i++)
		if (strcmp(form->strategies[i], strategy->text) == 0)
			at = i;
	at = (at + 1 + step + count + 1) % (count + 1) - 1;
	field_set(strategy, at < 0 ? "" : form->strategies[at]);
	return changed(form);
}

static enum form_answer
strategy_by_letter(struct form *form, uint32_t letter)
{
	struct field *strategy = &form->fields[FORM_STRATEGY];
	int count = form->strategy_count, from = -1;

	for (int i = 0; i < count; i++)
		if (strcmp(form->strategies[i], strategy->text) == 0)
			from = i;
	for (int i = 1; i <= count; i++) {
		const char *name = form->strategies[(from + i) % count];
		if ((uint32_t)((unsigned char)name[0] | 0x20) == (letter | 0x20)) {
			field_set(strategy, name);
			return changed(form);
		}
	}
	return FORM_MOVED;
}

enum form_answer
form_go(struct form *form, enum form_field field, bool editing)
{
	bool left_symbol = form->at == FORM_SYMBOL && form->editing &&
	                   (field != FORM_SYMBOL || !editing);

	form->at = field;
	form->editing = editing;
	form->ghost[0] = 0;
	if (editing)
		form->fields[field].cursor = strlen(form->fields[field].text);
	return left_symbol ? FORM_SYMBOL_DONE : FORM_MOVED;
}

static enum form_answer
step(struct form *form, int by, bool leave_at_end)
{
	int next = (int)form->at + by;

	if (next >= FORM_FIELDS || next < 0) {
		if (leave_at_end)
			return form_go(form, form->at, false);
		next = next < 0 ? 0 : FORM_FIELDS - 1;
	}
	return form_go(form, (enum form_field)next, form->editing);
}

enum form_answer
form_command(struct form *form, enum command command)
{
	switch (command) {
	case COMMAND_UP: return step(form, -1, false);
	case COMMAND_DOWN: return step(form, 1, false);
	case COMMAND_FIRST: return form_go(form, FORM_SYMBOL, false);
	case COMMAND_LAST: return form_go(form, FORM_CONFIDENCE, false);
	case COMMAND_EDIT: return form_go(form, form->at, true);
	case COMMAND_LEFT:
	case COMMAND_RIGHT:
		if (form->at == FORM_SIDE)
			return toggle_side(form);
		if (form->at == FORM_STRATEGY)
			return step_strategy(form, command == COMMAND_RIGHT ? 1 : -1);
		return FORM_MOVED;
	case COMMAND_TOGGLE_LIVE:
		form->live = !form->live;     /* the plan stays, for its own mode: L again goes back to it */
		return form->done[0] != 0 ? changed(form) : FORM_CHANGED;
	case COMMAND_CLEAR: {
		form_clear(form);
		return FORM_CHANGED;
	}
	default: return FORM_IGNORED;
	}
}

static bool
is_price(enum form_field field)
{
	return field == FORM_ENTRY || field == FORM_STOP || field == FORM_TARGET;
}

/* What the price field means now, even if it says "-1.5%": from the preview; an empty entry is the
 * market. */
static bool
resolved_price(const struct form *form, struct decimal *ret)
{
	const struct intent *intent = &form->preview.intent;

	if (decimal_parse_human(form->fields[form->at].text, ret) == STATUS_OK)
		return decimal_is_positive(*ret);
	if (form->has_preview && form_error(form, form->at) == NULL) {
		*ret = form->at == FORM_STOP ? intent->stop_price
		     : form->at == FORM_TARGET ? intent->target_price : intent->entry_price;
		if (decimal_is_positive(*ret))
			return true;
	}
	if (form->has_price) {
		*ret = form->fields[FORM_SIDE].text[0] == 'B' ? form->price.quote.ask
		                                              : form->price.quote.bid;
		return true;
	}
	return false;
}

static enum form_answer
move_by_tick(struct form *form, struct decimal tick, bool up)
{
	struct decimal price;

	if (!decimal_is_positive(tick) || !resolved_price(form, &price))
		return FORM_MOVED;
	if (!up)
		tick = decimal_neg(tick);
	if (decimal_add(price, tick, &price) != STATUS_OK || !decimal_is_positive(price))
		return FORM_MOVED;
	set_decimal(&form->fields[form->at], price);
	return changed(form);
}

static enum form_answer
key_of_choice(struct form *form, const struct ui_key *key)
{
	bool left = key->kind == UI_KEY && key->code == UI_LEFT;
	bool right = (key->kind == UI_KEY && key->code == UI_RIGHT) ||
	             (key->kind == UI_TEXT && key->codepoint == ' ');

	if (key->pasted)
		return FORM_MOVED;
	if (form->at == FORM_SIDE) {
		bool buys = form->fields[FORM_SIDE].text[0] == 'B';
		if (left || right)
			return toggle_side(form);
		if (key->kind == UI_TEXT && ((key->codepoint | 0x20) == 'b') != buys &&
		    ((key->codepoint | 0x20) == 'b' || (key->codepoint | 0x20) == 's'))
			return toggle_side(form);
		return FORM_MOVED;
	}
	if (left || right)
		return step_strategy(form, left ? -1 : 1);
	if (key->kind == UI_TEXT)
		return strategy_by_letter(form, key->codepoint);
	return FORM_MOVED;
}

static enum form_answer
key_of_text(struct form *form, const struct ui_key *key)
{
	struct ui_key typed = *key;
	enum field_answer answer;

	if (form->at == FORM_SYMBOL && typed.kind == UI_TEXT) {
		if (typed.codepoint >= 'a' && typed.codepoint <= 'z')
			typed.codepoint -= 'a' - 'A';
		if (typed.codepoint == ' ')
			return FORM_MOVED;
	}
	answer = field_key(&form->fields[form->at], &typed);
	if (answer == FIELD_CHANGED) {
		form->ghost[0] = 0;
		return changed(form);
	}
	return answer == FIELD_MOVED ? FORM_MOVED : FORM_IGNORED;
}

/* What is offered behind the cursor becomes the symbol. */
static bool
take_completion(struct form *form)
{
	char whole[SYMBOL_SIZE];

	if (form->at != FORM_SYMBOL || form->ghost[0] == 0)
		return false;
	text_format(whole, sizeof whole, "%s%s", form->fields[FORM_SYMBOL].text, form->ghost);
	field_set(&form->fields[FORM_SYMBOL], whole);
	form->ghost[0] = 0;
	changed(form);
	return true;
}

enum form_answer
form_key(struct form *form, const struct ui_key *key, struct decimal tick)
{
	bool is_choice = form->at == FORM_SIDE || form->at == FORM_STRATEGY;

	switch (keys_command(CONTEXT_FIELD, key)) {
	case COMMAND_LEAVE: return form_go(form, form->at, false);
	case COMMAND_ACCEPT: take_completion(form); return step(form, 1, true);
	case COMMAND_NEXT_FIELD:
		if (take_completion(form))
			return changed(form);
		return step(form, 1, true);
	case COMMAND_PREVIOUS_FIELD: return step(form, -1, false);
	case COMMAND_MORE:
		return is_price(form->at) ? move_by_tick(form, tick, true) : step(form, -1, false);
	case COMMAND_LESS:
		return is_price(form->at) ? move_by_tick(form, tick, false) : step(form, 1, false);
	default:
		break;
	}
	return is_choice ? key_of_choice(form, key) : key_of_text(form, key);
}

void
form_input(const struct form *form, struct plan_input *ret)
{
	bool may_clone = form->parent_id[0] != 0;

	/* A clone takes what is not given from its parent: what was emptied would come back. */
	for (int i = 0; i < FORM_FIELDS; i++)
		if (form->parent_filled[i] && form->fields[i].text[0] == 0)
			may_clone = false;
	*ret = (struct plan_input){
		.from = may_clone ? form->parent_id : NULL,
		.side = form->fields[FORM_SIDE].text,
		.symbol = form->fields[FORM_SYMBOL].text,
		.quantity = form->fields[FORM_SIZE].text,
		.entry = form->fields[FORM_ENTRY].text,
		.stop = form->fields[FORM_STOP].text,
		.target = form->fields[FORM_TARGET].text,
		.capital = form->fields[FORM_CAPITAL].text,
		.strategy = form->fields[FORM_STRATEGY].text,
		.regime = form->fields[FORM_REGIME].text,
		.confidence = form->fields[FORM_CONFIDENCE].text,
		.reason = form->fields[FORM_REASON].text,
		.live = form->live,
	};
}

const struct field_error *
form_error(const struct form *form, enum form_field field)
{
	if (!form->has_preview || (form->fields[field].text[0] == 0 && !form->attempted))
		return NULL;
	/* A name that is still being typed, and goes on as a known one, is not wrong yet. */
	if (field == FORM_SYMBOL && form->editing && form->at == FORM_SYMBOL && form->ghost[0] != 0)
		return NULL;
	for (int i = 0; i < form->preview.error_count; i++)
		if (strcmp(form->preview.errors[i].field, names[field]) == 0)
			return &form->preview.errors[i];
	return NULL;
}

bool
form_target_is_wrong(const struct form *form)
{
	const struct intent *intent = &form->preview.intent;

	if (!form->has_preview || !intent->has_target || !decimal_is_positive(intent->entry_price))
		return false;
	int order = decimal_cmp(intent->target_price, intent->entry_price);
	return intent->side == SIDE_BUY ? order <= 0 : order >= 0;
}

bool
form_trouble(const struct form *form, char *ret_text, size_t size)
{
	const struct field_error *error = form_error(form, form->at);

	for (int i = 0; error == NULL && i < FORM_FIELDS; i++)
		error = form_error(form, (enum form_field)i);
	if (error == NULL && form->has_preview && form->attempted && form->preview.error_count > 0)
		error = &form->preview.errors[0];
	if (error != NULL) {
		text_format(ret_text, size, "✗ %s: %s", error->field, error->message);
		return true;
	}
	/* What a guard would refuse is better said before it is asked. */
	if (form->done[0] == 0 && form_target_is_wrong(form)) {
		bool buys = form->preview.intent.side == SIDE_BUY;
		text_format(ret_text, size, "✗ target: the target of a %s belongs %s its entry",
		            buys ? "buy" : "sell", buys ? "above" : "below");
		return true;
	}
	if (form->done[0] == 0 && form->has_preview && form->preview.has_sizing &&
	    form->preview.sizing.typed_too_large) {
		char most[DECIMAL_FORMAT_SIZE];
		decimal_format(form->preview.sizing.final, form->preview.quantity_places, true, most);
		text_format(ret_text, size, "✗ size: more than the rule allows, at most %s %s", most,
		            form->preview.base);
		return true;
	}
	return false;
}
